import Glibc
import HTTP
import Synchronization
import Testing

/// Every wait in these tests ends after this, so that a fault fails instead of hanging.
let patience = 30

/// Counts events across threads.
final class Signal: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func post() {
        sem_post(semaphore)
    }

    /// False if the event did not come.
    func wait(_ count: Int = 1) -> Bool {
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        deadline.tv_sec += patience
        for _ in 0..<count {
            while sem_timedwait(semaphore, &deadline) != 0 {
                if errno != EINTR { return false }
            }
        }
        return true
    }
}

/// Runs a closure on a thread of its own, which is joined or left to itself.
final class Aside: @unchecked Sendable {
    private var thread = pthread_t()
    private var joined = false

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    init(_ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(run)).toOpaque()
        let failed = pthread_create(
            &thread, nil,
            { raw in
                if let raw { Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run() }
                return nil
            }, body)
        precondition(failed == 0)
    }

    deinit {
        if !joined { pthread_detach(thread) }
    }

    func join() {
        joined = true
        pthread_join(thread, nil)
    }
}

/// A list that any thread may add to.
final class Shared<Element: Sendable>: Sendable {
    private let list = Mutex<[Element]>([])
    func append(_ element: Element) { list.withLock { $0.append(element) } }
    var all: [Element] { list.withLock { $0 } }
    func takeAll() -> [Element] {
        list.withLock { list in
            defer { list = [] }
            return list
        }
    }
}

/// A socket and no manners: what odd clients send.
final class Wire: @unchecked Sendable {
    private let socket: Int32
    private var buffer: [UInt8] = []

    struct Reply {
        var status = 0
        var head = ""
        var body: [UInt8] = []
        var text: String { String(decoding: body, as: UTF8.self) }
        func has(_ line: String) -> Bool { head.lowercased().contains(line.lowercased()) }
    }

    init(_ port: UInt16) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.socket = socket
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        isConnected = connected == 0
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(
            socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    let isConnected: Bool

    deinit {
        close(socket)
    }

    /// False if the other side no longer takes anything.
    @discardableResult func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    @discardableResult func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    socket, $0.baseAddress.map { $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// Whether something, if only an end, arrives before the time is over.
    func isReadable(withinMilliseconds time: Int32) -> Bool {
        var wait = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, time) > 0
    }

    func finishSending() {
        shutdown(socket, Int32(SHUT_WR))
    }

    /// Closes with a reset, as a client does that is killed.
    func reset() {
        var hard = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
        var nowhere = sockaddr()
        nowhere.sa_family = sa_family_t(AF_UNSPEC)
        // Disconnecting a TCP socket resets it at once; the descriptor stays this object's.
        connect(socket, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
    }

    /// Takes at most so many bytes of what has arrived, without waiting.
    func sip(_ count: Int) -> Int {
        var piece = [UInt8](repeating: 0, count: count)
        return max(0, recv(socket, &piece, count, Int32(MSG_DONTWAIT)))
    }

    private func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &piece, piece.count, 0)
        guard count > 0 else { return false }
        buffer += piece[..<count]
        return true
    }

    /// The next reply; nil if the connection ends before it is whole.
    func reply(head isHead: Bool = false) -> Reply? {
        var reply = Reply()
        var end = headEnd()
        while end == nil {
            guard fill() else { return nil }
            end = headEnd()
        }
        guard let end else { return nil }
        reply.head = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeFirst(end)
        reply.status = Int(reply.head.split(separator: " ").dropFirst().first ?? "") ?? 0
        var length = 0
        for line in reply.head.split(separator: "\r\n")
        where line.lowercased().hasPrefix("content-length:") {
            length = Int(line.dropFirst(15).drop { $0 == " " }) ?? 0
        }
        if isHead || reply.status == 100 { return reply }
        while buffer.count < length {
            guard fill() else { return nil }
        }
        reply.body = Array(buffer[..<length])
        buffer.removeFirst(length)
        return reply
    }

    private func headEnd() -> Int? {
        guard buffer.count >= 4 else { return nil }
        for index in 0...(buffer.count - 4)
        where buffer[index] == 13 && buffer[index + 1] == 10 && buffer[index + 2] == 13
            && buffer[index + 3] == 10
        {
            return index + 4
        }
        return nil
    }

    /// Whether the other side closed, after everything that it sent has been dropped.
    func isClosed() -> Bool {
        while true {
            var byte: UInt8 = 0
            let count = recv(socket, &byte, 1, 0)
            if count == 0 { return true }
            if count < 0 { return errno != EAGAIN }
        }
    }
}

/// A server on a port of its own that answers refused requests with what they were.
func serve(
    _ settings: ServerSettings, _ handler: @escaping Handler
) throws -> Server {
    try Server(
        settings,
        malformed: { reason, path in
            Response(
                status: 400, headers: [("X-Path", path.joined(separator: "|"))],
                body: Array("\(reason)".utf8))
        }, handler: handler)
}

func serve(_ handler: @escaping Handler) throws -> Server {
    try serve(ServerSettings(), handler)
}

func text(_ text: String, status: Int = 200) -> Response {
    Response(status: status, type: "text/plain; charset=utf-8", text: text)
}

func get(_ path: String, _ headers: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: x\r\n\(headers)\r\n"
}

extension Client.Answer {
    var text: String { String(decoding: body, as: UTF8.self) }
}
