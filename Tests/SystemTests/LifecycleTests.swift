import Commands
import Foundation
import Glibc
import Postgres
import TestKit
import Testing

/// Starting, stopping, reloading, and a database that is not there (yet, any more, or is another).
@Suite(.serialized) struct LifecycleTests {
    private let system: System
    private let token: String

    init() throws {
        system = try System()
        try system.organization()
        token = try system.token().token
    }

    /// Four clients with forty accounts each, which are open already.
    private func load(pace: Int, waits: Bool = true) throws -> [Load] {
        let load = (1...4).map { number in
            Load(
                number, doors: [system.port], token: token,
                accounts: (0..<40).map { "\(1_000 * number + $0)" }, pace: pace, waits: waits)
        }
        try system.accounts(load.flatMap(\.accounts), token: token)
        return load
    }

    private func reach(_ count: Int, _ load: [Load]) throws {
        try eventually("\(count) answers", seconds: 60) {
            load.reduce(0) { $0 + $1.acknowledged.count } >= count
        }
    }

    /// Every acknowledged reading is there once, and the system is whole.
    private func judge(_ load: [Load]) throws {
        try system.drained()
        let sent = load.flatMap(\.acknowledged)
        #expect(load.flatMap(\.surprises) == [])
        #expect(Set(sent).count == sent.count)
        let stored = try system.connection().script("select id from facts.reading")
            .map { $0.text(0) }
        #expect(stored.count == sent.count)
        #expect(Set(stored) == Set(sent))
        #expect(try system.violations() == [])
    }

    // MARK: Stopping

    @Test func `SIGTERM under load ends workers and the door whole, and loses nothing`() throws {
        var ingress = try system.startIngress()
        var workers = try system.startWorkers()
        let load = try load(pace: 1)
        for client in load { client.start() }
        defer { for client in load { client.end() } }
        try reach(200, load)
        for round in 1...3 {
            workers.signal(SIGTERM)
            // The grace of workers.yaml.
            #expect(try workers.wait(seconds: 20) == 0)
            #expect(workers.words.contains("workers.stopped"), "\(workers.words)")
            #expect(workers.words.contains(#""clean":true"#), "\(workers.words)")
            workers = try system.startWorkers()
            ingress.signal(SIGTERM)
            #expect(try ingress.wait(seconds: 20) == 0)
            ingress = try system.startIngress()
            try reach(200 + round * 300, load)
        }
        for client in load { client.end() }
        try judge(load)
    }

    // MARK: Settings

