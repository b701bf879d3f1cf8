import Commands
import Foundation
import Glibc
import Postgres
import Queue
import TestKit
import Testing

/// Every fault is done to a real database, and the built `kabinet doctor` names it, with its cure,
/// and names nothing else.
@Suite(.serialized) struct DoctorTests {
    /// Automatic vacuum would heal what is done here.
    private static let system = Result {
        let system = try System(settings: [
            "max_prepared_transactions=4", "autovacuum=off", "fsync=off", "synchronous_commit=off",
        ])
        try system.kabinet("key", "create", system.keyFile)
        let publish = try system.launch(
            ["key", "publish", "--why", "a test"], ["KABINET_SEALING_KEY_FILE": system.keyFile])
        guard try publish.wait() == 0 else { throw TestKitError(publish.words) }
        return system
    }

    private func healthy() throws -> Patient { try Patient(Self.system.get()) }

    /// A patient whose queue has a listener, as if workers ran: then the listener is no finding.
    private func listening() throws -> (patient: Patient, listener: Connection) {
        let patient = try healthy()
        return (patient, try patient.connection(application: "kabinet listener"))
    }

    // MARK: Health

    @Test func `a system at work is well, and nothing of it is unchecked`() throws {
        let patient = try healthy()
        let workers = try patient.startWorkers()
        // Under way, with a backlog.
        for _ in 0..<5 {
            try patient.append((0..<4000).map { .sample("queue.idle", subject: $0) })
            #expect(try patient.examine().problems == [])
        }
        try eventually("an empty queue") {
            try patient.count("select count(*) from queue.waiting") == 0
        }
        let report = try patient.examine()
        for (check, finding) in report.findings {
            #expect(finding.state == "well", "\(check): \(finding.details)")
        }
        #expect(report.code == 0)
        // Every invariant has its line.
        let library = Library(home: TestDatabase.home)
        let files = try ["queue", "store"].flatMap { folder in
            try library.names(in: "checks/\(folder)").map { "checks/\(folder)/\($0)" }
        }
        #expect(report.findings.keys.filter { $0.hasPrefix("checks/") }.sorted() == files.sorted())
        workers.signal(SIGTERM)
        #expect(try workers.wait() == 0)
    }

