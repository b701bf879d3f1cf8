/// libpq for the rest of the house: connections, statements from files, rows, notifications.
///
/// Everything blocks and belongs to one thread; parameters and rows travel in PostgreSQL's binary format. This room
/// knows nothing of ours, never logs, and throws `PostgresError`. Invariant: no C type leaves it.
import CPostgres
import Glibc

/// What PostgreSQL (or the way to it) said no with.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
    /// Five characters (class and condition); `08006` when the connection itself was lost, `08007` when it was given up.
    public let sqlState: String
    public let message: String
    public let detail: String
    public let constraint: String
    /// The statement's file, or the command, that failed.
    public let statement: String

    /// The connection can no longer be used; whether the last commit happened is unknown.
    public var connectionLost: Bool {
        sqlState.hasPrefix("08") || sqlState.hasPrefix("57P") || sqlState == "25P03"
            || sqlState == "57014" && message.isEmpty
    }

    /// The server was silent for longer than the session's patience, and the session was given up. To ask at once again
    /// would only wait as long again.
    public var isSilence: Bool { sqlState == "08007" }

    /// The server's disk is full: nothing can be written now, whatever it is.
    public var isFull: Bool { sqlState == "53100" }

    /// The same work may succeed when it is done again: conflicts between transactions, lost connections, a server
    /// that starts or stops, exhausted resources, timeouts.
    public var transient: Bool {
        connectionLost || ["40001", "40P01", "55P03", "23505", "57014", "25P02"].contains(sqlState)
            || sqlState.hasPrefix("53")
    }

    public var description: String {
        "\(statement): \(message) (SQLSTATE \(sqlState))"
    }
}

/// Where a database is: a libpq conninfo string or URI, with what a role overrides.
public struct Address: Sendable {
    private var parts: [(key: String, value: String)] = []

    /// - Parameter text: `host=… dbname=…` or `postgresql://…`.
    public init(_ text: String) throws(PostgresError) {
        var failure: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &failure) else {
            let message = failure.map { String(cString: $0) } ?? "not a connection string"
            PQfreemem(failure)
            throw PostgresError(
                sqlState: "08001", message: message, detail: "", constraint: "",
                statement: "DATABASE_URL")
        }
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                parts.append((String(cString: keyword), String(cString: value)))
            }
            option += 1
        }
        PQconninfoFree(options)
    }

    /// The same database with `key` set (`user`, `password`, `dbname`, `application_name`, `options` …).
    public func with(_ key: String, _ value: String) -> Address {
        var copy = self
        copy.parts.removeAll { $0.key == key }
        copy.parts.append((key, value))
        return copy
    }

    /// The same database, whose sessions begin with the server's setting `name` at `value` (without spaces).
    public func with(setting name: String, _ value: String) -> Address {
        with("options", (self["options"].map { $0 + " " } ?? "") + "-c \(name)=\(value)")
    }

    public subscript(_ key: String) -> String? { parts.first { $0.key == key }?.value }

    /// What makes a network that swallows everything a lost connection, within about five seconds: the system's own limits
    /// are a quarter of an hour for what was sent and two hours for a silence. Over a local socket they mean nothing.
    private static let patience = [
        ("connect_timeout", "3"), ("tcp_user_timeout", "5000"), ("keepalives_idle", "2"),
        ("keepalives_interval", "1"), ("keepalives_count", "3"),
    ]

    /// With the limits of a dead network, where the address does not set its own.
    fileprivate var impatient: Address {
        Self.patience.reduce(self) { address, limit in
            address[limit.0] == nil ? address.with(limit.0, limit.1) : address
        }
    }

    /// Safe to show: passwords (the role's and the client key's) are masked.
    public var masked: String {
        parts.map { "\($0.key)=\($0.key.hasSuffix("password") ? "***" : $0.value)" }
            .joined(separator: " ")
    }

    fileprivate func connect() -> OpaquePointer? {
        var keys = parts.map { strdup($0.key) }
        var values = parts.map { strdup($0.value) }
        defer {
            for key in keys { free(key) }
            for value in values { free(value) }
        }
        keys.append(nil)
        values.append(nil)
        return keys.withUnsafeBufferPointer { keys in
            values.withUnsafeBufferPointer { values in
                keys.withMemoryRebound(to: UnsafePointer<CChar>?.self) { keys in
                    values.withMemoryRebound(to: UnsafePointer<CChar>?.self) { values in
                        PQconnectdbParams(keys.baseAddress, values.baseAddress, 0)
                    }
                }
            }
        }
    }
}

