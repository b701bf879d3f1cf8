public import Commands

/// Readings of individual meters: submitting (domain.md §6.4–6.6, features.md §10) and deleting
/// (SF-148).
public enum Readings {
    // MARK: Submitting

    /// Checks a reading against its meter and history.
    public static func submit(
        _ command: SubmitReading, from sender: Sender, account: AccountFacts?,
        organization: OrganizationFacts
    ) -> Decision {
        guard let account else { return .refused(.notFound, ["what": "account"]) }
        let meter: MeterFacts
        switch find(command.meter, command.service, in: account) {
        case .success(let found): meter = found
        case .failure(let refusal): return Decision(.refused(refusal))
        }
        switch check(command, sender, account, meter, organization) {
        case .success(let accepted): return accepted
        case .failure(let refusal):
            // People see their own attempts in «Статус ввода»; files and machines have their own
            // reports.
            let seen: [Channel] = [.resident, .api, .phone, .operator]
            return Decision(
                .refused(refusal),
                seen.contains(sender.policy)
                    ? [
                        .readingRefused(
                            account: account.id, meter: meter.id, command.values, refusal, sender)
                    ] : [])
        }
    }

    /// A meter by number; the service decides where the number alone does not.
    static func find(
        _ number: String, _ service: Service?, in account: AccountFacts
    ) -> Result<MeterFacts, Refusal> {
        var found = account.meters.filter { $0.number == number }
        if let service {
            found = found.filter { $0.service == service }
            if found.isEmpty, !account.meters.contains(where: { $0.service == service }) {
                return .failure(Refusal(.readingNoMeter, ["service": service.rawValue]))
            }
        }
        if account.meters.isEmpty { return .failure(Refusal(.readingNoMeter)) }
        guard let first = found.first else {
            return .failure(Refusal(.notFound, ["what": "meter", "meter": number]))
        }
        guard found.count == 1 else { return .failure(Refusal(.meterAmbiguous, ["meter": number])) }
        return .success(first)
    }

    /// Channels by which people say what they read themselves; what comes for an automatic meter by any other is its own
    /// reading, or one that somebody was sent to take.
    static let typed: Set<Channel> = [.resident, .api, .phone, .bank, .gis]

    private static func check(
        _ command: SubmitReading, _ sender: Sender, _ account: AccountFacts, _ meter: MeterFacts,
        _ organization: OrganizationFacts
    ) -> Result<Decision, Refusal> {
        let readings = organization.profile.readings
        let policy = readings.policy(sender.policy)
        let takenOn = command.takenOn ?? sender.today

        if let closed = account.card.closedOn, closed <= takenOn {
            return .failure(Refusal(.accountClosed, ["date": closed.description]))
        }
        if meter.automatic, typed.contains(sender.channel) {
            return .failure(Refusal(.readingAutomatic, ["meter": meter.number]))
        }
        if let removed = meter.removedOn, removed < takenOn {
            return .failure(
                Refusal(
                    .readingMeterRemoved,
                    ["date": removed.description, "org": organization.profile.name]))
        }
        let values: [Quantity]
        switch read(command.values, meter) {
        case .success(let read): values = read
        case .failure(let refusal): return .failure(refusal)
        }
        guard takenOn <= sender.today else { return .failure(Refusal(.readingFuture)) }
        // A file that is imported again changes nothing, though its month was closed meanwhile.
        if policy.byDate,
            meter.history.contains(where: {
                $0.month == takenOn.month && $0.takenOn == takenOn && $0.values == values
            })
        {
            return .success(unchanged)
        }
        let times = times(of: account, organization, at: sender.receivedAt)
        if let window = times.window, !times.isOpen(on: sender.today),
            !permits(policy.window, command.confirm)
        {
            return .failure(
                Refusal(
                    .readingWindow, ["from": "\(window.from)", "to": "\(window.to)"],
                    confirmable: policy.window == .confirm))
        }
        let month: Month
        switch self.month(of: takenOn, sender, policy, organization, times) {
        case .success(let found): month = found
        case .failure(let refusal): return .failure(refusal)
        }
        if let installed = meter.installedOn, takenOn < installed {
            return .failure(Refusal(.readingDate, ["date": installed.description]))
        }
        if let verified = meter.verifiedUntil, verified < takenOn {
            let reading = ReadingFacts(
                id: sender.id, month: month, takenOn: takenOn, values: values, rolled: 0,
                calculated: false)
            return .success(
                .accepted(
                    [
                        .readingNoted(account: account.id, meter: meter.id, reading, sender)
                    ],
                    result: .object([
                        "used": .bool(false), "code": .string("RD_VERIF"),
                        "values": .object(["date": .string(verified.description)]),
                    ])))
        }
        return accept(command, sender, account, meter, policy, values, month, takenOn, times)
    }

