public import Commands
public import Domain
public import Postgres

/// An account on the day when its month is closed.
public struct ClosedAccount: Sendable {
    public let id: Int64
    public let card: AccountCard
    /// The month is billed already.
    public let isBilled: Bool
    /// So many bills of the month were there before.
    public let versions: Int
    public var meters: [MeteredAccount.Meter] = []
    public var ledger = LedgerFacts()
    public var bill: Ledgers.Bill?
    public var contracts: [Contract] = []
    public var corrections: [Correction] = []

    public struct Correction: Sendable {
        public let n: Int64
        public let from: Month
        public let why: String
        /// Nil: all that the months are charged for.
        public let kind: String?
    }
}

/// The meters of an account, and what they told month by month.
public struct MeteredAccount: Sendable {
    public struct Meter: Sendable {
        public let id: Int64
        public let facts: MeterFacts
        /// Newest first.
        public var months: [Told] = []
    }

    public struct Told: Sendable {
        public let month: Month
        public let values: [Quantity]
        public let volumes: [Quantity]
    }

    public var meters: [Meter]
    public init(_ meters: [Meter]) { self.meters = meters }

    /// What they tell of a month. A meter that was removed before it only leaves its history to the one that stands in its
    /// place.
    public func months(_ month: Month) -> [MeterMonth] {
        var found: [MeterMonth] = []
        for meter in meters {
            let facts = meter.facts
            if let installed = facts.installedOn, installed.month > month { continue }
            if let removed = facts.removedOn, removed.month < month { continue }
            let told = meter.months.filter { $0.month <= month }
            var reading: MeterMonth.Reading?
            var before = told[...]
            if let newest = told.first, newest.month == month {
                before = told.dropFirst()
                reading = .init(
                    from: before.first?.values ?? facts.initial, to: newest.values,
                    volumes: newest.volumes)
            }
            var history = Self.uses(Array(before), facts)
            for other in meters where other.facts.service == facts.service {
                guard let removed = other.facts.removedOn, removed.month < month,
                    other.facts.registers == facts.registers
                else { continue }
                history += Self.uses(other.months.filter { $0.month <= month }, other.facts)
            }
            found.append(
                MeterMonth(
                    service: facts.service, number: facts.number, registers: facts.registers,
                    installedOn: facts.installedOn, verifiedUntil: facts.verifiedUntil,
                    removedOn: facts.removedOn, reading: reading,
                    since: before.first?.month ?? facts.installedOn?.month, history: history))
        }
        return found
    }

    private static func uses(_ told: [Told], _ facts: MeterFacts) -> [MeterMonth.Use] {
        told.indices.map { index in
            let older =
                index + 1 < told.count ? told[index + 1].month : facts.installedOn?.month
            return MeterMonth.Use(
                months: max(1, older.map { told[index].month - $0 } ?? 1),
                volumes: told[index].volumes)
        }
    }
}

/// What the close of a part needs to know, and what it leaves.
public enum Closings {
    public static let statements: [Statement] = [
        "store/charge_cut", "store/charge_lock", "store/charge_accounts", "store/charge_meters",
        "store/charge_months", "store/charge_posted", "store/charge_undersupply",
        "store/charge_corrections", "store/charge_corrected", "store/charge_fix",
        "store/references_house_areas", "store/house_volumes", "store/add_bills",
        "store/withdraw_entries", "store/withdraw_bills", "store/withdraw_readings",
        "store/withdraw_corrections", "store/bills_closed",
    ]

    /// What the bills of accounts and months come to; nil: there is none.
    public static func bills(
        _ wanted: [(account: Int64, month: Month)], on connection: Connection
    ) throws -> [(sums: [BillRow.Part: Money], dueOn: Day)?] {
        var found = [(sums: [BillRow.Part: Money], dueOn: Day)?](
            repeating: nil, count: wanted.count)
        guard !wanted.isEmpty else { return found }
        let rows = try connection.run(
            "store/bills_closed", .int64s(wanted.map(\.account)),
            .dates(wanted.map(\.month.first.days)))
        rows.forEach { row in
            let sums = [
                BillRow.Part.opening, .charged, .recalculated, .penalty, .paid, .closing,
            ].enumerated().map { ($1, Money(kopecks: row.int64($0 + 1))) }
            found[Int(row.int64(0)) - 1] = (
                Dictionary(uniqueKeysWithValues: sums), Day(days: row.date(7))
            )
        }
        return found
    }

