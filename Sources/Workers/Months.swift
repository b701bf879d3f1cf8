import Commands
import Crypto
import Domain
import Postgres
import Queue
import Store

/// Months of an organization: closed, foreseen and opened again, part by part of its accounts.
///
/// A part is whole houses, and a batch of its own: its accounts are locked, what their charges depend on is loaded in a dozen
/// statements, every account is charged in memory, and entries and bills go back as sets. Nothing of a month is charged
/// twice: an account that has the month's bill is passed over, so a part that is repeated changes nothing.
struct Months {
    static let statements: [Statement] =
        Closings.statements + Mailing.statements + [
            "store/period_close", "store/period_state", "store/period_reopen",
        ]

    let claimed: ClaimedCommand
    let connection: Connection
    /// Accounts in a part, where houses let it.
    let accounts: Int
    let keys: [SealingKey]

    init(
        _ claimed: ClaimedCommand, accountsInPart accounts: Int, keys: [SealingKey],
        on connection: Connection
    ) {
        self.claimed = claimed
        self.accounts = accounts
        self.keys = keys
        self.connection = connection
    }

    private var organization: String { claimed.organization }

    // MARK: Whole months

    /// From this commit on nothing enters the month; then its accounts are charged, part by part. A lane that accepted a
    /// reading before has its account locked until it commits, so a part never misses one.
    func close(
        _ period: Period, _ facts: OrganizationFacts, _ today: Day, _ decided: inout Decided
    ) throws -> Verdict {
        if let refusal = Self.refusal(toClose: period.month, facts, today) {
            return .refused(code: refusal.code.rawValue, body: refusal.json.bytes)
        }
        try connection.run(
            "store/period_close", .text(organization), .date(period.month.first.days),
            .timestamp(claimed.receivedAt))
        return try follow(period.month, &decided) { .chargePeriod($0) }
    }

    /// Months are charged one behind the other: what a month leaves is what the next one begins with. And none before it has
    /// begun.
    private static func refusal(
        toClose month: Month, _ facts: OrganizationFacts, _ today: Day
    ) -> Refusal? {
        guard month <= today.month else {
            return Refusal(.periodAhead, ["month": month.description])
        }
        let closed = facts.closed
        guard facts.profile.charges.source != .none else { return nil }
        guard !closed.contains(month), let newest = closed.max() else { return nil }
        guard month < newest || month > newest.advanced(by: 1) else { return nil }
        // None is closed before those that are.
        if let first = closed.min(), month < first {
            return Refusal(.periodOrder, ["month": month.description, "what": "before"])
        }
        return Refusal(.periodOrder, ["month": newest.advanced(by: 1).description])
    }

    /// Only of a month that could be closed: what it would come to depends on all before it.
    func foresee(
        _ period: Period, _ facts: OrganizationFacts, _ today: Day, _ decided: inout Decided
    ) throws -> Verdict {
        if let refusal = Self.refusal(toClose: period.month, facts, today) {
            return .refused(code: refusal.code.rawValue, body: refusal.json.bytes)
        }
        return try follow(period.month, &decided) { .foreseePart($0) }
    }

    /// Only the newest month: what stands on it must not lose its ground.
    func reopen(
        _ body: ReopenPeriod, _ facts: OrganizationFacts, _ decided: inout Decided
    ) throws -> Verdict {
        let closed = facts.closed
        guard let newest = closed.max(), closed.contains(body.month) else {
            return Desk.verdict(.refused(.periodOpen, ["month": body.month.description]))
        }
        guard newest == body.month else {
            return Desk.verdict(.refused(.periodNewest, ["month": newest.description]))
        }
        try connection.run(
            "store/period_reopen", .text(organization), .date(body.month.first.days))
        return try follow(body.month, &decided) { .withdrawPeriod($0) }
    }

    private func follow(
        _ month: Month, _ decided: inout Decided, _ command: (PeriodPart) -> Command
    ) throws -> Verdict {
        let parts = try Closings.cut(
            organization, month, accounts: Int64(accounts), on: connection)
        for part in parts {
            let command = command(part)
            decided.follow.append(
                NewCommand(
                    id: Desk.newID(), kind: command.kind.rawValue, organization: organization,
                    subject: command.subject(organization: organization),
                    payload: command.json.bytes, actor: claimed.actor, channel: claimed.channel,
                    trace: claimed.trace, cause: claimed.id, awaited: claimed.awaited,
                    receivedAt: claimed.receivedAt))
        }
        return .result(body: JSON.object(["parts": .int(Int64(parts.count))]).bytes)
    }

