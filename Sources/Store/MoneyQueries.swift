public import Commands
import Domain
import Postgres

/// What pages about money ask. Nil is always: the organization has no such account, or its reader may not see it.
extension PortalQueries {
    static let moneyStatements: [Statement] = [
        "portal/balances", "portal/apart", "portal/entry_months", "portal/settlements",
        "portal/month_lines", "portal/payments", "portal/allocations", "portal/payees",
        "portal/bills",
        "portal/charge_kinds", "portal/suppliers", "portal/account_kinds", "portal/posted_kinds",
        "portal/tariffs",
    ]

    /// Payments of a page, and of an answer.
    private static let mostPayments: Int32 = 500

    /// What accounts owe, in no order.
    public func balances(of accounts: [Int64]) throws(PortalQueriesError) -> [BalanceView] {
        try ask { try Self.balances(of: accounts, $0) }
    }

    /// What was ever posted to an account, as it is called today: a tab for each service (SF-110).
    public func posted(to account: Int64, in profile: Profile) throws(PortalQueriesError)
        -> MoneyNames
    {
        try ask { connection in
            MoneyNames(
                kinds: try connection.run(
                    "portal/posted_kinds", .int64(account), .text(profile.code),
                    .text(profile.timeZone)
                ).map(Self.kind), suppliers: [])
        }
    }

    /// «Взаиморасчеты» and «Движение финансов».
    /// - Parameters:
    ///   - from, to: as they were asked for; nil: the last year.
    ///   - payments: those of the same months go with it.
    public func settlements(
        of number: AccountNumber, in profile: Profile, allowed: [Int64]?, from: Month?, to: Month?,
        payments: Bool = false
    ) throws(PortalQueriesError) -> SettlementsView? {
        try ask { connection -> SettlementsView? in
            guard let account = try Self.account(number, profile, allowed, connection) else {
                return nil
            }
            let id = account.account.id
            let period = try Self.period(account, from, to, connection)
            let names = try Self.names(profile, account.today, connection)
            guard !period.isTurned else {
                return SettlementsView(account: account, names: names, period: period, rows: [])
            }
            return SettlementsView(
                account: account, names: names, period: period,
                rows: try Self.settlements(of: id, from: period.from, to: period.to, connection),
                payments: payments ? try Self.payments(of: id, period, profile, connection) : [])
        }
    }

    /// What a month charged.
    /// - Parameter month: nil, or one of which there is nothing: the newest.
    public func charges(
        of number: AccountNumber, in profile: Profile, allowed: [Int64]?, month: Month?
    ) throws(PortalQueriesError) -> ChargesView? {
        try ask { connection -> ChargesView? in
            // Two round trips where the month is known and was closed.
            let asked = try month.map { try Self.asked(profile, $0.lastDay, connection) }
            guard let account = try Self.account(number, profile, allowed, connection) else {
                return nil
            }
            let id = account.account.id
            let lines = try month.map { try Self.asked(id, $0, connection) }
            let bills = try Self.bills(of: id, most: nil, profile, connection)
            let bill = bills.first { $0.month == month } ?? bills.first
            let isAsked = bill?.month == month
            return ChargesView(
                account: account,
                names: try (isAsked ? asked : nil)?.names()
                    ?? Self.asked(profile, bill?.month.lastDay ?? account.today, connection)
                    .names(),
                month: bill?.month,
                charges: try bill.map {
                    try ((isAsked ? lines : nil) ?? Self.asked(id, $0.month, connection))
                        .charges(upto: $0.upto)
                } ?? [], bills: bills)
        }
    }

    /// What a bill says, if it may still be seen.
    public func bill(
        of number: AccountNumber, in profile: Profile, allowed: [Int64]?, month: Month
    ) throws(PortalQueriesError) -> BillFacts? {
        try ask { connection -> BillFacts? in
            guard let account = try Self.account(number, profile, allowed, connection) else {
                return nil
            }
            let found =
                try BillReader.read(
                    [.init(account: account.account.id, month: month, profile: profile)],
                    on: connection
                ).first ?? nil
            guard let found else { return nil }
            return profile.charges.bills.visible.map { found.newer < $0 } ?? true ? found : nil
        }
    }

