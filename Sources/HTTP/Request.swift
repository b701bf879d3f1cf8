/// A request whose body has arrived whole. Its headers live in the connection, so `header`,
/// `cookie` and `form` give nil once it has been answered; copy what is needed later.
public final class Request: @unchecked Sendable {
    /// `GET`, `POST` … as on the wire; methods are case-sensitive.
    public let method: String
    /// The percent-decoded segments, none of them empty: a doubled or trailing slash does not
    /// count, and a `%2F` stays inside its segment.
    public let path: [String]
    /// The query's pairs, decoded, in order.
    public let queryItems: [(String, String)]
    public let body: [UInt8]
    /// The client's IP address as text; an IPv4 client of a dual-stack socket is written as IPv4. Behind a trusted proxy it is
    /// what that proxy says, else the peer's own.
    public let clientAddress: String

    private let target: String
    private let pathLength: Int
    private let exchange: Responder

    /// - Parameter proxies: addresses whose `X-Forwarded-For` is believed.
    init(
        _ target: Target, method: String, body: [UInt8], exchange: Responder,
        proxies: Set<String> = []
    ) {
        self.method = method
        self.body = body
        self.exchange = exchange
        self.target = target.raw
        path = target.path
        pathLength = target.pathLength
        queryItems = target.query
        let peer = exchange.peer.address
        clientAddress =
            proxies.contains(peer)
            ? Self.client(exchange.header("X-Forwarded-For") ?? "", behind: peer, proxies) : peer
    }

    /// The last address that no trusted proxy wrote itself: what stands before it anybody may have sent. What is no address
    /// is not believed; then it is the proxy.
    static func client(
        _ forwarded: String, behind peer: String, _ proxies: Set<String>
    ) -> String {
        for part in forwarded.split(separator: ",").reversed() {
            let bytes = part.utf8.filter { $0 != 0x20 && $0 != 0x09 }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let address = Peer.address(text) else { return peer }
            if !proxies.contains(address) { return address }
        }
        return peer
    }

    /// The path as on the wire, without the query.
    public var rawPath: String {
        String(decoding: target.utf8.prefix(pathLength), as: UTF8.self)
    }

    /// The query as on the wire, without its question mark; "" if there is none.
    public var rawQuery: String {
        String(decoding: target.utf8.dropFirst(pathLength + 1), as: UTF8.self)
    }

    /// The first value of that name, decoded; nil if it is absent.
    public func query(_ name: String) -> String? {
        queryItems.first { $0.0 == name }?.1
    }

    /// Whether the answer may be compressed.
    public var takesGzip: Bool { header("Accept-Encoding").map(acceptsGzip) ?? false }

    /// The first header of that name, in any case; nil if it is absent, no UTF-8, or the request
    /// has been answered.
    public func header(_ name: String) -> String? {
        exchange.header(name)
    }

    /// Whether Content-Type names this type (lower case), whatever its parameters.
    public func hasMediaType(_ type: String) -> Bool {
        guard let header = header("Content-Type") else { return false }
        var wanted = type.utf8.makeIterator()
        for byte in header.utf8 {
            if byte == UInt8(ascii: ";") { break }
            if byte == 0x20 || byte == 0x09 { continue }
            guard wanted.next() == lowercase(byte) else { return false }
        }
        return wanted.next() == nil
    }

    /// The pairs of an `application/x-www-form-urlencoded` body, decoded, in order; nil if the body
    /// is of another type, has a broken escape, is no UTF-8 or holds NUL.
    public var form: [(String, String)]? {
        guard hasMediaType("application/x-www-form-urlencoded") else { return nil }
        return body.withUnsafeBufferPointer { formDecoded($0) }
    }

    /// The pairs of a text that is encoded as a form, decoded, in order; nil if it is none. What was put into a cookie so is read
    /// again by it.
    public static func pairs(_ encoded: some StringProtocol) -> [(String, String)]? {
        Array(encoded.utf8).withUnsafeBufferPointer { formDecoded($0) }
    }

    /// The first cookie of that name, as sent (quotes around it removed).
    public func cookie(_ name: String) -> String? {
        guard let header = header("Cookie") else { return nil }
        // By bytes: a page asks for half a dozen of them, and letter by letter that was a tenth of its work.
        var rest = header.utf8[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: ";")) ?? rest.endIndex
            var pair = rest[..<end]
            rest = rest[end...].dropFirst()
            pair = pair.drop(while: Self.isBlank)
            guard pair.starts(with: name.utf8) else { continue }
            var value = pair.dropFirst(name.utf8.count)
            guard value.popFirst() == UInt8(ascii: "=") else { continue }
            while let last = value.last, Self.isBlank(last) { value.removeLast() }
            let quote = UInt8(ascii: "\"")
            if value.count >= 2, value.first == quote, value.last == quote {
                value = value.dropFirst().dropLast()
            }
            return String(Substring(value))
        }
        return nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
