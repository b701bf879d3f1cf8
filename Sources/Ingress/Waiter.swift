import Postgres
import Queue
import Telemetry
import Threads

/// Waits for decisions: a lane announces each batch in which somebody waits; one question then serves all who wait for
/// that lane. Also answers who asks for the present state of a command.
final class Waiter: Sendable {
    typealias Completion = @Sendable (_ state: CommandState?, _ failed: Bool) -> Void

    private struct Entry: Sendable {
        /// Which lane will announce it; a pool of -1: any may.
        var pool: Int16
        let lane: Int16
        let deadline: Int64
        let done: Completion
        /// Before that there is nothing to say, however late it is: «pending» is an acknowledgement.
        var isAppended = false

        func isLate(_ now: Int64) -> Bool { isAppended && deadline <= now }
    }

    private struct Board: Sendable {
        var waiting: [Identifier: [Entry]] = [:]
        var lanes: Set<Int32> = []
        var asked: [(id: Identifier, done: Completion)] = []
        /// After a lost connection or notification: look at all.
        var all = false
        var map: PoolMap?
        var stopping = false
        var listening = false
    }

    private let board = Monitor(Board())
    private let address: Address
    private let library: Library
    private let telemetry: Telemetry
    private let threads = Monitor<[Worker]>([])
    private let room: Room
    private let patience: Int
    private let lookAtAll: Int64
    private let channels: [String]
    private let fit: Fit
    private let onNotification: @Sendable (Connection.Notification) -> Void
    /// Who waits for decisions at once. They have been written, and their lanes' backlog is no reason to refuse anybody:
    /// one more is told that it is pending.
    static let limit = 20_000

    /// - Parameters:
    ///   - patience: milliseconds that an answer of the database is waited for.
    ///   - lookAtAll: after so many microseconds all who wait are looked at, in case a notification was lost.
    init(
        address: Address, library: Library, telemetry: Telemetry, room: Room, patience: Int,
        lookAtAll: Int64 = 1_000_000, channels: [String], fit: Fit,
        onNotification: @escaping @Sendable (Connection.Notification) -> Void
    ) {
        self.address = address
        self.library = library
        self.telemetry = telemetry
        self.room = room
        self.patience = patience
        self.lookAtAll = lookAtAll
        self.channels = channels
        self.fit = fit
        self.onNotification = onNotification
    }

    func start() {
        threads.change {
            $0.append(Worker("decisions") { [self] in listen() })
            $0.append(Worker("outcomes") { [self] in answer() })
        }
    }

    func stop() {
        board.change { $0.stopping = true }
        for thread in threads.read({ $0 }) { thread.join() }
    }

    /// Registers before the append, so that no announcement can be missed. The time runs out only after `appended`. False
    /// when too many wait already.
    func wait(
        _ id: Identifier, kind: String, subject: Int64, milliseconds: Int,
        _ done: @escaping Completion
    ) -> Bool {
        board.read { board in
            guard board.waiting.count < Self.limit, !board.stopping else { return false }
            let place = board.map?.place(kind: kind, subject: subject)
            board.waiting[id, default: []].append(
                Entry(
                    pool: place?.pool ?? -1, lane: place?.lane ?? -1,
                    deadline: monotonicMicroseconds() + Int64(milliseconds) * 1000, done: done))
            return true
        }
    }

    /// It is committed: from now on it may be called pending. Wakes nobody, as deadlines are looked at anyway.
    func appended(_ id: Identifier) {
        board.read { board in
            for index in board.waiting[id, default: []].indices {
                board.waiting[id]?[index].isAppended = true
            }
        }
    }

    /// Nobody will be told after all (the append failed). False when they have been told, or are being told.
    func forget(_ id: Identifier) -> Bool {
        board.read { board in board.waiting.removeValue(forKey: id) != nil }
    }

    /// Whether it hears of what is decided.
    var isListening: Bool { board.read { $0.listening } }

    /// How many wait for a decision.
    var waiting: Int { board.read { $0.waiting.count } }

    /// The present state; nil when the command is not there. Nil when it was asked: `done` will be called. Else nothing was.
    func state(of id: Identifier, _ done: @escaping Completion) -> TurnedAway? {
        if let turned = room.enter(nil) { return turned }
        let isAsked = board.change { board in
            guard !board.stopping else { return false }
            board.asked.append(
                (
                    id,
                    { [room] state, failed in
                        room.leave(nil)
                        done(state, failed)
                    }
                ))
            return true
        }
        guard !isAsked else { return nil }
        room.leave(nil)
        return TurnedAway(.waiting)
    }

