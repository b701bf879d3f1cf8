public import Commands

/// Finds what an account is charged by. It keeps what it found last, and belongs to one thread.
public final class ReferenceIndex {
    private let rows: [Rows]
    private let companies: Set<String>
    private let houses: Set<String>
    private var plans: [Key: ChargePlan] = [:]
    /// Accounts come house by house: those of a house, over the months of a gap, are enough.
    private static let capacity = 256

    private struct Key: Hashable {
        var month: Month
        var company: String
        var house: String?
    }

    /// The rows of one kind.
    private struct Rows {
        var kinds: [ChargeKind] = []
        var contracts: [Scope: [Contract]] = [:]
        /// The eldest first.
        var prices: [Scope: [PriceList]] = [:]
        var norms: [Scope: [NormTable]] = [:]
        var multipliers: [Multiplier] = []
    }

    public init(_ references: References) {
        var places: [String: Int] = [:]
        var rows: [Rows] = []
        for kind in references.kinds {
            if let place = places[kind.code] {
                rows[place].kinds.append(kind)
            } else {
                places[kind.code] = rows.count
                rows.append(Rows(kinds: [kind]))
            }
        }
        var scopes: Set<Scope> = []
        for row in references.contracts {
            guard let place = places[row.kind] else { continue }
            rows[place].contracts[row.scope, default: []].append(row)
            scopes.insert(row.scope)
        }
        struct Group: Hashable {
            var place: Int
            var scope: Scope
            var from: Day
        }
        var tariffs: [Group: [Tariff]] = [:]
        for row in references.tariffs {
            guard let place = places[row.kind] else { continue }
            tariffs[Group(place: place, scope: row.scope, from: row.from), default: []].append(row)
        }
        for (group, lists) in tariffs {
            rows[group.place].prices[group.scope, default: []]
                .append(PriceList(from: group.from, lists))
            scopes.insert(group.scope)
        }
        var norms: [Group: [Norm]] = [:]
        for row in references.norms {
            guard let place = places[row.kind] else { continue }
            norms[Group(place: place, scope: row.scope, from: row.from), default: []].append(row)
        }
        for (group, norms) in norms {
            rows[group.place].norms[group.scope, default: []]
                .append(NormTable(from: group.from, norms))
            scopes.insert(group.scope)
        }
        for row in references.multipliers {
            if let place = places[row.kind] { rows[place].multipliers.append(row) }
        }
        for place in rows.indices {
            for scope in rows[place].prices.keys {
                rows[place].prices[scope]?.sort { $0.from < $1.from }
            }
            for scope in rows[place].norms.keys {
                rows[place].norms[scope]?.sort { $0.from < $1.from }
            }
        }
        var companies: Set<String> = []
        var houses: Set<String> = []
        for scope in scopes {
            switch scope {
            case .company(let code): companies.insert(code)
            case .house(let code): houses.insert(code)
            case .organization, .account: break
            }
        }
        self.rows = rows
        self.companies = companies
        self.houses = houses
    }

    /// What accounts of a company and house are charged by in a month; `own` are the account's own contracts.
    public func plan(
        _ month: Month, company: String, house: String? = nil, own: [Contract] = []
    ) -> ChargePlan {
        // Most companies and houses have no rows of their own, and share one plan.
        let company = companies.contains(company) ? company : ""
        let house = house.flatMap { houses.contains($0) ? $0 : nil }
        if !own.isEmpty { return make(month, company, house, own) }
        let key = Key(month: month, company: company, house: house)
        if let plan = plans[key] { return plan }
        let plan = make(month, company, house, [])
        if plans.count >= Self.capacity { plans.removeAll(keepingCapacity: true) }
        plans[key] = plan
        return plan
    }

    private func make(
        _ month: Month, _ company: String, _ house: String?, _ own: [Contract]
    ) -> ChargePlan {
        let first = month.first.days
        let last = month.advanced(by: 1).first.days - 1
        var scopes: [Scope] = [.organization]
        if !company.isEmpty { scopes.insert(.company(company), at: 0) }
        if let house { scopes.insert(.house(house), at: 0) }
        var kinds: [KindPlan] = []
        for rows in rows {
            var contracts = scopes.compactMap { rows.contracts[$0] }
            let mine = own.filter { $0.kind == rows.kinds[0].code }
            if !mine.isEmpty { contracts.insert(mine, at: 0) }
            let held = Self.held(rows.kinds, contracts, first...last)
            guard let kind = held.kind, let contract = held.contract else { continue }
            let norms = scopes.compactMap { scope in
                // That in force when the month begins; a later one only where there is none.
                rows.norms[scope].flatMap { tables in
                    tables.last { $0.from.days <= first } ?? tables.first { $0.from.days <= last }
                }
            }
            let multiplier = rows.multipliers.reduce(nil as Multiplier?) { newest, row in
                guard row.from.month <= month else { return newest }
                return newest.map { row.from >= $0.from ? row : $0 } ?? row
            }
            kinds.append(
                KindPlan(
                    kind: kind, spans: held.spans, canBeMetered: contract.canBeMetered,
                    quantity: contract.quantity,
                    prices: Self.prices(scopes.compactMap { rows.prices[$0] }, first...last),
                    norms: norms.first, multiplier: multiplier.map { Fraction($0.value) }))
        }
        kinds.sort { ($0.kind.position, $0.kind.code) < ($1.kind.position, $1.kind.code) }
        return ChargePlan(month: month, days: first...last, kinds: kinds)
    }

