import Access
import Commands
import HTTP
import Markup
import Store
import Words

/// A question against machines (SF-068): arithmetic in words, as a screen reader reads it, and no picture.
public struct Riddle: Sendable, Equatable {
    /// Goes along in the form, sealed or signed: tells whoever made it what the answer is.
    public var token: String
    public var text: String

    public init(token: String, text: String) {
        self.token = token
        self.text = text
    }
}

/// One's accounts, and the form that adds another (SF-065…SF-069, SF-085, SF-106).
struct AccountsPage {
    /// How far somebody came on the way from company to flat (SF-065).
    struct Cascade {
        var company: String?
        var house: String?
        var apartment: String?
        var houses: [HouseChoice] = []
        var flats: [FlatChoice] = []

        var isWhole: Bool { company != nil && house != nil && apartment != nil }

        /// As an address says it.
        var chosen: [String: String] {
            var chosen: [String: String] = [:]
            chosen["company"] = company
            chosen["house"] = house
            chosen["apartment"] = apartment
            return chosen
        }
    }

    var sheet: Sheet
    var session: Session
    var person: PersonView?
    /// There is no account, and there was one of another person.
    var hasLostShare = false
    var flats: [FlatView]
    /// What each owes; none where no money is shown.
    var balances: [BalanceView] = []
    var cascade: Cascade
    var riddle: Riddle?

    private var attach: IdentityProfile.Attach { sheet.identity.attach }
    private var language: Language { sheet.language }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    func response() -> Response {
        sheet.response(words("menu.accounts")) {
            if flats.isEmpty {
                // SF-055.
                Notice.warning.draw(language) {
                    words(hasLostShare ? "accounts.none_shared" : "accounts.none")
                }
            }
            list
            if sheet.done == "attached", attach.contacts { contacts }
            form
        }
    }

    // MARK: Those that are there

    @Children private var list: HTML {
        if !flats.isEmpty {
            ul(.class("cards")) {
                for flat in flats { li(.class("card")) { card(flat) } }
            }
        }
    }

    @Children private func card(_ flat: FlatView) -> HTML {
        let mine = session.accounts.first { $0.id == flat.account.id }
        let number = flat.account.number
        h2 {
            a(.href(Frame.homePath(sheet.profile, number))) {
                mine?.name ?? words("page.account", ["number": number])
            }
        }
        if mine?.name != nil {
            p(.class("hint")) { words("page.account", ["number": number]) }
        }
        p(sheet.frame.own) { Words.address(flat.account.address) }
        if sheet.profile.companies.count > 1 {
            p(.class("hint"), sheet.frame.own) {
                sheet.profile.companies.first { $0.code == flat.account.company }?.name ?? ""
            }
        }
        if let owed = balances.first(where: { $0.account == flat.account.id }) {
            p(.class("owed")) { Balance(owed.owed, sheet.language).sentence }
        }
        if let closed = flat.account.closedOn {
            p(.class("hint")) { words("accounts.closed", ["date": Words.date(closed, language)]) }
        }
        if mine?.isOwned == false {
            p(.class("hint")) {
                words(
                    "accounts.shared",
                    [
                        "rights": Right.allCases.filter { mine?.rights.contains($0) ?? false }
                            .map { words("right.\($0.rawValue)") }.joined(separator: ", ")
                    ])
            }
        }
        ul(.class("ways")) {
            li { a(.href(Frame.metersPath(sheet.profile, number))) { sheet.frame.metersTitle } }
            if !sheet.identity.services.isEmpty, mine?.isOwned == true {
                li {
                    a(.href(Frame.accountPath(sheet.profile, number, "services"))) {
                        words("menu.services")
                    }
                }
            }
            li {
                a(.href(Frame.accountPath(sheet.profile, number, "settings"))) {
                    words("account.settings")
                }
            }
        }
    }

