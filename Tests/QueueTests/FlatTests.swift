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

    // MARK: What a command costs from its claim to its commit

    static var done: Deciding {
        Deciding { batch, _ in Decided(verdicts: batch.map { _ in .done }) }
    }

    /// Drains lanes and counts the blocks of the queue that each command of them cost. Nobody else may touch it meanwhile.
    func cost(
        _ place: Place, lanes: Range<Int16>, on worker: Connection, after ingress: Connection
    ) throws -> Double {
        let before = try place.database.blocks(by: [worker, ingress])
        var count = 0
        for number in lanes {
            var lane = place.lane(number)
            count += try place.drain(&lane, on: worker, Self.done).reduce(0) { $0 + $1.count }
        }
        guard count > 0 else { throw TestKitError("nothing waited") }
        return Double(try place.database.blocks(by: [worker]) - before) / Double(count)
    }

    @Test func `a command of a long backlog of 64 lanes costs 0.6 blocks at most`() throws {
        let database = try queueDatabase("flat_backlog")
        try database.undisturbed()
        let place = try Place(database, lanes: 64)
        let ingress = try place.ingress()
        let appender = try Appender(on: ingress)
        for flush in 0..<64 {
            try appender.append(place.commands(500) { Int64(flush * 500 + $0) })
        }
        let cost = try cost(place, lanes: 0..<64, on: place.worker(), after: ingress)
        report("blocks a command, 64 lanes, flushes of 500, batches of 500: \(cost)")
        #expect(cost <= 0.6)
    }

    @Test func `a command costs the same behind 128,000 others, with old transactions open`() throws
    {
        let database = try queueDatabase("flat_pinned")
        try database.undisturbed()
        let place = try Place(database, lanes: 16)
        let worker = try place.worker()
        let ingress = try place.ingress()
        let appender = try Appender(on: ingress)
        func cycle() throws -> (append: Double, work: Double) {
            let before = try database.blocks(by: [ingress])
            for flush in 0..<32 {
                try appender.append(place.commands(500) { Int64(flush * 500 + $0) })
            }
            let appended = try database.blocks(by: [ingress]) - before
            return (
                Double(appended) / 16_000,
                try cost(place, lanes: 0..<16, on: worker, after: ingress)
            )
        }
        // The first ones make the indexes' levels.
        for _ in 0..<5 { _ = try cycle() }
        let fresh = try cycle()
        let writer = try place.ingress()
        try writer.begin()
        try Appender(on: writer).append(place.commands(1))
        let reader = try database.connection()
        try reader.script("begin isolation level repeatable read; select count(*) from queue.batch")
        var pinned = fresh
        for number in 1...8 {
            pinned = try cycle()
            if number == 1 || number == 8 {
                report(
                    "blocks a command, pinned for \(number * 16_000): \(pinned), before: \(fresh)")
            }
        }
        #expect(pinned.work <= fresh.work * 1.10)
        #expect(pinned.append <= fresh.append * 1.10)
        try writer.commit()
        try reader.rollback()
        #expect(try place.drain(Self.done).reduce(0) { $0 + $1.count } == 1)
        #expect(try database.violations() == [])
    }

    @Test func `a lane whose subject has 200,000 commands parked goes on at the same cost`() throws
    {
        let database = try queueDatabase("flat_parked")
        try database.undisturbed()
        let place = try Place(database)
        let worker = try place.worker()
        let ingress = try place.ingress()
        let appender = try Appender(on: ingress)
        func others() throws {
            for flush in 0..<16 {
                try appender.append(place.commands(500) { Int64(flush * 500 + $0 + 1) })
            }
        }
        try others()
        _ = try cost(place, lanes: 0..<1, on: worker, after: ingress)
        try others()
        let fresh = try cost(place, lanes: 0..<1, on: worker, after: ingress)
        let head = place.command(0)
        try database.append(head)
        var lane = place.lane()
        try place.drain(&lane, on: worker, failing(head.id))
        #expect(try place.holds() == 1)

        // Parked by the lane itself, 40,000; each costs the same, however many are there.
        var parking: [Double] = []
        for _ in 0..<8 {
            for _ in 0..<10 { try appender.append(place.commands(500) { _ in 0 }) }
            parking.append(try cost(place, lanes: 0..<1, on: worker, after: ingress))
        }
        report("blocks a parked command: \(parking.map { ($0 * 100).rounded() / 100 })")
        #expect(parking[7] <= parking[0] * 1.30)
        // Its row and two index entries.
        #expect(parking.allSatisfy { $0 <= 10 })
        // The rest of the 200,000 at once.
        let owner = try database.connection()
        try owner.script(
            """
            insert into queue.parked (hold, command)
            select h.id, md5(i::text)::uuid from queue.hold h, generate_series(1, 160000) i
            """)
        _ = try database.blocks(by: [owner])
        try others()
        let beside = try cost(place, lanes: 0..<1, on: worker, after: ingress)
        report("blocks a command beside 200,000 parked: \(beside), before: \(fresh)")
        #expect(beside <= fresh * 1.15)
    }

    @Test func `releasing a subject's commands costs the same, with old transactions open`() throws
    {
        let database = try queueDatabase("flat_release")
        try database.undisturbed()
        let place = try Place(database)
        let worker = try place.worker()
        let ingress = try place.ingress()
        let appender = try Appender(on: ingress)
        let head = place.command(0)
        try database.append(head)
        var lane = place.lane()
        try place.drain(&lane, on: worker, failing(head.id))
        for _ in 0..<80 { try appender.append(place.commands(500) { _ in 0 }) }
        try place.drain(&lane, on: worker, Self.done)
        let writer = try place.ingress()
        try writer.begin()
        try Appender(on: writer).append(place.commands(1))
        try place.makeDue()
        // The hold's own row changes with each batch, and none of its versions can go: the index entries stay the same.
        var costs: [Double] = []
        var done = 0
        while done < 40_001 {
            let before = try database.blocks(by: [worker, ingress])
            let count = try place.step(&lane, on: worker, Self.done).count
            guard count > 0 else { throw TestKitError("nothing was released") }
            done += count
            if count == 500 {
                costs.append(Double(try database.blocks(by: [worker]) - before) / 500)
            }
        }
        report("blocks a released command: \(costs.prefix(3)) … \(costs.suffix(3))")
        #expect(costs.count >= 70)
        #expect(try #require(costs.dropFirst().max()) <= costs[1] * 1.02)
        #expect(try place.holds() == 0)
        try writer.rollback()
    }
}
