import Commands
import Foundation
import Glibc
import Postgres
import Queue
import TestKit
import Testing

/// A deploy while people work: the built binary beside another release. Of another release there is here what is seen of
/// it from outside: a kind that it registers, a lane that it decides, the row of a migration that it applied.
@Suite(.serialized) struct UpgradeTests {
    private let system: System
    private let token: String

    init() throws {
        system = try System()
        try system.organization()
        token = try system.token().token
    }

    private func doctor(_ check: String) throws -> (state: String, details: String) {
        let child = try system.launch(["doctor", "--json"], ["KABINET_LANGUAGE": "en"])
        try child.wait()
        for line in child.words.split(separator: "\n") {
            let json = try JSON.parse(Array(line.utf8))
            guard json["check"]?.string == check else { continue }
            let details = json["details"]?.array?.compactMap(\.string) ?? []
            return (json["state"]?.string ?? "", details.joined(separator: "; "))
        }
        throw TestKitError("no check \(check): \(child.words)")
    }

    private func append(_ commands: [NewCommand]) throws {
        try Appender(on: system.connection(role: "kabinet_ingress")).append(commands)
    }

    /// As workers of the next release would: they know every kind.
    private func decideAsNewer() throws -> [String] {
        let connection = try Connection(
            system.database.with("user", "kabinet_workers"), library: system.library,
            preparing: Lane.statements)
        let map = try PoolMap(on: connection)
        guard let pool = map.pool(named: "accounts") else { throw TestKitError("no pool") }
        let policy = PoolPolicy(name: pool.name, lanes: pool.lanes, threads: 1, batch: 500)
        var decided: [String] = []
        for number in 0..<pool.lanes {
            var lane = Lane(pool: pool.id, lane: Int16(number), batch: 500)
            while true {
                let step = try lane.step(
                    on: connection, policy: policy, map: map,
                    decider: Deciding.each { command, _ in decided.append(command.kind) })
                if case .idle = step { break }
            }
        }
        return decided
    }

    // MARK: Kinds

    @Test func `a kind of the next release waits for its workers, in order; other lanes flow`()
        throws
    {
        _ = try system.startIngress()
        let workers = try system.startWorkers()
        try system.connection().script(
            "insert into queue.kind select 'future.kind', id from queue.pool where name = 'accounts'"
        )
        // Subject 3 of lane 3, and one that shares its lane.
        try append([
            known(3), .sample("future.kind", subject: 3), known(3), known(67),
        ])
        try eventually("it is told") { workers.words.contains("queue.unknown_kind") }
        let batches = try system.count(
            "select count(*) from queue.batch where lane = 3 and count > 0")
        // Accounts of all lanes but that one are opened, and read.
        let numbers = try (1000..<1060).map { "\($0)" }.filter { try lane(of: $0) != 3 }
        let client = Client(port: system.port, token: token)
        for number in numbers {
            let answer = try client.call(
                "POST", "/probe/operator/commands", [("Prefer", "wait=30")],
                json: #"{"kind":"account.open","body":{"account":"\#(number)","apartment":"1"}}"#)
            #expect(answer.status == 200, "\(answer.text)")
        }
        #expect(try system.count("select count(*) from queue.waiting") == 3)
        #expect(try system.count("select count(*) from queue.hold") == 0)
        #expect(
            try system.count(
                "select count(*) from queue.exception where kind in ('failed', 'abandoned')") == 0)
        #expect(
            try system.count("select count(*) from queue.batch where lane = 3 and count > 0")
                == batches)
        let finding = try doctor("kinds")
        #expect(finding.state == "problem")
        #expect(finding.details.contains("future.kind waits, accounts, lanes 1"), "\(finding)")
        #expect(finding.details.contains("no running workers know it"))
        #expect(try doctor("holds").state == "well")

