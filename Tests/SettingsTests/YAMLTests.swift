import Settings
import Testing

/// The problems of what must not be read.
func problems(_ body: () throws -> Void) -> [String] {
    do {
        try body()
        return []
    } catch let error as SettingsError {
        return error.problems.map(\.description)
    } catch {
        return ["another error: \(error)"]
    }
}

struct YAMLTests {
    @Test func `a tree keeps order lines and quotes`() throws {
        let node = try YAML.parse("b: 1\na:\n  - x\n  - \"2\"\nc: {d: ~}\n")
        guard case .mapping(let entries) = node.value else {
            Issue.record("no mapping")
            return
        }
        #expect(entries.map(\.key) == ["b", "a", "c"])
        #expect(entries.map(\.line) == [1, 2, 5])
        #expect(node["b"]?.value == .scalar("1", isQuoted: false))
        #expect(
            node["a"]?.value
                == .sequence([
                    YAML.Node(.scalar("x", isQuoted: false), line: 3, column: 5),
                    YAML.Node(.scalar("2", isQuoted: true), line: 4, column: 5),
                ]))
        #expect(node["c"]?["d"]?.isNull == true)
    }

    @Test func `an empty file is an empty mapping`() throws {
        for text in ["", "\n# nothing\n", "\u{FEFF}", "---\n...\n"] {
            let node = try YAML.parse(text)
            #expect(node.isNull || node.value == .mapping([]))
        }
    }

    @Test func `the mark of UTF-8 is passed over`() throws {
        #expect(try YAML.parse("\u{FEFF}a: 1")["a"] != nil)
    }

    @Test(arguments: [
        ("a: 1\nb: 2\na: 3", "line 3: the key \"a\" stands on line 1 already"),
        ("a: &x 1\nb: 2", "line 1: anchors"),
        ("a: 1\nb: *x", "line 2: aliases"),
        ("a: !!str 1", "line 1: tags"),
        ("a: 1\n---\nb: 2", "line 2: only one document"),
        ("a: [1\nb: 2", "line 2: while parsing a flow sequence"),
        ("a: 1\n\tb: 2", "line 2: "),
        ("? [a]\n: 1", "line 1: a key must be a plain word"),
        ("a: 1\nb: \u{1}", "line 2: the file is not UTF-8 text"),
    ])
    func `what settings do not need is refused with its line`(_ text: String, _ start: String) {
        let found = problems { _ = try YAML.parse(text) }
        #expect(found.count == 1 && found[0].hasPrefix(start), "\(found)")
    }

    @Test func `depth and size are limited`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try YAML.parse(nested(YAML.deepest))
        #expect(
            problems { _ = try YAML.parse(nested(YAML.deepest + 1)) }
                == ["line 1: more than 32 levels of nesting"])
        #expect(problems { _ = try YAML.parse(nested(100_000)) }.count == 1)
        let long = "a: \"" + String(repeating: "x", count: YAML.longest) + "\""
        #expect(
            problems { _ = try YAML.parse(long) } == ["line 1: the file is longer than 1024 KiB"])
    }

    @Test func `bytes that are no UTF-8 are refused with their line`() {
        for bad: [UInt8] in [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xD0]] {
            let found = problems { _ = try YAML.parse(Array("a: 1\nb: ".utf8) + bad) }
            #expect(found.count == 1 && found[0].hasPrefix("line 2: "), "\(found)")
        }
        #expect(problems { _ = try YAML.parse([0xFF, 0xFE, 0x61, 0x00]) }.count == 1)
    }

    @Test func `garbage is refused or read and never worse`() {
        var state: UInt64 = 3
        let letters = Array("ab:-[]{},&*!|>'\"%@`#?~ \n\t".utf8) + [0, 0xD0, 0x96, 0xFF]
        for _ in 0..<3_000 {
            let bytes = (0..<24).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return letters[Int(state >> 33) % letters.count]
            }
            let found = problems { _ = try YAML.parse(bytes) }
            #expect(found.count <= 1)
            #expect(found.allSatisfy { $0.hasPrefix("line ") })
        }
    }
}

struct ReaderTests {
    private func reader(_ text: String) throws -> Reader { Reader(try YAML.parse(text)) }

