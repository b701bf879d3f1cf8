import Commands
import Postgres
import Queue
import TestKit
import Testing
import Threads
import Workers

extension Office {
    /// Drains one lane on a thread and a session of its own; what went wrong is told.
    func run(_ lane: Int, _ told: Monitor<[String]>) throws -> Worker {
        let (database, policy, map) = (database, policy, map)
        guard let pool = map.pool(named: policy.name)?.id else { throw TestKitError("no pool") }
        return Worker("lane \(lane)") {
            do {
                let connection = try Connection(
                    database.address(role: "kabinet_workers")
                        .with("application_name", "lane \(lane)"),
                    library: database.library, preparing: Lane.statements + Desk.statements)
                let desk = Desk()
                var owned = Lane(pool: pool, lane: Int16(lane), batch: policy.batch)
                while true {
                    let step = try owned.step(
                        on: connection, policy: policy, map: map, decider: desk)
                    switch step {
                    case .idle: return
                    case .worked: continue
                    case .elsewhere, .outdated, .full, .halved, .held, .paused, .unknown:
                        told.change { $0.append("\(step)") }
                    }
                }
            } catch {
                told.change { $0.append("\(error)") }
            }
        }
    }

    func waitUntilBlocked(_ lane: Int) throws {
        try eventually("lane \(lane) waits for a lock") {
            try !texts(
                """
                select pid::text from pg_stat_activity
                where datname = current_database() and application_name = 'lane \(lane)'
                  and wait_event_type = 'Lock'
                """
            ).isEmpty
        }
    }
}

/// design.md Q2: between lanes, the accounts of a batch are locked in the order of their ids, in a statement of its own,
/// before anything is read.
@Suite(.serialized) struct `Two lanes on the same accounts` {
    private static let database = Result { try TestDatabase("locks") }

    private let columns = ["account", "meter", "taken_on", "value"]

    /// Opens accounts in the order given, so that their ids rise in it.
    private func office(_ accounts: [String], batch: Int = 500) throws -> Office {
        let office = try Office(Self.database.get(), lanes: 2, batch: batch)
        for account in accounts {
            try office.account(account)
            try office.meter("M\(account)", account: account)
        }
        try office.decide()
        return office
    }

    private func row(_ account: String, _ month: Int, _ value: Int) -> [String] {
        [account, "M\(account)", "2026-0\(month)-15", "\(value)"]
    }

    @Test func `take their locks in the order of ids, whatever the order of their commands`() throws
    {
        // The number that sorts last has the lowest id.
        let office = try self.office(["900", "100"])
        for (lane, order) in [(0, ["900", "100"]), (1, ["100", "900"])] {
            let job = try office.stage(
                .readings, columns, order.map { row($0, lane + 1, lane + 1) }, lane: lane)
            try office.take(job, .readings, rows: 2, lane: lane)
        }
        let ids = try office.texts(
            "select a.id::text from facts.account a where organization = $o order by a.id")
        let blocker = try office.database.connection()
        try blocker.begin()
        try blocker.script("select from facts.account where id = \(ids[0]) for no key update")
        let told = Monitor<[String]>([])
        let threads = try (0...1).map { try office.run($0, told) }
        for lane in 0...1 { try office.waitUntilBlocked(lane) }
        // Neither holds the other account: it would only after the lowest.
        let free = try office.owner.transaction {
            try office.owner.script(
                """
                select from facts.account where id = \(ids[1]) for no key update nowait
                """
            ).count
        }
        #expect(free == 1)
        try blocker.rollback()
        for thread in threads { thread.join() }
        #expect(told.read { $0 } == [])
    }

    @Test func `lock for a whole batch at once, imports and parts of months too`() throws {
        let office = try self.office(["1", "2", "3"])
        let ids = try office.texts(
            "select a.id::text from facts.account a where organization = $o order by a.id")
        let numbers = try office.texts(
            "select number from facts.account where organization = $o order by id")
        // The first command is about the highest account, the last about all of them.
        let job = try office.stage(.readings, columns, [row(numbers[2], 1, 1)])
        try office.take(job, .readings, rows: 1)
        let middle = try office.stage(.readings, columns, [row(numbers[1], 1, 1)])
        try office.take(middle, .readings, rows: 1)
        try office.ask(.fixPeriod, #"{"month":"2025-12","part":0,"parts":1}"#)
        let blocker = try office.database.connection()
        try blocker.begin()
        try blocker.script("select from facts.account where id = \(ids[0]) for no key update")
        let told = Monitor<[String]>([])
        let thread = try office.run(0, told)
        try office.waitUntilBlocked(0)
        let free = try office.owner.transaction {
            try office.owner.script(
                """
                select from facts.account where id in (\(ids[1]), \(ids[2]))
                for no key update nowait
                """
            ).count
        }
        #expect(free == 2)
        try blocker.rollback()
        thread.join()
        #expect(told.read { $0 } == [])
        #expect(try office.months(meter: "M\(numbers[2])") == ["2026-01 1"])
    }

    @Test func `see what the other left: nothing is lost, and one of them comes first`() throws {
        let office = try self.office(["1"])
        for lane in 0...1 {
            let job = try office.stage(.readings, columns, [row("1", 1, lane + 1)], lane: lane)
            try office.take(job, .readings, rows: 1, lane: lane)
        }
        let blocker = try office.database.connection()
        try blocker.begin()
        try blocker.script(
            "select from facts.account where organization = '\(office.code)' for no key update")
        let told = Monitor<[String]>([])
        let first = try office.run(0, told)
        try office.waitUntilBlocked(0)
        let second = try office.run(1, told)
        try office.waitUntilBlocked(1)
        try blocker.rollback()
        first.join()
        second.join()
        #expect(told.read { $0 } == [])
        let states = try office.texts(
            """
            select r.state from facts.reading r join facts.meter m on m.id = r.meter
            where m.organization = $o order by 1
            """)
        #expect(states == ["effective", "replaced"])
        #expect(try office.months(meter: "M1").count == 1)
        #expect(try office.violations().isEmpty)
    }

    @Test(arguments: 0..<4)
    func `never stop each other for good, and come to what the facts say`(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        let accounts = (0..<12).map { "\(100 + $0)" }.shuffled(using: &random)
        let office = try self.office(accounts, batch: 4)
        let rows = 120
        for lane in 0...1 {
            let staged = (0..<rows).map { index in
                row(random.pick(accounts), index / 20 + 1, random.below(10) + index / 20 * 10)
            }
            let job = try office.stage(.readings, columns, staged, lane: lane)
            try office.take(job, .readings, rows: rows, ranges: 5, lane: lane)
        }
        let before = try deadlocks(office)
        let told = Monitor<[String]>([])
        let threads = try (0...1).map { try office.run($0, told) }
        for thread in threads { thread.join() }
        #expect(told.read { $0 } == [])
        #expect(try deadlocks(office) == before)
        let taken = try office.text(
            """
            select sum(accepted + unchanged + refused) from operations.import_part p
            join operations.import_job j on j.id = p.job where j.organization = $o
            """)
        #expect(taken == "\(2 * rows)")
        #expect(try office.violations().isEmpty)
    }

    private func deadlocks(_ office: Office) throws -> String {
        try office.text("select deadlocks from pg_stat_database where datname = current_database()")
    }
}
