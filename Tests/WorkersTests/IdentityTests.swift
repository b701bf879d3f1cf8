import Commands
import Crypto
import Postgres
import Queue
import TestKit
import Testing
import Workers

@Suite(.serialized) struct `Access` {
    private static let database = Result { try TestDatabase("identity") }

    private func office(_ identity: String = "") throws -> Office {
        let office = try Office(Self.database.get(), identity: try Office.identity(identity))
        try office.publish()
        try office.account(
            "120", #""surname":"Иванов","name":"Иван","patronymic":"Иванович","apartment":"12А""#)
        try office.account("А0121", #""surname":"Ковалёв""#)
        try office.decide()
        return office
    }

    // MARK: Registration by account (SF-020…SF-037)

    @Test func `SF-020…022: the pair is checked before the form is shown`() throws {
        let office = try office()
        #expect(try office.tried(.checkHolder, #"{"account":"120","surname":"иванов"}"#) == "done")
        #expect(
            try office.tried(.checkHolder, #"{"account":"120","surname":"Петров"}"#) == "ID_CHECK")
        #expect(
            try office.tried(.checkHolder, #"{"account":"999","surname":"Иванов"}"#) == "ID_CHECK")
        // SF-021: digits alone, leading zeros or none; ё is е.
        #expect(
            try office.tried(.checkHolder, #"{"account":"0121","surname":"КОВАЛЕВ"}"#) == "done")
    }

    @Test func `SF-030, SF-031, SF-036: by letter, and then by number and password`() throws {
        let office = try office()
        let id = try office.register()
        try office.decide()
        #expect(try office.result(id)["way"]?.string == "email")
        // Nothing is half made: nobody is there before the letter is answered.
        #expect(
            try office.texts("select login from access.principal where organization = $o") == [])
        #expect(try office.signIn("120", "тайна-2026") == "ID_SIGN_IN")
        #expect(try office.openLink("registration.confirm") == "done")
        #expect(
            try office.text("select name from access.principal where organization = $o")
                == "Иван Иванович")
        let session = Office.token()
        #expect(try office.signIn("120", "тайна-2026", hash: session.hash) == "done")
        #expect(try office.opens(session.token))
        #expect(try office.signIn("120", "Тайна-2026") == "ID_SIGN_IN")
        // A link counts once.
        #expect(try office.openLink("registration.confirm") == "ID_LINK")
        #expect(
            try office.texts(
                "select purpose || ' ' || version from identity.consent where organization = $o")
                == ["terms 1"])
    }

    @Test func `the consent is to the text that was shown, whatever the profile says by now`()
        throws
    {
        let office = try office()
        try office.register()
        try office.decide()
        try office.owner.script(
            """
            update access.profile set profile = jsonb_set(profile, '{identity,terms}', '{"version":"2","text":"Другие"}')
            where organization = '\(office.code)'
            """)
        #expect(try office.openLink("registration.confirm") == "done")
        #expect(
            try office.texts(
                "select version || ' ' || (text_hash = sha256(convert_to('Условия', 'UTF8'))) from identity.consent where organization = $o"
            ) == ["1 true"])
    }

    @Test func `SF-032: a link that came too late leaves nothing, and one registers again`() throws
    {
        let office = try office()
        try office.register()
        try office.decide()
        let link = Office.hash(try office.secret("registration.confirm"))
        let body = #"{"link":"\#(link)","session":"\#(Office.token().hash)"}"#
        #expect(try office.tried(.openLink, body, at: "2026-04-19 12:00:02+08") == "ID_LINK")
        #expect(
            try office.texts("select login from access.principal where organization = $o") == [])
        try office.register(password: "другой-пароль")
        try office.decide()
        #expect(try office.openLink("registration.confirm") == "done")
        #expect(try office.signIn("120", "другой-пароль") == "done")
    }

