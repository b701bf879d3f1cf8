import Commands
import Testing

@testable import Domain

private let six = ["6.980", "7.444", "7.010", "8.120", "6.900", "7.556"]

/// Cold water whose reading of `month` is missing since `since`.
private func missing(
    _ month: String, since: String, history: [String] = six,
    change: (inout MeterMonth) -> Void = { _ in }
) -> ChargeWorld {
    var world = ChargeWorld(month)
    world.coldWater()
    world.meter(.coldWater, to: nil, since: since, history: history, change: change)
    return world
}

@Suite struct `A missing reading` {
    @Test func `Ex 1.8a: is stood in for by the mean of six months`() throws {
        let line = try missing("2026-02", since: "2026-01").only()
        #expect(line.volume == q("7.335") && line.amount == rub("338.14"))
        #expect(line.method == .average)
        #expect(line.steps == [.average(volumes: six.map(q), months: 6)])
    }

    @Test func `has six months for its mean at most, and three at least`() throws {
        #expect(
            try missing("2026-02", since: "2026-01", history: six + ["100"]).only().volume
                == q("7.335"))
        let three = try missing("2026-02", since: "2026-01", history: ["3", "4", "6"]).only()
        #expect(three.volume == q("4.333333") && three.amount == rub("199.77"))
        let two = try missing("2026-02", since: "2026-01", history: ["3", "4"]).only()
        #expect(two.method == .norm && two.amount == rub("580.86"))
    }

    @Test func `takes of a reading of several months an even share for each`() throws {
        var world = missing("2026-02", since: "2026-01", history: [])
        world.facts.meters[0].history = [
            .init(volumes: [q("4")]), .init(months: 10, volumes: [q("100")]),
        ]
        let line = try world.only()
        #expect(line.volume == q("9"))
        #expect(line.steps == [.average(volumes: [q("4"), q("50")], months: 6)])
    }

    @Test(arguments: [
        ("2026-02", ChargeMethod.average), ("2026-03", .average), ("2026-04", .average),
        ("2026-05", .norm), ("2027-01", .norm),
    ])
    func `is stood in for three periods in a row, and then it is the norm, not multiplied`(
        month: String, method: ChargeMethod
    ) throws {
        #expect(try missing(month, since: "2026-01").only().method == method)
    }

    @Test(arguments: [("2026-02", 1), ("2026-04", 1), ("2026-05", 2)])
    func `of a meter that broke or is not verified ends in a norm that is multiplied`(
        month: String, count: Int
    ) throws {
        let changes: [(inout MeterMonth) -> Void] = [
            { $0.verifiedUntil = d("2026-02-10") }, { $0.failedOn = d("2026-02-28") },
            { $0.removedOn = d("2026-02-01") },
        ]
        for change in changes {
            let lines = try missing(month, since: "2026-01", change: change).lines()
            try #require(lines.count == count)
            #expect(lines[0].method == (count == 1 ? .average : .norm))
            if count == 2 { #expect(lines.map(\.amount) == [rub("580.86"), rub("1161.72")]) }
        }
    }

    @Test func `before the meter's verification ends is nobody's fault`() throws {
        let world = missing("2026-05", since: "2026-01") { $0.verifiedUntil = d("2026-05-31") }
        #expect(try world.lines().count == 1)
        let expired = missing("2026-05", since: "2026-01") { $0.verifiedUntil = d("2026-05-30") }
        #expect(try expired.lines().count == 2)
    }

    @Test func `of a meter that was just installed has no history to go by`() throws {
        let world = missing("2026-02", since: "2026-02", history: [])
        #expect(try world.only().method == .norm)
    }

    @Test func `of one of two meters is stood in for beside the other's`() throws {
        var world = missing("2026-02", since: "2026-01", history: ["1", "2", "3"])
        world.meter(.coldWater, "0", to: ["5"], number: "bath")
        world.hotWater()
        world.drainage()
        world.meter(.hotWater, "0", to: ["1"])
        let lines = try world.lines()
        try #require(lines.count > 2)
        #expect(lines[0].method == .meter && lines[0].volume == q("5"))
        #expect(lines[1].method == .average && lines[1].volume == q("2"))
        let drainage = try #require(lines.last)
        #expect(drainage.volume == q("8") && drainage.method == .average)
        // Beyond three periods the flat is not metered as a whole, and charged by norm as a whole.
        world.facts.meters[0].since = m("2025-10")
        #expect(
            try world.lines().map(\.kind)
                == ["cold_water", "hot_water", "hot_water_heat", "drainage"])
        #expect(try world.lines().first?.volume == q("12.6"))
    }

    @Test func `of a meter with zones is stood in for zone by zone`() throws {
        var world = ChargeWorld()
        world.add("electricity", .meter, .kwh, service: .electricity)
        world.tariff("electricity", "6.24", register: .t1)
        world.tariff("electricity", "3.04", register: .t2)
        world.facts.meters = [
            MeterMonth(
                service: .electricity, number: "E", registers: 2, since: m("2026-03"),
                history: [
                    .init(volumes: [q("100"), q("50")]), .init(volumes: [q("110"), q("40")]),
                    .init(volumes: [q("90"), q("61")]),
                ])
        ]
        let line = try world.only()
        #expect(line.parts.map(\.volume) == [q("100"), q("50.333333")])
        #expect(
            line.steps == [
                .average(volumes: [q("100"), q("110"), q("90")], months: 3),
                .average(volumes: [q("50"), q("40"), q("61")], months: 3),
            ])
    }
}

