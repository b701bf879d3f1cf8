import Commands
import Testing

@testable import Access

/// What an operator's session may be used for.
@Suite struct `An operator's session` {
    private func session(
        _ half: OperatorSession.Half? = nil, hasFactor: Bool
    ) throws -> OperatorSession {
        OperatorSession(
            organization: "o", login: try #require(OperatorLogin("anna")), name: "Анна",
            reach: OperatorReach(role: .clerk), half: half, hasFactor: hasFactor, id: "1",
            hash: try #require(TokenHash(String(repeating: "a", count: 64))))
    }

    @Test func `that was opened before a second factor was wanted can only set one up`() throws {
        var profile = OperatorProfile.standard
        #expect(try session(hasFactor: false).under(profile).may(.look))
        profile.secondFactor = true
        let late = try session(hasFactor: false).under(profile)
        #expect(late.half == .factor && !late.may(.look))
        // It was given long ago.
        #expect(late.asksPassword)
        #expect(try session(hasFactor: true).under(profile).may(.look))
        #expect(try session(.code, hasFactor: true).under(profile).half == .code)
        #expect(try session(.password, hasFactor: false).under(profile).half == .password)
        let fresh = try session(.factor, hasFactor: false).under(profile)
        #expect(fresh.half == .factor && !fresh.asksPassword)
    }
}
