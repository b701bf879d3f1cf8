import Postgres
@testable import Queue
import Telemetry
import TestKit
import Testing
import Threads

/// Q6: awake at once, cheaply. Q9: back by itself. And what a process does with its threads.
@Suite(.serialized) struct RunnerTests {
    static let database = Result { try queueDatabase("runner") }
    var database: TestDatabase { get throws { try Self.database.get() } }

    /// The slow poll that never finds anything: what is decided then was woken by a notification.
    static let blind = """
        select l.lane::int4 from generate_series(0, $2::int4 - 1) l(lane) where $1::int2 is null
        """

    /// A runner with its telemetry, and a count of what its deciders have decided.
    final class Running {
        let runner: Runner
        let telemetry = Telemetry.collecting()
        let decided = Monitor(0)
        let heard = Monitor<[String]>([])
        private let patched: PatchedLibrary?

        init(
            _ places: [Place], library: Library? = nil, patched: PatchedLibrary? = nil,
            channels: [String] = [], courtesy: Courtesy = Courtesy(),
            before: @escaping @Sendable ([ClaimedCommand]) throws -> Void = { _ in }
        ) throws {
            self.patched = patched
            let decided = decided
            let heard = heard
            runner = try Runner(
                address: places[0].database.address(role: "kabinet_workers"),
                library: patched?.library ?? places[0].database.library, telemetry: telemetry,
                pools: places.map { place in
                    (
                        place.policy,
                        .decide {
                            Deciding { batch, connection in
                                try before(batch)
                                try write(batch, connection)
                                decided.change { $0 += batch.count }
                                return Decided(verdicts: batch.map { _ in .done })
                            }
                        }
                    )
                }, statements: [], channels: channels, words: [], courtesy: courtesy,
                onNotification: { notification in
                    heard.change { $0.append(notification.payload) }
                }, onMisfit: { _ in })
            runner.start()
        }

        func waitUntilListening() throws { try eventually("listening") { runner.listening } }

        func stop() { #expect(runner.stop(grace: 30_000)) }
    }

    func effects(_ place: Place, become count: Int) throws {
        try eventually("\(count) effects") { try place.effects().count >= count }
    }

    func sessions(_ name: String) throws -> [String] {
        try database.connection().script(
            """
            select pid from pg_stat_activity where datname = current_database() and application_name = '\(name)'
            """
        ).map { $0.text(0) }
    }

    func blindLibrary() throws -> PatchedLibrary {
        try PatchedLibrary(database.library, replacing: ["queue/ready": Self.blind])
    }

    @Test func `a notification wakes the lane, with nobody polling`() throws {
        let place = try Place(database, lanes: 8)
        let running = try Running([place], patched: blindLibrary())
        try running.waitUntilListening()
        let commands = place.commands(100)
        for command in commands { try database.append(command) }
        try effects(place, become: 100)
        running.stop()
        #expect(try Set(place.effects()) == Set(commands.map(\.id)))
        #expect(try place.effects().count == 100)
    }

    @Test func `what was appended without a notification is found by the slow poll`() throws {
        let place = try Place(database, lanes: 3)
        let running = try Running([place])
        try running.waitUntilListening()
        try database.connection().script(
            """
            insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at)
            select queue.first_id(clock_timestamp()), \(place.pool), 2, '\(place.kind)', 'test', 2, '{}', 'test', 'test', now()
            """)
        try effects(place, become: 1)
        running.stop()
    }

    @Test
    func `a lane whose owner does not read what it claims is taken from it, and nobody else's`()
        throws
    {
        // Of a process that is stopped while the server sends to it. In a database of its own: there it may only be idle for
        // a second, so that the server's own limit is known not to be what ends it.
        let database = try queueDatabase("deaf")
        try database.connection().script(
            "alter role kabinet_workers in database \(database.name) set idle_in_transaction_session_timeout = '1s'"
        )
        let place = try Place(database)
        let much = "select repeat('x', 1000) from generate_series(1, 20000)"
        let owner = try Deaf(
            database, role: "kabinet_workers", name: "owner",
            script: "begin; select pg_advisory_xact_lock(\(place.pool), 0); \(much)")
        let stranger = try Deaf(
            database, role: "kabinet_ingress", name: "stranger", script: "begin; \(much)")
        let watcher = try database.connection()
        func stuck() throws -> [String] {
            try watcher.script(
                """
                select application_name from pg_stat_activity
                where datname = current_database() and wait_event = 'ClientWrite' order by 1
                """
            ).map { $0.text(0) }
        }
        try eventually("both do not read") { try stuck() == ["owner", "stranger"] }
        let running = try Running([place])
        try database.append(place.command())
        try effects(place, become: 1)
        #expect(try stuck() == ["stranger"])
        #expect(running.telemetry.next("queue.deaf_ended", timeoutSeconds: 30) != nil)
        running.stop()
        #expect(running.telemetry.events.count { $0.name == "queue.deaf_ended" } == 1)
        withExtendedLifetime((owner, stranger)) {}
    }

