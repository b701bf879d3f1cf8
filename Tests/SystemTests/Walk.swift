import Commands
import Crypto
import Foundation
import Postgres
import TestKit
import Threads

/// One who goes everywhere, and looks at every answer: whatever it asks for, a page has to be guarded as pages are, an address
/// has to stay where it was, and nothing may be the system's fault. One walker, one thread.
final class Walker {
    private let port: UInt16
    /// What was wrong with answers, each with what was asked.
    private(set) var problems: [String] = []
    private(set) var answers = 0
    /// Each from an address of its own, so that the door's bounds for one address are not what is tried.
    private static let addresses = Monitor(0)

    init(_ system: System) { port = system.port }

    /// What an act of one's own page says of where it comes from.
    static let sameOrigin = [("Sec-Fetch-Site", "same-origin")]

    /// - Parameters:
    ///   - session: a session's cookie.
    ///   - clerk: a cookie of the operators' console.
    @discardableResult
    func ask(
        _ method: String, _ path: String, session: String? = nil, clerk: String? = nil,
        _ headers: [(String, String)] = [], body: Body? = nil
    ) throws -> Answer {
        let number = Self.addresses.read { count in
            count += 1
            return count
        }
        var all = [
            ("X-Forwarded-For", "10.\(number >> 16).\((number >> 8) & 255).\(number & 255)"),
            ("Accept", path.contains("/api/") ? "application/json" : "text/html"),
            ("Connection", "close"), ("Prefer", "wait=20"),
        ]
        if !headers.contains(where: { $0.0 == "Accept-Language" }) {
            all.append(("Accept-Language", "ru"))
        }
        let cookies = [
            session.map { "kabinet_session=\($0)" }, clerk.map { "kabinet_operator=\($0)" },
        ].compactMap { $0 }
        if !cookies.isEmpty { all.append(("Cookie", cookies.joined(separator: "; "))) }
        if let body { all.append(("Content-Type", body.media)) }
        let bytes = request(method, path, all + headers, body: body.map { Array($0.text.utf8) })
        var answer = Answer(status: 0, headers: [], body: [])
        // Whoever asks more than a person does is told to wait, and waits.
        try eventually("an answer to \(method) \(path)", seconds: 60) {
            let wire = try Wire(port: port)
            try wire.send(bytes)
            answer = try wire.answer()
            return answer.status != 429
        }
        answers += 1
        problems += Self.judge(answer, asked: path).map { "\(method) \(path): \($0)" }
        return answer
    }

    /// A body with its type.
    struct Body {
        let media: String
        let text: String

        static func form(_ fields: [(String, String)]) -> Body {
            Body(
                media: "application/x-www-form-urlencoded",
                text: fields.map { "\(Visitor.encoded($0))=\(Visitor.encoded($1))" }.joined(
                    separator: "&"))
        }

        static func json(_ members: [JSON.Member]) -> Body {
            Body(
                media: "application/json",
                text: String(decoding: JSON.object(members).bytes, as: UTF8.self))
        }
    }

    // MARK: What every answer owes