    /// Months of readings before the charged one: as many as an average takes, and the one that it is measured from.
    private static let history: Int32 = 8

    public static func cut(
        _ organization: String, _ month: Month, accounts: Int64, on connection: Connection
    ) throws -> [PeriodPart] {
        try connection.run("store/charge_cut", .text(organization), .int64(accounts)).map { row in
            PeriodPart(
                month: month, from: row.text(0), to: row.text(1), ids: row.int64(2)...row.int64(3))
        }
    }

    private static func place(_ organization: String, _ part: PeriodPart) -> [Value] {
        [
            .text(organization), .text(part.firstHouse), .text(part.lastHouse),
            .int64(part.ids.lowerBound), .int64(part.ids.upperBound),
        ]
    }

    public static func lock(
        _ organization: String, _ part: PeriodPart, on connection: Connection
    ) throws {
        try connection.run("store/charge_lock", place(organization, part))
    }

    /// A part of the accounts, their houses and what they are charged by.
    public struct Part {
        public var accounts: [ClosedAccount] = []
        public var terms: Terms
        public var houses: [String: House] = [:]
        /// By the house or the account's number.
        fileprivate var undersupply: [Undersupply] = []

        public struct House: Sendable {
            public var area: Quantity?
            public var commonArea: Quantity?
            public var totals: [Service: Quantity] = [:]
            /// Of these a meter counts the house, and there is no volume of the month of it, or of one of several.
            public var unread: Set<Service> = []

            public init() {}
        }

        fileprivate struct Undersupply {
            let kind: String
            let house: String?
            let account: String?
            let month: Month
            let days: Int
            let why: String
        }

        /// What an account's charges of a month depend on, but for what its house used.
        public func facts(
            _ account: ClosedAccount, _ month: Month, earlier: [ChargeLine] = []
        ) -> ChargeFacts {
            let card = account.card
            let house = card.house ?? ""
            return ChargeFacts(
                month: month, company: card.company ?? "", house: card.house,
                closedOn: card.closedOn, area: card.area,
                residents: card.residents.map { Int($0) }, rooms: card.rooms.map { Int($0) },
                meters: MeteredAccount(account.meters).months(month), contracts: account.contracts,
                earlier: earlier,
                undersupply: undersupply.filter {
                    $0.month == month
                        && ($0.account == card.account.text
                            || $0.house == house && !house.isEmpty)
                }.map { .init(kind: $0.kind, days: $0.days, why: $0.why) })
        }
    }

    /// Behind the lock.
    public static func load(
        _ organization: String, _ part: PeriodPart, on connection: Connection
    ) throws -> Part {
        var accounts: [ClosedAccount] = []
        try connection.run(
            "store/charge_accounts",
            place(organization, part) + [.date(part.month.first.days)]
        ).forEach { row in
            guard let number = AccountNumber(row.text(1)) else { return }
            var card = AccountCard(account: number)
            card.company = row.text(2)
            card.house = row.text(3).isEmpty ? nil : row.text(3)
            card.surname = row.optional(4, row.text)
            card.name = row.optional(5, row.text)
            card.patronymic = row.optional(6, row.text)
            card.apartment = row.optional(7, row.text)
            card.address = row.optional(8, row.text)
            card.area = row.optional(9, row.int64).map { Quantity(millionths: $0) }
            card.livingArea = row.optional(10, row.int64).map { Quantity(millionths: $0) }
            card.houseArea = row.optional(11, row.int64).map { Quantity(millionths: $0) }
            card.rooms = row.optional(12, row.int32).map { Int64($0) }
            card.residents = row.optional(13, row.int32).map { Int64($0) }
            card.closedOn = row.optional(14, row.date).map { Day(days: $0) }
            accounts.append(
                ClosedAccount(
                    id: row.int64(0), card: card, isBilled: row.bool(15),
                    versions: Int(row.int16(16))))
        }
        let numbers = accounts.map(\.card.account.text)
        let (terms, contracts) = try TermsReader.all(
            of: organization, houses: Set(accounts.compactMap(\.card.house)).sorted(),
            accounts: numbers, on: connection)
        var found = Part(terms: terms)
        let ids = accounts.map(\.id)
        var places: [Int64: Int] = [:]
        for (index, account) in accounts.enumerated() {
            places[account.id] = index
            accounts[index].contracts = contracts[account.card.account.text] ?? []
        }
        try connection.run("store/charge_corrections", .int64s(ids)).forEach { row in
            guard let place = places[row.int64(0)] else { return }
            accounts[place].corrections.append(
                .init(
                    n: row.int64(1), from: Day(days: row.date(2)).month, why: row.text(3),
                    kind: row.optional(4, row.text)))
        }
        try loadMeters(&accounts, places, part.month, on: connection)
        let ledgers = try Ledgers.load(
            ids.map { Ledgers.Wanted(account: $0, before: part.month) }, on: connection)
        for index in accounts.indices {
            guard let ledger = ledgers[accounts[index].id] else { continue }
            accounts[index].ledger = ledger.facts
            accounts[index].bill = ledger.bill
        }
        try loadHouses(&found, organization, part.month, accounts, on: connection)
        found.accounts = accounts
        return found
    }

