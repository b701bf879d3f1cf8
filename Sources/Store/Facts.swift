/// Facts, changes and views in PostgreSQL, as sets: a batch's facts come in a handful of
/// statements, and its changes go back in a handful. No rule is here.
public import Commands
public import Domain
public import Postgres

/// A subject of a batch: an account as commands name it.
public struct AccountKey: Hashable, Sendable {
    public let organization: String
    public let stripped: String
    public init(organization: String, number: AccountNumber) {
        self.organization = organization
        stripped = number.stripped
    }
}

/// The accounts of an organization whose id leaves the remainder `part` when divided by `parts`.
public struct AccountPart: Hashable, Sendable {
    public let organization: String
    public let part: Int
    public let parts: Int
    public init(organization: String, part: Int, parts: Int) {
        self.organization = organization
        self.part = part
        self.parts = parts
    }
}

/// What a batch wants to know.
public struct FactsWanted: Sendable {
    public var accounts: Set<AccountKey> = []
    public var organizations: Set<String> = []
    /// Accounts whose whole cards are needed (they are changed).
    public var cards: Set<AccountKey> = []
    /// Meters whose history is needed: account and number.
    public var meters: Set<MeterKey> = []
    /// Meters that more than one command of the batch is about: their whole history is needed.
    public var busyMeters: Set<MeterKey> = []
    /// Months that dated readings name: what counts there decides whether they are new.
    public var months: [MeterKey: Set<Month>] = [:]
    /// Readings that are to be deleted.
    public var deleted: Set<CommandID> = []
    /// Sessions in which readings of the batch are entered: asked for only where some are to be deleted.
    public var sessions: Set<CommandID> = []
    /// Reading windows are asked for, though no reading is.
    public var windows = false
    /// Meter numbers that are to be given.
    public var numbers: Set<NumberKey> = []
    public var earliest: Int64 = .max
    public var latest: Int64 = .min
    /// Houses that accounts are moved into: their zones count from then on.
    public var houses: Set<HouseKey> = []
    /// Ids that new rows may take.
    public var ids = 0
    /// Persons who ask: what they may do with accounts.
    public var persons: Set<Int64> = []
    /// Accounts whose ledgers are needed.
    public var ledgers: Set<AccountKey> = []
    /// Accounts some of whose corrections are taken back.
    public var corrections: Set<AccountKey> = []
    /// Payments that commands name.
    public var payments: Set<Ledgers.PaymentKey> = []
    /// Those that are given away or taken back: nobody else may do so meanwhile, under whichever account.
    public var heldPayments: Set<Ledgers.PaymentKey> = []

    public struct MeterKey: Hashable, Sendable {
        public let account: AccountKey
        public let number: String
        public init(_ account: AccountKey, _ number: String) {
            self.account = account
            self.number = number
        }
    }

    public struct NumberKey: Hashable, Sendable {
        public let organization: String
        public let number: String
        public init(_ organization: String, _ number: String) {
            self.organization = organization
            self.number = number
        }
    }

    public struct HouseKey: Hashable, Sendable {
        public let organization: String
        public let code: String
        public init(_ organization: String, _ code: String) {
            self.organization = organization
            self.code = code
        }
    }

    public init() {}

    /// A meter that is changed itself.
    public mutating func wholeMeter(_ key: MeterKey) {
        meters.insert(key)
        busyMeters.insert(key)
    }
}

/// The facts of a batch, changed in memory as its commands are decided.
public struct Facts {
    public var organizations: [String: OrganizationFacts] = [:]
    /// Candidates by key: letters decide between accounts of the same digits.
    public var accounts: [AccountKey: [AccountFacts]] = [:]
    /// Owner account of each (organization, service, number) that is taken.
    public var taken: [String: Int64] = [:]
    public var ids: [Int64] = []
    public var payments: [Ledgers.PaymentKey: PaymentFacts] = [:]
    /// In which session a reading was entered, of those that are to be deleted or are of this batch.
    public var entered: [CommandID: CommandID] = [:]
    var sessionEnds: [CommandID: Int64] = [:]
    /// Organizations some of whose houses have reading windows of their own.
    public var housesHaveWindows: Set<String> = []
    private var extensions: [String: [Extension]] = [:]
    var rights: [Int64: [Int64: Set<Right>]] = [:]
    var zones: [String: String] = [:]
    var houseZones: [Int64: String] = [:]
    var houses: [FactsWanted.HouseKey: String] = [:]
    var days: [String: [(day: Day, from: Int64, to: Int64)]] = [:]

