/// A row of a file: texts by column, none of them empty. Read field by field; an error names its column.
public struct FileRow {
    private let fields: [String: String]
    public init(_ fields: [String: String]) { self.fields = fields }

    public func account() throws(ShapeError) -> AccountNumber {
        guard let account = AccountNumber(fields["account"] ?? "") else {
            throw ShapeError("/account", "shape.account")
        }
        return account
    }

    public func text(_ key: String, most: Int = 200) throws(ShapeError) -> String {
        guard let text = fields[key] else { throw ShapeError("/\(key)", "shape.missing", key) }
        guard text.unicodeScalars.count <= most else {
            throw ShapeError("/\(key)", "shape.long", "\(most)")
        }
        return text
    }

    public func day(_ key: String) throws(ShapeError) -> Day {
        guard let day = Day(try text(key)) else { throw ShapeError("/\(key)", "shape.date") }
        return day
    }

    public func optionalDay(_ key: String) throws(ShapeError) -> Day? {
        fields[key] == nil ? nil : try day(key)
    }

    /// Spreadsheets make «04.2026» and «01.04.2026» of a month.
    public func month(_ key: String) throws(ShapeError) -> Month {
        let text = try text(key)
        guard let month = Month(text) ?? Day("01.\(text)")?.month ?? Day(text)?.month else {
            throw ShapeError("/\(key)", "shape.month")
        }
        return month
    }

    public func optionalMonth(_ key: String) throws(ShapeError) -> Month? {
        fields[key] == nil ? nil : try month(key)
    }

    /// Roubles.
    public func money(_ key: String) throws(ShapeError) -> Money {
        guard let kopecks = Kopecks.read(roubles: try text(key)) else {
            throw ShapeError("/\(key)", "shape.money")
        }
        return Money(kopecks: kopecks)
    }

    /// Roubles that somebody paid: more than none.
    public func payment(_ key: String) throws(ShapeError) -> Money {
        guard let kopecks = Kopecks.read(roubles: try text(key)), kopecks > 0 else {
            throw ShapeError("/\(key)", "shape.paid")
        }
        return Money(kopecks: kopecks)
    }

    /// At most twelve digits before the comma and six behind it; a sign only where `signed`.
    public func quantity(_ key: String, signed: Bool = false) throws(ShapeError) -> Quantity {
        var text = try text(key)
        let isNegative = signed && (text.hasPrefix("-") || text.hasPrefix("\u{2212}"))
        if isNegative { text.removeFirst() }
        switch Quantity.read(text) {
        case .value(let value, _, _): return isNegative ? .zero - value : value
        case .tooLong: throw ShapeError("/\(key)", "shape.too_long")
        case .malformed: throw ShapeError("/\(key)", "shape.quantity")
        }
    }

    public func optionalQuantity(_ key: String) throws(ShapeError) -> Quantity? {
        fields[key] == nil ? nil : try quantity(key)
    }

    public func int(_ key: String, _ range: ClosedRange<Int>) throws(ShapeError) -> Int {
        guard let number = Int(try text(key)), range.contains(number) else {
            throw ShapeError("/\(key)", "shape.integer", "\(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    public func optionalInt(_ key: String, _ range: ClosedRange<Int>) throws(ShapeError) -> Int? {
        fields[key] == nil ? nil : try int(key, range)
    }

    /// «1», «да», «yes», «true» and their opposites; nothing is no.
    public func flag(_ key: String, standard: Bool = false) throws(ShapeError) -> Bool {
        switch fields[key]?.lowercased() {
        case nil: standard
        case "1", "да", "yes", "true": true
        case "0", "нет", "no", "false": false
        default: throw ShapeError("/\(key)", "shape.flag")
        }
    }

    public func choice<Value: RawRepresentable & CaseIterable>(
        _ key: String, _: Value.Type
    ) throws(ShapeError) -> Value where Value.RawValue == String {
        guard let value = Value(rawValue: try text(key)) else {
            throw ShapeError(
                "/\(key)", "shape.choice",
                Value.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return value
    }

    public func optionalChoice<Value: RawRepresentable & CaseIterable>(
        _ key: String, _ type: Value.Type
    ) throws(ShapeError) -> Value? where Value.RawValue == String {
        fields[key] == nil ? nil : try choice(key, type)
    }
}
