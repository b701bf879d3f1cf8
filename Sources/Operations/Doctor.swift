import Crypto
import Glibc
public import Postgres

/// Looks for what is wrong, and names the command that cures it. Ten seconds at most: what there
/// was no time for is told as not checked, never as well.
public struct Doctor {
    private let console: Console
    private let library: Library
    private let home: String
    private let keyFile: String?
    private let idle: Int64
    private let deadline: Int64

    /// - Parameters:
    ///   - home: the folder that has `sql/` in it, which `library` reads too.
    ///   - keyFile: the workers' sealing keys, where they are on this machine.
    ///   - idle: how many seconds a session may stand idle within a transaction before it counts;
    ///     one that works has ten times as long.
    public init(
        _ console: Console, library: Library, home: String, keyFile: String?, idle: Int64 = 60
    ) {
        self.console = console
        self.library = library
        self.home = home
        self.keyFile = keyFile
        self.idle = idle
        deadline = monotonicMicroseconds() + 9_000_000
    }

    public struct Finding: Sendable {
        public let check: Phrase
        /// A name for programs.
        public let key: String
        public let state: State
        public let details: [Phrase]
        /// The command that cures it.
        public let cure: Phrase?

        public enum State: String, Sendable { case well, problem, unchecked }
    }

    /// Every finding as soon as it is known.
    public func examine(_ tell: (Finding) -> Void) {
        let checks: [(key: String, check: Phrase, run: () throws -> Result)] = [
            ("migrations", .doctorMigrations, migrations), ("origin", .doctorOrigin, origin),
            ("roles", .doctorRoles, roles), ("clock", .doctorClock, clock),
            ("pins", .doctorPins, pins), ("listener", .doctorListener, listener),
            ("stalled", .doctorStalled, stalled), ("starved", .doctorStarved, starved),
            ("kinds", .doctorKinds, kinds), ("keys", .doctorKeys, keys),
            ("holds", .doctorHolds, holds), ("jobs", .doctorJobs, jobs),
            ("resizes", .doctorResizes, resizes), ("gateways", .doctorGateways, gateways),
            ("notifications", .doctorNotifications, notifications),
            ("partitions", .doctorPartitions, partitions),
            ("overdue", .doctorOverdue, overdue), ("strays", .doctorStrays, strays),
            ("dead", .doctorDead, dead), ("plan", .doctorPlan, plan), ("disk", .doctorDisk, disk),
            ("archive", .doctorArchive, archive),
        ]
        for check in checks { tell(attempt(check.key, check.check, check.run)) }
        for file in invariants() {
            tell(attempt(file, .doctorInvariant(file)) { try invariant(file) })
        }
    }

    private enum Result {
        case well([Phrase] = [])
        case problem([Phrase], cure: Phrase)
        case unchecked(Phrase)

        /// What was found, with the cures that differ in their order.
        /// Of many the first few: when all lanes stand, the sixty-fourth tells nothing new.
        static func found(_ found: [(detail: Phrase, cure: Phrase)]) -> Result {
            guard let first = found.first else { return .well() }
            let shown = found.prefix(8)
            var cures = [first.cure]
            for entry in shown where !cures.contains(entry.cure) { cures.append(entry.cure) }
            let more = found.count - shown.count
            return .problem(
                shown.map(\.detail) + (more > 0 ? [.andMore(more)] : []), cure: .each(cures))
        }
    }

    private func attempt(
        _ key: String, _ check: Phrase, _ body: () throws -> Result
    ) -> Finding {
        func unchecked(_ why: Phrase) -> Finding {
            Finding(check: check, key: key, state: .unchecked, details: [why], cure: nil)
        }
        guard monotonicMicroseconds() < deadline else { return unchecked(.noTimeLeft) }
        do {
            // Whatever a check runs into, the next one begins on a session that works.
            switch try console.connection.transaction({
                try console.connection.run("operations/doctor_limit")
                return try body()
            }) {
            case .well(let notes):
                return Finding(check: check, key: key, state: .well, details: notes, cure: nil)
            case .problem(let details, let cure):
                return Finding(
                    check: check, key: key, state: .problem, details: details, cure: cure)
            case .unchecked(let why): return unchecked(why)
            }
        } catch let error as PostgresError where error.sqlState == "57014" {
            return unchecked(.tookTooLong)
        } catch {
            return unchecked(.couldNotCheck("\(error)"))
        }
    }

