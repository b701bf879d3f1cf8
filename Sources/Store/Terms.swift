public import Commands
public import Domain
public import Postgres

/// What an organization's charges and postings go by, as it stands.
public struct Terms {
    public let references: References
    public let ledger: LedgerTerms
    public let penalties: PenaltyTerms
    public let suppliers: [String: Supplier]
    public let units: [String: ChargeUnit]

    /// Who is paid.
    public struct Supplier: Sendable, Equatable {
        public let code: String
        public let name: String
    }
}

/// Loads them.
public enum TermsReader {
    public static let statements: [Statement] = [
        "store/references_charge_kinds", "store/references_contracts", "store/references_tariffs",
        "store/references_norms", "store/references_multipliers", "store/references_law",
        "store/references_workdays", "store/ledger_kinds",
    ]

    /// What postings go by, of several organizations: the handful of rows of their kinds, and the law's.
    public static func ledgers(
        of organizations: Set<String>, on connection: Connection
    ) throws -> [String: (terms: LedgerTerms, units: [String: ChargeUnit])] {
        var kinds: [String: [String: KindTerms]] = [:]
        var units: [String: [String: ChargeUnit]] = [:]
        let rows = try connection.send("store/ledger_kinds", .texts(organizations.sorted()))
        let law = try connection.send("store/references_law", .texts(organizations.sorted()))
        let days = try connection.send("store/references_workdays", .date(recent))
        try rows.rows().forEach { row in
            kinds[row.text(0), default: [:]][row.text(1)] = KindTerms(
                rule: row.text(2), payee: row.bool(3) ? row.text(4) : nil)
            units[row.text(0), default: [:]][row.text(1)] = ChargeUnit(rawValue: row.text(5))
        }
        let all = Law(try law.rows(), try days.rows())
        var found: [String: (terms: LedgerTerms, units: [String: ChargeUnit])] = [:]
        for (organization, kinds) in kinds {
            found[organization] = (
                LedgerTerms(kinds: kinds, dueDays: all.dueDays(organization)),
                units[organization] ?? [:]
            )
        }
        return found
    }

    /// All that a month's charges go by.
    /// - Parameters:
    ///   - houses: whose own rows are wanted, each once.
    ///   - numbers: of the accounts whose own contracts are wanted.
    public static func all(
        of organization: String, houses: [String], accounts numbers: [String],
        on connection: Connection
    ) throws -> (terms: Terms, contracts: [String: [Contract]]) {
        let code = Value.text(organization)
        let kinds = try connection.send("store/references_charge_kinds", code)
        let contracts = try connection.send(
            "store/references_contracts", code, .texts(houses), .texts(numbers))
        let tariffs = try connection.send("store/references_tariffs", code, .texts(houses))
        let norms = try connection.send("store/references_norms", code, .texts(houses))
        let multipliers = try connection.send("store/references_multipliers", code)
        let law = try connection.send("store/references_law", .texts([organization]))
        let days = try connection.send("store/references_workdays", .date(recent))

        var references = References()
        var terms: [String: KindTerms] = [:]
        var units: [String: ChargeUnit] = [:]
        try kinds.rows().forEach { row in
            guard let basis = ChargeBasis(rawValue: row.text(6)),
                let unit = ChargeUnit(rawValue: row.text(9))
            else { return }
            let kind = ChargeKind(
                code: row.text(0), from: Day(days: row.date(1)),
                to: row.optional(2, row.date).map { Day(days: $0) }, title: row.text(3),
                position: Int(row.int32(5)), basis: basis,
                service: row.optional(7, row.text).flatMap(Service.init(rawValue:)),
                of: row.optional(8, row.text), unit: unit, supplier: row.text(10),
                penalty: row.text(11), isMultiplied: row.bool(12))
            references.kinds.append(kind)
            terms[kind.code] = KindTerms(
                rule: kind.penalty, payee: row.bool(13) ? kind.supplier : nil)
            units[kind.code] = unit
        }
        var own: [String: [Contract]] = [:]
        try contracts.rows().forEach { row in
            let account = row.optional(3, row.text)
            let contract = Contract(
                kind: row.text(0),
                scope: account == nil ? scope(row, 1) : .account, from: Day(days: row.date(4)),
                to: row.optional(5, row.date).map { Day(days: $0) }, isOff: row.bool(6),
                canBeMetered: row.bool(7),
                quantity: row.optional(8, row.int64).map { Quantity(millionths: $0) })
            if let account {
                own[account, default: []].append(contract)
            } else {
                references.contracts.append(contract)
            }
        }
        references.tariffs = try tariffs.rows().map(tariff)
        references.norms = try norms.rows().map { row in
            Norm(
                kind: row.text(0), scope: scope(row, 1), from: Day(days: row.date(3)),
                rooms: row.optional(4, row.int32).map { Int($0) },
                residents: row.optional(5, row.int32).map { Int($0) },
                value: Quantity(millionths: row.int64(6)))
        }
        references.multipliers = try multipliers.rows().map { row in
            Multiplier(
                kind: row.text(0), from: Day(days: row.date(1)),
                value: Quantity(millionths: row.int64(2)))
        }
        let rows = Law(try law.rows(), try days.rows())
        return (
            Terms(
                references: references,
                ledger: LedgerTerms(kinds: terms, dueDays: rows.dueDays(organization)),
                penalties: rows.penalties(organization), suppliers: [:], units: units), own
        )
    }

