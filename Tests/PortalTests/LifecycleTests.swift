import Commands
import Foundation
import HTTP
import Postgres
import Store
import TestKit
import Testing
import Words

@testable import Portal

/// What the pages say of a reading's life (features.md §10).
struct LifecyclePageTests {
    private func draw(
        _ name: String, _ change: (inout MetersView, inout Profile) throws -> Void,
        language: Language = .ru
    ) throws -> String {
        var view = try Sample.view([Sample.water(), Sample.removed()])
        var profile = try Sample.profile(window: .init(from: 10, to: 25))
        try change(&view, &profile)
        let response = try Sample.page(view, profile: profile, language: language).response()
        try render(name, response, profile)
        return text(response)
    }

    private func deletions(_ page: String) -> Int {
        page.matches(of: /readings\/[^"]*\/delete"/).count
    }

    @Test func `SF-148: a reading can be deleted while the session lives in which it was entered`()
        throws
    {
        let over = try draw("session-over") { _, profile in
            profile.readings.deleteUntil = .session
        }
        #expect(deletions(over) == 0)
        let alive = try draw("session-lives") { view, profile in
            profile.readings.deleteUntil = .session
            view.meters[0].readings[0].entryLives = true
        }
        #expect(deletions(alive) == 1)
        #expect(deletions(try draw("calculated") { _, _ in }) == 1)
    }

    @Test func `SF-149: the words of both columns are the organization's`() throws {
        let page = try draw("words") { _, profile in
            profile.readings.words.accepted = ""
            profile.readings.words.calculated = "Учтено"
            profile.readings.words.entry = "Ввод"
            profile.readings.words.status = "Способ"
        }
        for words in [">Учтено<", ">Ввод<", ">Способ<", "через банк", "автоматически", "ГИС ЖКХ"] {
            #expect(page.contains(words), "\(words)")
        }
        for words in ["Принято<", "Рассчитано", "Статус ввода", "Статус показания"] {
            #expect(!page.contains(words), "\(words)")
        }
        let english = try draw("words-en", { $1.readings.words.entry = "Ввод" }, language: .en)
        #expect(english.contains("Entry status") && !english.contains("Ввод"))
    }

    @Test(arguments: [
        ("2026-04-18", "Осталось 7 дней"), ("2026-04-24", "Остался 1 день"),
        ("2026-04-22", "Осталось 3 дня"), ("2026-04-25", "Сегодня последний день"),
    ])
    func `SF-152: an open window says how long it is open`(today: String, words: String) throws {
        let page = try draw("open") { view, _ in view.today = try Sample.day(today) }
        #expect(page.contains("Показания принимаются с 10 по 25 число. \(words)"))
    }

    @Test func `SF-153: an extension says until when, and opens the form`() throws {
        let page = try draw("extended") { view, _ in
            view.today = try Sample.day("2026-04-27")
            view.extensions = [
                .init(given: try Sample.day("2026-04-26"), until: try Sample.day("2026-04-28"))
            ]
        }
        #expect(page.contains("Период ввода показаний продлён по 28.04.2026 включительно"))
        #expect(page.contains("Остался 1 день") && !page.contains(" disabled"))
        // Given while the window is open it is told at once.
        let early = try draw("extended-early") { view, _ in
            view.today = try Sample.day("2026-04-25")
            view.extensions = [
                .init(given: try Sample.day("2026-04-25"), until: try Sample.day("2026-04-28"))
            ]
        }
        #expect(early.contains("продлён по 28.04.2026") && early.contains("Осталось 3 дня"))
        let over = try draw("extension-over") { view, _ in
            view.today = try Sample.day("2026-04-29")
            view.extensions = [
                .init(given: try Sample.day("2026-04-26"), until: try Sample.day("2026-04-28"))
            ]
        }
        #expect(over.contains("Период ввода показаний закрыт") && over.contains(" disabled"))
    }

    @Test func `SF-153: the window is that of the house, else of the company`() throws {
        let company = try draw("company") { _, profile in
            profile.companies[0].window = .init(from: 15, to: 20)
        }
        #expect(company.contains("с 15 по 20 число. Осталось 2 дня"))
        let house = try draw("house-window") { view, profile in
            profile.companies[0].window = .init(from: 15, to: 20)
            view.window = .init(from: 20, to: 28)
        }
        #expect(house.contains("Период ввода показаний закрыт. Показания принимаются с 20 по 28"))
        #expect(house.contains(" disabled"))
    }

    @Test func `SF-141 SF-202: a meter that was removed is kept, marked, with its history`() throws
    {
        let page = try draw("inactive") { _, _ in }
        let list = try #require(page.range(of: "Недействующие приборы учета"))
        let rest = page[list.upperBound...]
        #expect(rest.contains("ХВ-00017") && rest.contains("снят с учёта 15.12.2023"))
        #expect(rest.contains("842,1") && rest.contains("контрольное снятие"))
        #expect(!rest.contains("name=\"meter\" value=\"ХВ-00017\""))
        let json = MetersJSON.metersBody(
            try Sample.view([Sample.water(), Sample.removed()]))
        #expect(
            json["meters"]?.array?.map { $0["active"]?.bool } == [true, false])
    }

