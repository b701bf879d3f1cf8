/// An operator takes an account out of somebody's hands, after a check as for restoring access.
public struct DetachPerson: Sendable, Equatable {
    public var account: AccountNumber
    public var login: String
    /// Whose page it was asked for on: the login must be this person's. Nil: asked at the server, by the login alone.
    public var person: Int64?
    public var check: RestoreAccess.Check
    public var why: String

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["account", "login", "person", "check", "why"])
        account = try shape.account("account")
        login = try shape.text("login", most: EmailAddress.longest)
        person = try shape.person("person")
        check = try shape.check("check")
        why = try shape.text("why", most: 500)
    }

    public var json: JSON {
        .object([
            "account": .string(account.text), "login": .string(login),
            "person": person.map { .string("\($0)") }, "check": .string(check.rawValue),
            "why": .string(why),
        ])
    }
}

extension Shape {
    /// The id of a person, as text.
    func person(_ key: String) throws(ShapeError) -> Int64? {
        guard let text = try optionalText(key) else { return nil }
        guard let id = Int64(text) else { throw ShapeError("/\(key)", "shape.string") }
        return id
    }

    func check(_ key: String) throws(ShapeError) -> RestoreAccess.Check {
        guard let check = RestoreAccess.Check(rawValue: try text(key)) else {
            throw ShapeError(
                "/\(key)", "shape.choice",
                RestoreAccess.Check.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return check
    }
}
