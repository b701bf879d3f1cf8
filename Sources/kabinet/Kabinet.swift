import Commands
import Crypto
import Glibc
import Postgres
import Queue
import Settings
import Telemetry
import Threads

/// The only place that knows all: read settings, wire, run, stop.
@main struct Kabinet {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    private static func run(_ arguments: [String]) -> Int32 {
        do {
            try Secrets.start()
            let wantsHelp = arguments.contains("--help") || arguments.contains("-h")
            switch arguments.first {
            case "ingress" where !wantsHelp: return try Serving(Context()).run()
            case "workers" where !wantsHelp: return try Working(Context()).run()
            case "migrate" where !wantsHelp:
                return try migrate(Context(), quiet: arguments.contains("--quiet"))
            case "check" where !wantsHelp: return try check(Context())
            default: return CommandLineTool.run(arguments, try Context())
            }
        } catch let error as SettingsError {
            for problem in error.problems { complain("\(problem)") }
            return 2
        } catch {
            complain("\(error)")
            return 1
        }
    }

    private static func migrate(_ context: Context, quiet: Bool) throws -> Int32 {
        try Release.check(context.library)
        let migrator = Migrator(
            address: try context.owner(), library: context.library, language: context.language
        ) { text in
            if !quiet { print(text) }
        }
        try migrator.run(passwords: context.environment.passwordsFile)
        try migrator.register(context.workers())
        return 0
    }

    /// The effective settings, as they would be used now; every problem at once.
    private static func check(_ context: Context) throws -> Int32 {
        let environment = context.environment
        let database = try environment.databaseURL.map { try Address($0).masked } ?? "(not set)"
        print("# environment")
        print("database: \(database)")
        print("home: \(environment.home)")
        print("listens on: \(environment.address):\(environment.port)")
        print(
            "at most: \(environment.connections) connections, \(environment.waiting) waiting requests,"
                + " \(environment.clientSeconds) s for a client")
        print("public url: \(environment.publicURL) (production: \(environment.isProduction))")
        if let path = environment.sealingKeyFile {
            // Their names, never the keys.
            let keys = try SealingKeys.read(path).map(\.id)
            print(
                "sealing keys: \(path): \(keys.joined(separator: ", ")) (the first is to publish)")
        }
        for line in try context.outlets() { print(line) }
        print("# \(environment.workersFile)")
        let workers = try context.workers()
        print(workers.describe())
        if environment.databaseURL != nil { try compare(workers, context) }
        return 0
    }

    /// Where the database's pools are not as workers.yaml has them. A database that does not answer is no mistake of the
    /// settings.
    private static func compare(_ workers: WorkerSettings, _ context: Context) throws {
        print("# pools of the database")
        do {
            let connection = try Connection(
                context.address("kabinet_workers"), library: context.library)
            let differences = try PoolMap(on: connection).differences(
                from: workers.pools.map(\.policy))
            print(differences.isEmpty ? "as in the file" : differences.joined(separator: "\n"))
        } catch let error as PostgresError {
            print("not compared: \(error)")
        }
    }

    static func complain(_ text: String) {
        let bytes = Array("kabinet: \(text)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}

/// Environment, `sql/`, telemetry: what every subcommand stands on.
struct Context {
    let environment: Environment
    let library: Library
    let telemetry: Telemetry

    init() throws {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text)
            if let equals = pair.firstIndex(of: "=") {
                variables[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            entry += 1
        }
        environment = try Environment.parse(variables, home: Self.home(), needsDatabase: false)
        library = Library(home: environment.home)
        telemetry = Telemetry(minimum: Level(word: environment.log.rawValue) ?? .notice)
    }

    /// The checkout that the binary was built in: the nearest folder above it that has `sql/` in it.
    private static func home() -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, 4095)
        var path =
            count > 0
            ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
        while let slash = path.lastIndex(of: "/") {
            path = String(path[..<slash])
            if access("\(path)/sql/migrations", R_OK) == 0 { return path }
        }
        return "."
    }

    /// The owner's address: DATABASE_URL as it is.
    func owner() throws -> Address {
        guard let url = environment.databaseURL else {
            throw Migrator.Stopped(
                description: "DATABASE_URL is not set; ./ops/kabinet sets it for the local system")
        }
        return try Address(url).with(setting: "kabinet.schema", "\(Release.schema)")
    }

    /// The same database as one of our roles.
    func address(_ role: String) throws -> Address {
        var address = try owner().with("user", role)
        if let path = environment.passwordsFile, let password = try Passwords.read(path)[role] {
            address = address.with("password", password)
        }
        return address
    }

    func workers() throws -> WorkerSettings {
        let path = environment.workersFile
        guard let file = fopen(path, "r") else {
            throw Migrator.Stopped(description: "cannot read \(path): set KABINET_WORKERS_FILE")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            bytes.append(contentsOf: buffer[..<count])
        }
        return try WorkerSettings.parse(
            bytes, knownKinds: Command.Kind.allCases.map(\.rawValue))
    }
}

/// Signals are taken by one thread that waits for them; they are blocked everywhere else, before any thread starts.
struct Signals {
    private var set = sigset_t()

    init() {
        sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, signal) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    mutating func next() -> Int32 {
        var signal: Int32 = 0
        sigwait(&set, &signal)
        return signal
    }
}

/// Tells lifecycle facts of the process.
enum Told {
    static func started(_ what: String, _ fields: [(String, Field)] = []) -> Event {
        Event("\(what).started", .notice, fields)
    }
    static func fewFiles(connections: Int, wanted: Int, files: Int, needed: Int) -> Event {
        Event(
            "ingress.few_files", .warning,
            [
                ("connections", .int(connections)), ("wanted", .int(wanted)),
                ("files", .int(files)), ("needed", .int(needed)),
                ("cure", .string("ulimit -n \(needed), or KABINET_CONNECTIONS=\(connections)")),
            ])
    }
    static func cut(_ reason: String) -> Event {
        Event(
            "http.cut", .debug, [("reason", .string(reason))],
            measures: [.count("http_cut_total", labels: [("reason", reason)])])
    }
    static func stopping(_ what: String) -> Event { Event("\(what).stopping", .notice) }
    static func stopped(_ what: String, clean: Bool) -> Event {
        Event("\(what).stopped", clean ? .notice : .warning, [("clean", .bool(clean))])
    }
    static func waitingForDatabase(_ error: any Error) -> Event {
        Event("database.away", .warning, [("error", .string("\(error)"))])
    }
    static func reloaded() -> Event { Event("workers.reloaded", .notice) }
    static func notReloaded(_ error: any Error) -> Event {
        Event("workers.not_reloaded", .error, [("error", .string("\(error)"))])
    }
}
