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
        if let text = try shape.optionalText("person") {
            guard let id = Int64(text) else { throw ShapeError("/person", "shape.string") }
            person = id
        }
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
            "login": .string(login), "person": person.map { .string("\($0)") },
            "email": .string(email.text),
            "check": .string(check.rawValue), "why": .string(why),
        ])
    }
}
