import Commands
import Testing

@testable import Domain

@Suite struct `A dial that goes over` {
    @Test(arguments: [
        // Soft limit 10 m³ for the one month since it was installed.
        ("99995", "5", "10"), ("99998.750", "6.120", "7.37"), ("99999.999", "0", "0.001"),
    ])
    func `is believed within the soft limit`(first: String, value: String, volume: String) throws {
        var world = try World(initial: first)
        let decision = try world.submit([value], on: "2026-02-10")
        #expect(decision.volumes == [volume])
        #expect(decision.result == .object([.init("rolled", .bool(true))]))
        #expect(world.meter.history.first?.rolled == 1)
    }

    @Test func `is a lesser value beyond the soft limit, confirmed or not`() throws {
        for confirm in [false, true] {
            var world = try World(initial: "99995")
            #expect(
                try world.submit(["5.001"], on: "2026-02-10", confirm: confirm).refusal
                    == Refusal(.readingLess, ["prev": "99995", "date": "2026-01-01"]))
        }
    }

    @Test func `is counted for each register alone`() throws {
        var world = try World(
            service: .electricity, registers: 3, digits: 5, decimals: 0, initial: "99990")
        let decision = try world.submit(["99995", "20", "99991"], on: "2026-02-10")
        #expect(decision.volumes == ["5", "30", "1"])
        #expect(world.meter.history.first?.rolled == 2)
    }

    @Test func `has room for each month of a gap`() throws {
        var world = try World(initial: "99990")
        #expect(try world.submit(["20"], on: "2026-04-10").volumes == ["30"])
        world = try World(initial: "99990")
        #expect(try world.submit(["20.001"], on: "2026-04-10").code == .readingLess)
    }

    @Test func `is no way for a heat meter without a history`() throws {
        // There is no floor for gas and heat: nothing says how much would be usual.
        var world = try World(service: .heat, initial: "99999")
        #expect(try world.submit(["1"], on: "2026-02-10").code == .readingLess)
    }

    @Test func `goes on from there`() throws {
        var world = try World(initial: "99998")
        try world.submit(["3"], on: "2026-02-10")
        #expect(try world.submit(["10"], on: "2026-03-10").volumes == ["7"])
        #expect(world.meter.history.map(\.rolled) == [0, 1])
    }
}

@Suite struct `An unusual reading` {
    @Test(arguments: [
        (Service.coldWater, "10", "10.001"), (.hotWater, "10", "10.001"),
        (.electricity, "300", "300.001"),
    ])
    func `is one above the floor of its service`(
        service: Service, usual: String, unusual: String
    ) throws {
        var world = try World(service: service)
        #expect(try world.submit([usual], on: "2026-01-20").code == nil)
        world = try World(service: service)
        let refusal = try world.submit([unusual], on: "2026-01-20").refusal
        #expect(refusal?.code == .readingSoft && refusal?.confirmable == true)
    }

    @Test(arguments: [Service.gas, .heat])
    func `of gas or heat is none before there is an average`(service: Service) throws {
        var world = try World(service: service, installed: nil)
        #expect(try world.submit(["99999"], on: "2026-01-20").code == nil)
    }

