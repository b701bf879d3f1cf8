import Commands
import Operations
import Postgres
import Settings
import Words

/// The queue: its pools and lanes; finding commands.
extension CommandLineTool {
    func queueRebase(_ arguments: Arguments) throws -> Int32 {
        let why = try arguments.required("why")
        output.say(.rebased(try QueueReport(try context.console()).rebase(why: why)))
        return 0
    }

    func queuePause(_ arguments: Arguments) throws -> Int32 {
        let pool = arguments.operands[0]
        let why = try arguments.required("why")
        try QueueReport(try context.console()).pause(pool, why: why)
        output.say(.paused(pool))
        return 0
    }

    func queueResume(_ arguments: Arguments) throws -> Int32 {
        let pool = arguments.operands[0]
        let why = try arguments.required("why")
        try QueueReport(try context.console()).resume(pool, why: why)
        output.say(.resumed(pool))
        return 0
    }

    func queueResize(_ arguments: Arguments) throws -> Int32 {
        let pool = arguments.operands[0]
        guard let lanes = Int16(arguments.operands[1]), (1...1024).contains(lanes) else {
            throw UsageError(.notLanes(arguments.operands[1]))
        }
        let why = try arguments.required("why")
        let resize = Resize(pool, try context.console())
        let isJSON = arguments.has("json")
        func tell(_ now: Resize.State) {
            output.json(
                .object([
                    "pool": .string(pool), "lanes": .int(Int64(now.lanes)),
                    "to": .number(now.to.map(Int64.init)), "waiting": .int(now.waiting),
                    "held": .int(now.held), "paused": .text(now.paused),
                ]))
        }
        if arguments.has("dry-run") {
            let now = try resize.state()
            if isJSON { tell(now) } else { output.say(.wouldResize(pool, now, lanes)) }
            return 0
        }
        Interruption.watch()
        _ = try resize.begin(lanes, why: why)
        var progress = Progress(language, silent: isJSON)
        var most: Int64 = 0
        var toldPaused = false
        let isOver = try resize.watch { now in
            most = max(most, now.waiting)
            progress.show(.draining, most - now.waiting, of: most)
            if let why = now.paused, !toldPaused {
                toldPaused = true
                progress.clear()
                output.note(.pausedMeanwhile(pool, why))
            }
            return !Interruption.came
        }
        progress.clear()
        guard isOver else {
            output.note(.resizeGoesOn(pool, lanes))
            return 1
        }
        if isJSON { tell(try resize.state()) } else { output.say(.resized(pool, lanes)) }
        let written = try context.workers().pools.first { $0.name == pool }?.lanes
        if let written, written != Int(lanes) {
            output.note(.fileHasLanes(pool, written, lanes))
        }
        return 0
    }

    func queue(_ arguments: Arguments) throws -> Int32 {
        let report = QueueReport(try context.console())
        if arguments.has("lanes") { return try lanes(report, arguments.has("json")) }
        let pools = try report.pools()
        if arguments.has("json") {
            for pool in pools {
                output.json(
                    .object([
                        "pool": .string(pool.name), "mode": .string(pool.mode),
                        "lanes": .int(Int64(pool.lanes)),
                        "kinds": .array(pool.kinds.map(JSON.string)),
                        "waiting": .int(pool.waiting),
                        "oldest_seconds": .number(pool.oldestSeconds),
                        "decided_last_minute": .int(pool.decided), "parked": .int(pool.parked),
                        "held": .int(pool.held), "abandoned": .int(pool.abandoned),
                        "refused_last_hour": .int(pool.refused),
                        "paused": .text(pool.paused),
                        "resized_to": .number(pool.resizedTo.map(Int64.init)),
                    ]))
            }
            return 0
        }
        if pools.isEmpty { output.say(.noPools) }
        let numbers = [
            "lanes", "waiting", "oldest", "rate", "parked", "held", "abandoned", "refused",
        ]
        output.table(
            ["pool", "mode"] + numbers + ["kinds"],
            pools.map { pool in
                [
                    pool.name, pool.mode, "\(pool.lanes)", "\(pool.waiting)",
                    age(pool.oldestSeconds), rate(pool.decided), "\(pool.parked)",
                    "\(pool.held)", "\(pool.abandoned)", "\(pool.refused)",
                    pool.kinds.joined(separator: " "),
                ]
            }, numbers: Set(numbers))
        for pool in pools {
            if let why = pool.paused {
                output.line("\(pool.name): \(Phrase.isPaused(why).text(language))")
            }
            if let lanes = pool.resizedTo {
                output.line("\(pool.name): \(Phrase.isResized(to: lanes).text(language))")
            }
        }
        return 0
    }

