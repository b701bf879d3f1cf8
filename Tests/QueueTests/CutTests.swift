import Postgres
import Queue
import TestKit
import Testing

/// Every point at which a step can be cut from its database: before each statement that it sends, and before each answer,
/// that of the COMMIT included. What is left looks as before the step or as after it, and the next owner goes on from
/// there.
@Suite struct CutTests {
    static let database = Result { try queueDatabase("cut") }
    var database: TestDatabase { get throws { try Self.database.get() } }

    /// A kind of step, with everything in it that a step of that kind can write.
    enum Scenario: CaseIterable {
        case batch, release, putAside, postpone, delivery, retryOfDelivery

        var delivers: Bool { self == .delivery || self == .retryOfDelivery }
    }

    @Test(arguments: Scenario.allCases, Wire.Moment.allCases)
    func `a step that is cut anywhere is done wholly or not at all`(
        scenario: Scenario, moment: Wire.Moment
    ) throws {
        // Sessions cost more than all the rest: one helper for all runs.
        let helper = try Connection(
            database.address(role: "kabinet_workers"), library: database.library,
            preparing: Lane.statements)
        let observer = try database.connection()
        let calm = try Run(scenario, database, helper, observer)
        let after = try calm.step(cutting: nil).picture
        try calm.finish()
        var (statement, untouched) = (0, 0)
        while true {
            statement += 1
            let run = try Run(scenario, database, helper, observer)
            let before = try run.picture()
            #expect(before != after)
            let (cut, picture) = try run.step(cutting: (statement, moment))
            #expect(picture == after || cut && picture == before, "statement \(statement)")
            if picture == before { untouched += 1 }
            try run.finish()
            if !cut { break }
        }
        // Done and yet cut: behind the commit, or behind that as far as a delivery lane is given back.
        switch moment {
        case .beforeAnswer:
            #expect(untouched >= 5, "lock and claim, what is decided, all but the last of the rest")
            #expect(statement - 1 - untouched == (scenario.delivers ? 2 : 1))
        case .beforeStatement:
            #expect(untouched >= 14, "begin, cursor, claim, what is written, complete, commit")
            #expect(statement - 1 - untouched == (scenario.delivers ? 3 : 1))
        }
    }

    /// One step in a pool of its own, through a wire that can be cut.
    final class Run {
        let scenario: Scenario
        let place: Place
        let ids: [Identifier]
        let followUp: NewCommand
        let helper: Connection
        let observer: Connection

        init(
            _ scenario: Scenario, _ database: TestDatabase, _ helper: Connection,
            _ observer: Connection
        ) throws {
            self.scenario = scenario
            self.helper = helper
            self.observer = observer
            let place = try Place(database, batch: 10, delivery: scenario.delivers)
            self.place = place
            let appender = try Appender(on: observer)
            var commands = place.commands(3) { _ in 1 }
            try appender.append(commands)
            var lane = place.lane()
            followUp = place.command(1)
            let first = commands[0].id
            switch scenario {
            case .putAside, .delivery: break
            case .batch:
                // A held subject, whose next command the batch parks.
                try place.drain(&lane, on: helper, failing(first))
                let more = [place.command(1), place.command(2, awaited: true), place.command(3)]
                try appender.append(more)
                commands += more
            case .release, .postpone:
                try place.drain(&lane, on: helper, failing(first))
                try Self.makeDue(place, observer)
            case .retryOfDelivery:
                try place.deliver(
                    &lane, on: helper,
                    Delivering(recording: { batch, verdicts, connection in
                        try write(Array(batch.dropFirst()), connection)
                    }) { batch in
                        batch.map {
                            $0.id == first ? .failed(error: "no", permanent: false) : .done
                        }
                    })
                try Self.makeDue(place, observer)
            }
            ids = commands.map(\.id)
        }

        private func decide(_ batch: [ClaimedCommand], _ connection: Connection) throws -> Decided {
            try write(batch, connection)
            if scenario == .putAside || scenario == .postpone { throw TestKitError("poison") }
            var verdicts = batch.map { _ in Verdict.done }
            verdicts[0] = .refused(code: "NO", body: Array("{}".utf8))
            return Decided(verdicts: verdicts, follow: [followUp])
        }

