import Commands
import Testing

@testable import Domain

@Suite struct `A deleted reading` {
    private func id(_ low: UInt64) -> CommandID { CommandID(high: 0, low: low) }

    @Test func `gives way to the one that it had replaced, step by step`() throws {
        var world = try World(initial: "0")
        try world.submit(["5"], on: "2026-04-11")
        try world.submit(["6"], on: "2026-04-12")
        try world.submit(["7"], on: "2026-04-13")
        #expect(world.volumes == ["7"])
        #expect(
            world.delete(id(3)).changes == [
                .readingDeleted(id(3), meter: 2, try month("2026-04")),
                .readingRestored(id(2), meter: 2, try month("2026-04")),
            ])
        #expect(world.volumes == ["6"])
        world.delete(id(2))
        #expect(world.volumes == ["5"])
        #expect(world.delete(id(1)).changes.count == 1)
        #expect(world.meter.history.isEmpty && world.meter.replaced.isEmpty)
        // None of them is there any more.
        for low in 1...3 as ClosedRange<UInt64> {
            #expect(world.delete(id(low)).refusal == Refusal(.notFound, ["what": "reading"]))
        }
    }

    @Test func `is found only where it is`() throws {
        var world = try World(initial: "0")
        try world.submit(["5"], on: "2026-04-11")
        try world.submit(["6"], on: "2026-04-12")
        let gone = Refusal(.notFound, ["what": "reading"])
        #expect(world.delete(nil).refusal == gone)
        #expect(world.delete(id(77)).refusal == gone)
        // The one that was replaced counts for nothing.
        #expect(world.delete(id(1)).refusal == gone)
        #expect(
            Readings.delete(
                DeleteReading(account: world.account.card.account, reading: ""), id: id(2),
                account: nil, organization: world.organization
            ).refusal == gone)
    }

    @Test func `is refused when it is calculated, or when a later one is`() throws {
        var world = try World(initial: "0", window: .init(from: 10, to: 25))
        for (date, value) in [("2026-03-12", "5"), ("2026-04-12", "8"), ("2026-05-12", "9")] {
            try world.submit([value], on: date)
        }
        let before = world.account
        world.account.meters[0].history[1].calculated = true
        for low in [1, 2] as [UInt64] {
            #expect(
                world.delete(id(low)).refusal
                    == Refusal(.readingClosed, ["month": "2026-04", "from": "10"]))
        }
        #expect(world.delete(id(3)).refusal == nil)
        world.account = before
        #expect(world.delete(id(1)).refusal == nil)
    }

    @Test func `between others leaves its use to the next one`() throws {
        var world = try World(initial: "0")
        for (date, value) in [("2026-02-12", "5"), ("2026-03-12", "8"), ("2026-04-12", "12")] {
            try world.submit([value], on: date)
        }
        world.delete(id(2))
        #expect(world.volumes == ["5", "7"])
    }

    @Test func `between others leaves its roll-over to the next one`() throws {
        var world = try World(initial: "99990")
        for (date, value) in [("2026-02-12", "99995"), ("2026-03-12", "2"), ("2026-04-12", "6")] {
            try world.submit([value], on: date)
        }
        #expect(world.volumes == ["5", "7", "4"])
        #expect(
            world.delete(id(2)).changes == [
                .readingDeleted(id(2), meter: 2, try month("2026-03")),
                .readingRolled(id(3), meter: 2, 1),
            ])
        #expect(world.volumes == ["5", "11"])
    }

    @Test func `leaves its roll-over of each register alone`() throws {
        var world = try World(
            service: .electricity, registers: 2, digits: 5, decimals: 0, initial: "99990")
        try world.submit(["99995", "3"], on: "2026-02-12")
        try world.submit(["4", "9"], on: "2026-03-12")
        try world.submit(["8", "11"], on: "2026-04-12")
        let all = { (world: World) in
            world.months().reduce(Quantity.zero) { $0 + $1.volumes.reduce(.zero, +) }
        }
        let used = all(world)
        world.delete(id(2))
        #expect(world.meter.history.map(\.rolled) == [1, 2])
        world.delete(id(1))
        #expect(world.meter.history.map(\.rolled) == [3])
        #expect(all(world) == used)
    }

    @Test func `is not followed by one that would stand above the next`() throws {
        var world = try World(initial: "99990")
        // Typed as if it had gone over, then mended; the next month builds on the mended one.
        try world.submit(["3"], on: "2026-02-11")
        try world.submit(["99996"], on: "2026-02-12")
        try world.submit(["99999"], on: "2026-03-12")
        world.delete(id(2))
        #expect(world.volumes == ["9"])
        #expect(world.meter.history.map(\.id) == [id(3)])
    }

    @Test func `is not followed by one that was taken after the next`() throws {
        var world = try World(initial: "0")
        func open(_ text: String) throws {
            world.organization.periods = [
                PeriodFacts(month: try month(text), openedAt: 0, closedAt: nil)
            ]
        }
        try open("2026-02")
        try world.submit(["3"], on: "2026-02-28", today: "2026-03-02")
        try world.submit(["4"], on: "2026-02-20", today: "2026-03-03")
        try open("2026-03")
        try world.submit(["9"], on: "2026-02-25", today: "2026-03-10")
        world.delete(id(2))
        #expect(world.meter.history.map(\.id) == [id(3)])
        #expect(world.volumes == ["9"])
    }

    @Test func `that the next one cannot do without is kept`() throws {
        // A dial of one digit: it went over twice, which a single reading cannot tell.
        var world = try World(digits: 1, decimals: 0, initial: "9")
        try world.submit(["5"], on: "2026-02-12")
        try world.submit(["1"], on: "2026-03-12")
        #expect(world.volumes == ["6", "6"])
        #expect(world.delete(id(1)).refusal == Refusal(.readingDate, ["date": "2026-03-12"]))
        #expect(world.volumes == ["6", "6"])
    }

    @Test func `before others is measured anew with what they had replaced`() throws {
        var world = try World(initial: "99993")
        try world.submit(["2"], on: "2026-02-12")
        try world.submit(["5"], on: "2026-03-12")
        try world.submit(["6"], on: "2026-03-13")
        #expect(world.delete(id(1)).changes.count == 3)
        #expect(world.volumes == ["13"])
        world.delete(id(3))
        #expect(world.volumes == ["12"])
    }

    /// Any sequence of deletions: as long as the last reading stands, the sum of what was used is
    /// the last value less the first, roll-overs counted.
    @Test(arguments: 0..<100)
    func `never changes what was used in all`(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        let registers = Int.random(in: 1...3, using: &random)
        var world = try World(
            service: .electricity, registers: registers, digits: 4, decimals: 0,
            initial: "\(Int.random(in: 0..<10_000, using: &random))", installed: "2025-01-01")
        var shown = world.meter.initial.map { Int($0.millionths / 1_000_000) }
        var used = 0
        var ids: [CommandID] = []
        for step in 0..<12 {
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                // A second reading of the month goes on from the first.
                for index in shown.indices {
                    let volume = Int.random(in: 0..<40, using: &random)
                    used += volume
                    shown[index] = (shown[index] + volume) % 10_000
                }
                let month = step < 9 ? "0\(step + 1)" : "\(step + 1)"
                let decision = try world.submit(
                    shown.map { "\($0)" },
                    on: "2025-\(month)-\(Int.random(in: 10...28, using: &random))",
                    today: "2025-12-31", channel: .import, confirm: true)
                if let refusal = decision.refusal {
                    // A second reading may only be dated before the previous month's: it is not.
                    Issue.record("\(refusal)")
                }
            }
        }
        ids = world.meter.history.dropFirst().map(\.id)
        func total(_ world: World) -> Int {
            world.months().reduce(0) { sum, month in
                sum + Int(month.volumes.reduce(.zero, +).millionths / 1_000_000)
            }
        }
        #expect(total(world) == used)
        for id in ids.shuffled(using: &random) {
            world.delete(id)
            #expect(total(world) == used)
            #expect(world.months().allSatisfy { $0.volumes.allSatisfy { $0 >= .zero } })
        }
    }
}
