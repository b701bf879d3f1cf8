import Commands
import TestKit
import Threads

/// One client thread and the accounts that only it writes to: month after month, rising values,
/// each request repeated under its key until there is a final answer.
final class Load: Sendable {
    let accounts: [String]
    private let number: Int
    private let port: UInt16
    private let token: String
    private let pace: Int
    private let waits: Bool

    private struct State: Sendable {
        var stopping = false
        var acknowledged: [String] = []
        var surprises: [String] = []
        var repeats = 0
        var thread: Worker?
    }
    private let state = Monitor(State())

    /// - Parameters:
    ///   - pace: milliseconds between two requests.
    ///   - waits: one request in ten waits for its decision.
    init(
        _ number: Int, port: UInt16, token: String, accounts: [String], pace: Int = 2,
        waits: Bool = true
    ) {
        self.waits = waits
        self.number = number
        self.pace = pace
        self.port = port
        self.token = token
        self.accounts = accounts
    }

    var acknowledged: [String] { state.read { $0.acknowledged } }
    var surprises: [String] { state.read { $0.surprises } }
    var repeats: Int { state.read { $0.repeats } }

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
        let client = Client(port: port, token: token)
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
                guard send(client, account, headers, body) else { return }
                // A steady load, not a flood: the machine has to do the rest too.
                _ = state.wait(milliseconds: pace) { $0.stopping ? true : nil }
            }
        }
    }

    private func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// False when there is no sense in going on.
    private func send(
        _ client: Client, _ account: String, _ headers: [(String, String)], _ body: String
    ) -> Bool {
        let deadline = monotonicMicroseconds() + 90_000_000
        while monotonicMicroseconds() < deadline {
            do {
                let answer = try client.call(
                    "POST", "/\(System.organization)/api/accounts/\(account)/readings", headers,
                    json: body)
                if answer.status == 200 || answer.status == 202 {
                    let json = try JSON.parse(answer.body)
                    let command = json["command"]?.string ?? answer.text
                    state.read { $0.acknowledged.append(command) }
                    return true
                }
                guard answer.status == 503 else {
                    state.read { $0.surprises.append("\(answer.status) \(answer.text)") }
                    return false
                }
                guard answer.header("Retry-After") != nil else {
                    state.read { $0.surprises.append("503 without Retry-After") }
                    return false
                }
            } catch is Wire.Broken {
                // Lost on the way: nobody knows whether it was taken.
            } catch {
                state.read { $0.surprises.append("\(error)") }
                return false
            }
            state.read { $0.repeats += 1 }
            let nothing: Void? = Monitor(()).wait(milliseconds: 20) { _ in nil }
            _ = nothing
        }
        state.read { $0.surprises.append("no final answer within 90 s") }
        return false
    }
}
