public import Commands

/// How a charge explains itself: the numbers of a line put into its formula, a sentence a step («Умная платёжка»). The numbers
/// are those of the line; only what stands between them is worked out here, to six decimals, half away from zero.
extension Words {
    // MARK: Sums and volumes

    /// «1 234,56 ₽»: thousands spaced, the comma, a real minus (SF-118).
    public static func money(_ money: Money, _ language: Language) -> String {
        "\(amount(money, language))\u{A0}₽"
    }

    /// The same without the sign of the rouble, for columns.
    public static func amount(_ money: Money, _ language: Language) -> String {
        number(Quantity(millionths: money.kopecks * 10_000), language, decimals: 2)
    }

    /// Roubles for a unit, as many decimals as the tariff has: «46,10 ₽», «12,4135 ₽».
    public static func price(_ price: Quantity, _ language: Language) -> String {
        "\(number(price, language, decimals: 2))\u{A0}₽"
    }

    /// «м³», «чел.».
    public static func unit(_ unit: ChargeUnit, _ language: Language) -> String {
        text("charge_unit.\(unit.rawValue)", language)
    }

    /// «7,556 м³».
    public static func volume(
        _ volume: Quantity, _ unit: ChargeUnit, _ language: Language, decimals: Int = 0
    ) -> String {
        "\(number(volume, language, decimals: decimals))\u{A0}\(self.unit(unit, language))"
    }

    // MARK: How, and why

    /// «Способ определения объёма»: «по показаниям прибора учёта».
    public static func method(_ method: ChargeMethod, _ language: Language) -> String {
        text("charge_method.\(method.rawValue)", language)
    }

    /// The letter of a bill (приказ Минстроя 43/пр): «П» by a meter, «Н» by the norm, «О» otherwise, an average included.
    public static func letter(_ method: ChargeMethod, _ language: Language) -> String {
        text("charge_letter.\(method.rawValue)", language)
    }

    /// Why something was charged anew, or is not what its volume costs. An operator's words stand as they are.
    public static func ground(_ ground: ChargeLine.Ground, _ language: Language) -> String {
        switch ground {
        case .readingReturned: text("ground.reading_returned", language)
        case .undersupply(0, nil): text("ground.undersupply_none", language)
        case .undersupply(0, let why?):
            text("ground.undersupply_none_why", language, ["why": why])
        case .undersupply(let days, nil):
            text("ground.undersupply", language, ["n": "\(days)"])
        case .undersupply(let days, let why?):
            text("ground.undersupply_why", language, ["n": "\(days)", "why": why])
        case .corrected(let words): words
        case .handedOver: text("ground.handed_over", language)
        }
    }

    // MARK: A line

    /// A line of a month's charges, a sentence a step: how the volume came to be, what it cost, why it was charged anew.
    /// - Parameter titles: what charge kinds are called, by their codes.
    public static func explain(
        _ line: ChargeLine, _ language: Language, titles: [String: String] = [:]
    ) -> [String] {
        let explanation = LineExplanation(line: line, language: language, titles: titles)
        return explanation.ground + explanation.steps + explanation.cost
    }
}

/// Penalties, and where payments went.
extension Words {
    /// How the penalties of one debt came to be: what was late, on which days, at which rate, and what of it is posted now.
    public static func explain(_ detail: PenaltyDetail, _ language: Language) -> [String] {
        var sentences = [
            text(
                "penalty.debt", language,
                ["month": month(detail.month, language), "due": date(detail.due, language)])
        ]
        sentences += detail.segments.map { segment in
            text(
                "penalty.days", language,
                [
                    "from": date(segment.from, language), "to": date(segment.to, language),
                    "n": "\(segment.days)", "principal": money(segment.principal, language),
                    // Hundredths of a percent.
                    "rate": number(Quantity(millionths: Int64(segment.rate) * 10_000), language),
                    "part": "\(segment.denominator)", "amount": price(segment.amount, language),
                ])
        }
        if detail.segments.isEmpty { sentences.append(text("penalty.none", language)) }
        let rounded = Quantity(millionths: detail.amount.kopecks * 10_000)
        // One segment that is posted at once has said it all.
        if detail.segments.count != 1 || detail.segments[0].amount != rounded {
            sentences.append(
                text(
                    "penalty.posted", language,
                    [
                        "through": date(detail.through, language),
                        "exact": price(detail.exact, language),
                        "before": money(detail.before, language),
                        "amount": money(detail.amount, language),
                    ]))
        }
        return sentences
    }

