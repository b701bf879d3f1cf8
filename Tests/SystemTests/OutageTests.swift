import Commands
import Foundation
import Postgres
import TestKit
import Testing
import Threads

/// What the ground does to a system: a disk without room, a network that swallows what is sent. Each sort alone; in any
/// order and beside all others they are in `ChaosTests`.
@Suite(.serialized) struct OutageTests {
    private func load(_ system: System, _ token: String, doors: [UInt16]? = nil) throws -> [Load] {
        let load = (1...4).map { number in
            Load(
                number, doors: doors ?? [system.port], token: token,
                accounts: (0..<20).map { "\(1_000 * number + $0)" }, pace: 4)
        }
        try system.accounts(load.flatMap(\.accounts), token: token)
        return load
    }

    private func reach(_ more: Int, _ load: [Load]) throws {
        let before = load.reduce(0) { $0 + $1.count }
        try eventually("\(more) answers", seconds: 120) {
            load.reduce(0) { $0 + $1.count } >= before + more
        }
    }

    private func judge(_ system: System, _ load: [Load]) throws {
        for client in load { client.end() }
        try system.drained(seconds: 120)
        #expect(load.flatMap(\.surprises) == [])
        let sent = load.flatMap(\.acknowledged)
        let stored = try system.connection().script("select id from facts.reading")
            .map { $0.text(0) }
        #expect(stored.count == sent.count)
        #expect(Set(stored) == Set(sent))
        #expect(
            try system.count("select count(*) from queue.exception where kind = 'abandoned'") == 0)
        #expect(try system.violations() == [])
    }

    @Test(
        .enabled(
            if: SmallDisk.missing == nil, "no small disk here: \(SmallDisk.missing ?? "")"))
    func `a full disk is told at the door, and with room again all goes on`() throws {
        let system = try System(
            settings: ["max_wal_size=128MB", "min_wal_size=32MB"], disk: 600)
        defer { system.stop() }
        try system.organization()
        let token = try system.token().token
        let ingress = try system.startIngress()
        let workers = try system.startWorkers()
        let load = try load(system, token)
        for client in load { client.start() }
        defer { for client in load { client.end() } }
        try reach(200, load)
        let disk = try #require(system.disk)
        try disk.fill()
        try eventually("the door's word", seconds: 60) {
            load.contains { $0.statuses[503] != nil }
        }
        try disk.free()
        try eventually("the server", seconds: 60) {
            try system.startPostgres()
            return system.ready == 200
        }
        try reach(200, load)
        #expect(ingress.ended == nil)
        #expect(workers.ended == nil)
        try judge(system, load)
    }

    @Test(
        .enabled(
            if: Cable.missing == nil, "no network to drop packets on here: \(Cable.missing ?? "")"),
        arguments: Cable.Loss.allCases.filter { $0 != .some })
    func `a network that swallows everything is noticed, lanes go to others, and then all goes on`(
        loss: Cable.Loss
    ) throws {
        let system = try System(cable: true)
        defer { system.stop() }
        try system.organization()
        let token = try system.token().token
        let far = try freePort()
        let processes = [
            try system.startIngress(), try system.startWorkers(),
            try system.launch(
                ["ingress"], ["DATABASE_URL": system.distant, "KABINET_PORT": "\(far)"]),
            try system.launch(["workers"], ["DATABASE_URL": system.distant]),
        ]
        try eventually("the far door") { system.ready(far) == 200 }
        let load = try load(system, token, doors: [system.port, far])
        for client in load { client.start() }
        defer { for client in load { client.end() } }
        try reach(200, load)
        let cable = try #require(system.cable)
        let marks = processes.map(\.spoken)
        try cable.lose(loss)
        // Every session across the cable is given up by this side: the door's flushes, its listener, the lanes, theirs.
        for (index, words) in [(2, #""what":"decisions""#), (3, #""what":"listener""#)] {
            try eventually("\(words) is given up", seconds: 60) {
                try processes[index].words(after: marks[index]).contains(words)
            }
        }
        try eventually("the door says that it is away") { system.ready(far) == 503 }
        // And by the other: no lane stays with who cannot be reached.
        try reach(200, load)
        try eventually("an empty queue", seconds: 60) {
            try system.count(
                "select count(*) from queue.waiting where received_at < now() - interval '1 second'"
            ) == 0
        }
        try cable.mend()
        try eventually("the door is back", seconds: 60) { system.ready(far) == 200 }
        try reach(200, load)
        for process in processes { #expect(process.ended == nil) }
        try judge(system, load)
    }
}
