import Commands
import Testing

@testable import Words

/// Everything between braces, without the forms of words that go with it.
private func placeholders(_ text: String) -> Set<String> {
    Set(
        text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap {
            part in
            part.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false).first
                .flatMap { $0.split(separator: "|").first }.map(String.init)
        })
}

struct CatalogueTests {
    @Test func `every text stands in both languages`() {
        for (key, entry) in Words.catalogue {
            for language in Language.allCases {
                #expect(!entry[language].isEmpty, "\(key) has no \(language) text")
            }
        }
    }

    @Test func `English texts have no Russian letters`() {
        func isCyrillic(_ text: String) -> Bool {
            text.unicodeScalars.contains { (0x400...0x4FF).contains($0.value) }
        }
        let shown = ["page.language.ru"]
        for (key, entry) in Words.catalogue where !shown.contains(key) {
            #expect(!isCyrillic(entry.en), "\(key) has Russian letters in English")
        }
    }

    @Test func `both languages have the same placeholders`() {
        for (key, entry) in Words.catalogue {
            #expect(placeholders(entry.ru) == placeholders(entry.en), "\(key)")
        }
    }

    @Test func `word forms are three in Russian and two in English`() {
        for (key, entry) in Words.catalogue {
            for language in Language.allCases {
                for part in entry[language].split(
                    separator: "{", omittingEmptySubsequences: false
                ).dropFirst() {
                    let inside = part.prefix { $0 != "}" }
                    let forms = inside.split(separator: "|").count - 1
                    #expect(
                        forms == 0 || forms == (language == .ru ? 3 : 2), "\(key): \(inside)")
                }
            }
        }
    }

    /// One of everything that a refusal may carry.
    static let values = [
        "f": "3", "d": "5", "prev": "1", "date": "2026-04-18", "v": "1", "unit": "gas", "avg": "1",
        "n": "3", "from": "10", "to": "25", "month": "2026-04", "org": "o", "account": "1",
        "company": "c", "known": "c", "meter": "1", "register": "T2", "what": "account",
        "key": "shape.bool", "reason": "550", "left": "2", "seconds": "3", "minutes": "4",
        "most": "10", "field": "email", "last": "2026-06-27", "house": "len-1", "number": "1/7",
        "provider": "bank", "amount": "1.00", "kind": "water", "of": "2026-04", "value": "3",
    ]

    @Test func `every refusal has words of its own`() {
        for code in Refusal.Code.allCases {
            for language in Language.allCases {
                let words = Words.refusal(Refusal(code, Self.values), language)
                #expect(!words.contains("refusal."), "\(code.rawValue) has no words")
                #expect(!words.contains("{") && !words.contains("|"), "\(words)")
                #expect(!words.contains("()") && !words.hasSuffix(" "), "\(words)")
            }
        }
    }

    @Test func `every service channel month and register has a name`() {
        for language in Language.allCases {
            for service in Service.allCases {
                #expect(!Words.service(service, language).hasPrefix("service."))
                #expect(!Words.unit(service, language).hasPrefix("unit."))
            }
            for channel in Channel.allCases {
                #expect(!Words.channel(channel, language).hasPrefix("channel."))
            }
            for register in Register.allCases {
                for count in 1...3 {
                    #expect(!Words.register(register, of: count, language).hasPrefix("register."))
                }
            }
            for ordinal in 0..<12 {
                let month = Month(number: Int32(2026 * 12 + ordinal))
                #expect(!Words.month(month, language).hasPrefix("month."))
                #expect(!Words.shortMonth(month, language).hasPrefix("month."))
            }
        }
    }
}

