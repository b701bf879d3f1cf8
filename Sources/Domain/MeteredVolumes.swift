import Commands

/// How much of a service was used: by readings, by the average where they are missing, or by the norm (ПП 354, п. 42, 59, 60).
struct MeteredVolumes {
    /// By readings or averages.
    struct Line {
        var method: ChargeMethod
        /// Months in which it was used, the eldest first, each with what every register counted.
        var months: [(month: Month, volumes: [Fraction])]
        /// Whether each of the months used the same.
        var isEven: Bool
        var steps: [ChargeLine.Step]
    }

    enum Result {
        case lines([Line])
        /// `isBroken`: a meter there is or was, but it counts for nothing (ПП 354, п. 60): the norm is multiplied.
        case norm(isBroken: Bool)
        /// There is no meter.
        case none
    }

    let month: Month
    let policy: ChargePolicy
    private(set) var result: Result
    /// Months whose averages are taken back, since a reading came.
    private(set) var returned: Set<Month> = []
    /// Of meters whose readings are still missing: what they were and stay charged by in months after the given one.
    private(set) var standing: [(since: Month, average: [Fraction])] = []

    /// `share`: of a month that is not whole, for averages. `net`: what was posted on earlier months.
    init(
        _ meters: [MeterMonth], month: Month, lastDay: Int32, share: Fraction?,
        policy: ChargePolicy, net: PostedNet?, kind: String
    ) {
        self.month = month
        self.policy = policy
        result = .none
        var present = meters.filter { $0.installedOn.map { $0.days <= lastDay } ?? true }
        if present.count > 1 {
            // What was removed is done with where another is there, and a new one begins with the next month.
            let isRead = present.contains { $0.reading != nil }
            let stays = present.contains { $0.removedOn.map { $0.days > lastDay } ?? true }
            present = present.filter { meter in
                if meter.reading != nil { return true }
                if let removed = meter.removedOn, removed.days <= lastDay { return !stays }
                return !(isRead && meter.since == month)
            }
        }
        guard !present.isEmpty else { return }
        var read: [Line] = []
        var estimated: [Line] = []
        for meter in present {
            guard meter.reading == nil else {
                add(readings(of: meter, net, kind), to: &read)
                continue
            }
            let isBroken = meter.endsOn.map { $0.days <= lastDay } ?? false
            guard let since = meter.since, max(1, month - since) <= policy.averagePeriods,
                let average = average(of: meter)
            else {
                if case .norm(true) = result { continue }
                result = .norm(isBroken: isBroken)
                continue
            }
            standing.append((since, average.volumes))
            add(
                Line(
                    method: .average,
                    months: [
                        (
                            month,
                            share.map { share in average.volumes.map { $0 * share } }
                                ?? average.volumes
                        )
                    ],
                    isEven: true, steps: average.steps), to: &estimated)
        }
        // A flat that is not metered as a whole is charged by norm as a whole.
        if case .norm = result {
            returned = []
            return
        }
        result = .lines(read + estimated)
    }

    /// Meters of as many registers share a line.
    private func add(_ line: Line, to lines: inout [Line]) {
        guard
            let place = lines.firstIndex(where: {
                $0.months[0].volumes.count == line.months[0].volumes.count
            })
        else {
            lines.append(line)
            return
        }
        lines[place].steps += line.steps
        lines[place].isEven =
            lines[place].isEven && line.isEven
            && lines[place].months.map(\.month) == line.months.map(\.month)
        for share in line.months {
            if let same = lines[place].months.firstIndex(where: { $0.month == share.month }) {
                for register in share.volumes.indices {
                    lines[place].months[same].volumes[register] += share.volumes[register]
                }
            } else {
                lines[place].months.append(share)
                lines[place].months.sort { $0.month < $1.month }
            }
        }
    }

    /// A reading after months without one tells what was used in all of them: evenly, as far as anybody knows. Months that stay
    /// as they were charged keep their share of it.
    private mutating func readings(
        of meter: MeterMonth, _ net: PostedNet?, _ kind: String
    ) -> Line {
        guard let reading = meter.reading else { preconditionFailure("a meter without a reading") }
        var steps: [ChargeLine.Step] = []
        steps.reserveCapacity(reading.volumes.count)
        for (place, register) in Register.allCases.prefix(reading.volumes.count).enumerated() {
            steps.append(
                .readings(
                    meter: meter.number, register: register, from: reading.from[place],
                    to: reading.to[place],
                    rolled: reading.to[place] < reading.from[place]
                        && reading.volumes[place] >= .zero))
        }
        let gap = meter.since.map { month - $0 } ?? 1
        guard gap > 1, let since = meter.since else {
            return Line(
                method: .meter, months: [(month, reading.volumes.map { Fraction($0) })],
                isEven: true, steps: steps)
        }
        var months: [Month] = []
        for distance in 1..<gap {
            let missed = since.advanced(by: distance)
            let methods = net?.methods(kind, missed) ?? []
            if methods.contains(.average) {
                guard policy.returnsAverage else { continue }
                returned.insert(missed)
            } else if methods.contains(.norm) {
                guard policy.returnsNorm else { continue }
                returned.insert(missed)
            }
            months.append(missed)
        }
        months.append(month)
        for volume in reading.volumes {
            steps.append(.spread(volume: volume, months: gap))
            if months.count < gap {
                steps.append(.kept(volume: volume, months: gap - months.count, of: gap))
            }
        }
        return Line(
            method: .meter,
            months: months.map { ($0, reading.volumes.map { Fraction($0) / gap }) },
            isEven: true, steps: steps)
    }

