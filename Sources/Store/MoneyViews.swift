public import Commands

/// An account as pages about money show it, with what day it is there.
public struct MoneyAccount: Sendable, Equatable {
    public var account: AccountView
    public var house: String?
    public var area: Quantity?
    public var residents: Int?
    public var ownership: String?
    public var today: Day

    public init(
        account: AccountView, house: String? = nil, area: Quantity? = nil, residents: Int? = nil,
        ownership: String? = nil, today: Day
    ) {
        self.account = account
        self.house = house
        self.area = area
        self.residents = residents
        self.ownership = ownership
        self.today = today
    }
}

/// What an account owes now, and what its newest bill asked for.
public struct BalanceView: Sendable, Equatable {
    public var account: Int64
    /// Below zero, what was paid too much.
    public var balance: Money
    /// What of it is of payees of their own.
    public var apart: [Owed.Apart]
    public var bill: Bill?

    public var owed: Owed { Owed(balance, apart) }

    public struct Bill: Sendable, Equatable {
        public var month: Month
        public var closing: Money
        /// What of it is of payees of their own.
        public var apart: [Owed.Apart]
        public var dueOn: Day

        public var owed: Owed { Owed(closing, apart) }

        public init(month: Month, closing: Money, apart: [Owed.Apart] = [], dueOn: Day) {
            self.month = month
            self.closing = closing
            self.apart = apart
            self.dueOn = dueOn
        }
    }

    public init(account: Int64, balance: Money, apart: [Owed.Apart] = [], bill: Bill? = nil) {
        self.account = account
        self.balance = balance
        self.apart = apart
        self.bill = bill
    }
}

/// What is charged for, as it was on a day.
public struct KindView: Sendable, Equatable {
    public var code: String
    public var title: String
    public var titleEnglish: String?
    /// Its place in a bill.
    public var position: Int
    /// Nil: of a newer version.
    public var basis: ChargeBasis?
    public var service: Service?
    /// The kind whose volume it takes.
    public var of: String?
    /// Nil: of a newer version.
    public var unit: ChargeUnit?
    /// The supplier's code.
    public var supplier: String
    /// Its money goes to a payee of its own.
    public var isSeparate: Bool
    public var from: Day
    public var endsOn: Day?

    public init(
        code: String, title: String, titleEnglish: String? = nil, position: Int = 0,
        basis: ChargeBasis? = .fixed, service: Service? = nil, of: String? = nil,
        unit: ChargeUnit? = .month, supplier: String = "", isSeparate: Bool = false,
        from: Day = Day(days: 0), endsOn: Day? = nil
    ) {
        self.code = code
        self.title = title
        self.titleEnglish = titleEnglish
        self.position = position
        self.basis = basis
        self.service = service
        self.of = of
        self.unit = unit
        self.supplier = supplier
        self.isSeparate = isSeparate
        self.from = from
        self.endsOn = endsOn
    }
}

/// Who supplies something, as it was on a day.
public struct SupplierView: Sendable, Equatable {
    public var code: String
    public var name: String
    public var inn: String?
    public var kpp: String?
    public var address: String?
    public var phone: String?
    public var email: String?
    public var site: String?
    public var schedule: String?
    /// Where its money goes; nil where bills do not need it: 20 digits,
    public var account: String?
    public var bank: String?
    /// 9 digits,
    public var bic: String?
    /// and 20.
    public var correspondent: String?

    public init(
        code: String, name: String, inn: String? = nil, kpp: String? = nil, address: String? = nil,
        phone: String? = nil, email: String? = nil, site: String? = nil, schedule: String? = nil,
        account: String? = nil, bank: String? = nil, bic: String? = nil,
        correspondent: String? = nil
    ) {
        self.account = account
        self.bank = bank
        self.bic = bic
        self.correspondent = correspondent
        self.code = code
        self.name = name
        self.inn = inn
        self.kpp = kpp
        self.address = address
        self.phone = phone
        self.email = email
        self.site = site
        self.schedule = schedule
    }
}

