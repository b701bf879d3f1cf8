public import Access
public import Commands
public import HTTP
import Markup
import Store
import Telemetry
import Threads
public import Words

/// Who asks for a page, where, in which language, and what the address says behind its question mark.
public struct Visit: Sendable {
    public var profile: Profile
    /// Nil: nobody is signed in.
    public var session: Session?
    public var language: Language
    public var query: [String: String]
    /// The page that is asked for, to come back to after signing in.
    public var wanted: WantedPage?
    /// What has become of the command of `?pending=`; nil when that is not known.
    public var decided: Outcome?
    /// What the browser holds since it began registrations.
    public var browsers: [String]
    /// Of which sections «Справка» was closed.
    public var dismissed: Set<Profile.Help.Section>
    /// Makes a question against machines; nil while none can be asked.
    public var riddle: @Sendable () -> Riddle?
    /// What was typed on this page when its session had ended.
    public var kept: FormOutcome?
    /// Something that was typed waits for its owner to sign in.
    public var keeps = false
    /// Something was posted here; and what, should its page not be drawn.
    public var isPosted = false
    public var held: HeldForm?
    /// The browser takes gzip.
    public var takesGzip = false

    /// Nothing but who asks decides what is drawn, beside what there is to draw: no form that comes back, nothing to be told.
    var isPlain: Bool {
        takesGzip && !isPosted && held == nil && query.isEmpty && decided == nil && kept == nil
            && !keeps
    }

    /// How the page is asked for again; nil: it would not have what was posted.
    var retry: Retry? { held.map(Retry.form) ?? (isPosted ? nil : Retry.page) }

    public init(
        profile: Profile, session: Session?, language: Language, query: [String: String] = [:],
        wanted: WantedPage? = nil, decided: Outcome? = nil, browsers: [String] = [],
        dismissed: Set<Profile.Help.Section> = [],
        riddle: @escaping @Sendable () -> Riddle? = { nil }
    ) {
        self.wanted = wanted
        self.decided = decided
        self.browsers = browsers
        self.dismissed = dismissed
        self.profile = profile
        self.session = session
        self.language = language
        self.query = query
        self.riddle = riddle
    }
}

/// What pages are given that nobody may guess: made where randomness is, in `kabinet`.
public struct PortalSecrets: Sendable {
    /// A new idempotency key.
    public var key: @Sendable () -> String
    /// What an authenticator is to know, in Base32: the same for a session, however often it asks.
    public var authenticator: @Sendable (Session) -> String
    /// The hash under which a token rests.
    public var hash: @Sendable (String) -> [UInt8]

    public init(
        key: @escaping @Sendable () -> String,
        authenticator: @escaping @Sendable (Session) -> String = { _ in "" },
        hash: @escaping @Sendable (String) -> [UInt8] = { _ in [] }
    ) {
        self.key = key
        self.authenticator = authenticator
        self.hash = hash
    }
}

extension WantedPage {
    /// The page of an organization that a request asks for, without what was told on it once.
    public init?(_ request: Request) {
        let path = request.path.dropFirst().map { segment($0) }.joined(separator: "/")
        let query = Frame.query(
            Dictionary(request.queryItems, uniquingKeysWith: { first, _ in first }),
            but: ["lang", "done", "deleted", "pending", "try", "next"])
        self.init(query.isEmpty ? path : "\(path)?\(query)")
    }

    /// The account that the page is of; nil: of none.
    var account: AccountNumber? {
        let parts = path.split(separator: "/")
        guard parts.count > 1, parts[0] == "accounts" else { return nil }
        // No «+» stands in a path of ours: it is decoded as a form's value is.
        return Request.pairs("account=\(parts[1])")?.first.flatMap { AccountNumber($0.1) }
    }
}

