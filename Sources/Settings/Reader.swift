/// Reads values out of a YAML mapping and checks them. A wrong value is noted, a stand-in is
/// returned, and reading goes on, so that `finish` can tell everything at once:
///
///     let reader = Reader(try YAML.parse(bytes))
///     let lanes = reader.int("lanes", in: 1...1024, default: 16)
///     try reader.finish()
///
/// A value counts only after `finish` has not thrown. A key without a value is as good as absent.
public final class Reader {
    private final class Findings {
        var problems: [Problem] = []
        var readers: [Reader] = []
    }

    /// Where this mapping stands, such as `pools.readings`; empty for the root.
    public let path: String
    /// Its line, counted from 1.
    public let line: Int

    private let entries: [YAML.Entry]
    private let isMapping: Bool
    private let findings: Findings
    private var asked: [String] = []
    private var isOpen = false

    /// Begins to read a document.
    public convenience init(_ node: YAML.Node) { self.init(node, path: "", Findings()) }

    private init(_ node: YAML.Node, path: String, line: Int? = nil, _ findings: Findings) {
        self.path = path
        self.line = line ?? node.line
        self.findings = findings
        if case .mapping(let entries) = node.value {
            self.entries = entries
            isMapping = true
        } else {
            entries = []
            isMapping = node.isNull
        }
        findings.readers.append(self)
        if !isMapping { note(path: path, line: self.line, "expected keys and values") }
    }

    // MARK: Single values

    /// A text that is not empty. Without `default` it is required; a missing one reads as "".
    public func string(_ key: String, default value: String? = nil) -> String {
        optionalString(key) ?? value ?? missing(key, "")
    }

    /// A text that is not empty, or nil.
    public func optionalString(_ key: String) -> String? {
        read(key) { text, _ in
            text.isEmpty ? nil : text
        } expected: {
            "a text"
        }
    }

    /// A whole number in a range. Without `default` it is required.
    public func int(_ key: String, in range: ClosedRange<Int>, default value: Int? = nil) -> Int {
        optionalInt(key, in: range) ?? value ?? missing(key, range.lowerBound)
    }

    /// A whole number in a range, or nil.
    public func optionalInt(_ key: String, in range: ClosedRange<Int>) -> Int? {
        read(key) { text, isQuoted in
            guard !isQuoted, let number = Int(text), range.contains(number) else { return nil }
            return number
        } expected: {
            "a whole number from \(range.lowerBound) to \(range.upperBound)"
        }
    }

    /// `true` or `false`. Without `default` it is required.
    public func bool(_ key: String, default value: Bool? = nil) -> Bool {
        optionalBool(key) ?? value ?? missing(key, false)
    }

    /// `true` or `false`, or nil.
    public func optionalBool(_ key: String) -> Bool? {
        read(key) { text, isQuoted in
            isQuoted ? nil : text == "true" ? true : text == "false" ? false : nil
        } expected: {
            "true or false"
        }
    }

    /// A decimal number in hundredths: `1.5` reads as 150. At most two decimals.
    public func hundredths(
        _ key: String, in range: ClosedRange<Int>, default value: Int? = nil
    ) -> Int {
        let found = read(key) { text, isQuoted -> Int? in
            guard !isQuoted, let number = Reader.hundredths(text), range.contains(number) else {
                return nil
            }
            return number
        } expected: {
            "a number from \(Reader.text(hundredths: range.lowerBound))"
                + " to \(Reader.text(hundredths: range.upperBound)) with at most two decimals"
        }
        return found ?? value ?? missing(key, range.lowerBound)
    }

    /// A length of time such as `250ms`, `10s`, `5m`, `2h` or `7d`, in milliseconds, in a range of
    /// milliseconds. Without `default` it is required.
    public func duration(
        _ key: String, in range: ClosedRange<Int> = 0...Int.max, default value: Int? = nil
    ) -> Int {
        optionalDuration(key, in: range) ?? value ?? missing(key, range.lowerBound)
    }

    /// A length of time in milliseconds, or nil.
    public func optionalDuration(
        _ key: String, in range: ClosedRange<Int> = 0...Int.max
    ) -> Int? {
        read(key) { text, _ in
            guard let time = Reader.milliseconds(text), range.contains(time) else { return nil }
            return time
        } expected: {
            let form = "a length of time such as 250ms, 10s, 5m, 2h or 7d"
            if range == 0...Int.max { return form }
            let least = Reader.text(milliseconds: range.lowerBound)
            if range.upperBound == Int.max { return form + ", at least \(least)" }
            return form + ", from \(least) to \(Reader.text(milliseconds: range.upperBound))"
        }
    }