    @Test func `is one above three times the average`() throws {
        var world = try World()
        // 5 a month over three months: an average, and 3 × 5 is more than the floor.
        for (month, value) in [("01", "5"), ("02", "10"), ("03", "15"), ("04", "20")] {
            try world.submit([value], on: "2026-\(month)-20")
        }
        var same = world
        #expect(try same.submit(["35"], on: "2026-05-20").code == nil)
        same = world
        #expect(
            try same.submit(["35.001"], on: "2026-05-20").refusal
                == Refusal(
                    .readingSoft, ["v": "15.001", "unit": "cold_water", "avg": "5"],
                    confirmable: true))
    }

    @Test func `has no average below three months between readings`() throws {
        var world = try World(service: .gas)
        for (month, value) in [("01", "5"), ("02", "10"), ("03", "15")] {
            try world.submit([value], on: "2026-\(month)-20")
        }
        // Two intervals only: nothing is unusual yet.
        #expect(try world.submit(["90000"], on: "2026-04-20").code == nil)
    }

    @Test func `is compared with at most six months`() throws {
        var world = try World(service: .gas, installed: nil)
        // 100 a month in the first months, then 1 a month six times: only those count.
        var value = 0
        for step in 0..<9 {
            value += step < 3 ? 100 : 1
            try world.submit(["\(value)"], on: "2026-0\(step + 1)-20", channel: .import)
        }
        #expect(
            try world.submit(["\(value + 4)"], on: "2026-10-20", channel: .import).refusal?
                .values["avg"] == "1")
        #expect(
            try world.submit(["\(value + 3)"], on: "2026-10-20", channel: .import).code == nil)
    }

    @Test func `takes a gap of several months for so many months`() throws {
        var world = try World(service: .gas, installed: nil)
        // Intervals of 2 and 4 months, 60 in all: 10 a month.
        try world.submit(["0"], on: "2026-01-20", channel: .import)
        try world.submit(["20"], on: "2026-03-20", channel: .import)
        try world.submit(["60"], on: "2026-07-20", channel: .import)
        // Three months on: 3 × 10 × 3.
        var same = world
        #expect(try same.submit(["150"], on: "2026-10-20", channel: .import).code == nil)
        same = world
        #expect(
            try same.submit(["150.001"], on: "2026-10-20", channel: .import).refusal?.values["avg"]
                == "10")
    }

    @Test func `has the longest interval alone when it is longer than six months`() throws {
        var world = try World(service: .gas, installed: nil)
        try world.submit(["0"], on: "2025-01-20", channel: .import)
        try world.submit(["120"], on: "2026-01-20", channel: .import)
        #expect(
            try world.submit(["151"], on: "2026-02-20", channel: .import).refusal?.values["avg"]
                == "10")
        #expect(try world.submit(["150"], on: "2026-02-20", channel: .import).code == nil)
    }

    @Test func `says nothing after months without any use`() throws {
        var world = try World(service: .gas, installed: nil)
        for month in ["01", "02", "03", "04"] {
            try world.submit(["7"], on: "2026-\(month)-20", channel: .import)
        }
        #expect(try world.submit(["99999"], on: "2026-05-20", channel: .import).code == nil)
    }

    @Test func `of several registers is their sum`() throws {
        var world = try World(service: .electricity, registers: 3, decimals: 0)
        #expect(try world.submit(["100", "100", "101"], on: "2026-01-20").code == .readingSoft)
        #expect(try world.submit(["100", "100", "100"], on: "2026-01-20").code == nil)
    }

    @Test func `is compared with earlier months, not with what it replaces`() throws {
        var world = try World()
        try world.submit(["200"], on: "2026-01-20", confirm: true)
        #expect(try world.submit(["9"], on: "2026-01-21").volumes == ["9"])
        #expect(try world.submit(["11"], on: "2026-01-22").code == .readingSoft)
    }
}

@Suite struct `An impossible reading` {
    @Test(arguments: [
        // 1.5 m³/h and 230 V × 60 A for 24 hours a day (domain.md §6.5).
        (Service.coldWater, 1, "36", "36.001"), (.hotWater, 30, "1080", "1080.001"),
        (.electricity, 1, "331.2", "331.201"), (.electricity, 30, "9936", "9936.001"),
    ])
    func `is one above what can flow in so many days`(
        service: Service, days: Int32, possible: String, impossible: String
    ) throws {
        let installed = try day("2026-03-01")
        let taken = Day(days: installed.days + days).description
        var world = try World(service: service, installed: "2026-03-01")
        #expect(
            try world.submit([impossible], on: taken, confirm: true).refusal?.values["n"]
                == "\(days)")
        #expect(try world.submit([possible], on: taken, confirm: true).code == nil)
    }

    @Test func `of the day of the reading before is given one day`() throws {
        var world = try World(installed: "2026-04-18")
        #expect(try world.submit(["36.001"], on: "2026-04-18", confirm: true).code == .readingHard)
        #expect(try world.submit(["36"], on: "2026-04-18", confirm: true).code == nil)
    }

    @Test func `is none where nothing says since when`() throws {
        var world = try World(installed: nil)
        #expect(try world.submit(["99999"], on: "2026-04-18", confirm: true).code == nil)
    }

    @Test(arguments: [Service.gas, .heat])
    func `of gas and heat is only one above the dial`(service: Service) throws {
        var world = try World(service: service)
        #expect(try world.submit(["99999.999"], on: "2026-01-02").code == nil)
        #expect(try world.submit(["100000"], on: "2026-01-03").code == .readingCapacity)
    }

    @Test func `traps on no dial, however wide and however long nobody read it`() throws {
        for registers in 1...3 {
            var world = try World(
                service: .gas, registers: registers, digits: 12, decimals: 6, installed: nil)
            let full = [String](repeating: "999999999999.999999", count: registers)
            let none = [String](repeating: "0", count: registers)
            try world.submit(none, on: "1900-01-20", channel: .control)
            try world.submit(full, on: "1900-04-20", channel: .control)
            let much = try world.submit(none, on: "2199-12-20", channel: .control)
            #expect(much.code == nil)
            try world.submit(full, on: "2199-12-21", channel: .control, confirm: true)
            #expect(world.meter.history.count == 3)
        }
    }
}

