import Drawing

/// Bills as an organization would print them; the people, addresses and sums are made up, and the sums agree.
enum Samples {
    /// «1 234,56» with a thin space and a true minus.
    static func money(_ kopecks: Int) -> String {
        let (whole, rest) = (abs(kopecks) / 100, abs(kopecks) % 100)
        return (kopecks < 0 ? "−" : "") + grouped(whole) + (rest < 10 ? ",0" : ",") + "\(rest)"
    }

    private static func grouped(_ number: Int) -> String {
        guard number >= 1000 else { return "\(number)" }
        let rest = String(number % 1000)
        return grouped(number / 1000) + "\u{202F}"
            + String(repeating: "0", count: 3 - rest.count) + rest
    }

    static let months = [
        "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек", "янв", "фев", "мар",
    ]

    static func plot(_ title: String, decimals: Int, _ values: [Int64?]) -> BillForm.Plot {
        .init(
            title: title,
            bars: zip(months, values).map { month, value in
                var text = value.map(String.init) ?? ""
                if decimals > 0, !text.isEmpty {
                    while text.count <= decimals { text = "0" + text }
                    text.insert(",", at: text.index(text.endIndex, offsetBy: -decimals))
                }
                return .init(label: month, height: value, value: text)
            })
    }

    /// A service of the table in the order of its columns.
    static func service(
        _ name: String, _ unit: String, own: String = "", house: String = "", by method: String,
        tariff: String, charged: Int, recalculated: Int = 0, penalty: Int = 0,
        kind: BillForm.Row.Kind = .item, note: String = ""
    ) -> BillForm.Row {
        .init(
            [
                name, unit, own, house, method, tariff, money(charged),
                recalculated == 0 ? "" : money(recalculated), penalty == 0 ? "" : money(penalty),
                money(charged + recalculated + penalty),
            ], kind: kind, note: note)
    }

    static func total(
        _ name: String, charged: Int, recalculated: Int, penalty: Int,
        kind: BillForm.Row.Kind = .total
    ) -> BillForm.Row {
        service(
            name, "", by: "", tariff: "", charged: charged, recalculated: recalculated,
            penalty: penalty, kind: kind)
    }

    static let serviceColumns: [BillForm.Column] = [
        .init("Услуга", .leading), .init("Ед.", .leading),
        .init("индивид.", group: "Объём услуг", .decimal),
        .init("общедом.", group: "Объём услуг", .decimal),
        .init("Спо\u{AD}соб", .center), .init("Тариф,\u{A0}₽", .trailing),
        .init("Начислено,\u{A0}₽", .trailing), .init("Пере\u{AD}расчёт,\u{A0}₽", .trailing),
        .init("Пени,\u{A0}₽", .trailing), .init("Итого,\u{A0}₽", .trailing),
    ]
    static let legend =
        "Способ определения объёма: П — по показаниям прибора учёта, Н — по нормативу, О — иной "
        + "(среднемесячный объём или расчёт)."

    static let payee = PaymentCode.Payee(
        name: "ООО «Расчётно-кассовый центр «Зеленодольск»", account: "40702810138250123017",
        bank: "ПАО СБЕРБАНК г.\u{A0}Москва", bic: "044525225", correspondent: "30101810400000000225"
    )

    static let fundPayee = PaymentCode.Payee(
        name: "Фонд капитального ремонта многоквартирных домов Рязанской области",
        account: "40603810900000001234", bank: "АО «РОССЕЛЬХОЗБАНК» г.\u{A0}Москва",
        bic: "044525111",
        correspondent: "30101810200000000111")

    static func code(
        _ payee: PaymentCode.Payee, inn: String, kpp: String, account: String, name: String,
        address: String, purpose: String, sum: Int64
    ) -> PaymentCode {
        PaymentCode(
            payee: payee,
            details: [
                .payeeINN(inn), .kpp(kpp), .account(account), .lastName(name), .address(address),
                .period(year: 2026, month: 3), .purpose(purpose), .sum(kopecks: sum),
            ])
    }

    static func requisites(_ payee: PaymentCode.Payee, inn: String, kpp: String) -> [BillForm.Pair]
    {
        [
            .init("Получатель", payee.name), .init("ИНН / КПП", "\(inn) / \(kpp)"),
            .init("Расчётный счёт", payee.account), .init("Банк", payee.bank),
            .init("БИК", "\(payee.bic), корр. счёт \(payee.correspondent ?? "—")"),
        ]
    }

