import Commands
import Foundation
import Postgres
import TestKit
import Testing
import Threads

/// Whatever comes through the door, the answer is a 4xx that says what is wrong, and the next
/// caller notices nothing.
@Suite(.serialized) struct BadInputTests {
    private let system: System
    private let token: String
    private static let good = "2001"
    private static let neighbour = "3001"

    init() throws {
        system = try System()
        try system.organization()
        try system.organization("other")
        token = try system.token().token
        _ = try system.startIngress()
        _ = try system.startWorkers()
        try system.accounts([Self.good, Self.neighbour, "4001"], token: token)
    }

    // MARK: The table

    private struct Case {
        let name: String
        let bytes: [UInt8]
        let status: Int
        let code: String
        var mustHave: [(String, String)] = []
    }

    private static let path = "/probe/api/accounts/\(good)/readings"
    private static let json = ("Content-Type", "application/json")
    private static let wait = ("Prefer", "wait=20")

    private func headers(_ more: [(String, String)] = []) -> [(String, String)] {
        [("Authorization", "Bearer \(token)")] + more
    }

    private func post(
        _ name: String, _ body: [UInt8], _ status: Int, _ code: String, path: String = Self.path,
        more: [(String, String)] = []
    ) -> Case {
        Case(
            name: name,
            bytes: request("POST", path, headers([Self.json, Self.wait] + more), body: body),
            status: status, code: code)
    }

    private func post(
        _ name: String, _ body: String, _ status: Int, _ code: String, path: String = Self.path,
        more: [(String, String)] = []
    ) -> Case { post(name, Array(body.utf8), status, code, path: path, more: more) }

    private static func reading(_ value: String, month: Int = 1) -> String {
        let date = "2000-\(month < 10 ? "0" : "")\(month)-15"
        return #"{"meter":"M2001","values":{"T1":"\#(value)"},"taken_on":"\#(date)"}"#
    }

