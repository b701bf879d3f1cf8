import Commands
import Files
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
        let organization = try arguments.required("organization")
        let console = try context.console()
        let underWay = try underWay(command, month, organization, console)
        if let underWay {
            if case .closePeriod = command, !arguments.has("confirm") {
                output.complain(.closesEarly(month, underWay))
                return 1
            }
            output.note(.monthUnderWay(month, underWay))
        }
        let dispatch = Dispatch(console)
        Interruption.watch()
        let id = try dispatch.send(command, organization: organization)
        let isJSON = arguments.has("json")
        let code = try outcome(of: id, dispatch, isJSON)
        guard code == 0, let kind = follows(from: command) else { return code }
        guard let ends = try watch(id, dispatch, kind, isJSON) else {
            output.note(.waitingStopped)
            return 1
        }
        let total = MonthTotal(
            try dispatch.results(of: id, kind: kind), all: isJSON || arguments.has("all"))
        let closed =
            kind == .chargePeriod || total.accounts == 0 && kind != .withdrawPeriod
            ? try ClosedMonth.find(month, organization: organization, console) : nil
        if isJSON {
            output.json(total.json(told(closed, total), underWay))
        } else {
            say(total, told(closed, total), kind, ends)
        }
        let left = ends.abandoned + ends.refused
        if left > 0 { output.complain(.fixingLeft(left)) }
        // What a close before this one could not charge is still not charged.
        let problems = closed?.problems ?? total.sum("problems")
        if problems > 0 {
            output.complain(
                closed == nil
                    ? .wouldLack(problems)
                    : .closedLacks(problems, month, organization: organization))
        }
        if left > 0 { return 1 }
        return problems == 0 ? 0 : Self.incomplete
    }

    /// What of a month is still to come that is to be closed, or looked at before.
    private func underWay(
        _ command: Command, _ month: Month, _ organization: String, _ console: Console
    ) throws -> MonthUnderWay? {
        switch command {
        case .closePeriod, .foreseePeriod:
            try MonthUnderWay.find(month, organization: organization, console)
        default: nil
        }
    }

    /// Where its parts tell nothing, a month's bills do; without a bill nothing of the month tells more than its parts.
    private func told(_ closed: ClosedMonth?, _ total: MonthTotal) -> ClosedMonth? {
        guard total.accounts == 0, let closed, closed.bills > 0 else { return nil }
        return closed
    }

    /// What follows from a command, part by part.
    private func follows(from command: Command) -> Command.Kind? {
        switch command {
        case .closePeriod: .chargePeriod
        case .foreseePeriod: .foreseePart
        case .reopenPeriod: .withdrawPeriod
        default: nil
        }
    }

    /// Watches the parts to the last one. Nil when somebody did not want to wait.
    private func watch(
        _ id: Identifier, _ dispatch: Dispatch, _ kind: Command.Kind, _ isJSON: Bool
    ) throws -> Dispatch.FollowUps? {
        let doing: Phrase =
            switch kind {
            case .foreseePart: .foreseeing
            case .withdrawPeriod: .withdrawing
            default: .fixing
            }
        var progress = Progress(language, silent: isJSON)
        defer { progress.clear() }
        return try dispatch.watch(followUpsOf: id, kind: kind) { now in
            progress.show(doing, now.decided, of: now.total)
            return !Interruption.came
        }
    }

    private func say(
        _ total: MonthTotal, _ closed: ClosedMonth?, _ kind: Command.Kind,
        _ parts: Dispatch.FollowUps
    ) {
        if let closed {
            output.say(.monthIsClosed(closed))
        } else if kind == .withdrawPeriod {
            output.say(.withdrawn(total.sum("bills")))
        } else {
            if kind == .chargePeriod {
                output.say(.fixed(parts.decided - parts.refused, of: parts.total))
            }
            say(total)
        }
    }

    private func say(_ total: MonthTotal) {
        output.say(
            .monthCame(
                accounts: total.accounts, lines: total.sum("lines"),
                charged: Kopecks.text(total.sum("charged_kopecks")),
                recalculated: Kopecks.text(total.sum("recalculated_kopecks")),
                penalty: Kopecks.text(total.sum("penalty_kopecks"))))
        for (kind, amount) in total.kinds { output.say(.monthKind(kind, Kopecks.text(amount))) }
        sayProblems(total)
        sayAnomalies(total)
    }

    private func sayProblems(_ total: MonthTotal) {
        let count = total.sum("problems")
        guard count > 0 else { return }
        output.say(.monthProblems(count))
        var more = Int(count)
        for (key, examples) in total.problems {
            output.line("  " + Phrase.problemKind(key).text(language))
            for problem in examples { output.line("    " + Phrase.problem(problem).text(language)) }
            more -= examples.count
        }
        if more > 0 { output.line("  " + Phrase.moreProblems(more).text(language)) }
    }

    /// All that a closed month could not charge, as a table for another program or as JSON, a line each.
    func periodProblems(_ arguments: Arguments) throws -> Int32 {
        let text = try arguments.required("month")
        guard let month = Month(text) else { throw UsageError(.notAMonth(text)) }
        let organization = try arguments.required("organization")
        let console = try context.console()
        func all(_ each: (JSON) throws -> Void) throws -> (
            count: Int64, left: ClosedMonth.PartsLeft
        ) {
            try ClosedMonth.problems(month, organization: organization, console, each: each)
        }
        func fields(_ problem: JSON) -> [String] {
            let told = ["account", "kind", "month", "what"].map { problem[$0]?.string ?? "" }
            return told + [Phrase.problemReason(problem).text(language)]
        }
        if arguments.has("json") { return complete(try all { output.json($0) }.left) }
        let found: (count: Int64, left: ClosedMonth.PartsLeft)
        let writer = CSVWriter(mark: true)
        if let path = arguments["out"] {
            var file = try CSVFile(path: path, writer)
            try file.write(ClosedMonth.problemColumns)
            found = try all { try file.write(fields($0)) }
            try file.finish()
        } else {
            var writer = writer
            writer.write(ClosedMonth.problemColumns)
            found = try all {
                writer.write(fields($0))
                output.raw(writer.take())
            }
            output.raw(writer.take())
        }
        output.note(.monthProblems(found.count))
        return complete(found.left)
    }

    /// Says which parts of the close are missing in what was told.
    private func complete(_ left: ClosedMonth.PartsLeft) -> Int32 {
        if left.isNone { return 0 }
        output.complain(.problemsIncomplete(left))
        return 1
    }

    private func sayAnomalies(_ total: MonthTotal) {
        let count = total.sum("anomalies")
        guard count > 0 else { return }
        output.say(.monthAnomalies(count))
        let counts = total.anomalyCounts
        for (kind, examples) in total.anomalies {
            let count = counts[kind] ?? Int64(examples.count)
            output.line("  " + Phrase.anomalyKind(kind, count).text(language))
            for anomaly in examples { output.line("    " + Phrase.anomaly(anomaly).text(language)) }
            let more = Int(count) - examples.count
            if more > 0 { output.line("    " + Phrase.andMore(more).text(language)) }
        }
    }
}

