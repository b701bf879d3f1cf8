/// A row of a table.
public struct Row: Equatable, Sendable {
    /// The physical line on which the row begins, counted from 1. A quoted field may run over
    /// several.
    public let line: Int
    /// As many as the header has.
    public let fields: [String]
    /// The row as it stands in the file, without its line end, so that it can be written to an
    /// error file unchanged.
    public let raw: String

    public init(line: Int, fields: [String], raw: String) {
        self.line = line
        self.fields = fields
        self.raw = raw
    }
}

/// What is wrong with one row. The rows after it can still be read.
public struct RowError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Reason: Equatable, Sendable {
        case ragged(expected: Int, found: Int)
        /// The quote is not closed within `CSVReader.longestRow` bytes or before the end. Reading
        /// goes on with the next physical line, so that one stray quote does not swallow the rows
        /// after it.
        case unclosedQuote
        case textAfterQuote
        /// Over `CSVReader.longestRow` bytes.
        case tooLong
        /// Bytes that mean nothing in the file's encoding.
        case invalidBytes
        /// A NUL byte: the file is binary or UTF-16, or was damaged.
        case nul
        /// The system could not read on (`code` is errno); no rows follow.
        case unreadable(code: Int32)
    }

    /// The physical line on which the row begins, counted from 1.
    public let line: Int
    public let reason: Reason
    /// The row as it stands, or of a broken one its first line, at most 1 KiB of it.
    public let raw: String

    public var description: String { "line \(line): \(text)" }

    /// The reason alone, in words.
    public var text: String {
        switch reason {
        case .ragged(let expected, let found): "expected \(expected) columns, found \(found)"
        case .unclosedQuote: "a quote is opened and not closed"
        case .textAfterQuote:
            "text follows a closing quote; a quote inside a field is written twice"
        case .tooLong: "the row is longer than \(CSVReader.longestRow / 1024) KiB"
        case .invalidBytes: "some bytes are no text in the file's encoding"
        case .nul: "the row holds a NUL byte"
        case .unreadable(let code): "the file cannot be read any further (error \(code))"
        }
    }
}

/// Reads a table with a header from a CSV file, row by row, in constant memory. It takes what
/// office programs write: `;`, `,` or tab; RFC 4180 quotes; any line ends; UTF-8 with or without
/// its mark, or CP1251.
///
/// A reader is a place in a stream, and so cannot be copied.
public struct CSVReader: ~Copyable {
    /// The longest row, in bytes of UTF-8.
    public static let longestRow = 64 * 1024

    /// The names of the columns: trimmed, in lower case.
    public let header: [String]
    /// The header as it stands in the file, for the error file.
    public let rawHeader: String

    /// The character between fields.
    public var separator: Character { Character(Unicode.Scalar(rows.separator)) }
    /// What the file turned out to be written in.
    public var encoding: Encoding { rows.encoding }
    /// The size of the file in bytes.
    public var totalBytes: Int { rows.source.total }
    /// How many of them have been read, ahead of the rows by at most 64 KiB.
    public var bytesRead: Int { rows.source.read }

    private var rows: RowStream

    /// Opens a file and reads its header. The file is read twice: once to find its encoding.
    /// Without `separator` it is `;` if the header has one, else tab or comma.
    public init(path: String, separator: Character? = nil) throws(FileError) {
        try self.init(Source(path: path), separator)
    }

    /// Reads from memory.
    public init(bytes: [UInt8], separator: Character? = nil) throws(FileError) {
        try self.init(Source(bytes: bytes), separator)
    }

    private init(_ source: Source, _ separator: Character?) throws(FileError) {
        var rows = try RowStream(source)
        try rows.findSeparator(separator?.asciiValue)
        switch rows.next() {
        case nil: throw .empty
        case .failure(let error): throw .header(error)
        case .success(let row):
            header = row.fields.map { trimmed($0).lowercased() }
            rawHeader = row.raw
        }
        self.rows = rows
    }

    /// The next row or what is wrong with it; nil at the end. Blank lines are passed over.
    public mutating func next() -> Result<Row, RowError>? {
        guard let result = rows.next() else { return nil }
        if case .success(let row) = result, row.fields.count != header.count {
            let reason = RowError.Reason.ragged(expected: header.count, found: row.fields.count)
            return .failure(RowError(line: row.line, reason: reason, raw: row.raw))
        }
        return result
    }
}

/// The text without the white space around it.
func trimmed(_ text: String) -> String {
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
        let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[first...last])
}