    /// Day by day the narrowest contract, where several of a scope overlap the one that began last: the days that it gives,
    /// and what it and the kind were on the last of them.
    private static func held(
        _ kinds: [ChargeKind], _ contracts: [[Contract]], _ days: ClosedRange<Int32>
    ) -> (spans: [ClosedRange<Int32>], kind: ChargeKind?, contract: Contract?) {
        var starts: Set<Int32> = [days.lowerBound]
        func note(_ from: Day, _ to: Day?) {
            if days.contains(from.days) { starts.insert(from.days) }
            if let to, days.contains(to.days + 1) { starts.insert(to.days + 1) }
        }
        for kind in kinds { note(kind.from, kind.to) }
        for scope in contracts { for contract in scope { note(contract.from, contract.to) } }
        let order = starts.sorted()
        var spans: [ClosedRange<Int32>] = []
        var found: (kind: ChargeKind, contract: Contract)?
        for (place, start) in order.enumerated() {
            let end = place + 1 < order.count ? order[place + 1] - 1 : days.upperBound
            let kind = newest(kinds, on: start) { ($0.from, nil) }
            guard let kind, kind.to.map({ start <= $0.days }) ?? true else { continue }
            var holding: Contract?
            for scope in contracts where holding == nil {
                holding = newest(scope, on: start) { ($0.from, $0.to) }
            }
            guard let holding, !holding.isOff else { continue }
            found = (kind, holding)
            if let before = spans.last, before.upperBound + 1 == start {
                spans[spans.count - 1] = before.lowerBound...end
            } else {
                spans.append(start...end)
            }
        }
        return (spans, found?.kind, found?.contract)
    }

    private static func newest<Row>(
        _ rows: [Row], on day: Int32, _ dates: (Row) -> (from: Day, to: Day?)
    ) -> Row? {
        var found: (row: Row, from: Day)?
        for row in rows {
            let (from, to) = dates(row)
            guard from.days <= day, to.map({ day <= $0.days }) ?? true else { continue }
            if let older = found, from < older.from { continue }
            found = (row, from)
        }
        return found?.row
    }

    private static func prices(
        _ scopes: [[PriceList]], _ days: ClosedRange<Int32>
    ) -> [KindPlan.PriceSpan] {
        var starts: Set<Int32> = [days.lowerBound]
        for scope in scopes {
            for list in scope where days.contains(list.from.days) { starts.insert(list.from.days) }
        }
        let order = starts.sorted()
        var spans: [KindPlan.PriceSpan] = []
        for (place, start) in order.enumerated() {
            let end = place + 1 < order.count ? order[place + 1] - 1 : days.upperBound
            var found: PriceList?
            for scope in scopes where found == nil {
                found = scope.last { $0.from.days <= start }
            }
            if let before = spans.last, before.list === found {
                spans[spans.count - 1].days = before.days.lowerBound...end
            } else {
                spans.append(.init(days: start...end, list: found))
            }
        }
        return spans
    }
}

/// What accounts of one company and house are charged by in one month.
public final class ChargePlan: Sendable {
    public let month: Month
    let days: ClosedRange<Int32>
    /// In the order of the bill.
    let kinds: [KindPlan]
    /// By place: the place of the kind whose volume it takes; of drainage those of the waters.
    let sources: [[Int]]

    init(month: Month, days: ClosedRange<Int32>, kinds: [KindPlan]) {
        self.month = month
        self.days = days
        self.kinds = kinds
        sources = kinds.map { plan in
            kinds.indices.filter { place in
                let other = kinds[place].kind
                return switch plan.kind.basis {
                case .drainage:
                    other.basis == .meter
                        && (other.service == .coldWater || other.service == .hotWater)
                case .waterHeat: other.basis == .meter && other.code == plan.kind.of
                default: false
                }
            }
        }
    }

    var length: Int { days.count }

    func place(_ code: String) -> Int? { kinds.firstIndex { $0.kind.code == code } }

