import Commands
import Operations

/// Organizations and tokens.
extension CommandLineTool {
    func organizationApply(_ arguments: Arguments) throws -> Int32 {
        var candidates: [Organizations.Candidate] = []
        var read: [(file: String, json: JSON)] = []
        var failed = false
        for file in arguments.operands {
            do {
                let json = try context.profile(file)
                read.append((file, json))
                candidates.append(.init(file: file, profile: try Profile(json)))
            } catch let error as ProfileError {
                failed = true
                for problem in error.problems { output.complain("\(file): \(problem)") }
            } catch {
                failed = true
                output.complain("\(file): \(error)")
            }
        }
        let organizations = Organizations(try context.console())
        for (file, problem) in try organizations.problems(read) {
            failed = true
            output.complain("\(file): \(problem.text(language))")
        }
        guard !failed else {
            output.note(.nothingApplied)
            return 1
        }
        let dryRun = arguments.has("dry-run")
        let results = try organizations.apply(candidates, dryRun: dryRun)
        for (candidate, result) in zip(candidates, results) {
            let code = candidate.profile.code
            switch result {
            case .unchanged: output.say(.unchanged(code))
            case .new(let lines): show(.applied(code, new: true, dryRun: dryRun), lines)
            case .changed(let lines): show(.applied(code, new: false, dryRun: dryRun), lines)
            }
        }
        return 0
    }

    private func show(_ title: Phrase, _ lines: [Difference.Line]) {
        output.say(title)
        for line in lines { output.line("  \(line)") }
    }

    func organizationList(_ arguments: Arguments) throws -> Int32 {
        let found = try Organizations(try context.console()).list()
        if arguments.has("json") {
            for known in found {
                output.json(
                    .object([
                        "organization": .string(known.code),
                        "name": known.profile["name"], "time_zone": known.profile["time_zone"],
                        "since": .string("\(known.since)"),
                    ]))
            }
            return 0
        }
        if found.isEmpty { output.say(.nothingFound) }
        output.table(
            ["organization", "name", "zone", "since"],
            found.map { known in
                [
                    known.code, known.profile["name"]?.string ?? "",
                    known.profile["time_zone"]?.string ?? "", "\(known.since)",
                ]
            })
        return 0
    }

    func organizationShow(_ arguments: Arguments) throws -> Int32 {
        let known = try Organizations(try context.console()).find(arguments.operands[0])
        if arguments.has("json") {
            output.json(known.profile)
        } else {
            for line in Difference.lines(known.profile) { output.line(line) }
        }
        return 0
    }

    // MARK: Tokens

    func tokenCreate(_ arguments: Arguments) throws -> Int32 {
        let scopes = arguments.all("scope").flatMap { $0.split(separator: ",").map(String.init) }
        for scope in scopes where !Tokens.scopes.contains(scope) {
            throw UsageError(
                .notAChoice(
                    "scope", scope, known: Tokens.scopes,
                    nearest: nearest(to: scope, among: Tokens.scopes)))
        }
        var expires: Day?
        if let text = arguments["expires"] {
            guard let day = Day(text) else { throw UsageError(.notADate("expires", text)) }
            expires = day
        }
        let request = Tokens.Request(
            organization: try arguments.required("organization"),
            name: arguments["name"] ?? scopes.joined(separator: ","),
            scopes: Array(Set(scopes)).sorted(),
            channel: try arguments.choice("channel", Channel.self) ?? .api,
            rate: Int32(try arguments.number("rate", in: 1...1_000_000, default: 100)),
            expires: expires)
        let made = try Tokens(try context.console()).create(request)
        if arguments.has("json") {
            output.json(
                .object([
                    "id": .int(made.id), "token": .string(made.token),
                    "organization": .string(request.organization),
                    "scopes": .array(request.scopes.map(JSON.string)),
                    "channel": .string(request.channel.rawValue),
                    "rate": .int(Int64(request.rate)),
                    "expires_at": .text(made.expires?.description),
                ]))
        } else {
            output.line(made.token)
            output.note(.tokenOnce)
        }
        return 0
    }

    func tokenList(_ arguments: Arguments) throws -> Int32 {
        let found = try Tokens(try context.console()).list(
            try arguments.required("organization"))
        if arguments.has("json") {
            for token in found {
                output.json(
                    .object([
                        "id": .int(token.id), "name": .string(token.name),
                        "scopes": .array(token.scopes.map(JSON.string)),
                        "channel": .string(token.channel), "rate": .int(Int64(token.rate)),
                        "created_at": .string("\(token.created)"),
                        "expires_at": .text(token.expires?.description),
                        "revoked_at": .text(token.revoked?.description),
                        "valid": .bool(token.valid),
                    ]))
            }
            return 0
        }
        if found.isEmpty { output.say(.nothingFound) }
        output.table(
            ["id", "name", "scopes", "channel", "limit", "expires", "state"],
            found.map { token in
                let state: Phrase =
                    token.valid
                    ? .tokenValid : token.revoked == nil ? .tokenExpired : .tokenRevoked
                return [
                    "\(token.id)", token.name, token.scopes.joined(separator: ","), token.channel,
                    "\(token.rate)", token.expires?.description ?? "", state.text(language),
                ]
            }, numbers: ["id", "limit"])
        return 0
    }

    func tokenRevoke(_ arguments: Arguments) throws -> Int32 {
        guard let id = Int64(arguments.operands[0]) else {
            throw UsageError(.notAnID(arguments.operands[0]))
        }
        let (organization, name) = try Tokens(try context.console()).revoke(
            id, why: try arguments.required("why"))
        output.say(.revoked(id, name, organization))
        return 0
    }
}
