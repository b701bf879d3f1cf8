import Commands
import Testing

@testable import Domain

/// «46.10», «-0.5».
func q(_ text: String) -> Quantity {
    let isNegative = text.hasPrefix("-")
    guard case .value(let value, _, _) = Quantity.read(isNegative ? String(text.dropFirst()) : text)
    else { preconditionFailure(text) }
    return isNegative ? .zero - value : value
}

/// «348.33».
func rub(_ text: String) -> Money { Money(kopecks: q(text).millionths / 10_000) }

func m(_ text: String) -> Month {
    guard let month = Month(text) else { preconditionFailure(text) }
    return month
}

func d(_ text: String) -> Day {
    guard let day = Day(text) else { preconditionFailure(text) }
    return day
}

/// References of one organization, and an account of them.
struct ChargeWorld {
    var references = References()
    var facts: ChargeFacts
    var policy = ChargePolicy()
    static let begin = d("2020-01-01")

    init(_ month: String = "2026-04", area: String? = "54.3", residents: Int? = 3) {
        facts = ChargeFacts(
            month: m(month), company: "c", house: "h", area: area.map(q), residents: residents)
    }

    /// A kind that the whole organization has, at one price.
    mutating func add(
        _ code: String, _ basis: ChargeBasis, _ unit: ChargeUnit, price: String? = nil,
        norm: String? = nil, service: Service? = nil, of: String? = nil,
        isMultiplied: Bool = false, canBeMetered: Bool = true, quantity: String? = nil
    ) {
        references.kinds.append(
            ChargeKind(
                code: code, from: Self.begin, position: references.kinds.count, basis: basis,
                service: service, of: of, unit: unit, isMultiplied: isMultiplied))
        references.contracts.append(
            Contract(
                kind: code, from: Self.begin, canBeMetered: canBeMetered,
                quantity: quantity.map(q)))
        if let price { tariff(code, price) }
        if let norm {
            references.norms.append(Norm(kind: code, from: Self.begin, value: q(norm)))
        }
    }

    mutating func tariff(
        _ code: String, _ price: String, from: String = "2020-01-01",
        register: Register? = nil, zones: Int? = nil, upTo: String? = nil,
        scope: Scope = .organization
    ) {
        references.tariffs.append(
            Tariff(
                kind: code, scope: scope, from: d(from), register: register, zones: zones,
                upTo: upTo.map(q), price: q(price)))
    }

    mutating func multiplier(_ code: String, _ value: String, from: String = "2020-01-01") {
        references.multipliers.append(Multiplier(kind: code, from: d(from), value: q(value)))
    }

    /// Cold water at 46.10 by a norm of 4.2.
    mutating func coldWater(canBeMetered: Bool = true) {
        add(
            "cold_water", .meter, .m3, price: "46.10", norm: "4.2", service: .coldWater,
            isMultiplied: true, canBeMetered: canBeMetered)
        multiplier("cold_water", "1.5")
        multiplier("cold_water", "3", from: "2025-12-01")
    }

    /// Hot water of two components: 46.10 for the water, 2 543.17 for a Гкал, 0.0623 Гкал for a cubic metre.
    mutating func hotWater(canBeMetered: Bool = true) {
        add(
            "hot_water", .meter, .m3, price: "46.10", norm: "3.150", service: .hotWater,
            isMultiplied: true, canBeMetered: canBeMetered)
        multiplier("hot_water", "1.5")
        add(
            "hot_water_heat", .waterHeat, .gcal, price: "2543.17", norm: "0.0623",
            of: "hot_water", isMultiplied: true)
    }

    mutating func drainage(norm: String? = nil) {
        add("drainage", .drainage, .m3, price: "28.37", norm: norm)
    }

    /// A meter with a reading, or without one where `to` is nil.
    mutating func meter(
        _ service: Service, _ from: String..., to: [String]?, volumes: [String]? = nil,
        since: String? = nil, history: [String] = [], number: String = "M",
        change: (inout MeterMonth) -> Void = { _ in }
    ) {
        let start = from.map(q)
        var meter = MeterMonth(
            service: service, number: number, registers: max(1, start.count),
            since: since.map(m) ?? facts.month.advanced(by: -1),
            history: history.map { .init(volumes: [q($0)]) })
        if let to = to?.map(q) {
            meter.reading = .init(
                from: start, to: to,
                volumes: volumes?.map(q) ?? zip(start, to).map { $1 - $0 })
        }
        change(&meter)
        facts.meters.append(meter)
    }

    var index: ReferenceIndex { ReferenceIndex(references) }

    func charged() -> ChargedMonth { Charging.month(facts, index, policy) }

    /// The lines, of a month that has no problems.
    func lines() throws -> [ChargeLine] {
        let charged = charged()
        try #require(charged.problems.isEmpty, "\(charged.problems)")
        return charged.lines
    }

    func only() throws -> ChargeLine {
        let lines = try lines()
        try #require(lines.count == 1, "\(lines)")
        return lines[0]
    }

    func amounts() throws -> [Money] { try lines().map(\.amount) }
}
