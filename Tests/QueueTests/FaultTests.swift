import Postgres
import Queue
import TestKit
import Testing
import Threads

/// Q1 under faults: the session is killed at every place of a batch; what is left is all of it or nothing, and the next
/// owner goes on as if nothing had been.
@Suite struct FaultTests {
    static let database = Result {
        let database = try queueDatabase("fault")
        // A session that has set test.kill dies when it comes to the place of that name.
        try database.connection().script(
            """
            create function kill_at() returns trigger language plpgsql as $$
            begin
              if current_setting('test.kill', true) = tg_argv[0] then
                perform pg_terminate_backend(pg_backend_pid());
                perform pg_sleep(60);
              end if;
              return coalesce(new, old);
            end $$;
            create trigger a before insert on queue.batch for each row execute function kill_at('complete');
            create trigger b after insert on queue.batch for each row execute function kill_at('completed');
            create trigger c before insert on queue.exception for each row execute function kill_at('exception');
            create trigger d before insert on queue.command for each row execute function kill_at('follow');
            create trigger e before insert on queue.parked for each row execute function kill_at('park');
            create trigger f before insert on queue.hold for each row execute function kill_at('hold');
            create trigger g before update or delete on queue.hold for each row execute function kill_at('unhold');
            create trigger h before insert on effect for each row execute function kill_at('effect');
            create constraint trigger i after insert on effect deferrable initially deferred
              for each row execute function kill_at('commit');
            """)
        return database
    }
    var database: TestDatabase { get throws { try Self.database.get() } }

    static let places = ["effect", "exception", "follow", "complete", "completed", "commit"]

