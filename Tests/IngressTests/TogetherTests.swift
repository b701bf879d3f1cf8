import Testing
import Threads

/// Questions that are asked together.
@Suite struct TogetherTests {
    private let together = Together<Int, String>(most: 3)
    private let asked = Monitor<[[Int]]>([])
    private let open = Monitor(false)

    /// Asks on a thread of its own; `1` does not end before the door is open.
    private func ask(
        _ about: String, _ question: Int, _ answers: Monitor<[Int: String]>
    ) -> Worker {
        Worker("asks") { [together, asked, open] in
            let answer = together.ask(about, question) { questions in
                asked.change { $0.append(questions) }
                if questions.contains(1) { _ = open.wait { $0 ? true : nil } }
                return questions.map { "\(about) \($0)" }
            }
            answers.change { $0[question] = answer }
        }
    }

    @Test func `who come while some are asked are the next, no more than may be, each their own`() {
        let answers = Monitor<[Int: String]>([:])
        var threads = [ask("a", 1, answers)]
        _ = asked.wait { $0.count == 1 ? true : nil }
        threads += (2...5).map { ask("a", $0, answers) }
        while together.waiting < 4 {}
        // Of something else nobody waits for these.
        let other = ask("b", 9, answers)
        _ = answers.wait { $0[9] == "b 9" ? true : nil }
        #expect(answers.read { $0.count } == 1)
        open.change { $0 = true }
        for thread in threads + [other] { thread.join() }
        let all = asked.read { $0 }
        #expect(all[0] == [1] && all[1] == [9])
        #expect(all.dropFirst(2).map(\.count) == [3, 1])
        #expect(all.flatMap { $0 }.sorted() == [1, 2, 3, 4, 5, 9])
        #expect((1...5).allSatisfy { n in answers.read { $0[n] } == "a \(n)" })
        #expect(together.waiting == 0)
    }
}
