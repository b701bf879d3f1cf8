import Commands
import Markup
import Words

/// The yellow box «Справка» of a section, with «ПОДРОБНЕЕ» and a button that closes it for good (SF-105); the way to have it
/// again stands in the footer.
struct Help {
    let frame: Frame
    let profile: Profile

    private var section: Profile.Help.Section? {
        guard frame.isSignedIn else { return nil }
        return switch frame.section {
        case .home: .home
        case .meters, .submit: .meters
        case .settlements: .settlements
        case .charges: .charges
        case .payments: .payments
        case .bills: .bills
        case .suppliers: .suppliers
        case .house: .house
        case .services: .services
        case .accounts: .accounts
        case .profile: .profile
        case nil: nil
        }
    }

    private var help: (section: Profile.Help.Section, words: Profile.Help)? {
        section.flatMap { section in profile.help[section].map { (section, $0) } }
    }

    /// There is one, and it was closed.
    var isClosed: Bool { help.map { frame.dismissed.contains($0.section) } ?? false }

    @Children var box: HTML {
        if let help, !isClosed {
            aside(.class("help"), .aria("labelledby", "help")) {
                p(.class("title"), .id("help")) { frame.words("frame.help") }
                form(of: help.section) {
                    button(.type(.submit), .class("quiet")) {
                        frame.words("frame.help_close")
                        span(.class("spoken")) { ": " + frame.words("frame.help") }
                    }
                }
                p(.class("text"), frame.own) { help.words.text }
                help.words.more.map { more in
                    details {
                        summary { frame.words("frame.help_more") }
                        p(.class("text"), frame.own) { more }
                    }
                }
            }
        }
    }

    @Children var again: HTML {
        if let help, isClosed {
            form(of: help.section) {
                input(.type(.hidden), .name("show"), .value("1"))
                button(.type(.submit), .class("quiet"), .lang(frame.language.rawValue)) {
                    frame.words("frame.help_again")
                }
            }
        }
    }

    /// It leads back to the page that it stands on.
    private func form(
        of section: Profile.Help.Section, @Children _ content: () -> HTML
    ) -> HTML {
        let root = "/\(profile.code)/"
        let page = frame.path.hasPrefix(root) ? String(frame.path.dropFirst(root.count)) : ""
        return Markup.form(
            .method(.post), .action("/\(profile.code)/help/\(section.rawValue)")
        ) {
            input(
                .type(.hidden), .name("next"),
                .value(page + (frame.query.isEmpty ? "" : "?" + frame.query)))
            content()
        }
    }
}
