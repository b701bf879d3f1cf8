import CMicroHTTP
import Glibc
import Synchronization

/// What is done with a request: answer through the responder, now or later, from any thread. It
/// runs on the poll thread, which serves every connection, so it must not block.
public typealias Handler = @Sendable (Request, Responder) -> Void

/// How a server listens, and what it puts up with.
public struct ServerSettings: Sendable {
    /// An IPv4 or IPv6 address; "::" takes both.
    public var address: String
    /// 0 lets the system choose a free one; see `Server.port`.
    public var port: UInt16
    /// Open connections at once. For one more, those that were idle the longest are closed; when all
    /// are at work it is answered with 503. The process needs as many descriptors and
    /// `ServerSettings.spareDescriptors`.
    public var connections: Int
    /// After this a connection on which nothing moves is closed.
    public var idleSeconds: Int
    /// From the first byte of a request to its last; a client that drips is cut.
    public var requestSeconds: Int
    /// From the first byte of an answer to its last; who reads it in sips is cut.
    public var answerSeconds: Int
    /// The largest body, in bytes, where `bodyLimit` says nothing else.
    public var bodyBytes: Int
    /// The largest body of a route, in bytes; nil leaves it at `bodyBytes`.
    public var bodyLimit: (@Sendable (_ method: String, _ path: [String]) -> Int?)?
    /// Memory of a connection for first line and headers, in bytes; more is answered with 431 or
    /// 414.
    public var headerMemory: Int
    /// Bytes of all bodies that have arrived, until their requests are answered; a request beyond
    /// them is answered with 503.
    public var bodyMemory: Int
    /// Bytes of all answers on their way; beyond them the slowest readers are cut.
    public var answerMemory: Int
    /// Whether requests are refused anyway: then a body of more than a packet or two is not awaited
    /// (503).
    public var isFull: (@Sendable () -> Bool)?
    /// Told of every connection that was cut. It runs on the server's threads and must not block.
    public var told: (@Sendable (Cut) -> Void)?
    /// Addresses of proxies before this server, whose `X-Forwarded-For` is believed.
    public var proxies: Set<String> = []

    /// What the server itself opens beside its connections: sockets that give way and that linger.
    public static let spareDescriptors = 256 + 256 + 32

    public init(
        address: String = "127.0.0.1", port: UInt16 = 0, connections: Int = 12_000,
        idleSeconds: Int = 30, requestSeconds: Int = 30, answerSeconds: Int = 60,
        bodyBytes: Int = 256 * 1024,
        bodyLimit: (@Sendable (_ method: String, _ path: [String]) -> Int?)? = nil,
        headerMemory: Int = 16 * 1024, bodyMemory: Int = 64 << 20, answerMemory: Int = 128 << 20,
        isFull: (@Sendable () -> Bool)? = nil, told: (@Sendable (Cut) -> Void)? = nil
    ) {
        self.address = address
        self.port = port
        self.connections = connections
        self.idleSeconds = idleSeconds
        self.requestSeconds = requestSeconds
        self.bodyBytes = bodyBytes
        self.bodyLimit = bodyLimit
        self.headerMemory = headerMemory
        self.answerSeconds = answerSeconds
        self.bodyMemory = bodyMemory
        self.answerMemory = answerMemory
        self.isFull = isFull
        self.told = told
    }
}

/// Why a connection was closed before its client wished so.
public enum Cut: String, Sendable {
    /// It was of use to nobody for the longest, and another one needed its place.
    case idlest
    /// It did not take its answer in time, or its answer was needed less than the memory.
    case reader
}

/// Why a request never reaches the handler. What is no HTTP at all (a garbage first line, headers
/// too large, no Host) is answered by microhttpd itself and is not told.
public enum Malformed: Equatable, Sendable {
    /// The path or query has a broken escape, NUL, invalid UTF-8, a control character, or "." or
    /// ".." as a segment: 400.
    case target
    /// The headers say in two ways, or in an unknown one, where the body ends: 400.
    case framing
    /// An HTTP/1.1 request that does not say whom it is for (RFC 9112 §3.2): 400.
    case host
    /// The body is larger than the route takes, in bytes: 413.
    case tooLarge(limit: Int)
    /// The request did not arrive whole within `requestSeconds`: 408.
    case slow
    /// There are too many connections, and all are at work: 503.
    case crowded
    /// There are too many bytes of bodies, or requests are refused anyway: 503.
    case full
    /// The server is stopping: 503.
    case stopping

