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
    /// What gateways show that report; nil: nobody may.
    public var deliveredSecret: String?
    /// Milliseconds that a form waits for its decision.
    public var formWait: Int
    /// Requests that may wait for the database at once.
    public var waiting: Int
    /// Bytes that they may want written.
    public var waitingBytes: Int
    /// Milliseconds that one waits for the database before it is told that it does not answer.
    public var patience: Int
    /// Registrations, sign-ins and the like that one address may try a second; for a moment five times as many.
    public var attemptsPerSecond: Double
    /// How many of them may be wrong in an hour, before the address has to wait (domain.md §8).
    public var failuresPerHour: Int

    public init(
        isProduction: Bool, hasTestClock: Bool, publicURL: String, deliveredSecret: String? = nil,
        formWait: Int = 3_000, waiting: Int = 8_192, waitingBytes: Int = 64 << 20,
        patience: Int = 5_000, attemptsPerSecond: Double = 20, failuresPerHour: Int = 20
    ) {
        self.isProduction = isProduction
        self.hasTestClock = hasTestClock
        self.publicURL = publicURL
        self.deliveredSecret = deliveredSecret
        self.formWait = formWait
        self.waiting = waiting
        self.waitingBytes = waitingBytes
        self.patience = patience
        self.attemptsPerSecond = attemptsPerSecond
        self.failuresPerHour = failuresPerHour
    }
}

/// A form that came, for Portal to draw again: whose it is and which page it stood on.
public struct FormPost: Sendable {
    /// Nil: nobody is signed in.
    public let session: Session?
    public let profile: Profile
    public let page: FormPage
    public let language: Language
    public let ending: FormOutcome
    /// The authenticator's secret as it was shown, to be shown again: it is the person's own.
    public var secret: String?
    /// Recovery codes, to be shown once: the outcome is that of switching the second factor on.
    public var recovery: [String] = []
    /// What the browser holds since it began registrations.
    public var browsers: [String] = []
}

public final class Ingress: Sendable {
    let address: Address
    let library: Library
    let telemetry: Telemetry
    let settings: IngressSettings
    public let access: Access
    let flusher: Flusher
    let waiter: Waiter
    let room: Room
    let lookups: Lookups
    let throttle = Throttle()
    let failures: Failures
    let questions = Questions()
    let touches = Touches()
    private let watched = Watched(most: Ingress.countedAtOnce)
    private let problemPage: @Sendable (Trouble) -> Response
    private let others = Mutex<@Sendable () -> [Measure]>({ [] })
    let readiness = Gathering<Asked<Response>>()
    private let profileQuestions = Gathering<Asked<Void>>()
    private let tokenQuestions = Gathering<Asked<APIToken?>>()
    let sessionQuestions = Gathering<Asked<Session?>>()
    let clock: DomainClock
    private let fit: Fit

    /// Why this release may not serve with this schema, as of a second ago; nil: it may.
    public var misfit: Misfit? { fit.misfit }

    /// - Parameters:
    ///   - address: of the role kabinet_ingress.
    ///   - problemPage: draws what a browser gets instead of a problem of RFC 9457.
    public init(
        address: Address, clockAddress: Address?, library: Library, telemetry: Telemetry,
        settings: IngressSettings,
        problemPage: @escaping @Sendable (Trouble) -> Response
    ) {
        self.address = address
        self.library = library
        self.telemetry = telemetry
        self.settings = settings
        failures = Failures(most: settings.failuresPerHour)
        self.problemPage = problemPage
        let room = Room(
            Room.Limits(requests: settings.waiting, bytes: settings.waitingBytes))
        self.room = room
        let access = Access(monotonic: monotonicMicroseconds)
        let clock = DomainClock(
            enabled: settings.hasTestClock, address: clockAddress, library: library,
            telemetry: telemetry)
        self.access = access
        self.clock = clock
        let fit = Fit(telemetry)
        self.fit = fit
        flusher = Flusher(
            address: address, library: library, telemetry: telemetry, room: room,
            limits: Flusher.Limits(patience: settings.patience))
        lookups = Lookups(
            limit: settings.waiting, patience: settings.patience, address: address,
            library: library, telemetry: telemetry,
            preparing: Access.statements + Access.operatorStatements)
        waiter = Waiter(
            address: address, library: library, telemetry: telemetry, room: room,
            patience: settings.patience, channels: [Access.channel, DomainClock.channel], fit: fit
        ) { notification in
            guard notification.channel == DomainClock.channel else {
                return access.drop(notification.payload)
            }
            clock.refresh()
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
                on: Connection(address, library: library, patience: settings.patience))
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
        lookups.stop()
    }

