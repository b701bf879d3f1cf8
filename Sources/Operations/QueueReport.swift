import Commands
import Postgres

/// The queue at a glance.
public struct QueueReport {
    private let console: Console
    public init(_ console: Console) { self.console = console }

    public struct Pool: Sendable {
        public let name: String
        public let mode: String
        public let lanes: Int16
        public let kinds: [String]
        /// Commands that no lane has come to.
        public let waiting: Int64
        public let oldestSeconds: Int64?
        /// In the last minute.
        public let decided: Int64
        /// Commands behind one that failed.
        public let parked: Int64
        /// Commands or subjects that will be tried again.
        public let held: Int64
        /// Those that wait for an operator.
        public let abandoned: Int64
        /// In the last hour.
        public let refused: Int64
        /// Why an operator has paused it; nil: its lanes run.
        public let paused: String?
        /// It is on the way to so many lanes; nil: no resize is open.
        public let resizedTo: Int16?
    }

    public func pools() throws -> [Pool] {
        try console.connection.run("operations/pools").map { row in
            Pool(
                name: row.text(0), mode: row.text(1), lanes: row.int16(2), kinds: row.texts(3),
                waiting: row.int64(4), oldestSeconds: row.optional(5, row.int64),
                decided: row.int64(6), parked: row.int64(7), held: row.int64(8),
                abandoned: row.int64(9), refused: row.int64(10),
                paused: row.optional(11, row.text), resizedTo: row.optional(12, row.int16))
        }
    }

    /// Stops a pool's lanes after the batches that are under way; what comes meanwhile waits.
    public func pause(_ pool: String, why: String) throws {
        try change(pool, "queue.pause", why, otherwise: .alreadyPaused(pool)) {
            try console.connection.run(
                "operations/pause", .text(pool), .text(console.actor), .text(why))
        }
    }

    /// Lets them run again, at once.
    public func resume(_ pool: String, why: String) throws {
        try change(pool, "queue.resume", why, otherwise: .notPaused(pool)) {
            try console.connection.run("operations/resume", .text(pool))
        }
    }

    private func change(
        _ pool: String, _ what: String, _ why: String, otherwise: Phrase, _ body: () throws -> Rows
    ) throws {
        try console.connection.transaction {
            guard try !console.connection.run("operations/pool", .text(pool)).isEmpty else {
                throw OperationError(.noSuchPool(pool))
            }
            guard try !body().isEmpty else { throw OperationError(otherwise) }
            try console.audit(
                what, nil, .object(["pool": .string(pool), "why": .string(why)]))
        }
    }

    public struct Lane: Sendable {
        public let pool: String
        public let lane: Int16
        public let batches: Int64
        public let lastSeconds: Int64
        public let decided: Int64
        public let waiting: Int64
        public let oldestSeconds: Int64?
        public let held: Int64
        public let abandoned: Int64
    }

    public func lanes() throws -> [Lane] {
        try console.connection.run("operations/lanes").map { row in
            Lane(
                pool: row.text(0), lane: row.int16(1), batches: row.int64(2),
                lastSeconds: row.int64(3), decided: row.int64(4), waiting: row.int64(5),
                oldestSeconds: row.optional(6, row.int64), held: row.int64(7),
                abandoned: row.int64(8))
        }
    }

    /// Makes the cursors speak of this server after a logical restore; returns how many commands wait.
    public func rebase(why: String) throws -> Int64 {
        try console.connection.transaction {
            guard let row = try console.connection.run("operations/rebase").first else {
                throw OperationError(.noAnswer)
            }
            try console.audit("queue.rebase", nil, .object(["why": .string(why)]))
            return row.int64(0)
        }
    }
}