    @Test func `SF-033…035, SF-028: by message, without an address, and signed in at once`() throws
    {
        let office = try office()
        let id = try office.register(email: nil, way: "sms")
        try office.decide()
        #expect(
            try office.tried(
                .sendRegistrationCode, #"{"registration":"\#(id)","phone":"8 950 000-00-12"}"#)
                == "done")
        let code = try office.secret("registration.code", to: "+79500000012")
        #expect(code.utf8.count == 6)
        let session = Office.token()
        func confirm(_ code: String) throws -> String {
            try office.tried(
                .confirmRegistration,
                #"{"registration":"\#(id)","code":"\#(office.sealed(code))","session":"\#(session.hash)"}"#
            )
        }
        #expect(try confirm(code == "111111" ? "222222" : "111111") == "ID_CODE")
        #expect(try !office.opens(session.token))
        #expect(try confirm("\(code.prefix(3)) \(code.suffix(3))") == "done")
        #expect(try office.opens(session.token))
        #expect(try confirm(code) == "ID_LINK")
        #expect(
            try office.texts(
                "select phone from access.principal where organization = $o and phone_confirmed_at is not null"
            ) == ["+79500000012"])
        // SF-133: the organization's base learns of it.
        #expect(
            try office.texts(
                "select kind || ' ' || value from identity.contact where organization = $o") == [
                    "phone +79500000012"
                ])
    }

    @Test func `an address given beside a telephone is asked to confirm, and gets no link before`()
        throws
    {
        let office = try office()
        let id = try office.register(phone: "+79500000012", way: "sms")
        try office.decide()
        let code = try office.secret("registration.code")
        #expect(
            try office.tried(
                .confirmRegistration,
                #"{"registration":"\#(id)","code":"\#(office.sealed(code))","session":"\#(Office.token().hash)"}"#
            ) == "done")
        func resets() throws -> [String] {
            #expect(try office.tried(.askPasswordReset, #"{"login":"120"}"#) == "done")
            return try office.notices().filter { $0.notice == "password.reset" }.map(\.to)
        }
        #expect(try resets() == [])
        #expect(
            try office.notices().filter { $0.notice == "email.confirm" }.map(\.to)
                == ["ivanov@example.ru"])
        #expect(try office.openLink("email.confirm") == "done")
        #expect(
            try office.texts(
                "select email from access.principal where organization = $o and email_confirmed_at is not null"
            ) == ["ivanov@example.ru"])
        #expect(try resets() == ["ivanov@example.ru"])
    }

    @Test func `a code counts five minutes and five attempts, and a new one kills the old`() throws
    {
        let office = try office()
        let id = try office.register(email: nil, phone: "+79500000012", way: "sms")
        try office.decide()
        let first = try office.secret("registration.code")
        func confirm(_ code: String, at: String? = nil) throws -> String {
            try office.tried(
                .confirmRegistration,
                #"{"registration":"\#(id)","code":"\#(office.sealed(code))","session":"\#(Office.token().hash)"}"#,
                at: at)
        }
        func again(_ at: String? = nil) throws -> String {
            try office.tried(
                .sendRegistrationCode, #"{"registration":"\#(id)","phone":"+79500000012"}"#, at: at)
        }
        let wrong = first == "000000" ? "111111" : "000000"
        #expect(try again() == "ID_CODE_SOON")
        for _ in 0..<4 { #expect(try confirm(wrong) == "ID_CODE") }
        #expect(try confirm(wrong) == "ID_CODE_ENDED")
        // Not even the right one any more.
        #expect(try confirm(first) == "ID_CODE_ENDED")
        #expect(try again("2026-04-18 12:10:00+08") == "done")
        let second = try office.secret("registration.code")
        #expect(try again("2026-04-18 12:11:30+08") == "done")
        let third = try office.secret("registration.code")
        if second != third {
            #expect(try confirm(second, at: "2026-04-18 12:12:00+08") == "ID_CODE")
        }
        #expect(try confirm(third, at: "2026-04-18 12:16:31+08") == "ID_CODE_ENDED")
        #expect(try again("2026-04-18 12:20:00+08") == "done")
        #expect(try again("2026-04-18 12:22:00+08") == "done")
        // Five to one number a day.
        #expect(try again("2026-04-18 12:24:00+08") == "ID_CODE_MANY")
        #expect(try again("2026-04-19 12:20:00+08") == "ID_LINK")
    }

    @Test
    func `a minute between codes to a number and five a day for an account, whatever they are for`()
        throws
    {
        let office = try office()
        func began(_ phone: String, _ account: String, _ surname: String, at: String) throws
            -> String
        {
            office.now = try office.owner.moment(at)
            let id = try office.register(account, surname, email: nil, phone: phone, way: "sms")
            try office.decide()
            return try office.outcome(id)
        }
        let phone = "+79500000012"
        #expect(try began(phone, "120", "Иванов", at: "2026-04-18 12:00:00+08") == "done")
        // Another registration is no way to another code.
        #expect(try began(phone, "120", "Иванов", at: "2026-04-18 12:00:30+08") == "ID_CODE_SOON")
        #expect(
            try began(phone, "А0121", "Ковалев", at: "2026-04-18 12:00:59+08") == "ID_CODE_SOON")
        for minute in 2...5 {
            #expect(
                try began(
                    "+7950000010\(minute)", "120", "Иванов", at: "2026-04-18 12:0\(minute):00+08")
                    == "done")
        }
        #expect(
            try began("+79500000199", "120", "Иванов", at: "2026-04-18 12:20:00+08")
                == "ID_CODE_MANY")
        #expect(
            try began("+79500000199", "А0121", "Ковалев", at: "2026-04-18 12:21:00+08") == "done")
        #expect(
            try began("+79500000199", "120", "Иванов", at: "2026-04-19 12:20:00+08") == "done")
    }

    @Test func `five letters with links go to one address in an hour, whoever asks`() throws {
        let office = try office()
        for _ in 0..<8 {
            let id = try office.register()
            try office.decide()
            #expect(try office.outcome(id) == "done")
            #expect(try office.result(id)["way"]?.string == "email")
        }
        #expect(
            try office.notices().filter { $0.notice == "registration.confirm" }.count == 5)
        // The link of the last one still counts.
        #expect(try office.openLink("registration.confirm") == "done")
    }

    @Test func `messages go to allowed prefixes only`() throws {
        let office = try office()
        let id = try office.register(email: nil, way: "sms")
        try office.decide()
        #expect(
            try office.tried(
                .sendRegistrationCode, #"{"registration":"\#(id)","phone":"+881650000000"}"#)
                == "ID_PHONE")
    }

    @Test
    func `one answer for unknown, wrong and already registered; the owner learns of it by letter`()
        throws
    {
        let office = try office()
        _ = try office.person()
        for (account, surname) in [("120", "Иванов"), ("120", "Петров"), ("404", "Иванов")] {
            let id = try office.register(account, surname, email: "other@example.ru")
            try office.decide()
            #expect(try office.outcome(id) == "ID_CHECK")
        }
        let told = try office.notices().filter { $0.notice == "registration.exists" }
        #expect(told.map(\.to) == ["ivanov@example.ru"])
    }

    @Test
    func `SF-041: the eleventh account of an address is refused, also when thirty come at once`()
        throws
    {
        let office = try Office(
            TestDatabase("limits"), lanes: 4,
            identity: try Office.identity(#""limits":{"letters_per_recipient":100}"#))
        try office.publish()
        for number in 201...230 { try office.account("\(number)", #""surname":"Иванов""#) }
        try office.decide()
        for number in 201...230 { try office.register("\(number)", email: "many@example.ru") }
        try office.decide()
        let links = try office.notices().filter { $0.notice == "registration.confirm" }
        #expect(links.count == 30)
        let ids = try links.map { link in
            try office.ask(
                .openLink, office.pressing(link.secret ?? ""), channel: .resident,
                actor: "visitor")
        }
        try office.together()
        let outcomes = try ids.map(office.outcome)
        #expect(outcomes.filter { $0 == "done" }.count == 10)
        #expect(outcomes.filter { $0 == "ID_EMAIL_LIMIT" }.count == 20)
        #expect(
            try office.text("select count(*)::text from access.principal where organization = $o")
                == "10")
    }

    // MARK: Whose registration a link confirms

    @Test
    func `a link confirms what was begun in its browser, or by who knows the password typed then`()
        throws
    {
        let office = try office()
        try office.register()
        try office.decide()
        let own = try office.secret("registration.confirm")
        // Somebody who knows the surname comes after the owner, with another password.
        try office.register(password: "чужой-пароль", browser: Office.otherBrowser)
        try office.decide()
        let foreign = try office.secret("registration.confirm")
        #expect(try office.press(foreign, browser: Office.browser) == "ID_ELSEWHERE")
        #expect(try office.press(foreign) == "ID_ELSEWHERE")
        #expect(
            try office.press(foreign, browser: Office.browser, password: "тайна-2026")
                == "ID_OTHER_PASSWORD")
        #expect(
            try office.texts("select login from access.principal where organization = $o") == [])
        // What the owner began still waits, and the first that is confirmed ends the other.
        #expect(try office.press(own, browser: Office.browser) == "done")
        #expect(try office.press(foreign, browser: Office.otherBrowser) == "ID_LINK")
        #expect(try office.press(foreign, password: "чужой-пароль") == "ID_LINK")
        #expect(try office.signIn("120", "чужой-пароль") == "ID_SIGN_IN")
        #expect(try office.signIn("120", "тайна-2026") == "done")
    }

    @Test
    func `the mail of a telephone opens another browser: the password is asked for, few times`()
        throws
    {
        let office = try office()
        try office.register()
        try office.decide()
        let link = try office.secret("registration.confirm")
        for _ in 0..<5 {
            #expect(try office.press(link, password: "не тот") == "ID_OTHER_PASSWORD")
        }
        #expect(try office.press(link, password: "тайна-2026") == "ID_RESTS")
        #expect(
            try office.press(link, password: "тайна-2026", at: "2026-04-18 13:00:00+08") == "done")
        #expect(try office.signIn("120", "тайна-2026") == "done")
    }

    @Test func `a registration of before, or of no browser, needs the password everywhere`() throws
    {
        let office = try office()
        try office.register()
        try office.decide()
        try office.owner.script(
            "update identity.registration set browser = null where organization = '\(office.code)'"
        )
        let link = try office.secret("registration.confirm")
        #expect(try office.press(link, browser: Office.browser) == "ID_ELSEWHERE")
        #expect(try office.press(link) == "ID_ELSEWHERE")
        #expect(try office.press(link, password: "тайна-2026") == "done")
    }

    @Test func `ten registrations of a login wait; the oldest gives way to one more`() throws {
        let office = try office()
        for number in 1...11 {
            try office.register(email: "i\(number)@example.ru")
            try office.decide()
        }
        #expect(try office.openLink("registration.confirm", to: "i1@example.ru") == "ID_LINK")
        #expect(try office.openLink("registration.confirm", to: "i2@example.ru") == "done")
        #expect(try office.openLink("registration.confirm", to: "i11@example.ru") == "ID_LINK")
    }

    @Test func `a code answers the registration of its page, and no other of the same account`()
        throws
    {
        let office = try office()
        func began(_ phone: String, _ password: String) throws -> (id: Identifier, code: String) {
            let id = try office.register(password: password, email: nil, phone: phone, way: "sms")
            try office.decide()
            return (id, try office.secret("registration.code", to: phone))
        }
        func confirm(_ id: Identifier, _ code: String) throws -> String {
            try office.tried(
                .confirmRegistration,
                #"{"registration":"\#(id)","code":"\#(office.sealed(code))","session":"\#(Office.token().hash)"}"#
            )
        }
        let own = try began("+79500000012", "тайна-2026")
        let foreign = try began("+79500000013", "чужой-пароль")
        if own.code != foreign.code {
            #expect(try confirm(foreign.id, own.code) == "ID_CODE")
        }
        #expect(try confirm(own.id, own.code) == "done")
        #expect(try confirm(foreign.id, foreign.code) == "ID_LINK")
        #expect(try office.signIn("120", "тайна-2026") == "done")
    }

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
        func change(_ old: String) throws -> String {
            try office.tried(
                .changePassword,
                #"{"old":"\#(office.sealed(old))","new":"\#(office.sealed("новый-пароль"))","session":"\#(one.hash)"}"#,
                actor: person)
        }
        #expect(try change("не тот") == "ID_PASSWORD")
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

    // MARK: Accounts

    @Test
    func
        `SF-085: another account is attached by surname or by its own password, and used from then on`()
        throws
    {
        let office = try office()
        let person = try office.person()
        _ = try office.person("А0121", "Ковалев", password: "пароль-соседа", email: "k@example.ru")
        try office.meter("M2", account: "А0121")
        try office.decide()
        func read() throws -> String {
            try office.tried(
                .submitReading, #"{"account":"А0121","meter":"M2","values":{"T1":"7"}}"#,
                actor: person)
        }
        #expect(try read() == "NOT_FOUND")
        #expect(
            try office.tried(
                .attachAccount, #"{"account":"А0121","surname":"Иванов"}"#, actor: person)
                == "ID_CHECK")
        #expect(
            try office.tried(
                .attachAccount, #"{"account":"А0121","password":"\#(office.sealed("не тот"))"}"#,
                actor: person) == "ID_CHECK")
        #expect(
            try office.tried(
                .attachAccount,
                #"{"account":"121","password":"\#(office.sealed("пароль-соседа"))"}"#, actor: person
            ) == "done")
        #expect(
            try office.tried(
                .attachAccount, #"{"account":"А0121","surname":"Ковалев"}"#, actor: person)
                == "ID_ATTACHED")
        #expect(try office.notices().last { $0.notice == "account.attached" }?.to == "k@example.ru")
        #expect(try read() == "done")
        #expect(
            try office.tried(.renameAccount, #"{"account":"А0121","name":"дача"}"#, actor: person)
                == "done")
        #expect(try office.tried(.detachAccount, #"{"account":"А0121"}"#, actor: person) == "done")
        #expect(try read() == "NOT_FOUND")
        // SF-036: the account that one signs in with goes only with the person.
        #expect(
            try office.tried(.detachAccount, #"{"account":"120"}"#, actor: person)
                == "ID_NOT_ALLOWED")
    }

    @Test func `an owner who has a telephone only is told by message who attaches the account`()
        throws
    {
        let office = try office()
        let id = try office.register(
            "А0121", "Ковалев", email: nil, phone: "+79500000012", way: "sms")
        try office.decide()
        let code = try office.secret("registration.code", to: "+79500000012")
        #expect(
            try office.tried(
                .confirmRegistration,
                #"{"registration":"\#(id)","code":"\#(office.sealed(code))","session":"\#(Office.token().hash)"}"#
            ) == "done")
        let person = try office.person()
        #expect(
            try office.tried(
                .attachAccount, #"{"account":"А0121","surname":"Ковалев"}"#, actor: person)
                == "done")
        #expect(
            try office.notices().last { $0.notice == "account.attached" }?.to == "+79500000012")
    }

    @Test func `of two accounts with the same digits what is known beside them decides`() throws {
        let office = try office()
        try office.account("Б0121", #""surname":"Лебедев""#)
        try office.account("В0121", #""surname":"Лебедев""#)
        try office.decide()
        func check(_ surname: String) throws -> String {
            try office.tried(.checkHolder, #"{"account":"121","surname":"\#(surname)"}"#)
        }
        #expect(try check("Ковалев") == "done")
        #expect(try check("Иванов") == "ID_CHECK")
        // Two fit: only a letter tells.
        #expect(try check("Лебедев") == "ID_CHECK")
        let person = try office.person()
        func attach(_ proof: String) throws -> String {
            try office.tried(.attachAccount, #"{"account":"121",\#(proof)}"#, actor: person)
        }
        #expect(try attach(#""surname":"Лебедев""#) == "ID_CHECK")
        #expect(try attach(#""surname":"Ковалев""#) == "done")
    }

    @Test func `digits that two people sign in with rest neither of them`() throws {
        let office = try office()
        try office.account("Б0121", #""surname":"Лебедев""#)
        try office.decide()
        _ = try office.person(
            "А0121", "Ковалев", password: "пароль-Ковалева", email: "k@example.ru")
        // One alone is known by the digits.
        #expect(try office.signIn("121", "пароль-Ковалева") == "done")
        _ = try office.person(
            "Б0121", "Лебедев", password: "пароль-Лебедева", email: "l@example.ru")
        for _ in 0..<5 { #expect(try office.signIn("121", "пароль-Ковалева") == "ID_SIGN_IN") }
        #expect(try office.signIn("121", "пароль-Ковалева") == "ID_RESTS")
        #expect(try office.signIn("А0121", "пароль-Ковалева") == "done")
        #expect(try office.signIn("Б0121", "пароль-Лебедева") == "done")
    }

    @Test func `an account is shared for what its owner says, and given back`() throws {
        let office = try office()
        let owner = try office.person()
        let guest = try office.person("А0121", "Ковалев", email: "k@example.ru")
        try office.meter("M1")
        try office.decide()
        let share = try office.ask(
            .shareAccount, #"{"account":"120","email":"k@example.ru","rights":["view"]}"#,
            channel: .resident, actor: owner)
        try office.decide()
        // Whoever is not signed in cannot take it, and the link still counts.
        #expect(
            try office.text(
                "select payload->'values'->>'rights' from queue.command where organization = $o and payload->>'notice' = 'share.invited'"
            ) == "view")
        #expect(try office.openLink("share.invited") == "ID_SIGN_IN_FIRST")
        #expect(try office.openLink("share.invited", actor: guest) == "done")
        func read() throws -> String {
            try office.tried(
                .submitReading, #"{"account":"120","meter":"M1","values":{"T1":"7"}}"#, actor: guest
            )
        }
        #expect(try read() == "NOT_FOUND")
        #expect(
            try office.texts(
                "select array_to_string(rights, ',') from access.attachment a join access.principal p on p.id = a.principal where p.organization = $o and not a.owner"
            ) == ["view"])
        #expect(
            try office.tried(.endShare, #"{"account":"120","share":"\#(share)"}"#, actor: guest)
                == "NOT_FOUND")
        #expect(
            try office.tried(.endShare, #"{"account":"120","share":"\#(share)"}"#, actor: owner)
                == "done")
        #expect(
            try office.texts(
                "select number from access.attachment a join access.principal p on p.id = a.principal where p.organization = $o and not a.owner"
            ) == [])
    }

    // MARK: Invited without an account of one's own

    @Test func `who is invited makes a login of the address, and has what was shared, no more`()
        throws
    {
        let office = try office()
        let owner = try office.person()
        try office.meter("M1")
        try office.meter("M2", account: "А0121")
        try office.decide()
        let share = try office.invite(
            "Guest@example.ru", for: #""view","readings""#, by: owner)
        let link = try office.secret("share.invited")
        #expect(
            try office.tried(.registerInvited, office.registering(link, terms: "0")) == "ID_TERMS")
        #expect(try office.tried(.registerInvited, office.registering(link)) == "done")
        // Once.
        #expect(try office.tried(.registerInvited, office.registering(link)) == "ID_LINK")
        #expect(
            try office.texts(
                "select concat_ws(' ', kind, login, email_confirmed_at is not null, account) from access.principal where organization = $o and kind = 'email'"
            ) == ["email guest@example.ru t"])
        #expect(
            try office.texts(
                "select concat_ws(' ', number, array_to_string(rights, ','), owner) from access.attachment a join access.principal p on p.id = a.principal where p.organization = $o and p.kind = 'email'"
            ) == ["120 view,readings f"])
        // The terms that were shown; and nothing for the organization's base.
        #expect(
            try office.texts(
                "select version || ' ' || (text_hash = sha256(convert_to('Условия', 'UTF8'))) from identity.consent c join access.principal p on p.id = c.principal where c.organization = $o and p.kind = 'email'"
            ) == ["1 true"])
        #expect(
            try office.texts(
                "select value from identity.contact where organization = $o and value like 'Guest%'"
            )
                == [])
        let session = Office.token()
        #expect(
            try office.signIn(" GUEST@example.ru ", "пароль-гостя", hash: session.hash) == "done")
        let guest =
            "person:\(try office.text("select id::text from access.principal where organization = $o and kind = 'email'"))"
        func read(_ account: String, _ meter: String) throws -> String {
            try office.tried(
                .submitReading,
                #"{"account":"\#(account)","meter":"\#(meter)","values":{"T1":"7"}}"#, actor: guest)
        }
        #expect(try read("120", "M1") == "done")
        #expect(try read("А0121", "M2") == "NOT_FOUND")
        #expect(
            try office.tried(
                .saveServices,
                #"{"account":"120","on":["email_bill"],"versions":{"email_bill":"1"}}"#,
                actor: guest)
                == "NOT_FOUND")
        // It ends, and the login stays.
        #expect(
            try office.tried(.endShare, #"{"account":"120","share":"\#(share)"}"#, actor: owner)
                == "done")
        #expect(try read("120", "M1") == "NOT_FOUND")
        #expect(try office.opens(session.token))
        #expect(try office.signIn("guest@example.ru", "пароль-гостя") == "done")
        #expect(try office.violations() == [])
    }

    @Test func `an address that has a login signs in with it; a contact of an account is no login`()
        throws
    {
        let office = try office()
        let ivan = try office.person()
        let neighbour = try office.person("А0121", "Ковалев", email: "family@example.ru")
        // Whoever registered an account gave the address as a contact: another reader of it may still come.
        _ = try office.invite("family@example.ru", by: ivan)
        #expect(try office.signIn("family@example.ru", "тайна-2026") == "ID_SIGN_IN")
        #expect(try office.registerInvited("family@example.ru") == "done")
        #expect(try office.signIn("family@example.ru", "пароль-гостя") == "done")
        #expect(try office.signIn("А0121", "тайна-2026") == "done")
        // A second invitation, of another owner, finds the login: it is taken by signing in.
        _ = try office.invite("Family@example.ru", to: "А0121", by: neighbour)
        #expect(
            try office.registerInvited("Family@example.ru", password: "ещё-пароль") == "ID_TAKEN")
        #expect(try office.signIn("family@example.ru", "ещё-пароль") == "ID_SIGN_IN")
        let guest =
            "person:\(try office.text("select id::text from access.principal where organization = $o and kind = 'email'"))"
        #expect(try office.openLink("share.invited", actor: guest) == "done")
        #expect(
            try office.texts(
                "select number from access.attachment where principal = \(guest.dropFirst(7)) order by number"
            ) == ["120", "А0121"])
    }

    @Test func `an invitation that is revoked, late or taken makes no login`() throws {
        let office = try office()
        let owner = try office.person()
        let share = try office.invite("one@example.ru", by: owner)
        #expect(
            try office.tried(.endShare, #"{"account":"120","share":"\#(share)"}"#, actor: owner)
                == "done")
        #expect(try office.registerInvited("one@example.ru") == "ID_LINK")
        _ = try office.invite("two@example.ru", by: owner)
        #expect(
            try office.registerInvited("two@example.ru", at: "2026-04-19 13:00:00+08") == "ID_LINK")
        // Whoever holds the link may take it with a login of their own, whatever its address.
        _ = try office.invite("three@example.ru", by: owner)
        let guest = try office.person("А0121", "Ковалев", email: "k@example.ru")
        #expect(
            try office.openLink("share.invited", to: "three@example.ru", actor: guest) == "done")
        #expect(try office.registerInvited("three@example.ru") == "ID_LINK")
        // The link of another letter is none.
        #expect(try office.tried(.askPasswordReset, #"{"login":"120"}"#) == "done")
        #expect(
            try office.tried(
                .registerInvited, office.registering(office.secret("password.reset"))) == "ID_LINK")
        #expect(
            try office.texts(
                "select login from access.principal where organization = $o and kind = 'email'")
                == [])
    }

    @Test func `a login of an address recovers its password, and moves with the address`() throws {
        let office = try office()
        let owner = try office.person()
        _ = try office.invite("guest@example.ru", by: owner)
        #expect(try office.registerInvited("guest@example.ru") == "done")
        let guest =
            "person:\(try office.text("select id::text from access.principal where organization = $o and kind = 'email'"))"
        #expect(try office.tried(.askPasswordReset, #"{"login":"Guest@example.ru"}"#) == "done")
        let link = Office.hash(try office.secret("password.reset", to: "guest@example.ru"))
        #expect(
            try office.tried(
                .resetPassword,
                #"{"link":"\#(link)","password":"\#(office.sealed("совсем-новый"))"}"#) == "done")
        #expect(try office.signIn("guest@example.ru", "совсем-новый") == "done")
        func change(_ email: String) throws -> String {
            try office.tried(
                .changeEmail,
                #"{"email":"\#(email)","password":"\#(office.sealed("совсем-новый"))"}"#,
                actor: guest)
        }
        // Another's login is not to be had; the contact of an account is.
        _ = try office.invite("other@example.ru", by: owner)
        #expect(try office.registerInvited("other@example.ru") == "done")
        #expect(try change("other@example.ru") == "ID_TAKEN")
        #expect(try change("ivanov@example.ru") == "done")
        #expect(try office.openLink("email.confirm", to: "ivanov@example.ru") == "done")
        #expect(try office.signIn("guest@example.ru", "совсем-новый") == "ID_SIGN_IN")
        #expect(try office.signIn("ivanov@example.ru", "совсем-новый") == "done")
        #expect(try office.signIn("120", "тайна-2026") == "done")
        // An operator restores it by its login too.
        #expect(
            try office.tried(
                .restoreAccess,
                #"{"login":"ivanov@example.ru","email":"new@example.ru","check":"documents","why":"паспорт"}"#,
                actor: "operator:anna") == "done")
        #expect(
            try office.texts(
                "select login from access.principal where id = \(guest.dropFirst(7))")
                == ["new@example.ru"])
    }

    @Test func `SF-041: what is shared is none of an address's accounts, what is attached is`()
        throws
    {
        let office = try office(
            #""attach":{"proofs":[["surname"]],"most_per_email":1,"detach":true}"#)
        let owner = try office.person()
        _ = try office.person("А0121", "Ковалев", email: "k@example.ru")
        _ = try office.invite("k@example.ru", by: owner)
        #expect(try office.registerInvited("k@example.ru") == "done")
        let guest =
            "person:\(try office.text("select id::text from access.principal where organization = $o and kind = 'email'"))"
        #expect(
            try office.tried(
                .attachAccount, #"{"account":"120","surname":"Иванов"}"#, actor: guest)
                == "ID_EMAIL_LIMIT")
    }

    @Test(arguments: ["email", "login"])
    func `an invitation makes the same login where people sign in by address or by name`(
        _ mode: String
    ) throws {
        let office = try office(
            #""mode":"\#(mode)","confirm":["email"],"auto_sign_in":"always","attach":{"proofs":[["surname"]]}"#
        )
        try office.ask(
            .startRegistration,
            #"{"login":"ivan","email":"ivan@example.ru","password":"\#(office.sealed("тайна-2026"))","way":"email","terms":"1","browser":"\#(Office.browser)"}"#,
            channel: .resident, actor: "visitor")
        try office.decide()
        #expect(try office.openLink("registration.confirm") == "done")
        let owner =
            "person:\(try office.text("select id::text from access.principal where organization = $o"))"
        #expect(
            try office.tried(
                .attachAccount, #"{"account":"120","surname":"Иванов"}"#, actor: owner) == "done")
        _ = try office.invite("guest@example.ru", by: owner)
        let session = Office.token()
        #expect(
            try office.tried(
                .registerInvited,
                office.registering(office.secret("share.invited"), session: session.hash)) == "done"
        )
        // As other registrations here, it signs in at once.
        #expect(try office.opens(session.token))
        #expect(try office.signIn("guest@example.ru", "пароль-гостя") == "done")
        // Who has a login here already is told so by the letter's page alone.
        _ = try office.invite("ivan@example.ru", by: owner)
        #expect(try office.registerInvited("ivan@example.ru") == "ID_TAKEN")
    }

    @Test func `who had the address when the organization's mode was another has it still`() throws
    {
        let office = try office()
        let owner = try office.person()
        try office.owner.script(
            """
            insert into access.principal (organization, kind, login, name, email, email_key, email_confirmed_at)
            values ('\(office.code)', 'login', 'vera', 'Вера', 'vera@example.ru', 'vera@example.ru', clock.now());
            insert into identity.credential (principal, hash, changed_at)
            select id, 'x', clock.now() from access.principal where organization = '\(office.code)' and login = 'vera'
            """)
        _ = try office.invite("vera@example.ru", by: owner)
        #expect(try office.registerInvited("vera@example.ru") == "ID_TAKEN")
        _ = try office.invite("guest@example.ru", by: owner)
        #expect(try office.registerInvited("guest@example.ru") == "done")
    }

    @Test func `SF-089: whoever goes takes contacts and credentials along; readings stay`() throws {
        let office = try office()
        let person = try office.person()
        try office.meter("M1")
        try office.decide()
        #expect(
            try office.tried(
                .submitReading, #"{"account":"120","meter":"M1","values":{"T1":"7"}}"#,
                actor: person) == "done")
        // Of before contacts named their persons, and of somebody else who had the account.
        try office.owner.script(
            """
            insert into identity.contact (command, organization, account, kind, value, confirmed, channel, at)
            select gen_random_uuid(), a.organization, a.id, 'email', v, true, 'resident', clock.now()
            from facts.account a, unnest(array['ivanov@example.ru', 'other@example.ru']) v
            where a.organization = '\(office.code)' and a.number = '120'
            """)
        let session = Office.token()
        _ = try office.signIn("120", "тайна-2026", hash: session.hash)
        #expect(
            try office.tried(
                .deleteUser, #"{"password":"\#(office.sealed("не тот"))"}"#, actor: person)
                == "ID_PASSWORD")
        #expect(
            try office.tried(
                .deleteUser, #"{"password":"\#(office.sealed("тайна-2026"))"}"#, actor: person)
                == "done")
        #expect(try !office.opens(session.token))
        #expect(try office.readings(meter: "M1") == ["2026-04 effective 7"])
        #expect(try office.signIn("120", "тайна-2026") == "ID_SIGN_IN")
        for table in ["access.principal", "access.session", "identity.registration"] {
            #expect(
                try office.text("select count(*)::text from \(table) where organization = $o")
                    == "0")
        }
        #expect(
            try office.texts(
                "select value from identity.contact where organization = $o and value is not null")
                == ["other@example.ru"])
        // Nor does the record say that the terms are agreed to still.
        #expect(
            try office.texts(
                "select given::text || ' ' || channel from identity.consent where organization = $o and purpose = 'terms' order by n"
            ) == ["true resident", "false resident"])
        // And may come again.
        _ = try office.person()
    }

    // MARK: Services

    @Test
    func
        `SF-130…137: consents are one a purpose, to confirmed contacts, of the text that was shown`()
        throws
    {
        let office = try office()
        let person = try office.person()
        func save(_ on: String, _ version: String = "1") throws -> String {
            try office.tried(
                .saveServices,
                #"{"account":"120","on":[\#(on)],"versions":{"sms_news":"\#(version)","email_bill":"\#(version)"}}"#,
                actor: person)
        }
        #expect(try save(#""sms_news""#) == "ID_CONTACT")
        #expect(try save(#""email_bill""#, "0") == "ID_TERMS")
        #expect(try save(#""email_bill""#) == "done")
        #expect(try save(#""paper_bill""#) == "ID_NOT_ALLOWED")
        #expect(
            try office.tried(
                .changePhone,
                #"{"phone":"+79500000012","password":"\#(office.sealed("тайна-2026"))"}"#,
                actor: person) == "done")
        let code = try office.secret("phone.code")
        #expect(
            try office.tried(.confirmPhone, #"{"code":"\#(office.sealed(code))"}"#, actor: person)
                == "done")
        #expect(try save(#""sms_news""#) == "done")
        // Nothing new is nothing to record.
        #expect(try save(#""sms_news""#) == "done")
        let record = try office.texts(
            "select concat_ws(' ', purpose, given, version, contact) from identity.consent where organization = $o and account is not null order by n"
        )
        #expect(
            record == [
                "email_bill t 1 iv***@example.ru", "sms_news t 1 +7950***0012", "email_bill f 1",
            ])
    }

    @Test func `a consent is one person's, and goes with the account`() throws {
        let office = try office()
        let ivan = try office.person()
        let guest = try office.person("А0121", "Ковалев", email: "k@example.ru")
        #expect(
            try office.tried(
                .attachAccount, #"{"account":"120","surname":"Иванов"}"#, actor: guest) == "done")
        func save(_ on: String, _ person: String) throws {
            #expect(
                try office.tried(
                    .saveServices,
                    #"{"account":"120","on":[\#(on)],"versions":{"email_bill":"1"}}"#,
                    actor: person) == "done")
        }
        func record() throws -> [String] {
            try office.texts(
                "select case principal when \(ivan.dropFirst(7)) then 'ivan ' else 'guest ' end || given from identity.consent where organization = $o and account is not null order by n"
            )
        }
        try save(#""email_bill""#, ivan)
        // Nothing of another's is taken back.
        try save("", guest)
        #expect(try record() == ["ivan true"])
        try save(#""email_bill""#, guest)
        #expect(try office.tried(.detachAccount, #"{"account":"120"}"#, actor: guest) == "done")
        #expect(try record() == ["ivan true", "guest true", "guest false"])
        #expect(
            try office.tried(
                .deleteUser, #"{"password":"\#(office.sealed("тайна-2026"))"}"#, actor: ivan)
                == "done")
        #expect(try record() == ["ivan true", "guest true", "guest false", "ivan false"])
    }

    // MARK: At once

    @Test func `SF-062: of many logins with one address, confirmed at once, one comes to be`()
        throws
    {
        // Ten passwords a batch: eight lanes hash at once, and none may idle in its transaction for five seconds.
        let office = try Office(
            TestDatabase("logins"), lanes: 8, batch: 100,
            identity: try Office.identity(
                #""mode":"login","confirm":["email"],"attach":{"proofs":[["surname"]]},"limits":{"letters_per_recipient":100}"#
            ))
        try office.publish()
        for number in 1...50 {
            try office.ask(
                .startRegistration,
                #"{"login":"user\#(number)","email":"one@example.ru","password":"\#(office.sealed("тайна-2026"))","way":"email","terms":"1","browser":"\#(Office.browser)"}"#,
                channel: .resident, actor: "visitor")
        }
        try office.together()
        let links = try office.notices().compactMap(\.secret)
        #expect(links.count == 50)
        let ids = try links.map { link in
            try office.ask(
                .openLink, office.pressing(link), channel: .resident, actor: "visitor")
        }
        try office.together()
        let outcomes = try ids.map(office.outcome)
        #expect(outcomes.filter { $0 == "done" }.count == 1)
        #expect(outcomes.filter { $0 == "ID_TAKEN" }.count == 49)
        #expect(try office.violations() == [])
    }

    @Test
    func
        `of fifty registrations of one login ten wait, and of their confirmations at once one wins`()
        throws
    {
        // Ten passwords a batch: eight lanes hash at once, and none may idle in its transaction for five seconds.
        let office = try Office(
            TestDatabase("fifty"), lanes: 8, batch: 100,
            identity: try Office.identity(
                #""mode":"login","confirm":["email"],"attach":{"proofs":[["surname"]]}"#))
        try office.publish()
        for number in 1...50 {
            try office.ask(
                .startRegistration,
                #"{"login":"ivan","email":"i\#(number)@example.ru","password":"\#(office.sealed("тайна-2026"))","way":"email","terms":"1","browser":"\#(Office.browser)"}"#,
                channel: .resident, actor: "visitor")
        }
        try office.together()
        let waiting =
            "select email from identity.registration where organization = $o and ended_at is null"
        let ten = try office.texts(waiting)
        #expect(ten.count == 10 && ten.contains("i50@example.ru"))
        // Every link, and the last one fifty times.
        let last = try office.secret("registration.confirm", to: "i50@example.ru")
        let links = try office.notices().compactMap(\.secret)
        let ids = try (links + Array(repeating: last, count: 49)).map { link in
            try office.ask(
                .openLink, office.pressing(link), channel: .resident, actor: "visitor")
        }
        try office.together()
        let outcomes = try ids.map(office.outcome)
        #expect(outcomes.filter { $0 == "done" }.count == 1)
        #expect(outcomes.filter { $0 == "ID_LINK" }.count == 98)
        let there = try office.texts(
            "select email from access.principal where organization = $o")
        #expect(there.count == 1 && ten.contains(there[0]))
        #expect(try office.texts(waiting) == [])
        #expect(try office.violations() == [])
    }

    @Test func `of fifty acceptances of one invitation, at once, one wins`() throws {
        let office = try Office(
            TestDatabase("invited"), lanes: 8, batch: 100, identity: try Office.identity())
        try office.publish()
        try office.account("120", #""surname":"Иванов""#)
        try office.decide()
        let owner = try office.person()
        _ = try office.invite("guest@example.ru", by: owner)
        let link = try office.secret("share.invited")
        let ids = try (0..<50).map { number in
            // Most make a login; some press the button though they are not signed in.
            try number.isMultiple(of: 10)
                ? office.ask(
                    .openLink, office.pressing(link), channel: .resident, actor: "visitor")
                : office.ask(
                    .registerInvited, office.registering(link, password: "пароль-\(number)"),
                    channel: .resident, actor: "visitor")
        }
        try office.together()
        let outcomes = try ids.map(office.outcome)
        #expect(outcomes.filter { $0 == "done" }.count == 1)
        #expect(outcomes.allSatisfy { ["done", "ID_LINK", "ID_SIGN_IN_FIRST"].contains($0) })
        #expect(
            try office.texts(
                "select login from access.principal where organization = $o and kind = 'email'")
                == ["guest@example.ru"])
        #expect(try office.violations() == [])
    }

    @Test func `of ten invitations to one address, taken at once, one makes its login`() throws {
        let office = try Office(
            TestDatabase("addresses"), lanes: 8, batch: 100,
            identity: try Office.identity(#""limits":{"letters_per_recipient":100}"#))
        try office.publish()
        try office.account("120", #""surname":"Иванов""#)
        try office.decide()
        let owner = try office.person()
        for _ in 0..<10 { _ = try office.invite("guest@example.ru", by: owner) }
        let links = try office.notices().filter { $0.notice == "share.invited" }
        #expect(links.count == 10)
        let ids = try links.map { link in
            try office.ask(
                .registerInvited, office.registering(link.secret ?? ""), channel: .resident,
                actor: "visitor")
        }
        try office.together()
        let outcomes = try ids.map(office.outcome)
        #expect(outcomes.filter { $0 == "done" }.count == 1)
        #expect(outcomes.filter { $0 == "ID_TAKEN" }.count == 9)
        #expect(try office.violations() == [])
    }

    @Test func `of fifty confirmations of one code, at once, one wins`() throws {
        let office = try Office(TestDatabase("codes"), lanes: 8, identity: try Office.identity())
        try office.publish()
        try office.account("120", #""surname":"Иванов""#)
        try office.decide()
        let id = try office.register(email: nil, phone: "+79500000012", way: "sms")
        try office.decide()
        let code = try office.secret("registration.code")
        let tries = try (0..<50).map { _ in
            try office.ask(
                .confirmRegistration,
                #"{"registration":"\#(id)","code":"\#(office.sealed(code))","session":"\#(Office.token().hash)"}"#,
                channel: .resident, actor: "visitor")
        }
        try office.together()
        let outcomes = try tries.map(office.outcome)
        #expect(outcomes.filter { $0 == "done" }.count == 1)
        #expect(outcomes.filter { $0 == "ID_LINK" }.count == 49)
        #expect(
            try office.text("select count(*)::text from access.session where organization = $o")
                == "1")
        #expect(try office.violations() == [])
    }

    @Test func `whoever detaches an account waits for the reading that is being decided on it`()
        throws
    {
        let office = try Office(
            TestDatabase("detaching"), lanes: 2, identity: try Office.identity())
        try office.publish()
        try office.account("120", #""surname":"Иванов","name":"Иван""#)
        try office.account("130", #""surname":"Петров""#)
        try office.meter("M3", account: "130")
        try office.decide()
        let person = try office.person()
        #expect(
            try office.tried(
                .attachAccount, #"{"account":"130","surname":"Петров"}"#, actor: person) == "done")
        // A lane that decides a reading on it has the account locked.
        let lane = try office.database.connection()
        try lane.begin()
        try lane.script(
            "select from facts.account where organization = '\(office.code)' and number = '130' for no key update"
        )
        let detach = try office.ask(
            .detachAccount, #"{"account":"130"}"#, channel: .resident, actor: person)
        let end = try office.start()
        try eventually("the detaching lane waits for the account") {
            try !office.texts(
                "select pid::text from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            ).isEmpty
        }
        #expect(try office.state(detach).state == .pending)
        try lane.rollback()
        try end()
        #expect(try office.outcome(detach) == "done")
        #expect(
            try office.tried(
                .submitReading, #"{"account":"130","meter":"M3","values":{"T1":"7"}}"#,
                actor: person) == "NOT_FOUND")
    }

    @Test func `what nobody can use any more is cleared away`() throws {
        let office = try office()
        try office.register()
        try office.decide()
        try office.owner.script(
            """
            update identity.registration set expires_at = clock.now() - interval '2 days' where organization = '\(office.code)';
            update identity.link set expires_at = clock.now() - interval '8 days' where organization = '\(office.code)'
            """)
        try office.owner.run("store/identity_keep")
        for table in ["registration", "link"] {
            #expect(
                try office.text(
                    "select count(*)::text from identity.\(table) where organization = $o") == "0")
        }
    }

    // MARK: The operator

    @Test func `SF-039: an operator sets a new address, the old one is told, and nobody else may`()
        throws
    {
        let office = try office()
        _ = try office.person()
        let session = Office.token()
        _ = try office.signIn("120", "тайна-2026", hash: session.hash)
        let body =
            #"{"login":"120","email":"fresh@example.ru","check":"documents","why":"паспорт"}"#
        #expect(try office.tried(.restoreAccess, body) == "ID_NOT_ALLOWED")
        // Asked for on the page of somebody else, it changes nobody.
        #expect(
            try office.tried(
                .restoreAccess,
                #"{"login":"120","person":"999999","email":"fresh@example.ru","check":"documents","why":"паспорт"}"#,
                actor: "operator:anna") == "NOT_FOUND")
        #expect(try office.opens(session.token))
        #expect(try office.tried(.restoreAccess, body, actor: "operator:anna") == "done")
        #expect(try !office.opens(session.token))
        // The old password is dead at once, not only when the link is used.
        #expect(try office.signIn("120", "тайна-2026") == "ID_SIGN_IN")
        #expect(try office.violations() == [])
        #expect(
            try office.notices().last { $0.notice == "contact.restored" }?.to == "ivanov@example.ru"
        )
        let link = Office.hash(try office.secret("access.restored", to: "fresh@example.ru"))
        #expect(
            try office.tried(
                .resetPassword, #"{"link":"\#(link)","password":"\#(office.sealed("по-новому"))"}"#)
                == "done")
        #expect(try office.signIn("120", "по-новому") == "done")
        // The new address is handed back once it is confirmed.
        #expect(
            try office.texts(
                "select value || ' ' || confirmed from identity.contact where organization = $o order by n"
            ) == [
                "ivanov@example.ru true", "fresh@example.ru false", "fresh@example.ru true",
            ])
    }

    @Test
    func
        `an operator takes an account out of somebody's hands, and somebody else can register it`()
        throws
    {
        let office = try office()
        try office.account("130", #""surname":"Иванов""#)
        try office.decide()
        let ivan = try office.person()
        let guest = try office.person("А0121", "Ковалев", email: "k@example.ru")
        #expect(
            try office.tried(
                .attachAccount, #"{"account":"130","surname":"Иванов"}"#, actor: ivan) == "done")
        try office.ask(
            .shareAccount, #"{"account":"120","email":"k@example.ru","rights":["view"]}"#,
            channel: .resident, actor: ivan)
        try office.decide()
        #expect(try office.openLink("share.invited", actor: guest) == "done")
        #expect(
            try office.tried(
                .saveServices,
                #"{"account":"120","on":["email_bill"],"versions":{"email_bill":"1"}}"#, actor: ivan
            ) == "done")
        func held() throws -> [String] {
            try office.texts(
                "select p.login || ' ' || a.number || ' ' || a.owner from access.attachment a join access.principal p on p.id = a.principal where p.organization = $o order by 1"
            )
        }
        #expect(
            try held() == ["120 120 true", "120 130 true", "А0121 120 false", "А0121 А0121 true"])
        let body = #"{"account":"120","login":"120","check":"documents","why":"продал"}"#
        #expect(try office.tried(.detachPerson, body) == "ID_NOT_ALLOWED")
        #expect(try office.tried(.detachPerson, body, actor: "operator:anna") == "done")
        // Whom he invited has it no more; he signs in with the other number, by the same password.
        #expect(try held() == ["130 130 true", "А0121 А0121 true"])
        #expect(try office.signIn("120", "тайна-2026") == "ID_SIGN_IN")
        #expect(try office.signIn("130", "тайна-2026") == "done")
        #expect(
            try office.notices().suffix(2).map { "\($0.notice) \($0.to)" }.sorted() == [
                "account.detached ivanov@example.ru", "login.changed ivanov@example.ru",
            ])
        #expect(
            try office.texts(
                "select given::text from identity.consent where organization = $o and account is not null order by n"
            ) == ["true", "false"])
        #expect(
            try office.texts(
                "select a.number || ' ' || coalesce(c.value, 'gone') from identity.contact c join facts.account a on a.id = c.account where c.organization = $o and c.principal = \(ivan.dropFirst(7)) order by c.n"
            ) == [
                "120 ivanov@example.ru", "130 ivanov@example.ru", "130 ivanov@example.ru",
                "120 gone",
            ])
        #expect(try office.violations() == [])
        _ = try office.person("120", "Иванов", password: "новый-хозяин", email: "n@example.ru")
        #expect(try office.signIn("120", "новый-хозяин") == "done")
        // Without another account the access goes whole.
        #expect(
            try office.tried(
                .detachPerson,
                #"{"account":"130","login":"130","check":"questions","why":"ошибка"}"#,
                actor: "operator:anna") == "done")
        #expect(try office.signIn("130", "тайна-2026") == "ID_SIGN_IN")
        #expect(try held() == ["120 120 true", "А0121 А0121 true"])
        #expect(
            try office.text(
                "select count(*)::text from identity.contact where principal = \(ivan.dropFirst(7)) and value is not null"
            ) == "0")
        #expect(try office.violations() == [])
    }

    @Test func `who goes and who comes after in one batch do not collide`() throws {
        let office = try office()
        let ivan = try office.person()
        _ = try office.invite("guest@example.ru", by: ivan)
        #expect(try office.registerInvited("guest@example.ru") == "done")
        let guest =
            "person:\(try office.text("select id::text from access.principal where organization = $o and kind = 'email'"))"
        _ = try office.invite("guest@example.ru", by: ivan)
        // The same address is made a login by who comes after the one whose it was.
        let gone = try office.ask(
            .deleteUser, #"{"password":"\#(office.sealed("пароль-гостя"))"}"#, channel: .resident,
            actor: guest)
        let come = try office.ask(
            .registerInvited, office.registering(office.secret("share.invited")),
            channel: .resident, actor: "visitor")
        try office.decide()
        #expect(try [gone, come].map(office.outcome) == ["done", "done"])
        // Not halved for a collision: both were decided, and their passwords hashed, once.
        let last =
            "select b.count::text from queue.batch b join queue.pool p on p.id = b.pool where p.name = 'readings' and b.count > 0 order by b.n desc limit 1"
        #expect(try office.text(last) == "2")
        #expect(try office.signIn("guest@example.ru", "пароль-гостя") == "done")
        // A registration that begins behind the end of an access stays.
        let taken = try office.ask(
            .detachPerson, #"{"account":"120","login":"120","check":"documents","why":"продал"}"#,
            channel: .resident, actor: "operator:anna")
        try office.register(password: "новый-хозяин", email: "n@example.ru")
        try office.decide()
        #expect(try office.outcome(taken) == "done" && office.text(last) == "2")
        #expect(try office.openLink("registration.confirm", to: "n@example.ru") == "done")
        #expect(try office.signIn("120", "новый-хозяин") == "done")
        #expect(try office.violations() == [])
    }

    // MARK: Contacts

    @Test func `of several owners each has contacts of their own, and the export says whose`()
        throws
    {
        let office = try office()
        let ivan = try office.person()
        let petr = try office.person("А0121", "Ковалев", email: "k@example.ru")
        #expect(
            try office.tried(
                .attachAccount, #"{"account":"120","surname":"Иванов"}"#, actor: petr) == "done")
        func export(owners: Bool, after: Int64 = 0) throws -> [String] {
            let statement: Statement = "operations/export_contacts"
            let connection = try Connection(
                office.database.address(role: "kabinet_operator"), library: office.database.library,
                preparing: [statement])
            return try connection.run(
                statement, .text(office.code), .int64(after), .int64(.max), .null, .int64(100),
                .bool(owners)
            ).map { row in
                func text(_ column: Int) -> String { row.optional(column, row.text) ?? "" }
                return [row.text(1), text(3), text(4), text(6)].joined(separator: " ")
            }
        }
        #expect(
            try export(owners: false) == [
                "120 owner  ivanov@example.ru", "А0121 owner  k@example.ru",
                "120 co-owner  k@example.ru",
            ])
        #expect(
            try export(owners: true) == ["А0121 owner  k@example.ru", "120 owner  ivanov@example.ru"])
        // What the co-owner changes is not the owner's.
        let top = try office.text(
            "select max(n)::text from identity.contact where organization = $o")
        #expect(
            try office.tried(
                .changeEmail,
                #"{"email":"new@example.ru","password":"\#(office.sealed("тайна-2026"))"}"#,
                actor: petr) == "done")
        #expect(try office.openLink("email.confirm", to: "new@example.ru") == "done")
        let after = try #require(Int64(top))
        #expect(
            try export(owners: false, after: after) == [
                "А0121 owner  new@example.ru", "120 co-owner  new@example.ru",
            ])
        #expect(
            try export(owners: true, after: after) == [
                "А0121 owner  new@example.ru", "120 owner  ivanov@example.ru",
            ])
        // Who goes is told to be gone; the other one's is the account's then.
        #expect(
            try office.tried(
                .deleteUser, #"{"password":"\#(office.sealed("тайна-2026"))"}"#, actor: ivan)
                == "done")
        #expect(try export(owners: false).contains("120 former  "))
        #expect(try export(owners: true).contains("120 owner  new@example.ru"))
    }
}