    // MARK: Checks

    /// A migration's checksum, as `kabinet migrate` keeps it beside its name: the first 16 bytes of
    /// BLAKE2b, in hexadecimal.
    public static func checksum(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in Secrets.hash(bytes, length: 16) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func migrations() throws -> Result {
        try Secrets.start()
        guard try console.connection.run("operations/doctor_migrated").first?.bool(0) == true else {
            return .problem([.neverMigrated], cure: .runMigrate)
        }
        var applied: [Int32: String] = [:]
        var breaking: [(needs: Int32, why: String)] = []
        for row in try console.connection.run("operations/doctor_migrations").map({
            ($0.int32(0), $0.text(2), $0.optional(3, $0.int32), "\($0.text(1)): \($0.text(4))")
        }) {
            applied[row.0] = row.1
            if let needs = row.2 { breaking.append((needs, row.3)) }
        }
        var known: Int32 = 0
        var missing: [Phrase] = []
        var changed: [Phrase] = []
        for name in try library.names(in: "migrations") {
            guard let number = Int32(name.prefix { $0 != "_" }) else { continue }
            known = max(known, number)
            guard let checksum = applied.removeValue(forKey: number) else {
                missing.append(.migrationMissing(name))
                continue
            }
            let bytes = Array(try library.read("migrations/\(name).sql").utf8)
            if checksum != Self.checksum(bytes) { changed.append(.migrationChanged(name)) }
        }
        let foreign =
            applied.keys.sorted().map { Phrase.migrationForeign($0) }
            + breaking.filter { $0.needs > known }.map { .migrationBreaking($0.needs, $0.why) }
        let details = missing + changed + foreign
        guard !details.isEmpty else { return .well() }
        return .problem(
            details, cure: changed.isEmpty && foreign.isEmpty ? .runMigrate : .useRelease)
    }

    private func origin() throws -> Result {
        guard try console.connection.run("operations/doctor_origin").first?.bool(0) == true else {
            return .problem([.foreignServer], cure: .runRebase)
        }
        return .well()
    }

    private func roles() throws -> Result {
        let found = try console.connection.run("operations/doctor_roles").map {
            Phrase.role($0.text(0), $0.text(1))
        }
        return found.isEmpty ? .well() : .problem(found, cure: .fixRoles)
    }

    private func clock() throws -> Result {
        let before = realMicroseconds()
        guard let row = try console.connection.run("operations/doctor_clock").first else {
            return .well()
        }
        let apart = Self.apart(before, row.timestamp(0), realMicroseconds())
        guard apart > 2_000_000 else { return .well() }
        return .problem([.clocksApart(apart / 1_000_000)], cure: .fixClock)
    }

    /// By how much the server's clock was surely apart from ours, in microseconds: somewhere
    /// between `before` and `after` of ours it said `server`.
    static func apart(_ before: Int64, _ server: Int64, _ after: Int64) -> Int64 {
        max(before - server, server - after, 0)
    }

    private func pins() throws -> Result {
        .found(
            try console.connection.run("operations/doctor_pins", .int64(idle)).map {
                (Phrase($0.text(0), $0.text(0)), Phrase($0.text(1), $0.text(1)))
            })
    }

    private func listener() throws -> Result {
        guard let row = try console.connection.run("operations/doctor_listener").first else {
            return .well()
        }
        guard row.int64(0) > 0, row.int64(1) == 0 else {
            return .well(row.int64(0) == 0 ? [.noPools] : [])
        }
        return .problem([.noListener], cure: .startWorkers)
    }

    private func stalled() throws -> Result {
        .found(
            try lanes().filter { $0.verdict == "stalled" }.map { ($0.detail, .startWorkers) })
    }

    private func starved() throws -> Result {
        .found(
            try lanes().filter { $0.verdict != "stalled" }.map { lane in
                guard lane.verdict == "starved" else { return (lane.detail, .checkPools) }
                return (lane.detail, lane.holder.map { .endSession($0) } ?? .restartWorkers)
            })
    }

    /// Lanes with work that nobody moves. `holder` is the session that has the lane's lock.
    private func lanes() throws -> [(verdict: String, detail: Phrase, holder: Int32?)] {
        try console.connection.run("operations/doctor_stalled").map { row in
            let verdict = row.text(0)
            guard verdict != "unserved" else {
                return (
                    verdict,
                    .unservedPool(row.text(1), waiting: row.int64(3), oldest: row.int64(4)), nil
                )
            }
            let holder = row.optional(6, row.int32)
            let lane = Phrase.stalledLane(
                row.text(1), row.int16(2), waiting: row.int64(3), oldest: row.int64(4),
                last: row.int64(5))
            return (verdict, holder.map { lane.lockedBy($0, row.text(7)) } ?? lane, holder)
        }
    }

    /// Commands that no running workers know: they wait, in order, for workers that do.
    private func kinds() throws -> Result {
        let found = try console.connection.run("operations/doctor_kinds").map {
            Phrase.unknownKind(
                $0.text(0), pools: $0.text(1), lanes: $0.int64(2), oldest: $0.int64(3))
        }
        return found.isEmpty ? .well() : .problem(found, cure: .startNewerWorkers)
    }

    /// What is sealed has to be opened: by every process of workers, and for as long as it may wait.
    private func keys() throws -> Result {
        var found: [(detail: Phrase, cure: Phrase)] = []
        if let keyFile {
            do {
                try Secrets.start()
                _ = try SealingKeys.read(keyFile)
            } catch let error as SealingError {
                found.append((.keyFile("\(error)"), .guardKeyFile(keyFile)))
            }
        }
        let keys = try PublishedKeys(console).list()
        if keys.isEmpty { found.append((.noKeyPublished, .publishKey)) }
        for key in keys where key.isNeeded && key.holders < key.processes {
            found.append(
                (
                    .keyNotHeld(
                        key.id, newest: key.isNewest, holders: key.holders, of: key.processes),
                    .restartWithKeys
                ))
        }
        return .found(found)
    }

    private func holds() throws -> Result {
        var isProblem = false
        let found = try console.connection.run("operations/doctor_holds").map { row -> Phrase in
            let isAbandoned = row.text(0) == "abandoned"
            isProblem = isProblem || isAbandoned
            return .kept(
                isAbandoned, cause: row.text(1), subjects: row.int64(2), commands: row.int64(3),
                example: row.id(4).description)
        }
        return isProblem ? .problem(found, cure: .retryAbandoned) : .well(found)
    }

    private func jobs() throws -> Result {
        .found(
            try console.connection.run("operations/doctor_jobs").map { row in
                let id = row.int64(0)
                let state = Jobs.State(rawValue: row.text(1)) ?? .running
                return (.jobStands(id, state, row.int64(2)), .resumeJob(id))
            })
    }

    /// One that gets on is no problem, however long it takes.
    /// What workers said last of the gateways that they do not call.
    private func gateways() throws -> Result {
        .found(
            try console.connection.run("operations/doctor_gateways").map { row in
                (
                    .gatewayStands(
                        row.text(0), reason: row.text(1), minutes: row.int64(2),
                        waiting: row.int64(3)), .gatewayCure(row.text(1))
                )
            })
    }

    private func resizes() throws -> Result {
        .found(
            try console.connection.run("operations/doctor_resizes").map { row in
                let (pool, lanes) = (row.text(0), row.int16(1))
                let detail = Phrase.resizeStands(
                    pool, lanes: lanes, seconds: row.int64(2), waiting: row.int64(3))
                if row.bool(4) { return (detail, .resumePool(pool)) }
                return (detail, row.int64(3) > 0 ? .startWorkers : .repeatResize(pool, lanes))
            })
    }

    private func notifications() throws -> Result {
        guard let row = try console.connection.run("operations/doctor_notifications").first,
            row.int32(0) >= 10
        else { return .well() }
        return .problem(
            [.notificationsFull(thousandths: row.int32(0), sessions: row.text(1))],
            cure: .endListener)
    }

    private func partitions() throws -> Result {
        let found = try console.connection.run("operations/doctor_partitions").map {
            Phrase.noPartition($0.text(0))
        }
        return found.isEmpty ? .well() : .problem(found, cure: .startWorkers)
    }

    private func overdue() throws -> Result {
        .found(
            try console.connection.run("operations/doctor_overdue", .int64(idle)).map { row in
                let name = row.text(0)
                switch row.text(1) {
                case "waiting": return (.undroppedWaiting(name, row.int64(2)), .startWorkers)
                case "kept": return (.undroppedKept(name, row.int64(2)), .retryAbandoned)
                case "locked":
                    return (
                        .undroppedLocked(name, row.int32(3), row.text(4)),
                        .endSession(row.int32(3))
                    )
                default: return (.undroppedUntried(name), .restartWorkers)
                }
            })
    }

    private func strays() throws -> Result {
        let found = try console.connection.run("operations/doctor_strays").map {
            Phrase.strayRows($0.text(0), $0.int64(1))
        }
        return found.isEmpty ? .well() : .problem(found, cure: .moveStrays)
    }

    private func dead() throws -> Result {
        let found = try console.connection.run("operations/doctor_dead").map {
            Phrase.deadRows($0.text(0), $0.int64(1), of: $0.int64(2))
        }
        return found.isEmpty ? .well() : .problem(found, cure: .findWriter)
    }

    /// The claim as a lane's session that begins now would plan it. What a session has kept from an
    /// earlier time does not show.
    private func plan() throws -> Result {
        let rows = try console.connection.run(
            "operations/doctor_plan", .text(try library.text(of: "queue/claim")),
            .text("1, 0, 501"))
        let found = rows.map {
            Phrase.planDrift(
                $0.text(0), node: $0.text(1), index: $0.optional(2, $0.text), sorts: $0.bool(3))
        }
        return found.isEmpty ? .well() : .problem(found, cure: .restorePlan)
    }

    /// The disks that the server writes to, when they are this machine's.
    private func disk() throws -> Result {
        guard let row = try console.connection.run("operations/doctor_place").first else {
            return .unchecked(.diskElsewhere)
        }
        let folder = row.text(0)
        let isOurs = Disk.isOf(folder, started: row.int64(3))
        // Through a socket it is this machine's, seen or not; behind an address it may be another's
        // that only calls its folder the same.
        guard isOurs == true || isOurs == nil && row.bool(2) else {
            return .unchecked(.diskElsewhere)
        }
        // The log may have a disk of its own, behind a link that only the server's user can follow.
        let log = isOurs == true ? ["\(folder)/pg_wal"] : []
        var full: [Phrase] = []
        var least: (percent: UInt64, note: Phrase)?
        for path in [folder] + log + row.texts(1) {
            let disk = try Disk(at: path)
            let percent = disk.free * 100 / max(disk.size, 1)
            let note = Phrase.diskRoom(path, mebibytes: disk.free >> 20, percent: percent)
            if disk.isNearlyFull { full.append(note) }
            if percent < least?.percent ?? .max { least = (percent, note) }
        }
        guard full.isEmpty else { return .problem(full, cure: .freeDisk) }
        return .well(least.map { [$0.note] } ?? [])
    }

    private func archive() throws -> Result {
        guard let row = try console.connection.run("operations/doctor_archive").first else {
            return .well()
        }
        let since = row.isNull(1) ? nil : row.timestamp(1)
        return .problem([.archiveBehind(row.int64(0), since: since)], cure: .checkBackup)
    }

    // MARK: Invariants

    /// Every file of `sql/checks`, folder by folder.
    private func invariants() -> [String] {
        let root = "\(home)/sql/checks"
        do {
            return try Self.folders(root).flatMap { folder in
                try library.names(in: "checks/\(folder)").map { "checks/\(folder)/\($0)" }
            }
        } catch {
            // Told as a check that cannot be read.
            return ["checks"]
        }
    }

    private static func folders(_ path: String) throws -> [String] {
        guard let handle = opendir(path) else { throw OperationError(.noFolder(path)) }
        defer { closedir(handle) }
        var found: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix("."), !name.contains(".") { found.append(name) }
        }
        return found.sorted()
    }

    private func invariant(_ file: String) throws -> Result {
        let rows = try console.connection.script(library.read("\(file).sql"), named: file)
        guard let first = rows.first else { return .well() }
        let example = rows.columns.enumerated().map { column, name in
            "\(name)=\(first.isNull(column) ? "null" : first.text(column))"
        }.joined(separator: " ")
        return .problem(
            [.invariantBroken(rows.count, example: example)], cure: .tellDevelopers(file))
    }
}
