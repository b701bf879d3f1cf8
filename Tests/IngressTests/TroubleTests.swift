import Commands
import HTTP
import Postgres
import TestKit
import Testing

@testable import Ingress

/// What becomes of a form that cannot be taken: it is kept for its owner, or held to be sent again; never a secret of it.
@Suite(.serialized) struct TroubleTests {
    private static let all = "/alfa/accounts/100/readings/all"
    private static let here = [("Sec-Fetch-Site", "same-origin")]
    private static let browser = here + [("Accept", "text/html")]
    private static let readings = [
        ("key", "a-key-of-a-page"), ("meter_1", "W-1"), ("service_1", "cold_water"),
        ("value_1_T1", "12,5"),
    ]

    /// The cookie that keeps what was typed; nil: nothing is kept.
    private func kept(_ answer: Client.Answer) -> String? {
        guard let cookie = answer.header("Set-Cookie"), cookie.hasPrefix("kabinet_kept=") else {
            return nil
        }
        return String(cookie.prefix { $0 != ";" })
    }

    private func look(
        _ front: Front, _ page: String, _ cookie: String, session: String? = nil
    ) throws -> String {
        let all = [cookie] + (session.map { ["kabinet_session=\($0)"] } ?? [])
        return try front.send("GET", page, [("Cookie", all.joined(separator: "; "))]).text
    }

    // MARK: Signed out while typing

