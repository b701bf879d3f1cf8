/// Where mail leaves.
public struct MailServer: Sendable {
    /// `smtp://host:port`, or `smtps://host:port` where encryption comes before the first word.
    public var url: String
    public var user: String?
    public var password: String
    /// Whether nothing is said before STARTTLS; else encryption is used where the server offers it.
    public var requiresEncryption: Bool
    /// A file with the certificates that are trusted, in PEM; nil: the system's.
    public var certificates: String?

    public init(
        url: String, user: String? = nil, password: String = "", requiresEncryption: Bool = true,
        certificates: String? = nil
    ) {
        self.url = url
        self.user = user
        self.password = password
        self.requiresEncryption = requiresEncryption
        self.certificates = certificates
    }
}

/// One letter to one address, as text and as HTML (RFC 5322, RFC 2045, RFC 2046 § 5.1.4), with files (RFC 2183). Whatever its values hold, a header
/// stays one header. The same letter gives the same bytes, so that a server that has it already can tell; libcurl's own MIME
/// parts have a random boundary, and cannot be `multipart/alternative` at the top.
public struct Mail: Sendable {
    public struct Mailbox: Sendable {
        public var name: String
        public var address: String
        public init(name: String, address: String) {
            self.name = name
            self.address = address
        }
        var domain: String {
            address.split(separator: "@").last.map(String.init) ?? "localhost"
        }
    }

    public var from: Mailbox
    public var to: String
    public var title: String
    /// What stands before the @ of the Message-ID: the same for every try.
    public var id: String
    /// Seconds since 1970-01-01 UTC.
    public var date: Int64
    public var text: String
    public var html: [UInt8]
    /// The address where one click takes the consent back (RFC 8058).
    public var unsubscribe: String?
    public var attachments: [Attachment]

    /// A file that goes with the letter.
    public struct Attachment: Sendable {
        /// In any letters.
        public var name: String
        /// For programs that know ASCII only.
        public var plainName: String
        /// `application/pdf`
        public var type: String
        public var bytes: [UInt8]

        public init(name: String, plainName: String, type: String, bytes: [UInt8]) {
            self.name = name
            self.plainName = plainName
            self.type = type
            self.bytes = bytes
        }
    }

    public init(
        from: Mailbox, to: String, title: String, id: String, date: Int64, text: String,
        html: [UInt8], unsubscribe: String? = nil, attachments: [Attachment] = []
    ) {
        self.attachments = attachments
        self.from = from
        self.to = to
        self.title = title
        self.id = id
        self.date = date
        self.text = text
        self.html = html
        self.unsubscribe = unsubscribe
    }

    /// Header and body, with CRLF.
    public var bytes: [UInt8] {
        let boundary = "=_\(token(id))"
        let outer = "=_m\(token(id))"
        var lines = [
            "Date: \(Self.date(date))",
            "From: \(mailbox)",
            "To: <\(token(to))>", "Subject: \(Self.words(title, after: 9))",
            "Message-ID: <\(token(id))@\(token(from.domain))>", "MIME-Version: 1.0",
            // Nobody is there to be told that one is on holiday (RFC 3834).
            "Auto-Submitted: auto-generated",
        ]
        if let unsubscribe {
            lines.append("List-Unsubscribe: <\(token(unsubscribe))>")
            lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
        }
        if !attachments.isEmpty {
            lines.append("Content-Type: multipart/mixed;")
            lines.append(" boundary=\"\(outer)\"")
            lines.append("")
            lines.append("--\(outer)")
        }
        lines.append("Content-Type: multipart/alternative;")
        lines.append(" boundary=\"\(boundary)\"")
        lines.append("")
        // The last one that a program can show is what it shows.
        for (type, content) in [("plain", Array(text.utf8)), ("html", html)] {
            lines.append("--\(boundary)")
            lines.append("Content-Type: text/\(type); charset=utf-8")
            lines.append("Content-Transfer-Encoding: base64")
            lines.append("")
            lines += base64(content, width: 76)
        }
        lines.append("--\(boundary)--")
        lines.append("")
        for attachment in attachments {
            let plain = quoted(attachment.plainName)
            lines.append("--\(outer)")
            lines.append("Content-Type: \(token(attachment.type)); name=\"\(plain)\"")
            // A plain name beside it would be what many programs show.
            lines.append("Content-Disposition: attachment;")
            lines += Self.parameter("filename", attachment.name)
            lines.append("Content-Transfer-Encoding: base64")
            lines.append("")
            lines += base64(attachment.bytes, width: 76)
        }
        if !attachments.isEmpty {
            lines.append("--\(outer)--")
            lines.append("")
        }
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// The address goes to a line of its own where the name leaves no room.
    private var mailbox: String {
        let name = Self.words(from.name, after: 6)
        let address = "<\(token(from.address))>"
        let last =
            name.utf8.count
            - (name.utf8.lastIndex(of: 0x0A).map {
                name.utf8.distance(from: name.startIndex, to: $0)
            } ?? -6)
        return name + (last + 1 + address.utf8.count > 76 ? "\r\n " : " ") + address
    }

    /// Printable ASCII without what ends an address or a header.
    private func token(_ text: String) -> String {
        String(
            decoding: text.utf8.filter {
                $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">")
            }, as: UTF8.self)
    }

