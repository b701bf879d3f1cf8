import Commands
import Postgres

/// Money of the accounts of a town: kinds, tariffs, four closed months, payments. What `facts.entry` holds is what is posted here;
/// bills follow from it.
struct MoneyOf {
    let organization: String
    let company: String
    /// The first of three accounts: it has all of it; the second one only an advance; the third nothing.
    let account: Int

    private struct Posting {
        var month: Month
        var sort: String
        var kind: String?
        var amount: Int64
        var tranche: Month?
        var line: JSON?
        var consumed: Month?
        var isPenalty = false
        var payment: String?
        var reverses: Int64?
        var reason: AllocationReason?
    }

    static let (june, july, august, september, october, november) = (
        month(6), month(7), month(8), month(9), month(10), month(11)
    )
    private static func month(_ ordinal: Int32) -> Month { Month(number: 2026 * 12 + ordinal - 1) }

    static func q(_ text: String) -> Quantity {
        let digits = String(text.drop { $0 == "-" })
        guard case .value(let value, _, _) = Quantity.read(digits) else { return .zero }
        return text.hasPrefix("-") ? .zero - value : value
    }

    /// A line of one part.
    private static func line(
        _ kind: String, _ month: Month, _ method: ChargeMethod, _ unit: ChargeUnit,
        _ volume: String, _ price: String, _ kopecks: Int64, _ steps: [ChargeLine.Step],
        sort: ChargeLine.Sort = .charge, ground: ChargeLine.Ground? = nil
    ) -> ChargeLine {
        ChargeLine(
            kind: kind, month: month, sort: sort, method: method, unit: unit, volume: q(volume),
            steps: steps,
            parts: price.isEmpty
                ? []
                : [
                    .init(volume: q(volume), price: q(price), amount: Money(kopecks: kopecks))
                ], amount: Money(kopecks: kopecks), ground: ground)
    }

    private static func posting(_ line: ChargeLine, in month: Month) -> Posting {
        Posting(
            month: month, sort: line.sort.rawValue, kind: line.kind, amount: line.amount.kopecks,
            tranche: line.month, line: line.detail, consumed: line.month)
    }

    private static let readings = ChargeLine.Step.readings(
        meter: "12345678", register: .t1, from: q("131.012"), to: q("160"), rolled: false)

    static let penalty = PenaltyDetail(
        kind: "maintenance", month: july, due: Day("2026-08-15") ?? Day(days: 0),
        through: Day("2026-10-31") ?? Day(days: 0),
        segments: [
            .init(
                from: Day("2026-09-15") ?? Day(days: 0), to: Day("2026-10-31") ?? Day(days: 0),
                principal: Money(kopecks: 77_453), rate: 950, denominator: 300,
                amount: q("11.527588"))
        ], exact: q("11.527588"), before: .zero, amount: Money(kopecks: 1_153))

