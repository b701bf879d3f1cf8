public import Commands
public import HTTP

/// What was posted and could not be taken, so that a page can send it again as it was: nobody types it twice, and it is taken
/// once. What the page shows must be what the person typed here: whoever posts from elsewhere could else have it sent by a tap.
extension Ingress {
    /// Of which form's fields something is kept.
    enum Keeping: Sendable {
        case act(Act)
        /// A form without secrets, of these fields.
        case plain([String])

        /// What may be kept of a field; nil: it is none of the form's.
        func content(_ name: String, _ value: String) -> HeldForm.Content? {
            switch self {
            case .plain(let names):
                return names.contains { name.hasPrefix($0) } ? .typed(value) : nil
            case .act(let act):
                if ["form", "key", "next"].contains(name) { return .typed(value) }
                guard let field = act.fields.first(where: { $0.typedNames.contains(name) }) else {
                    return nil
                }
                guard field.isSecret, !value.isEmpty else { return .typed(value) }
                return .secret(field.secret)
            }
        }
    }

    /// Bytes of a body beyond which nothing of it is kept: no page of ours posts as many.
    private static let mostHeld = 16 * 1024

    private static let keepers: Router<Keeping> = {
        var routes: [Route<Keeping>] = []
        for act in Act.all {
            if let form = act.form { routes.append(Route("POST", form, .act(act))) }
        }
        let readings = Keeping.plain(["key", "meter", "service", "value_", "confirm"])
        for ending in ["", "/all", "/{id}/delete"] {
            routes.append(
                Route("POST", "/{org}/accounts/{account}/readings\(ending)", readings))
        }
        for pattern in ["/{org}/demo/{token}", "/{org}/help/{section}", "/unsubscribe/{token}"] {
            routes.append(Route("POST", pattern, .plain(["key", "next", "show"])))
        }
        return Router(routes)
    }()

    /// The fields of a form of ours that was posted, in their order, and what may be kept of each; nil: it is none.
    static func fields(of request: Request) -> [HeldForm.Field]? {
        guard request.method == "POST", request.body.count <= mostHeld,
            case .found(let keeping, _) = keepers.match(method: "POST", path: request.path)
        else { return nil }
        // The authenticator's secret stands in its form hidden, and nobody can type it: its page has it again.
        if case .act(let act) = keeping, act.kind == .enableSecondFactor { return nil }
        return request.form?.compactMap { name, value in
            keeping.content(name, value).map { HeldForm.Field(name, $0) }
        }
    }

    /// A browser that names no origin is let through as far as its cookie goes (`sameSite`). What a page of ours sends again has
    /// the cookie in any case: so here it must have said where the post came from.
    func isFromHere(_ request: Request) -> Bool {
        (request.header("Sec-Fetch-Site") ?? request.header("Origin")) != nil && sameSite(request)
    }

    /// What a page needs to send again what was just posted; nil: it is no form of ours, or nothing says that it came from one.
    func held(_ request: Request, isDoubtful: Bool) -> HeldForm? {
        guard isFromHere(request), let fields = Self.fields(of: request) else { return nil }
        return HeldForm(
            action: request.rawPath, fields: fields,
            isDoubtful: isDoubtful || request.isUnsure)
    }

    /// The same for a form whose page cannot be drawn.
    /// - Parameter mayBeSaved: it was, or nobody knows.
    public func held(_ responder: Responder, mayBeSaved: Bool) -> HeldForm? {
        responder.request.flatMap { held($0, isDoubtful: mayBeSaved) }
    }

    /// How what could not be answered is asked for again.
    func retry(_ status: Int, isDoubtful: Bool, _ request: Request?) -> Retry? {
        guard let request, [429, 503].contains(status) else { return nil }
        if ["GET", "HEAD"].contains(request.method) { return .page }
        return held(request, isDoubtful: isDoubtful).map(Retry.form)
    }
}

extension Request {
    /// A try before this one may have been saved: the address of its form says so, as its body must stay as it was.
    var isUnsure: Bool { query("unsure") == "1" }
}

extension Act.Field {
    fileprivate var secret: HeldForm.Secret {
        switch kind {
        case .newPassword: .newPassword
        case .code: .code
        case .secret: name == "code" ? .code : .password
        case .text, .flag, .money, .choices, .texts: .code
        }
    }
}
