import Commands
import Testing

@testable import Domain

@Suite struct `A reading is checked` {
    /// One reading with every fault there is. Its faults are mended one by one, in the order of the
    /// checks: each code says that all before it pass and that it comes before all behind it.
    @Test func `in one order, the first fault is told`() throws {
        var world = try World(installed: "2026-04-16", window: .init(from: 10, to: 25))
        world.account.meters[0].removedOn = try day("2026-01-01")
        world.account.meters[0].verifiedUntil = try day("2026-02-01")
        world.account.meters[0].history = [
            ReadingFacts(
                id: CommandID(high: 9, low: 9), month: try month("2026-05"),
                takenOn: try day("2026-05-20"), values: [try quantity("50")], rolled: 0,
                calculated: false),
            ReadingFacts(
                id: CommandID(high: 9, low: 8), month: try month("2026-04"),
                takenOn: try day("2026-04-18"), values: [try quantity("100")], rolled: 0,
                calculated: true),
            ReadingFacts(
                id: CommandID(high: 9, low: 7), month: try month("2026-03"),
                takenOn: try day("2026-04-17"), values: [try quantity("99990")], rolled: 0,
                calculated: true),
        ]
        try world.close("2026-04", at: 1)
        var command = SubmitReading(
            account: world.account.card.account, meter: "нет", values: [],
            takenOn: try day("2026-04-15"))
        var today = "2026-04-05"
        let at: Int64 = 5
        var account: AccountFacts?
        var told: [Refusal.Code?] = []
        func tell() throws {
            told.append(
                Readings.submit(
                    command, from: try world.sender(today: today, at: at), account: account,
                    organization: world.organization
                ).code)
        }
        try tell()
        account = world.account
        account?.card.closedOn = try day("2026-01-01")
        try tell()  // its meter
        command.meter = "M"
        try tell()  // closed account
        account?.card.closedOn = nil
        try tell()  // removed meter
        account?.meters[0].removedOn = nil
        try tell()  // zones
        command.values = values(["1e9"])
        try tell()  // format
        command.values = values(["123456"])
        try tell()  // capacity
        command.values = values(["50000"])
        try tell()  // future
        today = "2026-04-26"
        try tell()  // window
        today = "2026-04-25"
        try tell()  // closed month
        world.organization.periods = []
        try tell()  // before it was installed
        account?.meters[0].installedOn = try day("2026-01-01")
        let noted = Readings.submit(
            command, from: try world.sender(today: today, at: at), account: account,
            organization: world.organization)
        #expect(noted.result?["code"]?.string == "RD_VERIF")
        account?.meters[0].verifiedUntil = nil
        try tell()  // a later month has one
        account?.meters[0].history.removeFirst()
        try tell()  // its month's is calculated
        account?.meters[0].history.removeFirst()
        try tell()  // before the previous one
        command.takenOn = try day("2026-04-20")
        try tell()  // less
        account?.meters[0].history[0].values = [try quantity("0")]
        try tell()  // impossible
        command.values = values(["100"])
        try tell()  // unusual
        command.confirm = true
        try tell()
        #expect(
            told == [
                .notFound, .notFound, .accountClosed, .readingMeterRemoved, .readingZones,
                .readingFormat, .readingCapacity, .readingFuture, .readingWindow, .readingClosed,
                .readingDate, .readingDate, .readingClosed, .readingDate, .readingLess,
                .readingHard, .readingSoft, nil,
            ])
    }

    @Test func `and one that is refused leaves no reading, only what was tried`() throws {
        for channel in Channel.allCases {
            var world = try World(initial: "100")
            let before = world.account
            let decision = try world.submit(["1e9"], on: "2026-04-18", channel: channel)
            #expect(decision.refusal == Refusal(.readingFormat, ["f": "3"]))
            #expect(world.account == before)
            let seen = [.resident, .api, .phone, .operator].contains(channel)
            #expect(decision.changes.count == (seen ? 1 : 0))
            if case .readingRefused(let account, let meter, let typed, let refusal, _)? =
                decision.changes.first
            {
                #expect(account == 1 && meter == 2)
                #expect(typed == [RegisterValue(.t1, "1e9")])
                #expect(refusal == decision.refusal)
            } else {
                #expect(!seen)
            }
        }
    }

    @Test func `and every refusal has the values that its words need`() throws {
        var world = try World(digits: 3, decimals: 1, initial: "100", installed: "2026-02-01")
        world.organization.profile.readings.window = .init(from: 10, to: 25)
        func refusal(_ value: String, _ date: String = "2026-04-18") throws -> Refusal? {
            try world.submit([value], on: date).refusal
        }
        #expect(try refusal("1.25") == Refusal(.readingFormat, ["f": "1"]))
        #expect(try refusal("1000") == Refusal(.readingCapacity, ["d": "3"]))
        #expect(
            try refusal("120", "2026-04-26") == Refusal(.readingWindow, ["from": "10", "to": "25"]))
        #expect(try refusal("120", "2026-01-20") == Refusal(.readingDate, ["date": "2026-02-01"]))
        #expect(
            try refusal("99.5") == Refusal(.readingLess, ["prev": "100", "date": "2026-02-01"]))
        #expect(
            try refusal("121")
                == Refusal(
                    .readingSoft, ["v": "21", "unit": "cold_water", "avg": ""], confirmable: true))
        world.account.meters[0].digits = 5
        #expect(
            try refusal("9999")
                == Refusal(.readingHard, ["v": "9899", "unit": "cold_water", "n": "76"]))
        try world.close("2026-04", at: 0)
        #expect(try refusal("120") == Refusal(.readingClosed, ["month": "2026-04", "from": "10"]))
        world.account.meters[0].removedOn = try day("2026-04-17")
        #expect(
            try refusal("120") == Refusal(.readingMeterRemoved, ["date": "2026-04-17", "org": "О"]))
        world.account.card.closedOn = try day("2026-04-18")
        #expect(try refusal("120") == Refusal(.accountClosed, ["date": "2026-04-18"]))
    }
}

