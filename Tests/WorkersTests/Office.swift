import Commands
import Crypto
import Postgres
import Queue
import Store
import Synchronization
import TestKit
import Threads
import Workers

/// One organization with its desk on a real database: commands go in through the queue, and are decided when a test says
/// so, in batches of the size that it says. Offices of one database share its lanes, so their suite is serialized.
final class Office {
    let database: TestDatabase
    let code: String
    let policy: PoolPolicy
    let map: PoolMap
    let owner: Connection
    let door: Connection
    private let appender: Appender
    private let ids: Identifiers
    private let desk: Desk
    private let accountsInPart: Int
    /// What passwords, codes and links are sealed to.
    let key = SealingKey()
    /// Whether the database's time is this office's: sessions and codes are judged by it.
    private let followsClock: Bool
    private var lanes: [Lane]
    private var workers: [Connection]
    /// Microseconds since 1970 at which the next command is received; each comes a second after the one before.
    var now: Int64

    static let kinds = Command.Kind.allCases.filter {
        $0 != .sendLetter && $0 != .sendMailing && $0 != .sendMessage
    }.map(\.rawValue)

    private static let count = Atomic<Int>(0)

    init(
        _ database: TestDatabase, zone: String = "Asia/Irkutsk", lanes: Int = 1, batch: Int = 500,
        readings: String = "{}", identity: String? = nil, charges: String? = nil,
        accountsInPart: Int = 2000, onFailure: OnFailure = .skip, attempts: Int = 1
    ) throws {
        self.database = database
        followsClock = identity != nil
        let number = Office.count.add(1, ordering: .relaxed).newValue
        code = "o\(number)"
        owner = try database.connection()
        policy = PoolPolicy(
            name: "readings", delivery: false, lanes: lanes, threads: 1, batch: batch,
            attempts: attempts, backoffFirst: 600_000, timeout: 10_000,
            onFailure: { _ in onFailure }, rate: nil)
        // Where people are told something, what tells them waits in a pool of its own.
        let letters = PoolPolicy(
            name: "letters", delivery: true, lanes: 1, threads: 1, batch: 10, attempts: 1,
            backoffFirst: 600_000, timeout: 10_000, onFailure: { _ in .skip }, rate: nil)
        map =
            try identity == nil
            ? database.pools((policy, Office.kinds))
            : database.pools(
                (policy, Office.kinds), (letters, ["letter.send", "mailing.send", "message.send"]))
        guard let pool = map.pool(named: policy.name) else { throw TestKitError("no pool") }
        self.lanes = (0..<lanes).map { Lane(pool: pool.id, lane: Int16($0), batch: batch) }
        self.accountsInPart = accountsInPart
        desk = Desk(accountsInPart: accountsInPart, keys: [key])
        workers = []
        ids = Identifiers(seed: UInt64(number))
        let ingress = try database.connection(role: "kabinet_ingress")
        door = ingress
        appender = try Appender(on: ingress)
        // 18 April 2026, noon in Irkutsk.
        now = try owner.moment("2026-04-18 12:00:00+08")
        try open(code, zone: zone, readings: readings, identity: identity, charges: charges)
    }

    func open(
        _ code: String, zone: String = "Asia/Irkutsk", readings: String = "{}",
        identity: String? = nil, charges: String? = nil
    ) throws {
        try owner.script(
            """
            insert into access.profile (organization, valid_from, profile, applied_by)
            values ('\(code)', '2000-01-01', '{"code": "\(code)", "name": "О", "title": "ЛК",
              "time_zone": "\(zone)", "companies": [{"code": "c", "name": "С"}],
              "services": ["cold_water", "electricity"], "readings": \(readings)
              \(identity.map { ", \"identity\": \($0)" } ?? "")
              \(charges.map { ", \"charges\": \($0)" } ?? "")}', 'test')
            """)
    }

