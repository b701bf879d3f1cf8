import Commands
import Foundation
import Postgres
import TestKit
import Testing

/// The walk: everything that `/openapi.json` describes and every form that a page shows is tried as strangers, other residents,
/// other sites and writers of programs try it. Nothing here knows a page by name: what is new is walked the day it is described,
/// and an address with a part that the walk cannot fill fails it.
@Suite(.serialized) struct WalkTests {
    /// One for all: none of these tests minds what another has left in it.
    private static let made = Result { try HostileTown() }
    private let town: HostileTown
    private let walker: Walker
    private let visits: [Visit]

    init() throws {
        town = try Self.made.get()
        walker = Walker(town.system)
        visits = try Self.described(walker)
    }

    // MARK: What is described

    /// A path and a method of the description.
    private struct Visit: CustomStringConvertible {
        let method: String
        let pattern: String
        let operation: JSON

        var description: String { "\(method) \(pattern)" }

        /// Names of security schemes, any of which opens it; empty: it is for anybody.
        var keys: Set<String> {
            Set(
                (operation["security"]?.array ?? []).flatMap {
                    ($0.members ?? []).map(\.key)
                })
        }
        var isOfPeople: Bool { keys.contains("session") }
        var isOfOperators: Bool { pattern.hasPrefix("/{org}/operator/") }
        var acts: Bool { method != "GET" }

        /// Names of the query's parameters.
        var query: [String] {
            (operation["parameters"]?.array ?? []).filter { $0["in"]?.string == "query" }
                .compactMap { $0["name"]?.string }
        }

        /// What each part of the path is about; nil: itself.
        func roles() throws -> [(part: String, role: Role?)] {
            var before: Substring = ""
            var found: [(part: String, role: Role?)] = []
            for segment in pattern.split(separator: "/") {
                found.append((String(segment), try Self.role(segment, behind: before)))
                before = segment
            }
            return found
        }

        private static func role(_ segment: Substring, behind before: Substring) throws -> Role? {
            guard segment.hasPrefix("{") else { return nil }
            switch (segment.dropFirst().prefix { $0 != "}" }, before) {
            case ("org", _), ("month", _), ("section", _), ("gateway", _): return nil
            case ("account", _): return .account
            case ("meter", _): return .meter
            case ("person", _): return .person
            case ("id", "readings"): return .reading
            case ("id", "sessions"): return .session
            case ("id", "shares"): return .share
            case ("id", "commands"): return .command
            case ("id", "register"), ("id", "registrations"): return .registration
            case ("token", "confirm"), ("token", "invitations"): return .invitation
            case ("token", "reset"), ("token", "password-resets"): return .reset
            case ("token", "unsubscribe"): return .unsubscribe
            case ("token", "demo"): return .demo
            default: throw TestKitError("the walk cannot fill \(segment) behind \(before)")
            }
        }

        func path(_ organization: String, _ ids: Ids) throws -> String {
            let plain = [
                "{org}": organization, "{month}": HostileTown.month,
                "{month}.pdf": "\(HostileTown.month).pdf", "{section}": "home",
                "{gateway}": "kannel",
            ]
            let parts = try roles().map { part, role -> String in
                if let role { return Visitor.encoded(ids[role] ?? "") }
                guard part.hasPrefix("{") else { return part }
                guard let value = plain[part] else {
                    throw TestKitError("the walk cannot fill \(part) of \(pattern)")
                }
                return value
            }
            return "/" + parts.joined(separator: "/") + (pattern.hasSuffix("/") ? "/" : "")
        }

        /// What is sent along: every member that is described. Nil: it takes none.
        func body(_ ids: Ids) throws -> (body: Walker.Body, roles: Set<Role>)? {
            guard let media = operation["requestBody"]?["content"]?.members?.first else {
                return nil
            }
            let schema = media.value["schema"]
            let required = Set((schema?["required"]?.array ?? []).compactMap(\.string))
            var roles: Set<Role> = []
            var members: [JSON.Member] = []
            for property in schema?["properties"]?.members ?? [] {
                let name = property.key
                if ["account", "meter", "login"].contains(name), let role = Role(rawValue: name) {
                    roles.insert(role)
                    members.append(.init(name, .string(ids[role] ?? "")))
                } else if let value = Self.values[name] {
                    members.append(.init(name, value))
                } else if required.contains(name) {
                    throw TestKitError("the walk cannot fill \(name) of \(self)")
                }
            }
            if schema?["patternProperties"] != nil {
                roles.insert(.meter)
                members += [
                    .init("meter_1", .string(ids[.meter] ?? "")),
                    .init("service_1", .string("cold_water")), .init("value_1_T1", .string("1")),
                ]
            }
            guard media.key == "application/json" else {
                return (
                    Walker.Body.form(members.map { ($0.key, $0.value.string ?? "1") }), roles
                )
            }
            return (Walker.Body.json(members), roles)
        }

