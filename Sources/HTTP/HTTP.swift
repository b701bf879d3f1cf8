// HTTP: a server on libmicrohttpd, a router, and what calls out on libcurl: a client, many calls at
// once, and mail by SMTP. It knows nothing of ours: no commands, no organizations, no words for people, no logging; what went wrong is thrown or handed
// to the caller's closures.

/// What this room throws.
public enum HTTPError: Error, Equatable, Sendable {
    /// The server's address is no IPv4 or IPv6 address.
    case address(String)
    /// The server could not listen; `errno` says why (98: another process has the port).
    case listen(address: String, port: UInt16, errno: Int32)
    /// The client's request could not be made at all: a bad URL, a scheme other than http(s), a
    /// method or header with characters that HTTP cannot carry.
    case request(String)
    /// The other side could not be reached: nothing was sent.
    case unreachable(String)
    /// The connection broke before the answer ended.
    case connection(String)
    /// The other side's certificate was not accepted.
    case certificate(String)
    /// There was no whole answer in time.
    case timeout(milliseconds: Int)
    /// The answer is larger than the client takes.
    case answerTooLarge(limit: Int)
}
