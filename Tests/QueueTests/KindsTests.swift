import Postgres
import Queue
import Telemetry
import TestKit
import Testing
import Threads

/// Two releases side by side: the older one leaves what it does not know to the newer one, in order, and writes nothing
/// once the schema has left it behind.
@Suite(.serialized) struct KindsTests {
    static let database = Result { try queueDatabase("kinds") }
    var database: TestDatabase { get throws { try Self.database.get() } }

    /// A pool with a kind of this release and one of the next.
    struct Pair {
        let place: Place
        let future: String
        var older: Deciding { deciding([place.kind]) }
        var newer: Deciding { deciding([place.kind, future]) }

        init(_ database: TestDatabase, lanes: Int = 1, delivery: Bool = false) throws {
            place = try Place(database, lanes: lanes, delivery: delivery)
            future = place.kind.replacing("test.", with: "future.")
            try database.connection().script(
                "insert into queue.kind (kind, pool) values ('\(future)', \(place.pool))")
        }

        /// Leaves a row for each command; whoever asks it for a kind that it does not know is wrong.
        func deciding(_ kinds: Set<String>) -> Deciding {
            Deciding(kinds: kinds) { batch, connection in
                for command in batch where !kinds.contains(command.kind) {
                    throw PermanentFailure("asked for \(command.kind)")
                }
                try write(batch, connection, note: kinds.count == 1 ? "older" : "newer")
                return Decided(verdicts: batch.map { _ in .done })
            }
        }

        func command(_ subject: Int64 = 0, future isFuture: Bool = false) -> NewCommand {
            .sample(isFuture ? future : place.kind, subject: subject)
        }

        func notes() throws -> [String] {
            try place.database.connection().script(
                """
                select e.note from effect e join queue.command c on c.id = e.command
                where c.pool = \(place.pool) order by e.n
                """
            ).map { $0.text(0) }
        }
    }

    func isUnknown(_ step: Lane.Step, _ kind: String) -> Bool {
        if case .unknown(let found) = step { found == kind } else { false }
    }

    // MARK: A lane

    @Test(arguments: [false, true])
    func `a batch ends before an unknown kind, which waits with its lane and costs no write`(
        isYoung: Bool
    ) throws {
        let pair = try Pair(database)
        let commands = [
            pair.command(1), pair.command(2), pair.command(1, future: true), pair.command(1),
            pair.command(3),
        ]
        try database.append(commands)
        let place = pair.place
        var lane = isYoung ? place.youngLane() : place.lane()
        let worker = try place.worker()
        var done = 0
        while done < 2 { done += try place.step(&lane, on: worker, pair.older).count }
        #expect(try place.effects() == commands[..<2].map(\.id))
        let batches = try place.batches()
        for _ in 0..<5 {
            #expect(isUnknown(try place.step(&lane, on: worker, pair.older), pair.future))
        }
        #expect(try place.batches() == batches)
        #expect(try place.holds() == 0)
        #expect(try place.exceptions(commands[2].id) == [])
        #expect(try database.state(of: commands[2].id)?.state == .pending)
        #expect(try database.state(of: commands[3].id)?.state == .pending)

        var next = isYoung ? place.youngLane() : place.lane()
        try place.drain(&next, on: place.worker(), pair.newer)
        #expect(try place.effects() == commands.map(\.id))
        #expect(try place.step(&lane, on: worker, pair.older).isIdle, "the older one goes on")
        try database.append(pair.command(1))
        #expect(try place.step(&lane, on: worker, pair.older).count == 1)
        #expect(try database.violations() == [])
    }

    @Test func `a young process that meets an unknown kind does not make it suspect`() throws {
        let pair = try Pair(database)
        let place = pair.place
        let command = pair.command(future: true)
        try database.append(command)
        for _ in 0..<5 {
            var lane = place.youngLane()
            #expect(isUnknown(try place.step(&lane, on: place.worker(), pair.older), pair.future))
        }
        var lane = place.youngLane()
        try place.drain(&lane, on: place.worker(), pair.newer)
        #expect(try place.effects() == [command.id])
        #expect(try place.exceptions(command.id) == [])
    }

