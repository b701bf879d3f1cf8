import Commands
import Operations

/// Bills that another system drew.
extension CommandLineTool {
    func billWithdraw(_ arguments: Arguments) throws -> Int32 {
        let typed = try arguments.required("account")
        guard let number = AccountNumber(typed) else { throw UsageError(.notAnAccount(typed)) }
        let text = try arguments.required("month")
        guard let month = Month(text) else { throw UsageError(.notAMonth(text)) }
        let dryRun = arguments.has("dry-run")
        let imported = try BillFiles(try context.console()).withdraw(
            number, month, organization: try arguments.required("organization"),
            why: try arguments.required("why"), dryRun: dryRun)
        guard let imported else {
            output.complain(.noBillFile(typed, text))
            return 1
        }
        if arguments.has("json") {
            output.json(
                .object([
                    "account": .string(typed), "month": .string(text),
                    "imported_at": .string("\(imported)"), "dry_run": .bool(dryRun),
                ]))
        } else {
            output.say(.billFileWithdrawn(typed, text, imported, dryRun: dryRun))
        }
        return 0
    }
}
