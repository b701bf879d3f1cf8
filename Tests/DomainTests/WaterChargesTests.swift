import Commands
import Testing

@testable import Domain

@Suite struct `Water by meter` {
    @Test func `Ex 1.1a: the difference of two readings at the tariff`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.meter(.coldWater, "123.456", to: ["131.012"])
        let line = try world.only()
        #expect(line.volume == q("7.556") && line.amount == rub("348.33"))
        #expect(line.method == .meter && line.sort == .charge && line.unit == .m3)
        #expect(
            line.steps == [
                .readings(
                    meter: "M", register: .t1, from: q("123.456"), to: q("131.012"), rolled: false)
            ])
        #expect(
            line.parts == [.init(volume: q("7.556"), price: q("46.10"), amount: rub("348.33"))])
    }

    @Test func `Ex 1.1b: over the end of the dial`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.meter(.coldWater, "99998.750", to: ["6.120"], volumes: ["7.370"])
        let line = try world.only()
        #expect(line.amount == rub("339.76"))
        #expect(
            line.steps == [
                .readings(
                    meter: "M", register: .t1, from: q("99998.75"), to: q("6.12"), rolled: true)
            ])
    }

    @Test func `equal to the one before costs nothing, and says so`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.meter(.coldWater, "7", to: ["7"])
        let line = try world.only()
        #expect(line.volume == .zero && line.amount == .zero && line.parts.count == 1)
    }

    @Test func `of two meters is one line`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.meter(.coldWater, "1", to: ["3.5"], number: "kitchen")
        world.meter(.coldWater, "10", to: ["11.25"], number: "bath")
        let line = try world.only()
        #expect(line.volume == q("3.75") && line.amount == rub("172.88"))
        #expect(line.steps.count == 2)
    }

    @Test func `taken twice, by a meter that was replaced and the new one, is one line`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.meter(.coldWater, "1", to: ["3"], number: "old") { $0.removedOn = d("2026-04-10") }
        world.meter(.coldWater, "0", to: ["1"], since: "2026-04", number: "new") {
            $0.installedOn = d("2026-04-10")
        }
        #expect(try world.only().volume == q("3"))
        // The new one's first reading may wait for the next month.
        world.facts.meters[1].reading = nil
        #expect(try world.only().volume == q("2"))
        #expect(try world.only().method == .meter)
    }
}

@Suite struct `Water by norm` {
    @Test func `Ex 1.2a: where no meter can be, it is not multiplied`() throws {
        var world = ChargeWorld()
        world.coldWater(canBeMetered: false)
        let line = try world.only()
        #expect(line.volume == q("12.6") && line.amount == rub("580.86"))
        #expect(line.method == .norm)
        #expect(line.steps == [.norm(norm: q("4.2"), residents: 3, multiplier: nil)])
    }

    @Test func `Ex 1.2b: where one can be, half is added, as a line of its own`() throws {
        var world = ChargeWorld("2025-11")
        world.coldWater()
        let lines = try world.lines()
        try #require(lines.map(\.amount) == [rub("580.86"), rub("290.43")])
        #expect(lines.map(\.sort) == [.charge, .surcharge])
        #expect(lines.map(\.volume) == [q("12.6"), q("6.3")])
        #expect(lines[1].steps == [.norm(norm: q("4.2"), residents: 3, multiplier: q("1.5"))])
        #expect(world.charged().total == rub("871.29"))
    }

    @Test(arguments: ["2025-12-01", "2025-12-06"])
    func `Ex 1.2c: from December 2025 on, as a whole, twice as much again is added`(
        from: String
    ) throws {
        var world = ChargeWorld("2025-12")
        world.coldWater()
        world.references.multipliers.removeLast()
        world.multiplier("cold_water", "3", from: from)
        #expect(try world.amounts() == [rub("580.86"), rub("1161.72")])
        #expect(world.charged().total == rub("1742.58"))
    }

    @Test func `that is multiplied needs a multiplier`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.references.multipliers = []
        #expect(world.charged().lines.isEmpty)
        #expect(world.charged().problems.map(\.what) == [.multiplier])
        // What takes its volume wants nothing else, no contract either.
        world.drainage(norm: "7.35")
        #expect(
            world.charged().problems == [
                .init(kind: "cold_water", month: m("2026-04"), what: .multiplier),
                .init(kind: "drainage", month: m("2026-04"), what: .follows, of: "cold_water"),
            ])
    }

    @Test func `counts owners where nobody is registered`() throws {
        var world = ChargeWorld(residents: 0)
        world.coldWater(canBeMetered: false)
        #expect(world.charged().problems.map(\.what) == [.residents])
        #expect(world.charged().lines.isEmpty)
        world.facts.owners = 2
        #expect(try world.only().amount == rub("387.24"))
    }

    @Test func `of an account that was opened or closed within the month is of its days`() throws {
        var world = ChargeWorld()
        world.coldWater(canBeMetered: false)
        world.facts.closedOn = d("2026-04-16")
        let line = try world.only()
        #expect(line.volume == q("6.3") && line.amount == rub("290.43"))
        #expect(line.steps.last == .days(15, of: 30))
        world.facts.openedOn = d("2026-04-11")
        #expect(try world.only().volume == q("2.1"))
        world.policy.proratesByDays = false
        #expect(try world.only().volume == q("12.6"))
        world.facts.closedOn = d("2026-04-01")
        world.facts.openedOn = nil
        #expect(world.charged() == ChargedMonth())
    }
}

