/// A route that declares itself: what the router needs to find it, and what `/openapi.json` says of it.
public struct Endpoint: Sendable {
    /// Who may use it.
    public enum Caller: Sendable, Equatable {
        case anyone
        /// A program with a token of this scope.
        case token(scope: String)
        /// A signed-in person.
        case person
        /// Either of them.
        case tokenOrPerson(scope: String)
        /// A signed-in operator.
        case `operator`
    }

    /// A member of the body or a parameter of the query.
    public struct Field: Sendable {
        /// Of several that are alike, a regular expression: it begins with `^` and ends with `$`.
        public let name: String
        /// A type of JSON Schema: `string`, `boolean`, `object` …
        public let type: String
        public let isRequired: Bool
        public let note: String

        public init(
            _ name: String, _ note: String, type: String = "string", required: Bool = false
        ) {
            self.name = name
            self.type = type
            isRequired = required
            self.note = note
        }

        /// Whether `name` is the expression of many names.
        public var isPattern: Bool { name.hasPrefix("^") }
    }

    public typealias Action = @Sendable (Request, Parameters, Responder) -> Void

    public let method: String
    public let pattern: String
    public let summary: String
    public let caller: Caller
    public let query: [Field]
    /// The body's media type, when it has one.
    public let media: String?
    public let fields: [Field]
    public let statuses: [Int]
    /// Of a form's address: the path of the page that the form stands on, for a browser that asks for the address itself.
    public let page: (@Sendable (Parameters) -> String)?
    public let action: Action

    public init(
        _ method: String, _ pattern: String, _ summary: String, caller: Caller = .anyone,
        query: [Field] = [], media: String? = nil, fields: [Field] = [], statuses: [Int] = [200],
        page: (@Sendable (Parameters) -> String)? = nil, action: @escaping Action
    ) {
        self.method = method
        self.pattern = pattern
        self.summary = summary
        self.caller = caller
        self.query = query
        self.media = media
        self.fields = fields
        self.statuses = statuses
        self.page = page
        self.action = action
    }
}

extension Router where Action == Endpoint {
    /// The page that a form stands on whose address a browser asks for: its own, else the nearest above it. Nil: only the first
    /// page of all is.
    public func page(_ path: [String], raw: String) -> String? {
        if case .found(let endpoint, let parameters) = match(method: "POST", path: path),
            let page = endpoint.page?(parameters),
            case .found = match(method: "GET", path: page.split(separator: "/").map(String.init))
        {
            return page
        }
        guard let above = above(path), above.segments > 0 else { return nil }
        let segments = raw.split(separator: "/").prefix(above.segments)
        return "/" + segments.joined(separator: "/") + (above.hasSlash ? "/" : "")
    }
}
