import Commands
import Testing

private func month() throws -> Month { try #require(Month("2026-04")) }

private func read(_ line: ChargeLine, _ detail: JSON) throws(ShapeError) -> ChargeLine {
    try ChargeLine(
        kind: line.kind, month: line.month, sort: line.sort, amount: line.amount, detail: detail)
}

extension Seeded {
    fileprivate mutating func quantity() -> Quantity {
        let values: [Int64] = [0, 1, -1, .max, .min, Int64.random(in: -9...9, using: &self)]
        return Quantity(millionths: pick(values))
    }

    fileprivate mutating func text() -> String {
        pick(["", "cold_water", "№ 12-«3»", "a\"\\\n\t", "\u{1}\u{7F}", "😀", "{}", "null"])
    }

    fileprivate mutating func step() -> ChargeLine.Step {
        switch below(15) {
        case 0:
            .readings(
                meter: text(), register: pick(Register.allCases), from: quantity(), to: quantity(),
                rolled: below(2) == 0)
        case 1: .spread(volume: quantity(), months: below(40))
        case 2: .average(volumes: (0..<below(7)).map { _ in quantity() }, months: below(7))
        case 3:
            .norm(
                norm: quantity(), residents: below(9), multiplier: below(2) == 0 ? quantity() : nil)
        case 4: .sum((0..<below(3)).map { _ in .init(kind: text(), volume: quantity()) })
        case 5: .heat(water: quantity(), perCubicMetre: quantity())
        case 6: .area(quantity())
        case 7: .residents(below(9))
        case 8: .areaNorm(area: quantity(), norm: quantity())
        case 9:
            .house(
                total: quantity(), individual: quantity(), area: quantity(),
                houseArea: quantity(), limit: below(2) == 0 ? quantity() : nil)
        case 10:
            .houseNorm(
                norm: quantity(), commonArea: quantity(), area: quantity(), houseArea: quantity())
        case 11: .undersupply(days: below(32), of: 31)
        case 12: .kept(volume: quantity(), months: below(40), of: below(40))
        case 13: .days(below(32), of: 31)
        default:
            .anew(
                parts: (0..<below(3)).map { _ in part() },
                now: Money(kopecks: quantity().millionths),
                was: Money(kopecks: quantity().millionths))
        }
    }

    fileprivate mutating func part() -> ChargeLine.Part {
        .init(
            register: below(2) == 0 ? pick(Register.allCases) : nil,
            range: below(2) == 0 ? 1 + below(3) : nil, volume: quantity(), price: quantity(),
            amount: Money(kopecks: quantity().millionths))
    }

    fileprivate mutating func line(_ month: Month) -> ChargeLine {
        let grounds: [ChargeLine.Ground?] = [
            nil, .readingReturned, .undersupply(days: below(32)),
            .undersupply(days: below(32), why: text()), .corrected(text()),
            .handedOver,
        ]
        return ChargeLine(
            kind: "cold_water", month: month, sort: pick(ChargeLine.Sort.allCases),
            method: pick(ChargeMethod.allCases), unit: pick(ChargeUnit.allCases),
            volume: quantity(), steps: (0..<below(4)).map { _ in step() },
            parts: (0..<below(4)).map { _ in part() }, amount: Money(kopecks: 34_833),
            ground: pick(grounds))
    }
}

@Suite struct `The detail of a charge` {
    @Test func `is short, and tells everything`() throws {
        let line = ChargeLine(
            kind: "cold_water", month: try month(), method: .meter, unit: .m3,
            volume: Quantity(millionths: 7_556_000),
            steps: [
                .readings(
                    meter: "12", register: .t1, from: Quantity(millionths: 123_456_000),
                    to: Quantity(millionths: 131_012_000), rolled: false)
            ],
            parts: [
                .init(
                    volume: Quantity(millionths: 7_556_000),
                    price: Quantity(millionths: 46_100_000), amount: Money(kopecks: 34_833))
            ], amount: Money(kopecks: 34_833))
        #expect(
            String(decoding: line.detailBytes, as: UTF8.self)
                == #"{"m":"meter","u":"m3","v":7556000,"#
                + #""s":[{"t":"readings","n":"12","r":"T1","a":123456000,"b":131012000}],"#
                + #""p":[{"v":7556000,"c":46100000,"a":34833}]}"#)
        #expect(line.detail.bytes == line.detailBytes)
    }

    @Test func `of what was charged anew is both sums`() throws {
        let line = ChargeLine(
            kind: "waste", month: try month(), sort: .recalculation, method: .norm, unit: .person,
            volume: Quantity(millionths: 3_000_000),
            steps: [
                .residents(5),
                .anew(
                    parts: [
                        .init(
                            volume: Quantity(millionths: 5_000_000),
                            price: Quantity(millionths: 999_000_000),
                            amount: Money(kopecks: 499_500))
                    ], now: Money(kopecks: 499_500), was: Money(kopecks: 21_934)),
            ], amount: Money(kopecks: 477_566), ground: .corrected("акт"))
        #expect(
            String(decoding: line.detailBytes, as: UTF8.self)
                == #"{"m":"norm","u":"person","v":3000000,"s":[{"t":"residents","k":5},"#
                + #"{"t":"anew","p":[{"v":5000000,"c":999000000,"a":499500}],"a":499500,"b":21934}],"#
                + #""g":{"t":"corrected","w":"акт"}}"#)
        #expect(try read(line, line.detail) == line)
    }

    @Test(arguments: 0..<100)
    func `is read back as it was`(seed: Int) throws {
        var random = Seeded(seed)
        let line = random.line(try month())
        #expect(try read(line, try JSON.parse(line.detailBytes)) == line)
    }

    /// Members dropped, renamed and put to something else, at any depth.
    @Test(arguments: 0..<100)
    func `that is spoilt is refused or means something, and never breaks`(seed: Int) throws {
        var random = Seeded(seed)
        let line = random.line(try month())
        for _ in 0..<10 {
            let spoilt = spoil(line.detail, &random)
            do {
                let found = try read(line, spoilt)
                #expect(try read(line, found.detail) == found)
            } catch {
                #expect(error.key.hasPrefix("shape."))
            }
        }
    }

    private func spoil(_ json: JSON, _ random: inout Seeded) -> JSON {
        let garbage: [JSON] = [
            .null, .bool(true), .number("1.5"), .number("99999999999999999999"), .int(-1),
            .string("x"), .array([]), .object([]), .array([.null]),
        ]
        switch json {
        case .object(var members) where !members.isEmpty:
            let place = random.below(members.count)
            switch random.below(5) {
            case 0: members.remove(at: place)
            case 1: members[place].key = random.pick(["t", "v", "zz", ""])
            case 2: members[place].value = random.pick(garbage)
            default: members[place].value = spoil(members[place].value, &random)
            }
            return .object(members)
        case .array(var items) where !items.isEmpty:
            let place = random.below(items.count)
            items[place] =
                random.below(3) == 0 ? random.pick(garbage) : spoil(items[place], &random)
            return .array(items)
        default: return random.pick(garbage)
        }
    }

    @Test func `names what is wrong by its place`() throws {
        let line = ChargeLine(
            kind: "k", month: try month(), method: .other, unit: .month, volume: .zero,
            amount: .zero)
        for (text, pointer) in [
            (#"{"u":"m3","v":1}"#, "/m"), (#"{"m":"meter","u":"m4","v":1}"#, "/u"),
            (#"{"m":"meter","u":"m3"}"#, "/v"), (#"{"m":"meter","u":"m3","v":1,"x":1}"#, "/x"),
            (#"{"m":"meter","u":"m3","v":1,"s":[{"t":"area"}]}"#, "/s/0/v"),
            (#"{"m":"meter","u":"m3","v":1,"s":[{"t":"guess"}]}"#, "/s/0/t"),
            (#"{"m":"meter","u":"m3","v":1,"p":[{"v":1,"c":1}]}"#, "/p/0/a"),
            (
                #"{"m":"meter","u":"m3","v":1,"s":[{"t":"anew","p":[{"v":1,"c":1}],"a":1,"b":1}]}"#,
                "/s/0/p/0/a"
            ),
            (#"{"m":"meter","u":"m3","v":1,"g":{"t":"undersupply","k":-1}}"#, "/g/k"),
        ] {
            let json = try JSON.parse(Array(text.utf8))
            let error = #expect(throws: ShapeError.self) { try read(line, json) }
            #expect(error?.pointer == pointer)
        }
    }
}
