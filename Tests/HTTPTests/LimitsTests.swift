import Glibc
import HTTP
import Testing

/// What a server puts up with: connections, bodies and answers are bounded, and who sits on them gives way.
@Suite struct Limits {
    /// Counts what a server was told of its connections and its refusals.
    private final class Ledger: Sendable {
        let cuts = Shared<Cut>()
        let refusals = Shared<String>()
    }

    private func server(
        _ settings: ServerSettings, _ ledger: Ledger, _ handler: @escaping Handler
    ) throws -> Server {
        var settings = settings
        settings.told = { ledger.cuts.append($0) }
        return try Server(
            settings,
            malformed: { reason, _ in
                ledger.refusals.append("\(reason)")
                return Response(
                    status: 400, headers: [("Retry-After", "1")], body: Array("\(reason)".utf8))
            }, handler: handler)
    }

    /// Asks until it is so, as long as a test is patient.
    private func becomes(_ condition: () -> Bool) -> Bool {
        for _ in 0..<(patience * 100) {
            if condition() { return true }
            poll(nil, 0, 10)
        }
        return false
    }

    private let hello: Handler = { _, responder in responder.respond(text("hello")) }

    @Test func `for one more connection the idlest are closed, never one at work`() throws {
        let ledger = Ledger()
        let waiting = Shared<Responder>()
        let arrived = Signal()
        let server = try server(ServerSettings(connections: 40), ledger) { request, responder in
            guard request.path == ["wait"] else { return responder.respond(text("hello")) }
            waiting.append(responder)
            arrived.post()
        }
        let busy = (0..<4).map { _ in Wire(server.port) }
        for wire in busy { wire.send(get("/wait")) }
        #expect(arrived.wait(4))
        let idle = (0..<36).map { _ in Wire(server.port) }
        for wire in idle {
            wire.send(get("/"))
            #expect(wire.reply()?.status == 200)
        }
        #expect(server.openConnections == 40)
        // Until the idle have been so for long enough, who comes is told that there is no place; then there is one.
        var refused = 0
        var newcomer: Wire?
        let isServed = becomes {
            let wire = Wire(server.port)
            wire.send(get("/"))
            guard let reply = wire.reply() else { return false }
            if reply.status == 200 {
                newcomer = wire
                return true
            }
            #expect(reply.status == 503)
            #expect(reply.has("Connection: close"))
            #expect(reply.has("Retry-After: 1"))
            refused += 1
            return false
        }
        #expect(isServed)
        #expect(newcomer != nil)
        #expect(ledger.refusals.all == Array(repeating: "crowded", count: refused))
        // Some at once, so that not each newcomer costs a look at all.
        let cuts = ledger.cuts.all
        #expect(!cuts.isEmpty)
        #expect(cuts.allSatisfy { $0 == .idlest })
        #expect(becomes { idle.count { $0.isReadable(withinMilliseconds: 0) } == cuts.count })
        for responder in waiting.takeAll() { responder.respond(text("at last")) }
        for wire in busy { #expect(wire.reply()?.text == "at last") }
    }

    @Test
    func `when all are at work a newcomer is told so at once, and when one ends it is served`()
        throws
    {
        let ledger = Ledger()
        let waiting = Shared<Responder>()
        let arrived = Signal()
        let server = try server(ServerSettings(connections: 8), ledger) { request, responder in
            waiting.append(responder)
            arrived.post()
        }
        var busy = (0..<8).map { _ in Wire(server.port) }
        for wire in busy { wire.send(get("/wait")) }
        #expect(arrived.wait(8))
        for _ in 0..<20 {
            let wire = Wire(server.port)
            wire.send(get("/"))
            let reply = try #require(wire.reply())
            #expect(reply.status == 503)
            #expect(reply.text == "crowded")
        }
        #expect(ledger.refusals.all.count == 20)
        #expect(ledger.cuts.all == [])
        waiting.takeAll()[0].respond(text("done"))
        #expect(becomes { busy.contains { $0.isReadable(withinMilliseconds: 0) } })
        busy.removeAll { $0.isReadable(withinMilliseconds: 0) }
        #expect(becomes { server.openConnections == 7 })
        let wire = Wire(server.port)
        wire.send(get("/"))
        #expect(arrived.wait())
        for responder in waiting.takeAll() { responder.respond(text("served")) }
        #expect(wire.reply()?.text == "served")
    }

    @Test func `who sends slowly gives way before somebody is turned away`() throws {
        let ledger = Ledger()
        let server = try server(ServerSettings(connections: 8), ledger, hello)
        let slow = (0..<8).map { _ in Wire(server.port) }
        for wire in slow { wire.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n") }
        let isServed = becomes {
            let wire = Wire(server.port)
            wire.send(get("/"))
            return wire.reply()?.status == 200
        }
        #expect(isServed)
        #expect(ledger.cuts.all == Array(repeating: .idlest, count: 8))
        for wire in slow { #expect(wire.reply()?.status == 408) }
    }

    @Test func `who does not read an answer, or reads it in sips, is cut`() throws {
        let ledger = Ledger()
        let body = [UInt8](repeating: 65, count: 32 << 20)
        let server = try server(
            ServerSettings(answerSeconds: 1), ledger
        ) { request, responder in
            responder.respond(
                request.path == ["large"] ? Response(status: 200, body: body) : text("small"))
        }
        let silent = Wire(server.port)
        silent.send(get("/large"))
        let sipping = Wire(server.port)
        sipping.send(get("/large"))
        let neighbour = Wire(server.port)
        var taken = 0
        let isCut = becomes {
            taken += sipping.sip(1024)
            neighbour.send(get("/"))
            #expect(neighbour.reply()?.text == "small")
            return ledger.cuts.all.count == 2
        }
        #expect(isCut)
        #expect(ledger.cuts.all == [.reader, .reader])
        #expect(taken < body.count)
        #expect(becomes { server.openConnections == 1 })
        #expect(becomes { server.heldBytes.answers == 0 })
        withExtendedLifetime(silent) {}
    }

    @Test func `answers on their way are bounded: the slowest reader pays`() throws {
        let ledger = Ledger()
        let body = [UInt8](repeating: 65, count: 16 << 20)
        let server = try server(
            ServerSettings(idleSeconds: 3600, answerMemory: 40 << 20), ledger
        ) { request, responder in
            responder.respond(
                request.path == ["large"] ? Response(status: 200, body: body) : text("small"))
        }
        var readers: [Wire] = []
        for count in 1...8 {
            readers.append(Wire(server.port))
            readers[count - 1].send(get("/large"))
            // Two have their place in the memory; each one more costs the oldest his.
            #expect(becomes { ledger.cuts.all.count == max(0, count - 2) })
            #expect(becomes { server.heldBytes.answers == min(count, 2) * body.count })
        }
        let neighbour = Wire(server.port)
        neighbour.send(get("/"))
        #expect(neighbour.reply()?.text == "small")
        // The last two can still be read to their ends.
        for wire in readers.suffix(2) { #expect(wire.reply()?.body.count == body.count) }
    }

    @Test func `bodies are bounded together, in either framing, and given back`() throws {
        let ledger = Ledger()
        let server = try server(
            ServerSettings(bodyBytes: 1 << 20, bodyMemory: 100_000), ledger
        ) { request, responder in responder.respond(text("\(request.body.count)")) }
        func post(_ size: Int) -> String {
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n"
        }
        let half = [UInt8](repeating: 65, count: 60_000)
        let holder = Wire(server.port)
        holder.send(post(61_000))
        holder.send(half)
        #expect(becomes { server.heldBytes.bodies == 60_000 })
        let announced = Wire(server.port)
        announced.send(post(60_000))
        announced.send(half)
        let reply = try #require(announced.reply())
        #expect(reply.status == 503)
        #expect(reply.text == "full")
        let chunked = Wire(server.port)
        chunked.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nEA60\r\n")
        chunked.send(half)
        #expect(chunked.reply()?.status == 503)
        let small = Wire(server.port)
        small.send(post(10_000))
        small.send(Array(half[..<10_000]))
        #expect(small.reply()?.text == "10000")
        #expect(ledger.refusals.all == ["full", "full"])
        holder.send(Array(half[..<1_000]))
        #expect(holder.reply()?.text == "61000")
        #expect(becomes { server.heldBytes.bodies == 0 })
        let again = Wire(server.port)
        again.send(post(60_000))
        again.send(half)
        #expect(again.reply()?.text == "60000")
    }

    @Test func `while requests are refused anyway a large body is not awaited, a small one is`()
        throws
    {
        let ledger = Ledger()
        let isFull = Shared<Bool>()
        var settings = ServerSettings()
        settings.isFull = { !isFull.all.isEmpty }
        let server = try server(settings, ledger) { request, responder in
            responder.respond(text("\(request.body.count)"))
        }
        func post(_ size: Int, sending: Bool) -> Int? {
            let wire = Wire(server.port)
            wire.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n")
            if sending { wire.send([UInt8](repeating: 65, count: size)) }
            return wire.reply()?.status
        }
        #expect(post(20_000, sending: true) == 200)
        isFull.append(true)
        #expect(post(20_000, sending: false) == 503)
        #expect(post(10_000, sending: true) == 200)
        _ = isFull.takeAll()
        #expect(post(20_000, sending: true) == 200)
    }
}
