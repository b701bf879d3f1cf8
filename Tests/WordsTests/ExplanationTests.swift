import Commands
import Testing

@testable import Words

private func q(_ text: String) -> Quantity {
    let digits = text.drop { $0 == "-" }
    guard case .value(let value, _, _) = Quantity.read(String(digits)) else { return .zero }
    return text.hasPrefix("-") ? .zero - value : value
}

private func rub(_ text: String) -> Money { Money(kopecks: q(text).millionths / 10_000) }

private func day(_ text: String) -> Day { Day(text) ?? Day(days: 0) }

private let april = Month(number: 2026 * 12 + 3)

private func part(
    _ volume: String, _ price: String, _ amount: String, register: Register? = nil,
    range: Int? = nil
) -> ChargeLine.Part {
    ChargeLine.Part(
        register: register, range: range, volume: q(volume), price: q(price), amount: rub(amount))
}

private func line(
    _ method: ChargeMethod, _ unit: ChargeUnit, _ volume: String, _ amount: String,
    _ steps: [ChargeLine.Step], _ parts: [ChargeLine.Part], sort: ChargeLine.Sort = .charge,
    ground: ChargeLine.Ground? = nil
) -> ChargeLine {
    ChargeLine(
        kind: "water", month: april, sort: sort, method: method, unit: unit, volume: q(volume),
        steps: steps, parts: parts, amount: rub(amount), ground: ground)
}

/// Charges explain themselves, with the numbers of domain.md §§1–3 (SF-115, SF-118, and point 3 of charges).
struct ExplanationTests {
    private static let titles = ["cold": "Холодная вода", "hot": "Горячая вода"]

