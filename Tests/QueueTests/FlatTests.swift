import Postgres
import Queue
import TestKit
import Testing
import Threads

/// Q3: nothing of the queue is changed or deleted on the hot path. Q5: a claim costs what it takes, not what is there.
@Suite struct FlatTests {
    static let database = Result { try queueDatabase("flat") }
    var database: TestDatabase { get throws { try Self.database.get() } }

    /// Blocks that a claim of the next batch of lane 0 touches.
    func blocks(_ place: Place, on worker: Connection) throws -> Int {
        try worker.begin()
        try worker.script("select from queue.cursor(\(place.pool)::int2, 0::int2)")
        let plan = try worker.script(
            """
            explain (analyze, buffers, timing off, summary off, format json)
            execute "queue/claim"(\(place.pool), 0, 501)
            """)[0].text(0)
        try worker.rollback()
        func number(after name: String) -> Int {
            guard let found = plan.firstRange(of: "\"\(name)\": ") else { return 0 }
            return Int(plan[found.upperBound...].prefix { $0.isNumber }) ?? 0
        }
        return number(after: "Shared Hit Blocks") + number(after: "Shared Read Blocks")
    }

    @Test func `a look for keys costs the same, though its plan was made on empty tables`() throws {
        // Index entries are counted by table: nobody else may read here.
        let database = try queueDatabase("flat_keys")
        let place = try Place(database)
        let ingress = try place.ingress()
        let appender = try Appender(on: ingress)
        func flush(_ commands: [NewCommand]) throws -> [Appended] {
            try appender.append(
                commands.map { Append($0, key: Array("\($0.id)".utf8), digest: [1]) },
                now: realMicroseconds())
        }
        let first = place.commands(100)
        #expect(try flush(first).allSatisfy { $0 == .accepted })
        // A repetition: from here on each flush looks first.
        #expect(try flush(first).allSatisfy { $0 == .accepted })
        func read() throws -> Int {
            try ingress.script("select pg_stat_force_next_flush()")
            return try place.number(
                """
                select coalesce(sum(idx_tup_read), 0) from pg_stat_user_indexes
                where schemaname = 'queue' and relname like 'idempotency%'
                """)
        }
        for _ in 0..<20 { _ = try flush(place.commands(100)) }
        let before = try read()
        #expect(try flush(first).allSatisfy { $0 == .accepted })
        #expect(
            try read() - before <= 100,
            "one entry for each key that is taken, whatever else is there")
    }

    @Test func `the slow poll costs the same, though all that came before came at once`() throws {
        // Index entries are counted by table: nobody else may read here.
        let database = try queueDatabase("flat_poll")
        let place = try Place(database, lanes: 4)
        let worker = try place.worker()
        let ingress = try place.ingress()
        // One transaction, so that the statistics say that an xid stands for all.
        try ingress.begin()
        let appender = try Appender(on: ingress)
        for _ in 0..<20 { try appender.append(place.commands(1_000) { Int64($0) }) }
        try ingress.commit()
        // One that is under way, so that the lanes' snapshots name it.
        let writer = try place.ingress()
        try writer.begin()
        try Appender(on: writer).append(place.commands(1))
        let decider = Deciding { batch, _ in Decided(verdicts: batch.map { _ in .done }) }
        for number in Int16(0)..<4 {
            var lane = place.lane(number)
            try place.drain(&lane, on: worker, decider)
        }
        try database.connection().script("analyze queue.command; analyze queue.batch")
        func read() throws -> Int {
            try worker.script("select pg_stat_force_next_flush()")
            return try place.number(
                "select coalesce(sum(idx_tup_read), 0) from pg_stat_user_indexes where schemaname = 'queue'"
            )
        }
        let before = try read()
        #expect(try worker.run("queue/ready", .int16(place.pool), .int32(4)).isEmpty)
        #expect(
            try read() - before <= 40,
            "the cursors of four lanes, and nothing that lies behind them")
        try writer.commit()
        #expect(try worker.run("queue/ready", .int16(place.pool), .int32(4)).count == 1)
    }

    @Test func `20,000 commands leave no dead row, and each batch costs the same`() throws {
        let place = try Place(database, lanes: 4)
        let worker = try place.worker()
        let writer = try place.ingress()
        try writer.begin()
        try Appender(on: writer).append(place.commands(1))
        let ingress = try place.ingress()
        let appender = try Appender(on: ingress)
        for flush in 0..<40 {
            try appender.append(place.commands(500) { Int64($0 + flush) })
        }
        try ingress.script("select pg_stat_force_next_flush()")
        let decider = Deciding { batch, _ in
            Decided(
                verdicts: batch.map {
                    $0.subject % 100 == 0 ? .refused(code: "no", body: Array("{}".utf8)) : .done
                })
        }
        var costs: [Int] = []
        var count = 0
        for number in Int16(0)..<4 {
            var lane = place.lane(number)
            count += try untilIdle {
                if number == 0 { costs.append(try blocks(place, on: worker)) }
                return try place.step(&lane, on: worker, decider)
            }.reduce(0) { $0 + $1.count }
        }
        #expect(count == 20_000)
        try writer.commit()
        for number in Int16(0)..<4 {
            var lane = place.lane(number)
            count += try place.drain(&lane, on: worker, decider).reduce(0) { $0 + $1.count }
        }
        #expect(count == 20_001)
        try worker.script("select pg_stat_force_next_flush()")
        let stats = try database.connection().script(
            """
            select sum(n_tup_ins), sum(n_tup_upd + n_tup_del), sum(n_dead_tup) from pg_stat_user_tables
            where schemaname = 'queue' and relname !~ '^(pool|kind|origin)$'
            """)[0]
        #expect(Int(stats.text(0)) ?? 0 >= 20_001)
        #expect(stats.text(1) == "0")
        #expect(stats.text(2) == "0")
        // 0.6 blocks a command at most; the whole backlog would be some 600 more.
        #expect(costs.count >= 10)
        #expect(costs.allSatisfy { $0 <= 300 }, "blocks a claim: \(costs)")
        #expect(try database.violations() == [])
    }
}
