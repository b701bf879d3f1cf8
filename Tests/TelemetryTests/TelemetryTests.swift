import Foundation
import Synchronization
import Telemetry
import Testing

/// Keeps what a telemetry writes.
private final class Lines: Sendable {
    private let kept = Mutex<[[UInt8]]>([])
    var write: @Sendable ([UInt8]) -> Void { { line in self.kept.withLock { $0.append(line) } } }
    var all: [[UInt8]] { kept.withLock { $0 } }
}

struct EventTests {
    private func parsed(_ line: [UInt8]) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(line))
        return try #require(value as? [String: Any])
    }

    @Test func `a line is JSON with time level and name first`() throws {
        let lines = Lines()
        let telemetry = Telemetry(write: lines.write)
        telemetry.tell(
            Event(
                "queue.batch", .notice,
                [("pool", "readings"), ("size", 500), ("took", 0.25), ("full", true)]))
        let line = try #require(lines.all.first)
        let text = String(decoding: line, as: UTF8.self)
        let time = #/\{"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z",/#
        let rest = text.trimmingPrefix(time)
        #expect(rest != text, "\(text)")
        let head = #""level":"notice","event":"queue.batch","#
        #expect(rest == head + #""pool":"readings","size":500,"took":0.25,"full":true}"# + "\n")
    }

    @Test func `nasty strings stay one line of valid JSON`() throws {
        let controls = String(String.UnicodeScalarView((0..<0xA0).compactMap(Unicode.Scalar.init)))
        let nasty = [
            controls, "\"}\n{\"level\":\"error\"", "\\", "Ёлки «палки» 👩‍👩‍👧",
            "\u{2028}\u{2029}", "",
            "\u{FFFF}", "\u{10FFFF}", "e\u{301}", "\r\n",
        ]
        for text in nasty {
            let event = Event(
                text, .error, [(text + "k", .string(text)), ("all", .strings([text, text]))])
            let line = LogLine.bytes(event, at: 0)
            #expect(line.filter { $0 == 0x0A }.count == 1)
            #expect(line.allSatisfy { $0 >= 0x20 || $0 == 0x0A })
            let fields = try parsed(line)
            #expect(fields["event"] as? String == text)
            #expect(fields["all"] as? [String] == [text, text])
            #expect(
                fields.contains {
                    Array($0.key.unicodeScalars) == Array((text + "k").unicodeScalars)
                })
        }
    }

    @Test func `numbers without a JSON word and extremes still parse`() throws {
        let fields = try parsed(
            LogLine.bytes(
                Event(
                    "x", .error,
                    [
                        ("nan", .double(.nan)), ("inf", .double(-.infinity)),
                        ("least", .int(Int64.min)), ("tiny", .double(.leastNonzeroMagnitude)),
                        ("huge", .double(.greatestFiniteMagnitude)), ("none", .strings([])),
                    ]), at: 0))
        #expect(fields["nan"] as? String == "nan")
        #expect(fields["inf"] as? String == "-inf")
        #expect(fields["least"] as? Int64 == .min)
        #expect(fields["none"] as? [String] == [])
    }

    @Test func `a field cannot take the place of the time`() throws {
        let fields = try parsed(LogLine.bytes(Event("x", .error, [("at", "never")]), at: 0))
        #expect(fields["at"] as? String == "1970-01-01T00:00:00.000000Z")
        #expect(fields["at_"] as? String == "never")
    }

    @Test func `times agree with the calendar over four hundred years`() throws {
        let formatter = ISO8601DateFormatter()
        for step in 0..<2_000 {
            let seconds = Int64(step) * 6_311_433 - 2_000_000_000
            let line = LogLine.bytes(Event("x", .error), at: seconds * 1_000_000 + 7)
            let at = try #require(try parsed(line)["at"] as? String)
            let expected = formatter.string(
                from: Date(timeIntervalSince1970: TimeInterval(seconds)))
            #expect(at == expected.dropLast() + ".000007Z")
        }
    }

    @Test func `an event below the minimum is counted and not logged`() {
        let lines = Lines()
        let telemetry = Telemetry(minimum: .warning, write: lines.write)
        telemetry.tell(Event("a", .notice, measures: [.count("seen_total")]))
        #expect(lines.all.isEmpty)
        #expect(telemetry.metrics.exposition().contains("seen_total 1\n"))
        telemetry.tell(Event("b", .warning))
        #expect(lines.all.count == 1)
    }

    @Test func `observers see every event`() {
        let telemetry = Telemetry(minimum: .error, write: { _ in })
        let names = Mutex<[String]>([])
        telemetry.observe { event in names.withLock { $0.append(event.name) } }
        telemetry.tell(Event("a", .debug))
        telemetry.tell(Event("b", .error))
        #expect(names.withLock { $0 } == ["a", "b"])
    }

    @Test func `a test can wait for an event told on another thread`() {
        let telemetry = Telemetry.collecting()
        telemetry.tell(Event("other", .debug))
        Thread.detachNewThread {
            for number in 1...3 {
                telemetry.tell(Event("wanted", .debug, [("number", .int(Int64(number)))]))
            }
        }
        for number in 1...3 {
            #expect(telemetry.next("wanted")?["number"] == .int(Int64(number)))
        }
        #expect(telemetry.next("wanted", timeoutSeconds: 0) == nil)
        #expect(telemetry.next("other", timeoutSeconds: 0) != nil)
        #expect(telemetry.events.count == 4)
    }

    @Test func `levels are read from their words`() {
        for level in Level.allCases { #expect(Level(word: level.word) == level) }
        #expect(Level(word: "loud") == nil)
        #expect(Level.debug < .notice && Level.warning < .error)
    }
}

