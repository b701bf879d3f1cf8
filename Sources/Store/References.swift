public import Commands
public import Postgres

/// Dated reference facts, as `kabinet import tariffs|norms|…` adds them.
public enum ReferenceRows {
    public static let statements: [Statement] =
        ["store/reference_codes", "store/undersupply_lock", "store/undersupply_corrections"]
        + ImportRows.What.allCases.compactMap(statement)

    /// What rows may name: codes of kinds, suppliers and penalty rules.
    public struct Codes: Sendable {
        public var kinds: Set<String> = []
        public var suppliers: Set<String> = []
        public var penalties: Set<String> = []
    }

    public static func codes(
        of organization: String, on connection: Connection
    ) throws -> Codes {
        var codes = Codes()
        try connection.run("store/reference_codes", .text(organization)).forEach { row in
            switch row.text(0) {
            case "kind": codes.kinds.insert(row.text(1))
            case "supplier": codes.suppliers.insert(row.text(1))
            default: codes.penalties.insert(row.text(1))
            }
        }
        return codes
    }

    /// Adds those that are new; answers how many were.
    public static func put(
        _ rows: [JSON], _ what: ImportRows.What, organization: String, on connection: Connection
    ) throws -> Int {
        guard !rows.isEmpty, let statement = statement(what) else { return 0 }
        return try connection.run(
            statement, .text(organization), .json(JSON.array(rows).bytes)
        ).affected
    }

    /// Days without a service. Of a month that is billed already its accounts are charged anew by the next close, for the reason
    /// that the row gives.
    /// - Parameters:
    ///   - accounts: those that rows name themselves.
    ///   - actor: who told it, and when.
    /// - Returns: how many rows were new.
    public static func putUndersupply(
        _ rows: [JSON], accounts: [Int64], organization: String, by actor: String, at: Int64,
        on connection: Connection
    ) throws -> Int {
        guard !rows.isEmpty else { return 0 }
        // Behind the lock a month of theirs is either billed, or will be charged with the new rows.
        let houses = Set(rows.compactMap { $0["house"]?.string }).sorted()
        var ofHouse: [String: [Int64]] = [:]
        var ofNumber: [String: Int64] = [:]
        try connection.run(
            "store/undersupply_lock", .text(organization), .texts(houses), .int64s(accounts)
        ).forEach { row in
            ofNumber[row.text(1)] = row.int64(0)
            if let house = row.optional(2, row.text) {
                ofHouse[house, default: []].append(row.int64(0))
            }
        }
        var told: [(account: Int64, month: Int32, why: String, kind: String)] = []
        let added = try connection.run(
            "store/put_undersupply", .text(organization), .json(JSON.array(rows).bytes))
        added.forEach { row in
            let about =
                row.optional(0, row.text).map { ofHouse[$0] ?? [] }
                ?? row.optional(1, row.text).flatMap { ofNumber[$0] }.map { [$0] } ?? []
            told += about.map { ($0, row.date(2), row.text(3), row.text(4)) }
        }
        if !told.isEmpty {
            try connection.run(
                "store/undersupply_corrections", .int64s(told.map(\.account)),
                .dates(told.map(\.month)), .texts(told.map(\.why)), .texts(told.map(\.kind)),
                .text(actor), .timestamp(at))
        }
        return added.affected
    }

    private static func statement(_ what: ImportRows.What) -> Statement? {
        switch what {
        case .suppliers: "store/put_suppliers"
        case .chargeKinds: "store/put_charge_kinds"
        case .contracts: "store/put_contracts"
        case .tariffs: "store/put_tariffs"
        case .norms: "store/put_norms"
        case .multipliers: "store/put_multipliers"
        case .undersupply: "store/put_undersupply"
        case .houseAreas: "store/put_house_areas"
        case .keyRates: "store/put_key_rates"
        case .workdays: "store/put_workdays"
        case .dueDays: "store/put_due_days"
        case .accounts, .meters, .readings, .proofs, .houseMeters, .houseReadings, .payments,
            .bills,
            .balances, .charges:
            nil
        }
    }
}
