public import Commands
import Crypto

/// The question against machines on the form that attaches an account (SF-068). Nothing is kept of those that are asked: a
/// stamp goes with each, and whichever door it comes back to knows from it whether the answer is right.
public struct Challenge: Sendable, Equatable {
    public let question: Question
    /// Hidden in the form. It does not tell the answer.
    public let stamp: String

    /// Microseconds for which it counts.
    static let term: Int64 = 600_000_000

    /// - Parameters:
    ///   - key: what all doors share (`Access.doorKey`).
    ///   - now: microseconds since 1970-01-01 UTC, domain time.
    public static func make(key: [UInt8], now: Int64) -> Challenge {
        let question = Question(random: Secrets.randomWords().0)
        return Challenge(
            question: question,
            stamp: Stamp.make(
                about: about(question.answer), until: (now + term) / 1_000_000, key: key))
    }

    /// Until when it counts (microseconds since 1970-01-01 UTC) when the answer is right; else nil.
    public static func until(
        _ stamp: String, answer: Int, key: [UInt8], now: Int64
    ) -> Int64? {
        Stamp.until(stamp, about: about(answer), now: now / 1_000_000, key: key).map {
            $0 * 1_000_000
        }
    }

    private static func about(_ answer: Int) -> String { "question \(answer)" }
}
