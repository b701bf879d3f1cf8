import Commands
import Testing

@testable import Domain

@Suite struct `Days without a service` {
    @Test func `take their part of the month off, in a line of its own`() throws {
        var world = ChargeWorld()
        world.add("heating", .areaNorm, .gcal, price: "2543.17", norm: "0.0225")
        world.facts.undersupply = [.init(kind: "heating", days: 4)]
        let lines = try world.lines()
        try #require(lines.map(\.amount) == [rub("3107.12"), rub("-414.28")])
        #expect(lines[1].sort == .recalculation && lines[1].ground == .undersupply(days: 4))
        #expect(lines[1].steps == [.undersupply(days: 4, of: 30)])
        #expect(lines[1].volume == q("-0.1629"))
    }

    @Test func `are told in the words of the house and of the account, each once`() throws {
        var world = ChargeWorld()
        world.add("heating", .areaNorm, .gcal, price: "2543.17", norm: "0.0225")
        world.facts.undersupply = [
            .init(kind: "heating", days: 1, why: "акт № 1"),
            .init(kind: "heating", days: 0, why: "x"),
            .init(kind: "heating", days: 2, why: "акт № 2"),
            .init(kind: "heating", days: 1, why: "акт № 1"),
            .init(kind: "waste", days: 1, why: "акт № 3"),
        ]
        #expect(
            try world.lines()[1].ground == .undersupply(days: 4, why: "акт № 1; акт № 2"))
    }

    @Test func `never take more than the month, whatever they come to`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.facts.undersupply = [
            .init(kind: "cold_water", days: 20), .init(kind: "cold_water", days: 20),
            .init(kind: "drainage", days: 20),
        ]
        #expect(world.charged().total == .zero)
        #expect(try world.lines().last?.amount == rub("-1742.58"))
    }

    @Test func `of a reading of several months take of one month's share`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.meter(.coldWater, "0", to: ["20"], since: "2026-02")
        world.facts.undersupply = [.init(kind: "cold_water", days: 15)]
        #expect(try world.amounts() == [rub("922.00"), rub("-230.50")])
    }

    @Test func `of a reading of several months take of what this one costs by its own tariff`()
        throws
    {
        var world = ChargeWorld()
        world.coldWater()
        world.tariff("cold_water", "50", from: "2026-04-01")
        world.meter(.coldWater, "0", to: ["20"], since: "2026-02")
        world.facts.undersupply = [.init(kind: "cold_water", days: 15)]
        #expect(try world.amounts() == [rub("961.00"), rub("-250.00")])
    }

    @Test func `of drainage take of this month's waters, whatever else one of them tells`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.hotWater()
        world.drainage()
        world.meter(.coldWater, "0", to: ["5"])
        world.meter(.hotWater, "0", to: ["20"], since: "2026-02")
        world.facts.undersupply = [.init(kind: "drainage", days: 15)]
        let drained = try world.lines().filter { $0.kind == "drainage" }
        #expect(drained.map(\.volume) == [q("25"), q("-7.5")])
        #expect(drained.map(\.amount) == [rub("709.25"), rub("-212.78")])
    }
}

@Suite struct `Days without a service that are told of a closed month` {
    private func metered(days: Int = 3) -> ChargeWorld {
        var world = ChargeWorld()
        world.coldWater()
        world.meter(.coldWater, "0", to: ["7.556"])
        world.facts.undersupply = [.init(kind: "cold_water", days: days, why: "акт № 7")]
        return world
    }

    /// What was posted in time: without the days.
    private func posted(_ world: ChargeWorld) throws -> [PostedLine] {
        var world = world
        world.facts.undersupply = []
        return try world.lines().map { PostedLine(postedIn: world.facts.month, $0) }
    }

    private func charged(
        _ world: ChargeWorld, _ posted: [PostedLine], kind: String = "cold_water",
        read: ChargeWorld? = nil
    ) -> ChargedMonth {
        Charging.undersupply(
            of: kind, world.facts, readIn: { _ in (read ?? world).facts }, posted: posted,
            because: "ошибка", world.index, world.policy)
    }

    private func only(
        _ world: ChargeWorld, _ posted: [PostedLine], kind: String = "cold_water",
        read: ChargeWorld? = nil
    ) throws -> ChargeLine {
        let charged = charged(world, posted, kind: kind, read: read)
        try #require(charged.problems.isEmpty && charged.lines.count == 1, "\(charged)")
        return charged.lines[0]
    }

