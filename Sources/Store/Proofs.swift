public import Commands
public import Postgres

/// What proves accounts to be somebody's own, as `kabinet import proofs` brought it (identity.proof).
public enum Proofs {
    public static let statements: [Statement] = ["store/proofs", "store/put_proofs"]

    public struct Row: Sendable, Equatable {
        public var payment: Proof.Payment?
        public var bill: Proof.Bill?
        /// Keyed.
        public var codeHash: [UInt8]?
        public init() {}
    }

    public static func of(
        _ accounts: [Int64], on connection: Connection
    ) throws -> [Int64: Row] {
        guard !accounts.isEmpty else { return [:] }
        var found: [Int64: Row] = [:]
        try connection.run("store/proofs", .int64s(accounts)).forEach { line in
            var row = Row()
            if let on = line.optional(1, line.date), let sum = line.optional(2, line.int64) {
                row.payment = Proof.Payment(on: Day(days: on), sum: sum)
            }
            if let month = line.optional(3, line.date), let total = line.optional(4, line.int64) {
                row.bill = Proof.Bill(month: Day(days: month).month, total: total)
            }
            row.codeHash = line.optional(5, line.bytes)
            found[line.int64(0)] = row
        }
        return found
    }

    /// - Parameter at: microseconds since 1970-01-01 UTC.
    public static func put(
        _ rows: [Int64: Row], at: Int64, on connection: Connection
    ) throws {
        guard !rows.isEmpty else { return }
        let rows = rows.sorted { $0.key < $1.key }
        try connection.run(
            "store/put_proofs", .int64s(rows.map(\.key)),
            .dates(rows.map { $0.value.payment?.on.days }),
            .int64s(rows.map { $0.value.payment?.sum }),
            .dates(rows.map { $0.value.bill?.month.first.days }),
            .int64s(rows.map { $0.value.bill?.total }),
            .bytesArray(rows.map(\.value.codeHash)), .timestamp(at))
    }
}