    // MARK: Parts

    /// «Рассчитано», charges, penalties, bills, and letters to those who want theirs by e-mail.
    func charge(
        _ part: PeriodPart, _ facts: OrganizationFacts, _ decided: inout Decided
    ) throws -> Verdict {
        guard
            let closedAt = facts.periods.first(where: { $0.month == part.month })?.closedAt
        else { return Desk.verdict(.refused(.periodOpen, ["month": part.month.description])) }
        try Closings.lock(organization, part, on: connection)
        var close = try Close(organization, part, facts, on: connection)
        let fixed = try Closings.fix(
            close.meters, in: part.month, at: claimed.receivedAt, on: connection)
        var result = close.run()
        if facts.profile.charges.source != .none {
            try close.write(at: closedAt, on: connection)
            if let due = close.due {
                try Mailing(claimed: claimed, keys: keys, connection: connection).order(
                    close.closed, part.month, due: due, facts.profile, &decided)
            }
        }
        result.readings = fixed
        return .result(body: result.json(foreseen: false).bytes)
    }

    /// What it would come to; nothing is written.
    func foresee(_ part: PeriodPart, _ facts: OrganizationFacts) throws -> Verdict {
        var close = try Close(organization, part, facts, on: connection)
        return .result(body: close.run().json(foreseen: true).bytes)
    }

    func withdraw(_ part: PeriodPart, _ facts: OrganizationFacts) throws -> Verdict {
        guard facts.periods.first(where: { $0.month == part.month })?.closedAt == nil else {
            return Desk.verdict(.refused(.periodClosed, ["month": part.month.description]))
        }
        try Closings.lock(organization, part, on: connection)
        let sorts: [Entry.Sort] =
            facts.profile.charges.source == .kabinet
            ? [.charge, .surcharge, .recalculation, .penalty, .offset] : [.penalty, .offset]
        let bills = try Closings.withdraw(
            organization, part, sorts: sorts, at: claimed.receivedAt, on: connection)
        return .result(body: JSON.object(["bills": .int(Int64(bills))]).bytes)
    }
}

/// The close of one part.
struct Close {
    private let organization: String
    private let month: Month
    private let charges: ChargesProfile
    private let part: Closings.Part
    private let index: ReferenceIndex
    private let policy: ChargePolicy
    private var posted: [Posted] = []
    private(set) var closed: [Closings.Closed] = []
    private var corrected: [Int64] = []
    /// Lines that were posted for the months before, of accounts that may be charged anew.
    private let earlier: [Int64: [PostedLine]]
    let due: Day?

    /// What a part came to.
    struct Result {
        var accounts = 0
        var lines = 0
        var readings = 0
        var charged = Money.zero
        var recalculated = Money.zero
        var penalty = Money.zero
        var kinds: [String: Money] = [:]
        var problems: [(account: String, problem: ChargeProblem)] = []
        var anomalies: [(about: String, JSON)] = []

        /// So many of what a close cannot charge are named; the rest is counted, and stands on the bills. A preview has no bills, and
        /// names all: a part has so many accounts and no more.
        static let named = 50

        /// How many there are of every kind, and each of them.
        private var anomalyMembers: (counts: JSON, list: JSON) {
            var counts: [String: Int64] = [:]
            var list: [JSON] = []
            for (_, anomaly) in anomalies {
                counts[anomaly["what"]?.string ?? "", default: 0] += 1
                list.append(anomaly)
            }
            let sorted = counts.sorted { $0.key < $1.key }
            return (.object(sorted.map { JSON.Member($0.key, .int($0.value)) }), .array(list))
        }