    @Test func `a retry that becomes due is found by the slow poll`() throws {
        let place = try Place(database, attempts: 3, backoff: 1)
        let failures = Monitor(2)
        let running = try Running([place]) { _ in
            try failures.change {
                $0 -= 1
                if $0 >= 0 { throw TestKitError("not yet") }
            }
        }
        let command = place.command()
        try database.append(command)
        try effects(place, become: 1)
        running.stop()
        #expect(try place.exceptions(command.id) == ["failed", "failed"])
        #expect(running.telemetry.events.filter { $0.name == "queue.held" }.count == 2)
    }

    @Test(arguments: [(20, 0.25), (700, 0.25), (3_000, 0.5), (40, 0.01)])
    func `a thread that always has work works its share of the time`(
        milliseconds: Int64, share: Double
    ) {
        var pace = Pace()
        var (now, worked): (Int64, Int64) = (0, 0)
        while worked < 60_000_000 {
            worked += milliseconds * 1000
            now += milliseconds * 1000
            now += pace.debt(after: milliseconds * 1000, at: now, share: share)
        }
        // And what it may spend at once in the beginning.
        let due = Double(worked) / share - 1_000_000
        #expect(abs(Double(now) - due) <= Double(milliseconds) * 1000 / share)
    }

    @Test
    func
        `a thread that works less than its share never rests, and owes nothing for when nobody was there`()
    {
        var pace = Pace()
        for count in 1...1_000 as ClosedRange<Int64> {
            #expect(pace.debt(after: 4_000, at: count * 20_000, share: 0.25) == 0)
        }
        #expect(pace.debt(after: 10_000_000, at: 40_000_000, share: 0.25) > 20_000_000)
        pace.forgive()
        #expect(pace.debt(after: 100_000, at: 41_000_000, share: 0.25) == 0)
    }

    @Test
    func `a pool with a share stands aside while another is awake, and goes on at once afterwards`()
        throws
    {
        let people = try Place(database)
        let bulk = try Place(database, threads: 1, batch: 1, share: 0.01)
        let running = try Running([people, bulk])
        try running.waitUntilListening()
        try database.append(people.command())
        try effects(people, become: 1)
        try database.append(bulk.commands(300))
        // Each waits for the one before: were nobody to stand aside, both would go at about the same pace.
        for count in 2...100 {
            try database.append(people.command())
            try effects(people, become: count)
        }
        // One hundredth of a second is spent at once, and then a hundredth of the time.
        let meanwhile = try bulk.effects().count
        #expect(meanwhile < 50)
        try effects(bulk, become: 300)
        running.stop()
        #expect(try bulk.effects().count == 300)
    }

