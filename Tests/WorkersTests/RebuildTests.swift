import Commands
import Postgres
import Queue
import TestKit
import Testing
import Workers

/// What people read, damaged by hand and made anew from the facts.
@Suite(.serialized) struct RebuildTests {
    private static let database = Result { try TestDatabase("rebuild") }

    private func office() throws -> Office {
        let office = try Office(Self.database.get())
        for number in 1...6 {
            try office.account("\(number)")
            try office.meter("M\(number)", account: "\(number)")
            var readings: [Identifier] = []
            for month in 1...4 {
                readings.append(
                    try office.submit(
                        ["\(number * 10 + month)"],
                        #""taken_on":"2026-0\#(month)-10","confirm":true"#,
                        account: "\(number)", meter: "M\(number)", channel: .import))
            }
            try office.decide()
            #expect(try Set(readings.map(office.outcome)) == ["done"])
        }
        return office
    }

    private func meter(_ number: String) -> String {
        "(select id from facts.meter where organization = $o and number = '\(number)')"
    }

    private func damage(_ office: Office, _ sql: String) throws {
        try office.owner.script(sql.replacing("$o", with: "'\(office.code)'"))
    }

    /// The view of an organization as one text.
    private func view(_ office: Office) throws -> [String] {
        try office.texts(
            """
            select v::text from views.month v join facts.meter m on m.id = v.meter where m.organization = $o
            order by v.meter, v.month
            """)
    }

    private func rebuild(
        _ office: Office, parts: Int = 2, _ more: String = ""
    ) throws -> (missing: Int64, different: Int64, extra: Int64) {
        let ids = try (0..<parts).map {
            try office.ask(.rebuildViews, #"{"part":\#($0),"parts":\#(parts)\#(more)}"#)
        }
        try office.decide()
        var sum: (Int64, Int64, Int64) = (0, 0, 0)
        for id in ids {
            #expect(try office.outcome(id) == "done")
            let result = try office.result(id)
            sum.0 += result["missing"]?.int ?? -1
            sum.1 += result["different"]?.int ?? -1
            sum.2 += result["extra"]?.int ?? -1
        }
        return sum
    }

    @Test func `hold what was missing, changed and extra, in every column`() throws {
        let office = try office()
        let whole = try view(office)
        #expect(whole.count == 24)
        try damage(
            office,
            """
            delete from views.month where meter = \(meter("M1"));
            delete from views.month where meter = \(meter("M2")) and month = '2026-02-01';
            update views.month set volumes = '{7}' where meter = \(meter("M2")) and month = '2026-03-01';
            update views.month set values = '{7}' where meter = \(meter("M3")) and month = '2026-03-01';
            update views.month set taken_on = '2026-03-11' where meter = \(meter("M4")) and month = '2026-03-01';
            update views.month set reading = gen_random_uuid() where meter = \(meter("M5")) and month = '2026-03-01';
            update views.month set account = account + 1 where meter = \(meter("M5")) and month = '2026-04-01';
            insert into views.month select meter, '2025-01-01', account, reading, taken_on, values, volumes
              from views.month where meter = \(meter("M6")) and month = '2026-01-01';
            """)
        #expect(try rebuild(office) == (5, 5, 1))
        #expect(try view(office) == whole)
        #expect(try office.violations() == [])
    }

    @Test func `lose what belongs to no meter, where they look for it`() throws {
        let office = try office()
        try damage(
            office,
            """
            insert into views.month select 9000000000, month, account, reading, taken_on, values, volumes
              from views.month where meter = \(meter("M1"))
            """)
        #expect(try rebuild(office) == (0, 0, 0))
        #expect(try rebuild(office, parts: 1, #","from":1,"to":8999999999"#) == (0, 0, 0))
        #expect(try rebuild(office, parts: 1, #","from":1,"to":9000000000"#) == (0, 0, 4))
        #expect(try office.violations() == [])
    }

    @Test func `write nothing where nothing differs, and leave other organizations alone`() throws {
        let office = try office()
        let other = try self.office()
        try damage(other, "delete from views.month where meter = \(meter("M1"))")
        let before = try office.texts("select ctid::text || xmin::text from views.month order by 1")
        #expect(try rebuild(office) == (0, 0, 0))
        #expect(
            try office.texts("select ctid::text || xmin::text from views.month order by 1")
                == before)
        #expect(try rebuild(other) == (4, 0, 0))
        #expect(try office.violations() == [])
    }

    /// A reading that another lane is deciding meanwhile is waited for, not overwritten.
    @Test func `wait for whoever is deciding one of their accounts`() throws {
        let office = try office()
        let rival = try office.worker()
        try rival.begin()
        try rival.script(
            """
            select id from facts.account where organization = '\(office.code)' and number = '1' for no key update
            """)
        let id = try office.ask(.rebuildViews, #"{"part":0,"parts":1}"#)
        let worker = try office.worker()
        try worker.script("set lock_timeout = '200ms'")
        guard let pool = office.map.pool(named: office.policy.name) else {
            throw TestKitError("no pool")
        }
        var lane = Lane(pool: pool.id, lane: 0, batch: 1)
        let step = try lane.step(
            on: worker, policy: office.policy, map: office.map, decider: Desk())
        guard case .halved(_, let error) = step else {
            Issue.record("\(step)")
            return
        }
        #expect(error.contains("55P03"))
        try rival.rollback()
        try office.decide()
        #expect(try office.outcome(id) == "done")
    }
}
