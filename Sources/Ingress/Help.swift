public import Commands
public import HTTP

/// «Справка» of a section is closed, or shown again, in this browser (SF-105). It is kept in a cookie that tells nothing of a
/// person; no command is made of it.
extension Ingress {
    var dismissHelp: Endpoint {
        Endpoint(
            "POST", "/{org}/help/{section}", "Close «Справка» of a section, or show it again.",
            media: "application/x-www-form-urlencoded",
            fields: [
                .init("next", "The page to go back to, within the organization."),
                .init("show", "1: show it again."),
            ], statuses: [303, 403, 404, 415, 503]
        ) { [self] request, parameters, responder in
            let language = request.language
            withProfile(parameters["org"], request, responder) { [self] profile in
                guard sameSite(request) else {
                    return respond(responder, 403, "cross_site", language)
                }
                guard
                    let section = Profile.Help.Section(rawValue: parameters["section"] ?? ""),
                    profile.help[section] != nil
                else { return respond(responder, 404, "not_found", language) }
                guard let form = request.form else {
                    return respond(
                        responder, 415, "media_type", language,
                        detail: "application/x-www-form-urlencoded")
                }
                func field(_ name: String) -> String { form.first { $0.0 == name }?.1 ?? "" }
                var dismissed = request.dismissedHelp
                if field("show") == "1" {
                    dismissed.remove(section)
                } else {
                    dismissed.insert(section)
                }
                let kept = Profile.Help.Section.allCases.filter(dismissed.contains)
                responder.respond(
                    Self.redirect(
                        "/\(profile.code)/" + (WantedPage(field("next"))?.text ?? ""),
                        cookie: "kabinet_help=\(kept.map(\.rawValue).joined(separator: "."))"
                            + "; Path=/\(profile.code)/; Max-Age=31536000; HttpOnly; SameSite=Lax"
                            + (settings.isProduction ? "; Secure" : "")))
            }
        }
    }
}

extension Request {
    /// Of which sections «Справка» was closed in this browser. What is no section is passed over.
    public var dismissedHelp: Set<Profile.Help.Section> {
        Set(
            (cookie("kabinet_help") ?? "").split(separator: ".").compactMap {
                Profile.Help.Section(rawValue: String($0))
            })
    }
}
