public import Commands
public import Domain
public import Postgres

/// Notices and what became of them.
///
/// To tell somebody something, a decision carries `Change.noticeOrdered`, or who decides without changes calls `add`; either
/// way the deliveries of the orders that `add` gives back, and of no others, follow from the batch.
public enum Notices {
    public static let statements: [Statement] = [
        "store/add_notices", "store/lock_reports", "store/take_reports", "store/keep_reports",
        "store/find_notices", "store/report_notices", "store/notice_commands", "store/lost_notices",
        "store/sealing_key",
    ]

    /// Writes notices under their keys. Returns those whose key was new.
    public static func add(
        _ orders: [NoticeOrder], on connection: Connection
    ) throws -> [NoticeOrder] {
        guard !orders.isEmpty else { return [] }
        // One order of keys in every lane: of two with the same ones, one waits for the other.
        let sorted = orders.sorted { ($0.organization, $0.key) < ($1.organization, $1.key) }
        let new = Set(
            try connection.run(
                "store/add_notices", .ids(sorted.map(\.id.identifier)),
                .texts(sorted.map(\.organization)), .texts(sorted.map(\.key)),
                .texts(sorted.map(\.channel.rawValue)),
                .texts(sorted.map(\.outgoing.notice.rawValue)),
                .texts(sorted.map { $0.channel.masked($0.outgoing.to) }),
                .ids(sorted.map { $0.first?.identifier })
            ).map { $0.id(0) })
        return orders.filter { new.contains($0.id.identifier) }
    }

    /// The public key to which a code or a link is sealed (`SealedBox.seal(text:to:)`): the newest one published. Nil: nobody
    /// has published one, and no notice with a secret can be ordered.
    public static func sealingKey(on connection: Connection) throws -> [UInt8]? {
        try connection.run("store/sealing_key").first?.bytes(0)
    }

    /// What came of sending one.
    public struct Settled: Sendable {
        public var command: Identifier
        /// Nil: it will be tried again.
        public var state: String?
        public var provider: String?
        public var providerID: String?
        public var code: String?

        public init(
            _ command: Identifier, state: String?, provider: String? = nil,
            providerID: String? = nil, code: String? = nil
        ) {
            self.command = command
            self.state = state
            self.provider = provider
            self.providerID = providerID
            self.code = code
        }
    }

    /// Writes what came of sending, and takes reports that were faster. Returns the fallbacks that follow from those.
    public static func settle(
        _ settled: [Settled], attempts: Int, newID: () -> CommandID, on connection: Connection
    ) throws -> [NoticeOrder] {
        guard !settled.isEmpty else { return [] }
        let named = settled.filter { $0.providerID != nil }
        let names: [Value] = [.texts(named.map(\.provider)), .texts(named.map(\.providerID))]
        if !named.isEmpty { try connection.send("store/lock_reports", names) }
        try connection.send(
            "store/settle_notices", .ids(settled.map(\.command)), .texts(settled.map(\.state)),
            .texts(settled.map(\.provider)), .texts(settled.map(\.providerID)),
            .texts(settled.map(\.code)), .int32(Int32(attempts)))
        guard !named.isEmpty else { return [] }
        let early = try connection.run("store/take_reports", names).map { row in
            (provider: row.text(0), id: row.text(1), state: row.text(2), code: row.text(3))
        }
        var latest: [Identifier: (state: String, code: String)] = [:]
        for report in early {
            for one in named where one.provider == report.provider && one.providerID == report.id {
                latest[one.command] = (report.state, report.code)
            }
        }
        return try report(latest, newID: newID, on: connection)
    }

    /// Of these notices, those that will not arrive, with their keys.
    public static func lost(
        _ commands: [Identifier], on connection: Connection
    ) throws -> [Identifier: String] {
        let rows = try connection.run("store/lost_notices", .ids(commands)).map {
            ($0.id(0), $0.text(1))
        }
        return Dictionary(rows) { first, _ in first }
    }

