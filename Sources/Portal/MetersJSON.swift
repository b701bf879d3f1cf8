package import Commands
import HTTP
package import Store

/// The same views for programs: volumes and values as decimal strings, months `2026-04`, times RFC
/// 3339.
package enum MetersJSON {
    static func meters(_ view: MetersView) -> Response {
        Page.json(200, metersBody(view))
    }

    static func readings(_ view: MetersView, _ meter: MeterView) -> Response {
        Page.json(200, readingsBody(view, meter))
    }

    package static func metersBody(_ view: MetersView) -> JSON {
        .object([
            "account": .string(view.account.number),
            "meters": .array(
                view.meters.map { meter in
                    .object([
                        "meter": .string(meter.number),
                        "service": .string(meter.service.rawValue),
                        "registers": .array(
                            Register.allCases.prefix(meter.registers)
                                .map { .string($0.rawValue) }),
                        "digits": .int(Int64(meter.digits)),
                        "decimals": .int(Int64(meter.decimals)),
                        "installed_on": day(meter.installedOn),
                        "verified_until": day(meter.verifiedUntil),
                        "removed_on": day(meter.removedOn),
                        "active": .bool(meter.removedOn.map { $0 >= view.today } ?? true),
                        "automatic": .bool(meter.automatic),
                        "initial_values": values(meter.initial, meter),
                        "last_reading": meter.readings.first { $0.state == .effective }
                            .map { reading($0, meter) },
                    ])
                }),
        ])
    }

    package static func readingsBody(_ view: MetersView, _ meter: MeterView) -> JSON {
        .object([
            "account": .string(view.account.number), "meter": .string(meter.number),
            "service": .string(meter.service.rawValue),
            "readings": .array(meter.readings.map { reading($0, meter) }),
            "refused": .array(
                meter.attempts.map { attempt in
                    .object([
                        "id": .string(attempt.id), "received_at": .string(attempt.received),
                        "channel": .string(attempt.channel.rawValue),
                        "values": .object(
                            attempt.typed.map {
                                JSON.Member($0.register.rawValue, .string($0.text))
                            }),
                        "code": attempt.refusal.map { .string($0.code.rawValue) },
                    ])
                }),
        ])
    }

    private static func reading(_ reading: ReadingView, _ meter: MeterView) -> JSON {
        .object([
            "id": .string(reading.id), "month": .string(reading.month.description),
            "taken_on": .string(reading.takenOn.description),
            "received_at": .string(reading.received), "state": .string(reading.state.rawValue),
            "calculated": .bool(reading.calculated),
            "channel": .string(reading.channel.rawValue),
            "values": values(reading.values, meter),
            "volumes": reading.volumes.map { values($0, meter) },
        ])
    }

    private static func day(_ day: Day?) -> JSON? { day.map { .string($0.description) } }

    private static func values(_ quantities: [Quantity], _ meter: MeterView) -> JSON {
        .object(
            zip(Register.allCases, quantities).map {
                JSON.Member($0.rawValue, .string($1.text(decimals: meter.decimals)))
            })
    }
}
