import Commands
import HTTP

/// One thing that a person may ask for. The form that posts it and its JSON twin are two encodings of the same command: both
/// become the same members, which are read by the same code. The list is in Acts.swift, what is done with it in Acting.swift.
struct Act: Sendable {
    /// Who may.
    enum Caller: Sendable {
        /// Nobody has to be signed in.
        case visitor
        /// Whoever holds a session's token, be the session half open or still undecided.
        case holder
        /// Who is signed in.
        case person
    }

    /// What it does to sessions.
    enum Sessions: Sendable {
        case none
        /// A token is made here, and counts once its command is accepted.
        case opens
        /// The one of the request ends.
        case ends
    }

    /// What somebody types, or a program sends.
    struct Field: Sendable {
        enum Kind: Sendable {
            case text
            /// Sealed to the workers' key.
            case secret
            /// Sealed; spaces, hyphens and case do not count.
            case code
            /// Sealed, of the length that the profile wants. A form types it twice, again as `…_again`.
            case newPassword
            /// A form sends 1, or nothing.
            case flag
            /// Kopecks; a form sends roubles («123,45») in a field without the unit in its name.
            case money
            /// A list of those of these names that are chosen; a form sends 1 for each, in a field of the name behind a prefix.
            case choices(prefix: String, of: [String])
            /// Texts by name; a form sends each in a field of the name behind a prefix.
            case texts(prefix: String, of: [String])
        }
        let name: String
        let kind: Kind
        let isRequired: Bool
        let note: String
        /// The command's member; nil: of no concern to the lane.
        let member: String?
        /// What a form calls it.
        let typed: String

        /// What the command calls it.
        enum Member: Sendable {
            case same
            case other(String)
            /// It is of no concern to the lane.
            case none
        }

        init(
            _ name: String, _ kind: Kind, required: Bool = false, member: Member = .same,
            typed: String? = nil, _ note: String
        ) {
            self.name = name
            self.kind = kind
            isRequired = required
            self.note = note
            switch member {
            case .same: self.member = name
            case .other(let other): self.member = other
            case .none: self.member = nil
            }
            self.typed = typed ?? name
        }

        init(_ name: String, required: Bool = false, member: Member = .same, _ note: String) {
            self.init(name, .text, required: required, member: member, note)
        }

        /// Never drawn again.
        var isSecret: Bool {
            switch kind {
            case .secret, .code, .newPassword: true
            case .text, .flag, .money, .choices, .texts: false
            }
        }
    }

    /// What is not typed.
    enum Part: Sendable {
        /// A part of the path, as it is, under the command's name for it.
        case path(String, as: String)
        /// The hash of the path's token.
        case link
        /// The hash of the session's token: that of the request, or the one that is made for it.
        case session(as: String)
        /// From where.
        case origin
        /// The hash of what shows from now on that a registration was begun here, where a letter is to confirm it.
        case newBrowser
        /// The hashes of what shows which were: in the browser's cookie, or a program's `registration_token`.
        case browsers
        /// Ten recovery codes made here, sealed, and shown once.
        case recovery
    }

    /// What the checks before the queue know.
    struct Reading {
        let identity: IdentityProfile
        let language: String
        /// What was typed, in the command's own words; secrets still in clear.
        var members: [String: JSON]

        func text(_ name: String) -> String? {
            guard let text = members[name]?.string, !text.isEmpty else { return nil }
            return text
        }

        func require(_ names: [String]) throws(ShapeError) {
            for name in names where text(name) == nil {
                throw ShapeError("/\(name)", "shape.missing", name)
            }
        }
    }

    /// What came of it, for who decides where to go on.
    struct Ended {
        let parameters: Parameters
        let outcome: Outcome
        let members: [String: JSON]
        /// Whether a session was there before.
        let isSignedIn: Bool

        /// The account of the path, as it stands in a path.
        var account: String { Ingress.segment(parameters["account"] ?? "") }

        /// Where whoever signed in was on the way to.
        var wanted: WantedPage? { Act.wanted(members) }
    }

    static func wanted(_ members: [String: JSON]) -> WantedPage? {
        members["next"]?.string.flatMap { WantedPage($0) }
    }

    /// Where a form leads that did not fail.
    enum Next {
        /// A path behind the organization's.
        case go(String)
        /// A page drawn with the outcome.
        case draw(FormPage)
    }

    let kind: Command.Kind
    let summary: String
    let form: String?
    let json: (method: String, pattern: String)?
    let caller: Caller
    /// Throttled by address: it asks whether something is right, or costs something.
    var isGuarded = false
    /// Whether it has a code sent to a telephone.
    var sendsCode: @Sendable ([String: JSON]) -> Bool = { _ in false }
    var sessions = Sessions.none
    var fields: [Field] = []
    var parts: [Part] = []
    let page: @Sendable (Parameters) -> FormPage
    var check: @Sendable (inout Reading) throws(ShapeError) -> Void = { _ throws(ShapeError) in }
    let next: @Sendable (Ended) -> Next

    /// Whether the path names an account, which must be one's own.
    var isOfAccount: Bool { (form ?? json?.pattern ?? "").contains("/{account}") }

