import Access
import Commands
import HTTP
import Synchronization
public import Words

/// What asks whether something is right is throttled by address before it costs anything (domain.md §8).
extension Ingress {
    /// False when it comes too often, or too much of it was wrong: then it has been answered.
    func admitsAttempt(
        _ request: Request, _ responder: Responder, _ language: Language
    ) -> Bool {
        let network = request.network
        if let wait = failures.rest(of: network, now: monotonicNow) {
            refuse(responder, TurnedAway(.address, retryAfter: wait), language)
            return false
        }
        return admits(
            .address, "attempt \(network)", perSecond: settings.attemptsPerSecond,
            burst: settings.attemptsPerSecond * 5, responder, language)
    }

    /// A question against machines for a form, and the stamp that goes with it; nil while it is not known what doors share.
    public func question(_ language: Language) -> (text: String, stamp: String)? {
        guard let key = access.doorKey else { return nil }
        let challenge = Challenge.make(key: key, now: clock.now())
        return (Words.question(challenge.question, language), challenge.stamp)
    }

    /// The same for programs.
    var askQuestion: Endpoint {
        Endpoint(
            "GET", "/{org}/api/question",
            "A question against machines: its words, and the stamp to send back with the answer.",
            caller: .person, statuses: [200, 401, 404, 429, 503]
        ) { [self] request, parameters, responder in
            forPerson(request, parameters, responder) { [self] profile, session in
                let language = request.language
                guard session != nil else {
                    return respond(responder, 401, "unauthorized", language)
                }
                guard let question = question(language) else {
                    return refuse(responder, TurnedAway(.database, retryAfter: 2), language)
                }
                responder.respond(
                    Response(
                        status: 200,
                        headers: [
                            ("Content-Type", "application/json"), ("Cache-Control", "no-store"),
                            ("Content-Language", language.rawValue),
                        ],
                        body: JSON.object([
                            "text": .string(question.text), "question": .string(question.stamp),
                        ]).bytes))
            }
        }
    }
}

/// Places for decisions that are waited for only to be counted; each is given back when nobody holds it any more.
final class Watched: Sendable {
    final class Place: Sendable {
        private let watched: Watched
        fileprivate init(_ watched: Watched) { self.watched = watched }
        deinit { watched.taken.subtract(1, ordering: .relaxed) }
    }

    private let most: Int
    private let taken = Atomic(0)

    init(most: Int) { self.most = most }

    /// Nil: all are taken.
    func take() -> Place? {
        guard taken.add(1, ordering: .relaxed).newValue <= most else {
            taken.subtract(1, ordering: .relaxed)
            return nil
        }
        return Place(self)
    }
}

/// What was wrong, by network, in this process's memory: so many an hour, and it must wait.
final class Failures: Sendable {
    /// Refusals that mean that somebody may be guessing.
    static let codes: Set<String> = Set(
        [
            Refusal.Code.signIn, .identityCheck, .codeWrong, .secondFactor, .linkEnded,
            .registrationPassword,
        ].map(\.rawValue))
    static let term: Int64 = 3_600_000_000
    private static let limit = 100_000

    private let most: Int
    private let found = Mutex<[String: (count: Int, since: Int64)]>([:])

    init(most: Int) { self.most = most }

    /// Seconds until this network may try again; nil: it may. `now` is monotonic, in microseconds.
    func rest(of network: String, now: Int64) -> Int? {
        found.withLock { found in
            guard let entry = found[network], entry.count >= most else { return nil }
            let left = entry.since + Self.term - now
            return left > 0 ? Int(left / 1_000_000) + 1 : nil
        }
    }

    func note(_ network: String, now: Int64) {
        found.withLock { found in
            if found.count >= Self.limit {
                found = found.filter { now - $0.value.since < Self.term }
                if found.count >= Self.limit { found.removeAll(keepingCapacity: true) }
            }
            var entry = found[network] ?? (0, now)
            if now - entry.since >= Self.term { entry = (0, now) }
            entry.count += 1
            found[network] = entry
        }
    }
}

/// Questions that were answered, in this process's memory: each counts once, though its post may be repeated.
final class Questions: Sendable {
    private static let limit = 100_000
    private let taken = Mutex<[String: [UInt8]?]>([:])

    /// Whether the answer to it may be used.
    /// - Parameter repetition: what makes a post the same as one before.
    func take(_ stamp: String, by repetition: [UInt8]?) -> Bool {
        taken.withLock { taken in
            if let before = taken[stamp] { return before != nil && before == repetition }
            // They count for ten minutes: so many are a flood, and what is forgotten then would soon have ended.
            if taken.count >= Self.limit { taken.removeAll(keepingCapacity: true) }
            taken[stamp] = .some(repetition)
            return true
        }
    }
}
