import Commands
public import Domain
public import Postgres

/// The changes of a batch of identity, gathered as commands are decided and written as sets at its end. Rows are written as
/// they are in the facts at last; what ends many rows at once is a statement of its own.
public struct IdentityChanges {
    public static let statements: [Statement] = [
        "store/identity_release", "store/identity_put_persons", "store/identity_put_credentials",
        "store/identity_put_authenticators", "store/identity_put_registrations",
        "store/identity_end_registrations", "store/identity_end_codes",
        "store/identity_put_codes", "store/identity_end_links", "store/identity_put_links",
        "store/identity_end_sessions", "store/identity_put_sessions", "store/identity_end_shares",
        "store/identity_put_shares", "store/identity_detach", "store/identity_attach",
        "store/identity_put_failures", "store/identity_add_consents",
        "store/identity_add_contacts", "store/identity_delete", "store/identity_changed",
    ]

    private struct Holding: Hashable {
        let person: Int64
        let account: Int64
    }

    private var persons: Set<Int64> = []
    private var credentials: Set<Int64> = []
    private var authenticators: Set<Int64> = []
    private var deleted: [Person] = []
    private var registrations: Set<String> = []
    private var codes: Set<IdentityFacts.CodeKey> = []
    private var endedCodes: [CommandID] = []
    private var links: Set<TokenHash> = []
    private var endedLinks: [(String, LinkFacts.Purpose, String, at: Int64, but: TokenHash?)] = []
    private var sessions: Set<TokenHash> = []
    private var endedSessions: [(Int64, but: TokenHash?, at: Int64, why: String)] = []
    private var holdings: Set<Holding> = []
    private var failures: Set<IdentityFacts.Key> = []
    private var shares: Set<String> = []
    private var endedShares: [(owner: Int64, account: Int64?, at: Int64)] = []
    private var consents: [ConsentRecord] = []
    private var contacts: [ContactRecord] = []
    /// Somebody may do less than before.
    private var takesAway = false
    /// Whom to tell what: `Notices.add` writes them.
    public private(set) var notices: [NoticeOrder] = []

    public init() {}

    /// Notes a change, before it is applied to `facts`.
    public mutating func add(_ change: IdentityChange, before facts: IdentityFacts) {
        switch change {
        case .person(let person):
            let before = facts.persons[person.id]
            persons.insert(person.id)
            if before?.passwordHash != person.passwordHash { credentials.insert(person.id) }
            if before?.authenticator != person.authenticator { authenticators.insert(person.id) }
        case .personDeleted(let id):
            if let person = facts.persons[id] { deleted.append(person) }
            takesAway = true
        case .registration(let registration): registrations.insert(registration.id)
        case .code(let key, _): codes.insert(key)
        case .codeEnded(_, let id): endedCodes.append(id)
        case .link(let link): links.insert(link.hash)
        case .linksEnded(let organization, let purpose, let subject, let at, let but):
            endedLinks.append((organization, purpose, subject, at, but))
        case .session(let session):
            sessions.insert(session.hash)
            if session.endedAt != nil { takesAway = true }
        case .sessionsEnded(let person, let but, let at, let why):
            endedSessions.append((person, but, at, why))
            takesAway = true
        case .attached(let person, let account):
            holdings.insert(Holding(person: person, account: account.id))
            takesAway = true
        case .detached(let person, let account):
            holdings.insert(Holding(person: person, account: account))
            takesAway = true
        case .failures(let key, _): failures.insert(key)
        case .share(let share): shares.insert(share.id)
        case .sharesEnded(let owner, let account, let at):
            endedShares.append((owner, account, at))
            takesAway = true
        case .consent(let record): consents.append(record)
        case .contact(let record): contacts.append(record)
        case .notice(let order): notices.append(order)
        }
    }

    /// Sends the changes; the server's answers come with that to the transaction's next statement.
    public func write(_ facts: IdentityFacts, on connection: Connection) throws {
        if !deleted.isEmpty {
            try connection.send(
                "store/identity_release", .int64s(deleted.map(\.id)),
                .texts(deleted.map(\.organization)), .texts(deleted.map(\.login)))
        }
        try writePersons(facts, on: connection)
        try writeSecrets(facts, on: connection)
        try writeHoldings(facts, on: connection)
        try writeRecords(on: connection)
        if !deleted.isEmpty {
            let accounts = deleted.flatMap { $0.accounts.filter(\.isOwned).map(\.id) }
            try connection.send(
                "store/identity_delete", .int64s(deleted.map(\.id)),
                .texts(deleted.map(\.organization)), .int64s(accounts),
                .texts(deleted.flatMap { [$0.email?.text, $0.phone?.text].compactMap { $0 } }))
        }
        if takesAway { try connection.send("store/identity_changed") }
    }

