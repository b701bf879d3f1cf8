import Glibc
import Postgres
import Queue
import TestKit
import Testing
import Threads

/// The queue and its model are given the same seeded operations; at every step they must say the same.
@Suite struct ModelTests {
    static let seeds: Int = {
        guard let raw = getenv("KABINET_SEEDS"), let count = Int(String(cString: raw)) else {
            return 24
        }
        return max(count, 24)
    }()

    /// Making a database costs more than a run: two dozen seeds share one, each with a pool of its own.
    private static let databases = Monitor<[Int: TestDatabase]>([:])

    static func database(_ seed: Int) throws -> TestDatabase {
        try databases.read { databases in
            if let database = databases[seed / 24] { return database }
            let database = try queueDatabase("model")
            databases[seed / 24] = database
            return database
        }
    }

    @Test(arguments: 0..<seeds)
    func `the queue does what its model does`(_ seed: Int) throws {
        var run = try Run(seed: UInt64(seed), Self.database(seed))
        do {
            try run.play(operations: 160)
            try run.finish()
        } catch {
            Issue.record(
                "seed \(seed): \(error)\n\(run.journal.suffix(40).joined(separator: "\n"))")
        }
    }
}

private struct Run {
    var random: Seeded
    let database: TestDatabase
    /// The database owner's session, for what no part of the queue does.
    let admin: Connection
    let policy: PoolPolicy
    let map: PoolMap
    let pool: Int16
    let holding: String
    let skipping: String
    let ids: Identifiers
    let day: Int64
    var journal: [String] = []

    var models: [Model]
    /// What becomes of each command, for the model and for the real decider; failures still to come.
    let fates = Monitor<[Identifier: Model.Fate]>([:])
    var followed: [Identifier: NewCommand] = [:]
    var clock = 0
    var lanes: [Identifier: Int] = [:]
    var subjects: [Identifier: Int64] = [:]
    /// Operation numbers between which a command was appended and committed.
    var appended: [Identifier: (begun: Int, committed: Int)] = [:]
    var now = 0

    var appenders: [Appending] = []
    var owners: [Owner] = []
    var keys: [(key: [UInt8], digest: UInt8, id: Identifier)] = []
    var zombie: (connection: Connection, lane: Int, n: Int64)?

    /// An appender's session and what its open transaction has appended.
    struct Appending {
        let connection: Connection
        let appender: Appender
        var open: (xid: Int?, begun: Int, commands: [(NewCommand, Int)], keys: Int)?
        var keys: [(key: [UInt8], digest: UInt8, id: Identifier)] = []
    }
    struct Owner {
        var connection: Connection
        var lanes: [Lane]
        var limits: [Int]
    }

    init(seed: UInt64, _ database: TestDatabase) throws {
        random = Seeded(seed &* 7919 &+ 17)
        self.database = database
        admin = try database.connection()
        let letters = String(seed).compactMap(\.wholeNumberValue).map {
            String(UnicodeScalar(UInt8(97 + $0)))
        }.joined()
        let (holding, skipping) = ("hold.\(letters)", "skip.\(letters)")
        (self.holding, self.skipping) = (holding, skipping)
        let most = random.pick([1, 2, 3, 5, 8, 40])
        let attempts = random.pick([1, 2, 4])
        let count = random.pick([1, 2, 3])
        policy = PoolPolicy(
            name: "model \(seed)", lanes: count, threads: 1, batch: most, attempts: attempts,
            backoffFirst: 3_600_000, backoffMost: 3_600_000,
            onFailure: { $0 == skipping ? .skip : .hold })
        map = try database.pools((policy, [holding, skipping]))
        guard let made = map.pool(named: policy.name) else { throw TestKitError("no pool") }
        pool = made.id
        ids = Identifiers(seed: seed)
        day = realMicroseconds()
        models = (0..<count).map { _ in Model(most: most, attempts: attempts) }
        for _ in 0..<3 {
            let connection = try database.connection(role: "kabinet_ingress")
            appenders.append(
                Appending(connection: connection, appender: try Appender(on: connection)))
        }
        for _ in 0..<3 { owners.append(try owner()) }
        journal.append("batch \(most), attempts \(attempts), lanes \(count)")
    }

