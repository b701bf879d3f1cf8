import Commands
import Testing

@testable import Words

private func isCyrillic(_ text: String) -> Bool {
    text.unicodeScalars.contains { (0x400...0x4FF).contains($0.value) }
}

private func isLatin(_ text: String) -> Bool {
    text.utf8.contains { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
}

/// The gaps of a text, without the forms of words that go with them.
private func gaps(_ text: String) -> Set<String> {
    Set(
        text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map { part in
            String(part.prefix { $0 != "}" && $0 != "|" })
        })
}

@Suite struct `The catalogue and the sources` {
    static let groups = Set(Words.keys.map { String($0.prefix { $0 != "." }) })
    static let used = UsedKeys(SwiftText.product, groups: groups)

    /// What looks like a key and is none: a scope of tokens, and a page by its name in metrics.
    static let foreign: Set<String> = ["accounts.read", "register.code"]
    static let files = [".json", ".csv", ".pdf"]

    private static func isKey(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1 && groups.contains(String(parts[0]))
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
                            || isLatin(String(decoding: [byte], as: UTF8.self))
                    }
            }
    }

    @Test func `no text is unused`() {
        for key in Words.keys {
            let isUsed = Self.used.has(key)
            #expect(isUsed, "\(key) is used nowhere")
        }
    }

    @Test func `every key that a source names stands in the catalogue`() {
        var count = 0
        for source in SwiftText.product {
            for literal in source.literals {
                guard let key = literal.whole, Self.isKey(key),
                    UsedKeys.speaking.contains(source.room) || key.hasPrefix("shape."),
                    !Self.foreign.contains(key), !Self.files.contains(where: key.hasSuffix)
                else { continue }
                count += 1
                #expect(Words.catalogue[key] != nil, "\(source.path) names \(key)")
            }
        }
        #expect(count > 1_000)
    }

    @Test func `what is given to words by name is a key`() {
        for source in SwiftText.product where UsedKeys.speaking.contains(source.room) {
            for literal in source.literals {
                guard let key = literal.whole else { continue }
                let before = source.before(literal)
                guard before.hasSuffix("words(") || before.hasSuffix("Words.text(") else {
                    continue
                }
                #expect(Words.catalogue[key] != nil, "\(source.path) asks for \(key)")
            }
        }
    }

    @Test func `every key that is put together may be one of the catalogue`() {
        #expect(Self.used.vain(Words.keys).isEmpty)
    }

    @Test func `a text is given the values that it has gaps for and no others`() {
        var count = 0
        for source in SwiftText.product where UsedKeys.speaking.contains(source.room) {
            for literal in source.literals {
                guard let key = literal.whole, let entry = Words.catalogue[key] else { continue }
                let before = source.before(literal)
                guard before.hasSuffix("words(") || before.hasSuffix("text(") else { continue }
                let call = source.rest(of: literal)
                // Values that were put together before are not seen here.
                if call.text.hasSuffix("values") { continue }
                count += 1
                #expect(gaps(entry.ru) == call.keys, "\(source.path): \(key)")
            }
        }
        #expect(count > 500)
    }

    /// What is read and not said: addresses in Russian, and a browser by its name.
    static let read: Set<String> = [", кв. ", "кв.", "Яндекс Браузер"]

    @Test(arguments: ["Portal", "Bills", "Workers", "Markup", "HTTP", "Store", "Access"])
    func `what people read stands in the catalogue`(room: String) {
        for source in SwiftText.product where source.room == room {
            for literal in source.literals {
                for part in literal.parts where !Self.read.contains(part) {
                    #expect(!isCyrillic(part), "\(source.path): \(part)")
                }
            }
        }
    }

    /// Names of languages, what is the same in both, and a file's ending.
    static let same: Set<String> = [
        "page.language.en", "outbox.message", "register.T3.2", "login.email", "print.file",
    ]

    @Test func `Russian texts are Russian`() {
        for (key, entry) in Words.catalogue where !Self.same.contains(key) {
            let words = entry.ru.split(separator: "{", omittingEmptySubsequences: false)
                .enumerated().map { index, part in
                    // The name of a gap is no word; the forms that go with it are.
                    index == 0 ? part : part.drop { $0 != "|" && $0 != "}" }
                }.joined()
            #expect(isCyrillic(words) || !isLatin(words), "\(key): \(entry.ru)")
        }
    }

    @Test func `braces are closed and gaps have names`() {
        for (key, entry) in Words.catalogue {
            for language in Language.allCases {
                let text = entry[language]
                #expect(
                    text.split(separator: "{", omittingEmptySubsequences: false).dropFirst()
                        .allSatisfy { $0.contains("}") }, "\(key)")
                for gap in gaps(text) {
                    #expect(
                        !gap.isEmpty && gap.allSatisfy { $0 == "_" || $0.isASCII && $0.isLetter },
                        "\(key): {\(gap)}")
                }
            }
        }
    }

    @Test func `no text begins or ends with a space or has two of them`() {
        for (key, entry) in Words.catalogue {
            for language in Language.allCases {
                let text = entry[language]
                #expect(!text.hasPrefix(" ") && !text.hasSuffix(" "), "\(key)")
                #expect(!text.contains("  "), "\(key)")
            }
        }
    }
}

