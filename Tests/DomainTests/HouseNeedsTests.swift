import Commands
import Testing

@testable import Domain

private func house(
    _ service: Service, _ unit: ChargeUnit, price: String, norm: String?, area: String,
    houseArea: String, commonArea: String?, total: String?, individual: String = "0",
    others: String = "0", carried: String = "0"
) -> ChargeWorld {
    var world = ChargeWorld(area: area)
    world.add("needs", .houseNeeds, unit, price: price, norm: norm, service: service)
    world.facts.home = HouseFacts(
        area: q(houseArea), commonArea: commonArea.map(q),
        services: [
            HouseUse(
                service: service, total: total.map(q), individual: q(individual),
                others: q(others), carried: q(carried))
        ])
    return world
}

@Suite struct `A house's needs` {
    @Test func `Ex 1.7a: the house meter less what flats and others used, by area`() throws {
        var world = house(
            .electricity, .kwh, price: "1.936", norm: nil, area: "60", houseArea: "2400",
            commonArea: nil, total: "12000", individual: "9000", others: "1000")
        world.policy.capsHouseNeeds = false
        let line = try world.only()
        #expect(line.volume == q("50") && line.amount == rub("96.80") && line.method == .other)
        #expect(
            line.steps == [
                .house(
                    total: q("12000"), individual: q("10000"), area: q("60"),
                    houseArea: q("2400"), limit: nil)
            ])
    }

    @Test func `Ex 1.7b: without a house meter by the norm of what belongs to all`() throws {
        let world = house(
            .electricity, .kwh, price: "1.936", norm: "3.94", area: "60", houseArea: "2400",
            commonArea: "1426", total: nil)
        let line = try world.only()
        #expect(line.volume == q("140.461") && line.amount == rub("271.93"))
        #expect(line.method == .norm)
        #expect(
            line.steps == [
                .houseNorm(
                    norm: q("3.94"), commonArea: q("1426"), area: q("60"), houseArea: q("2400"))
            ])
    }

    @Test func `Ex 1.7c: no more than the norm is shared`() throws {
        var world = house(
            .coldWater, .m3, price: "46.10", norm: "0.0270", area: "54.3", houseArea: "5421.7",
            commonArea: "1104.2", total: "1086.4", individual: "1000")
        let line = try world.only()
        #expect(line.volume == q("0.298590") && line.amount == rub("13.77"))
        #expect(
            line.steps == [
                .house(
                    total: q("1086.4"), individual: q("1000"), area: q("54.3"),
                    houseArea: q("5421.7"), limit: q("29.8134"))
            ])
        let month = try #require(world.facts.home?.services.first)
        let balance = try #require(
            HouseNeeds.balance(month, norm: q("0.027"), commonArea: q("1104.2"), caps: true))
        #expect(Quantity(rounding: balance.excess) == q("56.5866"))
        #expect(
            HouseNeeds.anomalies(.coldWater, balance) == [
                .excess(.coldWater, q("56.5866"), limit: q("29.8134"))
            ])
        world.policy.capsHouseNeeds = false
        #expect(try world.only().amount == rub("39.89"))
    }

    @Test func `below zero are nobody's credit, and are carried on where the organization does so`()
        throws
    {
        var world = house(
            .coldWater, .m3, price: "46.10", norm: "1", area: "10", houseArea: "100",
            commonArea: "100", total: "90", individual: "100")
        let line = try world.only()
        #expect(line.volume == .zero && line.amount == .zero)
        let month = try #require(world.facts.home?.services.first)
        let balance = try #require(
            HouseNeeds.balance(month, norm: q("1"), commonArea: q("100"), caps: true))
        #expect(Quantity(rounding: balance.carry) == q("-10") && balance.excess.isZero)
        #expect(HouseNeeds.anomalies(.coldWater, balance) == [.negative(.coldWater, q("-10"))])
        world.facts.home?.services[0] = HouseUse(
            service: .coldWater, total: q("130"), individual: q("100"), carried: q("-10"))
        #expect(try world.only().volume == q("2"))
    }

    @Test func `are not guessed where the house is not known`() throws {
        var world = house(
            .coldWater, .m3, price: "46.10", norm: "1", area: "10", houseArea: "100",
            commonArea: nil, total: nil)
        #expect(world.charged().problems.map(\.what) == [.house])
        world.facts.home = nil
        #expect(world.charged().problems.map(\.what) == [.house])
        #expect(world.charged().lines.isEmpty)
    }

    @Test func `can be charged when all flats are, and stand in their place then`() throws {
        var world = house(
            .coldWater, .m3, price: "46.10", norm: "1", area: "10", houseArea: "100",
            commonArea: "100", total: "30", individual: "0")
        world.coldWater()
        world.meter(.coldWater, "0", to: ["25"])
        let flat = Charging.individual(world.facts, world.index)
        let plan = world.index.plan(world.facts.month, company: "c", house: "h")
        let used = Charging.use(of: .coldWater, flat.lines, plan)
        #expect(used == q("25"))
        world.facts.home?.services[0].individual = used
        let needs = Charging.houseNeeds(world.facts, world.index)
        #expect(needs.lines.map(\.volume) == [q("0.5")])
        #expect(plan.ordered(flat.lines + needs.lines) == world.charged().lines)
    }
}
