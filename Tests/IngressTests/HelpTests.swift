import Commands
import HTTP
import Testing

@testable import Ingress

/// «Справка» that was closed stays so in the browser (SF-105).
@Suite struct HelpTests {
    private static let tail = "; Path=/alfa/; Max-Age=31536000; HttpOnly; SameSite=Lax"

    @Test func `a section is added to those that are closed, and taken from them`() throws {
        let front = try Front()
        defer { front.stop() }
        let closed = try front.post(
            "/alfa/help/home", [("next", "accounts/100/charges?month=2026-04")])
        #expect(closed.status == 303)
        #expect(closed.header("Location") == "/alfa/accounts/100/charges?month=2026-04")
        #expect(closed.header("Set-Cookie") == "kabinet_help=home" + Self.tail)
        let cookie = [("Cookie", "kabinet_help=home.<b>.nonsense")]
        let another = try front.post("/alfa/help/meters", [], cookie)
        #expect(another.header("Location") == "/alfa/")
        #expect(another.header("Set-Cookie") == "kabinet_help=home.meters" + Self.tail)
        let shown = try front.post("/alfa/help/home", [("show", "1")], cookie)
        #expect(shown.header("Set-Cookie") == "kabinet_help=" + Self.tail)
        #expect(try front.commands().isEmpty)
    }

    @Test(arguments: [
        "//evil.example", "https://evil.example/", "../beta/", "/\\evil.example",
        "x\r\nSet-Cookie: a",
    ])
    func `it leads nowhere but back into the organization`(_ next: String) throws {
        let front = try Front()
        defer { front.stop() }
        let answer = try front.post("/alfa/help/home", [("next", next)])
        #expect(answer.status == 303 && answer.header("Location") == "/alfa/")
    }

    @Test func `what is none of ours is refused`() throws {
        let front = try Front()
        defer { front.stop() }
        let elsewhere = [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")]
        #expect(try front.post("/alfa/help/home", [], elsewhere).status == 403)
        #expect(try front.post("/alfa/help/payments", []).status == 404)
        #expect(try front.post("/alfa/help/nonsense", []).status == 404)
        #expect(try front.post("/gamma/help/home", []).status == 404)
        #expect(try front.json("POST", "/alfa/help/home", .object([])).answer.status == 415)
    }
}
