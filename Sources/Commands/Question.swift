/// A small sum against machines (SF-068): put in words, without a picture, so that whoever hears the page can answer too.
public struct Question: Sendable, Equatable {
    public let left: Int
    public let right: Int
    /// Else it subtracts, and the answer is never below zero.
    public let adds: Bool

    /// - Parameter random: any number; the same one makes the same question.
    public init(random: UInt64) {
        left = 10 + Int(random % 11)
        right = 1 + Int(random / 11 % 9)
        adds = random / 99 % 2 == 0
    }

    public var answer: Int { adds ? left + right : left - right }
}
