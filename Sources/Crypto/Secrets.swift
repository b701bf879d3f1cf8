/// Tokens, keyed hashes, sealed boxes: libsodium for the rest of the house. Knows nothing of ours, never logs.
import CSodium
import Synchronization

/// libsodium could not be set up; nothing that needs a secret may go on.
public struct CryptoError: Error, Sendable {}

public enum Secrets {
    /// Call once before anything else (idempotent, thread-safe).
    public static func start() throws(CryptoError) {
        guard sodium_init() >= 0 else { throw CryptoError() }
    }

    public static func random(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        randombytes_buf(&bytes, count)
        return bytes
    }

    /// Two random words, for ids.
    public static func randomWords() -> (UInt64, UInt64) {
        words.withLock { words in
            // One question to the system serves 128 ids.
            if words.count < 2 {
                words = [UInt64](repeating: 0, count: 256)
                words.withUnsafeMutableBytes { randombytes_buf($0.baseAddress!, $0.count) }
            }
            return (words.removeLast(), words.removeLast())
        }
    }
    private static let words = Mutex<[UInt64]>([])

    /// BLAKE2b of `bytes`, `length` 16…64 bytes; `context` keeps hashes of different uses apart.
    public static func hash(
        _ bytes: [UInt8], context: String = "", length: Int = 32
    ) -> [UInt8] {
        var key = Array(context.utf8)
        // The key must be empty or 16…64 bytes long; shorter contexts are padded.
        while !key.isEmpty, key.count < 16 { key.append(0) }
        return hash(bytes, key: key, length: length)
    }

    /// The same under a key of 16…64 bytes, or none.
    static func hash(_ bytes: [UInt8], key: [UInt8], length: Int = 32) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: length) { out, count in
            guard let start = out.baseAddress else { return }
            crypto_generichash(start, length, bytes, UInt64(bytes.count), key, min(key.count, 64))
            count = length
        }
    }

    /// A token of 256 random bits in URL-safe Base64, with a prefix that tells people and scanners what it is.
    public static func token(prefix: String) -> String { prefix + base64(random(32)) }

    /// The hash under which a token rests.
    public static func tokenHash(_ token: String) -> [UInt8] {
        hash(Array(token.utf8), context: "kabinet token")
    }

    /// Six digits, each as likely.
    public static func code() -> String {
        String(String(1_000_000 + randombytes_uniform(1_000_000)).dropFirst())
    }

    public static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// What `base64` made; nil for anything else.
    static func bytes(base64 text: some Collection<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        var word: UInt32 = 0
        var bits = 0
        for character in text {
            guard let digit = alphabet.firstIndex(of: character) else { return nil }
            word = word << 6 | UInt32(digit)
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            out.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
            word &= (1 << UInt32(bits)) - 1
        }
        // Whoever cut or changed it has left something behind.
        return bits < 6 && word == 0 ? out : nil
    }

    static func base64(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let rest = bytes.count - index
            let word =
                UInt32(bytes[index]) << 16 | (rest > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
                | (rest > 2 ? UInt32(bytes[index + 2]) : 0)
            for digit in 0..<min(4, rest + 1) {
                out.append(alphabet[Int(word >> UInt32(18 - 6 * digit) & 63)])
            }
            index += 3
        }
        return String(decoding: out, as: UTF8.self)
    }
}
