import Threads

/// Why a gateway is not called: nothing that a letter or message could change.
enum Stop: String, Sendable {
    case credentials, money, sender, relay, blocked, encryption, certificate, unreachable

    /// What to do about it, for whoever is on call.
    var cure: String {
        switch self {
        case .credentials:
            "correct the user in KABINET_SMTP or KABINET_SMS, or the password in its file; restart the workers"
        case .money: "pay the gateway's account"
        case .sender:
            "set KABINET_MAIL_FROM or KABINET_SMS_FROM to a sender that the gateway lets you use"
        case .relay: "let the mail server take letters for others from this user or address"
        case .blocked: "ask the gateway's support why it blocked the account"
        case .encryption:
            "the server offers no encryption: correct its port, or if it is your own set KABINET_SMTP_TLS=opportunistic"
        case .certificate:
            "correct the server's name or certificate, or name its authority in KABINET_SMTP_CA or KABINET_SMS_CA"
        case .unreachable: "see whether the gateway runs and this machine reaches its address"
        }
    }

    /// What passes by itself is tried again sooner.
    var isTransient: Bool { self == .unreachable }
}

/// Keeps a gateway from being called that turns everything away. While it is open commands stay where they are; then one call
/// finds out, alone, whether it can close, and each time that it cannot the pause is twice as long.
final class Breaker: Sendable {
    enum Entry: Equatable {
        case closed
        /// One call, whose result must be told.
        case probe
        case wait(milliseconds: Int)
    }

    struct Status: Equatable {
        var reason: Stop?
        /// Real time, microseconds since 1970-01-01 UTC.
        var retryAt: Int64?
    }

    private struct State {
        /// Nothing was heard of the gateway yet: the first call goes alone, so that a wrong password is not tried by all at once.
        var isProven = false
        var reason: Stop?
        var until: Int64 = 0
        var pause: Int64 = 0
        /// Until when somebody else's probe is waited for.
        var probing: Int64 = 0
    }

    private let state = Monitor(State())
    private let first: Int64
    private let most: Int64
    private let patience: Int64

    /// Milliseconds: the first pause (a tenth of it for what passes by itself), the longest one, and how long a probe may take.
    init(first: Int = 30_000, most: Int = 900_000, patience: Int = 120_000) {
        self.first = Int64(first) * 1_000
        self.most = Int64(most) * 1_000
        self.patience = Int64(patience) * 1_000
    }

    /// All may be called at once.
    var isClosed: Bool { state.read { $0.isProven && $0.reason == nil } }

    /// Milliseconds for which nobody can be called.
    var pause: Int {
        let now = monotonicMicroseconds()
        return state.read { state in
            if state.isProven, state.reason == nil { return 0 }
            let end = max(state.until, state.probing)
            return end > now ? Int((end - now) / 1_000) + 1 : 0
        }
    }

    var status: Status {
        let now = (monotonicMicroseconds(), realMicroseconds())
        return state.read { state in
            Status(
                reason: state.reason,
                retryAt: state.reason.map { _ in now.1 + max(0, state.until - now.0) })
        }
    }

    func enter() -> Entry {
        let now = monotonicMicroseconds()
        return state.read { state in
            if state.isProven, state.reason == nil { return .closed }
            let end = max(state.until, state.probing)
            guard end <= now else { return .wait(milliseconds: Int((end - now) / 1_000) + 1) }
            state.probing = now + patience
            return .probe
        }
    }

    /// The gateway does its work. True when it did not before.
    func succeeded() -> Bool {
        state.read { state in
            let wasOpen = state.reason != nil
            state = State()
            state.isProven = true
            return wasOpen
        }
    }

    /// Whoever probed learnt nothing: the next one may.
    func learntNothing() {
        let now = monotonicMicroseconds()
        state.read { state in
            guard state.probing > 0 else { return }
            state.probing = 0
            if state.reason != nil { state.until = now + state.pause }
        }
    }

    /// The gateway turns everything away. True when that is news: calls that were under way together open it once.
    func stopped(_ reason: Stop) -> Bool {
        let now = monotonicMicroseconds()
        return state.read { state in
            let wasProbe = state.probing > 0
            guard state.reason == nil || wasProbe else { return false }
            let isNews = state.reason != reason
            let begin = reason.isTransient ? first / 10 : first
            state.pause = state.pause == 0 || isNews ? begin : min(state.pause * 2, most)
            state.reason = reason
            state.until = now + state.pause
            state.probing = 0
            return isNews
        }
    }
}
