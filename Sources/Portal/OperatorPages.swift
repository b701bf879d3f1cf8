public import Access
public import Commands
public import HTTP
import Markup
import Store
import Threads
public import Words

/// Who works in the operators' console, where, in which language, and what the address says behind its question mark.
public struct OperatorVisit: Sendable {
    public var profile: Profile
    /// Nil: nobody is signed in.
    public var session: OperatorSession?
    public var language: Language
    public var query: [String: String]

    public init(
        profile: Profile, session: OperatorSession?, language: Language,
        query: [String: String] = [:]
    ) {
        self.profile = profile
        self.session = session
        self.language = language
        self.query = query
    }
}

/// Writes down that an operator is about to see somebody, and calls back when it is safe: false, and nothing is shown.
/// Given by `kabinet`: this room cannot append commands.
public typealias Viewing = @Sendable (PersonViewed, @escaping @Sendable (Bool) -> Void) -> Void

/// The operators' console: finding a person, their card, restoring their access. Whatever shows somebody asks `viewing`
/// first.
extension Portal {
    /// A page without anybody on it, or of a form that did not end in 303.
    /// - Parameter secret: of the authenticator to be set up.
    public func operatorPage(
        _ page: OperatorPage, _ visit: OperatorVisit, form: FormOutcome? = nil, secret: String
    ) -> Response {
        guard let pages = pages(visit, form) else { return notThere(visit) }
        guard let session = visit.session else { return pages.signIn() }
        switch (page, session.half) {
        case (.signIn, nil), (.home, nil), (.code, nil):
            return pages.home(typed: String((visit.query["q"] ?? "").prefix(Self.mostTyped)))
        case (.signIn, .code?), (.code, .code?): return pages.code()
        case (.password, nil), (_, .password?): return pages.password(session)
        case (.factor, nil), (_, .factor?): return pages.factor(session, secret)
        case (_, .code?): return pages.code()
        case (.person, nil), (.account, nil): return pages.home()
        }
    }

    /// What was found by a number, a login, an address or the beginning of a surname.
    public func operatorFind(
        _ visit: OperatorVisit, typed: String, why: String, viewing: Viewing,
        answer: @escaping @Sendable (Response) -> Void
    ) {
        guard let pages = pages(visit, nil), let session = visit.session, session.may(.look) else {
            return answer(notThere(visit))
        }
        let typed = String(typed.prefix(Self.mostTyped))
        guard let reason = PersonViewed.reason(why), typed.contains(where: { !$0.isWhitespace })
        else {
            return answer(pages.home(typed: typed, why: why, isWrong: true))
        }
        let started = monotonicMicroseconds()
        do {
            let found = try find(typed, visit.profile, session.reach.houses)
            told("operator.find", since: started)
            let viewed = PersonViewed(
                login: session.login, session: session.hash, what: .found, by: found.by,
                accounts: found.accounts.compactMap { AccountNumber($0.number) },
                persons: found.persons.map(\.id), logins: found.persons.map(\.login), why: reason)
            viewing(viewed) { [self] isWritten in
                answer(
                    isWritten
                        ? pages.home(typed: typed, why: reason, found: found)
                        : unwritten(visit))
            }
        } catch {
            answer(
                failed(
                    "operator.find", error, visit.language, visit.profile, retry: nil))
        }
    }

    /// The card of an account, with those who use it, each with a way to take it away.
    /// - Parameter form: a taking away that did not end in 303.
    public func operatorAccount(
        _ visit: OperatorVisit, number: String, form: FormOutcome? = nil, viewing: Viewing,
        answer: @escaping @Sendable (Response) -> Void
    ) {
        guard let number = AccountNumber(number), let session = visit.session, session.may(.look),
            let pages = pages(visit, form, "accounts/\(segment(number.text))")
        else { return answer(notThere(visit)) }
        guard let reason = Self.reason(visit, form) else {
            return answer(pages.ask(number.text))
        }
        let started = monotonicMicroseconds()
        do {
            let view = try queries.account(
                number, in: visit.profile.code, houses: session.reach.houses)
            told("operator.account", since: started)
            guard let view else { return answer(notThere(visit)) }
            let viewed = PersonViewed(
                login: session.login, session: session.hash, what: .account, accounts: [number],
                persons: view.persons.map(\.id), logins: view.persons.map(\.login), why: reason)
            viewing(viewed) { [self] isWritten in
                answer(
                    isWritten
                        ? pages.account(view, why: reason, mayDetach: session.may(.detach))
                        : unwritten(visit))
            }
        } catch {
            answer(
                failed(
                    "operator.account", error, visit.language, visit.profile, retry: nil))
        }
    }

