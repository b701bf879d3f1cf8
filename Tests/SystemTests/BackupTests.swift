import Foundation
import Glibc
import Postgres
import TestKit
import Testing

/// What comes back from a backup: the cursors speak of what is in the database, so every command that
/// came back is decided once, and none is passed over.
@Suite(.serialized) struct BackupTests {
    private static let clients = 3
    private static let accountsEach = 20

    /// A system under load, its door and its workers.
    private final class Original {
        let system: System
        let token: String
        let load: [Load]
        let opened: Int64
        private(set) var workers: Child

        init() throws {
            system = try System()
            try system.organization()
            token = try system.token().token
            _ = try system.startIngress()
            workers = try system.startWorkers()
            let port = system.port
            let token = token
            load = (1...BackupTests.clients).map { number in
                Load(
                    number, doors: [port], token: token,
                    accounts: (0..<BackupTests.accountsEach).map { "\(1_000 * number + $0)" },
                    pace: 10, waits: false)
            }
            try system.accounts(load.flatMap(\.accounts), token: token)
            opened = try system.count("select count(*) from queue.command")
            for client in load { client.start() }
        }

        var acknowledged: Set<String> { Set(load.flatMap(\.acknowledged)) }

        func flows(_ more: Int) throws {
            let before = acknowledged.count
            try eventually("the flow of the load") { acknowledged.count >= before + more }
        }

        func killWorkers() throws { try workers.kill() }
        func startWorkers() throws { workers = try system.startWorkers() }

        func end() {
            for client in load { client.end() }
            #expect(load.flatMap(\.surprises) == [])
        }
    }

    private func readings(_ system: System, _ table: String) throws -> Set<String> {
        let text =
            table == "facts.reading"
            ? "select id from facts.reading"
            : "select id from \(table) where kind = 'reading.submit'"
        let ids = try system.connection().script(text).map { $0.text(0) }
        #expect(Set(ids).count == ids.count)
        return Set(ids)
    }