    @Test
    func `a flood leaves a processor while another pool works, and takes all when none does`()
        throws
    {
        let people = try Place(database, threads: 1)
        let bulk = try Place(database, threads: 1, share: 0.5)
        let flood = try Place(database, lanes: 8, threads: 4)
        // The time stands, so that what another pool worked just now stays just now.
        let time = Monitor<Int64>(1_000_000_000)
        let meeting = Monitor((inside: 0, most: 0, isOpen: true))
        let courtesy = Courtesy(processors: 4) { time.read { $0 } }
        let running = try Running([people, bulk, flood], courtesy: courtesy) { batch in
            guard batch.contains(where: { $0.kind == flood.kind }) else { return }
            meeting.change {
                $0.inside += 1
                $0.most = max($0.most, $0.inside)
            }
            let left: Bool? = meeting.wait(milliseconds: 60_000) { $0.isOpen ? true : nil }
            meeting.change { $0.inside -= 1 }
            if left == nil { throw TestKitError("nobody opened") }
        }
        try running.waitUntilListening()
        /// A pool is told of after its work was noted.
        func batches(_ place: Place) -> Int {
            running.telemetry.events.count { event in
                event.name == "queue.batch"
                    && event.fields.contains {
                        $0.0 == "pool" && $0.1 == .string(place.policy.name)
                    }
            }
        }
        func work(_ place: Place, _ count: Int) throws {
            for _ in 0..<count {
                let before = (decided: try place.effects().count, told: batches(place))
                try database.append(place.command())
                try effects(place, become: before.decided + 1)
                try eventually("it is told") { batches(place) > before.told }
            }
        }
        /// So many lanes are in hand at once and no more, while others do what they have to do; a moment after they have
        /// done it, `later`.
        func meets(_ count: Int, later: Int? = nil, others: () throws -> Void) throws {
            let before = try flood.effects().count
            meeting.change { $0 = (0, 0, false) }
            try database.append(flood.commands(8))
            let met: Bool? = meeting.wait(milliseconds: 60_000) { $0.inside >= count ? true : nil }
            #expect(met == true)
            try others()
            #expect(meeting.read { $0.inside } == count)
            if let later {
                time.change { $0 += Courtesy.moment }
                let all: Bool? = meeting.wait(milliseconds: 60_000) {
                    $0.inside >= later ? true : nil
                }
                #expect(all == true)
            }
            meeting.change { $0.isOpen = true }
            try effects(flood, become: before + 8)
            try eventually("nobody is inside") { meeting.read { $0.inside } == 0 }
            #expect(meeting.read { $0.most } == later ?? count)
        }
        try work(people, 1)
        try meets(3) { try work(people, 20) }
        try meets(3, later: 4) {}
        // Only the flood has worked just now, and a pool that stands aside itself.
        try work(bulk, 1)
        try meets(4) { try work(bulk, 2) }
        // What it has in hand when somebody comes it keeps; what it takes then is less again.
        try meets(4) { try work(people, 2) }
        try meets(3) {}
        running.stop()
    }

    @Test func `a runner has one listening session, however many pools and threads`() throws {
        let places = [try Place(database, lanes: 4, threads: 3), try Place(database, lanes: 4)]
        let running = try Running(places)
        try running.waitUntilListening()
        try database.append(places.flatMap { $0.commands(20) })
        for place in places { try effects(place, become: 20) }
        #expect(try sessions("kabinet listener").count == 1)
        running.stop()
        try eventually("the sessions end") {
            try sessions("kabinet listener").isEmpty
                && sessions("kabinet \(places[0].policy.name)").isEmpty
        }
    }

    @Test func `a listener whose session was ended subscribes again by itself`() throws {
        let place = try Place(database)
        let running = try Running([place], patched: blindLibrary(), channels: ["other_channel"])
        for round in 1...3 {
            try running.waitUntilListening()
            let old = try #require(try sessions("kabinet listener").first)
            try database.connection().script("select pg_terminate_backend(\(old), 30000)")
            // It is up again when it hears us; an older session is gone.
            try eventually("the listener hears again") {
                try database.connection().script("notify other_channel, '\(round)'")
                return running.heard.read { $0.contains("\(round)") }
            }
            let count = try place.effects().count
            try database.append(place.command())
            try effects(place, become: count + 1)
        }
        #expect(try place.effects().count == 3)
        running.stop()
    }

