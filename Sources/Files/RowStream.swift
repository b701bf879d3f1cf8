/// The rows of a CSV file, whatever their number of fields. What is read is turned into UTF-8 a
/// portion at a time, so that the scan knows one encoding only.
struct RowStream {
    /// Where a field lies in the window.
    private struct Piece {
        var start: Int
        var end: Int
        var hasDoubledQuotes: Bool
    }

    private enum Scan {
        /// A whole row: its length, its length with the line end, and how many line ends it holds.
        case row(length: Int, consumed: Int, lines: Int)
        /// The window ends before the row does.
        case more(isQuoted: Bool)
        case broken(RowError.Reason)
    }

    let source: Source
    let encoding: Encoding
    private(set) var separator = UInt8(ascii: ";")

    private let isDamaged: Bool
    private var chunk: [UInt8] = []
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    private var line = 1
    private var pieces: [Piece] = []

    init(_ source: Source) throws(FileError) {
        var check = EncodingCheck()
        var hasMark = false
        while true {
            let isFirst = source.read == 0
            try source.next(&chunk)
            if chunk.isEmpty { break }
            if isFirst {
                if chunk.starts(with: [0xFF, 0xFE]) || chunk.starts(with: [0xFE, 0xFF]) {
                    throw .utf16
                }
                hasMark = chunk.starts(with: [0xEF, 0xBB, 0xBF])
            }
            check.take(chunk)
        }
        try source.rewind()
        let verdict = check.verdict()
        self.source = source
        encoding = hasMark ? .utf8 : verdict.encoding
        isDamaged = encoding == .utf8 && (verdict.isDamaged || verdict.encoding != .utf8)
        try fill()
        if hasMark { start = min(3, buffer.count) }
    }

    /// Chooses the separator by the first line. Excel's own hint, a first line `sep=;`, is obeyed
    /// and passed over.
    mutating func findSeparator(_ wanted: UInt8?) throws(FileError) {
        while !isAtEnd, buffer.count - start <= CSVReader.longestRow { try fill() }
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        let text = buffer[start...].drop(while: isBlank)
        let first = text.prefix { $0 != 0x0A && $0 != 0x0D }
        if first.count == 5, first.starts(with: "sep=".utf8), let hint = first.last {
            separator = wanted ?? hint
            line += buffer[start..<text.startIndex].count { $0 == 0x0A }
            start = text.startIndex
            skipLine()
            return
        }
        if let wanted {
            separator = wanted
            return
        }
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in first {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted { counts[byte, default: 0] += 1 }
        }
        let tabs = counts[0x09] ?? 0
        let commas = counts[UInt8(ascii: ",")] ?? 0
        if counts[UInt8(ascii: ";")] == nil, tabs + commas > 0 {
            separator = tabs >= commas ? 0x09 : UInt8(ascii: ",")
        }
    }

    mutating func next() -> Result<Row, RowError>? {
        // One row and its line end: what does not fit is too long wherever it stands in the file.
        let longest = CSVReader.longestRow + 2
        while true {
            let window = min(buffer.count - start, longest)
            if window == 0, isAtEnd { return nil }
            let isWhole = isAtEnd && start + window == buffer.count
            switch scan(window, isWhole: isWhole) {
            case .more(let isQuoted):
                if window == longest { return broken(isQuoted ? .unclosedQuote : .tooLong) }
                do throws(FileError) {
                    try fill()
                } catch {
                    return unreadable(error)
                }
            case .broken(let reason):
                return broken(reason)
            case .row(let length, let consumed, let lines):
                if length > CSVReader.longestRow { return broken(.tooLong) }
                let isBlank = buffer[start..<(start + length)].allSatisfy {
                    $0 == 0x20 || $0 == 0x09
                }
                let result = isBlank ? nil : row(length)
                start += consumed
                line += lines
                if let result { return result }
            }
        }
    }

    /// Finds the next row's end and its fields. `isWhole` says that nothing follows the window.
    private mutating func scan(_ window: Int, isWhole: Bool) -> Scan {
        var pieces: [Piece] = []
        swap(&pieces, &self.pieces)
        defer { swap(&pieces, &self.pieces) }
        pieces.removeAll(keepingCapacity: true)
        let separator = separator
        return buffer.withUnsafeBufferPointer { buffer in
            let bytes = UnsafeBufferPointer(rebasing: buffer[start..<(start + window)])
            return RowStream.scan(bytes, separator, isWhole, &pieces)
        }
    }

