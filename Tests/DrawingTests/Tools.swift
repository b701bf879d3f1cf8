import Foundation
import Testing

/// A bill as a file, and what other programs see in it.
final class Paper {
    private let folder: URL
    var file: String { folder.appending(path: "bill.pdf").path() }

    init(_ pdf: [UInt8]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(pdf).write(to: folder.appending(path: "bill.pdf"))
    }

    deinit {
        for name in ["bill.pdf", "page.pgm"] { unlink(folder.appending(path: name).path()) }
        rmdir(folder.path())
    }

    /// What a program writes to its standard output.
    static func output(_ program: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/" + program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return output
    }

    func text(_ options: [String] = ["-raw"]) throws -> String {
        String(
            decoding: try Self.output("pdftotext", options + [file, "-"]), as: UTF8.self)
    }

    /// Line by line, words between spaces.
    func lines(_ program: String, _ options: [String] = []) throws -> [[Substring]] {
        String(decoding: try Self.output(program, options + [file]), as: UTF8.self)
            .split(separator: "\n").map { $0.split(separator: " ") }
    }

    /// The bytes of all codes of the first page, one behind the other, as a scanner reads them from a print of 200 dots
    /// an inch.
    func codes() throws -> Data {
        let picture = folder.appending(path: "page").path()
        _ = try Self.output(
            "pdftoppm",
            ["-r", "200", "-gray", "-f", "1", "-l", "1", "-singlefile", file, picture])
        return try Self.output(
            "zbarimg", ["--quiet", "--raw", "-Sbinary", picture + ".pgm"])
    }

    /// The box of each word: left, top, right, bottom, in points.
    func boxes() throws -> [[Double]] {
        let html = try text(["-bbox"])
        let pattern = try Regex(
            "<word xMin=\"([-0-9.]+)\" yMin=\"([-0-9.]+)\" xMax=\"([-0-9.]+)\" yMax=\"([-0-9.]+)\">"
        )
        return html.matches(of: pattern).map { match in
            (1...4).compactMap { match.output[$0].substring.flatMap { Double($0) } }
        }
    }
}

/// Without spaces and places for hyphens, which stand elsewhere on paper.
func squeezed(_ text: String) -> String {
    String(
        String.UnicodeScalarView(
            text.unicodeScalars.filter { !$0.properties.isWhitespace && $0 != "\u{AD}" }))
}
