import Commands
import Operations
import Postgres
import Queue
import Words

/// Commands that operators type by hand: accounts, meters, payments.
extension CommandLineTool {
    /// A command from its options; nil: they have not its shape, and that was said.
    func command(_ kind: Command.Kind, _ arguments: Arguments) throws -> Command? {
        let json = try Member.json(kind, arguments)
        do throws(ShapeError) {
            return try Command(kind, json)
        } catch {
            let option = Member.option(kind, at: error.pointer)
            let words = Words.text(error.key, language, ["value": error.value])
            output.complain(option.isEmpty ? words : "\(option): \(words)")
            return nil
        }
    }

    func typed(_ kind: Command.Kind, _ arguments: Arguments) throws -> Int32 {
        guard let command = try command(kind, arguments) else { return 2 }
        if arguments.has("dry-run") {
            if arguments.has("json") {
                output.json(command.json)
            } else {
                output.say(.shapeIsGood)
            }
            return 0
        }
        return try send(command, Dispatch(try context.console()), arguments)
    }

    func send(
        _ command: Command, _ dispatch: Dispatch, _ arguments: Arguments
    ) throws -> Int32 {
        Interruption.watch()
        let id = try dispatch.send(
            command, organization: try arguments.required("organization"))
        return try outcome(of: id, dispatch, arguments.has("json"))
    }

    /// Waits for a command for ten seconds and shows what became of it.
    func outcome(of id: Identifier, _ dispatch: Dispatch, _ isJSON: Bool) throws -> Int32 {
        let states = try dispatch.settled([id], seconds: 10) { _ in !Interruption.came }
        guard let state = states.first else { return 1 }
        let body = try JSON.parse(state.body)
        let refusal = Refusal(code: state.code, json: body)
        let message = refusal.map { Words.refusal($0, language) }
        if isJSON {
            output.json(
                .object([
                    "command": .string(id.description), "kind": .string(state.kind),
                    "state": .string(state.state.rawValue),
                    "result": state.state == .done ? body : nil,
                    "code": state.state == .refused ? .string(state.code) : nil,
                    "message": .text(message), "values": body["values"],
                    "confirmable": refusal.map { .bool($0.confirmable) },
                ]))
        } else {
            var line = "\(state.kind) \(id): "
            line += Phrase.state(state.state.rawValue).text(language)
            if state.state == .refused { line += " (\(state.code)): \(message ?? "")" }
            if state.state == .done, body.members?.isEmpty == false {
                line += " \(String(decoding: body.bytes, as: UTF8.self))"
            }
            output.line(line)
            if state.state == .pending { output.note(.notDecidedYet) }
        }
        return state.state == .done ? 0 : 1
    }
}