    /// A worker's session, with all prepared.
    func worker() throws -> Connection {
        try Connection(
            database.address(role: "kabinet_workers"), library: database.library,
            preparing: Lane.statements + Desk.statements)
    }

    // MARK: Commands

    func command(
        _ kind: Command.Kind, _ body: String, channel: Channel = .api, organization: String? = nil,
        actor: String = "test", at: String? = nil
    ) throws -> NewCommand {
        let organization = organization ?? code
        let command = try Command(kind, JSON.parse(Array(body.utf8)))
        if let at { now = try owner.moment(at) }
        defer { now += 1_000_000 }
        return NewCommand(
            id: ids.next(), kind: kind.rawValue, organization: organization,
            subject: command.subject(organization: organization, actor: actor),
            payload: command.json.bytes, actor: actor, channel: channel.rawValue, receivedAt: now)
    }

    func append(_ commands: [NewCommand]) throws { try appender.append(commands) }

    /// Appends one command and returns its id, which is that of its reading too.
    @discardableResult
    func ask(
        _ kind: Command.Kind, _ body: String, channel: Channel = .api, actor: String = "test",
        at: String? = nil
    ) throws -> Identifier {
        let command = try command(kind, body, channel: channel, actor: actor, at: at)
        try append([command])
        return command.id
    }

    @discardableResult
    func submit(
        _ values: [String], _ more: String = "", account: String = "120", meter: String = "M",
        channel: Channel = .api, at: String? = nil
    ) throws -> Identifier {
        let registers = zip(["T1", "T2", "T3"], values).map { "\"\($0)\":\"\($1)\"" }
        return try ask(
            .submitReading,
            """
            {"account":"\(account)","meter":"\(meter)","values":{\(registers.joined(separator: ","))}\
            \(more.isEmpty ? "" : ",")\(more)}
            """, channel: channel, at: at)
    }

