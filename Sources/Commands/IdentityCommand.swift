/// What people ask for about their own access: registration, sign-in, passwords, attaching, sharing, consents.
///
/// Secrets never stand here in clear: passwords and codes are sealed to the workers' key by the door, links and session
/// tokens are hashes. Who asks is the actor of the queue's row (`person:ID`), never a member of a body.
public enum IdentityCommand: Sendable, Equatable {
    case check(CheckHolder)
    case register(Registration)
    case sendCode(SendCode)
    case confirm(Confirm)
    case openLink(OpenLink)
    case signIn(SignIn)
    case secondStep(SecondStep)
    case endSession(EndSession)
    case touchSession(TouchSession)
    case askReset(AskReset)
    case resetPassword(ResetPassword)
    case changePassword(ChangePassword)
    case changeEmail(ChangeEmail)
    case changePhone(ChangePhone)
    case confirmPhone(ConfirmPhone)
    case attach(Attach)
    case renameAccount(RenameAccount)
    case detach(Detach)
    case deleteUser(DeleteUser)
    case share(Share)
    case endShare(EndShare)
    case enableSecondFactor(EnableSecondFactor)
    case disableSecondFactor(DisableSecondFactor)
    case saveServices(SaveServices)
    case unsubscribe(Unsubscribe)
    case restoreAccess(RestoreAccess)
}

/// Bytes that only the workers can read, in base64 (`SealedBox`).
public struct Sealed: Sendable, Equatable {
    public let text: String
    public init(text: String) { self.text = text }
    /// In base64 of 4,096 bytes and the box around them.
    static let longest = 6_000
}

/// A hash of 256 random bits: of a link's or a session's token. In hexadecimal.
public struct TokenHash: Hashable, Sendable {
    public let text: String
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 64,
            text.utf8.allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) })
        else { return nil }
        self.text = String(text)
    }
}

/// From where somebody asks: for the list of one's sessions and the record of a consent.
public struct Origin: Sendable, Equatable {
    /// The browser, as it calls itself; cut.
    public var agent: String?
    /// Its network: an address without its last part.
    public var address: String?
    public init(agent: String? = nil, address: String? = nil) {
        self.agent = agent
        self.address = address
    }

    static let keys = ["agent", "address"]
    init(_ shape: Shape) throws(ShapeError) {
        agent = try shape.optionalText("agent", most: 200)
        address = try shape.optionalText("address", most: 50)
    }
    var members: [JSON.Member] {
        [
            agent.map { JSON.Member("agent", .string($0)) },
            address.map { JSON.Member("address", .string($0)) },
        ].compactMap { $0 }
    }
}

extension Shape {
    func sealed(_ key: String) throws(ShapeError) -> Sealed {
        Sealed(text: try text(key, most: Sealed.longest))
    }

    func optionalSealed(_ key: String) throws(ShapeError) -> Sealed? {
        try optionalText(key, most: Sealed.longest).map { Sealed(text: $0) }
    }

    func hash(_ key: String) throws(ShapeError) -> TokenHash {
        guard let hash = TokenHash(try text(key)) else { throw ShapeError("/\(key)", "shape.hash") }
        return hash
    }

    func optionalHash(_ key: String) throws(ShapeError) -> TokenHash? {
        guard let given = try optionalText(key) else { return nil }
        guard let hash = TokenHash(given) else { throw ShapeError("/\(key)", "shape.hash") }
        return hash
    }

    func optionalEmail(_ key: String) throws(ShapeError) -> EmailAddress? {
        guard let text = try optionalText(key, most: EmailAddress.longest), !text.isEmpty else {
            return nil
        }
        guard let email = EmailAddress(text) else { throw ShapeError("/\(key)", "shape.email") }
        return email
    }

    func email(_ key: String) throws(ShapeError) -> EmailAddress {
        guard let email = try optionalEmail(key) else {
            throw ShapeError("/\(key)", "shape.missing", key)
        }
        return email
    }

