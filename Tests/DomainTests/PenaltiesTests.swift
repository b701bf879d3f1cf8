import Commands
import Testing

@testable import Domain

/// «1234.56»
func money(_ text: String) throws -> Money {
    Money(kopecks: try #require(Kopecks.read(roubles: text)))
}

/// The rates that the worked examples of domain.md §2 meet.
func penaltyTerms(
    keyRates: [(String, Int)] = [
        ("2022-06-14", 950), ("2022-07-25", 800), ("2022-09-19", 750), ("2023-08-15", 1200),
        ("2024-10-28", 2100), ("2026-02-16", 1550),
    ]
) throws -> PenaltyTerms {
    let start = try day("2016-01-01")
    return PenaltyTerms(
        rules: [
            PenaltyRule(code: "housing", from: start, steps: PenaltyRule.housing.reversed()),
            PenaltyRule(code: "capital_repair", from: start, steps: PenaltyRule.capitalRepair),
        ], keyRates: try keyRates.map { KeyRate(from: try day($0.0), basisPoints: $0.1) },
        caps: [
            PenaltyCap(from: try day("2022-03-28"), limit: .exactly(950)),
            PenaltyCap(from: try day("2022-09-27"), limit: .atMost(950)),
            PenaltyCap(from: try day("2027-01-01"), limit: .none),
        ])
}

/// A debt with its payments, «2026-05-20: 2000.00».
func tranche(
    _ sum: String, due: String, paid: KeyValuePairs<String, String> = [:],
    rule: String = "housing"
) throws -> Tranche {
    let due = try day(due)
    var tranche = Tranche(
        kind: "heating", month: due.month.advanced(by: -1), due: due, rule: rule)
    tranche.principal.charged = try money(sum)
    tranche.principal.movements = try paid.map {
        Tranche.Movement(on: try day($0.key), amount: -(try money($0.value)))
    }
    return tranche
}

extension Tranche {
    func penalty(through: String, _ terms: PenaltyTerms) throws -> Money {
        try #require(
            Money(
                rounding: Penalties.accrued(self, through: day(through), terms: terms).total))
    }
    func segments(through: String, _ terms: PenaltyTerms) throws -> [String] {
        try Penalties.accrued(self, through: day(through), terms: terms).segments.map(\.detail)
            .map {
                "\($0.from.days - due.days)–\($0.to.days - due.days): "
                    + "\($0.days) × \($0.principal) × \($0.rate)/\($0.denominator) = \($0.amount)"
            }
    }
}

@Suite struct `Penalties of the worked examples` {
    let terms: PenaltyTerms
    init() throws { terms = try penaltyTerms() }

    @Test func `2-3 A: 46 days at 1-300`() throws {
        let debt = try tranche("3000.00", due: "2026-04-15", paid: ["2026-06-30": "3000.00"])
        #expect(try debt.penalty(through: "2026-12-31", terms) == money("43.70"))
        #expect(
            try debt.segments(through: "2026-12-31", terms)
                == ["31–76: 46 × 3000.00 × 950/300 = 43.7"])
    }

    @Test func `2-3 B: 60 days at 1-300 and 32 at 1-130`() throws {
        let debt = try tranche("3000.00", due: "2026-04-15", paid: ["2026-08-15": "3000.00"])
        #expect(try debt.penalty(through: "2026-12-31", terms) == money("127.15"))
        #expect(
            try debt.segments(through: "2026-12-31", terms) == [
                "31–90: 60 × 3000.00 × 950/300 = 57",
                "91–122: 32 × 3000.00 × 950/130 = 70.153846",
            ])
    }

    @Test func `2-3 C: a part is paid first, and the sum is rounded once`() throws {
        let debt = try tranche(
            "5432.17", due: "2026-04-15", paid: ["2026-05-20": "2000.00", "2026-08-01": "3432.17"])
        #expect(try debt.penalty(through: "2026-12-31", terms) == money("113.52"))
        #expect(
            try debt.segments(through: "2026-12-31", terms) == [
                "31–35: 5 × 5432.17 × 950/300 = 8.600936",
                "36–90: 55 × 3432.17 × 950/300 = 59.776961",
                "91–108: 18 × 3432.17 × 950/130 = 45.146236",
            ])
    }

    @Test func `2-3 D: February's bill, due on a Monday`() throws {
        let due = try dueDays().due(for: month("2026-02"))
        let debt = try tranche("1000.00", due: "\(due)", paid: ["2026-04-20": "1000.00"])
        #expect(try debt.penalty(through: "2026-12-31", terms) == money("1.58"))
    }

    @Test func `2-3 E: a key rate below the cap, for all days of the delay`() throws {
        let debt = try tranche("3000.00", due: "2022-08-10", paid: ["2022-12-01": "3000.00"])
        #expect(try debt.penalty(through: "2022-12-31", terms) == money("84.81"))
        #expect(
            try debt.segments(through: "2022-12-31", terms) == [
                "31–90: 60 × 3000.00 × 750/300 = 45",
                "91–113: 23 × 3000.00 × 750/130 = 39.807692",
            ])
    }

    @Test func `2-3 F: the 30th day is free, the 31st is one day`() throws {
        let free = try tranche("3000.00", due: "2026-04-15", paid: ["2026-05-15": "3000.00"])
        #expect(try free.penalty(through: "2026-12-31", terms) == .zero)
        let late = try tranche("3000.00", due: "2026-04-15", paid: ["2026-05-16": "3000.00"])
        #expect(try late.penalty(through: "2026-12-31", terms) == money("0.95"))
    }
}