    private static func accept(
        _ command: SubmitReading, _ sender: Sender, _ account: AccountFacts, _ meter: MeterFacts,
        _ policy: ReadingPolicy, _ values: [Quantity], _ month: Month, _ takenOn: Day,
        _ times: ReadingTimes
    ) -> Result<Decision, Refusal> {
        let replaced = meter.history.first { $0.month == month }
        if let replaced, replaced.values == values, replaced.takenOn == takenOn {
            return .success(unchanged)
        }
        if let later = meter.history.first(where: { $0.month > month }) {
            return .failure(Refusal(.readingDate, ["date": later.takenOn.description]))
        }
        if let replaced, replaced.calculated {
            return .failure(closed(month, times))
        }
        let earlier = meter.history.filter { $0.month < month }
        if let previous = earlier.first, takenOn < previous.takenOn {
            return .failure(Refusal(.readingDate, ["date": previous.takenOn.description]))
        }
        let base = Base(meter, earlier)
        let limits = Limits(meter, earlier, base, month: month, takenOn: takenOn)
        var reading = ReadingFacts(
            id: sender.id, month: month, takenOn: takenOn, values: values, rolled: 0,
            calculated: false)

        for index in values.indices where values[index] < base.values[index] {
            let wrapped = meter.capacity - base.values[index] + values[index]
            if let soft = limits.soft, wrapped >= .zero, wrapped <= soft {
                reading.rolled |= 1 << index
                continue
            }
            let refusal = Refusal(
                .readingLess,
                [
                    "prev": base.values[index].text(decimals: 0),
                    "date": base.takenOn?.description ?? "",
                ], confirmable: policy.less == .confirm)
            if !permits(policy.less, command.confirm) { return .failure(refusal) }
        }
        let volume = reading.volume(since: base.values, capacity: meter.capacity)
        if let hard = limits.hard, volume > hard.limit, !permits(policy.hard, command.confirm) {
            return .failure(
                Refusal(
                    .readingHard,
                    [
                        "v": volume.description, "unit": meter.service.rawValue,
                        "n": "\(hard.days)",
                    ], confirmable: policy.hard == .confirm))
        }
        if let soft = limits.soft, volume > soft, !permits(policy.soft, command.confirm) {
            return .failure(
                Refusal(
                    .readingSoft,
                    [
                        "v": volume.description, "unit": meter.service.rawValue,
                        "avg": limits.average?.description ?? "",
                    ], confirmable: policy.soft == .confirm))
        }
        var changes: [Change] = []
        if let replaced {
            changes.append(.readingReplaced(replaced.id, meter: meter.id, month))
        }
        changes.append(
            .readingAccepted(
                account: account.id, meter: meter.id, reading,
                volumes: reading.volumes(since: base.values, capacity: meter.capacity), sender))
        return .success(
            .accepted(
                changes,
                result: reading.rolled == 0
                    ? .object([]) : .object(["rolled": .bool(true)])))
    }

    private static let unchanged = Decision.accepted(
        [], result: .object(["unchanged": .bool(true)]))

    private static func permits(_ answer: ReadingPolicy.Answer, _ confirmed: Bool) -> Bool {
        switch answer {
        case .refuse: false
        case .confirm: confirmed
        case .allow: true
        }
    }

    /// «значность» (SF-145, features.md §14 D): digits only, as many as the dial has, every
    /// register.
    static func read(
        _ typed: [RegisterValue], _ meter: MeterFacts
    ) -> Result<[Quantity], Refusal> {
        let wanted = Register.allCases.prefix(meter.registers)
        guard typed.map(\.register) == Array(wanted) else {
            return .failure(
                Refusal(
                    .readingZones, ["zones": wanted.map(\.rawValue).joined(separator: ", ")]))
        }
        var values: [Quantity] = []
        for entry in typed {
            let format = Refusal(.readingFormat, ["f": "\(meter.decimals)"])
            switch Quantity.read(entry.text) {
            case .malformed: return .failure(format)
            case .tooLong(let fraction):
                return .failure(
                    fraction > meter.decimals
                        ? format : Refusal(.readingCapacity, ["d": "\(meter.digits)"]))
            case .value(let quantity, let integer, let fraction):
                guard fraction <= meter.decimals else { return .failure(format) }
                guard integer <= meter.digits else {
                    return .failure(Refusal(.readingCapacity, ["d": "\(meter.digits)"]))
                }
                values.append(quantity)
            }
        }
        return .success(values)
    }

    // MARK: The month