    func optionalPhone(_ key: String) throws(ShapeError) -> PhoneNumber? {
        guard let text = try optionalText(key), !text.isEmpty else { return nil }
        guard let phone = PhoneNumber(text) else { throw ShapeError("/\(key)", "shape.phone") }
        return phone
    }

    func surname(_ key: String) throws(ShapeError) -> String {
        let text = try text(key, most: Surname.longest)
        guard Surname(text) != nil else { throw ShapeError("/\(key)", "shape.surname") }
        return text
    }

    func way(_ key: String) throws(ShapeError) -> IdentityProfile.Way? {
        guard let text = try optionalText(key), !text.isEmpty else { return nil }
        guard let way = IdentityProfile.Way(rawValue: text) else {
            throw ShapeError(
                "/\(key)", "shape.choice",
                IdentityProfile.Way.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return way
    }
}

// MARK: Registration

/// The first step of a registration by account (SF-020…SF-022): is there such an account, of such a person, to register?
public struct CheckHolder: Sendable, Equatable {
    public var account: AccountNumber
    public var surname: String

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "surname"])
        account = try shape.account("account")
        surname = try shape.surname("surname")
    }

    public var json: JSON {
        .object(["account": .string(account.text), "surname": .string(surname)])
    }
}

/// «Сохранить» of the registration (SF-023…SF-033, SF-051, SF-061). What has to be given is a matter of the profile.
public struct Registration: Sendable, Equatable {
    public var account: AccountNumber?
    public var surname: String?
    public var login: String?
    public var email: EmailAddress?
    public var phone: PhoneNumber?
    /// Typed twice and found equal, of the length that the profile wants.
    public var password: Sealed
    /// How it is to be confirmed; nil where nothing is.
    public var way: IdentityProfile.Way?
    public var language: String
    /// The version of the terms that the person agreed to, ticking them.
    public var terms: String
    public var origin: Origin

    static let keys = [
        "account", "surname", "login", "email", "phone", "password", "way", "language", "terms",
    ]

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: Self.keys + Origin.keys)
        account = try shape.optionalText("account") == nil ? nil : try shape.account("account")
        surname = try shape.optionalText("surname") == nil ? nil : try shape.surname("surname")
        login = try shape.optionalText("login", most: 50)
        email = try shape.optionalEmail("email")
        phone = try shape.optionalPhone("phone")
        password = try shape.sealed("password")
        way = try shape.way("way")
        language = try shape.language("language")
        terms = try shape.text("terms", most: 50)
        origin = try Origin(shape)
    }

    public var json: JSON {
        .object(
            [
                account.map { JSON.Member("account", .string($0.text)) },
                surname.map { JSON.Member("surname", .string($0)) },
                login.map { JSON.Member("login", .string($0)) },
                email.map { JSON.Member("email", .string($0.text)) },
                phone.map { JSON.Member("phone", .string($0.text)) },
                JSON.Member("password", .string(password.text)),
                way.map { JSON.Member("way", .string($0.rawValue)) },
                JSON.Member("language", .string(language)), JSON.Member("terms", .string(terms)),
            ].compactMap { $0 } + origin.members)
    }
}

/// «Отправить смс» (SF-033): a code for a registration that is to be confirmed by message.
public struct SendCode: Sendable, Equatable {
    /// The id of the command that began it.
    public var registration: String
    public var phone: PhoneNumber

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["registration", "phone"])
        registration = try shape.text("registration", most: 36)
        guard let phone = try shape.optionalPhone("phone") else {
            throw ShapeError("/phone", "shape.missing", "phone")
        }
        self.phone = phone
    }

    public var json: JSON {
        .object(["registration": .string(registration), "phone": .string(phone.text)])
    }
}

/// «Код подтверждения», «ОК» (SF-034, SF-035).
public struct Confirm: Sendable, Equatable {
    public var registration: String
    public var code: Sealed
    /// The session that begins with it where the profile says so.
    public var session: TokenHash
    public var origin: Origin

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["registration", "code", "session"] + Origin.keys)
        registration = try shape.text("registration", most: 36)
        code = try shape.sealed("code")
        session = try shape.hash("session")
        origin = try Origin(shape)
    }

    public var json: JSON {
        .object(
            [
                JSON.Member("registration", .string(registration)),
                JSON.Member("code", .string(code.text)),
                JSON.Member("session", .string(session.text)),
            ] + origin.members)
    }
}

