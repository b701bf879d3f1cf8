import Foundation
import Glibc
import TestKit
import Threads

/// A small file system in a file, to keep a cluster on and to fill up.
final class SmallDisk: Sendable {
    let folder: String
    private let scratch: String
    private var ballast: String { "\(folder)/ballast" }

    /// Why there can be none on this machine; nil when there can.
    static let missing: String? = whyNot { directory in
        let disk = try SmallDisk(in: directory, megabytes: 8)
        defer { disk.unmount() }
        try disk.fill()
        try disk.free()
    }

    /// - Parameter directory: the file lies in it, and the folder `disk`. Whoever removes it unmounts that first.
    init(in directory: String, megabytes: Int) throws {
        folder = "\(directory)/disk"
        scratch = directory
        let image = "\(directory)/disk.image"
        try run("/usr/bin/truncate", "-s", "\(megabytes)M", image)
        try run("/usr/sbin/mkfs.ext4", "-q", "-F", "-m", "0", image)
        try run("/usr/bin/mkdir", folder)
        try run("/usr/bin/mount", "-o", "loop,noatime", image, folder)
    }

    private func run(_ words: String...) throws {
        try System.script(words, log: "\(scratch)/ground.log")
    }

    /// Takes every byte that is free now.
    func fill() throws {
        let file = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw TestKitError("\(ballast): \(errno)") }
        defer { close(file) }
        var size = lseek(file, 0, SEEK_END)
        var piece = 1 << 30
        // By halves, as there is no asking for all that is left.
        while piece >= 4096 {
            let failed = posix_fallocate(file, size, piece)
            switch failed {
            case 0: size += piece
            case ENOSPC: piece /= 2
            default: throw TestKitError("\(ballast): \(failed)")
            }
        }
    }

    func free() throws {
        guard unlink(ballast) == 0 || errno == ENOENT else {
            throw TestKitError("\(ballast): \(errno)")
        }
    }

    private func unmount() {
        quietly { try run("/usr/bin/umount", folder) }
    }
}

/// A network of its own for a cluster, one cable away from this machine's, on which packets can be lost.
final class Cable: Sendable {
    enum Loss: CaseIterable, Sendable {
        /// What is sent to the database never comes; what is answered never comes back; neither; one packet in four.
        case requests, answers, everything, some
    }

    /// The namespace's.
    let name: String
    /// The database's address in it.
    let address: String
    private let directory: String
    private static let counter = Monitor(0)

    /// Why there can be none on this machine; nil when there can.
    static let missing: String? = whyNot { directory in
        let cable = try Cable(in: directory)
        defer { cable.remove() }
        for loss in Loss.allCases { try cable.lose(loss) }
        try cable.mend()
    }

    /// - Parameter directory: for its files. Whoever removes it deletes the namespace too.
    init(in directory: String) throws {
        self.directory = directory
        let number = Self.counter.read { count in
            count += 1
            return count
        }
        name = "kabinet-\(getpid())-\(number)"
        // Addresses for benchmarks (RFC 2544), four of them for each process and cable.
        let place = (Int(getpid()) * 8 + number) % 32_768
        let net = "198.\(18 + place >> 14).\((place >> 6) & 255)"
        let last = (place & 63) * 4
        let (here, there) = ("\(net).\(last + 1)", "\(net).\(last + 2)")
        let (near, far) = ("kb\(place)a", "kb\(place)b")
        address = there
        try ip("netns", "add", name)
        try ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", name)
        try ip("addr", "add", "\(here)/30", "dev", near)
        try ip("link", "set", near, "up")
        try ip("-n", name, "addr", "add", "\(there)/30", "dev", far)
        try ip("-n", name, "link", "set", far, "up")
        try ip("-n", name, "link", "set", "lo", "up")
    }

    /// What a command line begins with to run inside.
    var entering: [String] { ["/usr/bin/nsenter", "--net=/run/netns/\(name)"] }

    private func ip(_ words: String...) throws {
        try System.script(["/usr/sbin/ip"] + words, log: "\(directory)/ground.log")
    }

    func lose(_ loss: Loss) throws {
        let (heard, said) =
            switch loss {
            case .requests: ("drop", "accept")
            case .answers: ("accept", "drop")
            case .everything: ("drop", "drop")
            case .some: ("numgen random mod 4 0 drop", "numgen random mod 4 0 drop")
            }
        try rules(
            """
            table inet chaos
            delete table inet chaos
            table inet chaos {
              chain heard { type filter hook input priority 0; meta l4proto tcp \(heard); }
              chain said { type filter hook output priority 0; meta l4proto tcp \(said); }
            }

            """)
    }

    func mend() throws {
        try rules("table inet chaos\ndelete table inet chaos\n")
    }

    private func rules(_ text: String) throws {
        let path = "\(directory)/rules.nft"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try System.script(
            entering + ["/usr/sbin/nft", "-f", path], log: "\(directory)/ground.log")
    }

    private func remove() {
        quietly { try ip("netns", "del", name) }
    }
}

private func quietly(_ body: () throws -> Void) {
    do {
        try body()
    } catch {
        FileHandle.standardError.write(Data("tests: \(error)\n".utf8))
    }
}

/// Tries it once in a folder of its own.
private func whyNot(_ attempt: (_ directory: String) throws -> Void) -> String? {
    guard geteuid() == 0 else { return "it takes root" }
    var template = Array("/tmp/kabinet-ground-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return "mkdtemp: \(errno)" }
    let directory = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
    defer { quietly { try FileManager.default.removeItem(atPath: directory) } }
    do {
        try attempt(directory)
        return nil
    } catch {
        return "\(error)"
    }
}
