import Commands
import Foundation
import HTTP
import Postgres
import TestKit
import Testing
import Words

@testable import Portal
@testable import Store

extension Town {
    /// A town with money, and with meters of the first account of each organization: of cold and of hot water, one that reads
    /// itself, one that was removed; and with meters of its house.
    static func furnished() throws -> Town {
        let town = try Town()
        let owner = try town.database.connection()
        for code in codes {
            let account = town.account(code)
            try owner.script(
                MoneyOf(
                    organization: code, company: try town.profile(code).companies[0].code,
                    account: account
                ).script)
            try owner.script(
                """
                insert into facts.meter (id, account, organization, service, number, registers, digits, decimals, initial,
                  removed_on, automatic)
                select \(account * 10) + n, \(account), '\(code)', s, t, 1, 5, 3, '{0}', r::date, a
                from (values (1, 'cold_water', 'ХВ-1', null, false), (2, 'hot_water', 'ГВ-2', null, false),
                             (3, 'electricity', 'ЭЭ-3', null, true), (4, 'cold_water', 'ХВ-4', '2026-10-01', false))
                  v (n, s, t, r, a);
                insert into facts.house_meter (id, organization, house, service, number, digits, decimals, initial)
                values (\(account * 10 + 1), '\(code)', 'lesnaya-4', 'cold_water', 'ОДПУ-ХВ', 6, 1, 0),
                       (\(account * 10 + 2), '\(code)', 'lesnaya-4', 'hot_water', 'ОДПУ-ГВ', 6, 1, 0);
                """)
        }
        return town
    }

    /// What o'clock it is, in Moscow.
    func set(_ time: String) throws {
        try database.connection().script("update clock.test set now = '\(time)+03:00'")
    }

    /// A reading of one of the two meters that residents read.
    func read(_ code: String, _ meter: Int, _ month: String, _ state: String = "effective") throws {
        try database.connection().script(
            """
            insert into facts.reading (id, account, meter, month, taken_on, received_at, state, channel, actor, values)
            values (md5('\(code) \(meter) \(month) \(state)')::uuid, \(account(code)), \(account(code) * 10 + meter), '\(month)-01',
                    '\(month)-20', '\(month)-20', '\(state)', 'resident', 'test', '{1000000}')
            """)
    }

    func forgetReadings() throws {
        try database.connection().script("delete from facts.reading")
    }
}

/// No-break spaces as plain ones, so that tests can be read.
private func plain(_ response: Response) -> String {
    text(response).replacing("\u{A0}", with: " ").replacing("\u{202F}", with: " ")
}

/// «Главная»: what to do next, all accounts, the window of the additional services.
@Suite(.serialized) struct HomeTests {
    private static let town = Result { try Town.furnished() }
    private func town() throws -> Town { try Self.town.get() }

    private func home(
        _ code: String, _ language: Language = .ru, person: Int = 0,
        change: (inout Profile) -> Void = { _ in }
    ) throws -> String {
        let town = try town()
        var visit = try town.visit(code, person, [:], language)
        change(&visit.profile)
        let response = town.portal.home(visit)
        try render("home-next-\(code)", response, visit.profile)
        #expect(response.status == 200)
        return plain(response)
    }