extension Portal {
    /// The page of a route, or of a form that did not end in 303.
    /// - Parameters:
    ///   - form: what was posted, and how it ended.
    ///   - authenticator: what was shown before the form was posted, to stand there again.
    ///   - recovery: codes to be shown once: the second factor was switched on.
    public func page(
        _ page: FormPage, _ visit: Visit, form: FormOutcome? = nil, authenticator: String? = nil,
        recovery: [String] = []
    ) -> Response {
        switch page {
        case .secondFactor:
            return secondFactor(visit, form, authenticator, recovery)
        case .submit(let account):
            guard let session = visit.session else { return signedOut(visit) }
            return submit(
                Viewer(profile: visit.profile, session: session, language: visit.language),
                account: account, form: form, notice: SubmitNotice { visit.query[$0] })
        case .meters(let account):
            guard let session = visit.session else { return signedOut(visit) }
            return meters(
                Viewer(
                    profile: visit.profile, session: session, language: visit.language,
                    dismissed: visit.dismissed),
                account: account, form: form.map { MetersForm($0) })
        case .unsubscribe(let token):
            return unsubscribe(token, visit.language, query: visit.query, form: form)
        case .signIn, .secondStep, .registerCheck, .register, .registerCode, .link, .reset,
            .newPassword:
            return entry(page, visit, form)
        case .profile, .phoneCode, .accounts, .account, .services:
            return cabinet(page, visit, form)
        }
    }

    /// `/{org}/`: signing in, or one's first account; who has none is led to where accounts are attached (SF-055).
    public func home(_ visit: Visit) -> Response {
        guard let session = visit.session else {
            // A session that waits for its second factor is no session yet.
            if visit.decided?.state == .done, visit.decided?.result["second"]?.bool == true {
                let next = WantedPage(visit.query["next"] ?? "")
                return Page.redirect(
                    "/\(visit.profile.code)/sign-in/code"
                        + (next.map { "?next=\(segment($0.text))" } ?? ""))
            }
            return page(.signIn, visit)
        }
        if let next = WantedPage(visit.query["next"] ?? "") {
            // Somebody else has signed in than whoever was on the way there.
            let isOthers = next.account.map { session.account($0) == nil } ?? false
            return Page.redirect(
                "/\(visit.profile.code)/" + (isOthers ? "?done=\(Sheet.elsewhere)" : next.text))
        }
        let done = Sheet.settled(visit)["done"].flatMap { Sheet.doneWords.contains($0) ? $0 : nil }
        if done == "reset", let pages = entryPages(visit, nil, "") {
            return pages.resetElsewhere(session)
        }
        if session.accounts.isEmpty, visit.profile.identity != nil {
            let query = done.map { "?done=\($0)" } ?? ""
            return Page.redirect("/\(visit.profile.code)/accounts\(query)")
        }
        if visit.profile.charges.view != .none, let first = session.accounts.first {
            return money(.account, visit, account: first.number, isHome: true)
        }
        return meters(
            Viewer(
                profile: visit.profile, session: session, language: visit.language,
                dismissed: visit.dismissed),
            account: nil,
            said: done.flatMap { word in visit.profile.identity.map { Sheet.key(word, $0) } })
    }

    /// The button behind «отписаться» of a letter, and what came of pressing it. No organization stands in its address.
    public func unsubscribe(
        _ token: String, _ language: Language, query: [String: String] = [:],
        form: FormOutcome? = nil
    ) -> Response {
        let isDone = query["done"] != nil
        let isSettled = form != nil || isDone || query["pending"] != nil
        do {
            let hash = secrets.hash(token)
            let counts = try isSettled ? true : queries.counts(link: hash, as: .unsubscribe)
            // Of a link that does not count nothing is said, whatever it was; posted to, it is answered alike.
            guard counts else {
                return problem(
                    status: 410, key: "unsubscribe_dead", language: language, profile: nil)
            }
            let wayOut = try isDone ? nil : queries.wayOut(hash)
            let page = UnsubscribePage(
                frame: Frame(
                    profile: nil, language: language, path: "/unsubscribe/\(segment(token))"),
                token: token, key: secrets.key(), wayOut: wayOut, outcome: form, isDone: isDone)
            return Page.response(form?.ending.status ?? 200, page.draw())
        } catch {
            return failed("unsubscribe", error, language, nil)
        }
    }

    // MARK: Before anybody is signed in

