public import Commands
import Crypto
public import Postgres
import Queue

/// Finding commands, and bringing back or giving up those that failed.
public struct Reprocessing {
    private let console: Console
    public init(_ console: Console) { self.console = console }

    public enum State: String, Sendable, CaseIterable {
        case pending, refused, failed, abandoned, parked, done, discarded
    }

    public struct Filter: Sendable {
        public var state: State?
        public var kind: String?
        public var organization: String?
        public var subject: Int64?
        /// Microseconds since 1970-01-01 UTC.
        public var since: Int64?
        public var code: String?
        /// The command that they repeat or follow.
        public var cause: Identifier?
        /// What the payload contains: an object, of which every member must be there as it is.
        public var payload: JSON?
        public var limit: Int64

        public init(limit: Int64 = 50) { self.limit = limit }
    }

    public struct Listed: Sendable {
        public let id: Identifier
        public let received: Moment
        public let kind: String
        public let organization: String
        public let state: String
        public let code: String
        public let actor: String
        public let account: String?
        public let attempt: Int32
        public let error: String
    }

    public func list(_ filter: Filter) throws -> [Listed] {
        let statement: Statement =
            switch filter.state {
            case nil, .done: "operations/commands_newest"
            case .pending: "operations/commands_waiting"
            case .refused, .discarded: "operations/commands_excepted"
            case .failed, .abandoned, .parked: "operations/commands_held"
            }
        return try console.connection.run(
            statement, .text(filter.kind), .text(filter.organization), .int64(filter.subject),
            .timestamp(filter.since), .text(filter.code), .int64(filter.limit),
            .text(filter.state?.rawValue), .id(filter.cause), .json(filter.payload?.bytes)
        ).map { row in
            Listed(
                id: row.id(0), received: Moment(row.timestamp(1)), kind: row.text(2),
                organization: row.text(3), state: row.text(4), code: row.text(5),
                actor: row.text(6), account: row.optional(7, row.text), attempt: row.int32(8),
                error: row.text(9))
        }
    }

    /// Abandoned commands of one kind and cause.
    public struct Cause: Sendable {
        public let kind: String
        /// The error with its numbers, ids and quotations masked.
        public let cause: String
        public let commands: Int64
        /// Of them, those that hold their subject.
        public let subjects: Int64
        /// Commands behind those.
        public let parked: Int64
        public let first: Moment
        public let last: Moment
        /// The newest, and its error as it is.
        public let example: Identifier
        public let error: String
    }

    /// What was abandoned, by cause, the most first.
    public func causes(
        kind: String? = nil, organization: String? = nil, limit: Int64 = 50
    ) throws -> [Cause] {
        try console.connection.run(
            "operations/commands_abandoned", .text(kind), .text(organization), .int64(limit)
        ).map { row in
            Cause(
                kind: row.text(0), cause: row.text(1), commands: row.int64(2),
                subjects: row.int64(3), parked: row.int64(4), first: Moment(row.timestamp(5)),
                last: Moment(row.timestamp(6)), example: row.id(7), error: row.text(8))
        }
    }

    // MARK: One command

    public struct Whole: Sendable {
        public let id: Identifier
        public let kind: String
        public let organization: String
        public let subject: Int64
        public let pool: Int16
        public let poolName: String
        public let lane: Int16
        public let payload: JSON
        public let actor: String
        public let channel: String
        public let trace: String?
        public let cause: Identifier?
        public let received: Moment
        public let made: Moment
        public let state: State
        public let code: String
        public let body: JSON
        public let attempt: Int32
        public let error: String
        public let hold: Int64?
    }

    public struct Event: Sendable {
        public let at: Moment
        public let kind: String
        public let code: String
        public let body: JSON
        public let attempt: Int32
    }