    static let terms = [
        "Плата за жилое помещение и коммунальные услуги вносится ежемесячно до 15-го числа месяца, следующего за "
            + "истекшим (ч. 1 ст. 155 ЖК РФ). За просрочку начисляются пени: с 31-го дня — 1/300, с 91-го дня — "
            + "1/130 ключевой ставки Банка России за каждый день (ч. 14 ст. 155 ЖК РФ).",
        "При отсутствии показаний объём определяется по среднемесячному потреблению не более трёх расчётных периодов "
            + "подряд, затем по нормативу с повышающим коэффициентом (пп. 59, 60 Правил, утв. постановлением "
            + "Правительства РФ от 06.05.2011 № 354). Показания принимаются с 15-го по 25-е число.",
        "Проверить начисления и передать показания: личный кабинет, телефон (49131) 2-14-56 или в офисе: "
            + "ул.\u{A0}Спортивная, д.\u{A0}4, понедельник – пятница с 8:00 до 17:00, перерыв с 12:00 до 13:00.",
    ]

    static func section(
        _ title: String, columns: [BillForm.Column], rows: [BillForm.Row], legend: String = ""
    ) -> BillForm.Section {
        .init(title, .table(.init(columns: columns, rows: rows, legend: legend)))
    }

    // MARK: Seven services, recalculations and a debt

