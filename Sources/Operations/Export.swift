import Commands
import Files
import Postgres

/// What people changed goes to the organization's base: a CSV file that goes on where the one before ended.
public struct Export {
    public enum What: String, Sendable, CaseIterable {
        /// Telephone numbers and addresses (SF-131, SF-133).
        case contacts
        /// What is on and off in «Дополнительные услуги» (SF-132…SF-137).
        case consents
        /// Readings with what became of them, for a billing of the organization's own.
        case readings

        public var columns: [String] {
            switch self {
            case .contacts:
                [
                    "n", "account", "person", "role", "phone", "phone_confirmed_at", "email",
                    "email_confirmed_at", "channel", "at",
                ]
            case .consents:
                [
                    "n", "account", "person", "purpose", "given", "version", "text_hash", "contact",
                    "channel", "at",
                ]
            case .readings:
                [
                    "n", "account", "service", "meter", "register", "month", "taken_on", "value",
                    "state", "channel", "received_at", "id",
                ]
            }
        }
    }

    /// What was written.
    public struct Written: Sendable, Equatable {
        public var rows: Int64
        /// Everything up to here is written: what the next export goes on from.
        public var cursor: Int64
    }

    private let console: Console
    public init(_ console: Console) { self.console = console }

    private static let page: Int64 = 1_000
    private static let patience: Int64 = 20_000_000

    /// Gives each row, the oldest first, to `write`, the header before them all. It is in the audit before the first row is.
    ///
    /// Numbers are taken before their transactions commit: one that is lower than the newest may still be on its way. So
    /// whoever writes at this moment is waited for, and what begins later has higher numbers.
    /// - Parameters:
    ///   - after: the cursor that the export before ended with; nil: that up to which it was acknowledged.
    ///   - since: microseconds since 1970-01-01 UTC.
    ///   - owners: of contacts, one row an account: its owner's.
    public func run(
        _ what: What, organization: String, after: Int64?, since: Int64?, owners: Bool = false,
        file: String?, write: ([String]) throws -> Void
    ) throws -> Written {
        try console.requireOrganization(organization)
        let after = try after ?? acknowledged(what, organization)
        let top = try settledTop(what, organization)
        // Readings are never deleted: there was no such number yet.
        guard what != .readings || after <= top else {
            throw OperationError(.notExported(after, top))
        }
        try console.audit(
            "export.\(what.rawValue)", organization,
            .object([
                "after": .int(after), "to": .int(max(after, top)),
                "since": since.map { .string("\(Moment($0))") }, "file": file.map(JSON.string),
                "owners": owners ? .bool(true) : nil,
            ]))
        try write(what.columns)
        var written = Written(rows: 0, cursor: after)
        while written.cursor < top {
            let rows = try page(what, organization, written.cursor, top, since, owners)
            for row in rows { try write(row.fields) }
            written.rows += Int64(rows.count)
            // A reading of several registers is several rows of one number.
            guard Set(rows.map(\.n)).count == Self.page, let last = rows.last else {
                written.cursor = top
                break
            }
            written.cursor = last.n
        }
        return written
    }

    /// How far whoever takes the exports has them: where the next one begins.
    public func acknowledged(_ what: What, _ organization: String) throws -> Int64 {
        try console.connection.run(
            "operations/export_acknowledged", .text(organization), .text(what.rawValue)
        ).first?.int64(0) ?? 0
    }

    /// Whoever takes the exports has all up to here.
    /// - Parameters:
    ///   - back: why less is acknowledged than before, and comes again; nil: that is refused.
    public func acknowledge(
        _ what: What, organization: String, through n: Int64, back: String? = nil
    ) throws {
        try console.requireOrganization(organization)
        let top = try settledTop(what, organization)
        guard n <= top else { throw OperationError(.notExported(n, top)) }
        try console.connection.transaction {
            let before = try acknowledged(what, organization)
            let taken = try console.connection.run(
                "operations/export_acknowledge", .text(organization), .text(what.rawValue),
                .int64(n), .text(console.actor), .bool(back != nil))
            guard !taken.isEmpty else { throw OperationError(.acknowledgedMore(n, before)) }
            try console.audit(
                "export.\(what.rawValue).acknowledge", organization,
                .object([
                    "through": .int(n), "before": .int(before), "why": back.map(JSON.string),
                ]))
        }
    }

    private func settledTop(_ what: What, _ organization: String) throws -> Int64 {
        guard
            let row = try console.connection.run("operations/export_top", .text(organization)).first
        else { throw OperationError(.noAnswer) }
        let top =
            switch what {
            case .contacts: row.int64(0)
            case .consents: row.int64(1)
            case .readings: row.int64(2)
            }
        var writers = try self.writers()
        let deadline = monotonicMicroseconds() + Self.patience
        try console.connection.listen("queue_decided")
        while !writers.isEmpty {
            guard monotonicMicroseconds() < deadline else { throw OperationError(.writersStay) }
            _ = try console.connection.notifications(milliseconds: 100)
            writers.formIntersection(try self.writers())
        }
        return top
    }

    private func writers() throws -> Set<String> {
        Set(try console.connection.run("operations/export_writers").map { $0.text(0) })
    }

    private func page(
        _ what: What, _ organization: String, _ after: Int64, _ top: Int64, _ since: Int64?,
        _ owners: Bool
    ) throws -> [(n: Int64, fields: [String])] {
        let values: [Value] = [
            .text(organization), .int64(after), .int64(top), .timestamp(since), .int64(Self.page),
        ]
        switch what {
        case .contacts:
            return try console.connection.run(
                "operations/export_contacts", values + [.bool(owners)]
            ).map { row in
                (
                    row.int64(0),
                    [
                        "\(row.int64(0))", row.text(1),
                        row.optional(2, row.int64).map { "\($0)" } ?? "",
                        row.optional(3, row.text) ?? "", row.optional(4, row.text) ?? "",
                        Self.moment(row, 5), row.optional(6, row.text) ?? "", Self.moment(row, 7),
                        row.text(8), Self.moment(row, 9),
                    ]
                )
            }
        case .readings:
            return try console.connection.run(
                "operations/export_readings", values[0], values[1], values[2], values[3], values[4]
            ).map { row in
                (
                    row.int64(0),
                    [
                        "\(row.int64(0))", row.text(1), row.text(2), row.text(3), row.text(4),
                        "\(Day(days: row.date(5)).month)", "\(Day(days: row.date(6)))",
                        "\(Quantity(millionths: row.int64(7)))", row.text(8), row.text(9),
                        "\(Moment(row.timestamp(10)))", "\(row.id(11))",
                    ]
                )
            }
        case .consents:
            return try console.connection.run(
                "operations/export_consents", values[0], values[1], values[2], values[3], values[4]
            ).map { row in
                (
                    row.int64(0),
                    [
                        "\(row.int64(0))", row.optional(1, row.text) ?? "",
                        row.optional(2, row.int64).map { "\($0)" } ?? "", row.text(3),
                        "\(row.bool(4))", row.text(5), row.text(6),
                        row.optional(7, row.text) ?? "", row.text(8),
                        "\(Moment(row.timestamp(9)))",
                    ]
                )
            }
        }
    }

    private static func moment(_ row: Postgres.Row, _ column: Int) -> String {
        row.optional(column, row.timestamp).map { "\(Moment($0))" } ?? ""
    }
}
