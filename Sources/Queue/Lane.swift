public import Postgres

/// One lane of one pool, driven by whichever thread has taken it: claim → decide → complete, one batch a step.
///
/// A lane keeps in memory how large its next batch may be (after a failure half, after a success twice as much) and what
/// failed last. Losing it costs nothing.
public struct Lane {
    public let pool: Int16
    public let lane: Int16
    private var limit: Int
    /// Tries in place of a command that failed alone with a transient error, before it is held.
    private var quickTries = 0
    /// A command during whose deciding, alone, the session was lost, and how often in a row; or with which processes ended.
    private var suspect: (id: Identifier, losses: Int, endsProcesses: Bool)?
    /// The process. While it is young it says, before it decides a batch, what that batch begins with: if it traps, the next
    /// process knows. It is young until its batches have grown to full size, from one command on.
    private let boot: Identifier?
    private var isYoung: Bool
    /// Calls to the outside that the last step made, failed ones too: they are what a pool's rate bounds.
    private(set) var calls = 0
    /// Calls to the outside that were made and are not recorded yet: that comes before any further call.
    private var unsettled: Made?
    /// The kind before which the last claim or release ended, because this process does not know it.
    private var unknown: String?

    /// - Parameter boot: the process, when it is young; nil: it has shown that it lives.
    public init(pool: Int16, lane: Int16, batch: Int, boot: Identifier? = nil) {
        self.pool = pool
        self.lane = lane
        self.boot = boot
        isYoung = boot != nil
        limit = boot == nil ? batch : 1
    }

    public enum Step: Sendable {
        /// Nothing to do.
        case idle
        /// Another owner has the lane.
        case elsewhere
        /// A pool was resized since the map was read: rolled back, nothing has happened.
        case outdated
        /// `count` commands left the lane (decided, refused or parked); `more` wait already.
        case worked(count: Int, refused: Int, more: Bool)
        /// The batch was rolled back and will come again in halves.
        case halved(count: Int, error: String)
        /// The server's disk is full: rolled back, to be tried again as it was. No command is to blame.
        case full(error: String)
        /// A command failed alone and was put aside.
        case held(Identifier, attempt: Int, abandoned: Bool, error: String)
        /// Nobody can be called for so many milliseconds: nothing was claimed.
        case paused(Int)
        /// What comes next is of a kind that only another release knows: it waits, with the lane, for workers of that one.
        case unknown(kind: String)
    }

    public static let statements: [Statement] = [
        "queue/cursor", "queue/claim", "queue/complete", "queue/announce", "queue/except",
        "queue/park", "queue/hold", "queue/due", "queue/due_known", "queue/release", "queue/unhold",
        "queue/postpone", "queue/follow", "queue/pools", "queue/ready", "queue/attempt",
    ]

    // MARK: decide

