/// What operators ask for about their own access, and what they looked at. What they change of people and accounts are the
/// same commands that everybody's are.
///
/// Each carries the login, by which its order is kept; who asks is the actor of the queue's row (`operator:LOGIN`).
public enum OperatorCommand: Sendable, Equatable {
    case signIn(OperatorSignIn)
    case code(OperatorCode)
    case password(OperatorPassword)
    case factor(OperatorFactor)
    case signOut(OperatorSignOut)
    case viewed(PersonViewed)
}

/// A login as operators have it: small Latin letters, digits, dots, hyphens and underlines.
public struct OperatorLogin: Hashable, Sendable {
    public let text: String

    public init?(_ typed: some StringProtocol) {
        var bytes = Array(typed.lowercased().utf8)[...]
        while bytes.first == 0x20 { bytes.removeFirst() }
        while bytes.last == 0x20 { bytes.removeLast() }
        guard (2...50).contains(bytes.count), bytes.allSatisfy(Self.isPart),
            let first = bytes.first, !".-_".utf8.contains(first)
        else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || ".-_".utf8.contains(byte)
    }

    /// Who an operator's commands are from.
    public var actor: String { "operator:\(text)" }

    /// The operator whose commands these are; nil: somebody else's, or of who sits at the server under a name that is no
    /// login.
    public init?(actor: String) {
        guard actor.hasPrefix("operator:") else { return nil }
        self.init(actor.dropFirst("operator:".count))
    }

    /// Characters of an operator's password: longer than people's, as it opens more.
    public static let passwordLength = 12...128
}

extension Shape {
    fileprivate func operatorLogin() throws(ShapeError) -> OperatorLogin {
        guard let login = OperatorLogin(try text("login", most: 60)) else {
            throw ShapeError("/login", "shape.operator_login")
        }
        return login
    }
}

/// «Войти» of the operators' console.
public struct OperatorSignIn: Sendable, Equatable {
    public var login: OperatorLogin
    public var password: Sealed
    public var session: TokenHash
    public var origin: Origin

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["login", "password", "session"] + Origin.keys)
        login = try shape.operatorLogin()
        password = try shape.sealed("password")
        session = try shape.hash("session")
        origin = try Origin(shape)
    }

    var json: JSON {
        .object(
            [
                JSON.Member("login", .string(login.text)),
                JSON.Member("password", .string(password.text)),
                JSON.Member("session", .string(session.text)),
            ] + origin.members)
    }
}

/// Six digits of the authenticator, for a session that is half open.
public struct OperatorCode: Sendable, Equatable {
    public var login: OperatorLogin
    public var session: TokenHash
    public var code: Sealed

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["login", "session", "code"])
        login = try shape.operatorLogin()
        session = try shape.hash("session")
        code = try shape.sealed("code")
    }

    var json: JSON {
        .object([
            "login": .string(login.text), "session": .string(session.text),
            "code": .string(code.text),
        ])
    }
}

/// A password of one's own, in place of the one that was given, or of one's own before.
public struct OperatorPassword: Sendable, Equatable {
    public var login: OperatorLogin
    public var session: TokenHash
    public var old: Sealed
    public var new: Sealed

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["login", "session", "old", "new"])
        login = try shape.operatorLogin()
        session = try shape.hash("session")
        old = try shape.sealed("old")
        new = try shape.sealed("new")
    }

    var json: JSON {
        .object([
            "login": .string(login.text), "session": .string(session.text),
            "old": .string(old.text), "new": .string(new.text),
        ])
    }
}

/// The authenticator was set up; its code proves it.
public struct OperatorFactor: Sendable, Equatable {
    public var login: OperatorLogin
    public var session: TokenHash
    public var secret: Sealed
    public var code: Sealed
    /// Whoever finds an open session must not make it their own: needed once it is whole.
    public var password: Sealed?
    /// What the authenticator shows that is on: nobody replaces it who has not got it.
    public var present: Sealed?

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(
            json, keys: ["login", "session", "secret", "code", "password", "present"])
        login = try shape.operatorLogin()
        session = try shape.hash("session")
        secret = try shape.sealed("secret")
        code = try shape.sealed("code")
        password = try shape.optionalSealed("password")
        present = try shape.optionalSealed("present")
    }

    var json: JSON {
        .object([
            "login": .string(login.text), "session": .string(session.text),
            "secret": .string(secret.text), "code": .string(code.text),
            "password": password.map { .string($0.text) },
            "present": present.map { .string($0.text) },
        ])
    }
}