        #expect(try decideAsNewer() == ["future.kind", "account.close", "account.close"])
        #expect(try doctor("kinds").state == "well")
        #expect(workers.ended == nil)
        try append([known(3)])
        try system.drained()
        #expect(try system.violations() == [])
    }

    private func lane(of account: String) throws -> Int64 {
        let command = try Command(
            .closeAccount, JSON.parse(Array(Self.closing(account).utf8)))
        return Int64(UInt64(bitPattern: command.subject(organization: System.organization)) % 64)
    }

    private static func closing(_ account: String) -> String {
        #"{"account":"\#(account)","closed_on":"2026-01-01"}"#
    }

    /// One that this release knows, and refuses: there is no such organization.
    private func known(_ subject: Int64) -> NewCommand {
        .sample("account.close", subject: subject, payload: Self.closing("1"))
    }

    // MARK: A schema that breaks

    private let breaking = """
        insert into kabinet.migration (number, name, checksum, needs, why)
        values (999, '0999_later', 'x', 999, 'readings moved')
        """

    private func post(_ port: UInt16, _ key: String) throws -> Answer {
        try Client(port: port, token: token).call(
            "POST", "/probe/operator/commands", [("Idempotency-Key", key)],
            json: #"{"kind":"account.open","body":{"account":"2000","apartment":"1"}}"#)
    }

    @Test
    func `a breaking migration ends older workers, shuts the older door, and lets none start`()
        throws
    {
        let ingress = try system.startIngress()
        let workers = try system.startWorkers()
        try system.accounts(["1000"], token: token)
        let before = try system.count("select count(*) from queue.command")
        try system.connection().script(breaking)

        // At once: the database itself refuses.
        let refused = try post(system.port, "a")
        #expect(refused.status == 503, "\(refused.text)")
        #expect(try JSON.parse(refused.body)["code"]?.string == "outdated", "\(refused.text)")
        #expect(Int(refused.header("Retry-After") ?? "") ?? 0 > 0)
        #expect(try workers.wait() == 1)
        for word in [
            "queue.misfit", "too old for the database", "0999_later: readings moved",
            "start a newer release",
        ] {
            #expect(workers.words.contains(word), "\(word): \(workers.words)")
        }
        // Then the door knows by itself.
        try eventually("the door's word") { ingress.words.contains("ingress.misfit") }
        let client = Client(port: system.port, token: token)
        let ready = try client.call("GET", "/health/ready")
        #expect(ready.status == 503)
        #expect(
            try JSON.parse(ready.body)["why"]?.string?.contains("too old for the database") == true,
            "\(ready.text)")
        #expect(try client.call("GET", "/health/live").status == 200)
        #expect(try client.call("GET", "/metrics").status == 200)
        for path in ["/probe/", "/probe/api/accounts/1000/meters"] {
            let answer = try client.call("GET", path, [("Accept", "text/html")])
            #expect(answer.status == 503, "\(path)")
            #expect(answer.header("Retry-After") != nil)
        }
        #expect(try post(system.port, "a").status == 503)
        #expect(try system.count("select count(*) from queue.command") == before)
        #expect(ingress.ended == nil)

        for words in [["workers"], ["ingress"]] {
            let started = try system.launch(words, ["KABINET_PORT": "\(try freePort())"])
            #expect(try started.wait() == 1)
            #expect(started.words.contains("start a newer release"), "\(started.words)")
        }
        let operators = try system.launch([
            "account", "open", "--organization", "probe", "--account", "2001",
        ])
        #expect(try operators.wait() == 1)
        #expect(operators.words.contains("start a newer release"), "\(operators.words)")
        let migrate = try system.launch(["migrate"], ["KABINET_LANGUAGE": "en"])
        #expect(try migrate.wait() == 1)
        #expect(migrate.words.contains("run a release at least as new"), "\(migrate.words)")
        #expect(try doctor("migrations").details.contains("needs") == false)
        #expect(
            try doctor("migrations").details.contains(
                "this one is refused (0999_later: readings moved)"))

        // It is the migration that shuts the door, and nothing that the process keeps.
        try system.connection().script("delete from kabinet.migration where number = 999")
        try eventually("the door opens again") { try post(system.port, "a").status == 202 }
        _ = try system.startWorkers()
        try system.drained()
        #expect(try system.count("select count(*) from queue.command") == before + 1)
        #expect(try system.violations() == [])
    }

    @Test func `a later additive migration disturbs nobody, a release of later is told to migrate`()
        throws
    {
        _ = try system.startIngress()
        let workers = try system.startWorkers()
        try system.connection().script(
            "insert into kabinet.migration (number, name, checksum) values (999, '0999_later', 'x')"
        )
        try system.accounts(["1000"], token: token)
        let second = try system.startWorkers()
        try eventually("another of this release") { second.words.contains("workers.started") }
        #expect(system.ready == 200)
        #expect(workers.ended == nil)

        // This binary is the later release where its own last migration is missing.
        try system.connection().script(
            """
            delete from kabinet.migration
            where number >= (select max(number) from kabinet.migration where number < 999)
            """)
        for words in [["workers"], ["ingress"]] {
            let started = try system.launch(words, ["KABINET_PORT": "\(try freePort())"])
            #expect(try started.wait() == 1)
            #expect(
                started.words.contains("run `kabinet migrate` of this release first"),
                "\(started.words)")
        }
    }

    @Test func `on a database that was never migrated everything says what to run first`() throws {
        try system.connection().script("create database empty")
        let empty = system.conninfo.replacingOccurrences(of: "dbname=kabinet", with: "dbname=empty")
        #expect(empty != system.conninfo)
        for words in [["workers"], ["ingress"]] {
            let started = try system.launch(
                words, ["DATABASE_URL": empty, "KABINET_PORT": "\(try freePort())"])
            #expect(try started.wait() == 1)
            #expect(
                started.words.contains("run `kabinet migrate` of this release first"),
                "\(started.words)")
        }
    }

    @Test func `a folder of statements that is not this program's is refused`() throws {
        let home = "\(system.directory)/home"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        for entry in ["sql", "workers.yaml"] {
            try FileManager.default.copyItem(
                atPath: "\(TestDatabase.home)/\(entry)", toPath: "\(home)/\(entry)")
        }
        try "-- Of the next release.\nselect 1;\n".write(
            toFile: "\(home)/sql/migrations/9999_next.sql", atomically: true, encoding: .utf8)
        for words in [["workers"], ["ingress"], ["migrate"]] {
            let started = try system.launch(words, ["KABINET_HOME": home])
            #expect(try started.wait() == 1)
            #expect(started.words.contains("they are of different releases"), "\(started.words)")
        }
    }

    // MARK: Doors

    @Test func `while the old door drains, kept connections are served and sent to the new one`()
        throws
    {
        let old = try system.startIngress()
        _ = try system.startWorkers()
        try system.accounts(["1000"], token: token)
        let newPort = try freePort()
        let new = try system.launch(["ingress"], ["KABINET_PORT": "\(newPort)"])
        try eventually("the new door") { system.ready(newPort) == 200 }
        let wire = try Wire(port: system.port)
        let headers = "Authorization: Bearer \(token)\r\nContent-Type: application/json\r\n"
        func ask(_ number: Int) throws -> Answer {
            let body = #"{"kind":"account.open","body":{"account":"\#(number)","apartment":"1"}}"#
            try wire.send(
                "POST /probe/operator/commands HTTP/1.1\r\nHost: localhost\r\n\(headers)"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            return try wire.answer()
        }
        let first = try ask(3000)
        #expect(first.status == 202)
        #expect(first.header("Connection")?.lowercased() != "close")
        old.signal(SIGTERM)
        try eventually("the old door takes nobody new") { system.ready == nil }
        // On the connection that it has: an answer, and the last one. (A machine that stood still meanwhile: 503.)
        let last = try ask(3001)
        #expect([202, 503].contains(last.status), "\(last.text)")
        #expect(last.header("Connection")?.lowercased() == "close", "\(last.headers)")
        #expect(try old.wait(seconds: 20) == 0)
        #expect(old.words.contains(#""clean":true"#))
        if last.status == 503 { #expect(last.header("Retry-After") != nil) }
        let client = Client(port: newPort, token: token)
        let answer = try client.call(
            "POST", "/probe/operator/commands", [("Prefer", "wait=30")],
            json: #"{"kind":"account.open","body":{"account":"3002","apartment":"1"}}"#)
        #expect(answer.status == 200, "\(answer.text)")
        try system.drained()
        let expected = last.status == 202 ? 4 : 3
        #expect(try system.count("select count(*) from facts.account") == Int64(expected))
        #expect(new.ended == nil)
        #expect(try system.violations() == [])
    }
}
