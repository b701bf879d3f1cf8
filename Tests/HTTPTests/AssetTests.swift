import HTTP
import Testing

@Suite struct Assets {
    private static let bytes = Array(String(repeating: "a { color: red }\n", count: 200).utf8)
    private let asset = Asset(Self.bytes, type: "text/css; charset=utf-8")

    private func fetch(
        _ query: String = "", _ headers: String = "", of asset: Asset? = nil
    ) throws -> Wire.Reply {
        let asset = asset ?? self.asset
        let server = try serve { request, responder in
            responder.respond(asset.response(to: request))
        }
        let wire = Wire(server.port)
        wire.send(get("/a.css\(query)", headers))
        return try #require(wire.reply())
    }

    @Test func `are kept for a year at the address of their version only`() throws {
        let kept = try fetch("?v=\(asset.version)")
        #expect(kept.status == 200 && kept.body == Self.bytes)
        #expect(kept.has("Content-Type: text/css; charset=utf-8"))
        #expect(kept.has("Cache-Control: public, max-age=31536000, immutable"))
        for query in ["", "?v=", "?v=before", "?w=\(asset.version)"] {
            let asked = try fetch(query)
            #expect(asked.body == Self.bytes, "\(query)")
            #expect(asked.has("Cache-Control: no-cache") && !asked.has("immutable"), "\(query)")
        }
    }

    @Test func `go out compressed to who takes that, and as they are to others`() throws {
        let packed = try fetch("", "Accept-Encoding: br, gzip\r\n")
        #expect(packed.has("Content-Encoding: gzip") && packed.has("Vary: Accept-Encoding"))
        #expect(packed.body.count < Self.bytes.count / 10)
        #expect(packed.body.starts(with: [0x1F, 0x8B]))
        for accepted in ["", "Accept-Encoding: br\r\n", "Accept-Encoding: gzip;q=0\r\n"] {
            let plain = try fetch("", accepted)
            #expect(!plain.has("Content-Encoding") && plain.body == Self.bytes)
            // A cache must keep both.
            #expect(plain.has("Vary: Accept-Encoding"))
        }
        let small = try fetch(
            "", "Accept-Encoding: gzip\r\n", of: Asset(Array("a".utf8), type: "text/css"))
        #expect(small.text == "a" && !small.has("Content-Encoding"))
    }

    @Test func `are not sent again to who has them`() throws {
        let tag = "\"\(asset.version)\""
        #expect(try fetch().has("ETag: W/\(tag)"))
        for known in [tag, "W/\(tag)", "\"x\", W/\(tag)", "*"] {
            let same = try fetch(
                "", "If-None-Match: \(known)\r\nAccept-Encoding: gzip\r\n")
            #expect(same.status == 304 && same.body.isEmpty, "\(known)")
            #expect(same.has("ETag: W/\(tag)") && !same.has("Content-Encoding"), "\(known)")
        }
        for other in ["\"x\"", asset.version, ""] {
            #expect(try fetch("", "If-None-Match: \(other)\r\n").status == 200, "\(other)")
        }
    }

    @Test func `have another version when anything in them is another`() {
        var changed = Self.bytes
        changed[0] = UInt8(ascii: "b")
        #expect(Asset(changed, type: "text/css").version != asset.version)
        #expect(Asset(Self.bytes, type: "text/plain").version == asset.version)
    }

    @Test func `and every other answer are what their type says`() throws {
        #expect(try fetch().has("X-Content-Type-Options: nosniff"))
        let server = try serve { request, responder in
            responder.respond(
                Response(
                    status: request.path == ["none"] ? 404 : 200,
                    headers: [("Content-Type", "application/json")], body: Array("{}".utf8)))
        }
        let wire = Wire(server.port)
        wire.send(get("/none") + get("/some"))
        for _ in 0..<2 {
            #expect(wire.reply()?.has("X-Content-Type-Options: nosniff") == true)
        }
    }
}
