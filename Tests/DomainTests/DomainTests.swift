import Commands
import Testing

@testable import Domain

/// A small world: one organization, one account, one meter of a service.
struct World {
    var organization: OrganizationFacts
    var account: AccountFacts
    var next: UInt64 = 1

    init(
        service: Service = .coldWater, registers: Int = 1, digits: Int = 5, decimals: Int = 3,
        initial: String = "0", installed: String? = "2026-01-01", verified: String? = nil,
        window: Profile.Readings.Window? = nil, late: Profile.Readings.Late = .refuse
    ) throws {
        var profile = try Profile(
            JSON.parse(
                Array(
                    """
                    {"code":"o","name":"О","title":"ЛК","time_zone":"Asia/Irkutsk",
                    "companies":[{"code":"c","name":"С"}],"services":["cold_water"]}
                    """.utf8)))
        profile.readings.window = window
        profile.readings.late = late
        organization = OrganizationFacts(profile: profile, periods: [])
        let number = try #require(AccountNumber("626200012"))
        account = AccountFacts(
            id: 1, card: AccountCard(account: number),
            meters: [
                MeterFacts(
                    id: 2, service: service, number: "M", registers: registers, digits: digits,
                    decimals: decimals, installedOn: installed.flatMap { Day($0) },
                    verifiedUntil: verified.flatMap { Day($0) },
                    initial: [Quantity](repeating: try quantity(initial), count: registers))
            ])
    }

    @discardableResult
    mutating func submit(
        _ values: [String], on day: String, today: String? = nil, channel: Channel = .resident,
        confirm: Bool = false, at receivedAt: Int64 = 0
    ) throws -> Decision {
        let sender = Sender(
            id: CommandID(high: 0, low: next), channel: channel, actor: "test",
            receivedAt: receivedAt, today: try #require(Day(today ?? day)))
        next += 1
        let decision = Readings.submit(
            SubmitReading(
                account: account.card.account, meter: "M",
                values: zip(Register.allCases, values).map { RegisterValue($0, $1) },
                takenOn: Day(day), confirm: confirm), from: sender, account: account,
            organization: organization)
        for change in decision.changes { account.apply(change) }
        return decision
    }

    /// Volumes as decided, month by month, oldest first.
    var meter: MeterFacts { account.meters[0] }
}

func quantity(_ text: String) throws -> Quantity {
    guard case .value(let value, _, _) = Quantity.read(text) else {
        throw Refusal(.readingFormat)
    }
    return value
}

extension Decision {
    var code: Refusal.Code? {
        if case .refused(let refusal) = outcome { return refusal.code }
        return nil
    }

    var volumes: [String]? {
        for change in changes {
            if case .readingAccepted(_, _, _, let volumes, _) = change {
                return volumes.map { $0.text(decimals: 0) }
            }
        }
        return nil
    }
}

@Suite struct `Worked examples of domain.md` {
    @Test func `1.1a: 123.456 to 131.012 is 7.556 cubic metres`() throws {
        var world = try World(initial: "123.456")
        #expect(try world.submit(["131,012"], on: "2026-04-18").volumes == ["7.556"])
    }

    @Test func `1.1b: a five-digit dial that went over gives 7.370`() throws {
        var world = try World(initial: "99998.750")
        let decision = try world.submit(["00006.120"], on: "2026-01-20")
        #expect(decision.volumes == ["7.37"])
        #expect(decision.outcome == .accepted(.object(["rolled": .bool(true)])))
    }
}

@Suite struct `Submitting a reading` {
    @Test(arguments: [
        ("1e9", Refusal.Code.readingFormat), ("NaN", .readingFormat), ("٣", .readingFormat),
        ("-1", .readingFormat), ("", .readingFormat), ("1.2345", .readingFormat),
        ("1,2,3", .readingFormat), ("100000", .readingCapacity),
        ("123456789012345678901234567890", .readingCapacity),
    ])
    func `is refused when it is no number of this dial`(text: String, code: Refusal.Code) throws {
        var world = try World()
        #expect(try world.submit([text], on: "2026-04-18").code == code)
    }