    private static var postings: [Posting] {
        func maintenance(_ month: Month) -> Posting {
            posting(
                line(
                    "maintenance", month, .other, .m2, "50.5", "12.41", 62_671,
                    [.area(q("50.5"))]), in: month)
        }
        func estimated(_ month: Month) -> Posting {
            posting(
                line(
                    "cold_water", month, .average, .m3, "7.335", "46.1", 33_814,
                    [
                        .average(
                            volumes: ["7.556", "6.9", "8.12", "7.01", "7.444", "6.98"].map(q),
                            months: 6)
                    ]), in: month)
        }
        func returned(_ month: Month) -> Posting {
            posting(
                line(
                    "cold_water", month, .average, .m3, "-7.335", "46.1", -33_814, [],
                    sort: .recalculation, ground: .readingReturned), in: october)
        }
        func hot(_ month: Month) -> [Posting] {
            [
                posting(
                    line(
                        "hot_water", month, .meter, .m3, "3.214", "46.1", 14_817,
                        [
                            .readings(
                                meter: "7", register: .t1, from: q("10"), to: q("13.214"),
                                rolled: false)
                        ]), in: month),
                posting(
                    line(
                        "hot_water_heat", month, .meter, .gcal, "0.200232", "2543.17", 50_922,
                        [.heat(water: q("3.214"), perCubicMetre: q("0.0623"))]), in: month),
            ]
        }
        func paid(
            _ payment: Int, _ month: Month, _ kind: String?, _ tranche: Month?, _ amount: Int64,
            _ reason: AllocationReason, sort: String = "payment", isPenalty: Bool = false,
            reverses: Int64? = nil
        ) -> Posting {
            Posting(
                month: month, sort: sort, kind: kind, amount: amount, tranche: tranche,
                isPenalty: isPenalty, payment: id(payment), reverses: reverses, reason: reason)
        }
        let october1 = Int64(october.number) * 1_000_000
        return [
            Posting(
                month: july, sort: "opening", kind: "cold_water", amount: 10_000, tranche: june),
            posting(
                line(
                    "cold_water", july, .meter, .m3, "7.556", "46.1", 34_833,
                    [
                        .readings(
                            meter: "12345678", register: .t1, from: q("123.456"),
                            to: q("131.012"), rolled: false)
                    ]), in: july), maintenance(july),
            paid(1, august, "cold_water", june, -10_000, .overdueFirst),
            paid(1, august, "cold_water", july, -14_290, .proportional),
            paid(1, august, "maintenance", july, -25_710, .proportional),
            estimated(august), maintenance(august),
            paid(2, september, "cold_water", july, -5_000, .named),
            paid(
                2, september, "cold_water", july, 5_000, .named, sort: "reversal",
                reverses: Int64(september.number) * 1_000_000 + 1),
            estimated(september), maintenance(september),
        ] + hot(september) + [
            // 1, 2: what was taken back before the month was closed.
            posting(
                line("maintenance", october, .other, .m2, "40", "12.41", 49_640, []), in: october),
            Posting(
                month: october, sort: "charge", kind: "maintenance", amount: -49_640,
                tranche: october, consumed: october, reverses: october1 + 1),
            posting(
                line(
                    "cold_water", october, .meter, .m3, "28.988", "46.1", 133_635,
                    [readings, .spread(volume: q("28.988"), months: 3)]), in: october),
            returned(august), returned(september), maintenance(october),
        ] + hot(october) + [
            posting(
                line(
                    "hot_water_heat", october, .meter, .gcal, "-0.020023", "", -5_092,
                    [.undersupply(days: 3, of: 31)], sort: .recalculation,
                    ground: .undersupply(days: 3, why: "акт от 12.10.2026 № 7")), in: october),
            Posting(
                month: october, sort: "penalty", kind: "maintenance", amount: 1_153, tranche: july,
                line: penalty.json, isPenalty: true),
            paid(3, november, "cold_water", july, -20_543, .overdueFirst),
            paid(3, november, "maintenance", july, -36_961, .overdueFirst),
            paid(3, november, nil, nil, -2_496, .advance, sort: "advance"),
        ]
    }

    static let payments: [(number: Int, day: String, kopecks: Int64, isReversed: Bool)] = [
        (1, "2026-08-10", 50_000, false), (2, "2026-09-03", 5_000, true),
        (3, "2026-11-10", 60_000, false),
    ]

    private static func id(_ number: Int) -> String {
        "01a1fafb-f818-7a30-bc42-00000000000\(number)"
    }

    // MARK: Rows

    private static func text(_ value: String?) -> String { value.map { "$t$\($0)$t$" } ?? "null" }
    private static func day(_ month: Month?) -> String { month.map { "'\($0)-01'" } ?? "null" }
    private static func json(_ json: JSON?) -> String {
        text(json.map { String(decoding: $0.bytes, as: UTF8.self) })
    }

    /// A payment's id is of one organization only.
    private func own(_ id: String?) -> String? {
        id.map { String($0.dropLast(4)) + "\(1_000 + account)".suffix(3) + $0.suffix(1) }
    }

