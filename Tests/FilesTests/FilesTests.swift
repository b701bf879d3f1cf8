import Files
import Foundation
import Testing

/// A generator whose numbers are the same in every run, so that a failure can be repeated.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// Reads everything: good rows' fields, and errors.
func all(
    _ bytes: [UInt8], separator: Character? = nil
) throws -> (header: [String], rows: [Row], errors: [RowError]) {
    var reader = try CSVReader(bytes: bytes, separator: separator)
    var rows: [Row] = []
    var errors: [RowError] = []
    while let next = reader.next() {
        switch next {
        case .success(let row): rows.append(row)
        case .failure(let error): errors.append(error)
        }
    }
    return (reader.header, rows, errors)
}

func all(_ text: String) throws -> (header: [String], rows: [Row], errors: [RowError]) {
    try all(Array(text.utf8))
}

/// A path for one test, removed after it.
func withPath(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(
        path: "kabinet-files-\(UUID().uuidString)")
    defer {
        for name in [path.path, path.path + ".part"]
        where FileManager.default.fileExists(atPath: name) {
            do { try FileManager.default.removeItem(atPath: name) } catch { Issue.record(error) }
        }
    }
    try body(path.path)
}

struct CSVReaderTests {
    @Test func `plain rows are read with their lines`() throws {
        let table = try all(" Account ;ПОКАЗАНИЕ\n1;2\n\n  \n3;\n")
        #expect(table.header == ["account", "показание"])
        #expect(table.rows.map(\.fields) == [["1", "2"], ["3", ""]])
        #expect(table.rows.map(\.line) == [2, 5])
        #expect(table.rows.map(\.raw) == ["1;2", "3;"])
        #expect(table.errors.isEmpty)
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func `all line ends are one line end`(_ end: String) throws {
        let table = try all(
            ["a;b", "1;\"x\(end)y\"", "", "bad", "2;z"].joined(separator: end))
        #expect(table.rows.map(\.fields) == [["1", "x\(end)y"], ["2", "z"]])
        #expect(table.rows.map(\.line) == [2, 6])
        #expect(table.errors.map(\.line) == [5])
        #expect(table.errors.first?.description == "line 5: expected 2 columns, found 1")
    }

    @Test func `quotes may hold separators line ends and quotes`() throws {
        let table = try all(
            "a;b\n\"1;2\";\"say \"\"hi\"\"\nnow\"\n\"\";\"\"\"\"\nООО \"Ель\";\"\"\n")
        #expect(
            table.rows.map(\.fields) == [
                ["1;2", "say \"hi\"\nnow"], ["", "\""], ["ООО \"Ель\"", ""],
            ])
        #expect(table.rows.map(\.line) == [2, 4, 5])
        #expect(table.rows.first?.raw == "\"1;2\";\"say \"\"hi\"\"\nnow\"")
    }

    @Test func `a stray quote costs one row only`() throws {
        let table = try all("a;b\n1;\"open\n2;x\n3;y\n\"4\"z;w\n5;v")
        #expect(table.rows.map(\.fields) == [["2", "x"], ["3", "y"], ["5", "v"]])
        #expect(table.errors.map(\.reason) == [.unclosedQuote, .textAfterQuote])
        #expect(table.errors.map(\.line) == [2, 5])
        #expect(table.errors.first?.raw == "1;\"open")
    }

    @Test func `a stray quote in a large file costs one row only`() throws {
        var text = "a;b\n1;\"open\n"
        for number in 0..<30_000 { text += "\(number);value\n" }
        let table = try all(text)
        #expect(table.rows.count == 30_000)
        #expect(table.rows.last?.line == 30_002)
        #expect(table.errors.map(\.reason) == [.unclosedQuote])
    }

    @Test func `a row over the limit is an error and the next is read`() throws {
        let limit = CSVReader.longestRow
        let fits = String(repeating: "x", count: limit - 2)
        for end in ["\n", "\r\n"] {
            for size in [limit + 1, limit + 2, limit + 3, 3 * limit, 3 * limit + 1] {
                let long = String(repeating: "y", count: size - 2)
                let table = try all(
                    ["a;b", "1;\(fits)", "2;\(long)", "3;z", ""].joined(separator: end))
                #expect(table.rows.map { $0.fields[0] } == ["1", "3"])
                #expect(table.rows.map(\.line) == [2, 4])
                #expect(table.errors.map(\.reason) == [.tooLong])
                #expect((table.errors.first?.raw.utf8.count ?? 0) <= 1024)
            }
        }
        #expect(try all("a\n\(String(repeating: "y", count: 200_000))").errors.count == 1)
    }

