/// The published language: values, commands, outcomes, and the organization profile's type, with
/// their shape checks. It imports nothing: no clock, no randomness, no I/O. Time and ids are
/// arguments.

/// A JSON value as it came. Numbers keep their text: nothing here is ever a Double.
public enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    public struct Member: Sendable, Equatable {
        public var key: String
        public var value: JSON
        public init(_ key: String, _ value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// An object of the pairs whose value is not nil.
    public static func object(_ pairs: KeyValuePairs<String, JSON?>) -> JSON {
        .object(pairs.compactMap { pair in pair.value.map { Member(pair.key, $0) } })
    }

    public static func int(_ value: Int64) -> JSON { .number(String(value)) }

    /// The member of an object; nil for a missing one, for null, and for what is no object.
    public subscript(_ key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        guard let value = members.first(where: { $0.key == key })?.value, value != .null else {
            return nil
        }
        return value
    }

    public var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    public var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    public var int: Int64? {
        if case .number(let text) = self { return Int64(text) }
        return nil
    }

    public var array: [JSON]? {
        if case .array(let items) = self { return items }
        return nil
    }

    public var members: [Member]? {
        if case .object(let members) = self { return members }
        return nil
    }
}

/// Why bytes are no JSON that we take. The offset counts bytes from 0.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    public let offset: Int
    public let reason: String
    public var description: String { "\(reason) at byte \(offset)" }
}

extension JSON {
    public static let depthLimit = 16

    /// Reads one JSON text (RFC 8259), stricter where PostgreSQL's jsonb would lose or refuse
    /// something: no `\u0000`, no duplicate keys, no lone surrogates, depth at most 16, numbers of
    /// at most 64 characters.
    public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSON {
        var parser = Parser(bytes: bytes)
        parser.space()
        let value = try parser.value(depth: 0)
        parser.space()
        guard parser.at == bytes.count else {
            throw parser.error("unexpected text after the value")
        }
        return value
    }

