/// What people are told by letter or message. The words of each stand in `Words`, by channel and language; a letter never
/// contains a password.
public enum Notice: String, Sendable, CaseIterable {
    /// «Подтвердить регистрацию»: a link.
    case registrationConfirm = "registration.confirm"
    /// The code of a registration, by message.
    case registrationCode = "registration.code"
    /// Somebody tried to register with what is registered already.
    case registrationExists = "registration.exists"
    case passwordReset = "password.reset"
    /// An operator has restored the access (SF-039): to the new address, with a link to a new password.
    case accessRestored = "access.restored"
    case passwordChanged = "password.changed"
    /// To the new address, with a link.
    case emailConfirm = "email.confirm"
    /// To the old address; names the new one masked.
    case emailChanged = "email.changed"
    /// An operator has set a new contact (SF-039): told on the old one.
    case contactRestored = "contact.restored"
    case phoneCode = "phone.code"
    /// To the address, and to the old number; names the new one masked.
    case phoneChanged = "phone.changed"
    case shareInvited = "share.invited"
    /// The owner lets the person in no more.
    case shareEnded = "share.ended"
    case accountAttached = "account.attached"
    /// An operator has taken an account out of the person's hands.
    case accountDetached = "account.detached"
    /// The account whose number was the login is gone: this one's is it now.
    case loginChanged = "login.changed"
    case signedIn = "signin.new"
    /// The second factor was switched on, or off.
    case secondFactorOn = "factor.on"
    case secondFactorOff = "factor.off"
    /// A session was opened by a recovery code; `left` are there still.
    case recoveryUsed = "factor.recovery"
    case userDeleted = "user.deleted"
    /// A month was closed: its bill, attached as a PDF (SF-120). To those who chose it.
    case billReady = "bill.ready"

    /// What is sealed beside the values, and opened only where the notice leaves.
    public enum Secret: Sendable { case none, code, link }

    public var secret: Secret {
        switch self {
        case .registrationConfirm, .passwordReset, .accessRestored, .emailConfirm, .shareInvited:
            .link
        case .registrationCode, .phoneCode: .code
        case .registrationExists, .passwordChanged, .emailChanged, .contactRestored, .phoneChanged,
            .shareEnded, .accountAttached, .accountDetached, .loginChanged, .signedIn,
            .secondFactorOn, .secondFactorOff, .recoveryUsed, .userDeleted, .billReady:
            .none
        }
    }

    /// The ways by which it may go. A link is too long for a message.
    public var channels: [NoticeChannel] {
        secret == .link || isMailing ? [.letter] : [.letter, .message]
    }

    /// To as many as consented to it, with a way out (RFC 8058), and behind everything that somebody waits for.
    public var isMailing: Bool { self == .billReady }

    /// Values that its words need, all texts. `path` is what stands in a link between the public address and the secret:
    /// `/srkc/confirm/`; `time` is local, as `2026-04-18T10:23:05+08:00`; contacts come masked. `closing` is the sum of a bill in
    /// kopecks, below zero what was paid too much; `month` and `due` as in `2026-04` and `2026-05-15`.
    public var values: [String] {
        switch self {
        case .registrationConfirm, .emailConfirm: ["path"]
        case .passwordReset, .accessRestored, .shareInvited: ["account", "path"]
        case .registrationCode, .phoneCode: []
        case .registrationExists, .userDeleted: []
        case .passwordChanged, .secondFactorOn, .secondFactorOff: ["time"]
        case .recoveryUsed: ["left", "time"]
        case .emailChanged, .contactRestored, .phoneChanged: ["contact", "time"]
        case .accountAttached: ["account"]
        case .accountDetached, .loginChanged, .shareEnded: ["account", "time"]
        case .signedIn: ["address", "time"]
        case .billReady: ["account", "closing", "due", "month"]
        }
    }

    /// Values that its words say where they are there: what is on its way from a release before has none. `rights` of an
    /// invitation by their names in commands, with commas between; `hours` that it counts for. `login`: the address, masked,
    /// that one signs in with since it was changed.
    public var newerValues: [String] {
        switch self {
        case .shareInvited: ["rights", "hours"]
        case .emailChanged: ["login"]
        default: []
        }
    }
}

