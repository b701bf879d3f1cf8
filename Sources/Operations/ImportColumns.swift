import Commands

/// What the columns of a file are, for `kabinet import KIND --help`: units, values that are taken, what an empty one means.
extension ImportRows.What {
    /// One a column, in their order.
    var columnMeanings: [(column: String, meaning: Phrase)] {
        let own = ownMeanings
        return columns.map { ($0, own[$0] ?? Self.commonMeanings[$0] ?? Phrase("", "")) }
    }

    private static func list<Value: RawRepresentable & CaseIterable>(
        _: Value.Type
    ) -> String where Value.RawValue == String {
        Value.allCases.map(\.rawValue).joined(separator: ", ")
    }

    private static let services = list(Service.self)

    private static let commonMeanings: [String: Phrase] = [
        "account": Phrase("номер лицевого счёта", "the number of the account"),
        "company": Phrase(
            "код управляющей организации из профиля; пусто — всех",
            "the code of a company of the profile; empty: of all"),
        "house": Phrase("код дома", "the code of the house"),
        "kind": Phrase(
            "код вида начисления (import charge-kinds)",
            "the code of a charge kind (import charge-kinds)"),
        "service": Phrase("услуга: \(services)", "the service: \(services)"),
        "meter": Phrase("номер прибора", "the number of the meter"),
        "month": Phrase(
            "месяц: 2026-04, 04.2026 или 01.04.2026", "the month: 2026-04, 04.2026 or 01.04.2026"),
        "from": Phrase("с какого дня действует", "from which day on it counts"),
        "to": Phrase("последний день; пусто — без конца", "the last day; empty: without an end"),
        "digits": Phrase("цифр на табло до запятой, 1–12", "digits of the dial, 1–12"),
        "decimals": Phrase(
            "цифр после запятой, 0–6; пусто — 0", "digits behind the point, 0–6; empty: 0"),
        "installed_on": Phrase("день установки", "the day of its installation"),
        "verified_until": Phrase(
            "последний день поверки", "the last day on which its verification holds"),
        "removed_on": Phrase("день снятия", "the day of its removal"),
        "initial_value": Phrase(
            "показание при установке; пусто — 0", "what it showed when installed; empty: 0"),
    ]

    private var ownMeanings: [String: Phrase] {
        switch self {
        case .accounts, .meters, .readings, .proofs: accountMeanings
        case .houseMeters, .houseReadings: houseMeanings
        case .payments, .balances, .charges, .bills: moneyMeanings
        case .suppliers, .chargeKinds, .contracts: kindMeanings
        case .tariffs, .norms, .multipliers, .undersupply, .houseAreas, .keyRates, .workdays,
            .dueDays:
            rateMeanings
        }
    }

    private var accountMeanings: [String: Phrase] {
        switch self {
        case .accounts:
            [
                "company": Phrase(
                    "код управляющей организации из профиля", "the code of a company of the profile"
                ),
                "surname": Phrase("фамилия", "the surname"), "name": Phrase("имя", "the name"),
                "patronymic": Phrase("отчество", "the patronymic"),
                "house": Phrase(
                    "код дома: у домов с одним кодом общие приборы, площади и сроки приёма",
                    "the code of the house: those of one code share meters, areas and windows"),
                "apartment": Phrase("номер квартиры", "the number of the flat"),
                "address": Phrase("адрес одной строкой", "the address in one line"),
                "area_m2": Phrase("общая площадь, м²", "the whole area, m²"),
                "living_area_m2": Phrase("жилая площадь, м²", "the area that is lived in, m²"),
                "house_area_m2": Phrase("площадь дома, м²", "the area of the house, m²"),
                "rooms": Phrase("комнат, 0–100", "rooms, 0–100"),
                "residents": Phrase("проживает, человек, 0–1000", "people who live there, 0–1000"),
                "ownership": Phrase(
                    "собственность, своими словами", "the kind of ownership, in any words"),
                "phone": Phrase("телефон", "the telephone"),
                "email": Phrase("адрес электронной почты", "the e-mail address"),
                "closed_on": Phrase(
                    "первый день, когда счёт уже закрыт; пусто — открыт",
                    "the first day on which it is closed; empty: it is open"),
            ]
        case .meters:
            [
                "register": Phrase(
                    "тарифная зона: T1, T2 или T3, строка на каждую; пусто — T1",
                    "the register: T1, T2 or T3, a row each; empty: T1"),
                "automatic": Phrase(
                    "1 — показания приходят сами, 0 — их передают; пусто — как было, сначала 0",
                    "1: its readings come by themselves, 0: people type them; empty: as it was, at first 0"
                ),
            ]
        case .readings:
            [
                "service": Phrase(
                    "услуга, если номер прибора не один: \(Self.services)",
                    "the service, where several meters have the number: \(Self.services)"),
                "register": Phrase(
                    "тарифная зона: T1, T2 или T3, строки одного прибора подряд; пусто — T1",
                    "the register: T1, T2 or T3, rows of one meter together; empty: T1"),
                "taken_on": Phrase("день снятия показания", "the day on which it was read"),
                "value": Phrase(
                    "показание в единицах прибора: 131,012 или 131.012",
                    "what the dial shows, in the meter's unit: 131,012 or 131.012"),
                "channel": Phrase(
                    "как передано: \(Self.list(Channel.self)); пусто — import",
                    "by which way it came: \(Self.list(Channel.self)); empty: import"),
            ]
        case .proofs:
            [
                "last_payment_on": Phrase("день последнего платежа", "the day of the last payment"),
                "last_payment": Phrase("его сумма, ₽: 1234,56", "its sum, ₽: 1234,56"),
                "bill_month": Phrase(
                    "месяц последнего счёта: 2026-03", "the month of the last bill: 2026-03"),
                "bill_total": Phrase(
                    "его итог, ₽; ниже нуля — переплата", "its total, ₽; below zero: overpaid"),
                "code": Phrase("код, напечатанный на счёте", "the code printed on the bill"),
            ]
        default: [:]
        }
    }

