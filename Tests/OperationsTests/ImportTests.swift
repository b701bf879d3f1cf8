import Commands
import Files
import Testing

@testable import Operations

extension ImportedRow.Content {
    fileprivate var account: AccountNumber? {
        if case .account(let number) = about { return number }
        return nil
    }
}

@Suite struct `An import's rows` {
    private func rows(_ text: String, _ what: ImportRows.What = .readings) throws -> [ImportedRow] {
        try rows(Array(text.utf8), what)
    }

    private func rows(_ bytes: [UInt8], _ what: ImportRows.What = .readings) throws -> [ImportedRow]
    {
        var reader = try ImportReader(bytes: bytes, what)
        var found: [ImportedRow] = []
        while let row = reader.next() { found.append(row) }
        return found
    }

    private let header = "account;service;meter;register;taken_on;value;channel"

    @Test func `stand in the canonical order whatever the order of the file`() throws {
        let found = try rows("value;taken_on;meter;account\n1,5;2026-04-18;77;А-1\n")
        #expect(found[0].staged?.fields == ["А-1", "", "77", "", "2026-04-18", "1,5", ""])
        #expect(found[0].original == ["1,5", "2026-04-18", "77", "А-1"])
        #expect(found[0].line == 2)
    }

    @Test func `need the columns that mean something, and know no others`() {
        let error = #expect(throws: ColumnsError.self) { try rows("acount;meter;value\n") }
        #expect(
            error?.problems == [
                .missing("account", found: "acount"), .missing("taken_on", found: nil),
                .unknown("acount", suggestion: "account"),
            ])
        #expect(throws: ColumnsError.self) { try rows("\(header);note\n") }
    }

    @Test func `are refused as a whole when a column stands twice`() {
        let error = #expect(throws: ColumnsError.self) { try rows("\(header);value\n") }
        #expect(error?.problems == [.duplicate("value")])
    }

    @Test func `need a header`() {
        #expect(throws: FileError.self) { try rows("") }
    }

    @Test func `that are ragged are told and handed back with their fields`() throws {
        let found = try rows("\(header)\nА-1;cold_water\nА-2;;1;;2026-04-18;5;;6;7\nА-3;;1;;;5;\n")
        #expect(found[0].problem == .broken(.ragged(expected: 7, found: 2)))
        #expect(found[0].original == ["А-1", "cold_water", "", "", "", "", ""])
        #expect(found[1].problem == .broken(.ragged(expected: 7, found: 9)))
        #expect(found[1].original == ["А-2", "", "1", "", "2026-04-18", "5", "", "6", "7"])
        #expect(found[2].problem == nil)
    }

    @Test func `with a stray quote do not swallow the rows after them`() throws {
        let found = try rows("\(header)\nА-1;\"x;1;;;5;\nА-2;;1;;;5;\n")
        #expect(found.count == 2)
        #expect(found[0].problem == .broken(.unclosedQuote))
        #expect(found[0].original[0] == "А-1;\"x;1;;;5;")
        #expect(found[1].staged?.about == AccountNumber("А2").map { .account($0) })
    }

    @Test(arguments: ["", "123456789012345678901234567890", "=1+1", "+7", "@x", "٣", "А-1-Б-2"])
    func `whose account is no account never reach a lane`(_ account: String) throws {
        let found = try rows("\(header)\n\(account);cold_water;1;;2026-04-18;5;\n")
        #expect(found[0].problem == .account(account))
        #expect(found[0].original[1] == "cold_water")
    }

    @Test func `with formulas in other cells are texts for the lane to judge`() throws {
        let found = try rows("\(header)\nА-1;;1;;2026-04-18;=1+1;\n")
        #expect(found[0].staged?.fields[5] == "=1+1")
    }

    @Test func `come in CP1251 and with a UTF-8 mark alike`() throws {
        let text = "account;surname;company\nА-1;Ёлкин;\n"
        let bytes = try #require(CP1251.bytes(text))
        #expect(try rows(bytes, .accounts)[0].staged?.fields[2] == "Ёлкин")
        let marked = [0xEF, 0xBB, 0xBF] + Array(text.utf8)
        #expect(try rows(marked, .accounts)[0].staged?.fields[2] == "Ёлкин")
        #expect(
            try rows(marked, .accounts)[0].staged?.about
                == AccountNumber("А1").map { .account($0) })
    }

    @Test func `that are damaged or hold a NUL are told, and their neighbours are taken`() throws {
        var bytes = Array("\(header)\nА-1;;1;;;5;\nА-2;;".utf8)
        bytes += [0x00] + Array(";;;5;\nА-3;;1;;;5;\n".utf8)
        let found = try rows(bytes)
        #expect(found.map { $0.problem == nil } == [true, false, true])
        #expect(found[1].problem == .broken(.nul))
    }
}

@Suite struct `A file of what charges are made by` {
    private static let all = ImportRows.What.allCases

