/// The rules. Facts in, decision out: no clock, no randomness, no I/O. Local civil dates come with
/// the facts (they are computed in SQL, in the zone of the organization or house), ids come as
/// arguments.
public import Commands

/// What is true of one organization at the moment of a decision.
public struct OrganizationFacts: Sendable {
    public var profile: Profile
    public var periods: [PeriodFacts]
    /// What postings go by; loaded for them only. Nil: there are no charge kinds.
    public var ledger: LedgerTerms?
    /// What each charge kind is counted in; loaded with it.
    public var units: [String: ChargeUnit] = [:]

    public init(profile: Profile, periods: [PeriodFacts], ledger: LedgerTerms? = nil) {
        self.profile = profile
        self.periods = periods
        self.ledger = ledger
    }

    /// The months that were closed.
    public var closed: [Month] { periods.filter { $0.closedAt != nil }.map(\.month) }
}

/// A billing month that the organization opened. Times are microseconds since 1970-01-01 UTC.
public struct PeriodFacts: Sendable, Equatable {
    public var month: Month
    public var openedAt: Int64
    public var closedAt: Int64?

    public init(month: Month, openedAt: Int64, closedAt: Int64?) {
        self.month = month
        self.openedAt = openedAt
        self.closedAt = closedAt
    }
}

/// One account with its meters.
public struct AccountFacts: Sendable, Equatable {
    public var id: Int64
    public var card: AccountCard
    public var meters: [MeterFacts]
    /// Loaded for postings only.
    public var ledger = LedgerFacts()
    /// What operators made of the reading window there.
    public var windows: WindowFacts

    public init(
        id: Int64, card: AccountCard, meters: [MeterFacts] = [], windows: WindowFacts = .init()
    ) {
        self.id = id
        self.card = card
        self.meters = meters
        self.windows = windows
    }
}

public struct MeterFacts: Sendable, Equatable {
    public var id: Int64
    public var service: Service
    public var number: String
    public var registers: Int
    public var digits: Int
    public var decimals: Int
    public var installedOn: Day?
    public var verifiedUntil: Day?
    public var removedOn: Day?
    /// Its readings come by themselves (АСКУЭ).
    public var automatic: Bool
    /// One a register.
    public var initial: [Quantity]
    /// Readings that count, newest month first: the two newest when the meter is asked for, the
    /// eight newest where `Readings.needsAverage`, all of them for deletions.
    public var history: [ReadingFacts]
    /// Readings that were replaced within a month, newest first; loaded for deletions only.
    public var replaced: [ReadingFacts]

    public init(
        id: Int64, service: Service, number: String, registers: Int, digits: Int, decimals: Int,
        installedOn: Day? = nil, verifiedUntil: Day? = nil, removedOn: Day? = nil,
        automatic: Bool = false, initial: [Quantity], history: [ReadingFacts] = [],
        replaced: [ReadingFacts] = []
    ) {
        self.id = id
        self.service = service
        self.number = number
        self.registers = registers
        self.digits = digits
        self.decimals = decimals
        self.installedOn = installedOn
        self.verifiedUntil = verifiedUntil
        self.removedOn = removedOn
        self.automatic = automatic
        self.initial = initial
        self.history = history
        self.replaced = replaced
    }

    public var capacity: Quantity { .capacity(digits: digits) }
}

/// A reading that was accepted.
public struct ReadingFacts: Sendable, Equatable {
    public var id: CommandID
    public var month: Month
    public var takenOn: Day
    /// One a register.
    public var values: [Quantity]
    /// Bit i: register i went over its dial since the reading before.
    public var rolled: Int
    /// «Рассчитано»: the month is closed over it.
    public var calculated: Bool

    public init(
        id: CommandID, month: Month, takenOn: Day, values: [Quantity], rolled: Int,
        calculated: Bool
    ) {
        self.id = id
        self.month = month
        self.takenOn = takenOn
        self.values = values
        self.rolled = rolled
        self.calculated = calculated
    }

