/// HTTP in: who is it, is it well-formed, append, answer. It cannot see the domain or the store: it is thin because it
/// cannot be anything else.
public import Access
public import Commands
import Crypto
public import HTTP
public import Postgres
public import Queue
import Synchronization
public import Telemetry
import Threads
public import Words

public struct IngressSettings: Sendable {
    /// Secure cookies; no test clock.
    public var isProduction: Bool
    public var hasTestClock: Bool
    /// `http://localhost:8080`, without a path: what cross-site checks compare with.
    public var publicURL: String
    /// Milliseconds that a form waits for its decision.
    public var formWait: Int

    public init(
        isProduction: Bool, hasTestClock: Bool, publicURL: String, formWait: Int = 3_000
    ) {
        self.isProduction = isProduction
        self.hasTestClock = hasTestClock
        self.publicURL = publicURL
        self.formWait = formWait
    }
}

/// A form that came, for Portal to draw again: whose it is and which page it stood on.
public struct FormPost: Sendable {
    public let session: Session
    public let profile: Profile
    public let account: String
    public let language: Language
    public let ending: FormOutcome
}

public final class Ingress: Sendable {
    let address: Address
    let library: Library
    let telemetry: Telemetry
    let settings: IngressSettings
    public let access: Access
    let flusher: Flusher
    let waiter: Waiter
    let blocking: BlockingPool
    let throttle = Throttle()
    private let profileQuestions = Gathering<Asked<Void>>()
    private let tokenQuestions = Gathering<Asked<APIToken?>>()
    private let sessionQuestions = Gathering<Asked<Session?>>()
    let clock: DomainClock
    private let fit: Fit

    /// Why this release may not serve with this schema, as of a second ago; nil: it may.
    public var misfit: Misfit? { fit.misfit }

    /// - Parameter address: of the role kabinet_ingress.
    public init(
        address: Address, clockAddress: Address?, library: Library, telemetry: Telemetry,
        settings: IngressSettings
    ) {
        self.address = address
        self.library = library
        self.telemetry = telemetry
        self.settings = settings
        let access = Access(monotonic: monotonicMicroseconds)
        let clock = DomainClock(
            enabled: settings.hasTestClock, address: clockAddress, library: library,
            telemetry: telemetry)
        self.access = access
        self.clock = clock
        let fit = Fit(telemetry)
        self.fit = fit
        flusher = Flusher(address: address, library: library, telemetry: telemetry)
        blocking = BlockingPool(
            "access", threads: 3, address: address, library: library, telemetry: telemetry,
            preparing: Access.statements)
        waiter = Waiter(
            address: address, library: library, telemetry: telemetry,
            channels: [Access.channel, DomainClock.channel], fit: fit
        ) { notification in
            if notification.channel == DomainClock.channel { clock.refresh() }
            access.drop()
        }
    }

    public func start() {
        clock.refresh()
        flusher.start()
        waiter.start()
    }

    /// Throws when this release and the schema do not belong together. A database that is not there yet, or has to be
    /// rebased, is waited for with the door shut.
    public func check() throws {
        do {
            // Who cannot be reached is no reason to keep the door shut.
            try Misfit.check(
                on: Connection(address.with("connect_timeout", "3"), library: library))
        } catch let misfit as Misfit where !misfit.endsProcess {
            telemetry.tell(Told.misfit("\(misfit)"))
        } catch let error as PostgresError where error.connectionLost {
            telemetry.tell(Told.disconnected("start", error))
        }
    }

    /// Ends when everything taken has been answered.
    public func stop() {
        flusher.stop()
        waiter.stop()
        blocking.stop()
    }

    // MARK: Asking who it is

    /// Runs `body` with the profile of the organization in the path; 404 when there is none.
    func withProfile(
        _ code: String?, _ request: Request, _ responder: Responder,
        _ body: @escaping @Sendable (Profile) -> Void
    ) {
        let language = request.language
        guard let code else { return respond(responder, 404, "not_found", language) }
        switch access.organization(code) {
        case .found(.some(let profile)): body(profile)
        case .found(.none): respond(responder, 404, "not_found", language)
        case .unknown:
            ask(profileQuestions, "", responder, language, counted: nil) { [access] connection in
                try access.refresh(on: connection)
            } then: { [self] in
                guard case .found(.some(let profile)) = access.organization(code) else {
                    return respond(responder, 404, "not_found", language)
                }
                body(profile)
            }
        }
    }

    /// Runs `body` with the token of `Authorization: Bearer`. Wrong, revoked, expired and malformed tokens get the same
    /// answer; a token of another organization sees nothing here, and so gets 404.
    func withToken(
        _ scope: String, _ organization: String, _ request: Request, _ responder: Responder,
        _ body: @escaping @Sendable (APIToken) -> Void
    ) {
        let language = request.language
        guard let text = request.bearer else {
            return respond(responder, 401, "unauthorized", language)
        }
        let checked: @Sendable (APIToken?) -> Void = { [self] token in
            guard let token else { return respond(responder, 401, "unauthorized", language) }
            guard token.organization == organization else {
                return respond(responder, 404, "not_found", language)
            }
            guard token.scopes.contains(scope) else {
                return respond(responder, 403, "forbidden", language)
            }
            if let wait = throttle.admit(
                token.actor, perSecond: Double(token.rate), now: monotonicMicroseconds())
            {
                return respond(responder, 429, "too_many", language, retryAfter: wait)
            }
            body(token)
        }
        switch access.token(text) {
        case .found(let token): checked(token)
        case .unknown:
            ask(tokenQuestions, text, responder, language, counted: request.clientAddress) {
                [access] connection in
                try access.loadToken(text, on: connection)
            } then: {
                checked($0)
            }
        }
    }