    @Test func `people read the same, in both languages, and see the sum`() throws {
        let patient = try healthy()
        try patient.script("drop index queue.command_lane")
        for (language, words) in [
            ("en", ["✗ workers listen", "→ cure: kabinet workers", "Problems: 2, not checked: 0"]),
            ("ru", ["✗ воркеры слушают", "→ лечение: kabinet workers", "Проблем: 2"]),
        ] {
            let child = try patient.run(["doctor"], ["KABINET_LANGUAGE": language])
            #expect(try child.wait() == 1)
            for word in words { #expect(child.words.contains(word), "\(word): \(child.words)") }
        }
    }

    /// Names of metrics, as they stand in the rules' expressions or before an exposition's labels.
    private static func metrics(_ text: String, _ pattern: String) throws -> Set<String> {
        let pattern = try Regex(pattern)
        return Set(
            text.matches(of: pattern).compactMap { $0.output[1].substring.map(String.init) })
    }

    @Test func `every metric that an alert rule asks for is told by workers or the doctor`() throws
    {
        let patient = try healthy()
        let port = try freePort()
        let workers = try patient.startWorkers(["KABINET_METRICS_PORT": "\(port)"])
        var told = ""
        try eventually("the gauges") {
            let wire = try Wire(port: port)
            try wire.send(request("GET", "/metrics"))
            told = String(decoding: try wire.answer().body, as: UTF8.self)
            return told.contains("queue_clock_apart_seconds") && told.contains("queue_listening 1")
        }
        let doctor = try patient.run(["doctor", "--metrics"])
        #expect(try doctor.wait() == 0)
        #expect(doctor.words.contains(#"kabinet_doctor_problem{check="pins"} 0"#))
        let rules = try String(
            contentsOfFile: "\(TestDatabase.home)/ops/alerts/kabinet.rules.yml", encoding: .utf8)
        let asked = try rules.split(separator: "\n").filter { $0.contains("expr:") }.reduce(
            into: Set<String>()
        ) {
            $0.formUnion(try Self.metrics(String($1), "((?:queue|kabinet)_[a-z_]+)"))
        }
        #expect(asked.count >= 10, "\(asked)")
        let given = try Self.metrics(told + doctor.words, "(?m)^([a-z_]+)[ {]")
        #expect(asked.subtracting(given) == [])
        // The rules know every check by its key, and no other.
        let keys = Set(try patient.examine().findings.keys.filter { !$0.hasPrefix("checks") })
        let named = try rules.split(separator: "\n").reduce(into: Set<String>()) { found, line in
            for list in try Self.metrics(String(line), "check(?:=~?\"|: )([a-z|]+)\"?") {
                found.formUnion(list.split(separator: "|").map(String.init))
            }
        }
        #expect(named.subtracting(["checks"]) == keys)
        try workers.kill()
    }

    private static let promtool = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(.enabled(if: promtool != nil, "promtool is not installed: ops/lib/packages test"))
    func `Prometheus takes the alert rules, and each fires when it should and only then`() throws {
        let promtool = try #require(Self.promtool)
        let log = try "\(Self.system.get().directory)/promtool.log"
        for (action, file) in [("check", "kabinet.rules.yml"), ("test", "kabinet.test.yml")] {
            let child = try Child(
                promtool, [action, "rules", "\(TestDatabase.home)/ops/alerts/\(file)"],
                environment: [:], log: log)
            #expect(try child.wait() == 0, "\(child.words)")
        }
    }

    // MARK: Who stands in the way

    @Test func `a session idle in its transaction is named, and ended by its cure`() throws {
        let (patient, listener) = try listening()
        let idle = try patient.connection(application: "a console")
        try idle.script("begin; select count(*) from queue.command")
        let pid = try patient.pid(of: "a console")
        // For a minute it may.
        #expect(try patient.examine().problems == [])
        let report = try patient.examine(idle: 0)
        #expect(report.problems == ["pins"])
        let finding = try report.finding("pins")
        #expect(finding.details.first?.contains("session \(pid) of kabinet is idle in") == true)
        #expect(finding.cure == "select pg_terminate_backend(\(pid))")
        try patient.cure(finding)
        try eventually("its end") { try patient.examine(idle: 0).problems == [] }
        _ = listener
    }

    @Test func `a replication slot that nobody uses is named, and dropped by its cure`() throws {
        let (patient, listener) = try listening()
        try patient.script("select pg_create_physical_replication_slot('forgotten', true)")
        let report = try patient.examine()
        #expect(report.problems == ["pins"])
        let finding = try report.finding("pins")
        #expect(finding.details.first?.hasPrefix("replication slot forgotten is not used") == true)
        try patient.cure(finding)
        #expect(try patient.examine().problems == [])
        _ = listener
    }

    @Test func `a prepared transaction is named, and rolled back by its cure`() throws {
        let (patient, listener) = try listening()
        try patient.script(
            "begin; select pg_current_xact_id(); prepare transaction 'forgotten'")
        let report = try patient.examine()
        #expect(report.problems == ["pins"])
        let finding = try report.finding("pins")
        #expect(finding.details.first?.hasPrefix("prepared transaction forgotten") == true)
        #expect(finding.cure == "rollback prepared 'forgotten'")
        try patient.cure(finding)
        #expect(try patient.examine().problems == [])
        _ = listener
    }

    @Test func `a notification queue that a sleeping listener fills is named with its session`()
        throws
    {
        let (patient, listener) = try listening()
        let deaf = try patient.connection(application: "deaf")
        try deaf.script("listen noise")
        try deaf.script("begin; select 1")
        let pid = try patient.pid(of: "deaf")
        // A page a notification: 94 of the queue's 8192 MB.
        try patient.script(
            """
            select count(pg_notify('noise', lpad(n::text, 7900, 'x')))
            from generate_series(1, 12000) n
            """)
        let report = try patient.examine()
        #expect(report.problems == ["notifications"])
        let finding = try report.finding("notifications")
        #expect(finding.details.first?.contains("\(pid) (deaf)") == true, "\(finding.details)")
        #expect(finding.cure?.contains("pg_terminate_backend") == true)
        try patient.script("select pg_terminate_backend(\(pid))")
        try eventually("an empty queue") { try patient.examine().problems == [] }
        _ = listener
    }

    // MARK: Lanes

    @Test func `without workers the missing listener is named, and lanes with old work`() throws {
        let patient = try healthy()
        #expect(try patient.examine().problems == ["listener"])
        try patient.append([.sample("reading.submit", subject: 5)])
        #expect(try patient.examine().problems == ["listener"], "it is not old yet")
        try patient.append([.sample("reading.submit", subject: 70, id: patient.oldId())])
        let report = try patient.examine()
        #expect(report.problems == ["listener", "stalled"])
        #expect(report.code == 1)
        for check in ["listener", "stalled"] {
            #expect(try report.finding(check).cure == "kabinet workers")
        }
        let details = try report.finding("stalled").details
        #expect(details.count == 1)
        #expect(details.first?.hasPrefix("accounts, lane 6: 1 wait, the oldest 36") == true)
    }

    @Test func `a pool that no worker serves is named`() throws {
        let (patient, listener) = try listening()
        try patient.append([
            .sample("reading.submit", subject: 1, id: patient.oldId()),
            .sample("reading.submit", subject: 2, id: patient.oldId()),
        ])
        let report = try patient.examine()
        #expect(report.problems == ["starved"])
        let finding = try report.finding("starved")
        #expect(finding.details.count == 1)
        #expect(finding.details.first?.hasPrefix("accounts: 2 wait") == true)
        #expect(finding.cure?.contains("kabinet check") == true)
        _ = listener
    }

    @Test func `a lane that somebody else has locked is named with the session, its cure frees it`()
        throws
    {
        let (patient, listener) = try listening()
        let served = try patient.connection(application: "kabinet accounts")
        try patient.append([.sample("reading.submit", subject: 7, id: patient.oldId())])
        let pool = try patient.count("select id from queue.pool where name = 'accounts'")
        let holder = try patient.connection(application: "debugger")
        try holder.script("select pg_advisory_lock(\(pool), 7)")
        let pid = try patient.pid(of: "debugger")
        // Alone it is a pool that stands; beside a lane that moves it is passed over.
        #expect(try patient.examine().problems == ["stalled"])
        try patient.script(
            "update queue.batch set at = clock_timestamp() where pool = \(pool) and lane = 8")
        let report = try patient.examine()
        #expect(report.problems == ["starved"])
        let finding = try report.finding("starved")
        #expect(
            finding.details.first?.contains("session \(pid) has its lock: kabinet (debugger)")
                == true, "\(finding.details)")
        #expect(finding.cure == "select pg_terminate_backend(\(pid))")
        try patient.cure(finding)
        try eventually("the session's end") {
            try patient.examine().finding("starved").cure == "restart kabinet workers"
        }
        _ = (listener, served)
    }

