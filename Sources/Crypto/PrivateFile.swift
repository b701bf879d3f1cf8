import Glibc

/// Why a file of a secret is not read. It never tells what is in it.
public enum PrivateFileError: Error, Equatable, Sendable, CustomStringConvertible {
    case cannotOpen(String, errno: Int32)
    /// Others than its owner may read or write it.
    case tooOpen(String, mode: String)
    case notOneLine(String)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let code):
            "cannot read \(path): \(String(cString: strerror(code)))"
        case .tooOpen(let path, let mode):
            "\(path) is open to others (mode \(mode)): chmod 600 \(path)"
        case .notOneLine(let path):
            "\(path) must hold the secret alone: one line of printable characters, at most 4096"
        }
    }
}

/// A file that only its owner may read.
public enum PrivateFile {
    /// The secret that is a file's only line.
    public static func secret(_ path: String) throws(PrivateFileError) -> String {
        var bytes = try bytes(path, most: 4_097)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        guard !bytes.isEmpty, bytes.count <= 4_096,
            !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw .notOneLine(path) }
        return text
    }

    static func bytes(_ path: String, most: Int) throws(PrivateFileError) -> [UInt8] {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .cannotOpen(path, errno: errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .cannotOpen(path, errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .cannotOpen(path, errno: EINVAL) }
        guard status.st_mode & 0o077 == 0 else {
            throw .tooOpen(path, mode: String(status.st_mode & 0o777, radix: 8))
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: most + 1)
        while bytes.count <= most {
            let count = Glibc.read(file, &buffer, buffer.count)
            guard count >= 0 else { throw .cannotOpen(path, errno: errno) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        guard bytes.count <= most else { throw .cannotOpen(path, errno: EFBIG) }
        return bytes
    }
}
