import Glibc
public import Postgres
import Synchronization
public import Telemetry
import Threads

/// What a pool's threads do with their batches.
public enum PoolWork: Sendable {
    case decide(@Sendable () -> any Decider)
    case deliver(@Sendable () -> any Deliverer)

    fileprivate var decides: Bool {
        if case .decide = self { return true }
        return false
    }

    fileprivate var kinds: Set<String>? {
        switch self {
        case .decide(let make): make().kinds
        case .deliver(let make): make().kinds
        }
    }
}

/// Runs the lanes of this process: threads, wake-ups, reconnects, upkeep. Several processes may run the same pools; a
/// lane belongs to whoever holds its lock for the length of a batch.
public final class Runner: Sendable {
    private let address: Address
    private let library: Library
    private let telemetry: Telemetry
    private let crews: [Crew]
    private let stopping = Monitor(false)
    private let listenerUp = Monitor(false)
    private let onNotification: @Sendable (Connection.Notification) -> Void
    private let channels: [String]
    private let threads = Monitor<[Worker]>([])
    private let words: [String]
    private let misfit = Monitor<String?>(nil)
    private let onMisfit: @Sendable (String) -> Void

    /// - Parameters:
    ///   - words: what this process knows beside the kinds of its pools; `queue.known` tells it of all that run.
    ///   - onMisfit: hears, once, why this process may not go on with this database (`Misfit`). It has stopped claiming.
    ///   - channels: further channels to listen to on the one listening connection; their notifications go to
    ///     `onNotification`.
    public convenience init(
        address: Address, library: Library, telemetry: Telemetry,
        pools: [(policy: PoolPolicy, work: PoolWork)],
        statements: [Statement] = [], channels: [String] = [], words: [String] = [],
        onNotification: @escaping @Sendable (Connection.Notification) -> Void = { _ in },
        onMisfit: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        try self.init(
            address: address, library: library, telemetry: telemetry, pools: pools,
            statements: statements, channels: channels, words: words, courtesy: Courtesy(),
            onNotification: onNotification, onMisfit: onMisfit)
    }

    init(
        address: Address, library: Library, telemetry: Telemetry,
        pools: [(policy: PoolPolicy, work: PoolWork)],
        statements: [Statement], channels: [String], words: [String], courtesy: Courtesy,
        onNotification: @escaping @Sendable (Connection.Notification) -> Void,
        onMisfit: @escaping @Sendable (String) -> Void
    ) throws {
        self.address = address
        self.library = library
        self.telemetry = telemetry
        self.channels = channels
        self.onNotification = onNotification
        self.onMisfit = onMisfit
        // Before anything is prepared: the statements of another release need not fit this schema.
        try Misfit.check(on: Connection(address, library: library))
        // Everything is prepared once here: a typo in a statement stops the start, not a batch.
        let connection = try Connection(
            address, library: library, preparing: Lane.statements + statements)
        let map = try PoolMap(on: connection)
        let foreground = Foreground()
        let kinds = pools.map(\.work.kinds)
        self.words =
            ["workers"] + words
            + (kinds.contains(nil) ? ["any kind"] : [])
            + Set(kinds.flatMap { $0 ?? [] }).sorted().map { "kind \($0)" }
        for difference in map.differences(from: pools.map(\.policy)) {
            telemetry.tell(Told.differs(difference))
        }
        crews = try pools.map { entry in
            guard let pool = map.pool(named: entry.policy.name) else {
                throw PermanentFailure(
                    "pool \(entry.policy.name) is not registered: run `kabinet migrate`")
            }
            return Crew(
                pool: pool, policy: entry.policy, work: entry.work, address: address,
                library: library, telemetry: telemetry, statements: statements,
                courtesy: courtesy, foreground: foreground)
        }
    }

    /// Starts all threads. Returns at once; lanes begin as their connections open.
    public func start() {
        for crew in crews { crew.start { [weak self] error in self?.leave(error) ?? true } }
        threads.change {
            $0.append(Worker("listener") { [self] in listen() })
            $0.append(Worker("upkeep") { [self] in upkeep() })
        }
    }

    /// Tells the metrics what this process knows of itself: for whoever is about to read them.
    public func tellCrews() { telemetry.tell(Told.crews(health, listening: listening)) }

    /// Keeps the gauges that the queue's tables give up to date from now on. Only where somebody
    /// can read them.
    public func startGauges() {
        threads.change { $0.append(Worker("gauges") { [self] in gauge() }) }
    }

