public import Commands
import Postgres
import Threads

/// One of a person's accounts, with what it owes now (SF-106); below zero, what was paid too much.
public struct OwedAccount: Sendable, Equatable {
    public var account: AccountView
    public var balance: Money
    /// What of it is of payees of their own.
    public var apart: [Owed.Apart]

    public var owed: Owed { Owed(balance, apart) }

    public init(account: AccountView, balance: Money, apart: [Owed.Apart] = []) {
        self.account = account
        self.balance = balance
        self.apart = apart
    }
}

/// A meter, as far as it says whether a reading of a month is still to be submitted.
public struct DueMeter: Sendable, Equatable {
    public var removedOn: Day?
    /// Its readings come by themselves.
    public var automatic: Bool
    /// The newest of those of which there is a reading that was taken.
    public var months: Set<Month>

    public init(removedOn: Day? = nil, automatic: Bool = false, months: Set<Month> = []) {
        self.removedOn = removedOn
        self.automatic = automatic
        self.months = months
    }

    /// Of a meter whose readings are known.
    public init(_ meter: MeterView) {
        self.init(
            removedOn: meter.removedOn, automatic: meter.automatic,
            months: Set(meter.readings.filter { $0.state != .replaced }.map(\.month)))
    }
}

/// One of the additional services of an account (SF-130): whether it is switched on, and where it goes.
public struct SwitchView: Sendable, Equatable {
    public var purpose: String
    public var isOn: Bool
    /// What was confirmed here; nil: nothing was.
    public var email: String?
    public var phone: String?
    /// What the organization's base has (SF-131).
    public var baseEmail: String?
    public var basePhone: String?

    public init(
        purpose: String, isOn: Bool = false, email: String? = nil, phone: String? = nil,
        baseEmail: String? = nil, basePhone: String? = nil
    ) {
        self.purpose = purpose
        self.isOn = isOn
        self.email = email
        self.phone = phone
        self.baseEmail = baseEmail
        self.basePhone = basePhone
    }
}

/// «Главная» of an account: whose it is and what it owes, its newest month, its bills, what is to be done next, and its owner's
/// additional services; beside it the other accounts of whoever looks.
public struct SummaryView: Sendable, Equatable {
    public var account: MoneyAccount
    public var balance: Money
    /// What of it is of payees of their own.
    public var apart: [Owed.Apart] = []
    public var names: MoneyNames
    /// Of the newest month that was closed; only where the profile shows a month's charges there (SF-103).
    public var charges: [ChargeView]
    /// A row a kind: what that month and all that came after it did.
    public var rows: [SettlementView]
    /// Those that may be seen, newest first.
    public var bills: [BalanceView.Bill]
    /// When readings of the account are taken, without its meters.
    public var times: MetersView
    public var meters: [DueMeter]
    /// Empty for who may not decide about them.
    public var switches: [SwitchView]
    /// All of a person's, this one among them, by their numbers.
    public var accounts: [OwedAccount]

    public init(
        account: MoneyAccount, balance: Money, names: MoneyNames, charges: [ChargeView] = [],
        rows: [SettlementView] = [], bills: [BalanceView.Bill] = [], times: MetersView,
        meters: [DueMeter] = [], switches: [SwitchView] = [], accounts: [OwedAccount] = []
    ) {
        self.account = account
        self.balance = balance
        self.names = names
        self.charges = charges
        self.rows = rows
        self.bills = bills
        self.times = times
        self.meters = meters
        self.switches = switches
        self.accounts = accounts
    }

    public var owed: Owed { Owed(balance, apart) }

    /// What is left of the debts of the months before the newest bill's: their days to pay have gone by, whatever day that bill
    /// gives. Money that is of no debt yet leaves no more than what its payee is owed.
    public var overdue: Money {
        // A month may be closed before the one before it is due.
        if bills.isEmpty || bills.count > 1 && bills[1].dueOn >= times.today { return .zero }
        let theirs = Set(apart.map(\.kind))
        return owed.payees.reduce(Money.zero) { sum, payee in
            let late = rows.reduce(Money.zero) { late, row in
                let isTheirs = row.kind.map { theirs.contains($0) } ?? false
                let isIts =
                    payee.kinds.isEmpty
                    ? !isTheirs : row.kind.map { payee.kinds.contains($0) } ?? false
                return isIts ? late + row.overdue : late
            }
            return sum + max(.zero, min(late, payee.sum))
        }
    }
}

