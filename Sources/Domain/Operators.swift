public import Commands

/// What the rules of operators may ask of secrets, without knowing how they are kept. Given by the lane.
public protocol OperatorSecrets {
    /// Whether the sealed password is the one of the hash. Nil hash: nobody's; takes as long.
    func isPassword(_ sealed: Sealed, of hash: String?) -> Bool
    /// A password as it is to rest.
    func hash(_ password: Sealed) -> String
    /// The step of an authenticator's code; nil: it has none that counts.
    /// - Parameter seconds: since 1970-01-01 UTC.
    func step(of code: Sealed, secret: String, at seconds: Int64, after last: Int64) -> Int64?
}

/// An operator, as far as one organization is concerned. Times are microseconds since 1970-01-01 UTC.
public struct OperatorFacts: Sendable, Equatable {
    public struct Authenticator: Sendable, Equatable {
        /// Sealed to the workers' key.
        public var secret: String
        /// The step of the last code that counted.
        public var lastStep: Int64
        public var enabledAt: Int64

        public init(secret: String, lastStep: Int64, enabledAt: Int64) {
            self.secret = secret
            self.lastStep = lastStep
            self.enabledAt = enabledAt
        }
    }

    public var id: Int64
    public var login: OperatorLogin
    /// Nil: no role there, or none any more.
    public var reach: OperatorReach?
    public var passwordHash: String?
    /// Given by somebody else: it has to be changed.
    public var isTemporary: Bool
    public var passwordChangedAt: Int64
    public var authenticator: Authenticator?

    public init(
        id: Int64, login: OperatorLogin, reach: OperatorReach?, passwordHash: String?,
        isTemporary: Bool, passwordChangedAt: Int64, authenticator: Authenticator? = nil
    ) {
        self.id = id
        self.login = login
        self.reach = reach
        self.passwordHash = passwordHash
        self.isTemporary = isTemporary
        self.passwordChangedAt = passwordChangedAt
        self.authenticator = authenticator
    }
}

public struct OperatorSessionFacts: Sendable, Equatable {
    /// What is still to be done before it may be used for anything else.
    public enum Half: String, Sendable { case code, password, factor }

    public var hash: TokenHash
    /// Of the command that opened it.
    public var id: CommandID
    public var operatorID: Int64
    public var organization: String
    public var openedAt: Int64
    public var seenAt: Int64
    /// Microseconds that it lives without being seen.
    public var idle: Int64
    public var longestAt: Int64
    public var half: Half?
    public var origin: Origin
    public var endedAt: Int64?
    public var why: String?

    public init(
        hash: TokenHash, id: CommandID, operatorID: Int64, organization: String, openedAt: Int64,
        seenAt: Int64, idle: Int64, longestAt: Int64, half: Half?, origin: Origin,
        endedAt: Int64? = nil, why: String? = nil
    ) {
        self.hash = hash
        self.id = id
        self.operatorID = operatorID
        self.organization = organization
        self.openedAt = openedAt
        self.seenAt = seenAt
        self.idle = idle
        self.longestAt = longestAt
        self.half = half
        self.origin = origin
        self.endedAt = endedAt
        self.why = why
    }

    public func lives(at now: Int64) -> Bool {
        endedAt == nil && now < min(longestAt, seenAt + idle)
    }
}

/// What is known when commands of operators are decided, changed in memory as they are.
public struct OperatorsFacts: Sendable {
    public struct Key: Hashable, Sendable {
        public var organization: String
        public var text: String
        public init(_ organization: String, _ text: String) {
            self.organization = organization
            self.text = text
        }
    }

    public var profiles: [String: Profile] = [:]
    /// By organization and login.
    public var operators: [Key: OperatorFacts] = [:]
    public var sessions: [TokenHash: OperatorSessionFacts] = [:]
    /// Networks from which operators were signed in, whole, within 30 days.
    public var networks: [Int64: Set<String>] = [:]
    public var failures: [Key: Failures] = [:]
    /// What is different from what was loaded.
    public var changes = Changes()

