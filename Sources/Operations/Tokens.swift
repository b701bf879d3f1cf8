public import Commands
import Crypto
import Postgres

/// Programs' keys. A token is shown once, here; only its hash rests.
public struct Tokens {
    public static let scopes = ["readings", "accounts.read", "payments", "export", "operator"]
    public static let prefix = "kab_"

    private let console: Console
    public init(_ console: Console) { self.console = console }

    public struct Request: Sendable {
        public var organization: String
        public var name: String
        public var scopes: [String]
        public var channel: Channel
        /// Requests a second.
        public var rate: Int32
        /// From the first moment of this day, in the organization's zone, it is no longer good.
        public var expires: Day?

        public init(
            organization: String, name: String, scopes: [String], channel: Channel, rate: Int32,
            expires: Day?
        ) {
            self.organization = organization
            self.name = name
            self.scopes = scopes
            self.channel = channel
            self.rate = rate
            self.expires = expires
        }
    }

    public func create(_ request: Request) throws -> (id: Int64, token: String, expires: Moment?) {
        try Secrets.start()
        try console.requireOrganization(request.organization)
        let token = Secrets.token(prefix: Self.prefix)
        return try console.connection.transaction {
            guard
                let row = try console.connection.run(
                    "operations/make_token", .bytes(Secrets.tokenHash(token)),
                    .text(request.organization), .text(request.name), .texts(request.scopes),
                    .text(request.channel.rawValue), .int32(request.rate),
                    .date(request.expires?.days)
                ).first
            else { throw OperationError(.noAnswer) }
            let id = row.int64(0)
            try console.audit(
                "token.create", request.organization,
                .object([
                    "token": .int(id), "name": .string(request.name),
                    "scopes": .array(request.scopes.map(JSON.string)),
                    "channel": .string(request.channel.rawValue),
                    "rate": .int(Int64(request.rate)),
                    "expires": request.expires.map { .string($0.description) },
                ]))
            return (id, token, row.optional(1, row.timestamp).map(Moment.init))
        }
    }

    public struct Listed: Sendable {
        public let id: Int64
        public let name: String
        public let scopes: [String]
        public let channel: String
        public let rate: Int32
        public let created: Moment
        public let expires: Moment?
        public let revoked: Moment?
        public let valid: Bool
    }

    public func list(_ organization: String) throws -> [Listed] {
        try console.requireOrganization(organization)
        return try console.connection.run("operations/tokens", .text(organization)).map { row in
            Listed(
                id: row.int64(0), name: row.text(1), scopes: row.texts(2), channel: row.text(3),
                rate: row.int32(4), created: Moment(row.timestamp(5)),
                expires: row.optional(6, row.timestamp).map(Moment.init),
                revoked: row.optional(7, row.timestamp).map(Moment.init), valid: row.bool(8))
        }
    }

    /// Ends a token at once, in every process that keeps it.
    public func revoke(_ id: Int64, why: String) throws -> (organization: String, name: String) {
        try console.connection.transaction {
            guard let row = try console.connection.run("operations/revoke_token", .int64(id)).first
            else { throw OperationError(.noToken(id)) }
            try console.audit(
                "token.revoke", row.text(0),
                .object(["token": .int(id), "name": .string(row.text(1)), "why": .string(why)]))
            return (row.text(0), row.text(1))
        }
    }
}
