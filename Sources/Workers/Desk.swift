/// The lanes: load facts for the whole batch → decide each command in memory, in order → write all
/// changes as sets. And the deliveries to the outside.
import Commands
public import Crypto
public import Domain
public import Postgres
public import Queue
import Store
import Threads

/// Decides batches of every kind. One instance a thread; it keeps nothing between batches but read
/// profiles.
public final class Desk: Decider {
    private let reader = FactsReader()
    private let parts: Int
    private let keys: [SealingKey]
    private let upkeep = Admissions.Upkeep()

    /// What a lane's connection prepares at open, so that a typo stops the start and not a batch.
    public static var statements: [Statement] {
        FactsReader.statements + Changes.statements + [
            "store/period_open", "store/fix_lock",
            "store/fix_readings", "store/import_rows", "store/import_beside", "store/import_job",
            "store/import_part", "store/import_errors", "store/rebuild_months",
        ] + Months.statements + ReferenceRows.statements + WindowDesk.statements
            + HouseMeterStore.statements + Reprocess.statements + Notices.statements
            + Proofs.statements + Admissions.statements
            + OperatorStore.statements
    }

    public var kinds: Set<String>? { Self.kinds }

    /// Every kind of this release.
    static let kinds = Set(Command.Kind.allCases.map(\.rawValue))

    /// - Parameters:
    ///   - parts: accounts that one `period.charge` command takes, where houses let it.
    ///   - keys: what passwords and codes were sealed to.
    public init(accountsInPart parts: Int = 500, keys: [SealingKey] = []) {
        self.parts = parts
        self.keys = keys
    }

    /// A chunk of an import, or of a month, is hundreds of rows. A part of a job takes other lanes' locks, and so must
    /// hold no account's.
    public func weight(of kind: String) -> Int {
        switch Command.Kind(rawValue: kind) {
        case .importRows, .closePeriod, .fixPeriod: 100
        case .reprocessPart, .chargePeriod, .foreseePart, .withdrawPeriod: .alone
        case .foreseePeriod, .reopenPeriod: 100
        case let kind?: OperatorDesk.weight(of: kind) ?? Admissions.weight(of: kind)
        case nil: 1
        }
    }

    public func decide(
        _ batch: [ClaimedCommand], on connection: Connection
    ) throws -> Decided {
        var decided = Decided(verdicts: [])
        decided.verdicts.reserveCapacity(batch.count)
        var group: [Entry] = []
        var reports: [NoticeReport] = []
        var admissions = Admissions(keys, upkeep)
        var operators = OperatorDesk()

        let commands = try batch.map(Self.read)
        let imports = try lockAll(commands, batch, on: connection)

        // Commands on accounts are decided together; one on a whole month stands between two
        // groups, so that those before it do not see it and those behind it do.
        for (index, claimed) in batch.enumerated() {
            let command = commands[index]
            decided.verdicts.append(.done)
            switch command {
            case .idle: continue
            case .openPeriod(let period):
                try flush(&group, &decided, on: connection)
                decided.verdicts[index] = try open(period, claimed, on: connection)
            case .closePeriod, .foreseePeriod, .reopenPeriod, .chargePeriod, .foreseePart,
                .withdrawPeriod:
                try flush(&group, &decided, on: connection)
                decided.verdicts[index] = try month(command, claimed, &decided, on: connection)
            case .fixPeriod(let part):
                try flush(&group, &decided, on: connection)
                decided.verdicts[index] = try fix(part, claimed, on: connection)
            case .rebuildViews(let part):
                try flush(&group, &decided, on: connection)
                decided.verdicts[index] = try rebuild(part, claimed, on: connection)
            case .extendWindow(let body):
                try flush(&group, &decided, on: connection)
                decided.verdicts[index] = try WindowDesk(claimed, reader).extend(
                    body, on: connection)
            case .setWindow(let body):
                try flush(&group, &decided, on: connection)
                decided.verdicts[index] = try WindowDesk(claimed, reader).set(body, on: connection)
            case .importRows:
                try flush(&group, &decided, on: connection)
                guard let rows = imports[index] else { continue }
                decided.verdicts[index] = try rows.decide(reader, &decided, on: connection)
            case .reprocessPart(let part):
                guard batch.count == 1 else {
                    throw PermanentFailure("a part of a job stands in a batch of its own")
                }
                decided.verdicts[index] = try Reprocess(part, claimed, self)
                    .decide(&decided, on: connection)
            case .reportNotices(let report): reports.append(report)
            case .identity(let body): admissions.add(body, claimed, verdict: index)
            case .operators(let body): operators.add(body, claimed, verdict: index)
            case .sendLetter, .sendMailing, .sendMessage:
                throw PermanentFailure(
                    "\(command.kind.rawValue) belongs to a pool of mode delivery")
            default:
                group.append(Entry(verdict: index, command: command, claimed: claimed))
            }
        }
        try admissions.decide(&decided, on: connection)
        try operators.decide(&decided, on: connection) { Vault(keys, publicKey: nil) }
        try flush(&group, &decided, on: connection)
        // All together: in which order they are taken makes no difference.
        if !reports.isEmpty {
            try Self.tell(
                Notices.report(reports, newID: Self.newCommandID, on: connection), &decided,
                on: connection)
        }
        try Audit.write(commands, batch, decided, on: connection)
        return decided
    }

