/// One pool of lanes: which kinds it takes and how.
public struct PoolSettings: Equatable, Sendable {
    public enum Mode: String, Sendable, CaseIterable {
        /// Rules decide, in one transaction a batch.
        case decide
        /// The outside world is called, with no transaction open meanwhile.
        case delivery
    }

    /// What becomes of the subject when a command fails for good.
    public enum OnFailure: String, Sendable, CaseIterable {
        /// Only the command is set aside.
        case skip
        /// The whole subject waits, so that nothing is decided out of order.
        case hold
    }

    /// How long to wait between attempts.
    public struct Backoff: Equatable, Sendable {
        /// After the first attempt.
        public let firstMilliseconds: Int
        /// By how much each wait is longer than the one before, in hundredths: 200 doubles.
        public let factorHundredths: Int
        /// The longest wait.
        public let mostMilliseconds: Int

        public init(
            firstMilliseconds: Int = 1_000, factorHundredths: Int = 200,
            mostMilliseconds: Int = 300_000
        ) {
            self.firstMilliseconds = firstMilliseconds
            self.factorHundredths = factorHundredths
            self.mostMilliseconds = mostMilliseconds
        }

        /// The wait after an attempt, counted from 1, in milliseconds.
        public func milliseconds(afterAttempt attempt: Int) -> Int {
            var wait = min(firstMilliseconds, mostMilliseconds)
            // Attempts are at most 100, and the waits are capped, so nothing overflows.
            for _ in 1..<max(attempt, 1) where wait < mostMilliseconds {
                wait = min(wait * factorHundredths / 100, mostMilliseconds)
            }
            return wait
        }
    }

    public let name: String
    public let kinds: [String]
    public let mode: Mode
    /// Fixed when the pool is first made (1…1024): a subject's lane is its hash modulo this.
    public let lanes: Int
    /// Threads of one process (1…64).
    public let threads: Int
    /// The most commands of a batch (1…5000).
    public let batch: Int
    /// The most attempts at a command (1…100).
    public let attempts: Int
    public let backoff: Backoff
    /// The longest a batch, or a call to the outside, may take.
    public let timeoutMilliseconds: Int
    /// For kinds not in `exceptions`.
    public let onFailure: OnFailure
    public let exceptions: [String: OnFailure]
    /// The most calls in a time; nil in mode decide and when the outside sets no limit.
    public let rate: Rate?
    /// Calls under way at once (1…256), in mode delivery only.
    public let calls: Int
    /// The part of their time for which its threads work while other pools have something to do, in hundredths (1…100),
    /// in mode decide only.
    public let shareHundredths: Int
    /// How far its threads give way to all others of the machine (0…19, as of nice(1)); they take what is idle all the same.
    public let nice: Int

    public init(
        name: String, kinds: [String], mode: Mode = .decide, lanes: Int = 16, threads: Int = 1,
        batch: Int = 500, attempts: Int = 5, backoff: Backoff = Backoff(),
        timeoutMilliseconds: Int = 10_000, onFailure: OnFailure = .hold,
        exceptions: [String: OnFailure] = [:], rate: Rate? = nil, calls: Int = 8,
        shareHundredths: Int = 100, nice: Int = 0
    ) {
        self.name = name
        self.kinds = kinds
        self.mode = mode
        self.lanes = lanes
        self.threads = threads
        self.batch = batch
        self.attempts = attempts
        self.backoff = backoff
        self.timeoutMilliseconds = timeoutMilliseconds
        self.onFailure = onFailure
        self.exceptions = exceptions
        self.rate = rate
        self.calls = calls
        self.shareHundredths = shareHundredths
        self.nice = nice
    }

    /// What becomes of the subject when a command of this kind fails for good.
    public func onFailure(of kind: String) -> OnFailure { exceptions[kind] ?? onFailure }

