import Commands
import HTTP
import Markup

/// From a drawn page to an answer, with the headers that guard it.
enum Page {
    /// No programs but our own file, no inline styles, no frames, no forms to elsewhere: what an
    /// attacker may have smuggled into a page stays text.
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    static func response(_ status: Int, _ html: HTML) -> Response {
        Response(
            status: status,
            headers: [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Security-Policy", policy),
                ("Referrer-Policy", "same-origin"),
                // A page of another site that opened this one gets no hold of it.
                ("Cross-Origin-Opener-Policy", "same-origin"),
                ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
                // A page shows one person's data; nothing between us and the browser may keep it.
                ("Cache-Control", "no-store"),
            ], body: html.render())
    }

    static func redirect(_ path: String) -> Response {
        Response(status: 303, headers: [("Location", path), ("Cache-Control", "no-store")])
    }

    static func json(_ status: Int, _ json: JSON) -> Response {
        Response(
            status: status,
            headers: [
                ("Content-Type", "application/json"), ("Cache-Control", "no-store"),
            ], body: json.bytes)
    }

    /// RFC 9457.
    static func problemJSON(_ status: Int, _ code: String, _ title: String) -> Response {
        var answer = json(
            status,
            .object([
                "type": .string("about:blank"), "title": .string(title),
                "status": .int(Int64(status)), "code": .string(code),
            ]))
        answer.headers[0].value = "application/problem+json"
        return answer
    }
}

extension FormOutcome.Ending {
    /// Nothing may have been saved, or nobody knows.
    var isUnavailable: Bool { if case .unavailable = self { true } else { false } }

    /// Of the page that draws it.
    var status: Int {
        switch self {
        case .misshapen: 400
        case .unavailable: 503
        case .kept: 200
        case .outcome(let outcome):
            switch outcome.state {
            case .refused: 422
            case .abandoned, .discarded: 500
            case .pending, .done: 200
            }
        }
    }
}

/// One segment of a path, percent-encoded (RFC 3986: all but the unreserved characters).
func segment(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        let scalar = Unicode.Scalar(byte)
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "-", ".", "_", "~":
            encoded.unicodeScalars.append(scalar)
        default:
            encoded += byte < 16 ? "%0" : "%"
            encoded += String(byte, radix: 16, uppercase: true)
        }
    }
    return encoded
}