    /// The card of a person, with «Восстановить доступ».
    /// - Parameter form: a restoring that did not end in 303.
    public func operatorPerson(
        _ visit: OperatorVisit, person: Int64, form: FormOutcome? = nil, viewing: Viewing,
        answer: @escaping @Sendable (Response) -> Void
    ) {
        guard let pages = pages(visit, form, "people/\(person)"), let session = visit.session,
            session.may(.look)
        else { return answer(notThere(visit)) }
        guard let reason = Self.reason(visit, form) else {
            return answer(pages.ask(nil))
        }
        let started = monotonicMicroseconds()
        do {
            let view = try queries.person(
                person, in: visit.profile, houses: session.reach.houses)
            told("operator.person", since: started)
            guard let view else { return answer(notThere(visit)) }
            let viewed = PersonViewed(
                login: session.login, session: session.hash, what: .person,
                accounts: view.accounts.compactMap { AccountNumber($0.number) },
                persons: [person], logins: [view.person.login], why: reason)
            viewing(viewed) { [self] isWritten in
                answer(
                    isWritten
                        ? pages.person(view, why: reason, mayRestore: session.may(.restore))
                        : unwritten(visit))
            }
        } catch {
            answer(
                failed(
                    "operator.person", error, visit.language, visit.profile, retry: nil))
        }
    }

    // MARK: Steps

    /// Letters of what somebody is looked for by.
    fileprivate static let mostTyped = 254

    /// - Parameter path: of the page by GET, behind `/{org}/operator/`.
    private func pages(
        _ visit: OperatorVisit, _ form: FormOutcome?, _ path: String = ""
    ) -> OperatorPages? {
        guard let identity = visit.profile.identity else { return nil }
        var frame = Frame(
            profile: visit.profile, language: visit.language, person: visit.session?.name ?? "",
            path: "/\(visit.profile.code)/operator/\(path)")
        frame.isConsole = true
        return OperatorPages(
            sheet: Sheet(
                frame: frame,
                visit: Visit(
                    profile: visit.profile, session: nil, language: visit.language,
                    query: visit.query), identity: identity, posted: form, makeKey: secrets.key))
    }

    private func notThere(_ visit: OperatorVisit) -> Response {
        problem(
            status: 404, key: "not_found", language: visit.language, profile: visit.profile)
    }

    /// What cannot be written down is not shown.
    private func unwritten(_ visit: OperatorVisit) -> Response {
        problem(
            status: 503, key: "database_away", language: visit.language, profile: visit.profile)
    }

    /// Why a card is looked at: as its address says, or the page that a form of it stood on.
    private static func reason(_ visit: OperatorVisit, _ form: FormOutcome?) -> String? {
        [visit.query["why"], form?.fields["seen"], form?.fields["why"]].lazy
            .compactMap { $0 }.compactMap(PersonViewed.reason).first
    }