    /// Adds what others of the process measure to what `/metrics` tells of this moment.
    public func measure(_ others: @escaping @Sendable () -> [Measure]) {
        self.others.withLock { $0 = others }
    }

    /// How things stand now, for who reads the metrics.
    func tellStanding() {
        let standing = room.standing
        telemetry.tell(
            Told.standing(
                [
                    .gauge("ingress_waiting", Double(standing.requests)),
                    .gauge("ingress_waiting_most", Double(standing.most)),
                    .gauge("ingress_waiting_limit", Double(room.limits.requests)),
                    .gauge("ingress_waiting_bytes", Double(standing.bytes)),
                    .gauge("ingress_flush_delay_seconds", Double(flusher.delay) / 1_000_000),
                    .gauge("ingress_undecided", Double(waiter.waiting)),
                    .gauge("ingress_lookups_waiting", Double(lookups.waiting)),
                ] + others.withLock({ $0 })()))
    }

    // MARK: Asking who it is

    /// Runs `body` with the profile of the organization in the path; 404 when there is none. Who asks does not matter.
    public func withProfile(
        _ code: String?, _ request: Request, _ responder: Responder,
        _ body: @escaping @Sendable (Profile) -> Void
    ) {
        let language = request.language
        guard let code else { return respond(responder, 404, "not_found", language) }
        switch access.organization(code) {
        case .found(.some(let profile)): body(profile)
        case .found(.none): respond(responder, 404, "not_found", language)
        case .unknown:
            ask(profileQuestions, "", responder, language) { [access] connection in
                try access.refresh(on: connection)
            } then: { [self] in
                guard case .found(.some(let profile)) = access.organization(code) else {
                    return respond(responder, 404, "not_found", language)
                }
                body(profile)
            }
        }
    }

