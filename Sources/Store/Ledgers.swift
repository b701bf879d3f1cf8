public import Commands
public import Domain
public import Postgres

/// The ledgers of accounts: what a posting or a close depends on, and what it adds.
public enum Ledgers {
    public static let statements: [Statement] = [
        "store/ledger_bills", "store/charge_entries", "store/ledger_payments",
        "store/hold_payments", "store/add_entries", "store/add_payments", "store/assign_payments",
        "store/reverse_payments", "store/add_corrections",
        "store/corrections", "store/delete_corrections",
    ]

    /// A payment as its provider names it.
    public struct PaymentKey: Hashable, Comparable, Sendable {
        public let organization: String
        public let provider: String
        public let number: String

        public init(_ organization: String, _ provider: String, _ number: String) {
            self.organization = organization
            self.provider = provider
            self.number = number
        }

        public static func < (left: Self, right: Self) -> Bool {
            (left.organization, left.provider, left.number)
                < (right.organization, right.provider, right.number)
        }
    }

    /// Locks payments in the order of their keys, in a statement of its own, so that what is loaded next is what others left.
    public static func hold(_ keys: Set<PaymentKey>, on connection: Connection) throws {
        guard !keys.isEmpty else { return }
        let keys = keys.sorted()
        try connection.run(
            "store/hold_payments", .texts(keys.map(\.organization)), .texts(keys.map(\.provider)),
            .texts(keys.map(\.number)))
    }

    public static func payments(
        _ keys: Set<PaymentKey>, on connection: Connection
    ) throws -> [PaymentKey: PaymentFacts] {
        guard !keys.isEmpty else { return [:] }
        let keys = keys.sorted()
        var found: [PaymentKey: PaymentFacts] = [:]
        try connection.run(
            "store/ledger_payments", .texts(keys.map(\.organization)),
            .texts(keys.map(\.provider)), .texts(keys.map(\.number))
        ).forEach { row in
            guard let typed = AccountNumber(row.text(5)) else { return }
            let purpose = try JSON.parse(row.json(10))
            found[PaymentKey(row.text(1), row.text(2), row.text(3))] = PaymentFacts(
                id: CommandID(row.id(0)), organization: row.text(1), provider: row.text(2),
                number: row.text(3), account: row.optional(4, row.int64),
                holder: row.optional(12, row.text).flatMap { AccountNumber($0) }, typed: typed,
                amount: Money(kopecks: row.int64(6)), paidOn: Day(days: row.date(7)),
                receivedAt: row.timestamp(8),
                month: row.optional(9, row.date).map { Day(days: $0).month },
                purpose: .init(
                    month: purpose["month"]?.string.flatMap { Month($0) },
                    kind: purpose["kind"]?.string,
                    penalties: purpose["penalties"]?.bool ?? false),
                isReversed: row.bool(11))
        }
        return found
    }

    /// What is asked of one account.
    public struct Wanted: Sendable {
        public let account: Int64
        /// Entries of these months and later are needed whatever else is.
        public var from: Month?
        /// Bills of this month and later are passed over.
        public var before: Month?

        public init(account: Int64, from: Month? = nil, before: Month? = nil) {
            self.account = account
            self.from = from
            self.before = before
        }
    }

    /// The last bill of an account.
    public struct Bill: Sendable {
        public let month: Month
        public let closing: Money
        public let upto: Int64
    }

