import Commands
import Testing

private func json(_ text: String) throws -> JSON { try JSON.parse(Array(text.utf8)) }

private let least = """
    {"code":"srkc","name":"ООО «СРКЦ»","title":"Личный кабинет","time_zone":"Asia/Irkutsk",
    "companies":[{"code":"uk","name":"УК"}],"services":["cold_water"]}
    """

private let whole = """
    {"code":"srkc","name":"ООО «СРКЦ»","title":"Личный кабинет","time_zone":"Asia/Irkutsk",
    "companies":[{"code":"uk","name":"УК"},{"code":"tsj","name":"ТСЖ","window":{"from":1,"to":9}}],
    "services":["cold_water","heat"],"accent":"#00ff7A","footer":["а","б"],
    "readings":{"window":{"from":25,"to":3},"late":"next_month","delete_until":"session","link_place":"right",
    "channels":{"resident":{"less":"confirm","by_date":true},"bank":{"window":"refuse"}},
    "words":{"new":"Новое значение","submit":"Сохранить","link":"Ввести","accepted":"",
    "calculated":"Учтено","entry":"Ввод","status":"Способ"}},
    "house_meters":"tab",
    "charges":{"by":"kabinet","view":"movements","prorate":false,"recalculate_norm":true,
    "bills":{"form":"thirteen","visible":3,"word":"Счет","print":"На печать"}}}
    """

private func problems(_ json: JSON) -> [String] {
    do {
        _ = try Profile(json)
        return []
    } catch {
        return error.problems
    }
}

