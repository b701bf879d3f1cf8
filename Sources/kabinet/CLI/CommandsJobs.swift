import Commands
import Operations
import Postgres
import Words

/// Bringing back or giving up: single commands by id, and all that match as a job.
extension CommandLineTool {
    private static let filters = [
        "state", "kind", "organization", "account", "subject", "since", "code", "cause", "payload",
    ]

    // MARK: By id

    func commandsRetry(_ arguments: Arguments) throws -> Int32 {
        let dryRun = arguments.has("dry-run")
        let treated = try Reprocessing(try context.console()).retry(
            try arguments.operands.map(identifier), accepted: arguments.has("accepted"),
            why: try arguments.required("why"), dryRun: dryRun)
        return show(treated, dryRun: dryRun, arguments.has("json"))
    }

    func commandsDiscard(_ arguments: Arguments) throws -> Int32 {
        let isFiltered = Self.filters.contains(where: arguments.has)
        guard arguments.operands.isEmpty == isFiltered else { throw UsageError(.idsOrFilters) }
        guard !isFiltered else {
            return try run(.discard, [.abandoned], of: [.abandoned, .failed], arguments)
        }
        let dryRun = arguments.has("dry-run")
        let treated = try Reprocessing(try context.console()).discard(
            try arguments.operands.map(identifier), why: try arguments.required("why"),
            dryRun: dryRun)
        return show(treated, dryRun: dryRun, arguments.has("json"))
    }

    private func show(
        _ treated: [Reprocessing.Treated], dryRun: Bool, _ isJSON: Bool
    ) -> Int32 {
        var isLeft = false
        for one in treated {
            var word = "left"
            var new: String?
            switch one.treatment {
            case .released: word = "released"
            case .appended(let id):
                word = "appended"
                if !dryRun { new = id.description }
            case .discarded: word = "discarded"
            case .left: isLeft = true
            }
            let words = Phrase.treated(one.treatment, dryRun: dryRun).text(language)
            if isJSON {
                output.json(
                    .object([
                        "command": .string(one.id.description), "kind": .string(one.kind),
                        "treatment": .string(word), "new": .text(new),
                        "message": .string(words), "dry_run": .bool(dryRun),
                    ]))
            } else {
                output.line("\(one.id) \(one.kind): \(words)")
            }
        }
        return isLeft ? 1 : 0
    }

    // MARK: All that match

    func commandsReprocess(_ arguments: Arguments) throws -> Int32 {
        var states: [Reprocessing.State] = [.refused, .failed, .abandoned]
        if arguments.has("accepted") { states.append(.done) }
        return try run(
            .reprocess, states, of: [.refused, .failed, .abandoned, .discarded, .done], arguments)
    }

    private func run(
        _ action: Jobs.Action, _ standard: [Reprocessing.State],
        of able: [Reprocessing.State], _ arguments: Arguments
    ) throws -> Int32 {
        guard Self.filters.contains(where: arguments.has) else { throw UsageError(.filterNeeded) }
        var states = standard
        if let state = try arguments.choice("state", Reprocessing.State.self) {
            guard able.contains(state) else {
                throw UsageError(.stateCannot(state.rawValue, able.map(\.rawValue)))
            }
            guard state != .done || arguments.has("accepted") else {
                throw UsageError(.doneNeedsAccepted)
            }
            states = [state]
        }
        let described = Self.filters.compactMap { name in
            arguments[name].map { JSON.Member(name, .string($0)) }
        }
        let filter = try filter(arguments)
        let jobs = Jobs(try context.console())
        Interruption.watch()
        let made = try jobs.make(
            action, filter, states: states, described: .object(described),
            why: try arguments.required("why"), dryRun: arguments.has("dry-run"))
        guard let made else {
            output.note(.nothingFound)
            return 0
        }
        let isJSON = arguments.has("json")
        if !isJSON { output.note(.jobMade(made, try jobs.find(made).total)) }
        return try watch(jobs, made, isJSON)
    }

    func jobsWatch(_ arguments: Arguments) throws -> Int32 {
        Interruption.watch()
        return try watch(
            Jobs(try context.console()), try job(arguments), arguments.has("json"))
    }

    func jobs(
        _ to: Jobs.State, _ arguments: Arguments, _ move: (Jobs, Int64, String) throws -> Void
    ) throws -> Int32 {
        let id = try job(arguments)
        try move(Jobs(try context.console()), id, try arguments.required("why"))
        output.say(.jobMoved(id, to))
        return 0
    }

    private func job(_ arguments: Arguments) throws -> Int64 {
        guard let id = Int64(arguments.operands[0]) else {
            throw UsageError(.notAnID(arguments.operands[0]))
        }
        return id
    }

