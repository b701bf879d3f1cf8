import Glibc
import HTTP
import Testing

/// Says what it understood, so that tests can compare it with what was sent.
private let echo: Handler = { request, responder in
    let query = request.queryItems.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    let path = request.path.joined(separator: "|")
    responder.respond(text("\(request.method) \(path) ?\(query)"))
}

@Suite struct Requests {
    @Test func `one connection serves request after request`() throws {
        let server = try serve(echo)
        let wire = Wire(server.port)
        for number in 0..<50 {
            wire.send(get("/a/\(number)"))
            #expect(wire.reply()?.text == "GET a|\(number) ?")
        }
        #expect(server.openConnections == 1)
    }

    @Test func `pipelined requests are answered in their order`() throws {
        let server = try serve { request, responder in
            if request.path.last == "later" {
                _ = Aside { responder.respond(text("later")) }
            } else {
                responder.respond(text(request.path.joined()))
            }
        }
        let wire = Wire(server.port)
        wire.send((0..<40).map { get($0 % 3 == 0 ? "/x/later" : "/\($0)") }.joined())
        for number in 0..<40 {
            #expect(wire.reply()?.text == (number % 3 == 0 ? "later" : "\(number)"))
        }
    }

    @Test func `a request that comes byte by byte is one request`() throws {
        let server = try serve { request, responder in
            responder.respond(text(String(decoding: request.body, as: UTF8.self)))
        }
        let wire = Wire(server.port)
        for byte in "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello".utf8 {
            wire.send([byte])
        }
        #expect(wire.reply()?.text == "hello")
    }

    @Test(arguments: [
        ("/", "GET  ?"), ("/a/", "GET a ?"), ("//a///b", "GET a|b ?"), ("/?", "GET  ?"),
        ("/a%2Fb/c", "GET a/b|c ?"), ("/%D0%BB%D1%81/1", "GET лс|1 ?"), ("/a+b", "GET a+b ?"),
        ("/%2E%2E.x", "GET ...x ?"), ("/a?b=c/..?d", "GET a ?b=c/..?d"),
        ("/a?x=1&x=2&y", "GET a ?x=1&x=2&y="), ("/a?x=a+b%2Bc&&z=", "GET a ?x=a b+c&z="),
        ("/a?%D0%BA=%D0%B2%26%3D", "GET a ?к=в&="), ("http://x:1/a?b=c", "GET a ?b=c"),
        ("/a?q=1=2", "GET a ?q=1=2"), ("/a%5Cb?x=\\", "GET a\\b ?x=\\"),
    ])
    func `a target is decoded segment by segment`(target: String, expected: String) throws {
        let server = try serve(echo)
        let wire = Wire(server.port)
        wire.send(get(target))
        #expect(wire.reply()?.text == expected)
    }

    @Test(arguments: [
        "/%", "/a%2", "/a%zz", "/a%00b", "/%FF", "/%C0%AF", "/%ED%A0%80", "/..", "/a/../b",
        "/a/%2e%2E/b", "/./a", "/a?x=%", "/a?x=%00", "/a?%FF=1", "/a?x=%D0", "*", "a/b", "/a\u{7F}",
        "/a\u{1}", "http://x", "/\\evil.example/a", "/a\\b",
    ])
    func `a target that cannot be decoded never reaches the handler`(target: String) throws {
        let reached = Shared<String>()
        let server = try serve { request, responder in
            reached.append(request.rawPath)
            responder.respond(text("?"))
        }
        let wire = Wire(server.port)
        wire.send(get(target))
        let reply = try #require(wire.reply())
        #expect(reply.status == 400)
        #expect(reply.text == "target")
        #expect(reply.has("Connection: close"))
        #expect(wire.isClosed())
        #expect(reached.all == [])
    }

