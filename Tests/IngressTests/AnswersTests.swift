import Access
import Commands
import Crypto
import HTTP
import Postgres
import Queue
import TestKit
import Testing
import Threads
import Words

@testable import Ingress

/// What the door answers to decisions, and what it refuses before there is one.
@Suite(.serialized) struct AnswersTests {
    private static let key = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"

    private static func refused(_ code: Refusal.Code, _ values: [String: String] = [:]) -> Verdict {
        .refused(code: code.rawValue, body: Refusal(code, values).json.bytes)
    }

    private static func result(_ members: [String: JSON]) -> Verdict {
        .result(body: JSON.object(members.map { JSON.Member($0.key, $0.value) }).bytes)
    }

    @Test func `who is signed in goes on; half open, to the second factor; refused, nowhere`()
        throws
    {
        let front = try Front(wait: 20_000) { command in
            let text = String(decoding: command.payload, as: UTF8.self)
            if text.contains("\"half\"") { return Self.result(["second": .bool(true)]) }
            return text.contains("\"wrong\"") ? Self.refused(.signIn) : .done
        }
        defer { front.stop() }
        func signIn(_ login: String) throws -> Client.Answer {
            try front.post(
                "/alfa/sign-in", [("login", login), ("password", "p"), ("key", Self.key)])
        }
        let done = try signIn("right")
        #expect(done.status == 303 && done.header("Location") == "/alfa/")
        #expect(done.session?.hasPrefix("ks_") == true)
        let half = try signIn("half")
        #expect(half.status == 303 && half.header("Location") == "/alfa/sign-in/code")
        let token = try #require(half.session)
        #expect(token.hasPrefix("ks_"))
        let wrong = try signIn("wrong")
        #expect(wrong.status == 422 && wrong.header("Set-Cookie") == nil)
        let drawn = try #require(front.drawn().first)
        guard case .outcome(let outcome) = drawn.ending.ending else {
            Issue.record("\(drawn.ending)")
            return
        }
        #expect(outcome.refusal == Refusal(.signIn) && drawn.page == .signIn)
        // The code goes with the token that is half open, and nobody is signed in yet.
        let second = try front.post("/alfa/sign-in/code", [("code", "123 456")], cookie: token)
        #expect(second.header("Location") == "/alfa/")
        let command = try #require(try front.commands().last)
        #expect(command.kind == "session.complete" && command.actor == "visitor")
        #expect(command.payload["session"] == .string(Secrets.tokenHashText(token)))
        #expect(try front.opened(command, "code") == "123456")
        // Nobody without a token has anything to complete.
        let none = try front.post("/alfa/sign-in/code", [("code", "123456")])
        #expect(none.status == 303 && none.header("Location") == "/alfa/?done=over")
        #expect(try front.commands().count == 4)
        // Programs are told the same.
        let body = JSON.object(["login": .string("half"), "password": .string("p")])
        let (answer, json) = try front.json(
            "POST", "/alfa/api/sessions", body, [("Prefer", "wait=20")])
        #expect(answer.status == 200 && json["result"]?["second"]?.bool == true)
        #expect(json["token"]?.string == answer.session)
        let no = try front.json(
            "POST", "/alfa/api/sessions",
            .object(["login": .string("wrong"), "password": .string("p")]), [("Prefer", "wait=20")])
        #expect(no.answer.status == 422 && no.json["token"] == nil)
        #expect(no.json["code"]?.string == "ID_SIGN_IN")
        #expect(no.answer.header("Set-Cookie") == nil)
    }

