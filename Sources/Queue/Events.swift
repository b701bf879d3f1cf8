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

    static func full(_ pool: String, lane: Int, error: String) -> Event {
        Event(
            "queue.full", .error,
            [
                ("pool", .string(pool)), ("lane", .int(Int64(lane))), ("error", .string(error)),
            ], measures: [.count("queue_full_total", by: 1, labels: [("pool", pool)])])
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

    /// What comes next in a lane is of a kind that this process does not know; told aloud once a pool and kind.
    static func unknown(_ pool: String, lane: Int, kind: String, isNew: Bool) -> Event {
        Event(
            "queue.unknown_kind", isNew ? .warning : .debug,
            [("pool", .string(pool)), ("lane", .int(Int64(lane))), ("kind", .string(kind))],
            measures: [.count("queue_unknown_kind_total", by: 1, labels: [("pool", pool)])])
    }

    /// This process may not use the database any more.
    static func misfit(_ misfit: String) -> Event {
        Event("queue.misfit", .error, [("error", .string(misfit))])
    }

    static func disconnected(_ what: String, _ error: any Error) -> Event {
        Event(
            "queue.disconnected", .warning,
            [("what", .string(what)), ("error", .string("\(error)"))],
            measures: [.count("queue_disconnected_total", by: 1, labels: [("what", what)])])
    }

    /// A session whose process did not read what it had asked for was ended, and its lane is free.
    static func deaf(_ what: String, _ session: String) -> Event {
        Event(
            "queue.deaf_ended", .warning,
            [("what", .string(what)), ("session", .string(session))],
            measures: [.count("queue_deaf_ended_total", by: 1)])
    }

    static func connected(_ what: String) -> Event {
        Event("queue.connected", .notice, [("what", .string(what))])
    }

    /// What a process of workers knows of itself.
    static func crews(_ crews: [Runner.Health], listening: Bool) -> Event {
        Event(
            "queue.crews", .debug, [("listening", .bool(listening))],
            measures: [.gauge("queue_listening", listening ? 1 : 0)]
                + crews.flatMap { crew -> [Measure] in
                    let labels = [("pool", crew.pool)]
                    return [
                        .gauge("queue_threads", Double(crew.threads), labels: labels),
                        .gauge("queue_connected", Double(crew.connected), labels: labels),
                    ]
                })
    }

    /// What the tables say, asked between `from` and `to` of our clock (microseconds).
    static func gauges(
        _ rows: [(name: String, pool: String, mode: String, value: Int64)], from: Int64, to: Int64
    ) -> Event {
        Event(
            "queue.gauges", .debug, [("gauges", .int(Int64(rows.count)))],
            measures: rows.map { row in
                guard row.name != "clock" else {
                    let apart = max(from - row.value, row.value - to, 0)
                    return .gauge("queue_clock_apart_seconds", Double(apart) / 1_000_000)
                }
                let labels = row.pool.isEmpty ? [] : [("pool", row.pool), ("mode", row.mode)]
                return .gauge(row.name, Double(row.value), labels: labels)
            })
    }

    /// A pool is not as workers.yaml has it.
    static func differs(_ difference: String) -> Event {
        Event("queue.pool_differs", .warning, [("difference", .string(difference))])
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