    @Test func `ragged rows are told with both numbers`() throws {
        let table = try all("a;b;c\n1;2\n1;2;3;4\n1;2;3")
        #expect(
            table.errors.map(\.reason) == [
                .ragged(expected: 3, found: 2), .ragged(expected: 3, found: 4),
            ])
        #expect(table.errors.map(\.raw) == ["1;2", "1;2;3;4"])
        #expect(table.rows.count == 1)
    }

    @Test func `the separator is found in the header`() throws {
        #expect(try all("a,b\n1,2").rows.map(\.fields) == [["1", "2"]])
        #expect(try all("a\tb\n1\t2").rows.map(\.fields) == [["1", "2"]])
        #expect(try all("a,x;b,y\n1,5;2,5").rows.map(\.fields) == [["1,5", "2,5"]])
        #expect(try all("\"a;b\",c\n1,2").header == ["a;b", "c"])
        #expect(try all("a\n1,2").rows.map(\.fields) == [["1,2"]])
        #expect(try all(Array("a|b\n1|2".utf8), separator: "|").header == ["a", "b"])
        let hinted = try all("sep=,\r\na;b,c\r\n1,2\r\n")
        #expect(hinted.header == ["a;b", "c"])
        #expect(hinted.rows.map(\.line) == [3])
    }

    @Test func `the mark of UTF-8 is no part of the header`() throws {
        #expect(
            try all([0xEF, 0xBB, 0xBF] + Array("\"Счёт\";b\n1;2".utf8)).header == ["счёт", "b"])
    }

    @Test func `CP1251 is found and read`() throws {
        let text = "Счёт;Имя\n1;Ёлкин № «5»\n"
        let bytes = try #require(CP1251.bytes(text))
        let reader = try CSVReader(bytes: bytes)
        #expect(reader.encoding == .cp1251)
        let table = try all(bytes)
        #expect(table.header == ["счёт", "имя"])
        #expect(table.rows.map(\.fields) == [["1", "Ёлкин № «5»"]])
        let broken = try all(bytes + [0x32, 0x3B, 0x98, 0x0A, 0x33, 0x3B, 0x0A])
        #expect(broken.errors.map(\.reason) == [.invalidBytes])
        #expect(broken.rows.count == 2)
    }

    @Test func `the table of CP1251 agrees with the system's`() {
        for byte in UInt8.min...UInt8.max where byte != 0x98 {
            let text = CP1251.text([byte])
            #expect(text == String(data: Data([byte]), encoding: .windowsCP1251))
            #expect(CP1251.bytes(text) == [byte])
        }
        #expect(CP1251.text([0x98]) == "\u{FFFD}")
        #expect(CP1251.bytes("漢") == nil)
        #expect(CP1251.bytes("👩") == nil)
    }

    @Test func `UTF-8 cut in a letter stays UTF-8 and loses one row`() throws {
        var bytes = Array("счёт;имя\n1;Иванов\n2;Петров\n3;Сидоров".utf8)
        bytes.removeLast()
        let table = try all(bytes)
        #expect(table.header == ["счёт", "имя"])
        #expect(table.rows.map(\.fields) == [["1", "Иванов"], ["2", "Петров"]])
        #expect(table.errors.map(\.reason) == [.invalidBytes])
    }

    @Test func `encodings that are not read are refused in words`() {
        for mark: [UInt8] in [[0xFF, 0xFE], [0xFE, 0xFF]] {
            #expect(throws: FileError.utf16) { try all(mark + [0x61, 0x00]) }
        }
        #expect("\(FileError.utf16)".contains("save it as"))
    }

    @Test func `a NUL byte is an error of its row`() throws {
        let table = try all("a;b\n1;\0\n2;x\n")
        #expect(table.errors.map(\.reason) == [.nul])
        #expect(table.rows.map(\.fields) == [["2", "x"]])
    }

    @Test func `files without a header are refused`() {
        for text in ["", "\n\n", "  \n", "\u{FEFF}"] {
            #expect(throws: FileError.empty) { try all(text) }
        }
        #expect(throws: FileError.self) { try all("\"a;b\n") }
    }

    @Test func `files that cannot be read are told with the path`() {
        let error = #expect(throws: FileError.self) {
            let reader = try CSVReader(path: "/nonexistent/x.csv")
            _ = reader.header
        }
        #expect(error?.description.contains("/nonexistent/x.csv") == true)
        #expect(throws: FileError.notAFile(path: "/tmp")) {
            let reader = try CSVReader(path: "/tmp")
            _ = reader.header
        }
    }

    @Test func `garbage never stops the reader`() throws {
        var generator = Seeded(state: 1)
        let alphabet = Array("ab;,\t\"\"\n\r\0\u{98}я".utf8) + [0x98, 0xFF, 0xD0]
        for _ in 0..<2_000 {
            let size = Int.random(in: 0..<60, using: &generator)
            let bytes = (0..<size).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            do {
                let table = try all(Array("a;b\n".utf8) + bytes)
                let lines = (table.rows.map(\.line) + table.errors.map(\.line)).sorted()
                #expect(Set(lines).count == lines.count)
            } catch is FileError {
                Issue.record("the header was good")
            }
        }
    }
}