    @Test(arguments: all) func `has a sample that reads as it stands, in UTF-8 and CP1251`(
        what: ImportRows.What
    ) throws {
        let text = what.columns.joined(separator: ";") + "\n" + what.sample + "\n"
        for bytes in [Array(text.utf8), try #require(CP1251.bytes(text))] {
            var reader = try ImportReader(bytes: bytes, what)
            let next = reader.next()
            let row = try #require(next)
            #expect(row.problem == nil, "\(what.rawValue): \(String(describing: row.problem))")
            #expect(row.staged?.fields.count == what.columns.count)
            let end = reader.next()
            #expect(end == nil)
        }
    }

    @Test(arguments: all) func `needs its columns, and knows them all`(what: ImportRows.What) {
        #expect(Set(what.required).isSubset(of: what.columns))
        #expect(Set(what.columns).count == what.columns.count)
        for column in what.required {
            let header = what.columns.filter { $0 != column }.joined(separator: ";")
            #expect(throws: ColumnsError.self) {
                _ = try ImportReader(bytes: Array("\(header)\n".utf8), what).header
            }
        }
    }

    @Test(arguments: all.filter(\.isReference)) func `stands in one lane, in its order`(
        what: ImportRows.What
    ) throws {
        let text = what.columns.joined(separator: ";") + "\n" + what.sample + "\n"
        var reader = try ImportReader(bytes: Array(text.utf8), what)
        let row = reader.next()
        guard case .organization? = row?.staged?.about else {
            Issue.record("\(what.rawValue) is about something else")
            return
        }
    }
}

@Suite struct `An error file` {
    /// What `Import.writeErrors` does with rows and their reasons, in memory.
    private func errorFile(_ bytes: [UInt8], _ what: ImportRows.What) throws -> [UInt8] {
        var reader = try ImportReader(bytes: bytes, what)
        var writer = CSVWriter(separator: reader.separator, mark: true)
        writer.write(reader.header + ["error"])
        while let row = reader.next() { writer.write(row.original + ["why; \"not\""]) }
        return writer.take()
    }

    private func staged(_ bytes: [UInt8], _ what: ImportRows.What) throws -> [[String]?] {
        var reader = try ImportReader(bytes: bytes, what)
        var found: [[String]?] = []
        while let row = reader.next() { found.append(row.staged?.fields) }
        return found
    }

