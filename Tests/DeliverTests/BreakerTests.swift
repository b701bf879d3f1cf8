import Testing

@testable import Workers

@Suite struct `A breaker` {
    @Test func `lets the first call go alone, and then all`() {
        let breaker = Breaker()
        #expect(breaker.pause == 0 && !breaker.isClosed)
        #expect(breaker.enter() == .probe)
        #expect(breaker.pause > 0)
        if case .wait = breaker.enter() {} else { Issue.record("two probes at once") }
        #expect(!breaker.succeeded())
        #expect(breaker.isClosed && breaker.pause == 0)
        #expect(breaker.enter() == .closed)
    }

    @Test func `is opened once by calls that fail together, and closed by the first that succeeds`()
    {
        let breaker = Breaker(first: 3_600_000, most: 3_600_000)
        _ = breaker.succeeded()
        #expect(breaker.stopped(.money))
        #expect(!breaker.stopped(.money) && !breaker.stopped(.credentials))
        #expect(breaker.status.reason == .money)
        #expect(breaker.pause > 3_500_000)
        if case .wait = breaker.enter() {} else { Issue.record("called while it is open") }
        #expect(breaker.succeeded())
        #expect(breaker.status == .init(reason: nil, retryAt: nil))
    }

    @Test func `waits twice as long each time, up to its bound, and begins anew once it closed`() {
        let breaker = Breaker(first: 0, most: 100)
        #expect(breaker.stopped(.money))
        #expect(breaker.enter() == .probe)
        // The same reason again is no news.
        #expect(!breaker.stopped(.money))
        #expect(breaker.enter() == .probe)
        // Another one is.
        #expect(breaker.stopped(.credentials))
        let longer = Breaker(first: 1_000_000, most: 1_500_000)
        _ = longer.enter()
        #expect(longer.stopped(.money))
        #expect(longer.pause <= 1_000_001)
        #expect(longer.pause > 900_000)
    }

    @Test func `is tried sooner again when what stopped it may pass by itself`() {
        let breaker = Breaker(first: 1_000_000, most: 10_000_000)
        #expect(breaker.stopped(.unreachable))
        #expect(breaker.pause <= 100_001 && breaker.pause > 90_000)
    }

    @Test func `that learnt nothing from its probe lets the next one try`() {
        let breaker = Breaker()
        #expect(breaker.enter() == .probe)
        breaker.learntNothing()
        #expect(breaker.enter() == .probe)
    }
}
