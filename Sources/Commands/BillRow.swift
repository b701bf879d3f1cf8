/// What another system's bill comes to (`kabinet import bills FILE.csv`). Its lines came by `kabinet import charges`, its money by
/// `kabinet import payments`; the row shows whether a resident sees here what the other system billed. Nothing is posted by it.
public struct BillRow: Sendable, Equatable {
    /// The parts of a bill that a row may name.
    public enum Part: String, Sendable, CaseIterable {
        case opening, charged, recalculated, penalty, paid, closing
    }

    public var account: AccountNumber
    public var month: Month
    /// As far as the row names them; «closing» always.
    public var sums: [Part: Money]
    public var dueOn: Day?

    public static let columns = ["account", "month"] + Part.allCases.map(\.rawValue) + ["due_on"]

    public init(account: AccountNumber, month: Month, sums: [Part: Money], dueOn: Day? = nil) {
        self.account = account
        self.month = month
        self.sums = sums
        self.dueOn = dueOn
    }

    /// Reads a row of a file: roubles.
    public init(_ fields: [String: String]) throws(ShapeError) {
        let row = FileRow(fields)
        account = try row.account()
        month = try row.month("month")
        sums = [.closing: try row.money("closing")]
        for part in Part.allCases where fields[part.rawValue] != nil {
            sums[part] = try row.money(part.rawValue)
        }
        dueOn = try row.optionalDay("due_on")
    }

    /// What a row says otherwise than the bill that stands here, as a refusal.
    public func difference(
        from sums: [Part: Money], dueOn: Day
    ) -> Refusal? {
        for part in Part.allCases {
            guard let theirs = self.sums[part], let ours = sums[part], theirs != ours else {
                continue
            }
            return Refusal(
                .billDiffers,
                ["part": part.rawValue, "ours": ours.description, "theirs": theirs.description])
        }
        guard let theirs = self.dueOn, theirs != dueOn else { return nil }
        return Refusal(
            .billDiffers,
            ["part": "due_on", "ours": dueOn.description, "theirs": theirs.description])
    }
}
