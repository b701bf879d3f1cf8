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
        /// `account …`, `login …`, `person …`, `operator …`.
        public let about: [String]
        public let why: String?
        /// That was decided.
        public let command: Identifier?
        /// What became of it: `done`, `refused`, `pending` …; nil: it was only begun, or what became of it is no longer kept.
        public let state: String?
        /// Of what was refused.
        public let code: String?
    }

    /// Which entries of the audit; nil: all.
    public struct Filter: Sendable {
        /// Who did it: `anna` is `operator:anna`; a name with a colon is the whole of it (`token:7`).
        public var actor: String?
        /// Whom it concerns: the number of an account, a login, or the number of a person.
        public var person: String?
        public var organization: String?
        /// Microseconds since 1970-01-01 UTC.
        public var since: Int64?
        public var action: String?
        public var limit: Int64 = 50
        public init() {}

        var about: [String]? {
            guard let person else { return nil }
            let login = LoginName(person, .login).key
            var about = [
                AuditAbout.login(person), "login \(login)", "person \(person)",
                "operator \(login)",
            ]
            if let number = AccountNumber(person) { about.append(AuditAbout.account(number)) }
            return about
        }
    }

    /// The newest first.
    public func audit(_ filter: Filter) throws -> [Entry] {
        let actor = filter.actor.map { $0.contains(":") ? $0 : "operator:\($0)" }
        return try console.connection.run(
            "operations/audit_list", .int64(filter.limit), .text(actor),
            filter.about.map { .texts($0) } ?? .null, .text(filter.organization),
            .timestamp(filter.since), .text(filter.action)
        ).map { row in
            Entry(
                id: row.int64(0), at: Moment(row.timestamp(1)), actor: row.text(2),
                action: row.text(3), organization: row.optional(4, row.text),
                details: try row.parsed(5), about: row.texts(6), why: row.optional(7, row.text),
                command: row.optional(8, row.id), state: row.optional(9, row.text),
                code: row.optional(10, row.text))
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

    public enum NoticeState: String, CaseIterable, Sendable {
        case queued, sent, delivered, undelivered, expired, refused, failed
    }

    /// Who was told what, and what became of it. Contacts are masked.
    public struct Notice: Sendable {
        public let command: Identifier
        public let at: Moment
        public let organization: String
        public let channel: String
        public let notice: String
        public let contact: String
        public let state: String
        public let provider: String?
        public let providerID: String?
        public let code: String?
        public let attempts: Int32
    }

    /// The newest first.
    public func notices(
        organization: String?, state: NoticeState?, limit: Int64
    ) throws -> [Notice] {
        try console.connection.run(
            "operations/notices_list", .text(organization), .text(state?.rawValue), .int64(limit)
        ).map { row in
            Notice(
                command: row.id(0), at: Moment(row.timestamp(1)), organization: row.text(2),
                channel: row.text(3), notice: row.text(4), contact: row.text(5),
                state: row.text(6), provider: row.optional(7, row.text),
                providerID: row.optional(8, row.text), code: row.optional(9, row.text),
                attempts: row.int32(10))
        }
    }
}
