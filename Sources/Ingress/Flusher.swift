import Postgres
import Queue
import Telemetry
import Threads

/// Group commit: all that arrived while the last flush was under way form the next one; an answer leaves only after the
/// commit. What waits for a password anyway goes along with others, or `gathering` after the last of its like: two hundred
/// wrong passwords a second are not two hundred commits in everybody's way. Bounded by the room that requests wait in, and by the
/// time that the last flushes took: who would wait for too long is told so at once.
final class Flusher: Sendable {
    enum Ending: Sendable {
        case appended(Appended)
        /// The database refused this one alone.
        case rejected
        /// Not written within the time.
        case turned(TurnedAway)
    }
    typealias Completion = @Sendable (Ending) -> Void

    struct Limits: Sendable {
        /// Commands of a flush.
        var flush = 1_000
        /// Milliseconds after which a request that could not be written is told so, and a flush given up.
        var patience = 5_000
        /// Milliseconds of waiting, as far as the last flushes let foresee, beyond which a request is not taken.
        var delay = 2_000
        /// Milliseconds between flushes of nothing but passwords.
        var gathering = 20
    }

    private struct Item: Sendable {
        let append: Append
        let at: Int64
        let isOfPassword: Bool
        let done: Completion

        /// What it holds in memory, about.
        var bytes: Int { append.command.payload.count + 256 }
    }

    /// What was committed and waits to be told. Answers are drawn on a thread of their own, while the next flush is
    /// already with the database.
    private struct Endings: Sendable {
        var waiting: [([Item], [Ending])] = []
        var stopping = false
    }

    private struct Board: Sendable {
        var waiting: [Item] = []
        var stopping = false
        /// When the flush under way began; nil between flushes.
        var began: Int64?
        /// Microseconds that a flush takes, the last ones counting most.
        var pace: Int64 = 0
        /// When passwords were flushed last.
        var gathered: Int64?

        /// Nothing waits but passwords.
        var isOfPasswords: Bool { waiting.allSatisfy(\.isOfPassword) }
    }

    private let board = Monitor(Board())
    private let endings = Monitor(Endings())
    private let limits: Limits
    private let room: Room
    private let address: Address
    private let library: Library
    private let telemetry: Telemetry
    private let threads = Monitor<[Worker]>([])

    init(
        address: Address, library: Library, telemetry: Telemetry, room: Room,
        limits: Limits = Limits()
    ) {
        self.room = room
        self.address = address
        self.library = library
        self.telemetry = telemetry
        self.limits = limits
    }

    func start() {
        let flusher = Worker("flusher") { [self] in
            run()
            endings.change { $0.stopping = true }
        }
        let teller = Worker("answers") { [self] in answer() }
        threads.change { $0 = [flusher, teller] }
    }

    /// Ends after what waits has been written or given up.
    func stop() {
        board.change { $0.stopping = true }
        for thread in threads.read({ $0 }) { thread.join() }
    }

    /// Microseconds that a request which came now would wait, as far as one can tell.
    var delay: Int64 { board.read { delay($0, monotonicMicroseconds()) } }

    /// Nothing is under way and nothing waits: then the next request finds out how things are.
    private func delay(_ board: Board, _ now: Int64) -> Int64 {
        guard board.began != nil || !board.waiting.isEmpty else { return 0 }
        let underWay = board.began.map { max(board.pace, now - $0) } ?? 0
        return underWay + Int64(board.waiting.count / limits.flush + 1) * board.pace
    }

    private func refusal(_ board: Board, _ now: Int64) -> TurnedAway? {
        let delay = delay(board, now)
        guard board.stopping || delay > Int64(limits.delay) * 1000 else { return nil }
        return TurnedAway(.flush, retryAfter: max(1, min(30, Int(delay / 1_000_000))))
    }

    /// Why a request would not be taken now, before anything is done for it.
    var refusal: TurnedAway? {
        let standing = room.standing
        guard standing.requests < room.limits.requests else { return TurnedAway(.waiting) }
        guard standing.bytes < room.limits.bytes else { return TurnedAway(.bytes) }
        return board.read { refusal($0, monotonicMicroseconds()) }
    }

    /// Nil when it was taken: `done` will be called. Else nothing was taken.
    func submit(
        _ append: Append, isOfPassword: Bool = false, _ done: @escaping Completion
    ) -> TurnedAway? {
        let now = monotonicMicroseconds()
        let item = Item(append: append, at: now, isOfPassword: isOfPassword, done: done)
        if let turned = room.enter(append.command.actor, bytes: item.bytes) { return turned }
        let turned = board.change { board -> TurnedAway? in
            if let turned = refusal(board, now) { return turned }
            board.waiting.append(item)
            return nil
        }
        if turned != nil { room.leave(append.command.actor, bytes: item.bytes) }
        return turned
    }

    private func take() -> [Item]? {
        while true {
            let left = board.wait { board -> Int? in
                board.waiting.isEmpty && !board.stopping ? nil : gathering(board)
            }
            if let left, left > 0 {
                _ = board.wait(milliseconds: left) { gathering($0) == 0 ? true : nil }
            }
            let taken = board.read { board -> [Item]? in
                if board.waiting.isEmpty { return board.stopping ? nil : [] }
                let batch = Array(board.waiting.prefix(limits.flush))
                board.waiting.removeFirst(batch.count)
                let now = monotonicMicroseconds()
                board.began = now
                if batch.contains(where: \.isOfPassword) { board.gathered = now }
                return batch
            }
            // Empty: those that waited were late, and were told so.
            if taken?.isEmpty != true { return taken }
        }
    }

