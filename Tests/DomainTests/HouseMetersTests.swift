import Commands
import Testing

@testable import Domain

/// SF-114, SF-155.
@Suite struct `A house's meter` {
    private struct House {
        var organization: OrganizationFacts
        var meter: HouseMeterFacts?
        var confirm = false

        init(_ more: [String: String] = [:]) throws {
            organization = try World().organization
            try put(more)
        }

        @discardableResult
        mutating func put(_ more: [String: String] = [:], there: Bool = true) throws -> Refusal? {
            let fields = ["house": "h", "service": "electricity", "meter": "M", "digits": "5"]
            return keep(
                HouseMeters.put(
                    try HouseMeter(fields.merging(more) { $1 }), newID: 7, found: meter,
                    houseIsThere: there, organization: organization))
        }

        @discardableResult
        mutating func record(
            _ month: String, _ value: String? = nil, volume: String? = nil, on: String? = nil,
            house: String = "h"
        ) throws -> Refusal? {
            var fields = ["house": house, "service": "electricity", "meter": "M", "month": month]
            fields["value"] = value
            fields["volume"] = volume
            fields["taken_on"] = on
            return keep(
                HouseMeters.record(
                    try HouseReading(fields), found: meter, today: try day("2026-12-31"),
                    organization: organization, confirm: confirm))
        }

        private(set) var touched: [Month] = []
        private(set) var isUnchanged = false

        private mutating func keep(
            _ outcome: Result<HouseMeters.Outcome, Refusal>
        ) -> Refusal? {
            isUnchanged = false
            touched = []
            switch outcome {
            case .failure(let refusal): return refusal
            case .success(.unchanged): isUnchanged = true
            case .success(.changed(let changed, let months)): (meter, touched) = (changed, months)
            }
            return nil
        }

        var volumes: [String] { (meter?.months ?? []).map(\.volume.description) }
    }

    @Test func `uses what its dial went on by, times its ratio`() throws {
        var house = try House(["ratio": "40", "initial_value": "100", "decimals": "1"])
        try house.record("2026-01", "110,5")
        try house.record("2026-02", "111")
        #expect(house.volumes == ["420", "20"])
    }

    @Test func `tells a month by an act, which the next value does not count again`() throws {
        var house = try House()
        try house.record("2026-01", "100")
        try house.record("2026-02", volume: "30")
        try house.record("2026-03", "150")
        #expect(house.volumes == ["100", "30", "20"])
        #expect(try house.record("2026-04", volume: "5") == nil)
        #expect(try house.record("2026-05", "154")?.code == .readingLess)
        #expect(house.volumes == ["100", "30", "20", "5"])
    }

    @Test func `is measured anew where a month is put between, or another value comes`() throws {
        var house = try House()
        try house.record("2026-01", "100")
        try house.record("2026-03", "300")
        #expect(house.volumes == ["100", "200"])
        try house.record("2026-02", "150")
        #expect(house.volumes == ["100", "50", "150"])
        #expect(house.touched.map(\.description) == ["2026-02", "2026-03"])
        try house.record("2026-02", "250")
        #expect(house.volumes == ["100", "150", "50"])
        // What stands between two others is between them.
        for value in ["99", "301"] {
            #expect(try house.record("2026-02", value)?.code == .readingLess)
        }
        #expect(house.volumes == ["100", "150", "50"])
    }

    @Test func `is not written again by the same row`() throws {
        var house = try House()
        try house.record("2026-01", "100", on: "2026-01-25")
        try house.record("2026-01", "100", on: "2026-01-25")
        #expect(house.isUnchanged)
        try house.record("2026-01", "100")
        #expect(house.isUnchanged)
        try house.record("2026-01", "100", on: "2026-01-26")
        #expect(!house.isUnchanged && house.touched.count == 1)
        try house.put()
        #expect(house.isUnchanged)
    }