/// The button behind the link of a letter (SF-031, SF-063): a registration, a new address, an invitation.
public struct OpenLink: Sendable, Equatable {
    public var link: TokenHash
    public var session: TokenHash
    public var origin: Origin

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["link", "session"] + Origin.keys)
        link = try shape.hash("link")
        session = try shape.hash("session")
        origin = try Origin(shape)
    }

    public var json: JSON {
        .object(
            [
                JSON.Member("link", .string(link.text)),
                JSON.Member("session", .string(session.text)),
            ] + origin.members)
    }
}

// MARK: Sessions

/// «Войти» (SF-036, SF-052, SF-064).
public struct SignIn: Sendable, Equatable {
    public var login: String
    public var password: Sealed
    /// «Запомнить?»
    public var remember: Bool
    public var session: TokenHash
    public var origin: Origin

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(
            json, keys: ["login", "password", "remember", "session"] + Origin.keys)
        login = try shape.text("login", most: EmailAddress.longest)
        password = try shape.sealed("password")
        remember = try shape.bool("remember")
        session = try shape.hash("session")
        origin = try Origin(shape)
    }

    public var json: JSON {
        .object(
            [
                JSON.Member("login", .string(login)),
                JSON.Member("password", .string(password.text)),
                JSON.Member("remember", .bool(remember)),
                JSON.Member("session", .string(session.text)),
            ] + origin.members)
    }
}

/// The second factor of a session that is half open: six digits of the authenticator, or a recovery code.
public struct SecondStep: Sendable, Equatable {
    public var session: TokenHash
    public var code: Sealed

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["session", "code"])
        session = try shape.hash("session")
        code = try shape.sealed("code")
    }

    public var json: JSON {
        .object(["session": .string(session.text), "code": .string(code.text)])
    }
}

/// «Выход» (SF-080), and the end of one's other sessions.
public struct EndSession: Sendable, Equatable {
    public enum Which: Sendable, Equatable {
        case this(TokenHash)
        /// All but this one.
        case others(TokenHash)
        /// By the id in the list.
        case one(String)
    }
    public var which: Which

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["session", "others", "id"])
        if let hash = try shape.optionalHash("session") {
            which = .this(hash)
        } else if let hash = try shape.optionalHash("others") {
            which = .others(hash)
        } else if let id = try shape.optionalText("id", most: 36), !id.isEmpty {
            which = .one(id)
        } else {
            which = .this(try shape.hash("session"))
        }
    }

    public var json: JSON {
        switch which {
        case .this(let hash): .object(["session": .string(hash.text)])
        case .others(let hash): .object(["others": .string(hash.text)])
        case .one(let id): .object(["id": .string(id)])
        }
    }
}

/// Somebody is there: the idle time begins anew. At most once in 10 minutes.
public struct TouchSession: Sendable, Equatable {
    public var session: TokenHash

    init(_ json: JSON) throws(ShapeError) {
        session = try Shape(json, keys: ["session"]).hash("session")
    }

    public var json: JSON { .object(["session": .string(session.text)]) }
}

// MARK: Passwords and contacts

/// «Забыли пароль?» (SF-038): always answered alike.
public struct AskReset: Sendable, Equatable {
    public var login: String

    init(_ json: JSON) throws(ShapeError) {
        login = try Shape(json, keys: ["login"]).text("login", most: EmailAddress.longest)
    }

    public var json: JSON { .object(["login": .string(login)]) }
}

public struct ResetPassword: Sendable, Equatable {
    public var link: TokenHash
    public var password: Sealed

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["link", "password"])
        link = try shape.hash("link")
        password = try shape.sealed("password")
    }

    public var json: JSON {
        .object(["link": .string(link.text), "password": .string(password.text)])
    }
}

