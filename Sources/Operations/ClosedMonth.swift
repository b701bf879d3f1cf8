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
                penalty: Money(kopecks: row.int64(3)), owed: Money(kopecks: row.int64(4)))
        }
    }
}
