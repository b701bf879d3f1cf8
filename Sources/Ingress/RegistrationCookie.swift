import Commands
public import HTTP

/// What shows that registrations were begun in this browser, as long as the newest one's link counts. Each has a token of its
/// own, made here: one that is shown is never given to the next, as whoever planted it would know that one's too.
///
/// Whoever could plant it could have a registration of theirs confirmed by one click of the account's owner. A neighbour under
/// the same domain can set a cookie for all of it, and so can who answers for a page without TLS; `__Host-` is what browsers
/// take from nobody but this very host by https (RFC 6265bis §4.1.3.2). It wants the path `/`: so its name says whose it is.
struct RegistrationCookie {
    let name: String
    private let path: String
    private let isSecure: Bool

    init(_ organization: String, isSecure: Bool) {
        self.isSecure = isSecure
        name = isSecure ? "__Host-kabinet_registration-\(organization)" : "kabinet_registration"
        path = isSecure ? "/" : "/\(organization)/"
    }

    /// The newest first; whatever they are worth.
    func tokens(_ request: Request) -> [String] {
        guard let cookie = request.cookie(name), cookie.utf8.count < 200 else { return [] }
        return cookie.split(separator: ".").map(String.init).filter(Self.isToken)
            .prefix(OpenLink.mostBrowsers).map { $0 }
    }

    /// The header that keeps them in the browser.
    func kept(_ tokens: [String], hours: Int) -> String {
        "\(name)=\(tokens.joined(separator: ".")); Path=\(path); HttpOnly; SameSite=Lax"
            + "; Max-Age=\(hours * 3600)" + (isSecure ? "; Secure" : "")
    }

    /// As `Secrets.token` makes them: nothing else goes out again in a cookie.
    private static func isToken(_ text: String) -> Bool {
        text.hasPrefix("kr_") && text.utf8.count == 46
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
    }
}

extension Ingress {
    func registrationCookie(_ organization: String) -> RegistrationCookie {
        RegistrationCookie(organization, isSecure: settings.isProduction)
    }

    /// What the browser holds since it began registrations with an organization, whatever it is worth; the newest first.
    public func registrationTokens(_ request: Request, _ organization: String) -> [String] {
        registrationCookie(organization).tokens(request)
    }
}
