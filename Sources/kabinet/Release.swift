import Glibc
import Postgres
import Queue

/// What this program knows of the database, whatever `sql/` it finds at run time.
enum Release {
    /// The last migration that this code was written for: the highest number of `sql/migrations` (a test holds the two
    /// together). Every session says it to the server (`kabinet.schema`), which refuses those that a breaking migration
    /// has left behind.
    static let schema: Int32 = 46

    /// Which build this is: another one may draw the same bill otherwise.
    static let build: String = {
        var about = stat()
        guard stat("/proc/self/exe", &about) == 0 else { return "\(schema)" }
        return "\(schema) \(about.st_size) \(about.st_mtim.tv_sec) \(about.st_mtim.tv_nsec)"
    }()

    /// Refuses a folder of another release: its statements are not those of this code.
    static func check(_ library: Library) throws {
        let newest = try library.names(in: "migrations").compactMap { Int32($0.prefix(4)) }.max()
        guard newest == schema else {
            throw Migrator.Stopped(
                description:
                    "sql/ goes up to migration \(newest ?? 0), and this program was built for \(schema): "
                    + "they are of different releases; build it again, or set KABINET_HOME to its own"
            )
        }
    }
}