    @Test(arguments: [
        "00012", " 12 ", "12,000", "12.0", "1 2", "0 012,0", "1\u{A0}2", "1\u{2009}2", "1\u{202F}2",
    ])
    func `takes leading zeros, spaces, comma and dot`(text: String) throws {
        var world = try World(initial: "10")
        #expect(try world.submit([text], on: "2026-04-18").volumes == ["2"])
    }

    @Test func `wants every zone, and no other`() throws {
        var world = try World(service: .electricity, registers: 2, decimals: 0)
        #expect(try world.submit(["10"], on: "2026-04-18").code == .readingZones)
        #expect(try world.submit(["1", "2", "3"], on: "2026-04-18").code == .readingZones)
        #expect(try world.submit(["10", "20"], on: "2026-04-18").volumes == ["10", "20"])
    }

    @Test(arguments: [
        (9, false), (10, true), (25, true), (26, false),
    ])
    func `is taken inside the window, both ends included`(day: Int, open: Bool) throws {
        var world = try World(window: .init(from: 10, to: 25))
        let date = "2026-04-\(day < 10 ? "0" : "")\(day)"
        #expect(
            try world.submit(["5"], on: date).code == (open ? nil : Refusal.Code.readingWindow))
        // Operators and files are not bound by it.
        #expect(try world.submit(["5"], on: date, channel: .import).code == nil)
    }

    @Test func `belongs to the month before when the window crosses its end`() throws {
        var world = try World(window: .init(from: 25, to: 3))
        try world.submit(["5"], on: "2026-05-02")
        #expect(world.meter.history.first?.month == Month("2026-04"))
    }