@Suite struct `A reading that comes back` {
    /// Charges month after month what is missing, and then a reading of `month`.
    private func life(
        _ months: [String], to: String, in month: String, change: (inout ChargeWorld) -> Void
    ) throws -> (estimated: [ChargeLine], world: ChargeWorld) {
        var posted: [ChargeLine] = []
        for missed in months {
            var world = missing(missed, since: "2026-01")
            change(&world)
            world.facts.earlier = posted
            posted += try world.lines()
        }
        var world = ChargeWorld(month)
        world.coldWater()
        world.meter(.coldWater, "131.012", to: [to], since: "2026-01", history: six)
        change(&world)
        world.facts.earlier = posted
        return (posted, world)
    }

    @Test func `Ex 1.8b: takes back what was charged by average, and charges what was used`()
        throws
    {
        let (estimated, world) = try life(
            ["2026-02", "2026-03"], to: "160.000", in: "2026-04"
        ) { _ in }
        #expect(estimated.map(\.amount) == [rub("338.14"), rub("338.14")])
        let lines = try world.lines()
        try #require(lines.map(\.amount) == [rub("1336.35"), rub("-338.14"), rub("-338.14")])
        #expect(lines.map(\.sort) == [.charge, .recalculation, .recalculation])
        #expect(lines.map(\.month) == ["2026-04", "2026-02", "2026-03"].map(m))
        #expect(lines[0].volume == q("28.988"))
        #expect(lines[0].steps.last == .spread(volume: q("28.988"), months: 3))
        #expect(lines[1].ground == .readingReturned && lines[1].volume == q("-7.335"))
        #expect(lines[1].parts.map(\.amount) == [rub("-338.14")])
        #expect(world.charged().total == rub("660.07"))
    }

    @Test func `spreads it evenly where the tariff changed between, each month at its own`() throws
    {
        let (_, world) = try life(["2026-02", "2026-03"], to: "160.000", in: "2026-04") {
            $0.tariff("cold_water", "50", from: "2026-03-01")
            $0.tariff("cold_water", "55.55", from: "2026-04-01")
        }
        let line = try world.lines()[0]
        #expect(line.parts.map(\.volume) == [q("9.662667"), q("9.662667"), q("9.662666")])
        #expect(line.parts.map(\.price) == [q("46.10"), q("50"), q("55.55")])
        // 9.66266… × 151.65 = 1 465.3434, whatever its parts are rounded to.
        #expect(line.amount == rub("1465.34"))
        #expect(line.parts.map(\.amount) == [rub("445.45"), rub("483.13"), rub("536.76")])
    }