    private static func loadMeters(
        _ accounts: inout [ClosedAccount], _ places: [Int64: Int], _ month: Month,
        on connection: Connection
    ) throws {
        // Who is charged anew needs the months before too.
        let oldest = accounts.flatMap(\.corrections).map(\.from).min()
        let count = history + Int32(max(0, oldest.map { month - $0 } ?? 0))
        var meters: [Int64] = []
        var homes: [Int64: (account: Int, meter: Int)] = [:]
        try connection.run("store/charge_meters", .int64s(accounts.map(\.id))).forEach { row in
            guard let place = places[row.int64(0)], let service = Service(rawValue: row.text(2))
            else { return }
            let id = row.int64(1)
            homes[id] = (place, accounts[place].meters.count)
            meters.append(id)
            accounts[place].meters.append(
                .init(
                    id: id,
                    facts: MeterFacts(
                        id: id, service: service, number: row.text(3),
                        registers: Int(row.int16(4)), digits: Int(row.int16(5)),
                        decimals: Int(row.int16(6)),
                        installedOn: row.optional(7, row.date).map { Day(days: $0) },
                        verifiedUntil: row.optional(8, row.date).map { Day(days: $0) },
                        removedOn: row.optional(9, row.date).map { Day(days: $0) },
                        initial: row.int64s(10).map { Quantity(millionths: $0) })))
        }
        guard !meters.isEmpty else { return }
        try connection.run(
            "store/charge_months", .int64s(meters), .date(month.first.days), .int32(count)
        ).forEach { row in
            guard let home = homes[row.int64(0)] else { return }
            accounts[home.account].meters[home.meter].months.append(
                .init(
                    month: Day(days: row.date(1)).month,
                    values: row.int64s(3).map { Quantity(millionths: $0) },
                    volumes: row.int64s(4).map { Quantity(millionths: $0) }))
        }
    }

    private static func loadHouses(
        _ part: inout Part, _ organization: String, _ month: Month, _ accounts: [ClosedAccount],
        on connection: Connection
    ) throws {
        let houses = Set(accounts.compactMap(\.card.house)).sorted()
        let months = Set(accounts.flatMap(\.corrections).map(\.from)).min().map { oldest in
            (0...(month - oldest)).map { oldest.advanced(by: $0) }
        }
        let code = Value.text(organization)
        let days = try connection.send(
            "store/charge_undersupply", code,
            .dates((months ?? [month]).map(\.first.days)), .texts(houses),
            .texts(accounts.map(\.card.account.text)))
        let areas = try connection.send("store/references_house_areas", code, .texts(houses))
        let volumes = try connection.send(
            "store/house_volumes", code, .texts(houses), .date(month.first.days))
        try days.rows().forEach { row in
            part.undersupply.append(
                .init(
                    kind: row.text(0), house: row.optional(1, row.text),
                    account: row.optional(2, row.text), month: Day(days: row.date(3)).month,
                    days: Int(row.int32(4)), why: row.text(5)))
        }
        let last = month.advanced(by: 1).first
        try areas.rows().forEach { row in
            // The newest that holds in the month.
            guard Day(days: row.date(1)) < last else { return }
            part.houses[row.text(0), default: .init()].area = Quantity(millionths: row.int64(2))
            // A file may leave it out, and that is stored as nothing: no house has no common parts.
            let common = row.int64(3)
            part.houses[row.text(0), default: .init()].commonArea =
                common == 0 ? nil : Quantity(millionths: common)
        }
        try volumes.rows().forEach { row in
            guard let service = Service(rawValue: row.text(1)) else { return }
            // A meter without a volume leaves the house without one: half of it says nothing.
            guard row.int32(3) == row.int32(4) else {
                part.houses[row.text(0), default: .init()].unread.insert(service)
                return
            }
            part.houses[row.text(0), default: .init()].totals[service] = Quantity(
                millionths: row.int64(2))
        }
    }

