public import Commands

/// What may be paid: the principal or the penalties of one tranche.
public struct Obligation: Sendable, Equatable {
    public var kind: String
    /// The month whose bill it belongs to.
    public var month: Month
    public var due: Day
    public var isPenalty: Bool
    /// Above zero.
    public var outstanding: Money

    public init(
        kind: String, month: Month, due: Day, isPenalty: Bool = false, outstanding: Money
    ) {
        self.kind = kind
        self.month = month
        self.due = due
        self.isPenalty = isPenalty
        self.outstanding = outstanding
    }
}

/// Money of an account that met no debt.
public struct Advance: Sendable, Equatable {
    /// Whose money it is; nil for what came with an opening balance.
    public var payment: CommandID?
    /// On what it stands; nil for the account as a whole.
    public var kind: String?
    /// The tranche that was paid too much; nil for an advance.
    public var tranche: Month?
    public var isPenalty: Bool
    /// Above zero.
    public var amount: Money
    /// The payer's day.
    public var on: Day

    public init(
        payment: CommandID?, kind: String?, tranche: Month? = nil, isPenalty: Bool = false,
        amount: Money, on: Day
    ) {
        self.payment = payment
        self.kind = kind
        self.tranche = tranche
        self.isPenalty = isPenalty
        self.amount = amount
        self.on = on
    }
}

/// Which debts money goes to (ГК РФ, ст. 319 and 319.1), and how it is taken back.
///
/// The order, where the payer says nothing: principal by due day, in proportion within one; then penalties, likewise; then
/// claims beyond the limitation; the rest is an advance. What the payer names goes before all of it. Money for one payee
/// never covers a debt to another: a sum for several is split first (`apportion`).
public enum Allocation {
    /// What the payer said. Nothing, or what a debt must match to be meant.
    public struct Purpose: Sendable, Equatable {
        /// The period, or the month of the bill.
        public var month: Month?
        public var kind: String?
        /// Penalties are meant; otherwise principal is.
        public var penalties: Bool

        public init(month: Month? = nil, kind: String? = nil, penalties: Bool = false) {
            self.month = month
            self.kind = kind
            self.penalties = penalties
        }

        public static let none = Purpose()

        func names(_ obligation: Obligation) -> Bool {
            guard month != nil || kind != nil || penalties else { return false }
            return obligation.isPenalty == penalties
                && month ?? obligation.month == obligation.month
                && kind ?? obligation.kind == obligation.kind
        }
    }

    public struct Payment: Sendable, Equatable {
        public var id: CommandID
        /// Above zero.
        public var amount: Money
        /// The day on which the payer handed it over.
        public var on: Day
        /// To whom, where that is not the organization. A purpose that names a kind says it too.
        public var payee: String?
        public var purpose: Purpose

        public init(
            id: CommandID, amount: Money, on: Day, payee: String? = nil, purpose: Purpose = .none
        ) {
            self.id = id
            self.amount = amount
            self.on = on
            self.payee = payee
            self.purpose = purpose
        }
    }

    /// A part of a payment, and why it went there.
    public struct Part: Sendable, Equatable {
        /// Nil for an advance that belongs to no kind.
        public var kind: String?
        /// The tranche's month; nil for an advance.
        public var tranche: Month?
        public var isPenalty: Bool
        public var amount: Money
        /// What was owed there before; zero for an advance.
        public var outstanding: Money
        public var reason: AllocationReason

        public init(
            kind: String?, tranche: Month?, isPenalty: Bool = false, amount: Money,
            outstanding: Money, reason: AllocationReason
        ) {
            self.kind = kind
            self.tranche = tranche
            self.isPenalty = isPenalty
            self.amount = amount
            self.outstanding = outstanding
            self.reason = reason
        }
    }

    /// Years after the due day in which a debt may be claimed (ГК РФ, ст. 196).
    public static let limitation = 3

    // MARK: Allocating

    /// The parts sum up to the payment, and none is more than was owed. An advance stands on the kind that was named, or on
    /// the account; money for a payee of its own never on the account, but on that payee's first kind by code.
    public static func allocate(
        _ payment: Payment, to obligations: [Obligation], kinds: [String: KindTerms],
        limitation years: Int = limitation
    ) -> [Part] {
        let payee = payment.payee ?? payment.purpose.kind.flatMap { kinds[$0]?.payee }
        var left = payment.amount
        var parts: [Part] = []
        let own = obligations.filter { kinds[$0.kind]?.payee == payee && $0.outstanding > .zero }
        let stages = Dictionary(grouping: own) { obligation in
            Stage(obligation, payment.purpose, on: payment.on, limitation: years)
        }
        for stage in Stage.allCases {
            cover(stages[stage] ?? [], stage, &left, &parts)
        }
        if left > .zero {
            var home = payment.purpose.kind
            if let payee, home.map({ kinds[$0]?.payee != payee }) ?? true {
                home = kinds.filter { $0.value.payee == payee }.keys.min()
            }
            parts.append(
                Part(
                    kind: home, tranche: nil, amount: left, outstanding: .zero, reason: .advance))
        }
        return parts
    }