    @Test func `good values are read`() throws {
        let reader = try reader(
            """
            name: Ель
            lanes: 32
            on: true
            factor: 1.5
            timeout: 250ms
            rate: 600/m
            kinds: [a, "b"]
            mode: delivery
            inner: {x: 1}
            items:
              - {n: 1}
              - {n: 2}
            words: {hello: привет}
            """)
        #expect(reader.string("name") == "Ель")
        #expect(reader.int("lanes", in: 1...1024, default: 16) == 32)
        #expect(reader.int("absent", in: 1...9, default: 7) == 7)
        #expect(reader.bool("on"))
        #expect(reader.hundredths("factor", in: 100...1000) == 150)
        #expect(reader.duration("timeout") == 250)
        #expect(reader.rate("rate") == Rate(count: 600, seconds: 60))
        #expect(reader.strings("kinds") == ["a", "b"])
        #expect(reader.choice("mode", ["decide", "delivery"]) == "delivery")
        #expect(reader.section("inner")?.int("x", in: 0...9) == 1)
        #expect(reader.items("items").map { $0.int("n", in: 0...9) } == [1, 2])
        #expect(reader.texts("words").map(\.text) == ["привет"])
        #expect(reader.section("none") == nil && reader.optionalString("nil") == nil)
        try reader.finish()
    }

    @Test func `everything wrong is told at once with its line`() throws {
        let reader = try reader(
            """
            lane: 4
            batch: many
            timeout: 10
            mode: delivry
            kinds: x
            inner:
              deep: "5"
              wrong: 1
            list: [a, {b: c}]
            """)
        _ = reader.int("lanes", in: 1...1024, default: 16)
        _ = reader.int("batch", in: 1...5000)
        _ = reader.duration("timeout", in: 1...60_000)
        _ = reader.choice("mode", ["decide", "delivery"])
        _ = reader.strings("kinds")
        _ = reader.string("name")
        _ = reader.section("inner")?.int("deep", in: 0...9)
        _ = reader.strings("list")
        let found = problems { try reader.finish() }
        #expect(
            found == [
                "line 1: name: is required",
                "line 1: unknown key \"lane\"; did you mean \"lanes\"?",
                "line 2: batch: expected a whole number from 1 to 5000, found \"many\"",
                "line 3: timeout: expected a length of time such as 250ms, 10s, 5m, 2h or 7d,"
                    + " from 1ms to 1m, found \"10\"",
                "line 4: mode: expected one of decide, delivery, found \"delivry\";"
                    + " did you mean \"delivery\"?",
                "line 5: kinds: expected a list",
                "line 7: inner.deep: expected a whole number from 0 to 9,"
                    + " found the quoted text \"5\"",
                "line 8: inner: unknown key \"wrong\"",
                "line 9: list[1]: expected a text",
            ])
    }

    @Test func `shapes that do not fit are told`() throws {
        #expect(
            problems { try reader("[1]").finish() } == ["line 1: expected keys and values"])
        let wrong = try reader("a: 1\nb: [x]\nc: {d: e}")
        _ = wrong.section("a")
        _ = wrong.string("b")
        _ = wrong.items("c")
        _ = wrong.requiredSection("d")
        #expect(
            problems { try wrong.finish() } == [
                "line 1: a: expected keys and values", "line 1: d: is required",
                "line 2: b: expected a text", "line 3: c: expected a list",
            ])
    }

    @Test func `lengths of time are read and written back`() {
        let good = [
            ("250ms", 250), ("10s", 10_000), ("5m", 300_000), ("2h", 7_200_000),
            ("7d", 604_800_000), ("0s", 0),
        ]
        for (text, milliseconds) in good { #expect(Reader.milliseconds(text) == milliseconds) }
        for text in ["", "s", "10", "-1s", "1.5s", "1 s", "10S", "99999999999999999999d", "٣s"] {
            #expect(Reader.milliseconds(text) == nil, "\(text)")
        }
        #expect(Reader.milliseconds("9223372036854775807d") == nil)
        for milliseconds in [0, 1, 999, 1_000, 1_500, 60_000, 90_000, 86_400_000] {
            let text = Reader.text(milliseconds: milliseconds)
            #expect(Reader.milliseconds(text) == milliseconds, "\(text)")
        }
    }

    @Test func `rates are read and written back`() {
        for text in ["10/s", "600/m", "1000/h"] { #expect(Rate(text)?.description == text) }
        for text in ["", "10", "/s", "0/s", "-1/s", "1/d", "1/s/s", "9999999999/s"] {
            #expect(Rate(text) == nil)
        }
    }
}