    @Test(arguments: places)
    func `a session killed at any place of a batch leaves nothing, and the next does it once`(
        _ where: String
    ) throws {
        let place = try Place(database)
        let followed = try Place(database)
        let map = try PoolMap(on: database.connection())
        let commands = place.commands(5)
        try database.append(commands)
        let decider = Deciding { batch, connection in
            try write(batch, connection)
            var verdicts = batch.map { _ in Verdict.done }
            verdicts[0] = .refused(code: "no", body: Array("{}".utf8))
            return Decided(
                verdicts: verdicts,
                follow: batch.map { .sample(followed.kind, subject: $0.subject, cause: $0.id) })
        }
        let worker = try place.worker()
        try worker.script("set test.kill = '\(`where`)'")
        var lane = place.lane()
        let failure = try #require(throws: PostgresError.self) {
            _ = try lane.step(on: worker, policy: place.policy, map: map, decider: decider)
        }
        #expect(failure.connectionLost)
        #expect(try place.effects().isEmpty)
        #expect(try place.batches() == 1)
        #expect(try followed.number("select count(*) from queue.command where pool = $pool") == 0)
        #expect(try place.exceptions(commands[0].id) == [])
        let next = try place.worker()
        try untilIdle {
            try lane.step(on: next, policy: place.policy, map: map, decider: decider)
        }
        #expect(try place.effects().count == 5)
        #expect(try Set(place.effects()) == Set(commands.map(\.id)))
        #expect(try followed.number("select count(*) from queue.command where pool = $pool") == 5)
        #expect(try place.exceptions(commands[0].id) == ["refused"])
    }

    @Test(arguments: 0..<6)
    func `a session killed before the k-th statement of a decider leaves nothing`(_ k: Int) throws {
        let place = try Place(database)
        let commands = place.commands(6)
        try database.append(commands)
        let worker = try place.worker()
        var lane = place.lane()
        let failure = try #require(throws: PostgresError.self) {
            _ = try place.step(
                &lane, on: worker,
                Deciding { batch, connection in
                    for (index, command) in batch.enumerated() {
                        if index == k {
                            try database.connection().script(
                                "select pg_terminate_backend(\(connection.backend), 30000)")
                        }
                        try write([command], connection)
                    }
                    return Decided(verdicts: batch.map { _ in .done })
                })
        }
        #expect(failure.connectionLost)
        #expect(try place.effects().isEmpty)
        try place.drain(writing())
        #expect(try place.effects() == commands.map(\.id))
    }

    @Test(arguments: ["hold", "park", "exception", "complete", "completed"])
    func `a session killed while it puts a command aside puts nothing aside`(
        _ where: String
    ) throws {
        let place = try Place(database)
        let command = place.command()
        try database.append(command)
        let worker = try place.worker()
        try worker.script("set test.kill = '\(`where`)'")
        var lane = place.lane()
        let decider = failing(command.id)
        #expect(throws: PostgresError.self) { _ = try place.step(&lane, on: worker, decider) }
        #expect(try place.holds() == 0)
        #expect(try place.batches() == 1)
        #expect(try place.exceptions(command.id) == [])
        try place.drain(decider)
        #expect(try place.holds() == 1)
        #expect(try place.exceptions(command.id) == ["failed"])
        #expect(try database.state(of: command.id)?.state == .pending)
    }

    @Test(arguments: ["effect", "unhold", "complete", "completed", "commit"])
    func `a session killed while it releases a hold releases nothing`(_ where: String) throws {
        let place = try Place(database)
        let commands = place.commands(4) { _ in 3 }
        try database.append(commands)
        try place.drain(failing(commands[0].id))
        try place.makeDue()
        let worker = try place.worker()
        try worker.script("set test.kill = '\(`where`)'")
        var lane = place.lane()
        let failure = try #require(throws: PostgresError.self) {
            _ = try place.step(&lane, on: worker, writing())
        }
        #expect(failure.connectionLost)
        #expect(try place.effects().isEmpty)
        #expect(try place.holds() == 1)
        try place.drain(writing())
        #expect(try place.effects() == commands.map(\.id))
        #expect(try place.holds() == 0)
    }

    @Test(arguments: ["park", "complete", "commit"])
    func `a session killed while it parks followers parks nothing`(_ where: String) throws {
        let place = try Place(database)
        let first = place.command(3)
        try database.append(first)
        try place.drain(failing(first.id))
        let more = place.commands(4) { Int64($0 % 2 + 3) }
        try database.append(more)
        let worker = try place.worker()
        try worker.script("set test.kill = '\(`where`)'")
        var lane = place.lane()
        #expect(throws: PostgresError.self) { _ = try place.step(&lane, on: worker, writing()) }
        #expect(try place.effects().isEmpty)
        try place.drain(writing())
        #expect(try place.effects() == [more[1].id, more[3].id])
        try place.makeDue()
        try place.drain(writing())
        #expect(
            try place.effects()
                == [more[1].id, more[3].id, first.id, more[0].id, more[2].id])
    }

    @Test func `after an owner is killed in the middle, the first claim of the next is its batch`()
        throws
    {
        let place = try Place(database)
        let commands = place.commands(20)
        try database.append(commands)
        let wire = try Wire(to: database.address(role: "kabinet_workers"))
        defer { wire.close() }
        let killed = try Connection(
            wire.address, library: database.library, preparing: Lane.statements)
        let next = try place.worker()
        var claims: [[Identifier]] = []
        let claiming = Deciding { batch, connection in
            claims.append(batch.map(\.id))
            try write(batch, connection)
            return Decided(verdicts: batch.map { _ in .done })
        }
        var lane = place.lane()
        #expect(throws: PostgresError.self) {
            _ = try place.step(
                &lane, on: killed,
                Deciding { batch, connection in
                    try write(batch, connection)
                    #expect(batch.count == 20)
                    var other = place.lane()
                    #expect(
                        try place.step(&other, on: next, claiming).isElsewhere,
                        "while it lives the lane is its own")
                    // As SIGKILL does: nothing says goodbye.
                    wire.cutAll()
                    return Decided(verdicts: batch.map { _ in .done })
                })
        }
        var other = place.lane()
        // Nothing has to expire: as soon as the server has seen the cut, the lane is free.
        try eventually("the lane is free") {
            try !place.step(&other, on: next, claiming).isElsewhere
        }
        #expect(claims == [commands.map(\.id)])
        #expect(try place.effects() == commands.map(\.id))
        #expect(try place.batches() == 2)
    }

    @Test func `an owner killed in the middle of a statement does not keep its lane until its end`()
        throws
    {
        let place = try Place(database)
        let commands = place.commands(3)
        try database.append(commands)
        let wire = try Wire(to: database.address(role: "kabinet_workers"))
        defer { wire.close() }
        let address = wire.address
        let library = try database.library
        let backend = Monitor<Int32?>(nil)
        let owner = Worker("killed") {
            guard
                let killed = try? Connection(
                    address, library: library, preparing: Lane.statements)
            else { return }
            var lane = place.lane()
            _ = try? place.step(
                &lane, on: killed,
                Deciding { batch, connection in
                    try write(batch, connection)
                    backend.change { $0 = connection.backend }
                    // Longer than anybody waits.
                    try connection.script("select pg_sleep(600)")
                    return Decided(verdicts: batch.map { _ in .done })
                })
        }
        let watcher = try database.connection()
        try eventually("it sleeps") {
            guard let backend = backend.read({ $0 }) else { return false }
            return try !watcher.script(
                "select from pg_stat_activity where pid = \(backend) and wait_event = 'PgSleep'"
            ).isEmpty
        }
        wire.cutAll()
        owner.join()
        let next = try place.worker()
        var lane = place.lane()
        try eventually("the lane is free") {
            try !place.step(&lane, on: next, writing()).isElsewhere
        }
        #expect(try place.effects() == commands.map(\.id))
        #expect(try place.batches() == 2)
    }

    @Test func `a stopped owner loses its lane to the server's timeout`() throws {
        let place = try Place(database)
        let commands = place.commands(2)
        try database.append(commands)
        let worker = try place.worker()
        #expect(
            try worker.script("show idle_in_transaction_session_timeout")[0].text(0) == "5s")
        try worker.script("set idle_in_transaction_session_timeout = '20ms'")
        var lane = place.lane()
        let failure = try #require(throws: PostgresError.self) {
            _ = try place.step(
                &lane, on: worker,
                Deciding { batch, connection in
                    try write(batch, connection)
                    // It stands still until the server has had enough of it.
                    try eventually {
                        try database.connection().script(
                            "select from pg_stat_activity where pid = \(connection.backend)"
                        ).isEmpty
                    }
                    try place.drain(writing())
                    return Decided(verdicts: batch.map { _ in .done })
                })
        }
        #expect(failure.connectionLost)
        #expect(try place.effects() == commands.map(\.id))
        #expect(try place.batches() == 2, "the one of whoever took over, and none of the stopped")
    }

    @Test func `a batch whose session is lost again and again is cut in halves`() throws {
        let place = try Place(database, batch: 8)
        let commands = place.commands(8)
        try database.append(commands)
        let killer = try database.connection()
        var lane = place.lane()
        var sizes: [Int] = []
        // As a batch does that takes longer than a transaction may be idle.
        let decider = Deciding { batch, connection in
            sizes.append(batch.count)
            if batch.count > 2 {
                try killer.script("select pg_terminate_backend(\(connection.backend), 30000)")
            }
            try write(batch, connection)
            return Decided(verdicts: batch.map { _ in .done })
        }
        for _ in 0..<20 {
            do {
                try place.drain(&lane, on: place.worker(), decider)
                break
            } catch let error as PostgresError where error.connectionLost {
                continue
            }
        }
        #expect(try place.effects() == commands.map(\.id))
        #expect(sizes.prefix(3) == [8, 4, 2])
    }

    @Test func `a command that always ends the session is put aside, its neighbours are not`()
        throws
    {
        let place = try Place(database, batch: 8)
        let commands = place.commands(8)
        let poison = commands[5].id
        try database.append(commands)
        let killer = try database.connection()
        var lane = place.lane()
        let decider = Deciding { batch, connection in
            if batch.contains(where: { $0.id == poison }) {
                try killer.script("select pg_terminate_backend(\(connection.backend), 30000)")
            }
            try write(batch, connection)
            return Decided(verdicts: batch.map { _ in .done })
        }
        for _ in 0..<30 {
            do {
                try place.drain(&lane, on: place.worker(), decider)
                break
            } catch let error as PostgresError where error.connectionLost {
                continue
            }
        }
        #expect(try place.effects() == commands.map(\.id).filter { $0 != poison })
        #expect(try place.holds() == 1)
        #expect(try place.exceptions(poison) == ["failed"])
    }

    @Test func `a retry that ends the session is counted as an attempt`() throws {
        let place = try Place(database, attempts: 2)
        let commands = place.commands(3) { _ in 0 }
        try database.append(commands)
        let killer = try database.connection()
        var lane = place.lane()
        try place.drain(&lane, on: place.worker(), failing(commands[0].id))
        try place.makeDue()
        let decider = Deciding { batch, connection in
            try killer.script("select pg_terminate_backend(\(connection.backend), 30000)")
            try write(batch, connection)
            return Decided(verdicts: batch.map { _ in .done })
        }
        var abandoned = false
        for _ in 0..<10 where !abandoned {
            do {
                abandoned =
                    try place.step(&lane, on: place.worker(), decider).held?.abandoned == true
            } catch let error as PostgresError where error.connectionLost {
                continue
            }
        }
        #expect(abandoned)
        #expect(try place.exceptions(commands[0].id) == ["failed", "abandoned"])
        #expect(try place.effects().isEmpty)
    }

    @Test func `the checks of the queue find nothing`() throws {
        #expect(try database.violations() == [])
    }
}