    /// To be written, each once, as it is at the end.
    public struct Changes: Sendable {
        public var sessions: Set<TokenHash> = []
        public var passwords: Set<Key> = []
        public var authenticators: Set<Key> = []
        public var failures: Set<Key> = []
        /// All sessions of these operators but those that were loaded.
        public var endedOthers: [Int64: TokenHash] = [:]
    }

    public init() {}
}

/// The rules of operators' access: as people's, and stricter where it opens more.
public enum Operators {
    /// Who asks, and when. Times are microseconds since 1970-01-01 UTC.
    public struct Asked: Sendable {
        public var id: CommandID
        public var organization: String
        public var receivedAt: Int64
        /// When it is decided.
        public var now: Int64

        public init(id: CommandID, organization: String, receivedAt: Int64, now: Int64) {
            self.id = id
            self.organization = organization
            self.receivedAt = receivedAt
            self.now = now
        }
    }

    private static let second: Int64 = 1_000_000
    private static let minute: Int64 = 60_000_000
    /// Nobody looks for the answer of a sign-in any more.
    private static let patience: Int64 = 30 * second

    /// Decides one command and changes the facts, for the next one to see.
    public static func decide(
        _ command: OperatorCommand, _ asked: Asked, _ facts: inout OperatorsFacts,
        _ secrets: some OperatorSecrets
    ) -> Decision.Outcome {
        let key = OperatorsFacts.Key(asked.organization, command.login.text)
        switch command {
        case .signIn(let body): return signIn(body, asked, key, &facts, secrets)
        case .signOut(let body):
            guard var session = live(body.session, asked, key, facts) else {
                return .accepted(.object([]))
            }
            session.endedAt = asked.receivedAt
            session.why = "signed out"
            facts.put(session)
            return .accepted(.object([]))
        case .viewed(let body):
            // The page has left: whatever became of the session meanwhile, it was seen.
            if var session = live(body.session, asked, key, facts) {
                session.seenAt = max(session.seenAt, asked.receivedAt)
                facts.put(session)
            }
            return .accepted(.object([]))
        case .code, .password, .factor:
            guard var session = live(command.session, asked, key, facts),
                var one = facts.operators[key], one.reach != nil,
                let profile = facts.profiles[asked.organization]
            else { return .refused(notSignedIn) }
            // No stranger's guesses are among those of whoever is signed in; the codes of a sign-in count where its password did.
            let whats =
                session.half == .code
                ? [failures(of: key, facts, from: session.origin.address)] : [inside(key.text)]
            if let rest = rest(whats, asked, facts) { return .refused(rest) }
            switch command {
            case .code(let body):
                guard session.half == .code, let authenticator = one.authenticator,
                    let step = secrets.step(
                        of: body.code, secret: authenticator.secret,
                        at: asked.receivedAt / second, after: authenticator.lastStep)
                else {
                    fail(whats, asked, &facts)
                    return .refused(
                        Refusal(.secondFactor, whyNot(body.code, of: one, asked, secrets)))
                }
                one.authenticator?.lastStep = step
                facts.changes.authenticators.insert(key)
            case .password(let body):
                guard session.half == nil || session.half == .password else {
                    return .refused(notSignedIn)
                }
                guard secrets.isPassword(body.old, of: one.passwordHash) else {
                    fail(whats, asked, &facts)
                    return .refused(Refusal(.password))
                }
                // One that was given is known to who gave it.
                guard !secrets.isPassword(body.new, of: one.passwordHash) else {
                    return .refused(Refusal(.samePassword))
                }
                one.passwordHash = secrets.hash(body.new)
                one.isTemporary = false
                one.passwordChangedAt = asked.receivedAt
                facts.changes.passwords.insert(key)
                // What was guessed at is no more.
                forget(allCounted(key, facts), asked, &facts)
                facts.endOthers(of: one.id, but: session.hash, at: asked.receivedAt)
            case .factor(let body):
                guard session.half == nil || session.half == .factor else {
                    return .refused(notSignedIn)
                }
                if session.half == nil {
                    guard let password = body.password,
                        secrets.isPassword(password, of: one.passwordHash)
                    else {
                        fail(whats, asked, &facts)
                        return .refused(Refusal(.password))
                    }
                }
                if let authenticator = one.authenticator {
                    guard let present = body.present,
                        secrets.step(
                            of: present, secret: authenticator.secret,
                            at: asked.receivedAt / second, after: authenticator.lastStep) != nil
                    else {
                        fail(whats, asked, &facts)
                        let why =
                            body.present.map { whyNot($0, of: one, asked, secrets) } ?? [:]
                        return .refused(
                            Refusal(
                                .secondFactor,
                                why.merging(["field": "present"]) { first, _ in first }))
                    }
                }
                guard
                    let step = secrets.step(
                        of: body.code, secret: body.secret.text, at: asked.receivedAt / second,
                        after: 0)
                else {
                    fail(whats, asked, &facts)
                    return .refused(Refusal(.secondFactor))
                }
                one.authenticator = .init(
                    secret: body.secret.text, lastStep: step, enabledAt: asked.receivedAt)
                facts.changes.authenticators.insert(key)
            case .signIn, .signOut, .viewed: break
            }
            forget(whats + [inside(key.text)], asked, &facts)
            facts.operators[key] = one
            let wasCode = session.half == .code
            session.half = half(of: one, profile, hasCode: wasCode || session.half != .code)
            session.seenAt = max(session.seenAt, asked.receivedAt)
            facts.put(session)
            return .accepted(next(session.half))
        }
    }

