import Commands
import Crypto
import Domain
import Queue

/// Opens what was sealed for the workers, and makes what only they may make. One a batch; it holds nothing that it opened.
final class Vault: IdentitySecrets {
    private let keys: [SealingKey]
    private let publicKey: [UInt8]?
    /// Why a secret could not be opened or made; whoever asked gets an answer that must not be used.
    private(set) var failure: (any Error)?

    /// - Parameter publicKey: what codes and links are sealed to; nil: none is published.
    init(_ keys: [SealingKey], publicKey: [UInt8]?) {
        self.keys = keys
        self.publicKey = publicKey
    }

    private func opened(_ sealed: String) -> String? {
        do {
            return try SealedBox.open(text: sealed, with: keys)
        } catch {
            // Tried again where its key is: workers of another machine may have it.
            failure = failure ?? PermanentFailure("a secret cannot be opened: \(error)")
            return nil
        }
    }

    private func sealed(_ text: String) -> String {
        guard let publicKey else {
            failure =
                failure ?? PermanentFailure("no sealing key is published: kabinet key publish FILE")
            return ""
        }
        do {
            return try SealedBox.seal(text: text, to: publicKey)
        } catch {
            failure = failure ?? PermanentFailure("a secret cannot be sealed: \(error)")
            return ""
        }
    }

    func newID() -> CommandID { Desk.newCommandID() }

    func hash(_ password: Sealed) -> String {
        guard let text = opened(password.text) else { return "" }
        guard let hash = Passwords.hash(Array(text.utf8)) else {
            failure = failure ?? OutOfMemory()
            return ""
        }
        return hash
    }

    func isPassword(_ sealed: Sealed, of hash: String?) -> Bool {
        guard let text = opened(sealed.text) else { return false }
        return Passwords.isRight(Array(text.utf8), of: hash)
    }

    func isDated(_ hash: String) -> Bool { Passwords.isDated(hash) }

    func isCode(
        _ sealed: Sealed, of hash: [UInt8]?, for purpose: String, subject: String
    ) -> Bool {
        guard let text = opened(sealed.text) else { return false }
        // What is printed on a bill may have letters of both alphabets.
        let typed = purpose == ProofRows.codeContext ? Proof.code(text) ?? "" : Self.normal(text)
        return CodeHash.isRight(
            typed, of: hash, context: purpose, subject: subject, keys: keys)
    }

    func newCode(for purpose: String, subject: String) -> (hash: [UInt8], sealed: String) {
        guard let key = keys.first else {
            failure = failure ?? PermanentFailure("the workers have no sealing key")
            return ([], "")
        }
        let code = Secrets.code()
        return (
            CodeHash.make(code, context: purpose, subject: subject, key: key), sealed(code)
        )
    }

    func newLink() -> (hash: TokenHash, sealed: String) {
        let token = Secrets.token(prefix: "")
        guard let hash = TokenHash(Secrets.hexadecimal(Secrets.tokenHash(token))) else {
            preconditionFailure("a hash has 64 digits")
        }
        return (hash, sealed(token))
    }

    func step(of code: Sealed, secret: String, at seconds: Int64, after last: Int64) -> Int64? {
        guard let typed = opened(code.text), let text = opened(secret),
            let secret = TOTP.bytes(base32: text)
        else { return nil }
        return TOTP.step(of: Self.normal(typed), secret: secret, at: seconds, after: last)
    }

    func recoveryHashes(_ codes: Sealed, of person: Int64) -> [[UInt8]] {
        guard let text = opened(codes.text), let key = keys.first else { return [] }
        return text.split(separator: " ").map { code in
            CodeHash.make(
                Self.normal(String(code)), context: "recovery", subject: "\(person)", key: key)
        }
    }

    /// A code as it is compared: without spaces and hyphens, in capitals.
    private static func normal(_ code: String) -> String {
        String(
            decoding: code.uppercased().utf8.filter { $0 != 0x20 && $0 != UInt8(ascii: "-") },
            as: UTF8.self)
    }
}

/// There was no memory for a password's hash; there will be.
struct OutOfMemory: Error, CustomStringConvertible {
    var description: String { "no memory to hash a password" }
}
