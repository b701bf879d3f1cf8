import Postgres
import Queue
import TestKit
import Testing
import Threads

/// Q1: exact at batch speed. Q2: ordered per subject. Q4: nothing overtaken is lost.
@Suite struct LaneTests {
    static let database = Result { try queueDatabase("lane") }
    var database: TestDatabase { get throws { try Self.database.get() } }

    // MARK: Q1

    @Test func `effects, follow-ups and the completion commit together`() throws {
        let place = try Place(database)
        let next = try Place(database)
        let map = try PoolMap(on: database.connection())
        let commands = place.commands(3)
        try database.append(commands)
        let followers = commands.map { NewCommand.sample(next.kind, subject: 7, cause: $0.id) }
        let other = try database.connection()
        var lane = place.lane()
        let step = try lane.step(
            on: place.worker(), policy: place.policy, map: map,
            decider: Deciding { batch, connection in
                try write(batch, connection)
                #expect(try other.script("select from effect where note = 'x'").isEmpty)
                #expect(try place.effects().isEmpty)
                return Decided(
                    verdicts: [
                        .done, .result(body: Array(#"{"a": 1}"#.utf8)),
                        .refused(code: "late", body: Array("{}".utf8)),
                    ], follow: followers)
            })
        #expect(step.count == 3)
        #expect(try place.effects() == commands.map(\.id))
        let states = try commands.map { try #require(try database.state(of: $0.id)) }
        #expect(states.map(\.state) == [.done, .done, .refused])
        #expect(states[1].body == Array(#"{"a": 1}"#.utf8))
        #expect(states[2].code == "late")
        #expect(try place.batches() == 2)
        #expect(
            try place.number(
                "select refused from queue.batch where pool = $pool order by n desc limit 1") == 1)
        try next.drain(writing())
        #expect(try next.effects() == followers.map(\.id))
    }

    @Test func `nothing of a batch is to be seen before its commit`() throws {
        let place = try Place(database)
        let command = place.command()
        try database.append(command)
        try place.drain(
            Deciding { batch, connection in
                try write(batch, connection)
                #expect(try place.effects().isEmpty)
                #expect(try database.state(of: command.id)?.state == .pending)
                return Decided(verdicts: [.done])
            })
        #expect(try database.state(of: command.id)?.state == .done)
    }

    @Test func `a decider that throws after writing leaves nothing`() throws {
        let place = try Place(database)
        let commands = place.commands(2)
        try database.append(commands)
        var lane = place.lane()
        let worker = try place.worker()
        let step = try place.step(
            &lane, on: worker,
            Deciding { batch, connection in
                try write(batch, connection)
                try follow([place.command(1)], map: place.map, on: connection)
                throw TestKitError("after writing")
            })
        #expect(step.isHalved)
        #expect(try place.effects().isEmpty)
        #expect(try place.batches() == 1)
        #expect(
            try place.number("select count(*) from queue.command where pool = $pool") == 2)
        #expect(!worker.inTransaction)
        try place.drain(&lane, on: worker, writing())
        #expect(try place.effects() == commands.map(\.id))
    }

    @Test func `a follow-up to its own lane is decided, once, however the batches are cut`() throws
    {
        let place = try Place(database, batch: 2)
        try database.append(place.commands(5))
        var generations = 0
        try place.drain(
            Deciding { batch, connection in
                try write(batch, connection)
                let parents = batch.filter { $0.cause == nil }
                generations += parents.count
                let follow = parents.map {
                    NewCommand.sample(place.kind, subject: $0.subject, cause: $0.id)
                }
                return Decided(verdicts: batch.map { _ in .done }, follow: follow)
            })
        #expect(generations == 5)
        let effects = try place.effects()
        #expect(effects.count == 10)
        #expect(Set(effects).count == 10)
    }

    @Test
    func
        `a follow-up that stays in place keeps its lane and order; one that is delivered goes to its own pool`()
        throws
    {
        let place = try Place(database)
        let foreign = try Place(database, lanes: 4)
        let letters = try Place(database, delivery: true)
        let map = try PoolMap(on: database.connection())
        try database.append(place.commands(1))
        let followers = [foreign.kind, letters.kind, foreign.kind].map { kind in
            var follower = NewCommand.sample(kind, subject: 7)
            follower.inPlace = true
            return follower
        }
        var lane = place.lane()
        let decider = Deciding { batch, connection in
            try write(batch, connection)
            return Decided(
                verdicts: batch.map { _ in .done },
                follow: batch[0].kind == place.kind ? followers : [])
        }
        let connection = try place.worker()
        try untilIdle {
            try lane.step(on: connection, policy: place.policy, map: map, decider: decider)
        }
        #expect(try Array(place.effects().dropFirst()) == [followers[0].id, followers[2].id])
        #expect(
            try letters.number(
                "select count(*) from queue.command where pool = $pool and id = '\(followers[1].id)'"
            )
                == 1)
        #expect(try database.violations() == [])
    }