    private func settings(_ change: (String) -> String) throws -> String {
        let path = "\(system.directory)/workers.yaml"
        let text = try String(contentsOfFile: "\(TestDatabase.home)/workers.yaml", encoding: .utf8)
        try change(text).write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private static func accounts(_ text: String, threads: Int, batch: Int) -> String {
        text.replacingOccurrences(
            of: "    threads: 2\n    batch: 500\n",
            with: "    threads: \(threads)\n    batch: \(batch)\n")
    }

    /// What the workers say of their pool of accounts.
    private func threads(_ port: UInt16) throws -> Int64? {
        let wire: Wire
        do {
            wire = try Wire(port: port)
        } catch {
            return nil
        }
        try wire.send(request("GET", "/health/ready"))
        let pools = try JSON.parse(try wire.answer().body)["pools"]?.array
        return pools?.first { $0["pool"]?.string == "accounts" }?["threads"]?.int
    }

    private func largest(since moment: String) throws -> Int64 {
        try system.count(
            """
            select coalesce(max(b.count), 0) from queue.batch b join queue.pool p on p.id = b.pool
            where p.name = 'accounts' and b.at > '\(moment)'
            """)
    }

    private func moment() throws -> String {
        try system.connection().script("select clock_timestamp()::text").first?.text(0) ?? ""
    }

    @Test func `SIGHUP re-reads threads and batch while lanes are draining`() throws {
        _ = try system.startIngress()
        var path = try settings { $0 }
        let first = try system.startWorkers(["KABINET_WORKERS_FILE": path])
        let load = try load(pace: 0, waits: false)
        first.signal(SIGTERM)
        #expect(try first.wait() == 0)
        for client in load { client.start() }
        defer { for client in load { client.end() } }
        try reach(3_000, load)
        for client in load { client.end() }

        path = try settings { Self.accounts($0, threads: 1, batch: 1) }
        let port = try freePort()
        let began = try moment()
        let workers = try system.startWorkers([
            "KABINET_WORKERS_FILE": path, "KABINET_METRICS_PORT": "\(port)",
        ])
        try eventually("the first batches") { try largest(since: began) > 0 }
        #expect(try largest(since: began) == 1)
        #expect(try threads(port) == 1)
        _ = try settings { Self.accounts($0, threads: 4, batch: 300) }
        #expect(try system.count("select count(*) from queue.waiting") > 0, "still draining")
        workers.signal(SIGHUP)
        try eventually("the new threads") { try threads(port) == 4 }
        try system.drained()
        #expect(try largest(since: began) > 1)
        #expect(workers.words.contains("workers.reloaded"))

        _ = try settings { Self.accounts($0, threads: 2, batch: 1) }
        workers.signal(SIGHUP)
        try eventually("fewer threads") { try threads(port) == 2 }
        let again = try moment()
        let client = Client(port: system.port, token: token)
        for value in 0..<20 {
            let answer = try client.call(
                "POST", "/probe/api/accounts/1000/readings",
                json: #"{"meter":"M1000","values":{"T1":"\#(value)"},"taken_on":"1999-11-01"}"#)
            #expect(answer.status == 202)
        }
        try system.drained()
        #expect(try largest(since: again) == 1)
        try judge(load)
    }

    @Test func `wrong settings stop a start with every problem, and a reload not at all`() throws {
        let wrong: (String) -> String = { text in
            Self.accounts(text, threads: 0, batch: 500)
                .replacingOccurrences(of: "reading.delete, ", with: "reading.delte, ")
                .replacingOccurrences(of: "grace: 20s", with: "grace: soon")
                .replacingOccurrences(of: "rate: 20/s", with: "rates: 20/s")
        }
        let path = try settings(wrong)
        let refused = try system.startWorkers(["KABINET_WORKERS_FILE": path])
        #expect(try refused.wait() == 2)
        let problems = [
            "grace", "threads", "reading.delte", "reading.delete\" is in no pool", "rates",
        ]
        for problem in problems {
            #expect(refused.words.contains(problem), "\(problem): \(refused.words)")
        }

        _ = try settings { $0 }
        let port = try freePort()
        _ = try system.startIngress()
        let workers = try system.startWorkers([
            "KABINET_WORKERS_FILE": path, "KABINET_METRICS_PORT": "\(port)",
        ])
        try eventually("the workers") { try threads(port) == 2 }
        _ = try settings(wrong)
        workers.signal(SIGHUP)
        try eventually("the complaint") { workers.words.contains("workers.not_reloaded") }
        #expect(workers.ended == nil)
        #expect(try threads(port) == 2)
        try system.accounts(["1000"], token: token)
    }

    // MARK: The database

    @Test func `workers that start before the database wait for it and then work`() throws {
        let ingress = try system.startIngress()
        try system.stopPostgres()
        let workers = try system.startWorkers()
        let door = try system.launch(["ingress"], ["KABINET_PORT": "\(try freePort())"])
        try eventually("the wait") { workers.words.contains("database.away") }
        #expect(workers.ended == nil)
        try system.startPostgres()
        try eventually("the door") { system.ready == 200 }
        try system.accounts(["1000"], token: token)
        #expect(workers.ended == nil)
        #expect(ingress.ended == nil)
        #expect(door.ended == nil, "a door that starts before the database waits too")
    }

    @Test func `workers refuse a database whose cursors speak of another server`() throws {
        try system.connection().script("update queue.origin set system_identifier = 1")
        let workers = try system.startWorkers()
        #expect(try workers.wait() != 0)
        #expect(workers.words.contains("came from another server"), "\(workers.words)")
        #expect(workers.words.contains("kabinet queue rebase"), "\(workers.words)")
        #expect(
            try system.violations().contains { $0.contains("queue/origin") },
            "and the checks say so")
    }

    @Test func `who waits for a decision is not told that it is taken before it is written`() throws
    {
        let ingress = try system.startIngress()
        let vandal = try system.connection()
        let before = try system.count("select count(*) from queue.command")
        try vandal.script("begin; lock table queue.command in share mode")
        // It is given up after five seconds, long after the one that it would wait for its decision.
        let answer = try Client(port: system.port, token: token).call(
            "POST", "/probe/operator/commands", [("Prefer", "wait=1"), ("Idempotency-Key", "a")],
            json: #"{"kind":"account.open","body":{"account":"1000","apartment":"1"}}"#)
        #expect(answer.status == 503, "\(answer.text)")
        #expect(answer.header("Retry-After") != nil)
        try vandal.script("rollback")
        #expect(try system.count("select count(*) from queue.command") == before)
        #expect(ingress.ended == nil)
    }

    @Test func `while the database is away the door says so, saves nothing, and comes back`() throws
    {
        let ingress = try system.startIngress()
        let workers = try system.startWorkers()
        try system.accounts(["1000"], token: token)
        let client = Client(port: system.port, token: token)
        let body = #"{"meter":"M1000","values":{"T1":"1"},"taken_on":"2000-01-15"}"#
        func post(_ key: String) throws -> Answer {
            try client.call(
                "POST", "/probe/api/accounts/1000/readings", [("Idempotency-Key", key)], json: body)
        }
        let before = try system.count("select count(*) from queue.command")
        for (round, away) in [system.stopPostgres, system.killPostgres].enumerated() {
            try away()
            try eventually("the door's word") { system.ready == 503 }
            for key in ["a", "b"] {
                let refused = try post("\(key)\(round)")
                #expect(refused.status == 503)
                #expect(Int(refused.header("Retry-After") ?? "") ?? 0 > 0, "\(refused.headers)")
                #expect(try JSON.parse(refused.body)["code"]?.string == "database_away")
            }
            let live = try client.call("GET", "/health/live")
            #expect(live.status == 200, "it is the database that is away, not the door")
            try system.startPostgres()
            try eventually("the door's return") { system.ready == 200 }
            #expect(
                try system.count("select count(*) from queue.command") == before + Int64(round),
                "what was answered 503 is not there")
            let taken = try post("a\(round)")
            #expect(taken.status == 202, "the same key is as good as new: \(taken.text)")
            try system.drained()
        }
        #expect(ingress.ended == nil)
        #expect(workers.ended == nil)
        try system.drained()
        #expect(try system.violations() == [])
    }

    @Test func `who waits for a decision hears no «pending» of what is not written yet`() throws {
        _ = try system.startIngress()
        _ = try system.startWorkers()
        try system.accounts(["1000"], token: token)
        let client = Client(port: system.port, token: token)
        func post() throws -> Answer {
            try client.call(
                "POST", "/probe/api/accounts/1000/readings",
                [("Idempotency-Key", "one"), ("Prefer", "wait=1")],
                json: #"{"meter":"M1000","values":{"T1":"1"},"taken_on":"2000-01-15"}"#)
        }
        let before = try system.count("select count(*) from queue.command")
        let blocker = try system.connection()
        // Nothing can be written, for longer than the client waits and the door has patience.
        try blocker.script("begin; lock table queue.command in exclusive mode")
        let refused = try post()
        #expect(refused.status == 503, "\(refused.text)")
        try blocker.script("rollback")
        #expect(try system.count("select count(*) from queue.command") == before)
        #expect([200, 202].contains(try post().status))
        try system.drained()
        #expect(try system.count("select count(*) from queue.command") == before + 1)
    }
}