@Suite struct `Penalties by rule` {
    let terms: PenaltyTerms
    init() throws { terms = try penaltyTerms() }

    @Test func `of капремонт stay at 1-300`() throws {
        let debt = try tranche("3000.00", due: "2026-04-15", rule: "capital_repair")
        // 92 days, 31 to 122.
        #expect(try debt.penalty(through: "2026-08-15", terms) == money("87.40"))
    }

    @Test func `of a kind without a rule there are none`() throws {
        var debt = try tranche("3000.00", due: "2026-04-15")
        debt.rule = nil
        #expect(try debt.penalty(through: "2026-08-15", terms) == .zero)
    }

    @Test func `take the rate of the day of payment for what was paid, and today's for the rest`()
        throws
    {
        let terms = try penaltyTerms(keyRates: [("2022-07-25", 800), ("2022-11-15", 750)])
        let debt = try tranche("3000.00", due: "2022-08-10", paid: ["2022-11-01": "1000.00"])
        #expect(
            try debt.segments(through: "2022-11-20", terms) == [
                "31–90: 60 × 2000.00 × 750/300 = 30",
                "31–83: 53 × 1000.00 × 800/300 = 14.133333",
                "91–102: 12 × 2000.00 × 750/130 = 13.846154",
            ])
    }

    @Test func `are held down until the end of 2026, and then follow the key rate`() throws {
        #expect(try terms.rate(on: day("2022-06-20")) == 950)
        #expect(try terms.rate(on: day("2022-08-20")) == 950)
        #expect(try terms.rate(on: day("2022-09-27")) == 750)
        #expect(try terms.rate(on: day("2026-12-31")) == 950)
        #expect(try terms.rate(on: day("2027-01-01")) == 1550)
    }

    @Test func `follow the rule of each day: a moratorium costs nothing, and the count goes on`()
        throws
    {
        let terms = PenaltyTerms(
            rules: [
                PenaltyRule(
                    code: "housing", from: try day("2016-01-01"), steps: PenaltyRule.housing),
                PenaltyRule(code: "housing", from: try day("2026-05-20"), steps: []),
                PenaltyRule(
                    code: "housing", from: try day("2026-07-20"), steps: PenaltyRule.housing),
            ], keyRates: [KeyRate(from: try day("2026-01-01"), basisPoints: 1550)],
            caps: [PenaltyCap(from: try day("2022-03-28"), limit: .atMost(950))])
        let debt = try tranche("3000.00", due: "2026-04-15")
        #expect(
            try debt.segments(through: "2026-07-21", terms) == [
                "31–34: 4 × 3000.00 × 950/300 = 3.8", "96–97: 2 × 3000.00 × 950/130 = 4.384615",
            ])
    }

    @Test func `are not guessed where a row is missing`() throws {
        let debt = try tranche("3000.00", due: "2021-04-12")
        let last = try day("2021-12-31")
        #expect(throws: MissingRow.keyRate(last)) {
            try Penalties.accrued(debt, through: last, terms: terms)
        }
        let other = try tranche("3000.00", due: "2026-04-15", rule: "other")
        #expect(throws: MissingRow.penaltyRule("other", try day("2026-04-16"))) {
            try Penalties.accrued(other, through: day("2026-12-31"), terms: terms)
        }
    }

    @Test func `do not know the payments of later days`() throws {
        let debt = try tranche("3000.00", due: "2026-04-15", paid: ["2026-06-30": "3000.00"])
        #expect(
            try debt.segments(through: "2026-05-31", terms)
                == ["31–46: 16 × 3000.00 × 950/300 = 15.2"])
    }

    @Test func `need no rate for what was paid in time`() throws {
        let paid = try tranche("3000.00", due: "2021-04-12", paid: ["2021-05-12": "3000.00"])
        #expect(try paid.penalty(through: "2026-12-31", terms) == .zero)
    }

    @Test func `that came with an opening balance are not charged again`() throws {
        var debt = try tranche("3000.00", due: "2026-04-15")
        debt.accruedElsewhere = try day("2026-06-30")
        #expect(
            try debt.segments(through: "2026-07-10", terms)
                == ["77–86: 10 × 3000.00 × 950/300 = 9.5"])
    }
}

