import Commands
public import HTTP

/// What one call of a gateway came to.
enum Sent: Equatable {
    /// Taken; `id` is what the gateway calls it.
    case taken(id: String?)
    /// This letter or message will never be taken.
    case refused(code: String)
    /// Not now. `isReached`: the gateway itself does its work.
    case later(code: String, isReached: Bool)
    /// The gateway turns everything away.
    case stopped(Stop, code: String)
}

/// Where letters leave.
public struct MailRoute: Sendable {
    public var server: MailServer
    /// The sender's address; the name is the organization's.
    public var from: String
    public init(server: MailServer, from: String) {
        self.server = server
        self.from = from
    }
}

/// Where messages leave: a gateway over HTTP.
public struct MessageRoute: Sendable {
    public enum Provider: String, Sendable, CaseIterable { case smsc, smsru, exolve, kannel }
    public var provider: Provider
    /// Without a path.
    public var url: String
    public var login: String
    /// Password or key of the API.
    public var password: String
    /// The sender's name or number; empty: the gateway's own.
    public var from: String
    public var certificates: String?
    /// Where the gateway reports what became of a message, with its secret, for one that is told with each message.
    public var reports: String?

    public init(
        provider: Provider, url: String, login: String, password: String, from: String,
        certificates: String? = nil, reports: String? = nil
    ) {
        self.provider = provider
        self.url = url
        self.login = login
        self.password = password
        self.from = from
        self.certificates = certificates
        self.reports = reports
    }
}

extension MailRoute {
    static let name = "smtp"

    /// 4xx is for now, 5xx for ever (RFC 5321 § 4.2.1), unless it is about us: then no letter would be taken. A connection that
    /// broke behind the content may have carried the letter: it goes again under the same Message-ID.
    static func judge(_ reply: MailReply) -> Sent {
        let stage = reply.stage.rawValue
        switch reply.failure {
        case nil: return .taken(id: queueID(reply.line))
        case .timeout: return .later(code: "timeout (\(stage))", isReached: false)
        case .connection: return .later(code: "connection lost (\(stage))", isReached: false)
        case .unreachable(let reason): return .stopped(.unreachable, code: reason)
        case .certificate(let reason): return .stopped(.certificate, code: reason)
        case .encryption(let reason): return .stopped(.encryption, code: reason)
        case .login where reply.code >= 400 && reply.code < 500:
            return .stopped(.unreachable, code: "\(reply.code) (\(stage))")
        case .login: return .stopped(.credentials, code: "\(reply.code)")
        case .refused: break
        }
        let code = ["\(reply.code)", reply.enhanced].compactMap { $0 }.joined(separator: " ")
        switch (reply.stage, reply.code) {
        case (_, 530), (_, 534), (_, 535), (_, 538): return .stopped(.credentials, code: code)
        case (.greeting, _), (.hello, _): return .stopped(.unreachable, code: code)
        case (.encryption, _): return .stopped(.encryption, code: code)
        case (_, 400..<500): return .later(code: code, isReached: true)
        // Too large is about this letter.
        case (.sender, _) where reply.code != 552: return .stopped(.sender, code: code)
        case (_, _) where reply.line.lowercased().contains("relay"):
            return .stopped(.relay, code: code)
        default: return .refused(code: code)
        }
    }

    /// How the server calls the letter, from what Postfix, Exim and others say.
    private static func queueID(_ line: String) -> String? {
        for mark in ["queued as ", "id="] {
            guard let found = line.firstRange(of: mark) else { continue }
            let id = line[found.upperBound...].prefix { !$0.isWhitespace && $0 != ">" }
            return id.isEmpty ? nil : String(id.prefix(60))
        }
        return nil
    }
}

extension MessageRoute {
    /// A message to one number.
    struct Text {
        /// Our command.
        let id: CommandID
        let idText: String
        /// `+79…`
        let to: String
        let text: String
    }

    func call(_ message: Text, timeoutMilliseconds: Int) -> HTTPCall {
        let digits = String(message.to.dropFirst())
        switch provider {
        case .kannel:
            let isASCII = message.text.utf8.allSatisfy { $0 < 0x80 }
            var fields = [
                ("username", login), ("password", password), ("from", from), ("to", message.to),
                ("charset", "UTF-8"), ("coding", isASCII ? "0" : "2"), ("text", message.text),
            ]
            if let reports {
                // It gives no id of its own back, so ours stands in the address; %d is the report's type (domain.md §7).
                fields.append(("dlr-mask", "31"))
                fields.append(("dlr-url", "\(reports)&id=\(message.idText)&type=%d"))
            }
            return get("/cgi-bin/sendsms?\(Self.form(fields))", timeoutMilliseconds)
        case .smsc:
            // By POST: an address would stand in somebody's log with the password in it.
            return post(
                "/sys/send.php",
                [
                    ("login", login), ("psw", password), ("phones", digits),
                    ("mes", message.text), ("charset", "utf-8"), ("sender", from),
                    ("id", "\(Self.number(message.id))"), ("fmt", "3"),
                ], timeoutMilliseconds)
        case .smsru:
            return post(
                "/sms/send",
                [
                    ("api_id", password), ("to", digits), ("msg", message.text), ("from", from),
                    ("json", "1"),
                ], timeoutMilliseconds)
        case .exolve:
            return HTTPCall(
                method: "POST", url: url + "/messaging/v1/SendSMS",
                headers: [
                    ("Authorization", "Bearer \(password)"), ("Content-Type", "application/json"),
                ],
                body: JSON.object([
                    "number": .string(from), "destination": .string(digits),
                    "text": .string(message.text),
                ]).bytes, certificates: certificates, timeoutMilliseconds: timeoutMilliseconds)
        }
    }

