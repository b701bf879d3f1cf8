public import Commands

/// What is known of one account for one month's charges.
public struct ChargeFacts: Sendable, Equatable {
    public var month: Month
    public var company: String
    public var house: String?
    /// The first day.
    public var openedOn: Day?
    /// The first day on which it is closed.
    public var closedOn: Day?
    public var area: Quantity?
    /// Who lives there, for good or for a time.
    public var residents: Int?
    /// Owners count where nobody is registered (ПП 354, п. 56(2)).
    public var owners: Int?
    public var rooms: Int?
    public var meters: [MeterMonth]
    /// The account's own contracts, of scope `.account`.
    public var contracts: [Contract]
    /// All that bills before this month's posted, in that order, on months since the oldest reading that a meter is measured
    /// from. Without it, months that were charged by average are not taken back.
    public var earlier: [ChargeLine]
    public var undersupply: [Undersupply]
    public var home: HouseFacts?

    public init(
        month: Month, company: String, house: String? = nil, openedOn: Day? = nil,
        closedOn: Day? = nil, area: Quantity? = nil, residents: Int? = nil, owners: Int? = nil,
        rooms: Int? = nil, meters: [MeterMonth] = [], contracts: [Contract] = [],
        earlier: [ChargeLine] = [], undersupply: [Undersupply] = [], home: HouseFacts? = nil
    ) {
        self.month = month
        self.company = company
        self.house = house
        self.openedOn = openedOn
        self.closedOn = closedOn
        self.area = area
        self.residents = residents
        self.owners = owners
        self.rooms = rooms
        self.meters = meters
        self.contracts = contracts
        self.earlier = earlier
        self.undersupply = undersupply
        self.home = home
    }

    var people: Int { residents.flatMap { $0 > 0 ? $0 : nil } ?? owners ?? 0 }

    /// On how many days of the month there was none of a kind, and in whose words: what the house and the account each say, once.
    func lacking(_ kind: String) -> (days: Int, why: String?) {
        let told = undersupply.filter { $0.kind == kind && $0.days > 0 }
        var words: [String] = []
        for why in told.compactMap(\.why) where !words.contains(why) { words.append(why) }
        return (
            min(told.reduce(0) { $0 + $1.days }, month.length),
            words.isEmpty ? nil : words.joined(separator: "; ")
        )
    }

    public struct Undersupply: Sendable, Equatable {
        public var kind: String
        public var days: Int
        /// In an operator's words.
        public var why: String?
        public init(kind: String, days: Int, why: String? = nil) {
            self.kind = kind
            self.days = days
            self.why = why
        }
    }
}

/// A meter, and what it tells of a month. A meter that was replaced comes too, in the month in which it was removed.
public struct MeterMonth: Sendable, Equatable {
    public var service: Service
    public var number: String
    public var registers: Int
    public var installedOn: Day?
    /// The last day on which its verification holds.
    public var verifiedUntil: Day?
    /// The day on which it broke, or was found broken.
    public var failedOn: Day?
    public var removedOn: Day?
    /// That counts in the month; nil: none came in time.
    public var reading: Reading?
    /// The month of the reading before; before the first, that of the installation. Nil: none is known.
    public var since: Month?
    /// What was used before, by readings, newest first; of the meters that this one replaced too.
    public var history: [Use]

    public init(
        service: Service, number: String, registers: Int = 1, installedOn: Day? = nil,
        verifiedUntil: Day? = nil, failedOn: Day? = nil, removedOn: Day? = nil,
        reading: Reading? = nil, since: Month? = nil, history: [Use] = []
    ) {
        self.service = service
        self.number = number
        self.registers = registers
        self.installedOn = installedOn
        self.verifiedUntil = verifiedUntil
        self.failedOn = failedOn
        self.removedOn = removedOn
        self.reading = reading
        self.since = since
        self.history = history
    }

    /// One value a register each.
    public struct Reading: Sendable, Equatable {
        public var from: [Quantity]
        public var to: [Quantity]
        /// What lies between: more than the difference where the dial went over.
        public var volumes: [Quantity]
        public init(from: [Quantity], to: [Quantity], volumes: [Quantity]) {
            self.from = from
            self.to = to
            self.volumes = volumes
        }
    }

    /// What was used up to a month's reading since the one before.
    public struct Use: Sendable, Equatable {
        /// How many months lie between.
        public var months: Int
        public var volumes: [Quantity]
        public init(months: Int = 1, volumes: [Quantity]) {
            self.months = months
            self.volumes = volumes
        }
    }