    /// «Укажите свои Контактные данные» (SF-054).
    private var contacts: HTML {
        let form = sheet.form(
            "phone", "profile/phone",
            ["phone": words("field.phone"), "password": words("field.password")])
        return section(.class("card stack"), .aria("labelledby", "contacts-title")) {
            h2(.id("contacts-title")) { words("accounts.contacts") }
            p {
                words("field.email") + ": "
                person?.email ?? words("profile.not_given")
            }
            if let phone = person?.confirmed(.sms) {
                p { words("field.phone") + ": " + phone }
            } else {
                form.draw {
                    form.field(
                        "phone", .tel, autocomplete: "tel", inputmode: "tel",
                        hint: words("code.phone_hint"), most: 30)
                    sheet.presentPassword(form)
                    div(.class("buttons")) { form.button(words("code.send")) }
                }
            }
        }
    }

    // MARK: Another one

    private var button: String { language == .ru ? attach.button : words("attach.button") }

    @Children private var form: HTML {
        if !attach.proofs.isEmpty {
            section(.class("card stack"), .id("attach"), .aria("labelledby", "attach-title")) {
                h2(.id("attach-title")) { words("attach.title") }
                if attach.isCascade { steps }
                if !attach.isCascade || cascade.isWhole { proof }
                if sheet.posted.map({ $0.fields["form"] == "attach" }) ?? true { sheet.checkHelp }
                if let help = attach.help { p(.class("hint"), sheet.frame.own) { "* " + help } }
                if let most = attach.mostPerEmail {
                    p(.class("hint")) { words("attach.most", ["most": "\(most)"]) }
                }
            }
        }
    }

    /// Company, house, flat: a page a step, so that it needs no program; what was chosen stays and can be chosen anew.
    @Children private var steps: HTML {
        let companies = sheet.profile.companies
        let company = companies.first { $0.code == cascade.company }
        let house = cascade.houses.first { $0.code == cascade.house }
        Stepper(
            titles: ["attach.company", "attach.house", "attach.flat", "attach.account"].map {
                words($0)
            },
            current: company == nil ? 0 : house == nil ? 1 : cascade.apartment == nil ? 2 : 3,
            frame: sheet.frame
        ).draw()
        dl(.class("pairs")) {
            if let company { chosen("attach.company", company.name, []) }
            if let company, let house {
                chosen("attach.house", Self.house(house.address), [("company", company.code)])
            }
            if let company, let house, let flat = cascade.apartment {
                chosen(
                    "attach.flat", flat, [("company", company.code), ("house", house.code)])
            }
        }
        if company == nil {
            step("company", "attach.company", companies.map { ($0.code, $0.name) }, [])
        } else if let company, house == nil {
            step(
                "house", "attach.house",
                cascade.houses.map { ($0.code, Self.house($0.address)) },
                [("company", company.code)])
        } else if let company, let house, cascade.apartment == nil {
            step(
                "apartment", "attach.flat", cascade.flats.map { ($0.apartment, $0.apartment) },
                [("company", company.code), ("house", house.code)])
        }
    }

    /// The address of a house, of one of its flats'.
    static func house(_ address: String) -> String {
        guard let flat = address.firstRange(of: ", кв. ") else { return address }
        return String(address[..<flat.lowerBound])
    }

    private func chosen(
        _ key: String, _ value: String, _ before: [(String, String)]
    ) -> HTML {
        let query = before.map { "\($0.0)=\(segment($0.1))" }.joined(separator: "&")
        return div {
            dt { words(key) }
            dd(sheet.frame.own) {
                value + " "
                a(
                    .href(sheet.path("accounts") + (query.isEmpty ? "" : "?" + query) + "#attach"),
                    .lang(language.rawValue),
                    .aria("label", "\(words("profile.change")): \(words(key))")
                ) { words("profile.change") }
            }
        }
    }

    private func step(
        _ field: String, _ key: String, _ options: [(value: String, label: String)],
        _ before: [(String, String)]
    ) -> HTML {
        Markup.form(
            .class("entry"), .method(.get), .action(sheet.path("accounts") + "#attach")
        ) {
            for (name, value) in before { input(.type(.hidden), .name(name), .value(value)) }
            div(.class("field")) {
                label(.for("step-\(field)")) { words(key) }
                select(.id("step-\(field)"), .name(field), .required, sheet.frame.own) {
                    option(.value("")) { words("attach.choose") }
                    for choice in options { option(.value(choice.value)) { choice.label } }
                }
            }
            if options.isEmpty {
                Notice.warning.inline(language, words("attach.nothing"))
            }
            div(.class("buttons")) {
                Markup.button(.type(.submit), .class("main")) { words("form.continue") }
            }
        }
    }

