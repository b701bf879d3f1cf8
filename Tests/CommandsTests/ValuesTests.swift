import Commands
import Foundation
import Testing

@Suite struct `A typed quantity` {
    @Test(arguments: [
        ("0", 0, 0, 0), ("7", 7_000_000, 1, 0), ("00012", 12_000_000, 2, 0),
        ("131.012", 131_012_000, 3, 3), ("131,012", 131_012_000, 3, 3),
        ("12.500", 12_500_000, 2, 1), ("12.000", 12_000_000, 2, 0), ("0.000001", 1, 0, 6),
        ("0.1234560000", 123_456, 0, 6), ("  12  ", 12_000_000, 2, 0),
        ("999999999999.999999", 999_999_999_999_999_999, 12, 6),
        ("000000000000000000000000000012", 12_000_000, 2, 0),
        ("1 234,5", 1_234_500_000, 4, 1), ("1\u{A0}234.5", 1_234_500_000, 4, 1),
        ("1\u{2009}234", 1_234_000_000, 4, 0), ("12\u{202F}045", 12_045_000_000, 5, 0),
        (" 00 123 456 ", 123_456_000_000, 6, 0), ("1 2 3\u{A0}4", 1_234_000_000, 4, 0),
        ("999 999 999 999,999999", 999_999_999_999_999_999, 12, 6), ("0 0", 0, 0, 0),
    ])
    func `is read digit by digit`(text: String, millionths: Int64, integer: Int, fraction: Int) {
        #expect(
            Quantity.read(text)
                == .value(
                    Quantity(millionths: millionths), integerDigits: integer,
                    fractionDigits: fraction))
    }

    @Test(arguments: [
        "", " ", "1e9", "1E9", "NaN", "nan", "inf", "∞", "٣", "１", "½", "Ⅳ", "-1", "+1", "−1", "1.",
        ".5", ".", ",", "1..2", "1,2,3", "1.2.3", "1.000,5", "0x10", "12м", "1\t", "\u{A0}1",
        "1\n", "12\0", "--", "a",
        // Spaces only part digits before the comma, one at a time.
        "1  000", "1 \u{A0}000", "1\u{A0}", "1 ,5", "1, 5", "1,234 5", "1,2\u{A0}", "1\t000",
        "1\n000", "1\u{3000}000", "1\u{200B}000", "1\u{2007}000", "1'000", "1_000", "- 1 000",
        "1 a", "a 1", "1 -2", "\u{202F}", "\u{2009}1 000", "1 .",
    ])
    func `is malformed with anything but digits and one comma or dot`(text: String) {
        #expect(Quantity.read(text) == .malformed)
    }

    @Test func `is too long where no dial has so many digits`() {
        #expect(Quantity.read("1000000000000") == .tooLong(fractionDigits: 0))
        #expect(
            Quantity.read("123456789012345678901234567890") == .tooLong(fractionDigits: 0))
        #expect(Quantity.read("1 000 000 000 000") == .tooLong(fractionDigits: 0))
        #expect(Quantity.read("0.0000001") == .tooLong(fractionDigits: 7))
        #expect(
            Quantity.read(String(repeating: "9", count: 100_000)) == .tooLong(fractionDigits: 0))
    }

    @Test(arguments: 0..<200)
    func `is written as it is read`(seed: Int) {
        var random = Seeded(seed)
        let value = Int64(random.next() >> UInt64(4 + random.below(56))) % 1_000_000_000_000_000_000
        let quantity = Quantity(millionths: value)
        for text in [
            quantity.description, quantity.text(decimals: random.below(7)),
            quantity.description.replacing(".", with: ","), "000" + quantity.description,
        ] {
            guard case .value(let read, _, _) = Quantity.read(text) else {
                Issue.record("\(text) is not read")
                continue
            }
            #expect(read == quantity, "\(text)")
        }
    }

    @Test func `shows as many fraction digits as it takes, or as are wanted`() {
        #expect(Quantity(millionths: 131_012_000).description == "131.012")
        #expect(Quantity(millionths: 131_012_000).text(decimals: 6) == "131.012000")
        #expect(Quantity(millionths: 7_000_000).text(decimals: 3) == "7.000")
        #expect(Quantity(millionths: -500_000).description == "-0.5")
        #expect(Quantity(millionths: 0).description == "0")
        #expect(Quantity(millionths: .min).description == "-9223372036854.775808")
    }

    @Test func `starts again at ten to the power of the dial's digits`() {
        #expect(Quantity.capacity(digits: 1) == Quantity(millionths: 10_000_000))
        #expect(Quantity.capacity(digits: 5).description == "100000")
        #expect(Quantity.capacity(digits: 12).description == "1000000000000")
    }
}

