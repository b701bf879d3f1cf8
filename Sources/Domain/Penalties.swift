public import Commands

/// Penalties for late payment (ЖК РФ, ст. 155, ч. 14), tranche by tranche.
///
/// A day's penalty is a part of the rate on what was not paid at its beginning: the day of payment still counts, the payment
/// from the next day on. The rate of a part that was paid is the one in force on the day of its payment, for all its days;
/// of what is not paid, the one of the day of calculation. There are none on penalties.
public enum Penalties {
    /// What a tranche cost up to a day, all its days together.
    public struct Accrual: Sendable, Equatable {
        public struct Segment: Sendable, Equatable {
            public var from: Day
            /// Inclusive.
            public var to: Day
            public var principal: Money
            /// Hundredths of a percent.
            public var rate: Int
            public var denominator: Int

            /// Roubles.
            public var amount: Fraction {
                Fraction(
                    Int128(principal.kopecks) * Int128(to - from + 1) * Int128(rate),
                    1_000_000 * Int128(denominator))
            }
        }

        public var segments: [Segment]

        /// Roubles, exact. Money is made of the sum, never of its segments.
        public var total: Fraction { segments.reduce(.zero) { $0 + $1.amount } }
    }

    /// Up to a day, inclusive: the payments of later days have not come yet.
    public static func accrued(
        _ tranche: Tranche, through: Day, terms: PenaltyTerms
    ) throws(MissingRow) -> Accrual {
        guard let rule = tranche.rule else { return Accrual(segments: []) }
        let first = max(tranche.due, tranche.accruedElsewhere ?? tranche.due).advanced(by: 1)
        guard first <= through else { return Accrual(segments: []) }
        let rows = try terms.rows(of: rule, on: first)
        guard let free = rows.flatMap(\.steps).map(\.day).min(),
            tranche.due.advanced(by: free) <= through
        else { return Accrual(segments: []) }
        // What was paid in the days that cost nothing needs no rates, and nothing else.
        var parts = late(tranche, from: first, through: through)
        parts.removeAll { $0.to < tranche.due.advanced(by: free) }
        guard !parts.isEmpty else { return Accrual(segments: []) }

        var cuts: Set<Day> = []
        for part in parts {
            cuts.insert(part.from)
            cuts.insert(part.to.advanced(by: 1))
        }
        for row in rows {
            cuts.insert(row.from)
            for step in row.steps { cuts.insert(tranche.due.advanced(by: step.day)) }
        }
        let days = cuts.sorted()
        var segments: [Accrual.Segment] = []
        for (from, next) in zip(days, days.dropFirst()) {
            guard let denominator = denominator(rows, on: from, due: tranche.due) else { continue }
            var byRate: [Int: Money] = [:]
            for part in parts where part.from <= from && from <= part.to {
                byRate[try terms.rate(on: part.to), default: .zero] += part.amount
            }
            for (rate, principal) in byRate.sorted(by: { $0.key < $1.key }) {
                let to = next.advanced(by: -1)
                if let last = segments.lastIndex(where: {
                    $0.to.advanced(by: 1) == from && $0.principal == principal && $0.rate == rate
                        && $0.denominator == denominator
                }) {
                    segments[last].to = to
                } else {
                    segments.append(
                        Accrual.Segment(
                            from: from, to: to, principal: principal, rate: rate,
                            denominator: denominator))
                }
            }
        }
        return Accrual(segments: segments)
    }

    /// What one day costs of the rate, by the rule that is in force on it; nil for nothing.
    private static func denominator(_ rows: [PenaltyRule], on day: Day, due: Day) -> Int? {
        rows.last { $0.from <= day }?.steps.last { $0.day <= day - due }?.denominator
    }

    /// A part of a tranche, from the first day on which it was late to the day on which it was paid.
    private struct Part {
        var from: Day
        var to: Day
        var amount: Money
    }

    /// What was not paid on `first` or later. Payments close what is late longest; what has not been paid ends with the day
    /// of calculation.
    private static func late(_ tranche: Tranche, from first: Day, through: Day) -> [Part] {
        var byDay: [Day: Money] = [:]
        for movement in tranche.principal.movements where movement.on <= through {
            byDay[movement.on, default: .zero] += movement.amount
        }
        var balance = tranche.principal.charged
        var open = [Part(from: first, to: through, amount: max(balance, .zero))]
        var found: [Part] = []
        // A day's movements count together, so that their order changes nothing.
        for (day, amount) in byDay.sorted(by: { $0.key < $1.key }) {
            let before = max(balance, .zero)
            balance += amount
            var paid = before - max(balance, .zero)
            if paid < .zero {
                // Money that left on a later day than it came: owed again from the next one.
                open.append(
                    Part(from: max(first, day.advanced(by: 1)), to: through, amount: -paid))
            }
            while paid > .zero, var part = open.first {
                let closed = min(paid, part.amount)
                found.append(Part(from: part.from, to: day, amount: closed))
                paid = paid - closed
                part.amount = part.amount - closed
                if part.amount > .zero { open[0] = part } else { open.removeFirst() }
            }
        }
        return (found + open).filter { $0.amount > .zero && $0.from <= $0.to }
    }

    // MARK: Posting

    /// What a month posts as penalties of one tranche.
    public struct Posting: Sendable, Equatable {
        public var kind: String
        public var tranche: Month
        /// Below zero when a payment, a reversal or a recalculation changed the past.
        public var amount: Money
        public var detail: PenaltyDetail

        public func entry(account: Int64, month: Month) -> Entry {
            Entry(
                account: account, kind: kind, month: month, tranche: tranche, sort: .penalty,
                isPenalty: true, amount: amount, effectiveOn: detail.through)
        }
    }

    /// What brings the posted penalties of these tranches to their rounded totals, as of a day: the last one of `month`
    /// unless said. So the sum of all months is the exact total, rounded once. Tranches whose penalties stand right post
    /// nothing.
    public static func post(
        month: Month, through: Day? = nil, tranches: [Tranche], terms: PenaltyTerms
    ) throws(MissingRow) -> [Posting] {
        let through = through ?? month.last
        var found: [Posting] = []
        for tranche in tranches {
            // Most have nothing late, and never had.
            if tranche.due >= through, tranche.penaltyPosted == .zero { continue }
            let accrual = try accrued(tranche, through: through, terms: terms)
            let total = accrual.total
            guard let rounded = Money(rounding: total) else {
                preconditionFailure("penalties beyond all money")
            }
            let amount = rounded - tranche.penaltyPosted
            guard amount != .zero else { continue }
            found.append(
                Posting(
                    kind: tranche.kind, tranche: tranche.month, amount: amount,
                    detail: PenaltyDetail(
                        kind: tranche.kind, month: tranche.month, due: tranche.due,
                        through: through, segments: accrual.segments.map(\.detail),
                        exact: Quantity(printed: total), before: tranche.penaltyPosted,
                        amount: amount)))
        }
        return found
    }
}

extension Penalties.Accrual.Segment {
    var detail: PenaltyDetail.Segment {
        PenaltyDetail.Segment(
            from: from, to: to, principal: principal, rate: rate, denominator: denominator,
            amount: Quantity(printed: amount))
    }
}

extension Quantity {
    fileprivate init(printed roubles: Fraction) {
        guard let printed = Quantity(rounding: roubles) else {
            preconditionFailure("penalties beyond all money")
        }
        self = printed
    }
}
