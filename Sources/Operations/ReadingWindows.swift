public import Commands
import Postgres

/// What operators made of reading windows: what is in force, and whom an extension would reach.
public struct ReadingWindows {
    private let console: Console
    public init(_ console: Console) { self.console = console }

    public struct Reach: Sendable, Equatable {
        public let accounts: Int64
        public let houses: Int64
    }

    /// A house's own window, or an extension that is not over.
    public struct Row: Sendable {
        public let house: String?
        public let company: String?
        public let window: Profile.Readings.Window?
        public let until: Day?
        /// Of an extension: the local day on which it was given.
        public let given: Day?
        public let at: Moment
        public let actor: String
        public let why: String
    }

    public func reach(
        organization: String, company: String?, house: String?
    ) throws -> Reach {
        try console.requireOrganization(organization)
        guard
            let row = try console.connection.run(
                "operations/window_reach", .text(organization), .text(company), .text(house)
            ).first
        else { throw OperationError(.noAnswer) }
        return Reach(accounts: row.int64(0), houses: row.int64(1))
    }

    /// The newest first.
    public func all(organization: String) throws -> [Row] {
        try console.requireOrganization(organization)
        return try console.connection.run("operations/windows", .text(organization)).map { row in
            var window: Profile.Readings.Window?
            if let from = row.optional(1, row.int16), let to = row.optional(2, row.int16) {
                window = .init(from: Int(from), to: Int(to))
            }
            return Row(
                house: row.optional(0, row.text), company: row.optional(3, row.text),
                window: window, until: row.optional(4, row.date).map { Day(days: $0) },
                given: row.optional(8, row.date).map { Day(days: $0) },
                at: Moment(row.timestamp(5)), actor: row.text(6), why: row.text(7))
        }
    }
}