    @Test func `Ex 1.8c: leaves months that were charged by norm as they are`() throws {
        let months = ["2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]
        let (estimated, world) = try life(months, to: "191.012", in: "2026-07") { _ in }
        #expect(
            estimated.map(\.method) == [.average, .average, .average, .norm, .norm])
        let lines = try world.lines()
        // Four of six months: three by average, and this one.
        #expect(lines[0].volume == q("40") && lines[0].amount == rub("1844.00"))
        #expect(lines.dropFirst().map(\.month) == ["2026-02", "2026-03", "2026-04"].map(m))
        // And why it is not all that was read.
        #expect(
            lines[0].steps.suffix(2) == [
                .spread(volume: q("60"), months: 6), .kept(volume: q("60"), months: 2, of: 6),
            ])
        var returning = world
        returning.policy.returnsNorm = true
        let all = try returning.lines()
        try #require(all.count == 6)
        #expect(all[0].volume == q("60"))
        #expect(all[0].steps.last == .spread(volume: q("60"), months: 6))
        #expect(all[5].amount == rub("-580.86") && all[5].month == m("2026-06"))
    }

    @Test func `lower than what was charged by averages gives a credit`() throws {
        let (_, world) = try life(["2026-02", "2026-03"], to: "133.012", in: "2026-04") { _ in }
        #expect(try world.lines()[0].amount == rub("92.20"))
        #expect(world.charged().total == rub("-584.08"))
    }

    @Test func `takes everything that hangs on the volume with it`() throws {
        func world(_ month: String, since: String?, to: String?, hot: String) -> ChargeWorld {
            var world = ChargeWorld(month)
            world.coldWater()
            world.hotWater()
            world.drainage()
            world.meter(
                .hotWater, "10", to: to.map { [$0] }, since: since, history: ["3", "4", "5"])
            world.meter(.coldWater, "0", to: [hot])
            return world
        }
        let february = try world("2026-02", since: "2026-01", to: nil, hot: "7.5").lines()
        var march = world("2026-03", since: "2026-01", to: "19", hot: "6")
        march.facts.earlier = february
        let lines = try march.lines()
        func sum(_ kind: String, _ month: String) -> Money {
            (february + lines).reduce(.zero) {
                $1.kind == kind && $1.month == m(month) ? $0 + $1.amount : $0
            }
        }
        // Nothing of the hot water of February stays, and its drainage is that of the cold one.
        #expect(sum("hot_water", "2026-02") == .zero && sum("hot_water_heat", "2026-02") == .zero)
        #expect(sum("drainage", "2026-02") == rub("212.78"))
        #expect(sum("hot_water", "2026-03") == rub("414.90"))
        #expect(sum("drainage", "2026-03") == rub("425.55"))
        #expect(sum("hot_water_heat", "2026-03") == rub("1425.96"))
        #expect(
            lines.filter { $0.sort == .recalculation }.map(\.kind)
                == ["hot_water", "hot_water_heat", "drainage"])
    }

    @Test func `of one of two meters leaves the other's averages`() throws {
        func world(_ month: String) -> ChargeWorld {
            var world = missing(month, since: "2026-01", history: ["1", "2", "3"])
            world.meter(
                .coldWater, to: nil, since: "2026-01", history: ["4", "5", "6"], number: "bath")
            return world
        }
        let february = try world("2026-02").lines()
        #expect(february.map(\.volume) == [q("7")])
        var march = world("2026-03")
        march.facts.earlier = february
        march.facts.meters[1].reading = .init(from: [.zero], to: [q("12")], volumes: [q("12")])
        let lines = try march.lines()
        try #require(lines.map(\.volume) == [q("12"), q("2"), q("-5")])
        #expect(lines[2].amount == rub("92.20") - rub("322.70"))
        // And then the other's come too.
        var april = world("2026-04")
        april.facts.earlier = february + lines
        april.facts.meters[1].since = m("2026-03")
        for (place, volume) in [(0, "3"), (1, "6")] {
            april.facts.meters[place].reading = .init(
                from: [.zero], to: [q(volume)], volumes: [q(volume)])
        }
        let rest = try april.lines()
        #expect(rest.map(\.volume) == [q("9"), q("-2"), q("-2")])
        #expect((february + lines + rest).reduce(.zero) { $0 + $1.volume } == q("21"))
    }

    @Test func `takes days without the service of what it makes of their month`() throws {
        func lines(_ value: String) throws -> [ChargeLine] {
            let (_, world) = try life(["2026-02"], to: value, in: "2026-03") {
                if $0.facts.month == m("2026-02") {
                    $0.facts.undersupply = [.init(kind: "cold_water", days: 7, why: "акт")]
                }
            }
            try #require(
                world.facts.earlier.map(\.amount) == [rub("338.14"), rub("-84.54")])
            return try world.lines()
        }
        // Of February 6.994 m³ at 46.10, × 7 / 28: 80.61, where the average had 84.54.
        let some = try lines("145")
        try #require(some.map(\.amount) == [rub("644.85"), rub("-338.14"), rub("3.93")])
        #expect(some[2].ground == .undersupply(days: 7, why: "акт"))
        #expect(some[2].month == m("2026-02") && some[2].steps.isEmpty)
        // Where nothing was used nothing is owed, and nobody is given what was never charged.
        let none = try lines("131.012")
        #expect(none.map(\.amount) == [.zero, rub("-338.14"), rub("84.54")])
    }

    @Test func `takes days of the part that each of two meters has in their month`() throws {
        func world(_ month: String) -> ChargeWorld {
            var world = missing(month, since: "2026-01", history: ["1", "2", "3"])
            world.meter(
                .coldWater, to: nil, since: "2026-01", history: ["4", "5", "6"], number: "bath")
            return world
        }
        func read(_ world: inout ChargeWorld, _ place: Int, _ volume: String) {
            world.facts.meters[place].reading = .init(
                from: [.zero], to: [q(volume)], volumes: [q(volume)])
        }
        var february = world("2026-02")
        var march = world("2026-03")
        read(&march, 1, "12")
        var april = world("2026-04")
        april.facts.meters[1].since = m("2026-03")
        read(&april, 0, "3")
        read(&april, 1, "6")
        func life(_ days: [ChargeFacts.Undersupply]) throws -> [PostedLine] {
            february.facts.undersupply = days
            var posted: [PostedLine] = []
            for var world in [february, march, april] {
                world.facts.earlier = posted.map(\.line)
                posted += try world.lines().map { PostedLine(postedIn: world.facts.month, $0) }
            }
            return posted
        }
        let days = [ChargeFacts.Undersupply(kind: "cold_water", days: 14, why: "акт")]
        let inTime = try life(days).filter {
            if case .undersupply = $0.line.ground { true } else { false }
        }
        // 7 m³ by average; 6 m³ of the bath's reading and 2 by average; 1 m³ of the other's in place of these.
        #expect(inTime.map(\.line.amount) == [rub("-161.35"), rub("-23.05"), rub("23.05")])
        // Told behind it all they take the same.
        let posted = try life([])
        february.facts.undersupply = days
        let late = Charging.undersupply(
            of: "cold_water", february.facts,
            readIn: { $0 == m("2026-03") ? march.facts : april.facts }, posted: posted,
            because: "", february.index)
        #expect(late.problems.isEmpty && late.lines.map(\.amount) == [rub("-161.35")])
    }
}