    /// Runs `body` with the profiles of all organizations, by code.
    public func withProfiles(
        _ request: Request, _ responder: Responder,
        _ body: @escaping @Sendable ([Profile]) -> Void
    ) {
        // Whether one of no name is there says how fresh all are.
        guard case .unknown = access.organization("") else { return body(access.lastProfiles) }
        ask(profileQuestions, "", responder, request.language) { [access] connection in
            try access.refresh(on: connection)
        } then: { [access] in
            body(access.lastProfiles)
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
            guard
                admits(.token, token.actor, perSecond: Double(token.rate), responder, language)
            else { return }
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

    /// Asks the database on a thread that may block, once for all who ask the same meanwhile, and runs `then` with the
    /// answer. The database away is a 503 that says when to come again. `counted` is the address whose questions are
    /// bounded: a flood of wrong keys must not become a flood of questions. Who only hears the answer is not counted: when
    /// a key's cached answer runs out, all requests of its program meet here.
    func ask<Value: Sendable>(
        _ questions: Gathering<Asked<Value>>, _ key: String, _ responder: Responder,
        _ language: Language, counted address: String? = nil,
        _ load: @escaping @Sendable (Connection) throws -> Value,
        then: @escaping @Sendable (Value) -> Void
    ) {
        // Who asks the same has one share; what is asked of no key is everybody's.
        let actor = key.isEmpty ? nil : "ask \(key)"
        if let turned = room.enter(actor) { return refuse(responder, turned, language) }
        let isFirst = questions.join(key) { [self] asked in
            room.leave(actor)
            answered(asked, responder, language, then)
        }
        guard isFirst else { return }
        if let address,
            let wait = throttle.admit(
                "ask \(address)", perSecond: 50, burst: 200, now: monotonicMicroseconds())
        {
            return questions.answer(key, .turned(TurnedAway(.address, retryAfter: wait)))
        }
        lookups.ask(load) { questions.answer(key, $0) }
    }

    /// The same for a question that nobody else asks.
    func ask<Value: Sendable>(
        _ responder: Responder, _ language: Language,
        _ load: @escaping @Sendable (Connection) throws -> Value,
        then: @escaping @Sendable (Value) -> Void
    ) {
        if let turned = room.enter(nil) { return refuse(responder, turned, language) }
        lookups.ask(load) { [self] asked in
            room.leave(nil)
            answered(asked, responder, language, then)
        }
    }

    private func answered<Value: Sendable>(
        _ asked: Asked<Value>, _ responder: Responder, _ language: Language,
        _ then: (Value) -> Void
    ) {
        switch asked {
        case .known(let value): then(value)
        case .turned(let turned): refuse(responder, turned, language)
        }
    }

    // MARK: Saying no

    /// False when it comes too often: then it has been answered.
    func admits(
        _ reason: TurnedAway.Reason, _ key: String, perSecond rate: Double, burst: Double? = nil,
        cost: Double = 1, _ responder: Responder, _ language: Language
    ) -> Bool {
        guard
            let wait = throttle.admit(
                key, perSecond: rate, burst: burst, cost: cost, now: monotonicMicroseconds())
        else { return true }
        refuse(responder, TurnedAway(reason, retryAfter: wait), language)
        return false
    }

    /// False when an append would be refused anyway: then it has been answered, before it cost anything.
    func hasRoom(_ responder: Responder, _ language: Language) -> Bool {
        guard let turned = flusher.refusal else { return true }
        refuse(responder, turned, language)
        return false
    }

    /// Whether an append that came now would be refused whatever it is.
    public var isFull: Bool { flusher.refusal != nil }

    /// Answers who is not taken now, and counts it.
    /// - Parameter mayBeSaved: what was posted may have been saved all the same: only its page cannot be drawn.
    public func refuse(
        _ responder: Responder, _ turned: TurnedAway, _ language: Language,
        mayBeSaved: Bool = false
    ) {
        count(turned)
        respond(
            responder, turned.status, turned.code, language, retryAfter: turned.retryAfter,
            mayBeSaved: mayBeSaved || turned.reason == .unconfirmed)
    }

    /// Counts who was turned away and is answered elsewhere.
    public func count(_ turned: TurnedAway) { telemetry.tell(Told.refused(turned)) }

    /// What is wrong: a page for who asks for pages, a problem for programs.
    public func respond(
        _ responder: Responder, _ status: Int, _ code: String, _ language: Language,
        detail: String? = nil, retryAfter: Int? = nil, allow: [String] = [],
        mayBeSaved: Bool = false
    ) {
        let wantsPage = responder.header("Accept")?.contains("text/html") == true
        responder.respond(
            wantsPage && allow.isEmpty
                ? problemPage(
                    trouble(
                        status, code, language, retryAfter, mayBeSaved, responder.request))
                : Problem.response(
                    status, code, language, detail: detail, retryAfter: retryAfter, allow: allow))
    }

    private func trouble(
        _ status: Int, _ code: String, _ language: Language, _ retryAfter: Int?,
        _ mayBeSaved: Bool, _ request: Request?
    ) -> Trouble {
        Trouble(
            status: status, code: code, language: language, retryAfter: retryAfter,
            profile: request?.path.first.flatMap { access.lastProfile($0) },
            retry: retry(status, isDoubtful: mayBeSaved, request))
    }

    // MARK: Appending

    /// What an append of one request came to.
    enum Result: Sendable {
        /// Appended (or appended before, under the same key); decided or not.
        case outcome(Outcome)
        case conflict
        case rejected
        case turned(TurnedAway)
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
        /// The network whose failures are counted, when the decision is one.
        var counted: String?
    }

    /// Microseconds of a clock that never goes back.
    var monotonicNow: Int64 { monotonicMicroseconds() }

    /// Milliseconds after which a decision is no longer waited for to be counted: the lane refuses unread what is older.
    private static let countedFor = 35_000
    /// Decisions that are waited for at once only to be counted. A flood from many networks does not become one of questions
    /// (3,500 of them held the answers of others up for 40 ms each second): what is beyond is counted in the lane, by login.
    private static let countedAtOnce = 64

    func append(_ wish: Wish, _ done: @escaping @Sendable (Result) -> Void) {
        guard clock.isKnown else { return done(.turned(.init(.database, retryAfter: 2))) }
        let milliseconds = realMicroseconds() / 1000
        let id = Identifier.v7(milliseconds: milliseconds, random: Secrets.randomWords())
        let kind = wish.command.kind.rawValue
        let subject = wish.command.subject(
            organization: wish.organization, actor: wish.actor)
        let pending = Outcome(command: id.description, kind: kind, state: .pending)
        let waits =
            wish.wait.map { wait in
                waiter.wait(id, kind: kind, subject: subject, milliseconds: wait) { state, _ in
                    done(.outcome(state.map(Self.outcome) ?? pending))
                }
            } ?? false
        // Whether it was wrong is counted also when nobody waits for the answer.
        let isCounted =
            wish.counted.map { network in
                guard let place = watched.take() else { return false }
                return waiter.wait(
                    id, kind: kind, subject: subject, milliseconds: Self.countedFor
                ) { [failures, telemetry] state, _ in
                    withExtendedLifetime(place) {}
                    guard let state, state.state == .refused, Failures.codes.contains(state.code)
                    else { return }
                    failures.note(network, now: monotonicMicroseconds())
                    telemetry.tell(Told.wrong(kind))
                }
            } ?? false
        let new = NewCommand(
            id: id, kind: kind, organization: wish.organization, subject: subject,
            payload: wish.command.json.bytes, actor: wish.actor, channel: wish.channel.rawValue,
            trace: wish.trace, awaited: wish.wait != nil || isCounted,
            receivedAt: clock.now())
        // Two may have an answer: the flusher, and the waiter who found it decided although the flusher did not hear of it.
        let end: @Sendable (@Sendable () -> Void) -> Void = { [waiter] body in
            let isForgotten = (waits || isCounted) && waiter.forget(id)
            if !waits || isForgotten { body() }
        }
        let turned = flusher.submit(
            Append(new, key: wish.key, digest: wish.digest),
            isOfPassword: wish.command.kind.isOfPassword
        ) { [self] ending in
            switch ending {
            case .appended(.accepted):
                if waits || isCounted { waiter.appended(id) }
                if !waits { done(.outcome(pending)) }
            case .appended(.repeated(let earlier)):
                end { [self] in present(earlier, kind: kind, done) }
            case .appended(.conflict): end { done(.conflict) }
            case .appended(.unknownKind):
                end { done(.turned(.init(.database, retryAfter: 2))) }
            case .turned(let turned): end { done(.turned(turned)) }
            case .rejected: end { done(.rejected) }
            }
        }
        if let turned { end { done(.turned(turned)) } }
    }

    /// The present state of a command that came before under the same key. It is written: whoever cannot be told what came of it
    /// is told that, and never that nothing was saved.
    private func present(
        _ id: Identifier, kind: String, _ done: @escaping @Sendable (Result) -> Void
    ) {
        let pending = Outcome(command: id.description, kind: kind, state: .pending)
        let turned = waiter.state(of: id) { state, _ in
            done(.outcome(state.map(Self.outcome) ?? pending))
        }
        if turned != nil { done(.outcome(pending)) }
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
    /// What the test clock says, and how often it was set here: what was read of it before it was set is not kept.
    private let frozen = Mutex<(now: Int64?, sets: Int)>((nil, 0))
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
    public func now() -> Int64 { frozen.withLock { $0.now } ?? realMicroseconds() }

    /// Reads the test clock again; called at start and on its notification.
    func refresh() {
        guard enabled, let address else { return }
        do {
            let connection = try Connection(
                address.with("application_name", "kabinet clock"), library: library,
                patience: 5_000)
            var now: Int64?
            var isCurrent = false
            while !isCurrent {
                let sets = frozen.withLock { $0.sets }
                now = try connection.run("access/clock").first?.timestamp(0)
                isCurrent = frozen.withLock { frozen in
                    guard frozen.sets == sets else { return false }
                    frozen.now = now
                    return true
                }
            }
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
        frozen.withLock { $0 = (now, $0.sets + 1) }
    }
}
