import Glibc
import Postgres
import TestKit

/// A session whose process does not read, as a stopped one would not: it speaks just enough of PostgreSQL's protocol to ask.
final class Deaf {
    private let socket: Int32

    /// Begins a session as `role` and sends it `script`; whatever is answered stays on the way.
    init(_ database: TestDatabase, role: String, name: String, script: String) throws {
        let address = try database.address(role: role)
        guard let folder = address["host"], folder.hasPrefix("/") else {
            throw TestKitError("the tests' server has no socket")
        }
        let path = "\(folder)/.s.PGSQL.\(address["port"] ?? "5432")"
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw TestKitError("socket: \(errno)") }
        var place = sockaddr_un()
        place.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw TestKitError("connect: \(errno)") }
        let words = ["user", role, "database", database.name, "application_name", name]
        try send(nil, Self.big(196_608) + words.flatMap { Array($0.utf8) + [0] } + [0])
        try send(UInt8(ascii: "Q"), Array(script.utf8) + [0])
    }

    deinit { close(socket) }

    private func send(_ type: UInt8?, _ body: [UInt8]) throws {
        let message = (type.map { [$0] } ?? []) + Self.big(Int32(body.count + 4)) + body
        guard Glibc.send(socket, message, message.count, Int32(MSG_NOSIGNAL)) == message.count
        else { throw TestKitError("send: \(errno)") }
    }

    private static func big(_ number: Int32) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}
