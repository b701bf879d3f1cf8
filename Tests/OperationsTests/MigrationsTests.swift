import Glibc
import Postgres
import Queue
import TestKit
import Testing
import Threads

@testable import Operations

@Suite struct `A migration's header` {
    private func breaking(_ text: String) throws -> Migrations.Breaking? {
        try Migrations.Breaking(text, number: 12, name: "0012_x")
    }

    @Test func `says nothing: older releases go on`() throws {
        #expect(try breaking("-- Adds a column.\nalter table a add b int;") == nil)
        #expect(try breaking("-- Not breaking: it only adds.\nselect 1;") == nil)
        #expect(
            try breaking("-- What is\n-- breaking with this release: nothing.\nselect 1;") == nil)
        #expect(try breaking("-- Adds.\nselect 1;\n-- breaking: too late to say it here") == nil)
    }

    @Test func `says that it breaks, with whom, and why`() throws {
        let own = try #require(
            try breaking("-- Moves readings.\n-- breaking: a is b now\nselect 1;"))
        #expect(own.needs == 12)
        #expect(own.why == "a is b now")
        let earlier = try #require(try breaking("-- breaking 9: a was read before 9: no more"))
        #expect(earlier.needs == 9)
        #expect(earlier.why == "a was read before 9: no more")
    }

    /// Known commands have members since 0037 that a release before refuses: it would hold or abandon what people ask for.
    @Test func `of ours is right, and says which break`() throws {
        let library = Library(home: TestDatabase.home)
        var needs: [Int32] = []
        for name in try library.names(in: "migrations") {
            let number = try #require(Int32(name.prefix(4)))
            let text = try library.read("migrations/\(name).sql")
            needs +=
                try Migrations.Breaking(text, number: number, name: name).map { [$0.needs] } ?? []
        }
        #expect(needs == [37])
    }

    @Test(arguments: [
        "-- breaking", "-- breaking:", "-- breaking 13: of the future", "-- breaking 0: x",
        "-- breaking nine: x", "-- breaking -1: x", "-- breaking: a\n-- breaking: b",
        "-- Breaking things", "-- breaking 99999999999: x",
    ])
    func `that says it wrongly is refused, not taken for additive`(text: String) {
        #expect(throws: OperationError.self) { try breaking(text) }
    }
}

/// `kabinet migrate` while everything runs.
@Suite(.serialized) struct MigrationsTests {
    /// A migrated database, a copy of `sql/`, and the one migration that comes next.
    private final class Site: Sendable {
        let database: TestDatabase
        let library: Library
        let number: Int32
        private let home: String
        let said = Monitor<[String]>([])

        init(_ label: String, next text: String) throws {
            database = try TestDatabase(label)
            var template = Array("/tmp/kabinet-migrations-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { throw TestKitError("no temporary folder") }
            home = String(
                decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            library = Library(home: home)
            let original = database.library
            for folder in ["/sql", "/sql/migrations", "/sql/queries", "/sql/queries/migrate"] {
                guard mkdir(home + folder, 0o700) == 0 else { throw TestKitError(folder) }
            }
            let names = try original.names(in: "migrations")
            number = Int32(names.count + 1)
            var rows: [String] = []
            for name in names {
                let text = try original.read("migrations/\(name).sql")
                try write("migrations/\(name).sql", text)
                let sum = Doctor.checksum(Array(text.utf8))
                rows.append("(\(Int32(name.prefix(4)) ?? 0), '\(name)', '\(sum)')")
            }
            for name in try original.names(in: "queries/migrate") {
                let path = "queries/migrate/\(name).sql"
                try write(path, original.read(path))
            }
            try write("migrations.sql", original.read("migrations.sql"))
            // The template is migrated by hand.
            try database.connection().script(
                "insert into kabinet.migration (number, name, checksum) values "
                    + rows.joined(separator: ", "))
            try write("migrations/9000_next.sql", text)
        }

        deinit {
            for folder in ["/sql/queries/migrate", "/sql/queries", "/sql/migrations", "/sql", ""] {
                if let handle = opendir(home + folder) {
                    while let entry = readdir(handle) {
                        let name = withUnsafePointer(to: &entry.pointee.d_name) {
                            $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                                String(cString: $0)
                            }
                        }
                        unlink("\(home)\(folder)/\(name)")
                    }
                    closedir(handle)
                }
                rmdir(home + folder)
            }
        }

        private func write(_ path: String, _ text: String) throws {
            guard let file = fopen("\(home)/sql/\(path)", "w") else { throw TestKitError(path) }
            fputs(text, file)
            fclose(file)
        }

        func migrate(patience: Int64 = 100, pause: Int32 = 20, attempts: Int = 20) throws -> Int {
            var migrations = Migrations(library: library) { [said] phrase in
                said.change { $0.append(phrase.english) }
            }
            migrations.patience = patience
            migrations.pause = pause
            migrations.attempts = attempts
            return try migrations.apply(
                on: Connection(
                    database.address().with(setting: "kabinet.schema", "9000"), library: library))
        }

        func says(_ text: String) -> Bool { said.read { $0.contains { $0.contains(text) } } }

        func applied() throws -> [String] {
            try database.connection().script(
                "select concat_ws(' ', name, needs, why) from kabinet.migration where number = 9000"
            ).map { $0.text(0) }
        }
    }

