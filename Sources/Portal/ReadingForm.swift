import Commands
import Markup
import Words

/// The form of one meter: a field a register, «Внести», and what was wrong with the last try.
struct ReadingForm {
    var page: MetersPage
    /// Begins the ids inside.
    var id: String
    var meter: String
    var service: String
    var unit: String
    var registers: [Register]
    var hint: String?
    /// The month that the reading is for.
    var month: Month?
    /// The posted form, when it was this meter's.
    var mine: MetersForm?
    var decimals: Int
    var digits: Int
    var isOpen: Bool

    private var language: Language { page.language }
    private var own: Attribute? { page.frame.own }

    /// Why the last try was not taken, and which fields it is about (none: all).
    private var complaint: (text: String, isQuestion: Bool, fields: [Register])? {
        switch mine?.outcome.ending {
        case .outcome(let outcome):
            guard outcome.state == .refused, let refusal = outcome.refusal else { return nil }
            return (
                Words.refusal(refusal, language), refusal.confirmable, culprits(refusal)
            )
        case .misshapen(let error):
            let named = Register.allCases.filter {
                error.pointer == "/values/\($0.rawValue)"
                    || error.pointer == "/value_\($0.rawValue)"
            }
            let text = Words.complaint(error, language, isMarked: !named.isEmpty)
            return (text, false, named)
        case .unavailable, nil: return nil
        }
    }

    /// Which of several fields a refusal is about, where the typed values tell.
    private func culprits(_ refusal: Refusal) -> [Register] {
        registers.filter { register in
            let typed = Quantity.read(value(register))
            switch (refusal.code, typed) {
            case (.readingZones, _): return value(register).isEmpty
            case (.readingFormat, .value(_, _, let fraction)): return fraction > decimals
            case (.readingFormat, _): return true
            case (.readingCapacity, .value(_, let integer, _)): return integer > digits
            case (.readingCapacity, _): return true
            case (.readingLess, .value(let quantity, _, _)):
                guard let text = refusal.values["prev"],
                    case .value(let previous, _, _) = Quantity.read(text)
                else { return true }
                return quantity < previous
            default: return true
            }
        }
    }

    private func value(_ register: Register) -> String {
        mine?.outcome.fields["value_\(register.rawValue)"] ?? ""
    }

    /// Nothing was saved: the same key again, so that an answer that was lost is not a second
    /// reading.
    private var key: String {
        if case .unavailable = mine?.outcome.ending, let sent = mine?.outcome.fields["key"] {
            return sent
        }
        return page.key()
    }

    /// What was typed stands again in the fields, unless it was taken.
    private var keepsTyped: Bool {
        guard case .outcome(let outcome) = mine?.outcome.ending else { return mine != nil }
        return outcome.state == .refused
    }

    func draw() -> HTML {
        let complaint = complaint
        let organization = page.frame.profile?.code ?? ""
        let account = page.frame.account ?? ""
        return form(
            .class("reading"), .method(.post),
            .action("/\(organization)/accounts/\(segment(account))/readings"),
            .aria("labelledby", "\(id)-title")
        ) {
            input(.type(.hidden), .name("key"), .value(key))
            input(.type(.hidden), .name("meter"), .value(meter))
            input(.type(.hidden), .name("service"), .value(service))
            fields(complaint?.fields ?? [], complaint != nil)
            if let hint { p(.class("hint"), .id("\(id)-hint")) { hint } }
            if let complaint {
                (complaint.isQuestion ? Notice.question : Notice.error)
                    .inline(language, id: "\(id)-error", complaint.text)
            }
            div(.class("buttons")) {
                button(.type(.submit), .class("main"), .disabled(!isOpen), own) { submitWord }
                if complaint?.isQuestion == true {
                    button(
                        .type(.submit), .class("confirm"), .name("confirm"), .value("1"),
                        .disabled(!isOpen)
                    ) { page.words("meters.confirm") }
                }
            }
        }
    }

    @Children private func fields(_ wrong: [Register], _ isRefused: Bool) -> HTML {
        if registers.count > 1 {
            fieldset {
                legend { label(of: nil) }
                div(.class("registers")) {
                    for register in registers {
                        field(register, wrong, isRefused) {
                            Words.register(register, of: registers.count, language)
                        }
                    }
                }
            }
        } else {
            for register in registers {
                field(register, wrong, isRefused) { label(of: register) }
            }
        }
    }

    private func field(
        _ register: Register, _ wrong: [Register], _ isRefused: Bool,
        @Children _ name: () -> HTML
    ) -> HTML {
        let isWrong = isRefused && (wrong.isEmpty || wrong.contains(register))
        let described = [
            isWrong ? "\(id)-error" : nil, hint == nil ? nil : "\(id)-hint",
        ].compactMap { $0 }.joined(separator: " ")
        return div(.class("field")) {
            Markup.label(.for("\(id)-\(register.rawValue)")) { name() }
            div(.class("typing")) {
                input(
                    .type(.text), .id("\(id)-\(register.rawValue)"),
                    .name("value_\(register.rawValue)"),
                    .value(keepsTyped ? value(register) : ""), .inputmode("decimal"),
                    .autocomplete("off"), .maxlength(64), .required, .disabled(!isOpen),
                    isWrong ? .aria("invalid", "true") : nil,
                    described.isEmpty ? nil : .aria("describedby", described),
                    .autofocus(isRefused && register == (wrong.first ?? registers.first)))
                if registers.count == 1 {
                    span(.class("unit"), .aria("hidden", "true")) { unit }
                }
            }
        }
    }

    /// «Новое за апрель 2026», «Новое» being the profile's word (SF-144).
    @Children private func label(of register: Register?) -> HTML {
        let words = page.frame.profile?.readings.words
        span(own) {
            language == .ru ? words?.new ?? page.words("meters.new") : page.words("meters.new")
        }
        if let month {
            " "
            span(.class("for")) {
                page.words("meters.new_for", ["month": Words.month(month, language)])
            }
        }
        // One unit for all registers stands above them, so that three fields fit beside each other.
        if register == nil { span(.class("for")) { ", \(unit)" } }
    }

    private var submitWord: String {
        if case .unavailable = mine?.outcome.ending { return page.words("meters.again") }
        return language == .ru
            ? page.frame.profile?.readings.words.submit ?? page.words("meters.submit")
            : page.words("meters.submit")
    }
}