    /// Writes down who is to be told what, and lets the deliveries of those that are new follow from the batch.
    static func tell(
        _ orders: [NoticeOrder], _ decided: inout Decided, on connection: Connection
    ) throws {
        decided.follow += try Notices.add(orders, on: connection).map(NewCommand.init)
    }

    /// Where a batch is decided in several groups, its accounts are locked before the first of
    /// them, all at once in the order of their ids: locking group by group, two lanes would wait
    /// for each other. A batch of commands on accounts alone is one group, which locks itself.
    private func lockAll(
        _ commands: [Command], _ batch: [ClaimedCommand], on connection: Connection
    ) throws -> [Int: Import] {
        var imports: [Int: Import] = [:]
        var accounts: Set<AccountKey> = []
        var fixed: [AccountPart] = []
        var groups = false
        for (index, command) in commands.enumerated() {
            let organization = batch[index].organization
            switch command {
            case .importRows(let rows):
                let rows = try Import(
                    rows, batch[index], keys: keys, on: connection)
                accounts.formUnion(rows.accounts)
                imports[index] = rows
                groups = true
            case .fixPeriod(let body):
                fixed.append(
                    AccountPart(organization: organization, part: body.part, parts: body.parts))
                groups = true
            case .rebuildViews(let body):
                fixed.append(
                    AccountPart(organization: organization, part: body.part, parts: body.parts))
                groups = true
            case .openPeriod, .closePeriod, .foreseePeriod, .reopenPeriod, .extendWindow,
                .setWindow:
                groups = true
            default:
                guard let number = command.account else { continue }
                accounts.insert(AccountKey(organization: organization, number: number))
            }
        }
        if groups { try reader.lock(accounts, fixed, on: connection) }
        return imports
    }

    struct Entry {
        let verdict: Int
        let command: Command
        let claimed: ClaimedCommand
    }

    static func read(_ claimed: ClaimedCommand) throws -> Command {
        guard let kind = Command.Kind(rawValue: claimed.kind) else {
            throw PermanentFailure("this worker does not know the kind \(claimed.kind)")
        }
        do {
            return try Command(kind, JSON.parse(claimed.payload))
        } catch {
            throw PermanentFailure("the payload is not of its kind: \(error)")
        }
    }