    /// Those of `ids` that are there, in their order.
    public func find(_ ids: [Identifier]) throws -> [Whole] {
        try console.connection.run("operations/commands_by_id", .ids(ids)).map { row in
            Whole(
                id: row.id(0), kind: row.text(1), organization: row.text(2),
                subject: row.int64(3), pool: row.int16(4), poolName: row.text(5),
                lane: row.int16(6), payload: try row.parsed(7), actor: row.text(8),
                channel: row.text(9), trace: row.optional(10, row.text),
                cause: row.optional(11, row.id), received: Moment(row.timestamp(12)),
                made: Moment(row.timestamp(13)), state: State(rawValue: row.text(14)) ?? .pending,
                code: row.text(15), body: try row.parsed(16), attempt: row.int32(17),
                error: row.text(18), hold: row.optional(19, row.int64))
        }
    }

    public func history(_ id: Identifier) throws -> [Event] {
        try console.connection.run("operations/command_history", .id(id)).map { row in
            Event(
                at: Moment(row.timestamp(0)), kind: row.text(1), code: row.text(2),
                body: try row.parsed(3), attempt: row.int32(4))
        }
    }

    // MARK: Retry and discard

    /// What becomes of one command of a retry or discard.
    public enum Treatment: Sendable, Equatable {
        /// Its hold is tried again at once.
        case released
        /// The same again as a new command.
        case appended(Identifier)
        case discarded
        /// Nothing was done, and why.
        case left(Phrase)
    }

    public struct Treated: Sendable {
        public let id: Identifier
        public let kind: String
        public let treatment: Treatment
    }

    /// Tries again what failed, and decides again what was refused (`accepted`: also what was
    /// accepted). `onlyHeld`: nothing is decided anew, for ids that were listed as abandoned and
    /// may have been settled since. A lane's holds are one transaction, and so are a thousand new
    /// commands; `each` hears how many are done.
    public func retry(
        _ ids: [Identifier], accepted: Bool, onlyHeld: Bool = false, why: String, dryRun: Bool,
        each: (Int) -> Void = { _ in }
    ) throws -> [Treated] {
        try Secrets.start()
        let map = try PoolMap(on: console.connection)
        var held: [Place: [Whole]] = [:]
        var refused: [Whole] = []
        var treatments: [Identifier: Treatment] = [:]
        let found = Dictionary(uniqueKeysWithValues: try find(Array(Set(ids))).map { ($0.id, $0) })
        for command in found.values {
            switch command.state {
            case .failed, .abandoned:
                if dryRun {
                    treatments[command.id] = .released
                } else {
                    held[Place(command), default: []].append(command)
                }
            case _ where onlyHeld: treatments[command.id] = .left(.meanwhile)
            case .done where !accepted: treatments[command.id] = .left(.wasAccepted)
            case .refused, .discarded, .done:
                if map.place(kind: command.kind, subject: command.subject) == nil {
                    treatments[command.id] = .left(.noPool(command.kind))
                } else if dryRun {
                    treatments[command.id] = .appended(command.id)
                } else {
                    refused.append(command)
                }
            case .parked: treatments[command.id] = .left(.isParked)
            case .pending: treatments[command.id] = .left(.isPending)
            }
        }
        for (place, commands) in held.sorted(by: { $0.key < $1.key }) {
            treatments.merge(try release(commands, place, why: why)) { $1 }
            each(treatments.count)
        }
        refused.sort { $0.id < $1.id }
        for start in stride(from: 0, to: refused.count, by: 1_000) {
            let part = refused[start..<min(start + 1_000, refused.count)]
            treatments.merge(try again(part, why: why)) { $1 }
            each(treatments.count)
        }
        return ids.map { id in
            Treated(
                id: id, kind: found[id]?.kind ?? "", treatment: treatments[id] ?? .left(.noCommand))
        }
    }

    private struct Place: Hashable, Comparable {
        let pool: Int16
        let lane: Int16

        init(_ command: Whole) {
            pool = command.pool
            lane = command.lane
        }

        static func < (left: Place, right: Place) -> Bool {
            (left.pool, left.lane) < (right.pool, right.lane)
        }
    }

    /// Gives up what failed; what stood behind it goes on.
    public func discard(_ ids: [Identifier], why: String, dryRun: Bool) throws -> [Treated] {
        try treat(ids) { command in
            switch command.state {
            case .failed, .abandoned: try dryRun ? .discarded : drop(command, why: why)
            case .parked: .left(.isParked)
            case .pending: .left(.isPending)
            case .refused, .done, .discarded: .left(.isDecided)
            }
        }
    }

