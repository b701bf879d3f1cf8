public import Commands

/// From the bill of this month on, a month is to be paid until this day of the next one, inclusive (ЖК РФ, ст. 155, ч. 1).
public struct DueDay: Sendable, Equatable {
    public var from: Month
    /// 1…31; in a shorter month its last day.
    public var day: Int

    public init(from: Month, day: Int) {
        self.from = from
        self.day = day
    }
}

/// The days that are not as their weekday says: holidays, and working Saturdays (the yearly decree that moves days off).
/// Without a row, Monday to Friday are worked.
public struct ProductionCalendar: Sendable, Equatable {
    private var working: [Day: Bool]

    public init(_ working: [Day: Bool] = [:]) { self.working = working }

    public func isWorking(_ day: Day) -> Bool {
        if let said = working[day] { return said }
        // 1970-01-01 was a Thursday; days before it count down.
        let weekday = ((Int(day.days) + 3) % 7 + 7) % 7
        return weekday < 5
    }

    /// The day itself, or the next one that is worked (ГК РФ, ст. 193).
    public func working(from day: Day) -> Day {
        var day = day
        while !isWorking(day) { day = day.advanced(by: 1) }
        return day
    }
}

/// Until which day the bill of a month is to be paid.
public struct DueDays: Sendable, Equatable {
    private var rows: [DueDay]
    private var calendar: ProductionCalendar

    /// The rows of one organization, in any order. What the law says where a contract says nothing else: the 10th, and from
    /// the bill of February 2026 the 15th, which no contract may change (177-ФЗ of 24.06.2025; Минстрой, 20.02.2026,
    /// № 9202-ДН/04).
    public init(_ rows: [DueDay], calendar: ProductionCalendar) {
        self.rows = rows.sorted { $0.from < $1.from }
        self.calendar = calendar
    }

    /// The last day on which the month's bill is paid in time. A day off moves it to the next working day (ГК РФ, ст. 193).
    public func due(for month: Month) throws(MissingRow) -> Day {
        guard let row = rows.last(where: { $0.from <= month }) else {
            throw MissingRow.dueDay(month)
        }
        let next = month.advanced(by: 1)
        let day = min(next.first.advanced(by: row.day - 1), next.last)
        return calendar.working(from: day)
    }
}

/// A dated row that is needed and not there: reference facts do not reach back that far, or were not imported. Nothing can
/// be decided without it, and nothing is guessed.
public enum MissingRow: Error, Sendable, Equatable {
    case dueDay(Month)
    case keyRate(Day)
    case penaltyRule(String, Day)
    case chargeKind(String)
}

extension Day {
    func advanced(by days: Int) -> Day { Day(days: self.days + Int32(days)) }
    static func - (left: Day, right: Day) -> Int { Int(left.days - right.days) }

    /// The same date some years later; 29 February becomes 1 March.
    func advanced(years: Int) -> Day {
        let civil = civil
        return Day(year: civil.year + years, month: civil.month, day: civil.day)
            ?? Day(year: civil.year + years, month: 3, day: 1) ?? self
    }
}

extension Month {
    public var last: Day { advanced(by: 1).first.advanced(by: -1) }
}
