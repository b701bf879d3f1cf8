import Commands
import Postgres
import Queue
import Store
import TestKit
import Testing
import Threads

extension Office {
    /// Somebody with accounts; the actor.
    fileprivate func person(_ accounts: [String] = ["120"]) throws -> String {
        let id = try text(
            "insert into access.principal (organization, login, name) values ($o, gen_random_uuid()::text, 'И') returning id"
        )
        for number in accounts {
            try owner.script(
                """
                insert into access.attachment (principal, account, number)
                select \(id), a.id, a.number from facts.account a where organization = '\(code)' and number = '\(number)'
                """)
        }
        return "person:\(id)"
    }

    /// A session of theirs from now on, for an hour; its id.
    fileprivate func session(_ actor: String) throws -> String {
        try text(
            """
            insert into access.session (hash, id, organization, principal, created_at, seen_at, expires_at, longest_at, idle)
            select sha256(gen_random_uuid()::text::bytea), gen_random_uuid(), $o, \(actor.dropFirst(7)), t, t,
                   t + interval '1 hour', t + interval '1 hour', 3600000000
            from (select timestamptz 'epoch' + \(now) * interval '1 microsecond' as t) n returning id::text
            """)
    }

    fileprivate func end(_ session: String) throws {
        try owner.script(
            """
            update access.session set ended_at = timestamptz 'epoch' + \(now) * interval '1 microsecond' where id = '\(session)'
            """)
        now += 1_000_000
    }

    @discardableResult
    fileprivate func enter(_ value: String, _ actor: String, _ session: String?) throws
        -> Identifier
    {
        try ask(
            .submitReading,
            """
            {"account":"120","meter":"M","values":{"T1":"\(value)"}\
            \(session.map { ",\"session\":\"\($0)\"" } ?? "")}
            """, channel: .resident, actor: actor)
    }

    fileprivate func takeBack(
        _ reading: Identifier, _ actor: String, channel: Channel = .resident, at: String? = nil
    ) throws -> Identifier {
        try ask(
            .deleteReading, #"{"account":"120","reading":"\#(reading)"}"#, channel: channel,
            actor: actor, at: at)
    }
}

/// SF-148, SF-153, SF-192; features.md §14 B and N.
@Suite(.serialized) struct `A reading's life` {
    private static let database = Result { try TestDatabase("lifecycle") }
    /// Of two lanes: offices of one database share its lanes.
    private static let lanes = Result { try TestDatabase("lifecycle_lanes") }
    private static let session = #"{"delete_until": "session"}"#
    private static let window = #"{"window": {"from": 10, "to": 25}}"#

    private func office(
        _ readings: String = session, lanes: Int = 1, batch: Int = 500, card: String = ""
    ) throws -> Office {
        let office = try Office(
            Self.database.get(), lanes: lanes, batch: batch, readings: readings)
        try office.account("120", card)
        try office.meter("M")
        try office.decide()
        return office
    }

    // MARK: Until sign-out

