import Commands
import HTTP
import Markup
import Words

/// What every page about people and their access is drawn from: the frame, what was posted, what the address says.
struct Sheet: Sendable {
    var frame: Frame
    var profile: Profile
    var identity: IdentityProfile
    var posted: FormOutcome?
    var query: [String: String]
    var makeKey: @Sendable () -> String
    /// Where whoever signs in here was on the way to.
    var wanted: WantedPage?
    /// What a word of `?done=` means on this page, where it has a meaning of its own.
    var saying: [String: String] = [:]
    /// What has become of the command of `?pending=`, when it was not done.
    private let decided: Outcome?
    /// Something that was typed waits for its owner to sign in.
    let keeps: Bool

    init(
        frame: Frame, visit: Visit, identity: IdentityProfile, posted: FormOutcome?,
        makeKey: @escaping @Sendable () -> String
    ) {
        profile = visit.profile
        self.identity = identity
        self.posted = posted
        var query = Self.settled(visit)
        wanted = WantedPage(query["next"] ?? posted?.fields["next"] ?? "")
        query["next"] = wanted?.text
        self.query = query
        var frame = frame
        // In another language the page is the same: what was chosen on the way to it stays.
        if frame.query.isEmpty { frame.query = Frame.query(query, but: ["lang", "try"]) }
        self.frame = frame
        decided = visit.decided
        keeps = visit.keeps
        self.makeKey = makeKey
    }

    /// What the address says, as it would if the command of `?pending=` had been decided at once.
    static func settled(_ visit: Visit) -> [String: String] {
        guard let decided = visit.decided, decided.state != .pending else { return visit.query }
        var query = visit.query
        query["pending"] = nil
        if decided.state == .done, let kind = Command.Kind(rawValue: decided.kind) {
            query["done"] = word(kind, decided.result)
        }
        return query
    }

    /// What a form leads to when it succeeds at once.
    private static func word(_ kind: Command.Kind, _ result: JSON) -> String? {
        switch kind {
        case .startRegistration where result["way"]?.string == "none": "registered"
        case .startRegistration
        where result["way"]?.string == "sms" && result["sent"]?.bool != true:
            nil
        case .startRegistration, .sendRegistrationCode, .askPasswordReset, .changeEmail,
            .changePhone:
            "sent"
        case .registerInvited where result["signed_in"]?.bool != true: "invited"
        case .registerInvited: "attached"
        case .openLink where result["purpose"]?.string == "share": "attached"
        case .openLink where result["purpose"]?.string == "email":
            (result["other"]?.bool == true ? "other_changed" : "changed")
                + (result["login"]?.bool == true ? "_login" : "")
        case .openLink where result["other"]?.bool == true: "other_registered"
        case .confirmRegistration, .openLink: "registered"
        case .resetPassword: "reset"
        case .changePassword: "password"
        case .enableSecondFactor: "factor"
        case .disableSecondFactor: "factor_off"
        case .confirmPhone: "changed"
        case .attachAccount: "attached"
        case .renameAccount: "named"
        case .detachAccount: "detached"
        case .shareAccount: "shared"
        case .endShare, .endSession: "ended"
        case .saveServices: "saved"
        case .deleteUser: "deleted"
        default: nil
        }
    }

    var language: Language { frame.language }

    func words(_ key: String, _ values: [String: String] = [:]) -> String {
        frame.words(key, values)
    }

    func path(_ rest: String) -> String { "/\(profile.code)/\(rest)" }

    /// The page to sign in on, which knows where one was on the way to.
    var signInPath: String {
        path("") + (wanted.map { "?next=\(segment($0.text))" } ?? "")
    }

    /// A form of this page.
    /// - Parameter isAlone: whatever was posted was this one.
    func form(
        _ name: String, _ action: String, isAlone: Bool = false, initial: [String: String] = [:],
        _ labels: KeyValuePairs<String, String> = [:]
    ) -> Form {
        let isMine = isAlone || posted?.fields["form"] == name
        return Form(
            frame: frame, name: name, action: path(action), outcome: isMine ? posted : nil,
            key: makeKey(), initial: initial, labels: labels.map { ($0.key, $0.value) },
            isToldAbove: isTold)
    }

    // MARK: What came of the last act

