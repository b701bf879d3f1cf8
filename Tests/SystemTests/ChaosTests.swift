import Postgres
import TestKit
import Testing
import Threads

/// Every process of the system is killed again and again under a steady load, and nothing is lost,
/// doubled or reordered.
@Suite(.serialized) struct ChaosTests {
    private static let clients = 6
    private static let accountsEach = 40
    private static let kills = ["workers": 7, "ingress": 6, "postgres": 7]

    @Test func `20 kills under load lose nothing, double nothing and keep every account's order`()
        throws
    {
        let seed: UInt64 = 20
        let system = try System()
        defer { system.stop() }
        try system.organization()
        let token = try system.token().token
        var ingress = try system.startIngress()
        var workers = [try system.startWorkers(), try system.startWorkers()]
        let load = (0..<Self.clients).map { number in
            Load(
                number, port: system.port, token: token,
                accounts: (0..<Self.accountsEach).map { "\(1_000 * (number + 1) + $0)" })
        }
        try system.accounts(load.flatMap(\.accounts), token: token)
        let opened = try system.count("select count(*) from queue.command")

        for client in load { client.start() }
        defer { for client in load { client.end() } }
        func acknowledged() -> Int { load.reduce(0) { $0 + $1.acknowledged.count } }
        /// The load flows again: this many further answers.
        func flows(_ more: Int) throws {
            let before = acknowledged()
            try eventually("the flow of the load", seconds: 60) { acknowledged() >= before + more }
        }

        var generator = Seeded(seed)
        let order = Self.kills.sorted { $0.key < $1.key }
            .flatMap { Array(repeating: $0.key, count: $0.value) }.shuffled(using: &generator)
        try flows(200)
        for victim in order {
            switch victim {
            case "workers":
                let index = generator.below(2)
                try workers[index].kill()
                workers[index] = try system.startWorkers()
            case "ingress":
                try ingress.kill()
                ingress = try system.launch(["ingress"])
            default:
                try system.killPostgres()
                try system.startPostgres()
            }
            #expect(workers.allSatisfy { $0.ended == nil }, "workers survive what is not theirs")
            #expect(ingress.ended == nil, "the door survives what is not its own")
            try flows(200 + generator.below(400))
        }
        for client in load { client.end() }
        let sent = load.flatMap(\.acknowledged)
        #expect(load.flatMap(\.surprises) == [])
        try system.drained(seconds: 60)

        try judge(system, sent: sent, opened: opened)
        let sum = load.reduce(0) { $0 + $1.repeats }
        print("chaos: \(sent.count) readings, \(sum) repeated requests, seed \(seed)")
    }

    private func judge(_ system: System, sent: [String], opened: Int64) throws {
        let connection = try system.connection()
        #expect(Set(sent).count == sent.count, "no two requests got the same command")
        let stored = Set(
            try connection.script("select id from queue.command where kind = 'reading.submit'")
                .map { $0.text(0) })
        #expect(stored == Set(sent), "the queue has what was acknowledged, and nothing else")
        let states = try connection.script(
            """
            select s.state, coalesce(s.body->>'unchanged', ''), count(*)
            from queue.command c
            cross join lateral queue.standing(c.id, c.pool, c.lane, c.xid, c.seq) s
            group by 1, 2
            """
        ).map { "\($0.text(0)) \($0.text(1)) \($0.text(2))" }
        #expect(states == ["done  \(Int64(sent.count) + opened)"], "every command is done")
        #expect(try system.count("select count(*) from queue.exception") == 0, "and none refused")
        let readings = try connection.script("select id from facts.reading").map { $0.text(0) }
        #expect(readings.count == sent.count, "each was decided once")
        #expect(Set(readings) == Set(sent))
        #expect(
            try system.count("select count(*) from facts.reading where state <> 'effective'") == 0,
            "none was taken for another's replacement")
        // Along an account the order of the months is the order in which the commands were queued.
        let moved = try system.count(
            """
            select count(*) from (
              select r.month, lag(r.month) over w as before
              from facts.reading r join queue.command c on c.id = r.id
              window w as (partition by c.subject order by c.xid, c.seq)) o
            where month <= before
            """)
        #expect(moved == 0)
        #expect(try system.violations() == [])
        #expect(try system.count("select count(*) from queue.waiting") == 0)
        #expect(try system.count("select count(*) from queue.hold") == 0)
    }
}
