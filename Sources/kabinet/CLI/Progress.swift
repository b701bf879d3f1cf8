import Glibc
import Operations
import Synchronization
import Words

/// How far something is, on standard error: a bar on a terminal, else a line now and then.
struct Progress {
    private let language: Language
    private let isSilent: Bool
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let began = Progress.seconds()
    private var lastLine: Double
    private var isDrawn = false

    init(_ language: Language, silent: Bool) {
        self.language = language
        isSilent = silent
        lastLine = began
    }

    var elapsed: Double { Self.seconds() - began }

    mutating func show(_ what: Phrase, _ done: Int64, of total: Int64) {
        guard !isSilent, total > 0 else { return }
        let share = min(1, Double(done) / Double(total))
        let words = "\(what.text(language)): \(done)/\(total), \(Int(share * 100)) %"
        if isTerminal {
            let filled = Int(share * 30)
            let bar =
                String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
            Output.write("\r\u{1B}[K\(bar) \(words)")
            isDrawn = true
        } else if Self.seconds() - lastLine >= 5 {
            lastLine = Self.seconds()
            Output.write(words + "\n")
        }
    }

    /// Takes the bar away, so that what follows stands on a line of its own.
    mutating func clear() {
        if isDrawn { Output.write("\r\u{1B}[K") }
        isDrawn = false
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }
}

/// Ctrl-C while waiting: the waiting stops, the process says what goes on without it.
enum Interruption {
    private static let flag = Atomic<Bool>(false)

    static var came: Bool { flag.load(ordering: .relaxed) }

    /// From here on the first Ctrl-C only sets a flag; a second one ends the process as usual.
    static func watch() {
        signal(SIGINT) { _ in
            Interruption.flag.store(true, ordering: .relaxed)
            signal(SIGINT, SIG_DFL)
        }
    }
}
