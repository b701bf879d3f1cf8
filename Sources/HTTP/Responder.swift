import CMicroHTTP
import Synchronization

/// The one answer to one request. It may come from any thread, at any time, before or after the
/// handler has returned; the second and every later answer is ignored, and an answer to a client
/// that went away does no harm.
public final class Responder: @unchecked Sendable {
    /// Where the request is. `lock` guards it and everything below, except what is said to belong
    /// to the poll thread.
    enum Phase {
        /// Headers or body are arriving.
        case receiving
        /// The handler runs; the connection is not suspended yet.
        case deciding
        /// The handler returned without an answer; microhttpd has put the connection aside.
        case suspended
        /// `answer` waits for the poll thread.
        case answered
        /// microhttpd has the answer, or the connection is gone.
        case over
    }

    let peer: Peer
    private let lock = Mutex(())
    private var phase = Phase.receiving
    private var connection: OpaquePointer?
    private var answer: Answer?
    private var takesGzip: Bool?
    private var asked: Request?

    // The poll thread's alone.
    var target: Target?
    var begun = false
    var refused = false
    var needsHost = false
    var delivered = false
    var limit = 0
    var body: [UInt8] = []
    /// Bytes of the body that count until the request has ended, and of the answer likewise.
    var bodyBytes = 0
    var answerBytes = 0

    init(_ connection: OpaquePointer, peer: Peer) {
        self.connection = connection
        self.peer = peer
    }

    deinit {
        answer?.destroy()
    }

    /// Answers the request. Compression happens here, on the caller's thread.
    public func respond(_ response: Response) {
        var compress = false
        if Answer.mayCompress(response) {
            compress = lock.withLock { _ in
                guard phase == .deciding || phase == .suspended else { return false }
                return takesGzipLocked()
            }
        }
        finish(Answer(response, gzip: compress))
    }

    private func finish(_ made: Answer) {
        let unused: Answer? = lock.withLock { _ in
            switch phase {
            case .deciding:
                answer = made
                phase = .answered
                asked = nil
                return nil
            case .suspended:
                answer = made
                phase = .answered
                asked = nil
                // Under the lock: whoever finds the phase answered may rely on this being done.
                MHD_resume_connection(connection)
                return nil
            case .receiving, .answered, .over:
                return made
            }
        }
        unused?.destroy()
    }

    /// The request's first header of that name, in any case; nil if it is absent, no UTF-8, or the request has been
    /// answered. For who answers without having the request.
    public func header(_ name: String) -> String? {
        lock.withLock { _ in
            guard phase != .answered, phase != .over else { return nil }
            return headerLocked(name)
        }
    }

    /// The request, until it is answered. For who answers without having it.
    public var request: Request? { lock.withLock { _ in asked } }

    private func headerLocked(_ name: String) -> String? {
        guard let connection else { return nil }
        var value: UnsafePointer<CChar>?
        var size = 0
        let found = name.utf8.count
        guard shim_header(connection, name, found, &value, &size) != 0, let value else {
            return nil
        }
        return value.withMemoryRebound(to: UInt8.self, capacity: size) {
            strictText(UnsafeBufferPointer(start: $0, count: size))
        }
    }

    private func takesGzipLocked() -> Bool {
        if let takesGzip { return takesGzip }
        let takes = headerLocked("Accept-Encoding").map(acceptsGzip) ?? false
        takesGzip = takes
        return takes
    }

    // MARK: The poll thread

    /// The request is whole and goes to the handler.
    func decide() {
        lock.withLock { _ in phase = .deciding }
    }

    /// What goes to the handler. The request knows this responder too: whichever way it ends, it is let go of then.
    func asks(_ request: Request) {
        lock.withLock { _ in asked = request }
    }

    /// After the handler: takes an answer that is there, else puts the connection aside.
    func takeOrSuspend() -> Answer? {
        lock.withLock { _ in
            if phase == .deciding {
                MHD_suspend_connection(connection)
                phase = .suspended
                return nil
            }
            return takeLocked()
        }
    }