    /// A rate such as `10/s`, `600/m` or `1000/h`, or nil.
    public func rate(_ key: String) -> Rate? {
        read(key) { text, _ in
            Rate(text)
        } expected: {
            "a rate such as 10/s, 600/m or 1000/h"
        }
    }

    /// One of several words. Without `default` it is required.
    public func choice(_ key: String, _ words: [String], default value: String? = nil) -> String {
        optionalChoice(key, words) ?? value ?? missing(key, words.first ?? "")
    }

    /// One of several words, or nil.
    public func optionalChoice(_ key: String, _ words: [String]) -> String? {
        guard let (node, text) = scalar(key) else { return nil }
        if words.contains(text) { return text }
        note(
            path: path(key), line: node.line,
            "expected one of \(words.joined(separator: ", ")), found \"\(Reader.short(text))\""
                + suggestion(for: text, among: words))
        return nil
    }

    // MARK: Several values

    /// A list of texts that are not empty; an absent one is empty.
    public func strings(_ key: String) -> [String] {
        scalars(key).map(\.text)
    }

    /// A list of texts, each with its line.
    public func scalars(_ key: String) -> [(text: String, line: Int)] {
        sequence(key).enumerated().compactMap { index, item in
            if case .scalar(let text, _) = item.value, !text.isEmpty, !item.isNull {
                return (text, item.line)
            }
            note(path: "\(path(key))[\(index)]", line: item.line, "expected a text")
            return nil
        }
    }

    /// A list of mappings; an absent one is empty.
    public func items(_ key: String) -> [Reader] {
        sequence(key).enumerated().map { index, item in
            Reader(item, path: "\(path(key))[\(index)]", findings)
        }
    }

    /// The mapping under a key; nil when it is absent.
    public func section(_ key: String) -> Reader? {
        guard let entry = find(key) else { return nil }
        return Reader(entry.value, path: path(key), line: entry.line, findings)
    }

    /// The mapping under a key, which must be there; a missing one reads as empty.
    public func requiredSection(_ key: String) -> Reader {
        if let section = section(key) { return section }
        note(path: path(key), line: line, "is required")
        return Reader(YAML.Node(.mapping([]), line: line, column: 1), path: path(key), findings)
    }

    /// The mappings under a key by their names, as in `pools: {readings: {…}, codes: {…}}`, in the
    /// order of the file.
    public func sections(_ key: String) -> [(name: String, reader: Reader)] {
        guard let section = section(key) else { return [] }
        section.isOpen = true
        return section.entries.map { entry in
            let place = section.path(entry.key)
            return (entry.key, Reader(entry.value, path: place, line: entry.line, findings))
        }
    }

    /// The texts of a mapping whose keys are free, with their lines, in the order of the file.
    public func texts(_ key: String) -> [(name: String, text: String, line: Int)] {
        guard let section = section(key) else { return [] }
        section.isOpen = true
        return section.entries.compactMap { entry in
            section.scalar(entry.key).map { (entry.key, $0.text, entry.line) }
        }
    }

    /// The value of a key as it stands, for shapes that the other calls do not know; nil when
    /// absent.
    public func node(_ key: String) -> YAML.Node? { find(key)?.value }

    /// Whether the key is there with a value.
    public func has(_ key: String) -> Bool { find(key) != nil }

    // MARK: Problems

    /// Notes that something is wrong with a key, such as two values that do not go together.
    public func problem(_ key: String, _ text: String, line: Int? = nil) {
        let found = entries.first { $0.key == key }?.line
        note(path: path(key), line: line ?? found ?? self.line, text)
    }

    /// Ends the reading of the whole document, whichever reader of it is asked.
    /// - Throws: all problems, keys that nobody asked for included.
    public func finish() throws(SettingsError) {
        for reader in findings.readers where !reader.isOpen { reader.noteUnknownKeys() }
        findings.readers = []
        if findings.problems.isEmpty { return }
        let sorted = findings.problems.enumerated().sorted {
            ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
        }
        throw SettingsError(problems: sorted.map(\.element))
    }

