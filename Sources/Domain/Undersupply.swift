public import Commands

extension Charging {
    /// Days without a kind that were told of a month behind its close: their part of what stands posted of the kind and month
    /// (ПП 354, п. 98), less what days took off before; and nothing else of the month is charged anew. It is what the same days
    /// take where they are told in time: of a month whose estimate a reading took back since, of what that reading made of it.
    ///
    /// - Parameters:
    ///   - facts: what is true of the month now. Of a reading of several months they say which part is this one's.
    ///   - readIn: the same of a later month, whose reading took back what this one had been charged by estimate.
    ///   - posted: all lines since the month, and of the months that its readings may take back.
    ///   - reason: what an operator said, where there are no such days any more.
    public static func undersupply(
        of kind: String, _ facts: ChargeFacts, readIn: (Month) -> ChargeFacts,
        posted: [PostedLine], because reason: String, _ index: ReferenceIndex,
        _ policy: ChargePolicy = ChargePolicy()
    ) -> ChargedMonth {
        let month = facts.month
        let all = posted.filter { $0.line.kind == kind && $0.line.month == month }
        let lines = all.map(\.line)
        let before = lines.filter(\.isUndersupply)
        // What takes off goes on as it began.
        guard let like = before.last ?? lines.last(where: { $0.sort == .charge }) ?? lines.last
        else { return ChargedMonth() }
        let standing = lines.filter { !$0.isUndersupply }
        let cost = standing.reduce(Money.zero) { $0 + $1.amount }
        let used = standing.reduce(Quantity.zero) { $1.sort == .surcharge ? $0 : $0 + $1.volume }
        var problems: [ChargeProblem] = []
        var own: (cost: Fraction, used: Fraction)?
        let readings = Dictionary(
            grouping: all.filter { $0.line.ground == .readingReturned }, by: \.postedIn
        ).filter { !isNone($0.value.map(\.line)) }.keys.sorted()
        for reading in readings {
            var later = readIn(reading)
            later.earlier = posted.filter { $0.postedIn < reading }.map(\.line)
            var charge = MonthCharge(later, index, policy)
            charge.hasDays = true
            let change = charge.change(of: kind, in: month)
            problems += charge.problems.filter { $0.kind == kind }
            guard let change else { continue }
            let before = own ?? charge.posted(kind, month)
            own = (before.cost + change.cost, before.used + change.used)
        }
        if readings.isEmpty {
            var facts = facts
            facts.earlier = posted.filter { $0.postedIn < month }.map(\.line)
            var charge = MonthCharge(facts, index, policy)
            own = charge.alone(of: kind, posted: standing).map {
                (Fraction(cost) * $0.cost, Fraction(used) * $0.used)
            }
            if own == nil { problems += charge.problems.filter { $0.kind == kind } }
        }
        guard problems.isEmpty else { return ChargedMonth(problems: problems) }
        // What that reading would not take back any more stands as it does.
        let whole = own ?? (Fraction(cost), Fraction(used))
        let told = facts.lacking(kind)
        let share =
            whole.cost > .zero ? Fraction(Int128(told.days), Int128(month.length)) : .zero
        guard let less = Money(rounding: whole.cost * share),
            let off = Quantity(rounding: whole.used * share)
        else {
            return ChargedMonth(problems: [ChargeProblem(kind: kind, month: month, what: .range)])
        }
        let volume = before.reduce(Quantity.zero - off) { $0 - $1.volume }
        let amount = before.reduce(Money.zero - less) { $0 - $1.amount }
        guard volume != .zero || amount != .zero else { return ChargedMonth() }
        return ChargedMonth(lines: [
            ChargeLine(
                kind: kind, month: month, sort: .recalculation, method: like.method,
                unit: like.unit, volume: volume,
                // The days explain the whole of what they take off, not what is added to it.
                steps: isNone(before) ? [.undersupply(days: told.days, of: month.length)] : [],
                amount: amount, ground: .undersupply(days: told.days, why: told.why ?? reason))
        ])
    }

    /// Whether lines come to nothing: a close that was reopened left both what it posted and what took that back.
    fileprivate static func isNone(_ lines: [ChargeLine]) -> Bool {
        lines.reduce(Money.zero) { $0 + $1.amount } == .zero
            && lines.reduce(Quantity.zero) { $0 + $1.volume } == .zero
    }
}