    func owner() throws -> Owner {
        let connection = try Connection(
            database.address(role: "kabinet_workers"), library: database.library,
            preparing: Lane.statements)
        return Owner(
            connection: connection,
            lanes: models.indices.map { Lane(pool: pool, lane: Int16($0), batch: policy.batch) },
            limits: models.map(\.most))
    }

    mutating func tick() -> Int {
        clock += 1
        return clock
    }

    // MARK: Operations

    mutating func play(operations: Int) throws {
        for operation in 0..<operations {
            now = operation
            switch random.below(20) {
            case 0..<7: try append(random.below(appenders.count))
            case 7: try begin(random.below(appenders.count))
            case 8, 9: try end(random.below(appenders.count), commits: !random.oneIn(3))
            case 10..<16: try step(random.below(owners.count), random.below(models.count))
            case 16: try crash(random.below(owners.count), random.below(models.count))
            case 17, 18: try makeDue(random.below(models.count))
            default: try haunt()
            }
        }
    }

    mutating func command() -> NewCommand {
        let kind = random.oneIn(4) ? skipping : holding
        let command = NewCommand.sample(
            kind, subject: Int64(random.below(7)) - 3, id: ids.next(), awaited: random.oneIn(5))
        let fate: Model.Fate =
            switch random.below(24) {
            case 0: .never
            case 1, 2: .fails(times: 1 + random.below(4))
            default: .fine
            }
        fates.change { $0[command.id] = fate }
        if random.oneIn(6) {
            let next = NewCommand.sample(
                holding, subject: command.subject + 1, id: ids.next(), cause: command.id)
            followed[command.id] = next
        }
        return command
    }

    mutating func append(_ index: Int) throws {
        let known = keys + appenders[index].keys
        var batch: [Append] = []
        var expected: [Appended] = []
        var fresh: [(key: [UInt8], digest: UInt8, id: Identifier)] = []
        var accepted: [NewCommand] = []
        for _ in 0..<(1 + random.below(6)) {
            let new = command()
            if random.oneIn(3) {
                let old = known + fresh
                if !old.isEmpty, random.oneIn(2) {
                    let known = random.pick(old)
                    let same = !random.oneIn(3)
                    batch.append(
                        Append(
                            new, key: known.key, digest: [same ? known.digest : known.digest &+ 1]))
                    expected.append(same ? .repeated(known.id) : .conflict)
                    continue
                }
                let key = Array("key \(new.id)".utf8)
                let digest = UInt8(random.below(200))
                batch.append(Append(new, key: key, digest: [digest]))
                fresh.append((key, digest, new.id))
            } else {
                batch.append(Append(new))
            }
            expected.append(.accepted)
            accepted.append(new)
        }
        if random.oneIn(8), let first = batch.first, first.key != nil, expected[0] == .accepted {
            batch.append(first)
            expected.append(.accepted)
        }
        if appenders[index].open != nil {
            // The number of a transaction is taken by its first write.
            let xid = appenders[index].open?.xid ?? tick()
            let ordered = accepted.map { ($0, tick()) }
            appenders[index].open?.xid = xid
            appenders[index].open?.commands += ordered
            appenders[index].keys += fresh
        } else {
            let xid = tick()
            let begun = now
            commit(accepted.map { ($0, tick()) }, xid: xid, begun: begun)
            keys += fresh
        }
        journal.append(
            "\(now) append by \(index) (open: \(appenders[index].open != nil)): "
                + accepted.map { "\(short($0.id)) subject \($0.subject) \($0.kind)" }.joined(
                    separator: ", "))
        let answers = try appenders[index].appender.append(batch, now: day)
        guard answers == expected else {
            throw TestKitError("append answered \(answers), expected \(expected)")
        }
    }

    mutating func begin(_ index: Int) throws {
        guard appenders[index].open == nil else { return }
        try appenders[index].connection.begin()
        appenders[index].open = (nil, now, [], 0)
        if random.oneIn(2) {
            try appenders[index].connection.script("select pg_current_xact_id()")
            let xid = tick()
            appenders[index].open?.xid = xid
        }
        journal.append("\(now) begin by \(index)")
    }

