import Commands
import Testing

@Suite struct `A row of what charges are made by` {
    private static let all = ImportRows.What.allCases.filter(\.isReference)

    /// The fields of the sample that `kabinet import --help` shows.
    private func sample(_ what: ImportRows.What) -> [String: String] {
        let columns = Reference.columns[what] ?? []
        let texts = (Reference.samples[what] ?? "").split(
            separator: ";", omittingEmptySubsequences: false)
        return Dictionary(
            uniqueKeysWithValues: zip(columns, texts).filter { !$0.1.isEmpty }.map {
                ($0.0, String($0.1))
            })
    }

    private func error(_ what: ImportRows.What, _ fields: [String: String]) -> ShapeError? {
        do {
            _ = try Reference.read(what, fields)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: all) func `is read from its sample, which has a field for every column`(
        what: ImportRows.What
    ) throws {
        let columns = try #require(Reference.columns[what])
        let texts = try #require(Reference.samples[what]).split(
            separator: ";", omittingEmptySubsequences: false)
        #expect(texts.count == columns.count)
        #expect(error(what, sample(what)) == nil)
    }

    @Test(arguments: all) func `names each column that is empty and may not be`(
        what: ImportRows.What
    ) throws {
        for column in try #require(Reference.required[what]) {
            var fields = sample(what)
            fields[column] = nil
            #expect(error(what, fields)?.pointer == "/\(column)", "\(what.rawValue) \(column)")
        }
    }

    @Test(arguments: all) func `takes garbage in no column that is no text`(what: ImportRows.What) {
        let texts: Set = [
            "name", "title", "title_en", "bank", "address", "phone", "email", "site", "schedule",
            "why", "kind", "company", "house", "of", "supplier", "penalty", "code",
        ]
        for column in Reference.columns[what] ?? [] where !texts.contains(column) {
            for garbage in ["?", "-1", "1e5", "0x1F", "2026-13-01", "\u{660}"] {
                // A number that is a number elsewhere.
                if column == "account", what == .contracts || what == .undersupply,
                    garbage != "?"
                {
                    continue
                }
                var fields = sample(what)
                fields[column] = garbage
                if what == .undersupply, column == "account" { fields["house"] = nil }
                let found = error(what, fields)
                #expect(
                    found?.pointer == "/\(column)",
                    "\(what.rawValue) \(column) takes \(garbage)")
            }
        }
    }

    @Test(arguments: all) func `takes no text without end`(what: ImportRows.What) {
        let long = String(repeating: "я", count: 100_000)
        for column in Reference.columns[what] ?? [] {
            var fields = sample(what)
            fields[column] = long
            #expect(error(what, fields) != nil, "\(what.rawValue) \(column)")
        }
    }

    @Test func `of a supplier has digits where money goes`() {
        for (column, wrong) in [
            ("account", "4070281013825012301"), ("account", "4070281013825012301A"),
            ("bic", "04452522"), ("correspondent", "301018104000000002255"),
        ] {
            var fields = sample(.suppliers)
            fields[column] = wrong
            #expect(error(.suppliers, fields)?.key == "shape.digits")
        }
    }

    @Test func `of a supplier has requisites whose check digits are right`() {
        let (inn, kpp, account, bank, bic) = (
            "/inn shape.inn", "/kpp shape.kpp", "/account shape.bank_key",
            "/correspondent shape.bank_key", "/bic shape.digits"
        )
        let table: [([String: String], String)] = [
            (["inn": "6200098765"], inn), (["inn": "620009876"], inn), (["inn": "0000000000"], inn),
            (["inn": "62000987630"], inn), (["inn": "500100732258"], inn),
            (["inn": "500100732249"], inn), (["inn": "770708389З"], inn),
            (["kpp": "62000100"], kpp), (["kpp": "6200010011"], kpp), (["kpp": "6200a1001"], kpp),
            (["kpp": "62000100A"], kpp), (["kpp": "6200Я001"], kpp),
            (["account": "40702810138250123018"], account),
            (["account": "40702810138250120317"], account),
            (["correspondent": "30101810400000000226"], bank),
            (["bic": "044525226"], account), (["bic": "0445252250"], bic),
        ]
        for (more, expected) in table {
            let fields = sample(.suppliers).merging(more) { $1 }
            let found = error(.suppliers, fields).map { "\($0.pointer) \($0.key)" }
            #expect(found == expected, "\(more)")
        }
    }

    @Test func `of a supplier takes every kind of requisites that there is`() {
        let table: [[String: String]] = [
            ["inn": "7707083893"], ["inn": "500100732259"], ["kpp": "7707AZ001"],
            // An account with the Bank of Russia itself, and one with the Treasury.
            [
                "bic": "044525000", "account": "40702810938250123017",
                "correspondent": "",
            ],
            [
                "bic": "017003983", "account": "03100643000000018500",
                "correspondent": "40102810445370000059",
            ],
        ]
        for more in table {
            let fields = sample(.suppliers).merging(more) { $1 }.filter { !$0.value.isEmpty }
            #expect(error(.suppliers, fields) == nil, "\(more)")
        }
    }

    @Test func `does not end before it begins`() {
        for what in [ImportRows.What.chargeKinds, .contracts] {
            var fields = sample(what)
            fields["to"] = "2025-12-31"
            #expect(error(what, fields) == ShapeError("/to", "shape.before", "from"))
            fields["to"] = "2026-01-01"
            #expect(error(what, fields) == nil)
        }
    }

    @Test func `is about the same as another of the same scope and day`() throws {
        let row = sample(.tariffs)
        func thing(_ more: [String: String]) throws -> [String] {
            let fields = row.merging(more) { $1 }
            return Reference.thing(.tariffs, try Reference.read(.tariffs, fields))
        }
        let same = try thing([:])
        #expect(try thing(["price": "1", "from": "01.07.2026"]) == same)
        for other in [
            ["kind": "gas"], ["company": "c"], ["house": "h"], ["from": "2026-07-02"],
            ["register": "T1"], ["zones": "2"], ["up_to": "100"],
        ] {
            #expect(try thing(other) != same, "\(other)")
        }
        for what in Self.all {
            let texts = Reference.thing(what, try Reference.read(what, sample(what)))
            #expect(texts.contains { !$0.isEmpty }, "\(what.rawValue)")
        }
    }

    @Test func `of a kind says whose volume it takes`() {
        var fields = sample(.chargeKinds)
        fields["service"] = nil
        #expect(error(.chargeKinds, fields) == ShapeError("/service", "shape.missing", "service"))
        fields["basis"] = "house_needs"
        #expect(error(.chargeKinds, fields) == ShapeError("/of", "shape.missing", "of"))
        fields["basis"] = "area"
        #expect(error(.chargeKinds, fields) == nil)
    }

    @Test(arguments: ["-1", "\u{2212}46,10", "-0,000001"])
    func `of tariffs says of a price below zero what stands there`(price: String) {
        var fields = sample(.tariffs)
        fields["price"] = price
        #expect(error(.tariffs, fields) == ShapeError("/price", "shape.price", price))
    }

    @Test func `of undersupply is of a house or of an account, not of both`() {
        var fields = sample(.undersupply)
        fields["account"] = "120"
        #expect(error(.undersupply, fields)?.key == "shape.house_or_account")
        fields["house"] = nil
        #expect(error(.undersupply, fields) == nil)
        fields["account"] = nil
        #expect(error(.undersupply, fields)?.key == "shape.house_or_account")
    }

    @Test func `has bounds`() {
        func key(_ what: ImportRows.What, _ column: String, _ text: String) -> String? {
            var fields = sample(what)
            fields[column] = text
            return error(what, fields)?.key
        }
        #expect(key(.multipliers, "value", "0,99") == "shape.multiplier")
        #expect(key(.multipliers, "value", "1") == nil)
        #expect(key(.multipliers, "value", "10") == nil)
        #expect(key(.multipliers, "value", "10,000001") == "shape.multiplier")
        #expect(key(.keyRates, "percent", "0") == "shape.percent")
        #expect(key(.keyRates, "percent", "100") == nil)
        #expect(key(.keyRates, "percent", "100,01") == "shape.percent")
        #expect(key(.keyRates, "percent", "14,001") == "shape.percent")
        #expect(key(.keyRates, "percent", "1000,01") == "shape.percent")
        #expect(key(.undersupply, "days", "32") == "shape.integer")
        // The sample is of April.
        #expect(key(.undersupply, "days", "31") == "shape.integer")
        #expect(key(.undersupply, "days", "30") == nil)
        #expect(key(.workdays, "working", "2") == "shape.flag")
        #expect(key(.dueDays, "day", "29") == "shape.integer")
        #expect(key(.dueDays, "day", "0") == "shape.integer")
        #expect(key(.houseAreas, "total", "0") == "shape.quantity")
        #expect(key(.tariffs, "zones", "4") == "shape.integer")
        #expect(key(.tariffs, "price", "1234567890123") == "shape.too_long")
        #expect(key(.tariffs, "price", "1,2345678") == "shape.too_long")
        #expect(key(.tariffs, "price", "сорок") == "shape.quantity")
        #expect(key(.tariffs, "price", "0") == nil)
        for end in ["0", "-1", "\u{2212}100"] {
            #expect(key(.tariffs, "up_to", end) == "shape.range_end")
        }
        #expect(key(.chargeKinds, "position", "10001") == "shape.integer")
        #expect(key(.suppliers, "code", "Водоканал") == "shape.slug")
    }
}

