import Bills
import Commands
import Store

/// Closed months as they could be; people, addresses and requisites are made up, and the sums agree.
enum Sample {
    static let month: Month = Month("2026-03") ?? Month(number: 0)

    static func day(_ text: String) -> Day { Day(text) ?? Day(days: 0) }
    static func q(_ text: String) -> Quantity {
        guard case .value(let quantity, _, _) = Quantity.read(text) else { return .zero }
        return quantity
    }
    static func money(_ kopecks: Int64) -> Money { Money(kopecks: kopecks) }

    // MARK: Who

    static let suppliers = [
        SupplierView(
            code: "uk", name: "ООО УК «Спортивная»", inn: "6200098795", kpp: "620001001",
            address: "рп. Зеленодольский, ул. Спортивная, д. 4", phone: "(49131) 2-14-56",
            email: "uk@uk-sport.example", site: "uk-sport.example",
            schedule: "пн – пт 8:00 – 17:00",
            account: "40702810138250123017", bank: "ПАО Сбербанк", bic: "044525225",
            correspondent: "30101810400000000225"),
        SupplierView(
            code: "vodokanal", name: "МУП «Водоканал»", inn: "6200098763", phone: "(49131) 2-00-01"),
        SupplierView(
            code: "teplo", name: "АО «Теплосеть»", inn: "6200098788", phone: "(49131) 2-00-02"),
        SupplierView(code: "energo", name: "ПАО «РЭСК»", phone: "(49131) 2-00-03"),
        SupplierView(code: "eco", name: "ООО «Эко-Пронск»", phone: "(49131) 2-00-04"),
        SupplierView(
            code: "fund", name: "Фонд капитального ремонта МКД Рязанской области",
            inn: "6229990013", kpp: "622901001", account: "40603810900000001234",
            bank: "АО «Россельхозбанк»", bic: "044525111", correspondent: "30101810200000000111"),
    ]

    static let kinds: [KindView] = [
        kind("maintenance", "Содержание жилого помещения", 10, .area, .m2, "uk"),
        kind("cold_water", "Холодное водоснабжение", 20, .meter, .m3, "vodokanal", .coldWater),
        kind(
            "cold_water_house", "Холодная вода на общедомовые нужды", 25, .houseNeeds, .m3,
            "vodokanal", .coldWater),
        kind(
            "hot_water", "Холодная вода для нужд ГВС", 30, .meter, .m3, "vodokanal", .hotWater),
        kind("hot_water_heat", "Подогрев ГВС", 35, .waterHeat, .gcal, "teplo", .hotWater),
        kind("drainage", "Водоотведение", 40, .drainage, .m3, "vodokanal"),
        kind("electricity", "Электроснабжение", 50, .meter, .kwh, "energo", .electricity),
        kind("heating", "Отопление", 60, .areaNorm, .gcal, "teplo"),
        kind("waste", "Обращение с ТКО", 70, .person, .person, "eco"),
        kind(
            "capital_repair", "Взнос на капитальный ремонт", 80, .area, .m2, "fund",
            separate: true),
    ]

    private static func kind(
        _ code: String, _ title: String, _ position: Int, _ basis: ChargeBasis, _ unit: ChargeUnit,
        _ supplier: String, _ service: Service? = nil, separate: Bool = false
    ) -> KindView {
        KindView(
            code: code, title: title, position: position, basis: basis, service: service,
            unit: unit, supplier: supplier, isSeparate: separate)
    }

    static let card = JSON.object([
        "account": .string("626200012"), "company": .string("c1"), "surname": .string("Иванов"),
        "name": .string("Иван"), "patronymic": .string("Иванович"),
        "address": .string("рп. Зеленодольский, ул. Спортивная, д. 10, кв. 15"),
        "area_m2": .string("54.3"), "living_area_m2": .string("31.8"), "rooms": .int(2),
        "residents": .int(3),
        "verified_until": .object(["1": .string("2029-08-14"), "2": .string("2027-08-14")]),
    ])

    // MARK: What

    static func charge(
        _ kind: String, _ volume: String, _ method: ChargeMethod, _ unit: ChargeUnit,
        _ parts: [ChargeLine.Part], steps: [ChargeLine.Step] = [],
        sort: ChargeLine.Sort = .charge, amount: Int64? = nil, of month: Month = month,
        because ground: ChargeLine.Ground? = nil
    ) -> ChargeView {
        let sum = amount.map { money($0) } ?? parts.reduce(.zero) { $0 + $1.amount }
        return ChargeView(
            id: 1, kind: kind, month: month, amount: sum,
            content: .charge(
                ChargeLine(
                    kind: kind, month: month, sort: sort, method: method, unit: unit,
                    volume: q(volume), steps: steps, parts: parts, amount: sum, ground: ground)))
    }

