public import Commands
public import Postgres

/// What was written down: who did what, and the letters that stayed here.
public struct Journal {
    private let console: Console
    public init(_ console: Console) { self.console = console }

    public struct Entry: Sendable {
        public let id: Int64
        public let at: Moment
        public let actor: String
        public let action: String
        public let organization: String?
        public let details: JSON
    }

    /// The newest first.
    public func audit(limit: Int64) throws -> [Entry] {
        try console.connection.run("operations/audit_list", .int64(limit)).map { row in
            Entry(
                id: row.int64(0), at: Moment(row.timestamp(1)), actor: row.text(2),
                action: row.text(3), organization: row.optional(4, row.text),
                details: try row.parsed(5))
        }
    }

    public struct Letter: Sendable {
        public let command: Identifier
        public let at: Moment
        public let recipient: String
        public let title: String
        public let text: String
        public let channel: String
    }

    /// The newest first.
    public func outbox(limit: Int64) throws -> [Letter] {
        try console.connection.run("operations/outbox_list", .int64(limit)).map { row in
            Letter(
                command: row.id(0), at: Moment(row.timestamp(1)), recipient: row.text(2),
                title: row.text(3), text: row.text(4), channel: row.text(5))
        }
    }
}