    mutating func end(_ index: Int, commits: Bool) throws {
        guard let open = appenders[index].open else { return }
        if commits {
            try appenders[index].connection.commit()
            commit(open.commands, xid: open.xid ?? tick(), begun: open.begun)
            keys += appenders[index].keys
        } else {
            try appenders[index].connection.rollback()
        }
        appenders[index].open = nil
        appenders[index].keys = []
        journal.append("\(now) \(commits ? "commit" : "rollback") by \(index)")
    }

    mutating func commit(_ commands: [(NewCommand, Int)], xid: Int, begun: Int) {
        for (command, seq) in commands {
            let lane = Int(UInt64(bitPattern: command.subject) % UInt64(models.count))
            lanes[command.id] = lane
            subjects[command.id] = command.subject
            appended[command.id] = (begun, now)
            models[lane].committed.append(
                Model.Command(
                    id: command.id, subject: command.subject, skip: command.kind == skipping,
                    order: (xid, seq)))
        }
    }

    /// What deciding `batch` comes to, by the fates; failures of one that stands alone are used up.
    static func failure(
        _ batch: [Identifier], _ fates: Monitor<[Identifier: Model.Fate]>
    ) -> (failed: Bool, permanent: Bool) {
        fates.change { fates in
            var failed = false
            for id in batch {
                switch fates[id] {
                case .never: return (true, true)
                case .fails(let times) where times > 0:
                    failed = true
                    if batch.count == 1 { fates[id] = .fails(times: times - 1) }
                default: break
                }
            }
            return (failed, false)
        }
    }

    mutating func step(_ index: Int, _ lane: Int, late: Bool = true) throws {
        // Sometimes a transaction commits while the batch is being decided.
        let open = appenders.indices.filter { appenders[$0].open?.commands.isEmpty == false }
        let committing = late && random.oneIn(3) && !open.isEmpty ? random.pick(open) : nil
        let willDecide = !models[lane].next(min(owners[index].limits[lane], policy.batch)).isEmpty
        let before = models[lane].decided.count
        let saved = fates.read { $0 }
        let (followed, fates) = (followed, fates)
        let ending = committing.map { appenders[$0].connection }
        var real: Lane.Step
        real = try owners[index].lanes[lane].step(
            on: owners[index].connection, policy: policy, map: map,
            decider: Deciding { batch, connection in
                try ending?.commit()
                let (failed, permanent) = Self.failure(batch.map(\.id), fates)
                try write(batch, connection)
                if failed {
                    if permanent { throw PermanentFailure("never") }
                    throw TestKitError("not yet")
                }
                return Decided(
                    verdicts: batch.map { _ in .done },
                    follow: batch.compactMap { followed[$0.id] })
            })
        fates.change { $0 = saved }
        var limit = owners[index].limits[lane]
        var run = self
        let expected = models[lane].step(
            &limit, failure: { Self.failure($0, fates) },
            meanwhile: { model in
                guard willDecide, let committing, let open = run.appenders[committing].open else {
                    return
                }
                run.models[lane] = model
                run.commit(open.commands, xid: open.xid ?? run.tick(), begun: open.begun)
                run.keys += run.appenders[committing].keys
                run.appenders[committing].open = nil
                run.appenders[committing].keys = []
                model = run.models[lane]
            })
        let stepped = models[lane]
        self = run
        models[lane] = stepped
        owners[index].limits[lane] = limit
        // What follows was written after the claim, in the batch's own transaction.
        let follow = models[lane].decided[before...].compactMap { followed[$0] }
        let xid = tick()
        commit(follow.map { ($0, tick()) }, xid: xid, begun: now)
        journal.append(
            "\(now) step of lane \(lane) by \(index): \(real), expected \(expected)"
                + (committing.map { ", \($0) commits meanwhile" } ?? ""))
        guard Self.plain(real) == expected else { throw TestKitError("steps differ") }
    }

