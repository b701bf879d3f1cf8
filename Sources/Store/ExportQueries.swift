public import Commands
import Postgres

/// What is kept of the money of a person's accounts, each list the oldest first, for an export of one's own data.
public struct OwnMoney: Sendable, Equatable {
    /// Something that was charged, as it was posted.
    public struct Charge: Sendable, Equatable {
        /// In which it was posted.
        public var month: Month
        /// `opening`, `charge`, `surcharge`, `recalculation` or `penalty`.
        public var sort: String
        public var kind: String
        /// Of consumption; of penalties, of the debt.
        public var of: Month?
        public var amount: Money
        /// Nil where it says nothing of itself.
        public var line: ChargeLine?
    }

    /// By account.
    public var bills: [Int64: [BillView]] = [:]
    public var payments: [Int64: [PaymentView]] = [:]
    public var charges: [Int64: [Charge]] = [:]

    public init() {}
}

/// Another person whom the owner of an account has invited. Times are local.
public struct InvitationView: Sendable, Equatable {
    public var account: String?
    public var email: String
    public var rights: [Right]
    public var isAccepted: Bool
    public var invited: String
    public var expires: String
    public var ended: String?
}

extension PortalQueries {
    static let exportStatements: [Statement] = [
        "portal/export_bills", "portal/export_payments", "portal/export_entries",
        "portal/invitations",
    ]

    /// Rows at most: of an account, a hundred years of bills with as many payments and charges as they may have; of a person,
    /// invitations.
    private enum Most {
        static let bills: Int64 = 1_200
        static let payments: Int64 = 5_000
        static let charges: Int64 = 20_000
        static let invitations: Int64 = 5_000
    }

    public func ownMoney(
        of accounts: [Int64], in profile: Profile
    ) throws(PortalQueriesError) -> OwnMoney {
        try ask { connection -> OwnMoney in
            var money = OwnMoney()
            try connection.run(
                "portal/export_bills", .int64s(accounts), .text(profile.timeZone),
                .int64(Most.bills)
            ).forEach { row in
                money.bills[row.int64(0), default: []].append(
                    BillView(
                        month: row.day(1).month, version: Int(row.int16(2)), closed: row.text(3),
                        dueOn: row.day(4), paidUntil: row.day(5), opening: row.money(6),
                        charged: row.money(7), recalculated: row.money(8), penalty: row.money(9),
                        paid: row.money(10), closing: row.money(11)))
            }
            try connection.run(
                "portal/export_payments", .int64s(accounts), .int64(Most.payments)
            ).forEach { row in
                money.payments[row.int64(0), default: []].append(
                    PaymentView(
                        id: row.id(1).description, provider: row.text(2), number: row.text(3),
                        amount: row.money(4), paidOn: row.day(5),
                        month: row.optional(6, row.day)?.month, isReversed: row.bool(7)))
            }
            try connection.run(
                "portal/export_entries", .int64s(accounts), .int64(Most.charges)
            ).forEach { row in
                money.charges[row.int64(0), default: []].append(try Self.charge(row))
            }
            return money
        }
    }

    private static func charge(_ row: Row) throws -> OwnMoney.Charge {
        let (month, sort) = (row.day(2).month, row.text(3))
        let kind = row.optional(4, row.text) ?? ""
        let of = row.optional(6, row.day)?.month ?? row.optional(5, row.day)?.month
        let amount = row.money(7)
        var charge = OwnMoney.Charge(month: month, sort: sort, kind: kind, of: of, amount: amount)
        if let known = ChargeLine.Sort(rawValue: sort), !row.isNull(8),
            case .charge(let line) = content(
                try JSON.parse(row.json(8)), kind: kind, month: of ?? month, sort: known,
                amount: amount)
        {
            charge.line = line
        }
        return charge
    }

    public func invitations(
        by owner: Int64, in profile: Profile
    ) throws(PortalQueriesError) -> [InvitationView] {
        try ask { connection in
            try connection.run(
                "portal/invitations", .int64(owner), .text(profile.timeZone),
                .int64(Most.invitations)
            ).map { row in
                InvitationView(
                    account: row.optional(0, row.text), email: row.text(1),
                    rights: row.texts(2).compactMap(Right.init(rawValue:)), isAccepted: row.bool(3),
                    invited: row.text(4), expires: row.text(5), ended: row.optional(6, row.text))
            }
        }
    }
}
