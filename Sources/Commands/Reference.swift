/// A dated row of what charges are made by: `kabinet import tariffs|norms|…`. Rows are added, never changed; the newest of the
/// same thing and the same day counts.
public enum Reference {
    public static let columns: [ImportRows.What: [String]] = [
        .suppliers: [
            "code", "from", "name", "inn", "kpp", "account", "bank", "bic", "correspondent",
            "address", "phone", "email", "site", "schedule",
        ],
        .chargeKinds: [
            "code", "from", "to", "title", "title_en", "position", "basis", "service", "of", "unit",
            "supplier", "penalty", "multiplied", "separate",
        ],
        .contracts: [
            "kind", "company", "house", "account", "from", "to", "off", "meter_possible",
            "quantity",
        ],
        .tariffs: [
            "kind", "company", "house", "from", "register", "zones", "up_to", "price",
        ],
        .norms: ["kind", "company", "house", "from", "rooms", "residents", "value"],
        .multipliers: ["kind", "from", "value"],
        .undersupply: ["kind", "house", "account", "month", "days", "why"],
        .houseAreas: ["house", "from", "total", "common"],
        .keyRates: ["from", "percent"],
        .workdays: ["day", "working"],
        .dueDays: ["month", "day"],
    ]

    public static let required: [ImportRows.What: [String]] = [
        .suppliers: ["code", "from", "name"],
        .chargeKinds: ["code", "from", "title", "position", "basis", "unit", "supplier"],
        .contracts: ["kind", "from"],
        .tariffs: ["kind", "from", "price"],
        .norms: ["kind", "from", "value"],
        .multipliers: ["kind", "from", "value"],
        .undersupply: ["kind", "month", "days", "why"],
        .houseAreas: ["house", "from", "total"],
        .keyRates: ["from", "percent"],
        .workdays: ["day", "working"],
        .dueDays: ["month", "day"],
    ]

    public static let samples: [ImportRows.What: String] = [
        .suppliers:
            "vodokanal;2026-01-01;МУП «Водоканал»;6200098763;620001001;40702810138250123017;"
            + "ПАО Сбербанк;044525225;30101810400000000225;г. Рязань, ул. Ленина, 1;+74912000000;;;",
        .chargeKinds:
            "cold_water;2026-01-01;;Холодное водоснабжение;Cold water;10;meter;cold_water;;m3;"
            + "vodokanal;housing;1;0",
        .contracts: "cold_water;;len-1;;2026-01-01;;0;1;",
        .tariffs: "cold_water;;;2026-07-01;;;;46,10",
        .norms: "cold_water;;len-1;2026-01-01;;;4,2",
        .multipliers: "cold_water;2025-12-01;3",
        .undersupply: "heating;len-1;;2026-04;3;акт от 12.04.2026 № 7",
        .houseAreas: "len-1;2026-01-01;5421,7;1104,2",
        .keyRates: "2026-07-27;14,00",
        .workdays: "2027-01-11;0",
        .dueDays: "2026-02;15",
    ]

    /// What a row is about, its day included, by columns of its table: of rows about the same thing the newest counts
    /// (the statements `store/put_…` compare by the same columns).
    private static let things: [ImportRows.What: [String]] = [
        .suppliers: ["code", "valid_from"],
        .chargeKinds: ["code", "valid_from"],
        .contracts: ["kind", "company", "house", "account", "valid_from"],
        .tariffs: ["kind", "company", "house", "valid_from", "register", "zones", "up_to"],
        .norms: ["kind", "company", "house", "valid_from", "rooms", "residents"],
        .multipliers: ["kind", "valid_from"],
        .undersupply: ["kind", "house", "account", "month"],
        .houseAreas: ["house", "valid_from"],
        .keyRates: ["valid_from"],
        .workdays: ["day"],
        .dueDays: ["month"],
    ]

    /// The same for two rows, as `read` made them, that are about the same thing and day.
    public static func thing(_ what: ImportRows.What, _ row: JSON) -> [String] {
        (things[what] ?? []).map { column in
            row[column].map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
        }
    }

