/// Codes of a few digits rest only as hashes keyed by the workers' secret: a million guesses against a stolen table tell
/// nothing without it. Each begins with the id of its key, so that a new key leaves what was hashed before readable.
public enum CodeHash {
    /// - Parameters:
    ///   - context: what it is a code for; those of different uses never match.
    ///   - subject: whose it is.
    public static func make(
        _ code: String, context: String, subject: String, key: SealingKey
    ) -> [UInt8] {
        key.idBytes
            + key.keyedHash(
                Array("\(context)\n\(subject)\n\(code)".utf8), context: "kabinet code")
    }

    /// Whether the code has this hash; takes as long for any that has one of the keys. Nil: nobody's.
    public static func isRight(
        _ code: String, of hash: [UInt8]?, context: String, subject: String, keys: [SealingKey]
    ) -> Bool {
        let known = hash ?? []
        guard let key = keys.first(where: { known.starts(with: $0.idBytes) }) ?? keys.first else {
            return false
        }
        let made = make(code, context: context, subject: subject, key: key)
        var difference = made.count ^ known.count
        for (one, other) in zip(made, known) { difference |= Int(one ^ other) }
        return difference == 0
    }
}