/// Whose «Главная» is asked for.
public struct HomeQuestion: Sendable {
    /// The account's id,
    public var account: Int64
    /// and those of all that the person may look at.
    public var accounts: [Int64]
    /// The person, where the additional services of the account are theirs to decide about.
    public var owner: Int64?

    public init(account: Int64, accounts: [Int64], owner: Int64?) {
        self.account = account
        self.accounts = accounts
        self.owner = owner
    }

    struct Holding: Hashable {
        var account: Int64
        var owner: Int64
    }
    var holding: Holding? { owner.map { Holding(account: account, owner: $0) } }
}

/// A question, and by which profile it is meant.
struct HomeWish: Sendable {
    var question: HomeQuestion
    var profile: Profile
}
typealias HomeAnswer = Result<SummaryView?, PortalQueriesError>

/// What «Главная» asks. It is the page that is asked for most, on the days on which readings are due by everybody at once: so
/// all who ask for it while it is being asked are asked for together as the next, in one round trip, and a second one only where
/// a month's charges stand on it. Most of what a statement costs here is to begin it.
extension PortalQueries {
    static let homeStatements: [Statement] = [
        "portal/home_accounts", "portal/home_times", "portal/home_bills",
        "portal/home_settlements", "portal/home_meters", "portal/home_services",
    ]

    /// «Главная» of an account. Nil: it is none of theirs.
    public func summary(
        of question: HomeQuestion, in profile: Profile
    ) throws(PortalQueriesError) -> SummaryView? {
        try homes.ask(profile.code, HomeWish(question: question, profile: profile)) { wishes in
            answers(to: wishes)
        }.get()
    }

    /// What fails for one of them is asked again for each alone: nobody goes without a page because of another's account.
    private func answers(to wishes: [HomeWish]) -> [HomeAnswer] {
        guard let first = wishes.first else { return [] }
        // While a new profile is being applied there are two of them.
        guard wishes.allSatisfy({ $0.profile == first.profile }) else {
            return wishes.flatMap { answers(to: [$0]) }
        }
        do {
            return try summaries(of: wishes.map(\.question), in: first.profile).map { .success($0) }
        } catch {
            guard wishes.count > 1, case .failed = error else {
                return wishes.map { _ in .failure(error) }
            }
            return wishes.flatMap { answers(to: [$0]) }
        }
    }

    /// «Главная» of several, in their order.
    func summaries(
        of questions: [HomeQuestion], in profile: Profile
    ) throws(PortalQueriesError) -> [SummaryView?] {
        let showsMonth = profile.charges.view == .movements
        let purposes = profile.identity?.services.map(\.purpose.rawValue) ?? []
        let held = Set(questions.compactMap(\.holding))
        return try ask { connection -> [SummaryView?] in
            let zone = Value.text(profile.timeZone)
            let ids = Value.int64s(Set(questions.map(\.account)).sorted())
            let everyone = Value.int64s(Set(questions.flatMap(\.accounts)).sorted())
            let visible = Value.int64(profile.charges.bills.visible.map { Int64($0) })
            let found = try connection.send("portal/home_accounts", everyone)
            let parts = try connection.send("portal/apart", everyone, visible)
            let times = try connection.send("portal/home_times", ids, zone)
            let bills = try connection.send("portal/home_bills", ids, visible)
            let names = try Self.asked(profile, nil, suppliers: showsMonth, connection)
            let rows = try connection.send("portal/home_settlements", ids, zone)
            let meters = try connection.send("portal/home_meters", ids)
            let switches =
                purposes.isEmpty || held.isEmpty
                ? nil
                : try connection.send(
                    "portal/home_services", .int64s(held.map(\.account)),
                    .int64s(held.map(\.owner)), .texts(purposes))

            let all = Self.byAccount(try found.rows())
            let apart = ApartSums(try parts.rows())
            let days = Self.byAccount(try times.rows())
            let billed = Self.byAccount(try bills.rows())
            let titles = try names.names()
            let settled = Self.byAccount(try rows.rows())
            let counted = Self.byAccount(try meters.rows())
            let chosen = Dictionary(grouping: try switches?.rows().map { $0 } ?? []) {
                HomeQuestion.Holding(account: $0.int64(0), owner: $0.int64(1))
            }
            var views: [SummaryView?] = []
            var months: [(view: Int, upto: Int64?, charges: AskedCharges)] = []
            for question in questions {
                guard let own = all[question.account]?.first,
                    let times = days[question.account]?.first
                else {
                    views.append(nil)
                    continue
                }
                let account = AccountView(accountOf: own)
                let calendar = Self.times(of: account, times)
                var view = SummaryView(
                    account: MoneyAccount(accountOf: own, today: calendar.today),
                    balance: own.money(9), names: titles,
                    rows: settled[question.account]?.map(Self.settlement) ?? [], times: calendar,
                    meters: Self.dueMeters(counted[question.account] ?? []),
                    switches: question.holding.flatMap { chosen[$0] }?.map(Self.switchView) ?? [],
                    accounts: question.accounts.compactMap { id in
                        all[id]?.first.map { Self.owed($0, apart) }
                    }.sorted { $0.account.number < $1.account.number })
                view.apart = apart.now(question.account)
                var upto: Int64?
                view.bills = (billed[question.account] ?? []).map { row in
                    // The first one is the newest.
                    upto = upto ?? row.int64(4)
                    let month = row.day(1).month
                    return BalanceView.Bill(
                        month: month, closing: row.money(2),
                        apart: apart.bill(question.account, month), dueOn: row.day(3))
                }
                if showsMonth, let newest = view.bills.first {
                    months.append(
                        (
                            views.count, upto,
                            try Self.asked(question.account, newest.month, connection)
                        ))
                }
                views.append(view)
            }
            for month in months {
                views[month.view]?.charges = try month.charges.charges(upto: month.upto)
            }
            return views
        }
    }