    /// Printable ASCII between quotation marks.
    private func quoted(_ text: String) -> String {
        String(
            decoding: text.utf8.filter {
                $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }, as: UTF8.self)
    }

    /// A parameter of any letters, on lines of its own of at most 76 characters (RFC 2231 §§ 3, 4).
    static func parameter(_ name: String, _ value: String) -> [String] {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        var pieces: [[UInt8]] = [Array("utf-8''".utf8)]
        for scalar in value.unicodeScalars where scalar.value >= 0x20 && scalar.value != 0x7F {
            // A character is never cut in two.
            let encoded = String(scalar).utf8.flatMap { byte -> [UInt8] in
                plain.contains(byte)
                    ? [byte] : [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
            if pieces[pieces.count - 1].count + encoded.count > 58 { pieces.append([]) }
            pieces[pieces.count - 1] += encoded
        }
        guard pieces.count > 1 else {
            return [" \(name)*=\(String(decoding: pieces[0], as: UTF8.self))"]
        }
        return pieces.enumerated().map { place, piece in
            " \(name)*\(place)*=\(String(decoding: piece, as: UTF8.self))"
                + (place == pieces.count - 1 ? "" : ";")
        }
    }

    /// Text of a header as encoded words of at most 75 characters (RFC 2047), folded; `after` characters stand before it.
    static func words(_ text: String, after: Int) -> String {
        let plain = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        let isPlain = plain.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == " ")
        }
        if isPlain, after + plain.count <= 76, !plain.isEmpty, plain.first != " ", plain.last != " "
        {
            return String(String.UnicodeScalarView(plain))
        }
        var words: [String] = []
        var piece: [UInt8] = []
        var room = 75 - after
        func end() {
            guard !piece.isEmpty else { return }
            words.append("=?UTF-8?B?\(base64(piece, width: .max).joined())?=")
            piece = []
            room = 75
        }
        for scalar in plain {
            let bytes = Array(String(scalar).utf8)
            // A character is never cut in two.
            if 12 + (piece.count + bytes.count + 2) / 3 * 4 > room { end() }
            piece += bytes
        }
        end()
        return words.joined(separator: "\r\n ")
    }

    /// `Sat, 18 Apr 2026 10:23:05 +0000`.
    static func date(_ seconds: Int64) -> String {
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let rest = seconds - days * 86_400
        // Civil from days, years beginning in March (the days of an era of 400 years are always the same).
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let march = (5 * ofYear + 2) / 153
        let day = ofYear - (153 * march + 2) / 5 + 1
        let month = march < 10 ? march + 2 : march - 10
        let civil = year + era * 400 + (month < 2 ? 1 : 0)
        let names = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let week = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = [rest / 3_600, rest / 60 % 60, rest % 60].map(two).joined(separator: ":")
        return
            "\(week[Int((days % 7 + 7) % 7)]), \(two(day)) \(names[Int(month)]) \(civil) \(clock) +0000"
    }
}

/// What a mail server came to.
public struct MailReply: Sendable, Equatable {
    /// What had been said last when it ended.
    public enum Stage: String, Sendable {
        case greeting, hello, encryption, login, sender, recipient, content
    }

    public enum Failure: Sendable, Equatable {
        /// The server's answer is no: `code` says for how long.
        case refused
        case login
        /// There is no encryption, and it is required; or it does not come about.
        case encryption(String)
        case certificate(String)
        case unreachable(String)
        case timeout
        /// The connection broke. Behind `content` nobody knows whether the letter was taken.
        case connection(String)
    }

    /// Nil: the letter was taken.
    public let failure: Failure?
    /// The last answer's code; 0: there was none.
    public let code: Int
    /// Its last line, printable ASCII. It may name the recipient: it is not for logs.
    public let line: String
    public let stage: Stage
    /// Whether the connection had carried another letter before.
    public let isReused: Bool

    /// «5.1.1»: what kind of no it is (RFC 3463).
    public var enhanced: String? {
        let words = line.dropFirst(4).split(separator: " ", maxSplits: 1)
        guard let first = words.first else { return nil }
        let parts = first.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3,
            parts.allSatisfy({ part in
                (1...3).contains(part.utf8.count)
                    && part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            })
        else { return nil }
        return String(first)
    }
}

/// Lines of base64, each at most so wide.
func base64(_ bytes: [UInt8], width: Int) -> [String] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let left = min(3, bytes.count - start)
        var word: UInt32 = 0
        for offset in 0..<3 {
            word = word << 8 | (offset < left ? UInt32(bytes[start + offset]) : 0)
        }
        for digit in 0..<4 {
            out.append(
                digit <= left ? alphabet[Int(word >> UInt32(18 - 6 * digit) & 63)] : 0x3D)
        }
    }
    guard width < out.count else { return [String(decoding: out, as: UTF8.self)] }
    return stride(from: 0, to: out.count, by: width).map {
        String(decoding: out[$0..<min($0 + width, out.count)], as: UTF8.self)
    }
}