@Suite struct `A profile` {
    @Test func `says what is not said`() throws {
        let profile = try Profile(json(least))
        #expect(profile.readings.window == nil)
        #expect(profile.readings.late == .refuse)
        #expect(profile.readings.policies.isEmpty)
        #expect(
            profile.readings.words
                == .init(new: "Новое", submit: "Внести", link: "Передать показания"))
        #expect(profile.readings.words.accepted == "Принято")
        #expect(profile.readings.words.calculated == "Рассчитано")
        #expect(profile.readings.words.entry == "Статус ввода")
        #expect(profile.readings.words.status == "Статус показания")
        #expect(profile.readings.deleteUntil == .calculated)
        #expect(profile.readings.linkPlace == .left)
        #expect(profile.houseMeters == .off)
        #expect(profile.accent == "#1f5fa8")
        #expect(profile.footer.isEmpty)
        // A release that does not know what is new can still read what says nothing of it.
        let written = String(decoding: profile.json.bytes, as: UTF8.self)
        for key in ["house_meters", "delete_until", "link_place", "accepted"] {
            #expect(!written.contains(key))
        }
    }

    @Test func `keeps what is said`() throws {
        let profile = try Profile(json(whole))
        #expect(profile.companies.map(\.code) == ["uk", "tsj"])
        #expect(profile.services == [.coldWater, .heat])
        #expect(profile.readings.window == .init(from: 25, to: 3))
        #expect(profile.readings.late == .nextMonth)
        #expect(profile.readings.words.submit == "Сохранить")
        #expect(profile.readings.words.accepted == "")
        #expect(profile.readings.words.status == "Способ")
        #expect(profile.readings.deleteUntil == .session)
        #expect(profile.readings.linkPlace == .right)
        #expect(profile.houseMeters == .tab)
        #expect(profile.window(of: "tsj") == .init(from: 1, to: 9))
        #expect(profile.window(of: "uk") == .init(from: 25, to: 3))
        #expect(profile.window(of: nil) == .init(from: 25, to: 3))
        #expect(profile.accent == "#00ff7A")
        #expect(profile.footer == ["а", "б"])
    }

    @Test func `charges nothing until it says who does`() throws {
        #expect(try Profile(json(least)).charges == .standard)
        #expect(ChargesProfile.standard.source == .none)
        let charges = try Profile(json(whole)).charges
        #expect(charges.source == .kabinet && charges.view == .movements)
        #expect(!charges.prorates && charges.recalculatesNorm)
        #expect(charges.bills.form == .thirteen && charges.bills.visible == 3)
        #expect(charges.bills.word == "Счет" && charges.bills.print == "На печать")
        let all = try json(least).with(
            "charges", json(#"{"by":"import","bills":{"visible":"all"}}"#))
        #expect(try Profile(all).charges.source == .imported)
        #expect(try Profile(all).charges.bills.visible == nil)
        #expect(try Profile(Profile(all).json) == Profile(all))
    }

    @Test func `tells all that is wrong with its charges at once`() throws {
        let bad = try json(
            #"""
            {"by":"us","view":"table","prorate":"yes","recalculate_norm":1,"rate":1,
             "bills":{"form":"43","visible":0,"word":5,"print":"","colour":"red"}}
            """#)
        let told = problems(try json(least).with("charges", bad))
        for start in [
            "by:", "view:", "prorate:", "recalculate_norm:", "rate:", "bills.form:",
            "bills.visible:", "bills.word:", "bills.colour:",
        ] {
            #expect(told.count { $0.hasPrefix("charges.\(start)") } == 1, "\(start) in \(told)")
        }
        for other in [JSON.int(1), .bool(true), .string("kabinet"), .array([])] {
            #expect(!problems(try json(least).with("charges", other)).isEmpty, "\(other)")
        }
    }

    @Test(arguments: [least, whole])
    func `is the same when it is written and read again`(text: String) throws {
        let profile = try Profile(json(text))
        #expect(try Profile(profile.json) == profile)
        #expect(try Profile(JSON.parse(profile.json.bytes)) == profile)
    }

    @Test func `changes of a channel's checks only what is said`() throws {
        let readings = try Profile(json(whole)).readings
        var expected = ReadingPolicy.standard(.resident)
        expected.less = .confirm
        expected.byDate = true
        #expect(readings.policy(.resident) == expected)
        #expect(readings.policy(.bank).window == .refuse)
        #expect(readings.policy(.bank).soft == ReadingPolicy.standard(.bank).soft)
        for channel in Channel.allCases where channel != .resident && channel != .bank {
            #expect(readings.policy(channel) == ReadingPolicy.standard(channel))
        }
    }

    @Test func `tells all that is wrong at once`() throws {
        let bad = try json(
            """
            {"code":"СРКЦ","title":"","time_zone":5,"companies":[{"code":"a","window":{"from":1}}],
            "services":["water","heat"],"accent":"red","colour":1,"footer":"text",
            "house_meters":"page",
            "readings":{"window":{"from":0,"to":25,"until":1},"late":"never","extra":1,
            "delete_until":"ever","link_place":"top",
            "channels":{"mail":{},"bank":{"less":"maybe","soft":1,"by_date":"yes","more":1}},
            "words":{"new":5,"old":"x"}}}
            """)
        let told = problems(bad)
        for start in [
            "code:", "name:", "title:", "time_zone:", "companies.name:", "services:", "accent:",
            "colour:", "footer:", "readings.window.until:", "readings.window:", "readings.late:",
            "readings.extra:", "readings.channels.mail:", "readings.channels.bank.less:",
            "readings.channels.bank.soft:", "readings.channels.bank.by_date:",
            "readings.channels.bank.more:", "readings.words.new:", "readings.words.old:",
            "companies.window:", "house_meters:",
            "readings.delete_until:", "readings.link_place:",
        ] {
            #expect(told.count { $0.hasPrefix(start) } == 1, "\(start) in \(told)")
        }
        #expect(told.count == 24)
    }

    @Test(arguments: [
        "companies", "services", "footer", "readings", "house_meters", "accent", "code", "name",
        "title",
        "time_zone",
    ])
    func `takes no member of another type for one that is not there`(member: String) throws {
        for other in [JSON.int(1), .bool(true), .string(""), .object([.init("x", .int(1))])] {
            #expect(
                !problems(try json(least).with(member, other)).isEmpty, "\(member): \(other)")
        }
    }

    @Test(arguments: ["window", "late", "delete_until", "link_place", "channels", "words"])
    func `takes no setting of readings of another type for one that is not there`(
        member: String
    ) throws {
        for other in [JSON.int(1), .bool(true), .string(""), .array([.int(1)])] {
            let readings = JSON.object([.init(member, other)])
            #expect(
                !problems(try json(least).with("readings", readings)).isEmpty,
                "\(member): \(other)")
        }
    }

    @Test(arguments: [JSON.null, .array([]), .string("x"), .int(1)])
    func `is a mapping`(value: JSON) {
        #expect(!problems(value).isEmpty)
    }

    @Test(arguments: [
        "", "Srkc", "с", "a_b", "a.b", "a/b", "a b", "api", "health", "metrics", "outbox", "test",
        "static", "delivered", "unsubscribe", String(repeating: "a", count: 32),
    ])
    func `has a code that can be the first segment of a path`(code: String) throws {
        #expect(
            problems(try json(least).with("code", .string(code))).contains { $0.hasPrefix("code:") }
        )
    }

    @Test func `has a code of up to 31 small letters, digits and hyphens`() throws {
        for code in ["a", "uk-24", "7", String(repeating: "z", count: 31)] {
            #expect(problems(try json(least).with("code", .string(code))).isEmpty)
        }
    }

    @Test func `names each company and each service once`() throws {
        let company = try json(#"{"code":"uk","name":"УК"}"#)
        #expect(
            problems(try json(least).with("companies", .array([company, company])))
                == ["companies.uk: named twice"])
        #expect(
            problems(try json(least).with("services", .array([.string("gas"), .string("gas")])))
                == ["services.gas: named twice"])
    }

    @Test func `has a policy of its own for every channel`() {
        // features.md §14 E and the table of design.md §7.
        typealias Answer = ReadingPolicy.Answer
        let expected: [Channel: (Answer, Answer, Answer, Answer, Bool)] = [
            .resident: (.refuse, .refuse, .confirm, .refuse, false),
            .api: (.refuse, .refuse, .confirm, .refuse, false),
            .phone: (.refuse, .refuse, .confirm, .refuse, false),
            .operator: (.allow, .confirm, .confirm, .refuse, false),
            .bank: (.allow, .refuse, .allow, .refuse, true),
            .gis: (.allow, .refuse, .allow, .refuse, true),
            .automatic: (.allow, .refuse, .allow, .refuse, true),
            .import: (.allow, .refuse, .confirm, .refuse, true),
            .control: (.allow, .allow, .allow, .confirm, true),
        ]
        for channel in Channel.allCases {
            let policy = ReadingPolicy.standard(channel)
            let found = (policy.window, policy.less, policy.soft, policy.hard, policy.byDate)
            #expect(expected[channel].map { $0 == found } ?? false, "\(channel)")
        }
    }
}

@Suite struct `A refusal` {
    @Test(arguments: Refusal.Code.allCases)
    func `is the same when it is written and read again`(code: Refusal.Code) throws {
        for confirmable in [false, true] {
            for values in [[:], ["prev": "131.012", "date": "", "текст": "«а»\n\"\\"]] {
                let refusal = Refusal(code, values, confirmable: confirmable)
                let written = try JSON.parse(refusal.json.bytes)
                #expect(Refusal(code: code.rawValue, json: written) == refusal)
            }
        }
    }

    @Test func `of a code that nobody knows is none`() {
        #expect(Refusal(code: "RD_NEW", json: .object([])) == nil)
        #expect(Refusal(code: "", json: .object([])) == nil)
    }

    @Test func `writes its values in one order`() {
        let refusal = Refusal(.readingLess, ["prev": "1", "date": "2", "a": "3"])
        #expect(
            String(decoding: refusal.json.bytes, as: UTF8.self)
                == #"{"values":{"a":"3","date":"2","prev":"1"}}"#)
    }
}
