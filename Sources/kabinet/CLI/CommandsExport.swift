import Commands
import Files
import Operations

/// What goes back to the organizations' bases.
extension CommandLineTool {
    func export(_ what: Export.What, _ arguments: Arguments) throws -> Int32 {
        guard arguments["after"] == nil || arguments["since"] == nil else {
            throw UsageError(.eitherOr("after", "since"))
        }
        let (isJSON, owners) = (arguments.has("json"), arguments.has("owners"))
        if isJSON, arguments["out"] == nil { throw UsageError(.needsOption("json", "out")) }
        let organization = try arguments.required("organization")
        // Without either, from where the last one was acknowledged.
        let after: Int64? =
            arguments["after"] != nil
            ? try arguments.number("after", in: 0...Int64.max, default: 0)
            : arguments["since"] != nil ? 0 : nil
        let since = try since(arguments)
        let operations = Export(try context.console())
        let written: Export.Written
        let writer = CSVWriter(mark: true)
        if let path = arguments["out"] {
            var file = try CSVFile(path: path, writer)
            written = try operations.run(
                what, organization: organization, after: after, since: since, owners: owners,
                file: path
            ) { try file.write($0) }
            try file.finish()
        } else {
            var writer = writer
            written = try operations.run(
                what, organization: organization, after: after, since: since, owners: owners,
                file: nil
            ) { fields in
                writer.write(fields)
                output.raw(writer.take())
            }
        }
        if isJSON {
            output.json(
                .object([
                    "rows": .int(written.rows), "cursor": .int(written.cursor),
                    "file": .text(arguments["out"]),
                ]))
        } else {
            output.note(.exported(written.rows, cursor: written.cursor))
        }
        return 0
    }

    func exportAcknowledge(_ arguments: Arguments) throws -> Int32 {
        guard let what = Export.What(rawValue: arguments.operands[0]) else {
            throw UsageError(.notAnExport(arguments.operands[0]))
        }
        let n = try arguments.number("through", in: 0...Int64.max, default: 0)
        let back = arguments.has("back")
        if back != (arguments["why"] != nil) {
            throw UsageError(.needsOption(back ? "back" : "why", back ? "why" : "back"))
        }
        try Export(try context.console()).acknowledge(
            what, organization: try arguments.required("organization"), through: n,
            back: arguments["why"])
        output.say(.acknowledged(what, n))
        return 0
    }
}
