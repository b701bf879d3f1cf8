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
    /// What the browser that begins it holds: with it the letter's link needs no password. Nil: no letter is to come.
    public var browser: TokenHash?
    public var origin: Origin

    static let keys = [
        "account", "surname", "login", "email", "phone", "password", "way", "language", "terms",
        "browser",
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
        browser = try shape.optionalHash("browser")
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
                browser.map { JSON.Member("browser", .string($0.text)) },
            ].compactMap { $0 } + origin.members)
    }
}

/// «Отправить смс» (SF-033): a code for a registration that is to be confirmed by message.
public struct SendCode: Sendable, Equatable {
    /// The id of the command that began it.
    public var registration: String
    /// Nil: the one that was given before.
    public var phone: PhoneNumber?

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["registration", "phone"])
        registration = try shape.text("registration", most: 36)
        phone = try shape.optionalPhone("phone")
    }

    public var json: JSON {
        .object([
            "registration": .string(registration), "phone": phone.map { .string($0.text) },
        ])
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
    /// Registrations begun in one browser whose letters need no password there: whoever begins anew may open an earlier letter.
    public static let mostBrowsers = 3

    public var link: TokenHash
    public var session: TokenHash
    /// Of a registration: what the browser holds since it began some, the last of them.
    public var browsers: [TokenHash]
    /// Of a registration, in another browser: the one that was typed when it began.
    public var password: Sealed?
    public var origin: Origin

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(
            json, keys: ["link", "session", "browsers", "password"] + Origin.keys)
        link = try shape.hash("link")
        session = try shape.hash("session")
        browsers = try shape.hashes("browsers", most: Self.mostBrowsers)
        password = try shape.optionalSealed("password")
        origin = try Origin(shape)
    }

    public var json: JSON {
        .object(
            [
                JSON.Member("link", .string(link.text)),
                JSON.Member("session", .string(session.text)),
                browsers.isEmpty
                    ? nil
                    : JSON.Member("browsers", .array(browsers.map { .string($0.text) })),
                password.map { JSON.Member("password", .string($0.text)) },
            ].compactMap { $0 } + origin.members)
    }
}

/// Whoever was invited and has no login makes one of the address that the invitation went to: its link proves it.
public struct RegisterInvited: Sendable, Equatable {
    public var link: TokenHash
    /// The session that begins with it where the profile says so.
    public var session: TokenHash
    public var password: Sealed
    public var language: String
    /// The version of the terms that the person agreed to, ticking them.
    public var terms: String
    public var origin: Origin

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(
            json, keys: ["link", "session", "password", "language", "terms"] + Origin.keys)
        link = try shape.hash("link")
        session = try shape.hash("session")
        password = try shape.sealed("password")
        language = try shape.language("language")
        terms = try shape.text("terms", most: 50)
        origin = try Origin(shape)
    }

    public var json: JSON {
        .object(
            [
                JSON.Member("link", .string(link.text)),
                JSON.Member("session", .string(session.text)),
                JSON.Member("password", .string(password.text)),
                JSON.Member("language", .string(language)), JSON.Member("terms", .string(terms)),
            ] + origin.members)
    }
}
