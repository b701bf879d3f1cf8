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
    private let byKind: [String: Pool]

    /// What every process reads before it appends or decides, so it is refused here when it does not belong to this
    /// database (`Misfit`).
    public init(on connection: Connection) throws {
        try Misfit.check(on: connection)
        try self.init(registeredOn: connection)
    }

    private init(registeredOn connection: Connection) throws(PostgresError) {
        pools = try connection.run("queue/pools").map { row in
            Pool(
                id: row.int16(0), name: row.text(1), lanes: Int(row.int16(2)),
                delivery: row.text(3) == "delivery", kinds: row.texts(4))
        }
        var map: [String: Pool] = [:]
        for pool in pools { for kind in pool.kinds { map[kind] = pool } }
        byKind = map
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

    /// Makes missing pools and assigns kinds. Lane counts of existing pools stay; those that differ are returned, for
    /// `kabinet queue resize` is the only way to change them.
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
            let present = try PoolMap(registeredOn: connection)
            return policies.compactMap { entry in
                guard let pool = present.pool(named: entry.policy.name) else { return nil }
                if pool.delivery != entry.policy.delivery {
                    return "pool \(pool.name): the mode of an existing pool cannot change"
                }
                guard pool.lanes != entry.policy.lanes else { return nil }
                return "pool \(pool.name) has \(pool.lanes) lanes, not \(entry.policy.lanes)"
            }
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
