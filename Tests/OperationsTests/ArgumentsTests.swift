import Commands
import Operations
import Testing
import Words

@Suite struct `The command line` {
    private let manual = Manual(
        "thing make", Phrase("", ""), .some("FILE…"),
        options: [
            .value("organization", "CODE", required: true, Phrase("", "")),
            .value("value", "T1=N", repeats: true, Phrase("", "")),
            .value("limit", "N", Phrase("", "")), .flag("dry-run", Phrase("", "")),
        ], examples: ["thing make a"])

    private func parse(_ line: String) throws -> Arguments {
        try Arguments(line.split(separator: " ").map(String.init), manual)
    }

    private func problem(_ line: String) -> String {
        do {
            _ = try parse(line)
            return "understood"
        } catch {
            return "\(error)"
        }
    }

    @Test func `takes options and operands in any order, with a space or with =`() throws {
        let arguments = try parse("a --organization srkc b --limit=5 --dry-run")
        #expect(arguments.operands == ["a", "b"])
        #expect(arguments["organization"] == "srkc")
        #expect(arguments["limit"] == "5")
        #expect(arguments.has("dry-run"))
        #expect(!arguments.has("value"))
    }

    @Test func `repeats only what may be repeated`() throws {
        let arguments = try parse("a --organization x --value T1=1 --value T2=2")
        #expect(arguments.all("value") == ["T1=1", "T2=2"])
        #expect(problem("a --organization x --limit 1 --limit 2") == "--limit stands twice")
    }

    @Test func `takes everything after two dashes for operands`() throws {
        let arguments = try parse("--organization x -- --dry-run -h")
        #expect(arguments.operands == ["--dry-run", "-h"])
        #expect(!arguments.has("dry-run"))
        #expect(!arguments.wantsHelp)
    }

    @Test func `takes negative numbers as values`() throws {
        #expect(try parse("a --organization x --limit -3")["limit"] == "-3")
    }

    @Test(arguments: [
        ("a --organization x --dry-rum", "unknown option --dry-rum; did you mean --dry-run?"),
        ("a --organization x --zzzzzzzz", "unknown option --zzzzzzzz"),
        ("a --organization x -d", "unknown option -d"),
        ("a --organization", "--organization needs a value: CODE"),
        ("a --organization --dry-run", "--organization needs a value: CODE"),
        ("a --organization x --dry-run=1", "--dry-run takes no value"),
        ("a", "--organization CODE is required"), ("--organization x", "missing: FILE…"),
    ])
    func `says what it did not understand`(_ line: String, _ expected: String) {
        #expect(problem(line) == expected)
    }

    @Test func `asks for nothing else when help is wanted`() throws {
        #expect(try parse("--help").wantsHelp)
        #expect(try parse("--nonsense -h").wantsHelp)
    }

    @Test func `reads numbers and choices within their bounds`() throws {
        let arguments = try parse("a --organization x --limit 12")
        #expect(try arguments.number("limit", in: 1...20, default: 5) == 12)
        #expect(throws: UsageError.self) {
            try arguments.number("limit", in: 1...10, default: 5)
        }
        #expect(try parse("a --organization x").number("limit", in: 1...10, default: 5) == 5)
        #expect(
            try parse("a --organization readings").choice("organization", ImportRows.What.self)
                == .readings)
        #expect(throws: UsageError.self) {
            try parse("a --organization raedings").choice("organization", ImportRows.What.self)
        }
    }
}

@Suite struct `Help` {
    private let manuals = Manual.services + Manual.operators

    @Test(arguments: [Language.ru, .en])
    func `of every command names its options, required ones marked, and gives an example`(
        _ language: Language
    ) {
        for manual in manuals {
            let help = manual.help(language)
            #expect(help.contains("kabinet \(manual.name)"))
            #expect(help.contains("--help"))
            #expect(!manual.examples.isEmpty, "\(manual.name)")
            for option in manual.options {
                #expect(help.contains("--\(option.name)"), "\(manual.name) \(option.name)")
                #expect(!option.meaning.text(language).isEmpty, "\(manual.name) \(option.name)")
            }
        }
    }

    @Test func `examples are understood by their own commands`() throws {
        for manual in manuals {
            for example in manual.examples {
                let words = Self.words(example)
                #expect(Array(words.prefix(manual.path.count)) == manual.path)
                _ = try Arguments(Array(words.dropFirst(manual.path.count)), manual)
            }
        }
    }

