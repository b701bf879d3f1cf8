public import Commands
import Crypto
public import Postgres
public import Queue

/// Appends operators' commands and waits for what becomes of them.
public struct Dispatch {
    private let console: Console
    public init(_ console: Console) { self.console = console }

    public func send(_ command: Command, organization: String) throws -> Identifier {
        try Secrets.start()
        try console.requireOrganization(organization)
        let new = NewCommand(
            id: newIdentifier(), kind: command.kind.rawValue, organization: organization,
            subject: command.subject(organization: organization), payload: command.json.bytes,
            actor: console.actor, channel: Channel.operator.rawValue, awaited: true,
            receivedAt: try console.now())
        try console.connection.listen("queue_decided")
        try console.append([new]) {
            try console.audit(
                new.kind, organization,
                .object([
                    "command": .string(new.id.description), "payload": Self.told(command),
                    "waiting": try waiting(command, organization),
                    "why": command.why.map(JSON.string),
                ]), about: Self.about(command))
        }
        return new.id
    }

    /// Of who takes a correction back: the grounds of all that waited when it was asked for, the newest last.
    private func waiting(_ command: Command, _ organization: String) throws -> JSON? {
        guard case .ledger(.withdrawCorrection(let body)) = command else { return nil }
        return .array(
            try console.connection.run(
                "operations/corrections_waiting", .text(organization), .text(body.account.text),
                .text(body.account.stripped), .date(body.from.first.days)
            ).map { .string($0.text(0)) })
    }

    /// What the audit keeps of a command for ever: contacts only masked.
    private static func told(_ command: Command) -> JSON {
        guard case .identity(.restoreAccess(let body)) = command else { return command.json }
        return .object([
            "login": .string(body.login), "email": .string(body.email.masked),
            "check": .string(body.check.rawValue),
        ])
    }

    private static func about(_ command: Command) -> [String] {
        if let account = command.account { return [AuditAbout.account(account)] }
        return switch command {
        case .identity(.restoreAccess(let body)): [AuditAbout.login(body.login)]
        case .identity(.detachPerson(let body)): body.about
        default: []
        }
    }

    /// The states of commands once all are settled, or when so many seconds have passed. `each`
    /// hears how many are settled, at least once a second, and says whether to go on.
    public func settled(
        _ ids: [Identifier], seconds: Int64, each: (Int) -> Bool = { _ in true }
    ) throws -> [CommandState] {
        try console.connection.listen("queue_decided")
        let deadline = monotonicMicroseconds() + seconds * 1_000_000
        while true {
            let states = try CommandState.of(ids, on: console.connection)
            let count = states.count { $0.state != .pending }
            guard each(count), count < ids.count, monotonicMicroseconds() < deadline else {
                return states
            }
            _ = try console.connection.notifications(milliseconds: 500)
        }
    }

    public struct FollowUps: Sendable, Equatable {
        public var total: Int64
        public var decided: Int64
        public var refused: Int64
        public var abandoned: Int64
    }

    /// How far the commands are that followed from one.
    public func followUps(of cause: Identifier, kind: Command.Kind) throws -> FollowUps {
        guard
            let row = try console.connection.run(
                "operations/follow_ups", .id(cause), .id(Self.first(behind: cause)),
                .text(kind.rawValue)
            ).first
        else { throw OperationError(.noAnswer) }
        return FollowUps(
            total: row.int64(0), decided: row.int64(1), refused: row.int64(2),
            abandoned: row.int64(3))
    }

    /// What those that are decided came to.
    public func results(of cause: Identifier, kind: Command.Kind) throws -> [JSON] {
        try console.connection.run(
            "operations/follow_results", .id(cause), .id(Self.first(behind: cause)),
            .text(kind.rawValue)
        ).map { try JSON.parse($0.json(0)) }
    }

    /// Their ids carry a worker's clock: five minutes are left for its error.
    private static func first(behind cause: Identifier) -> Identifier {
        let milliseconds = cause.high >> 16
        return Identifier(high: (milliseconds - min(milliseconds, 300_000)) << 16, low: 0)
    }

    /// Watches follow-ups to their end. Nil when `each` did not want to wait. A month of a million
    /// accounts has 10,000 of them: whoever watches asks a twentieth of the time at most.
    public func watch(
        followUpsOf cause: Identifier, kind: Command.Kind, each: (FollowUps) -> Bool
    ) throws -> FollowUps? {
        while true {
            let asked = monotonicMicroseconds()
            let now = try followUps(of: cause, kind: kind)
            let took = monotonicMicroseconds() - asked
            let isOver = now.decided + now.abandoned >= now.total
            guard each(now) || isOver else { return nil }
            if isOver { return now }
            let next = asked + took + min(max(500_000, 20 * took), 10_000_000)
            while case let left = next - monotonicMicroseconds(), left > 0 {
                // Each part that is done sends a notification: those that come meanwhile are let by.
                _ = try console.connection.notifications(
                    milliseconds: Int32(min(left / 1_000 + 1, 500)))
                guard each(now) else { return nil }
            }
        }
    }
}