    private func flush(
        _ group: inout [Entry], _ decided: inout Decided, on connection: Connection
    ) throws {
        guard !group.isEmpty else { return }
        let desk = try Sheet(
            group.map {
                Asked(
                    command: $0.command, organization: $0.claimed.organization,
                    receivedAt: $0.claimed.receivedAt,
                    policy: Channel(rawValue: $0.claimed.channel) ?? .api,
                    person: IdentityAsked.person($0.claimed.actor))
            }, reader, on: connection)
        for entry in group {
            let id = CommandID(high: entry.claimed.id.high, low: entry.claimed.id.low)
            let decision = desk.decide(
                entry.command, organization: entry.claimed.organization, id: id,
                channel: Channel(rawValue: entry.claimed.channel) ?? .api,
                actor: entry.claimed.actor, receivedAt: entry.claimed.receivedAt)
            decided.verdicts[entry.verdict] = Self.verdict(decision)
        }
        try desk.changes.write(on: connection)
        try Self.tell(desk.changes.notices, &decided, on: connection)
        group.removeAll(keepingCapacity: true)
    }

    static func verdict(_ decision: Decision) -> Verdict {
        switch decision.outcome {
        case .accepted(.object(let members)) where members.isEmpty: .done
        case .accepted(let result): .result(body: result.bytes)
        case .refused(let refusal):
            .refused(code: refusal.code.rawValue, body: refusal.json.bytes)
        }
    }

    // MARK: Months

    private func open(
        _ period: Period, _ claimed: ClaimedCommand, on connection: Connection
    ) throws -> Verdict {
        let month = Value.date(period.month.first.days)
        if let state = try connection.run(
            "store/period_state", .text(claimed.organization), month
        ).first {
            return state.bool(0)
                ? Self.verdict(
                    .refused(.periodClosed, ["month": period.month.description]))
                : .result(body: JSON.object(["unchanged": .bool(true)]).bytes)
        }
        try connection.run(
            "store/period_open", .text(claimed.organization), month,
            .timestamp(claimed.receivedAt))
        return .done
    }

    private func month(
        _ command: Command, _ claimed: ClaimedCommand, _ decided: inout Decided,
        on connection: Connection
    ) throws -> Verdict {
        var wanted = FactsWanted()
        wanted.organizations = [claimed.organization]
        (wanted.earliest, wanted.latest) = (claimed.receivedAt, claimed.receivedAt)
        let facts = try reader.load(wanted, on: connection) { _, _, _, _ in false }
        guard let organization = facts.organizations[claimed.organization],
            let today = facts.day(of: claimed.receivedAt, claimed.organization, account: nil)
        else {
            return Self.verdict(.refused(.notFound, ["what": "organization"]))
        }
        let months = Months(claimed, accountsInPart: parts, keys: keys, on: connection)
        return switch command {
        case .closePeriod(let body): try months.close(body, organization, today, &decided)
        case .foreseePeriod(let body): try months.foresee(body, organization, today, &decided)
        case .reopenPeriod(let body): try months.reopen(body, organization, &decided)
        case .chargePeriod(let part): try months.charge(part, organization, &decided)
        case .foreseePart(let part): try months.foresee(part, organization)
        case .withdrawPeriod(let part): try months.withdraw(part, organization)
        default: preconditionFailure("\(command.kind.rawValue) is about no month")
        }
    }

    /// What a release before this one let follow from closing a month.
    private func fix(
        _ part: FixPeriod, _ claimed: ClaimedCommand, on connection: Connection
    ) throws -> Verdict {
        let organization = Value.text(claimed.organization)
        let (index, count) = (Value.int64(Int64(part.part)), Value.int64(Int64(part.parts)))
        try connection.run("store/fix_lock", organization, index, count)
        let fixed = try connection.run(
            "store/fix_readings", organization, index, count, .date(part.month.first.days),
            .timestamp(claimed.receivedAt)
        ).affected
        return .result(body: JSON.object(["readings": .int(Int64(fixed))]).bytes)
    }

    // MARK: Views

    /// Its accounts are locked: what other lanes decide of them comes before or after.
    private func rebuild(
        _ body: RebuildViews, _ claimed: ClaimedCommand, on connection: Connection
    ) throws -> Verdict {
        guard
            let row = try connection.run(
                "store/rebuild_months", .text(claimed.organization), .int64(Int64(body.part)),
                .int64(Int64(body.parts)), .int64(body.meters?.lowerBound),
                .int64(body.meters?.upperBound)
            ).first
        else { return .done }
        return .result(
            body: JSON.object([
                "missing": .int(row.int64(0)), "different": .int(row.int64(1)),
                "extra": .int(row.int64(2)),
            ]).bytes)
    }