    /// A bill that another system drew (`kabinet import bills`), if there is one; whether its month may be seen, `bill` says.
    public func billFile(
        of number: AccountNumber, in profile: Profile, allowed: [Int64]?, month: Month
    ) throws(PortalQueriesError) -> (digest: [UInt8], file: [UInt8])? {
        try ask { connection -> (digest: [UInt8], file: [UInt8])? in
            guard let account = try Self.account(number, profile, allowed, connection) else {
                return nil
            }
            return try connection.run(
                "portal/bill_file", .int64(account.account.id), .date(month.first.days)
            ).first.map { ($0.bytes(0), $0.bytes(1)) }
        }
    }

    /// The bills that may be seen, newest first; and the charges of the one of `month`, if that is among them.
    public func bills(
        of number: AccountNumber, in profile: Profile, allowed: [Int64]?, month: Month? = nil
    ) throws(PortalQueriesError) -> ChargesView? {
        try ask { connection -> ChargesView? in
            guard let account = try Self.account(number, profile, allowed, connection) else {
                return nil
            }
            let id = account.account.id
            let most = profile.charges.bills.visible.map { Int64($0) }
            var bills = try Self.bills(of: id, most: most, profile, connection)
            let apart = ApartSums(
                try connection.run("portal/apart", .int64s([id]), .int64(most)))
            for place in bills.indices {
                bills[place].apart = apart.bill(id, bills[place].month)
            }
            let bill = bills.first { $0.month == month }
            return ChargesView(
                account: account,
                names: try Self.names(
                    profile, bill?.month.lastDay ?? account.today, connection),
                month: bill?.month,
                charges: try bill.map {
                    try Self.charges(of: id, $0.month, upto: $0.upto, connection)
                } ?? [], bills: bills)
        }
    }

    public func suppliers(
        of number: AccountNumber, in profile: Profile, allowed: [Int64]?
    ) throws(PortalQueriesError) -> SuppliersView? {
        try ask { connection -> SuppliersView? in
            guard let account = try Self.account(number, profile, allowed, connection) else {
                return nil
            }
            let all = try Self.names(profile, account.today, connection)
            // What has no contract, as where another system charges, is what it was charged for of late.
            let since = account.today.month.advanced(by: -2)
            let codes = Set(
                try connection.run(
                    "portal/account_kinds", .text(profile.code), .text(account.account.number),
                    .text(account.account.company), .text(account.house),
                    .date(account.today.days), .int64(account.account.id),
                    .int64(Entry.firstID(of: since))
                ).map { $0.text(0) })
            let kinds = all.kinds.filter { kind in
                codes.contains(kind.code) && kind.endsOn.map { $0 >= account.today } ?? true
            }
            let tariffs = try connection.run(
                "portal/tariffs", .text(profile.code), .text(account.account.company),
                .text(account.house), .texts(kinds.map(\.code))
            ).map { row in
                TariffView(
                    kind: row.text(0), width: Int(row.int32(1)), from: row.day(2),
                    register: row.optional(3, row.text).flatMap(Register.init(rawValue:)),
                    zones: row.optional(4, row.int16).map { Int($0) },
                    upTo: row.optional(5, row.int64).map { Quantity(millionths: $0) },
                    price: Quantity(millionths: row.int64(6)))
            }
            return SuppliersView(
                account: account, names: MoneyNames(kinds: kinds, suppliers: all.suppliers),
                tariffs: tariffs)
        }
    }

    // MARK: On one connection

    private static func account(
        _ number: AccountNumber, _ profile: Profile, _ allowed: [Int64]?, _ connection: Connection
    ) throws(PostgresError) -> MoneyAccount? {
        try connection.run(
            "portal/account", .text(profile.code), .text(number.text),
            allowed.map { .int64s($0) } ?? .null, .text(profile.timeZone), .text(number.stripped)
        ).first.map { MoneyAccount(accountOf: $0, today: $0.day(9)) }
    }

    private static func balances(
        of accounts: [Int64], _ connection: Connection
    ) throws(PostgresError) -> [BalanceView] {
        let balances = try connection.send("portal/balances", .int64s(accounts))
        let parts = try connection.send("portal/apart", .int64s(accounts), .int64(1))
        let rows = try balances.rows()
        let apart = ApartSums(try parts.rows())
        return rows.map { row in
            let account = row.int64(0)
            return BalanceView(
                account: account, balance: row.money(1), apart: apart.now(account),
                bill: row.optional(2, row.day).map {
                    BalanceView.Bill(
                        month: $0.month, closing: row.money(3),
                        apart: apart.bill(account, $0.month), dueOn: row.day(4))
                })
        }
    }

