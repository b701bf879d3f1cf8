import Commands
import Domain
import Postgres
import Store

/// A range of the rows of `kabinet import suppliers|tariffs|norms|…`: what charges are made by. Good rows are added; one that
/// names what is not there, or says otherwise than a row before it about the same thing and day, is told by line.
struct DatedRows {
    struct Entry {
        let line: Int32
        /// As `Reference.read` made it.
        let body: Result<JSON, Refusal>
    }

    let what: ImportRows.What
    let entries: [Entry]
    let organization: String
    /// Who hands them in, and when.
    let actor: String
    let receivedAt: Int64

    struct Decided {
        var rows: [JSON] = []
        /// Those that rows name, where what is told of months may charge them anew.
        var accounts: [Int64] = []
        var chargesHere = false
        var errors: [(line: Int32, refusal: Refusal)] = []
    }

    /// What rows may name.
    private struct Known {
        var codes: ReferenceRows.Codes
        let companies: Set<String>
        /// Of those that the rows name: where somebody lives.
        let houses: Set<String>
        let facts: Facts
    }

    var accounts: [AccountKey] {
        entries.compactMap { entry in
            guard case .success(let row) = entry.body, let number = account(row) else {
                return nil
            }
            return AccountKey(organization: organization, number: number)
        }
    }

    func decide(_ reader: FactsReader, on connection: Connection) throws -> Decided {
        var known = try load(reader, on: connection)
        var seen: [[String]: (line: Int32, row: JSON)] = [:]
        var decided = Decided()
        decided.chargesHere =
            known.facts.organizations[organization]?.profile.charges.source == .kabinet
        for entry in entries {
            do throws(Refusal) {
                let row = try checked(try entry.body.get(), known)
                let thing = Reference.thing(what, row)
                if let before = seen[thing] {
                    try Self.compare(row, before.row, line: before.line)
                } else {
                    seen[thing] = (entry.line, row)
                }
                decided.rows.append(row)
                if what == .undersupply, let number = account(row),
                    let found = find(number, known.facts)
                {
                    decided.accounts.append(found.id)
                }
                // The rows behind it may name it.
                if what == .chargeKinds, let code = row["code"]?.string {
                    known.codes.kinds.insert(code)
                }
            } catch {
                decided.errors.append((entry.line, error))
            }
        }
        return decided
    }

    /// Adds what is new.
    /// - Parameter keeping: false counts, and leaves nothing.
    /// - Returns: how many rows were new.
    func put(_ decided: Decided, keeping: Bool, on connection: Connection) throws -> Int {
        func add() throws -> Int {
            guard what == .undersupply, decided.chargesHere else {
                return try ReferenceRows.put(
                    decided.rows, what, organization: organization, on: connection)
            }
            return try ReferenceRows.putUndersupply(
                decided.rows, accounts: decided.accounts, organization: organization, by: actor,
                at: receivedAt, on: connection)
        }
        guard !keeping else { return try add() }
        return try connection.nested(keeping: false, add)
    }

    // MARK: What rows name

    private func load(_ reader: FactsReader, on connection: Connection) throws -> Known {
        var wanted = FactsWanted()
        wanted.organizations = [organization]
        wanted.accounts = Set(accounts)
        let facts = try reader.load(wanted, on: connection) { _, _, _, _ in false }
        let companies = facts.organizations[organization]?.profile.companies.map(\.code) ?? []
        return Known(
            codes: try ReferenceRows.codes(of: organization, on: connection),
            companies: Set(companies),
            houses: try HouseMeterStore.houses(
                houses, of: companies, in: organization, on: connection),
            facts: facts)
    }

    /// Houses that must be there: what a house's needs are shared by, or days without a service, are of no other use.
    private var houses: Set<String> {
        guard mustHaveHouse else { return [] }
        return Set(
            entries.compactMap { entry in
                guard case .success(let row) = entry.body else { return nil }
                return row["house"]?.string
            })
    }

    private var mustHaveHouse: Bool { what == .houseAreas || what == .undersupply }

    /// The account that a row is about. A supplier's is one with a bank.
    private func account(_ row: JSON) -> AccountNumber? {
        guard what == .contracts || what == .undersupply else { return nil }
        return row["account"]?.string.flatMap { AccountNumber($0) }
    }

    private func checked(_ row: JSON, _ known: Known) throws(Refusal) -> JSON {
        for (key, codes) in [
            ("kind", known.codes.kinds), ("of", known.codes.kinds),
            ("supplier", known.codes.suppliers), ("penalty", known.codes.penalties),
            ("company", known.companies),
        ] {
            guard let code = row[key]?.string, !codes.contains(code) else { continue }
            // Those that there are nobody can import: they are of the law.
            if key == "penalty" {
                throw Refusal(
                    .shape,
                    [
                        "pointer": "/penalty", "key": "shape.choice",
                        "value": codes.sorted().joined(separator: ", "),
                    ])
            }
            throw Refusal(.shape, ["pointer": "/\(key)", "key": "shape.no_such", "value": code])
        }
        if mustHaveHouse, let house = row["house"]?.string, !known.houses.contains(house) {
            throw Refusal(.notFound, ["what": "house", "house": house])
        }
        return try withAccount(row, known.facts)
    }

    /// The row with the account's number as its card has it: charges are looked up by that.
    private func withAccount(_ row: JSON, _ facts: Facts) throws(Refusal) -> JSON {
        guard let number = account(row), let members = row.members else { return row }
        guard let found = find(number, facts) else {
            throw Refusal(.notFound, ["what": "account"])
        }
        return .object(
            members.map { member in
                member.key == "account"
                    ? JSON.Member("account", .string(found.card.account.text)) : member
            })
    }

    private func find(_ number: AccountNumber, _ facts: Facts) -> AccountFacts? {
        guard let place = facts.find(number, organization) else { return nil }
        return facts.accounts[AccountKey(organization: organization, number: number)]?[place]
    }

    /// The same once more is no harm.
    private static func compare(
        _ row: JSON, _ before: JSON, line: Int32
    ) throws(Refusal) {
        guard row != before else { return }
        throw Refusal(.shape, ["pointer": "", "key": "shape.twice", "value": "\(line)"])
    }
}