@Suite struct `Drainage` {
    @Test func `Ex 1.3a: cold and hot water together`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.hotWater()
        world.drainage()
        world.meter(.coldWater, "123.456", to: ["131.012"])
        world.meter(.hotWater, "0", to: ["3.214"])
        let line = try #require(try world.lines().last)
        #expect(line.kind == "drainage" && line.volume == q("10.770"))
        #expect(line.amount == rub("305.54") && line.method == .meter)
        #expect(
            line.steps == [
                .sum([
                    .init(kind: "cold_water", volume: q("7.556")),
                    .init(kind: "hot_water", volume: q("3.214")),
                ])
            ])
    }

    @Test func `Ex 1.3b: by its own norm where there are no meters, not multiplied`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.drainage(norm: "7.35")
        let line = try #require(try world.lines().last)
        #expect(line.volume == q("22.05") && line.amount == rub("625.56"))
        #expect(line.sort == .charge && line.method == .norm)
    }

    @Test func `takes water by norm before it is multiplied`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.hotWater()
        world.drainage(norm: "7.35")
        world.meter(.hotWater, "0", to: ["3.214"])
        let line = try #require(try world.lines().last)
        #expect(line.volume == q("15.814") && line.method == .norm)
    }

    @Test func `is not guessed where a water cannot be charged`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.drainage(norm: "7.35")
        world.references.norms.removeFirst()
        #expect(world.charged().lines.isEmpty)
        #expect(
            world.charged().problems == [
                .init(kind: "cold_water", month: m("2026-04"), what: .norm),
                .init(kind: "drainage", month: m("2026-04"), what: .follows, of: "cold_water"),
            ])
    }
}

@Suite struct `Hot water of two components` {
    @Test func `Ex 1.4a: heat is not rounded before it meets its price`() throws {
        var world = ChargeWorld()
        world.hotWater()
        world.meter(.hotWater, "0", to: ["3.214"])
        let lines = try world.lines()
        try #require(lines.map(\.amount) == [rub("148.17"), rub("509.22")])
        #expect(world.charged().total == rub("657.39"))
        #expect(lines[1].unit == .gcal && lines[1].volume == q("0.200232"))
        #expect(lines[1].method == .meter)
        #expect(lines[1].steps == [.heat(water: q("3.214"), perCubicMetre: q("0.0623"))])
    }

    @Test func `Ex 1.4b: by cubic metres, as the bill of manual 001 has it`() throws {
        var world = ChargeWorld()
        world.add("hot_water", .meter, .m3, price: "13.03", service: .hotWater)
        world.add("hot_water_heat", .waterHeat, .m3, price: "62.57", of: "hot_water")
        world.meter(.hotWater, "0", to: ["10.16"])
        let lines = try world.lines()
        try #require(lines.map(\.amount) == [rub("132.38"), rub("635.71")])
        #expect(lines[1].unit == .m3 && lines[1].volume == q("10.16"))
    }

    @Test func `Ex 1.4c: without a meter both components are multiplied`() throws {
        var world = ChargeWorld(residents: 2)
        world.hotWater()
        let lines = try world.lines()
        try #require(lines.map(\.sort) == [.charge, .surcharge, .charge, .surcharge])
        #expect(lines[0].amount + lines[1].amount == rub("435.65"))
        #expect(lines[2].amount + lines[3].amount == rub("1497.25"))
        #expect(world.charged().total == rub("1932.90"))
        #expect(lines[2].volume + lines[3].volume == q("0.588735"))
    }

    @Test func `heats nothing where the water is not charged`() throws {
        var world = ChargeWorld()
        world.hotWater()
        world.references.contracts.removeFirst()
        #expect(
            world.charged().problems == [
                .init(kind: "hot_water_heat", month: m("2026-04"), what: .volume, of: "hot_water")
            ])
    }

    @Test func `that could not be charged leaves its heat no other wish`() throws {
        var world = ChargeWorld()
        world.hotWater()
        world.references.multipliers = []
        #expect(
            world.charged().problems == [
                .init(kind: "hot_water", month: m("2026-04"), what: .multiplier),
                .init(kind: "hot_water_heat", month: m("2026-04"), what: .follows, of: "hot_water"),
            ])
    }
}
