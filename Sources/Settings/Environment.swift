import Glibc

/// What the process's variables say, checked whole before anything is started.
public struct Environment: Equatable, Sendable {
    /// How much the log tells; the words of the telemetry's levels.
    public enum Log: String, Sendable, CaseIterable { case debug, notice, warning, error }

    /// The language of texts where a person has chosen none.
    public enum Language: String, Sendable, CaseIterable { case ru, en }

    /// libpq's connection string; nil only where it was not required. It may hold a password: never
    /// print it.
    public let databaseURL: String?
    /// Where `sql/` and `workers.yaml` are.
    public let home: String
    /// The IP address the door listens on.
    public let address: String
    public let port: Int
    /// What links in letters begin with, without a slash at the end.
    public let publicURL: String
    public let workersFile: String
    public let log: Log
    /// Domain time can be set by hand; never in production.
    public let hasTestClock: Bool
    /// A file with the passwords of the database roles.
    public let passwordsFile: String?
    /// A file with the keys by which workers open what is sealed, the newest first.
    public let sealingKeyFile: String?
    /// Where the workers show their health and metrics; nil when they do not.
    public let metricsPort: Int?
    public let language: Language
    /// Open connections of the door at once.
    public let connections: Int
    /// Requests that may wait at the door for the database.
    public let waiting: Int
    /// Where letters leave; nil: they stay in the outbox.
    public let mail: MailSettings?
    /// Where SMS leave; nil: they stay in the outbox.
    public let messages: MessageSettings?
    /// A file with the secret in the address at which gateways report; nil: no report is taken.
    public let deliveredSecretFile: String?
    /// Seconds that a client may take to send a request or be idle; twice as many to read an answer.
    public let clientSeconds: Int
    /// Addresses of the proxies before the door: who comes through them is who they say.
    public let proxies: Set<String>

    /// Residents' data travels here: Secure cookies, no outbox page, no test clock.
    public var isProduction: Bool { publicURL.hasPrefix("https://") }

    /// Every variable with its meaning, for `kabinet help`.
    public static let variables: [(name: String, meaning: String)] = [
        ("DATABASE_URL", "the PostgreSQL database, as postgresql://… or keyword=value"),
        ("KABINET_HOME", "the folder with sql/ and workers.yaml"),
        ("KABINET_ADDRESS", "the IP address to listen on; 127.0.0.1"),
        ("KABINET_PORT", "the port to listen on; 8080"),
        (
            "KABINET_PUBLIC_URL",
            "the address people use; http://localhost:PORT; https://… means production"
        ),
        ("KABINET_WORKERS_FILE", "the pools; workers.yaml in KABINET_HOME"),
        ("KABINET_LOG", "debug, notice, warning or error; notice"),
        ("KABINET_TEST_CLOCK", "1 lets the time be set by hand; never in production"),
        ("KABINET_PASSWORDS", "a file with the passwords of the database roles"),
        ("KABINET_SEALING_KEY_FILE", "a file with the keys by which workers open what is sealed"),
        ("KABINET_METRICS_PORT", "the port of the workers' health and metrics"),
        ("KABINET_LANGUAGE", "ru or en; ru"),
        ("KABINET_CONNECTIONS", "open connections of the door at once; 12000"),
        ("KABINET_WAITING", "requests that may wait at the door for the database; 8192"),
        ("KABINET_SMTP", "where letters leave: smtps://user@host:465; none: the outbox"),
        ("KABINET_SMTP_PASSWORD_FILE", "a file with the password of that user, mode 0600"),
        ("KABINET_SMTP_TLS", "required or opportunistic (where offered); required"),
        ("KABINET_SMTP_CA", "a file with the certificates trusted there; the system's"),
        ("KABINET_MAIL_FROM", "the address that letters come from"),
        (
            "KABINET_SMS",
            "where SMS leave: smsc+https://login@smsc.ru, smsru+…, exolve+…, kannel+…; none: the outbox"
        ),
        ("KABINET_SMS_PASSWORD_FILE", "a file with its password or key, mode 0600"),
        ("KABINET_SMS_CA", "a file with the certificates trusted there; the system's"),
        ("KABINET_SMS_FROM", "the name or number that SMS come from"),
        (
            "KABINET_DELIVERED_SECRET_FILE",
            "a file with the secret of the address at which gateways report, mode 0600"
        ),
        (
            "KABINET_PROXIES",
            "IP addresses of the proxies before the door, whose X-Forwarded-For is believed; none"
        ),
        (
            "KABINET_CLIENT_SECONDS",
            "how long a client may send one request or be idle; 30 (twice that to read an answer)"
        ),
    ]

    /// What the scripts of `ops/` hand to each other; the product itself does not look at them.
    static let ofScripts = [
        "KABINET_BINARY", "KABINET_STATE", "KABINET_CLUSTER", "KABINET_SEEDS", "KABINET_RENDER",
        "KABINET_TEST_DATABASE", "KABINET_TEST_URL", "KABINET_TEST_LINK", "KABINET_TEST_LINKS",
        "KABINET_TEST_AXE", "KABINET_AXE",
    ]