    /// Milliseconds that what waits is to wait for others.
    private func gathering(_ board: Board) -> Int {
        guard !board.stopping, let gathered = board.gathered,
            board.waiting.count < limits.flush, board.isOfPasswords
        else { return 0 }
        let due = gathered + Int64(limits.gathering) * 1000
        return Int(max(0, due - monotonicMicroseconds()) + 999) / 1000
    }

    private func tell(_ items: [Item], _ ends: [Ending]) {
        endings.change { $0.waiting.append((items, ends)) }
    }

    private func answer() {
        while true {
            // Looks for the late also while the flusher hangs and tells nothing.
            let waiting = endings.wait(milliseconds: 250) { endings -> [([Item], [Ending])]? in
                if endings.waiting.isEmpty { return endings.stopping ? [] : nil }
                defer { endings.waiting.removeAll() }
                return endings.waiting
            }
            if let waiting, waiting.isEmpty { return }
            for (items, ends) in waiting ?? [] {
                for (item, ending) in zip(items, ends) { end(item, ending) }
            }
            for item in takeLate() { end(item, .turned(.init(.late, retryAfter: 2))) }
        }
    }

    private func end(_ item: Item, _ ending: Ending) {
        // Before the answer: who has it may find the room as it is without him.
        room.leave(item.append.command.actor, bytes: item.bytes)
        item.done(ending)
    }

    /// Those whose patience is over before their flush has begun. They came first, so they stand first.
    private func takeLate() -> [Item] {
        let limit = monotonicMicroseconds() - Int64(limits.patience) * 1000
        return board.read { board in
            let count = board.waiting.firstIndex { $0.at >= limit } ?? board.waiting.count
            defer { board.waiting.removeFirst(count) }
            return Array(board.waiting.prefix(count))
        }
    }

    private func run() {
        var appender: Appender?
        while let batch = take() {
            write(batch, with: &appender)
            board.change { $0.began = nil }
        }
    }

    private func write(_ batch: [Item], with appender: inout Appender?) {
        var batch = batch
        // Whether the server may have written it without our having heard so.
        var isDoubtful = false
        while true {
            var isSent = false
            do {
                if appender?.stands() != true { appender = try connect() }
                guard let ready = appender else { continue }
                let began = monotonicMicroseconds()
                isSent = true
                let results = try ready.append(batch.map(\.append), now: realMicroseconds())
                let took = monotonicMicroseconds() - began
                board.change { $0.pace = ($0.pace * 3 + took) / 4 }
                telemetry.tell(
                    Told.flush(count: batch.count, seconds: Double(took) / 1_000_000))
                if results.contains(.unknownKind) { appender = nil }
                tell(batch, results.map(Ending.appended))
                return
            } catch  where Misfit.refused(error) || (error as? Misfit)?.endsProcess == true {
                appender = nil
                telemetry.tell(Told.flushFailed(error))
                tell(batch, batch.map { _ in .turned(.init(.outdated, retryAfter: 5)) })
                return
            } catch {
                guard let error = error as? PostgresError, !error.connectionLost,
                    !error.transient
                else {
                    // Whether the last commit happened is unknown: the same ids are written again, harmlessly.
                    appender = nil
                    let isLost = (error as? PostgresError)?.connectionLost ?? true
                    isDoubtful = isDoubtful || isSent && isLost
                    telemetry.tell(Told.flushFailed(error))
                    batch = giveUp(batch, isDoubtful ? .unconfirmed : .late)
                    if batch.isEmpty { return }
                    _ = board.wait(milliseconds: 100) { _ in nil as Bool? }
                    continue
                }
                // One bad command fails the statement for all: halve until it stands alone.
                telemetry.tell(Told.flushFailed(error))
                guard batch.count > 1 else {
                    tell(batch, [.rejected])
                    return
                }
                let middle = batch.count / 2
                write(Array(batch[..<middle]), with: &appender)
                write(Array(batch[middle...]), with: &appender)
                return
            }
        }
    }

    private func connect() throws -> Appender {
        let connection = try Connection(
            address.with("application_name", "kabinet ingress").with(
                setting: "statement_timeout", "\(limits.patience)"), library: library,
            patience: limits.patience, preparing: Appender.statements)
        return try Appender(on: connection)
    }

    /// Tells those whose patience is over; the rest is tried again.
    private func giveUp(_ batch: [Item], _ reason: TurnedAway.Reason) -> [Item] {
        let ending = Ending.turned(.init(reason, retryAfter: 2))
        let limit = monotonicMicroseconds() - Int64(limits.patience) * 1000
        let late = batch.filter { $0.at < limit }
        tell(late, late.map { _ in ending })
        let stopping = board.read { $0.stopping }
        let left = batch.filter { $0.at >= limit }
        guard stopping else { return left }
        tell(left, left.map { _ in ending })
        return []
    }
}