extension MonthCharge {
    /// Days without the service: that part of the month's charge is taken off, and never more than it (п. 98). Where a
    /// reading tells of several months, that part of what this one of them costs.
    mutating func undersupply(_ place: Int) {
        guard hasDays, kinds[place] != nil else { return }
        undersupplyBefore(place)
        guard var charged = kinds[place] else { return }
        let kind = plan.kinds[place].kind
        let told = facts.lacking(kind.code)
        guard told.days > 0, let own = alone(place, charged), own.cost > .zero else { return }
        let share = Fraction(Int128(told.days), Int128(plan.length))
        guard
            let less = Money(rounding: Fraction(own.cost) * share),
            let off = Quantity(rounding: own.used * share)
        else { return fail(place, .range) }
        charged.lines.append(
            ChargeLine(
                kind: kind.code, month: facts.month, sort: .recalculation, method: charged.method,
                unit: kind.unit, volume: .zero - off,
                steps: [.undersupply(days: told.days, of: plan.length)], amount: -less,
                ground: .undersupply(days: told.days, why: told.why)))
        kinds[place] = charged
    }

    /// Days of months whose estimates a reading takes back: they took their part of the estimate, and take it of what the
    /// reading makes of the month instead.
    private mutating func undersupplyBefore(_ place: Int) {
        guard var charged = kinds[place] else { return }
        let kind = plan.kinds[place].kind
        let months = Set(
            charged.lines.filter { $0.ground == .readingReturned }.map(\.month)
        ).sorted()
        for month in months {
            let before = facts.earlier.filter { $0.kind == kind.code && $0.month == month }
            let standing = before.filter(\.isUndersupply)
            guard let like = standing.last, case .undersupply(let days, let why)? = like.ground,
                days > 0, !Charging.isNone(standing)
            else { continue }
            guard let change = change(place, charged, month) else { return }
            let share = Fraction(Int128(min(days, month.length)), Int128(month.length))
            var whole = change
            var taken = (cost: Money.zero, used: Quantity.zero)
            // Of another meter that was read before only the reading itself knows its part of the month.
            if Charging.isNone(before.filter { $0.ground == .readingReturned }) {
                let posted = posted(kind.code, month)
                whole = (posted.cost + change.cost, posted.used + change.used)
                if whole.cost <= .zero { whole = (.zero, .zero) }
                for line in standing {
                    taken.cost += line.amount
                    taken.used = taken.used + line.volume
                }
            }
            guard let less = Money(rounding: whole.cost * share),
                let off = Quantity(rounding: whole.used * share)
            else { return fail(place, .range, month) }
            let amount = Money.zero - less - taken.cost
            let volume = Quantity.zero - off - taken.used
            guard amount != .zero || volume != .zero else { continue }
            charged.lines.append(
                ChargeLine(
                    kind: kind.code, month: month, sort: .recalculation, method: like.method,
                    unit: kind.unit, volume: volume, amount: amount,
                    ground: .undersupply(days: days, why: why)))
        }
        kinds[place] = charged
    }

    /// What a reading of this month makes of an earlier one: its part of the reading, less the estimate that it takes back.
    /// Nil where it takes none back, or, with a problem, where there is no price.
    private mutating func change(
        _ place: Int, _ charged: Charged, _ month: Month
    ) -> (cost: Fraction, used: Fraction)? {
        let returned = charged.lines.filter {
            $0.month == month && $0.ground == .readingReturned
        }
        guard !returned.isEmpty else { return nil }
        var change = (cost: Fraction.zero, used: Fraction.zero)
        for line in returned {
            change.cost += Fraction(line.amount)
            change.used += Fraction(line.volume)
        }
        for share in charged.shares where share.month == month {
            guard let cost = price(place, month, share.volumes) else { return nil }
            change.cost += Fraction(cost)
            change.used = share.volumes.reduce(change.used, +)
        }
        return change
    }

    /// The same of a kind that is measured; nil: it is none.
    fileprivate mutating func change(
        of code: String, in month: Month
    ) -> (cost: Fraction, used: Fraction)? {
        guard let place = measured(code) else { return nil }
        individual()
        return kinds[place].flatMap { change(place, $0, month) }
    }

