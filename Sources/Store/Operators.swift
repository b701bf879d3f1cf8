public import Commands
public import Domain
public import Postgres

/// Facts of operators, and what lanes write down of what they did.
public enum OperatorStore {
    public static let statements: [Statement] = [
        "store/operator_facts", "store/operator_sessions", "store/operator_failures",
        "store/operator_networks",
        "store/put_operator_sessions", "store/end_operator_others", "store/put_operator_passwords",
        "store/put_operator_factors", "store/put_operator_failures", "store/add_audit",
        "store/operator_reaches", "store/account_houses",
    ]

    /// What is known of the operators of some commands, by organization.
    public static func load(
        _ commands: [(organization: String, command: OperatorCommand)], on connection: Connection
    ) throws -> OperatorsFacts {
        var facts = OperatorsFacts()
        let keys = Set(commands.map { OperatorsFacts.Key($0.organization, $0.command.login.text) })
            .sorted { ($0.organization, $0.text) < ($1.organization, $1.text) }
        let organizations = Value.texts(keys.map(\.organization))
        try connection.run(
            "store/organizations", .texts(Set(keys.map(\.organization)).sorted())
        ).forEach { row in
            facts.profiles[row.text(0)] = try Profile(JSON.parse(row.json(1)))
        }
        try connection.run("store/operator_facts", organizations, .texts(keys.map(\.text)))
            .forEach { row in
                guard let login = OperatorLogin(row.text(1)) else { return }
                let authenticator = row.optional(8, row.text).map {
                    OperatorFacts.Authenticator(
                        secret: $0, lastStep: row.int64(9),
                        enabledAt: row.optional(10, row.timestamp) ?? 0)
                }
                facts.operators[.init(row.text(0), row.text(1))] = OperatorFacts(
                    id: row.int64(2), login: login, reach: reach(row, role: 3, houses: 4),
                    passwordHash: row.optional(5, row.text), isTemporary: row.bool(6),
                    passwordChangedAt: row.timestamp(7), authenticator: authenticator)
            }
        try connection.run(
            "store/operator_sessions", .bytesArray(commands.map { $0.command.session.bytes })
        ).forEach { row in
            guard let session = session(row) else { return }
            facts.sessions[session.hash] = session
        }
        let known = facts.operators.values.map(\.id).sorted()
        try connection.run("store/operator_networks", .int64s(known)).forEach { row in
            facts.networks[row.int64(0), default: []].insert(row.text(1))
        }
        let counted = keys.flatMap { key in
            let networks = facts.operators[key].flatMap { facts.networks[$0.id] } ?? []
            let whats =
                [Operators.counted(key.text), Operators.inside(key.text)]
                + networks.sorted().map { Operators.near(key.text, $0) }
            return whats.map { OperatorsFacts.Key(key.organization, $0) }
        }
        try connection.run(
            "store/operator_failures", .texts(counted.map(\.organization)),
            .texts(counted.map(\.text))
        ).forEach { row in
            facts.failures[.init(row.text(0), row.text(1))] = Failures(
                count: Int(row.int32(2)), since: row.timestamp(3), rests: Int(row.int32(4)),
                restsUntil: row.optional(5, row.timestamp))
        }
        return facts
    }

    private static func reach(_ row: Row, role: Int, houses: Int) -> OperatorReach? {
        row.optional(role, row.text).flatMap(OperatorRole.init(rawValue:)).map {
            OperatorReach(role: $0, houses: row.optional(houses, row.texts).map(Set.init))
        }
    }

    private static func session(_ row: Row) -> OperatorSessionFacts? {
        guard let hash = TokenHash(row.text(0)) else { return nil }
        let id = row.id(1)
        return OperatorSessionFacts(
            hash: hash, id: CommandID(high: id.high, low: id.low), operatorID: row.int64(2),
            organization: row.text(3), openedAt: row.timestamp(4), seenAt: row.timestamp(5),
            idle: row.int64(6), longestAt: row.timestamp(7),
            half: row.optional(8, row.text).flatMap(OperatorSessionFacts.Half.init(rawValue:)),
            origin: Origin(agent: row.optional(9, row.text), address: row.optional(10, row.text)),
            endedAt: row.optional(11, row.timestamp), why: row.optional(12, row.text))
    }

