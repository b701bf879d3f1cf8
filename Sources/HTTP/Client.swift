import CCurl

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

    private let handle: UnsafeMutableRawPointer
    private let answerBytes: Int
    private let proxy: String

    /// libcurl's global state is made once in a process, whichever client comes first.
    private static let global = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// `answerBytes` limits the body of an answer. Only `proxy` decides about one: proxies named in
    /// the environment are not used, because nobody would see that money goes through them.
    public init(answerBytes: Int = 4 * 1024 * 1024, proxy: String? = nil) throws(HTTPError) {
        guard Client.global == CURLE_OK, let handle = curl_easy_init() else {
            throw .connection("libcurl does not start")
        }
        self.handle = handle
        self.answerBytes = answerBytes
        self.proxy = proxy ?? ""
    }

    deinit {
        curl_easy_cleanup(handle)
    }

    /// Sends one request and waits for the whole answer, whatever its status.
    /// - Parameter timeoutMilliseconds: for everything: name, connection, request and answer.
    public func send(
        method: String = "GET", url: String, headers: [(String, String)] = [],
        body: [UInt8]? = nil, timeoutMilliseconds: Int
    ) throws(HTTPError) -> Answer {
        let isToken = method.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isToken, !method.isEmpty else { throw .request("the method \(method)") }
        guard !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw .request("a space or control character in the URL")
        }
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        // Without these libcurl waits a second for a "100 Continue" and names a type of its own.
        var lines = ["Expect:"]
        if !headers.contains(where: { equalIgnoringCase($0.0, "Content-Type") }) {
            lines.append("Content-Type:")
        }
        for (name, value) in headers {
            guard isOneLine(name), isOneLine(value), !name.isEmpty else {
                throw .request("the header \(name)")
            }
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                throw .request("no memory for headers")
            }
            list = longer
        }
        let taken = Taken(limit: answerBytes)
        let context = Unmanaged.passUnretained(taken).toOpaque()
        // A reset forgets options, not connections.
        curl_easy_reset(handle)
        var failures = [
            shim_set_long(handle, CURLOPT_NOSIGNAL, 1),
            shim_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
            shim_set_text(handle, CURLOPT_PROXY, proxy),
            // Asked for and undone by libcurl; the limit counts what comes out.
            shim_set_text(handle, CURLOPT_ACCEPT_ENCODING, "gzip"),
            shim_set_text(handle, CURLOPT_URL, url),
            shim_set_text(handle, CURLOPT_CUSTOMREQUEST, method),
            shim_set_pointer(handle, CURLOPT_HTTPHEADER, list),
            shim_set_long(handle, CURLOPT_TIMEOUT_MS, max(1, timeoutMilliseconds)),
            shim_set_take(handle, CURLOPT_WRITEFUNCTION, Taken.body),
            shim_set_pointer(handle, CURLOPT_WRITEDATA, context),
            shim_set_take(handle, CURLOPT_HEADERFUNCTION, Taken.header),
            shim_set_pointer(handle, CURLOPT_HEADERDATA, context),
        ]
        if method == "HEAD" { failures.append(shim_set_long(handle, CURLOPT_NOBODY, 1)) }
        let needsBody = method == "POST" || method == "PUT" || method == "PATCH"
        if let body = body ?? (needsBody ? [] : nil) {
            failures.append(
                shim_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            failures.append(
                body.withUnsafeBytes { bytes in
                    // Copied by libcurl, by the size that was set before; "" for no bytes.
                    guard let base = bytes.baseAddress, bytes.count > 0 else {
                        return shim_set_text(handle, CURLOPT_COPYPOSTFIELDS, "")
                    }
                    return shim_set_text(
                        handle, CURLOPT_COPYPOSTFIELDS, base.assumingMemoryBound(to: CChar.self))
                })
        }
        if let wrong = failures.first(where: { $0 != CURLE_OK }) {
            throw .request(String(cString: curl_easy_strerror(wrong)))
        }
        let result = withExtendedLifetime(taken) { curl_easy_perform(handle) }
        if taken.overflowed { throw .answerTooLarge(limit: answerBytes) }
        let reason = String(cString: curl_easy_strerror(result))
        switch result {
        case CURLE_OK: break
        case CURLE_OPERATION_TIMEDOUT: throw .timeout(milliseconds: timeoutMilliseconds)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: throw .request(reason)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            throw .certificate(reason)
        default: throw .connection(reason)
        }
        return Answer(status: shim_status(handle), headers: taken.headers, body: taken.bytes)
    }

    /// What libcurl hands over, piece by piece.
    private final class Taken {
        var headers: [(name: String, value: String)] = []
        var bytes: [UInt8] = []
        var overflowed = false
        let limit: Int

        init(limit: Int) {
            self.limit = limit
        }

        static let body: shim_take = { data, size, count, context in
            guard let context, let data else { return 0 }
            let taken = Unmanaged<Taken>.fromOpaque(context).takeUnretainedValue()
            guard taken.bytes.count + size * count <= taken.limit else {
                taken.overflowed = true
                return 0
            }
            taken.bytes.append(contentsOf: UnsafeRawBufferPointer(start: data, count: size * count))
            return size * count
        }

        static let header: shim_take = { data, size, count, context in
            guard let context, let data else { return 0 }
            let taken = Unmanaged<Taken>.fromOpaque(context).takeUnretainedValue()
            let line = String(
                decoding: UnsafeRawBufferPointer(start: data, count: size * count), as: UTF8.self)
            if line.hasPrefix("HTTP/") {
                // A new status line: what stood before belonged to a "100 Continue".
                taken.headers = []
            } else if let colon = line.utf8.firstIndex(of: 0x3A) {
                let value =
                    line[line.index(after: colon)...]
                    .split(separator: "\r\n", omittingEmptySubsequences: false).first ?? ""
                taken.headers.append((String(line[..<colon]), trimmed(value)))
            }
            return size * count
        }
    }
}