    /// Why a part of a payment went where it went.
    public static func reason(_ reason: AllocationReason, _ language: Language) -> String {
        text("allocation.\(reason.rawValue)", language)
    }
}

private struct LineExplanation {
    let line: ChargeLine
    let language: Language
    let titles: [String: String]

    private func words(_ key: String, _ values: [String: String]) -> String {
        Words.text(key, language, values)
    }

    private func number(_ quantity: Quantity, decimals: Int = 0) -> String {
        Words.number(quantity, language, decimals: decimals)
    }

    private func volume(_ quantity: Quantity, decimals: Int = 0) -> String {
        Words.volume(quantity, line.unit, language, decimals: decimals)
    }

    private func square(_ area: Quantity) -> String { Words.volume(area, .m2, language) }

    var ground: [String] {
        guard line.sort == .recalculation else {
            return line.ground.map {
                [words("explain.sum_because", ["why": Words.ground($0, language)])]
            } ?? []
        }
        let month = Words.month(line.month, language)
        guard let ground = line.ground else { return [words("explain.anew", ["month": month])] }
        return [
            words(
                "explain.anew_because",
                ["month": month, "why": Words.ground(ground, language)])
        ]
    }

    // MARK: The volume

    var steps: [String] { line.steps.flatMap(step) }

    private func step(_ step: ChargeLine.Step) -> [String] {
        switch step {
        case .readings(let meter, let register, let from, let to, let rolled):
            return [readings(meter, register, from, to, rolled)]
        case .spread(let total, let months):
            return [
                words(
                    "explain.spread",
                    [
                        "total": volume(total), "number": number(total), "n": "\(months)",
                        "v": volume(total.divided(by: months)),
                    ])
            ]
        case .kept(let total, let months, let all): return [kept(total, months, all)]
        case .average(let volumes, let months):
            let sum = volumes.map { number($0) }.joined(separator: " + ")
            return [
                words(
                    "explain.average",
                    [
                        "sum": volumes.count > 1 ? "(\(sum))" : sum, "n": "\(months)",
                        "v": volume(volumes.reduce(.zero, +).divided(by: months)),
                    ])
            ]
        case .norm(let norm, let residents, let multiplier):
            return [self.norm(norm, residents, multiplier)]
        case .sum(let addends):
            return [
                words(
                    "explain.sum",
                    [
                        "sum": addends.map {
                            "\(titles[$0.kind] ?? $0.kind) \(volume($0.volume))"
                        }.joined(separator: " + "),
                        "v": volume(addends.reduce(Quantity.zero) { $0 + $1.volume }),
                    ])
            ]
        case .heat(let water, let share):
            return [
                words(
                    "explain.heat",
                    [
                        "water": Words.volume(water, .m3, language), "number": number(water),
                        "share": "\(number(share))\u{A0}\(Words.unit(.gcal, language))"
                            + "/\(Words.unit(.m3, language))",
                        "v": Words.volume(water.times(share), .gcal, language),
                    ])
            ]
        case .area(let area): return [words("explain.area", ["v": square(area)])]
        case .residents(let count): return [words("explain.residents", ["n": "\(count)"])]
        case .areaNorm(let area, let norm):
            return [
                words(
                    "explain.area_norm",
                    ["area": square(area), "norm": perMetre(norm), "v": volume(area.times(norm))])
            ]
        case .house(let total, let individual, let area, let houseArea, let limit):
            return house(total, individual, area, houseArea, limit)
        case .houseNorm(let norm, let commonArea, let area, let houseArea):
            return [
                words(
                    "explain.house_norm",
                    [
                        "norm": perMetre(norm), "common": square(commonArea),
                        "area": number(area), "house": square(houseArea),
                        "v": volume(norm.times(commonArea, area, over: houseArea)),
                    ])
            ]
        case .undersupply(let days, let of):
            // Days that were taken back are told by the ground.
            if days == 0 { return [] }
            return [words("explain.undersupply", ["n": "\(days)", "of": "\(of)"])]
        case .days(let days, let of):
            return [words("explain.days", ["n": "\(days)", "of": "\(of)"])]
        case .anew(let parts, let now, let was):
            return self.parts(parts) + [
                words(
                    "explain.anew_sum",
                    [
                        "now": Words.money(now, language), "was": Words.money(was, language),
                        "difference": Words.money(now - was, language),
                    ])
            ]
        }
    }

