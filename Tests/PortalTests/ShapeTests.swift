import Access
import Commands
import Foundation
import HTTP
import Markup
import Postgres
import Store
import TestKit
import Testing
import Words

@testable import Portal

/// The cabinet in the shapes of the five manuals (features.md §15 `menu`): which pages, under which words, in which order and
/// place.
@Suite(.serialized) struct ShapeTests {
    private static let town = Result { () throws -> Town in
        let town = try Town()
        let owner = try town.database.connection()
        for code in Town.codes {
            try owner.script(
                MoneyOf(
                    organization: code, company: try town.profile(code).companies[0].code,
                    account: town.account(code)
                ).script)
        }
        return town
    }
    private func town() throws -> Town { try Self.town.get() }

    private static let items: [String: [String]] = [
        "srkc": [
            "Главная", "Содержание жилья", "Холодная вода (ХВС)", "Горячая вода (ГВС)",
            "Личные данные",
        ],
        "abonent": ["Лицевой счёт", "Счета", "Приборы учёта", "Платежи", "Мой профиль"],
        "uigkh": ["Главная", "Холодная вода (ХВС)", "Горячая вода (ГВС)", "Личные данные"],
        "potrebitel": [
            "Главная", "Начисления", "Показания счетчиков", "Платежи", "Мой профиль",
        ],
        // Services in the order of manual 004, not of the bill.
        "irkutsk": [
            "Главная", "Содержание жилья", "Горячая вода (ГВС)", "Холодная вода (ХВС)",
            "Личные данные",
        ],
    ]

    private struct Item: Equatable {
        var path: String
        var title: String
        var current: String?
    }