    /// The candidate that a typed number means: the exact one, else the only one when no letters
    /// were typed.
    public func find(_ number: AccountNumber, _ organization: String) -> Int? {
        let candidates =
            accounts[AccountKey(organization: organization, number: number)] ?? []
        if let exact = candidates.firstIndex(where: { $0.card.account.text == number.text }) {
            return exact
        }
        let bare = number.text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
        return bare && candidates.count == 1 ? 0 : nil
    }

    struct Extension {
        let company: String?
        let house: String?
        let given: ReadingTimes.Extension
    }

    mutating func extend(_ organization: String, _ extended: Extension) {
        extensions[organization, default: []].append(extended)
    }

    /// The extensions that reach an account.
    func extensions(_ organization: String, of card: AccountCard) -> [ReadingTimes.Extension] {
        (extensions[organization] ?? []).filter { extended in
            (extended.company == nil || extended.company == card.company)
                && (extended.house == nil || extended.house == card.house)
        }.map(\.given)
    }

    /// When the session in which a reading was entered ended, or will; nil: it was entered in none, or in one that is gone.
    /// Microseconds since 1970-01-01 UTC.
    public func entryEnds(_ reading: CommandID?) -> Int64? {
        reading.flatMap { entered[$0] }.flatMap { sessionEnds[$0] }
    }

    /// Whether a person may do this with an account.
    public func may(_ person: Int64, _ right: Right, _ account: Int64) -> Bool {
        rights[person]?[account]?.contains(right) ?? false
    }

    /// An account stands in a house that it may not have stood in before.
    public mutating func move(_ account: Int64, into house: String?, _ organization: String) {
        guard let house else { return }
        houseZones[account] = houses[FactsWanted.HouseKey(organization, house)]
    }

    /// The civil day of a moment, where the account is.
    public func day(of moment: Int64, _ organization: String, account: Int64?) -> Day? {
        let zone = account.flatMap { houseZones[$0] } ?? zones[organization] ?? ""
        return days[zone]?.first { $0.from <= moment && moment < $0.to }?.day
    }
}

/// Loads facts on one connection; keeps read profiles while their text stays the same, and civil days.
public final class FactsReader {
    public static let statements: [Statement] =
        [
            "store/lock", "store/lock_parts", "store/organizations", "store/periods",
            "store/accounts",
            "store/cards",
            "store/houses", "store/meters", "store/history", "store/month_readings",
            "store/reading_meters", "store/replaced", "store/meter_numbers", "store/days",
            "store/ids",
            "store/identity_holdings", "store/window_extensions", "store/house_windows",
            "store/entry_sessions",
        ] + Ledgers.statements + TermsReader.statements
    private var profiles: [String: (text: [UInt8], profile: Profile)] = [:]
    private var days: [String: Days] = [:]

    public init() {}

    /// Locks accounts and whole parts of them, in id order, in one statement of its own.
    public func lock(
        _ accounts: Set<AccountKey>, _ parts: [AccountPart], on connection: Connection
    ) throws {
        let keys = Array(accounts)
        let organizations = Value.texts(keys.map(\.organization))
        let stripped = Value.texts(keys.map(\.stripped))
        if !parts.isEmpty {
            try connection.run(
                "store/lock_parts", organizations, stripped, .texts(parts.map(\.organization)),
                .int64s(parts.map { Int64($0.part) }), .int64s(parts.map { Int64($0.parts) }))
        } else if !keys.isEmpty {
            try connection.run("store/lock", organizations, stripped)
        }
    }