@Suite struct `Penalties posted` {
    let terms: PenaltyTerms
    let dues: DueDays
    let kinds = ["heating": KindTerms()]
    init() throws {
        terms = try penaltyTerms()
        dues = try dueDays()
    }

    func entry(
        _ sum: String, _ sort: Entry.Sort, in posted: String, of tranche: String,
        on effective: String, payment: UInt64? = nil
    ) throws -> Entry {
        let amount = try money(sum)
        return Entry(
            account: 1, kind: "heating", month: try month(posted), tranche: try month(tranche),
            sort: sort, amount: sort == .payment ? -amount : amount,
            effectiveOn: try day(effective), payment: payment.map { CommandID(high: 0, low: $0) })
    }

    /// Closes a month: what it posts joins the ledger.
    func close(_ text: String, _ entries: inout [Entry]) throws -> [Penalties.Posting] {
        let posted = try Penalties.post(
            month: month(text), tranches: Ledger.tranches(entries, kinds: kinds, dueDays: dues),
            terms: terms)
        for line in posted { entries.append(line.entry(account: 1, month: try month(text))) }
        return posted
    }

    @Test func `month by month come to the exact total, rounded once`() throws {
        // 2-3 C, closed at the end of each month.
        var entries = [
            try entry("5432.17", .charge, in: "2026-03", of: "2026-03", on: "2026-03-31")
        ]
        #expect(try close("2026-04", &entries).isEmpty)
        entries.append(
            try entry(
                "2000.00", .payment, in: "2026-05", of: "2026-03", on: "2026-05-20", payment: 1))
        let may = try close("2026-05", &entries)
        #expect(may.map(\.amount) == [try money("20.56")])
        let june = try close("2026-06", &entries)
        #expect(june.map(\.amount) == [try money("32.60")])
        #expect(june.map(\.detail.before) == [try money("20.56")])
        let july = try close("2026-07", &entries)
        entries.append(
            try entry(
                "3432.17", .payment, in: "2026-08", of: "2026-03", on: "2026-08-01", payment: 2))
        let august = try close("2026-08", &entries)
        #expect(try close("2026-09", &entries).isEmpty)
        let all = [may, june, july, august].joined().reduce(Money.zero) { $0 + $1.amount }
        #expect(all == (try money("113.52")))
        #expect(august.first?.detail.exact == (try quantity("113.524133")))
    }

    @Test func `are taken back when a payment is told late`() throws {
        var entries = [
            try entry("3000.00", .charge, in: "2026-03", of: "2026-03", on: "2026-03-31")
        ]
        let first = try close("2026-05", &entries)
        #expect(first.map(\.amount) == [try money("15.20")])
        // Handed over on the 30th day, told in June.
        entries.append(
            try entry(
                "3000.00", .payment, in: "2026-06", of: "2026-03", on: "2026-05-15", payment: 1))
        let second = try close("2026-06", &entries)
        #expect(second.map(\.amount) == [try money("-15.20")])
        #expect(second.first?.detail.segments == [])
        #expect(Ledger.balance(entries) == .zero)
    }