    private func lanes(_ report: QueueReport, _ isJSON: Bool) throws -> Int32 {
        let lanes = try report.lanes()
        if isJSON {
            for lane in lanes {
                output.json(
                    .object([
                        "pool": .string(lane.pool), "lane": .int(Int64(lane.lane)),
                        "batches": .int(lane.batches), "last_seconds": .int(lane.lastSeconds),
                        "decided_last_minute": .int(lane.decided), "waiting": .int(lane.waiting),
                        "oldest_seconds": .number(lane.oldestSeconds), "held": .int(lane.held),
                        "abandoned": .int(lane.abandoned),
                    ]))
            }
            return 0
        }
        if lanes.isEmpty { output.say(.noPools) }
        let numbers = [
            "lane", "waiting", "oldest", "rate", "held", "abandoned", "batches", "last",
        ]
        output.table(
            ["pool"] + numbers,
            lanes.map { lane in
                [
                    lane.pool, "\(lane.lane)", "\(lane.waiting)", age(lane.oldestSeconds),
                    rate(lane.decided), "\(lane.held)", "\(lane.abandoned)", "\(lane.batches)",
                    age(lane.lastSeconds),
                ]
            }, numbers: Set(numbers))
        return 0
    }

    private func age(_ seconds: Int64?) -> String {
        seconds.map { Moment.age($0).text(language) } ?? "—"
    }

    /// Commands a second of a minute's count, to a tenth.
    private func rate(_ count: Int64) -> String { "\(count / 60).\(count % 60 / 6)" }

    // MARK: Commands

    func filter(_ arguments: Arguments) throws -> Reprocessing.Filter {
        var filter = Reprocessing.Filter(
            limit: try arguments.number("limit", in: 1...100_000, default: 50))
        filter.kind = try arguments.choice("kind", Command.Kind.self)?.rawValue
        filter.organization = arguments["organization"]
        filter.code = arguments["code"]
        if let text = arguments["cause"] { filter.cause = try identifier(text) }
        if let text = arguments["payload"] { filter.payload = try object(text) }
        if let text = arguments["subject"] {
            guard let subject = Int64(text) else { throw UsageError(.notAnID(text)) }
            filter.subject = subject
        }
        if let text = arguments["account"] {
            guard let number = AccountNumber(text) else { throw UsageError(.notAnAccount(text)) }
            guard let organization = filter.organization else {
                throw UsageError(.accountNeedsOrganization)
            }
            filter.subject = Subject.account(organization, number)
        }
        if let text = arguments["since"] {
            guard let since = Moment.since(text) else { throw UsageError(.notASince(text)) }
            filter.since = since
        }
        return filter
    }

    func commandsList(_ arguments: Arguments) throws -> Int32 {
        var filter = try filter(arguments)
        filter.state = try arguments.choice("state", Reprocessing.State.self)
        let found = try Reprocessing(try context.console()).list(filter)
        if arguments.has("json") {
            for command in found {
                output.json(
                    .object([
                        "command": .string(command.id.description),
                        "kind": .string(command.kind),
                        "organization": .string(command.organization),
                        "state": .string(command.state),
                        "code": command.code.isEmpty ? nil : .string(command.code),
                        "account": .text(command.account), "actor": .string(command.actor),
                        "received_at": .string("\(command.received)"),
                        "attempt": .int(Int64(command.attempt)),
                        "error": command.error.isEmpty ? nil : .string(command.error),
                    ]))
            }
            return 0
        }
        if found.isEmpty { output.say(.nothingFound) }
        output.table(
            ["command", "received", "organization", "kind", "state", "account", "actor", "error"],
            found.map { command in
                let why = command.code.isEmpty ? command.error : command.code
                return [
                    "\(command.id)", "\(command.received)", command.organization, command.kind,
                    command.state, command.account ?? "", command.actor, String(why.prefix(60)),
                ]
            })
        if found.count == Int(filter.limit) { output.note(.moreMayBe(filter.limit)) }
        return 0
    }

