public import Postgres

/// Which pool and lane take a command: the database's own record, so that every process agrees.
public struct PoolMap: Sendable {
    public struct Pool: Sendable {
        public let id: Int16
        public let name: String
        public let lanes: Int
        public let delivery: Bool
        public let kinds: [String]
    }

    public let pools: [Pool]
    /// Which map this is: 0, and after each resize of a pool another. Who appends says it, and with an old one is
    /// refused (see `isOutdated`): lanes have moved (`sql/migrations/0015_resize.sql`).
    let number: Int64
    private let byKind: [String: Pool]

    /// What every process reads before it appends or decides, so it is refused here when it does not belong to this
    /// database (`Misfit`).
    public init(on connection: Connection) throws {
        try Misfit.check(on: connection)
        try self.init(registeredOn: connection)
    }

    private init(registeredOn connection: Connection) throws(PostgresError) {
        let rows = try connection.run("queue/pools")
        // One statement, one snapshot: the number is that of these very pools.
        number = rows.first?.int64(5) ?? 0
        pools = rows.map { row in
            Pool(
                id: row.int16(0), name: row.text(1), lanes: Int(row.int16(2)),
                delivery: row.text(3) == "delivery", kinds: row.texts(4))
        }
        var map: [String: Pool] = [:]
        for pool in pools { for kind in pool.kinds { map[kind] = pool } }
        byKind = map
    }

    /// Runs `body`, a transaction of its own that appends, with the map in force; again when a resize came between.
    public static func use<Result>(
        on connection: Connection, _ body: (PoolMap) throws -> Result
    ) throws -> Result {
        var attempt = 1
        while true {
            do {
                return try body(PoolMap(on: connection))
            } catch let error as PostgresError where isOutdated(error) && attempt < 5 {
                attempt += 1
            }
        }
    }

    /// Whether an append was refused because its map was read before a resize: nothing was written, and with the map
    /// read anew it will be taken.
    public static func isOutdated(_ error: any Error) -> Bool {
        (error as? PostgresError)?.sqlState == "KB003"
    }

    public func pool(named name: String) -> Pool? { pools.first { $0.name == name } }

    public func pool(taking kind: String) -> Pool? { byKind[kind] }

    /// Nil when no pool takes the kind: workers.yaml does not name it. `pool` instead of its kind's, unless that one
    /// delivers.
    public func place(
        kind: String, subject: Int64, in pool: Int16? = nil
    ) -> (pool: Int16, lane: Int16)? {
        guard let own = byKind[kind] else { return nil }
        let pool = own.delivery ? own : pools.first { $0.id == pool } ?? own
        return (pool.id, Int16(UInt64(bitPattern: subject) % UInt64(pool.lanes)))
    }

    /// Makes missing pools and assigns kinds. Lane counts of existing pools stay; what differs is returned.
    public static func register(
        _ policies: [(policy: PoolPolicy, kinds: [String])], on connection: Connection
    ) throws -> [String] {
        try connection.transaction {
            for (policy, _) in policies {
                try connection.run(
                    "queue/make_pool", .text(policy.name), .int16(Int16(policy.lanes)),
                    .text(policy.delivery ? "delivery" : "decide"))
            }
            let pairs = policies.flatMap { entry in entry.kinds.map { ($0, entry.policy.name) } }
            try connection.run(
                "queue/assign_kind", .texts(pairs.map(\.0)), .texts(pairs.map(\.1)))
            return try PoolMap(registeredOn: connection).differences(from: policies.map(\.policy))
        }
    }

    /// Where the database's pools are not as workers.yaml has them, each with its cure. The database's are in force.
    public func differences(from policies: [PoolPolicy]) -> [String] {
        policies.compactMap { policy in
            guard let pool = pool(named: policy.name) else {
                return "pool \(policy.name) is not registered; next: kabinet migrate"
            }
            if pool.delivery != policy.delivery {
                return "pool \(pool.name): the mode of an existing pool cannot change; "
                    + "next: give the pool another name in workers.yaml"
            }
            guard pool.lanes != policy.lanes else { return nil }
            return "pool \(pool.name) has \(pool.lanes) lanes, workers.yaml says \(policy.lanes); "
                + "next: kabinet queue resize \(pool.name) \(policy.lanes) --why …, "
                + "or lanes: \(pool.lanes) in workers.yaml"
        }
    }
}

/// NOTIFY payloads: which lanes of a pool got something, as a hexadecimal bitmap, lane 0 first.
enum Wake {
    static func payload(pool: Int16, lanes: Set<Int16>) -> String {
        let last = Int(lanes.max() ?? 0)
        var digits = [UInt8](repeating: 0, count: last / 4 + 1)
        for lane in lanes { digits[Int(lane) / 4] |= 1 << UInt8(lane % 4) }
        return "\(pool):" + digits.map { String($0, radix: 16) }.joined()
    }

    static func parse(_ payload: String) -> (pool: Int16, lanes: [Int])? {
        let parts = payload.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let pool = Int16(parts[0]) else { return nil }
        var lanes: [Int] = []
        for (index, digit) in parts[1].enumerated() {
            guard let bits = digit.hexDigitValue else { return nil }
            for bit in 0..<4 where bits & (1 << bit) != 0 { lanes.append(index * 4 + bit) }
        }
        return (pool, lanes)
    }
}
