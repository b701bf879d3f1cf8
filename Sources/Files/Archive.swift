import CZip

/// A ZIP archive that could not be made.
public struct ArchiveError: Error, Sendable, CustomStringConvertible {
    public let description: String
}

/// Files in one ZIP archive, in memory.
public struct Archive: Sendable {
    /// A file of it.
    public struct Entry: Sendable {
        public var name: String
        public var bytes: [UInt8]
        public init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    public var entries: [Entry]
    /// When the files say that they were made, in seconds since 1970-01-01 UTC.
    public var madeAt: Int64

    public init(_ entries: [Entry], madeAt: Int64) {
        self.entries = entries
        self.madeAt = madeAt
    }

    /// The whole archive.
    public func bytes() throws(ArchiveError) -> [UInt8] {
        var fault = zip_error_t()
        zip_error_init(&fault)
        defer { zip_error_fini(&fault) }
        // Grows with what is written; kept beyond the closing of the archive to be read.
        guard let buffer = zip_source_buffer_create(nil, 0, 1, &fault) else {
            throw Self.error(&fault)
        }
        zip_source_keep(buffer)
        defer { zip_source_free(buffer) }
        guard let archive = zip_open_from_source(buffer, ZIP_TRUNCATE, &fault) else {
            zip_source_free(buffer)
            throw Self.error(&fault)
        }
        // The library reads what is added only when it closes.
        let contents = entries.map { entry in
            let copy = UnsafeMutableRawBufferPointer.allocate(
                byteCount: max(1, entry.bytes.count), alignment: 1)
            copy.copyBytes(from: entry.bytes)
            return copy
        }
        defer { for content in contents { content.deallocate() } }
        for (entry, content) in zip(entries, contents) {
            guard
                let source = zip_source_buffer(
                    archive, content.baseAddress, UInt64(entry.bytes.count), 0)
            else { throw Self.dropped(archive) }
            let index = zip_file_add(archive, entry.name, source, UInt32(ZIP_FL_ENC_UTF_8))
            guard index >= 0 else {
                zip_source_free(source)
                throw Self.dropped(archive)
            }
            zip_file_set_mtime(archive, UInt64(index), time_t(madeAt), 0)
        }
        guard zip_close(archive) == 0 else { throw Self.dropped(archive) }
        return try Self.read(buffer)
    }

    private static func read(_ buffer: OpaquePointer) throws(ArchiveError) -> [UInt8] {
        var about = zip_stat_t()
        guard zip_source_open(buffer) == 0, zip_source_stat(buffer, &about) == 0 else {
            throw ArchiveError(description: "the archive cannot be read back")
        }
        defer { zip_source_close(buffer) }
        var bytes = [UInt8](repeating: 0, count: Int(about.size))
        let count = bytes.withUnsafeMutableBytes {
            zip_source_read(buffer, $0.baseAddress, UInt64($0.count))
        }
        guard count == Int64(bytes.count) else {
            throw ArchiveError(description: "the archive was cut short")
        }
        return bytes
    }

    private static func error(_ fault: inout zip_error_t) -> ArchiveError {
        ArchiveError(description: String(cString: zip_error_strerror(&fault)))
    }

    /// Gives the archive up and says why.
    private static func dropped(_ archive: OpaquePointer) -> ArchiveError {
        let description = zip_strerror(archive).map { String(cString: $0) } ?? "unknown"
        zip_discard(archive)
        return ArchiveError(description: description)
    }
}