    var script: String {
        var rows: [String] = []
        var next: [Month: Int64] = [:]
        for one in Self.postings {
            let id = (next[one.month] ?? Int64(one.month.number) * 1_000_000) + 1
            next[one.month] = id
            rows.append(
                """
                (\(account), \(id), \(Self.day(one.month)), '\(one.sort)', \(Self.text(one.kind)), \(one.isPenalty),
                 \(Self.day(one.tranche)), \(Self.day(one.month)), \(one.amount), \(Self.text(own(one.payment))),
                 \(one.reverses.map { "\($0)" } ?? "null"), \(Self.text(one.reason?.rawValue)), \(Self.day(one.consumed)),
                 \(Self.json(one.line)))
                """)
        }
        return """
            update facts.account set ownership = 'Муниципальная' where id = \(account);
            \(references)
            insert into facts.entry (account, id, month, sort, kind, penalty, tranche, effective_on, amount, payment, reverses,
              reason, consumed, line)
            select a::int8, i::int8, m::date, s, k, p::bool, t::date, e::date, x::int8, y::uuid, r::int8, w, c::date, l::jsonb
            from (values \(rows.joined(separator: ",\n"))) v (a, i, m, s, k, p, t, e, x, y, r, w, c, l);
            insert into facts.entry (account, id, month, sort, penalty, effective_on, amount, payment, reason)
            values (\(account + 1), \(Int64(Self.november.number) * 1_000_000 + 1), '2026-11-01', 'advance', false, '2026-11-05',
                    -78766, \(Self.text(own(Self.id(9)))), 'advance');
            insert into facts.payment (id, organization, provider, number, account, typed, amount, paid_on, received_at, month,
              purpose, reversed_by, assigned_at)
            values \(Self.payments.map { payment in
                """
                (\(Self.text(own(Self.id(payment.number)))), '\(organization)', 'Сбербанк Онлайн', 'P-\(payment.number)', \(account),
                 '\(payment.number == 3 ? "6262009" : "6262000")', \(payment.kopecks), '\(payment.day)', '\(payment.day) 12:00+00', date_trunc('month', date '\(payment.day)'),
                 '{}', \(payment.isReversed ? "gen_random_uuid()" : "null"),
                 \(payment.number == 3 ? "'2026-11-12 12:00+00'::timestamptz" : "null"))
                """
            }.joined(separator: ",\n"));
            \([Self.july, Self.august, Self.september, Self.october].map(bill).joined(separator: "\n"))
            """
    }

