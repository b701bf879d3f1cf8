// Files: tables in and out of files, as streams of rows, so that a register of a million accounts
// needs no more memory than one of ten. This room knows nothing of ours: what a column means is the
// importer's business.

import Glibc

/// Why a file could not be read or written at all. What is wrong with one row is a `RowError`.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system refused; `code` is errno.
    case cannotOpen(path: String, code: Int32)
    case cannotRead(path: String, code: Int32)
    case cannotWrite(path: String, code: Int32)
    /// A directory, a pipe or a device: the encoding is found by reading twice, which those do not
    /// allow.
    case notAFile(path: String)
    /// The file begins with a UTF-16 or UTF-32 mark.
    case utf16
    /// There is no header line.
    case empty
    /// The header line itself is broken.
    case header(RowError)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let code): "cannot open \(path): \(reason(code))"
        case .cannotRead(let path, let code): "cannot read \(path): \(reason(code))"
        case .cannotWrite(let path, let code): "cannot write \(path): \(reason(code))"
        case .notAFile(let path): "\(path) is not a regular file"
        case .utf16: "the file is in UTF-16; save it as \"CSV UTF-8\" and try again"
        case .empty: "the file is empty: its first line must name the columns"
        case .header(let error): "the header is broken: \(error)"
        }
    }
}

private func reason(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
}

/// Bytes from a file or from memory, in portions, with their number known.
final class Source {
    static let portion = 64 * 1024

    let path: String
    let total: Int
    private(set) var read = 0
    private let file: Int32
    private let memory: [UInt8]

    init(path: String) throws(FileError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        if file < 0 { throw .cannotOpen(path: path, code: errno) }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            let code = errno
            close(file)
            throw .cannotOpen(path: path, code: code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(file)
            throw .notAFile(path: path)
        }
        self.path = path
        self.file = file
        self.total = Int(status.st_size)
        self.memory = []
    }

    init(bytes: [UInt8]) {
        path = "memory"
        file = -1
        total = bytes.count
        memory = bytes
    }

    deinit { if file >= 0 { close(file) } }

    func rewind() throws(FileError) {
        read = 0
        if file >= 0, lseek(file, 0, SEEK_SET) != 0 { throw .cannotRead(path: path, code: errno) }
    }

    /// Replaces `chunk` by the next portion; it is empty at the end.
    func next(_ chunk: inout [UInt8]) throws(FileError) {
        if file < 0 {
            let count = min(Source.portion, memory.count - read)
            chunk.removeAll(keepingCapacity: true)
            chunk.append(contentsOf: memory[read..<(read + count)])
            read += count
            return
        }
        if chunk.count != Source.portion { chunk = [UInt8](repeating: 0, count: Source.portion) }
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count >= 0 {
                chunk.removeLast(Source.portion - count)
                read += count
                return
            }
            if errno != EINTR { throw .cannotRead(path: path, code: errno) }
        }
    }
}