    private func treat(
        _ ids: [Identifier], _ body: (Whole) throws -> Treatment
    ) throws -> [Treated] {
        let found = Dictionary(uniqueKeysWithValues: try find(Array(Set(ids))).map { ($0.id, $0) })
        return try ids.map { id in
            guard let command = found[id] else {
                return Treated(id: id, kind: "", treatment: .left(.noCommand))
            }
            return Treated(id: id, kind: command.kind, treatment: try body(command))
        }
    }

    /// Does something to a hold as the lane's owner: its lock first, and in the end its next n, so
    /// that no lane that began before can complete a batch that knew the hold as it was.
    private func owning<Result>(
        _ command: Whole,
        _ body: (_ hold: Int64, _ single: Bool, _ n: Int64) throws -> Result
    ) throws -> Result? {
        try console.connection.transaction {
            try console.connection.run(
                "operations/lock_lane", .int16(command.pool), .int16(command.lane))
            guard
                let row = try console.connection.run(
                    "operations/hold_of", .id(command.id), .int16(command.pool),
                    .int16(command.lane)
                ).first
            else { return nil }
            let result = try body(row.int64(0), row.bool(1), row.int64(2))
            try console.connection.run(
                "operations/keep_lane", .int16(command.pool), .int16(command.lane))
            return result
        }
    }

    /// As the lane's owner, like `owning`, for all its holds at once.
    private func release(
        _ commands: [Whole], _ place: Place, why: String
    ) throws -> [Identifier: Treatment] {
        let lane = [Value.int16(place.pool), Value.int16(place.lane)]
        let released = try console.connection.transaction {
            try console.connection.run("operations/lock_lane", lane)
            let released = try console.connection.run(
                "operations/retry_lane",
                lane + [.ids(commands.map(\.id)), .text(console.actor), .text(why)]
            ).map { $0.id(0) }
            if !released.isEmpty { try console.connection.run("operations/keep_lane", lane) }
            return Set(released)
        }
        return Dictionary(
            uniqueKeysWithValues: commands.map {
                ($0.id, released.contains($0.id) ? .released : .left(.meanwhile))
            })
    }

    private func drop(_ command: Whole, why: String) throws -> Treatment {
        try owning(command) { hold, single, n in
            let ended = try console.connection.run(
                "operations/end_hold", .int64(hold), .int64(n), .bool(single)
            ).first
            if ended == nil {
                try console.connection.run("operations/retry_hold", .int64(hold), .int64(n))
            }
            try note(command, "discarded", why)
            try console.connection.run(
                "operations/announce", .int16(command.pool), .int16(command.lane))
            return .discarded
        } ?? .left(.meanwhile)
    }

    private func note(_ command: Whole, _ what: String, _ why: String) throws {
        let body = JSON.object(["by": .string(console.actor), "why": .string(why)])
        try console.connection.run(
            "operations/except", .id(command.id), .text(what), .json(body.bytes))
        try console.audit(
            "command.\(what)", command.organization,
            .object([
                "command": .string(command.id.description), "kind": .string(command.kind),
                "why": .string(why),
            ]))
    }

    /// The same payload, subject, sender and time of receipt: what it meant then is what is decided
    /// now.
    private func again(
        _ commands: ArraySlice<Whole>, why: String
    ) throws -> [Identifier: Treatment] {
        let new = commands.map { command in
            NewCommand(
                id: newIdentifier(), kind: command.kind, organization: command.organization,
                subject: command.subject, payload: command.payload.bytes, actor: command.actor,
                channel: command.channel, trace: command.trace, cause: command.id, awaited: true,
                receivedAt: command.received.microseconds)
        }
        try console.append(new) {
            try console.connection.run(
                "operations/audit_again", .text(console.actor), .text(why),
                .ids(commands.map(\.id)), .ids(new.map(\.id)))
        }
        return Dictionary(
            uniqueKeysWithValues: zip(commands, new).map { ($0.id, .appended($1.id)) })
    }
}
