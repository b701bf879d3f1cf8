public import Postgres
public import Queue

/// A decider that is one closure.
public final class Deciding: Decider {
    private let body: ([ClaimedCommand], Connection) throws -> Decided
    private let weights: [String: Int]

    /// - Parameter weights: of kinds; one that is not there is an ordinary one.
    public init(
        weights: [String: Int] = [:],
        _ body: @escaping ([ClaimedCommand], Connection) throws -> Decided
    ) {
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
    private let call: ([ClaimedCommand]) -> [Verdict]
    private let note: ([ClaimedCommand], [Verdict], Connection) throws -> Void

    public init(
        recording note: @escaping ([ClaimedCommand], [Verdict], Connection) throws -> Void = {
            _, _, _ in
        },
        calling call: @escaping ([ClaimedCommand]) -> [Verdict]
    ) {
        self.call = call
        self.note = note
    }

    public func deliver(_ batch: [ClaimedCommand]) -> [Verdict] { call(batch) }

    public func record(
        _ batch: [ClaimedCommand], verdicts: [Verdict], on connection: Connection
    ) throws { try note(batch, verdicts, connection) }
}
