import Synchronization

/// One question for all who want the same answer at the same time: when a cached answer runs out, two hundred requests of
/// one client must not become two hundred questions to the database.
final class Gathering<Answer: Sendable>: Sendable {
    typealias Listener = @Sendable (Answer) -> Void

    private let waiting = Mutex<[String: [Listener]]>([:])

    /// Waits for the answer about `key`. True: nobody has asked yet, the caller must, and then tell it with `answer`.
    func join(_ key: String, _ listener: @escaping Listener) -> Bool {
        waiting.withLock { waiting in
            waiting[key, default: []].append(listener)
            return waiting[key]?.count == 1
        }
    }

    /// Tells all who wait for it.
    func answer(_ key: String, _ answer: Answer) {
        for listener in waiting.withLock({ $0.removeValue(forKey: key) }) ?? [] { listener(answer) }
    }
}
