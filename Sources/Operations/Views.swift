import Commands
import Crypto
public import Postgres
public import Queue

/// What people read, beside the facts that it is made of: whether both say the same, and made anew.
public struct Views {
    private let console: Console
    public init(_ console: Console) { self.console = console }

    /// A month that the view does not have as the facts say.
    public struct Difference: Sendable {
        /// Empty: the meter is not there.
        public let organization: String
        public let account: String
        public let service: String
        public let meter: String
        public let month: String
        public let problem: Problem
        /// Volumes in millionths; empty: there is no row.
        public let expected: String
        public let found: String
    }

    public enum Problem: String, Sendable, CaseIterable { case missing, extra, different }

    public struct Count: Sendable, Equatable {
        public var accounts: Int64 = 0
        /// Accounts with a difference.
        public var affected = 0
        public var missing: Int64 = 0
        public var extra: Int64 = 0
        public var different: Int64 = 0
        public var sum: Int64 { missing + extra + different }

        mutating func add(_ problem: Problem) {
            switch problem {
            case .missing: missing += 1
            case .extra: extra += 1
            case .different: different += 1
            }
        }
    }

    /// Accounts that one statement looks at, and that one command makes anew.
    static let page: Int64 = 2_000

    // MARK: Check

    /// Compares every month of every account (of one organization, or of all, and then also what
    /// belongs to no meter), while the system runs: each page of accounts in one snapshot.
    public func check(
        organization: String? = nil,
        progress: (_ done: Int64, _ total: Int64) -> Void = { _, _ in },
        each: (Difference) -> Void
    ) throws -> Count {
        if let organization { try console.requireOrganization(organization) }
        let total = try cut(organization).reduce(0) { $0 + $1.accounts }
        var count = Count()
        var after: Int64 = 0
        var before = ("", "")
        while let page = try page(organization, after: after) {
            let found = try console.connection.run(
                "operations/views_check", .text(organization), .int64(after), .int64(page.last)
            ).map { row in
                Difference(
                    organization: row.text(0), account: row.text(1), service: row.text(2),
                    meter: row.text(3), month: Self.month(row, 4),
                    problem: Problem(rawValue: row.text(5)) ?? .different, expected: row.text(6),
                    found: row.text(7))
            }
            for difference in found {
                count.add(difference.problem)
                let account = (difference.organization, difference.account)
                if account != before { count.affected += 1 }
                before = account
                each(difference)
            }
            count.accounts += page.accounts
            after = page.last
            progress(count.accounts, total)
        }
        guard organization == nil else { return count }
        let unowned = try console.connection.run("operations/views_unowned").map { row in
            Difference(
                organization: "", account: "", service: "", meter: "\(row.int64(0))",
                month: Self.month(row, 1), problem: .extra, expected: "", found: row.text(2))
        }
        for difference in unowned {
            count.add(.extra)
            each(difference)
        }
        return count
    }

    private func page(
        _ organization: String?, after: Int64
    ) throws -> (last: Int64, accounts: Int64)? {
        let rows = try console.connection.run(
            "operations/views_page", .text(organization), .int64(after), .int64(Self.page))
        guard let row = rows.first, !row.isNull(0) else { return nil }
        return (row.int64(0), row.int64(1))
    }

    private static func month(_ row: Row, _ column: Int) -> String {
        Day(days: row.date(column)).month.description
    }

    private struct Cut {
        let organization: String
        let accounts: Int64
        let meters: ClosedRange<Int64>?
    }

    private func cut(_ organization: String?) throws -> [Cut] {
        try console.connection.run("operations/views_cut", .text(organization)).map { row in
            Cut(
                organization: row.text(0), accounts: row.int64(1),
                meters: row.isNull(2) ? nil : row.int64(2)...row.int64(3))
        }
    }

    // MARK: Rebuild

    /// Appends the commands that make the views of an organization (or of all) anew, part by part.
    /// Each part locks its accounts as every command does, so nothing decided meanwhile is lost.
    public func rebuild(organization: String? = nil, why: String) throws -> [Identifier] {
        try Secrets.start()
        if let organization { try console.requireOrganization(organization) }
        let now = try console.now()
        var commands: [NewCommand] = []
        for (index, cut) in try cut(organization).enumerated() {
            let parts = Int((cut.accounts + Self.page - 1) / Self.page)
            for part in 0..<parts {
                // What belongs to no meter belongs to no organization: looked for once.
                let meters = index == 0 ? Self.share(part, of: parts, in: cut.meters) : nil
                let command = Command.rebuildViews(
                    RebuildViews(part: part, parts: parts, meters: meters))
                commands.append(
                    NewCommand(
                        id: newIdentifier(), kind: command.kind.rawValue,
                        organization: cut.organization,
                        subject: command.subject(organization: cut.organization),
                        payload: command.json.bytes, actor: console.actor,
                        channel: Channel.operator.rawValue, awaited: true, receivedAt: now))
            }
        }
        try console.append(commands) {
            try console.audit(
                "views.rebuild", organization,
                .object(["commands": .int(Int64(commands.count)), "why": .string(why)]))
        }
        return commands.map(\.id)
    }

    /// The `part`th of `parts` even shares of a range.
    static func share(_ part: Int, of parts: Int, in range: ClosedRange<Int64>?) -> ClosedRange<
        Int64
    >? {
        guard let range else { return nil }
        let width = (range.upperBound - range.lowerBound) / Int64(parts) + 1
        let first = range.lowerBound + Int64(part) * width
        guard first <= range.upperBound else { return nil }
        return first...min(range.upperBound, first + width - 1)
    }

    /// What the commands of a rebuild put right.
    public func healed(_ states: [CommandState]) throws -> Count {
        var count = Count()
        for state in states where state.state == .done {
            let body = try JSON.parse(state.body)
            count.missing += body["missing"]?.int ?? 0
            count.extra += body["extra"]?.int ?? 0
            count.different += body["different"]?.int ?? 0
        }
        return count
    }
}