    private static let factors: [IdentityProfile.Factor: [String]] = [
        .surname: ["surname"], .apartment: ["apartment"], .password: ["password"],
        .payment: ["last_payment_on", "last_payment"], .bill: ["bill_month", "bill_total"],
        .code: ["code"],
    ]

    /// «Платёжный код», «Лицевой счет», «Номер лицевого счета».
    private var number: String {
        switch sheet.identity.mode {
        case .email: "attach.payment_code"
        case .login: "attach.account"
        case .account: "login.account"
        }
    }

    private var proof: HTML {
        let endings = cascade.flats.first { $0.apartment == cascade.apartment }?.endings ?? []
        let form = sheet.form(
            "attach", "accounts",
            [
                "account": words(number),
                "surname": words("field.surname"), "apartment": words("field.apartment"),
                "password": words("attach.password"),
                "last_payment_on": words("attach.paid_on"), "last_payment": words("attach.paid"),
                "bill_month": words("attach.bill_month"),
                "bill_total": words("attach.bill_total"), "code": words("attach.code"),
                "answer": words("attach.answer"),
            ])
        return form.draw {
            if attach.isCascade {
                form.hidden("company", cascade.company ?? "")
                form.hidden("house", cascade.house ?? "")
                if let flat = cascade.apartment { form.hidden("apartment", flat) }
            }
            form.field(
                "account", autocomplete: "off",
                hint: endings.isEmpty
                    ? words(
                        sheet.identity.mode == .email
                            ? "attach.payment_code_hint" : "entry.account_hint")
                    : words(
                        "attach.endings",
                        ["endings": endings.map { "…\($0)" }.joined(separator: ", ")]),
                most: 40)
            if attach.proofs.count > 1 {
                p { words("attach.ways") }
                for (index, proof) in attach.proofs.enumerated() {
                    fieldset(.class("way")) {
                        legend { words("attach.way", ["n": "\(index + 1)"]) }
                        fields(form, proof, after: attach.proofs[..<index], isAlone: false)
                    }
                }
            } else if let proof = attach.proofs.first {
                fields(form, proof, after: [], isAlone: true)
            }
            if attach.question, let riddle {
                form.hidden("question", riddle.token)
                form.field(
                    "answer", autocomplete: "off", inputmode: "numeric", hint: riddle.text,
                    most: 20)
            }
            div(.class("buttons")) { form.button(button, isOwn: true) }
        }
    }

    /// The fields of one way to prove it, without those that stand above already.
    @Children private func fields(
        _ form: Form, _ proof: Set<IdentityProfile.Factor>,
        after: ArraySlice<Set<IdentityProfile.Factor>>, isAlone: Bool
    ) -> HTML {
        let above = after.reduce(into: Set()) { $0.formUnion($1) }
        for factor in IdentityProfile.Factor.allCases
        where proof.contains(factor) && !above.contains(factor) {
            switch factor {
            case .surname:
                form.field(
                    "surname", autocomplete: "off", hint: words("entry.surname_hint"),
                    required: isAlone, most: 100, isOneWay: true)
            case .apartment:
                if !attach.isCascade {
                    form.field(
                        "apartment", autocomplete: "off", required: isAlone, most: 30,
                        isOneWay: true)
                }
            case .password:
                form.field(
                    "password", .password, autocomplete: "off",
                    hint: words("attach.password_hint"), required: isAlone,
                    most: 4 * sheet.identity.password.most, isOneWay: true)
            case .payment:
                fieldset(.class("together")) {
                    legend { words("attach.last_payment") }
                    form.field(
                        "last_payment_on", .date, autocomplete: "off", required: isAlone, most: 10,
                        isOneWay: true)
                    form.field(
                        "last_payment", autocomplete: "off", inputmode: "decimal",
                        hint: words("attach.paid_hint"), required: isAlone, most: 20, isOneWay: true
                    )
                }
            case .bill:
                fieldset(.class("together")) {
                    legend { words("attach.bill") }
                    form.field(
                        "bill_month", .month, autocomplete: "off",
                        hint: words("attach.bill_month_hint"), required: isAlone, most: 7,
                        isOneWay: true)
                    form.field(
                        "bill_total", autocomplete: "off", inputmode: "decimal",
                        hint: words("attach.paid_hint"), required: isAlone, most: 20, isOneWay: true
                    )
                }
            case .code:
                form.field(
                    "code", autocomplete: "off", hint: words("attach.code_hint"),
                    required: isAlone, most: 50, isOneWay: true)
            }
        }
    }
}