    /// One batch of a deciding lane. Throws only when the connection is lost; everything else is contained.
    public mutating func step(
        on connection: Connection, policy: PoolPolicy, map: PoolMap, decider: any Decider
    ) throws -> Step {
        var failing: [ClaimedCommand] = []
        unknown = nil
        do {
            limit = min(limit, policy.batch)
            if isYoung, let boot { try mark(boot, decider, on: connection) }
            try connection.begin()
            guard let taken = try take(decider.kinds, on: connection) else {
                try connection.rollback()
                return .elsewhere
            }
            let cursor = taken.cursor
            var (rows, more) = (taken.rows, taken.more)
            if cursor.due, let step = try release(cursor, connection, policy, map, decider) {
                return step
            }
            if rows.isEmpty, let unknown, more || cursor.rawXid == nil {
                try connection.rollback()
                // The next look is a small one.
                limit = 1
                return .unknown(kind: unknown)
            }
            guard !rows.isEmpty || cursor.rawXid != nil else {
                try connection.rollback()
                return .idle
            }
            cut(&rows, &more, decider)
            if rows.count == 1, rows[0].held == nil, isSuspect(rows[0].id) {
                try connection.rollback()
                return try Self.putAside(on: connection) {
                    try setAside(rows[0], suspicion, policy, on: connection)
                }
            }
            failing = rows
            let parked = rows.filter { $0.held != nil }
            let batch = parked.isEmpty ? rows : rows.filter { $0.held == nil }
            let decided =
                batch.isEmpty ? Decided(verdicts: []) : try decider.decide(batch, on: connection)
            if !parked.isEmpty { try park(parked, on: connection) }
            let refused = try record(batch, decided, map, on: connection)
            try complete(cursor, rows: rows, more: more, refused: refused, on: connection)
            try announce(batch, on: connection)
            try connection.commit()
            // Each batch of a young process costs two commits more: it grows up fast.
            limit = min(limit * (isYoung ? 4 : 2), policy.batch)
            isYoung = isYoung && limit < policy.batch
            quickTries = 0
            suspect = nil
            // What was appended since a diff of one batch was taken comes with a notification of its own; those that came
            // while an older diff was worked off told nothing new.
            return .worked(count: rows.count, refused: refused, more: more || cursor.rawXid != nil)
        } catch {
            noteLoss(of: failing, connection, error)
            guard try Self.recover(connection, from: error) else { return .elsewhere }
            if PoolMap.isOutdated(error) { return .outdated }
            if Self.isFull(error) { return .full(error: "\(error)") }
            if failing.count > 1 || (failing.count == 1 && failing[0].held != nil) {
                limit = max(1, min(failing.count, limit) / 2)
                return .halved(count: failing.count, error: "\(error)")
            }
            guard let poison = failing.first else { throw error }
            if Self.isTransient(error), quickTries < 3 {
                quickTries += 1
                return .halved(count: 1, error: "\(error)")
            }
            quickTries = 0
            return try Self.putAside(on: connection) {
                try setAside(poison, error, policy, on: connection)
            }
        }
    }

    /// Says what the next batch begins with, in a transaction of its own. A command with which three processes have ended
    /// is suspect.
    private mutating func mark(
        _ boot: Identifier, _ decider: any Decider, on connection: Connection
    ) throws {
        try connection.begin()
        guard let head = try head(decider.kinds, on: connection) else {
            return try connection.rollback()
        }
        try connection.rollback()
        let losses = try connection.run(
            "queue/attempt", .int16(pool), .int16(lane), .id(head), .id(boot)
        ).first?.int32(0)
        if let losses, losses >= 3 { suspect = (head, Int(losses), true) }
    }

    /// What the next batch begins with: a hold that is due goes first.
    private mutating func head(
        _ kinds: Set<String>?, on connection: Connection
    ) throws -> Identifier? {
        guard let (cursor, rows, _) = try take(kinds, on: connection) else { return nil }
        if cursor.due, let due = try due(kinds, on: connection, most: { _ in 1 }),
            let first = due.rows.first
        {
            return first.command.id
        }
        return rows.first?.id
    }

    private var suspicion: any Error {
        suspect?.endsProcesses == true
            ? PermanentFailure("three processes have ended while they decided this command")
            : SessionLost()
    }

    /// A batch can end its own session: by standing longer than the server lets a transaction be idle, or by what one of
    /// its commands does to the server. So a lost session halves the batch too, and a command alone is suspected.
    private mutating func noteLoss(
        of batch: [ClaimedCommand], _ connection: Connection, _ error: any Error
    ) {
        let lost = !connection.isAlive || (error as? PostgresError)?.connectionLost == true
        guard lost, let first = batch.first else { return }
        if batch.count > 1 {
            limit = max(1, min(batch.count, limit) / 2)
        } else {
            let losses = suspect?.id == first.id ? (suspect?.losses ?? 0) + 1 : 1
            suspect = (first.id, losses, false)
        }
    }

