public import Commands
import Crypto
public import Postgres
import Queue

/// Deciding again, or giving up, all commands that match: staged as one set and worked off part by
/// part in the pool of bulk work, where it can be watched, paused and cancelled.
public struct Jobs {
    private let console: Console
    public init(_ console: Console) { self.console = console }

    public enum Action: String, Sendable {
        /// Refused ones come again as new commands; failed ones are tried again where they are.
        case reprocess
        /// Failed ones are given up; what stands behind them goes on.
        case discard
    }

    public enum State: String, Sendable { case running, paused, cancelled, done }

    public struct Job: Sendable {
        public let id: Int64
        public let action: Action
        public let dryRun: Bool
        /// As the operator typed it.
        public let filter: JSON
        public let actor: String
        public let why: String
        public let state: State
        public let at: Moment
        public let since: Moment
        public let total: Int64
        public let handled: Int64
        public let appended: Int64
        public let released: Int64
        public let discarded: Int64
        /// Let be: settled or gone meanwhile.
        public let passed: Int64
        /// Since something was handled last; nil: nothing was.
        public let movedSeconds: Int64?

        /// Whether nothing more will be done.
        public var isOver: Bool { state == .done || state == .cancelled }
    }

    // MARK: Making

    /// Makes a job of all that match, and lets it begin. Nil: nothing does.
    /// - Parameter states: of which states; a command that has left them when its turn comes is let
    ///   be.
    public func make(
        _ action: Action, _ filter: Reprocessing.Filter, states: [Reprocessing.State],
        described: JSON, why: String, dryRun: Bool
    ) throws -> Int64? {
        try Secrets.start()
        let kind = Command.Kind.reprocessPart.rawValue
        let map = try PoolMap(on: console.connection)
        guard let pool = map.pool(taking: kind) else { throw OperationError(.noPool(kind)) }
        do {
            return try console.connection.transaction {
                try console.connection.run("operations/reprocess_turn")
                guard
                    let row = try console.connection.run(
                        "operations/reprocess_make", .text(action.rawValue), .bool(dryRun),
                        .texts(states.map(\.rawValue)), .json(described.bytes),
                        .text(console.actor), .text(why)
                    ).first
                else { throw OperationError(.noAnswer) }
                let job = row.int64(0)
                let lanes = try console.connection.run(
                    "operations/reprocess_stage", .int64(job), .int32(Int32(pool.lanes)),
                    .texts(states.map(\.rawValue)), .text(filter.kind),
                    .text(filter.organization), .int64(filter.subject),
                    .timestamp(filter.since), .text(filter.code), .id(filter.cause),
                    .json(filter.payload?.bytes)
                ).map { (lane: $0.int16(0), rows: $0.int64(1)) }
                guard !lanes.isEmpty else { throw Nothing() }
                try begin(
                    job, lanes.sorted { $0.lane < $1.lane }.map { ($0.lane, 0) },
                    filter.organization, map)
                try console.audit(
                    "job.\(action.rawValue)", filter.organization,
                    .object([
                        "job": .int(job), "filter": described, "dry_run": .bool(dryRun),
                        "total": .int(lanes.reduce(0) { $0 + $1.rows }), "why": .string(why),
                    ]))
                return job
            }
        } catch is Nothing {
            return nil
        }
    }

    private struct Nothing: Error {}

    /// Appends the next part of each lane. Where one waits already, the second does nothing.
    private func begin(
        _ job: Int64, _ lanes: [(lane: Int16, position: Int64)], _ organization: String?,
        _ map: PoolMap
    ) throws {
        let now = try console.now()
        let parts = lanes.map { lane -> NewCommand in
            let command = Command.reprocessPart(
                ReprocessPart(job: job, lane: Int(lane.lane), from: lane.position))
            return NewCommand(
                id: newIdentifier(), kind: command.kind.rawValue,
                organization: organization ?? "",
                subject: command.subject(organization: organization ?? ""),
                payload: command.json.bytes, actor: console.actor,
                channel: Channel.operator.rawValue, awaited: true, receivedAt: now)
        }
        try follow(parts, map: map, on: console.connection)
    }

    // MARK: Finding

    public func list(limit: Int64 = 50) throws -> [Job] { try read(nil, limit) }

    public func find(_ id: Int64) throws -> Job {
        guard let job = try read(id, 1).first else { throw OperationError(.noReprocessJob(id)) }
        return job
    }

    private func read(_ id: Int64?, _ limit: Int64) throws -> [Job] {
        try console.connection.run("operations/reprocess_jobs", .int64(id), .int64(limit)).map {
            row in
            Job(
                id: row.int64(0), action: Action(rawValue: row.text(1)) ?? .reprocess,
                dryRun: row.bool(2), filter: try row.parsed(3), actor: row.text(4),
                why: row.text(5), state: State(rawValue: row.text(6)) ?? .running,
                at: Moment(row.timestamp(7)), since: Moment(row.timestamp(8)),
                total: row.int64(9), handled: row.int64(10), appended: row.int64(11),
                released: row.int64(12), discarded: row.int64(13), passed: row.int64(14),
                movedSeconds: row.optional(15, row.int64))
        }
    }