    /// The status that fits; a server answers with it whatever the closure makes of the rest.
    public var status: Int {
        switch self {
        case .target, .framing, .host: 400
        case .tooLarge: 413
        case .slow: 408
        case .crowded, .full, .stopping: 503
        }
    }
}

/// An HTTP/1.1 server on one thread of its own. Its connections close after a malformed request.
public final class Server: @unchecked Sendable {
    private let core: Core
    private let daemon: OpaquePointer
    private let reaper: Reaper
    private let state = Mutex(State())
    /// The port on which the server listens.
    public let port: UInt16

    private struct State {
        var listener: Int32?
        var quiet = false
        var stopped = false
    }

    /// Starts to listen and to serve. `malformed` draws the answers to requests that never reach
    /// the handler; it has the path of the request where that is known (`[]` where it is not), and
    /// runs on the server's threads. SIGPIPE is ignored from here on, in the whole process.
    public init(
        _ settings: ServerSettings,
        malformed: @escaping @Sendable (Malformed, _ path: [String]) -> Response,
        handler: @escaping Handler
    ) throws(HTTPError) {
        let family = shim_family(settings.address)
        guard family != 0 else { throw .address(settings.address) }
        signal(SIGPIPE, SIG_IGN)
        let limit = Int64(settings.requestSeconds) * 1000
        let patience = Int64(settings.answerSeconds) * 1000
        let core = Core(settings, malformed: malformed, handler: handler)
        reaper = Reaper(tick: min(1000, max(50, min(limit, patience) / 4))) { now in
            core.cutSlow(after: limit, now: now)
            core.cutReaders(after: patience, now: now)
        }
        core.reaper = reaper
        let started = reaper.start()
        guard started == 0 else {
            throw .listen(address: settings.address, port: settings.port, errno: started)
        }
        let start = family == 4 ? shim_start4 : shim_start6
        errno = 0
        guard
            let daemon = start(
                settings.address, settings.port, UInt32(settings.connections + Core.spare),
                UInt32(settings.idleSeconds), settings.headerMemory, Core.callbacks,
                Unmanaged.passUnretained(core).toOpaque())
        else {
            let reason = errno
            reaper.stop()
            throw .listen(address: settings.address, port: settings.port, errno: reason)
        }
        self.core = core
        self.daemon = daemon
        port = shim_port(daemon)
        // Later than everything that is told.
        _ = shim_forget_after(
            daemon, UInt32((settings.idleSeconds + settings.answerSeconds) * 1000))
    }

    deinit {
        stop()
    }

    /// How many connections are open now.
    public var openConnections: Int {
        core.open.load(ordering: .relaxed)
    }

    /// Requests that are with the handler, or whose answer is on its way.
    public var unanswered: Int { core.unanswered.load(ordering: .relaxed) }

    /// Bytes of bodies and of answers that are held now.
    public var heldBytes: (bodies: Int, answers: Int) {
        (core.bodies.load(ordering: .relaxed), core.answers.load(ordering: .relaxed))
    }

    /// Accepts no more connections. The open ones are served as before, and each answer says that it
    /// is their last, so that clients who keep them go elsewhere.
    public func quiesce() {
        state.withLock { state in
            guard !state.quiet, !state.stopped else { return }
            state.quiet = true
            core.isLeaving.store(true, ordering: .relaxed)
            let listener = MHD_quiesce_daemon(daemon)
            guard listener >= 0 else { return }
            // Refuses at once; closed only after the poll thread, which may still look at it.
            _ = shutdown(listener, Int32(SHUT_RDWR))
            state.listener = listener
        }
    }

    /// Ends: no more connections, 503 to every request without an answer, up to five seconds for
    /// answers on their way, then everything is closed and the thread joined. Must not be called
    /// from the handler. Harmless the second time.
    public func stop() {
        quiesce()
        let listener = state.withLock { state -> Int32? in
            guard !state.stopped else { return nil }
            state.stopped = true
            return state.listener ?? -1
        }
        guard let listener else { return }
        core.refuseAll()
        core.waitUntilFlushed(seconds: 5)
        MHD_stop_daemon(daemon)
        reaper.stop()
        if listener >= 0 { close(listener) }
    }
}