        private static let values: [String: JSON] = [
            "service": .string("cold_water"), "values": .object([JSON.Member("T1", .string("1"))]),
            "value_T1": .string("1"), "surname": .string("Никто"), "apartment": .string("0"),
            "phone": .string("+79160000099"), "password": .string("пароль 12345"),
            "password_again": .string("пароль 12345"), "old": .string("пароль 54321"),
            "way": .string("email"), "agree": .string("2026-01"), "language": .string("ru"),
            "code": .string("000000"), "secret": .string("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
            "name": .string("дача"), "email": .string("walker@example.ru"),
            "rights": .array([.string("readings")]), "on": .array([.string("email_bill")]),
            "versions": .object([JSON.Member("email_bill", .string("2026-01"))]),
            "company": .string("kamal"), "house": .string("h-1"),
            "last_payment_on": .string("2026-03-15"), "last_payment_kopecks": .int(1),
            "last_payment": .string("0,01"), "next": .string("profile"),
            "q": .string("500000003"), "why": .string("a walk"), "check": .string("documents"),
            "kind": .string("account.close"), "body": .object([JSON.Member]()),
            "show": .string("1"),
        ]
    }

    private static func described(_ walker: Walker) throws -> [Visit] {
        let document = try JSON.parse(walker.ask("GET", "/openapi.json").body)
        let visits = (document["paths"]?.members ?? []).flatMap { path in
            (path.value.members ?? []).map {
                Visit(
                    method: $0.key.uppercased(), pattern: path.key, operation: $0.value)
            }
        }
        guard visits.count > 100 else { throw TestKitError("only \(visits.count) are described") }
        return visits
    }

    private func send(
        _ visit: Visit, _ organization: String, _ ids: Ids, session: String? = nil,
        clerk: String? = nil, _ headers: [(String, String)] = Walker.sameOrigin
    ) throws -> Answer {
        try walker.ask(
            visit.method, try visit.path(organization, ids), session: session, clerk: clerk,
            headers, body: try visit.body(ids)?.body)
    }

    // MARK: Ids of others

    /// An answer without what may differ: ids that were asked for, and what is made anew for each.
    private static func bare(_ answer: Answer, _ ids: Ids...) -> String {
        var text =
            "\(answer.status) \(answer.header("Location") ?? "") "
            + (answer.header("Content-Type") ?? "") + "\n" + answer.text
        for id in ids.flatMap(\.values).sorted(by: { $0.count > $1.count }) where id.count > 3 {
            for form in [id, Visitor.encoded(id), Visitor.encoded(Visitor.encoded(id))] {
                text = text.replacingOccurrences(of: form, with: "ID")
            }
        }
        return text.replacing(
            /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "U"
        )
        .replacing(/"[A-Za-z0-9_.-]{40,}"/, with: "KEY")
        .replacing(/Сколько будет [^?]*\?/, with: "QUESTION")
    }

    /// Which ids are another's, of those that a request is made of: all, and each for itself.
    private static func mixtures(_ roles: Set<Role>) -> [Set<Role>] {
        let roles = roles.filter { !$0.isSecret }
        guard !roles.isEmpty else { return [] }
        let each = roles.sorted { $0.rawValue < $1.rawValue }.map { Set([$0]) }
        return roles.count == 1 ? each : [roles] + each
    }

    /// What an answer tells of Boris that was not asked for by its name. The way to an account leads by the addresses of houses
    /// (SF-065): those are no secret.
    private static func facts(in answer: Answer, _ visit: Visit, asked ids: Ids) -> [String] {
        let text = answer.text
        return HostileTown.facts.filter { fact in
            text.contains(fact) && !ids.values.contains { $0.contains(fact) }
                && !(fact == HostileTown.street && visit.pattern.hasSuffix("/accounts"))
        }
    }