    private func writePersons(_ facts: IdentityFacts, on connection: Connection) throws {
        let persons = persons.sorted().compactMap { facts.persons[$0] }
        try put("store/identity_put_persons", persons, on: connection) { person in
            [
                "id": .int(person.id), "organization": .string(person.organization),
                "kind": .string(person.mode?.rawValue ?? "demo"), "login": .string(person.login),
                "name": .string(person.name), "account": person.account.map(JSON.int),
                "email": person.email.map { .string($0.text) },
                "email_key": person.email.map { .string($0.key) },
                "email_confirmed_at": person.emailConfirmedAt.map(JSON.int),
                "phone": person.phone.map { .string($0.text) },
                "phone_confirmed_at": person.phoneConfirmedAt.map(JSON.int),
                "language": .string(person.language),
            ]
        }
        try put(
            "store/identity_put_credentials",
            credentials.sorted().compactMap { facts.persons[$0] }, on: connection
        ) { person in
            [
                // None that opens anything: no password has an empty hash.
                "principal": .int(person.id), "hash": .string(person.passwordHash ?? ""),
                "changed_at": .int(person.passwordChangedAt),
            ]
        }
        try put(
            "store/identity_put_authenticators",
            authenticators.sorted().compactMap { facts.persons[$0] }, on: connection
        ) { person in
            let authenticator = person.authenticator
            return [
                "principal": .int(person.id),
                "secret": authenticator.map { .string($0.secret) },
                "last_step": authenticator.map { .int($0.lastStep) },
                "enabled_at": authenticator.map { .int($0.enabledAt) },
                "recovery": authenticator.map { authenticator in
                    .array(authenticator.recovery.map { .string(hexadecimal($0)) })
                },
            ]
        }
    }

    private func writeSecrets(_ facts: IdentityFacts, on connection: Connection) throws {
        let registrations = registrations.sorted().compactMap { facts.registrations[$0] }
        let over = registrations.filter { $0.end != nil }
        if !over.isEmpty {
            try connection.send(
                "store/identity_end_registrations", .ids(over.map { Identifier($0.id) }),
                .timestamps(over.map(\.endedAt)), .texts(over.map(\.end?.rawValue)))
        }
        try put(
            "store/identity_put_registrations", registrations.filter { $0.end == nil },
            on: connection
        ) { registration in
            [
                "id": .string(registration.id),
                "organization": .string(registration.organization),
                "kind": .string(registration.mode.rawValue), "login": .string(registration.login),
                "account": registration.account.map(JSON.int),
                "email": registration.email.map { .string($0.text) },
                "email_key": registration.email.map { .string($0.key) },
                "phone": registration.phone.map { .string($0.text) },
                "hash": .string(registration.passwordHash),
                "way": .string(registration.way?.rawValue ?? "none"),
                "language": .string(registration.language),
                "terms_version": .string(registration.terms),
                "terms_text": .string(
                    facts.profiles[registration.organization]?.identity?.terms.text ?? ""),
                "browser": registration.browser.map { .string($0.text) },
                "channel": .string(registration.channel),
                "agent": registration.origin.agent.map(JSON.string),
                "address": registration.origin.address.map(JSON.string),
                "began_at": .int(registration.beganAt), "expires_at": .int(registration.expiresAt),
            ]
        }
        if !endedCodes.isEmpty {
            try connection.send("store/identity_end_codes", .ids(endedCodes.map(\.identifier)))
        }
        let codes = codes.compactMap { key in facts.codes[key].map { (key, $0) } }
        try put("store/identity_put_codes", codes, on: connection) { key, code in
            [
                "id": .string(code.id.identifier.description),
                "organization": .string(key.organization),
                "purpose": .string(key.purpose.rawValue), "subject": .string(key.subject),
                "phone": .string(code.phone), "hash": .string(hexadecimal(code.hash)),
                "sent_at": .int(code.sentAt), "expires_at": .int(code.expiresAt),
                "attempts": .int(Int64(code.attempts)),
            ]
        }
        if !endedLinks.isEmpty {
            try connection.send(
                "store/identity_end_links", .texts(endedLinks.map(\.0)),
                .texts(endedLinks.map(\.1.rawValue)), .texts(endedLinks.map(\.2)),
                .texts(endedLinks.map { $0.but?.text }), .timestamps(endedLinks.map(\.at)))
        }
        let links = links.sorted { $0.text < $1.text }.compactMap { facts.links[$0] }
        try put("store/identity_put_links", links, on: connection) { link in
            [
                "hash": .string(link.hash.text), "organization": .string(link.organization),
                "purpose": .string(link.purpose.rawValue), "subject": .string(link.subject),
                "value": link.value.map(JSON.string), "made_at": .int(link.madeAt),
                "expires_at": link.expiresAt.map(JSON.int), "used_at": link.usedAt.map(JSON.int),
            ]
        }
        if !endedSessions.isEmpty {
            try connection.send(
                "store/identity_end_sessions", .int64s(endedSessions.map(\.0)),
                .texts(endedSessions.map { $0.but?.text }),
                .timestamps(endedSessions.map(\.at)), .texts(endedSessions.map(\.why)))
        }
        let sessions = sessions.sorted { $0.text < $1.text }.compactMap { facts.sessions[$0] }
        try put("store/identity_put_sessions", sessions, on: connection) { session in
            [
                "hash": .string(session.hash.text), "id": .string(session.id),
                "organization": .string(session.organization), "principal": .int(session.person),
                "created_at": .int(session.openedAt), "longest_at": .int(session.longestAt),
                "idle": .int(session.idle), "seen_at": .int(session.seenAt),
                "expires_at": .int(session.expiresAt), "remembered": .bool(session.isRemembered),
                "agent": session.origin.agent.map(JSON.string),
                "address": session.origin.address.map(JSON.string), "half": .bool(session.isHalf),
                "ended_at": session.endedAt.map(JSON.int),
                "ended_why": session.why.map(JSON.string),
            ]
        }
    }

