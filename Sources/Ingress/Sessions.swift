public import Access
public import Commands
import Crypto
import Glibc
public import HTTP
import Synchronization
import Words

/// Who comes back: cookies, and that a session is still in use.
extension Ingress {
    /// Runs `body` with the person signed in, or nil. Programs of persons show the session's token as a bearer's.
    public func withSession(
        _ request: Request, _ responder: Responder,
        _ body: @escaping @Sendable (Session?) -> Void
    ) {
        guard let token = request.sessionToken else { return body(nil) }
        withSession(token, request, responder, body)
    }

    func withSession(
        _ token: String, _ request: Request, _ responder: Responder,
        _ body: @escaping @Sendable (Session?) -> Void
    ) {
        switch access.session(token) {
        case .found(let session): body(session)
        case .unknown:
            ask(
                sessionQuestions, token, responder, request.language,
                counted: request.clientAddress
            ) { [access] connection in
                try access.loadSession(token, on: connection)
            } then: {
                body($0)
            }
        }
    }

    /// For pages: the organization's profile and the person signed in, if any.
    public func forPerson(
        _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ body: @escaping @Sendable (Profile, Session?) -> Void
    ) {
        forPerson(of: parameters["org"], request, responder, body)
    }

    /// The same where no route says which part of the path is the organization's.
    public func forPerson(
        of organization: String?, _ request: Request, _ responder: Responder,
        _ body: @escaping @Sendable (Profile, Session?) -> Void
    ) {
        withProfile(organization, request, responder) { [self] profile in
            withSession(request, responder) { [self] session in
                if let session,
                    !admits(
                        .person, "page \(session.principal)", perSecond: 20, burst: 100, responder,
                        request.language)
                {
                    return
                }
                guard let session, session.organization == profile.code else {
                    return body(profile, nil)
                }
                touch(session, request.sessionToken, profile)
                body(profile, session)
            }
        }
    }

    /// For what programs and persons read alike: with a token of that scope nobody is signed in, and all of the organization
    /// is meant; without one somebody is.
    public func forReader(
        _ scope: String, _ request: Request, _ parameters: Parameters, _ responder: Responder,
        _ body: @escaping @Sendable (Profile, Session?) -> Void
    ) {
        guard request.bearer == nil || request.sessionBearer != nil else {
            return forProgram(scope, request, parameters, responder) { body($0, nil) }
        }
        forPerson(request, parameters, responder) { [self] profile, session in
            guard let session else {
                return respond(responder, 401, "unauthorized", request.language)
            }
            body(profile, session)
        }
    }

    /// Somebody is there: the session's idle time begins anew. Appended at most once in 10 minutes, sooner only where sessions
    /// end sooner.
    func touch(_ session: Session, _ token: String?, _ profile: Profile) {
        guard session.id != nil, let token, let idle = profile.identity?.sessions.idle else {
            return
        }
        let now = clock.now()
        let term = Int64(min(600, idle * 30)) * 1_000_000
        guard now - session.seenAt >= term else { return }
        let hash = Secrets.tokenHashText(token)
        guard touches.isDue(hash, now: now, term: term) else { return }
        let command: Command
        do {
            command = try Command(.touchSession, .object(["session": .string(hash)]))
        } catch {
            preconditionFailure("a hash is the shape of one: \(error)")
        }
        append(
            Wish(
                command: command, organization: profile.code, actor: session.actor,
                channel: .resident, digest: [])
        ) { [touches] result in
            // Not written: the next page tries again.
            if case .outcome = result { return }
            touches.forget(hash)
        }
    }

    /// Of nobody's use to who plants one: it would be a session of their own, whose person each page names. So its name says
    /// nothing of Secure, and a release before, beside this one, goes on with it.
    /// - Parameter seconds: nil: it ends with the browser.
    func cookie(_ token: String, _ organization: String, seconds: Int?) -> String {
        "kabinet_session=\(token); Path=/\(organization)/; HttpOnly; SameSite=Lax"
            + (seconds.map { "; Max-Age=\($0)" } ?? "") + (settings.isProduction ? "; Secure" : "")
    }

    static func redirect(_ path: String, cookie: String? = nil) -> Response {
        var headers = [("Location", path), ("Cache-Control", "no-store")]
        if let cookie { headers.append(("Set-Cookie", cookie)) }
        return Response(status: 303, headers: headers)
    }

    /// Cross-site posts are refused. Browsers say where a post comes from; one that says nothing is let through only
    /// when it names no origin at all (old browsers), SameSite=Lax standing behind it.
    public func sameSite(_ request: Request) -> Bool {
        if let site = request.header("Sec-Fetch-Site") {
            return site == "same-origin" || site == "none"
        }
        guard let origin = request.header("Origin") else { return true }
        return origin == settings.publicURL
            || origin == "http://\(request.header("Host") ?? "")" && !settings.isProduction
    }

    /// A text as a segment of a path (RFC 3986 §3.3).
    static func segment(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: out.append(byte)
            default: out += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

/// Sessions that were touched lately, in this process's memory: cached sessions tell of it late.
final class Touches: Sendable {
    private let touched = Mutex<[String: Int64]>([:])
    private static let limit = 100_000

    /// Whether nobody has said so since; then it is said now.
    func isDue(_ hash: String, now: Int64, term: Int64) -> Bool {
        touched.withLock { touched in
            if let last = touched[hash], now - last < term, now >= last { return false }
            if touched.count >= Self.limit { touched.removeAll(keepingCapacity: true) }
            touched[hash] = now
            return true
        }
    }

    func forget(_ hash: String) { touched.withLock { $0[hash] = nil } }
}

extension Request {
    /// The token of `kabinet_session`, whatever it is worth.
    var sessionCookie: String? {
        guard let cookie = cookie("kabinet_session"), !cookie.isEmpty, cookie.utf8.count < 200
        else { return nil }
        return cookie
    }

    /// A session's token shown by a program.
    var sessionBearer: String? {
        guard let bearer, bearer.hasPrefix("ks_") else { return nil }
        return bearer
    }

    /// Only programs show tokens; they ask under `/{org}/api/`.
    var sessionToken: String? {
        (path.count > 1 && path[1] == "api" ? sessionBearer : nil) ?? sessionCookie
    }

    /// The client's network: an IPv4 address whole, of IPv6 the half that a household has.
    var network: String {
        guard clientAddress.contains(":") else { return clientAddress }
        var address = in6_addr()
        guard inet_pton(AF_INET6, clientAddress, &address) == 1 else { return clientAddress }
        return withUnsafeBytes(of: &address) { bytes in
            stride(from: 0, to: 8, by: 2).map {
                String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
            }.joined(separator: ":") + "::"
        }
    }

    /// From where somebody asks, as members of a command: the browser, and the network without its last part.
    var origin: [JSON.Member] {
        var members: [JSON.Member] = []
        if let agent = header("User-Agent") {
            let text = String(
                String.UnicodeScalarView(
                    agent.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(
                        200)))
            if !text.isEmpty { members.append(.init("agent", .string(text))) }
        }
        let address =
            clientAddress.contains(":")
            ? network
            : clientAddress.split(separator: ".").dropLast().joined(separator: ".") + ".*"
        members.append(.init("address", .string(address)))
        return members
    }
}
