import Commands
import Crypto
import Domain
import Postgres
import Queue
import Store
import Telemetry
import TestKit
import Threads
import Workers

/// An organization that tells people things: orders go through the deciding side's own way, and are delivered when a test says
/// so. Lanes step by hand, so nothing is waited for but servers.
final class Depot {
    let database: TestDatabase
    let owner: Connection
    let telemetry = Telemetry.collecting()
    let key = SealingKey()
    private let worker: Connection
    private let map: PoolMap
    private let post: Post
    private var lanes: [String: Lane] = [:]
    private let policies: [PoolPolicy]
    private var rooms: [String: Mailroom] = [:]
    private let ids = Identifiers(
        seed: UInt64.random(in: 1 ... .max), start: realMicroseconds() / 1000)
    private let desk = Desk()
    private let timeout: Int

    init(
        mail: MailRoute? = nil, messages: MessageRoute? = nil, timeout: Int = 10_000,
        calls: Int = 4, attempts: Int = 10, firstPause: Int = 3_600_000,
        longestPause: Int = 3_600_000
    ) throws {
        database = try TestDatabase("deliver")
        owner = try database.connection()
        self.timeout = timeout
        try owner.script(
            """
            insert into access.profile (organization, valid_from, profile, applied_by)
            values ('srkc', '2000-01-01', '{"code": "srkc", "name": "ООО «СРКЦ»", "title": "ЛК",
              "time_zone": "Asia/Irkutsk", "companies": [{"code": "c", "name": "С"}],
              "services": ["cold_water"], "readings": {}}', 'test')
            """)
        let policy = { (name: String, delivery: Bool) in
            PoolPolicy(
                name: name, delivery: delivery, lanes: 1, threads: 1, batch: 50,
                attempts: attempts, backoffFirst: 600_000, timeout: timeout,
                onFailure: { _ in .skip })
        }
        policies = [
            policy("letters", true), policy("messages", true), policy("reports", false),
            policy("mailings", true),
        ]
        map = try database.pools(
            (policies[0], ["letter.send"]), (policies[1], ["message.send"]),
            (policies[2], ["notice.report", "queue.idle"]), (policies[3], ["mailing.send"]))
        worker = try Connection(
            database.address(role: "kabinet_workers"), library: database.library,
            preparing: Lane.statements + Desk.statements + Mailroom.statements)
        post = Post(
            mail: mail, messages: messages, publicURL: "https://lk.example.ru", keys: [key],
            telemetry: telemetry, firstPause: firstPause, longestPause: longestPause)
        for (policy, kind) in zip(
            policies, ["letter.send", "message.send", "", "mailing.send"])
        {
            guard let pool = map.pool(named: policy.name) else { throw TestKitError("no pool") }
            lanes[policy.name] = Lane(pool: pool.id, lane: 0, batch: policy.batch)
            if policy.delivery {
                rooms[policy.name] = Mailroom(post, kinds: [kind]) {
                    .init(calls: calls, timeout: timeout, attempts: attempts)
                }
            }
        }
    }

    // MARK: Ordering

    func sealed(_ text: String) throws -> String {
        try SealedBox.seal(text: text, to: key.publicKey)
    }

    /// Orders as a deciding lane does: the notices and what follows from them in one transaction, behind a claim.
    @discardableResult
    func order(
        _ orders: [(key: String, channel: NoticeChannel, outgoing: Outgoing)]
    ) throws -> [Identifier] {
        let ids = orders.map { _ in self.ids.next() }
        let notices = zip(orders, ids).map { order, id in
            NoticeOrder(
                id: CommandID(high: id.high, low: id.low), organization: "srkc", key: order.key,
                channel: order.channel, outgoing: order.outgoing, cause: nil, actor: "test",
                via: "resident", receivedAt: realMicroseconds())
        }
        try database.append(.sample("queue.idle"))
        let decider = Deciding { batch, connection in
            Decided(
                verdicts: batch.map { _ in .done },
                follow: try Notices.add(notices, on: connection).map(NewCommand.init))
        }
        try decide(decider)
        return ids
    }

