/// A few threads that may block, each with a tool of its own (a connection, say), and a bounded line before them. Who has
/// stood in it for too long is told so instead of being served: when the thing behind the threads hangs, the line empties
/// itself as soon as one of them is free again.
public final class Crew<Tool>: Sendable {
    public enum Turn: Sendable {
        case served
        /// The time in the line was longer than the crew's patience.
        case late
    }
    public typealias Task = @Sendable (Turn, inout Tool) -> Void

    private struct Line: Sendable {
        /// Those who came first, the first of them at the end; refilled from `joined`.
        var next: [(task: Task, at: Int64)] = []
        var joined: [(task: Task, at: Int64)] = []
        var stopping = false

        var count: Int { next.count + joined.count }

        mutating func first() -> (task: Task, at: Int64)? {
            if next.isEmpty {
                next = joined.reversed()
                joined.removeAll(keepingCapacity: true)
            }
            return next.popLast()
        }
    }

    private let line = Monitor(Line())
    private let workers = Monitor<[Worker]>([])
    private let limit: Int

    /// - Parameters:
    ///   - limit: how many may stand in the line.
    ///   - patience: milliseconds.
    ///   - tool: made on each thread, for that thread.
    public init(
        _ name: String, threads: Int, limit: Int, patience: Int,
        tool: @escaping @Sendable () -> Tool
    ) {
        self.limit = limit
        for index in 0..<threads {
            let worker = Worker("\(name) \(index)") { [line] in
                var tool = tool()
                while let (task, at) = Self.next(line) {
                    let waited = monotonicMicroseconds() - at
                    task(waited > Int64(patience) * 1000 ? .late : .served, &tool)
                }
            }
            workers.change { $0.append(worker) }
        }
    }

    private static func next(_ line: Monitor<Line>) -> (Task, Int64)? {
        line.wait { line -> (Task, Int64)?? in
            if let found = line.first() { return .some((found.task, found.at)) }
            return line.stopping ? .some(nil) : nil
        } ?? nil
    }

    /// How many stand in the line.
    public var waiting: Int { line.read { $0.count } }

    /// False when the line is full, or the crew goes home: the task will not run.
    public func run(_ task: @escaping Task) -> Bool {
        line.hand { line in
            guard line.count < limit, !line.stopping else { return false }
            line.joined.append((task, monotonicMicroseconds()))
            return true
        }
    }

    /// Ends when the line is empty.
    public func stop() {
        line.change { $0.stopping = true }
        for worker in workers.read({ $0 }) { worker.join() }
    }
}
