import Synchronization

/// Questions that are asked together: while some are being asked, all that come are asked as the next. Whoever comes first asks
/// for all that wait with them; nobody waits for company.
public final class Together<Question: Sendable, Answer: Sendable>: Sendable {
    private enum Turn: Sendable {
        case answered(Answer)
        /// It is this one's to ask, for themselves and for those who wait.
        case asks
    }
    private struct Waiting: Sendable {
        let question: Question
        let turn: Monitor<Turn?>
    }

    /// Who waits, by what they ask about; those of what is there are being asked for.
    private let board = Mutex<[String: [Waiting]]>([:])
    private let most: Int

    /// - Parameter most: questions at once.
    public init(most: Int) { self.most = most }

    /// How many wait for others' questions to be answered.
    public var waiting: Int { board.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    /// The answer to a question; blocks.
    /// - Parameters:
    ///   - about: only questions about the same thing are asked together.
    ///   - body: answers questions, each at its place.
    public func ask(
        _ about: String, _ question: Question, _ body: ([Question]) -> [Answer]
    ) -> Answer {
        let turn = Monitor<Turn?>(nil)
        let isFirst = board.withLock { board in
            guard board[about] != nil else {
                board[about] = []
                return true
            }
            board[about]?.append(Waiting(question: question, turn: turn))
            return false
        }
        if !isFirst, case .answered(let answer) = turn.wait({ $0 }) { return answer }
        let others = board.withLock { board in
            let others = Array((board[about] ?? []).prefix(most - 1))
            board[about]?.removeFirst(others.count)
            return others
        }
        let answers = body([question] + others.map(\.question))
        precondition(answers.count == others.count + 1, "an answer to each question")
        let next = board.withLock { board -> Waiting? in
            guard var waiting = board[about], !waiting.isEmpty else {
                board[about] = nil
                return nil
            }
            let next = waiting.removeFirst()
            board[about] = waiting
            return next
        }
        next?.turn.change { $0 = .asks }
        for (other, answer) in zip(others, answers.dropFirst()) {
            other.turn.change { $0 = .answered(answer) }
        }
        return answers[0]
    }
}
