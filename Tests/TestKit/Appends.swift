public import Postgres
public import Queue
import Threads

/// UUIDv7 ids that come out the same in every run: a millisecond apart, random bits from a seed.
public final class Identifiers: Sendable {
    private let state: Monitor<(generator: Seeded, milliseconds: Int64)>

    /// - Parameter start: milliseconds since 1970 of the first id; without it, today's midnight (UTC), so that the ids'
    ///   partition exists.
    public init(seed: UInt64 = 1, start: Int64? = nil) {
        let now = realMicroseconds() / 1000
        state = Monitor((Seeded(seed), start ?? now - now % 86_400_000))
    }

    public func next() -> Identifier {
        state.read { state in
            state.milliseconds += 1
            let random = (state.generator.next(), state.generator.next())
            return .v7(milliseconds: state.milliseconds, random: random)
        }
    }
}

extension NewCommand {
    /// A command of no interest but for what is said.
    public static func sample(
        _ kind: String, subject: Int64 = 0, payload: String = "{}", id: Identifier? = nil,
        awaited: Bool = false, cause: Identifier? = nil, receivedAt: Int64? = nil
    ) -> NewCommand {
        let now = realMicroseconds()
        var system = SystemRandomNumberGenerator()
        return NewCommand(
            id: id ?? .v7(milliseconds: now / 1000, random: (system.next(), system.next())),
            kind: kind, organization: "test", subject: subject, payload: Array(payload.utf8),
            actor: "test", channel: "test", cause: cause, awaited: awaited,
            receivedAt: receivedAt ?? now)
    }
}

extension TestDatabase {
    /// Registers pools with their kinds and returns the map; throws when one is there already and differs.
    @discardableResult
    public func pools(_ pools: (policy: PoolPolicy, kinds: [String])...) throws -> PoolMap {
        let connection = try connection()
        let problems = try PoolMap.register(pools, on: connection)
        guard problems.isEmpty else {
            throw TestKitError(problems.joined(separator: "; "))
        }
        return try PoolMap(on: connection)
    }

    /// Appends as ingress does, one flush, on a session of its own. Throws when one is not accepted.
    public func append(_ commands: [NewCommand]) throws {
        let appender = try Appender(on: connection(role: "kabinet_ingress"))
        try appender.append(commands)
    }

    public func append(_ commands: NewCommand...) throws { try append(commands) }

    /// The present state of one command, nil when it is not there.
    public func state(of id: Identifier) throws -> CommandState? {
        try CommandState.of([id], on: connection(role: "kabinet_ingress")).first
    }
}

extension Appender {
    /// One flush of commands without idempotency keys. Throws when one is not accepted.
    public func append(_ commands: [NewCommand]) throws {
        let answers = try append(commands.map { Append($0) }, now: realMicroseconds())
        for (command, answer) in zip(commands, answers) where answer != .accepted {
            throw TestKitError("\(command.kind) \(command.id) was not accepted: \(answer)")
        }
    }
}