@Suite struct `The dial of a meter` {
    @Test(arguments: [
        (1, "9", true), (1, "10", false), (5, "99999.999", true), (5, "100000", false),
        (5, "000000099999", true), (12, "999999999999.999", true), (12, "1000000000000", false),
    ])
    func `takes as many digits as it has, leading zeros for nothing`(
        digits: Int, value: String, fits: Bool
    ) throws {
        var world = try World(service: .gas, digits: digits, installed: nil)
        let code = try world.submit([value], on: "2026-04-18", confirm: true).code
        #expect(code == (fits ? nil : .readingCapacity))
    }

    @Test(arguments: [
        (0, "5", true), (0, "5.0", true), (0, "5.1", false), (3, "5.125", true),
        (3, "5.1250", true), (3, "5.1251", false), (6, "5.000001", true), (6, "5.0000001", false),
    ])
    func `takes as many fraction digits as it has, trailing zeros for nothing`(
        decimals: Int, value: String, fits: Bool
    ) throws {
        var world = try World(decimals: decimals)
        #expect(
            try world.submit([value], on: "2026-04-18").code == (fits ? nil : .readingFormat))
    }

    @Test func `says the format when both are wrong`() throws {
        var world = try World()
        #expect(try world.submit(["9999999999999.99999"], on: "2026-04-18").code == .readingFormat)
        #expect(try world.submit(["9999999.99999"], on: "2026-04-18").code == .readingFormat)
    }

    @Test(arguments: 1...3)
    func `wants the value of every register, in one act`(registers: Int) throws {
        let all = ["10", "20", "30"]
        for given in 0...3 {
            var world = try World(service: .electricity, registers: registers, decimals: 0)
            let decision = try world.submit(Array(all.prefix(given)), on: "2026-04-18")
            if given == registers {
                #expect(decision.volumes == Array(all.prefix(given)))
            } else {
                let zones = ["T1", "T2", "T3"].prefix(registers).joined(separator: ", ")
                #expect(decision.refusal == Refusal(.readingZones, ["zones": zones]))
            }
        }
    }

    @Test func `wants its first registers, not any of them`() throws {
        var world = try World(service: .electricity, registers: 2, decimals: 0)
        for wrong in [[Register.t1, .t3], [.t2, .t3], [.t2], [.t1, .t1]] {
            let decision = Readings.submit(
                SubmitReading(
                    account: world.account.card.account, meter: "M",
                    values: wrong.map { RegisterValue($0, "1") }),
                from: try world.sender(today: "2026-04-18"), account: world.account,
                organization: world.organization)
            #expect(decision.code == .readingZones)
        }
    }

    @Test func `refuses all when one register is wrong`() throws {
        var world = try World(service: .electricity, registers: 3, decimals: 0, initial: "50")
        #expect(try world.submit(["60", "60", "1e9"], on: "2026-04-18").code == .readingFormat)
        #expect(try world.submit(["60", "60", "49"], on: "2026-04-18").code == .readingLess)
        #expect(world.meter.history.isEmpty)
    }
}

