public import Commands

/// One entry of the ledger of an account. The ledger is append-only: nothing in it is changed, what was wrong is met by
/// another entry. Debt is above zero, money received below (SF-116).
public struct Entry: Sendable, Equatable {
    public enum Sort: String, Sendable, CaseIterable {
        /// A balance that was brought from elsewhere.
        case opening
        case charge, surcharge, recalculation
        case penalty
        /// Money received, where it went to a debt.
        case payment
        /// Money received that met no debt.
        case advance
        /// An advance, or what was paid too much, meets a debt: two entries of one sum.
        case offset
        /// Of a payment that was taken back; `reverses` says which entry it undoes.
        case reversal

        /// Money that came or went, not what is owed.
        public var isMoney: Bool {
            switch self {
            case .opening, .charge, .surcharge, .recalculation, .penalty: false
            case .payment, .advance, .offset, .reversal: true
            }
        }
    }

    /// Nil until it is kept.
    public var id: Int64?
    public var account: Int64
    /// The charge kind's code; nil for an advance that belongs to none.
    public var kind: String?
    /// The accounting month in which it is posted.
    public var month: Month
    /// The month whose bill the debt belongs to; nil for an advance.
    public var tranche: Month?
    public var sort: Sort
    /// It belongs to the penalties of the tranche, not to its principal.
    public var isPenalty: Bool
    public var amount: Money
    /// Of money, the day on which the payer handed it over: it counts from the day after. Of an opening balance, the last
    /// day whose penalties stand in it. Of nothing else: what is owed is owed from the tranche's beginning.
    public var effectiveOn: Day
    /// Whose money it is. An offset and a reversal keep the payment's.
    public var payment: CommandID?
    public var reverses: Int64?
    public var reason: AllocationReason?

    public init(
        id: Int64? = nil, account: Int64, kind: String?, month: Month, tranche: Month?, sort: Sort,
        isPenalty: Bool = false, amount: Money, effectiveOn: Day, payment: CommandID? = nil,
        reverses: Int64? = nil, reason: AllocationReason? = nil
    ) {
        self.id = id
        self.account = account
        self.kind = kind
        self.month = month
        self.tranche = tranche
        self.sort = sort
        self.isPenalty = isPenalty
        self.amount = amount
        self.effectiveOn = effectiveOn
        self.payment = payment
        self.reverses = reverses
        self.reason = reason
    }
}

/// What the ledger must know of a charge kind.
public struct KindTerms: Sendable, Equatable {
    /// The code of its penalty rule; nil where no penalties are charged.
    public var rule: String?
    /// Whose money it is, where that is not the organization: the regional operator of капремонт, a supplier with contracts
    /// of its own. Nil for all that one payment may cover together.
    public var payee: String?

    public init(rule: String? = "housing", payee: String? = nil) {
        self.rule = rule
        self.payee = payee
    }
}

/// Arithmetic over the entries of one account.
public enum Ledger {
    /// What is owed; below zero, what was paid too much.
    public static func balance(_ entries: some Sequence<Entry>) -> Money {
        entries.reduce(.zero) { $0 + $1.amount }
    }

    /// The entries of a closed month's lines. What is charged anew and costs more is a debt of the bill on which it stands
    /// first, due with it; what costs less takes down the month that it belongs to, from its beginning. Which of the two it
    /// is, a kind's lines for one month decide together: one may take back what another charges again.
    public static func entries(
        of lines: [ChargeLine], account: Int64, month: Month
    ) -> [Entry] {
        lines.compactMap { line in
            guard line.amount != .zero else { return nil }
            let sort: Entry.Sort =
                switch line.sort {
                case .charge: .charge
                case .surcharge: .surcharge
                case .recalculation: .recalculation
                }
            var tranche = month
            if sort == .recalculation, line.month < month {
                let together = lines.reduce(Money.zero) { sum, other in
                    other.sort == .recalculation && other.kind == line.kind
                        && other.month == line.month ? sum + other.amount : sum
                }
                if together < .zero { tranche = line.month }
            }
            return Entry(
                account: account, kind: line.kind, month: month, tranche: tranche, sort: sort,
                amount: line.amount, effectiveOn: month.last)
        }
    }

    // MARK: Tranches

