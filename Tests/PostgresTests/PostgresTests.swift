import Postgres
import TestKit
import Testing

@Suite struct PostgresTests {
    static let database = Result { try TestDatabase("postgres") }

    func connection() throws -> Connection { try Self.database.get().connection() }

    @Test func `a clone of the template has the schema of the migrations`() throws {
        let rows = try connection().script("select count(*) from queue.command")
        #expect(rows[0].text(0) == "0")
    }
}