    var isSecret: Bool {
        fields.contains { $0.isSecret }
    }

    /// Whether something of these members has to be sealed: a secret that may be left out was not typed.
    func seals(_ members: [String: JSON]) -> Bool {
        fields.contains { $0.isSecret && $0.member != nil && members[$0.name] != nil }
            || parts.contains { if case .recovery = $0 { true } else { false } }
    }
}

// MARK: Two encodings

extension Act {
    /// The members of a form. Fields that nobody asked for are passed over, as browsers and their helpers add some.
    func members(form: [String: String]) throws(ShapeError) -> [String: JSON] {
        var members: [String: JSON] = [:]
        for field in fields {
            guard let value = try field.value(form: form) else { continue }
            members[field.name] = value
        }
        return members
    }

    /// The members of a JSON body: all that is there must be known.
    func members(json: JSON) throws(ShapeError) -> [String: JSON] {
        guard let given = json.members else { throw ShapeError("", "shape.object") }
        var members: [String: JSON] = [:]
        for member in given {
            guard let field = fields.first(where: { $0.name == member.key }) else {
                throw ShapeError("/\(member.key)", "shape.unknown", member.key)
            }
            if member.value == .null { continue }
            if field.isSecret, member.value.string == nil {
                throw ShapeError("/\(member.key)", "shape.string")
            }
            members[member.key] = member.value
        }
        return members
    }

    /// What is left of a form to be drawn again: never a secret, never what the person must answer anew.
    func kept(_ form: [String: String]) -> [String: String] {
        var kept: [String: String] = [:]
        for field in fields where !field.isSecret && field.member != nil {
            for name in field.typedNames { kept[name] = form[name] }
        }
        // Which form of its page it was, the key that goes out again when nothing was saved, and where it leads to.
        for name in ["form", "key", "next"] { kept[name] = form[name] }
        return kept
    }

    /// A fault of a member, told by the name of the form's field.
    func typed(_ error: ShapeError) -> ShapeError {
        let name = String(error.pointer.dropFirst())
        guard let field = fields.first(where: { $0.member == name || $0.name == name }) else {
            return error
        }
        return ShapeError(
            "/\(field.typed)", error.key, error.value == name ? field.typed : error.value)
    }
}

extension Act.Field {
    /// Every field of a form that belongs to it.
    var typedNames: [String] {
        switch kind {
        case .choices(let prefix, let names), .texts(let prefix, let names):
            names.map { prefix + $0 }
        case .newPassword: [typed, "\(typed)_again"]
        case .text, .secret, .code, .flag, .money: [typed]
        }
    }

    fileprivate func value(form: [String: String]) throws(ShapeError) -> JSON? {
        let text = form[typed] ?? ""
        switch kind {
        case .text:
            let trimmed = Self.trimmed(text)
            return trimmed.isEmpty ? nil : .string(trimmed)
        case .secret, .code: return text.isEmpty ? nil : .string(text)
        case .newPassword:
            guard !text.isEmpty else { return nil }
            guard form["\(typed)_again"] == text else {
                throw ShapeError("/\(typed)_again", "shape.again")
            }
            return .string(text)
        case .flag: return text == "1" ? .bool(true) : nil
        case .money:
            let trimmed = Self.trimmed(text)
            guard !trimmed.isEmpty else { return nil }
            guard let kopecks = Kopecks.read(roubles: trimmed) else {
                throw ShapeError("/\(typed)", "shape.money")
            }
            return .int(kopecks)
        case .choices(let prefix, let names):
            return .array(names.filter { form[prefix + $0] == "1" }.map(JSON.string))
        case .texts(let prefix, let names):
            return .object(
                names.compactMap { name in
                    form[prefix + name].map { JSON.Member(name, .string($0)) }
                })
        }
    }

    /// Without the spaces around it, as keyboards of telephones leave them.
    private static func trimmed(_ text: String) -> String {
        var rest = text.unicodeScalars[...]
        while rest.first?.properties.isWhitespace == true { rest.removeFirst() }
        while rest.last?.properties.isWhitespace == true { rest.removeLast() }
        return String(Substring(rest))
    }
}

// MARK: OpenAPI

extension Act.Field {
    var inJSON: Endpoint.Field {
        let type =
            switch kind {
            case .text, .secret, .code, .newPassword: "string"
            case .flag: "boolean"
            case .money: "integer"
            case .choices: "array"
            case .texts: "object"
            }
        return .init(name, note, type: type, required: isRequired)
    }

    var inForm: [Endpoint.Field] {
        switch kind {
        case .choices: typedNames.map { .init($0, "1: \(note)") }
        case .texts: typedNames.map { .init($0, note) }
        case .newPassword:
            [
                .init(typed, note, required: isRequired),
                .init("\(typed)_again", "The same again.", required: isRequired),
            ]
        case .flag: [.init(typed, "1: \(note)")]
        case .money: [.init(typed, "\(note) In roubles: 123,45.", required: isRequired)]
        case .text, .secret, .code: [.init(typed, note, required: isRequired)]
        }
    }
}