/// A month in which one meter told of four, across a change of tariffs, while another was stood in for.
@Suite struct `A reading that comes back to a month in which another told of several` {
    /// Of drainage, whose tariff changed on 1 July. In August only hot water is read, for the first time since April.
    private func world(_ month: String, cold: String?, hot: String, since: String) -> ChargeWorld {
        var world = ChargeWorld(month)
        world.coldWater()
        world.hotWater()
        world.add("drainage", .drainage, .m3, price: "25.90")
        world.tariff("drainage", "28.37", from: "2026-07-01")
        world.meter(
            .coldWater, "144.416", to: cold.map { [$0] }, since: "2026-07",
            history: ["3.775667", "3.775667", "3.775667"])
        world.meter(.hotWater, "150.079", to: [hot], since: since)
        return world
    }

    private func august() -> ChargeWorld {
        world("2026-08", cold: nil, hot: "167.069", since: "2026-04")
    }

    private func september(_ earlier: [ChargeLine]) -> ChargeWorld {
        var world = world("2026-09", cold: "155.743", hot: "153.079", since: "2026-08")
        world.facts.earlier = earlier
        return world
    }

    private func sum(_ lines: [ChargeLine], _ kind: String, _ month: String) -> Money {
        lines.reduce(.zero) {
            $1.kind == kind && $1.month == m(month) ? $0 + $1.amount : $0
        }
    }

    @Test func `takes back the estimate alone: what was told stays at the prices of its months`()
        throws
    {
        let august = try august().lines()
        // 8.495 × 25.90 + (8.495 + 3.775667) × 28.37.
        #expect(sum(august, "drainage", "2026-08") == rub("568.14"))
        let lines = try september(august).lines()
        let back = try #require(lines.first { $0.kind == "drainage" && $0.month == m("2026-08") })
        #expect(back.volume == q("-3.775667"))
        #expect(back.amount == rub("-107.12"))
        #expect(back.ground == .readingReturned)
        // As if the cold water of August had been read when it was nothing.
        let direct = try world("2026-08", cold: "144.416", hot: "167.069", since: "2026-04").lines()
        #expect(sum(direct, "drainage", "2026-08") == rub("461.02"))
        #expect(sum(august + lines, "drainage", "2026-08") == rub("461.02"))
        #expect(sum(august + lines, "cold_water", "2026-08") == .zero)
    }