    /// The lines of accounts that were posted in the months before, from one on.
    public static func posted(
        _ wanted: [(account: Int64, from: Month)], before month: Month, on connection: Connection
    ) throws -> [Int64: [PostedLine]] {
        guard !wanted.isEmpty else { return [:] }
        var found: [Int64: [PostedLine]] = [:]
        try connection.run(
            "store/charge_posted", .int64s(wanted.map(\.account)),
            .int64s(wanted.map { Entry.firstID(of: $0.from) }),
            .int64s(wanted.map { _ in Entry.firstID(of: month) })
        ).forEach { row in
            guard let json = row.optional(6, row.json), let kind = row.optional(3, row.text),
                let sort = ChargeLine.Sort(rawValue: row.text(2)),
                let consumed = row.optional(7, row.date)
            else { return }
            var line = try ChargeLine(
                kind: kind, month: Day(days: consumed).month, sort: sort,
                amount: Money(kopecks: row.int64(5)), detail: JSON.parse(json))
            // What was taken back stands there as it was posted, with the other sign of its sum.
            if row.bool(8) { line.volume = .zero - line.volume }
            found[row.int64(0), default: []].append(
                PostedLine(postedIn: Day(days: row.date(1)).month, line))
        }
        return found
    }

    /// An account's month as it was closed.
    public struct Closed: Sendable {
        public let account: Int64
        public let version: Int
        public var upto: Int64
        public var opening = Money.zero
        public var charged = Money.zero
        public var recalculated = Money.zero
        public var penalty = Money.zero
        public var paid = Money.zero
        public var closing = Money.zero
        public var openFrom: Month?
        public var card: JSON
        public var problems: JSON?

        public init(account: Int64, version: Int, upto: Int64, card: JSON) {
            self.account = account
            self.version = version
            self.upto = upto
            self.card = card
        }
    }

    /// - Parameter at: microseconds since 1970-01-01 UTC.
    public static func add(
        _ closed: [Closed], organization: String, month: Month, at: Int64, due: Day,
        paidUntil: Day, on connection: Connection
    ) throws {
        guard !closed.isEmpty else { return }
        try connection.send(
            "store/add_bills",
            [
                .int64s(closed.map(\.account)), .date(month.first.days),
                .int16s(closed.map { Int16($0.version) }), .text(organization), .timestamp(at),
                .int64s(closed.map(\.upto)), .date(due.days), .date(paidUntil.days),
                .int64s(closed.map(\.opening.kopecks)), .int64s(closed.map(\.charged.kopecks)),
                .int64s(closed.map(\.recalculated.kopecks)),
                .int64s(closed.map(\.penalty.kopecks)), .int64s(closed.map(\.paid.kopecks)),
                .int64s(closed.map(\.closing.kopecks)),
                .dates(closed.map { $0.openFrom?.first.days }), .jsons(closed.map(\.card.bytes)),
                .jsons(closed.map { $0.problems?.bytes }),
            ])
    }

    /// The corrections that a close has charged.
    public static func corrected(
        _ ns: [Int64], in month: Month, on connection: Connection
    ) throws {
        guard !ns.isEmpty else { return }
        try connection.send("store/charge_corrected", .int64s(ns), .date(month.first.days))
    }

    /// «Рассчитано».
    public static func fix(
        _ meters: [Int64], in month: Month, at: Int64, on connection: Connection
    ) throws -> Int {
        guard !meters.isEmpty else { return 0 }
        return try connection.run(
            "store/charge_fix", .int64s(meters), .date(month.first.days), .timestamp(at)
        ).affected
    }

    /// Takes back what the close of a part posted; answers how many bills.
    public static func withdraw(
        _ organization: String, _ part: PeriodPart, sorts: [Entry.Sort], at: Int64,
        on connection: Connection
    ) throws -> Int {
        let place = place(organization, part)
        let month = Value.date(part.month.first.days)
        try connection.send(
            "store/withdraw_entries",
            place + [
                month, .texts(sorts.map(\.rawValue)), .int64(Entry.firstID(of: part.month)),
            ])
        try connection.send("store/withdraw_readings", place + [month])
        try connection.send("store/withdraw_corrections", place + [month])
        return try connection.run(
            "store/withdraw_bills", place + [month, .timestamp(at)]
        ).affected
    }
}