    /// Three lost sessions in a row are no coincidence.
    private func isSuspect(_ id: Identifier) -> Bool {
        guard let suspect else { return false }
        return suspect.id == id && suspect.losses >= 3
    }

    /// Does `body`, which puts a failed command aside in a transaction of its own. Losing the lane meanwhile is no fault.
    private static func putAside(
        on connection: Connection, _ body: () throws -> Step
    ) throws -> Step {
        do {
            return try body()
        } catch {
            guard try Self.recover(connection, from: error) else { return .elsewhere }
            if isFull(error) { return .full(error: "\(error)") }
            throw error
        }
    }

    /// Rolls back. False: another owner has won this batch, nothing is wrong. Rethrows when the connection is lost.
    private static func recover(_ connection: Connection, from error: any Error) throws -> Bool {
        guard connection.isAlive else { throw error }
        if connection.inTransaction { try connection.rollback() }
        if let error = error as? PostgresError {
            if error.connectionLost { throw error }
            if error.sqlState == "23505", error.statement == "queue/complete" { return false }
        }
        return true
    }

    private static func isTransient(_ error: any Error) -> Bool {
        (error as? PostgresError)?.transient ?? false
    }

    private static func isFull(_ error: any Error) -> Bool {
        (error as? PostgresError)?.isFull ?? false
    }

    /// The lane's lock, its cursor and what comes next, in one round trip. Nil when another owner has the lock.
    private mutating func take(
        _ kinds: Set<String>?, on connection: Connection
    ) throws -> (cursor: Cursor, rows: [ClaimedCommand], more: Bool)? {
        let place = [Value.int16(pool), .int16(lane)]
        let taken = try connection.send("queue/cursor", place)
        let claimed = try connection.send("queue/claim", place + [.int64(Int64(limit + 1))])
        guard let cursor = try Cursor(taken.rows()) else { return nil }
        var rows = try claimed.rows().map { ClaimedCommand($0, from: 0, held: true) }
        let more = rows.count > limit
        if more { rows.removeLast() }
        let ended = end(rows, more, before: kinds)
        return (cursor, ended.rows, ended.more)
    }

    /// A batch ends before a command whose kind this process does not know: the lane keeps its order. Parked ones only
    /// step aside; whoever releases them has to know them.
    private mutating func end(
        _ rows: [ClaimedCommand], _ more: Bool, before kinds: Set<String>?
    ) -> (rows: [ClaimedCommand], more: Bool) {
        guard let kinds,
            let stop = rows.firstIndex(where: { $0.held == nil && !kinds.contains($0.kind) })
        else { return (rows, more) }
        unknown = rows[stop].kind
        return (Array(rows[..<stop]), true)
    }

    /// A batch is as many commands as weigh what it may hold, and at least one.
    private func cut(
        _ rows: inout [ClaimedCommand], _ more: inout Bool, _ decider: any Decider
    ) {
        var weight = 0
        for (index, row) in rows.enumerated() {
            weight += decider.weight(of: row.kind)
            if index > 0, weight > limit {
                rows.removeSubrange(index...)
                more = true
                return
            }
        }
    }

    private func complete(
        _ cursor: Cursor, rows: [ClaimedCommand], more: Bool, refused: Int,
        on connection: Connection
    ) throws {
        let last = more ? rows.last : nil
        try connection.send(
            "queue/complete", .int16(pool), .int16(lane), .int64(cursor.n + 1),
            .bytes(cursor.low), .bytes(cursor.high), .xid(last?.xid), .int64(last?.seq),
            .int32(Int32(rows.count)), .int32(Int32(refused)))
    }

    private func park(_ rows: [ClaimedCommand], on connection: Connection) throws {
        try connection.send(
            "queue/park", .int64s(rows.map(\.held)), .ids(rows.map(\.id)))
    }

