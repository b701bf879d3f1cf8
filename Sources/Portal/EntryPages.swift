import Access
import Commands
import HTTP
import Markup
import Words

/// The pages before somebody is signed in: signing in, registering, links of letters, forgotten passwords.
struct EntryPages {
    var sheet: Sheet
    /// Of who is signed in, and opens the link of a letter.
    var session: Session?

    private var identity: IdentityProfile { sheet.identity }
    private var language: Language { sheet.language }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    /// «Номер лицевого счета», «Email», «Имя пользователя»: the organization's word in Russian.
    private var loginLabel: String {
        language == .ru ? identity.loginWord : words("login.\(identity.mode.rawValue)")
    }

    /// What else may be typed there: whoever was invited has a login of the own address.
    private var invitedHint: String? {
        identity.mode == .email ? nil : words("entry.invited_hint")
    }

    private var loginHint: String? {
        identity.mode == .account
            ? words("entry.account_hint") + ". " + words("entry.invited_hint") : invitedHint
    }

    // MARK: Signing in

    /// `/{org}/` (SF-036, SF-050, SF-052, SF-060).
    /// - Parameter status: 401 when another page was wanted.
    func signIn(status: Int? = nil) -> Response {
        if sheet.isPending, sheet.posted == nil, status == nil {
            return sheet.response(words("entry.signing_in"), isNarrow: true) {
                p { words("entry.signing_in_text") }
                p { a(.href(sheet.signInPath)) { words("entry.sign_in_again") } }
            }
        }
        let form = sheet.form(
            "sign-in", "sign-in", isAlone: true,
            [
                "login": loginLabel, "password": words("field.password"),
                "remember": words("entry.remember"),
            ])
        return sheet.response(
            words("entry.title.\(identity.mode.rawValue)"), status: status, isNarrow: true
        ) {
            if status == 401 {
                Notice.warning.draw(language, role: "status") { words("entry.signed_out") }
            }
            if status == nil, sheet.isLost {
                sheet.lost
            } else if sheet.keeps, sheet.wanted != nil {
                Notice.done.draw(language, role: "status") { words("trouble.waits") }
            }
            if identity.mode == .login { p { words("entry.login_intro") } }
            form.draw {
                sheet.next(form)
                form.field(
                    "login", identity.mode == .email ? .email : .text, autocomplete: "username",
                    inputmode: identity.mode == .email ? "email" : nil,
                    hint: loginHint, isOwn: true, first: true)
                form.field(
                    "password", .password, autocomplete: "current-password",
                    most: 4 * identity.password.most)
                if identity.remember { form.tick("remember") }
                div(.class("buttons")) { form.button(words("entry.sign_in")) }
            }
            ul(.class("ways")) {
                li { a(.href(sheet.path("reset"))) { words("entry.forgot") } }
                li { a(.href(sheet.path("register"))) { words("entry.register") } }
            }
        }
    }

    /// `/{org}/sign-in/code`
    func secondStep() -> Response {
        let form = sheet.form(
            "second", "sign-in/code", isAlone: true, ["code": words("entry.second_code")])
        return sheet.response(words("entry.second_title"), isNarrow: true) {
            form.draw {
                sheet.next(form)
                form.field(
                    "code", autocomplete: "one-time-code", hint: words("entry.second_hint"),
                    most: 40, first: true)
                div(.class("buttons")) { form.button(words("entry.sign_in")) }
            }
            ul(.class("ways")) { li { a(.href(sheet.signInPath)) { words("form.back") } } }
        }
    }

    // MARK: Registering

    /// `/{org}/register` (SF-020…SF-029, SF-051, SF-061).
    func register() -> Response {
        if sheet.posted == nil, sheet.done == "registered" { return signIn() }
        if sheet.posted == nil, sheet.done == "sent" {
            return letterSent(
                words("entry.sent_title"),
                words(
                    "entry.sent_registration",
                    ["span": sheet.span(minutes: identity.limits.linkHours * 60)]),
                step(.confirmation))
        }
        return identity.mode == .account && !isChecked ? check() : registration()
    }