/// «Изменить пароль» (SF-082, SF-090): ends the other sessions.
public struct ChangePassword: Sendable, Equatable {
    public var old: Sealed
    public var new: Sealed
    /// The one that stays.
    public var session: TokenHash

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["old", "new", "session"])
        old = try shape.sealed("old")
        new = try shape.sealed("new")
        session = try shape.hash("session")
    }

    public var json: JSON {
        .object([
            "old": .string(old.text), "new": .string(new.text), "session": .string(session.text),
        ])
    }
}

/// Confirmed from the new address, announced to the old one.
public struct ChangeEmail: Sendable, Equatable {
    public var email: EmailAddress
    public var password: Sealed

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["email", "password"])
        email = try shape.email("email")
        password = try shape.sealed("password")
    }

    public var json: JSON {
        .object(["email": .string(email.text), "password": .string(password.text)])
    }
}

/// A telephone number counts once its code has come back.
public struct ChangePhone: Sendable, Equatable {
    public var phone: PhoneNumber

    init(_ json: JSON) throws(ShapeError) {
        guard let phone = try Shape(json, keys: ["phone"]).optionalPhone("phone") else {
            throw ShapeError("/phone", "shape.missing", "phone")
        }
        self.phone = phone
    }

    public var json: JSON { .object(["phone": .string(phone.text)]) }
}

public struct ConfirmPhone: Sendable, Equatable {
    public var code: Sealed

    init(_ json: JSON) throws(ShapeError) {
        code = try Shape(json, keys: ["code"]).sealed("code")
    }

    public var json: JSON { .object(["code": .string(code.text)]) }
}

// MARK: Accounts

/// «Добавить лицевой счет» (SF-053, SF-065, SF-066, SF-085): the account, and what proves that it is one's own.
public struct Attach: Sendable, Equatable {
    public var account: AccountNumber
    /// Of the cascade (SF-065): must be those of the account.
    public var company: String?
    public var house: String?
    public var surname: String?
    public var apartment: String?
    public var password: Sealed?
    public var paidOn: Day?
    /// Kopecks.
    public var paid: Int64?
    public var billMonth: Month?
    /// Kopecks.
    public var billTotal: Int64?
    public var code: Sealed?

    static let keys = [
        "account", "company", "house", "surname", "apartment", "password", "last_payment_on",
        "last_payment_kopecks", "bill_month", "bill_total_kopecks", "code",
    ]
    static let most: Int64 = 1_000_000_000_000

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: Self.keys)
        account = try shape.account("account")
        company = try shape.optionalText("company", most: 50)
        house = try shape.optionalText("house", most: 50)
        surname = try shape.optionalText("surname") == nil ? nil : try shape.surname("surname")
        apartment = try shape.optionalText("apartment", most: 30)
        password = try shape.optionalSealed("password")
        paidOn = try shape.optionalDay("last_payment_on")
        paid = try shape.optionalInt("last_payment_kopecks", 0...Self.most)
        billMonth =
            try shape.optionalText("bill_month") == nil ? nil : try shape.month("bill_month")
        billTotal = try shape.optionalInt("bill_total_kopecks", -Self.most...Self.most)
        code = try shape.optionalSealed("code")
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "company": company.map(JSON.string),
            "house": house.map(JSON.string), "surname": surname.map(JSON.string),
            "apartment": apartment.map(JSON.string),
            "password": password.map { .string($0.text) },
            "last_payment_on": paidOn.map { .string($0.description) },
            "last_payment_kopecks": paid.map(JSON.int),
            "bill_month": billMonth.map { .string($0.description) },
            "bill_total_kopecks": billTotal.map(JSON.int), "code": code.map { .string($0.text) },
        ])
    }

    /// Which factors are given.
    public var factors: Set<IdentityProfile.Factor> {
        var factors: Set<IdentityProfile.Factor> = []
        if surname != nil { factors.insert(.surname) }
        if apartment != nil { factors.insert(.apartment) }
        if password != nil { factors.insert(.password) }
        if paidOn != nil, paid != nil { factors.insert(.payment) }
        if billMonth != nil, billTotal != nil { factors.insert(.bill) }
        if code != nil { factors.insert(.code) }
        return factors
    }
}