    static func newCommandID() -> CommandID {
        let id = newID()
        return CommandID(high: id.high, low: id.low)
    }

    static func newID() -> Identifier {
        .v7(milliseconds: realMicroseconds() / 1000, random: Secrets.randomWords())
    }
}

extension NewCommand {
    /// The delivery of a notice.
    public init(_ order: NoticeOrder) {
        let command = order.command
        self.init(
            id: order.id.identifier, kind: command.kind.rawValue, organization: order.organization,
            subject: command.subject(organization: order.organization),
            payload: command.json.bytes, actor: order.actor, channel: order.via,
            cause: order.cause?.identifier, receivedAt: order.receivedAt)
    }
}

/// A command of a group, as far as its facts depend on it.
struct Asked {
    let command: Command
    let organization: String
    let receivedAt: Int64
    /// Whose checks apply.
    let policy: Channel
    /// The person who asks; nil: a program or an operator does, who needs no account of their own.
    var person: Int64?
}

/// The facts of one group of commands on accounts, changed as they are decided, and the changes to
/// write.
final class Sheet {
    private var facts: Facts
    private(set) var changes = Changes()
    private let keepsChanges: Bool

    init(
        _ commands: [Asked], _ reader: FactsReader, on connection: Connection,
        keepsChanges: Bool = true
    ) throws {
        var wanted = FactsWanted()
        var readings: [FactsWanted.MeterKey: Int] = [:]
        for (index, asked) in commands.enumerated() {
            Self.want(asked.command, asked.organization, &wanted)
            if let person = asked.person { wanted.persons.insert(person) }
            wanted.earliest = min(wanted.earliest, asked.receivedAt)
            wanted.latest = max(wanted.latest, asked.receivedAt)
            if case .submitReading(let body) = asked.command {
                let key = AccountKey(organization: asked.organization, number: body.account)
                readings[.init(key, body.meter)] = index
            }
        }
        facts = try reader.load(wanted, on: connection) { key, account, meter, facts in
            guard let asked = readings[key].map({ commands[$0] }),
                case .submitReading(let body) = asked.command,
                let organization = facts.organizations[asked.organization],
                let today = facts.day(
                    of: asked.receivedAt, asked.organization, account: account.id)
            else { return true }
            return Readings.needsAverage(
                body,
                from: Sender(
                    id: CommandID(high: 0, low: 0), channel: asked.policy, actor: "",
                    receivedAt: asked.receivedAt, today: today), meter, of: account,
                organization: organization)
        }
        self.keepsChanges = keepsChanges
    }

