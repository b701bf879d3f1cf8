import Commands
import Operations
import Settings

/// The demo: whom it may be loaded for, and its sign-in links.
extension CommandLineTool {
    func demoLinks() throws -> Int32 {
        guard !context.environment.isProduction else {
            throw OperationError(.demoInProduction)
        }
        for link in try Demo(try context.console()).links() {
            output.line(
                "\(context.environment.publicURL)/\(link.organization)/demo/\(link.token)"
                    + "  \(link.name), \(link.accounts.joined(separator: ", "))")
        }
        return 0
    }

    func demoBare() throws -> Int32 {
        for organization in try Demo(try context.console()).bare() { output.line(organization) }
        return 0
    }
}
