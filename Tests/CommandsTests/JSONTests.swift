import Commands
import Foundation
import Testing

private func parse(_ text: String) throws -> JSON { try JSON.parse(Array(text.utf8)) }

/// The reason why bytes are refused, nil when they are taken.
private func reason(_ bytes: [UInt8]) -> String? {
    do {
        _ = try JSON.parse(bytes)
        return nil
    } catch {
        return error.reason
    }
}

private func reason(_ text: String) -> String? { reason(Array(text.utf8)) }

@Suite struct `JSON that is read` {
    @Test func `keeps every kind of value and the order of members`() throws {
        let json = try parse(
            #" { "b" : [ true , false , null ] , "a" : { "n" : -0.5e+3 , "s" : "" }"#
                + #" , "e":[],"o":{} } "#
        )
        #expect(
            json
                == .object([
                    .init("b", .array([.bool(true), .bool(false), .null])),
                    .init("a", .object([.init("n", .number("-0.5e+3")), .init("s", .string(""))])),
                    .init("e", .array([])), .init("o", .object([])),
                ]))
    }

    @Test func `may be any value, not only an object`() throws {
        #expect(try parse("0") == .number("0"))
        #expect(try parse("\t\"а\"\r\n") == .string("а"))
        #expect(try parse("null") == .null)
    }

    @Test func `unescapes what RFC 8259 names, and pairs of surrogates`() throws {
        let text = #""\"\\\/\b\f\n\r\t\u0041\u0416\u20bd\ud83d\ude00\uD834\uDD1E""#
        #expect(try parse(text).string == "\"\\/\u{8}\u{C}\n\r\tAЖ₽😀𝄞")
    }

    @Test func `keeps characters beside those that must be escaped as they are`() throws {
        let all = "\u{7F}\u{80}\u{2028}\u{FEFF}\u{FFFF}\u{10FFFF}é"
        let read = try #require(try parse("\"\(all)\"").string)
        #expect(Array(read.unicodeScalars) == Array(all.unicodeScalars))
    }

    @Test(arguments: ["0", "-0", "10", "0.0", "1e5", "1E-5", "-12.340e+07"])
    func `keeps the text of a number`(text: String) throws {
        #expect(try parse(text) == .number(text))
    }

    @Test func `gives whole numbers of 64 bits, and nothing for others`() throws {
        #expect(try parse("9223372036854775807").int == .max)
        #expect(try parse("-9223372036854775808").int == .min)
        #expect(try parse("9223372036854775808").int == nil)
        #expect(try parse("1.0").int == nil)
        #expect(try parse("1e2").int == nil)
        #expect(try parse("\"1\"").int == nil)
    }

    @Test func `gives a member by its key, and none for null or no object`() throws {
        let json = try parse(#"{"a":1,"b":null}"#)
        #expect(json["a"]?.int == 1)
        #expect(json["b"] == nil)
        #expect(json["c"] == nil)
        #expect(try parse("[1]")["a"] == nil)
    }
}

@Suite struct `JSON that is refused` {
    @Test(arguments: [
        "", " ", "x", "nul", "nulL", "truex", "True", "{", "}", "[", "]", ",", ":", "{]", "[}",
        "{,}", "[,]", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\" 1}",
        "{\"a\":1 \"b\":2}", "{a:1}", "{'a':1}", "{1:2}", "'a'", "\"a", "\"a\\", "\"\\x\"",
        "\"\\u12\"", "\"\\u12g4\"", "\"\\u１２３４\"", "1 1", "{}{}", "[]]", "\u{FEFF}{}", "NaN",
        "Infinity", "-Infinity", "undefined", "// a\n1", "/* a */1", "\u{A0}1", "\u{B}1", "\0",
        "{}\0", "\u{1}",
    ])
    func `is garbage`(text: String) {
        #expect(reason(text) != nil)
    }