    static func part(
        _ volume: String, _ price: String, _ kopecks: Int64, _ register: Register? = nil
    ) -> ChargeLine.Part {
        .init(register: register, volume: q(volume), price: q(price), amount: money(kopecks))
    }

    static let months: [Month] = (0..<13).map { month.advanced(by: -$0) }

    static func meter(
        _ id: Int64, _ service: Service, _ number: String, last: String, _ uses: [String]
    ) -> BillFacts.Meter {
        var value = q(last)
        var told: [BillFacts.Meter.Told] = []
        for (month, use) in zip(months, uses) {
            told.append(
                .init(
                    month: month, takenOn: Day(days: month.first.days + 23), values: [value],
                    volumes: [q(use)]))
            value = value - q(use)
        }
        return .init(id: id, service: service, number: number, months: told)
    }

    /// Sums that go with charges.
    static func sums(
        _ charges: [ChargeView], opening: [(String, String, Int64)] = [],
        paid: [(String?, String?, Int64)] = [], penalties: [(String, String, Int64)] = []
    ) -> [BillFacts.Sum] {
        var sums: [BillFacts.Sum] = opening.map {
            .init(kind: $0.0, month: Month($0.1), opening: money($0.2))
        }
        for (kind, month, amount) in paid {
            let month = month.flatMap { Month($0) }
            if let place = sums.firstIndex(where: {
                $0.kind == kind && $0.month == month && !$0.isPenalty
            }) {
                sums[place].paid += money(amount)
            } else {
                sums.append(.init(kind: kind, month: month, paid: money(amount)))
            }
        }
        for charge in charges {
            var sum = BillFacts.Sum(kind: charge.kind, month: month)
            if charge.sort == .recalculation {
                sum.recalculated = charge.amount
            } else {
                sum.charged = charge.amount
            }
            sums.append(sum)
        }
        sums += penalties.map {
            .init(kind: $0.0, isPenalty: true, month: Month($0.1), penalty: money($0.2))
        }
        return sums
    }

    static func bill(_ sums: [BillFacts.Sum], card: JSON = card, version: Int = 1) -> BillView {
        func sum(_ of: KeyPath<BillFacts.Sum, Money>) -> Money {
            sums.reduce(.zero) { $0 + $1[keyPath: of] }
        }
        return BillView(
            month: month, version: version, closed: "2026-04-01T09:00:00+03:00",
            dueOn: day("2026-04-15"), paidUntil: day("2026-03-31"), opening: sum(\.opening),
            charged: sum(\.charged), recalculated: sum(\.recalculated), penalty: sum(\.penalty),
            paid: sum(\.paid), closing: sum(\.closing), upto: 1, card: card)
    }

    static func profile(_ form: String = "standard", more: String = "") throws -> Profile {
        let text =
            #"{"code":"o1","name":"Расчётный центр","title":"ЛК","time_zone":"Europe/Moscow","#
            + #""companies":[{"code":"c1","name":"ООО УК «Спортивная»"}],"services":["cold_water"],"#
            + #""charges":{"by":"kabinet","view":"settlements"\#(more),"#
            + #""bills":{"form":"\#(form)","word":"Квитанция"}}}"#
        return try Profile(JSON.parse(Array(text.utf8)))
    }

    // MARK: Bills

