import Commands
import Operations
import Words

/// Operators, their roles, and what they do for people who cannot sign in any more.
extension CommandLineTool {
    func operatorCreate(_ arguments: Arguments) throws -> Int32 {
        let login = arguments.operands[0]
        let password = try Operators(try context.console()).create(
            login: login, name: try arguments.required("name"), role: try role(arguments))
        show(password, of: login, arguments)
        return 0
    }

    func operatorPassword(_ arguments: Arguments) throws -> Int32 {
        let login = arguments.operands[0]
        let password = try Operators(try context.console()).password(
            login, dropsFactor: arguments.has("drop-second-factor"),
            why: try arguments.required("why"))
        show(password, of: login, arguments)
        return 0
    }

    private func show(_ password: String, of login: String, _ arguments: Arguments) {
        if arguments.has("json") {
            output.json(.object(["login": .string(login), "password": .string(password)]))
        } else {
            output.line(password)
            output.note(.passwordOnce)
        }
    }

    func operatorList(_ arguments: Arguments) throws -> Int32 {
        let found = try Operators(try context.console()).list(arguments["organization"])
        if arguments.has("json") {
            for one in found {
                output.json(
                    .object([
                        "login": .string(one.login), "name": .string(one.name),
                        "made_at": .string("\(one.made)"),
                        "ended_at": .text(one.ended?.description),
                        "second_factor": .bool(one.hasSecondFactor), "new": .bool(one.isNew),
                        "sessions": .int(one.sessions),
                        "roles": .array(
                            one.roles.map { role in
                                .object([
                                    "organization": .string(role.organization),
                                    "role": .string(role.reach.role.rawValue),
                                    "houses": role.reach.houses.map {
                                        .array($0.sorted().map(JSON.string))
                                    },
                                ])
                            }),
                    ]))
            }
            return 0
        }
        if found.isEmpty { output.say(.nothingFound) }
        output.table(
            ["login", "name", "roles", "second", "sessions", "state"],
            found.map { one in
                let state: Phrase =
                    one.ended != nil ? .operatorIsEnded : one.isNew ? .operatorIsNew : .tokenValid
                return [
                    one.login, one.name, one.roles.map(words).joined(separator: "; "),
                    one.hasSecondFactor ? "✓" : "", "\(one.sessions)", state.text(language),
                ]
            }, numbers: ["sessions"])
        return 0
    }

    private func words(_ role: Operators.Role) -> String {
        let houses = role.reach.houses.map { " (\($0.sorted().joined(separator: ", ")))" } ?? ""
        return "\(role.organization): \(role.reach.role.rawValue)\(houses)"
    }

    func operatorRole(_ arguments: Arguments) throws -> Int32 {
        let login = arguments.operands[0]
        guard let role = try role(arguments) else { throw UsageError(.isRequired("role", "ROLE")) }
        try Operators(try context.console()).give(
            role, to: login, why: try arguments.required("why"))
        output.say(.roleGiven(login, words(role)))
        return 0
    }

    func operatorRevoke(_ arguments: Arguments) throws -> Int32 {
        let login = arguments.operands[0]
        try Operators(try context.console()).revoke(
            login, organization: arguments["organization"], why: try arguments.required("why"))
        output.say(.roleTaken(login, arguments["organization"]))
        return 0
    }

    /// `--organization O --role R --house H…`; nil when none of them is there.
    private func role(_ arguments: Arguments) throws -> Operators.Role? {
        let role = try arguments.choice("role", OperatorRole.self)
        let houses = arguments.all("house").flatMap { $0.split(separator: ",").map(String.init) }
        guard let organization = arguments["organization"] else {
            if role != nil || !houses.isEmpty {
                throw UsageError(.isRequired("organization", "CODE"))
            }
            return nil
        }
        guard let role else { throw UsageError(.isRequired("role", "ROLE")) }
        return .init(
            organization: organization,
            reach: OperatorReach(role: role, houses: houses.isEmpty ? nil : Set(houses)))
    }

    /// «Восстановить доступ» (SF-039, SF-040), and taking an account out of somebody's hands, by who sits at the server.
    /// - Parameter members: of the command, each an option.
    func access(
        _ kind: Command.Kind, _ members: [String], _ arguments: Arguments
    ) throws -> Int32 {
        let body = JSON.object(
            try members.map { JSON.Member($0, .string(try arguments.required($0))) })
        let command: Command
        do {
            command = try Command(kind, body)
        } catch {
            let option = "--" + error.pointer.drop { $0 == "/" }
            let words = Words.text(error.key, language, ["value": error.value])
            output.complain("\(option): \(words)")
            return 2
        }
        let dispatch = Dispatch(try context.console())
        Interruption.watch()
        let id = try dispatch.send(
            command, organization: try arguments.required("organization"))
        return try outcome(of: id, dispatch, arguments.has("json"))
    }
}
