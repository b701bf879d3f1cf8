import Access
import Commands
import HTTP
import Markup
import Store
import Words

/// «Личные данные», «Мой профиль» (SF-081…SF-084, SF-088…SF-090): the flats of one's accounts, contacts, the password,
/// sessions, the second factor, an export of one's data, the end of one's access.
struct ProfilePage {
    var sheet: Sheet
    var session: Session
    var person: PersonView
    var flats: [FlatView]
    var sessions: [SessionView]

    private var identity: IdentityProfile { sheet.identity }
    private var language: Language { sheet.language }
    /// Somebody of the demo has no password.
    private var hasPassword: Bool { session.mode != nil }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    func response() -> Response {
        sheet.response(words(Frame.profileKey(identity))) {
            if !hasPassword {
                Notice.warning.draw(language) { words("profile.demo") }
            }
            accounts
            contacts
            if hasPassword {
                password
                if identity.secondFactor || person.secondFactor != nil { secondFactor }
            }
            list
            own
            if hasPassword, identity.deleteUser { deletion }
            // SF-084.
            p { a(.href(sheet.path(""))) { words("form.back") } }
        }
    }

    // MARK: What the base knows

    @Children private var accounts: HTML {
        for flat in flats {
            let name = session.accounts.first { $0.id == flat.account.id }?.name
            section(.class("card"), .aria("labelledby", "account-\(flat.account.id)")) {
                h2(.id("account-\(flat.account.id)")) {
                    words("page.account", ["number": flat.account.number])
                    if let name { span(.class("for")) { " · \(name)" } }
                }
                dl(.class("pairs")) {
                    pair("profile.holder", flat.holder)
                    pair("profile.address", Words.address(flat.account.address))
                    pair("profile.rooms", flat.rooms.map { "\($0)" } ?? "")
                    pair(
                        "profile.area",
                        flat.area.map { "\(Words.number($0, language))\u{A0}\(words("unit.area"))" }
                            ?? "")
                    pair("profile.residents", flat.residents.map { "\($0)" } ?? "")
                }
                if sheet.profile.menu == .sections { ways(flat.account) }
            }
        }
        if flats.isEmpty {
            p(.class("card")) {
                words("profile.no_accounts") + " "
                a(.href(sheet.path("accounts"))) { words("menu.accounts") }
            }
        }
    }

    /// Manual 003 has «подписаться на рассылку квитанций» and «удаление лицевых счетов» in «Мой профиль».
    private func ways(_ account: AccountView) -> HTML {
        func path(_ page: String) -> String {
            Frame.accountPath(sheet.profile, account.number, page)
        }
        let isOwned = session.accounts.first { $0.id == account.id }?.isOwned == true
        return ul(.class("ways")) {
            if isOwned, !sheet.identity.services.isEmpty {
                li { a(.href(path("services"))) { words("menu.services") } }
            }
            li { a(.href(path("settings"))) { words("account.settings") } }
        }
    }

    @Children private func pair(_ key: String, _ value: String) -> HTML {
        div {
            dt { words(key) }
            dd { value.isEmpty ? words("profile.unknown") : value }
        }
    }

    // MARK: Contacts

    private var contacts: HTML {
        section(.class("card"), .id("contacts"), .aria("labelledby", "contacts-title")) {
            h2(.id("contacts-title")) { words("profile.contacts") }
            dl(.class("pairs")) {
                pair(
                    session.mode == .email ? "profile.login_email" : "profile.login", person.login)
                div {
                    dt { words("field.email") }
                    dd {
                        contact(person.email, person.isEmailConfirmed)
                        confirming
                    }
                }
                div {
                    dt { words("field.phone") }
                    dd {
                        contact(person.phone, person.isPhoneConfirmed)
                        if hasPassword {
                            " "
                            a(.href(sheet.path("profile/phone"))) {
                                words(person.phone == nil ? "profile.enter" : "profile.change")
                            }
                        }
                    }
                }
            }
        }
    }

    /// An address that nobody has confirmed yet is written to once more, without its being typed again: its first letter was lost
    /// or came too late (SF-082). As for another address, the password is asked for.
    @Children private var confirming: HTML {
        if hasPassword, !person.isEmailConfirmed, let address = person.email, !address.isEmpty {
            let form = sheet.form(
                "confirm-email", "profile/email", ["password": words("field.password")])
            details(.class("fold"), .open(form.outcome != nil)) {
                summary { words("profile.confirm") }
                form.draw {
                    form.hidden("email", address)
                    p(.class("hint")) { words("profile.confirm_hint", ["email": address]) }
                    sheet.presentPassword(form)
                    div(.class("buttons")) { form.button(words("profile.confirm_send")) }
                }
            }
        }
    }

