import Commands
import Testing
import Words

@Suite struct `The words of notices` {
    static let values = [
        "org": "Расчётный центр", "code": "482913", "account": "626200012",
        "path": "/srkc/confirm/", "time": "2026-04-18T10:23:05+08:00",
        "contact": "iv***@mail.ru", "address": "203.0.113.9", "month": "2026-04",
        "closing": "123456", "due": "2026-05-15", "rights": "view,readings", "left": "789",
    ]

    @Test(arguments: Notice.allCases, Language.allCases)
    func `are there for every notice, channel and language`(notice: Notice, language: Language) {
        let letter = Words.letter(notice, language, Self.values)
        var texts =
            [letter.title] + letter.paragraphs + [letter.button, letter.remark].compactMap { $0 }
        #expect((letter.button != nil) == (notice.secret == .link))
        if notice.channels.contains(.message) {
            texts.append(Words.message(notice, language, Self.values))
        }
        for text in texts {
            #expect(!text.isEmpty && !text.contains("{") && !text.hasPrefix("notice."), "\(text)")
        }
        let all = texts.joined(separator: " ")
        // A letter in plain text has none, and neither has an SMS.
        for button in ["кнопк", "button"] { #expect(!all.contains(button)) }
        for name in notice.values where !["path", "time", "month", "closing", "due"].contains(name)
        {
            #expect(all.contains(Self.values[name] ?? "?"), "\(name) is not said")
        }
        if notice.secret == .code { #expect(all.contains("482913")) }
    }

    @Test(arguments: Notice.allCases.filter { $0.channels.contains(.message) }, Language.allCases)
    func `fit into one message with a code, into two without`(notice: Notice, language: Language) {
        for org in ["СРКЦ", String(repeating: "Длинное название ", count: 5) + "ЖКХ"] {
            var values = Self.values
            values["org"] = org
            let text = Words.message(notice, language, values)
            // 67 units each where there are several.
            let most = notice.secret == .code ? 70 : org.utf16.count < 20 ? 134 : 201
            #expect(text.utf16.count <= most, "\(text.utf16.count): \(text)")
            #expect(!text.hasSuffix(" "))
        }
    }

    @Test func `of a bill say what is to be paid, whatever another payee was paid too much`() {
        func letter(_ closing: Int, _ owed: Int?) -> String {
            var values = Self.values
            values["closing"] = "\(closing)"
            values["owed"] = owed.map { "\($0)" }
            return Words.letter(.billReady, .ru, values).paragraphs.joined(separator: " ")
                .replacing("\u{A0}", with: " ").replacing("\u{202F}", with: " ")
        }
        let split = letter(-3_134_691, 45_677)
        #expect(split.contains("456,77 ₽") && split.contains("15.05.2026"), "\(split)")
        #expect(!split.contains("Платить не нужно"))
        #expect(letter(-3_134_691, 0).contains("Платить не нужно: переплата 31 346,91 ₽."))
        #expect(letter(-3_134_691, nil).contains("Платить не нужно: переплата 31 346,91 ₽."))
    }

    @Test func `say what an invited person may do, in letters that know it`() {
        func paragraphs(_ rights: String?, _ language: Language) -> [String] {
            var values = Self.values
            values["rights"] = rights
            return Words.letter(.shareInvited, language, values).paragraphs
        }
        #expect(
            paragraphs("view,readings", .ru)[1] == "Вы сможете: смотреть, передавать показания.")
        #expect(paragraphs("pay,view", .en)[1] == "You may: look, pay.")
        var lasting = Self.values
        lasting["hours"] = "24"
        #expect(
            Words.letter(.shareInvited, .ru, lasting).paragraphs.last?
                .hasSuffix("Приглашение действует 24 часа.") == true)
        // One of before is on its way without.
        #expect(paragraphs(nil, .ru).count == 2)
    }

    @Test func `say what one signs in with where a new address is the login`() {
        var values = Self.values
        #expect(Words.letter(.emailChanged, .ru, values).paragraphs.count == 1)
        values["login"] = "ne***@mail.ru"
        #expect(
            Words.letter(.emailChanged, .ru, values).paragraphs.last
                == "Входить в Личный кабинет теперь нужно с новым адресом: ne***@mail.ru.")
    }

    @Test func `say the code as domain.md has it`() {
        #expect(
            Words.message(.registrationCode, .ru, ["code": "482913", "org": "СРКЦ"])
                == "Код подтверждения: 482913. Никому не сообщайте. СРКЦ")
    }
}