    @Test(arguments: [
        "-", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1.e5", "1e", "1e+", "1E-", "0x10",
        "1_000",
        "1,5", "٣", "１", "1e5.0", "--1",
    ])
    func `has a number that is none`(text: String) {
        #expect(reason(text) != nil)
        #expect(reason("{\"a\":\(text)}") != nil)
    }

    @Test func `has a number of more than 64 characters`() {
        #expect(reason(String(repeating: "1", count: 64)) == nil)
        #expect(
            reason(String(repeating: "1", count: 65)) == "a number of more than 64 characters")
    }

    @Test func `ends anywhere before its end`() throws {
        let whole = Array(
            #"{"a":[1,-2.5e3,"x\n\u0416\ud83d\ude00Ж"],"b":{"c":true,"d":null},"e":false}"#.utf8)
        #expect(reason(whole) == nil)
        for count in 0..<whole.count {
            #expect(reason(Array(whole[..<count])) != nil, "cut at byte \(count)")
        }
    }

    @Test func `is nested deeper than the limit, however deep`() throws {
        func nested(_ count: Int, _ open: String, _ close: String) -> String {
            String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
        }
        let limit = JSON.depthLimit
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            #expect(reason(nested(limit - 1, open, close)) == nil)
            #expect(reason(nested(limit, open, close)) == "nested deeper than \(limit)")
            // A recursive parser without a limit would end the process here.
            #expect(reason(nested(200_000, open, close)) == "nested deeper than \(limit)")
        }
    }

    @Test func `names one key twice, however it is written`() {
        #expect(reason(#"{"a":1,"b":2,"a":1}"#) == "the key \"a\" stands twice")
        #expect(reason(#"{"a":1,"\u0061":1}"#) == "the key \"a\" stands twice")
        #expect(reason(#"{"x":{"a":1,"a":null}}"#) == "the key \"a\" stands twice")
        #expect(reason(#"[{"a":1},{"a":1}]"#) == nil)
    }

    @Test func `has more than a thousand keys in one object`() {
        func object(_ count: Int) -> String {
            "{" + (0..<count).map { "\"\($0)\":1" }.joined(separator: ",") + "}"
        }
        #expect(reason(object(1000)) == nil)
        #expect(reason(object(1001)) == "more than 1000 keys")
    }

    @Test(arguments: [#""\u0000""#, #"{"\u0000":1}"#, #"["a\u0000b"]"#])
    func `has the character that PostgreSQL cannot keep`(text: String) {
        #expect(reason(text) == "the character U+0000")
    }

    @Test(arguments: [
        #""\ud800""#, #""\udc00""#, #""\ud83dx""#, #""\ud83d\n""#, #""\ud83d\u0041""#,
        #""\ud83d\ud83d""#, #""\ude00\ud83d""#, #"{"\udfff":1}"#,
    ])
    func `has half of a surrogate pair`(text: String) {
        #expect(reason(text) == "a lone surrogate")
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE2, 0x82],
            [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]])
    func `has bytes that are not UTF-8`(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(reason([quote] + bytes + [quote]) == "a string that is not UTF-8")
        #expect(
            reason([quote] + Array("\\n".utf8) + bytes + [quote]) == "a string that is not UTF-8")
        #expect(
            reason(Array("{\"".utf8) + bytes + Array("\":1}".utf8)) == "a string that is not UTF-8")
        #expect(reason(bytes) != nil)
    }

    @Test(arguments: 0..<32 as Range<UInt8>)
    func `has a control character in a string`(byte: UInt8) {
        let quote = UInt8(ascii: "\"")
        #expect(reason([quote, byte, quote]) == "a control character in a string")
        #expect(
            reason([quote] + Array("\\n".utf8) + [byte, quote]) == "a control character in a string"
        )
    }

    @Test func `says at which byte`() {
        func place(_ text: String) -> String? {
            do {
                _ = try JSON.parse(Array(text.utf8))
                return nil
            } catch {
                return error.description
            }
        }
        #expect(place(#"{"a":1,"a":2}"#) == "the key \"a\" stands twice at byte 7")
        #expect(place("[1, x]") == "unexpected character at byte 4")
        #expect(place("{} 1") == "unexpected text after the value at byte 3")
    }
}

