/// Where letters leave. The password is in a file of its own: an environment is read by too many.
public struct MailSettings: Equatable, Sendable {
    /// `smtp://host:port` or `smtps://host:port`.
    public let url: String
    public let user: String?
    public let passwordFile: String?
    /// Nothing is said before encryption. False: it is used where the server offers it.
    public let requiresEncryption: Bool
    /// A file with the certificates that are trusted; nil: the system's.
    public let certificates: String?
    /// The sender's address.
    public let from: String
}

/// Where SMS leave.
public struct MessageSettings: Equatable, Sendable {
    public enum Provider: String, Sendable, CaseIterable { case smsc, smsru, exolve, kannel }

    public let provider: Provider
    /// `https://host:port`.
    public let url: String
    public let login: String
    /// A file with the password or the key of the API.
    public let passwordFile: String
    public let from: String
    public let certificates: String?
}

/// `scheme://user@host:port`, without a password, path or query.
struct OutletURL {
    let scheme: String
    let user: String?
    let host: String
    let port: Int?

    enum Fault: Error { case form, password }

    init(_ text: String) throws(Fault) {
        guard let mark = text.firstRange(of: "://") else { throw .form }
        scheme = String(text[..<mark.lowerBound])
        var rest = text[mark.upperBound...]
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        if let at = rest.lastIndex(of: "@") {
            let name = rest[..<at]
            if name.contains(":") { throw .password }
            guard let user = Self.unescaped(name), !user.isEmpty else { throw .form }
            self.user = user
            rest = rest[rest.index(after: at)...]
        } else {
            user = nil
        }
        if let colon = rest.lastIndex(of: ":"), !rest.hasSuffix("]") {
            guard let port = Int(rest[rest.index(after: colon)...]), (1...65_535).contains(port)
            else { throw .form }
            self.port = port
            rest = rest[..<colon]
        } else {
            port = nil
        }
        let isBare = rest.hasPrefix("[") && rest.hasSuffix("]") ? rest.dropFirst().dropLast() : rest
        guard !isBare.isEmpty, !isBare.hasPrefix("-"),
            isBare.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                case UInt8(ascii: ":"): rest.hasPrefix("[")
                default: false
                }
            })
        else { throw .form }
        host = String(rest)
    }

    /// This very machine: what is said to it in clear, nobody hears.
    var isLocal: Bool { ["localhost", "[::1]"].contains(host) || host.hasPrefix("127.") }

    func url(_ scheme: String, port standard: Int? = nil) -> String {
        "\(scheme)://\(host)" + ((port ?? standard).map { ":\($0)" } ?? "")
    }

    private static func unescaped(_ text: Substring) -> String? {
        var out: [UInt8] = []
        var bytes = text.utf8[...]
        while let byte = bytes.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                if byte <= 0x20 || byte == 0x7F { return nil }
                out.append(byte)
                continue
            }
            guard bytes.count >= 2, let value = UInt8(Substring(bytes.prefix(2)), radix: 16),
                value > 0x20, value != 0x7F
            else { return nil }
            out.append(value)
            bytes = bytes.dropFirst(2)
        }
        return String(validating: out, as: UTF8.self)
    }
}

