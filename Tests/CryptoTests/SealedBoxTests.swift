import Crypto
import Foundation
import Glibc
import Testing

@Suite struct `A sealed box` {
    init() throws { try Secrets.start() }

    private let keys = [SealingKey(), SealingKey(), SealingKey()]
    private let secret = Array("пароль 123".utf8)

    @Test(arguments: [0, 1, 31, 4096])
    func `is opened by the key to which it was sealed, among others`(count: Int) throws {
        let bytes = Secrets.random(count)
        for key in keys {
            let sealed = try SealedBox.seal(bytes, to: key.publicKey)
            #expect(try SealedBox.open(sealed, with: keys) == bytes)
            #expect(try SealedBox.open(sealed, with: keys.reversed()) == bytes)
        }
    }

    @Test func `shows nothing of what it holds, and is another each time`() throws {
        let first = try SealedBox.seal(secret, to: keys[0].publicKey)
        let second = try SealedBox.seal(secret, to: keys[0].publicKey)
        #expect(first != second)
        #expect(!String(decoding: first, as: UTF8.self).contains("123"))
    }

    @Test func `of a key that is not here says which one it needs`() throws {
        let sealed = try SealedBox.seal(secret, to: keys[0].publicKey)
        #expect(throws: SealingError.unknownKey(keys[0].id)) {
            try SealedBox.open(sealed, with: Array(keys[1...]))
        }
        #expect(throws: SealingError.unknownKey(keys[0].id)) {
            try SealedBox.open(sealed, with: [])
        }
    }

    @Test func `with another key's name is not opened by it`() throws {
        var sealed = try SealedBox.seal(secret, to: keys[0].publicKey)
        let other = try SealedBox.seal(secret, to: keys[1].publicKey)
        sealed.replaceSubrange(1..<9, with: other[1..<9])
        #expect(throws: SealingError.broken) { try SealedBox.open(sealed, with: keys) }
    }

    @Test func `that is damaged anywhere or cut is refused, never misread`() throws {
        let sealed = try SealedBox.seal(secret, to: keys[0].publicKey)
        for index in sealed.indices {
            var damaged = sealed
            damaged[index] ^= 1
            #expect(throws: SealingError.self, "byte \(index)") {
                try SealedBox.open(damaged, with: keys)
            }
        }
        for count in 0..<sealed.count {
            #expect(throws: SealingError.self, "\(count) bytes") {
                try SealedBox.open(Array(sealed[..<count]), with: keys)
            }
        }
        #expect(throws: SealingError.self) { try SealedBox.open(sealed + [0], with: keys) }
    }

    @Test func `has bounds, and garbage is no box`() throws {
        #expect(throws: SealingError.tooLong(limit: 4096)) {
            try SealedBox.seal(Secrets.random(4097), to: keys[0].publicKey)
        }
        #expect(throws: SealingError.malformed) { try SealedBox.seal(secret, to: [1, 2, 3]) }
        for count in [0, 1, 8, 56, 57, 5000, 1_000_000] {
            #expect(throws: SealingError.self) {
                try SealedBox.open([1] + Secrets.random(count), with: keys)
            }
        }
        var sealed = try SealedBox.seal(secret, to: keys[0].publicKey)
        sealed[0] = 2
        #expect(throws: SealingError.malformed) { try SealedBox.open(sealed, with: keys) }
    }
}

@Suite struct `A file of sealing keys` {
    private let folder: URL
    private var path: String { folder.appendingPathComponent("keys").path }

    init() throws {
        try Secrets.start()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "kabinet-keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func remove() throws { try FileManager.default.removeItem(at: folder) }

    private func put(_ text: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, mode_t(mode))
    }

    @Test func `is made for its owner alone, and not made over another`() throws {
        let key = try SealingKeys.create(path)
        #expect(try SealingKeys.read(path) == [key])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(throws: SealingError.cannotOpen(path, errno: EEXIST)) {
            try SealingKeys.create(path)
        }
        #expect(try SealingKeys.read(path) == [key])
        try remove()
    }

    @Test func `takes a new key before the others, and what was sealed before is still opened`()
        throws
    {
        let first = try SealingKeys.create(path)
        let sealed = try SealedBox.seal([1, 2, 3], to: first.publicKey)
        let second = try SealingKeys.add(to: path)
        let keys = try SealingKeys.read(path)
        #expect(keys == [second, first])
        #expect(try SealedBox.open(sealed, with: keys) == [1, 2, 3])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["keys"])
        try remove()
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o777, 0o610])
    func `that others may touch is refused`(mode: Int) throws {
        _ = try SealingKeys.create(path)
        chmod(path, mode_t(mode))
        #expect(throws: SealingError.tooOpen(path, mode: String(mode, radix: 8))) {
            try SealingKeys.read(path)
        }
        try remove()
    }

    @Test func `that holds no keys, or something else, is refused with the line`() throws {
        let key = try SealingKeys.create(path)
        let good = try String(contentsOfFile: path, encoding: .utf8)
        for text in [
            "x", "kabinet-sealing-key-2 AAAA", "kabinet-sealing-key-1 ", String(good.dropLast(3)),
            good.dropLast() + "A", good.dropLast() + " ", good.replacing("1 ", with: "1  "),
            "kabinet-sealing-key-1 \u{0}",
        ] {
            try put(good + text + "\n")
            #expect(throws: SealingError.notKeys(path, line: 2), "\(text.count)") {
                try SealingKeys.read(path)
            }
        }
        try put("\n\n")
        #expect(throws: SealingError.noKeys(path)) { try SealingKeys.read(path) }
        try put(String(repeating: good, count: 400))
        #expect(throws: SealingError.self) { try SealingKeys.read(path) }
        #expect(throws: SealingError.self) { try SealingKeys.read(folder.path) }
        #expect(throws: SealingError.cannotOpen("\(path).none", errno: ENOENT)) {
            try SealingKeys.read("\(path).none")
        }
        try put(good)
        #expect(try SealingKeys.read(path) == [key])
        try remove()
    }

    @Test func `tells its keys' names, never the keys, however it is printed`() throws {
        let key = try SealingKeys.create(path)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let secret = try #require(text.split(whereSeparator: \.isWhitespace).last)
        var dumped = ""
        dump(key, to: &dumped)
        for shown in ["\(key)", String(reflecting: key), dumped, "\([key])"] {
            #expect(shown.contains(key.id))
            #expect(!shown.contains(secret))
            #expect(!shown.contains("secret"), "\(shown)")
        }
        try remove()
    }
}
