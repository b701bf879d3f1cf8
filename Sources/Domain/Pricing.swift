import Commands

/// What a volume costs: cut by ranges, split by registers, at the prices of the days on which it was used.
struct Pricing {
    /// A volume at one list of prices.
    struct Load {
        var prices: PriceList
        /// One a register, of all the months together.
        var volumes: [Fraction]
        /// In how many months it was used, the same in each; a part of one where the tariff changed within it. The borders of
        /// ranges are those of one month.
        var months: Fraction
    }

    /// A share of the volume at one price.
    private struct Cell {
        /// Register and range: what is printed as a sum of its own, and so is rounded once.
        var register: Int
        var range: Int?
        var volume: Fraction
        var price: Quantity
        var amount: Fraction { volume * price }
    }

    private var cells: [Cell] = []
    private let registers: Int
    private let loads: Int

    /// Nil where a register has no price.
    init?(_ loads: [Load]) {
        registers = loads.first?.volumes.count ?? 1
        self.loads = loads.count
        cells.reserveCapacity(loads.count * registers)
        for load in loads {
            if registers == 1 {
                let bands = load.prices.bands(0, of: 1)
                guard let first = bands.first else { return nil }
                if bands.count == 1 {
                    cells.append(
                        Cell(register: 0, range: nil, volume: load.volumes[0], price: first.price))
                    continue
                }
            }
            guard cut(load) else { return nil }
        }
        if loads.count > 1 { merge() }
    }

    /// What costs the same is told once: the product that is printed is then the one that was rounded.
    private mutating func merge() {
        var merged: [Cell] = []
        for cell in cells {
            let same = merged.firstIndex {
                $0.register == cell.register && $0.range == cell.range && $0.price == cell.price
            }
            if let same { merged[same].volume += cell.volume } else { merged.append(cell) }
        }
        cells = merged
    }

    /// Cuts the total at the borders, then splits each range by the registers' shares of the total (domain.md §1.6).
    private mutating func cut(_ load: Load) -> Bool {
        let bands = load.volumes.indices.map { load.prices.bands($0, of: registers) }
        guard !bands.contains(where: \.isEmpty) else { return false }
        let total = load.volumes.reduce(.zero, +)
        for range in 0..<(bands.map(\.count).max() ?? 0) {
            for register in load.volumes.indices where range < bands[register].count {
                let own = bands[register]
                var cell = Cell(
                    register: register, range: own.count > 1 ? range + 1 : nil,
                    volume: load.volumes[register], price: own[range].price)
                if own.count > 1 {
                    let volume = load.volumes[register]
                    // Of nothing, or of less than nothing, there is only the first range.
                    guard total > .zero else {
                        if range == 0 { cells.append(cell) }
                        continue
                    }
                    let lower = range == 0 ? nil : own[range - 1].upTo
                    let upper = range == own.count - 1 ? nil : own[range].upTo
                    let from = lower.map { Fraction($0) * load.months } ?? .zero
                    let to = upper.map { min(total, Fraction($0) * load.months) } ?? total
                    guard to > from, !volume.isZero else { continue }
                    cell.volume =
                        registers == 1 ? to - from : (to - from) * (volume / total)
                }
                cells.append(cell)
            }
        }
        return true
    }

    /// Before anything is rounded.
    var exact: Fraction { cells.reduce(.zero) { $0 + $1.amount } }

    /// The parts of a line of this printed volume, each rounded; where a tariff changed, those of one register and range are
    /// rounded together, and the last takes what is left over. Nil of sums beyond all money.
    func parts(_ volume: Quantity, times multiplier: Fraction? = nil) -> [ChargeLine.Part]? {
        var parts: [ChargeLine.Part] = []
        parts.reserveCapacity(cells.count)
        var printed = Quantity.zero
        for cell in cells {
            guard let amount = money(cell.amount, multiplier),
                let share = Quantity(rounding: added(cell.volume, multiplier))
            else { return nil }
            parts.append(
                ChargeLine.Part(
                    register: registers == 1 ? nil : Register.allCases[cell.register],
                    range: cell.range, volume: share, price: cell.price, amount: amount))
            printed = printed + share
        }
        if loads > 1 {
            for (place, cell) in cells.enumerated() {
                let others = cells.indices.filter {
                    cells[$0].register == cell.register && cells[$0].range == cell.range
                }
                guard others.count > 1, others.last == place else { continue }
                let exact = others.reduce(Fraction.zero) { $0 + cells[$1].amount }
                guard let whole = money(exact, multiplier) else { return nil }
                parts[place].amount = others.dropLast().reduce(whole) { $0 - parts[$1].amount }
            }
        }
        if let last = parts.indices.last, printed != volume {
            parts[last].volume = parts[last].volume + (volume - printed)
        }
        return parts
    }

    private func added(_ volume: Fraction, _ multiplier: Fraction?) -> Fraction {
        multiplier.map { volume * ($0 - .one) } ?? volume
    }

    /// What it costs; where it is multiplied what that adds, so that both together are what the formula gives, to the kopeck.
    private func money(_ exact: Fraction, _ multiplier: Fraction?) -> Money? {
        guard let base = Money(rounding: exact) else { return nil }
        guard let multiplier else { return base }
        return Money(rounding: exact * multiplier).map { $0 - base }
    }
}
