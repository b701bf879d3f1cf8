import Testing
import Threads

@testable import Ingress

/// Runs a closure on so many threads at once and waits for all of them.
private func crowd(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let threads = (0..<count).map { number in Worker("crowd \(number)") { body(number) } }
    for thread in threads { thread.join() }
}

@Suite struct GatheringTests {
    @Test func `all who ask the same at the same time make one question, and each gets its answer`()
    {
        let gathering = Gathering<Int>()
        let asked = Monitor(0)
        let told = Monitor<[Int]>([])
        crowd(8) { _ in
            for _ in 0..<100 {
                let isFirst = gathering.join("key") { answer in
                    told.read { $0.append(answer) }
                }
                if isFirst { asked.read { $0 += 1 } }
            }
        }
        #expect(asked.read { $0 } == 1)
        #expect(told.read { $0.isEmpty })
        gathering.answer("key", 7)
        #expect(told.read { $0 } == Array(repeating: 7, count: 800))
        // Told once, and whoever comes later asks anew.
        gathering.answer("key", 8)
        #expect(told.read { $0.count } == 800)
        #expect(gathering.join("key") { _ in })
    }

    @Test func `different questions are different`() {
        let gathering = Gathering<String>()
        let told = Monitor<[String]>([])
        for key in ["a", "b", "c"] {
            let isFirst = gathering.join(key) { answer in told.read { $0.append(answer) } }
            #expect(isFirst)
        }
        gathering.answer("b", "of b")
        #expect(told.read { $0 } == ["of b"])
    }

    @Test func `every question of a crowd is answered once while answers come and go`() {
        let gathering = Gathering<Int>()
        let asked = Monitor(0)
        let told = Monitor(0)
        crowd(8) { number in
            for index in 0..<500 {
                let isFirst = gathering.join("key \(index % 3)") { _ in
                    told.read { $0 += 1 }
                }
                guard isFirst else { continue }
                asked.read { $0 += 1 }
                gathering.answer("key \(index % 3)", number)
            }
        }
        #expect(told.read { $0 } == 4_000)
        #expect(asked.read { $0 } <= 4_000)
    }
}

@Suite struct RoomTests {
    @Test func `no more wait than may, whoever comes, and nobody is forgotten`() {
        let room = Room(.init(requests: 50, bytes: 1 << 20))
        let inside = Monitor(0)
        let most = Monitor(0)
        let refused = Monitor(0)
        crowd(16) { number in
            for _ in 0..<2_000 {
                guard room.enter("actor \(number)", bytes: 10) == nil else {
                    refused.read { $0 += 1 }
                    continue
                }
                let now = inside.read { count in
                    count += 1
                    return count
                }
                most.read { $0 = max($0, now) }
                inside.read { $0 -= 1 }
                room.leave("actor \(number)", bytes: 10)
            }
        }
        #expect(most.read { $0 } <= 50)
        #expect(room.standing.most <= 50)
        #expect(room.standing.requests == 0)
        #expect(room.standing.bytes == 0)
    }

    @Test func `it is full by count, by bytes, and for one actor by half`() {
        let room = Room(.init(requests: 10, bytes: 1_000))
        for _ in 0..<5 { #expect(room.enter("flood", bytes: 10) == nil) }
        #expect(room.enter("flood", bytes: 10)?.reason == .share)
        #expect(room.enter("other", bytes: 951)?.reason == .bytes)
        for _ in 0..<5 { #expect(room.enter("other", bytes: 10) == nil) }
        #expect(room.enter("third", bytes: 10)?.reason == .waiting)
        #expect(room.standing == .init(requests: 10, bytes: 100, most: 10))
        room.leave("flood", bytes: 10)
        #expect(room.enter("third", bytes: 911)?.reason == .bytes)
        #expect(room.enter("third", bytes: 910) == nil)
    }

    @Test func `what is yours is 429, what is ours 503, and each has its code`() {
        for reason in TurnedAway.Reason.allCases {
            let turned = TurnedAway(reason)
            let isTheirs = [.share, .token, .person, .address].contains(reason)
            #expect(turned.status == (isTheirs ? 429 : 503))
            #expect((turned.code == "too_many") == isTheirs)
            #expect(turned.retryAfter >= 1)
        }
    }
}

@Suite struct ThrottleTests {
    @Test func `a second's worth passes at once, the rest is told when to come`() {
        let throttle = Throttle()
        func passed(_ key: String, _ now: Int64) -> Int {
            (0..<100).count { _ in throttle.admit(key, perSecond: 10, now: now) == nil }
        }
        #expect(passed("a", 0) == 10)
        #expect(throttle.admit("a", perSecond: 10, now: 0) == 1)
        #expect(passed("b", 0) == 10)
        #expect(passed("a", 500_000) == 5)
        #expect(passed("a", 60_000_000) == 10)
        #expect(
            (0..<100).count { _ in
                throttle.admit("c", perSecond: 0.1, burst: 3, now: 0) == nil
            } == 3)
        #expect(throttle.admit("c", perSecond: 0.1, burst: 3, now: 0) == 10)
    }
}

@Suite struct CrewTests {
    @Test func `the line is bounded, served in order, and empties before the crew goes home`() {
        let open = Monitor(false)
        let order = Monitor<[Int]>([])
        let crew = Crew("test", threads: 1, limit: 10, patience: 60_000) {}
        let began = Monitor(false)
        let isTaken = crew.run { _, _ in
            began.change { $0 = true }
            _ = open.wait { $0 ? true : nil }
        }
        #expect(isTaken)
        _ = began.wait { $0 ? true : nil }
        let taken = (0..<100).count { number in
            crew.run { _, _ in order.read { $0.append(number) } }
        }
        #expect(taken == 10)
        #expect(crew.waiting == 10)
        open.change { $0 = true }
        crew.stop()
        #expect(order.read { $0 } == Array(0..<10))
        #expect(!crew.run { _, _ in })
    }

    @Test
    func `who has waited longer than the patience is told so, and each thread keeps its tool`() {
        let open = Monitor(false)
        let began = Monitor(0)
        let turns = Monitor<[Crew<Int>.Turn]>([])
        let made = Monitor(0)
        let crew = Crew<Int>("test", threads: 2, limit: 100, patience: 0) {
            made.read { count in
                count += 1
                return count
            }
        }
        for _ in 0..<2 {
            _ = crew.run { _, tool in
                tool += 10
                began.change { $0 += 1 }
                _ = open.wait { $0 ? true : nil }
            }
        }
        _ = began.wait { $0 == 2 ? true : nil }
        let tools = Monitor<Set<Int>>([])
        for _ in 0..<50 {
            _ = crew.run { turn, tool in
                turns.read { $0.append(turn) }
                tools.read { _ = $0.insert(tool) }
            }
        }
        // Longer than no patience at all.
        let nothing: Void? = Monitor(()).wait(milliseconds: 5) { _ in nil }
        _ = nothing
        open.change { $0 = true }
        crew.stop()
        #expect(turns.read { $0.count { $0 == .late } } == 50)
        #expect(made.read { $0 } == 2)
        #expect(tools.read { $0.isSubset(of: [11, 12]) })
    }
}