    /// Locks the accounts (in id order, in a statement of its own), then loads.
    ///
    /// - Parameter needsMore: whether the two newest readings of a meter are too few for what is
    /// asked of it.
    public func load(
        _ wanted: FactsWanted, on connection: Connection,
        needsMore: (FactsWanted.MeterKey, AccountFacts, MeterFacts, Facts) -> Bool
    ) throws -> Facts {
        var facts = Facts()
        let keys = wanted.accounts.sorted {
            ($0.organization, $0.stripped) < ($1.organization, $1.stripped)
        }
        let organizations = Value.texts(keys.map(\.organization))
        let stripped = Value.texts(keys.map(\.stripped))
        // One round trip: each statement has a snapshot of its own, so those behind the lock see what others left.
        if !keys.isEmpty { try connection.send("store/lock", organizations, stripped) }
        let codes = Value.texts(wanted.organizations.sorted())
        let profiles = try connection.send("store/organizations", codes)
        let periods = try connection.send("store/periods", codes)
        let accounts =
            try keys.isEmpty ? nil : connection.send("store/accounts", organizations, stripped)
        let extensions =
            try wanted.meters.isEmpty && wanted.deleted.isEmpty && !wanted.windows
            || wanted.earliest > wanted.latest
            ? nil : connection.send("store/window_extensions", codes, .timestamp(wanted.earliest))
        // Behind the lock, which whoever takes an account away holds too.
        let rights =
            try wanted.persons.isEmpty
            ? nil : connection.send("store/identity_holdings", .int64s(wanted.persons.sorted()))
        try readOrganizations(try profiles.rows(), try periods.rows(), &facts)
        for key in keys { facts.accounts[key] = [] }
        var rows: [(key: AccountKey, facts: AccountFacts)] = []
        if let accounts {
            try accounts.rows().forEach { row in
                guard let number = AccountNumber(row.text(3)) else { return }
                var card = AccountCard(account: number)
                card.company = row.text(4)
                card.closedOn = row.optional(5, row.date).map { Day(days: $0) }
                if let zone = row.optional(6, row.text) { facts.houseZones[row.int64(2)] = zone }
                card.house = row.optional(7, row.text)
                rows.append(
                    (
                        AccountKey(organization: row.text(0), number: number),
                        AccountFacts(id: row.int64(2), card: card)
                    ))
            }
        }
        try extensions?.rows().forEach { row in
            guard let given = row.optional(3, row.date), let until = row.optional(4, row.date)
            else {
                facts.housesHaveWindows.insert(row.text(0))
                return
            }
            facts.extend(
                row.text(0),
                Facts.Extension(
                    company: row.optional(1, row.text), house: row.optional(2, row.text),
                    given: .init(given: Day(days: given), until: Day(days: until))))
        }
        try loadWindows(wanted, &rows, facts, on: connection)
        try rights?.rows().forEach { row in
            facts.rights[row.int64(0), default: [:]][row.int64(1)] = Set(
                row.texts(4).compactMap(Right.init(rawValue:)))
        }
        try loadCards(wanted, &rows, on: connection)
        try loadHouses(wanted, &facts, on: connection)
        try loadDays(wanted, &facts, on: connection)
        var entered: [CommandID: CommandID] = [:]
        try loadMeters(wanted, &rows, &entered, on: connection) { key, account, meter in
            needsMore(key, account, meter, facts)
        }
        try loadLedgers(wanted, &rows, &facts, on: connection)
        facts.entered = entered
        try loadSessions(wanted, &facts, on: connection)
        for row in rows { facts.accounts[row.key, default: []].append(row.facts) }
        if !wanted.numbers.isEmpty {
            let pairs = wanted.numbers.flatMap { key in
                Service.allCases.map { (key, $0.rawValue) }
            }
            try connection.run(
                "store/meter_numbers", .texts(pairs.map(\.0.organization)),
                .texts(pairs.map(\.1)), .texts(pairs.map(\.0.number))
            ).forEach { row in
                facts.taken[Self.taken(row.text(0), row.text(1), row.text(2))] = row.int64(3)
            }
        }
        if wanted.ids > 0 {
            facts.ids = try connection.run("store/ids", .int32(Int32(wanted.ids))).map {
                $0.int64(0)
            }
        }
        return facts
    }

    public static func taken(_ organization: String, _ service: String, _ number: String) -> String
    {
        "\(organization)\u{1}\(service)\u{1}\(number)"
    }

    private func readOrganizations(
        _ organizations: Rows, _ periods: Rows, _ facts: inout Facts
    ) throws {
        let rows = organizations.map {
            (code: $0.text(0), profile: $0.json(1), zone: $0.text(2))
        }
        for row in rows {
            if profiles[row.code]?.text != row.profile {
                profiles[row.code] = (row.profile, try Profile(JSON.parse(row.profile)))
            }
            guard let profile = profiles[row.code]?.profile else { continue }
            facts.organizations[row.code] = OrganizationFacts(profile: profile, periods: [])
            facts.zones[row.code] = row.zone
        }
        periods.forEach { row in
            facts.organizations[row.text(0)]?.periods.append(
                PeriodFacts(
                    month: Day(days: row.date(1)).month, openedAt: row.timestamp(2),
                    closedAt: row.optional(3, row.timestamp)))
        }
    }

