import Synchronization

/// Token buckets in this process's memory. A bucket holds one second's worth; what overflows is refused with the time
/// after which it may come again.
final class Throttle: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: Int64
    }

    private let buckets = Mutex<[String: Bucket]>([:])
    private static let limit = 200_000

    /// Nil when it may pass; else seconds to wait (at least 1).
    /// - Parameter cost: how many things it asks for at once; more than `burst` never pass.
    func admit(
        _ key: String, perSecond rate: Double, burst: Double? = nil, cost: Double = 1, now: Int64
    ) -> Int? {
        buckets.withLock { buckets in
            if buckets.count >= Self.limit { buckets.removeAll(keepingCapacity: true) }
            let most = max(1, burst ?? rate)
            var bucket = buckets[key] ?? Bucket(tokens: most, at: now)
            bucket.tokens = min(most, bucket.tokens + Double(now - bucket.at) / 1_000_000 * rate)
            bucket.at = now
            let passes = bucket.tokens >= cost
            if passes { bucket.tokens -= cost }
            buckets[key] = bucket
            guard !passes else { return nil }
            return max(1, Int(((cost - bucket.tokens) / rate).rounded(.up)))
        }
    }
}
