/// What tests against a real PostgreSQL share: a database of their own, a seeded generator, ids, appends, waiting.
///
/// Invariant: it only ever touches databases whose names begin with `kabinet_test_` or `kabinet_template_`, on a server of
/// this machine.
import Glibc
import Threads

/// Why a test could not be set up, or what it waited for in vain.
public struct TestKitError: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// SplitMix64: small, fast, and the same everywhere, so that a failing seed can be run again.
public struct Seeded: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(_ seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// True once in `times`.
    public mutating func oneIn(_ times: Int) -> Bool {
        Int.random(in: 0..<times, using: &self) == 0
    }

    public mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    /// One of `values`, which must not be empty.
    public mutating func pick<Element>(_ values: [Element]) -> Element {
        values[below(values.count)]
    }
}

/// The value of an environment variable, or nil when it is unset or empty.
func environment(_ name: String) -> String? {
    guard let raw = getenv(name) else { return nil }
    let text = String(cString: raw)
    return text.isEmpty ? nil : text
}

/// A figure for whoever reads the run's log, at once: what is buffered is lost with a killed process.
public func report(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    _ = write(1, bytes, bytes.count)
}

/// Asks `condition` again and again until it is true; throws when `seconds` have passed. For what only the server knows
/// (a session that waits, a row of another process): nothing else could announce it.
public func eventually(
    _ what: String = "the condition", seconds: Int = 30, _ condition: () throws -> Bool
) throws {
    // Time in which the whole machine stood still for us (a debugger, a bench) was not spent waiting.
    var (left, last) = (Int64(seconds) * 1_000_000, monotonicMicroseconds())
    let never = Monitor(())
    while try !condition() {
        let now = monotonicMicroseconds()
        left -= min(now - last, 5_000_000)
        last = now
        guard left > 0 else {
            throw TestKitError("\(what) did not come true within \(seconds) s")
        }
        let nothing: Void? = never.wait(milliseconds: 10) { _ in nil }
        _ = nothing
    }
}
