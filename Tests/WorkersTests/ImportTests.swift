import Commands
import Postgres
import Queue
import TestKit
import Testing

extension Office {
    /// Stages rows as an import does, lines from 2 on, and returns the job.
    func stage(
        _ what: ImportRows.What, _ columns: [String], _ rows: [[String]], dryRun: Bool = false,
        lane: Int = 0
    ) throws -> Int64 {
        let quoted = { (texts: [String]) in
            "array[" + texts.map { "'\($0.replacing("'", with: "''"))'" }.joined(separator: ", ")
                + "]::text[]"
        }
        let job = try text(
            """
            insert into operations.import_job (organization, what, file, columns, dry_run, actor)
            values ($o, '\(what.rawValue)', 'test.csv', \(quoted(columns)), \(dryRun), 'test')
            returning id
            """)
        for (index, row) in rows.enumerated() {
            try owner.script(
                """
                insert into operations.import_row (job, lane, n, line, fields)
                values (\(job), \(lane), \(index + 1), \(index + 2), \(quoted(row)))
                """)
        }
        guard let number = Int64(job) else { throw TestKitError("no job") }
        return number
    }

    /// Asks for the rows of a job in ranges of so many.
    @discardableResult
    func take(
        _ job: Int64, _ what: ImportRows.What, rows: Int, ranges: Int = 1000, dryRun: Bool = false,
        confirm: Bool = false, lane: Int = 0
    ) throws -> [Identifier] {
        try stride(from: 1, through: rows, by: ranges).map { from in
            let command = Command.importRows(
                ImportRows(
                    job: job, what: what, lane: lane, from: Int64(from),
                    to: Int64(min(from + ranges - 1, rows)), dryRun: dryRun, confirm: confirm))
            return try ask(.importRows, String(decoding: command.json.bytes, as: UTF8.self))
        }
    }

    /// Rows of charges, from their staging to the last one decided.
    /// - Returns: `accepted unchanged refused`.
    func takeCharges(_ rows: [[String]], confirm: Bool = false) throws -> String {
        let job = try stage(.charges, PostCharge.columns, rows)
        try take(job, .charges, rows: rows.count, confirm: confirm)
        try decide()
        return try counts(job)
    }

    /// `accepted unchanged refused` of all parts of a job.
    func counts(_ job: Int64) throws -> String {
        try text(
            """
            select concat_ws(' ', sum(accepted), sum(unchanged), sum(refused))
            from operations.import_part where job = \(job)
            """)
    }

    /// `line code` a line.
    func errors(_ job: Int64) throws -> [String] {
        try texts(
            "select concat_ws(' ', line, code) from operations.import_error where job = \(job) order by line"
        )
    }
}

@Suite(.serialized) struct `An import at the desk` {
    private static let database = Result { try TestDatabase("import") }

    private func office() throws -> Office { try Office(Self.database.get()) }

    private let accounts = ["account", "company", "surname", "residents", "closed_on"]
    private let meters = ["account", "service", "meter", "register", "digits", "decimals"]
    private let readings = [
        "account", "service", "meter", "register", "taken_on", "value", "channel",
    ]

