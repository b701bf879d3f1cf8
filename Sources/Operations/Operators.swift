public import Commands
import Crypto
import Postgres

/// Accounts of operators and their roles. Passwords are made here, shown once, and must be changed at the first sign-in;
/// only their hashes rest, and this role cannot read those.
public struct Operators {
    private let console: Console
    public init(_ console: Console) { self.console = console }

    /// What an operator may do, in one organization.
    public struct Role: Sendable, Equatable {
        public var organization: String
        public var reach: OperatorReach
        public init(organization: String, reach: OperatorReach) {
            self.organization = organization
            self.reach = reach
        }

        var json: JSON {
            .object([
                "organization": .string(organization), "role": .string(reach.role.rawValue),
                "houses": reach.houses.map { .array($0.sorted().map(JSON.string)) },
            ])
        }
    }

    public struct Listed: Sendable {
        public let login: String
        public let name: String
        public let made: Moment
        public let ended: Moment?
        public let hasSecondFactor: Bool
        /// The password was given by somebody else and not changed yet.
        public let isNew: Bool
        public let sessions: Int64
        public let roles: [Role]
    }

    public func list(_ organization: String?) throws -> [Listed] {
        if let organization { try console.requireOrganization(organization) }
        return try console.connection.run("operations/operators", .text(organization)).map { row in
            let (organizations, roles, houses) = (row.texts(7), row.texts(8), row.texts(9))
            return Listed(
                login: row.text(0), name: row.text(1), made: Moment(row.timestamp(2)),
                ended: row.optional(3, row.timestamp).map(Moment.init),
                hasSecondFactor: row.bool(4), isNew: row.bool(5), sessions: row.int64(6),
                roles: organizations.indices.compactMap { index in
                    OperatorRole(rawValue: roles[index]).map { role in
                        Role(
                            organization: organizations[index],
                            reach: OperatorReach(
                                role: role,
                                houses: houses[index].isEmpty
                                    ? nil
                                    : Set(houses[index].split(separator: ",").map(String.init))))
                    }
                })
        }
    }

    /// Makes an operator and returns the password, which nobody can show again.
    public func create(login: String, name: String, role: Role?) throws -> String {
        guard OperatorLogin(login)?.text == login else { throw OperationError(.notALogin(login)) }
        if let role { try require(role) }
        let (password, hash) = try newPassword()
        try console.connection.transaction {
            guard
                let row = try console.connection.run(
                    "operations/make_operator", .text(login), .text(name), .text(console.actor)
                ).first
            else { throw OperationError(.operatorExists(login)) }
            try console.connection.run(
                "operations/operator_password", .int64(row.int64(0)), .text(hash))
            if let role { try give(role, to: row.int64(0)) }
            try console.audit(
                "operator.create", role?.organization,
                .object(["name": .string(name), "role": role?.json]), about: about(login))
        }
        return password
    }

    /// Gives a role in place of the one that the operator had there.
    public func give(_ role: Role, to login: String, why: String) throws {
        try require(role)
        let id = try find(login)
        try console.connection.transaction {
            try give(role, to: id)
            // What was open was opened with other rights.
            try endSessions(of: id, role.organization, "role")
            try console.audit(
                "operator.role", role.organization,
                .object(["role": role.json, "why": .string(why)]), about: about(login))
        }
    }

    /// Takes the role in an organization away; without one, everything: the account ends, its login is never given again.
    public func revoke(_ login: String, organization: String?, why: String) throws {
        let id = try find(login)
        try console.connection.transaction {
            let ended = try console.connection.run(
                "operations/end_role", .int64(id), .text(organization))
            if let organization, ended.isEmpty {
                throw OperationError(.noRole(login, organization))
            }
            if organization == nil {
                try console.connection.run("operations/end_operator", .int64(id))
            }
            try endSessions(of: id, organization, "revoked")
            try console.audit(
                "operator.revoke", organization, .object(["why": .string(why)]),
                about: about(login))
        }
    }

    /// A new password for who forgot it, and no second factor if that is lost too. Open sessions end, and so do the rests that
    /// wrong passwords began.
    public func password(_ login: String, dropsFactor: Bool, why: String) throws -> String {
        let id = try find(login)
        let (password, hash) = try newPassword()
        try console.connection.transaction {
            try console.connection.run(
                "operations/operator_password", .int64(id), .text(hash))
            if dropsFactor {
                try console.connection.run("operations/drop_operator_factor", .int64(id))
            }
            try console.connection.run("operations/forget_operator_failures", .text(login))
            try endSessions(of: id, nil, "password")
            try console.audit(
                "operator.password", nil,
                .object(["second_factor_dropped": .bool(dropsFactor), "why": .string(why)]),
                about: about(login))
        }
        return password
    }

    // MARK: Steps

    /// A role of houses that are not there would reach nobody, and nobody would see why.
    private func require(_ role: Role) throws {
        try console.requireOrganization(role.organization)
        guard let houses = role.reach.houses, !houses.isEmpty else { return }
        let unknown = try console.connection.run(
            "operations/houses_unknown", .text(role.organization), .texts(houses.sorted())
        ).map { $0.text(0) }
        guard unknown.isEmpty else {
            throw OperationError(.noHouses(unknown, role.organization))
        }
    }

    private func about(_ login: String) -> [String] { ["operator \(login)"] }

    private func find(_ login: String) throws -> Int64 {
        guard let row = try console.connection.run("operations/operator", .text(login)).first else {
            throw OperationError(.noOperator(login))
        }
        guard !row.bool(2) else { throw OperationError(.operatorEnded(login)) }
        return row.int64(0)
    }

    private func give(_ role: Role, to id: Int64) throws {
        try console.connection.run(
            "operations/end_role", .int64(id), .text(role.organization))
        try console.connection.run(
            "operations/give_role", .int64(id), .text(role.organization),
            .text(role.reach.role.rawValue),
            role.reach.houses.map { .texts($0.sorted()) } ?? .null, .text(console.actor))
    }

    private func endSessions(of id: Int64, _ organization: String?, _ why: String) throws {
        try console.connection.run(
            "operations/end_operator_sessions", .int64(id), .text(organization), .text(why))
    }

    /// Eighty random bits without letters that look alike, in groups.
    private func newPassword() throws -> (text: String, hash: String) {
        try Secrets.start()
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)
        let digits = Secrets.random(16).map { alphabet[Int($0) % alphabet.count] }
        let text = stride(from: 0, to: 16, by: 4).map { from in
            String(decoding: digits[from..<(from + 4)], as: UTF8.self)
        }.joined(separator: "-")
        guard let hash = Passwords.hash(Array(text.utf8)) else {
            throw OperationError(.noMemory)
        }
        return (text, hash)
    }
}