/// An account of one's own: what it is called, who else may use it, its end (SF-086, SF-088).
struct AccountPage {
    var sheet: Sheet
    var account: Session.Account
    var flat: FlatView
    var shares: [ShareView]

    private var language: Language { sheet.language }
    private var path: String { "accounts/\(segment(account.number))" }

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    func response() -> Response {
        sheet.response(words("page.account", ["number": account.number])) {
            p(sheet.frame.own) { Words.address(flat.account.address) }
            naming
            if account.isOwned { sharing }
            if sheet.identity.attach.detach || !account.isOwned { detaching }
            p { a(.href(sheet.path("accounts"))) { words("form.back") } }
        }
    }

    private var naming: HTML {
        let form = sheet.form(
            "name", "\(path)/name", initial: ["name": account.name ?? ""],
            ["name": words("account.name")])
        return section(.class("card stack"), .aria("labelledby", "name-title")) {
            h2(.id("name-title")) { words("account.name_title") }
            form.draw {
                form.field(
                    "name", autocomplete: "off", hint: words("account.name_hint"),
                    required: false, most: 50)
                div(.class("buttons")) { form.button(words("form.save")) }
            }
        }
    }

    private var sharing: HTML {
        let form = sheet.form(
            "share", "\(path)/shares",
            [
                "email": words("field.email"), "right_readings": words("right.readings"),
                "right_pay": words("right.pay"),
            ])
        return section(.class("card stack"), .id("shares"), .aria("labelledby", "share-title")) {
            h2(.id("share-title")) { words("share.title") }
            p { words("share.text") }
            if !shares.isEmpty {
                ul(.class("list")) { for share in shares { li { shared(share) } } }
            }
            form.draw {
                h3 { words("share.invite") }
                form.field(
                    "email", .email, autocomplete: "off", inputmode: "email",
                    hint: words("share.email_hint"))
                fieldset(.class("choice")) {
                    legend { words("share.rights") }
                    form.tick("right_readings")
                    form.tick("right_pay")
                }
                p(.class("hint")) { words("share.rights_hint") }
                div(.class("buttons")) { form.button(words("share.button")) }
            }
        }
    }

    @Children private func shared(_ share: ShareView) -> HTML {
        let end = sheet.form("end", "\(path)/shares/\(segment(share.id))/end")
        div {
            p { strong { share.email } }
            p(.class("hint")) {
                share.rights.map { words("right.\($0.rawValue)") }.joined(separator: ", ") + " · "
                    + (share.isAccepted
                        ? share.other.map { words("share.accepted_by", ["who": $0]) }
                            ?? words("share.accepted")
                        : words(
                            "share.waiting", ["time": Words.moment(share.expires, language)]))
            }
        }
        end.draw("inline") { end.button(words("share.end"), quiet: true) }
    }

    private var detaching: HTML {
        let form = sheet.form("detach", "\(path)/detach")
        return section(.class("card stack"), .aria("labelledby", "detach-title")) {
            h2(.id("detach-title")) { words("detach.title") }
            p { words("detach.text") }
            form.draw {
                div(.class("buttons")) {
                    button(.type(.submit), .class("danger")) { words("detach.button") }
                }
            }
        }
    }
}

/// «Дополнительные услуги (сервисы)» (SF-130…SF-137): consents, each with its text, none ticked beforehand.
struct ServicesPage {
    var sheet: Sheet
    var account: Session.Account
    var flat: FlatView
    var person: PersonView
    var consents: [ConsentView]

    private func words(_ key: String, _ values: [String: String] = [:]) -> String {
        sheet.words(key, values)
    }

