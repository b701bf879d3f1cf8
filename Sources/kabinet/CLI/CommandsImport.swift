import Commands
import Files
import Glibc
import Operations
import Words

/// Imports: staging, watching, the summary and the error file.
extension CommandLineTool {
    func importFile(_ what: ImportRows.What, _ arguments: Arguments) throws -> Int32 {
        let file = whole(arguments.operands[0])
        let errors = arguments["errors"].map(whole) ?? file + ".errors.csv"
        guard errors != file else { throw UsageError(.errorsOverSource) }
        let console = try context.console()
        let run = ImportRun(
            tool: self, operations: Import(console), what: what, file: file, errors: errors,
            organization: try arguments.required("organization"),
            confirm: arguments.has("confirm"), isJSON: arguments.has("json"))
        Interruption.watch()
        if arguments.has("dry-run") { return try run.once(dryRun: true) }
        guard arguments.has("all-or-nothing") else { return try run.once(dryRun: false) }
        return try run.allOrNothing()
    }

    func importWatch(_ arguments: Arguments) throws -> Int32 {
        guard let id = Int64(arguments.operands[0]) else {
            throw UsageError(.notAnID(arguments.operands[0]))
        }
        let operations = Import(try context.console())
        let job = try operations.find(id)
        let run = ImportRun(
            tool: self, operations: operations, what: job.what, file: job.file,
            errors: arguments["errors"].map(whole) ?? job.file + ".errors.csv",
            organization: job.organization, confirm: false, isJSON: arguments.has("json"))
        Interruption.watch()
        return try run.finish(job, began: Progress(language, silent: arguments.has("json")))
    }

    /// The whole path, so that an import can be watched from another folder.
    private func whole(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }
}

/// One import from its file to its summary.
private struct ImportRun {
    let tool: CommandLineTool
    let operations: Import
    let what: ImportRows.What
    let file: String
    let errors: String
    let organization: String
    let confirm: Bool
    let isJSON: Bool
    private var output: Output { tool.output }
    private var language: Language { tool.language }

    func once(dryRun: Bool) throws -> Int32 {
        var progress = Progress(language, silent: isJSON)
        let job = try stage(dryRun: dryRun, &progress)
        return try finish(job, began: progress)
    }

    /// First everything is decided without a trace; only a file without a single error is then
    /// imported.
    func allOrNothing() throws -> Int32 {
        var progress = Progress(language, silent: isJSON)
        let rehearsal = try stage(dryRun: true, &progress)
        guard case .decided(let found) = try watch(rehearsal, .checking, &progress) else {
            return 1
        }
        guard found.refused + rehearsal.rejected == 0 else {
            let code = try summarize(rehearsal, found, progress)
            output.complain(.nothingImported)
            return code
        }
        return try once(dryRun: false)
    }

    func finish(_ job: Import.Job, began: Progress) throws -> Int32 {
        var progress = began
        let word: Phrase = job.dryRun ? .checking : .deciding
        guard case .decided(let found) = try watch(job, word, &progress) else { return 1 }
        return try summarize(job, found, progress)
    }

    private func stage(dryRun: Bool, _ progress: inout Progress) throws -> Import.Job {
        let job = try operations.stage(
            file, what, organization: organization, dryRun: dryRun, confirm: confirm
        ) { read, total in progress.show(.reading, Int64(read), of: Int64(total)) }
        progress.clear()
        return job
    }

    private func watch(
        _ job: Import.Job, _ word: Phrase, _ progress: inout Progress
    ) throws -> Import.Ending {
        var isTold = false
        let ending = try operations.watch(job) { now in
            if now.idleSeconds >= 5, !isTold {
                isTold = true
                progress.clear()
                output.note(.noWorkers)
            }
            progress.show(word, now.decided, of: job.rows)
            return !Interruption.came
        }
        progress.clear()
        switch ending {
        case .decided: break
        case .interrupted: output.note(.interrupted(job.id))
        case .stuck(_, let command, let error):
            output.complain(.stuck(command.map { "\($0)" } ?? "?", error))
        }
        return ending
    }

    private func summarize(
        _ job: Import.Job, _ found: Import.Progress, _ progress: Progress
    ) throws -> Int32 {
        let seconds = progress.elapsed
        var refused = found.refused + job.rejected
        var written: Int64 = 0
        // A job that is watched again has forgotten how many rows it rejected: its file has not.
        if refused > 0 || job.rows == 0 {
            written = try operations.writeErrors(of: job, to: errors) { reason, refusal, typed in
                if let reason { return Phrase.brokenRow(reason).text(language) }
                if let refusal { return Words.refusal(refusal, language) }
                return Phrase.badAccount(typed).text(language)
            }
            refused = max(refused, written)
        }
        let recharged = try job.what == .undersupply ? operations.recharged(by: job) : nil
        let total = found.accepted + found.unchanged + refused
        let rate = seconds > 0 ? Int64(Double(total) / seconds) : total
        if isJSON {
            output.json(
                .object([
                    "job": .int(job.id), "what": .string(job.what.rawValue),
                    "organization": .string(job.organization), "file": .string(job.file),
                    "dry_run": .bool(job.dryRun), "rows": .int(total),
                    "accepted": .int(found.accepted), "unchanged": .int(found.unchanged),
                    "refused": .int(refused), "recharged": recharged.map(JSON.int),
                    "seconds": .number(Self.decimal(seconds)),
                    "rows_per_second": .int(rate), "errors": written > 0 ? .string(errors) : nil,
                ]))
        } else {
            output.say(
                .summary(
                    accepted: found.accepted, unchanged: found.unchanged, refused: refused,
                    seconds: Self.decimal(seconds), rate: "\(rate)", dryRun: job.dryRun))
            if let recharged, recharged > 0 { output.say(.undersupplyOfClosed(recharged)) }
            if written > 0 { output.say(.errorFile(errors, written)) }
        }
        return refused == 0 ? 0 : 1
    }

    /// Seconds to a tenth.
    private static func decimal(_ seconds: Double) -> String {
        let tenths = Int64(seconds * 10)
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension CommandLineTool {
    /// Ready bills, from an archive.
    func importBills(_ arguments: Arguments) throws -> Int32 {
        let dryRun = arguments.has("dry-run")
        let isJSON = arguments.has("json")
        var progress = Progress(language, silent: isJSON)
        let taken = try BillFiles(try context.console()).take(
            arguments.operands[0], organization: try arguments.required("organization"),
            dryRun: dryRun
        ) { done, total in progress.show(.reading, Int64(done), of: Int64(total)) }
        progress.clear()
        let refused = Int64(taken.refused.count)
        if isJSON {
            output.json(
                .object([
                    "new": .int(taken.new), "unchanged": .int(taken.unchanged),
                    "refused": .int(refused), "waiting": .int(taken.waiting),
                    "dry_run": .bool(dryRun),
                    "files": .array(
                        taken.refused.map {
                            .object([
                                "name": .string($0.name), "reason": .string($0.reason.rawValue),
                            ])
                        }),
                ]))
        } else {
            for (name, reason) in taken.refused { output.complain(.billFile(name, reason)) }
            output.say(
                .billFiles(
                    new: taken.new, unchanged: taken.unchanged, refused: refused, dryRun: dryRun))
            if taken.waiting > 0 { output.say(.billFilesWait(taken.waiting)) }
        }
        return refused == 0 ? 0 : 1
    }
}