    /// Of registering.
    private enum Step: CaseIterable {
        case check, details, confirmation

        var key: String {
            switch self {
            case .check: "frame.step_check"
            case .details: "frame.step_details"
            case .confirmation: "frame.step_confirmation"
            }
        }
    }

    /// Whichever there are: numbers are asked for first where one signs in by them, and what needs no confirming ends before it.
    @Children private func step(_ step: Step) -> HTML {
        let steps = Step.allCases.filter {
            switch $0 {
            case .check: identity.mode == .account
            case .details: true
            case .confirmation: !identity.confirm.isEmpty
            }
        }
        if steps.count > 1, let current = steps.firstIndex(of: step) {
            Stepper(
                titles: steps.map { words($0.key) }, current: current,
                frame: sheet.frame
            ).draw()
        }
    }

    /// The pair was right, or the form behind it was posted.
    private var isChecked: Bool {
        guard let posted = sheet.posted, posted.fields["account"]?.isEmpty == false,
            posted.fields["surname"]?.isEmpty == false
        else { return false }
        guard posted.fields["form"] == "check" else { return true }
        if case .outcome(let outcome) = posted.ending { return outcome.state == .done }
        return false
    }

    /// The first step: number and surname (SF-020…SF-022).
    private func check() -> Response {
        let form = sheet.form(
            "check", "register/check", isAlone: true,
            ["account": loginLabel, "surname": words("field.surname")])
        return sheet.response(words("entry.register_title"), isNarrow: true) {
            step(.check)
            p { words("entry.check_text") }
            form.draw {
                form.field(
                    "account", autocomplete: "off", hint: words("entry.account_hint"), most: 40,
                    isOwn: true, first: true)
                form.field(
                    "surname", autocomplete: "family-name", hint: words("entry.surname_hint"),
                    most: 100)
                div(.class("buttons")) { form.button(words("form.continue")) }
            }
            sheet.checkHelp
            alreadyRegistered
        }
    }

    private var alreadyRegistered: HTML {
        ul(.class("ways")) {
            li { a(.href(sheet.path(""))) { words("entry.have_access") } }
        }
    }

    private func registration() -> Response {
        let isAccount = identity.mode == .account
        let hasSMS = identity.confirm.contains(.sms)
        let needsEmail = !hasSMS || identity.emailWithSMS
        // The right pair of the first step is typed already, and stands.
        var sheet = sheet
        if case .outcome(let outcome) = sheet.posted?.ending, outcome.state == .done {
            sheet.posted = nil
        }
        let kept = ["account", "surname"].reduce(into: [String: String]()) {
            $0[$1] = self.sheet.posted?.fields[$1]
        }
        let form = sheet.form(
            "register", "register", isAlone: true, initial: kept,
            [
                "account": loginLabel, "surname": words("field.surname"),
                "login": loginLabel,
                "email": identity.mode == .email ? loginLabel : words("field.email"),
                "password": words(isAccount ? "field.new_password" : "field.password"),
                "password_again": words("field.password_again"), "way": words("entry.way"),
                "agree": words("entry.agree"),
            ])
        return sheet.response(
            words(identity.mode == .login ? "entry.register_login_title" : "entry.register_title"),
            isNarrow: true
        ) {
            step(.details)
            if identity.mode == .login { p { words("entry.all_required") } }
            form.draw {
                form.hidden("language", language.rawValue)
                if isAccount {
                    form.field("account", autocomplete: "off", readonly: true, isOwn: true)
                    form.field("surname", autocomplete: "off", readonly: true)
                }
                if identity.mode == .login {
                    form.field(
                        "login", autocomplete: "username", hint: words("entry.login_hint"),
                        most: 50, isOwn: true, first: true)
                }
                form.field(
                    "email", .email, autocomplete: identity.mode == .email ? "username" : "email",
                    inputmode: "email",
                    hint: words(
                        needsEmail
                            ? identity.confirm.isEmpty
                                ? "entry.email_login_hint" : "entry.email_hint"
                            : "entry.email_sms_hint"), required: needsEmail,
                    isOwn: identity.mode == .email, first: identity.mode != .login)
                sheet.newPassword(form)
                if identity.confirm.count > 1 {
                    form.choice(
                        "way", words("entry.way"),
                        identity.confirm.map { ($0.rawValue, words("way.\($0.rawValue)")) })
                } else if let way = identity.confirm.first {
                    form.hidden("way", way.rawValue)
                }
                sheet.terms
                form.tick("agree", value: identity.terms.version, required: true)
                div(.class("buttons")) {
                    form.button(words(isAccount ? "form.save" : "entry.register"))
                }
            }
            sheet.checkHelp
            alreadyRegistered
        }
    }