    @discardableResult
    func delete(_ reading: Identifier, account: String = "120") throws -> Identifier {
        try ask(.deleteReading, #"{"account":"\#(account)","reading":"\#(reading)"}"#)
    }

    func account(_ number: String, _ more: String = "") throws {
        try ask(.openAccount, #"{"account":"\#(number)"\#(more.isEmpty ? "" : ",")\#(more)}"#)
    }

    func meter(
        _ number: String, _ more: String = #""service":"cold_water""#, account: String = "120",
        digits: Int = 5
    ) throws {
        try ask(
            .installMeter,
            #"{"account":"\#(account)","meter":"\#(number)","digits":\#(digits),"decimals":3,\#(more)}"#
        )
    }

    // MARK: Deciding

    /// Decides all that waits. Throws when a command failed: rules never do.
    func decide() throws {
        if followsClock { try setClock() }
        try work(desk)
        let failed = try owner.script(
            """
            select e.body::text from queue.exception e join queue.command c on c.id = e.command
            where e.kind in ('failed', 'abandoned') and c.organization = '\(code)'
            """)
        if let row = failed.first { throw TestKitError("a command failed: \(row.text(0))") }
    }

    /// Decides all that waits, every lane on a thread of its own at the same time.
    func together() throws { try start()() }

    /// Begins to; what it returns waits for the end, and throws when a lane met something else than work.
    func start() throws -> () throws -> Void {
        if followsClock { try setClock() }
        let told = Monitor<[String]>([])
        guard let pool = map.pool(named: policy.name) else { throw TestKitError("no pool") }
        let threads = lanes.indices.map { index in
            let (database, policy, map, keys, part) = (database, policy, map, [key], accountsInPart)
            return Worker("lane \(index)") {
                do {
                    let connection = try Connection(
                        database.address(role: "kabinet_workers"), library: database.library,
                        preparing: Lane.statements + Desk.statements)
                    let desk = Desk(accountsInPart: part, keys: keys)
                    var lane = Lane(pool: pool.id, lane: Int16(index), batch: policy.batch)
                    while true {
                        let step = try lane.step(
                            on: connection, policy: policy, map: map, decider: desk)
                        if case .idle = step { return }
                        if case .worked = step { continue }
                        told.change { $0.append("\(step)") }
                    }
                } catch {
                    told.change { $0.append("\(error)") }
                }
            }
        }
        return {
            for thread in threads { thread.join() }
            let wrong = told.read { $0 }
            guard wrong.isEmpty else { throw TestKitError(wrong.joined(separator: "\n")) }
        }
    }

    /// The domain's time is that of the next command.
    private func setClock() throws {
        try owner.script(
            """
            insert into clock.test (now) values (timestamptz 'epoch' + \(now) * interval '1 microsecond')
            on conflict (single) do update set now = excluded.now
            """)
    }

    /// The lanes' steps until nothing waits, by the desk or by one who fails `poison`. Returns their sessions.
    @discardableResult
    func work(failing poison: Identifier) throws -> [Connection] {
        let desk = desk
        return try work(
            Deciding { batch, connection in
                if batch.contains(where: { $0.id == poison }) { throw TestKitError("poison") }
                return try desk.decide(batch, on: connection)
            })
    }

    @discardableResult
    private func work(_ decider: any Decider) throws -> [Connection] {
        for index in lanes.indices {
            if workers.count == index { workers.append(try worker()) }
            while true {
                let step = try lanes[index].step(
                    on: workers[index], policy: policy, map: map, decider: decider)
                if case .idle = step { break }
            }
        }
        return workers
    }

    func state(_ id: Identifier) throws -> CommandState {
        guard let state = try CommandState.of([id], on: door).first else {
            throw TestKitError("\(id) is gone")
        }
        return state
    }

    /// `done`, or the code of its refusal.
    func outcome(_ id: Identifier) throws -> String {
        let state = try state(id)
        return state.state == .refused ? state.code : state.state.rawValue
    }

    func result(_ id: Identifier) throws -> JSON { try JSON.parse(state(id).body) }

    // MARK: What there is

    /// Rows of one column of text; `$o` in the SQL stands for this organization.
    func texts(_ sql: String) throws -> [String] {
        try owner.script(sql.replacing("$o", with: "'\(code)'")).map { $0.text(0) }
    }

    func text(_ sql: String) throws -> String {
        guard let text = try texts(sql).first else { throw TestKitError("no row: \(sql)") }
        return text
    }

    /// `2026-04 effective 7` a line: readings in the order of their months and receipt.
    func readings(meter: String = "M") throws -> [String] {
        try texts(
            """
            select concat_ws(' ', to_char(r.month, 'YYYY-MM'), r.state,
              (select string_agg((v / 1000000.0)::float::text, '+' order by i)
               from unnest(r.values) with ordinality u(v, i)))
            from facts.reading r join facts.meter m on m.id = r.meter where m.organization = $o and m.number = '\(meter)'
            order by r.month, r.received_at, r.id
            """)
    }

    /// `2026-04 7` a line: what people see of each month.
    func months(meter: String = "M") throws -> [String] {
        try texts(
            """
            select concat_ws(' ', to_char(v.month, 'YYYY-MM'),
              (select string_agg((u / 1000000.0)::float::text, '+' order by i)
               from unnest(v.volumes) with ordinality w(u, i)))
            from views.month v join facts.meter m on m.id = v.meter where m.organization = $o and m.number = '\(meter)'
            order by v.month
            """)
    }

    /// The invariants of the store, and that views and facts say the same.
    func violations() throws -> [String] { try database.violations(in: "store") }
}

extension Connection {
    /// Microseconds since 1970 of a moment as PostgreSQL reads it.
    func moment(_ text: String) throws -> Int64 {
        let rows = try script(
            "select (extract(epoch from '\(text)'::timestamptz) * 1000000)::bigint")
        guard let row = rows.first, let number = Int64(row.text(0)) else {
            throw TestKitError("no moment: \(text)")
        }
        return number
    }
}
