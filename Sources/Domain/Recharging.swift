public import Commands

/// A line with the month in which it was posted; `line.month` is the month that it is of.
public struct PostedLine: Sendable {
    public let postedIn: Month
    public let line: ChargeLine

    public init(postedIn: Month, _ line: ChargeLine) {
        self.postedIn = postedIn
        self.line = line
    }
}

extension Charging {
    /// What past months would cost now less what was posted for them: a line for each month, kind and method that differs, with
    /// its reason, and one of its own for days without the service, in the words of who told them. The months are charged one behind the other, as if none of them had been, so that a reading takes back
    /// what stood in for it as the months before it come out now. A kind that cannot be charged now stays as it was posted,
    /// and the problem says so.
    ///
    /// - Parameters:
    ///   - months: what is true of them now, one behind the other up to the newest that was closed.
    ///   - posted: all lines since the first of them, and of the months that their readings may take back.
    ///   - reason: what an operator said of a month.
    public static func again(
        _ months: [ChargeFacts], posted: [PostedLine], because reason: (Month) -> String,
        _ index: ReferenceIndex, _ policy: ChargePolicy = ChargePolicy()
    ) -> ChargedMonth {
        guard let first = months.first?.month else { return ChargedMonth() }
        var problems: [ChargeProblem] = []
        // The months before stand, but for what readings of these ones took back.
        var told = posted.filter {
            $0.line.month < first
                && !($0.postedIn >= first && $0.line.ground == .readingReturned)
        }.map(\.line)
        for var facts in months {
            facts.earlier = told
            let now = month(facts, index, policy)
            problems += now.problems
            let unknown = Set(now.problems.map(\.kind))
            told += now.lines.filter { !unknown.contains($0.kind) }
            told += posted.filter { posted in
                guard unknown.contains(posted.line.kind) else { return false }
                switch posted.line.ground {
                case .corrected, .undersupply: return posted.line.month == facts.month
                case .readingReturned, .handedOver, nil: return posted.postedIn == facts.month
                }
            }.map(\.line)
        }
        let differences = differences(of: told, from: posted.map(\.line))
        var lines: [ChargeLine] = []
        for month in Set(differences.map(\.month)).sorted() {
            guard let facts = months.first(where: { $0.month >= month }) else { continue }
            let plan = index.plan(
                facts.month, company: facts.company, house: facts.house, own: facts.contracts)
            lines += plan.ordered(
                differences.filter { $0.month == month }.map { line in
                    var line = line
                    switch line.ground {
                    // Days that were told by mistake are none.
                    case .undersupply(let days, nil):
                        line.ground = .undersupply(days: days, why: reason(month))
                    case .undersupply: break
                    default: line.ground = .corrected(reason(month))
                    }
                    return line
                })
        }
        return ChargedMonth(lines: lines, problems: problems)
    }

    /// Month by month, kind by kind and method by method; only where there is a difference.
    private static func differences(
        of told: [ChargeLine], from posted: [ChargeLine]
    ) -> [ChargeLine] {
        struct Place: Hashable {
            let month: Month
            let kind: String
            let method: ChargeMethod
            let isUndersupply: Bool
        }
        var places: [Place: Int] = [:]
        var sums: [ChargeLine] = []
        func place(_ line: ChargeLine) -> Int {
            var isUndersupply = false
            if case .undersupply = line.ground { isUndersupply = true }
            let key = Place(
                month: line.month, kind: line.kind, method: line.method,
                isUndersupply: isUndersupply)
            if let place = places[key] { return place }
            places[key] = sums.count
            sums.append(
                ChargeLine(
                    kind: line.kind, month: line.month, sort: .recalculation, method: line.method,
                    unit: line.unit, volume: .zero, amount: .zero,
                    ground: isUndersupply ? .undersupply(days: 0) : nil))
            return sums.count - 1
        }
        func volume(_ line: ChargeLine) -> Quantity {
            line.sort == .surcharge ? .zero : line.volume
        }
        /// What each comes to now, with the parts of that; what it came to is the rest of the difference.
        var now: [(amount: Money, parts: [ChargeLine.Part])] = []
        for line in told {
            let place = place(line)
            sums[place].volume = sums[place].volume + volume(line)
            sums[place].amount += line.amount
            if now.count < sums.count { now.append((.zero, [])) }
            now[place].amount += line.amount
            now[place].parts += line.parts
            if line.sort == .charge { sums[place].steps = line.steps }
            if case .undersupply = line.ground {
                sums[place].steps = line.steps
                sums[place].ground = line.ground
            }
        }
        for line in posted {
            let place = place(line)
            sums[place].volume = sums[place].volume - volume(line)
            sums[place].amount = sums[place].amount - line.amount
            // The days explain the whole of what they take off, not what is added to it.
            if case .undersupply = line.ground { sums[place].steps = [] }
        }
        for place in sums.indices {
            // Days take off what they take off: their line says how many there are now.
            if case .undersupply = sums[place].ground { continue }
            let told = place < now.count ? now[place] : (amount: .zero, parts: [])
            let whole = told.parts.reduce(Money.zero) { $0 + $1.amount } == told.amount
            sums[place].steps.append(
                .anew(
                    parts: whole ? told.parts : [], now: told.amount,
                    was: told.amount - sums[place].amount))
        }
        return sums.filter { $0.volume != .zero || $0.amount != .zero }
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
