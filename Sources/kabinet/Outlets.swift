import Crypto
import HTTP
import Queue
import Settings
import Threads
import Workers

/// Where notices leave, from the settings: passwords are read from their files here, once.
extension Context {
    func mailRoute() throws -> MailRoute? {
        try environment.mail.map { mail in
            MailRoute(
                server: MailServer(
                    url: mail.url, user: mail.user,
                    password: try mail.passwordFile.map { try PrivateFile.secret($0) } ?? "",
                    requiresEncryption: mail.requiresEncryption, certificates: mail.certificates),
                from: mail.from)
        }
    }

    func messageRoute() throws -> MessageRoute? {
        guard let messages = environment.messages,
            let provider = MessageRoute.Provider(rawValue: messages.provider.rawValue)
        else { return nil }
        let secret = try deliveredSecret()
        return MessageRoute(
            provider: provider, url: messages.url, login: messages.login,
            password: try PrivateFile.secret(messages.passwordFile), from: messages.from,
            certificates: messages.certificates,
            reports: secret.map {
                "\(environment.publicURL)/delivered/\(provider.rawValue)?secret=\($0)"
            })
    }

    /// It stands in addresses, so it is made of what needs no escape there.
    func deliveredSecret() throws -> String? {
        try environment.deliveredSecretFile.map { path in
            let secret = try PrivateFile.secret(path)
            guard secret.utf8.count >= 16,
                secret.utf8.allSatisfy({
                    $0 >= 0x30 && $0 <= 0x39 || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A
                        || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                })
            else {
                throw Migrator.Stopped(
                    description:
                        "\(path) must hold at least 16 letters, digits, - or _: head -c 24 /dev/urandom | base64 | tr +/ -_"
                )
            }
            return secret
        }
    }

    /// What `check` says of them: names, never secrets. Their files are read, so that a wrong one is told now.
    func outlets() throws -> [String] {
        var lines: [String] = []
        if let mail = environment.mail {
            _ = try mailRoute()
            let encryption =
                mail.url.hasPrefix("smtps:")
                ? "TLS" : mail.requiresEncryption ? "STARTTLS required" : "STARTTLS where offered"
            lines.append(
                "letters: \(mail.url)\(mail.user.map { " as \($0)" } ?? ""), \(encryption), from \(mail.from)"
            )
        } else {
            lines.append("letters: the outbox; nothing leaves" + warning("KABINET_SMTP"))
        }
        if let messages = environment.messages {
            _ = try messageRoute()
            lines.append(
                "SMS: \(messages.provider.rawValue), \(messages.url)"
                    + (messages.login.isEmpty ? "" : " as \(messages.login)")
                    + (messages.from.isEmpty ? "" : ", from \(messages.from)"))
            lines.append(
                environment.deliveredSecretFile == nil
                    ? "reports of SMS: none are taken (KABINET_DELIVERED_SECRET_FILE)"
                    : "reports of SMS: \(environment.publicURL)/delivered/\(messages.provider.rawValue)?secret=…"
            )
        } else {
            lines.append("SMS: the outbox; nothing leaves" + warning("KABINET_SMS"))
        }
        _ = try deliveredSecret()
        return lines
    }

    private func warning(_ variable: String) -> String {
        environment.isProduction ? " — set \(variable): this is production" : ""
    }
}

/// The limits of the delivery pools, as workers.yaml has them now: SIGHUP changes them.
final class DeliveryLimits: Sendable {
    private let pools: Monitor<[String: PoolSettings]>

    init(_ pools: [PoolSettings]) { self.pools = Monitor(Self.named(pools)) }

    func apply(_ pools: [PoolSettings]) { self.pools.read { $0 = Self.named(pools) } }

    /// The calls of a pool are shared by its threads.
    func limits(of pool: String) -> Mailroom.Limits {
        let settings = pools.read { $0[pool] }
        return Mailroom.Limits(
            calls: max(1, (settings?.calls ?? 1) / max(1, settings?.threads ?? 1)),
            timeout: settings?.timeoutMilliseconds ?? 30_000, attempts: settings?.attempts ?? 1)
    }

    private static func named(_ pools: [PoolSettings]) -> [String: PoolSettings] {
        Dictionary(pools.map { ($0.name, $0) }) { first, _ in first }
    }
}