    @Test func `a batch is what weighs no more than it may hold, and at least one command`() throws
    {
        let heavy = "test.heavy"
        let place = try Place(database, batch: 10, furtherKinds: [heavy])
        // h is four ordinary ones.
        let row = Array("hhhoooooohhoooooooooooooh")
        let commands = row.map { NewCommand.sample($0 == "h" ? heavy : place.kind) }
        try database.append(commands)
        var lane = place.lane()
        var batches: [String] = []
        let connection = try place.worker()
        func run(_ weight: Int) throws {
            let decider = Deciding(weights: [heavy: weight]) { batch, connection in
                try write(batch, connection)
                batches.append(String(batch.map { $0.kind == heavy ? "h" as Character : "o" }))
                return Decided(verdicts: batch.map { _ in .done })
            }
            try untilIdle {
                try lane.step(
                    on: connection, policy: place.policy, map: place.map, decider: decider)
            }
        }
        try run(4)
        #expect(batches == ["hh", "hoooooo", "hhoo", "oooooooooo", "oh"])
        batches = []
        let others = "ohhoo".map { NewCommand.sample($0 == "h" ? heavy : place.kind) }
        try database.append(others)
        try run(.alone)
        #expect(batches == ["o", "h", "h", "oo"])
        #expect(try place.effects() == (commands + others).map(\.id))
        #expect(try database.violations() == [])
    }

    @Test func `a follow-up of a kind that no pool takes abandons only its command`() throws {
        let place = try Place(database)
        let commands = place.commands(3)
        try database.append(commands)
        try place.drain(
            Deciding { batch, connection in
                try write(batch, connection)
                let follow = batch.filter { $0.subject == 1 }.map { _ in
                    NewCommand.sample("nobody.takes")
                }
                return Decided(verdicts: batch.map { _ in .done }, follow: follow)
            })
        #expect(try Set(place.effects()) == [commands[0].id, commands[2].id])
        #expect(try database.state(of: commands[1].id)?.state == .abandoned)
    }

    // MARK: Q2

    @Test func `commands of a subject are decided in append order, never by id`() throws {
        let place = try Place(database, batch: 3)
        let ids = Identifiers()
        let backwards = (0..<10).map { _ in ids.next() }.reversed().map {
            place.command(5, id: $0)
        }
        let appender = try Appender(on: place.ingress())
        for command in backwards { try appender.append([command]) }
        try place.drain(writing())
        #expect(try place.effects() == backwards.map(\.id))
    }

    @Test func `one flush is decided in its own order`() throws {
        let place = try Place(database, batch: 7)
        let ids = Identifiers(seed: 2)
        let commands = (0..<50).map { _ in ids.next() }.reversed().map { place.command(1, id: $0) }
        try database.append(commands)
        try place.drain(writing())
        #expect(try place.effects() == commands.map(\.id))
    }

