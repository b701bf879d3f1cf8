import CMicroHTTP
import Glibc
import Synchronization

/// One connection, as long as it is open. It exists to be cut: microhttpd's own timeout begins anew
/// with each byte, so a client that drips its request would keep a connection for ever.
final class Peer: @unchecked Sendable {
    enum Stage {
        /// Between requests, or in the middle of a first line.
        case waiting
        /// The first line is here; headers or body are still coming.
        case receiving
        /// The request is whole; the time from here on is ours, not the client's.
        case busy
        /// The answer is on its way; the time is the client's again.
        case answering
        /// Told that it is over, and closed.
        case cut
    }

    let address: String
    /// The poll thread's alone: told to go, and not closed yet.
    var isLeaving = false
    private let socket: Int32
    private let lock = Mutex(())
    private var stage = Stage.waiting
    /// When the first byte of the present request was noticed.
    private var begun: Int64?
    /// The socket's count of received bytes when the wait for a request began; nil until it has
    /// been read, which is not done for every request.
    private var baseline: UInt64? = 0
    /// When the present stage began, of those that are the client's.
    private var since = shim_milliseconds()
    private var answerBytes = 0
    private var current: Responder?

    init(_ connection: OpaquePointer) {
        socket = shim_socket(connection)
        address = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            guard let base = text.baseAddress, shim_client(connection, base, 64) != 0 else {
                return ""
            }
            return String(cString: base)
        }
    }

    /// An IP address as `address` writes it; nil for anything else.
    static func address(_ text: String) -> String? {
        var six = in6_addr()
        var four = in_addr()
        var out = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        // An IPv4 client of a dual-stack proxy comes as ::ffff:1.2.3.4.
        let plain = text.lowercased().hasPrefix("::ffff:") ? String(text.dropFirst(7)) : text
        if inet_pton(AF_INET, plain, &four) == 1 {
            inet_ntop(AF_INET, &four, &out, socklen_t(out.count))
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            inet_ntop(AF_INET6, &six, &out, socklen_t(out.count))
        } else {
            return nil
        }
        return String(decoding: out.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    // MARK: The poll thread

    func requestBegan() {
        lock.withLock { _ in
            guard stage == .waiting else { return }
            stage = .receiving
            if begun == nil { begun = shim_milliseconds() }
        }
    }

    /// The request is whole, or is refused before it is. False if it was cut meanwhile.
    func requestArrived(_ responder: Responder?) -> Bool {
        lock.withLock { _ in
            guard stage == .receiving else { return false }
            stage = .busy
            current = responder
            return true
        }
    }

    /// The answer of so many bytes is microhttpd's to send.
    func answerBegan(_ bytes: Int) {
        lock.withLock { _ in
            guard stage != .cut else { return }
            stage = .answering
            since = shim_milliseconds()
            answerBytes = bytes
        }
    }

    func requestEnded() {
        lock.withLock { _ in
            current = nil
            guard stage != .cut else { return }
            stage = .waiting
            since = shim_milliseconds()
            begun = nil
            baseline = nil
        }
    }

    // MARK: Any thread

    /// The request that waits for an answer, if there is one.
    var pending: Responder? {
        lock.withLock { _ in current }
    }

    /// Ends a request that has taken longer than `milliseconds` from its first byte on: sends
    /// `farewell`, if the request has at least begun to be understood, and closes.
    func cut(after milliseconds: Int64, now: Int64, farewell: () -> [UInt8]) {
        lock.withLock { _ in
            if stage == .waiting && begun == nil {
                let received = shim_bytes_received(socket)
                if let baseline, received != baseline { begun = now }
                baseline = baseline ?? received
            }
            guard stage == .waiting || stage == .receiving, let begun, now - begun > milliseconds
            else { return }
            stage = .cut
            sendAndClose(farewell())
        }
    }

    /// Since when the client has been reading an answer, and how large it is; nil when there is none on its way.
    var reading: (since: Int64, bytes: Int)? {
        lock.withLock { _ in stage == .answering ? (since, answerBytes) : nil }
    }

    /// Ends the reading of an answer. False if it has ended by itself.
    func cutReading() -> Bool {
        lock.withLock { _ in
            guard stage == .answering else { return false }
            stage = .cut
            _ = shutdown(socket, Int32(SHUT_RDWR))
            return true
        }
    }

    /// Since when this connection has been of use to nobody: idle between requests, or with a request that does not come
    /// to its end. Nil while a request is decided or answered.
    var useless: (since: Int64, isIdle: Bool)? {
        lock.withLock { _ in
            switch stage {
            case .waiting where begun == nil: (since, true)
            case .waiting, .receiving: (begun ?? since, false)
            case .busy, .answering, .cut: nil
            }
        }
    }

    /// Closes a connection that is useless still, for another's sake.
    func giveWay(farewell: () -> [UInt8]) -> Bool {
        lock.withLock { _ in
            switch stage {
            case .waiting where begun == nil:
                // Its next request has just come: it is idle no more.
                guard shim_unread(socket) == 0 else { return false }
                stage = .cut
                _ = shutdown(socket, Int32(SHUT_RDWR))
            case .waiting, .receiving:
                stage = .cut
                sendAndClose(farewell())
            case .busy, .answering, .cut: return false
            }
            return true
        }
    }

    /// Answers past microhttpd, which takes no answer in the middle of a body.
    func cut(with bytes: [UInt8]) {
        lock.withLock { _ in
            guard stage != .cut else { return }
            stage = .cut
            sendAndClose(bytes)
        }
    }

    /// A second handle on the socket, for a close that lets the client read its answer.
    func duplicate() -> Int32? {
        let copy = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        return copy < 0 ? nil : copy
    }

    /// An answer of a few hundred bytes fits the empty send buffer; if it does not, the client has
    /// stopped reading anyway.
    private func sendAndClose(_ bytes: [UInt8]) {
        _ = send(
            socket, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        _ = shutdown(socket, Int32(SHUT_RDWR))
    }
}
