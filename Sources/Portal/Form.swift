import Commands
import Markup
import Words

/// One form of a page: what stands in its fields, and what was wrong with the last try.
struct Form {
    let frame: Frame
    /// Begins the ids inside; the hidden field `form` says it, so that a page of several knows which was posted.
    let name: String
    let action: String
    /// Nil when this form was not posted.
    let outcome: FormOutcome?
    let key: String
    /// What stands in fields that nobody has typed in.
    var initial: [String: String] = [:]
    /// The names of its fields, for the summary, by what their labels say.
    var labels: [(name: String, label: String)] = []
    /// The page says already why it was refused.
    var isToldAbove = false

    /// Fields whose text never leaves again.
    private static let secrets: Set<String> = [
        "password", "password_again", "old", "code", "answer", "secret", "present",
    ]
    /// What members of commands are called in forms.
    private static let renamed = [
        "last_payment_kopecks": "last_payment", "bill_total_kopecks": "bill_total",
        "terms": "agree", "new": "password",
    ]

    private var language: Language { frame.language }

    func value(_ field: String) -> String {
        if Self.secrets.contains(field) { return "" }
        if keepsTyped, let typed = outcome?.fields[field] { return typed }
        return initial[field] ?? ""
    }

    /// Whether a tick stands: as it was sent, else as it is.
    func isTicked(_ field: String, _ value: String = "1") -> Bool {
        if keepsTyped, let outcome { return outcome.fields[field] == value }
        return initial[field] == value
    }

    /// What was typed stands again, unless it was taken.
    private var keepsTyped: Bool {
        guard case .outcome(let outcome) = outcome?.ending else { return outcome != nil }
        return [.refused, .pending].contains(outcome.state)
    }

    // MARK: What was wrong

    /// The field that the complaint is about, if it is about one, and its words.
    private var complaint: (field: String?, text: String)? {
        switch outcome?.ending {
        case .misshapen(let error):
            let pointed = String(
                error.pointer.drop(while: { $0 == "/" }).prefix(while: { $0 != "/" }))
            let field = Self.renamed[pointed] ?? pointed
            let isShown = labels.contains { $0.name == field }
            return (
                isShown ? field : nil,
                Words.complaint(error, language, isMarked: isShown)
            )
        case .outcome(let outcome):
            guard outcome.state == .refused, !isToldAbove, let refusal = outcome.refusal else {
                return nil
            }
            let named = field(of: refusal)
            return (
                labels.contains { $0.name == named } ? named : nil, Words.refusal(refusal, language)
            )
        case .unavailable, .kept, nil: return nil
        }
    }

    private func field(of refusal: Refusal) -> String? {
        switch refusal.code {
        case .password: labels.contains { $0.name == "old" } ? "old" : "password"
        case .registrationElsewhere, .registrationPassword, .samePassword: "password"
        case .loginShape: "login"
        case .identityField: refusal.values["field"]
        case .identityTerms: "agree"
        case .codeWrong, .codeEnded: "code"
        case .secondFactor: refusal.values["field"] ?? "code"
        case .codeTooSoon, .codeTooMany, .phoneNotServed: "phone"
        case .emailLimit, .letterLimit, .emailChangeLimit, .ownEmail: "email"
        default: nil
        }
    }

    func isWrong(_ field: String) -> Bool { complaint?.field == field }

    /// Told above the fields, with a way to the one that is wrong.
    @Children var summary: HTML {
        if let complaint {
            Notice.error.draw(language, id: "\(name)-error", role: "alert") {
                if let field = complaint.field,
                    let label = labels.first(where: { $0.name == field })?.label
                {
                    a(.href("#\(name)-\(field)")) { label }
                    ": "
                }
                complaint.text
            }
        }
    }

    // MARK: Drawing

    func draw(_ classes: String = "entry", @Children _ content: () -> HTML) -> HTML {
        form(
            .class(classes), .method(.post),
            .action(ProblemPage.action(action, isDoubtful: isDoubtful))
        ) {
            input(.type(.hidden), .name("key"), .value(sentKey ?? key))
            input(.type(.hidden), .name("form"), .value(name))
            summary
            content()
        }
    }

    private var isDoubtful: Bool {
        if case .unavailable(_, let isDoubtful) = outcome?.ending { isDoubtful } else { false }
    }

    /// Nothing was saved, or nothing is decided yet: the same key again, so that it is not asked for twice.
    private var sentKey: String? {
        switch outcome?.ending {
        case .unavailable, .kept: outcome?.fields["key"]
        case .outcome(let ended) where ended.state == .pending: outcome?.fields["key"]
        default: nil
        }
    }