    private func find(
        _ typed: String, _ profile: Profile, _ houses: Set<String>?
    ) throws(PortalQueriesError) -> OperatorPages.Found {
        let most = PersonViewed.mostFound
        let code = profile.code
        let login = LoginName(typed, .login).key
        if let email = EmailAddress(typed) {
            return OperatorPages.Found(
                by: .email, accounts: [],
                persons: try queries.persons(
                    logins: [login, email.text], email: email.key, in: code, houses: houses,
                    limit: most))
        }
        if let number = AccountNumber(typed) {
            let accounts = try queries.accounts(
                .number(number), in: profile, houses: houses, limit: most)
            let persons = try queries.persons(
                logins: [login, number.text] + accounts.map(\.number), email: nil, in: code,
                houses: houses, limit: most)
            return OperatorPages.Found(by: .number, accounts: accounts, persons: persons)
        }
        let persons = try queries.persons(
            logins: [login, typed], email: nil, in: code, houses: houses, limit: most)
        guard let surname = Surname(typed) else {
            return OperatorPages.Found(by: .login, accounts: [], persons: persons)
        }
        return OperatorPages.Found(
            by: persons.isEmpty ? .surname : .login,
            accounts: try queries.accounts(
                .surname(surname.key), in: profile, houses: houses, limit: most), persons: persons)
    }
}

/// The pages themselves.
struct OperatorPages: Sendable {
    struct Found: Sendable {
        var by: PersonViewed.By
        var accounts: [FoundAccount]
        var persons: [FoundPerson]
    }

    var sheet: Sheet
    private var language: Language { sheet.language }
    private var profile: Profile { sheet.profile }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    // MARK: Coming in

    func signIn() -> Response {
        let form = sheet.form(
            "operator", "operator/sign-in", isAlone: true,
            ["login": words("console.login"), "password": words("field.password")])
        return sheet.response(words("console.sign_in_title"), isNarrow: true) {
            sheet.lost
            form.draw {
                sheet.next(form)
                form.field("login", autocomplete: "username", most: 60, first: true)
                form.field(
                    "password", .password, autocomplete: "current-password", most: 1_000)
                div(.class("buttons")) { form.button(words("entry.sign_in")) }
            }
            p(.class("hint")) { words("console.sign_in_hint") }
        }
    }

    func code() -> Response {
        let form = sheet.form(
            "code", "operator/code", isAlone: true, ["code": words("factor.code")])
        return sheet.response(words("entry.second_title"), isNarrow: true) {
            form.draw {
                sheet.next(form)
                form.field(
                    "code", autocomplete: "one-time-code", inputmode: "numeric",
                    hint: words("factor.code_hint"), most: 10, first: true)
                div(.class("buttons")) { form.button(words("entry.sign_in")) }
            }
        }
    }

    func password(_ session: OperatorSession) -> Response {
        let form = sheet.form(
            "password", "operator/password", isAlone: true,
            [
                "old": words("field.old_password"), "password": words("field.new_password"),
                "password_again": words("field.password_again"),
            ])
        let length = OperatorLogin.passwordLength
        return sheet.response(words("console.password_title"), isNarrow: true) {
            if session.half == .password { p { words("console.password_text") } }
            form.draw {
                sheet.next(form)
                form.field("old", .password, autocomplete: "current-password", most: 1_000)
                form.field(
                    "password", .password, autocomplete: "new-password",
                    hint: words(
                        "entry.password_rule",
                        ["least": "\(length.lowerBound)", "most": "\(length.upperBound)"]),
                    most: 4 * length.upperBound)
                form.field(
                    "password_again", .password, autocomplete: "new-password",
                    most: 4 * length.upperBound)
                div(.class("buttons")) { form.button(words("form.save")) }
            }
            if session.half == nil { back }
        }
    }

    func factor(_ session: OperatorSession, _ secret: String) -> Response {
        let form = sheet.form(
            "factor", "operator/second-factor", isAlone: true,
            [
                "code": words("factor.code"), "password": words("field.password"),
                "present": words("console.present_code"),
            ])
        return sheet.response(words("factor.title"), isNarrow: true) {
            if session.half == .factor { p { words("console.factor_text") } }
            if session.hasFactor { p { words("console.factor_on") } }
            p { words("factor.text") }
            Enrolment(sheet: sheet, login: session.login.text, secret: secret).draw()
            form.draw {
                sheet.next(form)
                form.hidden("secret", secret)
                form.field(
                    "code", autocomplete: "one-time-code", inputmode: "numeric",
                    hint: words("factor.code_hint"), most: 10, first: true)
                if session.hasFactor {
                    form.field(
                        "present", autocomplete: "one-time-code", inputmode: "numeric",
                        hint: words("factor.code_hint"), most: 10)
                }
                if session.asksPassword {
                    form.field("password", .password, autocomplete: "current-password", most: 1_000)
                }
                div(.class("buttons")) { form.button(words("factor.enable")) }
            }
            if session.half == nil { back }
        }
    }