    @Test func `a lane that gets no turn while others get many is named`() throws {
        let (patient, listener) = try listening()
        let busy = try patient.connection(application: "kabinet accounts")
        try busy.script("begin; select 1")
        try patient.append([.sample("reading.submit", subject: 7, id: patient.oldId())])
        let pool = try patient.count("select id from queue.pool where name = 'accounts'")
        func turns(_ count: Int) throws {
            for _ in 0..<count {
                try patient.script(
                    """
                    insert into queue.batch (pool, lane, n, low, high, count)
                    select pool, lane, n + 1, high, high, 0 from queue.batch
                    where pool = \(pool) and lane = 8 order by n desc limit 1
                    """)
            }
        }
        try turns(9)
        #expect(try patient.examine().problems == [], "a turn may be long in coming")
        try turns(1)
        let report = try patient.examine()
        #expect(report.problems == ["starved"])
        #expect(
            try report.finding("starved").details.first?.hasPrefix("accounts, lane 7: 1 wait")
                == true)
        _ = listener
    }

    @Test func `abandoned commands are named by cause, the most first, with those behind them`()
        throws
    {
        let (patient, listener) = try listening()
        try patient.append([
            .sample("reading.submit", subject: 1), .sample("reading.submit", subject: 1),
            .sample("reading.submit", subject: 2), .sample("account.open", subject: 3),
        ])
        try patient.work { command in
            throw PermanentFailure(
                command.kind == "account.open" ? "no such house" : "the tariff is unknown")
        }
        let report = try patient.examine()
        #expect(report.problems == ["holds"])
        let finding = try report.finding("holds")
        #expect(finding.details.count == 2)
        #expect(finding.details.first?.hasPrefix("abandoned 2, commands 3") == true)
        #expect(finding.details.first?.hasSuffix("the tariff is unknown") == true)
        #expect(finding.details.last?.hasSuffix("no such house") == true)
        #expect(finding.cure?.contains("kabinet commands reprocess --state abandoned") == true)
        let list = try patient.run(["commands", "list", "--state", "abandoned", "--json"])
        #expect(try list.wait() == 0, "\(list.words)")
        let ids = try list.words.split(separator: "\n").compactMap {
            try JSON.parse(Array($0.utf8))["command"]?.string
        }
        let retry = try patient.run(["commands", "retry"] + ids + ["--why", "tariff is set"])
        #expect(try retry.wait() == 0, "\(retry.words)")
        try patient.work { _ in }
        #expect(try patient.examine().problems == [])
        _ = listener
    }

    @Test
    func `a job that stands is named, paused or without a part that goes on, and so is its cure`()
        throws
    {
        let (patient, listener) = try listening()
        try patient.script(
            """
            insert into operations.reprocess_job (action, dry_run, states, filter, actor, why, state, since)
            values ('reprocess', false, '{refused}', '{}', 'test', 'x', 'running', now() - interval '2 minutes'),
                   ('reprocess', false, '{refused}', '{}', 'test', 'x', 'running', now() - interval '1 day'),
                   ('discard', false, '{abandoned}', '{}', 'test', 'x', 'paused', now() - interval '59 minutes'),
                   ('discard', false, '{abandoned}', '{}', 'test', 'x', 'done', now() - interval '1 day');
            insert into operations.reprocess_lane (job, lane, total, position, at)
            select j.id, l, 9, 5, now() - interval '10 minutes' + (j.id - 1) * l * interval '9 minutes'
            from operations.reprocess_job j, generate_series(0, 1) l
            """)
        #expect(try patient.examine().problems == [], "one lane of each job has just moved")
        try patient.script(
            "update operations.reprocess_lane set at = now() - interval '6 minutes' where job = 2")
        let running = try patient.examine()
        #expect(running.problems == ["jobs"])
        #expect(
            try running.finding("jobs").cure?.contains("kabinet commands jobs resume 2") == true)
        // While its pool is paused an operator wants it to stand.
        try patient.script(
            "insert into queue.pause (pool, actor, why) select id, 'test', 'x' from queue.pool where name = 'bulk'"
        )
        #expect(try patient.examine().problems == [])
        try patient.script(
            """
            delete from queue.pause;
            update operations.reprocess_job set since = now() - interval '61 minutes' where id = 3
            """)
        #expect(try patient.examine().finding("jobs").details.count == 2)
        for id in ["2", "3"] {
            let cure = try patient.run(["commands", "jobs", "cancel", id, "--why", "not needed"])
            #expect(try cure.wait() == 0, "\(cure.words)")
        }
        #expect(try patient.examine().problems == [])
        _ = listener
    }

    // MARK: Partitions

    @Test func `a missing next partition is named, and made by workers`() throws {
        let (patient, listener) = try listening()
        // Those that were the next ones two hours ago: the very last may not be due yet, in the first
        // two hours of a week or of four days.
        try patient.script(
            """
            do $$ declare then_ timestamp := (clock_timestamp() - interval '2 hours') at time zone 'UTC'; begin
              execute format('drop table queue.%I',
                             to_char(date_trunc('week', then_) + interval '7 days', '"command_"YYYYMMDD'));
              execute format('drop table queue.%I',
                             to_char(queue.first_day(then_::date) + 4, '"idempotency_"YYYYMMDD'));
            end $$
            """)
        let report = try patient.examine()
        #expect(report.problems == ["partitions"])
        let finding = try report.finding("partitions")
        #expect(finding.details.count == 2)
        #expect(finding.details.first?.hasPrefix("queue.command_20") == true)
        #expect(finding.cure == "kabinet workers")
        let workers = try patient.startWorkers()
        try eventually("the partitions") { try patient.examine().problems == [] }
        try workers.kill()
        _ = listener
    }

    /// Makes partitions of eight weeks ago; returns the name of the eldest of commands.
    private func weeksAgo(_ patient: Patient) throws -> String {
        try patient.makePartitions(daysAgo: 60)
        return try patient.text(
            "select min(relname) from pg_class where relname ~ '^command_[0-9]{8}$'")
    }

    @Test func `a partition past its term that nobody drops is named, and workers drop it`() throws
    {
        let (patient, listener) = try listening()
        let name = try weeksAgo(patient)
        let report = try patient.examine()
        #expect(report.problems == ["overdue"])
        let finding = try report.finding("overdue")
        #expect(
            finding.details.first
                == "queue.\(name) is past its term, nothing keeps it, and no workers dropped it")
        #expect(finding.cure == "restart kabinet workers")
        let workers = try patient.startWorkers()
        try eventually("the drop") { try patient.examine().problems == [] }
        try workers.kill()
        _ = listener
    }

    @Test func `a partition that a session keeps from being dropped is named with the session`()
        throws
    {
        let (patient, listener) = try listening()
        let name = try weeksAgo(patient)
        let reader = try patient.connection(application: "reader")
        try reader.script("begin; select count(*) from queue.command")
        let pid = try patient.pid(of: "reader")
        // It is true: the upkeep cannot.
        #expect(try patient.count("select count(*) from queue.drop_partitions()") == 0)
        let report = try patient.examine(idle: 0)
        #expect(report.problems == ["overdue", "pins"])
        let finding = try report.finding("overdue")
        #expect(
            finding.details.first?.hasPrefix(
                "queue.\(name) is past its term, and session \(pid) has it in use: kabinet (reader)"
            )
                == true, "\(finding.details)")
        #expect(finding.cure?.contains("select pg_terminate_backend(\(pid))") == true)
        _ = listener
    }

    @Test func `a partition with commands that are undecided or kept is named with their number`()
        throws
    {
        let (patient, listener) = try listening()
        let name = try weeksAgo(patient)
        try patient.append([
            .sample("reading.submit", subject: 1, id: patient.oldId(days: 60)),
            .sample("reading.submit", subject: 1, id: patient.oldId(days: 60)),
        ])
        #expect(try patient.count("select count(*) from queue.\(name)") == 2)
        let waiting = try patient.examine()
        #expect(waiting.problems == ["overdue", "starved"])
        #expect(
            try waiting.finding("overdue").details.first
                == "queue.\(name) is past its term, and commands in it are undecided: 2")
        try patient.work { _ in throw PermanentFailure("no") }
        let kept = try patient.examine()
        #expect(kept.problems == ["holds", "overdue"])
        #expect(
            try kept.finding("overdue").details.first
                == "queue.\(name) is past its term, and failed commands keep in it: 2")
        #expect(
            try kept.finding("overdue").cure?.contains("kabinet commands reprocess") == true)
        _ = listener
    }

    @Test func `a row that no dated partition took is named`() throws {
        let (patient, listener) = try listening()
        try patient.append([.sample("reading.submit", id: patient.oldId(days: 9000))])
        try patient.work { _ in }
        let report = try patient.examine()
        #expect(report.problems == ["strays"])
        #expect(try report.finding("strays").details == ["queue.command_stray: 1 rows"])
        _ = listener
    }

    // MARK: Tables, plans, disks

    @Test func `an append-only table that somebody updates is named, and vacuum cures it`() throws {
        let (patient, listener) = try listening()
        try patient.append((0..<2000).map { .sample("queue.idle", subject: $0) })
        try patient.work { _ in }
        try patient.script("update queue.command set trace = 'x'")
        var report = try patient.examine()
        // Sessions hand their counts in at their end.
        try eventually("the count") {
            report = try patient.examine()
            return report.problems != []
        }
        #expect(report.problems == ["dead"])
        let finding = try report.finding("dead")
        #expect(
            finding.details.first?.contains("2000 dead of 2000 written") == true,
            "\(finding.details)")
        #expect(finding.cure?.hasPrefix("vacuum") == true)
        try patient.script("vacuum queue.command")
        try eventually("the count") { try patient.examine().problems == [] }
        _ = listener
    }

    @Test func `a claim without its index is named, and the index cures it`() throws {
        let (patient, listener) = try listening()
        try patient.script("drop index queue.command_lane")
        let report = try patient.examine()
        #expect(report.problems == ["plan"])
        let finding = try report.finding("plan")
        #expect(finding.details.last?.hasPrefix("queue.command_stray is sorted whole") == true)
        #expect(finding.cure?.contains("create index command_lane on queue.command (pool") == true)
        try patient.script("create index command_lane on queue.command (pool, lane, xid, seq)")
        #expect(try patient.examine().problems == [])
        _ = listener
    }

    @Test func `a claim that the planner would do otherwise is named`() throws {
        let (patient, listener) = try listening()
        // What the workers' role forbids, this database allows it again.
        for setting in ["enable_seqscan", "enable_bitmapscan"] {
            try patient.script(
                "alter role kabinet_workers in database \(patient.name) set \(setting) = on")
        }
        try patient.script("set enable_seqscan = on; analyze queue.command")
        #expect(try patient.examine().problems == ["plan"])
        _ = listener
    }

    @Test func `clocks apart and a full disk are named`() throws {
        let (patient, listener) = try listening()
        // The server cannot be given another clock or a full disk here; its answers can.
        let home = try patient.home([
            "doctor_clock": "select clock_timestamp() - interval '59 minutes 58 seconds'",
            "doctor_place": """
            select current_setting('data_directory'), array['/proc'], true,
                   extract(epoch from pg_postmaster_start_time())::int8
            """,
        ])
        let report = try patient.examine(home: home)
        #expect(report.problems == ["clock", "disk"])
        let clock = try report.finding("clock")
        #expect(clock.details.first?.contains("database's are 35") == true, "\(clock.details)")
        #expect(clock.cure?.contains("timedatectl set-ntp true") == true)
        #expect(try report.finding("disk").details == ["/proc: 0 MiB free, 0 %"])
        _ = listener
    }

    @Test func `a disk that is not this machine's is told as not checked`() throws {
        let (patient, listener) = try listening()
        let home = try patient.home([
            "doctor_place": "select '/elsewhere', '{}'::text[], false, 0::int8"
        ])
        let report = try patient.examine(home: home)
        #expect(report.problems == [])
        #expect(report.unchecked == ["disk"])
        #expect(try report.finding("disk").details.first?.hasPrefix("not checked") == true)
        _ = listener
    }

    // MARK: Releases and keys

    @Test func `a kind that no running workers know is named, and nothing else of its lane`() throws
    {
        let patient = try healthy()
        let workers = try patient.startWorkers()
        try patient.script(
            "insert into queue.kind select 'future.kind', id from queue.pool where name = 'accounts'"
        )
        try patient.append([
            .sample("queue.idle", subject: 7),
            .sample("future.kind", subject: 7, id: patient.oldId()),
            .sample("reading.submit", subject: 7, id: patient.oldId()),
        ])
        let report = try patient.examine()
        #expect(report.problems == ["kinds"])
        let finding = try report.finding("kinds")
        #expect(finding.details.count == 1)
        #expect(
            finding.details.first?.hasPrefix("future.kind waits, accounts, lanes 1, the oldest 36")
                == true, "\(finding.details)")
        #expect(finding.cure == "start the workers of the newer release: kabinet workers")
        try workers.kill()
        // Nobody runs: that is another matter.
        try eventually("its locks are gone") {
            try patient.examine().problems == ["listener", "stalled"]
        }
    }

    @Test func `a key that not all running workers hold is named, the earlier one too`() throws {
        let patient = try healthy()
        let keys = try patient.keyFile()
        let holder = try patient.startWorkers(["KABINET_SEALING_KEY_FILE": keys])
        #expect(try patient.examine().problems == [])
        let other = try patient.startWorkers(["KABINET_SEALING_KEY_FILE": ""])
        var report = try patient.examine()
        #expect(report.problems == ["keys"])
        var finding = try report.finding("keys")
        #expect(
            finding.details.first?.hasPrefix("1 of 2 processes of workers hold the newest key ")
                == true, "\(finding.details)")
        #expect(finding.cure?.contains("restart kabinet workers") == true)
        try other.kill()
        try eventually("its locks are gone") { try patient.examine().problems == [] }

        // Rotation: what they do not hold is not published.
        let old = try String(contentsOfFile: keys, encoding: .utf8)
        let added = try patient.run(["key", "add", keys])
        #expect(try added.wait() == 0, "\(added.words)")
        let publish = ["key", "publish", "--why", "rotation"]
        let refused = try patient.run(publish, ["KABINET_SEALING_KEY_FILE": keys])
        #expect(try refused.wait() == 1)
        #expect(
            refused.words.contains("0 of 1 processes of workers hold the key"), "\(refused.words)")
        try holder.kill()
        let both = try patient.startWorkers(["KABINET_SEALING_KEY_FILE": keys])
        let published = try patient.run(publish, ["KABINET_SEALING_KEY_FILE": keys])
        #expect(try published.wait() == 0, "\(published.words)")
        #expect(
            try patient.text(
                "select details->>'why' from operations.audit where action = 'key.publish' order by id desc limit 1"
            )
                == "rotation")
        #expect(try patient.examine().problems == [])
        #expect(try patient.run(["key", "list"]).waitedWords.contains("1/1"))
        try both.kill()

        // The earlier one is missed for as long as something may be sealed to it.
        let new = try String(contentsOfFile: keys, encoding: .utf8)
        let newOnly = "\(keys).new-only"
        try patient.writeKeys(String(new.split(separator: "\n")[0]) + "\n", to: newOnly)
        let forgetful = try patient.startWorkers(["KABINET_SEALING_KEY_FILE": newOnly])
        report = try patient.examine()
        #expect(report.problems == ["keys"])
        finding = try report.finding("keys")
        #expect(finding.details.count == 1)
        #expect(
            finding.details.first?.hasPrefix(
                "0 of 1 processes of workers hold the earlier, still needed")
                == true, "\(finding.details)")
        try patient.script(
            """
            update access.sealing_key set since = since - interval '48 days'
            """)
        #expect(try patient.examine().problems == [])
        try forgetful.kill()

        // No secret has been told anywhere.
        let secrets = (old + new).split(separator: "\n").map { $0.split(separator: " ")[1] }
        for said in [holder, other, both, forgetful, added, refused, published] {
            for secret in secrets { #expect(!said.words.contains(secret)) }
        }
        let check = try patient.run(["check"], ["KABINET_SEALING_KEY_FILE": keys]).waitedWords
        #expect(check.contains("sealing keys: \(keys): "))
        for secret in secrets { #expect(!check.contains(secret)) }
    }

    @Test func `no published key, and a file of keys that is missing or open to others, are named`()
        throws
    {
        let (patient, listener) = try listening()
        let keys = try patient.keyFile()
        try patient.script("delete from access.sealing_key")
        var report = try patient.examine()
        #expect(report.problems == ["keys"])
        #expect(try report.finding("keys").cure?.contains("kabinet key create FILE") == true)
        let published = try patient.run(
            ["key", "publish", "--why", "a test"], ["KABINET_SEALING_KEY_FILE": keys])
        #expect(try published.wait() == 0, "\(published.words)")
        #expect(try patient.examine(more: ["KABINET_SEALING_KEY_FILE": keys]).problems == [])
        chmod(keys, 0o640)
        report = try patient.examine(more: ["KABINET_SEALING_KEY_FILE": keys])
        #expect(report.problems == ["keys"])
        #expect(
            try report.finding("keys").details
                == ["the sealing keys \(keys) are open to others (mode 640): chmod 600 \(keys)"])
        #expect(try report.finding("keys").cure?.hasPrefix("chmod 600 \(keys)") == true)
        for (name, mode) in [(keys, "open to others"), ("\(keys).none", "No such file")] {
            let workers = try patient.run(["workers"], ["KABINET_SEALING_KEY_FILE": name])
            #expect(try workers.wait() == 1)
            #expect(workers.words.contains(mode), "\(workers.words)")
        }
        chmod(keys, 0o600)
        report = try patient.examine(more: ["KABINET_SEALING_KEY_FILE": "\(keys).none"])
        #expect(report.problems == ["keys"])
        _ = listener
    }

    // MARK: The schema

    @Test func `a schema older than the binary, newer, or changed is named`() throws {
        let (patient, listener) = try listening()
        try patient.script("delete from kabinet.migration where number = 7")
        var report = try patient.examine()
        #expect(report.problems == ["migrations"])
        var finding = try report.finding("migrations")
        #expect(
            finding.details
                == ["0007_demo is not applied: the schema is older than this release"])
        #expect(finding.cure == "kabinet migrate")

        try patient.script(
            """
            insert into kabinet.migration (number, name, checksum)
            values (7, '0007_demo', 'another'), (999, '0999_later', 'x')
            """)
        report = try patient.examine()
        #expect(report.problems == ["migrations"])
        finding = try report.finding("migrations")
        #expect(
            finding.details == [
                "0007_demo was changed after it was applied",
                "migration 999 is applied and not in this release: the schema is newer",
            ])
        try patient.script(
            "update kabinet.migration set needs = 999, why = 'readings moved' where number = 999")
        #expect(
            try patient.examine().finding("migrations").details.last
                == "a release is needed that knows migration 999; this one is refused (0999_later: readings moved)"
        )
        #expect(finding.cure == "run the release that the schema belongs to")
        _ = listener
    }

    @Test func `a right that a role must not have is named, and its revocation cures it`() throws {
        let (patient, listener) = try listening()
        try patient.script("grant update on facts.account to kabinet_ingress")
        let report = try patient.examine()
        #expect(report.problems == ["roles"])
        let finding = try report.finding("roles")
        #expect(finding.details == ["kabinet_ingress: may UPDATE facts.account"])
        #expect(finding.cure?.contains("revoke") == true)
        try patient.script("revoke update on facts.account from kabinet_ingress")
        #expect(try patient.examine().problems == [])
        _ = listener
    }

    @Test func `a database of another server is named, by its check and by the invariant`() throws {
        let (patient, listener) = try listening()
        try patient.script("update queue.origin set system_identifier = 1")
        let report = try patient.examine()
        #expect(report.problems == ["checks/queue/origin", "origin"])
        #expect(try report.finding("origin").cure?.hasPrefix("kabinet queue rebase") == true)
        _ = listener
    }

    @Test func `a broken invariant is named with an example and where to see all`() throws {
        let (patient, listener) = try listening()
        try patient.script(
            """
            insert into facts.account (id, organization, number, stripped, company)
            values (1, 'probe', '0012А', '0012', 'probe'), (2, 'probe', '0013', '', 'probe')
            """)
        let report = try patient.examine()
        #expect(report.problems == ["checks/store/stripped_numbers"])
        let finding = try report.finding("checks/store/stripped_numbers")
        #expect(
            finding.details.first?.hasPrefix("2 violations, such as organization=probe") == true)
        #expect(finding.cure?.contains("sql/checks/store/stripped_numbers.sql") == true)
        _ = listener
    }

    @Test func `a resize that gets on no more is named, and no lane that waits for it`() throws {
        let (patient, listener) = try listening()
        let served = try patient.connection(application: "kabinet accounts")
        try patient.append([.sample("reading.submit", subject: 7)])
        try patient.script(
            """
            insert into queue.pause (pool, actor, why) select id, 'x', 'x' from queue.pool where name = 'accounts';
            """)
        try patient.script("select queue.begin_resize('accounts', 16::int2, 'x', 'x')")
        // Waits for an hour in a lane that has done its part.
        try patient.append([.sample("reading.submit", subject: 8, id: patient.oldId())])
        #expect(try patient.examine().problems == [], "it has just begun")
        try patient.script("update queue.resize set begun_at = begun_at - interval '1 hour'")
        try patient.script("update queue.batch set at = clock_timestamp()")
        #expect(try patient.examine().problems == [], "it gets on")
        func stand() throws -> Patient.Finding {
            try patient.script("update queue.batch set at = at - interval '1 hour'")
            let report = try patient.examine()
            #expect(report.problems == ["resizes"])
            return try report.finding("resizes")
        }
        #expect(try stand().cure == "kabinet queue resume accounts --why …")
        try patient.script("delete from queue.pause")
        let finding = try stand()
        #expect(finding.cure == "kabinet workers")
        #expect(finding.details.first?.contains("accounts → 16 lanes: begun 60 min ago") == true)
        try patient.work { _ in }
        #expect(try stand().cure == "kabinet queue resize accounts 16 --why …")
        try patient.script("select queue.end_resizes()")
        try patient.work { _ in }
        #expect(try patient.examine().problems == [])
        _ = (listener, served)
    }

    @Test func `a gateway that is not called is named, with what to do for its reason`() throws {
        let (patient, listener) = try listening()
        try patient.script(
            "insert into facts.gateway (gateway, reason) values ('smtp', 'credentials'), ('smsc', null)"
        )
        #expect(try patient.examine().problems == [], "it has just begun")
        try patient.script("update facts.gateway set since = since - interval '1 hour'")
        try patient.script(
            """
            insert into facts.notice (command, organization, key, channel, notice, contact, queued_at)
            select gen_random_uuid(), 'x', i::text, case when i < 4 then 'letter' else 'message' end, 'user.deleted', '*',
                   clock_timestamp() from generate_series(1, 5) i
            """)
        let report = try patient.examine()
        #expect(report.problems == ["gateways"])
        let finding = try report.finding("gateways")
        #expect(
            finding.details == [
                "the gateway smtp has not been called for 60 min: credentials; 3 wait to leave"
            ])
        #expect(finding.cure?.contains("KABINET_SMTP") == true)
        try patient.script("update facts.gateway set reason = null")
        #expect(try patient.examine().problems == [])
        _ = listener
    }

    @Test func `what a lock keeps from being checked is told as not checked, never as well`() throws
    {
        let (patient, listener) = try listening()
        let vandal = try patient.connection(application: "vandal")
        try vandal.script("begin; lock table queue.hold in access exclusive mode")
        let report = try patient.examine(idle: 0)
        #expect(report.problems == ["pins"])
        #expect(report.unchecked.contains("holds"), "\(report.unchecked)")
        #expect(try report.finding("holds").details.first?.hasPrefix("not checked") == true)
        _ = listener
    }
}