    /// Lets workers decide what a copy still has to decide, and compares.
    private func judge(_ copy: System, opened: Int64) throws {
        let commands = try readings(copy, "queue.command")
        let before = try readings(copy, "facts.reading")
        #expect(!before.isEmpty, "something was decided before")
        #expect(before.isStrictSubset(of: commands), "and something still waits")
        let workers = try copy.startWorkers()
        try copy.drained()
        workers.signal(SIGTERM)
        #expect(try workers.wait() == 0)

        #expect(try readings(copy, "queue.command") == commands, "nobody appended anything")
        #expect(try readings(copy, "facts.reading") == commands, "each was decided, none skipped")
        let total = Int64(commands.count) + opened
        // Nothing was parked, so a command that was decided twice would be counted twice.
        #expect(try copy.count("select sum(count) from queue.batch") == total)
        #expect(try copy.count("select count(*) from queue.command") == total)
        #expect(try copy.count("select count(*) from queue.exception") == 0, "none was refused")
        #expect(
            try copy.count("select count(*) from facts.reading where state <> 'effective'") == 0)
        let states = try copy.connection().script(
            """
            select distinct s.state from queue.command c
            cross join lateral queue.standing(c.id, c.pool, c.lane, c.xid, c.seq) s
            """
        ).map { $0.text(0) }
        #expect(states == ["done"])
        #expect(try copy.violations() == [])
    }

    // MARK: Physical

    @Test func `a backup restored to a moment and to its end decides every command once`() throws {
        let original = try Original()
        let system = original.system
        defer { system.stop() }
        let backups = "\(system.directory)/backup"
        func backup(_ arguments: String...) throws {
            try System.ops(
                "backup", ["--cluster", "\(system.directory)/postgres"] + arguments,
                log: "\(system.directory)/backup.log")
        }
        func restored(_ arguments: String...) throws -> System {
            try System { folder in
                try System.ops(
                    "restore", ["--from", backups, "--into", folder] + arguments,
                    log: "\(system.directory)/restore.log")
            }
        }

        try original.flows(100)
        try backup("--to", backups)
        // From here on commands wait.
        try original.killWorkers()
        try original.flows(100)
        let earlier = original.acknowledged
        let moment = try #require(
            try system.connection().script("select clock_timestamp()::text").first?.text(0))
        try original.flows(100)
        try original.startWorkers()
        try original.flows(200)
        try eventually("decisions after the moment") {
            try system.count(
                "select count(*) from queue.batch where at > '\(moment)' and count > 0")
                > 0
        }
        try original.killWorkers()
        try original.flows(100)
        original.end()

        let sent = original.acknowledged
        let end = try restored()
        defer { end.stop() }
        #expect(try readings(end, "queue.command") == sent, "all that was acknowledged came back")
        try judge(end, opened: original.opened)

        let then = try restored("--at", moment)
        defer { then.stop() }
        let came = try readings(then, "queue.command")
        #expect(came.isSuperset(of: earlier), "what was acknowledged before the moment came back")
        #expect(came.isStrictSubset(of: sent), "and nothing later")
        #expect(
            try then.count("select count(*) from queue.batch where at > '\(moment)'") == 0,
            "no decision either")
        try judge(then, opened: original.opened)

        // The copies have not written into the archive of the original.
        try backup("--check")
        #expect(
            try then.count("select count(*) from pg_stat_archiver where failed_count > 0") == 0)
    }

    @Test func `a restore replaces nothing unasked, and keeps what it replaces`() throws {
        let system = try System()
        defer { system.stop() }
        let cluster = "\(system.directory)/postgres"
        let backups = "\(system.directory)/backup"
        func restore(_ arguments: String...) throws -> (code: Int32, words: String) {
            let script = try System.variable("KABINET_CLUSTER").replacingOccurrences(
                of: "ops/lib/cluster", with: "ops/restore")
            let child = try Child(
                script, ["--from", backups, "--into", cluster] + arguments,
                environment: ["PATH": "/usr/bin:/bin"],
                log: "\(system.directory)/restore-\(UUID()).log")
            return (try child.wait(), child.words)
        }
        func value() throws -> Int64 { try system.count("select max(n) from public.probe") }
        try system.connection().script(
            "create table public.probe (n int); insert into public.probe values (1)")
        try System.ops(
            "backup", ["--cluster", cluster, "--to", backups],
            log: "\(system.directory)/backup.log")
        let taken = try System.ops(
            "backup", ["--cluster", cluster, "--list"], log: "\(system.directory)/list.log")
        #expect(taken.contains("full backup"), "\(taken)")
        // The end of a backup is known to the second.
        let clock = "extract(epoch from clock_timestamp())::int8"
        let end = try system.count("select \(clock)")
        try eventually("the next second") { try system.count("select \(clock)") > end }
        try system.connection().script("update public.probe set n = 2")
        let moment = try #require(
            try system.connection().script("select clock_timestamp()::text").first?.text(0))
        try system.connection().script("update public.probe set n = 3")

        let refused = try restore()
        #expect(refused.code == 1)
        #expect(refused.words.contains("--yes"), "\(refused.words)")
        let dry = try restore("--yes", "--dry-run")
        #expect(dry.code == 0)
        #expect(dry.words.contains("Nothing was done"), "\(dry.words)")
        let early = try restore("--yes", "--at", "2020-01-01 00:00:00+00")
        #expect(early.code == 1)
        #expect(early.words.contains("The first backup"), "\(early.words)")
        #expect(try value() == 3, "it still runs as it was")

        let done = try restore("--yes", "--at", moment)
        #expect(done.code == 0, "\(done.words)")
        #expect(done.words.contains("\(cluster)/data.before-"), "\(done.words)")
        #expect(try value() == 2)
        // It goes on archiving, on a timeline of its own, and comes back from that too.
        try system.connection().script("update public.probe set n = 4")
        let again = try restore("--yes")
        #expect(again.code == 0, "\(again.words)")
        #expect(try value() == 4)
    }

    @Test func `a folder of backups that is gone is told, and mended by the next backup`() throws {
        let system = try System()
        defer { system.stop() }
        func backup(_ arguments: String...) throws {
            try System.ops(
                "backup", ["--cluster", "\(system.directory)/postgres"] + arguments,
                log: "\(system.directory)/backup-\(UUID()).log")
        }
        func doctor() throws -> String {
            let child = try system.launch(["doctor"], ["KABINET_LANGUAGE": "en"])
            try child.wait()
            return child.words
        }
        func archived() throws -> Int64 {
            try system.count("select archived_count from pg_stat_archiver")
        }
        // Without a backup every segment is let go at once.
        try system.connection().script("select pg_current_xact_id(); select pg_switch_wal()")
        try eventually("the archiver") { try archived() > 0 }
        #expect(try system.count("select failed_count from pg_stat_archiver") == 0)

        let backups = "\(system.directory)/backup"
        try backup("--to", backups)
        #expect(!(try doctor()).contains("WAL is not archived"))
        #expect(rename(backups, "\(system.directory)/gone") == 0)
        try system.connection().script("select pg_current_xact_id(); select pg_switch_wal()")
        try eventually("a failure") {
            try system.count("select failed_count from pg_stat_archiver") > 0
        }
        #expect(try doctor().contains("WAL is not archived since"))
        #expect(throws: TestKitError.self) { try backup("--check") }

        #expect(rename("\(system.directory)/gone", backups) == 0)
        try backup("--incremental")
        try backup("--check")
        #expect(!(try doctor()).contains("WAL is not archived"))
        try backup("--off")
        #expect(
            try system.connection().script("show archive_command").first?.text(0) == "true")
    }

    // MARK: Logical

    @Test
    func `a dump restored elsewhere is refused until rebase, and then decides every command once`()
        throws
    {
        let original = try Original()
        let system = original.system
        defer { system.stop() }
        try original.flows(200)
        try original.killWorkers()
        try original.flows(100)
        original.end()
        let sent = original.acknowledged

        let programs = try System.script(
            [try System.variable("KABINET_CLUSTER"), "programs"],
            log: "\(system.directory)/programs.log"
        ).trimmingCharacters(in: .whitespacesAndNewlines)
        let copy = try System { folder in
            let cluster = try System.variable("KABINET_CLUSTER")
            try System.script([cluster, "start", folder], log: "\(system.directory)/start.log")
            let target = try System.script(
                [cluster, "conninfo", folder], log: "\(system.directory)/target.log"
            ).trimmingCharacters(in: .whitespacesAndNewlines)
            // As the README says. The owner of the new cluster is there already.
            try System.script(
                [
                    "/bin/bash", "-c",
                    """
                    set -eo pipefail
                    "$1/pg_dumpall" --roles-only -d "$2" | grep -v '^CREATE ROLE kabinet;' |
                        "$1/psql" -Xq -v ON_ERROR_STOP=1 -d "$3"
                    "$1/pg_dump" -d "$2" | "$1/psql" -Xq -v ON_ERROR_STOP=1 -d "$3" >/dev/null
                    """, "dump", programs, system.conninfo, target,
                ], log: "\(system.directory)/dump.log")
        }
        defer { copy.stop() }
        #expect(try readings(copy, "queue.command") == sent)
        let refused = try copy.startWorkers()
        #expect(try refused.wait() != 0)
        #expect(refused.words.contains("kabinet queue rebase"), "\(refused.words)")

        // What the door took now would look decided to the rebase.
        let door = try copy.launch(["ingress"])
        let account = try #require(original.load.first?.accounts.first)
        func post() throws -> Answer {
            try Client(port: copy.port, token: original.token).call(
                "POST", "/\(System.organization)/api/accounts/\(account)/readings",
                [("Prefer", "wait=10")],
                json: #"{"meter":"M\#(account)","values":{"T1":"90000"},"taken_on":"2025-12-15","#
                    + #""confirm":true}"#)
        }
        try eventually("the door's complaint") { door.words.contains("kabinet queue rebase") }
        #expect(copy.ready != 200)
        #expect(try post().status == 503)
        let file = "\(copy.directory)/rows.csv"
        try
            "account;service;meter;register;taken_on;value\n\(account);cold_water;M\(account);T1;2025-12-15;1\n"
            .write(toFile: file, atomically: true, encoding: .utf8)
        #expect(throws: TestKitError.self) {
            try copy.kabinet("import", "readings", file, "--organization", System.organization)
        }
        #expect(try readings(copy, "queue.command") == sent)

        let waiting = try system.count("select count(*) from queue.waiting")
        #expect(waiting > 0)
        let said = try copy.kabinet("queue", "rebase", "--why", "restored from a dump")
        #expect(said.contains("\(waiting)"), "\(said)")
        #expect(try copy.count("select count(*) from queue.waiting") == waiting)
        try judge(copy, opened: original.opened)

        // The new server's own commands come after.
        let workers = try copy.startWorkers()
        try eventually("the door") { copy.ready == 200 }
        let answer = try post()
        #expect(answer.status == 200, "\(answer.text)")
        #expect(workers.ended == nil)
        #expect(door.ended == nil)
        #expect(try copy.count("select count(*) from facts.reading") == Int64(sent.count) + 1)
        #expect(try copy.violations() == [])
    }
}