struct FormatTests {
    @Test(arguments: [
        ("акт № 7", "акт №\u{A0}7"), ("(№ А-1)", "(№\u{A0}А-1)"),
        ("по п. 98 Правил", "по п.\u{A0}98 Правил"), ("(ч. 1 ст. 155)", "(ч.\u{A0}1 ст.\u{A0}155)"),
        ("на 500 ₽, 5 руб.", "на 500\u{A0}₽, 5\u{A0}руб."), ("Тариф, ₽", "Тариф, ₽"),
        ("от 12 апреля 2026 г.", "от 12\u{A0}апреля 2026\u{A0}г."),
        ("1 Apr 2026", "1\u{A0}Apr 2026"), ("за 3 месяца из них", "за 3 месяца из них"),
        ("Конец. 5 строк", "Конец. 5 строк"), ("л/с 626200012", "л/с 626200012"), ("", ""),
        ("два  пробела ", "два  пробела "),
    ])
    func `no line ends between a number and the word that it needs`(text: String, bound: String) {
        #expect(Words.bound(text) == bound)
    }

    @Test(arguments: [
        ("+7 84371 0-00-01", "+7\u{A0}84371\u{A0}0-00-01"),
        (
            "(49131) 2-14-56, аварийная служба 8 (49131) 2-14-00",
            "(49131)\u{A0}2-14-56, аварийная служба 8\u{A0}(49131)\u{A0}2-14-00"
        ),
        ("2-14-56, 2-14-57", "2-14-56, 2-14-57"), ("", ""),
    ])
    func `no line ends inside of a telephone number`(text: String, bound: String) {
        #expect(Words.phones(text) == bound)
    }

    @Test(arguments: [
        (131_012_000, 0, "131,012", "131.012"),
        (131_000_000, 0, "131", "131"),
        (131_000_000, 3, "131,000", "131.000"),
        (1_234_567_500_000, 0, "1\u{202F}234\u{202F}567,5", "1,234,567.5"),
        (999_000_000, 0, "999", "999"),
        (1_000_000_000, 0, "1\u{202F}000", "1,000"),
        (-1_234_000_000, 0, "\u{2212}1\u{202F}234", "\u{2212}1,234"),
        (0, 0, "0", "0"),
    ])
    func `numbers are written as each language writes them`(
        _ millionths: Int64, _ decimals: Int, _ ru: String, _ en: String
    ) {
        let quantity = Quantity(millionths: millionths)
        #expect(Words.number(quantity, .ru, decimals: decimals) == ru)
        #expect(Words.number(quantity, .en, decimals: decimals) == en)
    }

    @Test func `dates months and times are written as each language writes them`() throws {
        let day = try #require(Day(year: 2026, month: 4, day: 8))
        #expect(Words.date(day, .ru) == "08.04.2026")
        #expect(Words.date(day, .en) == "8 Apr 2026")
        #expect(Words.month(day.month, .ru) == "апрель 2026")
        #expect(Words.month(day.month, .en) == "April 2026")
        #expect(Words.shortMonth(day.month, .ru) == "апр")
        #expect(Words.moment("2026-04-18T10:23:05+08:00", .ru) == "18.04.2026 10:23")
        #expect(Words.moment("2026-04-18T10:23:05+08:00", .en) == "18 Apr 2026, 10:23")
        #expect(Words.moment("soon", .en) == "soon")
    }

    @Test(arguments: [
        ("г. Тула, ул. Лесная, д. 4, кв. 10", "г.~Тула, ул.~Лесная, д.~4, кв.~10"),
        ("101000, г. Москва, Новая пл., 2  А", "101000, г.~Москва, Новая пл., 2  А"),
        ("рп. Зеленодольский, дом отдыха. 3", "рп.~Зеленодольский, дом отдыха. 3"), ("", ""),
    ])
    func `what an address shortens stays with its name or number`(_ text: String, _ kept: String) {
        #expect(Words.address(text) == kept.replacing("~", with: "\u{A0}"))
    }

    @Test(arguments: [
        ("0", 2, 1), ("1", 0, 0), ("2", 1, 1), ("4", 1, 1), ("5", 2, 1), ("11", 2, 1),
        ("12", 2, 1), ("14", 2, 1), ("21", 0, 1), ("22", 1, 1), ("111", 2, 1), ("101", 0, 1),
        ("", 2, 1),
    ])
    func `a word takes the form of its number`(_ number: String, _ ru: Int, _ en: Int) {
        #expect(Words.plural(number, .ru) == ru)
        #expect(Words.plural(number, .en) == en)
    }