    /// Reads a pool; problems are noted in the reader.
    init(name: String, _ reader: Reader) {
        let defaults = PoolSettings(name: name, kinds: [])
        self.name = name
        kinds = reader.strings("kinds")
        if !reader.has("kinds") {
            reader.problem("kinds", "is required")
        } else if case .sequence([])? = reader.node("kinds")?.value {
            reader.problem("kinds", "a pool needs at least one kind")
        }
        let mode = reader.choice("mode", Mode.allCases.map(\.rawValue), default: "decide")
        self.mode = Mode(rawValue: mode) ?? .decide
        lanes = reader.int("lanes", in: 1...1024, default: defaults.lanes)
        threads = reader.int("threads", in: 1...64, default: defaults.threads)
        batch = reader.int("batch", in: 1...5000, default: defaults.batch)
        attempts = reader.int("attempts", in: 1...100, default: defaults.attempts)
        timeoutMilliseconds = reader.duration(
            "timeout", in: 1...3_600_000, default: defaults.timeoutMilliseconds)
        calls = reader.int("calls", in: 1...256, default: defaults.calls)
        rate = reader.rate("rate")
        shareHundredths = reader.hundredths("share", in: 1...100, default: defaults.shareHundredths)
        nice = reader.int("nice", in: 0...19, default: defaults.nice)
        backoff = PoolSettings.backoff(reader.section("backoff"))
        (onFailure, exceptions) = PoolSettings.onFailure(reader, kinds)
        if self.mode == .decide {
            if timeoutMilliseconds > 60_000 {
                reader.problem("timeout", "at most 60s in mode decide: a transaction is open")
            }
            for key in ["rate", "calls"] where reader.has(key) {
                reader.problem(key, "belongs to mode delivery only")
            }
        } else if reader.has("share") {
            reader.problem("share", "belongs to mode decide only: a delivery has a rate")
        }
    }

    private static func backoff(_ reader: Reader?) -> Backoff {
        let defaults = Backoff()
        guard let reader else { return defaults }
        let longest = 7 * 86_400_000
        let first = reader.duration("first", in: 1...longest, default: defaults.firstMilliseconds)
        let most = reader.duration(
            "most", in: 1...longest, default: max(first, defaults.mostMilliseconds))
        if most < first { reader.problem("most", "is less than the first wait") }
        return Backoff(
            firstMilliseconds: first,
            factorHundredths: reader.hundredths(
                "factor", in: 100...1000, default: defaults.factorHundredths),
            mostMilliseconds: most)
    }

    private static func onFailure(
        _ reader: Reader, _ kinds: [String]
    ) -> (OnFailure, [String: OnFailure]) {
        let words = OnFailure.allCases.map(\.rawValue)
        guard case .mapping? = reader.node("on_failure")?.value,
            let section = reader.section("on_failure")
        else {
            let word = reader.choice("on_failure", words, default: "hold")
            return (OnFailure(rawValue: word) ?? .hold, [:])
        }
        let common = section.choice("default", words, default: "hold")
        var exceptions: [String: OnFailure] = [:]
        for kind in kinds {
            guard let word = section.optionalChoice(kind, words) else { continue }
            exceptions[kind] = OnFailure(rawValue: word)
        }
        return (OnFailure(rawValue: common) ?? .hold, exceptions)
    }

    func describe() -> String {
        var lines = [
            "kinds: [\(kinds.joined(separator: ", "))]", "mode: \(mode.rawValue)",
            "lanes: \(lanes)", "threads: \(threads)", "batch: \(batch)", "attempts: \(attempts)",
            "backoff: {first: \(Reader.text(milliseconds: backoff.firstMilliseconds)), "
                + "factor: \(Reader.text(hundredths: backoff.factorHundredths)), "
                + "most: \(Reader.text(milliseconds: backoff.mostMilliseconds))}",
            "timeout: \(Reader.text(milliseconds: timeoutMilliseconds))",
        ]
        if exceptions.isEmpty {
            lines.append("on_failure: \(onFailure.rawValue)")
        } else {
            let parts = exceptions.sorted { $0.key < $1.key }
                .map { ", \($0.key): \($0.value.rawValue)" }.joined()
            lines.append("on_failure: {default: \(onFailure.rawValue)\(parts)}")
        }
        if shareHundredths < 100 {
            lines.append("share: \(Reader.text(hundredths: shareHundredths))")
        }
        if nice > 0 { lines.append("nice: \(nice)") }
        if mode == .delivery {
            if let rate { lines.append("rate: \(rate)") }
            lines.append("calls: \(calls)")
        }
        return "  \(name):\n" + lines.map { "    \($0)\n" }.joined()
    }
}