@Suite struct `A day` {
    @Test(arguments: [
        "2026-02-29", "2026-02-30", "2100-02-29", "2026-04-31", "2026-13-01", "2026-00-10",
        "2026-01-00", "2026-01-32", "1899-12-31", "2200-01-01", "31.04.2026", "29.02.1900",
        "00.01.2026", "01.00.2026", "", "2026-4-18", "2026-04-18 ", " 2026-04-18", "18.4.2026",
        "18.04.26", "18/04/2026", "2026/04/18", "2026.04.18", "18-04-2026", "20260418",
        "2026-04-1a", "٢٠٢٦-٠٤-١٨", "2026–04–18", "+026-04-18", "-026-04-18", "2026-04-18T00:00",
    ])
    func `that is not in the calendar or not in its two forms is none`(text: String) {
        #expect(Day(text) == nil)
    }

    @Test(arguments: ["2024-02-29", "2000-02-29", "1900-01-01", "2199-12-31", "2026-12-31"])
    func `at the edge of the calendar is one`(text: String) {
        #expect(Day(text)?.description == text)
    }

    @Test func `counts from 1970, and before it`() {
        #expect(Day("1970-01-01")?.days == 0)
        #expect(Day("1969-12-31")?.days == -1)
        #expect(Day("2000-03-01")?.days == 11_017)
    }

    @Test func `is what the Gregorian calendar of Foundation says, 1900 to 2199`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        let first = try #require(Day("1900-01-01"))
        let last = try #require(Day("2199-12-31"))
        var expected = try #require(
            calendar.date(from: DateComponents(year: 1900, month: 1, day: 1)))
        var wrong: [String] = []
        // Every day: the two forms and the parts of all must agree.
        for number in first.days...last.days {
            let day = Day(days: number)
            let civil = day.civil
            let parts = calendar.dateComponents([.year, .month, .day], from: expected)
            let two = { (part: Int) in part < 10 ? "0\(part)" : "\(part)" }
            let iso = "\(civil.year)-\(two(civil.month))-\(two(civil.day))"
            let local = "\(two(civil.day)).\(two(civil.month)).\(civil.year)"
            if parts.year != civil.year || parts.month != civil.month || parts.day != civil.day
                || Day(iso) != day || Day(local) != day || day.description != iso
                || Day(year: civil.year, month: civil.month, day: civil.day) != day
            {
                wrong.append(iso)
            }
            expected += 86_400
        }
        #expect(wrong.isEmpty)
    }
}

@Suite struct `A month` {
    @Test func `of every day of the calendar begins on its first`() throws {
        for year in 1900...2199 {
            for ordinal in 1...12 {
                let day = try #require(Day(year: year, month: ordinal, day: 28))
                let month = day.month
                #expect(month.year == year && month.ordinal == ordinal)
                #expect(month.first == Day(year: year, month: ordinal, day: 1))
                #expect(Month(month.description) == month)
            }
        }
    }

    @Test(arguments: [
        "", "2026", "2026-00", "2026-13", "2026-4", "04.2026", "2026-04-01", "2026-04-", "1899-12",
        "2200-01", "2026/04", "01.04.2", " 2026-04", "2026-04 ",
    ])
    func `that is none is nil`(text: String) {
        #expect(Month(text) == nil)
    }

    @Test func `goes over the year's end both ways`() throws {
        let december = try #require(Month("2025-12"))
        #expect(december.advanced(by: 1).description == "2026-01")
        #expect(december.advanced(by: 1).advanced(by: -1) == december)
        #expect(december.advanced(by: -12).description == "2024-12")
        #expect(december.advanced(by: 14) - december == 14)
        #expect(december < december.advanced(by: 1))
    }
}

@Suite struct `An account number` {
    @Test(arguments: [
        ("626200012", "626200012"), (" 62 62 000-12 ", "626200012"), ("№ 626200012", "626200012"),
        ("6262\u{A0}000\u{202F}12", "626200012"), ("6262.000/12", "626200012"),
        ("6262–000—12", "626200012"), ("000012", "000012"), ("0", "0"), ("а12", "А12"),
        ("12аб", "12АБ"), ("аб-12-вг", "АБ12ВГ"), ("ёй1", "ЁЙ1"),
    ])
    func `is made canonical`(typed: String, canonical: String) {
        #expect(AccountNumber(typed)?.text == canonical)
    }

    @Test(arguments: zip(Array("ABCEHKMOPTXY"), Array("АВСЕНКМОРТХУ")))
    func `takes a Latin look-alike for its Cyrillic letter, in either case`(
        latin: Character, cyrillic: Character
    ) {
        #expect(AccountNumber("\(latin)12")?.text == "\(cyrillic)12")
        #expect(AccountNumber("12\(latin.lowercased())")?.text == "12\(cyrillic)")
        #expect(AccountNumber("\(latin)12") == AccountNumber("\(cyrillic)12"))
    }

    @Test func `keeps a Latin letter that looks like none`() {
        #expect(AccountNumber("D12")?.text == "D12")
        #expect(AccountNumber("D12") != AccountNumber("Д12"))
    }

