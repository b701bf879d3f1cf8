import Crypto
import Postgres

/// Signing in before identity exists: a link whose token is a session's, for a resident made for the demo.
public struct Demo {
    private let console: Console
    public init(_ console: Console) { self.console = console }

    public struct Link: Sendable {
        public let organization: String
        public let name: String
        public let token: String
        public let accounts: [String]
    }

    /// One link an organization that has accounts; each call makes new ones, good for a week.
    public func links() throws -> [Link] {
        try Secrets.start()
        return try console.connection.transaction {
            try console.connection.run("operations/demo_people").map { row in
                let token = Secrets.token(prefix: "demo_")
                try console.connection.run(
                    "operations/demo_session", .bytes(Secrets.tokenHash(token)),
                    .text(row.text(0)), .int64(row.int64(1)))
                return Link(
                    organization: row.text(0), name: row.text(2), token: token,
                    accounts: row.texts(3))
            }
        }
    }

    /// Organizations that have no kind of charge yet: what the demo says of charges would override nothing of theirs.
    public func bare() throws -> [String] {
        try console.connection.run("operations/demo_bare").map { $0.text(0) }
    }
}