    private func entry(_ page: FormPage, _ visit: Visit, _ form: FormOutcome?) -> Response {
        guard var pages = entryPages(visit, form, Self.path(of: page)) else {
            return unavailable(visit)
        }
        pages.session = visit.session
        switch page {
        case .secondStep: return pages.secondStep()
        case .registerCheck, .register: return pages.register()
        case .registerCode(let id):
            pages.sheet.saying["sent"] = "done.code_sent"
            return asked("register.code", visit) { () throws(PortalQueriesError) in
                let found = try queries.registration(id, in: visit.profile)
                return pages.registrationCode(
                    id, found?.code.map(CodeSent.init(masking:)), isThere: found != nil)
            }
        case .link(let token):
            // What was decided tells itself what came of it.
            guard form != nil || pages.sheet.done == nil && !pages.sheet.isPending else {
                return pages.link(token, isDead: false)
            }
            return asked("link", visit) { () throws(PortalQueriesError) in
                let link = try queries.link(
                    secrets.hash(token), browsers: visit.browsers.map(secrets.hash),
                    in: visit.profile)
                return link.flatMap { link in
                    LinkPage(
                        sheet: pages.sheet, token: token, link: link, session: visit.session
                    ).response()
                } ?? pages.link(token, isDead: link == nil)
            }
        case .reset: return pages.reset()
        case .newPassword(let token):
            var isDecided = form != nil
            if case .misshapen = form?.ending { isDecided = false }
            guard !isDecided, pages.sheet.done == nil, !pages.sheet.isPending else {
                return pages.newPassword(token, isDead: false)
            }
            return asked("link", visit) { () throws(PortalQueriesError) in
                let counts = try queries.counts(
                    link: secrets.hash(token), as: .reset, in: visit.profile.code)
                return pages.newPassword(token, isDead: !counts)
            }
        default: return pages.signIn()
        }
    }

    /// Somebody wanted a page that needs a session: the page to sign in, with a word why. After it one comes back.
    public func signedOut(_ visit: Visit) -> Response {
        guard var pages = entryPages(visit, nil, visit.wanted?.path ?? "") else {
            return problem(
                status: 401, key: "unauthorized", language: visit.language, profile: visit.profile)
        }
        pages.sheet.wanted = visit.wanted
        if let wanted = visit.wanted { pages.sheet.frame.query = wanted.query }
        return pages.signIn(status: 401)
    }

    private func entryPages(
        _ visit: Visit, _ form: FormOutcome?, _ path: String
    ) -> EntryPages? {
        guard let identity = visit.profile.identity else { return nil }
        return EntryPages(
            sheet: Sheet(
                frame: Frame(
                    profile: visit.profile, language: visit.language,
                    path: "/\(visit.profile.code)/\(path)"), visit: visit, identity: identity,
                posted: form, makeKey: secrets.key))
    }

    /// Behind the organization's part, by GET.
    private static func path(of page: FormPage) -> String {
        switch page {
        case .meters(let account): "accounts/\(segment(account))/meters"
        case .submit(let account): "accounts/\(segment(account))/submit"
        case .signIn: ""
        case .secondStep: "sign-in/code"
        case .registerCheck, .register: "register"
        case .registerCode(let id): "register/\(segment(id))/code"
        case .link(let token): "confirm/\(segment(token))"
        case .reset: "reset"
        case .newPassword(let token): "reset/\(segment(token))"
        case .profile: "profile"
        case .phoneCode: "profile/phone"
        case .secondFactor: "profile/second-factor"
        case .accounts: "accounts"
        case .account(let account): "accounts/\(segment(account))/settings"
        case .services(let account): "accounts/\(segment(account))/services"
        case .unsubscribe(let token): "unsubscribe/\(segment(token))"
        }
    }

    // MARK: Of somebody signed in