    private var houseMeanings: [String: Phrase] {
        switch self {
        case .houseMeters:
            [
                "initial_value": Phrase(
                    "показание при установке; пусто — как было, сначала 0",
                    "what it showed when installed; empty: as it was, at first 0"),
                "ratio": Phrase(
                    "коэффициент трансформации, целое 1–100000; пусто — как было, сначала 1",
                    "what the dial is multiplied by, a whole 1–100000; empty: as it was, at first 1"
                ),
            ]
        default:
            [
                "taken_on": Phrase(
                    "день снятия показания; пусто — последний день месяца",
                    "the day on which it was read; empty: the month's last"),
                "value": Phrase("показание на табло", "what the dial shows"),
                "volume": Phrase(
                    "вместо показания: объём по акту, в единицах услуги (м³, кВт·ч, Гкал)",
                    "instead of it: the volume of an act, in the service's unit (m³, kWh, Gcal)"),
            ]
        }
    }

    private var moneyMeanings: [String: Phrase] {
        switch self {
        case .payments:
            [
                "paid_on": Phrase("день, когда заплачено", "the day on which it was paid"),
                "amount": Phrase("сумма, ₽, больше нуля", "the sum, ₽, above zero"),
                "number": Phrase(
                    "номер у того, кто принял деньги: дважды один не зачтётся",
                    "the number that whoever took it gave it: none is posted twice"),
                "provider": Phrase("кто принял; пусто — file", "who took it; empty: file"),
                "month": Phrase(
                    "за какой месяц, если плательщик назвал: 2026-04",
                    "for which month, if the payer named one: 2026-04"),
                "kind": Phrase(
                    "код вида начисления, если плательщик назвал",
                    "the code of the charge kind, if the payer named one"),
                "penalties": Phrase(
                    "1 — плательщик назвал пени; 0 или пусто — нет",
                    "1: the payer named penalties; 0 or empty: not"),
            ]
        case .balances:
            [
                "month": Phrase(
                    "за какой месяц долг: 2026-03", "the month whose debt it is: 2026-03"),
                "amount": Phrase(
                    "сумма, ₽; ниже нуля — переплата", "the sum, ₽; below zero: overpaid"),
                "penalty": Phrase(
                    "1 — долг по пеням, 0 или пусто — по начислениям",
                    "1 is a debt of penalties, 0 or nothing one of charges"),
            ]
        case .charges:
            [
                "month": Phrase("месяц счёта: 2026-04", "the month of the bill: 2026-04"),
                "method": Phrase(
                    "как определён объём: \(Self.list(ChargeMethod.self)); пусто — other",
                    "how the volume came to be: \(Self.list(ChargeMethod.self)); empty: other"),
                "volume": Phrase(
                    "объём в единицах вида; пусто — 0", "the volume in the kind's unit; empty: 0"),
                "tariff": Phrase("цена единицы, ₽", "the price of a unit, ₽"),
                "charged": Phrase("начислено, ₽", "what was charged, ₽"),
                "recalculated": Phrase(
                    "перерасчёт, ₽, со знаком; пусто — нет",
                    "what was recalculated, ₽, with its sign; empty: nothing"),
                "ground": Phrase(
                    "основание перерасчёта (с ним обязательно) или суммы",
                    "the ground of the recalculation, which needs one, or of the sum"),
            ]
        default:
            [
                "opening": Phrase("долг на начало месяца, ₽", "what was owed before the month, ₽"),
                "charged": Phrase("начислено, ₽", "what was charged, ₽"),
                "recalculated": Phrase(
                    "перерасчёты, ₽, со знаком", "recalculated, ₽, with its sign"),
                "penalty": Phrase("пени, ₽", "penalties, ₽"),
                "paid": Phrase("оплачено, ₽", "what was paid, ₽"),
                "closing": Phrase(
                    "к оплате, ₽; ниже нуля — переплата", "to be paid, ₽; below zero: overpaid"),
                "due_on": Phrase(
                    "срок оплаты; чего в строке нет, не сверяется",
                    "until when it is to be paid; what a row does not say is not compared"),
            ]
        }
    }

