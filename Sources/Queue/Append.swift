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

/// Writes flushes. Owns one connection of one thread; each flush is a commit of its own, because a transaction that had
/// an xid earlier would sort its commands by that.
///
/// The rows go by COPY, keys and commands in one message with the wake-up, so that all or nothing is written: no arrays to
/// take apart, no tuples put aside, heap pages filled in one go, no speculative insertion. Measured at 256 connections, CPU
/// of the server's process a command: 28 µs by INSERT … unnest, 22 by COPY, 19 without a look for keys before each flush.
///
/// A flush says which pool map it was placed by. After a resize of a pool an old one fails it as a whole, and it is placed
/// anew by the map in force.
///
/// A key that was used in the same four days fails the flush as a unique violation; then, and for a while after, flushes
/// look before they write, so that a client that repeats everything costs a look and not a failed flush each time.
public final class Appender {
    private let connection: Connection
    public private(set) var map: PoolMap
    /// How many more flushes look for taken keys first.
    private var cautious = 0
    private static let caution = 64

    public static let statements: [Statement] = [
        "queue/holders", "queue/appended", "queue/origin", "queue/pools",
    ]

    public init(on connection: Connection) throws {
        self.connection = connection
        map = try PoolMap(on: connection)
    }

    /// Whether its session still stands, as far as one can tell without asking.
    public func stands() -> Bool { connection.stands() }

    /// One flush. `now` is the real clock in microseconds since 1970-01-01.
    public func append(_ batch: [Append], now: Int64) throws -> [Appended] {
        var flush = Flush(batch, map)
        let days = KeyDays(now)
        cautious = max(0, cautious - 1)
        // A key or an id that another session wrote meanwhile fails the flush, and is visible to the next attempt: ours,
        // when the answer of an earlier commit was lost, or another door's.
        for attempt in 0... {
            try look(&flush, days, collided: attempt > 0)
            do {
                try write(flush, days)
                break
            } catch let error as PostgresError
                where error.sqlState == "23505" && !connection.inTransaction && attempt < 4
            {
                cautious = Self.caution
            } catch let error as PostgresError
                where PoolMap.isOutdated(error) && !connection.inTransaction && attempt < 4
            {
                map = try PoolMap(on: connection)
                flush = Flush(batch, map)
            }
        }
        return flush.answers()
    }

    /// Finds what is taken: keys by any command, and after a collision ids, which then are this very flush's.
    private func look(
        _ flush: inout Flush, _ days: KeyDays, collided: Bool
    ) throws(PostgresError) {
        if collided {
            let rows = try connection.run("queue/appended", .ids(flush.batch.map(\.command.id)))
            for number in 0..<rows.count {
                flush.holders[Int(rows[number].int64(0)) - 1] = .itself
            }
        }
        // In an open transaction a collision could not be got over by trying again.
        let current = cautious > 0 || connection.inTransaction ? days.current : nil
        guard flush.hasKeys, current != nil || days.previous != nil || days.next != nil else {
            return
        }
        let rows = try connection.run(
            "queue/holders", .bytesArray(flush.batch.map(\.key)), .date(days.previous),
            .date(current), .date(days.next))
        for number in 0..<rows.count {
            let row = rows[number]
            flush.holders[Int(row.int64(0)) - 1] = .other(row.id(1), digest: row.bytes(2))
        }
    }

    private func write(_ flush: Flush, _ days: KeyDays) throws {
        // Lane by lane, each in the order in which it came: a lane's commands then lie together, and a claim of a long
        // backlog reads a quarter of the blocks.
        let fresh = flush.fresh.map { (index: $0, place: flush.places[$0]) }.sorted {
            ($0.place?.pool ?? 0, $0.place?.lane ?? 0, $0.index)
                < ($1.place?.pool ?? 0, $1.place?.lane ?? 0, $1.index)
        }
        guard !fresh.isEmpty else { return }
        var commands = CopyRows(capacity: fresh.count * 320)
        var woken: [Int16: Set<Int16>] = [:]
        for (index, place) in fresh {
            guard let place else { continue }
            flush.batch[index].command.write(at: place, to: &commands)
            woken[place.pool, default: []].insert(place.lane)
        }
        var copies: [(Statement, CopyRows)] = [("queue/append", commands)]
        if flush.hasKeys {
            var keys = CopyRows(capacity: fresh.count * 80)
            // The same order in every door: no deadlock.
            let keyed = fresh.map(\.index).filter { flush.batch[$0].key != nil }.sorted {
                (flush.batch[$0].key ?? []).lexicographicallyPrecedes(flush.batch[$1].key ?? [])
            }
            for index in keyed {
                guard let key = flush.batch[index].key else { continue }
                for day in days.written {
                    keys.begin(4)
                    keys.date(day)
                    keys.raw(key)
                    keys.raw(flush.batch[index].digest)
                    keys.id(flush.batch[index].command.id)
                }
            }
            copies.insert(("queue/append_keys", keys), at: 0)
        }
        try connection.copyIn(
            copies, setting: [("queue.map", String(flush.map))],
            notifying: woken.sorted { $0.key < $1.key }.map {
                ("queue_append", Wake.payload(pool: $0.key, lanes: $0.value))
            })
    }
}

