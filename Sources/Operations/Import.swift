public import Commands
import Crypto
public import Files
public import Postgres
import Queue
import Store

/// A file becomes rows in a staging table, and the rows chunk commands of the lanes that decide
/// them.
public struct Import {
    private let console: Console
    public init(_ console: Console) { self.console = console }

    /// An import under way.
    public struct Job: Sendable {
        public let id: Int64
        public let organization: String
        public let what: ImportRows.What
        public let file: String
        public let dryRun: Bool
        /// Rows that lanes decide.
        public let rows: Int64
        /// Rows that never reached them: they are in the file's error file only.
        public let rejected: Int64
        /// By so many its rows were cut; lines of one act lie in one lane.
        let lanes: Int
        public let commands: [Identifier]
    }

    public struct Progress: Sendable, Equatable {
        public var parts: Int64
        public var accepted: Int64
        public var unchanged: Int64
        public var refused: Int64
        /// Since something was decided last.
        public var idleSeconds: Int64
        public var decided: Int64 { accepted + unchanged + refused }
    }

    public enum Ending: Sendable {
        case decided(Progress)
        /// The caller did not want to wait any longer; the queue goes on.
        case interrupted(Progress)
        /// What is left waits behind a command that an operator has to look at.
        case stuck(Progress, command: Identifier?, error: String)
    }

    // MARK: Staging

    /// Reads the file into the staging table and appends its chunks. `confirm`: doubtful readings
    /// are meant. `progress` hears how many bytes of how many were read.
    public func stage(
        _ file: String, _ what: ImportRows.What, organization: String, dryRun: Bool,
        confirm: Bool = false, progress: (_ read: Int, _ total: Int) -> Void
    ) throws -> Job {
        try Secrets.start()
        try console.requireOrganization(organization)
        let lanes = try lanes()
        let sealing = try sealing(what)
        var reader = try ImportReader(path: file, what)
        var cutter = LaneCutter(organization: organization, lanes: lanes)
        var rejected: Int64 = 0
        let job = try console.connection.transaction {
            guard
                let row = try console.connection.run(
                    "operations/make_job", .text(organization), .text(what.rawValue),
                    .text(file), .texts(what.columns), .bool(dryRun), .text(console.actor),
                    .int16(Int16(lanes))
                ).first
            else { throw OperationError(.noAnswer) }
            let job = row.int64(0)
            var state = CopyState.opening
            try console.connection.copyIn("operations/stage") {
                try Self.portion(
                    &state, &reader, &cutter, &rejected, file, job: job, sealing: sealing,
                    progress: progress)
            }
            // What lanes refuse later is added where the audit is read (`operations/audit_list`): here nothing is changed.
            try console.audit(
                "import", organization,
                .object([
                    "job": .int(job), "what": .string(what.rawValue), "file": .string(file),
                    "rows": .int(cutter.rows), "rejected": .int(rejected),
                    "dry_run": .bool(dryRun),
                ]))
            return job
        }
        let commands = try enqueue(
            cutter.chunks(job: job, what: what, dryRun: dryRun, confirm: confirm),
            organization)
        return Job(
            id: job, organization: organization, what: what, file: file, dryRun: dryRun,
            rows: cutter.rows, rejected: rejected, lanes: lanes, commands: commands)
    }

    private func lanes() throws -> Int {
        let kind = Command.Kind.importRows.rawValue
        let map = try PoolMap(on: console.connection)
        guard let pool = map.pool(taking: kind) else { throw OperationError(.noPool(kind)) }
        return pool.lanes
    }

    /// What must not lie in the staging table as it stands in the file.
    private struct Sealing {
        let column: Int
        let key: [UInt8]
        /// So much of a field is sealed at most: what is longer is no code either.
        static let longest = 400

        func seal(_ fields: [String]) throws -> [String] {
            guard !fields[column].isEmpty else { return fields }
            var fields = fields
            fields[column] = try SealedBox.seal(
                text: String(decoding: fields[column].utf8.prefix(Self.longest), as: UTF8.self),
                to: key)
            return fields
        }
    }

    private func sealing(_ what: ImportRows.What) throws -> Sealing? {
        guard what == .proofs, let column = what.columns.firstIndex(of: "code") else { return nil }
        guard let key = try Notices.sealingKey(on: console.connection) else {
            throw OperationError(.noPublishedKey)
        }
        return Sealing(column: column, key: key)
    }

