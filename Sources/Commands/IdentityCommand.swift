/// What people ask for about their own access: registration, sign-in, passwords, attaching, sharing, consents.
///
/// Secrets never stand here in clear: passwords and codes are sealed to the workers' key by the door, links and session
/// tokens are hashes. Who asks is the actor of the queue's row (`person:ID`), never a member of a body.
public enum IdentityCommand: Sendable, Equatable {
    case check(CheckHolder)
    case register(Register)
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
public struct TokenHash: Sendable, Equatable {
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
