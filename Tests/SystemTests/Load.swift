import Commands
import TestKit
import Threads

/// One client thread and the accounts that only it writes to: month after month, rising values,
/// each request repeated under its key until there is a final answer.
final class Load: Sendable {
    let accounts: [String]
    private let number: Int
    private let doors: [UInt16]
    private let token: String
    private let pace: Int
    private let waits: Bool
    private let patience: Int

    /// What a 2xx answer acknowledged.
    struct Taken: Sendable {
        let account: String
        let command: String
    }

    private struct State: Sendable {
        var stopping = false
        var taken: [Taken] = []
        var surprises: [String] = []
        var statuses: [Int: Int] = [:]
        var broken = 0
        var repeats = 0
        var echoes = 0
        var thread: Worker?
    }
    private let state = Monitor(State())

    /// - Parameters:
    ///   - doors: ports; the client's own door is one of them, and a repetition goes to the next.
    ///   - pace: milliseconds between two requests.
    ///   - waits: one request in ten waits for its decision.
    ///   - patience: seconds after which a silent door is left.
    init(
        _ number: Int, doors: [UInt16], token: String, accounts: [String], pace: Int = 2,
        waits: Bool = true, patience: Int = 40
    ) {
        self.waits = waits
        self.number = number
        self.pace = pace
        self.doors = doors
        self.token = token
        self.accounts = accounts
        self.patience = patience
    }

    /// In the order in which they were acknowledged.
    var taken: [Taken] { state.read { $0.taken } }
    var acknowledged: [String] { taken.map(\.command) }
    var count: Int { state.read { $0.taken.count } }
    var surprises: [String] { state.read { $0.surprises } }
    var repeats: Int { state.read { $0.repeats } }
    /// Requests that were repeated although they had their answer.
    var echoes: Int { state.read { $0.echoes } }
    /// Answers by status.
    var statuses: [Int: Int] { state.read { $0.statuses } }
    /// Requests that had no answer.
    var broken: Int { state.read { $0.broken } }

    func start() {
        let thread = Worker("load \(number)") { [self] in run() }
        state.change { $0.thread = thread }
    }

    /// Ends after the request under way has had its final answer.
    func end() {
        state.change { $0.stopping = true }
        state.read { $0.thread }?.join()
    }

    private var stopping: Bool { state.read { $0.stopping } }

    private func run() {
        let clients = doors.map { Client(port: $0, token: token, patience: patience) }
        var generator = Seeded(UInt64(number))
        var values = [Int](repeating: 0, count: accounts.count)
        for month in 0..<300 {
            for (index, account) in accounts.enumerated() {
                if stopping { return }
                values[index] += 1 + generator.below(5)
                let day = 1 + generator.below(28)
                let date =
                    "\(2000 + month / 12)-\(pad(month % 12 + 1))-\(pad(day))"
                let body =
                    #"{"meter":"M\#(account)","values":{"T1":"\#(values[index])"},"#
                    + #""taken_on":"\#(date)"}"#
                var headers = [("Idempotency-Key", "\(account)-\(month)")]
                if waits, generator.oneIn(10) { headers.append(("Prefer", "wait=2")) }
                guard let command = send(clients, account, headers, body) else { return }
                state.read { $0.taken.append(Taken(account: account, command: command)) }
                // Whoever asks again although there was an answer gets the same one.
                if generator.oneIn(50) {
                    guard let again = send(clients, account, headers, body) else { return }
                    state.read {
                        $0.echoes += 1
                        if again != command {
                            $0.surprises.append("\(account)-\(month): \(command), then \(again)")
                        }
                    }
                }
                // A steady load, not a flood: the machine has to do the rest too.
                _ = state.wait(milliseconds: pace) { $0.stopping ? true : nil }
            }
        }
    }

    private func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The command it became; nil when there is no sense in going on.
    private func send(
        _ clients: [Client], _ account: String, _ headers: [(String, String)], _ body: String
    ) -> String? {
        // Time in which this process stood still is not the doors'.
        var (left, last) = (Int64(300_000_000), monotonicMicroseconds())
        var door = number
        while left > 0 {
            let now = monotonicMicroseconds()
            left -= min(now - last, 50_000_000)
            last = now
            do {
                let answer = try clients[door % clients.count].call(
                    "POST", "/\(System.organization)/api/accounts/\(account)/readings", headers,
                    json: body)
                state.read { $0.statuses[answer.status, default: 0] += 1 }
                if answer.status == 200 || answer.status == 202 {
                    return try JSON.parse(answer.body)["command"]?.string ?? answer.text
                }
                // 429: many clients of one address that ask again and again, while nobody can say who they are.
                guard answer.status == 503 || answer.status == 429 else {
                    state.read { $0.surprises.append("\(answer.status) \(answer.text)") }
                    return nil
                }
                guard answer.header("Retry-After") != nil else {
                    state.read { $0.surprises.append("\(answer.status) without Retry-After") }
                    return nil
                }
            } catch is Wire.Broken {
                // Lost on the way: nobody knows whether it was taken.
                state.read { $0.broken += 1 }
            } catch {
                state.read { $0.surprises.append("\(error)") }
                return nil
            }
            state.read { $0.repeats += 1 }
            door += 1
            let nothing: Void? = Monitor(()).wait(milliseconds: 20) { _ in nil }
            _ = nothing
        }
        state.read { $0.surprises.append("no final answer within 300 s") }
        return nil
    }
}
