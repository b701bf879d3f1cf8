/// A meter of a whole house («общедомовой прибор учёта», SF-114, SF-155) as a row of `kabinet import house-meters` has it.
/// What is not given stays as it was.
public struct HouseMeter: Sendable, Equatable {
    public var house: String
    public var service: Service
    public var meter: String
    /// Integer digits of the dial, 1…12, and fraction digits that are read, 0…6.
    public var digits: Int
    public var decimals: Int
    /// What the dial's difference is multiplied by («коэффициент трансформации»).
    public var ratio: Int?
    public var installedOn: Day?
    public var verifiedUntil: Day?
    public var removedOn: Day?
    public var initial: Quantity?

    /// In the order in which they are staged.
    public static let columns = [
        "house", "service", "meter", "digits", "decimals", "ratio", "installed_on",
        "verified_until", "removed_on", "initial_value",
    ]

    public init(_ fields: [String: String]) throws(ShapeError) {
        let row = HouseRow(fields)
        house = try row.text("house")
        service = try row.service()
        meter = try row.text("meter")
        digits = try row.int("digits", 1...12)
        decimals = try row.optionalInt("decimals", 0...6) ?? 0
        ratio = try row.optionalInt("ratio", 1...100_000)
        installedOn = try row.day("installed_on")
        verifiedUntil = try row.day("verified_until")
        removedOn = try row.day("removed_on")
        initial = try row.quantity("initial_value")
        if let installedOn, let removedOn, removedOn < installedOn {
            throw ShapeError("/removed_on", "shape.before", "installed_on")
        }
    }
}

/// A month of a house's meter as a row of `kabinet import house-readings` has it: what stood on the dial, or what was used
/// where that is told by an act of the supplier.
public struct HouseReading: Sendable, Equatable {
    public enum Stand: Sendable, Equatable {
        /// As typed: the rule judges it against the dial.
        case value(String)
        case volume(Quantity)
    }
    public var house: String
    public var service: Service
    public var meter: String
    public var month: Month
    /// Nil: the month's last day.
    public var takenOn: Day?
    public var stand: Stand

    /// In the order in which they are staged.
    public static let columns = [
        "house", "service", "meter", "month", "taken_on", "value", "volume",
    ]

    public init(_ fields: [String: String]) throws(ShapeError) {
        let row = HouseRow(fields)
        house = try row.text("house")
        service = try row.service()
        meter = try row.text("meter")
        month = try row.month("month")
        takenOn = try row.day("taken_on")
        switch (fields["value"], try row.quantity("volume")) {
        case (let value?, nil):
            guard value.utf8.count <= 64 else { throw ShapeError("/value", "shape.long", "64") }
            stand = .value(value)
        case (nil, let volume?): stand = .volume(volume)
        case (nil, nil): throw ShapeError("/value", "shape.missing", "value")
        case (_?, _?): throw ShapeError("/volume", "shape.either", "value, volume")
        }
    }
}

/// The fields of a row about a house, by column; empty ones are not there.
private struct HouseRow {
    let fields: [String: String]
    init(_ fields: [String: String]) { self.fields = fields }

    func text(_ key: String) throws(ShapeError) -> String {
        guard let text = fields[key], !text.isEmpty else {
            throw ShapeError("/\(key)", "shape.missing", key)
        }
        guard text.unicodeScalars.count <= 50 else {
            throw ShapeError("/\(key)", "shape.long", "50")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw ShapeError("/\(key)", "shape.control")
        }
        return text
    }

    func service() throws(ShapeError) -> Service {
        guard let service = Service(rawValue: try text("service")) else {
            throw ShapeError(
                "/service", "shape.choice",
                Service.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return service
    }

    func optionalInt(_ key: String, _ range: ClosedRange<Int>) throws(ShapeError) -> Int? {
        guard let text = fields[key] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw ShapeError("/\(key)", "shape.integer", "\(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    func int(_ key: String, _ range: ClosedRange<Int>) throws(ShapeError) -> Int {
        guard let number = try optionalInt(key, range) else {
            throw ShapeError("/\(key)", "shape.missing", key)
        }
        return number
    }

    func day(_ key: String) throws(ShapeError) -> Day? {
        guard let text = fields[key] else { return nil }
        guard let day = Day(text) else { throw ShapeError("/\(key)", "shape.date") }
        return day
    }

    func month(_ key: String) throws(ShapeError) -> Month {
        guard let text = fields[key] else { throw ShapeError("/\(key)", "shape.missing", key) }
        // Spreadsheets make «04.2026» and «01.04.2026» of a month.
        guard let month = Month(text) ?? Day("01.\(text)")?.month ?? Day(text)?.month else {
            throw ShapeError("/\(key)", "shape.month")
        }
        return month
    }

    func quantity(_ key: String) throws(ShapeError) -> Quantity? {
        guard let text = fields[key] else { return nil }
        guard case .value(let quantity, _, _) = Quantity.read(text) else {
            throw ShapeError("/\(key)", "shape.quantity")
        }
        return quantity
    }
}
