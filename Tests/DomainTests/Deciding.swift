import Commands
import Testing

@testable import Domain

func day(_ text: String) throws -> Day { try #require(Day(text)) }

func month(_ text: String) throws -> Month { try #require(Month(text)) }

func values(_ texts: [String]) -> [RegisterValue] {
    zip(Register.allCases, texts).map { RegisterValue($0, $1) }
}

extension World {
    mutating func sender(
        today: String, channel: Channel = .resident, at receivedAt: Int64 = 0
    ) throws -> Sender {
        defer { next += 1 }
        return Sender(
            id: CommandID(high: 0, low: next), channel: channel, actor: "test",
            receivedAt: receivedAt, today: try day(today))
    }

    /// Decides, and keeps what came of it.
    @discardableResult
    mutating func keep(_ decision: Decision) -> Decision {
        for change in decision.changes { account.apply(change) }
        return decision
    }

    @discardableResult
    mutating func delete(_ id: CommandID?) -> Decision {
        keep(
            Readings.delete(
                DeleteReading(account: account.card.account, reading: ""), id: id,
                account: account, organization: organization))
    }

    /// What was used in each month, oldest first, by the reading that counts and the one before.
    func months(_ index: Int = 0) -> [(month: Month, volumes: [Quantity])] {
        let meter = account.meters[index]
        var base = meter.initial
        return meter.history.reversed().map { reading in
            defer { base = reading.values }
            return (reading.month, reading.volumes(since: base, capacity: meter.capacity))
        }
    }

    var volumes: [String] { months().map { $0.volumes.reduce(.zero, +).description } }

    mutating func close(_ text: String, at: Int64) throws {
        organization.periods.append(PeriodFacts(month: try month(text), openedAt: 0, closedAt: at))
    }
}

extension Decision {
    var refusal: Refusal? {
        if case .refused(let refusal) = outcome { return refusal }
        return nil
    }

    var result: JSON? {
        if case .accepted(let result) = outcome { return result }
        return nil
    }
}