    /// A sum that names no payee: what is owed to each splits it, as their amounts on the bill do (ЖК РФ, ст. 155 and 175), and
    /// each payee's share goes to its own debts. What the payer names is split first, then principal, then penalties; what is
    /// more than all of it stays with the organization.
    public static func apportion(
        _ payment: Payment, to obligations: [Obligation], kinds: [String: KindTerms],
        limitation years: Int = limitation
    ) -> [Part] {
        let payees = Set(obligations.map { kinds[$0.kind]?.payee })
        guard payment.payee == nil, payment.purpose.kind == nil,
            payees.contains(where: { $0 != nil })
        else { return allocate(payment, to: obligations, kinds: kinds, limitation: years) }
        let sorted = payees.sorted { ($0 ?? "") < ($1 ?? "") }
        var given = sorted.map { _ in Money.zero }
        var left = payment.amount
        let stages = Dictionary(grouping: obligations) { obligation in
            payment.purpose.names(obligation) ? 0 : obligation.isPenalty ? 2 : 1
        }
        for stage in 0...2 {
            let owed = sorted.map { payee in
                (stages[stage] ?? []).reduce(Money.zero) {
                    kinds[$1.kind]?.payee == payee ? $0 + $1.outstanding : $0
                }
            }
            let paid = min(left, owed.reduce(.zero, +))
            for (place, share) in shares(of: paid, by: owed).enumerated() { given[place] += share }
            left = left - paid
        }
        var parts: [Part] = []
        for (payee, amount) in zip(sorted, given) where amount > .zero {
            var own = payment
            own.payee = payee
            own.amount = amount
            parts += allocate(own, to: obligations, kinds: kinds, limitation: years)
        }
        if left > .zero {
            parts.append(
                Part(kind: nil, tranche: nil, amount: left, outstanding: .zero, reason: .advance))
        }
        return parts
    }

    /// In this order.
    private enum Stage: CaseIterable {
        case named, principal, penalty, oldPrincipal, oldPenalty

        init(_ obligation: Obligation, _ purpose: Purpose, on day: Day, limitation years: Int) {
            let isOld = obligation.due.advanced(years: years) < day
            self =
                if purpose.names(obligation) {
                    .named
                } else if isOld {
                    obligation.isPenalty ? .oldPenalty : .oldPrincipal
                } else {
                    obligation.isPenalty ? .penalty : .principal
                }
        }
    }

    /// Debts of one stage by due day; what does not cover a due day is split over its debts.
    private static func cover(
        _ obligations: [Obligation], _ stage: Stage, _ left: inout Money, _ parts: inout [Part]
    ) {
        let sorted = obligations.sorted {
            ($0.due, $0.month, $0.kind) < ($1.due, $1.month, $1.kind)
        }
        var rest = sorted[...]
        while let first = rest.first, left > .zero {
            let group = rest.prefix { $0.due == first.due }
            rest = rest.dropFirst(group.count)
            let owed = group.reduce(Money.zero) { $0 + $1.outstanding }
            let paid = min(left, owed)
            let reason: AllocationReason =
                switch stage {
                case .named: .named
                case .principal: paid < owed && group.count > 1 ? .proportional : .overdueFirst
                case .penalty: .penalty
                case .oldPrincipal, .oldPenalty: .limitation
                }
            for (obligation, share) in zip(group, shares(of: paid, by: group.map(\.outstanding)))
            where share > .zero {
                parts.append(
                    Part(
                        kind: obligation.kind, tranche: obligation.month,
                        isPenalty: obligation.isPenalty, amount: share,
                        outstanding: obligation.outstanding, reason: reason))
            }
            left = left - paid
        }
    }

    /// A sum in proportion to weights, in whole kopecks: the spare ones go to the largest remainders, of equal ones to the
    /// first. No share is more than its weight while the sum is not more than theirs. Weights are not below zero, and not
    /// all zero unless the sum is.
    public static func shares(of sum: Money, by weights: [Money]) -> [Money] {
        let whole = weights.reduce(Int128(0)) { $0 + Int128($1.kopecks) }
        guard whole > 0 else { return weights.map { _ in .zero } }
        var shares: [Int64] = []
        var remainders: [(index: Int, remainder: Int128)] = []
        for (index, weight) in weights.enumerated() {
            let product = Int128(sum.kopecks) * Int128(weight.kopecks)
            shares.append(Int64(product / whole))
            remainders.append((index, product % whole))
        }
        let spare = Int(sum.kopecks - shares.reduce(0, +))
        for (index, _) in remainders.sorted(by: { $0.remainder > $1.remainder }).prefix(spare) {
            shares[index] += 1
        }
        return shares.map(Money.init(kopecks:))
    }

