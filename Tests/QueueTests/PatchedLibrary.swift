import Glibc
import Postgres
import TestKit

/// The queue's statements with some of them replaced, in a folder that goes with the value.
final class PatchedLibrary {
    let library: Library
    private let home: String
    private var files: [String] = []

    init(_ original: Library, replacing texts: [String: String]) throws {
        var template = Array("/tmp/kabinet-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestKitError("no temporary folder") }
        home = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        library = Library(home: home)
        for folder in ["/sql", "/sql/queries", "/sql/queries/queue"] {
            guard mkdir(home + folder, 0o700) == 0 else {
                throw TestKitError("cannot make \(folder)")
            }
        }
        for name in try original.names(in: "queries/queue") {
            let text = try texts["queue/\(name)"] ?? original.read("queries/queue/\(name).sql")
            let path = "\(home)/sql/queries/queue/\(name).sql"
            files.append(path)
            guard let file = fopen(path, "w") else { throw TestKitError("cannot write \(path)") }
            fputs(text, file)
            fclose(file)
        }
    }

    deinit {
        for file in files { unlink(file) }
        for folder in ["/sql/queries/queue", "/sql/queries", "/sql", ""] { rmdir(home + folder) }
    }
}