    /// Whoever registers with a name of one's own has to be told that somebody has it (SF-061).
    private static func isChosen(_ visit: Visit, _ code: String) -> Bool {
        code == "potrebitel"
            && ["POST /{org}/register", "POST /{org}/api/registrations"].contains(visit.description)
    }

    /// Whoever is not signed in is shown where to.
    private static func isRefusal(_ answer: Answer, _ visit: Visit) -> Bool {
        switch answer.status {
        case 303, 401, 403, 404: true
        case 200: visit.isOfOperators && answer.hidden("form") == "operator"
        default: false
        }
    }

    @Test(arguments: ["srkc", "potrebitel"])
    func `an id of another person is the same as one of nobody, everywhere`(code: String) throws {
        let anna = try #require(town.anna[code])
        let boris = try #require(town.boris[code])
        let galina = try #require(town.galina[code])
        let elsewhere = code == "srkc" ? "irkutsk" : "srkc"
        let stranger = try town.system.token(elsewhere).token
        let before = try town.rows(of: boris)
        var (compared, shown) = (0, 0)
        // The outbox is there for trying things out alone, and shows everybody's letters.
        for visit in visits where visit.pattern != "/outbox" {
            let named = try visit.roles().compactMap { $0.role }
            let secrets = named.filter(\.isSecret)
            let roles = Set(named).union(try visit.body(anna.ids)?.roles ?? [])
            // (a) Nobody is signed in.
            if secrets.isEmpty {
                let answers = try [boris.ids, HostileTown.nobody].map { try send(visit, code, $0) }
                let (left, right) = (
                    Self.bare(answers[0], boris.ids, HostileTown.nobody),
                    Self.bare(answers[1], boris.ids, HostileTown.nobody)
                )
                #expect(left == right || Self.isChosen(visit, code), "\(visit)")
                for answer in answers + [try send(visit, code, anna.ids)] {
                    if !visit.keys.isEmpty {
                        #expect(Self.isRefusal(answer, visit), "\(visit): \(answer.status)")
                    }
                    #expect(Self.facts(in: answer, visit, asked: boris.ids) == [], "\(visit)")
                }
            }
            // (b) Anna, with what is Boris's.
            for mixture in Self.mixtures(roles) where !Self.isChosen(visit, code) {
                var (theirs, nobodys) = (anna.ids, anna.ids)
                for role in mixture {
                    theirs[role] = boris.ids[role]
                    nobodys[role] = HostileTown.nobody[role]
                }
                let session = try town.session(of: anna)
                let answer = try send(visit, code, theirs, session: session)
                let none = try send(visit, code, nobodys, session: session)
                let (left, right) = (
                    Self.bare(answer, theirs, nobodys), Self.bare(none, theirs, nobodys)
                )
                #expect(left == right, "\(visit) with \(mixture)")
                #expect(
                    Self.facts(in: answer, visit, asked: theirs) == [], "\(visit) with \(mixture)")
                if visit.isOfOperators, !visit.keys.isEmpty {
                    #expect(Self.isRefusal(answer, visit), "\(visit): \(answer.status)")
                }
                compared += 1
            }
            // (c) A letter's link, or a registration's id, at another organization's door.
            if !secrets.isEmpty, visit.pattern.hasPrefix("/{org}/") {
                let answer = try send(visit, elsewhere, boris.ids)
                let none = try send(visit, elsewhere, HostileTown.nobody)
                #expect(
                    Self.bare(answer, boris.ids, HostileTown.nobody)
                        == Self.bare(none, boris.ids, HostileTown.nobody), "\(visit)")
                #expect(Self.facts(in: answer, visit, asked: boris.ids) == [], "\(visit)")
            }
            // (d) A program of another organization.
            if visit.keys.contains("token") {
                let answer = try send(
                    visit, code, boris.ids,
                    [("Authorization", "Bearer \(stranger)")])
                #expect([401, 403, 404].contains(answer.status), "\(visit): \(answer.status)")
                #expect(Self.facts(in: answer, visit, asked: boris.ids) == [], "\(visit)")
            }
        }
        #expect(compared > 60)
        // (e) Galina, with what is her own: so it is not that nothing works. First she looks, then she gives things away.
        var seen = ""
        for visit in visits.filter({ !$0.acts }) + visits.filter(\.acts) {
            guard visit.isOfPeople || visit.keys.isEmpty, visit.pattern != "/outbox",
                try !visit.roles().contains(where: { $0.role?.isSecret == true })
            else { continue }
            let answer = try send(visit, code, galina.ids, session: town.session(of: galina))
            #expect(Self.facts(in: answer, visit, asked: galina.ids) == [], "\(visit)")
            guard visit.isOfPeople, !visit.acts else { continue }
            if [200, 303].contains(answer.status) { shown += 1 }
            seen += try send(visit, code, boris.ids, session: boris.token).text
        }
        #expect(shown > 25)
        #expect(try town.rows(of: boris) == before)
        // What was looked for is what Boris sees of his own.
        for fact in ["Тайников", "Сокрытая", "SECRETM77", "321,23", "boris-secret", "SecretAgent"] {
            #expect(seen.contains(fact), "\(fact)")
        }
        #expect(walker.problems == [])
    }

    // MARK: Other sites

    private static let otherSites: [[(String, String)]] = [
        [("Origin", "https://evil.example")], [("Origin", "null")],
        [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")],
        [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")],
    ]
    /// What no cookie opens, so that another site's page can do nothing with it that it could not do itself: a mail program's
    /// click (RFC 8058), whose key is its address, and what asks for a program's token.
    private static let keyless: Set<String> = [
        "POST /unsubscribe/{token}", "POST /{org}/operator/commands",
    ]

    @Test func `no form and no act is taken from a page of another site`() throws {
        let clerk = Clerk(town.system)
        try clerk.begin("walker", try town.system.clerk("walker", "--role", "clerk"))
        try town.system.drained()
        let before = try town.system.count("select count(*) from queue.command")
        var tried = 0
        for code in HostileTown.codes {
            let anna = try #require(town.anna[code])
            for visit in visits where visit.acts && !Self.keyless.contains(visit.description) {
                for site in Self.otherSites {
                    let answer = try send(
                        visit, code, anna.ids, session: anna.token, clerk: clerk.cookie, site)
                    #expect(answer.status == 403, "\(visit) \(site): \(answer.status)")
                    tried += 1
                }
            }
            for form in try crawl(code).forms.values {
                for site in Self.otherSites {
                    let answer = try walker.ask(
                        "POST", form.action, session: anna.token, site,
                        body: .form(form.fields.map { ($0.name, $0.value) }))
                    #expect(answer.status == 403, "\(form.action) \(site): \(answer.status)")
                    tried += 1
                }
            }
        }
        for description in Self.keyless {
            #expect(visits.contains { $0.description == description }, "\(description)")
        }
        // Nor does a link elsewhere write into the audit, in the operator's name, why somebody was looked at.
        let anna = try #require(town.anna["srkc"])
        for card in ["accounts/\(anna.account)", "people/\(anna.principal)"] {
            let path = "/srkc/operator/\(card)?why=mischief"
            let led = try walker.ask(
                "GET", path, clerk: clerk.cookie, [("Sec-Fetch-Site", "cross-site")])
            #expect(led.status == 400, "\(path): \(led.status)")
        }
        #expect(tried > 1_000)
        try town.system.drained()
        #expect(try town.system.count("select count(*) from queue.command") == before)
        // From our own pages it is taken.
        let own = try walker.ask(
            "POST", "/srkc/accounts/500000004/name", session: anna.token, Walker.sameOrigin,
            body: .form([("name", HostileTown.mark("called"))]))
        #expect(own.next.contains("done=named"), "\(own.status)")
        let card = try walker.ask(
            "GET", "/srkc/operator/accounts/\(anna.account)?why=a%20walk", clerk: clerk.cookie,
            Walker.sameOrigin)
        #expect(card.status == 200)
        #expect(walker.problems == [])
    }

    // MARK: Every page

    /// What was found behind the links of somebody's pages.
    private struct Crawl {
        var pages: [String: Answer] = [:]
        /// By what their action would be if all ids in it were one.
        var forms: [String: Markings.Form] = [:]
    }

    /// Goes wherever links lead within an organization; of pages that differ only by what stands in their query, the first two.
    private func crawl(_ code: String, from start: [String] = []) throws -> Crawl {
        let anna = try #require(town.anna[code])
        var crawl = Crawl()
        var waiting =
            start.isEmpty
            ? ["/\(code)/", "/\(code)/?lang=en", "/\(code)/accounts/\(anna.account)"] : start
        var visited: [String: Int] = [:]
        var asked: Set<String> = []
        while let path = waiting.popLast() {
            guard asked.insert(path).inserted else { continue }
            let parts = path.split(separator: "?", maxSplits: 1)
            let names = (parts.count > 1 ? parts[1] : "").split(separator: "&").map {
                String($0.prefix { $0 != "=" })
            }
            let shape = "\(parts.first ?? "") \(names.sorted())"
            guard visited[shape, default: 0] < 2 else { continue }
            visited[shape, default: 0] += 1
            let answer = try walker.ask("GET", path, session: anna.token)
            #expect([200, 303].contains(answer.status), "\(path): \(answer.status)")
            crawl.pages[path] = answer
            if let location = answer.header("Location") { waiting.append(location) }
            guard answer.header("Content-Type")?.hasPrefix("text/html") == true else { continue }
            let markings = Markings(answer.body)
            for form in markings.forms where form.isPost {
                let kind = form.action.replacing(/[0-9a-f-]{36}|5000000[0-9]{2}/, with: "*")
                let name = form.fields.first { $0.name == "form" }?.value ?? ""
                crawl.forms["\(kind) \(name)"] = form
            }
            for link in markings.links {
                let link = String(link.prefix { $0 != "#" })
                if link.hasPrefix("/\(code)/") || link == "/\(code)" { waiting.append(link) }
            }
        }
        return crawl
    }

    @Test func `what was written anywhere stays text on every page, and every page is guarded`()
        throws
    {
        var seen: Set<String> = []
        func look(_ answer: Answer) {
            for match in answer.text.matches(of: /([a-z_-]+)-mk/) { seen.insert(String(match.1)) }
        }
        for code in HostileTown.codes {
            let anna = try #require(town.anna[code])
            // What is wrong stands in red: what was typed, as it was typed.
            let wrong = try walker.ask(
                "POST", "/\(code)/accounts/\(anna.account)/readings", session: anna.token,
                Walker.sameOrigin,
                body: .form([
                    ("meter", anna.ids[.meter] ?? ""), ("service", "cold_water"),
                    ("value_T1", HostileTown.mark("value")),
                ]))
            #expect(wrong.status == 422, "\(wrong.status)")
            look(wrong)
            let crawl = try crawl(code)
            #expect(crawl.pages.count > 20 && crawl.forms.count > 5, "\(code): \(crawl.pages.keys)")
            crawl.pages.values.forEach(look)
        }
        // What no link leads to: for programs, and for whoever is not signed in.
        for visit in visits where !visit.acts && (visit.isOfPeople || visit.keys.isEmpty) {
            guard try !visit.roles().contains(where: { $0.role?.isSecret == true }) else {
                continue
            }
            for code in HostileTown.codes {
                let vera = try #require(town.vera[code])
                look(
                    try send(
                        visit, code, vera.ids, session: visit.isOfPeople ? vera.token : nil))
            }
        }
        try operators(look)
        look(try visitor())
        let outbox = try walker.ask("GET", "/outbox")
        #expect(outbox.status == 200)
        look(outbox)
        for place in [
            "surname", "name", "patronymic", "owned", "address", "meter", "house", "ground",
            "called", "person", "agent", "value", "suppliers-name", "suppliers-address",
            "charge-kinds-title", "charge-kinds-title_en", "profile-name", "profile-title",
            "profile-text", "profile-more", "profile-login_word", "profile-address", "footer",
            "recovery", "text", "browser", "why", "operator", "query",
            "visitor",
        ] {
            #expect(seen.contains(place), "\(place) is on no page")
        }
        #expect(walker.problems == [])
    }

    /// Her sessions, as somebody sees them whose browser calls itself by a mark from the first day on.
    private func visitor() throws -> Answer {
        let visitor = Visitor(town.system, agent: HostileTown.essay("visitor"))
        let (email, password) = ("marked.visitor@example.ru", "пароль 12345")
        try visitor.post(
            "/abonent/register",
            [
                "email": email, "password": password, "password_again": password,
                "agree": "2026-01",
            ])
        try visitor.post(try town.system.link(to: email))
        try visitor.post("/abonent/sign-in", ["login": email, "password": password])
        let profile = try visitor.get("/abonent/profile")
        #expect(profile.status == 200)
        #expect(Walker.judge(profile, asked: "/abonent/profile") == [])
        return profile
    }

    /// The console, looked at by somebody whose name, reasons and questions are marked.
    private func operators(_ look: (Answer) -> Void) throws {
        let child = try town.system.launch([
            "operator", "create", "marked", "--name", HostileTown.mark("operator"),
            "--organization", "srkc", "--role", "clerk", "--json",
        ])
        let given = try JSON.parse(Array(try child.waitedWords.utf8))["password"]?.string ?? ""
        let clerk = Clerk(town.system)
        try clerk.begin("marked", given)
        let anna = try #require(town.anna["srkc"])
        func see(_ method: String, _ path: String, _ fields: [(String, String)]? = nil) throws {
            let answer = try walker.ask(
                method, "/srkc/operator/\(path)", clerk: clerk.cookie, Walker.sameOrigin,
                body: fields.map { .form($0) })
            #expect(answer.status < 500, "\(path)")
            look(answer)
        }
        let why = HostileTown.mark("why")
        let query = HostileTown.mark("query")
        for path in ["", "sign-in", "code", "password", "second-factor"] { try see("GET", path) }
        for typed in [anna.account, "Тайников", query, anna.ids[.email] ?? ""] {
            try see("POST", "find", [("q", typed), ("why", why)])
        }
        try see("POST", "find", [("q", query), ("why", "")])
        for card in ["accounts/\(anna.account)", "people/\(anna.principal)"] {
            try see("GET", card)
            try see("GET", "\(card)?why=\(Visitor.encoded(why))&done=\(Visitor.encoded(query))")
        }
        let wrong = [
            ("login", query), ("email", query), ("check", query), ("why", why), ("seen", why),
            ("form", query), ("key", query), ("secret", query), ("code", query),
        ]
        for path in [
            "people/\(anna.principal)/restore",
            "accounts/\(anna.account)/people/\(anna.principal)/detach", "sign-in", "code",
            "password", "second-factor", "people/\(Visitor.encoded(query))/restore",
        ] {
            try see("POST", path, wrong)
        }
    }

    // MARK: What comes back at once

    @Test func `what stands in an address or comes back with a form stays text`() throws {
        let text = HostileTown.essay("echo")
        let more = [
            "lang", "next", "kind", "month", "from", "to", "done", "deleted", "pending", "try",
            "why", "company", "house", "apartment", "form", "q", "accent", "v", "service",
        ]
        var echoed = 0
        func note(_ answer: Answer) { if answer.text.contains("echo-mk") { echoed += 1 } }
        for code in ["srkc", "potrebitel"] {
            let anna = try #require(town.anna[code])
            let vera = try #require(town.vera[code])
            for visit in visits where !visit.acts {
                let path = try visit.path(code, vera.ids)
                let names = Set(visit.query + more).sorted()
                func ask(_ typed: String, _ session: String?) throws {
                    let query = names.map { "\($0)=\(Visitor.encoded(typed))" }
                    note(
                        try walker.ask(
                            "GET", "\(path)?\(query.joined(separator: "&"))", session: session))
                }
                try ask(text, vera.token)
                for typed in [text, "p?a=\(text)", "\r\nX-Planted: 1\r\n\r\n<\(Markings.planted)>"]
                {
                    try ask(typed, nil)
                }
                // Each part of the path that is filled, and for strangers the others too.
                for (index, part) in try visit.roles().enumerated() {
                    var parts = path.split(separator: "/").map(String.init)
                    guard parts.indices.contains(index) else { continue }
                    parts[index] = Visitor.encoded(text)
                    let hostile = "/" + parts.joined(separator: "/")
                    note(try walker.ask("GET", hostile))
                    if part.part.hasPrefix("{") {
                        note(try walker.ask("GET", hostile, session: vera.token))
                    }
                }
            }
            // Every form, with every field that people type in.
            for form in try crawl(code).forms.values.sorted(by: { $0.action < $1.action }) {
                func isTyped(_ type: String) -> Bool {
                    !["hidden", "checkbox", "radio"].contains(type)
                }
                // What asks for nothing (leaving, giving back) would be done.
                guard form.fields.contains(where: { isTyped($0.type) }) else { continue }
                for hides in [false, true] {
                    let fields = form.fields.map { field -> (String, String) in
                        let isMarked = isTyped(field.type) || hides && field.name != "form"
                        return (field.name, isMarked ? text : field.value)
                    }
                    note(
                        try walker.ask(
                            "POST", form.action, session: town.session(of: anna),
                            Walker.sameOrigin, body: .form(fields)))
                }
            }
            // Everything that is described, whether or not a form of it is shown.
            for visit in visits where visit.acts && !visit.isOfOperators {
                guard let media = visit.operation["requestBody"]?["content"]?.members?.first else {
                    continue
                }
                let members = (media.value["schema"]?["properties"]?.members ?? []).map {
                    JSON.Member($0.key, .string(text))
                }
                let body: Walker.Body =
                    media.key == "application/json"
                    ? .json(members) : .form(members.map { ($0.key, text) })
                let answer = try walker.ask(
                    visit.method, try visit.path(code, vera.ids), session: town.session(of: vera),
                    Walker.sameOrigin, body: body)
                note(answer)
            }
        }
        #expect(echoed > 50)
        #expect(walker.problems == [])
    }

    // MARK: Ways out

    private static let outside = [
        "https://evil.example/", "http:evil.example", "https:evil", "//evil.example",
        "///evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
        "%2F%2Fevil.example", "%2f%2fevil.example", "/%2Fevil.example", "%5C%5Cevil.example",
        "\t//evil.example", "/\t/evil.example", "/\n/evil.example", " //evil.example",
        "javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "@evil.example",
        ".evil.example", "..//evil.example", "../irkutsk/", "../../evil", "%2e%2e/irkutsk/",
        ".%2e/irkutsk", "accounts/../../irkutsk", "/irkutsk/", "?next=//evil.example",
        "#//evil.example", "profile\r\nLocation: https://evil.example",
        "profile%0d%0aX-Planted:%201", "profile\r\nX-Planted: 1", "profile\u{2028}x",
        "profile?a=b\r\nX-Planted: 1", "profile?a=//evil.example", "x;//evil", "evil.example:80",
    ]

    @Test func `no address, no field and no header leads to another place`() throws {
        var led = 0
        func follow(_ answer: Answer) { if answer.header("Location") != nil { led += 1 } }
        let names = ["next", "done", "pending", "lang", "kind", "month", "from", "to", "why"]
        let posts: [(String, [(String, String)])] = [
            ("sign-in", [("login", "nobody"), ("password", "пароль 12345")]),
            ("sign-in/code", [("code", "000000")]), ("help/home", [("show", "1")]),
            ("sign-out", []), ("reset", [("login", "nobody")]),
        ]
        for code in ["srkc", "potrebitel"] {
            let vera = try #require(town.vera[code])
            for way in Self.outside {
                let typed = Visitor.encoded(way)
                func query(_ text: String) -> String {
                    names.map { "\($0)=\(text)" }.joined(separator: "&")
                }
                for path in ["", "accounts"] {
                    follow(
                        try walker.ask(
                            "GET", "/\(code)/\(path)?\(query(typed))", session: vera.token))
                }
                // As it was meant, and as a careless client sends it.
                for text in [typed, Visitor.encoded(typed)] {
                    for path in ["", "sign-in/code", "register", "profile", "operator/"] {
                        follow(try walker.ask("GET", "/\(code)/\(path)?\(query(text))"))
                    }
                }
                for (path, fields) in posts {
                    let session = path == "sign-out" ? try town.session(of: vera) : vera.token
                    follow(
                        try walker.ask(
                            "POST", "/\(code)/\(path)", session: session, Walker.sameOrigin,
                            body: .form(fields + [("next", way)])))
                }
            }
            // What only takes posts leads a browser that comes back to the page above it.
            for visit in visits where visit.acts && code == "srkc" {
                let path = try visit.path(code, vera.ids).dropFirst()
                for start in ["", "/", "//", "\\", "/\\", "%5C", "%2F", ";", ".", "%2F%2Fevil/"] {
                    follow(try walker.ask("GET", "/\(start)\(path)"))
                }
                let rest = path.split(separator: "/").dropFirst().joined(separator: "/")
                for host in [
                    "evil.example", "\\evil.example", "%5Cevil.example", "%2Fevil.example",
                ] {
                    follow(try walker.ask("GET", "/\(host)/\(rest)"))
                    follow(try walker.ask("GET", "//\(host)/\(rest)"))
                }
            }
        }
        #expect(led > 200)
        #expect(walker.problems == [])
    }

    @Test func `whatever a browser takes our name to be, links lead to ours`() throws {
        let boris = try #require(town.boris["irkutsk"])
        let wire = try Wire(port: town.system.port)
        let body = Array("login=\(boris.account)".utf8)
        // Not by `request`: its Host is right.
        let head = """
            POST /irkutsk/reset HTTP/1.1\r
            Host: evil.example\r
            X-Forwarded-Host: evil.example\r
            X-Forwarded-Proto: https\r
            Sec-Fetch-Site: same-origin\r
            Accept: text/html\r
            Content-Type: application/x-www-form-urlencoded\r
            Content-Length: \(body.count)\r
            \r

            """
        try wire.send(Array(head.utf8) + body)
        let answer = try wire.answer()
        #expect(answer.next == "/irkutsk/reset?done=sent", "\(answer.status)")
        #expect(!"\(answer.headers)\(answer.text)".contains("evil"))
        let letter = try town.system.letter(to: boris.ids[.email] ?? "", about: "/irkutsk/reset/")
        #expect(letter.text.contains("http://localhost:\(town.system.port)/irkutsk/reset/"))
        #expect(!letter.text.contains("evil"))
    }
}

/// The walk's own eyes.
@Suite struct MarkingsTests {
    private func dangers(_ page: String) -> [String] { Markings(Array(page.utf8)).dangers }

    @Test(arguments: [
        "<p>{}</p>", "<input value=\"{}\">", "<input value='{}'>", "<title>{}</title>",
        "<textarea>{}</textarea>", "<a title={}>x</a>", "<p class=\"a\" {}>x</p>",
    ])
    func `a mark that is not escaped is seen wherever it stands`(page: String) {
        for text in [HostileTown.short, HostileTown.mark("a"), HostileTown.essay("a")] {
            #expect(dangers(page.replacing("{}", with: text)) != [], "\(page) \(text)")
        }
    }

    @Test func `what is escaped is text, and what may not be on a page is seen`() {
        let escaped = HostileTown.essay("a").replacing("&", with: "&amp;")
            .replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
        #expect(dangers("<p title=\"\(escaped)\">\(escaped)</p>") == [])
        #expect(
            dangers(
                "<script defer src=\"/static/a.js\"></script><a href=\"/a\">a</a><a href=\"https://b.ru\">b</a>"
                    + "<form action=\"/a\" method=\"post\"><input name=\"b\"></form><img src=\"/a.svg\">"
            ) == [])
        for page in [
            "<script>1</script>", "<script src=\"https://evil.example/a.js\"></script>",
            "<style>a{}</style>", "<p style=\"a\">", "<p onclick=a>", "<iframe></iframe>",
            "<a href=\"javascript:a\">", "<a href=\" java\tscript:a\">", "<a href=\"//evil\">",
            "<a href=\"/\\evil\">", "<a href=\"data:text/html,a\">",
            "<form action=\"https://evil\">",
            "<form action=\"//evil\">", "<base href=\"/\">", "<img src=https://evil/a>",
            "<meta http-equiv=\"refresh\" content=\"0\">",
        ] {
            #expect(dangers(page) != [], "\(page)")
        }
        #expect(Walker.strays("/srkc/a?b=//c", from: "/srkc/") == nil)
        for address in [
            "https://evil", "//evil", "/\\evil", "/srkc/\\evil", "/srkc/../irkutsk/", "/irkutsk/",
            "/srkc/%2e%2E/irkutsk/", "/\t/evil", "evil", "",
        ] {
            #expect(Walker.strays(address, from: "/srkc/") != nil, "\(address)")
        }
    }
}
