import Testing

@testable import Commands

@Suite struct `The detail of penalties` {
    func detail() throws -> PenaltyDetail {
        func day(_ text: String) throws -> Day { try #require(Day(text)) }
        return PenaltyDetail(
            kind: "heating", month: try #require(Month("2026-03")), due: try day("2026-04-15"),
            through: try day("2026-05-31"),
            segments: [
                .init(
                    from: try day("2026-05-16"), to: try day("2026-05-20"),
                    principal: Money(kopecks: 543_217), rate: 950, denominator: 300,
                    amount: Quantity(millionths: 8_600_936)),
                .init(
                    from: try day("2026-05-21"), to: try day("2026-05-31"),
                    principal: Money(kopecks: 343_217), rate: 950, denominator: 300,
                    amount: Quantity(millionths: 11_955_392)),
            ], exact: Quantity(millionths: 20_556_328), before: Money(kopecks: 3000),
            amount: Money(kopecks: -944))
    }

    @Test func `comes back from JSON as it was`() throws {
        var detail = try detail()
        #expect(try PenaltyDetail(JSON.parse(detail.json.bytes)) == detail)
        detail.segments = []
        #expect(try PenaltyDetail(JSON.parse(detail.json.bytes)) == detail)
    }

    @Test func `reads as it stands`() throws {
        var detail = try detail()
        detail.segments.removeLast()
        #expect(
            String(decoding: detail.json.bytes, as: UTF8.self) == """
                {"kind":"heating","month":"2026-03","due":"2026-04-15","through":"2026-05-31",\
                "segments":[{"from":"2026-05-16","to":"2026-05-20","principal":543217,\
                "rate":950,"denominator":300,"amount":"8.600936"}],\
                "exact":"20.556328","before":3000,"amount":-944}
                """)
        #expect(detail.segments.map(\.days) == [5])
    }

    @Test(arguments: [
        ("/due", "\"due\":\"2026-04-15\"", "\"due\":\"15\""),
        ("/before", "\"before\":3000", "\"before\":\"30\""),
        ("/other", "\"segments\":[", "\"other\":["),
        (
            "/segments/1/denominator", "\"denominator\":300,\"amount\":\"11",
            "\"denominator\":0,\"amount\":\"11"
        ),
        ("/segments/0/amount", "\"amount\":\"8.600936\"", "\"amount\":\"-1\""),
    ])
    func `is refused where it is damaged`(pointer: String, good: String, bad: String) throws {
        let text = String(decoding: try detail().json.bytes, as: UTF8.self)
        let parts = text.split(separator: good, maxSplits: 1, omittingEmptySubsequences: false)
        #expect(parts.count == 2)
        let json = try JSON.parse(Array(parts.joined(separator: bad).utf8))
        let error = #expect(throws: ShapeError.self) { try PenaltyDetail(json) }
        #expect(error?.pointer == pointer)
    }

    @Test func `without segments says so`() throws {
        let members = try #require(detail().json.members).filter { $0.key != "segments" }
        #expect(throws: ShapeError("/segments", "shape.list")) {
            try PenaltyDetail(.object(members))
        }
    }
}
