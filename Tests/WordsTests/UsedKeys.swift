/// Which keys of a catalogue sources name: as they stand, or put together of pieces at run time.
struct UsedKeys {
    private var named: Set<String> = []
    /// `"problem.\(code).text"` as `["problem.", ".text"]`.
    private var patterns: Set<[String]> = []
    /// Whatever a key may be put together of: texts, and the cases of enumerations.
    private var pieces: Set<String> = []

    /// Rooms that say something to people; elsewhere what looks like a key is the name of a command or a setting.
    static let speaking: Set<String> = [
        "Portal", "Bills", "Ingress", "Words", "Workers", "kabinet",
    ]

    /// - Parameter groups: what keys begin with, up to the first dot.
    init(_ sources: [SwiftText], groups: Set<String>) {
        for source in sources {
            pieces.formUnion(source.cases)
            let speaks = Self.speaking.contains(source.room)
            for literal in source.literals {
                if let whole = literal.whole {
                    // Where it is said what it means is no use.
                    if source.after(literal).hasPrefix(": .init(") { continue }
                    pieces.insert(String(whole.drop { $0 == "." }))
                    if speaks || whole.hasPrefix("shape.") { named.insert(whole) }
                }
                guard speaks, let pattern = Self.pattern(literal, source, groups) else { continue }
                patterns.insert(pattern)
            }
        }
    }

    private static func pattern(
        _ literal: SwiftText.Literal, _ source: SwiftText, _ groups: Set<String>
    ) -> [String]? {
        let parts = literal.parts
        guard parts.allSatisfy({ $0.utf8.allSatisfy(isKey) }) else { return nil }
        let group = parts[0].prefix { $0 != "." }
        let isOfGroup = group.count < parts[0].count && groups.contains(String(group))
        if literal.values.isEmpty {
            return isOfGroup && parts[0].hasSuffix(".") ? [parts[0], ""] : nil
        }
        // `"\(key).text"`, where the key was put together before.
        let isEnding =
            source.room == "Words" && parts.count == 2 && parts[0].isEmpty
            && parts[1].hasPrefix(".")
        return isOfGroup || isEnding ? parts : nil
    }

    private static func isKey(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// Whether any source can ask for it. A key that is put together counts when each of its pieces stands somewhere.
    func has(_ key: String) -> Bool { has(key, 2) }

    private func has(_ key: String, _ depth: Int) -> Bool {
        if named.contains(key) { return true }
        return patterns.contains { pattern in
            Self.fillings(pattern[...], Substring(key)).contains { filling in
                filling.allSatisfy { piece in
                    if pattern[0].isEmpty { return depth > 0 && has(String(piece), depth - 1) }
                    return isKnown(piece)
                        || depth > 0 && piece.contains(".") && has(String(piece), depth - 1)
                }
            }
        }
    }

    private func isKnown(_ piece: Substring) -> Bool {
        pieces.contains(String(piece))
            || piece.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                pieces.contains(String(part)) || Int(part) != nil
            }
    }

    /// Patterns that no key of the catalogue fits.
    func vain(_ keys: [String]) -> [[String]] {
        patterns.filter { pattern in
            !pattern[0].isEmpty
                && !keys.contains { !Self.fillings(pattern[...], Substring($0)).isEmpty }
        }.sorted { $0.joined() < $1.joined() }
    }

    /// With what the gaps of a pattern are filled to make the key; each gap holds something.
    static func fillings(_ pattern: ArraySlice<String>, _ key: Substring) -> [[Substring]] {
        guard let first = pattern.first, key.hasPrefix(first) else { return [] }
        let rest = key.dropFirst(first.count)
        guard let next = pattern.dropFirst().first else { return rest.isEmpty ? [[]] : [] }
        var found: [[Substring]] = []
        for place in Array(rest.indices.dropFirst()) + [rest.endIndex] {
            guard place > rest.startIndex, rest[place...].hasPrefix(next) else { continue }
            for filling in fillings(pattern.dropFirst(), rest[place...]) {
                found.append([rest[..<place]] + filling)
            }
        }
        return found
    }
}
