import Postgres
import Queue
import TestKit
import Testing

/// Pools of `mode: delivery`: no transaction during the call, at least once, the failed one alone is called again.
@Suite struct DeliveryTests {
    static let database = Result { try queueDatabase("delivery") }
    var database: TestDatabase { get throws { try Self.database.get() } }

    /// Every call succeeds and leaves a row when it is recorded; `called` sees each.
    func delivering(
        _ called: @escaping ([ClaimedCommand]) -> Void = { _ in },
        failing: @escaping (ClaimedCommand) -> Verdict? = { _ in nil }
    ) -> Delivering {
        Delivering(
            recording: { batch, verdicts, connection in
                let done = zip(batch, verdicts).filter {
                    if case .done = $1 { true } else { false }
                }
                try write(done.map(\.0), connection)
            },
            calling: { batch in
                called(batch)
                return batch.map { failing($0) ?? .done }
            })
    }

    @Test func `during the call no transaction is open and the lane is held by the session`() throws
    {
        let place = try Place(database, delivery: true)
        let commands = place.commands(3)
        try database.append(commands)
        let worker = try place.worker()
        let (observer, second) = (try database.connection(), try place.worker())
        var other = place.lane()
        var seen: [String] = []
        var answer: Lane.Step?
        var lane = place.lane()
        let step = try place.deliver(
            &lane, on: worker,
            delivering({ _ in
                #expect(!worker.inTransaction)
                do {
                    seen += try observer.script(
                        """
                        select a.state || ' ' || count(l.*) from pg_stat_activity a
                        left join pg_locks l on l.pid = a.pid and l.locktype = 'advisory'
                        where a.pid = \(worker.backend) group by a.state
                        """
                    ).map { $0.text(0) }
                    answer = try place.deliver(&other, on: second, delivering())
                } catch {
                    Issue.record(error)
                }
            }))
        #expect(step.count == 3)
        #expect(seen == ["idle 1"])
        #expect(answer?.isElsewhere == true)
        #expect(try place.effects() == commands.map(\.id))
        #expect(
            try observer.script(
                "select from pg_locks where locktype = 'advisory' and pid = \(worker.backend)"
            ).isEmpty, "the lane is given back")
        #expect(try place.deliver(&lane, on: worker, delivering()).isIdle)
        #expect(
            try observer.script(
                "select from pg_locks where locktype = 'advisory' and pid = \(worker.backend)"
            ).isEmpty)
    }

    @Test
    func `the failed call alone is made again, then abandoned; its neighbours are called once`()
        throws
    {
        let place = try Place(database, delivery: true, attempts: 3)
        let commands = place.commands(6) { _ in 0 }
        let bad = commands[2].id
        try database.append(commands)
        var calls: [Identifier: Int] = [:]
        let deliverer = delivering(
            { for command in $0 { calls[command.id, default: 0] += 1 } },
            failing: { $0.id == bad ? .failed(error: "busy", permanent: false) : nil })
        var lane = place.lane()
        let worker = try place.worker()
        let first = try place.deliver(&lane, on: worker, deliverer)
        #expect(first.held?.id == bad)
        #expect(try place.deliver(&lane, on: worker, deliverer).isIdle)
        try place.makeDue()
        #expect(try place.deliver(&lane, on: worker, deliverer).held?.attempt == 2)
        try place.makeDue()
        #expect(try place.deliver(&lane, on: worker, deliverer).held?.abandoned == true)
        try place.makeDue()
        #expect(try place.deliver(&lane, on: worker, deliverer).isIdle)
        #expect(calls[bad] == 3)
        #expect(commands.filter { $0.id != bad }.allSatisfy { calls[$0.id] == 1 })
        #expect(try place.exceptions(bad) == ["failed", "failed", "abandoned"])
        #expect(try database.state(of: bad)?.state == .abandoned)
        #expect(try place.effects() == commands.map(\.id).filter { $0 != bad })
    }

    @Test func `a call that fails and then succeeds is done`() throws {
        let place = try Place(database, delivery: true)
        let commands = place.commands(3)
        try database.append(commands)
        var fails = true
        let deliverer = delivering(failing: {
            fails && $0.id == commands[1].id ? .failed(error: "busy", permanent: false) : nil
        })
        var lane = place.lane()
        let worker = try place.worker()
        try place.deliver(&lane, on: worker, deliverer)
        #expect(try database.state(of: commands[1].id)?.state == .pending)
        fails = false
        try place.makeDue()
        try place.deliver(&lane, on: worker, deliverer)
        #expect(try database.state(of: commands[1].id)?.state == .done)
        #expect(try place.holds() == 0)
        #expect(try place.effects() == [commands[0].id, commands[2].id, commands[1].id])
    }

    @Test func `several failed calls of a batch are each put aside`() throws {
        let place = try Place(database, delivery: true)
        let commands = place.commands(5)
        try database.append(commands)
        var lane = place.lane()
        let worker = try place.worker()
        try place.deliver(
            &lane, on: worker,
            delivering(failing: {
                switch $0.subject {
                case 1: .failed(error: "busy", permanent: false)
                case 3: .failed(error: "no such number", permanent: true)
                case 4: .refused(code: "expired", body: Array("{}".utf8))
                default: nil
                }
            }))
        let states = try commands.map { try database.state(of: $0.id)?.state }
        #expect(states == [.done, .pending, .done, .abandoned, .refused])
        #expect(try place.holds() == 2)
        try place.makeDue()
        try untilIdle { try place.deliver(&lane, on: worker, delivering()) }
        #expect(try database.state(of: commands[1].id)?.state == .done)
    }

    @Test(arguments: [false, true])
    func `a session lost between the call and its record: recorded later; a crash delivers again`(
        _ crashes: Bool
    ) throws {
        let place = try Place(database, delivery: true)
        let commands = place.commands(2)
        try database.append(commands)
        let killer = try database.connection()
        let worker = try place.worker()
        var calls = 0
        var lane = place.lane()
        #expect(throws: PostgresError.self) {
            try place.deliver(
                &lane, on: worker,
                delivering({ _ in
                    calls += 1
                    do {
                        try killer.script("select pg_terminate_backend(\(worker.backend), 30000)")
                    } catch {
                        Issue.record(error)
                    }
                }))
        }
        #expect(try place.effects().isEmpty)
        #expect(try place.batches() == 1)
        let next = try place.worker()
        if crashes { lane = place.lane() }
        try untilIdle { try place.deliver(&lane, on: next, delivering({ _ in calls += 1 })) }
        #expect(calls == (crashes ? 2 : 1))
        #expect(try place.effects() == commands.map(\.id))
    }

    @Test func `what another owner has delivered meanwhile is not recorded twice`() throws {
        let place = try Place(database, delivery: true)
        let commands = place.commands(2)
        try database.append(commands)
        let worker = try place.worker()
        var lane = place.lane()
        let full = Delivering(
            recording: { _, _, connection in try connection.script(Self.fullDisk) },
            calling: { batch in batch.map { _ in .done } })
        #expect(try place.deliver(&lane, on: worker, full).isFull)
        var other = place.lane()
        let second = try place.worker()
        try untilIdle { try place.deliver(&other, on: second, delivering()) }
        #expect(try place.deliver(&lane, on: worker, delivering()).isElsewhere)
        #expect(try place.deliver(&lane, on: worker, delivering()).isIdle)
        #expect(try place.effects() == commands.map(\.id))
    }

    static let fullDisk = "do $$ begin raise exception 'no space' using errcode = '53100'; end $$"

    @Test func `while the disk is full nothing is called again, and nobody is to blame`() throws {
        let place = try Place(database, delivery: true, attempts: 2)
        let commands = place.commands(3)
        try database.append(commands)
        var (calls, isFull) = (0, true)
        let deliverer = Delivering(
            recording: { batch, _, connection in
                if isFull { try connection.script(Self.fullDisk) }
                try write(batch, connection)
            },
            calling: { batch in
                calls += batch.count
                return batch.map { _ in .done }
            })
        var lane = place.lane()
        let worker = try place.worker()
        for _ in 0..<10 { #expect(try place.deliver(&lane, on: worker, deliverer).isFull) }
        isFull = false
        #expect(try place.deliver(&lane, on: worker, deliverer).count == 3)
        #expect(calls == 3)
        #expect(try place.holds() == 0)
        #expect(try place.effects() == commands.map(\.id))
    }

    @Test func `a delivery that cannot be recorded is not repeated at once, but one by one later`()
        throws
    {
        let place = try Place(database, delivery: true)
        let commands = place.commands(3)
        try database.append(commands)
        var calls = 0
        let broken = Delivering(
            recording: { _, _, connection in try connection.script("select 1 / 0") },
            calling: { batch in
                calls += batch.count
                return batch.map { _ in .done }
            })
        var lane = place.lane()
        let worker = try place.worker()
        #expect(try place.deliver(&lane, on: worker, broken).held != nil)
        #expect(try place.deliver(&lane, on: worker, broken).isIdle)
        #expect(calls == 3)
        #expect(try place.holds() == 3)
        try place.makeDue()
        var sizes: [Int] = []
        try untilIdle {
            try place.deliver(&lane, on: worker, delivering({ sizes.append($0.count) }))
        }
        #expect(sizes == [1, 1, 1])
        #expect(try Set(place.effects()) == Set(commands.map(\.id)))
    }

    @Test func `while nobody can be called nothing is claimed, and the lane is not held`() throws {
        let place = try Place(database, delivery: true)
        let commands = place.commands(3)
        try database.append(commands)
        let deliverer = delivering()
        deliverer.pause = 700
        var lane = place.lane()
        let worker = try place.worker()
        let before = try place.batches()
        for _ in 0..<3 {
            if case .paused(700) = try place.deliver(&lane, on: worker, deliverer) {
            } else {
                Issue.record("it was not paused")
            }
        }
        #expect(try place.batches() == before)
        deliverer.pause = 0
        try untilIdle { try place.deliver(&lane, on: worker, deliverer) }
        #expect(try place.effects() == commands.map(\.id))
    }

    @Test func `what was not called comes again, and no attempt is counted, however often`() throws
    {
        let place = try Place(database, delivery: true, attempts: 2)
        let commands = place.commands(4)
        let shut = commands[1].id
        try database.append(commands)
        var isOpen = false
        var calls = 0
        let deliverer = delivering(
            { calls += $0.count },
            failing: { !isOpen && $0.id == shut ? .deferred(milliseconds: 600_000) : nil })
        var lane = place.lane()
        let worker = try place.worker()
        #expect(try place.deliver(&lane, on: worker, deliverer).count == 4)
        for _ in 0..<5 {
            #expect(try place.deliver(&lane, on: worker, deliverer).isIdle)
            try place.makeDue()
            #expect(try place.deliver(&lane, on: worker, deliverer).count == 1)
        }
        #expect(try place.holds() == 1)
        #expect(try place.exceptions(shut) == [])
        #expect(try database.state(of: shut)?.state == .pending)
        isOpen = true
        try place.makeDue()
        try untilIdle { try place.deliver(&lane, on: worker, deliverer) }
        #expect(try place.holds() == 0)
        #expect(try Set(place.effects()) == Set(commands.map(\.id)))
        #expect(calls == 4 + 5 + 1)
    }

    @Test func `what was not called keeps the attempts that were counted before`() throws {
        let place = try Place(database, delivery: true, attempts: 2)
        let commands = place.commands(1)
        try database.append(commands)
        var verdicts: [Verdict] = [
            .failed(error: "busy", permanent: false), .deferred(milliseconds: 1),
            .deferred(milliseconds: 1), .failed(error: "busy", permanent: false),
        ]
        let deliverer = delivering(failing: { _ in verdicts.removeFirst() })
        var lane = place.lane()
        let worker = try place.worker()
        try place.deliver(&lane, on: worker, deliverer)
        for _ in 0..<2 {
            try place.makeDue()
            try place.deliver(&lane, on: worker, deliverer)
        }
        try place.makeDue()
        #expect(try place.deliver(&lane, on: worker, deliverer).held?.attempt == 2)
        #expect(try database.state(of: commands[0].id)?.state == .abandoned)
    }

    @Test func `what a batch needs is read in the transaction that claimed it, before the calls`()
        throws
    {
        let place = try Place(database, delivery: true)
        let commands = place.commands(3)
        try database.append(commands)
        var prepared: [[Identifier]] = []
        let deliverer = Delivering(
            preparing: { batch, connection in
                #expect(connection.inTransaction)
                try connection.script("create temporary table gone (a int)")
                prepared.append(batch.map(\.id))
            },
            calling: { batch in batch.map { _ in .noted(receipt: [1, 2]) } })
        var lane = place.lane()
        let worker = try place.worker()
        #expect(try place.deliver(&lane, on: worker, deliverer).count == 3)
        #expect(prepared == [commands.map(\.id)])
        #expect(try worker.script("select to_regclass('gone') is null").first?.text(0) == "t")
        // A receipt is nobody's but the record's.
        #expect(try commands.map { try database.state(of: $0.id)?.state } == [.done, .done, .done])
        #expect(try commands.flatMap { try place.exceptions($0.id) } == [])
    }

    @Test func `no batch is larger than the rate leaves`() throws {
        let place = try Place(database, delivery: true)
        try database.append(place.commands(10))
        var sizes: [Int] = []
        var lane = place.lane()
        let worker = try place.worker()
        let deliverer = delivering({ sizes.append($0.count) })
        try place.deliver(&lane, on: worker, deliverer, most: 3)
        try place.deliver(&lane, on: worker, deliverer, most: 1)
        try untilIdle { try place.deliver(&lane, on: worker, deliverer, most: 4) }
        #expect(sizes == [3, 1, 4, 2])
    }

    @Test func `the checks of the queue find nothing`() throws {
        #expect(try database.violations() == [])
    }
}