    private func contact(_ value: String?, _ isConfirmed: Bool) -> String {
        guard let value, !value.isEmpty else { return words("profile.not_given") }
        return isConfirmed ? value : "\(value) (\(words("profile.unconfirmed")))"
    }

    // MARK: The password

    /// «Изменить пароль» opens the form that changes password and e-mail (SF-082).
    private var password: HTML {
        let change = sheet.form(
            "password", "profile/password",
            [
                "old": words("field.old_password"), "password": words("field.new_password"),
                "password_again": words("field.password_again"),
            ])
        let email = sheet.form(
            "email", "profile/email",
            ["email": words("field.new_email"), "password": words("field.password")])
        let isOpen = change.outcome != nil || email.outcome != nil
        return section(.class("card"), .id("password"), .aria("labelledby", "password-title")) {
            h2(.id("password-title")) { words("profile.password_title") }
            if let changed = person.passwordChanged {
                p(.class("hint")) {
                    words("profile.password_changed", ["time": Words.moment(changed, language)])
                }
            }
            details(.class("fold"), .open(isOpen)) {
                summary { words("profile.change_password") }
                div(.class("pair")) {
                    change.draw {
                        h3 { words("profile.new_password_title") }
                        change.field(
                            "old", .password, autocomplete: "current-password",
                            most: 4 * identity.password.most)
                        sheet.newPassword(change)
                        p(.class("hint")) { words("profile.password_hint") }
                        div(.class("buttons")) { change.button(words("form.save")) }
                    }
                    email.draw {
                        h3 { words("profile.new_email_title") }
                        email.field(
                            "email", .email, autocomplete: "email", inputmode: "email",
                            hint: words("profile.email_hint"))
                        sheet.presentPassword(email)
                        div(.class("buttons")) { email.button(words("form.save")) }
                    }
                }
            }
        }
    }

    private var secondFactor: HTML {
        section(.class("card"), .aria("labelledby", "factor-title")) {
            h2(.id("factor-title")) { words("factor.title") }
            p {
                person.secondFactor.map {
                    words("factor.on", ["time": Words.moment($0, language)])
                } ?? words("factor.off")
            }
            if person.lacksRecovery {
                Notice.warning.draw(language) {
                    words("factor.few", ["n": "\(person.recoveryLeft)"])
                }
            }
            p {
                a(.href(sheet.path("profile/second-factor"))) {
                    words(person.secondFactor == nil ? "factor.to_enable" : "factor.to_disable")
                }
            }
        }
    }

    // MARK: Sessions

    @Children private var list: HTML {
        if !sessions.isEmpty {
            section(.class("card"), .id("sessions"), .aria("labelledby", "sessions-title")) {
                h2(.id("sessions-title")) { words("sessions.title") }
                ul(.class("list")) {
                    for one in sessions {
                        let isThis = one.id == session.id
                        li {
                            div {
                                p {
                                    strong { Self.browser(one.agent) ?? words("sessions.unknown") }
                                    if isThis { span(.class("mark")) { words("sessions.this") } }
                                }
                                p(.class("hint")) {
                                    let seen = Words.moment(one.seen, language)
                                    [
                                        one.address,
                                        words("sessions.seen", ["time": seen]),
                                        one.isRemembered ? words("sessions.remembered") : nil,
                                    ].compactMap { $0 }.joined(separator: " · ")
                                }
                            }
                            if !isThis {
                                end(
                                    "profile/sessions/\(segment(one.id))/end", words("sessions.end")
                                )
                            }
                        }
                    }
                }
                if sessions.count > 1 {
                    end("profile/sessions/others/end", words("sessions.end_others"))
                }
            }
        }
    }

    private func end(_ action: String, _ text: String) -> HTML {
        let form = sheet.form("end", action)
        return form.draw("inline") { form.button(text, quiet: true) }
    }