/// The kinds and suppliers that a page names.
public struct MoneyNames: Sendable, Equatable {
    /// By their places in a bill.
    public var kinds: [KindView]
    public var suppliers: [SupplierView]

    public init(kinds: [KindView] = [], suppliers: [SupplierView] = []) {
        self.kinds = kinds.sorted { ($0.position, $0.code) < ($1.position, $1.code) }
        self.suppliers = suppliers
    }

    public func kind(_ code: String) -> KindView? { kinds.first { $0.code == code } }

    /// What kinds are called in a language, by their codes.
    public func titles(english: Bool) -> [String: String] {
        Dictionary(
            kinds.map { ($0.code, english ? $0.titleEnglish ?? $0.title : $0.title) },
            uniquingKeysWith: { first, _ in first })
    }

    public func supplier(of kind: KindView) -> SupplierView? {
        suppliers.first { $0.code == kind.supplier }
    }
}

/// A posting of a month: a line, or the penalties of a debt.
public struct ChargeView: Sendable, Equatable {
    public var id: Int64
    /// The charge kind's code.
    public var kind: String
    /// The month of consumption; of penalties, the month whose bill was not paid.
    public var month: Month
    public var amount: Money
    public var content: Content

    public enum Content: Sendable, Equatable {
        case charge(ChargeLine)
        case penalty(PenaltyDetail)
        /// It says nothing of itself, or what a newer version wrote.
        case bare(ChargeLine.Sort?)
    }

    public init(id: Int64, kind: String, month: Month, amount: Money, content: Content) {
        self.id = id
        self.kind = kind
        self.month = month
        self.amount = amount
        self.content = content
    }

    public var line: ChargeLine? {
        guard case .charge(let line) = content else { return nil }
        return line
    }

    /// Nil of penalties.
    public var sort: ChargeLine.Sort? {
        switch content {
        case .charge(let line): line.sort
        case .penalty: nil
        case .bare(let sort): sort
        }
    }
}

/// What a month, or a time before, did to the balance of a kind.
public struct SettlementView: Sendable, Equatable {
    /// Nil: money that is of none yet.
    public var kind: String?
    /// Nil: all that came before the time that was asked for.
    public var month: Month?
    /// What was there before the month began to count.
    public var opening: Money
    public var charged: Money
    public var recalculated: Money
    public var penalty: Money
    public var paid: Money
    /// What is left of the debts of earlier months; only «Главная» asks.
    public var overdue: Money

    public init(
        kind: String?, month: Month?, opening: Money = .zero, charged: Money = .zero,
        recalculated: Money = .zero, penalty: Money = .zero, paid: Money = .zero,
        overdue: Money = .zero
    ) {
        self.kind = kind
        self.month = month
        self.opening = opening
        self.charged = charged
        self.recalculated = recalculated
        self.penalty = penalty
        self.paid = paid
        self.overdue = overdue
    }
}

/// Money that came in, and where it went.
public struct PaymentView: Sendable, Equatable {
    public var id: String
    public var provider: String
    /// The provider's own.
    public var number: String
    public var amount: Money
    public var paidOn: Day
    /// The month in which it was posted.
    public var month: Month?
    /// Its provider took it back.
    public var isReversed: Bool
    /// Nil: the payer wrote this account.
    public var assigned: Assigned?
    public var parts: [Part]

    /// It came for an account that nobody has, and was given to this one.
    public struct Assigned: Sendable, Equatable {
        /// As the payer wrote it.
        public var typed: String
        public var on: Day

        public init(typed: String, on: Day) {
            self.typed = typed
            self.on = on
        }
    }

    public struct Part: Sendable, Equatable {
        /// Nil: it met no debt yet.
        public var kind: String?
        public var isPenalty: Bool
        /// The month whose debt it paid; nil of an advance.
        public var month: Month?
        public var amount: Money
        /// Nil: a newer version's.
        public var reason: AllocationReason?
        /// The supplier whose money it was then; nil: the organization's.
        public var payee: String?

