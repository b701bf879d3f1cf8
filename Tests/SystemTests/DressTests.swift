import Foundation
import TestKit
import Testing

/// What pages are dressed with, from the built binary.
@Suite(.serialized) struct DressTests {
    private let system: System

    init() throws {
        system = try System()
        try system.organization()
    }

    private static let logo = """
        logo: |
          <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>

        """

    @Test func `whatever a page names is there, and kept; a logo, where there is one`() throws {
        _ = try system.startIngress()
        let client = Client(port: system.port, token: "none")
        func page() throws -> String {
            try client.call("GET", "/probe/", [("Accept", "text/html")]).text
        }
        func named(_ page: String) -> [String] {
            page.matches(of: /(?:href|src)="(\/[^"]*\.(?:css|js|svg)\?[^"]*)"/).map {
                String($0.1.replacing("&amp;", with: "&"))
            }
        }
        let bare = named(try page())
        #expect(bare.count == 3, "\(bare)")
        #expect(bare.contains { $0.hasPrefix("/static/kabinet.css?accent=c8102e&v=") }, "\(bare)")
        for address in bare {
            let answer = try client.call("GET", address)
            #expect(answer.status == 200 && !answer.body.isEmpty, "\(address)")
            #expect(answer.header("X-Content-Type-Options") == "nosniff", "\(address)")
            #expect(answer.header("Cache-Control")?.contains("immutable") == true, "\(address)")
            let tag = try #require(answer.header("ETag"))
            #expect(try client.call("GET", address, [("If-None-Match", tag)]).status == 304)
        }
        #expect(try client.call("GET", "/probe/logo.svg").status == 404)
        #expect(try client.call("GET", "/nobody/logo.svg").status == 404)

        let path = "\(system.directory)/probe.yaml"
        let profile = try String(contentsOfFile: path, encoding: .utf8)
        try (profile + "\n" + Self.logo).write(toFile: path, atomically: true, encoding: .utf8)
        try system.kabinet("organization", "apply", path)
        try eventually("the logo") { try client.call("GET", "/probe/logo.svg").status == 200 }
        let address = try #require(named(try page()).first { $0.hasPrefix("/probe/logo.svg?v=") })
        let logo = try client.call("GET", address)
        #expect(logo.header("Content-Type") == "image/svg+xml")
        #expect(logo.header("Cache-Control")?.contains("immutable") == true)
        #expect(logo.header("Content-Security-Policy")?.hasSuffix("sandbox") == true)
        #expect(logo.text.hasPrefix("<svg"))
    }
}