    func jobsList(_ arguments: Arguments) throws -> Int32 {
        let jobs = try Jobs(try context.console()).list(
            limit: try arguments.number("limit", in: 1...100_000, default: 50))
        if arguments.has("json") {
            for job in jobs { output.json(json(job)) }
            return 0
        }
        if jobs.isEmpty { output.say(.nothingFound) }
        output.table(
            ["job", "at", "action", "state", "total", "handled", "passed", "actor", "why"],
            jobs.map { job in
                let action = job.action.rawValue + (job.dryRun ? " --dry-run" : "")
                return [
                    "\(job.id)", "\(job.at)", action,
                    Phrase.jobState(job.state).text(language), "\(job.total)", "\(job.handled)",
                    "\(job.passed)", job.actor, String(job.why.prefix(60)),
                ]
            }, numbers: ["job", "total", "handled", "passed"])
        return 0
    }

    private func json(_ job: Jobs.Job) -> JSON {
        .object([
            "job": .int(job.id), "action": .string(job.action.rawValue),
            "dry_run": .bool(job.dryRun), "filter": job.filter,
            "state": .string(job.state.rawValue),
            "at": .string("\(job.at)"), "since": .string("\(job.since)"),
            "actor": .string(job.actor), "why": .string(job.why), "total": .int(job.total),
            "handled": .int(job.handled), "appended": .int(job.appended),
            "released": .int(job.released), "discarded": .int(job.discarded),
            "passed": .int(job.passed),
        ])
    }

    // MARK: Watching

    private func watch(_ jobs: Jobs, _ id: Int64, _ isJSON: Bool) throws -> Int32 {
        var progress = Progress(language, silent: isJSON)
        var isTold = false
        let ending = try jobs.watch(id) { job, idle in
            if idle >= 5, !isTold, job.state == .running {
                isTold = true
                progress.clear()
                output.note(.noWorkers)
            }
            progress.show(job.dryRun ? .checking : .reprocessing, job.handled, of: job.total)
            return !Interruption.came
        }
        progress.clear()
        switch ending {
        case .over(let job):
            try summarize(jobs, job, isJSON)
            return job.state == .done ? 0 : 1
        case .paused(let job):
            if isJSON { output.json(json(job)) } else { output.say(.jobMoved(id, .paused)) }
        case .interrupted: output.note(.jobLeft(id))
        case .stuck(let command, let error): output.complain(.stuck("\(command)", error))
        }
        return 1
    }

    private func summarize(_ jobs: Jobs, _ job: Jobs.Job, _ isJSON: Bool) throws {
        let outcomes = try jobs.outcomes(of: job)
        // By account only a dry run tells: afterwards the accounts themselves do.
        let shown: Int64 = 20
        let accounts = job.dryRun ? try jobs.accounts(of: job, most: isJSON ? nil : shown + 1) : []
        if isJSON {
            output.json(json(job))
            for outcome in outcomes {
                output.json(
                    .object(
                        [JSON.Member("kind", .string(outcome.kind))]
                            + members(outcome.was, outcome.state, outcome.count)))
            }
            for one in accounts {
                let whose: [JSON.Member] = [
                    JSON.Member("organization", .string(one.organization)),
                    JSON.Member("account", one.account.map(JSON.string) ?? .null),
                    JSON.Member("subject", .string("\(one.subject)")),
                ]
                output.json(.object(whose + members(one.was, one.state, one.count)))
            }
            return
        }
        output.say(job.dryRun ? .jobForeseen(job) : .jobSummary(job))
        if !outcomes.isEmpty {
            output.table(
                ["kind", "was", "becomes", "commands"],
                outcomes.map {
                    [$0.kind, $0.was.map(words) ?? "", words($0.state), "\($0.count)"]
                }, numbers: ["commands"])
        }
        guard !accounts.isEmpty else { return }
        output.line()
        var names: [String] = []
        let rows = accounts.map { one in
            let name = "\(one.organization) \(one.account ?? "№ \(one.subject)")"
            if names.last != name { names.append(name) }
            return (names.count, [name, words(one.was), words(one.state), "\(one.count)"])
        }
        output.table(
            ["account", "was", "becomes", "commands"],
            rows.filter { $0.0 <= shown }.map(\.1), numbers: ["commands"])
        if names.count > shown { output.note(.moreAccounts(Int(shown))) }
    }

    private func members(
        _ was: Jobs.Standing?, _ state: Jobs.Standing, _ count: Int64
    ) -> [JSON.Member] {
        func member(_ name: String, _ standing: Jobs.Standing) -> [JSON.Member] {
            let code =
                standing.code.isEmpty ? [] : [JSON.Member("\(name)_code", .string(standing.code))]
            return [JSON.Member(name, .string(standing.state))] + code
        }
        return (was.map { member("was", $0) } ?? []) + member("becomes", state)
            + [JSON.Member("count", .int(count))]
    }

    /// A state, and the code of a refusal behind it.
    private func words(_ standing: Jobs.Standing) -> String {
        let state = Phrase.outcome(standing.state).text(language)
        return standing.code.isEmpty ? state : "\(state) \(standing.code)"
    }
}
