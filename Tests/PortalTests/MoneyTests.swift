import Commands
import Foundation
import HTTP
import Postgres
import Store
import Telemetry
import TestKit
import Testing
import Words

@testable import Portal

/// Pages about money and their JSON, of all five organizations, drawn from rows of a ledger.
@Suite(.serialized) struct MoneyTests {
    static let town = Result { () throws -> Town in
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

    private func draw(
        _ code: String, _ page: MoneyPage, _ query: [String: String] = [:],
        account: String = "6262000", person: Int? = 0, language: Language = .ru,
        render name: String? = nil
    ) throws -> (text: String, response: Response) {
        let town = try town()
        let response = town.portal.money(
            page, try town.visit(code, person, query, language), account: account)
        if let name { try render(name, response, town.profile(code)) }
        return (plain(text(response)), response)
    }

    /// No-break spaces as plain ones, so that tests can be read.
    private func plain(_ text: String) -> String {
        text.replacing("\u{A0}", with: " ").replacing("\u{202F}", with: " ")
    }

    /// What stands in the rows of the first table after a heading: cells as people read them.
    private func rows(_ page: String, of name: String) throws -> [[String]] {
        let start = try #require(
            page.range(of: "<caption class=\"spoken\">\(name)</caption>"), "\(name)")
        let end = try #require(page.range(of: "</table>", range: start.upperBound..<page.endIndex))
        return page[start.upperBound..<end.lowerBound].components(separatedBy: "<tr").dropFirst()
            .map { row in
                row.split(separator: /<t[hd]/, omittingEmptySubsequences: false).dropFirst().map {
                    String($0.drop { $0 != ">" }.dropFirst()).replacing(/<[^>]*>/, with: "")
                }
            }
    }

    // MARK: The main page

