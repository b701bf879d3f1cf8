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
    case registerInvited(RegisterInvited)
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
    case detachPerson(DetachPerson)
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

    /// None when it is not there.
    func hashes(_ key: String, most: Int) throws(ShapeError) -> [TokenHash] {
        let given = try list(key)
        guard given.count <= most else { throw ShapeError("/\(key)", "shape.many", "\(most)") }
        var hashes: [TokenHash] = []
        for text in given {
            guard let hash = TokenHash(text) else { throw ShapeError("/\(key)", "shape.hash") }
            hashes.append(hash)
        }
        return hashes
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

extension Shape {
    func language(_ key: String) throws(ShapeError) -> String {
        let text = try optionalText(key) ?? "ru"
        guard ["ru", "en"].contains(text) else {
            throw ShapeError("/\(key)", "shape.choice", "ru, en")
        }
        return text
    }

    /// What may be done with an account beside looking at it; looking alone when nothing is said.
    func rights(_ key: String) throws(ShapeError) -> [Right] {
        let items = try items(key)
        guard items.count <= Right.allCases.count else {
            throw ShapeError("/\(key)", "shape.many", "\(Right.allCases.count)")
        }
        var rights: [Right] = []
        for item in items {
            guard let text = item.string else { throw ShapeError("/\(key)", "shape.string") }
            guard let right = Right(rawValue: text) else {
                throw ShapeError(
                    "/\(key)", "shape.choice",
                    Right.allCases.map(\.rawValue).joined(separator: ", "))
            }
            if !rights.contains(right) { rights.append(right) }
        }
        return rights.contains(.view) ? rights : [.view] + rights
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
        case .detachPerson(let body): "login \(LoginName(body.login, .account).key)"
        case .sendCode(let body): "registration \(body.registration)"
        case .confirm(let body): "registration \(body.registration)"
        case .openLink(let body): "link \(body.link.text)"
        case .registerInvited(let body): "link \(body.link.text)"
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
        case .registerInvited: self = .registerInvited(try RegisterInvited(json))
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
        case .detachPerson: self = .detachPerson(try DetachPerson(json))
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
        case .registerInvited: .registerInvited
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
        case .detachPerson: .detachPerson
        }
    }

    public var json: JSON {
        switch self {
        case .check(let body): body.json
        case .register(let body): body.json
        case .sendCode(let body): body.json
        case .confirm(let body): body.json
        case .openLink(let body): body.json
        case .registerInvited(let body): body.json
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
        case .detachPerson(let body): body.json
        }
    }
}
