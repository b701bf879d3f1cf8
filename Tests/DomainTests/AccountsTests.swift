import Commands
import Testing

@testable import Domain

private func card(_ text: String) throws -> AccountCard {
    guard case .openAccount(let card) = try Command(.openAccount, JSON.parse(Array(text.utf8)))
    else { throw Refusal(.shape) }
    return card
}

private let full = """
    {"account":"626200012","company":"c","surname":"Ёлкин","name":"И","patronymic":"П","house":"h",
    "apartment":"12А","address":"ул. Мира, 1","area_m2":"54.3","living_area_m2":"40",
    "house_area_m2":"1000.5","rooms":2,"residents":3,"ownership":"частная","phone":"+79500000000",
    "email":"a@b.ru","closed_on":"2026-01-31"}
    """

@Suite struct `An account` {
    private let unchanged = Decision.accepted([], result: .object(["unchanged": .bool(true)]))

    @Test func `is opened with its card, and not twice`() throws {
        var world = try World()
        let card = try card(full)
        #expect(
            Accounts.open(card, newID: 7, account: nil, organization: world.organization)
                == .accepted([.accountOpened(id: 7, card)]))
        world.account.card = card
        #expect(
            Accounts.open(
                card, newID: 8, account: world.account, organization: world.organization
            ).refusal == Refusal(.accountExists, ["account": "626200012"]))
    }

    @Test func `is changed by a file that opens it again, and only where it differs`() throws {
        var world = try World()
        world.account.card = try card(full)
        func open(_ text: String) throws -> Decision {
            Accounts.open(
                try card(text), newID: 8, account: world.account, organization: world.organization,
                upsert: true)
        }
        #expect(try open(full) == unchanged)
        #expect(try open(#"{"account":"626200012"}"#) == unchanged)
        var other = world.account.card
        other.residents = 4
        #expect(
            try open(#"{"account":"626200012","residents":4}"#)
                == .accepted([.accountChanged(id: 1, other)]))
    }

    @Test func `has one of the companies, the only one if none is said`() throws {
        var organization = try World().organization
        let bare = try card(#"{"account":"1"}"#)
        var expected = bare
        expected.company = "c"
        #expect(
            Accounts.open(bare, newID: 7, account: nil, organization: organization)
                == .accepted([.accountOpened(id: 7, expected)]))
        organization.profile.companies.append(.init(code: "d", name: "Д"))
        #expect(
            Accounts.open(bare, newID: 7, account: nil, organization: organization).refusal
                == Refusal(.companyUnknown, ["company": "", "known": "c, d"]))
        let foreign = try card(#"{"account":"1","company":"e"}"#)
        for upsert in [false, true] {
            #expect(
                Accounts.open(
                    foreign, newID: 7, account: nil, organization: organization, upsert: upsert
                ).refusal == Refusal(.companyUnknown, ["company": "e", "known": "c, d"]))
        }
        let account = AccountFacts(id: 1, card: expected)
        #expect(
            Accounts.change(foreign, account: account, organization: organization).code
                == .companyUnknown)
    }

    @Test func `takes each member of its card that is given, and keeps the others`() throws {
        var world = try World()
        world.account.card.company = "c"
        let whole = try card(full)
        for member in AccountCard.keys.dropFirst() {
            let value = try #require(whole.json[member])
            let one = try card(
                String(
                    decoding: JSON.object([
                        .init("account", .string("626200012")), .init(member, value),
                    ]).bytes, as: UTF8.self))
            let decision = Accounts.change(
                one, account: world.account, organization: world.organization)
            guard member != "company" else {
                #expect(decision == unchanged)
                continue
            }
            guard case .accountChanged(1, let changed)? = decision.changes.first else {
                Issue.record("\(member) changes nothing")
                continue
            }
            #expect(changed.json[member] == value, "\(member)")
            #expect(
                changed.json.members?.count == world.account.card.json.members.map { $0.count + 1 })
            #expect(changed.company == "c")
        }
    }

    @Test func `that is not there is neither changed nor closed`() throws {
        let organization = try World().organization
        let gone = Refusal(.notFound, ["what": "account"])
        #expect(
            Accounts.change(try card(full), account: nil, organization: organization).refusal
                == gone)
        #expect(Accounts.close(try close("2026-01-01"), account: nil).refusal == gone)
    }

    private func close(_ date: String) throws -> CloseAccount {
        let json = JSON.object(["account": .string("626200012"), "closed_on": .string(date)])
        guard case .closeAccount(let command) = try Command(.closeAccount, json) else {
            throw Refusal(.shape)
        }
        return command
    }

    @Test func `is closed from a day on, and keeps its card`() throws {
        var world = try World()
        world.account.card = try card(full)
        world.keep(Accounts.close(try close("2026-05-01"), account: world.account))
        #expect(world.account.card.closedOn == (try day("2026-05-01")))
        #expect(world.account.card.surname == "Ёлкин")
    }
}