    @Test(arguments: Town.codes)
    func `the first page is the account and what it owes: SF-100 SF-101 SF-102 SF-092`(
        _ code: String
    ) throws {
        let town = try town()
        let response = town.portal.home(try town.visit(code, 0))
        try render("home-\(code)", response, town.profile(code))
        let page = plain(text(response))
        #expect(response.status == 200)
        for words in [
            code == "abonent" ? "<h1>Лицевой счёт</h1>" : "<h1>Главная</h1>",
            "Лицевой счёт № 6262000", "Иванов Иван Иванович", "г. Тула, ул. Лесная, д. 4, кв. 10",
            "Площадь помещения", "54,3 м²", "Муниципальная", "Долг", "4 466,91 ₽",
            "Оплатить до 16.11.2026 (за октябрь 2026)",
            "href=\"/\(code)/accounts/6262000/suppliers\"",
            "href=\"/\(code)/accounts/6262000/bills/2026-10\"",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(
            page.contains("href=\"/\(code)/accounts/6262000/services\"")
                == !(try town.profile(code).identity?.services.isEmpty ?? true))
        // The same under the account's own address, and of another one for who may look at it only.
        #expect(try draw(code, .account).text.contains("4 466,91 ₽"))
        let shared = try draw(code, .account, account: "6262001")
        #expect(shared.response.status == 200)
        #expect(shared.text.contains("Переплата") && shared.text.contains("787,66 ₽"))
    }

    @Test func `the newest month stands on the first page: SF-103`() throws {
        let page = plain(text(try town().portal.home(try town().visit("potrebitel", 0))))
        #expect(page.contains("Начисления за октябрь 2026"))
        let rows = try rows(page, of: "Начисления")
        #expect(
            rows[0] == [
                "Услуга", "Единица измерения", "Тариф", "Объем", "Начислено", "Перерасчет",
                "Итого начислено",
            ])
        #expect(
            rows[1] == ["Содержание жилья", "м²", "12,41", "50,5", "626,71", "", "626,71"])
        #expect(rows.contains(["Пени", "", "", "", "11,53", "", "11,53"]))
        #expect(
            rows.last == ["Итого", "", "", "", "2 631,98", "−727,20", "1 904,78"])
    }

    @Test(arguments: ["srkc", "abonent", "uigkh", "irkutsk"])
    func `services stand with what they owe on the first page: SF-100`(_ code: String) throws {
        let page = plain(text(try town().portal.home(try town().visit(code, 0))))
        let rows = try rows(page, of: "Расчеты по услугам")
        #expect(
            rows[0] == [
                "Услуга", "На начало", "Начислено", "Перерасчет", "Пени", "Оплачено", "На конец",
            ])
        #expect(
            rows.contains([
                "Холодное водоснабжение", "881,71", "1 336,35", "−676,28", "0,00", "205,43",
                "1 336,35",
            ]))
        #expect(rows.contains(["Аванс", "0,00", "0,00", "0,00", "0,00", "24,96", "−24,96"]))
        #expect(
            rows.last == [
                "Итого", "3 162,13", "2 620,45", "−727,20", "11,53", "600,00", "4 466,91",
            ])
        // Bills are called there what their own page calls them.
        #expect(page.contains(code == "abonent" ? ">Счета</h2>" : ">Квитанции</h2>"))
    }

    @Test func `an account that nothing was charged for says so`() throws {
        let town = try town()
        try town.database.connection().script(
            """
            insert into access.attachment (principal, account, number, owner, rights)
            values (\(town.principal("srkc")), \(town.account("srkc") + 2), '6262002', true, '{view}')
            """)
        defer {
            #expect(throws: Never.self) {
                try town.database.connection().script(
                    "delete from access.attachment where account = \(town.account("srkc") + 2)")
            }
        }
        for page: MoneyPage in [.account, .settlements, .bills] {
            let (text, response) = try draw("srkc", page, account: "6262002")
            #expect(response.status == 200 && text.contains("Начислений ещё не было"), "\(page)")
        }
        #expect(
            try draw("srkc", .account, account: "6262002").text.contains("Задолженности нет"))
    }

    @Test(arguments: Town.codes)
    func `every account stands with its debt: SF-106`(_ code: String) throws {
        let town = try town()
        let page = plain(
            text(town.portal.page(.accounts, try town.visit(code, 0))))
        #expect(page.contains("Долг: 4 466,91 ₽"))
        #expect(page.contains("Переплата: 787,66 ₽"))
        #expect(page.contains("href=\"/\(code)/accounts/6262001\""))
        try render(
            "accounts-\(code)", town.portal.page(.accounts, try town.visit(code, 0)),
            town.profile(code))
    }

    // MARK: «Взаиморасчеты»

    @Test(arguments: ["srkc", "irkutsk"])
    func `a tab for each service and in it its settlements: SF-110 SF-111`(_ code: String) throws {
        let (page, response) = try draw(
            code, .settlements, ["kind": "cold_water"], render: "settlements-\(code)")
        #expect(response.status == 200)
        for tab in [
            "Главная", "Содержание жилья", "Холодная вода (ХВС)", "Горячая вода (ГВС)",
            "<h1>Холодная вода (ХВС)</h1>", "Взаиморасчеты", "На конец периода (ноябрь 2026):",
            "Долг: 1 336,35 ₽",
            // A month is not broken into two lines.
            "<span class=\"line\">ноябрь 2026</span>",
        ] {
            #expect(page.contains(tab), "\(tab)")
        }
        #expect(!page.contains("Электроснабжение"))
        let rows = try rows(page, of: "Взаиморасчеты: Холодное водоснабжение")
        #expect(rows[0][0] == "Месяц" && rows[0].count == 7)
        #expect(
            rows[1] == [
                "ноябрь 2026", "1 541,78", "0,00", "0,00", "0,00", "205,43", "1 336,35",
            ])
        #expect(
            rows[2] == [
                "октябрь 2026", "881,71", "1 336,35", "−676,28", "0,00", "0,00", "1 541,78",
            ])
        #expect(
            rows[5] == ["июль 2026", "100,00", "348,33", "0,00", "0,00", "0,00", "448,33"])
        #expect(
            rows[6] == [
                "Итого за период", "100,00", "2 360,96", "−676,28", "0,00", "448,33", "1 336,35",
            ])
    }

    @Test func `hot water stands in one tab with its heating: SF-113`() throws {
        let page = try draw("srkc", .settlements, ["kind": "hot_water"], render: "hot").text
        #expect(page.contains("<h1>Горячая вода (ГВС)</h1>"))
        #expect(page.contains("Подогрев ГВС") && page.contains("Холодная вода для нужд ГВС"))
        let both = try rows(page, of: "Взаиморасчеты: всего по услуге")
        let water = try rows(page, of: "Взаиморасчеты: Холодная вода для нужд ГВС")
        let heat = try rows(page, of: "Взаиморасчеты: Подогрев ГВС")
        #expect(both[2][2] == "657,39" && water[2][2] == "148,17" && heat[2][2] == "509,22")
        #expect(!page.contains("kind=hot_water_heat"))
    }

    @Test(
        arguments: [
            (["from": "2026-08", "to": "2026-09"], ["сентябрь 2026", "август 2026"]),
            (["from": "2026-10"], ["ноябрь 2026", "октябрь 2026"]),
            (["to": "2026-07"], ["июль 2026"]),
            (["from": "1999-01", "to": "1999-02"], ["июль 2026"]),
            (["from": "2150-01"], ["ноябрь 2026"]),
            (["from": "", "to": "2026-13"], nil), (["from": "2026-8", "to": "август"], nil),
            (["from": "2026-08-01", "to": "\u{0}'; drop"], nil),
        ] as [([String: String], [String]?)])
    func `the time that is shown is chosen and what is no month is passed over: SF-112`(
        _ query: [String: String], _ months: [String]?
    ) throws {
        for (code, page, name): (String, MoneyPage, String) in [
            ("srkc", .settlements, "Взаиморасчеты: Содержание жилья"),
            ("potrebitel", .payments, "Движение финансов"),
        ] {
            let (text, response) = try draw(code, page, query)
            #expect(response.status == 200)
            let shown = try rows(text, of: name).dropFirst().map { $0[0] }
                .filter { $0 != "Итого за период" }
            #expect(
                shown == months
                    ?? [
                        "ноябрь 2026", "октябрь 2026", "сентябрь 2026", "август 2026", "июль 2026",
                    ])
            #expect(text.contains("<select id=\"period-from\" name=\"from\">"))
        }
    }

    @Test func `months the wrong way round are told and stay as they were typed: SF-112`() throws {
        let query = ["from": "2026-09", "to": "2026-08", "kind": "cold_water"]
        for (code, page, language): (String, MoneyPage, Language) in [
            ("srkc", .settlements, .ru), ("potrebitel", .payments, .ru),
            ("srkc", .settlements, .en),
        ] {
            let (text, response) = try draw(
                code, page, query, language: language, render: "turned-\(code)")
            #expect(response.status == 400)
            #expect(
                text.contains(
                    language == .ru
                        ? "Первый месяц позже последнего" : "The first month is later"))
            #expect(text.contains("<option value=\"2026-09\" selected>"))
            #expect(text.contains("<option value=\"2026-08\" selected>"))
            #expect(text.contains("aria-describedby=\"period-error\""))
            #expect(!text.contains("<table"))
            #expect(text.contains("name=\"kind\" value=\"cold_water\"") == (page == .settlements))
        }
        for answer: MoneyAnswer in [.settlements, .payments] {
            let problem = try json(answer, ["from": "2026-09", "to": "2026-08"], status: 400)
            #expect(problem["title"]?.string == "to: нужен месяц не раньше 2026-09")
        }
    }

    @Test func `a service that is none leads to the first one`() throws {
        let evil = "<script>alert(1)</script>\"' onfocus=x"
        let page = try draw("srkc", .settlements, ["kind": evil]).text
        #expect(page.contains("<h1>Содержание жилья</h1>"))
        #expect(runsOnlyOurs(page) && !page.contains("onfocus=x"))
    }

    // MARK: «Начисления»

    @Test func `charges unfold into how they came to be: SF-115`() throws {
        let (page, response) = try draw("potrebitel", .charges, render: "charges")
        #expect(response.status == 200)
        for words in [
            "Как посчитано", "Начислено: 1 336,35 ₽", "по показаниям прибора учёта",
            "Показания прибора № 12345678: 160,000 − 131,012 = 28,988 м³",
            "28,988 м³ поровну за 3 месяца: 28,988 / 3 = 9,662667 м³",
            "28,988 м³ × 46,10 ₽ = 1 336,35 ₽", "Перерасчет: −338,14 ₽",
            "Перерасчёт за август 2026: переданы показания",
            "Перерасчёт за сентябрь 2026: переданы показания",
            "качества: 3 дня (акт от 12.10.2026 № 7)", "Недопоставка: 3 дня из 31",
            "МУП «Водоканал»",
            "Содержание жилья: 11,53 ₽", "Долг за июль 2026, срок оплаты 15.08.2026",
            "15.09.2026 – 31.10.2026, 47 дней: 774,53 ₽ × 9,5 % / 300 × 47 = 11,527588 ₽",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        // What was taken back before the month was closed is not there at all.
        #expect(!page.contains("496,40"))
        let rows = try rows(page, of: "Начисления")
        #expect(
            rows.contains([
                "Холодное водоснабжение", "м³", "46,10", "28,988", "1 336,35", "−676,28", "660,07",
            ]))
    }

    @Test func `charges are those of any past month`() throws {
        let july = try draw("potrebitel", .charges, ["month": "2026-07"]).text
        #expect(july.contains("Начисления за июль 2026") && july.contains("123,456"))
        #expect(july.contains("<option value=\"2026-07\" selected>"))
        for garbage in ["2026-13", "июль", "2031-01", "2026-07-01", "';--"] {
            let page = try draw("potrebitel", .charges, ["month": garbage]).text
            #expect(page.contains("Начисления за октябрь 2026"), "\(garbage)")
        }
    }

    // MARK: «Движение финансов»

    @Test(arguments: ["potrebitel", "abonent"])
    func `payments show how the balance moved and where each went: SF-170 SF-171`(
        _ code: String
    ) throws {
        let (page, response) = try draw(code, .payments, render: "payments-\(code)")
        #expect(response.status == 200)
        let words = page.replacing(/<[^>]*>/, with: "|").replacing(/\|+/, with: "|")
        for text in [
            "Движение финансов", "|На начало, июль 2026|Долг: 100,00 ₽|", "|Начислено|6 182,58 ₽|",
            "|Перерасчет|−727,20 ₽|", "|Пени|11,53 ₽|", "|Оплачено|1 100,00 ₽|",
            "|На конец, ноябрь 2026|Долг: 4 466,91 ₽|", "Сбербанк Онлайн, № P-3", "10.11.2026",
            "Платёж отменён", "На что зачтено",
            "Холодное водоснабжение, июнь 2026, долг, срок которого наступил раньше",
            "в следующих начислениях",
            "Пришёл с номером лицевого счёта 6262009, которого нет; отнесён на этот счёт 12.11.2026",
        ] {
            #expect(words.contains(text), "\(text)")
        }
        #expect(words.matches(of: /которого нет/).count == 1)
        // One payee got it all.
        #expect(!words.contains("Разделён между получателями"))
        let none = try draw(code, .payments, ["from": "2026-07", "to": "2026-07"]).text
        #expect(none.contains("За это время платежей не было"))
    }

    /// 5 066,91 ₽ less 7 000,00 ₽ that the account's own payee was paid too much are −1 933,09 ₽, in which cold water, of a
    /// payee of its own, is owed 1 541,78 ₽ (881,71 + 1 336,35 − 676,28): 3 474,87 ₽ are paid too much. Of the 600,00 ₽ that
    /// came since it got 205,43 ₽: 1 336,35 ₽ are owed, 3 869,44 ₽ too much.
    @Test func `what one payee was paid too much pays no debt to another: SF-106 SF-121`() throws {
        let town = try town()
        let owner = try town.database.connection()
        let kinds = "organization in ('potrebitel', 'irkutsk') and code = 'cold_water'"
        let bills =
            "account in (\(town.account("potrebitel")), \(town.account("irkutsk"))) and month = '2026-10-01'"
        try owner.script(
            """
            update facts.charge_kind set separate = true, added_at = '-infinity' where \(kinds);
            update facts.bill set closing = closing - 700000 where \(bills);
            """)
        defer {
            #expect(throws: Never.self) {
                try owner.script(
                    """
                    update facts.charge_kind set separate = false where \(kinds);
                    update facts.bill set closing = closing + 700000 where \(bills);
                    """)
            }
        }
        let list = try draw("potrebitel", .bills).text
        #expect(
            list.contains(
                "К оплате 1 541,78 ₽ до 16.11.2026; другому получателю переплачено 3 474,87 ₽"))
        let bill = try draw("potrebitel", .bill(month: "2026-10")).text
        for words in [
            "Итого к оплате до 16.11.2026", ">1 541,78 ₽<", "Переплата: 1 933,09 ₽",
            "К оплате 1 541,78 ₽ (Холодное водоснабжение); переплата 3 474,87 ₽ (ООО «УК»)",
        ] {
            #expect(bill.contains(words), "\(words)")
        }
        let home = plain(text(town.portal.home(try town.visit("potrebitel", 0))))
        for words in [
            "Оплатите 1 336,35 ₽", "К оплате 1 336,35 ₽ (Холодное водоснабжение); переплата",
            "<p class=\"owed\">Долг: 1 336,35 ₽; другому получателю переплачено 3 869,44 ₽</p>",
            "Долг по всем лицевым счетам: <strong>1 336,35 ₽</strong>",
        ] {
            #expect(home.contains(words), "\(words)")
        }
        let accounts = plain(text(town.portal.page(.accounts, try town.visit("potrebitel", 0))))
        #expect(
            accounts.contains("Долг: 1 336,35 ₽; другому получателю переплачено 3 869,44 ₽"))
        let told = try json(.bill(month: "2026-10"))
        #expect(told["amount_kopecks"]?.int == -193_309)
        #expect(told["to_pay_kopecks"]?.int == 154_178)
        #expect(told["overpaid_kopecks"]?.int == 347_487)
        let first = try #require(try json(.bills)["bills"]?.array?.first)
        #expect(first["to_pay_kopecks"]?.int == 154_178)
    }

    @Test func `a payment that several payees got says how it was split: SF-171`() throws {
        let owner = try town().database.connection()
        let rows = "organization in ('potrebitel', 'irkutsk') and code = 'cold_water'"
        try owner.script(
            "update facts.charge_kind set separate = true, added_at = '-infinity' where \(rows)")
        defer {
            #expect(throws: Never.self) {
                try owner.script(
                    """
                    delete from facts.charge_kind where \(rows) and valid_from = '2026-10-01';
                    update facts.charge_kind set separate = false where \(rows);
                    update facts.payment set reversed_by = null where organization = 'irkutsk' and number = 'P-1';
                    update facts.payment set reversed_by = null where organization = 'potrebitel' and number = 'P-1';
                    """)
            }
        }
        // As bills name it: the supplier of what has no payee of its own.
        let name = "ООО «УК»"
        func words() throws -> String {
            try draw("potrebitel", .payments).text.replacing(/<[^>]*>/, with: "|").replacing(
                /\|+/, with: "|")
        }
        let first = try words()
        #expect(
            first.contains("Разделён между получателями по долгам перед каждым: |"), "\(first)")
        #expect(
            first.contains("|\(name) – 257,10 ₽, МУП «Водоканал» – 242,90 ₽|. У каждого сначала"))
        // What met no debt was split by none; whose it is, is told.
        #expect(
            first.contains(
                "|\(name) – 369,61 ₽, МУП «Водоканал» – 205,43 ₽|; остальное – аванс: |\(name) – 24,96 ₽|. "
                    + "Долг перед другим получателем он не погашает. У каждого"
            ), "\(first)")
        func payees(_ place: Int) throws -> [Int64?]? {
            let payments = try #require(try json(.payments)["payments"]?.array)
            return payments[place]["payees"]?.array?.map { $0["amount_kopecks"]?.int }
        }
        #expect(try payees(2) == [25_710, 24_290])
        let payments = try #require(try json(.payments)["payments"]?.array)
        #expect(payments[2]["payees"]?.array?.last?["payee"]?.string == "МУП «Водоканал»")
        // Whose a kind is later splits nothing that was split before.
        try owner.script(
            """
            insert into facts.charge_kind (organization, code, valid_from, title, title_en, position, basis, service, "of", unit,
              supplier, penalty, multiplied, separate, added_at)
            select organization, code, '2026-10-01', title, title_en, position, basis, service, "of", unit,
              supplier, penalty, multiplied, false, '-infinity'
            from facts.charge_kind where \(rows)
            """)
        #expect(try payees(2) == [25_710, 24_290])
        #expect(try payees(0) == nil)
        #expect(try !words().contains("369,61 ₽, МУП"))
        // A payment that was taken back went nowhere.
        try owner.script(
            """
            update facts.payment set reversed_by = gen_random_uuid()
            where organization in ('potrebitel', 'irkutsk') and number = 'P-1'
            """)
        #expect(try payees(2) == nil)
        #expect(try !words().contains("Разделён между получателями"))
    }

    // MARK: Bills

    @Test(arguments: [
        ("srkc", "Квитанция", 3), ("abonent", "Счета", 4), ("uigkh", "Квитанция", 3),
        ("potrebitel", "Квитанция", 4), ("irkutsk", "Квитанция", 3),
    ])
    func `as many bills are kept as the profile says: SF-120 SF-121 SF-123 SF-124`(
        _ code: String, _ word: String, _ count: Int
    ) throws {
        let page = try draw(code, .bills, render: "bills-\(code)").text
        let found = page.matches(of: /href="\/[a-z]+\/accounts\/6262000\/bills\/(2026-[0-9]+)"/)
            .map { String($0.1) }
        #expect(found == Array(["2026-10", "2026-09", "2026-08", "2026-07"].prefix(count)))
        #expect(page.contains(word))
        #expect(page.contains("К оплате 5 066,91 ₽ до 16.11.2026"))
        #expect(try draw(code, .bill(month: "2026-07")).response.status == (count == 4 ? 200 : 404))
        for garbage in ["2026-11", "2026-13", "x", "2026-10-01", "..", ""] {
            #expect(try draw(code, .bill(month: garbage)).response.status == 404, "\(garbage)")
        }
    }

    @Test(arguments: Town.codes)
    func `a bill says whose it is what there is to pay and why: SF-117 SF-120 SF-125`(
        _ code: String
    ) throws {
        let (page, response) = try draw(
            code, .bill(month: "2026-10"), render: "bill-\(code)")
        #expect(response.status == 200)
        let words = page.replacing(/<[^>]*>/, with: "|").replacing(/\|+/, with: "|")
        for text in [
            code == "abonent" ? "Счёт на оплату за октябрь 2026" : "Квитанция за октябрь 2026",
            // As it was when the month was closed.
            "Петров Пётр Петрович", "50,5 м²", "31,2 м²",
            "|На начало, октябрь 2026|Долг: 3 162,13 ₽|", "|Начислено|2 620,45 ₽|",
            "|Перерасчет|−727,20 ₽|", "|Пени|11,53 ₽|",
            "|Оплачено (платежи по 28.10.2026)|0,00 ₽|",
            "|Итого к оплате до 16.11.2026|5 066,91 ₽|", "28,988 м³ × 46,10 ₽ = 1 336,35 ₽",
        ] {
            #expect(words.contains(text), "\(text)")
        }
        // Nothing leads to a picture that nobody draws.
        #expect(!page.contains(".pdf"))
    }

    @Test func `what was charged by average is known for a bill until a reading takes it back`()
        throws
    {
        let queries = try town().portal.queries
        let number = try #require(AccountNumber("6262000"))
        func estimates(_ month: Month) throws -> [Month: Quantity]? {
            try queries.bill(
                of: number, in: town().profile("srkc"), allowed: nil, month: month
            )?.estimates["cold_water"]
        }
        #expect(
            try estimates(MoneyOf.september) == [
                MoneyOf.august: MoneyOf.q("7.335"), MoneyOf.september: MoneyOf.q("7.335"),
            ])
        #expect(try estimates(MoneyOf.october) == nil)
    }

    @Test func `a bill that can be drawn opens in a window of its own: SF-122 SF-123`() throws {
        let town = try town()
        let portal = Portal(
            queries: town.portal.queries, telemetry: Telemetry(write: { _ in }),
            settings: PortalSettings(
                publicURL: "http://localhost", showsOutbox: true, drawsBills: true),
            secrets: PortalSecrets(key: { "k" }))
        for (code, word) in [("abonent", "Печать"), ("srkc", "Печать")] {
            for page: MoneyPage in [.account, .bills, .bill(month: "2026-10")] {
                let drawn = text(portal.money(page, try town.visit(code, 0), account: "6262000"))
                #expect(
                    drawn.contains(
                        "href=\"/\(code)/accounts/6262000/bills/2026-10.pdf\" target=\"_blank\""),
                    "\(page)")
                #expect(drawn.contains(">\(word)</a>"))
            }
        }
        let json = try JSON.parse(
            portal.moneyJSON(
                .bills, Reader(profile: town.profile("srkc"), accounts: nil), .ru,
                account: "6262000", query: [:]
            ).body)
        #expect(
            json["bills"]?.array?.first?["pdf"]?.string
                == "/srkc/api/accounts/6262000/bills/2026-10.pdf")
    }

    // MARK: Suppliers

    @Test(arguments: Town.codes)
    func `services stand with suppliers tariffs in force and their history: SF-104`(
        _ code: String
    ) throws {
        let (page, response) = try draw(code, .suppliers, render: "suppliers-\(code)")
        #expect(response.status == 200)
        let words = page.replacing(/<[^>]*>/, with: "|").replacing(/\|+/, with: "|")
        for text in [
            "|Холодное водоснабжение|Поставщик: |МУП «Водоканал»|+7 84371 0-00-01|",
            "|Действующие тарифы, с 01.07.2026|46,10 ₽| за м³|С 01.01.2027|48,00 ₽| за м³|"
                + "История|: Холодное водоснабжение|с 01.07.2025|44,10 ₽| за м³|"
                + "с 01.01.2023|41,20 ₽| за м³|",
            // The house's own tariff, whatever the organization's later ones are.
            "|Действующие тарифы, с 01.01.2024|12,41 ₽| за м²|История|: Содержание жилья|"
                + "с 01.01.2023|11,00 ₽| за м²|",
            "T1, день: |6,24 ₽| за кВт·ч|T2, ночь: |3,04 ₽|", "до 3 900 кВт·ч: |1,71 ₽|",
            "свыше 3 900 кВт·ч: |5,49 ₽|",
        ] {
            #expect(words.contains(text), "\(text)")
        }
        // Another house's, an earlier name, and what this house has not.
        for other in ["98,00", "99,00", "прежний", "Отопление"] {
            #expect(!page.contains(other), "\(other)")
        }
    }

    // MARK: Who may see it

    private static let all: [MoneyPage] = [
        .account, .settlements, .charges, .payments, .bills, .bill(month: "2026-10"), .suppliers,
    ]
    private static let there: [String: [MoneyPage]] = [
        "srkc": [.account, .settlements, .bills, .bill(month: "2026-10"), .suppliers],
        "irkutsk": [.account, .settlements, .bills, .bill(month: "2026-10"), .suppliers],
        "uigkh": [.account, .bills, .bill(month: "2026-10"), .suppliers],
        "abonent": [.account, .payments, .bills, .bill(month: "2026-10"), .suppliers],
        "potrebitel": [.account, .charges, .payments, .bills, .bill(month: "2026-10"), .suppliers],
    ]

    @Test(arguments: Town.codes)
    func `a page is there where its manual has it and nobody sees others' accounts`(
        _ code: String
    ) throws {
        for page in Self.all {
            let isThere = Self.there[code]?.contains(page) == true
            #expect(try draw(code, page).response.status == (isThere ? 200 : 404), "\(page)")
            #expect(try draw(code, page, account: "6262002").response.status == 404, "\(page)")
            #expect(try draw(code, page, account: "кв. 10").response.status == 404, "\(page)")
            #expect(try draw(code, page, person: 1).response.status == 404, "\(page)")
            #expect(try draw(code, page, person: nil).response.status == 401, "\(page)")
            guard isThere, page != .bill(month: "2026-10") else { continue }
            // It was shared to be looked at.
            #expect(try draw(code, page, account: "6262001").response.status == 200, "\(page)")
        }
    }

    @Test func `where no money is shown the first page is the meters`() throws {
        let town = try town()
        var visit = try town.visit("srkc", 0)
        visit.profile.charges = .standard
        #expect(text(town.portal.home(visit)).contains("<h1>Приборы учета</h1>"))
        #expect(town.portal.money(.account, visit, account: "6262000").status == 404)
        let reader = Reader(profile: visit.profile, accounts: nil)
        #expect(
            town.portal.moneyJSON(.bills, reader, .ru, account: "6262000", query: [:]).status
                == 404)
    }

    @Test(arguments: Town.codes)
    func `all of it is there in English`(_ code: String) throws {
        for page in Self.there[code] ?? [] {
            let drawn = try draw(code, page, language: .en).text
            #expect(drawn.contains("<html lang=\"en\">"))
            for key in ["money.", "charges.", "bill.", "payments.", "suppliers.", "explain."] {
                #expect(!drawn.contains(">\(key)"), "\(key)")
            }
            // Russian words are the organization's own, and say so.
            #expect(!drawn.contains(/>[^<]*(?:Долг|Начислено|Оплачено)[^<]*</))
        }
        #expect(
            try draw("srkc", .settlements, ["kind": "cold_water"], language: .en).text.contains(
                "?kind=cold_water&amp;lang=ru"))
    }

    @Test func `hostile texts stay texts`() throws {
        let town = try town()
        let evil = "<script>alert(1)</script>\"' onfocus=x"
        try town.database.connection().script(
            """
            begin;
            update facts.supplier set name = $e$\(evil)$e$, phone = $e$\(evil)$e$ where organization = 'abonent';
            update facts.charge_kind set title = $e$\(evil)$e$, title_en = null where organization = 'abonent';
            update facts.payment set provider = $e$\(evil)$e$, number = $e$\(evil)$e$
            where organization = 'abonent' and number = 'P-1';
            update facts.bill set card = jsonb_build_object('surname', $e$\(evil)$e$, 'area_m2', $e$\(evil)$e$)
            where organization = 'abonent';
            update facts.entry set line = jsonb_set(line, '{s,0,n}', to_jsonb($e$\(evil)$e$::text))
            where account = \(town.account("abonent")) and line #>> '{s,0,t}' = 'readings';
            commit
            """)
        for page in Self.there["abonent"] ?? [] {
            for language in Language.allCases {
                let drawn = try draw("abonent", page, language: language).text
                #expect(runsOnlyOurs(drawn), "\(page)")
                #expect(!drawn.contains(/<[^>]*"' onfocus/), "\(page)")
            }
        }
        try town.database.connection().script(
            """
            update facts.charge_kind set title = code where organization = 'abonent';
            """)
    }

    @Test func `a line that a newer version wrote shows its sum and no more`() throws {
        let town = try town()
        try town.database.connection().script(
            """
            update facts.entry set line = '{"m": "guess"}'
            where account = \(town.account("uigkh")) and sort = 'charge' and kind = 'hot_water'
            """)
        let (page, response) = try draw("uigkh", .bill(month: "2026-10"))
        #expect(response.status == 200 && page.contains("Начислено: 148,17 ₽"))
        let rows = try rows(page, of: "Начисления")
        #expect(
            rows.contains(["Холодная вода для нужд ГВС", "", "", "", "148,17", "", "148,17"]))
    }

    // MARK: JSON

    private func json(
        _ answer: MoneyAnswer, _ query: [String: String] = [:], account: String = "6262000",
        accounts: [Int64]? = nil, language: Language = .ru, status: Int = 200
    ) throws -> JSON {
        let town = try town()
        let response = town.portal.moneyJSON(
            answer, Reader(profile: try town.profile("irkutsk"), accounts: accounts), language,
            account: account, query: query)
        #expect(response.status == status, "\(answer)")
        return try JSON.parse(response.body)
    }

    @Test func `programs get settlements by kind and month: SF-111 SF-112`() throws {
        let all = try json(.settlements, ["from": "2026-10", "to": "2026-11"])
        #expect(all["from"]?.string == "2026-10" && all["to"]?.string == "2026-11")
        let kinds = try #require(all["kinds"]?.array)
        #expect(
            kinds.map { $0["kind"]?.string } == [
                "maintenance", "cold_water", "hot_water", "hot_water_heat", nil,
            ])
        let cold = try #require(kinds[1]["months"]?.array?.first)
        #expect(kinds[1]["title"]?.string == "Холодное водоснабжение")
        #expect(cold["month"]?.string == "2026-10")
        #expect(cold["opening_kopecks"]?.int == 88_171)
        #expect(cold["charged_kopecks"]?.int == 133_635)
        #expect(cold["recalculated_kopecks"]?.int == -67_628)
        #expect(cold["closing_kopecks"]?.int == 154_178)
        #expect(
            all["total"]?["months"]?.array?.last?["closing_kopecks"]?.int == 446_691)
    }

    @Test func `programs get charges with structure and text: SF-115`() throws {
        let october = try json(.charges, language: .en)
        #expect(october["month"]?.string == "2026-10")
        #expect(october["total_kopecks"]?.int == 190_478)
        let charges = try #require(october["charges"]?.array)
        let cold = try #require(
            charges.first { $0["kind"]?.string == "cold_water" && $0["sort"]?.string == "charge" })
        #expect(cold["title"]?.string == "Cold water" && cold["supplier"]?.string != nil)
        #expect(cold["method"]?.string == "meter" && cold["unit"]?.string == "m3")
        #expect(cold["volume"]?.string == "28.988" && cold["amount_kopecks"]?.int == 133_635)
        #expect(cold["parts"]?.array?.first?["price"]?.string == "46.10")
        #expect(cold["steps"]?.array?.first?["step"]?.string == "readings")
        #expect(cold["steps"]?.array?.first?["from"]?.string == "131.012")
        #expect(
            cold["explanation"]?.array?.first?.string.map(plain)
                == "Readings of meter No. 12345678: 160.000 − 131.012 = 28.988 m³")
        let returned = charges.filter { $0["ground"]?["ground"]?.string == "reading_returned" }
        #expect(returned.map { $0["month"]?.string } == ["2026-08", "2026-09"])
        let short = charges.first { $0["ground"]?["ground"]?.string == "undersupply" }
        #expect(short?["ground"]?["text"]?.string == "акт от 12.10.2026 № 7")
        let penalty = try #require(charges.last)
        #expect(penalty["sort"]?.string == "penalty" && penalty["month"]?.string == "2026-07")
        #expect(penalty["segments"]?.array?.first?["rate_percent"]?.string == "9.5")
        #expect(penalty["segments"]?.array?.first?["days"]?.int == 47)
        #expect(try json(.charges, ["month": "2026-07"])["charges"]?.array?.count == 2)
        #expect(
            try json(.charges, ["month": "2026-06"], status: 404)["code"]?.string == "not_found")
    }

    @Test func `programs get payments bills and suppliers: SF-104 SF-121 SF-171`() throws {
        let payments = try #require(try json(.payments)["payments"]?.array)
        #expect(payments.map { $0["amount_kopecks"]?.int } == [60_000, 5_000, 50_000])
        #expect(payments[1]["reversed"]?.bool == true)
        #expect(payments[0]["parts"]?.array?.last?["reason"]?.string == "advance")
        #expect(payments[2]["paid_on"]?.string == "2026-08-10")
        #expect(payments[0]["assigned"]?["typed"]?.string == "6262009")
        #expect(payments[0]["assigned"]?["on"]?.string == "2026-11-12")
        #expect(payments[2]["assigned"] == nil && payments[2]["payees"] == nil)
        let bills = try #require(try json(.bills)["bills"]?.array)
        #expect(bills.map { $0["month"]?.string } == ["2026-10", "2026-09", "2026-08"])
        #expect(bills[0]["amount_kopecks"]?.int == 506_691 && bills[0]["pdf"] == nil)
        let bill = try json(.bill(month: "2026-10"))
        #expect(bill["charges"]?.array?.count == 8 && bill["due_on"]?.string == "2026-11-16")
        #expect(bill["charges"]?.array?.first?["explanation"]?.array?.isEmpty == false)
        #expect(try json(.bill(month: "2026-07"), status: 404)["code"]?.string == "not_found")
        #expect(try json(.bill(month: "x"), status: 404)["code"]?.string == "not_found")
        let kinds = try #require(try json(.suppliers)["kinds"]?.array)
        let cold = try #require(kinds.first { $0["kind"]?.string == "cold_water" })
        #expect(cold["tariff"]?["from"]?.string == "2026-07-01")
        #expect(cold["tariff"]?["prices"]?.array?.first?["price"]?.string == "46.10")
        #expect(cold["history"]?.array?.count == 2 && cold["coming"]?.array?.count == 1)
        #expect(cold["supplier"]?["name"]?.string == "МУП «Водоканал»")
    }

    @Test(arguments: ["2026-13", "", "май", "2026-05-01", "2026-5", "' or 1=1"])
    func `what is no month is refused to programs`(_ text: String) throws {
        for name in ["from", "to", "month"] {
            let answer = try json(.settlements, [name: text], status: 400)
            #expect(answer["code"]?.string == "misshapen")
            #expect(answer["title"]?.string == "\(name): нужен месяц: 2026-04")
        }
    }

    @Test func `programs see no others' accounts`() throws {
        let mine = Int64(try town().account("irkutsk"))
        for answer: MoneyAnswer in [
            .settlements, .charges, .payments, .bills, .bill(month: "2026-10"), .suppliers,
        ] {
            _ = try json(answer, accounts: [mine])
            let none = try json(answer, accounts: [mine + 1], status: 404)
            #expect(none["code"]?.string == "not_found")
            _ = try json(answer, account: "404404", status: 404)
            _ = try json(answer, account: "../x", status: 404)
        }
    }

    // MARK: What all pages must agree on

    @Test func `the balance is the sum of all entries on every page`() throws {
        let town = try town()
        let owner = try town.database.connection()
        let sums = try owner.script(
            "select account, sum(amount)::int8 from facts.entry group by account order by account")
        let balances = try town.portal.queries.balances(
            of: sums.map { Int64($0.text(0)) ?? 0 })
        #expect(balances.map { "\($0.account)" } == sums.map { $0.text(0) })
        #expect(balances.map { "\($0.balance.kopecks)" } == sums.map { $0.text(1) })
        let number = try #require(AccountNumber("6262000"))
        let view = try #require(
            try town.portal.queries.settlements(
                of: number, in: town.profile("srkc"), allowed: nil, from: MoneyOf.september,
                to: nil))
        let months = SettledMonth.all(view.period.months, of: view.rows)
        #expect(months.map(\.closing.kopecks) == [316_213, 506_691, 446_691])
        let whole = try #require(SettledMonth.sum(months))
        #expect(whole.opening.kopecks == 153_989 && whole.closing == months.last?.closing)
    }
}

