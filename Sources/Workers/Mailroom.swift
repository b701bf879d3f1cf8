import Commands
public import Postgres
public import Queue

/// Letters. Until SMTP is set they stay in the local outbox, readable in the browser: never
/// silently dropped.
public final class Mailroom: Deliverer {
    public static let statements: [Statement] = ["store/outbox", "queue/own", "queue/disown"]

    public init() {}

    public var kinds: Set<String>? { Desk.kinds }

    public func deliver(_ batch: [ClaimedCommand]) -> [Verdict] {
        batch.map { claimed in
            do {
                guard case .sendLetter = try Desk.read(claimed) else {
                    return .failed(error: "\(claimed.kind) is no letter", permanent: true)
                }
                return .done
            } catch {
                return .failed(error: "\(error)", permanent: true)
            }
        }
    }

    /// The outbox takes a letter in the transaction that completes it, under the command's id:
    /// exactly once.
    public func record(
        _ batch: [ClaimedCommand], verdicts: [Verdict], on connection: Connection
    ) throws {
        var letters: [(id: Identifier, letter: Letter)] = []
        for (claimed, verdict) in zip(batch, verdicts) {
            guard case .done = verdict, case .sendLetter(let letter) = try Desk.read(claimed)
            else { continue }
            letters.append((claimed.id, letter))
        }
        guard !letters.isEmpty else { return }
        try connection.run(
            "store/outbox", .ids(letters.map(\.id)), .texts(letters.map(\.letter.to)),
            .texts(letters.map(\.letter.title)), .texts(letters.map(\.letter.text)))
    }
}