    /// What a square metre of what belongs to all needs of a service by the norm; nil where its needs are not charged.
    public func houseNorm(_ service: Service) -> Quantity? {
        kinds.first { $0.kind.basis == .houseNeeds && $0.kind.service == service }?.norms?
            .value(rooms: nil, residents: 0)
    }

    /// Whether what the house needs of a service is charged.
    public func needs(_ service: Service) -> Bool {
        kinds.contains { $0.kind.basis == .houseNeeds && $0.kind.service == service }
    }

    /// Whether a kind is a need of the house: those are shared once, and not charged anew.
    public func isHouseNeed(_ code: String) -> Bool {
        kinds.contains { $0.kind.basis == .houseNeeds && $0.kind.code == code }
    }

    /// The codes of what is charged, in the order of the bill.
    public var codes: [String] { kinds.map(\.kind.code) }

    /// Puts lines into the order of the bill; those of a kind keep theirs.
    public func ordered(_ lines: [ChargeLine]) -> [ChargeLine] {
        let codes = codes
        let places = lines.map { line in codes.firstIndex(of: line.kind) ?? codes.count }
        return lines.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { lines[$0] }
    }
}

final class KindPlan: Sendable {
    let kind: ChargeKind
    /// The days on which a contract gives it.
    let spans: [ClosedRange<Int32>]
    let canBeMetered: Bool
    let quantity: Quantity?
    /// All days of the month; a list is nil where no tariff is in force.
    let prices: [PriceSpan]
    let norms: NormTable?
    let multiplier: Fraction?

    struct PriceSpan: Sendable {
        var days: ClosedRange<Int32>
        let list: PriceList?
    }

    init(
        kind: ChargeKind, spans: [ClosedRange<Int32>], canBeMetered: Bool, quantity: Quantity?,
        prices: [PriceSpan], norms: NormTable?, multiplier: Fraction?
    ) {
        self.kind = kind
        self.spans = spans
        self.canBeMetered = canBeMetered
        self.quantity = quantity
        self.prices = prices
        self.norms = norms
        self.multiplier = multiplier
    }
}

/// The prices of a kind and scope from a day on.
final class PriceList: Sendable {
    struct Band: Sendable, Equatable {
        var upTo: Quantity?
        var price: Quantity
    }

    let from: Day
    /// Of meters with one register; then with two, T1 and T2; then with three.
    private let bands: [[Band]]

    init(from: Day, _ rows: [Tariff]) {
        self.from = from
        var bands: [[Band]] = []
        for registers in 1...3 {
            for register in Register.allCases.prefix(registers) {
                func choose(_ named: Register?, _ zones: Int?) -> [Band] {
                    PriceList.bands(rows.filter { $0.register == named && $0.zones == zones })
                }
                // What is said of the register before what is said of all, but for the only one.
                let names: [Register?] = registers == 1 ? [nil, register] : [register, nil]
                let found = names.flatMap { [choose($0, registers), choose($0, nil)] }
                bands.append(found.first { !$0.isEmpty } ?? [])
            }
        }
        self.bands = bands
    }

    private static func bands(_ rows: [Tariff]) -> [Band] {
        var bands: [Band] = []
        for row in rows {
            bands.removeAll { $0.upTo == row.upTo }
            bands.append(Band(upTo: row.upTo, price: row.price))
        }
        return bands.sorted { left, right in
            guard let upTo = left.upTo else { return false }
            return right.upTo.map { upTo < $0 } ?? true
        }
    }

    /// The ranges of a register, the lowest first; empty where it has no price. What is above the last one's end costs as it.
    func bands(_ register: Int, of registers: Int) -> [Band] {
        bands[registers == 1 ? 0 : registers == 2 ? 1 + register : 3 + register]
    }

    func isSame(as other: PriceList) -> Bool { self === other || bands == other.bands }
}

/// The norms of a kind and scope from a day on.
final class NormTable: Sendable {
    let from: Day
    private let rows: [Norm]

    init(from: Day, _ rows: [Norm]) {
        self.from = from
        self.rows = rows
    }

    var needsRooms: Bool { rows.allSatisfy { $0.rooms != nil } }

    /// The row of the most rooms, and then of the most residents, that are not more than these.
    func value(rooms: Int?, residents: Int) -> Quantity? {
        var found: Norm?
        for row in rows {
            guard row.rooms.map({ $0 <= rooms ?? -1 }) ?? true,
                row.residents.map({ $0 <= residents }) ?? true
            else { continue }
            if let best = found,
                (row.rooms ?? -1, row.residents ?? -1) < (best.rooms ?? -1, best.residents ?? -1)
            {
                continue
            }
            found = row
        }
        return found?.value
    }
}
