import Access
public import Commands
import Crypto
public import HTTP

/// Who was signed out while typing gets it back: what was posted rests in the browser's own cookie while its owner signs in, and
/// stands in the form again on the page that it came from. Nothing of it is sent on without a tap.
///
/// Only forms of an account are kept so: the page is of that account, and shows itself to nobody who may not use it. Another
/// person who signs in here in the meantime sees nothing of it, and whoever shares the account might have typed the same. Secrets
/// are never in it. It cannot be made elsewhere: a keyed hash stands over it, the organization and the page.
extension Ingress {
    static let keptCookie = "kabinet_kept"
    /// Seconds.
    private static let keptFor: Int64 = 600
    /// Bytes; browsers take cookies of 4,096 with their name and all.
    private static let mostKept = 3_000

    /// The cookie that keeps what was just posted; nil: there is nothing to keep, or too much.
    /// - Parameter page: where its form stands.
    func keeping(_ request: Request, _ profile: Profile, _ page: FormPage) -> String? {
        guard let key = access.doorKey, page.isOfAccount, isFromHere(request),
            let fields = Self.fields(of: request)
        else { return nil }
        var pairs = [("", Self.place(page, profile))]
        for field in fields {
            if case .typed(let text) = field.content { pairs.append((field.name, text)) }
        }
        guard pairs.contains(where: { Self.isTyped($0.0, $0.1) }) else { return nil }
        let text = pairs.map { "\(Self.segment($0.0))=\(Self.segment($0.1))" }
            .joined(separator: "&")
        guard text.utf8.count <= Self.mostKept else { return nil }
        let stamp = Stamp.make(
            about: Self.about(text, profile), until: clock.now() / 1_000_000 + Self.keptFor,
            key: key)
        return keptHeader("\(stamp).\(text)", profile, seconds: Self.keptFor)
    }

    /// What stands in the form of the page that is asked for, if it was typed there before its session ended.
    public func kept(_ request: Request, _ profile: Profile) -> FormOutcome? {
        let place = request.path.dropFirst().map(Self.segment).joined(separator: "/")
        guard let found = pairs(request, profile), found.first?.1 == place else { return nil }
        return FormOutcome(
            fields: Dictionary(found.dropFirst().map { $0 }, uniquingKeysWith: { _, last in last }),
            ending: .kept)
    }

    /// Whether something waits for its owner to sign in.
    public func keeps(_ request: Request, _ profile: Profile) -> Bool {
        pairs(request, profile) != nil
    }

    /// The header by which the browser forgets it.
    public func forgettingKept(_ profile: Profile) -> (name: String, value: String) {
        ("Set-Cookie", keptHeader("", profile, seconds: 0))
    }

    private func keptHeader(_ value: String, _ profile: Profile, seconds: Int64) -> String {
        "\(Self.keptCookie)=\(value); Path=/\(profile.code)/; HttpOnly; SameSite=Lax"
            + "; Max-Age=\(seconds)" + (settings.isProduction ? "; Secure" : "")
    }

    private func pairs(_ request: Request, _ profile: Profile) -> [(String, String)]? {
        guard let key = access.doorKey, let cookie = request.cookie(Self.keptCookie),
            cookie.utf8.count <= Self.mostKept + 100, let dot = cookie.firstIndex(of: ".")
        else { return nil }
        let text = String(cookie[cookie.index(after: dot)...])
        guard
            Stamp.until(
                String(cookie[..<dot]), about: Self.about(text, profile),
                now: clock.now() / 1_000_000, key: key) != nil
        else { return nil }
        return Request.pairs(text)
    }

    private static func about(_ text: String, _ profile: Profile) -> String {
        "kept \(profile.code) \(text)"
    }

    /// The page's path behind the organization's part.
    private static func place(_ page: FormPage, _ profile: Profile) -> String {
        let root = "/\(profile.code)"
        return String(page.path(root).dropFirst(root.count + 1))
    }

    /// Whether a field says something that its page would not say anew.
    private static func isTyped(_ name: String, _ value: String) -> Bool {
        !["", "form", "key", "next"].contains(name) && !name.hasPrefix("meter")
            && !name.hasPrefix("service") && value.contains { $0 != " " }
    }
}

extension FormPage {
    /// Whether whoever may not use an account is not shown it.
    fileprivate var isOfAccount: Bool {
        switch self {
        case .meters, .submit, .account, .services: true
        case .signIn, .secondStep, .registerCheck, .register, .registerCode, .link, .reset,
            .newPassword, .profile, .phoneCode, .secondFactor, .accounts, .unsubscribe:
            false
        }
    }
}
