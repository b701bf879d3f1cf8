import Commands
import Crypto
import Postgres
import Queue
import TestKit
import Testing
import Workers

@Suite(.serialized) struct `Access` {
    private static let database = Result { try TestDatabase("identity") }

    func office(_ identity: String = "") throws -> Office {
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

    @Test func `another code goes to the number that was given before, and is counted there`()
        throws
    {
        let office = try office()
        let id = try office.register(email: nil, phone: "+79500000012", way: "sms")
        try office.decide()
        func again(_ at: String) throws -> String {
            try office.tried(.sendRegistrationCode, #"{"registration":"\#(id)"}"#, at: at)
        }
        #expect(try again("2026-04-18 12:00:30+08") == "ID_CODE_SOON")
        for minute in 2...5 { #expect(try again("2026-04-18 12:0\(minute):00+08") == "done") }
        #expect(try again("2026-04-18 12:07:00+08") == "ID_CODE_MANY")
        #expect(
            try office.texts(
                "select phone || ' ' || count(*) from identity.code where organization = $o group by phone"
            ) == ["+79500000012 5"])
        let other = try office.register(email: nil, way: "sms")
        try office.decide()
        #expect(
            try office.tried(.sendRegistrationCode, #"{"registration":"\#(other)"}"#) == "ID_FIELD")
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
        for number in 0..<8 {
            let id = try office.register()
            try office.decide()
            #expect(try office.outcome(id) == (number < 5 ? "done" : "ID_LETTERS"))
        }
        #expect(
            try office.notices().filter { $0.notice == "registration.confirm" }.count == 5)
        // The link of the last one still counts.
        #expect(try office.openLink("registration.confirm") == "done")
    }

    @Test func `who registers with somebody's address does not keep them from a new password`()
        throws
    {
        let office = try office()
        let person = try office.person()
        for _ in 0..<6 {
            try office.register("А0121", "Ковалев")
            try office.decide()
        }
        #expect(try office.tried(.askPasswordReset, #"{"login":"120"}"#) == "done")
        #expect(
            try office.notices().last.map { "\($0.notice) \($0.to)" }
                == "password.reset ivanov@example.ru")
        // Nor does one person write to whom they like.
        let outcomes = try (0..<6).map { number in
            try office.tried(
                .changeEmail,
                #"{"email":"stranger\#(number)@example.ru","password":"\#(office.sealed("тайна-2026"))"}"#,
                actor: person)
        }
        #expect(outcomes == Array(repeating: "done", count: 5) + ["ID_EMAIL_CHANGES"])
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
}
