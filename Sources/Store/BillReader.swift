public import Commands
import Domain
public import Postgres

/// What a bill says, as it was frozen when its month was closed: nothing of it can change any more.
public struct BillFacts: Sendable, Equatable {
    public var bill: BillView
    /// The organization's local day on which the month was closed.
    public var closedOn: Day
    /// So many bills of later months there are.
    public var newer: Int
    /// What the month charged, in the order in which it was posted.
    public var charges: [ChargeView]
    public var sums: [Sum]
    /// The day of the last payment that the month counted.
    public var lastPaid: Day?
    public var kinds: [KindView]
    public var suppliers: [SupplierView]
    /// By the charge kind's code.
    public var norms: [String: Quantity]
    public var meters: [Meter]
    /// What was charged for by average or norm, by the charge kind's code.
    public var estimates: [String: [Month: Quantity]]
    /// What the house's meters told.
    public var houses: [Service: Quantity]

    /// What the month did to one debt.
    public struct Sum: Sendable, Equatable {
        /// Nil: money that is of no kind yet.
        public var kind: String?
        public var isPenalty: Bool
        /// The month of the debt; nil: an advance.
        public var month: Month?
        public var opening: Money
        public var charged: Money
        public var recalculated: Money
        public var penalty: Money
        public var paid: Money

        public init(
            kind: String?, isPenalty: Bool = false, month: Month?, opening: Money = .zero,
            charged: Money = .zero, recalculated: Money = .zero, penalty: Money = .zero,
            paid: Money = .zero
        ) {
            self.kind = kind
            self.isPenalty = isPenalty
            self.month = month
            self.opening = opening
            self.charged = charged
            self.recalculated = recalculated
            self.penalty = penalty
            self.paid = paid
        }

        /// What is left of it.
        public var closing: Money { opening + charged + recalculated + penalty - paid }
    }

    public struct Meter: Sendable, Equatable {
        public var id: Int64
        public var service: Service
        public var number: String
        public var registers: Int
        public var initial: [Quantity]
        public var installedOn: Day?
        /// Newest first; the month of the bill is the first, if it told of it.
        public var months: [Told]

        public struct Told: Sendable, Equatable {
            public var month: Month
            public var takenOn: Day
            /// One a register.
            public var values: [Quantity]
            public var volumes: [Quantity]

            public init(month: Month, takenOn: Day, values: [Quantity], volumes: [Quantity]) {
                self.month = month
                self.takenOn = takenOn
                self.values = values
                self.volumes = volumes
            }
        }

        public init(
            id: Int64, service: Service, number: String, registers: Int = 1,
            initial: [Quantity] = [.zero], installedOn: Day? = nil, months: [Told] = []
        ) {
            self.id = id
            self.service = service
            self.number = number
            self.registers = registers
            self.initial = initial
            self.installedOn = installedOn
            self.months = months
        }
    }

    public init(
        bill: BillView, closedOn: Day, newer: Int = 0, charges: [ChargeView] = [],
        sums: [Sum] = [], lastPaid: Day? = nil, kinds: [KindView] = [],
        suppliers: [SupplierView] = [], norms: [String: Quantity] = [:], meters: [Meter] = [],
        estimates: [String: [Month: Quantity]] = [:], houses: [Service: Quantity] = [:]
    ) {
        self.bill = bill
        self.closedOn = closedOn
        self.newer = newer
        self.charges = charges
        self.sums = sums
        self.lastPaid = lastPaid
        self.kinds = kinds
        self.suppliers = suppliers
        self.norms = norms
        self.meters = meters
        self.estimates = estimates
        self.houses = houses
    }
}

/// Reads what bills say, for pages (as `kabinet_portal`) and for letters (as `kabinet_workers`): two round trips, however many
/// they are.
public enum BillReader {
    public static let statements: [Statement] = [
        "portal/bill_file", "portal/bill_closed", "portal/bill_lines", "portal/bill_sums",
        "portal/bill_kinds",
        "portal/bill_suppliers", "portal/bill_norms", "portal/bill_meters", "portal/bill_houses",
        "portal/bill_estimates",
    ]

    public struct Wanted: Sendable {
        public var account: Int64
        public var month: Month
        public var organization: String
        public var timeZone: String

        public init(account: Int64, month: Month, profile: Profile) {
            self.init(
                account: account, month: month, organization: profile.code,
                timeZone: profile.timeZone)
        }