    @Test func `who was signed out while typing finds it on the page of the form, and only there`()
        throws
    {
        let front = try Front()
        defer { front.stop() }
        let answer = try front.post(Self.all, Self.readings, Self.here)
        #expect(answer.header("Location") == "/alfa/?next=accounts%2F100%2Fsubmit")
        let header = try #require(answer.header("Set-Cookie"))
        #expect(header.hasSuffix("; Path=/alfa/; HttpOnly; SameSite=Lax; Max-Age=600"))
        let cookie = try #require(kept(answer))
        let person = try front.person()
        let page = "/alfa/accounts/100/submit"
        #expect(
            try look(front, page, cookie, session: person.token)
                == "key=a-key-of-a-page&meter_1=W-1&service_1=cold_water&value_1_T1=12,5")
        // Another account's page, another form's, another organization's: none of them has it.
        #expect(try look(front, "/alfa/accounts/200/submit", cookie) == "elsewhere")
        #expect(try look(front, "/alfa/accounts/100/meters", cookie) == "elsewhere")
        #expect(try look(front, "/beta/accounts/100/submit", cookie) == "nothing")
        // What was changed on the way is none of ours.
        let forged = cookie.replacing("12%2C5", with: "99%2C5")
        #expect(forged != cookie)
        #expect(try look(front, page, forged) == "nothing")
        #expect(try front.commands().isEmpty)
        try front.ingress.clock.set(front.ingress.clock.now() + 599_000_000)
        #expect(try look(front, page, cookie) != "nothing")
        try front.ingress.clock.set(front.ingress.clock.now() + 2_000_000)
        #expect(try look(front, page, cookie) == "nothing")
    }

    @Test func `one meter's form and those of an account are kept, with umlauts and all`() throws {
        let front = try Front()
        defer { front.stop() }
        let one = try front.post(
            "/alfa/accounts/100/readings", [("meter", "Ü-1"), ("value_T1", "7")], Self.here)
        #expect(one.header("Location") == "/alfa/?next=accounts%2F100%2Fmeters")
        #expect(
            try look(front, "/alfa/accounts/100/meters", #require(kept(one)))
                == "meter=Ü-1&value_T1=7")
        let name = try front.post(
            "/alfa/accounts/100/name", [("form", "name"), ("name", "Дача; «у моря»")], Self.here)
        #expect(
            try look(front, "/alfa/accounts/100/settings", #require(kept(name)))
                == "form=name&name=Дача; «у моря»")
    }

    @Test func `nothing is kept of secrets, of what is nobody's, of too much, or from elsewhere`()
        throws
    {
        let front = try Front()
        defer { front.stop() }
        func cookie(
            _ path: String, _ fields: [(String, String)],
            _ headers: [(String, String)] = Self.here
        ) throws -> String? {
            let answer = try front.post(path, fields, headers)
            #expect(answer.status == 303, "\(path)")
            // And that it is lost is said on the page to sign in.
            #expect(answer.header("Location")?.hasSuffix("&done=over") == true, "\(path)")
            return kept(answer)
        }
        let password = [("old", "прежний пароль"), ("password", "n"), ("password_again", "n")]
        #expect(try cookie("/alfa/profile/password", password) == nil)
        #expect(
            try cookie("/alfa/profile/email", [("email", "a@b.example"), ("password", "p")]) == nil)
        // The page would say it anew.
        #expect(
            try cookie(
                Self.all, [("key", "a-key-of-a-page"), ("meter_1", "W-1"), ("value_1_T1", " ")])
                == nil)
        #expect(
            try cookie(
                "/alfa/accounts/100/name", [("name", String(repeating: "я", count: 600))]) == nil)
        #expect(try cookie(Self.all, Self.readings, []) == nil)
    }

    // MARK: Not taken

    @Test func `a form that is not taken is held as it was posted`() throws {
        let front = try Front()
        defer { front.stop() }
        let person = try front.person()
        let many = (1...40).flatMap { number in
            [
                ("meter_\(number)", "W-\(number)"), ("service_\(number)", "cold_water"),
                ("value_\(number)_T1", "1"),
            ]
        }
        #expect(try front.post(Self.all, many, cookie: person.token).status == 303)
        func held(
            _ path: String, _ headers: [(String, String)] = Self.browser
        ) throws -> HeldForm? {
            let answer = try front.post(path, many, cookie: person.token, headers)
            #expect(answer.status == 429)
            let trouble = try #require(front.pagesOfTrouble().first)
            #expect(trouble.code == "too_many" && trouble.retryAfter ?? 0 > 0)
            #expect(trouble.profile?.code == "alfa")
            guard case .form(let held) = trouble.retry else { return nil }
            return held
        }
        let form = try #require(try held(Self.all))
        #expect(form.action == Self.all && form.isWhole && !form.isDoubtful)
        #expect(form.fields == many.map { HeldForm.Field($0.0, .typed($0.1)) })
        // Its address still says so, however the next try ends.
        let second = try #require(try held("\(Self.all)?unsure=1"))
        #expect(second.isDoubtful && second.action == Self.all)
        // Whoever does not say where it came from is told, and given nothing that sends itself.
        #expect(try held(Self.all, [("Accept", "text/html")]) == nil)
    }

    @Test func `secrets are asked for anew, each in its place`() throws {
        // No key is published: whatever has to be sealed is turned away.
        let front = try Front(publishes: false)
        defer { front.stop() }
        let person = try front.person()
        func held(_ path: String, _ fields: [(String, String)]) throws -> HeldForm? {
            let answer = try front.post(path, fields, cookie: person.token, Self.browser)
            #expect(answer.status == 503, "\(path)")
            guard case .form(let held) = front.pagesOfTrouble().first?.retry else { return nil }
            return held
        }
        let email = try #require(
            try held(
                "/alfa/profile/email",
                [
                    ("key", "k-k-k-k-k"), ("form", "email"), ("email", "a@b.example"),
                    ("password", "тайна"), ("unknown", "x"),
                ]))
        #expect(
            email.fields == [
                .init("key", .typed("k-k-k-k-k")), .init("form", .typed("email")),
                .init("email", .typed("a@b.example")), .init("password", .secret(.password)),
            ])
        #expect(!email.isWhole && email["password"] == nil)
        let password = try #require(
            try held(
                "/alfa/profile/password",
                [
                    ("old", "прежний пароль"), ("password", "новый пароль"),
                    ("password_again", "новый пароль"),
                ]))
        #expect(
            password.fields.map(\.content) == [
                .secret(.password), .secret(.newPassword), .secret(.newPassword),
            ])
        // Nobody can type an authenticator's secret.
        #expect(
            try held(
                "/alfa/profile/second-factor",
                [
                    ("secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"), ("code", "123456"),
                    ("password", "p"),
                ]
            ) == nil)
    }

    @Test func `what is written is never called unsaved, though nobody can look what came of it`()
        throws
    {
        let front = try Front()
        defer { front.stop() }
        let person = try front.person()
        let first = try front.post(Self.all, Self.readings, cookie: person.token)
        let address = try #require(first.header("Location"))
        #expect(address.hasPrefix("/alfa/accounts/100/submit?pending="))
        let blocker = try front.database.connection()
        try blocker.script("begin; lock table queue.exception in access exclusive mode")
        // The same key and body again, and the question is given up after a while.
        let again = try front.post(Self.all, Self.readings, cookie: person.token)
        try blocker.script("rollback")
        #expect(again.status == 303 && again.header("Location") == address)
        #expect(try front.commands().count == 1)
    }

    @Test func `a page that cannot be had is asked for again`() throws {
        let front = try Front()
        defer { front.stop() }
        let person = try front.person()
        var trouble: Trouble?
        for _ in 0..<200 where trouble == nil {
            _ = try front.send(
                "GET", "/alfa/page",
                [("Cookie", "kabinet_session=\(person.token)"), ("Accept", "text/html")])
            trouble = front.pagesOfTrouble().first
        }
        #expect(trouble?.status == 429 && trouble?.retry == .page)
        // What will not be otherwise the next time is not.
        _ = try front.send("GET", "/nobody/page", [("Accept", "text/html")])
        let missing = try #require(front.pagesOfTrouble().first)
        #expect(missing.status == 404 && missing.retry == nil && missing.profile == nil)
    }
}