/// Where idempotency keys of a moment are: four days from 1970-01-01 are one partition, named by the first of them (days
/// since 1970-01-01). Doors' clocks may be five minutes apart; so near a border keys are written on both sides of it.
struct KeyDays: Equatable {
    private static let minute: Int64 = 60_000_000
    private static let span = 4 * 24 * 60 * minute

    let current: Int32
    /// Where a key is written.
    let written: [Int32]
    /// The four days before, while a key of 48 hours ago may be there.
    let previous: Int32?
    /// The next four days, once a clock that is ahead may write there.
    let next: Int32?

    init(_ now: Int64) {
        let into = now % Self.span
        let left = Self.span - into
        current = Int32(now / Self.span * 4)
        written =
            into < 5 * Self.minute
            ? [current - 4, current]
            : left <= 5 * Self.minute ? [current, current + 4] : [current]
        previous = into < Self.span / 2 + 10 * Self.minute ? current - 4 : nil
        next = left <= 10 * Self.minute ? current + 4 : nil
    }
}

/// A flush on its way: what is known of each of its requests.
private struct Flush {
    enum Holder {
        /// The command is there already: the answer of an earlier commit was lost.
        case itself
        case other(Identifier, digest: [UInt8])
    }

    let batch: [Append]
    /// Where each goes; nil when no pool takes its kind.
    let places: [(pool: Int16, lane: Int16)?]
    /// The number of the map that says so.
    let map: Int64
    /// For a key that stands twice in this flush: where it stood first.
    let earlier: [Int?]
    let hasKeys: Bool
    var holders: [Holder?]

    init(_ batch: [Append], _ map: PoolMap) {
        self.batch = batch
        self.map = map.number
        let places = batch.map { map.place(kind: $0.command.kind, subject: $0.command.subject) }
        self.places = places
        holders = Array(repeating: nil, count: batch.count)
        hasKeys = batch.contains { $0.key != nil }
        var first: [[UInt8]: Int] = [:]
        if hasKeys { first.reserveCapacity(batch.count) }
        earlier =
            hasKeys
            ? batch.enumerated().map { index, append in
                guard let key = append.key, places[index] != nil else { return nil }
                if let found = first[key] { return found }
                first[key] = index
                return nil
            } : Array(repeating: nil, count: batch.count)
    }

    /// What is to be written, in the order in which it came.
    var fresh: [Int] {
        batch.indices.filter { places[$0] != nil && earlier[$0] == nil && holders[$0] == nil }
    }

    func answers() -> [Appended] {
        batch.indices.map { index in
            guard places[index] != nil else { return .unknownKind }
            let digest = batch[index].digest
            switch (holders[index], earlier[index]) {
            case (.itself, _): return .accepted
            case (.other(let command, let other), _):
                if digest != other { return .conflict }
                // The holder is this very command when a flush whose answer was lost is repeated.
                return command == batch[index].command.id ? .accepted : .repeated(command)
            case (nil, let first?):
                guard digest == batch[first].digest else { return .conflict }
                let id = batch[first].command.id
                return id == batch[index].command.id ? .accepted : .repeated(id)
            case (nil, nil): return .accepted
            }
        }
    }
}

extension NewCommand {
    /// A row of `queue/append`.
    fileprivate func write(at place: (pool: Int16, lane: Int16), to rows: inout CopyRows) {
        rows.begin(13)
        rows.id(id)
        rows.int64(subject)
        rows.timestamp(receivedAt)
        rows.int16(place.pool)
        rows.int16(place.lane)
        rows.bool(awaited)
        rows.text(kind)
        rows.text(organization)
        rows.json(payload)
        rows.text(actor)
        rows.text(channel)
        rows.text(trace)
        rows.id(cause)
    }
}

/// Appends follow-ups and operators' commands inside the caller's transaction (which has claimed before). Throws, at the next
/// statement that is waited for, what `PoolMap.isOutdated` knows when the map was read before a resize.
/// - Parameter pool: that of the batch they follow from, for those that stay in it.
public func follow(
    _ commands: [NewCommand], map: PoolMap, from pool: Int16? = nil, on connection: Connection
) throws {
    var columns = CommandColumns(capacity: commands.count)
    for command in commands where !columns.add(command, map, pool) {
        throw PermanentFailure("no pool takes the kind \(command.kind): name it in workers.yaml")
    }
    guard !commands.isEmpty else { return }
    let values = columns.values + [.texts(columns.notifications), .int64(map.number)]
    // In a transaction it is part of its last round trip.
    if connection.inTransaction {
        try connection.send("queue/follow", values)
    } else {
        try connection.run("queue/follow", values)
    }
}

/// Commands turned into the arrays of `follow`.
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

    mutating func add(_ command: NewCommand, _ map: PoolMap, _ pool: Int16?) -> Bool {
        guard
            let place = map.place(
                kind: command.kind, subject: command.subject, in: command.inPlace ? pool : nil)
        else { return false }
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