    /// New threads and limits, without losing work (SIGHUP). Lane counts and modes cannot change here.
    public func apply(_ policies: [PoolPolicy]) {
        for policy in policies { crews.first { $0.name == policy.name }?.apply(policy) }
    }

    /// Stops claiming, waits for the batches under way (at most `grace` milliseconds; what is left then is rolled back by
    /// the server when the process ends). True when all ended in time.
    public func stop(grace: Int) -> Bool {
        stopping.change { $0 = true }
        for crew in crews { crew.stop() }
        let deadline = monotonicMicroseconds() + Int64(grace) * 1000
        var clean = true
        for crew in crews {
            let left = max(0, Int((deadline - monotonicMicroseconds()) / 1000))
            clean = crew.wait(milliseconds: left) && clean
        }
        if clean {
            for crew in crews { crew.join() }
            for thread in threads.read({ $0 }) { thread.join() }
        }
        return clean
    }

    public struct Health: Sendable {
        public let pool: String
        public let threads: Int
        public let connected: Int
        public let lastBatch: Int64?
    }

    public var listening: Bool { listenerUp.read { $0 } }
    public var health: [Health] { crews.map(\.health) }

    // MARK: Another schema

    /// Whether `error` says that this process may not go on: then nothing is claimed any more, and it is told once.
    private func leave(_ error: any Error) -> Bool {
        guard (error as? Misfit)?.endsProcess == true || Misfit.refused(error) else { return false }
        let isFirst = misfit.change { misfit in
            defer { misfit = misfit ?? "\(error)" }
            return misfit == nil
        }
        if isFirst {
            for crew in crews { crew.stop() }
            telemetry.tell(Told.misfit("\(error)"))
            onMisfit("\(error)")
        }
        return true
    }

    // MARK: Wake-ups

    /// One listening connection a process. Behind it, once a second, one statement a pool that asks which lanes have
    /// work: a lost notification costs a second, never a command.
    private func listen() {
        while !stopping.read({ $0 }) {
            do {
                let connection = try Connection(
                    address.with("application_name", "kabinet listener"), library: library,
                    preparing: [
                        "queue/ready", "queue/origin", "queue/resizes", "queue/end_deaf",
                    ])
                try connection.run("queue/know", .texts(words))
                for channel in ["queue_append"] + channels { try connection.listen(channel) }
                telemetry.tell(Told.connected("listener"))
                listenerUp.change { $0 = true }
                var deaf: [String] = []
                try poll(connection, &deaf)
                var polled = monotonicMicroseconds()
                while !stopping.read({ $0 }) {
                    for notification in try connection.notifications(milliseconds: 200) {
                        if notification.channel == "queue_append" {
                            wake(notification.payload)
                        } else {
                            onNotification(notification)
                        }
                    }
                    if monotonicMicroseconds() - polled > 1_000_000 {
                        try poll(connection, &deaf)
                        polled = monotonicMicroseconds()
                    }
                }
            } catch {
                listenerUp.change { $0 = false }
                if !leave(error) { telemetry.tell(Told.disconnected("listener", error)) }
                pause(200)
            }
        }
    }

    private func wake(_ payload: String) {
        guard let (pool, lanes) = Wake.parse(payload) else { return }
        crews.first { $0.pool.id == pool }?.wake(lanes)
    }

    /// - Parameter deaf: sessions that the last poll found, whose processes do not read.
    private func poll(_ connection: Connection, _ deaf: inout [String]) throws {
        // Workers that have nothing to do notice a breaking migration here.
        try Misfit.check(on: connection)
        try endDeaf(&deaf, on: connection)
        let pools = try connection.run("queue/resizes").map {
            ($0.int16(0), $0.int16(1), Int($0.int16(2)))
        }
        for (pool, count, used) in pools {
            guard let crew = crews.first(where: { $0.pool.id == pool }) else { continue }
            crew.spread(over: used)
            let lanes = try connection.run(
                "queue/ready", .int16(pool), .int32(Int32(count))
            ).map { Int($0.int32(0)) }
            crew.wake(lanes)
        }
    }

    /// A stopped process keeps its lane for as long as the server waits for it to read: nobody but another process ends
    /// that.
    private func endDeaf(_ deaf: inout [String], on connection: Connection) throws {
        let found = try connection.run("queue/end_deaf", .texts(deaf)).map {
            (session: $0.text(0), name: $0.text(1), ended: $0.bool(2))
        }
        deaf = found.map(\.session)
        for one in found where one.ended { telemetry.tell(Told.deaf(one.name, one.session)) }
    }