    /// Tries of a page that waits for something that is not decided yet.
    private static let tries = 10

    /// Seconds after which the page is to be asked for again, and its address; nil: it is as it is.
    var refresh: (seconds: Int, path: String)? {
        guard let command = pending, tried < Self.tries else { return nil }
        let kept = Frame.query(query, but: ["lang", "try", "pending", "done"])
        return (
            2,
            "\(frame.path)?\(kept.isEmpty ? "" : kept + "&")pending=\(command)&try=\(tried + 1)"
        )
    }

    /// As if the address did not say this.
    func without(_ name: String) -> Sheet {
        var sheet = self
        sheet.query[name] = nil
        return sheet
    }

    var isPending: Bool { pending != nil && tried < Self.tries }

    private var tried: Int { query["try"].flatMap { Int($0) } ?? 0 }

    /// The id of a command that is not decided yet.
    private var pending: String? {
        query["pending"].flatMap { id in
            id.utf8.count == 36
                && id.utf8.allSatisfy { byte in
                    Unicode.Scalar(byte).properties.isASCIIHexDigit || byte == UInt8(ascii: "-")
                } ? id : nil
        }
    }

    /// Where somebody was on the way to is open to others only: a word that tells of nothing done.
    static let elsewhere = "elsewhere"

    /// How the words of such a key are shown.
    static func notice(_ key: String) -> Notice {
        key == "done.\(elsewhere)" ? .warning : .done
    }

    /// Words that a page may be told after a 303.
    static let doneWords: Set<String> = [
        elsewhere,
        "other_registered", "other_changed", "other_changed_login", "changed_login",
        "registered", "sent", "changed", "attached", "named", "detached", "shared", "ended",
        "saved", "deleted", "reset", "restored", "invited", "password", "factor", "factor_off",
    ]

    /// The key of its words. What had to be confirmed is (SF-034).
    static func key(_ done: String, _ identity: IdentityProfile) -> String {
        done == "registered" && !identity.confirm.isEmpty
            ? "done.registered.confirmed" : "done.\(done)"
    }

    /// Why what was posted, or what was waited for, was not done.
    var refusal: Refusal? {
        guard let posted else { return decided?.state == .refused ? decided?.refusal : nil }
        guard case .outcome(let outcome) = posted.ending, outcome.state == .refused else {
            return nil
        }
        return outcome.refusal
    }

    /// What is not there, or is not done here, may have no form on the page: the page itself says why it was refused.
    var isTold: Bool {
        posted != nil && [.notFound, .notAllowed].contains(refusal?.code)
    }

    /// Whether nobody knows yet what came of what was posted: the same form finds out.
    var isUndecided: Bool {
        switch posted?.ending {
        case .unavailable, .kept: true
        case .outcome(let outcome): outcome.state == .pending
        case .misshapen: false
        case nil: pending != nil
        }
    }

    /// What `?done=` says, if it is a word of ours.
    var done: String? { query["done"].flatMap { Self.doneWords.contains($0) ? $0 : nil } }

    @Children var banner: HTML {
        switch posted?.ending {
        case .unavailable(let seconds, let isDoubtful):
            Notice.error.draw(language, role: "alert") {
                words(
                    isDoubtful ? "form.unconfirmed" : "form.unavailable",
                    ["n": "\(max(1, seconds))"])
            }
        case .outcome(let outcome) where [.abandoned, .discarded].contains(outcome.state):
            Notice.error.draw(language, role: "alert") {
                words("form.abandoned") + ". " + words("page.code", ["code": outcome.command])
            }
        case .outcome(let outcome) where outcome.state == .pending:
            Notice.warning.draw(language, role: "status") { words("form.slow") }
        case .kept: KeptNotice.draw(language)
        case .outcome where isTold:
            if let refusal {
                Notice.error.draw(language, role: "alert") { Words.refusal(refusal, language) }
            }
        default:
            if let decided, decided.state == .refused, let refusal = decided.refusal {
                Notice.error.draw(language, role: "alert") { Words.refusal(refusal, language) }
            } else if let decided, [.abandoned, .discarded].contains(decided.state) {
                Notice.error.draw(language, role: "alert") {
                    words("form.abandoned") + ". "
                        + words("page.code", ["code": decided.command])
                }
            } else if let done {
                let key = saying[done] ?? Self.key(done, identity)
                Self.notice(key).draw(language, role: "status") { words(key) }
            } else if isPending {
                waiting
            }
        }
    }

