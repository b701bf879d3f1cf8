import Files
import Foundation
import Testing

@Suite struct ArchiveReaderTests {
    private func path(_ bytes: [UInt8]) throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString + ".zip"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test func `what was put into an archive comes out of it, file by file`() throws {
        let large = [UInt8]((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let archive = Archive(
            [
                .init(name: "счёт_2026-04.pdf", bytes: Array("%PDF-".utf8)),
                .init(name: "a/large", bytes: large), .init(name: "empty", bytes: []),
            ], madeAt: 1_780_000_000)
        let path = try path(archive.bytes())
        defer { unlink(path) }
        let reader = try ArchiveReader(path: path)
        #expect(reader.count == 3)
        #expect(try (0..<3).map { try reader.entry($0).name } == archive.entries.map(\.name))
        #expect(try (0..<3).map { try reader.entry($0).size } == [5, 300_000, 0])
        #expect(
            try (0..<3).map { try reader.bytes($0, most: 300_000) } == archive.entries.map(\.bytes))
        #expect(throws: ArchiveError.self) { try reader.bytes(1, most: 299_999) }
        #expect(throws: ArchiveError.self) { try reader.entry(3) }
    }

    @Test func `what is no archive, or was cut, is said`() throws {
        let whole = try Archive(
            [.init(name: "a", bytes: [UInt8](repeating: 7, count: 1000))], madeAt: 1_780_000_000
        ).bytes()
        for bytes in [[], Array("PK".utf8), Array(whole.dropLast(30)), Array(whole.dropFirst(10))] {
            let path = try path(bytes)
            defer { unlink(path) }
            #expect(throws: ArchiveError.self) { try ArchiveReader(path: path) }
        }
        #expect(throws: ArchiveError.self) { try ArchiveReader(path: "/nowhere/none.zip") }
    }
}