    // MARK: Upkeep

    /// Partitions are made and dropped by whichever process comes first; the rest find nothing to do.
    private func upkeep() {
        while !stopping.read({ $0 }) {
            do {
                let connection = try Connection(
                    address.with("application_name", "kabinet upkeep"), library: library)
                let done = try connection.run("queue/keep").map { $0.text(0) }
                if !done.isEmpty { telemetry.tell(Told.upkeep(done)) }
                pause(3_600_000)
            } catch {
                telemetry.tell(Told.upkeepFailed(error))
                pause(10_000)
            }
        }
    }

    /// A session of its own: the listener's must never wait behind a backlog that is counted.
    private func gauge() {
        while !stopping.read({ $0 }) {
            do {
                let connection = try Connection(
                    address.with("application_name", "kabinet gauges").with(
                        setting: "statement_timeout", "5000"), library: library,
                    preparing: ["queue/gauges"])
                while !stopping.read({ $0 }) {
                    let before = realMicroseconds()
                    let rows = try connection.run("queue/gauges").map {
                        (name: $0.text(0), pool: $0.text(1), mode: $0.text(2), value: $0.int64(3))
                    }
                    telemetry.tell(Told.gauges(rows, from: before, to: realMicroseconds()))
                    pause(15_000)
                }
            } catch {
                telemetry.tell(Told.disconnected("gauges", error))
                pause(15_000)
            }
        }
    }

    private func pause(_ milliseconds: Int) {
        _ = stopping.wait(milliseconds: milliseconds) { $0 ? true : nil }
    }
}

/// Which pools of whole share this process had work of just now. While another one has, a pool that could keep every
/// processor busy leaves one: each message on the way of a code would otherwise wait for a slice of the flood's (measured on
/// two: p99 32 ms instead of 20, while the flood drains at seven tenths of its pace).
final class Courtesy: Sendable {
    static let moment: Int64 = 250_000
    private let last = Monitor<[Int16: Int64]>([:])
    private let clock: @Sendable () -> Int64
    /// How many threads of a pool may be at work while another pool is.
    let most: Int

    /// - Parameter clock: monotonic microseconds. A test's stand still.
    init(
        processors: Int = sysconf(Int32(_SC_NPROCESSORS_ONLN)),
        clock: @escaping @Sendable () -> Int64 = { monotonicMicroseconds() }
    ) {
        most = max(1, processors - 1)
        self.clock = clock
    }

    func worked(_ pool: Int16) {
        let now = clock()
        last.read { $0[pool] = now }
    }

    func isDue(from pool: Int16) -> Bool {
        let now = clock()
        return last.read { last in
            last.contains { $0.key != pool && $0.value > now - Self.moment }
        }
    }
}

/// When a pool of whole share had something to do last. Every process hears of everything that is appended, so it need
/// not be this one that decides it.
final class Foreground: Sendable {
    private let last = Atomic<Int64>(.min)

    func wake() { last.store(monotonicMicroseconds(), ordering: .relaxed) }

    /// A backlog is told once a second by the slow poll.
    var isAwake: Bool { monotonicMicroseconds() - 2_000_000 < last.load(ordering: .relaxed) }
}

/// How much a thread of a pool with a share has worked. Measured by its own batches, it fits every machine; what is little
/// and seldom is never made to wait: a second's share may be spent at once.
struct Pace {
    private var credit: Double = 0
    private var at: Int64?

    /// Microseconds to rest after a batch that took `worked` of them.
    mutating func debt(after worked: Int64, at now: Int64, share: Double) -> Int64 {
        let most = share * 1_000_000
        let worked = Double(worked)
        // What was earned while it stood still has a bound; while it worked, it earned on.
        let still = at.map { credit + (Double(now - $0) - worked) * share } ?? most
        credit = min(most, still) - worked * (1 - share)
        at = now
        return credit < 0 ? Int64(-credit / share) : 0
    }

    /// Nobody was there to be disturbed.
    mutating func forgive() { credit = max(credit, 0) }
}