    /// What was used since `previous`, register by register (ПП 354, formula 1: current −
    /// previous).
    public func volumes(since previous: [Quantity], capacity: Quantity) -> [Quantity] {
        values.indices.map { index in
            let volume = values[index] - previous[index]
            return rolled & 1 << index != 0 ? volume + capacity : volume
        }
    }

    /// All registers together.
    public func volume(since previous: [Quantity], capacity: Quantity) -> Quantity {
        volumes(since: previous, capacity: capacity).reduce(.zero, +)
    }
}

/// Who sent a command, by which way, and when.
public struct Sender: Sendable, Equatable {
    public var id: CommandID
    /// How it came: shown as «способ передачи показания».
    public var channel: Channel
    /// Whose checks apply, where that differs: a file of a bank's readings is checked as an import.
    public var policy: Channel
    public var actor: String
    /// Microseconds since 1970-01-01 UTC.
    public var receivedAt: Int64
    /// The local day of `receivedAt`.
    public var today: Day
    /// The session in which it was entered, where that says how long it may be taken back (SF-148).
    public var session: CommandID?

    public init(
        id: CommandID, channel: Channel, policy: Channel? = nil, actor: String, receivedAt: Int64,
        today: Day, session: CommandID? = nil
    ) {
        self.id = id
        self.channel = channel
        self.policy = policy ?? channel
        self.actor = actor
        self.receivedAt = receivedAt
        self.today = today
        self.session = session
    }
}

public struct Decision: Sendable, Equatable {
    public enum Outcome: Sendable, Equatable {
        /// `result` is an empty object when there is nothing to tell beyond «done».
        case accepted(JSON)
        case refused(Refusal)
    }
    public var outcome: Outcome
    /// A refused command may leave a change too: the attempt that people see in «Статус ввода».
    public var changes: [Change]

    public init(_ outcome: Outcome, _ changes: [Change] = []) {
        self.outcome = outcome
        self.changes = changes
    }

    public static func accepted(_ changes: [Change], result: JSON = .object([])) -> Decision {
        Decision(.accepted(result), changes)
    }

    public static func refused(
        _ code: Refusal.Code, _ values: [String: String] = [:], confirmable: Bool = false
    ) -> Decision {
        Decision(.refused(Refusal(code, values, confirmable: confirmable)))
    }
}

/// What a decision does to the facts. Store writes them as sets; `AccountFacts.apply` makes them
/// seen by the next command of the same batch.
public enum Change: Sendable, Equatable {
    case accountOpened(id: Int64, AccountCard)
    case accountChanged(id: Int64, AccountCard)
    case meterInstalled(account: Int64, MeterFacts)
    case meterChanged(account: Int64, MeterFacts)
    /// `volumes`: what was used since the reading before, register by register.
    case readingAccepted(
        account: Int64, meter: Int64, ReadingFacts, volumes: [Quantity], Sender)
    /// Accepted «для сведения» only: it counts for nothing.
    case readingNoted(account: Int64, meter: Int64, ReadingFacts, Sender)
    case readingReplaced(CommandID, meter: Int64, Month)
    case readingDeleted(CommandID, meter: Int64, Month)
    case readingRestored(CommandID, meter: Int64, Month)
    /// It is measured from another reading than before, and `rolled` with it.
    case readingRolled(CommandID, meter: Int64, Int)
    case readingRefused(account: Int64, meter: Int64, [RegisterValue], Refusal, Sender)
    /// Somebody is to be told.
    case noticeOrdered(NoticeOrder)
    case posted(account: Int64, [Posted])
    case paymentTaken(PaymentFacts)
    /// One that was nobody's got its account and month.
    case paymentAssigned(PaymentFacts, by: Sender)
    /// By this command.
    case paymentReversed(CommandID, by: CommandID)
    case correctionAsked(account: Int64, from: Month, why: String, Sender)
    /// One that no close has done; without a number the last of the batch that begins with the month.
    case correctionWithdrawn(account: Int64, from: Month, n: Int64?)
}

