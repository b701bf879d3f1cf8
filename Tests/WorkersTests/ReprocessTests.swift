import Commands
import Postgres
import Queue
import TestKit
import Testing

extension Office {
    /// Stages a job as an operator does: of the commands of this organization in these states. Returns the job, and the
    /// lanes with their numbers of commands.
    func stage(
        _ states: [String], action: String = "reprocess", code refusal: String? = nil,
        dryRun: Bool = false
    ) throws -> (job: Int64, lanes: [Int16: Int64]) {
        let console = try database.connection(role: "kabinet_operator")
        return try console.transaction {
            try console.run("operations/reprocess_turn")
            let made = try console.run(
                "operations/reprocess_make", .text(action), .bool(dryRun), .texts(states),
                .json(Array("{}".utf8)), .text("tester"), .text("a test"))
            guard let job = made.first?.int64(0) else { throw TestKitError("no job") }
            let lanes = try console.run(
                "operations/reprocess_stage", .int64(job), .int32(Int32(policy.lanes)),
                .texts(states), .text(nil), .text(code), .int64(nil), .timestamp(nil),
                .text(refusal), .id(nil), .json(nil)
            ).map { ($0.int16(0), $0.int64(1)) }
            return (job, Dictionary(uniqueKeysWithValues: lanes))
        }
    }

    /// Appends the part of each lane that begins at `from`.
    func begin(_ staged: (job: Int64, lanes: [Int16: Int64]), from: Int64 = 0) throws {
        for lane in staged.lanes.keys.sorted() {
            let part = Command.reprocessPart(
                ReprocessPart(job: staged.job, lane: Int(lane), from: from))
            try ask(.reprocessPart, String(decoding: part.json.bytes, as: UTF8.self))
        }
    }

    /// `state appended released discarded passed` of a job.
    func job(_ id: Int64) throws -> String {
        try text(
            """
            select concat_ws(' ', j.state, sum(l.appended), sum(l.released), sum(l.discarded), sum(l.passed))
            from operations.reprocess_job j join operations.reprocess_lane l on l.job = j.id
            where j.id = \(id) group by j.id
            """)
    }

    /// How many commands were repeated, and by how many.
    func repeats() throws -> String {
        try text(
            """
            select concat_ws(' ', count(distinct r.cause), count(*)) from queue.command r
            join queue.command c on c.id = r.cause and c.kind = r.kind
            where r.organization = $o and r.kind <> 'reprocess.part'
            """)
    }

    /// All facts and views, as one text.
    func everything() throws -> String {
        try text(
            """
            select concat((select jsonb_agg(x order by id) from facts.account x),
              (select jsonb_agg(x order by id) from facts.meter x),
              (select jsonb_agg(x order by id) from facts.reading x),
              (select jsonb_agg(x order by id) from facts.attempt x),
              (select jsonb_agg(x order by meter, month) from views.month x))
            """)
    }
}

/// Deciding again, part by part, as the lanes do it.
@Suite(.serialized) struct ReprocessTests {
    private static let database = Result { try TestDatabase("reprocess") }

    private func office() throws -> Office { try Office(Self.database.get(), lanes: 2) }