    static func seven() throws -> BillForm {
        let address =
            "391500, Рязанская обл., рп.\u{A0}Зеленодольский, ул.\u{A0}Спортивная, д.\u{A0}10, кв.\u{A0}15"
        let rows: [BillForm.Row] = [
            .init(["Жилищные услуги — ООО УК «Спортивная»"], kind: .heading),
            service(
                "Содержание жилого помещения", "м²", own: "54,30", by: "О", tariff: "31,42",
                charged: 170_611, penalty: 1237),
            .init(
                ["Коммунальные услуги — МУП «Водоканал», АО «Теплосеть», ПАО «РЭСК»"],
                kind: .heading),
            service(
                "Холодное водоснабжение", "м³", own: "4,120", by: "П", tariff: "41,87",
                charged: 17_250, recalculated: -4187,
                note: "Перерасчёт за февраль: принято показание контролёра от 04.03.2026."),
            service(
                "Холодная вода на содержание общего имущества", "м³", house: "0,084", by: "П",
                tariff: "41,87", charged: 352),
            .init(["Горячее водоснабжение", "", "", "", "", "", "", "", "", money(56_347)]),
            service(
                "компонент на холодную воду", "м³", own: "2,850", by: "П", tariff: "41,87",
                charged: 11_933, kind: .part),
            service(
                "компонент на тепловую энергию", "Гкал", own: "0,18411", by: "О",
                tariff: "2\u{202F}412,36", charged: 44_414, kind: .part),
            service(
                "Водоотведение", "м³", own: "6,970", by: "П", tariff: "33,15", charged: 23_106),
            .init(["Электроснабжение", "", "", "", "", "", "", "", "", money(92_943)]),
            service(
                "день (Т1)", "кВт·ч", own: "118", by: "П", tariff: "5,92", charged: 69_856,
                kind: .part),
            service(
                "ночь (Т2)", "кВт·ч", own: "64", by: "П", tariff: "3,31", charged: 21_184,
                kind: .part),
            service(
                "на содержание общего имущества", "кВт·ч", house: "3,214", by: "П", tariff: "5,92",
                charged: 1903, kind: .part),
            service(
                "Отопление", "Гкал", own: "0,9774", by: "Н", tariff: "2\u{202F}412,36",
                charged: 235_784, recalculated: -24_317, penalty: 980,
                note:
                    "Перерасчёт: перерыв 14–16.03.2026 сверх допустимого, 62 ч (п. 101 Правил № 354)."
            ),
            service(
                "Обращение с ТКО", "чел.", own: "3", by: "Н", tariff: "128,45", charged: 38_535),
            total(
                "Итого за март", charged: 634_928, recalculated: -28_504, penalty: 2217),
        ]
        let due = "до 15 апреля 2026 г."
        let main = code(
            payee, inn: "6200098763", kpp: "620001001", account: "626200012", name: "Иванов",
            address: "рп.\u{A0}Зеленодольский, ул.\u{A0}Спортивная, д.\u{A0}10, кв.\u{A0}15",
            purpose: "ЖКУ за 03.2026, ЛС 626200012", sum: 749_897)
        let fund = code(
            fundPayee, inn: "6229990013", kpp: "622901001", account: "626200012-К", name: "Иванов",
            address: "рп.\u{A0}Зеленодольский, ул.\u{A0}Спортивная, д.\u{A0}10, кв.\u{A0}15",
            purpose: "Взнос на капитальный ремонт за 03.2026", sum: 141_614)
        let chargesTable = section(
            "Расчёт размера платы", columns: serviceColumns, rows: rows, legend: legend)
        let fundTable = section(
            "Взнос на капитальный ремонт",
            columns: [
                .init("Вид платы", .leading), .init("Площадь, м²", .trailing),
                .init("Взнос, ₽/м²", .trailing), .init("Долг, ₽", .trailing),
                .init("Начислено, ₽", .trailing), .init("Пени, ₽", .trailing),
                .init("К оплате, ₽", .trailing),
            ],
            rows: [
                .init([
                    "Взнос на капитальный ремонт", "54,30", "13,04", money(70_807),
                    money(70_807), "", money(141_614),
                ])
            ])
        let recalculationsTable = section(
            "Перерасчёты",
            columns: [
                .init("Услуга", .leading), .init("Основание", .leading),
                .init("Период", .leading), .init("Сумма, ₽", .trailing),
            ],
            rows: [
                .init([
                    "Холодное водоснабжение",
                    "Показание контролёра 118,400 от 04.03.2026 вместо среднемесячного объёма: "
                        + "−1,000 м³ (п. 61 Правил № 354)", "февраль 2026", money(-4187),
                ]),
                .init([
                    "Отопление",
                    "Перерыв 14.03 06:00 – 16.03 20:00, 62 ч при допустимых 24 ч: акт № 118 от "
                        + "17.03.2026 (п. 101, приложение № 1 к Правилам № 354)", "март 2026",
                    money(-24_317),
                ]),
                .init(["Итого", "", "", money(-28_504)], kind: .total),
            ])
        let readingsTable = section(
            "Показания приборов учёта",
            columns: [
                .init("Прибор", .leading), .init("Номер", .leading),
                .init("Поверка до", .leading), .init("Предыдущее", .decimal),
                .init("Текущее", .decimal), .init("Дата", .leading),
                .init("Расход", .decimal), .init("Ед.", .leading),
            ],
            rows: [
                .init([
                    "Холодная вода", "12345678", "14.08.2029", "118,400", "122,520",
                    "24.03.2026", "4,120", "м³",
                ]),
                .init([
                    "Горячая вода", "12345679", "14.08.2027", "86,115", "88,965",
                    "24.03.2026", "2,850", "м³",
                ]),
                .init([
                    "Электроэнергия, Т1", "011723344", "01.12.2035", "21\u{202F}406",
                    "21\u{202F}524", "24.03.2026", "118", "кВт·ч",
                ]),
                .init([
                    "Электроэнергия, Т2", "011723344", "01.12.2035", "9\u{202F}873",
                    "9\u{202F}937", "24.03.2026", "64", "кВт·ч",
                ]),
            ])
        let houseTable = section(
            "Общедомовые объёмы",
            columns: [
                .init("Услуга", .leading), .init("в помещениях", .decimal),
                .init("на общее имущество", .decimal), .init("Ед.", .leading),
            ],
            rows: [
                .init(["Холодная вода", "412,600", "5,310", "м³"]),
                .init(["Горячая вода", "288,450", "", "м³"]),
                .init(["Электроэнергия", "14\u{202F}880", "203,4", "кВт·ч"]),
                .init(["Тепловая энергия", "61,704", "", "Гкал"]),
            ])
        let normsTable = section(
            "Нормативы потребления",
            columns: [
                .init("Услуга", .leading), .init("Норматив", .decimal),
                .init("Ед.", .leading),
            ],
            rows: [
                .init(["Холодная вода", "4,33", "м³ на чел."]),
                .init(["Горячая вода", "3,02", "м³ на чел."]),
                .init(["Отопление", "0,018", "Гкал на м²"]),
                .init(["Электроэнергия на общее имущество", "0,94", "кВт·ч на м²"]),
            ])
        let debtsTable = section(
            "Долг по услугам и месяцам, ₽",
            columns: [
                .init("Услуга", .leading), .init("январь 2026", .trailing),
                .init("февраль 2026", .trailing), .init("Всего", .trailing),
            ],
            rows: [
                .init([
                    "Содержание жилого помещения", money(36_245), money(54_610),
                    money(90_855),
                ]),
                .init(["Отопление", "", money(50_401), money(50_401)]),
                .init(["Итого", money(36_245), money(105_011), money(141_256)], kind: .total),
            ])
        let usePlots = BillForm.Section(
            "Потребление за 12 месяцев",
            .plots([
                plot(
                    "Холодная вода, м³", decimals: 2,
                    [398, 421, 510, 655, 602, 440, 405, 388, 412, 395, 502, 412]),
                plot(
                    "Горячая вода, м³", decimals: 2,
                    [301, 280, 195, 120, 64, 244, 290, 311, 322, 330, 305, 285]),
                plot(
                    "Электроэнергия, кВт·ч", decimals: 0,
                    [171, 165, 158, 149, nil, 163, 176, 189, 204, 210, 194, 182]),
                plot(
                    "Отопление, Гкал", decimals: 3,
                    [977, 0, 0, 0, 0, 0, 977, 977, 977, 977, 977, 977]),
            ]))
        let slips: [BillForm.Slip] = [
            .init(
                title: "Извещение",
                subtitle: "за жилое помещение и коммунальные услуги, март 2026 г.",
                payee: requisites(payee, inn: "6200098763", kpp: "620001001"),
                payer: [
                    .init("Плательщик", "Иванов Иван Иванович"), .init("Адрес", address),
                    .init("Лицевой счёт", "626200012, ЕЛС 70АА123456"),
                ],
                total: .init(label: "К оплате", amount: "7\u{202F}498,97 ₽", note: due),
                code: try main.bytes(), caption: "Оплата по QR-коду",
                blanks: ["Дата", "Подпись"]),
            .init(
                title: "Извещение",
                subtitle: "взнос на капитальный ремонт, март 2026 г.",
                payee: requisites(fundPayee, inn: "6229990013", kpp: "622901001"),
                payer: [
                    .init("Плательщик", "Иванов Иван Иванович"), .init("Адрес", address),
                    .init("Лицевой счёт", "626200012-К"),
                ],
                total: .init(label: "К оплате", amount: "1\u{202F}416,14 ₽", note: due),
                code: try fund.bytes(), caption: "Оплата по QR-коду",
                blanks: ["Дата", "Подпись"]),
        ]
        let blocks: [BillForm.Block] = [
            .init(
                title: "Плательщик и помещение",
                pairs: [
                    .init("Плательщик", "Иванов Иван Иванович"), .init("Адрес", address),
                    .init("Лицевой счёт", "626200012"),
                    .init("ЕЛС / ИД ЖКУ", "70АА123456 / 70АА123456-01"),
                    .init("Площадь", "общая 54,30 м², жилая 31,80 м²"),
                    .init("Проживают", "3 чел."),
                ]),
            .init(
                title: "Исполнитель услуг",
                pairs: [
                    .init("Организация", "ООО УК «Спортивная»"),
                    .init("Адрес", "рп.\u{A0}Зеленодольский, ул.\u{A0}Спортивная, д.\u{A0}4"),
                    .init("Телефон", "(49131) 2-14-56, аварийная служба (49131) 2-14-00"),
                    .init("Сайт, почта", "uk-sport.example, uk@uk-sport.example"),
                    .init("Приём", "пн – пт 8:00 – 17:00, перерыв 12:00 – 13:00"),
                ]),
        ]
        return BillForm(
            layout: .standard, date: .init(year: 2026, month: 4, day: 1),
            title: "Платёжный документ",
            subtitle: "за жилое помещение и коммунальные услуги, март 2026 г.",
            running: "Платёжный документ за март 2026 г. · лицевой счёт 626200012",
            total: .init(label: "К оплате", amount: "7\u{202F}498,97 ₽", note: due),
            blocks: blocks,
            steps: [
                .init(label: "Долг на 01.03.2026", amount: money(341_256)),
                .init(
                    label: "Оплачено", amount: money(-200_000),
                    note: "учтены платежи, поступившие до 28.03.2026"),
                .init(label: "Начислено", amount: money(634_928)),
                .init(label: "Перерасчёт", amount: money(-28_504)),
                .init(label: "Пени", amount: money(2217)),
                .init(label: "К оплате", amount: money(749_897), note: due, isResult: true),
            ],
            sections: [
                chargesTable,
                fundTable,
                recalculationsTable,
                readingsTable,
                houseTable,
                normsTable,
                usePlots,
                debtsTable,
                .init("Порядок оплаты", .notes(terms)),
            ],
            slips: slips,
            footer: "ИПД 70АА123456-01-6031 · составлен 01.04.2026",
            pageNumber: "Стр. {page} из {pages}")
    }

