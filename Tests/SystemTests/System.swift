import Commands
import Foundation
import Glibc
import Postgres
import TestKit
import Threads

/// The whole system as people run it: a cluster of its own, the door, workers. Everything it starts
/// ends with it, even when the test process is killed: a janitor waits at the other end of a pipe.
final class System: Sendable {
    static let organization = "probe"

    let directory: String
    let port: UInt16
    /// As sessions of this release say that they know its migrations: one of them may break with who does not.
    let database: Address
    let library = Library(home: TestDatabase.home)
    /// What psql and the product take for it.
    let conninfo: String
    /// The cluster's file system and its network, where they are to be lost.
    let disk: SmallDisk?
    let cable: Cable?
    private let folder: String
    private let standing: [String]
    private let janitor: Child
    private let lifeline: Monitor<Int32?>
    private let counter = Monitor(0)
    private let made = Monitor<String?>(nil)

    /// - Parameters:
    ///   - settings: further lines of the cluster's configuration, `name=value`.
    ///   - disk: megabytes of a file system for the cluster alone; nil: it lies where everything lies.
    ///   - cable: the cluster is in a network namespace too, where `distant` leads.
    ///   - restore: makes the cluster, with the database in it, in the folder of that name; without it, a new one
    ///     is made and migrated.
    init(
        settings: [String] = [], disk: Int? = nil, cable: Bool = false,
        restore: ((_ folder: String) throws -> Void)? = nil
    ) throws {
        var template = Array("/tmp/kabinet-system-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestKitError("mkdtemp: \(errno)") }
        let directory = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
        // The cluster's owner is another user when we are root.
        chmod(directory, 0o755)
        self.directory = directory
        let script = try Self.variable("KABINET_CLUSTER")
        let cluster = "\(directory)/\(disk == nil ? "postgres" : "disk/postgres")"
        folder = cluster
        let binary = try Self.variable("KABINET_BINARY")
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw TestKitError("pipe: \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        janitor = try Child(
            "/bin/sh",
            [
                "-c",
                """
                trap '' INT TERM HUP
                cat >/dev/null
                while read -r pid; do
                    [ "$(readlink "/proc/$pid/exe")" = "$(readlink -f "$2")" ] && kill -9 "$pid"
                done <"$1/pids" 2>/dev/null
                "$3" destroy "$4"
                ! mountpoint -q "$1/disk" || umount "$1/disk" || umount -l "$1/disk"
                ! read -r name <"$1/namespace" || ip netns del "$name"
                rm -rf "$1"
                """,
                "janitor", directory, binary, script, cluster,
            ], environment: Self.basics, log: "/dev/null", input: ends[0])
        close(ends[0])
        lifeline = Monitor(ends[1])
        self.disk = try disk.map { try SmallDisk(in: directory, megabytes: $0) }
        self.cable = cable ? try Cable(in: directory) : nil
        if let cable = self.cable {
            try "\(cable.name)\n".write(
                toFile: "\(directory)/namespace", atomically: true, encoding: .utf8)
        }
        standing = self.cable.map { ["listen_addresses=\($0.address)"] } ?? []
        port = try freePort()
        conninfo = try Self.script(
            [script, "conninfo", cluster], log: "\(directory)/conninfo"
        ).trimmingCharacters(in: .whitespacesAndNewlines)
        database = try Address(conninfo).with(
            setting: "kabinet.schema", "\(library.names(in: "migrations").count)")
        if let restore {
            try restore(cluster)
        } else {
            try startPostgres(settings)
            if self.cable != nil {
                let file = fopen("\(cluster)/data/pg_hba.conf", "a")
                fputs("host all all 198.18.0.0/15 trust\n", file)
                fclose(file)
                try connection().script("select pg_reload_conf()")
            }
            try kabinet("migrate", "--quiet")
        }
    }

    /// The way to the database over the cable; without one, that of everybody.
    var distant: String {
        guard let cable else { return conninfo }
        return "host=\(cable.address) port=\(database["port"] ?? "") "
            + "user=\(database["user"] ?? "") dbname=\(database["dbname"] ?? "")"
    }

    deinit { stop() }

    /// Ends everything and removes it. Harmless the second time.
    func stop() {
        lifeline.read { end in
            guard let open = end else { return }
            end = nil
            close(open)
            do {
                try janitor.wait(seconds: 60)
            } catch {
                FileHandle.standardError.write(Data("tests: \(error)\n".utf8))
            }
        }
    }

    // MARK: Processes

    private static var basics: [String: String] {
        ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LANG": "C.UTF-8"]
    }

    static func variable(_ name: String) throws -> String {
        guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
            throw TestKitError("\(name) is not set: run ./ops/test")
        }
        return value
    }

