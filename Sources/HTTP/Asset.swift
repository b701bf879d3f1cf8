/// A file that never changes while the program runs: compressed once, and kept for a year by whoever fetched it
/// at an address that names its version, `?v=`. At another address (of another build of the program, while a new one is rolled
/// out) it is answered too, and asked for again each time, by its ETag.
public struct Asset: Sendable {
    /// Of the content (FNV-1a): what changed has another address, so caches need not ask.
    public let version: String
    private let plain: Response
    /// Nil: it is not worth it.
    private let packed: Response?

    /// - Parameter headers: beside the type and those for caches.
    public init(_ bytes: [UInt8], type: String, headers: [(String, String)] = []) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        version = String(hash, radix: 36)
        let plain = Response(
            status: 200, headers: [("Content-Type", type)] + headers, body: bytes)
        self.plain = plain
        packed =
            Answer.mayCompress(plain)
            ? gzipped(bytes, level: 9).map { small in
                var packed = plain
                packed.headers += [
                    (name: "Content-Encoding", value: "gzip"),
                    (name: "Vary", value: "Accept-Encoding"),
                ]
                packed.body = small
                return packed
            } : nil
    }

    /// The answer to a request for it.
    public func response(to request: Request) -> Response {
        response(
            version: request.query("v"), encodings: request.header("Accept-Encoding"),
            known: request.header("If-None-Match"))
    }

    /// - Parameters:
    ///   - asked: the version in the address.
    ///   - encodings: the request's Accept-Encoding.
    ///   - known: its If-None-Match.
    public func response(version asked: String?, encodings: String?, known: String?) -> Response {
        var response = encodings.map(acceptsGzip) == true ? packed ?? plain : plain
        // Weak: the same content, compressed or not.
        response.headers += [
            (name: "ETag", value: "W/\"\(version)\""),
            (
                name: "Cache-Control",
                value: asked == version ? "public, max-age=31536000, immutable" : "no-cache"
            ),
        ]
        guard let known, isNamed("\"\(version)\"", by: known) else { return response }
        response.status = 304
        response.body = []
        response.headers.removeAll { $0.name == "Content-Type" || $0.name == "Content-Encoding" }
        return response
    }
}

/// Whether `If-None-Match` names a tag (RFC 9110 § 13.1.2), which is compared weakly.
public func isNamed(_ tag: String, by header: String) -> Bool {
    header.split(separator: ",").contains { part in
        let part = trimmed(part)
        return part == "*" || (part.hasPrefix("W/") ? String(part.dropFirst(2)) : part) == tag
    }
}