    // MARK: An overpayment

    static func overpaid() throws -> BillForm {
        let address = "664011, г.\u{A0}Иркутск, ул.\u{A0}Дзержинского, д.\u{A0}1, кв.\u{A0}204"
        let note = "переплата 812,46 ₽ зачтена, платить не нужно"
        let quiet = code(
            payee, inn: "6200098763", kpp: "620001001", account: "004418",
            name: "Константинопольская",
            address: "г.\u{A0}Иркутск, ул.\u{A0}Дзержинского, д.\u{A0}1, кв.\u{A0}204",
            purpose: "ЖКУ за 03.2026, ЛС 004418", sum: -81_246)
        let chargesTable = section(
            "Расчёт размера платы",
            columns: serviceColumns.prefix(2) + [.init("Объём", .decimal)]
                + serviceColumns.dropFirst(4),
            rows: [
                service(
                    "Содержание жилого помещения", "м²", own: "33,10", by: "О",
                    tariff: "28,05", charged: 92_846),
                service(
                    "Холодное водоснабжение", "м³", own: "2,015", by: "П",
                    tariff: "21,14", charged: 4260),
                service(
                    "Водоотведение", "м³", own: "2,015", by: "П", tariff: "29,60",
                    charged: 5964),
                service(
                    "Электроснабжение", "кВт·ч", own: "96", by: "П", tariff: "1,58",
                    charged: 15_168),
                service(
                    "Отопление", "Гкал", own: "0,7282", by: "Н",
                    tariff: "1\u{202F}958,16", charged: 142_593),
                service(
                    "Обращение с ТКО", "чел.", own: "1", by: "Н", tariff: "79,23",
                    charged: 7923),
                total("Итого за март", charged: 268_754, recalculated: 0, penalty: 0),
            ].map { row in
                var row = row
                row.cells.remove(at: 3)
                return row
            }, legend: legend)
        let readingsTable = section(
            "Показания приборов учёта",
            columns: [
                .init("Прибор", .leading), .init("Номер", .leading),
                .init("Предыдущее", .decimal), .init("Текущее", .decimal),
                .init("Расход", .decimal), .init("Ед.", .leading),
            ],
            rows: [
                .init([
                    "Холодная вода", "30-118842", "214,300", "216,315", "2,015", "м³",
                ]),
                .init([
                    "Электроэнергия", "7741908", "38\u{202F}112", "38\u{202F}208", "96",
                    "кВт·ч",
                ]),
            ])
        let usePlots = BillForm.Section(
            "Потребление за 12 месяцев",
            .plots([
                plot(
                    "Холодная вода, м³", decimals: 3,
                    [1980, 2110, 2300, 2650, 2010, 1900, 2050, nil, 2120, 2200, 1950, 2015]),
                plot(
                    "Электроэнергия, кВт·ч", decimals: 0,
                    [101, 95, 88, 79, 80, 93, 106, 119, 124, 130, 104, 96]),
            ]))
        let slips: [BillForm.Slip] = [
            .init(
                title: "Извещение",
                subtitle: "за жилое помещение и коммунальные услуги, март 2026 г.",
                payee: requisites(payee, inn: "6200098763", kpp: "620001001"),
                payer: [
                    .init("Плательщик", "Константинопольская Александра Владиславовна"),
                    .init("Адрес", address), .init("Лицевой счёт", "004418"),
                ],
                total: .init(label: "К оплате", amount: "0,00 ₽", note: note),
                code: try quiet.bytes(), caption: "Сумму укажет плательщик",
                blanks: ["Сумма", "Дата", "Подпись"])
        ]
        let blocks: [BillForm.Block] = [
            .init(
                title: "Плательщик и помещение",
                pairs: [
                    .init("Плательщик", "Константинопольская Александра Владиславовна"),
                    .init("Адрес", address), .init("Лицевой счёт", "004418"),
                    .init("Площадь", "общая 33,10 м²"), .init("Проживают", "1 чел."),
                ]),
            .init(
                title: "Исполнитель услуг",
                pairs: [
                    .init("Организация", "ООО «Иркутская управляющая компания»"),
                    .init("Телефон", "(3952) 20-30-40"), .init("Сайт", "iuk.example"),
                ]),
        ]
        return BillForm(
            layout: .standard, date: .init(year: 2026, month: 4, day: 1),
            title: "Платёжный документ",
            subtitle: "за жилое помещение и коммунальные услуги, март 2026 г.",
            running: "Платёжный документ за март 2026 г. · лицевой счёт 004418",
            total: .init(label: "К оплате", amount: "0,00 ₽", note: note),
            blocks: blocks,
            steps: [
                .init(label: "Переплата на 01.03.2026", amount: money(-250_000)),
                .init(
                    label: "Оплачено", amount: money(-100_000),
                    note: "учтены платежи, поступившие до 28.03.2026"),
                .init(label: "Начислено", amount: money(268_754)),
                .init(
                    label: "Переплата на 01.04.2026", amount: money(-81_246), isResult: true),
            ],
            sections: [
                chargesTable,
                readingsTable,
                usePlots,
                .init("Порядок оплаты", .notes(terms)),
            ],
            slips: slips,
            footer: "составлен 01.04.2026", pageNumber: "Стр. {page} из {pages}")
    }