extension Values {
    mutating func mail() -> MailSettings? {
        let encryption = choice("KABINET_SMTP_TLS", ["required", "opportunistic"])
        let others = [
            "KABINET_SMTP_PASSWORD_FILE", "KABINET_SMTP_TLS", "KABINET_SMTP_CA",
            "KABINET_MAIL_FROM",
        ]
        guard let text = text("KABINET_SMTP") else {
            for name in others where self.text(name) != nil {
                note(name, "says nothing without KABINET_SMTP")
            }
            return nil
        }
        let form =
            "expected smtps://user@host:465 or smtp://user@host:587 (an @ in the user is %40)"
        let found: OutletURL
        do throws(OutletURL.Fault) {
            found = try OutletURL(text)
        } catch {
            note("KABINET_SMTP", Self.words(error, form, "KABINET_SMTP_PASSWORD_FILE"))
            return nil
        }
        guard ["smtp", "smtps"].contains(found.scheme) else {
            note("KABINET_SMTP", form)
            return nil
        }
        let file = self.text("KABINET_SMTP_PASSWORD_FILE")
        if found.user != nil, file == nil {
            note("KABINET_SMTP_PASSWORD_FILE", "is required for a user")
        }
        if found.user == nil, file != nil {
            note("KABINET_SMTP", "names no user for the password: \(form)")
        }
        if encryption == "opportunistic", found.user != nil, !found.isLocal {
            note(
                "KABINET_SMTP_TLS",
                "opportunistic would send the password in clear to whoever takes STARTTLS away:"
                    + " use required, or no user")
        }
        let from = self.text("KABINET_MAIL_FROM")
        if let from {
            if !Self.isMailAddress(from) {
                note("KABINET_MAIL_FROM", "expected an address like noreply@example.ru")
            }
        } else {
            note("KABINET_MAIL_FROM", "is required with KABINET_SMTP: the sender's address")
        }
        return MailSettings(
            url: found.url(found.scheme, port: found.scheme == "smtps" ? 465 : 587),
            user: found.user, passwordFile: file, requiresEncryption: encryption != "opportunistic",
            certificates: self.text("KABINET_SMTP_CA"), from: from ?? "")
    }

    mutating func messages() -> MessageSettings? {
        let others = ["KABINET_SMS_PASSWORD_FILE", "KABINET_SMS_FROM", "KABINET_SMS_CA"]
        guard let text = text("KABINET_SMS") else {
            for name in others where self.text(name) != nil {
                note(name, "says nothing without KABINET_SMS")
            }
            return nil
        }
        let form =
            "expected smsc+https://login@smsc.ru, smsru+https://sms.ru,"
            + " exolve+https://api.exolve.ru or kannel+http://user@127.0.0.1:13013"
        let found: OutletURL
        do throws(OutletURL.Fault) {
            found = try OutletURL(text)
        } catch {
            note("KABINET_SMS", Self.words(error, form, "KABINET_SMS_PASSWORD_FILE"))
            return nil
        }
        let parts = found.scheme.split(separator: "+")
        guard parts.count == 2, let provider = MessageSettings.Provider(rawValue: String(parts[0])),
            ["http", "https"].contains(parts[1])
        else {
            note("KABINET_SMS", form)
            return nil
        }
        let scheme = String(parts[1])
        if scheme == "http", provider != .kannel, !found.isLocal {
            note("KABINET_SMS", "the key would go in clear: use \(provider.rawValue)+https://")
        }
        if provider == .kannel, found.user == nil {
            note("KABINET_SMS", "names no user: \(form)")
        }
        let file = self.text("KABINET_SMS_PASSWORD_FILE")
        if file == nil {
            note(
                "KABINET_SMS_PASSWORD_FILE",
                "is required with KABINET_SMS: a file with the password or the key of the API")
        }
        let from = self.text("KABINET_SMS_FROM") ?? ""
        if provider == .exolve, from.isEmpty {
            note("KABINET_SMS_FROM", "is required by exolve: the sender's name or number")
        }
        return MessageSettings(
            provider: provider, url: found.url(scheme), login: found.user ?? "",
            passwordFile: file ?? "", from: from, certificates: self.text("KABINET_SMS_CA"))
    }

    /// What was found is not told: somebody may have put the password there.
    private static func words(_ fault: OutletURL.Fault, _ form: String, _ file: String) -> String {
        switch fault {
        case .form: form
        case .password: "holds a password: put it into a file and name that in \(file); \(form)"
        }
    }

    private static func isMailAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            && !text.contains(where: { "<>()[]\\,;:\"".contains($0) })
    }
}
