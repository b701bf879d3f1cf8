import Commands
import Foundation
import Postgres
import TestKit
import Testing
import Threads

/// A pool gets other lanes while residents go on, with the built binary.
@Suite(.serialized) struct ResizeTests {
    private let system: System
    private let token: String

    init() throws {
        system = try System()
        try system.organization()
        token = try system.token().token
    }

    private func resize(_ lanes: Int) -> [String] {
        ["queue", "resize", "accounts", "\(lanes)", "--why", "a test"]
    }

    private func open() throws -> Bool {
        try system.count("select count(*) from queue.resize where ended_at is null") > 0
    }

    @Test func `under load, killed in the middle and begun again, nothing is lost or reordered`()
        throws
    {
        let ingress = try system.startIngress()
        let workers = [try system.startWorkers(), try system.startWorkers()]
        let load = (0..<4).map { number in
            Load(
                number, doors: [system.port], token: token,
                accounts: (0..<30).map { "\(1_000 * (number + 1) + $0)" })
        }
        try system.accounts(load.flatMap(\.accounts), token: token)
        for client in load { client.start() }
        defer { for client in load { client.end() } }
        func acknowledged() -> Int { load.reduce(0) { $0 + $1.acknowledged.count } }
        func flows(_ more: Int) throws {
            let before = acknowledged()
            try eventually("the flow of the load", seconds: 60) { acknowledged() >= before + more }
        }
        try flows(200)
        for lanes in [100, 7, 64] {
            try system.kabinet(arguments: resize(lanes))
            #expect(
                try system.count("select lanes from queue.pool where name = 'accounts'")
                    == Int64(lanes))
            #expect(try !open())
            try flows(200)
        }
        // A paused pool decides nothing, so the resize stays open: its operator is killed there.
        try system.kabinet("queue", "pause", "accounts", "--why", "a test")
        try flows(100)
        let operating = try system.launch(resize(33))
        try eventually("the resize is open") { try open() }
        try operating.kill()
        #expect(try system.kabinet("queue").contains("33"))
        #expect(throws: TestKitError.self) { try system.kabinet(arguments: resize(34)) }
        // The door goes on taking commands.
        try flows(100)
        #expect(try open())
        try system.kabinet("queue", "resume", "accounts", "--why", "a test")
        try eventually("workers end it by themselves", seconds: 60) { try !open() }
        try system.kabinet(arguments: resize(33))
        try flows(200)
        for client in load { client.end() }
        #expect(ingress.ended == nil)
        #expect(workers.allSatisfy { $0.ended == nil })
        try system.drained()

        let sent = load.flatMap(\.acknowledged)
        #expect(load.flatMap(\.surprises) == [])
        let readings = try system.connection().script(
            "select id from facts.reading where state = 'effective'"
        ).map { $0.text(0) }
        #expect(readings.count == sent.count, "each was decided once")
        #expect(Set(readings) == Set(sent))
        #expect(try system.count("select count(*) from queue.exception") == 0, "and none refused")
        // A reading sees the ones that were decided before it: out of order it would have been refused, or measured from
        // another one.
        #expect(
            try system.count(
                """
                select count(*) from (
                  select c.received_at, lag(c.received_at) over w as before
                  from facts.reading r join queue.command c on c.id = r.id
                  window w as (partition by r.meter order by r.month)) o where received_at < before
                """) == 0)
        #expect(try system.violations() == [])
        #expect(
            try system.count(
                "select count(*) from operations.audit where action = 'queue.resize' and details->>'why' = 'a test'"
            ) == 4)
        #expect(
            try system.count(
                "select count(*) from queue.resize where actor like 'operator:%' and lanes_before <> lanes"
            ) == 4)
    }

    @Test func `what differs from workers.yaml is told with its cure`() throws {
        let told = "kabinet queue resize accounts 64"
        #expect(try !system.kabinet("check").contains(told))
        let dry = try system.kabinet(arguments: resize(16) + ["--dry-run"])
        #expect(dry.contains("64 → 16"))
        #expect(try system.count("select count(*) from queue.resize") == 0)
        let words = try system.kabinet(arguments: resize(16))
        #expect(words.contains("workers.yaml"))
        #expect(try system.kabinet("check").contains(told))
        #expect(try system.kabinet("migrate").contains(told))
        let workers = try system.startWorkers()
        try eventually("the workers say so") { workers.words.contains(told) }
        for wrong in ["0", "1025", "x"] {
            #expect(throws: TestKitError.self) {
                try system.kabinet("queue", "resize", "accounts", wrong, "--why", "x")
            }
        }
        #expect(throws: TestKitError.self) {
            try system.kabinet("queue", "resize", "nothing", "3", "--why", "x")
        }
    }

    @Test func `what is abandoned moves, and is retried where it stands then`() throws {
        _ = try system.startWorkers()
        try system.connection().script(
            """
            insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
            select (overlay(gen_random_uuid()::text placing left(queue.first_id(clock_timestamp())::text, 13)
                            from 1 for 13))::uuid,
                   p.id, (i % 40) % p.lanes, 'reading.submit', 'probe', i % 40, '{}', 'test', 'api', clock_timestamp()
            from queue.pool p, generate_series(1, 80) i where p.name = 'accounts'
            """)
        try eventually("40 are abandoned", seconds: 60) {
            try system.count("select count(*) from queue.hold where state = 'abandoned'") == 40
                && system.count("select count(*) from queue.waiting") == 0
        }
        try system.kabinet(arguments: resize(9))
        #expect(
            try system.count("select count(*) from queue.hold where lane = subject % 9") == 40)
        let one = try system.connection().script(
            "select head::text from queue.hold order by id limit 1"
        ).map { $0.text(0) }[0]
        try system.kabinet("commands", "discard", one, "--why", "a test")
        func abandoned() throws -> Int64 {
            try system.count("select count(*) from queue.exception where kind = 'abandoned'")
        }
        // The discarded one's neighbour comes to its turn, and cannot be read either.
        try eventually("the next one is abandoned", seconds: 60) { try abandoned() == 41 }
        try system.kabinet(
            "commands", "reprocess", "--state", "abandoned", "--why", "a test")
        try eventually("they are abandoned again", seconds: 60) {
            try abandoned() == 81
                && system.count("select count(*) from queue.hold where state = 'abandoned'") == 40
        }
        let causes = try system.kabinet("commands", "abandoned", "--json")
        let json = try JSON.parse(Array(causes.utf8))
        #expect(json["commands"]?.int == 40)
        #expect(json["subjects"]?.int == 40)
        #expect(json["parked"]?.int == 39)
        #expect(json["kind"]?.string == "reading.submit")
        #expect(try system.kabinet("commands", "abandoned").contains("kabinet commands reprocess"))
        #expect(try system.violations() == [])
    }
}
