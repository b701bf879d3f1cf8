import Files

/// An option of a command.
public struct Option: Sendable {
    public let name: String
    /// What stands after it, as help shows it (`CODE`); nil for one that is only there or not.
    public let value: String?
    public let isRequired: Bool
    public let repeats: Bool
    public let meaning: Phrase

    public static func flag(_ name: String, _ meaning: Phrase) -> Option {
        Option(name: name, value: nil, isRequired: false, repeats: false, meaning: meaning)
    }

    public static func value(
        _ name: String, _ value: String, required: Bool = false, repeats: Bool = false,
        _ meaning: Phrase
    ) -> Option {
        Option(
            name: name, value: value, isRequired: required, repeats: repeats, meaning: meaning)
    }
}

/// A command line that cannot be understood: exit code 2.
public struct UsageError: Error, Sendable, CustomStringConvertible {
    public let phrase: Phrase
    public init(_ phrase: Phrase) { self.phrase = phrase }
    public var description: String { phrase.english }
}

/// What stands after a command's name, read by its manual.
public struct Arguments: Sendable {
    public let operands: [String]
    private let values: [String: [String]]
    /// `--help` or `-h` stands somewhere: nothing else counts then.
    public let wantsHelp: Bool

    /// `--name value`, `--name=value`, flags, and operands in any order; everything after `--` is
    /// an operand.
    public init(_ words: [String], _ manual: Manual) throws(UsageError) {
        let options = words.prefix { $0 != "--" }
        wantsHelp = options.contains("--help") || options.contains("-h")
        var operands: [String] = []
        var values: [String: [String]] = [:]
        guard !wantsHelp else {
            self.operands = []
            self.values = [:]
            return
        }
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].drop { $0 == "-" }
            guard word.hasPrefix("--"),
                let option = manual.options.first(where: { $0.name == name })
            else {
                let known = manual.options.map(\.name) + ["help"]
                throw UsageError(
                    .unknownOption(String(parts[0]), nearest(to: String(name), among: known)))
            }
            var value = parts.count == 2 ? String(parts[1]) : nil
            if option.value == nil {
                guard value == nil else { throw UsageError(.takesNoValue(option.name)) }
                value = ""
            } else if value == nil {
                guard let next = rest.first, !next.hasPrefix("--") else {
                    throw UsageError(.needsValue(option.name, option.value ?? ""))
                }
                rest.removeFirst()
                value = next
            }
            guard option.repeats || values[option.name] == nil else {
                throw UsageError(.standsTwice(option.name))
            }
            values[option.name, default: []].append(value ?? "")
        }
        self.operands = operands
        self.values = values
        try check(manual)
    }

    private func check(_ manual: Manual) throws(UsageError) {
        for option in manual.options where option.isRequired && values[option.name] == nil {
            throw UsageError(.isRequired(option.name, option.value ?? ""))
        }
        if operands.count < manual.operands.least {
            throw UsageError(.operandMissing(manual.operands.text))
        }
        if let most = manual.operands.most, operands.count > most {
            throw UsageError(.operandTooMany(operands[most]))
        }
    }

    public func has(_ name: String) -> Bool { values[name] != nil }
    public subscript(_ name: String) -> String? { values[name]?.first }
    public func all(_ name: String) -> [String] { values[name] ?? [] }

    /// A required option's value; the parser saw to it that there is one.
    public func required(_ name: String) throws(UsageError) -> String {
        guard let value = self[name], !value.isEmpty else {
            throw UsageError(.isRequired(name, ""))
        }
        return value
    }

    public func number(
        _ name: String, in range: ClosedRange<Int64>, default standard: Int64
    ) throws(UsageError) -> Int64 {
        guard let text = self[name] else { return standard }
        guard let number = Int64(text), range.contains(number) else {
            throw UsageError(.notANumber(name, range.lowerBound, range.upperBound))
        }
        return number
    }

    public func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws(UsageError) -> Choice? where Choice.RawValue == String {
        guard let text = self[name] else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map(\.rawValue)
        throw UsageError(
            .notAChoice(name, text, known: known, nearest: nearest(to: text, among: known)))
    }
}

/// The known name that may be meant, judged as misspelled columns are.
public func nearest(to name: String, among names: [String]) -> String? {
    do {
        _ = try Columns([name], required: [], optional: names)
        return name
    } catch {
        guard case .unknown(_, let suggestion)? = error.problems.first else { return nil }
        return suggestion
    }
}