    /// A field with its label, hint and error.
    /// - Parameters:
    ///   - isOneWay: something else may be given instead.
    ///   - isOwn: the label is of the organization, and so Russian.
    ///   - first: the cursor stands there when nothing was wrong.
    func field(
        _ field: String, _ type: Attribute.Input = .text, autocomplete: String,
        inputmode: String? = nil, hint: String? = nil, required: Bool = true,
        most: Int = 254, readonly: Bool = false, isOwn: Bool = false, isOneWay: Bool = false,
        first: Bool = false
    ) -> HTML {
        let wrong = isWrong(field)
        let id = "\(name)-\(field)"
        let described = [wrong ? "\(id)-error" : nil, hint == nil ? nil : "\(id)-hint"]
            .compactMap { $0 }.joined(separator: " ")
        return div(.class("field")) {
            Markup.label(.for(id), isOwn ? frame.own : nil) {
                labels.first { $0.name == field }?.label ?? field
                if !required, !isOneWay {
                    span(.class("for"), isOwn ? .lang(language.rawValue) : nil) {
                        ", \(frame.words("form.optional"))"
                    }
                }
            }
            if let hint { p(.class("hint"), .id("\(id)-hint")) { hint } }
            input(
                .type(type), .id(id), .name(field), type == .password ? nil : .value(value(field)),
                .autocomplete(autocomplete), inputmode.map { .inputmode($0) },
                .maxlength(most), .required(required && !readonly), .readonly(readonly),
                type == .password || type == .text
                    ? .custom("autocapitalize", field == "surname" ? "words" : "none") : nil,
                wrong ? .aria("invalid", "true") : nil,
                described.isEmpty ? nil : .aria("describedby", described),
                .autofocus(wrong || first && complaint == nil))
            if wrong, let complaint {
                Notice.error.inline(language, id: "\(id)-error", complaint.text)
            }
        }
    }

    /// A square to tick.
    func tick(
        _ field: String, value: String = "1", required: Bool = false, hint: String? = nil,
        isOwn: Bool = false, disabled: Bool = false
    ) -> HTML {
        let wrong = isWrong(field)
        let id = "\(name)-\(field)"
        let described = [wrong ? "\(id)-error" : nil, hint == nil ? nil : "\(id)-hint"]
            .compactMap { $0 }.joined(separator: " ")
        return div(.class("tick")) {
            input(
                .type(.checkbox), .id(id), .name(field), .value(value),
                .checked(isTicked(field, value)), .required(required), .disabled(disabled),
                wrong ? .aria("invalid", "true") : nil,
                described.isEmpty ? nil : .aria("describedby", described), .autofocus(wrong))
            div {
                Markup.label(.for(id), isOwn ? frame.own : nil) {
                    labels.first { $0.name == field }?.label ?? field
                }
                if let hint {
                    p(.class("hint"), .id("\(id)-hint"), isOwn ? frame.own : nil) { hint }
                }
                if wrong, let complaint {
                    Notice.error.inline(language, id: "\(id)-error", complaint.text)
                }
            }
        }
    }

    /// One of several.
    func choice(
        _ field: String, _ legend: String, _ options: [(value: String, label: String)],
        hint: String? = nil
    ) -> HTML {
        fieldset(.class("choice"), isWrong(field) ? .aria("invalid", "true") : nil) {
            Markup.legend { legend }
            if let hint { p(.class("hint")) { hint } }
            for (index, option) in options.enumerated() {
                div(.class("tick")) {
                    input(
                        .type(.radio), .id("\(name)-\(field)\(index == 0 ? "" : "-\(index)")"),
                        .name(field), .value(option.value),
                        .checked(
                            isTicked(field, option.value)
                                || value(field).isEmpty && index == 0),
                        .required)
                    Markup.label(.for("\(name)-\(field)\(index == 0 ? "" : "-\(index)")")) {
                        HTML.whole(option.label)
                    }
                }
            }
        }
    }

    func hidden(_ field: String, _ value: String) -> HTML {
        input(.type(.hidden), .name(field), .value(value))
    }

    func button(_ words: String, quiet: Bool = false, isOwn: Bool = false) -> HTML {
        Markup.button(
            .type(.submit), .class(quiet ? "quiet" : "main"), isOwn ? frame.own : nil
        ) { words }
    }
}