    @Test func `take their part of what stands posted, whatever the month would cost now`() throws {
        var world = metered()
        var posted = try posted(world)
        world.tariff("cold_water", "50", from: "2026-04-01")
        // 348.33 × 3 / 30, not 377.80 × 3 / 30.
        let first = try only(world, posted)
        #expect(first.amount == rub("-34.83") && first.volume == q("-0.7556"))
        #expect(first.sort == .recalculation && first.month == m("2026-04"))
        #expect(first.ground == .undersupply(days: 3, why: "акт № 7"))
        #expect(first.steps == [.undersupply(days: 3, of: 30)])
        posted.append(PostedLine(postedIn: m("2026-05"), first))
        #expect(charged(world, posted) == ChargedMonth())
        // More days take what is missing: 348.33 × 5 / 30 is 58.055.
        world.facts.undersupply[0].days = 5
        let more = try only(world, posted)
        #expect(more.amount == rub("-23.23") && more.volume == q("-0.503733"))
        #expect(more.ground == .undersupply(days: 5, why: "акт № 7") && more.steps.isEmpty)
        posted.append(PostedLine(postedIn: m("2026-06"), more))
        // Never more than the month; and all of it comes back where they were told by mistake.
        world.facts.undersupply[0].days = 99
        #expect(try only(world, posted).amount == rub("-290.27"))
        world.facts.undersupply[0].days = 0
        let back = try only(world, posted)
        #expect(back.amount == rub("58.06") && back.volume == q("1.259333"))
        #expect(back.ground == .undersupply(days: 0, why: "ошибка"))
    }

    @Test func `take of the month as it was corrected`() throws {
        let world = metered()
        var posted = try posted(world)
        var corrected = posted[0].line
        corrected.sort = .recalculation
        corrected.volume = q("1")
        corrected.amount = rub("46.10")
        corrected.ground = .corrected("ошибка")
        posted.append(PostedLine(postedIn: m("2026-05"), corrected))
        // (348.33 + 46.10) × 3 / 30.
        #expect(try only(world, posted).amount == rub("-39.44"))
    }

    @Test func `take of what a reading made of an estimate that had been corrected`() throws {
        func world(_ month: String, to: [String]?) -> ChargeWorld {
            var world = ChargeWorld(month)
            world.coldWater()
            world.meter(.coldWater, "0", to: to, since: "2026-02", history: ["4", "5", "6"])
            return world
        }
        var march = world("2026-03", to: nil)
        var posted = try posted(march)
        let estimate = posted[0].line
        // Another tariff, found in April: 5 m³ became 250.00, and the reading of April took that back.
        march.tariff("cold_water", "50", from: "2026-03-01")
        var april = world("2026-04", to: ["12"])
        april.tariff("cold_water", "50", from: "2026-03-01")
        var corrected = estimate
        corrected.sort = .recalculation
        corrected.volume = .zero
        corrected.amount = rub("250") - estimate.amount
        corrected.ground = .corrected("тариф")
        var returned = estimate
        returned.sort = .recalculation
        returned.volume = .zero - estimate.volume
        returned.amount = .zero - rub("250")
        returned.ground = .readingReturned
        posted += [corrected, returned].map { PostedLine(postedIn: m("2026-04"), $0) }
        march.facts.undersupply = [.init(kind: "cold_water", days: 3, why: "акт № 7")]
        // 6 m³ at 50.00, × 3 / 31.
        let first = try only(march, posted, read: april)
        #expect(first.amount == rub("-29.03") && first.steps.count == 1)
        // Told again, more are more.
        posted.append(PostedLine(postedIn: m("2026-05"), first))
        march.facts.undersupply[0].days = 4
        #expect(try only(march, posted, read: april).amount == rub("-9.68"))
        // A close that was reopened left its lines and what took them back: nothing was read, and these are the first days.
        posted += [(corrected, "2026-04"), (returned, "2026-04"), (first, "2026-05")].map {
            var undone = $0
            undone.volume = .zero - undone.volume
            undone.amount = .zero - undone.amount
            return PostedLine(postedIn: m($1), undone)
        }
        let anew = try only(march, posted, read: april)
        // 5 m³ at 46.10, × 4 / 31.
        #expect(anew.amount == rub("-29.74") && anew.steps == [.undersupply(days: 4, of: 31)])
    }

