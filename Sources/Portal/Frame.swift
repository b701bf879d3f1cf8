package import Access
package import Commands
import Markup
import Store
package import Words

/// What stands around every page: the organization, the person, the way out, languages, the footer
/// (SF-013…015), and the sections of who is signed in (SF-091).
package struct Frame: Sendable, Equatable {
    /// A page of the menu.
    package enum Section: Sendable {
        case home, meters, submit, settlements, charges, payments, bills, suppliers, house, services
        case accounts, profile
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
    /// What was posted to the account, as it is called, and in which tabs it stands.
    var charged = MoneyNames()
    var groups: [ServiceGroup] = []
    /// The tab that is chosen.
    var kind: String?
    /// The service that the page is of, and no other (SF-110).
    var service: Service?
    /// Of which sections «Справка» was closed.
    var dismissed: Set<Profile.Help.Section> = []
    package var isSignedIn: Bool
    /// The operators' console: it has a way out of its own, and no sections of residents.
    package var isConsole = false
    /// False: to leave for another language would lose what was typed.
    var offersLanguages = true
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
        let name = isConsole ? words("console.title") : profile?.title ?? "Kabinet"
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
            p(.class("outdated")) { words("frame.outdated") }
            top
            if let profile, hasColumn {
                div(.class("wide beside")) {
                    column(profile)
                    middle(content)
                }
            } else {
                sections
                middle(content)
            }
            bottom
            Script.voice
        }
    }

    private func middle(@Children _ content: () -> HTML) -> HTML {
        main(.id("content"), .tabindex(-1)) {
            if let profile { Help(frame: self, profile: profile).box }
            consumption
            content()
        }
    }

    /// One's own meters and those of the house, where tabs of services lead to both (SF-114).
    @Children private var consumption: HTML {
        if let profile, let account, profile.menu == .services,
            section == .house && profile.charges.view != .none
                || section == .meters && path == Self.metersPath(profile, account)
        {
            ServiceTabs(frame: self, profile: profile, account: account, group: tab).draw()
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
                        attach(profile)
                        p(.class("greeting"), .data("person", person)) {
                            words("page.greeting", ["name": person])
                        }
                        signOut(profile)
                    }
                    if offersLanguages { languages }
                }
            }
        }
    }

    private func signOut(_ profile: Profile) -> HTML {
        form(
            .method(.post), .action("/\(profile.code)/\(isConsole ? "operator/" : "")sign-out")
        ) {
            button(.type(.submit), .class("quiet")) { words("page.sign_out") }
        }
    }

    /// SF-065: the portal of names has it in the header.
    @Children private func attach(_ profile: Profile) -> HTML {
        if !isConsole, let identity = profile.identity, identity.mode == .login,
            !identity.attach.proofs.isEmpty
        {
            a(.class("attach"), .href("/\(profile.code)/accounts#attach")) {
                language == .ru ? identity.attach.button : words("attach.button")
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

    // MARK: Sections

    /// The account that the menu is of.
    private var shown: String? { account ?? (isSignedIn ? accounts.first : nil) }

    /// «Разделы» stands at the left (SF-091).
    private var hasColumn: Bool {
        isSignedIn && !isConsole && profile?.menu == .sections && profile?.identity != nil
    }

    /// The menu in a line; «Передать показания» where the profile says (SF-143: at the top left or right, or in the menu); the
    /// accounts (SF-086).
    @Children private var sections: HTML {
        if let profile, !isConsole, isSignedIn || shown != nil {
            nav(.class("sections"), .aria("label", words("page.sections"))) {
                div(.class("wide")) {
                    let place = profile.readings.linkPlace
                    if let shown, place == .left || place == .menu && profile.identity == nil {
                        submitLink(profile, shown)
                    }
                    if let identity = profile.identity, isSignedIn {
                        ul(.class("menu")) { items(profile, identity) }
                    }
                    if let shown, place == .right {
                        submitLink(profile, shown, "submit-link right")
                    }
                    switching(profile)
                }
            }
        }
    }

    private func column(_ profile: Profile) -> HTML {
        nav(.class("sections column"), .aria("labelledby", "sections")) {
            h2(.id("sections")) { words("page.sections") }
            ul(.class("menu")) {
                if let identity = profile.identity { items(profile, identity) }
                li { signOut(profile) }
            }
            if let shown {
                switch profile.readings.linkPlace {
                case .left, .right: submitLink(profile, shown)
                case .menu: HTML.empty
                }
            }
            switching(profile)
        }
    }

    @Children private func items(_ profile: Profile, _ identity: IdentityProfile) -> HTML {
        let menu = Menu(frame: self, profile: profile, identity: identity, shown: shown)
        for item in menu.items {
            li(item.isLast ? .class("last") : nil) {
                a(
                    .href(item.path), item.isOwn ? own : nil,
                    item.current.map { .aria("current", $0) }
                ) { item.title }
            }
        }
    }

    private func submitLink(
        _ profile: Profile, _ shown: String, _ kind: String = "submit-link"
    ) -> HTML {
        // Else its item in the menu says it.
        let isCurrent = section == .submit && profile.readings.linkPlace != .menu
        return a(
            .class(kind), .href(submitPath(profile, shown)),
            isCurrent ? .aria("current", "page") : nil
        ) { submitTitle }
    }

    func submitPath(_ profile: Profile, _ shown: String) -> String {
        Self.accountPath(profile, shown, "submit")
    }

    /// «Передать показания», «Ввести значения».
    var submitTitle: String {
        if language == .ru, let profile { return profile.readings.words.link }
        return words("meters.link")
    }

    /// The same as something to do, where the menu calls it by its section: «Показания счетчиков».
    var submitAct: String {
        profile?.readings.linkPlace == .menu ? words("meters.link") : submitTitle
    }

    /// What the page of meters is called.
    var metersTitle: String {
        if language == .ru, let profile { return profile.readings.words.title }
        return words("meters.title")
    }

    // The words of the menu go by how people come in: the manuals of numbers say «Личные данные», those of names and addresses
    // «Мой профиль» (features.md §15 `menu`).

    static func homeKey(_ identity: IdentityProfile) -> String {
        identity.mode == .email ? "menu.account" : "menu.home"
    }

    static func profileKey(_ identity: IdentityProfile) -> String {
        identity.mode == .account ? "menu.data" : "menu.profile"
    }

    /// Which account it is, and the others behind it.
    @Children private func switching(_ profile: Profile) -> HTML {
        let isWhole = profile.identity != nil && isSignedIn
        if accounts.count > 1 {
            details(.class("accounts")) {
                summary {
                    if let account {
                        span(.class("hint")) { words("frame.account") + " " }
                        b { named(account) }
                    } else {
                        words("page.accounts") + ": \(accounts.count)"
                    }
                }
                ul {
                    for number in accounts {
                        li {
                            a(
                                .href(Self.accountPath(profile, number, accountPage)),
                                number == account ? .aria("current", "true") : nil
                            ) { named(number) }
                        }
                    }
                    if isWhole { li { all(profile) } }
                }
            }
        } else if isWhole {
            p(.class("accounts")) { all(profile) }
        }
    }

    private func all(_ profile: Profile) -> HTML {
        a(
            .class("all"), .href("/\(profile.code)/accounts"),
            section == .accounts ? .aria("current", "page") : nil
        ) { words("menu.accounts") }
    }

    /// «Дача, № 6262001».
    @Children func named(_ number: String) -> HTML {
        let written = words("page.number", ["number": number])
        if let name = names[number] {
            name
            span(.class("number")) { ", " + written }
        } else {
            written
        }
    }

    @Children private var bottom: HTML {
        if let profile {
            let help = Help(frame: self, profile: profile)
            if !profile.footer.isEmpty || !profile.contacts.isEmpty || !profile.browsers.isEmpty
                || help.isClosed
            {
                footer(.class("bottom")) {
                    div(.class("wide"), own) {
                        contacts(profile.contacts)
                        for line in profile.footer { p { line } }
                        if !profile.browsers.isEmpty {
                            p(.lang(language.rawValue)) {
                                words(
                                    "page.browsers",
                                    ["list": profile.browsers.joined(separator: ", ")])
                            }
                        }
                        help.again
                    }
                }
            }
        }
    }

    /// An address as people write it.
    private static func bare(_ site: String) -> String {
        for scheme in ["https://", "http://"] where site.hasPrefix(scheme) {
            return String(site.dropFirst(scheme.count))
        }
        return site
    }

    @Children func contacts(_ contacts: Profile.Contacts) -> HTML {
        if !contacts.isEmpty {
            address(.class("contacts")) {
                contacts.address.map { place in span { Words.address(place) } }
                contacts.phone.map { phone in
                    a(.href("tel:\(PhoneNumber(phone)?.text ?? phone)")) { phone }
                }
                contacts.email.map { email in a(.href("mailto:\(email)")) { email } }
                contacts.site.map { site in a(.href(site)) { Self.bare(site) } }
            }
        }
    }
}
