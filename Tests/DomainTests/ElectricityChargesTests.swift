import Commands
import Testing

@testable import Domain

private func electricity(
    _ prices: [(register: Register?, upTo: String?, price: String)], from: [String] = ["0"],
    to: [String], since: String? = nil
) -> ChargeWorld {
    var world = ChargeWorld()
    world.add("electricity", .meter, .kwh, service: .electricity)
    for (register, upTo, price) in prices {
        world.tariff("electricity", price, register: register, upTo: upTo)
    }
    world.facts.meters = [
        MeterMonth(
            service: .electricity, number: "E", registers: to.count,
            reading: .init(
                from: to.map { _ in .zero }, to: to.map(q), volumes: to.map(q)),
            since: m(since ?? "2026-03"))
    ]
    return world
}

private let ranges: [(register: Register?, upTo: String?, price: String)] = [
    (nil, "3900", "1.71"), (nil, "6000", "2.60"), (nil, nil, "5.49"),
]

@Suite struct `Electricity` {
    @Test func `Ex 1.1c: at one rate`() throws {
        let line = try electricity([(nil, nil, "1.58")], to: ["187"]).only()
        #expect(line.amount == rub("295.46"))
    }

    @Test func `Ex 1.6a: by day and by night, each rounded`() throws {
        let line = try electricity(
            [(.t1, nil, "6.24"), (.t2, nil, "3.04")], to: ["120", "85"]
        ).only()
        #expect(line.parts.map(\.amount) == [rub("748.80"), rub("258.40")])
        #expect(line.parts.map(\.register) == [.t1, .t2])
        #expect(line.amount == rub("1007.20") && line.volume == q("205"))
        #expect(line.steps.count == 2)
    }

    @Test func `Ex 1.6b: by three zones`() throws {
        let line = try electricity(
            [(.t1, nil, "7.81"), (.t2, nil, "3.04"), (.t3, nil, "6.19")], to: ["40", "85", "80"]
        ).only()
        #expect(line.parts.map(\.amount) == [rub("312.40"), rub("258.40"), rub("495.20")])
        #expect(line.amount == rub("1066.00"))
    }

    @Test func `of zones is priced by how many of them the meter has`() throws {
        var world = electricity([(.t2, nil, "3.04"), (.t3, nil, "6.19")], to: ["10", "10"])
        world.tariff("electricity", "6.24", register: .t1, zones: 2)
        world.tariff("electricity", "7.81", register: .t1, zones: 3)
        world.tariff("electricity", "5")
        #expect(try world.only().parts.map(\.price) == [q("6.24"), q("3.04")])
        world.facts.meters[0].registers = 3
        world.facts.meters[0].reading = .init(
            from: [.zero, .zero, .zero], to: [q("1"), q("1"), q("1")],
            volumes: [q("1"), q("1"), q("1")])
        #expect(try world.only().parts.map(\.price) == [q("7.81"), q("3.04"), q("6.19")])
        world.facts.meters[0].registers = 1
        world.facts.meters[0].reading = .init(from: [.zero], to: [q("1")], volumes: [q("1")])
        #expect(try world.only().parts.map(\.price) == [q("5")])
    }

    @Test func `Ex 1.6c: is cut by the ranges of a month`() throws {
        let line = try electricity(ranges, to: ["6500"]).only()
        #expect(line.parts.map(\.volume) == [q("3900"), q("2100"), q("500")])
        #expect(line.parts.map(\.amount) == [rub("6669.00"), rub("5460.00"), rub("2745.00")])
        #expect(line.parts.map(\.range) == [1, 2, 3])
        #expect(line.amount == rub("14874.00"))
    }

    @Test func `within the first range is all of it`() throws {
        let line = try electricity(ranges, to: ["3900"]).only()
        #expect(line.parts.map(\.range) == [1] && line.amount == rub("6669.00"))
        let nothing = try electricity(ranges, to: ["0"]).only()
        #expect(nothing.parts.map(\.range) == [1] && nothing.amount == .zero)
    }

    @Test func `by ranges and zones cuts the total, and splits each range by the zones' shares`()
        throws
    {
        let prices: [(register: Register?, upTo: String?, price: String)] = [
            (.t1, "3900", "2"), (.t1, nil, "3"), (.t2, "3900", "1"), (.t2, nil, "1.5"),
        ]
        let line = try electricity(prices, to: ["3000", "1500"]).only()
        #expect(line.parts.map(\.volume) == [q("2600"), q("1300"), q("400"), q("200")])
        #expect(line.parts.map(\.range) == [1, 1, 2, 2])
        #expect(line.parts.map(\.register) == [.t1, .t2, .t1, .t2])
        #expect(line.amount == rub("8000.00"))
    }

    @Test func `of several months has the ranges of each`() throws {
        var world = electricity(ranges, to: ["8000"], since: "2026-02")
        var line = try world.only()
        #expect(line.parts.map(\.volume) == [q("7800"), q("200")])
        #expect(line.amount == rub("13858.00"))
        #expect(line.steps.last == .spread(volume: q("8000"), months: 2))
        // Those of each month's tariff.
        world.tariff("electricity", "2", from: "2026-04-01")
        line = try world.only()
        #expect(line.parts.map(\.volume) == [q("3900"), q("100"), q("4000")])
        #expect(line.amount == rub("14929.00"))
    }

    @Test func `without a meter is by the norm of rooms and persons`() throws {
        var world = ChargeWorld(residents: 2)
        world.add("electricity", .meter, .kwh, price: "1.58", service: .electricity)
        for (rooms, residents, value) in [(1, 1, "90"), (1, 2, "60"), (2, 1, "110"), (2, 2, "70")] {
            world.references.norms.append(
                Norm(
                    kind: "electricity", from: ChargeWorld.begin, rooms: rooms,
                    residents: residents, value: q(value)))
        }
        #expect(world.charged().problems.map(\.what) == [.rooms])
        world.facts.rooms = 2
        #expect(try world.only().volume == q("140"))
        // More rooms and persons than any row names are as the greatest.
        world.facts.rooms = 4
        world.facts.residents = 5
        #expect(try world.only().volume == q("350"))
        world.facts.rooms = 1
        world.facts.residents = 1
        #expect(try world.only().volume == q("90"))
    }

    @Test func `of a register without a price is not charged`() throws {
        let world = electricity([(.t1, nil, "6.24")], to: ["1", "1"])
        #expect(world.charged().problems.map(\.what) == [.tariff])
        #expect(world.charged().lines.isEmpty)
    }
}
