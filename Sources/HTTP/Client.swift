/// A blocking HTTP client that keeps its connections. One thread at a time; it is meant to belong
/// to the thread that makes the calls. Redirects are not followed: they are answers like any other.
public final class Client {
    /// What came back. Header names are as the other side wrote them.
    public struct Answer: Sendable {
        public let status: Int
        public let headers: [(name: String, value: String)]
        public let body: [UInt8]

        /// The first header of that name, in any case.
        public func header(_ name: String) -> String? {
            headers.first { equalIgnoringCase($0.name, name) }?.value
        }
    }

    private let easy: Easy
    private let proxy: String

    /// `answerBytes` limits the body of an answer. Only `proxy` decides about one: proxies named in
    /// the environment are not used, because nobody would see that money goes through them.
    public init(answerBytes: Int = 4 * 1024 * 1024, proxy: String? = nil) throws(HTTPError) {
        easy = try Easy(answerBytes: answerBytes)
        self.proxy = proxy ?? ""
    }

    /// Sends one request and waits for the whole answer, whatever its status.
    /// - Parameter timeoutMilliseconds: for everything: name, connection, request and answer.
    public func send(
        method: String = "GET", url: String, headers: [(String, String)] = [],
        body: [UInt8]? = nil, timeoutMilliseconds: Int
    ) throws(HTTPError) -> Answer {
        try easy.prepare(
            HTTPCall(
                method: method, url: url, headers: headers, body: body,
                timeoutMilliseconds: timeoutMilliseconds), proxy: proxy)
        return try easy.answer(easy.perform())
    }
}

/// One request of a program.
public struct HTTPCall: Sendable {
    public var method: String
    public var url: String
    public var headers: [(String, String)]
    public var body: [UInt8]?
    /// A file with the certificates that are trusted, in PEM; nil: the system's.
    public var certificates: String?
    /// For everything: name, connection, request and answer.
    public var timeoutMilliseconds: Int

    public init(
        method: String = "GET", url: String, headers: [(String, String)] = [],
        body: [UInt8]? = nil, certificates: String? = nil, timeoutMilliseconds: Int
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.certificates = certificates
        self.timeoutMilliseconds = timeoutMilliseconds
    }
}
