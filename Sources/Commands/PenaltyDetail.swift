/// How the penalties of one debt came to be, for a resident to follow: which part of it was late on which days, and at what
/// rate.
public struct PenaltyDetail: Sendable, Equatable {
    /// Days of one sum at one rate: the sum × days × rate / denominator.
    public struct Segment: Sendable, Equatable {
        public var from: Day
        /// Inclusive.
        public var to: Day
        /// What was not paid.
        public var principal: Money
        /// Hundredths of a percent a year, as of the day of payment, or of calculation where nothing was paid.
        public var rate: Int
        /// 300 or 130: the part of the rate that a day costs.
        public var denominator: Int
        /// Roubles, as they are printed, six decimals at most; they sum up to the exact total but for those.
        public var amount: Quantity

        public init(
            from: Day, to: Day, principal: Money, rate: Int, denominator: Int, amount: Quantity
        ) {
            self.from = from
            self.to = to
            self.principal = principal
            self.rate = rate
            self.denominator = denominator
            self.amount = amount
        }

        public var days: Int { Int(to.days - from.days) + 1 }
    }

    /// The charge kind's code.
    public var kind: String
    /// The month whose bill was not paid in time.
    public var month: Month
    public var due: Day
    /// The day up to which it was computed, inclusive.
    public var through: Day
    /// From the first day on that costs anything, not only those of the month in which it is posted.
    public var segments: [Segment]
    /// Roubles, all segments together: printed with six decimals at most, exact behind it.
    public var exact: Quantity
    /// What was posted before.
    public var before: Money
    /// What is posted now: the rounded total less `before`. Below zero when the past has changed.
    public var amount: Money

    public init(
        kind: String, month: Month, due: Day, through: Day, segments: [Segment], exact: Quantity,
        before: Money, amount: Money
    ) {
        self.kind = kind
        self.month = month
        self.due = due
        self.through = through
        self.segments = segments
        self.exact = exact
        self.before = before
        self.amount = amount
    }
}

extension PenaltyDetail {
    static let keys = [
        "kind", "month", "due", "through", "segments", "exact", "before", "amount",
    ]

    public init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: Self.keys)
        kind = try shape.text("kind")
        month = try shape.month("month")
        due = try shape.day("due")
        through = try shape.day("through")
        exact = try shape.quantity("exact")
        before = try shape.money("before")
        amount = try shape.money("amount")
        guard let items = json["segments"]?.array else {
            throw ShapeError("/segments", "shape.list")
        }
        segments = []
        for (index, item) in items.enumerated() {
            segments.append(try Segment(item, "/segments/\(index)"))
        }
    }

    /// Money in kopecks, days as ISO dates.
    public var json: JSON {
        .object([
            "kind": .string(kind), "month": .string("\(month)"), "due": .string("\(due)"),
            "through": .string("\(through)"), "segments": .array(segments.map(\.json)),
            "exact": .string("\(exact)"), "before": .int(before.kopecks),
            "amount": .int(amount.kopecks),
        ])
    }
}

extension PenaltyDetail.Segment {
    static let keys = ["from", "to", "principal", "rate", "denominator", "amount"]

    init(_ json: JSON, _ path: String) throws(ShapeError) {
        let shape = try Shape(json, path, keys: Self.keys)
        from = try shape.day("from")
        to = try shape.day("to")
        principal = try shape.money("principal")
        rate = Int(try shape.int("rate", 0...1_000_000))
        denominator = Int(try shape.int("denominator", 1...1_000_000))
        amount = try shape.quantity("amount")
    }

    var json: JSON {
        .object([
            "from": .string("\(from)"), "to": .string("\(to)"),
            "principal": .int(principal.kopecks), "rate": .int(Int64(rate)),
            "denominator": .int(Int64(denominator)), "amount": .string("\(amount)"),
        ])
    }
}
