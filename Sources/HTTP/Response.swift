/// An answer. Content-Length, Date and Connection are the server's business; a Content-Length
/// among `headers` is ignored.
public struct Response: Sendable {
    public var status: Int
    /// In the order in which they are sent; a name may stand more than once (Set-Cookie). A header
    /// without a value is not sent; one with a line break or NUL turns the answer into a 500,
    /// because to send it would let its author write headers of his own.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers.map { (name: $0.0, value: $0.1) }
        self.body = body
    }

    /// An answer of text with its type.
    public init(status: Int, type: String, text: String, headers: [(String, String)] = []) {
        self.init(
            status: status, headers: [("Content-Type", type)] + headers, body: Array(text.utf8))
    }

    /// The first header of that name, in any case.
    public func header(_ name: String) -> String? {
        headers.first { equalIgnoringCase($0.name, name) }?.value
    }
}

extension Response {
    /// The same, compressed, for a client that takes gzip; as it is where that is not worth it.
    public var packed: Response {
        guard Answer.mayCompress(self), let small = gzipped(body) else { return self }
        var packed = self
        packed.headers += [
            (name: "Vary", value: "Accept-Encoding"), (name: "Content-Encoding", value: "gzip"),
        ]
        packed.body = small
        return packed
    }
}

/// ASCII letters only, as header names are compared.
func equalIgnoringCase(_ left: String, _ right: String) -> Bool {
    let left = left.utf8
    let right = right.utf8
    guard left.count == right.count else { return false }
    return zip(left, right).allSatisfy { lowercase($0) == lowercase($1) }
}

func lowercase(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
}
