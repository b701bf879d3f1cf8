import Postgres
import TestKit
import Testing
import Threads

@testable import Queue

/// Appending once, whatever is repeated; waking; pools and kinds.
@Suite struct AppendTests {
    static let database = Result { try queueDatabase("append") }
    var database: TestDatabase { get throws { try Self.database.get() } }

    static let day: Int64 = 86_400_000_000
    /// Noon of a day, microseconds.
    static let noon: Int64 = 20_700 * day + day / 2

    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    func key(_ place: Place, _ name: String) -> [UInt8] { Self.bytes("\(place.kind) \(name)") }

    func count(_ place: Place) throws -> Int {
        try place.number("select count(*) from queue.command where pool = $pool")
    }

    @Test func `a known key with the same body is the command it became`() throws {
        let place = try Place(database)
        let appender = try Appender(on: place.ingress())
        let (first, second) = (place.command(), place.command())
        let key = key(place, "a")
        #expect(
            try appender.append([Append(first, key: key, digest: [1])], now: Self.noon)
                == [.accepted])
        #expect(
            try appender.append([Append(second, key: key, digest: [1])], now: Self.noon)
                == [.repeated(first.id)])
        #expect(
            try appender.append([Append(second, key: key, digest: [2])], now: Self.noon)
                == [.conflict])
        #expect(try count(place) == 1)
    }

    @Test func `duplicates within one flush are one command, another body is a conflict`() throws {
        let place = try Place(database)
        let appender = try Appender(on: place.ingress())
        let commands = place.commands(6)
        let (a, b) = (key(place, "a"), key(place, "b"))
        let answers = try appender.append(
            [
                Append(commands[0], key: a, digest: [1]), Append(commands[1], key: b, digest: [1]),
                Append(commands[2], key: a, digest: [1]), Append(commands[3], key: a, digest: [2]),
                Append(commands[4]), Append(commands[5], key: b, digest: [1]),
            ], now: Self.noon)
        #expect(
            answers == [
                .accepted, .accepted, .repeated(commands[0].id), .conflict, .accepted,
                .repeated(commands[1].id),
            ])
        try place.drain(writing())
        #expect(try place.effects() == [0, 1, 4].map { commands[$0].id })
    }

    @Test func `a flush repeated after its answer was lost is accepted and appended once`() throws {
        let place = try Place(database)
        let commands = place.commands(4)
        let flush = commands.enumerated().map { index, command in
            Append(command, key: index % 2 == 0 ? key(place, "\(index)") : nil, digest: [1])
        }
        for _ in 0..<3 {
            let appender = try Appender(on: place.ingress())
            #expect(
                try appender.append(flush, now: Self.noon)
                    == [.accepted, .accepted, .accepted, .accepted])
        }
        try place.drain(writing())
        #expect(try place.effects() == commands.map(\.id))
    }

    /// Appends one command in each of two open transactions; the second waits for the first, which then ends.
    func race(
        _ place: Place, _ key: [UInt8], digests: ([UInt8], [UInt8]) = ([1], [1]),
        now: (Int64, Int64), commits: Bool = true
    ) throws -> (first: NewCommand, second: NewCommand, answer: [Appended]) {
        let (first, second) = (place.command(), place.command())
        let holder = try place.ingress()
        try holder.begin()
        #expect(
            try Appender(on: holder).append(
                [Append(first, key: key, digest: digests.0)], now: now.0) == [.accepted])
        let answer = Monitor<Result<[Appended], any Error>?>(nil)
        let pid = Monitor<Int32?>(nil)
        let late = Worker("late") {
            let result = Result {
                let connection = try place.ingress()
                pid.change { $0 = connection.backend }
                return try Appender(on: connection).append(
                    [Append(second, key: key, digest: digests.1)], now: now.1)
            }
            answer.change { $0 = result }
        }
        let waiting = try #require(pid.wait(milliseconds: 30_000) { $0 })
        try eventually("the second flush waits") {
            try !database.connection().script(
                "select from pg_stat_activity where pid = \(waiting) and wait_event_type = 'Lock'"
            ).isEmpty
        }
        if commits { try holder.commit() } else { try holder.rollback() }
        late.join()
        return (first, second, try #require(answer.read { $0 }).get())
    }

    @Test func `of two flushes at once with one key one wins, and the other learns of it`() throws {
        let place = try Place(database)
        let now = (Self.noon, Self.noon)
        let same = try race(place, key(place, "same"), now: now)
        #expect(same.answer == [.repeated(same.first.id)])
        let other = try race(place, key(place, "other"), digests: ([1], [2]), now: now)
        #expect(other.answer == [.conflict])
        let gone = try race(place, key(place, "gone"), now: now, commits: false)
        #expect(gone.answer == [.accepted])
        try place.drain(writing())
        #expect(try place.effects() == [same.first.id, other.first.id, gone.second.id])
    }

    static let minute: Int64 = 60_000_000

    @Test(arguments: [
        (-6, -1), (-6, -4), (6, 4), (-1, 1), (-1, 6), (-6, 4), (1, 6), (4, -6), (6, -1), (-4, -6),
        (0, 0),
    ])
    func `around midnight a key stands for one command, whichever clock asks`(
        _ first: Int64, _ second: Int64
    ) throws {
        let place = try Place(database)
        let midnight = 20_800 * Self.day
        let now = (midnight + first * Self.minute, midnight + second * Self.minute)
        let appender = try Appender(on: place.ingress())
        let (one, two) = (place.command(), place.command())
        let key = key(place, "after each other")
        #expect(
            try appender.append([Append(one, key: key, digest: [1])], now: now.0) == [.accepted])
        #expect(
            try appender.append([Append(two, key: key, digest: [1])], now: now.1)
                == [.repeated(one.id)])
        #expect(
            try appender.append([Append(two, key: key, digest: [9])], now: now.1) == [.conflict])
        #expect(try count(place) == 1)
        // Two clocks at the same moment differ by little; then one day at least is common to both.
        if abs(first - second) < 5 {
            let race = try race(place, self.key(place, "at once"), now: now)
            #expect(race.answer == [.repeated(race.first.id)])
            #expect(try count(place) == 2)
        }
    }

    /// Four days begin at 20,800: 20,800 is a multiple of four.
    @Test(arguments: [0, 1, 2, 3])
    func `a key holds for 48 hours, whichever of the four days it came on`(_ dayOfFour: Int64)
        throws
    {
        let place = try Place(database)
        let appender = try Appender(on: place.ingress())
        let key = key(place, "held")
        let (one, two) = (place.command(), place.command())
        for minute: Int64 in [0, 3, 6, 720, 1434, 1437] {
            let key = key + [UInt8(minute % 251)]
            let first = (20_800 + dayOfFour) * Self.day + minute * Self.minute
            let command = place.command()
            #expect(
                try appender.append([Append(command, key: key, digest: [1])], now: first)
                    == [.accepted])
            for later in [0, 1, 12, 47, 48].map({ first + $0 * 60 * Self.minute }) {
                #expect(
                    try appender.append([Append(two, key: key, digest: [1])], now: later)
                        == [.repeated(command.id)])
                // And when nothing of late was a repetition, so that no look comes first.
                #expect(
                    try Appender(on: place.ingress()).append(
                        [Append(one, key: key, digest: [2])], now: later) == [.conflict])
            }
        }
    }

    @Test func `the days of a key: where it is written, and where it is looked for`() {
        let four = 4 * Self.day
        let start = 5_200 * four
        func days(_ minutes: Int64) -> KeyDays { KeyDays(start + minutes * Self.minute) }
        #expect(days(0).current == 20_800)
        #expect(days(0).written == [20_796, 20_800])
        #expect(days(0).previous == 20_796)
        #expect(days(5).written == [20_800])
        #expect(days(48 * 60 + 9).previous == 20_796)
        #expect(days(48 * 60 + 10).previous == nil)
        #expect(days(48 * 60 + 10).next == nil)
        #expect(days(96 * 60 - 10).next == 20_804)
        #expect(days(96 * 60 - 6).written == [20_800])
        #expect(days(96 * 60 - 5).written == [20_800, 20_804])
        #expect(days(96 * 60).current == 20_804)
    }

    @Test func `after a repetition flushes look first, so that nothing is written in vain`() throws
    {
        // Dead tuples are counted by table: nobody else may write here.
        let database = try queueDatabase("append_in_vain")
        let place = try Place(database)
        let appender = try Appender(on: place.ingress())
        let key = key(place, "again")
        let noon = Self.noon
        func dead() throws -> Int {
            let connection = try database.connection()
            try connection.script("select pg_stat_force_next_flush()")
            return try place.number(
                """
                select coalesce(sum(n_dead_tup), 0) from pg_stat_user_tables
                where schemaname = 'queue' and relname like 'idempotency%'
                """)
        }
        let command = place.command()
        #expect(
            try appender.append([Append(command, key: key, digest: [1])], now: noon) == [.accepted])
        for _ in 0..<40 {
            let flush = place.commands(3)
            #expect(
                try appender.append(
                    [
                        Append(flush[0], key: self.key(place, "\(flush[0].id)"), digest: [1]),
                        Append(flush[1], key: key, digest: [1]),
                        Append(flush[2], key: key, digest: [2]),
                    ], now: noon) == [.accepted, .repeated(command.id), .conflict])
        }
        // One flush of the forty-one was in vain: its keys are what is dead.
        #expect(try dead() <= 3)
        #expect(try count(place) == 41)
    }

    @Test func `a key of an earlier four days than a look-up reads is a new command`() throws {
        let place = try Place(database)
        let appender = try Appender(on: place.ingress())
        let key = key(place, "old")
        let (one, two) = (place.command(), place.command())
        #expect(
            try appender.append([Append(one, key: key, digest: [1])], now: Self.noon)
                == [.accepted])
        #expect(
            try appender.append([Append(two, key: key, digest: [1])], now: Self.noon + 2 * Self.day)
                == [.repeated(one.id)])
        #expect(
            try appender.append([Append(two, key: key, digest: [1])], now: Self.noon + 7 * Self.day)
                == [.accepted])
    }

    @Test func `a kind that no pool takes spoils only its own request`() throws {
        let place = try Place(database)
        let appender = try Appender(on: place.ingress())
        let known = place.commands(2)
        let answers = try appender.append(
            [
                Append(known[0], key: key(place, "a"), digest: [1]), Append(.sample("no.one")),
                Append(known[1], key: key(place, "a"), digest: [1]),
            ], now: Self.noon)
        #expect(answers == [.accepted, .unknownKind, .repeated(known[0].id)])
        #expect(try appender.append([Append(.sample("no.one"))], now: Self.noon) == [.unknownKind])
        #expect(try appender.append([], now: Self.noon) == [])
    }

    @Test func `a flush notifies once a pool, with its lanes, at its commit`() throws {
        let (one, two) = (try Place(database, lanes: 20), try Place(database, lanes: 20))
        let listener = try database.connection()
        try listener.listen("queue_append")
        let ingress = try one.ingress()
        let appender = try Appender(on: ingress)
        try ingress.begin()
        try appender.append(
            [0, 19, 7, 7, 20].map { one.command($0) } + [3].map { two.command($0) })
        try ingress.commit()
        try listener.script("select pg_notify('queue_append', 'end')")
        var found: [String] = []
        while !found.contains("end") {
            found += try listener.notifications(milliseconds: 10_000).map(\.payload)
        }
        let ours = found.compactMap { Wake.parse($0) }.filter {
            [one.pool, two.pool].contains($0.pool)
        }
        #expect(ours.count == 2)
        #expect(ours.first { $0.pool == one.pool }?.lanes == [0, 7, 19])
        #expect(ours.first { $0.pool == two.pool }?.lanes == [3])
    }

    @Test func `the wake bitmap comes back for any set of lanes`() throws {
        var generator = Seeded(1)
        for _ in 0..<500 {
            let count = 1 + generator.below(40)
            let lanes = Set((0..<count).map { _ in Int16(generator.below(1024)) })
            let pool = Int16(generator.below(32_000))
            let text = Wake.payload(pool: pool, lanes: lanes)
            #expect(text.utf8.count < 300)
            let parsed = try #require(Wake.parse(text))
            #expect(parsed.pool == pool)
            #expect(parsed.lanes == lanes.map(Int.init).sorted())
        }
        #expect(Wake.payload(pool: 3, lanes: [0]) == "3:1")
        #expect(Wake.payload(pool: 3, lanes: [5]) == "3:02")
    }

    @Test(arguments: ["", ":", "3", "3:", "x:1", "3:g", "99999:1", "3:1:1"])
    func `what is no wake-up is nil`(_ text: String) {
        #expect(Wake.parse(text) == nil)
    }

    // MARK: Pools

    @Test func `registering is repeatable, uses up no ids, and names what differs`() throws {
        // Of its own: pools that other tests are making have ids and are not seen yet.
        let database = try queueDatabase("register")
        let connection = try database.connection()
        let decide = PoolPolicy(name: "registered", lanes: 4, threads: 1, batch: 1)
        #expect(try PoolMap.register([(decide, ["reg.a", "reg.b"])], on: connection) == [])
        for _ in 0..<20 {
            #expect(try PoolMap.register([(decide, ["reg.a", "reg.b"])], on: connection) == [])
        }
        let map = try PoolMap(on: connection)
        let pool = try #require(map.pool(named: "registered"))
        #expect(pool.lanes == 4)
        #expect(pool.kinds == ["reg.a", "reg.b"])
        #expect(!pool.delivery)
        let cursors = try connection.script(
            "select from queue.batch where pool = \(pool.id) and n = 0")
        #expect(cursors.count == 4)

        let more = PoolPolicy(name: "registered", lanes: 8, threads: 1, batch: 1)
        #expect(try PoolMap.register([(more, ["reg.a"])], on: connection).count == 1)
        #expect(try PoolMap(on: connection).pool(named: "registered")?.lanes == 4)
        let other = PoolPolicy(name: "registered", delivery: true, lanes: 4, threads: 1, batch: 1)
        #expect(try PoolMap.register([(other, [])], on: connection).count == 1)
        #expect(try PoolMap(on: connection).pool(named: "registered")?.delivery == false)

        // A kind moves; what is in its old pool stays there.
        let next = PoolPolicy(name: "registered next", lanes: 2, threads: 1, batch: 1)
        #expect(try PoolMap.register([(next, ["reg.b"])], on: connection) == [])
        let moved = try PoolMap(on: connection)
        let nextPool = try #require(moved.pool(named: "registered next"))
        #expect(moved.place(kind: "reg.a", subject: 5)?.pool == pool.id)
        #expect(moved.place(kind: "reg.b", subject: 5)?.pool == nextPool.id)
        #expect(nextPool.id == pool.id + 1, "no id was used up")
    }

    @Test func `every subject has a lane of its pool, the same for all`() throws {
        let place = try Place(database, lanes: 7)
        for subject in [Int64.min, -1, 0, 1, .max] {
            let found = try #require(place.map.place(kind: place.kind, subject: subject))
            #expect(found.pool == place.pool)
            #expect((0..<7).contains(found.lane))
        }
        try database.append([Int64.min, -1, 0, 1, .max].map { place.command($0) })
    }

    @Test func `a pool's mode or its kind's name is checked by the database`() throws {
        let connection = try database.connection()
        for bad in [
            "insert into queue.kind values ('Кириллица', 1)",
            "insert into queue.pool (name, lanes, lanes_ever, mode) values ('bad', 0, 0, 'decide')",
            "insert into queue.pool (name, lanes, lanes_ever, mode) values ('bad', 1, 1, 'other')",
        ] {
            let error = try #require(throws: PostgresError.self) { try connection.script(bad) }
            #expect(error.sqlState == "23514")
        }
    }

    @Test func `the checks of the queue find nothing but what was appended to other days`() throws {
        #expect(try database.violations().filter { !$0.contains("idempotency_once") } == [])
    }
}