    /// Writes exceptions and follow-ups; returns how many were refused.
    private func record(
        _ batch: [ClaimedCommand], _ decided: Decided, _ map: PoolMap, on connection: Connection
    ) throws -> Int {
        precondition(decided.verdicts.count == batch.count, "a decider must answer every command")
        var exceptions = Exceptions()
        var refused = 0
        for (command, verdict) in zip(batch, decided.verdicts) {
            switch verdict {
            case .done: break
            case .result(let body): exceptions.add(command.id, "result", "", body)
            case .refused(let code, let body):
                refused += 1
                exceptions.add(command.id, "refused", code, body)
            case .failed(let error, _): throw PermanentFailure(error)
            case .noted, .deferred: throw PermanentFailure("a verdict of deliveries only")
            }
        }
        try exceptions.write(on: connection)
        try follow(decided.follow, map: map, from: pool, on: connection)
        return refused
    }

    private func announce(_ batch: [ClaimedCommand], on connection: Connection) throws {
        guard batch.contains(where: \.awaited) else { return }
        try connection.send("queue/announce", .text("\(pool):\(lane)"))
    }

    /// A command failed alone: claim it again and, instead of deciding, hold it or its subject.
    private mutating func setAside(
        _ poison: ClaimedCommand, _ error: any Error, _ policy: PoolPolicy,
        on connection: Connection
    ) throws -> Step {
        try connection.begin()
        limit = 1
        guard let (cursor, rows, more) = try take(nil, on: connection) else {
            try connection.rollback()
            return .elsewhere
        }
        guard rows.first?.id == poison.id, rows[0].held == nil else {
            try connection.rollback()
            return .elsewhere
        }
        let abandoned = try hold(poison, attempt: 1, error, policy, on: connection)
        try complete(cursor, rows: rows, more: more, refused: 0, on: connection)
        if abandoned { try announce(rows, on: connection) }
        try connection.commit()
        limit = policy.batch
        suspect = nil
        return .held(poison.id, attempt: 1, abandoned: abandoned, error: "\(error)")
    }

    private func hold(
        _ command: ClaimedCommand, attempt: Int, _ error: any Error, _ policy: PoolPolicy,
        on connection: Connection
    ) throws -> Bool {
        let abandoned = error is PermanentFailure || attempt >= policy.attempts
        try connection.send(
            "queue/hold", .int16(pool), .int16(lane), .int64(command.subject), .id(command.id),
            .bool(policy.onFailure(command.kind) == .hold), .int32(Int32(attempt)),
            .int64(Int64(policy.delay(after: attempt))),
            .text(abandoned ? "abandoned" : "waiting"), .text(Self.short(error)))
        try Self.tellFailure(command.id, attempt, abandoned, error, on: connection)
        return abandoned
    }

    private static func tellFailure(
        _ id: Identifier, _ attempt: Int, _ abandoned: Bool, _ error: any Error,
        on connection: Connection
    ) throws {
        var exceptions = Exceptions()
        exceptions.add(
            id, abandoned ? "abandoned" : "failed", "", Self.errorBody(error), attempt: attempt)
        try exceptions.write(on: connection)
    }

    /// An error's text as PostgreSQL can store it: a U+0000 in it would keep its command from being put aside.
    static func short(_ error: any Error) -> String {
        String("\(error)".prefix(500)).replacing("\u{0}", with: "\u{fffd}")
    }

    static func errorBody(_ error: any Error) -> [UInt8] {
        var out: [UInt8] = Array("{\"error\":\"".utf8)
        for scalar in short(error).unicodeScalars where scalar.value >= 0x20 {
            if scalar == "\"" || scalar == "\\" { out.append(UInt8(ascii: "\\")) }
            out.append(contentsOf: Array(String(scalar).utf8))
        }
        out.append(contentsOf: Array("\"}".utf8))
        return out
    }

    // MARK: release