    /// The month a reading belongs to: that of `taken_on` for channels that go by date, else the
    /// newest month that was open when it was received, else the calendar's. Judged by the time of
    /// receipt, never by when a lane ran.
    static func month(
        of takenOn: Day, _ sender: Sender, _ policy: ReadingPolicy,
        _ organization: OrganizationFacts, _ times: ReadingTimes
    ) -> Result<Month, Refusal> {
        var month: Month
        if policy.byDate {
            month = takenOn.month
        } else if let open = organization.periods.filter({ period in
            period.openedAt <= sender.receivedAt
                && period.closedAt.map { $0 > sender.receivedAt } ?? true
        }).map(\.month).max() {
            month = open
        } else {
            month = times.month(on: sender.today)
        }
        let closedMonths = Set(organization.closed)
        guard closedMonths.contains(month) else { return .success(month) }
        switch organization.profile.readings.late {
        case .refuse: return .failure(closed(month, times))
        case .nextMonth:
            while closedMonths.contains(month) { month = month.advanced(by: 1) }
            return .success(month)
        }
    }

    static func closed(_ month: Month, _ times: ReadingTimes) -> Refusal {
        Refusal(
            .readingClosed,
            ["month": month.description, "from": "\(times.window?.from ?? 1)"])
    }

    // MARK: Plausibility (domain.md §6.5)

    /// What the new values are compared with: the newest reading of an earlier month, else the
    /// meter's first values.
    struct Base {
        var values: [Quantity]
        var takenOn: Day?
        var month: Month?

        init(_ meter: MeterFacts, _ earlier: [ReadingFacts]) {
            if let previous = earlier.first {
                values = previous.values
                takenOn = previous.takenOn
                month = previous.month
            } else {
                values = meter.initial
                takenOn = meter.installedOn
                month = meter.installedOn?.month
            }
        }
    }

    struct Limits {
        /// Physically impossible beyond this: 1.5 m³/h for water, 230 V × 60 A for electricity, for
        /// the days between.
        var hard: (limit: Quantity, days: Int)?
        /// Unusual beyond this: three times the average, but at least 10 m³ or 300 kWh, for each
        /// month between.
        var soft: Quantity?
        /// A month's, over at most six months.
        var average: Quantity?

        init(
            _ meter: MeterFacts, _ earlier: [ReadingFacts], _ base: Base, month: Month,
            takenOn: Day
        ) {
            let months = Int128(max(1, base.month.map { month - $0 } ?? 1))
            average = Self.average(meter, earlier)
            // An average of zero says nothing where there is no floor.
            let limit = max(
                Int128(Readings.floor(meter.service).millionths),
                Int128(average?.millionths ?? 0) * 3)
            // Of the widest dials and the longest gaps it may be more than a quantity holds.
            soft = limit > 0 ? Quantity(millionths: Int64(clamping: limit * months)) : nil
            if let from = base.takenOn {
                let days = max(1, Int(takenOn.days - from.days))
                switch meter.service {
                case .coldWater, .hotWater:
                    hard = (Quantity(millionths: 36_000_000 * Int64(days)), days)
                case .electricity:
                    hard = (Quantity(millionths: 331_200_000 * Int64(days)), days)
                case .gas, .heat: break
                }
            }
        }

        /// Volume of the last intervals that span at most six months, a month's share of it; nil
        /// below three months.
        static func average(_ meter: MeterFacts, _ earlier: [ReadingFacts]) -> Quantity? {
            var total: Int128 = 0
            var months = 0
            for (newer, older) in zip(earlier, earlier.dropFirst()) {
                let span = newer.month - older.month
                if months + span > 6, months > 0 { break }
                months += span
                total += Int128(
                    newer.volume(since: older.values, capacity: meter.capacity).millionths)
            }
            guard months >= 3 else { return nil }
            return Quantity(millionths: Int64(clamping: total / Int128(months)))
        }
    }

    /// Whether the two newest readings are enough to judge these values. They are for most: what
    /// stays below the floor is never compared with an average. Asking for more than is needed is
    /// harmless, for less is not.
    public static func needsAverage(
        _ command: SubmitReading, from sender: Sender, _ meter: MeterFacts,
        of account: AccountFacts,
        organization: OrganizationFacts
    ) -> Bool {
        guard case .success(let values) = read(command.values, meter),
            case .success(let month) = month(
                of: command.takenOn ?? sender.today, sender,
                organization.profile.readings.policy(sender.policy), organization,
                times(of: account, organization, at: sender.receivedAt))
        else { return false }
        let earlier = meter.history.filter { $0.month < month }
        if earlier.isEmpty, meter.history.count > 1 { return true }
        let base = Base(meter, earlier)
        let floor = floor(meter.service)
        guard floor > .zero else { return true }
        for (value, before) in zip(values, base.values) where value < before { return true }
        return zip(values, base.values).reduce(Quantity.zero) { $0 + $1.0 - $1.1 } > floor
    }

