/// The durable command queue: append, claim, complete, park, release. It moves kinds and bytes, knows nothing of the
/// domain, and could be lifted out whole.
///
/// The life of a command (tables in `sql/migrations/0001_queue.sql`):
///
///     append ──▶ waiting ──claim──▶ decided                       (behind its lane's cursor)
///                   │                 ├─ refused / with a result   + a row in queue.exception
///                   │                 └─ failed alone ─▶ held ──retry──▶ decided
///                   │                                     └─ attempts used up ─▶ abandoned ──operator──▶ retried, discarded
///                   └─ claim finds its subject held ─▶ parked ──release, in order──▶ decided
///
/// Invariants. A command row is inserted once and never changed. A batch is one row of queue.batch in the transaction of
/// its effects; the key (pool, lane, n) lets one owner win. The claim comes before any write of its transaction. What
/// changes a lane (a batch, a release) always takes its next n. Subjects keep their order; held ones wait as a whole.
public import Postgres

/// A command on its way into the queue.
public struct NewCommand: Sendable {
    /// UUIDv7, made by the appender: an append whose answer was lost is repeated with the same id.
    public var id: Identifier
    public var kind: String
    public var organization: String
    /// Hash of what the order is kept for (an account, a login, a payment).
    public var subject: Int64
    /// JSON text.
    public var payload: [UInt8]
    public var actor: String
    public var channel: String
    public var trace: String?
    public var cause: Identifier?
    /// Somebody waits for the outcome: its batch is announced.
    public var awaited: Bool
    /// Domain time, microseconds since 1970-01-01 UTC.
    public var receivedAt: Int64
    /// A follow-up that is decided by the pool of the batch that it follows from, whatever the pool of its kind: work of
    /// an operator must not stand in the way of people. What is delivered goes to its own pool all the same.
    public var inPlace: Bool

    public init(
        id: Identifier, kind: String, organization: String, subject: Int64, payload: [UInt8],
        actor: String, channel: String, trace: String? = nil, cause: Identifier? = nil,
        awaited: Bool = false, receivedAt: Int64, inPlace: Bool = false
    ) {
        self.id = id
        self.kind = kind
        self.organization = organization
        self.subject = subject
        self.payload = payload
        self.actor = actor
        self.channel = channel
        self.trace = trace
        self.cause = cause
        self.awaited = awaited
        self.receivedAt = receivedAt
        self.inPlace = inPlace
    }

    /// The same again, decided in the pool of the batch that it follows from.
    public init(_ repeated: ClaimedCommand) {
        self.init(
            id: repeated.id, kind: repeated.kind, organization: repeated.organization,
            subject: repeated.subject, payload: repeated.payload, actor: repeated.actor,
            channel: repeated.channel, trace: repeated.trace, cause: repeated.cause,
            awaited: repeated.awaited, receivedAt: repeated.receivedAt, inPlace: true)
    }
}

/// A command as its lane received it.
public struct ClaimedCommand: Sendable {
    public private(set) var id: Identifier
    let xid: UInt64
    let seq: Int64
    public let kind: String
    public let organization: String
    public let subject: Int64
    public let payload: [UInt8]
    public let actor: String
    public let channel: String
    public let trace: String?
    public private(set) var cause: Identifier?
    public private(set) var awaited: Bool
    public let receivedAt: Int64
    /// The hold of its subject: it is parked, not decided.
    let held: Int64?

    /// A command that was decided before: the columns of `queue/claim` without `held`, beginning with `column`.
    public init(_ row: Row, from column: Int) { self.init(row, from: column, held: false) }

    /// The same payload, subject, sender and time of receipt as a command of its own: what it meant then is what is decided
    /// now. Nobody waits for it.
    public func repeated(as id: Identifier) -> ClaimedCommand {
        var command = self
        command.id = id
        command.cause = self.id
        command.awaited = false
        return command
    }

    init(_ row: Row, from column: Int, held: Bool) {
        id = row.id(column)
        xid = row.xid(column + 1)
        seq = row.int64(column + 2)
        kind = row.text(column + 3)
        organization = row.text(column + 4)
        subject = row.int64(column + 5)
        payload = row.json(column + 6)
        actor = row.text(column + 7)
        channel = row.text(column + 8)
        trace = row.optional(column + 9, row.text)
        cause = row.optional(column + 10, row.id)
        awaited = row.bool(column + 11)
        receivedAt = row.timestamp(column + 12)
        self.held = held ? row.optional(column + 13, row.int64) : nil
    }
}

/// What became of one command.
public enum Verdict: Sendable {
    case done
    /// Done, with something to tell (JSON text).
    case result(body: [UInt8])
    /// The rules said no: final. `body` (JSON text) has the values of the message.
    case refused(code: String, body: [UInt8])
    /// Only for deliveries: this one failed, its neighbours did not.
    case failed(error: String, permanent: Bool)
    /// Only for deliveries: done, with something that its record alone has to know.
    case noted(receipt: [UInt8])
    /// Only for deliveries: not called, because nobody can be called just now. It comes again after so long, and no
    /// attempt is counted.
    case deferred(milliseconds: Int)
}

