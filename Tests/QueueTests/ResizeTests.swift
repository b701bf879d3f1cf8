import Postgres
import TestKit
import Testing
import Threads

@testable import Queue

/// Another number of lanes, while commands are appended, decided, held and retried. Resizes of one database share the
/// number of its map, so the suite is serialized.
@Suite(.serialized) struct ResizeTests {
    static let database = Result { try queueDatabase("resize") }
    var database: TestDatabase { get throws { try Self.database.get() } }

    /// As `kabinet queue resize` begins it; false when there was nothing to begin.
    static func begin(_ place: Place, _ lanes: Int, on connection: Connection) throws -> Bool {
        try !connection.script(
            "select resize from queue.begin_resize('\(place.policy.name)', \(lanes)::int2, 'test', 'test')"
        ).isEmpty
    }

    @discardableResult
    func begin(_ place: Place, _ lanes: Int) throws -> Bool {
        try Self.begin(place, lanes, on: database.connection(role: "kabinet_operator"))
    }

    /// As workers do once a second. Whether the pool's resize is over.
    @discardableResult
    func end(_ place: Place) throws -> Bool {
        try database.connection(role: "kabinet_workers").run("queue/resizes")
        return try place.number(
            "select count(*) from queue.resize where pool = $pool and ended_at is null") == 0
    }

    /// The lanes of a pool, each as a process would have it, and the map that its workers know.
    final class Crew {
        let place: Place
        let connection: Connection
        var lanes: [Lane] = []
        var map: PoolMap
        var outdated = 0

        init(_ place: Place) throws {
            self.place = place
            connection = try place.worker()
            map = place.map
        }

        func step(_ number: Int, _ decider: any Decider) throws -> Lane.Step {
            while lanes.count <= number { lanes.append(place.lane(Int16(lanes.count))) }
            let step = try lanes[number].step(
                on: connection, policy: place.policy, map: map, decider: decider)
            if case .outdated = step {
                outdated += 1
                map = try PoolMap(on: connection)
            }
            return step
        }

        /// Steps all lanes until nothing is left to do.
        func drain(_ decider: any Decider) throws {
            for _ in 0..<1000 {
                var worked = false
                try connection.run("queue/resizes")
                let count = try place.number(
                    "select lanes_ever from queue.pool where id = $pool")
                for number in 0..<count {
                    while case let step = try step(number, decider), !step.isIdle { worked = true }
                }
                if !worked { return }
            }
            throw TestKitError("the lanes do not come to rest")
        }
    }

    // MARK: Who appends

