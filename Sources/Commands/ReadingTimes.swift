/// When readings of an account are taken: the window that is in force there, and how far operators extended it (SF-152,
/// SF-153; domain.md §1.10). The lane decides by it when a reading arrives, the page tells people beforehand.
public struct ReadingTimes: Sendable, Equatable {
    /// An incident's extension: the window that was open last when it was given stays open through `until`.
    public struct Extension: Sendable, Equatable {
        /// The local day on which it was given.
        public var given: Day
        /// Inclusive, to 23:59:59.
        public var until: Day
        public init(given: Day, until: Day) {
            self.given = given
            self.until = until
        }
    }

    /// Nil: always open.
    public var window: Profile.Readings.Window?
    public var extensions: [Extension]

    public init(window: Profile.Readings.Window?, extensions: [Extension] = []) {
        self.window = window
        self.extensions = extensions
    }

    /// How far it is looked for another day of a window: from the 31st of a month over two that have none.
    private static let reach: Int32 = 93

    public func isOpen(on day: Day) -> Bool {
        guard let window else { return true }
        return window.contains(day.civil.day) || isExtended(on: day)
    }

    /// Open only because an operator extended it. The days between the window's end and the day on which the extension was
    /// given are covered too: what was refused on them may be decided again.
    public func isExtended(on day: Day) -> Bool {
        guard let window, !extensions.isEmpty, !window.contains(day.civil.day) else { return false }
        return extensions.contains { given in
            guard day <= given.until, let last = window.last(through: given.given) else {
                return false
            }
            return last < day
        }
    }

    /// The last day of the stretch that is open on `day`; nil where it has no end, or is not open.
    public func lastDay(from day: Day) -> Day? {
        guard isOpen(on: day) else { return nil }
        var last = day
        for _ in 0..<Self.reach {
            let next = Day(days: last.days + 1)
            guard isOpen(on: next) else { return last }
            last = next
        }
        return nil
    }

    /// The last day before `day` on which it was open.
    public func lastDay(before day: Day) -> Day? {
        for distance in 1...Self.reach {
            let before = Day(days: day.days - distance)
            if isOpen(on: before) { return before }
        }
        return nil
    }

    /// The first day behind `day` on which it opens.
    public func opens(after day: Day) -> Day? {
        for distance in 1...Self.reach {
            let next = Day(days: day.days + distance)
            if isOpen(on: next) { return next }
        }
        return nil
    }

    /// The month that a reading of this day is for, where no billing month is open: the calendar's; of a window across the
    /// month's end the month in which it began; of an extension that of the window which it extends.
    public func month(on day: Day) -> Month {
        guard let window else { return day.month }
        var day = day
        if isExtended(on: day), let last = window.last(through: day) { day = last }
        let isNext = window.from > window.to && day.civil.day <= window.to
        return isNext ? day.month.advanced(by: -1) : day.month
    }
}

extension Profile.Readings.Window {
    /// Whether a day of the month lies in the window; both ends count, to 23:59:59 of the last
    /// (domain.md §1.10).
    public func contains(_ day: Int) -> Bool {
        from <= to ? (from...to).contains(day) : day >= from || day <= to
    }

    /// The last day on which it was open, `day` included.
    func last(through day: Day) -> Day? {
        for distance in 0..<Int32(93) {
            let before = Day(days: day.days - distance)
            if contains(before.civil.day) { return before }
        }
        return nil
    }
}

extension Profile {
    /// A company's window, else the organization's.
    public func window(of company: String?) -> Readings.Window? {
        companies.first { $0.code == company }?.window ?? readings.window
    }
}

/// `window.extend`: after an incident readings are taken through a day, of a house, of a company, or of all.
public struct ExtendWindow: Sendable, Equatable {
    public var company: String?
    public var house: String?
    /// Inclusive.
    public var until: Day
    public var why: String

    public init(company: String? = nil, house: String? = nil, until: Day, why: String) {
        self.company = company
        self.house = house
        self.until = until
        self.why = why
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["company", "house", "until", "why"])
        company = try shape.optionalText("company", most: 50)
        house = try shape.optionalText("house", most: 50)
        until = try shape.day("until")
        why = try shape.text("why", most: 500)
    }

    public var json: JSON {
        .object([
            "company": company.map(JSON.string), "house": house.map(JSON.string),
            "until": .string(until.description), "why": .string(why),
        ])
    }
}

/// `window.set`: a house's own window from now on; without days that of its company again.
public struct SetWindow: Sendable, Equatable {
    public var house: String
    public var window: Profile.Readings.Window?
    public var why: String

    public init(house: String, window: Profile.Readings.Window?, why: String) {
        self.house = house
        self.window = window
        self.why = why
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["house", "from", "to", "why"])
        house = try shape.text("house", most: 50)
        why = try shape.text("why", most: 500)
        switch (try shape.optionalInt("from", 1...31), try shape.optionalInt("to", 1...31)) {
        case (nil, nil): window = nil
        case (let from?, let to?): window = .init(from: Int(from), to: Int(to))
        case (nil, _): throw ShapeError("/from", "shape.missing", "from")
        case (_, nil): throw ShapeError("/to", "shape.missing", "to")
        }
    }

    public var json: JSON {
        .object([
            "house": .string(house), "from": window.map { .int(Int64($0.from)) },
            "to": window.map { .int(Int64($0.to)) }, "why": .string(why),
        ])
    }
}
