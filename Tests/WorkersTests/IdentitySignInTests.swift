import Commands
import Crypto
import Postgres
import Queue
import TestKit
import Testing
import Workers

extension `Access` {
    // MARK: Sign-in

    @Test
    func `five wrong passwords rest the login, each rest twice as long; the letter opens it again`()
        throws
    {
        let office = try office()
        _ = try office.person()
        for _ in 0..<5 { #expect(try office.signIn("120", "неверный") == "ID_SIGN_IN") }
        #expect(try office.signIn("120", "тайна-2026") == "ID_RESTS")
        // Somebody who is not there rests alike.
        for _ in 0..<5 { #expect(try office.signIn("777", "неверный") == "ID_SIGN_IN") }
        #expect(try office.signIn("777", "неверный") == "ID_RESTS")
        #expect(try office.tried(.askPasswordReset, #"{"login":"120"}"#) == "done")
        let link = Office.hash(try office.secret("password.reset"))
        #expect(
            try office.tried(
                .resetPassword,
                #"{"link":"\#(link)","password":"\#(office.sealed("совсем-новый"))"}"#) == "done")
        #expect(try office.signIn("120", "совсем-новый") == "done")
        #expect(
            try office.tried(
                .resetPassword, #"{"link":"\#(link)","password":"\#(office.sealed("ещё-новее"))"}"#)
                == "ID_LINK")
    }

    @Test func `who guesses elsewhere keeps nobody out where the owner was signed in`() throws {
        let office = try office()
        _ = try office.person()
        func signIn(_ password: String, from network: String) throws -> String {
            try office.tried(
                .openSession,
                #"{"login":"120","password":"\#(office.sealed(password))","session":"\#(Office.token().hash)","address":"\#(network)"}"#
            )
        }
        #expect(try signIn("тайна-2026", from: "10.0.0") == "done")
        for _ in 0..<5 { #expect(try signIn("неверный", from: "10.9.9") == "ID_SIGN_IN") }
        #expect(try signIn("тайна-2026", from: "10.9.9") == "ID_RESTS")
        #expect(try signIn("тайна-2026", from: "10.0.0") == "done")
        // There it rests by itself, and a new password by letter opens it.
        for _ in 0..<5 { #expect(try signIn("неверный", from: "10.0.0") == "ID_SIGN_IN") }
        #expect(try signIn("тайна-2026", from: "10.0.0") == "ID_RESTS")
        #expect(try office.tried(.askPasswordReset, #"{"login":"120"}"#) == "done")
        let link = Office.hash(try office.secret("password.reset"))
        #expect(
            try office.tried(
                .resetPassword,
                #"{"link":"\#(link)","password":"\#(office.sealed("совсем-новый"))"}"#) == "done")
        #expect(try signIn("совсем-новый", from: "10.0.0") == "done")
    }

    @Test func `who guesses elsewhere keeps the owner from nothing that is done within`() throws {
        let office = try office()
        let person = try office.person()
        func change(_ password: String) throws -> String {
            try office.tried(
                .changePhone,
                #"{"phone":"+79500000012","password":"\#(office.sealed(password))"}"#, actor: person
            )
        }
        for _ in 0..<6 { _ = try office.signIn("120", "неверный") }
        #expect(try office.signIn("120", "тайна-2026") == "ID_RESTS")
        #expect(try change("тайна-2026") == "done")
        // What is done within opens the door to no stranger, and guesses there rest by themselves.
        #expect(try office.signIn("120", "тайна-2026") == "ID_RESTS")
        for _ in 0..<5 { #expect(try change("неверный") == "ID_PASSWORD") }
        #expect(try change("тайна-2026") == "ID_RESTS")
    }

    @Test
    func `a new password opens what guesses at the old one made rest, wherever they came from`()
        throws
    {
        let office = try office()
        let person = try office.person()
        func signIn(_ password: String, from network: String) throws -> String {
            try office.tried(
                .openSession,
                #"{"login":"120","password":"\#(office.sealed(password))","session":"\#(Office.token().hash)","address":"\#(network)"}"#
            )
        }
        func change(_ old: String, to new: String) throws -> String {
            try office.tried(
                .changePassword,
                #"{"old":"\#(office.sealed(old))","new":"\#(office.sealed(new))","session":"\#(Office.token().hash)"}"#,
                actor: person)
        }
        func whats() throws -> [String] {
            try office.texts(
                """
                select split_part(what, ' ', 1) from identity.failure
                where organization = $o and what ~ '^(inside|login|second) ' order by what
                """)
        }
        #expect(try signIn("тайна-2026", from: "10.0.0") == "done")
        for network in ["10.0.0", "10.9.9"] {
            for _ in 0..<5 { #expect(try signIn("неверный", from: network) == "ID_SIGN_IN") }
            #expect(try signIn("тайна-2026", from: network) == "ID_RESTS")
        }
        // Guesses at the second factor are another matter: whoever has the password alone does not begin their count anew.
        try office.owner.script(
            """
            insert into identity.failure (organization, what, count, since)
            values ('\(office.code)', 'second \(person.split(separator: ":")[1])', 4, clock.now())
            """)
        // Whoever is signed in and does not know the password opens nothing.
        #expect(try change("неверный", to: "новый-пароль") == "ID_PASSWORD")
        #expect(try whats() == ["inside", "login", "login", "second"])
        #expect(try signIn("тайна-2026", from: "10.9.9") == "ID_RESTS")
        #expect(try change("тайна-2026", to: "новый-пароль") == "done")
        #expect(try whats() == ["second"])
        #expect(try signIn("новый-пароль", from: "10.9.9") == "done")
        #expect(try signIn("новый-пароль", from: "10.0.0") == "done")
    }

    @Test func `wrong surnames rest the registration, not the sign-in`() throws {
        let office = try office()
        _ = try office.person()
        for _ in 0..<5 {
            #expect(
                try office.tried(.checkHolder, #"{"account":"120","surname":"Петров"}"#)
                    == "ID_CHECK")
        }
        #expect(
            try office.tried(.checkHolder, #"{"account":"120","surname":"Иванов"}"#) == "ID_RESTS")
        #expect(try office.signIn("120", "тайна-2026") == "done")
    }

    @Test func `a reset is asked for alike by anybody, and written to the owner alone`() throws {
        let office = try office()
        _ = try office.person()
        #expect(try office.tried(.askPasswordReset, #"{"login":"404"}"#) == "done")
        #expect(try office.notices().filter { $0.notice == "password.reset" }.isEmpty)
    }

    @Test func `a changed password ends the other sessions, and no letter has it`() throws {
        let office = try office()
        let person = try office.person()
        let (one, other) = (Office.token(), Office.token())
        _ = try office.signIn("120", "тайна-2026", hash: one.hash)
        _ = try office.signIn("120", "тайна-2026", hash: other.hash)
        func change(_ old: String, to new: String = "новый-пароль") throws -> String {
            try office.tried(
                .changePassword,
                #"{"old":"\#(office.sealed(old))","new":"\#(office.sealed(new))","session":"\#(one.hash)"}"#,
                actor: person)
        }
        #expect(try change("не тот") == "ID_PASSWORD")
        // The same one changes nothing, and is not said to.
        #expect(try change("тайна-2026", to: "тайна-2026") == "ID_SAME_PASSWORD")
        #expect(try office.notices().allSatisfy { $0.notice != "password.changed" })
        #expect(try office.opens(other.token))
        #expect(try change("тайна-2026") == "done")
        #expect(try office.opens(one.token))
        #expect(try !office.opens(other.token))
        let letter = try office.text(
            "select payload::text from queue.command where organization = $o and payload->>'notice' = 'password.changed'"
        )
        #expect(!letter.contains("новый-пароль"))
    }

    @Test func `a new password takes back a change of address that somebody asked for before`()
        throws
    {
        let office = try office()
        let person = try office.person()
        #expect(
            try office.tried(
                .changeEmail,
                #"{"email":"thief@example.ru","password":"\#(office.sealed("тайна-2026"))"}"#,
                actor: person) == "done")
        #expect(try office.tried(.askPasswordReset, #"{"login":"120"}"#) == "done")
        let link = Office.hash(try office.secret("password.reset"))
        #expect(
            try office.tried(
                .resetPassword,
                #"{"link":"\#(link)","password":"\#(office.sealed("совсем-новый"))"}"#
            ) == "done")
        #expect(try office.openLink("email.confirm", to: "thief@example.ru") == "ID_LINK")
        // And a change of address takes back what was sent to the old one.
        #expect(
            try office.tried(
                .changeEmail,
                #"{"email":"new@example.ru","password":"\#(office.sealed("совсем-новый"))"}"#,
                actor: person) == "done")
        #expect(try office.tried(.askPasswordReset, #"{"login":"120"}"#) == "done")
        let old = Office.hash(try office.secret("password.reset"))
        #expect(try office.openLink("email.confirm", to: "new@example.ru") == "done")
        #expect(
            try office.tried(
                .resetPassword,
                #"{"link":"\#(old)","password":"\#(office.sealed("чужой-пароль"))"}"#
            ) == "ID_LINK")
    }

    @Test func `sessions idle out, are remembered where asked, listed and ended`() throws {
        let office = try office()
        let person = try office.person()
        let (short, long) = (Office.token(), Office.token())
        _ = try office.signIn("120", "тайна-2026", hash: short.hash)
        _ = try office.signIn("120", "тайна-2026", hash: long.hash, remember: true)
        let minutes = try office.texts(
            "select round(extract(epoch from expires_at - created_at) / 60)::text from access.session where organization = $o and not half order by created_at"
        )
        #expect(minutes == ["30", "43200"])
        #expect(
            try office.tried(
                .touchSession, #"{"session":"\#(short.hash)"}"#, actor: person,
                at: "2026-04-18 12:20:00+08") == "done")
        #expect(
            try office.texts(
                "select round(extract(epoch from expires_at - created_at) / 60)::text from access.session where hash = decode('\(short.hash)', 'hex')"
            ) != ["30"])
        #expect(try office.tried(.endSession, #"{"session":"\#(short.hash)"}"#) == "done")
        #expect(try !office.opens(short.token))
        let id = try office.text(
            "select id::text from access.session where hash = decode('\(long.hash)', 'hex')")
        #expect(
            try office.tried(.endSession, #"{"id":"\#(id)"}"#, actor: "person:999999")
                == "NOT_FOUND")
        #expect(try office.tried(.endSession, #"{"id":"\#(id)"}"#, actor: person) == "done")
        #expect(try !office.opens(long.token))
    }

    @Test
    func
        `the second factor: half a session opens nothing, a code counts once, recovery codes help`()
        throws
    {
        let office = try office()
        let person = try office.person()
        let secret = TOTP.secret()
        func code(_ moment: Int64) -> String {
            TOTP.code(secret: secret, step: moment / 1_000_000 / 30)
        }
        #expect(
            try office.tried(
                .enableSecondFactor,
                #"{"secret":"\#(office.sealed(TOTP.base32(secret)))","code":"\#(office.sealed(code(office.now)))","password":"\#(office.sealed("тайна-2026"))","recovery":"\#(office.sealed("AAAA-1111 BBBB-2222"))"}"#,
                actor: person) == "done")
        #expect(try office.notices().last { $0.notice == "factor.on" }?.to == "ivanov@example.ru")
        // The password alone puts no other in its place.
        let other = TOTP.secret()
        let otherCode = TOTP.code(secret: other, step: office.now / 1_000_000 / 30)
        #expect(
            try office.tried(
                .enableSecondFactor,
                #"{"secret":"\#(office.sealed(TOTP.base32(other)))","code":"\#(office.sealed(otherCode))","password":"\#(office.sealed("тайна-2026"))","recovery":"\#(office.sealed("CCCC-1111 DDDD-2222"))"}"#,
                actor: person) == "ID_SECOND_ON")
        let session = Office.token()
        let id = try office.ask(
            .openSession,
            #"{"login":"120","password":"\#(office.sealed("тайна-2026"))","remember":false,"session":"\#(session.hash)"}"#,
            channel: .resident, actor: "visitor", at: "2026-04-18 13:00:00+08")
        try office.decide()
        #expect(try office.result(id)["second"]?.bool == true)
        #expect(try !office.opens(session.token))
        func second(_ code: String, _ hash: String) throws -> String {
            try office.tried(
                .completeSession, #"{"session":"\#(hash)","code":"\#(office.sealed(code))"}"#)
        }
        let now = code(office.now)
        #expect(try second(now == "000000" ? "111111" : "000000", session.hash) == "ID_SECOND")
        #expect(try second(now, session.hash) == "done")
        #expect(try office.opens(session.token))
        // The same code does not open another session, a recovery code does, once.
        let next = Office.token()
        _ = try office.signIn("120", "тайна-2026", hash: next.hash)
        #expect(try second(now, next.hash) == "ID_SECOND")
        #expect(try office.notices().allSatisfy { $0.notice != "factor.recovery" })
        #expect(try second("aaaa 1111", next.hash) == "done")
        // And its owner is told so, with how many are left.
        #expect(
            try office.text(
                "select concat_ws(' ', payload->>'to', payload->'values'->>'left') from queue.command where organization = $o and payload->>'notice' = 'factor.recovery'"
            ) == "ivanov@example.ru 1")
        let third = Office.token()
        _ = try office.signIn("120", "тайна-2026", hash: third.hash)
        #expect(try second("AAAA1111", third.hash) == "ID_SECOND")
        #expect(
            try office.tried(
                .disableSecondFactor,
                #"{"code":"\#(office.sealed("BBBB2222"))","password":"\#(office.sealed("тайна-2026"))"}"#,
                actor: person) == "done")
        #expect(try office.notices().last { $0.notice == "factor.off" }?.to == "ivanov@example.ru")
        // Now nothing is on: that is told to who has the password, and nobody else.
        func off(_ password: String) throws -> String {
            try office.tried(
                .disableSecondFactor,
                #"{"code":"\#(office.sealed("BBBB2222"))","password":"\#(office.sealed(password))"}"#,
                actor: person)
        }
        #expect(try off("неверный") == "ID_PASSWORD")
        #expect(try off("тайна-2026") == "ID_SECOND_OFF")
    }

    @Test func `an address changes when the new one answers, and the old one is told`() throws {
        let office = try office()
        let person = try office.person()
        #expect(
            try office.tried(
                .changeEmail,
                #"{"email":"new@example.ru","password":"\#(office.sealed("тайна-2026"))"}"#,
                actor: person) == "done")
        #expect(
            try office.text("select email from access.principal where organization = $o")
                == "ivanov@example.ru")
        #expect(try office.openLink("email.confirm", to: "new@example.ru") == "done")
        #expect(
            try office.text("select email from access.principal where organization = $o")
                == "new@example.ru")
        #expect(
            try office.notices().last { $0.notice == "email.changed" }?.to == "ivanov@example.ru")
    }
}
