public import Commands
import Postgres

/// One of a person's accounts, with what it owes now (SF-106); below zero, what was paid too much.
public struct OwedAccount: Sendable, Equatable {
    public var account: AccountView
    public var balance: Money

    public init(account: AccountView, balance: Money) {
        self.account = account
        self.balance = balance
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

    /// What is left of the debts of the months before the newest bill's: their days to pay have gone by, whatever day that bill
    /// gives. Money that is of no debt yet leaves no more than the balance.
    public var overdue: Money {
        // A month may be closed before the one before it is due.
        if bills.isEmpty || bills.count > 1 && bills[1].dueOn >= times.today { return .zero }
        return max(.zero, min(rows.reduce(.zero) { $0 + $1.overdue }, balance))
    }
}

/// What «Главная» asks. It is the page that is asked for most, on the days on which readings are due by everybody at once: so
/// it is one round trip, and a second one only where a month's charges stand on it.
extension PortalQueries {
    static let homeStatements: [Statement] = [
        "portal/home_accounts", "portal/home_times", "portal/home_bills",
        "portal/home_settlements", "portal/home_meters", "portal/home_services",
    ]

    /// «Главная» of an account. Nil: it is none of theirs.
    /// - Parameters:
    ///   - account: its id,
    ///   - accounts: and those of all that the person may look at.
    ///   - owner: the person, where the additional services of the account are theirs to decide about.
    public func summary(
        of account: Int64, among accounts: [Int64], owner: Int64?, in profile: Profile
    ) throws(PortalQueriesError) -> SummaryView? {
        let showsMonth = profile.charges.view == .movements
        let purposes = profile.identity?.services.map(\.purpose.rawValue) ?? []
        return try ask { connection -> SummaryView? in
            let zone = Value.text(profile.timeZone)
            let found = try connection.send("portal/home_accounts", .int64s(accounts))
            let times = try connection.send("portal/home_times", .int64(account), zone)
            let bills = try connection.send(
                "portal/home_bills", .int64(account),
                .int64(profile.charges.bills.visible.map { Int64($0) }))
            let names = try Self.asked(profile, nil, suppliers: showsMonth, connection)
            let rows = try connection.send("portal/home_settlements", .int64(account), zone)
            let meters = try connection.send("portal/home_meters", .int64(account))
            let switches =
                purposes.isEmpty
                ? nil
                : try owner.map { owner in
                    try connection.send(
                        "portal/home_services", .int64(account), .int64(owner), .texts(purposes))
                }

            let all = try found.rows()
            let owed = Self.owed(all)
            guard let index = owed.firstIndex(where: { $0.account.id == account }),
                let days = try times.rows().first.map({ Self.times(of: owed[index].account, $0) })
            else { return nil }
            var view = SummaryView(
                account: MoneyAccount(accountOf: all[index], today: days.today),
                balance: owed[index].balance, names: try names.names(),
                rows: try rows.rows().map(Self.settlement), times: days,
                meters: Self.dueMeters(try meters.rows()),
                switches: try switches?.rows().map(Self.switchView) ?? [], accounts: owed)
            var upto: Int64?
            view.bills = try bills.rows().map { row in
                // The first one is the newest.
                upto = upto ?? row.int64(3)
                return BalanceView.Bill(
                    month: row.day(0).month, closing: row.money(1), dueOn: row.day(2))
            }
            if showsMonth, let newest = view.bills.first {
                view.charges = try Self.asked(account, newest.month, connection)
                    .charges(upto: upto)
            }
            return view
        }
    }

    /// Accounts with what each owes, by their numbers.
    public func owed(_ accounts: [Int64]) throws(PortalQueriesError) -> [OwedAccount] {
        try ask { connection in
            Self.owed(
                try connection.run("portal/home_accounts", .int64s(accounts)))
        }
    }

    private static func owed(_ rows: Rows) -> [OwedAccount] {
        rows.map { OwedAccount(account: AccountView(accountOf: $0), balance: $0.money(9)) }
    }

    /// Of `portal/home_times`.
    private static func times(of account: AccountView, _ row: Row) -> MetersView {
        func days(_ column: Int) -> [Day] { row.int32s(column).map { Day(days: $0) } }
        var view = MetersView(
            account: account, meters: [], today: row.day(0), open: Set(days(5).map(\.month)),
            closed: Set(days(6).map(\.month)),
            extensions: zip(days(3), days(4)).map { .init(given: $0, until: $1) })
        if let from = row.optional(1, row.int16), let to = row.optional(2, row.int16) {
            view.window = .init(from: Int(from), to: Int(to))
        }
        return view
    }

    /// Of `portal/home_settlements`.
    private static func settlement(_ row: Row) -> SettlementView {
        SettlementView(
            kind: row.optional(0, row.text), month: row.day(1).month, opening: row.money(2),
            charged: row.money(3), recalculated: row.money(4), penalty: row.money(5),
            paid: row.money(6), overdue: row.money(7))
    }

    /// Of `portal/home_meters`: several rows a meter, one behind the other.
    private static func dueMeters(_ rows: Rows) -> [DueMeter] {
        var found: [DueMeter] = []
        var last: Int64?
        rows.forEach { row in
            if row.int64(0) != last {
                last = row.int64(0)
                found.append(
                    DueMeter(removedOn: row.optional(1, row.day), automatic: row.bool(2)))
            }
            if let month = row.optional(3, row.day)?.month {
                found[found.count - 1].months.insert(month)
            }
        }
        return found
    }

    /// Of `portal/home_services`.
    private static func switchView(_ row: Row) -> SwitchView {
        SwitchView(
            purpose: row.text(0), isOn: row.optional(1, row.bool) ?? false,
            email: row.bool(3) ? row.optional(2, row.text) : nil,
            phone: row.bool(5) ? row.optional(4, row.text) : nil,
            baseEmail: row.optional(6, row.text), basePhone: row.optional(7, row.text))
    }
}
