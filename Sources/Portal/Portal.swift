/// HTTP out: views as pages and as JSON. Its forms post to Ingress; reading writes nothing, and
/// this room cannot see the queue. Pages are made here on the server and need no program in the
/// browser; the security policy lets one run, a file of ours.
public import Access
public import Commands
public import HTTP
import Markup
public import Store
public import Telemetry
import Threads
public import Words

public struct PortalSettings: Sendable {
    /// Where people find the system; addresses in letters that begin with it become links on the
    /// outbox page.
    public var publicURL: String
    /// The local outbox is for trying things out; never where `publicURL` is https.
    public var showsOutbox: Bool
    public var defaultLanguage: Language
    /// Bills can be had as PDF; until then nothing links to one.
    public var drawsBills: Bool
    /// Which build of the program draws: what a browser kept of another one it asks for again.
    public var release: String

    public init(
        publicURL: String, showsOutbox: Bool, defaultLanguage: Language = .ru,
        drawsBills: Bool = false, release: String = ""
    ) {
        self.publicURL = publicURL
        self.showsOutbox = showsOutbox
        self.defaultLanguage = defaultLanguage
        self.drawsBills = drawsBills
        self.release = release
    }
}

/// Who looks, at which organization, in which language.
public struct Viewer: Sendable {
    public var profile: Profile
    public var session: Session
    public var language: Language
    /// Of which sections «Справка» was closed.
    public var dismissed: Set<Profile.Help.Section>
    /// What was typed on this page when its session had ended.
    public var kept: FormOutcome?

    public init(
        profile: Profile, session: Session, language: Language,
        dismissed: Set<Profile.Help.Section> = [], kept: FormOutcome? = nil
    ) {
        self.dismissed = dismissed
        self.kept = kept
        self.profile = profile
        self.session = session
        self.language = language
    }
}

/// A form of the page «Приборы учета» that was posted: which meter's, and how it ended.
public struct MetersForm: Sendable {
    public var meter: String
    /// Raw, as posted: `cold_water` …
    public var service: String
    public var outcome: FormOutcome

    public init(meter: String, service: String, outcome: FormOutcome) {
        self.meter = meter
        self.service = service
        self.outcome = outcome
    }

    init(_ outcome: FormOutcome) {
        self.init(
            meter: outcome.fields["meter"] ?? "", service: outcome.fields["service"] ?? "",
            outcome: outcome)
    }
}

/// What the page tells after a 303, from its query.
public enum MetersNotice: Sendable, Equatable {
    /// `?done=<command>`: the reading was accepted.
    case done(String)
    /// `?deleted=<command>`
    case deleted(String)
    /// `?pending=<command>`: not decided yet.
    case pending(String)

    /// Nil for a query that says nothing, or an id that is none.
    public init?(query: (String) -> String?) {
        func id(_ name: String) -> String? { query(name).flatMap(Self.id) }
        if let found = id("done") {
            self = .done(found)
        } else if let found = id("deleted") {
            self = .deleted(found)
        } else if let found = id("pending") {
            self = .pending(found)
        } else {
            return nil
        }
    }

    /// Nil: it is the id of nothing.
    static func id(_ text: String) -> String? {
        text.utf8.count == 36 && text.allSatisfy { $0.isHexDigit || $0 == "-" }
            ? text.lowercased() : nil
    }
}

/// Who reads by program: which accounts of which organization.
public struct Reader: Sendable {
    public var profile: Profile
    /// Ids of the accounts; nil is all of the organization (a token with the scope
    /// `accounts.read`).
    public var accounts: [Int64]?

    public init(profile: Profile, accounts: [Int64]?) {
        self.profile = profile
        self.accounts = accounts
    }

    public init(_ viewer: Viewer) {
        self.init(profile: viewer.profile, accounts: viewer.session.accounts.map(\.id))
    }
}

/// All pages and reads. Those that ask the database block: call them on threads that may.
public final class Portal: Sendable {
    /// Seconds after which a person should try again when the database is away; it is back in two
    /// (queue's promise Q9).
    static let retryAfter = 5
    /// Seconds, at most, over which those spread who were turned away together.
    private static let retrySpread = 30
    /// Readings of a meter that a page and a program get: five years of months, and all that a dial
    /// ever had.
    static let pageDepth: Int32 = 60
    static let programDepth: Int32 = 1200

    let queries: PortalQueries
    private let telemetry: Telemetry
    let settings: PortalSettings
    let secrets: PortalSecrets
    let drawn = DrawnPages()

