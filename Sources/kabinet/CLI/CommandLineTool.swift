import Commands
import Files
import Operations
import Postgres
import Queue
import Settings
import Words

/// The operators' command line: finds the manual of what was typed, reads the arguments by it, runs
/// it, and turns every error into words and an exit code: 0 done, 1 failed or refused, 2 not
/// understood, 3 done as far as the data went (`Phrase.exitCodes`).
struct CommandLineTool {
    static let version = "0.1.0"
    /// Of a month that was closed, or looked at, and could not charge all.
    static let incomplete: Int32 = 3

    let context: Context
    let output: Output
    var language: Language { output.language }

    static func run(_ arguments: [String], _ context: Context) -> Int32 {
        let tool = CommandLineTool(context: context, output: Output(language: context.language))
        return tool.run(arguments)
    }

    private static let manuals = Manual.services + Manual.operators

    private func run(_ words: [String]) -> Int32 {
        switch words.first {
        case nil:
            output.note(Manual.overview(Self.manuals, language))
            return 2
        case "help", "--help", "-h": return help(Array(words.dropFirst()))
        case "--version":
            output.line("kabinet \(Self.version)")
            return 0
        default: break
        }
        guard let manual = find(words) else { return unknown(words) }
        do {
            let arguments = try Arguments(Array(words.dropFirst(manual.path.count)), manual)
            if arguments.wantsHelp {
                output.line(manual.help(language))
                return 0
            }
            return try perform(manual, arguments)
        } catch {
            return complain(of: error, manual)
        }
    }

    /// The manual whose whole path was typed; of `queue` and `queue rebase` the longer one.
    private func find(_ words: [String]) -> Manual? {
        Self.manuals.filter { Array(words.prefix($0.path.count)) == $0.path }
            .max { $0.path.count < $1.path.count }
    }

    private func help(_ words: [String]) -> Int32 {
        guard let first = words.first else {
            output.line(Manual.overview(Self.manuals, language))
            return 0
        }
        if let manual = find(words) {
            output.line(manual.help(language))
            return 0
        }
        guard Self.manuals.contains(where: { $0.path.first == first }) else {
            return unknown(words)
        }
        output.line(Manual.overview(Self.manuals, prefix: first, language))
        return 0
    }

    private func unknown(_ words: [String]) -> Int32 {
        let group = Self.manuals.filter { $0.path.first == words.first }
        guard let first = words.first, !group.isEmpty else {
            let name = words.first ?? ""
            let known = Set(Self.manuals.compactMap(\.path.first)).sorted()
            output.complain(.unknownCommand(name, nearest(to: name, among: known)))
            output.note(.helpIs("help"))
            return 2
        }
        let second = words.dropFirst().first ?? ""
        if ["--help", "-h", "help"].contains(second) {
            output.line(Manual.overview(Self.manuals, prefix: first, language))
            return 0
        }
        let known = group.compactMap { $0.path.dropFirst().first }
        output.complain(.unknownCommand("\(first) \(second)", nearest(to: second, among: known)))
        output.note(.helpIs("help \(first)"))
        return 2
    }

