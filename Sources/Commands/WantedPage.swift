/// A page of an organization that somebody wanted before signing in: what stands in its address behind `/{org}/`. It comes from
/// outside, and cannot lead out of the organization: no other host, no way up, nothing but what our own addresses are made of.
public struct WantedPage: Hashable, Sendable {
    /// The path, and behind a question mark the query if there is one.
    public let text: String

    static let longest = 1_000

    public init?(_ typed: some StringProtocol) {
        guard (1...Self.longest).contains(typed.utf8.count) else { return nil }
        let parts = typed.utf8.split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0].allSatisfy({ Self.isPlain($0) || $0 == UInt8(ascii: "/") }),
            parts.count == 1
                || parts[1].allSatisfy({ Self.isPlain($0) || "=&+".utf8.contains($0) })
        else { return nil }
        let segments = parts[0].split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard !segments.contains(where: { Self.leadsUp($0) }) else { return nil }
        text = String(typed)
    }

    /// Nothing, or one or two dots: browsers take an escaped dot for a dot.
    private static func leadsUp(_ segment: some Collection<UInt8>) -> Bool {
        var rest = Array(segment)[...]
        var dots = 0
        while let byte = rest.first {
            if byte == UInt8(ascii: ".") {
                rest = rest.dropFirst()
            } else if rest.starts(with: "%2e".utf8) || rest.starts(with: "%2E".utf8) {
                rest = rest.dropFirst(3)
            } else {
                return false
            }
            dots += 1
        }
        return dots <= 2
    }

    /// Unreserved (RFC 3986 §2.3), or part of an escape.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._~%".utf8.contains(byte)
        }
    }

    public var path: String { String(text.prefix { $0 != "?" }) }

    /// Empty: it has none.
    public var query: String { String(text.drop { $0 != "?" }.dropFirst()) }
}
