public import Commands
import Crypto
public import Postgres

/// An operator who is signed in, at least half.
public struct OperatorSession: Sendable, Equatable {
    /// What is still to be done before it may be used for anything else.
    public enum Half: String, Sendable { case code, password, factor }

    public let organization: String
    public let login: OperatorLogin
    public let name: String
    public let reach: OperatorReach
    /// Nil: it is whole.
    public private(set) var half: Half?
    /// The password was given long ago, and is asked for again before the second factor changes.
    public let asksPassword: Bool
    /// An authenticator is on, and its code is asked for before another takes its place.
    public let hasFactor: Bool
    public let id: String
    public let hash: TokenHash

    init(
        organization: String, login: OperatorLogin, name: String, reach: OperatorReach,
        half: Half?, hasFactor: Bool, id: String, hash: TokenHash
    ) {
        self.organization = organization
        self.login = login
        self.name = name
        self.reach = reach
        self.half = half
        asksPassword = half == nil
        self.hasFactor = hasFactor
        self.id = id
        self.hash = hash
    }

    /// Who its commands are from.
    public var actor: String { login.actor }

    public func may(_ act: OperatorRole.Act) -> Bool { half == nil && reach.role.may(act) }

    /// The session as the profile in force has it: where a second factor is wanted, one that was opened before it was can
    /// only set one up.
    public func under(_ profile: OperatorProfile) -> OperatorSession {
        guard half == nil, profile.secondFactor, !hasFactor else { return self }
        var session = self
        session.half = .factor
        return session
    }
}

extension Access {
    public static let operatorStatements: [Statement] = ["access/operator_session"]

    /// Asked each time and never kept: operators are few, and a role that is taken away is gone at once.
    public static func operatorSession(
        _ token: String, on connection: Connection
    ) throws -> OperatorSession? {
        guard
            let row = try connection.run(
                "access/operator_session", .bytes(Secrets.tokenHash(token))
            ).first,
            let login = OperatorLogin(row.text(1)), let role = OperatorRole(rawValue: row.text(3)),
            let hash = TokenHash(Secrets.tokenHashText(token))
        else { return nil }
        return OperatorSession(
            organization: row.text(0), login: login, name: row.text(2),
            reach: OperatorReach(role: role, houses: row.optional(4, row.texts).map(Set.init)),
            half: row.optional(5, row.text).flatMap(OperatorSession.Half.init(rawValue:)),
            hasFactor: row.bool(7), id: row.id(6).description, hash: hash)
    }
}