    /// Retries what a hold has waiting. Takes the lane's next n with the cursor unmoved, so that no other owner can
    /// park into the same hold meanwhile. Nil: the hold was gone or not due after all.
    private mutating func release(
        _ cursor: Cursor, _ connection: Connection, _ policy: PoolPolicy, _ map: PoolMap,
        _ decider: any Decider
    ) throws -> Step? {
        // The failed head is tried alone; what stood behind it follows in batches.
        let size = { [limit] (hold: Waiting) in hold.attempt > 0 ? 1 : limit }
        guard
            let (due, rows) = try due(decider.kinds, on: connection, most: { size($0) + 1 })
        else { return nil }
        let (hold, single, attempt) = (due.id, due.single, due.attempt)
        var (batch, more) = (rows.map(\.command), rows.count > size(due))
        if more { batch.removeLast() }
        (batch, more) = end(batch, more, before: decider.kinds)
        cut(&batch, &more, decider)
        let position = batch.isEmpty ? due.position : rows[batch.count - 1].n
        if batch.count == 1, isSuspect(batch[0].id) {
            try connection.rollback()
            let error = suspicion
            suspect = nil
            return try Self.putAside(on: connection) {
                try postpone(
                    hold, batch[0], attempt + 1, error, policy, after: cursor,
                    on: connection)
            }
        }
        do {
            let decided =
                batch.isEmpty ? Decided(verdicts: []) : try decider.decide(batch, on: connection)
            let refused = try record(batch, decided, map, on: connection)
            try connection.send(
                "queue/unhold", .int64(hold), .int64(position), .bool(single || !more))
            try keep(cursor, count: batch.count, refused: refused, on: connection)
            try announce(batch, on: connection)
            try connection.commit()
            limit = min(limit * 2, policy.batch)
            suspect = nil
            return .worked(count: batch.count, refused: refused, more: true)
        } catch {
            noteLoss(of: batch, connection, error)
            guard try Self.recover(connection, from: error) else { return .elsewhere }
            if PoolMap.isOutdated(error) { return .outdated }
            if Self.isFull(error) { return .full(error: "\(error)") }
            if batch.count > 1 {
                limit = max(1, batch.count / 2)
                return .halved(count: batch.count, error: "\(error)")
            }
            guard let head = batch.first else { throw error }
            return try Self.putAside(on: connection) {
                try postpone(
                    hold, head, attempt + 1, error, policy, after: cursor, on: connection)
            }
        }
    }

    /// The hold whose turn it is, with what it has waiting, at most so many. One whose next command is of a kind that this
    /// process does not know waits where it is, and no attempt is counted: another has the turn. Nil: there is none
    /// (and `unknown` is the kind for which one waits).
    private mutating func due(
        _ kinds: Set<String>?, on connection: Connection, most: (Waiting) -> Int
    ) throws -> (hold: Waiting, rows: [(n: Int64, command: ClaimedCommand)])? {
        var found = try connection.run("queue/due", .int16(pool), .int16(lane)).first
        while let row = found {
            let hold = Waiting(
                id: row.int64(0), attempt: Int(row.int32(3)), position: row.int64(4),
                single: !row.isNull(2))
            let rows = try connection.run(
                "queue/release", .int64(hold.id), .int64(Int64(most(hold)))
            ).map { (n: $0.int64(0), command: ClaimedCommand($0, from: 1, held: false)) }
            guard let kinds, let first = rows.first?.command, !kinds.contains(first.kind) else {
                return (hold, rows)
            }
            unknown = first.kind
            found = try connection.run(
                "queue/due_known", .int16(pool), .int16(lane), .texts(Array(kinds))
            ).first
        }
        return nil
    }