        func json(foreseen: Bool) -> JSON {
            .object([
                "accounts": .int(Int64(accounts)), "lines": .int(Int64(lines)),
                "readings": foreseen ? nil : .int(Int64(readings)),
                "charged_kopecks": .int(charged.kopecks),
                "recalculated_kopecks": .int(recalculated.kopecks),
                "penalty_kopecks": .int(penalty.kopecks),
                "kinds": foreseen
                    ? .object(
                        kinds.sorted { $0.key < $1.key }.map {
                            JSON.Member($0.key, .int($0.value.kopecks))
                        }) : nil,
                "problems": problems.isEmpty ? nil : .int(Int64(problems.count)),
                "problem_list": problems.isEmpty
                    ? nil
                    : .array(
                        problems.prefix(foreseen ? .max : Self.named).map { account, problem in
                            .object(
                                [JSON.Member("account", .string(account))] + problem.members)
                        }),
                "anomalies": foreseen ? .int(Int64(anomalies.count)) : nil,
                "anomaly_counts": foreseen ? anomalyMembers.counts : nil,
                "anomaly_list": foreseen ? anomalyMembers.list : nil,
            ])
        }
    }

    init(
        _ organization: String, _ part: PeriodPart, _ facts: OrganizationFacts,
        on connection: Connection
    ) throws {
        self.organization = organization
        month = part.month
        charges = facts.profile.charges
        self.part = try Closings.load(organization, part, on: connection)
        index = ReferenceIndex(self.part.terms.references)
        var policy = ChargePolicy()
        policy.proratesByDays = charges.prorates
        policy.returnsNorm = charges.recalculatesNorm
        self.policy = policy
        let month = month
        earlier =
            charges.source == .kabinet
            ? try Closings.posted(
                self.part.accounts.compactMap { account in
                    account.oldest(of: month).map { (account.id, $0) }
                }, before: month, on: connection) : [:]
        do throws(MissingRow) {
            due = try self.part.terms.ledger.dueDays.due(for: month)
        } catch {
            guard charges.source == .none else {
                throw PermanentFailure(
                    "no due day for \(month): kabinet import due-days, then retry")
            }
            due = nil
        }
    }

    var meters: [Int64] { part.accounts.flatMap { $0.meters.map(\.id) } }

    // MARK: Deciding

    mutating func run() -> Result {
        var result = Result()
        guard charges.source != .none else {
            result.accounts = part.accounts.count
            return result
        }
        // House by house: what its flats used together decides what its needs are.
        var from = 0
        while from < part.accounts.count {
            let house = part.accounts[from].card.house
            var to = from + 1
            while to < part.accounts.count, part.accounts[to].card.house == house { to += 1 }
            run(from..<to, house, &result)
            from = to
        }
        return result
    }

    private mutating func run(_ range: Range<Int>, _ house: String?, _ result: inout Result) {
        var months: [ChargedMonth] = []
        var anew: [ChargedMonth] = []
        var facts: [ChargeFacts] = []
        if charges.source == .kabinet {
            for account in part.accounts[range] {
                // First what the months before come to now: a reading of this one takes back what stands then.
                let again = recharge(account)
                let own = part.facts(
                    account, month,
                    earlier: (earlier[account.id] ?? []).map(\.line) + again.lines)
                facts.append(own)
                months.append(Charging.individual(own, index, policy))
                anew.append(again)
            }
            // Of a house that nobody told anything of the needs cannot be charged either, and that is told: never left out.
            let known = house.flatMap { part.houses[$0] } ?? .init()
            let home = home(known, facts, months)
            for place in facts.indices {
                facts[place].home = home
                let needs = Charging.houseNeeds(facts[place], index, policy)
                months[place].problems += needs.problems
                guard !needs.lines.isEmpty else { continue }
                months[place].lines = plan(facts[place]).ordered(
                    months[place].lines + needs.lines)
            }
            if let house {
                look(at: home, house, plan(facts[0]), &result)
                for service in Service.allCases where known.unread.contains(service) {
                    guard facts.contains(where: { plan($0).needs(service) }) else { continue }
                    result.anomalies.append(
                        (house, HouseNeeds.Anomaly.noReading(service).json(house)))
                }
            }
        }
        for (place, account) in part.accounts[range].enumerated() where !account.isBilled {
            var charged = months.isEmpty ? ChargedMonth() : months[place]
            if !facts.isEmpty {
                for anomaly in Charging.anomalies(facts[place], charged.lines, policy) {
                    result.anomalies.append(
                        (account.card.account.text, anomaly.json(account.card.account.text)))
                }
                charged.lines += anew[place].lines
                charged.problems += anew[place].problems
                corrected += account.corrections.map(\.n)
            }
            close(account, charged, &result)
        }
    }

    private func plan(_ facts: ChargeFacts) -> ChargePlan {
        index.plan(
            facts.month, company: facts.company, house: facts.house, own: facts.contracts)
    }