/// What microhttpd's callbacks see.
final class Core: @unchecked Sendable {
    private let settings: ServerSettings
    private let malformed: @Sendable (Malformed, [String]) -> Response
    private let handler: Handler
    private let peers = Mutex<[ObjectIdentifier: Peer]>([:])
    let open = Atomic<Int>(0)
    let unanswered = Atomic<Int>(0)
    let bodies = Atomic<Int>(0)
    let answers = Atomic<Int>(0)
    /// Connections beyond the limit, for the moment in which others are closed for them.
    static let spare = 256
    /// How many give way at once: to find them means to look at all.
    private static let company = 32
    /// Milliseconds for which a connection is of no use before it has to give way.
    private static let grace: Int64 = 1_000
    /// The poll thread's alone: connections that were told to go and are not closed yet.
    private var leaving = 0
    private let stopping = Atomic<Bool>(false)
    let isLeaving = Atomic<Bool>(false)
    private let flushed: UnsafeMutablePointer<sem_t>
    weak var reaper: Reaper?

    init(
        _ settings: ServerSettings,
        malformed: @escaping @Sendable (Malformed, [String]) -> Response,
        handler: @escaping Handler
    ) {
        self.settings = settings
        self.malformed = malformed
        self.handler = handler
        flushed = .allocate(capacity: 1)
        sem_init(flushed, 0, 0)
    }

    deinit {
        sem_destroy(flushed)
        flushed.deallocate()
    }

    // MARK: Other threads

    func cutSlow(after milliseconds: Int64, now: Int64) {
        let all = peers.withLock { Array($0.values) }
        for peer in all {
            // The registry's lock is what keeps the peer's socket from being closed and reused.
            peers.withLock {
                guard $0[ObjectIdentifier(peer)] != nil else { return }
                peer.cut(after: milliseconds, now: now) {
                    rendered(malformed(.slow, []), status: Malformed.slow.status)
                }
            }
        }
    }

    /// Ends who has been reading an answer for longer than `milliseconds`; then, while the answers on their way are more
    /// than the memory for them, who has been reading the longest.
    func cutReaders(after milliseconds: Int64, now: Int64) {
        let readers = peers.withLock { Array($0.values) }.compactMap { peer in
            peer.reading.map { (peer: peer, since: $0.since, bytes: $0.bytes) }
        }.sorted { $0.since < $1.since }
        var excess = answers.load(ordering: .relaxed) - settings.answerMemory
        for reader in readers where now - reader.since > milliseconds || excess > 0 {
            let isCut = peers.withLock {
                $0[ObjectIdentifier(reader.peer)] != nil && reader.peer.cutReading()
            }
            guard isCut else { continue }
            excess -= reader.bytes
            settings.told?(.reader)
        }
    }

    func refuseAll() {
        stopping.store(true, ordering: .sequentiallyConsistent)
        for peer in peers.withLock({ Array($0.values) }) {
            peer.pending?.respond(refusal(.stopping, []))
        }
    }

    func waitUntilFlushed(seconds: Int) {
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        deadline.tv_sec += seconds
        while unanswered.load(ordering: .sequentiallyConsistent) > 0 {
            if sem_timedwait(flushed, &deadline) != 0 && errno == ETIMEDOUT { return }
        }
    }

    private func refusal(_ reason: Malformed, _ path: [String]) -> Response {
        var response = malformed(reason, path)
        response.status = reason.status
        response.headers.removeAll { equalIgnoringCase($0.name, "Connection") }
        response.headers.append((name: "Connection", value: "close"))
        return response
    }

    // MARK: The poll thread

    static let callbacks = shim_callbacks(
        access: { cls, connection, _, method, version, data, size, context in
            guard let cls, let connection, let size, let context = context?.pointee else {
                return shim_result(0)
            }
            let core = Unmanaged<Core>.fromOpaque(cls).takeUnretainedValue()
            let responder = Unmanaged<Responder>.fromOpaque(context).takeUnretainedValue()
            let going = core.proceed(
                responder, connection, method: method, version: version,
                data: UnsafeRawBufferPointer(start: data, count: size.pointee))
            size.pointee = 0
            return shim_result(going ? 1 : 0)
        },
        target: { _, target, connection in
            guard let target, let connection, let context = shim_socket_context(connection) else {
                return nil
            }
            let peer = Unmanaged<Peer>.fromOpaque(context).takeUnretainedValue()
            peer.requestBegan()
            let responder = Responder(connection, peer: peer)
            let count = strlen(target)
            target.withMemoryRebound(to: UInt8.self, capacity: count) {
                responder.target = Target(UnsafeBufferPointer(start: $0, count: count))
            }
            return Unmanaged.passRetained(responder).toOpaque()
        },
        completed: { cls, _, context, code in
            guard let cls, let context, let raw = context.pointee else { return }
            context.pointee = nil
            let responder = Unmanaged<Responder>.fromOpaque(raw).takeRetainedValue()
            Unmanaged<Core>.fromOpaque(cls).takeUnretainedValue().ended(
                responder, isTimeout: shim_is_timeout(code) != 0)
        },
        connection: { cls, connection, context, code in
            guard let cls, let connection, let context else { return }
            let core = Unmanaged<Core>.fromOpaque(cls).takeUnretainedValue()
            if shim_is_start(code) != 0 {
                let peer = Peer(connection)
                core.opened(peer)
                context.pointee = Unmanaged.passRetained(peer).toOpaque()
            } else if let raw = context.pointee {
                context.pointee = nil
                core.closed(Unmanaged<Peer>.fromOpaque(raw).takeRetainedValue())
            }
        })