        private func deliver(_ batch: [ClaimedCommand]) -> [Verdict] {
            var verdicts = batch.map { _ in Verdict.refused(code: "NO", body: Array("{}".utf8)) }
            if scenario == .delivery { verdicts[0] = .failed(error: "no", permanent: false) }
            return verdicts
        }

        private func record(
            _ batch: [ClaimedCommand], _ verdicts: [Verdict], _ connection: Connection
        ) throws {
            let delivered = zip(batch, verdicts).filter {
                if case .failed = $0.1 { false } else { true }
            }
            try write(delivered.map(\.0), connection)
        }

        private static func makeDue(_ place: Place, _ observer: Connection) throws {
            try observer.script(
                "update queue.hold set next_at = '2020-01-01' where pool = \(place.pool)")
        }

        /// Everything that a step can write, without ids and times.
        func picture() throws -> String {
            let row = try observer.script(
                """
                select (select max(n) || ' ' || sum(count) from queue.batch where pool = \(place.pool)),
                  (select count(*) from queue.command where pool = \(place.pool)),
                  (select count(*) from effect e join queue.command c on c.id = e.command
                   where c.pool = \(place.pool)),
                  (select string_agg(e.kind || e.attempt, ' ' order by e.kind, e.attempt)
                   from queue.exception e join queue.command c on c.id = e.command
                   where c.pool = \(place.pool)),
                  (select string_agg(state || attempt || (next_at > clock_timestamp()), ' ' order by id)
                   from queue.hold where pool = \(place.pool)),
                  (select count(*) from queue.hold h join queue.parked p on p.hold = h.id
                     and p.n > h.position where h.pool = \(place.pool))
                """)[0]
            return (0..<6).map { row.isNull($0) ? "-" : row.text($0) }.joined(separator: " | ")
        }

        func step(
            cutting cut: (statement: Int, moment: Wire.Moment)?
        ) throws -> (cut: Bool, picture: String) {
            let wire = try Wire(to: place.database.address(role: "kabinet_workers"))
            defer { wire.close() }
            let connection = try Connection(
                wire.address, library: place.database.library,
                preparing: Lane.statements + ["queue/own", "queue/disown"])
            // A lost session no longer says which it was.
            let backend = connection.backend
            // The command that is to be put aside stands alone already.
            var lane = Lane(pool: place.pool, lane: 0, batch: scenario == .putAside ? 1 : 10)
            if let cut { wire.cut(at: cut.statement, cut.moment) }
            do {
                let step =
                    try scenario.delivers
                    ? place.deliver(
                        &lane, on: connection, Delivering(recording: record, calling: deliver))
                    : place.step(&lane, on: connection, Deciding(decide))
                #expect(!step.isElsewhere)
                return (false, try picture())
            } catch let error as PostgresError {
                #expect(error.connectionLost, "\(error)")
                #expect(cut != nil && !wire.mend())
                try eventually("the session ends, and its transaction with it") {
                    try observer.script(
                        "select from pg_stat_activity where pid = \(backend)"
                    ).isEmpty
                }
                return (true, try picture())
            }
        }

        /// Whatever the cut left: another owner decides the rest, and all is decided exactly once, in order.
        func finish() throws {
            var lane = place.lane()
            for _ in 0..<3 {
                if scenario.delivers {
                    let deliverer = Delivering(recording: record) { $0.map { _ in .done } }
                    var steps = 0
                    while try !place.deliver(&lane, on: helper, deliverer).isIdle {
                        steps += 1
                        try #require(steps < 1000, "the lane does not come to rest")
                    }
                } else {
                    try place.drain(&lane, on: helper, writing())
                }
                try Self.makeDue(place, observer)
            }
            let decided = try observer.script(
                """
                select e.command from effect e join queue.command c on c.id = e.command
                where c.pool = \(place.pool) and c.id <> '\(followUp.id)' order by e.n
                """
            ).map { try identifier($0.text(0)) }
            #expect(Set(decided) == Set(ids))
            #expect(decided.count == ids.count)
            if !scenario.delivers {
                let subject = Set(ids.prefix(3))
                #expect(decided.filter { subject.contains($0) } == Array(ids.prefix(3)))
            }
            #expect(
                try observer.script("select from queue.hold where pool = \(place.pool)").isEmpty)
        }
    }

    @Test func `the checks of the queue find nothing`() throws {
        #expect(try database.violations() == [])
    }
}