    private var references: String {
        func price(_ kind: String, _ from: String, _ price: Int64, _ rest: String = "null, null")
            -> String
        {
            "('\(organization)', '\(kind)', \(rest), '\(from)', null::text, null::int, null::int8, \(price))"
        }
        return """
            insert into facts.supplier (organization, code, valid_from, name, phone)
            values ('\(organization)', 'vodokanal', '2020-01-01', 'Водоканал (прежний)', null),
                   ('\(organization)', 'vodokanal', '2026-01-01', 'МУП «Водоканал»', '+7 84371 0-00-01'),
                   ('\(organization)', 'uk', '2020-01-01', 'ООО «УК»', null), ('\(organization)', 'teplo', '2020-01-01', 'АО «Теплосеть»', null),
                   ('\(organization)', 'energo', '2020-01-01', 'АО «Энерго»', null);
            insert into facts.charge_kind (organization, code, valid_from, title, title_en, position, basis, service, "of", unit,
              supplier, penalty, multiplied, separate)
            select '\(organization)', c, '2020-01-01', t, e, p, b, s, o, u, x, 'housing', false, false
            from (values ('maintenance', 'Содержание жилья', null, 10, 'area', null, null, 'm2', 'uk'),
                         ('cold_water', 'Холодное водоснабжение', 'Cold water', 40, 'meter', 'cold_water', null, 'm3', 'vodokanal'),
                         ('hot_water', 'Холодная вода для нужд ГВС', 'Water for hot water', 50, 'meter', 'hot_water', null, 'm3', 'vodokanal'),
                         ('hot_water_heat', 'Подогрев ГВС', 'Heating of hot water', 60, 'water_heat', null, 'hot_water', 'gcal', 'teplo'),
                         ('electricity', 'Электроснабжение', 'Electricity', 90, 'meter', 'electricity', null, 'kwh', 'energo'),
                         ('heating', 'Отопление', 'Heating', 80, 'area_norm', null, null, 'gcal', 'teplo'))
              v (c, t, e, p, b, s, o, u, x);
            insert into facts.contract (organization, kind, house, account, valid_from, is_off)
            values ('\(organization)', 'electricity', null, null, '2020-01-01', false),
                   ('\(organization)', 'heating', null, null, '2020-01-01', false),
                   ('\(organization)', 'heating', 'lesnaya-4', null, '2020-01-01', true),
                   ('\(organization)', 'electricity', null, '6262002', '2020-01-01', true),
                   ('\(organization)', 'electricity', 'sadovaya-1', null, '2020-01-01', true);
            insert into facts.tariff (organization, kind, company, house, valid_from, register, zones, up_to, price)
            values \(price("cold_water", "2023-01-01", 41_200_000)), \(price("cold_water", "2025-07-01", 44_100_000)),
                   \(price("cold_water", "2026-07-01", 46_100_000)), \(price("cold_water", "2027-01-01", 48_000_000)),
                   \(price("maintenance", "2023-01-01", 11_000_000)),
                   \(price("maintenance", "2024-01-01", 12_410_000, "null, 'lesnaya-4'")),
                   \(price("maintenance", "2026-01-01", 99_000_000)),
                   \(price("maintenance", "2026-01-01", 98_000_000, "null, 'sadovaya-1'")),
                   \(price("hot_water", "2023-01-01", 46_100_000)), \(price("hot_water_heat", "2023-01-01", 2_543_170_000)),
                   ('\(organization)', 'electricity', null, null, '2023-01-01', 'T1', 2, null, 6240000),
                   ('\(organization)', 'electricity', null, null, '2023-01-01', 'T2', 2, null, 3040000),
                   ('\(organization)', 'electricity', null, null, '2023-01-01', null, null, 3900000000, 1710000),
                   ('\(organization)', 'electricity', null, null, '2023-01-01', null, null, null, 5490000);
            """
    }

    /// As closing a month makes it.
    private func bill(_ month: Month) -> String {
        func sum(_ sorts: [String], _ isIn: (Month) -> Bool) -> Int64 {
            Self.postings.reduce(0) {
                sorts.contains($1.sort) && isIn($1.month) ? $0 + $1.amount : $0
            }
        }
        let money = ["payment", "advance", "offset", "reversal"]
        let all = ["opening", "charge", "surcharge", "recalculation", "penalty"] + money
        let opening = sum(all) { $0 < month } + sum(["opening"]) { $0 == month }
        let closing = sum(all) { $0 <= month }
        let count = Self.postings.count { $0.month == month }
        return """
            insert into facts.bill (account, month, organization, closed_at, upto, due_on, paid_until, opening, charged,
              recalculated, penalty, paid, closing, card)
            values (\(account), '\(month)-01', '\(organization)', '\(month.advanced(by: 1))-01 06:00+00',
                    \(Int64(month.number) * 1_000_000 + Int64(count)), '\(month.advanced(by: 1))-16', '\(month)-28', \(opening),
                    \(sum(["charge", "surcharge"]) { $0 == month }), \(sum(["recalculation"]) { $0 == month }),
                    \(sum(["penalty"]) { $0 == month }), \(-sum(money) { $0 == month }), \(closing),
                    $t${"account":"6262000","surname":"Петров","name":"Пётр","patronymic":"Петрович","address":"г. Тула, ул. Лесная, д. 4, кв. 10",
                        "area_m2":"50.5","living_area_m2":"31.2","residents":2}$t$);
            """
    }
}
