import Commands
import Postgres
import TestKit
import Testing

@Suite(.serialized) struct `The day of a command` {
    private static let database = Result { try TestDatabase("zones") }

    private func office(_ zone: String, readings: String = "{}") throws -> Office {
        try Office(Self.database.get(), zone: zone, readings: readings)
    }

    private let window = #"{"window": {"from": 10, "to": 25}}"#

    private func taken(_ office: Office, account: String = "120") throws -> [String] {
        try office.texts(
            """
            select r.taken_on::text from facts.reading r join facts.account a on a.id = r.account
            where a.organization = $o and a.number = '\(account)' and r.state = 'effective'
            """)
    }

    /// domain.md §1.10: the 25th counts to 23:59:59 where the house stands.
    @Test(arguments: [
        ("2026-04-09 23:59:59.999999+08", "RD_WINDOW"), ("2026-04-10 00:00:00+08", "done"),
        ("2026-04-25 23:59:59.999999+08", "done"), ("2026-04-26 00:00:00+08", "RD_WINDOW"),
    ])
    func `of an organization in Irkutsk begins and ends there`(at: String, outcome: String) throws {
        let office = try self.office("Asia/Irkutsk", readings: window)
        try office.account("120")
        try office.meter("M")
        let id = try office.submit(["5"], at: at)
        try office.decide()
        #expect(try office.outcome(id) == outcome)
        if outcome == "done" { #expect(try taken(office) == [String(at.prefix(10))]) }
    }

    @Test func `is the day of receipt, however late it is decided`() throws {
        let office = try self.office("Asia/Irkutsk", readings: window)
        try office.account("120")
        try office.meter("M")
        // In one batch, and so decided at one moment, long after both.
        let inside = try office.submit(["5"], at: "2026-04-25 15:59:59Z")
        let outside = try office.submit(["6"], at: "2026-04-25 16:00:00Z")
        try office.decide()
        #expect(try [inside, outside].map(office.outcome) == ["done", "RD_WINDOW"])
    }

    @Test func `is that of the house where the house has a zone of its own`() throws {
        let office = try self.office("Asia/Irkutsk", readings: window)
        try office.owner.script(
            """
            insert into facts.house (organization, code, time_zone)
            values ('\(office.code)', 'msk', 'Europe/Moscow'), ('\(office.code)', 'own', null)
            """)
        try office.account("1", #""house":"msk""#)
        try office.account("2", #""house":"own""#)
        try office.account("3", #""house":"unknown""#)
        for account in ["1", "2", "3"] { try office.meter("M\(account)", account: account) }
        try office.decide()
        // In Moscow it is still the 25th, 19:00.
        let at = "2026-04-26 00:00:00+08"
        let ids = try ["1", "2", "3"].map { account in
            try office.submit(["5"], account: account, meter: "M\(account)", at: at)
        }
        try office.decide()
        #expect(try ids.map(office.outcome) == ["done", "RD_WINDOW", "RD_WINDOW"])
        #expect(try taken(office, account: "1") == ["2026-04-25"])
    }

    @Test(arguments: [1, 500])
    func `follows an account into its house, within one batch too`(batch: Int) throws {
        let office = try Office(
            Self.database.get(), zone: "Asia/Irkutsk", batch: batch, readings: window)
        try office.owner.script(
            """
            insert into facts.house (organization, code, time_zone)
            values ('\(office.code)', 'msk', 'Europe/Moscow')
            """)
        let at = "2026-04-26 00:30:00+08"
        office.now = try office.owner.moment(at)
        try office.account("1", #""house":"msk""#)
        try office.meter("M1", account: "1")
        let new = try office.submit(["5"], account: "1", meter: "M1")
        try office.account("2")
        try office.meter("M2", account: "2")
        let before = try office.submit(["5"], account: "2", meter: "M2")
        try office.ask(.changeAccount, #"{"account":"2","house":"msk"}"#)
        let moved = try office.submit(["5"], account: "2", meter: "M2")
        try office.ask(.changeAccount, #"{"account":"2","house":"elsewhere"}"#)
        let back = try office.submit(["6"], account: "2", meter: "M2")
        try office.decide()
        #expect(
            try [new, before, moved, back].map(office.outcome) == [
                "done", "RD_WINDOW", "done", "RD_WINDOW",
            ])
    }

    @Test func `of years apart is right in one batch, over changes of the clocks`() throws {
        // Moscow was at +4 in 2013, and is at +3 since 2014-10-26.
        let office = try self.office("Europe/Moscow")
        try office.account("120")
        try office.meter("M", #""service":"gas""#)
        let moments = [
            ("2013-06-30 19:59:59Z", "2013-06-30"), ("2013-07-31 20:00:00Z", "2013-08-01"),
            ("2014-10-25 19:59:59Z", "2014-10-25"), ("2014-12-31 20:30:00Z", "2014-12-31"),
            ("2026-04-30 21:00:00Z", "2026-05-01"),
        ]
        for (index, moment) in moments.enumerated() {
            try office.submit(["\(index)"], channel: .bank, at: moment.0)
        }
        try office.decide()
        let found = try taken(office).sorted()
        #expect(found == moments.map(\.1), "\(found)")
    }

    @Test func `of the future is the day after, where the account is`() throws {
        let office = try self.office("Asia/Irkutsk")
        try office.account("120")
        try office.meter("M")
        let tomorrow = try office.submit(
            ["5"], #""taken_on":"2026-04-26""#, at: "2026-04-25 23:59:59+08")
        let today = try office.submit(
            ["5"], #""taken_on":"2026-04-26""#, at: "2026-04-26 00:00:00+08")
        try office.decide()
        #expect(try [tomorrow, today].map(office.outcome) == ["RD_FUTURE", "done"])
    }
}
