import Commands
import Foundation
import Glibc
import TestKit
import Threads

/// A server that a test starts: a script of `Servers`, or a program of Debian's. It says `port N`, then a JSON object a line.
final class Server: Sendable {
    private let pid: pid_t
    private let lines = Monitor<[String]>([])
    private let reader: Worker

    /// - Parameters:
    ///   - reads: whether its standard output is told line by line; else it goes where `log` says.
    init(_ path: String, _ arguments: [String], folder: String? = nil, log: String? = nil) throws {
        var pipe: [Int32] = [0, 0]
        guard Glibc.pipe(&pipe) == 0 else { throw TestKitError("no pipe") }
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
        posix_spawn_file_actions_addopen(
            &actions, 2, log ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addclose(&actions, pipe[0])
        // POSIX_SPAWN_SETSID: a Ctrl-C at the terminal is the test's alone.
        posix_spawnattr_setflags(&attributes, 0x80)
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let settings: [String] = ["PATH=/usr/sbin:/usr/bin:/bin", "LC_ALL=C.UTF-8"]
        let variables = settings.map { strdup($0) } + [nil]
        defer { for text in words + variables { free(text) } }
        var pid: pid_t = 0
        let failed = posix_spawn(&pid, path, &actions, &attributes, words, variables)
        close(pipe[1])
        guard failed == 0 else {
            throw TestKitError("cannot start \(path): \(String(cString: strerror(failed)))")
        }
        self.pid = pid
        let (input, lines) = (pipe[0], lines)
        reader = Worker("server's words") {
            var rest: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while case let count = Glibc.read(input, &buffer, buffer.count), count > 0 {
                rest += buffer[..<count]
                while let end = rest.firstIndex(of: 0x0A) {
                    let line = String(decoding: rest[..<end], as: UTF8.self)
                    rest.removeSubrange(...end)
                    lines.change { $0.append(line) }
                }
            }
            close(input)
        }
    }

    deinit {
        kill(pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        reader.join()
    }

    /// A script of `Servers`.
    static func script(_ name: String, _ arguments: [String] = []) throws -> Server {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        return try Server("/usr/bin/python3", ["\(folder)/Servers/\(name)"] + arguments)
    }

    /// Waits until it listens.
    var port: Int {
        get throws {
            let found = lines.wait(milliseconds: 30_000) { lines in
                lines.first { $0.hasPrefix("port ") }.flatMap { Int($0.dropFirst(5)) }
            }
            guard let found else { throw TestKitError("the server does not listen") }
            return found
        }
    }

    /// What has happened so far.
    var events: [JSON] {
        lines.read { lines in
            lines.compactMap { line in
                guard line.hasPrefix("{") else { return nil }
                do {
                    return try JSON.parse(Array(line.utf8))
                } catch {
                    return nil
                }
            }
        }
    }

    func events(_ name: String) -> [JSON] { events.filter { $0["event"]?.string == name } }

    /// Waits for so many events of a name.
    @discardableResult
    func wait(_ name: String, _ count: Int = 1) throws -> [JSON] {
        try eventually("\(count) × \(name)") { events(name).count >= count }
        return events(name)
    }

    var words: [String] { lines.read { $0 } }
}

/// A folder that goes with the test.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "kabinet-deliver-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            report("deliver: \(error)")
        }
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
        return "\(path)/\(name)"
    }

    /// A certificate for localhost with its key, signed by itself.
    func certificate() throws -> (certificate: String, key: String) {
        let (certificate, key) = ("\(path)/certificate.pem", "\(path)/key.pem")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw TestKitError("no certificate") }
        return (certificate, key)
    }
}
