public import Words

/// What a command of `kabinet` takes: read by the parser, shown by `--help`, held together by a
/// test.
public struct Manual: Sendable {
    /// What stands after the options.
    public struct Operands: Sendable {
        public let text: String
        public let least: Int
        public let most: Int?

        public static let none = Operands(text: "", least: 0, most: 0)
        public static func one(_ text: String) -> Operands {
            Operands(text: text, least: 1, most: 1)
        }
        public static func some(_ text: String) -> Operands {
            Operands(text: text, least: 1, most: nil)
        }
        public static func any(_ text: String) -> Operands {
            Operands(text: text, least: 0, most: nil)
        }
    }

    public let path: [String]
    public let summary: Phrase
    public let operands: Operands
    public let options: [Option]
    public let notes: Phrase?
    /// Without `kabinet` before them.
    public let examples: [String]

    public init(
        _ path: String, _ summary: Phrase, _ operands: Operands = .none, options: [Option] = [],
        notes: Phrase? = nil, examples: [String]
    ) {
        self.path = path.split(separator: " ").map(String.init)
        self.summary = summary
        self.operands = operands
        self.options = options
        self.notes = notes
        self.examples = examples
    }

    public var name: String { path.joined(separator: " ") }

    public func help(_ language: Language) -> String {
        var text = "\(summary.text(language))\n\n"
        let required = options.filter(\.isRequired).map { " --\($0.name) \($0.value ?? "")" }
        let isMore = options.contains { !$0.isRequired }
        text += Phrase.usage.text(language) + ": kabinet \(name)"
        text += (operands.text.isEmpty ? "" : " " + operands.text) + required.joined()
        text += (isMore ? " [\(Phrase.optionsWord.text(language))]" : "") + "\n\n"
        let rows =
            options.map { option -> (String, String) in
                var left = "--\(option.name)" + (option.value.map { " \($0)" } ?? "")
                if option.repeats { left += " …" }
                let mark = option.isRequired ? " (\(Phrase.requiredWord.text(language)))" : ""
                return (left, option.meaning.text(language) + mark)
            } + [("--help", Phrase.helpMeaning.text(language))]
        let width = min(30, rows.map(\.0.count).max() ?? 0)
        for (left, right) in rows { text += "  \(padded(left, width))  \(right)\n" }
        if let notes { text += "\n\(notes.text(language))\n" }
        text += "\n\(Phrase.examplesWord.text(language)):\n"
        for example in examples { text += "  kabinet \(example)\n" }
        return text
    }

    /// All commands in one page. `prefix` narrows it to a group: `import`.
    public static func overview(
        _ manuals: [Manual], prefix: String? = nil, _ language: Language
    ) -> String {
        let shown = manuals.filter { prefix == nil || $0.path.first == prefix }
        var text = prefix == nil ? "\(Phrase.product.text(language))\n\n" : ""
        text += Phrase.usage.text(language) + ": kabinet "
        text += (prefix.map { "\($0) " } ?? "") + Phrase.commandWord.text(language) + "\n\n"
        let width = shown.map(\.name.count).max() ?? 0
        for manual in shown {
            text += "  \(padded(manual.name, width))  \(manual.summary.text(language))\n"
        }
        text += "\n\(Phrase.exitCodes.text(language))\n\(Phrase.helpHint.text(language))\n"
        return text
    }
}

private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}
