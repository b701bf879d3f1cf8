public import Commands

/// What is posted to ledgers: payments and their reversals, opening balances, charges of another system, and what is to be
/// charged anew.
public enum Postings {
    /// The month in which something is posted now: behind the newest that was closed, else the first that was opened, else the
    /// calendar's.
    public static func month(_ organization: OrganizationFacts, today: Day) -> Month {
        guard let closed = organization.closed.max() else {
            return organization.periods.map(\.month).min() ?? today.month
        }
        return closed.advanced(by: 1)
    }

    // MARK: Payments

    /// A payment is posted once, for ever: the same one again changes nothing; the same number with another sum or account is
    /// refused (domain.md §3.3). Money for an account that nobody has is kept as nobody's.
    /// - Parameter known: what was taken under this provider's number before.
    public static func pay(
        _ command: PostPayment, from sender: Sender, known: PaymentFacts?, account: AccountFacts?,
        organization: OrganizationFacts
    ) -> Decision {
        guard command.paidOn <= sender.today else {
            return .refused(.paymentDate, ["date": command.paidOn.description])
        }
        if let known {
            // The account as it was typed: one that came to be later does not make it another payment.
            guard known.amount == command.amount,
                known.typed.stripped == command.account.stripped
            else {
                return .refused(
                    .paymentOther,
                    [
                        "number": command.number, "provider": command.provider,
                        "account": known.typed.text, "amount": known.amount.description,
                    ])
            }
            guard !known.isReversed else {
                return .refused(
                    .paymentReversed, ["number": command.number, "provider": command.provider])
            }
            return .accepted([], result: .object(["unchanged": .bool(true)]))
        }
        let purpose = Allocation.Purpose(
            month: command.month, kind: command.kind, penalties: command.penalties)
        let payment = PaymentFacts(
            id: sender.id, organization: organization.profile.code, provider: command.provider,
            number: command.number, account: nil, typed: command.account, amount: command.amount,
            paidOn: command.paidOn, receivedAt: sender.receivedAt, month: nil, purpose: purpose)
        guard let account, let terms = organization.ledger else {
            return .accepted(
                [.paymentTaken(payment)], result: .object(["unidentified": .bool(true)]))
        }
        return post(payment, account, terms, organization, from: sender) { .paymentTaken($0) }
    }

    /// A payment that is nobody's is given to the account that was meant, and goes to its debts as if it had come now
    /// (domain.md §3); its day stays the payer's. A kind that the payer named and nobody knows says nothing: the money is here,
    /// and goes where it would without. Once only: the same again changes nothing.
    public static func assign(
        _ command: ChangePayment, from sender: Sender, known: PaymentFacts?,
        account: AccountFacts?, organization: OrganizationFacts
    ) -> Decision {
        guard let known else { return .refused(.notFound, ["what": "payment"]) }
        guard let account else { return .refused(.notFound, ["what": "account"]) }
        guard !known.isReversed else {
            return .refused(
                .paymentReversed, ["number": known.number, "provider": known.provider])
        }
        if let holder = known.account {
            return holder == account.id
                ? .accepted([], result: .object(["unchanged": .bool(true)])) : elsewhere(known)
        }
        guard let terms = organization.ledger else {
            return .refused(
                .referenceMissing, ["what": "charge_kind", "of": organization.profile.name])
        }
        var payment = known
        var result = JSON.object([])
        if let kind = payment.purpose.kind, terms.kinds[kind] == nil {
            payment.purpose.kind = nil
            result = .object(["unknown_kind": .string(kind)])
        }
        return post(payment, account, terms, organization, from: sender, result: result) {
            .paymentAssigned($0, by: sender)
        }
    }

    /// A payment that has an account now goes to what that owes.
    private static func post(
        _ payment: PaymentFacts, _ account: AccountFacts, _ terms: LedgerTerms,
        _ organization: OrganizationFacts, from sender: Sender, result: JSON = .object([]),
        _ change: (PaymentFacts) -> Change
    ) -> Decision {
        if let kind = payment.purpose.kind, terms.kinds[kind] == nil {
            return .refused(.kindUnknown, ["kind": kind])
        }
        let month = month(organization, today: sender.today)
        let tranches: [Tranche]
        do {
            tranches = try Ledger.tranches(
                account.ledger.entries, kinds: terms.kinds, dueDays: terms.dueDays)
        } catch {
            return .refused(.referenceMissing, error.values)
        }
        let given = Allocation.Payment(
            id: payment.id, amount: payment.amount, on: payment.paidOn, purpose: payment.purpose)
        let parts = Allocation.apportion(
            given, to: Ledger.obligations(tranches), kinds: terms.kinds)
        var payment = payment
        payment.account = account.id
        payment.holder = account.card.account
        payment.month = month
        return .accepted(
            [
                change(payment),
                .posted(
                    account: account.id,
                    account.ledger.numbered(
                        Allocation.entries(of: parts, given, account: account.id, month: month)
                    ).map { Posted($0) }),
            ], result: result)
    }

