import Commands
import Domain
import Postgres
import Queue
import Store

/// A range of the rows of `kabinet import house-meters` or `house-readings`: meters of whole houses and what they told.
struct HouseRows {
    enum Body {
        case meter(HouseMeter)
        case reading(HouseReading)

        var house: String {
            switch self {
            case .meter(let body): body.house
            case .reading(let body): body.house
            }
        }

        var key: HouseMeterStore.Key {
            switch self {
            case .meter(let body): .init(body.service, body.meter)
            case .reading(let body): .init(body.service, body.meter)
            }
        }
    }

    struct Entry {
        let line: Int32
        let body: Result<Body, Refusal>
    }

    let entries: [Entry]
    let claimed: ClaimedCommand
    let confirm: Bool

    struct Decided {
        var accepted = 0
        var unchanged = 0
        var errors: [(line: Int32, refusal: Refusal)] = []
        fileprivate var meters: [HouseMeterStore.Key: HouseMeterFacts] = [:]
        /// Meters that are new or changed themselves, and months of any.
        fileprivate var touched: [HouseMeterStore.Key: Set<Month>] = [:]
        fileprivate var sender: Sender?
    }

    private var organization: String { claimed.organization }

    func decide(_ reader: FactsReader, on connection: Connection) throws -> Decided {
        var decided = Decided()
        let bodies = entries.compactMap { entry -> Body? in
            guard case .success(let body) = entry.body else { return nil }
            return body
        }
        let keys = Set(bodies.map(\.key))
        try HouseMeterStore.lock(keys, in: organization, on: connection)
        var wanted = FactsWanted()
        wanted.organizations = [organization]
        wanted.ids = bodies.count { if case .meter = $0 { true } else { false } }
        (wanted.earliest, wanted.latest) = (claimed.receivedAt, claimed.receivedAt)
        var facts = try reader.load(wanted, on: connection) { _, _, _, _ in false }
        guard let profile = facts.organizations[organization],
            let today = facts.day(of: claimed.receivedAt, organization, account: nil)
        else { throw PermanentFailure("no organization \(organization)") }
        decided.meters = try HouseMeterStore.meters(keys, in: organization, on: connection)
        let houses = try HouseMeterStore.houses(
            Set(bodies.map(\.house)), of: profile.profile.companies.map(\.code), in: organization,
            on: connection)
        decided.sender = Sender(
            id: CommandID(high: claimed.id.high, low: claimed.id.low), channel: .import,
            actor: claimed.actor, receivedAt: claimed.receivedAt, today: today)
        for entry in entries {
            let body: Body
            switch entry.body {
            case .success(let found): body = found
            case .failure(let refusal):
                decided.errors.append((entry.line, refusal))
                continue
            }
            let found = decided.meters[body.key]
            let outcome =
                switch body {
                case .meter(let row):
                    HouseMeters.put(
                        row, newID: facts.ids.removeLast(), found: found,
                        houseIsThere: houses.contains(row.house), organization: profile)
                case .reading(let row):
                    HouseMeters.record(
                        row, found: found, today: today, organization: profile, confirm: confirm)
                }
            switch outcome {
            case .failure(let refusal): decided.errors.append((entry.line, refusal))
            case .success(.unchanged): decided.unchanged += 1
            case .success(.changed(let meter, let touched)):
                decided.accepted += 1
                decided.meters[body.key] = meter
                decided.touched[body.key, default: []].formUnion(touched)
            }
        }
        return decided
    }

    func write(_ decided: Decided, on connection: Connection) throws {
        guard let sender = decided.sender else { return }
        let changed = decided.touched.keys.compactMap { decided.meters[$0] }
        try HouseMeterStore.put(changed, in: organization, on: connection)
        let months = decided.touched.flatMap { key, touched in
            (decided.meters[key].map { meter in
                meter.months.filter { touched.contains($0.month) }.map { (meter.id, $0) }
            } ?? [])
        }.sorted { ($0.0, $0.1.month) < ($1.0, $1.1.month) }
        try HouseMeterStore.put(
            months.map { (meter: $0.0, month: $0.1) }, by: sender, on: connection)
    }
}