/// What operators read at a terminal stands beside what it is about, as `Phrase(russian, english)`.
@Suite struct `The texts of the command line` {
    private static let phrases = SwiftText.product.flatMap { source in
        source.calls(of: "Phrase").map { (source.path, $0) }
    }

    private static func said(_ argument: [SwiftText.Literal]) -> String {
        argument.map { $0.parts.joined(separator: " ") }.joined()
    }

    /// The values put in, whatever the languages call the same thing and say within it.
    private static func values(_ argument: [SwiftText.Literal]) -> Set<String> {
        Set(
            argument.flatMap(\.values).map { value in
                var plain = ""
                var isText = false
                for character in value {
                    if character == "\"" { isText.toggle() }
                    if !isText { plain.append(character) }
                }
                for word in ["russian", "Russian", "english", "English"] {
                    plain = plain.replacing(word, with: "")
                }
                return plain
            })
    }

    @Test func `are Russian in Russian and English in English`() {
        var count = 0
        for (path, call) in Self.phrases where call.arguments.contains(where: { !$0.isEmpty }) {
            guard call.arguments.count == 2 else {
                Issue.record("\(path): \(call.text)")
                continue
            }
            let (russian, english) = (Self.said(call.arguments[0]), Self.said(call.arguments[1]))
            count += 1
            #expect(
                isCyrillic(russian) || russian == english || !isLatin(russian),
                "\(path): \(russian)")
            #expect(!isCyrillic(english), "\(path): \(english)")
            // What is no text here is one elsewhere: the name of a column, say.
            #expect(
                russian.isEmpty == english.isEmpty || call.arguments.contains(where: \.isEmpty),
                "\(path): \(call.text)")
        }
        #expect(count > 600)
    }

    @Test func `have the same values in both languages`() {
        for (path, call) in Self.phrases where call.arguments.count == 2 {
            #expect(
                Self.values(call.arguments[0]) == Self.values(call.arguments[1]),
                "\(path): \(call.text.prefix(200))")
        }
    }

    @Test func `are all used`() {
        // Elsewhere than in their own files they are named behind a dot; what is named without one there is something else.
        let own = SwiftText.product.filter {
            $0.room == "Operations" && $0.path.hasSuffix("Texts.swift")
        }
        var dotted: [String: Int] = [:]
        var bare: [String: Int] = [:]
        for source in SwiftText.product { source.names(dotted: true, &dotted) }
        for source in own { source.names(dotted: false, &bare) }
        let declared = /static (?:let|func) (\w+)/
        var count: [String: Int] = [:]
        for line in own.flatMap(\.lines) {
            guard let match = line.firstMatch(of: declared) else { continue }
            count[String(match.1), default: 0] += 1
        }
        for (name, times) in count {
            let isUsed = dotted[name] != nil || bare[name, default: 0] > times
            #expect(isUsed, "\(name) is used nowhere")
        }
        #expect(count.count > 400)
    }
}

