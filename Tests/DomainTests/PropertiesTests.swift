import Commands
import Testing

@testable import Domain

@Suite struct `Any sequence of readings` {
    /// A channel's readings with faults: less, too much, too long, of closed months, twice a month.
    private struct Life {
        var random: Seeded
        var world: World
        var today: Day
        var shown: Int64

        init(seed: Int) throws {
            random = Seeded(UInt64(seed))
            let service = try #require(Service.allCases.randomElement(using: &random))
            shown = Int64.random(in: 0..<100_000, using: &random)
            world = try World(
                service: service, digits: 5, decimals: 0, initial: "\(shown)",
                installed: Bool.random(using: &random) ? "2024-01-01" : nil,
                window: Bool.random(using: &random) ? .init(from: 10, to: 25) : nil,
                late: try #require(Profile.Readings.Late.allCases.randomElement(using: &random)))
            today = try day("2024-01-15")
        }

        mutating func next() throws -> (SubmitReading, Sender) {
            today = Day(days: today.days + Int32.random(in: 0...25, using: &random))
            let value: Int64
            switch Int.random(in: 0..<10, using: &random) {
            case 0: value = Int64.random(in: 0..<100_000, using: &random)
            case 1: value = shown - Int64.random(in: 0...20, using: &random)
            case 2: value = shown + Int64.random(in: 0...2_000, using: &random)
            default: value = shown + Int64.random(in: 0...9, using: &random)
            }
            shown = (value + 100_000) % 100_000
            if Int.random(in: 0..<12, using: &random) == 0 {
                world.organization.periods.append(
                    PeriodFacts(month: today.month.advanced(by: -1), openedAt: 0, closedAt: 1))
            }
            let taken = Day(days: today.days - Int32.random(in: 0...20, using: &random))
            let command = SubmitReading(
                account: world.account.card.account, meter: "M", values: values(["\(shown)"]),
                takenOn: Bool.random(using: &random) ? taken : nil,
                confirm: Int.random(in: 0..<3, using: &random) == 0)
            let channel = try #require(Channel.allCases.randomElement(using: &random))
            return (
                command, try world.sender(today: today.description, channel: channel, at: 5)
            )
        }

        func decide(_ command: SubmitReading, _ sender: Sender, _ account: AccountFacts) -> Decision
        {
            Readings.submit(
                command, from: sender, account: account, organization: world.organization)
        }
    }

    @Test(arguments: 0..<150)
    func `is decided the same again, and a refused one leaves no reading`(seed: Int) throws {
        var life = try Life(seed: seed)
        for _ in 0..<40 {
            let (command, sender) = try life.next()
            let before = life.world.account
            let decision = life.decide(command, sender, before)
            #expect(life.decide(command, sender, before) == decision)
            life.world.keep(decision)
            if decision.refusal != nil || decision.result?["unchanged"] != nil {
                #expect(life.world.account == before)
            }
        }
    }

    @Test(arguments: 0..<150)
    func `keeps one reading a month, in order, each measured from the one before`(seed: Int) throws
    {
        var life = try Life(seed: seed)
        for _ in 0..<40 {
            let (command, sender) = try life.next()
            let decision = life.world.keep(life.decide(command, sender, life.world.account))
            let history = life.world.meter.history
            for (newer, older) in zip(history, history.dropFirst()) {
                #expect(newer.month > older.month && newer.takenOn >= older.takenOn)
            }
            for change in decision.changes {
                guard case .readingAccepted(_, _, let reading, let volumes, _) = change else {
                    continue
                }
                #expect(reading.takenOn <= sender.today)
                let months = life.world.months()
                #expect(months.last?.month == reading.month)
                #expect(months.last?.volumes == volumes)
            }
        }
    }

    @Test(arguments: 0..<100)
    func `can be taken back: a deletion undoes exactly the last one`(seed: Int) throws {
        var life = try Life(seed: seed)
        for _ in 0..<40 {
            let (command, sender) = try life.next()
            let before = life.world.account.meters[0]
            let decision = life.world.keep(life.decide(command, sender, life.world.account))
            guard life.world.meter.history.first?.id == sender.id else { continue }
            var after = life.world
            after.delete(sender.id)
            #expect(after.meter.history == before.history)
            #expect(after.meter.replaced == before.replaced, "\(decision)")
        }
    }

    @Test(arguments: 0..<200)
    func `with deletions between them keeps its days in order`(seed: Int) throws {
        var life = try Life(seed: seed)
        var deleted = 0
        for _ in 0..<60 {
            let (command, sender) = try life.next()
            life.world.keep(life.decide(command, sender, life.world.account))
            if Int.random(in: 0..<4, using: &life.random) == 0,
                let victim = life.world.meter.history.randomElement(using: &life.random),
                life.world.delete(victim.id).refusal == nil
            {
                deleted += 1
            }
            let history = life.world.meter.history
            for (newer, older) in zip(history, history.dropFirst()) {
                #expect(newer.month > older.month && newer.takenOn >= older.takenOn)
            }
        }
        #expect(deleted > 0)
    }

    /// What a lane relies on: it loads two readings, and more only where the rule says so.
    @Test(arguments: 0..<300)
    func `is decided by its two newest readings as by all, unless more are asked for`(
        seed: Int
    ) throws {
        var life = try Life(seed: seed)
        for _ in 0..<40 {
            let (command, sender) = try life.next()
            let whole = life.world.account
            var short = whole
            short.meters[0].history = Array(short.meters[0].history.prefix(2))
            let needsMore = Readings.needsAverage(
                command, from: sender, short.meters[0], of: short,
                organization: life.world.organization)
            // As the lane does: eight where more is needed, and the month that a date names.
            if needsMore { short.meters[0].history = Array(whole.meters[0].history.prefix(8)) }
            if let named = command.takenOn?.month, let oldest = short.meters[0].history.last?.month,
                named < oldest
            {
                short.meters[0].history += whole.meters[0].history.filter { $0.month == named }
            }
            let decision = life.decide(command, sender, whole)
            #expect(life.decide(command, sender, short) == decision)
            life.world.keep(decision)
        }
    }
}