    /// A month's use that is never asked back (domain.md §6.5): 10 m³ of water, 300 kWh. No norm is
    /// at hand and no floor is named for gas and heat.
    static func floor(_ service: Service) -> Quantity {
        switch service {
        case .coldWater, .hotWater: Quantity(millionths: 10_000_000)
        case .electricity: Quantity(millionths: 300_000_000)
        case .gas, .heat: .zero
        }
    }

    // MARK: Deleting

    /// Who takes a reading back.
    public enum Deleter: Sendable, Equatable {
        /// The organization, by its operators and programs.
        case organization
        /// Somebody of the account. Microseconds since 1970-01-01 UTC.
        /// - Parameters:
        ///   - at: when the wish was received.
        ///   - entryEnds: when the session in which the reading was entered ended, or will; nil: it was entered in none.
        case resident(at: Int64, entryEnds: Int64?)
    }

    /// Takes back a reading that is not «Рассчитано», a resident only where the profile lets them; what it had replaced in its month counts
    /// again. Where it stood before later readings, the next one is measured from the one before:
    /// it takes over how often the dial went over.
    public static func delete(
        _ command: DeleteReading, id: CommandID?, by deleter: Deleter = .organization,
        account: AccountFacts?, organization: OrganizationFacts
    ) -> Decision {
        guard let account, let id else { return .refused(.notFound, ["what": "reading"]) }
        for meter in account.meters {
            guard let index = meter.history.firstIndex(where: { $0.id == id }) else { continue }
            let reading = meter.history[index]
            // The volume of a later month hangs on this one: what is billed stays.
            if let fixed = meter.history[...index].last(where: \.calculated) {
                let now = if case .resident(let at, _) = deleter { at } else { Int64.max }
                return Decision(
                    .refused(closed(fixed.month, times(of: account, organization, at: now))))
            }
            if let refusal = refusal(deleter, meter, organization) {
                return Decision(.refused(refusal))
            }
            let deleted = Change.readingDeleted(id, meter: meter.id, reading.month)
            let next = index > 0 ? meter.history[index - 1] : nil
            let previous = meter.history.dropFirst(index + 1).first
            // Days never go back from month to month.
            let waiting = meter.replaced.filter { before in
                before.month == reading.month
                    && previous.map { $0.takenOn <= before.takenOn } ?? true
                    && next.map { before.takenOn <= $0.takenOn } ?? true
            }
            for before in waiting {
                guard let rolled = carry(next, reading, before) else { continue }
                return .accepted(
                    [deleted, .readingRestored(before.id, meter: meter.id, before.month)]
                        + roll(rolled, reading, before, next, meter))
            }
            guard let rolled = carry(next, reading, nil) else {
                return .refused(
                    .readingDate, ["date": next?.takenOn.description ?? reading.takenOn.description]
                )
            }
            return .accepted([deleted] + roll(rolled, reading, nil, next, meter))
        }
        return .refused(.notFound, ["what": "reading"])
    }

    private static func refusal(
        _ deleter: Deleter, _ meter: MeterFacts, _ organization: OrganizationFacts
    ) -> Refusal? {
        guard case .resident(let at, let entryEnds) = deleter else { return nil }
        // What nobody typed nobody takes back.
        if meter.automatic { return Refusal(.readingAutomatic, ["meter": meter.number]) }
        switch organization.profile.readings.deleteUntil {
        case .calculated: return nil
        case .session: return (entryEnds.map { at < $0 } ?? false) ? nil : Refusal(.readingSession)
        }
    }

    /// How often the dial of each register went over up to `next`, when `before` stands in the
    /// place of `gone`; nil when it is not once or never.
    private static func carry(
        _ next: ReadingFacts?, _ gone: ReadingFacts, _ before: ReadingFacts?
    ) -> Int? {
        guard let next else { return 0 }
        var rolled = 0
        for index in next.values.indices {
            func times(_ reading: ReadingFacts?) -> Int { ((reading?.rolled ?? 0) >> index) & 1 }
            switch times(next) + times(gone) - times(before) {
            case 0: break
            case 1: rolled |= 1 << index
            default: return nil
            }
        }
        return rolled
    }

    private static func roll(
        _ rolled: Int, _ gone: ReadingFacts, _ before: ReadingFacts?, _ next: ReadingFacts?,
        _ meter: MeterFacts
    ) -> [Change] {
        guard let next else { return [] }
        var changes: [Change] = []
        if rolled != next.rolled {
            changes.append(.readingRolled(next.id, meter: meter.id, rolled))
        }
        // What `next` had replaced may count again one day, measured from the same place.
        for waiting in meter.replaced where waiting.month == next.month {
            if let rolled = carry(waiting, gone, before), rolled != waiting.rolled {
                changes.append(.readingRolled(waiting.id, meter: meter.id, rolled))
            }
        }
        return changes
    }
}