    private func get(_ path: String, _ timeout: Int) -> HTTPCall {
        HTTPCall(url: url + path, certificates: certificates, timeoutMilliseconds: timeout)
    }

    private func post(
        _ path: String, _ fields: [(String, String)], _ timeout: Int
    ) -> HTTPCall {
        HTTPCall(
            method: "POST", url: url + path,
            headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: Array(Self.form(fields.filter { !$0.1.isEmpty }).utf8),
            certificates: certificates, timeoutMilliseconds: timeout)
    }

    /// smsc.ru's ids are numbers of 31 bits: ours from the random end of the command's id, so that every try has the same.
    static func number(_ id: CommandID) -> UInt64 { max(1, id.low & 0x7fff_ffff) }

    static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\(escaped($0.1))" }.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                out.append(byte)
            default: out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    // MARK: Answers

    func judge(_ reply: Transfers.Reply) -> Sent {
        switch reply {
        case .answer(let answer): judge(answer)
        case .failed(.unreachable(let reason)): .stopped(.unreachable, code: reason)
        case .failed(.certificate(let reason)): .stopped(.certificate, code: reason)
        case .failed(.timeout): .later(code: "timeout", isReached: false)
        case .failed(.answerTooLarge): .later(code: "no answer of a gateway", isReached: false)
        case .failed(let error): .later(code: "\(error)", isReached: false)
        case .mail, .notStarted: .later(code: "not called", isReached: false)
        }
    }

    /// domain.md §7: what is about the message is for ever, what is about our account stops the gateway, the rest is for now.
    private func judge(_ answer: Client.Answer) -> Sent {
        let http = "HTTP \(answer.status)"
        if provider == .kannel { return kannel(answer) }
        switch answer.status {
        case 401, 403: return .stopped(.credentials, code: http)
        case 402: return .stopped(.money, code: http)
        case 404: return .stopped(.unreachable, code: http)
        case 408, 425, 429, 500...: return .later(code: http, isReached: false)
        default: break
        }
        let body: JSON
        do {
            body = try JSON.parse(answer.body)
        } catch {
            return answer.status == 400 && provider == .exolve
                ? .refused(code: http) : .later(code: "no JSON (\(http))", isReached: false)
        }
        switch provider {
        case .smsc: return smsc(body)
        case .smsru: return smsru(body)
        case .exolve: return exolve(body, answer.status)
        case .kannel: return kannel(answer)
        }
    }

    private func kannel(_ answer: Client.Answer) -> Sent {
        let code = "HTTP \(answer.status)"
        let text = String(decoding: answer.body.prefix(200), as: UTF8.self).lowercased()
        switch answer.status {
        case 200, 202: return .taken(id: nil)
        case 401: return .stopped(.credentials, code: code)
        case 403:
            return text.contains("authoriz") || text.contains("authoris")
                ? .stopped(.credentials, code: code) : .refused(code: "\(code) not routable")
        case 404: return .stopped(.unreachable, code: code)
        case 400..<500: return .refused(code: code)
        default: return .later(code: code, isReached: false)
        }
    }

    private func smsc(_ body: JSON) -> Sent {
        guard let error = body["error_code"]?.int else {
            let id = body["id"].flatMap { $0.string ?? $0.int.map(String.init) }
            return .taken(id: id)
        }
        let code = "smsc \(error)"
        switch error {
        case 1, 5, 6, 7, 8: return .refused(code: code)
        case 2: return .stopped(.credentials, code: code)
        case 3: return .stopped(.money, code: code)
        case 4: return .stopped(.blocked, code: code)
        // 9: the same within a minute. It may be our own call whose answer was lost.
        default: return .later(code: code, isReached: true)
        }
    }

    private func smsru(_ body: JSON) -> Sent {
        guard let status = body["status_code"]?.int else {
            return .later(code: "no status", isReached: false)
        }
        let first = body["sms"]?.members?.first?.value
        let number = status == 100 ? first?["status_code"]?.int ?? 100 : status
        let code = "sms.ru \(number)"
        switch number {
        case 100...103: return .taken(id: first?["sms_id"]?.string)
        case 200, 300, 301, 302: return .stopped(.credentials, code: code)
        case 201: return .stopped(.money, code: code)
        case 204: return .stopped(.sender, code: code)
        // Limits of a day or a minute, and their own faults.
        case 206, 209, 220, 230, 231, 232, 233, 500...: return .later(code: code, isReached: true)
        default: return .refused(code: code)
        }
    }

    private func exolve(_ body: JSON, _ status: Int) -> Sent {
        if let id = body["message_id"].flatMap({ $0.string ?? $0.int.map(String.init) }) {
            return .taken(id: id)
        }
        return status == 200
            ? .later(code: "no message_id", isReached: false) : .refused(code: "HTTP \(status)")
    }
}