    /// Each line with what it says of itself. No-break spaces are written as plain ones.
    private static let lines: [(ChargeLine, [String])] = [
        // 1.1a
        (
            line(
                .meter, .m3, "7.556", "348.33",
                [
                    .readings(
                        meter: "12345678", register: .t1, from: q("123.456"), to: q("131.012"),
                        rolled: false)
                ], [part("7.556", "46.10", "348.33")]),
            [
                "Показания прибора № 12345678: 131,012 − 123,456 = 7,556 м³",
                "7,556 м³ × 46,10 ₽ = 348,33 ₽",
            ]
        ),
        // 1.1b
        (
            line(
                .meter, .m3, "7.37", "339.76",
                [
                    .readings(
                        meter: "7", register: .t1, from: q("99998.75"), to: q("6.12"), rolled: true)
                ], [part("7.37", "46.10", "339.76")]),
            [
                "Показания прибора № 7 прошли через ноль: 100 000 − 99 998,75 + 6,12 = 7,37 м³",
                "7,37 м³ × 46,10 ₽ = 339,76 ₽",
            ]
        ),
        // 1.2a
        (
            line(
                .norm, .m3, "12.6", "580.86",
                [.norm(norm: q("4.2"), residents: 3, multiplier: nil)],
                [part("12.6", "46.10", "580.86")]),
            [
                "Норматив 4,2 м³ × 3 человека = 12,6 м³", "12,6 м³ × 46,10 ₽ = 580,86 ₽",
            ]
        ),
        // 1.2c, what the multiplier adds
        (
            line(
                .norm, .m3, "25.2", "1161.72",
                [.norm(norm: q("4.2"), residents: 3, multiplier: q("3"))],
                [part("25.2", "46.10", "1161.72")], sort: .surcharge),
            [
                "Повышающий коэффициент 3, сверх норматива: 4,2 м³ × 3 человека × (3 − 1) = 25,2 м³",
                "25,2 м³ × 46,10 ₽ = 1 161,72 ₽",
            ]
        ),
        // 1.3a
        (
            line(
                .meter, .m3, "10.77", "305.54",
                [
                    .sum([
                        .init(kind: "cold", volume: q("7.556")),
                        .init(kind: "hot", volume: q("3.214")),
                    ])
                ], [part("10.77", "28.37", "305.54")]),
            [
                "Холодная вода 7,556 м³ + Горячая вода 3,214 м³ = 10,77 м³",
                "10,77 м³ × 28,37 ₽ = 305,54 ₽",
            ]
        ),
        // Of a share of months, which has six decimals, and of a reading.
        (
            line(
                .average, .m3, "25.013167", "709.62",
                [
                    .sum([
                        .init(kind: "cold", volume: q("21.2375")),
                        .init(kind: "hot", volume: q("3.775667")),
                    ])
                ], [part("25.013167", "28.37", "709.62")]),
            [
                "Холодная вода 21,2375 м³ + Горячая вода 3,775667 м³ = 25,013167 м³",
                "25,013167 м³ × 28,37 ₽ = 709,62 ₽",
            ]
        ),
        // 1.4a, the heat
        (
            line(
                .meter, .gcal, "0.200232", "509.22",
                [.heat(water: q("3.214"), perCubicMetre: q("0.0623"))],
                [part("0.200232", "2543.17", "509.22")]),
            [
                "Тепло на подогрев 3,214 м³ воды: 3,214 × 0,0623 Гкал/м³ = 0,200232 Гкал",
                "0,200232 Гкал × 2 543,17 ₽ = 509,22 ₽",
            ]
        ),
        // 1.5a
        (
            line(
                .other, .gcal, "1.22175", "3107.12",
                [.areaNorm(area: q("54.3"), norm: q("0.0225"))],
                [part("1.22175", "2543.17", "3107.12")]),
            [
                "Площадь 54,3 м² × норматив 0,0225 Гкал/м² = 1,22175 Гкал",
                "1,22175 Гкал × 2 543,17 ₽ = 3 107,12 ₽",
            ]
        ),
        // 1.6a
        (
            line(
                .meter, .kwh, "205", "1007.20",
                [
                    .readings(
                        meter: "77", register: .t1, from: q("1000"), to: q("1120"), rolled: false),
                    .readings(
                        meter: "77", register: .t2, from: q("500"), to: q("585"), rolled: false),
                ],
                [
                    part("120", "6.24", "748.80", register: .t1),
                    part("85", "3.04", "258.40", register: .t2),
                ]),
            [
                "Показания прибора № 77, T1, день: 1 120 − 1 000 = 120 кВт·ч",
                "Показания прибора № 77, T2, ночь: 585 − 500 = 85 кВт·ч",
                "T1, день: 120 кВт·ч × 6,24 ₽ = 748,80 ₽",
                "T2, ночь: 85 кВт·ч × 3,04 ₽ = 258,40 ₽",
                "Всего: 748,80 + 258,40 = 1 007,20 ₽",
            ]
        ),
        // 1.6c
        (
            line(
                .meter, .kwh, "6500", "14874.00", [],
                [
                    part("3900", "1.71", "6669.00", range: 1),
                    part("2100", "2.60", "5460.00", range: 2),
                    part("500", "5.49", "2745.00", range: 3),
                ]),
            [
                "Диапазон 1: 3 900 кВт·ч × 1,71 ₽ = 6 669,00 ₽",
                "Диапазон 2: 2 100 кВт·ч × 2,60 ₽ = 5 460,00 ₽",
                "Диапазон 3: 500 кВт·ч × 5,49 ₽ = 2 745,00 ₽",
                "Всего: 6 669,00 + 5 460,00 + 2 745,00 = 14 874,00 ₽",
            ]
        ),
        // 1.7a
        (
            line(
                .other, .kwh, "50", "96.80",
                [
                    .house(
                        total: q("12000"), individual: q("10000"), area: q("60"),
                        houseArea: q("2400"), limit: nil)
                ], [part("50", "1.936", "96.80")]),
            [
                "По общедомовому прибору 12 000 кВт·ч, из них в помещениях дома 10 000: "
                    + "12 000 − 10 000 = 2 000 кВт·ч",
                "Доля по площади: 2 000 × 60 / 2 400 м² = 50 кВт·ч",
                "50 кВт·ч × 1,936 ₽ = 96,80 ₽",
            ]
        ),
        // 1.7b
        (
            line(
                .norm, .kwh, "140.461", "271.93",
                [
                    .houseNorm(
                        norm: q("3.94"), commonArea: q("1426"), area: q("60"),
                        houseArea: q("2400"))
                ], [part("140.461", "1.936", "271.93")]),
            [
                "Норматив 3,94 кВт·ч/м² × общее имущество 1 426 м² × доля по площади "
                    + "60 / 2 400 м² = 140,461 кВт·ч",
                "140,461 кВт·ч × 1,936 ₽ = 271,93 ₽",
            ]
        ),
        // 1.7c
        (
            line(
                .other, .m3, "0.298590", "13.77",
                [
                    .house(
                        total: q("286.4"), individual: q("200"), area: q("54.3"),
                        houseArea: q("5421.7"), limit: q("29.8134"))
                ], [part("0.29859", "46.10", "13.77")]),
            [
                "По общедомовому прибору 286,4 м³, из них в помещениях дома 200: "
                    + "286,4 − 200 = 86,4 м³",
                "Распределяется не больше норматива: 29,8134 м³. Остальное, 56,5866 м³, "
                    + "за счёт управляющей организации",
                "Доля по площади: 29,8134 × 54,3 / 5 421,7 м² = 0,29859 м³",
                "0,29859 м³ × 46,10 ₽ = 13,77 ₽",
            ]
        ),
        // 1.8a
        (
            line(
                .average, .m3, "7.335", "338.14",
                [
                    .average(
                        volumes: ["7.556", "6.9", "8.12", "7.01", "7.444", "6.98"].map(q),
                        months: 6)
                ], [part("7.335", "46.10", "338.14")]),
            [
                "Показаний нет, среднее за 6 месяцев: "
                    + "(7,556 + 6,9 + 8,12 + 7,01 + 7,444 + 6,98) / 6 = 7,335 м³",
                "7,335 м³ × 46,10 ₽ = 338,14 ₽",
            ]
        ),
        // 1.8b: the gap, and what is taken back
        (
            line(
                .meter, .m3, "28.988", "1336.35",
                [
                    .readings(
                        meter: "12345678", register: .t1, from: q("131.012"), to: q("160"),
                        rolled: false), .spread(volume: q("28.988"), months: 3),
                ], [part("28.988", "46.10", "1336.35")]),
            [
                "Показания прибора № 12345678: 160,000 − 131,012 = 28,988 м³",
                "28,988 м³ поровну за 3 месяца: 28,988 / 3 = 9,662667 м³",
                "28,988 м³ × 46,10 ₽ = 1 336,35 ₽",
            ]
        ),
        // 1.8c: of six months one stays by the norm
        (
            line(
                .meter, .m3, "21.2375", "979.05",
                [
                    .readings(
                        meter: "12345678", register: .t1, from: q("100"), to: q("125.485"),
                        rolled: false), .spread(volume: q("25.485"), months: 6),
                    .kept(volume: q("25.485"), months: 1, of: 6),
                ], [part("21.2375", "46.10", "979.05")]),
            [
                "Показания прибора № 12345678: 125,485 − 100,000 = 25,485 м³",
                "25,485 м³ поровну за 6 месяцев: 25,485 / 6 = 4,2475 м³",
                "1 месяц начислен по нормативу и остаётся как есть: 4,2475 × 5 = 21,2375 м³",
                "21,2375 м³ × 46,10 ₽ = 979,05 ₽",
            ]
        ),
        (
            line(
                .average, .m3, "-7.335", "-338.14", [], [part("-7.335", "46.10", "-338.14")],
                sort: .recalculation, ground: .readingReturned),
            [
                "Перерасчёт за апрель 2026: переданы показания, начисленное за месяцы без них заменено",
                "−7,335 м³ × 46,10 ₽ = −338,14 ₽",
            ]
        ),
        // Of another system: the sum does not follow from what is known.
        (
            line(.meter, .m3, "7.556", "360.00", [], [], ground: .handedOver),
            [
                "Сумма начисления: как её передала расчётная система", "7,556 м³: 360,00 ₽",
            ]
        ),
        (
            line(.meter, .m3, "7.556", "3483.30", [], [], ground: .corrected("акт № 7")),
            ["Сумма начисления: акт № 7", "7,556 м³: 3 483,30 ₽"]
        ),
        // «недопоставка»
        (
            line(
                .meter, .m3, "-0.7556", "-34.83", [.undersupply(days: 3, of: 30)], [],
                sort: .recalculation, ground: .undersupply(days: 3)),
            [
                "Перерасчёт за апрель 2026: услуга не предоставлялась или была ненадлежащего "
                    + "качества: 3 дня",
                "Недопоставка: 3 дня из 30", "−0,7556 м³: −34,83 ₽",
            ]
        ),
        (
            line(
                .meter, .m3, "-0.7556", "-34.83", [], [], sort: .recalculation,
                ground: .undersupply(days: 3, why: "акт {n} № 7")),
            [
                "Перерасчёт за апрель 2026: услуга не предоставлялась или была ненадлежащего "
                    + "качества: 3 дня (акт {n} № 7)", "−0,7556 м³: −34,83 ₽",
            ]
        ),
        // Days that were told before and are taken back.
        (
            line(
                .meter, .m3, "0.7556", "34.83", [], [], sort: .recalculation,
                ground: .undersupply(days: 0, why: "акт № 7")),
            [
                "Перерасчёт за апрель 2026: дни без услуги отменены: акт № 7",
                "0,7556 м³: 34,83 ₽",
            ]
        ),
        (
            line(
                .meter, .m3, "0.7556", "34.83", [], [], sort: .recalculation,
                ground: .undersupply(days: 0)),
            [
                "Перерасчёт за апрель 2026: дни без услуги отменены", "0,7556 м³: 34,83 ₽",
            ]
        ),
        // SF-118, and a tariff that changed on the 11th
        (
            line(
                .other, .m2, "50.5", "141.40", [.area(q("50.5"))],
                [part("50.5", "2.80", "141.40")]),
            ["Площадь: 50,5 м²", "50,5 м² × 2,80 ₽ = 141,40 ₽"]
        ),
        (
            line(
                .meter, .m3, "3", "130.00", [.days(10, of: 30), .days(20, of: 30)],
                [part("1", "40", "40.00"), part("2", "45", "90.00")]),
            [
                "Дней в расчёте: 10 из 30", "Дней в расчёте: 20 из 30",
                "1 м³ × 40,00 ₽ = 40,00 ₽", "2 м³ × 45,00 ₽ = 90,00 ₽",
                "Всего: 40,00 + 90,00 = 130,00 ₽",
            ]
        ),
        (
            line(
                .other, .person, "1", "120.50", [.residents(1)], [part("1", "120.5", "120.50")]),
            ["Проживает: 1 человек", "1 чел. × 120,50 ₽ = 120,50 ₽"]
        ),
        // Taken over as it was charged elsewhere
        (
            line(.other, .month, "1", "250.00", [], []), ["Сумма: 250,00 ₽"]
        ),
        (
            line(
                .other, .month, "1", "-250.00", [], [], sort: .recalculation,
                ground: .corrected("по решению суда")),
            ["Перерасчёт за апрель 2026: по решению суда", "Сумма: −250,00 ₽"]
        ),
        // What it is the difference of
        (
            line(
                .norm, .person, "3", "4775.66",
                [
                    .residents(5),
                    .anew(
                        parts: [part("5", "999", "4995.00")], now: Money(kopecks: 499_500),
                        was: Money(kopecks: 21_934)),
                ], [], sort: .recalculation, ground: .corrected("прописаны трое")),
            [
                "Перерасчёт за апрель 2026: прописаны трое", "Проживает: 5 человек",
                "5 чел. × 999,00 ₽ = 4 995,00 ₽",
                "Должно быть 4 995,00 ₽, начислено было 219,34 ₽, разница 4 775,66 ₽",
            ]
        ),
        (
            line(.meter, .m3, "3", "100.00", [], [part("3", "40", "120.00")]),
            ["3 м³ × 40,00 ₽ = 120,00 ₽", "С учётом изменений: 120,00 − 20,00 = 100,00 ₽"]
        ),
    ]

