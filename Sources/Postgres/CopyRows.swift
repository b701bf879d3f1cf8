/// Rows in PostgreSQL's binary COPY format. Texts go as they are: there is no quoting in which a field could break out.
///
/// Each row is `begin(columns)` and then as many fields, in the order of the statement's columns and of their exact
/// types: nothing is converted.
public struct CopyRows: Sendable {
    public private(set) var bytes: [UInt8] = []

    /// What begins a stream: signature, flags, length of the header's extension.
    public static let opening: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
    public static let closing: [UInt8] = [0xFF, 0xFF]

    public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// The bytes so far; the next begin anew.
    public mutating func take() -> [UInt8] {
        let taken = bytes
        bytes.removeAll(keepingCapacity: true)
        return taken
    }

    public mutating func begin(_ columns: Int16) { put(columns) }
    public mutating func null() { put(Int32(-1)) }
    public mutating func int16(_ value: Int16) { field(value) }
    public mutating func int32(_ value: Int32) { field(value) }
    public mutating func int64(_ value: Int64) { field(value) }
    public mutating func bool(_ value: Bool) { field(UInt8(value ? 1 : 0)) }
    /// `timestamptz` from microseconds since 1970-01-01 UTC.
    public mutating func timestamp(_ value: Int64) { field(value - Value.epoch) }
    /// `date` from days since 1970-01-01.
    public mutating func date(_ value: Int32) { field(value - Value.epochDays) }

    public mutating func id(_ value: Identifier?) {
        guard let value else { return null() }
        put(Int32(16))
        put(value.high)
        put(value.low)
    }

    public mutating func text(_ value: String?) {
        guard let value else { return null() }
        put(Int32(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    public mutating func raw(_ value: [UInt8]) {
        put(Int32(value.count))
        bytes.append(contentsOf: value)
    }

    /// `jsonb` from JSON text; the server checks it.
    public mutating func json(_ value: [UInt8]) {
        put(Int32(value.count + 1))
        bytes.append(1)
        bytes.append(contentsOf: value)
    }

    /// `text[]`.
    public mutating func texts(_ values: [String]) {
        // Dimensions, whether it has NULLs, the type of its elements; then size and first index of the one.
        put(Int32(20 + values.reduce(0) { $0 + 4 + $1.utf8.count }))
        for number: Int32 in [1, 0, 25, Int32(values.count), 1] { put(number) }
        for value in values { text(value) }
    }

    private mutating func field<Number: FixedWidthInteger>(_ number: Number) {
        put(Int32(MemoryLayout<Number>.size))
        put(number)
    }

    private mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
