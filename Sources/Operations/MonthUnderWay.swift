public import Commands
import Postgres

/// A month that is not over yet, or of which readings are still taken: what comes in later is charged with the next one.
public struct MonthUnderWay: Sendable, Equatable {
    /// Days to its end, today included; nil: it is over.
    public let daysLeft: Int?
    /// The last day on which readings of it are taken somewhere; nil: there is no window that is open for it.
    public let readingsUntil: Day?

    /// Nil of a month that is over and whose windows are shut, and of one that has not begun.
    /// - Parameters:
    ///   - today: the organization's local day.
    ///   - times: when readings are taken, in each of its houses.
    init?(_ month: Month, on today: Day, _ times: [ReadingTimes]) {
        guard month <= today.month else { return nil }
        daysLeft = month == today.month ? Int(month.first.days - today.days) + month.length : nil
        readingsUntil =
            times.compactMap { times in
                guard times.window != nil, times.month(on: today) == month else { return nil }
                return times.lastDay(from: today)
            }.max()
        if daysLeft == nil, readingsUntil == nil { return nil }
    }

    /// Nil also of a month that is closed already.
    public static func find(
        _ month: Month, organization: String, _ console: Console
    ) throws -> MonthUnderWay? {
        let profile = try Profile(Organizations(console).find(organization).profile)
        guard
            let row = try console.connection.run(
                "operations/month_under_way", .text(organization), .date(month.first.days)
            ).first
        else { throw OperationError(.noAnswer) }
        guard !row.bool(1) else { return nil }
        return MonthUnderWay(
            month, on: Day(days: row.date(0)),
            times(profile, try ReadingWindows(console).all(organization: organization)))
    }

    /// Of every company, and of every house that has times of its own.
    private static func times(
        _ profile: Profile, _ rows: [ReadingWindows.Row]
    ) -> [ReadingTimes] {
        func extensions(_ company: String?, _ house: String?) -> [ReadingTimes.Extension] {
            rows.compactMap { row in
                guard let given = row.given, let until = row.until,
                    row.company == nil || row.company == company,
                    row.house == nil || row.house == house
                else { return nil }
                return .init(given: given, until: until)
            }
        }
        let companies: [String?] =
            profile.companies.isEmpty ? [nil] : profile.companies.map { $0.code }
        let houses = [nil] + Set(rows.compactMap(\.house)).sorted().map { Optional($0) }
        return companies.flatMap { company in
            houses.map { house in
                let own = rows.first { $0.house != nil && $0.house == house && $0.window != nil }
                return ReadingTimes(
                    window: own?.window ?? profile.window(of: company),
                    extensions: extensions(company, house))
            }
        }
    }
}
