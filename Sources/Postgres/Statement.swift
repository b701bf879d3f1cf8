import Glibc

/// A statement of `sql/queries`, named by its path without the ending: `queue/append`.
public struct Statement: Hashable, Sendable, ExpressibleByStringLiteral {
    public let name: String
    public init(_ name: String) { self.name = name }
    public init(stringLiteral value: String) { name = value }
}

/// The texts of `sql/`, read when they are first needed. A release carries its own `sql/` beside the binary.
public struct Library: Sendable {
    private let directory: String

    /// - Parameter home: the folder that has `sql/` in it (`KABINET_HOME`).
    public init(home: String = ".") { directory = home + "/sql" }

    public func text(of statement: Statement) throws(PostgresError) -> String {
        try read("queries/\(statement.name).sql")
    }

    /// The names of the files of one folder of `sql/`, sorted, without the ending.
    public func names(in folder: String) throws(PostgresError) -> [String] {
        var found: [String] = []
        guard let handle = opendir("\(directory)/\(folder)") else {
            throw missing("\(directory)/\(folder)")
        }
        defer { closedir(handle) }
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".sql") { found.append(String(name.dropLast(4))) }
        }
        return found.sorted()
    }

    /// The text of a file below `sql/`.
    public func read(_ path: String) throws(PostgresError) -> String {
        guard let file = fopen("\(directory)/\(path)", "r") else {
            throw missing("\(directory)/\(path)")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            bytes.append(contentsOf: buffer[..<count])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func missing(_ path: String) -> PostgresError {
        PostgresError(
            sqlState: "58P01",
            message: "cannot read \(path); set KABINET_HOME to the folder that has sql/ in it",
            detail: "", constraint: "", statement: path)
    }
}