    private var kindMeanings: [String: Phrase] {
        let code = Phrase(
            "код: строчные латинские буквы, цифры, _ и -",
            "the code: small Latin letters, digits, _ and -")
        let (bases, units) = (Self.list(ChargeBasis.self), Self.list(ChargeUnit.self))
        return switch self {
        case .suppliers:
            [
                "code": code, "name": Phrase("название", "the name"),
                "inn": Phrase("ИНН, 10 или 12 цифр", "INN, 10 or 12 digits"),
                "kpp": Phrase("КПП, 9 знаков", "KPP, 9 characters"),
                "account": Phrase(
                    "расчётный счёт, 20 цифр", "the account that money goes to, 20 digits"),
                "bank": Phrase("название банка", "the name of the bank"),
                "bic": Phrase("БИК, 9 цифр", "BIC, 9 digits"),
                "correspondent": Phrase(
                    "корреспондентский счёт, 20 цифр", "the bank's own account, 20 digits"),
                "address": Phrase("адрес", "the address"),
                "phone": Phrase("телефон", "the telephone"),
                "email": Phrase("адрес электронной почты", "the e-mail address"),
                "site": Phrase("сайт", "the site"), "schedule": Phrase("часы работы", "its hours"),
            ]
        case .chargeKinds:
            [
                "code": code, "title": Phrase("название в счёте", "the name on a bill"),
                "title_en": Phrase(
                    "оно же по-английски; пусто — по-русски",
                    "the same in English; empty: the Russian one"),
                "position": Phrase(
                    "место в счёте, 0–10000: меньшие выше", "its place in a bill, 0–10000"),
                "basis": Phrase("по чему начисляется: \(bases)", "what it is charged by: \(bases)"),
                "service": Phrase(
                    "услуга для meter, house_needs и water_heat (вода, которую греют): \(Self.services)",
                    "the service of meter, house_needs and water_heat (the water that is heated): \(Self.services)"
                ),
                "of": Phrase(
                    "для water_heat — код вида воды, которую греют, для house_needs — вида той же услуги; иначе пусто",
                    """
                    of water_heat the code of the kind whose water is heated, of house_needs that of its service; \
                    else empty
                    """),
                "unit": Phrase("единица объёма: \(units)", "the unit of its volume: \(units)"),
                "supplier": Phrase(
                    "код поставщика (import suppliers)", "the code of a supplier (import suppliers)"
                ),
                "penalty": Phrase(
                    "правило пеней: housing (жильё, услуги) или capital_repair (капремонт); пусто — housing",
                    "the rule of penalties: housing, or capital_repair; empty: housing"),
                "multiplied": Phrase(
                    """
                    1 — норматив умножается, если прибора нет, а поставить можно (import multipliers); \
                    0 или пусто — нет
                    """,
                    """
                    1: the norm is multiplied where a meter could be and is not (import multipliers); \
                    0 or empty: not
                    """),
                "separate": Phrase(
                    "1 — у денег свой получатель, в счёте отдельно (капремонт); 0 или пусто — нет",
                    "1: its money goes to a payee of its own, apart on a bill; 0 or empty: not"),
            ]
        default:
            [
                "house": Phrase("код дома; пусто — всех", "the code of the house; empty: of all"),
                "account": Phrase(
                    "номер лицевого счёта; пусто — всех. Действует самая узкая строка: счёта, дома, организации",
                    """
                    the number of the account; empty: of all. The narrowest row counts: of an account, a house, \
                    a company
                    """),
                "off": Phrase(
                    "1 — этого начисления нет; 0 или пусто — есть",
                    "1: it is not charged; 0 or empty: it is"),
                "meter_possible": Phrase(
                    "0 — прибор поставить нельзя, норматив не умножается; 1 или пусто — можно",
                    "0: no meter can be there, and the norm is not multiplied; 1 or empty: one can"),
                "quantity": Phrase(
                    "для fixed — сколько раз, для начислений по площади — площадь, м²; пусто — 1 и площадь счёта",
                    "of fixed how many times, of charges by area the area, m²; empty: 1, and the account's area"
                ),
            ]
        }
    }

