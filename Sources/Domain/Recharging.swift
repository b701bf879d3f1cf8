public import Commands

extension Charging {
    /// What a past month would cost now less what was posted for it: a line for each kind and method that differs, with its
    /// reason. `facts` are of that month; `posted` is what its bill charged, and what corrections of it charged since. A kind
    /// that cannot be charged now stays as it was posted, and the problem says so.
    public static func again(
        _ facts: ChargeFacts, posted: [ChargeLine], because reason: String,
        _ index: ReferenceIndex, _ policy: ChargePolicy = ChargePolicy()
    ) -> ChargedMonth {
        let now = month(facts, index, policy)
        let plan = index.plan(
            facts.month, company: facts.company, house: facts.house, own: facts.contracts)
        let unknown = Set(now.problems.map(\.kind))
        struct Sum {
            var kind: String
            var method: ChargeMethod
            var unit: ChargeUnit
            var volume = Quantity.zero
            var amount = Money.zero
            var steps: [ChargeLine.Step]?
        }
        var sums: [Sum] = []
        func add(_ line: ChargeLine, isNow: Bool) {
            let place =
                sums.firstIndex { $0.kind == line.kind && $0.method == line.method }
                ?? sums.count
            if place == sums.count {
                sums.append(Sum(kind: line.kind, method: line.method, unit: line.unit))
            }
            let volume = line.sort == .surcharge ? Quantity.zero : line.volume
            if isNow {
                sums[place].volume = sums[place].volume + volume
                sums[place].amount += line.amount
                if line.sort == .charge { sums[place].steps = line.steps }
            } else {
                sums[place].volume = sums[place].volume - volume
                sums[place].amount = sums[place].amount - line.amount
            }
        }
        for line in now.lines where !unknown.contains(line.kind) { add(line, isNow: true) }
        for line in posted where !unknown.contains(line.kind) { add(line, isNow: false) }
        let lines = sums.filter { $0.volume != .zero || $0.amount != .zero }.map { sum in
            ChargeLine(
                kind: sum.kind, month: facts.month, sort: .recalculation, method: sum.method,
                unit: sum.unit, volume: sum.volume, steps: sum.steps ?? [], amount: sum.amount,
                ground: .corrected(reason))
        }
        return ChargedMonth(lines: plan.ordered(lines), problems: now.problems)
    }

    /// What an operator looks at before a month is closed.
    public enum Anomaly: Sendable, Equatable {
        /// So many months in a row, this one included.
        case noReading(Service, meter: String, months: Int)
        /// A month's use by a reading is more than three times the average, and above what is never asked back.
        case jump(Service, meter: String, volume: Quantity, average: Quantity)
        /// All lines of a kind together are below zero.
        case negative(kind: String, Money)
        /// And so is the whole month.
        case negativeTotal(Money)
    }

    /// Those of one account; a house has its own (`HouseNeeds.anomalies`).
    public static func anomalies(
        _ facts: ChargeFacts, _ lines: [ChargeLine], _ policy: ChargePolicy = ChargePolicy()
    ) -> [Anomaly] {
        var found: [Anomaly] = []
        let end = facts.month.advanced(by: 1).first
        for meter in facts.meters {
            let gap = max(1, meter.since.map { facts.month - $0 } ?? 1)
            guard let reading = meter.reading else {
                // Nobody reads a meter that is gone.
                if meter.removedOn.map({ $0 >= end }) ?? true {
                    found.append(.noReading(meter.service, meter: meter.number, months: gap))
                }
                continue
            }
            guard let average = MeteredVolumes.mean(of: meter, policy)?.reduce(.zero, +) else {
                continue
            }
            let volume = reading.volumes.reduce(Fraction.zero) { $0 + Fraction($1) } / gap
            guard volume > average * 3, volume > Fraction(Readings.floor(meter.service)),
                let printed = Quantity(rounding: volume), let mean = Quantity(rounding: average)
            else { continue }
            found.append(
                .jump(meter.service, meter: meter.number, volume: printed, average: mean))
        }
        var sums: [(kind: String, amount: Money)] = []
        for line in lines {
            if let place = sums.firstIndex(where: { $0.kind == line.kind }) {
                sums[place].amount += line.amount
            } else {
                sums.append((line.kind, line.amount))
            }
        }
        for sum in sums where sum.amount < .zero {
            found.append(.negative(kind: sum.kind, sum.amount))
        }
        let total = sums.reduce(Money.zero) { $0 + $1.amount }
        if total < .zero { found.append(.negativeTotal(total)) }
        return found
    }
}
