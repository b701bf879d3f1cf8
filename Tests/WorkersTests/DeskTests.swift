import Commands
import Postgres
import Queue
import TestKit
import Testing

@Suite(.serialized) struct `A batch of the desk` {
    private static let database = Result { try TestDatabase("desk") }

    private func office(batch: Int = 500) throws -> Office {
        try Office(Self.database.get(), batch: batch)
    }

    @Test func `sees in each command what the ones before it did`() throws {
        let office = try self.office()
        try office.account("120", #""surname":"Ёлкин""#)
        try office.meter("M", #""service":"cold_water","initial_value":"100""#)
        let first = try office.submit(["105"])
        let same = try office.submit(["105"])
        let second = try office.submit(["107"], #""taken_on":"2026-04-17""#)
        let less = try office.submit(["99"])
        let gone = try office.delete(second)
        let again = try office.delete(second)
        let changed = try office.ask(.changeAccount, #"{"account":"120","residents":3}"#)
        let removed = try office.ask(
            .removeMeter,
            #"{"account":"120","meter":"M","removed_on":"2026-04-18","values":{"T1":"106"}}"#)
        let late = try office.submit(["108"])
        let closed = try office.ask(.closeAccount, #"{"account":"120","closed_on":"2026-04-19"}"#)
        try office.decide()
        #expect(
            try office.text("select count from queue.batch where count > 0 order by n desc limit 1")
                == "12")
        #expect(
            try [first, same, second, less, gone, again, changed, removed, late, closed].map(
                office.outcome) == [
                    "done", "done", "done", "RD_LESS", "done", "NOT_FOUND", "done", "done", "done",
                    "done",
                ])
        #expect(try office.result(same) == .object([.init("unchanged", .bool(true))]))
        #expect(
            try office.readings() == [
                "2026-04 replaced 105", "2026-04 deleted 107", "2026-04 replaced 106",
                "2026-04 effective 108",
            ])
        #expect(try office.months() == ["2026-04 8"])
        #expect(
            try office.text(
                """
                select concat_ws(' ', surname, residents, closed_on) from facts.account
                where organization = $o
                """)
                == "Ёлкин 3 2026-04-19")
        #expect(try office.violations().isEmpty)
    }

    /// The same commands one by one, two by two … and all at once: a batch is only faster.
    @Test(arguments: [1, 2, 3, 7, 500])
    func `comes to the same whatever its size`(batch: Int) throws {
        let office = try self.office(batch: batch)
        try office.account("120")
        try office.account("А0120", #""surname":"Другой""#)
        try office.meter("M", #""service":"electricity","initial_value":"99950""#)
        try office.meter("M", #""service":"electricity","register":"T2","initial_value":"5""#)
        try office.meter("N", #""service":"cold_water""#, account: "А0120")
        var ids: [Identifier] = []
        for (month, day, night) in [
            ("01", 99990, 10), ("02", 40, 20), ("03", 80, 30), ("04", 120, 40),
        ] {
            ids.append(
                try office.submit(
                    ["\(day)", "\(night)"],
                    #""taken_on":"2026-\#(month)-15","confirm":true"#,
                    channel: .import))
        }
        ids.append(try office.submit(["121", "41"], #""confirm":true"#))
        ids.append(try office.delete(ids[1]))
        ids.append(try office.delete(ids[4]))
        ids.append(try office.submit(["7"], account: "А120", meter: "N"))
        ids.append(try office.submit(["7"], account: "0120", meter: "N"))
        ids.append(
            try office.ask(
                .replaceMeter,
                #"{"account":"120","meter":"M","replaced_on":"2026-04-18","new_meter":"P"}"#))
        ids.append(try office.submit(["3", "4"], meter: "P"))
        try office.decide()
        #expect(
            try ids.map(office.outcome) == [
                "done", "done", "done", "done", "done", "done", "done", "NOT_FOUND", "NOT_FOUND",
                "done", "done",
            ])
        #expect(
            try office.readings() == [
                "2026-01 effective 99990+10", "2026-02 deleted 40+20", "2026-03 effective 80+30",
                "2026-04 effective 120+40", "2026-04 deleted 121+41",
            ])
        #expect(try office.months() == ["2026-01 40+5", "2026-03 90+20", "2026-04 40+10"])
        #expect(try office.months(meter: "P") == ["2026-04 3+4"])
        #expect(try office.violations().isEmpty)
    }

    @Test func `tells the one account of digits from the one of letters`() throws {
        let office = try self.office()
        for number in ["А120", "Б120", "0120", "77"] { try office.account(number) }
        try office.decide()
        for (number, meter) in [("А120", "A"), ("Б120", "B"), ("0120", "C"), ("77", "D")] {
            try office.meter(meter, account: number)
        }
        try office.decide()
        let asked = [
            ("a-120", "A", "done"), ("Б120", "B", "done"), ("0120", "C", "done"),
            ("120", "A", "NOT_FOUND"), ("В120", "A", "NOT_FOUND"), ("0077", "D", "done"),
            ("А77", "D", "NOT_FOUND"),
        ]
        let ids = try asked.map { try office.submit(["5"], account: $0.0, meter: $0.1) }
        try office.decide()
        #expect(try ids.map(office.outcome) == asked.map(\.2))
    }

    @Test func `keeps organizations apart`() throws {
        let office = try self.office()
        try office.open("p")
        try office.open("q")
        let kinds: [(Command.Kind, String)] = [
            (.openAccount, #"{"account":"120"}"#),
            (
                .installMeter,
                #"{"account":"120","service":"gas","meter":"M","digits":5,"decimals":0}"#
            ),
            (.submitReading, #"{"account":"120","meter":"M","values":{"T1":"5"}}"#),
        ]
        for organization in ["p", "q"] {
            for (kind, body) in kinds {
                try office.append([office.command(kind, body, organization: organization)])
            }
        }
        let foreign = try office.command(kinds[2].0, kinds[2].1, organization: "nobody")
        try office.append([foreign])
        try office.decide()
        let stored = try office.texts(
            """
            select r.id from facts.reading r join facts.meter m on m.id = r.meter
            where m.organization in ('p', 'q') order by r.id
            """)
        #expect(stored.count == 2)
        #expect(try office.outcome(foreign.id) == "NOT_FOUND")
        try office.account("120")
        let theft = try office.ask(
            .deleteReading, #"{"account":"120","reading":"\#(stored[1])"}"#)
        try office.decide()
        #expect(try office.outcome(theft) == "NOT_FOUND")
        #expect(try office.violations().isEmpty)
    }

    @Test func `gives a meter's number to one account of its service only`() throws {
        let office = try self.office()
        for number in ["1", "2"] { try office.account(number) }
        try office.meter("M", account: "1")
        let body = #"{"account":"2","meter":"M","digits":5,"decimals":0,"service":"#
        let taken = try office.ask(.installMeter, body + #""cold_water"}"#)
        let other = try office.ask(.installMeter, body + #""hot_water"}"#)
        let own = try office.ask(
            .installMeter,
            body
                + #""gas","meter":"X"}"#.replacing(
                    #","meter":"X""#, with: ""))
        let replaced = try office.ask(
            .replaceMeter,
            #"{"account":"2","meter":"M","service":"hot_water","replaced_on":"2026-04-18","new_meter":"M"}"#
        )
        try office.decide()
        #expect(
            try [taken, other, own, replaced].map(office.outcome) == [
                "METER_EXISTS", "done", "done", "METER_EXISTS",
            ])
        // The next batch reads it from the tables.
        let later = try office.ask(.installMeter, body + #""cold_water"}"#)
        try office.decide()
        #expect(try office.outcome(later) == "METER_EXISTS")
        #expect(try office.violations().isEmpty)
    }

    @Test func `keeps what people tried and was refused`() throws {
        let office = try self.office()
        try office.account("120")
        try office.meter("M")
        let wrong = try office.submit([#"\u001f1e9 «ж»\""#], channel: .resident)
        try office.submit(["1e9"], channel: .bank)
        try office.decide()
        #expect(
            try office.texts(
                """
                select concat_ws(' ', t.id, channel, code, typed->>'T1')
                from facts.attempt t join facts.meter m on m.id = t.meter
                where m.organization = $o
                """) == [
                    "\(wrong) resident RD_FORMAT \u{1F}1e9 «ж»\""
                ])
        #expect(try office.violations().isEmpty)
    }

    @Test func `notes a reading after the verification, and counts it for nothing`() throws {
        let office = try self.office()
        try office.account("120")
        try office.meter("M", #""service":"cold_water","verified_until":"2026-04-17""#)
        let noted = try office.submit(["5"])
        try office.decide()
        #expect(try office.result(noted)["used"] == .bool(false))
        #expect(try office.readings() == ["2026-04 noted 5"])
        #expect(try office.months().isEmpty)
        #expect(try office.violations().isEmpty)
    }
}

@Suite(.serialized) struct `A deletion at the desk` {
    private static let database = Result { try TestDatabase("deletion") }

    private func office() throws -> Office { try Office(Self.database.get()) }

    @Test func `restores what was replaced, each in a batch of its own or both in one`() throws {
        for alone in [false, true] {
            let office = try self.office()
            try office.account("120")
            try office.meter("M")
            let ids = try [3, 4, 5].map { try office.submit(["\($0)"]) }
            try office.decide()
            #expect(
                try office.readings() == [
                    "2026-04 replaced 3", "2026-04 replaced 4", "2026-04 effective 5",
                ])
            // The second of them is «replaced» until the first is deleted.
            for id in ids.dropFirst().reversed() {
                try office.delete(id)
                if alone { try office.decide() }
            }
            try office.decide()
            #expect(
                try office.readings() == [
                    "2026-04 effective 3", "2026-04 deleted 4", "2026-04 deleted 5",
                ])
            #expect(try office.months() == ["2026-04 3"])
            #expect(try office.violations().isEmpty)
            let last = try office.delete(ids[0])
            try office.decide()
            #expect(try office.outcome(last) == "done")
            #expect(try office.months().isEmpty)
        }
    }

    @Test func `reaches the oldest reading of a long history`() throws {
        let office = try self.office()
        try office.account("120")
        try office.meter("M")
        var ids: [Identifier] = []
        for year in [2024, 2025] {
            for month in 1...12 {
                ids.append(
                    try office.submit(
                        ["\((year - 2024) * 12 + month)"],
                        #""taken_on":"\#(year)-\#(month < 10 ? "0" : "")\#(month)-15""#,
                        channel: .import))
            }
        }
        try office.decide()
        #expect(try office.months().count == 24)
        let deleted = try [ids[0], ids[5]].map { try office.delete($0) }
        try office.decide()
        #expect(try deleted.map(office.outcome) == ["done", "done"])
        #expect(try office.months().count == 22)
        #expect(try office.months().first == "2024-02 2")
        #expect(try office.violations().isEmpty)
    }

    @Test func `hands a roll-over to the reading behind it, written before or in the same batch`()
        throws
    {
        for alone in [false, true] {
            let office = try self.office()
            try office.account("120")
            try office.meter("M", #""service":"cold_water","initial_value":"99990""#)
            func put(_ value: String, _ month: String) throws -> Identifier {
                let id = try office.submit(
                    [value], #""taken_on":"2026-\#(month)-15""#, channel: .import)
                if alone { try office.decide() }
                return id
            }
            _ = try put("99995", "01")
            let rolled = try put("2", "02")
            _ = try put("6", "03")
            try office.delete(rolled)
            try office.decide()
            #expect(try office.months() == ["2026-01 5", "2026-03 11"])
            #expect(try office.violations().isEmpty)
            _ = try put("8", "04")
            try office.decide()
            #expect(try office.months().last == "2026-04 2")
            #expect(try office.violations().isEmpty)
        }
    }
}