@Suite struct `A meter` {
    private let unchanged = Decision.accepted([], result: .object(["unchanged": .bool(true)]))

    private func install(_ members: String = "") throws -> InstallMeter {
        let text =
            #"{"account":"626200012","service":"electricity","meter":"E","digits":5\#(members)}"#
        guard
            case .installMeter(let command) = try Command(
                .installMeter, JSON.parse(Array(text.utf8)))
        else { throw Refusal(.shape) }
        return command
    }

    private func installed(
        _ world: inout World, _ members: String, taken: Bool = false
    ) throws -> Decision {
        world.keep(
            Meters.install(
                try install(members), newID: 7, account: world.account, taken: taken))
    }

    @Test func `is installed with all that is said of it`() throws {
        var world = try World()
        let decision = try installed(
            &world,
            #","decimals":2,"installed_on":"2026-04-01","verified_until":"2042-04-01""#
                + #","initial_value":"12.5""#
        )
        let meter = MeterFacts(
            id: 7, service: .electricity, number: "E", registers: 1, digits: 5, decimals: 2,
            installedOn: try day("2026-04-01"), verifiedUntil: try day("2042-04-01"),
            initial: [try quantity("12.5")])
        #expect(decision == .accepted([.meterInstalled(account: 1, meter)]))
        #expect(world.account.meters.last == meter)
    }

    @Test func `gets its further registers in order, as long as nothing was read`() throws {
        var world = try World()
        #expect(
            try installed(&world, #","register":"T2""#).refusal
                == Refusal(.meterRegister, ["register": "T2"]))
        #expect(try installed(&world, #","initial_value":"1""#).code == nil)
        #expect(try installed(&world, #","register":"T3""#).code == .meterRegister)
        #expect(try installed(&world, #","register":"T2","initial_value":"2""#).code == nil)
        #expect(try installed(&world, #","register":"T3","initial_value":"3""#).code == nil)
        let meter = try #require(world.account.meters.last)
        #expect(meter.registers == 3)
        #expect(meter.initial == [try quantity("1"), try quantity("2"), try quantity("3")])
        #expect(world.account.meters.count == 2)

        world = try World()
        _ = try installed(&world, "")
        world.account.meters[1].history = [
            ReadingFacts(
                id: CommandID(high: 0, low: 1), month: try month("2026-04"),
                takenOn: try day("2026-04-18"), values: [try quantity("5")], rolled: 0,
                calculated: false)
        ]
        #expect(try installed(&world, #","register":"T2""#).code == .meterRegister)
    }