/// What a person calls an account: «дача».
public struct RenameAccount: Sendable, Equatable {
    public var account: AccountNumber
    public var name: String?

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "name"])
        account = try shape.account("account")
        name = try shape.optionalText("name", most: 50)
    }

    public var json: JSON {
        .object(["account": .string(account.text), "name": name.map(JSON.string)])
    }
}

/// «удаление лицевых счетов» (SF-088).
public struct Detach: Sendable, Equatable {
    public var account: AccountNumber

    init(_ json: JSON) throws(ShapeError) {
        account = try Shape(json, keys: ["account"]).account("account")
    }

    public var json: JSON { .object(["account": .string(account.text)]) }
}

/// «удаление … учетной записи» (SF-089).
public struct DeleteUser: Sendable, Equatable {
    public var password: Sealed

    init(_ json: JSON) throws(ShapeError) {
        password = try Shape(json, keys: ["password"]).sealed("password")
    }

    public var json: JSON { .object(["password": .string(password.text)]) }
}

/// What another person may do with an account.
public enum Right: String, Sendable, CaseIterable { case view, readings, pay }

/// The owner invites another person by e-mail.
public struct Share: Sendable, Equatable {
    public var account: AccountNumber
    public var email: EmailAddress
    public var rights: [Right]

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "email", "rights"])
        account = try shape.account("account")
        email = try shape.email("email")
        rights = try shape.rights("rights")
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "email": .string(email.text),
            "rights": .array(rights.map { .string($0.rawValue) }),
        ])
    }
}

public struct EndShare: Sendable, Equatable {
    public var account: AccountNumber
    /// The id of the command that shared it.
    public var share: String

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "share"])
        account = try shape.account("account")
        share = try shape.text("share", most: 36)
    }

    public var json: JSON {
        .object(["account": .string(account.text), "share": .string(share)])
    }
}

// MARK: The second factor

/// The secret was shown to the person; the code proves that the authenticator has it.
public struct EnableSecondFactor: Sendable, Equatable {
    public var secret: Sealed
    public var code: Sealed
    public var password: Sealed
    /// Ten recovery codes, shown once.
    public var recovery: Sealed

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["secret", "code", "password", "recovery"])
        secret = try shape.sealed("secret")
        code = try shape.sealed("code")
        password = try shape.sealed("password")
        recovery = try shape.sealed("recovery")
    }

    public var json: JSON {
        .object([
            "secret": .string(secret.text), "code": .string(code.text),
            "password": .string(password.text), "recovery": .string(recovery.text),
        ])
    }
}

public struct DisableSecondFactor: Sendable, Equatable {
    public var password: Sealed
    public var code: Sealed

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["password", "code"])
        password = try shape.sealed("password")
        code = try shape.sealed("code")
    }

    public var json: JSON {
        .object(["password": .string(password.text), "code": .string(code.text)])
    }
}

// MARK: Consents

/// «Сохранить изменения» of «Дополнительные услуги» (SF-130…SF-137): what is on, and where to.
public struct SaveServices: Sendable, Equatable {
    public var account: AccountNumber
    /// Those that are ticked; all others are off.
    public var on: [IdentityProfile.Consent.Purpose]
    /// The version of each text that was shown, by its purpose.
    public var versions: [String: String]
    public var origin: Origin

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "on", "versions"] + Origin.keys)
        account = try shape.account("account")
        on = try shape.purposes("on")
        versions = try shape.texts("versions")
        origin = try Origin(shape)
    }

    public var json: JSON {
        .object(
            [
                JSON.Member("account", .string(account.text)),
                JSON.Member("on", .array(on.map { .string($0.rawValue) })),
            ]
                + (versions.isEmpty
                    ? []
                    : [
                        JSON.Member(
                            "versions",
                            .object(
                                versions.sorted { $0.key < $1.key }.map {
                                    JSON.Member($0.key, .string($0.value))
                                }))
                    ]) + origin.members)
    }
}

/// One click in a letter (RFC 8058).
public struct Unsubscribe: Sendable, Equatable {
    public var link: TokenHash
    public var origin: Origin

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["link"] + Origin.keys)
        link = try shape.hash("link")
        origin = try Origin(shape)
    }

    public var json: JSON {
        .object([JSON.Member("link", .string(link.text))] + origin.members)
    }
}