    private func noteUnknownKeys() {
        for entry in entries where !asked.contains(entry.key) {
            let free = asked.filter { name in !entries.contains { $0.key == name } }
            note(
                path: path, line: entry.line,
                "unknown key \"\(Reader.short(entry.key))\""
                    + suggestion(for: entry.key, among: free.isEmpty ? asked : free))
        }
    }

    private func note(path: String, line: Int, _ text: String) {
        findings.problems.append(Problem(path: path, line: line, text: text))
    }

    private func missing<Value>(_ key: String, _ standIn: Value) -> Value {
        // A value that was there and wrong has its problem already.
        if isMapping, find(key) == nil { note(path: path(key), line: line, "is required") }
        return standIn
    }

    // MARK: Looking

    private func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private func find(_ key: String) -> YAML.Entry? {
        if !asked.contains(key) { asked.append(key) }
        guard let entry = entries.first(where: { $0.key == key }), !entry.value.isNull else {
            return nil
        }
        return entry
    }

    private func scalar(_ key: String) -> (node: YAML.Node, text: String)? {
        guard let node = find(key)?.value else { return nil }
        if case .scalar(let text, _) = node.value { return (node, text) }
        note(path: path(key), line: node.line, "expected a single value")
        return nil
    }

    private func sequence(_ key: String) -> [YAML.Node] {
        guard let node = find(key)?.value else { return [] }
        if case .sequence(let items) = node.value { return items }
        note(path: path(key), line: node.line, "expected a list")
        return []
    }

    private func read<Value>(
        _ key: String, _ parse: (String, _ isQuoted: Bool) -> Value?, expected: () -> String
    ) -> Value? {
        guard let node = find(key)?.value else { return nil }
        guard case .scalar(let text, let isQuoted) = node.value else {
            note(path: path(key), line: node.line, "expected \(expected())")
            return nil
        }
        if let value = parse(text, isQuoted) { return value }
        note(
            path: path(key), line: node.line,
            "expected \(expected()), found \(isQuoted ? "the quoted text " : "")"
                + "\"\(Reader.short(text))\"")
        return nil
    }

    private static func short(_ text: String) -> String {
        text.count > 60 ? text.prefix(60) + "…" : text
    }
}

/// So many in so much time, as an outside service allows.
public struct Rate: Equatable, Sendable, CustomStringConvertible {
    /// How many, 1 or more.
    public let count: Int
    /// In how many seconds: 1, 60 or 3,600.
    public let seconds: Int

    public init(count: Int, seconds: Int) {
        self.count = count
        self.seconds = seconds
    }

    /// Reads `10/s`, `600/m` or `1000/h`; nil when the text is nothing of the kind.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[0]), count > 0, count <= 1_000_000 else {
            return nil
        }
        switch parts[1] {
        case "s": self.init(count: count, seconds: 1)
        case "m": self.init(count: count, seconds: 60)
        case "h": self.init(count: count, seconds: 3_600)
        default: return nil
        }
    }

    public var description: String {
        "\(count)/\(seconds == 1 ? "s" : seconds == 60 ? "m" : "h")"
    }
}

/// The forms in which numbers and times are written.
extension Reader {
    private static let units: [(name: String, milliseconds: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// `250ms`, `10s`, `5m`, `2h` or `7d` in milliseconds; nil when the text is no length of time.
    public static func milliseconds(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, let count = Int(digits),
            let unit = units.first(where: { $0.name == text[digits.endIndex...] })
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        return overflow ? nil : product
    }

    /// A length of time in the largest unit that is exact.
    public static func text(milliseconds: Int) -> String {
        let unit = units.first {
            milliseconds >= $0.milliseconds && milliseconds % $0.milliseconds == 0
        }
        return unit.map { "\(milliseconds / $0.milliseconds)\($0.name)" } ?? "\(milliseconds)ms"
    }

    /// `2`, `1.5` or `1.25` in hundredths.
    static func hundredths(_ text: String) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let areDigits = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        }
        guard areDigits, parts.count == 1 || parts.count == 2 && parts[1].count <= 2,
            parts[0].count <= 9, let whole = Int(parts[0])
        else { return nil }
        guard parts.count == 2, let fraction = Int(parts[1]) else { return whole * 100 }
        return whole * 100 + (parts[1].count == 1 ? fraction * 10 : fraction)
    }

    static func text(hundredths: Int) -> String {
        let fraction = hundredths % 100
        if fraction == 0 { return "\(hundredths / 100)" }
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
