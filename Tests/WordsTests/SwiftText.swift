import Foundation

/// A source of ours as far as words are concerned: the texts in it, and what they are given to. It reads what stands in comments
/// as nothing, and what stands in an interpolation as code.
struct SwiftText {
    /// `"problem.\(code).text"`: two parts with one value between them.
    struct Literal: Equatable {
        var parts: [String]
        /// The expressions between the parts, as they are written.
        var values: [String]
        /// Where the quotes begin, and what is behind them.
        var start: Int
        var end: Int

        /// Nil for one with values in it.
        var whole: String? { values.isEmpty ? parts[0] : nil }
    }

    /// What stands between parentheses: its arguments' texts, and the keys of a dictionary among them.
    struct Call: Equatable {
        var arguments: [[Literal]] = [[]]
        var keys: Set<String> = []
        /// All of it, as it is written.
        var text = ""
    }

    let path: String
    private let bytes: [UInt8]
    /// Those of interpolations too, in the order of their ends.
    private(set) var literals: [Literal] = []
    /// The same by where they begin.
    private var places: [Int: Literal] = [:]
    /// Where code stands that is no text and no comment.
    private var code: [Range<Int>] = []

    init(_ text: String, path: String = "") {
        self.path = path
        bytes = Array(text.utf8)
        read()
    }

    /// The room of Sources that it stands in.
    var room: String {
        let within = path.components(separatedBy: "/Sources/").last ?? ""
        return within.split(separator: "/").first.map(String.init) ?? ""
    }

    // MARK: Asking

    /// What stands before a literal, as far as `count` bytes, without the spaces between.
    func before(_ literal: Literal, _ count: Int = 60) -> String {
        Self.trimmed(bytes[max(0, literal.start - count)..<literal.start])
    }

    /// What follows it.
    func after(_ literal: Literal, _ count: Int = 40) -> String {
        Self.trimmed(bytes[literal.end..<min(bytes.count, literal.end + count)])
    }

    /// The rest of the call that a literal is the first argument of: from behind it to the closing parenthesis.
    func rest(of literal: Literal) -> Call { call(from: literal.end) }

    /// All calls of a type or function by its name.
    func calls(of name: String) -> [Call] {
        let opening = Array("\(name)(".utf8)
        var found: [Call] = []
        for range in code {
            var place = range.lowerBound
            while place + opening.count <= range.upperBound {
                if bytes[place] == opening[0], starts(opening, at: place),
                    place == 0 || !Self.isName(bytes[place - 1])
                {
                    found.append(call(from: place + opening.count))
                }
                place += 1
            }
        }
        return found
    }

    /// The names that stand in its code and in its interpolations, with how often.
    /// - Parameter dotted: those behind a dot, or those that are not.
    func names(dotted: Bool, _ count: inout [String: Int]) {
        for range in code { Self.names(bytes[range], dotted, &count) }
        for literal in places.values {
            for value in literal.values { Self.names(Array(value.utf8)[...], dotted, &count) }
        }
    }

    var lines: [Substring] { String(decoding: bytes, as: UTF8.self).split(separator: "\n") }

    /// Cases of enumerations: their values are texts too.
    var cases: Set<String> {
        var found: Set<String> = []
        for line in lines {
            let words = line.drop { $0 == " " }
            let names = words.dropFirst(5)
            guard words.hasPrefix("case "), names.first?.isLowercase == true else { continue }
            var count: [String: Int] = [:]
            Self.names(Array(names.utf8)[...], false, &count)
            found.formUnion(count.keys)
        }
        return found
    }

    // MARK: Reading

    private mutating func read() {
        var place = 0
        var since = 0
        while place < bytes.count {
            let start = place
            if let end = comment(at: place) {
                place = end
            } else if isLiteral(at: place) {
                place = literal(at: place)
            } else {
                place += 1
                continue
            }
            code.append(since..<start)
            since = place
        }
        code.append(since..<bytes.count)
    }

    /// Behind a comment that begins here.
    private func comment(at place: Int) -> Int? {
        guard bytes[place] == UInt8(ascii: "/"), place + 1 < bytes.count else { return nil }
        switch bytes[place + 1] {
        case UInt8(ascii: "/"):
            return bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        case UInt8(ascii: "*"):
            var end = place + 2
            while end < bytes.count, !starts(Array("*/".utf8), at: end) { end += 1 }
            return min(bytes.count, end + 2)
        default: return nil
        }
    }

    private func isLiteral(at place: Int) -> Bool {
        var place = place
        while place < bytes.count, bytes[place] == UInt8(ascii: "#") { place += 1 }
        return place < bytes.count && bytes[place] == UInt8(ascii: "\"")
    }