    private static func want(
        _ command: Command, _ organization: String, _ wanted: inout FactsWanted
    ) {
        wanted.organizations.insert(organization)
        guard let number = command.account else { return }
        let key = AccountKey(organization: organization, number: number)
        wanted.accounts.insert(key)
        switch command {
        case .submitReading(let body):
            let meter = FactsWanted.MeterKey(key, body.meter)
            if !wanted.meters.insert(meter).inserted { wanted.busyMeters.insert(meter) }
            if let month = body.takenOn?.month { wanted.months[meter, default: []].insert(month) }
            if let session = commandID(body.session) { wanted.sessions.insert(session) }
        case .deleteReading(let body):
            if let id = commandID(body.reading) { wanted.deleted.insert(id) }
        case .openAccount(let card):
            wanted.cards.insert(key)
            wanted.ids += 1
            if let house = card.house { wanted.houses.insert(.init(organization, house)) }
        case .changeAccount(let card):
            wanted.cards.insert(key)
            if let house = card.house { wanted.houses.insert(.init(organization, house)) }
        case .closeAccount: wanted.cards.insert(key)
        case .installMeter(let body):
            wanted.wholeMeter(.init(key, body.meter))
            wanted.numbers.insert(.init(organization, body.meter))
            wanted.ids += 1
        case .removeMeter(let body): wanted.wholeMeter(.init(key, body.meter))
        case .changeMeter(let body): wanted.wholeMeter(.init(key, body.meter))
        case .replaceMeter(let body):
            wanted.wholeMeter(.init(key, body.meter))
            wanted.wholeMeter(.init(key, body.newMeter))
            wanted.numbers.insert(.init(organization, body.newMeter))
            wanted.ids += 1
        case .ledger(let body):
            wanted.ledgers.insert(key)
            switch body {
            case .postPayment(let body):
                wanted.payments.insert(.init(organization, body.provider, body.number))
            case .reversePayment(let body):
                wanted.heldPayments.insert(.init(organization, body.provider, body.number))
            case .assignPayment(let body):
                wanted.heldPayments.insert(.init(organization, body.provider, body.number))
            case .withdrawCorrection: wanted.corrections.insert(key)
            case .openBalance, .postCharge, .correctAccount: break
            }
        case .extendWindow, .setWindow, .openPeriod, .closePeriod, .fixPeriod, .chargePeriod,
            .foreseePeriod, .foreseePart, .reopenPeriod, .withdrawPeriod, .rebuildViews,
            .importRows, .reprocessPart, .sendLetter, .sendMailing, .sendMessage, .reportNotices,
            .identity, .operators, .idle:
            break
        }
    }

    /// An id as payloads write it.
    private static func commandID(_ text: String?) -> CommandID? {
        text.flatMap { Identifier($0) }.map { CommandID(high: $0.high, low: $0.low) }
    }

    /// Decides one command and lets the next ones see what it changed.
    func decide(
        _ command: Command, organization code: String, id: CommandID, channel: Channel,
        policy: Channel? = nil, actor: String, receivedAt: Int64, upsert: Bool = false
    ) -> Decision {
        guard let organization = facts.organizations[code], let number = command.account else {
            return .refused(.notFound, ["what": "organization"])
        }
        let key = AccountKey(organization: code, number: number)
        let place = facts.find(number, code)
        let account = place.map { facts.accounts[key, default: []][$0] }
        guard let today = facts.day(of: receivedAt, code, account: account?.id) else {
            return .refused(.notFound, ["what": "organization"])
        }
        if let person = IdentityAsked.person(actor),
            !(account.map { facts.may(person, Self.right(for: command), $0.id) } ?? false)
        {
            // What is not one's own is not there, or not any more.
            return .refused(.notFound, ["what": "account"])
        }
        var sender = Sender(
            id: id, channel: channel, policy: policy, actor: actor, receivedAt: receivedAt,
            today: today)
        if case .submitReading(let body) = command {
            sender.session = Self.commandID(body.session)
        }
        let decision = rule(command, code, sender, account, organization, upsert)
        for change in decision.changes {
            apply(change, key, place, code)
            if keepsChanges { changes.add(change, organization: code) }
        }
        return decision
    }

    /// What a person must be allowed for a command on an account.
    private static func right(for command: Command) -> Right {
        switch command {
        case .submitReading, .deleteReading: .readings
        // All others are no person's.
        default: .pay
        }
    }