/// What a batch came to, besides the changes already written.
public struct Decided: Sendable {
    /// One for each command, in their order.
    public var verdicts: [Verdict]
    /// Commands that follow from this batch; appended in its transaction.
    public var follow: [NewCommand]

    public init(verdicts: [Verdict], follow: [NewCommand] = []) {
        self.verdicts = verdicts
        self.follow = follow
    }
}

/// Decides batches inside the transaction that completes them. One instance a thread.
public protocol Decider: AnyObject {
    /// The kinds of commands it knows; nil: all. One that it does not know stays waiting, with its lane, for a process that
    /// does: a newer release runs beside this one, or soon will.
    var kinds: Set<String>? { get }
    /// Loads facts, decides in order, writes the changes through `connection`. Throwing rolls all of it back.
    func decide(_ batch: [ClaimedCommand], on connection: Connection) throws -> Decided
    /// For how many ordinary commands one of this kind counts in a batch.
    func weight(of kind: String) -> Int
}

extension Decider {
    public func weight(of kind: String) -> Int { 1 }
}

extension Int {
    /// The weight of a command that stands in a batch of its own.
    public static let alone = 1 << 30
}

/// Calls the outside, with no transaction open. One instance a thread; at least once, effectively once where the
/// receiver knows the command's id.
public protocol Deliverer: AnyObject {
    /// The kinds of commands it knows, as a decider's.
    var kinds: Set<String>? { get }
    func deliver(_ batch: [ClaimedCommand]) -> [Verdict]
    /// Milliseconds for which nobody can be called: nothing is claimed meanwhile, and nothing asked of the database.
    var pause: Int { get }
    /// How many commands it can do anything with just now.
    var most: Int { get }
    /// Reads what the calls of a batch need, in the transaction that claimed it and is given up before they are made.
    func prepare(_ batch: [ClaimedCommand], on connection: Connection) throws
    /// Writes what the delivery left behind (receipts), in the transaction that completes the batch.
    func record(_ batch: [ClaimedCommand], verdicts: [Verdict], on connection: Connection) throws
}

extension Deliverer {
    public var pause: Int { 0 }
    public var most: Int { .max }
    public func prepare(_ batch: [ClaimedCommand], on connection: Connection) throws {}
}

/// A failure that another try will not change: the command is abandoned at once.
public struct PermanentFailure: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// What to do when a command fails alone.
public enum OnFailure: String, Sendable { case skip, hold }

/// How a pool's lanes run. Its lane count lives in queue.pool; the rest may change while it runs.
public struct PoolPolicy: Sendable {
    public var name: String
    public var delivery: Bool
    public var lanes: Int
    public var threads: Int
    public var batch: Int
    public var attempts: Int
    public var backoffFirst: Int
    public var backoffFactor: Double
    public var backoffMost: Int
    public var timeout: Int
    /// For how long beyond the timeout a delivery's session may say nothing before the server ends it: so much longer than a
    /// call it takes until another gets the lane of a process that is stopped. Milliseconds.
    var silence = 60_000
    public var onFailure: @Sendable (_ kind: String) -> OnFailure
    /// The part of its time (0…1) for which a thread works while pools of whole shares have something to do; at other times
    /// it works all the time.
    public var share: Double
    /// How far its threads give way to others of the machine, 0…19; of threads that are started from now on.
    public var nice: Int
    /// Deliveries a second of the whole pool; nil = unbounded. Each lane has its even share, so no process can exceed it.
    public var rate: Double?

    /// Times are milliseconds.
    public init(
        name: String, delivery: Bool = false, lanes: Int, threads: Int, batch: Int,
        attempts: Int = 5, backoffFirst: Int = 1_000, backoffFactor: Double = 2,
        backoffMost: Int = 300_000, timeout: Int = 10_000,
        onFailure: @escaping @Sendable (String) -> OnFailure = { _ in .hold }, rate: Double? = nil,
        share: Double = 1, nice: Int = 0
    ) {
        self.name = name
        self.delivery = delivery
        self.lanes = lanes
        self.threads = threads
        self.batch = batch
        self.attempts = attempts
        self.backoffFirst = backoffFirst
        self.backoffFactor = backoffFactor
        self.backoffMost = backoffMost
        self.timeout = timeout
        // Calls of one batch run at once, so a delivery has no order to keep: only the failed one waits.
        if delivery {
            self.onFailure = { (_: String) -> OnFailure in .skip }
        } else {
            self.onFailure = onFailure
        }
        self.rate = rate
        self.share = share
        self.nice = nice
    }

    /// Milliseconds before the try after `attempt` (from 1), with ±20 % jitter so that many do not come back at once.
    func delay(after attempt: Int) -> Int {
        var delay = Double(backoffFirst)
        for _ in 1..<max(attempt, 1) where delay < Double(backoffMost) { delay *= backoffFactor }
        return Int(min(delay, Double(backoffMost)) * Double.random(in: 0.8...1.2))
    }
}