    private func average(
        of meter: MeterMonth
    ) -> (volumes: [Fraction], steps: [ChargeLine.Step])? {
        guard let means = MeteredVolumes.mean(of: meter, policy) else { return nil }
        let shares = MeteredVolumes.shares(of: meter, policy)
        let months = shares.reduce(0) { $0 + $1.months }
        return (
            means,
            means.indices.map { register in
                .average(
                    volumes: shares.compactMap { Quantity(rounding: $0.volumes[register]) },
                    months: months)
            }
        )
    }

    /// The unweighted mean of the last months that were charged by readings, register by register (ПП 354, п. 59); nil where
    /// there are too few. A reading of several months gives each an even share.
    static func mean(of meter: MeterMonth, _ policy: ChargePolicy) -> [Fraction]? {
        var months = 0
        var sums = [Fraction](repeating: .zero, count: meter.registers)
        for share in shares(of: meter, policy) {
            months += share.months
            for register in sums.indices { sums[register] += share.volumes[register] }
        }
        guard months >= policy.historyMonths, months > 0 else { return nil }
        return sums.map { max(.zero, $0 / months) }
    }

    private static func shares(
        of meter: MeterMonth, _ policy: ChargePolicy
    ) -> [(months: Int, volumes: [Fraction])] {
        var months = 0
        var shares: [(months: Int, volumes: [Fraction])] = []
        for use in meter.history where months < policy.averageMonths {
            guard use.volumes.count == meter.registers, use.months > 0 else { break }
            let taken = min(use.months, policy.averageMonths - months)
            months += taken
            shares.append(
                (
                    taken,
                    use.volumes.map {
                        taken == use.months ? Fraction($0) : Fraction($0) * taken / use.months
                    }
                ))
        }
        return shares
    }
}

/// What was posted on earlier months, put together by kind, month and method; but for days without a service.
struct PostedNet {
    private struct Sum {
        var kind: String
        var month: Month
        var method: ChargeMethod
        var volume: Quantity
        var amount: Money
        var lines: [ChargeLine]
    }

    private var sums: [Sum] = []

    init?(_ lines: [ChargeLine]) {
        guard !lines.isEmpty else { return nil }
        for line in lines {
            if case .undersupply = line.ground { continue }
            let volume = line.sort == .surcharge ? Quantity.zero : line.volume
            if let place = sums.firstIndex(where: {
                $0.month == line.month && $0.method == line.method && $0.kind == line.kind
            }) {
                sums[place].volume = sums[place].volume + volume
                sums[place].amount += line.amount
                sums[place].lines.append(line)
            } else {
                sums.append(
                    Sum(
                        kind: line.kind, month: line.month, method: line.method, volume: volume,
                        amount: line.amount, lines: [line]))
            }
        }
        sums.removeAll { $0.volume == .zero && $0.amount == .zero }
    }

    func methods(_ kind: String, _ month: Month) -> [ChargeMethod] {
        sums.filter { $0.month == month && $0.kind == kind }.map(\.method)
    }

    func has(_ kind: String, _ month: Month) -> Bool {
        sums.contains { $0.month == month && $0.kind == kind }
    }

    func volume(
        _ kind: String, _ month: Month, where isMeant: (ChargeMethod) -> Bool = { _ in true }
    ) -> Quantity {
        sums.reduce(.zero) { sum, one in
            one.month == month && one.kind == kind && isMeant(one.method) ? sum + one.volume : sum
        }
    }

    func amount(
        _ kind: String, _ month: Month, where isMeant: (ChargeMethod) -> Bool = { _ in true }
    ) -> Money {
        sums.reduce(.zero) { sum, one in
            one.month == month && one.kind == kind && isMeant(one.method) ? sum + one.amount : sum
        }
    }

    func lines(_ kind: String, _ month: Month) -> [ChargeLine] {
        sums.filter { $0.month == month && $0.kind == kind }.flatMap(\.lines)
    }

    /// The line that makes all of it, if it is one.
    func only(
        _ kind: String, _ month: Month, where isMeant: (ChargeMethod) -> Bool = { _ in true }
    ) -> ChargeLine? {
        let found = sums.filter { $0.month == month && $0.kind == kind && isMeant($0.method) }
        return found.count == 1 && found[0].lines.count == 1 ? found[0].lines[0] : nil
    }
}

extension ChargeLine {
    /// What one register counted within one range is at several prices: of several months, or of days within one.
    var hasPrices: Bool {
        parts.indices.contains { place in
            parts[..<place].contains {
                $0.register == parts[place].register && $0.range == parts[place].range
            }
        }
    }
}
