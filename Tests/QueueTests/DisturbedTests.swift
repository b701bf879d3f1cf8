import Glibc
import Postgres
import Queue
import TestKit
import Testing
import Threads

/// The real queue and a model under the same seeded operations, with things that happen between a claim and its commit:
/// appends that commit, a rival, a zombie that does the same batch to its end, the loss of the session. Beside them
/// repeated keys, poison of every sort, retries, operators. `KABINET_SEEDS=1000` tries that many seeds.
@Suite struct DisturbedTests {
    static let database = Result {
        let database = try queueDatabase("disturbed")
        // A session that says so claims without the lane's lock, as a zombie that does not know that it has lost it.
        let owner = try database.connection()
        let definition = try owner.script(
            "select pg_get_functiondef('queue.cursor(smallint, smallint)'::regprocedure)"
        )[0].text(0)
        let lock = "if not pg_try_advisory_xact_lock(the_pool, the_lane) then"
        guard definition.contains(lock) else { throw TestKitError("queue.cursor has changed") }
        try owner.script(
            definition.replacing(
                lock,
                with: "if current_setting('test.zombie', true) is distinct from 'yes' "
                    + "and not pg_try_advisory_xact_lock(the_pool, the_lane) then"))
        return database
    }

    static let seeds: Range<Int> =
        0..<(getenv("KABINET_SEEDS").flatMap { Int(String(cString: $0)) } ?? 4)

    @Test(arguments: seeds)
    func `whatever happens while a batch is decided, the queue does what the model says`(seed: Int)
        throws
    {
        let run = try ModelRun(Self.database.get(), seed)
        for _ in 0..<140 { try run.operate() }
        try run.settle()
        try run.compare()
        // The checks read everything; now and then is enough, and in the end.
        if seed % 8 == 7 || seed == Self.seeds.upperBound - 1 {
            #expect(try Self.database.get().violations() == [])
        }
    }
}

/// One seeded run.
private final class ModelRun {
    private enum Fate {
        case refused, permanent
        /// Fails so many times when it is tried alone.
        case failing(Int)
        /// As `failing`, with an error between transactions.
        case conflict(Int)
        /// Ends its session so many times.
        case fatal(Int)
        /// Appends another command.
        case following(Int64)
    }

    private final class Owner {
        var connection: Connection
        var lanes: [Lane]
        init(_ connection: Connection, _ lanes: [Lane]) {
            self.connection = connection
            self.lanes = lanes
        }
    }

    /// An appender's open transaction; nil = each flush commits.
    private struct Transaction {
        var xid: Int?
        var entries: [QueueModel.Entry] = []
        var keys: [[UInt8]] = []
    }

    private let database: TestDatabase
    private let policy: PoolPolicy
    private let map: PoolMap
    private let pool: Int16
    private let observer: Connection
    private var model: QueueModel
    private var random: Seeded
    private var owners: [Owner] = []
    private var appenders: [(connection: Connection, appender: Appender)] = []
    private var transactions: [Transaction?] = []
    private var fates: [Identifier: Fate] = [:]
    private var refused: Set<Identifier> = []
    private var gone: Set<Identifier> = []
    /// Who holds a key, and in which appender's open transaction.
    private var keys: [[UInt8]: (id: Identifier, digest: UInt8, appender: Int?)] = [:]
    private var appended = 0
    private static let laneCount = 2
    private static let zombie = 3
    private let kinds: [String]

    init(_ database: TestDatabase, _ seed: Int) throws {
        self.database = database
        random = Seeded(UInt64(seed))
        model = QueueModel(lanes: Self.laneCount, attempts: 3)
        let name = "disturbed " + String(seed)
        let letters = String(seed, radix: 16).map {
            String(UnicodeScalar(UInt8(97 + ($0.hexDigitValue ?? 0))))
        }
        kinds = ["hold", "skip"].map { "model\($0).x" + letters.joined() }
        policy = PoolPolicy(
            name: name, lanes: Self.laneCount, threads: 1, batch: 6, attempts: 3,
            backoffFirst: 36_000_000, backoffMost: 36_000_000,
            onFailure: { $0.hasPrefix("modelskip") ? .skip : .hold })
        map = try database.pools((policy, kinds))
        guard let pool = map.pool(named: name) else { throw TestKitError("no pool") }
        self.pool = pool.id
        observer = try database.connection()
        for number in 0..<4 {
            let lanes = (0..<Self.laneCount).map {
                Lane(pool: pool.id, lane: Int16($0), batch: policy.batch)
            }
            owners.append(Owner(try open(number), lanes))
        }
        for _ in 0..<3 {
            let connection = try database.connection(role: "kabinet_ingress")
            appenders.append((connection, try Appender(on: connection)))
            transactions.append(nil)
        }
    }

