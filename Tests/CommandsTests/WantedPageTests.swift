import Commands
import Testing

@Suite struct `A page that somebody wanted before signing in` {
    @Test(arguments: [
        "accounts", "accounts/626200012/charges?month=2026-04", "profile/second-factor",
        "accounts/%D0%90120/meters", "accounts?company=uk&house=lesnaya-4&apartment=12",
        "accounts/a..b/settings", "...",
    ])
    func `is any of the organization's`(text: String) throws {
        let page = try #require(WantedPage(text))
        #expect(page.text == text)
        #expect(page.query.isEmpty ? page.path == text : "\(page.path)?\(page.query)" == text)
    }

    @Test(arguments: [
        "", "/", "//evil.example", "/accounts", "https://evil.example", "http:evil",
        "\\evil.example",
        "\\\\evil.example/x", "accounts\\..\\x", "..", "../irkutsk/", "accounts/../../irkutsk",
        "%2e%2e/irkutsk/accounts", "accounts/%2E%2e/x", ".%2e/x", "./x", "%2e", "a//b", "a/",
        "?next=x",
        "accounts#top", "a b", "a\r\nSet-Cookie: x=1", "a\tb", "счёт", "accounts?a=<b>",
        "@evil.example",
        "javascript:alert(1)", String(repeating: "a", count: 1_001),
    ])
    func `is nothing that leads out of it`(text: String) {
        #expect(WantedPage(text) == nil)
    }
}
