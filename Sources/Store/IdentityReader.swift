public import Commands
public import Domain
public import Postgres

/// What commands of identity are about, as far as it is known before anything is loaded.
public struct IdentityWanted: Sendable {
    public var organizations: Set<String> = []
    public var links: Set<TokenHash> = []
    public var sessions: Set<TokenHash> = []
    public var sessionIDs: Set<Identifier> = []
    public var registrations: Set<Identifier> = []
    public var shares: Set<Identifier> = []
    /// Those whose link is opened.
    private(set) var invited: Set<String> = []
    /// By what they typed: a login, an account's number or an address.
    public var logins: Set<IdentityFacts.Key> = []
    /// By stripped number.
    public var accounts: Set<IdentityFacts.Key> = []
    public var accountIDs: Set<Int64> = []
    public var addresses: Set<IdentityFacts.Key> = []
    public var phones: Set<IdentityFacts.Key> = []
    public var failures: Set<IdentityFacts.Key> = []
    /// What is counted with the failures and has no lock of its own: letters are locked by their address, codes by login or
    /// person, invitations, changes of address and failures from a known network by their person.
    public var counts: Set<IdentityFacts.Key> = []
    /// Whether letters with links or codes may be sent, which are counted.
    public var sends = false
    /// Whether it matters from where persons were signed in.
    public var networks = false
    /// Whether it matters who signs in with the numbers of all accounts that persons have.
    public var holdings = false
    public var persons: Set<Int64> = []
    public var codes: Set<IdentityFacts.CodeKey> = []
    /// Persons that may come to be.
    public var newPersons = 0

    public init() {}

    mutating func add(_ link: LinkFacts) {
        organizations.insert(link.organization)
        switch link.purpose {
        case .registration: if let id = Identifier(link.subject) { registrations.insert(id) }
        case .share:
            if let id = Identifier(link.subject) {
                shares.insert(id)
                invited.insert(id.description)
            }
        case .reset, .email: if let id = Int64(link.subject) { persons.insert(id) }
        case .unsubscribe:
            guard let consent = link.consent else { break }
            accountIDs.insert(consent.account)
            if let person = consent.person { persons.insert(person) }
        }
        if link.purpose == .email, let email = link.value.flatMap({ EmailAddress($0) }) {
            addresses.insert(.init(link.organization, email.key))
            logins.insert(.init(link.organization, email.key))
        }
    }

    mutating func add(_ registration: RegistrationFacts) {
        if let account = registration.account { accountIDs.insert(account) }
        let login = LoginName(registration.login, registration.mode).key
        failures.insert(.init(registration.organization, IdentityFacts.failures(login: login)))
        failures.insert(.init(registration.organization, registration.failures))
        counts.insert(.init(registration.organization, registration.codes))
        codes.insert(.init(registration.organization, .registration, registration.id))
        logins.insert(.init(registration.organization, registration.login))
        if let phone = registration.phone {
            phones.insert(.init(registration.organization, phone.text))
        }
        if let email = registration.email {
            add(letters: email, registration.organization)
            logins.insert(.init(registration.organization, email.key))
        }
    }

    /// An invitation that is taken up: whoever takes it may have, or get, a login of its address.
    mutating func add(invited email: EmailAddress, _ organization: String) {
        addresses.insert(.init(organization, email.key))
        logins.insert(.init(organization, email.key))
        failures.insert(.init(organization, IdentityFacts.failures(login: email.key)))
    }

    mutating func add(_ person: Person) {
        persons.insert(person.id)
        codes.insert(.init(person.organization, .phone, "\(person.id)"))
        for what in [
            person.failures, person.insideFailures, "second \(person.id)", "person \(person.id)",
        ] {
            failures.insert(.init(person.organization, what))
        }
        if let email = person.email {
            addresses.insert(.init(person.organization, email.key))
        }
        guard sends else { return }
        for what in [person.codes, person.invitations, person.emailChanges] {
            counts.insert(.init(person.organization, what))
        }
        if let email = person.email { add(letters: email, person.organization) }
    }