    private static func kind(_ row: Row) -> KindView {
        KindView(
            code: row.text(0), title: row.text(1), titleEnglish: row.optional(2, row.text),
            position: Int(row.int32(3)), basis: ChargeBasis(rawValue: row.text(4)),
            service: row.optional(5, row.text).flatMap(Service.init(rawValue:)),
            of: row.optional(6, row.text), unit: ChargeUnit(rawValue: row.text(7)),
            supplier: row.text(8), isSeparate: row.bool(9), from: row.day(10),
            endsOn: row.optional(11, row.day))
    }

    /// Names that are on their way.
    struct AskedNames {
        let kinds: Connection.Pending
        /// Nil: nobody names them.
        let suppliers: Connection.Pending?

        func names() throws(PostgresError) -> MoneyNames {
            MoneyNames(
                kinds: try kinds.rows().map(PortalQueries.kind),
                suppliers: try suppliers?.rows().map { row in
                    SupplierView(
                        code: row.text(0), name: row.text(1), inn: row.optional(2, row.text),
                        kpp: row.optional(3, row.text), address: row.optional(4, row.text),
                        phone: row.optional(5, row.text), email: row.optional(6, row.text),
                        site: row.optional(7, row.text), schedule: row.optional(8, row.text))
                } ?? [])
        }
    }

    /// - Parameter day: nil: today, as the organization has it.
    static func asked(
        _ profile: Profile, _ day: Day?, suppliers: Bool = true, _ connection: Connection
    ) throws(PostgresError) -> AskedNames {
        let values: [Value] = [
            .text(profile.code), .date(day?.days), .text(profile.timeZone),
        ]
        return AskedNames(
            kinds: try connection.send("portal/charge_kinds", values),
            suppliers: suppliers ? try connection.send("portal/suppliers", values) : nil)
    }

    private static func names(
        _ profile: Profile, _ day: Day, _ connection: Connection
    ) throws(PostgresError) -> MoneyNames {
        try asked(profile, day, connection).names()
    }

    /// A month may be posted to before the calendar comes to it.
    private static func period(
        _ account: MoneyAccount, _ from: Month?, _ to: Month?, _ connection: Connection
    ) throws(PostgresError) -> MoneyPeriod {
        let today = account.today.month
        let months = try connection.run("portal/entry_months", .int64(account.account.id)).first
        let first = months.flatMap { $0.optional(0, $0.day)?.month } ?? today
        let last = months.flatMap { $0.optional(1, $0.day)?.month } ?? today
        return MoneyPeriod(from: from, to: to, first: first, last: max(last, today))
    }

    /// - Parameter to: nil: all that was posted since.
    private static func settlements(
        of account: Int64, from: Month, to: Month?, _ connection: Connection
    ) throws(PostgresError) -> [SettlementView] {
        try connection.run(
            "portal/settlements", .int64(account), .int64(Entry.firstID(of: from)),
            .int64(to.map { Entry.firstID(of: $0.advanced(by: 1)) - 1 } ?? .max)
        ).map { row in
            SettlementView(
                kind: row.optional(0, row.text), month: row.optional(1, row.day)?.month,
                opening: row.money(2), charged: row.money(3), recalculated: row.money(4),
                penalty: row.money(5), paid: row.money(6))
        }
    }

    /// The lines of a month that are on their way.
    struct AskedCharges {
        let month: Month
        let rows: Connection.Pending

        /// - Parameter upto: the last that is wanted; nil: all of the month.
        func charges(upto: Int64?) throws -> [ChargeView] {
            let lines = try rows.rows().map { row -> ChargeView in
                let id = row.int64(0)
                let kind = row.optional(2, row.text) ?? ""
                let tranche = row.optional(3, row.day)?.month ?? month
                let consumed = row.optional(4, row.day)?.month ?? tranche
                let amount = row.money(5)
                let sort = ChargeLine.Sort(rawValue: row.text(1))
                return ChargeView(
                    id: id, kind: kind, month: sort == nil ? tranche : consumed,
                    amount: amount,
                    content: row.isNull(6)
                        ? .bare(sort)
                        : PortalQueries.content(
                            try JSON.parse(row.json(6)), kind: kind, month: consumed, sort: sort,
                            amount: amount))
            }
            guard let upto else { return lines }
            return lines.filter { $0.id <= upto }
        }
    }