    private func listen() {
        while !board.read({ $0.stopping }) {
            do {
                let connection = try Connection(
                    address.with("application_name", "kabinet decisions"), library: library,
                    patience: patience)
                let map = try PoolMap(on: connection)
                fit.note(nil)
                var checked = monotonicMicroseconds()
                for channel in ["queue_decided", "queue_resized"] + channels {
                    try connection.listen(channel)
                }
                board.change {
                    $0.map = map
                    $0.all = true
                    $0.listening = true
                }
                for channel in channels {
                    onNotification(Connection.Notification(channel: channel, payload: ""))
                }
                while !board.read({ $0.stopping }) {
                    let found = try connection.notifications(milliseconds: 200)
                    if monotonicMicroseconds() - checked > 1_000_000 {
                        try Misfit.check(on: connection)
                        checked = monotonicMicroseconds()
                    }
                    guard !found.isEmpty else { continue }
                    var lanes: Set<Int32> = []
                    for notification in found {
                        switch notification.channel {
                        case "queue_decided":
                            if let key = Self.key(notification.payload) { lanes.insert(key) }
                        case "queue_resized": move(by: try PoolMap(on: connection))
                        default: onNotification(notification)
                        }
                    }
                    if !lanes.isEmpty { board.change { $0.lanes.formUnion(lanes) } }
                }
            } catch {
                board.change { $0.listening = false }
                if let misfit = error as? Misfit, misfit.endsProcess {
                    fit.note(misfit)
                } else {
                    telemetry.tell(Told.disconnected("decisions", error))
                }
                _ = board.wait(milliseconds: error is Misfit ? 1_000 : 200) {
                    $0.stopping ? true : nil
                }
            }
        }
    }

    /// Subjects have other lanes: who waits already may hear from the one or the other.
    private func move(by map: PoolMap) {
        board.change { board in
            board.map = map
            board.all = true
            for id in board.waiting.keys {
                board.waiting[id] = board.waiting[id]?.map { entry in
                    var entry = entry
                    entry.pool = -1
                    return entry
                }
            }
        }
    }

    private static func key(_ payload: String) -> Int32? {
        let parts = payload.split(separator: ":")
        guard parts.count == 2, let pool = Int16(parts[0]), let lane = Int16(parts[1]) else {
            return nil
        }
        return Int32(pool) << 16 | Int32(lane)
    }

    private struct Round {
        var ids: [Identifier]
        var asked: [(id: Identifier, done: Completion)]
        var late: [Completion]
    }

    /// What there is to do: lanes that were announced, questions, deadlines.
    private func round(_ lookAtAll: Bool) -> Round? {
        board.wait(milliseconds: lookAtAll ? 0 : 100) { board -> Round? in
            let now = monotonicMicroseconds()
            var round = Round(ids: [], asked: board.asked, late: [])
            board.asked.removeAll()
            let all = board.all || lookAtAll
            if all || !board.lanes.isEmpty {
                for (id, entries) in board.waiting {
                    guard let first = entries.first else { continue }
                    let key = Int32(first.pool) << 16 | Int32(first.lane)
                    if all || first.pool < 0 || board.lanes.contains(key) { round.ids.append(id) }
                }
            }
            board.lanes.removeAll()
            board.all = false
            for (id, entries) in board.waiting where entries.contains(where: { $0.isLate(now) }) {
                round.late += entries.filter { $0.isLate(now) }.map(\.done)
                let left = entries.filter { !$0.isLate(now) }
                board.waiting[id] = left.isEmpty ? nil : left
            }
            return round.ids.isEmpty && round.asked.isEmpty && round.late.isEmpty ? nil : round
        }
    }

    private func answer() {
        var connection: Connection?
        var lookedAtAll = monotonicMicroseconds()
        while !board.read({ $0.stopping }) {
            let isDue = monotonicMicroseconds() - lookedAtAll > lookAtAll
            if isDue { lookedAtAll = monotonicMicroseconds() }
            guard let round = round(isDue) else { continue }
            for done in round.late { done(nil, false) }
            guard !round.ids.isEmpty || !round.asked.isEmpty else { continue }
            do {
                do {
                    let open = try connection ?? connect()
                    connection = open
                    try serve(round, on: open)
                } catch let error as PostgresError where error.connectionLost && !error.isSilence {
                    // A session that was idle while the database went away looks alive until it is used.
                    let open = try connect()
                    connection = open
                    try serve(round, on: open)
                }
            } catch {
                connection = nil
                telemetry.tell(Told.disconnected("outcomes", error))
                for question in round.asked { question.done(nil, true) }
                board.change { $0.all = true }
                _ = board.wait(milliseconds: 200) { $0.stopping ? true : nil }
            }
        }
        let left = board.read { board in
            defer { board.waiting.removeAll() }
            return board.waiting.values.flatMap { $0.map(\.done) } + board.asked.map(\.done)
        }
        for done in left { done(nil, false) }
    }

    private func connect() throws -> Connection {
        try Connection(
            address.with("application_name", "kabinet outcomes").with(
                setting: "statement_timeout", "\(patience)"), library: library,
            patience: patience, preparing: [CommandState.statement])
    }

    private func serve(_ round: Round, on connection: Connection) throws {
        let ids = Array(Set(round.ids + round.asked.map(\.id)))
        var states: [Identifier: CommandState] = [:]
        for start in stride(from: 0, to: ids.count, by: 500) {
            let slice = Array(ids[start..<min(start + 500, ids.count)])
            for state in try CommandState.of(slice, on: connection) { states[state.id] = state }
        }
        for question in round.asked { question.done(states[question.id], false) }
        for id in round.ids {
            guard let state = states[id], state.state != .pending else { continue }
            let entries = board.read { board in board.waiting.removeValue(forKey: id) } ?? []
            for entry in entries { entry.done(state, false) }
        }
    }
}
