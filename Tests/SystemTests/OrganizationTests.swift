import Commands
import Foundation
import TestKit
import Testing

/// Profiles with the built command line: what makes the one system act as each of the five manuals.
@Suite(.serialized) struct OrganizationTests {
    private let system: System
    private static let demo = ["srkc", "abonent", "uigkh", "potrebitel", "irkutsk"]

    init() throws { system = try System() }

    private var folder: String { "\(TestDatabase.home)/ops/demo/organizations" }

    private func apply(_ files: [String], dryRun: Bool = false) throws -> String {
        try system.kabinet(
            arguments: ["organization", "apply"] + files + (dryRun ? ["--dry-run"] : []))
    }

    private func profile(_ code: String) throws -> JSON {
        try JSON.parse(
            Array(try system.kabinet("organization", "show", code, "--json").utf8))
    }

    /// A row of features.md §15: the path of its setting, and what the five demo profiles have there, in the order of the
    /// manuals 000 to 004. Nil: it is not there.
    struct Row: Sendable {
        let name: String
        let path: String
        let values: [String?]
        init(_ name: String, _ path: String, _ values: [String?]) {
            self.name = name
            self.path = path
            self.values = values
        }
    }

    private static let office = "обратитесь в офис обслуживания"

    /// Every row of features.md §15 that concerns identity, attaching, sessions, recovery and consents.
    static let rows: [Row] = [
        Row("identity.mode", "identity.mode", ["account", "email", "account", "login", "account"]),
        Row(
            "identity.login_field", "identity.login_word",
            [
                "Номер лицевого счета", "Email", "Номер лицевого счета", "Имя пользователя",
                "Номер лицевого счета",
            ]),
        // Mode account begins with number and surname (SF-020); what proves them is the first proof.
        Row(
            "signup.precheck", "identity.attach.proofs",
            [
                "[[surname], [password]]", "[[surname, apartment]]", "[[surname], [password]]",
                "[[last_payment], [code]]", "[[surname], [password]]",
            ]),
        Row(
            "signup.fields", "identity.confirm",
            ["[email, sms]", "[email]", "[email, sms]", "[email]", "[email, sms]"]),
        Row(
            "signup.confirm", "identity.confirm",
            ["[email, sms]", "[email]", "[email, sms]", "[email]", "[email, sms]"]),
        Row(
            "signup.email_required_with_sms", "identity.email_with_sms",
            ["false", "true", "true", "true", "true"]),
        Row(
            "signup.autologin", "identity.auto_sign_in",
            ["sms", "never", "sms", "never", "sms"]),
        Row("password.length", "identity.password.least", ["8", "8", "8", "8", "8"]),
        Row("password.length", "identity.password.most", ["20", "64", "20", "64", "20"]),
        Row(
            "attach.proof", "identity.attach.proofs",
            [
                "[[surname], [password]]", "[[surname, apartment]]", "[[surname], [password]]",
                "[[last_payment], [code]]", "[[surname], [password]]",
            ]),
        Row(
            "attach.proof", "identity.attach.cascade", ["false", "false", "false", "true", "false"]),
        Row(
            "attach.proof", "identity.attach.question",
            ["false", "false", "false", "true", "false"]),
        Row(
            "attach.proof", "identity.attach.contacts",
            ["false", "true", "false", "false", "false"]),
        Row(
            "attach.button", "identity.attach.button",
            [
                "Добавить", "Добавить лицевой счет", "Добавить лицевой счет",
                "Добавить лицевой счет", "Добавить",
            ]),
        Row(
            "attach.max_accounts_per_email", "identity.attach.most_per_email",
            ["10", nil, "10", nil, "10"]),
        Row(
            "attach.detach_by_user", "identity.attach.detach",
            ["false", "false", "false", "true", "false"]),
        Row(
            "account.delete_user", "identity.delete_user",
            ["false", "false", "false", "true", "false"]),
        Row(
            "session.remember_me", "identity.remember",
            ["false", "false", "false", "true", "false"]),
        Row(
            "recovery.operator", "identity.recovery", [office, nil, office, nil, "8-800-100-9777"]),
        Row(
            "bills.delivery, notify.services", "identity.services",
            [
                "[sms_news, email_news, paper_bill, email_bill]", "[]",
                "[sms_news, email_news, paper_bill, email_bill]", "[email_bill]",
                "[sms_news, email_news, paper_bill, email_bill]",
            ]),
        Row(
            "tenancy", "companies", ["[srkc]", "[abonent]", "[uigkh]", "[kamal, dom]", "[irkutsk]"]),
    ]