    @Test func `raw bytes that are UTF-8 are taken, others are not`() throws {
        let server = try serve(echo)
        let good = Wire(server.port)
        good.send(get("/счёт?месяц=май"))
        #expect(good.reply()?.text == "GET счёт ?месяц=май")
        let bad = Wire(server.port)
        bad.send(Array("GET /".utf8) + [0xF1, 0xF7] + Array(" HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        #expect(bad.reply()?.status == 400)
    }

    @Test func `the raw path and query stay as they were sent`() throws {
        let server = try serve { request, responder in
            responder.respond(text(request.rawPath + " " + request.rawQuery))
        }
        let wire = Wire(server.port)
        wire.send(get("/a%2fb//c/?x=%D0%BA+1&y") + get("/plain"))
        #expect(wire.reply()?.text == "/a%2fb//c/ x=%D0%BA+1&y")
        #expect(wire.reply()?.text == "/plain ")
    }

    @Test func `headers are found in any case and cookies by name`() throws {
        let server = try serve { request, responder in
            let parts = [
                request.header("x-oNe"), request.header("X-None"), request.cookie("b"),
                request.cookie("q"), request.cookie("z"), request.clientAddress,
                request.query("k"), request.query("none"),
            ]
            responder.respond(text(parts.map { $0 ?? "nil" }.joined(separator: ",")))
        }
        let wire = Wire(server.port)
        wire.send(get("/?k=1&k=2", "X-One: два\r\nCookie: a=1; b=x=y ;q=\"w\"\r\nX-One: 3\r\n"))
        #expect(wire.reply()?.text == "два,nil,x=y,w,nil,127.0.0.1,1,nil")
    }

    @Test func `a request's headers are gone once it is answered`() throws {
        let kept = Shared<Request>()
        let server = try serve { request, responder in
            kept.append(request)
            responder.respond(text(request.header("X-A") ?? "nil"))
        }
        let wire = Wire(server.port)
        wire.send(get("/", "X-A: b\r\n"))
        #expect(wire.reply()?.text == "b")
        #expect(kept.all.first?.header("X-A") == nil)
        #expect(kept.all.first?.path == [])
    }

    @Test func `a form is decoded with Cyrillic, repeated names and empty values`() throws {
        let server = try serve { request, responder in
            guard let form = request.form else { return responder.respond(text("nil")) }
            responder.respond(text(form.map { "\($0.0)=\($0.1)" }.joined(separator: ";")))
        }
        let client = try Client()
        func post(_ body: String, _ type: String) throws -> String {
            try client.send(
                method: "POST", url: "http://127.0.0.1:\(server.port)/",
                headers: [("Content-Type", type)], body: Array(body.utf8),
                timeoutMilliseconds: patience * 1000
            ).text
        }
        let form = "application/x-www-form-urlencoded"
        let decoded = try post(
            "name=%D0%81%D0%BB%D0%BA%D0%B0+1&m=a&m=b&e=&bare&t=a%0D%0Ab", form)
        #expect(decoded == "name=Ёлка 1;m=a;m=b;e=;bare=;t=a\r\nb")
        #expect(try post("имя=я", form + "; charset=UTF-8") == "имя=я")
        #expect(try post("", form) == "")
        for bad in ["a=%", "a=%0", "a=%00", "%00=a", "a=%FF", "a=1&b=%D0"] {
            #expect(try post(bad, form) == "nil")
        }
        #expect(try post("a=b", "application/json") == "nil")
    }

    @Test(arguments: [
        "HELLO\r\n\r\n", "GET\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}\u{A5}\u{1}\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ])
    func `garbage harms nobody else`(garbage: String) throws {
        let server = try serve(echo)
        let wire = Wire(server.port)
        wire.send(garbage)
        wire.finishSending()
        if let reply = wire.reply() { #expect(reply.status >= 400 || garbage.contains("GET")) }
        #expect(wire.isClosed())
        let next = Wire(server.port)
        next.send(get("/fine"))
        #expect(next.reply()?.text == "GET fine ?")
    }

    @Test(arguments: [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n", "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    ])
    func `a body framed in two ways is refused`(headers: String) throws {
        let server = try serve(echo)
        let wire = Wire(server.port)
        wire.send("POST /a HTTP/1.1\r\nHost: x\r\n\(headers)\r\n0\r\n\r\n")
        let reply = try #require(wire.reply())
        #expect(reply.status == 400)
        #expect(wire.isClosed())
    }

    @Test func `headers over the connection's memory are refused`() throws {
        let server = try serve(ServerSettings(headerMemory: 8192), echo)
        let wire = Wire(server.port)
        wire.send(get("/", "X-Big: " + String(repeating: "x", count: 20_000) + "\r\n"))
        let reply = try #require(wire.reply())
        #expect(reply.status == 431 || reply.status == 413)
        let long = Wire(server.port)
        long.send(get("/" + String(repeating: "x", count: 20_000)))
        #expect(long.reply()?.status == 414)
    }
}

@Suite struct Bodies {
    private static let settings = ServerSettings(
        bodyBytes: 1000, bodyLimit: { _, path in path.first == "large" ? 100_000 : nil })

    private static let size: Handler = { request, responder in
        responder.respond(text("\(request.body.count)"))
    }

    @Test func `a body over the limit is refused without being read`() throws {
        let server = try serve(Bodies.settings, Bodies.size)
        let wire = Wire(server.port)
        wire.send("POST /a/b HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n")
        let reply = try #require(wire.reply())
        #expect(reply.status == 413)
        #expect(reply.text == "tooLarge(limit: 1000)")
        #expect(reply.has("Connection: close"))
        #expect(reply.has("X-Path: a|b"))
        #expect(wire.isClosed())
    }

    @Test func `a client that sends all before it reads still sees why it was refused`() throws {
        let server = try serve(Bodies.settings, Bodies.size)
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let wire = Wire(server.port)
            wire.send("\(method) / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n")
            #expect(wire.send([UInt8](repeating: 0x78, count: 3_000_000)))
            #expect(wire.reply()?.status == 413)
        }
    }

    @Test func `a chunked body over the limit is refused in its middle`() throws {
        let server = try serve(Bodies.settings, Bodies.size)
        let wire = Wire(server.port)
        wire.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        let piece = "3E8\r\n" + String(repeating: "x", count: 1000) + "\r\n"
        wire.send(piece + piece)
        let reply = try #require(wire.reply())
        #expect(reply.status == 413)
        #expect(reply.text == "tooLarge(limit: 1000)")
        #expect(wire.isClosed())
    }

    @Test func `a body of exactly the limit is taken, in either framing`() throws {
        let server = try serve(Bodies.settings, Bodies.size)
        let wire = Wire(server.port)
        let body = String(repeating: "x", count: 1000)
        wire.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + body)
        #expect(wire.reply()?.text == "1000")
        wire.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        wire.send("1F4\r\n\(body.prefix(500))\r\n1F4\r\n\(body.prefix(500))\r\n0\r\n\r\n")
        #expect(wire.reply()?.text == "1000")
    }

    @Test func `a route may take more than the others`() throws {
        let server = try serve(Bodies.settings, Bodies.size)
        let wire = Wire(server.port)
        wire.send("POST /large HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
        wire.send([UInt8](repeating: 0x78, count: 100_000))
        #expect(wire.reply()?.text == "100000")
        wire.send("POST /large HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n")
        #expect(wire.reply()?.status == 413)
    }

    @Test func `a client that asks first is told to continue, or why not`() throws {
        let server = try serve(Bodies.settings, Bodies.size)
        let expect = "Expect: 100-continue\r\n"
        let wire = Wire(server.port)
        wire.send("POST / HTTP/1.1\r\nHost: x\r\n\(expect)Content-Length: 3\r\n\r\n")
        #expect(wire.reply()?.status == 100)
        wire.send("abc")
        #expect(wire.reply()?.text == "3")
        wire.send("POST / HTTP/1.1\r\nHost: x\r\n\(expect)Content-Length: 1001\r\n\r\n")
        #expect(wire.reply()?.status == 413)
    }

    @Test func `a request that drips is cut`() throws {
        let server = try serve(ServerSettings(requestSeconds: 1), echo)
        let starts = [
            "", "GET / HTTP/1.1\r\nX: ",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n",
        ]
        for start in starts {
            let wire = Wire(server.port)
            wire.send(get("/before"))
            #expect(wire.reply()?.status == 200)
            wire.send(start)
            for _ in 0..<5000 {
                if wire.isReadable(withinMilliseconds: 5) { break }
                wire.send("x")
            }
            #expect(wire.reply()?.status == 408)
            #expect(wire.isClosed())
        }
    }
}

@Suite struct Answers {
    @Test func `an answer may come from another thread, before or after the handler ends`() throws {
        let server = try serve { request, responder in
            let aside = Aside { responder.respond(text(request.path.joined())) }
            if request.path == ["before"] { aside.join() }
        }
        let wire = Wire(server.port)
        for _ in 0..<200 {
            for path in ["before", "after"] {
                wire.send(get("/" + path))
                #expect(wire.reply()?.text == path)
            }
        }
    }

    @Test func `256 connections answered at once all get their answer`() throws {
        let waiting = Shared<(Request, Responder)>()
        let arrived = Signal()
        let server = try serve { request, responder in
            waiting.append((request, responder))
            arrived.post()
        }
        let wires = (0..<256).map { _ in Wire(server.port) }
        for round in 0..<5 {
            for (number, wire) in wires.enumerated() { wire.send(get("/\(round)/\(number)")) }
            #expect(arrived.wait(256))
            for (request, responder) in waiting.takeAll() {
                responder.respond(text(request.path.joined(separator: "-")))
            }
            for (number, wire) in wires.enumerated() {
                #expect(wire.reply()?.text == "\(round)-\(number)")
            }
        }
        #expect(server.openConnections == 256)
    }

    @Test func `only the first answer counts`() throws {
        let server = try serve { _, responder in
            let asides = (0..<4).map { number in
                Aside { responder.respond(text("\(number)")) }
            }
            for aside in asides { aside.join() }
            responder.respond(text("late"))
        }
        let wire = Wire(server.port)
        for _ in 0..<50 {
            wire.send(get("/"))
            let reply = try #require(wire.reply())
            #expect(["0", "1", "2", "3"].contains(reply.text))
        }
    }

    @Test func `an answer to a client that went away does no harm`() throws {
        let waiting = Shared<Responder>()
        let arrived = Signal()
        let server = try serve { request, responder in
            if request.path == ["wait"] {
                waiting.append(responder)
                arrived.post()
            } else {
                responder.respond(text("fine"))
            }
        }
        for round in 0..<20 {
            let wires = (0..<8).map { _ in Wire(server.port) }
            for wire in wires { wire.send(get("/wait")) }
            #expect(arrived.wait(8))
            for wire in wires where round % 2 == 0 { wire.reset() }
            for wire in wires where round % 2 == 1 { wire.finishSending() }
            let responders = waiting.takeAll()
            for responder in responders { responder.respond(text("too late")) }
            for responder in responders { responder.respond(text("again")) }
        }
        let wire = Wire(server.port)
        wire.send(get("/"))
        #expect(wire.reply()?.text == "fine")
    }

    @Test func `clients that vanish in a body or in their headers leave nothing behind`() throws {
        let server = try serve(echo)
        for part in ["GET", get("/").dropLast(2) + "", "POST / HTTP/1.1\r\nHost: x\r\n"] {
            let wire = Wire(server.port)
            wire.send(part + "Content-Length: 50\r\n\r\nabc")
            wire.reset()
        }
        let wire = Wire(server.port)
        wire.send(get("/"))
        #expect(wire.reply()?.status == 200)
    }

    @Test func `every header is sent, repeated ones too`() throws {
        let server = try serve { _, responder in
            responder.respond(
                Response(
                    status: 303,
                    headers: [
                        ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Location", "/я"),
                        ("Content-Length", "77"), ("X-Empty", ""),
                    ]))
        }
        let client = try Client()
        let answer = try client.send(
            url: "http://127.0.0.1:\(server.port)/", timeoutMilliseconds: patience * 1000)
        #expect(answer.status == 303)
        let cookies = answer.headers.filter { $0.name == "Set-Cookie" }.map(\.value)
        #expect(cookies == ["a=1", "b=2"])
        #expect(answer.header("location") == "/я")
        #expect(answer.header("Content-Length") == "0")
        #expect(answer.header("Date") != nil)
    }

    @Test func `a header with a line break becomes a 500, not two headers`() throws {
        let server = try serve { request, responder in
            let bad = request.path == ["name"] ? ("X\r\nY", "1") : ("X", "1\r\nY: 2")
            responder.respond(Response(status: 200, headers: [bad], body: [1]))
        }
        let wire = Wire(server.port)
        for path in ["/name", "/value"] {
            wire.send(get(path))
            let reply = try #require(wire.reply())
            #expect(reply.status == 500)
            #expect(!reply.has("Y:"))
        }
    }

    @Test func `HEAD has the headers of GET and no body`() throws {
        let server = try serve { _, responder in responder.respond(text("hello")) }
        let wire = Wire(server.port)
        wire.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + get("/"))
        let reply = try #require(wire.reply(head: true))
        #expect(reply.status == 200)
        #expect(reply.has("Content-Length: 5"))
        #expect(wire.reply()?.text == "hello")
        let answer = try Client().send(
            method: "HEAD", url: "http://127.0.0.1:\(server.port)/",
            timeoutMilliseconds: patience * 1000)
        #expect(answer.body == [])
    }

    @Test(arguments: [204, 304])
    func `answers without a body leave the connection usable`(status: Int) throws {
        let server = try serve { _, responder in responder.respond(Response(status: status)) }
        let wire = Wire(server.port)
        for _ in 0..<3 {
            wire.send(get("/"))
            #expect(wire.reply(head: true)?.status == status)
        }
    }

    @Test func `large text is compressed for those who take it, and only then`() throws {
        let page = String(repeating: "Показания приняты. ", count: 500)
        let server = try serve { request, responder in
            let type = request.query("type") ?? "application/json"
            let body = request.path == ["short"] ? "short" : page
            var response = Response(status: 200, type: type, text: body)
            if request.path == ["packed"] { response.headers.append(("Content-Encoding", "br")) }
            if request.path == ["later"] {
                _ = Aside { [response] in responder.respond(response) }
            } else {
                responder.respond(response)
            }
        }
        let client = try Client()
        for path in ["now", "later"] {
            let answer = try client.send(
                url: "http://127.0.0.1:\(server.port)/\(path)",
                timeoutMilliseconds: patience * 1000)
            #expect(answer.header("Content-Encoding") == "gzip")
            #expect(answer.header("Vary") == "Accept-Encoding")
            #expect(answer.text == page)
        }
        let wire = Wire(server.port)
        func head(_ path: String, _ accept: String) throws -> Wire.Reply {
            wire.send(get(path, "Accept-Encoding: \(accept)\r\n"))
            return try #require(wire.reply())
        }
        let small = try head("/now", "br, gzip;q=0.5")
        #expect(small.body.starts(with: [0x1F, 0x8B]) && small.body.count < 500)
        #expect(try head("/now", "*").has("Content-Encoding: gzip"))
        #expect(try head("/now?type=text/html;%20charset=utf-8", "gzip").has("Encoding: gzip"))
        for accept in ["identity", "gzip;q=0", "br", "gzip; q=0.000, *"] {
            let plain = try head("/now", accept)
            #expect(plain.text == page)
            #expect(plain.has("Vary: Accept-Encoding"))
        }
        #expect(try head("/short", "gzip").text == "short")
        #expect(try head("/now?type=image/png", "gzip").text == page)
        #expect(try head("/packed", "gzip").text == page)
    }

    @Test func `an answer of megabytes arrives whole`() throws {
        let body = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let server = try serve { _, responder in
            _ = Aside { responder.respond(Response(status: 200, body: body)) }
        }
        let client = try Client(answerBytes: 5_000_000)
        let url = "http://127.0.0.1:\(server.port)/"
        let answer = try client.send(url: url, timeoutMilliseconds: patience * 1000)
        #expect(answer.body == body)
        let small = try Client(answerBytes: 4_999_999)
        #expect(throws: HTTPError.answerTooLarge(limit: 4_999_999)) {
            try small.send(url: url, timeoutMilliseconds: patience * 1000)
        }
    }
}

@Suite struct Lifecycle {
    @Test func `a quiet server takes no new connections and serves the old`() throws {
        let server = try serve(echo)
        let wire = Wire(server.port)
        wire.send(get("/1"))
        #expect(wire.reply()?.status == 200)
        server.quiesce()
        server.quiesce()
        wire.send(get("/2"))
        #expect(wire.reply()?.text == "GET 2 ?")
        #expect(!Wire(server.port).isConnected)
        server.stop()
        #expect(wire.isClosed())
    }

    @Test func `a stop answers what waits and closes what is idle`() throws {
        let waiting = Shared<Responder>()
        let arrived = Signal()
        let server = try serve { _, responder in
            waiting.append(responder)
            arrived.post()
        }
        let wires = (0..<40).map { _ in Wire(server.port) }
        for wire in wires { wire.send(get("/wait")) }
        let idle = Wire(server.port)
        let half = Wire(server.port)
        half.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        #expect(arrived.wait(40))
        server.stop()
        server.stop()
        for wire in wires {
            let reply = try #require(wire.reply())
            #expect(reply.status == 503)
            #expect(reply.text == "stopping")
            #expect(wire.isClosed())
        }
        #expect(idle.isClosed())
        #expect(half.isClosed())
        for responder in waiting.all { responder.respond(text("late")) }
        #expect(server.openConnections == 0)
    }

    @Test func `a stop lets answers on their way arrive`() throws {
        for _ in 0..<20 {
            let waiting = Shared<Responder>()
            let arrived = Signal()
            let server = try serve { _, responder in
                waiting.append(responder)
                arrived.post()
            }
            let wires = (0..<20).map { _ in Wire(server.port) }
            for wire in wires { wire.send(get("/")) }
            #expect(arrived.wait(20))
            for responder in waiting.all { responder.respond(text("done")) }
            server.stop()
            for wire in wires { #expect(wire.reply()?.text == "done") }
        }
    }

    @Test func `a stop under load neither hangs nor crashes`() throws {
        for _ in 0..<10 {
            let served = Signal()
            let server = try serve { _, responder in
                _ = Aside { responder.respond(text("x")) }
                served.post()
            }
            let port = server.port
            let asides = (0..<4).map { _ in
                Aside {
                    let wire = Wire(port)
                    while wire.send(get("/")), wire.reply() != nil {}
                }
            }
            #expect(served.wait(50))
            server.stop()
            for aside in asides { aside.join() }
        }
    }

    @Test func `a taken port and a bad address are told`() throws {
        let server = try serve(echo)
        #expect(
            throws: HTTPError.listen(
                address: "127.0.0.1", port: server.port, errno: EADDRINUSE)
        ) {
            _ = try serve(ServerSettings(port: server.port), echo)
        }
        #expect(throws: HTTPError.address("localhost")) {
            _ = try serve(ServerSettings(address: "localhost"), echo)
        }
    }

    @Test func `a server forgets its connections, requests and handler`() throws {
        final class Witness: Sendable {}
        weak var seen: Witness?
        do {
            let witness = Witness()
            seen = witness
            let server = try serve { _, responder in
                withExtendedLifetime(witness) { responder.respond(text("x")) }
            }
            let wire = Wire(server.port)
            wire.send(get("/"))
            #expect(wire.reply()?.status == 200)
        }
        #expect(seen == nil)
    }

    @Test(arguments: [
        // What the proxy itself wrote is last; all before it anybody may have sent.
        ("X-Forwarded-For: 203.0.113.7", "203.0.113.7"),
        ("X-Forwarded-For: 10.0.0.1, 203.0.113.7", "203.0.113.7"),
        ("X-Forwarded-For: 203.0.113.7, 127.0.0.1", "203.0.113.7"),
        ("X-Forwarded-For: 2001:DB8::1", "2001:db8::1"),
        ("X-Forwarded-For: ::ffff:203.0.113.7", "203.0.113.7"),
        ("X-Forwarded-For: 203.0.113.7, somebody", "127.0.0.1"),
        ("X-Forwarded-For: ", "127.0.0.1"),
        ("X-Other: 203.0.113.7", "127.0.0.1"),
    ])
    func `behind a trusted proxy the client is who the proxy says`(
        header: String, client: String
    ) throws {
        var settings = ServerSettings()
        settings.proxies = ["127.0.0.1"]
        let server = try serve(settings) { request, responder in
            responder.respond(text(request.clientAddress))
        }
        let wire = Wire(server.port)
        wire.send("GET / HTTP/1.1\r\nHost: x\r\n\(header)\r\n\r\n")
        #expect(wire.reply()?.text == client)
        // Of everybody else nothing is believed.
        let open = try serve { request, responder in
            responder.respond(text(request.clientAddress))
        }
        let other = Wire(open.port)
        other.send("GET / HTTP/1.1\r\nHost: x\r\n\(header)\r\n\r\n")
        #expect(other.reply()?.text == "127.0.0.1")
    }

    @Test func `an IPv6 server serves IPv4 clients by their own address`() throws {
        let server: Server
        do {
            server = try serve(ServerSettings(address: "::")) { request, responder in
                responder.respond(text(request.clientAddress))
            }
        } catch HTTPError.listen(_, _, EAFNOSUPPORT) {
            return  // a machine without IPv6
        }
        let wire = Wire(server.port)
        wire.send(get("/"))
        #expect(wire.reply()?.text == "127.0.0.1")
    }
}

@Suite struct Clients {
    @Test func `a client sends what it is given and keeps its connection`() throws {
        let server = try serve { request, responder in
            let length = request.header("Content-Length") ?? "-"
            let type = request.header("Content-Type") ?? "-"
            let own = request.header("X-Own") ?? "-"
            responder.respond(
                text("\(request.method) \(length) \(type) \(own) \(request.body.count)"))
        }
        let client = try Client()
        func send(_ method: String, _ headers: [(String, String)], _ body: [UInt8]?) throws
            -> String
        {
            try client.send(
                method: method, url: "http://127.0.0.1:\(server.port)/a", headers: headers,
                body: body, timeoutMilliseconds: patience * 1000
            ).text
        }
        #expect(try send("GET", [("X-Own", "я")], nil) == "GET - - я 0")
        #expect(try send("POST", [], nil) == "POST 0 - - 0")
        #expect(try send("POST", [("Content-Type", "a/b")], [0, 1, 0]) == "POST 3 a/b - 3")
        #expect(try send("PUT", [], [UInt8](repeating: 0, count: 9000)) == "PUT 9000 - - 9000")
        #expect(try send("DELETE", [], nil) == "DELETE - - - 0")
        #expect(try send("GET", [], nil) == "GET - - - 0")
        #expect(server.openConnections == 1)
    }