    /// Reads a row of a file, whole: what the table takes, by its columns' names.
    public static func read(
        _ what: ImportRows.What, _ fields: [String: String]
    ) throws(ShapeError) -> JSON {
        let row = FileRow(fields)
        func text(_ key: String, _ most: Int = 200) throws(ShapeError) -> JSON? {
            fields[key] == nil ? nil : .string(try row.text(key, most: most))
        }
        func number(_ quantity: Quantity?) -> JSON? { quantity.map { .int($0.millionths) } }
        func flag(_ key: String, _ standard: Bool = false) throws(ShapeError) -> JSON {
            .bool(try row.flag(key, standard: standard))
        }
        func from() throws(ShapeError) -> JSON { .string(try row.day("from").description) }
        switch what {
        case .suppliers:
            try requisites(fields)
            return .object([
                "code": .string(try code(row, "code")), "valid_from": try from(),
                "name": .string(try row.text("name", most: 160)), "inn": try text("inn", 12),
                "kpp": try text("kpp", 9), "account": try text("account"),
                "bank": try text("bank", 160), "bic": try text("bic"),
                "correspondent": try text("correspondent"), "address": try text("address", 300),
                "phone": try text("phone"), "email": try text("email"), "site": try text("site"),
                "schedule": try text("schedule"),
            ])
        case .chargeKinds:
            let basis = try row.choice("basis", ChargeBasis.self)
            let service = try row.optionalChoice("service", Service.self)
            if service == nil, [.meter, .waterHeat].contains(basis) {
                throw ShapeError("/service", "shape.missing", "service")
            }
            if fields["of"] == nil, [.waterHeat, .houseNeeds].contains(basis) {
                throw ShapeError("/of", "shape.missing", "of")
            }
            return .object([
                "code": .string(try code(row, "code")), "valid_from": try from(),
                "ends_on": try lastDay(row),
                "title": .string(try row.text("title")), "title_en": try text("title_en"),
                "position": .int(Int64(try row.int("position", 0...10_000))),
                "basis": .string(basis.rawValue), "service": service.map { .string($0.rawValue) },
                "of": try text("of", 50),
                "unit": .string(try row.choice("unit", ChargeUnit.self).rawValue),
                "supplier": .string(try row.text("supplier", most: 50)),
                "penalty": try text("penalty", 50) ?? .string("housing"),
                "multiplied": try flag("multiplied"), "separate": try flag("separate"),
            ])
        case .contracts:
            return .object([
                "kind": .string(try row.text("kind", most: 50)), "company": try text("company", 50),
                "house": try text("house", 50),
                "account": fields["account"] == nil ? nil : .string(try row.account().text),
                "valid_from": try from(),
                "valid_to": try lastDay(row),
                "is_off": try flag("off"), "meter_possible": try flag("meter_possible", true),
                "quantity": number(try row.optionalQuantity("quantity")),
            ])
        case .tariffs:
            return .object([
                "kind": .string(try row.text("kind", most: 50)), "company": try text("company", 50),
                "house": try text("house", 50), "valid_from": try from(),
                "register": try row.optionalChoice("register", Register.self)
                    .map { .string($0.rawValue) },
                "zones": try row.optionalInt("zones", 1...3).map { .int(Int64($0)) },
                "up_to": number(try rangeEnd(row, fields)),
                "price": number(try price(row, fields)),
            ])
        case .norms:
            return .object([
                "kind": .string(try row.text("kind", most: 50)), "company": try text("company", 50),
                "house": try text("house", 50), "valid_from": try from(),
                "rooms": try row.optionalInt("rooms", 1...100).map { .int(Int64($0)) },
                "residents": try row.optionalInt("residents", 1...1000).map { .int(Int64($0)) },
                "value": number(try row.quantity("value")),
            ])
        case .multipliers:
            let value = try row.quantity("value")
            guard (1_000_000...10_000_000).contains(value.millionths) else {
                throw ShapeError("/value", "shape.multiplier")
            }
            return .object([
                "kind": .string(try row.text("kind", most: 50)), "valid_from": try from(),
                "value": number(value),
            ])
        case .undersupply:
            guard (fields["house"] == nil) != (fields["account"] == nil) else {
                throw ShapeError("/house", "shape.house_or_account")
            }
            let month = try row.month("month")
            return .object([
                "kind": .string(try row.text("kind", most: 50)), "house": try text("house", 50),
                "account": fields["account"] == nil ? nil : .string(try row.account().text),
                "month": .string(month.first.description),
                "days": .int(Int64(try row.int("days", 0...month.length))),
                "why": .string(try row.text("why", most: 300)),
            ])
        case .houseAreas:
            let total = try row.quantity("total")
            guard total > .zero else { throw ShapeError("/total", "shape.quantity") }
            return .object([
                "house": .string(try row.text("house", most: 50)), "valid_from": try from(),
                "total": number(total),
                "common": number(try row.optionalQuantity("common") ?? .zero),
            ])
        case .keyRates:
            let percent = try row.quantity("percent")
            guard percent.millionths % 10_000 == 0,
                (1...100_000_000).contains(percent.millionths)
            else {
                throw ShapeError("/percent", "shape.percent")
            }
            return .object(["valid_from": try from(), "points": .int(percent.millionths / 10_000)])
        case .workdays:
            _ = try row.text("working")
            return .object([
                "day": .string(try row.day("day").description), "working": try flag("working"),
            ])
        case .dueDays:
            return .object([
                "month": .string(try row.month("month").first.description),
                "day": .int(Int64(try row.int("day", 1...28))),
            ])
        default: throw ShapeError("", "shape.object")
        }
    }