    @Test func `workers whose sessions are ended go on by themselves, and nothing is done twice`()
        throws
    {
        let place = try Place(database, lanes: 4, threads: 3, batch: 10)
        let running = try Running([place])
        let commands = place.commands(1000) { Int64($0 % 40) }
        let appender = try Appender(on: place.ingress())
        let killer = try database.connection()
        for start in stride(from: 0, to: 1000, by: 50) {
            try appender.append(Array(commands[start..<start + 50]))
            if start % 200 == 0 {
                try effects(place, become: start / 2)
                try killer.script(
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and application_name = 'kabinet \(place.policy.name)'
                    """)
            }
        }
        try effects(place, become: 1000)
        running.stop()
        let effects = try place.effects()
        #expect(effects.count == 1000)
        #expect(Set(effects).count == 1000)
        let subjects = Dictionary(uniqueKeysWithValues: commands.map { ($0.id, $0.subject) })
        for subject in Int64(0)..<40 {
            #expect(
                effects.filter { subjects[$0] == subject }
                    == commands.filter { $0.subject == subject }.map(\.id))
        }
    }

    @Test func `after every session is ended all of it is up again, by notifications alone`() throws
    {
        // Nobody polls: what is decided afterwards was heard.
        let place = try Place(database, lanes: 4, threads: 2)
        let running = try Running([place], patched: blindLibrary())
        try running.waitUntilListening()
        let killer = try database.connection()
        var expected: [Identifier] = []
        for _ in 0..<3 {
            let old = try sessions("kabinet listener")
            try killer.script(
                """
                select pg_terminate_backend(pid, 30000) from pg_stat_activity
                where datname = current_database() and usename = 'kabinet_workers'
                """)
            try eventually("a listener of another session") {
                let now = try sessions("kabinet listener")
                return !now.isEmpty && Set(now).isDisjoint(with: old) && running.runner.listening
            }
            let commands = place.commands(40)
            expected += commands.map(\.id)
            for command in commands { try database.append(command) }
            try effects(place, become: expected.count)
        }
        running.stop()
        #expect(try Set(place.effects()) == Set(expected))
        #expect(try place.effects().count == expected.count)
    }

    @Test func `two runners share a pool: each command once, each subject in order`() throws {
        let place = try Place(database, lanes: 4, threads: 2, batch: 5)
        let runners = [try Running([place]), try Running([place])]
        for running in runners { try running.waitUntilListening() }
        let commands = place.commands(600) { Int64($0 % 30) }
        let appender = try Appender(on: place.ingress())
        for start in stride(from: 0, to: 600, by: 30) {
            try appender.append(Array(commands[start..<start + 30]))
        }
        try effects(place, become: 600)
        for running in runners { running.stop() }
        let effects = try place.effects()
        #expect(effects.count == 600)
        let subjects = Dictionary(uniqueKeysWithValues: commands.map { ($0.id, $0.subject) })
        for subject in Int64(0)..<30 {
            #expect(
                effects.filter { subjects[$0] == subject }
                    == commands.filter { $0.subject == subject }.map(\.id))
        }
    }

    @Test func `apply changes the threads, up and down`() throws {
        let place = try Place(database, lanes: 8, threads: 1)
        let meeting = Monitor((inside: 0, want: 1, most: 0))
        let running = try Running([place]) { _ in
            meeting.change {
                $0.inside += 1
                $0.most = max($0.most, $0.inside)
            }
            // Nobody leaves before as many as wanted have come.
            let met: Bool? = meeting.wait(milliseconds: 30_000) { $0.most >= $0.want ? true : nil }
            meeting.change { $0.inside -= 1 }
            if met == nil { throw TestKitError("too few threads") }
        }
        try database.append(place.commands(8))
        try effects(place, become: 8)
        #expect(meeting.read { $0.most } == 1)

        meeting.change { $0 = (0, 3, 0) }
        var more = place.policy
        more.threads = 3
        running.runner.apply([more])
        #expect(running.runner.health[0].threads == 3)
        try database.append(place.commands(8))
        try effects(place, become: 16)
        #expect(meeting.read { $0.most } == 3)

        more.threads = 1
        running.runner.apply([more])
        try eventually("two threads retire") {
            try sessions("kabinet \(place.policy.name)").count == 1
        }
        meeting.change { $0 = (0, 1, 0) }
        try database.append(place.commands(8))
        try effects(place, become: 24)
        #expect(meeting.read { $0.most } == 1)
        running.stop()
    }

    @Test func `stop waits for the batch under way, no longer than its grace`() throws {
        let place = try Place(database)
        let gate = Monitor((entered: false, open: false))
        let running = try Running([place]) { _ in
            gate.change { $0.entered = true }
            _ = gate.wait(milliseconds: 30_000) { $0.open ? true : nil }
        }
        try database.append(place.commands(3))
        _ = gate.wait(milliseconds: 30_000) { $0.entered ? true : nil }
        #expect(!running.runner.stop(grace: 20), "the batch is still under way")
        #expect(try place.effects().isEmpty)
        gate.change { $0.open = true }
        #expect(running.runner.stop(grace: 30_000))
        #expect(try place.effects().count == 1, "a young process begins with one command")
        try database.append(place.commands(1))
        #expect(try place.effects().count == 1, "nobody claims any more")
    }

    @Test
    func `a paused pool waits whatever comes, another goes on, and resumed it is awake at once`()
        throws
    {
        let (paused, other) = (try Place(database, lanes: 4), try Place(database, lanes: 4))
        let running = try Running([paused, other])
        try running.waitUntilListening()
        let operators = try database.connection(role: "kabinet_operator")
        try operators.script(
            "insert into queue.pause (pool, actor, why) values (\(paused.pool), 'test', 'test')")
        for _ in 0..<3 {
            try database.append(paused.commands(8) + other.commands(8))
        }
        try effects(other, become: 24)
        #expect(try paused.effects().isEmpty)
        #expect(try database.violations() == [])
        try operators.script("delete from queue.pause where pool = \(paused.pool)")
        try effects(paused, become: 24)
        running.stop()
    }

    @Test func `an idle runner stops, and writes nothing before`() throws {
        let place = try Place(database, lanes: 16)
        let running = try Running([place])
        try running.waitUntilListening()
        try database.append(place.commands(16))
        try effects(place, become: 16)
        try eventually("all lanes rest") { try place.batches() == 32 }
        running.stop()
        #expect(try place.batches() == 32)
    }

    @Test func `a runner's rate bounds the calls of its pool`() throws {
        let place = try Place(database, threads: 3, delivery: true, rate: 20)
        let calls = Monitor<[Int64]>([])
        let telemetry = Telemetry.collecting()
        let began = monotonicMicroseconds()
        let runner = try Runner(
            address: database.address(role: "kabinet_workers"), library: database.library,
            telemetry: telemetry,
            pools: [
                (
                    place.policy,
                    .deliver {
                        Delivering { batch in
                            let now = monotonicMicroseconds()
                            calls.change { $0 += batch.map { _ in now } }
                            return batch.map { _ in .done }
                        }
                    }
                )
            ])
        try database.append(place.commands(15))
        runner.start()
        #expect(calls.wait(milliseconds: 60_000) { $0.count == 15 ? true : nil } == true)
        #expect(runner.stop(grace: 30_000))
        // It begins with one and gains 20 a second since it was made. A slow machine only gets fewer, or looks at its clock later.
        for (index, time) in calls.read({ $0 }).enumerated() {
            #expect(Double(index + 1) <= 1 + 20 * Double(time - began) / 1_000_000)
        }
    }

    @Test func `a session of deliveries that rested too long is replaced, and nobody is told`()
        throws
    {
        let place = try Place(database, threads: 1, delivery: true, timeout: 2_000)
        var policy = place.policy
        policy.silence = 200
        let calls = Monitor(0)
        let telemetry = Telemetry.collecting()
        let runner = try Runner(
            address: database.address(role: "kabinet_workers"), library: database.library,
            telemetry: telemetry,
            pools: [
                (
                    policy,
                    .deliver {
                        Delivering { batch in
                            calls.change { $0 += batch.count }
                            return batch.map { _ in .done }
                        }
                    }
                )
            ])
        runner.start()
        try eventually("listening") { runner.listening }
        let name = "kabinet \(policy.name)"
        for number in 1...2 {
            try database.append(place.commands(1))
            #expect(calls.wait(milliseconds: 60_000) { $0 == number ? true : nil } == true)
            try eventually("the server ends it") { try sessions(name).isEmpty }
        }
        #expect(runner.stop(grace: 30_000))
        #expect(telemetry.events.filter { $0.name == "queue.disconnected" }.isEmpty)
    }

    @Test func `a runner refuses a pool that is not registered and a database of another server`()
        throws
    {
        let stranger = try TestDatabase("stranger")
        let place = try Place(stranger)
        func start(_ name: String) throws {
            let policy = PoolPolicy(name: name, lanes: 1, threads: 1, batch: 1)
            _ = try Runner(
                address: stranger.address(role: "kabinet_workers"), library: stranger.library,
                telemetry: Telemetry.collecting(),
                pools: [(policy, .decide { Deciding.each { _, _ in } })])
        }
        try start(place.policy.name)
        #expect(throws: PermanentFailure.self) { try start("unknown") }
        try stranger.connection().script("update queue.origin set system_identifier = 1")
        #expect(throws: Misfit.otherServer) { try start(place.policy.name) }
    }

    @Test func `upkeep makes what is missing`() throws {
        try database.connection().script(
            """
            do $$ begin
              execute format('drop table queue.%I', (
                select max(c.relname) from pg_class c where c.relnamespace = 'queue'::regnamespace
                  and c.relkind = 'r' and c.relname ~ '^idempotency_[0-9]'));
            end $$
            """)
        let running = try Running([try Place(database)])
        #expect(running.telemetry.next("queue.upkeep", timeoutSeconds: 30) != nil)
        running.stop()
    }

    @Test func `the checks of the queue find nothing`() throws {
        #expect(try database.violations() == [])
    }
}
