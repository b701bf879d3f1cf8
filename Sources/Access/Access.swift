/// Who is it, and under which profile: tokens, sessions and organizations, read from PostgreSQL and kept for at most five
/// seconds (dropped at once when the channel `access` says that something changed). Reads only.
public import Commands
import Crypto
public import Postgres
import Synchronization

/// A program's key to one organization.
public struct APIToken: Sendable, Equatable {
    public let id: Int64
    public let organization: String
    public let scopes: Set<String>
    public let channel: Channel
    /// Requests a second.
    public let rate: Int
    /// Who its commands are from.
    public let actor: String

    init(id: Int64, organization: String, scopes: Set<String>, channel: Channel, rate: Int) {
        self.id = id
        self.organization = organization
        self.scopes = scopes
        self.channel = channel
        self.rate = rate
        actor = "token:\(id)"
    }
}

/// A signed-in person.
public struct Session: Sendable, Equatable {
    public struct Account: Sendable, Equatable {
        public let id: Int64
        public let number: String
        /// What the person calls it: «дача».
        public let name: String?
        public let rights: Set<Right>
        /// Not shared by another person.
        public let isOwned: Bool
    }
    public let organization: String
    public let principal: Int64
    public let login: String
    public let name: String
    public let accounts: [Account]
    /// How the person came to be there; nil: of the demo.
    public let mode: IdentityProfile.Mode?
    /// In the list of one's sessions; nil: of the demo.
    public let id: String?
    /// Microseconds since 1970-01-01 UTC, domain time.
    public let seenAt: Int64

    /// Who its commands are from.
    public var actor: String { "person:\(principal)" }

    /// The account of this number, if it may be used so.
    public func account(_ number: AccountNumber, for right: Right = .view) -> Account? {
        accounts.first { $0.number == number.text && $0.rights.contains(right) }
    }
}

/// What the cache knows of a key: the answer (nil = there is no such), or that it must be asked for.
public enum Known<Value: Sendable>: Sendable {
    case found(Value?)
    case unknown
}

public final class Access: Sendable {
    public static let statements: [Statement] = [
        "access/organizations", "access/keys", "access/token", "access/session", "access/clock",
    ]
    /// Tells that something of this schema changed.
    public static let channel = "access"
    static let freshMicroseconds: Int64 = 5_000_000
    /// A session that is not there may be at any moment: its token was made before its command was decided.
    static let missingMicroseconds: Int64 = 200_000
    /// Wrong keys are remembered too, but a flood of them must not grow the process.
    static let cacheLimit = 100_000

    private struct Cache<Value: Sendable>: Sendable {
        var entries: [[UInt8]: (value: Value?, at: Int64)] = [:]

        /// - Parameter missing: microseconds for which «there is no such» counts.
        func get(
            _ key: [UInt8], _ now: Int64, missing: Int64 = Access.freshMicroseconds
        ) -> Known<Value> {
            guard let entry = entries[key],
                now - entry.at < (entry.value == nil ? missing : Access.freshMicroseconds)
            else { return .unknown }
            return .found(entry.value)
        }

        mutating func set(_ key: [UInt8], _ value: Value?, _ now: Int64) {
            if entries.count >= Access.cacheLimit { entries.removeAll(keepingCapacity: true) }
            entries[key] = (value, now)
        }
    }

    private struct State: Sendable {
        var tokens = Cache<APIToken>()
        var sessions = Cache<Session>()
        var organizations: [String: Profile] = [:]
        var organizationsAt: Int64 = .min
        var sealingKey: [UInt8]?
        var doorKey: [UInt8]?
        var epoch = 0
        var sessionEpoch = 0
    }

    private let state = Mutex(State())
    private let monotonic: @Sendable () -> Int64

    /// - Parameter monotonic: microseconds of a clock that never goes back.
    public init(monotonic: @escaping @Sendable () -> Int64) { self.monotonic = monotonic }

    /// Forgets everything: something changed.
    public func drop() {
        state.withLock { state in
            let last = state
            state = State()
            state.epoch = last.epoch + 1
            state.sessionEpoch = last.sessionEpoch + 1
            state.organizations = last.organizations
            state.sealingKey = last.sealingKey
            state.doorKey = last.doorKey
        }
    }

    /// What the channel `access` says when it tells of sessions alone: of who is signed in, and with which accounts. That is
    /// often, and no reason to read all tokens and profiles again.
    public static let sessionsChanged = "sessions"

    /// Forgets what a notification on the channel tells of.
    public func drop(_ payload: String) {
        guard payload == Self.sessionsChanged else { return drop() }
        state.withLock { state in
            state.sessionEpoch += 1
            state.sessions = Cache()
        }
    }

