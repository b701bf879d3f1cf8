import Commands
import Crypto
import Postgres
import Queue
import TestKit
import Testing
import Workers

/// Bills by e-mail, ordered by the close of their month.
@Suite(.serialized) struct `A mailing of bills` {
    private static let database = Result { try TestDatabase("mailing") }

    /// Two accounts of an organization whose charges come from elsewhere; the first one's person wants bills by e-mail.
    private func office(wants: Bool = true) throws -> (office: Office, person: String) {
        let office = try Office(Self.database.get(), identity: try Office.identity())
        try office.owner.script(
            """
            update access.profile set profile = profile || '{"charges": {"by": "import", "view": "settlements"}}'
            where organization = '\(office.code)';
            insert into facts.supplier (organization, code, valid_from, name) values ('\(office.code)', 'uk', '2020-01-01', 'УК');
            insert into facts.charge_kind (organization, code, valid_from, title, position, basis, unit, supplier, penalty,
              multiplied, separate)
            values ('\(office.code)', 'upkeep', '2020-01-01', 'Содержание', 1, 'fixed', 'month', 'uk', 'housing', false, false);
            """)
        try office.publish()
        try office.account("120", #""surname":"Иванов""#)
        try office.account("121", #""surname":"Петров""#)
        try office.decide()
        let person = try office.person()
        if wants { #expect(try save(#""email_bill""#, office, person) == "done") }
        try charge(50_000, office)
        return (office, person)
    }

    private func save(_ on: String, _ office: Office, _ person: String) throws -> String {
        try office.tried(
            .saveServices,
            #"{"account":"120","on":[\#(on)],"versions":{"sms_news":"1","email_bill":"1"}}"#,
            actor: person)
    }

    /// Posts to both accounts what another system charged.
    private func charge(_ kopecks: Int, _ office: Office) throws {
        try office.owner.script(
            """
            insert into facts.entry (account, id, month, sort, kind, penalty, tranche, effective_on, amount, consumed)
            select a.id, coalesce((select max(e.id) from facts.entry e where e.account = a.id), 24314000000) + 1, '2026-03-01',
                   'charge', 'upkeep', false, '2026-03-01', '2026-03-31', \(kopecks), '2026-03-01'
            from facts.account a where a.organization = '\(office.code)' and a.number in ('120', '121')
            """)
    }

    private func month(_ kind: Command.Kind, _ office: Office) throws {
        let body =
            kind == .reopenPeriod
            ? #"{"month":"2026-03","why":"a test"}"# : #"{"month":"2026-03"}"#
        let id = try office.ask(kind, body)
        try office.decide()
        #expect(try office.outcome(id) == "done")
    }

    /// `bill/120/2026-03 50000` a line, in the order of their keys; whom it goes to is left out.
    private func letters(_ office: Office) throws -> [String] {
        try office.texts(
            """
            select split_part(n.key, '@', 1) || ' ' || (c.payload->'values'->>'closing')
            from facts.notice n join queue.command c on c.id = n.command
            where n.organization = $o and n.notice = 'bill.ready' and c.kind = 'mailing.send' order by split_part(n.key, '@', 1)
            """)
    }

    @Test func `goes once to those who chose it, with a way out that works`() throws {
        let (office, person) = try office()
        try month(.closePeriod, office)
        #expect(try letters(office) == ["bill/120/2026-03 50000"])
        let payload = try JSON.parse(
            Array(
                office.text(
                    "select payload::text from queue.command where organization = $o and kind = 'mailing.send'"
                ).utf8))
        #expect(payload["to"]?.string == "ivanov@example.ru")
        #expect(payload["values"]?["due"]?.string == "2026-04-15")
        // Whoever repeats the close tells nobody again.
        try month(.closePeriod, office)
        #expect(try letters(office).count == 1)
        let sealed = try #require(payload["unsubscribe"]?.string)
        let token = try SealedBox.open(text: sealed, with: [office.key])
        #expect(
            try office.tried(.unsubscribe, #"{"link":"\#(Office.hash(token))"}"#) == "done")
        #expect(
            try office.text(
                "select given::text from identity.consent where organization = $o and purpose = 'email_bill' order by n desc limit 1"
            ) == "false")
        // Who chooses it again gets letters with the same way out.
        #expect(try save(#""email_bill""#, office, person) == "done")
        #expect(
            try office.text(
                "select count(*)::text from identity.link where organization = $o and purpose = 'unsubscribe'"
            ) == "1")
    }

    @Test func `goes to each owner by the own word, and a way out is one person's`() throws {
        let (office, ivan) = try office()
        let petr = try office.person("121", "Петров", email: "petrov@example.ru")
        #expect(
            try office.tried(
                .attachAccount, #"{"account":"120","surname":"Иванов"}"#, actor: petr) == "done")
        // What one owner has chosen the other has not.
        #expect(try save("", office, petr) == "done")
        #expect(try save(#""email_bill""#, office, petr) == "done")
        try month(.closePeriod, office)
        let rows = try office.owner.script(
            "select payload->>'to', payload->>'unsubscribe' from queue.command where organization = '\(office.code)' and kind = 'mailing.send' order by 1"
        )
        #expect(rows.map { $0.text(0) } == ["ivanov@example.ru", "petrov@example.ru"])
        let token = try SealedBox.open(text: rows[1].text(1), with: [office.key])
        #expect(
            try office.tried(.unsubscribe, #"{"link":"\#(Office.hash(token))"}"#) == "done")
        func on(_ person: String) throws -> String {
            try office.text(
                "select given::text from identity.consent where purpose = 'email_bill' and principal = \(person.dropFirst(7)) order by n desc limit 1"
            )
        }
        #expect(try on(petr) == "false")
        #expect(try on(ivan) == "true")
    }

    @Test func `tells of a month that was closed anew only if its sum is another`() throws {
        let (office, _) = try office()
        try month(.closePeriod, office)
        try month(.reopenPeriod, office)
        try month(.closePeriod, office)
        #expect(try letters(office) == ["bill/120/2026-03 50000"])
        try month(.reopenPeriod, office)
        try charge(700, office)
        try month(.closePeriod, office)
        #expect(
            try letters(office) == ["bill/120/2026-03 50000", "bill/120/2026-03/3 50700"])
    }

    @Test func `goes to nobody who did not choose it, took it back, or lost the account`() throws {
        let (unasked, _) = try office(wants: false)
        try month(.closePeriod, unasked)
        #expect(try letters(unasked).isEmpty)
        let (taken, person) = try office()
        #expect(try save("", taken, person) == "done")
        try month(.closePeriod, taken)
        #expect(try letters(taken).isEmpty)
        let (lost, _) = try office()
        try lost.owner.script(
            "delete from access.attachment where number = '120' and principal in (select id from access.principal where organization = '\(lost.code)')"
        )
        try month(.closePeriod, lost)
        #expect(try letters(lost).isEmpty)
    }
}
