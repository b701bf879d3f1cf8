public import Commands

/// Charges of a month: what the facts of an account come to (ПП 354, Приложение № 2).
public enum Charging {
    /// All of it. `facts.home` must say what all flats of the house used together; who does not know that yet charges them
    /// with `individual` first and with `houseNeeds` then.
    public static func month(
        _ facts: ChargeFacts, _ index: ReferenceIndex, _ policy: ChargePolicy = ChargePolicy()
    ) -> ChargedMonth {
        var charge = MonthCharge(facts, index, policy)
        charge.individual()
        charge.houseNeeds()
        return charge.result()
    }

    /// All but the needs of the house.
    public static func individual(
        _ facts: ChargeFacts, _ index: ReferenceIndex, _ policy: ChargePolicy = ChargePolicy()
    ) -> ChargedMonth {
        var charge = MonthCharge(facts, index, policy)
        charge.individual()
        return charge.result()
    }

    /// Only the needs of the house: `ChargePlan.ordered` puts both together.
    public static func houseNeeds(
        _ facts: ChargeFacts, _ index: ReferenceIndex, _ policy: ChargePolicy = ChargePolicy()
    ) -> ChargedMonth {
        var charge = MonthCharge(facts, index, policy)
        charge.houseNeeds()
        return charge.result()
    }

    /// What lines say that was used of a service, before multipliers: months that are taken back count against it, days
    /// without the service do not.
    public static func use(
        of service: Service, _ lines: [ChargeLine], _ plan: ChargePlan
    ) -> Quantity {
        var sum = Quantity.zero
        for line in lines where line.sort != .surcharge {
            guard let place = plan.place(line.kind) else { continue }
            let kind = plan.kinds[place].kind
            guard kind.basis == .meter, kind.service == service else { continue }
            if case .undersupply = line.ground { continue }
            sum = sum + line.volume
        }
        return sum
    }
}

/// One account's month on its way.
struct MonthCharge {
    let facts: ChargeFacts
    let policy: ChargePolicy
    let plan: ChargePlan
    private let index: ReferenceIndex
    let net: PostedNet?
    /// The days of the month on which the account is there.
    private let present: ClosedRange<Int32>?
    /// By place in the plan.
    var kinds: [Charged?]
    private(set) var problems: [ChargeProblem] = []
    /// Days without a kind are told of this month, or stand posted of one before: shares are kept for them.
    var hasDays: Bool

    struct Charged {
        var lines: [ChargeLine] = []
        /// The months that are charged now, each with what it used before multipliers.
        var months: [(month: Month, volume: Fraction)] = []
        var method: ChargeMethod = .other
        var multiplier: Fraction?
        /// Months that are taken back, with what stays of their volume.
        var returned: [(month: Month, rest: Fraction)] = []
        /// What each register counted in each of the months, meter by meter, where days without the kind are asked for.
        var shares: [(month: Month, volumes: [Fraction])] = []

        /// What is charged, before anything is charged anew, and what that used.
        var whole: (cost: Money, used: Fraction) {
            var whole = (cost: Money.zero, used: Fraction.zero)
            for line in lines where line.sort != .recalculation {
                whole.cost += line.amount
                if line.sort == .charge { whole.used += Fraction(line.volume) }
            }
            return whole
        }
    }

    init(_ facts: ChargeFacts, _ index: ReferenceIndex, _ policy: ChargePolicy) {
        self.facts = facts
        self.policy = policy
        self.index = index
        plan = index.plan(
            facts.month, company: facts.company, house: facts.house, own: facts.contracts)
        net = PostedNet(facts.earlier)
        kinds = [Charged?](repeating: nil, count: plan.kinds.count)
        present = MonthCharge.present(facts, plan)
        hasDays = !facts.undersupply.isEmpty || facts.earlier.contains(where: \.isUndersupply)
    }

    private static func present(_ facts: ChargeFacts, _ plan: ChargePlan) -> ClosedRange<Int32>? {
        let first = max(plan.days.lowerBound, facts.openedOn?.days ?? .min)
        let last = min(plan.days.upperBound, (facts.closedOn?.days).map { $0 - 1 } ?? .max)
        return first <= last ? first...last : nil
    }

