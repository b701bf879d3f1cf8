import Postgres
import Telemetry
import Threads

/// A few threads that may block, each with a connection of its own: look-ups that the cache could not answer.
final class BlockingPool: Sendable {
    /// True: the connection was lost before anything was answered, and another one may do. It is asked again once.
    typealias Task = @Sendable (Connection?, _ again: Bool) -> Bool

    private struct Board: Sendable {
        var tasks: [Task] = []
        var stopping = false
    }

    private let board = Monitor(Board())
    private let workers = Monitor<[Worker]>([])
    static let limit = 10_000

    init(
        _ name: String, threads: Int, address: Address, library: Library, telemetry: Telemetry,
        preparing statements: [Statement]
    ) {
        for index in 0..<threads {
            let worker = Worker("\(name) \(index)") { [board] in
                var connection: Connection?
                let connect = { () -> Connection? in
                    do {
                        return try Connection(
                            address.with("application_name", "kabinet \(name)").with(
                                setting: "statement_timeout", "5000"), library: library,
                            preparing: statements)
                    } catch {
                        telemetry.tell(Told.disconnected(name, error))
                        return nil
                    }
                }
                while let task = Self.next(board) {
                    if connection?.isAlive != true { connection = connect() }
                    // A connection that was idle while the database went away and came back looks alive until it is used.
                    guard task(connection, false) else { continue }
                    connection = connect()
                    _ = task(connection, true)
                }
            }
            workers.change { $0.append(worker) }
        }
    }

    private static func next(_ board: Monitor<Board>) -> Task? {
        board.wait { board -> Task?? in
            if !board.tasks.isEmpty { return board.tasks.removeFirst() }
            return board.stopping ? .some(nil) : nil
        } ?? nil
    }

    /// False when too many wait already.
    func run(_ task: @escaping Task) -> Bool {
        board.change { board in
            guard board.tasks.count < Self.limit, !board.stopping else { return false }
            board.tasks.append(task)
            return true
        }
    }

    func stop() {
        board.change { $0.stopping = true }
        for worker in workers.read({ $0 }) { worker.join() }
    }
}