    public var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(240)
        write(to: &out)
        return out
    }

    public func write(to out: inout [UInt8]) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let text): out.append(contentsOf: text.utf8)
        case .string(let text): JSON.write(text, to: &out)
        case .array(let items):
            out.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                item.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                JSON.write(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    static func write(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        // Nearly every text stands as it is.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
            out.append(contentsOf: text.utf8)
            out.append(UInt8(ascii: "\""))
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0x0A: out.append(contentsOf: "\\n".utf8)
            case 0x0D: out.append(contentsOf: "\\r".utf8)
            case 0x09: out.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                out.append(contentsOf: "\\u00".utf8)
                out.append(contentsOf: (byte < 16 ? "0" : "").utf8)
                out.append(contentsOf: String(byte, radix: 16).utf8)
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    private struct Parser {
        let bytes: [UInt8]
        var at = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        func error(_ reason: String) -> JSONError { JSONError(offset: at, reason: reason) }

        var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

        mutating func space() {
            while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
                at += 1
            }
        }

        mutating func expect(_ byte: UInt8) throws(JSONError) {
            guard peek == byte else {
                throw error("expected '\(Character(Unicode.Scalar(byte)))'")
            }
            at += 1
        }

        mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
            let count = word.utf8CodeUnitCount
            guard at + count <= bytes.count else { throw error("unexpected end") }
            for index in 0..<count where bytes[at + index] != word.utf8Start[index] {
                throw error("unexpected text")
            }
            at += count
            return value
        }

        mutating func value(depth: Int) throws(JSONError) -> JSON {
            guard depth < JSON.depthLimit else {
                throw error("nested deeper than \(JSON.depthLimit)")
            }
            switch peek {
            case UInt8(ascii: "{"): return try object(depth: depth)
            case UInt8(ascii: "["): return try array(depth: depth)
            case UInt8(ascii: "\""): return .string(try string())
            case UInt8(ascii: "t"): return try word("true", .bool(true))
            case UInt8(ascii: "f"): return try word("false", .bool(false))
            case UInt8(ascii: "n"): return try word("null", .null)
            case nil: throw error("unexpected end")
            case .some(let byte) where byte == UInt8(ascii: "-") || isDigit(byte):
                return try number()
            default: throw error("unexpected character")
            }
        }

        mutating func object(depth: Int) throws(JSONError) -> JSON {
            at += 1
            var members: [Member] = []
            space()
            if peek == UInt8(ascii: "}") {
                at += 1
                return .object([])
            }
            while true {
                space()
                guard peek == UInt8(ascii: "\"") else { throw error("expected a key") }
                let start = at
                let key = try string()
                guard !members.contains(where: { $0.key == key }) else {
                    at = start
                    throw error("the key \"\(key)\" stands twice")
                }
                guard members.count < 1000 else { throw error("more than 1000 keys") }
                space()
                try expect(UInt8(ascii: ":"))
                space()
                members.append(Member(key, try value(depth: depth + 1)))
                space()
                if peek == UInt8(ascii: ",") {
                    at += 1
                    continue
                }
                try expect(UInt8(ascii: "}"))
                return .object(members)
            }
        }

        mutating func array(depth: Int) throws(JSONError) -> JSON {
            at += 1
            var items: [JSON] = []
            space()
            if peek == UInt8(ascii: "]") {
                at += 1
                return .array([])
            }
            while true {
                space()
                items.append(try value(depth: depth + 1))
                space()
                if peek == UInt8(ascii: ",") {
                    at += 1
                    continue
                }
                try expect(UInt8(ascii: "]"))
                return .array(items)
            }
        }

        mutating func number() throws(JSONError) -> JSON {
            let start = at
            if peek == UInt8(ascii: "-") { at += 1 }
            if peek == UInt8(ascii: "0") {
                at += 1
            } else {
                try digits()
            }
            if peek == UInt8(ascii: ".") {
                at += 1
                try digits()
            }
            if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
                at += 1
                if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { at += 1 }
                try digits()
            }
            guard at - start <= 64 else { throw error("a number of more than 64 characters") }
            return .number(String(decoding: bytes[start..<at], as: UTF8.self))
        }

        mutating func digits() throws(JSONError) {
            guard let byte = peek, isDigit(byte) else { throw error("expected a digit") }
            while let byte = peek, isDigit(byte) { at += 1 }
        }

        func isDigit(_ byte: UInt8) -> Bool {
            byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
        }

        mutating func string() throws(JSONError) -> String {
            at += 1
            let start = at
            var seen: UInt8 = 0
            while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"),
                byte >= 0x20
            {
                seen |= byte
                at += 1
            }
            var text: [UInt8] = []
            if peek == UInt8(ascii: "\"") {
                defer { at += 1 }
                // ASCII, as nearly all is, needs no look at its encoding.
                return seen < 0x80
                    ? String(decoding: bytes[start..<at], as: UTF8.self)
                    : try utf8(bytes[start..<at], from: start)
            }
            text.append(contentsOf: bytes[start..<at])
            while true {
                guard let byte = peek else { throw error("a string without its end") }
                at += 1
                if byte == UInt8(ascii: "\"") { break }
                if byte < 0x20 {
                    at -= 1
                    throw error("a control character in a string")
                }
                guard byte == UInt8(ascii: "\\") else {
                    text.append(byte)
                    continue
                }
                try escape(into: &text)
            }
            return try utf8(text[...], from: start)
        }

        mutating func escape(into text: inout [UInt8]) throws(JSONError) {
            guard let byte = peek else { throw error("a string without its end") }
            at += 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                var code = try hex()
                if code >= 0xD800, code < 0xDC00 {
                    guard peek == UInt8(ascii: "\\") else { throw error("a lone surrogate") }
                    at += 1
                    guard peek == UInt8(ascii: "u") else { throw error("a lone surrogate") }
                    at += 1
                    let low = try hex()
                    guard low >= 0xDC00, low < 0xE000 else { throw error("a lone surrogate") }
                    code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                }
                guard code != 0 else { throw error("the character U+0000") }
                guard let scalar = Unicode.Scalar(code) else { throw error("a lone surrogate") }
                text.append(contentsOf: String(Character(scalar)).utf8)
            default: throw error("an unknown escape")
            }
        }

        mutating func hex() throws(JSONError) -> UInt32 {
            var code: UInt32 = 0
            for _ in 0..<4 {
                guard let byte = peek,
                    let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80
                else { throw error("expected four hexadecimal digits") }
                code = code << 4 | UInt32(digit)
                at += 1
            }
            return code
        }

        func utf8(_ slice: ArraySlice<UInt8>, from start: Int) throws(JSONError) -> String {
            guard let text = String(validating: slice, as: UTF8.self) else {
                throw JSONError(offset: start, reason: "a string that is not UTF-8")
            }
            return text
        }
    }
}
