import CSodium

/// Passwords as they rest: argon2id with a salt of their own (crypto_pwhash of libsodium). Each costs what `cost` says:
/// throttle before, never after.
public enum Passwords {
    /// Passes over the memory, and bytes of it: 19 MiB twice, what OWASP asks for at least (domain.md §8); 17 ms measured.
    public static let cost = (passes: UInt64(2), memory: 19 << 20)

    /// Nil: there is no memory for it now.
    public static func hash(_ password: [UInt8]) -> String? {
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_strbytes()))
        guard
            crypto_pwhash_str_alg(
                &text, characters(password), UInt64(password.count), cost.passes, cost.memory,
                crypto_pwhash_ALG_ARGON2ID13) == 0
        else { return nil }
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether it is the password of this hash. Nil: nobody's; it takes as long and is never right.
    public static func isRight(_ password: [UInt8], of hash: String?) -> Bool {
        guard let known = hash ?? nobody else { return false }
        let isRight =
            crypto_pwhash_str_verify(known, characters(password), UInt64(password.count)) == 0
        return isRight && hash != nil
    }

    /// Whether a hash was made at another cost than today's, and is to be made anew when its password is next at hand.
    public static func isDated(_ hash: String) -> Bool {
        crypto_pwhash_str_needs_rehash(hash, cost.passes, cost.memory) != 0
    }

    /// A hash that no password has.
    private static let nobody: String? = hash(Secrets.random(32))

    private static func characters(_ password: [UInt8]) -> [CChar] {
        password.map { CChar(bitPattern: $0) } + [0]
    }
}
