import Commands
import Glibc
import Operations
import Postgres
import Settings
import Telemetry

/// The doctor, the audit, the outbox.
extension CommandLineTool {
    func doctor(_ arguments: Arguments) throws -> Int32 {
        let idle = try arguments.number("idle", in: 0...86_400, default: 60)
        let doctor = Doctor(
            try context.console(), library: context.library, home: context.environment.home,
            keyFile: context.environment.sealingKeyFile, idle: idle)
        let isJSON = arguments.has("json")
        var problems = 0
        var unchecked = 0
        let metrics = arguments.has("metrics") ? Metrics() : nil
        doctor.examine { finding in
            if let metrics { count(finding, in: metrics) }
            switch finding.state {
            case .well: break
            case .problem: problems += 1
            case .unchecked: unchecked += 1
            }
            guard metrics == nil else { return }
            if isJSON { output.json(json(finding)) } else { show(finding) }
        }
        if let metrics {
            metrics.gauge("kabinet_doctor_at_seconds", Double(time(nil)))
            output.line(String(metrics.exposition().dropLast()))
        } else if !isJSON, problems + unchecked > 0 {
            output.say(.doctorSum(problems: problems, unchecked: unchecked))
        }
        return problems == 0 ? 0 : 1
    }

    /// For Prometheus, by way of node_exporter's folder of text files.
    private func count(_ finding: Doctor.Finding, in metrics: Metrics) {
        let labels = [("check", finding.key)]
        metrics.gauge("kabinet_doctor_problem", finding.state == .problem ? 1 : 0, labels: labels)
        metrics.gauge(
            "kabinet_doctor_unchecked", finding.state == .unchecked ? 1 : 0, labels: labels)
    }

    private func json(_ finding: Doctor.Finding) -> JSON {
        .object([
            "check": .string(finding.key), "state": .string(finding.state.rawValue),
            "details": .array(finding.details.map { .string($0.text(language)) }),
            "cure": .text(finding.cure?.text(language)),
        ])
    }

    private func show(_ finding: Doctor.Finding) {
        let name = finding.check.text(language)
        let details = finding.details.map { $0.text(language) }
        switch finding.state {
        case .well:
            output.line("✓ \(([name] + details).joined(separator: "; "))")
        case .unchecked: output.line("? \(([name] + details).joined(separator: ": "))")
        case .problem:
            output.line("✗ \(name)")
            for detail in details { output.line("    \(detail)") }
            if let cure = finding.cure {
                output.line("    → \(Phrase.doctorCure(cure.text(language)).text(language))")
            }
        }
    }

    /// `--since 1h|DATE` in microseconds since 1970-01-01 UTC.
    func since(_ arguments: Arguments) throws -> Int64? {
        guard let text = arguments["since"] else { return nil }
        guard let since = Moment.since(text) else { throw UsageError(.notASince(text)) }
        return since
    }

    func auditList(_ arguments: Arguments) throws -> Int32 {
        var filter = Journal.Filter()
        filter.limit = try arguments.number("limit", in: 1...100_000, default: 50)
        filter.actor = arguments["operator"]
        filter.person = arguments["person"]
        filter.organization = arguments["organization"]
        filter.action = arguments["action"]
        filter.since = try since(arguments)
        let entries = try Journal(try context.console()).audit(filter)
        if arguments.has("json") {
            for entry in entries {
                output.json(
                    .object([
                        "id": .int(entry.id), "at": .string("\(entry.at)"),
                        "actor": .string(entry.actor), "action": .string(entry.action),
                        "organization": .text(entry.organization),
                        "about": .array(entry.about.map(JSON.string)), "why": .text(entry.why),
                        "command": .text(entry.command?.description),
                        "state": .text(entry.state), "code": .text(entry.code),
                        "details": entry.details,
                    ]))
            }
            return 0
        }
        if entries.isEmpty { output.say(.nothingFound) }
        output.table(
            ["at", "actor", "action", "state", "organization", "about", "why", "details"],
            entries.map { entry in
                [
                    "\(entry.at)", entry.actor, entry.action,
                    (entry.state.map { Phrase.state($0).text(language) } ?? "")
                        + (entry.code.map { " (\($0))" } ?? ""), entry.organization ?? "",
                    entry.about.joined(separator: ", "), entry.why ?? "",
                    String(decoding: entry.details.bytes, as: UTF8.self),
                ]
            })
        return 0
    }

    func outboxList(_ arguments: Arguments) throws -> Int32 {
        let limit = try arguments.number("limit", in: 1...100_000, default: 50)
        let letters = try Journal(try context.console()).outbox(limit: limit)
        if arguments.has("json") {
            for letter in letters {
                output.json(
                    .object([
                        "command": .string(letter.command.description),
                        "at": .string("\(letter.at)"), "channel": .string(letter.channel),
                        "recipient": .string(letter.recipient),
                        "title": .string(letter.title), "text": .string(letter.text),
                    ]))
            }
            return 0
        }
        if letters.isEmpty { output.say(.nothingFound) }
        output.table(
            ["at", "channel", "recipient", "title", "command"],
            letters.map {
                // An SMS has no title: it is short enough to be shown.
                [
                    "\($0.at)", $0.channel, $0.recipient, $0.title.isEmpty ? $0.text : $0.title,
                    "\($0.command)",
                ]
            })
        return 0
    }

    func noticesList(_ arguments: Arguments) throws -> Int32 {
        let limit = try arguments.number("limit", in: 1...100_000, default: 50)
        let notices = try Journal(try context.console()).notices(
            organization: arguments["organization"],
            state: arguments.choice("state", Journal.NoticeState.self), limit: limit)
        if arguments.has("json") {
            for notice in notices {
                output.json(
                    .object([
                        "command": .string(notice.command.description),
                        "at": .string("\(notice.at)"),
                        "organization": .string(notice.organization),
                        "channel": .string(notice.channel), "notice": .string(notice.notice),
                        "contact": .string(notice.contact), "state": .string(notice.state),
                        "provider": .text(notice.provider), "provider_id": .text(notice.providerID),
                        "code": .text(notice.code), "attempts": .int(Int64(notice.attempts)),
                    ]))
            }
            return 0
        }
        if notices.isEmpty { output.say(.nothingFound) }
        output.table(
            ["at", "notice", "contact", "state", "provider", "code", "attempts", "command"],
            notices.map {
                [
                    "\($0.at)", $0.notice, $0.contact, $0.state, $0.provider ?? "", $0.code ?? "",
                    "\($0.attempts)", "\($0.command)",
                ]
            })
        return 0
    }
}