// MARK: The operator

/// Access is restored for somebody whose contact is lost (SF-039, SF-040).
public struct RestoreAccess: Sendable, Equatable {
    public enum Check: String, Sendable, CaseIterable {
        /// Documents that prove the account to be the person's, in the office.
        case documents
        /// Questions, by telephone.
        case questions
    }
    public var login: String
    public var email: EmailAddress
    public var check: Check
    public var why: String

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["login", "email", "check", "why"])
        login = try shape.text("login", most: EmailAddress.longest)
        email = try shape.email("email")
        guard let check = Check(rawValue: try shape.text("check")) else {
            throw ShapeError(
                "/check", "shape.choice", Check.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.check = check
        why = try shape.text("why", most: 500)
    }

    public var json: JSON {
        .object([
            "login": .string(login), "email": .string(email.text),
            "check": .string(check.rawValue), "why": .string(why),
        ])
    }
}

extension Shape {
    func language(_ key: String) throws(ShapeError) -> String {
        let text = try optionalText(key) ?? "ru"
        guard ["ru", "en"].contains(text) else {
            throw ShapeError("/\(key)", "shape.choice", "ru, en")
        }
        return text
    }

    func rights(_ key: String) throws(ShapeError) -> [Right] {
        var rights: [Right] = []
        for item in try list(key, most: Right.allCases.count) {
            guard let text = item.string else { throw ShapeError("/\(key)", "shape.string") }
            guard let right = Right(rawValue: text) else {
                throw ShapeError(
                    "/\(key)", "shape.choice",
                    Right.allCases.map(\.rawValue).joined(separator: ", "))
            }
            if !rights.contains(right) { rights.append(right) }
        }
        return rights.isEmpty || !rights.contains(.view) ? [.view] + rights : rights
    }

    func purposes(_ key: String) throws(ShapeError) -> [IdentityProfile.Consent.Purpose] {
        var purposes: [IdentityProfile.Consent.Purpose] = []
        for text in try list(key) {
            guard let purpose = IdentityProfile.Consent.Purpose(rawValue: text) else {
                throw ShapeError(
                    "/\(key)", "shape.choice",
                    IdentityProfile.Consent.Purpose.allCases.map(\.rawValue).joined(separator: ", ")
                )
            }
            if !purposes.contains(purpose) { purposes.append(purpose) }
        }
        return purposes
    }
}

// MARK: Kinds

extension IdentityCommand {
    /// What its order is kept by: the login that somebody tries, the registration, the link, the session, or the person who
    /// asks. Where logins are no numbers, some that look like one stand in one order: that harms nobody.
    func about(actor: String) -> String {
        switch self {
        case .check(let body): "login \(body.account.stripped)"
        case .register(let body):
            if let account = body.account {
                "login \(account.stripped)"
            } else {
                "login \(LoginName(body.login ?? body.email?.key ?? "", .account).key)"
            }
        case .signIn(let body): "login \(LoginName(body.login, .account).key)"
        case .askReset(let body): "login \(LoginName(body.login, .account).key)"
        case .restoreAccess(let body): "login \(LoginName(body.login, .account).key)"
        case .sendCode(let body): "registration \(body.registration)"
        case .confirm(let body): "registration \(body.registration)"
        case .openLink(let body): "link \(body.link.text)"
        case .resetPassword(let body): "link \(body.link.text)"
        case .unsubscribe(let body): "link \(body.link.text)"
        case .secondStep(let body): "session \(body.session.text)"
        case .touchSession(let body): "session \(body.session.text)"
        case .endSession(let body):
            if case .this(let hash) = body.which { "session \(hash.text)" } else { actor }
        case .changePassword, .changeEmail, .changePhone, .confirmPhone, .attach, .renameAccount,
            .detach, .deleteUser, .share, .endShare, .enableSecondFactor, .disableSecondFactor,
            .saveServices:
            actor
        }
    }