    @Test func `overlapping appends claimed together come in the order of their xids`() throws {
        let place = try Place(database)
        let (first, second) = (try place.ingress(), try place.ingress())
        let (one, two) = (place.command(1), place.command(1))
        try first.begin()
        try Appender(on: first).append([one])
        try second.begin()
        try Appender(on: second).append([two])
        try second.commit()
        try first.commit()
        try place.drain(writing())
        #expect(try place.effects() == [one.id, two.id])
    }

    @Test func `overlapping appends with a claim between come in the order of their commits`()
        throws
    {
        let place = try Place(database)
        let (first, second) = (try place.ingress(), try place.ingress())
        let (one, two) = (place.command(1), place.command(1))
        try first.begin()
        try Appender(on: first).append([one])
        try second.begin()
        try Appender(on: second).append([two])
        try second.commit()
        try place.drain(writing())
        try first.commit()
        try place.drain(writing())
        #expect(try place.effects() == [two.id, one.id])
    }

    @Test func `two owners decide every command once and each subject in order`() throws {
        let place = try Place(database, batch: 7)
        let commands = place.commands(600) { Int64($0 % 5) }
        let done = Monitor(0)
        let failures = Monitor<[String]>([])
        let owners = (0..<2).map { number in
            Worker("owner \(number)") {
                do {
                    let connection = try place.worker()
                    var lane = place.lane()
                    let decider = writing()
                    while done.read({ $0 }) < 600 {
                        let step = try place.step(&lane, on: connection, decider)
                        done.change { $0 += step.count }
                    }
                } catch {
                    failures.change { $0.append("\(error)") }
                    done.change { $0 = 600 }
                }
            }
        }
        let appender = try Appender(on: place.ingress())
        for start in stride(from: 0, to: 600, by: 20) {
            try appender.append(Array(commands[start..<start + 20]))
        }
        for owner in owners { owner.join() }
        #expect(failures.read { $0 } == [])
        let effects = try place.effects()
        #expect(effects.count == 600)
        let subjects = Dictionary(uniqueKeysWithValues: commands.map { ($0.id, $0.subject) })
        for subject in Int64(0)..<5 {
            #expect(
                effects.filter { subjects[$0] == subject }
                    == commands.filter { $0.subject == subject }.map(\.id))
        }
    }

    @Test func `while one owner has the lane the other is sent away`() throws {
        let place = try Place(database)
        try database.append(place.commands(3))
        let second = try place.worker()
        var other = place.lane()
        var answer: Lane.Step?
        try place.drain(
            Deciding { batch, connection in
                answer = try place.step(&other, on: second, writing())
                try write(batch, connection)
                return Decided(verdicts: batch.map { _ in .done })
            })
        #expect(answer?.isElsewhere == true)
        #expect(!second.inTransaction)
        #expect(try place.effects().count == 3)
    }

    @Test func `an owner whose batch another has completed meanwhile cannot commit`() throws {
        let place = try Place(database)
        let command = place.command()
        try database.append(command)
        var lane = place.lane()
        let worker = try place.worker()
        let step = try place.step(
            &lane, on: worker,
            Deciding { batch, connection in
                try write(batch, connection)
                // What an owner without the lock would do.
                try database.connection().script(
                    """
                    insert into queue.batch (pool, lane, n, low, high, xid, seq, count)
                    select pool, lane, n + 1, low, high, xid, seq, 0 from queue.batch
                    where pool = \(place.pool) and lane = 0 order by n desc limit 1
                    """)
                return Decided(verdicts: batch.map { _ in .done })
            })
        #expect(step.isElsewhere)
        #expect(!worker.inTransaction)
        #expect(try place.effects().isEmpty)
        try place.drain(&lane, on: worker, writing())
        #expect(try place.effects() == [command.id])
    }

    // MARK: Q4

    @Test(arguments: [1, 2, 500])
    func `an xid taken early and committed late is seen, and stalls nothing`(_ batch: Int) throws {
        let place = try Place(database, batch: batch)
        let slow = try place.ingress()
        let slower = try place.ingress()
        try slower.begin()
        try slower.script("select pg_current_xact_id()")
        try slow.begin()
        let late = place.commands(3)
        try Appender(on: slow).append(Array(late[..<2]))
        let early = place.commands(5)
        try database.append(early)
        try place.drain(writing())
        #expect(try place.effects() == early.map(\.id), "an open writer stalls nobody")
        try Appender(on: slow).append([late[2]])
        try slow.commit()
        try place.drain(writing())
        #expect(try place.effects() == (early + late).map(\.id))
        let last = place.command()
        try Appender(on: slower).append([last])
        try database.append(place.commands(1))
        try slower.commit()
        try place.drain(writing())
        let effects = try place.effects()
        #expect(effects.count == 10)
        #expect(Set(effects).count == 10)
        #expect(effects.contains(last.id))
        #expect(
            try place.number("select count(*) from queue.batch where pool = $pool and xid is null")
                > 0)
    }

    @Test func `a straggler that is larger than a batch is read to its end`() throws {
        let place = try Place(database, batch: 3)
        let slow = try place.ingress()
        try slow.begin()
        let late = place.commands(10)
        try Appender(on: slow).append(Array(late[..<4]))
        try database.append(place.commands(4))
        try place.drain(writing())
        try Appender(on: slow).append(Array(late[4...]))
        try slow.commit()
        try database.append(place.commands(4))
        try place.drain(writing())
        let effects = try place.effects()
        #expect(effects.count == 18)
        #expect(Set(effects).count == 18)
        #expect(effects.filter { Set(late.map(\.id)).contains($0) } == late.map(\.id))
    }

    @Test func `what was rolled back is never decided, a savepoint's commands neither`() throws {
        let place = try Place(database)
        let writer = try place.ingress()
        let appender = try Appender(on: writer)
        try writer.begin()
        try appender.append(place.commands(3))
        try writer.rollback()
        let (kept, dropped) = (place.command(), place.command())
        try writer.begin()
        try appender.append([kept])
        try writer.script("savepoint s")
        try appender.append([dropped])
        try writer.script("rollback to s")
        try writer.commit()
        try place.drain(writing())
        #expect(try place.effects() == [kept.id])
    }

    @Test func `a claim after a write of its own transaction says that it is not clean`() throws {
        let place = try Place(database)
        let worker = try place.worker()
        func clean() throws -> Bool {
            try #require(
                try worker.run("queue/cursor", .int16(place.pool), .int16(0)).first
            ).bool(9)
        }
        try worker.begin()
        #expect(try clean())
        try worker.rollback()
        try worker.begin()
        try worker.script("select pg_current_xact_id()")
        #expect(try !clean())
        try worker.rollback()
    }

    // MARK: Rest

    @Test func `an idle lane writes nothing`() throws {
        let place = try Place(database)
        try database.append(place.commands(1))
        var lane = place.lane()
        let worker = try place.worker()
        try place.drain(&lane, on: worker, writing())
        let batches = try place.batches()
        for _ in 0..<5 {
            #expect(
                try place.step(
                    &lane, on: worker,
                    Deciding { _, _ in throw TestKitError("nothing is there to decide") }
                ).isIdle)
        }
        #expect(try place.batches() == batches)
        #expect(!worker.inTransaction)
    }

    @Test func `batches are as large as they may be, and none is larger`() throws {
        let place = try Place(database, batch: 4)
        try database.append(place.commands(10))
        var sizes: [Int] = []
        try place.drain(
            Deciding { batch, _ in
                sizes.append(batch.count)
                return Decided(verdicts: batch.map { _ in .done })
            })
        #expect(sizes == [4, 4, 2])
    }

    @Test func `a batch in which somebody waits is announced once, others are not`() throws {
        let place = try Place(database)
        let listener = try database.connection()
        try listener.listen("queue_decided")
        func announced() throws -> [String] {
            // What this session says to itself comes after all that was said before.
            try listener.script("select pg_notify('queue_decided', 'end')")
            var found: [String] = []
            while !found.contains("end") {
                found += try listener.notifications(milliseconds: 10_000).map(\.payload)
            }
            return found.filter { $0.hasPrefix("\(place.pool):") }
        }
        try database.append(place.command(1), place.command(2))
        try place.drain(writing())
        #expect(try announced() == [])
        try database.append((0..<5).map { place.command($0, awaited: $0 > 2) })
        try place.drain(writing())
        #expect(try announced() == ["\(place.pool):0"])
    }

    @Test func `lanes of a pool do not see each other's commands`() throws {
        let place = try Place(database, lanes: 4)
        let commands = place.commands(40) { Int64($0) - 20 }
        try database.append(commands)
        let worker = try place.worker()
        for number in Int16(0)..<4 {
            var lane = place.lane(number)
            try place.drain(
                &lane, on: worker,
                Deciding { batch, connection in
                    for command in batch {
                        #expect(UInt64(bitPattern: command.subject) % 4 == UInt64(number))
                    }
                    try write(batch, connection)
                    return Decided(verdicts: batch.map { _ in .done })
                })
        }
        #expect(try Set(place.effects()) == Set(commands.map(\.id)))
        #expect(try place.effects().count == 40)
    }

    @Test func `a command reaches its decider as it was appended`() throws {
        let place = try Place(database)
        var command = place.command(-5, payload: #"{"имя": "Ёж"}"#, awaited: true)
        command.trace = "00-ab-cd-01"
        command.cause = Identifier(high: 1, low: 2)
        command.receivedAt = 946_684_799_999_999
        try database.append(command)
        let want = command
        try place.drain(
            Deciding.each({ got, _ in
                #expect(got.id == want.id)
                #expect(got.kind == want.kind)
                #expect(got.organization == want.organization)
                #expect(got.subject == want.subject)
                #expect(got.payload == want.payload)
                #expect(got.actor == want.actor)
                #expect(got.channel == want.channel)
                #expect(got.trace == want.trace)
                #expect(got.cause == want.cause)
                #expect(got.awaited)
                #expect(got.receivedAt == want.receivedAt)
            }))
    }

    @Test func `the slow poll finds every lane that has work, and no other`() throws {
        let place = try Place(database, lanes: 6, batch: 2)
        let worker = try place.worker()
        func ready() throws -> [Int32] {
            try worker.run("queue/ready", .int16(place.pool), .int32(6)).map { $0.int32(0) }
                .sorted()
        }
        func decideAll() throws {
            for number in Int16(0)..<6 {
                var lane = place.lane(number)
                try place.drain(&lane, on: worker, writing())
            }
        }
        #expect(try ready() == [])
        let slow = try place.ingress()
        try slow.begin()
        try Appender(on: slow).append([place.command(0)])
        let poison = place.command(1)
        // Lane 0 has a diff of its own while the writer is open: afterwards only its list of open ones knows of that.
        try database.append([poison, place.command(2), place.command(6)])
        var first = place.lane(1)
        try place.drain(&first, on: worker, failing(poison.id))
        try decideAll()
        #expect(try ready() == [], "what is not committed or not due is no work")
        try slow.commit()
        #expect(try ready() == [0], "a late commit")
        try place.makeDue()
        #expect(try ready() == [0, 1], "a hold that is due")
        try database.append(place.commands(5) { _ in 2 } + [place.command(3)])
        var second = place.lane(2)
        #expect(try place.step(&second, on: worker, writing()).count == 2)
        #expect(try ready() == [0, 1, 2, 3], "a diff that is not finished, and what is new")
        try decideAll()
        #expect(try ready() == [])
    }

    @Test func `the checks of the queue find nothing`() throws {
        #expect(try database.violations() == [])
    }
}