    private enum CopyState { case opening, rows, closed }

    /// The next bytes of the COPY stream; nil at its end.
    private static func portion(
        _ state: inout CopyState, _ reader: inout ImportReader, _ cutter: inout LaneCutter,
        _ rejected: inout Int64, _ file: String, job: Int64, sealing: Sealing?,
        progress: (Int, Int) -> Void
    ) throws -> [UInt8]? {
        switch state {
        case .closed: return nil
        case .opening:
            state = .rows
            return CopyRows.opening
        case .rows:
            var copy = CopyRows()
            while copy.bytes.count < 256 * 1024 {
                guard let row = reader.next() else {
                    state = .closed
                    break
                }
                if case .broken(.unreadable(let code))? = row.problem {
                    throw FileError.cannotRead(path: file, code: code)
                }
                guard let content = row.staged else {
                    rejected += 1
                    continue
                }
                let (lane, n) = cutter.place(content.about)
                copy.begin(5)
                copy.int64(job)
                copy.int16(lane)
                copy.int64(n)
                copy.int32(Int32(clamping: row.line))
                copy.texts(try sealing?.seal(content.fields) ?? content.fields)
            }
            progress(reader.bytesRead, reader.totalBytes)
            return copy.take() + (state == .closed ? CopyRows.closing : [])
        }
    }

    private func enqueue(
        _ chunks: [ImportRows], _ organization: String
    ) throws -> [Identifier] {
        let now = try console.now()
        let commands = chunks.map { chunk -> NewCommand in
            let command = Command.importRows(chunk)
            return NewCommand(
                id: newIdentifier(), kind: command.kind.rawValue, organization: organization,
                subject: command.subject(organization: organization),
                payload: command.json.bytes, actor: console.actor,
                channel: Channel.import.rawValue, awaited: true, receivedAt: now)
        }
        // Long before anything is decided the watcher listens.
        try console.connection.listen("queue_decided")
        try console.append(commands)
        return commands.map(\.id)
    }

    /// An import that was begun before, to be watched again. What was rejected while reading is
    /// told by its error file.
    public func find(_ id: Int64) throws -> Job {
        guard let row = try console.connection.run("operations/job", .int64(id)).first,
            let what = ImportRows.What(rawValue: row.text(1))
        else { throw OperationError(.noJob(id)) }
        let commands = try console.connection.run("operations/import_commands", .int64(id))
            .map { $0.id(0) }
        return Job(
            id: id, organization: row.text(0), what: what, file: row.text(2),
            dryRun: row.bool(3), rows: row.int64(6), rejected: 0,
            lanes: try row.optional(7, row.int16).map(Int.init) ?? lanes(), commands: commands)
    }

    // MARK: Watching

    private func progress(_ job: Job) throws -> Progress {
        guard
            let row = try console.connection.run("operations/import_progress", .int64(job.id)).first
        else { throw OperationError(.noAnswer) }
        return Progress(
            parts: row.int64(0), accepted: row.int64(1), unchanged: row.int64(2),
            refused: row.int64(3), idleSeconds: 0)
    }

    /// Waits until every chunk is decided. `each` hears of every step, at least once a second, and
    /// says whether to go on.
    public func watch(_ job: Job, each: (Progress) -> Bool) throws -> Ending {
        try console.connection.listen("queue_decided")
        var moved = monotonicMicroseconds()
        var asked = moved
        var before: Int64 = -1
        while true {
            var progress = try progress(job)
            let now = monotonicMicroseconds()
            if progress.parts != before { (before, moved) = (progress.parts, now) }
            progress.idleSeconds = (now - moved) / 1_000_000
            guard progress.parts < job.commands.count else {
                _ = each(progress)
                try console.connection.run("operations/unstage", .int64(job.id))
                return .decided(progress)
            }
            if progress.idleSeconds > 1, now - asked > 2_000_000 {
                asked = now
                if let (command, error) = try stuck(job) {
                    return .stuck(progress, command: command, error: error)
                }
            }
            guard each(progress) else { return .interrupted(progress) }
            try console.pause()
        }
    }