    private static let types: Set<String> = [
        "text/html", "application/json", "application/problem+json", "text/plain", "text/css",
        "text/javascript", "image/svg+xml", "application/pdf", "application/zip",
    ]
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'",
        "base-uri 'none'", "frame-ancestors 'none'",
    ]

    static func judge(_ answer: Answer, asked: String) -> [String] {
        var found: [String] = []
        if answer.status >= 500 { found.append("\(answer.status) \(answer.words.prefix(200))") }
        if answer.header("X-Content-Type-Options") != "nosniff" { found.append("may be sniffed") }
        let type = (answer.header("Content-Type") ?? "").prefix { $0 != ";" }
        if !answer.body.isEmpty, !types.contains(String(type)) { found.append("a type: \(type)") }
        // A page may ask for itself again, or say where.
        let refresh = (answer.header("Refresh") ?? "").components(separatedBy: "url=").dropFirst()
        for address in [answer.header("Location"), refresh.first].compactMap({ $0 }) {
            if let why = strays(address, from: asked) {
                found.append("leads to \(address): \(why)")
            }
        }
        for header in answer.headers where header.name.lowercased() == "set-cookie" {
            if !header.value.hasPrefix("kabinet_") || !header.value.contains("HttpOnly")
                || !header.value.contains("SameSite=Lax")
            {
                found.append("Set-Cookie: \(header.value)")
            }
        }
        if answer.header("X-Planted") != nil { found.append("a header was planted") }
        guard type == "text/html" else { return found }
        let policy = answer.header("Content-Security-Policy") ?? ""
        for part in Self.policy where !policy.components(separatedBy: "; ").contains(part) {
            found.append("its policy lacks \(part)")
        }
        if policy.contains("unsafe") { found.append("its policy: \(policy)") }
        if answer.header("Referrer-Policy") == nil { found.append("no policy of referrers") }
        if answer.header("Cache-Control") != "no-store" { found.append("it may be kept") }
        return found + Markings(answer.body).dangers
    }

    /// Why an address does not stay where it was asked for: at this origin, and in the organization.
    static func strays(_ address: String, from asked: String) -> String? {
        // Whatever a browser may take for a slash, or pass over on its way to one.
        guard address.hasPrefix("/"), !address.hasPrefix("//"), !address.contains("\\"),
            address.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
        else { return "another origin" }
        // The same one may be written in another way: `;srkc` as `%3Bsrkc`.
        func organization(_ path: String) -> String? {
            let first = path.split(separator: "/").first?.prefix { $0 != "?" && $0 != "#" } ?? ""
            return String(first).removingPercentEncoding
        }
        guard organization(address) == organization(asked) else { return "another organization" }
        let path = address.prefix { $0 != "?" }.lowercased().replacing("%2e", with: ".")
        let isUp = path.split(separator: "/").contains { $0 == ".." || $0 == "." }
        return isUp ? "a way up" : nil
    }
}

/// What stands in an address or a form about somebody.
enum Role: String, CaseIterable, Sendable {
    case account, meter, reading, session, share, command, person, login, email
    // Whoever has one of these may what it is for: they are secrets, which nobody guesses.
    case registration, invitation, reset, unsubscribe, demo

    var isSecret: Bool {
        switch self {
        case .registration, .invitation, .reset, .unsubscribe, .demo: true
        default: false
        }
    }
}

typealias Ids = [Role: String]

/// All five organizations, with texts wherever anybody may write one that would be programs if they were not escaped: in the
/// profiles, in what is imported, in what people and operators type.
final class HostileTown: Sendable {
    let system: System
    /// By organization: one who walks, one who tries things out on what is her own, and one of whom nobody else may learn
    /// anything.
    let anna: [String: Resident]
    let vera: [String: Resident]
    let boris: [String: Resident]
    /// Whose own things are given away and ended.
    let galina: [String: Resident]

    static let codes = ["srkc", "abonent", "uigkh", "potrebitel", "irkutsk"]
    static let month = "2026-03"

    struct Resident: Sendable {
        let organization: String
        let principal: Int64
        let ids: Ids
        /// The cookie of a browser.
        let token: String
        var account: String { ids[.account] ?? "" }
    }

    /// What only Boris may see; sums as programs and as people read them.
    static let facts = [
        "Тайников", "Скрытный", street, "SECRETM77", "321,23", "321.23", "765432123",
        "boris-secret", "friend-secret", "SecretAgent", "+79160000077",
    ]

    static let street = "Сокрытая"

    /// A text that stays one only if it is escaped. `place` says where it was written.
    static func mark(_ place: String) -> String {
        "\(place)-mk\"'><img src=x onerror=alert(2)><\(Markings.planted)>"
    }
    /// For what is shorter.
    static let short = "mk\"'><\(Markings.planted)>"
    /// For what is longer.
    static func essay(_ place: String) -> String {
        mark(place) + "</title></textarea><script>alert(1)</script>{{7*7}}\u{202E}&lt;b&gt;"
    }

    /// Of nobody. As long as those of people, and of the same letters.
    static let nobody: Ids = [
        .account: "999900009", .meter: "NOBODYM99", .reading: uuid(9), .session: uuid(8),
        .share: uuid(7), .command: uuid(6), .person: "999999999", .login: "999900009",
        .email: "boris-nobody@example.ru", .registration: uuid(5), .invitation: "nobody1",
        .reset: "nobody2", .unsubscribe: "nobody3", .demo: "nobody4",
    ]

