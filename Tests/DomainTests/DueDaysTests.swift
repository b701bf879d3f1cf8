import Commands
import Testing

@testable import Domain

/// The law's due days, and the days off that the tests meet.
func dueDays(_ calendar: [String: Bool] = [:]) throws -> DueDays {
    var rows: [Day: Bool] = [:]
    for (text, isWorking) in calendar { rows[try day(text)] = isWorking }
    return DueDays(
        [
            DueDay(from: try month("2026-02"), day: 15),
            DueDay(from: try month("2000-01"), day: 10),
        ], calendar: ProductionCalendar(rows))
}

@Suite struct `Due days` {
    /// domain.md §2.2: the table of day counts.
    @Test(arguments: [
        ("2026-02", "2026-03-16", "2026-04-16", "2026-06-14", "2026-06-15"),
        ("2026-03", "2026-04-15", "2026-05-16", "2026-07-14", "2026-07-15"),
        ("2026-04", "2026-05-15", "2026-06-15", "2026-08-13", "2026-08-14"),
        ("2025-12", "2026-01-12", "2026-02-12", "2026-04-12", "2026-04-13"),
    ])
    func `of §2-2's table, with the days that cost something from then on`(
        bill: String, due: String, day31: String, day90: String, day91: String
    ) throws {
        let found = try dueDays().due(for: month(bill))
        #expect(found == (try day(due)))
        #expect(found.advanced(by: 31) == (try day(day31)))
        #expect(found.advanced(by: 90) == (try day(day90)))
        #expect(found.advanced(by: 91) == (try day(day91)))
    }

    @Test func `are the 10th until the bill of January 2026, and the 15th from February's on`()
        throws
    {
        let days = try dueDays()
        #expect(try days.due(for: month("2026-01")) == day("2026-02-10"))
        #expect(try days.due(for: month("2026-02")) == day("2026-03-16"))
    }

    @Test func `move over days off of the calendar, not only over weekends`() throws {
        // In 2021 the first ten days of May were off.
        let days = try dueDays(["2021-05-10": false])
        #expect(try days.due(for: month("2021-04")) == day("2021-05-11"))
    }

    @Test func `stay on a Saturday that is worked`() throws {
        let days = try dueDays(["2024-08-10": true])
        #expect(try days.due(for: month("2024-07")) == day("2024-08-10"))
        #expect(try dueDays().due(for: month("2024-07")) == day("2024-08-12"))
    }

    @Test func `of a contract may stand at the end of a short month`() throws {
        let days = DueDays(
            [DueDay(from: try month("2020-01"), day: 31)], calendar: ProductionCalendar())
        #expect(try days.due(for: month("2024-01")) == day("2024-02-29"))
        #expect(try days.due(for: month("2024-12")) == day("2025-01-31"))
    }

    @Test func `are not guessed before the first row`() throws {
        let early = try month("1999-12")
        #expect(throws: MissingRow.dueDay(early)) { try dueDays().due(for: early) }
    }

    @Test func `know the weekdays, also before 1970`() throws {
        let calendar = ProductionCalendar()
        #expect(calendar.isWorking(try day("1970-01-01")))
        #expect(!calendar.isWorking(try day("1969-12-28")))
        #expect(calendar.isWorking(try day("1969-12-29")))
        #expect(!calendar.isWorking(try day("2026-03-15")))
        #expect(!calendar.isWorking(try day("2026-03-14")))
    }
}