    /// Of decided days without a service: for how many closed months and kinds of accounts the next close takes them off, or,
    /// of a dry run, would.
    public func recharged(by job: Job) throws -> Int64 {
        try CommandState.of(job.commands, on: console.connection).reduce(0) { sum, state in
            guard state.state == .done, !state.body.isEmpty else { return sum }
            return try sum + (JSON.parse(state.body)["asked"]?.int ?? 0)
        }
    }

    private func stuck(_ job: Job) throws -> (Identifier?, String)? {
        guard
            let row = try console.connection.run(
                "operations/import_stuck", .int64(job.id), .ids(job.commands)
            ).first, row.int64(0) > 0, row.int64(0) == row.int64(1)
        else { return nil }
        return (row.optional(2, row.id), row.text(3))
    }

    // MARK: Errors

    /// Writes the rows that were not taken, each with its reason, to a file that can be corrected
    /// and imported again. The source is read a second time beside the list of errors, both by
    /// line, so that nothing grows with either. Returns how many rows were written.
    public func writeErrors(
        of job: Job, to path: String, words: (RowError.Reason?, Refusal?, String) -> String
    ) throws -> Int64 {
        var reader = try ImportReader(path: job.file, job.what)
        let writer = CSVWriter(separator: reader.separator, mark: true)
        var file = try CSVFile(path: path, writer)
        try file.write(reader.header + ["error"])
        var errors = ErrorPages(job: job.id, connection: console.connection)
        var acts = Acts(organization: job.organization, lanes: job.lanes)
        var written: Int64 = 0
        while let row = reader.next() {
            let text: String
            switch row.problem {
            case .broken(let reason): text = words(reason, nil, "")
            case .account(let typed): text = words(nil, nil, typed)
            case nil:
                guard let content = row.staged else { continue }
                let refusal = try acts.refusal(content, of: job.what) {
                    try errors.refusal(line: row.line)
                }
                guard let refusal else { continue }
                text = words(nil, refusal, "")
            }
            try file.write(row.original + [text])
            written += 1
        }
        try file.finish()
        return written
    }
}

/// A reading of several registers is several lines in one lane, one behind the other. They are
/// decided as one act, and its refusal is told of the first; here the others get it too, so that
/// they come back together.
struct Acts {
    private var cutter: LaneCutter
    private var last: [(key: [String], lines: Int, refusal: Refusal?)]

    init(organization: String, lanes: Int) {
        cutter = LaneCutter(organization: organization, lanes: lanes)
        last = .init(repeating: ([], 0, nil), count: lanes)
    }

    mutating func refusal(
        _ row: ImportedRow.Content, of what: ImportRows.What, own: () throws -> Refusal?
    ) throws -> Refusal? {
        guard what == .readings else { return try own() }
        let lane = Int(cutter.place(row.about).lane)
        // Account, service, meter, taken_on.
        let key = [0, 1, 2, 4].map { row.fields[$0] }
        if last[lane].key == key, last[lane].lines < Register.allCases.count {
            last[lane].lines += 1
        } else {
            last[lane] = (key, 1, try own())
        }
        return last[lane].refusal
    }
}

/// `operations.import_error` by line, a page at a time.
private struct ErrorPages {
    let job: Int64
    let connection: Connection
    private var page: [(line: Int, refusal: Refusal)] = []
    private var index = 0
    private var isLast = false

    init(job: Int64, connection: Connection) {
        self.job = job
        self.connection = connection
    }

    /// Lines are asked for in rising order.
    mutating func refusal(line: Int) throws -> Refusal? {
        while true {
            while index < page.count, page[index].line < line { index += 1 }
            if index < page.count { return page[index].line == line ? page[index].refusal : nil }
            guard !isLast else { return nil }
            let after = page.last?.line ?? 0
            page = try connection.run(
                "operations/import_errors", .int64(job), .int32(Int32(clamping: after)),
                .int64(1000)
            ).map { row in
                // A code that only a newer version knows is told by its name.
                (
                    Int(row.int32(0)),
                    Refusal(code: row.text(1), json: try row.parsed(2))
                        ?? Refusal(.shape, ["code": row.text(1)])
                )
            }
            index = 0
            isLast = page.count < 1000
        }
    }
}
