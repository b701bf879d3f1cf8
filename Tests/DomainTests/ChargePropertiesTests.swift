import Commands
import Testing

@testable import Domain

/// An account of anything, with references of anything.
private struct Anything {
    var random: Seeded
    var world: ChargeWorld

    init(_ seed: Int, month: String = "2026-04") {
        random = Seeded(UInt64(seed))
        world = ChargeWorld(month)
        world.facts.area = amount(200)
        world.facts.residents = Int.random(in: 1...5, using: &random)
        world.coldWater(canBeMetered: Bool.random(using: &random))
        world.hotWater(canBeMetered: Bool.random(using: &random))
        world.drainage(norm: Bool.random(using: &random) ? "7.35" : nil)
        world.add("upkeep", .area, .m2, price: "\(amount(100))")
        world.add("waste", .person, .person, price: "\(amount(300))")
        world.add("electricity", .meter, .kwh, norm: "70", service: .electricity)
        let zones = Int.random(in: 1...3, using: &random)
        prices("electricity", zones, from: "2020-01-01")
        world.facts.meters = [
            meter(.coldWater, 1), meter(.hotWater, 1), meter(.electricity, zones),
        ]
    }

    mutating func amount(_ below: Int64) -> Quantity {
        let digits: Int64 = [1, 10, 1_000, 100_000, 1_000_000].randomElement(using: &random) ?? 1
        let value = Int64.random(in: 0..<(below * 1_000_000), using: &random)
        return Quantity(millionths: value / digits * digits)
    }

    /// Prices that never fall from range to range.
    mutating func prices(_ kind: String, _ zones: Int, from: String) {
        let ranges = Int.random(in: 1...3, using: &random)
        for zone in 0..<zones {
            var price = Quantity(millionths: 500_000)
            for range in 1...ranges {
                price = price + amount(5)
                world.references.tariffs.append(
                    Tariff(
                        kind: kind, from: d(from),
                        register: zones == 1 ? nil : Register.allCases[zone],
                        upTo: range == ranges
                            ? nil : Quantity(millionths: Int64(range) * 100_500_000),
                        price: price))
            }
        }
    }

    mutating func meter(_ service: Service, _ registers: Int) -> MeterMonth {
        var meter = MeterMonth(
            service: service, number: service.rawValue, registers: registers,
            since: world.facts.month.advanced(by: -1))
        let most: Int64 = service == .electricity ? 400 : 15
        func volumes(_ random: inout Self) -> [Quantity] {
            (0..<registers).map { _ in random.amount(most) }
        }
        if Int.random(in: 0..<4, using: &random) > 0 {
            let used = volumes(&self)
            meter.reading = .init(from: used.map { _ in .zero }, to: used, volumes: used)
        }
        for _ in 0..<Int.random(in: 0...7, using: &random) {
            meter.history.append(
                .init(
                    months: Int.random(in: 1...3, using: &random), volumes: volumes(&self)))
        }
        return meter
    }
}

private func sum(_ lines: [ChargeLine]) -> Money { lines.reduce(.zero) { $0 + $1.amount } }

@Suite struct `Any month that is charged` {
    @Test(arguments: 0..<60)
    func `is the sum of its lines, and each line of its parts`(seed: Int) throws {
        let world = Anything(seed).world
        let charged = world.charged()
        #expect(charged.problems.isEmpty)
        #expect(charged.total == sum(charged.lines))
        for line in charged.lines where line.sort != .recalculation {
            #expect(line.parts.reduce(.zero) { $0 + $1.amount } == line.amount)
            #expect(line.parts.reduce(.zero) { $0 + $1.volume } == line.volume)
        }
        #expect(Set(charged.lines.map(\.kind)).count == 7)
    }

    @Test(arguments: 0..<60)
    func `loses no volume where a tariff changes within it`(seed: Int) throws {
        var anything = Anything(seed)
        let before = try anything.world.lines()
        let day = d("2026-04-\(Int.random(in: 10...30, using: &anything.random))")
        // The same prices again: nothing may change but that there are more parts.
        for tariff in anything.world.references.tariffs {
            var same = tariff
            same.from = day
            anything.world.references.tariffs.append(same)
        }
        let after = try anything.world.lines()
        #expect(after.map(\.volume) == before.map(\.volume))
        #expect(after.map(\.amount) == before.map(\.amount))
        // Other prices: still all of it is priced.
        for place in anything.world.references.tariffs.indices
        where anything.world.references.tariffs[place].from == day {
            anything.world.references.tariffs[place].price = q("0.01")
        }
        for line in try anything.world.lines() {
            #expect(line.parts.reduce(.zero) { $0 + $1.volume } == line.volume)
        }
    }

    @Test(arguments: 0..<60)
    func `costs no less where more is used`(seed: Int) throws {
        var anything = Anything(seed)
        let before = anything.world.charged().total
        for place in anything.world.facts.meters.indices {
            guard let reading = anything.world.facts.meters[place].reading,
                Bool.random(using: &anything.random)
            else { continue }
            let register = Int.random(in: 0..<reading.volumes.count, using: &anything.random)
            // A kilowatt-hour costs more than the roundings of all parts together.
            let more = anything.amount(30) + q("1")
            anything.world.facts.meters[place].reading?.volumes[register] =
                reading.volumes[register] + more
            anything.world.facts.meters[place].reading?.to[register] =
                reading.to[register] + more
        }
        #expect(anything.world.charged().total >= before)
    }