    /// Runs `body` with the person signed in, or nil.
    public func withSession(
        _ request: Request, _ responder: Responder,
        _ body: @escaping @Sendable (Session?) -> Void
    ) {
        guard let cookie = request.cookie("kabinet_session"), !cookie.isEmpty,
            cookie.utf8.count < 200
        else { return body(nil) }
        switch access.session(cookie) {
        case .found(let session): body(session)
        case .unknown:
            ask(
                sessionQuestions, cookie, responder, request.language,
                counted: request.clientAddress
            ) { [access] connection in
                try access.loadSession(cookie, on: connection)
            } then: {
                body($0)
            }
        }
    }

    /// The answer to a question of many, or why there is none.
    enum Asked<Value: Sendable>: Sendable {
        case known(Value)
        case refused(status: Int, code: String, retryAfter: Int)
    }

    /// Asks the database on a thread that may block, once for all who ask the same meanwhile, and runs `then` with the
    /// answer. The database away is a 503 that says when to come again. `counted` is the address whose questions are
    /// bounded: a flood of wrong keys must not become a flood of questions.
    private func ask<Value>(
        _ questions: Gathering<Asked<Value>>, _ key: String, _ responder: Responder,
        _ language: Language, counted address: String?,
        _ load: @escaping @Sendable (Connection) throws -> Value,
        then: @escaping @Sendable (Value) -> Void
    ) {
        let isFirst = questions.join(key) { [self] asked in
            switch asked {
            case .known(let value): then(value)
            case .refused(let status, let code, let wait):
                respond(responder, status, code, language, retryAfter: wait)
            }
        }
        guard isFirst else { return }
        if let address,
            let wait = throttle.admit(
                "ask \(address)", perSecond: 50, burst: 200, now: monotonicMicroseconds())
        {
            return questions.answer(key, .refused(status: 429, code: "too_many", retryAfter: wait))
        }
        let away = Asked<Value>.refused(status: 503, code: "database_away", retryAfter: 2)
        let isTaken = blocking.run { [telemetry] connection, again in
            guard let connection else {
                questions.answer(key, away)
                return false
            }
            do {
                questions.answer(key, .known(try load(connection)))
            } catch let error as PostgresError where error.connectionLost && !again {
                return true
            } catch {
                telemetry.tell(Told.refreshFailed(error))
                questions.answer(key, away)
            }
            return false
        }
        if !isTaken {
            questions.answer(key, .refused(status: 503, code: "overloaded", retryAfter: 1))
        }
    }

    /// Runs `body` on a thread that may block. The database away is a 503 that says when to come again.
    func ask(
        _ responder: Responder, _ language: Language,
        _ body: @escaping @Sendable (Connection) throws -> Void
    ) {
        let isTaken = blocking.run { [self] connection, again in
            guard let connection else {
                respond(responder, 503, "database_away", language, retryAfter: 2)
                return false
            }
            do {
                try body(connection)
            } catch let error as PostgresError where error.connectionLost && !again {
                return true
            } catch {
                telemetry.tell(Told.refreshFailed(error))
                respond(responder, 503, "database_away", language, retryAfter: 2)
            }
            return false
        }
        if !isTaken { respond(responder, 503, "overloaded", language, retryAfter: 1) }
    }

    func respond(
        _ responder: Responder, _ status: Int, _ code: String, _ language: Language,
        detail: String? = nil, retryAfter: Int? = nil, allow: [String] = []
    ) {
        responder.respond(
            Problem.response(
                status, code, language, detail: detail, retryAfter: retryAfter, allow: allow))
    }

    // MARK: Appending

    /// What an append of one request came to.
    enum Result: Sendable {
        /// Appended (or appended before, under the same key); decided or not.
        case outcome(Outcome)
        case conflict
        case rejected
        case unavailable
        case outdated
        case overloaded
    }

    struct Wish: Sendable {
        var command: Command
        var organization: String
        var actor: String
        var channel: Channel
        var trace: String?
        /// Hash of (who, Idempotency-Key).
        var key: [UInt8]?
        var digest: [UInt8]
        /// Milliseconds to wait for the decision; nil = do not.
        var wait: Int?
    }

