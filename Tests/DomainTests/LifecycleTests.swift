import Commands
import Testing

@testable import Domain

/// SF-148, features.md §14 B.
@Suite struct `A resident's deletion` {
    private func world(_ until: Profile.Readings.DeleteUntil) throws -> World {
        var world = try World()
        world.organization.profile.readings.deleteUntil = until
        try world.submit(["5"], on: "2026-04-12")
        return world
    }

    private func delete(_ world: World, by deleter: Readings.Deleter) -> Decision {
        Readings.delete(
            DeleteReading(account: world.account.card.account, reading: ""),
            id: CommandID(high: 0, low: 1), by: deleter, account: world.account,
            organization: world.organization)
    }

    @Test func `is taken while the session lives in which the reading was entered`() throws {
        let world = try world(.session)
        #expect(delete(world, by: .resident(at: 99, entryEnds: 100)).refusal == nil)
        // At the moment itself it has ended.
        for ends in [100, 99, nil] as [Int64?] {
            #expect(
                delete(world, by: .resident(at: 100, entryEnds: ends)).refusal
                    == Refusal(.readingSession))
        }
        // Operators are not bound by it.
        #expect(delete(world, by: .organization).refusal == nil)
    }

    @Test func `goes by «Рассчитано» alone where the profile says so`() throws {
        var world = try world(.calculated)
        #expect(delete(world, by: .resident(at: 100, entryEnds: nil)).refusal == nil)
        world.account.meters[0].history[0].calculated = true
        for deleter in [Readings.Deleter.organization, .resident(at: 0, entryEnds: 9)] {
            #expect(delete(world, by: deleter).code == .readingClosed)
        }
    }

    @Test func `of a calculated reading is refused as calculated, whatever the session is`() throws
    {
        var world = try world(.session)
        world.account.meters[0].history[0].calculated = true
        for ends in [nil, 5, 500] as [Int64?] {
            #expect(delete(world, by: .resident(at: 100, entryEnds: ends)).code == .readingClosed)
        }
    }

    @Test(arguments: Profile.Readings.DeleteUntil.allCases)
    func `is refused of a meter whose readings come by themselves`(
        until: Profile.Readings.DeleteUntil
    ) throws {
        var world = try world(until)
        world.account.meters[0].automatic = true
        #expect(
            delete(world, by: .resident(at: 0, entryEnds: 9)).refusal
                == Refusal(.readingAutomatic, ["meter": "M"]))
        #expect(delete(world, by: .organization).refusal == nil)
    }
}

@Suite struct `An automatic meter` {
    @Test(arguments: Channel.allCases)
    func `takes its own readings and those of who was sent, none that people type`(
        channel: Channel
    ) throws {
        var world = try World()
        world.account.meters[0].automatic = true
        let refused: Set<Channel> = [.resident, .api, .phone, .bank, .gis]
        let decision = try world.submit(["5"], on: "2026-04-12", channel: channel)
        #expect(decision.code == (refused.contains(channel) ? .readingAutomatic : nil))
        // A file of what a bank took is checked as an import, and still was typed by people.
        var world2 = try World()
        world2.account.meters[0].automatic = true
        let sender = Sender(
            id: CommandID(high: 0, low: 1), channel: channel, policy: .import, actor: "t",
            receivedAt: 0, today: try day("2026-04-12"))
        let imported = Readings.submit(
            SubmitReading(
                account: world2.account.card.account, meter: "M", values: values(["5"]),
                takenOn: try day("2026-04-12")), from: sender, account: world2.account,
            organization: world2.organization)
        #expect(imported.code == (refused.contains(channel) ? .readingAutomatic : nil))
    }