struct CSVWriterTests {
    @Test func `fields are quoted only when they must be`() {
        var writer = CSVWriter(protects: false)
        writer.write(["a", "b;c", "d\"e", "f\ng", " h ", ""])
        writer.write([""])
        #expect(
            String(decoding: writer.take(), as: UTF8.self)
                == "a;\"b;c\";\"d\"\"e\";\"f\ng\"; h ;\n\"\"\n")
        #expect(writer.take().isEmpty)
    }

    @Test func `mark and line ends are settings`() {
        var writer = CSVWriter(separator: ",", mark: true, crlf: true)
        writer.write(["a", "1,5"])
        writer.write(raw: "x,y")
        #expect(writer.take() == [0xEF, 0xBB, 0xBF] + Array("a,\"1,5\"\r\nx,y\r\n".utf8))
    }

    @Test func `formulas are disarmed and numbers are not`() {
        var writer = CSVWriter()
        let cells = [
            "=1+1", "+7 (999)", "+79991234567", "-5", "-5,25", "+0.1", "-", "-1-1", "@SUM", "\tx",
            "-1.2.3", "-5,", "a=1", "+7916***4567", "+7***A1",
        ]
        writer.write(cells)
        let safe =
            "'=1+1;'+7 (999);+79991234567;-5;-5,25;+0.1;'-;'-1-1;'@SUM;'\tx;'-1.2.3;'-5,;a=1;+7916***4567;'+7***A1"
        #expect(
            String(decoding: writer.take(), as: UTF8.self) == safe + "\n"
        )
    }

    @Test(arguments: [UInt64](1...20))
    func `what is written is read back`(_ seed: UInt64) throws {
        var generator = Seeded(state: seed)
        let letters = Array(" ;,\t\"'=\nabя№👩Ё\u{FEFF}0") + ["\r\n", "\r"] as [Character]
        let separator: Character = [";", ",", "\t"].randomElement(using: &generator) ?? ";"
        let width = Int.random(in: 1...7, using: &generator)
        var writer = CSVWriter(
            separator: separator, mark: Bool.random(using: &generator),
            crlf: Bool.random(using: &generator), protects: false)
        writer.write((0..<width).map { "c\($0)" })
        // Enough rows to cross the portions in which a file is read.
        let rows = (0..<4_000).map { _ in
            (0..<width).map { _ in
                String(
                    (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                        letters.randomElement(using: &generator) ?? "x"
                    })
            }
        }
        for row in rows { writer.write(row) }
        let bytes = writer.take()
        let table = try all(bytes, separator: separator)
        #expect(table.errors.isEmpty)
        #expect(table.rows.map(\.fields) == rows)
    }

    @Test func `a file appears whole and is read back`() throws {
        try withPath { path in
            var file = try CSVFile(path: path, CSVWriter(mark: true))
            try file.write(["счёт", "имя"])
            for number in 0..<20_000 { try file.write(["\(number)", "Иванов"]) }
            #expect(!FileManager.default.fileExists(atPath: path))
            try file.finish()
            var reader = try CSVReader(path: path)
            #expect(reader.header == ["счёт", "имя"])
            #expect(reader.totalBytes > 65_536 && reader.bytesRead < reader.totalBytes)
            var count = 0
            while let next = reader.next() {
                let row = try next.get()
                #expect(row.fields == ["\(count)", "Иванов"] && row.line == count + 2)
                count += 1
            }
            #expect(count == 20_000)
            #expect(reader.bytesRead == reader.totalBytes)
        }
    }

    @Test func `CP1251 over several portions is read from a file`() throws {
        try withPath { path in
            var bytes = try #require(CP1251.bytes("счёт;имя\r\n"))
            let row = try #require(CP1251.bytes("1;Иванов Пётр Ёжикович № 7\r\n"))
            for _ in 0..<10_000 { bytes += row }
            try Data(bytes).write(to: URL(filePath: path))
            var reader = try CSVReader(path: path)
            var count = 0
            while let next = reader.next() {
                #expect(try next.get().fields == ["1", "Иванов Пётр Ёжикович № 7"])
                count += 1
            }
            #expect(count == 10_000)
        }
    }

    @Test func `a folder that is not there cannot be written to`() {
        #expect(throws: FileError.self) {
            let file = try CSVFile(path: "/nonexistent/x.csv")
            try file.finish()
        }
    }
}

struct ColumnsTests {
    @Test func `columns are found in any order`() throws {
        let columns = try Columns(["b", "a", ""], required: ["a"], optional: ["b", "c"])
        #expect(columns["a"] == 1 && columns["b"] == 0 && columns["c"] == nil)
        let row = Row(line: 2, fields: ["x", "y", ""], raw: "x;y;")
        #expect(columns.field("a", of: row) == "y")
        #expect(columns.field("c", of: row) == nil)
    }

    @Test func `everything wrong is told at once with suggestions`() {
        let error = #expect(throws: ColumnsError.self) {
            try Columns(
                ["acount", "value", "value", "colour"], required: ["account", "value", "taken_on"],
                optional: ["note"])
        }
        #expect(
            error?.problems == [
                .duplicate("value"), .missing("account", found: "acount"),
                .missing("taken_on", found: nil), .unknown("acount", suggestion: "account"),
                .unknown("colour", suggestion: nil),
            ])
        #expect(error?.description.contains("did you mean \"account\"?") == true)
    }

    @Test func `unknown columns may be let pass`() throws {
        let columns = try Columns(["a", "x"], required: ["a"], allowsUnknown: true)
        #expect(columns["x"] == 1)
    }
}
