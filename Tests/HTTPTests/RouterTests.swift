import HTTP
import Testing

@Suite struct Routing {
    private static let router = Router([
        Route("GET", "/", "root"),
        Route("GET", "/health/live", "live"),
        Route("GET", "/{org}/api/accounts", "accounts"),
        Route("POST", "/{org}/api/accounts", "attach"),
        Route("GET", "/{org}/api/accounts/{account}", "account"),
        Route("DELETE", "/{org}/api/accounts/{account}", "detach"),
        Route("POST", "/{org}/api/accounts/{account}/readings", "submit"),
        Route("GET", "/{org}/api/accounts/{account}/bills/{month}.pdf", "bill"),
        Route("GET", "/{org}/api/accounts/{account}/bills/{month}", "month"),
        Route("DELETE", "/{org}/api/sessions/current", "sign out"),
        Route("DELETE", "/{org}/api/sessions/{id}", "end session"),
        Route("GET", "/{org}/api/sessions/{id}", "session"),
        Route("*", "/{org}/pay/{provider}", "pay"),
        Route("HEAD", "/{org}/probe", "probe"),
        Route("GET", "/{org}/probe", "see"),
        Route("GET", "/a/{x}/c", "parameter"),
        Route("GET", "/a/b/d", "literal"),
        Route("PUT", "/a/b/c", "put"),
    ])

    private func match(_ method: String, _ path: String) -> String {
        let segments = path.split(separator: "/").map(String.init)
        switch Routing.router.match(method: method, path: segments) {
        case .found(let action, let parameters):
            return ([action] + parameters.names.map { "\($0)=\(parameters[$0] ?? "nil")" })
                .joined(separator: " ")
        case .methodNotAllowed(let allow): return "405 " + allow.joined(separator: ",")
        case .notFound: return "404"
        }
    }

    @Test(arguments: [
        ("GET", "/", "root"), ("GET", "/health/live", "live"), ("GET", "/health", "404"),
        ("GET", "/srkc/api/accounts", "accounts org=srkc"),
        ("POST", "/srkc/api/accounts", "attach org=srkc"),
        ("HEAD", "/srkc/api/accounts", "accounts org=srkc"),
        ("PUT", "/srkc/api/accounts", "405 GET,HEAD,POST"),
        ("GET", "/srkc/api/accounts/1", "account org=srkc account=1"),
        ("POST", "/srkc/api/accounts/1/readings", "submit org=srkc account=1"),
        ("GET", "/srkc/api/accounts/1/readings", "405 POST"),
        ("HEAD", "/srkc/api/accounts/1/readings", "405 POST"),
        ("GET", "/s/api/accounts/1/bills/2026-04.pdf", "bill org=s account=1 month=2026-04"),
        ("GET", "/s/api/accounts/1/bills/2026-04", "month org=s account=1 month=2026-04"),
        ("GET", "/s/api/accounts/1/bills/.pdf", "month org=s account=1 month=.pdf"),
        ("DELETE", "/s/api/sessions/current", "sign out org=s"),
        ("DELETE", "/s/api/sessions/7", "end session org=s id=7"),
        ("GET", "/s/api/sessions/current", "session org=s id=current"),
        ("PUT", "/s/api/sessions/current", "405 DELETE,GET,HEAD"),
        ("GET", "/s/pay/sber", "pay org=s provider=sber"),
        ("PROPFIND", "/s/pay/sber", "pay org=s provider=sber"),
        ("HEAD", "/s/probe", "probe org=s"), ("GET", "/s/probe", "see org=s"),
        ("GET", "/a/b/c", "parameter x=b"), ("GET", "/a/b/d", "literal"),
        ("PUT", "/a/b/c", "put"), ("POST", "/a/b/c", "405 GET,HEAD,PUT"),
        ("GET", "/a/x/d", "404"), ("GET", "/a/b/c/d", "404"), ("get", "/", "405 GET,HEAD"),
    ])
    func `a path finds its route`(method: String, path: String, expected: String) {
        #expect(match(method, path) == expected)
    }

    @Test(arguments: [
        ("/srkc/operator/find", 2, true), ("/srkc/operator/people/7/end", 2, true),
        ("/srkc/accounts/7/name", 3, false), ("/srkc/sign-in", 1, true), ("/a", 0, true),
    ])
    func `above an address that takes only posts is a page`(
        path: String, segments: Int, hasSlash: Bool
    ) throws {
        let router = Router([
            Route("GET", "/", ""), Route("GET", "/{org}/", ""), Route("POST", "/{org}/sign-in", ""),
            Route("GET", "/{org}/operator/", ""), Route("POST", "/{org}/operator/find", ""),
            Route("POST", "/{org}/operator/people/{person}", ""),
            Route("GET", "/{org}/accounts/{account}", ""),
            Route("POST", "/{org}/accounts/{account}/name", ""),
        ])
        let above = try #require(router.above(path.split(separator: "/").map(String.init)))
        #expect(above.segments == segments && above.hasSlash == hasSlash)
    }

    @Test(arguments: [
        ("/srkc/register/7/phone", "/srkc/register/7/code"),
        ("/srkc/accounts/7/name", "/srkc/accounts/7/settings"),
        ("/srkc/accounts/7/lost", "/srkc/accounts/7"), ("/srkc/sign-in", "/srkc/"), ("/a", nil),
    ])
    func `of a form's address a browser is led to the page that the form stands on`(
        path: String, page: String?
    ) throws {
        func endpoint(
            _ method: String, _ pattern: String, _ page: (@Sendable (Parameters) -> String)? = nil
        ) -> Route<Endpoint> {
            Route(method, pattern, Endpoint(method, pattern, "", page: page) { _, _, _ in })
        }
        let router = Router([
            endpoint("GET", "/{org}/"), endpoint("GET", "/{org}/register"),
            endpoint("GET", "/{org}/register/{id}/code"),
            endpoint("POST", "/{org}/register/{id}/phone") {
                "/\($0["org"] ?? "")/register/\($0["id"] ?? "")/code"
            },
            endpoint("GET", "/{org}/accounts/{account}"),
            endpoint("GET", "/{org}/accounts/{account}/settings"),
            endpoint("POST", "/{org}/accounts/{account}/name") {
                "/\($0["org"] ?? "")/accounts/\($0["account"] ?? "")/settings"
            },
            // A page that is not there leads nobody astray.
            endpoint("POST", "/{org}/accounts/{account}/lost") { _ in "/a/b/c/d/e" },
            endpoint("POST", "/{org}/sign-in"), endpoint("POST", "/{one}"),
        ])
        #expect(
            router.page(path.split(separator: "/").map(String.init), raw: path) == page)
    }

    @Test func `a parameter that is not in the pattern is nil`() {
        guard
            case .found(_, let parameters) = Routing.router.match(
                method: "GET", path: ["s", "probe"])
        else {
            Issue.record("no route")
            return
        }
        #expect(parameters["none"] == nil)
        #expect(parameters["org"] == "s")
    }

    @Test func `two routes that no request could tell apart are a bug`() async {
        await #expect(processExitsWith: .failure) {
            _ = Router([Route("GET", "/{a}/b", 1), Route("GET", "/{c}/b", 2)])
        }
    }
}
