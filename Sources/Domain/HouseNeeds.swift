public import Commands

/// What a house needs, and how much of it is shared (ПП 354, Приложение № 2, formulas 10, 12 and 15, п. 44 and 47).
public enum HouseNeeds {
    public struct Balance: Sendable, Equatable {
        /// What the house used less all that flats and others did; of the norm where there is no house meter.
        public var need: Fraction
        /// What the norm lets be shared, where it caps.
        public var limit: Fraction?
        /// What flats pay for by their areas: never below zero.
        public var shared: Fraction
        /// Above the limit: nobody's but the manager's.
        public var excess: Fraction { max(.zero, need - shared) }
        /// Below zero: credited to nobody, and carried on where the organization does so.
        public var carry: Fraction { min(.zero, need) }
    }

    /// `norm` is of a square metre of `commonArea`. Nil where neither a house meter nor a norm tells anything.
    public static func balance(
        _ month: HouseUse, norm: Quantity?, commonArea: Quantity?, caps: Bool
    ) -> Balance? {
        let limit = norm.flatMap { norm in commonArea.map { Fraction(norm) * $0 } }
        guard let total = month.total else {
            return limit.map { Balance(need: $0, limit: nil, shared: $0) }
        }
        let need =
            Fraction(total) - Fraction(month.individual) - Fraction(month.others)
            + Fraction(min(.zero, month.carried))
        let cap = caps ? limit : nil
        return Balance(
            need: need, limit: cap, shared: max(.zero, cap.map { min($0, need) } ?? need))
    }

    /// What an operator looks at before a month is closed.
    public enum Anomaly: Sendable, Equatable {
        /// Flats used more than the house: a meter is wrong, or readings are.
        case negative(Service, Quantity)
        /// More than the norm lets be shared.
        case excess(Service, Quantity, limit: Quantity)
        /// The house has a meter, and nobody told its volume of the month: all that the norm gives is shared (formula 15).
        case noReading(Service)
    }

    public static func anomalies(_ service: Service, _ balance: Balance) -> [Anomaly] {
        if balance.carry.isNegative, let volume = Quantity(rounding: balance.carry) {
            return [.negative(service, volume)]
        }
        if !balance.excess.isZero, let volume = Quantity(rounding: balance.excess),
            let limit = balance.limit.flatMap({ Quantity(rounding: $0) })
        {
            return [.excess(service, volume, limit: limit)]
        }
        return []
    }
}