    /// Where letters may go.
    public mutating func add(letters email: EmailAddress, _ organization: String) {
        addresses.insert(.init(organization, email.key))
        for what in [IdentityFacts.letters(to: email), IdentityFacts.resets(to: email)] {
            counts.insert(.init(organization, what))
        }
    }

    /// What a lane holds while it decides, by name: whatever two commands could both change has one of these in common.
    var names: [String] {
        var names: Set<String> = []
        for key in accounts { names.insert("account \(key.organization) \(key.text)") }
        for id in accountIDs { names.insert("holder \(id)") }
        for key in logins { names.insert("login \(key.organization) \(key.text)") }
        for key in addresses { names.insert("address \(key.organization) \(key.text)") }
        for key in phones { names.insert("phone \(key.organization) \(key.text)") }
        for key in failures { names.insert("failure \(key.organization) \(key.text)") }
        for id in persons { names.insert("person \(id)") }
        for id in registrations { names.insert("registration \(id)") }
        for id in shares { names.insert("share \(id)") }
        for hash in links { names.insert("link \(hash.text)") }
        for hash in sessions { names.insert("session \(hash.text)") }
        for id in sessionIDs { names.insert("session \(id)") }
        return names.sorted()
    }
}

/// Loads what commands of identity are decided against.
public struct IdentityReader {
    public static let statements: [Statement] = [
        "store/organizations", "store/identity_links", "store/identity_registrations",
        "store/identity_sessions", "store/identity_shares", "store/identity_holders",
        "store/identity_persons", "store/identity_holdings", "store/identity_codes",
        "store/identity_sent", "store/identity_failures", "store/identity_addresses",
        "store/identity_consents", "store/identity_lock", "store/identity_ids",
        "store/identity_networks",
    ]

    public init() {}

    /// Finds out what the commands are about, locks all of that, and loads it again: what others left is seen.
    public func load(
        _ wanted: IdentityWanted, on connection: Connection
    ) throws -> IdentityFacts {
        var wanted = wanted
        _ = try find(&wanted, on: connection)
        try connection.run("store/identity_lock", .texts(wanted.names))
        var facts = try find(&wanted, on: connection)
        try readHoldings(&facts, on: connection)
        try readCounts(wanted, &facts, on: connection)
        return facts
    }

    /// What leads from one thing to another: a link to its registration, an account to who signs in with it.
    private func find(
        _ wanted: inout IdentityWanted, on connection: Connection
    ) throws -> IdentityFacts {
        var facts = IdentityFacts()
        let profiles = try connection.send(
            "store/organizations", .texts(wanted.organizations.sorted()))
        let links = try connection.send("store/identity_links", .hashes(wanted.links))
        let sessions = try connection.send(
            "store/identity_sessions", .hashes(wanted.sessions),
            .ids(wanted.sessionIDs.sorted()))
        for (code, json) in try profiles.rows().map({ ($0.text(0), $0.json(1)) }) {
            facts.profiles[code] = try Profile(JSON.parse(json))
        }
        try links.rows().forEach { row in
            guard let link = LinkFacts(row) else { return }
            facts.links[link.hash] = link
            wanted.add(link)
        }
        try sessions.rows().forEach { row in
            guard let session = SessionFacts(row) else { return }
            facts.sessions[session.hash] = session
            wanted.persons.insert(session.person)
        }
        try readBegun(&wanted, &facts, on: connection)
        try readHolders(&wanted, &facts, on: connection)
        try readPersons(&wanted, &facts, on: connection)
        return facts
    }

    /// Registrations and shares.
    private func readBegun(
        _ wanted: inout IdentityWanted, _ facts: inout IdentityFacts, on connection: Connection
    ) throws {
        let logins = wanted.logins.sorted()
        let registrations = try connection.send(
            "store/identity_registrations", .ids(wanted.registrations.sorted()),
            .texts(logins.map(\.organization)), .texts(logins.map(\.text)))
        let shares = try connection.send(
            "store/identity_shares", .ids(wanted.shares.sorted()),
            .int64s(wanted.persons.sorted()))
        try registrations.rows().forEach { row in
            guard let registration = RegistrationFacts(row) else { return }
            facts.registrations[registration.id] = registration
            wanted.add(registration)
        }
        try shares.rows().forEach { row in
            guard let share = ShareFacts(row) else { return }
            facts.shares[share.id] = share
            wanted.accountIDs.insert(share.account)
            if wanted.invited.contains(share.id) {
                wanted.add(invited: share.email, share.organization)
            }
            if let person = share.person { wanted.persons.insert(person) }
        }
    }

