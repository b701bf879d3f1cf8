import Glibc

/// How much room a file system has. PostgreSQL cannot tell it in SQL, so it is asked of this
/// machine, and only of folders that are known to be the server's own.
struct Disk {
    let size: UInt64
    /// For all but root: the server runs as nobody special.
    let free: UInt64

    init(size: UInt64, free: UInt64) {
        self.size = size
        self.free = free
    }

    /// The file system on which `path` lies.
    init(at path: String) throws(OperationError) {
        var told = statvfs()
        guard statvfs(path, &told) == 0 else {
            throw OperationError(.cannotRead(path, String(cString: strerror(errno))))
        }
        size = UInt64(told.f_blocks) * UInt64(told.f_frsize)
        free = UInt64(told.f_bavail) * UInt64(told.f_frsize)
    }

    /// A twentieth left, or less than one checkpoint's worth of log: the server stops when it can
    /// write no more. Of large disks 20 GiB are room enough to act in.
    var isNearlyFull: Bool {
        let gibibyte: UInt64 = 1 << 30
        return free < max(gibibyte, min(size / 20, 20 * gibibyte))
    }

    /// Whether the server that began at `started` (seconds since 1970) keeps its data in `folder`.
    /// Nil when its file cannot be read: the folder is another user's.
    static func isOf(_ folder: String, started: Int64) -> Bool? {
        guard let file = fopen("\(folder)/postmaster.pid", "r") else {
            return errno == EACCES ? nil : false
        }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        // Its third line is when it began.
        for _ in 1...3 where fgets(&line, 512, file) == nil { return false }
        let digits = line.prefix { $0 >= 0x30 && $0 <= 0x39 }.map { UInt8(bitPattern: $0) }
        guard let written = Int64(String(decoding: digits, as: UTF8.self)) else { return false }
        return abs(written - started) <= 5
    }
}
