import Commands
import Crypto
import Postgres
import Queue
import TestKit
import Testing
import Workers

extension `Access` {
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
        for number in 120..<130 { try office.account("\(number)", #""surname":"Иванов""#) }
        try office.decide()
        let owner = try office.person()
        _ = try office.invite("guest@example.ru", by: owner)
        // Each to an account of its own: of one account the newest counts alone.
        for number in 121..<130 {
            #expect(
                try office.tried(
                    .attachAccount, #"{"account":"\#(number)","surname":"Иванов"}"#, actor: owner)
                    == "done")
            _ = try office.invite("guest@example.ru", to: "\(number)", by: owner)
        }
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
}
