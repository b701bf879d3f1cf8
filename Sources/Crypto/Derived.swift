/// What is made from a key and what somebody sent, so that who has both makes the same again, and nobody else can.
extension Secrets {
    /// A token that is always the same for the same words under the same key.
    /// - Parameters:
    ///   - key: 256 random bits that no client ever sees: without them a token cannot be guessed from its words.
    ///   - context: keeps tokens of different uses apart.
    public static func token(
        prefix: String, of words: [UInt8], key: [UInt8], context: String
    ) -> String {
        prefix + base64(hash(key + words, context: context))
    }

    /// The hash under which a token rests, in hexadecimal.
    public static func tokenHashText(_ token: String) -> String {
        hexadecimal(tokenHash(token))
    }

    /// Letters and digits that are not taken for each other (Crockford's Base32).
    private static let legible = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// So many codes of ten letters and digits (five bits each), the same for the same words under the same key.
    public static func recoveryCodes(
        _ count: Int, of words: [UInt8], key: [UInt8]
    ) -> [String] {
        (0..<count).map { number in
            let bytes = hash(
                key + [UInt8(truncatingIfNeeded: number)] + words, context: "kabinet recovery code")
            return String(
                decoding: bytes.prefix(recoveryLength).map { legible[Int($0 & 31)] }, as: UTF8.self)
        }
    }

    private static let recoveryLength = 10

    /// Whether it may be a recovery code, however its letters were typed; whose, is asked elsewhere.
    public static func isRecoveryCode(_ typed: String) -> Bool {
        typed.count == recoveryLength && typed.allSatisfy { $0.isLetter || $0.isNumber }
    }
}

/// A note that is given out and must come back unchanged, in time: until when, what makes it the only one, and a keyed hash
/// over both and over something that the note itself does not tell.
public enum Stamp {
    private static let nonceBytes = 12
    private static let hashBytes = 16

    /// - Parameters:
    ///   - until: seconds since 1970-01-01 UTC.
    ///   - about: what who brings it back must know.
    public static func make(about: String, until: Int64, key: [UInt8]) -> String {
        let head =
            (0..<8).map { UInt8(truncatingIfNeeded: until >> (56 - 8 * Int64($0))) }
            + Secrets.random(nonceBytes)
        return Secrets.base64(head + hash(head, about, key))
    }

    /// Until when it counts, if it is one of ours about this; nil: it is not, or it counts no more.
    public static func until(
        _ stamp: String, about: String, now: Int64, key: [UInt8]
    ) -> Int64? {
        guard let bytes = Secrets.bytes(base64: stamp.utf8),
            bytes.count == 8 + nonceBytes + hashBytes
        else { return nil }
        let head = Array(bytes.prefix(8 + nonceBytes))
        var difference: UInt8 = 0
        for (one, other) in zip(hash(head, about, key), bytes.suffix(hashBytes)) {
            difference |= one ^ other
        }
        let until = head.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return difference == 0 && now < until ? until : nil
    }

    private static func hash(_ head: [UInt8], _ about: String, _ key: [UInt8]) -> [UInt8] {
        Secrets.hash(key + head + Array(about.utf8), context: "kabinet stamp", length: hashBytes)
    }
}
