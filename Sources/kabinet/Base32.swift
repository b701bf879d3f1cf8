/// RFC 4648 §6 without padding: how authenticators take a secret.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        var word: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            word = word << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                out.append(alphabet[Int(word >> bits & 31)])
            }
            word &= (1 << bits) - 1
        }
        if bits > 0 { out.append(alphabet[Int(word << (5 - bits) & 31)]) }
        return String(decoding: out, as: UTF8.self)
    }
}