    private func opened(_ peer: Peer) {
        peers.withLock { $0[ObjectIdentifier(peer)] = peer }
        let count = open.add(1, ordering: .relaxed).newValue
        if count - leaving > settings.connections { makeRoom(for: peer) }
    }

    /// Closes the connections that have been idle the longest; if there are none, those whose request has been coming for
    /// the longest (a request takes milliseconds to arrive). If all are at work the newcomer is told so: better than to
    /// let it hang.
    private func makeRoom(for newcomer: Peer) {
        let limit = shim_milliseconds() - Core.grace
        let useless = peers.withLock { Array($0.values) }.compactMap { peer in
            peer.useless.map { (peer: peer, since: $0.since, isIdle: $0.isIdle) }
        }.filter { $0.peer !== newcomer && $0.since <= limit }
            .sorted { ($0.isIdle ? 0 : 1, $0.since) < ($1.isIdle ? 0 : 1, $1.since) }
        var gone = 0
        for one in useless {
            let goes = one.peer.giveWay {
                rendered(malformed(.slow, []), status: Malformed.slow.status)
            }
            guard goes else { continue }
            one.peer.isLeaving = true
            settings.told?(.idlest)
            gone += 1
            if gone == Core.company { break }
        }
        if gone == 0 {
            newcomer.isLeaving = true
            gone = 1
            if let copy = newcomer.duplicate() { linger(copy) }
            newcomer.cut(
                with: rendered(malformed(.crowded, []), status: Malformed.crowded.status))
        }
        leaving += gone
    }