    @Test func `is applied once, and a second time nothing is`() throws {
        let site = try Site("migrate", next: "-- Adds.\ncreate table queue.more (n int);")
        #expect(try site.migrate() == 1)
        #expect(try site.migrate() == 0)
        #expect(try site.applied() == ["9000_next"])
    }

    @Test func `stands in nobody's way while it waits for a table, and gets it in the end`() throws
    {
        let site = try Site(
            "patience", next: "-- Adds.\nalter table queue.command add column extra text;")
        try site.database.pools(
            (PoolPolicy(name: "test", lanes: 1, threads: 1, batch: 10), ["test.a"]))
        let reader = try Connection(
            site.database.address().with("application_name", "a long report"))
        try reader.script("begin; select count(*) from queue.command")
        let ending = Monitor<String?>(nil)
        let migrator = Worker("migrator") {
            do {
                let count = try site.migrate(attempts: 10_000)
                ending.change { $0 = "\(count)" }
            } catch {
                ending.change { $0 = "\(error)" }
            }
        }
        // A statement that had to wait for as long as the reader reads would end here.
        let door = try Connection(
            site.database.address(role: "kabinet_ingress").with(setting: "lock_timeout", "2000"),
            library: site.database.library)
        let appender = try Appender(on: door)
        for _ in 0..<20 { try appender.append([.sample("test.a")]) }
        try eventually("it tells who is in the way") { site.says("(a long report), idle in") }
        for _ in 0..<20 { try appender.append([.sample("test.a")]) }
        #expect(ending.read { $0 } == nil)
        #expect(try site.applied() == [])
        try reader.script("rollback")
        migrator.join()
        #expect(ending.read { $0 } == "1")
        #expect(try site.applied() == ["9000_next"])
        try appender.append([.sample("test.a")])
    }

    @Test func `gives up after its tries, changes nothing, and names who was in the way`() throws {
        let site = try Site(
            "impatience",
            next: "-- Adds.\ncreate table queue.more (n int);\nlock table queue.batch;")
        let reader = try Connection(
            site.database.address().with("application_name", "a long report"))
        try reader.script("begin; select count(*) from queue.batch")
        try eventually("a second") {
            try site.database.connection().script(
                """
                select from pg_stat_activity where application_name = 'a long report'
                  and datname = current_database() and xact_start < clock_timestamp() - interval '1 second'
                """
            ).count == 1
        }
        let error = #expect(throws: OperationError.self) { try site.migrate(attempts: 3) }
        #expect(error?.phrase.english.contains("in 3 tries") == true)
        #expect(error?.phrase.english.contains("(a long report), idle in transaction") == true)
        #expect(try site.applied() == [])
        #expect(
            try site.database.connection().script("select to_regclass('queue.more')")
                .first?.isNull(0) == true)
        try reader.script("rollback")
        #expect(try site.migrate() == 1)
    }

    @Test func `that breaks says so, and older releases are refused from its commit on`() throws {
        let site = try Site("breaks", next: "-- Moves.\n-- breaking: all is elsewhere\nselect 1;")
        try site.database.pools(
            (PoolPolicy(name: "test", lanes: 1, threads: 1, batch: 10), ["test.a"]))
        let older = try Appender(on: site.database.connection(role: "kabinet_ingress"))
        try older.append([.sample("test.a")])
        #expect(try site.migrate() == 1)
        #expect(site.says("releases that do not know migration 9000 stop now (all is elsewhere)"))
        #expect(try site.applied() == ["9000_next 9000 all is elsewhere"])
        let error = #expect(throws: PostgresError.self) { try older.append([.sample("test.a")]) }
        #expect(error?.sqlState == "KB001")
        #expect(error?.message.contains("9000_next: all is elsewhere") == true)
    }

    @Test func `two migrators at once apply it once, and both are content`() throws {
        let site = try Site(
            "two", next: "-- Adds.\nlock table queue.pool;\ncreate table queue.more (n int);")
        let reader = try site.database.connection()
        try reader.script("begin; select count(*) from queue.pool")
        let counts = Monitor<[Int]>([])
        let migrators = (0..<2).map { number in
            Worker("migrator \(number)") {
                do {
                    let count = try site.migrate(attempts: 10_000)
                    counts.change { $0.append(count) }
                } catch {
                    Issue.record(error)
                }
            }
        }
        try eventually("both wait") {
            site.said.read { said in said.count { $0.contains("waits for a lock") } } >= 2
        }
        try reader.script("rollback")
        for migrator in migrators { migrator.join() }
        #expect(counts.read { $0.sorted() } == [0, 1])
    }