    @Test func `is charged anew to the same`() throws {
        let facts = august()
        let posted = try facts.lines()
        let returned = try september(posted).lines()
        func again(_ returned: [ChargeLine]) -> [ChargeLine] {
            Charging.again(
                [facts.facts, september([]).facts],
                posted: posted.map { PostedLine(postedIn: m("2026-08"), $0) }
                    + returned.map { PostedLine(postedIn: m("2026-09"), $0) },
                because: { _ in "ошибка" }, facts.index
            ).lines
        }
        #expect(again(returned).isEmpty)
        // What was taken back at one price for all of it comes right.
        let wrong = returned.map { line in
            var line = line
            if line.kind == "drainage", line.month == m("2026-08") { line.amount = rub("-86.13") }
            return line
        }
        let lines = again(wrong)
        #expect(lines.map(\.kind) == ["drainage"] && lines.map(\.month) == [m("2026-08")])
        #expect(lines.map(\.amount) == [rub("-20.99")])
    }

    /// Two meters of hot water, and a heat whose tariff, and perhaps its norm, changed on 1 July.
    @Test(arguments: [nil, "0.0581"])
    func `takes back the heat of the estimate alone`(norm: String?) throws {
        func world(_ month: String, bath: String?, kitchen: String, since: String) -> ChargeWorld {
            var world = ChargeWorld(month)
            world.hotWater()
            world.tariff("hot_water_heat", "2776.30", from: "2026-07-01")
            if let norm {
                world.references.norms.append(
                    Norm(kind: "hot_water_heat", from: d("2026-07-01"), value: q(norm)))
            }
            world.meter(.hotWater, "10", to: [kitchen], since: since, number: "kitchen")
            world.meter(
                .hotWater, "7", to: bath.map { [$0] }, since: "2026-07",
                history: ["2.1", "2.3", "2.6"], number: "bath")
            return world
        }
        let august = try world("2026-08", bath: nil, kitchen: "18.5", since: "2026-04").lines()
        var september = world("2026-09", bath: "12", kitchen: "12", since: "2026-08")
        september.facts.earlier = august
        let lines = try september.lines()
        let back = try #require(
            lines.first { $0.kind == "hot_water_heat" && $0.month == m("2026-08") })
        // 2.333333 × 0.0623 (0.0581) × 2 776.30.
        let amount = rub(norm == nil ? "-403.58" : "-376.37")
        #expect(back.amount == amount)
        #expect(back.volume == q(norm == nil ? "-0.145367" : "-0.135567"))
        let direct = try world("2026-08", bath: "7", kitchen: "18.5", since: "2026-04").lines()
        for kind in ["hot_water", "hot_water_heat"] {
            #expect(sum(august + lines, kind, "2026-08") == sum(direct, kind, "2026-08"), "\(kind)")
        }
    }

    /// Of any volumes, gaps and prices.
    @Test(arguments: 0..<60)
    func `leaves what would have been charged without the estimate`(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        func amount(_ below: Int64) -> Quantity {
            Quantity(millionths: Int64.random(in: 1..<(below * 1_000), using: &random) * 1_000)
        }
        let (estimate, told, used) = (amount(9), amount(40), amount(20))
        let gap = Int.random(in: 2...6, using: &random)
        let prices = [amount(60), amount(60), amount(60)]
        func world(_ month: String, cold: Quantity?, hot: Quantity, gap: Int) -> ChargeWorld {
            var world = ChargeWorld(month)
            world.coldWater()
            world.hotWater()
            world.add("drainage", .drainage, .m3, price: "\(prices[0])")
            world.tariff("drainage", "\(prices[1])", from: "2026-07-01")
            world.tariff("drainage", "\(prices[2])", from: "2026-08-01")
            world.facts.meters = [
                MeterMonth(
                    service: .coldWater, number: "C", registers: 1,
                    reading: cold.map { .init(from: [.zero], to: [$0], volumes: [$0]) },
                    since: m("2026-07"),
                    history: [.init(months: 3, volumes: [estimate])]),
                MeterMonth(
                    service: .hotWater, number: "H", registers: 1,
                    reading: .init(from: [.zero], to: [hot], volumes: [hot]),
                    since: world.facts.month.advanced(by: -gap)),
            ]
            return world
        }
        let august = try world("2026-08", cold: nil, hot: told, gap: gap).lines()
        var september = world("2026-09", cold: used, hot: used, gap: 1)
        september.facts.earlier = august
        let all = august + (try september.lines())
        let direct = try world("2026-08", cold: .zero, hot: told, gap: gap).lines()
        #expect(sum(all, "drainage", "2026-08") == sum(direct, "drainage", "2026-08"))
        let volume = all.filter { $0.kind == "drainage" && $0.month == m("2026-08") }
            .reduce(Quantity.zero) { $0 + $1.volume }
        #expect(volume == told)
    }
}
