import Crypto
import Glibc
import Operations
import Postgres
import Queue
import Settings
import Words

/// `kabinet migrate`: the schema, the roles' passwords, the pools of workers.yaml.
struct Migrator {
    let address: Address
    let library: Library
    let language: Language
    let say: (String) -> Void

    struct Stopped: Error, CustomStringConvertible { let description: String }

    static let roles = [
        "kabinet_ingress", "kabinet_portal", "kabinet_workers", "kabinet_operator",
        "kabinet_clock",
    ]

    /// - Parameter passwords: a file with one `role=password` a line; made when missing.
    func run(passwords: String?) throws {
        let connection = try Connection(address, library: library)
        let count = try Migrations(library: library) { say($0.text(language)) }.apply(
            on: connection)
        try connection.run("queue/keep")
        if let passwords { try set(passwords, on: connection) }
        say(Phrase.migrated(count).text(language))
    }

    /// The pools of workers.yaml exist before anybody appends.
    func register(_ settings: WorkerSettings) throws {
        let connection = try Connection(address, library: library)
        let problems = try PoolMap.register(
            settings.pools.map { ($0.policy, $0.kinds) }, on: connection)
        for problem in problems { say("warning: \(problem)") }
    }

    private func set(_ path: String, on connection: Connection) throws {
        var passwords = try Passwords.read(path)
        let missing = Self.roles.filter { passwords[$0] == nil }
        if !missing.isEmpty {
            for role in missing { passwords[role] = Secrets.token(prefix: "") }
            try Passwords.write(passwords, to: path)
        }
        for role in Self.roles {
            try connection.run("migrate/password", .text(role), .text(passwords[role]))
        }
    }
}

/// Passwords of the database roles: a file only its owner can read, one `role=password` a line.
enum Passwords {
    static func read(_ path: String) throws -> [String: String] {
        guard let file = fopen(path, "r") else { return [:] }
        defer { fclose(file) }
        var found: [String: String] = [:]
        var line = [CChar](repeating: 0, count: 512)
        while fgets(&line, 512, file) != nil {
            let text = String(
                decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            found[String(parts[0])] = String(parts[1].filter { $0 != "\n" })
        }
        return found
    }

    static func write(_ passwords: [String: String], to path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard file >= 0 else {
            throw Migrator.Stopped(
                description: "cannot write \(path): choose another KABINET_PASSWORDS")
        }
        defer { close(file) }
        let text = passwords.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
        let bytes = Array(text.utf8)
        guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
            throw Migrator.Stopped(description: "cannot write \(path)")
        }
    }
}

extension PoolSettings {
    /// What the queue needs to know of a pool.
    var policy: PoolPolicy {
        let exceptions = exceptions
        let standard = onFailure
        return PoolPolicy(
            name: name, delivery: mode == .delivery, lanes: lanes, threads: threads, batch: batch,
            attempts: attempts, backoffFirst: backoff.firstMilliseconds,
            backoffFactor: Double(backoff.factorHundredths) / 100,
            backoffMost: backoff.mostMilliseconds, timeout: timeoutMilliseconds,
            onFailure: { kind in (exceptions[kind] ?? standard) == .hold ? .hold : .skip },
            rate: rate.map { Double($0.count) / Double($0.seconds) },
            share: Double(shareHundredths) / 100, nice: nice)
    }
}
