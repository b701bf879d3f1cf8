import Glibc
public import Postgres
import Threads

/// A database of a suite's own: a clone of a template that is migrated once, dropped when the value goes or, if a suite
/// keeps it in a `static let`, when the process ends. What a killed process left behind is dropped by the next one.
public final class TestDatabase: Sendable {
    public let name: String
    public let library: Library

    /// - Parameter label: shows in the database's name; letters, digits and underscores.
    public init(_ label: String = "suite") throws {
        let home = TestDatabase.home
        library = Library(home: home)
        name = try Keeper.shared.make(label, library: library)
        let upkeep = try Connection(address(), library: library)
        // The template may be weeks old: its partitions too.
        try upkeep.run("queue/keep")
    }

    deinit { Keeper.shared.drop(name) }

    /// The folder that has `sql/` in it: `KABINET_HOME`, or the checkout this file was compiled in.
    public static var home: String {
        environment("KABINET_HOME")
            ?? #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            .joined(separator: "/")
    }

    /// Where the tests' server is, as its owner. Throws when `KABINET_TEST_DATABASE` is unset or names a server that may
    /// not be this machine's: these tests create and drop databases.
    public static func owner() throws -> Address {
        guard let text = environment("KABINET_TEST_DATABASE") else {
            throw TestKitError("KABINET_TEST_DATABASE is not set: run ./ops/test")
        }
        let address = try Address(text)
        guard isLocal(address) else {
            throw TestKitError(
                "KABINET_TEST_DATABASE must name a local socket or a loopback address, not \(address.masked)"
            )
        }
        return address
    }

    /// Whether `address` can only lead to this machine.
    public static func isLocal(_ address: Address) -> Bool {
        // A service file may name any host.
        guard address["service"] == nil, environment("PGSERVICE") == nil else { return false }
        let hosts = [
            address["host"] ?? environment("PGHOST"),
            address["hostaddr"] ?? environment("PGHOSTADDR"),
        ]
        return hosts.compactMap { $0 }.flatMap { $0.split(separator: ",") }.allSatisfy { host in
            host.hasPrefix("/") || ["localhost", "127.0.0.1", "::1"].contains(host)
        }
    }

    /// This database as `role` (`kabinet_workers` …), or as its owner.
    public func address(role: String? = nil) throws -> Address {
        let address = try TestDatabase.owner().with("dbname", name)
        // An owner named like one of our schemas would make the tests' own tables there, out of the roles' reach.
        guard let role else { return address.with("options", "-c search_path=public") }
        return address.with("user", role)
    }

    public func connection(role: String? = nil) throws -> Connection {
        try Connection(address(role: role), library: library)
    }

    /// Keeps autovacuum away from tables of ours whose blocks or statistics a test counts.
    public func undisturbed() throws {
        try connection().script(
            """
            do $$
            declare t regclass;
            begin
              for t in select c.oid::regclass from pg_class c
                       where c.relkind = 'r' and c.oid >= 16384 and c.relnamespace::regnamespace::text !~ '^pg_' loop
                execute format('alter table %s set (autovacuum_enabled = off)', t);
              end loop;
            end $$
            """)
    }

    /// Blocks of tables and indexes of ours that sessions have touched so far, hits and reads, exactly: what a test of its
    /// own database counts before and after. `sessions` are idle and tell theirs first: all that have touched anything must,
    /// or what they did before is counted later. Nothing is left out.
    public func blocks(by sessions: [Connection]) throws -> Int {
        for session in sessions { try session.script("select pg_stat_force_next_flush()") }
        let rows = try connection().script(
            """
            select coalesce(sum(coalesce(heap_blks_read + heap_blks_hit, 0) + coalesce(idx_blks_read + idx_blks_hit, 0)
                                + coalesce(toast_blks_read + toast_blks_hit, 0)
                                + coalesce(tidx_blks_read + tidx_blks_hit, 0)), 0)
            from pg_statio_user_tables
            """)
        guard let row = rows.first, let number = Int(row.text(0)) else {
            throw TestKitError("the server tells no blocks")
        }
        return number
    }

    /// Runs the invariants of one folder of `sql/checks`; one line a row that should not be there.
    public func violations(in folder: String = "queue") throws -> [String] {
        let connection = try connection()
        var found: [String] = []
        let names = try library.names(in: "checks/\(folder)")
        guard !names.isEmpty else { throw TestKitError("sql/checks/\(folder) has no files") }
        for name in names {
            let path = "checks/\(folder)/\(name).sql"
            let rows = try connection.script(library.read(path), named: path)
            let columns = rows.columns
            for index in 0..<rows.count {
                let row = rows[index]
                let values = columns.indices.map { row.isNull($0) ? "null" : row.text($0) }
                found.append(
                    "\(path): "
                        + zip(columns, values).map { "\($0)=\($1)" }.joined(separator: " "))
            }
        }
        return found
    }
}