    private static func elsewhere(_ payment: PaymentFacts) -> Decision {
        .refused(
            .paymentAssigned,
            [
                "number": payment.number, "provider": payment.provider,
                "account": payment.holder?.text ?? "",
            ])
    }

    /// As if the money had never come.
    public static func reverse(
        _ command: ChangePayment, from sender: Sender, known: PaymentFacts?,
        account: AccountFacts?, organization: OrganizationFacts
    ) -> Decision {
        guard let known,
            known.typed.stripped == command.account.stripped
                || account.map({ $0.id == known.account }) ?? false
        else {
            return .refused(.notFound, ["what": "payment"])
        }
        if known.isReversed {
            return .accepted([], result: .object(["unchanged": .bool(true)]))
        }
        // Its entries are of the account that it was given to: that one has to be named.
        if let holder = known.account, holder != account?.id { return elsewhere(known) }
        var changes: [Change] = [.paymentReversed(known.id, by: sender.id)]
        if let account, known.account == account.id {
            let own = account.ledger.entries.filter { $0.payment == known.id }
            changes.append(
                .posted(
                    account: account.id,
                    account.ledger.numbered(
                        Allocation.reversal(
                            of: own, month: month(organization, today: sender.today))
                    ).map { Posted($0) }))
        }
        return .accepted(changes)
    }

    // MARK: Balances and charges from outside

    /// What was owed before. A balance of the same kind and month that came before is taken back first.
    public static func open(
        _ command: OpenBalance, from sender: Sender, account: AccountFacts?,
        organization: OrganizationFacts
    ) -> Decision {
        guard let account else { return .refused(.notFound, ["what": "account"]) }
        guard let terms = organization.ledger, terms.kinds[command.kind] != nil else {
            return .refused(.kindUnknown, ["kind": command.kind])
        }
        let month = month(organization, today: sender.today)
        // With the first bill the ledger goes on by itself.
        if let billed = account.ledger.billed {
            return .refused(.periodClosed, ["month": billed.description])
        }
        guard command.month < month else {
            return .refused(.balanceMonth, ["month": month.description])
        }
        // Where no month was closed yet, whichever comes first begins with it.
        let stands = organization.closed.isEmpty ? command.month.advanced(by: 1) : month
        let before = account.ledger.entries.filter {
            $0.sort == .opening && $0.kind == command.kind && $0.tranche == command.month
                && $0.isPenalty == command.penalty
        }
        let entry = Entry(
            account: account.id, kind: command.kind, month: stands, tranche: command.month,
            sort: .opening, isPenalty: command.penalty, amount: command.amount,
            effectiveOn: stands.first.advanced(by: -1))
        return replace(before, by: [(entry, nil)], account)
    }

    /// A line that another system charged (`charges: {by: import}`): it stands in the month of its bill. A sum that cannot have
    /// come of its volume and tariff (`ImportedCost`) is taken with a ground of its own, or when it is confirmed.
    public static func charge(
        _ command: PostCharge, from sender: Sender, account: AccountFacts?,
        organization: OrganizationFacts
    ) -> Decision {
        guard let account else { return .refused(.notFound, ["what": "account"]) }
        guard organization.profile.charges.source == .imported else {
            return .refused(.chargesOwn, ["org": organization.profile.name])
        }
        guard let terms = organization.ledger, terms.kinds[command.kind] != nil else {
            return .refused(.kindUnknown, ["kind": command.kind])
        }
        if account.ledger.billed.map({ command.month <= $0 }) ?? false
            || organization.periods.contains(where: {
                $0.month >= command.month && $0.closedAt != nil
            })
        {
            return .refused(.periodClosed, ["month": command.month.description])
        }
        // A year typed wrong would stand in the settlements for ever.
        guard command.month <= sender.today.month else {
            return .refused(.periodAhead, ["month": command.month.description])
        }
        let before = account.ledger.entries.filter {
            $0.month == command.month && $0.kind == command.kind && !$0.isPenalty
                && ($0.sort == .charge || $0.sort == .recalculation)
        }
        let lines = lines(of: command, unit: organization.units[command.kind] ?? .month)
        let entries = lines.flatMap { line in
            Ledger.entries(of: [line], account: account.id, month: command.month)
                .map { (entry: $0, line: Optional(line)) }
        }
        let decision = replace(before, by: entries, account)
        // What stands here already is not asked about again.
        guard !decision.changes.isEmpty, !command.confirm else { return decision }
        // A ground that a recalculation needs says nothing of the sum.
        guard command.ground == nil || command.recalculated != .zero else { return decision }
        guard let cost = ImportedCost(command),
            !cost.mayGive(command, unit: organization.units[command.kind])
        else { return decision }
        return .refused(
            .chargeSum,
            ["amount": command.charged.description, "value": cost.rounded.description],
            confirmable: true)
    }

