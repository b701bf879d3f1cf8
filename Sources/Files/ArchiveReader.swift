import CZip
import Glibc

/// A ZIP archive on disk, read file by file: however large it is, only the file that is read is in memory.
public final class ArchiveReader {
    /// A file or folder of it, before it is read.
    public struct Entry: Sendable {
        public let name: String
        /// What it says of its size; `bytes` holds it to that.
        public let size: Int
        public var isFolder: Bool { name.hasSuffix("/") }
    }

    private let raw: OpaquePointer
    public let count: Int

    /// Whether a file means to be an archive: by its name, or by what it begins with.
    public static func isArchive(_ path: String) -> Bool {
        if path.lowercased().hasSuffix(".zip") { return true }
        guard let file = fopen(path, "r") else { return false }
        defer { fclose(file) }
        return getc(file) == Int32(UInt8(ascii: "P")) && getc(file) == Int32(UInt8(ascii: "K"))
    }

    public init(path: String) throws(ArchiveError) {
        var code: Int32 = 0
        guard let archive = zip_open(path, Int32(ZIP_RDONLY | ZIP_CHECKCONS), &code) else {
            var fault = zip_error_t()
            zip_error_init_with_code(&fault, code)
            defer { zip_error_fini(&fault) }
            throw ArchiveError(
                description: "\(path): \(String(cString: zip_error_strerror(&fault)))")
        }
        raw = archive
        count = Int(zip_get_num_entries(archive, 0))
    }

    deinit { zip_discard(raw) }

    public func entry(_ index: Int) throws(ArchiveError) -> Entry {
        var about = zip_stat_t()
        // Names of files that say nothing of their encoding are guessed (CP437, UTF-8).
        guard zip_stat_index(raw, UInt64(index), UInt32(ZIP_FL_ENC_GUESS), &about) == 0,
            let name = about.name
        else { throw error() }
        return Entry(name: String(cString: name), size: Int(clamping: about.size))
    }

    /// - Throws: `ArchiveError` where the file is damaged, encrypted, or larger than `most`.
    public func bytes(_ index: Int, most: Int) throws(ArchiveError) -> [UInt8] {
        guard let file = zip_fopen_index(raw, UInt64(index), 0) else { throw error() }
        defer { zip_fclose(file) }
        var found: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let read = buffer.withUnsafeMutableBytes {
                zip_fread(file, $0.baseAddress, UInt64($0.count))
            }
            guard read >= 0 else { throw error() }
            if read == 0 { return found }
            guard found.count + Int(read) <= most else {
                throw ArchiveError(
                    description: "a file of the archive is larger than \(most) bytes")
            }
            found.append(contentsOf: buffer[..<Int(read)])
        }
    }

    private func error() -> ArchiveError {
        ArchiveError(
            description: zip_strerror(raw).map { String(cString: $0) } ?? "unknown")
    }
}
