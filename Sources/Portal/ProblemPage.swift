package import Commands
package import Markup
import Words

/// Says why there is no other page, and what to do. What was asked for is asked for again from here: a page by itself, without a
/// program; a form by a tap, or by itself where a program runs, as it was typed and under the same key.
package struct ProblemPage: Sendable {
    var frame: Frame
    var key: String
    var retryAfter: Int?
    var retry: Retry?
    /// Seconds until it is asked for again: not all who were turned away come back in the same one.
    var delay: Int

    /// - Parameter retryAfter: seconds; nil: nothing is asked for again.
    package init(
        frame: Frame, key: String, retryAfter: Int? = nil, retry: Retry? = nil, delay: Int? = nil
    ) {
        self.frame = frame
        self.key = key
        self.retryAfter = retryAfter
        self.retry = retryAfter == nil ? nil : retry
        self.delay = delay ?? retryAfter ?? 0
        switch self.retry {
        // The same address in another language.
        case .page: self.frame.path = ""
        // Another address would not have what was typed.
        case .form: self.frame.offersLanguages = false
        case nil: break
        }
    }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        frame.words(key, values)
    }

    package func draw() -> HTML {
        let heading = key == "unconfirmed" ? words("trouble.unconfirmed") : words("problem.\(key)")
        return frame.draw(heading) {
            div(.class("narrow card trouble")) {
                h1 { heading }
                reason.map { text in p { text } }
                what
                frame.profile.map { profile in
                    p { a(.href("/\(profile.code)/")) { words("page.home") } }
                }
            }
        }
    }

    /// Not every problem has more to say than its title.
    private var reason: String? {
        if retry != nil {
            switch key {
            case "overloaded": return words("trouble.overloaded")
            case "database_away", "unconfirmed": return words("trouble.away")
            case "outdated": return words("trouble.outdated")
            default: break
            }
        }
        if key == "not_found", frame.profile == nil { return words("trouble.nowhere") }
        // A key without words shows itself.
        let more = "problem.\(key).text"
        let text = words(more)
        return text == more ? nil : text
    }

    @Children private var what: HTML {
        switch retry {
        case .form(let held): form(held)
        case .page:
            p {
                Words.wait("trouble.reload", seconds: delay, frame.language) + " "
                // Nothing is the address that stands above.
                a(.href("")) { words("trouble.now") }
            }
        case nil:
            if let retryAfter {
                p { Words.wait("problem.wait", seconds: retryAfter, frame.language) }
            }
        }
    }

    // MARK: The form

    /// Seconds.
    private static let longestCount = 120

    @Children private func form(_ held: HeldForm) -> HTML {
        let isDoubtful = held.isDoubtful || key == "unconfirmed"
        // Nobody sits before a page for longer, only to see it send something.
        let isAutomatic = held.isWhole && delay <= Self.longestCount
        p { words(isDoubtful ? "trouble.unknown" : "trouble.unsaved") }
        typed(held)
        Markup.form(
            .class("entry"), .method(.post),
            .action(Self.action(held.action, isDoubtful: isDoubtful)),
            held.isWhole ? .data("live", "") : nil,
            isAutomatic ? .data("again", "\(delay)") : nil
        ) {
            for field in held.fields { input(field) }
            if isAutomatic {
                Countdown(seconds: delay).draw(frame.language)
            }
            if held.isWhole { SendingRemarks.draw(frame.language) }
            p(.class("hint")) {
                Words.wait("trouble.press", seconds: retryAfter ?? delay, frame.language)
            }
            div(.class("buttons")) {
                button(.type(.submit), .class("main")) { words("meters.again") }
            }
        }
    }

    /// Its address says that a try may have been saved: what is posted stays the same byte by byte, and so is known again.
    static func action(_ path: String, isDoubtful: Bool) -> String {
        isDoubtful ? "\(path)?unsure=1" : path
    }

    @Children private func input(_ field: HeldForm.Field) -> HTML {
        switch field.content {
        case .typed(let text): Markup.input(.type(.hidden), .name(field.name), .value(text))
        case .secret(let secret):
            div(.class("field")) {
                label(.for("again-\(field.name)")) { name(field.name, secret) }
                Markup.input(
                    .type(secret == .code ? .text : .password), .id("again-\(field.name)"),
                    .name(field.name), .autocomplete(Self.autocomplete(secret)), .required)
            }
        }
    }

    private func name(_ field: String, _ secret: HeldForm.Secret) -> String {
        secret == .newPassword && field == "password"
            ? words("field.new_password") : words("field.\(field)")
    }

    private static func autocomplete(_ secret: HeldForm.Secret) -> String {
        switch secret {
        case .password: "current-password"
        case .newPassword: "new-password"
        case .code: "one-time-code"
        }
    }

    // MARK: What was typed

    /// Digits are seen to be there still.
    @Children private func typed(_ held: HeldForm) -> HTML {
        let readings = Self.readings(held)
        if !readings.isEmpty {
            dl(.class("pairs")) {
                for reading in readings {
                    div {
                        dt { title(reading) }
                        dd { reading.values }
                    }
                }
            }
        }
    }

    private func title(_ reading: Typed) -> String {
        (Service(rawValue: reading.service).map { Words.service($0, frame.language) + ", " } ?? "")
            + words("meters.number", ["number": reading.meter])
    }

    private struct Typed {
        let meter: String
        let service: String
        let values: String
    }

    private static func readings(_ held: HeldForm) -> [Typed] {
        let places = [""] + (1...SubmitPage.mostRows).map { "_\($0)" }
        return places.compactMap { place -> Typed? in
            guard let meter = held["meter\(place)"] else { return nil }
            let name = place.isEmpty ? "value" : "value\(place)"
            let values = Register.allCases.compactMap { register -> (String, String)? in
                held["\(name)_\(register.rawValue)"].flatMap { text in
                    text.contains { $0 != " " } ? (register.rawValue, text) : nil
                }
            }
            guard !values.isEmpty else { return nil }
            return Typed(
                meter: meter, service: held["service\(place)"] ?? "",
                values: values.count == 1
                    ? values[0].1
                    : values.map { "\($0.0)\u{A0}\($0.1)" }.joined(separator: "; "))
        }
    }
}

