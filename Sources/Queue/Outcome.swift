public import Postgres

/// The present state of a command, as anyone may ask for it.
public struct CommandState: Sendable {
    public enum State: String, Sendable {
        case pending, done, refused, abandoned, discarded
        /// Its term is over: only kind, time and outcome are kept.
        case gone
    }
    public let id: Identifier
    public let kind: String
    public let organization: String
    public let actor: String
    public let receivedAt: Int64
    public let state: State
    public let code: String
    /// JSON text: the result, or the values of a refusal.
    public let body: [UInt8]
    public let attempt: Int

    public static let statement: Statement = "queue/outcomes"

    /// States of `ids`; those that are not there (wrong, or past their term) have no entry.
    public static func of(
        _ ids: [Identifier], on connection: Connection
    ) throws(PostgresError) -> [CommandState] {
        try connection.run(statement, .ids(ids)).map { row in
            CommandState(
                id: row.id(0), kind: row.text(1), organization: row.text(2), actor: row.text(3),
                receivedAt: row.timestamp(4), state: State(rawValue: row.text(5)) ?? .pending,
                code: row.text(6), body: row.json(7), attempt: Int(row.int32(8)))
        }
    }
}
