import Commands
import HTTP
import Queue
import TestKit
import Testing
import Threads

@testable import Ingress

/// «Передать показания»: one post, a command a meter.
@Suite(.serialized) struct SubmitAllTests {
    private static let path = "/alfa/accounts/100/readings/all"

    /// Three meters, of which one was left empty.
    private static let fields = [
        ("key", "a-key-of-a-page"), ("meter_1", "W-1"), ("service_1", "cold_water"),
        ("value_1_T1", "12,5"), ("meter_2", "E-1"), ("service_2", "electricity"),
        ("value_2_T1", "100"), ("value_2_T2", "50"), ("meter_3", "W-2"),
        ("service_3", "hot_water"), ("value_3_T1", "  "),
    ]

    private static func refused(_ code: Refusal.Code, confirmable: Bool = false) -> Verdict {
        .refused(code: code.rawValue, body: Refusal(code, [:], confirmable: confirmable).json.bytes)
    }

    private func ids(_ answer: Client.Answer, _ name: String) -> Set<String> {
        let query = answer.header("Location")?.split(separator: "?").last ?? ""
        let found = query.split(separator: "&").first { $0.hasPrefix("\(name)=") }
        return Set(found?.dropFirst(name.count + 1).split(separator: ",").map(String.init) ?? [])
    }