    private func loadCards(
        _ wanted: FactsWanted, _ rows: inout [(key: AccountKey, facts: AccountFacts)],
        on connection: Connection
    ) throws {
        guard !wanted.cards.isEmpty else { return }
        let ids = rows.filter { wanted.cards.contains($0.key) }.map(\.facts.id)
        guard !ids.isEmpty else { return }
        var cards: [Int64: AccountCard] = [:]
        try connection.run("store/cards", .int64s(ids)).forEach { row in
            guard let number = AccountNumber(row.text(1)) else { return }
            var card = AccountCard(account: number)
            card.company = row.optional(2, row.text)
            card.surname = row.optional(3, row.text)
            card.name = row.optional(4, row.text)
            card.patronymic = row.optional(5, row.text)
            card.house = row.optional(6, row.text)
            card.apartment = row.optional(7, row.text)
            card.address = row.optional(8, row.text)
            card.area = row.optional(9, row.int64).map { Quantity(millionths: $0) }
            card.livingArea = row.optional(10, row.int64).map { Quantity(millionths: $0) }
            card.houseArea = row.optional(11, row.int64).map { Quantity(millionths: $0) }
            card.rooms = row.optional(12, row.int64)
            card.residents = row.optional(13, row.int64)
            card.ownership = row.optional(14, row.text)
            card.phone = row.optional(15, row.text)
            card.email = row.optional(16, row.text)
            card.closedOn = row.optional(17, row.date).map { Day(days: $0) }
            cards[row.int64(0)] = card
        }
        for index in rows.indices {
            if let card = cards[rows[index].facts.id] { rows[index].facts.card = card }
        }
    }

    /// Of accounts that something is posted to, and of the payments that are named.
    private func loadLedgers(
        _ wanted: FactsWanted, _ rows: inout [(key: AccountKey, facts: AccountFacts)],
        _ facts: inout Facts, on connection: Connection
    ) throws {
        guard !wanted.ledgers.isEmpty else { return }
        let terms = try TermsReader.ledgers(of: wanted.organizations, on: connection)
        for (code, found) in terms {
            facts.organizations[code]?.ledger = found.terms
            facts.organizations[code]?.units = found.units
        }
        try Ledgers.hold(wanted.heldPayments, on: connection)
        facts.payments = try Ledgers.payments(
            wanted.payments.union(wanted.heldPayments), on: connection)
        // Who takes a payment back needs all that it went to.
        var from: [Int64: Month] = [:]
        for payment in facts.payments.values {
            guard let account = payment.account, let month = payment.month else { continue }
            from[account] = min(from[account] ?? month, month)
        }
        let found = try Ledgers.load(
            rows.filter { wanted.ledgers.contains($0.key) }.map {
                Ledgers.Wanted(account: $0.facts.id, from: from[$0.facts.id])
            }, on: connection)
        let corrections = try Ledgers.corrections(
            rows.filter { wanted.corrections.contains($0.key) }.map(\.facts.id), on: connection)
        for index in rows.indices {
            if let ledger = found[rows[index].facts.id]?.facts { rows[index].facts.ledger = ledger }
            rows[index].facts.ledger.corrections = corrections[rows[index].facts.id] ?? []
        }
    }

    private func loadHouses(
        _ wanted: FactsWanted, _ facts: inout Facts, on connection: Connection
    ) throws {
        guard !wanted.houses.isEmpty else { return }
        let houses = Array(wanted.houses)
        try connection.run(
            "store/houses", .texts(houses.map(\.organization)), .texts(houses.map(\.code))
        ).forEach { row in
            facts.houses[.init(row.text(0), row.text(1))] = row.text(2)
        }
    }