    static func plain(_ step: Lane.Step) -> Model.Step {
        switch step {
        case .idle: .idle
        case .elsewhere: .elsewhere
        // Nobody resizes here: no model expects it.
        case .outdated, .full, .paused: .halved(-1)
        case .worked(let count, _, _): .worked(count)
        case .halved(let count, _): .halved(count)
        case .held(let id, let attempt, let abandoned, _):
            .held(id, attempt: attempt, abandoned: abandoned)
        case .unknown: .unknown
        }
    }

    /// The owner's session is killed in the middle of a batch; a new process takes its place.
    mutating func crash(_ index: Int, _ lane: Int) throws {
        let after = random.oneIn(2)
        let connection = owners[index].connection
        let admin = admin
        func kill() throws {
            try admin.script(
                "select pg_terminate_backend(\(connection.backend), 30000)")
        }
        let idle = models[lane].next(owners[index].limits[lane]).isEmpty
        guard !idle else { return }
        journal.append("\(now) crash of \(index) in lane \(lane), after its writes: \(after)")
        do {
            let step = try owners[index].lanes[lane].step(
                on: connection, policy: policy, map: map,
                decider: Deciding { batch, connection in
                    if !after { try kill() }
                    try write(batch, connection, note: "crash")
                    if after { try kill() }
                    return Decided(verdicts: batch.map { _ in .done })
                })
            throw TestKitError("a killed owner came to \(step)")
        } catch let error as PostgresError where error.connectionLost {
            owners[index] = try owner()
        }
    }

    mutating func makeDue(_ lane: Int) throws {
        let waiting = models[lane].holds.filter { !$0.value.abandoned }.keys.sorted()
        guard !waiting.isEmpty, let hold = models[lane].holds[random.pick(waiting)],
            let key = models[lane].holds.first(where: { $0.value == hold })?.key
        else { return }
        let which = hold.single ? "command = '\(hold.waiting[0])'" : "command is null"
        let changed = try admin.script(
            """
            update queue.hold set next_at = clock_timestamp()
            where pool = \(pool) and lane = \(lane) and subject = \(hold.subject) and state = 'waiting' and \(which)
            """
        ).affected
        journal.append("\(now) due in lane \(lane): \(hold)")
        guard changed == 1 else { throw TestKitError("the hold \(hold) is not there") }
        models[lane].due.removeAll { $0 == key }
        models[lane].due.append(key)
    }

    /// An owner that has stood still since it read its cursor wakes up and wants to complete.
    mutating func haunt() throws {
        guard let ghost = zombie else {
            let connection = try database.connection(role: "kabinet_workers")
            let lane = random.below(models.count)
            try connection.script("set idle_in_transaction_session_timeout = 0")
            try connection.begin()
            let row = try connection.script(
                "select max(n) from queue.batch where pool = \(pool) and lane = \(lane)")[0]
            zombie = (connection, lane, Int64(row.text(0)) ?? 0)
            return
        }
        zombie = nil
        let newest = try admin.script(
            "select max(n) from queue.batch where pool = \(pool) and lane = \(ghost.lane)")[0].text(
                0)
        guard let newest = Int64(newest), newest > ghost.n else { return }
        journal.append("\(now) a zombie completes \(ghost.n + 1) of lane \(ghost.lane)")
        do {
            try ghost.connection.script(
                "insert into effect (command, subject, note) select id, subject, 'zombie' from queue.command"
            )
            try ghost.connection.run(
                "queue/complete", .int16(pool), .int16(Int16(ghost.lane)), .int64(ghost.n + 1),
                .bytes(Self.snapshot), .bytes(Self.snapshot), .xid(nil), .int64(nil as Int64?),
                .int32(1), .int32(0))
            throw TestKitError("a zombie has completed a batch")
        } catch let error as PostgresError where error.sqlState == "23505" {
            try ghost.connection.rollback()
        }
    }

    /// The snapshot 3:3: in binary.
    static let snapshot: [UInt8] =
        [0, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 3] + [0, 0, 0, 0, 0, 0, 0, 3]

    // MARK: The end