        public init(
            kind: String?, isPenalty: Bool = false, month: Month? = nil, amount: Money,
            reason: AllocationReason? = nil, payee: String? = nil
        ) {
            self.payee = payee
            self.kind = kind
            self.isPenalty = isPenalty
            self.month = month
            self.amount = amount
            self.reason = reason
        }
    }

    public init(
        id: String, provider: String, number: String, amount: Money, paidOn: Day,
        month: Month? = nil, isReversed: Bool = false, assigned: Assigned? = nil,
        parts: [Part] = []
    ) {
        self.id = id
        self.provider = provider
        self.number = number
        self.amount = amount
        self.paidOn = paidOn
        self.month = month
        self.isReversed = isReversed
        self.assigned = assigned
        self.parts = parts
    }
}

/// An account's month as it was closed.
public struct BillView: Sendable, Equatable {
    public var month: Month
    /// Above 1: the month was opened again and closed anew.
    public var version: Int
    /// Local time with its offset, RFC 3339.
    public var closed: String
    public var dueOn: Day
    /// Payments of up to this day are in it.
    public var paidUntil: Day
    public var opening: Money
    public var charged: Money
    public var recalculated: Money
    public var penalty: Money
    public var paid: Money
    /// What is owed to all payees together; below zero, what was paid too much.
    public var closing: Money
    /// What of it is of payees of their own; only where bills are told of.
    public var apart: [Owed.Apart] = []
    /// The last posting that belongs to it.
    public var upto: Int64
    /// Whose it is and what it is of, as it was then.
    public var card: JSON

    public init(
        month: Month, version: Int = 1, closed: String, dueOn: Day, paidUntil: Day,
        opening: Money = .zero, charged: Money = .zero, recalculated: Money = .zero,
        penalty: Money = .zero, paid: Money = .zero, closing: Money = .zero, upto: Int64 = 0,
        card: JSON = .null
    ) {
        self.month = month
        self.version = version
        self.closed = closed
        self.dueOn = dueOn
        self.paidUntil = paidUntil
        self.opening = opening
        self.charged = charged
        self.recalculated = recalculated
        self.penalty = penalty
        self.paid = paid
        self.closing = closing
        self.upto = upto
        self.card = card
    }

    public var owed: Owed { Owed(closing, apart) }
}

/// A row of a tariff.
public struct TariffView: Sendable, Equatable {
    public var kind: String
    /// 0 the organization's, 1 the company's, 2 the house's: the widest of those that are there counts.
    public var width: Int
    public var from: Day
    public var register: Register?
    /// For meters of so many registers only.
    public var zones: Int?
    /// The upper end of a range, a month's volume.
    public var upTo: Quantity?
    /// Roubles for a unit.
    public var price: Quantity

    public init(
        kind: String, width: Int = 0, from: Day, register: Register? = nil, zones: Int? = nil,
        upTo: Quantity? = nil, price: Quantity
    ) {
        self.kind = kind
        self.width = width
        self.from = from
        self.register = register
        self.zones = zones
        self.upTo = upTo
        self.price = price
    }
}

/// Months of which something is shown, both inclusive, within those that there are.
public struct MoneyPeriod: Sendable, Equatable {
    public var from: Month
    public var to: Month
    /// The first month in which anything was posted, and the last that may be asked for.
    public var first: Month
    public var last: Month
    /// It was asked for from a later month to an earlier one: there is nothing to show.
    public var isTurned: Bool

    /// A year unless something else is asked for.
    public static let standard = 12

    /// What is asked for may be anything: it is brought into what there is.
    public init(from: Month?, to: Month?, first: Month, last: Month) {
        var isTurned = false
        if let from, let to { isTurned = to < from }
        let earliest = min(first, last)
        func inside(_ month: Month) -> Month { min(max(month, earliest), last) }
        let end = inside(to ?? from?.advanced(by: Self.standard - 1) ?? last)
        self.first = earliest
        self.last = last
        self.to = end
        self.isTurned = isTurned
        let begin = inside(from ?? end.advanced(by: 1 - Self.standard))
        self.from = isTurned ? begin : min(begin, end)
    }