    // MARK: Thirteen columns

    static let thirteenColumns: [BillForm.Column] = [
        .init("№", .center), .init("Наименование", .leading),
        .init("Опла\u{AD}ты посту\u{AD}пив\u{AD}шие в преды\u{AD}дущем месяце (руб.)", .trailing),
        .init("Пере\u{AD}расчет за преды\u{AD}дущий период (руб.)", .trailing),
        .init("Долг (+), пере\u{AD}плата (−) (руб.)", .trailing),
        .init("Еди\u{AD}ница изме\u{AD}рения", .center), .init("Объем услуг", .decimal),
        .init("Тариф за еди\u{AD}ницу услуги (руб.)", .trailing),
        .init("Начис\u{AD}лено по тари\u{AD}фам за теку\u{AD}щий месяц (руб.)", .trailing),
        .init("дней", group: "Недопоставка", .trailing),
        .init("руб.", group: "Недопоставка", .trailing),
        .init(
            "Стои\u{AD}мость услуг в пре\u{AD}делах соц. норма\u{AD}тива (руб.)", .trailing),
        .init("Начис\u{AD}лено к оплате с учетом недо\u{AD}постав\u{AD}ки (руб.)", .trailing),
    ]

    static func thirteen() throws -> BillForm {
        let x = "XXXXX"
        let rows: [BillForm.Row] = [
            .init([
                "1", "Содержание и ремонт", "620,00", "0,00", "+104,12", "кв. м", "50,50", "12,41",
                "626,71", "0", "0,00", "626,71", "626,71",
            ]),
            .init([
                "2", "Отопление", "1\u{202F}205,40", "−86,20", "+312,08", "Гкал", "0,5003",
                "1\u{202F}434,58", "717,72", "2", "47,85", "717,72", "669,87",
            ]),
            .init([
                "3", "Подогрев воды", "700,00", "0,00", "+64,30", x, x, x, "768,08", "0", "0,00",
                "768,08", "768,08",
            ]),
            .init(
                [
                    "", "в т. ч. холодная вода для нужд ГВС", x, "0,00", x, "куб. м", "10,16",
                    "13,03", "132,38", "0", "0,00", "132,38", "132,38",
                ], kind: .part),
            .init(
                [
                    "", "в т. ч. подогрев воды", x, "0,00", x, "куб. м", "10,16", "62,57", "635,71",
                    "0", "0,00", "635,71", "635,71",
                ], kind: .part),
            .init([
                "4", "Холодная вода", "190,00", "0,00", "−15,02", "куб. м", "14,726", "13,58",
                "199,98", "0", "0,00", "199,98", "199,98",
            ]),
            .init([
                "5", "Вывоз мусора", "141,40", "0,00", "0,00", "кв. м", "50,50", "2,80", "141,40",
                "0", "0,00", "141,40", "141,40",
            ]),
            .init(
                [
                    "", "Всего", "2\u{202F}856,80", "−86,20", "+465,48", "", "", "",
                    "2\u{202F}453,89", "", "47,85", "2\u{202F}453,89", "2\u{202F}406,04",
                ], kind: .total),
        ]
        // 2 406,04 − 86,20 + 465,48
        let bill = code(
            payee, inn: "6200098763", kpp: "620001001", account: "6262000", name: "Коваль",
            address: "рп.\u{A0}Зеленодольский, ул.\u{A0}Спортивная, д.\u{A0}10, кв.\u{A0}3",
            purpose: "Счет 6262000 за январь 2017 г.", sum: 278_532)
        let columnsTable = section("", columns: thirteenColumns, rows: rows)
        let metersTable = section(
            "Приборы учета",
            columns: [
                .init("Прибор", .leading), .init("Номер", .leading),
                .init("Предыдущее", .decimal), .init("Текущее", .decimal),
                .init("Расход", .decimal),
            ],
            rows: [
                .init(["Холодная вода", "4418820", "301,114", "315,840", "14,726"]),
                .init(["Горячая вода", "4418821", "118,020", "128,180", "10,160"]),
            ])
        let slips: [BillForm.Slip] = [
            .init(
                title: "Извещение", subtitle: "жилищно-коммунальные услуги за январь 2017 г.",
                payee: requisites(payee, inn: "6200098763", kpp: "620001001"),
                payer: [
                    .init("Плательщик", "Коваль Петр Семенович"),
                    .init(
                        "Адрес",
                        "рп.\u{A0}Зеленодольский, ул.\u{A0}Спортивная, д.\u{A0}10, кв.\u{A0}3"),
                    .init("Счет №", "6262000"),
                ],
                total: .init(
                    label: "К оплате", amount: "2\u{202F}785,32 руб.",
                    note: "до 10 февраля 2017 г."),
                code: try bill.bytes(), caption: "Оплата по QR-коду",
                blanks: ["Дата", "Подпись"])
        ]
        let blocks: [BillForm.Block] = [
            .init(
                title: "",
                pairs: [
                    .init("Счет №", "6262000"),
                    .init(
                        "Адрес",
                        "рп.\u{A0}Зеленодольский, ул.\u{A0}Спортивная, д.\u{A0}10, кв.\u{A0}3"),
                    .init("Собственник (квартиросъемщик)", "Коваль Петр Семенович"),
                ]),
            .init(
                title: "",
                pairs: [
                    .init("Площадь", "общая 50,50 кв. м, жилая 17,20 кв. м"),
                    .init("Проживающих", "2"),
                    .init("Управляющая организация", "ООО УК «Спортивная»"),
                ]),
        ]
        return BillForm(
            layout: .thirteen, date: .init(year: 2017, month: 2, day: 1), title: "СЧЕТ",
            subtitle: "на оплату за жилищно-коммунальные услуги за январь 2017 г.",
            running: "Счет № 6262000 за январь 2017 г.",
            total: .init(
                label: "К оплате", amount: "2\u{202F}785,32 руб.", note: "до 10 февраля 2017 г."),
            blocks: blocks,
            steps: [],
            sections: [
                columnsTable,
                metersTable,
            ],
            slips: slips,
            footer: "", pageNumber: "Лист {page} из {pages}")
    }

    // MARK: Long

    /// Sixty services with long names, each with a note.
    static func long() throws -> BillForm {
        var form = try seven()
        let rows = (1...60).map { number in
            service(
                "Услуга № \(number) с очень длинным наименованием, которое не помещается в одну строку",
                "м³", own: "1\u{202F}234,\(100 + number)", house: "0,0\(number)", by: "П",
                tariff: "2\u{202F}412,36", charged: 1_234_567 + number, recalculated: -number,
                note: number % 4 == 0 ? "Основание перерасчёта \(number): " + terms[0] : "")
        }
        form.sections[0].content = .table(
            .init(
                columns: serviceColumns,
                rows: rows + [
                    total(
                        "Итого за март", charged: 60 * 1_234_567 + 1830, recalculated: -1830,
                        penalty: 0)
                ], legend: legend))
        return form
    }
}