    private func readHolders(
        _ wanted: inout IdentityWanted, _ facts: inout IdentityFacts, on connection: Connection
    ) throws {
        let accounts = wanted.accounts.sorted()
        guard !accounts.isEmpty || !wanted.accountIDs.isEmpty else { return }
        try connection.run(
            "store/identity_holders", .texts(accounts.map(\.organization)),
            .texts(accounts.map(\.text)), .int64s(wanted.accountIDs.sorted())
        ).forEach { row in
            let holder = HolderFacts(row)
            facts.holders[.init(row.text(0), row.text(1)), default: []].append(holder)
            wanted.accountIDs.insert(holder.account)
            // Registrations of an account are found by its canonical number.
            wanted.logins.insert(.init(row.text(0), holder.number))
        }
    }

    private func readPersons(
        _ wanted: inout IdentityWanted, _ facts: inout IdentityFacts, on connection: Connection
    ) throws {
        let logins = wanted.logins.sorted()
        let names = (Value.texts(logins.map(\.organization)), Value.texts(logins.map(\.text)))
        try connection.run(
            "store/identity_persons", .int64s(wanted.persons.sorted()), names.0, names.1, names.0,
            names.1, .int64s(wanted.accountIDs.sorted())
        ).forEach { row in
            let person = Person(row)
            facts.persons[person.id] = person
            if let account = person.account { facts.registered[account] = person.id }
            wanted.add(person)
        }
        if wanted.networks { try readNetworks(&wanted, &facts, on: connection) }
        if wanted.holdings {
            try connection.run(
                "store/identity_holdings", .int64s(facts.persons.keys.sorted())
            ).forEach { wanted.accountIDs.insert($0.int64(1)) }
        }
    }

    /// From where persons were signed in lately, and what went wrong from there.
    private func readNetworks(
        _ wanted: inout IdentityWanted, _ facts: inout IdentityFacts, on connection: Connection
    ) throws {
        guard !facts.persons.isEmpty else { return }
        try connection.run(
            "store/identity_networks", .int64s(facts.persons.keys.sorted())
        ).forEach { row in
            facts.networks[row.int64(0), default: []].insert(row.text(1))
        }
        for person in facts.persons.values {
            for network in facts.networks[person.id] ?? [] {
                wanted.counts.insert(.init(person.organization, person.nearFailures(network)))
            }
        }
    }

    private func readHoldings(_ facts: inout IdentityFacts, on connection: Connection) throws {
        guard !facts.persons.isEmpty else { return }
        try connection.run(
            "store/identity_holdings", .int64s(facts.persons.keys.sorted())
        ).forEach { row in
            guard let account = Person.Account(row) else { return }
            facts.persons[row.int64(0)]?.accounts.append(account)
        }
    }

