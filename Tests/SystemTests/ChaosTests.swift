import Commands
import Foundation
import Postgres
import TestKit
import Testing

/// Whatever happens to the system under load, nothing that was acknowledged is lost, doubled or reordered.
/// `KABINET_CHAOS=full` (`./ops/test chaos`): 210 faults, 200,000 readings; else 20 faults.
@Suite(.serialized) struct ChaosTests {
    @Test func `faults of every sort lose nothing, double nothing and keep every account's order`()
        throws
    {
        let size = try Chaos.Size.wanted()
        let seed = try size.seed()
        // Before anything else: a run that crashes can be repeated too.
        say("\(size.faults) faults, \(size.readings) readings, KABINET_SEED=\(seed)")
        let chaos = try Chaos(size, seed: seed)
        defer { chaos.stop() }
        for note in chaos.notes { say(note) }
        try chaos.run()
        report(chaos)
        #expect(chaos.load.flatMap(\.surprises) == [])
        #expect(chaos.taken >= size.readings)
        #expect(chaos.tally.values.reduce(0, +) >= size.faults)
        try judge(chaos)
    }

    private func say(_ text: String) {
        FileHandle.standardError.write(Data("chaos: \(text)\n".utf8))
    }

    private func report(_ chaos: Chaos) {
        let load = chaos.load
        for (fault, count) in chaos.tally.sorted(by: { $0.value > $1.value }) {
            say("\(count) × \(fault.rawValue)")
        }
        let faults = chaos.tally.values.reduce(0, +)
        let statuses = load.reduce(into: [Int: Int]()) { sum, client in
            sum.merge(client.statuses, uniquingKeysWith: +)
        }.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
        say(
            "\(faults) faults; \(chaos.taken) readings acknowledged; answers: "
                + statuses.joined(separator: ", ")
                + ", \(load.reduce(0) { $0 + $1.broken }) without one; "
                + "\(load.reduce(0) { $0 + $1.repeats }) repeated for want of a 2xx, "
                + "\(load.reduce(0) { $0 + $1.echoes }) in spite of one; "
                + "\(chaos.lanesTaken) batches of stopped workers ended by the server; "
                + "KABINET_SEED=\(chaos.seed)")
    }

    // MARK: The judge

    private func judge(_ chaos: Chaos) throws {
        let system = chaos.system
        let connection = try system.connection()
        let sent = chaos.load.flatMap(\.acknowledged)
        #expect(Set(sent).count == sent.count, "no two requests got the same command")
        let stored = Set(
            try connection.script("select id from queue.command where kind = 'reading.submit'")
                .map { $0.text(0) })
        #expect(Set(sent).subtracting(stored) == [], "what was acknowledged is in the queue")
        // Every client went on until it had its answer, so there is nobody who gave up.
        #expect(stored.subtracting(sent) == [], "and nothing else is")
        let keys = try system.count("select count(distinct key) from queue.idempotency")
        #expect(Int(keys) == sent.count, "one command a key, one key a command")
        #expect(
            try system.count("select count(distinct command) from queue.idempotency")
                == Int64(sent.count))
        let states = try connection.script(
            """
            select s.state, coalesce(s.body->>'unchanged', ''), count(*)
            from queue.command c
            cross join lateral queue.standing(c.id, c.pool, c.lane, c.xid, c.seq) s
            group by 1, 2
            """
        ).map { "\($0.text(0)) \($0.text(1)) \($0.text(2))" }
        #expect(
            states == ["done  \(Int64(sent.count) + chaos.opened)"], "every command is done")
        // A command may have failed with its server and succeeded with the next; none was refused or given up.
        let failed = try system.count("select count(*) from queue.exception where kind = 'failed'")
        #expect(
            try system.count("select count(*) from queue.exception where kind <> 'failed'") == 0)
        let readings = try connection.script("select id from facts.reading").map { $0.text(0) }
        #expect(readings.count == sent.count, "each was decided once")
        #expect(Set(readings).symmetricDifference(sent) == [])
        #expect(
            try system.count("select count(*) from facts.reading where state <> 'effective'") == 0,
            "none was taken for another's replacement")
        let counted = try system.count("select sum(count)::bigint from queue.batch")
        // What failed is in the batch that put it aside, and in the one that released it.
        #expect(failed > 0 || counted == Int64(sent.count) + chaos.opened, "no batch was lost")
        #expect(counted >= Int64(sent.count) + chaos.opened)
        let batches = try system.count("select count(*) from queue.batch where count > 0")
        try order(chaos, on: connection)
        #expect(
            try system.count("select count(*) from views.month") == Int64(sent.count),
            "views equal facts: the rest of it is in sql/checks/store")
        #expect(try system.violations() == [])
        #expect(try system.count("select count(*) from queue.waiting") == 0)
        #expect(try system.count("select count(*) from queue.hold") == 0)
        // The time at the door was never anything but the clock's.
        let moments = chaos.moments.map { "'\($0)'::timestamptz" }.joined(separator: ", ")
        #expect(
            try system.count(
                "select count(*) from queue.command where received_at not in (\(moments))") == 0)
        let asked = try ask(chaos, sent)
        say(
            "\(sent.count) readings decided once each (\(batches) batches of \(counted) commands, those that "
                + "opened accounts among them), \(failed) failed attempts, \(asked) outcomes asked for; "
                + "\(chaos.seconds) s")
    }

    /// Along an account: what was acknowledged before is queued before, decided before, and of an earlier month.
    private func order(_ chaos: Chaos, on connection: Connection) throws {
        var acknowledged: [String: [String]] = [:]
        for one in chaos.load.flatMap(\.taken) {
            acknowledged[one.account, default: []].append(one.command)
        }
        var queued: [String: [String]] = [:]
        let rows = try connection.script(
            """
            select payload->>'account', string_agg(id::text, ' ' order by xid, seq)
            from queue.command where kind = 'reading.submit' group by 1
            """)
        for number in 0..<rows.count {
            queued[rows[number].text(0)] = rows[number].text(1).split(separator: " ")
                .map(String.init)
        }
        let wrong = acknowledged.filter { queued[$0.key] != $0.value }.keys.sorted()
        #expect(wrong == [], "queued in the order of the acknowledgements")
        // The xmin of a reading is the transaction that decided it; those of a lane follow each other.
        let moved = try chaos.system.count(
            """
            select count(*) from (
              select r.month, r.values, r.xmin::text::bigint as decided, lag(r.month) over w as month_before,
                lag(r.values) over w as values_before, lag(r.xmin::text::bigint) over w as decided_before
              from facts.reading r join queue.command c on c.id = r.id
              window w as (partition by c.subject order by c.xid, c.seq)) o
            where month <= month_before or values <= values_before or decided < decided_before
            """)
        #expect(moved == 0)
    }

    /// The outcome of some, as their senders would ask for it.
    private func ask(_ chaos: Chaos, _ sent: [String]) throws -> Int {
        var random = Seeded(chaos.seed)
        let client = Client(port: chaos.system.port, token: chaos.token)
        let sample = sent.shuffled(using: &random).prefix(500)
        for command in sample {
            let answer = try client.call("GET", "/\(System.organization)/api/commands/\(command)")
            #expect(answer.status == 200)
            let json = try JSON.parse(answer.body)
            #expect(json["state"]?.string == "done" && json["command"]?.string == command)
        }
        return sample.count
    }
}
