import CPostgres

/// The answer to one statement. Columns are read by position in the type the statement's header names; reading a NULL
/// or another width through the wrong accessor is a bug and traps.
public final class Rows {
    private let raw: OpaquePointer
    private let statement: String
    public let count: Int

    init(_ raw: OpaquePointer, statement: String) {
        self.raw = raw
        self.statement = statement
        count = Int(PQntuples(raw))
    }

    deinit { PQclear(raw) }

    public var isEmpty: Bool { count == 0 }

    /// `INSERT 0 5`, `ROLLBACK` …
    public var tag: String { String(cString: PQcmdStatus(raw)) }

    /// Rows changed by an INSERT, UPDATE or DELETE.
    public var affected: Int { Int(String(cString: PQcmdTuples(raw))) ?? 0 }

    public var columns: [String] {
        (0..<PQnfields(raw)).map { String(cString: PQfname(raw, $0)) }
    }

    public subscript(_ row: Int) -> Row { Row(rows: self, index: Int32(row)) }

    public var first: Row? { count > 0 ? self[0] : nil }

    public func map<Result>(_ body: (Row) throws -> Result) rethrows -> [Result] {
        var result: [Result] = []
        result.reserveCapacity(count)
        for index in 0..<count { result.append(try body(self[index])) }
        return result
    }

    public func forEach(_ body: (Row) throws -> Void) rethrows {
        for index in 0..<count { try body(self[index]) }
    }

    fileprivate func isNull(_ row: Int32, _ column: Int) -> Bool {
        PQgetisnull(raw, row, Int32(column)) == 1
    }

    fileprivate func bytes(_ row: Int32, _ column: Int) -> UnsafeRawBufferPointer {
        precondition(
            column < Int(PQnfields(raw)) && PQgetisnull(raw, row, Int32(column)) == 0,
            "\(statement): column \(column) is NULL or not there")
        return UnsafeRawBufferPointer(
            start: PQgetvalue(raw, row, Int32(column)),
            count: Int(PQgetlength(raw, row, Int32(column))))
    }

    fileprivate func number<Number: FixedWidthInteger>(
        _ row: Int32, _ column: Int, as type: Number.Type
    ) -> Number {
        let bytes = bytes(row, column)
        precondition(
            bytes.count == MemoryLayout<Number>.size,
            "\(statement): column \(column) has \(bytes.count) bytes, not a \(Number.self)")
        return Number(bigEndian: bytes.loadUnaligned(as: Number.self))
    }
}

public struct Row {
    fileprivate let rows: Rows
    fileprivate let index: Int32

    public func isNull(_ column: Int) -> Bool { rows.isNull(index, column) }

    public func bool(_ column: Int) -> Bool { rows.bytes(index, column)[0] != 0 }
    public func int16(_ column: Int) -> Int16 { rows.number(index, column, as: Int16.self) }
    public func int32(_ column: Int) -> Int32 { rows.number(index, column, as: Int32.self) }
    public func int64(_ column: Int) -> Int64 { rows.number(index, column, as: Int64.self) }
    public func xid(_ column: Int) -> UInt64 { rows.number(index, column, as: UInt64.self) }
    public func text(_ column: Int) -> String {
        String(decoding: rows.bytes(index, column), as: UTF8.self)
    }
    public func bytes(_ column: Int) -> [UInt8] { Array(rows.bytes(index, column)) }
    /// The JSON text of a `jsonb` column, without the format's version byte.
    public func json(_ column: Int) -> [UInt8] { Array(rows.bytes(index, column).dropFirst()) }
    public func id(_ column: Int) -> Identifier {
        let bytes = rows.bytes(index, column)
        precondition(bytes.count == 16, "column \(column) is not a uuid")
        return Identifier(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
    /// Microseconds since 1970-01-01 UTC.
    public func timestamp(_ column: Int) -> Int64 { int64(column) + Value.epoch }
    /// Days since 1970-01-01.
    public func date(_ column: Int) -> Int32 { int32(column) + Value.epochDays }

    /// The value through `read`, or nil when the column is NULL.
    public func optional<Result>(_ column: Int, _ read: (Int) -> Result) -> Result? {
        isNull(column) ? nil : read(column)
    }

    /// Elements of a one-dimensional `int8[]`; NULL elements are not allowed.
    public func int64s(_ column: Int) -> [Int64] {
        elements(column) { Int64(bigEndian: $0.loadUnaligned(as: Int64.self)) }
    }

    /// Elements of a one-dimensional `int4[]`.
    public func int32s(_ column: Int) -> [Int32] {
        elements(column) { Int32(bigEndian: $0.loadUnaligned(as: Int32.self)) }
    }

    /// Elements of a one-dimensional `text[]`.
    public func texts(_ column: Int) -> [String] {
        elements(column) { String(decoding: $0, as: UTF8.self) }
    }

    private func elements<Element>(
        _ column: Int, _ read: (UnsafeRawBufferPointer) -> Element
    ) -> [Element] {
        let bytes = rows.bytes(index, column)
        func number(_ offset: Int) -> Int {
            Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
        }
        guard number(0) > 0 else { return [] }
        var found: [Element] = []
        var offset = 20
        for _ in 0..<number(12) {
            let length = number(offset)
            precondition(length >= 0, "column \(column) has a NULL element")
            found.append(
                read(UnsafeRawBufferPointer(rebasing: bytes[(offset + 4)..<(offset + 4 + length)])))
            offset += 4 + length
        }
        return found
    }
}