    func response() -> Response {
        let services = sheet.identity.services
        var initial: [String: String] = [:]
        for consent in consents where consent.isGiven { initial["on_\(consent.purpose)"] = "1" }
        let form = Form(
            frame: sheet.frame, name: "services",
            action: "/\(sheet.profile.code)/accounts/\(segment(account.number))/services",
            outcome: sheet.posted, key: sheet.makeKey(), initial: initial,
            labels: services.map { ("on_\($0.purpose.rawValue)", $0.title) },
            isToldAbove: sheet.isTold)
        return sheet.response(words("menu.services")) {
            p {
                words("page.account", ["number": account.number]) + ", "
                span(sheet.frame.own) { Words.address(flat.account.address) }
            }
            if account.isOwned {
                form.draw("entry card stack") {
                    p(.class("hint")) { words("services.text") }
                    for service in services { purpose(service, form) }
                    div(.class("buttons")) { form.button(words("services.save")) }
                }
            } else {
                Notice.warning.draw(sheet.language) { words("services.not_owner") }
            }
        }
    }

    @Children private func purpose(_ service: IdentityProfile.Consent, _ form: Form) -> HTML {
        let name = service.purpose.rawValue
        div(.class("purpose")) {
            form.hidden("version_\(name)", service.version)
            form.tick("on_\(name)", hint: service.text, isOwn: true)
            if let way = service.purpose.way {
                p(.class("contact")) {
                    words(way == .sms ? "field.phone" : "field.email") + ": "
                    contact(way)
                }
            } else {
                p(.class("contact"), sheet.frame.own) {
                    words("profile.address") + ": " + Words.address(flat.account.address)
                }
            }
            if let consent = consents.first(where: { $0.purpose == name }) {
                p(.class("hint contact")) {
                    words(
                        consent.isGiven ? "services.since" : "services.until",
                        ["time": Words.moment(consent.at, sheet.language)])
                }
            }
        }
    }

    /// Where it goes (SF-131, SF-133): what was confirmed here; else what the base has, to be confirmed.
    @Children private func contact(_ way: IdentityProfile.Way) -> HTML {
        let base = way == .sms ? flat.phone : flat.email
        let link =
            way == .sms ? sheet.path("profile/phone") : sheet.path("profile") + "#password"
        if let known = person.confirmed(way) {
            Self.masked(known, way)
            " "
            a(.href(link)) { words("profile.change") }
        } else if let base, !base.isEmpty {
            words("services.of_base", ["contact": Self.masked(base, way)]) + " "
            a(.href(link)) { words("services.confirm") }
        } else {
            words("profile.not_given") + " "
            a(.href(link)) { words("services.enter") }
        }
    }

    static func masked(_ contact: String, _ way: IdentityProfile.Way) -> String {
        switch way {
        case .email: EmailAddress(contact)?.masked ?? "***"
        case .sms: PhoneNumber(contact)?.masked ?? "***"
        }
    }
}

/// One click in a letter (RFC 8058), and a page for people with a button: mail scanners open links.
struct UnsubscribePage {
    var frame: Frame
    var token: String
    var key: String
    /// What the button ends; nil: that is not known.
    var wayOut: WayOutView?
    var outcome: FormOutcome?
    var isDone: Bool

    func draw() -> HTML {
        let form = Form(
            frame: frame, name: "unsubscribe", action: "/unsubscribe/\(segment(token))",
            outcome: outcome, key: key)
        return frame.draw(frame.words("unsubscribe.title")) {
            div(.class("narrow card")) {
                h1 { frame.words("unsubscribe.title") }
                if isDone {
                    Notice.done.draw(frame.language, role: "status") {
                        frame.words("done.unsubscribed")
                    }
                } else {
                    let isOver = outcome == nil && wayOut?.isOver == true
                    if isOver {
                        Notice.done.draw(frame.language, role: "status") {
                            frame.words("unsubscribe.over")
                        }
                    } else {
                        p { frame.words("unsubscribe.text") }
                    }
                    if let wayOut {
                        p {
                            strong(frame.own) { wayOut.service }
                            " · " + frame.words("unsubscribe.account", ["ending": wayOut.ending])
                                + " · "
                            span(frame.own) { wayOut.organization }
                        }
                    }
                    if !isOver {
                        form.draw {
                            div(.class("buttons")) {
                                form.button(frame.words("unsubscribe.button"))
                            }
                        }
                    }
                }
            }
        }
    }
}
