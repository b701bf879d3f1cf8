import Commands
import Crypto
import Foundation
import Postgres
import TestKit
import Testing
import Threads

/// Coming in through the built binary: the door, the lanes, and what stays secret between them.
@Suite(.serialized) struct IdentityDoorTests {
    private let system: System
    private let door: Child
    private let workers: Child

    init() throws {
        system = try System()
        let path = "\(system.directory)/identity.yaml"
        let profile = """
            code: probe
            name: ООО «Проба»
            title: Личный кабинет
            time_zone: Europe/Moscow
            companies: [{code: probe, name: ООО «Проба»}]
            services: [cold_water]
            readings:
              late: refuse
              words: {new: Новое, submit: Внести, link: Передать показания}
            identity:
              mode: account
              login_word: Номер лицевого счета
              confirm: [email, sms]
              email_with_sms: false
              auto_sign_in: sms
              password: {least: 8, most: 20}
              attach:
                proofs: [[surname], [password]]
                button: Добавить
              remember: true
              second_factor: true
              delete_user: true
              terms: {version: "1", text: Условия}
              services:
                - {purpose: sms_news, title: Смс, text: Согласен, version: "1"}
            accent: "#c8102e"
            footer: [ООО «Проба»]
            """
        guard FileManager.default.createFile(atPath: path, contents: Data(profile.utf8)) else {
            throw TestKitError("cannot write \(path)")
        }
        try system.kabinet("organization", "apply", path)
        try system.kabinet("key", "create", system.keyFile)
        let keys = ["KABINET_SEALING_KEY_FILE": system.keyFile, "KABINET_LOG": "debug"]
        let publish = try system.launch(["key", "publish", "--why", "a test"], keys)
        guard try publish.wait() == 0 else { throw TestKitError(publish.words) }
        door = try system.startIngress(["KABINET_LOG": "debug", "KABINET_TEST_CLOCK": "1"])
        workers = try system.startWorkers(keys.merging(["KABINET_TEST_CLOCK": "1"]) { $1 })
        let token = try system.token().token
        let operators = Client(port: system.port, token: token)
        for (number, surname) in [("100", "Иванов"), ("200", "Петрова")] {
            let answer = try operators.call(
                "POST", "/probe/operator/commands", [("Prefer", "wait=30")],
                json:
                    #"{"kind":"account.open","body":{"account":"\#(number)","surname":"\#(surname)"}}"#
            )
            guard answer.status == 200 else { throw TestKitError(answer.text + workers.words) }
        }
    }

    private func post(
        _ path: String, _ fields: [(String, String)], cookie: String? = nil
    ) throws -> Answer {
        let wire = try Wire(port: system.port)
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-_.")
        let body = try fields.map { name, value in
            guard let value = value.addingPercentEncoding(withAllowedCharacters: allowed) else {
                throw TestKitError(value)
            }
            return "\(name)=\(value)"
        }.joined(separator: "&")
        try wire.send(
            request(
                "POST", path,
                [("Content-Type", "application/x-www-form-urlencoded")]
                    + (cookie.map { [("Cookie", "kabinet_session=\($0)")] } ?? []),
                body: Array(body.utf8)))
        return try wire.answer()
    }

    private func get(_ path: String) throws -> Answer {
        let wire = try Wire(port: system.port)
        try wire.send(request("GET", path, []))
        return try wire.answer()
    }

    private func json(
        _ method: String, _ path: String, _ body: String? = nil, bearer: String = "none"
    ) throws -> (status: Int, json: JSON, answer: Answer) {
        let answer = try Client(port: system.port, token: bearer).call(
            method, path, [("Prefer", "wait=30")], json: body)
        return (answer.status, try JSON.parse(answer.body), answer)
    }

    private func session(_ answer: Answer) -> String? {
        guard let cookie = answer.header("Set-Cookie"), cookie.hasPrefix("kabinet_session=") else {
            return nil
        }
        return String(cookie.dropFirst("kabinet_session=".count).prefix { $0 != ";" })
    }

    /// The newest code that left for a telephone.
    private func code() throws -> String {
        let rows = try system.connection().script(
            "select substring(text from '[0-9]{6}') from operations.outbox where text ~ '[0-9]{6}' order by at desc limit 1"
        )
        return rows.first?.text(0) ?? ""
    }