    // MARK: Steering

    /// Stops a job where it is. When this returns no part is under way, and none begins.
    public func pause(_ id: Int64, why: String) throws {
        try move(id, "pause", from: [.running], to: .paused, why: why)
    }

    /// Ends a job where it is. What it has appended is decided; nothing is taken back.
    public func cancel(_ id: Int64, why: String) throws {
        try move(id, "cancel", from: [.running, .paused], to: .cancelled, why: why)
    }

    /// Lets a job go on where it stands. Also one that runs, but whose part was given up.
    public func resume(_ id: Int64, why: String) throws {
        try Secrets.start()
        let map = try PoolMap(on: console.connection)
        try move(id, "resume", from: [.running, .paused], to: .running, why: why) { job in
            let lanes = try console.connection.run("operations/reprocess_lanes", .int64(id)).map {
                (lane: $0.int16(0), position: $0.int64(1))
            }
            try begin(id, lanes, job.filter["organization"]?.string, map)
        }
    }

    private func move(
        _ id: Int64, _ word: String, from: [State], to: State, why: String,
        _ body: (Job) throws -> Void = { _ in }
    ) throws {
        let job = try find(id)
        try console.connection.transaction {
            guard
                try console.connection.run(
                    "operations/reprocess_move", .int64(id), .texts(from.map(\.rawValue)),
                    .text(to.rawValue)
                ).first != nil
            else { throw OperationError(.jobIs(id, try find(id).state)) }
            try body(job)
            try console.audit(
                "job.\(word)", job.filter["organization"]?.string,
                .object(["job": .int(id), "why": .string(why)]))
        }
    }

    // MARK: Watching

    public enum Ending: Sendable {
        /// Done or cancelled.
        case over(Job)
        case paused(Job)
        /// The caller did not want to wait any longer; the queue goes on.
        case interrupted
        /// A part of it waits for an operator.
        case stuck(command: Identifier, error: String)
    }

    /// Waits until a job is over, paused or stuck. `each` hears of every step, at least once a
    /// second, with the seconds since something moved, and says whether to go on.
    public func watch(_ id: Int64, each: (Job, _ idleSeconds: Int64) -> Bool) throws -> Ending {
        try console.connection.listen("queue_decided")
        var moved = monotonicMicroseconds()
        var before: Int64 = -1
        while true {
            let job = try find(id)
            let now = monotonicMicroseconds()
            if job.handled != before { (before, moved) = (job.handled, now) }
            let idle = (now - moved) / 1_000_000
            let goesOn = each(job, idle)
            if job.isOver { return .over(job) }
            if job.state == .paused { return .paused(job) }
            if idle > 1,
                let row = try console.connection.run("operations/reprocess_stuck", .int64(id)).first
            {
                return .stuck(command: row.id(0), error: row.text(1))
            }
            guard goesOn else { return .interrupted }
            try console.pause()
        }
    }

    /// So many commands of a kind that were one thing and became, or would become, another.
    public struct Outcome: Sendable, Equatable {
        public let kind: String
        /// With the code of its refusal; nil where only what it became is known.
        public let was: Standing?
        public let state: Standing
        public let count: Int64
    }

    public struct Standing: Sendable, Equatable {
        public let state: String
        /// The code of a refusal; else empty.
        public let code: String
    }

    /// What came of a job in total: of a dry run what would change, else what became of the commands
    /// that it appended, as far as they are decided.
    public func outcomes(of job: Job) throws -> [Outcome] {
        if job.dryRun {
            return try console.connection.run("operations/reprocess_foreseen", .int64(job.id)).map {
                Outcome(
                    kind: $0.text(0), was: Standing(state: $0.text(1), code: $0.text(2)),
                    state: Standing(state: $0.text(3), code: $0.text(4)), count: $0.int64(5))
            }
        }
        return try console.connection.run("operations/reprocess_became", .int64(job.id)).map {
            Outcome(
                kind: $0.text(0), was: nil,
                state: Standing(state: $0.text(1), code: $0.text(2)), count: $0.int64(3))
        }
    }

    /// What would change on one account, or on another subject of an organization.
    public struct AccountOutcome: Sendable {
        public let organization: String
        public let account: String?
        public let subject: Int64
        public let was: Standing
        public let state: Standing
        public let count: Int64
    }

    /// What a dry run found by account, those with the most commands first; nil: all of them.
    public func accounts(of job: Job, most: Int64?) throws -> [AccountOutcome] {
        try console.connection.run(
            "operations/reprocess_foreseen_accounts", .int64(job.id), .int64(most)
        ).map { row in
            AccountOutcome(
                organization: row.text(0), account: row.optional(1, row.text),
                subject: row.int64(2), was: Standing(state: row.text(3), code: row.text(4)),
                state: Standing(state: row.text(5), code: row.text(6)), count: row.int64(7))
        }
    }
}