    /// What is said of a code that is not taken, as of people's: that it was right, where it has counted.
    private static func whyNot(
        _ code: Sealed, of one: OperatorFacts, _ asked: Asked, _ secrets: some OperatorSecrets
    ) -> [String: String] {
        guard let authenticator = one.authenticator,
            secrets.step(
                of: code, secret: authenticator.secret, at: asked.receivedAt / second, after: 0)
                != nil
        else { return [:] }
        return ["used": "true"]
    }

    /// An operator's password is given by an administrator, not recovered.
    private static var notSignedIn: Refusal { Refusal(.signIn, ["who": "operator"]) }

    private static func signIn(
        _ body: OperatorSignIn, _ asked: Asked, _ key: OperatorsFacts.Key,
        _ facts: inout OperatorsFacts, _ secrets: some OperatorSecrets
    ) -> Decision.Outcome {
        let whats = [failures(of: key, facts, from: body.origin.address)]
        if let rest = rest(whats, asked, facts) { return .refused(rest) }
        guard asked.now - asked.receivedAt < patience else { return .refused(Refusal(.late)) }
        let one = facts.operators[key]
        // Nobody's password is looked at as long as somebody's; a role that is gone tells nothing.
        let isRight = secrets.isPassword(body.password, of: one?.passwordHash)
        guard isRight, let one, one.reach != nil, let profile = facts.profiles[asked.organization]
        else {
            fail(whats, asked, &facts)
            return .refused(notSignedIn)
        }
        let half = half(of: one, profile, hasCode: false)
        // With a second factor still to come the password alone forgets nothing: its codes count together with it.
        if half != .code { forget(whats + [inside(key.text)], asked, &facts) }
        facts.put(
            OperatorSessionFacts(
                hash: body.session, id: asked.id, operatorID: one.id,
                organization: asked.organization, openedAt: asked.receivedAt,
                seenAt: asked.receivedAt, idle: Int64(profile.operators.idle) * minute,
                longestAt: asked.receivedAt + Int64(profile.operators.longest) * minute,
                half: half, origin: body.origin))
        return .accepted(next(half))
    }

    private static func half(
        of one: OperatorFacts, _ profile: Profile, hasCode: Bool
    ) -> OperatorSessionFacts.Half? {
        if one.authenticator != nil, !hasCode { return .code }
        if one.isTemporary { return .password }
        return profile.operators.secondFactor && one.authenticator == nil ? .factor : nil
    }

    private static func next(_ half: OperatorSessionFacts.Half?) -> JSON {
        .object(half.map { [JSON.Member("next", .string($0.rawValue))] } ?? [])
    }