    /// Readings of three months on each of some accounts, all refused because their meters are not there; then they are.
    private func refused(
        _ office: Office, accounts: ClosedRange<Int> = 1...6, falling: Bool = false
    ) throws {
        for account in accounts { try office.account("\(account)") }
        for month in ["2026-01", "2026-02", "2026-03"] {
            for account in accounts {
                let value = month == "2026-01" ? 1 : month == "2026-02" ? 2 : 4
                try office.submit(
                    ["\(value)"], #""taken_on":"\#(month)-15""#, account: "\(account)",
                    meter: "M\(account)", channel: .import)
            }
        }
        if falling {
            // Less than the one of March, which is not there yet either.
            try office.submit(
                ["3"], #""taken_on":"2026-04-15""#, account: "1", meter: "M1", channel: .import)
        }
        try office.decide()
        for account in accounts { try office.meter("M\(account)", account: "\(account)") }
        try office.decide()
    }

    @Test
    func
        `each command comes again once and in its order, however many parts there are for one place`()
        throws
    {
        let office = try office()
        try refused(office)
        let staged = try office.stage(["refused"])
        #expect(staged.lanes.values.reduce(0, +) == 18)
        try office.begin(staged)
        try office.begin(staged)
        try office.decide()
        #expect(try office.job(staged.job) == "done 18 0 0 0")
        #expect(try office.repeats() == "18 18")
        for account in 1...6 {
            #expect(
                try office.months(meter: "M\(account)") == ["2026-01 1", "2026-02 1", "2026-03 2"])
        }
        // One that comes too late does nothing either.
        try office.begin(staged)
        try office.decide()
        #expect(try office.repeats() == "18 18")
        #expect(
            try office.texts(
                "select action from operations.audit where details->'job' = '\(staged.job)'")
                == ["job.done"])
        #expect(try office.violations().isEmpty)
        #expect(try office.database.violations().isEmpty)
    }

    @Test
    func
        `more commands than a part takes come part by part, and of two parts for a place one does it`()
        throws
    {
        let office = try office()
        try office.append((0..<1_100).map { _ in try office.command(.idle, "{}") })
        try office.decide()
        let staged = try office.stage(["done"])
        #expect(Array(staged.lanes.values) == [1_100])
        try office.begin(staged)
        try office.begin(staged)
        try office.decide()
        #expect(try office.job(staged.job) == "done 1100 0 0 0")
        #expect(try office.repeats() == "1100 1100")
        // The repeats keep the order of what they repeat.
        #expect(
            try office.text(
                """
                select count(*) from (
                  select c.seq, lag(c.seq) over (order by r.xid, r.seq) as before from queue.command r
                  join queue.command c on c.id = r.cause where r.organization = $o and r.kind = 'queue.idle') o
                where seq <= before
                """) == "0")
        // Those at 0, 500 and 1000, the last one, and the twin of the first.
        #expect(
            try office.text(
                "select count(*) from queue.command where organization = $o and kind = 'reprocess.part'"
            )
                == "5")
        #expect(try office.database.violations().isEmpty)
    }

    @Test func `what another job is about to, or was repeated, is staged by none`() throws {
        let office = try office()
        try refused(office, accounts: 1...2)
        let first = try office.stage(["refused"])
        #expect(first.lanes.values.reduce(0, +) == 6)
        #expect(try office.stage(["refused"]).lanes.isEmpty)
        #expect(try office.stage(["refused"], dryRun: true).lanes.isEmpty)
        try office.begin(first)
        try office.decide()
        #expect(try office.job(first.job) == "done 6 0 0 0")
        #expect(try office.stage(["refused"]).lanes.isEmpty)
        // The repeats are accepted commands, and can be decided again; what they repeat cannot.
        let again = try office.stage(["done"])
        let readings = try office.text(
            """
            select count(*) from operations.reprocess_row r join queue.command c on c.id = r.command
            where r.job = \(again.job) and c.kind = 'reading.submit' and c.cause is not null
            """)
        #expect(readings == "6")
    }

    @Test func `a dry run sees what it has decided before, and leaves no trace`() throws {
        let office = try office()
        try refused(office, accounts: 1...3, falling: true)
        let before = try office.everything()
        let commands =
            "select count(*) from queue.command where organization = $o and kind <> 'reprocess.part'"
        let count = try office.text(commands)
        let staged = try office.stage(["refused"], dryRun: true)
        try office.begin(staged)
        try office.decide()
        #expect(try office.job(staged.job) == "done 0 0 0 0")
        #expect(try office.everything() == before)
        #expect(try office.text(commands) == count)
        #expect(
            try office.texts(
                """
                select concat_ws(' ', account, was, was_code, state, code, sum(count)) from operations.reprocess_outcome
                where job = \(staged.job) group by account, was, was_code, state, code order by account, state, code
                """) == [
                    "1 refused RD_NO_METER done  3", "1 refused RD_NO_METER refused RD_LESS 1",
                    "2 refused RD_NO_METER done  3", "3 refused RD_NO_METER done  3",
                ])
    }

    @Test func `a dry run tells of a command that cannot be decided, and decides its neighbours`()
        throws
    {
        let office = try office()
        try refused(office, accounts: 1...3)
        try office.owner.script(
            """
            update queue.command set payload = '{}' where organization = '\(office.code)'
              and payload->>'account' = '2' and payload->>'taken_on' = '2026-02-15'
            """)
        let staged = try office.stage(["refused"], dryRun: true)
        try office.begin(staged)
        try office.decide()
        #expect(
            try office.texts(
                """
                select concat_ws(' ', state, sum(count)) from operations.reprocess_outcome
                where job = \(staged.job) group by state order by state
                """) == ["done 8", "failed 1"])
    }

    /// Here the part's own lane keeps them: its batch takes the lane's next n itself.
    @Test(arguments: ["reprocess", "discard"])
    func `what failed in the lane of the part is let go or given up`(action: String) throws {
        let office = try office()
        try office.account("1")
        try office.decide()
        for _ in 1...3 {
            var broken = try office.command(
                .submitReading, #"{"account":"1","meter":"M","values":{"T1":"1"}}"#)
            broken.payload = Array("{}".utf8)
            try office.append([broken])
        }
        #expect(throws: TestKitError.self) { try office.decide() }
        let staged = try office.stage(["abandoned"], action: action)
        #expect(Array(staged.lanes.values) == [3])
        try office.begin(staged)
        // They failed before: that is told again.
        #expect(throws: TestKitError.self) { try office.decide() }
        let holds =
            "select count(*) from queue.hold h join queue.command c on c.id = h.head where c.organization = $o"
        if action == "discard" {
            #expect(try office.job(staged.job) == "done 0 0 3 0")
            #expect(try office.text(holds) == "0")
        } else {
            #expect(try office.job(staged.job) == "done 0 3 0 0")
            #expect(try office.text("\(holds) and h.state = 'waiting' and h.attempt = 0") != "0")
            // Not all at once: half a second lies between them.
            #expect(
                try office.text(
                    """
                    select count(distinct next_at) from queue.hold h join queue.command c on c.id = h.head
                    where c.organization = $o
                    """) == office.text(holds))
        }
        #expect(try office.database.violations().isEmpty)
    }

    @Test func `a command that has left its state when its turn comes is let be`() throws {
        let office = try office()
        try refused(office, accounts: 1...1)
        let staged = try office.stage(["refused", "abandoned"], action: "discard")
        try office.begin(staged)
        try office.decide()
        #expect(try office.job(staged.job) == "done 0 0 0 3")
        #expect(try office.repeats() == "0 0")
    }

    @Test func `who pauses waits for a part under way, and the last parts come one after another`()
        throws
    {
        let office = try office()
        try refused(office, accounts: 1...20)
        let staged = try office.stage(["refused"])
        try #require(staged.lanes.count == 2)
        let part = try office.ask(
            .reprocessPart, #"{"job":\#(staged.job),"lane":0,"from":0}"#)
        func begin(_ lane: Int16, _ worker: Connection) throws {
            try worker.script("set lock_timeout = '200ms'; begin")
            let rows = try worker.run(
                "store/reprocess_begin", .int64(staged.job), .int16(lane), .id(part))
            #expect(rows.count == 1)
        }
        func isBlocked(_ body: () throws -> Void) throws -> Bool {
            do {
                try body()
                return false
            } catch let error as PostgresError where error.sqlState == "55P03" {
                return true
            }
        }
        let console = try office.database.connection(role: "kabinet_operator")
        func pause() throws {
            try console.script("set lock_timeout = '200ms'")
            try console.run(
                "operations/reprocess_move", .int64(staged.job), .texts(["running"]),
                .text("paused"))
        }
        let (one, other) = (try office.worker(), try office.worker())
        try begin(0, one)
        try begin(1, other)
        #expect(try isBlocked(pause))
        try one.script("rollback")
        #expect(try isBlocked(pause))
        try other.script("rollback")
        #expect(try !isBlocked(pause))
        // A paused one's parts do nothing.
        try office.begin(staged)
        try office.decide()
        #expect(try office.job(staged.job) == "paused 0 0 0 0")

        try office.owner.script(
            "update operations.reprocess_lane set position = total where job = \(staged.job)")
        try begin(0, one)
        #expect(try isBlocked { try begin(1, other) })
        try one.script("rollback")
        try other.script("rollback")
    }
}
