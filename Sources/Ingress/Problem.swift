import Commands
public import HTTP
public import Words

/// Errors as RFC 9457 problems: a stable `code`, words in the client's language.
public enum Problem {
    public static func response(
        _ status: Int, _ code: String, _ language: Language, detail: String? = nil,
        retryAfter: Int? = nil, pointer: String? = nil, allow: [String] = []
    ) -> Response {
        let body = JSON.object([
            "type": .string("about:blank"),
            "title": .string(Words.text("problem.\(code)", language)),
            "status": .int(Int64(status)), "code": .string(code),
            "detail": detail.map(JSON.string), "pointer": pointer.map(JSON.string),
        ])
        var headers = [
            ("Content-Type", "application/problem+json"), ("Content-Language", language.rawValue),
            ("Cache-Control", "no-store"),
        ]
        if let retryAfter { headers.append(("Retry-After", "\(retryAfter)")) }
        if !allow.isEmpty { headers.append(("Allow", allow.joined(separator: ", "))) }
        if status == 401 { headers.append(("WWW-Authenticate", "Bearer")) }
        return Response(status: status, headers: headers, body: body.bytes)
    }

    public static func response(_ turned: TurnedAway, _ language: Language) -> Response {
        response(turned.status, turned.code, language, retryAfter: turned.retryAfter)
    }

    static func shape(_ error: ShapeError, _ language: Language) -> Response {
        response(
            400, "misshapen", language,
            detail: Words.shape(error, language),
            pointer: error.pointer)
    }
}

extension Request {
    /// What was chosen, now or before; else English when the client prefers it, else Russian.
    public var language: Language {
        if let asked = query("lang") { return asked == "en" ? .en : .ru }
        if let kept = cookie("kabinet_language").flatMap(Language.init(rawValue:)) { return kept }
        guard let accepted = header("Accept-Language")?.lowercased() else { return .ru }
        for part in accepted.split(separator: ",") {
            if part.drop(while: { $0 == " " }).hasPrefix("ru") { return .ru }
            if part.drop(while: { $0 == " " }).hasPrefix("en") { return .en }
        }
        return .ru
    }

    /// Seconds of `Prefer: wait=N` (RFC 7240), at most 30; nil when the client does not wait.
    var preferredWait: Int? {
        guard let prefer = header("Prefer") else { return nil }
        for part in prefer.split(whereSeparator: { $0 == "," || $0 == ";" }) {
            let pair = part.split(separator: "=").map { $0.filter { $0 != " " && $0 != "\"" } }
            if pair.first?.lowercased() == "wait" {
                return pair.count == 2 ? Int(pair[1]).map { max(0, min(30, $0)) } : 10
            }
        }
        return nil
    }
}
