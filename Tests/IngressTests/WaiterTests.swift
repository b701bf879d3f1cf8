import Postgres
import Queue
import Telemetry
import TestKit
import Testing
import Threads

@testable import Ingress

/// Who waits for a decision, against a real PostgreSQL. Nobody looks at all who wait from time to time here: what is told
/// then was heard.
@Suite(.serialized) struct WaiterTests {
    private let database: TestDatabase
    private let policy = PoolPolicy(name: "pool", lanes: 1, threads: 1, batch: 500)
    private let kind = "test.wait"
    private let map: PoolMap

    init() throws {
        database = try TestDatabase("waiter")
        map = try database.pools((policy, [kind]))
    }

    /// What who waits was told.
    private final class Told: Sendable {
        let states = Monitor<[CommandState.State?]>([])

        func hear(_ state: CommandState?, _ failed: Bool) {
            states.change { $0.append(failed ? nil : state?.state) }
        }

        var first: CommandState.State? {
            states.wait(milliseconds: 30_000) { $0.isEmpty ? nil : $0[0] } ?? nil
        }
    }

    /// Steps so many lanes until all of them are idle; returns how many commands they decided.
    private func drain(_ lanes: Int) throws -> Int {
        let connection = try Connection(
            database.address(role: "kabinet_workers"), library: database.library,
            preparing: Lane.statements)
        guard let pool = map.pool(named: policy.name) else { throw TestKitError("no pool") }
        let map = try PoolMap(on: connection)
        var decided = 0
        for number in 0..<lanes {
            var lane = Lane(pool: pool.id, lane: Int16(number), batch: policy.batch)
            for _ in 0..<100 {
                let step = try lane.step(
                    on: connection, policy: policy, map: map,
                    decider: Deciding.each { _, _ in decided += 1 })
                if case .idle = step { break }
            }
            try connection.run("queue/resizes")
        }
        return decided
    }

    @Test func `who waits while the pool is resized hears of the decision from its new lane`()
        throws
    {
        let heard = Monitor<[String]>([])
        let telemetry = Telemetry.collecting()
        let waiter = try Waiter(
            address: database.address(role: "kabinet_ingress"), library: database.library,
            telemetry: telemetry, room: Room(.init(requests: 100, bytes: 1 << 20)),
            patience: 10_000, lookAtAll: .max, channels: ["test_waiter"], fit: Fit(telemetry)
        ) { notification in heard.change { $0.append(notification.payload) } }
        waiter.start()
        defer { waiter.stop() }
        try eventually("the waiter listens") { waiter.isListening }
        // Subject 3 has lane 0 of the one there is, and lane 3 of the five to come.
        let command = NewCommand.sample(kind, subject: 3, awaited: true)
        let told = Told()
        let isTaken = waiter.wait(
            command.id, kind: kind, subject: 3, milliseconds: 600_000, told.hear)
        #expect(isTaken)

        let operators = try database.connection(role: "kabinet_operator")
        try operators.script("select queue.begin_resize('pool', 5::int2, 'test', 'test')")
        #expect(try drain(1) == 0)
        #expect(
            try operators.script("select from queue.resize where ended_at is null").count == 0)
        // What comes behind the resize's own word was heard after it.
        try operators.script("notify test_waiter, 'resized'")
        let isHeard: Bool? = heard.wait(milliseconds: 30_000) {
            $0.contains("resized") ? true : nil
        }
        #expect(isHeard == true)

        try Appender(on: database.connection(role: "kabinet_ingress")).append([command])
        waiter.appended(command.id)
        // A question of its own is answered when all that the resize made it look at has been looked at.
        let asked = Told()
        #expect(waiter.state(of: command.id, asked.hear) == nil)
        #expect(asked.first == .pending)
        #expect(told.states.read { $0.isEmpty })

        #expect(try drain(5) == 1)
        #expect(told.first == .done)
        #expect(waiter.waiting == 0)
    }
}
