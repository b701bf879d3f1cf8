import Glibc
public import Postgres
import Synchronization
import Threads

/// A wire between a client and PostgreSQL that can be cut at a chosen statement: before the server hears it, or after
/// the server has done it and before the client hears so (the lost answer of a COMMIT). With it every point of failure
/// of a batch can be enumerated. The rows of a COPY count as a statement of their own: its answer is the commit's.
public final class Wire: Sendable {
    public enum Moment: Sendable, CaseIterable {
        case beforeStatement, beforeAnswer
    }

    private struct State {
        var cutAt: Int?
        var moment = Moment.beforeStatement
        var seen = 0
        var silent = false
        var open: Set<Int32> = []
        var ended: [Int] = []
        var closed = false
    }

    private let folder: String
    private let listener: Int32
    private let upstream: Upstream
    private let original: Address
    private let state = Monitor(State())
    private let acceptor = Mutex<Worker?>(nil)

    public init(to address: Address) throws {
        original = address
        upstream = try Upstream(address)
        var template = Array("/tmp/wireXXXXXX\0".utf8.map { CChar($0) })
        guard mkdtemp(&template) != nil else { throw TestKitError("no temporary folder") }
        folder = String(decoding: template.dropLast().map { UInt8($0) }, as: UTF8.self)
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let bound = Self.unix(folder + "/.s.PGSQL.5432") { bind(listener, $0, $1) }
        guard bound == 0, listen(listener, 16) == 0 else {
            throw TestKitError("cannot listen in \(folder): \(errno)")
        }
        let worker = Worker("wire") { [self] in accept() }
        acceptor.withLock { $0 = worker }
    }

    /// The address by which clients come through this wire.
    public var address: Address {
        original.with("host", folder).with("port", "5432").with("hostaddr", "")
    }

    /// Cuts the wire once, at the `statement`th statement from now (1 is the next). Before an answer: that to the round trip
    /// of so many. Before a statement: within a round trip too, and before its end, when all of it is done already.
    public func cut(at statement: Int, _ moment: Moment) {
        state.change {
            $0.seen = 0
            $0.cutAt = statement
            $0.moment = moment
        }
    }

    /// Forgets a cut that has not happened. True: it was still to come.
    @discardableResult
    public func mend() -> Bool {
        state.change { state in
            defer { state.cutAt = nil }
            return state.cutAt != nil
        }
    }

    /// Whether a cut is still to come.
    public var isArmed: Bool { state.read { $0.cutAt != nil } }

    /// From now on nothing comes through, and nobody is told; what is under way then never does.
    public func silence() { state.change { $0.silent = true } }

    /// Ends a silence, and with it every connection on which something was to be said meanwhile.
    public func speak() { state.change { $0.silent = false } }

    /// Statements that came through since the last `cut(at:)`.
    public var statements: Int { state.read { $0.seen } }

