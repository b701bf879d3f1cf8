public import Commands

/// The ledger of one account, as far as a posting depends on it.
public struct LedgerFacts: Sendable, Equatable {
    /// Entries of every tranche that is not even, of the payments that are asked for, and all since the last bill, in the order
    /// in which they were posted.
    public var entries: [Entry]
    /// The newest month that was closed for the account.
    public var billed: Month?
    /// What was asked to be charged anew, what came last behind; loaded for who takes it back.
    public var corrections: [Correction] = []

    public struct Correction: Sendable, Equatable {
        /// Nil: it was asked for in the batch that is decided now.
        public var n: Int64?
        public var from: Month
        public var why: String
        /// The month whose close charged it; nil: none has yet.
        public var doneIn: Month?

        public init(n: Int64?, from: Month, why: String, doneIn: Month?) {
            self.n = n
            self.from = from
            self.why = why
            self.doneIn = doneIn
        }
    }

    /// Months that a bill is there for are not charged from outside any more.
    public init(entries: [Entry] = [], billed: Month? = nil) {
        self.entries = entries
        self.billed = billed
    }

    /// Entries as they are kept, each with its number: that of its month times a million, and counted from there.
    public func numbered(_ entries: [Entry]) -> [Entry] {
        var next: [Month: Int64] = [:]
        return entries.map { entry in
            let first = Entry.firstID(of: entry.month)
            let id =
                next[entry.month]
                ?? (self.entries.reduce(first) {
                    $1.month == entry.month ? max($0, $1.id ?? first) : $0
                } + 1)
            next[entry.month] = id + 1
            var entry = entry
            entry.id = id
            return entry
        }
    }
}

extension Entry {
    /// Numbers of a month's entries are above this one, and below that of the next month.
    public static func firstID(of month: Month) -> Int64 { Int64(month.number) * 1_000_000 }
}

/// What postings of an organization go by.
public struct LedgerTerms: Sendable {
    public var kinds: [String: KindTerms]
    public var dueDays: DueDays

    public init(kinds: [String: KindTerms], dueDays: DueDays) {
        self.kinds = kinds
        self.dueDays = dueDays
    }
}

/// A payment as it was taken.
public struct PaymentFacts: Sendable, Equatable {
    public var id: CommandID
    public var organization: String
    public var provider: String
    public var number: String
    /// Nil: nobody's yet.
    public var account: Int64?
    /// The number of that account.
    public var holder: AccountNumber?
    /// As the payer wrote it.
    public var typed: AccountNumber
    public var amount: Money
    public var paidOn: Day
    /// Microseconds since 1970-01-01 UTC.
    public var receivedAt: Int64
    /// The accounting month in which it was posted; nil: nobody's yet.
    public var month: Month?
    public var purpose: Allocation.Purpose
    public var isReversed: Bool

    public init(
        id: CommandID, organization: String, provider: String, number: String, account: Int64?,
        holder: AccountNumber? = nil, typed: AccountNumber, amount: Money, paidOn: Day,
        receivedAt: Int64, month: Month?,
        purpose: Allocation.Purpose, isReversed: Bool = false
    ) {
        self.id = id
        self.organization = organization
        self.provider = provider
        self.number = number
        self.account = account
        self.holder = holder
        self.typed = typed
        self.amount = amount
        self.paidOn = paidOn
        self.receivedAt = receivedAt
        self.month = month
        self.purpose = purpose
        self.isReversed = isReversed
    }
}
