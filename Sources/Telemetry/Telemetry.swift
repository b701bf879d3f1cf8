// Telemetry: events, and the two things made from them, log lines and metrics. A fact is told once,
// as a typed event, so that the log and the metrics cannot disagree. This room knows nothing of
// ours: no kinds, no commands, no database.

import Glibc
import Synchronization

/// Where events are told. One lives in a process; it is safe to tell from every thread.
public final class Telemetry: Sendable {
    /// The metrics made from the events told here. They are counted whatever the log's level.
    public let metrics: Metrics

    private let minimum: Level
    private let write: @Sendable ([UInt8]) -> Void
    private let observers = Mutex<[@Sendable (Event) -> Void]>([])
    private let kept: Kept?

    /// Makes a telemetry that logs events from `minimum` up. `write` is given one whole line,
    /// newline included, and is called on the telling thread: it must not block for long.
    public init(
        minimum: Level = .notice,
        write: @escaping @Sendable ([UInt8]) -> Void = Telemetry.standardError
    ) {
        self.minimum = minimum
        self.write = write
        self.metrics = Metrics()
        self.kept = nil
    }

    private init(keeping kept: Kept) {
        self.minimum = .debug
        self.write = { _ in }
        self.metrics = Metrics()
        self.kept = kept
    }

    /// Makes a telemetry for tests: it writes nothing, keeps every event of every level, and lets a
    /// test wait for one with `next`, so that no test has to sleep.
    public static func collecting() -> Telemetry { Telemetry(keeping: Kept()) }

    /// Tells a fact: counts its measures, shows it to the observers, and logs it when its level is
    /// high enough.
    public func tell(_ event: Event) {
        for measure in event.measures { metrics.record(measure) }
        for observer in observers.withLock({ $0 }) { observer(event) }
        if let kept {
            kept.add(event)
        } else if event.level >= minimum {
            write(LogLine.bytes(event, at: LogLine.now()))
        }
    }

    /// Adds a subscriber that sees every event from now on, of every level, on the telling thread.
    /// Subscribers stay for the life of the process.
    public func observe(_ body: @escaping @Sendable (Event) -> Void) {
        observers.withLock { $0.append(body) }
    }

    /// Waits for an event of this name and takes it: the oldest one not taken before, or nil when
    /// none has come within `timeoutSeconds`. It works only on what `collecting()` made; on another
    /// telemetry it is a bug and traps.
    public func next(_ name: String, timeoutSeconds: Int = 10) -> Event? {
        guard let kept else { preconditionFailure("only a collecting telemetry keeps events") }
        return kept.next(name, timeoutSeconds: timeoutSeconds)
    }

    /// All events kept so far, in the order told, those taken by `next` included; empty unless
    /// collecting.
    public var events: [Event] { kept?.all ?? [] }

    /// Writes a line to standard error by one write(2), so that lines of several threads do not
    /// mix. Only a line that a pipe took in part is continued. When standard error is gone there is
    /// nobody left to tell it to, and the line is lost.
    public static let standardError: @Sendable ([UInt8]) -> Void = { line in
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(
                    2, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
    }
}
