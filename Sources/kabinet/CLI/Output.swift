import Commands
import Glibc
import Operations
import Words

/// The only place that prints. Answers go to standard output; progress, notes and complaints to
/// standard error, so that what a script reads is the answer alone.
struct Output {
    let language: Language

    func line(_ text: String = "") { print(text) }
    func say(_ phrase: Phrase) { print(phrase.text(language)) }
    func json(_ value: JSON) { print(String(decoding: value.bytes, as: UTF8.self)) }

    /// Bytes as they are, of a table that another program reads.
    func raw(_ bytes: [UInt8]) { print(String(decoding: bytes, as: UTF8.self), terminator: "") }

    func note(_ phrase: Phrase) { note(phrase.text(language)) }
    func complain(_ phrase: Phrase) { note("kabinet: " + phrase.text(language)) }
    func complain(_ text: String) { note("kabinet: " + text) }

    func note(_ text: String) {
        // What was printed before must stand before it on a terminal.
        fflush(nil)
        Self.write(text + "\n")
    }

    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if count > 0 { done += count } else if errno != EINTR { return }
        }
    }

    /// Columns as wide as they need to be; numbers stand at the right. Headings are keys of
    /// `Phrase.heading`.
    func table(_ headings: [String], _ rows: [[String]], numbers: Set<String> = []) {
        guard !rows.isEmpty else { return }
        let titles = headings.map { Phrase.heading($0).text(language) }
        let widths = titles.indices.map { column in
            ([titles] + rows).map { $0[column].count }.max() ?? 0
        }
        for row in [titles] + rows {
            let cells = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return numbers.contains(headings[column]) ? space + cell : cell + space
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            print(line)
        }
    }
}

extension JSON {
    /// An optional text, or nothing.
    static func text(_ value: String?) -> JSON? { value.map(JSON.string) }
    static func number(_ value: Int64?) -> JSON? { value.map(JSON.int) }
}
