import Commands
import Foundation
import Glibc
import Postgres
import TestKit
import Testing
import Threads

/// A system of two doors and two workers under load, and everything that can happen to it. One door and one worker reach
/// the database through wires that can be cut at a statement, the others through a cable on which packets can be lost; the
/// cluster is on a small disk; the time is a test clock's.
final class Chaos {
    enum Fault: String, CaseIterable {
        case killWorkers = "kill -9 of workers"
        case killIngress = "kill -9 of ingress"
        case killPostgres = "kill -9 of PostgreSQL"
        case killSession = "kill -9 of one of PostgreSQL's sessions"
        case stopWorkers = "SIGSTOP of workers"
        case stopIngress = "SIGSTOP of ingress"
        case stopSession = "SIGSTOP of one of PostgreSQL's sessions"
        case cutWorkers = "connection of workers cut at a statement"
        case cutIngress = "connection of ingress cut at a statement"
        case clock = "jump of the test clock"
        case disk = "full disk"
        case network = "network that drops"

        /// How many of 210.
        fileprivate var share: Int {
            switch self {
            case .killWorkers, .killIngress: 24
            case .killPostgres, .stopWorkers, .clock: 16
            case .killSession: 8
            case .stopIngress, .stopSession, .network: 12
            case .cutWorkers, .cutIngress: 30
            case .disk: 10
            }
        }
    }

    struct Size {
        let faults: Int
        let readings: Int
        var clients: Int { faults < 100 ? 12 : 24 }
        var accountsEach: Int { faults < 100 ? 20 : 60 }

        /// `KABINET_CHAOS`: full, short, or faults/readings for a trial.
        static func wanted() throws -> Size {
            switch ProcessInfo.processInfo.environment["KABINET_CHAOS"] ?? "short" {
            case "full": return Size(faults: 210, readings: 200_000)
            case "short", "": return Size(faults: 20, readings: 4_000)
            case let other:
                let parts = other.split(separator: "/").compactMap { Int($0) }
                guard parts.count == 2, parts[0] > 0, parts[1] > 0 else {
                    throw TestKitError(
                        "KABINET_CHAOS is full, short or FAULTS/READINGS, not «\(other)»")
                }
                return Size(faults: parts[0], readings: parts[1])
            }
        }

        /// `KABINET_SEED`: that of a run to be repeated. The short form is the same each time, the full one never.
        func seed() throws -> UInt64 {
            guard let text = ProcessInfo.processInfo.environment["KABINET_SEED"], !text.isEmpty
            else { return faults < 100 ? 20 : UInt64(realMicroseconds() / 1_000_000) }
            guard let seed = UInt64(text) else {
                throw TestKitError("KABINET_SEED is a number, not «\(text)»")
            }
            return seed
        }
    }

    let size: Size
    let seed: UInt64
    let system: System
    let token: String
    private(set) var load: [Load] = []
    /// Commands that opened the accounts, before anything happened.
    private(set) var opened: Int64 = 0
    /// Every moment to which the clock was set.
    private(set) var moments: [String] = []
    private(set) var tally: [Fault: Int] = [:]
    /// Batches of a stopped worker that the server ended.
    private(set) var lanesTaken = 0
    private(set) var notes: [String] = []
    private let began = monotonicMicroseconds()
    private var random: Seeded
    private let ports: [UInt16]
    private let ways: [TestKit.Wire]
    private var doors: [Child] = []
    private var workers: [Child] = []

    init(_ size: Size, seed: UInt64) throws {
        self.size = size
        self.seed = seed
        random = Seeded(seed)
        if let missing = SmallDisk.missing {
            notes.append("no full disks here, cuts instead: \(missing)")
        }
        if let missing = Cable.missing {
            notes.append("no network to drop packets on here, silent wires instead: \(missing)")
        }
        system = try System(
            settings: ["max_wal_size=128MB", "min_wal_size=32MB"],
            disk: SmallDisk.missing == nil ? (size.faults < 100 ? 1_000 : 4_000) : nil,
            cable: Cable.missing == nil)
        ports = [system.port, try freePort()]
        ways = [try TestKit.Wire(to: system.database), try TestKit.Wire(to: system.database)]
        // Five seconds, a hundred times, would prove no more.
        try system.connection().script(
            "alter role kabinet_workers set idle_in_transaction_session_timeout = '1s'")
        moments.append("2025-03-31T23:59:58+08:00")
        try system.connection().script("insert into clock.test (now) values ('\(moments[0])')")
        try system.organization()
        token = try system.token().token
        self.doors = [try door(0), try door(1)]
        workers = [try worker(0), try worker(1)]
        try eventually("both doors") { ports.allSatisfy { system.ready($0) == 200 } }
        let (bearer, doors) = (token, ports)
        load = (0..<size.clients).map { number in
            Load(
                number, doors: doors, token: bearer,
                accounts: (0..<size.accountsEach).map { "\(1_000 * (number + 1) + $0)" },
                pace: 4, patience: 3)
        }
        try system.accounts(load.flatMap(\.accounts), token: token)
        opened = try system.count("select count(*) from queue.command")
    }

