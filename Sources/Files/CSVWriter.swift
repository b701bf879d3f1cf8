import Glibc

/// Writes a table as CSV into memory; `take` hands over what is ready, for an answer that streams.
/// `CSVFile` writes files.
public struct CSVWriter: Sendable {
    public var separator: Character { Character(Unicode.Scalar(separatorByte)) }
    /// What was written and not yet taken.
    public private(set) var pending: [UInt8] = []

    private let separatorByte: UInt8
    private let lineEnd: [UInt8]
    private let protects: Bool

    /// - Parameters:   - separator: an ASCII character.   - mark: begins with the UTF-8 mark,
    /// without which Excel takes the file for CP1251.   - crlf: ends lines as Windows does.   -
    /// protects: puts an apostrophe before a cell that a spreadsheet would take for a formula (it
    /// begins with
    ///     `=`, `+`, `-`, `@`, tab or CR, and is no plain number). Texts of residents come into
    /// these files, and a
    ///     formula can send the table elsewhere.
    public init(
        separator: Character = ";", mark: Bool = false, crlf: Bool = false, protects: Bool = true
    ) {
        guard let byte = separator.asciiValue, byte != UInt8(ascii: "\"") else {
            preconditionFailure("a separator is one ASCII character and no quote")
        }
        separatorByte = byte
        lineEnd = crlf ? [0x0D, 0x0A] : [0x0A]
        self.protects = protects
        if mark { pending = [0xEF, 0xBB, 0xBF] }
    }

    /// Adds a row.
    public mutating func write(_ fields: [String]) {
        // A row that would look like a blank line is passed over by readers; quotes keep it.
        let isBlank =
            (fields.count == 1 || separatorByte == 0x09)
            && fields.allSatisfy { $0.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
        for (index, field) in fields.enumerated() {
            if index > 0 { pending.append(separatorByte) }
            write(field, isQuoted: index == 0 && isBlank)
        }
        pending.append(contentsOf: lineEnd)
    }

    /// Adds a row as it stood in another file (`Row.raw`).
    public mutating func write(raw: String) {
        pending.append(contentsOf: raw.utf8)
        pending.append(contentsOf: lineEnd)
    }

    /// Hands over what is pending and forgets it.
    public mutating func take() -> [UInt8] {
        let bytes = pending
        pending.removeAll(keepingCapacity: true)
        return bytes
    }

    private mutating func write(_ field: String, isQuoted mustQuote: Bool) {
        let isFormula = protects && CSVWriter.isFormula(field)
        let isQuoted =
            mustQuote
            || field.utf8.contains {
                $0 == separatorByte || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D
            }
        if isQuoted { pending.append(UInt8(ascii: "\"")) }
        if isFormula { pending.append(UInt8(ascii: "'")) }
        for byte in field.utf8 {
            if byte == UInt8(ascii: "\"") { pending.append(byte) }
            pending.append(byte)
        }
        if isQuoted { pending.append(UInt8(ascii: "\"")) }
    }

    private static func isFormula(_ field: String) -> Bool {
        switch field.utf8.first {
        case UInt8(ascii: "="), UInt8(ascii: "@"), 0x09, 0x0D: true
        case UInt8(ascii: "+"): !isNumber(field.utf8.dropFirst()) && !isMasked(field)
        case UInt8(ascii: "-"): !isNumber(field.utf8.dropFirst())
        default: false
        }
    }

    /// A telephone number of which the middle is not told, `+7916***4567`: no formula, and as the whole number goes out.
    private static func isMasked(_ field: String) -> Bool {
        let parts = field.dropFirst().split(separator: "***", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            }
    }

    private static func isNumber(_ text: Substring.UTF8View) -> Bool {
        let parts = text.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",")
        }
        return parts.count <= 2
            && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
    }
}

/// Writes a table into a file. Until `finish` it stands under its name with `.part` added, so that
/// nobody takes half of a table for the whole.
public struct CSVFile: ~Copyable {
    private let path: String
    private let file: Int32
    private var writer: CSVWriter

    public init(path: String, _ writer: CSVWriter = CSVWriter()) throws(FileError) {
        let file = open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        if file < 0 { throw .cannotWrite(path: path + ".part", code: errno) }
        self.path = path
        self.file = file
        self.writer = writer
    }

    deinit { close(file) }

    /// Adds a row.
    public mutating func write(_ fields: [String]) throws(FileError) {
        writer.write(fields)
        if writer.pending.count >= Source.portion { try flush() }
    }

    /// Adds a row as it stood in another file.
    public mutating func write(raw: String) throws(FileError) {
        writer.write(raw: raw)
        if writer.pending.count >= Source.portion { try flush() }
    }

    /// Makes the file whole: on the disk, under its own name.
    public consuming func finish() throws(FileError) {
        try flush()
        guard fsync(file) == 0, rename(path + ".part", path) == 0 else {
            throw .cannotWrite(path: path, code: errno)
        }
    }

    private mutating func flush() throws(FileError) {
        let bytes = writer.take()
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.write(file, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw .cannotWrite(path: path + ".part", code: errno)
            }
        }
    }
}
