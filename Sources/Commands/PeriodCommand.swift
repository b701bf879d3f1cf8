/// A part of an organization's accounts whose month is charged, foreseen or opened again: whole houses, or, of accounts in no
/// house, a span of ids.
public struct PeriodPart: Sendable, Equatable {
    public var month: Month
    /// In the order of their bytes.
    public var firstHouse: String
    public var lastHouse: String
    public var ids: ClosedRange<Int64>

    public init(
        month: Month, from firstHouse: String, to lastHouse: String, ids: ClosedRange<Int64>
    ) {
        self.month = month
        self.firstHouse = firstHouse
        self.lastHouse = lastHouse
        self.ids = ids
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(
            json, keys: ["month", "from_house", "to_house", "from_id", "to_id"])
        month = try shape.month("month")
        firstHouse = try shape.optionalText("from_house", most: 50) ?? ""
        lastHouse = try shape.optionalText("to_house", most: 50) ?? ""
        let from = try shape.int("from_id", 0...Int64.max)
        let to = try shape.int("to_id", 0...Int64.max)
        guard from <= to else { throw ShapeError("/to_id", "shape.integer", "\(from)…") }
        ids = from...to
    }

    public var json: JSON {
        .object([
            "month": .string(month.description),
            "from_house": firstHouse.isEmpty ? nil : .string(firstHouse),
            "to_house": lastHouse.isEmpty ? nil : .string(lastHouse),
            "from_id": .int(ids.lowerBound), "to_id": .int(ids.upperBound),
        ])
    }
}

/// A closed month is opened again: what its close posted is taken back.
public struct ReopenPeriod: Sendable, Equatable {
    public var month: Month
    public var why: String

    public init(month: Month, why: String) {
        self.month = month
        self.why = why
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["month", "why"])
        month = try shape.month("month")
        why = try shape.text("why", most: 500)
    }

    public var json: JSON {
        .object(["month": .string(month.description), "why": .string(why)])
    }
}