    func result() -> ChargedMonth {
        var lines: [ChargeLine] = []
        lines.reserveCapacity(kinds.count + 2)
        for kind in kinds { if let kind { lines.append(contentsOf: kind.lines) } }
        return ChargedMonth(lines: lines, problems: problems)
    }

    mutating func individual() {
        guard present != nil else { return }
        for place in plan.kinds.indices where plan.kinds[place].kind.basis == .meter {
            meter(place)
        }
        for place in plan.kinds.indices {
            switch plan.kinds[place].kind.basis {
            case .meter: break
            case .drainage: drainage(place)
            case .waterHeat: waterHeat(place)
            case .area: area(place)
            case .person: person(place)
            case .fixed: fixed(place)
            case .areaNorm: areaNorm(place)
            case .houseNeeds: continue
            }
            undersupply(place)
        }
    }

    mutating func houseNeeds() {
        guard present != nil else { return }
        for place in plan.kinds.indices where plan.kinds[place].kind.basis == .houseNeeds {
            houseNeeds(place)
            undersupply(place)
        }
    }

    mutating func fail(
        _ place: Int, _ what: ChargeProblem.What, _ month: Month? = nil, of: String? = nil
    ) {
        problems.append(
            ChargeProblem(
                kind: plan.kinds[place].kind.code, month: month ?? facts.month, what: what, of: of))
    }

    /// Whether the account had the kind and could not be charged for it, which has been told.
    private func hasFailed(_ place: Int) -> Bool { kinds[place] == nil && days(place) > 0 }

    // MARK: Days and prices

    /// On how many days of the month the account has the kind.
    private func days(_ place: Int) -> Int {
        guard let present else { return 0 }
        let spans = plan.kinds[place].spans
        if spans.count == 1, spans[0] == plan.days, present == plan.days { return plan.length }
        return spans.reduce(0) { sum, span in
            let low = max(span.lowerBound, present.lowerBound)
            let high = min(span.upperBound, present.upperBound)
            return sum + max(0, Int(high - low) + 1)
        }
    }

    /// What a month of so many days is of a whole one.
    private func share(_ days: Int) -> Fraction? {
        days == plan.length || !policy.proratesByDays
            ? nil : Fraction(Int128(days), Int128(plan.length))
    }

    private func step(_ days: Int) -> [ChargeLine.Step] {
        share(days) == nil ? [] : [.days(days, of: plan.length)]
    }

    private func plan(of month: Month) -> ChargePlan {
        month == facts.month
            ? plan
            : index.plan(
                month, company: facts.company, house: facts.house, own: facts.contracts)
    }

    /// The prices of a kind in a month, each with its days; nil where none is in force on one of them.
    private func prices(
        _ plan: ChargePlan, _ place: Int
    ) -> [(days: Int, list: PriceList)]? {
        let kind = plan.kinds[place]
        if kind.prices.count == 1 { return kind.prices[0].list.map { [(plan.length, $0)] } }
        // Of an account that was not there at all the days count as of one that was.
        let present = MonthCharge.present(facts, plan) ?? plan.days
        var found: [(days: Int, list: PriceList)] = []
        for span in kind.prices {
            var days = 0
            for held in kind.spans {
                let low = max(held.lowerBound, span.days.lowerBound, present.lowerBound)
                let high = min(held.upperBound, span.days.upperBound, present.upperBound)
                days += max(0, Int(high - low) + 1)
            }
            guard days > 0 else { continue }
            guard let list = span.list else { return nil }
            found.append((days, list))
        }
        if found.isEmpty { return kind.prices.last?.list.map { [(plan.length, $0)] } }
        return found
    }