    deinit { stop() }

    /// Ends everything. Harmless the second time.
    func stop() {
        for client in load { client.end() }
        for way in ways { way.close() }
        system.stop()
    }

    // MARK: Processes

    /// The first of each sort is behind a wire, the second behind the cable.
    private func database(_ index: Int, _ wire: Int) -> String {
        guard index == 0 else { return system.distant }
        let address = ways[wire].address
        return ["host", "port", "user", "dbname"].map { "\($0)=\(address[$0] ?? "")" }
            .joined(separator: " ")
    }

    private func door(_ index: Int) throws -> Child {
        try system.launch(
            ["ingress"],
            [
                "DATABASE_URL": database(index, 0), "KABINET_PORT": "\(ports[index])",
                "KABINET_TEST_CLOCK": "1",
            ])
    }

    private func worker(_ index: Int) throws -> Child {
        try system.launch(["workers"], ["DATABASE_URL": database(index, 1)])
    }

    // MARK: The load

    var taken: Int { load.reduce(0) { $0 + $1.count } }
    private var repeats: Int { load.reduce(0) { $0 + $1.repeats } }

    /// The load flows: this many further answers.
    private func flows(_ more: Int, after what: String) throws {
        let before = taken
        try eventually("the flow of the load after: \(what)", seconds: 240) {
            let surprises = load.flatMap(\.surprises)
            guard surprises.isEmpty else {
                throw TestKitError("after \(what): \(surprises.prefix(3))")
            }
            return taken >= before + more
        }
    }

    // MARK: All of it

    func run() throws {
        let plan = plan()
        for client in load { client.start() }
        defer { for client in load { client.end() } }
        let share = size.readings / plan.count
        try flows(share / 2, after: "the start")
        for (number, fault) in plan.enumerated() {
            let what = try happen(fault)
            for process in doors + workers {
                #expect(process.ended == nil, "who was not killed lives after: \(what)")
            }
            try flows(share / 2 + random.below(share), after: what)
            say("\(number + 1)/\(plan.count) \(what)")
        }
        try flows(max(0, size.readings - taken), after: "all of it")
        for client in load { client.end() }
        try system.drained(seconds: 240)
    }

    /// Every sort at least once; what there is no room or no ground for are cuts.
    private func plan() -> [Fault] {
        var plan = Fault.allCases.filter { $0 != .disk || system.disk != nil }.flatMap {
            Array(repeating: $0, count: max(1, $0.share * size.faults / 210))
        }
        while plan.count < size.faults {
            plan.append(plan.count.isMultiple(of: 2) ? .cutWorkers : .cutIngress)
        }
        return plan.shuffled(using: &random)
    }

    /// Since it began.
    var seconds: Int64 { (monotonicMicroseconds() - began) / 1_000_000 }

    private func say(_ text: String) {
        FileHandle.standardError.write(
            Data("chaos: \(text); \(taken) readings, \(seconds) s\n".utf8))
    }

    // MARK: Faults

    /// Does it, and undoes it where nothing else would; returns what it was.
    private func happen(_ fault: Fault) throws -> String {
        let number = tally[fault, default: 0]
        tally[fault] = number + 1
        let index = random.below(2)
        var more = ""
        switch fault {
        case .killWorkers:
            try workers[index].kill()
            workers[index] = try worker(index)
        case .killIngress:
            try doors[index].kill()
            doors[index] = try door(index)
        case .killPostgres:
            try system.killPostgres()
            try system.startPostgres()
        case .killSession:
            // The server ends all sessions, recovers and goes on.
            kill(try session(), SIGKILL)
        case .stopWorkers: more = try stopWorkers(index)
        case .stopIngress:
            doors[index].signal(SIGSTOP)
            defer { doors[index].signal(SIGCONT) }
            try pressed()
        case .stopSession:
            let victim = try session()
            kill(victim, SIGSTOP)
            defer { kill(victim, SIGCONT) }
            // All may wait for what it holds; then nothing more is to be seen.
            try until(2) { taken >= $0 + 200 }
        case .cutWorkers, .cutIngress:
            let wire = ways[fault == .cutIngress ? 0 : 1]
            let statement = 1 + number / 2 % 15
            let moment = TestKit.Wire.Moment.allCases[number % 2]
            wire.cut(at: statement, moment)
            try eventually("the cut", seconds: 120) { !wire.isArmed }
            more = "\(statement), \(moment)"
        case .clock: more = try jump(index)
        case .disk: more = try fill(wal: number % 2 == 1)
        case .network: more = try lose(number)
        }
        return more.isEmpty ? fault.rawValue : "\(fault.rawValue) (\(more))"
    }

    /// Waits for `change`, given the answers so far, but not for long.
    private func until(_ seconds: Int, _ change: (Int) -> Bool) throws {
        let before = taken
        let deadline = monotonicMicroseconds() + Int64(seconds) * 1_000_000
        try eventually("the end of the wait", seconds: seconds + 60) {
            change(before) || monotonicMicroseconds() > deadline
        }
    }