    private func cabinet(_ page: FormPage, _ visit: Visit, _ form: FormOutcome?) -> Response {
        guard let session = visit.session else { return signedOut(visit) }
        guard let identity = visit.profile.identity else { return unavailable(visit) }
        var account: Session.Account?
        var section = Frame.Section.profile
        switch page {
        case .account(let number):
            account = Self.account(number, session)
            section = .accounts
        case .services(let number):
            account = Self.account(number, session)
            section = .services
        case .accounts: section = .accounts
        default: break
        }
        var frame: Frame
        do {
            frame = try dressed(
                Frame(
                    visit.profile, session, visit.language, account: account?.number,
                    section: section, path: "/\(visit.profile.code)/\(Self.path(of: page))"),
                session, visit.dismissed)
        } catch {
            return failed("menu", error, visit.language, visit.profile, retry: visit.retry)
        }
        let sheet = Sheet(
            frame: frame, visit: visit, identity: identity, posted: form, makeKey: secrets.key)
        switch page {
        case .account:
            guard let account else { return missing(visit) }
            frame.accountPage = "settings"
            return settings(sheet, frame, session, account, visit)
        case .services:
            guard let account, !identity.services.isEmpty else { return missing(visit) }
            frame.accountPage = "services"
            return services(sheet, frame, session, account, visit)
        case .accounts: return accounts(sheet, session, visit)
        case .phoneCode: return phone(sheet, session, visit)
        default: return profile(sheet, session, visit)
        }
    }

    static func account(_ number: String, _ session: Session) -> Session.Account? {
        AccountNumber(number).flatMap { session.account($0) }
    }

    private func profile(_ sheet: Sheet, _ session: Session, _ visit: Visit) -> Response {
        var sheet = sheet
        sheet.saying = ["sent": "done.email_sent", "ended": "done.session_ended"]
        return asked("profile", visit) { () throws(PortalQueriesError) in
            guard let person = try queries.person(session.principal, in: visit.profile) else {
                return nil
            }
            return ProfilePage(
                sheet: sheet, session: session, person: person,
                flats: try queries.flats(of: session.accounts.map(\.id)),
                sessions: try queries.sessions(of: session.principal, in: visit.profile)
            ).response()
        }
    }

    private func phone(_ sheet: Sheet, _ session: Session, _ visit: Visit) -> Response {
        var sheet = sheet
        sheet.saying = ["sent": "done.code_sent"]
        let (sent, none) = (sheet, sheet.without("done"))
        return asked("phone", visit) { () throws(PortalQueriesError) in
            let last = try queries.phoneCode(of: session.principal, in: visit.profile)
            let code = last?.isOver == false ? last : nil
            var number = last?.phone
            // What was confirmed is not to be confirmed again.
            if last?.isOver == true,
                try queries.person(session.principal, in: visit.profile)?.phone == number
            {
                number = nil
            }
            let isCounting = (code?.left ?? 0) > 0
            // What was sent and counts no more is not on its way.
            let page = isCounting ? sent : none
            return page.response(page.words("phone.title"), isNarrow: true) {
                // Whoever has just given a number waits for its code, and is not asked for one.
                if isCounting || !page.isPending || page.posted != nil {
                    CodeForms(
                        sheet: page, sent: code.map(CodeSent.init(masking:)),
                        phonePath: "profile/phone", codePath: "profile/phone/code",
                        asksPassword: true, number: number
                    ).draw()
                }
                ul(.class("ways")) {
                    li { a(.href(page.path("profile"))) { page.words("form.back") } }
                }
            }
        }
    }

    private func secondFactor(
        _ visit: Visit, _ form: FormOutcome?, _ authenticator: String?, _ recovery: [String]
    ) -> Response {
        guard let session = visit.session else { return signedOut(visit) }
        guard let identity = visit.profile.identity else { return unavailable(visit) }
        let frame: Frame
        do {
            frame = try dressed(
                Frame(
                    visit.profile, session, visit.language, section: .profile,
                    path: "/\(visit.profile.code)/\(Self.path(of: .secondFactor))"), session,
                visit.dismissed)
        } catch {
            return failed("menu", error, visit.language, visit.profile, retry: visit.retry)
        }
        let sheet = Sheet(
            frame: frame, visit: visit, identity: identity, posted: form, makeKey: secrets.key)
        return asked("second-factor", visit) { () throws(PortalQueriesError) in
            guard let person = try queries.person(session.principal, in: visit.profile),
                identity.secondFactor || person.secondFactor != nil
            else { return nil }
            return SecondFactorPage(
                sheet: sheet, person: person,
                secret: authenticator ?? secrets.authenticator(session),
                recovery: sheet.isRefused ? [] : recovery
            ).response()
        }
    }