    @Test(arguments: 0..<60)
    func `of one register and range costs no less for a millionth more`(seed: Int) throws {
        var anything = Anything(seed)
        let volume = anything.amount(20)
        func total(_ volume: Quantity) -> Money {
            var world = anything.world
            world.facts.meters[0].reading = .init(
                from: [.zero], to: [volume], volumes: [volume])
            return world.charged().total
        }
        #expect(total(volume + q("0.000001")) >= total(volume))
    }

    @Test(arguments: 0..<60)
    func `charged again as it is comes to what it would have come to at once`(seed: Int) throws {
        let before = Anything(seed).world
        let posted = try before.lines()
        var now = before
        now.facts.meters = Anything(seed + 1_000).world.facts.meters
        now.facts.meters[2].registers = before.facts.meters[2].registers
        now.facts.meters[2].reading = nil
        now.facts.meters[2].history = []
        func again(_ corrected: [ChargeLine]) -> ChargedMonth {
            let month = now.facts.month
            return Charging.again(
                [now.facts],
                posted: posted.map { PostedLine(postedIn: month, $0) }
                    + corrected.map { PostedLine(postedIn: month.advanced(by: 1), $0) },
                because: { _ in "x" }, now.index)
        }
        let more = again([])
        #expect(more.problems.isEmpty)
        #expect(sum(posted + more.lines) == now.charged().total)
        #expect(again(more.lines).lines.isEmpty)
    }
}

@Suite struct `Any gap in the readings` {
    /// Months without readings, then one: all that was posted, and what would have been without the estimates.
    @Test(arguments: 0..<60)
    func `comes to what was used, as if nothing had been estimated`(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        let gap = Int.random(in: 1...3, using: &random)
        var world = Anything(seed, month: "2026-01").world
        for place in world.facts.meters.indices {
            world.facts.meters[place].reading = nil
            world.facts.meters[place].since = m("2025-12")
            while world.facts.meters[place].history.count < 3 {
                world.facts.meters[place].history.append(
                    .init(
                        volumes: world.facts.meters[place].history.first?.volumes
                            ?? [Quantity](
                                repeating: q("7.123"), count: world.facts.meters[place].registers)))
            }
        }
        if Bool.random(using: &random) { world.tariff("cold_water", "51.3", from: "2026-02-10") }
        var posted: [ChargeLine] = []
        for _ in 0..<gap {
            world.facts.earlier = posted
            let lines = try world.lines()
            #expect(lines.filter { $0.kind == "cold_water" }.allSatisfy { $0.method == .average })
            posted += lines
            world.facts.month = world.facts.month.advanced(by: 1)
        }
        for place in world.facts.meters.indices {
            let volumes = (0..<world.facts.meters[place].registers).map { _ in
                Quantity(millionths: Int64.random(in: 0...60_000_000, using: &random))
            }
            world.facts.meters[place].reading = .init(
                from: volumes.map { _ in .zero }, to: volumes, volumes: volumes)
        }
        world.facts.earlier = []
        let direct = try world.lines()
        world.facts.earlier = posted
        let returned = try world.lines()
        for kind in ["cold_water", "hot_water", "hot_water_heat", "drainage", "electricity"] {
            let all = (posted + returned).filter { $0.kind == kind }
            #expect(sum(all) == sum(direct.filter { $0.kind == kind }), "\(kind)")
            let volume = direct.filter { $0.kind == kind }.reduce(Quantity.zero) { $0 + $1.volume }
            #expect(all.reduce(.zero) { $0 + $1.volume } == volume, "\(kind)")
        }
        for line in posted where line.kind == "cold_water" {
            let month = returned.filter { $0.kind == line.kind && $0.month == line.month }
            #expect(sum(month + [line]) == .zero)
        }
    }
}

@Suite struct `Extremes` {
    private static let amounts = [
        Quantity.zero, Quantity(millionths: 1), q("999999.999999"), Quantity(millionths: .max),
        Quantity(millionths: 999_999_999_999_999_989),
    ]

    @Test(arguments: amounts, amounts)
    func `are charged or named, and never break`(volume: Quantity, price: Quantity) throws {
        for factor in Self.amounts {
            var world = ChargeWorld("2026-04")
            world.add("water", .meter, .m3, norm: "1", service: .coldWater, isMultiplied: true)
            world.multiplier("water", "3")
            world.add("heat", .waterHeat, .gcal, of: "water")
            world.add("drainage", .drainage, .m3)
            world.add("upkeep", .area, .m2)
            world.add("heating", .areaNorm, .gcal)
            world.add("needs", .houseNeeds, .m3, service: .coldWater)
            for kind in world.references.kinds {
                world.references.tariffs += [
                    Tariff(
                        kind: kind.code, from: ChargeWorld.begin, upTo: q("3.33"), price: price),
                    Tariff(kind: kind.code, from: ChargeWorld.begin, price: price),
                    Tariff(kind: kind.code, from: d("2026-04-12"), upTo: volume, price: price),
                ]
                world.references.norms.append(
                    Norm(kind: kind.code, from: d("2021-01-01"), value: factor))
            }
            world.facts.area = volume
            world.facts.home = HouseFacts(
                area: factor, commonArea: volume,
                services: [
                    HouseUse(
                        service: .coldWater, total: volume, individual: factor, others: .zero)
                ])
            for reading in [true, false] {
                world.facts.meters = [
                    MeterMonth(
                        service: .coldWater, number: "M",
                        reading: reading
                            ? .init(from: [.zero], to: [volume], volumes: [volume]) : nil,
                        since: m("2025-09"))
                ]
                let charged = world.charged()
                let named = Set(charged.problems.map(\.kind))
                #expect(named.union(charged.lines.map(\.kind)).count == 6)
                #expect(named.isDisjoint(with: charged.lines.map(\.kind)))
            }
        }
    }
}
