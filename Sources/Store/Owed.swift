public import Commands
import Postgres

/// What is owed to all payees of an account: what was paid too much to one pays no debt to another (ЖК РФ, ст. 155 and 175).
public struct Owed: Sendable, Equatable {
    /// To all together; below zero, what was paid too much.
    public var balance: Money
    /// What of it is of payees of their own; the rest is of the account's own payee.
    public var apart: [Apart]

    /// What is owed for a kind whose money goes to a payee of its own.
    public struct Apart: Sendable, Equatable {
        /// The charge kind's code.
        public var kind: String
        /// The supplier's code.
        public var payee: String
        public var sum: Money

        public init(kind: String, payee: String, sum: Money) {
            self.kind = kind
            self.payee = payee
            self.sum = sum
        }
    }

    public struct Payee: Sendable, Equatable {
        /// Codes of what is charged for it; none: the account's own payee, whose are all others.
        public var kinds: [String]
        /// Below zero, what was paid too much.
        public var sum: Money
    }

    public init(_ balance: Money, _ apart: [Apart] = []) {
        self.balance = balance
        self.apart = apart
    }

    /// The account's own first.
    public var payees: [Payee] {
        var found = [Payee(kinds: [], sum: apart.reduce(balance) { $0 - $1.sum })]
        var places: [String: Int] = [:]
        for part in apart {
            if let place = places[part.payee] {
                found[place].kinds.append(part.kind)
                found[place].sum += part.sum
            } else {
                places[part.payee] = found.count
                found.append(Payee(kinds: [part.kind], sum: part.sum))
            }
        }
        return found
    }

    /// What there is to pay, as bills say it: no payee's overpayment makes it less.
    public var toPay: Money { payees.reduce(.zero) { $0 + max($1.sum, .zero) } }

    /// What was paid too much, above zero.
    public var overpaid: Money { toPay - balance }

    /// One payee is owed something and another was paid too much.
    public var isSplit: Bool { toPay > .zero && overpaid > .zero }
}

/// Of `portal/apart`: what is owed to payees of their own, now and by bills.
struct ApartSums {
    private var now: [Int64: [Owed.Apart]] = [:]
    private var billed: [Int64: [Month: [Owed.Apart]]] = [:]

    init(_ rows: Rows) {
        rows.forEach { row in
            let account = row.int64(0)
            let part = Owed.Apart(kind: row.text(2), payee: row.text(3), sum: row.money(4))
            if let month = row.optional(1, row.day)?.month {
                billed[account, default: [:]][month, default: []].append(part)
            } else {
                now[account, default: []].append(part)
            }
        }
    }

    func now(_ account: Int64) -> [Owed.Apart] { now[account] ?? [] }

    func bill(_ account: Int64, _ month: Month) -> [Owed.Apart] {
        billed[account]?[month] ?? []
    }
}
