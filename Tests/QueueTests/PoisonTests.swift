import Postgres
import TestKit
import Testing

@testable import Queue

/// Q8: poison is contained.
@Suite struct PoisonTests {
    static let database = Result { try queueDatabase("poison") }
    var database: TestDatabase { get throws { try Self.database.get() } }

    @Test(arguments: [0, 1, 255, 498, 499])
    func `poison is found alone in a batch of 500, and its neighbours are decided once`(
        _ index: Int
    ) throws {
        let place = try Place(database, attempts: 3)
        let commands = place.commands(500)
        let poison = commands[index].id
        try database.append(commands)
        var tries = 0
        let poisonous = failing(poison)
        let decider = Deciding { batch, connection in
            tries += 1
            return try poisonous.decide(batch, on: connection)
        }
        var lane = place.lane()
        let worker = try place.worker()
        let steps = try place.drain(&lane, on: worker, decider)
        #expect(steps.compactMap(\.held).map(\.id) == [poison])
        #expect(steps.compactMap(\.held).map(\.attempt) == [1])
        #expect(try place.effects() == commands.map(\.id).filter { $0 != poison })
        // 500 halves nine times; what was found good doubles again on the way.
        #expect(tries < 60)
        #expect(try database.state(of: poison)?.state == .pending)

        // Before its time nothing happens; then it is tried, and after its attempts it is abandoned.
        #expect(try place.step(&lane, on: worker, decider).isIdle)
        try place.makeDue()
        let second = try place.step(&lane, on: worker, decider)
        #expect(second.held?.attempt == 2)
        #expect(second.held?.abandoned == false)
        try place.makeDue()
        let third = try place.step(&lane, on: worker, decider)
        #expect(third.held?.attempt == 3)
        #expect(third.held?.abandoned == true)
        try place.makeDue()
        #expect(try place.step(&lane, on: worker, decider).isIdle)
        #expect(try place.exceptions(poison) == ["failed", "failed", "abandoned"])
        let state = try #require(try database.state(of: poison))
        #expect(state.state == .abandoned)
        #expect(state.attempt == 3)
        #expect(String(decoding: state.body, as: UTF8.self).contains("poison"))
        #expect(try place.effects().count == 499)
    }

