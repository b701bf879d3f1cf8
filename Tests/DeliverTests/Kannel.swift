import Foundation
import Glibc
import TestKit

/// Debian's Kannel with the SMS centre that it tests itself against (`fakesmsc`), on ports of its own. The centre reports each
/// message as delivered.
final class Kannel: Sendable {
    let url: String
    let folder: Folder
    private let bearerbox: Server
    private let smsbox: Server

    /// The centre: it prints what it takes.
    private let port: Int

    init() throws {
        folder = try Folder()
        let ports = try (0..<4).map { _ in try Self.freePort() }
        port = ports[2]
        url = "http://127.0.0.1:\(ports[3])"
        let file = try folder.write(
            "kannel.conf",
            """
            group = core
            admin-port = \(ports[0])
            admin-interface = 127.0.0.1
            admin-password = \(UUID().uuidString)
            smsbox-port = \(ports[1])
            smsbox-interface = 127.0.0.1
            box-deny-ip = "*.*.*.*"
            box-allow-ip = "127.0.0.1"
            log-level = 1
            dlr-storage = internal
            sms-resend-freq = 1

            group = smsc
            smsc = fake
            smsc-id = fake
            port = \(port)
            connect-allow-ip = 127.0.0.1

            group = smsbox
            bearerbox-host = 127.0.0.1
            sendsms-port = \(ports[3])
            sendsms-interface = 127.0.0.1
            log-level = 0

            group = sendsms-user
            username = kabinet
            password = s3cret
            max-messages = 3
            concatenation = true

            group = sms-service
            keyword = default
            text = none
            max-messages = 0

            """)
        bearerbox = try Server(
            "/usr/sbin/bearerbox", ["-v", "4", file], log: "\(folder.path)/bearerbox.log")
        try Self.listens(ports[1])
        smsbox = try Server(
            "/usr/sbin/smsbox", ["-v", "4", file], log: "\(folder.path)/smsbox.log")
        try Self.listens(ports[3])
    }

    /// Connects a centre. What it takes is in its log.
    func centre() throws -> Server {
        try Self.listens(port)
        return try Server(
            "/usr/lib/kannel/test/fakesmsc",
            ["-H", "127.0.0.1", "-r", "\(port)", "-i", "1", "-m", "0", "1 2 text nop"],
            log: "\(folder.path)/centre.log")
    }

    /// `+79501234567 Код …` of each message that a centre took, in its order.
    func taken() throws -> [String] {
        guard let log = FileManager.default.contents(atPath: "\(folder.path)/centre.log") else {
            return []
        }
        return String(decoding: log, as: UTF8.self).split(separator: "\n").compactMap { line in
            guard let open = line.firstRange(of: ": <"), line.contains("Got message"),
                line.hasSuffix(">")
            else { return nil }
            let words = line[open.upperBound...].dropLast().split(separator: " ", maxSplits: 3)
            guard words.count == 4 else { return nil }
            let bytes = Self.unescaped(words[3])
            let text =
                words[2] == "ucs-2"
                ? String(
                    decoding: stride(from: 0, to: bytes.count - 1, by: 2).map {
                        UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
                    }, as: UTF16.self) : String(decoding: bytes, as: UTF8.self)
            return "\(words[1]) \(text)"
        }
    }

    /// As in an address: a plus is a space.
    private static func unescaped(_ text: Substring) -> [UInt8] {
        var out: [UInt8] = []
        var bytes = text.utf8[...]
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(Substring(bytes.prefix(2)), radix: 16) {
                out.append(value)
                bytes = bytes.dropFirst(2)
            } else {
                out.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return out
    }

    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw -> Int in
                guard bind(descriptor, raw, size) == 0, getsockname(descriptor, raw, &size) == 0
                else { return 0 }
                return 1
            }
        }
        guard port == 1 else { throw TestKitError("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Looked up, not tried: whoever connects to Kannel's side of a centre is a centre, and may be given a message.
    static func listens(_ port: Int) throws {
        let place = ":" + String(format: "%04X", port)
        try eventually("a listener on \(port)") {
            let sockets = FileManager.default.contents(atPath: "/proc/net/tcp") ?? Data()
            return String(decoding: sockets, as: UTF8.self).split(separator: "\n").contains {
                line in
                let words = line.split(separator: " ")
                return words.count > 3 && words[1].hasSuffix(place) && words[3] == "0A"
            }
        }
    }
}