    @Test func `SF-142: a service without a meter of its own is told`() throws {
        let page = try draw("missing") { _, _ in }
        #expect(
            page.contains("Индивидуальный прибор учета не установлен: Электроэнергия"))
        let whole = try draw("whole") { view, _ in view.meters.append(try Sample.electricity()) }
        #expect(!whole.contains("не установлен"))
        // A removed one is none that is there.
        let removed = try draw("only-removed") { view, _ in view.meters.removeFirst() }
        #expect(removed.contains("Индивидуальный прибор учета не установлен</p>"))
    }

    @Test func `an automatic meter has no form and says why`() throws {
        let page = try draw("automatic") { view, _ in view.meters[0].automatic = true }
        #expect(page.contains("поступают автоматически, вводить их не нужно"))
        #expect(!page.contains("class=\"reading\"") && deletions(page) == 0)
        #expect(
            MetersJSON.metersBody(try Sample.view([Sample.water()]))["meters"]?.array?.first?[
                "automatic"]?.bool == false)
    }

    @Test(arguments: Profile.Readings.LinkPlace.allCases)
    func `SF-143: the link stands where the profile says`(place: Profile.Readings.LinkPlace) throws
    {
        let page = try draw("link-\(place.rawValue)") { _, profile in
            profile.readings.linkPlace = place
        }
        #expect(page.matches(of: /class="submit-link/).count == 1)
        #expect(page.contains("class=\"submit-link right\"") == (place == .right))
    }
}

/// «Общедомовые нужды» (SF-114, SF-155) of all five organizations, drawn from real rows.
@Suite(.serialized) struct HouseMetersPageTests {
    private static let town = Result { try Town() }

    private func town() throws -> Town { try Self.town.get() }

    private func fill(_ code: String) throws {
        try town().database.connection().script(
            """
            insert into facts.house_meter (id, organization, house, service, number, digits, decimals, ratio, installed_on,
              verified_until, removed_on, initial)
            values (\(town().account(code) * 1000 + 1), '\(code)', 'lesnaya-4', 'electricity', 'ОДПУ-1', 6, 1, 40, '2024-03-01', '2034-03-01', null, 0),
                   (\(town().account(code) * 1000 + 2), '\(code)', 'lesnaya-4', 'heat', 'ОДПУ-2', 5, 3, 1, null, null, '2026-05-10', 0),
                   (\(town().account(code) * 1000 + 3), '\(code)', 'other', 'heat', 'ЧУЖОЙ', 5, 3, 1, null, null, null, 0)
            on conflict do nothing;
            insert into facts.house_month (meter, month, taken_on, value, volume, received_at, channel, actor, command)
            select \(town().account(code) * 1000 + 1), (date '2026-01-01' + interval '1 month' * n)::date,
                   (date '2026-01-25' + interval '1 month' * n)::date,
                   case when n <> 3 then (n + 1) * 10500000 end, 420000000, now(), 'import', 'test', gen_random_uuid()
            from generate_series(0, 9) n on conflict do nothing;
            """)
    }