    /// Windows of houses, where some house of these organizations has one.
    private func loadWindows(
        _ wanted: FactsWanted, _ rows: inout [(key: AccountKey, facts: AccountFacts)],
        _ facts: Facts, on connection: Connection
    ) throws {
        var houses: Set<FactsWanted.HouseKey> = []
        for index in rows.indices {
            let organization = rows[index].key.organization
            rows[index].facts.windows.extensions = facts.extensions(
                organization, of: rows[index].facts.card)
            guard facts.housesHaveWindows.contains(organization),
                let house = rows[index].facts.card.house
            else { continue }
            houses.insert(.init(organization, house))
        }
        guard !houses.isEmpty else { return }
        let keys = Array(houses)
        var found: [FactsWanted.HouseKey: [WindowFacts.Given]] = [:]
        try connection.run(
            "store/house_windows", .texts(keys.map(\.organization)), .texts(keys.map(\.code)),
            .timestamp(wanted.latest)
        ).forEach { row in
            var window: Profile.Readings.Window?
            if let from = row.optional(3, row.int16), let to = row.optional(4, row.int16) {
                window = .init(from: Int(from), to: Int(to))
            }
            found[.init(row.text(0), row.text(1)), default: []].append(
                .init(at: row.timestamp(2), window: window))
        }
        for index in rows.indices {
            guard let house = rows[index].facts.card.house else { continue }
            rows[index].facts.windows.house =
                found[.init(rows[index].key.organization, house)] ?? []
        }
    }

    private func loadSessions(
        _ wanted: FactsWanted, _ facts: inout Facts, on connection: Connection
    ) throws {
        guard !wanted.deleted.isEmpty else { return }
        let sessions = wanted.sessions.union(facts.entered.values)
        guard !sessions.isEmpty else { return }
        var ends: [CommandID: Int64] = [:]
        try connection.run("store/entry_sessions", .ids(sessions.map(\.identifier))).forEach {
            row in
            let id = row.id(0)
            ends[CommandID(high: id.high, low: id.low)] = row.timestamp(1)
        }
        facts.sessionEnds = ends
    }

    private func loadMeters(
        _ wanted: FactsWanted, _ rows: inout [(key: AccountKey, facts: AccountFacts)],
        _ entered: inout [CommandID: CommandID], on connection: Connection,
        needsMore: (FactsWanted.MeterKey, AccountFacts, MeterFacts) -> Bool
    ) throws {
        guard !rows.isEmpty, !wanted.meters.isEmpty || !wanted.deleted.isEmpty else { return }
        var places: [Int64: Int] = [:]
        for (index, row) in rows.enumerated() { places[row.facts.id] = index }
        var asked: [Int64] = []
        var busy: Set<Int64> = []
        var whole: Set<Int64> = []
        var meterPlaces: [Int64: (row: Int, meter: Int)] = [:]
        try connection.run("store/meters", .int64s(rows.map(\.facts.id))).forEach { row in
            guard let index = places[row.int64(0)], let service = Service(rawValue: row.text(2))
            else { return }
            let meter = MeterFacts(
                id: row.int64(1), service: service, number: row.text(3),
                registers: Int(row.int16(4)), digits: Int(row.int16(5)),
                decimals: Int(row.int16(6)),
                installedOn: row.optional(7, row.date).map { Day(days: $0) },
                verifiedUntil: row.optional(8, row.date).map { Day(days: $0) },
                removedOn: row.optional(9, row.date).map { Day(days: $0) },
                automatic: row.bool(11),
                initial: row.int64s(10).map { Quantity(millionths: $0) })
            meterPlaces[meter.id] = (index, rows[index].facts.meters.count)
            rows[index].facts.meters.append(meter)
            let key = FactsWanted.MeterKey(rows[index].key, meter.number)
            if wanted.meters.contains(key) {
                asked.append(meter.id)
                if wanted.busyMeters.contains(key) { busy.insert(meter.id) }
            }
        }
        let deleted = wanted.deleted.map { Identifier(high: $0.high, low: $0.low) }
        if !deleted.isEmpty {
            try connection.run("store/reading_meters", .ids(deleted)).forEach { row in
                let meter = row.int64(1)
                guard meterPlaces[meter] != nil else { return }
                if !asked.contains(meter) { asked.append(meter) }
                whole.insert(meter)
                guard let session = row.optional(2, row.id) else { return }
                let id = row.id(0)
                entered[CommandID(high: id.high, low: id.low)] = CommandID(
                    high: session.high, low: session.low)
            }
        }
        func loadHistory(_ meters: [Int64], _ most: (Int64) -> Int32) throws {
            guard !meters.isEmpty else { return }
            try connection.run("store/history", .int64s(meters), .int32s(meters.map(most)))
                .forEach { row in
                    guard let place = meterPlaces[row.int64(0)] else { return }
                    rows[place.row].facts.meters[place.meter].history.append(Self.reading(row))
                }
        }
        try loadHistory(asked) { whole.contains($0) ? .max : busy.contains($0) ? 8 : 2 }
        // Most readings are judged by the two newest; the few that are not get the rest.
        var longer: [Int64] = []
        for id in asked where !busy.contains(id) && !whole.contains(id) {
            guard let place = meterPlaces[id] else { continue }
            let meter = rows[place.row].facts.meters[place.meter]
            let key = FactsWanted.MeterKey(rows[place.row].key, meter.number)
            if needsMore(key, rows[place.row].facts, meter) {
                longer.append(id)
                rows[place.row].facts.meters[place.meter].history = []
            }
        }
        try loadHistory(longer) { _ in 8 }
        try loadMonths(wanted, asked, meterPlaces, &rows, on: connection)
        guard !whole.isEmpty else { return }
        try connection.run("store/replaced", .int64s(whole.sorted())).forEach { row in
            guard let place = meterPlaces[row.int64(0)] else { return }
            rows[place.row].facts.meters[place.meter].replaced.append(Self.reading(row))
        }
    }

