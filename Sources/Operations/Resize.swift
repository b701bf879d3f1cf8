import Postgres

/// Another number of lanes for a pool, while everything runs. What was appended before is decided
/// first, lane by lane as it was placed; what comes meanwhile is taken and waits. Workers bring it
/// to its end, whoever began it; the protocol and why it is right: `sql/migrations/0015_resize.sql`.
public struct Resize {
    private let console: Console
    private let pool: String

    public init(_ pool: String, _ console: Console) {
        self.console = console
        self.pool = pool
    }

    public struct State: Sendable {
        /// Over so many lanes new commands are spread.
        public let lanes: Int16
        /// A resize is open: to so many lanes.
        public let to: Int16?
        public let actor: String
        public let seconds: Int64
        /// Commands to decide before it can end; with none open, all that wait.
        public let waiting: Int64
        /// Subjects and commands behind a failure. They move as they are.
        public let held: Int64
        public let paused: String?
    }

    public func state() throws -> State {
        guard let row = try console.connection.run("operations/resize_state", .text(pool)).first
        else { throw OperationError(.noSuchPool(pool)) }
        return State(
            lanes: row.int16(0), to: row.optional(1, row.int16),
            actor: row.optional(2, row.text) ?? "", seconds: row.int64(4), waiting: row.int64(5),
            held: row.int64(6), paused: row.optional(7, row.text))
    }

    /// Begins it. True: it is open now, begun here or before; false: the pool has these lanes.
    ///
    /// It waits for appends under way, half a second at a time, because new ones wait behind it.
    public func begin(_ lanes: Int16, why: String) throws -> Bool {
        var tries = 1
        while true {
            let now = try state()
            if let to = now.to {
                guard to == lanes else {
                    throw OperationError(.otherResize(pool, to: to, by: now.actor))
                }
                return true
            }
            guard now.lanes != lanes else { return false }
            if try write(lanes, why) { continue }
            guard tries < 20 else { throw OperationError(.appendsUnderWay) }
            tries += 1
            _ = try console.connection.notifications(milliseconds: 200)
        }
    }

    /// False: an append was under way too long.
    private func write(_ lanes: Int16, _ why: String) throws -> Bool {
        do {
            try console.connection.run(
                "operations/resize", .text(pool), .int16(lanes), .text(console.actor), .text(why))
            return true
        } catch {
            guard error.sqlState == "55P03" else { throw error }
            return false
        }
    }

    /// Waits until it has ended. `each` hears how it stands and says whether to go on. False: the
    /// caller did not want to wait, and it goes on by itself.
    public func watch(each: (State) -> Bool) throws -> Bool {
        try console.connection.listen("queue_resized")
        while true {
            try console.connection.run("operations/end_resizes")
            let began = monotonicMicroseconds()
            let now = try state()
            guard now.to != nil else { return true }
            guard each(now) else { return false }
            // Counting a long backlog costs: it is not done all the time.
            let took = (monotonicMicroseconds() - began) / 1000
            _ = try console.connection.notifications(
                milliseconds: Int32(min(5_000, max(100, took * 5))))
        }
    }
}
