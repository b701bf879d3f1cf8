import Postgres
import Queue
import Telemetry
import Threads

/// Group commit: all that arrived while the last flush was under way form the next one. No timer; an answer leaves only
/// after the commit; bounded by count and bytes, so that overload is told at the door and memory stays bounded.
final class Flusher: Sendable {
    enum Ending: Sendable {
        case appended(Appended)
        /// The database refused this one alone.
        case rejected
        /// Not written within the time: nothing was saved.
        case unavailable
        /// The schema has left this release behind: nothing is saved any more.
        case outdated
    }
    typealias Completion = @Sendable (Ending) -> Void

    struct Limits: Sendable {
        /// Requests that may wait, and their bytes.
        var waiting = 8_192
        var bytes = 64 << 20
        var flush = 1_000
        /// Milliseconds after which a request that could not be written is told so.
        var patience = 5_000
    }

    private struct Item: Sendable {
        let append: Append
        let at: Int64
        let done: Completion
    }

    /// What was committed and waits to be told. Answers are drawn on a thread of their own, while the next flush is
    /// already with the database.
    private struct Endings: Sendable {
        var waiting: [([Item], [Ending])] = []
        var stopping = false
    }

    private struct Board: Sendable {
        var waiting: [Item] = []
        var bytes = 0
        var stopping = false
        var connected = false
    }

    private let board = Monitor(Board())
    private let endings = Monitor(Endings())
    private let limits: Limits
    private let address: Address
    private let library: Library
    private let telemetry: Telemetry
    private let threads = Monitor<[Worker]>([])

    init(address: Address, library: Library, telemetry: Telemetry, limits: Limits = Limits()) {
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

    var isConnected: Bool { board.read { $0.connected } }
    var waiting: Int { board.read { $0.waiting.count } }

    /// False when the door is full: nothing was taken, `done` will not be called.
    func submit(_ append: Append, _ done: @escaping Completion) -> Bool {
        let item = Item(append: append, at: monotonicMicroseconds(), done: done)
        let size = append.command.payload.count + 256
        return board.change { board in
            guard board.waiting.count < limits.waiting, board.bytes + size <= limits.bytes,
                !board.stopping
            else { return false }
            board.waiting.append(item)
            board.bytes += size
            return true
        }
    }

    private func take() -> [Item]? {
        board.wait { board -> [Item]?? in
            if board.waiting.isEmpty { return board.stopping ? .some(nil) : nil }
            let count = min(board.waiting.count, limits.flush)
            let batch = Array(board.waiting.prefix(count))
            board.waiting.removeFirst(count)
            for item in batch { board.bytes -= item.append.command.payload.count + 256 }
            return batch
        } ?? nil
    }

    private func tell(_ items: [Item], _ ends: [Ending]) {
        endings.change { $0.waiting.append((items, ends)) }
    }

    private func answer() {
        while true {
            let waiting = endings.wait { endings -> [([Item], [Ending])]? in
                if endings.waiting.isEmpty { return endings.stopping ? [] : nil }
                defer { endings.waiting.removeAll() }
                return endings.waiting
            }
            guard let waiting, !waiting.isEmpty else { return }
            for (items, ends) in waiting {
                for (item, ending) in zip(items, ends) { item.done(ending) }
            }
        }
    }

    private func run() {
        var appender: Appender?
        while let batch = take() { write(batch, with: &appender) }
    }

    private func write(_ batch: [Item], with appender: inout Appender?) {
        var batch = batch
        while true {
            do {
                if appender == nil { appender = try connect() }
                guard let ready = appender else { continue }
                let began = monotonicMicroseconds()
                let results = try ready.append(batch.map(\.append), now: realMicroseconds())
                telemetry.tell(
                    Told.flush(
                        count: batch.count,
                        seconds: Double(monotonicMicroseconds() - began) / 1_000_000))
                if results.contains(.unknownKind) { appender = nil }
                tell(batch, results.map(Ending.appended))
                return
            } catch  where Misfit.refused(error) || (error as? Misfit)?.endsProcess == true {
                appender = nil
                telemetry.tell(Told.flushFailed(error))
                tell(batch, batch.map { _ in .outdated })
                return
            } catch {
                guard let error = error as? PostgresError, !error.connectionLost,
                    !error.transient
                else {
                    // Whether the last commit happened is unknown: the same ids are written again, harmlessly.
                    appender = nil
                    board.change { $0.connected = false }
                    telemetry.tell(Told.flushFailed(error))
                    batch = giveUp(batch)
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
                setting: "statement_timeout", "5000"), library: library,
            preparing: Appender.statements)
        let appender = try Appender(on: connection)
        board.change { $0.connected = true }
        return appender
    }

    /// Tells those whose patience is over that nothing was saved; the rest is tried again.
    private func giveUp(_ batch: [Item]) -> [Item] {
        let limit = monotonicMicroseconds() - Int64(limits.patience) * 1000
        let late = batch.filter { $0.at < limit }
        tell(late, late.map { _ in .unavailable })
        let stopping = board.read { $0.stopping }
        let left = batch.filter { $0.at >= limit }
        guard stopping else { return left }
        tell(left, left.map { _ in .unavailable })
        return []
    }
}