    /// What a row says of itself: a sum that its volume and tariff do not come to is not explained by them.
    private static func lines(of command: PostCharge, unit: ChargeUnit) -> [ChargeLine] {
        var lines: [ChargeLine] = []
        if command.charged != .zero || command.recalculated == .zero {
            var line = ChargeLine(
                kind: command.kind, month: command.month, method: command.method, unit: unit,
                volume: command.volume, amount: command.charged)
            let cost = ImportedCost(command)
            if let cost, cost.isExactly(command.charged) {
                line.parts = [
                    .init(volume: command.volume, price: command.price, amount: command.charged)
                ]
            } else if let ground = command.ground, command.recalculated == .zero {
                line.ground = .corrected(ground)
            } else if cost != nil {
                line.ground = .handedOver
            }
            lines.append(line)
        }
        if command.recalculated != .zero {
            lines.append(
                ChargeLine(
                    kind: command.kind, month: command.month, sort: .recalculation,
                    method: command.method, unit: unit, volume: .zero,
                    amount: command.recalculated, ground: .corrected(command.ground ?? "")))
        }
        return lines
    }

    /// What came before and still stands is taken back; nothing happens where the same comes again.
    private static func replace(
        _ before: [Entry], by entries: [(entry: Entry, line: ChargeLine?)],
        _ account: AccountFacts
    ) -> Decision {
        struct Place: Hashable {
            let sort: Entry.Sort
            let tranche: Month?
        }
        var standing: [Place: Money] = [:]
        for entry in before {
            standing[Place(sort: entry.sort, tranche: entry.tranche), default: .zero] +=
                entry.amount
        }
        standing = standing.filter { $0.value != .zero }
        var wanted: [Place: Money] = [:]
        for (entry, _) in entries {
            wanted[Place(sort: entry.sort, tranche: entry.tranche), default: .zero] += entry.amount
        }
        wanted = wanted.filter { $0.value != .zero }
        if standing == wanted {
            return .accepted([], result: .object(["unchanged": .bool(true)]))
        }
        var posted: [Posted] = []
        for (place, amount) in standing.sorted(by: { $0.key.sort.rawValue < $1.key.sort.rawValue })
        {
            guard
                var entry = before.last(where: {
                    $0.sort == place.sort && $0.tranche == place.tranche
                })
            else { continue }
            entry.reverses = entry.id
            entry.id = nil
            entry.amount = -amount
            posted.append(Posted(entry))
        }
        posted += entries.filter { $0.entry.amount != .zero }.map {
            Posted($0.entry, line: $0.line)
        }
        let numbered = account.ledger.numbered(posted.map(\.entry))
        for index in posted.indices { posted[index].entry = numbered[index] }
        return .accepted([.posted(account: account.id, posted)])
    }

    /// The months from one on are charged anew at the next close.
    public static func correct(
        _ command: CorrectAccount, from sender: Sender, account: AccountFacts?,
        organization: OrganizationFacts
    ) -> Decision {
        guard let account else { return .refused(.notFound, ["what": "account"]) }
        let month = month(organization, today: sender.today)
        guard command.from < month else {
            return .refused(.balanceMonth, ["month": month.description])
        }
        // What was never charged here cannot be charged anew.
        guard let first = organization.closed.min(), command.from >= first else {
            return .refused(.periodOpen, ["month": command.from.description])
        }
        return .accepted([
            .correctionAsked(account: account.id, from: command.from, why: command.why, sender)
        ])
    }