    private var rateMeanings: [String: Phrase] {
        let house = Phrase("код дома; пусто — всех", "the code of the house; empty: of all")
        return switch self {
        case .tariffs:
            [
                "house": house,
                "register": Phrase(
                    "зона: T1 (день или пик), T2 (ночь), T3 (полупик); пусто — без зон",
                    "the register: T1 (day or peak), T2 (night), T3 (half-peak); empty: of all"),
                "zones": Phrase(
                    "только для приборов с таким числом зон, 1–3; пусто — любых",
                    "of meters with so many registers only, 1–3; empty: of any"),
                "up_to": Phrase(
                    "верхняя граница диапазона, объём за месяц; пусто — дальше без границы",
                    "the upper end of a range, a month's volume; empty: there is none"),
                "price": Phrase("цена единицы, ₽: 46,10", "the price of a unit, ₽: 46,10"),
            ]
        case .norms:
            [
                "house": house,
                "rooms": Phrase(
                    "от скольких комнат, 1–100; пусто — от любого числа",
                    "from so many rooms on, 1–100; empty: any"),
                "residents": Phrase(
                    "от скольких человек, 1–1000; пусто — от любого числа",
                    "from so many residents on, 1–1000; empty: any"),
                "value": Phrase(
                    """
                    в единицах вида за месяц: на человека, для area_norm и house_needs на м², \
                    для water_heat на м³ воды
                    """,
                    """
                    in the kind's unit a month: a person, of area_norm and house_needs a m², \
                    of water_heat a m³ of water
                    """),
            ]
        case .multipliers:
            [
                "value": Phrase("коэффициент, 1–10: 1,5", "the factor, 1–10: 1,5")
            ]
        case .undersupply:
            [
                "house": Phrase(
                    "код дома: дни у всех его счетов; тогда account пуст",
                    "the code of the house: all its accounts lack them; account is empty then"),
                "account": Phrase(
                    "номер лицевого счёта: дни у него одного; тогда house пуст",
                    "the number of the account: it alone lacks them; house is empty then"),
                "days": Phrase(
                    """
                    дней без услуги или ненадлежащего качества, от 0 до числа дней месяца; строка заменяет прежнюю, \
                    0 её отменяет
                    """,
                    """
                    days without the service or of bad quality, 0 to those of the month; the row takes the place \
                    of the one before, 0 takes it back
                    """),
                "why": Phrase(
                    "основание, до 300 знаков: печатается в счёте",
                    "the ground, up to 300 characters: it stands on the bill"),
            ]
        case .houseAreas:
            [
                "total": Phrase(
                    "площадь всех помещений, м², больше нуля",
                    "the area of all flats and other rooms, m², above zero"),
                "common": Phrase(
                    "площадь общего имущества, м²; пусто — неизвестна",
                    "the area of what belongs to all, m²; empty: nobody knows"),
            ]
        case .keyRates:
            [
                "percent": Phrase(
                    "процентов годовых, до двух знаков: 14,00",
                    "per cent a year, two digits behind the point at most: 14,00")
            ]
        case .workdays:
            [
                "day": Phrase(
                    "день, который не таков, как его день недели: без строки рабочие понедельник – пятница",
                    "a day that is not as its weekday says: without a row, Monday to Friday are worked"
                ),
                "working": Phrase("1 — рабочий, 0 — нет", "1: it is worked, 0: it is not"),
            ]
        default:
            [
                "month": Phrase(
                    "с квитанции за какой месяц действует: 2026-02",
                    "from the bill of which month on it counts: 2026-02"),
                "day": Phrase(
                    "до какого числа следующего месяца платят, 1–28; с выходного срок переходит на рабочий день",
                    "until which day of the next month it is to be paid, 1–28; a day off moves it to a working one"
                ),
            ]
        }
    }
}