    /// What is in the post, and what to do when it does not come (SF-031, SF-032, SF-037).
    private func letterSent(
        _ title: String, _ text: String, _ steps: HTML = .empty
    ) -> Response {
        return sheet.without("done").response(title, isNarrow: true) {
            steps
            Notice.done.draw(language, role: "status") { text }
            sheet.spamHelp
            // Said to everybody alike: whether this letter was one too many is nobody else's business.
            p(.class("hint")) {
                words("entry.letters", ["n": "\(identity.limits.lettersPerRecipient)"])
            }
            sheet.operatorHelp
            p { a(.href(sheet.path(""))) { words("entry.to_sign_in") } }
        }
    }

    /// `/{org}/register/{id}/code` (SF-033, SF-034).
    /// - Parameters:
    ///   - code: the one that was sent last.
    ///   - isThere: it waits for a code, as far as is known. One that has expired, that was confirmed and that never was are
    ///     told alike.
    func registrationCode(_ id: String, _ code: CodeSent?, isThere: Bool) -> Response {
        if self.sheet.posted == nil, self.sheet.isUndecided, !isThere {
            return registrationWaits()
        }
        // Where nobody knows yet what came of what was posted, the same form finds out.
        guard !hasEnded, isThere || self.sheet.isUndecided else { return registrationEnded() }
        // What was sent and counts no more is not on its way.
        let sheet = (code?.left ?? 0) > 0 ? sheet : sheet.without("done")
        return sheet.response(words("entry.code_title"), isNarrow: true) {
            step(.confirmation)
            CodeForms(
                sheet: sheet, sent: code, phonePath: "register/\(segment(id))/phone",
                codePath: "register/\(segment(id))/code", resends: true
            ).draw()
            startAgain
        }
    }

    /// It has begun, as far as anybody knows.
    private func registrationWaits() -> Response {
        sheet.response(words("entry.code_title"), isNarrow: true) {
            step(.confirmation)
            if !sheet.isPending { p { words("entry.slow") } }
            startAgain
        }
    }

    private var startAgain: HTML {
        ul(.class("ways")) {
            li { a(.href(sheet.path("register"))) { words("entry.start_again") } }
        }
    }

    /// No form that could only be refused: why, and where one begins anew.
    private func registrationEnded() -> Response {
        sheet.without("done").response(
            words("entry.code_title"), status: isOnlyDead ? 410 : nil, isNarrow: true
        ) {
            // What was posted may have ended for a reason of its own.
            if let refusal = sheet.refusal {
                if sheet.posted != nil {
                    Notice.error.draw(language, role: "alert") {
                        Words.refusal(refusal, language)
                    }
                }
            } else {
                dead
            }
            ul(.class("ways")) {
                if session == nil {
                    li { a(.href(sheet.path("register"))) { words("entry.register") } }
                }
                wayOn
            }
        }
    }

    /// To where one signs in, or, who has, to what one has.
    private var wayOn: HTML {
        li {
            session == nil
                ? a(.href(sheet.path(""))) { words("entry.to_sign_in") }
                : a(.href(sheet.path("accounts"))) { words("menu.accounts") }
        }
    }

    // MARK: Links of letters

    /// What a link did is told, and that it is not of who is signed in here.
    private func another(_ session: Session) -> HTML {
        section(.class("stack")) {
            p { words("link.other", ["login": session.login]) }
            form(.method(.post), .action(sheet.path("sign-out"))) {
                div(.class("buttons")) {
                    button(.type(.submit)) { words("link.out") }
                }
            }
            ul(.class("ways")) {
                li {
                    a(.href(sheet.path(""))) {
                        words("link.stay", ["login": session.login])
                    }
                }
            }
        }
    }