    @Test func `take what they would have taken in time, of a reading of several months too`()
        throws
    {
        var world = ChargeWorld()
        world.coldWater()
        world.tariff("cold_water", "50", from: "2026-04-01")
        world.hotWater()
        world.drainage()
        world.add("heating", .areaNorm, .gcal, price: "2543.17", norm: "0.0225")
        world.meter(.coldWater, "0", to: ["20"], since: "2026-02")
        world.meter(.hotWater, "0", to: ["5"])
        let kinds = ["cold_water", "hot_water", "hot_water_heat", "drainage", "heating"]
        world.facts.undersupply = kinds.map { .init(kind: $0, days: 15, why: "акт") }
        let posted = try posted(world)
        let inTime = try world.lines().filter { $0.ground != nil }
        #expect(inTime.map(\.kind) == kinds)
        for line in inTime { #expect(try only(world, posted, kind: line.kind) == line) }
        // 10 m³ of this month at 50.00 are half of 500.00, and not of 961.00.
        #expect(inTime.first?.amount == rub("-250.00"))
    }

    @Test func `of a reading of several months take their part by the prices that were posted`()
        throws
    {
        var world = ChargeWorld()
        world.coldWater()
        world.tariff("cold_water", "50", from: "2026-04-01")
        world.add("electricity", .meter, .kwh, service: .electricity)
        for (day, night, from) in [("5", "2", "2020-01-01"), ("6", "3", "2026-04-01")] {
            world.tariff("electricity", day, from: from, register: .t1)
            world.tariff("electricity", night, from: from, register: .t2)
        }
        world.meter(.coldWater, "0", to: ["20"], since: "2026-02")
        world.meter(.electricity, "0", "0", to: ["100", "40"], since: "2026-02")
        world.facts.undersupply = ["cold_water", "electricity"].map {
            .init(kind: $0, days: 15, why: "акт")
        }
        var posted = try posted(world)
        // 10 m³ at 46.10 and 10 at 50.00; 50 and 20 kWh at 5.00 and 2.00, and as many at 6.00 and 3.00.
        try #require(posted.map(\.line.amount) == [rub("961.00"), rub("650.00")])
        func taken(_ world: ChargeWorld, _ kind: String = "cold_water") throws -> Money {
            try only(world, posted, kind: kind).amount
        }
        #expect(try taken(world) == rub("-250.00"))
        #expect(try taken(world, "electricity") == rub("-180.00"))
        // The price of another of its months is another one by now: still half of 500.00, and not of 961.00 × 500 / 900.
        var march = world
        march.tariff("cold_water", "40", from: "2026-03-01")
        march.tariff("electricity", "1", from: "2026-03-01", register: .t1)
        march.tariff("electricity", "1", from: "2026-03-01", register: .t2)
        #expect(try taken(march) == rub("-250.00"))
        #expect(try taken(march, "electricity") == rub("-180.00"))
        // So is its own.
        var april = world
        april.tariff("cold_water", "60", from: "2026-04-01")
        #expect(try taken(april) == rub("-250.00"))
        // Corrected since, it is what that made of it: 10 m³ at 40.00 and 10 at 60.00.
        var corrected = posted[0].line
        corrected.sort = .recalculation
        corrected.volume = .zero
        corrected.amount = rub("39.00")
        corrected.steps = [
            .anew(
                parts: [
                    .init(volume: q("10"), price: q("40"), amount: rub("400")),
                    .init(volume: q("10"), price: q("60"), amount: rub("600")),
                ], now: rub("1000"), was: rub("961"))
        ]
        corrected.ground = .corrected("тариф")
        posted.append(PostedLine(postedIn: m("2026-05"), corrected))
        #expect(try taken(march) == rub("-300.00"))
    }

    @Test func `of an estimate that a reading took back take of the reading, as in time`() throws {
        func world(_ month: String, to: [String]?) -> ChargeWorld {
            var world = ChargeWorld(month)
            world.coldWater()
            world.meter(
                .coldWater, "0", to: to, since: "2026-02", history: ["4", "5", "6"])
            return world
        }
        let days = [ChargeFacts.Undersupply(kind: "cold_water", days: 15)]
        func life(_ value: String, _ days: [ChargeFacts.Undersupply]) throws -> [PostedLine] {
            var march = world("2026-03", to: nil)
            march.facts.undersupply = days
            let first = try march.lines().map { PostedLine(postedIn: m("2026-03"), $0) }
            var april = world("2026-04", to: [value])
            april.facts.earlier = first.map(\.line)
            return first + (try april.lines()).map { PostedLine(postedIn: m("2026-04"), $0) }
        }
        // 6 m³ of it are March's: 276.60 × 15 / 31; and nothing of nothing.
        for (value, reading, off) in [("12", "553.20", "-133.84"), ("0", "0", "0")] {
            let posted = try life(value, [])
            try #require(posted.map(\.line.amount) == ["230.50", reading, "-230.50"].map(rub))
            var march = world("2026-03", to: nil)
            march.facts.undersupply = days
            let late = charged(march, posted, read: world("2026-04", to: [value]))
            #expect(late.problems.isEmpty)
            #expect(late.lines.reduce(Money.zero) { $0 + $1.amount } == rub(off))
            let inTime = try life(value, days).filter(\.line.isUndersupply)
            // 230.50 × 15 / 31 first.
            #expect(inTime.first?.line.amount == rub("-111.53") && inTime.count == 2)
            #expect(inTime.reduce(Money.zero) { $0 + $1.line.amount } == rub(off))
            // And once they are posted nothing is missing.
            #expect(
                charged(
                    march, try life(value, days), read: world("2026-04", to: [value])
                ) == ChargedMonth())
        }
    }