/// One session with PostgreSQL. Blocking; used by one thread at a time.
public final class Connection {
    private let raw: OpaquePointer
    private let library: Library
    private var prepared: Set<String> = []
    private var copyTexts: [String: String] = [:]
    /// What was sent and not yet answered, in order. Not empty: the session is in libpq's pipeline mode.
    private var pipeline: [Pending] = []
    private let patience: Int?
    private var deadline: Int64 = 0
    private var gaveUp = false

    /// Opens a session and prepares `statements`, so that a typo in one stops the start and not a request. A server that
    /// cannot be reached any more is a lost connection within about five seconds, if `address` says nothing else
    /// (`connect_timeout`, `tcp_user_timeout`, `keepalives_…` of libpq).
    /// - Parameter patience: milliseconds after which a call is given up and the session with it, for who answers to
    ///   somebody else: a server that is stopped keeps no timeout of its own. Nil waits for ever.
    public init(
        _ address: Address, library: Library = Library(), patience: Int? = nil,
        preparing statements: [Statement] = []
    ) throws(PostgresError) {
        let address = address.impatient.with("client_encoding", "UTF8")
        self.patience = patience
        guard let raw = address.connect() else {
            throw PostgresError(
                sqlState: "53200", message: "out of memory", detail: "", constraint: "",
                statement: "connect")
        }
        self.raw = raw
        self.library = library
        if PQstatus(raw) != CONNECTION_OK {
            // libpq 15 gives no SQLSTATE here; whatever it is, the server cannot be used now.
            throw PostgresError(
                sqlState: "08006", message: lastMessage(), detail: "", constraint: "",
                statement: "connect")
        }
        PQsetNoticeProcessor(raw, { _, _ in }, nil)
        // Else a write would block where the server does not read, and the goodbye likewise.
        if patience != nil { PQsetnonblocking(raw, 1) }
        for statement in statements { try prepare(statement) }
    }

    deinit { PQfinish(raw) }

    /// The server process behind this session, for `pg_stat_activity`.
    public var backend: Int32 { PQbackendPID(raw) }

    public var isAlive: Bool { !gaveUp && PQstatus(raw) == CONNECTION_OK }

    /// Whether the session still stands, as far as one can tell without asking: a server that ended it while nobody spoke
    /// has said so. What is sent after that is not written, without any doubt.
    public func stands() -> Bool {
        var descriptor = pollfd(fd: PQsocket(raw), events: Int16(POLLIN), revents: 0)
        // Its last words come first, then the end.
        while isAlive, poll(&descriptor, 1, 0) > 0 {
            if PQconsumeInput(raw) == 0 { return false }
        }
        return isAlive
    }

    /// Whether a transaction is open (or something was sent that may have opened one).
    public var inTransaction: Bool {
        let status = PQtransactionStatus(raw)
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || !pipeline.isEmpty
    }

    private func prepare(_ statement: Statement) throws(PostgresError) {
        guard !prepared.contains(statement.name) else { return }
        try prepare(statement.name, try library.text(of: statement))
    }

    private func prepare(_ name: String, _ text: String) throws(PostgresError) {
        guard !prepared.contains(name) else { return }
        try flush()
        try finish(result(PQsendPrepare(raw, name, text, 0, nil), name), name)
        prepared.insert(name)
    }

    /// Runs a statement of `sql/queries` (prepared at its first use on this session).
    @discardableResult
    public func run(_ statement: Statement, _ values: Value...) throws(PostgresError) -> Rows {
        try run(statement, values)
    }

    @discardableResult
    public func run(_ statement: Statement, _ values: [Value]) throws(PostgresError) -> Rows {
        guard pipeline.isEmpty else { return try send(statement, values).rows() }
        try prepare(statement)
        return try finish(
            result(submit(statement.name, values), statement.name), statement.name)
    }

    private func submit(_ name: String, _ values: [Value]) -> Int32 {
        Value.withPointers(values) { pointers, lengths, formats in
            PQsendQueryPrepared(raw, name, Int32(values.count), pointers, lengths, formats, 1)
        }
    }

    // MARK: Several statements in one round trip

    /// A statement that was sent; its answer is fetched when it is asked for.
    public final class Pending {
        fileprivate let name: String
        private unowned let connection: Connection
        fileprivate var answer: Result<Rows, PostgresError>?

        fileprivate init(_ name: String, _ connection: Connection) {
            self.name = name
            self.connection = connection
        }

        /// Waits for the answers to all that was sent so far. Throws what the server said no with first, though it was
        /// to a statement before this one: none behind that was carried out.
        @discardableResult
        public func rows() throws(PostgresError) -> Rows {
            if answer == nil { try connection.flush() }
            guard let answer else { preconditionFailure("\(name): a flush answers all") }
            return try answer.get()
        }
    }

