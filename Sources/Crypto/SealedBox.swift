import CSodium
import Glibc

/// What went wrong with a sealed payload or a key. It never tells the payload or the secret.
public enum SealingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No sealed payload of ours: too short, too long, or of another version.
    case malformed
    /// Sealed to a key that is not here.
    case unknownKey(String)
    /// Damaged on its way, or sealed to another key of the same name.
    case broken
    case tooLong(limit: Int)
    case cannotOpen(String, errno: Int32)
    /// Others than its owner may read or write the file of secrets.
    case tooOpen(String, mode: String)
    case notKeys(String, line: Int)
    case noKeys(String)

    public var description: String {
        switch self {
        case .malformed: "no sealed payload"
        case .unknownKey(let id): "sealed to the key \(id), which is not here"
        case .broken: "the sealed payload is damaged"
        case .tooLong(let limit): "at most \(limit) bytes can be sealed"
        case .cannotOpen(let path, let code):
            "cannot open the sealing keys \(path): \(String(cString: strerror(code)))"
        case .tooOpen(let path, let mode):
            "the sealing keys \(path) are open to others (mode \(mode)): chmod 600 \(path)"
        case .notKeys(let path, let line):
            "\(path):\(line): expected kabinet-sealing-key-1 and a key, as `kabinet key create` writes it"
        case .noKeys(let path): "\(path) holds no sealing key: kabinet key create \(path)"
        }
    }
}

/// A key pair: whoever has the public half can seal, and only who has the secret one can open (crypto_box_seal of
/// libsodium: X25519 with XSalsa20-Poly1305). It shows its id and nothing else.
public struct SealingKey: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// 16 hexadecimal digits of a hash of the public half.
    public let id: String
    public let publicKey: [UInt8]
    private let secret: [UInt8]

    /// A new one.
    public init() { self.init(secret: Secrets.random(crypto_box_secretkeybytes())) }

    fileprivate init(secret: [UInt8]) {
        self.secret = secret
        var derived = [UInt8](repeating: 0, count: crypto_box_publickeybytes())
        _ = crypto_scalarmult_base(&derived, secret)
        publicKey = derived
        id = SealedBox.id(of: derived)
    }

    public var description: String { "sealing key \(id)" }
    public var customMirror: Mirror { Mirror(self, children: ["id": id]) }

    /// The id as bytes.
    var idBytes: [UInt8] { SealedBox.name(of: publicKey) }

    /// A hash that only who has the secret half can make.
    func keyedHash(_ bytes: [UInt8], context: String) -> [UInt8] {
        // A key of its own for each use: the secret half itself only opens boxes.
        let key = Secrets.hash(secret, context: context)
        return Secrets.hash(bytes, key: key)
    }

    /// Its line in a file of keys.
    fileprivate var line: String { "\(SealingKeys.word) \(Secrets.base64(secret))\n" }

    fileprivate func open(_ sealed: ArraySlice<UInt8>) -> [UInt8]? {
        let sealed = Array(sealed)
        let count = sealed.count - crypto_box_sealbytes()
        guard count >= 0 else { return nil }
        var opened = [UInt8](repeating: 0, count: max(count, 1))
        guard
            crypto_box_seal_open(&opened, sealed, UInt64(sealed.count), publicKey, secret) == 0
        else { return nil }
        return Array(opened.prefix(count))
    }
}

/// Bytes that only holders of a secret key can read: a version, the key's id, and the box. The id is bound by the box
/// itself: another key does not open it.
public enum SealedBox {
    /// Bytes that can be sealed at once: passwords, codes, links.
    public static let longest = 4096
    private static let version: UInt8 = 1
    private static let idBytes = 8

    /// Seals to a public key. Each time another box: it shows nothing of what it holds but the length.
    public static func seal(
        _ bytes: [UInt8], to publicKey: [UInt8]
    ) throws(SealingError) -> [UInt8] {
        guard bytes.count <= longest else { throw .tooLong(limit: longest) }
        guard publicKey.count == crypto_box_publickeybytes() else { throw .malformed }
        var box = [UInt8](repeating: 0, count: bytes.count + crypto_box_sealbytes())
        guard crypto_box_seal(&box, bytes, UInt64(bytes.count), publicKey) == 0 else {
            throw .broken
        }
        return [version] + name(of: publicKey) + box
    }

