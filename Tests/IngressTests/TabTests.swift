import HTTP
import TestKit
import Testing

@testable import Ingress

/// Forms of readings in the tab of a service (SF-110).
@Suite(.serialized) struct TabTests {
    @Test(arguments: [
        ("cold_water", "service=cold_water&pending="), ("<b>\"&x=1", "pending="), ("", "pending="),
    ])
    func `what is posted in the tab of a service leads back to it`(
        _ tab: String, _ query: String
    ) throws {
        let front = try Front()
        defer { front.stop() }
        let person = try front.person()
        let answer = try front.post(
            "/alfa/accounts/100/readings",
            [
                ("key", "a-key-of-a-tab"), ("meter", "W-1"), ("service", "cold_water"),
                ("value_T1", "12,5"), ("tab", tab),
            ], cookie: person.token)
        #expect(answer.status == 303)
        let address = answer.header("Location") ?? ""
        #expect(address.hasPrefix("/alfa/accounts/100/meters?\(query)"), "\(address)")
        #expect(try front.commands().count == 1)
    }
}
