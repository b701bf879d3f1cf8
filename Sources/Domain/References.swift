public import Commands

/// What charges of one organization are made by: dated rows, only ever added. Where two rows say something of the same thing
/// from the same day on, the later one in its array counts.
public struct References: Sendable {
    public var kinds: [ChargeKind]
    public var contracts: [Contract]
    public var tariffs: [Tariff]
    public var norms: [Norm]
    public var multipliers: [Multiplier]

    public init(
        kinds: [ChargeKind] = [], contracts: [Contract] = [], tariffs: [Tariff] = [],
        norms: [Norm] = [], multipliers: [Multiplier] = []
    ) {
        self.kinds = kinds
        self.contracts = contracts
        self.tariffs = tariffs
        self.norms = norms
        self.multipliers = multipliers
    }
}

/// Whom a row is about. Of several rows the narrowest counts: account, house, company, organization.
public enum Scope: Hashable, Sendable {
    case organization
    case company(String)
    case house(String)
    /// A contract that is the account's own: it comes with the account's facts.
    case account
}

public struct ChargeKind: Sendable, Equatable {
    public var code: String
    public var from: Day
    /// The last day on which it is charged.
    public var to: Day?
    public var title: String
    /// Its place in the bill.
    public var position: Int
    public var basis: ChargeBasis
    /// Of a metered kind, and of a house's needs.
    public var service: Service?
    /// The kind whose volume it takes: of `waterHeat` the water's.
    public var of: String?
    public var unit: ChargeUnit
    public var supplier: String
    /// The code of the rule of its penalties.
    public var penalty: String
    /// A norm is multiplied where a meter could be and is not (ПП 354, п. 42).
    public var isMultiplied: Bool

    public init(
        code: String, from: Day, to: Day? = nil, title: String = "", position: Int = 0,
        basis: ChargeBasis, service: Service? = nil, of: String? = nil, unit: ChargeUnit,
        supplier: String = "", penalty: String = "", isMultiplied: Bool = false
    ) {
        self.code = code
        self.from = from
        self.to = to
        self.title = title
        self.position = position
        self.basis = basis
        self.service = service
        self.of = of
        self.unit = unit
        self.supplier = supplier
        self.penalty = penalty
        self.isMultiplied = isMultiplied
    }
}

/// That accounts of a scope have a kind. An account has none that no contract gives it.
public struct Contract: Sendable, Equatable {
    public var kind: String
    public var scope: Scope
    public var from: Day
    /// The last day.
    public var to: Day?
    /// They do not have it, whatever a wider scope says.
    public var isOff: Bool
    /// A meter could technically be installed: a norm without one is multiplied.
    public var canBeMetered: Bool
    /// Of fixed kinds how many (one if nil); an area of its own of kinds by area.
    public var quantity: Quantity?

    public init(
        kind: String, scope: Scope = .organization, from: Day, to: Day? = nil,
        isOff: Bool = false, canBeMetered: Bool = true, quantity: Quantity? = nil
    ) {
        self.kind = kind
        self.scope = scope
        self.from = from
        self.to = to
        self.isOff = isOff
        self.canBeMetered = canBeMetered
        self.quantity = quantity
    }
}

/// A price, in force until a later day's rows of the same kind and scope replace all of them.
public struct Tariff: Sendable, Equatable {
    public var kind: String
    public var scope: Scope
    public var from: Day
    /// Nil: of meters with one register, and of every register that has no price of its own.
    public var register: Register?
    /// For meters with so many registers only: what T1 stands for differs between them.
    public var zones: Int?
    /// The upper end of a range, a month's volume of all registers together; nil: the last range, or the only one.
    public var upTo: Quantity?
    /// Roubles for a unit.
    public var price: Quantity

    public init(
        kind: String, scope: Scope = .organization, from: Day, register: Register? = nil,
        zones: Int? = nil, upTo: Quantity? = nil, price: Quantity
    ) {
        self.kind = kind
        self.scope = scope
        self.from = from
        self.register = register
        self.zones = zones
        self.upTo = upTo
        self.price = price
    }
}

extension Tariff {
    /// What prices of one kind, scope and day leave unsaid together.
    public enum Gap: Sendable, Equatable {
        /// What this register of a meter with several costs.
        case register(Register)
        /// Of which meter this one is: those with so many registers have none.
        case meter(Register)
        /// What a volume above this one costs, where a range is the last and has an end.
        case above(Quantity)
    }

    /// The first gap of prices that are in force together: an account is charged nothing, or by the wrong price, where one is.
    /// - Parameter rows: all prices of one kind, scope and day.
    public static func gap(in rows: [Tariff]) -> Gap? {
        for zones in [nil, 1, 2, 3] as [Int?] {
            let own = rows.filter { $0.zones == zones }
            let named = Register.allCases.filter { register in
                own.contains { $0.register == register }
            }
            guard let last = named.last else { continue }
            if let zones, last.index >= zones { return .meter(last) }
            // A price of one register alone is that of a meter with two.
            let count = zones ?? max(2, last.index + 1)
            for register in Register.allCases.prefix(count) {
                let isPriced = rows.contains {
                    ($0.register == register || $0.register == nil)
                        && ($0.zones == count || $0.zones == nil)
                }
                guard isPriced else { return .register(register) }
            }
        }
        struct Place: Hashable {
            let register: Register?
            let zones: Int?
        }
        let ranges = Dictionary(grouping: rows) {
            Place(register: $0.register, zones: $0.zones)
        }
        let ends = ranges.values.compactMap { rows in
            rows.contains { $0.upTo == nil } ? nil : rows.compactMap(\.upTo).max()
        }
        return ends.min().map { Gap.above($0) }
    }
}

/// What is taken without a meter: of a person a month; of a square metre for `areaNorm` and a house's needs; Гкал to heat a
/// cubic metre for `waterHeat`. In force until a later day's rows of the same kind and scope replace all of them.
public struct Norm: Sendable, Equatable {
    public var kind: String
    public var scope: Scope
    public var from: Day
    /// For flats of so many rooms, and of more where no row names more.
    public var rooms: Int?
    /// For families of so many, and for larger ones where no row names more.
    public var residents: Int?
    public var value: Quantity

    public init(
        kind: String, scope: Scope = .organization, from: Day, rooms: Int? = nil,
        residents: Int? = nil, value: Quantity
    ) {
        self.kind = kind
        self.scope = scope
        self.from = from
        self.rooms = rooms
        self.residents = residents
        self.value = value
    }
}

/// «Повышающий коэффициент», for the whole month of its day on: of December 2025 as a whole, though the decree is of the 6th
/// (ПП 1871 of 25.11.2025).
public struct Multiplier: Sendable, Equatable {
    public var kind: String
    public var from: Day
    /// 1.5, 3.
    public var value: Quantity

    public init(kind: String, from: Day, value: Quantity) {
        self.kind = kind
        self.from = from
        self.value = value
    }
}