    @Test func `what cannot be sent or reached is told by kind`() throws {
        let client = try Client()
        func send(_ url: String, method: String = "GET", headers: [(String, String)] = [])
            -> HTTPError?
        {
            do {
                _ = try client.send(
                    method: method, url: url, headers: headers, timeoutMilliseconds: 20_000)
                return nil
            } catch { return error }
        }
        for url in ["ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://a b/"] {
            guard case .request = send(url) else {
                Issue.record("\(url)")
                continue
            }
        }
        let bad = send("http://127.0.0.1/", headers: [("X", "a\r\nY: b")])
        #expect(bad == .request("the header X"))
        #expect(send("http://127.0.0.1/", method: "A B") == .request("the method A B"))
        let server = try serve(echo)
        let port = server.port
        server.stop()
        guard case .unreachable = send("http://127.0.0.1:\(port)/") else {
            Issue.record("a closed port")
            return
        }
    }

    @Test func `a client does not wait longer than it is told`() throws {
        let held = Shared<Responder>()
        let server = try serve { _, responder in held.append(responder) }
        #expect(throws: HTTPError.timeout(milliseconds: 50)) {
            try Client().send(url: "http://127.0.0.1:\(server.port)/", timeoutMilliseconds: 50)
        }
    }

    @Test func `a redirect is an answer, not a journey`() throws {
        let server = try serve { request, responder in
            responder.respond(Response(status: 302, headers: [("Location", "/other")]))
        }
        let answer = try Client().send(
            url: "http://127.0.0.1:\(server.port)/", timeoutMilliseconds: patience * 1000)
        #expect(answer.status == 302)
    }
}
