import Commands
import Testing

@testable import Domain

@Suite struct `What an account is charged by` {
    private func world() -> ChargeWorld {
        var world = ChargeWorld(area: "10")
        world.add("upkeep", .area, .m2, price: "1")
        return world
    }

    @Test func `is the newest price that began, of the narrowest scope`() throws {
        var world = world()
        world.tariff("upkeep", "2", from: "2026-04-01")
        world.tariff("upkeep", "9", from: "2026-05-01")
        #expect(try world.only().amount == rub("20.00"))
        world.tariff("upkeep", "3", from: "2025-01-01", scope: .company("c"))
        #expect(try world.only().amount == rub("30.00"))
        world.tariff("upkeep", "4", from: "2024-01-01", scope: .house("h"))
        #expect(try world.only().amount == rub("40.00"))
        world.tariff("upkeep", "5", from: "2026-01-01", scope: .house("elsewhere"))
        #expect(try world.only().amount == rub("40.00"))
        world.facts.house = nil
        #expect(try world.only().amount == rub("30.00"))
        // Of two of one day the later said.
        world.tariff("upkeep", "3.5", from: "2025-01-01", scope: .company("c"))
        #expect(try world.only().amount == rub("35.00"))
    }

    @Test func `is what its narrowest contract gives, or takes away`() throws {
        var world = world()
        world.references.contracts.append(
            Contract(kind: "upkeep", scope: .house("h"), from: ChargeWorld.begin, isOff: true))
        #expect(world.charged() == ChargedMonth())
        world.facts.contracts = [
            Contract(kind: "upkeep", scope: .account, from: d("2026-04-16"))
        ]
        #expect(try world.only().amount == rub("5.00"))
        world.facts.contracts[0].to = d("2026-04-18")
        #expect(try world.only().amount == rub("1.00"))
        world.references.contracts = []
        world.facts.contracts = []
        #expect(world.charged() == ChargedMonth())
    }

    @Test func `goes on by the wider contract where a narrower one ends`() throws {
        var world = world()
        world.references.contracts.append(
            Contract(
                kind: "upkeep", scope: .company("c"), from: d("2026-04-11"), to: d("2026-04-20"),
                isOff: true))
        let line = try world.only()
        #expect(line.amount == rub("6.67") && line.steps.last == .days(20, of: 30))
    }

    @Test func `is whole, or nobody is charged by it`() {
        /// `register zones upTo`, a dash for nothing.
        func gap(_ rows: String...) -> Tariff.Gap? {
            Tariff.gap(
                in: rows.map { row in
                    let parts = row.split(separator: " ").map(String.init)
                    return Tariff(
                        kind: "electricity", from: d("2026-01-01"),
                        register: Register(rawValue: parts[0]), zones: Int(parts[1]),
                        upTo: Int64(parts[2]).map { Quantity(millionths: $0 * 1_000_000) },
                        price: Quantity(millionths: 1_000_000))
                })
        }
        func above(_ volume: Int64) -> Tariff.Gap {
            .above(Quantity(millionths: volume * 1_000_000))
        }
        // One price; of every register; of both; of both and of meters with one; ranges.
        #expect(gap("- - -") == nil)
        #expect(gap("T1 - -", "- - -") == nil)
        #expect(gap("T1 - -", "T2 - -") == nil)
        #expect(gap("T1 2 -", "T2 2 -", "- 1 3900", "- 1 -") == nil)
        #expect(gap("T1 2 -", "T2 - -", "T1 - -", "T3 3 -", "T1 3 -") == nil)
        #expect(gap("T1 2 -", "- - -") == nil)
        #expect(gap("T1 1 -") == nil)
        #expect(gap("T1 2 150", "T1 2 -", "T2 2 150", "T2 2 -") == nil)
        // A register without a price.
        #expect(gap("T1 - -") == .register(.t2))
        #expect(gap("T2 - -") == .register(.t1))
        #expect(gap("T1 2 -") == .register(.t2))
        #expect(gap("T1 2 -", "- 1 -") == .register(.t2))
        #expect(gap("T1 - -", "T3 - -") == .register(.t2))
        #expect(gap("T1 3 -", "T2 3 -") == .register(.t3))
        // A register that such meters have not.
        #expect(gap("T1 2 -", "T2 2 -", "T3 2 -") == .meter(.t3))
        #expect(gap("T2 1 -", "- - -") == .meter(.t2))
        // Ranges without the last one.
        #expect(gap("- - 3900") == above(3900))
        #expect(gap("- - 3900", "- - 6000") == above(6000))
        #expect(gap("- - 3900", "- - -", "- 1 100") == above(100))
        #expect(gap("T1 2 150", "T2 2 150", "T1 2 -") == above(150))
    }

    @Test func `ends with the kind`() throws {
        var world = world()
        world.references.kinds[0].to = d("2026-04-03")
        #expect(try world.only().amount == rub("1.00"))
        // A newer row says otherwise from its day on.
        var revived = world.references.kinds[0]
        revived.from = d("2026-04-28")
        revived.to = nil
        world.references.kinds.append(revived)
        #expect(try world.only().amount == rub("2.00"))
    }

    @Test func `stands in the order of the bill`() throws {
        var world = world()
        world.add("lock", .fixed, .month, price: "1")
        world.references.kinds[0].position = 5
        #expect(try world.lines().map(\.kind) == ["lock", "upkeep"])
    }

    @Test func `is the norm that is in force when the month begins`() throws {
        var world = ChargeWorld(residents: 1)
        world.coldWater(canBeMetered: false)
        func norm(_ value: String, _ from: String, _ scope: Scope = .organization) {
            world.references.norms.append(
                Norm(kind: "cold_water", scope: scope, from: d(from), value: q(value)))
        }
        norm("5", "2026-04-02")
        #expect(try world.only().volume == q("4.2"))
        norm("6", "2026-04-01")
        #expect(try world.only().volume == q("6"))
        norm("7", "2020-01-01", .house("h"))
        #expect(try world.only().volume == q("7"))
    }

    @Test func `does not depend on what was asked before`() throws {
        var world = world()
        for house in 0..<400 {
            world.tariff("upkeep", "\(house + 1)", scope: .house("\(house)"))
        }
        let index = world.index
        for house in [0, 399, 5, 0, 17, 399] {
            world.facts.house = "\(house)"
            let line = try #require(Charging.month(world.facts, index).lines.first)
            #expect(line.amount == Money(kopecks: Int64(house + 1) * 1000))
        }
    }
}
