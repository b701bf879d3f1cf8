import CCrypto

/// Codes of an authenticator: six digits of HMAC-SHA1 every 30 seconds (RFC 6238 with the parameters that all
/// authenticators know).
public enum TOTP {
    /// Seconds of a step.
    public static let period: Int64 = 30
    /// Bytes of a secret: as many as SHA-1 gives (RFC 4226 §4, R6).
    public static let secretBytes = 20

    public static func secret() -> [UInt8] { Secrets.random(secretBytes) }

    /// The step to which a code belongs, one before or after the present one allowed for clocks that are off; nil: to none.
    /// - Parameters:
    ///   - seconds: since 1970-01-01 UTC.
    ///   - last: the step of the last code that counted; one counts once, and none before it.
    public static func step(
        of code: String, secret: [UInt8], at seconds: Int64, after last: Int64
    ) -> Int64? {
        let now = seconds / period
        let typed = Array(code.utf8)
        var found: Int64?
        for step in (now - 1)...(now + 1) where step > last {
            let right = Array(self.code(secret: secret, step: step).utf8)
            var difference = typed.count ^ right.count
            for (one, other) in zip(typed, right) { difference |= Int(one ^ other) }
            if difference == 0, found == nil { found = step }
        }
        return found
    }

    /// Six digits.
    public static func code(secret: [UInt8], step: Int64) -> String {
        let moving = (0..<8).reversed().map { UInt8(truncatingIfNeeded: step >> (Int64($0) * 8)) }
        var mac = [UInt8](repeating: 0, count: 20)
        guard
            kabinet_hmac_sha1(secret, Int32(secret.count), moving, moving.count, &mac) == 1
        else { preconditionFailure("HMAC-SHA1 needs nothing that can be missing") }
        let place = Int(mac[19] & 15)
        let word =
            UInt32(mac[place] & 0x7F) << 24 | UInt32(mac[place + 1]) << 16
            | UInt32(mac[place + 2]) << 8 | UInt32(mac[place + 3])
        return String(String(1_000_000 + word % 1_000_000).dropFirst())
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// A secret as people type it and authenticators read it (RFC 4648 §6, without padding).
    public static func base32(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        var word: UInt32 = 0
        var bits = 0
        for byte in bytes {
            word = word << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                out.append(alphabet[Int(word >> UInt32(bits - 5) & 31)])
                bits -= 5
            }
            word &= (1 << UInt32(bits)) - 1
        }
        if bits > 0 { out.append(alphabet[Int(word << UInt32(5 - bits) & 31)]) }
        return String(decoding: out, as: UTF8.self)
    }

    /// What `base32` wrote, however it was grouped; nil for anything else.
    public static func bytes(base32 text: String) -> [UInt8]? {
        var out: [UInt8] = []
        var word: UInt32 = 0
        var bits = 0
        for character in text.uppercased().utf8 where character != 0x20 {
            guard let digit = alphabet.firstIndex(of: character) else { return nil }
            word = word << 5 | UInt32(digit)
            bits += 5
            guard bits >= 8 else { continue }
            out.append(UInt8(truncatingIfNeeded: word >> UInt32(bits - 8)))
            bits -= 8
            word &= (1 << UInt32(bits)) - 1
        }
        return bits < 5 && word == 0 ? out : nil
    }
}