    private func register(_ account: String, _ surname: String, _ password: String) throws
        -> String
    {
        let began = try post(
            "/probe/register",
            [
                ("account", account), ("surname", surname), ("way", "sms"),
                ("phone", "8 916 123-45-\(account.prefix(2))"), ("password", password),
                ("password_again", password), ("agree", "1"),
            ])
        let location = try #require(began.header("Location"))
        #expect(began.status == 303 && location.hasSuffix("/code?done=sent"), "\(location)")
        let path = String(location.prefix { $0 != "?" })
        try system.drained()
        let wrong = try post(path, [("code", try code() == "000000" ? "000001" : "000000")])
        #expect(wrong.header("Location") == nil && session(wrong) == nil)
        let right = try post(path, [("code", try code())])
        #expect(right.header("Location") == "/probe/?done=registered")
        return try #require(session(right))
    }

    @Test
    func
        `SF-020 SF-033 SF-036 SF-080 register by message, come and go, with nothing left in clear`()
        throws
    {
        let password = "пароль-57104"
        let first = try register("100", "иванов", password)
        // Signed in by the code (SF-035).
        let named = try json(
            "PATCH", "/probe/api/accounts/100", #"{"name":"дача"}"#, bearer: first)
        #expect(named.status == 200, "\(named.answer.text)")
        #expect(
            try json("PATCH", "/probe/api/accounts/200", #"{"name":"чужой"}"#, bearer: first).status
                == 404)
        // «Выход»: the token is dead everywhere, not only in the browser.
        let left = try post("/probe/sign-out", [], cookie: first)
        #expect(left.status == 303 && session(left) == "")
        #expect(
            try json("PATCH", "/probe/api/accounts/100", #"{"name":"дом"}"#, bearer: first).status
                == 401)
        // Unknown, wrong and right.
        for (login, word) in [("100", "пароль-57105"), ("999", password), ("200", password)] {
            let answer = try json(
                "POST", "/probe/api/sessions", #"{"login":"\#(login)","password":"\#(word)"}"#)
            #expect(answer.status == 422 && answer.json["code"]?.string == "ID_SIGN_IN")
            #expect(session(answer.answer) == nil && answer.json["token"] == nil)
        }
        let right = try json(
            "POST", "/probe/api/sessions", #"{"login":"000100","password":"\#(password)"}"#)
        #expect(right.status == 200, "\(right.answer.text)")
        let second = try #require(right.json["token"]?.string)
        #expect(session(right.answer) == second)
        let remembered = try post(
            "/probe/sign-in", [("login", "100"), ("password", password), ("remember", "1")])
        #expect(remembered.header("Location") == "/probe/")
        #expect(remembered.header("Set-Cookie")?.contains("Max-Age=2592000") == true)
        // Another password ends the other sessions.
        let changed = try json(
            "PUT", "/probe/api/profile/password",
            #"{"old":"\#(password)","password":"новый-57104"}"#, bearer: second)
        #expect(changed.status == 200, "\(changed.answer.text)")
        let other = try #require(session(remembered))
        #expect(
            try json("PATCH", "/probe/api/accounts/100", #"{"name":"дом"}"#, bearer: other).status
                == 401)
        #expect(
            try json("PATCH", "/probe/api/accounts/100", #"{"name":"дом"}"#, bearer: second).status
                == 200)
        #expect(
            try system.count("select count(*) from access.session where ended_at is not null") == 2)
        // Nothing of it rests anywhere in clear, nor was it told.
        let secrets = [password, "новый-57104", "57104", first, second, other, try code()]
        let dump = try System.script(
            ["/usr/lib/postgresql/15/bin/pg_dump", "-T", "operations.outbox", system.conninfo],
            log: "\(system.directory)/dump.sql")
        for secret in secrets {
            #expect(!dump.contains(secret), "the database has \(secret)")
            #expect(!door.words.contains(secret), "the door told \(secret)")
            #expect(!workers.words.contains(secret), "the workers told \(secret)")
        }
        #expect(try system.violations() == [])
    }

    @Test func `the second factor: recovery codes shown by the door open what it half opened`()
        throws
    {
        let password = "пароль-57104"
        let token = try register("200", "Петрова", password)
        let secret = TOTP.base32(TOTP.secret())
        let bytes = try #require(TOTP.bytes(base32: secret))
        let step = Int64(Date().timeIntervalSince1970) / TOTP.period
        let enabled = try json(
            "PUT", "/probe/api/profile/second-factor",
            #"{"secret":"\#(secret)","code":"\#(TOTP.code(secret: bytes, step: step))","password":"\#(password)"}"#,
            bearer: token)
        #expect(enabled.status == 200, "\(enabled.answer.text)")
        let codes = enabled.json["recovery_codes"]?.array?.compactMap(\.string) ?? []
        #expect(codes.count == 10)
        let half = try post("/probe/sign-in", [("login", "200"), ("password", password)])
        #expect(half.header("Location") == "/probe/sign-in/code")
        let second = try #require(session(half))
        // Half open is not open.
        #expect(
            try json("PATCH", "/probe/api/accounts/200", #"{"name":"дом"}"#, bearer: second).status
                == 401)
        let wrong = try json(
            "POST", "/probe/api/sessions/current/code", #"{"code":"000000"}"#, bearer: second)
        #expect(wrong.status == 422 && wrong.json["code"]?.string == "ID_SECOND")
        let typed = codes[0].prefix(5).uppercased() + "-" + codes[0].suffix(5)
        let opened = try post("/probe/sign-in/code", [("code", typed)], cookie: second)
        #expect(opened.header("Location") == "/probe/")
        #expect(
            try json("PATCH", "/probe/api/accounts/200", #"{"name":"дом"}"#, bearer: second).status
                == 200)
        // Each of them once.
        let again = try post("/probe/sign-in", [("login", "200"), ("password", password)])
        let third = try #require(session(again))
        let used = try json(
            "POST", "/probe/api/sessions/current/code", #"{"code":"\#(codes[0])"}"#, bearer: third)
        #expect(used.status == 422)
        // SF-089: gone with everything, the cookie too.
        let deleted = try post(
            "/probe/profile/delete", [("password", password)], cookie: second)
        #expect(deleted.header("Location") == "/probe/?done=deleted" && session(deleted) == "")
        #expect(
            try json("PATCH", "/probe/api/accounts/200", #"{"name":"дом"}"#, bearer: second).status
                == 401)
    }

    @Test func `a session that nobody uses ends, and one in use goes on`() throws {
        let token = try register("100", "Иванов", "12345678")
        func named(at minutes: Int) throws -> Int {
            let now = Date().addingTimeInterval(Double(minutes) * 60)
            let clock = try json(
                "PUT", "/test/clock", #"{"now":"\#(ISO8601DateFormatter().string(from: now))"}"#)
            #expect(clock.status == 200)
            let answer = try json(
                "PATCH", "/probe/api/accounts/100", #"{"name":"\#(minutes)"}"#, bearer: token)
            try system.drained()
            return answer.status
        }
        // Idle after 30 minutes; touched at 20, it lives at 45 and is touched again.
        #expect(try named(at: 20) == 200)
        #expect(try named(at: 45) == 200)
        #expect(try named(at: 76) == 401)
    }

    @Test
    func `RFC 8058: one click of a mail program takes a consent back, and again does no harm`()
        throws
    {
        let token = try register("100", "Иванов", "12345678")
        let saved = try json(
            "PUT", "/probe/api/accounts/100/services",
            #"{"on":["sms_news"],"versions":{"sms_news":"1"}}"#, bearer: token)
        #expect(saved.status == 200, "\(saved.answer.text)")
        let link = Secrets.token(prefix: "")
        try system.connection().script(
            """
            insert into identity.link (hash, organization, purpose, subject, value, made_at)
            select '\\x\(Secrets.tokenHashText(link))', 'probe', 'unsubscribe', id::text, 'sms_news', now()
            from facts.account where number = '100'
            """)
        func given() throws -> String {
            try system.connection().script(
                "select string_agg(given::text, ' ' order by n) from identity.consent where purpose = 'sms_news'"
            )[0].text(0)
        }
        #expect(try given() == "true")
        for _ in 0..<2 {
            let click = try post("/unsubscribe/\(link)", [("List-Unsubscribe", "One-Click")])
            #expect(click.status == 200 && click.header("Set-Cookie") == nil)
        }
        #expect(try given() == "true false")
        #expect(
            try system.connection().script(
                "select string_agg(channel, ' ' order by n) from identity.consent where purpose = 'sms_news'"
            )[0].text(0) == "resident letter")
        // The page of a link has a button as long as the link is one.
        #expect(try get("/unsubscribe/\(link)").status == 200)
        #expect(try get("/unsubscribe/unknown").status == 410)
        let unknown = try post("/unsubscribe/unknown", [("List-Unsubscribe", "One-Click")])
        #expect(unknown.status == 410)
        // A person is told in the same words, pressed or looked at.
        let visitor = Visitor(system)
        let looked = try visitor.get("/unsubscribe/unknown")
        let pressed = try visitor.post("/unsubscribe/unknown")
        #expect(looked.status == 410 && pressed.status == 410)
        #expect(looked.words.contains("Отписаться можно в Личном кабинете"))
        #expect(looked.words == pressed.words)
    }

    @Test func `a dead demo link says so, looked at or pressed`() throws {
        let visitor = Visitor(system)
        for answer in [
            try visitor.get("/probe/demo/unknown"), try visitor.post("/probe/demo/unknown"),
        ] {
            #expect(answer.status == 410)
            #expect(answer.words.contains("Ссылка для входа больше не действует"))
            #expect(visitor.session == nil)
        }
    }

    @Test func `everything that people may ask for is described where programs look`() throws {
        let document = try json("GET", "/openapi.json").json
        let routes = """
            post /{org}/sign-in, post /{org}/api/sessions, post /{org}/sign-in/code
            post /{org}/api/sessions/current/code, post /{org}/sign-out
            delete /{org}/api/sessions/current, post /{org}/register/check, post /{org}/register
            post /{org}/api/registrations, post /{org}/register/{id}/phone
            post /{org}/register/{id}/code, post /{org}/api/registrations/{id}/codes
            post /{org}/api/registrations/{id}/confirmations, post /{org}/confirm/{token}
            post /{org}/api/confirm/{token}, post /{org}/invitations/{token}
            post /{org}/api/invitations/{token}, post /{org}/reset, post /{org}/api/password-resets
            post /{org}/reset/{token}, post /{org}/api/password-resets/{token}
            post /{org}/profile/password, put /{org}/api/profile/password
            post /{org}/profile/email, put /{org}/api/profile/email, post /{org}/profile/phone
            post /{org}/profile/phone/code, put /{org}/api/profile/phone
            post /{org}/api/profile/phone/code, post /{org}/profile/second-factor
            post /{org}/profile/second-factor/off, put /{org}/api/profile/second-factor
            delete /{org}/api/profile/second-factor, post /{org}/profile/sessions/{id}/end
            post /{org}/profile/sessions/others/end, delete /{org}/api/sessions/{id}
            delete /{org}/api/sessions/others, post /{org}/profile/delete
            delete /{org}/api/profile, post /{org}/accounts, post /{org}/api/accounts
            post /{org}/accounts/{account}/name, post /{org}/accounts/{account}/detach
            post /{org}/accounts/{account}/shares, post /{org}/accounts/{account}/shares/{id}/end
            patch /{org}/api/accounts/{account}, delete /{org}/api/accounts/{account}
            post /{org}/api/accounts/{account}/shares
            delete /{org}/api/accounts/{account}/shares/{id}
            post /{org}/accounts/{account}/services, put /{org}/api/accounts/{account}/services
            post /unsubscribe/{token}, get /{org}/api/question, get /{org}/api/commands/{id}
            """.replacing("\n", with: ", ").split(separator: ", ")
        for route in routes {
            let words = route.split(separator: " ").map(String.init)
            let operation = document["paths"]?[words[1]]?[words[0]]
            #expect(operation?["responses"] != nil, "\(route)")
            // Whoever may send something is told what.
            let body = operation?["requestBody"]?["content"]?.members?.first
            #expect(
                body == nil
                    || body?.key
                        == (words[1].contains("/api/")
                            ? "application/json" : "application/x-www-form-urlencoded"),
                "\(route)")
        }
        let signIn = document["paths"]?["/{org}/api/sessions"]?["post"]?["requestBody"]?["content"]
        let schema = signIn?["application/json"]?["schema"]
        #expect(schema?["required"] == .array([.string("login"), .string("password")]))
        #expect(schema?["properties"]?["remember"]?["type"]?.string == "boolean")
    }
}
