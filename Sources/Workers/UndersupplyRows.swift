import Commands
import Domain
import Postgres
import Store

/// The accounts that days without a service are told of, and what they are charged: days that can take nothing off are told by
/// mistake, of a wrong kind, month, account or house.
struct UndersupplyRows {
    /// Locked until the batch ends.
    let accounts: [ReferenceRows.LockedAccount]
    private let ofHouse: [String: [Int]]
    private let ofNumber: [String: Int]
    private let index: ReferenceIndex
    private let contracts: [String: [Contract]]
    /// The newest month that was closed.
    private let newest: Month?
    /// Of months that may be closed.
    private var charged: [Place: ReferenceRows.Charged] = [:]

    private struct Place: Hashable {
        let account: Int64
        let month: Month
        let kind: String
    }

    /// Why nothing can be taken off.
    private enum Nothing: String {
        /// The account does not have the kind in the month.
        case contract
        /// The month is closed, and nothing of the kind was charged.
        case posted
        /// The month lies before those that are charged here.
        case past
    }

    /// - Parameters:
    ///   - rows: as `Reference.read` made them, numbers as cards have them.
    ///   - accounts: those that rows name themselves.
    ///   - closed: the organization's closed months.
    init(
        _ rows: [JSON], accounts: Set<Int64>, closed: [Month], of organization: String,
        on connection: Connection
    ) throws {
        let houses = Set(rows.compactMap { $0["house"]?.string })
        let locked = try ReferenceRows.lock(
            houses: houses, accounts: accounts, of: organization, on: connection)
        let (terms, contracts) = try TermsReader.all(
            of: organization, houses: Set(locked.compactMap(\.house)).sorted(),
            accounts: locked.map(\.number), on: connection)
        self.accounts = locked
        self.contracts = contracts
        index = ReferenceIndex(terms.references)
        newest = closed.max()
        var ofHouse: [String: [Int]] = [:]
        var ofNumber: [String: Int] = [:]
        for (place, account) in locked.enumerated() {
            ofNumber[account.number] = place
            if let house = account.house { ofHouse[house, default: []].append(place) }
        }
        self.ofHouse = ofHouse
        self.ofNumber = ofNumber
        guard let newest else { return }
        var wanted: Set<Place> = []
        for row in rows {
            guard let told = Self.told(row), told.month <= newest else { continue }
            for place in about(row) {
                wanted.insert(
                    Place(account: locked[place].id, month: told.month, kind: told.kind))
            }
        }
        let places = Array(wanted)
        let found = try ReferenceRows.charged(
            places.map { ($0.account, $0.month, $0.kind) }, on: connection)
        charged = Dictionary(uniqueKeysWithValues: zip(places, found))
    }

    /// Nil where somebody whom the row is about is charged what its days are of, or may still be.
    func refusal(_ row: JSON) -> Refusal? {
        guard let (kind, month) = Self.told(row) else { return nil }
        var nothing: Nothing?
        for place in about(row) {
            guard let reason = reason(accounts[place], kind, month) else { return nil }
            nothing = nothing ?? reason
        }
        return nothing.map {
            Refusal(
                .chargedNothing,
                ["what": $0.rawValue, "kind": kind, "month": month.description])
        }
    }

    /// Of which kind and month; nil where no days are told: that takes back what was told by mistake.
    private static func told(_ row: JSON) -> (kind: String, month: Month)? {
        guard let days = row["days"]?.int, days > 0, let kind = row["kind"]?.string,
            let first = row["month"]?.string.flatMap({ Day($0) })
        else { return nil }
        return (kind, first.month)
    }

    private func about(_ row: JSON) -> [Int] {
        if let house = row["house"]?.string { return ofHouse[house] ?? [] }
        return row["account"]?.string.flatMap { ofNumber[$0] }.map { [$0] } ?? []
    }

    private func reason(
        _ account: ReferenceRows.LockedAccount, _ kind: String, _ month: Month
    ) -> Nothing? {
        let known = charged[Place(account: account.id, month: month, kind: kind)]
        if let known, known.isBilled {
            if known.isPosted { return nil }
            return known.isAsked && has(account, kind, month) ? nil : .posted
        }
        // Months are closed one behind the other: what was left out is never charged. Parts of the newest may still be to come.
        if let newest, month < newest { return .past }
        return has(account, kind, month) ? nil : .contract
    }

    private func has(
        _ account: ReferenceRows.LockedAccount, _ kind: String, _ month: Month
    ) -> Bool {
        if let closedOn = account.closedOn, closedOn <= month.first { return false }
        return index.plan(
            month, company: account.company, house: account.house,
            own: contracts[account.number] ?? []
        ).codes.contains(kind)
    }
}