    private static func uuid(_ number: Int) -> String {
        "0189\(number)000-0000-7000-8000-00000000000\(number)"
    }

    init() throws {
        let system = try System()
        self.system = system
        let problems = Monitor<[String]>([])
        try system.seal()
        _ = try system.startIngress(system.keyed.merging(["KABINET_PROXIES": "127.0.0.1"]) { $1 })
        _ = try system.startWorkers(system.keyed)
        let threads = Self.codes.map { code in
            Worker("walk \(code)") {
                do {
                    try HostileTown.settle(code, in: system)
                } catch {
                    problems.read { $0.append("\(code): \(error)") }
                }
            }
        }
        for thread in threads { thread.join() }
        let found = problems.read { $0 }
        guard found.isEmpty else { throw TestKitError(found.joined(separator: "; ")) }
        var people: [[String: Resident]] = [[:], [:], [:], [:]]
        for code in Self.codes {
            for (index, name) in ["anna", "vera", "boris", "galina"].enumerated() {
                people[index][code] = try Self.resident(name, code, in: system)
            }
        }
        anna = people[0]
        vera = people[1]
        boris = people[2]
        galina = people[3]
        try system.drained()
    }

    /// A further session of somebody: whatever it ends, others go on.
    func session(of resident: Resident) throws -> String {
        try Self.session(resident.principal, resident.organization, in: system).token
    }

    // MARK: What is there before anybody comes