    /// A password was set by a link while somebody is signed in: it ended all sessions of its own person.
    func resetElsewhere(_ session: Session) -> Response {
        sheet.response(words("entry.new_password_title"), isNarrow: true) { another(session) }
    }

    /// `/{org}/confirm/{token}`: a button, because mail scanners open links.
    /// - Parameter isDead: it counts no more, as far as is known before the button is pressed.
    func link(_ token: String, isDead: Bool) -> Response {
        let form = sheet.form("confirm", "confirm/\(segment(token))", isAlone: true)
        let isNone = hasEnded || isDead && isOnlyDead
        // What ended in a refusal may have taken the link along: why is told, and no button that cannot work. Where nobody
        // knows yet what came of it, the same button finds out.
        let isEnded = isDead && isRefused && !isNone
        let isOver = isEnded || isNone
        return sheet.response(
            words("entry.link_title"), status: isNone ? 410 : nil, isNarrow: true
        ) {
            if isNone {
                ended(words("link.dead"))
            } else if isEnded {
                form.summary
            } else if !isSettled {
                p { words("entry.link_text") }
                form.draw { div(.class("buttons")) { form.button(words("entry.link_button")) } }
            }
            // Nobody knows any more what a dead link was for.
            if isNone { p { words(session == nil ? "link.dead.visitor" : "link.dead.done") } }
            if let session, isSettled, sheet.done?.hasPrefix("other_") == true {
                another(session)
            } else {
                ul(.class("ways")) {
                    if isOver, session == nil {
                        li { a(.href(sheet.path("register"))) { words("entry.register") } }
                    }
                    wayOn
                }
            }
        }
    }

    private var dead: HTML { ended(Words.refusal(Refusal(.linkEnded), language)) }

    @Children private func ended(_ text: String) -> HTML {
        // What has become of a command is told above.
        if sheet.posted != nil || sheet.refusal == nil {
            Notice.error.draw(language, role: "alert") { text }
        }
    }

    /// Of what is dead there is one page, asked for or posted to, unless something else is to be told of what was posted.
    private var isOnlyDead: Bool {
        switch sheet.posted?.ending {
        case .misshapen, nil: true
        case .outcome: hasEnded
        case .unavailable, .kept: false
        }
    }

    /// The button was pressed: what comes of it is told above.
    private var isSettled: Bool { sheet.posted == nil && (sheet.done != nil || sheet.isPending) }

    /// The link that was posted counts no more.
    private var hasEnded: Bool { refusal?.code == .linkEnded }

    private var isRefused: Bool { refusal != nil }

    /// Of what was posted.
    private var refusal: Refusal? {
        guard case .outcome(let outcome) = sheet.posted?.ending else { return nil }
        return outcome.refusal
    }

    // MARK: Forgotten passwords

    /// `/{org}/reset` (SF-038): always answered alike.
    func reset() -> Response {
        if sheet.posted == nil, sheet.done == "sent" {
            return letterSent(
                words("entry.sent_title"),
                words(
                    "entry.sent_reset",
                    ["span": sheet.span(minutes: identity.limits.resetMinutes)]))
        }
        let form = sheet.form("reset", "reset", isAlone: true, ["login": loginLabel])
        return sheet.response(words("entry.reset_title"), isNarrow: true) {
            p { words("entry.reset_text") }
            form.draw {
                form.field(
                    "login", identity.mode == .email ? .email : .text, autocomplete: "username",
                    hint: invitedHint, isOwn: true, first: true)
                div(.class("buttons")) { form.button(words("entry.reset_button")) }
            }
            sheet.operatorHelp
            ul(.class("ways")) { li { a(.href(sheet.path(""))) { words("form.back") } } }
        }
    }