    @Test func `take of what cannot be charged anew any more, where that does not matter`() throws {
        var world = metered()
        let posted = try posted(world)
        world.facts.contracts = [
            Contract(kind: "cold_water", scope: .account, from: ChargeWorld.begin, isOff: true)
        ]
        #expect(try only(world, posted).amount == rub("-34.83"))
        // The needs of a house are shared once, with what all of it used.
        world.add("house", .houseNeeds, .m3, price: "46.10", service: .coldWater, of: "cold_water")
        world.facts.undersupply = [.init(kind: "house", days: 3)]
        var line = posted[0].line
        line.kind = "house"
        line.amount = rub("20.00")
        let house = [PostedLine(postedIn: world.facts.month, line)]
        #expect(try only(world, house, kind: "house").amount == rub("-2.00"))
        // A reading may have told of several months: without a price nobody knows what this one costs.
        world = metered()
        world.references.tariffs.removeAll { $0.kind == "cold_water" }
        let charged = charged(world, posted)
        #expect(charged.lines.isEmpty && charged.problems.map(\.what) == [.tariff])
        // What was not charged at all has nothing to be taken off.
        #expect(self.charged(world, []) == ChargedMonth())
    }
}

@Suite struct `A month charged again` {
    private func metered(_ to: String) -> ChargeWorld {
        var world = ChargeWorld()
        world.coldWater()
        world.hotWater()
        world.drainage()
        world.meter(.coldWater, "0", to: [to])
        world.meter(.hotWater, "0", to: ["3"])
        return world
    }

    private func again(_ world: ChargeWorld, _ posted: [ChargeLine]) -> [ChargeLine] {
        charged(world, posted).lines
    }

    /// What corrects a month was posted behind it.
    private func charged(_ world: ChargeWorld, _ posted: [ChargeLine]) -> ChargedMonth {
        Charging.again(
            [world.facts],
            posted: posted.map { line in
                var month = world.facts.month
                if case .corrected = line.ground { month = month.advanced(by: 1) }
                return PostedLine(postedIn: month, line)
            }, because: { _ in "ошибка" }, world.index, world.policy)
    }

    @Test func `unchanged gives nothing`() throws {
        let world = metered("7.556")
        #expect(again(world, try world.lines()).isEmpty)
    }

    @Test func `gives the difference of what changed, and why`() throws {
        let posted = try metered("7.556").lines()
        let lines = again(metered("8.556"), posted)
        #expect(lines.map(\.kind) == ["cold_water", "drainage"])
        #expect(lines.map(\.amount) == [rub("46.10"), rub("28.37")])
        #expect(lines.map(\.volume) == [q("1"), q("1")])
        #expect(lines.allSatisfy { $0.sort == .recalculation && $0.month == m("2026-04") })
        #expect(lines.allSatisfy { $0.ground == .corrected("ошибка") })
    }