    private static func plain(_ text: String) -> String {
        String(text.map { $0 == "\u{A0}" || $0 == "\u{202F}" ? " " : $0 })
    }

    @Test(arguments: lines.indices)
    func `a line says how its volume came to be and what it cost: SF-115 SF-118`(_ index: Int) {
        let (line, sentences) = Self.lines[index]
        #expect(Words.explain(line, .ru, titles: Self.titles).map(Self.plain) == sentences)
    }

    @Test(arguments: lines.indices)
    func `in English no word is missing and no sentence less is said`(_ index: Int) {
        let (line, sentences) = Self.lines[index]
        let english = Words.explain(line, .en, titles: ["cold": "Cold water", "hot": "Hot water"])
        #expect(english.count == sentences.count)
        // Of what was typed braces stay as they are.
        for sentence in english.map({ $0.replacing("(акт {n} № 7)", with: "") }) {
            #expect(!sentence.contains("explain.") && !sentence.contains("{"), "\(sentence)")
            #expect(!sentence.contains("charge_unit."), "\(sentence)")
        }
    }

    @Test func `English has its own numbers`() {
        let (line, _) = Self.lines[0]
        #expect(
            Words.explain(line, .en).map(Self.plain) == [
                "Readings of meter No. 12345678: 131.012 − 123.456 = 7.556 m³",
                "7.556 m³ × 46.10 ₽ = 348.33 ₽",
            ])
    }

    @Test func `sums have spaced thousands a comma and a real minus: SF-118`() {
        #expect(Words.money(rub("1234.56"), .ru) == "1\u{202F}234,56\u{A0}₽")
        #expect(Words.money(.zero, .ru) == "0,00\u{A0}₽")
        #expect(Words.amount(rub("-0.05"), .ru) == "\u{2212}0,05")
        #expect(Words.amount(Money(kopecks: 1_000_000_000_000), .en) == "10,000,000,000.00")
        #expect(Words.price(q("12.4135"), .ru) == "12,4135\u{A0}₽")
    }

    @Test func `the letters of a bill are those of its form`() {
        #expect(
            ChargeMethod.allCases.map { Words.letter($0, .ru) } == ["П", "О", "Н", "О"])
        for method in ChargeMethod.allCases {
            #expect(!Words.method(method, .ru).hasPrefix("charge_method."))
        }
        for unit in ChargeUnit.allCases {
            #expect(!Words.unit(unit, .en).hasPrefix("charge_unit."))
        }
    }

    @Test func `a house that used less than its flats shares nothing`() {
        let line = line(
            .other, .m3, "0", "0",
            [
                .house(
                    total: q("90"), individual: q("100"), area: q("50"), houseArea: q("1000"),
                    limit: nil)
            ], [])
        #expect(
            Words.explain(line, .ru).map(Self.plain) == [
                "По общедомовому прибору 90 м³, из них в помещениях дома 100: 90 − 100 = −10 м³",
                "Доля по площади: 0 × 50 / 1 000 м² = 0 м³", "Сумма: 0,00 ₽",
            ])
    }

    // MARK: Penalties

    private static func segment(
        _ from: String, _ to: String, _ principal: String, _ rate: Int, _ part: Int,
        _ amount: String
    ) -> PenaltyDetail.Segment {
        PenaltyDetail.Segment(
            from: day(from), to: day(to), principal: rub(principal), rate: rate, denominator: part,
            amount: q(amount))
    }

    private static func detail(
        _ segments: [PenaltyDetail.Segment], _ exact: String, _ before: String, _ amount: String
    ) -> PenaltyDetail {
        PenaltyDetail(
            kind: "water", month: Month(number: 2026 * 12 + 2), due: day("2026-04-15"),
            through: day("2026-08-15"), segments: segments, exact: q(exact), before: rub(before),
            amount: rub(amount))
    }

    /// domain.md §2.3 A, B and F.
    @Test func `penalties say which days of what debt at what rate`() {
        let a = Self.detail(
            [Self.segment("2026-05-16", "2026-06-30", "3000", 950, 300, "43.70")], "43.70", "0",
            "43.70")
        #expect(
            Words.explain(a, .ru).map(Self.plain) == [
                "Долг за март 2026, срок оплаты 15.04.2026",
                "16.05.2026 – 30.06.2026, 46 дней: 3 000,00 ₽ × 9,5 % / 300 × 46 = 43,70 ₽",
            ])
        let b = Self.detail(
            [
                Self.segment("2026-05-16", "2026-07-14", "3000", 950, 300, "57"),
                Self.segment("2026-07-15", "2026-08-15", "3000", 950, 130, "70.153846"),
            ], "127.153846", "43.70", "83.45")
        #expect(
            Words.explain(b, .ru).map(Self.plain) == [
                "Долг за март 2026, срок оплаты 15.04.2026",
                "16.05.2026 – 14.07.2026, 60 дней: 3 000,00 ₽ × 9,5 % / 300 × 60 = 57,00 ₽",
                "15.07.2026 – 15.08.2026, 32 дня: 3 000,00 ₽ × 9,5 % / 130 × 32 = 70,153846 ₽",
                "Всего по 15.08.2026: 127,153846 ₽, начислено раньше 43,70 ₽, начисляется 83,45 ₽",
            ])
        let f = Self.detail([], "0", "1.58", "-1.58")
        #expect(
            Words.explain(f, .ru).map(Self.plain) == [
                "Долг за март 2026, срок оплаты 15.04.2026",
                "Просрочки, за которую начисляются пени, нет",
                "Всего по 15.08.2026: 0,00 ₽, начислено раньше 1,58 ₽, начисляется −1,58 ₽",
            ])
        #expect(Words.explain(b, .en)[2].contains("32 days: 3,000.00\u{A0}₽ × 9.5% / 130 × 32"))
    }

    @Test func `every reason of an allocation has words`() {
        for reason in AllocationReason.allCases {
            for language in Language.allCases {
                #expect(!Words.reason(reason, language).hasPrefix("allocation."))
            }
        }
    }
}
