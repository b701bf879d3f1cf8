public import Commands

/// An exact ratio of whole numbers: what a derived volume is until it meets money. Nothing is reduced as long as both parts
/// fit 128 bits. What does not fit even reduced is `isTooGreat`, and so is all that is made of it: money is never made of it.
public struct Fraction: Sendable, Comparable {
    let numerator: Int128
    /// Above zero; zero of what is too great.
    let denominator: Int128

    /// `denominator` is not zero.
    public init(_ numerator: Int128, _ denominator: Int128 = 1) {
        precondition(denominator != 0, "a fraction of zero")
        self.init(
            checked: denominator < 0 ? 0 - numerator : numerator,
            denominator < 0 ? 0 - denominator : denominator)
    }

    private init(checked numerator: Int128, _ denominator: Int128) {
        self.numerator = numerator
        self.denominator = denominator
    }

    public init(_ quantity: Quantity) {
        self.init(checked: Int128(quantity.millionths), 1_000_000)
    }

    public static let zero = Fraction(checked: 0, 1)
    public static let one = Fraction(checked: 1, 1)
    static let tooGreat = Fraction(checked: 0, 0)

    public var isTooGreat: Bool { denominator == 0 }
    public var isZero: Bool { numerator == 0 && denominator != 0 }
    public var isNegative: Bool { numerator < 0 }

    // MARK: Arithmetic

    public static func * (left: Fraction, right: Fraction) -> Fraction {
        let (top, over) = left.numerator.multipliedReportingOverflow(by: right.numerator)
        let (bottom, under) = left.denominator.multipliedReportingOverflow(by: right.denominator)
        return over || under ? slowly(left, times: right) : Fraction(checked: top, bottom)
    }

    private static func slowly(_ left: Fraction, times right: Fraction) -> Fraction {
        guard !left.isTooGreat, !right.isTooGreat else { return .tooGreat }
        let first = Fraction(checked: left.numerator, right.denominator).reduced
        let second = Fraction(checked: right.numerator, left.denominator).reduced
        let (top, over) = first.numerator.multipliedReportingOverflow(by: second.numerator)
        let (bottom, under) = first.denominator.multipliedReportingOverflow(by: second.denominator)
        return over || under ? .tooGreat : Fraction(checked: top, bottom)
    }

    /// `right` is not zero.
    public static func / (left: Fraction, right: Fraction) -> Fraction {
        right.isTooGreat ? .tooGreat : left * Fraction(right.denominator, right.numerator)
    }

    public static func * (left: Fraction, right: Quantity) -> Fraction { left * Fraction(right) }

    public static func * (left: Fraction, right: Int) -> Fraction {
        right == 1 ? left : left * Fraction(checked: Int128(right), 1)
    }

    /// `right` is not zero.
    public static func / (left: Fraction, right: Int) -> Fraction {
        right == 1 ? left : left * Fraction(1, Int128(right))
    }

    public static func + (left: Fraction, right: Fraction) -> Fraction {
        if left.denominator == right.denominator {
            let (sum, over) = left.numerator.addingReportingOverflow(right.numerator)
            return over ? .tooGreat : Fraction(checked: sum, left.denominator)
        }
        guard !left.isTooGreat, !right.isTooGreat else { return .tooGreat }
        return exactly(left, right) ?? exactly(left.reduced, right.reduced) ?? .tooGreat
    }

    /// Over the least common denominator; nil where that does not fit.
    private static func exactly(_ left: Fraction, _ right: Fraction) -> Fraction? {
        let common = divisor(left.denominator.magnitude, right.denominator.magnitude)
        let (first, over) = left.numerator
            .multipliedReportingOverflow(by: right.denominator / common)
        let (second, above) = right.numerator
            .multipliedReportingOverflow(by: left.denominator / common)
        let (sum, beyond) = first.addingReportingOverflow(second)
        let (bottom, under) = left.denominator
            .multipliedReportingOverflow(by: right.denominator / common)
        return over || above || beyond || under ? nil : Fraction(checked: sum, bottom)
    }

    public static prefix func - (fraction: Fraction) -> Fraction {
        Fraction(checked: 0 - fraction.numerator, fraction.denominator)
    }

    public static func - (left: Fraction, right: Fraction) -> Fraction { left + -right }
    public static func += (left: inout Fraction, right: Fraction) { left = left + right }

    private var reduced: Fraction {
        let common = Fraction.divisor(numerator.magnitude, denominator.magnitude)
        return Fraction(checked: numerator / common, denominator / common)
    }

    /// The greatest common divisor of what is not zero twice.
    private static func divisor(_ left: UInt128, _ right: UInt128) -> Int128 {
        var (first, second) = (left, right)
        while second != 0 { (first, second) = (second, first % second) }
        return Int128(first)
    }

    // MARK: Comparing

    /// By value: 1/2 is 2/4. What is too great equals itself and is above everything.
    public static func == (left: Fraction, right: Fraction) -> Bool {
        if left.denominator == right.denominator { return left.numerator == right.numerator }
        guard !left.isTooGreat, !right.isTooGreat else { return false }
        return left.numerator.multipliedFullWidth(by: right.denominator)
            == right.numerator.multipliedFullWidth(by: left.denominator)
    }

    public static func < (left: Fraction, right: Fraction) -> Bool {
        guard !left.isTooGreat, !right.isTooGreat else {
            return !left.isTooGreat && right.isTooGreat
        }
        if left.denominator == right.denominator { return left.numerator < right.numerator }
        let first = left.numerator.multipliedFullWidth(by: right.denominator)
        let second = right.numerator.multipliedFullWidth(by: left.denominator)
        return first.high == second.high ? first.low < second.low : first.high < second.high
    }

    // MARK: Rounding

    /// The nearest whole number of `1/scale`, half away from zero; nil of what 64 bits do not hold.
    func rounded(_ scale: Int128) -> Int64? {
        guard !isTooGreat else { return nil }
        let (scaled, over) = numerator.multipliedReportingOverflow(by: scale)
        let bottom = denominator.magnitude
        let whole: UInt128
        let left: UInt128
        if !over {
            (whole, left) = scaled.magnitude.quotientAndRemainder(dividingBy: bottom)
        } else {
            let wide = numerator.magnitude.multipliedFullWidth(by: scale.magnitude)
            guard wide.high < bottom else { return nil }
            (whole, left) = bottom.dividingFullWidth(wide)
        }
        guard let size = Int64(exactly: whole).map({ Int128($0) }) else { return nil }
        let near = left >= bottom - left ? size + 1 : size
        return Int64(exactly: numerator < 0 ? -near : near)
    }
}

extension Fraction {
    /// In roubles.
    init(_ money: Money) { self.init(Int128(money.kopecks), 100) }
}

extension Money {
    /// Whole kopecks, half away from zero. Nil of a sum beyond all money.
    public init?(rounding roubles: Fraction) {
        guard let kopecks = roubles.rounded(100) else { return nil }
        self.init(kopecks: kopecks)
    }
}

extension Quantity {
    /// As it is printed: millionths, half away from zero. Nil of a volume beyond all meters.
    public init?(rounding volume: Fraction) {
        if volume.denominator == 1_000_000, let exact = Int64(exactly: volume.numerator) {
            self.init(millionths: exact)
            return
        }
        guard let millionths = volume.rounded(1_000_000) else { return nil }
        self.init(millionths: millionths)
    }
}