/// What needs no database.
struct TariffTimesTests {
    private static let today = Day("2026-11-22") ?? Day(days: 0)

    private func tariff(_ from: String, _ price: Int64, width: Int = 0) -> TariffView {
        TariffView(
            kind: "k", width: width, from: Day(from) ?? Day(days: 0),
            price: Quantity(millionths: price * 1_000_000))
    }

    @Test func `the narrowest scope that is there counts and of it what came last`() {
        let times = TariffTimes(
            [
                tariff("2020-01-01", 1), tariff("2024-01-01", 2), tariff("2026-01-01", 3),
                tariff("2025-01-01", 10, width: 2), tariff("2026-06-01", 11, width: 2),
                tariff("2026-06-01", 12, width: 2), tariff("2026-12-01", 13, width: 2),
            ], Self.today)
        #expect(times.now?.rows.map(\.price.millionths) == [12_000_000])
        #expect(times.past.map(\.rows[0].price.millionths) == [10_000_000, 2_000_000, 1_000_000])
        #expect(times.coming.map(\.rows[0].price.millionths) == [13_000_000])
        #expect(TariffTimes([], Self.today).now == nil)
    }

    @Test func `a period stays within what there is`() {
        let (first, last) = (MoneyOf.july, MoneyOf.november)
        let all = MoneyPeriod(from: nil, to: nil, first: first, last: last)
        #expect(
            all.months == [.init(number: first.number)] + (1...4).map { first.advanced(by: $0) })
        #expect(all.choice.first == last && all.choice.count == 5)
        let long = MoneyPeriod(from: nil, to: nil, first: first.advanced(by: -40), last: last)
        #expect(long.months.count == MoneyPeriod.standard && long.to == last)
        let one = MoneyPeriod(from: first, to: last, first: last, last: last)
        #expect(one.months == [last] && !one.isTurned)
        let turned = MoneyPeriod(from: last, to: first, first: first, last: last)
        #expect(turned.isTurned && turned.months.isEmpty)
        #expect(turned.from == last && turned.to == first)
        // Before anything was: they are brought into what there is, and are still the wrong way round.
        #expect(
            MoneyPeriod(
                from: first.advanced(by: -1), to: first.advanced(by: -2), first: first, last: last
            ).isTurned)
        #expect(MoneyPeriod(from: nil, to: nil, first: last, last: first).months == [first])
    }
}
