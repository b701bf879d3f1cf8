/// Access is restored for somebody whose contact is lost (SF-039, SF-040).
public struct RestoreAccess: Sendable, Equatable {
    public enum Check: String, Sendable, CaseIterable {
        /// Documents that prove the account to be the person's, in the office.
        case documents
        /// Questions, by telephone.
        case questions
    }
    public var login: String
    /// Whose page it was asked for on: the login must be this person's. Nil: asked at the server, by the login alone.
    public var person: Int64?
    public var email: EmailAddress
    public var check: Check
    public var why: String

    init(_ json: JSON) throws(ShapeError) {
        let shape = try Shape(json, keys: ["login", "person", "email", "check", "why"])
        login = try shape.text("login", most: EmailAddress.longest)
        person = try shape.person("person")
        email = try shape.email("email")
        check = try shape.check("check")
        why = try shape.text("why", most: 500)
    }

    public var json: JSON {
        .object([
            "login": .string(login), "person": person.map { .string("\($0)") },
            "email": .string(email.text),
            "check": .string(check.rawValue), "why": .string(why),
        ])
    }
}