    public var months: [Month] {
        isTurned ? [] : (0...(to - from)).map { from.advanced(by: $0) }
    }
    /// All that may be asked for, newest first.
    public var choice: [Month] { (0...(last - first)).map { last.advanced(by: -$0) } }
}

/// «Взаиморасчеты» and «Движение финансов»: what months did to the balance, kind by kind.
public struct SettlementsView: Sendable, Equatable {
    public var account: MoneyAccount
    public var names: MoneyNames
    public var period: MoneyPeriod
    public var rows: [SettlementView]
    public var payments: [PaymentView]

    public init(
        account: MoneyAccount, names: MoneyNames, period: MoneyPeriod, rows: [SettlementView],
        payments: [PaymentView] = []
    ) {
        self.account = account
        self.names = names
        self.period = period
        self.rows = rows
        self.payments = payments
    }
}

/// A month with what was owed at its beginning and what at its end.
public struct SettledMonth: Sendable, Equatable {
    public var month: Month
    public var opening: Money
    public var charged: Money
    public var recalculated: Money
    public var penalty: Money
    public var paid: Money

    public init(
        month: Month, opening: Money = .zero, charged: Money = .zero, recalculated: Money = .zero,
        penalty: Money = .zero, paid: Money = .zero
    ) {
        self.month = month
        self.opening = opening
        self.charged = charged
        self.recalculated = recalculated
        self.penalty = penalty
        self.paid = paid
    }

    public var closing: Money { opening + charged + recalculated + penalty - paid }

    /// Every month of a time in turn, each beginning where the one before ended.
    /// - Parameter rows: of the kinds that are meant, in any order.
    public static func all(_ months: [Month], of rows: [SettlementView]) -> [SettledMonth] {
        var balance = rows.reduce(Money.zero) { $1.month == nil ? $0 + $1.opening : $0 }
        let byMonth = Dictionary(grouping: rows) { $0.month }
        return months.map { month in
            var settled = SettledMonth(month: month, opening: balance)
            for row in byMonth[month] ?? [] {
                settled.opening += row.opening
                settled.charged += row.charged
                settled.recalculated += row.recalculated
                settled.penalty += row.penalty
                settled.paid += row.paid
            }
            balance = settled.closing
            return settled
        }
    }

    /// All of them as one: what was owed before the first, and everything since.
    public static func sum(_ months: [SettledMonth]) -> SettledMonth? {
        guard var whole = months.last else { return nil }
        whole.opening = months[0].opening
        whole.charged = months.reduce(.zero) { $0 + $1.charged }
        whole.recalculated = months.reduce(.zero) { $0 + $1.recalculated }
        whole.penalty = months.reduce(.zero) { $0 + $1.penalty }
        whole.paid = months.reduce(.zero) { $0 + $1.paid }
        // What was brought from elsewhere in between was owed before.
        whole.opening += months[months.count - 1].closing - whole.closing
        return whole
    }
}

/// «Начисления» of a month.
public struct ChargesView: Sendable, Equatable {
    public var account: MoneyAccount
    public var names: MoneyNames
    /// Nil: nothing was ever charged.
    public var month: Month?
    public var charges: [ChargeView]
    /// Of all closed months, newest first.
    public var bills: [BillView]

    public init(
        account: MoneyAccount, names: MoneyNames, month: Month?, charges: [ChargeView],
        bills: [BillView] = []
    ) {
        self.account = account
        self.names = names
        self.month = month
        self.charges = charges
        self.bills = bills
    }
}

/// What an account is charged for, by whom, at which tariffs (SF-104).
public struct SuppliersView: Sendable, Equatable {
    public var account: MoneyAccount
    /// Its own kinds only.
    public var names: MoneyNames
    public var tariffs: [TariffView]

    public init(account: MoneyAccount, names: MoneyNames, tariffs: [TariffView]) {
        self.account = account
        self.names = names
        self.tariffs = tariffs
    }
}
