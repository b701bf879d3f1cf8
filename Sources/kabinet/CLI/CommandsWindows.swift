import Commands
import Operations

/// Reading windows: an incident's extension, a house's own window, and what is in force.
extension CommandLineTool {
    func windowExtend(_ arguments: Arguments) throws -> Int32 {
        guard let command = try command(.extendWindow, arguments),
            case .extendWindow(let body) = command
        else { return 2 }
        let console = try context.console()
        let organization = try arguments.required("organization")
        let reach = try ReadingWindows(console).reach(
            organization: organization, company: body.company, house: body.house)
        if arguments.has("dry-run") {
            if arguments.has("json") {
                output.json(
                    .object([
                        "accounts": .int(reach.accounts), "houses": .int(reach.houses),
                        "until": .string(body.until.description), "dry_run": .bool(true),
                    ]))
            } else {
                output.say(.windowWouldReach(reach, until: body.until.description))
            }
            return reach.accounts > 0 ? 0 : 1
        }
        return try send(command, Dispatch(console), arguments)
    }

    func windowList(_ arguments: Arguments) throws -> Int32 {
        let rows = try ReadingWindows(try context.console()).all(
            organization: try arguments.required("organization"))
        if arguments.has("json") {
            for row in rows {
                output.json(
                    .object([
                        "house": row.house.map(JSON.string),
                        "company": row.company.map(JSON.string),
                        "from": row.window.map { .int(Int64($0.from)) },
                        "to": row.window.map { .int(Int64($0.to)) },
                        "until": row.until.map { .string($0.description) },
                        "at": .string("\(row.at)"), "actor": .string(row.actor),
                        "why": .string(row.why),
                    ]))
            }
            return 0
        }
        if rows.isEmpty { output.note(.noWindows) }
        output.table(
            ["house", "company", "days", "until", "actor", "why"],
            rows.map { row in
                [
                    row.house ?? "", row.company ?? "",
                    row.window.map { "\($0.from)–\($0.to)" } ?? "",
                    row.until?.description ?? "", row.actor, row.why,
                ]
            })
        return 0
    }
}
