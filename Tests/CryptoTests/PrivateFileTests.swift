import Crypto
import Foundation
import Testing

@Suite struct `A file of a secret` {
    private func file(_ text: String, mode: Int = 0o600) throws -> String {
        let path = NSTemporaryDirectory() + "kabinet-secret-\(UUID().uuidString)"
        try #require(
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
        return path
    }

    @Test(arguments: [("s3cret\n", "s3cret"), ("a b", "a b"), ("пароль", "пароль")])
    func `holds it alone, with or without a line's end`(text: String, secret: String) throws {
        #expect(try PrivateFile.secret(file(text)) == secret)
    }

    @Test(arguments: ["", "\n", "a\nb\n", "a\r\n", "a\u{0}b", String(repeating: "x", count: 4_097)])
    func `is refused with anything else in it, and never shown`(text: String) throws {
        let path = try file(text)
        do {
            _ = try PrivateFile.secret(path)
            Issue.record("it was read")
        } catch {
            #expect(error == .notOneLine(path) || error == .cannotOpen(path, errno: 27))
            #expect(!"\(error)".contains("xxxx"))
        }
    }

    @Test func `is refused when others may read it, or when it is not there`() throws {
        let path = try file("s3cret", mode: 0o640)
        #expect(throws: PrivateFileError.tooOpen(path, mode: "640")) {
            try PrivateFile.secret(path)
        }
        #expect(throws: PrivateFileError.cannotOpen("\(path).none", errno: 2)) {
            try PrivateFile.secret("\(path).none")
        }
    }

    @Test func `a text sealed as text opens again, and only whole`() throws {
        let key = SealingKey()
        let sealed = try SealedBox.seal(text: "код 482913", to: key.publicKey)
        #expect(try SealedBox.open(text: sealed, with: [key]) == "код 482913")
        #expect(throws: SealingError.malformed) {
            try SealedBox.open(text: "\(sealed)!", with: [key])
        }
        #expect(throws: SealingError.self) {
            try SealedBox.open(text: String(sealed.dropLast(4)), with: [key])
        }
    }
}