    mutating func finish() throws {
        now += 1
        for index in appenders.indices { try end(index, commits: true) }
        for lane in models.indices {
            for _ in 0..<2000 {
                try makeDue(lane)
                try step(0, lane, late: false)
                let waiting = models[lane].holds.values.contains { !$0.abandoned }
                if models[lane].committed.isEmpty, models[lane].diff == nil, !waiting { break }
            }
        }
        for lane in models.indices where !models[lane].committed.isEmpty || models[lane].diff != nil
        {
            for _ in 0..<2000 {
                try step(1, lane, late: false)
                if models[lane].committed.isEmpty, models[lane].diff == nil,
                    models[lane].due.isEmpty
                {
                    break
                }
            }
        }
        try compare()
    }

    func compare() throws {
        let connection = admin
        let effects = try connection.script(
            """
            select e.command from effect e join queue.command c on c.id = e.command
            where c.pool = \(pool) order by e.n
            """
        ).map {
            try identifier($0.text(0))
        }
        var places: [Identifier: Int] = [:]
        for (place, id) in effects.enumerated() {
            guard places.updateValue(place, forKey: id) == nil else {
                throw TestKitError("\(id) was decided twice")
            }
        }
        for (lane, model) in models.enumerated() {
            guard effects.filter({ lanes[$0] == lane }) == model.decided else {
                throw TestKitError("lane \(lane) was decided in another order")
            }
            guard try holds(lane, on: connection) == model.holds.values.map(\.description).sorted()
            else { throw TestKitError("the holds of lane \(lane) differ") }
        }
        let waiting = models.flatMap { $0.holds.values }
        let all = Set(lanes.keys)
        guard Set(effects).union(waiting.flatMap(\.waiting)) == all, effects.count <= all.count
        else {
            throw TestKitError("not every committed command was decided or waits")
        }
        // Said of the states as anyone may ask for them.
        let abandoned = Set(waiting.filter(\.abandoned).compactMap(\.waiting.first))
        for state in try CommandState.of(Array(all), on: connection) {
            let expected: CommandState.State =
                places[state.id] != nil
                ? .done : abandoned.contains(state.id) ? .abandoned : .pending
            guard state.state == expected else {
                throw TestKitError("\(state.id) is \(state.state), not \(expected)")
            }
        }
        // And of the order, without the model: acknowledged before another began comes first, unless it was skipped.
        let skipped = try Set(
            connection.script(
                """
                select distinct e.command from queue.exception e join queue.command c on c.id = e.command
                where c.pool = \(pool)
                """
            ).map {
                try identifier($0.text(0))
            })
        for (subject, group) in Dictionary(grouping: effects, by: { subjects[$0] ?? 0 }) {
            for (index, earlier) in group.enumerated() {
                for later in group[(index + 1)...]
                where !skipped.contains(earlier) && !skipped.contains(later) {
                    guard let a = appended[earlier], let b = appended[later] else { continue }
                    if b.committed < a.begun {
                        throw TestKitError(
                            "\(later) of subject \(subject) was overtaken by \(earlier)")
                    }
                }
            }
        }
        let violations = try database.violations()
        guard violations.isEmpty else { throw TestKitError(violations.joined(separator: "\n")) }
    }

    func holds(_ lane: Int, on connection: Connection) throws -> [String] {
        try connection.script(
            """
            select h.subject, h.command is not null, h.attempt, h.state = 'abandoned',
                   coalesce(h.command::text, (select string_agg(p.command::text, ' ' order by p.n) from queue.parked p
                                              where p.hold = h.id and p.n > h.position))
            from queue.hold h where h.pool = \(pool) and h.lane = \(lane)
            """
        ).map { row in (0..<5).map { row.text($0) }.joined(separator: " ") }.sorted()
    }

    func short(_ id: Identifier) -> String { String(id.description.suffix(6)) }
}

extension Model.Hold: CustomStringConvertible {
    var description: String {
        ([String(subject), single ? "t" : "f", String(attempt), abandoned ? "t" : "f"]
            + waiting.map(\.description)).joined(separator: " ")
    }
}