    private var back: HTML { p { a(.href(sheet.path("operator/"))) { words("form.back") } } }

    // MARK: Finding

    func home(
        typed: String = "", why: String = "", isWrong: Bool = false, found: Found? = nil
    ) -> Response {
        let form = sheet.form(
            "find", "operator/find", isAlone: true, initial: ["q": typed, "why": why],
            ["q": words("console.find"), "why": words("console.why")])
        return sheet.response(words("console.find_title"), status: isWrong ? 400 : nil) {
            div(.class("card stack")) {
                if isWrong {
                    Notice.error.draw(language, role: "alert") { words("console.why_missing") }
                }
                form.draw {
                    form.field(
                        "q", autocomplete: "off", hint: words("console.find_hint"),
                        most: Portal.mostTyped,
                        first: found == nil)
                    form.field(
                        "why", autocomplete: "off", hint: words("console.why_hint"),
                        most: PersonViewed.longestWhy)
                    div(.class("buttons")) { form.button(words("console.find_button")) }
                }
            }
            found.map { results($0, why) }
            ul(.class("ways")) {
                li {
                    a(.href(sheet.path("operator/password"))) { words("console.own_password") }
                }
                li {
                    a(.href(sheet.path("operator/second-factor"))) { words("console.own_factor") }
                }
            }
        }
    }

    @Children private func results(_ found: Found, _ why: String) -> HTML {
        if found.accounts.isEmpty, found.persons.isEmpty {
            Notice.warning.draw(language, role: "status") { words("console.nobody") }
        }
        if !found.accounts.isEmpty {
            section(.class("card stack"), .aria("labelledby", "accounts-found")) {
                h2(.id("accounts-found")) { words("console.accounts") }
                ul(.class("found")) {
                    for account in found.accounts {
                        li {
                            a(.href(path(to: account.number, why))) { account.number }
                            " "
                            holder(account)
                            p(.class("hint")) { place(account) }
                        }
                    }
                }
            }
        }
        if !found.persons.isEmpty {
            section(.class("card stack"), .aria("labelledby", "persons-found")) {
                h2(.id("persons-found")) { words("console.persons") }
                persons(found.persons, why)
            }
        }
        if max(found.accounts.count, found.persons.count) >= PersonViewed.mostFound {
            p(.class("hint")) { words("console.more", ["n": "\(PersonViewed.mostFound)"]) }
        }
    }

    private func persons(_ persons: [FoundPerson], _ why: String) -> HTML {
        ul(.class("found")) { for person in persons { li { line(person, why) } } }
    }

    @Children private func line(_ person: FoundPerson, _ why: String) -> HTML {
        a(.href(path(to: person.id, why))) { person.login }
        " "
        person.name
        p(.class("hint")) {
            [
                person.email.map { EmailAddress($0)?.masked ?? "" } ?? "", holds(person),
            ].filter { !$0.isEmpty }.joined(separator: " · ")
        }
    }

    /// How a person came to an account; of who was found otherwise, nothing.
    private func holds(_ person: FoundPerson) -> String {
        guard person.isOwner else {
            return words("console.guest") + ": "
                + Right.allCases.filter { person.rights.contains($0.rawValue) }
                .map { words("right.\($0.rawValue)") }.joined(separator: ", ")
        }
        if person.signsIn { return words("console.signs_in") }
        return person.rights.isEmpty ? "" : words("console.owner")
    }

    private func path(to number: String, _ why: String) -> String {
        sheet.path("operator/accounts/\(segment(number))?why=\(segment(why))")
    }