    private func accounts(_ sheet: Sheet, _ session: Session, _ visit: Visit) -> Response {
        let typed = sheet.posted?.fields ?? visit.query
        var sheet = sheet
        return asked("accounts", visit) { () throws(PortalQueriesError) in
            let companies = visit.profile.companies
            var cascade = AccountsPage.Cascade()
            if sheet.identity.attach.isCascade {
                cascade.company =
                    companies.first { $0.code == typed["company"] }?.code
                    ?? (companies.count == 1 ? companies.first?.code : nil)
                if let company = cascade.company {
                    cascade.houses = try queries.houses(of: company, in: visit.profile)
                    cascade.house = cascade.houses.first { $0.code == typed["house"] }?.code
                    if let house = cascade.house {
                        cascade.flats = try queries.flats(
                            of: house, company: company, in: visit.profile)
                        cascade.apartment =
                            cascade.flats.first { $0.apartment == typed["apartment"] }?.apartment
                    }
                }
            }
            if sheet.posted != nil { sheet.frame.query = Frame.query(cascade.chosen) }
            let ids = session.accounts.map(\.id)
            return AccountsPage(
                sheet: sheet, session: session,
                person: try queries.person(session.principal, in: visit.profile),
                hasLostShare: ids.isEmpty ? try queries.hasLostShare(session.principal) : false,
                flats: try queries.flats(of: ids),
                balances: visit.profile.charges.view == .none
                    ? [] : try queries.balances(of: ids), cascade: cascade,
                riddle: sheet.identity.attach.question ? visit.riddle() : nil
            ).response()
        }
    }

    private func settings(
        _ sheet: Sheet, _ frame: Frame, _ session: Session, _ account: Session.Account,
        _ visit: Visit
    ) -> Response {
        var sheet = sheet
        sheet.frame = frame
        sheet.saying = ["ended": "done.share_ended"]
        return asked("settings", visit) { () throws(PortalQueriesError) in
            guard let flat = try queries.flats(of: [account.id]).first else { return nil }
            return AccountPage(
                sheet: sheet, account: account, flat: flat,
                shares: account.isOwned
                    ? try queries.shares(
                        of: account.id, owner: session.principal, in: visit.profile) : []
            ).response()
        }
    }

    private func services(
        _ sheet: Sheet, _ frame: Frame, _ session: Session, _ account: Session.Account,
        _ visit: Visit
    ) -> Response {
        var sheet = sheet
        sheet.frame = frame
        return asked("services", visit) { () throws(PortalQueriesError) in
            guard let flat = try queries.flats(of: [account.id]).first,
                let person = try queries.person(session.principal, in: visit.profile)
            else { return nil }
            return ServicesPage(
                sheet: sheet, account: account, flat: flat, person: person,
                consents: try queries.consents(
                    of: account.id, by: session.principal, in: visit.profile)
            ).response()
        }
    }

    // MARK: Endings

    /// Draws what the database answers; nothing is «not found», and a database that is away says so.
    func asked(
        _ name: String, _ visit: Visit,
        _ draw: () throws(PortalQueriesError) -> Response?
    ) -> Response {
        let started = monotonicMicroseconds()
        do {
            guard let response = try draw() else { return missing(visit) }
            told(name, since: started)
            return response
        } catch {
            return failed(name, error, visit.language, visit.profile, retry: visit.retry)
        }
    }

    func missing(_ visit: Visit) -> Response {
        problem(
            status: 404, key: "not_found", language: visit.language, profile: visit.profile,
            session: visit.session)
    }

    /// A profile of before there was identity.
    private func unavailable(_ visit: Visit) -> Response {
        visit.session == nil
            ? problem(
                status: 401, key: "unauthorized", language: visit.language, profile: visit.profile)
            : missing(visit)
    }
}

extension Sheet {
    /// What was posted was not taken.
    fileprivate var isRefused: Bool {
        guard case .outcome(let outcome) = posted?.ending else { return posted != nil }
        return ![.done, .pending].contains(outcome.state)
    }
}

extension CodeSent {
    init(masking code: CodeView) {
        self.init(
            phone: PhoneNumber(code.phone)?.masked ?? "***", again: code.again, left: code.left)
    }
}