    @Test func `a post is a command a meter, and the same again is none, wherever a meter stands`()
        throws
    {
        let front = try Front()
        defer { front.stop() }
        let person = try front.person()
        let first = try front.post(Self.path, Self.fields, cookie: person.token)
        #expect(first.status == 303)
        #expect(first.header("Location")?.hasPrefix("/alfa/accounts/100/submit?pending=") == true)
        let commands = try front.commands()
        #expect(commands.count == 2)
        #expect(ids(first, "pending") == Set(commands.map(\.id)))
        let bodies = commands.reduce(into: [String: JSON]()) {
            $0[$1.payload["meter"]?.string ?? ""] = $1.payload
        }
        #expect(bodies["W-1"]?["service"]?.string == "cold_water")
        #expect(bodies["W-1"]?["values"]?["T1"]?.string == "12,5")
        #expect(bodies["E-1"]?["values"]?["T2"]?.string == "50")
        // The page says in which session they were entered, as with one reading.
        #expect(bodies.values.allSatisfy { $0["session"]?.string?.isEmpty == false })
        #expect(commands.allSatisfy { $0.channel == "resident" && $0.kind == "reading.submit" })

        let again = try front.post(Self.path, Self.fields, cookie: person.token)
        #expect(ids(again, "pending") == ids(first, "pending"))
        let moved = [
            ("key", "a-key-of-a-page"), ("meter_1", "E-1"), ("service_1", "electricity"),
            ("value_1_T1", "100"), ("value_1_T2", "50"), ("meter_7", "W-1"),
            ("service_7", "cold_water"), ("value_7_T1", "12,5"),
        ]
        #expect(
            ids(try front.post(Self.path, moved, cookie: person.token), "pending")
                == ids(first, "pending"))
        #expect(try front.commands().count == 2)
        // What was put right is another reading; the other stays the one it was.
        let changed = Self.fields.map { ($0.0, $0.0 == "value_1_T1" ? "13" : $0.1) }
        let third = try front.post(Self.path, changed, cookie: person.token)
        #expect(ids(third, "pending").intersection(ids(first, "pending")).count == 1)
        #expect(try front.commands().count == 3)
    }

    @Test func `two taps at the same moment are one`() throws {
        let front = try Front()
        defer { front.stop() }
        let person = try front.person()
        let answers = Monitor<[Set<String>]>([])
        let taps = (0..<4).map { number in
            Worker("tap \(number)") { [self] in
                do {
                    let answer = try front.post(Self.path, Self.fields, cookie: person.token)
                    let found = ids(answer, "pending")
                    answers.change { $0.append(found) }
                } catch {
                    Issue.record("\(error)")
                }
            }
        }
        for tap in taps { tap.join() }
        #expect(answers.read { Set($0).count } == 1)
        #expect(try front.commands().count == 2)
    }

    @Test func `what is refused of one meter stands in no other's way`() throws {
        let front = try Front(wait: 20_000) { command in
            let text = String(decoding: command.payload, as: UTF8.self)
            if text.contains("E-1"), !text.contains("\"confirm\"") {
                return Self.refused(.readingSoft, confirmable: true)
            }
            return text.contains("W-2") ? Self.refused(.readingLess) : .done
        }
        defer { front.stop() }
        let person = try front.person()
        let fields = Self.fields.map { ($0.0, $0.0 == "value_3_T1" ? "7" : $0.1) }
        #expect(try front.post(Self.path, fields, cookie: person.token).status == 422)
        let drawn = try #require(front.drawn().first)
        #expect(drawn.page == .submit(account: "100"))
        #expect(drawn.ending.fields["value_3_T1"] == "7")
        #expect(drawn.ending.parts.map(\.meter) == ["W-1", "E-1", "W-2"])
        let states = drawn.ending.parts.map { part -> Outcome.State? in
            guard case .outcome(let outcome) = part.ending else { return nil }
            return outcome.state
        }
        #expect(states == [.done, .refused, .refused])
        // Only these very values are meant; others are asked about anew.
        for (confirm, meant) in [("T1=100 T2=5", false), ("1", false), ("T1=100 T2=50", true)] {
            let second = [
                ("key", "key-\(confirm)-of-a-page"), ("meter_1", "E-1"),
                ("service_1", "electricity"), ("value_1_T1", "100"), ("value_1_T2", "50"),
                ("confirm_1", confirm),
            ]
            let answer = try front.post(Self.path, second, cookie: person.token)
            #expect(answer.status == (meant ? 303 : 422), "\(confirm)")
            if meant { #expect(ids(answer, "done").count == 1) }
        }
    }

    @Test func `a form that no page makes is refused whole`() throws {
        let front = try Front(wait: 20_000) { _ in .done }
        defer { front.stop() }
        let person = try front.person()
        func send(_ fields: [(String, String)]) throws -> ShapeError? {
            #expect(try front.post(Self.path, fields, cookie: person.token).status == 422)
            guard let post = front.drawn().first, post.ending.parts.isEmpty,
                case .misshapen(let error) = post.ending.ending
            else { return nil }
            return error
        }
        #expect(try send([])?.key == "shape.values")
        #expect(try send([("meter_1", "W-1"), ("value_1_T1", " ")])?.key == "shape.values")
        for number in ["0", "41", "x"] {
            let error = try send([("meter_\(number)", "W-1"), ("value_\(number)_T1", "1")])
            #expect(error?.key == "shape.unknown", "\(number)")
        }
        let twice = [
            ("meter_1", "W-1"), ("value_1_T1", "1"), ("meter_2", "W-1"), ("value_2_T1", "2"),
        ]
        #expect(try send(twice)?.key == "shape.unknown")
        #expect(try front.commands().isEmpty)
        // One that is no reading is told of, and the others go on.
        let partly = [
            ("meter_1", "W-1"), ("value_1_T1", String(repeating: "1", count: 65)),
            ("meter_2", "W-2"), ("value_2_T1", "2"),
        ]
        #expect(try front.post(Self.path, partly, cookie: person.token).status == 422)
        let parts = front.drawn().first?.ending.parts ?? []
        guard case .misshapen(let error) = parts.first?.ending else {
            Issue.record("\(parts)")
            return
        }
        #expect(error.pointer == "/values/T1")
        #expect(try front.commands().count == 1)
    }

    @Test func `each reading counts against who sends them`() throws {
        let front = try Front()
        defer { front.stop() }
        let person = try front.person()
        let many = (1...40).flatMap { number in
            [("meter_\(number)", "W-\(number)"), ("value_\(number)_T1", "1")]
        }
        #expect(try front.post(Self.path, many, cookie: person.token).status == 303)
        #expect(try front.commands().count == 40)
        #expect(try front.post(Self.path, many, cookie: person.token).status == 429)
        #expect(try front.commands().count == 40)
    }

    @Test func `only who may submit does, and who is signed out comes back to the page`() throws {
        let front = try Front()
        defer { front.stop() }
        let looker = try front.person(rights: "view")
        #expect(try front.post(Self.path, Self.fields, cookie: looker.token).status == 403)
        let other = try front.person(accounts: ["200"])
        #expect(try front.post(Self.path, Self.fields, cookie: other.token).status == 404)
        let nobody = try front.post(Self.path, Self.fields)
        #expect(nobody.header("Location") == "/alfa/?next=accounts%2F100%2Fsubmit&done=over")
        let owner = try front.person()
        #expect(
            try front.post(
                Self.path, Self.fields, cookie: owner.token, [("Sec-Fetch-Site", "cross-site")]
            ).status == 403)
        #expect(try front.commands().isEmpty)
    }
}