    @Test(arguments: Town.codes)
    func `SF-155: the tab is there where the profile has it`(code: String) throws {
        let town = try town()
        try fill(code)
        let profile = try town.profile(code)
        #expect(profile.houseMeters == (["srkc", "uigkh", "irkutsk"].contains(code) ? .tab : .off))
        let viewer = Viewer(
            profile: profile, session: try town.session(code), language: .ru)
        let response = town.portal.houseMeters(viewer, account: "6262000")
        let json = town.portal.houseMetersJSON(Reader(viewer), account: "6262000")
        let meters = text(town.portal.meters(viewer, account: "6262000"))
        guard profile.houseMeters == .tab else {
            #expect(response.status == 404 && json.status == 404)
            #expect(!meters.contains("house-meters"))
            return
        }
        let page = text(response)
        try render("house-\(code)", response, profile)
        for words in [
            "Общедомовые нужды", "aria-current=\"page\"", "ОДПУ-1", "Электроэнергия", "по акту",
            "Коэффициент трансформации", "420\u{A0}кВт·ч", "снят с учёта 10.05.2026", "10,5",
            "Показаний ещё не было", "октябрь 2026", "Более ранние показания (4)",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(!page.contains("ЧУЖОЙ"))
        #expect(meters.contains("href=\"/\(code)/accounts/6262000/house-meters\""))
        let body = try JSON.parse(json.body)
        #expect(body["account"]?.string == "6262000")
        let first = body["meters"]?.array?.first
        #expect(first?["ratio"]?.int == 40 && first?["months"]?.array?.count == 10)
        #expect(first?["months"]?.array?.first?["value"]?.string == "105.0")
        #expect(first?["months"]?.array?.first?["volume"]?.string == "420")
        // Another's account is not there.
        for other in ["6262002", "999", "x"] {
            #expect(town.portal.houseMeters(viewer, account: other).status == 404)
            #expect(town.portal.houseMetersJSON(Reader(viewer), account: other).status == 404)
        }
    }

    @Test(arguments: Town.codes)
    func `SF-140 SF-144 SF-149: the words of readings are those of the manual`(code: String) throws
    {
        let town = try town()
        try town.database.connection().script(
            """
            insert into facts.meter (id, account, organization, service, number, registers, digits, decimals, installed_on, initial)
            values (\(town.account(code)), \(town.account(code)), '\(code)', 'hot_water', 'ГВ-1', 1, 5, 3, '2025-01-01', '{0}')
            on conflict do nothing;
            insert into facts.reading (id, account, meter, month, taken_on, received_at, state, channel, actor, values, calculated_at)
            select md5('\(code)' || n)::uuid, \(town.account(code)), \(town.account(code)),
                   (date '2026-10-01' + interval '1 month' * n)::date, date '2026-10-18' + n * 30, '2026-10-18', 'effective',
                   case n when 0 then 'bank' else 'resident' end, 'test', array[(n + 1) * 1000000],
                   case n when 0 then now() end
            from generate_series(0, 1) n on conflict do nothing
            """)
        let viewer = Viewer(
            profile: try town.profile(code), session: try town.session(code), language: .ru)
        let page = text(town.portal.meters(viewer, account: "6262000"))
        let own: [String: [String]] = [
            "srkc": ["Новое", "Внести", "Передать показания", "<h1>Приборы учета</h1>"],
            "abonent": ["Сохранить", "Ввести значения", "<h1>Приборы учёта</h1>"],
            "uigkh": ["Передать показания", "<h1>Приборы учета</h1>"],
            "potrebitel": ["Показания счетчиков", "<h1>Приборы учета</h1>"],
            "irkutsk": ["Новое", "Внести", "Передать показания", "<h1>Приборы учета</h1>"],
        ]
        for words in (own[code] ?? []) + [
            "Горячая вода (ГВС)", "Статус ввода", "Статус показания", "Рассчитано", "Принято",
            "через банк", "через личный кабинет",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        // The page of all meters, and the way between the two.
        let link = code == "abonent" ? "Ввести значения" : "Передать показания"
        #expect(page.contains("\(link) по всем приборам</a>"))
        let all = text(town.portal.submit(viewer, account: "6262000"))
        let send = code == "abonent" ? "Сохранить" : "Отправить показания"
        #expect(all.contains(">\(send)</button>"))
        #expect(all.contains("\(viewer.profile.readings.words.title) и история показаний</a>"))
        let place = viewer.profile.readings.linkPlace
        #expect(
            place == ["potrebitel": .menu, "irkutsk": .right, "abonent": .right][code] ?? .left)
        #expect(
            viewer.profile.readings.deleteUntil
                == (["srkc", "uigkh", "irkutsk"].contains(code) ? .session : .calculated))
        try render("meters-\(code)", town.portal.meters(viewer, account: "6262000"), viewer.profile)
    }