    private func open(_ number: Int) throws -> Connection {
        let connection = try Connection(
            database.address(role: "kabinet_workers"), library: database.library)
        if number == Self.zombie { try connection.script("set test.zombie = 'yes'") }
        return connection
    }

    // MARK: Operations

    func operate() throws {
        switch random.below(100) {
        case ..<45: try append()
        case ..<90:
            try step(
                random.below(3), random.below(Self.laneCount), disturbed: random.below(100) < 40)
        case ..<97: try makeDue()
        default: try release()
        }
    }

    /// Something an appender does: a flush, or the end of its transaction.
    private func append() throws {
        let number = random.below(appenders.count)
        let (connection, appender) = appenders[number]
        if let open = transactions[number], random.below(100) < 35 {
            transactions[number] = nil
            if random.below(100) < 20 {
                try connection.rollback()
                gone.formUnion(open.entries.map(\.id))
                for key in open.keys { keys[key] = nil }
            } else {
                try connection.commit()
                model.commit(open.entries)
                for key in open.keys { keys[key]?.appender = nil }
            }
            return
        }
        if transactions[number] == nil, random.below(100) < 40 {
            try connection.begin()
            transactions[number] = Transaction()
        }
        var transaction = transactions[number] ?? Transaction()
        var flush: [Append] = []
        var expected: [Appended] = []
        let xid = transaction.xid ?? model.tick()
        for _ in 0..<random.below(5) + 1 {
            // Another's key that is not committed yet would make this thread wait for itself.
            let known = keys.filter { $0.value.appender == nil || $0.value.appender == number }
                .keys.sorted { $0.lexicographicallyPrecedes($1) }
            if !known.isEmpty, random.below(100) < 12 {
                let key = random.pick(known)
                guard let holder = keys[key] else { continue }
                let same = random.below(100) < 70
                flush.append(
                    Append(
                        command(), key: key, digest: [same ? holder.digest : holder.digest ^ 1]))
                expected.append(same ? .repeated(holder.id) : .conflict)
                continue
            }
            let command = command()
            var key: [UInt8]?
            if random.below(100) < 30 {
                let made = withUnsafeBytes(of: (random.next(), random.next())) { Array($0) }
                keys[made] = (command.id, UInt8(random.below(200)), number)
                transaction.keys.append(made)
                key = made
            }
            flush.append(
                Append(command, key: key, digest: [key.flatMap { keys[$0]?.digest } ?? 0]))
            expected.append(.accepted)
            transaction.entries.append(entry(command, xid: xid))
            doom(command)
        }
        if !transaction.entries.isEmpty { transaction.xid = xid }
        #expect(try appender.append(flush, now: realMicroseconds()) == expected)
        if transactions[number] != nil {
            transactions[number] = transaction
        } else {
            model.commit(transaction.entries)
            for key in transaction.keys { keys[key]?.appender = nil }
        }
    }

    private func command(subject: Int64? = nil) -> NewCommand {
        appended += 1
        // Ids that say nothing of the order.
        let id = Identifier.v7(
            milliseconds: realMicroseconds() / 1000 - Int64(random.below(10_000)),
            random: (random.next(), random.next()))
        return .sample(
            kinds[random.below(100) < 25 ? 1 : 0], subject: subject ?? Int64(random.below(7)) - 2,
            id: id)
    }

    private func entry(_ command: NewCommand, xid: Int) -> QueueModel.Entry {
        QueueModel.Entry(
            id: command.id, subject: command.subject, alone: command.kind == kinds[1], xid: xid,
            seq: model.tick())
    }

    private func doom(_ command: NewCommand) {
        switch random.below(100) {
        case ..<6: fates[command.id] = .failing(random.below(4) + 1)
        case ..<9: fates[command.id] = .conflict(random.below(6) + 1)
        case ..<11: fates[command.id] = .permanent
        case ..<13: fates[command.id] = .fatal(random.below(4) + 1)
        case ..<20: fates[command.id] = .refused
        case ..<28: fates[command.id] = .following(Int64(random.below(7)) - 2)
        default: break
        }
    }

    /// Time passes for one hold.
    private func makeDue() throws {
        let lane = random.below(Self.laneCount)
        let waiting = model.lanes[lane].holds.indices.filter {
            !model.lanes[lane].holds[$0].abandoned
        }
        guard !waiting.isEmpty else { return }
        try schedule(lane, random.pick(waiting), "next_at")
    }