    /// Reads the body of a command of identity; nil when the kind is none of these.
    init?(_ kind: Command.Kind, _ json: JSON) throws(ShapeError) {
        switch kind {
        case .checkHolder: self = .check(try CheckHolder(json))
        case .startRegistration: self = .register(try Registration(json))
        case .sendRegistrationCode: self = .sendCode(try SendCode(json))
        case .confirmRegistration: self = .confirm(try Confirm(json))
        case .openLink: self = .openLink(try OpenLink(json))
        case .openSession: self = .signIn(try SignIn(json))
        case .completeSession: self = .secondStep(try SecondStep(json))
        case .endSession: self = .endSession(try EndSession(json))
        case .touchSession: self = .touchSession(try TouchSession(json))
        case .askPasswordReset: self = .askReset(try AskReset(json))
        case .resetPassword: self = .resetPassword(try ResetPassword(json))
        case .changePassword: self = .changePassword(try ChangePassword(json))
        case .changeEmail: self = .changeEmail(try ChangeEmail(json))
        case .changePhone: self = .changePhone(try ChangePhone(json))
        case .confirmPhone: self = .confirmPhone(try ConfirmPhone(json))
        case .attachAccount: self = .attach(try Attach(json))
        case .renameAccount: self = .renameAccount(try RenameAccount(json))
        case .detachAccount: self = .detach(try Detach(json))
        case .deleteUser: self = .deleteUser(try DeleteUser(json))
        case .shareAccount: self = .share(try Share(json))
        case .endShare: self = .endShare(try EndShare(json))
        case .enableSecondFactor: self = .enableSecondFactor(try EnableSecondFactor(json))
        case .disableSecondFactor: self = .disableSecondFactor(try DisableSecondFactor(json))
        case .saveServices: self = .saveServices(try SaveServices(json))
        case .unsubscribe: self = .unsubscribe(try Unsubscribe(json))
        case .restoreAccess: self = .restoreAccess(try RestoreAccess(json))
        default: return nil
        }
    }

    public var kind: Command.Kind {
        switch self {
        case .check: .checkHolder
        case .register: .startRegistration
        case .sendCode: .sendRegistrationCode
        case .confirm: .confirmRegistration
        case .openLink: .openLink
        case .signIn: .openSession
        case .secondStep: .completeSession
        case .endSession: .endSession
        case .touchSession: .touchSession
        case .askReset: .askPasswordReset
        case .resetPassword: .resetPassword
        case .changePassword: .changePassword
        case .changeEmail: .changeEmail
        case .changePhone: .changePhone
        case .confirmPhone: .confirmPhone
        case .attach: .attachAccount
        case .renameAccount: .renameAccount
        case .detach: .detachAccount
        case .deleteUser: .deleteUser
        case .share: .shareAccount
        case .endShare: .endShare
        case .enableSecondFactor: .enableSecondFactor
        case .disableSecondFactor: .disableSecondFactor
        case .saveServices: .saveServices
        case .unsubscribe: .unsubscribe
        case .restoreAccess: .restoreAccess
        }
    }

    public var json: JSON {
        switch self {
        case .check(let body): body.json
        case .register(let body): body.json
        case .sendCode(let body): body.json
        case .confirm(let body): body.json
        case .openLink(let body): body.json
        case .signIn(let body): body.json
        case .secondStep(let body): body.json
        case .endSession(let body): body.json
        case .touchSession(let body): body.json
        case .askReset(let body): body.json
        case .resetPassword(let body): body.json
        case .changePassword(let body): body.json
        case .changeEmail(let body): body.json
        case .changePhone(let body): body.json
        case .confirmPhone(let body): body.json
        case .attach(let body): body.json
        case .renameAccount(let body): body.json
        case .detach(let body): body.json
        case .deleteUser(let body): body.json
        case .share(let body): body.json
        case .endShare(let body): body.json
        case .enableSecondFactor(let body): body.json
        case .disableSecondFactor(let body): body.json
        case .saveServices(let body): body.json
        case .unsubscribe(let body): body.json
        case .restoreAccess(let body): body.json
        }
    }
}
