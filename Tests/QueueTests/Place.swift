import Postgres
import Queue
import Synchronization
import TestKit
import Threads

/// The database of a suite, with a table for what deciders leave behind.
func queueDatabase(_ label: String) throws -> TestDatabase {
    let database = try TestDatabase(label)
    try database.connection().script(
        """
        create table effect (
          n bigint generated always as identity, command uuid not null, subject bigint not null, note text not null);
        grant all on effect to kabinet_workers, kabinet_ingress;
        """)
    return database
}

/// A pool of a test's own, so that tests of one database do not meet.
final class Place: Sendable {
    let database: TestDatabase
    let policy: PoolPolicy
    let map: PoolMap
    let kind: String
    let pool: Int16

    private static let count = Atomic<Int>(0)

    /// Backoff is ten minutes: nothing comes back unless a test says so (`makeDue`).
    init(
        _ database: TestDatabase, lanes: Int = 1, threads: Int = 2, batch: Int = 500,
        delivery: Bool = false, attempts: Int = 5, backoff: Int = 600_000, timeout: Int = 10_000,
        rate: Double? = nil, onFailure: OnFailure = .hold, share: Double = 1,
        furtherKinds: [String] = []
    ) throws {
        self.database = database
        let number = Place.count.add(1, ordering: .relaxed).newValue
        let letters = String(number).map { String("abcdefghij"[$0]) }.joined()
        kind = "test.\(letters)"
        policy = PoolPolicy(
            name: "pool \(letters)", delivery: delivery, lanes: lanes, threads: threads,
            batch: batch, attempts: attempts, backoffFirst: backoff, timeout: timeout,
            onFailure: { _ in onFailure }, rate: rate, share: share)
        map = try database.pools((policy, [kind] + furtherKinds))
        guard let pool = map.pool(named: policy.name) else { throw TestKitError("no pool") }
        self.pool = pool.id
    }

    func lane(_ number: Int16 = 0) -> Lane {
        Lane(pool: pool, lane: number, batch: policy.batch)
    }

    /// A lane of a process that has just begun.
    func youngLane(_ number: Int16 = 0) -> Lane {
        let boot = Identifier.v7(
            milliseconds: realMicroseconds() / 1000,
            random: (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max)))
        return Lane(pool: pool, lane: number, batch: policy.batch, boot: boot)
    }

    /// A session of a worker, with everything prepared.
    func worker() throws -> Connection {
        try Connection(
            database.address(role: "kabinet_workers"), library: database.library,
            preparing: Lane.statements)
    }

    func ingress() throws -> Connection { try database.connection(role: "kabinet_ingress") }

    func command(
        _ subject: Int64 = 0, payload: String = "{}", id: Identifier? = nil, awaited: Bool = false
    ) -> NewCommand {
        .sample(kind, subject: subject, payload: payload, id: id, awaited: awaited)
    }

    func commands(_ count: Int, subject: (Int) -> Int64 = { Int64($0) }) -> [NewCommand] {
        (0..<count).map { command(subject($0)) }
    }

    /// One step of a lane.
    func step(
        _ lane: inout Lane, on connection: Connection, _ decider: any Decider
    ) throws -> Lane.Step {
        try lane.step(on: connection, policy: policy, map: map, decider: decider)
    }

    /// Steps until the lane is idle.
    @discardableResult
    func drain(
        _ lane: inout Lane, on connection: Connection, _ decider: any Decider
    ) throws -> [Lane.Step] {
        try untilIdle { try step(&lane, on: connection, decider) }
    }

    /// Drains lane 0 with a session of its own.
    @discardableResult
    func drain(_ decider: any Decider) throws -> [Lane.Step] {
        var lane = lane()
        return try drain(&lane, on: worker(), decider)
    }

    @discardableResult
    func deliver(
        _ lane: inout Lane, on connection: Connection, _ deliverer: any Deliverer,
        most: Int = .max
    ) throws -> Lane.Step {
        try lane.deliver(
            on: connection, policy: policy, map: map, deliverer: deliverer, most: most)
    }

    /// What deciders left behind for commands of this pool, in the order of their deciding.
    func effects() throws -> [Identifier] {
        try database.connection().script(
            """
            select e.command from effect e join queue.command c on c.id = e.command
            where c.pool = \(pool) order by e.n
            """
        ).map { row in try identifier(row.text(0)) }
    }

    /// One number, by SQL in which `$pool` stands for this pool.
    func number(_ sql: String) throws -> Int {
        let rows = try database.connection().script(
            sql.replacing("$pool", with: String(pool)))
        guard let row = rows.first, let number = Int(row.text(0)) else {
            throw TestKitError("not a number: \(sql)")
        }
        return number
    }

    func batches() throws -> Int {
        try number("select count(*) from queue.batch where pool = $pool")
    }
    func holds() throws -> Int {
        try number("select count(*) from queue.hold where pool = $pool")
    }

    /// Lets the time of every hold have come, those of abandoned commands too.
    /// In the order in which they were held, wherever their rows lie.
    func makeDue() throws {
        try database.connection().script(
            """
            update queue.hold set next_at = statement_timestamp() - interval '1 hour' + id * interval '1 microsecond'
            where pool = \(pool)
            """)
    }

    /// Kinds of the exceptions of one command, in order.
    func exceptions(_ id: Identifier) throws -> [String] {
        try database.connection().script(
            "select kind from queue.exception where command = '\(id)' order by at"
        ).map { $0.text(0) }
    }
}