    /// Volumes by month at the prices of their days. A kind that the account did not have in a month costs then as it does
    /// now. Nil, with a problem, where a price is missing.
    private mutating func loads(
        _ place: Int, _ months: [(month: Month, volumes: [Fraction])], isEven: Bool,
        steps: inout [ChargeLine.Step]
    ) -> [Pricing.Load]? {
        var loads: [Pricing.Load] = []
        loads.reserveCapacity(months.count)
        var isWhole = true
        for (month, volumes) in months {
            var dated = plan(of: month)
            var own = place
            if month != facts.month {
                if let found = dated.place(plan.kinds[place].kind.code) {
                    own = found
                } else {
                    dated = plan
                }
            }
            guard let prices = prices(dated, own) else {
                fail(place, .tariff, month)
                return nil
            }
            if prices.count == 1 {
                loads.append(.init(prices: prices[0].list, volumes: volumes, months: .one))
                continue
            }
            isWhole = false
            let total = prices.reduce(0) { $0 + $1.days }
            for price in prices {
                let share = Fraction(Int128(price.days), Int128(total))
                loads.append(
                    .init(
                        prices: price.list, volumes: volumes.map { $0 * share }, months: share))
                steps.append(.days(price.days, of: total))
            }
        }
        guard loads.count > 1, isWhole,
            loads.allSatisfy({ $0.prices.isSame(as: loads[0].prices) }),
            isEven || loads[0].volumes.count == 1 && loads[0].prices.bands(0, of: 1).count == 1
        else { return loads }
        var one = loads[0]
        for load in loads.dropFirst() {
            for register in one.volumes.indices { one.volumes[register] += load.volumes[register] }
        }
        one.months = Fraction(Int128(loads.count))
        return [one]
    }

    /// The line of a volume, and the one of what a multiplier adds to it.
    private mutating func charge(
        _ place: Int, _ method: ChargeMethod, _ months: [(month: Month, volumes: [Fraction])],
        isEven: Bool = true, multiplier: Fraction? = nil, steps: [ChargeLine.Step],
        multiplied: [ChargeLine.Step] = []
    ) -> [ChargeLine]? {
        let kind = plan.kinds[place].kind
        var steps = steps
        guard let loads = loads(place, months, isEven: isEven, steps: &steps) else { return nil }
        guard let pricing = Pricing(loads) else {
            fail(place, .tariff)
            return nil
        }
        let exact =
            loads.count == 1 && loads[0].volumes.count == 1
            ? loads[0].volumes[0]
            : loads.reduce(.zero) { $1.volumes.reduce($0, +) }
        guard let volume = Quantity(rounding: exact), let parts = pricing.parts(volume) else {
            fail(place, .range)
            return nil
        }
        var lines = [
            ChargeLine(
                kind: kind.code, month: facts.month, method: method, unit: kind.unit,
                volume: volume, steps: steps, parts: parts,
                amount: parts.reduce(.zero) { $0 + $1.amount })
        ]
        guard let multiplier, multiplier != .one else { return lines }
        guard let more = Quantity(rounding: exact * (multiplier - .one)),
            let added = pricing.parts(more, times: multiplier)
        else {
            fail(place, .range)
            return nil
        }
        lines.append(
            ChargeLine(
                kind: kind.code, month: facts.month, sort: .surcharge, method: method,
                unit: kind.unit, volume: more, steps: multiplied, parts: added,
                amount: added.reduce(.zero) { $0 + $1.amount }))
        return lines
    }

    /// A kind that is what it is by what the account is, a month's share of it.
    private mutating func charge(
        _ place: Int, _ method: ChargeMethod, _ volume: Fraction, _ steps: [ChargeLine.Step],
        days: Int
    ) {
        let exact = share(days).map { volume * $0 } ?? volume
        guard
            let lines = charge(
                place, method, [(facts.month, [exact])], steps: steps + step(days))
        else { return }
        kinds[place] = Charged(lines: lines, months: [(facts.month, exact)], method: method)
    }

    // MARK: Kinds

    private mutating func area(_ place: Int) {
        let days = days(place)
        guard days > 0 else { return }
        guard let area = plan.kinds[place].quantity ?? facts.area else {
            return fail(place, .area)
        }
        charge(place, .other, Fraction(area), [.area(area)], days: days)
    }

    private mutating func person(_ place: Int) {
        let days = days(place)
        guard days > 0 else { return }
        let people = facts.people
        guard people > 0 else { return fail(place, .residents) }
        charge(place, .other, Fraction(Int128(people)), [.residents(people)], days: days)
    }