    @Test func `takes the good rows of accounts and tells the bad ones by their lines`() throws {
        let office = try self.office()
        try office.account("3", #""surname":"Старый","residents":1"#)
        let rows = [
            ["1", "c", "Ёлкин", "2", ""], ["2", "c", "", "", "31.12.2026"],
            ["3", "", "Новый", "", ""], ["3", "", "Новый", "", ""], ["4", "d", "", "", ""],
            ["", "c", "", "", ""], ["5", "c", "", "two", ""], ["6", "c", "", "", "30.02.2026"],
            ["00001", "c", "Ёлкин", "2", ""],
        ]
        let job = try office.stage(.accounts, accounts, rows)
        let ids = try office.take(job, .accounts, rows: rows.count)
        try office.decide()
        #expect(try office.counts(job) == "3 2 4")
        #expect(
            try office.errors(job) == ["6 COMPANY_UNKNOWN", "7 SHAPE", "8 SHAPE", "9 SHAPE"])
        let result = try office.result(ids[0])
        #expect(
            ["accepted", "unchanged", "refused"].map { result[$0]?.int } == [3, 2, 4])
        #expect(
            try office.texts(
                """
                select concat_ws('|', number, surname, residents, closed_on) from facts.account
                where organization = $o order by number
                """) == ["1|Ёлкин|2", "2|2026-12-31", "3|Новый|1"])
        #expect(
            try office.texts(
                """
                select concat_ws(' ', body->'values'->>'pointer', body->'values'->>'key')
                from operations.import_error where job = \(job) and code = 'SHAPE' order by line
                """) == [
                    "/account shape.missing", "/residents shape.integer", "/closed_on shape.date",
                ])
    }

    @Test func `makes meters of several registers, and the same again changes nothing`() throws {
        let office = try self.office()
        for number in ["1", "2"] { try office.account(number) }
        let rows = [
            ["1", "electricity", "E", "T1", "6", "2"], ["1", "electricity", "E", "T2", "6", "2"],
            ["1", "electricity", "E", "T3", "6", "2"], ["1", "cold_water", "W", "", "5", "3"],
            ["2", "cold_water", "W", "T1", "5", "3"], ["2", "gas", "G", "T2", "5", "3"],
            ["9", "gas", "H", "T1", "5", "3"], ["2", "gas", "K", "T1", "13", "3"],
            ["2", "steam", "L", "T1", "5", "3"],
        ]
        for (counts, ranges) in [("4 0 5", 2), ("0 4 5", 1000)] {
            let job = try office.stage(.meters, meters, rows)
            try office.take(job, .meters, rows: rows.count, ranges: ranges)
            try office.decide()
            #expect(try office.counts(job) == counts)
            #expect(
                try office.errors(job) == [
                    "6 METER_EXISTS", "7 METER_REGISTER", "8 NOT_FOUND", "9 SHAPE", "10 SHAPE",
                ])
        }
        #expect(
            try office.texts(
                """
                select concat_ws(' ', number, registers, digits, decimals) from facts.meter
                where organization = $o order by number
                """) == ["E 3 6 2", "W 1 5 3"])
    }

    @Test func `of meters says what stands for yes and for no`() throws {
        let office = try self.office()
        try office.account("1")
        let rows = [
            ["1", "cold_water", "W", "T1", "5", "3", "maybe"],
            ["1", "cold_water", "V", "T1", "5", "3", "да"],
        ]
        let job = try office.stage(.meters, meters + ["automatic"], rows)
        try office.take(job, .meters, rows: rows.count)
        try office.decide()
        #expect(try office.counts(job) == "1 0 1")
        #expect(
            try office.texts(
                """
                select concat_ws(' ', line, body->'values'->>'pointer', body->'values'->>'key')
                from operations.import_error where job = \(job)
                """) == ["2 /automatic shape.flag"])
    }

    private func metersFor(readings office: Office) throws {
        try office.account("1")
        for register in ["T1", "T2", "T3"] {
            try office.meter(
                "E", #""service":"electricity","register":"\#(register)""#, account: "1")
        }
        try office.meter("W", account: "1")
    }

    /// Readings of one, two and three registers, and faults among them: wherever the file is cut, every
    /// line is taken or told.
    @Test(arguments: 1...11)
    func `cuts a file of readings anywhere without losing a line`(ranges: Int) throws {
        let office = try self.office()
        try metersFor(readings: office)
        func row(_ meter: String, _ register: String, _ date: String, _ value: String) -> [String] {
            ["1", "", meter, register, date, value, ""]
        }
        let rows = [
            row("E", "T1", "2026-01-15", "1"), row("E", "T2", "2026-01-15", "2"),
            row("E", "T3", "2026-01-15", "3"), row("W", "", "2026-01-15", "1"),
            row("E", "T3", "2026-02-15", "6"), row("E", "T1", "2026-02-15", "4"),
            row("E", "T2", "2026-02-15", "5"), row("W", "T1", "2026-02-15", "2"),
            // A register is missing.
            row("E", "T1", "2026-03-15", "7"), row("E", "T2", "2026-03-15", "8"),
            // The same day twice, and once more: one whole reading and a rest.
            row("E", "T1", "2026-04-15", "9"), row("E", "T2", "2026-04-15", "9"),
            row("E", "T3", "2026-04-15", "9"), row("E", "T1", "2026-04-15", "9"),
            row("E", "T2", "2026-04-15", "9"),
            // One register that is twice the same.
            row("W", "T1", "2026-04-15", "3"), row("W", "T1", "2026-04-15", "4"),
            row("W", "T4", "2026-04-16", "4"), row("W", "", "16.04.2026", "5,5"),
        ]
        let job = try office.stage(.readings, readings, rows)
        try office.take(job, .readings, rows: rows.count, ranges: ranges)
        try office.decide()
        #expect(try office.counts(job) == "12 0 7")
        #expect(
            try office.errors(job) == ["10 RD_ZONES", "15 RD_ZONES", "17 SHAPE", "19 SHAPE"])
        #expect(
            try office.months(meter: "E") == [
                "2026-01 1+2+3", "2026-02 3+3+3", "2026-04 5+4+3",
            ])
        #expect(try office.months(meter: "W") == ["2026-01 1", "2026-02 1", "2026-04 3.5"])
        #expect(try office.violations().isEmpty)
    }

    @Test func `follows a run of the same key back to where it began`() throws {
        let office = try self.office()
        try metersFor(readings: office)
        // 1201 lines: 400 whole readings of one day, and a rest. Each range has some of them.
        let rows = (0..<1201).map { index in
            ["1", "", "E", "T\(index % 3 + 1)", "2026-01-15", "5", ""]
        }
        let job = try office.stage(.readings, readings, rows)
        try office.take(job, .readings, rows: rows.count, ranges: 7)
        try office.decide()
        #expect(try office.counts(job) == "3 1197 1")
        #expect(try office.errors(job) == ["1202 RD_ZONES"])
    }

    @Test func `is taken by the file's channels, and its doubts only when they are meant`() throws {
        let office = try self.office()
        try metersFor(readings: office)
        let rows = [
            ["1", "cold_water", "W", "T1", "2026-01-15", "50", "bank"],
            ["1", "gas", "W", "T1", "2026-01-15", "50", ""],
            ["1", "", "W", "T1", "2026-01-15", "50", "mail"],
            ["1", "", "X", "T1", "2026-01-15", "50", ""], ["1", "", "W", "T1", "", "50", ""],
        ]
        let doubtful = try office.stage(.readings, readings, rows)
        try office.take(doubtful, .readings, rows: 5)
        try office.decide()
        #expect(
            try office.errors(doubtful) == [
                "2 RD_SOFT", "3 RD_NO_METER", "4 SHAPE", "5 NOT_FOUND", "6 RD_SOFT",
            ])
        let meant = try office.stage(.readings, readings, rows)
        try office.take(meant, .readings, rows: 1, confirm: true)
        try office.decide()
        #expect(try office.counts(meant) == "1 0 0")
        #expect(
            try office.text(
                """
                select r.channel from facts.reading r join facts.meter m on m.id = r.meter
                where m.organization = $o
                """) == "bank")
        // What a file brings is no attempt of a person.
        #expect(
            try office.texts(
                """
                select t.code from facts.attempt t join facts.meter m on m.id = t.meter
                where m.organization = $o
                """
            ).isEmpty)
    }

    @Test func `of a dry run writes nothing, and tells the same`() throws {
        let office = try self.office()
        try metersFor(readings: office)
        try office.decide()
        let rows = [
            ["1", "", "W", "T1", "2026-01-15", "1", ""],
            ["1", "", "W", "T1", "2026-02-15", "2", ""],
            ["1", "", "W", "T1", "2026-02-14", "1", ""],
            ["1", "", "W", "T1", "2026-03-15", "0", ""],
        ]
        let before = try office.everything()
        for dryRun in [true, false] {
            let job = try office.stage(.readings, readings, rows, dryRun: dryRun)
            try office.take(job, .readings, rows: rows.count, dryRun: dryRun)
            try office.decide()
            #expect(try office.counts(job) == "3 0 1")
            #expect(try office.errors(job) == ["5 RD_LESS"])
            #expect(try (office.everything() == before) == dryRun)
        }
        #expect(try office.months(meter: "W") == ["2026-01 1", "2026-02 0"])

        let opened = try office.stage(.accounts, accounts, [["7", "c", "", "", ""]], dryRun: true)
        try office.take(opened, .accounts, rows: 1, dryRun: true)
        try office.decide()
        #expect(try office.counts(opened) == "1 0 0")
        #expect(
            try office.texts(
                "select number from facts.account where organization = $o and number = '7'"
            ).isEmpty)
    }

    @Test func `of another organization or of no job is a failure, not a refusal`() throws {
        let office = try self.office()
        let job = try office.stage(.accounts, accounts, [["7", "c", "", "", ""]])
        let thief = try self.office()
        for (number, text) in [(job, "another organization"), (9_999_999, "is not there")] {
            let id = try thief.take(number, .accounts, rows: 1)[0]
            #expect(throws: TestKitError.self) { try thief.decide() }
            #expect(try thief.state(id).state == .abandoned)
            #expect(
                try thief.text(
                    "select body->>'error' from queue.exception where command = '\(id)' limit 1"
                ).contains(text))
        }
        #expect(
            try office.texts("select number from facts.account where number = '7'").isEmpty)
    }

    // MARK: What charges are made by

    private func charging() throws -> Office {
        let office = try Office(Self.database.get(), charges: Office.charges)
        try office.refer()
        return office
    }

    /// One good row of every kind of dated rows.
    private static let dated: [(what: ImportRows.What, row: String)] = [
        (.suppliers, "gas;2026-01-01;Горгаз"),
        (.chargeKinds, "lift;2026-01-01;;Лифт;;60;area;;;m2;uk;housing;0;0"),
        (.contracts, "upkeep;c;;;2026-01-01"), (.contracts, "upkeep;;;120;2026-01-01;;1"),
        (.tariffs, "water;;h1;2026-01-01;;;;41,20"), (.norms, "water;c;;2026-01-01;;2;4,1"),
        (.multipliers, "water;2026-01-01;1,5"), (.undersupply, "water;h1;;2026-01;3;акт"),
        (.houseAreas, "h1;2026-01-01;100;20"), (.keyRates, "2031-01-01;7,5"),
        (.workdays, "2031-01-02;0"), (.dueDays, "2031-01;20"),
    ]

    @Test func `of dated rows takes what is new, leaves what is the same, and keeps what was`()
        throws
    {
        let office = try charging()
        try office.flat()
        try office.decide()
        for (what, row) in Self.dated {
            // A dry run tells what the real one does.
            for dryRun in [true, false] {
                #expect(
                    try office.refer(what, row, row, dryRun: dryRun) == "1 1 0",
                    "\(what.rawValue) twice")
            }
            for dryRun in [true, false] {
                #expect(
                    try office.refer(what, row, dryRun: dryRun) == "0 1 0",
                    "\(what.rawValue) again")
            }
        }
        #expect(try office.refer(.tariffs, "water;;h1;2026-01-01;;;;42") == "1 0 0")
        // And back again: the newest counts.
        #expect(try office.refer(.tariffs, "water;;h1;2026-01-01;;;;41,20") == "1 0 0")
        #expect(
            try office.texts(
                """
                select price::text from facts.tariff where organization = $o and house = 'h1' order by n
                """) == ["41200000", "42000000", "41200000"])
    }

    @Test func `of dated rows tells the bad ones by their lines, and takes the rest`() throws {
        let office = try charging()
        let columns = try #require(Reference.columns[.tariffs])
        let rows = [
            "water;;;2026-01-01;;;;1", "steam;;;2026-01-01;;;;1", "water;nobody;;2026-01-01;;;;1",
            "water;;;2026-02-30;;;;1", "water;;;2026-02-01;;;;-1", ";;;2026-02-01;;;;1",
            "water;;;2026-02-01;T4;;;1", "water;;;2026-03-01;;;;2",
        ].map { $0.split(separator: ";", omittingEmptySubsequences: false).map(String.init) }
        let job = try office.stage(.tariffs, columns, rows)
        try office.take(job, .tariffs, rows: rows.count)
        try office.decide()
        #expect(try office.counts(job) == "2 0 6")
        #expect(
            try office.texts(
                """
                select concat_ws(' ', line, body->'values'->>'pointer', body->'values'->>'key')
                from operations.import_error where job = \(job) order by line
                """) == [
                    "3 /kind shape.no_such", "4 /company shape.no_such", "5 /from shape.date",
                    "6 /price shape.price", "7 /kind shape.missing",
                    "8 /register shape.choice",
                ])
        for (what, row) in [
            (ImportRows.What.chargeKinds, "lift;2026-01-01;;;;60;area;;;m2;uk;housing;0;0"),
            (.chargeKinds, "lift;2026-01-01;;Лифт;;60;area;;;m2;nobody;housing;0;0"),
            (.chargeKinds, "lift;2026-01-01;;Лифт;;60;area;;;m2;uk;severe;0;0"),
            (.chargeKinds, "lift;2026-01-01;;Лифт;;60;house_needs;gas;steam;m2;uk;housing;0;0"),
            (.contracts, "steam;;;;2026-01-01"), (.norms, "steam;;;2026-01-01;;;1"),
            (.undersupply, "steam;h1;;2026-01;3;акт"), (.multipliers, "steam;2026-01-01;1"),
        ] {
            #expect(try office.refer(what, row) == "0 0 1", "\(what.rawValue) \(row)")
        }
        // Rules of penalties are of the law: nobody can import one, so those that there are are named.
        let unruled = try office.imported(
            .chargeKinds, ["lift;2026-01-01;;Лифт;;60;area;;;m2;uk;none;0;0"])
        #expect(
            try office.texts(
                "select body->'values'->>'value' from operations.import_error where job = \(unruled)"
            )
                == ["capital_repair, housing"])
        // A kind may stand behind the one that it takes its volume of, in the same file.
        #expect(
            try office.refer(
                .chargeKinds, "gas;2026-01-01;;Газ;;70;meter;gas;;m3;uk;housing;0;0",
                "gas_house;2026-01-01;;Газ дома;;80;house_needs;gas;gas;m3;uk;housing;0;0")
                == "2 0 0")
    }

    @Test func `of tariffs takes none of those that count together while one is missing`() throws {
        let office = try charging()
        try office.flat()
        try office.decide()
        func told(_ rows: String...) throws -> [String] {
            let job = try office.imported(.tariffs, rows)
            return try [office.counts(job)]
                + office.texts(
                    """
                    select concat_ws(' ', line, body->'values'->>'key', body->'values'->>'value')
                    from operations.import_error where job = \(job) order by line
                    """)
        }
        let night = "water;;;2026-03-01;T2;;;1"
        #expect(
            try told("water;;;2026-03-01;T1;;;2", "upkeep;;;2026-03-01;;;;3") == [
                "1 0 1", "2 shape.zone_missing T2",
            ])
        // A wrong one is none.
        #expect(
            try told("water;;;2026-03-01;T1;;;2", "water;;;2026-03-01;T2;;;-1") == [
                "0 0 2", "2 shape.zone_missing T2", "3 shape.price -1",
            ])
        // Of another house, company or day it is another tariff.
        #expect(
            try told(night, "water;;h1;2026-03-01;T1;;;2", "water;c;;2026-03-01;T1;;;2") == [
                "0 0 3", "2 shape.zone_missing T1", "3 shape.zone_missing T2",
                "4 shape.zone_missing T2",
            ])
        #expect(
            try told("water;;;2026-04-01;;;100;2", "water;;;2026-04-01;;;200;3") == [
                "0 0 2", "2 shape.range_open 200", "3 shape.range_open 200",
            ])
        #expect(
            try told("water;;;2026-04-01;;;0;2", "water;;;2026-04-01;;;-5;2") == [
                "0 0 2", "2 shape.range_end 0", "3 shape.range_end -5",
            ])
        #expect(try told("water;;;2026-03-01;T3;2;;2").last == "2 shape.zone_idle T3")
        #expect(
            try office.texts(
                "select kind from facts.tariff where organization = $o and valid_from > '2026-01-01'"
            ) == ["upkeep"])
        // What is there already counts with what comes later.
        #expect(try told("water;;;2026-03-01;T1;;;2", night) == ["2 0 0"])
        #expect(try told("water;;;2026-03-01;T2;;;1,5") == ["1 0 0"])
    }

    @Test func `of tariffs looks at all of a file, however its rows are cut`() throws {
        let office = try charging()
        let columns = try #require(Reference.columns[.tariffs])
        let rows = [
            "water;;;2026-03-01;T1;;;2", "water;;;2026-04-01;T1;;;2", "upkeep;;;2026-03-01;;;;3",
            "water;;;2026-03-01;T2;;;1",
        ].map { $0.split(separator: ";", omittingEmptySubsequences: false).map(String.init) }
        for dryRun in [true, false] {
            let job = try office.stage(.tariffs, columns, rows, dryRun: dryRun)
            try office.take(job, .tariffs, rows: rows.count, ranges: 1, dryRun: dryRun)
            try office.decide()
            #expect(try office.counts(job) == "3 0 1")
            #expect(
                try office.texts(
                    "select line::text from operations.import_error where job = \(job)") == ["3"])
        }
    }

    @Test func `of dated rows takes the first of two that say otherwise of the same day`() throws {
        let office = try charging()
        try office.flat()
        try office.decide()
        for (what, first, other) in [
            (ImportRows.What.suppliers, "oil;2026-01-01;Нефть", "oil;2026-01-01;Газ"),
            (
                .chargeKinds, "lift;2026-01-01;;Лифт;;60;area;;;m2;uk;housing;0;0",
                "lift;2026-01-01;;Лифты;;60;area;;;m2;uk;housing;0;0"
            ),
            (.contracts, "upkeep;;;120;2026-01-01", "upkeep;;;0120;2026-01-01;;1"),
            (.tariffs, "water;;h1;2026-01-01;;;;41", "water;;h1;2026-01-01;;;;42"),
            (.norms, "water;c;;2026-01-01;;2;4,1", "water;c;;2026-01-01;;2;4,2"),
            (.multipliers, "water;2026-01-01;1,5", "water;2026-01-01;2"),
            (.undersupply, "water;h1;;2026-01;3;акт", "water;h1;;2026-01;4;акт"),
            (.houseAreas, "h1;2026-01-01;100;20", "h1;2026-01-01;100;21"),
            (.keyRates, "2032-01-01;7,5", "2032-01-01;7"),
            (.workdays, "2032-01-02;0", "2032-01-02;1"), (.dueDays, "2032-01;20", "2032-01;21"),
        ] {
            let key =
                what == .undersupply || what == .dueDays ? "shape.twice_month" : "shape.twice"
            for (dryRun, counts) in [(true, "1 1 1"), (false, "1 1 1"), (true, "0 2 1")] {
                let job = try office.imported(what, [first, other, first], dryRun: dryRun)
                #expect(try office.counts(job) == counts, "\(what.rawValue)")
                #expect(
                    try office.texts(
                        """
                        select concat_ws(' ', line, body->'values'->>'key', body->'values'->>'value')
                        from operations.import_error where job = \(job)
                        """) == ["3 \(key) 2"], "\(what.rawValue)")
            }
        }
    }

    @Test func `of dated rows tells of accounts and houses that are not there`() throws {
        let office = try charging()
        try office.flat()
        try office.decide()
        for (what, bad, good, name) in [
            (
                ImportRows.What.contracts, "upkeep;;;999;2026-01-01", "upkeep;;;120;2026-01-01",
                "account"
            ),
            (
                .undersupply, "water;;999;2026-01;3;акт", "water;;120;2026-01;3;акт",
                "account"
            ),
            (.houseAreas, "h9;2026-01-01;100;20", "h1;2026-01-01;100;20", "house"),
            (.undersupply, "water;h9;;2026-01;3;акт", "water;h1;;2026-01;3;акт", "house"),
            (.tariffs, "water;;h9;2026-01-01;;;;41", "water;;h1;2026-01-01;;;;41", "house"),
        ] {
            for dryRun in [true, false] {
                let job = try office.imported(what, [bad, good], dryRun: dryRun)
                #expect(try office.counts(job) == "1 0 1", "\(what.rawValue)")
                #expect(
                    try office.texts(
                        """
                        select concat_ws(' ', line, code, body->'values'->>'what')
                        from operations.import_error where job = \(job)
                        """) == ["2 NOT_FOUND \(name)"], "\(what.rawValue)")
            }
        }
        // However it is written, the account is the same, and the row has the number of its card.
        #expect(try office.refer(.contracts, "upkeep;;;000120;2026-01-01") == "0 1 0")
        #expect(
            try office.texts(
                "select account from facts.contract where organization = $o and account is not null"
            ) == ["120"])
    }

    @Test func `of dated rows that is dry writes none`() throws {
        let office = try charging()
        let job = try office.stage(
            .tariffs, try #require(Reference.columns[.tariffs]),
            [["water", "", "", "2027-01-01", "", "", "", "9"]], dryRun: true)
        try office.take(job, .tariffs, rows: 1, dryRun: true)
        try office.decide()
        #expect(try office.counts(job) == "1 0 0")
        #expect(
            try office.texts(
                "select n::text from facts.tariff where organization = $o and valid_from = '2027-01-01'"
            )
            .isEmpty)
    }

    // MARK: Money

    @Test func `of payments posts each once, whatever file it stands in`() throws {
        let office = try charging()
        try office.flat("1")
        try office.decide()
        let rows = [
            ["1", "2026-04-05", "1 234,56", "7", "bank", "2026-03", "", ""],
            ["1", "05.04.2026", "1234.56", "7", "bank", "2026-03", "", ""],
            ["1", "2026-04-05", "1,00", "7", "bank", "", "", ""],
            ["1", "2026-04-05", "1,00", "7", "", "", "", "да"],
            ["9", "2026-04-05", "1,00", "8", "bank", "", "", ""],
            ["1", "2027-04-05", "1,00", "9", "bank", "", "", ""],
            ["1", "2026-04-05", "0", "10", "bank", "", "", ""],
            ["1", "2026-04-05", "1,00", "11", "bank", "", "steam", ""],
        ]
        for (counts, dryRun) in [("3 1 4", true), ("3 1 4", false), ("0 4 4", false)] {
            let job = try office.stage(.payments, PostPayment.columns, rows, dryRun: dryRun)
            try office.take(job, .payments, rows: rows.count, ranges: 3, dryRun: dryRun)
            try office.decide()
            if dryRun {
                // Each range of a dry run stands alone.
                #expect(try office.entries("1").isEmpty)
                continue
            }
            #expect(try office.counts(job) == counts)
            #expect(
                try office.errors(job) == ["4 PAY_OTHER", "7 PAY_DATE", "8 SHAPE", "9 CHARGE_KIND"])
        }
        #expect(
            try office.entries("1") == [
                "2026-04 advance — — -1234.56", "2026-04 advance — — -1.00",
            ])
        #expect(try office.violations().isEmpty)
    }

    @Test func `of balances and of charges posts what is new`() throws {
        let office = try charging()
        try office.flat("1")
        try office.decide()
        let balances = [
            ["1", "water", "2026-03", "580,86", ""], ["1", "water", "03.2026", "580,86", "0"],
            ["1", "water", "2026-03", "1,50", "да"], ["1", "upkeep", "2026-02", "-10", ""],
            ["1", "steam", "2026-03", "1", ""], ["9", "water", "2026-03", "1", ""],
            ["1", "water", "2026-05", "1", ""], ["1", "water", "2026-03", "ten", ""],
        ]
        for counts in ["3 1 4", "0 4 4"] {
            let job = try office.stage(.balances, OpenBalance.columns, balances)
            try office.take(job, .balances, rows: balances.count)
            try office.decide()
            #expect(try office.counts(job) == counts)
            #expect(
                try office.errors(job) == [
                    "6 CHARGE_KIND", "7 NOT_FOUND", "8 BALANCE_MONTH", "9 SHAPE",
                ])
        }
        #expect(
            try office.debts("1") == [
                "upkeep 2026-02 -10.00", "water 2026-03 580.86", "water 2026-03 1.50 penalty",
            ])
        let elsewhere = try Office(Self.database.get(), charges: #"{"by": "import"}"#)
        try elsewhere.refer()
        try elsewhere.flat("1")
        try elsewhere.decide()
        let charges = [
            ["1", "2026-04", "water", "meter", "7,556", "46,10", "348,33", "-12", "акт № 7"],
            ["1", "2026-04", "upkeep", "", "", "", "1000", "", ""],
            ["1", "2026-04", "water", "meter", "7,556", "46,10", "348,33", "-12", ""],
            ["1", "2026-04", "steam", "", "", "", "1", "", ""],
        ]
        for counts in ["2 0 2", "0 2 2"] {
            let job = try elsewhere.stage(.charges, PostCharge.columns, charges)
            try elsewhere.take(job, .charges, rows: charges.count)
            try elsewhere.decide()
            #expect(try elsewhere.counts(job) == counts)
            #expect(try elsewhere.errors(job) == ["4 SHAPE", "5 CHARGE_KIND"])
        }
        #expect(
            try elsewhere.debts("1") == ["upkeep 2026-04 1000.00", "water 2026-04 336.33"])
        // A month that has not begun is a slip of who typed it.
        #expect(
            try elsewhere.takeCharges([["1", "2027-05", "upkeep", "", "", "", "1000", "", ""]])
                == "0 0 1")
        elsewhere.now = try elsewhere.owner.moment("2026-05-20 12:00:00+08")
        // What another system rounded, multiplied or charged for a part of a month is taken.
        let real = [
            ["1", "2026-05", "water", "norm", "4,2", "46,10", "1742,58", "", ""],
            ["1", "2026-05", "upkeep", "other", "50", "20", "500", "", ""],
            ["1", "2026-05", "waste", "", "3", "128,45", "385,35", "", ""],
        ]
        #expect(try elsewhere.takeCharges(real) == "3 0 0")
        // Of a period with two tariffs the row names one.
        #expect(
            try elsewhere.takeCharges([
                ["1", "2026-05", "water", "meter", "7,556", "46,10", "331,11", "", ""]
            ]) == "1 0 0")
        let wrong = [
            ["1", "2026-05", "water", "meter", "7,556", "46,10", "3483,3", "", ""],
            ["1", "2026-05", "upkeep", "other", "50", "20", "10000", "", ""],
        ]
        #expect(try elsewhere.takeCharges(wrong) == "0 0 2")
        #expect(try elsewhere.takeCharges(wrong, confirm: true) == "2 0 0")
        #expect(try office.violations().isEmpty)
    }
}