    /// What a payment's parts are in the ledger.
    public static func entries(
        of parts: [Part], _ payment: Payment, account: Int64, month: Month
    ) -> [Entry] {
        parts.map { part in
            Entry(
                account: account, kind: part.kind, month: month, tranche: part.tranche,
                sort: part.tranche == nil ? .advance : .payment, isPenalty: part.isPenalty,
                amount: -part.amount, effectiveOn: payment.on, payment: payment.id,
                reason: part.reason)
        }
    }

    // MARK: Offsetting

    /// A part of an advance that meets a debt.
    public struct Offset: Sendable, Equatable {
        public var from: Advance
        public var part: Part

        /// Out of the advance, and to the debt. Both count from the payer's day: the money was there.
        public func entries(account: Int64, month: Month) -> [Entry] {
            [
                Entry(
                    account: account, kind: from.kind, month: month, tranche: from.tranche,
                    sort: .offset, isPenalty: from.isPenalty, amount: part.amount,
                    effectiveOn: from.on, payment: from.payment, reason: .offset),
                Entry(
                    account: account, kind: part.kind, month: month, tranche: part.tranche,
                    sort: .offset, isPenalty: part.isPenalty, amount: -part.amount,
                    effectiveOn: from.on, payment: from.payment, reason: .offset),
            ]
        }
    }

    /// What advances cover when a month has been charged, oldest money first, in the order of `allocate`. An advance that
    /// stands on a kind covers debts of that kind, and others of its payee only when they are overdue on this day.
    public static func offset(
        _ advances: [Advance], against obligations: [Obligation], kinds: [String: KindTerms],
        on day: Day, limitation years: Int = limitation
    ) -> [Offset] {
        // Most accounts have no advance.
        if advances.isEmpty || obligations.isEmpty { return [] }
        var advances = advances
        var obligations = obligations
        var found: [Offset] = []
        /// One advance against the debts that it may cover.
        func meet(_ index: Int, where isMeant: (Obligation) -> Bool) {
            let advance = advances[index]
            guard advance.amount > .zero else { return }
            let payee = advance.kind.flatMap { kinds[$0]?.payee }
            let meant = obligations.filter {
                kinds[$0.kind]?.payee == payee && $0.outstanding > .zero && isMeant($0)
            }
            let stages = Dictionary(grouping: meant) {
                Stage($0, .none, on: day, limitation: years)
            }
            var left = advance.amount
            var parts: [Part] = []
            for stage in Stage.allCases { cover(stages[stage] ?? [], stage, &left, &parts) }
            for var part in parts {
                part.reason = .offset
                found.append(Offset(from: advance, part: part))
                if let place = obligations.firstIndex(where: {
                    $0.kind == part.kind && $0.month == part.tranche
                        && $0.isPenalty == part.isPenalty
                }) {
                    obligations[place].outstanding = obligations[place].outstanding - part.amount
                }
            }
            advances[index].amount = left
        }
        let isBound = { (advance: Advance) in advance.kind != nil && advance.tranche == nil }
        for (index, advance) in advances.enumerated() where isBound(advance) {
            meet(index) { $0.kind == advance.kind }
        }
        for (index, advance) in advances.enumerated() where !isBound(advance) {
            meet(index) { _ in true }
        }
        for (index, advance) in advances.enumerated() where isBound(advance) {
            meet(index) { $0.due < day }
        }
        return found
    }

    // MARK: Taking back

    /// What takes a payment back, whole or in part: its money leaves the places where it stands now, the last one first, so
    /// that tranches open again in reverse order. Each entry counts from the day of the one that it undoes: to penalties,
    /// the money never came.
    ///
    /// `entries` are all that carry the payment's id, in the order in which they were posted. What was taken back before is
    /// not taken back again: then less than `amount` is undone, or nothing.
    public static func reversal(
        of entries: [Entry], amount: Money? = nil, month: Month
    ) -> [Entry] {
        /// Money of the payment that stands in one place since one day.
        struct Place {
            var entry: Entry
            var amount: Money
        }
        var places: [Place] = []
        for entry in entries {
            if let place = places.firstIndex(where: {
                $0.entry.kind == entry.kind && $0.entry.tranche == entry.tranche
                    && $0.entry.isPenalty == entry.isPenalty
                    && $0.entry.effectiveOn == entry.effectiveOn
            }) {
                places[place].amount += entry.amount
            } else {
                places.append(Place(entry: entry, amount: entry.amount))
            }
        }
        var left = amount ?? places.reduce(.zero) { $0 + -$1.amount }
        var found: [Entry] = []
        for place in places.reversed() where place.amount < .zero && left > .zero {
            let undone = min(-place.amount, left)
            left = left - undone
            var entry = place.entry
            entry.id = nil
            entry.reverses = place.entry.id
            entry.month = month
            entry.sort = .reversal
            entry.amount = undone
            found.append(entry)
        }
        return found
    }
}
