import Commands
import Operations
import Queue

/// The views that people read: compared with the facts, and made anew.
extension CommandLineTool {
    func viewsCheck(_ arguments: Arguments) throws -> Int32 {
        let count = try compare(arguments)
        if arguments.has("json") {
            output.json(json(count))
        } else {
            output.say(.viewsCompared(count))
            if count.sum > 0 { output.note(.viewsNext) }
        }
        return count.sum == 0 ? 0 : 1
    }

    func viewsRebuild(_ arguments: Arguments) throws -> Int32 {
        let why = try arguments.required("why")
        let isJSON = arguments.has("json")
        if arguments.has("dry-run") {
            let count = try compare(arguments)
            if isJSON { output.json(json(count)) } else { output.say(.viewsWouldChange(count)) }
            return 0
        }
        let console = try context.console()
        let views = Views(console)
        Interruption.watch()
        let ids = try views.rebuild(organization: arguments["organization"], why: why)
        var progress = Progress(language, silent: isJSON)
        let states = try Dispatch(console).settled(ids, seconds: 7 * 86_400) { done in
            progress.show(.rebuilding, Int64(done), of: Int64(ids.count))
            return !Interruption.came
        }
        progress.clear()
        let done = states.count { $0.state == .done }
        let count = try views.healed(states)
        if isJSON { output.json(json(count)) } else { output.say(.viewsRebuilt(count)) }
        if Interruption.came, states.contains(where: { $0.state == .pending }) {
            output.note(.waitingStopped)
            return 1
        }
        if done < ids.count { output.complain(.rebuildLeft(Int64(ids.count - done))) }
        return done == ids.count ? 0 : 1
    }

    /// Shows the differences and counts them.
    private func compare(_ arguments: Arguments) throws -> Views.Count {
        let isJSON = arguments.has("json")
        let limit = try arguments.number("limit", in: 0...1_000_000, default: 50)
        var shown: Int64 = 0
        var progress = Progress(language, silent: isJSON)
        let count = try Views(try context.console()).check(
            organization: arguments["organization"],
            progress: { progress.show(.comparing, $0, of: $1) },
            each: { difference in
                shown += 1
                if isJSON {
                    output.json(json(difference))
                } else if shown <= limit {
                    progress.clear()
                    output.say(.difference(difference))
                }
            })
        progress.clear()
        if !isJSON, shown > limit { output.say(.moreMayBe(limit)) }
        return count
    }

    private func json(_ difference: Views.Difference) -> JSON {
        .object([
            "organization": .string(difference.organization),
            "account": .string(difference.account), "service": .string(difference.service),
            "meter": .string(difference.meter), "month": .string(difference.month),
            "problem": .string(difference.problem.rawValue),
            "expected": .string(difference.expected), "found": .string(difference.found),
        ])
    }

    private func json(_ count: Views.Count) -> JSON {
        .object([
            "accounts": .int(count.accounts), "affected": .int(Int64(count.affected)),
            "missing": .int(count.missing), "extra": .int(count.extra),
            "different": .int(count.different),
        ])
    }
}