    /// Reads and checks the variables. An empty one is as good as absent, as shells leave them.
    /// Unknown ones are refused only when they begin with `KABINET_`.
    /// - Parameters:   - home: where KABINET_HOME is when it is not set; without it the variable is
    /// required.   - needsDatabase: false for commands that work without one.
    /// - Throws: everything that is wrong.
    public static func parse(
        _ variables: [String: String], home: String? = nil, needsDatabase: Bool = true
    ) throws(SettingsError) -> Environment {
        var values = Values(variables.filter { !$0.value.isEmpty })
        values.refuseUnknown(Environment.variables.map(\.name) + Environment.ofScripts)

        let database = values.text("DATABASE_URL")
        if let database {
            let isURL = ["postgresql://", "postgres://"].contains { database.hasPrefix($0) }
            if !isURL, !database.contains("=") {
                values.note("DATABASE_URL", "expected postgresql://… or keyword=value")
            }
        } else if needsDatabase {
            values.note("DATABASE_URL", "is required")
        }
        let foundHome = values.text("KABINET_HOME") ?? home
        if foundHome == nil { values.note("KABINET_HOME", "is required") }
        let address = values.text("KABINET_ADDRESS") ?? "127.0.0.1"
        if !isAddress(address) {
            values.note("KABINET_ADDRESS", "expected an IP address, found \"\(address)\"")
        }
        let port = values.port("KABINET_PORT") ?? 8080
        let metricsPort = values.port("KABINET_METRICS_PORT")
        if metricsPort == port {
            values.note("KABINET_METRICS_PORT", "is KABINET_PORT already")
        }
        var publicURL = values.text("KABINET_PUBLIC_URL") ?? "http://localhost:\(port)"
        if publicURL.hasSuffix("/") { publicURL.removeLast() }
        if !isPublicURL(publicURL) {
            values.note(
                "KABINET_PUBLIC_URL",
                "expected http://host or https://host, with a port if need be and without a path,"
                    + " found \"\(publicURL)\"")
        }
        let clock = values.choice("KABINET_TEST_CLOCK", ["0", "1"]) == "1"
        if clock, publicURL.hasPrefix("https://") {
            values.note(
                "KABINET_TEST_CLOCK", "is refused in production (KABINET_PUBLIC_URL is https)")
        }
        let log = values.choice("KABINET_LOG", Log.allCases.map(\.rawValue))
        let language = values.choice("KABINET_LANGUAGE", Language.allCases.map(\.rawValue))
        let connections = values.number("KABINET_CONNECTIONS", 16...60_000)
        let waiting = values.number("KABINET_WAITING", 2...1_000_000)
        let clientSeconds = values.number("KABINET_CLIENT_SECONDS", 1...3_600)
        let proxies = values.text("KABINET_PROXIES").map { text in
            Set(text.split(separator: ",").map { $0.filter { $0 != " " } })
        }
        for proxy in (proxies ?? []).sorted() where !isAddress(proxy) {
            values.note(
                "KABINET_PROXIES",
                "expected IP addresses with commas between, such as 127.0.0.1,10.0.0.5; found \"\(proxy)\""
            )
        }
        let mail = values.mail()
        let messages = values.messages()
        let environment = Environment(
            databaseURL: database, home: foundHome ?? "", address: address, port: port,
            publicURL: publicURL,
            workersFile: values.text("KABINET_WORKERS_FILE") ?? "\(foundHome ?? "")/workers.yaml",
            log: log.flatMap(Log.init) ?? .notice, hasTestClock: clock,
            passwordsFile: values.text("KABINET_PASSWORDS"),
            sealingKeyFile: values.text("KABINET_SEALING_KEY_FILE"), metricsPort: metricsPort,
            language: language.flatMap(Language.init) ?? .ru,
            connections: connections ?? 12_000, waiting: waiting ?? 8_192,
            mail: mail, messages: messages,
            deliveredSecretFile: values.text("KABINET_DELIVERED_SECRET_FILE"),
            clientSeconds: clientSeconds ?? 30, proxies: proxies ?? [])
        if !values.problems.isEmpty { throw SettingsError(problems: values.problems) }
        return environment
    }

    private static func isAddress(_ text: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1
    }

    private static func isPublicURL(_ text: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }) else {
            return false
        }
        var host = text.dropFirst(scheme.count)
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            var six = in6_addr()
            let literal = String(host[host.index(after: host.startIndex)..<end])
            if inet_pton(AF_INET6, literal, &six) != 1 { return false }
            host = host[host.index(after: end)...]
            return host.isEmpty || host.hasPrefix(":") && isPort(host.dropFirst())
        }
        if let colon = host.firstIndex(of: ":") {
            if !isPort(host[host.index(after: colon)...]) { return false }
            host = host[..<colon]
        }
        return !host.isEmpty && !host.hasPrefix("-") && !host.hasPrefix(".")
            && host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && (1...65_535).contains(Int(text) ?? 0)
    }
}

/// The variables with what is wrong with them.
struct Values {
    private let values: [String: String]
    private(set) var problems: [Problem] = []

    init(_ values: [String: String]) { self.values = values }

    mutating func note(_ name: String, _ text: String) {
        problems.append(Problem(path: name, text: text))
    }

    mutating func refuseUnknown(_ known: [String]) {
        let free = known.filter { values[$0] == nil }
        for name in values.keys.sorted() where name.hasPrefix("KABINET_") && !known.contains(name) {
            note(name, "unknown variable" + suggestion(for: name, among: free))
        }
    }

    func text(_ name: String) -> String? { values[name] }

    mutating func port(_ name: String) -> Int? {
        guard let text = values[name] else { return nil }
        if let port = Int(text), (1...65_535).contains(port) { return port }
        note(name, "expected a port from 1 to 65535, found \"\(text)\"")
        return nil
    }

    mutating func number(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard let text = values[name] else { return nil }
        if let number = Int(text), range.contains(number) { return number }
        note(
            name,
            "expected a number from \(range.lowerBound) to \(range.upperBound), found \"\(text)\"")
        return nil
    }

    mutating func choice(_ name: String, _ words: [String]) -> String? {
        guard let text = values[name] else { return nil }
        if words.contains(text) { return text }
        note(
            name,
            "expected one of \(words.joined(separator: ", ")), found \"\(text)\""
                + suggestion(for: text, among: words))
        return nil
    }
}