    func commandsAbandoned(_ arguments: Arguments) throws -> Int32 {
        let limit = try arguments.number("limit", in: 1...100_000, default: 50)
        let causes = try Reprocessing(try context.console()).causes(
            kind: try arguments.choice("kind", Command.Kind.self)?.rawValue,
            organization: arguments["organization"], limit: limit)
        if arguments.has("json") {
            for cause in causes {
                output.json(
                    .object([
                        "kind": .string(cause.kind), "cause": .string(cause.cause),
                        "commands": .int(cause.commands), "subjects": .int(cause.subjects),
                        "parked": .int(cause.parked), "first": .string("\(cause.first)"),
                        "last": .string("\(cause.last)"),
                        "example": .string(cause.example.description),
                        "error": .string(cause.error),
                    ]))
            }
            return 0
        }
        guard !causes.isEmpty else {
            output.say(.nothingFound)
            return 0
        }
        let numbers = ["commands", "subjects", "parked"]
        output.table(
            numbers + ["first", "last", "kind", "cause"],
            causes.map { cause in
                [
                    "\(cause.commands)", "\(cause.subjects)", "\(cause.parked)", "\(cause.first)",
                    "\(cause.last)", cause.kind, String(cause.cause.prefix(80)),
                ]
            }, numbers: Set(numbers))
        for cause in causes { output.say(.example("\(cause.example)", cause.error)) }
        output.note(.abandonedNext)
        if causes.count == Int(limit) { output.note(.moreMayBe(limit)) }
        return 0
    }

    func commandsShow(_ arguments: Arguments) throws -> Int32 {
        let id = try identifier(arguments.operands[0])
        let reprocessing = Reprocessing(try context.console())
        guard let command = try reprocessing.find([id]).first else {
            output.say(.nothingFound)
            return 1
        }
        let history = try reprocessing.history(id)
        let message = Refusal(code: command.code, json: command.body).map {
            Words.refusal($0, language)
        }
        if arguments.has("json") {
            output.json(json(command, history, message))
            return 0
        }
        let state = Phrase.state(command.state.rawValue).text(language)
        var lines: [(String, String)] = [
            ("command", "\(command.id)"), ("kind", command.kind), ("state", state),
            ("organization", command.organization), ("received", "\(command.received)"),
            ("actor", command.actor), ("channel", command.channel),
            ("pool", "\(command.poolName):\(command.lane)"), ("subject", "\(command.subject)"),
            ("payload", text(command.payload)),
        ]
        if !command.code.isEmpty { lines.append(("code", command.code)) }
        if let message { lines.append(("message", message)) }
        if command.attempt > 0 { lines.append(("attempt", "\(command.attempt)")) }
        if !command.error.isEmpty { lines.append(("error", command.error)) }
        if let cause = command.cause { lines.append(("cause", "\(cause)")) }
        if let trace = command.trace { lines.append(("trace", trace)) }
        if command.state == .done { lines.append(("result", text(command.body))) }
        for (heading, value) in lines {
            output.line("\(Phrase.heading(heading).text(language)): \(value)")
        }
        for (index, event) in history.enumerated() {
            if index == 0 { output.line(Phrase.heading("history").text(language) + ":") }
            let what = Phrase.state(event.kind).text(language)
            output.line("  \(event.at)  \(what)  \(event.code) \(text(event.body))")
        }
        return 0
    }

    private func json(
        _ command: Reprocessing.Whole, _ history: [Reprocessing.Event], _ message: String?
    ) -> JSON {
        .object([
            "command": .string(command.id.description), "kind": .string(command.kind),
            "state": .string(command.state.rawValue),
            "organization": .string(command.organization),
            "received_at": .string("\(command.received)"), "made_at": .string("\(command.made)"),
            "actor": .string(command.actor), "channel": .string(command.channel),
            "pool": .string(command.poolName), "lane": .int(Int64(command.lane)),
            "subject": .string("\(command.subject)"), "payload": command.payload,
            "code": command.code.isEmpty ? nil : .string(command.code),
            "message": .text(message), "body": command.body,
            "attempt": .int(Int64(command.attempt)),
            "error": command.error.isEmpty ? nil : .string(command.error),
            "cause": .text(command.cause?.description), "trace": .text(command.trace),
            "history": .array(
                history.map { event in
                    .object([
                        "at": .string("\(event.at)"), "kind": .string(event.kind),
                        "code": event.code.isEmpty ? nil : .string(event.code),
                        "body": event.body, "attempt": .int(Int64(event.attempt)),
                    ])
                }),
        ])
    }

    private func text(_ json: JSON) -> String { String(decoding: json.bytes, as: UTF8.self) }

    func identifier(_ text: String) throws -> Identifier {
        guard let id = Identifier(text) else { throw UsageError(.notAnID(text)) }
        return id
    }

    private func object(_ text: String) throws -> JSON {
        do {
            let json = try JSON.parse(Array(text.utf8))
            guard json.members != nil else { throw UsageError(.notAnObject(text)) }
            return json
        } catch is JSONError {
            throw UsageError(.notAnObject(text))
        }
    }
}