    @Test func `went over when the use is like the usual one, or somebody says so`() throws {
        var house = try House(["initial_value": "99900"])
        try house.record("2026-01", "99930")
        #expect(try house.record("2026-02", "00010")?.code == .readingLess)
        for (month, value) in [("2026-02", "99950"), ("2026-03", "99980")] {
            try house.record(month, value)
        }
        #expect(try house.record("2026-04", "10") == nil)
        #expect(house.volumes == ["30", "20", "30", "30"])
        #expect(
            try house.record("2026-05", "5")?.isSameKind(.readingLess, confirmable: true) == true)
        house.confirm = true
        #expect(try house.record("2026-05", "5") == nil)
        #expect(house.volumes.last == "99995")
    }

    @Test func `of far more than usual is asked about`() throws {
        var house = try House()
        for (month, value) in [("2026-01", "10"), ("2026-02", "20"), ("2026-03", "30")] {
            try house.record(month, value)
        }
        #expect(
            try house.record("2026-04", "61")
                == Refusal(
                    .readingSoft, ["v": "31", "unit": "electricity", "avg": "10"],
                    confirmable: true))
        #expect(try house.record("2026-04", "60") == nil)
        #expect(try house.record("2026-05", volume: "1000")?.code == .readingSoft)
        // Two months have twice the use.
        #expect(try house.record("2026-06", "150") == nil)
    }

    @Test func `stays what it was in a month that is closed`() throws {
        var house = try House()
        try house.record("2026-01", "100")
        try house.record("2026-02", "150")
        house.organization.periods = [
            PeriodFacts(month: try month("2026-02"), openedAt: 0, closedAt: 5)
        ]
        let closed = Refusal(.readingClosed, ["month": "2026-02", "from": "1"])
        #expect(try house.record("2026-02", "151") == closed)
        // It would change the one behind it.
        #expect(try house.record("2026-01", "101") == closed)
        #expect(try house.put(["ratio": "2"]) == closed)
        #expect(try house.put(["initial_value": "7"]) == nil)
        #expect(try house.record("2026-02", "150") == nil && house.isUnchanged)
        #expect(try house.record("2026-03", "170") == nil)
        #expect(house.volumes == ["93", "50", "20"])
    }

    @Test func `is read as its dial is`() throws {
        var house = try House(["decimals": "1", "installed_on": "2026-01-10"])
        for (value, code) in [
            ("1,25", Refusal.Code.readingFormat), ("100000", .readingCapacity),
            ("-1", .readingFormat), ("1e3", .readingFormat), ("٣", .readingFormat),
            ("12345678901234567890", .readingCapacity), ("", .readingFormat),
        ] {
            #expect(try house.record("2026-02", value)?.code == code, "\(value)")
        }
        #expect(try house.record("2026-01", "1", on: "2026-01-09")?.code == .readingDate)
        #expect(try house.record("2027-01", "1")?.code == .readingFuture)
        #expect(try house.record("2026-12", "1", on: "2027-01-01")?.code == .readingFuture)
        #expect(try house.record("2026-02", "1", house: "x")?.code == .notFound)
        #expect(house.volumes.isEmpty)
        try house.record("2026-03", "1", on: "2026-03-25")
        #expect(try house.record("2026-02", "0,5", on: "2026-03-26")?.code == .readingDate)
        #expect(try house.record("2026-04", "2", on: "2026-03-24")?.code == .readingDate)
    }

    @Test func `that was removed is kept with what it told, and tells no more`() throws {
        var house = try House()
        try house.record("2026-01", "100")
        #expect(try house.put(["removed_on": "2026-01-30"])?.code == .readingDate)
        #expect(try house.put(["removed_on": "2026-02-10"]) == nil)
        #expect(try house.record("2026-02", "130") == nil)
        #expect(house.meter?.months.last?.takenOn == Day("2026-02-10"))
        #expect(try house.record("2026-02", "131", on: "2026-02-11")?.code == .readingMeterRemoved)
        #expect(try house.record("2026-03", "140")?.code == .readingMeterRemoved)
        #expect(house.volumes == ["100", "30"])
    }

    @Test func `stands in a house that is there, and in one alone`() throws {
        var house = try House()
        #expect(try house.put(["house": "x"])?.code == .meterExists)
        house.meter = nil
        #expect(
            try house.put(there: false) == Refusal(.notFound, ["what": "house", "house": "h"]))
        #expect(try house.put(["initial_value": "100000"])?.code == .readingCapacity)
        try house.put(["digits": "6"])
        try house.record("2026-01", "123456")
        #expect(try house.put(["digits": "5"])?.code == .readingCapacity)
    }

    @Test func `of the widest dial and the highest ratio stops at what a volume holds`() throws {
        var house = try House(["digits": "12", "ratio": "100000"])
        #expect(try house.record("2026-01", "999999999999")?.code == .readingCapacity)
        #expect(try house.record("2026-01", "90000000") == nil)
        #expect(house.volumes == ["9000000000000"])
    }

    /// Whatever comes in whatever order: the volumes of all months are what the dial went on by, and those of acts are part
    /// of it.
    @Test(arguments: 0..<200)
    func `loses no volume and invents none`(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        let ratio = [1, 3, 40].randomElement(using: &random) ?? 1
        var house = try House(["ratio": "\(ratio)", "initial_value": "99000"])
        house.confirm = true
        for _ in 0..<40 {
            let month =
                "2026-\(["01", "02", "03", "04", "05", "06"].randomElement(using: &random) ?? "01")"
            let number = "\(Int.random(in: 0..<100_000, using: &random))"
            let isAct = Int.random(in: 0..<4, using: &random) == 0
            let before = house.meter
            let refusal = try house.record(
                month, isAct ? nil : number, volume: isAct ? "\(number.count)" : nil)
            if refusal != nil { #expect(house.meter == before) }
            guard let meter = house.meter else { return }
            #expect(meter.months.map(\.month) == meter.months.map(\.month).sorted())
            #expect(meter.months.allSatisfy { $0.volume >= .zero })
            guard let last = meter.months.lastIndex(where: { $0.value != nil }),
                let value = meter.months[last].value
            else { continue }
            let rolls = Int128(meter.months[...last].count(where: \.rolled))
            let dial =
                Int128(value.millionths) - Int128(meter.initial.millionths)
                + rolls * Int128(meter.capacity.millionths)
            let used = meter.months[...last].reduce(Int128(0)) {
                $0 + Int128($1.volume.millionths)
            }
            #expect(used == dial * Int128(ratio))
        }
    }
}

extension Refusal {
    fileprivate func isSameKind(_ code: Code, confirmable: Bool) -> Bool {
        self.code == code && self.confirmable == confirmable
    }
}