    /// Writes what gateways say. Repeated or late reports change nothing. Returns the fallbacks of what was not delivered.
    public static func report(
        _ reports: [NoticeReport], newID: () -> CommandID, on connection: Connection
    ) throws -> [NoticeOrder] {
        let items = reports.flatMap { report in report.items.map { (report.gateway, $0) } }
        let commands = items.map { Identifier($0.1.id) }
        let names: [Value] = [.texts(items.map(\.0)), .texts(items.map(\.1.id))]
        try connection.send("store/lock_reports", names)
        let found = try connection.run("store/find_notices", [.ids(commands)] + names).map {
            (Int($0.int64(0)), $0.id(1))
        }
        var owners: [Int: Identifier] = [:]
        for (place, owner) in found { owners[place - 1] = owner }

        var latest: [Identifier: (state: String, code: String)] = [:]
        var unknown: [String: (gateway: String, item: NoticeReport.Item)] = [:]
        for (index, (gateway, item)) in items.enumerated() {
            if let owner = owners[index] {
                if rank(item.state.rawValue) >= rank(latest[owner]?.state) {
                    latest[owner] = (item.state.rawValue, item.code)
                }
            } else if commands[index] == nil {
                // Nobody knows it yet: the call that sent it has not been written down.
                let key = "\(gateway) \(item.id)"
                if rank(item.state.rawValue) >= rank(unknown[key]?.item.state.rawValue) {
                    unknown[key] = (gateway, item)
                }
            }
        }
        if !unknown.isEmpty {
            let kept = unknown.sorted { $0.key < $1.key }.map(\.value)
            try connection.send(
                "store/keep_reports", .texts(kept.map(\.gateway)), .texts(kept.map(\.item.id)),
                .texts(kept.map(\.item.state.rawValue)), .texts(kept.map(\.item.code)))
        }
        return try report(latest, newID: newID, on: connection)
    }

    /// As `facts.notice_rank`.
    private static func rank(_ state: String?) -> Int {
        switch state {
        case nil: 0
        case "sent": 1
        case "undelivered": 2
        default: 3
        }
    }

    private static func report(
        _ latest: [Identifier: (state: String, code: String)], newID: () -> CommandID,
        on connection: Connection
    ) throws -> [NoticeOrder] {
        guard !latest.isEmpty else { return [] }
        let rows = latest.sorted { $0.key < $1.key }
        let changed = try connection.run(
            "store/report_notices", .ids(rows.map(\.key)), .texts(rows.map(\.value.state)),
            .texts(rows.map(\.value.code))
        ).map { (id: $0.id(0), organization: $0.text(1), key: $0.text(2), state: $0.text(3)) }
        let lost = changed.filter { $0.state == "undelivered" }
        guard !lost.isEmpty else { return [] }
        let claimed = try connection.run("store/notice_commands", .ids(lost.map(\.id))).map {
            (
                id: $0.id(0), kind: $0.text(1), payload: $0.json(2), actor: $0.text(3),
                via: $0.text(4), receivedAt: $0.timestamp(5)
            )
        }
        return claimed.compactMap { row in
            guard let place = lost.first(where: { $0.id == row.id }),
                let kind = Command.Kind(rawValue: row.kind)
            else { return nil }
            // What an older release wrote and this one cannot read has no fallback.
            let command: Command
            do {
                command = try Command(kind, JSON.parse(row.payload))
            } catch {
                return nil
            }
            return fallback(
                of: command, id: row.id, organization: place.organization, key: place.key,
                actor: row.actor, via: row.via, receivedAt: row.receivedAt, newID: newID)
        }
    }

    /// The same notice by the other channel, under a key of its own; nil where there is none.
    public static func fallback(
        of command: Command, id: Identifier, organization: String, key: String, actor: String,
        via: String, receivedAt: Int64, newID: () -> CommandID
    ) -> NoticeOrder? {
        let channel: NoticeChannel
        let other: Outgoing
        switch command {
        case .sendLetter(let body):
            guard let fallen = body.fallen else { return nil }
            (channel, other) = (.message, fallen)
        case .sendMessage(let body):
            guard let fallen = body.fallen else { return nil }
            (channel, other) = (.letter, fallen)
        default: return nil
        }
        let first = CommandID(high: id.high, low: id.low)
        return NoticeOrder(
            id: newID(), organization: organization, key: "\(key)/\(channel.rawValue)",
            channel: channel, outgoing: other, cause: first, actor: actor, via: via,
            receivedAt: receivedAt, first: first)
    }
}