    /// Without the months that stay by the norm.
    private func kept(_ total: Quantity, _ months: Int, _ all: Int) -> String {
        let rest = all - months
        return words(
            "explain.kept",
            [
                "k": "\(months)", "n": "\(rest)", "v": number(total.divided(by: all)),
                "sum": volume(total.times(rest, over: all)),
            ])
    }

    private func readings(
        _ meter: String, _ register: Register, _ from: Quantity, _ to: Quantity, _ rolled: Bool
    ) -> String {
        let registers = line.steps.reduce(into: Set<Register>()) { found, step in
            if case .readings(meter, let other, _, _, _) = step { found.insert(other) }
        }
        // A meter of one register needs no name for it.
        let name =
            registers.count > 1
            ? ", \(Words.register(register, of: registers.count, language))" : ""
        let decimals = Self.decimals([from, to])
        let turn = Self.turn(after: from)
        return words(
            rolled ? "explain.readings_rolled" : "explain.readings",
            [
                "meter": meter + name, "from": number(from, decimals: decimals),
                "to": number(to, decimals: decimals), "turn": number(turn),
                "v": volume(rolled ? turn - from + to : to - from, decimals: decimals),
            ])
    }

    /// Where the dial starts again: it went over zero from its end, so that is the next power of ten.
    private static func turn(after value: Quantity) -> Quantity {
        var digits = 1
        while digits < 12, Quantity.capacity(digits: digits) <= value { digits += 1 }
        return Quantity.capacity(digits: digits)
    }

    private func norm(_ norm: Quantity, _ residents: Int, _ multiplier: Quantity?) -> String {
        let people = Quantity(millionths: norm.millionths * Int64(residents))
        var values = ["norm": volume(norm), "n": "\(residents)", "v": volume(people)]
        guard let multiplier else { return words("explain.norm", values) }
        // What the multiplier adds stands on a line of its own.
        values["k"] = number(multiplier)
        values["v"] = volume(people.times(multiplier - Quantity(millionths: 1_000_000)))
        return words("explain.norm_above", values)
    }

    private func house(
        _ total: Quantity, _ individual: Quantity, _ area: Quantity, _ houseArea: Quantity,
        _ limit: Quantity?
    ) -> [String] {
        let needs = total - individual
        var sentences = [
            words(
                "explain.house",
                [
                    "total": volume(total), "number": number(total), "used": number(individual),
                    "v": volume(needs),
                ])
        ]
        var shared = max(needs, .zero)
        if let limit, limit < shared {
            shared = limit
            sentences.append(
                words(
                    "explain.house_limit",
                    ["v": volume(limit), "rest": volume(needs - limit)]))
        }
        sentences.append(
            words(
                "explain.house_share",
                [
                    "shared": number(shared), "area": number(area), "house": square(houseArea),
                    "v": volume(shared.times(area, over: houseArea)),
                ]))
        return sentences
    }

    private func perMetre(_ norm: Quantity) -> String {
        "\(volume(norm))/\(Words.unit(.m2, language))"
    }

