import CCurl

/// One of libcurl's handles, with what the call under way on it needs. Handles that share a multi
/// handle share its connections; used alone it keeps its own.
final class Easy {
    let handle: UnsafeMutableRawPointer
    private let answerBytes: Int
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var recipients: UnsafeMutablePointer<curl_slist>?
    private var timeoutMilliseconds = 0
    private let taken: Taken

    /// libcurl's global state is made once in a process, whoever comes first.
    private static let global = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    static var isStarted: Bool { global == CURLE_OK }

    init(answerBytes: Int = 4 * 1024 * 1024) throws(HTTPError) {
        guard Easy.global == CURLE_OK, let handle = curl_easy_init() else {
            throw .connection("libcurl does not start")
        }
        self.handle = handle
        self.answerBytes = answerBytes
        taken = Taken(limit: answerBytes)
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headers)
        curl_slist_free_all(recipients)
    }

    // MARK: HTTP

    func prepare(_ call: HTTPCall, proxy: String = "") throws(HTTPError) {
        let method = call.method
        let isToken = method.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isToken, !method.isEmpty else { throw .request("the method \(method)") }
        guard !call.url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw .request("a space or control character in the URL")
        }
        // Without these libcurl waits a second for a "100 Continue" and names a type of its own.
        var lines = ["Expect:"]
        if !call.headers.contains(where: { equalIgnoringCase($0.0, "Content-Type") }) {
            lines.append("Content-Type:")
        }
        for (name, value) in call.headers {
            guard isOneLine(name), isOneLine(value), !name.isEmpty else {
                throw .request("the header \(name)")
            }
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        var failures = try begin(call.timeoutMilliseconds, lines)
        failures += [
            shim_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
            shim_set_text(handle, CURLOPT_PROXY, proxy),
            // Asked for and undone by libcurl; the limit counts what comes out.
            shim_set_text(handle, CURLOPT_ACCEPT_ENCODING, "gzip"),
            shim_set_text(handle, CURLOPT_URL, call.url),
            shim_set_text(handle, CURLOPT_CUSTOMREQUEST, method),
            shim_set_take(handle, CURLOPT_HEADERFUNCTION, Taken.header),
        ]
        if let file = call.certificates {
            failures.append(shim_set_text(handle, CURLOPT_CAINFO, file))
        }
        if method == "HEAD" { failures.append(shim_set_long(handle, CURLOPT_NOBODY, 1)) }
        let needsBody = method == "POST" || method == "PUT" || method == "PATCH"
        if let body = call.body ?? (needsBody ? [] : nil) {
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
        try check(failures)
    }

    /// What libcurl came to, as an answer.
    func answer(_ result: CURLcode) throws(HTTPError) -> Client.Answer {
        if taken.overflowed { throw .answerTooLarge(limit: answerBytes) }
        if let error = error(result) { throw error }
        return Client.Answer(
            status: shim_status(handle), headers: taken.headers, body: taken.bytes)
    }

    // MARK: Mail

    func prepare(_ mail: Mail, to server: MailServer, timeoutMilliseconds: Int) throws(HTTPError) {
        guard isEnvelope(mail.from.address), isEnvelope(mail.to) else {
            throw .request("an address that an envelope cannot carry")
        }
        let bytes = mail.bytes
        var failures = try begin(timeoutMilliseconds, [])
        taken.rest = bytes[...]
        taken.isMail = true
        guard let list = curl_slist_append(nil, "<\(mail.to)>") else {
            throw .request("no memory for the envelope")
        }
        recipients = list
        let context = Unmanaged.passUnretained(taken).toOpaque()
        failures += [
            shim_set_text(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
            shim_set_text(handle, CURLOPT_PROXY, ""),
            // What follows the host is how we call ourselves.
            shim_set_text(handle, CURLOPT_URL, "\(server.url)/\(mail.from.domain)"),
            shim_set_text(handle, CURLOPT_MAIL_FROM, "<\(mail.from.address)>"),
            shim_set_pointer(handle, CURLOPT_MAIL_RCPT, recipients),
            shim_set_long(
                handle, CURLOPT_USE_SSL,
                Int(
                    server.requiresEncryption
                        ? CURLUSESSL_ALL.rawValue : CURLUSESSL_TRY.rawValue)),
            shim_set_long(handle, CURLOPT_UPLOAD, 1),
            shim_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(bytes.count)),
            shim_set_take(handle, CURLOPT_READFUNCTION, Taken.read),
            shim_set_pointer(handle, CURLOPT_READDATA, context),
            shim_set_take(handle, CURLOPT_HEADERFUNCTION, Taken.line),
            // The one way to learn which command an answer belongs to.
            shim_set_long(handle, CURLOPT_VERBOSE, 1),
            shim_set_debug(handle, Taken.debug),
            shim_set_pointer(handle, CURLOPT_DEBUGDATA, context),
            // Servers end connections that are idle; one so old is not tried again.
            shim_set_long(handle, CURLOPT_MAXAGE_CONN, 30),
        ]
        if let user = server.user {
            failures.append(shim_set_text(handle, CURLOPT_USERNAME, user))
            failures.append(shim_set_text(handle, CURLOPT_PASSWORD, server.password))
        }
        if let file = server.certificates {
            failures.append(shim_set_text(handle, CURLOPT_CAINFO, file))
        }
        try check(failures)
    }

    /// What libcurl came to, as the mail server meant it.
    func mailReply(_ result: CURLcode) -> MailReply {
        let code = shim_status(handle)
        let failure: MailReply.Failure?
        switch result {
        case CURLE_OK: failure = nil
        case CURLE_LOGIN_DENIED: failure = .login
        case CURLE_USE_SSL_FAILED: failure = .encryption("the server offers no STARTTLS")
        case _ where taken.stage == .greeting && result == CURLE_WEIRD_SERVER_REPLY:
            failure = .unreachable("the server greets with \(code)")
        case CURLE_SEND_ERROR where code >= 400, CURLE_WEIRD_SERVER_REPLY where code >= 400,
            CURLE_RECV_ERROR where code == 421:
            failure = .refused
        default:
            switch error(result) {
            case nil: failure = nil
            case .certificate(let reason): failure = .certificate(reason)
            case .unreachable(let reason): failure = .unreachable(reason)
            case .timeout where taken.stage == .greeting:
                failure = .unreachable("no greeting in time")
            case .timeout: failure = .timeout
            case let error?:
                failure =
                    result == CURLE_SSL_CONNECT_ERROR
                    ? .encryption("no TLS with this server") : .connection("\(error)")
            }
        }
        // libcurl keeps a connection on which it gave up waiting for the answer to the content: the next letter would take that
        // answer for its own.
        if failure != nil { shim_abandon(handle) }
        return MailReply(
            failure: failure, code: code, line: taken.lastLine, stage: taken.stage,
            isReused: shim_connects(handle) == 0)
    }

    // MARK: Both

    func perform() -> CURLcode { withExtendedLifetime(taken) { curl_easy_perform(handle) } }

    /// A reset forgets options, not connections.
    private func begin(
        _ timeoutMilliseconds: Int, _ lines: [String]
    ) throws(HTTPError) -> [CURLcode] {
        curl_easy_reset(handle)
        curl_slist_free_all(headers)
        curl_slist_free_all(recipients)
        (headers, recipients) = (nil, nil)
        taken.clear()
        self.timeoutMilliseconds = max(1, timeoutMilliseconds)
        for line in lines {
            guard let longer = curl_slist_append(headers, line) else {
                throw .request("no memory for headers")
            }
            headers = longer
        }
        let context = Unmanaged.passUnretained(taken).toOpaque()
        return [
            shim_set_long(handle, CURLOPT_NOSIGNAL, 1),
            shim_set_pointer(handle, CURLOPT_HTTPHEADER, headers),
            shim_set_long(handle, CURLOPT_TIMEOUT_MS, self.timeoutMilliseconds),
            shim_set_long(
                handle, CURLOPT_CONNECTTIMEOUT_MS, min(self.timeoutMilliseconds, 10_000)),
            shim_set_take(handle, CURLOPT_WRITEFUNCTION, Taken.body),
            shim_set_pointer(handle, CURLOPT_WRITEDATA, context),
            shim_set_pointer(handle, CURLOPT_HEADERDATA, context),
        ]
    }

    private func check(_ failures: [CURLcode]) throws(HTTPError) {
        if let wrong = failures.first(where: { $0 != CURLE_OK }) {
            throw .request(String(cString: curl_easy_strerror(wrong)))
        }
    }

    private func error(_ result: CURLcode) -> HTTPError? {
        let reason = String(cString: curl_easy_strerror(result))
        switch result {
        case CURLE_OK: return nil
        case CURLE_OPERATION_TIMEDOUT: return .timeout(milliseconds: timeoutMilliseconds)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return .request(reason)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            return .certificate(reason)
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            return .unreachable(reason)
        default: return .connection(reason)
        }
    }

    /// What libcurl hands over, and asks for, piece by piece.
    private final class Taken {
        var headers: [(name: String, value: String)] = []
        var bytes: [UInt8] = []
        var overflowed = false
        var isMail = false
        /// Of a letter: what has still to be sent.
        var rest: ArraySlice<UInt8> = []
        var stage = MailReply.Stage.greeting
        var lastLine = ""
        var isLeaving = false
        let limit: Int

        init(limit: Int) {
            self.limit = limit
        }

        func clear() {
            headers = []
            bytes = []
            overflowed = false
            isMail = false
            rest = []
            stage = .greeting
            lastLine = ""
            isLeaving = false
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

        static let read: shim_take = { buffer, size, count, context in
            guard let context, let buffer else { return 0 }
            let taken = Unmanaged<Taken>.fromOpaque(context).takeUnretainedValue()
            let piece = taken.rest.prefix(size * count)
            piece.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(start: buffer, count: size * count)
                    .copyMemory(from: bytes)
            }
            taken.rest = taken.rest.dropFirst(piece.count)
            return piece.count
        }

        /// A line of what a mail server says.
        static let line: shim_take = { data, size, count, context in
            guard let context, let data else { return 0 }
            let taken = Unmanaged<Taken>.fromOpaque(context).takeUnretainedValue()
            let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
            // What the server answers to our leave is no answer to the letter.
            guard !taken.isLeaving else { return size * count }
            taken.lastLine = String(
                decoding: bytes.prefix(200).filter { $0 >= 0x20 && $0 < 0x7F }, as: UTF8.self)
            return size * count
        }

        /// A command that goes to a mail server. Only its verb is looked at: what follows may be a password.
        static let debug: curl_debug_callback = { _, kind, data, count, context in
            guard kind == CURLINFO_HEADER_OUT, let context, let data, count >= 4 else { return 0 }
            let taken = Unmanaged<Taken>.fromOpaque(context).takeUnretainedValue()
            let bytes = UnsafeRawBufferPointer(start: data, count: 4)
            switch String(decoding: bytes, as: UTF8.self) {
            case "EHLO", "HELO": taken.stage = .hello
            case "STAR": taken.stage = .encryption
            case "AUTH": taken.stage = .login
            case "MAIL": taken.stage = .sender
            case "RCPT": taken.stage = .recipient
            case "DATA": taken.stage = .content
            case "QUIT": taken.isLeaving = true
            default: break
            }
            return 0
        }
    }
}

/// An address between angle brackets must not end them, nor its line.
private func isEnvelope(_ address: String) -> Bool {
    !address.isEmpty && address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        && !address.utf8.contains { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") }
}