    @Test func `is made by installing, changing and replacing, and stays what it is`() throws {
        var world = try World()
        func install(_ more: String) throws -> Decision {
            let json =
                #"{"account":"626200012","service":"cold_water","meter":"M","digits":5,"decimals":3\#(more)}"#
            guard
                case .installMeter(let body) = try Command(
                    .installMeter, JSON.parse(Array(json.utf8)))
            else { throw Refusal(.shape) }
            return Meters.install(body, newID: 9, account: world.account, taken: false)
        }
        func change(_ more: String) throws -> Decision {
            let json = #"{"account":"626200012","meter":"M"\#(more)}"#
            guard
                case .changeMeter(let body) = try Command(
                    .changeMeter, JSON.parse(Array(json.utf8)))
            else { throw Refusal(.shape) }
            return Meters.change(body, account: world.account)
        }
        world.keep(try install(#","automatic":true"#))
        #expect(world.meter.automatic)
        // What is not said stays.
        world.keep(try install(""))
        #expect(world.meter.automatic)
        #expect(try change("").result?["unchanged"]?.bool == true)
        world.keep(try change(#","automatic":false,"verified_until":"2030-01-01""#))
        #expect(!world.meter.automatic && world.meter.verifiedUntil == Day("2030-01-01"))
        #expect(try change(#","automatic":false"#).changes.isEmpty)
        world.account.meters[0].number = "other"
        #expect(try change(#","automatic":true"#).code == .notFound)
    }
}

/// SF-152, SF-153, SF-192.
@Suite struct `The window of an account` {
    private typealias Window = Profile.Readings.Window

    private func world() throws -> World {
        var world = try World(window: .init(from: 10, to: 25))
        world.organization.profile.companies.append(
            .init(code: "k", name: "К", window: Window(from: 1, to: 5)))
        return world
    }

    @Test func `is that of its house, else of its company, else of its organization`() throws {
        var world = try world()
        func window(_ world: World, at: Int64 = 100) -> Window? {
            Readings.times(of: world.account, world.organization, at: at).window
        }
        #expect(window(world) == Window(from: 10, to: 25))
        world.account.card.company = "k"
        #expect(window(world) == Window(from: 1, to: 5))
        world.account.windows.house = [
            .init(at: 90, window: nil), .init(at: 80, window: Window(from: 20, to: 28)),
        ]
        // By the moment of receipt: before it was given, while it was, and when it was taken back.
        #expect(window(world, at: 79) == Window(from: 1, to: 5))
        #expect(window(world, at: 80) == Window(from: 20, to: 28))
        #expect(window(world, at: 89) == Window(from: 20, to: 28))
        #expect(window(world, at: 90) == Window(from: 1, to: 5))
    }

    @Test func `decides, whatever the organization's is`() throws {
        var world = try world()
        world.account.windows.house = [.init(at: 0, window: Window(from: 26, to: 28))]
        let refused = try world.submit(["5"], on: "2026-04-12", at: 1)
        #expect(
            refused.refusal == Refusal(.readingWindow, ["from": "26", "to": "28"]))
        #expect(try world.submit(["5"], on: "2026-04-26", at: 1).refusal == nil)
    }

    @Test func `that was extended takes readings for the month that it is of`() throws {
        var world = try world()
        #expect(try world.submit(["5"], on: "2026-05-02").code == .readingWindow)
        world.account.windows.extensions = [
            .init(given: try day("2026-04-27"), until: try day("2026-05-03"))
        ]
        try world.submit(["5"], on: "2026-05-02")
        #expect(world.meter.history.map(\.month) == [try month("2026-04")])
        #expect(try world.submit(["6"], on: "2026-05-04").code == .readingWindow)
        // A month that is open counts before what the window would say.
        world.organization.periods = [
            PeriodFacts(month: try month("2026-05"), openedAt: 0, closedAt: nil)
        ]
        try world.submit(["6"], on: "2026-05-03")
        #expect(world.meter.history.first?.month == (try month("2026-05")))
    }

    private func extend(
        _ until: String, company: String? = nil, house: String? = nil, there: Bool = true,
        window: Window? = .init(from: 10, to: 25), houses: Bool = false
    ) throws -> Refusal? {
        var organization = try world().organization
        if window == nil { organization.profile.companies.removeLast() }
        organization.profile.readings.window = window
        return Windows.refusal(
            ExtendWindow(company: company, house: house, until: try day(until), why: "w"),
            today: try day("2026-04-26"), organization: organization,
            .init(houseIsThere: there, housesHaveWindows: houses))
    }

    @Test func `is extended from today on, for two months at most`() throws {
        #expect(try extend("2026-04-26") == nil)
        #expect(try extend("2026-06-27") == nil)
        for until in ["2026-04-25", "2026-06-28", "2199-01-01"] {
            #expect(
                try extend(until)
                    == Refusal(.windowUntil, ["date": "2026-04-26", "last": "2026-06-27"]))
        }
    }

    @Test func `is extended only where there is one, of who is there`() throws {
        #expect(try extend("2026-04-28", company: "x")?.code == .companyUnknown)
        #expect(try extend("2026-04-28", company: "k", house: "h") == nil)
        #expect(
            try extend("2026-04-28", house: "h", there: false)
                == Refusal(.notFound, ["what": "house", "house": "h"]))
        #expect(try extend("2026-04-28", window: nil)?.code == .windowNone)
        #expect(try extend("2026-04-28", window: nil, houses: true) == nil)
    }
}