    /// Runs a script to its end and returns its words; throws when it fails.
    @discardableResult
    static func script(_ words: [String], log: String) throws -> String {
        let child = try Child(words[0], Array(words.dropFirst()), environment: basics, log: log)
        guard try child.wait(seconds: 120) == 0 else {
            throw TestKitError("\(words.joined(separator: " ")): \(child.words)")
        }
        return child.words
    }

    /// Runs a script of ops/ to its end and returns its words; throws when it fails.
    @discardableResult
    static func ops(_ name: String, _ arguments: [String], log: String) throws -> String {
        // KABINET_HOME may be a copy with no scripts in it.
        let folder = try variable("KABINET_CLUSTER").split(
            separator: "/", omittingEmptySubsequences: false
        ).dropLast(2).joined(separator: "/")
        return try script(["\(folder)/\(name)"] + arguments, log: log)
    }

    func startPostgres(_ settings: [String] = []) throws { try cluster("start", settings) }
    func stopPostgres() throws { try cluster("stop") }
    func killPostgres() throws { try cluster("kill") }

    private func cluster(_ action: String, _ settings: [String] = []) throws {
        let settings = action == "start" ? standing + settings : []
        try Self.script(
            (cable?.entering ?? []) + [try Self.variable("KABINET_CLUSTER"), action, folder]
                + settings,
            log: "\(directory)/cluster.log")
    }

    /// The variables of every process of the system.
    func environment(_ more: [String: String] = [:]) -> [String: String] {
        var variables = Self.basics
        variables["DATABASE_URL"] = conninfo
        variables["KABINET_HOME"] = TestDatabase.home
        variables["KABINET_PORT"] = "\(port)"
        return variables.merging(more) { $1 }
    }

    /// Starts a subcommand of the binary; its log is a file of its own.
    func launch(_ arguments: [String], _ more: [String: String] = [:]) throws -> Child {
        let number = counter.read { count in
            count += 1
            return count
        }
        let child = try Child(
            Self.variable("KABINET_BINARY"), arguments, environment: environment(more),
            log: "\(directory)/\(arguments[0])-\(number).log")
        let file = fopen("\(directory)/pids", "a")
        fputs("\(child.pid)\n", file)
        fclose(file)
        return child
    }

    /// Runs a subcommand to its end and returns what it said; throws when it fails.
    @discardableResult
    func kabinet(_ arguments: String...) throws -> String {
        try kabinet(arguments: arguments)
    }

    @discardableResult
    func kabinet(arguments: [String]) throws -> String {
        let child = try launch(arguments)
        guard try child.wait() == 0 else {
            throw TestKitError("kabinet \(arguments.joined(separator: " ")): \(child.words)")
        }
        return child.words
    }

    /// Where this system's sealing keys are, once somebody has made them.
    var keyFile: String { "\(directory)/sealing.keys" }

    func startIngress(_ more: [String: String] = [:]) throws -> Child {
        let child = try launch(["ingress"], more)
        try eventually("the door's answer") {
            if child.ended != nil { throw TestKitError("the door ended: \(child.words)") }
            return ready == 200
        }
        return child
    }

    /// The status of /health/ready; nil when nobody answers.
    var ready: Int? { ready(port) }

    /// The same of another door.
    func ready(_ port: UInt16) -> Int? {
        do {
            let wire = try Wire(port: port, patience: 10)
            try wire.send(request("GET", "/health/ready"))
            return try wire.answer().status
        } catch {
            return nil
        }
    }

    /// Starts workers without waiting for anything.
    func startWorkers(_ more: [String: String] = [:]) throws -> Child {
        try launch(["workers"], more)
    }

    // MARK: What is in it

