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
    public let action: Action

    public init(
        _ method: String, _ pattern: String, _ summary: String, caller: Caller = .anyone,
        query: [Field] = [], media: String? = nil, fields: [Field] = [], statuses: [Int] = [200],
        action: @escaping Action
    ) {
        self.method = method
        self.pattern = pattern
        self.summary = summary
        self.caller = caller
        self.query = query
        self.media = media
        self.fields = fields
        self.statuses = statuses
        self.action = action
    }
}