    @Test func `a value is never read as a placeholder`() {
        let text = Words.text("page.greeting", .en, ["name": "{name} {x|y}"])
        #expect(text == "Hello, {name} {x|y}")
    }

    @Test func `an unknown key shows itself and stops nothing`() {
        #expect(Words.text("no.such.key", .ru) == "no.such.key")
    }
}

struct RefusalWordsTests {
    static let printed: [(Refusal, String)] = [
        (
            Refusal(.readingFormat, ["f": "3"]),
            "Показание должно содержать только цифры и не более 3 знаков после запятой"
        ),
        (
            Refusal(.readingFormat, ["f": "1"]),
            "Показание должно содержать только цифры и не более 1 знака после запятой"
        ),
        (
            Refusal(.readingFormat, ["f": "0"]),
            "Показание должно содержать только цифры: нужно целое число, без знаков после запятой"
        ),
        (Refusal(.readingFormat), "Показание должно содержать только цифры"),
        (
            Refusal(.readingCapacity, ["d": "5"]),
            "Показание не принято: значение превышает разрядность прибора учёта (5 знаков)"
        ),
        (
            Refusal(.readingLess, ["prev": "1131.012", "date": "2026-03-18"]),
            "Показание не принято: значение меньше предыдущего (1\u{202F}131,012 от 18.03.2026)"
        ),
        (
            Refusal(.readingLess, ["prev": "131", "date": ""]),
            "Показание не принято: значение меньше предыдущего (131)"
        ),
        (
            Refusal(.readingSoft, ["v": "40.5", "unit": "cold_water", "avg": "4.2"]),
            "Расход 40,5 м³ существенно выше обычного (4,2). Проверьте показание и подтвердите ввод"
        ),
        (
            Refusal(.readingSoft, ["v": "186.733", "unit": "cold_water", "avg": "3.7755"]),
            "Расход 186,733 м³ существенно выше обычного (3,8). Проверьте показание и подтвердите ввод"
        ),
        (
            Refusal(.readingSoft, ["v": "400", "unit": "electricity", "avg": ""]),
            "Расход 400 кВт·ч существенно выше обычного. Проверьте показание и подтвердите ввод"
        ),
        (
            Refusal(.readingHard, ["v": "2000", "unit": "hot_water", "n": "30"]),
            "Показание не принято: расход 2\u{202F}000 м³ за 30 дн. невозможен для прибора учёта"
        ),
        (
            Refusal(.readingWindow, ["from": "10", "to": "25"]),
            "Период ввода показаний закрыт. Показания принимаются с 10 по 25 число каждого месяца"
        ),
        (
            Refusal(.readingClosed, ["month": "2026-04", "from": "10"]),
            "Показание за апрель 2026 уже учтено в расчёте. "
                + "Новое показание можно передать с 10 числа"
        ),
        (
            Refusal(.readingMeterRemoved, ["date": "2026-01-31", "org": "ООО «СРКЦ»"]),
            "Прибор учёта снят с учёта 31.01.2026. Обратитесь в ООО «СРКЦ»"
        ),
        (
            Refusal(.readingNoMeter, ["service": "gas"]),
            "По услуге не установлен индивидуальный прибор учёта"
        ),
        (
            Refusal(.readingZones, ["zones": "T1, T2"]),
            "Введите показания по всем тарифным зонам"
        ),
        (Refusal(.readingFuture), "Дата показания не может быть позже текущей"),
        (
            Refusal(.notFound, ["what": "meter", "meter": "77"]),
            "Прибор учёта № 77 на лицевом счёте не найден"
        ),
        (Refusal(.notFound, ["what": "reading"]), "Показание не найдено или уже удалено"),
    ]

    @Test(arguments: printed)
    func `refusals say what the domain reference prints`(_ refusal: Refusal, _ words: String) {
        #expect(Words.refusal(refusal, .ru) == words)
    }

