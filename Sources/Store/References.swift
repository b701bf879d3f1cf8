public import Commands
import Domain
public import Postgres

/// Dated reference facts, as `kabinet import tariffs|norms|…` adds them.
public enum ReferenceRows {
    public static let statements: [Statement] =
        [
            "store/reference_codes", "store/undersupply_lock", "store/undersupply_charged",
            "store/undersupply_corrections",
        ] + ImportRows.What.allCases.compactMap(statement)

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

    /// An account that days without a service are told of.
    public struct LockedAccount: Sendable {
        public let id: Int64
        public let number: String
        public let company: String
        public let house: String?
        public let closedOn: Day?
    }

    /// Behind the lock a month of theirs is either billed, or will be charged with the rows that are put then.
    /// - Parameters:
    ///   - houses: all accounts of these.
    ///   - accounts: and these.
    public static func lock(
        houses: Set<String>, accounts: Set<Int64>, of organization: String,
        on connection: Connection
    ) throws -> [LockedAccount] {
        try connection.run(
            "store/undersupply_lock", .text(organization), .texts(houses.sorted()),
            .int64s(accounts.sorted())
        ).map { row in
            LockedAccount(
                id: row.int64(0), number: row.text(1),
                company: row.optional(2, row.text) ?? "", house: row.optional(3, row.text),
                closedOn: row.optional(4, row.date).map { Day(days: $0) })
        }
    }

    /// What stands of a kind in an account's month.
    public struct Charged: Sendable {
        public let isBilled: Bool
        /// Something was charged or taken off.
        public let isPosted: Bool
        /// All of the month is to be charged anew.
        public let isAsked: Bool
    }

    /// One for each that is wanted, in their order.
    public static func charged(
        _ wanted: [(account: Int64, month: Month, kind: String)], on connection: Connection
    ) throws -> [Charged] {
        guard !wanted.isEmpty else { return [] }
        return try connection.run(
            "store/undersupply_charged", .int64s(wanted.map(\.account)),
            .dates(wanted.map(\.month.first.days)), .texts(wanted.map(\.kind)),
            .int64s(wanted.map { Entry.firstID(of: $0.month) })
        ).map { row in
            Charged(isBilled: row.bool(1), isPosted: row.bool(2), isAsked: row.bool(3))
        }
    }

    /// Days without a service. Of a month that is billed already its accounts are charged anew by the next close, for the reason
    /// that the row gives.
    /// - Parameters:
    ///   - accounts: those that the rows are about, locked.
    ///   - actor: who told it, and when.
    /// - Returns: how many rows were new, and for how many months and kinds of accounts the next close is asked.
    public static func putUndersupply(
        _ rows: [JSON], accounts: [LockedAccount], organization: String, by actor: String,
        at: Int64, on connection: Connection
    ) throws -> (added: Int, asked: Int) {
        guard !rows.isEmpty else { return (0, 0) }
        var ofHouse: [String: [Int64]] = [:]
        var ofNumber: [String: Int64] = [:]
        for account in accounts {
            ofNumber[account.number] = account.id
            if let house = account.house { ofHouse[house, default: []].append(account.id) }
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
        guard !told.isEmpty else { return (added.affected, 0) }
        let asked = try connection.run(
            "store/undersupply_corrections", .int64s(told.map(\.account)),
            .dates(told.map(\.month)), .texts(told.map(\.why)), .texts(told.map(\.kind)),
            .text(actor), .timestamp(at)
        ).affected
        return (added.affected, asked)
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