/// A notice on its way: written under its key, and delivered by a command of its own when nobody has written that key before.
public struct NoticeOrder: Sendable, Equatable {
    /// Of the command that delivers it.
    public var id: CommandID
    public var organization: String
    /// The occasion, once for ever in an organization: the notice and what it is about, such as
    /// `password.changed/<id of the command that changed it>`. Never a secret or a contact.
    public var key: String
    public var channel: NoticeChannel
    public var outgoing: Outgoing
    /// The command from which it follows, who sent that, by which way, and when (microseconds since 1970-01-01 UTC).
    public var cause: CommandID?
    public var actor: String
    public var via: String
    public var receivedAt: Int64
    /// Of a fallback: the notice that it stands in for.
    public var first: CommandID?

    public init(
        id: CommandID, organization: String, key: String, channel: NoticeChannel,
        outgoing: Outgoing, cause: CommandID?, actor: String, via: String, receivedAt: Int64,
        first: CommandID? = nil
    ) {
        self.id = id
        self.organization = organization
        self.key = key
        self.channel = channel
        self.outgoing = outgoing
        self.cause = cause
        self.actor = actor
        self.via = via
        self.receivedAt = receivedAt
        self.first = first
    }

    /// What follows from a rule's decision on a command of `sender`.
    public init(
        id: CommandID, organization: String, key: String, channel: NoticeChannel,
        outgoing: Outgoing, from sender: Sender
    ) {
        self.init(
            id: id, organization: organization, key: key, channel: channel, outgoing: outgoing,
            cause: sender.id, actor: sender.actor, via: sender.channel.rawValue,
            receivedAt: sender.receivedAt)
    }

    public var command: Command {
        switch channel {
        case .letter: outgoing.notice.isMailing ? .sendMailing(outgoing) : .sendLetter(outgoing)
        case .message: .sendMessage(outgoing)
        }
    }
}

extension AccountFacts {
    /// Makes a change seen by the next command on the account.
    public mutating func apply(_ change: Change) {
        switch change {
        case .accountOpened(_, let card), .accountChanged(_, let card): self.card = card
        case .meterInstalled(_, let meter): meters.append(meter)
        case .meterChanged(_, let meter):
            if let index = meters.firstIndex(where: { $0.id == meter.id }) { meters[index] = meter }
        case .readingAccepted(_, let meter, let reading, _, _):
            update(meter) { meter in
                let index =
                    meter.history.firstIndex { $0.month <= reading.month } ?? meter.history.count
                meter.history.insert(reading, at: index)
            }
        case .readingReplaced(let id, let meter, _):
            update(meter) { meter in
                guard let index = meter.history.firstIndex(where: { $0.id == id }) else { return }
                meter.replaced.insert(meter.history.remove(at: index), at: 0)
            }
        case .readingDeleted(let id, let meter, _):
            update(meter) { $0.history.removeAll { $0.id == id } }
        case .readingRestored(let id, let meter, _):
            update(meter) { meter in
                guard let index = meter.replaced.firstIndex(where: { $0.id == id }) else { return }
                let reading = meter.replaced.remove(at: index)
                let place =
                    meter.history.firstIndex { $0.month <= reading.month } ?? meter.history.count
                meter.history.insert(reading, at: place)
            }
        case .readingRolled(let id, let meter, let rolled):
            update(meter) { meter in
                if let index = meter.history.firstIndex(where: { $0.id == id }) {
                    meter.history[index].rolled = rolled
                } else if let index = meter.replaced.firstIndex(where: { $0.id == id }) {
                    meter.replaced[index].rolled = rolled
                }
            }
        case .posted(_, let posted): ledger.entries += posted.map(\.entry)
        case .correctionAsked(_, let from, let why, _):
            ledger.corrections.append(.init(n: nil, from: from, why: why, doneIn: nil))
        case .correctionWithdrawn(_, let from, let n):
            if let place = ledger.corrections.lastIndex(where: {
                $0.from == from && $0.n == n && $0.doneIn == nil
            }) {
                ledger.corrections.remove(at: place)
            }
        case .readingNoted, .readingRefused, .noticeOrdered, .paymentTaken, .paymentAssigned,
            .paymentReversed:
            break
        }
    }

    private mutating func update(_ meter: Int64, _ body: (inout MeterFacts) -> Void) {
        if let index = meters.firstIndex(where: { $0.id == meter }) { body(&meters[index]) }
    }
}
