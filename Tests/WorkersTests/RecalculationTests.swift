import Commands
import Postgres
import TestKit
import Testing

/// Closed months that the next close charges anew, on a real database.
@Suite(.serialized) struct `A month that is charged anew` {
    private static let database = Result { try TestDatabase("recalculations") }

    private func office(flats: Int = 1) throws -> Office {
        try .charging(Self.database.get(), flats: flats)
    }

    private func known() throws -> Office {
        let office = try office()
        try office.toldUntilApril()
        return office
    }

    // MARK: For days without a service

    @Test func `that is closed is charged anew for days without a service that are told later`()
        throws
    {
        let office = try office(flats: 2)
        try office.close("2026-02")
        let rows = [
            "waste;h1;;2026-02;3;акт № 1", "upkeep;;120;2026-02;7;акт № 2",
            "waste;h1;;2026-03;9;акт № 3",
        ]
        // A dry run asks for nothing, and the same rows again ask for nothing more.
        for (dryRun, counts) in [(true, "3 0 0"), (false, "3 0 0"), (false, "0 3 0")] {
            let job = try office.imported(.undersupply, rows, dryRun: dryRun)
            #expect(try office.counts(job) == counts)
        }
        #expect(
            try office.texts(
                """
                select concat_ws(' ', a.number, c.from_month, c.why) from facts.correction c
                join facts.account a on a.id = c.account where a.organization = $o order by 1
                """) == [
                    "120 2026-02-01 акт № 1", "120 2026-02-01 акт № 2", "121 2026-02-01 акт № 1",
                ])
        try office.close("2026-03")
        #expect(
            try office.texts(
                """
                select concat_ws(' ', a.number, e.kind, (e.amount / 100.0)::numeric(12, 2), e.line #>> '{g,t}', e.line #>> '{g,k}',
                  e.line #>> '{g,w}')
                from facts.entry e join facts.account a on a.id = e.account
                where a.organization = $o and e.sort = 'recalculation' and e.tranche = '2026-02-01' order by 1
                """) == [
                    "120 upkeep -250.00 undersupply 7 акт № 2",
                    "120 waste -21.43 undersupply 3 акт № 1",
                    "121 waste -21.43 undersupply 3 акт № 1",
                ])
        #expect(try office.violations().isEmpty)
    }

    @Test func `is not told days without what nobody there is charged`() throws {
        let office = try office(flats: 2)
        try office.flat("130", house: "h2", meter: false)
        try office.refer(.contracts, "waste;;h2;;2020-01-01;;1", "upkeep;;;121;2026-04-01;;1")
        try office.close("2026-02", "2026-03")
        try office.account("140", #""house":"h1","area_m2":"50","residents":2"#)
        try office.decide()
        let rows = [
            // No contract in an open month; one until March.
            "waste;h2;;2026-04;3;акт", "upkeep;;121;2026-04;3;акт",
            // Nothing was charged in a closed one: there were no contracts, or the account was not there.
            "waste;;130;2026-02;3;акт", "house;h1;;2026-03;3;акт", "upkeep;;140;2026-02;3;акт",
            // Before all that is charged.
            "upkeep;;120;2026-01;3;акт", "upkeep;h2;;2025-04;3;акт",
            // Some of them are charged, or the account is; and no days are taken back where none were told.
            "upkeep;h1;;2026-04;3;акт", "upkeep;;121;2026-03;3;акт", "waste;h1;;2026-02;2;акт",
            "waste;;130;2026-03;0;ошибка",
        ]
        for dryRun in [true, false] {
            let job = try office.imported(.undersupply, rows, dryRun: dryRun)
            #expect(try office.counts(job) == "3 1 7")
            #expect(
                try office.texts(
                    """
                    select concat_ws(' ', line, code, body->'values'->>'what', body->'values'->>'kind',
                      body->'values'->>'month') from operations.import_error where job = \(job) order by line
                    """) == [
                        "2 CHARGE_NOTHING contract waste 2026-04",
                        "3 CHARGE_NOTHING contract upkeep 2026-04",
                        "4 CHARGE_NOTHING posted waste 2026-02",
                        "5 CHARGE_NOTHING posted house 2026-03",
                        "6 CHARGE_NOTHING past upkeep 2026-02",
                        "7 CHARGE_NOTHING past upkeep 2026-01",
                        "8 CHARGE_NOTHING past upkeep 2025-04",
                    ])
            // Of one account in March, of two in February; of an open month nothing.
            #expect(
                try office.texts(
                    """
                    select e.body->>'asked' from queue.command c join queue.exception e on e.command = c.id
                    where c.kind = 'import.rows' and c.organization = $o and (c.payload->>'job')::int8 = \(job)
                      and e.kind = 'result'
                    """) == ["3"])
        }
        #expect(try office.violations().isEmpty)
    }

    @Test func `is told days without what it will be charged for, where that is asked for`()
        throws
    {
        let office = try office()
        try office.refer(.contracts, "waste;;;120;2026-02-01;;1")
        try office.close("2026-02")
        let days = "waste;;120;2026-02;7;акт № 2"
        #expect(try office.refer(.undersupply, days) == "0 0 1")
        try office.refer(.contracts, "waste;;;120;2026-02-01")
        // Nobody asked for the month.
        #expect(try office.refer(.undersupply, days) == "0 0 1")
        try office.ask(
            .correctAccount, #"{"account":"120","from":"2026-02","why":"договор"}"#)
        try office.decide()
        #expect(try office.refer(.undersupply, days) == "1 0 0")
        try office.close("2026-03")
        #expect(
            try anew(office, in: "2026-03") == [
                "2026-02 waste -50.00 акт № 2", "2026-02 waste 200.00 договор",
            ])
        #expect(try office.violations().isEmpty)
    }

    @Test func `is told no days where another system charges`() throws {
        let office = try Office(
            Self.database.get(), charges: #"{"by": "import", "view": "settlements"}"#)
        try office.refer()
        try office.flat()
        try office.decide()
        let job = try office.imported(.undersupply, ["upkeep;;120;2026-02;7;акт"])
        #expect(try office.errors(job) == ["2 CHARGE_NOTHING"])
    }

    /// What was charged anew: of which month, what, how much and in whose words.
    private func anew(_ office: Office, in month: String) throws -> [String] {
        try office.texts(
            """
            select concat_ws(' ', to_char(e.consumed, 'YYYY-MM'), e.kind,
              (e.amount / 100.0)::numeric(12, 2), e.line #>> '{g,w}')
            from facts.entry e join facts.account a on a.id = e.account
            where a.organization = $o and e.sort = 'recalculation' and e.month = '\(month)-01' order by 1
            """)
    }

    @Test func `that is told days of one kind charges nothing else anew, until that is asked for`()
        throws
    {
        let office = try office()
        try office.close("2026-02")
        try office.refer(.tariffs, "waste;;;2026-02-01;;;;150")
        try office.refer(.undersupply, "upkeep;;120;2026-02;7;акт № 2")
        try office.close("2026-03")
        #expect(try anew(office, in: "2026-03") == ["2026-02 upkeep -250.00 акт № 2"])
        // Where all is asked for, days that were told beside it are among that, once.
        try office.refer(.undersupply, "upkeep;;120;2026-03;7;акт № 3")
        try office.ask(
            .correctAccount, #"{"account":"120","from":"2026-02","why":"решение"}"#)
        try office.close("2026-04")
        #expect(
            try anew(office, in: "2026-04") == [
                "2026-02 waste 100.00 решение", "2026-03 upkeep -225.81 акт № 3",
            ])
        try office.close("2026-05")
        #expect(try anew(office, in: "2026-05").isEmpty)
        #expect(try office.violations().isEmpty)
    }

    @Test func `that is told days later takes them off what it posted, whatever it would cost now`()
        throws
    {
        let office = try office()
        try office.close("2026-02")
        try office.refer(.tariffs, "upkeep;;;2026-02-01;;;;30")
        try office.refer(.undersupply, "upkeep;;120;2026-02;7;акт № 2")
        try office.close("2026-03")
        #expect(try anew(office, in: "2026-03") == ["2026-02 upkeep -250.00 акт № 2"])
        // By mistake: there were none.
        try office.refer(.undersupply, "upkeep;;120;2026-02;0;ошибка в акте")
        try office.close("2026-04")
        #expect(try anew(office, in: "2026-04") == ["2026-02 upkeep 250.00 ошибка в акте"])
        // There is nothing left to take back, whatever is said of it.
        for why in ["ошибка в акте", "ещё раз"] {
            #expect(try office.refer(.undersupply, "upkeep;;120;2026-02;0;\(why)") == "0 1 0")
        }
        #expect(try office.violations().isEmpty)
    }

    @Test func `whose reading told of several takes days off by the prices that it was charged by`()
        throws
    {
        let office = try office()
        for (month, value) in [("2026-01", "4"), ("2026-02", "8"), ("2026-03", "12")] {
            try office.told(value, month)
        }
        try office.refer(.tariffs, "water;;;2026-05-01;;;;50")
        try office.close("2026-01", "2026-02", "2026-03", "2026-04")
        try office.submit(
            ["22"], #""taken_on":"2026-05-15""#, meter: "M120", channel: .import,
            at: "2026-05-20 12:00:00+08")
        try office.close("2026-05")
        // 5 m³ of April at 40.00 and 5 of May at 50.00; then the average of April went back.
        #expect(
            try office.entries(month: "2026-05").contains("2026-05 charge water 2026-05 450.00"))
        // Found later, and not corrected.
        try office.refer(.tariffs, "water;;;2026-04-01;;;;30")
        try office.refer(.undersupply, "water;;120;2026-05;10;акт № 1")
        try office.close("2026-06")
        // 250.00 × 10 / 31, and not 450.00 × 250 / 400 × 10 / 31.
        #expect(try anew(office, in: "2026-06") == ["2026-05 water -80.65 акт № 1"])
        #expect(try office.violations().isEmpty)
    }

    @Test func `is told days without a need of the house later, also where all is charged anew`()
        throws
    {
        let office = try office()
        try office.town()
        try office.close("2026-02")
        try office.refer(.undersupply, "house;;120;2026-02;7;акт № 2")
        try office.close("2026-03")
        // Of 20.00.
        #expect(try anew(office, in: "2026-03") == ["2026-02 house -5.00 акт № 2"])
        try office.refer(.undersupply, "house;;120;2026-02;14;акт № 3")
        try office.ask(
            .correctAccount, #"{"account":"120","from":"2026-02","why":"решение"}"#)
        try office.close("2026-04")
        #expect(try anew(office, in: "2026-04") == ["2026-02 house -5.00 акт № 3"])
        #expect(try office.violations().isEmpty)
    }

    @Test func `is charged anew as a whole only from where that was asked for`() throws {
        let office = try office()
        try office.close("2026-02", "2026-03")
        try office.refer(.tariffs, "waste;;;2026-02-01;;;;150")
        try office.refer(
            .undersupply, "upkeep;;120;2026-02;7;акт № 2", "repair;;120;2026-02;14;акт № 3")
        try office.ask(
            .correctAccount, #"{"account":"120","from":"2026-03","why":"решение"}"#)
        try office.close("2026-04")
        let told = try anew(office, in: "2026-04")
        try #require(told.count == 3, "\(told)")
        #expect(told[0].hasPrefix("2026-02 repair -") && told[0].hasSuffix(" акт № 3"))
        #expect(
            told.dropFirst() == [
                "2026-02 upkeep -250.00 акт № 2", "2026-03 waste 100.00 решение",
            ])
        #expect(try office.violations().isEmpty)
    }

    // MARK: Correcting

    @Test func `that was wrong is recalculated in the next one, with its ground`() throws {
        let office = try known()
        try office.close("2026-02", "2026-03")
        try office.refer(.tariffs, "water;;;2026-03-01;;;;50")
        let asked = try office.ask(
            .correctAccount, #"{"account":"120","from":"2026-03","why":"акт № 7"}"#)
        let future = try office.ask(
            .correctAccount, #"{"account":"120","from":"2026-04","why":"акт № 8"}"#)
        let nobody = try office.ask(
            .correctAccount, #"{"account":"999","from":"2026-03","why":"акт № 8"}"#)
        try office.decide()
        #expect(
            try [asked, future, nobody].map(office.outcome) == [
                "done", "BALANCE_MONTH", "NOT_FOUND",
            ])
        try office.close("2026-04")
        #expect(
            try office.entries(month: "2026-04").filter { $0.contains("recalculation") } == [
                "2026-04 recalculation water 2026-04 45.00"
            ])
        let line = try office.text(
            """
            select concat_ws(' ', e.consumed, e.line->'g') from facts.entry e join facts.account a on a.id = e.account
            where a.organization = $o and e.sort = 'recalculation'
            """)
        #expect(line.hasPrefix("2026-03-01 ") && line.contains("акт № 7"))
        // Once: it is done.
        try office.close("2026-05")
        #expect(
            try office.entries(month: "2026-05").allSatisfy { !$0.contains("recalculation") })
        #expect(try office.violations().isEmpty)
    }

    @Test func `that was to be charged anew by mistake is not, unless it was already`() throws {
        let office = try known()
        try office.close("2026-02", "2026-03")
        try office.refer(.tariffs, "water;;;2026-03-01;;;;50")
        @discardableResult
        func correct(
            _ kind: Command.Kind, from: String, account: String = "120", why: String = "проба"
        ) throws -> Identifier {
            try office.ask(
                kind, #"{"account":"\#(account)","from":"\#(from)","why":"\#(why)"}"#)
        }
        let early = try correct(.withdrawCorrection, from: "2026-03")
        try correct(.correctAccount, from: "2026-03", why: "акт № 1")
        try correct(.correctAccount, from: "2026-03", why: "акт № 2")
        let newest = try correct(.withdrawCorrection, from: "2026-03")
        let other = try correct(.withdrawCorrection, from: "2026-02")
        let gone = try correct(.withdrawCorrection, from: "2026-03")
        let again = try correct(.withdrawCorrection, from: "2026-03")
        let nobody = try correct(.withdrawCorrection, from: "2026-03", account: "999")
        try office.decide()
        #expect(
            try [early, other, gone, again, nobody].map(office.outcome) == [
                "NOT_FOUND", "NOT_FOUND", "done", "NOT_FOUND", "NOT_FOUND",
            ])
        // One at a time, the newest first.
        /// Which was taken back, and behind it what still waits.
        func told(_ id: Identifier) throws -> [String?] {
            let result = try office.result(id)
            return [result["withdrawn"]?.string] + (result["waiting"]?.array ?? []).map(\.string)
        }
        #expect(try told(newest) == ["акт № 2", "акт № 1"])
        #expect(try told(gone) == ["акт № 1"])
        let waiting =
            "select count(*) from facts.correction c join facts.account a on a.id = c.account where a.organization = $o"
        #expect(try office.text(waiting) == "0")
        try office.close("2026-04")
        #expect(
            try office.entries(month: "2026-04").allSatisfy { !$0.contains("recalculation") })
        // What a close has done stays; another one that waits is taken back alone.
        try correct(.correctAccount, from: "2026-03")
        try office.close("2026-05")
        let late = try correct(.withdrawCorrection, from: "2026-03")
        try correct(.correctAccount, from: "2026-03", why: "акт № 3")
        try correct(.correctAccount, from: "2026-03", why: "акт № 4")
        try office.decide()
        let second = try correct(.withdrawCorrection, from: "2026-03")
        try office.decide()
        #expect(try told(second) == ["акт № 4", "акт № 3"])
        #expect(try [late, second].map(office.outcome) == ["CORRECTION_CHARGED", "done"])
        #expect(
            try office.texts(
                "select c.why from facts.correction c join facts.account a on a.id = c.account where a.organization = $o order by c.n"
            ) == ["проба", "акт № 3"])
        #expect(try office.violations().isEmpty)
    }

    @Test func `that cost too much takes down its own debt, and its penalties with it`() throws {
        let office = try known()
        try office.close("2026-02", "2026-03", "2026-04")
        try office.ask(.changeAccount, #"{"account":"120","residents":1}"#)
        try office.ask(
            .correctAccount, #"{"account":"120","from":"2026-02","why":"выписка"}"#)
        try office.close("2026-05")
        #expect(
            try office.entries(month: "2026-05").filter { $0.contains("recalculation") } == [
                "2026-05 recalculation waste 2026-02 -100.00",
                "2026-05 recalculation waste 2026-03 -100.00",
                "2026-05 recalculation waste 2026-04 -100.00",
            ])
        // Of 200.00 it was 0.95; by the end of May 46 days at a three-hundredth cost 1.46 of 100.00.
        #expect(
            try office.debts().contains("waste 2026-02 1.46 penalty"))
        // Opened again, the correction waits again.
        let entries = try office.standing("2026-05")
        try office.month(.reopenPeriod, "2026-05")
        try office.decide()
        try office.close("2026-05")
        #expect(try office.standing("2026-05") == entries)
        #expect(try office.violations().isEmpty)
    }

    @Test func `whose readings came back takes back what stood in for them`() throws {
        let office = try office()
        for (month, value) in [("2026-01", "4"), ("2026-02", "8"), ("2026-03", "12")] {
            try office.told(value, month)
        }
        try office.close("2026-01", "2026-02", "2026-03", "2026-04", "2026-05")
        // By the average of three months.
        #expect(
            try office.entries(month: "2026-05").contains("2026-05 charge water 2026-05 160.00"))
        try office.submit(
            ["18"], #""taken_on":"2026-06-15""#, meter: "M120", channel: .import,
            at: "2026-06-20 12:00:00+08")
        try office.close("2026-06")
        // 6 m³ in three months instead of the 8 m³ that two averages took.
        let june = try office.entries(month: "2026-06").filter {
            $0.contains(" water ") && !$0.contains("penalty")
        }
        #expect(june.contains { $0.contains("recalculation") })
        #expect(
            try office.text(
                """
                select sum(e.amount) from facts.entry e join facts.account a on a.id = e.account
                where a.organization = $o and e.kind = 'water' and not e.penalty
                """) == "\(18 * 40_00)")
        #expect(try office.violations().isEmpty)
    }

    /// A reading of May took back what stood in for it in April; that stays so, however often April is charged anew.
    @Test func `that is asked for and finds nothing new costs nothing`() throws {
        let office = try office()
        for (month, value) in [("2026-01", "4"), ("2026-02", "8"), ("2026-03", "12")] {
            try office.told(value, month)
        }
        try office.close("2026-01", "2026-02", "2026-03", "2026-04")
        try office.submit(
            ["18"], #""taken_on":"2026-05-15""#, meter: "M120", channel: .import,
            at: "2026-05-20 12:00:00+08")
        try office.close("2026-05")
        for (from, month) in [
            ("2026-04", "2026-06"), ("2026-05", "2026-07"), ("2026-01", "2026-08"),
        ] {
            try office.ask(
                .correctAccount, #"{"account":"120","from":"\#(from)","why":"проба"}"#)
            try office.close(month)
            #expect(
                try office.entries(month: month).allSatisfy { !$0.contains("recalculation") },
                "\(from)")
        }
        // And what is new costs what it would have cost at once: 18 m³ in five months at 50.00.
        try office.refer(.tariffs, "water;;;2026-01-01;;;;50")
        try office.ask(.correctAccount, #"{"account":"120","from":"2026-01","why":"тариф"}"#)
        try office.close("2026-09")
        #expect(
            try office.text(
                """
                select sum(e.amount) from facts.entry e join facts.account a on a.id = e.account
                where a.organization = $o and e.kind = 'water' and not e.penalty and e.consumed < '2026-06-01'
                """) == "\(18 * 50_00)")
        #expect(try office.violations().isEmpty)
    }

    @Test func `and is not begun is not closed; what was never charged is not charged anew`() throws
    {
        let office = try known()
        try office.close("2026-02")
        let ahead = try office.ask(.closePeriod, #"{"month":"2026-12"}"#)
        let foreseen = try office.ask(.foreseePeriod, #"{"month":"2026-04"}"#)
        let before = try office.ask(
            .correctAccount, #"{"account":"120","from":"2026-01","why":"проба"}"#)
        try office.decide()
        #expect(
            try [ahead, foreseen, before].map(office.outcome) == [
                "PERIOD_AHEAD", "PERIOD_ORDER", "PERIOD_OPEN",
            ])
        #expect(try office.bills().count == 1)
    }
}