    private mutating func fixed(_ place: Int) {
        let days = days(place)
        guard days > 0 else { return }
        let quantity = plan.kinds[place].quantity.map { Fraction($0) } ?? .one
        charge(place, .other, quantity, [], days: days)
    }

    /// `S × N × T` (formula 2).
    private mutating func areaNorm(_ place: Int) {
        let days = days(place)
        guard days > 0 else { return }
        guard let area = plan.kinds[place].quantity ?? facts.area else {
            return fail(place, .area)
        }
        guard let norm = norm(place, plan) else { return }
        charge(
            place, .norm, Fraction(area) * norm, [.areaNorm(area: area, norm: norm)], days: days)
    }

    /// Nil, with a problem, where there is none.
    private mutating func norm(_ place: Int, _ plan: ChargePlan) -> Quantity? {
        guard let table = plan.kinds[place].norms else {
            fail(place, .norm)
            return nil
        }
        let value = table.value(rooms: facts.rooms, residents: facts.people)
        if value == nil { fail(place, facts.rooms == nil && table.needsRooms ? .rooms : .norm) }
        return value
    }

    private mutating func meter(_ place: Int) {
        let days = days(place)
        guard days > 0 else { return }
        guard let service = plan.kinds[place].kind.service else { return fail(place, .service) }
        let code = plan.kinds[place].kind.code
        let meters = facts.meters.filter { $0.service == service }
        let used = MeteredVolumes(
            meters, month: facts.month, lastDay: plan.days.upperBound, share: share(days),
            policy: policy, net: net, kind: code)
        switch used.result {
        case .none: norm(place, days, isMultiplied: plan.kinds[place].canBeMetered)
        case .norm(let isBroken): norm(place, days, isMultiplied: isBroken)
        case .lines(let lines):
            var charged = Charged(method: .meter)
            for line in lines {
                let steps = line.method == .average ? line.steps + step(days) : line.steps
                guard
                    let made = charge(
                        place, line.method, line.months, isEven: line.isEven, steps: steps)
                else { return }
                charged.lines += made
                charged.method = MonthCharge.weaker(charged.method, line.method)
                if hasDays { charged.shares += line.months }
                for (month, volumes) in line.months {
                    let volume = volumes.count == 1 ? volumes[0] : volumes.reduce(.zero, +)
                    if let same = charged.months.firstIndex(where: { $0.month == month }) {
                        charged.months[same].volume += volume
                    } else {
                        charged.months.append((month, volume))
                    }
                }
            }
            if !used.returned.isEmpty {
                guard takeBack(place, used, &charged) else { return }
            }
            kinds[place] = charged
        }
    }

    /// What is farther from a reading.
    private static func weaker(_ left: ChargeMethod, _ right: ChargeMethod) -> ChargeMethod {
        if left == .norm || right == .norm { return .norm }
        return left == .average || right == .average ? .average : left
    }

    /// `n × N × T`, and `n × N × K × T` where a meter could be (formulas 4 and 4(1)).
    private mutating func norm(_ place: Int, _ days: Int, isMultiplied: Bool) {
        let people = facts.people
        guard people > 0 else { return fail(place, .residents) }
        guard let norm = norm(place, plan) else { return }
        var multiplier: Fraction?
        if isMultiplied, plan.kinds[place].kind.isMultiplied {
            guard let factor = plan.kinds[place].multiplier else { return fail(place, .multiplier) }
            multiplier = factor == .one ? nil : factor
        }
        var volume = Fraction(norm) * people
        if let share = share(days) { volume = volume * share }
        let step = step(days)
        guard
            let lines = charge(
                place, .norm, [(facts.month, [volume])], multiplier: multiplier,
                steps: [.norm(norm: norm, residents: people, multiplier: nil)] + step,
                multiplied: [
                    .norm(
                        norm: norm, residents: people,
                        multiplier: multiplier.flatMap { Quantity(rounding: $0) })
                ] + step)
        else { return }
        kinds[place] = Charged(
            lines: lines, months: [(facts.month, volume)], method: .norm, multiplier: multiplier)
    }