    private func rule(
        _ command: Command, _ code: String, _ sender: Sender, _ account: AccountFacts?,
        _ organization: OrganizationFacts, _ upsert: Bool
    ) -> Decision {
        switch command {
        case .submitReading(let body):
            Readings.submit(body, from: sender, account: account, organization: organization)
        case .deleteReading(let body):
            delete(body, sender, account, organization)
        case .openAccount(let card):
            Accounts.open(
                card, newID: takeID(), account: account, organization: organization,
                upsert: upsert)
        case .changeAccount(let card):
            Accounts.change(card, account: account, organization: organization)
        case .closeAccount(let body): Accounts.close(body, account: account)
        case .installMeter(let body):
            Meters.install(
                body, newID: takeID(), account: account,
                taken: isTaken(code, body.service, body.meter))
        case .removeMeter(let body):
            Meters.remove(body, from: sender, account: account, organization: organization)
        case .replaceMeter(let body):
            Meters.replace(
                body, from: sender, newID: takeID(), account: account, organization: organization,
                taken: isTaken(
                    code,
                    body.service
                        ?? account?.meters.first { $0.number == body.meter }?.service
                        ?? .coldWater, body.newMeter))
        case .changeMeter(let body): Meters.change(body, account: account)
        case .ledger(let body): post(body, code, sender, account, organization)
        case .extendWindow, .setWindow, .openPeriod, .closePeriod, .fixPeriod, .chargePeriod,
            .foreseePeriod, .foreseePart, .reopenPeriod, .withdrawPeriod, .rebuildViews,
            .importRows, .reprocessPart, .sendLetter, .sendMailing, .sendMessage, .reportNotices,
            .identity, .operators, .idle:
            preconditionFailure("\(command.kind.rawValue) is not about an account")
        }
    }

    private func post(
        _ command: LedgerCommand, _ code: String, _ sender: Sender, _ account: AccountFacts?,
        _ organization: OrganizationFacts
    ) -> Decision {
        switch command {
        case .postPayment(let body):
            Postings.pay(
                body, from: sender, known: facts.payments[.init(code, body.provider, body.number)],
                account: account, organization: organization)
        case .reversePayment(let body):
            Postings.reverse(
                body, from: sender, known: facts.payments[.init(code, body.provider, body.number)],
                account: account, organization: organization)
        case .assignPayment(let body):
            Postings.assign(
                body, from: sender, known: facts.payments[.init(code, body.provider, body.number)],
                account: account, organization: organization)
        case .openBalance(let body):
            Postings.open(body, from: sender, account: account, organization: organization)
        case .postCharge(let body):
            Postings.charge(body, from: sender, account: account, organization: organization)
        case .correctAccount(let body):
            Postings.correct(body, from: sender, account: account, organization: organization)
        case .withdrawCorrection(let body): Postings.withdraw(body, account: account)
        }
    }

    private func delete(
        _ body: DeleteReading, _ sender: Sender, _ account: AccountFacts?,
        _ organization: OrganizationFacts
    ) -> Decision {
        let id = Self.commandID(body.reading)
        return Readings.delete(
            body, id: id,
            by: sender.channel == .resident
                ? .resident(at: sender.receivedAt, entryEnds: facts.entryEnds(id)) : .organization,
            account: account, organization: organization)
    }

    private func takeID() -> Int64 { facts.ids.removeLast() }

    private func isTaken(_ organization: String, _ service: Service, _ number: String) -> Bool {
        facts.taken[FactsReader.taken(organization, service.rawValue, number)] != nil
    }

    private func apply(_ change: Change, _ key: AccountKey, _ place: Int?, _ organization: String) {
        switch change {
        case .accountOpened(let id, let card):
            facts.accounts[key, default: []].append(AccountFacts(id: id, card: card))
            facts.move(id, into: card.house, organization)
        case .paymentTaken(let payment), .paymentAssigned(let payment, by: _):
            facts.payments[.init(organization, payment.provider, payment.number)] = payment
        case .paymentReversed(let id, _):
            for (key, payment) in facts.payments where payment.id == id {
                facts.payments[key]?.isReversed = true
            }
        default:
            guard let place else { return }
            if case .readingAccepted(_, _, let reading, _, let sender) = change {
                facts.entered[reading.id] = sender.session
            }
            let house = facts.accounts[key]?[place].card.house
            facts.accounts[key]?[place].apply(change)
            if case .accountChanged(let id, let card) = change, card.house != house {
                facts.move(id, into: card.house, organization)
            }
            if case .meterInstalled(let account, let meter) = change {
                facts.taken[
                    FactsReader.taken(organization, meter.service.rawValue, meter.number)] = account
            }
        }
    }
}