    /// All entries of tranches that are not even, and all since the last bill. Entries of a tranche are never older than it.
    public static func load(
        _ wanted: [Wanted], on connection: Connection
    ) throws -> [Int64: (facts: LedgerFacts, bill: Bill?)] {
        guard !wanted.isEmpty else { return [:] }
        var found: [Int64: (facts: LedgerFacts, bill: Bill?)] = [:]
        var from: [Int64] = []
        try connection.run(
            "store/ledger_bills", .int64s(wanted.map(\.account)),
            .dates(wanted.map { $0.before?.first.days })
        ).forEach { row in
            let account = row.int64(0)
            let asked = wanted[from.count].from
            guard let month = row.optional(1, row.date).map({ Day(days: $0).month }) else {
                found[account] = (LedgerFacts(), nil)
                from.append(0)
                return
            }
            let oldest =
                [
                    month.advanced(by: 1), row.optional(3, row.date).map { Day(days: $0).month },
                    row.optional(5, row.date).map { Day(days: $0).month }, asked,
                ].compactMap(\.self).min() ?? month
            found[account] = (
                LedgerFacts(billed: month),
                Bill(month: month, closing: Money(kopecks: row.int64(2)), upto: row.int64(4))
            )
            from.append(Entry.firstID(of: oldest))
        }
        try connection.run(
            "store/charge_entries", .int64s(wanted.map(\.account)), .int64s(from)
        ).forEach { row in
            guard let sort = Entry.Sort(rawValue: row.text(3)) else { return }
            found[row.int64(0)]?.facts.entries.append(
                Entry(
                    id: row.int64(1), account: row.int64(0), kind: row.optional(4, row.text),
                    month: Day(days: row.date(2)).month,
                    tranche: row.optional(6, row.date).map { Day(days: $0).month }, sort: sort,
                    isPenalty: row.bool(5), amount: Money(kopecks: row.int64(8)),
                    effectiveOn: Day(days: row.date(7)),
                    payment: row.optional(9, row.id).map { CommandID($0) },
                    reverses: row.optional(10, row.int64)))
        }
        return found
    }

    /// What accounts asked to be charged anew, done or not, in the order in which they did.
    public static func corrections(
        _ accounts: [Int64], on connection: Connection
    ) throws -> [Int64: [LedgerFacts.Correction]] {
        guard !accounts.isEmpty else { return [:] }
        var found: [Int64: [LedgerFacts.Correction]] = [:]
        try connection.run("store/corrections", .int64s(accounts)).forEach { row in
            found[row.int64(0), default: []].append(
                .init(
                    n: row.int64(3), from: Day(days: row.date(1)).month, why: row.text(4),
                    doneIn: row.optional(2, row.date).map { Day(days: $0).month }))
        }
        return found
    }

    public static func add(_ posted: [Posted], on connection: Connection) throws {
        guard !posted.isEmpty else { return }
        let entries = posted.map(\.entry)
        try connection.send(
            "store/add_entries",
            [
                .int64s(entries.map(\.account)), .int64s(entries.map(\.id)),
                .dates(entries.map { $0.month.first.days }),
                .texts(entries.map(\.sort.rawValue)), .texts(entries.map(\.kind)),
                .bools(entries.map(\.isPenalty)), .dates(entries.map { $0.tranche?.first.days }),
                .dates(entries.map(\.effectiveOn.days)), .int64s(entries.map(\.amount.kopecks)),
                .ids(entries.map { $0.payment?.identifier }), .int64s(entries.map(\.reverses)),
                .texts(entries.map { $0.reason?.rawValue }),
                .dates(posted.map { $0.line?.month.first.days }),
                .jsons(posted.map { $0.line?.detailBytes ?? $0.penalty?.json.bytes }),
            ])
    }

    public static func add(_ payments: [PaymentFacts], on connection: Connection) throws {
        guard !payments.isEmpty else { return }
        // New keys go in one order: of two lanes that give the same ones, one waits for the other.
        let rows = payments.sorted {
            PaymentKey($0.organization, $0.provider, $0.number)
                < PaymentKey($1.organization, $1.provider, $1.number)
        }
        try connection.send(
            "store/add_payments",
            [
                .ids(rows.map(\.id.identifier)), .texts(rows.map(\.organization)),
                .texts(rows.map(\.provider)), .texts(rows.map(\.number)),
                .int64s(rows.map(\.account)), .texts(rows.map(\.typed.text)),
                .int64s(rows.map(\.amount.kopecks)), .dates(rows.map(\.paidOn.days)),
                .timestamps(rows.map(\.receivedAt)), .dates(rows.map { $0.month?.first.days }),
                .jsons(
                    rows.map { row in
                        JSON.object([
                            "month": row.purpose.month.map { .string($0.description) },
                            "kind": row.purpose.kind.map(JSON.string),
                            "penalties": row.purpose.penalties ? .bool(true) : nil,
                        ]).bytes
                    }),
            ])
    }
}

extension CommandID {
    init(_ id: Identifier) { self.init(high: id.high, low: id.low) }
}
