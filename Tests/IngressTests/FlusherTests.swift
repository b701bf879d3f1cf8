import Commands
import Crypto
import Postgres
import Queue
import Telemetry
import TestKit
import Testing
import Threads

@testable import Ingress

/// Flushes of the door: who waits for whom.
@Suite struct FlusherTests {
    private func submit(
        _ flusher: Flusher, isOfPassword: Bool, _ ended: Monitor<Int>
    ) throws -> Identifier {
        let id = Identifier.v7(
            milliseconds: realMicroseconds() / 1000, random: Secrets.randomWords())
        let command = NewCommand(
            id: id, kind: Command.Kind.idle.rawValue, organization: "alfa", subject: 0,
            payload: Array("{}".utf8), actor: "test", channel: "resident",
            receivedAt: realMicroseconds())
        let turned = flusher.submit(Append(command), isOfPassword: isOfPassword) { ending in
            if case .appended(.accepted) = ending { ended.change { $0 += 1 } }
        }
        #expect(turned == nil)
        return id
    }

    @Test func `passwords go at once, then along with others, and none is kept behind at a stop`()
        throws
    {
        let database = try TestDatabase("flusher")
        _ = try database.pools(
            (
                PoolPolicy(name: "all", lanes: 1, threads: 1, batch: 100),
                Command.Kind.allCases.map(\.rawValue)
            ))
        let flusher = try Flusher(
            address: database.address(role: "kabinet_ingress"), library: database.library,
            telemetry: .collecting(), room: Room(Room.Limits(requests: 100, bytes: 1_000_000)),
            limits: .init(patience: 600_000, gathering: 300_000))
        flusher.start()
        let ended = Monitor(0)
        func wait(_ count: Int) throws {
            try eventually("\(count) are appended") { ended.read { $0 } == count }
        }
        // Nothing has to gather: nobody waits for minutes.
        let first = try submit(flusher, isOfPassword: true, ended)
        try wait(1)
        let alone = try submit(flusher, isOfPassword: true, ended)
        let another = try submit(flusher, isOfPassword: true, ended)
        let reading = try submit(flusher, isOfPassword: false, ended)
        try wait(4)
        let last = try submit(flusher, isOfPassword: true, ended)
        flusher.stop()
        try wait(5)
        func transaction(_ id: Identifier) throws -> String {
            try database.connection().script(
                "select xid::text from queue.command where id = '\(id)'"
            ).first?.text(0) ?? "none"
        }
        let flush = try transaction(reading)
        #expect(try transaction(alone) == flush && transaction(another) == flush)
        #expect(try transaction(first) != flush)
        #expect(try transaction(last) != "none")
    }
}