/// A database of one test's own, and what is done to it.
private final class Patient {
    let name: String
    private let system: System
    private let address: Address
    private let library = Library(home: TestDatabase.home)

    struct Finding {
        let state: String
        let details: [String]
        let cure: String?
    }

    struct Report {
        let findings: [String: Finding]
        let code: Int32
        var problems: [String] { named("problem") }
        var unchecked: [String] { named("unchecked") }

        private func named(_ state: String) -> [String] {
            findings.filter { $0.value.state == state }.keys.sorted()
        }

        func finding(_ check: String) throws -> Finding {
            guard let finding = findings[check] else { throw TestKitError("no check \(check)") }
            return finding
        }
    }

    init(_ system: System) throws {
        self.system = system
        let keeper = try Connection(system.database.with("dbname", "postgres"))
        name = "patient_\(UInt64.random(in: 0 ... .max))"
        try keeper.script("create database \(name) template kabinet")
        address = system.database.with("dbname", name)
        // Lanes that have stood for long, and a place for commands of an hour ago on a Monday.
        try makePartitions(daysAgo: 7)
        try script("update queue.batch set at = at - interval '2 hours'")
    }

    // MARK: Examining

    func examine(idle: Int = 60, home: String? = nil, more: [String: String] = [:]) throws -> Report
    {
        let child = try run(
            ["doctor", "--json", "--idle", "\(idle)"],
            more.merging(home.map { ["KABINET_HOME": $0] } ?? [:]) { $1 })
        let code = try child.wait()
        var findings: [String: Finding] = [:]
        for line in child.words.split(separator: "\n") {
            let json = try JSON.parse(Array(line.utf8))
            guard let check = json["check"]?.string, let state = json["state"]?.string else {
                throw TestKitError("no finding: \(line)")
            }
            findings[check] = Finding(
                state: state, details: json["details"]?.array?.compactMap(\.string) ?? [],
                cure: json["cure"]?.string)
        }
        return Report(findings: findings, code: code)
    }

