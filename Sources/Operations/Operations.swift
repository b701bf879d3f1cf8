/// What operators run: organizations, tokens, imports, commands by hand, the queue's state, the
/// doctor. It appends commands and reads what became of them; it decides nothing. It never prints:
/// the command line shows what is returned here.
import Commands
import Crypto
import Glibc
public import Postgres
import Queue

/// Who is at the keyboard, and the session that works for them.
public struct Console {
    public let connection: Connection
    /// `operator:` and the name of the system's user: what the audit and the commands keep.
    public let actor: String

    public init(_ connection: Connection, actor: String = Console.systemUser) {
        self.connection = connection
        self.actor = actor
    }

    /// The system's user; behind sudo the one who called it.
    public static var systemUser: String {
        if let caller = getenv("SUDO_USER"), caller.pointee != 0 {
            return "operator:" + String(cString: caller)
        }
        guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else {
            return "operator:\(getuid())"
        }
        return "operator:" + String(cString: name)
    }

    /// Domain time in microseconds since 1970-01-01 UTC: what commands are received at.
    func now() throws -> Int64 {
        guard let row = try connection.run("operations/now").first else {
            throw OperationError(.noAnswer)
        }
        return row.timestamp(0)
    }

    /// Writes down who did what. Call it in the transaction of what was done.
    /// - Parameter about: whom or what it concerns: `account …`, `login …`, `person …`, `operator …`.
    func audit(
        _ action: String, _ organization: String?, _ details: JSON, about: [String] = []
    ) throws {
        try connection.run(
            "operations/audit", .text(actor), .text(action), .text(organization),
            .json(details.bytes), .texts(about), .text(details["why"]?.string))
    }

    /// Until a batch is announced, but not for less than a tenth of a second: a busy queue
    /// announces many. Listens before: `queue_decided`.
    func pause() throws {
        let began = monotonicMicroseconds()
        var announced = false
        while true {
            let passed = (monotonicMicroseconds() - began) / 1000
            if passed >= 1000 || announced && passed >= 100 { return }
            let left = Int32(announced ? 100 - passed : min(1000 - passed, 250))
            let found = try connection.notifications(milliseconds: max(1, left))
            announced = announced || !found.isEmpty
            if found.isEmpty, !announced { return }
        }
    }

    /// Appends commands, with what `body` writes besides, in one transaction, by the pool map in
    /// force.
    func append(_ commands: [NewCommand], _ body: () throws -> Void = {}) throws {
        try PoolMap.use(on: connection) { map in
            for command in commands
            where map.place(kind: command.kind, subject: command.subject) == nil {
                throw OperationError(.noPool(command.kind))
            }
            try connection.transaction {
                try follow(commands, map: map, on: connection)
                try body()
            }
        }
    }

    /// Refuses a code that no profile was applied for.
    func requireOrganization(_ code: String) throws {
        guard try connection.run("operations/organizations", .texts([code])).first != nil else {
            throw OperationError(.unknownOrganization(code))
        }
    }
}

/// Something that an operator asked for cannot be done; nothing was changed.
public struct OperationError: Error, Sendable, CustomStringConvertible {
    public let phrase: Phrase
    public init(_ phrase: Phrase) { self.phrase = phrase }
    public var description: String { phrase.english }
}

/// Microseconds since 1970-01-01 UTC of the machine's clock: ids and durations, never domain time.
func realMicroseconds() -> Int64 { microseconds(CLOCK_REALTIME) }

/// Microseconds of a clock that never goes back.
func monotonicMicroseconds() -> Int64 { microseconds(CLOCK_MONOTONIC) }

private func microseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
}

/// A new command id.
func newIdentifier() -> Identifier {
    .v7(milliseconds: realMicroseconds() / 1000, random: Secrets.randomWords())
}

extension Row {
    /// A `jsonb` column as a value. What the database holds was checked when it came in.
    func parsed(_ column: Int) throws -> JSON { try JSON.parse(json(column)) }
}