    // MARK: The money

    var cost: [String] {
        // A difference is of two sums, and both are told.
        if case .anew? = line.steps.last, line.parts.isEmpty { return [] }
        guard !line.parts.isEmpty else {
            let amount = Words.money(line.amount, language)
            return [
                line.volume == .zero || line.unit == .month
                    ? words("explain.amount", ["amount": amount])
                    : "\(volume(line.volume)): \(amount)"
            ]
        }
        var sentences = parts(line.parts)
        let sum = line.parts.reduce(Money.zero) { $0 + $1.amount }
        if sum != line.amount {
            sentences.append(
                words(
                    "explain.changed",
                    [
                        "sum": Words.amount(sum, language),
                        "by": Words.amount(
                            Money(
                                kopecks: Int64((line.amount - sum).kopecks.magnitude)), language),
                        "sign": line.amount < sum ? "\u{2212}" : "+",
                        "amount": Words.money(line.amount, language),
                    ]))
        } else if line.parts.count > 1 {
            sentences.append(
                words(
                    "explain.total",
                    [
                        "sum": line.parts.enumerated().map { index, part in
                            let sign =
                                index == 0 ? "" : part.amount < .zero ? " \u{2212} " : " + "
                            let shown = index == 0 ? part.amount : part.amount.size
                            return sign + Words.amount(shown, language)
                        }.joined(),
                        "amount": Words.money(line.amount, language),
                    ]))
        }
        return sentences
    }

    private func parts(_ parts: [ChargeLine.Part]) -> [String] {
        let registers = Set(parts.compactMap(\.register))
        return parts.map { part in
            var names: [String] = []
            if let range = part.range { names.append(words("explain.range", ["n": "\(range)"])) }
            if let register = part.register, registers.count > 1 {
                names.append(Words.register(register, of: registers.count, language))
            }
            return (names.isEmpty ? "" : names.joined(separator: ", ") + ": ")
                + "\(volume(part.volume)) × \(Words.price(part.price, language)) = "
                + Words.money(part.amount, language)
        }
    }

    /// As many decimals as the finest of them has: those of one meter stand alike.
    private static func decimals(_ quantities: [Quantity]) -> Int {
        quantities.map { quantity in
            var rest = quantity.millionths.magnitude % 1_000_000
            var count = 6
            while count > 0, rest % 10 == 0 {
                rest /= 10
                count -= 1
            }
            return count
        }.max() ?? 0
    }
}

extension Money {
    /// Without its sign.
    fileprivate var size: Money { Money(kopecks: Int64(kopecks.magnitude)) }
}

/// To six decimals, half away from zero: for print only, money was made of exact volumes.
extension Quantity {
    fileprivate func divided(by count: Int) -> Quantity {
        Self.rounded(Int128(millionths), over: Int128(max(count, 1)))
    }

    fileprivate func times(_ part: Int, over whole: Int) -> Quantity {
        Self.rounded(Int128(millionths) * Int128(part), over: Int128(whole))
    }

    fileprivate func times(_ factor: Quantity) -> Quantity {
        Self.rounded(Int128(millionths) * Int128(factor.millionths), over: 1_000_000)
    }

    /// A share: this × part / whole.
    fileprivate func times(_ part: Quantity, over whole: Quantity) -> Quantity {
        Self.rounded(
            Int128(millionths) * Int128(part.millionths), over: Int128(whole.millionths))
    }

    fileprivate func times(_ factor: Quantity, _ part: Quantity, over whole: Quantity) -> Quantity {
        Self.rounded(
            Int128(millionths) * Int128(factor.millionths) * Int128(part.millionths),
            over: Int128(whole.millionths) * 1_000_000)
    }

    private static func rounded(_ value: Int128, over divisor: Int128) -> Quantity {
        guard divisor > 0 else { return .zero }
        let half = value < 0 ? -(divisor / 2) : divisor / 2
        return Quantity(millionths: Int64(clamping: (value + half) / divisor))
    }
}