    /// What was asked for by mistake is not charged anew: of several that begin with the month the newest; the result says which,
    /// and what still waits. What was charged already needs another correction.
    public static func withdraw(
        _ command: WithdrawCorrection, account: AccountFacts?
    ) -> Decision {
        guard let account else { return .refused(.notFound, ["what": "account"]) }
        let asked = account.ledger.corrections.filter { $0.from == command.from }
        let waiting = asked.filter { $0.doneIn == nil }
        if let newest = waiting.last {
            return .accepted(
                [.correctionWithdrawn(account: account.id, from: command.from, n: newest.n)],
                result: .object([
                    "withdrawn": .string(newest.why),
                    "waiting": .array(waiting.dropLast().map { .string($0.why) }),
                ]))
        }
        guard let done = asked.compactMap(\.doneIn).max() else {
            return .refused(.notFound, ["what": "correction"])
        }
        return .refused(.correctionCharged, ["month": done.description])
    }
}

/// What the volume of a row of `import charges` costs at its tariff. None where it does not name both.
private struct ImportedCost {
    /// In millionths of millionths of a rouble.
    private let exact: Int128
    /// By how much the rounding of volume and tariff for print may be off, and a kopeck.
    private let leeway: Int128

    /// A kopeck is ten thousand million.
    private static let kopeck: Int128 = 10_000_000_000

    init?(_ command: PostCharge) {
        guard command.volume != .zero, command.price != .zero else { return nil }
        /// Half of the last decimal that is there, at most of the third of a volume and of the second of a price.
        func rounding(_ quantity: Quantity, _ most: Int128) -> Int128 {
            var (rest, unit) = (quantity.millionths.magnitude, Int128(1))
            while rest % 10 == 0, unit < 2 * most {
                rest /= 10
                unit *= 10
            }
            return min((unit + 1) / 2, most)
        }
        let (volume, price) = (command.volume.millionths, command.price.millionths)
        exact = Int128(volume) * Int128(price)
        leeway =
            Self.kopeck + rounding(command.volume, 500) * Int128(price.magnitude)
            + rounding(command.price, 5000) * Int128(volume.magnitude)
    }

    var rounded: Money {
        let half = exact < 0 ? -Self.kopeck / 2 : Self.kopeck / 2
        return Money(kopecks: Int64(clamping: (exact + half) / Self.kopeck))
    }

    /// The sum is what the volume costs.
    func isExactly(_ sum: Money) -> Bool {
        let off = Int128(sum.kopecks) * Self.kopeck - exact
        return off.magnitude <= leeway.magnitude
    }

    /// Whether the sum of a row may have come of it. A row has room for one tariff, and the period may have had two, so by a
    /// meter or an average the sum is from a half to twice of what the volume costs: a comma that was lost and columns that
    /// changed places are off by more. Otherwise it may be less, of a part of a month, but no more than twice. By the norm it
    /// is times people and multipliers, and of electricity ranges and zones have prices of their own: those may be anything.
    func mayGive(_ command: PostCharge, unit: ChargeUnit?) -> Bool {
        guard command.method != .norm, unit != .kwh else { return true }
        let sign: Int128 = exact < 0 ? -1 : 1
        let sum = sign * Int128(command.charged.kopecks) * Self.kopeck
        let cost = sign * exact
        let least = command.method == .other ? 0 : cost / 2
        return sum >= least - leeway && sum <= 2 * cost + leeway
    }
}

/// An entry with how it came to be.
public struct Posted: Sendable, Equatable {
    public var entry: Entry
    public var line: ChargeLine?
    public var penalty: PenaltyDetail?

    public init(_ entry: Entry, line: ChargeLine? = nil, penalty: PenaltyDetail? = nil) {
        self.entry = entry
        self.line = line
        self.penalty = penalty
    }
}

extension MissingRow {
    /// For the words of `Refusal.Code.referenceMissing`.
    public var values: [String: String] {
        switch self {
        case .dueDay(let month): ["what": "due_day", "of": month.description]
        case .keyRate(let day): ["what": "key_rate", "of": day.description]
        case .penaltyRule(let code, let day): ["what": "penalty_rule", "of": "\(code), \(day)"]
        case .chargeKind(let code): ["what": "charge_kind", "of": code]
        }
    }
}