    @Test func `can be imported again as it is, as often as one likes`() throws {
        let source = Array(
            #"""
            account,surname,phone,patronymic,address
            А-1,"Иванов ""младший""",+7 (999) 1,=cmd,"а, б
            в"
            А-2,-,@x,'',''=1

            """#.utf8)
        let first = try staged(source, .accounts)
        #expect(first.allSatisfy { $0 != nil })
        var bytes = source
        for _ in 0..<3 {
            bytes = try errorFile(bytes, .accounts)
            #expect(try staged(bytes, .accounts) == first)
        }
        #expect(first[0]?[3] == "")
        #expect(first[0]?[4] == "=cmd")
    }

    @Test func `protects spreadsheets from formulas`() throws {
        let bytes = try errorFile(Array("account;surname\nА-1;=cmd\n".utf8), .accounts)
        #expect(String(decoding: bytes, as: UTF8.self).contains(";'=cmd;"))
    }

    @Test func `keeps the shape of ragged rows and drops only its own column from them`() throws {
        let source = Array("account;surname\nА-1\nА-2;b;c\n".utf8)
        var bytes = source
        for _ in 0..<3 { bytes = try errorFile(bytes, .accounts) }
        var reader = try ImportReader(bytes: bytes, .accounts)
        #expect(reader.header == ["account", "surname"])
        #expect(reader.next()?.original == ["А-1", ""])
        #expect(reader.next()?.original == ["А-2", "b", "c"])
    }

    @Test func `can be corrected into good rows`() throws {
        let bytes = try errorFile(Array("account;surname\n?;Иванов\n".utf8), .accounts)
        let corrected = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
            $0.hasPrefix("?") ? "А-1" + $0.dropFirst() : String($0)
        }.joined(separator: "\n")
        let found = try staged(Array(corrected.utf8), .accounts)
        #expect(found[0]?.prefix(3) == ["А-1", "", "Иванов"])
    }

    @Test func `brings all lines of a refused reading back together`() throws {
        var reader = try ImportReader(
            bytes: Array(
                """
                account;service;meter;register;taken_on;value;channel
                А-1;electricity;1;T1;2026-04-18;1;
                А-2;electricity;2;T1;2026-04-18;1;
                А-1;electricity;1;T2;2026-04-18;2;
                А-1;electricity;1;T1;2026-05-18;1;
                А-2;electricity;2;T2;2026-04-18;2;

                """.utf8), .readings)
        var acts = Acts(organization: "o", lanes: 1024)
        var refused: [Int] = []
        while let row = reader.next() {
            let content = try #require(row.staged)
            let refusal = try acts.refusal(content, of: .readings) {
                row.line == 2 ? Refusal(.readingLess) : nil
            }
            if refusal != nil { refused.append(row.line) }
        }
        #expect(refused == [2, 4])
    }
}

@Suite struct `Cutting for lanes` {
    @Test func `gives an account one lane however its number is written, in the file's order`() {
        var cutter = LaneCutter(organization: "srkc", lanes: 16)
        var numbers: [String: [Int64]] = [:]
        var lanes: [String: Set<Int16>] = [:]
        for round in 0..<20 {
            for account in 0..<300 {
                let typed = round % 2 == 0 ? "А-\(account)" : "00\(account)"
                guard let number = AccountNumber(typed) else { continue }
                let (lane, n) = cutter.place(.account(number))
                numbers[number.stripped, default: []].append(n)
                lanes[number.stripped, default: []].insert(lane)
            }
        }
        #expect(lanes.values.allSatisfy { $0.count == 1 })
        #expect(numbers.values.allSatisfy { $0 == $0.sorted() && Set($0).count == 20 })
        #expect(cutter.rows == 6000)
    }

    @Test func `gives a house one lane, and its rows their order`() {
        var cutter = LaneCutter(organization: "srkc", lanes: 16)
        let places = (0..<300).map { cutter.place(.house("len-\($0 % 30)")) }
        for house in 0..<30 {
            let own = stride(from: house, to: 300, by: 30).map { places[$0] }
            #expect(Set(own.map(\.lane)).count == 1)
            #expect(own.map(\.n) == own.map(\.n).sorted())
        }
        #expect(Set(places.map(\.lane)).count > 8)
    }

    @Test func `covers every row by one chunk, in order within each lane`() throws {
        var cutter = LaneCutter(organization: "srkc", lanes: 7)
        for account in 0..<12_345 {
            _ = cutter.place(.account(try #require(AccountNumber("\(account)"))))
        }
        let chunks = cutter.chunks(job: 9, what: .readings, dryRun: true)
        var next = [Int64](repeating: 1, count: 7)
        for chunk in chunks {
            #expect(chunk.from == next[chunk.lane])
            #expect(chunk.to - chunk.from < LaneCutter.chunk)
            next[chunk.lane] = chunk.to + 1
            #expect(chunk.job == 9 && chunk.dryRun)
        }
        #expect(next.map { $0 - 1 } == cutter.counts)
        // The lane of the command is the lane of its rows.
        for chunk in chunks {
            let subject = Command.importRows(chunk).subject(organization: "srkc")
            #expect(Int(UInt64(bitPattern: subject) % 7) == chunk.lane)
        }
        #expect(Set(chunks.prefix(7).map(\.lane)).count == 7)
    }

    @Test func `of nothing is nothing`() {
        let cutter = LaneCutter(organization: "srkc", lanes: 7)
        #expect(cutter.chunks(job: 1, what: .meters, dryRun: false).isEmpty)
    }
}

@Suite struct `Small things` {
    @Test(arguments: [
        ("90s", 999_910), ("15m", 999_100), ("1h", 996_400), ("7d", 395_200),
        ("1970-01-02", 86_400),
    ])
    func `a filter's moment is an age or a date`(_ text: String, _ seconds: Int) {
        #expect(Moment.since(text, now: 1_000_000_000_000) == Int64(seconds) * 1_000_000)
    }

    @Test(arguments: ["", "h", "1y", "-1h", "1.5h", "2026-02-30", "yesterday"])
    func `and nothing else`(_ text: String) {
        #expect(Moment.since(text, now: 0) == nil)
    }

    @Test func `a moment is written in UTC, before 1970 too`() {
        #expect("\(Moment(1_776_470_400_000_000))" == "2026-04-18T00:00:00Z")
        #expect("\(Moment(-1))" == "1969-12-31T23:59:59Z")
    }

    @Test func `two profiles differ line by line, what was before what is`() throws {
        let old = try JSON.parse(
            Array(#"{"a":{"b":1,"c":[{"code":"x","n":1}]},"s":["p","q"],"z":{}}"#.utf8))
        let new = try JSON.parse(
            Array(
                #"{"a":{"b":2,"c":[{"code":"y","n":1},{"code":"x","n":1}]},"s":["q"],"z":{}}"#.utf8)
        )
        let lines = Difference.between(Difference.lines(old), Difference.lines(new))
        #expect(
            lines.map(\.description) == [
                "- a.b: 1", "+ a.b: 2", "+ a.c[y].code: y", "+ a.c[y].n: 1", "- s[]: p",
            ])
        #expect(Difference.between(Difference.lines(old), Difference.lines(old)).isEmpty)
    }

    @Test func `every phrase of the doctor and the lists speaks both languages`() {
        for state in Reprocessing.State.allCases {
            #expect(Phrase.state(state.rawValue).russian != state.rawValue)
        }
        for seconds: Int64 in [0, 119, 120, 7199, 7200, 172_799, 172_800] {
            #expect(Moment.age(seconds).english.first?.isNumber == true)
        }
    }

    @Test func `a misspelled name finds its neighbour`() {
        #expect(nearest(to: "acounts", among: ["accounts", "meters"]) == "accounts")
        #expect(nearest(to: "xyz", among: ["accounts", "meters"]) == nil)
    }
}
