import Postgres
import Queue
import TestKit
import Testing

/// Partitions come in time and go after their term, but never with a command that is still to be decided.
@Suite(.serialized) struct PartitionTests {
    static let database = Result { try queueDatabase("partition") }
    var database: TestDatabase { get throws { try Self.database.get() } }

    func exists(_ table: String) throws -> Bool {
        try !database.connection().script("select where to_regclass('queue.\(table)') is not null")
            .isEmpty
    }

    func make(_ moment: String) throws -> [String] {
        try database.connection().script("select queue.make_partitions('\(moment)')").map {
            $0.text(0)
        }
    }

    func drop(keep: String = "40 days", now: String = "now") throws -> [String] {
        try database.connection(role: "kabinet_workers").script(
            "select queue.drop_partitions('\(keep)', '\(now)')"
        ).map { $0.text(0) }
    }

    func home(of id: Identifier) throws -> String {
        try database.connection().script(
            "select tableoid::regclass::text from queue.command where id = '\(id)'")[0].text(0)
    }

    /// An id of a moment.
    func id(_ moment: String, plus milliseconds: Int64 = 0) throws -> Identifier {
        let first = try database.connection().script(
            "select queue.first_id('\(moment)')::text")[0].text(0)
        let smallest = try identifier(first)
        return .v7(
            milliseconds: Int64(smallest.high >> 16) + milliseconds,
            random: (0, UInt64.random(in: 0...99)))
    }

    @Test func `this week and the next are there, and twelve days of idempotency`() throws {
        let missing = try database.connection().script(
            """
            select w from generate_series(0, 1) w
            where to_regclass('queue.command_' || to_char(
              date_trunc('week', now() at time zone 'UTC') + w * interval '7 days', 'YYYYMMDD')) is null
            union all
            select d from generate_series(-1, 1) d
            cross join lateral (
              select queue.first_day((now() at time zone 'UTC')::date) + 4 * d) t(first)
            where first + 7 > (now() at time zone 'UTC')::date
              and to_regclass('queue.idempotency_' || to_char(first, 'YYYYMMDD')) is null
            """)
        #expect(missing.isEmpty)
        let place = try Place(database)
        let command = place.command()
        try database.append(command)
        #expect(try home(of: command.id).hasPrefix("queue.command_2"))
        try place.drain(writing())
    }