    private func home(
        _ house: Closings.Part.House, _ facts: [ChargeFacts], _ months: [ChargedMonth]
    ) -> HouseFacts {
        HouseFacts(
            area: house.area, commonArea: house.commonArea,
            services: Service.allCases.map { service in
                HouseUse(
                    service: service, total: house.totals[service],
                    individual: zip(facts, months).reduce(.zero) {
                        $0 + Charging.use(of: service, $1.1.lines, plan($1.0))
                    })
            })
    }

    private func look(
        at home: HouseFacts, _ house: String, _ plan: ChargePlan, _ result: inout Result
    ) {
        for service in home.services where service.total != nil {
            guard
                let balance = HouseNeeds.balance(
                    service, norm: plan.houseNorm(service.service), commonArea: home.commonArea,
                    caps: policy.capsHouseNeeds)
            else { continue }
            for anomaly in HouseNeeds.anomalies(service.service, balance) {
                result.anomalies.append((house, anomaly.json(house)))
            }
        }
    }

    /// Months that are to be charged anew. First what days without a single kind take off what stands of it, and nothing else:
    /// what else differs in their months nobody asked for. Where all of a month was asked for, that is all.
    private func recharge(_ account: ClosedAccount) -> ChargedMonth {
        guard !account.isBilled else { return ChargedMonth() }
        let whole = account.corrections.filter { $0.kind == nil }
        let from = whole.map(\.from).min() ?? month
        let posted = earlier[account.id] ?? []
        var again = undersupply(account, before: from, posted)
        guard from < month else { return again }
        var anew = Charging.again(
            (0..<(month - from)).map { part.facts(account, from.advanced(by: $0)) },
            posted: posted + again.lines.map { PostedLine(postedIn: month, $0) },
            because: { past in Self.why(whole.filter { $0.from <= past }, or: whole) }, index,
            policy)
        // The needs of the house stay as they were shared.
        anew.problems.removeAll { $0.what == .house }
        again.lines += anew.lines
        again.problems += anew.problems.filter { !again.problems.contains($0) }
        return again
    }

    /// - Parameter from: from this month on all is charged anew, but for the needs of the house.
    private func undersupply(
        _ account: ClosedAccount, before from: Month, _ posted: [PostedLine]
    ) -> ChargedMonth {
        let asked = account.corrections.filter { $0.kind != nil && $0.from < month }
        var again = ChargedMonth()
        for past in Set(asked.map(\.from)).sorted() {
            let facts = part.facts(account, past)
            let plan = plan(facts)
            let told = asked.filter { $0.from == past }
            for kind in Set(told.compactMap(\.kind)).sorted() {
                guard past < from || plan.isHouseNeed(kind) else { continue }
                let anew = Charging.undersupply(
                    of: kind, facts, readIn: { part.facts(account, $0) }, posted: posted,
                    because: Self.why(told.filter { $0.kind == kind }), index, policy)
                again.lines += anew.lines
                again.problems += anew.problems
            }
        }
        return again
    }

    /// In whose words, each once.
    private static func why(
        _ corrections: [ClosedAccount.Correction], or others: [ClosedAccount.Correction] = []
    ) -> String {
        Set((corrections.isEmpty ? others : corrections).map(\.why)).sorted()
            .joined(separator: "; ")
    }

