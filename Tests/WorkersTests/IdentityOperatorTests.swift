import Commands
import Crypto
import Postgres
import Queue
import TestKit
import Testing
import Workers

extension `Access` {
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

    @Test func `who guesses an operator's password elsewhere keeps the operator out nowhere else`()
        throws
    {
        let office = try office()
        let login = "vera\(UInt32.random(in: 0 ... .max))"
        let hash = try #require(Passwords.hash(Array("длинный-пароль".utf8)))
        try office.owner.script(
            """
            with o as (insert into access.operator (login, name, made_by) values ('\(login)', 'Вера', 'test') returning id),
                 r as (insert into access.operator_role (operator, organization, role, given_by)
                       select id, '\(office.code)', 'clerk', 'test' from o)
            insert into identity.operator_credential (operator, hash, temporary, changed_at)
            select id, '\(hash)', false, clock.now() from o
            """)
        func signIn(_ password: String, from network: String, _ session: String) throws -> String {
            try office.tried(
                .operatorSignIn,
                #"{"login":"\#(login)","password":"\#(office.sealed(password))","session":"\#(session)","address":"\#(network)"}"#
            )
        }
        let session = Office.token().hash
        #expect(try signIn("длинный-пароль", from: "10.0.0.0", session) == "done")
        for _ in 0..<5 {
            #expect(try signIn("не-тот", from: "10.9.9.0", Office.token().hash) == "ID_SIGN_IN")
        }
        func whats() throws -> [String] {
            try office.texts(
                "select what from identity.failure where organization = $o and what like 'operator %' order by what"
            )
        }
        #expect(
            try signIn("длинный-пароль", from: "10.9.9.0", Office.token().hash) == "ID_RESTS")
        #expect(try signIn("не-тот", from: "10.0.0.0", Office.token().hash) == "ID_SIGN_IN")
        #expect(try whats() == ["operator \(login)", "operator \(login) from 10.0.0.0"])
        #expect(try signIn("длинный-пароль", from: "10.0.0.0", Office.token().hash) == "done")
        func change(_ old: String) throws -> String {
            try office.tried(
                .operatorPassword,
                #"{"login":"\#(login)","session":"\#(session)","old":"\#(office.sealed(old))","new":"\#(office.sealed("новый-пароль-2026"))"}"#
            )
        }
        #expect(try change("не-тот") == "ID_PASSWORD")
        #expect(try whats() == ["operator \(login)", "operator \(login) inside"])
        #expect(try change("длинный-пароль") == "done")
        #expect(try whats() == [])
    }

    @Test
    func
        `an operator takes an account out of somebody's hands, and somebody else can register it`()
        throws
    {
        let office = try office()
        try office.account("130", #""surname":"Иванов","name":"Пётр""#)
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
        // Nor is he called any more as the holder of what was taken away.
        #expect(
            try office.text(
                "select name from access.principal where organization = $o and login = '130'")
                == "Пётр")
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
}