    @Test func `coming weeks are made once, by the Monday in UTC`() throws {
        let made = try make("2031-03-02 23:59:59+00")
        #expect(
            Set(made).isSuperset(of: [
                "command_20310224", "command_20310303", "exception_20310303",
                "idempotency_20310226", "idempotency_20310302", "idempotency_20310306",
            ]))
        #expect(try make("2031-03-02 23:59:59+00") == [])
        #expect(try make("2031-03-03 00:00:00+00").contains("command_20310310"))
        let place = try Place(database)
        let (last, first) = (
            place.command(id: try id("2031-03-03 00:00+00", plus: -1)),
            place.command(id: try id("2031-03-03 00:00+00"))
        )
        try database.append(last, first)
        #expect(try home(of: last.id) == "queue.command_20310224")
        #expect(try home(of: first.id) == "queue.command_20310303")
        try place.drain(writing())
        #expect(try place.effects() == [last.id, first.id])
    }

    @Test(arguments: ["2031-05-01", "2031-05-02", "2031-05-03", "2031-05-04"])
    func `what was made today is not past its term today`(day: String) throws {
        // What is dropped as of then, the other tests need.
        let database = try queueDatabase("partition_today")
        let owner = try database.connection()
        func upkeep(_ does: String) throws -> [String] {
            try owner.script("select queue.\(does)(now => '\(day) 12:00+00')").map { $0.text(0) }
        }
        let made = Set(try upkeep("make_partitions"))
        #expect(try made.isDisjoint(with: upkeep("drop_partitions")))
        #expect(try upkeep("make_partitions") == [])
    }

    @Test func `a stray id is appended, decided, and moves when its week is made`() throws {
        let place = try Place(database)
        let early = place.command(1, id: try id("2035-06-06 00:00+00"))
        try database.append(early)
        #expect(try home(of: early.id) == "queue.command_stray")
        try place.drain(
            Deciding { batch, connection in
                try write(batch, connection)
                return Decided(verdicts: [.result(body: Array("{}".utf8))])
            })
        let late = place.command(1, id: try id("2035-06-06 12:00+00"))
        try database.append(late)
        #expect(try make("2035-06-05").contains("command_20350604"))
        #expect(try home(of: early.id) == "queue.command_20350604")
        try place.drain(writing())
        #expect(try place.effects() == [early.id, late.id])
        #expect(try place.exceptions(early.id) == ["result"])
        #expect(try database.state(of: late.id)?.state == .done)
    }

    @Test func `an old week is dropped when all of it is decided, and not before`() throws {
        _ = try make("2021-01-06")
        let place = try Place(database)
        let id = try id("2021-01-06")
        try database.append(place.command(id: id))
        let early = try drop()
        #expect(!early.contains("command_20210104"), "it is undecided")
        #expect(early.contains("idempotency_20210105"))
        try place.drain(
            Deciding { batch, connection in
                try write(batch, connection)
                return Decided(verdicts: [.refused(code: "no", body: Array("{}".utf8))])
            })
        #expect(try database.state(of: id)?.state == .refused)
        let dropped = try drop()
        #expect(dropped.contains("command_20210104"))
        #expect(dropped.contains("exception_20210104"))
        #expect(try database.state(of: id)?.state == .gone, "kind, time and outcome remain")
        #expect(try database.state(of: place.command().id) == nil)
        #expect(try exists("command_stray"))
        let after = place.command()
        try database.append(after)
        try place.drain(writing())
        #expect(try place.effects().contains(after.id))
    }

    @Test func `an old week with a parked or waiting command stays until that is decided`() throws {
        _ = try make("2021-03-03")
        let (holding, skipping) = (
            try Place(database), try Place(database, onFailure: .skip)
        )
        let old = try (0..<3).map { try id("2021-03-03", plus: $0 * 1000) }
        let (head, parked, single) = (
            holding.command(1), holding.command(1, id: old[0]), skipping.command(1, id: old[1])
        )
        try database.append(head, parked, single)
        try holding.drain(failing(head.id))
        try skipping.drain(failing(single.id))
        #expect(try !drop().contains("command_20210301"))
        try skipping.makeDue()
        try skipping.drain(writing())
        #expect(try !drop().contains("command_20210301"), "one is still parked")
        try holding.makeDue()
        try holding.drain(writing())
        #expect(try holding.effects() == [head.id, parked.id])
        #expect(try drop().contains("command_20210301"))
    }

    @Test func `a week in the middle of a claimed diff stays`() throws {
        _ = try make("2021-05-05")
        let place = try Place(database, batch: 1)
        let old = try id("2021-05-05")
        try database.append(place.command(), place.command(id: old))
        var lane = place.lane()
        let worker = try place.worker()
        #expect(try place.step(&lane, on: worker, writing()).count == 1)
        #expect(try !drop().contains("command_20210503"))
        #expect(try place.step(&lane, on: worker, writing()).count == 1)
        #expect(try place.effects().last == old)
        try place.drain(&lane, on: worker, writing())
        #expect(try drop().contains("command_20210503"))
    }

    @Test func `a partition in use is left for the next time, without waiting`() throws {
        _ = try make("2021-07-07")
        let reader = try database.connection()
        try reader.begin()
        try reader.script("select from queue.command_20210705")
        #expect(try !drop().contains("command_20210705"))
        #expect(try exists("command_20210705"))
        try reader.rollback()
        #expect(try drop().contains("command_20210705"))
    }

    @Test func `what is within its term stays`() throws {
        _ = try make("2021-09-08")
        #expect(try !drop(now: "2021-10-22").contains("command_20210906"), "39 days after its end")
        #expect(try drop(now: "2021-10-23").contains("command_20210906"))
    }

    @Test func `the checks of the queue find nothing`() throws {
        #expect(try database.violations() == [])
    }

    /// Ranges of `queue.batch` are of the whole database: nobody else may rotate here.
    @Test
    func `ranges of batches are rotated under way, and dropped, without a command lost or twice`()
        throws
    {
        let database = try queueDatabase("partition_rotation")
        let place = try Place(database, lanes: 3)
        let owner = try database.connection(role: "kabinet_workers")
        func rotate(_ stay: String = "0 s") throws -> [String] {
            try owner.script("select * from queue.rotate_batches('\(stay)')").map { $0.text(0) }
        }
        func drain() throws {
            let worker = try place.worker()
            for number in Int16(0)..<3 {
                var lane = place.lane(number)
                try place.drain(&lane, on: worker, writing())
            }
        }
        var all: [Identifier] = []
        func append() throws {
            let commands = place.commands(30)
            try database.append(commands)
            all += commands.map(\.id)
        }
        try append()
        #expect(try rotate("1 day") == [], "the first range has not stood long enough")
        let first = try rotate()
        #expect(first == ["moved 3 lanes to batch_1"])
        try drain()
        // One that began before a rotation and commits behind it is seen like any other.
        let writer = try place.ingress()
        try writer.begin()
        let late = place.commands(3)
        try Appender(on: writer).append(late)
        try append()
        // A lane that is busy is moved later.
        let busy = try place.worker()
        try busy.begin()
        #expect(
            try busy.script("select from queue.cursor(\(place.pool)::int2, 0::int2)").count == 1)
        // The first range is in use, so not dropped; the lanes that are free move on.
        #expect(try rotate() == ["made batch_2", "moved 2 lanes to batch_2"])
        try busy.rollback()
        #expect(try rotate() == ["made batch_3", "moved 1 lanes to batch_2"])
        try writer.commit()
        all += late.map(\.id)
        try append()
        try drain()
        let last = try rotate()
        #expect(Set(last.dropLast()) == ["dropped batch_0", "dropped batch_1"])
        #expect(last.last == "moved 3 lanes to batch_3")
        try append()
        try drain()
        #expect(Set(try place.effects()) == Set(all))
        #expect(try place.effects().count == all.count)
        #expect(try database.violations() == [])
    }

    @Test func `what ended holds left behind is swept, what is held stays`() throws {
        let database = try queueDatabase("partition_sweep")
        let owner = try database.connection(role: "kabinet_workers")
        let admin = try database.connection()
        try admin.script(
            """
            insert into queue.parked (hold, command) select 77, gen_random_uuid() from generate_series(1, 3);
            insert into queue.hold (pool, lane, subject, head, attempt, next_at, error)
            select 1, 0, 5, gen_random_uuid(), 1, clock_timestamp() + interval '1 hour', 'x';
            insert into queue.parked (hold, command) select id, head from queue.hold;
            """)
        #expect(
            try owner.script("select * from queue.sweep()").map { $0.text(0) }
                == ["3 rows of ended holds"])
        #expect(try owner.script("select * from queue.sweep()").isEmpty)
        #expect(try admin.script("select from queue.parked").count == 1)
    }
}