    private static func scan(
        _ bytes: UnsafeBufferPointer<UInt8>, _ separator: UInt8, _ isWhole: Bool,
        _ pieces: inout [Piece]
    ) -> Scan {
        let quote = UInt8(ascii: "\"")
        let end = bytes.count
        var lines = 0
        var at = 0
        while true {
            var piece = Piece(start: at, end: at, hasDoubledQuotes: false)
            if at < end, bytes[at] == quote {
                at += 1
                piece.start = at
                while true {
                    if at >= end {
                        return isWhole ? .broken(.unclosedQuote) : .more(isQuoted: true)
                    }
                    let byte = bytes[at]
                    if byte == quote {
                        if at + 1 >= end, !isWhole { return .more(isQuoted: true) }
                        guard at + 1 < end, bytes[at + 1] == quote else { break }
                        piece.hasDoubledQuotes = true
                        at += 1
                    } else if byte == 0x0A {
                        lines += 1
                    } else if byte == 0x0D, at + 1 >= end || bytes[at + 1] != 0x0A {
                        lines += 1
                    }
                    at += 1
                }
                piece.end = at
                at += 1
                if at < end, bytes[at] != separator, bytes[at] != 0x0A, bytes[at] != 0x0D {
                    return .broken(lines > 0 ? .unclosedQuote : .textAfterQuote)
                }
            } else {
                while at < end {
                    let byte = bytes[at]
                    if byte == separator || byte == 0x0A || byte == 0x0D { break }
                    at += 1
                }
                piece.end = at
            }
            pieces.append(piece)
            if at >= end {
                return isWhole
                    ? .row(length: end, consumed: end, lines: lines) : .more(isQuoted: false)
            }
            if bytes[at] == separator {
                at += 1
            } else {
                if bytes[at] == 0x0A {
                    return .row(length: at, consumed: at + 1, lines: lines + 1)
                }
                if at + 1 >= end, !isWhole { return .more(isQuoted: false) }
                let isPair = at + 1 < end && bytes[at + 1] == 0x0A
                return .row(length: at, consumed: at + (isPair ? 2 : 1), lines: lines + 1)
            }
        }
    }

    /// Makes the row at `start` from the pieces of the last scan.
    private func row(_ length: Int) -> Result<Row, RowError> {
        buffer.withUnsafeBufferPointer { buffer in
            let bytes = UnsafeBufferPointer(rebasing: buffer[start..<(start + length)])
            let raw = String(decoding: bytes, as: UTF8.self)
            if bytes.contains(0) {
                return .failure(RowError(line: line, reason: .nul, raw: raw))
            }
            let isText =
                if encoding == .cp1251 {
                    !raw.unicodeScalars.contains("\u{FFFD}")
                } else {
                    !isDamaged || String(validating: bytes, as: UTF8.self) != nil
                }
            if !isText {
                return .failure(RowError(line: line, reason: .invalidBytes, raw: raw))
            }
            var fields: [String] = []
            fields.reserveCapacity(pieces.count)
            for piece in pieces {
                let part = UnsafeBufferPointer(rebasing: bytes[piece.start..<piece.end])
                if piece.hasDoubledQuotes {
                    var isSecond = false
                    let single = part.filter { byte in
                        isSecond = byte == UInt8(ascii: "\"") && !isSecond
                        return byte != UInt8(ascii: "\"") || isSecond
                    }
                    fields.append(String(decoding: single, as: UTF8.self))
                } else {
                    fields.append(String(decoding: part, as: UTF8.self))
                }
            }
            return .success(Row(line: line, fields: fields, raw: raw))
        }
    }

    /// Reports the row at `start` and passes over its first line only: the lines after it may be
    /// good rows.
    private mutating func broken(_ reason: RowError.Reason) -> Result<Row, RowError> {
        let first = buffer[start...].prefix { $0 != 0x0A && $0 != 0x0D }.prefix(1024)
        let error = RowError(
            line: line, reason: reason, raw: String(decoding: first, as: UTF8.self))
        skipLine()
        return .failure(error)
    }

    /// Passes over everything up to the next line end. When the file cannot be read on, the next
    /// call of `next` meets the same error and tells it.
    private mutating func skipLine() {
        while true {
            if let end = buffer[start...].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
                if buffer[end] == 0x0D, end + 1 == buffer.count, !isAtEnd, canFill() { continue }
                let isPair =
                    buffer[end] == 0x0D && end + 1 < buffer.count && buffer[end + 1] == 0x0A
                start = end + (isPair ? 2 : 1)
                line += 1
                return
            }
            start = buffer.count
            if isAtEnd || !canFill() { return }
        }
    }

    private mutating func canFill() -> Bool {
        do throws(FileError) {
            try fill()
            return true
        } catch {
            return false
        }
    }

    private mutating func unreadable(_ error: FileError) -> Result<Row, RowError> {
        isAtEnd = true
        start = buffer.count
        var code: Int32 = 0
        if case .cannotRead(_, let found) = error { code = found }
        return .failure(RowError(line: line, reason: .unreadable(code: code), raw: ""))
    }

    /// Reads one more portion behind what is not yet used.
    private mutating func fill() throws(FileError) {
        try source.next(&chunk)
        if chunk.isEmpty {
            isAtEnd = true
            return
        }
        buffer.removeSubrange(0..<start)
        start = 0
        switch encoding {
        case .utf8: buffer.append(contentsOf: chunk)
        case .cp1251: CP1251.append(chunk, to: &buffer)
        }
    }
}