    /// An operator has another try made.
    private func release() throws {
        let lane = random.below(Self.laneCount)
        let waiting = model.lanes[lane].holds.indices.filter {
            model.lanes[lane].holds[$0].abandoned
        }
        guard !waiting.isEmpty else { return }
        try retry(lane, random.pick(waiting))
    }

    private func retry(_ lane: Int, _ hold: Int) throws {
        let head = model.lanes[lane].holds[hold].waiting[0].id
        fates[head] = nil
        try observer.script(
            "insert into queue.exception (command, kind) values ('\(head)', 'retried')")
        try schedule(lane, hold, "state = 'waiting', attempt = 0, next_at")
        model.lanes[lane].holds[hold].abandoned = false
        model.lanes[lane].holds[hold].attempt = 0
    }

    private func schedule(_ lane: Int, _ hold: Int, _ columns: String) throws {
        let first = model.lanes[lane].holds[hold].waiting[0]
        let turn = model.tick()
        let rows = try observer.script(
            """
            update queue.hold set \(columns) = timestamptz '2020-01-01' + \(turn) * interval '1 ms'
            where pool = \(pool) and lane = \(lane) and subject = \(first.subject)
              and \(model.lanes[lane].holds[hold].alone ? "command = '\(first.id)'" : "command is null")
            """)
        try #require(rows.affected == 1)
        model.lanes[lane].holds[hold].due = turn
    }

    // MARK: Steps

