public import Commands
public import Postgres

/// Dated reference facts, as `kabinet import tariffs|norms|…` adds them.
public enum ReferenceRows {
    public static let statements: [Statement] =
        ["store/reference_codes"]
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