    /// The session, if it is open and the operator's own.
    private static func live(
        _ hash: TokenHash, _ asked: Asked, _ key: OperatorsFacts.Key, _ facts: OperatorsFacts
    ) -> OperatorSessionFacts? {
        guard let session = facts.sessions[hash], session.organization == asked.organization,
            session.operatorID == facts.operators[key]?.id, session.lives(at: asked.receivedAt)
        else { return nil }
        return session
    }

    // MARK: Failures

    /// What wrong passwords and codes of an operator are counted under, wherever they come from.
    public static func counted(_ login: String) -> String { "operator \(login)" }
    /// What those from a network where the operator was signed in are counted under: who guesses elsewhere keeps nobody out
    /// there.
    public static func near(_ login: String, _ network: String) -> String {
        "\(counted(login)) from \(network)"
    }
    /// What those of whoever is signed in already are counted under.
    public static func inside(_ login: String) -> String { "\(counted(login)) inside" }

    private static func failures(
        of key: OperatorsFacts.Key, _ facts: OperatorsFacts, from network: String?
    ) -> String {
        guard let network, let id = facts.operators[key]?.id,
            facts.networks[id]?.contains(network) == true
        else { return counted(key.text) }
        return near(key.text, network)
    }

    /// All that failures of an operator may be counted under.
    private static func allCounted(
        _ key: OperatorsFacts.Key, _ facts: OperatorsFacts
    ) -> [String] {
        let networks = facts.operators[key].flatMap { facts.networks[$0.id] } ?? []
        return [counted(key.text), inside(key.text)]
            + networks.sorted().map { near(key.text, $0) }
    }

    private static func rest(
        _ whats: [String], _ asked: Asked, _ facts: OperatorsFacts
    ) -> Refusal? {
        let until = whats.compactMap { facts.failures[.init(asked.organization, $0)] }
            .filter { $0.rests(at: asked.receivedAt) }.compactMap(\.restsUntil).max()
        return until.map { until in
            Refusal(
                .identityRests,
                ["minutes": "\(max(1, (until - asked.receivedAt + minute - 1) / minute))"])
        }
    }

    private static func fail(
        _ whats: [String], _ asked: Asked, _ facts: inout OperatorsFacts
    ) {
        let limits = facts.profiles[asked.organization]?.identity?.limits ?? .standard
        for what in whats {
            let key = OperatorsFacts.Key(asked.organization, what)
            facts.failures[key, default: Failures()].add(at: asked.receivedAt, limits)
            facts.changes.failures.insert(key)
        }
    }

    private static func forget(
        _ whats: [String], _ asked: Asked, _ facts: inout OperatorsFacts
    ) {
        for what in whats {
            let key = OperatorsFacts.Key(asked.organization, what)
            guard facts.failures.removeValue(forKey: key) != nil else { continue }
            facts.changes.failures.insert(key)
        }
    }
}

extension OperatorsFacts {
    mutating func put(_ session: OperatorSessionFacts) {
        sessions[session.hash] = session
        changes.sessions.insert(session.hash)
    }

    mutating func endOthers(of id: Int64, but hash: TokenHash, at now: Int64) {
        changes.endedOthers[id] = hash
        for (other, session) in sessions
        where session.operatorID == id && other != hash && session.endedAt == nil {
            sessions[other]?.endedAt = now
            sessions[other]?.why = "password changed"
            changes.sessions.insert(other)
        }
    }
}

/// Whether an operator may do something to somebody.
public enum OperatorAccess {
    /// Nil: yes.
    /// - Parameters:
    ///   - reach: the role; nil: none.
    ///   - houses: of all accounts of the person; nil where an account is in none.
    public static func refusal(
        _ act: OperatorRole.Act, _ reach: OperatorReach?, houses: [String?]
    ) -> Refusal? {
        guard let reach, reach.role.may(act) else { return Refusal(.notAllowed) }
        // What is out of sight is not there.
        return reach.reaches(houses: houses) ? nil : Refusal(.notFound, ["what": "login"])
    }
}