public enum NoticeChannel: String, Sendable, CaseIterable {
    /// By e-mail.
    case letter
    /// By SMS.
    case message

    public var other: NoticeChannel { self == .letter ? .message : .letter }

    /// Whether one can write to this: an address, or a Russian mobile number in E.164 (domain.md §6.3).
    public func takes(_ contact: String) -> Bool {
        switch self {
        case .message:
            contact.utf8.count == 12 && contact.hasPrefix("+79")
                && PhoneNumber(contact)?.text == contact
        case .letter:
            EmailAddress(contact) != nil && !contact.utf8.contains(0x20)
        }
    }

    /// A contact as it may be shown and kept: `iv***@mail.ru`, `+7950***0012`.
    public func masked(_ contact: String) -> String {
        switch self {
        case .message: "\(contact.prefix(5))***\(contact.suffix(4))"
        case .letter:
            contact.firstIndex(of: "@").map { at in
                "\(contact[..<at].prefix(at > contact.index(contact.startIndex, offsetBy: 3) ? 2 : 1))***\(contact[at...])"
            } ?? "***"
        }
    }
}

/// What leaves: to whom, which notice, with which values. The body of `letter.send` and `message.send`. Secrets never
/// stand here in clear.
public struct Outgoing: Sendable, Equatable {
    public var to: String
    public var notice: Notice
    /// `ru` or `en`.
    public var language: String
    public var values: [String: String]
    /// A sealed box in base64: the code, or what a link ends with.
    public var secret: String?
    /// Domain time, microseconds since 1970-01-01 UTC: from then on it is dropped, not sent.
    public var expiresAt: Int64?
    /// A sealed box in base64: what the link ends with that takes the consent back (RFC 8058).
    public var unsubscribe: String?
    /// Where to go by the other channel when this one refuses for good, or does not deliver.
    public var fallback: String?

    public init(
        to: String, notice: Notice, language: String = "ru", values: [String: String] = [:],
        secret: String? = nil, expiresAt: Int64? = nil, unsubscribe: String? = nil,
        fallback: String? = nil
    ) {
        self.to = to
        self.notice = notice
        self.language = language
        self.values = values
        self.secret = secret
        self.expiresAt = expiresAt
        self.unsubscribe = unsubscribe
        self.fallback = fallback
    }

    static let keys = [
        "to", "notice", "language", "values", "secret", "expires_at", "unsubscribe", "fallback",
    ]

    /// What is to go by `channel`.
    init(_ json: JSON, by channel: NoticeChannel) throws(ShapeError) {
        let shape = try Shape(json, keys: Self.keys)
        to = try shape.text("to", most: 254)
        if !channel.takes(to) { throw ShapeError("/to", "shape.contact") }
        let notices = Notice.allCases.filter { $0.channels.contains(channel) }
        let name = try shape.text("notice")
        guard let notice = notices.first(where: { $0.rawValue == name }) else {
            throw ShapeError(
                "/notice", "shape.choice", notices.map(\.rawValue).joined(separator: ", "))
        }
        self.notice = notice
        language = try shape.optionalText("language") ?? "ru"
        guard ["ru", "en"].contains(language) else {
            throw ShapeError("/language", "shape.choice", "ru, en")
        }
        values = try shape.texts("values", of: notice.values, orNot: notice.newerValues)
        secret = try shape.optionalText("secret", most: 6_000)
        if notice.secret != .none, secret?.isEmpty ?? true {
            throw ShapeError("/secret", "shape.missing", "secret")
        }
        if notice.secret == .none, secret != nil {
            throw ShapeError("/secret", "shape.unknown", "secret")
        }
        if let text = try shape.optionalText("expires_at") {
            guard let moment = Instant(text) else {
                throw ShapeError("/expires_at", "shape.time")
            }
            expiresAt = moment.microseconds
        }
        unsubscribe = try shape.optionalText("unsubscribe", most: 6_000)
        fallback = try shape.optionalText("fallback", most: 254)
        if let fallback,
            !notice.channels.contains(channel.other) || !channel.other.takes(fallback)
        {
            throw ShapeError("/fallback", "shape.contact")
        }
    }