    private mutating func close(
        _ account: ClosedAccount, _ charged: ChargedMonth, _ result: inout Result
    ) {
        let terms = part.terms
        var charged = charged
        var entries = account.ledger.entries.filter { $0.month <= month }
        var new = post(charged.lines, account.id)
        entries += new.map(\.entry)
        /// Money that met no debt meets those that are there now.
        func offset() throws(MissingRow) -> [Tranche] {
            let tranches = try Ledger.tranches(
                entries, kinds: terms.ledger.kinds, dueDays: terms.ledger.dueDays)
            let advances = Ledger.advances(entries, tranches: tranches)
            if advances.isEmpty { return tranches }
            let moved = Allocation.offset(
                advances, against: Ledger.obligations(tranches), kinds: terms.ledger.kinds,
                on: month.last
            ).flatMap { $0.entries(account: account.id, month: month) }
            if moved.isEmpty { return tranches }
            new += moved.map { Posted($0) }
            entries += moved
            return try Ledger.tranches(
                entries, kinds: terms.ledger.kinds, dueDays: terms.ledger.dueDays)
        }
        do throws(MissingRow) {
            let tranches = try offset()
            if charges.source == .kabinet {
                let postings = try Penalties.post(
                    month: month, tranches: tranches, terms: terms.penalties)
                for posting in postings {
                    let entry = posting.entry(account: account.id, month: month)
                    new.append(Posted(entry, penalty: posting.detail))
                    entries.append(entry)
                }
                if !postings.isEmpty { _ = try offset() }
            }
        } catch {
            charged.problems.append(ChargeProblem(error, in: month))
        }
        let numbered = account.ledger.numbered(new.map(\.entry))
        for place in new.indices { new[place].entry = numbered[place] }
        posted += new
        let bill = bill(account, charged, entries, numbered)
        closed.append(bill)
        result.accounts += 1
        result.lines += charged.lines.count
        result.charged += bill.charged
        result.recalculated += bill.recalculated
        result.penalty += bill.penalty
        for line in charged.lines { result.kinds[line.kind, default: .zero] += line.amount }
        for problem in charged.problems {
            result.problems.append((account.card.account.text, problem))
        }
    }

    /// A line that costs nothing is told all the same: somebody used nothing.
    private func post(_ lines: [ChargeLine], _ account: Int64) -> [Posted] {
        let costing = lines.filter { $0.amount != .zero }
        var entries = Ledger.entries(of: costing, account: account, month: month)[...]
        return lines.compactMap { line in
            if line.amount != .zero {
                return entries.popFirst().map { Posted($0, line: line) }
            }
            guard line.sort == .charge else { return nil }
            return Posted(
                Entry(
                    account: account, kind: line.kind, month: month, tranche: month, sort: .charge,
                    amount: .zero, effectiveOn: month.last), line: line)
        }
    }

    private func bill(
        _ account: ClosedAccount, _ charged: ChargedMonth, _ entries: [Entry], _ new: [Entry]
    ) -> Closings.Closed {
        let first = Entry.firstID(of: month)
        let upto = entries.reduce(first) { $1.month == month ? max($0, $1.id ?? first) : $0 }
        var bill = Closings.Closed(
            account: account.id, version: account.versions + 1,
            upto: max(upto, new.last?.id ?? first), card: account.frozen(charges))
        bill.opening = account.bill?.closing ?? .zero
        let billed = account.bill?.upto ?? 0
        for entry in entries {
            guard entry.id.map({ $0 > billed }) ?? true else { continue }
            guard entry.month == month, entry.sort != .opening else {
                bill.opening += entry.amount
                continue
            }
            switch entry.sort {
            case .opening: break
            case .charge, .surcharge: bill.charged += entry.amount
            case .recalculation: bill.recalculated += entry.amount
            case .penalty: bill.penalty += entry.amount
            case .payment, .advance, .offset, .reversal: bill.paid += -entry.amount
            }
        }
        bill.closing =
            bill.opening + bill.charged + bill.recalculated + bill.penalty - bill.paid
        bill.openFrom = Self.oldest(entries)
        if !charged.problems.isEmpty {
            bill.problems = .array(
                charged.problems.map { .object($0.members) })
        }
        return bill
    }

    /// The eldest tranche that is not even, or month of an advance that is not used up.
    private static func oldest(_ entries: [Entry]) -> Month? {
        struct Key: Hashable {
            let kind: String?
            let month: Month
            let isPenalty: Bool
        }
        var sums: [Key: Money] = [:]
        var advance = Money.zero
        var since: Month?
        for entry in entries {
            if let month = entry.tranche {
                sums[
                    Key(kind: entry.kind, month: month, isPenalty: entry.isPenalty),
                    default: .zero] += entry.amount
            } else {
                advance += entry.amount
                since = min(since ?? entry.month, entry.month)
            }
        }
        let open = sums.filter { $0.value != .zero }.map(\.key.month).min()
        return [open, advance == .zero ? nil : since].compactMap(\.self).min()
    }

    // MARK: Writing

    /// - Parameter at: when the month was closed; microseconds since 1970-01-01 UTC.
    func write(at: Int64, on connection: Connection) throws {
        guard let due else { return }
        try Ledgers.add(posted, on: connection)
        try Closings.corrected(corrected, in: month, on: connection)
        try Closings.add(
            closed, organization: organization, month: month, at: at, due: due,
            paidUntil: month.last, on: connection)
    }
}

