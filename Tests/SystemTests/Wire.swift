import Glibc
import TestKit

/// An answer of the door.
struct Answer: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// One TCP connection, blocking, byte by byte under the test's hand.
final class Wire {
    private let socket: Int32
    private var buffer: [UInt8] = []

    struct Broken: Error, CustomStringConvertible { let description: String }

    /// - Parameter patience: seconds after which a silent door counts as broken.
    init(port: UInt16, patience: Int = 40) throws {
        socket = Glibc.socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Broken(description: "socket: \(errno)") }
        var one: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let reason = errno
            close(socket)
            throw Broken(description: "connect: \(reason)")
        }
    }

    deinit { close(socket) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Broken(description: "send: \(errno)") }
            sent += count
        }
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Sends as much as the way to the door takes, without waiting for it to read.
    func fill(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    socket, $0.baseAddress! + sent, bytes.count - sent,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    private func more() throws {
        var piece = [UInt8](repeating: 0, count: 16_384)
        let count = recv(socket, &piece, piece.count, 0)
        guard count > 0 else {
            throw Broken(description: count == 0 ? "the door closed" : "recv: \(errno)")
        }
        buffer += piece[..<count]
    }

    /// Whether something has come (or the door has closed).
    var hasInput: Bool {
        var one = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return !buffer.isEmpty || poll(&one, 1, 0) > 0
    }

    private var headEnd: Int? {
        guard buffer.count >= 4 else { return nil }
        return (0...(buffer.count - 4)).first { buffer[$0..<($0 + 4)] == [13, 10, 13, 10] }
    }

    /// The next answer; interim ones (100) are passed over.
    func answer() throws -> Answer {
        while headEnd == nil { try more() }
        guard let end = headEnd else { throw Broken(description: "no head") }
        let lines = String(decoding: buffer[..<end], as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: true)
        buffer.removeFirst(end + 4)
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, let status = Int(words[1]) else {
            throw Broken(description: "no status line: \(lines.first ?? "")")
        }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (String(line[..<colon]), String(value))
        }
        if status == 100 { return try answer() }
        var answer = Answer(status: status, headers: headers, body: [])
        let length = answer.header("Content-Length").flatMap { Int($0) } ?? 0
        while buffer.count < length { try more() }
        answer.body = Array(buffer[..<length])
        buffer.removeFirst(length)
        return answer
    }
}

/// A request as bytes.
func request(
    _ method: String, _ path: String, _ headers: [(String, String)] = [], body: [UInt8]? = nil
) -> [UInt8] {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if let body { head += "Content-Length: \(body.count)\r\n" }
    return Array((head + "\r\n").utf8) + (body ?? [])
}

/// A keep-alive client of one thread. It never repeats anything by itself.
final class Client {
    private let port: UInt16
    private let token: String
    private let patience: Int
    private var wire: Wire?

    /// - Parameter patience: seconds after which a silent door counts as broken.
    init(port: UInt16, token: String, patience: Int = 40) {
        self.port = port
        self.token = token
        self.patience = patience
    }

    func call(
        _ method: String, _ path: String, _ headers: [(String, String)] = [], json: String? = nil
    ) throws -> Answer {
        var all = [("Authorization", "Bearer \(token)")] + headers
        if json != nil { all.append(("Content-Type", "application/json")) }
        do {
            let open = try wire ?? Wire(port: port, patience: patience)
            wire = open
            try open.send(request(method, path, all, body: json.map { Array($0.utf8) }))
            let answer = try open.answer()
            if answer.header("Connection")?.lowercased() == "close" { wire = nil }
            return answer
        } catch {
            wire = nil
            throw error
        }
    }
}

/// A TCP port of this machine that nobody has now.
func freePort() throws -> UInt16 {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let failed = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(socket, $0, size) != 0 || getsockname(socket, $0, &size) != 0
        }
    }
    guard !failed else { throw TestKitError("no free port") }
    return UInt16(bigEndian: address.sin_port)
}