    private func closed(_ peer: Peer) {
        peers.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(peer)) }
        open.subtract(1, ordering: .relaxed)
        if peer.isLeaving { leaving -= 1 }
    }

    private func ended(_ responder: Responder, isTimeout: Bool) {
        responder.end()
        bodies.subtract(responder.bodyBytes, ordering: .relaxed)
        answers.subtract(responder.answerBytes, ordering: .relaxed)
        if isTimeout, responder.peer.reading != nil { settings.told?(.reader) }
        responder.peer.requestEnded()
        guard responder.delivered else { return }
        let left = unanswered.subtract(1, ordering: .sequentiallyConsistent).newValue
        if left == 0 && stopping.load(ordering: .sequentiallyConsistent) { sem_post(flushed) }
    }

    /// One call of microhttpd: first the headers, then pieces of the body, then (with no data) its
    /// end, and once more after a resume. False closes the connection without an answer.
    private func proceed(
        _ responder: Responder, _ connection: OpaquePointer, method: UnsafePointer<CChar>?,
        version: UnsafePointer<CChar>?, data: UnsafeRawBufferPointer
    ) -> Bool {
        if !responder.begun {
            responder.begun = true
            // 1.0 need not say it; everything later must.
            responder.needsHost = version.map { strcmp($0, "HTTP/1.0") != 0 } ?? true
            return begin(responder, connection, method: method)
        }
        if !data.isEmpty { return take(responder, data) }
        if responder.delivered {
            return responder.take().map { send($0, of: responder, on: connection) } ?? true
        }
        guard !responder.refused, let target = responder.target, let method else { return false }
        responder.target = nil
        return deliver(responder, connection, target, method: String(cString: method))
    }

    private func begin(
        _ responder: Responder, _ connection: OpaquePointer, method: UnsafePointer<CChar>?
    ) -> Bool {
        let framing = shim_body_framing(connection)
        guard let target = responder.target else {
            return refuse(responder, connection, .target, framing)
        }
        if framing.wrong != 0 { return refuse(responder, connection, .framing, framing) }
        if responder.needsHost, shim_has_host(connection) == 0 {
            return refuse(responder, connection, .host, framing)
        }
        guard framing.lengths + framing.encodings > 0 else { return true }
        responder.limit = settings.bodyBytes
        if let bodyLimit = settings.bodyLimit, let method,
            let limit = bodyLimit(String(cString: method), target.path)
        {
            responder.limit = limit
        }
        if framing.length > UInt64(responder.limit) {
            return refuse(responder, connection, .tooLarge(limit: responder.limit), framing)
        }
        let announced = Int(min(framing.length, UInt64(responder.limit)))
        if bodies.load(ordering: .relaxed) + announced > settings.bodyMemory
            || announced > Core.smallBody && settings.isFull?() == true
        {
            return refuse(responder, connection, .full, framing)
        }
        // Not all of what is announced: thousands may announce much and send nothing.
        responder.body.reserveCapacity(min(Int(framing.length), 16_384))
        return true
    }

    /// A body that costs less to read than the connection to close.
    private static let smallBody = 16_384

    /// Answers before the body has been read.
    private func refuse(
        _ responder: Responder, _ connection: OpaquePointer, _ reason: Malformed,
        _ framing: shim_framing
    ) -> Bool {
        responder.refused = true
        guard responder.peer.requestArrived(nil) else { return false }
        if framing.lengths + framing.encodings > 0, let copy = responder.peer.duplicate() {
            linger(copy)
        }
        let response = refusal(reason, responder.target?.path ?? [])
        return send(Answer(response, gzip: false), of: responder, on: connection)
    }

    private func send(_ answer: Answer, of responder: Responder, on connection: OpaquePointer)
        -> Bool
    {
        responder.answerBytes = answer.bytes
        responder.peer.answerBegan(answer.bytes)
        if answers.add(answer.bytes, ordering: .relaxed).newValue > settings.answerMemory {
            reaper?.hurry()
        }
        return answer.queue(on: connection, isLast: isLeaving.load(ordering: .relaxed))
    }

    private func linger(_ socket: Int32) {
        if let reaper { reaper.linger(socket) } else { close(socket) }
    }

    private func take(_ responder: Responder, _ data: UnsafeRawBufferPointer) -> Bool {
        if responder.refused { return true }
        let isTooLarge = responder.body.count + data.count > responder.limit
        if isTooLarge || bodies.load(ordering: .relaxed) + data.count > settings.bodyMemory {
            responder.refused = true
            responder.body = []
            if let copy = responder.peer.duplicate() { linger(copy) }
            let reason = isTooLarge ? Malformed.tooLarge(limit: responder.limit) : .full
            let response = malformed(reason, responder.target?.path ?? [])
            responder.peer.cut(with: rendered(response, status: reason.status))
            return false
        }
        responder.body.append(contentsOf: data)
        responder.bodyBytes += data.count
        bodies.add(data.count, ordering: .relaxed)
        return true
    }

    private func deliver(
        _ responder: Responder, _ connection: OpaquePointer, _ target: Target, method: String
    ) -> Bool {
        guard responder.peer.requestArrived(responder) else { return false }
        responder.delivered = true
        unanswered.add(1, ordering: .sequentiallyConsistent)
        responder.decide()
        let request = Request(
            target, method: method, body: responder.body, exchange: responder,
            proxies: settings.proxies)
        responder.body = []
        responder.asks(request)
        // After the peer knows the responder: either this sees the stop, or the stop sees it.
        if stopping.load(ordering: .sequentiallyConsistent) {
            responder.respond(refusal(.stopping, request.path))
        } else {
            handler(request, responder)
        }
        return responder.takeOrSuspend().map { send($0, of: responder, on: connection) } ?? true
    }
}

/// An answer as bytes, for the places where microhttpd takes none. It says that it is the last.
private func rendered(_ response: Response, status: Int) -> [UInt8] {
    let phrase = MHD_get_reason_phrase_for(UInt32(status)).map { String(cString: $0) } ?? ""
    var head = "HTTP/1.1 \(status) \(phrase)\r\nConnection: close\r\n"
    head += "Content-Length: \(response.body.count)\r\n"
    for (name, value) in response.headers
    where isOneLine(name) && isOneLine(value) && !equalIgnoringCase(name, "Content-Length")
        && !equalIgnoringCase(name, "Connection")
    {
        head += "\(name): \(value)\r\n"
    }
    return Array(head.utf8) + [13, 10] + response.body
}