    @Test func `installed again as it is changes nothing, line by line`() throws {
        var world = try World()
        let lines = [
            #","initial_value":"1","decimals":2,"installed_on":"2026-04-01""#,
            #","register":"T2","initial_value":"2","decimals":2"#,
        ]
        for line in lines { #expect(try installed(&world, line).changes.count == 1) }
        for line in lines { #expect(try installed(&world, line) == unchanged) }
    }

    @Test func `keeps its first values once something was read`() throws {
        var world = try World()
        _ = try installed(&world, #","initial_value":"1""#)
        #expect(try installed(&world, #","initial_value":"2""#).changes.count == 1)
        #expect(world.account.meters[1].initial == [try quantity("2")])
        world.account.meters[1].history = [
            ReadingFacts(
                id: CommandID(high: 0, low: 1), month: try month("2026-04"),
                takenOn: try day("2026-04-18"), values: [try quantity("5")], rolled: 0,
                calculated: false)
        ]
        #expect(try installed(&world, #","initial_value":"3""#) == unchanged)
        #expect(
            try installed(&world, #","verified_until":"2030-01-01""#).changes.count == 1)
        #expect(world.account.meters[1].initial == [try quantity("2")])
    }

    @Test func `has a number that no other account has for this service`() throws {
        var world = try World()
        #expect(
            try installed(&world, "", taken: true).refusal == Refusal(.meterExists, ["meter": "E"]))
        _ = try installed(&world, "")
        // It is taken by this account itself.
        #expect(try installed(&world, "", taken: true) == unchanged)
    }

    @Test func `has shown nothing that its dial has no digits for`() throws {
        var world = try World()
        #expect(
            try installed(&world, #","initial_value":"100000""#).refusal
                == Refusal(.readingCapacity, ["d": "5"]))
        _ = try installed(&world, #","initial_value":"99990""#)
        world.account.meters[1].history = [
            ReadingFacts(
                id: CommandID(high: 0, low: 1), month: try month("2026-04"),
                takenOn: try day("2026-04-18"), values: [try quantity("5")], rolled: 1,
                calculated: false)
        ]
        let smaller = { (digits: Int) in
            var command = try self.install()
            command.digits = digits
            return Meters.install(command, newID: 8, account: world.account, taken: false)
        }
        #expect(try smaller(4).refusal == Refusal(.readingCapacity, ["d": "4"]))
        #expect(try smaller(6).changes.count == 1)
    }

    @Test func `needs an account`() throws {
        #expect(
            Meters.install(try install(), newID: 7, account: nil, taken: false).refusal
                == Refusal(.notFound, ["what": "account"]))
    }
}

@Suite struct `A meter that goes` {
    private func command(_ kind: Command.Kind, _ members: String) throws -> Command {
        let text = #"{"account":"626200012","meter":"M",\#(members)}"#
        return try Command(kind, JSON.parse(Array(text.utf8)))
    }

    private func remove(
        _ world: inout World, _ members: String, today: String = "2026-06-01"
    ) throws -> Decision {
        guard case .removeMeter(let body) = try command(.removeMeter, members) else {
            throw Refusal(.shape)
        }
        return world.keep(
            Meters.remove(
                body, from: try world.sender(today: today, channel: .operator),
                account: world.account, organization: world.organization))
    }

    private func replace(
        _ world: inout World, _ members: String, taken: Bool = false
    ) throws -> Decision {
        guard case .replaceMeter(let body) = try command(.replaceMeter, members) else {
            throw Refusal(.shape)
        }
        return world.keep(
            Meters.replace(
                body, from: try world.sender(today: "2026-06-01", channel: .operator), newID: 7,
                account: world.account, organization: world.organization, taken: taken))
    }

    @Test func `is removed on its day, once`() throws {
        var world = try World()
        try world.submit(["5"], on: "2026-04-18")
        #expect(try remove(&world, #""removed_on":"2026-05-02""#).code == nil)
        #expect(world.meter.removedOn == (try day("2026-05-02")))
        #expect(world.volumes == ["5"])
        #expect(
            try remove(&world, #""removed_on":"2026-05-03""#).refusal
                == Refusal(.readingMeterRemoved, ["date": "2026-05-02", "org": "О"]))
    }

    @Test func `leaves its last values as a reading of that day by a control visit`() throws {
        var world = try World(window: .init(from: 10, to: 25))
        try world.submit(["5"], on: "2026-04-18")
        let decision = try remove(&world, #""removed_on":"2026-05-02","values":{"T1":"9"}"#)
        guard
            case .readingAccepted(_, _, let reading, let volumes, let sender)? =
                decision.changes.first
        else {
            Issue.record("\(decision)")
            return
        }
        #expect(volumes == [try quantity("4")])
        #expect(reading.takenOn == (try day("2026-05-02")))
        #expect(reading.month == (try month("2026-05")))
        #expect(sender.channel == .control)
        #expect(world.volumes == ["5", "4"])
        #expect(world.meter.removedOn == (try day("2026-05-02")))
    }

    @Test func `goes not before its last reading, nor before it came`() throws {
        var world = try World(installed: "2026-04-01")
        #expect(
            try remove(&world, #""removed_on":"2026-03-31""#).refusal
                == Refusal(.readingDate, ["date": "2026-04-01"]))
        try world.submit(["5"], on: "2026-04-18")
        #expect(
            try remove(&world, #""removed_on":"2026-04-17""#).refusal
                == Refusal(.readingDate, ["date": "2026-04-18"]))
        #expect(world.meter.removedOn == nil)
    }

    @Test func `stays when its last values are refused`() throws {
        var world = try World(initial: "100")
        for (members, code) in [
            (#""removed_on":"2026-05-02","values":{"T1":"1e9"}"#, .readingFormat),
            (#""removed_on":"2026-05-02","values":{"T2":"101"}"#, .readingZones),
            (#""removed_on":"2026-06-02","values":{"T1":"101"}"#, .readingFuture),
        ] as [(String, Refusal.Code)] {
            let decision = try remove(&world, members)
            #expect(decision.code == code)
            #expect(decision.changes.isEmpty)
            #expect(world.meter.removedOn == nil)
        }
    }

    @Test func `is followed by a new one of its kind`() throws {
        var world = try World(service: .electricity, registers: 2, digits: 5, decimals: 2)
        try world.submit(["5", "6"], on: "2026-04-18")
        let decision = try replace(
            &world,
            #""replaced_on":"2026-05-02","values":{"T1":"7","T2":"9"},"new_meter":"N""#
        )
        #expect(decision.code == nil)
        #expect(world.account.meters.count == 2)
        #expect(world.meter.removedOn == (try day("2026-05-02")))
        #expect(world.volumes == ["11", "5"])
        let new = world.account.meters[1]
        #expect(
            new
                == MeterFacts(
                    id: 7, service: .electricity, number: "N", registers: 2, digits: 5, decimals: 2,
                    installedOn: try day("2026-05-02"), initial: [.zero, .zero]))
    }

    @Test func `is followed by one with its own first values and dial`() throws {
        var world = try World()
        let decision = try replace(
            &world,
            #""replaced_on":"2026-05-02","new_meter":"N","digits":6,"decimals":1,"#
                + #""verified_until":"2032-01-01","new_values":{"T1":"123456,5"}"#)
        #expect(decision.code == nil)
        let new = try #require(world.account.meters.last)
        #expect(new.initial == [try quantity("123456.5")])
        #expect(new.digits == 6 && new.decimals == 1)
        #expect(new.verifiedUntil == (try day("2032-01-01")))
        // Without last values the old one has no reading of that day.
        #expect(world.meter.history.isEmpty)
    }

    @Test func `stays when the new one cannot come`() throws {
        var world = try World()
        let before = world.account
        func refused(_ members: String, taken: Bool = false) throws -> Refusal.Code? {
            let decision = try replace(&world, members, taken: taken)
            #expect(decision.changes.isEmpty)
            #expect(world.account == before)
            return decision.code
        }
        let at = #""replaced_on":"2026-05-02","values":{"T1":"7"},"#
        #expect(try refused(at + #""new_meter":"N""#, taken: true) == .meterExists)
        #expect(try refused(at + #""new_meter":"M""#) == .meterExists)
        #expect(
            try refused(at + #""new_meter":"N","new_values":{"T2":"0"}"#) == .readingZones)
        #expect(
            try refused(at + #""new_meter":"N","new_values":{"T1":"100000"}"#) == .readingCapacity)
        #expect(
            try refused(at + #""new_meter":"N","decimals":0,"new_values":{"T1":"0.5"}"#)
                == .readingFormat)
    }
}
