import Access
public import Commands
public import HTTP

/// Sessions without a password, which no production system has.
extension Ingress {
    /// For trying things out: a demo link's token is a session's.
    var demo: [Endpoint] {
        [
            Endpoint(
                "POST", "/{org}/demo/{token}", "Sign in by a demo link.",
                media: "application/x-www-form-urlencoded", statuses: [303, 403, 404, 410, 429]
            ) { [self] request, parameters, responder in
                let language = request.language
                guard !settings.isProduction, sameSite(request) else {
                    return respond(responder, 403, "cross_site", language)
                }
                forDemo(request, parameters, responder) { [self] profile, token in
                    responder.respond(
                        Self.redirect(
                            "/\(profile.code)/",
                            cookie: cookie(token, profile.code, seconds: 86_400)))
                }
            }
        ]
    }

    /// Runs `body` with the token of a demo link as long as it opens something; else says that it does no more.
    public func forDemo(
        _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ body: @escaping @Sendable (Profile, String) -> Void
    ) {
        withProfile(parameters["org"], request, responder) { [self] profile in
            let language = request.language
            guard
                admits(
                    .address, "sign-in \(request.clientAddress)", perSecond: 5, burst: 50,
                    responder, language)
            else { return }
            let token = parameters["token"] ?? ""
            ask(responder, language) { [access] connection in
                try access.loadSession(token, on: connection)
            } then: { [self] session in
                guard session?.organization == profile.code else {
                    return respond(responder, 410, "demo_dead", language)
                }
                body(profile, token)
            }
        }
    }
}