    /// «Chrome, Windows» of what a browser calls itself; it says much more, and not always the truth.
    static func browser(_ agent: String?) -> String? {
        guard let agent, !agent.isEmpty else { return nil }
        let browsers = [
            ("YaBrowser", "Яндекс Браузер"), ("Edg", "Edge"), ("OPR", "Opera"),
            ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"),
        ]
        let systems = [
            ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "macOS"), ("Linux", "Linux"),
        ]
        let found = [browsers, systems].compactMap { names in
            names.first { agent.contains($0.0) }?.1
        }
        return found.isEmpty ? String(agent.prefix(40)) : found.joined(separator: ", ")
    }

    // MARK: One's own data

    private var own: HTML {
        section(.class("card"), .aria("labelledby", "own-title")) {
            h2(.id("own-title")) { words("export.title") }
            p { words("export.text") }
            p { a(.href(sheet.path("profile/export")), .download("")) { words("export.link") } }
        }
    }

    private var deletion: HTML {
        let form = sheet.form("delete", "profile/delete", ["password": words("field.password")])
        return section(.class("card"), .id("delete"), .aria("labelledby", "delete-title")) {
            h2(.id("delete-title")) { words("delete.title") }
            p { words("delete.text") }
            details(.class("fold"), .open(form.outcome != nil)) {
                summary { words("delete.open") }
                form.draw {
                    form.field(
                        "password", .password, autocomplete: "current-password",
                        most: 4 * identity.password.most)
                    div(.class("buttons")) {
                        button(.type(.submit), .class("danger")) { words("delete.button") }
                    }
                }
            }
        }
    }
}

extension FlatView {
    /// «ФИО, на кого зарегистрирован лицевой счет».
    var holder: String {
        [account.surname, account.name, account.patronymic].filter { !$0.isEmpty }
            .joined(separator: " ")
    }
}

extension PersonView {
    /// So few recovery codes are left that it is time for new ones.
    var lacksRecovery: Bool { secondFactor != nil && recoveryLeft <= 2 }
}

/// Switching the second factor on and off.
struct SecondFactorPage {
    var sheet: Sheet
    var person: PersonView
    /// What is shown once more after it failed, else new.
    var secret: String
    /// Shown once, right after it was switched on.
    var recovery: [String]

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    func response() -> Response {
        sheet.response(words("factor.title")) {
            if !recovery.isEmpty {
                codes
            } else if person.secondFactor == nil {
                enabling
            } else {
                disabling
            }
            p { a(.href(sheet.path("profile"))) { words("form.back") } }
        }
    }

    private var codes: HTML {
        div(.class("card stack")) {
            Notice.done.draw(sheet.language, role: "status") { words("done.factor") }
            h2 { words("factor.recovery_title") }
            p { words("factor.recovery_text") }
            ul(.class("codes")) { for code in recovery { li { code } } }
        }
    }

    private var enabling: HTML {
        let form = sheet.form(
            "factor", "profile/second-factor", isAlone: true,
            ["code": words("factor.code"), "password": words("field.password")])
        return div(.class("card stack")) {
            p { words("factor.text") }
            Enrolment(sheet: sheet, login: person.login, secret: secret).draw()
            form.draw {
                form.hidden("secret", secret)
                form.field(
                    "code", autocomplete: "one-time-code", inputmode: "numeric",
                    hint: words("factor.code_hint"), most: 10)
                form.field(
                    "password", .password, autocomplete: "current-password",
                    most: 4 * sheet.identity.password.most)
                div(.class("buttons")) { form.button(words("factor.enable")) }
            }
        }
    }

    private var disabling: HTML {
        let form = sheet.form(
            "off", "profile/second-factor/off", isAlone: true,
            ["code": words("entry.second_code"), "password": words("field.password")])
        return div(.class("card stack")) {
            p {
                words(
                    "factor.on",
                    ["time": Words.moment(person.secondFactor ?? "", sheet.language)])
                if !person.lacksRecovery {
                    " " + words("factor.left", ["n": "\(person.recoveryLeft)"])
                }
            }
            if person.lacksRecovery {
                Notice.warning.draw(sheet.language) {
                    words("factor.few", ["n": "\(person.recoveryLeft)"])
                }
            }
            form.draw {
                form.field(
                    "password", .password, autocomplete: "current-password",
                    most: 4 * sheet.identity.password.most)
                form.field(
                    "code", autocomplete: "one-time-code", hint: words("entry.second_hint"),
                    most: 40)
                div(.class("buttons")) { form.button(words("factor.disable")) }
            }
        }
    }
}