    func append(_ wish: Wish, _ done: @escaping @Sendable (Result) -> Void) {
        guard clock.isKnown else { return done(.unavailable) }
        let milliseconds = realMicroseconds() / 1000
        let id = Identifier.v7(milliseconds: milliseconds, random: Secrets.randomWords())
        let kind = wish.command.kind.rawValue
        let subject = wish.command.subject(organization: wish.organization)
        let new = NewCommand(
            id: id, kind: kind, organization: wish.organization, subject: subject,
            payload: wish.command.json.bytes, actor: wish.actor, channel: wish.channel.rawValue,
            trace: wish.trace, awaited: wish.wait != nil, receivedAt: clock.now())
        let pending = Outcome(command: id.description, kind: kind, state: .pending)
        if let wait = wish.wait {
            let registered = waiter.wait(id, kind: kind, subject: subject, milliseconds: wait) {
                state, _ in
                done(.outcome(state.map(Self.outcome) ?? pending))
            }
            guard registered else { return done(.overloaded) }
        }
        let waits = wish.wait != nil
        let taken = flusher.submit(Append(new, key: wish.key, digest: wish.digest)) {
            [self] ending in
            switch ending {
            case .appended(.accepted):
                if waits { waiter.appended(id) } else { done(.outcome(pending)) }
            case .appended(.repeated(let earlier)):
                if waits { waiter.forget(id) }
                present(earlier, kind: kind, done)
            case .appended(.conflict):
                if waits { waiter.forget(id) }
                done(.conflict)
            case .appended(.unknownKind), .unavailable:
                if waits { waiter.forget(id) }
                done(.unavailable)
            case .outdated:
                if waits { waiter.forget(id) }
                done(.outdated)
            case .rejected:
                if waits { waiter.forget(id) }
                done(.rejected)
            }
        }
        if !taken {
            if waits { waiter.forget(id) }
            done(.overloaded)
        }
    }

    /// The present state of a command that came before under the same key.
    private func present(
        _ id: Identifier, kind: String, _ done: @escaping @Sendable (Result) -> Void
    ) {
        let asked = waiter.state(of: id) { state, failed in
            if failed { return done(.unavailable) }
            done(
                .outcome(
                    state.map(Self.outcome)
                        ?? Outcome(command: id.description, kind: kind, state: .pending)))
        }
        if !asked { done(.overloaded) }
    }

    static func outcome(_ state: CommandState) -> Outcome {
        var outcome = Outcome(
            command: state.id.description, kind: state.kind,
            state: Outcome.State(rawValue: state.state.rawValue) ?? .pending)
        let body: JSON
        do {
            body = try JSON.parse(state.body)
        } catch {
            body = .object([])
        }
        switch outcome.state {
        case .refused: outcome.refusal = Refusal(code: state.code, json: body)
        case .done: outcome.result = body
        case .pending, .abandoned, .discarded: break
        }
        return outcome
    }
}

/// Whether this release and the schema belong together, as the waiter's session finds once a second.
final class Fit: Sendable {
    private let found = Mutex<Misfit?>(nil)
    private let telemetry: Telemetry

    init(_ telemetry: Telemetry) { self.telemetry = telemetry }

    var misfit: Misfit? { found.withLock { $0 } }

    func note(_ misfit: Misfit?) {
        let isNew = found.withLock { found in
            defer { found = misfit }
            return misfit != nil && found != misfit
        }
        if isNew, let misfit { telemetry.tell(Told.misfit("\(misfit)")) }
    }
}

/// Domain time at the door: the real clock, or the test clock's one row.
public final class DomainClock: Sendable {
    public static let channel = "clock"
    private let enabled: Bool
    private let address: Address?
    private let library: Library
    private let telemetry: Telemetry
    private let frozen = Mutex<Int64?>(nil)
    /// When the test clock was last asked for in vain (monotonic µs); nil: what it says is known.
    private let missed: Mutex<Int64?>

    init(enabled: Bool, address: Address?, library: Library, telemetry: Telemetry) {
        self.enabled = enabled
        self.address = address
        self.library = library
        self.telemetry = telemetry
        missed = Mutex(enabled ? 0 : nil)
    }

    /// Whether it is known what time it is: a door that began while the database was away has still to ask.
    var isKnown: Bool {
        guard let last = missed.withLock({ $0 }) else { return true }
        if monotonicMicroseconds() - last > 200_000 { refresh() }
        return missed.withLock { $0 } == nil
    }

    /// Microseconds since 1970-01-01 UTC.
    public func now() -> Int64 { frozen.withLock { $0 } ?? realMicroseconds() }

    /// Reads the test clock again; called at start and on its notification.
    func refresh() {
        guard enabled, let address else { return }
        do {
            let connection = try Connection(
                address.with("application_name", "kabinet clock"), library: library)
            let now = try connection.run("access/clock").first?.timestamp(0)
            frozen.withLock { $0 = now }
            missed.withLock { $0 = nil }
            telemetry.tell(Told.testClock(now.map { "\($0)" } ?? "real"))
        } catch {
            missed.withLock { $0 = $0.map { _ in monotonicMicroseconds() } }
            telemetry.tell(Told.refreshFailed(error))
        }
    }

    /// Sets the test clock, or nil to let time run again.
    func set(_ now: Int64?) throws {
        guard enabled, let address else { return }
        let connection = try Connection(
            address.with("application_name", "kabinet clock"), library: library)
        try connection.run("access/set_clock", .timestamp(now))
        frozen.withLock { $0 = now }
    }
}
