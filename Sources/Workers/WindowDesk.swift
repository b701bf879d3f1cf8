import Commands
import Domain
import Postgres
import Queue
import Store

/// `window.extend` and `window.set`: what operators make of reading windows. A row each; what is decided behind them is
/// decided by them, whenever it was received.
struct WindowDesk {
    static let statements: [Statement] = [
        "store/houses_known", "store/extend_window", "store/set_window",
    ]

    private let claimed: ClaimedCommand
    private let reader: FactsReader

    init(_ claimed: ClaimedCommand, _ reader: FactsReader) {
        self.claimed = claimed
        self.reader = reader
    }

    func extend(_ command: ExtendWindow, on connection: Connection) throws -> Verdict {
        guard
            let (organization, today, known) = try load(
                command.company, command.house, on: connection)
        else { return Desk.verdict(.refused(.notFound, ["what": "organization"])) }
        if let refusal = Windows.refusal(
            command, today: today, organization: organization, known)
        {
            return Desk.verdict(Decision(.refused(refusal)))
        }
        try connection.run(
            "store/extend_window", .id(claimed.id), .text(claimed.organization),
            .text(command.company), .text(command.house), .date(today.days),
            .date(command.until.days), .timestamp(claimed.receivedAt), .text(claimed.actor),
            .text(command.why))
        return .done
    }

    func set(_ command: SetWindow, on connection: Connection) throws -> Verdict {
        guard let (organization, _, known) = try load(nil, command.house, on: connection) else {
            return Desk.verdict(.refused(.notFound, ["what": "organization"]))
        }
        if let refusal = Windows.refusal(command, organization: organization, known) {
            return Desk.verdict(Decision(.refused(refusal)))
        }
        try connection.run(
            "store/set_window", .id(claimed.id), .text(claimed.organization),
            .text(command.house), .timestamp(claimed.receivedAt),
            .int32(command.window.map { Int32($0.from) }),
            .int32(command.window.map { Int32($0.to) }), .text(claimed.actor), .text(command.why))
        return .done
    }

    private func load(
        _ company: String?, _ house: String?, on connection: Connection
    ) throws -> (OrganizationFacts, Day, Windows.Known)? {
        let code = claimed.organization
        var wanted = FactsWanted()
        wanted.organizations = [code]
        wanted.windows = true
        (wanted.earliest, wanted.latest) = (claimed.receivedAt, claimed.receivedAt)
        let facts = try reader.load(wanted, on: connection) { _, _, _, _ in false }
        guard let organization = facts.organizations[code],
            let today = facts.day(of: claimed.receivedAt, code, account: nil)
        else { return nil }
        var isThere = true
        if let house {
            let companies = company.map { [$0] } ?? organization.profile.companies.map(\.code)
            isThere = try !HouseMeterStore.houses(
                [house], of: companies, in: code, on: connection
            ).isEmpty
        }
        return (
            organization, today,
            Windows.Known(
                houseIsThere: isThere, housesHaveWindows: facts.housesHaveWindows.contains(code))
        )
    }
}
