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
    /// Rows of the same file that others decide, and that are in force together with some of these.
    let beside: [JSON]
    let organization: String
    /// Who hands them in, and when.
    let actor: String
    let receivedAt: Int64

    struct Decided {
        var rows: [JSON] = []
        /// Of days without a service, where months are charged here.
        var undersupply: UndersupplyRows?
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
        var taken: [(line: Int32, row: JSON)] = []
        var decided = Decided()
        for entry in entries {
            do throws(Refusal) {
                let row = try checked(try entry.body.get(), known)
                let thing = Reference.thing(what, row)
                if let before = seen[thing] {
                    try compare(row, before.row, line: before.line)
                } else {
                    seen[thing] = (entry.line, row)
                }
                taken.append((entry.line, row))
                // The rows behind it may name it.
                if what == .chargeKinds, let code = row["code"]?.string {
                    known.codes.kinds.insert(code)
                }
            } catch {
                decided.errors.append((entry.line, error))
            }
        }
        let judged = try judge(taken.map(\.row), known, &decided, on: connection)
        for (one, refusal) in zip(taken, judged) {
            if let refusal {
                decided.errors.append((one.line, refusal))
            } else {
                decided.rows.append(one.row)
            }
        }
        return decided
    }

    /// What is wrong with good rows, looked at together; one for each.
    private func judge(
        _ rows: [JSON], _ known: Known, _ decided: inout Decided, on connection: Connection
    ) throws -> [Refusal?] {
        switch what {
        case .tariffs: return try gaps(rows, on: connection)
        case .undersupply:
            guard let facts = known.facts.organizations[organization] else { break }
            switch facts.profile.charges.source {
            case .kabinet:
                let accounts = rows.compactMap { row in
                    account(row).flatMap { find($0, known.facts)?.id }
                }
                let told = try UndersupplyRows(
                    rows, accounts: Set(accounts), closed: facts.closed, of: organization,
                    on: connection)
                decided.undersupply = told
                return rows.map { told.refusal($0) }
            case .imported:
                return rows.map { _ in Refusal(.chargedNothing, ["what": "import"]) }
            case .none: break
            }
        default: break
        }
        return rows.map { _ in nil }
    }

    /// Prices of one kind, scope and day take the place of those before them together: where one of them is missing, none is
    /// taken. Those that were told before count with them.
    private func gaps(_ rows: [JSON], on connection: Connection) throws -> [Refusal?] {
        struct Together: Hashable {
            let kind: String
            let scope: Scope
            let from: Day

            init(_ tariff: Tariff) {
                kind = tariff.kind
                scope = tariff.scope
                from = tariff.from
            }
        }
        let prices = rows.map { Tariff($0) }
        guard !prices.isEmpty else { return [] }
        let houses = Set(rows.compactMap { $0["house"]?.string }).sorted()
        let before = try TermsReader.tariffs(of: organization, houses: houses, on: connection)
        let all = before + beside.compactMap { Tariff($0) } + prices.compactMap(\.self)
        let gaps = Dictionary(grouping: all) { Together($0) }.compactMapValues {
            Tariff.gap(in: $0)
        }
        return prices.map { $0.flatMap { gaps[Together($0)] }.map(Self.refusal) }
    }

    private static func refusal(_ gap: Tariff.Gap) -> Refusal {
        func shape(_ pointer: String, _ key: String, _ value: String) -> Refusal {
            Refusal(.shape, ["pointer": pointer, "key": key, "value": value])
        }
        return switch gap {
        case .register(let register):
            shape("/register", "shape.zone_missing", register.rawValue)
        case .meter(let register): shape("/register", "shape.zone_idle", register.rawValue)
        case .above(let volume): shape("/up_to", "shape.range_open", volume.description)
        }
    }

    /// Adds what is new.
    /// - Parameter keeping: false counts, and leaves nothing.
    /// - Returns: how many rows were new; and of days without a service, for how many closed months and kinds of accounts the next
    ///   close is asked to take them off.
    func put(
        _ decided: Decided, keeping: Bool, on connection: Connection
    ) throws -> (added: Int, asked: Int?) {
        func add() throws -> (added: Int, asked: Int?) {
            guard let told = decided.undersupply else {
                let added = try ReferenceRows.put(
                    decided.rows, what, organization: organization, on: connection)
                return (added, nil)
            }
            let put = try ReferenceRows.putUndersupply(
                decided.rows, accounts: told.accounts, organization: organization, by: actor,
                at: receivedAt, on: connection)
            return (put.added, put.asked)
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

    /// Houses that must be there: what a house's needs are shared by, its prices, or days without a service, are of no other use.
    private var houses: Set<String> {
        guard mustHaveHouse else { return [] }
        return Set(
            entries.compactMap { entry in
                guard case .success(let row) = entry.body else { return nil }
                return row["house"]?.string
            })
    }

    private var mustHaveHouse: Bool {
        what == .houseAreas || what == .undersupply || what == .tariffs
    }

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
    private func compare(_ row: JSON, _ before: JSON, line: Int32) throws(Refusal) {
        guard row != before else { return }
        let isOfMonth = what == .undersupply || what == .dueDays
        throw Refusal(
            .shape,
            [
                "pointer": "", "key": isOfMonth ? "shape.twice_month" : "shape.twice",
                "value": "\(line)",
            ])
    }
}

extension Tariff {
    /// - Parameter row: as `Reference.read` made it; nil of another one.
    fileprivate init?(_ row: JSON) {
        guard let kind = row["kind"]?.string, let price = row["price"]?.int,
            let from = row["valid_from"]?.string.flatMap({ Day($0) })
        else { return nil }
        let house = row["house"]?.string.map { Scope.house($0) }
        let company = row["company"]?.string.map { Scope.company($0) }
        self.init(
            kind: kind, scope: house ?? company ?? .organization, from: from,
            register: row["register"]?.string.flatMap { Register(rawValue: $0) },
            zones: row["zones"]?.int.map { Int($0) },
            upTo: row["up_to"]?.int.map { Quantity(millionths: $0) },
            price: Quantity(millionths: price))
    }
}