struct MetricsTests {
    @Test func `counters and gauges have type and help lines`() {
        let metrics = Metrics()
        metrics.describe("queue_commands_total", "Commands decided,\nby \\kind.")
        metrics.count("queue_commands_total", by: 2, labels: [("kind", "b")])
        metrics.count("queue_commands_total", labels: [("kind", "a")])
        metrics.count("queue_commands_total", labels: [("kind", "b")])
        metrics.gauge("queue.backlog", 1.5)
        metrics.gauge("queue.backlog", -3)
        #expect(
            metrics.exposition() == """
                # TYPE queue_backlog gauge
                queue_backlog -3
                # HELP queue_commands_total Commands decided,\\nby \\\\kind.
                # TYPE queue_commands_total counter
                queue_commands_total{kind="a"} 1
                queue_commands_total{kind="b"} 3

                """)
    }

    @Test func `label values are escaped and label order does not matter`() {
        let metrics = Metrics()
        metrics.count("x", labels: [("a", "say \"hi\"\\\n"), ("b", "2")])
        metrics.count("x", labels: [("b", "2"), ("a", "say \"hi\"\\\n")])
        #expect(metrics.exposition().contains(#"x{a="say \"hi\"\\\n",b="2"} 2"# + "\n"))
    }

    @Test func `histograms are cumulative and end in infinity`() {
        let metrics = Metrics()
        for seconds in [0.0001, 0.0005, 0.003, 61] {
            metrics.seconds("took_seconds", seconds, labels: [("pool", "p")])
        }
        let lines = metrics.exposition().split(separator: "\n").map(String.init)
        #expect(lines.contains(#"took_seconds_bucket{pool="p",le="0.0005"} 2"#))
        #expect(lines.contains(#"took_seconds_bucket{pool="p",le="0.005"} 3"#))
        #expect(lines.contains(#"took_seconds_bucket{pool="p",le="60"} 3"#))
        #expect(lines.contains(#"took_seconds_bucket{pool="p",le="+Inf"} 4"#))
        #expect(lines.contains(#"took_seconds_sum{pool="p"} 61.0036"#))
        #expect(lines.contains(#"took_seconds_count{pool="p"} 4"#))
        #expect(lines.count == Metrics.buckets.count + 4)
    }

    @Test func `values that are no numbers have Prometheus' words`() {
        let metrics = Metrics()
        metrics.gauge("a", .nan)
        metrics.gauge("b", .infinity)
        metrics.gauge("c", -.infinity)
        let text = metrics.exposition()
        #expect(text.contains("a NaN\n") && text.contains("b +Inf\n") && text.contains("c -Inf\n"))
    }

    @Test func `labels out of a mistake do not eat the memory`() {
        let metrics = Metrics()
        for number in 0..<(Metrics.mostSeries + 10) {
            metrics.count("x", labels: [("n", String(number))])
        }
        metrics.count("x", labels: [("n", "0")])
        let text = metrics.exposition()
        #expect(text.contains("telemetry_series_refused_total 10\n"))
        #expect(text.contains("x{n=\"0\"} 2\n"))
    }

    @Test func `threads do not lose counts`() async {
        let metrics = Metrics()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<1_000 { metrics.count("x") } }
            }
        }
        #expect(metrics.exposition().contains("x 8000\n"))
    }
}