    public init(
        queries: PortalQueries, telemetry: Telemetry, settings: PortalSettings,
        secrets: PortalSecrets
    ) {
        self.queries = queries
        self.telemetry = telemetry
        self.settings = settings
        self.secrets = secrets
    }

    // MARK: Pages

    /// `/{org}/` and `/{org}/accounts/{account}/meters`: «Приборы учета» (features.md §10).
    /// - Parameters:
    ///   - account: the number from the path; nil is the person's first account.
    ///   - form: a post of this page's forms that did not end in 303.
    ///   - said: the key of what led here, where that was no reading.
    ///   - service: `cold_water` …: only its meters, in its tab (SF-110); whatever is none stands for all.
    public func meters(
        _ viewer: Viewer, account: String?, form: MetersForm? = nil, notice: MetersNotice? = nil,
        said: String? = nil, service: String? = nil
    ) -> Response {
        let attached = viewer.session.accounts
        let form = form ?? viewer.kept.map { MetersForm($0) }
        let wanted: AccountNumber? =
            account.map { AccountNumber($0) } ?? attached.first.flatMap { AccountNumber($0.number) }
        var frame = Frame(
            viewer.profile, viewer.session, viewer.language, account: wanted?.text,
            section: viewer.profile.charges.view == .none ? .home : .meters)
        frame.dismissed = viewer.dismissed
        frame.show(service ?? form?.outcome.fields["tab"])
        guard let wanted else {
            guard account == nil, attached.isEmpty else { return notFound(viewer) }
            return Page.response(200, MetersPage.withoutAccounts(frame))
        }
        var page = MetersPage(
            frame: frame, view: nil, posted: form, notice: notice, key: secrets.key)
        page.said = said
        page.maySubmit = viewer.session.account(wanted, for: .readings) != nil
        let started = monotonicMicroseconds()
        do {
            let view = try queries.meters(
                of: wanted, in: viewer.profile, allowed: attached.map(\.id), depth: Self.pageDepth)
            guard let view else { return notFound(viewer) }
            page.frame = try dressed(frame, viewer.session, viewer.dismissed)
            page.view = view
            if viewer.profile.charges.view == .none, viewer.profile.identity != nil {
                page.home =
                    attached.count > 1
                    ? try queries.owed(attached.map(\.id)) : []
            }
        } catch {
            let response = failed("meters", error, viewer.language, viewer.profile)
            // What was typed must not be lost because the page around it cannot be read.
            guard form != nil else { return response }
            page.isAway = response.status == 503
        }
        let response = page.response()
        told("meters", since: started)
        return response
    }

    /// `/{org}/accounts/{account}/submit`: «Передать показания», all meters of an account at once.
    /// - Parameter form: a post of this page's form that did not end in 303.
    public func submit(
        _ viewer: Viewer, account: String, form: FormOutcome? = nil, notice: SubmitNotice = .init()
    ) -> Response {
        guard let wanted = AccountNumber(account) else { return notFound(viewer) }
        let form = form ?? viewer.kept
        var frame = Frame(
            viewer.profile, viewer.session, viewer.language, account: wanted.text, section: .submit,
            path: Frame.accountPath(viewer.profile, wanted.text, "submit"))
        frame.dismissed = viewer.dismissed
        frame.accountPage = "submit"
        var base = MetersPage(frame: frame, view: nil, key: secrets.key)
        base.maySubmit = viewer.session.account(wanted, for: .readings) != nil
        let started = monotonicMicroseconds()
        do {
            let view = try queries.meters(
                of: wanted, in: viewer.profile, allowed: viewer.session.accounts.map(\.id),
                depth: Self.pageDepth)
            guard let view else { return notFound(viewer) }
            base.frame = try dressed(frame, viewer.session, viewer.dismissed)
            base.view = view
        } catch {
            let response = failed("submit", error, viewer.language, viewer.profile)
            // What was typed must not be lost because the page around it cannot be read.
            guard form != nil else { return response }
            base.isAway = response.status == 503
        }
        let response = SubmitPage(base, form: form, notice: notice).response()
        told("submit", since: started)
        return response
    }

    /// The local outbox, newest letters first. It is not there where mail leaves for real.
    public func outbox(_ language: Language) -> Response {
        guard settings.showsOutbox else {
            return problem(status: 404, key: "not_found", language: language, profile: nil)
        }
        let started = monotonicMicroseconds()
        do {
            let letters = try queries.outbox(limit: 100)
            let page = OutboxPage(
                letters: letters, language: language, publicURL: settings.publicURL)
            told("outbox", since: started)
            return Page.response(200, page.draw())
        } catch {
            return failed("outbox", error, language, nil)
        }
    }