    /// Roubles for a unit, none or more.
    private static func price(
        _ row: FileRow, _ fields: [String: String]
    ) throws(ShapeError) -> Quantity {
        let price = try row.quantity("price", signed: true)
        guard price >= .zero else {
            throw ShapeError("/price", "shape.price", fields["price"] ?? "")
        }
        return price
    }

    /// The upper end of a range: above zero.
    private static func rangeEnd(
        _ row: FileRow, _ fields: [String: String]
    ) throws(ShapeError) -> Quantity? {
        guard fields["up_to"] != nil else { return nil }
        let end = try row.quantity("up_to", signed: true)
        guard end > .zero else {
            throw ShapeError("/up_to", "shape.range_end", fields["up_to"] ?? "")
        }
        return end
    }

    /// A code of lower-case Latin letters, digits, `_` and `-`: it stands in addresses and in other rows.
    private static func code(_ row: FileRow, _ key: String) throws(ShapeError) -> String {
        let text = try row.text(key, most: 50)
        guard
            text.utf8.allSatisfy({
                ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 95 || $0 == 45
            })
        else { throw ShapeError("/\(key)", "shape.slug") }
        return text
    }

    /// The last day of a row, which does not come before its first.
    private static func lastDay(_ row: FileRow) throws(ShapeError) -> JSON? {
        guard let last = try row.optionalDay("to") else { return nil }
        guard try row.day("from") <= last else { throw ShapeError("/to", "shape.before", "from") }
        return .string(last.description)
    }

    /// Where money goes: each number by itself, then the accounts against the bank.
    private static func requisites(_ fields: [String: String]) throws(ShapeError) {
        if let inn = fields["inn"], !Requisites.isINN(inn) {
            throw ShapeError("/inn", "shape.inn")
        }
        if let kpp = fields["kpp"], !Requisites.isKPP(kpp) {
            throw ShapeError("/kpp", "shape.kpp")
        }
        for (key, length) in [("account", 20), ("correspondent", 20), ("bic", 9)] {
            if let given = fields[key], !Requisites.isDigits(given, length) {
                throw ShapeError("/\(key)", "shape.digits", "\(length)")
            }
        }
        guard let bic = fields["bic"] else { return }
        for key in ["account", "correspondent"] {
            if let given = fields[key],
                !Requisites.fits(
                    account: given, bic: bic, isCorrespondent: key == "correspondent")
            {
                throw ShapeError("/\(key)", "shape.bank_key", bic)
            }
        }
    }
}

extension ImportRows.What {
    /// Its rows are added to what charges are made by.
    public var isReference: Bool { Reference.columns[self] != nil }
}
