import Commands
import Testing

@testable import Domain

@Suite struct `By area, by person and fixed` {
    @Test(arguments: [("50.50", "12.41", "626.71"), ("50.50", "2.80", "141.40")])
    func `a square metre's price, as in the samples of manual 003`(
        area: String, price: String, sum: String
    ) throws {
        var world = ChargeWorld(area: area)
        world.add("upkeep", .area, .m2, price: price)
        let line = try world.only()
        #expect(line.amount == rub(sum) && line.method == .other)
        #expect(line.steps == [.area(q(area))])
    }

    @Test func `Ex 1.5a: heating by norm and area`() throws {
        var world = ChargeWorld()
        world.add("heating", .areaNorm, .gcal, price: "2543.17", norm: "0.0225")
        let line = try world.only()
        #expect(line.volume == q("1.22175") && line.amount == rub("3107.12"))
        #expect(line.method == .norm)
        #expect(line.steps == [.areaNorm(area: q("54.3"), norm: q("0.0225"))])
    }

    @Test func `an area of its own stands in a contract`() throws {
        var world = ChargeWorld(area: nil)
        world.add("upkeep", .area, .m2, price: "10")
        #expect(world.charged().problems.map(\.what) == [.area])
        world.facts.contracts = [
            Contract(
                kind: "upkeep", scope: .account, from: ChargeWorld.begin, quantity: q("12.5"))
        ]
        #expect(try world.only().amount == rub("125.00"))
    }

    @Test func `each person, and so many of what is fixed`() throws {
        var world = ChargeWorld()
        world.add("waste", .person, .person, price: "101.555")
        world.add("lock", .fixed, .month, price: "50")
        world.add("aerial", .fixed, .month, price: "33.333", quantity: "2")
        #expect(try world.amounts() == [rub("304.67"), rub("50.00"), rub("66.67")])
        #expect(try world.lines()[0].steps == [.residents(3)])
    }

    @Test func `a contract's days of a month are what is charged`() throws {
        var world = ChargeWorld()
        world.add("lock", .fixed, .month, price: "60")
        world.references.contracts[0].from = d("2026-04-21")
        let line = try world.only()
        #expect(line.amount == rub("20.00") && line.steps == [.days(10, of: 30)])
    }
}

@Suite struct `A tariff that changes within a month` {
    @Test func `splits the volume by days, and loses none of it`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.tariff("cold_water", "50", from: "2026-04-11")
        world.meter(.coldWater, "0", to: ["10"])
        let line = try world.only()
        #expect(line.parts.map(\.volume) == [q("3.333333"), q("6.666667")])
        #expect(line.parts.map(\.amount) == [rub("153.67"), rub("333.33")])
        #expect(line.amount == rub("487.00"))
        #expect(line.steps.dropFirst() == [.days(10, of: 30), .days(20, of: 30)])
    }

    @Test func `rounds once, and leaves what is over to the last part`() throws {
        var world = ChargeWorld(area: "1")
        world.add("upkeep", .area, .m2, price: "0.01")
        world.tariff("upkeep", "0.011", from: "2026-04-16")
        let line = try world.only()
        // A half kopeck and a little more: rounded alone they would be two.
        #expect(line.amount == rub("0.01"))
        #expect(line.parts.map(\.amount) == [rub("0.01"), .zero])
    }

    @Test func `to the same price is one part`() throws {
        var world = ChargeWorld(area: "1")
        world.add("upkeep", .area, .m2, price: "0.01")
        world.tariff("upkeep", "0.0100", from: "2026-04-16")
        let line = try world.only()
        #expect(line.parts.map(\.volume) == [q("1")])
        #expect(line.parts.map(\.amount) == [rub("0.01")])
    }

    @Test func `cuts the ranges of each part of the month`() throws {
        var world = ChargeWorld()
        world.add("electricity", .meter, .kwh, service: .electricity)
        world.tariff("electricity", "1", upTo: "300")
        world.tariff("electricity", "2")
        world.tariff("electricity", "3", from: "2026-04-16", upTo: "300")
        world.tariff("electricity", "4", from: "2026-04-16")
        world.meter(.electricity, "0", to: ["400"])
        let line = try world.only()
        #expect(line.parts.map(\.volume) == [q("150"), q("50"), q("150"), q("50")])
        #expect(line.amount == rub("900.00"))
    }

    @Test func `does not leave days without a price unsaid`() throws {
        var world = ChargeWorld()
        world.add("lock", .fixed, .month)
        world.tariff("lock", "60", from: "2026-04-02")
        #expect(world.charged().lines.isEmpty)
        #expect(world.charged().problems.map(\.what) == [.tariff])
        // An account that was not there yet does not miss it.
        world.facts.openedOn = d("2026-04-02")
        #expect(try world.only().amount == rub("58.00"))
    }
}
