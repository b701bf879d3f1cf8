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
    /// Nil: of before one was asked for, and refused.
    public var password: Sealed?

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["phone", "password"])
        guard let phone = try shape.optionalPhone("phone") else {
            throw ShapeError("/phone", "shape.missing", "phone")
        }
        self.phone = phone
        password = try shape.optionalSealed("password")
    }

    public var json: JSON {
        .object(["phone": .string(phone.text), "password": password.map { .string($0.text) }])
    }
}

public struct ConfirmPhone: Sendable, Equatable {
    public var code: Sealed

    init(_ json: JSON) throws(ShapeError) {
        code = try Shape(json, keys: ["code"]).sealed("code")
    }

    public var json: JSON { .object(["code": .string(code.text)]) }
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
