/// A form that came and could not be taken: what it takes to send it again under the same key, so that it is taken once however
/// often it is sent. No secret is in it: what was one is typed anew.
public struct HeldForm: Sendable, Equatable {
    /// What is never drawn again, by how it is typed.
    public enum Secret: Sendable, Equatable {
        case password
        case newPassword
        case code
    }

    public enum Content: Sendable, Equatable {
        case typed(String)
        case secret(Secret)
    }

    public struct Field: Sendable, Equatable {
        public let name: String
        public let content: Content

        public init(_ name: String, _ content: Content) {
            self.name = name
            self.content = content
        }
    }

    /// The path that it was posted to.
    public let action: String
    /// In the order in which they came: a post that is repeated may be known by its bytes.
    public let fields: [Field]
    /// This try, or one before it, may have been saved; nobody knows yet.
    public var isDoubtful: Bool

    public init(action: String, fields: [Field], isDoubtful: Bool = false) {
        self.action = action
        self.fields = fields
        self.isDoubtful = isDoubtful
    }

    /// Nothing has to be typed anew.
    public var isWhole: Bool {
        fields.allSatisfy { if case .typed = $0.content { true } else { false } }
    }

    /// The text of a field; nil: there is none, or it is a secret.
    public subscript(_ name: String) -> String? {
        for field in fields where field.name == name {
            if case .typed(let text) = field.content { return text }
        }
        return nil
    }
}

/// How something is asked for again that could not be answered just now.
public enum Retry: Sendable, Equatable {
    /// A page: its address is asked for again, by itself.
    case page
    case form(HeldForm)
}

extension FormOutcome {
    /// Something of it was saved, or nobody knows yet whether it was.
    public var mayBeSaved: Bool {
        ([ending] + parts.map(\.ending)).contains { $0.mayBeSaved }
    }
}

extension FormOutcome.Ending {
    fileprivate var mayBeSaved: Bool {
        switch self {
        case .unavailable(_, let isDoubtful): isDoubtful
        case .outcome(let outcome): outcome.state != .refused
        case .misshapen, .kept: false
        }
    }
}
