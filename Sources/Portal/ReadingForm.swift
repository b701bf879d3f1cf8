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

    private var complaint: ReadingComplaint? {
        ReadingComplaint(
            mine?.outcome.ending, registers: registers, decimals: decimals, digits: digits,
            language: language, typed: value)
    }

    private func value(_ register: Register) -> String {
        mine?.outcome.fields["value_\(register.rawValue)"] ?? ""
    }

    /// Nothing was saved: the same key again, so that an answer that was lost is not a second
    /// reading.
    private var key: String {
        switch mine?.outcome.ending {
        case .unavailable, .kept: mine?.outcome.fields["key"] ?? page.key()
        default: page.key()
        }
    }

    private var isDoubtful: Bool {
        if case .unavailable(_, let isDoubtful) = mine?.outcome.ending { isDoubtful } else { false }
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
            .class("reading"), .method(.post), .data("live", ""),
            .action(
                ProblemPage.action(
                    "/\(organization)/accounts/\(segment(account))/readings",
                    isDoubtful: isDoubtful)),
            .aria("labelledby", "\(id)-title")
        ) {
            input(.type(.hidden), .name("key"), .value(key))
            input(.type(.hidden), .name("meter"), .value(meter))
            input(.type(.hidden), .name("service"), .value(service))
            page.frame.tabField
            fields(complaint?.fields ?? [], complaint != nil)
            if let hint { p(.class("hint"), .id("\(id)-hint")) { hint } }
            if let complaint {
                (complaint.isQuestion ? Notice.question : Notice.error)
                    .inline(language, id: "\(id)-error", complaint.text)
            }
            TypingRemark.draw(id)
            SendingRemarks.draw(language)
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
                    // What cannot be put right now is not called wrong.
                    isWrong && isOpen ? .aria("invalid", "true") : nil,
                    described.isEmpty ? nil : .aria("describedby", described),
                    .autofocus(
                        isRefused && isOpen && register == (wrong.first ?? registers.first)))
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

/// Why a reading was not taken, and which of its fields that is about (none: all).
struct ReadingComplaint {
    let text: String
    /// It is doubtful, and may be meant.
    let isQuestion: Bool
    let fields: [Register]

    /// Nil: nothing is wrong with it.
    init?(
        _ ending: FormOutcome.Ending?, registers: [Register], decimals: Int, digits: Int,
        language: Language, typed: (Register) -> String
    ) {
        switch ending {
        case .outcome(let outcome):
            guard outcome.state == .refused, let refusal = outcome.refusal else { return nil }
            text = Words.refusal(refusal, language)
            isQuestion = refusal.confirmable
            fields = registers.filter {
                Self.isCulprit(typed($0), refusal, decimals: decimals, digits: digits)
            }
        case .misshapen(let error):
            fields = Register.allCases.filter {
                error.pointer == "/values/\($0.rawValue)"
                    || error.pointer == "/value_\($0.rawValue)"
            }
            text = Words.complaint(error, language, isMarked: !fields.isEmpty)
            isQuestion = false
        case .unavailable, .kept, nil: return nil
        }
    }

    /// Whether a refusal is about this one of several fields, where the typed value tells.
    private static func isCulprit(
        _ text: String, _ refusal: Refusal, decimals: Int, digits: Int
    ) -> Bool {
        switch (refusal.code, Quantity.read(text)) {
        case (.readingZones, _): return text.isEmpty
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