    static func asked(
        _ account: Int64, _ month: Month, _ connection: Connection
    ) throws(PostgresError) -> AskedCharges {
        let first = Entry.firstID(of: month)
        return AskedCharges(
            month: month,
            rows: try connection.send(
                "portal/month_lines", .int64(account), .int64(first),
                .int64(Entry.firstID(of: month.advanced(by: 1)) - 1)))
    }

    private static func charges(
        of account: Int64, _ month: Month, upto: Int64?, _ connection: Connection
    ) throws -> [ChargeView] {
        try asked(account, month, connection).charges(upto: upto)
    }

    static func content(
        _ json: JSON, kind: String, month: Month, sort: ChargeLine.Sort?, amount: Money
    ) -> ChargeView.Content {
        do {
            guard let sort else { return .penalty(try PenaltyDetail(json)) }
            return .charge(
                try ChargeLine(kind: kind, month: month, sort: sort, amount: amount, detail: json))
        } catch {
            // What a newer version says of it is not shown rather than shown wrong; the sum is.
            return .bare(sort)
        }
    }

    private static func bills(
        of account: Int64, most: Int64?, _ profile: Profile, _ connection: Connection
    ) throws -> [BillView] {
        try connection.run(
            "portal/bills", .int64(account), .int64(most), .text(profile.timeZone)
        ).map { row in
            BillView(
                month: row.day(0).month, version: Int(row.int16(1)), closed: row.text(2),
                dueOn: row.day(3), paidUntil: row.day(4), opening: row.money(5),
                charged: row.money(6), recalculated: row.money(7), penalty: row.money(8),
                paid: row.money(9), closing: row.money(10), upto: row.int64(11),
                card: try JSON.parse(row.json(12)))
        }
    }

    private static func payments(
        of account: Int64, _ period: MoneyPeriod, _ profile: Profile, _ connection: Connection
    ) throws(PostgresError) -> [PaymentView] {
        var payments: [PaymentView] = []
        var ids: [Identifier] = []
        var moments: [Int64?] = []
        try connection.run(
            "portal/payments", .int64(account), .date(period.from.first.days),
            .date(period.to.first.days), .int32(mostPayments), .text(profile.timeZone)
        ).forEach { row in
            ids.append(row.id(0))
            moments.append(row.timestamp(9))
            payments.append(
                PaymentView(
                    id: row.id(0).description, provider: row.text(1), number: row.text(2),
                    amount: row.money(3), paidOn: row.day(4),
                    month: row.optional(5, row.day)?.month,
                    isReversed: row.bool(6),
                    assigned: row.optional(7, row.text).flatMap { typed in
                        row.optional(8, row.day).map { .init(typed: typed, on: $0) }
                    }))
        }
        let posted = payments.map { $0.month ?? Month(number: 0) }
        var payees = payments.map { _ in [String: String]() }
        try connection.run(
            "portal/payees", .text(profile.code), .dates(posted.map(\.lastDay.days)),
            .timestamps(moments)
        ).forEach { row in payees[Int(row.int64(0)) - 1][row.text(1)] = row.text(2) }
        try connection.run(
            "portal/allocations", .int64(account), .ids(ids),
            .int64s(posted.map { Entry.firstID(of: $0) }),
            .int64s(posted.map { Entry.firstID(of: $0.advanced(by: 1)) - 1 })
        ).forEach { row in
            guard let index = ids.firstIndex(of: row.id(0)) else { return }
            let kind = row.optional(2, row.text)
            payments[index].parts.append(
                PaymentView.Part(
                    kind: kind, isPenalty: row.bool(3),
                    month: row.optional(4, row.day)?.month, amount: row.money(5),
                    reason: row.optional(6, row.text).flatMap(AllocationReason.init(rawValue:)),
                    payee: kind.flatMap { payees[index][$0] }))
        }
        return payments
    }
}

extension MoneyAccount {
    /// Of `portal/account` and `portal/home_accounts`.
    init(accountOf row: Row, today: Day) {
        self.init(
            account: AccountView(accountOf: row), house: row.optional(10, row.text),
            area: row.optional(11, row.int64).map { Quantity(millionths: $0) },
            residents: row.optional(12, row.int32).map { Int($0) },
            ownership: row.optional(13, row.text), today: today)
    }
}

extension Month {
    /// Of the month.
    var lastDay: Day { Day(days: advanced(by: 1).first.days - 1) }
}

extension Row {
    func money(_ column: Int) -> Money { Money(kopecks: int64(column)) }
}