    private var bodies: [Case] {
        let nested = String(repeating: "[", count: 100_000)
        let padded = #"{"meter":"M4001","values":{"T1":"5"},"taken_on":"2000-01-15"}"#
        let other = "/probe/api/accounts/4001/readings"
        let large = padded + String(repeating: " ", count: 256 * 1024 - padded.utf8.count)
        return [
            post("empty body", "", 400, "malformed_json"),
            post("half an object", #"{"meter":"#, 400, "malformed_json"),
            post("text after the object", "{} {}", 400, "malformed_json"),
            post("a comma too many", #"{"meter":"M2001",}"#, 400, "malformed_json"),
            post("single quotes", "{'meter':'M2001'}", 400, "malformed_json"),
            post("a comment", "{} // x", 400, "malformed_json"),
            post("a byte order mark", "\u{FEFF}{}", 400, "malformed_json"),
            post(
                "UTF-16", Array(Self.reading("1").utf16.flatMap { [UInt8($0 & 255), 0] }), 400,
                "malformed_json"),
            post("NaN without quotes", #"{"values":{"T1":NaN}}"#, 400, "malformed_json"),
            post("100,000 brackets", nested, 400, "malformed_json"),
            post(
                "17 levels", String(repeating: "[", count: 17) + String(repeating: "]", count: 17),
                400, "malformed_json"),
            post(
                "20,000 keys",
                "{" + (0..<20_000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}", 400,
                "malformed_json"),
            post(
                "invalid UTF-8", Array("{\"meter\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8),
                400,
                "malformed_json"),
            post(
                "overlong UTF-8", Array("{\"meter\":\"".utf8) + [0xC0, 0xAF] + Array("\"}".utf8),
                400,
                "malformed_json"),
            post(#"\u0000"#, #"{"meter":"M\u00002001"}"#, 400, "malformed_json"),
            post(
                "a zero byte", Array("{\"meter\":\"M".utf8) + [0] + Array("\"}".utf8), 400,
                "malformed_json"),
            post("a lone surrogate", #"{"meter":"\ud800"}"#, 400, "malformed_json"),
            post("a key twice", #"{"meter":"M2001","meter":"M2001"}"#, 400, "malformed_json"),
            post(
                "a key twice, escaped", #"{"meter":"M2001","\u006deter":"M2001"}"#, 400,
                "malformed_json"),
            post("256 KiB to the byte", large, 200, "", path: other),
            post("256 KiB and a byte", large + " ", 413, "too_large"),
            chunked("256 KiB and more in chunks", 5),
            post("an array", "[]", 400, "misshapen"),
            post("a string", #""x""#, 400, "misshapen"),
            post("null", "null", 400, "misshapen"),
            post("nothing in it", "{}", 400, "misshapen"),
            post(
                "an unknown member", #"{"meter":"M2001","values":{"T1":"1"},"x":1}"#, 400,
                "misshapen"),
            post(
                "an account beside the path's",
                #"{"account":"1","meter":"M2001","values":{"T1":"1"}}"#,
                400, "misshapen"),
            post("a number for a meter", #"{"meter":2001,"values":{"T1":"1"}}"#, 400, "misshapen"),
            post("an object for a meter", #"{"meter":{},"values":{"T1":"1"}}"#, 400, "misshapen"),
            post(
                "a meter of 51 letters",
                #"{"meter":"\#(String(repeating: "м", count: 51))","values":{"T1":"1"}}"#, 400,
                "misshapen"),
            post(
                "a control character in a meter", #"{"meter":"M\u0007","values":{"T1":"1"}}"#, 400,
                "misshapen"),
            post(
                "an unknown service", #"{"meter":"M2001","service":"steam","values":{"T1":"1"}}"#,
                400,
                "misshapen"),
            post("values that are a list", #"{"meter":"M2001","values":["1"]}"#, 400, "misshapen"),
            post("no value", #"{"meter":"M2001","values":{}}"#, 400, "misshapen"),
            post(
                "a value that is a number", #"{"meter":"M2001","values":{"T1":1}}"#, 400,
                "misshapen"),
            post(
                "a value that is 1e9", #"{"meter":"M2001","values":{"T1":1e9}}"#, 400, "misshapen"),
            post(
                "a number of 70 digits",
                #"{"meter":"M2001","values":{"T1":\#(String(repeating: "9", count: 70))}}"#, 400,
                "malformed_json"),
            post("a register T4", #"{"meter":"M2001","values":{"T4":"1"}}"#, 400, "misshapen"),
            post(
                "confirm that is a word", #"{"meter":"M2001","values":{"T1":"1"},"confirm":"yes"}"#,
                400, "misshapen"),
            post(
                "30 February", #"{"meter":"M2001","values":{"T1":"1"},"taken_on":"2020-02-30"}"#,
                400,
                "misshapen"),
            post(
                "a date in the year 9999",
                #"{"meter":"M2001","values":{"T1":"1"},"taken_on":"9999-01-01"}"#, 400, "misshapen"),
        ]
    }

    private var values: [Case] {
        func value(_ name: String, _ value: String, _ status: Int, _ code: String) -> Case {
            post("value \(name)", Self.reading(value), status, code)
        }
        return [
            value("1e9", "1e9", 422, "RD_FORMAT"), value("NaN", "NaN", 422, "RD_FORMAT"),
            value("Infinity", "Infinity", 422, "RD_FORMAT"), value("٣", "٣", 422, "RD_FORMAT"),
            value("１２ (full width)", "１２", 422, "RD_FORMAT"),
            value("of 30 digits", String(repeating: "9", count: 30), 422, "RD_CAPACITY"),
            value("of 65 digits", String(repeating: "9", count: 65), 400, "misshapen"),
            value("of 6 digits on a dial of 5", "100000", 422, "RD_CAPACITY"),
            value("-1", "-1", 422, "RD_FORMAT"), value("+1", "+1", 422, "RD_FORMAT"),
            value("empty", "", 422, "RD_FORMAT"), value("of a space", " ", 422, "RD_FORMAT"),
            value("0x10", "0x10", 422, "RD_FORMAT"), value("1.2.3", "1.2.3", 422, "RD_FORMAT"),
            value("of two spaces", "1  234", 422, "RD_FORMAT"),
            value("1,2 34", "1,2 34", 422, "RD_FORMAT"), value("1.", "1.", 422, "RD_FORMAT"),
            value(".5", ".5", 422, "RD_FORMAT"), value("1,2345", "1,2345", 422, "RD_FORMAT"),
            value("with an SQL quote", "1'; drop table facts.reading; --", 422, "RD_FORMAT"),
            value("00012", "00012", 200, ""),
            post("value ␣13␣", Self.reading(" 13 ", month: 2), 200, ""),
            post("value 14,5", Self.reading("14,5", month: 3), 200, ""),
            post("value 15.500", Self.reading("15.500", month: 4), 200, ""),
            post("a value that is less", Self.reading("3", month: 5), 422, "RD_LESS"),
            post("a value that cannot be", Self.reading("99999", month: 5), 422, "RD_HARD"),
            post(
                "a day to come",
                #"{"meter":"M2001","values":{"T1":"20"},"taken_on":"2199-01-01"}"#, 422, "RD_FUTURE"
            ),
            post(
                "before the meter was there",
                #"{"meter":"M2001","values":{"T1":"20"},"taken_on":"1999-01-01"}"#, 422, "RD_DATE"),
            post(
                "a register that the meter has not",
                #"{"meter":"M2001","values":{"T1":"20","T2":"1"}}"#, 422, "RD_ZONES"),
            post(
                "an unknown meter", #"{"meter":"nobody's","values":{"T1":"20"}}"#, 404, "NOT_FOUND"),
            post(
                "a meter of another account", #"{"meter":"M4001","values":{"T1":"20"}}"#, 404,
                "NOT_FOUND"),
            post(
                "a service without a meter",
                #"{"meter":"M2001","service":"heat","values":{"T1":"20"}}"#, 422, "RD_NO_METER"),
            post(
                "an unknown account", Self.reading("1"), 404, "NOT_FOUND",
                path: "/probe/api/accounts/999999/readings"),
            post(
                "an account that is no number", Self.reading("1"), 404, "not_found",
                path: "/probe/api/accounts/%D0%B0%D0%B1%D0%B2%D0%B3%D0%B4/readings"),
            post(
                "an account of 21 digits", Self.reading("1"), 404, "not_found",
                path: "/probe/api/accounts/\(String(repeating: "1", count: 21))/readings"),
        ]
    }

    private var targets: [Case] {
        func get(_ name: String, _ path: String, _ status: Int, _ code: String) -> Case {
            Case(name: name, bytes: request("GET", path, headers()), status: status, code: code)
        }
        func method(_ name: String, _ path: String, allow: String) -> Case {
            Case(
                name: "\(name) \(path)", bytes: request(name, path, headers([Self.json]), body: []),
                status: 405, code: "method", mustHave: [("Allow", allow)])
        }
        return [
            get("no such page", "/probe/api/nothing", 404, "not_found"),
            get("no such organization", "/nobody/api/commands/x", 404, "not_found"),
            get("another's organization", "/other/api/accounts/2001/meters", 404, "not_found"),
            get("a command id that is none", "/probe/api/commands/17", 404, "not_found"),
            get(
                "a command that is not there",
                "/probe/api/commands/01890000-0000-7000-8000-000000000000", 404, "not_found"),
            get("an unknown account's meters", "/probe/api/accounts/99/meters", 404, "not_found"),
            get("%2F for a slash", "/probe%2Fapi/accounts/2001/meters", 404, "not_found"),
            get("%2F in a number", "/probe/api/accounts/20%2F01/meters", 200, ""),
            get("%00", "/probe/api/accounts/2001%00/meters", 400, "target"),
            get("%zz", "/probe/api/accounts/2001%zz/meters", 400, "target"),
            get("% at the end", "/probe/api/accounts/2001%", 400, "target"),
            get("%ff (no UTF-8)", "/probe/api/accounts/%ff/meters", 400, "target"),
            get("%00 in the query", "/probe/api/accounts/2001/meters?a=%00", 400, "target"),
            get("%2e%2e", "/probe/%2e%2e/other/api/accounts/2001/meters", 400, "target"),
            get("..", "/probe/../other/api/accounts/2001/meters", 400, "target"),
            get("%0d%0a", "/probe/api/accounts/%0d%0aSet-Cookie:x/meters", 404, "not_found"),
            method("PUT", Self.path, allow: "POST"),
            method("DELETE", "/probe/operator/commands", allow: "POST"),
            method("POST", "/health/live", allow: "GET, HEAD"),
            method("BREW", Self.path, allow: "POST"),
            Case(
                name: "DELETE of a reading that is none",
                bytes: request("DELETE", "\(Self.path)/17", headers()), status: 404,
                code: "not_found"),
            Case(
                name: "DELETE of a reading that is not there",
                bytes: request(
                    "DELETE", "\(Self.path)/01890000-0000-7000-8000-000000000000",
                    headers([Self.wait])), status: 404, code: "NOT_FOUND"),
        ]
    }

    private var framing: [Case] {
        func raw(_ name: String, _ text: String, _ status: Int, _ code: String) -> Case {
            Case(name: name, bytes: Array(text.utf8), status: status, code: code)
        }
        let long = String(repeating: "x", count: 102_400)
        let head = "POST \(Self.path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        func media(_ name: String, _ type: [(String, String)]) -> Case {
            Case(
                name: name,
                bytes: request(
                    "POST", Self.path, headers(type), body: Array(Self.reading("1").utf8)),
                status: 415, code: "media_type")
        }
        return [
            media("no content type", []), media("text/plain", [("Content-Type", "text/plain")]),
            media("a form for JSON", [("Content-Type", "application/x-www-form-urlencoded")]),
            media("application/jsonp", [("Content-Type", "application/jsonp")]),
            raw("no HTTP", "garbage\r\n\r\n", 0, ""),
            raw("TLS at a plain door", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n", 0, ""),
            raw("no Host", "GET /health/live HTTP/1.1\r\n\r\n", 400, "target"),
            raw("no Host in 1.0", "GET /health/live HTTP/1.0\r\n\r\n", 200, ""),
            raw(
                "two lengths", "\(head)Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400,
                "target"),
            raw(
                "a length and chunks",
                "\(head)Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
                "target"),
            raw("a negative length", "\(head)Content-Length: -1\r\n\r\n", 400, ""),
            raw("a length of words", "\(head)Content-Length: two\r\n\r\n", 400, ""),
            raw(
                "a header of 100 KiB",
                "GET /health/live HTTP/1.1\r\nHost: x\r\nX: \(long)\r\n\r\n",
                431, ""),
            raw(
                "a path of 100 KiB",
                "GET /\(long) HTTP/1.1\r\nHost: x\r\n\r\n", 414,
                ""),
        ]
    }

    private func chunked(_ name: String, _ chunks: Int) -> Case {
        let piece = String(repeating: " ", count: 65_536)
        var text = String(
            decoding: request(
                "POST", Self.path, headers([Self.json, ("Transfer-Encoding", "chunked")])),
            as: UTF8.self)
        for _ in 0..<chunks { text += "10000\r\n\(piece)\r\n" }
        return Case(
            name: name, bytes: Array((text + "0\r\n\r\n").utf8), status: 413, code: "too_large")
    }

    private var keys: [Case] {
        func key(_ name: String, _ key: String) -> Case {
            post(
                "Idempotency-Key \(name)", Self.reading("1"), 400, "idempotency_key",
                more: [("Idempotency-Key", key)])
        }
        return [
            key("with a space", "a b"), key("empty", ""), key("not ASCII", "ключ"),
            key("of 256 letters", String(repeating: "k", count: 256)), key("with a tab", "a\tb"),
        ]
    }

    private func tokens() throws -> [Case] {
        func get(
            _ name: String, _ authorization: String?, _ status: Int, _ code: String,
            path: String = "/probe/api/commands/01890000-0000-7000-8000-000000000000"
        ) -> Case {
            Case(
                name: name,
                bytes: request("GET", path, authorization.map { [("Authorization", $0)] } ?? []),
                status: status, code: code)
        }
        let expired = try system.token().token
        try system.connection().script(
            """
            update access.token set expires_at = now() - interval '1 s'
            where id = (select max(id) from access.token)
            """
        )
        let revoked = try system.token()
        try system.kabinet("token", "revoke", "\(revoked.id)", "--why", "a test")
        let reader = try system.token(scopes: "accounts.read").token
        let foreign = try system.token("other").token
        return [
            get("no token", nil, 401, "unauthorized"),
            get("an empty token", "Bearer ", 401, "unauthorized"),
            get("Basic", "Basic \(token)", 401, "unauthorized"),
            get("a malformed token", "Bearer ../../etc", 401, "unauthorized"),
            get(
                "a token of 10 KiB", "Bearer \(String(repeating: "x", count: 10_240))", 401,
                "unauthorized"),
            get("a token a letter short", "Bearer \(token.dropLast())", 401, "unauthorized"),
            get("a token that is not ASCII", "Bearer жетон", 401, "unauthorized"),
            get("an expired token", "Bearer \(expired)", 401, "unauthorized"),
            get("a revoked token", "Bearer \(revoked.token)", 401, "unauthorized"),
            get("another organization's token", "Bearer \(foreign)", 404, "not_found"),
            get("a scope that is missing", "Bearer \(reader)", 403, "forbidden"),
            get("bearer in small letters", "bearer \(token)", 404, "not_found"),
        ]
    }

    private var operators: [Case] {
        func command(_ name: String, _ body: String, _ status: Int, _ code: String) -> Case {
            post("operator: \(name)", body, status, code, path: "/probe/operator/commands")
        }
        return [
            command("no kind", "{}", 400, "misshapen"),
            command(
                "a kind that is not theirs",
                #"{"kind":"reading.submit","body":{}}"#, 400, "misshapen"),
            command("an unknown kind", #"{"kind":"drop.table","body":{}}"#, 400, "misshapen"),
            command("no body", #"{"kind":"account.open"}"#, 400, "misshapen"),
            command(
                "a member too many", #"{"kind":"account.open","body":{},"x":1}"#, 400, "misshapen"),
            command(
                "an account twice", #"{"kind":"account.open","body":{"account":"2001"}}"#, 422,
                "ACCOUNT_EXISTS"),
            command(
                "an area of NaN",
                #"{"kind":"account.open","body":{"account":"5001","area_m2":"NaN"}}"#, 400,
                "misshapen"),
            command(
                "a negative number of residents",
                #"{"kind":"account.open","body":{"account":"5001","residents":-1}}"#, 400,
                "misshapen"),
            command(
                "rooms beyond Int64",
                #"{"kind":"account.open","body":{"account":"5001","rooms":99999999999999999999}}"#,
                400, "misshapen"),
            command(
                "a month 13", #"{"kind":"period.open","body":{"month":"2026-13"}}"#, 400,
                "misshapen"),
            command(
                "a meter for nobody",
                #"{"kind":"meter.remove","body":{"account":"99","meter":"x","removed_on":"2001-01-01"}}"#,
                404, "NOT_FOUND"),
        ]
    }

    @Test func `every bad request gets its 4xx, and its neighbours notice nothing`() throws {
        let neighbour = Client(port: system.port, token: token)
        var unauthorized: Set<String> = []
        var table: [String] = []
        let all =
            try bodies + values + targets + framing + keys + tokens() + operators
        for (number, one) in all.enumerated() {
            let wire = try Wire(port: system.port)
            do {
                // The door may answer and close before it has read all of a bad request.
                try wire.send(one.bytes)
            } catch {}
            let answer: Answer
            do {
                answer = try wire.answer()
            } catch {
                // What is no HTTP gets no answer at all.
                answer = Answer(status: 0, headers: [], body: [])
            }
            let code = code(of: answer)
            let status = answer.status == 0 ? "closed" : "\(answer.status)"
            table.append(
                "\(one.name.padding(toLength: 44, withPad: " ", startingAt: 0)) \(status) \(code)"
            )
            #expect(answer.status == one.status, "\(one.name): \(answer.text)")
            #expect(code == one.code, "\(one.name): \(answer.text)")
            #expect(answer.status < 500, "\(one.name)")
            for (name, value) in one.mustHave {
                #expect(answer.header(name) == value, "\(one.name): \(name)")
            }
            if answer.status == 401 {
                let head = answer.headers.filter { $0.name != "Date" }.map {
                    "\($0.name): \($0.value)"
                }
                unauthorized.insert("\(head) \(answer.text)")
            }
            let month = "\(2000 + number / 12)-\(number % 12 < 9 ? "0" : "")\(number % 12 + 1)-10"
            let good = try neighbour.call(
                "POST", "/probe/api/accounts/\(Self.neighbour)/readings", [Self.wait],
                json:
                    #"{"meter":"M3001","values":{"T1":"\#(number)"},"taken_on":"\#(month)"}"#)
            #expect(good.status == 200, "the neighbour of \(one.name): \(good.text)")
        }
        #expect(unauthorized.count == 1, "who has no valid token learns nothing from the answer")
        if ProcessInfo.processInfo.environment["KABINET_RENDER"] != nil {
            print(table.joined(separator: "\n"))
        }
        let stored = try system.connection().script(
            """
            select r.month::text || ' ' || r.values[1]
            from facts.reading r join facts.account a on a.id = r.account
            where a.number = '2001' and r.state = 'effective' order by r.month
            """
        ).map { $0.text(0) }
        #expect(
            stored == [
                "2000-01-01 12000000", "2000-02-01 13000000", "2000-03-01 14500000",
                "2000-04-01 15500000",
            ], "what was accepted is what was meant")
        try system.drained()
        #expect(try system.violations() == [])
    }

    private func code(of answer: Answer) -> String {
        guard answer.status >= 400, !answer.body.isEmpty else { return "" }
        do {
            return try JSON.parse(answer.body)["code"]?.string ?? ""
        } catch {
            return ""
        }
    }

    // MARK: Keys

    @Test func `a key stands for one command, whatever comes under it later`() throws {
        let client = Client(port: system.port, token: token)
        func post(_ value: String, _ key: String, _ path: String = Self.path) throws -> Answer {
            try client.call(
                "POST", path, [("Idempotency-Key", key)],
                json: #"{"meter":"M2001","values":{"T1":"\#(value)"},"taken_on":"2001-01-15"}"#)
        }
        func command(_ answer: Answer) throws -> String {
            try JSON.parse(answer.body)["command"]?.string ?? answer.text
        }
        let first = try post("5", "one")
        #expect(first.status == 202)
        let id = try command(first)
        for _ in 0..<3 {
            let again = try post("5", "one")
            #expect(again.status == 200 || again.status == 202, "\(again.text)")
            #expect(try command(again) == id)
        }
        let other = try post("6", "one")
        #expect(other.status == 422)
        #expect(code(of: other) == "idempotency_conflict")
        let elsewhere = try post("5", "one", "/probe/api/accounts/4001/readings")
        #expect(code(of: elsewhere) == "idempotency_conflict", "the path is part of what was asked")
        // Another token's key of the same letters is another key.
        let stranger = Client(port: system.port, token: try system.token().token)
        let theirs = try stranger.call(
            "POST", Self.path, [("Idempotency-Key", "one")],
            json: #"{"meter":"M2001","values":{"T1":"7"},"taken_on":"2001-02-15"}"#)
        #expect(theirs.status == 202)
        #expect(try command(theirs) != id)
        // Refused once, refused again under the same key: a decision is repeated, not made anew.
        let refused = try client.call(
            "POST", Self.path, [("Idempotency-Key", "two"), Self.wait],
            json: #"{"meter":"M2001","values":{"T1":"x"},"taken_on":"2001-03-15"}"#)
        let repeated = try client.call(
            "POST", Self.path, [("Idempotency-Key", "two"), Self.wait],
            json: #"{"meter":"M2001","values":{"T1":"x"},"taken_on":"2001-03-15"}"#)
        #expect(refused.status == 422)
        #expect(repeated.status == 422)
        #expect(try command(refused) == command(repeated))
        try system.drained()
        #expect(
            try system.count(
                "select count(*) from queue.command where kind = 'reading.submit'") == 3)
    }

    // MARK: Slowness

    @Test func `who drips, hangs or leaves costs others nothing and saves nothing`() throws {
        let before = try system.count("select count(*) from queue.command")
        let whole = request(
            "POST", Self.path, headers([Self.json]), body: Array(Self.reading("1").utf8))
        // Half a request, then gone: at every place of it.
        for cut in stride(from: 1, to: whole.count - 1, by: 16) {
            let wire = try Wire(port: system.port)
            try wire.send(Array(whole[..<cut]))
        }
        // A byte now and then: cut off after the request's time, with an answer.
        let dripped = try Wire(port: system.port, patience: 60)
        try dripped.send(Array(whole[..<40]))
        let dripping = Monitor(true)
        let port = system.port
        let slow = Monitor<[Wire]>([])
        for _ in 0..<200 {
            let wire = try Wire(port: port)
            try wire.send("POST /probe/api")
            slow.read { $0.append(wire) }
        }
        let neighbour = Client(port: port, token: token)
        var at = 40
        var answer: Answer?
        while dripping.read({ $0 }), at < whole.count - 1 {
            do {
                try dripped.send([whole[at]])
                at += 1
            } catch { dripping.change { $0 = false } }
            let good = try neighbour.call("GET", "/probe/api/accounts/\(Self.good)/meters")
            #expect(good.status == 200)
            let nothing: Void? = dripping.wait(milliseconds: 300) { $0 ? nil : () }
            _ = nothing
            if dripped.hasInput { break }
        }
        answer = try dripped.answer()
        #expect(answer?.status == 408)
        #expect(answer.map { code(of: $0) } == "slow")
        #expect(try system.count("select count(*) from queue.command") == before)
        let good = try neighbour.call(
            "POST", Self.path, [Self.wait], json: Self.reading("1"))
        #expect(good.status == 200)
    }
}
