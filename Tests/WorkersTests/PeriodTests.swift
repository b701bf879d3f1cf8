import Commands
import Postgres
import Queue
import TestKit
import Testing

@Suite(.serialized) struct `A month at the desk` {
    private static let database = Result { try TestDatabase("period") }

    private func office(
        batch: Int = 500, readings: String = "{}", accountsInPart: Int = 2000
    ) throws -> Office {
        try Office(
            Self.database.get(), batch: batch, readings: readings, accountsInPart: accountsInPart)
    }

    /// `120 2026-04 effective` a line: what is «Рассчитано».
    private func calculated(_ office: Office) throws -> [String] {
        try office.texts(
            """
            select concat_ws(' ', a.number, to_char(r.month, 'YYYY-MM'), r.state)
            from facts.reading r join facts.account a on a.id = r.account
            where a.organization = $o and r.calculated_at is not null order by 1
            """)
    }

    private func month(_ kind: Command.Kind, _ month: String, _ office: Office) throws -> Identifier
    {
        try office.ask(kind, #"{"month":"\#(month)"}"#)
    }

    @Test(arguments: [1, 2, 3, 2000])
    func `that is closed fixes its readings, all of them and no others`(part: Int) throws {
        let office = try self.office(accountsInPart: part)
        let neighbour = try self.office()
        for office in [office, neighbour] {
            for number in 1...5 {
                try office.account("\(number)")
                try office.meter("M\(number)", account: "\(number)")
                for (value, date) in [
                    (1, "2026-02-15"), (2, "2026-03-14"), (3, "2026-03-15"), (4, "2026-04-15"),
                ] {
                    try office.submit(
                        ["\(value)"], #""taken_on":"\#(date)""#, account: "\(number)",
                        meter: "M\(number)", channel: .import)
                }
            }
            try office.decide()
        }
        let close = try month(.closePeriod, "2026-03", office)
        try office.decide()
        #expect(try office.result(close)["parts"]?.int == Int64(max(1, (5 + part - 1) / part)))
        #expect(try calculated(office) == (1...5).map { "\($0) 2026-03 effective" })
        #expect(try calculated(neighbour).isEmpty)
        #expect(
            try office.texts(
                """
                select e.body->>'readings' from queue.exception e
                join queue.command c on c.id = e.command
                where c.organization = $o and c.kind = 'period.charge'
                """
            ).reduce(0) { $0 + (Int($1) ?? 0) } == 5)
        #expect(try office.violations().isEmpty)
    }

    @Test func `that is closed takes no reading, no deletion and no correction any more`() throws {
        let office = try self.office()
        try office.account("120")
        try office.meter("M")
        var ids: [Identifier] = []
        for (month, value) in [("02", "1"), ("03", "2"), ("04", "3")] {
            ids.append(
                try office.submit(
                    [value], #""taken_on":"2026-\#(month)-15""#, channel: .import))
        }
        try office.decide()
        _ = try month(.closePeriod, "2026-04", office)
        try office.decide()
        let deleted = try ids.map { try office.delete($0) }
        let corrected = try office.submit(["4"], #""taken_on":"2026-04-16""#, channel: .import)
        let again = try office.submit(["3"], #""taken_on":"2026-04-15""#, channel: .import)
        try office.decide()
        // What is before the closed month holds its volume up.
        #expect(try deleted.map(office.outcome) == ["RD_CLOSED", "RD_CLOSED", "RD_CLOSED"])
        #expect(try office.outcome(corrected) == "RD_CLOSED")
        #expect(try office.result(again) == .object([.init("unchanged", .bool(true))]))
        #expect(try office.months() == ["2026-02 1", "2026-03 1", "2026-04 1"])
        #expect(try office.violations().isEmpty)
    }

    @Test(arguments: [1, 500])
    func `is closed for what stands behind the close, also in its batch`(batch: Int) throws {
        let office = try self.office(batch: batch)
        try office.account("120")
        try office.meter("M")
        let before = try office.submit(["5"])
        let close = try month(.closePeriod, "2026-04", office)
        let behind = try office.submit(["6"])
        let deleted = try office.delete(before)
        try office.decide()
        #expect(
            try [before, close, behind].map(office.outcome) == ["done", "done", "RD_CLOSED"])
        // The reading is not calculated yet when the deletion comes: it wins.
        #expect(try office.outcome(deleted) == "done")
        #expect(try calculated(office).isEmpty)
        #expect(try office.violations().isEmpty)
    }

    @Test func `that is closed lets late readings into the next one where that is set`() throws {
        let office = try self.office(readings: #"{"late": "next_month"}"#)
        try office.account("120")
        try office.meter("M")
        let first = try office.submit(["5"])
        _ = try month(.closePeriod, "2026-04", office)
        try office.decide()
        let late = try office.submit(["6"])
        try office.decide()
        #expect(try [first, late].map(office.outcome) == ["done", "done"])
        #expect(try office.months() == ["2026-04 5", "2026-05 1"])
        #expect(try calculated(office) == ["120 2026-04 effective"])
        #expect(try office.violations().isEmpty)
    }

    @Test func `is judged by when the reading was received, not by when it is decided`() throws {
        let office = try self.office()
        try office.account("120")
        try office.meter("M")
        try office.meter("N", #""service":"hot_water""#)
        func open(_ month: String, at: String) throws {
            try office.ask(.openPeriod, #"{"month":"\#(month)"}"#, at: at)
        }
        try open("2026-03", at: "2026-03-25 12:00:00+08")
        let inMarch = try office.submit(["5"], at: "2026-04-03 12:00:00+08")
        try open("2026-04", at: "2026-04-05 12:00:00+08")
        // It waited long: March was the newest open month when it was received.
        let waited = try office.submit(["6"], meter: "N", at: "2026-04-04 12:00:00+08")
        let inApril = try office.submit(["7"], at: "2026-04-06 12:00:00+08")
        try office.decide()
        #expect(try [inMarch, waited, inApril].map(office.outcome) == ["done", "done", "done"])
        #expect(try office.months() == ["2026-03 5", "2026-04 2"])
        #expect(try office.months(meter: "N") == ["2026-03 6"])
    }

    @Test func `is opened once, closed as often as one likes, and never opened again`() throws {
        let office = try self.office()
        let ids = try [
            month(.openPeriod, "2026-04", office), month(.openPeriod, "2026-04", office),
            month(.closePeriod, "2026-04", office), month(.closePeriod, "2026-04", office),
            month(.openPeriod, "2026-04", office), month(.closePeriod, "2026-03", office),
        ]
        try office.decide()
        #expect(
            try ids.map(office.outcome) == [
                "done", "done", "done", "done", "PERIOD_CLOSED", "done",
            ])
        #expect(try office.result(ids[1]) == .object([.init("unchanged", .bool(true))]))
        let closed = try office.texts(
            """
            select concat_ws(' ', to_char(month, 'YYYY-MM'), opened_at <= closed_at) from facts.period
            where organization = $o order by month
            """)
        #expect(closed == ["2026-03 t", "2026-04 t"])
        // The first close holds.
        #expect(
            try office.text(
                """
                select (closed_at = c.received_at)::text from facts.period p
                join queue.command c on c.id = '\(ids[2])'
                where p.organization = $o and p.month = '2026-04-01'
                """) == "true")
    }
}