@Suite struct `The policy of a channel` {
    /// A world in which 95 is less, 111 unusual and 100000 impossible, on a day outside the window.
    private func world() throws -> World {
        try World(
            digits: 6, initial: "100", installed: "2026-04-01", window: .init(from: 10, to: 25))
    }

    enum Fault: String, CaseIterable { case window, less, soft, hard }

    private func submit(
        _ fault: Fault, _ channel: Channel, _ answer: ReadingPolicy.Answer?, confirm: Bool
    ) throws -> Refusal? {
        var world = try world()
        var policy = ReadingPolicy.standard(channel)
        if let answer {
            policy = ReadingPolicy(
                window: fault == .window ? answer : .allow,
                less: fault == .less ? answer : .allow, soft: fault == .soft ? answer : .allow,
                hard: fault == .hard ? answer : .allow, byDate: policy.byDate)
        }
        world.organization.profile.readings.policies[channel] = policy
        let value =
            switch fault {
            case .window: "101"
            case .less: "95"
            case .soft: "111"
            case .hard: "100000"
            }
        let date = fault == .window ? "2026-04-30" : "2026-04-18"
        return try world.submit([value], on: date, channel: channel, confirm: confirm).refusal
    }

    private static let codes: [Fault: Refusal.Code] = [
        .window: .readingWindow, .less: .readingLess, .soft: .readingSoft, .hard: .readingHard,
    ]

    @Test(arguments: Channel.allCases, [Fault.less, .soft, .hard])
    func `refuses, asks back or lets pass, as it is set`(channel: Channel, fault: Fault) throws {
        let code = try #require(Self.codes[fault])
        for confirm in [false, true] {
            let refused = try submit(fault, channel, .refuse, confirm: confirm)
            #expect(refused?.code == code && refused?.confirmable == false)
            #expect(try submit(fault, channel, .allow, confirm: confirm) == nil)
        }
        let asked = try submit(fault, channel, .confirm, confirm: false)
        #expect(asked?.code == code && asked?.confirmable == true)
        #expect(try submit(fault, channel, .confirm, confirm: true) == nil)
    }

    @Test(arguments: Channel.allCases)
    func `holds by default what the table says`(channel: Channel) throws {
        let policy = ReadingPolicy.standard(channel)
        for (fault, answer) in [
            (Fault.window, policy.window), (.less, policy.less), (.soft, policy.soft),
        ] {
            let plain = try submit(fault, channel, nil, confirm: false)
            let confirmed = try submit(fault, channel, nil, confirm: true)
            #expect(plain?.code == (answer == .allow ? nil : Self.codes[fault]))
            #expect(confirmed?.code == (answer == .refuse ? Self.codes[fault] : nil))
        }
    }

    @Test func `asked back on the window, it may be confirmed`() throws {
        let asked = try submit(.window, .resident, .confirm, confirm: false)
        #expect(asked?.code == .readingWindow && asked?.confirmable == true)
        #expect(try submit(.window, .resident, .confirm, confirm: true) == nil)
        #expect(try submit(.window, .resident, .refuse, confirm: true)?.confirmable == false)
    }

    @Test func `is that of the file, while the reading shows how it came`() throws {
        var world = try world()
        var sender = try world.sender(today: "2026-04-30")
        sender.channel = .bank
        sender.policy = .import
        let decision = Readings.submit(
            SubmitReading(
                account: world.account.card.account, meter: "M", values: values(["111"])),
            from: sender, account: world.account, organization: world.organization)
        #expect(decision.code == .readingSoft)
        #expect(decision.changes.isEmpty)
    }

    @Test func `lets an inspector read less, and the month's use is negative`() throws {
        var world = try world()
        #expect(try world.submit(["95"], on: "2026-04-18", channel: .control).volumes == ["-5"])
        #expect(world.meter.history.first?.rolled == 0)
    }
}