@Suite struct `The meter of a reading` {
    private func world() throws -> World {
        var world = try World()
        var hot = world.account.meters[0]
        hot.id = 3
        hot.service = .hotWater
        world.account.meters.append(hot)
        return world
    }

    private func code(
        _ number: String, _ service: Service?, _ world: inout World
    ) throws -> Refusal? {
        Readings.submit(
            SubmitReading(
                account: world.account.card.account, meter: number, service: service,
                values: values(["5"])), from: try world.sender(today: "2026-04-18"),
            account: world.account, organization: world.organization
        ).refusal
    }

    @Test func `is named by its number, and by its service where that is not enough`() throws {
        var world = try world()
        #expect(try code("M", nil, &world) == Refusal(.meterAmbiguous, ["meter": "M"]))
        #expect(try code("M", .hotWater, &world) == nil)
        #expect(try code("M", .gas, &world) == Refusal(.readingNoMeter, ["service": "gas"]))
        #expect(
            try code("N", .hotWater, &world)
                == Refusal(.notFound, ["what": "meter", "meter": "N"]))
        #expect(try code("m", nil, &world) == Refusal(.notFound, ["what": "meter", "meter": "m"]))
        world.account.meters = []
        #expect(try code("M", nil, &world) == Refusal(.readingNoMeter))
    }

    @Test func `takes readings up to the day on which it was removed`() throws {
        var world = try World()
        world.account.meters[0].removedOn = try day("2026-04-18")
        #expect(try world.submit(["5"], on: "2026-04-18", today: "2026-04-20").code == nil)
        #expect(
            try world.submit(["6"], on: "2026-04-19", today: "2026-04-20").code
                == .readingMeterRemoved)
    }

    @Test func `takes readings from the day on which it was installed`() throws {
        var world = try World(installed: "2026-04-18")
        #expect(try world.submit(["5"], on: "2026-04-17", today: "2026-04-20").code == .readingDate)
        #expect(try world.submit(["5"], on: "2026-04-18", today: "2026-04-20").code == nil)
    }

    @Test func `is believed up to the day of its verification`() throws {
        var world = try World(verified: "2026-04-18")
        #expect(try world.submit(["5"], on: "2026-04-18").result == .object([]))
        let noted = try world.submit(["6"], on: "2026-04-19")
        #expect(
            noted.result
                == .object([
                    .init("used", .bool(false)), .init("code", .string("RD_VERIF")),
                    .init("values", .object([.init("date", .string("2026-04-18"))])),
                ]))
        guard case .readingNoted(_, _, let reading, _)? = noted.changes.first else {
            Issue.record("not noted: \(noted.changes)")
            return
        }
        #expect(noted.changes.count == 1)
        #expect(reading.values == [try quantity("6")])
        // It counts for nothing: what was accepted before stays.
        #expect(world.meter.history.map(\.values) == [[try quantity("5")]])
    }

    @Test func `of a closed account takes readings of the days before`() throws {
        var world = try World()
        world.account.card.closedOn = try day("2026-04-18")
        #expect(try world.submit(["5"], on: "2026-04-17", today: "2026-04-20").code == nil)
        #expect(
            try world.submit(["6"], on: "2026-04-18", today: "2026-04-20").code == .accountClosed)
    }
}