    /// The prices of an organization, but for those of other houses.
    public static func tariffs(
        of organization: String, houses: [String], on connection: Connection
    ) throws -> [Tariff] {
        try connection.run("store/references_tariffs", .text(organization), .texts(houses))
            .map(tariff)
    }

    private static func tariff(_ row: Row) -> Tariff {
        Tariff(
            kind: row.text(0), scope: scope(row, 1), from: Day(days: row.date(3)),
            register: row.optional(4, row.text).flatMap(Register.init(rawValue:)),
            zones: row.optional(5, row.int16).map { Int($0) },
            upTo: row.optional(6, row.int64).map { Quantity(millionths: $0) },
            price: Quantity(millionths: row.int64(7)))
    }

    /// Before it no due day is asked for: the ledgers of this system begin later.
    private static let recent = Day(year: 2015, month: 1, day: 1)?.days

    private static func scope(_ row: Row, _ column: Int) -> Scope {
        if let house = row.optional(column + 1, row.text) { return .house(house) }
        if let company = row.optional(column, row.text) { return .company(company) }
        return .organization
    }

    /// Rows of the law, and those that organizations have of their own.
    private struct Law {
        private var keyRates: [KeyRate] = []
        private var caps: [PenaltyCap] = []
        private var dues: [(organization: String?, row: DueDay)] = []
        private var rules: [(organization: String?, row: PenaltyRule)] = []
        private let calendar: ProductionCalendar

        init(_ rows: Rows, _ days: Rows) {
            var working: [Day: Bool] = [:]
            days.forEach { working[Day(days: $0.date(0))] = $0.bool(1) }
            calendar = ProductionCalendar(working)
            rows.forEach { row in
                let from = Day(days: row.date(2))
                let numbers = row.int32s(4).map { Int($0) }
                let organization = row.optional(5, row.text)
                switch row.text(0) {
                case "key_rate": keyRates.append(KeyRate(from: from, basisPoints: numbers[0]))
                case "cap":
                    let limit: PenaltyCap.Limit =
                        switch row.text(1) {
                        case "at_most": .atMost(numbers[0])
                        case "exactly": .exactly(numbers[0])
                        default: .none
                        }
                    caps.append(PenaltyCap(from: from, limit: limit))
                case "due_day":
                    dues.append((organization, DueDay(from: from.month, day: numbers[0])))
                default:
                    rules.append(
                        (
                            organization,
                            PenaltyRule(
                                code: row.text(1), from: from,
                                steps: zip(row.int32s(3), numbers).map {
                                    .init(day: Int($0), denominator: $1)
                                })
                        ))
                }
            }
        }

        /// An organization's own row goes before the law's of the same day.
        func dueDays(_ organization: String) -> DueDays {
            DueDays(
                dues.filter { $0.organization == nil }.map(\.row)
                    + dues.filter { $0.organization == organization }.map(\.row),
                calendar: calendar)
        }

        func penalties(_ organization: String) -> PenaltyTerms {
            let own = rules.filter { $0.organization == organization }.map(\.row)
            let codes = Set(own.map(\.code))
            return PenaltyTerms(
                rules: own
                    + rules.filter { $0.organization == nil && !codes.contains($0.row.code) }
                    .map(\.row),
                keyRates: keyRates, caps: caps)
        }
    }
}