    /// Sends a statement without waiting for its answer: it comes with that to the next one that is waited for (`rows()`,
    /// `run`, `commit`). What it says no with is thrown there.
    ///
    /// A round trip costs 30 µs on a quiet machine, and on a busy one a wait for the processor on both sides. Only small
    /// answers may wait: a server that cannot get rid of its answers stops reading.
    @discardableResult
    public func send(_ statement: Statement, _ values: Value...) throws(PostgresError) -> Pending {
        try send(statement, values)
    }

    @discardableResult
    public func send(_ statement: Statement, _ values: [Value]) throws(PostgresError) -> Pending {
        try prepare(statement)
        return try send(statement.name, values)
    }

    @discardableResult
    private func send(_ name: String, _ values: [Value]) throws(PostgresError) -> Pending {
        if pipeline.isEmpty, PQenterPipelineMode(raw) == 0 { throw failure(nil, name) }
        let pending = Pending(name, self)
        pipeline.append(pending)
        guard submit(name, values) == 1 else {
            let failure = failure(nil, name)
            pipeline.removeLast()
            if pipeline.isEmpty { PQexitPipelineMode(raw) }
            _ = sync()
            throw failure
        }
        return pending
    }

    private func flush() throws(PostgresError) {
        if let problem = sync() { throw problem }
    }

    /// Waits for the answers to all that was sent; gives the first error.
    private func sync() -> PostgresError? {
        guard !pipeline.isEmpty else { return nil }
        let sent = pipeline
        pipeline = []
        hurry()
        var problem = PQpipelineSync(raw) == 0 ? failure(nil, sent[0].name) : nil
        for pending in sent {
            if let problem {
                pending.answer = .failure(problem)
                continue
            }
            do {
                pending.answer = .success(try finish(next(pending.name), pending.name))
                // Behind each statement's result stands the end of its results.
                while let more = try next(pending.name) { PQclear(more) }
            } catch {
                pending.answer = .failure(error)
                problem = error
            }
        }
        drain()
        if PQexitPipelineMode(raw) == 0, problem == nil { problem = failure(nil, sent[0].name) }
        return problem
    }

    /// Reads up to the end of a round trip, past what came to nothing, or to that of the session.
    private func drain() {
        var ends = 0
        // Each statement's results have an end; two in a row, and there is nothing more.
        while isAlive, ends < 2 {
            guard let result = leftover() else {
                ends += 1
                continue
            }
            ends = 0
            let status = PQresultStatus(result)
            PQclear(result)
            if status == PGRES_PIPELINE_SYNC { return }
        }
    }

    /// Runs SQL text as it is: migrations, checks, transaction control. Rows come in text format.
    @discardableResult
    public func script(_ text: String, named name: String = "script") throws(PostgresError) -> Rows
    {
        try flush()
        return try execute(text, name)
    }

    @discardableResult
    private func execute(_ text: String, _ name: String) throws(PostgresError) -> Rows {
        try finish(result(PQsendQuery(raw, text), name), name)
    }

    // MARK: Patience

    private static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// From now on the server has `patience` to answer.
    private func hurry() {
        if let patience { deadline = Self.milliseconds() + Int64(patience) }
    }

    /// The next result of what was sent, nil at its end.
    private func next(_ name: String) throws(PostgresError) -> OpaquePointer? {
        try settle(name)
        return PQgetResult(raw)
    }

    /// Passes over what is left of an answer that came to nothing, or that of a session.
    private func discard() {
        while isAlive, let result = leftover() { PQclear(result) }
    }

    /// The next result of an answer that nobody reads. A session that is given up meanwhile is not alive any more.
    private func leftover() -> OpaquePointer? {
        do { return try next("discard") } catch { return nil }
    }

    /// The last result of what was sent; COPY ends it early.
    private func result(_ sent: Int32, _ name: String) throws(PostgresError) -> OpaquePointer? {
        guard sent == 1 else { throw failure(nil, name) }
        hurry()
        var last: OpaquePointer?
        do {
            while true {
                guard let more = try next(name) else { return last }
                PQclear(last)
                last = more
                if PQresultStatus(more) == PGRES_COPY_IN { return last }
            }
        } catch {
            PQclear(last)
            throw error
        }
    }