    /// The first day on which its readings count for nothing.
    var endsOn: Day? {
        let expired = verifiedUntil.map { Day(days: $0.days + 1) }
        return [expired, failedOn, removedOn].compactMap(\.self).min()
    }
}

/// A house, and what it used in a month.
public struct HouseFacts: Sendable, Equatable {
    /// Of all flats and other rooms, m².
    public var area: Quantity?
    /// Of what belongs to all, m².
    public var commonArea: Quantity?
    public var services: [HouseUse]

    public init(area: Quantity? = nil, commonArea: Quantity? = nil, services: [HouseUse] = []) {
        self.area = area
        self.commonArea = commonArea
        self.services = services
    }
}

public struct HouseUse: Sendable, Equatable {
    public var service: Service
    /// By the house meter; nil: there is none, and the norm is charged.
    public var total: Quantity?
    /// Of all flats together, by meters, averages and norms, before multipliers.
    public var individual: Quantity
    /// Rooms that are not lived in, and water that heats the house.
    public var others: Quantity
    /// What former months left below zero, where the organization carries it on (ПП 354, п. 47): never above zero.
    public var carried: Quantity

    public init(
        service: Service, total: Quantity?, individual: Quantity = .zero,
        others: Quantity = .zero, carried: Quantity = .zero
    ) {
        self.service = service
        self.total = total
        self.individual = individual
        self.others = others
        self.carried = carried
    }
}

/// What the law leaves open, and what we do unless an organization says otherwise.
public struct ChargePolicy: Sendable, Equatable {
    /// How many periods in a row a missing reading is stood in for by the average (ПП 354, п. 59).
    public var averagePeriods = 3
    /// The average is of so many months at most …
    public var averageMonths = 6
    /// … and of so many at least; the norm is charged where there are fewer.
    public var historyMonths = 3
    /// Months charged by average are taken back when a reading comes.
    public var returnsAverage = true
    /// Months charged by norm are too. The law does not oblige it (ПП 354, п. 60).
    public var returnsNorm = false
    /// An account that is opened or closed within a month is charged for its days, but by its readings for what they say.
    public var proratesByDays = true
    /// No more than the norm is shared of what a house needs (ПП 354, п. 44).
    public var capsHouseNeeds = true

    public init() {}
}

/// A month's lines, in the order of the bill, and what could not be charged.
public struct ChargedMonth: Sendable, Equatable {
    public var lines: [ChargeLine]
    public var problems: [ChargeProblem]

    public init(lines: [ChargeLine] = [], problems: [ChargeProblem] = []) {
        self.lines = lines
        self.problems = problems
    }

    public var total: Money { lines.reduce(.zero) { $0 + $1.amount } }
}

/// Why a kind is not charged: something that must be known is not. Never a silent zero.
public struct ChargeProblem: Sendable, Hashable {
    public enum What: String, Sendable, CaseIterable {
        /// No price is in force on a day of the month, or none for a register.
        case tariff
        case norm
        case multiplier
        case area
        /// Neither residents nor owners.
        case residents
        /// The norm depends on them.
        case rooms
        /// The kind names no service.
        case service
        /// The account does not have the kind whose volume it takes.
        case volume
        /// The kind whose volume it takes could not be charged either: what that one wants is all that is missing.
        case follows
        /// What is known of the house.
        case house
        /// A volume or sum beyond all that is real.
        case range
        /// What penalties are computed by (`MissingRow`).
        case keyRate = "key_rate"
        case penaltyRule = "penalty_rule"
        case dueDay = "due_day"
        case chargeKind = "charge_kind"
    }
    /// Empty where what is missing is of no kind.
    public var kind: String
    public var month: Month
    public var what: What
    /// The day, month or rule that has none, where the month does not say it; the kind whose volume is missing.
    public var of: String?

    public init(kind: String, month: Month, what: What, of: String? = nil) {
        self.kind = kind
        self.month = month
        self.what = what
        self.of = of
    }

    /// Why the penalties of a month, and what is offset in it, cannot be told.
    public init(_ missing: MissingRow, in month: Month) {
        let of = missing.values["of"]
        switch missing {
        case .dueDay: self.init(kind: "", month: month, what: .dueDay, of: of)
        case .keyRate: self.init(kind: "", month: month, what: .keyRate, of: of)
        case .penaltyRule: self.init(kind: "", month: month, what: .penaltyRule, of: of)
        case .chargeKind(let code): self.init(kind: code, month: month, what: .chargeKind)
        }
    }
}
