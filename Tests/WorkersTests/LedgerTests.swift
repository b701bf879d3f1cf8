import Commands
import Postgres
import Queue
import TestKit
import Testing
import Threads

/// Payments, balances and charges of other systems, from the command to the entries.
@Suite(.serialized) struct `A ledger at the desk` {
    private static let database = Result { try TestDatabase("ledger") }
    private static let wide = Result { try TestDatabase("ledger4") }

    private func office(
        batch: Int = 500, charges: String = Office.charges, lanes: Int = 1
    ) throws -> Office {
        let office = try Office(Self.database.get(), lanes: lanes, batch: batch, charges: charges)
        try office.refer()
        try office.flat()
        try office.decide()
        return office
    }

    /// Debts of domain.md §3.2: February 200.00 and 300.00, March 700.00, a penalty of 12.34.
    private func indebted(batch: Int = 500) throws -> Office {
        let office = try self.office(batch: batch)
        try office.owe(200_00, "water", "2026-02")
        try office.owe(300_00, "upkeep", "2026-02")
        try office.owe(700_00, "water", "2026-03")
        try office.owe(12_34, "water", "2026-02", penalty: true)
        try office.decide()
        return office
    }

    private let unchanged = JSON.object([.init("unchanged", .bool(true))])

    // MARK: Payments

