import Commands
import Postgres
import Queue

/// A part of a job: the next commands of one of its lanes, as they stand now. Decided ones are appended anew, those that a
/// failure keeps are let go or given up in their own lane; in a dry run all are decided here, without a trace. Behind what
/// it appends stands the next part, so that a lane is never flooded and a subject keeps its order.
struct Reprocess {
    private let part: ReprocessPart
    private let claimed: ClaimedCommand
    private let desk: Desk

    static let statements: [Statement] = [
        "store/reprocess_begin", "store/reprocess_kept", "store/reprocess_lock",
        "store/reprocess_rows", "store/reprocess_retry", "store/reprocess_discard",
        "store/reprocess_foresee", "store/reprocess_advance",
    ]

    /// Commands of a part: a few batches.
    private static let most = 500
    /// Between the first tries of what a lane lets go: a lane takes them before anything that has just come.
    private static let apart: Int64 = 500

    init(_ part: ReprocessPart, _ claimed: ClaimedCommand, _ desk: Desk) {
        self.part = part
        self.claimed = claimed
        self.desk = desk
    }

    private struct Job {
        let state: String
        let isDiscard: Bool
        let dryRun: Bool
        let states: Set<String>
        let actor: String
        let why: String
        let position: Int64
        let total: Int64
        let ended: Bool
        let pool: Int16
    }

    private struct Place: Equatable {
        let pool: Int16
        let lane: Int16
    }

    /// A command of the job as it stands now.
    private struct Staged {
        let n: Int64
        let command: ClaimedCommand
        let place: Place
        let state: String
        let code: String
        let placed: Bool
        let delivers: Bool
        let account: String?

        var isKept: Bool { state == "failed" || state == "abandoned" }

        init(_ row: Row) {
            n = row.int64(0)
            command = ClaimedCommand(row, from: 1)
            place = Place(pool: row.int16(14), lane: row.int16(15))
            state = row.text(16)
            code = row.text(17)
            placed = row.bool(18)
            delivers = row.bool(19)
            account = row.optional(20, row.text)
        }
    }

    private struct Done {
        var appended = 0
        var released = 0
        var discarded = 0
        /// Let be.
        var passed = 0
    }

    func decide(_ decided: inout Decided, on connection: Connection) throws -> Verdict {
        let id = [Value.int64(part.job), .int16(Int16(part.lane))]
        guard
            let row = try connection.run("store/reprocess_begin", id + [.id(claimed.id)]).first
        else { throw PermanentFailure("job \(part.job) has no lane \(part.lane)") }
        let job = Job(
            state: row.text(0), isDiscard: row.text(1) == "discard", dryRun: row.bool(2),
            states: Set(row.texts(3).compactMap { $0 }), actor: row.text(4), why: row.text(5),
            position: row.int64(6), total: row.int64(7), ended: row.bool(8), pool: row.int16(9))
        // After a pause and a resume there may be two parts for one place.
        guard job.state == "running", !job.ended, job.position == part.from else {
            return .result(body: JSON.object(["unchanged": .bool(true)]).bytes)
        }
        // The last part comes behind all that the others appended.
        let isEnd = job.position == job.total
        var to = job.position
        var done = Done()
        if !isEnd { done = try handle(&to, job, id, &decided, on: connection) }
        try connection.run(
            "store/reprocess_advance",
            id + [
                .int64(to), .int64(Int64(done.appended)), .int64(Int64(done.released)),
                .int64(Int64(done.discarded)), .int64(Int64(done.passed)), .bool(isEnd),
            ])
        if !isEnd { decided.follow.append(successor(from: to)) }
        return .result(
            body: JSON.object([
                "appended": .int(Int64(done.appended)), "released": .int(Int64(done.released)),
                "discarded": .int(Int64(done.discarded)), "passed": .int(Int64(done.passed)),
            ]).bytes)
    }

    /// Handles the commands behind `to`, and moves it.
    private func handle(
        _ to: inout Int64, _ job: Job, _ id: [Value], _ decided: inout Decided,
        on connection: Connection
    ) throws -> Done {
        var done = Done()
        var mine: Place?
        if !job.dryRun { mine = try lock(id, on: connection) }
        let rows = try connection.run(
            "store/reprocess_rows", id + [.int64(part.from), .int64(Int64(Self.most + 1))]
        ).map(Staged.init)
        var staged = Self.together(rows)
        if !job.dryRun, let foreign = staged.firstIndex(where: { $0.isKept && $0.place != mine }) {
            staged = staged[..<foreign]
        }
        // Rows whose commands went with their partition are not here, and are let be like others.
        to = rows.isEmpty ? job.total : staged.last?.n ?? part.from
        if job.dryRun {
            done.passed = try foresee(staged, job, on: connection)
        } else {
            done = try treat(staged, job, mine, &decided, on: connection)
        }
        done.passed += Int(to - part.from) - staged.count
        return done
    }

    private func successor(from: Int64) -> NewCommand {
        let command = Command.reprocessPart(
            ReprocessPart(job: part.job, lane: part.lane, from: from))
        return NewCommand(
            id: Desk.newID(), kind: claimed.kind, organization: claimed.organization,
            subject: claimed.subject, payload: command.json.bytes, actor: claimed.actor,
            channel: claimed.channel, trace: claimed.trace, cause: claimed.id, awaited: true,
            receivedAt: claimed.receivedAt)
    }

    // MARK: Which

