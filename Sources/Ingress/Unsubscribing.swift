import Commands
import Crypto
import HTTP

/// The way out of a mailing, in every letter of one: a button for people, and one click of a mail program (RFC 8058), which
/// has no cookie and comes from anywhere.
extension Ingress {
    var unsubscribe: Endpoint {
        Endpoint(
            "POST", "/unsubscribe/{token}",
            "Withdraw the consent that a letter was sent by; also one click of a mail program (RFC 8058).",
            media: "application/x-www-form-urlencoded",
            fields: [.init("List-Unsubscribe", "One-Click: a mail program asks.")],
            statuses: [200, 303, 410, 415, 429, 503]
        ) { [self] request, parameters, responder in
            let language = request.language
            guard hasRoom(responder, language), admitsAttempt(request, responder, language) else {
                return
            }
            let token = parameters["token"] ?? ""
            // Mail programs may also send it as multipart/form-data (RFC 8058 §3.1): then it is theirs, too.
            let isClick =
                request.form?.contains { $0.0 == "List-Unsubscribe" && $0.1 == "One-Click" }
                ?? request.hasMediaType("multipart/form-data")
            guard isClick || request.form != nil else {
                return respond(
                    responder, 415, "media_type", language,
                    detail: "application/x-www-form-urlencoded")
            }
            let link = JSON.Member("link", .string(Secrets.tokenHashText(token)))
            let command: Command
            do {
                command = try Command(.unsubscribe, .object([link] + request.origin))
            } catch {
                return respond(responder, 400, "misshapen", language)
            }
            append(
                Wish(
                    command: command, organization: "", actor: "visitor", channel: .resident,
                    trace: request.trace, digest: [], wait: settings.formWait,
                    counted: request.network)
            ) { [self] result in
                switch result {
                case .outcome(let outcome) where outcome.state == .refused:
                    respond(responder, 410, "unsubscribe_dead", language)
                case .outcome where isClick:
                    responder.respond(
                        Response(
                            status: 200, type: "text/plain; charset=utf-8", text: "OK",
                            headers: [("Cache-Control", "no-store")]))
                case .outcome(let outcome):
                    let word =
                        outcome.state == .done ? "done=saved" : "pending=\(outcome.command)"
                    responder.respond(
                        Self.redirect("/unsubscribe/\(Self.segment(token))?\(word)"))
                case .turned(let turned): refuse(responder, turned, language)
                case .conflict, .rejected: respond(responder, 400, "misshapen", language)
                }
            }
        }
    }
}