    /// Cold and hot water of the flat together, each as it is charged before multipliers; by its own norm where there are no
    /// meters (п. 42).
    private mutating func drainage(_ place: Int) {
        let days = days(place)
        guard days > 0 else { return }
        let sources = plan.sources[place]
        if let failed = sources.first(where: { hasFailed($0) }) {
            return fail(place, .follows, of: plan.kinds[failed].kind.code)
        }
        let waters = sources.filter { kinds[$0] != nil }
        let isMetered = waters.contains { kinds[$0]?.method != .norm }
        if !isMetered, waters.isEmpty || plan.kinds[place].norms != nil {
            return norm(place, days, isMultiplied: plan.kinds[place].canBeMetered)
        }
        var months: [(month: Month, volume: Fraction)] = []
        var addends: [ChargeLine.Step.Addend] = []
        var method = ChargeMethod.meter
        var returned: Set<Month> = []
        for water in waters {
            guard let charged = kinds[water] else { continue }
            method = MonthCharge.weaker(method, charged.method)
            var sum = Fraction.zero
            for (month, volume) in charged.months {
                sum += volume
                if let same = months.firstIndex(where: { $0.month == month }) {
                    months[same].volume += volume
                } else {
                    months.append((month, volume))
                }
            }
            guard let volume = Quantity(rounding: sum) else { return fail(place, .range) }
            addends.append(.init(kind: plan.kinds[water].kind.code, volume: volume))
            for month in charged.returned { returned.insert(month.month) }
        }
        if months.count > 1 { months.sort { $0.month < $1.month } }
        guard
            let lines = charge(
                place, method, months.map { ($0.month, [$0.volume]) }, steps: [.sum(addends)])
        else { return }
        var charged = Charged(lines: lines, months: months, method: method)
        charged.shares = months.map { ($0.month, [$0.volume]) }
        for month in returned.sorted() {
            let rest = waters.reduce(Fraction.zero) { $0 + remains($1, month) }
            guard follow(place, month, rest, &charged) else { return }
        }
        kinds[place] = charged
    }

    /// `V × Qп × T`: the volume of heat is never rounded before it meets its price (п. 38, formula 23).
    private mutating func waterHeat(_ place: Int) {
        let days = days(place)
        guard days > 0 else { return }
        if let failed = plan.sources[place].first, hasFailed(failed) {
            return fail(place, .follows, of: plan.kinds[failed].kind.code)
        }
        guard let source = plan.sources[place].first, let water = kinds[source] else {
            return fail(place, .volume, of: plan.kinds[place].kind.of)
        }
        guard let heats = heats(place, water.months.map(\.month)) else { return }
        let months = zip(water.months, heats).map { month, heat in
            (month: month.month, volumes: [heat.map { month.volume * $0 } ?? month.volume])
        }
        let sum = water.months.reduce(Fraction.zero) { $0 + $1.volume }
        guard let volume = Quantity(rounding: sum) else { return fail(place, .range) }
        let kind = plan.kinds[place].kind
        let code = plan.kinds[source].kind.code
        let multiplier = kind.isMultiplied ? water.multiplier : nil
        func steps(_ water: Quantity) -> [ChargeLine.Step] {
            heats.last.flatMap(\.self).map { [.heat(water: water, perCubicMetre: $0)] }
                ?? [.sum([.init(kind: code, volume: water)])]
        }
        let added = multiplier.flatMap { Quantity(rounding: sum * ($0 - .one)) }
        guard
            let lines = charge(
                place, water.method, months, multiplier: multiplier, steps: steps(volume),
                multiplied: added.map(steps) ?? [])
        else { return }
        var charged = Charged(lines: lines, months: water.months, method: water.method)
        charged.shares = months
        for (month, rest) in water.returned {
            let own = water.months.firstIndex { $0.month == month }
            let heat = own.flatMap { heats[$0] }
            let stays = heat.map { self.heat(place, source, month, rest, $0) } ?? rest
            guard follow(place, month, stays, &charged) else { return }
        }
        kinds[place] = charged
    }

