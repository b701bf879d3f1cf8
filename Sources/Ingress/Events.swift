import Telemetry

/// Every event of the door, told once.
enum Told {
    static func flush(count: Int, seconds: Double) -> Event {
        Event(
            "ingress.flush", .debug,
            [("count", .int(Int64(count))), ("seconds", .double(seconds))],
            measures: [
                .count("ingress_appended_total", by: count, labels: []),
                .count("ingress_flushes_total", by: 1, labels: []),
                .seconds("ingress_flush_seconds", seconds, labels: []),
            ])
    }

    static func flushFailed(_ error: any Error) -> Event {
        Event(
            "ingress.flush_failed", .warning, [("error", .string("\(error)"))],
            measures: [.count("ingress_flush_failed_total", by: 1, labels: [])])
    }

    /// This release may not serve with the schema that is there now.
    static func misfit(_ misfit: String) -> Event {
        Event("ingress.misfit", .error, [("error", .string(misfit))])
    }

    static func disconnected(_ what: String, _ error: any Error) -> Event {
        Event(
            "ingress.disconnected", .warning,
            [("what", .string(what)), ("error", .string("\(error)"))],
            measures: [.count("ingress_disconnected_total", by: 1, labels: [("what", what)])])
    }

    static func refused(_ turned: TurnedAway) -> Event {
        Event(
            "ingress.refused", .debug,
            [
                ("reason", .string(turned.reason.rawValue)),
                ("retry_after", .int(turned.retryAfter)),
            ],
            measures: [
                .count(
                    "ingress_refused_total",
                    labels: [("reason", turned.reason.rawValue), ("status", "\(turned.status)")])
            ])
    }

    /// Somebody was wrong about a password, a code, a link or an account; many of them are worth an alarm.
    static func wrong(_ kind: String) -> Event {
        Event(
            "ingress.wrong", .debug, [("kind", .string(kind))],
            measures: [.count("ingress_wrong_total", labels: [("kind", kind)])])
    }

    static func standing(_ measures: [Measure]) -> Event {
        Event("ingress.standing", .debug, measures: measures)
    }

    static func testClock(_ now: String) -> Event {
        Event("ingress.test_clock", .warning, [("now", .string(now))])
    }

    static func refreshFailed(_ error: any Error) -> Event {
        Event(
            "ingress.refresh_failed", .warning, [("error", .string("\(error)"))],
            measures: [.count("ingress_refresh_failed_total", by: 1, labels: [])])
    }
}
