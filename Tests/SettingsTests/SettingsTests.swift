import Settings
import Testing

struct WorkerSettingsTests {
    private let kinds = ["reading.submit", "reading.withdraw", "letter.send"]

    private func parse(_ text: String) throws -> WorkerSettings {
        try WorkerSettings.parse(Array(text.utf8), knownKinds: kinds)
    }

    @Test func `defaults fill what is not said`() throws {
        let settings = try parse(
            """
            pools:
              readings:
                kinds: [reading.submit, reading.withdraw]
              letters:
                kinds: [letter.send]
                mode: delivery
                rate: 10/s
                on_failure: skip
            """)
        #expect(settings.graceMilliseconds == 20_000)
        #expect(
            settings.pools == [
                PoolSettings(name: "readings", kinds: ["reading.submit", "reading.withdraw"]),
                PoolSettings(
                    name: "letters", kinds: ["letter.send"], mode: .delivery, onFailure: .skip,
                    rate: Rate(count: 10, seconds: 1)),
            ])
        #expect(settings.pool(of: "letter.send")?.name == "letters")
        #expect(settings.pool(of: "nothing") == nil)
    }

    @Test func `what is described is read back to the same`() throws {
        let settings = try parse(
            """
            grace: 90s
            pools:
              all:
                kinds: [reading.submit, letter.send, reading.withdraw]
                mode: delivery
                lanes: 1024
                threads: 64
                batch: 5000
                attempts: 100
                backoff: {first: 250ms, factor: 1.25, most: 2h}
                timeout: 5m
                on_failure: {default: hold, letter.send: skip}
                rate: 600/m
                calls: 256
            """)
        let pool = settings.pools[0]
        #expect(pool.backoff.factorHundredths == 125 && pool.timeoutMilliseconds == 300_000)
        #expect(pool.onFailure(of: "letter.send") == .skip)
        #expect(pool.onFailure(of: "reading.submit") == .hold)
        #expect(try parse(settings.describe()) == settings)
    }

    @Test func `a share is a part of the whole, and no delivery's`() throws {
        let kinds = "kinds: [reading.submit, reading.withdraw, letter.send]"
        let settings = try parse("pools: {a: {\(kinds), share: 0.25}}")
        #expect(settings.pools[0].shareHundredths == 25)
        #expect(try parse(settings.describe()) == settings)
        #expect(try parse("pools: {a: {\(kinds)}}").pools[0].shareHundredths == 100)
        for wrong in ["share: 0", "share: 1.01", "share: 0.2, mode: delivery"] {
            #expect(
                problems { _ = try parse("pools: {a: {\(kinds), \(wrong)}}") }.count == 1,
                "\(wrong)")
        }
    }

    @Test func `kinds stand in exactly one pool`() {
        let found = problems {
            _ = try parse(
                """
                pools:
                  a:
                    kinds:
                      - reading.submit
                      - reading.sumbit
                  b:
                    kinds: [reading.submit]
                """)
        }
        #expect(
            found == [
                "line 1: pools: the kind \"reading.withdraw\" is in no pool",
                "line 1: pools: the kind \"letter.send\" is in no pool",
                "line 5: pools.a.kinds: unknown kind \"reading.sumbit\";"
                    + " did you mean \"reading.submit\"?",
                "line 7: pools.b.kinds: the kind \"reading.submit\" stands in the pool \"a\""
                    + " already",
            ])
    }

    @Test func `limits and names are checked`() {
        let found = problems {
            _ = try parse(
                """
                grase: 1s
                pools:
                  Readings:
                    kinds: [reading.submit, reading.withdraw, letter.send]
                    lanes: 1025
                    threads: 0
                    batch: 5001
                    attempts: 101
                    calls: 4
                    rate: 1/s
                    timeout: 61s
                    backoff: {first: 1h, factor: 0.5, most: 1m}
                    on_failure: {default: hold, letter.sent: skip}
                """)
        }
        let expected = [
            "line 1: unknown key \"grase\"; did you mean \"grace\"?",
            "line 3: pools: the name \"Readings\" must be small letters",
            "line 5: pools.Readings.lanes: expected a whole number from 1 to 1024",
            "line 6: pools.Readings.threads: ", "line 7: pools.Readings.batch: ",
            "line 8: pools.Readings.attempts: ",
            "line 9: pools.Readings.calls: belongs to mode delivery only",
            "line 10: pools.Readings.rate: belongs to mode delivery only",
            "line 11: pools.Readings.timeout: at most 60s in mode decide",
            "line 12: pools.Readings.backoff.most: is less than the first wait",
            "line 12: pools.Readings.backoff.factor: expected a number from 1 to 10",
            "line 13: pools.Readings.on_failure: unknown key \"letter.sent\";"
                + " did you mean \"letter.send\"?",
        ]
        #expect(found.count == expected.count, "\(found)")
        for (problem, start) in zip(found, expected) {
            #expect(problem.hasPrefix(start), "\(problem)")
        }
    }

    @Test func `names have a form`() throws {
        let kinds = "{kinds: [reading.submit, reading.withdraw, letter.send]}"
        for name in ["a", "a_1", String(repeating: "a", count: 31)] {
            _ = try parse("pools: {\(name): \(kinds)}")
        }
        for name in ["1a", "_a", "aB", "a-b", "é", String(repeating: "a", count: 32), "\"\""] {
            #expect(problems { _ = try parse("pools: {\(name): \(kinds)}") }.count == 1)
        }
    }

    @Test func `files without pools are refused`() {
        #expect(problems { _ = try parse("") } == ["line 1: pools: is required"])
        #expect(problems { _ = try parse("pools:") } == ["line 1: pools: is required"])
        #expect(problems { _ = try parse("pools: {}") }.count == kinds.count)
        #expect(
            problems { _ = try parse("pools: [a]") }.contains { $0.contains("keys and values") })
        #expect(
            problems { _ = try parse("pools: {a: }") }
                .contains("line 1: pools.a.kinds: is required"))
        #expect(
            problems { _ = try parse("pools: {a: {kinds: []}}") }
                .contains("line 1: pools.a.kinds: a pool needs at least one kind"))
    }

    @Test func `waits grow by the factor up to the most`() {
        let backoff = PoolSettings.Backoff()
        #expect(
            (1...4).map { backoff.milliseconds(afterAttempt: $0) } == [1_000, 2_000, 4_000, 8_000])
        #expect(backoff.milliseconds(afterAttempt: 100) == 300_000)
        let flat = PoolSettings.Backoff(firstMilliseconds: 1, factorHundredths: 100)
        #expect(flat.milliseconds(afterAttempt: 100) == 1)
    }
}