    /// Applies a profile without a window: readings of every month are welcome on every day.
    func organization(_ code: String = System.organization) throws {
        let path = "\(directory)/\(code).yaml"
        let profile = """
            code: \(code)
            name: ООО «Проба»
            title: Личный кабинет
            time_zone: Asia/Irkutsk
            companies:
              - code: \(code)
                name: ООО «Проба»
            services: [electricity, hot_water, cold_water, heat]
            readings:
              late: refuse
              words: {new: Новое, submit: Внести, link: Передать показания}
            accent: "#c8102e"
            footer:
              - ООО «Проба»
            """
        guard FileManager.default.createFile(atPath: path, contents: Data(profile.utf8)) else {
            throw TestKitError("cannot write \(path)")
        }
        try kabinet("organization", "apply", path)
    }

    func token(
        _ organization: String = System.organization,
        scopes: String = "readings,accounts.read,operator", expires: String? = nil,
        rate: Int = 1_000_000
    ) throws -> (id: Int64, token: String) {
        var arguments = [
            "token", "create", "--organization", organization, "--scope", scopes, "--channel",
            "import", "--rate", "\(rate)", "--json",
        ]
        if let expires { arguments += ["--expires", expires] }
        let child = try launch(arguments)
        guard try child.wait() == 0 else { throw TestKitError(child.words) }
        let json = try JSON.parse(Array(child.words.utf8))
        guard let id = json["id"]?.int, let token = json["token"]?.string else {
            throw TestKitError("no token: \(child.words)")
        }
        return (id, token)
    }

    /// Opens accounts, each with a meter of cold water `M<account>`, as operators do: several at once.
    func accounts(_ numbers: [String], token: String) throws {
        let operators = 8
        let problems = Monitor<[String]>([])
        let threads = (0..<min(operators, numbers.count)).map { first in
            Worker("operator \(first)") { [port] in
                let client = Client(port: port, token: token)
                do {
                    for index in stride(from: first, to: numbers.count, by: operators) {
                        try Self.open(numbers[index], client)
                    }
                } catch {
                    problems.read { $0.append("\(error)") }
                }
            }
        }
        for thread in threads { thread.join() }
        let found = problems.read { $0 }
        guard found.isEmpty else { throw TestKitError(found.joined(separator: "; ")) }
        try drained()
    }

    private static func open(_ number: String, _ client: Client) throws {
        func command(_ kind: String, _ body: String) throws {
            let answer = try client.call(
                "POST", "/\(organization)/operator/commands",
                json: #"{"kind":"\#(kind)","body":\#(body)}"#)
            guard answer.status == 202 || answer.status == 200 else {
                throw TestKitError("\(kind): \(answer.status) \(answer.text)")
            }
        }
        try command("account.open", #"{"account":"\#(number)","apartment":"1"}"#)
        try command(
            "meter.install",
            #"{"account":"\#(number)","service":"cold_water","meter":"M\#(number)","#
                + #""digits":5,"decimals":3,"installed_on":"1999-10-01","initial_value":"0"}"#)
    }

    func connection(role: String? = nil) throws -> Connection {
        try Connection(role.map { database.with("user", $0) } ?? database, library: library)
    }

    /// The one number that a question gives.
    func count(_ question: String) throws -> Int64 {
        try connection().script("select (\(question))::text").first.flatMap { Int64($0.text(0)) }
            ?? -1
    }

    /// Waits until every command is decided and nothing is held.
    func drained(seconds: Int = 60) throws {
        try eventually("an empty queue", seconds: seconds) {
            try count("(select count(*) from queue.waiting) + (select count(*) from queue.hold)")
                == 0
        }
    }

    /// Runs every invariant of sql/checks; one line a row that should not be there.
    func violations() throws -> [String] {
        let connection = try connection()
        var found: [String] = []
        for folder in ["queue", "store"] {
            for name in try library.names(in: "checks/\(folder)") {
                let path = "checks/\(folder)/\(name).sql"
                let rows = try connection.script(library.read(path), named: path)
                found += rows.map { row in
                    let values = rows.columns.indices.map { row.isNull($0) ? "null" : row.text($0) }
                    return "\(path): \(values.joined(separator: " "))"
                }
            }
        }
        return found
    }
}