    private func perform(_ manual: Manual, _ arguments: Arguments) throws -> Int32 {
        switch manual.name {
        case "organization apply": return try organizationApply(arguments)
        case "organization list": return try organizationList(arguments)
        case "organization show": return try organizationShow(arguments)
        case "token create": return try tokenCreate(arguments)
        case "token list": return try tokenList(arguments)
        case "token revoke": return try tokenRevoke(arguments)
        case "import bills" where ArchiveReader.isArchive(arguments.operands[0]):
            return try importBills(arguments)
        case "import watch": return try importWatch(arguments)
        case let name where name.hasPrefix("import "):
            guard let what = ImportRows.What(rawValue: String(name.dropFirst(7))) else {
                return unknown([name])
            }
            return try importFile(what, arguments)
        case "export contacts": return try export(.contacts, arguments)
        case "export consents": return try export(.consents, arguments)
        case "export readings": return try export(.readings, arguments)
        case "export acknowledge": return try exportAcknowledge(arguments)
        case "operator create": return try operatorCreate(arguments)
        case "operator list": return try operatorList(arguments)
        case "operator role": return try operatorRole(arguments)
        case "operator revoke": return try operatorRevoke(arguments)
        case "operator password": return try operatorPassword(arguments)
        case "access restore":
            return try access(.restoreAccess, ["login", "email", "check", "why"], arguments)
        case "access detach":
            return try access(.detachPerson, ["account", "login", "check", "why"], arguments)
        case "period open": return try period(arguments) { .openPeriod(Period(month: $0)) }
        case "period preview": return try period(arguments) { .foreseePeriod(Period(month: $0)) }
        case "period close":
            let isConfirmed = arguments.has("confirm")
            return try period(arguments) {
                .closePeriod(Period(month: $0, isConfirmed: isConfirmed))
            }
        case "period problems": return try periodProblems(arguments)
        case "period reopen":
            let why = try arguments.required("why")
            return try period(arguments) { .reopenPeriod(ReopenPeriod(month: $0, why: why)) }
        case "bill withdraw": return try billWithdraw(arguments)
        case "payment post": return try typed(.postPayment, arguments)
        case "payment list": return try paymentList(arguments)
        case "payment assign": return try paymentAssign(arguments)
        case "payment reverse": return try typed(.reversePayment, arguments)
        case "account correct": return try typed(.correctAccount, arguments)
        case "account correct withdraw": return try typed(.withdrawCorrection, arguments)
        case "account open": return try typed(.openAccount, arguments)
        case "account change": return try typed(.changeAccount, arguments)
        case "account close": return try typed(.closeAccount, arguments)
        case "meter install": return try typed(.installMeter, arguments)
        case "meter remove": return try typed(.removeMeter, arguments)
        case "meter replace": return try typed(.replaceMeter, arguments)
        case "meter change": return try typed(.changeMeter, arguments)
        case "window extend": return try windowExtend(arguments)
        case "window set": return try typed(.setWindow, arguments)
        case "window list": return try windowList(arguments)
        case "queue": return try queue(arguments)
        case "queue rebase": return try queueRebase(arguments)
        case "queue pause": return try queuePause(arguments)
        case "queue resume": return try queueResume(arguments)
        case "queue resize": return try queueResize(arguments)
        case "commands list": return try commandsList(arguments)
        case "commands abandoned": return try commandsAbandoned(arguments)
        case "commands show": return try commandsShow(arguments)
        case "commands retry": return try commandsRetry(arguments)
        case "commands discard": return try commandsDiscard(arguments)
        case "key create": return try keyCreate(arguments)
        case "key add": return try keyAdd(arguments)
        case "key publish": return try keyPublish(arguments)
        case "key list": return try keyList(arguments)
        case "commands reprocess": return try commandsReprocess(arguments)
        case "commands jobs": return try jobsList(arguments)
        case "commands jobs watch": return try jobsWatch(arguments)
        case "commands jobs pause":
            return try jobs(.paused, arguments) { try $0.pause($1, why: $2) }
        case "commands jobs resume":
            return try jobs(.running, arguments) { try $0.resume($1, why: $2) }
        case "commands jobs cancel":
            return try jobs(.cancelled, arguments) { try $0.cancel($1, why: $2) }
        case "views check": return try viewsCheck(arguments)
        case "views rebuild": return try viewsRebuild(arguments)
        case "doctor": return try doctor(arguments)
        case "audit list": return try auditList(arguments)
        case "outbox list": return try outboxList(arguments)
        case "notices list": return try noticesList(arguments)
        case "demo links": return try demoLinks()
        case "demo bare": return try demoBare()
        // A service that was not started: only its help is here.
        default:
            output.line(manual.help(language))
            return 2
        }
    }

    /// The one place where errors become words and a code.
    private func complain(of error: any Error, _ manual: Manual) -> Int32 {
        switch error {
        case let error as UsageError:
            output.complain(error.phrase)
            output.note(.seeHelp(manual.name))
            return 2
        case let error as OperationError: output.complain(error.phrase)
        case let error as SettingsError:
            for problem in error.problems { output.complain("\(problem)") }
        case let error as ColumnsError:
            for problem in error.problems { output.complain(.column(problem)) }
            output.note(.seeHelp(manual.name))
        case let error as PostgresError: output.complain("\(error)")
        case let error as FileError: output.complain(.file(error))
        case let error as PermanentFailure: output.complain("\(error)")
        default: output.complain("\(error)")
        }
        return 1
    }
}
