import Commands
import Testing

private typealias Window = Profile.Readings.Window

private func day(_ text: String) throws -> Day { try #require(Day(text)) }

private func given(_ given: String, _ until: String) throws -> ReadingTimes.Extension {
    .init(given: try day(given), until: try day(until))
}

/// SF-152, SF-153, features.md §14 N.
@Suite struct `Reading times` {
    private let window = Window(from: 10, to: 25)

    @Test func `without a window are always`() throws {
        let times = ReadingTimes(window: nil, extensions: [try given("2026-04-01", "2026-04-02")])
        #expect(times.isOpen(on: try day("2026-04-30")))
        #expect(!times.isExtended(on: try day("2026-04-02")))
        #expect(times.lastDay(from: try day("2026-04-30")) == nil)
        #expect(times.month(on: try day("2026-04-30")) == Month("2026-04"))
    }

    @Test func `end with the window's last day and begin with its first`() throws {
        let times = ReadingTimes(window: window)
        #expect(times.lastDay(from: try day("2026-04-10")) == Day("2026-04-25"))
        #expect(times.lastDay(from: try day("2026-04-25")) == Day("2026-04-25"))
        #expect(times.lastDay(from: try day("2026-04-26")) == nil)
        #expect(times.opens(after: try day("2026-04-26")) == Day("2026-05-10"))
        #expect(times.lastDay(before: try day("2026-04-26")) == Day("2026-04-25"))
        #expect(times.lastDay(before: try day("2026-05-09")) == Day("2026-04-25"))
        let across = ReadingTimes(window: Window(from: 25, to: 3))
        #expect(across.lastDay(from: try day("2026-04-27")) == Day("2026-05-03"))
        #expect(across.month(on: try day("2026-05-03")) == Month("2026-04"))
        #expect(across.month(on: try day("2026-05-25")) == Month("2026-05"))
        // Days that some months lack.
        let last = ReadingTimes(window: Window(from: 31, to: 31))
        #expect(last.opens(after: try day("2026-01-31")) == Day("2026-03-31"))
        #expect(last.lastDay(before: try day("2026-03-30")) == Day("2026-01-31"))
        let whole = ReadingTimes(window: Window(from: 1, to: 31))
        #expect(whole.lastDay(from: try day("2026-01-31")) == nil)
    }

    @Test(arguments: [
        // Given while it was open, and afterwards.
        "2026-04-24", "2026-04-25", "2026-04-26", "2026-04-28",
    ])
    func `that are extended go on from the window's end through the day`(on: String) throws {
        let times = ReadingTimes(window: window, extensions: [try given(on, "2026-04-28")])
        for (text, open) in [
            ("2026-04-09", false), ("2026-04-25", true), ("2026-04-26", true),
            ("2026-04-28", true), ("2026-04-29", false), ("2026-05-09", false),
            ("2026-03-26", false), ("2026-03-28", false),
        ] {
            #expect(times.isOpen(on: try day(text)) == open, "\(text)")
        }
        #expect(times.isExtended(on: try day("2026-04-26")))
        #expect(!times.isExtended(on: try day("2026-04-25")))
        #expect(times.lastDay(from: try day("2026-04-20")) == Day("2026-04-28"))
        #expect(times.opens(after: try day("2026-04-28")) == Day("2026-05-10"))
        #expect(times.lastDay(before: try day("2026-04-29")) == Day("2026-04-28"))
    }

    @Test func `that are extended over the month's end are for the window's month`() throws {
        let times = ReadingTimes(
            window: window, extensions: [try given("2026-04-27", "2026-05-03")])
        #expect(times.isOpen(on: try day("2026-05-02")))
        #expect(times.month(on: try day("2026-05-02")) == Month("2026-04"))
        #expect(times.month(on: try day("2026-05-04")) == Month("2026-05"))
        let across = ReadingTimes(
            window: Window(from: 25, to: 3), extensions: [try given("2026-05-03", "2026-05-09")])
        #expect(across.month(on: try day("2026-05-08")) == Month("2026-04"))
    }

    @Test func `may be extended twice`() throws {
        let times = ReadingTimes(
            window: window,
            extensions: [
                try given("2026-04-25", "2026-04-27"), try given("2026-04-27", "2026-04-30"),
            ])
        #expect(times.lastDay(from: try day("2026-04-25")) == Day("2026-04-30"))
        // Given in the gap, it is of the window before, not of the next one.
        let early = ReadingTimes(
            window: window, extensions: [try given("2026-05-02", "2026-05-05")])
        #expect(early.isOpen(on: try day("2026-04-27")))
        #expect(early.opens(after: try day("2026-05-05")) == Day("2026-05-10"))
    }

    @Test(arguments: 0..<200)
    func `are never fewer for an extension, and a stretch has no gap`(seed: Int) throws {
        var random = Seeded(seed)
        let window = Window(from: random.below(31) + 1, to: random.below(31) + 1)
        let start = try day("2026-01-01").days
        let extensions = (0..<random.below(4)).map { _ in
            let given = start + Int32(random.below(300))
            return ReadingTimes.Extension(
                given: Day(days: given), until: Day(days: given + Int32(random.below(40))))
        }
        let bare = ReadingTimes(window: window)
        let times = ReadingTimes(window: window, extensions: extensions)
        for offset in 0..<Int32(360) {
            let day = Day(days: start + offset)
            if bare.isOpen(on: day) { #expect(times.isOpen(on: day)) }
            #expect(
                times.isOpen(on: day) == (bare.isOpen(on: day) || times.isExtended(on: day)))
            if let last = times.lastDay(from: day) {
                #expect(last >= day && !times.isOpen(on: Day(days: last.days + 1)))
            }
            if !times.isOpen(on: day), let next = times.opens(after: day) {
                #expect(times.isOpen(on: next) && !times.isOpen(on: Day(days: next.days - 1)))
            }
        }
    }
}

@Suite struct `A row about a house` {
    private func meter(_ fields: [String: String]) -> ShapeError? {
        do throws(ShapeError) {
            _ = try HouseMeter(fields)
            return nil
        } catch {
            return error
        }
    }

    private func reading(_ fields: [String: String]) -> ShapeError? {
        do throws(ShapeError) {
            _ = try HouseReading(fields)
            return nil
        } catch {
            return error
        }
    }

    private let good = ["house": "h", "service": "heat", "meter": "M", "digits": "6"]

    @Test(arguments: [
        ("house", "", "shape.missing"), ("house", "a\u{7}", "shape.control"),
        ("house", String(repeating: "ж", count: 51), "shape.long"),
        ("service", "water", "shape.choice"), ("digits", "0", "shape.integer"),
        ("digits", "5.0", "shape.integer"), ("digits", "١", "shape.integer"),
        ("decimals", "7", "shape.integer"), ("ratio", "0", "shape.integer"),
        ("ratio", "100001", "shape.integer"), ("installed_on", "вчера", "shape.date"),
        ("initial_value", "-1", "shape.quantity"), ("initial_value", "1e3", "shape.quantity"),
    ])
    func `is a meter of its shape, or says what is not`(
        field: String, text: String, key: String
    ) {
        #expect(meter(good) == nil)
        let error = meter(good.merging([field: text]) { $1 })
        #expect(error?.pointer == "/\(field)")
        #expect(error?.key == key)
    }

    @Test func `is not removed before it was installed`() {
        let dates = ["installed_on": "2026-04-02", "removed_on": "2026-04-01"]
        #expect(
            meter(good.merging(dates) { $1 })
                == ShapeError("/removed_on", "shape.before", "installed_on"))
    }

    @Test(arguments: [
        (["month": "2026-13"], "/month", "shape.month"), ([:], "/month", "shape.missing"),
        (["month": "2026-04"], "/value", "shape.missing"),
        (["month": "2026-04", "value": "1", "volume": "1"], "/volume", "shape.either"),
        (["month": "2026-04", "volume": "1;2"], "/volume", "shape.quantity"),
        (
            ["month": "2026-04", "value": String(repeating: "1", count: 65)], "/value",
            "shape.long"
        ),
        (["month": "2026-04", "value": "1", "taken_on": "30.02.2026"], "/taken_on", "shape.date"),
    ])
    func `is a month of a meter, by value or by volume`(
        fields: [String: String], pointer: String, key: String
    ) {
        let error = reading(
            ["house": "h", "service": "heat", "meter": "M"].merging(fields) { $1 })
        #expect(error?.pointer == pointer)
        #expect(error?.key == key)
    }

    @Test(arguments: ["2026-04", "04.2026", "01.04.2026", "2026-04-01"])
    func `takes the ways in which spreadsheets write months`(text: String) throws {
        let row = try HouseReading([
            "house": "h", "service": "heat", "meter": "M", "month": text, "volume": "7,5",
        ])
        #expect(row.month == Month("2026-04"))
        #expect(row.stand == .volume(Quantity(millionths: 7_500_000)))
    }
}
