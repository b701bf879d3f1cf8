public import Commands

/// How a debt of some kinds is penalized, from a day of accrual on (ЖК РФ, ст. 155, ч. 14 and 14.1).
public struct PenaltyRule: Sendable, Equatable {
    /// From this day after the due day on, this part of the rate for each day: 31 and 300 for «1/300 from the 31st day».
    public struct Step: Sendable, Equatable {
        public var day: Int
        public var denominator: Int
        public init(day: Int, denominator: Int) {
            self.day = day
            self.denominator = denominator
        }
    }

    /// `housing`, `capital_repair`, or an organization's own.
    public var code: String
    public var from: Day
    /// In the order of days. Before the first one nothing is charged; none at all is a moratorium.
    public var steps: [Step]

    public init(code: String, from: Day, steps: [Step]) {
        self.code = code
        self.from = from
        self.steps = steps.sorted { $0.day < $1.day }
    }

    /// Days 1–30 nothing, 31–90 1/300, from the 91st 1/130 (ЖК РФ, ст. 155, ч. 14). The default of `housing`.
    public static let housing = [
        Step(day: 31, denominator: 300), Step(day: 91, denominator: 130),
    ]
    /// 1/300 from the 31st day, however long (ЖК РФ, ст. 155, ч. 14.1). The default of `capital_repair`.
    public static let capitalRepair = [Step(day: 31, denominator: 300)]
}

/// The key rate of the Bank of Russia from a day on, in hundredths of a percent.
public struct KeyRate: Sendable, Equatable {
    public var from: Day
    public var basisPoints: Int
    public init(from: Day, basisPoints: Int) {
        self.from = from
        self.basisPoints = basisPoints
    }
}

/// What the rate of penalties is held down to, from a day on (ПП РФ № 474 of 26.03.2022, as amended).
public struct PenaltyCap: Sendable, Equatable {
    public enum Limit: Sendable, Equatable {
        /// The key rate as it is: the default from 01.01.2027, unless the cap is prolonged.
        case none
        /// Hundredths of a percent: the lower of this and the key rate. 950 until 31.12.2026.
        case atMost(Int)
        /// This, whatever the key rate is: 950 before ПП № 1681 of 2022.
        case exactly(Int)
    }

    public var from: Day
    public var limit: Limit
    public init(from: Day, limit: Limit) {
        self.from = from
        self.limit = limit
    }
}

/// The dated rows that penalties are computed by.
public struct PenaltyTerms: Sendable {
    private var rules: [String: [PenaltyRule]]
    private var keyRates: [KeyRate]
    private var caps: [PenaltyCap]

    /// In any order.
    public init(rules: [PenaltyRule], keyRates: [KeyRate], caps: [PenaltyCap]) {
        self.rules = Dictionary(grouping: rules.sorted { $0.from < $1.from }, by: \.code)
        self.keyRates = keyRates.sorted { $0.from < $1.from }
        self.caps = caps.sorted { $0.from < $1.from }
    }

    /// The rate for what is paid on this day, in hundredths of a percent; for what is not paid, on the day of calculation.
    /// It holds for all days of that part's delay: key rate and cap are those of this one day.
    public func rate(on day: Day) throws(MissingRow) -> Int {
        guard let key = keyRates.last(where: { $0.from <= day })?.basisPoints else {
            throw MissingRow.keyRate(day)
        }
        return switch caps.last(where: { $0.from <= day })?.limit ?? .none {
        case .none: key
        case .atMost(let most): min(most, key)
        case .exactly(let fixed): fixed
        }
    }

    /// The rows of a rule, oldest first; each counts for the days of accrual from its own on.
    func rows(of rule: String, on day: Day) throws(MissingRow) -> [PenaltyRule] {
        guard let rows = rules[rule], let first = rows.first, first.from <= day else {
            throw MissingRow.penaltyRule(rule, day)
        }
        return rows
    }
}