    /// Reads the one that begins here, and those within it; gives what is behind it.
    private mutating func literal(at start: Int) -> Int {
        var place = start
        while bytes[place] == UInt8(ascii: "#") { place += 1 }
        let hashes = [UInt8](repeating: UInt8(ascii: "#"), count: place - start)
        let quotes = [UInt8](repeating: UInt8(ascii: "\""), count: 3)
        let opening = starts(quotes, at: place) ? quotes : [UInt8(ascii: "\"")]
        let ending = opening + hashes
        let escape = [UInt8(ascii: "\\")] + hashes
        place += opening.count
        var parts: [[UInt8]] = [[]]
        var values: [String] = []
        while place < bytes.count, !starts(ending, at: place) {
            guard starts(escape, at: place) else {
                parts[parts.count - 1].append(bytes[place])
                place += 1
                continue
            }
            place += escape.count
            guard place < bytes.count else { break }
            if bytes[place] == UInt8(ascii: "(") {
                let end = interpolation(at: place)
                values.append(String(decoding: bytes[place + 1..<end - 1], as: UTF8.self))
                parts.append([])
                place = end
            } else if starts(Array("u{".utf8), at: place) {
                place = (bytes[place...].firstIndex(of: UInt8(ascii: "}")) ?? bytes.count - 1) + 1
                parts[parts.count - 1].append(UInt8(ascii: " "))
            } else {
                // A new line, a tab, a quote.
                parts[parts.count - 1].append(UInt8(ascii: " "))
                place += 1
            }
        }
        let found = Literal(
            parts: parts.map { String(decoding: $0, as: UTF8.self) }, values: values, start: start,
            end: min(bytes.count, place + ending.count))
        literals.append(found)
        places[start] = found
        return found.end
    }

    /// Behind the parenthesis that closes the one here.
    private mutating func interpolation(at start: Int) -> Int {
        var place = start
        var depth = 0
        while place < bytes.count {
            if isLiteral(at: place) {
                place = literal(at: place)
                continue
            }
            if bytes[place] == UInt8(ascii: "(") { depth += 1 }
            if bytes[place] == UInt8(ascii: ")") { depth -= 1 }
            place += 1
            if depth == 0 { break }
        }
        return place
    }

    private func call(from start: Int) -> Call {
        var call = Call()
        var place = start
        var depth = 1
        // Whether what comes next may be the key of a dictionary that is an argument.
        var isFresh = false
        while place < bytes.count {
            if let end = comment(at: place) {
                place = end
                continue
            }
            if let literal = places[place] {
                call.arguments[call.arguments.count - 1].append(literal)
                if isFresh, depth == 2, let key = literal.whole, after(literal).hasPrefix(":") {
                    call.keys.insert(key)
                }
                isFresh = false
                place = literal.end
                continue
            }
            switch bytes[place] {
            case UInt8(ascii: "("), UInt8(ascii: "{"):
                depth += 1
                isFresh = false
            case UInt8(ascii: "["):
                depth += 1
                isFresh = true
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                isFresh = false
            case UInt8(ascii: ","):
                if depth == 1 { call.arguments.append([]) }
                isFresh = true
            case UInt8(ascii: " "), UInt8(ascii: "\n"): break
            default: isFresh = false
            }
            if depth == 0 { break }
            place += 1
        }
        call.text = Self.trimmed(bytes[start..<min(place, bytes.count)])
        return call
    }

    // MARK: Small things

    private func starts(_ what: [UInt8], at place: Int) -> Bool {
        place + what.count <= bytes.count && bytes[place..<place + what.count].elementsEqual(what)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func names(
        _ bytes: ArraySlice<UInt8>, _ dotted: Bool, _ count: inout [String: Int]
    ) {
        var place = bytes.startIndex
        while place < bytes.endIndex {
            guard isName(bytes[place]) else {
                place += 1
                continue
            }
            let end = bytes[place...].firstIndex { !isName($0) } ?? bytes.endIndex
            let isDotted = place > bytes.startIndex && bytes[place - 1] == UInt8(ascii: ".")
            if isDotted == dotted {
                count[String(decoding: bytes[place..<end], as: UTF8.self), default: 0] += 1
            }
            place = end
        }
    }

    // MARK: The tree

    /// The Swift sources of the product.
    static let product: [SwiftText] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        var found: [SwiftText] = []
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift",
                let data = FileManager.default.contents(atPath: file.path())
            else { continue }
            found.append(SwiftText(String(decoding: data, as: UTF8.self), path: file.path()))
        }
        return found
    }()
}