    /// Opens with whichever of `keys` it was sealed to.
    public static func open(
        _ sealed: [UInt8], with keys: [SealingKey]
    ) throws(SealingError) -> [UInt8] {
        let head = 1 + idBytes
        guard sealed.count >= head + crypto_box_sealbytes(),
            sealed.count <= head + crypto_box_sealbytes() + longest, sealed[0] == version
        else { throw .malformed }
        let id = Secrets.hexadecimal(Array(sealed[1..<head]))
        guard let key = keys.first(where: { $0.id == id }) else { throw .unknownKey(id) }
        guard let bytes = key.open(sealed[head...]) else { throw .broken }
        return bytes
    }

    /// A text sealed, as text: for a member of JSON.
    public static func seal(
        text: String, to publicKey: [UInt8]
    ) throws(SealingError) -> String {
        Secrets.base64(try seal(Array(text.utf8), to: publicKey))
    }

    /// What `seal(text:to:)` made.
    public static func open(
        text: String, with keys: [SealingKey]
    ) throws(SealingError) -> String {
        guard let sealed = Secrets.bytes(base64: text.utf8) else { throw .malformed }
        guard let opened = String(validating: try open(sealed, with: keys), as: UTF8.self) else {
            throw .malformed
        }
        return opened
    }

    /// The id of a public key.
    public static func id(of publicKey: [UInt8]) -> String {
        Secrets.hexadecimal(name(of: publicKey))
    }

    fileprivate static func name(of publicKey: [UInt8]) -> [UInt8] {
        Array(Secrets.hash(publicKey, context: "kabinet sealing key").prefix(idBytes))
    }
}

/// The workers' file of sealing keys, one a line, the newest first: it is the one to publish, and all of them open. Only its
/// owner may read it.
public enum SealingKeys {
    static let word = "kabinet-sealing-key-1"
    private static let longestFile = 16_384

    /// The keys of a file.
    public static func read(_ path: String) throws(SealingError) -> [SealingKey] {
        let bytes: [UInt8]
        do throws(PrivateFileError) {
            bytes = try PrivateFile.bytes(path, most: longestFile)
        } catch {
            switch error {
            case .cannotOpen(let path, let code): throw .cannotOpen(path, errno: code)
            case .tooOpen(let path, let mode): throw .tooOpen(path, mode: mode)
            case .notOneLine(let path): throw .noKeys(path)
            }
        }
        var keys: [SealingKey] = []
        for (number, line) in bytes.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).enumerated() where !line.isEmpty {
            guard let key = parse(line) else { throw .notKeys(path, line: number + 1) }
            keys.append(key)
        }
        if keys.isEmpty { throw .noKeys(path) }
        return keys
    }

    private static func parse(_ line: ArraySlice<UInt8>) -> SealingKey? {
        let head = Array("\(word) ".utf8)
        guard line.starts(with: head),
            let secret = Secrets.bytes(base64: line.dropFirst(head.count)),
            secret.count == crypto_box_secretkeybytes()
        else { return nil }
        return SealingKey(secret: secret)
    }

    /// Makes a file with one new key; refuses one that is there.
    public static func create(_ path: String) throws(SealingError) -> SealingKey {
        let key = SealingKey()
        try write([key], to: path)
        return key
    }

    /// Puts a new key before those of a file, which still open. The file is whole at every moment.
    public static func add(to path: String) throws(SealingError) -> SealingKey {
        let keys = try read(path)
        let key = SealingKey()
        try write([key] + keys, to: path + ".new")
        guard rename(path + ".new", path) == 0 else {
            throw .cannotOpen(path, errno: errno)
        }
        return key
    }

    private static func write(_ keys: [SealingKey], to path: String) throws(SealingError) {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .cannotOpen(path, errno: errno) }
        defer { close(file) }
        let bytes = Array(keys.map(\.line).joined().utf8)
        guard Glibc.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            throw .cannotOpen(path, errno: errno)
        }
    }
}
