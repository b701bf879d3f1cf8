import Commands
import HTTP
import Telemetry

extension Ingress {
    var testClock: Endpoint {
        Endpoint(
            "PUT", "/test/clock", "Set the test clock; null lets time run.",
            media: "application/json",
            fields: [.init("now", "RFC 3339 with zone, or null.")], statuses: [200, 400]
        ) { [self] request, _, responder in
            do {
                let json = try JSON.parse(request.body)
                let now = try json["now"].map { value throws -> Int64 in
                    guard let text = value.string, let moment = Moment.parse(text) else {
                        throw ShapeError("/now", "shape.date")
                    }
                    return moment
                }
                ask(responder, request.language) { [clock] _ in
                    try clock.set(now)
                } then: { [telemetry] _ in
                    telemetry.tell(Told.testClock(now.map { "\($0)" } ?? "real"))
                    responder.respond(
                        Response(status: 200, type: "application/json", text: "{}"))
                }
            } catch {
                respond(responder, 400, "malformed_json", request.language, detail: "\(error)")
            }
        }
    }
}

/// RFC 3339 with a zone offset.
enum Moment {
    static func parse(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, let day = Day(text.prefix(10)), bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
        else { return nil }
        func two(_ at: Int) -> Int64? {
            guard at + 1 < bytes.count, (48...57).contains(bytes[at]),
                (48...57).contains(bytes[at + 1])
            else { return nil }
            return Int64(bytes[at] - 48) * 10 + Int64(bytes[at + 1] - 48)
        }
        guard let hour = two(11), hour < 24, let minute = two(14), minute < 60,
            let second = two(17), second < 60
        else { return nil }
        var seconds = Int64(day.days) * 86_400 + hour * 3600 + minute * 60 + second
        var rest = text.dropFirst(19)
        if rest.first == "." { rest = rest.dropFirst().drop(while: { $0.isNumber }) }
        if rest == "Z" { return seconds * 1_000_000 }
        let offset = Array(rest.utf8)
        guard offset.count == 6, offset[3] == UInt8(ascii: ":"),
            let sign = rest.first, sign == "+" || sign == "-",
            let hours = Int64(rest.dropFirst().prefix(2)), let minutes = Int64(rest.suffix(2))
        else { return nil }
        let shift = hours * 3600 + minutes * 60
        seconds -= sign == "+" ? shift : -shift
        return seconds * 1_000_000
    }
}