/// The one session of this process with the maintenance database. It makes and drops, and its advisory locks say which
/// databases still have a living owner.
private final class Keeper: Sendable {
    static let shared = Keeper()

    private struct State {
        var connection: Connection?
        var names: [String] = []
        var count = 0
    }
    private let state = Monitor(State())

    // Key spaces of advisory locks in the maintenance database: the one workshop, and one lock a database.
    private static let workshop = "1262568009, 1"
    private static let owned = 1_262_568_010

    private init() {
        atexit { Keeper.shared.dropAll() }
    }

    func make(_ label: String, library: Library) throws -> String {
        let address = try TestDatabase.owner()
        return try state.read { state in
            if state.connection?.isAlive != true {
                state.connection = try Connection(address.with("application_name", "kabinet tests"))
            }
            guard let connection = state.connection else { throw TestKitError("no connection") }
            try connection.script("select pg_advisory_lock(\(Self.workshop))")
            defer {
                Self.quietly {
                    try connection.script("select pg_advisory_unlock(\(Self.workshop))")
                }
            }
            if state.count == 0 { try Self.sweep(connection) }
            state.count += 1
            let template = try Self.template(address, library, connection)
            let name = "kabinet_test_\(label)_\(getpid())_\(state.count)"
            try connection.script("create database \(name) template \(template)")
            try connection.script(
                "select pg_advisory_lock(\(Self.owned), oid::int) from pg_database where datname = '\(name)'"
            )
            state.names.append(name)
            // Tests end sessions, not the server: waiting for the disk would prove nothing and cost most of the time.
            try connection.script("alter database \(name) set synchronous_commit = off")
            // Compiling the small queries of tests costs a hundred times what running them does.
            try connection.script("alter database \(name) set jit = off")
            return name
        }
    }

    func drop(_ name: String) {
        state.read { state in
            state.names.removeAll { $0 == name }
            guard let connection = state.connection else { return }
            Self.quietly {
                try connection.script("drop database if exists \(name) with (force)")
            }
        }
    }

    private func dropAll() {
        for name in state.read({ $0.names }) { drop(name) }
    }

    /// A failure to tidy up fails no test, but it is said.
    private static func quietly(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            let line = Array("tests: \(error)\n".utf8)
            _ = write(2, line, line.count)
        }
    }

    /// Drops databases whose process is gone, and all but the latest few templates.
    private static func sweep(_ connection: Connection) throws {
        let orphans = try connection.script(
            """
            select datname from pg_database
            where datname like 'kabinet\\_test\\_%' and pg_try_advisory_lock(\(owned), oid::int)
            """
        ).map { $0.text(0) }
        for orphan in orphans {
            try connection.script("drop database if exists \(orphan) with (force)")
        }
        // Under the workshop's lock nobody clones one of these.
        let old = try connection.script(
            """
            select datname from pg_database where datname like 'kabinet\\_template\\_%' order by oid desc offset 12
            """
        ).map { $0.text(0) }
        for template in old {
            try connection.script("drop database if exists \(template) with (force)")
        }
    }

    /// The migrated template, made when there is none of this content yet.
    private static func template(
        _ address: Address, _ library: Library, _ connection: Connection
    ) throws -> String {
        var files = [("migrations.sql", try library.read("migrations.sql"))]
        for name in try library.names(in: "migrations") {
            files.append((name, try library.read("migrations/\(name).sql")))
        }
        // FNV-1a: it only has to notice a change.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for (name, text) in files {
            for byte in Array(name.utf8) + [0] + Array(text.utf8) + [0] {
                hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01b3
            }
        }
        let name = "kabinet_template_\(String(hash, radix: 16))"
        let present = try connection.script(
            "select from pg_database where datname = '\(name)'")
        if !present.isEmpty { return name }
        let making = "\(name)_making"
        try connection.script("drop database if exists \(making) with (force)")
        try connection.script(
            "create database \(making) template template0 encoding 'UTF8' locale 'C.UTF-8'")
        try migrate(address.with("dbname", making), files)
        try connection.script("alter database \(making) rename to \(name)")
        return name
    }

    /// In a function of its own, so that its session has ended when the template is renamed.
    private static func migrate(_ address: Address, _ files: [(String, String)]) throws {
        let connection = try Connection(address)
        for (name, text) in files {
            try connection.transaction { _ = try connection.script(text, named: name) }
        }
    }
}
