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
    /// accepted), each in its own pool. A lane's holds are one transaction, and so are the new
    /// commands; `each` hears how many are done. For all that match there is `Jobs`.
    public func retry(
        _ ids: [Identifier], accepted: Bool, why: String, dryRun: Bool,
        each: (Int) -> Void = { _ in }
    ) throws -> [Treated] {
        try Secrets.start()
        let map = try PoolMap(on: console.connection)
        var refused: [Whole] = []
        let found = try find(Array(Set(ids)))
        var treated = try treat(found, dryRun, .released, "operations/retry_lane", why, each) {
            switch $0.state {
            case .done where !accepted: return .left(.wasAccepted)
            case .refused, .discarded, .done:
                if map.place(kind: $0.kind, subject: $0.subject) == nil {
                    return .left(.noPool($0.kind))
                }
                refused.append($0)
                return .appended($0.id)
            case .parked: return .left(.isParked)
            case .pending, .failed, .abandoned: return .left(.isPending)
            }
        }
        if !dryRun, !refused.isEmpty {
            refused.sort { $0.id < $1.id }
            treated.merge(try again(refused, why: why)) { $1 }
            each(treated.count)
        }
        return told(ids, found, treated)
    }

    /// Gives up what failed; what stood behind it goes on.
    public func discard(_ ids: [Identifier], why: String, dryRun: Bool) throws -> [Treated] {
        let found = try find(Array(Set(ids)))
        let treated = try treat(found, dryRun, .discarded, "operations/discard_lane", why) {
            switch $0.state {
            case .parked: .left(.isParked)
            case .pending, .failed, .abandoned: .left(.isPending)
            case .refused, .done, .discarded: .left(.isDecided)
            }
        }
        return told(ids, found, treated)
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

    /// Does something to what failures keep, a lane's at once as its owner; `other` says what
    /// becomes of the rest.
    private func treat(
        _ found: [Whole], _ dryRun: Bool, _ treatment: Treatment, _ statement: Statement,
        _ why: String, _ each: (Int) -> Void = { _ in }, other: (Whole) -> Treatment
    ) throws -> [Identifier: Treatment] {
        var kept: [Place: [Identifier]] = [:]
        var treatments: [Identifier: Treatment] = [:]
        for command in found {
            switch command.state {
            case .failed, .abandoned:
                treatments[command.id] = treatment
                kept[Place(command), default: []].append(command.id)
            default: treatments[command.id] = other(command)
            }
        }
        guard !dryRun else { return treatments }
        var done = 0
        for (place, ids) in kept.sorted(by: { $0.key < $1.key }) {
            let settled = Set(
                try console.connection.run(
                    statement, .int16(place.pool), .int16(place.lane), .ids(ids),
                    .text(console.actor), .text(why)
                ).map { $0.id(0) })
            for id in ids where !settled.contains(id) { treatments[id] = .left(.meanwhile) }
            done += ids.count
            each(done)
        }
        return treatments
    }

    /// In the order in which they were named.
    private func told(
        _ ids: [Identifier], _ found: [Whole], _ treatments: [Identifier: Treatment]
    ) -> [Treated] {
        let kinds = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0.kind) })
        return ids.map { id in
            Treated(
                id: id, kind: kinds[id] ?? "", treatment: treatments[id] ?? .left(.noCommand))
        }
    }

    /// The same payload, subject, sender and time of receipt: what it meant then is what is decided
    /// now.
    private func again(
        _ commands: [Whole], why: String
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
