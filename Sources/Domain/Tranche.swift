public import Commands

/// The debt of one kind by one month's bill, with a due day of its own.
public struct Tranche: Sendable, Equatable {
    public var kind: String
    public var month: Month
    public var due: Day
    /// The code of its penalty rule; nil where none are charged.
    public var rule: String?
    public var principal = Debt()
    /// Its penalties, as they were posted and paid.
    public var penalty = Debt()
    /// What was posted as penalties by this ledger.
    public var penaltyPosted = Money.zero
    /// Penalties up to this day, inclusive, came with an opening balance.
    public var accruedElsewhere: Day?

    public init(kind: String, month: Month, due: Day, rule: String? = "housing") {
        self.kind = kind
        self.month = month
        self.due = due
        self.rule = rule
    }

    mutating func add(_ entry: Entry) {
        if entry.isPenalty {
            penalty.add(entry)
            if entry.sort == .penalty { penaltyPosted += entry.amount }
        } else {
            principal.add(entry)
        }
        if entry.sort == .opening {
            accruedElsewhere = max(accruedElsewhere ?? entry.effectiveOn, entry.effectiveOn)
        }
    }

    /// What is owed, and what came for it.
    public struct Debt: Sendable, Equatable {
        /// Charges and recalculations together: owed from the beginning, whenever they were posted.
        public var charged = Money.zero
        /// Money, in the order in which it was posted. Below zero, it came.
        public var movements: [Movement] = []

        public init(charged: Money = .zero, movements: [Movement] = []) {
            self.charged = charged
            self.movements = movements
        }

        public var outstanding: Money { movements.reduce(charged) { $0 + $1.amount } }

        mutating func add(_ entry: Entry) {
            if entry.sort.isMoney {
                movements.append(
                    Movement(
                        on: entry.effectiveOn, amount: entry.amount, payment: entry.payment))
            } else {
                charged += entry.amount
            }
        }

        /// What came beyond what was owed, in the order of days: amounts above zero. The money that came last is too much.
        var credits: [(payment: CommandID?, on: Day?, amount: Money)] {
            // What went elsewhere, or back, leaves the payment that it came with.
            var lots: [Movement] = []
            for movement in movements {
                if let place = lots.firstIndex(where: {
                    $0.on == movement.on && $0.payment == movement.payment
                }) {
                    lots[place].amount += movement.amount
                } else {
                    lots.append(movement)
                }
            }
            var excess = -outstanding
            var found: [(payment: CommandID?, on: Day?, amount: Money)] = []
            for lot in lots.sorted(by: { $0.on < $1.on }).reversed() where excess > .zero {
                let part = min(excess, max(-lot.amount, .zero))
                guard part > .zero else { continue }
                found.append((lot.payment, lot.on, part))
                excess = excess - part
            }
            if excess > .zero { found.append((nil, nil, excess)) }
            return found.reversed()
        }
    }

    public struct Movement: Sendable, Equatable {
        /// The payer's day: it counts from the next one.
        public var on: Day
        public var amount: Money
        public var payment: CommandID?

        public init(on: Day, amount: Money, payment: CommandID? = nil) {
            self.on = on
            self.amount = amount
            self.payment = payment
        }
    }
}