    private func menu(_ page: String) throws -> [Item] {
        let list = try #require(page.firstMatch(of: /<ul class="menu">(.*?)<\/ul>/)).1
        let link = /<a href="([^"]+)"(?: lang="ru")?(?: aria-current="([a-z]+)")?>([^<]+)<\/a>/
        return list.matches(of: link).map { found in
            Item(
                path: String(found.1).replacing("&amp;", with: "&"), title: String(found.3),
                current: found.2.map(String.init))
        }
    }

    /// The page that an address of ours leads to.
    private func follow(
        _ code: String, _ address: String, person: Int = 0, _ language: Language = .ru
    ) throws -> Response {
        let town = try town()
        let parts = (address.split(separator: "#").first ?? "").split(separator: "?")
        var query: [String: String] = [:]
        for pair in parts.dropFirst().joined().split(separator: "&") {
            let sides = pair.split(separator: "=").map(String.init)
            query[sides[0]] = sides[1]
        }
        let visit = try town.visit(code, person, query, language)
        let path = parts[0].split(separator: "/").map(String.init)
        try #require(path.first == code)
        let viewer = Viewer(
            profile: visit.profile, session: try #require(visit.session), language: language)
        switch (path.dropFirst().first, path.count) {
        case (nil, _): return town.portal.home(visit)
        case ("profile", 2): return town.portal.page(.profile, visit)
        case ("accounts", 2): return town.portal.page(.accounts, visit)
        case ("accounts", 3): return town.portal.money(.account, visit, account: path[2])
        default: break
        }
        switch path.last {
        case "submit": return town.portal.submit(viewer, account: path[2])
        case "meters":
            return town.portal.meters(viewer, account: path[2], service: query["service"])
        case "house-meters":
            return town.portal.houseMeters(viewer, account: path[2], service: query["service"])
        case "services": return town.portal.page(.services(account: path[2]), visit)
        case "settlements": return town.portal.money(.settlements, visit, account: path[2])
        case "charges": return town.portal.money(.charges, visit, account: path[2])
        case "payments": return town.portal.money(.payments, visit, account: path[2])
        case "bills": return town.portal.money(.bills, visit, account: path[2])
        case "suppliers": return town.portal.money(.suppliers, visit, account: path[2])
        default:
            Issue.record("nothing of ours stands at \(address)")
            return Response(status: 404)
        }
    }

    @Test(arguments: Town.codes)
    func `the menu has the words and the order of its manual: SF-091 SF-110`(
        _ code: String
    ) throws {
        let page = text(try follow(code, "/\(code)/"))
        #expect(try menu(page).map(\.title) == Self.items[code])
        // The same on a page that knows nothing of money.
        #expect(try menu(text(follow(code, "/\(code)/profile"))).map(\.title) == Self.items[code])
        #expect(page.contains("<nav class=\"sections column\"") == (code == "potrebitel"))
        #expect(page.contains("<li class=\"last\">") == (code == "abonent"))
        // «Выход» is in the header, and in «Разделы» too.
        let header = try #require(page.firstMatch(of: /<header.*?<\/header>/)).output
        #expect(header.contains("Выход"))
        #expect(page.matches(of: />Выход</).count == (code == "potrebitel" ? 2 : 1))
        #expect(header.contains("Добавить лицевой счет") == (code == "potrebitel"))
        #expect(header.contains("Здравствуйте, Иван Иванович"))
    }

    @Test(arguments: Town.codes)
    func `an item leads to its page and is marked there and no other`(_ code: String) throws {
        for item in try menu(text(follow(code, "/\(code)/"))) {
            let answer = try follow(code, item.path)
            #expect(answer.status == 200, "\(item.path)")
            let marked = try menu(text(answer)).filter { $0.current != nil }
            #expect(marked.map(\.title) == [item.title] && marked.first?.current == "page")
            // The tabs of manual 002 lead to the meters of their service.
            if item.path.contains("?service=") {
                #expect(text(answer).contains("Индивидуальное потребление"))
            }
        }
    }

    @Test(arguments: Town.codes)
    func `every page around the menu is reached from one in it`(_ code: String) throws {
        let profile = try town().profile(code)
        let account = "/\(code)/accounts/6262000"
        let home = text(try follow(code, "/\(code)/"))
        var wanted = ["/suppliers", "/bills/2026-10"]
        if profile.houseMeters == .tab { wanted.append("/house-meters") }
        if profile.identity?.services.isEmpty == false { wanted.append("/services") }
        for page in wanted {
            #expect(home.contains("href=\"\(account)\(page)\""), "\(page)")
        }
        #expect(home.contains("href=\"/\(code)/accounts\""))
        // What has no item of its own marks the one that leads to it.
        let bills = try menu(text(follow(code, "\(account)/bills"))).compactMap(\.current)
        #expect(bills == [code == "abonent" ? "page" : "true"])
        #expect(try menu(text(follow(code, "\(account)/suppliers"))).first?.current == "true")
    }

    @Test(arguments: Town.codes)
    func `who has no account has a menu without its pages: SF-091`(_ code: String) throws {
        let page = text(try follow(code, "/\(code)/accounts", person: 1))
        let items = try #require(Self.items[code])
        #expect(try menu(page).map(\.title) == [items[0], items[items.count - 1]])
        #expect(!page.contains("class=\"submit-link"))
    }

    @Test(arguments: Town.codes)
    func `readings are a tap away on every page: SF-143`(_ code: String) throws {
        for path in ["", "profile", "accounts", "accounts/6262000/bills"] {
            let page = text(try follow(code, "/\(code)/\(path)"))
            let links = page.matches(
                of: /<a class="(submit-link[a-z ]*)" href="([^"]+)">([^<]+)<\/a>/)
            guard code != "potrebitel" else {
                #expect(links.isEmpty)
                continue
            }
            #expect(links.count == 1)
            #expect(links.first?.2 == "/\(code)/accounts/6262000/submit")
            #expect(
                links.first?.3 == (code == "abonent" ? "Ввести значения" : "Передать показания"))
            #expect(
                links.first?.1
                    == (["abonent", "irkutsk"].contains(code) ? "submit-link right" : "submit-link")
            )
        }
    }

    @Test(arguments: Town.codes)
    func `«Мой профиль» of manual 003 leads to the mailing of bills and to what removes an account`(
        _ code: String
    ) throws {
        let page = text(try follow(code, "/\(code)/profile"))
        for place in ["services", "settings"] {
            let link = "href=\"/\(code)/accounts/6262000/\(place)\""
            #expect(page.contains(link) == (code == "potrebitel"), "\(place)")
        }
    }

    @Test func `payments lead to bills under the organization's own word`() throws {
        for (code, word) in [("abonent", "Счета"), ("potrebitel", "Копии квитанций")] {
            let account = "/\(code)/accounts/6262000"
            let page = text(try follow(code, "\(account)/payments"))
            #expect(page.contains("<p><a href=\"\(account)/bills\">\(word)</a></p>"))
            // What the page is for in each manual stands first.
            let received = try #require(page.range(of: "id=\"payments-title\""))
            let movement = try #require(page.range(of: "id=\"movement-title\""))
            #expect((received.lowerBound < movement.lowerBound) == (code == "abonent"))
        }
    }

    @Test func `the address of a site is shown as people write it`() throws {
        let page = text(try follow("uigkh", "/uigkh/"))
        #expect(page.contains("<a href=\"http://uigkh.ru\">uigkh.ru</a>"))
    }

    @Test(arguments: Town.codes)
    func `accounts are switched on the page that is shown: SF-086`(_ code: String) throws {
        let page = text(try follow(code, "/\(code)/accounts/6262000/bills"))
        let list = try #require(
            page.firstMatch(of: /<details class="accounts">(.*?)<\/details>/)
        ).1
        #expect(list.contains("№\u{A0}6262000</b>"))
        let mine = "href=\"/\(code)/accounts/6262000/bills\" aria-current=\"true\""
        #expect(list.contains(mine))
        #expect(list.contains("href=\"/\(code)/accounts/6262001/bills\">Дача"))
        #expect(list.contains("Мои лицевые счета"))
        let other = try follow(code, "/\(code)/accounts/6262001")
        let marked = try menu(text(other)).filter { $0.current == "page" }
        #expect(marked.map(\.path) == ["/\(code)/accounts/6262001"])
    }

    @Test(arguments: Town.codes)
    func `in English its words are English, but for titles that have none`(_ code: String) throws {
        let page = text(try follow(code, "/\(code)/", .en))
        let list = try #require(page.firstMatch(of: /<ul class="menu">(.*?)<\/ul>/)).1
        #expect(try menu(page).count == Self.items[code]?.count)
        for found in list.matches(of: /<a ([^>]*)>([^<]+)<\/a>/) {
            let isRussian = found.2.contains(/[а-яё]/)
            #expect(isRussian == found.1.contains("lang=\"ru\""), "\(found.2)")
        }
    }

    @Test func `each has a mark, a colour and an address of its own: SF-013 SF-014`() throws {
        let profiles = try Town.codes.map { try town().profile($0) }
        #expect(Set(profiles.compactMap { Logo.address($0) }).count == profiles.count)
        #expect(Set(profiles.map(\.accent)).count == profiles.count)
        for profile in profiles {
            #expect(!profile.contacts.isEmpty && !profile.footer.isEmpty)
            // SF-011, SF-012.
            #expect(profile.browsers.isEmpty == ["abonent", "potrebitel"].contains(profile.code))
        }
    }

    @Test func `the title says at once that it is done, for who cannot see the notice`() throws {
        let town = try town()
        let done = text(town.portal.page(.profile, try town.visit("srkc", 0, ["done": "changed"])))
        #expect(done.contains("<title>Готово: Личные данные"))
        let plain = text(town.portal.page(.profile, try town.visit("srkc", 0)))
        #expect(plain.contains("<title>Личные данные"))
    }

    // MARK: «Справка»

    @Test func `help stands over a section until it is closed: SF-105`() throws {
        var visit = try town().visit("potrebitel", 0)
        let portal = try town().portal
        let open = text(portal.money(.charges, visit, account: "6262000"))
        let box = try #require(open.firstMatch(of: /<aside class="help".*?<\/aside>/)).output
        for part in [
            "Справка", "В разделе отображены начисления", "Подробнее",
            "action=\"/potrebitel/help/charges\"",
            "name=\"next\" value=\"accounts/6262000/charges\"", "Закрыть",
        ] {
            #expect(box.contains(part), "\(part)")
        }
        #expect(!open.contains("Показать справку"))
        visit.dismissed = [.charges]
        let closed = text(portal.money(.charges, visit, account: "6262000"))
        #expect(!closed.contains("<aside") && closed.contains("Показать справку"))
        #expect(text(portal.money(.payments, visit, account: "6262000")).contains("<aside"))
        visit.query = ["month": "2026-10"]
        let kept = text(portal.money(.charges, visit, account: "6262000"))
        #expect(kept.contains("value=\"accounts/6262000/charges?month=2026-10\""))
        // What the profile has no words for has none.
        #expect(!text(portal.page(.profile, visit)).contains("<aside"))
        visit.session = nil
        #expect(!text(portal.home(visit)).contains("<aside"))
    }
}

