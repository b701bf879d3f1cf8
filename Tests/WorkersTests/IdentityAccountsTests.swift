import Commands
import Crypto
import Postgres
import Queue
import TestKit
import Testing
import Workers

extension `Access` {
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
        // Nor can whoever sent it.
        #expect(try office.openLink("share.invited", actor: owner) == "ID_INVITATION_OWN")
        #expect(try office.openLink("share.invited", actor: guest) == "done")
        // Again: whoever took it has the account already, and to all others it is a link that has ended.
        #expect(try office.openLink("share.invited", actor: guest) == "ID_ATTACHED")
        for actor in ["visitor", owner] {
            #expect(try office.openLink("share.invited", actor: actor) == "ID_LINK")
        }
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
        #expect(try office.openLink("share.invited", actor: guest) == "ID_LINK")
    }

    @Test func `access that was closed comes back through no other letter`() throws {
        let office = try office(#""limits":{"letters_per_recipient":100}"#)
        let owner = try office.person()
        let guest = try office.person("А0121", "Ковалев", email: "k@example.ru")
        // Of two invitations to one address the newer counts.
        let first = try office.invite("k@example.ru", by: owner)
        let before = try office.secret("share.invited")
        let share = try office.invite("K@Example.ru", for: #""view","readings""#, by: owner)
        #expect(try office.press(before, actor: guest) == "ID_LINK")
        #expect(try office.openLink("share.invited", actor: guest) == "done")
        // One that comes later goes with the rest when the access is closed.
        _ = try office.invite("k@example.ru", by: owner)
        func held() throws -> [String] {
            try office.texts(
                "select array_to_string(rights, ',') from access.attachment a join access.principal p on p.id = a.principal where p.organization = $o and not a.owner"
            )
        }
        #expect(try held() == ["view,readings"])
        #expect(
            try office.tried(.endShare, #"{"account":"120","share":"\#(share)"}"#, actor: owner)
                == "done")
        #expect(try held() == [])
        #expect(try office.openLink("share.invited", actor: guest) == "ID_LINK")
        let told = try office.notices().filter { $0.notice == "share.ended" }
        #expect(told.map(\.to) == ["k@example.ru"])
        #expect(
            try office.text(
                "select count(*)::text from identity.share where organization = $o and ended_at is null"
            ) == "0")
        #expect(first != share)
        // Whom it was closed to may be let in again, and a new letter in the place of what is used changes what it is for.
        _ = try office.invite("k@example.ru", by: owner)
        #expect(try office.openLink("share.invited", actor: guest) == "done")
        _ = try office.invite("k@example.ru", for: #""view","pay""#, by: owner)
        #expect(try held() == ["view"])
        #expect(try office.openLink("share.invited", actor: guest) == "done")
        #expect(try held() == ["view,pay"])
        #expect(try office.notices().filter { $0.notice == "share.ended" }.count == 1)
        #expect(try office.violations() == [])
        #expect(
            try office.tried(
                .shareAccount, #"{"account":"120","email":"Ivanov@example.ru","rights":["view"]}"#,
                actor: owner) == "ID_SHARE_SELF")
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
        _ = try office.person("А0121", "Ковалев", email: "family@example.ru")
        try office.account("130", #""surname":"Лебедев""#)
        try office.decide()
        let neighbour = try office.person("130", "Лебедев", email: "lebedev@example.ru")
        // Whoever registered an account gave the address as a contact: another reader of it may still come.
        _ = try office.invite("family@example.ru", by: ivan)
        #expect(try office.signIn("family@example.ru", "тайна-2026") == "ID_SIGN_IN")
        #expect(try office.registerInvited("family@example.ru") == "done")
        #expect(try office.signIn("family@example.ru", "пароль-гостя") == "done")
        #expect(try office.signIn("А0121", "тайна-2026") == "done")
        // A second invitation, of another owner, finds the login: it is taken by signing in.
        _ = try office.invite("Family@example.ru", to: "130", by: neighbour)
        #expect(
            try office.registerInvited("Family@example.ru", password: "ещё-пароль") == "ID_TAKEN")
        #expect(try office.signIn("family@example.ru", "ещё-пароль") == "ID_SIGN_IN")
        let guest =
            "person:\(try office.text("select id::text from access.principal where organization = $o and kind = 'email'"))"
        #expect(try office.openLink("share.invited", actor: guest) == "done")
        #expect(
            try office.texts(
                "select number from access.attachment where principal = \(guest.dropFirst(7)) order by number"
            ) == ["120", "130"])
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
        // It looks the same, and only its owner is told.
        #expect(try change("other@example.ru") == "done")
        #expect(try office.notices().filter { $0.notice == "email.confirm" }.isEmpty)
        #expect(try office.notices().contains { $0.notice == "registration.exists" })
        #expect(try change("ivanov@example.ru") == "done")
        #expect(try office.openLink("email.confirm", to: "ivanov@example.ru") == "done")
        #expect(try office.signIn("guest@example.ru", "совсем-новый") == "ID_SIGN_IN")
        #expect(try office.signIn("ivanov@example.ru", "совсем-новый") == "done")
        // Who has no name but the address is called by the one that counts.
        #expect(
            try office.text(
                "select name from access.principal where id = \(guest.dropFirst(7))")
                == "ivanov@example.ru")
        #expect(try office.signIn("120", "тайна-2026") == "done")
        // An operator restores it by its login too.
        #expect(
            try office.tried(
                .restoreAccess,
                #"{"login":"ivanov@example.ru","email":"new@example.ru","check":"documents","why":"паспорт"}"#,
                actor: "operator:anna") == "done")
        #expect(
            try office.texts(
                "select login || ' ' || name from access.principal where id = \(guest.dropFirst(7))"
            )
                == ["new@example.ru new@example.ru"])
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
        _ = try office.invite("guest@example.ru", by: owner)
        #expect(try office.registerInvited("guest@example.ru") == "ID_TAKEN")
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
}