    /// Гкал of the water that stays of a month. What was charged by more norms than that of the month (its reading told of
    /// earlier ones too) keeps them: only what the water that goes took is taken off.
    private func heat(
        _ place: Int, _ source: Int, _ month: Month, _ rest: Fraction, _ heat: Quantity
    ) -> Fraction {
        let stays = rest * heat
        guard let net, !rest.isZero else { return stays }
        let water = Fraction(net.volume(plan.kinds[source].kind.code, month))
        let posted = net.volume(plan.kinds[place].kind.code, month)
        if let even = Quantity(rounding: water * heat), even == posted { return stays }
        return Fraction(posted) - (water - rest) * heat
    }

    /// Гкал for a cubic metre, month by month; nil of a kind that is itself counted in cubic metres.
    private mutating func heats(_ place: Int, _ months: [Month]) -> [Quantity?]? {
        let kind = plan.kinds[place].kind
        guard kind.unit == .gcal else { return months.map { _ in nil } }
        var heats: [Quantity?] = []
        for month in months {
            let dated = plan(of: month)
            let own = month == facts.month ? place : dated.place(kind.code)
            let table = own.flatMap { dated.kinds[$0].norms } ?? plan.kinds[place].norms
            guard let value = table?.value(rooms: facts.rooms, residents: facts.people) else {
                fail(place, .norm, month)
                return nil
            }
            heats.append(value)
        }
        return heats
    }

    /// `V × S / Sоб` of what the house needs beyond its flats; of the norm where no meter counts the house.
    private mutating func houseNeeds(_ place: Int) {
        let days = days(place)
        guard days > 0 else { return }
        let kind = plan.kinds[place].kind
        guard let service = kind.service else { return fail(place, .service) }
        guard let area = plan.kinds[place].quantity ?? facts.area else {
            return fail(place, .area)
        }
        guard let home = facts.home, let houseArea = home.area, houseArea > .zero else {
            return fail(place, .house)
        }
        let month =
            home.services.first { $0.service == service }
            ?? HouseUse(service: service, total: nil)
        let isCapped = policy.capsHouseNeeds || month.total == nil
        var value: Quantity?
        if isCapped {
            guard let norm = norm(place, plan) else { return }
            value = norm
        }
        guard
            let balance = HouseNeeds.balance(
                month, norm: value, commonArea: home.commonArea, caps: isCapped),
            !isCapped || home.commonArea != nil
        else { return fail(place, .house) }
        let volume =
            balance.shared
            * Fraction(
                Int128(area.millionths), Int128(houseArea.millionths))
        if let total = month.total {
            let others = month.individual + month.others - min(.zero, month.carried)
            charge(
                place, .other, volume,
                [
                    .house(
                        total: total, individual: others, area: area, houseArea: houseArea,
                        limit: balance.limit.flatMap { Quantity(rounding: $0) })
                ], days: days)
        } else if let norm = value, let commonArea = home.commonArea {
            charge(
                place, .norm, volume,
                [
                    .houseNorm(
                        norm: norm, commonArea: commonArea, area: area, houseArea: houseArea)
                ], days: days)
        }
    }

    // MARK: Charging anew

    /// Months that were charged by average are taken back, now that a reading tells what they used (п. 59). What stays is the
    /// averages of other meters whose readings are still missing.
    private mutating func takeBack(
        _ place: Int, _ used: MeteredVolumes, _ charged: inout Charged
    ) -> Bool {
        guard let net else { return true }
        let kind = plan.kinds[place].kind
        func isEstimate(_ method: ChargeMethod) -> Bool { method != .meter }
        for month in used.returned.sorted() {
            var kept = Fraction.zero
            var cost = Money.zero
            for meter in used.standing where meter.since < month {
                guard let amount = price(place, month, meter.average) else { return false }
                cost += amount
                kept = meter.average.reduce(kept, +)
            }
            let before = net.volume(kind.code, month, where: isEstimate)
            guard let stays = Quantity(rounding: kept) else {
                fail(place, .range, month)
                return false
            }
            append(
                place, month, volume: stays - before,
                amount: cost - net.amount(kind.code, month, where: isEstimate),
                was: net.only(kind.code, month, where: isEstimate), isAll: kept.isZero, &charged)
            let read = net.volume(kind.code, month) { !isEstimate($0) }
            charged.returned.append((month, kept + Fraction(read)))
        }
        return true
    }

