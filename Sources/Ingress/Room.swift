import Synchronization

/// A request that is not taken now, and when it may come again.
public struct TurnedAway: Sendable, Equatable {
    /// Why; the metric `ingress_refused_total` counts them by these words.
    public enum Reason: String, Sendable, CaseIterable {
        // Ours: 503.
        /// As many requests wait as may, or they hold as many bytes.
        case waiting, bytes
        /// The last flushes took so long that this one would wait for longer than it should.
        case flush
        /// As many look-ups or pages wait as may.
        case lookups, pages
        /// As many connections are at work as may, or bodies hold as many bytes.
        case connections, bodies
        /// The database does not answer, or did not in time. Nothing was saved.
        case database, late
        /// The database fell silent while it was writing: saved or not, nobody knows. The same Idempotency-Key finds out.
        case unconfirmed
        /// The schema has left this release behind: nothing is saved any more.
        case outdated
        /// No key is published to which a secret could be sealed.
        case keyless
        // Yours: 429.
        /// One actor's share of what may wait.
        case share
        /// So many requests a second.
        case token, person, address
    }

    public let reason: Reason
    /// Seconds.
    public let retryAfter: Int

    public init(_ reason: Reason, retryAfter: Int = 1) {
        self.reason = reason
        self.retryAfter = retryAfter
    }

    public var status: Int {
        switch reason {
        case .waiting, .bytes, .flush, .lookups, .pages, .connections, .bodies, .database, .late,
            .unconfirmed, .outdated, .keyless:
            503
        case .share, .token, .person, .address: 429
        }
    }

    /// The problem's stable code.
    public var code: String {
        switch reason {
        case .waiting, .bytes, .flush, .lookups, .pages, .connections, .bodies: "overloaded"
        case .database, .late: "database_away"
        case .unconfirmed: "unconfirmed"
        case .outdated: "outdated"
        case .keyless: "no_key"
        case .share, .token, .person, .address: "too_many"
        }
    }
}

/// The requests that wait at the door for the database, wherever they do, and the bytes of what they want written. Bounded,
/// so that overload is told at once, latency ends somewhere and memory too; what has been written and waits for its lane is
/// not here. One actor may take half of it: a program that floods leaves room for others.
final class Room: Sendable {
    struct Limits: Sendable {
        var requests: Int
        var bytes: Int
    }

    struct Standing: Sendable, Equatable {
        var requests = 0
        var bytes = 0
        /// The most requests at once since the start.
        var most = 0
    }

    private struct State: Sendable {
        var standing = Standing()
        var byActor: [String: Int] = [:]
    }

    let limits: Limits
    private let state = Mutex(State())

    init(_ limits: Limits) { self.limits = limits }

    var standing: Standing { state.withLock { $0.standing } }

    /// Nil when it may wait: then `leave` must follow, once, with the same values.
    /// - Parameter actor: whose share it takes; nil when that is not known yet.
    func enter(_ actor: String?, bytes: Int = 0) -> TurnedAway? {
        state.withLock { state in
            guard state.standing.requests < limits.requests else { return TurnedAway(.waiting) }
            guard state.standing.bytes + bytes <= limits.bytes else { return TurnedAway(.bytes) }
            if let actor {
                let taken = state.byActor[actor, default: 0]
                guard taken < max(1, limits.requests / 2) else { return TurnedAway(.share) }
                state.byActor[actor] = taken + 1
            }
            state.standing.requests += 1
            state.standing.bytes += bytes
            state.standing.most = max(state.standing.most, state.standing.requests)
            return nil
        }
    }

    func leave(_ actor: String?, bytes: Int = 0) {
        state.withLock { state in
            state.standing.requests -= 1
            state.standing.bytes -= bytes
            guard let actor, let taken = state.byActor[actor] else { return }
            state.byActor[actor] = taken > 1 ? taken - 1 : nil
        }
    }
}