    private func postpone(
        _ hold: Int64, _ head: ClaimedCommand, _ attempt: Int, _ error: any Error,
        _ policy: PoolPolicy, after claimed: Cursor, on connection: Connection
    ) throws -> Step {
        try connection.begin()
        // Another n: somebody else has released this hold since, and its head is another command now.
        guard let cursor = try Cursor(pool, lane, on: connection), cursor.n == claimed.n else {
            try connection.rollback()
            return .elsewhere
        }
        let abandoned = error is PermanentFailure || attempt >= policy.attempts
        try connection.run(
            "queue/postpone", .int64(hold), .int32(Int32(attempt)),
            .int64(Int64(policy.delay(after: attempt))),
            .text(abandoned ? "abandoned" : "waiting"), .text(Self.short(error)), .id(head.id))
        try Self.tellFailure(head.id, attempt, abandoned, error, on: connection)
        try keep(cursor, count: 0, refused: 0, on: connection)
        if abandoned { try announce([head], on: connection) }
        try connection.commit()
        return .held(head.id, attempt: attempt, abandoned: abandoned, error: "\(error)")
    }

    /// The next n with the cursor as it was: no other owner's view of this lane stays valid.
    private func keep(
        _ cursor: Cursor, count: Int, refused: Int, on connection: Connection
    ) throws {
        try connection.send(
            "queue/complete", .int16(pool), .int16(lane), .int64(cursor.n + 1),
            .bytes(cursor.rawLow), .bytes(cursor.rawHigh), .xid(cursor.rawXid),
            .int64(cursor.rawSeq), .int32(Int32(count)), .int32(Int32(refused)))
    }

    // MARK: delivery

    /// One batch of a delivery lane: the lane is held by a session lock, the calls run with no transaction open, and the
    /// cursor moves afterwards. A crash in between repeats the calls (at least once); a database that is away or full does
    /// not, as long as this process lives and no other takes the lane.
    public mutating func deliver(
        on connection: Connection, policy: PoolPolicy, map: PoolMap, deliverer: any Deliverer,
        most: Int
    ) throws -> Step {
        calls = 0
        if unsettled == nil, case let pause = deliverer.pause, pause > 0 { return .paused(pause) }
        guard
            try connection.run("queue/own", .int16(pool), .int16(lane)).first?.bool(0) == true
        else { return .elsewhere }
        do {
            let step = try deliverOwned(connection, policy, map, deliverer, most)
            try connection.run("queue/disown", .int16(pool), .int16(lane))
            return step
        } catch {
            guard try Self.recover(connection, from: error) else {
                try connection.run("queue/disown", .int16(pool), .int16(lane))
                return .elsewhere
            }
            try connection.run("queue/disown", .int16(pool), .int16(lane))
            throw error
        }
    }

    private mutating func deliverOwned(
        _ connection: Connection, _ policy: PoolPolicy, _ map: PoolMap,
        _ deliverer: any Deliverer, _ most: Int
    ) throws -> Step {
        limit = max(1, min(policy.batch, most, deliverer.most))
        unknown = nil
        if unsettled != nil { return try settle(with: deliverer, policy, on: connection) }
        try connection.begin()
        guard let taken = try take(deliverer.kinds, on: connection) else {
            try connection.rollback()
            return .elsewhere
        }
        let cursor = taken.cursor
        var (rows, more) = (taken.rows, taken.more)
        var hold: Waiting?
        if cursor.due {
            let claimed = unknown
            unknown = nil
            let due = try due(deliverer.kinds, on: connection, most: { _ in 2 })
            unknown = due == nil ? unknown ?? claimed : unknown
            if let due {
                hold = due.hold
                rows = due.rows.map(\.command)
                more = rows.count > 1
                if more { rows.removeLast() }
                if let first = due.rows.first { hold?.position = first.n }
            }
        }
        let batch = rows.filter { $0.held == nil }
        if !batch.isEmpty { try deliverer.prepare(batch, on: connection) }
        try connection.rollback()
        if rows.isEmpty, hold == nil, let unknown, more || cursor.rawXid == nil {
            return .unknown(kind: unknown)
        }
        guard !rows.isEmpty || cursor.rawXid != nil || hold != nil else { return .idle }

        calls = batch.count
        let verdicts = deliverer.deliver(batch)
        precondition(verdicts.count == batch.count, "a deliverer must answer every command")
        unsettled = Made(
            cursor: cursor, rows: rows, batch: batch, verdicts: verdicts, more: more, hold: hold)
        return try settle(with: deliverer, policy, on: connection)
    }

