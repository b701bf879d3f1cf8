import Commands
import HTTP
import Postgres
import Queue
import Telemetry

/// How the door is.
extension Ingress {
    var health: [Endpoint] {
        [
            Endpoint("GET", "/health/live", "The process answers.") { _, _, responder in
                responder.respond(
                    Response(status: 200, type: "application/json", text: "{\"live\":true}"))
            },
            Endpoint(
                "GET", "/health/ready", "The door can take commands.", statuses: [200, 503]
            ) { [self] request, _, responder in
                // One question for all who ask: nobody needs a key for it.
                ask(readiness, "", responder, request.language) { [room] connection in
                    try connection.run("access/organizations")
                    do {
                        try Misfit.check(on: connection)
                    } catch let misfit as Misfit {
                        return Self.health(
                            503, [("ready", .bool(false)), ("why", .string("\(misfit)"))])
                    }
                    let lanes = try connection.run("access/lanes").map { row in
                        JSON.Member(row.text(0), .int(row.int64(1)))
                    }
                    return Self.health(
                        200,
                        [
                            ("ready", .bool(true)),
                            ("waiting", .int(Int64(room.standing.requests))),
                            ("sessions", .object(lanes)),
                        ])
                } then: { response in
                    responder.respond(response)
                }
            },
            Endpoint("GET", "/metrics", "Prometheus text.") { [self] _, _, responder in
                tellStanding()
                responder.respond(
                    Response(
                        status: 200, type: "text/plain; version=0.0.4; charset=utf-8",
                        text: telemetry.metrics.exposition()))
            },
        ]
    }

    private static func health(_ status: Int, _ members: [(String, JSON)]) -> Response {
        Response(
            status: status,
            headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")],
            body: JSON.object(members.map { JSON.Member($0.0, $0.1) }).bytes)
    }
}