    private func path(to person: Int64, _ why: String) -> String {
        sheet.path("operator/people/\(person)?why=\(segment(why))")
    }

    private func holder(_ account: FoundAccount) -> String {
        [account.surname, account.name, account.patronymic].filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    private func place(_ account: FoundAccount) -> String {
        var place = account.address
        // Many bases write the flat into the address too.
        if !account.apartment.isEmpty, !account.address.contains("кв.") {
            place += (place.isEmpty ? "" : ", ") + words("console.flat", ["n": account.apartment])
        }
        if let day = account.closedOn {
            place += " · " + words("console.closed", ["date": Words.date(day, language)])
        }
        return place
    }

    // MARK: Cards

    /// Nobody is shown without a reason: it is asked for.
    func ask(_ number: String?) -> Response {
        // Whatever was done, here something is wanting.
        sheet.without("done").response(words("console.find_title"), status: 400, isNarrow: true) {
            Notice.error.draw(language, role: "alert") { words("console.why_missing") }
            p {
                a(.href(sheet.path("operator/" + (number.map { "?q=\(segment($0))" } ?? "")))) {
                    words("console.find_again")
                }
            }
        }
    }

    func account(_ view: OperatorAccountView, why: String, mayDetach: Bool) -> Response {
        var pages = self
        pages.sheet.saying["detached"] = "done.person_detached"
        return pages.drawn(view, why: why, mayDetach: mayDetach)
    }

    private func drawn(_ view: OperatorAccountView, why: String, mayDetach: Bool) -> Response {
        let detachable = mayDetach ? view.persons.filter(isDetachable) : []
        return sheet.response(words("page.account", ["number": view.account.number])) {
            if !detachable.contains(where: { sheet.posted?.fields["form"] == name(of: $0) }) {
                refused
            }
            div(.class("card stack")) {
                dl(.class("person-facts")) {
                    fact("page.holder", holder(view.account))
                    fact("page.address", place(view.account))
                    fact("console.house", view.house)
                    fact("page.company", company(view.company))
                    fact("console.base_phone", view.phone)
                    fact("console.base_email", view.email)
                }
            }
            section(.class("card stack"), .aria("labelledby", "users")) {
                h2(.id("users")) { words("console.users") }
                if view.persons.isEmpty {
                    p { words("console.no_users") }
                } else {
                    ul(.class("found")) {
                        for person in view.persons {
                            li {
                                line(person, why)
                                if mayDetach, person.kind != "demo" { detaching(person, view, why) }
                            }
                        }
                    }
                }
            }
            back
        }
    }

    private func name(of person: FoundPerson) -> String { "detach-\(person.id)" }

    private func isDetachable(_ person: FoundPerson) -> Bool {
        person.kind != "demo" && (!person.signsIn || person.isWithin)
    }

    /// Why what was posted is not done, where its form does not stand.
    @Children private var refused: HTML {
        if !sheet.isTold, case .outcome(let outcome) = sheet.posted?.ending,
            outcome.state == .refused, let refusal = outcome.refusal
        {
            Notice.error.draw(language, role: "alert") { Words.refusal(refusal, language) }
        }
    }

    /// Taking the account out of one person's hands: folded, as it is not what one comes for.
    private func detaching(
        _ person: FoundPerson, _ view: OperatorAccountView, _ why: String
    ) -> HTML {
        let form = sheet.form(
            name(of: person),
            "operator/accounts/\(segment(view.account.number))/people/\(person.id)/detach",
            ["check": words("console.check"), "why": words("console.restore_why")])
        return details(.class("fold"), .open(form.outcome != nil)) {
            summary { words("console.detach") }
            if person.signsIn, !person.isWithin {
                p { words("console.not_within") }
            } else {
                p { words(person.signsIn ? "console.detach_login" : "console.detach_text") }
                form.draw {
                    form.hidden("login", person.login)
                    form.hidden("seen", why)
                    checks(form)
                    form.field(
                        "why", autocomplete: "off", hint: words("console.restore_why_hint"),
                        most: 500)
                    div(.class("buttons")) { form.button(words("console.detach")) }
                }
            }
        }
    }

    /// None is chosen beforehand: it is written down as what the operator says.
    private func checks(_ form: Form) -> HTML {
        fieldset(.class("choice")) {
            legend { words("console.check") }
            for check in RestoreAccess.Check.allCases {
                div(.class("tick")) {
                    input(
                        .type(.radio), .id("\(form.name)-\(check.rawValue)"), .name("check"),
                        .value(check.rawValue), .checked(form.value("check") == check.rawValue),
                        .required)
                    Markup.label(.for("\(form.name)-\(check.rawValue)")) {
                        words("console.check.\(check.rawValue)")
                    }
                }
            }
        }
    }

    private func company(_ code: String) -> String {
        profile.companies.first { $0.code == code }?.name ?? code
    }

    func person(_ view: OperatorPersonView, why: String, mayRestore: Bool) -> Response {
        let isRestorable = mayRestore && view.person.kind != "demo" && view.isWithin
        return sheet.response(words("console.person_title", ["login": view.person.login])) {
            if !isRestorable { refused }
            div(.class("card stack")) {
                dl(.class("person-facts")) {
                    fact("console.name", view.person.name)
                    fact("console.kind", words("console.kind.\(view.person.kind)"))
                    fact(
                        "field.email",
                        contact(view.person.email, view.emailConfirmed))
                    fact("field.phone", contact(view.phone, view.phoneConfirmed))
                    fact("console.created", Words.moment(view.created, language))
                    fact(
                        "console.seen",
                        view.seen.map { Words.moment($0, language) } ?? words("console.never"))
                    fact("console.sessions", "\(view.sessions)")
                    fact(
                        "factor.title",
                        words(view.hasSecondFactor ? "console.yes" : "console.no"))
                }
            }
            section(.class("card stack"), .aria("labelledby", "accounts")) {
                h2(.id("accounts")) { words("page.accounts") }
                if view.accounts.isEmpty { p { words("console.no_accounts") } }
                ul(.class("found")) {
                    for account in view.accounts {
                        li {
                            a(.href(path(to: account.number, why))) { account.number }
                            " "
                            account.holder
                            p(.class("hint")) {
                                [
                                    account.address,
                                    account.isOwner ? "" : words("console.guest"),
                                ].filter { !$0.isEmpty }.joined(separator: " · ")
                            }
                        }
                    }
                }
            }
            if mayRestore, view.person.kind != "demo" { restoring(view, why) }
            back
        }
    }

    @Children private func restoring(_ view: OperatorPersonView, _ why: String) -> HTML {
        let form = sheet.form(
            "restore", "operator/people/\(view.person.id)/restore", isAlone: true,
            [
                "email": words("field.new_email"), "check": words("console.check"),
                "why": words("console.restore_why"),
            ])
        section(.class("card stack"), .aria("labelledby", "restoring")) {
            h2(.id("restoring")) { words("console.restore") }
            if view.isWithin {
                p { words("console.restore_text") }
                form.draw {
                    form.hidden("login", view.person.login)
                    form.hidden("seen", why)
                    checks(form)
                    form.field("email", .email, autocomplete: "off", inputmode: "email")
                    form.field(
                        "why", autocomplete: "off", hint: words("console.restore_why_hint"),
                        most: 500)
                    div(.class("buttons")) { form.button(words("console.restore")) }
                }
            } else {
                p { words("console.not_within") }
            }
        }
    }

    @Children private func fact(_ key: String, _ value: String) -> HTML {
        if !value.isEmpty {
            div {
                dt { words(key) }
                dd { value }
            }
        }
    }

    private func contact(_ text: String?, _ confirmed: String?) -> String {
        guard let text, !text.isEmpty else { return words("console.none") }
        return text + " · "
            + (confirmed.map { words("console.confirmed", ["time": Words.moment($0, language)]) }
                ?? words("console.unconfirmed"))
    }
}
