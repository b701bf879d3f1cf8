import Access
import Commands
import HTTP
import Markup
import Store
import Words

/// Behind the link of a letter that confirms a registration or invites to an account: what it is for, and a button, because
/// mail scanners open links.
struct LinkPage {
    var sheet: Sheet
    var token: String
    var link: LinkView
    var session: Session?

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    /// Nil: the page of a link says nothing of its own.
    func response() -> Response? {
        switch link {
        case .registration(let isOwn): registration(isOwn: isOwn)
        case .invitation(let account, _, let owner, let invited)
        where session?.principal == owner:
            ownInvitation(account, invited)
        case .invitation(let account, let rights, _, _): invitation(account, rights)
        case .email: nil
        }
    }

    /// Whether what was posted is the form for who is new.
    private var isNew: Bool { sheet.posted?.fields["form"] == "invitation" }

    private var confirm: Form {
        sheet.form(
            "confirm", "confirm/\(segment(token))", isAlone: !isNew,
            ["password": words("field.password")])
    }

    // MARK: A registration

    /// In the browser that began it a button; elsewhere the password too (SF-031, SF-063).
    private func registration(isOwn: Bool) -> Response {
        let form = confirm
        return sheet.response(words("link.registration"), isNarrow: true) {
            if isOwn {
                p { words("entry.link_text") }
            } else {
                p { words("link.elsewhere") }
            }
            form.draw {
                if !isOwn {
                    form.field(
                        "password", .password, autocomplete: "current-password",
                        hint: words("link.password_hint"), most: 4 * sheet.identity.password.most,
                        first: true)
                }
                div(.class("buttons")) { form.button(words("entry.link_button")) }
            }
            ul(.class("ways")) {
                li { a(.href(sheet.path("register"))) { words("entry.start_again") } }
                li { a(.href(sheet.path(""))) { words("entry.to_sign_in") } }
            }
        }
    }

    // MARK: An invitation

    private func invitation(_ account: String, _ rights: [Right]) -> Response {
        let accept = confirm
        return sheet.response(words("invitation.title"), isNarrow: true) {
            p {
                words("invitation.text", ["account": account]) + " "
                span(sheet.frame.own) { sheet.profile.name }
            }
            p {
                words(
                    "invitation.rights",
                    ["rights": Words.rights(rights, sheet.language)])
            }
            if let session {
                p { words("invitation.as", ["login": session.login]) }
                accept.draw { div(.class("buttons")) { accept.button(words("invitation.accept")) } }
            } else {
                // It was posted by who was signed in until then.
                accept.summary
                p {
                    words("invitation.have") + " "
                    a(.href(sheet.path("?next=\(segment("confirm/\(segment(token))"))"))) {
                        words("entry.to_sign_in")
                    }
                }
                registering
            }
        }
    }

    /// Whoever invited has the account: there is no button, which could only be refused.
    private func ownInvitation(_ account: String, _ invited: String) -> Response {
        sheet.response(words("invitation.title"), isNarrow: true) {
            confirm.summary
            p { words("invitation.own", ["email": invited, "account": account]) }
            ul(.class("ways")) {
                li {
                    a(.href(sheet.path("accounts/\(segment(account))/settings"))) {
                        words("account.settings")
                    }
                }
            }
        }
    }

    /// Whoever has no login here makes one, of the address that got the letter.
    private var registering: HTML {
        let form = sheet.form(
            "invitation", "invitations/\(segment(token))",
            [
                "password": words("field.password"),
                "password_again": words("field.password_again"), "agree": words("entry.agree"),
            ])
        return section(.class("stack"), .aria("labelledby", "invitation-new")) {
            h2(.id("invitation-new")) { words("invitation.new") }
            p { words("invitation.new_text") }
            form.draw {
                form.hidden("language", sheet.language.rawValue)
                sheet.newPassword(form)
                sheet.terms
                form.tick("agree", value: sheet.identity.terms.version, required: true)
                div(.class("buttons")) { form.button(words("invitation.register")) }
            }
        }
    }
}