extension ClosedAccount {
    /// The first month whose posted lines its charges of `month` may depend on; nil: they depend on none.
    func oldest(of month: Month) -> Month? {
        let first = corrections.map(\.from).min() ?? month
        var oldest = corrections.isEmpty ? nil : first
        for meter in meters {
            // A reading that comes back takes back what stood in for it.
            for place in meter.months.indices where meter.months[place].month >= first {
                let told = meter.months[place].month
                let before =
                    place + 1 < meter.months.count
                    ? meter.months[place + 1].month : meter.facts.installedOn?.month
                guard let before, told - before > 1 else { continue }
                oldest = min(oldest ?? month, before.advanced(by: 1))
            }
        }
        return oldest
    }
}

extension ClosedAccount {
    /// What a bill says that dated rows and entries do not, as it was: whose it is, whom to pay, until when meters are verified.
    fileprivate func frozen(_ charges: ChargesProfile) -> JSON {
        var verified: [JSON.Member] = []
        for meter in meters.map(\.facts).sorted(by: { $0.id < $1.id }) {
            guard let until = meter.verifiedUntil else { continue }
            verified.append(JSON.Member("\(meter.id)", .string(until.description)))
        }
        return .object(
            card.members
                + [
                    charges.payee.map { JSON.Member("payee", .string($0)) },
                    verified.isEmpty ? nil : JSON.Member("verified_until", .object(verified)),
                ].compactMap(\.self))
    }
}

extension AccountCard {
    fileprivate var members: [JSON.Member] {
        let all: KeyValuePairs<String, JSON?> = [
            "account": .string(account.text), "company": company.map(JSON.string),
            "surname": surname.map(JSON.string), "name": name.map(JSON.string),
            "patronymic": patronymic.map(JSON.string), "house": house.map(JSON.string),
            "apartment": apartment.map(JSON.string), "address": address.map(JSON.string),
            "area_m2": area.map { .string($0.description) },
            "living_area_m2": livingArea.map { .string($0.description) },
            "house_area_m2": houseArea.map { .string($0.description) },
            "rooms": rooms.map(JSON.int), "residents": residents.map(JSON.int),
        ]
        return all.compactMap { pair in pair.value.map { JSON.Member(pair.key, $0) } }
    }
}

extension Charging.Anomaly {
    func json(_ account: String) -> JSON {
        switch self {
        case .noReading(let service, let meter, let months):
            .object([
                "account": .string(account), "what": .string("no_reading"),
                "service": .string(service.rawValue), "meter": .string(meter),
                "months": .int(Int64(months)),
            ])
        case .jump(let service, let meter, let volume, let average):
            .object([
                "account": .string(account), "what": .string("jump"),
                "service": .string(service.rawValue),
                "meter": .string(meter), "volume": .string(volume.description),
                "average": .string(average.description),
            ])
        case .negative(let kind, let amount):
            .object([
                "account": .string(account), "what": .string("negative"), "kind": .string(kind),
                "amount_kopecks": .int(amount.kopecks),
            ])
        case .negativeTotal(let amount):
            .object([
                "account": .string(account), "what": .string("negative_total"),
                "amount_kopecks": .int(amount.kopecks),
            ])
        }
    }
}

extension HouseNeeds.Anomaly {
    func json(_ house: String) -> JSON {
        switch self {
        case .negative(let service, let volume):
            .object([
                "house": .string(house), "what": .string("house_negative"),
                "service": .string(service.rawValue), "volume": .string(volume.description),
            ])
        case .excess(let service, let volume, let limit):
            .object([
                "house": .string(house), "what": .string("house_excess"),
                "service": .string(service.rawValue), "volume": .string(volume.description),
                "limit": .string(limit.description),
            ])
        case .noReading(let service):
            .object([
                "house": .string(house), "what": .string("house_no_reading"),
                "service": .string(service.rawValue),
            ])
        }
    }
}

extension ChargeProblem {
    /// As answers and bills have it.
    fileprivate var members: [JSON.Member] {
        var members = [
            JSON.Member("kind", .string(kind)), JSON.Member("month", .string(month.description)),
            JSON.Member("what", .string(what.rawValue)),
        ]
        if let of { members.append(JSON.Member("of", .string(of))) }
        return members
    }
}