    private func card(_ page: String, _ name: String) throws -> String {
        let start = try #require(page.range(of: "<section class=\"card \(name)\""), "\(name)")
        let end = try #require(
            page.range(of: "</section>", range: start.upperBound..<page.endIndex))
        return String(page[start.lowerBound..<end.upperBound])
    }

    private func words(_ card: String) -> String {
        card.replacing(/<[^>]*>/, with: "|").replacing(/\|+/, with: "|")
    }

    private func next(_ code: String, _ language: Language = .ru) throws -> String {
        words(try card(home(code, language), "next"))
    }

    @Test(arguments: Town.codes)
    func `of several who ask at once each gets their own, and nobody what is not there`(
        _ code: String
    ) throws {
        let town = try town()
        try town.forgetReadings()
        try town.set("2026-11-22T15:00:00")
        try town.read(code, 1, "2026-11")
        let profile = try town.profile(code)
        let first = Int64(town.account(code))
        let owner = Int64(town.principal(code))
        let questions = [
            HomeQuestion(account: first + 1, accounts: [first, first + 1], owner: nil),
            HomeQuestion(account: first, accounts: [first, first + 1], owner: owner),
            HomeQuestion(account: 999_999, accounts: [999_999], owner: owner),
            HomeQuestion(account: first, accounts: [first], owner: owner + 1),
            HomeQuestion(account: first, accounts: [first, first + 1], owner: owner),
            HomeQuestion(account: first + 2, accounts: [first + 2, first], owner: nil),
        ]
        let queries = town.portal.queries
        let together = try queries.summaries(of: questions, in: profile)
        for (question, view) in zip(questions, together) {
            #expect(try queries.summary(of: question, in: profile) == view)
        }
        #expect(
            together.map { $0?.account.account.id }
                == questions.map {
                    $0.account == 999_999 ? nil : $0.account
                })
        #expect(together.map { $0?.accounts.count } == [2, 2, nil, 1, 2, 2])
        #expect(together.map { $0?.meters.count } == [0, 4, nil, 4, 4, 0])
        #expect(together[1] == together[4])
        let services = profile.identity?.services.count ?? 0
        #expect(
            together.map { $0?.switches.count } == [0, services, nil, services, services, 0])
        #expect(together[1]?.rows.isEmpty == false && together[1]?.rows != together[5]?.rows)
    }

    // MARK: Readings

    @Test(arguments: [
        ("2026-11-10T00:00:00", "до 25 ноября — осталось 15 дней", "by 25 November: 15 days left"),
        ("2026-11-22T15:00:00", "до 25 ноября — осталось 3 дня", "by 25 November: 3 days left"),
        ("2026-11-24T23:59:59", "до 25 ноября — остался 1 день", "by 25 November: 1 day left"),
        ("2026-11-25T23:59:59", "— сегодня последний день", "today is the last day"),
    ])
    func `an open window says how long it is open and how many readings are missing: SF-152`(
        _ time: String, _ russian: String, _ english: String
    ) throws {
        let town = try town()
        try town.forgetReadings()
        try town.set(time)
        let page = try home("abonent")
        let next = try card(page, "next")
        // The organization's own words lead to the form.
        #expect(next.contains("href=\"/abonent/accounts/6262000/submit\">Ввести значения</a>"))
        #expect(words(next).contains("|Передайте показания \(russian)|"), "\(words(next))")
        #expect(
            words(next).contains(
                "|За ноябрь 2026 не переданы показания 2 приборов учёта из 2|"))
        #expect(try self.next("abonent", .en).contains(english))
        // Where the menu calls it by its section it is still something to do.
        #expect(
            try card(home("potrebitel"), "next").contains(
                "href=\"/potrebitel/accounts/6262000/submit\">Передать показания</a>"))
        // It stands at the top, once.
        #expect(page.matches(of: /id="next-title"/).count == 1)
        let heading = try #require(page.range(of: "</h1>"))
        let first = try #require(page[heading.upperBound...].firstMatch(of: /<section [^>]*>/))
        #expect(first.output.contains("next-title"))
    }

    @Test func `what was submitted is not asked for again and what does not count is`() throws {
        let town = try town()
        try town.forgetReadings()
        try town.set("2026-11-22T15:00:00")
        try town.read("abonent", 1, "2026-11", "replaced")
        try town.read("abonent", 1, "2026-10")
        #expect(
            try next("abonent").contains(
                "|За ноябрь 2026 не переданы показания 2 приборов учёта из 2|"))
        try town.read("abonent", 1, "2026-11")
        #expect(
            try next("abonent").contains(
                "|За ноябрь 2026 не переданы показания 1 прибора учёта из 2|"))
        #expect(try next("abonent", .en).contains("for November 2026 yet: 1 of 2 meters|"))
        // Taken for information only, after the verification: its resident has done what was asked for.
        try town.read("abonent", 2, "2026-11", "noted")
        let done = try card(home("abonent"), "next")
        #expect(words(done).contains("|Показания за ноябрь 2026 переданы|"))
        #expect(!done.contains("/submit\""))
        try town.set("2026-11-26T00:00:00")
        let closed = try next("abonent")
        #expect(
            closed.contains(
                "|Показания за ноябрь 2026 переданы. Следующий период ввода начнётся 10 декабря|"))
    }

    @Test func `a closed window says when it opens, an extension that it is open: SF-153`() throws {
        let town = try town()
        try town.forgetReadings()
        try town.set("2026-11-26T00:00:00")
        let closed = try card(home("abonent"), "next")
        #expect(
            words(closed).contains(
                "|Показания сейчас не принимаются. Следующий период ввода начнётся 10 декабря|"))
        #expect(!closed.contains("/submit\""))
        #expect(try next("abonent", .en).contains("The next period begins on 10 December"))
        let owner = try town.database.connection()
        try owner.script(
            """
            insert into facts.window_extension (command, organization, house, given_on, until, at, actor, why)
            values (gen_random_uuid(), 'abonent', 'lesnaya-4', '2026-11-26', '2026-11-28', '2026-11-26', 'test', 'test')
            """)
        defer {
            #expect(throws: Never.self) { try owner.script("delete from facts.window_extension") }
        }
        let longer = try next("abonent")
        #expect(longer.contains("до 28 ноября — осталось 2 дня"))
        #expect(longer.contains("продлён по 28.11.2026 включительно"))
    }

    @Test func `a month that was closed takes no readings and a house has its own window`() throws {
        let town = try town()
        try town.forgetReadings()
        try town.set("2026-11-22T15:00:00")
        let owner = try town.database.connection()
        try owner.script(
            """
            insert into facts.period (organization, month, opened_at, closed_at)
            values ('abonent', '2026-11-01', '2026-11-01', '2026-11-21')
            """)
        #expect(try next("abonent").contains("Показания за ноябрь 2026 уже учтены в расчёте"))
        try owner.script("delete from facts.period where organization = 'abonent'")
        try owner.script(
            """
            insert into facts.house_window (command, organization, house, at, from_day, to_day, actor, why)
            values (gen_random_uuid(), 'abonent', 'lesnaya-4', '2026-11-01', 1, 23, 'test', 'test')
            """)
        #expect(try next("abonent").contains("до 23 ноября — остался 1 день"))
        try owner.script("delete from facts.house_window")
    }

    @Test func `where readings are always taken it says for which month`() throws {
        let town = try town()
        try town.forgetReadings()
        try town.set("2026-11-22T15:00:00")
        let next = try card(home("srkc"), "next")
        #expect(words(next).contains("|Передайте показания за ноябрь 2026|"))
        #expect(next.contains("href=\"/srkc/accounts/6262000/submit\">Передать показания</a>"))
    }

    // MARK: Money

    @Test(arguments: [
        ("2026-11-15T12:00:00", "Оплатите 4 466,91 ₽ до 16 ноября, из них просрочено 1 910,81 ₽"),
        (
            "2026-11-16T18:59:59",
            "Оплатите 4 466,91 ₽ — сегодня последний день срока оплаты, из них просрочено 1 910,81 ₽"
        ),
        ("2026-11-17T00:00:00", "Оплатите 4 466,91 ₽ — срок оплаты был 16 ноября"),
    ])
    func `what is owed by the newest bill is to be paid and until when`(
        _ time: String, _ words: String
    ) throws {
        try town().set(time)
        for code in Town.codes {
            let next = try next(code)
            #expect(next.contains("|\(words)|"), "\(code): \(next)")
        }
        // Of an account that paid too much nothing is asked; the other one's readings are.
        let town = try town()
        let other = plain(
            town.portal.money(.account, try town.visit("srkc", 0), account: "6262001"))
        #expect(self.words(try card(other, "next")).contains("Сейчас ничего делать не нужно"))
    }

    @Test(arguments: Town.codes)
    func `all accounts stand with the debt of each and the debt of all: SF-106`(
        _ code: String
    ) throws {
        try town().set("2026-11-22T15:00:00")
        let page = try home(code)
        let card = try card(page, "all-accounts")
        for part in [
            "<a href=\"/\(code)/accounts/6262000\" aria-current=\"true\">№ 6262000</a>",
            "<a href=\"/\(code)/accounts/6262001\">Дача<span class=\"number\">, № 6262001</span></a>",
            "г. Тула, ул. Лесная, д. 4, кв. 11", "<p class=\"owed\">Долг: 4 466,91 ₽</p>",
            "<p class=\"owed\">Переплата: 787,66 ₽</p>",
            "Долг по всем лицевым счетам: <strong>4 466,91 ₽</strong>",
        ] {
            #expect(card.contains(part), "\(part)")
        }
        #expect(!card.contains("6262002"))
        // From another account's page the same, with that one marked.
        let town = try town()
        let other = plain(
            town.portal.money(.account, try town.visit(code, 0), account: "6262001"))
        #expect(
            try self.card(other, "all-accounts").contains(
                "accounts/6262001\" aria-current=\"true\">"))
        let english = try words(self.card(home(code, .en), "all-accounts"))
        #expect(english.contains("Debt: 4,466.91 ₽") && english.contains("|No. 6262000|"))
    }

    @Test func `who has one account chooses none, and who may only look is asked for nothing`()
        throws
    {
        let town = try town()
        try town.set("2026-11-22T15:00:00")
        let owner = try town.database.connection()
        let guest = town.principal("irkutsk") + 1
        try owner.script(
            """
            insert into access.attachment (principal, account, number, owner, rights)
            values (\(guest), \(town.account("irkutsk")), '6262000', false, '{view}')
            """)
        defer {
            #expect(throws: Never.self) {
                try owner.script("delete from access.attachment where principal = \(guest)")
            }
        }
        let page = try home("irkutsk", person: 1)
        #expect(!page.contains("accounts-title"))
        let next = try card(page, "next")
        #expect(!next.contains("/submit\"") && !words(next).contains("Передайте"))
        #expect(words(next).contains("Оплатите"))
        // Nor does it decide about the owner's services.
        #expect(!page.contains("services-title") && !page.contains("6262000/services"))
    }

    // MARK: Additional services

    @Test(arguments: ["srkc", "uigkh", "irkutsk"])
    func `the window of the additional services says how each stands: SF-100 SF-130 SF-131`(
        _ code: String
    ) throws {
        let town = try town()
        try town.set("2026-11-22T15:00:00")
        let all = words(try services(home(code)))
        #expect(all.matches(of: /\|Выключено\|/).count == 4 && !all.contains("Включено"))
        try town.database.connection().script(
            """
            insert into identity.consent (command, organization, account, principal, purpose, given, version, text_hash, contact,
              channel, at)
            select gen_random_uuid(), '\(code)', \(town.account(code)), \(town.principal(code)), purpose, given, '2026-01', 'x',
                   'x', 'resident', '\(Town.now)'
            from (values ('email_news', true), ('email_bill', true), ('sms_news', true), ('paper_bill', true),
                         ('email_news', false)) v (purpose, given);
            -- What another person said of the account is theirs.
            insert into identity.consent (command, organization, account, principal, purpose, given, version, text_hash, contact,
              channel, at)
            values (gen_random_uuid(), '\(code)', \(town.account(code)), \(town.principal(code) + 1), 'email_news', true, '2026-01',
                    'x', 'x', 'resident', '\(Town.now)')
            """)
        let page = try home(code)
        let card = words(try services(page))
        #expect(card.contains("|Смс-информирование|+7916***4567, по данным организации|Включено|"))
        #expect(card.contains("|Информирование по |e-mail|Выключено|"))
        #expect(
            card.contains("|Счет на дом|г. Тула, ул. Лесная, д. 4, кв. 10|Включено|"))
        #expect(card.contains("|Счет по |e-mail|iv***@example.ru|Включено|"))
        #expect(page.contains("href=\"/\(code)/accounts/6262000/services\""))
        #expect(!page.contains("ivanov@example.ru") && !page.contains("+79161234567"))
        // Who was let in to an account does not see how its owner decided.
        let shared = plain(
            town.portal.money(.account, try town.visit(code, 0), account: "6262001"))
        #expect(!shared.contains("services-title") && !shared.contains("6262001/services"))
    }

    private func services(_ page: String) throws -> String {
        let start = try #require(page.range(of: "id=\"services-title\""))
        let end = try #require(
            page.range(of: "</section>", range: start.upperBound..<page.endIndex))
        return String(page[start.lowerBound..<end.upperBound])
    }

    // MARK: Where no money is shown

    @Test func `the page of meters that is «Главная» says the same but for money`() throws {
        let town = try town()
        try town.forgetReadings()
        try town.set("2026-11-22T15:00:00")
        let page = try home("abonent") { $0.charges = .standard }
        #expect(page.contains("<h1>Приборы учёта</h1>"))
        let next = words(try card(page, "next"))
        #expect(next.contains("до 25 ноября — осталось 3 дня"))
        #expect(next.contains("2 приборов учёта из 2") && !next.contains("Оплатите"))
        let accounts = try card(page, "all-accounts")
        #expect(accounts.contains("href=\"/abonent/accounts/6262001/meters\">Дача"))
        #expect(!accounts.contains("₽"))
        // Once is enough.
        #expect(page.matches(of: /3 дня/).count == 1)
        try town.read("abonent", 1, "2026-11")
        let left = try home("abonent") { $0.charges = .standard }
        #expect(words(try card(left, "next")).contains("1 прибора учёта из 2"))
    }
}