    /// Records the calls that were made. Throws when the connection is lost: then they are still to be recorded.
    private mutating func settle(
        with deliverer: any Deliverer, _ policy: PoolPolicy, on connection: Connection
    ) throws -> Step {
        while let made = unsettled {
            do {
                let step = try settle(made, policy, on: connection) {
                    guard made.isRecordable else { return }
                    try deliverer.record(made.batch, verdicts: made.verdicts, on: connection)
                }
                unsettled = nil
                return step
            } catch {
                guard try Self.recover(connection, from: error) else { break }
                if Self.isFull(error) { return .full(error: "\(error)") }
                // What follows from the calls was placed by a map from before a resize.
                if PoolMap.isOutdated(error) { continue }
                guard made.isRecordable else { throw error }
                // The calls must not be repeated at once and for ever: all of them failed, and come again one by one
                // after their delay.
                unsettled?.fail(error)
            }
        }
        unsettled = nil
        return .elsewhere
    }

    /// Calls that were made and wait to be recorded.
    private struct Made {
        let cursor: Cursor
        let rows: [ClaimedCommand]
        let batch: [ClaimedCommand]
        private(set) var verdicts: [Verdict]
        let more: Bool
        let hold: Waiting?
        private(set) var isRecordable = true

        /// What was delivered cannot be recorded.
        mutating func fail(_ error: any Error) {
            isRecordable = false
            let failed = Verdict.failed(
                error: Lane.short(error), permanent: error is PermanentFailure)
            verdicts = verdicts.map { _ in failed }
        }
    }

    /// A hold whose time has come.
    private struct Waiting {
        let id: Int64
        let attempt: Int
        var position: Int64
        let single: Bool
    }

    private func settle(
        _ made: Made, _ policy: PoolPolicy, on connection: Connection, _ record: () throws -> Void
    ) throws -> Step {
        try connection.begin()
        guard let now = try Cursor(pool, lane, on: connection), now.n == made.cursor.n else {
            try connection.rollback()
            return .elsewhere
        }
        var refused = 0
        var exceptions = Exceptions()
        var failed: (Identifier, Int, Bool, String)?
        // A hold whose command was not called stays, and its attempts with it.
        var isKept = false
        for (command, verdict) in zip(made.batch, made.verdicts) {
            switch verdict {
            case .done, .noted: break
            case .result(let body): exceptions.add(command.id, "result", "", body)
            case .refused(let code, let body):
                refused += 1
                exceptions.add(command.id, "refused", code, body)
            case .deferred(let milliseconds):
                try put(command, aside: made.hold, for: milliseconds, on: connection)
                isKept = true
            case .failed(let text, let permanent):
                let error: any Error =
                    permanent ? PermanentFailure(text) : DeliveryFailure(description: text)
                let attempt = (made.hold?.attempt ?? 0) + 1
                let abandoned: Bool
                if let hold = made.hold {
                    abandoned = permanent || attempt >= policy.attempts
                    try connection.run(
                        "queue/postpone", .int64(hold.id), .int32(Int32(attempt)),
                        .int64(Int64(policy.delay(after: attempt))),
                        .text(abandoned ? "abandoned" : "waiting"), .text(Self.short(error)),
                        .id(command.id))
                    try Self.tellFailure(command.id, attempt, abandoned, error, on: connection)
                } else {
                    abandoned = try self.hold(
                        command, attempt: 1, error, policy, on: connection)
                }
                failed = (command.id, attempt, abandoned, text)
            }
        }
        try exceptions.write(on: connection)
        let parked = made.rows.filter { $0.held != nil }
        if !parked.isEmpty { try park(parked, on: connection) }
        try record()
        if let hold = made.hold {
            if failed == nil, !isKept {
                try connection.run(
                    "queue/unhold", .int64(hold.id), .int64(hold.position),
                    .bool(hold.single || !made.more))
            }
            try keep(
                now, count: failed == nil && !isKept ? made.batch.count : 0, refused: refused,
                on: connection)
        } else {
            try complete(
                made.cursor, rows: made.rows, more: made.more, refused: refused, on: connection)
        }
        try announce(made.batch, on: connection)
        try connection.commit()
        if let failed {
            return .held(failed.0, attempt: failed.1, abandoned: failed.2, error: failed.3)
        }
        return .worked(count: made.rows.count, refused: refused, more: true)
    }