/// Foundation as the other opinion: two readers that were written apart.
@Suite struct `JSON beside Foundation` {
    private static func value(_ random: inout Seeded, depth: Int) -> JSON {
        switch random.below(depth > 4 ? 4 : 6) {
        case 0: .null
        case 1: .bool(random.below(2) == 0)
        case 2: .int(Int64(bitPattern: random.next() >> UInt64(random.below(64))))
        case 3: .string(text(&random))
        case 4: .array((0..<random.below(5)).map { _ in value(&random, depth: depth + 1) })
        default:
            .object(
                (0..<random.below(5)).map { index in
                    JSON.Member("\(index)\(text(&random))", value(&random, depth: depth + 1))
                })
        }
    }

    private static func text(_ random: inout Seeded) -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0x01...0x1F, 0x20...0x7F, 0x410...0x44F, 0x80...0x7FF, 0xE000...0xFFFD,
            0x10000...0x10FFFF,
        ]
        var view = String.UnicodeScalarView()
        for _ in 0..<random.below(8) {
            let range = random.pick(ranges)
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) {
                view.append(scalar)
            }
        }
        return String(view)
    }

    private static func equal(_ ours: JSON, _ theirs: Any) -> Bool {
        switch ours {
        case .null: return theirs is NSNull
        case .bool(let value): return (theirs as? NSNumber)?.boolValue == value
        case .number(let text): return (theirs as? NSNumber)?.int64Value == Int64(text)
        case .string(let text):
            guard let other = theirs as? String else { return false }
            return Array(text.unicodeScalars) == Array(other.unicodeScalars)
        case .array(let items):
            guard let other = theirs as? [Any], other.count == items.count else { return false }
            return zip(items, other).allSatisfy { equal($0, $1) }
        case .object(let members):
            guard let other = theirs as? [String: Any], other.count == members.count else {
                return false
            }
            return members.allSatisfy { member in
                other[member.key].map { equal(member.value, $0) } ?? false
            }
        }
    }

    @Test(arguments: 0..<200)
    func `what is written is read as the same by both`(seed: Int) throws {
        var random = Seeded(seed)
        let json = JSON.array([Self.value(&random, depth: 0)])
        #expect(try JSON.parse(json.bytes) == json)
        let theirs = try JSONSerialization.jsonObject(with: Data(json.bytes))
        #expect(Self.equal(json, theirs))
    }

    @Test(arguments: 0..<200)
    func `what Foundation writes is read as it meant it`(seed: Int) throws {
        var random = Seeded(seed)
        let json = JSON.array([Self.value(&random, depth: 0)])
        let theirs = try JSONSerialization.jsonObject(with: Data(json.bytes))
        let options: [JSONSerialization.WritingOptions] = [[], .prettyPrinted, .sortedKeys]
        let written = try JSONSerialization.data(
            withJSONObject: theirs, options: random.pick(options))
        #expect(Self.equal(try JSON.parse(Array(written)), theirs))
    }

    /// Whatever we take Foundation takes too; we refuse more, never less.
    @Test(arguments: 0..<300)
    func `damaged text that we take is taken by Foundation with the same meaning`(seed: Int) throws
    {
        var random = Seeded(seed)
        var bytes = JSON.array([Self.value(&random, depth: 0)]).bytes
        for _ in 0...random.below(3) {
            let at = random.below(bytes.count)
            switch random.below(3) {
            case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.remove(at: at)
            default: bytes.insert(random.pick(Array("{}[]\",:\\0-.eE".utf8)), at: at)
            }
            if bytes.isEmpty { return }
        }
        guard reason(bytes) == nil else { return }
        let ours = try JSON.parse(bytes)
        #expect(try JSON.parse(ours.bytes) == ours)
        _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    }
}