    /// What stays of a water's volume in a month.
    private func remains(_ place: Int, _ month: Month) -> Fraction {
        if let taken = kinds[place]?.returned.first(where: { $0.month == month }) {
            return taken.rest
        }
        return net.map { Fraction($0.volume(plan.kinds[place].kind.code, month)) } ?? .zero
    }

    /// A kind that takes the volume of another follows it: it is taken back but for what stays.
    private mutating func follow(
        _ place: Int, _ month: Month, _ rest: Fraction, _ charged: inout Charged
    ) -> Bool {
        let code = plan.kinds[place].kind.code
        guard let net, net.has(code, month) else { return true }
        guard let stays = Quantity(rounding: rest),
            let amount = returned(place, month, rest, net)
        else {
            fail(place, .range, month)
            return false
        }
        append(
            place, month, volume: stays - net.volume(code, month), amount: amount,
            was: net.only(code, month), isAll: rest.isZero, &charged)
        return true
    }

    /// What is added to a month of which only `rest` stays. Where a reading of that month told of earlier ones too, their
    /// shares stay at the prices of their own months: only the month's own estimate goes, at the prices of its days, and what
    /// stays is rounded as if it had never been there. Nil where there is no price, or beyond all money.
    private mutating func returned(
        _ place: Int, _ month: Month, _ rest: Fraction, _ net: PostedNet
    ) -> Money? {
        let code = plan.kinds[place].kind.code
        let posted = net.amount(code, month)
        let lines = net.lines(code, month)
        guard !rest.isZero, lines.contains(where: \.hasPrices),
            !lines.contains(where: { $0.sort == .surcharge })
        else {
            return price(place, month, [rest]).map { $0 - posted }
        }
        let gone = Fraction(net.volume(code, month)) - rest
        if gone.isZero { return .zero }
        guard let pricing = pricing(place, month, [gone]) else { return nil }
        // What was charged anew before tells no prices.
        guard lines.count == 1 else { return Money(rounding: .zero - pricing.exact) }
        let was = lines[0].parts.reduce(Fraction.zero) { $0 + Fraction($1.volume) * $1.price }
        return Money(rounding: was - pricing.exact).map { $0 - posted }
    }

    /// What a volume cost in an earlier month. Nil, with a problem, where there is no price.
    mutating func price(_ place: Int, _ month: Month, _ volumes: [Fraction]) -> Money? {
        if volumes.allSatisfy(\.isZero) { return .zero }
        guard let pricing = pricing(place, month, volumes) else { return nil }
        guard let volume = Quantity(rounding: volumes.reduce(.zero, +)),
            let parts = pricing.parts(volume)
        else {
            fail(place, .tariff, month)
            return nil
        }
        return parts.reduce(.zero) { $0 + $1.amount }
    }

    private mutating func pricing(
        _ place: Int, _ month: Month, _ volumes: [Fraction]
    ) -> Pricing? {
        var steps: [ChargeLine.Step] = []
        guard let loads = loads(place, [(month, volumes)], isEven: true, steps: &steps) else {
            return nil
        }
        let pricing = Pricing(loads)
        if pricing == nil { fail(place, .tariff, month) }
        return pricing
    }

    private func append(
        _ place: Int, _ month: Month, volume: Quantity, amount: Money, was: ChargeLine?,
        isAll: Bool, _ charged: inout Charged
    ) {
        guard volume != .zero || amount != .zero else { return }
        let kind = plan.kinds[place].kind
        // What is taken back as it was is explained as it was.
        let parts = (isAll ? was?.parts : nil)?.map { part in
            ChargeLine.Part(
                register: part.register, range: part.range, volume: .zero - part.volume,
                price: part.price, amount: -part.amount)
        }
        charged.lines.append(
            ChargeLine(
                kind: kind.code, month: month, sort: .recalculation,
                method: was?.method ?? .average, unit: kind.unit, volume: volume,
                steps: isAll ? steps(of: was) : [], parts: parts ?? [], amount: amount,
                ground: .readingReturned))
    }

    /// Without what it was the difference of, if it was one.
    private func steps(of line: ChargeLine?) -> [ChargeLine.Step] {
        line?.steps.filter { step in
            if case .anew = step { return false }
            return true
        } ?? []
    }
}