    private func readCounts(
        _ wanted: IdentityWanted, _ facts: inout IdentityFacts, on connection: Connection
    ) throws {
        let codes = wanted.codes.sorted {
            ($0.organization, $0.subject) < ($1.organization, $1.subject)
        }
        let live = try connection.send(
            "store/identity_codes", .texts(codes.map(\.organization)),
            .texts(codes.map(\.purpose.rawValue)), .texts(codes.map(\.subject)))
        let phones = wanted.phones.sorted()
        let sent = try connection.send(
            "store/identity_sent", .texts(phones.map(\.organization)), .texts(phones.map(\.text)))
        let whats = wanted.failures.union(wanted.counts).sorted()
        let failures = try connection.send(
            "store/identity_failures", .texts(whats.map(\.organization)),
            .texts(whats.map(\.text)))
        let addresses = wanted.addresses.sorted()
        let owned = try connection.send(
            "store/identity_addresses", .texts(addresses.map(\.organization)),
            .texts(addresses.map(\.text)))
        let held = held(facts)
        let consents = try connection.send(
            "store/identity_consents", .int64s(held.map(\.person)), .int64s(held.map(\.account)))
        let ids = try connection.send("store/identity_ids", .int32(Int32(wanted.newPersons)))
        try live.rows().forEach { row in
            guard let purpose = IdentityFacts.CodeKey.Purpose(rawValue: row.text(1)) else { return }
            facts.codes[.init(row.text(0), purpose, row.text(2))] = CodeFacts(row)
        }
        try sent.rows().forEach { row in
            facts.sent[.init(row.text(0), row.text(1)), default: []].append(row.timestamp(2))
        }
        try failures.rows().forEach { row in
            facts.failures[.init(row.text(0), row.text(1))] = Failures(
                count: Int(row.int32(2)), since: row.timestamp(3), rests: Int(row.int32(4)),
                restsUntil: row.optional(5, row.timestamp))
        }
        try owned.rows().forEach { row in
            facts.ofAddress[.init(row.text(0), row.text(1)), default: []].insert(row.int64(2))
        }
        try consents.rows().forEach { row in
            guard let purpose = IdentityProfile.Consent.Purpose(rawValue: row.text(2)) else {
                return
            }
            let holding = IdentityFacts.Holding(person: row.int64(0), account: row.int64(1))
            facts.consents[holding, default: []].insert(purpose)
        }
        facts.ids = try ids.rows().map { $0.int64(0) }.reversed()
    }

    /// Whose consents for which accounts may matter.
    private func held(_ facts: IdentityFacts) -> [IdentityFacts.Holding] {
        var held = Set(
            facts.persons.values.flatMap { person in
                person.accounts.map {
                    IdentityFacts.Holding(person: person.id, account: $0.id)
                }
            })
        for link in facts.links.values {
            guard let consent = link.consent, let person = consent.person else { continue }
            held.insert(.init(person: person, account: consent.account))
        }
        return held.sorted { ($0.person, $0.account) < ($1.person, $1.account) }
    }
}

extension IdentityFacts.Key: Comparable {
    public static func < (left: Self, right: Self) -> Bool {
        (left.organization, left.text) < (right.organization, right.text)
    }
}

extension Value {
    static func hashes(_ hashes: some Collection<TokenHash>) -> Value {
        .bytesArray(hashes.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) })
    }
}