    @Test func `a flush by an old map is refused as a whole and placed anew`() throws {
        let place = try Place(database, lanes: 4)
        let appender = try Appender(on: place.ingress())
        try appender.append(place.commands(8))
        try begin(place, 7)
        let late = place.commands(21)
        try appender.append(late)
        #expect(
            try place.number(
                """
                select count(*) from queue.command where pool = $pool and subject < 21 and lane = subject % 7
                  and id in (\(late.map { "'\($0.id)'" }.joined(separator: ",")))
                """) == 21)
        #expect(try place.number("select count(*) from queue.command where pool = $pool") == 29)
        #expect(try database.violations() == [])
    }

    @Test func `nobody gets in by an old map, or by none`() throws {
        let place = try Place(database, lanes: 4)
        let old = place.map
        try begin(place, 5)
        for role in ["kabinet_ingress", "kabinet_workers", "kabinet_operator"] {
            let connection = try database.connection(role: role)
            let error = #expect(throws: PostgresError.self) {
                try connection.script(
                    """
                    insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel,
                      received_at)
                    values (gen_random_uuid(), \(place.pool), 0, '\(place.kind)', 'o', 0, '{}', 'a', 'c', now())
                    """)
            }
            #expect(error?.sqlState == "KB003", "\(role)")
        }
        let connection = try place.worker()
        let error = #expect(throws: PostgresError.self) {
            try follow(place.commands(3), map: old, on: connection)
        }
        #expect(error.map(PoolMap.isOutdated) == true)
        // A map that was read on the same session since does not make the old one good.
        _ = try PoolMap(on: connection)
        #expect(throws: PostgresError.self) {
            try follow(place.commands(3), map: old, on: connection)
        }
        #expect(try place.number("select count(*) from queue.command where pool = $pool") == 0)
        try PoolMap.use(on: connection) { try follow(place.commands(3), map: $0, on: connection) }
        #expect(try place.number("select count(*) from queue.command where pool = $pool") == 3)
    }

    @Test func `nor in a transaction that sees what was`() throws {
        let place = try Place(database, lanes: 2)
        let connection = try place.worker()
        let map = try PoolMap(on: connection)
        try connection.script("begin isolation level repeatable read")
        try connection.script("select 1 from queue.pool")
        try begin(place, 3)
        let error = #expect(throws: PostgresError.self) {
            try follow(place.commands(1), map: map, on: connection)
            try connection.commit()
        }
        #expect(error?.sqlState == "KB002")
    }

    @Test func `a resize waits for appends under way, not for long, and the cut sees them`() throws
    {
        let place = try Place(database, lanes: 2)
        let open = try place.ingress()
        let appender = try Appender(on: open)
        try open.begin()
        let first = place.command(3)
        try appender.append([first])
        let error = #expect(throws: PostgresError.self) { try begin(place, 5) }
        #expect(error?.sqlState == "55P03")
        #expect(try place.number("select lanes from queue.pool where id = $pool") == 2)
        try open.commit()
        #expect(try begin(place, 5))
        #expect(
            try place.number(
                """
                select count(*) from queue.command c join queue.resize r using (pool)
                where c.pool = $pool and pg_visible_in_snapshot(c.xid, r.cut)
                """) == 1)
        #expect(try !end(place), "the command before the cut waits")
        try Crew(place).drain(writing())
        #expect(try place.effects() == [first.id])
        #expect(try end(place))
    }

    @Test func `an append that comes meanwhile waits for the resize and goes by it`() throws {
        let place = try Place(database, lanes: 2)
        let resizing = try database.connection(role: "kabinet_operator")
        try resizing.begin()
        #expect(try Self.begin(place, 9, on: resizing))
        let told = Monitor<String?>(nil)
        let commands = place.commands(18)
        let thread = Worker("door") {
            do {
                try Appender(on: place.ingress()).append(commands)
                told.change { $0 = "" }
            } catch {
                told.change { $0 = "\(error)" }
            }
        }
        try eventually("the flush at the fence") {
            try place.number(
                "select count(*) from pg_locks where locktype = 'advisory' and not granted") > 0
        }
        try resizing.commit()
        thread.join()
        #expect(told.read { $0 } == "")
        #expect(
            try place.number(
                "select count(*) from queue.command where pool = $pool and lane = subject % 9")
                == 18
        )
        #expect(try end(place), "nothing is before the cut")
        try Crew(place).drain(writing())
        #expect(try place.effects().count == 18)
    }

    // MARK: The drain

    @Test func `what is placed anew waits until all lanes have decided what was there before`()
        throws
    {
        let place = try Place(database, lanes: 4)
        let crew = try Crew(place)
        let appender = try Appender(on: place.ingress())
        let before = place.commands(4)
        try appender.append(before)
        try begin(place, 8)
        let after = place.commands(16)
        try appender.append(after)
        // Three of the four lanes decide theirs; no lane anything else.
        for _ in 0..<3 {
            for lane in [0, 1, 2, 4, 5, 6, 7] { _ = try crew.step(lane, writing()) }
        }
        #expect(try Set(place.effects()) == Set(before[0...2].map(\.id)))
        #expect(try !end(place))
        // Doctor has nothing against lanes that have done their part.
        #expect(
            try place.number("select count(*) from queue.drained where pool = $pool") == 7)
        for _ in 0..<2 { _ = try crew.step(3, writing()) }
        #expect(try Set(place.effects()) == Set(before.map(\.id)))
        #expect(try end(place))
        try crew.drain(writing())
        #expect(try place.effects().count == 20)
        #expect(try database.violations() == [])
    }

    @Test func `a diff that was opened before the resize is gone through to its end`() throws {
        let place = try Place(database, lanes: 1, batch: 3)
        let crew = try Crew(place)
        let appender = try Appender(on: place.ingress())
        let before = place.commands(10)
        try appender.append(before)
        _ = try crew.step(0, writing())
        try begin(place, 3)
        let after = place.commands(9)
        try appender.append(after)
        while case let step = try crew.step(0, writing()), !step.isIdle {}
        #expect(try place.effects() == before.map(\.id))
        try crew.drain(writing())
        #expect(try Set(place.effects()) == Set((before + after).map(\.id)))
        #expect(try database.violations() == [])
    }

    /// The diff that a batch has opened before the cut, and that is stored after it, may end where the cut does and still
    /// not see an append that was committed between the two.
    @Test func `what was committed between a claim and the cut is decided before the end`() throws {
        let place = try Place(database, lanes: 1)
        let crew = try Crew(place)
        let late = try place.ingress()
        let lateAppender = try Appender(on: late)
        let (first, second) = (place.command(1), place.command(2))
        try late.begin()
        try lateAppender.append([first])
        try Appender(on: place.ingress()).append([second])
        let decider = Deciding { [self] batch, connection in
            if batch.map(\.id) == [second.id] {
                try late.commit()
                try begin(place, 3)
            }
            try write(batch, connection)
            return Decided(verdicts: batch.map { _ in .done })
        }
        _ = try crew.step(0, decider)
        #expect(try place.effects() == [second.id])
        #expect(try !end(place))
        _ = try crew.step(0, decider)
        #expect(try place.effects() == [second.id, first.id])
        #expect(try end(place))
    }

    @Test
    func `holds move with what is parked, abandoned ones too, and later commands park behind`()
        throws
    {
        let place = try Place(database, lanes: 4, attempts: 1)
        let crew = try Crew(place)
        let appender = try Appender(on: place.ingress())
        let commands = (0..<3).map { _ in place.command(6) }
        try appender.append(commands)
        while case let step = try crew.step(2, failing(commands[0].id)), !step.isIdle {}
        #expect(try place.number("select count(*) from queue.parked") >= 3)
        try begin(place, 5)
        let late = place.command(6)
        try appender.append([late])
        #expect(try end(place), "what is held is no reason to wait")
        #expect(try place.number("select lane from queue.hold where pool = $pool") == 1)
        while case let step = try crew.step(1, writing()), !step.isIdle {}
        #expect(try place.effects() == [], "it stands behind an abandoned command")
        #expect(try database.violations() == [])
        try database.connection().script(
            "update queue.hold set state = 'waiting' where pool = \(place.pool)")
        try place.makeDue()
        try crew.drain(writing())
        #expect(try place.effects() == (commands + [late]).map(\.id))
        #expect(try database.violations() == [])
    }

    @Test func `a retry under way keeps the resize from ending`() throws {
        let place = try Place(database, lanes: 2)
        let crew = try Crew(place)
        let appender = try Appender(on: place.ingress())
        let command = place.command(1)
        try appender.append([command])
        while case let step = try crew.step(1, failing(command.id)), !step.isIdle {}
        try place.makeDue()
        try begin(place, 3)
        let decider = Deciding { [self] batch, connection in
            #expect(try !end(place), "the lane is at work")
            try write(batch, connection)
            return Decided(verdicts: batch.map { _ in .done })
        }
        _ = try crew.step(1, decider)
        #expect(try place.effects() == [command.id])
        #expect(try place.holds() == 0)
        #expect(try end(place))
    }

    @Test func `a batch whose follow-ups were placed by an old map comes again by the new one`()
        throws
    {
        let place = try Place(database, lanes: 2)
        let crew = try Crew(place)
        let first = place.command(0)
        try Appender(on: place.ingress()).append([first])
        let decider = Deciding { [self] batch, connection in
            // Once, between the claim and the end of the batch.
            try begin(place, 5)
            try write(batch, connection)
            let follow = batch.first?.id == first.id ? [place.command(8)] : []
            return Decided(verdicts: batch.map { _ in .done }, follow: follow)
        }
        let step = try crew.step(0, decider)
        guard case .outdated = step else {
            Issue.record("\(step)")
            return
        }
        #expect(try place.effects() == [])
        #expect(try place.holds() == 0)
        try crew.drain(decider)
        #expect(try place.effects().count == 2)
        #expect(
            try place.number(
                "select count(*) from queue.command where pool = $pool and subject = 8 and lane = 3"
            )
                == 1)
    }

    @Test func `one resize at a time, and what is there already begins none`() throws {
        let place = try Place(database, lanes: 3)
        try Appender(on: place.ingress()).append(place.commands(3))
        #expect(try !begin(place, 3))
        #expect(try begin(place, 2))
        #expect(try !begin(place, 4))
        try Crew(place).drain(writing())
        #expect(try end(place))
        #expect(try begin(place, 4))
    }

    @Test func `a lane that is used again knows what it decided`() throws {
        let place = try Place(database, lanes: 6)
        let crew = try Crew(place)
        let appender = try Appender(on: place.ingress())
        var all: [NewCommand] = []
        for lanes in [2, 6, 1, 9] {
            let commands = place.commands(12)
            all += commands
            try appender.append(commands)
            try begin(place, lanes)
            try crew.drain(writing())
            #expect(try end(place))
        }
        #expect(try place.effects().count == all.count)
        #expect(try Set(place.effects()) == Set(all.map(\.id)))
        #expect(try database.violations() == [])
    }

    @Test func `after a logical restore an open resize is over, and the order is kept`() throws {
        let own = try queueDatabase("resize_rebase")
        let place = try Place(own, lanes: 4)
        let appender = try Appender(on: place.ingress())
        let before = (0..<6).map { _ in place.command(7) }
        try appender.append(before)
        try begin(place, 3)
        let after = (0..<6).map { _ in place.command(7) }
        try appender.append(after)
        let connection = try own.connection()
        try connection.script("select queue.rebase()")
        try Crew(place).drain(writing())
        #expect(try place.effects() == (before + after).map(\.id))
        #expect(try own.violations() == [])
    }

    // MARK: All together

    /// Appends, steps, failures, retries and resizes in any order: every subject's commands are decided once, in the order
    /// of their appending.
    @Test(arguments: 0..<16)
    func `whenever resizes come, each command is decided once and in its subject's order`(
        seed: Int
    ) throws {
        var random = Seeded(UInt64(seed) + 7)
        let place = try Place(
            database, lanes: 1 + random.below(6), batch: [1, 3, 100][random.below(3)], attempts: 50)
        let crew = try Crew(place)
        let doors = try (0..<2).map { _ in try Appender(on: place.ingress()) }
        var appended: [Int64: [Identifier]] = [:]
        var children: [Identifier: NewCommand] = [:]
        var failing = false
        let decider = Deciding { batch, connection in
            if failing, batch.count == 1 || random.oneIn(2) { throw TestKitError("not now") }
            try write(batch, connection)
            return Decided(
                verdicts: batch.map { _ in .done },
                follow: batch.compactMap { children[$0.id] })
        }
        var resizes = 0
        for _ in 0..<120 {
            failing = false
            switch random.below(14) {
            case 0...3:
                let commands = (0...random.below(5)).map { _ in
                    place.command(Int64(random.below(9)) - 4)
                }
                for command in commands {
                    appended[command.subject, default: []].append(command.id)
                    // Each on a subject of its own: nobody's order is bound by when it comes.
                    if random.oneIn(6) {
                        children[command.id] = place.command(Int64(1_000 + children.count))
                    }
                }
                try doors[random.below(2)].append(commands)
            case 4...8:
                let count = try place.number("select lanes_ever from queue.pool where id = $pool")
                failing = random.oneIn(5)
                _ = try crew.step(random.below(count), decider)
            case 9: try place.makeDue()
            case 10, 11: if try begin(place, 1 + random.below(9)) { resizes += 1 }
            default: try end(place)
            }
        }
        failing = false
        try place.makeDue()
        try crew.drain(decider)
        #expect(try end(place))
        #expect(resizes > 1)
        let effects = try place.effects()
        let sum = appended.values.reduce(0) { $0 + $1.count }
        #expect(effects.count == sum + children.count)
        for (subject, ids) in appended {
            let own = Set(ids)
            #expect(effects.filter(own.contains) == ids, "subject \(subject)")
        }
        #expect(try place.holds() == 0)
        #expect(try database.violations() == [])
    }
}