/// A scan that finds nothing says that all is well: here it has something to find.
@Suite struct `The scan of sources` {
    private static let sample = SwiftText(
        #"""
        // words("page.commented")
        /* words("page.commented_too") */
        enum State: String {
            case open, closed = "shut"
        }
        let title = words("page.named", ["name": person, "n": isOne ? "1" : "2"])
        let state = words("state.\(state.rawValue).text")
        let nested = "\(words("page.nested", ["of": count])) \(more.map { "(\($0))" })"
        let raw = #"a "raw" \(page.none) text"#
        let long = """
            Два "слова" \(count)
            """
        let phrase = Phrase("Русский \(name)", isNew ? "English \(name)" : "Other")
        static let table = ["page.meant": .init("Да", "Yes")]
        let bare = words("page.bare", language)
        """#, path: "/x/Sources/Portal/Sample.swift")

    @Test func `finds texts, those within others too, and no comments`() {
        let wholes = Self.sample.literals.compactMap(\.whole)
        for text in ["page.named", "page.nested", "page.meant", "Other", "shut"] {
            #expect(wholes.contains(text), "\(text)")
        }
        #expect(!wholes.contains { $0.contains("commented") })
        #expect(wholes.contains(#"a "raw" \(page.none) text"#))
        let state = Self.sample.literals.first { $0.parts == ["state.", ".text"] }
        #expect(state?.values == ["state.rawValue"])
        #expect(Self.sample.literals.contains { $0.parts.first?.contains("Два \"слова\"") == true })
        #expect(Self.sample.room == "Portal")
        #expect(Self.sample.cases == ["open", "closed", "shut"])
    }

    @Test func `finds what a text is given`() throws {
        let named = try #require(Self.sample.literals.first { $0.whole == "page.named" })
        #expect(Self.sample.before(named).hasSuffix("words("))
        #expect(Self.sample.rest(of: named).keys == ["name", "n"])
        let nested = try #require(Self.sample.literals.first { $0.whole == "page.nested" })
        #expect(Self.sample.rest(of: nested).keys == ["of"])
        let bare = try #require(Self.sample.literals.first { $0.whole == "page.bare" })
        #expect(Self.sample.rest(of: bare).keys.isEmpty)
        let phrases = Self.sample.calls(of: "Phrase")
        #expect(phrases.count == 1)
        #expect(phrases.first?.arguments.map(\.count) == [1, 2])
        #expect(phrases.first?.arguments[0].first?.values == ["name"])
    }

    @Test func `tells used keys from unused ones`() {
        let used = UsedKeys([Self.sample], groups: ["page", "state"])
        for key in [
            "page.named", "page.nested", "page.bare", "state.open.text", "state.shut.text",
        ] {
            #expect(used.has(key), "\(key)")
        }
        // Of a piece that stands nowhere, of another shape, in a comment, or only where it is said what it means.
        for key in [
            "state.gone.text", "state.open", "state.open.title", "page.commented", "page.meant",
            "page.unknown",
        ] {
            #expect(!used.has(key), "\(key)")
        }
        #expect(used.vain(["page.named"]) == [["state.", ".text"]])
        #expect(used.vain(["state.any.text"]).isEmpty)
    }

    @Test func `fills gaps in every way`() {
        let found = UsedKeys.fillings(["a.", ".", ""], "a.b.c.d")
        #expect(found.count == 2)
        #expect(found.contains(["b", "c.d"]) && found.contains(["b.c", "d"]))
        #expect(UsedKeys.fillings(["a.", ""], "a.").isEmpty)
        #expect(UsedKeys.fillings(["b.", ""], "a.b").isEmpty)
    }
}

/// Numbers, sums, dates and words that go with numbers, as each language has them.
@Suite struct `Each language` {
    @Test(arguments: [
        (0, "0,00\u{A0}₽", "0.00\u{A0}₽"), (5, "0,05\u{A0}₽", "0.05\u{A0}₽"),
        (-5, "\u{2212}0,05\u{A0}₽", "\u{2212}0.05\u{A0}₽"),
        (100_000, "1\u{202F}000,00\u{A0}₽", "1,000.00\u{A0}₽"),
        (123_456_789, "1\u{202F}234\u{202F}567,89\u{A0}₽", "1,234,567.89\u{A0}₽"),
        (-99_999, "\u{2212}999,99\u{A0}₽", "\u{2212}999.99\u{A0}₽"),
    ])
    func `writes sums with two decimals and its own marks`(
        _ kopecks: Int64, _ ru: String, _ en: String
    ) {
        #expect(Words.money(Money(kopecks: kopecks), .ru) == ru)
        #expect(Words.money(Money(kopecks: kopecks), .en) == en)
        #expect(Words.amount(Money(kopecks: kopecks), .ru) + "\u{A0}₽" == ru)
    }

    @Test(arguments: [
        ("2026-01-01", "01.01.2026", "1 Jan 2026"), ("2026-05-31", "31.05.2026", "31 May 2026"),
        ("2024-02-29", "29.02.2024", "29 Feb 2024"), ("2026-12-09", "09.12.2026", "9 Dec 2026"),
    ])
    func `writes dates in its own order`(_ day: String, _ ru: String, _ en: String) throws {
        let day = try #require(Day(day))
        #expect(Words.date(day, .ru) == ru)
        #expect(Words.date(day, .en) == en)
    }

    @Test func `has twelve months of its own, each in full and short`() {
        for language in Language.allCases {
            let months = (0..<12).map { Month(number: Int32(2026 * 12 + $0)) }
            let names = months.map { Words.month($0, language) }
            let short = months.map { Words.shortMonth($0, language) }
            #expect(Set(names).count == 12 && Set(short).count == 12)
            for (name, short) in zip(names, short) {
                #expect(name.hasSuffix(" 2026"))
                #expect(isCyrillic(name) == (language == .ru))
                #expect(isCyrillic(short) == (language == .ru))
            }
        }
    }

    /// All texts with forms of words, with numbers that take each form.
    @Test func `chooses a form for every number in every text`() {
        for (key, entry) in Words.catalogue {
            for language in Language.allCases where entry[language].contains("|") {
                let names = gaps(entry[language])
                var seen: Set<String> = []
                for number in ["0", "1", "2", "5", "11", "21", "22", "25", "111", "1000001"] {
                    let values = Dictionary(uniqueKeysWithValues: names.map { ($0, number) })
                    let text = Words.text(key, language, values)
                    #expect(!text.contains { "|{}".contains($0) }, "\(key): \(text)")
                    seen.insert(text.replacing(number, with: ""))
                }
                #expect(seen.count > 1, "\(key) says the same of every number")
            }
        }
    }
}
