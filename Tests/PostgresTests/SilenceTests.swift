import Glibc
import Postgres
import TestKit
import Testing

/// A server that is there and does not answer: its process is stopped, as a machine that swaps or a cut network would
/// look from here. No timeout of its own runs then.
@Suite(.serialized) struct SilenceTests {
    static let database = Result { try TestDatabase("silence") }

    private static let texts = [
        "one": "select 1::int4", "rows": "select g::int4 from generate_series(1, $1::int4) g",
        "fill": "copy silence (n) from stdin (format binary)",
        "text": "copy silence (n) from stdin",
    ]

    private func patient(_ statements: Statements, _ milliseconds: Int = 300) throws -> Connection {
        try Connection(
            Self.database.get().address(), library: statements.library, patience: milliseconds,
            preparing: ["test/one", "test/rows"])
    }

    private func rows(_ count: Int) -> CopyRows {
        var rows = CopyRows(capacity: count * 20)
        for number in 0..<count {
            rows.begin(1)
            rows.int64(Int64(number))
        }
        return rows
    }

    @Test func `an impatient session works like any other while it is answered`() throws {
        let statements = try Statements(Self.texts)
        let other = try Self.database.get().connection()
        try other.script("drop table if exists silence; create table silence (n int8 primary key)")
        let connection = try patient(statements, 20_000)
        #expect(try connection.run("test/one").first?.int32(0) == 1)
        // More than any buffer on the way holds.
        #expect(try connection.run("test/rows", .int32(300_000)).count == 300_000)
        try connection.copyIn([("test/fill", rows(300_000))], notifying: [("silence", "x")])
        #expect(try connection.script("select count(*) from silence").first?.text(0) == "300000")
        #expect(throws: PostgresError.self) {
            try connection.copyIn([("test/fill", rows(5))], notifying: [])
        }
        #expect(connection.isAlive)
        var left = 1_000
        try connection.copyIn("test/text") {
            left -= 1
            return left < 0 ? nil : Array("\(1_000_000 + left)\n".utf8)
        }
        #expect(try connection.script("select count(*) from silence").first?.text(0) == "301000")
        do {
            try connection.script("select 1 / 0")
            Issue.record("a division by zero")
        } catch {
            #expect(error.sqlState == "22012")
        }
        try connection.transaction {
            #expect(connection.inTransaction)
            try connection.run("test/one")
        }
        #expect(connection.isAlive)
        #expect(!connection.inTransaction)
    }

    @Test(arguments: ["run", "script", "prepare", "copy", "large copy", "text copy"])
    func `a silent server is given up, and the session with it`(call: String) throws {
        let statements = try Statements(Self.texts)
        let database = try Self.database.get()
        let table = "silence_\(call.filter { $0 != " " })"
        let watcher = try database.connection()
        try watcher.script("create table if not exists silence (n int8 primary key)")
        try watcher.script("drop table if exists \(table); create table \(table) (n int8)")
        let connection = try patient(statements)
        let backend = connection.backend
        #expect(kill(backend, SIGSTOP) == 0)
        defer { kill(backend, SIGCONT) }
        do {
            switch call {
            case "run": try connection.run("test/one")
            case "script": try connection.script("insert into \(table) values (1)")
            case "prepare": try connection.run("test/text")
            case "copy": try connection.copyIn([("test/fill", rows(10))], notifying: [])
            // Far more than the socket takes: to write would block for ever.
            case "large copy":
                try connection.copyIn([("test/fill", rows(2_000_000))], notifying: [])
            default: try connection.copyIn("test/text") { Array("1\n".utf8) }
            }
            Issue.record("there was an answer")
        } catch let error as PostgresError {
            #expect(error.isSilence, "\(error)")
            #expect(error.connectionLost && error.transient)
        }
        #expect(!connection.isAlive)
        // The next one finds another session, or says at once that there is none.
        #expect(throws: PostgresError.self) { try connection.run("test/one") }
        kill(backend, SIGCONT)
        try eventually("the end of the session that was given up") {
            try watcher.script("select 1 from pg_stat_activity where pid = \(backend)").count == 0
        }
    }
}
