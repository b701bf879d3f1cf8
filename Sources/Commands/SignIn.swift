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