    /// Does what the finding says, as the owner.
    func cure(_ finding: Finding) throws {
        guard let cure = finding.cure else { throw TestKitError("no cure") }
        try script(cure)
    }

    func run(_ arguments: [String], _ more: [String: String] = [:]) throws -> Child {
        try system.launch(
            arguments,
            ["DATABASE_URL": conninfo, "KABINET_LANGUAGE": "en"].merging(more) { $1 })
    }

    func startWorkers(_ more: [String: String] = [:]) throws -> Child {
        let workers = try run(
            ["workers"], ["KABINET_SEALING_KEY_FILE": system.keyFile].merging(more) { $1 })
        try eventually("the workers' listener") {
            if workers.ended != nil { throw TestKitError("the workers ended: \(workers.words)") }
            return workers.words.contains(#""what":"listener""#)
                && workers.words.contains("queue.connected")
        }
        return workers
    }

    /// A copy of the system's keys of this patient's own.
    func keyFile() throws -> String {
        let path = "\(system.directory)/keys-\(name)"
        try writeKeys(String(contentsOfFile: system.keyFile, encoding: .utf8), to: path)
        return path
    }

    func writeKeys(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        chmod(path, 0o600)
    }

    private var conninfo: String {
        ["host", "port", "user", "dbname"].compactMap { key in
            address[key].map { "\(key)=\($0)" }
        }.joined(separator: " ")
    }

    /// A folder like ours but for some of the doctor's own queries.
    func home(_ queries: [String: String]) throws -> String {
        let home = "\(system.directory)/home-\(name)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        for entry in ["sql", "workers.yaml"] {
            try FileManager.default.copyItem(
                atPath: "\(TestDatabase.home)/\(entry)", toPath: "\(home)/\(entry)")
        }
        for (query, text) in queries {
            try "-- Another answer.\n\(text)\n".write(
                toFile: "\(home)/sql/queries/operations/\(query).sql", atomically: true,
                encoding: .utf8)
        }
        return home
    }

