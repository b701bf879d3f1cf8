package import Access
package import Commands
import Markup
package import Words

/// What stands around every page: the organization, the person, the way out, languages, the footer
/// (SF-013…015), and the sections of who is signed in (SF-091).
package struct Frame: Sendable {
    /// A page of the menu.
    package enum Section: Sendable {
        case home, settlements, charges, payments, bills, house, services, accounts, profile
    }

    /// Nil where no organization is known: a wrong address, the outbox.
    package var profile: Profile?
    package var language: Language
    /// As the greeting addresses them: «Иван Иванович». Empty = nobody is signed in.
    package var person: String
    /// Numbers of the accounts that the person may switch between (SF-106).
    package var accounts: [String]
    /// What the person calls some of them, by number: «дача».
    package var names: [String: String] = [:]
    /// The number of the one that is shown.
    package var account: String?
    /// The page of an account that switching leads to.
    package var accountPage = "meters"
    package var section: Section?
    package var isSignedIn: Bool
    /// The operators' console: it has a way out of its own, and no sections of residents.
    package var isConsole = false
    /// The address of the page by GET, for the language switch: a page that answers a post stands
    /// at another.
    package var path: String
    /// What its address says behind the question mark, to stay there in another language: `kind=gas`.
    package var query = ""

    package init(
        profile: Profile?, language: Language, person: String = "", accounts: [String] = [],
        account: String? = nil, path: String? = nil
    ) {
        self.profile = profile
        self.language = language
        self.person = person
        self.accounts = accounts
        self.account = account
        isSignedIn = !person.isEmpty
        self.path =
            path
            ?? profile.map { profile in
                account.map { Self.metersPath(profile, $0) } ?? "/\(profile.code)/"
            } ?? ""
    }

    /// The frame of somebody signed in.
    package init(
        _ profile: Profile, _ session: Session, _ language: Language, account: String? = nil,
        section: Section? = nil, path: String? = nil
    ) {
        self.init(
            profile: profile, language: language,
            person: session.name.isEmpty ? session.login : session.name,
            accounts: session.accounts.map(\.number), account: account, path: path)
        for account in session.accounts { names[account.number] = account.name }
        self.section = section
        isSignedIn = true
    }

    /// Items of a query as they stand in an address, in the order of their names; what is longer than our pages ask for is left
    /// out.
    static func query(_ items: [String: String], but left: Set<String> = []) -> String {
        items.sorted { $0.key < $1.key }.compactMap { name, value -> String? in
            guard !left.contains(name), name.utf8.count <= 30, value.utf8.count <= 1_000 else {
                return nil
            }
            return "\(segment(name))=\(segment(value))"
        }.prefix(10).joined(separator: "&")
    }

    static func metersPath(_ profile: Profile, _ account: String) -> String {
        accountPath(profile, account, "meters")
    }

    static func accountPath(_ profile: Profile, _ account: String, _ page: String) -> String {
        "/\(profile.code)/accounts/\(segment(account))" + (page.isEmpty ? "" : "/\(page)")
    }

    /// «Главная» of an account: where money is shown that is what it owes, else its meters.
    static func homePath(_ profile: Profile, _ account: String) -> String {
        accountPath(profile, account, profile.charges.view == .none ? "meters" : "")
    }

    func words(_ key: String, _ values: [String: String] = [:]) -> String {
        Words.text(key, language, values)
    }

    /// The organization's own words are Russian; screen readers must know when the page is not.
    var own: Attribute? { language == .ru ? nil : .lang("ru") }

    func draw(_ heading: String, @Children _ content: () -> HTML) -> HTML {
        let name = profile?.title ?? "Kabinet"
        return document(lang: language.rawValue, title: "\(heading) — \(name)") {
            meta(.name("color-scheme"), .content("light dark"))
            meta(.name("robots"), .content("noindex"))
            link(
                .rel("icon"), .href(profile.flatMap(Logo.address) ?? Stylesheet.iconAddress),
                .custom("type", "image/svg+xml"))
            link(.rel("stylesheet"), .href(Stylesheet.address(profile?.accent)))
            Script.tag
        } body: {
            a(.class("skip"), .href("#content")) { words("page.skip") }
            top
            sections
            main(.id("content"), .tabindex(-1)) { content() }
            bottom
            Script.voice
        }
    }

    private var top: HTML {
        header(.class("top")) {
            div(.class("wide")) {
                div(.class("brand"), own) {
                    if let address = profile.flatMap(Logo.address) {
                        img(.class("logo"), .src(address), .alt(""))
                    }
                    div {
                        if let profile {
                            p(.class("organization")) { profile.name }
                            p(.class("cabinet")) {
                                a(.href("/\(profile.code)/\(isConsole ? "operator/" : "")")) {
                                    isConsole ? words("console.title") : profile.title
                                }
                            }
                        } else {
                            p(.class("cabinet")) { "Kabinet" }
                        }
                    }
                }
                div(.class("person")) {
                    if let profile, isSignedIn {
                        p(.class("greeting")) { words("page.greeting", ["name": person]) }
                        form(
                            .method(.post),
                            .action("/\(profile.code)/\(isConsole ? "operator/" : "")sign-out")
                        ) {
                            button(.type(.submit), .class("quiet")) { words("page.sign_out") }
                        }
                    }
                    languages
                }
            }
        }
    }

    @Children private var languages: HTML {
        nav(.class("languages"), .aria("label", words("page.language"))) {
            for other in Language.allCases {
                a(
                    .href("\(path)?\(query.isEmpty ? "" : query + "&")lang=\(other.rawValue)"),
                    .lang(other.rawValue),
                    .custom("hreflang", other.rawValue),
                    other == language ? .aria("current", "true") : nil,
                    .aria("label", words("page.language.\(other.rawValue)"))
                ) { other.rawValue.uppercased() }
            }
        }
    }

    /// «Передать показания» stands where the profile says (SF-143: at the top left or right, or in the menu); beside it the
    /// other sections, and the accounts when there are several (SF-086).
    @Children private var sections: HTML {
        if isConsole {
        } else if let profile, let shown = account ?? (isSignedIn ? accounts.first : nil) {
            nav(.class("sections"), .aria("label", words("page.sections"))) {
                div(.class("wide")) {
                    let place = profile.readings.linkPlace
                    if place == .left { submitLink(profile, shown) }
                    menu(profile, shown)
                    if place == .menu, profile.identity == nil { submitLink(profile, shown) }
                    if place == .right { submitLink(profile, shown, "submit-link right") }
                    switching(profile)
                }
            }
        } else if let profile, isSignedIn {
            nav(.class("sections"), .aria("label", words("page.sections"))) {
                div(.class("wide")) { menu(profile, nil) }
            }
        }
    }

    private func submitLink(
        _ profile: Profile, _ shown: String, _ kind: String = "submit-link"
    ) -> HTML {
        a(.class(kind), .href("\(Self.metersPath(profile, shown))#meters"), own) {
            language == .ru ? profile.readings.words.link : words("meters.link")
        }
    }

    /// What the page of meters is called.
    var metersTitle: String {
        if language == .ru, let profile { return profile.readings.words.title }
        return words("meters.title")
    }

    /// The words of the menu go by how people come in: the manuals of numbers say «Личные данные», those of names and
    /// addresses «Мой профиль» (features.md §15 `menu`).
    @Children private func menu(_ profile: Profile, _ shown: String?) -> HTML {
        if let identity = profile.identity, isSignedIn {
            ul(.class("menu")) {
                item(
                    // One's first account needs no number.
                    shown == nil || shown == accounts.first || profile.charges.view == .none
                        ? "/\(profile.code)/" : Self.homePath(profile, shown ?? ""), .home,
                    words(Self.homeKey(identity)))
                if let shown { money(profile, identity, shown) }
                if let shown, profile.houseMeters == .tab {
                    item(
                        Self.accountPath(profile, shown, "house-meters"), .house,
                        words("menu.house"))
                }
                if let shown, !identity.services.isEmpty {
                    item(
                        Self.accountPath(profile, shown, "services"), .services,
                        words("menu.services"))
                }
                item("/\(profile.code)/accounts", .accounts, words("menu.accounts"))
                // SF-065: the portal of names has it in the header.
                if identity.mode == .login, !identity.attach.proofs.isEmpty {
                    li {
                        a(.href("/\(profile.code)/accounts#attach"), own) {
                            language == .ru ? identity.attach.button : words("attach.button")
                        }
                    }
                }
                item("/\(profile.code)/profile", .profile, words(Self.profileKey(identity)))
            }
        }
    }

    /// What is shown of money, and what it is called (features.md §15: `menu`, `settlements.view`).
    @Children private func money(
        _ profile: Profile, _ identity: IdentityProfile, _ shown: String
    ) -> HTML {
        let link =
            profile.readings.linkPlace == .menu
            ? li { submitLink(profile, shown) } : HTML.empty
        switch profile.charges.view {
        case .none: link
        case .settlements:
            link
            item(
                Self.accountPath(profile, shown, "settlements"), .settlements,
                words("menu.settlements"))
        case .movements:
            item(Self.accountPath(profile, shown, "charges"), .charges, words("menu.charges"))
            link
            item(Self.accountPath(profile, shown, "payments"), .payments, words("menu.payments"))
        case .summary:
            link
            // Manual 002 has all of it on the first page.
            if identity.mode == .email {
                item(
                    Self.accountPath(profile, shown, "bills"), .bills,
                    language == .ru ? profile.charges.bills.word : words("menu.bills"))
                item(
                    Self.accountPath(profile, shown, "payments"), .payments,
                    words("menu.payments"))
            }
        }
    }

    static func homeKey(_ identity: IdentityProfile) -> String {
        identity.mode == .email ? "menu.account" : "menu.home"
    }

    static func profileKey(_ identity: IdentityProfile) -> String {
        identity.mode == .account ? "menu.data" : "menu.profile"
    }

    private func item(_ path: String, _ section: Section, _ text: String) -> HTML {
        li { a(.href(path), section == self.section ? .aria("current", "page") : nil) { text } }
    }

    @Children private func switching(_ profile: Profile) -> HTML {
        if accounts.count > 1 {
            div(.class("accounts")) {
                span(.id("accounts")) { words("page.accounts") }
                ul(.aria("labelledby", "accounts")) {
                    for number in accounts {
                        li {
                            a(
                                .href(Self.accountPath(profile, number, accountPage)),
                                number == account ? .aria("current", "page") : nil
                            ) {
                                if let name = names[number] {
                                    name
                                    " "
                                    span(.class("spoken")) { number }
                                } else {
                                    number
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    @Children private var bottom: HTML {
        if let profile,
            !profile.footer.isEmpty || !profile.contacts.isEmpty || !profile.browsers.isEmpty
        {
            footer(.class("bottom")) {
                div(.class("wide"), own) {
                    for line in profile.footer { p { line } }
                    contacts(profile.contacts)
                    if !profile.browsers.isEmpty {
                        p(.lang(language.rawValue)) {
                            words(
                                "page.browsers",
                                ["list": profile.browsers.joined(separator: ", ")])
                        }
                    }
                }
            }
        }
    }

    @Children private func contacts(_ contacts: Profile.Contacts) -> HTML {
        if !contacts.isEmpty {
            address(.class("contacts")) {
                contacts.address.map { place in span { place } }
                contacts.phone.map { phone in
                    a(.href("tel:\(PhoneNumber(phone)?.text ?? phone)")) { phone }
                }
                contacts.email.map { email in a(.href("mailto:\(email)")) { email } }
                contacts.site.map { site in a(.href(site)) { site } }
            }
        }
    }
}

/// A message with a mark and a word, so that colour never says it alone (WCAG 1.4.1).
enum Notice: String {
    case done, warning, question, error

    private var word: String { "page.\(rawValue)_mark" }

    func draw(
        _ language: Language, id: String? = nil, role: String? = nil,
        @Children _ content: () -> HTML
    ) -> HTML {
        div(.class("notice \(rawValue)"), id.map { .id($0) }, role.map { .role($0) }) {
            icon
            div {
                strong(.class(self == .done ? "spoken" : "")) { Words.text(word, language) }
                " "
                content()
            }
        }
    }

    /// The same beside a field or in a table, on a line.
    func inline(_ language: Language, id: String? = nil, _ text: String) -> HTML {
        p(.class("remark \(rawValue)"), id.map { .id($0) }) {
            icon
            span {
                span(.class("spoken")) { Words.text(word, language) + " " }
                text
            }
        }
    }

    var icon: HTML {
        SVG.svg(
            .class("icon"), .custom("viewBox", "0 0 20 20"), .aria("hidden", "true"),
            .custom("focusable", "false")
        ) {
            SVG.path(.custom("d", path), .custom("fill-rule", "evenodd"))
        }
    }

    private var path: String {
        switch self {
        case .done:
            "M10 1a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-1.2 12.7-3.5-3.5 1.4-1.4 2.1 2.1 "
                + "4.5-4.5 1.4 1.4-5.9 5.9Z"
        case .warning: "M10 1.5 19.5 18H.5L10 1.5ZM9 7v6h2V7H9Zm0 7.5v2h2v-2H9Z"
        case .question:
            "M10 1a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-1 12.5h2v2H9v-2Zm2-1.2H9c0-2.6 2-2.5 "
                + "2-4.1a1 1 0 0 0-2 0H7a3 3 0 0 1 6 0c0 2.1-2 2.4-2 4.1Z"
        case .error:
            "M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3L6.3 1ZM9 5v6h2V5H9Zm0 7.5v2h2v-2H9Z"
        }
    }
}