    /// `/{org}/reset/{token}`
    /// - Parameter isDead: it counts no more, as far as is known before the form is sent.
    func newPassword(_ token: String, isDead: Bool) -> Response {
        let form = sheet.form(
            "new-password", "reset/\(segment(token))", isAlone: true,
            [
                "password": words("field.new_password"),
                "password_again": words("field.password_again"),
            ])
        let isOver = hasEnded || isDead
        if let session, isSettled, sheet.done == "reset" { return resetElsewhere(session) }
        return sheet.response(
            words("entry.new_password_title"), status: isOver ? 410 : nil, isNarrow: true
        ) {
            if isOver {
                dead
            } else if !isSettled {
                form.draw {
                    sheet.newPassword(form)
                    div(.class("buttons")) { form.button(words("form.save")) }
                }
            }
            ul(.class("ways")) {
                if isOver { li { a(.href(sheet.path("reset"))) { words("entry.ask_again") } } }
                wayOn
            }
        }
    }
}

/// A code that was sent: to where, as it may be shown, and the seconds until the next may be asked for.
struct CodeSent: Sendable, Equatable {
    var phone: String
    var again: Int
    var left: Int
}

/// «Отправить смс», «Код подтверждения», «ОК» (SF-033, SF-034): for a registration and for a new number.
struct CodeForms {
    var sheet: Sheet
    var sent: CodeSent?
    var phonePath: String
    var codePath: String
    /// Somebody signed in changes a number: whoever finds an open session must not make it their own.
    var asksPassword = false
    /// Whether another code may go to the same number without its being typed: it is kept, and shown to nobody.
    var resends = false
    /// Where the last one went, for whoever is signed in and typed it: it stands in its field again.
    var number: String?

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    @Children func draw() -> HTML {
        let isCounting = (sent?.left ?? 0) > 0
        if let sent, isCounting {
            p { words("code.sent", ["phone": sent.phone]) }
            let form = sheet.form("code", codePath, ["code": words("field.code")])
            form.draw {
                form.field(
                    "code", autocomplete: "one-time-code", inputmode: "numeric",
                    hint: words("code.left", ["n": "\(max(1, (sent.left + 59) / 60))"]), most: 10,
                    first: true)
                div(.class("buttons")) { form.button(words("code.ok")) }
            }
        } else {
            // The code that was typed may have ended meanwhile: what was said of it is told here.
            if sheet.posted?.fields["form"] == "code" {
                sheet.form("code", codePath).summary
            } else if let sent {
                p { words("code.over", ["phone": sent.phone]) }
            }
            if sent == nil { p { words("code.text") } }
        }
        let form = sheet.form(
            "phone", phonePath, initial: number.map { ["phone": $0] } ?? [:],
            ["phone": words("field.phone"), "password": words("field.password")])
        if let sent, resends {
            let same = sheet.form("again", phonePath)
            same.draw(isCounting ? "entry again" : "entry") {
                if isCounting { h2 { words("code.again_title") } }
                p(.class("hint")) {
                    again ?? words("code.same", ["phone": sent.phone])
                }
                div(.class("buttons")) { same.button(words("code.again"), quiet: isCounting) }
            }
            details(.class("fold"), .open(form.outcome != nil)) {
                summary { words("code.other") }
                number(form, isAgain: false)
            }
        } else {
            number(form, isAgain: isCounting)
        }
    }

    /// Where the number is typed.
    private func number(_ form: Form, isAgain: Bool) -> HTML {
        form.draw(isAgain ? "entry again" : "entry") {
            if isAgain { h2 { words("code.again_title") } }
            form.field(
                "phone", .tel, autocomplete: "tel", inputmode: "tel",
                hint: resends ? words("code.phone_hint") : again ?? words("code.phone_hint"),
                most: 30, first: resends ? sent == nil : !isAgain)
            if asksPassword { sheet.presentPassword(form) }
            div(.class("buttons")) {
                form.button(
                    words(sent == nil || resends ? "code.send" : "code.again"), quiet: isAgain)
            }
        }
    }

    /// When the next may be asked for.
    private var again: String? {
        guard let sent, sent.again > 0 else { return nil }
        return words("code.wait", ["seconds": "\(sent.again)"])
    }
}