/// The threads of one pool, and which of its lanes want one.
private final class Crew: Sendable {
    let pool: PoolMap.Pool
    var name: String { pool.name }
    private let work: PoolWork
    private let address: Address
    private let library: Library
    private let telemetry: Telemetry
    private let statements: [Statement]
    private let courtesy: Courtesy
    private let foreground: Foreground
    private let board: Monitor<Board>
    /// This process, while its lanes are young; nil where they are not (deliveries).
    private let boot: Identifier?

    private struct Board {
        var policy: PoolPolicy
        var lanes: [Lane] = []
        /// Of them, those that there may be commands in.
        var used = 1
        /// Lanes that want a thread, in the order in which they asked.
        var ready: [Int] = []
        var head = 0
        var queued: [Bool] = []
        var taken: [Bool] = []
        /// How many are taken.
        var busy = 0
        /// Woken while a thread has it: it wants another look afterwards.
        var again: [Bool] = []
        /// Rate-limited or failing lanes, and when they may go on (monotonic µs).
        var notBefore: [Int64] = []
        var allowance: [Double] = []
        var refilled: [Int64] = []
        var stopping = false
        var running = 0
        var connected = 0
        var lastBatch: Int64?
        var workers: [Worker] = []
        /// Kinds that this process does not know and has met.
        var unknown: Set<String> = []
        /// Hears of an error; true when it ends the process, and nothing is to be tried again.
        var leave: @Sendable (any Error) -> Bool = { _ in false }
    }
    /// When the server's disk is full, the next look (µs): somebody has to make room.
    private static let fullPause: Int64 = 1_000_000
    /// Milliseconds after which a lane that cannot call looks again, however long it was told to wait.
    private static let longestPause = 500
    /// A lane that waits for workers of another release is looked at again after so long (µs): they need no help, and
    /// this process need not know the moment at which they are done.
    private static let unknownPause: Int64 = 5_000_000

    init(
        pool: PoolMap.Pool, policy: PoolPolicy, work: PoolWork, address: Address,
        library: Library, telemetry: Telemetry, statements: [Statement], courtesy: Courtesy,
        foreground: Foreground
    ) {
        self.pool = pool
        self.courtesy = courtesy
        self.work = work
        self.address = address
        self.library = library
        self.telemetry = telemetry
        self.statements = statements
        self.foreground = foreground
        var random = SystemRandomNumberGenerator()
        let boot = Identifier.v7(
            milliseconds: realMicroseconds() / 1000, random: (random.next(), random.next()))
        self.boot = work.decides ? boot : nil
        board = Monitor(Board(policy: policy))
        board.change { grow(&$0, to: pool.lanes) }
    }

    private func grow(_ board: inout Board, to count: Int) {
        for lane in board.lanes.count..<max(count, board.lanes.count) {
            board.lanes.append(
                Lane(pool: pool.id, lane: Int16(lane), batch: board.policy.batch, boot: boot))
            board.queued.append(false)
            board.taken.append(false)
            board.again.append(false)
            board.notBefore.append(0)
            board.allowance.append(1)
            board.refilled.append(monotonicMicroseconds())
        }
        board.used = max(board.used, count)
    }

    /// The pool's rate is shared by so many lanes.
    func spread(over lanes: Int) { board.read { $0.used = max(1, lanes) } }

    func start(leave: @escaping @Sendable (any Error) -> Bool) {
        board.change {
            $0.leave = leave
            fill(&$0)
        }
    }

    private func fill(_ board: inout Board) {
        while board.running < board.policy.threads {
            let index = board.running
            board.running += 1
            board.workers.append(
                Worker("\(pool.name) \(index)", nice: board.policy.nice) { [self] in run() })
        }
    }

    func apply(_ policy: PoolPolicy) {
        board.change {
            $0.policy = policy
            if !$0.stopping { fill(&$0) }
        }
    }

    func stop() { board.change { $0.stopping = true } }

    func wait(milliseconds: Int) -> Bool {
        board.wait(milliseconds: milliseconds) { $0.running == 0 ? true : nil } ?? false
    }

    func join() {
        for worker in board.read({ $0.workers }) { worker.join() }
    }

    func wake(_ lanes: [Int]) {
        guard !lanes.isEmpty else { return }
        board.change { board in
            if board.policy.share >= 1, work.decides { foreground.wake() }
            // One that the pool did not have when this process began: it was resized.
            if let last = lanes.max(), last < 1024 {
                grow(&board, to: last + 1)
            }
            for lane in lanes where lane < board.lanes.count { Self.enqueue(lane, &board) }
        }
    }