    /// Seven services, with recalculations, penalties and a debt, and capital repairs with a payee of their own.
    /// - Parameter limit: what the norm lets be shared of the needs of the house.
    static func seven(limit: Quantity? = nil) -> BillFacts {
        let charges = [
            charge(
                "maintenance", "54.3", .other, .m2, [part("54.3", "31.42", 170_611)],
                steps: [.area(q("54.3"))]),
            charge("cold_water", "4.12", .meter, .m3, [part("4.12", "41.87", 17_250)]),
            charge(
                "cold_water", "-1", .meter, .m3, [], sort: .recalculation, amount: -4187,
                of: month.advanced(by: -1), because: .readingReturned),
            charge(
                "cold_water_house", "0.084", .other, .m3, [part("0.084", "41.87", 352)],
                steps: [
                    .house(
                        total: q("417.91"), individual: q("412.6"), area: q("54.3"),
                        houseArea: q("3432.5"), limit: limit)
                ]),
            charge("hot_water", "2.85", .meter, .m3, [part("2.85", "41.87", 11_933)]),
            charge(
                "hot_water_heat", "0.18411", .other, .gcal, [part("0.18411", "2412.36", 44_414)]),
            charge("drainage", "6.97", .meter, .m3, [part("6.97", "33.15", 23_106)]),
            charge(
                "electricity", "182", .meter, .kwh,
                [part("118", "5.92", 69_856, .t1), part("64", "3.31", 21_184, .t2)]),
            charge("heating", "0.9774", .norm, .gcal, [part("0.9774", "2412.36", 235_784)]),
            charge(
                "heating", "-0.0946", .norm, .gcal, [], sort: .recalculation, amount: -22_818,
                because: .undersupply(days: 3, why: "акт № 7")),
            charge("waste", "3", .norm, .person, [part("3", "128.45", 38_535)]),
            charge("capital_repair", "54.3", .other, .m2, [part("54.3", "13.04", 70_807)]),
        ]
        let sums = sums(
            charges,
            opening: [
                ("maintenance", "2026-01", 36_245), ("maintenance", "2026-02", 174_610),
                ("heating", "2026-02", 130_401), ("capital_repair", "2026-02", 70_807),
            ], paid: [("maintenance", "2026-02", 120_000), ("heating", "2026-02", 80_000)],
            penalties: [("maintenance", "2026-01", 1237), ("heating", "2026-02", 980)])
        var facts = BillFacts(
            bill: bill(sums), closedOn: day("2026-04-01"), charges: charges, sums: sums,
            lastPaid: day("2026-03-12"), kinds: kinds, suppliers: suppliers,
            norms: [
                "cold_water": q("4.33"), "hot_water": q("3.02"), "hot_water_heat": q("0.0646"),
                "heating": q("0.018"), "cold_water_house": q("0.027"),
            ],
            meters: [
                meter(
                    1, .coldWater, "12345678", last: "122.52",
                    ["4.12", "5.02", "3.95", "4.12", "3.88", "4.05", "4.4", "6.02", "6.55", "5.1"]),
                meter(
                    2, .hotWater, "12345679", last: "88.965",
                    ["2.85", "3.05", "3.3", "3.22", "3.11", "2.9", "2.44", "0.64", "1.2", "1.95"]),
            ], houses: [.coldWater: q("417.91"), .hotWater: q("288.45")])
        facts.meters.append(
            .init(
                id: 3, service: .electricity, number: "011723344", registers: 2,
                initial: [.zero, .zero],
                months: (0..<12).map { place in
                    .init(
                        month: months[place], takenOn: day("2026-03-24"),
                        values: [
                            q("\(21_524 - 118 * place)"), q("\(9_937 - 64 * place)"),
                        ], volumes: [q("\(118 + place)"), q("\(64 + 2 * place)")])
                }))
        return facts
    }

    /// Somebody who paid ahead.
    static func overpaid() -> BillFacts {
        let charges = [
            charge("maintenance", "33.1", .other, .m2, [part("33.1", "28.05", 92_846)]),
            charge("cold_water", "2.015", .meter, .m3, [part("2.015", "21.14", 4260)]),
            charge("drainage", "2.015", .meter, .m3, [part("2.015", "29.6", 5964)]),
            charge("heating", "0.7282", .norm, .gcal, [part("0.7282", "1958.16", 142_593)]),
        ]
        let sums = sums(charges, paid: [(nil, nil, 326_909)])
        let card = JSON.object([
            "account": .string("004418"), "surname": .string("Константинопольская"),
            "name": .string("Александра"), "patronymic": .string("Владиславовна"),
            "address": .string("г. Иркутск, ул. Дзержинского, д. 1, кв. 204"),
            "area_m2": .string("33.1"), "residents": .int(1),
        ])
        return BillFacts(
            bill: bill(sums, card: card), closedOn: day("2026-04-01"), charges: charges,
            sums: sums, lastPaid: day("2026-03-02"), kinds: kinds, suppliers: suppliers,
            meters: [
                meter(
                    1, .coldWater, "30-118842", last: "216.315",
                    ["2.015", "1.95", "2.2", "2.12", "2.05", "1.9", "2.01", "2.65", "2.3"])
            ])
    }
}