    /// After a resume.
    func take() -> Answer? {
        lock.withLock { _ in takeLocked() }
    }

    private func takeLocked() -> Answer? {
        guard phase == .answered else { return nil }
        phase = .over
        defer { answer = nil }
        return answer
    }

    /// microhttpd is done with the request, however it ended.
    func end() {
        let unused: Answer? = lock.withLock { _ in
            phase = .over
            connection = nil
            asked = nil
            defer { answer = nil }
            return answer
        }
        unused?.destroy()
    }
}

/// A response in microhttpd's memory, ready to be queued. It is destroyed exactly once, and one
/// thread at a time has it.
struct Answer: @unchecked Sendable {
    let status: UInt32
    let pointer: OpaquePointer
    /// Of the body, as it is sent.
    let bytes: Int

    static func mayCompress(_ response: Response) -> Bool {
        guard response.body.count >= 1400, response.header("Content-Encoding") == nil,
            let type = response.header("Content-Type")
        else { return false }
        return isCompressible(type: type)
    }

    init(_ response: Response, gzip: Bool, close: Bool = false) {
        var response = response
        if Answer.mayCompress(response) {
            if gzip { response = response.packed }
            // Also when it goes out plain: a cache must keep both.
            if response.header("Vary") == nil {
                response.headers.append((name: "Vary", value: "Accept-Encoding"))
            }
        }
        guard (200...599).contains(response.status), let made = Answer.make(response) else {
            self = Answer(failure: close)
            return
        }
        status = UInt32(response.status)
        pointer = made
        bytes = response.body.count
        if close { _ = shim_add_header(pointer, "Connection", "close") }
    }

    /// The answer that stands for one that HTTP cannot carry.
    private init(failure close: Bool) {
        guard let made = shim_response(nil, 0) else {
            preconditionFailure("no memory for an empty answer")
        }
        status = 500
        pointer = made
        bytes = 0
        if close { _ = shim_add_header(pointer, "Connection", "close") }
    }

    private static func make(_ response: Response) -> OpaquePointer? {
        let made = response.body.withUnsafeBytes { shim_response($0.baseAddress, $0.count) }
        guard let made else { return nil }
        // Both texts of a header as C strings in one buffer, which serves all of them.
        var buffer: [CChar] = []
        buffer.reserveCapacity(256)
        for (name, value) in response.headers
        where !value.isEmpty && !equalIgnoringCase(name, "Content-Length") {
            buffer.removeAll(keepingCapacity: true)
            var isOneLine = true
            for text in [name, value] {
                for byte in text.utf8 {
                    isOneLine = isOneLine && byte != 0x0D && byte != 0x0A && byte != 0
                    buffer.append(CChar(bitPattern: byte))
                }
                buffer.append(0)
            }
            let length = name.utf8.count + 1
            let added = buffer.withUnsafeBufferPointer { texts in
                guard let start = texts.baseAddress else { return false }
                return shim_add_header(made, start, start + length) != 0
            }
            guard isOneLine, added else {
                MHD_destroy_response(made)
                return nil
            }
        }
        // What its type does not say it is, a browser shall not find in it.
        guard shim_add_header(made, "X-Content-Type-Options", "nosniff") != 0 else {
            MHD_destroy_response(made)
            return nil
        }
        return made
    }

    /// Gives the answer to microhttpd; false if the connection takes none. After the last one the
    /// connection is closed, and the client told so.
    func queue(on connection: OpaquePointer, isLast: Bool) -> Bool {
        defer { destroy() }
        if isLast { _ = shim_add_header(pointer, "Connection", "close") }
        return shim_queue(connection, status, pointer) != 0
    }

    func destroy() {
        MHD_destroy_response(pointer)
    }
}

func isOneLine(_ value: String) -> Bool {
    value.utf8.allSatisfy { $0 != 0x0D && $0 != 0x0A && $0 != 0 }
}