        public init(account: Int64, month: Month, organization: String, timeZone: String) {
            self.account = account
            self.month = month
            self.organization = organization
            self.timeZone = timeZone
        }
    }

    /// A year, and the reading that it is measured from.
    private static let months: Int32 = 13

    /// One each, in the order in which they are wanted; nil: that month is not closed for that account.
    public static func read(
        _ wanted: [Wanted], on connection: Connection
    ) throws -> [BillFacts?] {
        guard !wanted.isEmpty else { return [] }
        var found = [BillFacts?](repeating: nil, count: wanted.count)
        var moments = [Int64](repeating: 0, count: wanted.count)
        try connection.run(
            "portal/bill_closed", .int64s(wanted.map(\.account)),
            .dates(wanted.map(\.month.first.days)), .texts(wanted.map(\.timeZone))
        ).forEach { row in
            let place = Int(row.int64(0)) - 1
            let closed = row.text(2)
            moments[place] = row.timestamp(3)
            found[place] = BillFacts(
                bill: BillView(
                    month: wanted[place].month, version: Int(row.int16(1)), closed: closed,
                    dueOn: row.day(4), paidUntil: row.day(5), opening: row.money(6),
                    charged: row.money(7), recalculated: row.money(8), penalty: row.money(9),
                    paid: row.money(10), closing: row.money(11), upto: row.int64(12),
                    card: try JSON.parse(row.json(13))),
                closedOn: Day(closed.prefix(10)) ?? wanted[place].month.lastDay,
                newer: Int(row.int64(14)))
        }
        let places = found.indices.filter { found[$0] != nil }
        guard !places.isEmpty else { return found }
        try fill(&found, places, wanted, moments, on: connection)
        return found
    }

    private static func fill(
        _ found: inout [BillFacts?], _ places: [Int], _ wanted: [Wanted], _ moments: [Int64],
        on connection: Connection
    ) throws {
        let mine = places.map { wanted[$0] }
        let bills = places.map { found[$0]?.bill }
        func card(_ key: String) -> [String?] { bills.map { $0?.card[key]?.string } }
        func count(_ key: String) -> [Int32?] {
            bills.map { ($0?.card[key]?.int).flatMap { Int32(exactly: $0) } }
        }
        let accounts = Value.int64s(mine.map(\.account))
        let first = Value.int64s(mine.map { Entry.firstID(of: $0.month) })
        let last = Value.int64s(bills.map { $0?.upto })
        let organizations = Value.texts(mine.map(\.organization))
        let days = Value.dates(mine.map(\.month.lastDay.days))
        let months = Value.dates(mine.map(\.month.first.days))
        // Bills of one close say the same of its kinds and suppliers.
        let closes = Array(Set(places.map { Close(wanted[$0], moments[$0]) }))
        let close: [Value] = [
            .texts(closes.map(\.organization)), .dates(closes.map(\.day.days)),
            .timestamps(closes.map(\.moment)),
        ]

        let lines = try connection.send("portal/bill_lines", accounts, first, last)
        let sums = try connection.send("portal/bill_sums", accounts, first, last)
        let kinds = try connection.send("portal/bill_kinds", close)
        let suppliers = try connection.send("portal/bill_suppliers", close)
        let norms = try connection.send(
            "portal/bill_norms", organizations, .texts(card("company")), .texts(card("house")),
            days, .timestamps(places.map { moments[$0] }), .int32s(count("rooms")),
            .int32s(count("residents")))
        let meters = try connection.send(
            "portal/bill_meters", accounts, months, .int32(Self.months))
        let estimates = try connection.send(
            "portal/bill_estimates", accounts,
            .int64s(mine.map { Entry.firstID(of: $0.month.advanced(by: -11)) }), last)
        let houses = try connection.send(
            "portal/bill_houses", organizations, .texts(card("house")), months)

        func place(_ row: Row) -> Int { places[Int(row.int64(0)) - 1] }
        try lines.rows().forEach { row in
            let place = place(row)
            found[place]?.charges.append(try charge(row, wanted[place].month))
        }
        try sums.rows().forEach { row in
            let place = place(row)
            found[place]?.sums.append(
                .init(
                    kind: row.optional(1, row.text), isPenalty: row.bool(2),
                    month: row.optional(3, row.day)?.month, opening: row.money(4),
                    charged: row.money(5), recalculated: row.money(6), penalty: row.money(7),
                    paid: row.money(8)))
            guard let paid = row.optional(9, row.day) else { return }
            let known = found[place]?.lastPaid ?? paid
            found[place]?.lastPaid = max(known, paid)
        }
        let named = try names(closes, kinds.rows(), suppliers.rows())
        for place in places {
            guard let names = named[Close(wanted[place], moments[place])] else { continue }
            found[place]?.kinds = names.kinds
            found[place]?.suppliers = names.suppliers
        }
        try norms.rows().forEach { row in
            found[place(row)]?.norms[row.text(1)] = Quantity(millionths: row.int64(2))
        }
        try meters.rows().forEach { row in add(row, to: &found[place(row)]) }
        try estimates.rows().forEach { row in
            found[place(row)]?.estimates[row.text(1), default: [:]][row.day(2).month] =
                Quantity(millionths: row.int64(3))
        }
        try houses.rows().forEach { row in
            guard let service = Service(rawValue: row.text(1)) else { return }
            found[place(row)]?.houses[service] = Quantity(millionths: row.int64(2))
        }
    }