/// What the parts of a month came to together.
private struct MonthTotal {
    private let parts: [JSON]
    /// Examples of a kind at most.
    private let shown: Int

    /// - Parameter all: everything that the parts named is shown, not only the first of a kind.
    init(_ parts: [JSON], all: Bool) {
        self.parts = parts
        shown = all ? .max : 20
    }

    func sum(_ key: String) -> Int64 { parts.reduce(0) { $0 + ($1[key]?.int ?? 0) } }

    var accounts: Int64 { sum("accounts") }

    /// Sums of the members of an object that every part has.
    private func sums(_ key: String) -> [String: Int64] {
        var sums: [String: Int64] = [:]
        for part in parts {
            for member in part[key]?.members ?? [] {
                sums[member.key, default: 0] += member.value.int ?? 0
            }
        }
        return sums
    }

    /// What was charged, by kind.
    var kinds: [(String, Int64)] {
        sums("kinds").sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    var anomalyCounts: [String: Int64] { sums("anomaly_counts") }

    /// The first of every kind of problem.
    var problems: [(String, [JSON])] {
        examples("problem_list", Phrase.problemKey).sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    /// The first of every kind of anomaly: the known kinds in their order, then what a later release found.
    var anomalies: [(String, [JSON])] {
        let examples = examples("anomaly_list", Phrase.anomalyKey)
        let others = examples.keys.filter { !Phrase.anomalyKinds.contains($0) }.sorted()
        return (Phrase.anomalyKinds + others).compactMap { kind in
            examples[kind].map { (kind, $0) }
        }
    }

    private func examples(_ key: String, _ kind: (JSON) -> String) -> [String: [JSON]] {
        var found: [String: [JSON]] = [:]
        for part in parts {
            for one in part[key]?.array ?? [] {
                let name = kind(one)
                if found[name, default: []].count < shown {
                    found[name, default: []].append(one)
                }
            }
        }
        return found
    }

    /// - Parameters:
    ///   - closed: what the month came to when it was closed before.
    ///   - underWay: what of it is still to come.
    func json(_ closed: ClosedMonth?, _ underWay: MonthUnderWay?) -> JSON {
        var members: [JSON.Member] = []
        for key in [
            "bills", "accounts", "lines", "readings", "charged_kopecks", "recalculated_kopecks",
            "penalty_kopecks", "problems", "anomalies",
        ] where parts.contains(where: { $0[key] != nil }) {
            members.append(JSON.Member(key, .int(sum(key))))
        }
        let counts = anomalyCounts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        for (key, sums) in [("kinds", kinds), ("anomaly_counts", counts)] where !sums.isEmpty {
            members.append(
                JSON.Member(key, .object(sums.map { JSON.Member($0.0, .int($0.1)) })))
        }
        for (key, groups) in [("problem_list", problems), ("anomaly_list", anomalies)] {
            let list = groups.flatMap(\.1)
            if !list.isEmpty { members.append(JSON.Member(key, .array(list))) }
        }
        if let closed { members.append(JSON.Member("closed", closed.json)) }
        if let days = underWay?.daysLeft {
            members.append(JSON.Member("days_left", .int(Int64(days))))
        }
        if let until = underWay?.readingsUntil {
            members.append(JSON.Member("readings_until", .string(until.description)))
        }
        return .object(members)
    }
}

extension ClosedMonth {
    fileprivate var json: JSON {
        .object([
            "bills": .int(bills), "charged_kopecks": .int(charged.kopecks),
            "recalculated_kopecks": .int(recalculated.kopecks),
            "penalty_kopecks": .int(penalty.kopecks), "owed_kopecks": .int(owed.kopecks),
            "problems": problems > 0 ? .int(problems) : nil,
        ])
    }
}
