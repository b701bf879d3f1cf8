public import Postgres

/// An append as ingress makes it: a command, and what makes its repetition harmless.
public struct Append: Sendable {
    public var command: NewCommand
    /// Hash of (who, Idempotency-Key), 16 bytes; nil when the client sent no key.
    public var key: [UInt8]?
    /// Hash of the raw body, 16 bytes.
    public var digest: [UInt8]

    public init(_ command: NewCommand, key: [UInt8]? = nil, digest: [UInt8] = []) {
        self.command = command
        self.key = key
        self.digest = digest
    }
}

public enum Appended: Sendable, Equatable {
    case accepted
    /// The same key and body came before: this is the command it became.
    case repeated(Identifier)
    /// The same key came with another body.
    case conflict
    /// No pool takes this kind.
    case unknownKind
}

/// Writes flushes. Owns one connection of one thread; each flush is one statement and one commit of its own, because a
/// transaction that had an xid earlier would sort its commands by that.
public struct Appender {
    private let connection: Connection
    public var map: PoolMap

    public static let statements: [Statement] = ["queue/append", "queue/idempotent", "queue/pools"]

    public init(on connection: Connection) throws(PostgresError) {
        self.connection = connection
        map = try PoolMap(on: connection)
    }

    /// One flush. `day` is today in UTC (days since 1970-01-01), `secondOfDay` says how near midnight is: within five
    /// minutes of it keys are written under both days.
    public func append(_ batch: [Append], now: Int64) throws(PostgresError) -> [Appended] {
        var results = [Appended](repeating: .accepted, count: batch.count)
        var columns = CommandColumns(capacity: batch.count)
        var keys: [[UInt8]?] = []
        var digests: [[UInt8]?] = []
        var positions: [Int] = []
        for (index, append) in batch.enumerated() {
            guard columns.add(append.command, map) else {
                results[index] = .unknownKind
                continue
            }
            keys.append(append.key)
            digests.append(append.digest)
            positions.append(index)
        }
        guard !positions.isEmpty else { return results }
        let (today, written) = Self.days(now)
        let rows = try flush(
            columns.values + [
                .bytesArray(keys), .bytesArray(digests),
                .dates([today - 2, today - 1, today, today + 1]), .dates(written),
                .texts(columns.notifications),
            ])
        var late: [Int] = []
        for number in 0..<rows.count {
            let row = rows[number]
            guard row.int64(0) > 0 else { continue }
            let index = positions[Int(row.int64(0)) - 1]
            if row.isNull(1) {
                late.append(index)
            } else {
                results[index] = Self.verdict(
                    batch[index], holder: row.id(1), digest: row.bytes(2))
            }
        }
        if !late.isEmpty {
            let rows = try connection.run(
                "queue/idempotent", .bytesArray(late.map { batch[$0].key }),
                .dates([today - 2, today - 1, today, today + 1]))
            for number in 0..<rows.count {
                let row = rows[number]
                let index = late[Int(row.int64(0)) - 1]
                results[index] = Self.verdict(
                    batch[index], holder: row.id(1), digest: row.bytes(2))
            }
        }
        return results
    }

    /// Another flush, with a clock on the other side of the five minutes, took one of a key's days: nothing was written,
    /// and the repetition sees who holds the key.
    private func flush(_ values: [Value]) throws(PostgresError) -> Rows {
        for _ in 0..<4 {
            do {
                return try connection.run("queue/append", values)
            } catch  where error.sqlState == "40001" && !connection.inTransaction {
                continue
            }
        }
        return try connection.run("queue/append", values)
    }

    private static func verdict(_ append: Append, holder: Identifier, digest: [UInt8]) -> Appended {
        if digest != append.digest { return .conflict }
        // The holder is this very command when a flush whose answer was lost is repeated.
        return holder == append.command.id ? .accepted : .repeated(holder)
    }

    private static func days(_ now: Int64) -> (today: Int32, written: [Int32]) {
        let today = Int32(now / 86_400_000_000)
        let second = now / 1_000_000 % 86_400
        if second < 300 { return (today, [today - 1, today]) }
        if second >= 86_400 - 300 { return (today, [today, today + 1]) }
        return (today, [today])
    }
}

/// Appends follow-ups and operators' commands inside the caller's transaction (which has claimed before).
public func follow(_ commands: [NewCommand], map: PoolMap, on connection: Connection) throws {
    var columns = CommandColumns(capacity: commands.count)
    for command in commands where !columns.add(command, map) {
        throw PermanentFailure("no pool takes the kind \(command.kind): name it in workers.yaml")
    }
    guard !commands.isEmpty else { return }
    try connection.run("queue/follow", columns.values + [.texts(columns.notifications)])
}

/// Commands turned into the arrays of `append` and `follow`.
private struct CommandColumns {
    var ids: [Identifier?] = []
    var pools: [Int16?] = []
    var lanes: [Int16?] = []
    var kinds: [String?] = []
    var organizations: [String?] = []
    var subjects: [Int64?] = []
    var payloads: [[UInt8]?] = []
    var actors: [String?] = []
    var channels: [String?] = []
    var traces: [String?] = []
    var causes: [Identifier?] = []
    var awaited: [Bool] = []
    var received: [Int64?] = []
    var woken: [Int16: Set<Int16>] = [:]

    init(capacity: Int) {
        ids.reserveCapacity(capacity)
        payloads.reserveCapacity(capacity)
    }

    mutating func add(_ command: NewCommand, _ map: PoolMap) -> Bool {
        guard let place = map.place(kind: command.kind, subject: command.subject) else {
            return false
        }
        ids.append(command.id)
        pools.append(place.pool)
        lanes.append(place.lane)
        kinds.append(command.kind)
        organizations.append(command.organization)
        subjects.append(command.subject)
        payloads.append(command.payload)
        actors.append(command.actor)
        channels.append(command.channel)
        traces.append(command.trace)
        causes.append(command.cause)
        awaited.append(command.awaited)
        received.append(command.receivedAt)
        woken[place.pool, default: []].insert(place.lane)
        return true
    }

    var values: [Value] {
        [
            .ids(ids), .int16s(pools), .int16s(lanes), .texts(kinds), .texts(organizations),
            .int64s(subjects), .jsons(payloads), .texts(actors), .texts(channels), .texts(traces),
            .ids(causes), .bools(awaited), .timestamps(received),
        ]
    }

    var notifications: [String?] {
        woken.sorted { $0.key < $1.key }.map { Wake.payload(pool: $0.key, lanes: $0.value) }
    }
}
