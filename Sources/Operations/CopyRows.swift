/// Rows of `operations.import_row` in PostgreSQL's binary COPY format. Texts go as they are: there
/// is no quoting in which a field could break out.
struct CopyRows {
    private(set) var bytes: [UInt8] = []

    /// What begins a stream: signature, flags, length of the header's extension.
    static let opening: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
    static let closing: [UInt8] = [0xFF, 0xFF]

    mutating func add(job: Int64, lane: Int16, n: Int64, line: Int32, fields: [String]) {
        put(Int16(5))
        put(Int32(8))
        put(job)
        put(Int32(2))
        put(lane)
        put(Int32(8))
        put(n)
        put(Int32(4))
        put(line)
        // text[]: dimensions, whether it has NULLs, the type of its elements; then size and first
        // index of the one.
        let content = fields.reduce(0) { $0 + 4 + $1.utf8.count }
        put(Int32(20 + content))
        for number: Int32 in [1, 0, 25, Int32(fields.count), 1] { put(number) }
        for field in fields {
            put(Int32(field.utf8.count))
            bytes.append(contentsOf: field.utf8)
        }
    }

    mutating func take() -> [UInt8] {
        let taken = bytes
        bytes.removeAll(keepingCapacity: true)
        return taken
    }

    private mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