extension TokenHash {
    /// Of a column.
    init?(_ bytes: [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        self.init(
            String(
                decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
                as: UTF8.self))
    }

    var bytes: [UInt8] { [UInt8](hexadecimal: text) }
}

extension [UInt8] {
    /// Of lower-case digits that were checked before.
    init(hexadecimal text: String) {
        let digits = text.utf8.map { $0 >= 0x61 ? $0 - 0x61 + 10 : $0 - 0x30 }
        self = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

// MARK: Rows

extension LinkFacts {
    fileprivate init?(_ row: Row) {
        guard let hash = TokenHash(row.bytes(0)), let purpose = Purpose(rawValue: row.text(2))
        else { return nil }
        self.init(
            hash: hash, organization: row.text(1), purpose: purpose, subject: row.text(3),
            value: row.optional(4, row.text), madeAt: row.timestamp(5),
            expiresAt: row.optional(6, row.timestamp), usedAt: row.optional(7, row.timestamp))
    }
}

extension SessionFacts {
    fileprivate init?(_ row: Row) {
        guard let hash = TokenHash(row.bytes(0)) else { return nil }
        self.init(
            hash: hash, id: row.id(1).description, organization: row.text(2),
            person: row.int64(3), openedAt: row.timestamp(4), longestAt: row.timestamp(5),
            idle: row.int64(6), seenAt: row.timestamp(7), isRemembered: row.bool(8),
            origin: Origin(
                agent: row.optional(9, row.text), address: row.optional(10, row.text)),
            isHalf: row.bool(11), endedAt: row.optional(12, row.timestamp),
            why: row.optional(13, row.text))
    }
}

extension RegistrationFacts {
    fileprivate init?(_ row: Row) {
        guard let mode = IdentityProfile.Mode(rawValue: row.text(2)) else { return nil }
        self.init(
            id: row.id(0).description, organization: row.text(1), mode: mode, login: row.text(3),
            account: row.optional(4, row.int64),
            email: row.optional(5, row.text).flatMap { EmailAddress($0) },
            phone: row.optional(6, row.text).flatMap { PhoneNumber($0) },
            passwordHash: row.text(7), way: IdentityProfile.Way(rawValue: row.text(8)),
            language: row.text(9), terms: row.text(10), termsHash: row.text(18),
            browser: row.optional(19, row.bytes).flatMap { TokenHash($0) },
            origin: Origin(
                agent: row.optional(12, row.text), address: row.optional(13, row.text)),
            channel: row.text(11), beganAt: row.timestamp(14), expiresAt: row.timestamp(15),
            end: row.optional(17, row.text).flatMap(End.init(rawValue:)),
            endedAt: row.optional(16, row.timestamp))
    }
}

extension ShareFacts {
    fileprivate init?(_ row: Row) {
        guard let number = AccountNumber(row.text(3)), let email = EmailAddress(row.text(5)) else {
            return nil
        }
        self.init(
            id: row.id(0).description, organization: row.text(1), account: row.int64(2),
            number: number, owner: row.int64(4), email: email,
            rights: row.texts(6).compactMap(Right.init(rawValue:)),
            person: row.optional(7, row.int64), invitedAt: row.timestamp(8),
            expiresAt: row.timestamp(9), endedAt: row.optional(10, row.timestamp))
    }
}

extension HolderFacts {
    fileprivate init(_ row: Row) {
        self.init(
            account: row.int64(2), number: row.text(3), surname: row.optional(4, row.text),
            name: row.optional(5, row.text), apartment: row.optional(6, row.text),
            company: row.text(7), house: row.optional(8, row.text), isClosed: row.bool(9),
            paidOn: row.optional(10, row.date).map { Day(days: $0) },
            paid: row.optional(11, row.int64),
            billMonth: row.optional(12, row.date).map { Day(days: $0).month },
            billTotal: row.optional(13, row.int64), codeHash: row.optional(14, row.bytes))
    }
}

extension Person {
    fileprivate init(_ row: Row) {
        self.init(
            id: row.int64(0), organization: row.text(1),
            mode: IdentityProfile.Mode(rawValue: row.text(2)), login: row.text(3),
            name: row.text(4), account: row.optional(5, row.int64),
            email: row.optional(6, row.text).flatMap { EmailAddress($0) },
            emailConfirmedAt: row.optional(7, row.timestamp),
            phone: row.optional(8, row.text).flatMap { PhoneNumber($0) },
            phoneConfirmedAt: row.optional(9, row.timestamp), language: row.text(10),
            passwordHash: row.optional(11, row.text).flatMap { $0.isEmpty ? nil : $0 },
            passwordChangedAt: row.optional(12, row.timestamp) ?? 0)
        if let secret = row.optional(13, row.text) {
            authenticator = Authenticator(
                secret: secret, lastStep: row.int64(14), enabledAt: row.timestamp(15),
                recovery: row.texts(16).map { [UInt8](hexadecimal: $0) })
        }
    }
}

extension Person.Account {
    fileprivate init?(_ row: Row) {
        guard let number = AccountNumber(row.text(2)) else { return nil }
        self.init(
            id: row.int64(1), number: number, name: row.optional(3, row.text),
            rights: row.texts(4).compactMap(Right.init(rawValue:)), isOwned: row.bool(5),
            attachedAt: row.timestamp(6))
    }
}

extension CodeFacts {
    fileprivate init(_ row: Row) {
        let id = row.id(3)
        self.init(
            id: CommandID(high: id.high, low: id.low), phone: row.text(4), hash: row.bytes(5),
            sentAt: row.timestamp(6), expiresAt: row.timestamp(7), attempts: Int(row.int32(8)))
    }
}