    /// One step of a lane by one owner; when `disturbed`, something happens while it decides.
    private func step(_ number: Int, _ lane: Int, disturbed: Bool) throws {
        let owner = owners[number]
        let claim = model.claim(lane)
        var seen: [Identifier] = []
        var threw = false
        var disturbance = ""
        var followUps: [QueueModel.Entry] = []
        let decider = Deciding { [self] batch, connection in
            seen = batch.map(\.id)
            try write(batch, connection)
            let xid = model.tick()
            if disturbed { disturbance = try disturb(number, lane, connection) }
            threw = true
            let decided = try decide(batch, connection)
            threw = false
            followUps = decided.follow.map { entry($0, xid: xid) }
            return decided
        }
        let step: Lane.Step
        do {
            step = try owner.lanes[lane].step(
                on: owner.connection, policy: policy, map: map, decider: decider)
        } catch let error as PostgresError {
            try #require(error.connectionLost, "\(error)")
            try #require(threw || disturbance == "killed", "a session was lost by itself: \(error)")
            owner.connection = try open(number)
            try #require(Array(claim.open.prefix(seen.count)) == seen)
            return
        }
        // What it saw was the beginning of what it had to see, whatever became of it.
        try #require(Array(claim.open.prefix(seen.count)) == seen)
        switch step {
        case .idle:
            try #require(
                claim.rows.isEmpty && claim.hold == nil, "idle, with \(claim.rows.count) rows")
        case .elsewhere:
            try #require(!disturbance.isEmpty, "sent away by nobody")
        case .outdated: throw TestKitError("nobody resizes here")
        case .full: throw TestKitError("no disk is full here")
        case .halved(let count, _):
            try #require(threw && count >= seen.count, "halved without a failure")
        case .worked(let count, _, _):
            let rows = claim.rows.prefix(count)
            let open = rows.filter { claim.hold != nil || !claim.held.contains($0.subject) }
            try #require(open.map(\.id) == seen)
            try #require(count > 0)
            try #require(model.worked(lane, claim, count: count) == nil)
            model.commit(followUps)
            refused.formUnion(seen.filter { if case .refused = fates[$0] { true } else { false } })
        case .held(let id, let attempt, let abandoned, _):
            let permanent = if case .permanent = fates[id] { true } else { false }
            let problem = model.held(
                lane, claim, id, attempt: attempt, abandoned: abandoned, permanent: permanent)
            try #require(problem == nil)
        case .unknown(let kind): throw TestKitError("\(kind) is known")
        case .paused: throw TestKitError("a decider never pauses")
        }
    }

    /// What fate has for a batch.
    private func decide(_ batch: [ClaimedCommand], _ connection: Connection) throws -> Decided {
        var decided = Decided(verdicts: [])
        for command in batch {
            var verdict = Verdict.done
            switch fates[command.id] {
            case nil: break
            case .refused: verdict = .refused(code: "NO", body: Array("{}".utf8))
            case .permanent: throw PermanentFailure("never")
            case .failing(let left):
                if batch.count == 1 {
                    fates[command.id] = left > 1 ? .failing(left - 1) : nil
                }
                throw TestKitError("not yet")
            case .conflict(let left):
                fates[command.id] = left > 1 ? .conflict(left - 1) : nil
                try connection.script("do $$ begin raise serialization_failure; end $$")
            case .fatal(let left):
                fates[command.id] = left > 1 ? .fatal(left - 1) : nil
                try observer.script("select pg_terminate_backend(\(connection.backend), 30000)")
                try connection.script("select 1")
            case .following(let subject): decided.follow.append(self.command(subject: subject))
            }
            decided.verdicts.append(verdict)
        }
        return decided
    }

    /// Something that happens between the claim of one owner and its commit. Says what.
    private func disturb(_ number: Int, _ lane: Int, _ connection: Connection) throws -> String {
        switch random.below(100) {
        case ..<50:
            for _ in 0..<random.below(3) + 1 { try append() }
            return "appended"
        case ..<65:
            let rival = owners[(number + 1) % 3]
            let step = try rival.lanes[lane].step(
                on: rival.connection, policy: policy, map: map,
                decider: Deciding { batch, _ in throw TestKitError("two owners at once") })
            try #require(step.isElsewhere)
            return ""
        case ..<90 where number != Self.zombie:
            try step(Self.zombie, lane, disturbed: false)
            return "zombie"
        default:
            try observer.script("select pg_terminate_backend(\(connection.backend), 30000)")
            return "killed"
        }
    }

    // MARK: The end

    /// Transactions end, lanes come to rest, every retry becomes due until nothing changes. With odd luck an operator
    /// has tried all that was abandoned.
    func settle() throws {
        let tidy = random.below(2) == 0
        for number in transactions.indices where transactions[number] != nil {
            try appenders[number].connection.commit()
            model.commit(transactions[number]?.entries ?? [])
            transactions[number] = nil
        }
        for _ in 0..<200 {
            for lane in 0..<Self.laneCount {
                var steps = 0
                while !model.claim(lane).rows.isEmpty {
                    try step(random.below(3), lane, disturbed: false)
                    steps += 1
                    guard steps < 2000 else { throw TestKitError("a lane does not come to rest") }
                }
                try step(random.below(3), lane, disturbed: false)
            }
            var left = false
            for lane in 0..<Self.laneCount {
                for hold in model.lanes[lane].holds.indices {
                    if !model.lanes[lane].holds[hold].abandoned {
                        try schedule(lane, hold, "next_at")
                        left = true
                    } else if tidy {
                        try retry(lane, hold)
                        left = true
                    }
                }
            }
            // A follow-up may have gone to a lane that was at rest.
            let quiet = model.lanes.indices.allSatisfy { model.claim($0).rows.isEmpty }
            if !left, quiet { return }
        }
        throw TestKitError("the queue does not come to rest")
    }

    /// What is in the tables is what is in the model.
    func compare() throws {
        for (number, lane) in model.lanes.enumerated() {
            let decided = try observer.script(
                """
                select e.command from effect e join queue.command c on c.id = e.command
                where c.pool = \(pool) and c.lane = \(number) order by e.n
                """
            ).map { try identifier($0.text(0)) }
            #expect(decided == lane.decided)
            #expect(Set(decided).count == decided.count, "decided twice")
            let holds = try observer.script(
                """
                select h.state, h.attempt, coalesce(h.command::text, (
                  select string_agg(p.command::text, ' ' order by p.n) from queue.parked p
                  where p.hold = h.id and p.n > h.position))
                from queue.hold h where h.pool = \(pool) and h.lane = \(number)
                """
            ).map { "\($0.text(0)) \($0.text(1)) \($0.text(2))" }
            let wanted = lane.holds.map { hold in
                "\(hold.abandoned ? "abandoned" : "waiting") \(hold.attempt) "
                    + hold.waiting.map(\.id.description).joined(separator: " ")
            }
            #expect(Set(holds) == Set(wanted))
        }
        var states: [Identifier: CommandState.State] = [:]
        for lane in model.lanes {
            for id in lane.decided { states[id] = refused.contains(id) ? .refused : .done }
            for hold in lane.holds {
                for entry in hold.waiting { states[entry.id] = .pending }
                if hold.abandoned, let head = hold.waiting.first { states[head.id] = .abandoned }
            }
            #expect(lane.fresh.isEmpty && lane.diff.isEmpty)
        }
        let told = try CommandState.of(Array(states.keys) + gone, on: observer)
        #expect(
            Dictionary(told.map { ($0.id, $0.state) }, uniquingKeysWith: { first, _ in first })
                == states)
        let stored = try observer.script("select from queue.command where pool = \(pool)").count
        #expect(stored == states.count)
    }
}