    /// Cuts every connection that is open now.
    public func cutAll() {
        // Under the lock: a relay that ends meanwhile closes its descriptors, and their numbers go to somebody else's sockets.
        state.read { for descriptor in $0.open { shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }

    public func close() {
        state.change { $0.closed = true }
        cutAll()
        shutdown(listener, Int32(SHUT_RDWR))
        acceptor.withLock { $0 }?.join()
        Glibc.close(listener)
        unlink(folder + "/.s.PGSQL.5432")
        rmdir(folder)
    }

    private func accept() {
        var workers: [Int: Worker] = [:]
        var count = 0
        while true {
            let client = Glibc.accept(listener, nil, nil)
            if client < 0 || state.read({ $0.closed }) {
                if client >= 0 { Glibc.close(client) }
                break
            }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            // Threads that have ended keep their stacks until they are joined, and clients come again and again.
            let ended = state.read { state in
                defer { state.ended.removeAll() }
                return state.ended
            }
            for number in ended { workers.removeValue(forKey: number)?.join() }
            let number = count
            count += 1
            workers[number] = Worker("wire client") { [self] in
                relay(client)
                state.read { $0.ended.append(number) }
            }
        }
        for worker in workers.values { worker.join() }
    }

    /// Passes bytes on, whole client messages at a time, until either side ends or the cut comes.
    private func relay(_ client: Int32) {
        guard let server = upstream.connect() else {
            Glibc.close(client)
            return
        }
        state.change { $0.open.formUnion([client, server]) }
        defer {
            state.change { $0.open.subtract([client, server]) }
            for descriptor in [client, server] {
                // A process that was started in the wrong moment may have them too.
                shutdown(descriptor, Int32(SHUT_RDWR))
                Glibc.close(descriptor)
            }
        }
        var pending: [UInt8] = []
        var started = false
        var answerCut = false
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            var polled = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&polled, 2, -1) > 0 else { continue }
            if state.read({ $0.silent }) {
                _ = state.wait { $0.silent && !$0.closed ? nil : true }
                return
            }
            if polled[1].revents != 0 {
                let count = read(server, &buffer, buffer.count)
                // The answer exists, so the server has done the statement.
                guard count > 0, !answerCut, Self.send(buffer[..<count], client) else { return }
            }
            if polled[0].revents != 0 {
                let count = read(client, &buffer, buffer.count)
                guard count > 0 else { return }
                pending.append(contentsOf: buffer[..<count])
                while let message = Self.take(&pending, started: started) {
                    if started {
                        guard let pass = judge(message) else { return }
                        answerCut = pass
                    }
                    started = true
                    guard Self.send(message[...], server) else { return }
                }
            }
        }
    }

    /// Nil: cut here and now. Else whether the answer is to be cut.
    private func judge(_ message: [UInt8]) -> Bool? {
        // A simple query, the Execute of an extended one (several may share a round trip), the Sync that ends a round trip, or
        // the end of a COPY's rows.
        let ends = [UInt8(ascii: "Q"), UInt8(ascii: "S"), UInt8(ascii: "c")].contains(message[0])
        return state.change { state -> Bool? in
            guard ends || message[0] == UInt8(ascii: "E") && state.moment == .beforeStatement
            else { return false }
            state.seen += 1
            guard state.cutAt == state.seen else { return false }
            state.cutAt = nil
            return state.moment == .beforeStatement ? nil : true
        }
    }

    private static func take(_ pending: inout [UInt8], started: Bool) -> [UInt8]? {
        let offset = started ? 1 : 0
        guard pending.count >= offset + 4 else { return nil }
        let length = pending[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } + offset
        guard pending.count >= length else { return nil }
        let message = Array(pending[..<length])
        pending.removeFirst(length)
        return message
    }

    private static func send(_ bytes: ArraySlice<UInt8>, _ descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    fileprivate static func unix(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { target in
            for (index, byte) in path.utf8.enumerated() { target[index] = byte }
        }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// Where the wire leads: a socket in a folder, or a port of this machine.
private struct Upstream: Sendable {
    private let path: String?
    private let port: UInt16

    init(_ address: Address) throws {
        let host = address["host"] ?? "/var/run/postgresql"
        let text = address["port"] ?? "5432"
        guard let number = UInt16(text) else { throw TestKitError("port \(text) is not a number") }
        port = number
        path = host.hasPrefix("/") ? "\(host)/.s.PGSQL.\(number)" : nil
    }

    func connect() -> Int32? {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        func connected(_ descriptor: Int32, _ result: Int32) -> Int32? {
            guard result != 0 else { return descriptor }
            Glibc.close(descriptor)
            return nil
        }
        if let path {
            let descriptor = socket(AF_UNIX, type, 0)
            return connected(
                descriptor, Wire.unix(path) { Glibc.connect(descriptor, $0, $1) })
        }
        let descriptor = socket(AF_INET, type, 0)
        var local = sockaddr_in()
        local.sin_family = sa_family_t(AF_INET)
        local.sin_port = port.bigEndian
        local.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &local) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return connected(descriptor, result)
    }
}