    /// A value as the table writes it: lists in brackets, things by their codes.
    private static func text(_ json: JSON) -> String? {
        if let text = json.string { return text }
        if let items = json.array {
            return "[" + items.compactMap { text($0) }.joined(separator: ", ") + "]"
        }
        if let name = json["code"] ?? json["purpose"] { return name.string }
        return json == .null ? nil : String(decoding: json.bytes, as: UTF8.self)
    }

    private static func at(_ path: String, _ json: JSON) -> String? {
        var found: JSON? = json
        for step in path.split(separator: ".") { found = found?[String(step)] }
        return found.flatMap(text)
    }

    @Test
    func `every row of features.md §15 about identity is a setting, and the five have theirs`()
        throws
    {
        _ = try apply(Self.demo.map { "\(folder)/\($0).yaml" })
        for (index, code) in Self.demo.enumerated() {
            let profile = try profile(code)
            for row in Self.rows {
                let (found, expected) = (Self.at(row.path, profile), row.values[index])
                let isFit =
                    row.path == "identity.recovery"
                    ? expected.map { found?.contains($0) ?? false } ?? (found == nil)
                    : found == expected
                #expect(isFit, "\(row.name) of \(code): \(found ?? "nothing")")
            }
        }
    }

    @Test func `each of these settings can be another one, and the difference says which`() throws {
        _ = try apply(["\(folder)/srkc.yaml"])
        let before = try String(contentsOfFile: "\(folder)/srkc.yaml", encoding: .utf8)
        let path = "\(system.directory)/srkc.yaml"
        for (old, new, told) in [
            ("confirm: [email, sms]", "confirm: [email]", ["- identity.confirm[]: sms"]),
            (
                "email_with_sms: false", "email_with_sms: true",
                ["- identity.email_with_sms: false", "+ identity.email_with_sms: true"]
            ),
            (
                "second_factor: true", "second_factor: false",
                ["- identity.second_factor: true", "+ identity.second_factor: false"]
            ),
            ("auto_sign_in: sms", "auto_sign_in: always", ["+ identity.auto_sign_in: always"]),
            (
                "most: 20", "most: 30",
                ["- identity.password.most: 20", "+ identity.password.most: 30"]
            ),
            (
                "      - [password]", "      - [apartment, last_payment]",
                [
                    "- identity.attach.proofs[]: [password]",
                    "+ identity.attach.proofs[]: [apartment, last_payment]",
                ]
            ),
            ("button: Добавить", "button: Ещё", ["+ identity.attach.button: Ещё"]),
            (
                "most_per_email: 10", "most_per_email: 3",
                ["+ identity.attach.most_per_email: 3"]
            ),
            (
                "  recovery: >-",
                "  remember: true\n  delete_user: true\n  recovery: >-",
                [
                    "+ identity.remember: true", "+ identity.delete_user: true",
                ]
            ),
            (
                "      title: Счет на дом", "      title: Счёт в ящик",
                ["+ identity.services[paper_bill].title: Счёт в ящик"]
            ),
            (
                "accent:", "operators:\n  second_factor: true\n  idle: 10\naccent:",
                ["+ operators.second_factor: true", "+ operators.idle: 10"]
            ),
            (
                "  terms:", "  sessions:\n    idle: 15\n  limits:\n    failures: 3\n  terms:",
                ["+ identity.sessions.idle: 15", "+ identity.limits.failures: 3"]
            ),
        ] {
            let changed = before.replacing(old, with: new)
            #expect(changed != before, "\(old)")
            try changed.write(toFile: path, atomically: true, encoding: .utf8)
            let words = try apply([path], dryRun: true)
            for line in told { #expect(words.contains("  \(line)\n"), "\(new): \(words)") }
        }
        // All of that was only shown.
        #expect(try apply(["\(folder)/srkc.yaml"], dryRun: true).contains("srkc"))
        #expect(try system.count("select count(*) from access.profile") == 1)
    }

    @Test func `a profile is checked whole, and one mistake leaves everything as it was`() throws {
        let good = "\(folder)/abonent.yaml"
        let path = "\(system.directory)/bad.yaml"
        let text = try String(contentsOfFile: "\(folder)/srkc.yaml", encoding: .utf8)
        try text.replacing("auto_sign_in: sms", with: "auto_sign_in: perhaps\n  loginword: x")
            .replacing("      - [password]", with: "      - [apartment]")
            .replacing("most: 20", with: "most: 4")
            .replacing("accent:", with: "operators:\n  second_factor: maybe\n  idle: 1\naccent:")
            .write(toFile: path, atomically: true, encoding: .utf8)
        let child = try system.launch(["organization", "apply", good, path])
        #expect(try child.wait() == 1)
        for problem in [
            "identity.auto_sign_in:", "identity.loginword:", "identity.attach.proofs:",
            "identity.password.most:", "operators.second_factor:", "operators.idle:",
        ] {
            #expect(child.words.contains(problem), "\(problem) in \(child.words)")
        }
        #expect(try system.count("select count(*) from access.profile") == 0)
    }

    @Test func `what people agree to is not reworded under the version that they agreed to`()
        throws
    {
        _ = try apply(["\(folder)/srkc.yaml"])
        let before = try String(contentsOfFile: "\(folder)/srkc.yaml", encoding: .utf8)
        let path = "\(system.directory)/srkc.yaml"
        func words(_ text: String) throws -> (code: Int32, words: String) {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let child = try system.launch(["organization", "apply", path])
            return (try child.wait(), child.words)
        }
        let consent = "Прошу доставлять счет на оплату"
        let reworded = before.replacing(consent, with: "Прошу больше не доставлять счет на оплату")
        let refused = try words(reworded)
        #expect(refused.code == 1 && refused.words.contains("identity.services.paper_bill: "))
        #expect(!refused.words.contains("identity.terms"))
        let terms = try words(before.replacing("Согласие можно отозвать", with: "Согласие не отозвать"))
        #expect(terms.code == 1 && terms.words.contains("identity.terms: "), "\(terms.words)")
        #expect(try system.count("select count(*) from access.profile") == 1)
        // With a version of its own it is taken; and the one of before says for ever what it said.
        let text = "по адресу лицевого счета\n      version: "
        let newer = reworded.replacing("\(text)\"2026-01\"", with: "\(text)\"2026-02\"")
        #expect(try newer != reworded && words(newer).code == 0)
        #expect(try words(before).code == 0)
        #expect(try words(reworded).code == 1)
    }

    @Test
    func `each profile in force is a dated row with who brought it, and an entry of the audit`()
        throws
    {
        _ = try apply(["\(folder)/srkc.yaml"])
        let path = "\(system.directory)/srkc.yaml"
        try String(contentsOfFile: "\(folder)/srkc.yaml", encoding: .utf8)
            .replacing("most_per_email: 10", with: "most_per_email: 5")
            .write(toFile: path, atomically: true, encoding: .utf8)
        _ = try apply([path])
        _ = try apply([path])
        #expect(
            try system.count(
                "select count(*) from access.profile where applied_by like 'operator:%' and organization = 'srkc'"
            )
                == 2)
        #expect(try Self.at("identity.attach.most_per_email", profile("srkc")) == "5")
        let audit = try system.kabinet(
            "audit", "list", "--action", "organization.apply", "--organization", "srkc", "--json")
        #expect(audit.split(separator: "\n").count == 2)
        #expect(audit.contains("+ identity.attach.most_per_email: 5"))
        #expect(try system.kabinet("organization", "list").contains("srkc"))
    }
}
