public import Postgres
public import Queue

/// A decider that is one closure.
public final class Deciding: Decider {
    public let kinds: Set<String>?
    private let body: ([ClaimedCommand], Connection) throws -> Decided
    private let weights: [String: Int]

    /// - Parameters:
    ///   - kinds: those it knows; nil: all.
    ///   - weights: of kinds; one that is not there is an ordinary one.
    public init(
        kinds: Set<String>? = nil, weights: [String: Int] = [:],
        _ body: @escaping ([ClaimedCommand], Connection) throws -> Decided
    ) {
        self.kinds = kinds
        self.body = body
        self.weights = weights
    }

    public func weight(of kind: String) -> Int { weights[kind] ?? 1 }

    /// Every command is done; `body` sees each of them before.
    public static func each(
        _ body: @escaping (ClaimedCommand, Connection) throws -> Void
    ) -> Deciding {
        Deciding { batch, connection in
            for command in batch { try body(command, connection) }
            return Decided(verdicts: batch.map { _ in .done })
        }
    }

    public func decide(
        _ batch: [ClaimedCommand], on connection: Connection
    ) throws -> Decided {
        let decided = try body(batch, connection)
        // The queue takes this for a bug and traps; in a test it is a failure like another.
        guard decided.verdicts.count == batch.count else {
            throw TestKitError("\(decided.verdicts.count) verdicts for \(batch.count) commands")
        }
        return decided
    }
}

/// A deliverer that is two closures.
public final class Delivering: Deliverer {
    public let kinds: Set<String>?
    private let call: ([ClaimedCommand]) -> [Verdict]
    private let note: ([ClaimedCommand], [Verdict], Connection) throws -> Void
    private let ready: ([ClaimedCommand], Connection) throws -> Void
    /// Milliseconds for which it says that nobody can be called.
    public var pause = 0

    public init(
        kinds: Set<String>? = nil,
        preparing ready: @escaping ([ClaimedCommand], Connection) throws -> Void = { _, _ in },
        recording note: @escaping ([ClaimedCommand], [Verdict], Connection) throws -> Void = {
            _, _, _ in
        },
        calling call: @escaping ([ClaimedCommand]) -> [Verdict]
    ) {
        self.kinds = kinds
        self.call = call
        self.note = note
        self.ready = ready
    }

    public func prepare(_ batch: [ClaimedCommand], on connection: Connection) throws {
        try ready(batch, connection)
    }

    public func deliver(_ batch: [ClaimedCommand]) -> [Verdict] { call(batch) }

    public func record(
        _ batch: [ClaimedCommand], verdicts: [Verdict], on connection: Connection
    ) throws { try note(batch, verdicts, connection) }
}