    @Test func `of a later release is refused, and so is one that was changed`() throws {
        let site = try Site("foreign", next: "-- Adds.\nselect 1;")
        let connection = try site.database.connection()
        try connection.script(
            "insert into kabinet.migration (number, name, checksum) values (9001, '9001_later', 'x')"
        )
        let later = #expect(throws: OperationError.self) { try site.migrate() }
        #expect(later?.phrase == .migrationOfLater("9001_later"))
        try connection.script(
            """
            delete from kabinet.migration where number = 9001;
            update kabinet.migration set checksum = 'x' where number = 3
            """)
        let changed = #expect(throws: OperationError.self) { try site.migrate() }
        #expect(changed?.phrase == .migrationRewritten("0003_facts"))
    }
}

/// Rows that were there before a migration, and what becomes of them.
@Suite(.serialized) struct `Rows of before` {
    /// An empty database, dropped when the value goes.
    private final class Fresh {
        let name: String
        let database: TestDatabase
        private let keeper: Connection

        init(_ label: String) throws {
            database = try TestDatabase(label)
            name = "kabinet_before_\(label)_\(getpid())"
            keeper = try database.connection()
            try keeper.script("drop database if exists \(name) with (force)")
            try keeper.script(
                "create database \(name) template template0 encoding 'UTF8' locale 'C.UTF-8'")
        }

        func connection(preparing statements: [Statement] = []) throws -> Connection {
            try Connection(
                database.address().with("dbname", name), library: database.library,
                preparing: statements)
        }

        /// Applies migrations of these numbers.
        func migrate(_ numbers: ClosedRange<Int>) throws {
            let connection = try connection()
            if numbers.contains(1) {
                try connection.script(database.library.read("migrations.sql"))
            }
            for name in try database.library.names(in: "migrations")
            where numbers.contains(Int(name.prefix(4)) ?? 0) {
                let text = try database.library.read("migrations/\(name).sql")
                try connection.transaction { _ = try connection.script(text, named: name) }
            }
        }

        deinit {
            do {
                try keeper.script("drop database if exists \(name) with (force)")
            } catch {
                Issue.record(error)
            }
        }
    }

    @Test func `contacts become their persons', and what is nobody's any more goes out empty`()
        throws
    {
        let fresh = try Fresh("contacts")
        try fresh.migrate(1...37)
        try fresh.connection().script(
            """
            insert into facts.account (id, organization, number, stripped, company)
            select n, 'o', (110 + 10 * n)::text, (110 + 10 * n)::text, 'c' from generate_series(1, 4) n;
            insert into access.principal (id, organization, kind, login, name, account, email, email_key, email_confirmed_at)
            overriding system value
            values (1, 'o', 'account', '120', 'Иван', 1, 'ivan@x.ru', 'ivan@x.ru', '2026-01-01'),
                   (2, 'o', 'account', '130', 'Пётр', 2, 'both@x.ru', 'both@x.ru', '2026-01-01'),
                   (3, 'o', 'email', 'anna@x.ru', 'Анна', null, 'both@x.ru', 'both@x.ru', '2026-01-01');
            insert into access.attachment (principal, account, number, attached_at)
            values (1, 1, '120', '2026-01-01'), (2, 2, '130', '2026-01-01'), (3, 2, '130', '2026-01-02');
            insert into identity.contact (command, organization, account, kind, value, confirmed, channel, at)
            select gen_random_uuid(), 'o', account, 'email', value, true, 'resident', '2026-01-03'
            from (values (1, 1, 'old@x.ru'), (2, 1, 'ivan@x.ru'), (3, 2, 'both@x.ru'), (4, 2, 'both@x.ru'), (5, 3, null),
                         (6, 4, 'sold@x.ru')) v(n, account, value) order by n;
            """)
        try fresh.migrate(38...9999)
        func export(owners: Bool) throws -> [String] {
            let statement: Statement = "operations/export_contacts"
            return try fresh.connection(preparing: [statement]).run(
                statement, .text("o"), .int64(0), .int64(.max), .null, .int64(100), .bool(owners)
            ).map { row in
                [1, 3, 4, 6].map { row.optional($0, row.text) ?? "" }.joined(separator: " ")
            }
        }
        // Who was deleted is gone, who sold the flat too; two owners of one account keep what they have alike.
        #expect(
            try export(owners: false) == [
                "130 owner  both@x.ru", "140 former  ", "150 former  ", "120 owner  ivan@x.ru",
                "130 co-owner  both@x.ru",
            ])
        #expect(
            try export(owners: true) == [
                "140   ", "150   ", "120 owner  ivan@x.ru", "130 owner  both@x.ru",
            ])
    }
}