    @Test func `a retry of an unknown kind waits without an attempt, and others have their turn`()
        throws
    {
        let pair = try Pair(database)
        let place = pair.place
        let (future, behind) = (pair.command(1, future: true), pair.command(1))
        let (other, free) = (pair.command(2), pair.command(3))
        try database.append([future, behind, other])
        var lane = place.lane()
        let worker = try place.worker()
        let poor = Deciding(kinds: pair.newer.kinds) { batch, _ in
            throw TestKitError("the newer release cannot decide \(batch.count) now")
        }
        while try place.holds() < 2 { _ = try place.step(&lane, on: worker, poor) }
        try place.drain(&lane, on: worker, poor)
        // The newer one is gone; the older one meets what it has left.
        try place.makeDue()
        try database.append(free)
        var older = place.lane()
        var steps: [Lane.Step] = []
        while steps.count < 50, !(steps.last.map { isUnknown($0, pair.future) } ?? false) {
            steps.append(try place.step(&older, on: worker, pair.older))
        }
        #expect(Set(try place.effects()) == [other.id, free.id])
        for _ in 0..<3 {
            #expect(isUnknown(try place.step(&older, on: worker, pair.older), pair.future))
        }
        #expect(try place.holds() == 1)
        #expect(
            try place.number("select attempt from queue.hold where pool = $pool") == 1,
            "it was not tried")
        #expect(try place.exceptions(future.id) == ["failed"])
        var newer = place.lane()
        try place.drain(&newer, on: worker, pair.newer)
        #expect(try Array(place.effects().suffix(2)) == [future.id, behind.id])
        #expect(try place.holds() == 0)
        #expect(try database.violations() == [])
    }

    @Test func `an unknown kind that stands parked waits there for whoever knows it`() throws {
        let pair = try Pair(database)
        let place = pair.place
        let commands = [pair.command(1), pair.command(1, future: true), pair.command(1)]
        try database.append(commands)
        var lane = place.lane()
        let worker = try place.worker()
        let poor = Deciding(kinds: pair.older.kinds) { _, _ in throw TestKitError("not now") }
        try place.drain(&lane, on: worker, poor)
        #expect(
            try place.number(
                "select count(*) from queue.parked p join queue.hold h on h.id = p.hold where h.pool = $pool"
            )
                == 3)
        try place.makeDue()
        #expect(try place.step(&lane, on: worker, pair.older).count == 1)
        #expect(isUnknown(try place.step(&lane, on: worker, pair.older), pair.future))
        #expect(try place.effects() == [commands[0].id])
        var newer = place.lane()
        try place.drain(&newer, on: worker, pair.newer)
        #expect(try place.effects() == commands.map(\.id))
        #expect(try place.holds() == 0)
        #expect(try database.violations() == [])
    }

    @Test func `a delivery of an unknown kind waits for whoever knows it`() throws {
        let pair = try Pair(database, delivery: true)
        let place = pair.place
        let commands = [pair.command(1), pair.command(2, future: true), pair.command(3)]
        try database.append(commands)
        func delivering(_ kinds: Set<String>) -> Delivering {
            Delivering(
                kinds: kinds, recording: { batch, _, connection in try write(batch, connection) },
                calling: { batch in
                    batch.map {
                        kinds.contains($0.kind) ? .done : .failed(error: $0.kind, permanent: true)
                    }
                })
        }
        var lane = place.lane()
        let worker = try place.worker()
        let older = delivering([place.kind])
        #expect(try place.deliver(&lane, on: worker, older).count == 1)
        for _ in 0..<3 {
            #expect(isUnknown(try place.deliver(&lane, on: worker, older), pair.future))
        }
        #expect(try place.effects() == [commands[0].id])
        #expect(try place.holds() == 0)
        let newer = delivering([place.kind, pair.future])
        try untilIdle { try place.deliver(&lane, on: worker, newer) }
        #expect(try place.effects() == commands.map(\.id))
    }

    // MARK: Processes

    func runner(
        _ pair: Pair, _ kinds: Set<String>, words: [String] = [], knows schema: Int? = nil,
        _ telemetry: Telemetry = .collecting(),
        onMisfit: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> Runner {
        var address = try pair.place.database.address(role: "kabinet_workers")
        if let schema { address = address.with(setting: "kabinet.schema", "\(schema)") }
        let runner = try Runner(
            address: address, library: pair.place.database.library, telemetry: telemetry,
            pools: [(pair.place.policy, .decide { pair.deciding(kinds) })], words: words,
            onMisfit: onMisfit)
        runner.start()
        return runner
    }

    @Test func `an older process leaves a lane alone: however much comes, it hardly looks`() throws
    {
        let pair = try Pair(database, lanes: 4)
        let place = pair.place
        let telemetry = Telemetry.collecting()
        try database.append(pair.command(0, future: true))
        let began = monotonicMicroseconds()
        let runner = try runner(pair, [place.kind], telemetry)
        #expect(telemetry.next("queue.unknown_kind", timeoutSeconds: 30) != nil)
        // Each flush wakes the blocked lane too.
        for round in 1...60 {
            try database.append((0..<4).map { pair.command($0) })
            try eventually("the other lanes") { try place.effects().count == round * 3 }
        }
        let seconds = (monotonicMicroseconds() - began) / 1_000_000
        let looks = telemetry.events.count { $0.name == "queue.unknown_kind" }
        #expect(looks <= 2 + Int(seconds) / 4, "\(looks) looks in \(seconds) s")
        #expect(
            telemetry.events.count { $0.name == "queue.unknown_kind" && $0.level == .warning } == 1)
        #expect(runner.stop(grace: 30_000))
        #expect(
            try place.number(
                "select count(distinct lane) from queue.batch where pool = $pool and n > 0") == 3)
    }

    @Test func `two releases share the lanes: each command once, each subject in order`() throws {
        let pair = try Pair(database, lanes: 4)
        let place = pair.place
        let commands = (0..<400).map { pair.command(Int64($0 % 20), future: $0 % 7 == 3) }
        let older = try runner(pair, [place.kind])
        let newer = try runner(pair, [place.kind, pair.future])
        let appender = try Appender(on: place.ingress())
        for start in stride(from: 0, to: 400, by: 20) {
            try appender.append(Array(commands[start..<start + 20]))
        }
        try eventually("all") { try place.effects().count >= 400 }
        #expect(older.stop(grace: 30_000) && newer.stop(grace: 30_000))
        let effects = try place.effects()
        #expect(effects.count == 400)
        for subject in Int64(0)..<20 {
            let mine = commands.filter { $0.subject == subject }.map(\.id)
            #expect(effects.filter(Set(mine).contains) == mine)
        }
        #expect(
            try place.number(
                "select count(*) from queue.exception e join queue.command c on c.id = e.command where c.pool = $pool"
            ) == 0)
    }

    @Test func `what running processes know can be asked, until they end, and who waits for more`()
        throws
    {
        let pair = try Pair(database, lanes: 2)
        let place = pair.place
        func knows(_ word: String) throws -> Int {
            try place.number("select count(*) from queue.known where word = queue.word('\(word)')")
        }
        func waiting() throws -> [String] {
            try database.connection(role: "kabinet_operator").script(
                "select lane || ' ' || kind from queue.unknown where pool = \(place.pool)"
            ).map { $0.text(0) }
        }
        try database.append(pair.command(1, future: true), pair.command(1, future: true))
        #expect(try waiting() == [], "without workers there is nobody who does not know")
        let older = try runner(pair, [place.kind], words: ["key 0123456789abcdef"])
        try eventually("the words") { try knows("workers") == 1 }
        #expect(try knows("kind \(place.kind)") == 1)
        #expect(try knows("key 0123456789abcdef") == 1)
        #expect(try knows("kind \(pair.future)") == 0)
        #expect(try waiting() == ["1 \(pair.future)"])
        let newer = try runner(pair, [place.kind, pair.future])
        try eventually("the newer one") { try place.effects().count == 2 }
        #expect(try knows("workers") == 2)
        #expect(newer.stop(grace: 30_000) && older.stop(grace: 30_000))
        try eventually("the words are gone") { try knows("workers") == 0 }
    }

    // MARK: A schema that breaks with older releases

    /// A database with a migration that needs releases that know it.
    private func broken(_ label: String, needs: Int = 900) throws -> TestDatabase {
        let database = try queueDatabase(label)
        try database.connection().script(Self.breaking(needs))
        return database
    }

    private static func breaking(_ needs: Int) -> String {
        """
        insert into kabinet.migration (number, name, checksum, needs, why)
        values (900, '0900_later', 'x', \(needs), 'readings are elsewhere')
        """
    }

    private static func knowing(_ schema: Int, _ address: Address) throws -> Address {
        address.with(setting: "kabinet.schema", "\(schema)")
    }

    private static func isRefused(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return false
        } catch {
            return Misfit.refused(error)
        }
    }

    @Test func `who does not know a breaking migration appends nothing and claims nothing`() throws
    {
        let database = try queueDatabase("breaking")
        let place = try Place(database)
        let worker = try place.worker()
        let door = try Appender(on: place.ingress())
        try door.append([place.command()])
        try database.connection().script(Self.breaking(900))
        var lane = place.lane()
        #expect(Self.isRefused { try door.append([place.command()]) })
        #expect(Self.isRefused { _ = try place.step(&lane, on: worker, writing()) })
        #expect(try place.number("select count(*) from queue.command") == 1)
        #expect(try place.effects() == [])
        // One that knows it does.
        let newer = try Connection(
            Self.knowing(900, database.address(role: "kabinet_workers")),
            library: database.library, preparing: Lane.statements)
        try place.drain(&lane, on: newer, writing())
        #expect(try place.effects().count == 1)
    }

    @Test(arguments: [(899, true), (900, false), (901, false)])
    func `a release is refused or let in by what it knows`(known: Int, isRefused: Bool) throws {
        let database = try broken("knows")
        let connection = try Connection(
            Self.knowing(known, database.address(role: "kabinet_ingress")),
            library: database.library)
        let misfit =
            known == 901
            ? Misfit.schemaTooOld(known: 901, newest: 900)
            : isRefused
                ? Misfit.releaseTooOld(
                    known: 899, needs: 900, why: "0900_later: readings are elsewhere") : nil
        if let misfit {
            #expect(throws: misfit) { try PoolMap(on: connection) }
        } else {
            _ = try PoolMap(on: connection)
        }
    }

    @Test func `a breaking migration waits for who was let in, and lets in nobody meanwhile`()
        throws
    {
        let database = try queueDatabase("fence")
        let place = try Place(database)
        try database.append(place.commands(2))
        let inside = try place.worker()
        try inside.begin()
        #expect(try inside.run("queue/cursor", .int16(place.pool), .int16(0)).count == 1)
        let migrator = try database.connection()
        try migrator.begin()
        try migrator.run("migrate/patience", .int64(100))
        #expect(throws: PostgresError.self, "somebody is inside") {
            try migrator.run("migrate/close_door")
        }
        try migrator.rollback()
        try inside.commit()

        try migrator.begin()
        try migrator.run("migrate/close_door")
        let answers = Monitor<[String: Bool]>([:])
        let lane = Worker("an older lane") {
            do {
                var lane = place.lane()
                let worker = try place.worker()
                let refused = Self.isRefused { _ = try place.step(&lane, on: worker, writing()) }
                answers.change { $0["lane"] = refused }
            } catch {
                Issue.record(error)
            }
        }
        let door = Worker("an older door") {
            do {
                let appender = try Appender(on: place.ingress())
                let refused = Self.isRefused { try appender.append([place.command()]) }
                answers.change { $0["door"] = refused }
            } catch {
                // It had not even been able to read the map.
                answers.change { $0["door"] = error is Misfit }
            }
        }
        try eventually("both wait") {
            try place.number(
                """
                select count(*) from pg_locks where not granted and relation = 'kabinet.migration'::regclass
                """) == 2
        }
        try migrator.script(Self.breaking(900))
        try migrator.commit()
        lane.join()
        door.join()
        #expect(answers.read { $0 } == ["lane": true, "door": true])
        #expect(try place.effects() == [])
        #expect(try place.number("select count(*) from queue.command") == 2)
    }

    @Test(arguments: [false, true])
    func `a running process stops by itself when the schema breaks with it, busy or idle`(
        isBusy: Bool
    ) throws {
        let database = try queueDatabase("leaves")
        let pair = try Pair(database, lanes: 4)
        let reasons = Monitor<[String]>([])
        let telemetry = Telemetry.collecting()
        let older = try runner(pair, [pair.place.kind], knows: 899, telemetry) { reason in
            reasons.change { $0.append(reason) }
        }
        let newer = try runner(pair, [pair.place.kind], knows: 900)
        try eventually("listening") { older.listening && newer.listening }
        try database.connection().script(Self.breaking(900))
        let appender = try Appender(
            on: Connection(
                Self.knowing(900, database.address(role: "kabinet_ingress")),
                library: database.library))
        if isBusy { try appender.append((0..<40).map { pair.command($0) }) }
        try eventually("it leaves") { reasons.read { $0.count } == 1 }
        #expect(reasons.read { $0 }.first?.contains("900") == true)
        try appender.append((0..<40).map { pair.command($0) })
        try eventually("the newer one works") {
            try pair.place.effects().count == (isBusy ? 80 : 40)
        }
        #expect(older.stop(grace: 30_000))
        #expect(telemetry.events.count { $0.name == "queue.misfit" } == 1)
        #expect(newer.stop(grace: 30_000))
    }
}