    @Test func `tells the two sums that it is the difference of`() throws {
        var posted = try metered("7.556").lines()
        let lines = again(metered("8.556"), posted)
        try #require(lines.map(\.kind) == ["cold_water", "drainage"])
        #expect(
            lines[0].steps.last
                == .anew(
                    parts: [.init(volume: q("8.556"), price: q("46.1"), amount: rub("394.43"))],
                    now: rub("394.43"), was: rub("348.33")))
        // What was corrected before counts among what was charged.
        posted += lines
        #expect(
            again(metered("9.556"), posted).first?.steps.last
                == .anew(
                    parts: [.init(volume: q("9.556"), price: q("46.1"), amount: rub("440.53"))],
                    now: rub("440.53"), was: rub("394.43")))
        // And what is not charged any more comes to nothing.
        var world = metered("8.556")
        world.facts.contracts = [
            Contract(kind: "drainage", scope: .account, from: ChargeWorld.begin, isOff: true)
        ]
        let gone = try #require(again(world, posted).first { $0.kind == "drainage" })
        #expect(gone.steps == [.anew(parts: [], now: .zero, was: -gone.amount)])
    }

    @Test func `and again gives nothing more`() throws {
        let posted = try metered("7.556").lines()
        let world = metered("8.556")
        #expect(again(world, posted + again(world, posted)).isEmpty)
    }

    @Test func `takes days without the service off in the words of who told them`() throws {
        var world = metered("7.556")
        var posted = try world.lines()
        world.facts.undersupply = [.init(kind: "cold_water", days: 3, why: "акт № 7")]
        let told = again(world, posted)
        try #require(told.map(\.amount) == [rub("-34.83")])
        #expect(told[0].ground == .undersupply(days: 3, why: "акт № 7"))
        #expect(told[0].steps == [.undersupply(days: 3, of: 30)])
        posted += told
        #expect(again(world, posted).isEmpty)
        // Beside what differs for another reason.
        world.tariff("cold_water", "50", from: "2026-04-01")
        let both = again(world, posted)
        #expect(
            both.map(\.ground) == [.corrected("ошибка"), .undersupply(days: 3, why: "акт № 7")])
        posted += both
        #expect(again(world, posted).isEmpty)
        // Told by mistake: all of it comes back, for the correction's reason.
        world.facts.undersupply = []
        let back = again(world, posted)
        #expect(back.map(\.ground) == [.undersupply(days: 0, why: "ошибка")])
        #expect(back.map(\.amount) == [rub("37.78")])
        #expect(again(world, posted + back).isEmpty)
    }

    @Test func `by another method takes back the one and charges the other`() throws {
        var world = metered("7.556")
        let posted = try world.lines()
        world.facts.meters[0].reading = nil
        world.facts.meters[0].since = m("2026-01")
        world.facts.meters[0].history = ["4", "5", "6"].map { .init(volumes: [q($0)]) }
        let lines = again(world, posted)
        let cold = lines.filter { $0.kind == "cold_water" }
        #expect(Set(cold.map(\.method)) == [.average, .meter])
        #expect(Set(cold.map(\.amount)) == [rub("230.50"), rub("-348.33")])
        #expect(again(world, posted + lines).isEmpty)
        let total = (posted + lines).reduce(Money.zero) { $0 + $1.amount }
        #expect(total == world.charged().total)
    }

    @Test func `takes back what is not charged any more, but not what cannot be charged`() throws {
        var world = metered("7.556")
        let posted = try world.lines()
        world.facts.contracts = [
            Contract(kind: "drainage", scope: .account, from: ChargeWorld.begin, isOff: true)
        ]
        #expect(again(world, posted).map(\.amount) == [rub("-299.47")])
        world.references.tariffs.removeAll { $0.kind == "cold_water" }
        let charged = charged(world, posted)
        #expect(charged.lines.map(\.kind) == ["drainage"])
        #expect(charged.problems.map(\.what) == [.tariff])
    }
}

@Suite struct `A preview` {
    @Test func `names readings that are missing, and jumps`() throws {
        var world = ChargeWorld()
        world.coldWater()
        world.meter(.coldWater, to: nil, since: "2026-01", history: ["5", "5", "5"])
        #expect(
            Charging.anomalies(world.facts, try world.lines()) == [
                .noReading(.coldWater, meter: "M", months: 3)
            ])
        func read(_ volume: String, since: String = "2026-03") throws -> [Charging.Anomaly] {
            world.facts.meters[0].since = m(since)
            world.facts.meters[0].reading = .init(
                from: [.zero], to: [q(volume)], volumes: [q(volume)])
            return Charging.anomalies(world.facts, try world.lines())
        }
        #expect(try read("15").isEmpty)
        #expect(
            try read("15.001") == [
                .jump(.coldWater, meter: "M", volume: q("15.001"), average: q("5"))
            ])
        #expect(try read("30", since: "2026-02").isEmpty)
        // Three times of little is little.
        world.facts.meters[0].history = ["1", "1", "1"].map { .init(volumes: [q($0)]) }
        #expect(try read("10").isEmpty)
    }

    @Test func `names what is below zero`() throws {
        let world = ChargeWorld()
        func line(_ kind: String, _ sum: String) -> ChargeLine {
            ChargeLine(
                kind: kind, month: m("2026-04"), method: .other, unit: .month, volume: .zero,
                amount: rub(sum))
        }
        #expect(
            Charging.anomalies(
                world.facts, [line("a", "5"), line("b", "1"), line("b", "-3")])
                == [.negative(kind: "b", rub("-2"))])
        #expect(
            Charging.anomalies(world.facts, [line("a", "-5"), line("b", "1")])
                == [.negative(kind: "a", rub("-5")), .negativeTotal(rub("-4"))])
    }
}