    private var waiting: HTML {
        Notice.warning.draw(language, role: "status") {
            words("form.pending") + " "
            a(.href(frame.path)) { words("meters.refresh") }
        }
    }

    var status: Int { posted?.ending.status ?? 200 }

    // MARK: The answer

    /// - Parameters:
    ///   - isNarrow: one card in the middle, as for signing in; else the content makes its own cards.
    func response(
        _ heading: String, status: Int? = nil, isNarrow: Bool = false,
        @Children _ content: () -> HTML
    ) -> Response {
        let status = status ?? self.status
        // Screen readers read the title first: it says at once that something is to be put right.
        let mark: String? =
            status >= 400
            ? "page.error_mark"
            : posted == nil
                ? done.map { $0 == Self.elsewhere ? "page.warning_mark" : "page.done_mark" } : nil
        let tab = mark.map { "\(words($0)) \(heading)" } ?? heading
        var response = Page.response(
            status,
            frame.draw(tab) {
                if isNarrow {
                    div(.class("narrow card")) {
                        h1 { heading }
                        banner
                        content()
                    }
                } else {
                    h1 { heading }
                    banner
                    content()
                }
            })
        if case .unavailable(let seconds, _) = posted?.ending {
            response.headers.append(("Retry-After", "\(max(1, seconds))"))
        }
        if let refresh, posted == nil {
            response.headers.append(("Refresh", "\(refresh.seconds); url=\(refresh.path)"))
        }
        return response
    }

    // MARK: What several pages say

    /// «Личный кабинет» speaks of letters that do not come (SF-037).
    var spamHelp: HTML { p(.class("hint")) { words("entry.spam") } }

    /// «Также Вы можете ознакомиться с условиями об обработке персональных данных» (SF-029).
    var terms: HTML {
        details(.class("terms")) {
            summary { words("entry.terms") }
            p(frame.own) { identity.terms.text }
            p(.class("hint")) { words("entry.terms_version", ["version": identity.terms.version]) }
        }
    }

    /// Where one was on the way to goes along with what is posted before.
    func next(_ form: Form) -> HTML {
        wanted.map { form.hidden("next", $0.text) } ?? .empty
    }

    /// Who posted something was signed out by then, and it is not kept: the page to sign in says so.
    @Children var lost: HTML {
        if isLost { Notice.warning.draw(language, role: "status") { words("trouble.lost") } }
    }

    var isLost: Bool { posted == nil && query["done"] == "over" }

    /// Where an operator helps (SF-039, SF-040).
    @Children var operatorHelp: HTML {
        if let recovery = identity.recovery {
            p(.class("hint"), frame.own) { recovery }
        }
    }

    /// The same to whoever has said what the base does not know, perhaps rightly: only an operator can look why.
    @Children var checkHelp: HTML {
        if let refusal, [.identityCheck, .identityRests].contains(refusal.code) {
            // Of an account that is attached the refusal says it itself.
            if refusal.values["who"] != "attach" { p(.class("hint")) { words("entry.check_help") } }
            operatorHelp
        }
    }

    /// «Длина пароля должна быть не менее 8 и не более 20 символов» (SF-025).
    var passwordRule: String {
        words(
            "entry.password_rule",
            ["least": "\(identity.password.least)", "most": "\(identity.password.most)"])
    }

    /// A new password, typed twice.
    @Children func newPassword(_ form: Form) -> HTML {
        form.field(
            "password", .password, autocomplete: "new-password", hint: passwordRule,
            most: 4 * identity.password.most)
        form.field(
            "password_again", .password, autocomplete: "new-password",
            hint: words("entry.password_again_hint"), most: 4 * identity.password.most)
    }

    /// The password, once more.
    func presentPassword(_ form: Form) -> HTML {
        form.field(
            "password", .password, autocomplete: "current-password",
            most: 4 * identity.password.most)
    }

    /// Minutes as people say them: hours where there are whole ones.
    func span(minutes: Int) -> String {
        minutes % 60 == 0
            ? words("span.hours", ["n": "\(minutes / 60)"])
            : words("span.minutes", ["n": "\(minutes)"])
    }
}