struct EnvironmentTests {
    private let least = ["DATABASE_URL": "postgresql:///kabinet", "KABINET_HOME": "/srv/kabinet"]

    private func parse(_ more: [String: String]) throws -> Environment {
        try Environment.parse(least.merging(more) { $1 })
    }

    @Test func `defaults fill what is not said`() throws {
        let environment = try parse(["PATH": "/bin", "KABINET_LOG": ""])
        #expect(environment.address == "127.0.0.1" && environment.port == 8080)
        #expect(environment.publicURL == "http://localhost:8080" && !environment.isProduction)
        #expect(environment.workersFile == "/srv/kabinet/workers.yaml")
        #expect(environment.log == .notice && environment.language == .ru)
        #expect(!environment.hasTestClock && environment.metricsPort == nil)
        #expect(environment.passwordsFile == nil && environment.sealingKeyFile == nil)
        #expect(environment.connections == 12_000 && environment.waiting == 8_192)
        #expect(environment.clientSeconds == 30)
    }

    @Test func `letters and SMS leave where it is said`() throws {
        let none = try parse([:])
        #expect(none.mail == nil && none.messages == nil && none.deliveredSecretFile == nil)
        let all = try parse([
            "KABINET_SMTP": "smtps://noreply%40example.ru@mail.example.ru",
            "KABINET_SMTP_PASSWORD_FILE": "/p", "KABINET_SMTP_CA": "/ca",
            "KABINET_MAIL_FROM": "noreply@example.ru", "KABINET_SMS": "smsc+https://me@smsc.ru",
            "KABINET_SMS_PASSWORD_FILE": "/s", "KABINET_SMS_FROM": "SRKC",
            "KABINET_DELIVERED_SECRET_FILE": "/d",
        ])
        let mail = try #require(all.mail)
        #expect(mail.url == "smtps://mail.example.ru:465" && mail.user == "noreply@example.ru")
        #expect(mail.requiresEncryption && mail.passwordFile == "/p" && mail.certificates == "/ca")
        let messages = try #require(all.messages)
        #expect(messages.provider == .smsc && messages.url == "https://smsc.ru")
        #expect(messages.login == "me" && messages.from == "SRKC")
        #expect(messages.passwordFile == "/s" && all.deliveredSecretFile == "/d")
        let relay = try parse([
            "KABINET_SMTP": "smtp://[::1]:2525", "KABINET_SMTP_TLS": "opportunistic",
            "KABINET_MAIL_FROM": "a@b.ru",
        ])
        #expect(relay.mail?.url == "smtp://[::1]:2525" && relay.mail?.user == nil)
        #expect(relay.mail?.requiresEncryption == false)
        #expect(
            try parse([
                "KABINET_SMS": "kannel+http://kabinet@10.0.0.7:13013",
                "KABINET_SMS_PASSWORD_FILE": "/s",
            ]).messages?.url == "http://10.0.0.7:13013")
    }

    static let outlets: [(variables: [String: String], problems: [String])] = [
        (["KABINET_SMTP": "mail.example.ru"], ["KABINET_SMTP: expected smtps://"]),
        (["KABINET_SMTP": "http://mail.example.ru"], ["KABINET_SMTP: expected smtps://"]),
        (["KABINET_SMTP": "smtp://mail.example.ru/path"], ["KABINET_SMTP: expected smtps://"]),
        (["KABINET_SMTP": "smtp://mail.example.ru:99999"], ["KABINET_SMTP: expected smtps://"]),
        (
            ["KABINET_SMTP": "smtp://me:s3cret@mail.example.ru"],
            ["KABINET_SMTP: holds a password: put it into a file"]
        ),
        (
            ["KABINET_SMTP": "smtp://me@mail.example.ru", "KABINET_MAIL_FROM": "a@b.ru"],
            ["KABINET_SMTP_PASSWORD_FILE: is required for a user"]
        ),
        (
            ["KABINET_SMTP": "smtp://mail.example.ru"],
            ["KABINET_MAIL_FROM: is required with KABINET_SMTP"]
        ),
        (
            ["KABINET_SMTP": "smtp://mail.example.ru", "KABINET_MAIL_FROM": "a@b.ru\r\nX: y"],
            ["KABINET_MAIL_FROM: expected an address"]
        ),
        (
            [
                "KABINET_SMTP": "smtp://me@mail.example.ru", "KABINET_MAIL_FROM": "a@b.ru",
                "KABINET_SMTP_PASSWORD_FILE": "/p", "KABINET_SMTP_TLS": "opportunistic",
            ], ["KABINET_SMTP_TLS: opportunistic would send the password in clear"]
        ),
        (["KABINET_SMTP_TLS": "required"], ["KABINET_SMTP_TLS: says nothing without KABINET_SMTP"]),
        (["KABINET_SMS_FROM": "x"], ["KABINET_SMS_FROM: says nothing without KABINET_SMS"]),
        (
            ["KABINET_SMS": "https://smsc.ru", "KABINET_SMS_PASSWORD_FILE": "/s"],
            ["KABINET_SMS: expected smsc+https://"]
        ),
        (
            ["KABINET_SMS": "smsru+http://sms.ru", "KABINET_SMS_PASSWORD_FILE": "/s"],
            ["KABINET_SMS: the key would go in clear"]
        ),
        (
            ["KABINET_SMS": "kannel+http://127.0.0.1:13013", "KABINET_SMS_PASSWORD_FILE": "/s"],
            ["KABINET_SMS: names no user"]
        ),
        (
            ["KABINET_SMS": "exolve+https://api.exolve.ru"],
            ["KABINET_SMS_PASSWORD_FILE: is required", "KABINET_SMS_FROM: is required by exolve"]
        ),
    ]

    @Test(arguments: outlets.indices)
    func `what is wrong with where they leave is told, and never a password`(index: Int) {
        let (variables, expected) = Self.outlets[index]
        let found = problems { _ = try parse(variables) }
        #expect(found.count == expected.count, "\(found)")
        for (problem, start) in zip(found, expected) {
            #expect(problem.hasPrefix(start), "\(problem)")
        }
        #expect(!found.joined().contains("s3cret"))
    }

    @Test func `everything can be said`() throws {
        let environment = try parse([
            "KABINET_ADDRESS": "::1", "KABINET_PORT": "9000", "KABINET_METRICS_PORT": "9001",
            "KABINET_PUBLIC_URL": "https://lk.example.ru/", "KABINET_WORKERS_FILE": "/w.yaml",
            "KABINET_LOG": "debug", "KABINET_TEST_CLOCK": "0", "KABINET_PASSWORDS": "/p",
            "KABINET_LANGUAGE": "en", "KABINET_SEALING_KEY_FILE": "/k",
            "KABINET_CONNECTIONS": "16", "KABINET_WAITING": "50", "KABINET_CLIENT_SECONDS": "2",
            "KABINET_PROXIES": "127.0.0.1, ::1",
        ])
        #expect(environment.proxies == ["127.0.0.1", "::1"])
        #expect(environment.sealingKeyFile == "/k" && environment.passwordsFile == "/p")
        #expect(environment.connections == 16 && environment.waiting == 50)
        #expect(environment.clientSeconds == 2)
        #expect(environment.isProduction && environment.publicURL == "https://lk.example.ru")
        #expect(environment.metricsPort == 9001 && environment.workersFile == "/w.yaml")
        #expect(environment.log == .debug && environment.language == .en)
        #expect(Environment.variables.count == 26)
    }

    @Test func `the database may not be needed and home may be known`() throws {
        let environment = try Environment.parse([:], home: "/here", needsDatabase: false)
        #expect(environment.databaseURL == nil && environment.home == "/here")
        #expect(
            problems { _ = try Environment.parse([:]) }
                == ["DATABASE_URL: is required", "KABINET_HOME: is required"])
    }

    @Test func `everything wrong is told at once`() {
        let found = problems {
            _ = try parse([
                "KABINET_PROT": "1", "KABINET_ADDRESS": "localhost", "KABINET_PORT": "65536",
                "KABINET_METRICS_PORT": "x", "KABINET_LOG": "notise", "KABINET_TEST_CLOCK": "yes",
                "KABINET_LANGUAGE": "de", "KABINET_PUBLIC_URL": "lk.example.ru",
                "DATABASE_URL": "secret", "KABINET_CONNECTIONS": "15", "KABINET_WAITING": "many",
                "KABINET_CLIENT_SECONDS": "0", "KABINET_PROXIES": "127.0.0.1,proxy",
            ])
        }
        #expect(found.first == "KABINET_PROT: unknown variable")
        #expect(found.count == 13)
        #expect(found.contains { $0.hasSuffix("did you mean \"notice\"?") })
        #expect(!found.contains { $0.contains("secret") })
        #expect(
            problems { _ = try parse(["KABINET_LOGS": "debug"]) }
                == ["KABINET_LOGS: unknown variable; did you mean \"KABINET_LOG\"?"])
    }

    @Test func `the test clock and production exclude each other`() throws {
        #expect(try parse(["KABINET_TEST_CLOCK": "1"]).hasTestClock)
        let found = problems {
            _ = try parse(["KABINET_TEST_CLOCK": "1", "KABINET_PUBLIC_URL": "https://x.ru"])
        }
        #expect(found.count == 1 && found[0].contains("refused in production"))
    }

    @Test func `public addresses have a form`() throws {
        let good = [
            "http://localhost", "https://a-b.ru:8443", "http://[::1]:80", "http://10.0.0.1",
            "https://xn--e1afmkfd.xn--p1ai",
        ]
        for url in good { #expect(try parse(["KABINET_PUBLIC_URL": url]).publicURL == url) }
        let bad = [
            "http://", "ftp://x", "http://x/y", "http://x?y", "http://x#y", "http://u@x",
            "http://x:0", "http://x:65536", "http://x:", "http://[::1", "http://[x]", "http:// x",
            "http://.x", "HTTPS://x", "http://пример.рф", "https://", "http://x:+1", "http://x//",
        ]
        for url in bad {
            #expect(problems { _ = try parse(["KABINET_PUBLIC_URL": url]) }.count == 1, "\(url)")
        }
    }

    @Test func `two ports must differ`() {
        #expect(problems { _ = try parse(["KABINET_METRICS_PORT": "8080"]) }.count == 1)
    }
}