@Suite struct `The window of readings` {
    @Test(arguments: [
        (10, 25, [10, 17, 25], [9, 26, 1, 31]), (25, 3, [25, 31, 1, 3], [24, 4]),
        (5, 5, [5], [4, 6]), (1, 31, [1, 31], []),
    ])
    func `counts both its ends, over the month's end too`(
        from: Int, to: Int, inside: [Int], outside: [Int]
    ) {
        let window = Profile.Readings.Window(from: from, to: to)
        for day in inside { #expect(window.contains(day)) }
        for day in outside { #expect(!window.contains(day)) }
    }

    @Test func `is judged by the day of receipt, not by the day of reading`() throws {
        var world = try World(window: .init(from: 10, to: 25))
        #expect(
            try world.submit(["5"], on: "2026-04-24", today: "2026-04-26").code == .readingWindow)
        #expect(try world.submit(["5"], on: "2026-04-05", today: "2026-04-25").code == nil)
    }

    @Test func `that crosses the month's end belongs to the month in which it began`() throws {
        for (today, expected) in [
            ("2026-04-25", "2026-04"), ("2026-04-30", "2026-04"), ("2026-05-01", "2026-04"),
            ("2026-05-03", "2026-04"), ("2026-01-02", "2025-12"),
        ] {
            var world = try World(installed: nil, window: .init(from: 25, to: 3))
            try world.submit(["5"], on: today)
            #expect(world.meter.history.first?.month == (try month(expected)), "\(today)")
        }
    }

    @Test func `closed, a reading of a channel that is not bound by it goes to its own month`()
        throws
    {
        var world = try World(installed: nil, window: .init(from: 25, to: 3))
        try world.submit(["5"], on: "2026-05-04", channel: .operator)
        #expect(world.meter.history.first?.month == (try month("2026-05")))
    }
}

@Suite struct `The month of a reading` {
    @Test func `is the newest that was open at receipt, however the calendar stands`() throws {
        var world = try World(installed: nil)
        world.organization.periods = [
            PeriodFacts(month: try month("2026-03"), openedAt: 10, closedAt: nil),
            PeriodFacts(month: try month("2026-04"), openedAt: 20, closedAt: nil),
        ]
        for (at, expected) in [(10, "2026-03"), (19, "2026-03"), (20, "2026-04")]
            as [(Int64, String)]
        {
            var world = world
            try world.submit(["5"], on: "2026-05-01", at: at)
            #expect(world.meter.history.first?.month == (try month(expected)), "at \(at)")
        }
        try world.submit(["5"], on: "2026-05-01", at: 9)
        #expect(world.meter.history.first?.month == (try month("2026-05")))
    }

    @Test func `was open when it was received, but is closed when it is decided`() throws {
        for (late, code, expected) in [
            (.refuse, .readingClosed, nil), (.nextMonth, nil, "2026-05"),
        ] as [(Profile.Readings.Late, Refusal.Code?, String?)] {
            var world = try World(late: late)
            try world.close("2026-04", at: 100)
            #expect(try world.submit(["5"], on: "2026-04-25", at: 99).code == code)
            #expect(world.meter.history.first?.month.description == expected)
        }
    }

    @Test func `moves on past every closed month`() throws {
        var world = try World(late: .nextMonth)
        for closed in ["2026-04", "2026-05", "2026-07"] { try world.close(closed, at: 1) }
        try world.submit(["5"], on: "2026-04-25", at: 99)
        #expect(world.meter.history.first?.month == (try month("2026-06")))
    }