    /// What stood of a kind and an earlier month, but for days without it.
    fileprivate func posted(_ code: String, _ month: Month) -> (cost: Fraction, used: Fraction) {
        guard let net else { return (.zero, .zero) }
        return (
            Fraction(net.amount(code, month)),
            Fraction(net.volume(code, month))
        )
    }

    /// What this month costs of a kind's charge, and what it used: all of it, and of a reading of several months the share of
    /// this one. Nil, with a problem, where there is no price.
    private mutating func alone(
        _ place: Int, _ charged: Charged
    ) -> (cost: Money, used: Fraction)? {
        guard charged.months.count > 1 else { return charged.whole }
        var alone = (cost: Money.zero, used: Fraction.zero)
        for share in charged.shares where share.month == facts.month {
            guard let cost = price(place, share.month, share.volumes) else { return nil }
            alone.cost += cost
            alone.used = share.volumes.reduce(alone.used, +)
        }
        return alone
    }

    private func measured(_ code: String) -> Int? {
        guard let place = plan.place(code) else { return nil }
        switch plan.kinds[place].kind.basis {
        case .area, .person, .fixed, .areaNorm, .houseNeeds: return nil
        case .meter, .drainage, .waterHeat: return place
        }
    }

    /// The same as parts of all that the kind is charged, weighed by the prices that it was charged by.
    /// - Parameter posted: what stands of the kind and month.
    fileprivate mutating func alone(
        of code: String, posted: [ChargeLine]
    ) -> (cost: Fraction, used: Fraction)? {
        let all = (cost: Fraction.one, used: Fraction.one)
        guard let place = measured(code) else { return all }
        individual()
        guard let charged = kinds[place] else {
            return problems.contains { $0.kind == code } ? nil : all
        }
        guard charged.months.count > 1 else { return all }
        guard let own = alone(place, charged) else { return nil }
        let whole = charged.whole
        guard whole.cost > .zero, !whole.used.isZero else { return all }
        let cost = asPosted(charged, posted) ?? (own: own.cost, whole: whole.cost)
        return (
            cost: Fraction(Int128(cost.own.kopecks), Int128(cost.whole.kopecks)),
            used: own.used / whole.used
        )
    }

    /// What this month costs, and all that was charged with it, by prices that are others by now. Nil where they are the same,
    /// and where the posted parts do not tell which was this month's: of ranges, and of a price that changed within it.
    private func asPosted(
        _ charged: Charged, _ posted: [ChargeLine]
    ) -> (own: Money, whole: Money)? {
        let now = charged.lines.filter { $0.sort != .recalculation }
        guard now.count == 1, posted.count(where: { $0.sort == .charge }) == 1,
            let parts = posted.compactMap(\.standingParts).last, parts != now[0].parts,
            parts.allSatisfy({ $0.range == nil }),
            parts.reduce(Quantity.zero, { $0 + $1.volume }) == now[0].volume
        else { return nil }
        var used: [Fraction] = []
        for share in charged.shares where share.month == facts.month {
            used = used.isEmpty ? share.volumes : zip(used, share.volumes).map { $0 + $1 }
        }
        var own = Fraction.zero
        for (register, volume) in zip(Register.allCases, used) {
            let name = used.count == 1 ? nil : register
            // Months are charged one behind the other, and this one is the last. Volumes were rounded for print.
            guard let last = parts.last(where: { $0.register == name }),
                volume < Fraction(last.volume) + Fraction(1, 1_000)
            else { return nil }
            own += volume * last.price
        }
        let whole = parts.reduce(Money.zero) { $0 + $1.amount }
        guard whole > .zero, let cost = Money(rounding: own) else { return nil }
        return (cost, whole)
    }
}

extension ChargeLine {
    /// What stands by it, price by price: of a charge its own parts, of what corrected it those of the sum that it led to.
    fileprivate var standingParts: [Part]? {
        if sort == .charge { return parts }
        if case .anew(let parts, _, _)? = steps.last, !parts.isEmpty { return parts }
        return nil
    }

    var isUndersupply: Bool {
        if case .undersupply = ground { true } else { false }
    }
}