    @Test func `only who has a letter to recover a password by is told to`() {
        #expect(Words.refusal(Refusal(.signIn), .ru).contains("восстановите пароль"))
        let told = Words.refusal(Refusal(.signIn, ["who": "operator"]), .ru)
        #expect(told.hasPrefix("Неверный логин или пароль") && !told.contains("восстановите"))
    }

    @Test func `English refusals carry the same values`() {
        #expect(
            Words.refusal(
                Refusal(.readingLess, ["prev": "1131.012", "date": "2026-03-18"]), .en)
                == "The reading was refused: the value is less than the previous one "
                + "(1,131.012 of 18 Mar 2026)")
        #expect(
            Words.refusal(Refusal(.readingCapacity, ["d": "1"]), .en)
                .hasSuffix("than the meter (1 digit)"))
        #expect(
            Words.refusal(Refusal(.readingFormat, ["f": "0"]), .en)
                == "A reading may contain digits only: a whole number, without digits after the "
                + "point")
    }

    @Test func `nobody is told to do what cannot be done there`() {
        // A form is no JSON, and in a history nothing is confirmed.
        #expect(
            Words.complaint(ShapeError("", "shape.form"), .ru).hasPrefix("сохранить не удалось. "))
        let soft = Refusal(.readingSoft, ["v": "40.5", "unit": "cold_water", "avg": "4.2"])
        #expect(
            Words.refusal(soft, .ru, isPast: true)
                == "Показание не подтверждено: расход 40,5 м³ существенно выше обычного (4,2)")
        #expect(
            Words.refusal(Refusal(.readingSoft, ["v": "40", "unit": "gas"]), .en, isPast: true)
                == "The reading was not confirmed: a use of 40 m³ is far above the usual")
        // A new reading is taken in its time only.
        #expect(
            Words.refusal(Refusal(.readingSession), .ru).hasSuffix(
                "Пока открыт период ввода, вместо него можно внести новое"))
    }

    @Test func `a fault of a form is told in the words of people`() {
        let missing = ShapeError("/agree", "shape.missing", "agree")
        #expect(
            Words.complaint(missing, .ru)
                == "отметьте согласие с условиями обработки персональных данных")
        #expect(
            Words.complaint(ShapeError("/account", "shape.missing", "account"), .ru)
                == "обязательное поле «Номер лицевого счёта» не заполнено")
        #expect(
            Words.complaint(ShapeError("/email", "shape.missing", "email"), .en, isMarked: true)
                == "fill this in")
        #expect(
            Words.complaint(ShapeError("/rights", "shape.list"), .ru)
                == "Права доступа: нужен непустой список")
        // Choices are called as the form calls them; programs are told what to send.
        let way = ShapeError("/way", "shape.choice", "email, sms")
        #expect(
            Words.complaint(way, .ru, isMarked: true)
                == "выберите одно из: «через электронную почту (e-mail)», «через смс»")
        #expect(Words.complaint(way, .en, isMarked: true) == "choose one of: “by e-mail”, “by SMS”")
        #expect(Words.shape(way, .en) == "way: choose one of: email, sms")
        #expect(
            Words.complaint(ShapeError("/kind", "shape.choice", "a, b"), .en, isMarked: true)
                == "choose one of: a, b")
        let password = ShapeError("/password", "shape.password", "8–20")
        #expect(
            Words.complaint(password, .ru, isMarked: true) == "длина пароля — от 8 до 20 знаков")
        #expect(
            Words.shape(password, .en) == "password: a password has 8 to 20 characters")
        #expect(
            Words.refusal(Refusal(.identityField, ["field": "way"]), .ru)
                == "Заполните поле «Способ подтверждения»")
    }

    @Test func `a misshapen body is told with its place`() {
        #expect(
            Words.shape(ShapeError("/values/T1", "shape.decimal"), .en)
                == "values/T1: send the reading as a text: \"131.012\"")
        #expect(
            Words.shape(ShapeError("", "shape.object"), .ru) == "передайте объект JSON")
        #expect(
            Words.refusal(
                Refusal(.shape, ["pointer": "/digits", "key": "shape.missing", "value": "digits"]),
                .ru) == "Строка не принята: digits: обязательное поле «digits» не заполнено")
    }
}