    /// Clients have left a door that says nothing, and come again elsewhere.
    private func pressed() throws {
        let before = repeats
        try eventually("repeated requests", seconds: 60) { repeats > before + 2 }
    }

    /// One of the sessions of doors and workers.
    private func session() throws -> pid_t {
        var found: [pid_t] = []
        try eventually("sessions", seconds: 60) {
            do {
                found = try system.connection().script(
                    """
                    select pid from pg_stat_activity where application_name in ('kabinet ingress',
                      'kabinet accounts', 'kabinet listener', 'kabinet decisions', 'kabinet outcomes',
                      'kabinet access') order by application_name, pid
                    """
                ).map { pid_t($0.text(0)) ?? 0 }
            } catch let error as PostgresError where error.connectionLost {
                return false
            }
            return found.count > 3
        }
        return random.pick(found)
    }

    /// Stops it in the middle of a batch, until the server has ended that batch.
    private func stopWorkers(_ index: Int) throws -> String {
        let victim = workers[index]
        let observer = try system.connection()
        func open() throws -> Set<String> {
            Set(
                try observer.script(
                    """
                    select pid || ' ' || xact_start from pg_stat_activity
                    where usename = 'kabinet_workers' and state = 'idle in transaction'
                    """
                ).map { $0.text(0) })
        }
        defer { victim.signal(SIGCONT) }
        for _ in 0..<40 {
            victim.signal(SIGSTOP)
            let first = try open()
            try until(1) { taken >= $0 + 40 }
            let caught = try open().intersection(first)
            if !caught.isEmpty {
                try eventually("the server ends the batch of who stands still") {
                    try open().isDisjoint(with: caught)
                }
                lanesTaken += caught.count
                return "\(caught.count) in a batch"
            }
            victim.signal(SIGCONT)
            try until(1) { taken >= $0 + 10 }
        }
        return "between batches"
    }

    private func jump(_ index: Int) throws -> String {
        let now = moments[moments.count - 1]
        let edges = [
            "2025-03-31T23:59:59+08:00", "2025-04-01T00:00:00+08:00", "2025-12-31T23:59:59+08:00",
            "2026-01-01T00:00:00+08:00", "2026-02-28T23:59:59+08:00", "2026-03-01T00:00:01+08:00",
            "2026-04-25T23:59:59+03:00", "2025-04-30T16:00:00Z", "2027-11-15T12:00:00+08:00",
        ].filter { $0 != now }
        let moment = random.pick(edges)
        moments.append(moment)
        let client = Client(port: ports[index], token: token, patience: 10)
        try eventually("the clock is set", seconds: 60) {
            do {
                let answer = try client.call("PUT", "/test/clock", json: #"{"now":"\#(moment)"}"#)
                #expect([200, 503].contains(answer.status), "\(answer.text)")
                return answer.status == 200
            } catch is Wire.Broken {
                return false
            }
        }
        return moment
    }

    /// Fills the disk until nobody can write, then makes room.
    private func fill(wal: Bool) throws -> String {
        guard let disk = system.disk else { return "" }
        let marks = (doors + workers).map { ($0, $0.spoken) }
        try disk.fill()
        do {
            defer {
                do { try disk.free() } catch { Issue.record(error) }
            }
            if wal {
                // Without room for the next segment the server ends itself.
                try eventually("the server's end", seconds: 120) {
                    do {
                        try system.connection().script(
                            "select pg_logical_emit_message(true, 'chaos', repeat('x', 1000000))")
                        return false
                    } catch let error as PostgresError {
                        return error.connectionLost
                    }
                }
            } else {
                try eventually("somebody's complaint", seconds: 120) {
                    try marks.contains {
                        try $0.0.words(after: $0.1).contains("No space left on device")
                    }
                }
            }
        }
        // It may have given up its recovery for want of room, and is started again as by systemd.
        try eventually("the server", seconds: 120) {
            try system.startPostgres()
            do {
                try system.connection().script("select")
                return true
            } catch let error as PostgresError where error.connectionLost {
                return false
            }
        }
        return wal ? "WAL" : "data"
    }

    private func lose(_ number: Int) throws -> String {
        guard let cable = system.cable else {
            ways[0].silence()
            defer { ways[0].speak() }
            try pressed()
            return "a silent wire"
        }
        let loss = Cable.Loss.allCases[number % Cable.Loss.allCases.count]
        let mark = workers[1].spoken
        try cable.lose(loss)
        defer {
            do { try cable.mend() } catch { Issue.record(error) }
        }
        if loss == .some {
            try flows(200, after: "a network that loses every fourth packet")
        } else {
            try eventually("the far door's word", seconds: 60) { system.ready(ports[1]) == 503 }
            try eventually("the far workers' word", seconds: 60) {
                try workers[1].words(after: mark).contains("queue.disconnected")
            }
        }
        return "\(loss) lost"
    }
}