/// Counts, where a program runs, the seconds until a form goes out again by itself; it can be stopped.
struct Countdown {
    let seconds: Int

    func draw(_ language: Language) -> HTML {
        div(.class("counting"), .hidden, .data("counting", "")) {
            p {
                Words.text("trouble.counting", language) + " "
                strong(.data("seconds", "")) { "\(seconds)" }
                " " + Words.text("trouble.seconds", language)
            }
            button(.type(.button), .class("quiet"), .data("stop", "")) {
                Words.text("trouble.stop", language)
            }
        }
    }
}

/// Over a form with what was typed into it before its owner had to sign in.
enum KeptNotice {
    /// - Parameter mayBeSent: it is taken today.
    static func draw(_ language: Language, mayBeSent: Bool = true) -> HTML {
        Notice.warning.draw(language, role: "status") {
            Words.text(mayBeSent ? "trouble.kept" : "trouble.kept_late", language)
        }
    }
}

/// The first page of a system that is tried out: whose cabinets there are, and how to come in. In production there is none.
package struct WelcomePage: Sendable {
    var profiles: [Profile]
    var language: Language

    package func draw() -> HTML {
        let frame = Frame(profile: nil, language: language, path: "/")
        return frame.draw(frame.words("trouble.welcome")) {
            h1 { frame.words("trouble.welcome") }
            if profiles.isEmpty { p { frame.words("trouble.nobody") } }
            ul(.class("cards")) {
                for profile in profiles {
                    li(.class("card")) {
                        h2(frame.own) { a(.href("/\(profile.code)/")) { profile.name } }
                        p(frame.own) { profile.title }
                        if let identity = profile.identity {
                            p(.class("hint")) {
                                frame.words("trouble.login") + " "
                                span(frame.own) { identity.loginWord }
                            }
                        }
                    }
                }
            }
            p { frame.words("trouble.links") }
            p { a(.href("/outbox")) { frame.words("outbox.title") } }
        }
    }
}
