import Postgres
import Telemetry

/// Every event of the queue, told once: log line and metric come from here.
enum Told {
    static func batch(_ pool: String, lane: Int, count: Int, refused: Int, seconds: Double) -> Event
    {
        Event(
            "queue.batch", .debug,
            [
                ("pool", .string(pool)), ("lane", .int(Int64(lane))), ("count", .int(Int64(count))),
                ("refused", .int(Int64(refused))), ("seconds", .double(seconds)),
            ],
            measures: [
                .count("queue_commands_total", by: count, labels: [("pool", pool)]),
                .count("queue_refused_total", by: refused, labels: [("pool", pool)]),
                .count("queue_batches_total", by: 1, labels: [("pool", pool)]),
                .seconds("queue_batch_seconds", seconds, labels: [("pool", pool)]),
            ])
    }

    static func halved(_ pool: String, lane: Int, count: Int, error: String) -> Event {
        Event(
            "queue.halved", .warning,
            [
                ("pool", .string(pool)), ("lane", .int(Int64(lane))), ("count", .int(Int64(count))),
                ("error", .string(error)),
            ], measures: [.count("queue_halved_total", by: 1, labels: [("pool", pool)])])
    }

    static func held(
        _ pool: String, lane: Int, _ id: Identifier, attempt: Int, abandoned: Bool, error: String
    ) -> Event {
        Event(
            abandoned ? "queue.abandoned" : "queue.held", abandoned ? .error : .warning,
            [
                ("pool", .string(pool)), ("lane", .int(Int64(lane))),
                ("command", .string(id.description)), ("attempt", .int(Int64(attempt))),
                ("error", .string(error)),
            ],
            measures: [
                .count(
                    abandoned ? "queue_abandoned_total" : "queue_held_total", by: 1,
                    labels: [("pool", pool)])
            ])
    }

    static func disconnected(_ what: String, _ error: any Error) -> Event {
        Event(
            "queue.disconnected", .warning,
            [("what", .string(what)), ("error", .string("\(error)"))],
            measures: [.count("queue_disconnected_total", by: 1, labels: [("what", what)])])
    }

    static func connected(_ what: String) -> Event {
        Event("queue.connected", .notice, [("what", .string(what))])
    }

    static func upkeep(_ done: [String]) -> Event {
        Event("queue.upkeep", .notice, [("partitions", .strings(done))])
    }

    static func upkeepFailed(_ error: any Error) -> Event {
        Event(
            "queue.upkeep_failed", .warning, [("error", .string("\(error)"))],
            measures: [.count("queue_upkeep_failed_total", by: 1, labels: [])])
    }
}