    // MARK: Doing

    func connection(application: String, role: String? = nil) throws -> Connection {
        var address = address.with("application_name", application)
        if let role { address = address.with("user", role) }
        return try Connection(address, library: library)
    }

    func script(_ text: String) throws {
        try connection(application: "test").script(text)
    }

    func text(_ question: String) throws -> String {
        try connection(application: "test").script(question).first?.text(0) ?? ""
    }

    func count(_ question: String) throws -> Int64 {
        Int64(try text("select (\(question))::text")) ?? -1
    }

    func pid(of application: String) throws -> Int64 {
        try count("select pid from pg_stat_activity where application_name = '\(application)'")
    }

    /// Weeks of commands and exceptions that are past; keys of then would be past their term.
    func makePartitions(daysAgo: Int) throws {
        try script(
            """
            do $$ declare name text; begin
              while exists (select from queue.make_partitions(
                clock_timestamp() - interval '\(daysAgo) days')) loop null; end loop;
              for name in select c.relname from pg_class c
                          where c.relname ~ '^idempotency_[0-9]{8}$'
                            and right(c.relname, 8)::date <= current_date - 7 loop
                execute format('drop table queue.%I', name);
              end loop;
            end $$
            """)
    }

    /// An id as it was made an hour ago, or days.
    func oldId(days: Int64 = 0) throws -> Identifier {
        let now = try count("select (extract(epoch from clock_timestamp()) * 1000)::int8")
        var system = SystemRandomNumberGenerator()
        return .v7(
            milliseconds: now - 3_600_000 - days * 86_400_000,
            random: (system.next(), system.next()))
    }

    func append(_ commands: [NewCommand]) throws {
        try Appender(on: connection(application: "test", role: "kabinet_ingress")).append(commands)
    }

    /// Works on every lane until none has anything left, one command a batch.
    func work(_ decide: @escaping (ClaimedCommand) throws -> Void) throws {
        let connection = try Connection(
            address.with("user", "kabinet_workers"), library: library, preparing: Lane.statements)
        let map = try PoolMap(on: connection)
        for pool in map.pools where !pool.delivery {
            let policy = PoolPolicy(
                name: pool.name, lanes: pool.lanes, threads: 1, batch: 500, attempts: 1)
            for number in 0..<pool.lanes {
                var lane = Lane(pool: pool.id, lane: Int16(number), batch: 500)
                while true {
                    let step = try lane.step(
                        on: connection, policy: policy, map: map,
                        decider: Deciding.each { command, _ in try decide(command) })
                    if case .idle = step { break }
                }
            }
        }
    }
}