    @Test func `SF-148: what the database says of the session decides what can be deleted`() throws
    {
        let town = try town()
        let account = town.account("uigkh")
        let owner = try town.database.connection()
        try owner.script(
            """
            insert into facts.meter (id, account, organization, service, number, registers, digits, decimals, initial)
            values (\(account + 50), \(account), 'uigkh', 'gas', 'G-1', 1, 5, 3, '{0}');
            insert into facts.reading (id, account, meter, month, taken_on, received_at, state, channel, actor, values, session)
            select md5('entry')::uuid, \(account), \(account + 50), '2026-11-01', '2026-11-20', '2026-11-20', 'effective',
                   'resident', 'test', '{7000000}', s.id
            from access.session s join access.principal p on p.id = s.principal where p.login = 'person-uigkh' limit 1
            """)
        let viewer = Viewer(
            profile: try town.profile("uigkh"), session: try town.session("uigkh"), language: .ru)
        func deletable() throws -> Bool {
            let id = try owner.script("select md5('entry')::uuid::text")[0].text(0)
            return text(town.portal.meters(viewer, account: "6262000")).contains(
                "readings/\(id)/delete")
        }
        #expect(try deletable())
        try owner.script(
            "update facts.reading set calculated_at = now() where id = md5('entry')::uuid")
        #expect(try !deletable())
        try owner.script(
            "update facts.reading set calculated_at = null where id = md5('entry')::uuid")
        #expect(try deletable())
        try owner.script(
            """
            update access.session set ended_at = '\(Town.now)'
            where id = (select session from facts.reading where id = md5('entry')::uuid)
            """)
        #expect(try !deletable())
    }

    @Test func `SF-153: the page reads the house's window and its extensions`() throws {
        let town = try town()
        let owner = try town.database.connection()
        // 22 November.
        try owner.script(
            """
            insert into facts.house_window (command, organization, house, at, from_day, to_day, actor, why)
            values (gen_random_uuid(), 'abonent', 'lesnaya-4', '2026-11-01', 1, 20, 'test', 'test'),
                   (gen_random_uuid(), 'abonent', 'lesnaya-4', '2026-10-01', 1, 31, 'test', 'test'),
                   (gen_random_uuid(), 'abonent', 'lesnaya-4', '2026-12-01', 1, 31, 'test', 'test')
            """)
        let viewer = Viewer(
            profile: try town.profile("abonent"), session: try town.session("abonent"),
            language: .ru)
        func page() -> String { text(town.portal.meters(viewer, account: "6262000")) }
        #expect(page().contains("Период ввода показаний закрыт. Показания принимаются с 1 по 20"))
        for (company, house) in [("null", "'other'"), ("'other'", "null")] {
            try owner.script(
                """
                insert into facts.window_extension (command, organization, company, house, given_on, until, at, actor, why)
                values (gen_random_uuid(), 'abonent', \(company), \(house), '2026-11-21', '2026-11-29', '2026-11-21', 'test', 'test')
                """)
        }
        #expect(page().contains("Период ввода показаний закрыт"))
        try owner.script(
            """
            insert into facts.window_extension (command, organization, house, given_on, until, at, actor, why)
            values (gen_random_uuid(), 'abonent', 'lesnaya-4', '2026-11-21', '2026-11-24', '2026-11-21', 'test', 'test')
            """)
        #expect(page().contains("продлён по 24.11.2026 включительно. Осталось 2 дня"))
        // Behind its end it still says until when readings were taken.
        try owner.script("update facts.window_extension set until = '2026-11-21'")
        let late = Sample.posted(Sample.refused(Refusal(.readingWindow)))
        let told = text(town.portal.meters(viewer, account: "6262000", form: late))
        #expect(told.contains("Показания принимались по 21.11.2026 включительно"))
    }
}