/// Repeats a lane's steps until it is idle; a lane that never rests is a failure, not a test that never ends.
@discardableResult
func untilIdle(_ step: () throws -> Lane.Step) throws -> [Lane.Step] {
    var steps: [Lane.Step] = []
    while steps.count < 500 {
        let step = try step()
        if case .idle = step { return steps }
        steps.append(step)
    }
    throw TestKitError("the lane does not come to rest")
}

func identifier(_ text: String) throws -> Identifier {
    guard let id = Identifier(text) else { throw TestKitError("not an id: \(text)") }
    return id
}

/// Leaves a row for each command.
func write(_ batch: [ClaimedCommand], _ connection: Connection, note: String = "") throws {
    guard !batch.isEmpty else { return }
    let values = batch.map { "('\($0.id)', \($0.subject), '\(note)')" }.joined(separator: ", ")
    try connection.script("insert into effect (command, subject, note) values \(values)")
}

/// A decider that leaves a row for each command.
func writing() -> Deciding {
    Deciding { batch, connection in
        try write(batch, connection)
        return Decided(verdicts: batch.map { _ in .done })
    }
}

/// A decider that fails whenever `poison` is in the batch, after it has written.
func failing(_ poison: Identifier, permanent: Bool = false) -> Deciding {
    Deciding { batch, connection in
        try write(batch, connection)
        if batch.contains(where: { $0.id == poison }) {
            if permanent { throw PermanentFailure("poison") }
            throw TestKitError("poison")
        }
        return Decided(verdicts: batch.map { _ in .done })
    }
}

extension String {
    fileprivate subscript(_ digit: Character) -> Character {
        self[index(startIndex, offsetBy: digit.wholeNumberValue ?? 0)]
    }
}

extension Lane.Step {
    var isIdle: Bool { if case .idle = self { true } else { false } }
    var isElsewhere: Bool { if case .elsewhere = self { true } else { false } }
    var isFull: Bool { if case .full = self { true } else { false } }
    var isHalved: Bool { if case .halved = self { true } else { false } }
    /// Commands that left the lane in this step.
    var count: Int { if case .worked(let count, _, _) = self { count } else { 0 } }
    /// The command put aside, its attempt, and whether it was the last.
    var held: (id: Identifier, attempt: Int, abandoned: Bool)? {
        if case .held(let id, let attempt, let abandoned, _) = self {
            (id, attempt, abandoned)
        } else {
            nil
        }
    }
}
