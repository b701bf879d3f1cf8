import Commands
public import Crypto
import Postgres

/// The public halves of the workers' sealing keys: what the door seals secrets to.
public struct PublishedKeys {
    private let console: Console
    public init(_ console: Console) { self.console = console }

    public struct Key: Sendable {
        public let id: String
        public let since: Moment
        public let publishedBy: String
        public let isNewest: Bool
        /// Commands that were sealed to it may still wait.
        public let isNeeded: Bool
        /// Running processes of workers, and how many of them hold it.
        public let processes: Int64
        public let holders: Int64
    }

    /// The newest first.
    public func list() throws -> [Key] {
        try console.connection.run("operations/sealing_keys").map { row in
            Key(
                id: row.text(0), since: Moment(row.timestamp(1)), publishedBy: row.text(2),
                isNewest: row.bool(3), isNeeded: row.bool(4), processes: row.int64(5),
                holders: row.int64(6))
        }
    }

    /// From now on secrets are sealed to `key`. Refused while running workers do not hold it: they could not open them.
    /// False: it is the newest already, and nothing was changed.
    public func publish(_ key: SealingKey, why: String) throws -> Bool {
        try console.connection.transaction {
            if try list().first?.id == key.id { return false }
            let row = try console.connection.run("operations/key_holders", .text(key.id)).first
            if let row, row.int64(1) < row.int64(0) {
                throw OperationError(
                    .keyNotWithWorkers(key.id, holders: row.int64(1), of: row.int64(0)))
            }
            guard
                try !console.connection.run(
                    "operations/publish_key", .text(key.id), .bytes(key.publicKey),
                    .text(console.actor)
                ).isEmpty
            else { throw OperationError(.keyWasPublished(key.id)) }
            try console.audit(
                "key.publish", nil, .object(["key": .string(key.id), "why": .string(why)]))
            return true
        }
    }
}
