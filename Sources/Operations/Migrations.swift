import Crypto
import Glibc
public import Postgres

/// Brings a database up to `sql/migrations` while everything runs: forward only, each file in a transaction of its own.
///
/// Whoever waits for a table keeps all others from it. So a migration waits for a lock only briefly, and is tried again.
public struct Migrations {
    private let library: Library
    private let say: (Phrase) -> Void
    /// Milliseconds that a lock is waited for, and between two tries.
    var patience: Int64 = 1_000
    var pause: Int32 = 2_000
    /// How often a migration is tried: a minute in all.
    var attempts = 20

    /// - Parameter say: hears of each migration, and of what stands in its way.
    public init(library: Library, say: @escaping (Phrase) -> Void) {
        self.library = library
        self.say = say
    }

    private typealias Applied = (number: Int32, name: String, checksum: String)

    private struct Migration {
        let number: Int32
        let name: String
        let text: String
        let checksum: String
        let breaking: Breaking?
    }

    /// Applies what is missing; returns how many that were. Throws, and leaves the rest, when one cannot be applied.
    public func apply(on connection: Connection) throws -> Int {
        try Secrets.start()
        try connection.script(library.read("migrations.sql"), named: "migrations.sql")
        let names = try library.names(in: "migrations")
        for entry in try applied(on: connection) where !names.contains(entry.name) {
            throw OperationError(.migrationOfLater(entry.name))
        }
        return try names.map(read).count { try apply($0, on: connection) }
    }

    private func applied(on connection: Connection) throws -> [Applied] {
        try connection.run("migrate/applied").map { ($0.int32(0), $0.text(1), $0.text(2)) }
    }

    private func read(_ name: String) throws -> Migration {
        guard let number = Int32(name.prefix(4)) else {
            throw OperationError(.migrationUnnumbered(name))
        }
        let text = try library.read("migrations/\(name).sql")
        return Migration(
            number: number, name: name, text: text, checksum: Doctor.checksum(Array(text.utf8)),
            breaking: try Breaking(text, number: number, name: name))
    }

    /// False when it was there already.
    private func apply(_ migration: Migration, on connection: Connection) throws -> Bool {
        var attempt = 0
        while true {
            attempt += 1
            let before = try applied(on: connection).first { $0.number == migration.number }
            if let before {
                guard before.checksum == migration.checksum else {
                    throw OperationError(.migrationRewritten(migration.name))
                }
                return false
            }
            if attempt == 1 {
                say(.migration(migration.name))
                if let breaking = migration.breaking {
                    say(.migrationBreaks(before: breaking.needs, breaking.why))
                }
            }
            do {
                try run(migration, on: connection)
                return true
            } catch let error as PostgresError where Self.mayTryAgain(error) {
                let ahead = try connection.run("migrate/in_the_way").map {
                    "\($0.int32(0)): \($0.text(1))"
                }
                guard attempt < attempts else {
                    throw OperationError(.migrationLocked(migration.name, attempt, ahead))
                }
                if attempt % 5 == 1 { say(.migrationWaits(ahead)) }
                _ = poll(nil, 0, pause)
            }
        }
    }

    private func run(_ migration: Migration, on connection: Connection) throws {
        try connection.transaction {
            try connection.run("migrate/patience", .int64(patience))
            // Whoever was let in has committed, and nobody else is let in until this is.
            if migration.breaking != nil { try connection.run("migrate/close_door") }
            // First the row: a migrator that comes at the same time waits here, and finds it then.
            try connection.run(
                "migrate/add", .int32(migration.number), .text(migration.name),
                .text(migration.checksum), .int32(migration.breaking?.needs),
                .text(migration.breaking?.why))
            try connection.script(migration.text, named: "migrations/\(migration.name).sql")
        }
    }

    /// A lock that was not got, a deadlock, or another migrator that was faster.
    private static func mayTryAgain(_ error: PostgresError) -> Bool {
        error.sqlState == "55P03" || error.sqlState == "40P01"
            || error.sqlState == "23505" && error.statement == "migrate/add"
    }

    /// A migration that older releases do not survive. Its header says so in a line `-- breaking: why`, or
    /// `-- breaking 12: why` where releases that know migration 12 go on all the same.
    struct Breaking: Equatable {
        let needs: Int32
        let why: String

        /// Nil: additive.
        init?(_ text: String, number: Int32, name: String) throws {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                .prefix { $0.hasPrefix("--") }
                .filter { Self.isHeader($0) }
            guard let line = lines.first else { return nil }
            let parts = line.dropFirst("-- breaking".count).split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let named = parts[0].filter { $0 != " " }
            let why = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
            guard lines.count == 1, !why.isEmpty, let needs = named.isEmpty ? number : Int32(named),
                (1...number).contains(needs)
            else { throw OperationError(.migrationHeader(name, upTo: number)) }
            self.needs = needs
            self.why = why
        }

        /// Up to its colon it is `breaking` with at most one word more: sentences may begin with it too.
        private static func isHeader(_ line: Substring) -> Bool {
            let words = line.prefix { $0 != ":" }.dropFirst(2).split(separator: " ")
            return words.first?.lowercased() == "breaking" && words.count <= 2
        }
    }
}