    private static func settle(_ code: String, in system: System) throws {
        try system.kabinet(
            "organization", "apply", system.file("\(code).yaml", try profile(code)))
        let company = code == "potrebitel" ? "kamal" : code
        func cells(_ fields: [String]) -> String {
            fields.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ";")
        }
        func load(_ what: String, _ rows: [String]) throws {
            let path = try system.file("\(code)-\(what).csv", rows.joined(separator: "\n") + "\n")
            try system.kabinet("import", what, path, "--organization", code)
        }
        try load(
            "accounts",
            [
                "account;company;surname;name;patronymic;house;apartment;address;area_m2;rooms;residents;ownership"
            ]
                + ["500000001", "500000002", "500000004", "500000005"].map {
                    cells([
                        $0, company, mark("surname"), mark("name"), mark("patronymic"), "h-1",
                        short, mark("address"), "54,3", "2", "3", mark("owned"),
                    ])
                } + [
                    cells([
                        "500000003", company, "Тайников", "Борис", "Скрытный", "h-1", "77",
                        "ул. Сокрытая, 77", "40", "1", "1", "",
                    ])
                ])
        let meters = [
            ("500000001", "M1" + mark("meter")), ("500000002", "M2" + mark("meter")),
            ("500000003", "SECRETM77"), ("500000004", "M4"), ("500000005", "M5" + mark("meter")),
        ]
        try load(
            "meters",
            ["account;service;meter;register;digits;decimals;installed_on;initial_value"]
                + meters.map { cells([$0, "cold_water", $1, "T1", "5", "3", "2024-01-01", "0"]) })
        try load(
            "readings",
            ["account;service;meter;register;taken_on;value"]
                + meters.flatMap { account, meter in
                    [("2026-01-20", "5"), ("2026-02-20", "9,5"), ("2026-03-20", "14")].map {
                        cells([account, "cold_water", meter, "T1", $0, $1])
                    }
                })
        try load("suppliers", try demo("suppliers", code, ["name", "address", "bank", "schedule"]))
        try load("charge-kinds", try demo("charge-kinds", code, ["title", "title_en"]))
        for what in ["contracts", "tariffs", "norms", "multipliers"] {
            try load(what, try demo(what, code, []))
        }
        try load("house-areas", ["house;from;total;common", "h-1;2023-01-01;1104,2;86,4"])
        let house = mark("house")
        try load(
            "house-meters",
            [
                "house;service;meter;digits;decimals;installed_on;initial_value",
                cells(["h-1", "cold_water", house, "6", "0", "2023-12-01", "0"]),
            ])
        try load(
            "house-readings",
            [
                "house;service;meter;month;taken_on;volume",
                cells(["h-1", "cold_water", house, "2026-02", "2026-02-25", "196,4"]),
                cells(["h-1", "cold_water", house, "2026-03", "2026-03-25", "128,7"]),
            ])
        let operators = Client(port: system.port, token: try system.token(code).token)
        func command(_ kind: String, _ members: [JSON.Member]) throws {
            let answer = try operators.call(
                "POST", "/\(code)/operator/commands", [("Prefer", "wait=20")],
                json: String(
                    decoding: JSON.object([
                        JSON.Member("kind", .string(kind)), JSON.Member("body", .object(members)),
                    ]).bytes, as: UTF8.self))
            guard answer.status == 200 else {
                throw TestKitError("\(kind): \(answer.status) \(answer.text)")
            }
        }
        try system.kabinet("period", "close", "--organization", code, "--month", "2026-02")
        // What is charged anew names its ground on the bill.
        for account in ["500000001", "500000002"] {
            try command(
                "account.change",
                [
                    .init("account", .string(account)), .init("area_m2", .string("64.3")),
                    .init("residents", .int(4)),
                ])
            try command(
                "account.correct",
                [
                    .init("account", .string(account)), .init("from", .string("2026-02")),
                    .init("why", .string(essay("ground"))),
                ])
        }
        for (account, kopecks) in [("500000001", 12_300), ("500000003", 765_432_123)] {
            try command(
                "payment.post",
                [
                    .init("account", .string(account)),
                    .init("provider", .string(mark("provider"))),
                    .init("number", .string("\(account) " + mark("payment"))),
                    .init("amount_kopecks", .int(Int64(kopecks))),
                    .init("paid_on", .string("2026-03-15")),
                ])
        }
        try system.kabinet("period", "close", "--organization", code, "--month", month)
    }

    /// The demo's file, with marks in some columns.
    private static func demo(_ what: String, _ code: String, _ columns: [String]) throws
        -> [String]
    {
        let folder = "\(TestDatabase.home)/ops/demo/data"
        let own = "\(folder)/\(what)-\(code).csv"
        let path = FileManager.default.fileExists(atPath: own) ? own : "\(folder)/\(what).csv"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        guard let header = lines.first?.split(separator: ";").map(String.init) else { return [] }
        var rows = [header.joined(separator: ";")]
        for line in lines.dropFirst() {
            var cells: [String] = []
            for (index, cell) in line.split(separator: ";", omittingEmptySubsequences: false)
                .enumerated()
            {
                let marked = "\(cell) \(mark("\(what)-\(header[index])"))"
                let isMarked = columns.contains(header[index]) && !cell.isEmpty
                cells.append(
                    isMarked ? "\"\(marked.replacing("\"", with: "\"\""))\"" : String(cell))
            }
            rows.append(cells.joined(separator: ";"))
        }
        return rows
    }

    private static let texts: Set<String> = [
        "name", "title", "text", "more", "button", "login_word", "help", "new", "submit", "link",
        "entry", "status", "accepted", "calculated", "address", "recovery",
    ]

    /// The demo's profile, with marks in every text of it.
    private static func profile(_ code: String) throws -> String {
        let demo = try String(
            contentsOfFile: "\(TestDatabase.home)/ops/demo/organizations/\(code).yaml",
            encoding: .utf8)
        func quoted(_ text: some StringProtocol) -> String {
            "'\(text.replacingOccurrences(of: "'", with: "''"))'"
        }
        var lines: [String] = []
        var folded: String?
        var isFooter = false
        for line in demo.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if let place = folded {
                lines.append("\(line) \(essay(place))")
                folded = nil
                continue
            }
            if !line.hasPrefix(" ") { isFooter = line == "footer:" }
            if isFooter, line.hasPrefix("  - ") {
                if line.hasSuffix(">-") {
                    folded = "footer"
                    lines.append(line)
                } else {
                    lines.append("  - " + quoted("\(line.dropFirst(4)) \(essay("footer"))"))
                }
                continue
            }
            guard let colon = line.firstRange(of: ": ") else {
                lines.append(line)
                continue
            }
            let key = line[..<colon.lowerBound].drop { $0 == " " || $0 == "-" }
            let value = line[colon.upperBound...]
            switch key {
            case "browsers": lines.append("browsers: [\(quoted("Chrome " + mark("browser")))]")
            case "site": lines.append(line.replacing(value, with: quoted("\(value)/\(short)")))
            case "bills":
                lines.append(
                    line.replacing("word: Квитанция", with: "word: \(quoted("Счёт" + short))")
                        .replacing("word: Счета", with: "word: \(quoted("Счёт" + short))")
                        .replacing("print: Печать", with: "print: \(quoted("Печать" + short))"))
            case _ where texts.contains(String(key)):
                if value == ">-" {
                    folded = String(key)
                    lines.append(line)
                } else {
                    let bare = value.trimmingCharacters(in: CharacterSet(charactersIn: "\""))
                    let place = line.prefix(line.count - value.count)
                    lines.append("\(place)\(quoted("\(bare) \(mark("profile-\(key)"))"))")
                }
            default: lines.append(line)
            }
        }
        if !lines.contains("help:") {
            lines.append("help:")
            for section in [
                "home", "meters", "settlements", "charges", "payments", "bills", "suppliers",
                "house", "services", "accounts", "profile",
            ] {
                lines.append("  \(section):")
                lines.append("    text: \(quoted(essay("profile-text")))")
                lines.append("    more: \(quoted(essay("profile-more")))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Who lives there

    private static func resident(
        _ name: String, _ code: String, in system: System
    ) throws -> Resident {
        let isBoris = name == "boris"
        let number =
            ["anna": "500000001", "vera": "500000002", "boris": "500000003"][name] ?? "500000005"
        let meter = isBoris ? "SECRETM77" : "M\(number.suffix(1))" + mark("meter")
        let mode = ["abonent": "email", "potrebitel": "login"][code] ?? "account"
        let email = isBoris ? "boris-secret@example.ru" : "\(name)&'{zz}@example.ru"
        let login =
            switch mode {
            case "account": number
            case "email": email
            default: name
            }
        let (share, registration) = (identifier(), identifier())
        let tokens = (0..<4).map { _ in Secrets.token(prefix: "") }
        func text(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
        func hash(_ token: String) -> String { "'\\x\(Secrets.tokenHashText(token))'" }
        let connection = try system.connection()
        let account = try system.count(
            "select id from facts.account where organization = '\(code)' and number = '\(number)'")
        let made = try connection.script(
            """
            insert into access.principal (organization, login, name, kind, account, email, email_key, email_confirmed_at)
            values ('\(code)', \(text(login)), \(text(isBoris ? "Борис Скрытный" : mark("person"))), '\(mode)',
                    \(mode == "account" ? "\(account)" : "null"), \(text(email)), lower(\(text(email))), now())
            returning id::text
            """)
        guard let principal = made.first.flatMap({ Int64($0.text(0)) }) else {
            throw TestKitError("\(code) has no \(name)")
        }
        try connection.script(
            """
            insert into access.attachment (principal, account, number, name)
            select \(principal), id, number, \(isBoris ? "null" : text(mark("called"))) from facts.account
            where organization = '\(code)' and number in ('\(number)'\(name == "anna" ? ", '500000004'" : ""));
            insert into identity.credential (principal, hash, changed_at) values (\(principal), 'none', now());
            insert into identity.share (id, organization, account, owner, email, rights, invited_at, expires_at)
            values ('\(share)', '\(code)', \(account), \(principal), \(text(isBoris ? "friend-secret@example.ru" : email)),
                    '{view}', now(), now() + interval '7 days');
            insert into identity.registration
              (id, organization, kind, login, email, email_key, hash, way, language, terms_version, terms_hash, channel, began_at,
               expires_at)
            values ('\(registration)', '\(code)', '\(mode)', 'new-\(name)', \(text(email)), lower(\(text(email))), 'none', 'sms',
                    'ru', '2026-01', '\\x00', 'resident', now(), now() + interval '1 day');
            insert into identity.code (id, organization, purpose, subject, phone, hash, sent_at, expires_at)
            values ('\(registration)', '\(code)', 'registration', '\(registration)', '+7916000\(isBoris ? "0077" : "0011")',
                    '\\x00', now(), now() + interval '1 day');
            insert into identity.link (hash, organization, purpose, subject, value, made_at, expires_at)
            values (\(hash(tokens[0])), '\(code)', 'share', '\(share)', null, now(), now() + interval '1 day'),
                   (\(hash(tokens[1])), '\(code)', 'reset', '\(principal)', null, now(), now() + interval '1 day'),
                   (\(hash(tokens[2])), '\(code)', 'unsubscribe', '\(account)', 'email_news', now(), null);
            """)
        let agent = isBoris ? "SecretAgent/77" : essay("agent")
        let (token, session) = try Self.session(principal, code, agent: agent, in: system)
        // Told by program, as people's programs do: what it becomes has an id of its own.
        let client = Client(port: system.port, token: token)
        let told = try client.call(
            "POST", "/\(code)/api/accounts/\(number)/readings", [("Prefer", "wait=20")],
            json: String(
                decoding: JSON.object([
                    JSON.Member("meter", .string(meter)),
                    JSON.Member("service", .string("cold_water")),
                    JSON.Member("values", .object([JSON.Member("T1", .string("21"))])),
                    JSON.Member("confirm", .bool(true)),
                ]).bytes, as: UTF8.self))
        guard told.status == 200 || told.status == 422,
            let command = try JSON.parse(told.body)["command"]?.string
        else { throw TestKitError("\(code) \(name): \(told.status) \(told.text)") }
        let readings = try connection.script(
            "select id::text from facts.reading where account = \(account) order by received_at desc limit 1"
        )
        return Resident(
            organization: code, principal: principal,
            ids: [
                .account: number, .meter: meter, .reading: readings.first?.text(0) ?? command,
                .session: session, .share: share, .command: command, .person: "\(principal)",
                .login: login, .email: email, .registration: registration,
                .invitation: tokens[0], .reset: tokens[1], .unsubscribe: tokens[2],
                .demo: try Self.session(principal, code, in: system).token,
            ], token: token)
    }

    private static func session(
        _ principal: Int64, _ code: String, agent: String = "Walker/1", in system: System
    ) throws -> (token: String, id: String) {
        let (token, id) = (Secrets.token(prefix: "ks_"), identifier())
        try system.connection().script(
            """
            insert into access.session
              (hash, id, organization, principal, created_at, seen_at, expires_at, longest_at, idle, agent, address)
            values ('\\x\(Secrets.tokenHashText(token))', '\(id)', '\(code)', \(principal), now(), now(), now() + interval '7 days',
                    now() + interval '7 days', 604800000000, '\(agent.replacing("'", with: "''"))', '127.0.0.*')
            """)
        return (token, id)
    }

    private static func identifier() -> String { UUID().uuidString.lowercased() }

    // MARK: What must not change

    /// Every row that is of somebody, by table: whatever column says whose it is. That somebody was told something is no change
    /// of what is theirs: anybody may ask for a letter to who forgot a password.
    func rows(of resident: Resident) throws -> [String] {
        let connection = try system.connection()
        let account = try system.count(
            "select id from facts.account where organization = '\(resident.organization)' and number = '\(resident.account)'"
        )
        var questions = [
            "facts.account t where id = \(account)",
            "access.principal t where id = \(resident.principal)",
            "identity.code t where subject = '\(resident.ids[.registration] ?? "")'",
            "identity.registration t where id::text = '\(resident.ids[.registration] ?? "")'",
        ]
        let columns = try connection.script(
            """
            select c.table_schema || '.' || c.table_name, c.column_name from information_schema.columns c
            join information_schema.tables t using (table_schema, table_name)
            where t.table_type = 'BASE TABLE' and c.table_schema in ('facts', 'views', 'access', 'identity')
              and c.data_type = 'bigint' and c.column_name in ('account', 'principal', 'owner') and c.table_name <> 'notice'
            order by 1, 2
            """)
        for (table, column) in columns.map({ ($0.text(0), $0.text(1)) }) {
            let id = column == "account" ? account : resident.principal
            questions.append("\(table) t where \(column) = \(id)")
        }
        return try questions.map { question in
            let rows = try connection.script(
                "select coalesce(string_agg(t::text, E'\\n' order by t::text), '') from \(question)"
            )
            return "\(question): \(rows[0].text(0))"
        }
    }
}