    /// A command that was not called waits, by itself or in the hold where it is, as if it had never been claimed.
    private func put(
        _ command: ClaimedCommand, aside hold: Waiting?, for milliseconds: Int,
        on connection: Connection
    ) throws {
        let error = NotCalled().description
        if let hold {
            try connection.send(
                "queue/postpone", .int64(hold.id), .int32(Int32(hold.attempt)),
                .int64(Int64(milliseconds)), .text("waiting"), .text(error), .id(command.id))
        } else {
            try connection.send(
                "queue/hold", .int16(pool), .int16(lane), .int64(command.subject),
                .id(command.id), .bool(false), .int32(0), .int64(Int64(milliseconds)),
                .text("waiting"), .text(error))
        }
    }
}

/// What is told of a command that was not called.
private struct NotCalled: CustomStringConvertible {
    let description = "nobody could be called"
}

/// What a command that ended its session is put aside with.
struct SessionLost: Error, CustomStringConvertible {
    let description = "the database session was lost each time this command was decided"
}

struct DeliveryFailure: Error, CustomStringConvertible { let description: String }

/// A lane's newest batch row, read under the lane's lock.
private struct Cursor {
    let n: Int64
    let rawLow: [UInt8]
    let rawHigh: [UInt8]
    let rawXid: UInt64?
    let rawSeq: Int64?
    let low: [UInt8]
    let high: [UInt8]
    let xid: UInt64
    let seq: Int64
    let due: Bool

    /// Nil when another owner has the lock.
    init?(_ pool: Int16, _ lane: Int16, on connection: Connection) throws {
        try self.init(connection.run("queue/cursor", .int16(pool), .int16(lane)))
    }

    init?(_ rows: Rows) {
        guard let row = rows.first else { return nil }
        n = row.int64(0)
        rawLow = row.bytes(1)
        rawHigh = row.bytes(2)
        rawXid = row.optional(3, row.xid)
        rawSeq = row.optional(4, row.int64)
        low = row.bytes(5)
        high = row.bytes(6)
        xid = row.xid(7)
        seq = row.int64(8)
        due = row.bool(10)
        precondition(
            row.bool(9), "a batch wrote before its claim: follow-up commands could be lost")
    }
}

private struct Exceptions {
    var ids: [Identifier?] = []
    var kinds: [String?] = []
    var codes: [String?] = []
    var bodies: [[UInt8]?] = []
    var attempts: [Int32?] = []

    mutating func add(
        _ id: Identifier, _ kind: String, _ code: String, _ body: [UInt8], attempt: Int = 0
    ) {
        ids.append(id)
        kinds.append(kind)
        codes.append(code)
        bodies.append(body)
        attempts.append(Int32(attempt))
    }

    func write(on connection: Connection) throws {
        guard !ids.isEmpty else { return }
        try connection.send(
            "queue/except", .ids(ids), .texts(kinds), .texts(codes), .jsons(bodies),
            .int32s(attempts))
    }
}
