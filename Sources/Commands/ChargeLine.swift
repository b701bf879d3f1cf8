/// A sum of money: whole kopecks, never a Double.
public struct Money: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let kopecks: Int64
    public init(kopecks: Int64) { self.kopecks = kopecks }
    public static let zero = Money(kopecks: 0)
    public static func < (left: Money, right: Money) -> Bool { left.kopecks < right.kopecks }
    public static func + (left: Money, right: Money) -> Money {
        Money(kopecks: left.kopecks + right.kopecks)
    }
    public static func - (left: Money, right: Money) -> Money {
        Money(kopecks: left.kopecks - right.kopecks)
    }
    public static prefix func - (money: Money) -> Money { Money(kopecks: -money.kopecks) }
    public static func += (left: inout Money, right: Money) { left = left + right }

    /// «348.33»
    public var description: String { Kopecks.text(kopecks) }
}

/// What a service is counted in.
public enum ChargeUnit: String, Sendable, CaseIterable {
    case m3, kwh, gcal, m2, person, month
}

/// How a volume came to be: «способ определения объёма» of a bill (приказ Минстроя 43/пр), and what else there is.
public enum ChargeMethod: String, Sendable, CaseIterable {
    case meter, average, norm
    /// By area, by head, a fixed sum, a share of the house's.
    case other
}

/// One line of a month's charges, which explains itself: the volume, how it came to be, at what price, and why anything was
/// charged anew.
public struct ChargeLine: Sendable, Equatable {
    public enum Sort: String, Sendable, CaseIterable {
        case charge
        /// What the multiplier adds to the norm («повышающий коэффициент», ПП 354, п. 42): a line of its own.
        case surcharge
        /// Of a month that was charged before; its `ground` says why.
        case recalculation
    }

    /// The charge kind's code.
    public var kind: String
    /// The month of consumption: an earlier one than that of the bill where something is charged anew.
    public var month: Month
    public var sort: Sort
    public var method: ChargeMethod
    public var unit: ChargeUnit
    /// As it is printed, six decimals at most; money was made of the exact one.
    public var volume: Quantity
    /// How the volume came to be, with the numbers put in.
    public var steps: [Step]
    /// What the volume cost: a part for each register, range or tariff. They sum up to `amount` but for what is taken off.
    public var parts: [Part]
    public var amount: Money
    public var ground: Ground?

    public init(
        kind: String, month: Month, sort: Sort = .charge, method: ChargeMethod, unit: ChargeUnit,
        volume: Quantity, steps: [Step] = [], parts: [Part] = [], amount: Money,
        ground: Ground? = nil
    ) {
        self.kind = kind
        self.month = month
        self.sort = sort
        self.method = method
        self.unit = unit
        self.volume = volume
        self.steps = steps
        self.parts = parts
        self.amount = amount
        self.ground = ground
    }

    /// A share of the volume at one price.
    public struct Part: Sendable, Equatable {
        public var register: Register?
        /// Of electricity's ranges: 1, 2 or 3.
        public var range: Int?
        /// As it is printed.
        public var volume: Quantity
        /// Roubles for a unit, in millionths.
        public var price: Quantity
        public var amount: Money

        public init(
            register: Register? = nil, range: Int? = nil, volume: Quantity, price: Quantity,
            amount: Money
        ) {
            self.register = register
            self.range = range
            self.volume = volume
            self.price = price
            self.amount = amount
        }
    }

    /// A step from what is known to the volume.
    public enum Step: Sendable, Equatable {
        /// The difference of two readings; `rolled` where the dial went over.
        case readings(meter: String, register: Register, from: Quantity, to: Quantity, rolled: Bool)
        /// What several months used, spread evenly over them; one a register, behind the readings.
        case spread(volume: Quantity, months: Int)
        /// Behind it, where some of all those months were charged by the norm and stay so (ПП 354, п. 60): so many of them keep
        /// their shares of what was used.
        case kept(volume: Quantity, months: Int, of: Int)
        /// The mean of these months (ПП 354, п. 59); one a register, in their order. `volumes` are fewer than `months` where a
        /// reading told of several.
        case average(volumes: [Quantity], months: Int)
        case norm(norm: Quantity, residents: Int, multiplier: Quantity?)
        /// Volumes of other kinds together (drainage, ПП 354, п. 42).
        case sum([Addend])
        /// Water, and what it takes to heat a cubic metre of it (ПП 354, п. 38).
        case heat(water: Quantity, perCubicMetre: Quantity)
        case area(Quantity)
        case residents(Int)
        case areaNorm(area: Quantity, norm: Quantity)
        /// The house meter less what flats and others used, shared by area (ПП 354, formulas 10 and 12); `limit` where the
        /// norm caps what may be shared (п. 44).
        case house(
            total: Quantity, individual: Quantity, area: Quantity, houseArea: Quantity,
            limit: Quantity?)
        /// Without a house meter (formula 15).
        case houseNorm(
            norm: Quantity, commonArea: Quantity, area: Quantity, houseArea: Quantity)
        /// Days of a month without the service, or of bad quality («недопоставка»).
        case undersupply(days: Int, of: Int)
        /// A part of the month's days: where the tariff changed within it, one for each price in the order of the parts;
        /// before them, where the account was not there all the time, that.
        case days(Int, of: Int)
        /// Of a month that was charged again: what it comes to now, part by part where the parts come to that, and what had been
        /// posted for it; the line is their difference. The last step.
        case anew(parts: [Part], now: Money, was: Money)

        public struct Addend: Sendable, Equatable {
            public var kind: String
            public var volume: Quantity
            public init(kind: String, volume: Quantity) {
                self.kind = kind
                self.volume = volume
            }
        }
    }

    /// Why something was charged anew, or is not what its volume costs.
    public enum Ground: Sendable, Equatable {
        /// A reading came after months that were charged by average (ПП 354, п. 59): they are taken back.
        case readingReturned
        /// Days without the service, or of bad quality; in whose words it was told (an act, a date), unless nobody's are known.
        case undersupply(days: Int, why: String? = nil)
        /// What was true of the month is different now, or why a sum is what it is; an operator's words.
        case corrected(String)
        /// The sum is as the system that calculates handed it over: it does not follow from the line's volume and tariff.
        case handedOver
    }
}