    /// What a failure keeps changes only under its lane's lock. A part waits for one lane, so that no two parts wait for
    /// each other and no lane stands still for long.
    private func lock(_ id: [Value], on connection: Connection) throws -> Place? {
        guard
            let row = try connection.run(
                "store/reprocess_kept", id + [.int64(part.from), .int64(Int64(Self.most))]
            ).first
        else { return nil }
        let place = Place(pool: row.int16(0), lane: row.int16(1))
        try connection.run("store/reprocess_lock", .int16(place.pool), .int16(place.lane))
        return place
    }

    /// As many as a part takes; a subject's stay together unless it has more than that.
    private static func together(_ rows: [Staged]) -> ArraySlice<Staged> {
        let staged = rows.prefix(most)
        guard rows.count > most,
            let border = staged.lastIndex(where: {
                $0.command.subject != rows[most].command.subject
            })
        else { return staged }
        return staged[...border]
    }

    // MARK: For good

    private func treat(
        _ staged: ArraySlice<Staged>, _ job: Job, _ mine: Place?, _ decided: inout Decided,
        on connection: Connection
    ) throws -> Done {
        var done = Done()
        var kept: [Identifier] = []
        for one in staged {
            if !job.states.contains(one.state) {
                done.passed += 1
            } else if one.isKept {
                kept.append(one.command.id)
            } else if job.isDiscard || !one.placed {
                done.passed += 1
            } else {
                decided.follow.append(NewCommand(one.command.repeated(as: Desk.newID())))
                done.appended += 1
            }
        }
        guard !kept.isEmpty, let mine else { return done }
        let note = JSON.object([
            "by": .string(job.actor), "why": .string(job.why), "job": .int(part.job),
        ])
        let isOwn = mine == Place(pool: job.pool, lane: Int16(part.lane))
        let settled = try connection.run(
            job.isDiscard ? "store/reprocess_discard" : "store/reprocess_retry",
            .int16(mine.pool), .int16(mine.lane), .ids(kept), .json(note.bytes), .bool(isOwn),
            .int64(Self.apart)
        ).count
        if job.isDiscard { done.discarded = settled } else { done.released = settled }
        done.passed += kept.count - settled
        return done
    }

    // MARK: Without a trace

    /// Decides the commands as one batch that is taken back, and writes down what came out. Later parts do not see what
    /// these would have changed. Returns how many were let be.
    private func foresee(
        _ staged: ArraySlice<Staged>, _ job: Job, on connection: Connection
    ) throws -> Int {
        let able = staged.filter {
            job.states.contains($0.state) && ($0.isKept || $0.placed && !job.isDiscard)
        }
        // A kept one stays the command that it is; a decided one comes as a new one.
        let tried = able.filter { !job.isDiscard && !$0.delivers }.map {
            (n: $0.n, command: $0.isKept ? $0.command : $0.command.repeated(as: Desk.newID()))
        }
        let verdicts = try connection.nested(keeping: false) {
            try rehearse(tried.map(\.command), on: connection)
        }
        let found = Dictionary(uniqueKeysWithValues: zip(tried.map(\.n), verdicts))
        var foreseen: [Foreseen: Int64] = [:]
        for one in able {
            let (state, code) = job.isDiscard ? ("discarded", "") : try Self.told(found[one.n])
            foreseen[Foreseen(one, state, code), default: 0] += 1
        }
        if !foreseen.isEmpty { try write(foreseen, on: connection) }
        return staged.count - able.count
    }

    /// As a lane does: what cannot be decided together is halved until the one that fails stands alone.
    private func rehearse(
        _ batch: [ClaimedCommand], on connection: Connection
    ) throws -> [Verdict] {
        guard !batch.isEmpty else { return [] }
        do {
            return try connection.nested { try desk.decide(batch, on: connection).verdicts }
        } catch {
            if !connection.isAlive || (error as? PostgresError)?.transient == true { throw error }
            guard batch.count > 1 else { return [.failed(error: "\(error)", permanent: true)] }
            let half = batch.count / 2
            return try rehearse(Array(batch[..<half]), on: connection)
                + rehearse(Array(batch[half...]), on: connection)
        }
    }

    /// Nil: what calls the outside is not tried.
    private static func told(_ verdict: Verdict?) throws -> (state: String, code: String) {
        switch verdict {
        case nil: ("sent", "")
        case .done, .noted: ("done", "")
        case .result(let body):
            (try JSON.parse(body)["unchanged"] == nil ? "done" : "unchanged", "")
        case .refused(let code, _): ("refused", code)
        case .failed, .deferred: ("failed", "")
        }
    }

    /// Of so many commands the same is told.
    private struct Foreseen: Hashable {
        let organization: String
        let subject: Int64
        let account: String?
        let kind: String
        let was: String
        let wasCode: String
        let state: String
        let code: String

        init(_ staged: Staged, _ state: String, _ code: String) {
            organization = staged.command.organization
            subject = staged.command.subject
            account = staged.account
            kind = staged.command.kind
            was = staged.state
            wasCode = staged.code
            self.state = state
            self.code = code
        }
    }

    private func write(_ foreseen: [Foreseen: Int64], on connection: Connection) throws {
        let rows = Array(foreseen)
        try connection.run(
            "store/reprocess_foresee", .int64(part.job), .texts(rows.map(\.key.organization)),
            .int64s(rows.map(\.key.subject)), .texts(rows.map(\.key.account)),
            .texts(rows.map(\.key.kind)), .texts(rows.map(\.key.was)),
            .texts(rows.map(\.key.wasCode)), .texts(rows.map(\.key.state)),
            .texts(rows.map(\.key.code)), .int64s(rows.map(\.value)))
    }
}