    @Test func `takes Й and Ё of two code points for those of one`() throws {
        for (decomposed, composed) in [("И\u{306}", "Й"), ("Е\u{308}", "Ё"), ("и\u{306}", "Й")] {
            let number = try #require(AccountNumber("\(decomposed)12"))
            #expect(Array(number.text.unicodeScalars) == Array("\(composed)12".unicodeScalars))
            let behind = try #require(AccountNumber("12\(decomposed)"))
            #expect(Array(behind.text.unicodeScalars) == Array("12\(composed)".unicodeScalars))
        }
        // An E that looks Cyrillic is one by then.
        #expect(AccountNumber("E\u{308}12")?.text == "Ё12")
        #expect(AccountNumber("А\u{306}12") == nil)
        #expect(AccountNumber("\u{306}12") == nil)
        #expect(AccountNumber("12\u{306}") == nil)
    }

    @Test(arguments: [
        "", " ", "А", "№", "1А1", "А1Б2", "АБВГД1", "1АБВГД", "123456789012345678901",
        "123456789012345678901234567890", "12;", "12'", "1\0", "١٢", "１２", "12\n", "12\u{200B}",
        "12_3", "+12", "12,3", "α12", "Ї12", "😀",
    ])
    func `that is none is nil`(typed: String) {
        #expect(AccountNumber(typed) == nil)
    }

    @Test func `has at most 20 digits, and 4 letters on each side`() {
        #expect(AccountNumber("АБВГ12345678901234567890ДЕЖЗ") != nil)
        #expect(AccountNumber(String(repeating: "0", count: 20))?.stripped == "0")
    }

    @Test func `keeps leading zeros but is looked up without them`() {
        #expect(AccountNumber("00120")?.stripped == "120")
        #expect(AccountNumber("А-00120-Б")?.stripped == "120")
        #expect(AccountNumber("000")?.stripped == "0")
        #expect(AccountNumber("00120") != AccountNumber("120"))
    }

    @Test(arguments: 0..<100)
    func `stays what it is when it is read again`(seed: Int) throws {
        var random = Seeded(seed)
        let letters = Array("абвгдежзийклмнопрстуфхцчшщъыьэюяёABCEHKMOPTXYdfgijlnqrsuvwz")
        let noise = [" ", "-", "№", ".", "/", "\u{A0}", "—", ""]
        var typed = ""
        for _ in 0..<random.below(5) { typed += String(random.pick(letters)) + random.pick(noise) }
        for _ in 0...random.below(20) { typed += "\(random.below(10))" + random.pick(noise) }
        for _ in 0..<random.below(5) { typed += String(random.pick(letters)) + random.pick(noise) }
        let number = try #require(AccountNumber(typed))
        #expect(AccountNumber(number.text) == number)
        #expect(AccountNumber(typed.uppercased()) == number)
        #expect(AccountNumber(typed.lowercased()) == number)
        #expect(AccountNumber(typed.decomposedStringWithCanonicalMapping) == number)
    }
}

@Suite struct `A subject` {
    @Test func `is the same for every writing of one number`() throws {
        let writings = [
            "А00120", "а 00120", "A00120", "№А-00-120", "00120", "120", "120Б", " 1 2 0 ",
        ]
        let subjects = try writings.map { writing in
            Subject.account("o", try #require(AccountNumber(writing)))
        }
        #expect(Set(subjects).count == 1)
    }

    @Test func `differs by organization, by number and by what it is of`() throws {
        let number = try #require(AccountNumber("120"))
        let other = try #require(AccountNumber("1200"))
        let all = [
            Subject.account("o", number), Subject.account("p", number), Subject.account("o", other),
            Subject.organization("o"), Subject.organization("p"), Subject.hash("letter", "o", "a"),
            Subject.hash("ab", "c"), Subject.hash("a", "bc"), Subject.hash("abc"),
            Subject.hash("abc", ""),
        ]
        #expect(Set(all).count == all.count)
    }

    /// Stored commands keep their subject: another hash in a later version would break their order.
    @Test func `is the same in every version`() throws {
        #expect(
            Subject.account("srkc", try #require(AccountNumber("626200012")))
                == -1_161_403_237_511_730_926)
        #expect(Subject.organization("srkc") == -2_985_927_077_915_485_413)
    }

    @Test func `spreads accounts evenly over the lanes`() throws {
        var counts = [Int](repeating: 0, count: 16)
        for number in 0..<16_000 {
            let subject = Subject.account(
                "o", try #require(AccountNumber("\(626_200_000 + number)")))
            counts[Int(UInt64(bitPattern: subject) % 16)] += 1
        }
        // A fair share is 1000, its standard deviation 31: five of them.
        #expect(counts.allSatisfy { (845...1155).contains($0) }, "\(counts)")
    }
}
