import Access
import Commands
import Crypto
import HTTP
import Queue
import TestKit
import Testing

@testable import Ingress

/// What people ask for, as it is appended: nobody decides it here.
@Suite(.serialized) struct ActsTests {
    private let front: Front

    init() throws { front = try Front() }

    private static let formKey = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"

    @Test func `a form's address knows the page that the form stands on`() throws {
        defer { front.stop() }
        let router = Router(
            front.ingress.acts { _, _ in }.map { Route($0.method, $0.pattern, $0) })
        for (path, page) in [
            ("register/7/phone", "register/7/code"), ("accounts/7/name", "accounts/7/settings"),
            ("accounts/7/shares", "accounts/7/settings"), ("register/check", "register"),
            ("profile/password", "profile"), ("profile/phone/code", "profile/phone"),
            ("sign-in", ""),
        ] {
            guard
                case .found(let endpoint, let parameters) = router.match(
                    method: "POST", path: ["alfa"] + path.split(separator: "/").map(String.init))
            else {
                Issue.record("no form at \(path)")
                continue
            }
            #expect(endpoint.page?(parameters) == "/alfa/\(page)", "\(path)")
        }
    }

    @Test
    func
        `SF-036 a sign-in is appended with the password sealed and the hash of a token that the cookie has`()
        throws
    {
        defer { front.stop() }
        let answer = try front.post(
            "/alfa/sign-in",
            [("login", " 626200012 "), ("password", "длинный пароль"), ("remember", "1")],
            cookie: nil,
            [("User-Agent", "Firefox")])
        let command = try #require(try front.commands().first)
        #expect(answer.status == 303)
        #expect(answer.header("Location") == "/alfa/?pending=\(command.id)")
        // Where one was on the way to waits along.
        let wanting = try front.post(
            "/alfa/sign-in", [("login", "1"), ("password", "p"), ("next", "accounts/100/meters")])
        #expect(wanting.header("Location")?.hasSuffix("&next=accounts%2F100%2Fmeters") == true)
        let cookie = try #require(answer.header("Set-Cookie"))
        let token = try #require(answer.session)
        #expect(token.hasPrefix("ks_") && token.utf8.count == 46)
        // «Запомнить?» is none of this organization's.
        #expect(cookie == "kabinet_session=\(token); Path=/alfa/; HttpOnly; SameSite=Lax")
        #expect(command.kind == "session.open" && command.actor == "visitor")
        #expect(command.channel == "resident" && command.organization == "alfa")
        #expect(
            command.subject
                == Subject.hash("identity", "alfa", "login 626200012"))
        #expect(try front.opened(command, "password") == "длинный пароль")
        let members = command.payload.members?.map(\.key).sorted()
        #expect(members == ["address", "agent", "login", "password", "remember", "session"])
        #expect(command.payload["remember"] == .bool(false))
        #expect(command.payload["login"] == .string("626200012"))
        #expect(command.payload["session"] == .string(Secrets.tokenHashText(token)))
        #expect(command.payload["agent"] == .string("Firefox"))
        #expect(command.payload["address"] == .string("127.0.0.*"))
    }

    @Test
    func `SF-064 a remembered session lives as long as the profile says, others with the browser`()
        throws
    {
        defer { front.stop() }
        let long = try front.post(
            "/beta/sign-in", [("login", "ivan"), ("password", "p"), ("remember", "1")])
        #expect(long.header("Set-Cookie")?.contains("; Max-Age=2592000") == true)
        let short = try front.post("/beta/sign-in", [("login", "ivan"), ("password", "p")])
        #expect(short.header("Set-Cookie")?.contains("Max-Age") == false)
        let commands = try front.commands()
        #expect(commands.map { $0.payload["remember"]?.bool } == [true, false])
    }

    @Test func `a double click is one command and one session; what is typed anew is another`()
        throws
    {
        defer { front.stop() }
        func signIn(_ password: String, key: String = Self.formKey) throws -> Client.Answer {
            try front.post(
                "/alfa/sign-in", [("login", "1"), ("password", password), ("key", key)])
        }
        let first = try signIn("password")
        let second = try signIn("password")
        #expect(first.session != nil && first.session == second.session)
        #expect(first.header("Location") == second.header("Location"))
        #expect(try front.commands().count == 1)
        let third = try signIn("Password")
        #expect(third.session != first.session)
        #expect(try front.commands().count == 2)
        // A key that can be guessed makes nothing repeatable where there is a password.
        _ = try signIn("password", key: "12345678")
        _ = try signIn("password", key: "12345678")
        #expect(try front.commands().count == 4)
    }

    @Test func `JSON signs in by the same command, and shows the token beside the cookie`() throws {
        defer { front.stop() }
        let body = JSON.object(["login": .string("626200012"), "password": .string("пароль")])
        let (answer, json) = try front.json("POST", "/alfa/api/sessions", body)
        let command = try #require(try front.commands().first)
        #expect(answer.status == 202)
        #expect(answer.header("Location") == "/alfa/api/commands/\(command.id)")
        let token = try #require(json["token"]?.string)
        #expect(answer.session == token)
        #expect(command.payload["session"] == .string(Secrets.tokenHashText(token)))
        #expect(try front.opened(command, "password") == "пароль")
        // The same request again, under its key.
        let key = [("Idempotency-Key", Self.formKey)]
        let one = try front.json("POST", "/alfa/api/sessions", body, key)
        let two = try front.json("POST", "/alfa/api/sessions", body, key)
        #expect(one.json == two.json && one.answer.session == two.answer.session)
        let other = JSON.object(["login": .string("626200012"), "password": .string("другой")])
        #expect(try front.json("POST", "/alfa/api/sessions", other, key).answer.status == 422)
        let short = try front.json("POST", "/alfa/api/sessions", body, [("Idempotency-Key", "one")])
        #expect(short.answer.status == 400 && short.json["code"]?.string == "short_key")
        #expect(try front.commands().count == 2)
    }

    @Test(arguments: [0, 1])
    func `every act says the same in a form and in JSON`(turn: Int) throws {
        defer { front.stop() }
        let person = try front.person("alfa", accounts: ["100"])
        let acts = Act.all.filter { $0.form != nil && $0.json != nil }
        #expect(acts.count == 25)
        // Half of them a time: a person may do 40 things at once.
        for (index, act) in acts.enumerated() where index % 2 == turn {
            let samples = act.fields.map { ($0, Self.sample($0)) }
            let path = Self.path(try #require(act.form))
            let form = try front.post(
                path, samples.flatMap { field, sample in Self.typed(field, sample) },
                cookie: person.token)
            #expect(form.status == 303 || form.status == 422, "\(act.form ?? ""): \(form.text)")
            let json = try #require(act.json)
            let body = JSON.object(samples.map { JSON.Member($0.0.name, $0.1) })
            let answer = try front.json(
                json.method, Self.path(json.pattern), act.fields.isEmpty ? nil : body,
                bearer: person.token)
            #expect(answer.answer.status == 202, "\(json.pattern): \(answer.answer.text)")
            let commands = try front.commands().suffix(2)
            let (one, other) = (try #require(commands.first), try #require(commands.last))
            #expect(one.kind == act.kind.rawValue && other.kind == act.kind.rawValue)
            #expect(one.actor == other.actor)
            #expect(
                one.actor
                    == (act.caller == .visitor && act.kind != .openLink
                        ? "visitor" : "person:\(person.principal)"))
            let sealed = Set(act.fields.filter(\.isSecret).compactMap(\.member))
            for member in one.payload.members ?? [] {
                if sealed.contains(member.key) || member.key == "recovery" {
                    #expect(
                        try front.opened(one, member.key) == front.opened(other, member.key),
                        "\(act.kind.rawValue) \(member.key)")
                } else if member.key != "session" || act.sessions != .opens {
                    #expect(
                        member.value == other.payload[member.key],
                        "\(act.kind.rawValue) \(member.key)")
                }
            }
            #expect(
                one.payload.members?.map(\.key).sorted()
                    == other.payload.members?.map(\.key).sorted())
        }
    }

    @Test func `an invitation with nothing ticked, or nothing said, is to look only`() throws {
        defer { front.stop() }
        let person = try front.person("alfa", accounts: ["100"])
        let form = try front.post(
            "/alfa/accounts/100/shares", [("email", "ivan@example.ru")], cookie: person.token)
        #expect(form.status == 303)
        for rights: JSON? in [nil, .array([])] {
            let body = JSON.object([
                "email": .string("ivan@example.ru"), "rights": rights,
            ])
            let answer = try front.json(
                "POST", "/alfa/api/accounts/100/shares", body, bearer: person.token)
            #expect(answer.answer.status == 202, "\(answer.answer.text)")
        }
        let commands = try front.commands()
        #expect(commands.count == 3)
        for command in commands {
            #expect(command.payload["rights"] == .array([.string("view")]))
        }
    }

    private static func path(_ pattern: String) -> String {
        pattern.replacing("{org}", with: "alfa").replacing("{account}", with: "100")
            .replacing("{id}", with: "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000")
            .replacing("{token}", with: "kl_abc")
    }

    private static func sample(_ field: Act.Field) -> JSON {
        switch field.name {
        case "account": return .string("000100")
        case "surname": return .string("Иванов-Петров")
        case "email": return .string("ivan@example.ru")
        case "phone": return .string("8 (916) 123-45-67")
        case "way": return .string("sms")
        case "agree": return .string("2026-01")
        case "language": return .string("en")
        case "secret": return .string("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        case "last_payment_on": return .string("18.04.2026")
        case "bill_month": return .string("2026-04")
        default: break
        }
        switch field.kind {
        case .flag: return .bool(true)
        case .money: return .int(12_345)
        case .choices(_, let names): return .array(names.map(JSON.string))
        case .texts(_, let names):
            return .object(names.map { JSON.Member($0, .string("2026-01")) })
        case .code: return .string("123 456")
        case .text, .secret, .newPassword: return .string("пароль 12345")
        }
    }

    private static func typed(_ field: Act.Field, _ value: JSON) -> [(String, String)] {
        switch field.kind {
        case .flag: return [(field.typed, "1")]
        case .money: return [(field.typed, "123,45")]
        case .choices: return field.typedNames.map { ($0, "1") }
        case .texts: return field.typedNames.map { ($0, "2026-01") }
        default: return field.typedNames.map { ($0, value.string ?? "") }
        }
    }

    @Test func `SF-080 leaving ends the session in the database too, and the cookie at once`()
        throws
    {
        defer { front.stop() }
        let person = try front.person()
        let answer = try front.post("/alfa/sign-out", [], cookie: person.token)
        let command = try #require(try front.commands().first)
        #expect(answer.status == 303 && answer.header("Location") == "/alfa/")
        #expect(answer.session == "")
        #expect(answer.header("Set-Cookie")?.contains("Max-Age=0") == true)
        #expect(command.kind == "session.end" && command.actor == "person:\(person.principal)")
        #expect(
            command.payload
                == .object(["session": .string(Secrets.tokenHashText(person.token))]))
        // Nobody has nothing to end.
        let nobody = try front.post("/alfa/sign-out", [])
        #expect(nobody.status == 303 && nobody.header("Location") == "/alfa/")
        #expect(try front.commands().count == 1)
    }

    @Test func `a session that is there is not given up for one that may come`() throws {
        defer { front.stop() }
        let person = try front.person()
        let link = try front.post("/alfa/confirm/kl_token", [], cookie: person.token)
        #expect(link.header("Location")?.hasPrefix("/alfa/confirm/kl_token?pending=") == true)
        #expect(link.header("Set-Cookie") == nil)
        #expect(try front.commands().last?.actor == "person:\(person.principal)")
        // Who is nobody yet gets the token that will count.
        let nobody = try front.post("/alfa/confirm/kl_token", [])
        #expect(nobody.session?.hasPrefix("ks_") == true)
        // A session of another organization is nobody's here.
        let stranger = try front.person("beta")
        _ = try front.post("/alfa/confirm/kl_token", [], cookie: stranger.token)
        #expect(try front.commands().last?.actor == "visitor")
    }

    @Test
    func
        `SF-031 a registration is bound to the browser that begins it, by a token that rests hashed`()
        throws
    {
        defer { front.stop() }
        let fields = [
            ("account", "100"), ("surname", "Иванов"), ("email", "a@example.ru"),
            ("password", "12345678"), ("password_again", "12345678"), ("agree", "2026-01"),
        ]
        let began = try front.post("/alfa/register", fields + [("way", "email")])
        let cookie = try #require(began.header("Set-Cookie"))
        let token = String(
            cookie.dropFirst("kabinet_registration=".count).prefix { $0 != ";" })
        #expect(token.hasPrefix("kr_") && token.utf8.count == 46)
        #expect(
            cookie
                == "kabinet_registration=\(token); Path=/alfa/; HttpOnly; SameSite=Lax; Max-Age=86400"
        )
        let command = try #require(try front.commands().last)
        #expect(command.payload["browser"] == .string(Secrets.tokenHashText(token)))
        #expect(!"\(command)".contains(token))
        // Each has its own, never one that is shown; the browser keeps the last three.
        func again(_ held: String) throws -> [String] {
            let answer = try front.post(
                "/alfa/register", fields + [("way", "email")], cookie: nil,
                [("Cookie", "kabinet_registration=\(held)")])
            let cookie = try #require(answer.header("Set-Cookie"))
            let tokens = cookie.dropFirst("kabinet_registration=".count).prefix { $0 != ";" }
                .split(separator: ".").map(String.init)
            let new = try #require(tokens.first)
            #expect(
                try front.commands().last?.payload["browser"]
                    == .string(Secrets.tokenHashText(new)))
            #expect(!held.contains(new))
            return tokens
        }
        var held = [token]
        for count in [2, 3, 3] {
            let before = held
            held = try again(before.joined(separator: "."))
            #expect(held.count == count && held.dropFirst() == before.prefix(count - 1))
        }
        // What is none of ours goes out of it.
        #expect(try again("kr_short.\(token).\u{22}x").dropFirst() == [token])
        // A code is typed on the page that began it: it needs none.
        let message = try front.post("/alfa/register", fields + [("way", "sms")])
        #expect(message.header("Set-Cookie") == nil)
        #expect(try front.commands().last?.payload["browser"] == nil)
        // The link takes it along, with a password where one was typed.
        _ = try front.post(
            "/alfa/confirm/kl_token", [], cookie: nil,
            [("Cookie", "kabinet_registration=\(token)")])
        let pressed = try #require(try front.commands().last)
        #expect(
            pressed.payload["browsers"] == .array([.string(Secrets.tokenHashText(token))]))
        _ = try front.post(
            "/alfa/confirm/kl_token", [], cookie: nil,
            [("Cookie", "kabinet_registration=\(held.joined(separator: "."))")])
        #expect(
            try front.commands().last?.payload["browsers"]
                == .array(held.map { .string(Secrets.tokenHashText($0)) }))
        #expect(pressed.payload["password"] == nil)
        _ = try front.post("/alfa/confirm/kl_token", [("password", "пароль 1")])
        let typed = try #require(try front.commands().last)
        #expect(typed.payload["browsers"] == nil)
        #expect(try front.opened(typed, "password") == "пароль 1")
    }

    @Test
    func
        `SF-031 by https a registration is bound by a cookie that no other host can plant, nor another organization`()
        throws
    {
        defer { front.stop() }
        let secure = try Front(isProduction: true)
        defer { secure.stop() }
        let began = try secure.post(
            "/alfa/register",
            [
                ("account", "100"), ("surname", "Иванов"), ("email", "a@example.ru"),
                ("password", "12345678"), ("password_again", "12345678"), ("agree", "2026-01"),
                ("way", "email"),
            ])
        let cookie = try #require(began.header("Set-Cookie"))
        let name = "__Host-kabinet_registration-alfa"
        let token = String(cookie.dropFirst(name.count + 1).prefix { $0 != ";" })
        // What the prefix wants: Secure, the whole path, no domain.
        #expect(
            cookie == "\(name)=\(token); Path=/; HttpOnly; SameSite=Lax; Max-Age=86400; Secure")
        func shown(_ name: String) throws -> JSON? {
            _ = try secure.post(
                "/alfa/confirm/kl_token", [], cookie: nil, [("Cookie", "\(name)=\(token)")])
            return try secure.commands().last?.payload["browsers"]
        }
        #expect(try shown(name) == .array([.string(Secrets.tokenHashText(token))]))
        for other in ["kabinet_registration", "__Host-kabinet_registration-beta"] {
            #expect(try shown(other) == nil)
        }
    }

    @Test
    func `programs get the token of a registration, and show it with the link, or a password`()
        throws
    {
        defer { front.stop() }
        let (answer, json) = try front.json(
            "POST", "/alfa/api/registrations",
            .object([
                "account": .string("100"), "surname": .string("Иванов"),
                "email": .string("a@example.ru"), "way": .string("email"),
                "password": .string("12345678"), "agree": .string("2026-01"),
            ]))
        #expect(answer.status == 202)
        let token = try #require(json["registration_token"]?.string)
        #expect(
            try front.commands().last?.payload["browser"]
                == .string(Secrets.tokenHashText(token)))
        let shown = try front.json(
            "POST", "/alfa/api/confirm/kl_token", .object(["registration_token": .string(token)]))
        #expect(shown.answer.status == 202)
        #expect(
            try front.commands().last?.payload["browsers"]
                == .array([.string(Secrets.tokenHashText(token))]))
        #expect(try front.commands().last?.payload["registration_token"] == nil)
        // Of another letter there is nothing to say; a wrong shape is told.
        #expect(
            try front.json("POST", "/alfa/api/confirm/kl_token", nil).answer.status == 202)
        let wrong = try front.json(
            "POST", "/alfa/api/confirm/kl_token", .object(["registration_token": .int(1)]))
        #expect(wrong.answer.status == 400)
    }

    @Test func `SF-025 SF-029 whoever is invited types a password twice and agrees to the terms`()
        throws
    {
        defer { front.stop() }
        func fault(_ fields: [String: String]) throws -> String {
            let answer = try front.post(
                "/beta/invitations/kl_token", fields.map { ($0.key, $0.value) })
            let drawn = front.drawn()
            guard case .misshapen(let error) = drawn.first?.ending.ending else {
                return "\(answer.status)"
            }
            #expect(drawn[0].page == .link("kl_token"))
            #expect(!"\(drawn[0].ending)".contains("12345678"))
            return "\(error.pointer) \(error.key)"
        }
        let whole = ["password": "12345678", "password_again": "12345678", "agree": "2026-02"]
        #expect(try fault(whole.merging(["agree": ""]) { $1 }) == "/agree shape.missing")
        #expect(
            try fault(whole.merging(["agree": "2026-01"]) { $1 }) == "/agree shape.terms_changed")
        #expect(
            try fault(whole.merging(["password_again": "1234567"]) { $1 })
                == "/password_again shape.again")
        #expect(
            try fault(["password": "1", "password_again": "1", "agree": "2026-02"])
                == "/password shape.password")
        #expect(try front.commands().isEmpty)
        #expect(try fault(whole) == "303")
        let command = try #require(try front.commands().last)
        #expect(command.kind == "share.register" && command.actor == "visitor")
        #expect(command.payload["link"] == .string(Secrets.tokenHashText("kl_token")))
        #expect(command.payload["terms"]?.string == "2026-02")
        #expect(try front.opened(command, "password") == "12345678")
    }

    @Test func `SF-023 SF-061 what a registration needs is a matter of the profile`() throws {
        defer { front.stop() }
        func fault(_ path: String, _ fields: [String: String]) throws -> String {
            let answer = try front.post(path, fields.map { ($0.key, $0.value) })
            let drawn = front.drawn()
            guard answer.status == 422, case .misshapen(let error) = drawn.first?.ending.ending
            else { return "\(answer.status)" }
            #expect(drawn[0].page == .register)
            return "\(error.pointer) \(error.key)"
        }
        let alfa = [
            "account": "100", "surname": "Иванов", "email": "a@example.ru", "way": "email",
            "password": "12345678", "password_again": "12345678", "agree": "2026-01",
        ]
        func without(_ name: String, _ value: String? = nil) -> [String: String] {
            alfa.merging([name: value ?? ""]) { $1 }
        }
        let path = "/alfa/register"
        #expect(try fault(path, alfa) == "303")
        #expect(try fault(path, without("account")) == "/account shape.missing")
        #expect(try fault(path, without("surname")) == "/surname shape.missing")
        #expect(try fault(path, without("email")) == "/email shape.missing")
        #expect(try fault(path, without("email", "a@b")) == "/email shape.email")
        // SF-028: with a message there need be no e-mail address; SF-027: one of the ways must be chosen.
        #expect(
            try fault(path, without("way", "sms").merging(["email": ""]) { $1 }) == "303")
        #expect(try fault(path, without("way")) == "/way shape.choice")
        #expect(try fault(path, without("way", "post")) == "/way shape.choice")
        // SF-025, SF-026: in characters, not bytes.
        #expect(try fault(path, without("password")) == "/password shape.missing")
        for (password, expected) in [
            ("1234567", "/password shape.password"), ("пароль12", "303"),
            ("         ", "/password shape.password_blank"),
            ("\u{A0}\u{3000}      ", "/password shape.password_blank"),
            (String(repeating: "щ", count: 20), "303"),
            (String(repeating: "1", count: 21), "/password shape.password"),
        ] {
            let fields = alfa.merging(["password": password, "password_again": password]) { $1 }
            #expect(try fault(path, fields) == expected, "\(password)")
        }
        #expect(
            try fault(path, without("password_again", "12345679")) == "/password_again shape.again")
        #expect(
            try fault(path, without("password").merging(["password_again": ""]) { $1 })
                == "/password shape.missing")
        // SF-029
        #expect(try fault(path, without("agree")) == "/agree shape.missing")
        #expect(try fault(path, without("agree", "2025-01")) == "/agree shape.terms_changed")
        let count = try front.commands().count
        // Of one way nobody has to choose.
        let beta = [
            "login": "ivan", "email": "a@example.ru", "password": "12345678",
            "password_again": "12345678", "agree": "2026-02",
        ]
        #expect(try fault("/beta/register", beta) == "303")
        #expect(
            try fault("/beta/register", beta.merging(["login": ""]) { $1 })
                == "/login shape.missing")
        #expect(
            try fault("/beta/register", beta.merging(["email": ""]) { $1 })
                == "/email shape.missing")
        let commands = try front.commands()
        #expect(commands.count == count + 1)
        let last = try #require(commands.last)
        #expect(last.payload["way"]?.string == "email" && last.payload["language"]?.string == "ru")
        #expect(last.payload["terms"]?.string == "2026-02")
        #expect(last.payload["agree"] == nil && last.payload["key"] == nil)
    }

    @Test func `what a page is drawn with again holds no secret`() throws {
        defer { front.stop() }
        let person = try front.person("beta")
        _ = try front.post(
            "/beta/register",
            [
                ("login", "ivan"), ("email", "кто?"), ("password", "s3cret-one"),
                ("password_again", "s3cret-one"), ("agree", "2026-02"), ("passwrd", "s3cret-two"),
            ])
        _ = try front.post(
            "/beta/accounts",
            [
                ("account", "100"), ("code", "s3cret-three"), ("answer", "семь"),
                ("question", "stamp"), ("last_payment", "1,5"), ("key", "12345678"),
            ], cookie: person.token)
        let drawn = front.drawn()
        #expect(drawn.count == 2)
        #expect(drawn[0].ending.fields == ["login": "ivan", "email": "кто?", "agree": "2026-02"])
        #expect(drawn[0].session == nil && drawn[0].page == .register)
        // The key goes out again when nothing was saved.
        #expect(
            drawn[1].ending.fields == [
                "account": "100", "last_payment": "1,5", "key": "12345678",
            ])
        #expect(drawn[1].session?.principal == person.principal && drawn[1].page == .accounts)
        #expect(!"\(drawn)".contains("s3cret"))
        #expect(try front.commands().isEmpty)
    }

    @Test
    func `a fault is told by the name of the form's field, and by that of the member in JSON`()
        throws
    {
        defer { front.stop() }
        let person = try front.person("beta")
        func fault(_ fields: [(String, String)]) throws -> ShapeError? {
            _ = try front.post("/beta/accounts", fields, cookie: person.token)
            guard case .misshapen(let error) = front.drawn().first?.ending.ending else {
                return nil
            }
            return error
        }
        #expect(
            try fault([("account", "100"), ("last_payment", "много")])
                == ShapeError("/last_payment", "shape.money"))
        #expect(
            try fault([("surname", "Иванов")])
                == ShapeError("/account", "shape.missing", "account"))
        let unknown = try front.json(
            "POST", "/beta/api/accounts",
            .object(["account": .string("100"), "last_payment": .string("1")]),
            bearer: person.token)
        #expect(unknown.answer.status == 400)
        #expect(unknown.json["pointer"]?.string == "/last_payment")
        let secret = try front.json(
            "POST", "/alfa/api/sessions",
            .object(["login": .string("1"), "password": .int(12_345_678)]))
        #expect(secret.answer.status == 400 && secret.json["pointer"]?.string == "/password")
        #expect(!secret.answer.text.contains("12345678"))
    }
}