    @Test(arguments: [1, 500])
    func `SF-148: ends its resident's say with the session in which it was entered`(
        batch: Int
    ) throws {
        let office = try self.office(batch: batch)
        let person = try office.person()
        let (phone, desktop) = try (office.session(person), office.session(person))
        let first = try office.enter("5", person, phone)
        // Another session of theirs lives: what counts is the one in which it was entered.
        let early = try office.takeBack(first, person)
        let second = try office.enter("6", person, desktop)
        try office.decide()
        try office.end(desktop)
        let late = try office.takeBack(second, person)
        let third = try office.enter("7", person, phone)
        try office.decide()
        let again = try office.takeBack(third, person)
        try office.decide()
        #expect(
            try [first, early, second, late, third, again].map(office.outcome)
                == ["done", "done", "done", "RD_SESSION", "done", "done"])
        // The one that it had replaced counts again.
        #expect(try office.months() == ["2026-04 6"])
        #expect(
            try office.texts(
                "select session::text from facts.reading r join facts.account a on a.id = r.account where organization = $o and state = 'effective'"
            ) == [desktop])
        #expect(try office.violations().isEmpty)
    }

    @Test func `SF-148: goes by the moment at which its deletion was received`() throws {
        let office = try self.office()
        let person = try office.person()
        let session = try office.session(person)
        let (one, two) = try (
            office.enter("5", person, session), office.enter("6", person, session)
        )
        try office.decide()
        // Received before the exit, decided after it; and received when the hour was over.
        let inTime = try office.takeBack(two, person)
        try office.end(session)
        try office.decide()
        let late = try office.takeBack(one, person)
        let expired = try office.takeBack(one, person, at: "2026-04-18 13:30:00+08")
        try office.decide()
        #expect(
            try [inTime, late, expired].map(office.outcome) == ["done", "RD_SESSION", "RD_SESSION"])
    }

    @Test func `SF-148: that was entered in no session, or in one that is gone, stays`() throws {
        let office = try self.office()
        let person = try office.person()
        let session = try office.session(person)
        let without = try office.enter("5", person, nil)
        let gone = try office.enter("6", person, session)
        try office.decide()
        try office.owner.script("delete from access.session where id = '\(session)'")
        let refused = try [without, gone].map { try office.takeBack($0, person) }
        try office.decide()
        // What was replaced is no more than a reading that is not there.
        #expect(try refused.map(office.outcome) == ["NOT_FOUND", "RD_SESSION"])
        // The organization is not bound by it; nor is it where the profile says «Рассчитано».
        let operators = try office.takeBack(gone, "operator:anna", channel: .operator)
        let program = try office.takeBack(without, "token:7", channel: .api)
        try office.decide()
        #expect(try [operators, program].map(office.outcome) == ["done", "done"])
        let other = try self.office("{}")
        let resident = try other.person()
        let reading = try other.enter("5", resident, nil)
        let deleted = try other.takeBack(reading, resident)
        try other.decide()
        #expect(try other.outcome(deleted) == "done")
    }

    @Test func `SF-148: belongs to nobody who has not the account`() throws {
        let office = try self.office()
        let (owner, stranger) = try (office.person(), office.person([]))
        let session = try office.session(owner)
        let reading = try office.enter("5", owner, session)
        let stolen = try office.takeBack(reading, stranger)
        // Somebody else's session lends nothing either.
        let lent = try office.enter("6", stranger, session)
        try office.decide()
        #expect(try [stolen, lent].map(office.outcome) == ["NOT_FOUND", "NOT_FOUND"])
        #expect(try office.months() == ["2026-04 5"])
    }

    /// One of both wins, on two connections, whichever comes first.
    @Test(arguments: [true, false])
    func `SF-148 SF-149: is deleted or calculated, never both and never neither`(
        deletionFirst: Bool
    ) throws {
        let office = try Office(Self.lanes.get(), lanes: 2, readings: Self.session)
        // Its commands go to lane 1; the part of the month's close goes to lane 0.
        let number = try #require(
            (120..<400).map(String.init).first { text in
                AccountNumber(text).map {
                    UInt64(bitPattern: Subject.account(office.code, $0)) % 2 == 1
                } ?? false
            })
        try office.account(number)
        try office.meter("M", account: number)
        try office.decide()
        let person = try office.person([number])
        let session = try office.session(person)
        let reading = try office.ask(
            .submitReading,
            #"{"account":"\#(number)","meter":"M","values":{"T1":"5"},"session":"\#(session)"}"#,
            channel: .resident, actor: person)
        try office.decide()
        try office.owner.script(
            "insert into facts.period values ('\(office.code)', '2026-04-01', '2026-04-01', now())")
        let deletion = try office.ask(
            .deleteReading, #"{"account":"\#(number)","reading":"\#(reading)"}"#,
            channel: .resident, actor: person)
        let fix = try office.ask(.fixPeriod, #"{"month":"2026-04","part":0,"parts":1}"#)
        let blocker = try office.database.connection()
        try blocker.begin()
        try blocker.script(
            "select from facts.account where organization = '\(office.code)' for no key update")
        let told = Monitor<[String]>([])
        let order = deletionFirst ? [1, 0] : [0, 1]
        let threads = try order.map { lane in
            let thread = try office.run(lane, told)
            try office.waitUntilBlocked(lane)
            return thread
        }
        try blocker.rollback()
        for thread in threads { thread.join() }
        #expect(told.read { $0 } == [])
        #expect(try office.outcome(deletion) == (deletionFirst ? "done" : "RD_CLOSED"))
        #expect(try office.outcome(fix) == "done")
        #expect(
            try office.text(
                "select state || ' ' || (calculated_at is not null) from facts.reading where id = '\(reading)'"
            ) == (deletionFirst ? "deleted false" : "effective true"))
        #expect(try office.violations().isEmpty)
    }

    // MARK: The window

    private func extend(
        _ office: Office, _ more: String, at: String? = nil
    ) throws -> Identifier {
        try office.ask(
            .extendWindow, #"{"why":"кабинет не работал",\#(more)}"#, channel: .operator,
            actor: "token:7", at: at)
    }

    private func submit(_ office: Office, _ value: String, at: String) throws -> Identifier {
        try office.submit([value], channel: .resident, at: at)
    }

    @Test(arguments: [1, 500])
    func `SF-153: is taken on the days by which an operator extended the window`(
        batch: Int
    ) throws {
        let office = try self.office(Self.window, batch: batch)
        let late = try submit(office, "5", at: "2026-04-26 12:00:00+08")
        let extended = try extend(
            office, #""until":"2026-04-28""#, at: "2026-04-27 09:00:00+08")
        // Behind it in the same batch, to its last second, and no longer.
        let within = try submit(office, "6", at: "2026-04-28 23:59:59+08")
        let over = try submit(office, "7", at: "2026-04-29 00:00:00+08")
        // What was refused meanwhile, decided again with its own time of receipt.
        let again = try submit(office, "4", at: "2026-04-26 12:00:00+08")
        try office.decide()
        #expect(
            try [late, extended, within, over, again].map(office.outcome)
                == ["RD_WINDOW", "done", "done", "RD_WINDOW", "done"])
        #expect(
            try office.texts(
                """
                select concat_ws(' ', given_on, until, actor, why) from facts.window_extension where organization = $o
                """) == ["2026-04-27 2026-04-28 token:7 кабинет не работал"])
        #expect(
            try office.texts(
                "select actor || ' ' || why from operations.audit where organization = $o and action = 'window.extend'"
            ) == ["token:7 кабинет не работал"])
    }

    @Test func `SF-153: is bound by the window of its house, company and organization`() throws {
        let office = try self.office(Self.window, card: #""house":"len-1""#)
        try office.account("121", #""house":"len-2""#)
        try office.meter("N", account: "121")
        let set = try office.ask(
            .setWindow, #"{"house":"len-1","from":26,"to":28,"why":"договор"}"#,
            at: "2026-04-11 09:00:00+08")
        let before = try submit(office, "5", at: "2026-04-11 08:59:59+08")
        let closed = try submit(office, "6", at: "2026-04-12 12:00:00+08")
        let own = try submit(office, "7", at: "2026-04-27 12:00:00+08")
        let neighbour = try office.submit(
            ["5"], account: "121", meter: "N", channel: .resident, at: "2026-04-12 12:00:00+08")
        try office.decide()
        #expect(
            try [set, before, closed, own, neighbour].map(office.outcome)
                == ["done", "done", "RD_WINDOW", "done", "done"])
        let values = try office.result(closed)["values"]
        #expect(
            values?["from"]?.string == "26" && values?["to"]?.string == "28", "\(values ?? .null)")
        // Back to the organization's, from then on.
        try office.ask(
            .setWindow, #"{"house":"len-1","why":"как у всех"}"#, at: "2026-05-01 09:00:00+08")
        let back = try submit(office, "8", at: "2026-05-12 12:00:00+08")
        let stillOwn = try submit(office, "6", at: "2026-04-13 12:00:00+08")
        try office.decide()
        #expect(try [back, stillOwn].map(office.outcome) == ["done", "RD_WINDOW"])
        // An extension of one house is none of the other's.
        _ = try extend(
            office, #""house":"len-2","until":"2026-05-28""#, at: "2026-05-26 09:00:00+08")
        let mine = try submit(office, "9", at: "2026-05-27 12:00:00+08")
        let theirs = try office.submit(
            ["6"], account: "121", meter: "N", channel: .resident, at: "2026-05-27 12:00:00+08")
        try office.decide()
        #expect(try [mine, theirs].map(office.outcome) == ["RD_WINDOW", "done"])
    }

    @Test func `SF-153: is extended for nobody who is not there`() throws {
        let office = try self.office(Self.window, card: #""house":"len-1""#)
        let at = "2026-04-27 09:00:00+08"
        let asked = try [
            #""house":"x","until":"2026-04-28""#, #""company":"x","until":"2026-04-28""#,
            #""until":"2026-04-26""#, #""until":"2026-08-28""#,
            #""company":"c","house":"len-1","until":"2026-04-28""#,
        ].map { try extend(office, $0, at: at) }
        let always = try self.office("{}")
        let none = try extend(always, #""until":"2026-04-28""#, at: at)
        let set = try office.ask(
            .setWindow, #"{"house":"x","from":1,"to":2,"why":"w"}"#, at: at)
        try office.decide()
        try always.decide()
        #expect(
            try (asked + [set]).map(office.outcome) == [
                "NOT_FOUND", "COMPANY_UNKNOWN", "WINDOW_UNTIL", "WINDOW_UNTIL", "done", "NOT_FOUND",
            ])
        #expect(try always.outcome(none) == "WINDOW_NONE")
    }

    @Test func `is typed by nobody where it comes by itself`() throws {
        let office = try self.office("{}")
        try office.ask(
            .changeMeter, #"{"account":"120","meter":"M","automatic":true}"#, channel: .operator)
        let typed = try office.submit(["5"], channel: .resident)
        let came = try office.submit(
            ["6"], #""taken_on":"2026-04-18""#, channel: .automatic)
        let person = try office.person()
        let deleted = try office.takeBack(came, person)
        let job = try office.stage(
            .meters, ["account", "service", "meter", "digits", "automatic"],
            [
                ["120", "electricity", "E", "6", "да"], ["120", "gas", "G", "6", "нет"],
                ["120", "heat", "H", "6", "возможно"], ["120", "hot_water", "W", "6", ""],
            ])
        try office.take(job, .meters, rows: 4)
        try office.decide()
        #expect(
            try [typed, came, deleted].map(office.outcome)
                == ["RD_AUTOMATIC", "done", "RD_AUTOMATIC"])
        #expect(
            try office.texts(
                "select number || ' ' || automatic from facts.meter where organization = $o order by number"
            ) == ["E true", "G false", "M true", "W false"])
        #expect(try office.errors(job) == ["4 SHAPE"])
    }
}

/// SF-114, SF-155.
@Suite(.serialized) struct `House meters at the desk` {
    private static let database = Result { try TestDatabase("house_meters") }
    private static let lanes = Result { try TestDatabase("house_meters_lanes") }
    private let meters = HouseMeter.columns
    private let readings = HouseReading.columns

    private func office(lanes: Int = 1) throws -> Office {
        let office = try Office(
            (lanes == 1 ? Self.database : Self.lanes).get(), lanes: lanes)
        try office.account("1", #""house":"len-1""#)
        try office.account("2", #""house":"len-2""#)
        try office.decide()
        return office
    }

    private func meter(_ house: String, _ number: String, _ more: [String] = []) -> [String] {
        let row = [house, "electricity", number, "6", "1", "", "", "", "", ""]
        return row.enumerated().map { $0 < more.count && !more[$0].isEmpty ? more[$0] : $1 }
    }

    private func reading(
        _ number: String, _ month: String, _ value: String, volume: String = "",
        house: String = "len-1"
    ) -> [String] {
        [house, "electricity", number, month, "", value, volume]
    }

    @discardableResult
    private func take(
        _ office: Office, _ what: ImportRows.What, _ rows: [[String]], dryRun: Bool = false,
        ranges: Int = 1000, lane: Int = 0
    ) throws -> Int64 {
        let job = try office.stage(
            what, what == .houseMeters ? meters : readings, rows, dryRun: dryRun, lane: lane)
        try office.take(job, what, rows: rows.count, ranges: ranges, dryRun: dryRun, lane: lane)
        return job
    }

    private func months(_ office: Office) throws -> [String] {
        try office.texts(
            """
            select concat_ws(' ', m.number, to_char(h.month, 'YYYY-MM'), (h.volume / 1000000.0)::float)
            from facts.house_month h join facts.house_meter m on m.id = h.meter where m.organization = $o
            order by m.number, h.month
            """)
    }

    @Test(arguments: [1, 3, 1000])
    func `come with their months from files, good rows from bad ones`(ranges: Int) throws {
        let office = try self.office()
        let file = [
            meter("len-1", "A", ["", "", "", "", "", "40"]), meter("len-1", "B"),
            meter("nowhere", "C"), meter("len-2", "A"), meter("len-1", "D", ["", "water"]),
            meter("", "E"), meter("len-1", "B"),
        ]
        let made = try take(office, .houseMeters, file, ranges: ranges)
        let told = try take(
            office, .houseReadings,
            [
                reading("A", "2026-01", "100,5"), reading("A", "02.2026", "101"),
                reading("B", "2026-02", "", volume: "7,5"), reading("A", "2026-02", "99"),
                reading("A", "2026-03", "150", house: "len-2"), reading("X", "2026-03", "1"),
                reading("A", "2026-03", "1e3"), reading("A", "2026-03", ""),
                reading("A", "2026-13", "150"), reading("A", "2026-02", "101"),
            ], ranges: ranges)
        try office.decide()
        #expect(try office.counts(made) == "2 1 4")
        #expect(
            try office.errors(made)
                == ["4 NOT_FOUND", "5 METER_EXISTS", "6 SHAPE", "7 SHAPE"])
        #expect(try office.counts(told) == "3 1 6")
        #expect(
            try office.errors(told) == [
                "5 RD_LESS", "6 NOT_FOUND", "7 NOT_FOUND", "8 RD_FORMAT", "9 SHAPE", "10 SHAPE",
            ])
        #expect(try months(office) == ["A 2026-01 4020", "A 2026-02 20", "B 2026-02 7.5"])
        #expect(try office.violations().isEmpty)
    }

    @Test func `are rehearsed without a trace`() throws {
        let office = try self.office()
        let made = try take(office, .houseMeters, [meter("len-1", "A")], dryRun: true)
        try office.decide()
        #expect(try office.counts(made) == "1 0 0")
        #expect(
            try office.text(
                "select count(*) from facts.house_meter where organization = $o") == "0")
    }

    @Test func `give the volumes of many houses at once, and say what is missing`() throws {
        let office = try self.office()
        try take(
            office, .houseMeters,
            [
                meter("len-1", "A"), meter("len-1", "B"), meter("len-2", "C"),
                meter("len-1", "old", ["", "", "", "", "", "", "", "", "2026-01-15"]),
                meter("len-1", "new", ["", "", "", "", "", "", "2026-03-01"]),
                meter("len-1", "H", ["", "heat"]),
            ])
        try take(
            office, .houseReadings,
            [
                reading("A", "2026-02", "10"), reading("B", "2026-02", "5,5"),
                ["len-2", "electricity", "C", "2026-02", "", "7", ""],
            ])
        try office.decide()
        let connection = try office.worker()
        let found = try HouseMeterStore.volumes(
            ["len-1", "len-2", "len-3"], in: office.code, month: try #require(Month("2026-02")),
            on: connection)
        #expect(
            found == [
                .init("len-1", .electricity): .init(
                    volume: Quantity(millionths: 15_500_000), meters: 2, known: 2),
                .init("len-1", .heat): .init(volume: .zero, meters: 1, known: 0),
                .init("len-2", .electricity): .init(
                    volume: Quantity(millionths: 7_000_000), meters: 1, known: 1),
            ])
        #expect(found.values.filter(\.isWhole).count == 2)
        let march = try HouseMeterStore.volumes(
            ["len-1"], in: office.code, month: try #require(Month("2026-03")), on: connection)
        #expect(march[.init("len-1", .electricity)]?.meters == 3)
    }

    @Test func `are the organization's own`() throws {
        let (office, other) = try (self.office(), self.office())
        for one in [office, other] {
            try take(one, .houseMeters, [meter("len-1", "A")])
            try take(one, .houseReadings, [reading("A", "2026-02", one === office ? "1" : "2")])
            try one.decide()
        }
        #expect(try months(office) == ["A 2026-02 1"])
        #expect(try months(other) == ["A 2026-02 2"])
    }

    /// A month is closed with all that came before it, and lets nothing in behind: on two connections, whichever comes first.
    @Test(arguments: [true, false])
    func `tell of a month before its close or not at all`(readingFirst: Bool) throws {
        let office = try self.office(lanes: 2)
        try take(office, .houseMeters, [meter("len-1", "A")])
        try office.decide()
        let closing = Int(UInt64(bitPattern: Subject.organization(office.code)) % 2)
        let reading = 1 - closing
        let job = try take(
            office, .houseReadings, [self.reading("A", "2026-03", "5")], lane: reading)
        try office.ask(.closePeriod, #"{"month":"2026-03"}"#)
        let blocker = try office.database.connection()
        try blocker.begin()
        try blocker.script(
            readingFirst
                ? "select from facts.house_meter where organization = '\(office.code)' for no key update"
                : "select pg_advisory_xact_lock_shared(hashtextextended('house months \(office.code)', 0))"
        )
        let told = Monitor<[String]>([])
        let threads = try (readingFirst ? [reading, closing] : [closing, reading]).map { lane in
            let thread = try office.run(lane, told)
            try office.waitUntilBlocked(lane)
            return thread
        }
        try blocker.rollback()
        for thread in threads { thread.join() }
        try office.decide()
        #expect(told.read { $0 } == [])
        #expect(try office.errors(job) == (readingFirst ? [] : ["2 RD_CLOSED"]))
        #expect(try months(office) == (readingFirst ? ["A 2026-03 5"] : []))
        #expect(
            try office.text(
                "select (closed_at is not null)::text from facts.period where organization = $o")
                == "true")
    }
}