    /// The debts of an account, a tranche for each kind and month, oldest first. The entries of a tranche must be all there;
    /// tranches that are even, and were when their penalties were posted last, may be left out.
    public static func tranches(
        _ entries: [Entry], kinds: [String: KindTerms], dueDays: DueDays
    ) throws(MissingRow) -> [Tranche] {
        // Most accounts owe nothing.
        if entries.isEmpty { return [] }
        struct Key: Hashable {
            let kind: String
            let month: Month
        }
        var places: [Key: Int] = [:]
        var found: [Tranche] = []
        var dues: [Month: Day] = [:]
        for entry in entries {
            guard let kind = entry.kind, let month = entry.tranche else { continue }
            let place: Int
            if let known = places[Key(kind: kind, month: month)] {
                place = known
            } else {
                guard let terms = kinds[kind] else { throw MissingRow.chargeKind(kind) }
                let due: Day
                if let known = dues[month] {
                    due = known
                } else {
                    due = try dueDays.due(for: month)
                    dues[month] = due
                }
                place = found.count
                places[Key(kind: kind, month: month)] = place
                found.append(Tranche(kind: kind, month: month, due: due, rule: terms.rule))
            }
            found[place].add(entry)
        }
        return found.sorted { ($0.due, $0.month, $0.kind) < ($1.due, $1.month, $1.kind) }
    }

    /// What may be paid.
    public static func obligations(_ tranches: [Tranche]) -> [Obligation] {
        var found: [Obligation] = []
        for tranche in tranches {
            for isPenalty in [false, true] {
                let outstanding =
                    (isPenalty ? tranche.penalty : tranche.principal).outstanding
                guard outstanding > .zero else { continue }
                found.append(
                    Obligation(
                        kind: tranche.kind, month: tranche.month, due: tranche.due,
                        isPenalty: isPenalty, outstanding: outstanding))
            }
        }
        return found
    }

    /// Money that meets no debt, oldest first: advances, and what tranches were paid too much after they were taken down.
    public static func advances(_ entries: [Entry], tranches: [Tranche]) -> [Advance] {
        var found: [Advance] = []
        for tranche in tranches {
            for isPenalty in [false, true] {
                let debt = isPenalty ? tranche.penalty : tranche.principal
                guard debt.outstanding < .zero else { continue }
                for credit in debt.credits {
                    found.append(
                        Advance(
                            payment: credit.payment, kind: tranche.kind, tranche: tranche.month,
                            isPenalty: isPenalty, amount: credit.amount,
                            on: credit.on ?? tranche.month.first))
                }
            }
        }
        for entry in entries where entry.tranche == nil {
            if let place = found.firstIndex(where: {
                $0.tranche == nil && $0.kind == entry.kind && $0.payment == entry.payment
            }) {
                found[place].amount = found[place].amount - entry.amount
            } else {
                found.append(
                    Advance(
                        payment: entry.payment, kind: entry.kind, tranche: nil, isPenalty: false,
                        amount: -entry.amount, on: entry.effectiveOn))
            }
        }
        found.removeAll { $0.amount <= .zero }
        // Sorting is stable: the order of the entries decides between equals.
        return found.sorted { $0.on < $1.on }
    }

    // MARK: Statement

    /// What an account owed, was charged and paid in a month («Взаиморасчеты», «Движение финансов»).
    public struct Statement: Sendable, Equatable {
        public struct Row: Sendable, Equatable {
            /// Nil for advances that belong to no kind, and in the total.
            public var kind: String?
            public var opening = Money.zero
            public var charged = Money.zero
            public var recalculated = Money.zero
            public var penalty = Money.zero
            /// Money received, above zero, less what was taken back. Where an advance was offset, it left one row for
            /// another.
            public var paid = Money.zero
            public var closing = Money.zero
            /// The part of `closing` that is penalties.
            public var closingPenalty = Money.zero

            public init(kind: String?) { self.kind = kind }

            mutating func add(_ entry: Entry, in month: Month) {
                closing += entry.amount
                if entry.isPenalty { closingPenalty += entry.amount }
                guard entry.month == month, entry.sort != .opening else {
                    opening += entry.amount
                    return
                }
                switch entry.sort {
                case .opening: break
                case .charge, .surcharge: charged += entry.amount
                case .recalculation: recalculated += entry.amount
                case .penalty: penalty += entry.amount
                case .payment, .advance, .offset, .reversal: paid += -entry.amount
                }
            }
        }

        public var month: Month
        /// By kind; advances that belong to none stand last.
        public var rows: [Row]
        public var total: Row
    }

    /// Of all entries posted up to the month; later ones are passed over. In every row, and in the total, opening + charged
    /// + recalculated + penalty − paid = closing.
    public static func statement(_ entries: [Entry], month: Month) -> Statement {
        var rows: [String?: Statement.Row] = [:]
        var total = Statement.Row(kind: nil)
        for entry in entries where entry.month <= month {
            rows[entry.kind, default: Statement.Row(kind: entry.kind)].add(entry, in: month)
            total.add(entry, in: month)
        }
        let sorted = rows.values.sorted { left, right in
            guard let first = left.kind, let second = right.kind else { return left.kind != nil }
            return first < second
        }
        return Statement(month: month, rows: sorted, total: total)
    }
}