    @Test func `below the previous one is refused with what it is compared with`() throws {
        var world = try World(initial: "100")
        try world.submit(["105"], on: "2026-03-20")
        let decision = try world.submit(["104"], on: "2026-04-18")
        #expect(
            decision.outcome
                == .refused(
                    Refusal(.readingLess, ["prev": "105", "date": "2026-03-20"])))
    }

    @Test func `is compared with earlier months, so it may correct its own`() throws {
        var world = try World(initial: "100")
        try world.submit(["109"], on: "2026-04-12")
        let decision = try world.submit(["104"], on: "2026-04-18")
        #expect(decision.volumes == ["4"])
        #expect(world.meter.history.count == 1)
        #expect(world.meter.replaced.count == 1)
    }

    @Test func `equal to the previous one is a real reading of zero use`() throws {
        var world = try World(initial: "100")
        try world.submit(["105"], on: "2026-03-20")
        #expect(try world.submit(["105"], on: "2026-04-18").volumes == ["0"])
    }

    @Test func `the same again changes nothing, however old it is`() throws {
        var world = try World(initial: "100")
        try world.submit(["105"], on: "2026-03-20", channel: .import)
        try world.submit(["107"], on: "2026-04-18", channel: .import)
        let again = try world.submit(
            ["105"], on: "2026-03-20", today: "2026-04-18", channel: .import)
        #expect(again.outcome == .accepted(.object(["unchanged": .bool(true)])))
        #expect(again.changes.isEmpty)
    }

    @Test func `of unusual size is asked back once, and then taken`() throws {
        var world = try World(initial: "100")
        let asked = try world.submit(["111"], on: "2026-01-20")
        #expect(asked.code == .readingSoft)
        guard case .refused(let refusal) = asked.outcome else { return }
        #expect(refusal.confirmable)
        #expect(try world.submit(["111"], on: "2026-01-20", confirm: true).volumes == ["11"])
    }

    @Test func `of impossible size is refused, confirmed or not`() throws {
        // 1.5 m³/h over 18 days is 648 m³ (domain.md §6.5).
        var world = try World(initial: "0", installed: "2026-01-01")
        #expect(
            try world.submit(["648.001"], on: "2026-01-19", confirm: true).code == .readingHard)
        #expect(try world.submit(["648"], on: "2026-01-19", confirm: true).volumes == ["648"])
    }

    @Test func `of gas is asked back beyond three times the average of three months or more`()
        throws
    {
        var world = try World(service: .gas, initial: "0")
        for (month, value) in [("02", "10"), ("03", "20"), ("04", "30"), ("05", "40")] {
            #expect(try world.submit([value], on: "2026-\(month)-20").code == nil)
        }
        #expect(try world.submit(["70"], on: "2026-06-20").code == nil)
        #expect(try world.submit(["131"], on: "2026-07-20").code == .readingSoft)
    }

    @Test func `of the future, or before the one before, is refused`() throws {
        var world = try World(initial: "0")
        #expect(
            try world.submit(["1"], on: "2026-04-19", today: "2026-04-18").code == .readingFuture)
        try world.submit(["1"], on: "2026-04-18")
        #expect(
            try world.submit(["2"], on: "2026-03-18", today: "2026-05-18", channel: .import).code
                == .readingDate)
    }

    @Test func `after the verification ended is noted and counts for nothing`() throws {
        var world = try World(verified: "2026-04-01")
        let decision = try world.submit(["5"], on: "2026-04-18")
        guard case .accepted(let result) = decision.outcome else {
            Issue.record("refused: \(decision)")
            return
        }
        #expect(result["used"]?.bool == false)
        #expect(world.meter.history.isEmpty)
    }

    @Test func `of a closed month is refused, or goes to the next one by setting`() throws {
        let month = try #require(Month("2026-04"))
        let closed = PeriodFacts(month: month, openedAt: 0, closedAt: 10)
        var world = try World()
        world.organization.periods = [closed]
        #expect(try world.submit(["5"], on: "2026-04-18", at: 20).code == .readingClosed)
        world = try World(late: .nextMonth)
        world.organization.periods = [closed]
        try world.submit(["5"], on: "2026-04-18", at: 20)
        #expect(world.meter.history.first?.month == Month("2026-05"))
    }

    @Test func `belongs to the month that is open when it is received`() throws {
        var world = try World()
        world.organization.periods = [
            PeriodFacts(month: try #require(Month("2026-03")), openedAt: 0, closedAt: nil)
        ]
        try world.submit(["5"], on: "2026-04-02", at: 5)
        #expect(world.meter.history.first?.month == Month("2026-03"))
    }

    @Test(arguments: 0..<64)
    func `over many months: the volumes add up to the last value less the first`(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        let start = Int64.random(in: 0..<100_000_000, using: &random) * 1_000
        var world = try World(
            initial: Quantity(millionths: start).text(decimals: 0), installed: "2020-01-01")
        var value = start
        var used: Int64 = 0
        for step in 0..<24 {
            let volume = Int64.random(in: 0..<9_000, using: &random) * 1_000
            value = (value + volume) % 100_000_000_000
            used += volume
            let day = "20\(20 + step / 12)-\(step % 12 + 1 < 10 ? "0" : "")\(step % 12 + 1)-20"
            let decision = try world.submit(
                [Quantity(millionths: value).text(decimals: 0)], on: day, channel: .import)
            #expect(decision.volumes == [Quantity(millionths: volume).text(decimals: 0)])
        }
        let rolls = world.meter.history.reduce(Int64(0)) { $0 + Int64($1.rolled) }
        #expect(value - start + rolls * 100_000_000_000 == used)
    }
}

@Suite struct `Deleting a reading` {
    @Test func `brings back what it had replaced`() throws {
        var world = try World(initial: "0")
        try world.submit(["5"], on: "2026-04-12")
        try world.submit(["6"], on: "2026-04-18")
        let id = try #require(world.meter.history.first?.id)
        let decision = Readings.delete(
            DeleteReading(account: world.account.card.account, reading: ""), id: id,
            account: world.account, organization: world.organization)
        for change in decision.changes { world.account.apply(change) }
        #expect(world.meter.history.map(\.values) == [[try quantity("5")]])
    }

    @Test func `is refused when it is calculated`() throws {
        var world = try World(initial: "0")
        try world.submit(["5"], on: "2026-04-12")
        world.account.meters[0].history[0].calculated = true
        let id = try #require(world.meter.history.first?.id)
        let decision = Readings.delete(
            DeleteReading(account: world.account.card.account, reading: ""), id: id,
            account: world.account, organization: world.organization)
        #expect(decision.code == .readingClosed)
    }
}

struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