    private struct Close: Hashable {
        let organization: String
        let day: Day
        let moment: Int64

        init(_ wanted: Wanted, _ moment: Int64) {
            organization = wanted.organization
            day = wanted.month.lastDay
            self.moment = moment
        }
    }

    private static func charge(_ row: Row, _ month: Month) throws -> ChargeView {
        let kind = row.optional(3, row.text) ?? ""
        let tranche = row.optional(4, row.day)?.month ?? month
        let consumed = row.optional(5, row.day)?.month ?? tranche
        let amount = row.money(6)
        let sort = ChargeLine.Sort(rawValue: row.text(2))
        return ChargeView(
            id: row.int64(1), kind: kind, month: sort == nil ? tranche : consumed, amount: amount,
            content: row.isNull(7)
                ? .bare(sort)
                : PortalQueries.content(
                    try JSON.parse(row.json(7)), kind: kind, month: consumed, sort: sort,
                    amount: amount))
    }

    private static func names(
        _ closes: [Close], _ kinds: Rows, _ suppliers: Rows
    ) throws -> [Close: (kinds: [KindView], suppliers: [SupplierView])] {
        var found: [Close: (kinds: [KindView], suppliers: [SupplierView])] = [:]
        kinds.forEach { row in
            found[closes[Int(row.int64(0)) - 1], default: ([], [])].kinds.append(
                KindView(
                    code: row.text(1), title: row.text(2), titleEnglish: row.optional(3, row.text),
                    position: Int(row.int32(4)), basis: ChargeBasis(rawValue: row.text(5)),
                    service: row.optional(6, row.text).flatMap(Service.init(rawValue:)),
                    of: row.optional(7, row.text), unit: ChargeUnit(rawValue: row.text(8)),
                    supplier: row.text(9), isSeparate: row.bool(10), from: row.day(11),
                    endsOn: row.optional(12, row.day)))
        }
        suppliers.forEach { row in
            found[closes[Int(row.int64(0)) - 1], default: ([], [])].suppliers.append(
                SupplierView(
                    code: row.text(1), name: row.text(2), inn: row.optional(3, row.text),
                    kpp: row.optional(4, row.text), address: row.optional(5, row.text),
                    phone: row.optional(6, row.text), email: row.optional(7, row.text),
                    site: row.optional(8, row.text), schedule: row.optional(9, row.text),
                    account: row.optional(10, row.text), bank: row.optional(11, row.text),
                    bic: row.optional(12, row.text), correspondent: row.optional(13, row.text)))
        }
        return found
    }

    private static func add(_ row: Row, to facts: inout BillFacts?) {
        // A service that a newer version wrote is not shown rather than shown wrong.
        guard let service = Service(rawValue: row.text(2)), var meters = facts?.meters else {
            return
        }
        let id = row.int64(1)
        if meters.last?.id != id {
            meters.append(
                .init(
                    id: id, service: service, number: row.text(3), registers: Int(row.int16(4)),
                    initial: row.quantities(5), installedOn: row.optional(6, row.day)))
        }
        if let month = row.optional(7, row.day)?.month {
            meters[meters.count - 1].months.append(
                .init(
                    month: month, takenOn: row.day(8), values: row.quantities(9),
                    volumes: row.quantities(10)))
        }
        facts?.meters = meters
    }
}