    @Test(arguments: Channel.allCases)
    func `is that of its date for files and machines, else the open one`(channel: Channel) throws {
        var world = try World(installed: nil)
        world.organization.periods = [
            PeriodFacts(month: try month("2026-04"), openedAt: 0, closedAt: nil)
        ]
        try world.submit(["5"], on: "2026-02-10", today: "2026-04-18", channel: channel)
        let byDate: [Channel] = [.bank, .gis, .automatic, .import, .control]
        #expect(
            world.meter.history.first?.month
                == (try month(byDate.contains(channel) ? "2026-02" : "2026-04")))
    }

    @Test func `is told with the day from which the next may come`() throws {
        var world = try World(window: .init(from: 12, to: 25))
        try world.close("2026-04", at: 1)
        #expect(
            try world.submit(["5"], on: "2026-04-18", at: 5).refusal
                == Refusal(.readingClosed, ["month": "2026-04", "from": "12"]))
    }
}

@Suite struct `A second reading` {
    @Test func `of an open month replaces the first, whatever they are`() throws {
        var world = try World(initial: "100")
        try world.submit(["105"], on: "2026-04-12")
        let second = try world.submit(["103"], on: "2026-04-11", today: "2026-04-18")
        let first = CommandID(high: 0, low: 1)
        #expect(second.volumes == ["3"])
        #expect(second.changes.first == .readingReplaced(first, meter: 2, try month("2026-04")))
        #expect(world.meter.history.map(\.values) == [[try quantity("103")]])
        #expect(world.meter.replaced.map(\.id) == [first])
    }

    @Test func `of the same value and day changes nothing`() throws {
        var world = try World(initial: "100")
        try world.submit(["105"], on: "2026-04-12")
        let before = world.account
        let second = try world.submit(["00105,000"], on: "2026-04-12", today: "2026-04-18")
        #expect(second == .accepted([], result: .object(["unchanged": .bool(true)])))
        #expect(world.account == before)
    }

    @Test func `of the same value on another day is another reading`() throws {
        var world = try World(initial: "100")
        try world.submit(["105"], on: "2026-04-12")
        #expect(try world.submit(["105"], on: "2026-04-13").volumes == ["5"])
        #expect(world.meter.history.map(\.takenOn) == [try day("2026-04-13")])
    }

    @Test func `of the same value in the next month is a month without use`() throws {
        var world = try World(initial: "100")
        try world.submit(["105"], on: "2026-04-12")
        #expect(try world.submit(["105"], on: "2026-05-12").volumes == ["0"])
        #expect(world.meter.history.count == 2)
    }

    @Test func `of a month that is calculated is refused`() throws {
        var world = try World(initial: "100")
        try world.submit(["105"], on: "2026-04-12")
        world.account.meters[0].history[0].calculated = true
        #expect(
            try world.submit(["106"], on: "2026-04-18").refusal
                == Refusal(.readingClosed, ["month": "2026-04", "from": "1"]))
    }

    @Test func `of a file is unchanged even after its month was closed`() throws {
        for late in Profile.Readings.Late.allCases {
            var world = try World(initial: "100", late: late)
            try world.submit(["105"], on: "2026-04-12", channel: .import)
            try world.close("2026-04", at: 1)
            world.account.meters[0].history[0].calculated = true
            let again = try world.submit(
                ["105"], on: "2026-04-12", today: "2026-05-02", channel: .import, at: 9)
            #expect(again == .accepted([], result: .object(["unchanged": .bool(true)])))
        }
    }

    @Test func `before a month that has one is refused`() throws {
        var world = try World(installed: nil)
        try world.submit(["5"], on: "2026-04-12", channel: .import)
        #expect(
            try world.submit(["4"], on: "2026-03-12", today: "2026-04-18", channel: .import).refusal
                == Refusal(.readingDate, ["date": "2026-04-12"]))
    }
}