    @Test(arguments: [false, true])
    func `while the disk is full no attempt is counted, neither of a batch nor of a retry`(
        _ retries: Bool
    ) throws {
        let place = try Place(database, attempts: 3)
        let commands = place.commands(5)
        try database.append(commands)
        var (isFull, fails) = (!retries, retries)
        let decider = Deciding { batch, connection in
            try write(batch, connection)
            if isFull { try connection.script(DeliveryTests.fullDisk) }
            if fails { throw TestKitError("no") }
            return Decided(verdicts: batch.map { _ in .done })
        }
        var lane = place.lane()
        let worker = try place.worker()
        if retries {
            try place.drain(&lane, on: worker, decider)
            (isFull, fails) = (true, false)
            try place.makeDue()
        }
        for _ in 0..<10 { #expect(try place.step(&lane, on: worker, decider).isFull) }
        isFull = false
        try place.drain(&lane, on: worker, decider)
        #expect(try place.effects() == commands.map(\.id))
        #expect(try place.holds() == 0)
        #expect(try place.exceptions(commands[0].id) == (retries ? ["failed"] : []))
    }

    @Test(arguments: [0, 17, 39])
    func `a command that ends its process is put aside by a later one, and again after a retry`(
        _ index: Int
    ) throws {
        let place = try Place(database)
        let commands = place.commands(40) { Int64($0) }
        let poison = commands[index].id
        try database.append(commands)
        let admin = try database.connection()
        let decider = Deciding { batch, connection in
            if batch.contains(where: { $0.id == poison }) {
                // What is left of a process that trapped: its session ends, and so does its memory.
                try admin.script("select pg_terminate_backend(\(connection.backend))")
            }
            try write(batch, connection)
            return Decided(verdicts: batch.map { _ in .done })
        }
        func processes() throws -> Int {
            for ended in 0..<20 {
                var lane = place.youngLane()
                let worker = try place.worker()
                do {
                    try place.drain(&lane, on: worker, decider)
                    return ended
                } catch let error as PostgresError where error.connectionLost {
                    continue
                }
            }
            return 20
        }
        // Batches grow from one: so many processes to come to it, and three that begin with it.
        #expect(try (3...9).contains(processes()))
        #expect(try place.effects() == commands.map(\.id).filter { $0 != poison })
        #expect(try database.state(of: poison)?.state == .abandoned)
        try admin.script(
            """
            update queue.hold set state = 'waiting', next_at = clock_timestamp()
            where head = '\(poison)' or command = '\(poison)'
            """)
        #expect(try processes() == 3)
        #expect(try database.state(of: poison)?.state == .abandoned)
        #expect(try place.effects().count == 39)
    }

    @Test func `several poisons in a batch are each put aside`() throws {
        let place = try Place(database, onFailure: .skip)
        let commands = place.commands(200)
        let poisons = Set([0, 1, 77, 120, 199].map { commands[$0].id })
        try database.append(commands)
        try place.drain(
            Deciding { batch, connection in
                try write(batch, connection)
                if batch.contains(where: { poisons.contains($0.id) }) {
                    throw TestKitError("poison")
                }
                return Decided(verdicts: batch.map { _ in .done })
            })
        #expect(try place.holds() == 5)
        #expect(try place.effects() == commands.map(\.id).filter { !poisons.contains($0) })
    }

    @Test func `a permanent failure is abandoned at once`() throws {
        let place = try Place(database)
        let commands = place.commands(3)
        try database.append(commands)
        let steps = try place.drain(failing(commands[1].id, permanent: true))
        #expect(steps.compactMap(\.held).map(\.abandoned) == [true])
        #expect(try place.exceptions(commands[1].id) == ["abandoned"])
        #expect(try database.state(of: commands[1].id)?.state == .abandoned)
    }

    @Test func `a conflict between transactions is tried again in place, not put aside`() throws {
        let place = try Place(database)
        let command = place.command()
        try database.append(command)
        var left = 3
        try place.drain(
            Deciding { batch, connection in
                try write(batch, connection)
                left -= 1
                if left >= 0 {
                    try connection.script(
                        "do $$ begin raise serialization_failure using message = 'again'; end $$")
                }
                return Decided(verdicts: batch.map { _ in .done })
            })
        #expect(left == -1)
        #expect(try place.holds() == 0)
        #expect(try place.effects() == [command.id])
    }

    @Test func `a statement that fails for good is put aside like any poison`() throws {
        let place = try Place(database)
        let commands = place.commands(4)
        try database.append(commands)
        try place.drain(
            Deciding { batch, connection in
                try write(batch, connection)
                if batch.contains(where: { $0.subject == 2 }) {
                    try connection.script("select 1 / 0")
                }
                return Decided(verdicts: batch.map { _ in .done })
            })
        #expect(try place.holds() == 1)
        #expect(try place.effects().count == 3)
    }

    @Test func `hold parks the followers of the subject and releases them in order`() throws {
        let place = try Place(database, batch: 6)
        let commands = place.commands(30) { Int64($0 % 3) }
        let head = commands[3].id
        try database.append(commands)
        var lane = place.lane()
        let worker = try place.worker()
        try place.drain(&lane, on: worker, failing(head))
        let others = commands.filter { $0.subject != 0 }.map(\.id)
        let held = commands.filter { $0.subject == 0 }.map(\.id)
        #expect(try place.effects().filter { !held.contains($0) } == others)
        #expect(try place.effects().filter { held.contains($0) } == [held[0]])
        #expect(
            try CommandState.of(held, on: place.ingress()).filter { $0.state == .pending }.count
                == 9)
        let late = place.commands(5) { _ in 0 }
        try database.append(late)
        try place.drain(&lane, on: worker, failing(head))
        #expect(try place.effects().count == 21)

        // It fails once more; still nobody passes it.
        try place.makeDue()
        try place.drain(&lane, on: worker, failing(head))
        #expect(try place.effects().count == 21)
        try place.makeDue()
        try place.drain(&lane, on: worker, writing())
        #expect(
            try place.effects().filter { held.contains($0) || late.map(\.id).contains($0) }
                == held + late.map(\.id))
        #expect(try place.holds() == 0)
        let after = place.command(0)
        try database.append(after)
        try place.drain(&lane, on: worker, writing())
        #expect(try place.effects().last == after.id)
    }

    @Test func `what comes while a hold is being released waits behind it`() throws {
        let place = try Place(database, batch: 2)
        let commands = place.commands(7) { _ in 0 }
        try database.append(commands)
        var lane = place.lane()
        let worker = try place.worker()
        try place.drain(&lane, on: worker, failing(commands[0].id))
        try place.makeDue()
        let first = try place.step(&lane, on: worker, writing())
        #expect(first.count == 1, "the failed head is tried alone")
        let late = place.command(0)
        try database.append(late)
        try place.drain(&lane, on: worker, writing())
        #expect(try place.effects() == commands.map(\.id) + [late.id])
    }

    @Test func `a parked follower that fails holds the rest, with attempts of its own`() throws {
        let place = try Place(database, attempts: 2)
        let commands = place.commands(6) { _ in 0 }
        try database.append(commands)
        var lane = place.lane()
        let worker = try place.worker()
        try place.drain(&lane, on: worker, failing(commands[0].id))
        try place.makeDue()
        try place.drain(&lane, on: worker, failing(commands[3].id))
        #expect(try place.effects() == commands[..<3].map(\.id))
        #expect(try place.exceptions(commands[3].id) == ["failed"])
        try place.makeDue()
        try place.drain(&lane, on: worker, failing(commands[3].id))
        #expect(try place.exceptions(commands[3].id) == ["failed", "abandoned"])
        try place.makeDue()
        try place.drain(&lane, on: worker, writing())
        #expect(try place.effects().count == 3, "behind an abandoned command its subject waits")
    }

    @Test func `skip lets the subject go on without the failed command`() throws {
        let place = try Place(database, onFailure: .skip)
        let commands = place.commands(6) { _ in 0 }
        try database.append(commands)
        var lane = place.lane()
        let worker = try place.worker()
        try place.drain(&lane, on: worker, failing(commands[2].id))
        let others = commands.map(\.id).filter { $0 != commands[2].id }
        #expect(try place.effects() == others)
        try place.makeDue()
        try place.drain(&lane, on: worker, writing())
        #expect(try place.effects() == others + [commands[2].id])
        #expect(try place.holds() == 0)
        #expect(try database.state(of: commands[2].id)?.state == .done)
    }

    @Test func `a retry that fails after its hold has moved on condemns nobody`() throws {
        let place = try Place(database, attempts: 2)
        let commands = place.commands(3) { _ in 0 }
        try database.append(commands)
        var lane = place.lane()
        let worker = try place.worker()
        try place.drain(&lane, on: worker, failing(commands[0].id))
        try place.makeDue()
        // The owner's lock is gone with its transaction; another releases before it can put the failure down.
        let step = try place.step(
            &lane, on: worker,
            Deciding { _, connection in
                try connection.rollback()
                try place.drain(writing())
                throw TestKitError("too late")
            })
        #expect(step.isElsewhere)
        #expect(try place.effects() == commands.map(\.id))
        #expect(try place.holds() == 0)
        #expect(try place.exceptions(commands[0].id) == ["failed"])
    }

    @Test func `an error with any text is stored as JSON`() throws {
        let place = try Place(database)
        let commands = place.commands(1)
        try database.append(commands)
        let text = "Ё \"quoted\" \\ back\n\u{0}\u{1}\u{7f} 🎄" + String(repeating: "ж", count: 600)
        try place.drain(Deciding { (_, _) throws -> Decided in throw PermanentFailure(text) })
        let state = try #require(try database.state(of: commands[0].id))
        #expect(state.state == .abandoned)
        #expect(String(decoding: state.body, as: UTF8.self).contains(#"Ё \"quoted\" \\ back"#))
    }

    @Test func `the delay grows by its factor to its most, with jitter`() {
        let policy = PoolPolicy(
            name: "p", lanes: 1, threads: 1, batch: 1, backoffFirst: 1000, backoffFactor: 2,
            backoffMost: 10_000)
        for (attempt, middle) in [
            (1, 1000), (2, 2000), (3, 4000), (4, 8000), (5, 10_000), (60, 10_000),
        ] {
            let delays = (0..<200).map { _ in policy.delay(after: attempt) }
            #expect(delays.allSatisfy { ($0 >= middle * 8 / 10) && ($0 <= middle * 12 / 10) })
            #expect(Set(delays).count > 20)
        }
    }

    @Test func `the checks of the queue find nothing`() throws {
        #expect(try database.violations() == [])
    }
}