/// Tabs of services: what there is of one stays in it (SF-110…SF-114).
@Suite(.serialized) struct ServiceTabsTests {
    private static let town = Result { try Town.furnished() }
    private func town() throws -> Town { try Self.town.get() }

    private enum Sort { case settlements, meters, house }

    private func page(
        _ code: String, _ sort: Sort, _ service: String?, _ language: Language = .ru,
        form: FormOutcome? = nil
    ) throws -> String {
        let town = try town()
        let visit = try town.visit(code, 0, ["kind": service ?? ""], language)
        let viewer = Viewer(
            profile: visit.profile, session: try #require(visit.session), language: language)
        if let form {
            return plain(town.portal.page(.meters(account: "6262000"), visit, form: form))
        }
        let response =
            switch sort {
            case .settlements: town.portal.money(.settlements, visit, account: "6262000")
            case .meters: town.portal.meters(viewer, account: "6262000", service: service)
            case .house: town.portal.houseMeters(viewer, account: "6262000", service: service)
            }
        #expect(response.status == 200)
        try render("tab-\(code)-\(sort)-\(service ?? "all")", response, visit.profile)
        return plain(response)
    }

    private struct Link: Equatable {
        var title: String
        var path: String
        var current: String?
    }

    private func links(_ part: Substring) -> [Link] {
        part.matches(
            of: /<a href="([^"]+)"(?: lang="ru")?(?: aria-current="([a-z]+)")?>([^<]+)<\/a>/
        ).map { found in
            Link(
                title: String(found.3), path: String(found.1),
                current: found.2.map(String.init))
        }
    }

    private func tabs(_ page: String) throws -> [Link] {
        links(try #require(page.firstMatch(of: /<nav class="tabs".*?<\/nav>/)).output)
    }

    private func current(_ page: String) throws -> [Link] {
        links(try #require(page.firstMatch(of: /<ul class="menu">.*?<\/ul>/)).output)
            .filter { $0.current != nil }
    }

    @Test(arguments: ["srkc", "irkutsk"])
    func `a service has its settlements, its meters and its house's in one tab`(
        _ code: String
    ) throws {
        let account = "/\(code)/accounts/6262000"
        for (service, title) in [
            ("cold_water", "Холодная вода (ХВС)"), ("hot_water", "Горячая вода (ГВС)"),
        ] {
            for (place, sort) in [Sort.settlements, .meters, .house].enumerated() {
                let page = try page(code, sort, service)
                let tabs = try tabs(page)
                #expect(
                    tabs.map(\.title) == [
                        "Взаиморасчеты", "Индивидуальное потребление", "Общедомовые нужды",
                    ])
                #expect(
                    tabs.map(\.path) == [
                        "\(account)/settlements?kind=\(service)",
                        "\(account)/meters?service=\(service)",
                        "\(account)/house-meters?service=\(service)",
                    ])
                #expect(tabs.map { $0.current != nil } == (0..<3).map { $0 == place })
                // They stay where they are from page to page.
                let bar = try #require(page.range(of: "<nav class=\"tabs\""))
                let heading = try #require(page.range(of: "<h1>"))
                #expect(bar.lowerBound < heading.lowerBound)
                // The menu stays in the tab, and only there.
                #expect(try current(page).map(\.title) == [title])
                let mark = sort == .settlements ? "page" : "true"
                #expect(try current(page).first?.current == mark)
            }
        }
        // What is not counted by meters has none.
        let maintenance = try page(code, .settlements, "maintenance")
        #expect(!maintenance.contains("<nav class=\"tabs\""))
    }

    @Test(arguments: ["srkc", "uigkh", "irkutsk"])
    func `in the tab of a service stand its own meters and no others: SF-114 SF-150`(
        _ code: String
    ) throws {
        let cold = try page(code, .meters, "cold_water")
        #expect(cold.contains("ХВ-1") && cold.contains("ХВ-4") && !cold.contains("ГВ-2"))
        #expect(!cold.contains("не установлен"))
        let hot = try page(code, .meters, "hot_water")
        #expect(hot.contains("ГВ-2") && !hot.contains("ХВ-"))
        let none = try page(code, .meters, "gas")
        #expect(none.contains("Индивидуальный прибор учета не установлен</p>"))
        let house = try page(code, .house, "cold_water")
        #expect(house.contains("ОДПУ-ХВ") && !house.contains("ОДПУ-ГВ"))
        // Of all, where no service was chosen, and where what was chosen is none.
        for service in [nil, "", "warp", "COLD_WATER", "<script>"] as [String?] {
            let all = try page(code, .meters, service)
            #expect(all.contains("ХВ-1") && all.contains("ГВ-2"))
            #expect(!all.contains("name=\"tab\"") && runsOnlyOurs(all))
            // No tab is of all services: what led here stays marked.
            #expect(try current(all).map(\.current) == ["true"])
            #expect(try current(all).map(\.title) == ["Главная"])
            let house = try page(code, .house, service)
            #expect(house.contains("ОДПУ-ХВ") && house.contains("ОДПУ-ГВ"))
            #expect(try tabs(house).map(\.path).last == "/\(code)/accounts/6262000/house-meters")
            #expect(try current(house).map(\.title) == ["Главная"])
        }
    }

    @Test func `where there are no settlements the menu leads into the tab itself`() throws {
        for (sort, mark) in [(Sort.meters, "page"), (.house, "true")] {
            let page = try page("uigkh", sort, "hot_water")
            #expect(
                try current(page) == [
                    Link(
                        title: "Горячая вода (ГВС)",
                        path: "/uigkh/accounts/6262000/meters?service=hot_water", current: mark)
                ])
            #expect(
                try tabs(page).map(\.title) == ["Индивидуальное потребление", "Общедомовые нужды"])
        }
    }

    @Test func `a tab stays in another language and behind what is posted in it`() throws {
        let page = try page("srkc", .meters, "cold_water")
        #expect(
            page.contains("href=\"/srkc/accounts/6262000/meters?service=cold_water&amp;lang=en\""))
        #expect(field(page, "tab")?.contains("value=\"cold_water\"") == true)
        let house = try self.page("srkc", .house, "cold_water")
        #expect(house.contains("?service=cold_water&amp;lang=en"))
        let english = try self.page("srkc", .meters, "cold_water", .en)
        #expect(
            try tabs(english).map(\.title) == ["Settlements", "Own consumption", "House meters"])
        let refused = try self.page(
            "srkc", .meters, nil,
            form: Town.refused(
                .readingFormat, ["f": "3"],
                fields: [
                    "meter": "ХВ-1", "service": "cold_water", "value_T1": "x", "tab": "cold_water",
                ]))
        #expect(refused.contains("ХВ-1") && !refused.contains("ГВ-2"))
        #expect(try current(refused).map(\.title) == ["Холодная вода (ХВС)"])
    }
}