    @Test func `shrink with a recalculation, from the tranche's beginning`() throws {
        var entries = [
            try entry("3000.00", .charge, in: "2026-03", of: "2026-03", on: "2026-03-31")
        ]
        _ = try close("2026-05", &entries)
        entries.append(
            try entry(
                "-1000.00", .recalculation, in: "2026-06", of: "2026-03", on: "2026-06-30"))
        // 46 days of 2 000.00, not of 3 000.00, less what May posted.
        #expect(try close("2026-06", &entries).map(\.amount) == [try money("13.93")])
    }

    @Test func `come back when the payment is taken back, as if it never came`() throws {
        let charge = try entry(
            "3000.00", .charge, in: "2026-03", of: "2026-03", on: "2026-03-31")
        let payment = try entry(
            "3000.00", .payment, in: "2026-04", of: "2026-03", on: "2026-04-20", payment: 1)
        var entries = [charge, payment]
        #expect(try close("2026-06", &entries).isEmpty)
        entries += Allocation.reversal(of: [payment], month: try month("2026-07"))
        let after = try close("2026-07", &entries)
        var never = [charge]
        #expect(after.map(\.amount) == (try close("2026-07", &never)).map(\.amount))
        #expect(after.count == 1)
    }

    @Test func `bear none themselves`() throws {
        var entries = [
            try entry("3000.00", .charge, in: "2026-03", of: "2026-03", on: "2026-03-31"),
            try entry(
                "3000.00", .payment, in: "2026-08", of: "2026-03", on: "2026-08-15", payment: 1),
        ]
        #expect(try close("2026-08", &entries).map(\.amount) == [try money("127.15")])
        #expect(try close("2027-08", &entries).isEmpty)
        #expect(Ledger.balance(entries) == (try money("127.15")))
    }

    @Test(arguments: 0..<40)
    func `in any life come to the exact total, rounded once`(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        var entries: [Entry] = []
        var current = try month("2025-10")
        for _ in 0..<14 {
            let sum = Money(kopecks: Int64.random(in: 1...900_000, using: &random))
            entries.append(
                Entry(
                    account: 1, kind: "heating", month: current, tranche: current, sort: .charge,
                    amount: sum, effectiveOn: current.last))
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let back = Int.random(in: 0...3, using: &random)
                let sign: Int64 = Bool.random(using: &random) ? -1 : 1
                let isMoney = Int.random(in: 0..<4, using: &random) > 0
                entries.append(
                    Entry(
                        account: 1, kind: "heating", month: current,
                        tranche: current.advanced(by: -back),
                        sort: isMoney ? .payment : .recalculation,
                        amount: Money(
                            kopecks: (isMoney ? -1 : sign)
                                * Int64.random(in: 1...400_000, using: &random)),
                        effectiveOn: current.first.advanced(
                            by: Int.random(in: -40...27, using: &random)),
                        payment: isMoney
                            ? CommandID(high: 0, low: UInt64(entries.count)) : nil))
            }
            let posted = try Penalties.post(
                month: current,
                tranches: Ledger.tranches(entries, kinds: kinds, dueDays: dues), terms: terms)
            for line in posted { entries.append(line.entry(account: 1, month: current)) }
            for tranche in try Ledger.tranches(entries, kinds: kinds, dueDays: dues) {
                let exact = try Penalties.accrued(tranche, through: current.last, terms: terms)
                #expect(tranche.penaltyPosted == Money(rounding: exact.total))
            }
            current = current.advanced(by: 1)
        }
        let last = current.advanced(by: -1).last
        for tranche in try Ledger.tranches(entries, kinds: kinds, dueDays: dues) {
            #expect(tranche.penaltyPosted == byHand(tranche, through: last))
        }
    }

    /// Day by day on the balance of the day's beginning, at one rate: the other way to count.
    func byHand(_ tranche: Tranche, through: Day) -> Money? {
        var total = Fraction.zero
        var day = tranche.due.advanced(by: 31)
        while day <= through {
            var balance = tranche.principal.charged
            for movement in tranche.principal.movements where movement.on < day {
                balance += movement.amount
            }
            if balance > .zero {
                total += Fraction(
                    Int128(balance.kopecks) * 950,
                    1_000_000 * (day - tranche.due > 90 ? 130 : 300))
            }
            day = day.advanced(by: 1)
        }
        return Money(rounding: total)
    }
}