    @Test func `examples of typed commands have the shape of their commands`() throws {
        let kinds: [String: Command.Kind] = [
            "account open": .openAccount, "account change": .changeAccount,
            "account close": .closeAccount, "meter install": .installMeter,
            "meter remove": .removeMeter, "meter replace": .replaceMeter,
            "meter change": .changeMeter, "window extend": .extendWindow,
            "window set": .setWindow,
        ]
        for (name, kind) in kinds {
            let manual = try #require(manuals.first { $0.name == name })
            for example in manual.examples {
                let arguments = try Arguments(Array(Self.words(example).dropFirst(2)), manual)
                _ = try Command(kind, try Member.json(kind, arguments))
            }
        }
    }

    @Test func `of an import of the law says that it counts for all organizations`() throws {
        for what in ImportRows.What.allCases {
            let manual = try #require(manuals.first { $0.name == "import \(what.rawValue)" })
            let isOfAll = what == .keyRates || what == .workdays
            #expect(manual.help(.en).contains("ALL organizations") == isOfAll, "\(what.rawValue)")
            #expect(manual.help(.ru).contains("ВСЕХ организаций") == isOfAll, "\(what.rawValue)")
        }
    }

    @Test func `of the whole names every command once`() {
        let overview = Manual.overview(manuals, .en)
        for manual in manuals { #expect(overview.contains("  \(manual.name) ")) }
        #expect(Set(manuals.map(\.name)).count == manuals.count)
    }

    @Test(arguments: [Language.ru, .en])
    func `says what exit codes mean, and of a month that not all of it may be charged`(
        _ language: Language
    ) throws {
        let overview = Manual.overview(manuals, language)
        for code in 0...3 { #expect(overview.contains("\(code) ")) }
        for (name, isTold) in [
            ("period preview", true), ("period close", true), ("period open", false),
        ] {
            let manual = try #require(manuals.first { $0.name == name })
            let help = manual.help(language)
            #expect((help.contains("Код выхода 3") || help.contains("Exits with 3")) == isTold)
        }
    }

    @Test func `of an import prints its header and a sample that the importer takes`() throws {
        for what in ImportRows.What.allCases {
            let manual = try #require(manuals.first { $0.name == "import \(what.rawValue)" })
            let help = manual.help(.en)
            let header = what.columns.joined(separator: ";")
            #expect(help.contains(header))
            #expect(help.contains(what.sample))
            var reader = try ImportReader(bytes: Array("\(header)\n\(what.sample)\n".utf8), what)
            #expect(reader.next()?.staged?.fields.count == what.columns.count)
        }
    }

    @Test(arguments: [Language.ru, .en])
    func `of an import says of every column what it is, and which values are taken`(
        _ language: Language
    ) throws {
        for what in ImportRows.What.allCases {
            let manual = try #require(manuals.first { $0.name == "import \(what.rawValue)" })
            let lines = manual.help(language).split(separator: "\n")
            for column in what.columns {
                let told = lines.first { $0.hasPrefix("  \(column): ") } ?? ""
                #expect(told.count > column.count + 6, "\(what.rawValue) \(column)")
            }
            for sample in what.moreSamples { #expect(lines.contains("  \(sample)"), "\(sample)") }
        }
        let kinds = try #require(manuals.first { $0.name == "import charge-kinds" }).help(language)
        let taken = [
            ChargeBasis.allCases.map(\.rawValue), ChargeUnit.allCases.map(\.rawValue),
            Service.allCases.map(\.rawValue), ["housing", "capital_repair"],
        ]
        for value in taken.joined() { #expect(kinds.contains(value), "\(value)") }
    }

    @Test func `of an import has no sample that the rules of its rows refuse`() throws {
        for what in ImportRows.What.allCases where what.isReference {
            for sample in [what.sample] + what.moreSamples {
                var reader = try ImportReader(
                    bytes: Array("\(what.columns.joined(separator: ";"))\n\(sample)\n".utf8), what)
                let row = reader.next()
                let staged = try #require(row?.staged?.fields)
                var fields: [String: String] = [:]
                for (column, field) in zip(what.columns, staged) where !field.isEmpty {
                    fields[column] = field
                }
                #expect(throws: Never.self, "\(sample)") { try Reference.read(what, fields) }
            }
        }
    }

    private static func words(_ line: String) -> [String] {
        var words: [String] = [""]
        var isQuoted = false
        for character in line {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == " ", !isQuoted {
                words.append("")
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words
    }
}

@Suite struct `Typed commands` {
    private func json(_ kind: Command.Kind, _ words: [String]) throws -> JSON {
        let manual = Manual(
            "x", Phrase("", ""),
            options: Member.of(kind).map { member in
                .value(
                    Member.option(kind, at: "/\(member.key)").dropDashes, member.placeholder,
                    repeats: member.shape == .values, Phrase("", ""))
            }, examples: [])
        return try Member.json(kind, Arguments(words, manual))
    }

    @Test func `become the JSON of their kind`() throws {
        let found = try json(
            .replaceMeter,
            [
                "--account", "А-1", "--meter", "1", "--replaced-on", "2026-04-18", "--value",
                "T1=131,012", "--value", "T2=7", "--new-meter", "2", "--digits", "5",
                "--new-value", "T1=0",
            ])
        #expect(
            String(decoding: found.bytes, as: UTF8.self)
                == #"{"account":"А-1","meter":"1","replaced_on":"2026-04-18","#
                + #""values":{"T1":"131,012","T2":"7"},"new_meter":"2","digits":5,"#
                + #""new_values":{"T1":"0"}}"#)
    }

    @Test func `name the option in which something was mistyped`() {
        #expect(Member.option(.installMeter, at: "/installed_on") == "--installed-on")
        #expect(Member.option(.removeMeter, at: "/values/T1") == "--value")
        #expect(Member.option(.replaceMeter, at: "/new_values") == "--new-value")
    }

    @Test func `offer an option for every member of the account card and of a meter`() {
        let card = Set(Member.of(.openAccount).map(\.key))
        #expect(card == Set(AccountCard.keys))
        #expect(Set(Member.of(.installMeter).map(\.key)) == Set(InstallMeter.keys))
    }

    @Test(arguments: ["5,5", "x", "0", "-1", "1000000000001"])
    func `say within which bounds a number is`(_ text: String) throws {
        let body = try json(
            .postPayment,
            [
                "--account", "1", "--provider", "bank", "--number", "1", "--amount-kopecks", text,
                "--paid-on", "2026-04-18",
            ])
        #expect(throws: ShapeError("/amount_kopecks", "shape.integer", "1…1000000000000")) {
            try Command(.postPayment, body)
        }
    }

    @Test(arguments: ["T1", "=5", "T1="])
    func `refuse values that name no register or no number`(_ value: String) {
        #expect(throws: UsageError.self) {
            try json(.removeMeter, ["--value", value])
        }
    }
}

extension String {
    fileprivate var dropDashes: String { String(drop { $0 == "-" }) }
}

@Suite struct `What is said of a month` {
    @Test func `names what looks odd in words`() {
        let anomaly = JSON.object([
            "account": .string("626200012"), "what": .string("no_reading"),
            "service": .string("cold_water"), "meter": .string("12345684"), "months": .int(3),
        ])
        #expect(
            Phrase.anomaly(anomaly).russian
                == "626200012: нет показаний 3 мес., ХВС, № 12345684")
        for kind in Phrase.anomalyKinds {
            #expect(Phrase.anomalyKind(kind, 2).english != "\(kind): 2")
            #expect(Phrase.anomaly(.object(["what": .string(kind)])).english.first != "{")
        }
    }

    @Test func `tells what to import for what is missing`() {
        let missing = JSON.object([
            "account": .string("120"), "kind": .string(""), "month": .string("2026-04"),
            "what": .string("key_rate"), "of": .string("2026-04-17"),
        ])
        #expect(Phrase.problem(missing).russian == "120: 2026-04 (2026-04-17)")
        #expect(
            Phrase.problemReason(missing).russian
                == "нет ключевой ставки: kabinet import key-rates (2026-04-17)")
        for what in [
            "tariff", "norm", "multiplier", "area", "residents", "rooms", "service", "volume",
            "house", "range", "key_rate", "penalty_rule", "due_day", "charge_kind", "follows",
        ] {
            let words = Phrase.problemKind(what)
            #expect(words.english != what && words.russian != what)
            // Only who lacks a contract is sent to the contracts.
            #expect(words.english.contains("import contracts") == (what == "volume"))
        }
    }
}