    /// A date older than the newest readings: what its month has is looked at alone.
    private func loadMonths(
        _ wanted: FactsWanted, _ asked: [Int64], _ places: [Int64: (row: Int, meter: Int)],
        _ rows: inout [(key: AccountKey, facts: AccountFacts)], on connection: Connection
    ) throws {
        var older: [(meter: Int64, month: Month)] = []
        for id in asked {
            guard let place = places[id] else { continue }
            let meter = rows[place.row].facts.meters[place.meter]
            guard let oldest = meter.history.last?.month else { continue }
            for month in wanted.months[.init(rows[place.row].key, meter.number)] ?? []
            where month < oldest { older.append((id, month)) }
        }
        guard !older.isEmpty else { return }
        try connection.run(
            "store/month_readings", .int64s(older.map(\.meter)),
            .dates(older.map { $0.month.first.days })
        ).forEach { row in
            guard let place = places[row.int64(0)] else { return }
            rows[place.row].facts.meters[place.meter].history.append(Self.reading(row))
        }
        for id in Set(older.map(\.meter)) {
            guard let place = places[id] else { continue }
            rows[place.row].facts.meters[place.meter].history.sort { $0.month > $1.month }
        }
    }

    private static func reading(_ row: Row) -> ReadingFacts {
        var values = [Quantity(millionths: row.int64(6))]
        if let second = row.optional(7, row.int64) { values.append(Quantity(millionths: second)) }
        if let third = row.optional(8, row.int64) { values.append(Quantity(millionths: third)) }
        let id = row.id(1)
        return ReadingFacts(
            id: CommandID(high: id.high, low: id.low), month: Day(days: row.date(2)).month,
            takenOn: Day(days: row.date(3)), values: values, rolled: Int(row.int16(4)),
            calculated: row.bool(5))
    }

    /// A zone's days are asked for once a month of service: a batch is about moments that are near each other.
    private func loadDays(
        _ wanted: FactsWanted, _ facts: inout Facts, on connection: Connection
    ) throws {
        let zones = Set(facts.zones.values).union(facts.houseZones.values)
            .union(facts.houses.values)
        guard !zones.isEmpty, wanted.earliest <= wanted.latest else { return }
        let missing = zones.filter { days[$0]?.covers(wanted) != true }.sorted()
        if !missing.isEmpty {
            let day: Int64 = 86_400_000_000
            for zone in missing { days[zone] = Days() }
            try connection.run(
                "store/days", .texts(missing), .timestamp(wanted.earliest - day),
                .timestamp(wanted.latest + 30 * day)
            ).forEach { row in
                days[row.text(0), default: Days()].list.append(
                    (Day(days: row.date(1)), row.timestamp(2), row.timestamp(3)))
            }
        }
        for zone in zones { facts.days[zone] = days[zone]?.list ?? [] }
    }

    /// Civil days of a zone, one behind the other.
    private struct Days {
        var list: [(day: Day, from: Int64, to: Int64)] = []

        func covers(_ wanted: FactsWanted) -> Bool {
            guard let first = list.first, let last = list.last else { return false }
            return first.from <= wanted.earliest && wanted.latest < last.to
        }
    }
}