    /// Rows by the account that their first column names, each account's as they came.
    private static func byAccount(_ rows: Rows) -> [Int64: [Row]] {
        Dictionary(grouping: rows.map { $0 }) { $0.int64(0) }
    }

    /// Accounts with what each owes, by their numbers.
    public func owed(_ accounts: [Int64]) throws(PortalQueriesError) -> [OwedAccount] {
        try ask { connection -> [OwedAccount] in
            let found = try connection.send("portal/home_accounts", .int64s(accounts))
            let parts = try connection.send("portal/apart", .int64s(accounts), .int64(0))
            let rows = try found.rows()
            let apart = ApartSums(try parts.rows())
            return rows.map { Self.owed($0, apart) }
        }
    }

    private static func owed(_ row: Row, _ apart: ApartSums) -> OwedAccount {
        OwedAccount(
            account: AccountView(accountOf: row), balance: row.money(9),
            apart: apart.now(row.int64(0)))
    }

    /// Of `portal/home_times`.
    private static func times(of account: AccountView, _ row: Row) -> MetersView {
        func days(_ column: Int) -> [Day] { row.int32s(column).map { Day(days: $0) } }
        var view = MetersView(
            account: account, meters: [], today: row.day(1), open: Set(days(6).map(\.month)),
            closed: Set(days(7).map(\.month)),
            extensions: zip(days(4), days(5)).map { .init(given: $0, until: $1) })
        if let from = row.optional(2, row.int16), let to = row.optional(3, row.int16) {
            view.window = .init(from: Int(from), to: Int(to))
        }
        return view
    }

    /// Of `portal/home_settlements`.
    private static func settlement(_ row: Row) -> SettlementView {
        SettlementView(
            kind: row.optional(1, row.text), month: row.day(2).month, opening: row.money(3),
            charged: row.money(4), recalculated: row.money(5), penalty: row.money(6),
            paid: row.money(7), overdue: row.money(8))
    }

    /// Of `portal/home_meters`: several rows a meter, one behind the other.
    private static func dueMeters(_ rows: [Row]) -> [DueMeter] {
        var found: [DueMeter] = []
        var last: Int64?
        for row in rows {
            if row.int64(1) != last {
                last = row.int64(1)
                found.append(
                    DueMeter(removedOn: row.optional(2, row.day), automatic: row.bool(3)))
            }
            if let month = row.optional(4, row.day)?.month {
                found[found.count - 1].months.insert(month)
            }
        }
        return found
    }

    /// Of `portal/home_services`.
    private static func switchView(_ row: Row) -> SwitchView {
        SwitchView(
            purpose: row.text(2), isOn: row.optional(3, row.bool) ?? false,
            email: row.bool(5) ? row.optional(4, row.text) : nil,
            phone: row.bool(7) ? row.optional(6, row.text) : nil,
            baseEmail: row.optional(8, row.text), basePhone: row.optional(9, row.text))
    }
}