@Suite struct `A row of money` {
    private func payment(_ more: [String: String]) throws -> PostPayment {
        try PostPayment(
            row: [
                "account": "А-00123", "paid_on": "05.04.2026", "amount": "1 234,56",
                "number": "7",
            ].merging(more) { $1 })
    }

    private func key(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch let error as ShapeError {
            return "\(error.pointer) \(error.key)"
        } catch {
            return "\(error)"
        }
    }

    @Test func `is a payment as registers have it`() throws {
        let least = try payment([:])
        #expect(least.amount == Money(kopecks: 1234_56))
        #expect(least.paidOn.description == "2026-04-05")
        #expect(least.provider == "file")
        #expect(least.month == nil && least.kind == nil && !least.penalties)
        let all = try payment([
            "provider": "bank", "month": "04.2026", "kind": "water", "penalties": "да",
        ])
        #expect(all.month?.description == "2026-04")
        #expect(all.penalties && all.kind == "water" && all.provider == "bank")
        // What a row becomes is a command like another.
        #expect(
            try Command(.postPayment, all.json) == Command.ledger(.postPayment(all)))
    }

    @Test func `of no money or of garbage is refused`() {
        for (column, text, expected) in [
            ("amount", "0", "/amount shape.paid"), ("amount", "-5", "/amount shape.paid"),
            ("amount", "1,234", "/amount shape.paid"), ("amount", "", "/amount shape.paid"),
            ("amount", "99999999999", "/amount shape.paid"),
            ("amount", "=1+1", "/amount shape.paid"),
            ("paid_on", "30.02.2026", "/paid_on shape.date"),
            ("month", "2026-13", "/month shape.month"),
            ("penalties", "maybe", "/penalties shape.flag"),
            ("number", String(repeating: "1", count: 101), "/number shape.long"),
            ("account", "?", "/account shape.account"),
            ("provider", String(repeating: "b", count: 51), "/provider shape.long"),
            ("kind", String(repeating: "k", count: 51), "/kind shape.long"),
        ] {
            #expect(key { _ = try payment([column: text]) } == expected, "\(column) \(text)")
        }
    }

    @Test func `is a balance, below zero too`() throws {
        let row = ["account": "1", "kind": "water", "month": "2026-03", "amount": "-580,86"]
        #expect(try OpenBalance(row: row).amount == Money(kopecks: -580_86))
        #expect(try OpenBalance(row: row.merging(["penalty": "1"]) { $1 }).penalty)
        #expect(
            key { _ = try OpenBalance(row: row.merging(["month": "03/2026"]) { $1 }) }
                == "/month shape.month")
        #expect(key { _ = try OpenBalance(row: ["account": "1"]) } == "/kind shape.missing")
    }

    @Test func `is a charge, whose recalculation says why`() throws {
        let row = [
            "account": "1", "month": "2026-04", "kind": "water", "method": "norm",
            "volume": "7,556", "tariff": "46,10", "charged": "348,33",
        ]
        let charge = try PostCharge(row: row)
        #expect(charge.volume.millionths == 7_556_000 && charge.method == .norm)
        #expect(charge.recalculated == .zero)
        let why = row.merging(["recalculated": "-12"]) { $1 }
        #expect(key { _ = try PostCharge(row: why) } == "/ground shape.missing")
        let whole = try PostCharge(row: why.merging(["ground": "акт"]) { $1 })
        #expect(whole.recalculated == Money(kopecks: -12_00) && !whole.confirm)
        #expect(try PostCharge(row: row, confirm: true).json["confirm"]?.bool == true)
        #expect(try Command(.postCharge, whole.json) == Command.ledger(.postCharge(whole)))
        for (column, text) in [
            ("method", "guess"), ("volume", "-1"), ("tariff", "x"), ("charged", ""),
            ("ground", String(repeating: "g", count: 301)),
        ] {
            #expect(
                key { _ = try PostCharge(row: row.merging([column: text]) { $1 }) }?
                    .hasPrefix("/\(column) ") == true, "\(column)")
        }
    }
}
