public import Commands
import Postgres

/// What a month that is closed came to, by its bills as they are now.
public struct ClosedMonth: Sendable, Equatable {
    public let bills: Int64
    public let charged: Money
    public let recalculated: Money
    public let penalty: Money
    /// At its end, of those who owe.
    public let owed: Money
    /// What could not be charged for want of data.
    public let problems: Int64

    /// Nil while the month is open.
    public static func find(
        _ month: Month, organization: String, _ console: Console
    ) throws -> ClosedMonth? {
        let row = try console.connection.run(
            "operations/period_bills", .text(organization), .date(month.first.days)
        ).first
        return row.map { row in
            ClosedMonth(
                bills: row.int64(0), charged: Money(kopecks: row.int64(1)),
                recalculated: Money(kopecks: row.int64(2)),
                penalty: Money(kopecks: row.int64(3)), owed: Money(kopecks: row.int64(4)),
                problems: row.int64(5))
        }
    }
}

extension ClosedMonth {
    public static let problemColumns = ["account", "kind", "month", "what", "reason"]

    /// Accounts asked for at once.
    private static let page: Int64 = 1000

    /// All that the month could not charge for want of data, account by account, as `ClosedMonth.problemColumns` but for the
    /// reason, which is `Phrase.problemReason` of it.
    /// - Returns: How many there were, and which parts of the newest close were not charged when they were looked for.
    public static func problems(
        _ month: Month, organization: String, _ console: Console, each: (JSON) throws -> Void
    ) throws -> (count: Int64, left: PartsLeft) {
        try console.requireOrganization(organization)
        guard try find(month, organization: organization, console) != nil else {
            throw OperationError(.monthIsOpen(month))
        }
        // Before the bills are read: a part that is charged meanwhile may be missing there.
        let left = try left(month, organization, console)
        var count: Int64 = 0
        var last: Int64 = .min
        while true {
            let rows = try console.connection.run(
                "operations/period_problems", .text(organization), .date(month.first.days),
                .int64(last), .int64(page))
            guard !rows.isEmpty else { return (count, left) }
            try rows.forEach { row in
                last = row.int64(0)
                count += 1
                try each(
                    .object([
                        "account": .string(row.text(1)), "kind": .string(row.text(2)),
                        "month": .string(row.text(3)), "what": .string(row.text(4)),
                        "of": row.optional(5, row.text).map { .string($0) },
                    ]))
            }
        }
    }
    /// Of a close: parts that nobody decided yet, and those that an operator has to look at.
    public struct PartsLeft: Sendable, Equatable {
        public var undecided: Int64 = 0
        public var fallen: Int64 = 0
        public var isNone: Bool { undecided == 0 && fallen == 0 }
    }

    /// Of a close whose commands are not kept any more none are known.
    private static func left(
        _ month: Month, _ organization: String, _ console: Console
    ) throws -> PartsLeft {
        guard
            let close = try console.connection.run(
                "operations/period_newest_close", .text(organization), .text(month.description)
            ).first
        else { return PartsLeft() }
        // It has no parts before it is decided.
        switch close.text(1) {
        case "done": break
        case "abandoned": return PartsLeft(fallen: 1)
        default: return PartsLeft(undecided: 1)
        }
        let parts = try Dispatch(console).followUps(of: close.id(0), kind: .chargePeriod)
        return PartsLeft(
            undecided: parts.total - parts.decided - parts.abandoned,
            fallen: parts.abandoned + parts.refused)
    }
}