    public var json: JSON {
        .object([
            "to": .string(to), "notice": .string(notice.rawValue), "language": .string(language),
            "values": values.isEmpty
                ? nil
                : .object(
                    values.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }
                ), "secret": secret.map(JSON.string),
            "expires_at": expiresAt.map { .string(Instant(microseconds: $0).description) },
            "unsubscribe": unsubscribe.map(JSON.string), "fallback": fallback.map(JSON.string),
        ])
    }

    /// The same notice by the other channel; nil when there is no contact for it.
    public var fallen: Outgoing? {
        guard let fallback else { return nil }
        var other = self
        other.to = fallback
        other.fallback = nil
        other.unsubscribe = nil
        return other
    }
}

/// What a gateway says became of messages.
public struct NoticeReport: Sendable, Equatable {
    /// In the order in which they follow each other: a late one never takes back what a later one said.
    public enum State: String, Sendable, CaseIterable {
        /// On its way to the person.
        case sent
        case undelivered
        case delivered
    }

    public struct Item: Sendable, Equatable {
        /// Our own command's id, where the gateway gives it back; else what the gateway called the message.
        public var id: String
        public var state: State
        /// The gateway's code of what went wrong.
        public var code: String
        public init(id: String, state: State, code: String = "") {
            self.id = id
            self.state = state
            self.code = code
        }
    }

    public var gateway: String
    public var items: [Item]

    public init(gateway: String, items: [Item]) {
        self.gateway = gateway
        self.items = items
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["gateway", "items"])
        gateway = try shape.text("gateway", most: 31)
        items = []
        for (index, item) in try shape.list("items", most: 200).enumerated() {
            let path = "/items/\(index)"
            let shape = try Shape(item, path, keys: ["id", "state", "code"])
            guard let state = State(rawValue: try shape.text("state")) else {
                throw ShapeError(
                    "\(path)/state", "shape.choice",
                    State.allCases.map(\.rawValue).joined(separator: ", "))
            }
            items.append(
                Item(
                    id: try shape.text("id", most: 100), state: state,
                    code: try shape.optionalText("code", most: 60) ?? ""))
        }
    }

    public var json: JSON {
        .object([
            "gateway": .string(gateway),
            "items": .array(
                items.map {
                    .object([
                        "id": .string($0.id), "state": .string($0.state.rawValue),
                        "code": $0.code.isEmpty ? nil : .string($0.code),
                    ])
                }),
        ])
    }
}

/// A moment as RFC 3339 writes it in UTC: `2026-04-18T10:23:05Z`, with microseconds where there are any.
public struct Instant: Hashable, Sendable, CustomStringConvertible {
    /// Since 1970-01-01 UTC.
    public let microseconds: Int64
    public init(microseconds: Int64) { self.microseconds = microseconds }

    public init?(_ text: String) {
        let halves = text.split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2, let day = Day(halves[0]), halves[1].hasSuffix("Z") else {
            return nil
        }
        let time = halves[1].dropLast().split(separator: ".", omittingEmptySubsequences: false)
        let parts = time[0].split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.utf8.count == 2 && part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
                ? Int64(part) : nil
        }
        guard time.count <= 2, parts.count == 3, numbers.count == 3, numbers[0] < 24,
            numbers[1] < 60, numbers[2] < 60
        else { return nil }
        var fraction: Int64 = 0
        if time.count == 2 {
            let digits = time[1]
            guard (1...6).contains(digits.utf8.count),
                digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int64(digits)
            else { return nil }
            fraction = (digits.utf8.count..<6).reduce(number) { value, _ in value * 10 }
        }
        let seconds =
            Int64(day.days) * 86_400 + numbers[0] * 3_600 + numbers[1] * 60 + numbers[2]
        microseconds = seconds * 1_000_000 + fraction
    }

    public var description: String {
        let day = microseconds.dividedFlooring(by: 86_400_000_000)
        let rest = microseconds - day * 86_400_000_000
        let seconds = rest / 1_000_000
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { two(Int($0)) }
        let fraction = String(rest % 1_000_000 + 1_000_000).dropFirst()
        return "\(Day(days: Int32(day)))T\(clock.joined(separator: ":"))"
            + (rest % 1_000_000 == 0 ? "" : ".\(fraction)") + "Z"
    }
}

extension Int64 {
    fileprivate func dividedFlooring(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