    /// Forgets one session: what it may do has just changed.
    public func forget(session token: String) {
        let key = Secrets.tokenHash(token)
        state.withLock { state in
            // An answer that is under way may be of before.
            state.sessionEpoch += 1
            state.sessions.entries[key] = nil
        }
    }

    // MARK: Cached answers, for threads that must not block

    public func token(_ token: String) -> Known<APIToken> {
        let key = Secrets.tokenHash(token)
        let now = monotonic()
        return state.withLock { $0.tokens.get(key, now) }
    }

    public func session(_ token: String) -> Known<Session> {
        let key = Secrets.tokenHash(token)
        let now = monotonic()
        return state.withLock {
            $0.sessions.get(key, now, missing: Self.missingMicroseconds)
        }
    }

    /// The profile in force; up to five seconds old. `.unknown`: ask `refresh` first.
    public func organization(_ code: String) -> Known<Profile> {
        let now = monotonic()
        return state.withLock { state in
            guard state.organizationsAt != .min,
                now - state.organizationsAt < Self.freshMicroseconds
            else { return .unknown }
            return .found(state.organizations[code])
        }
    }

    /// The last known profile, however old: for drawing a page while the database is away.
    public func lastProfile(_ code: String) -> Profile? {
        state.withLock { $0.organizations[code] }
    }

    /// All that were read last, by code.
    public var lastProfiles: [Profile] {
        state.withLock { $0.organizations.values.sorted { $0.code < $1.code } }
    }

    /// The public key that secrets are sealed to; as old as the profiles. Nil: none is published.
    public var sealingKey: [UInt8]? { state.withLock { $0.sealingKey } }

    /// What all doors share; nil until profiles have been read once.
    public var doorKey: [UInt8]? { state.withLock { $0.doorKey } }

    // MARK: Asking

    public func loadToken(_ token: String, on connection: Connection) throws -> APIToken? {
        let key = Secrets.tokenHash(token)
        let epoch = state.withLock { $0.epoch }
        let found = try connection.run("access/token", .bytes(key)).first.map { row in
            APIToken(
                id: row.int64(0), organization: row.text(1), scopes: Set(row.texts(2)),
                channel: Channel(rawValue: row.text(3)) ?? .api, rate: Int(row.int32(4)))
        }
        let now = monotonic()
        // A change announced while the question was under way may not be in the answer: do not keep it.
        state.withLock { if $0.epoch == epoch { $0.tokens.set(key, found, now) } }
        return found
    }

    public func loadSession(_ token: String, on connection: Connection) throws -> Session? {
        let key = Secrets.tokenHash(token)
        let epoch = state.withLock { $0.sessionEpoch }
        let found = try connection.run("access/session", .bytes(key)).first.map { row in
            let (names, rights, owned) = (row.texts(9), row.texts(10), row.texts(11))
            let id = row.text(7)
            return Session(
                organization: row.text(0), principal: row.int64(1), login: row.text(2),
                name: row.text(3),
                accounts: zip(row.int64s(4), row.texts(5)).enumerated().map { index, account in
                    Session.Account(
                        id: account.0, number: account.1,
                        name: names[index].isEmpty ? nil : names[index],
                        rights: Set(
                            rights[index].split(separator: ",").compactMap {
                                Right(rawValue: String($0))
                            }), isOwned: owned[index] == "true")
                }, mode: IdentityProfile.Mode(rawValue: row.text(6)), id: id.isEmpty ? nil : id,
                seenAt: row.timestamp(8))
        }
        let now = monotonic()
        state.withLock { if $0.sessionEpoch == epoch { $0.sessions.set(key, found, now) } }
        return found
    }

    public func refresh(on connection: Connection) throws {
        var found: [String: Profile] = [:]
        for row in try connection.run("access/organizations").map({ ($0.text(0), $0.json(1)) }) {
            // A profile is checked before it is stored; one that a newer version wrote is skipped, not fatal.
            if case .success(let profile) = Self.profile(row.1) { found[row.0] = profile }
        }
        let keys = try connection.run("access/keys").first.map { row in
            (sealing: row.optional(0, row.bytes), door: row.bytes(1))
        }
        let now = monotonic()
        let organizations = found
        state.withLock {
            $0.organizations = organizations
            $0.organizationsAt = now
            $0.sealingKey = keys?.sealing
            $0.doorKey = keys?.door
        }
    }

    static func profile(_ bytes: [UInt8]) -> Result<Profile, ProfileError> {
        do {
            let json = try JSON.parse(bytes)
            return .success(try Profile(json))
        } catch let error as ProfileError {
            return .failure(error)
        } catch {
            return .failure(ProfileError(problems: ["\(error)"]))
        }
    }
}
