import Glibc
import Postgres
import TestKit

/// A folder with statements of a test's own, gone with the value.
final class Statements {
    let library: Library
    private let home: String
    private var files: [String] = []

    init(_ texts: [String: String]) throws {
        var template = Array("/tmp/kabinet-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestKitError("no temporary folder") }
        home = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        library = Library(home: home)
        for folder in ["/sql", "/sql/queries", "/sql/queries/test"] {
            guard mkdir(home + folder, 0o700) == 0 else {
                throw TestKitError("cannot make \(folder)")
            }
        }
        for (name, text) in texts {
            let path = home + "/sql/queries/test/\(name).sql"
            files.append(path)
            guard let file = fopen(path, "w") else { throw TestKitError("cannot write \(path)") }
            fputs(text, file)
            fclose(file)
        }
    }

    deinit {
        for file in files { unlink(file) }
        for folder in ["/sql/queries/test", "/sql/queries", "/sql", ""] { rmdir(home + folder) }
    }
}
