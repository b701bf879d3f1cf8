import Commands
import Testing

@testable import Domain

@Suite struct `A fraction` {
    @Test(
        arguments: [
            (435_645, 1_000, "435.65"), (-435_645, 1_000, "-435.65"), (1, 200, "0.01"),
            (-1, 200, "-0.01"), (1, 201, "0.00"), (1, 3, "0.33"), (2, 3, "0.67"), (0, 7, "0.00"),
        ] as [(Int128, Int128, String)])
    func `becomes money by half away from zero`(top: Int128, bottom: Int128, sum: String) {
        #expect(Money(rounding: Fraction(top, bottom)) == rub(sum))
        #expect(Money(rounding: Fraction(-top, -bottom)) == rub(sum))
    }

    @Test func `is compared by its value`() {
        #expect(Fraction(1, 2) == Fraction(2, 4))
        #expect(Fraction(1, 2) == Fraction(q("0.5")))
        #expect(Fraction(1, 3) < Fraction(34, 100) && Fraction(-1, 3) > Fraction(-34, 100))
        #expect(Fraction(.max, .max - 1) > Fraction.one)
        #expect(Fraction(.max - 1, .max) < Fraction.one)
        #expect(Fraction(.max, 3) > Fraction(.max - 1, 3))
    }

    @Test func `loses nothing: what is divided and multiplied is what it was`() {
        let volume = Fraction(q("28.988"))
        #expect(volume / 7 * 7 == volume)
        #expect(volume / 3 + volume / 3 + volume / 3 == volume)
        #expect(volume / Fraction(q("0.0623")) * q("0.0623") == volume)
        #expect(volume - volume == .zero)
    }

    @Test func `is reduced where it would not fit, and only then`() {
        let great = Fraction(.max / 7 * 3, 3)
        #expect(great * Fraction(7, 21) == Fraction(.max / 7, 3))
        #expect(Fraction(.max, 2) * Fraction(2, .max) == .one)
        #expect(Fraction(1, .max) + Fraction(1, .max) == Fraction(2, .max))
        // Rounded though a hundred times it does not fit.
        #expect(Money(rounding: Fraction(.max / 2, .max / 4)) == rub("2.00"))
        #expect(Money(rounding: Fraction(.max - 2, .max)) == rub("1.00"))
    }

    @Test func `that is too great stays so, and never becomes money`() {
        let lost = Fraction(.max) * Fraction(.max)
        #expect(lost.isTooGreat)
        for result in [lost + .one, lost * 2, lost / 2, .zero * lost, -lost, .one - lost] {
            #expect(result.isTooGreat && !result.isZero)
            #expect(Money(rounding: result) == nil && Quantity(rounding: result) == nil)
        }
        #expect(lost > Fraction(.max) && lost == lost && lost != .zero)
        #expect(Money(rounding: Fraction(Int128(Int64.max))) == nil)
        #expect(Money(rounding: Fraction(Int128(Int64.max), 100)) == Money(kopecks: .max))
    }

    @Test(arguments: 0..<200)
    func `adds, multiplies and rounds as whole numbers do`(seed: Int) {
        var random = Seeded(UInt64(seed))
        func number(_ bound: Int64) -> Int128 {
            Int128(Int64.random(in: 1...bound, using: &random))
        }
        let (a, b, c, e) = (number(1_000_000_000), number(1_000), number(1_000_000), number(1_000))
        let sum = Fraction(a, b) + Fraction(c, e)
        #expect(sum == Fraction(a * e + c * b, b * e))
        #expect(Fraction(a, b) * Fraction(c, e) == Fraction(a * c, b * e))
        let kopecks = (2 * 100 * (a * e + c * b) + b * e) / (2 * b * e)
        #expect(Money(rounding: sum)?.kopecks == Int64(kopecks))
    }
}