    /// Until what was sent has left and the next result can be taken without waiting. Does nothing where nobody is
    /// impatient: there the blocking calls wait.
    private func settle(_ name: String) throws(PostgresError) {
        guard let patience else { return }
        while true {
            let left = PQflush(raw)
            // What is wrong is told by the next result.
            if left < 0 || left == 0 && PQisBusy(raw) == 0 { return }
            let events = Int16(left > 0 ? POLLIN | POLLOUT : POLLIN)
            var descriptor = pollfd(fd: PQsocket(raw), events: events, revents: 0)
            let time = max(0, deadline - Self.milliseconds())
            guard poll(&descriptor, 1, Int32(time)) != 0 else {
                gaveUp = true
                // Nothing more leaves, not even the goodbye; the server's process ends when it wakes.
                _ = shutdown(PQsocket(raw), Int32(SHUT_RDWR))
                throw PostgresError(
                    sqlState: "08007", message: "no answer within \(patience) ms", detail: "",
                    constraint: "", statement: name)
            }
            if Int32(descriptor.revents) != POLLOUT,
                PQconsumeInput(raw) == 0
            {
                return
            }
        }
    }

    /// Runs `body` in a READ COMMITTED transaction (said aloud: a server default may differ); rolls back when it throws.
    public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try begin()
        do {
            let result = try body()
            try commit()
            return result
        } catch {
            // The first error is the one that matters; a session that cannot roll back is dead and says so next time.
            if isAlive, inTransaction { _ = undo() }
            throw error
        }
    }

    /// Begins a READ COMMITTED transaction, in one round trip with its first statement.
    public func begin() throws(PostgresError) {
        try prepare("begin", "begin isolation level read committed")
        try send("begin", [])
    }

    /// Commits, in one round trip with what was sent before.
    public func commit() throws(PostgresError) {
        try prepare("commit", "commit")
        let rows = try send("commit", []).rows()
        // A COMMIT of a failed transaction is answered with ROLLBACK and no error.
        if rows.tag == "ROLLBACK" {
            throw PostgresError(
                sqlState: "25P02", message: "the transaction had failed and was rolled back",
                detail: "", constraint: "", statement: "commit")
        }
    }

    /// Rolls back; what was sent and not waited for may have been carried out before, and is undone too.
    public func rollback() throws(PostgresError) {
        if let problem = undo() { throw problem }
    }

    private func undo() -> PostgresError? {
        // What the server said no with is undone as well.
        _ = sync()
        guard !isAlive || inTransaction else { return nil }
        do {
            try execute("rollback", "rollback")
            return nil
        } catch {
            return error
        }
    }

    /// Runs `body` in a savepoint of the open transaction. What it did is taken back when it throws, and with `keeping`
    /// false in any case; what the transaction did before stays.
    public func nested<Result>(keeping: Bool = true, _ body: () throws -> Result) throws -> Result {
        try script("savepoint nested", named: "savepoint")
        let result: Result
        do {
            result = try body()
            // What it sent and did not wait for belongs to it.
            try flush()
        } catch {
            _ = sync()
            if isAlive, inTransaction { try takeBack() }
            throw error
        }
        if keeping {
            try script("release savepoint nested", named: "savepoint")
        } else {
            try takeBack()
        }
        return result
    }

    private func takeBack() throws(PostgresError) {
        try script("rollback to savepoint nested; release savepoint nested", named: "savepoint")
    }

    /// Streams rows into a `copy … from stdin` statement. `feed` returns the next bytes, or nil at the end.
    public func copyIn(_ statement: Statement, _ feed: () throws -> [UInt8]?) throws {
        try flush()
        let text = try copyText(statement)
        try open(result(PQsendQuery(raw, text), statement.name), statement.name)
        do {
            while let bytes = try feed() {
                try put(bytes, statement.name)
                hurry()
                try settle(statement.name)
            }
        } catch {
            if !gaveUp { PQputCopyEnd(raw, "stopped by the client") }
            discard()
            throw error
        }
        PQputCopyEnd(raw, nil)
        try drain(statement.name)
    }

    /// Writes the rows of several `copy … from stdin (format binary)` statements and sends notifications: all of it or
    /// nothing, in one message and so (unless a transaction is open) in a commit of its own.
    ///
    /// - Parameter setting: what the server's triggers are to know: settings of this transaction only.
    public func copyIn(
        _ copies: [(statement: Statement, rows: CopyRows)],
        setting settings: [(name: String, value: String)] = [],
        notifying: [(channel: String, payload: String)]
    ) throws(PostgresError) {
        try flush()
        var text = ""
        for setting in settings {
            text += "set local \(setting.name) = \(try quoted(setting.value));\n"
        }
        for copy in copies { text += try copyText(copy.statement) + ";\n" }
        for notification in notifying {
            text += "notify \"\(notification.channel)\", \(try quoted(notification.payload));\n"
        }
        guard PQsendQuery(raw, text) == 1 else { throw failure(nil, copies[0].statement.name) }
        var name = copies[0].statement.name
        hurry()
        do {
            for _ in settings { try finish(next(name), name) }
            for copy in copies {
                name = copy.statement.name
                try open(next(name), name)
                for part in [CopyRows.opening, copy.rows.bytes, CopyRows.closing] {
                    try put(part, name)
                }
                PQputCopyEnd(raw, nil)
                try finish(next(name), name)
            }
        } catch {
            discard()
            throw error
        }
        try drain(name)
    }

    /// The text of a COPY, read once.
    private func copyText(_ statement: Statement) throws(PostgresError) -> String {
        if let text = copyTexts[statement.name] { return text }
        let text = try library.text(of: statement)
        copyTexts[statement.name] = text
        return text
    }

    private func quoted(_ text: String) throws(PostgresError) -> String {
        guard let literal = PQescapeLiteral(raw, text, text.utf8.count) else {
            throw failure(nil, "notify")
        }
        defer { PQfreemem(literal) }
        return String(cString: literal)
    }

    private func open(_ start: OpaquePointer?, _ name: String) throws(PostgresError) {
        guard let start else { throw failure(nil, name) }
        defer { PQclear(start) }
        guard PQresultStatus(start) == PGRES_COPY_IN else { throw failure(start, name) }
    }

    private func put(_ bytes: [UInt8], _ name: String) throws(PostgresError) {
        let sent = bytes.withUnsafeBytes {
            PQputCopyData(
                raw, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
        }
        guard sent == 1 else { throw failure(nil, name) }
    }

    /// Reads what is left of the answer; the first error is the one that matters.
    private func drain(_ name: String) throws(PostgresError) {
        var problem: PostgresError?
        while let result = try next(name) {
            if PQresultStatus(result) != PGRES_COMMAND_OK, problem == nil {
                problem = failure(result, name)
            }
            PQclear(result)
        }
        if let problem { throw problem }
        guard isAlive else { throw failure(nil, name) }
    }

    // MARK: Notifications

    public struct Notification: Sendable {
        public let channel: String
        public let payload: String

        public init(channel: String, payload: String) {
            self.channel = channel
            self.payload = payload
        }
    }

    public func listen(_ channel: String) throws(PostgresError) {
        try script("listen \"\(channel)\"", named: "listen")
    }

    /// Waits up to `milliseconds` for notifications; an empty answer means that none came.
    public func notifications(milliseconds: Int32) throws(PostgresError) -> [Notification] {
        var found = takeNotifications()
        if !found.isEmpty { return found }
        var descriptor = pollfd(fd: PQsocket(raw), events: Int16(POLLIN), revents: 0)
        let ready = poll(&descriptor, 1, milliseconds)
        if ready > 0, PQconsumeInput(raw) == 0 { throw failure(nil, "listen") }
        found = takeNotifications()
        if found.isEmpty, PQstatus(raw) != CONNECTION_OK { throw failure(nil, "listen") }
        return found
    }

    private func takeNotifications() -> [Notification] {
        var found: [Notification] = []
        while let notify = PQnotifies(raw) {
            found.append(
                Notification(
                    channel: String(cString: notify.pointee.relname),
                    payload: String(cString: notify.pointee.extra)))
            PQfreemem(notify)
        }
        return found
    }

    // MARK: Results

    @discardableResult
    private func finish(
        _ result: OpaquePointer?, _ name: String
    ) throws(PostgresError) -> Rows {
        guard let result else { throw failure(nil, name) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            return Rows(result, statement: name)
        default:
            defer { PQclear(result) }
            throw failure(result, name)
        }
    }

    private func lastMessage() -> String {
        trimmed(String(cString: PQerrorMessage(raw)))
    }

    private func failure(_ result: OpaquePointer?, _ name: String) -> PostgresError {
        func field(_ code: Character) -> String {
            guard let result, let value = PQresultErrorField(result, Int32(code.asciiValue ?? 0))
            else { return "" }
            return String(cString: value)
        }
        let state = field("C")
        let lost = PQstatus(raw) != CONNECTION_OK
        let primary = field("M")
        return PostgresError(
            sqlState: lost ? "08006" : (state.isEmpty ? "08006" : state),
            message: primary.isEmpty ? lastMessage() : primary, detail: field("D"),
            constraint: field("n"), statement: name)
    }

    private func trimmed(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
