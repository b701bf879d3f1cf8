/// A UUID as two halves, big end first, so that its order is PostgreSQL's.
public struct Identifier: Hashable, Comparable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public static func < (left: Identifier, right: Identifier) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// One parameter of a statement in PostgreSQL's binary format. The statement must say the type (`$1::int8[]`): a
/// parameter of another width is refused by the server, not converted.
public struct Value: Sendable {
    private let bytes: [UInt8]?

    private init(_ bytes: [UInt8]?) { self.bytes = bytes }

    /// PostgreSQL counts from 2000-01-01, in microseconds; we count from 1970-01-01.
    static let epoch: Int64 = 946_684_800_000_000
    static let epochDays: Int32 = 10_957

    public static var null: Value { Value(nil) }
    public static func bool(_ value: Bool) -> Value { Value([value ? 1 : 0]) }
    public static func int16(_ value: Int16) -> Value { Value(big(value)) }
    public static func int32(_ value: Int32) -> Value { Value(big(value)) }
    public static func int32(_ value: Int32?) -> Value { Value(value.map { big($0) }) }
    public static func int64(_ value: Int64) -> Value { Value(big(value)) }
    public static func int64(_ value: Int64?) -> Value { Value(value.map { big($0) }) }
    public static func text(_ value: String) -> Value { Value(Array(value.utf8)) }
    public static func text(_ value: String?) -> Value { Value(value.map { Array($0.utf8) }) }
    /// `bytea`, or any type in its own binary format as it came (`pg_snapshot`).
    public static func bytes(_ value: [UInt8]?) -> Value { Value(value) }
    public static func id(_ value: Identifier) -> Value { Value(big(value.high) + big(value.low)) }
    public static func id(_ value: Identifier?) -> Value {
        Value(value.map { big($0.high) + big($0.low) })
    }
    /// `timestamptz` from microseconds since 1970-01-01 UTC.
    public static func timestamp(_ value: Int64?) -> Value {
        Value(value.map { big($0 - epoch) })
    }
    /// `date` from days since 1970-01-01.
    public static func date(_ value: Int32?) -> Value { Value(value.map { big($0 - epochDays) }) }
    /// `jsonb` from JSON text; the server checks it.
    public static func json(_ value: [UInt8]?) -> Value { Value(value.map { [1] + $0 }) }

    // MARK: Arrays. A nil element is NULL.

    public static func bools(_ values: [Bool]) -> Value {
        array(values, type: 16) { value, out in out.append(value ? 1 : 0) }
    }
    public static func int16s(_ values: [Int16?]) -> Value {
        array(values, type: 21) { value, out in append(value, to: &out) }
    }
    public static func int32s(_ values: [Int32?]) -> Value {
        array(values, type: 23) { value, out in append(value, to: &out) }
    }
    public static func int64s(_ values: [Int64?]) -> Value {
        array(values, type: 20) { value, out in append(value, to: &out) }
    }
    public static func texts(_ values: [String?]) -> Value {
        array(values, type: 25) { value, out in out.append(contentsOf: value.utf8) }
    }
    public static func bytesArray(_ values: [[UInt8]?]) -> Value {
        array(values, type: 17) { value, out in out.append(contentsOf: value) }
    }
    public static func ids(_ values: [Identifier?]) -> Value {
        array(values, type: 2950) { value, out in
            append(value.high, to: &out)
            append(value.low, to: &out)
        }
    }
    public static func timestamps(_ values: [Int64?]) -> Value {
        array(values, type: 1184) { value, out in append(value - epoch, to: &out) }
    }
    public static func dates(_ values: [Int32?]) -> Value {
        array(values, type: 1082) { value, out in append(value - epochDays, to: &out) }
    }
    public static func jsons(_ values: [[UInt8]?]) -> Value {
        array(values, type: 3802) { value, out in
            out.append(1)
            out.append(contentsOf: value)
        }
    }
    /// `xid8[]`.
    public static func xids(_ values: [UInt64]) -> Value {
        array(values, type: 5069) { value, out in append(value, to: &out) }
    }
    public static func xid(_ value: UInt64?) -> Value { Value(value.map { big($0) }) }

    private static func array<Element>(
        _ values: [Element?], type: UInt32, _ write: (Element, inout [UInt8]) -> Void
    ) -> Value {
        var out: [UInt8] = []
        out.reserveCapacity(20 + values.count * 20)
        append(UInt32(values.isEmpty ? 0 : 1), to: &out)
        append(UInt32(1), to: &out)
        append(type, to: &out)
        if !values.isEmpty {
            append(UInt32(values.count), to: &out)
            append(UInt32(1), to: &out)
        }
        for value in values {
            guard let value else {
                append(UInt32.max, to: &out)
                continue
            }
            let length = out.count
            append(UInt32(0), to: &out)
            write(value, &out)
            let size = UInt32(out.count - length - 4)
            for index in 0..<4 {
                out[length + index] = UInt8(truncatingIfNeeded: size >> (24 - 8 * index))
            }
        }
        return Value(out)
    }

    private static func big<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    private static func append<Number: FixedWidthInteger>(_ value: Number, to out: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { out.append(contentsOf: $0) }
    }

    /// Lays the parameters out as libpq wants them, for the time of one call.
    static func withPointers<Result>(
        _ values: [Value],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>)
            -> Result
    ) -> Result {
        var buffer: [UInt8] = []
        buffer.reserveCapacity(values.reduce(1) { $0 + ($1.bytes?.count ?? 0) })
        var offsets: [Int?] = []
        for value in values {
            offsets.append(value.bytes == nil ? nil : buffer.count)
            if let bytes = value.bytes { buffer.append(contentsOf: bytes) }
        }
        buffer.append(0)
        let lengths = values.map { Int32($0.bytes?.count ?? 0) } + [0]
        let formats = [Int32](repeating: 1, count: values.count + 1)
        return buffer.withUnsafeBytes { raw in
            let base = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers: [UnsafePointer<CChar>?] =
                offsets.map { offset in offset.flatMap { offset in base.map { $0 + offset } } }
                + [nil]
            return body(pointers, lengths, formats)
        }
    }
}

extension Identifier: LosslessStringConvertible {
    /// `0196f0c2-5c3a-7c1e-8f00-1234567890ab`; either case, hyphens where they belong.
    public init?(_ text: some StringProtocol) {
        let utf8 = Array(text.utf8)
        guard utf8.count == 36 else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        var digits = 0
        for (index, byte) in utf8.enumerated() {
            if [8, 13, 18, 23].contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            if digits < 16 {
                halves.0 = halves.0 << 4 | UInt64(digit)
            } else {
                halves.1 = halves.1 << 4 | UInt64(digit)
            }
            digits += 1
        }
        self.init(high: halves.0, low: halves.1)
    }

    public init?(_ description: String) { self.init(description[...]) }

    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var out: [UInt8] = []
        out.reserveCapacity(36)
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 {
                out.append(UInt8(ascii: "-"))
            }
            let half = index < 16 ? high : low
            out.append(digits[Int(half >> UInt64(60 - 4 * (index % 16)) & 15)])
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// A UUIDv7 (RFC 9562): milliseconds since 1970, then random bits.
    public static func v7(milliseconds: Int64, random: (UInt64, UInt64)) -> Identifier {
        Identifier(
            high: UInt64(milliseconds) << 16 | 0x7000 | random.0 & 0x0fff,
            low: 0x8000_0000_0000_0000 | random.1 & 0x3fff_ffff_ffff_ffff)
    }
}
