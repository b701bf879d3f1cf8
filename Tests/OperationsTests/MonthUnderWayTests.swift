import Commands
import Testing

@testable import Operations

@Suite struct `A month to be closed` {
    private func day(_ text: String) throws -> Day { try #require(Day(text)) }

    private func under(
        way today: String, _ times: ReadingTimes..., month: String = "2026-04"
    ) throws -> [String]? {
        let found = MonthUnderWay(try #require(Month(month)), on: try day(today), times)
        return found.map { found in
            [found.daysLeft?.description, found.readingsUntil?.description].map { $0 ?? "" }
        }
    }

    @Test func `is not over before its last day has passed`() throws {
        #expect(try under(way: "2026-04-01") == ["30", ""])
        #expect(try under(way: "2026-04-30") == ["1", ""])
        #expect(try under(way: "2026-05-01") == nil)
        // What has not begun is refused for that.
        #expect(try under(way: "2026-03-31") == nil)
    }

    @Test func `waits for the readings that are still taken for it`() throws {
        let within = ReadingTimes(window: .init(from: 15, to: 25))
        #expect(try under(way: "2026-04-20", within) == ["11", "2026-04-25"])
        #expect(try under(way: "2026-04-26", within) == ["5", ""])
        // Those of May are for May.
        #expect(try under(way: "2026-05-20", within) == nil)
        let across = ReadingTimes(window: .init(from: 25, to: 3))
        #expect(try under(way: "2026-05-02", across) == ["", "2026-05-03"])
        #expect(try under(way: "2026-05-04", across) == nil)
        #expect(try under(way: "2026-05-02", within, across) == ["", "2026-05-03"])
        let extended = ReadingTimes(
            window: .init(from: 15, to: 25),
            extensions: [.init(given: try day("2026-04-28"), until: try day("2026-05-05"))])
        #expect(try under(way: "2026-05-01", extended) == ["", "2026-05-05"])
        // Where they are always taken there is nothing to wait for.
        #expect(try under(way: "2026-05-01", ReadingTimes(window: nil)) == nil)
    }
}