    @discardableResult
    func letter(
        _ to: String, _ notice: Notice = .passwordChanged, key: String? = nil,
        values: [String: String]? = nil, secret: String? = nil, expiresAt: Int64? = nil,
        unsubscribe: String? = nil, fallback: String? = nil, language: String = "ru"
    ) throws -> Identifier {
        let outgoing = Outgoing(
            to: to, notice: notice, language: language,
            values: values
                ?? (notice == .passwordChanged ? ["time": "2026-04-18T10:23:05+08:00"] : [:]),
            secret: try secret.map { try sealed($0) }, expiresAt: expiresAt,
            unsubscribe: try unsubscribe.map { try sealed($0) }, fallback: fallback)
        return try order([(key ?? "\(notice.rawValue)/\(to)", .letter, outgoing)])[0]
    }

    @discardableResult
    func message(
        _ to: String, _ notice: Notice = .phoneCode, secret: String? = "482913",
        expiresAt: Int64? = nil, fallback: String? = nil, key: String? = nil,
        language: String = "ru", values: [String: String] = [:]
    ) throws -> Identifier {
        let outgoing = Outgoing(
            to: to, notice: notice, language: language, values: values,
            secret: try secret.map { try sealed($0) }, expiresAt: expiresAt, fallback: fallback)
        return try order([(key ?? "\(notice.rawValue)/\(to)", .message, outgoing)])[0]
    }

    // MARK: Working

    private func decide(_ decider: any Decider) throws {
        guard var lane = lanes["reports"] else { throw TestKitError("no lane") }
        defer { lanes["reports"] = lane }
        while true {
            let step = try lane.step(on: worker, policy: policies[2], map: map, decider: decider)
            if case .idle = step { return }
        }
    }

    /// Decides what gateways reported.
    func report(_ gateway: String, _ items: [NoticeReport.Item]) throws {
        let command = Command.reportNotices(NoticeReport(gateway: gateway, items: items))
        try database.append(
            .sample(
                "notice.report", payload: String(decoding: command.json.bytes, as: UTF8.self)))
        try decide(desk)
    }

    /// One step of a delivery lane.
    @discardableResult
    func step(_ pool: String = "letters") throws -> Lane.Step {
        guard var lane = lanes[pool], let room = rooms[pool],
            let policy = policies.first(where: { $0.name == pool })
        else { throw TestKitError("no pool \(pool)") }
        defer { lanes[pool] = lane }
        return try lane.deliver(
            on: worker, policy: policy, map: map, deliverer: room, most: .max)
    }

    /// Steps until there is nothing to do now, or nobody can be called.
    func deliver(_ pool: String = "letters") throws {
        while true {
            switch try step(pool) {
            case .idle, .paused: return
            default: continue
            }
        }
    }

    /// What waits for its next try may go now, without the backoff's wait.
    func makeDue() throws {
        try owner.script(
            "update queue.hold set next_at = clock_timestamp() where state = 'waiting'")
    }

    /// A process that was killed after its calls: it forgets what it had not recorded.
    func forget(_ pool: String) throws {
        guard let found = map.pool(named: pool) else { throw TestKitError("no pool") }
        lanes[pool] = Lane(pool: found.id, lane: 0, batch: 50)
    }

    // MARK: What there is

    /// `letter registration.code iv***@mail.ru sent smtp 1` a line, in the order of their keys.
    func notices() throws -> [String] {
        try owner.script(
            """
            select concat_ws(' ', channel, notice, contact, state, provider, attempts)
            from facts.notice order by key
            """
        ).map { $0.text(0) }
    }

    func state(_ id: Identifier) throws -> String {
        try text("select state from facts.notice where command = '\(id)'")
    }

    func text(_ sql: String) throws -> String {
        guard let row = try owner.script(sql).first else { throw TestKitError("no row: \(sql)") }
        return row.isNull(0) ? "" : row.text(0)
    }

    func count(_ sql: String) throws -> Int { Int(try text("select count(*) from \(sql)")) ?? -1 }

    func set(clock: String?) throws {
        try owner.script(
            clock.map {
                "insert into clock.test (now) values ('\($0)') on conflict (single) do update set now = excluded.now"
            }
                ?? "delete from clock.test")
    }
}

extension Lane.Step {
    var isPaused: Bool {
        if case .paused = self { return true }
        return false
    }

    var isIdle: Bool {
        if case .idle = self { return true }
        return false
    }
}