public struct OperatorSignOut: Sendable, Equatable {
    public var login: OperatorLogin
    public var session: TokenHash

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["login", "session"])
        login = try shape.operatorLogin()
        session = try shape.hash("session")
    }

    var json: JSON {
        .object(["login": .string(login.text), "session": .string(session.text)])
    }
}

/// An operator was shown something of somebody. Appended before the page leaves, and so never refused.
public struct PersonViewed: Sendable, Equatable {
    public enum What: String, Sendable, CaseIterable {
        /// A list of who was found.
        case found
        /// The card of an account, with those who use it.
        case account
        /// The card of a person.
        case person
    }
    /// By what a list was looked for; the typed text itself is not kept.
    public enum By: String, Sendable, CaseIterable { case number, login, email, surname }

    public var login: OperatorLogin
    public var session: TokenHash
    public var what: What
    public var by: By?
    /// Of those shown.
    public var accounts: [AccountNumber]
    public var persons: [Int64]
    /// Of those shown who have one.
    public var logins: [String]
    public var why: String

    public static let longestWhy = 200
    static let shortestWhy = 3
    /// Rows of a list at most: whoever sees more than that sees everybody.
    public static let mostFound = 20

    /// Why an operator looks, or acts, as it is written down; nil: it says nothing.
    public static func reason(_ typed: String) -> String? {
        let text = typed.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text.prefix(longestWhy))
        let words = String(view).split(separator: " ").joined(separator: " ")
        return words.count >= shortestWhy ? words : nil
    }

    public init(
        login: OperatorLogin, session: TokenHash, what: What, by: By? = nil,
        accounts: [AccountNumber], persons: [Int64], logins: [String], why: String
    ) {
        self.login = login
        self.session = session
        self.what = what
        self.by = by
        self.accounts = accounts
        self.persons = persons
        self.logins = logins
        self.why = why
    }

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(
            json,
            keys: ["login", "session", "what", "by", "accounts", "persons", "logins", "why"])
        login = try shape.operatorLogin()
        session = try shape.hash("session")
        guard let what = What(rawValue: try shape.text("what")) else {
            throw ShapeError(
                "/what", "shape.choice", What.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.what = what
        if let text = try shape.optionalText("by") {
            guard let by = By(rawValue: text) else {
                throw ShapeError(
                    "/by", "shape.choice", By.allCases.map(\.rawValue).joined(separator: ", "))
            }
            self.by = by
        }
        accounts = try shape.list("accounts").compactMap { AccountNumber($0) }
        persons = try shape.list("persons").compactMap { Int64($0) }
        logins = try shape.list("logins")
        why = try shape.text("why", most: Self.longestWhy)
    }

    var json: JSON {
        .object([
            "login": .string(login.text), "session": .string(session.text),
            "what": .string(what.rawValue), "by": by.map { .string($0.rawValue) },
            "accounts": .array(accounts.map { .string($0.text) }),
            "persons": .array(persons.map { .string("\($0)") }),
            "logins": .array(logins.map(JSON.string)), "why": .string(why),
        ])
    }
}

// MARK: Kinds

extension OperatorCommand {
    public var login: OperatorLogin {
        switch self {
        case .signIn(let body): body.login
        case .code(let body): body.login
        case .password(let body): body.login
        case .factor(let body): body.login
        case .signOut(let body): body.login
        case .viewed(let body): body.login
        }
    }

    public var session: TokenHash {
        switch self {
        case .signIn(let body): body.session
        case .code(let body): body.session
        case .password(let body): body.session
        case .factor(let body): body.session
        case .signOut(let body): body.session
        case .viewed(let body): body.session
        }
    }

    /// Reads the body of an operator's command; nil when the kind is none of these.
    init?(_ kind: Command.Kind, _ json: JSON) throws(ShapeError) {
        switch kind {
        case .operatorSignIn: self = .signIn(try OperatorSignIn(json))
        case .operatorCode: self = .code(try OperatorCode(json))
        case .operatorPassword: self = .password(try OperatorPassword(json))
        case .operatorFactor: self = .factor(try OperatorFactor(json))
        case .operatorSignOut: self = .signOut(try OperatorSignOut(json))
        case .personViewed: self = .viewed(try PersonViewed(json))
        default: return nil
        }
    }

    public var kind: Command.Kind {
        switch self {
        case .signIn: .operatorSignIn
        case .code: .operatorCode
        case .password: .operatorPassword
        case .factor: .operatorFactor
        case .signOut: .operatorSignOut
        case .viewed: .personViewed
        }
    }

    public var json: JSON {
        switch self {
        case .signIn(let body): body.json
        case .code(let body): body.json
        case .password(let body): body.json
        case .factor(let body): body.json
        case .signOut(let body): body.json
        case .viewed(let body): body.json
        }
    }
}
