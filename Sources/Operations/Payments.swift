public import Commands
public import Postgres

/// Money that came in, whoever has the account that the payer wrote.
public struct Payments {
    /// Rows of a list at most.
    public static let most: Int64 = 1000

    private let console: Console
    public init(_ console: Console) { self.console = console }

    public enum State: String, Sendable {
        case posted
        /// Nobody has the account.
        case nobodys = "nobody"
        case reversed
    }

    public struct Payment: Sendable {
        public let id: Identifier
        public let paidOn: Day
        public let amount: Money
        public let provider: String
        /// The provider's own.
        public let number: String
        /// The account as the payer wrote it.
        public let typed: String
        /// The account that got it; nil: it is nobody's.
        public let account: String?
        /// In which it was posted.
        public let month: Month?
        public let received: Moment
        public let state: State
        /// The charge kind that the payer named, where nobody knows it: it does not count when the payment is given to an account.
        public let unknownKind: String?
        /// There are charge kinds, so it can be posted.
        public let hasKinds: Bool
    }

    /// Which payments; nil: all.
    public struct Filter: Sendable {
        public var organization: String
        public var onlyNobodys = false
        /// However it is written.
        public var account: AccountNumber?
        /// When it came in, not when it was paid; microseconds since 1970-01-01 UTC.
        public var since: Int64?
        public init(organization: String) { self.organization = organization }
    }

    /// What came last first.
    public func list(_ filter: Filter) throws -> [Payment] {
        try find(filter, id: nil)
    }

    /// A payment by its id; nil: there is none in the organization.
    public func find(_ id: Identifier, organization: String) throws -> Payment? {
        try find(Filter(organization: organization), id: id).first
    }

    /// The number of the account that was meant; nil: nobody has it.
    public func account(_ typed: AccountNumber, organization: String) throws -> String? {
        try console.connection.run(
            "operations/account_meant", .text(organization), .text(typed.stripped),
            .text(typed.text)
        ).first?.text(0)
    }

    private func find(_ filter: Filter, id: Identifier?) throws -> [Payment] {
        try console.requireOrganization(filter.organization)
        return try console.connection.run(
            "operations/payments", .text(filter.organization), .bool(filter.onlyNobodys),
            .text(filter.account?.stripped), .timestamp(filter.since), .int64(Self.most), .id(id)
        ).map { row in
            let account = row.optional(5, row.text)
            let isReversed = row.bool(8)
            return Payment(
                id: row.id(9),
                paidOn: Day(days: row.date(0)), amount: Money(kopecks: row.int64(1)),
                provider: row.text(2), number: row.text(3), typed: row.text(4),
                account: account,
                month: row.optional(6, row.date).map { Day(days: $0).month },
                received: Moment(row.timestamp(7)),
                state: isReversed ? .reversed : account == nil ? .nobodys : .posted,
                unknownKind: row.optional(10, row.text), hasKinds: row.bool(11))
        }
    }
}
