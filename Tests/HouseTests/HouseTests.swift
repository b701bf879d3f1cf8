import Foundation
import Testing

/// Reads the tree and holds the laws of the house.
private let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

private func files(in folder: String, ending: String) throws -> [(path: String, text: String)] {
    let root = home.appendingPathComponent(folder)
    var found: [(String, String)] = []
    let walker = try #require(
        FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
    for case let url as URL in walker where url.pathExtension == ending {
        let path = url.path.replacingOccurrences(of: home.path + "/", with: "")
        found.append((path, try String(contentsOf: url, encoding: .utf8)))
    }
    return found.sorted { $0.0 < $1.0 }
}

private func imports(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"), place <= 1, words.count > place + 1 else {
            return nil
        }
        return String(words[place + 1])
    }
}

@Suite struct `The laws of the house` {
    static let forbidden: [String: Set<String>] = [
        "Commands": ["Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch"],
        "Domain": [
            "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch", "Store",
            "Postgres", "Queue",
        ],
        "Ingress": ["Domain", "Store", "Workers", "Portal", "Operations"],
        "Portal": ["Queue", "Workers", "Ingress", "Postgres", "Domain"],
        "Queue": ["Commands", "Domain", "Store", "Words", "Workers", "Ingress"],
    ]
    static let rooms = [
        "Commands", "Words", "Ingress", "Access", "Queue", "Workers", "Domain", "Store", "Portal",
        "Operations", "Markup", "Files", "Postgres", "HTTP", "Crypto", "Drawing", "Settings",
        "Telemetry", "Threads", "Bills",
    ]

    @Test(arguments: forbidden.keys.sorted())
    func `a room imports nothing that it must not know`(room: String) throws {
        for file in try files(in: "Sources/\(room)", ending: "swift") {
            let bad = imports(file.text).filter { Self.forbidden[room]?.contains($0) ?? false }
            #expect(bad.isEmpty, "\(file.path) imports \(bad)")
        }
    }

    @Test(arguments: ["Postgres", "HTTP", "Crypto", "Drawing", "Files", "Markup", "Telemetry"])
    func `rooms around libraries know nothing of ours`(room: String) throws {
        for file in try files(in: "Sources/\(room)", ending: "swift") {
            let bad = imports(file.text).filter(Self.rooms.contains)
            #expect(bad.isEmpty, "\(file.path) imports \(bad)")
        }
    }

    @Test func `each C library is imported by one room only`() throws {
        var owners: [String: Set<String>] = [:]
        for file in try files(in: "Sources", ending: "swift") {
            let room = file.path.split(separator: "/")[1]
            for name in imports(file.text)
            where [
                "CPostgres", "CMicroHTTP", "CCurl", "CSodium", "CYAML", "CZlib", "CZip",
                "CQREncode", "CCairo",
            ].contains(name) {
                owners[name, default: []].insert(String(room))
            }
        }
        for (library, rooms) in owners { #expect(rooms.count == 1, "\(library): \(rooms)") }
    }

    @Test func `the top level is the agreed one`() throws {
        let agreed: Set<String> = [
            "Package.swift", "Sources", "Tests", "sql", "workers.yaml", "ops", "README.md",
            "LICENSE", ".ci", ".gitignore", ".swift-format", ".git", ".build", ".kabinet",
            ".swiftpm",
        ]
        let present = try FileManager.default.contentsOfDirectory(atPath: home.path)
        #expect(Set(present).subtracting(agreed).isEmpty)
    }

    @Test(arguments: ["try?", "as!", "try!", "fatalError(", "Thread.sleep", "usleep("])
    func `what hides or waits blindly stands nowhere`(word: String) throws {
        for file in try files(in: "Sources", ending: "swift") {
            for (number, line) in file.text.split(
                separator: "\n", omittingEmptySubsequences: false
            ).enumerated() where (" " + line).contains(" " + word) && !line.contains("//") {
                Issue.record("\(file.path):\(number + 1): \(word)")
            }
        }
    }

    @Test func `no machine's paths stand in the tree`() throws {
        let pattern = try Regex("(^|[^A-Za-z0-9._-])/(root|home|Users)/")
        for file in try files(in: "Sources", ending: "swift") + files(in: "sql", ending: "sql") {
            #expect(file.text.firstMatch(of: pattern) == nil, "\(file.path)")
        }
    }

    @Test func `there is no Double in the rules`() throws {
        for file in try files(in: "Sources/Domain", ending: "swift")
            + files(in: "Sources/Commands", ending: "swift")
        {
            let code = file.text.split(separator: "\n").filter { !$0.contains("//") }
            #expect(
                !code.contains { $0.contains(": Double") || $0.contains("Double(") }, "\(file.path)"
            )
        }
    }
}

@Suite struct `The statements` {
    /// `"room/name"` literals of Sources.
    static func named() throws -> Set<String> {
        let pattern = try Regex("\"((queue|store|access|portal|operations|migrate)/[a-z0-9_]+)\"")
        var names: Set<String> = []
        for file in try files(in: "Sources", ending: "swift") {
            for match in file.text.matches(of: pattern) {
                if let name = match.output[1].substring { names.insert(String(name)) }
            }
        }
        return names
    }

    static func present() throws -> Set<String> {
        Set(
            try files(in: "sql/queries", ending: "sql").map { file in
                String(file.path.dropFirst("sql/queries/".count).dropLast(".sql".count))
            })
    }

    @Test func `that are named have their files`() throws {
        #expect(try Self.named().subtracting(Self.present()).isEmpty)
    }

    @Test func `that have files are named`() throws {
        #expect(try Self.present().subtracting(Self.named()).isEmpty)
    }

    @Test func `say in a header what they are`() throws {
        for file in try files(in: "sql", ending: "sql") {
            #expect(file.text.hasPrefix("--"), "\(file.path)")
        }
    }

    @Test func `of Swift are none: SQL lives in sql`() throws {
        let pattern = try Regex(
            "\"\\s*(select .* from |insert into |update [a-z.]+ set |delete from )"
        ).ignoresCase()
        for file in try files(in: "Sources", ending: "swift") {
            #expect(file.text.firstMatch(of: pattern) == nil, "\(file.path)")
        }
    }

    @Test func `migrations are numbered without a gap`() throws {
        let numbers = try files(in: "sql/migrations", ending: "sql").map {
            Int($0.path.split(separator: "/").last?.prefix(4) ?? "") ?? 0
        }
        #expect(numbers == Array(1...max(1, numbers.count)))
    }

    @Test func `of the last migration are what the program says that it knows`() throws {
        let numbers = try files(in: "sql/migrations", ending: "sql").map {
            Int($0.path.split(separator: "/").last?.prefix(4) ?? "") ?? 0
        }
        let path = home.appendingPathComponent("Sources/kabinet/Release.swift")
        let text = try String(contentsOf: path, encoding: .utf8)
        let last = try #require(numbers.max())
        #expect(
            text.contains("static let schema: Int32 = \(last)\n"),
            "set Release.schema to \(last): the number of the last migration")
    }
}