    private func writeHoldings(_ facts: IdentityFacts, on connection: Connection) throws {
        if !endedShares.isEmpty {
            try connection.send(
                "store/identity_end_shares", .int64s(endedShares.map(\.owner)),
                .int64s(endedShares.map(\.account)), .timestamps(endedShares.map(\.at)))
        }
        let shares = shares.sorted().compactMap { facts.shares[$0] }
        try put("store/identity_put_shares", shares, on: connection) { share in
            [
                "id": .string(share.id), "organization": .string(share.organization),
                "account": .int(share.account), "owner": .int(share.owner),
                "email": .string(share.email.text),
                "rights": .array(share.rights.map { .string($0.rawValue) }),
                "principal": share.person.map(JSON.int), "invited_at": .int(share.invitedAt),
                "expires_at": .int(share.expiresAt), "ended_at": share.endedAt.map(JSON.int),
            ]
        }
        let ordered = holdings.sorted { ($0.person, $0.account) < ($1.person, $1.account) }
        var kept: [(person: Int64, account: Person.Account)] = []
        var lost: [Holding] = []
        for holding in ordered {
            if let account = facts.persons[holding.person]?.accounts.first(where: {
                $0.id == holding.account
            }) {
                kept.append((holding.person, account))
            } else {
                lost.append(holding)
            }
        }
        if !lost.isEmpty {
            try connection.send(
                "store/identity_detach", .int64s(lost.map(\.person)), .int64s(lost.map(\.account)))
        }
        try put("store/identity_attach", kept, on: connection) { person, account in
            [
                "principal": .int(person), "account": .int(account.id),
                "number": .string(account.number.text), "name": account.name.map(JSON.string),
                "rights": .array(account.rights.map { .string($0.rawValue) }),
                "owner": .bool(account.isOwned), "attached_at": .int(account.attachedAt),
            ]
        }
        try put("store/identity_put_failures", failures.sorted(), on: connection) { key in
            let failures = facts.failures[key]
            return [
                "organization": .string(key.organization), "what": .string(key.text),
                "count": failures.map { .int(Int64($0.count)) },
                "since": failures.map { .int($0.since) },
                "rests": failures.map { .int(Int64($0.rests)) },
                "rests_until": failures.flatMap { $0.restsUntil.map(JSON.int) },
            ]
        }
    }

    private func writeRecords(on connection: Connection) throws {
        try put("store/identity_add_consents", consents, on: connection) { record in
            [
                "command": .string(record.command.identifier.description),
                "organization": .string(record.organization),
                "account": record.account.map(JSON.int), "principal": record.person.map(JSON.int),
                "purpose": .string(record.purpose), "given": .bool(record.isGiven),
                "version": .string(record.version), "text": .string(record.text),
                "text_hash": record.textHash.map(JSON.string),
                "contact": record.contact.map(JSON.string), "channel": .string(record.channel),
                "agent": record.origin.agent.map(JSON.string),
                "address": record.origin.address.map(JSON.string), "at": .int(record.at),
            ]
        }
        try put("store/identity_add_contacts", contacts, on: connection) { record in
            [
                "command": .string(record.command.identifier.description),
                "organization": .string(record.organization), "account": .int(record.account),
                "principal": .int(record.person), "kind": .string(record.kind.rawValue),
                "value": record.value.map(JSON.string),
                "confirmed_at": record.confirmedAt.map(JSON.int),
                "channel": .string(record.channel), "at": .int(record.at),
            ]
        }
    }

    private func put<Row>(
        _ statement: Statement, _ rows: [Row], on connection: Connection,
        _ members: (Row) -> [String: JSON?]
    ) throws {
        guard !rows.isEmpty else { return }
        let json = JSON.array(
            rows.map { row in
                .object(
                    members(row).compactMap { name, value in value.map { JSON.Member(name, $0) } })
            })
        try connection.send(statement, .json(json.bytes))
    }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
        decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