    /// Writes what is different now.
    public static func write(_ facts: OperatorsFacts, on connection: Connection) throws {
        let changes = facts.changes
        func sorted(_ keys: Set<OperatorsFacts.Key>) -> [OperatorsFacts.Key] {
            keys.sorted { ($0.organization, $0.text) < ($1.organization, $1.text) }
        }
        let passwords = sorted(changes.passwords).compactMap { facts.operators[$0] }
        if !passwords.isEmpty {
            try connection.run(
                "store/put_operator_passwords", .int64s(passwords.map(\.id)),
                .texts(passwords.map(\.passwordHash)), .bools(passwords.map(\.isTemporary)),
                .timestamps(passwords.map(\.passwordChangedAt)))
        }
        let factors = sorted(changes.authenticators).compactMap { key in
            facts.operators[key].flatMap { one in one.authenticator.map { (one.id, $0) } }
        }
        if !factors.isEmpty {
            try connection.run(
                "store/put_operator_factors", .int64s(factors.map(\.0)),
                .texts(factors.map(\.1.secret)), .int64s(factors.map(\.1.lastStep)),
                .timestamps(factors.map(\.1.enabledAt)))
        }
        if !changes.endedOthers.isEmpty {
            let ended = changes.endedOthers.sorted { $0.key < $1.key }
            try connection.run(
                "store/end_operator_others", .int64s(ended.map(\.key)),
                .bytesArray(ended.map(\.value.bytes)))
        }
        let sessions = changes.sessions.sorted { $0.text < $1.text }.compactMap {
            facts.sessions[$0]
        }
        if !sessions.isEmpty {
            try connection.run(
                "store/put_operator_sessions", .bytesArray(sessions.map(\.hash.bytes)),
                .ids(sessions.map { $0.id.identifier }), .int64s(sessions.map(\.operatorID)),
                .texts(sessions.map(\.organization)), .timestamps(sessions.map(\.openedAt)),
                .timestamps(sessions.map(\.seenAt)), .int64s(sessions.map(\.idle)),
                .timestamps(sessions.map(\.longestAt)), .texts(sessions.map { $0.half?.rawValue }),
                .texts(sessions.map(\.origin.agent)), .texts(sessions.map(\.origin.address)),
                .timestamps(sessions.map(\.endedAt)), .texts(sessions.map(\.why)))
        }
        let failures = sorted(changes.failures)
        if !failures.isEmpty {
            let values = failures.map { facts.failures[$0] }
            try connection.run(
                "store/put_operator_failures", .texts(failures.map(\.organization)),
                .texts(failures.map(\.text)), .int32s(values.map { $0.map { Int32($0.count) } }),
                .timestamps(values.map { $0?.since }),
                .int32s(values.map { $0.map { Int32($0.rests) } }),
                .timestamps(values.map { $0?.restsUntil }))
        }
    }

    /// What an operator, or an operator's program, had decided.
    public struct AuditLine: Sendable {
        public var actor: String
        public var action: String
        public var organization: String
        public var details: JSON
        /// `account …`, `login …`, `person …`, `operator …`.
        public var about: [String]
        public var why: String?
        public var command: Identifier

        public init(
            actor: String, action: String, organization: String, details: JSON, about: [String],
            why: String?, command: Identifier
        ) {
            self.actor = actor
            self.action = action
            self.organization = organization
            self.details = details
            self.about = about
            self.why = why
            self.command = command
        }
    }

    public static func audit(_ lines: [AuditLine], on connection: Connection) throws {
        guard !lines.isEmpty else { return }
        try connection.send(
            "store/add_audit", .texts(lines.map(\.actor)), .texts(lines.map(\.action)),
            .texts(lines.map(\.organization)), .jsons(lines.map(\.details.bytes)),
            .texts(lines.map { $0.about.joined(separator: "\t") }), .texts(lines.map(\.why)),
            .ids(lines.map(\.command)))
    }

    /// The roles of those who ask, by actor and organization. Who has no account of an operator is not in it: that is who
    /// sits at the server, and may do everything; `.some(nil)` has an account and no role there.
    public static func reaches(
        _ asked: [(organization: String, actor: String)], on connection: Connection
    ) throws -> [OperatorsFacts.Key: OperatorReach?] {
        let pairs = asked.compactMap { one in
            OperatorLogin(actor: one.actor).map { (one.organization, $0.text) }
        }
        guard !pairs.isEmpty else { return [:] }
        var found: [OperatorsFacts.Key: OperatorReach?] = [:]
        try connection.run(
            "store/operator_reaches", .texts(pairs.map(\.0)), .texts(pairs.map(\.1))
        ).forEach { row in
            let key = OperatorsFacts.Key(row.text(0), "operator:" + row.text(1))
            found.updateValue(reach(row, role: 2, houses: 3), forKey: key)
        }
        return found
    }

    public static func houses(
        of accounts: [Int64], on connection: Connection
    ) throws -> [Int64: String] {
        guard !accounts.isEmpty else { return [:] }
        var found: [Int64: String] = [:]
        try connection.run("store/account_houses", .int64s(accounts)).forEach { row in
            found[row.int64(0)] = row.optional(1, row.text)
        }
        return found
    }
}