    @Test func `takes a payment to the debts in the order of the law, and the rest as an advance`()
        throws
    {
        let office = try indebted()
        try office.pay(1000_00, "1")
        try office.decide()
        #expect(
            try office.entries().suffix(3) == [
                "2026-04 payment upkeep 2026-02 -300.00", "2026-04 payment water 2026-02 -200.00",
                "2026-04 payment water 2026-03 -500.00",
            ])
        #expect(
            try office.debts() == ["water 2026-03 200.00", "water 2026-02 12.34 penalty"])
        try office.pay(1000_00, "2")
        try office.decide()
        #expect(
            try office.entries().suffix(3) == [
                "2026-04 payment water 2026-03 -200.00",
                "2026-04 payment water 2026-02 -12.34 penalty", "2026-04 advance — — -787.66",
            ])
        #expect(
            try office.texts(
                """
                select e.reason from facts.entry e join facts.account a on a.id = e.account
                where a.organization = $o and e.payment is not null order by e.id
                """) == [
                    "overdue_first", "overdue_first", "overdue_first", "overdue_first", "penalty",
                    "advance",
                ])
        #expect(try office.violations().isEmpty)
    }

    @Test func `takes it first to what the payer names: a month, a kind, the penalties`() throws {
        let march = try indebted()
        try march.pay(1000_00, "1", #""month":"2026-03""#)
        try march.decide()
        #expect(
            try march.debts() == [
                "upkeep 2026-02 120.00", "water 2026-02 80.00", "water 2026-02 12.34 penalty",
            ])
        let upkeep = try indebted()
        try upkeep.pay(350_00, "1", #""kind":"upkeep""#)
        try upkeep.decide()
        #expect(
            try upkeep.debts() == [
                "water 2026-02 150.00", "water 2026-03 700.00", "water 2026-02 12.34 penalty",
            ])
        let penalties = try indebted()
        try penalties.pay(12_34, "1", #""penalties":true"#)
        try penalties.decide()
        #expect(
            try penalties.debts() == [
                "upkeep 2026-02 300.00", "water 2026-02 200.00", "water 2026-03 700.00",
            ])
        let steam = try penalties.pay(1, "2", #""kind":"steam""#)
        try penalties.decide()
        #expect(try penalties.outcome(steam) == "CHARGE_KIND")
        #expect(
            try penalties.text("select count(*) from facts.payment where organization = $o") == "1")
    }

    @Test func `splits what names no payee by what is owed to each`() throws {
        let office = try self.office()
        try office.owe(300_00, "upkeep", "2026-02")
        try office.owe(100_00, "repair", "2026-02")
        try office.decide()
        try office.pay(200_00, "1")
        try office.decide()
        #expect(try office.debts() == ["repair 2026-02 50.00", "upkeep 2026-02 150.00"])
        try office.pay(250_00, "2")
        try office.decide()
        #expect(try office.debts() == ["— — -50.00"])
        #expect(try office.violations().isEmpty)
    }

    @Test(arguments: [1, 500])
    func `takes a payment once, whatever stands between the two`(batch: Int) throws {
        let office = try indebted(batch: batch)
        let first = try office.pay(100_00, "1")
        let again = try office.pay(100_00, "1")
        let sum = try office.pay(100_01, "1")
        try office.account("121")
        let other = try office.pay(100_00, "1", account: "121")
        try office.decide()
        #expect(try office.outcome(first) == "done")
        #expect(try office.result(again) == unchanged)
        #expect(try [sum, other].map(office.outcome) == ["PAY_OTHER", "PAY_OTHER"])
        #expect(
            try office.texts("select amount::text from facts.payment where organization = $o")
                == ["10000"])
        // A year later it is still the same.
        let late = try office.pay(100_00, "1")
        try office.decide()
        #expect(try office.result(late) == unchanged)
        #expect(try office.violations().isEmpty)
    }

    @Test func `takes one number of several lanes once`() throws {
        let office = try Office(
            Self.wide.get(), lanes: 4, charges: Office.charges, attempts: 9)
        try office.refer()
        for account in 1...8 { try office.flat("\(account)", meter: false) }
        try office.decide()
        for number in 1...5 {
            for account in 1...8 { try office.pay(100, "\(number)", account: "\(account)") }
        }
        // What met another's number is tried again: that is no fault of the lane.
        let told = Monitor<[String]>([])
        try eventually("all are decided") {
            let lanes = try (0...3).map { try office.drain($0, told) }
            for lane in lanes { lane.join() }
            return try office.texts(
                """
                select h.id::text from queue.hold h join queue.command c on c.id = h.head where c.organization = $o
                """
            ).isEmpty
        }
        #expect(
            try office.texts(
                """
                select distinct e.kind || ' ' || e.code from queue.exception e join queue.command c on c.id = e.command
                where c.organization = $o and c.kind = 'payment.post' and e.kind <> 'failed'
                """) == ["refused PAY_OTHER"])
        #expect(
            try office.texts(
                "select number from facts.payment where organization = $o order by number")
                == ["1", "2", "3", "4", "5"])
        #expect(try office.violations().isEmpty)
    }

    @Test func `keeps what was paid to an account that nobody has as nobody's`() throws {
        let office = try self.office()
        let lost = try office.pay(100_00, "1", account: "999")
        try office.decide()
        #expect(try office.result(lost)["unidentified"]?.bool == true)
        #expect(
            try office.texts(
                "select concat_ws(' ', account, typed, amount, month) from facts.payment where organization = $o"
            ) == ["999 10000"])
        // The account may come later: that does not make it another payment.
        try office.account("999")
        let again = try office.pay(100_00, "1", account: "999")
        let back = try office.reverse("1", account: "999")
        try office.decide()
        #expect(try office.result(again) == unchanged)
        #expect(try office.outcome(back) == "done")
        #expect(try office.entries("999").isEmpty)
        #expect(try office.violations().isEmpty)
    }

    @Test(arguments: [1, 500])
    func `gives a payment that is nobody's to an account, once, as if it had come now`(
        batch: Int
    ) throws {
        let office = try indebted(batch: batch)
        let before = try office.debts()
        try office.account("121")
        let lost = try office.pay(1000_00, "1", account: "999")
        let nowhere = try office.assign("1", to: "404")
        let unknown = try office.assign("7")
        let given = try office.assign("1")
        let again = try office.assign("1")
        let other = try office.assign("1", to: "121")
        try office.decide()
        #expect(try office.result(lost)["unidentified"]?.bool == true)
        #expect(try [nowhere, unknown].map(office.outcome) == ["NOT_FOUND", "NOT_FOUND"])
        #expect(try office.outcome(given) == "done")
        #expect(try office.result(again) == unchanged)
        #expect(try office.outcome(other) == "PAY_ASSIGNED")
        #expect(
            try office.debts() == ["water 2026-03 200.00", "water 2026-02 12.34 penalty"])
        #expect(
            try office.texts(
                """
                select concat_ws(' ', a.number, p.typed, p.month, p.assigned_by = '\(given)', p.assigned_at = c.received_at)
                from facts.payment p join facts.account a on a.id = p.account join queue.command c on c.id = p.assigned_by
                where p.organization = $o
                """) == ["120 999 2026-04-01 t t"])
        // It counts from the payer's day.
        #expect(
            try office.texts(
                """
                select distinct e.effective_on::text from facts.entry e join facts.account a on a.id = e.account
                where a.organization = $o and e.payment is not null
                """) == ["2026-04-05"])
        #expect(try office.violations().isEmpty)
        // The provider knows the number that was typed; what is to be undone stands elsewhere.
        let blind = try office.reverse("1", account: "999")
        let back = try office.reverse("1")
        let late = try office.assign("1")
        try office.decide()
        #expect(
            try [blind, back, late].map(office.outcome) == ["PAY_ASSIGNED", "done", "PAY_REVERSED"])
        #expect(try office.debts() == before)
        #expect(try office.violations().isEmpty)
    }

    @Test func `gives nobody's money by what its payer named`() throws {
        let office = try indebted()
        try office.pay(1000_00, "1", #""month":"2026-03""#, account: "999")
        try office.pay(1_00, "2", #""kind":"steam""#, account: "999")
        try office.assign("1")
        let steam = try office.assign("2")
        try office.decide()
        #expect(
            try office.debts() == [
                "upkeep 2026-02 119.40", "water 2026-02 79.60", "water 2026-02 12.34 penalty",
            ])
        // A kind that nobody knows says nothing; the payer's words stay.
        #expect(try office.result(steam) == .object([.init("unknown_kind", .string("steam"))]))
        #expect(
            try office.texts(
                "select purpose ->> 'kind' from facts.payment where organization = $o and number = '2'"
            ) == ["steam"])
        #expect(try office.violations().isEmpty)
    }

    @Test func `gives away or takes back, whatever lanes do both at once`() throws {
        let office = try Office(
            Self.wide.get(), lanes: 4, charges: Office.charges, attempts: 9)
        try office.refer()
        for account in 1...8 { try office.flat("\(account)", meter: false) }
        for number in 1...24 { try office.pay(100, "\(number)", account: "999") }
        try office.decide()
        for number in 1...24 {
            try office.reverse("\(number)", account: "999")
            try office.assign("\(number)", to: "\(number % 8 + 1)")
        }
        let told = Monitor<[String]>([])
        let lanes = try (0...3).map { try office.drain($0, told) }
        for lane in lanes { lane.join() }
        #expect(told.read { $0 } == [])
        #expect(
            try office.texts(
                """
                select distinct e.code from queue.exception e join queue.command c on c.id = e.command
                where c.organization = $o and c.kind in ('payment.assign', 'payment.reverse') and e.kind = 'refused' order by 1
                """
            ).allSatisfy { ["PAY_ASSIGNED", "PAY_REVERSED"].contains($0) })
        #expect(
            try office.text(
                "select count(*) from facts.payment where organization = $o and account is null and reversed_by is null"
            ) == "0")
        #expect(try office.violations().isEmpty)
    }

    @Test func `refuses what is paid tomorrow`() throws {
        let office = try self.office()
        let today = try office.pay(1, "1", paidOn: "2026-04-18")
        let tomorrow = try office.pay(1, "2", paidOn: "2026-04-19")
        try office.decide()
        #expect(try [today, tomorrow].map(office.outcome) == ["done", "PAY_DATE"])
    }

    @Test(arguments: [1, 500])
    func `takes a payment back as if it had never come, and once`(batch: Int) throws {
        let office = try indebted(batch: batch)
        let before = try office.debts()
        try office.pay(1500_00, "1")
        let back = try office.reverse("1")
        let again = try office.reverse("1")
        let unknown = try office.reverse("7")
        let foreign = try office.reverse("1", account: "121")
        try office.decide()
        #expect(try office.outcome(back) == "done")
        #expect(try office.result(again) == unchanged)
        #expect(try [unknown, foreign].map(office.outcome) == ["NOT_FOUND", "NOT_FOUND"])
        #expect(try office.debts() == before)
        // The last place first.
        #expect(
            try office.entries().filter { $0.contains("reversal") } == [
                "2026-04 reversal — — 287.66",
                "2026-04 reversal water 2026-02 12.34 penalty",
                "2026-04 reversal water 2026-03 700.00",
                "2026-04 reversal water 2026-02 200.00",
                "2026-04 reversal upkeep 2026-02 300.00",
            ])
        // Its number is taken for ever.
        let once = try office.pay(1500_00, "1")
        try office.decide()
        #expect(try office.outcome(once) == "PAY_REVERSED")
        #expect(try office.debts() == before)
        #expect(try office.violations().isEmpty)
    }

    @Test
    func `offsets an advance when the month is closed, and opens its debts when it goes back`()
        throws
    {
        let office = try self.office()
        try office.pay(2000_00, "1")
        try office.told("10", "2026-04")
        try office.close("2026-04")
        // 1000.00 and 200.00 and 400.00; the fund's 500.00 are not the organization's.
        #expect(
            try office.entries() == [
                "2026-04 advance — — -2000.00", "2026-04 charge upkeep 2026-04 1000.00",
                "2026-04 charge waste 2026-04 200.00", "2026-04 charge water 2026-04 400.00",
                "2026-04 charge repair 2026-04 500.00", "2026-04 offset — — 1000.00",
                "2026-04 offset upkeep 2026-04 -1000.00", "2026-04 offset — — 200.00",
                "2026-04 offset waste 2026-04 -200.00", "2026-04 offset — — 400.00",
                "2026-04 offset water 2026-04 -400.00",
            ])
        #expect(
            try office.bills() == ["2026-04 0.00 + 2100.00 + 0.00 + 0.00 − 2000.00 = 100.00"])
        try office.reverse("1")
        try office.decide()
        #expect(
            try office.debts() == [
                "repair 2026-04 500.00", "upkeep 2026-04 1000.00", "waste 2026-04 200.00",
                "water 2026-04 400.00",
            ])
        try office.close("2026-05")
        #expect(
            try office.bills().last?.hasPrefix("2026-05 100.00 + ") == true)
        #expect(try office.bills().last?.contains("− -2000.00") == true)
        #expect(try office.violations().isEmpty)
    }

    // MARK: Balances

    @Test func `begins with balances that may be replaced until the first bill`() throws {
        let office = try self.office()
        let first = try office.owe(500_00, "water", "2026-02")
        let same = try office.owe(500_00, "water", "2026-02")
        let other = try office.owe(450_00, "water", "2026-02")
        let penalty = try office.owe(1_00, "water", "2026-02", penalty: true)
        let zero = try office.owe(0, "upkeep", "2026-02")
        let now = try office.owe(1, "water", "2026-04")
        let steam = try office.owe(1, "steam", "2026-02")
        let nobody = try office.owe(1, "water", "2026-02", account: "999")
        try office.decide()
        #expect(try [first, other, penalty].map(office.outcome) == ["done", "done", "done"])
        #expect(try [same, zero].map(office.result) == [unchanged, unchanged])
        #expect(
            try [now, steam, nobody].map(office.outcome) == [
                "BALANCE_MONTH", "CHARGE_KIND", "NOT_FOUND",
            ])
        #expect(
            try office.entries() == [
                "2026-03 opening water 2026-02 500.00", "2026-03 opening water 2026-02 -500.00",
                "2026-03 opening water 2026-02 450.00",
                "2026-03 opening water 2026-02 1.00 penalty",
            ])
        try office.close("2026-04")
        let late = try office.owe(1, "water", "2026-02")
        try office.decide()
        #expect(try office.outcome(late) == "PERIOD_CLOSED")
        #expect(try office.bills()[0].hasPrefix("2026-04 451.00 + "))
        #expect(try office.violations().isEmpty)
    }

    // MARK: Charges of another system

    private func charge(
        _ office: Office, _ kopecks: Int64, month: String = "2026-04", _ more: String = "",
        kind: String = "water"
    ) throws -> Identifier {
        try office.ask(
            .postCharge,
            #"""
            {"account":"120","month":"\#(month)","kind":"\#(kind)","method":"meter","volume":"7.556","tariff":"46.10",
             "charged_kopecks":\#(kopecks)\#(more.isEmpty ? "" : ",")\#(more)}
            """#)
    }

    @Test func `takes charges of another system, replaces them, and makes bills of them`() throws {
        let office = try self.office(charges: #"{"by": "import"}"#)
        let back = #""recalculated_kopecks":-1200,"ground":"акт № 7""#
        let first = try charge(office, 348_33)
        let same = try charge(office, 348_33)
        let other = try charge(office, 400_00, back)
        let again = try charge(office, 400_00, back)
        let steam = try charge(office, 1, kind: "steam")
        try office.pay(100_00, "1", paidOn: "2026-04-18")
        try office.decide()
        #expect(try [first, other].map(office.outcome) == ["done", "done"])
        #expect(try [same, again].map(office.result) == [unchanged, unchanged])
        #expect(try office.outcome(steam) == "CHARGE_KIND")
        #expect(
            try office.entries() == [
                "2026-04 charge water 2026-04 348.33", "2026-04 charge water 2026-04 -348.33",
                "2026-04 charge water 2026-04 400.00",
                "2026-04 recalculation water 2026-04 -12.00",
                "2026-04 payment water 2026-04 -100.00",
            ])
        let line = try JSON.parse(
            Array(
                office.text(
                    """
                    select e.line::text from facts.entry e join facts.account a on a.id = e.account
                    where a.organization = $o and e.sort = 'charge' and e.amount = 40000
                    """
                ).utf8))
        let read = try ChargeLine(
            kind: "water", month: try #require(Month("2026-04")), sort: .charge,
            amount: Money(kopecks: 400_00), detail: line)
        #expect(read.method == .meter)
        #expect(read.volume.millionths == 7_556_000)
        try office.close("2026-04")
        #expect(
            try office.bills() == ["2026-04 0.00 + 400.00 + -12.00 + 0.00 − 100.00 = 288.00"])
        let late = try charge(office, 500_00)
        // A month that has not begun is a slip of who typed it.
        let ahead = try ["2026-05", "2027-10"].map { try charge(office, 348_33, month: $0) }
        try office.decide()
        #expect(try ahead.map(office.outcome) == ["PERIOD_AHEAD", "PERIOD_AHEAD"])
        office.now = try office.owner.moment("2026-05-01 00:00:00+08")
        let next = try charge(office, 348_33, month: "2026-05")
        try office.decide()
        #expect(try [late, next].map(office.outcome) == ["PERIOD_CLOSED", "done"])
        // What is imported stays when the month is opened again; what follows from it is made anew.
        try office.month(.reopenPeriod, "2026-04")
        try office.decide()
        #expect(try office.bills().isEmpty)
        let corrected = try charge(office, 390_00, back)
        try office.decide()
        #expect(try office.outcome(corrected) == "done")
        try office.close("2026-04")
        #expect(
            try office.bills() == ["2026-04 0.00 + 390.00 + -12.00 + 0.00 − 100.00 = 278.00"])
        #expect(try office.violations().isEmpty)
    }

    @Test func `refuses a sum that its volume cannot cost, unless it is explained or meant`() throws
    {
        let office = try self.office(charges: #"{"by": "import"}"#)
        let back = #""recalculated_kopecks":-1200,"ground":"акт № 7""#
        // 7.556 × 46.10 = 348.33; both were rounded for print. A period may have had two tariffs.
        let honest = try [348_38, 340_00, 360_00, 180_00, 690_00].map { try charge(office, $0) }
        let wrong = try [3483_30, 34_83, 46_10, -348_33, 170_00, 700_00].map {
            try charge(office, $0)
        }
        // What a recalculation stands on explains no sum.
        let beside = try charge(office, 3483_30, back)
        let explained = try charge(office, 3483_30, #""ground":"акт № 7""#)
        let meant = try charge(office, 34_83, #""confirm":true"#)
        let both = try charge(office, 3483_31, back + #","confirm":true"#)
        try office.decide()
        #expect(try honest.map(office.outcome).allSatisfy { $0 == "done" })
        #expect(try wrong.map(office.outcome).allSatisfy { $0 == "CHARGE_SUM" })
        #expect(
            try [beside, explained, meant, both].map(office.outcome) == [
                "CHARGE_SUM", "done", "done", "done",
            ])
        #expect(
            try office.texts(
                """
                select concat_ws(' ', e.body #>> '{values,amount}', e.body #>> '{values,value}', e.body ->> 'confirmable')
                from queue.exception e where e.command = '\(wrong[0])'
                """) == ["3483.30 348.33 true"])
        #expect(try office.debts() == ["water 2026-04 3471.31"])
        // Nobody is told what does not add up.
        #expect(
            try office.texts(
                """
                select distinct on (e.amount) concat_ws(' ', (e.amount / 100.0)::numeric(12, 2), e.line #>> '{g,t}', e.line #>> '{g,w}',
                  e.line ? 'p')
                from facts.entry e join facts.account a on a.id = e.account
                where a.organization = $o and e.sort = 'charge' and e.amount in (34838, 34000, 348330, 3483, 348331)
                order by e.amount, e.id
                """) == [
                    "34.83 handed f", "340.00 handed f", "348.38 t", "3483.30 corrected акт № 7 f",
                    "3483.31 handed f",
                ])
    }

    @Test func `asks of no sum that stands already`() throws {
        let office = try self.office(charges: #"{"by": "import"}"#)
        let meant = try charge(office, 3483_30, #""confirm":true"#)
        let again = try charge(office, 3483_30)
        try office.decide()
        #expect(try office.outcome(meant) == "done")
        #expect(try office.result(again) == unchanged)
    }

    @Test func `takes none where charges are made here`() throws {
        let office = try self.office()
        let id = try charge(office, 1)
        try office.decide()
        #expect(try office.outcome(id) == "CHARGES_OWN")
    }
}