    private static func enqueue(_ lane: Int, _ board: inout Board) {
        if board.taken[lane] {
            board.again[lane] = true
        } else if !board.queued[lane] {
            board.queued[lane] = true
            board.ready.append(lane)
        }
    }

    var health: Runner.Health {
        board.read {
            Runner.Health(
                pool: pool.name, threads: $0.policy.threads, connected: $0.connected,
                lastBatch: $0.lastBatch)
        }
    }

    // MARK: A thread

    private enum Next {
        case lane(Int, Lane, PoolPolicy, most: Int)
        case retire
    }

    /// Waits for a lane that may go on now. Surplus threads (after SIGHUP) and stopping ones retire.
    private func next() -> Next {
        while true {
            let patience = board.read { self.patience($0) }
            let found: Next? = board.wait(milliseconds: patience) { board -> Next? in
                if board.stopping || board.running > board.policy.threads { return .retire }
                return self.isHeldBack(board) ? nil : Self.take(&board)
            }
            guard let found else { continue }
            guard case .retire = found else { return found }
            // Decided again where it wakes whoever waits for the last thread to end.
            let retired = board.change { board in
                guard board.stopping || board.running > board.policy.threads else { return false }
                board.running -= 1
                return true
            }
            if retired { return .retire }
        }
    }

    /// Milliseconds until a lane that has to wait may go on: nobody wakes the threads then.
    private func patience(_ board: Board) -> Int {
        if isHeldBack(board) { return 50 }
        let now = monotonicMicroseconds()
        let soonest = board.ready.map { board.notBefore[$0] }.min() ?? Int64.max
        return soonest <= now ? 1 : Int(min(250_000, soonest - now) / 1000 + 1)
    }

    private func isHeldBack(_ board: Board) -> Bool {
        work.decides && board.busy >= courtesy.most && courtesy.isDue(from: pool.id)
    }

    private static func take(_ board: inout Board) -> Next? {
        let now = monotonicMicroseconds()
        var index = board.head
        while index < board.ready.count {
            let lane = board.ready[index]
            if board.notBefore[lane] <= now {
                var most = Int.max
                if let rate = board.policy.rate {
                    let share = rate / Double(board.used)
                    let seconds = Double(now - board.refilled[lane]) / 1_000_000
                    board.allowance[lane] = min(
                        max(1, share), board.allowance[lane] + seconds * share)
                    board.refilled[lane] = now
                    most = Int(board.allowance[lane])
                    if most < 1 {
                        board.notBefore[lane] = now + Int64(1_000_000 / share)
                        index += 1
                        continue
                    }
                }
                board.ready.remove(at: index)
                board.queued[lane] = false
                board.taken[lane] = true
                board.busy += 1
                board.again[lane] = false
                return .lane(lane, board.lanes[lane], board.policy, most: most)
            }
            index += 1
        }
        return nil
    }

    private func give(_ lane: Int, _ value: Lane, more: Bool, delay: Int64 = 0, used: Int = 0) {
        board.change { board in
            board.lanes[lane] = value
            board.taken[lane] = false
            board.busy -= 1
            board.allowance[lane] -= Double(used)
            if delay > 0 { board.notBefore[lane] = monotonicMicroseconds() + delay }
            if more || board.again[lane] { Self.enqueue(lane, &board) }
            if used > 0 || more { board.lastBatch = monotonicMicroseconds() }
        }
    }