@Suite struct `Pieces of pages` {
    private func frame(_ language: Language = .ru) throws -> Frame {
        Frame(profile: try Sample.profile(), language: language)
    }

    private func text(_ html: HTML) -> String { String(decoding: html.render(), as: UTF8.self) }

    @Test func `steps say which one it is and which are done, not by colour alone`() throws {
        let steps = text(
            Stepper(titles: ["Счёт", "Данные <b>", "Код"], current: 1, frame: try frame()).draw())
        #expect(steps.hasPrefix("<ol class=\"steps\" aria-label=\"Шаг 2 из 3\">"))
        #expect(
            steps.contains(
                "<li class=\"passed\">Счёт<span class=\"spoken\">, пройден</span></li>"))
        #expect(steps.contains("<li aria-current=\"step\">Данные &lt;b&gt;</li><li>Код</li>"))
    }

    @Test func `a single tab is none`() {
        let one = Tabs.Item(title: "Взаиморасчеты", path: "/a", isChosen: true)
        #expect(text(Tabs(name: "Услуга", items: [one]).draw()).isEmpty)
        let two = text(
            Tabs(name: "Услуга", items: [one, Tabs.Item(title: "Общедомовые", path: "/b")]).draw())
        #expect(two.contains("<nav class=\"tabs\" aria-label=\"Услуга\">"))
        #expect(two.contains("<a href=\"/a\" aria-current=\"page\">Взаиморасчеты</a>"))
        #expect(two.contains("<a href=\"/b\">Общедомовые</a>"))
    }

    @Test func `paper is no telephone`() {
        // A sheet is as narrow as one: rules for narrow screens say that they are of screens.
        #expect(!Stylesheet.css.contains("@media (max-width: 47.99em)"))
    }
}