    /// The page of a demo sign-in link. A button, because mail scanners open links.
    /// - Parameter action: where the button posts to, the address of the link itself.
    public func signInDemo(_ profile: Profile, language: Language, action: String) -> Response {
        let frame = Frame(profile: profile, language: language, path: action)
        return Page.response(
            200, DemoSignInPage(frame: frame, action: action, key: secrets.key()).draw())
    }

    /// A page for people that says why there is no other.
    /// - Parameters:
    ///   - key: the part of `problem.<key>` that names the problem.
    ///   - profile: the organization's, if the address named one.
    ///   - session: of who is signed in there: then the menu stands around it.
    ///   - retryAfter: seconds; goes into the header too.
    ///   - retry: how it is asked for again; nil: it is not, or nobody knows what it was.
    public func problem(
        status: Int, key: String, language: Language, profile: Profile?, session: Session? = nil,
        retryAfter: Int? = nil, retry: Retry? = nil
    ) -> Response {
        // Who is told to come back is told when.
        let retryAfter = retryAfter ?? ([429, 503].contains(status) ? Self.retryAfter : nil)
        // Not in the same second as all others.
        let delay = retryAfter.map { $0 + Int.random(in: 0...max(1, min($0, Self.retrySpread))) }
        var frame = Frame(profile: profile, language: language)
        if let profile, let session { frame = Frame(profile, session, language) }
        var response = Page.response(
            status,
            ProblemPage(
                frame: frame, key: key, retryAfter: retryAfter, retry: retry, delay: delay
            ).draw())
        if let retryAfter { response.headers.append(("Retry-After", "\(retryAfter)")) }
        if let delay, retry == .page { response.headers.append(("Refresh", "\(delay)")) }
        return response
    }

    /// `/` of a system that is tried out.
    public func welcome(_ profiles: [Profile], _ language: Language) -> Response {
        Page.response(200, WelcomePage(profiles: profiles, language: language).draw())
    }

    // MARK: What pages are dressed with

    /// `/static/kabinet.css?accent=…`: in a colour that stands in its address, since the security
    /// policy forbids inline styles.
    public func stylesheet(accent: String?) -> Asset { Stylesheet.asset(accent) }

    /// `/static/kabinet.js`
    public var script: Asset { Script.asset }

    /// `/static/kabinet.svg`
    public var icon: Asset { Stylesheet.icon }

    /// `/{org}/logo.svg`; nil: the organization has none.
    public func logo(_ profile: Profile) -> Asset? { Logo.asset(profile) }

    // MARK: Languages

    /// The language that a person reads in: what was just chosen (`?lang=`), else what was chosen
    /// before (the cookie `kabinet_language`), else the first of the browser's languages that we
    /// have.
    public func language(query: String?, cookie: String?, accept: String?) -> Language {
        if let chosen = query.flatMap(Language.init(rawValue:)) { return chosen }
        if let kept = cookie.flatMap(Language.init(rawValue:)) { return kept }
        for part in (accept ?? "").split(separator: ",") {
            let tag = part.drop(while: { $0 == " " }).prefix(2).lowercased()
            if let language = Language(rawValue: tag) { return language }
        }
        return settings.defaultLanguage
    }

    /// Keeps a language that was chosen by `?lang=` for a year. It holds no secret and tells
    /// nothing of a person.
    public static func remember(_ language: Language) -> (name: String, value: String) {
        (
            "Set-Cookie",
            "kabinet_language=\(language.rawValue); Path=/; Max-Age=31536000; "
                + "SameSite=Lax; HttpOnly"
        )
    }

    // MARK: JSON

    /// `GET /{org}/api/accounts/{account}/meters`
    public func metersJSON(_ reader: Reader, account: String) -> Response {
        json("meters.json", reader, account, depth: Self.pageDepth) { view in
            MetersJSON.meters(view)
        }
    }

    /// `GET /{org}/api/accounts/{account}/meters/{meter}/readings?service=`
    /// - Parameter service: needed where the number alone is ambiguous on the account.
    public func readingsJSON(
        _ reader: Reader, account: String, meter: String, service: String?
    ) -> Response {
        json("readings.json", reader, account, depth: Self.programDepth) { view in
            let found = view.meters.filter { candidate in
                candidate.number == meter
                    && (service.map { $0 == candidate.service.rawValue } ?? true)
            }
            guard let first = found.first else { return nil }
            guard found.count == 1 else {
                return Page.problemJSON(
                    422, "METER_AMBIGUOUS",
                    Words.refusal(
                        Refusal(.meterAmbiguous, ["meter": meter]), settings.defaultLanguage))
            }
            return MetersJSON.readings(view, first)
        }
    }