    private func run() {
        var connection: Connection?
        var map: PoolMap?
        // Kinds and pools that another version registers are known within seconds, without a new session.
        var mapAt: Int64 = 0
        var pace = Pace()
        // When the session was last used, and how long it may rest (µs).
        var usedAt: Int64 = 0
        var longestRest = Int64.max
        let decider: (any Decider)?
        let deliverer: (any Deliverer)?
        switch work {
        case .decide(let make): (decider, deliverer) = (make(), nil)
        case .deliver(let make): (decider, deliverer) = (nil, make())
        }
        defer { if connection != nil { board.change { $0.connected -= 1 } } }
        while case .lane(let index, var lane, let policy, let most) = next() {
            do {
                // No lane is held between batches: a session that the server has ended for its rest, or is about to, is
                // replaced, and nothing has happened.
                let isRested = monotonicMicroseconds() - usedAt >= longestRest
                if connection == nil || connection?.isAlive == false || isRested {
                    if connection != nil { board.change { $0.connected -= 1 } }
                    connection = nil
                    connection = try open(policy)
                    longestRest = Self.longestRest(policy)
                    map = nil
                    board.change { $0.connected += 1 }
                }
                guard let open = connection else { continue }
                let began = monotonicMicroseconds()
                if map == nil || mapAt == 0 || began - mapAt > 5_000_000 {
                    map = try PoolMap(on: open)
                    mapAt = began
                }
                guard let map else { continue }
                let step: Lane.Step
                if let decider {
                    step = try lane.step(on: open, policy: policy, map: map, decider: decider)
                } else if let deliverer {
                    step = try lane.deliver(
                        on: open, policy: policy, map: map, deliverer: deliverer, most: most)
                } else {
                    step = .idle
                }
                usedAt = monotonicMicroseconds()
                if case .outdated = step { mapAt = 0 }
                settle(step, index, lane, since: began)
                if case .worked = step { rest(&pace, share: policy.share, since: began) }
            } catch {
                if !board.read({ $0.leave })(error) {
                    telemetry.tell(Told.disconnected(pool.name, error))
                }
                if connection != nil { board.change { $0.connected -= 1 } }
                connection = nil
                give(index, lane, more: true, delay: 100_000, used: lane.calls)
            }
        }
    }

    /// Stands aside until a thread's work is no more than its share of the time; as soon as nobody else has anything to do
    /// it goes on.
    private func rest(_ pace: inout Pace, share: Double, since began: Int64) {
        guard share < 1 else { return }
        let now = monotonicMicroseconds()
        let end = now + pace.debt(after: now - began, at: now, share: share)
        while foreground.isAwake {
            let left = Int((end - monotonicMicroseconds()) / 1000)
            let stopped = board.wait(milliseconds: min(left, 100)) { $0.stopping ? true : nil }
            if left <= 0 || stopped != nil { return }
        }
        pace.forgive()
    }

    /// How long a session may rest before it is safer to open another (µs): somewhat less than the server lets it.
    private static func longestRest(_ policy: PoolPolicy) -> Int64 {
        guard policy.delivery else { return .max }
        return Int64(policy.timeout + policy.silence - min(5_000, policy.silence / 2)) * 1000
    }

    private func open(_ policy: PoolPolicy) throws -> Connection {
        var address = address.with("application_name", "kabinet \(pool.name)").with(
            setting: "statement_timeout", "\(policy.timeout)")
        if policy.delivery {
            address = address.with(
                setting: "idle_session_timeout", "\(policy.timeout + policy.silence)")
        }
        return try Connection(
            address, library: library, preparing: Lane.statements + statements)
    }

    private func settle(_ step: Lane.Step, _ index: Int, _ lane: Lane, since began: Int64) {
        switch step {
        case .idle: give(index, lane, more: false, used: lane.calls)
        case .outdated: give(index, lane, more: true)
        case .elsewhere:
            // Its owner may end with it: look again before the slow poll would.
            give(index, lane, more: true, delay: 300_000, used: lane.calls)
        case .worked(let count, let refused, let more):
            if count > 0, board.read({ $0.policy.share }) == 1 { courtesy.worked(pool.id) }
            let seconds = Double(monotonicMicroseconds() - began) / 1_000_000
            telemetry.tell(
                Told.batch(
                    pool.name, lane: index, count: count, refused: refused, seconds: seconds))
            give(index, lane, more: more, used: count)
        case .halved(let count, let error):
            telemetry.tell(Told.halved(pool.name, lane: index, count: count, error: error))
            give(index, lane, more: true, delay: 10_000)
        case .full(let error):
            telemetry.tell(Told.full(pool.name, lane: index, error: error))
            give(index, lane, more: true, delay: Self.fullPause, used: lane.calls)
        case .held(let id, let attempt, let abandoned, let error):
            telemetry.tell(
                Told.held(
                    pool.name, lane: index, id, attempt: attempt, abandoned: abandoned,
                    error: error))
            give(index, lane, more: true, used: lane.calls)
        case .paused(let milliseconds):
            // Whoever may call first finds out for all, so the others look again soon.
            give(
                index, lane, more: true,
                delay: Int64(min(max(milliseconds, 1), Self.longestPause)) * 1_000)
        case .unknown(let kind):
            let isNew = board.change { $0.unknown.insert(kind).inserted }
            telemetry.tell(Told.unknown(pool.name, lane: index, kind: kind, isNew: isNew))
            give(index, lane, more: true, delay: Self.unknownPause, used: lane.calls)
        }
    }
}
