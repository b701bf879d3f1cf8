import Foundation
import Glibc
import TestKit
import Threads

/// A process of the built binary (or of a script), in a session of its own, its words in a file.
final class Child: Sendable {
    let pid: pid_t
    let log: String
    private let ending = Monitor<Int32?>(nil)

    /// - Parameter input: a descriptor for its standard input; without it, /dev/null.
    init(
        _ path: String, _ arguments: [String], environment: [String: String], log: String,
        input: Int32? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // POSIX_SPAWN_SETSID: a Ctrl-C at the terminal is the test's alone.
        posix_spawnattr_setflags(&attributes, 0x80)
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var pid: pid_t = 0
        let failed = posix_spawn(&pid, path, &actions, &attributes, words, variables)
        guard failed == 0 else {
            throw TestKitError("cannot start \(path): \(String(cString: strerror(failed)))")
        }
        self.pid = pid
        self.log = log
    }

    func signal(_ number: Int32) {
        ending.read { ended in if ended == nil { _ = Glibc.kill(pid, number) } }
    }

    /// How it ended: its exit code, or 128 and the signal; nil while it runs.
    var ended: Int32? {
        ending.read { ended in
            if ended == nil {
                var status: Int32 = 0
                if waitpid(pid, &status, WNOHANG) == pid {
                    ended = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
                }
            }
            return ended
        }
    }

    /// Waits for its end.
    @discardableResult
    func wait(seconds: Int = 60) throws -> Int32 {
        try eventually("the end of process \(pid)", seconds: seconds) { ended != nil }
        return ended ?? -1
    }

    /// Everything it has said, when it has ended well.
    var waitedWords: String {
        get throws {
            guard try wait() == 0 else { throw TestKitError(words) }
            return words
        }
    }

    func kill() throws {
        signal(SIGKILL)
        try wait()
    }

    /// How much it has said so far, in bytes.
    var spoken: UInt64 {
        var status = stat()
        return stat(log, &status) == 0 ? UInt64(status.st_size) : 0
    }

    /// What it has said after its first `bytes` bytes.
    func words(after bytes: UInt64) throws -> String {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: log))
        try file.seek(toOffset: bytes)
        return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    }

    /// Everything it has said so far (and whoever wrote to the same file).
    var words: String {
        FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