    @Test func `who signs in goes on where they were on the way to, and never out of there`()
        throws
    {
        let front = try Front(wait: 20_000) { command in
            let text = String(decoding: command.payload, as: UTF8.self)
            if text.contains("\"half\"") { return Self.result(["second": .bool(true)]) }
            return text.contains("\"wrong\"") ? Self.refused(.signIn) : .done
        }
        defer { front.stop() }
        func signIn(_ login: String, _ next: String) throws -> Client.Answer {
            try front.post(
                "/alfa/sign-in", [("login", login), ("password", "p"), ("next", next)])
        }
        let wanted = "accounts/100/charges?month=2026-04"
        let escaped = "accounts%2F100%2Fcharges%3Fmonth%3D2026-04"
        let done = try signIn("right", wanted)
        // The first page knows whose accounts they are, and leads on.
        #expect(done.status == 303 && done.header("Location") == "/alfa/?next=\(escaped)")
        #expect(try front.commands().last?.payload["next"] == nil)
        let half = try signIn("half", wanted)
        #expect(half.header("Location") == "/alfa/sign-in/code?next=\(escaped)")
        let code = try front.post(
            "/alfa/sign-in/code", [("code", "123456"), ("next", wanted)],
            cookie: half.session)
        #expect(code.header("Location") == "/alfa/?next=\(escaped)")
        // A wrong password forgets it as little as the login.
        _ = try signIn("wrong", wanted)
        let drawn = try #require(front.drawn().first)
        #expect(drawn.ending.fields["next"] == wanted)
        for evil in [
            "//evil.example/", "https://evil.example/", "/\\evil.example", "../beta/accounts",
            "%2e%2e/beta/accounts", "accounts\r\nSet-Cookie: a=b", "\\evil.example",
        ] {
            #expect(try signIn("right", evil).header("Location") == "/alfa/", "\(evil)")
            #expect(
                try signIn("half", evil).header("Location") == "/alfa/sign-in/code", "\(evil)")
        }
    }

    @Test func `what cannot be a code costs no attempt, and says so`() throws {
        let front = try Front(wait: 20_000) { _ in .done }
        defer { front.stop() }
        let person = try front.person()
        let registration = "/alfa/register/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000/code"
        for (path, typed, key) in [
            (registration, "12ab", "shape.six_digits"),
            (registration, "1234567", "shape.six_digits"),
            (registration, "１２３４５６", "shape.six_digits"),
            ("/alfa/profile/phone/code", "12345", "shape.six_digits"),
            ("/alfa/sign-in/code", "12ab", "shape.second_code"),
        ] {
            let answer = try front.post(path, [("code", typed)], cookie: person.token)
            guard answer.status == 422, let drawn = front.drawn().first,
                case .misshapen(let error) = drawn.ending.ending
            else {
                Issue.record("\(path) \(typed): \(answer.status)")
                continue
            }
            #expect(error.pointer == "/code" && error.key == key)
        }
        #expect(try front.commands().isEmpty)
        // As it is typed from a message, it is one; a recovery code stands for the authenticator's.
        for (path, typed) in [
            (registration, "123 456"), ("/alfa/profile/phone/code", "123-456"),
            ("/alfa/sign-in/code", "abcde 12345"),
        ] {
            let answer = try front.post(path, [("code", typed)], cookie: person.token)
            #expect(answer.status == 303, "\(path) \(typed)")
        }
        #expect(try front.commands().count == 3)
    }

    @Test func `another telephone number wants the password, which nobody reads on the way`() throws
    {
        let front = try Front(wait: 20_000) { _ in .done }
        defer { front.stop() }
        let person = try front.person()
        let bare = try front.post(
            "/alfa/profile/phone", [("phone", "89161234567")], cookie: person.token)
        guard bare.status == 422, case .misshapen(let error) = front.drawn().first?.ending.ending
        else {
            Issue.record("\(bare.status)")
            return
        }
        #expect(error == ShapeError("/password", "shape.missing", "password"))
        #expect(try front.commands().isEmpty)
        let answer = try front.post(
            "/alfa/profile/phone", [("phone", "89161234567"), ("password", "тайна")],
            cookie: person.token)
        #expect(answer.header("Location") == "/alfa/profile/phone?done=sent")
        let command = try #require(try front.commands().first)
        #expect(command.kind == "phone.change")
        #expect(try front.opened(command, "password") == "тайна")
    }

    @Test func `SF-031 SF-035 a session begins with a link or a code only where the lane says so`()
        throws
    {
        let front = try Front(wait: 20_000) { command in
            switch command.kind {
            case "share.register":
                return Self.result([
                    "purpose": .string("share"),
                    "signed_in": .bool(command.organization == "beta"),
                ])
            case "link.open":
                let isShare = command.actor != "visitor"
                return Self.result([
                    "purpose": .string(isShare ? "share" : "registration"),
                    "signed_in": .bool(false),
                ])
            case "registration.start":
                return Self.result([
                    "registration": .string(command.id.description), "way": .string("sms"),
                    "sent": .bool(true),
                ])
            default: return Self.result(["signed_in": .bool(true)])
            }
        }
        defer { front.stop() }
        let link = try front.post("/alfa/confirm/kl_token", [("key", Self.key)])
        #expect(link.status == 303 && link.header("Location") == "/alfa/?done=registered")
        #expect(link.header("Set-Cookie") == nil)
        let command = try #require(try front.commands().first)
        #expect(command.payload["link"] == .string(Secrets.tokenHashText("kl_token")))
        #expect(!"\(command)".contains("kl_token"))
        let person = try front.person()
        let share = try front.post("/alfa/confirm/kl_other", [], cookie: person.token)
        #expect(share.header("Location") == "/alfa/accounts?done=attached")
        #expect(try front.commands().last?.actor == "person:\(person.principal)")
        // Whoever made a login by an invitation signs in with it, where nobody is signed in at once.
        func invited(_ organization: String, _ terms: String) throws -> Client.Answer {
            try front.post(
                "/\(organization)/invitations/kl_other",
                [
                    ("password", "12345678"), ("password_again", "12345678"), ("agree", terms),
                ])
        }
        let login = try invited("alfa", "2026-01")
        #expect(login.header("Location") == "/alfa/?done=invited" && login.session == nil)
        let entered = try invited("beta", "2026-02")
        #expect(entered.header("Location") == "/beta/accounts?done=attached")
        #expect(entered.session?.hasPrefix("ks_") == true)
        let began = try front.post(
            "/alfa/register",
            [
                ("account", "100"), ("surname", "Иванов"), ("way", "sms"),
                ("phone", "89161234567"), ("password", "12345678"),
                ("password_again", "12345678"), ("agree", "2026-01"),
            ])
        let id = try #require(try front.commands().last?.id)
        #expect(began.header("Location") == "/alfa/register/\(id)/code?done=sent")
        let code = try front.post("/alfa/register/\(id)/code", [("code", "123456")])
        #expect(code.header("Location") == "/alfa/?done=registered")
        #expect(code.session?.hasPrefix("ks_") == true)
        let last = try #require(try front.commands().last)
        #expect(last.payload["registration"] == .string(id))
        #expect(
            last.payload["session"] == .string(Secrets.tokenHashText(try #require(code.session))))
    }

    @Test(arguments: [
        (["purpose": "email"], "profile?done=changed"),
        (["purpose": "email", "login": ""], "profile?done=changed_login"),
        (["purpose": "email", "other": ""], "confirm/kl_token?done=other_changed"),
        (
            ["purpose": "email", "other": "", "login": ""],
            "confirm/kl_token?done=other_changed_login"
        ),
        (["purpose": "registration", "other": ""], "confirm/kl_token?done=other_registered"),
        // Whoever registered is the one who is signed in from now on.
        (["purpose": "registration", "other": "", "signed_in": ""], "?done=registered"),
    ])
    func `what a link did for another than who is signed in is not told in the cabinet`(
        _ result: [String: String], _ path: String
    ) throws {
        let front = try Front(wait: 20_000) { _ in
            Self.result([
                "purpose": .string(result["purpose"] ?? ""),
                "login": .bool(result["login"] != nil),
                "other": .bool(result["other"] != nil),
                "signed_in": .bool(result["signed_in"] != nil),
            ])
        }
        defer { front.stop() }
        let person = try front.person()
        let answer = try front.post("/alfa/confirm/kl_token", [], cookie: person.token)
        #expect(answer.header("Location") == "/alfa/\(path)")
    }

    @Test func `who ends the session that is in use leaves; others end in the list`() throws {
        let front = try Front(wait: 20_000) { _ in .done }
        defer { front.stop() }
        let (here, there) = (Secrets.token(prefix: "ks_"), Secrets.token(prefix: "ks_"))
        let person = try front.person(token: here)
        try front.person(token: there, principal: person.principal)
        func id(_ token: String) throws -> String {
            try front.database.connection().script(
                "select id::text from access.session where hash = '\\x\(Secrets.tokenHashText(token))'"
            )[0].text(0)
        }
        let one = try front.post(
            "/alfa/profile/sessions/\(try id(there))/end", [], cookie: here)
        #expect(one.header("Location") == "/alfa/profile?done=ended")
        #expect(one.header("Set-Cookie") == nil)
        let own = try front.post(
            "/alfa/profile/sessions/\(try id(here))/end", [], cookie: here)
        #expect(own.header("Location") == "/alfa/" && own.session == "")
    }

    @Test func `SF-022 the first step is answered with the form filled in, not with an address`()
        throws
    {
        let front = try Front(wait: 20_000) { _ in .done }
        defer { front.stop() }
        let answer = try front.post(
            "/alfa/register/check", [("account", "100"), ("surname", "Иванов")])
        #expect(answer.header("Location") == nil)
        let drawn = try #require(front.drawn().first)
        #expect(drawn.page == .register)
        #expect(drawn.ending.fields == ["account": "100", "surname": "Иванов"])
        guard case .outcome(let outcome) = drawn.ending.ending else {
            Issue.record("\(drawn.ending)")
            return
        }
        #expect(outcome.state == .done && outcome.kind == "registration.check")
    }

    @Test
    func
        `recovery codes are shown once, are those that were sealed, and the same for a repeated post`()
        throws
    {
        let front = try Front(wait: 20_000) { _ in .done }
        defer { front.stop() }
        let person = try front.person()
        let fields = [
            ("secret", "jbsw y3dp ehpk 3pxp jbsw y3dp ehpk 3pxp"), ("code", "123456"),
            ("password", "p"), ("key", Self.key),
        ]
        let answer = try front.post("/alfa/profile/second-factor", fields, cookie: person.token)
        _ = try front.post("/alfa/profile/second-factor", fields, cookie: person.token)
        #expect(answer.header("Location") == nil)
        let commands = try front.commands()
        #expect(commands.count == 1)
        let drawn = front.drawn()
        #expect(drawn.count == 2 && drawn[0].recovery == drawn[1].recovery)
        let codes = drawn[0].recovery
        #expect(Set(codes).count == 10 && codes.allSatisfy { $0.utf8.count == 10 })
        #expect(try front.opened(commands[0], "recovery") == codes.joined(separator: " "))
        #expect(
            try front.opened(commands[0], "secret") == "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        #expect(drawn[0].page == .secondFactor && drawn[0].secret == fields[0].1)
        #expect(drawn[0].ending.fields == ["key": Self.key])
        let json = try front.json(
            "PUT", "/alfa/api/profile/second-factor",
            .object([
                "secret": .string("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ"), "code": .string("123456"),
                "password": .string("p"),
            ]), bearer: person.token, [("Prefer", "wait=20")])
        #expect(json.json["recovery_codes"]?.array?.count == 10)
        let short = try front.json(
            "PUT", "/alfa/api/profile/second-factor",
            .object([
                "secret": .string("JBSWY3DP"), "code": .string("1"), "password": .string("p"),
            ]), bearer: person.token)
        #expect(short.json["pointer"]?.string == "/secret")
    }

    @Test func `unknown, wrong and registered are answered alike but for the command's id`() throws
    {
        let front = try Front(wait: 20_000) { command in
            Self.refused(command.kind == "session.open" ? .signIn : .identityCheck)
        }
        defer { front.stop() }
        func differences(_ path: String, _ bodies: [JSON]) throws -> Set<String> {
            Set(
                try bodies.map { body in
                    let (answer, json) = try front.json("POST", path, body, [("Prefer", "wait=20")])
                    let id = json["command"]?.string ?? "none"
                    let headers = answer.headers.filter { $0.name != "Date" }.map {
                        "\($0.name): \($0.value)"
                    }
                    return "\(answer.status)\n\(headers.joined(separator: "\n"))\n\(answer.text)"
                        .replacing(id, with: "ID")
                })
        }
        let registrations = ["100", "200", "300"].map { account in
            JSON.object([
                "account": .string(account), "surname": .string("Иванов"), "way": .string("sms"),
                "password": .string("12345678"), "agree": .string("2026-01"),
            ])
        }
        #expect(try differences("/alfa/api/registrations", registrations).count == 1)
        let signIns = ["100", "nobody", "ivan@example.ru"].map { login in
            JSON.object(["login": .string(login), "password": .string("p")])
        }
        let told = try differences("/alfa/api/sessions", signIns)
        #expect(told.count == 1)
        #expect(told.first?.contains("Неверный логин или пароль") == true)
    }

    @Test
    func `domain.md §8: so many wrong ones from an address, and it waits before anything costs`()
        throws
    {
        let front = try Front(wait: 20_000, failures: 4) { command in
            String(decoding: command.payload, as: UTF8.self).contains("right")
                ? .done : Self.refused(.signIn)
        }
        defer { front.stop() }
        func signIn(_ login: String) throws -> Client.Answer {
            try front.post("/alfa/sign-in", [("login", login), ("password", "p")])
        }
        for _ in 0..<6 { #expect(try signIn("right").status == 303) }
        for _ in 0..<2 { #expect(try signIn("wrong").status == 422) }
        // Who does not wait for the answer is counted as well.
        for _ in 0..<2 {
            let body = JSON.object(["login": .string("wrong"), "password": .string("p")])
            #expect(try front.json("POST", "/alfa/api/sessions", body).answer.status == 202)
        }
        try eventually("all are counted") { try signIn("right").status == 429 }
        let count = try front.commands().count
        for path in ["/alfa/sign-in", "/alfa/register/check", "/beta/reset"] {
            let answer = try front.post(path, [("login", "right"), ("password", "p")])
            #expect(answer.status == 429)
            let wait = Int(answer.header("Retry-After") ?? "") ?? 0
            #expect((3_500...3_601).contains(wait))
        }
        let json = try front.json(
            "POST", "/alfa/api/sessions",
            .object(["login": .string("right"), "password": .string("p")]))
        #expect(json.answer.status == 429 && json.json["code"]?.string == "too_many")
        #expect(try front.commands().count == count)
        // Who is signed in still is.
        let person = try front.person()
        let page = try front.send(
            "GET", "/alfa/page", [("Cookie", "kabinet_session=\(person.token)")])
        #expect(page.text == "\(person.principal)")
    }

    @Test func `an address gets so many codes an hour`() throws {
        let front = try Front()
        defer { front.stop() }
        let path = "/alfa/register/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000/phone"
        let statuses = try (0..<11).map { number in
            try front.post(path, [("phone", "+7916123450\(number % 10)")]).status
        }
        #expect(statuses == Array(repeating: 303, count: 10) + [429])
        #expect(try front.commands().count == 10)
        // Nor does leaving the number out get more.
        #expect(try front.post(path, []).status == 429)
    }

    @Test func `another code goes to the number of before without its being typed`() throws {
        let front = try Front()
        defer { front.stop() }
        let path = "/alfa/register/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000/phone"
        #expect(try front.post(path, [("form", "again")]).status == 303)
        #expect(try front.post(path, [("form", "phone"), ("phone", " ")]).status == 303)
        let bodies = try front.commands().map(\.payload)
        #expect(bodies.count == 2)
        for body in bodies { #expect(body["phone"] == nil && body["registration"] != nil) }
    }

    @Test func `without a published key nothing with a secret is taken, and all is said`() throws {
        let front = try Front(publishes: false)
        defer { front.stop() }
        let answer = try front.post("/alfa/sign-in", [("login", "1"), ("password", "p")])
        #expect(answer.status == 503 && answer.header("Retry-After") != nil)
        #expect(answer.text.contains("не настроены"))
        #expect(try front.commands().isEmpty)
        // What has no secret in it goes on.
        #expect(try front.post("/alfa/reset", [("login", "1")]).status == 303)
        // So does a link's button, unless a password was typed.
        #expect(try front.post("/alfa/confirm/kl_token", []).status == 303)
        let typed = try front.post("/alfa/confirm/kl_token", [("password", "p")])
        #expect(typed.status == 503)
        #expect(try front.commands().count == 2)
    }

    @Test func `SF-068 the question against machines: in words, answered once, within ten minutes`()
        throws
    {
        let front = try Front()
        defer { front.stop() }
        let person = try front.person("beta")
        func ask() throws -> (text: String, stamp: String) {
            let (answer, json) = try front.json(
                "GET", "/beta/api/question", nil, bearer: person.token)
            #expect(answer.status == 200)
            return (json["text"]?.string ?? "", json["question"]?.string ?? "")
        }
        /// Reads the question as a person does.
        func solve(_ text: String) -> Int {
            let words = text.dropFirst("Сколько будет ".count).dropLast().split(separator: " ")
            let sign = words.firstIndex { $0 == "плюс" || $0 == "минус" } ?? 0
            let left = Words.number(answered: words[..<sign].joined(separator: " ")) ?? -1
            let right = Words.number(answered: words[(sign + 1)...].joined(separator: " ")) ?? -1
            return words[sign] == "плюс" ? left + right : left - right
        }
        func attach(_ stamp: String, _ answer: String, key: String = Self.key) throws -> Bool {
            let posted = try front.post(
                "/beta/accounts",
                [
                    ("account", "100"), ("company", "beta"), ("house", "1"), ("code", "K7"),
                    ("question", stamp), ("answer", answer), ("key", key),
                ], cookie: person.token)
            return posted.status == 303
        }
        let first = try ask()
        #expect(first.text.hasPrefix("Сколько будет "))
        let answer = solve(first.text)
        #expect(try !attach(first.stamp, "\(answer + 1)"))
        #expect(try !attach(first.stamp, "не знаю"))
        #expect(try attach(first.stamp, "\(answer)"))
        // A double click is the same post; another one needs another question.
        #expect(try attach(first.stamp, "\(answer)"))
        #expect(try !attach(first.stamp, "\(answer)", key: Self.key + "2"))
        #expect(try front.commands().count == 1)
        let members = try front.commands()[0].payload.members?.map(\.key)
        #expect(members?.contains("question") == false && members?.contains("answer") == false)
        let second = try ask()
        let forged = second.stamp.dropLast() + (second.stamp.hasSuffix("A") ? "B" : "A")
        #expect(try !attach(String(forged), "\(solve(second.text))"))
        let now = realMicroseconds()
        let later = try front.send(
            "PUT", "/test/clock", [("Content-Type", "application/json")],
            body: Array("{\"now\":\"\(Self.moment(now + 601_000_000))\"}".utf8))
        #expect(later.status == 200)
        #expect(try !attach(second.stamp, "\(solve(second.text))", key: Self.key + "3"))
    }

    /// A moment as RFC 3339 has it.
    private static func moment(_ microseconds: Int64) -> String {
        let seconds = microseconds / 1_000_000
        let day = Day(days: Int32(seconds / 86_400))
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let rest = seconds % 86_400
        return "\(day)T\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
    }

    @Test
    func `posts of other sites are refused, forms and JSON with a cookie; programs show a token`()
        throws
    {
        let front = try Front()
        defer { front.stop() }
        let person = try front.person()
        let elsewhere = [("Sec-Fetch-Site", "cross-site")]
        let origin = [("Origin", "https://evil.example")]
        let name = JSON.object(["name": .string("дача")])
        for headers in [elsewhere, origin, [("Sec-Fetch-Site", "same-site")]] {
            #expect(
                try front.post(
                    "/alfa/accounts/100/name", [("name", "дача")], cookie: person.token, headers
                ).status == 403)
            #expect(
                try front.post("/alfa/sign-in", [("login", "1"), ("password", "p")], headers).status
                    == 403)
            let cookie = [("Cookie", "kabinet_session=\(person.token)")]
            let answer = try front.json(
                "PATCH", "/alfa/api/accounts/100", name, headers + cookie)
            #expect(answer.answer.status == 403 && answer.json["code"]?.string == "cross_site")
            #expect(
                try front.json(
                    "PATCH", "/alfa/api/accounts/100", name, bearer: person.token, headers
                ).answer.status == 202)
        }
        #expect(try front.commands().count == 3)
    }

    @Test func `what is one's own needs a session, and an account that is one's own`() throws {
        let front = try Front()
        defer { front.stop() }
        let person = try front.person(accounts: ["100"])
        let stranger = try front.person("beta", accounts: ["300"])
        let form = try front.post("/alfa/accounts/100/name", [("name", "дача")])
        // After signing in one comes back to the form's page.
        #expect(
            form.status == 303
                && form.header("Location") == "/alfa/?next=accounts%2F100%2Fsettings&done=over")
        let json = try front.json("DELETE", "/alfa/api/accounts/100", nil)
        #expect(json.answer.status == 401 && json.json["code"]?.string == "unauthorized")
        // A token of another organization is nobody's here; an API token is no session.
        for token in [stranger.token, "ks_unknown", "kt_unknown"] {
            #expect(
                try front.json("DELETE", "/alfa/api/accounts/100", nil, bearer: token).answer.status
                    == 401)
        }
        for path in ["/alfa/api/accounts/300", "/alfa/api/accounts/%D0%B0%D0%B1"] {
            #expect(
                try front.json("DELETE", path, nil, bearer: person.token).answer.status == 404)
        }
        #expect(
            try front.json("DELETE", "/nobody/api/accounts/100", nil, bearer: person.token)
                .answer.status == 404)
        #expect(try front.commands().isEmpty)
        // However its number is written.
        #expect(
            try front.json("DELETE", "/alfa/api/accounts/100", nil, bearer: person.token).answer
                .status == 202)
        #expect(try front.commands().count == 1)
    }

    @Test func `SF-149 who may only look submits no readings`() throws {
        let front = try Front()
        defer { front.stop() }
        let person = try front.person(accounts: ["100"], rights: "view")
        let fields = [("meter", "1"), ("value_T1", "5")]
        #expect(
            try front.post("/alfa/accounts/100/readings", fields, cookie: person.token).status
                == 403)
        let body = JSON.object([
            "meter": .string("1"), "values": .object(["T1": .string("5")]),
        ])
        func submit(_ account: String, _ token: String) throws -> Int {
            let sent = try front.json(
                "POST", "/alfa/api/accounts/\(account)/readings", body, bearer: token)
            return sent.answer.status
        }
        #expect(try submit("100", person.token) == 403)
        #expect(try submit("200", person.token) == 404)
        let other = try front.person(accounts: ["200"], rights: "view,readings")
        #expect(
            try front.post("/alfa/accounts/200/readings", fields, cookie: other.token).status
                == 303)
        #expect(try submit("200", other.token) == 202)
        let commands = try front.commands()
        #expect(commands.count == 2 && commands[0].payload == commands[1].payload)
        #expect(commands.allSatisfy { $0.actor == "person:\(other.principal)" })
        #expect(commands.allSatisfy { $0.channel == "resident" })
    }

    @Test
    func
        `SF-148 a reading says in which session it was entered where that matters, never by token`()
        throws
    {
        let front = try Front()
        defer { front.stop() }
        let body = JSON.object([
            "meter": .string("1"), "values": .object(["T1": .string("5")]),
        ])
        func enter(_ organization: String) throws -> (session: String, token: String) {
            let person = try front.person(organization)
            let path = "/\(organization)/accounts/100/readings"
            #expect(
                try front.post(path, [("meter", "1"), ("value_T1", "5")], cookie: person.token)
                    .status == 303)
            let api = "/\(organization)/api/accounts/100/readings"
            #expect(
                try front.json("POST", api, body, bearer: person.token).answer.status == 202)
            // What the door says is not for who asks to say.
            #expect(
                try front.json(
                    "POST", api,
                    .object((body.members ?? []) + [.init("session", .string("x"))]),
                    bearer: person.token
                ).answer.status == 400)
            let id = try front.database.connection().script(
                "select id::text from access.session where principal = \(person.principal)")
            return (id[0].text(0), person.token)
        }
        let alfa = try enter("alfa")
        let beta = try enter("beta")
        let commands = try front.commands()
        #expect(
            commands.map { $0.payload["session"]?.string } == [
                alfa.session, alfa.session, nil, nil,
            ])
        for command in commands {
            let payload = String(decoding: command.payload.bytes, as: UTF8.self)
            for token in [alfa.token, beta.token] {
                #expect(!payload.contains(token))
                #expect(!payload.contains(Secrets.tokenHashText(token)))
            }
        }
    }

    @Test func `a command is shown to who asked for it, and one of nobody's to who knows its id`()
        throws
    {
        let front = try Front()
        defer { front.stop() }
        let (one, other) = (try front.person(), try front.person())
        let renamed = try front.json(
            "PATCH", "/alfa/api/accounts/100", .object(["name": .string("дача")]),
            bearer: one.token)
        let reset = try front.json(
            "POST", "/alfa/api/password-resets", .object(["login": .string("1")]))
        let mine = "/alfa/api/commands/\(renamed.json["command"]?.string ?? "")"
        let nobodys = "/alfa/api/commands/\(reset.json["command"]?.string ?? "")"
        func status(_ path: String, _ bearer: String?) throws -> Int {
            try front.json("GET", path, nil, bearer: bearer).answer.status
        }
        #expect(try status(mine, one.token) == 200)
        #expect(try status(mine, other.token) == 404)
        #expect(try status(mine, nil) == 401)
        #expect(try status(nobodys, nil) == 200)
        #expect(try status(nobodys, other.token) == 200)
        #expect(try status(nobodys.replacing("alfa", with: "beta"), nil) == 401)
        #expect(try status(mine, "kt_unknown") == 401)
        let cookie = try front.send(
            "GET", mine, [("Cookie", "kabinet_session=\(one.token)")])
        #expect(cookie.status == 200)
    }

    @Test func `a token that was asked for before its session was there is not dead for long`()
        throws
    {
        let front = try Front()
        defer { front.stop() }
        let token = Secrets.token(prefix: "ks_")
        func page() throws -> String {
            try front.send("GET", "/alfa/page", [("Cookie", "kabinet_session=\(token)")]).text
        }
        #expect(try page() == "nobody")
        let began = monotonicMicroseconds()
        let person = try front.person(token: token)
        try eventually("the session is found") { try page() == "\(person.principal)" }
        #expect(monotonicMicroseconds() - began < 2_000_000)
    }

    @Test func `a session in use is touched, at most once in ten minutes`() throws {
        let front = try Front()
        defer { front.stop() }
        func page(_ token: String) throws {
            _ = try front.send("GET", "/alfa/page", [("Cookie", "kabinet_session=\(token)")])
        }
        let fresh = try front.person()
        for _ in 0..<3 { try page(fresh.token) }
        #expect(try front.commands().isEmpty)
        let old = try front.person(seen: "clock_timestamp() - interval '11 minutes'")
        for _ in 0..<5 { try page(old.token) }
        try eventually("it is appended") { try front.commands().count == 1 }
        let command = try front.commands()[0]
        #expect(command.kind == "session.touch" && command.actor == "person:\(old.principal)")
        #expect(
            command.payload == .object(["session": .string(Secrets.tokenHashText(old.token))]))
        _ = try front.send(
            "PUT", "/test/clock", [("Content-Type", "application/json")],
            body: Array(
                "{\"now\":\"\(Self.moment(realMicroseconds() + 700_000_000))\"}".utf8))
        for _ in 0..<5 { try page(old.token) }
        try eventually("it is appended") { try front.commands().count == 2 }
    }

    @Test func `RFC 8058: a mail program withdraws a consent with one click, from anywhere`() throws
    {
        let front = try Front(wait: 20_000) { command in
            String(decoding: command.payload, as: UTF8.self).contains(
                Secrets.tokenHashText("kl_old")) ? Self.refused(.linkEnded) : .done
        }
        defer { front.stop() }
        let elsewhere = [("Origin", "https://mail.example"), ("Sec-Fetch-Site", "cross-site")]
        let click = try front.post(
            "/unsubscribe/kl_new", [("List-Unsubscribe", "One-Click")], elsewhere)
        #expect(click.status == 200 && click.header("Set-Cookie") == nil)
        let command = try #require(try front.commands().first)
        #expect(command.kind == "services.unsubscribe" && command.actor == "visitor")
        #expect(command.payload["link"] == .string(Secrets.tokenHashText("kl_new")))
        let button = try front.post("/unsubscribe/kl_new", [("key", Self.key)])
        #expect(button.header("Location") == "/unsubscribe/kl_new?done=saved")
        #expect(
            try front.post("/unsubscribe/kl_old", [("List-Unsubscribe", "One-Click")]).status == 410
        )
        // As to who only looks.
        #expect(try front.post("/unsubscribe/kl_old", [("key", Self.key)]).status == 410)
    }
}