    /// `/{org}/accounts/{account}/house-meters`: «Общедомовые нужды» (SF-155), where the profile has it.
    /// - Parameter service: `electricity` …: only its meters, in its tab (SF-114); whatever is none stands for all.
    public func houseMeters(
        _ viewer: Viewer, account: String, service: String? = nil
    ) -> Response {
        guard viewer.profile.houseMeters == .tab, let number = AccountNumber(account),
            let mine = viewer.session.account(number)
        else { return notFound(viewer) }
        let started = monotonicMicroseconds()
        do {
            guard
                let (found, meters) = try queries.houseMeters(
                    of: number, in: viewer.profile, allowed: [mine.id], depth: Self.pageDepth)
            else { return notFound(viewer) }
            var frame = try dressed(
                Frame(
                    viewer.profile, viewer.session, viewer.language, account: found,
                    section: .house,
                    path: Frame.accountPath(viewer.profile, found, "house-meters")),
                viewer.session, viewer.dismissed)
            frame.accountPage = "house-meters"
            frame.show(service)
            let shown = meters.filter { $0.service == frame.service ?? $0.service }
            told("house-meters", since: started)
            return Page.response(200, HouseMetersPage(frame: frame, meters: shown).draw())
        } catch {
            return failed("house-meters", error, viewer.language, viewer.profile)
        }
    }

    /// `GET /{org}/api/accounts/{account}/house-meters`
    public func houseMetersJSON(_ reader: Reader, account: String) -> Response {
        json("house-meters.json", reader, account) { number throws(PortalQueriesError) in
            guard reader.profile.houseMeters == .tab else { return nil }
            return try queries.houseMeters(
                of: number, in: reader.profile, allowed: reader.accounts,
                depth: Self.programDepth
            ).map { Page.json(200, HouseMetersJSON.body($0.account, $0.meters)) }
        }
    }

    private func json(
        _ name: String, _ reader: Reader, _ account: String, depth: Int32,
        _ body: (MetersView) -> Response?
    ) -> Response {
        json(name, reader, account) { number throws(PortalQueriesError) in
            try queries.meters(
                of: number, in: reader.profile, allowed: reader.accounts, depth: depth
            ).flatMap(body)
        }
    }

    private func json(
        _ name: String, _ reader: Reader, _ account: String,
        _ body: (AccountNumber) throws(PortalQueriesError) -> Response?
    ) -> Response {
        let language = settings.defaultLanguage
        let missing = Page.problemJSON(
            404, "not_found", Words.text("problem.not_found", language))
        guard let number = AccountNumber(account) else { return missing }
        let started = monotonicMicroseconds()
        do {
            let answer = try body(number)
            told(name, since: started)
            return answer ?? missing
        } catch {
            let page = failed(name, error, language, reader.profile)
            let key = page.status == 503 ? "database_away" : "internal"
            var answer = Page.problemJSON(
                page.status, key, Words.text("problem.\(key)", language))
            if page.status == 503 {
                answer.headers.append(("Retry-After", "\(Self.retryAfter)"))
            }
            return answer
        }
    }

    // MARK: Endings

    private func notFound(_ viewer: Viewer) -> Response {
        problem(
            status: 404, key: "not_found", language: viewer.language, profile: viewer.profile,
            session: viewer.session)
    }

    /// - Parameter retry: how it is asked for again; nil: something was posted, which nobody has any more.
    func failed(
        _ name: String, _ error: PortalQueriesError, _ language: Language, _ profile: Profile?,
        retry: Retry? = .page
    ) -> Response {
        let measures: [Measure] = [
            .count("kabinet_page_failures_total", labels: [("page", name)])
        ]
        switch error {
        case .away(let reason):
            telemetry.tell(
                Event(
                    "portal.away", .warning,
                    [("page", .string(name)), ("reason", .string(reason))], measures: measures))
            return problem(
                status: 503, key: "database_away", language: language, profile: profile,
                retryAfter: Self.retryAfter, retry: retry)
        case .failed(let reason):
            telemetry.tell(
                Event(
                    "portal.failed", .error,
                    [("page", .string(name)), ("reason", .string(reason))], measures: measures))
            return problem(
                status: 500, key: "internal", language: language, profile: profile)
        }
    }

    func told(_ name: String, since started: Int64) {
        let seconds = Double(monotonicMicroseconds() - started) / 1_000_000
        telemetry.tell(
            Event(
                "portal.page", .debug,
                [("page", .string(name)), ("seconds", .double(seconds))],
                measures: [.seconds("kabinet_page_seconds", seconds, labels: [("page", name)])]))
    }
}
