import Commands
import Operations
import Postgres
import Queue
import Words

/// Billing months: opened, looked at beforehand, closed, opened again.
extension CommandLineTool {
    func period(_ arguments: Arguments, _ make: (Month) -> Command) throws -> Int32 {
        let text = try arguments.required("month")
        guard let month = Month(text) else { throw UsageError(.notAMonth(text)) }
        let command = make(month)
        let dispatch = Dispatch(try context.console())
        Interruption.watch()
        let id = try dispatch.send(
            command, organization: try arguments.required("organization"))
        let isJSON = arguments.has("json")
        let code = try outcome(of: id, dispatch, isJSON)
        guard code == 0 else { return code }
        switch command {
        case .closePeriod: return try watch(id, dispatch, .chargePeriod, .fixing, isJSON)
        case .foreseePeriod: return try watch(id, dispatch, .foreseePart, .foreseeing, isJSON)
        case .reopenPeriod: return try watch(id, dispatch, .withdrawPeriod, .withdrawing, isJSON)
        default: return 0
        }
    }

    /// Its parts, to the last one, and what they came to together.
    private func watch(
        _ id: Identifier, _ dispatch: Dispatch, _ kind: Command.Kind, _ doing: Phrase,
        _ isJSON: Bool
    ) throws -> Int32 {
        var progress = Progress(language, silent: isJSON)
        let parts = try dispatch.watch(followUpsOf: id, kind: kind) { now in
            progress.show(doing, now.decided, of: now.total)
            return !Interruption.came
        }
        progress.clear()
        guard let parts else {
            output.note(.waitingStopped)
            return 1
        }
        let total = MonthTotal(try dispatch.results(of: id, kind: kind))
        if isJSON {
            output.json(total.json)
        } else {
            say(total, kind, parts)
        }
        let left = parts.abandoned + parts.refused
        if left > 0 { output.complain(.fixingLeft(left)) }
        return left == 0 ? 0 : 1
    }

    private func say(_ total: MonthTotal, _ kind: Command.Kind, _ parts: Dispatch.FollowUps) {
        switch kind {
        case .withdrawPeriod: output.say(.withdrawn(total.sum("bills")))
        case .chargePeriod: output.say(.fixed(parts.decided - parts.refused, of: parts.total))
        default: break
        }
        if kind == .withdrawPeriod { return }
        output.say(
            .monthCame(
                accounts: total.sum("accounts"), lines: total.sum("lines"),
                charged: Kopecks.text(total.sum("charged_kopecks")),
                recalculated: Kopecks.text(total.sum("recalculated_kopecks")),
                penalty: Kopecks.text(total.sum("penalty_kopecks"))))
        for (kind, amount) in total.kinds { output.say(.monthKind(kind, Kopecks.text(amount))) }
        let problems = total.sum("problems")
        if problems > 0 {
            output.say(.monthProblems(problems))
            for problem in total.list("problem_list") {
                output.say(
                    .monthProblem(
                        problem["account"]?.string ?? "", problem["kind"]?.string ?? "",
                        problem["what"]?.string ?? "", problem["month"]?.string ?? ""))
            }
        }
        let anomalies = total.sum("anomalies")
        if anomalies > 0 {
            output.say(.monthAnomalies(anomalies))
            for anomaly in total.list("anomaly_list") {
                let words = (anomaly.members ?? []).map { member in
                    "\(member.key) \(member.value.string ?? String(decoding: member.value.bytes, as: UTF8.self))"
                }
                output.line("  " + words.joined(separator: ", "))
            }
        }
    }
}

/// What the parts of a month came to together.
private struct MonthTotal {
    private let parts: [JSON]
    private static let shown = 20

    init(_ parts: [JSON]) { self.parts = parts }

    func sum(_ key: String) -> Int64 { parts.reduce(0) { $0 + ($1[key]?.int ?? 0) } }

    func list(_ key: String) -> [JSON] {
        Array(parts.lazy.flatMap { $0[key]?.array ?? [] }.prefix(Self.shown))
    }

    var kinds: [(String, Int64)] {
        var kinds: [String: Int64] = [:]
        for part in parts {
            for member in part["kinds"]?.members ?? [] {
                kinds[member.key, default: 0] += member.value.int ?? 0
            }
        }
        return kinds.sorted { $0.key < $1.key }
    }

    var json: JSON {
        var members: [JSON.Member] = []
        for key in [
            "bills", "accounts", "lines", "readings", "charged_kopecks", "recalculated_kopecks",
            "penalty_kopecks", "problems", "anomalies",
        ] where parts.contains(where: { $0[key] != nil }) {
            members.append(JSON.Member(key, .int(sum(key))))
        }
        if !kinds.isEmpty {
            members.append(
                JSON.Member("kinds", .object(kinds.map { JSON.Member($0.0, .int($0.1)) })))
        }
        for key in ["problem_list", "anomaly_list"] {
            let list = list(key)
            if !list.isEmpty { members.append(JSON.Member(key, .array(list))) }
        }
        return .object(members)
    }
}
