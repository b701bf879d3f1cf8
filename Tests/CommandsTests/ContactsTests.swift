import Testing

@testable import Commands

@Suite struct ContactsTests {
    // MARK: Surnames (domain.md §6.2)

    static let same: [(typed: String, holder: String)] = [
        ("ковалев ", "Ковалёв"), ("КОВАЛЁВ", "Ковалев"), ("Кове\u{308}лев", "Ковёлев"),
        ("САЛТЫКОВ-ЩЕДРИН", "Салтыков - Щедрин"), ("салтыков – щедрин", "Салтыков-Щедрин"),
        ("Смирнов", "Cмирнов"), ("Cмирнов", "Смирнов"), ("Иванов", "Иванов Иван Иванович"),
        ("иванов иван иванович", "Иванов Иван Иванович"), ("Ван дер Ваальс", "ван  дер  ваальс"),
        ("О’Нил", "О'Нил"), ("ОНил", "О`Нил"), ("Smith", "SMITH"), ("Иванов.", "Иванов"),
        ("Салтыков Щедрин", "Салтыков-Щедрин"), ("салтыковщедрин", "Салтыков-Щедрин"),
        ("Салтыков―Щедрин", "Салтыков Щедрин"), ("Салтыков-Щедрин", "СалтыковЩедрин"),
        ("\u{A0}Иванов\t", "Иванов"), ("Чуи\u{306}", "Чуй"), ("Мамед-заде", "Мамед−Заде"),
    ]

    @Test(arguments: same)
    func `a surname is known however it is written`(_ pair: (typed: String, holder: String)) {
        #expect(Surname(pair.typed)?.isOf(holder: pair.holder) == true)
    }

    static let other: [(typed: String, holder: String)] = [
        ("Иванов", "Иванова"), ("Иванова", "Иванов"), ("Иван", "Иванов Иван Иванович"),
        ("Щедрин", "Салтыков-Щедрин"), ("Салтыков", "Салтыков-Щедрин"),
        ("Ромашка", "ООО «Ромашка»"), ("ООО", "ООО Ромашка"),
        ("Собственник", "Собственник не указан"),
        ("не", "Не указан"), ("Абонент", "абонент"), ("Иванов", ""), ("Иванов", "-"),
        ("Администрация", "Администрация города"), ("Cмит", "Smith"),
    ]

    @Test(arguments: other)
    func `another surname, a company or nobody is not the holder`(
        _ pair: (typed: String, holder: String)
    ) {
        #expect(Surname(pair.typed)?.isOf(holder: pair.holder) != true)
    }

    @Test(arguments: ["", " ", "-", "123", "Иванов1", "a@b", "<b>", "Иванов\u{0}", "'", "."])
    func `what is in no name is no surname`(_ text: String) {
        #expect(Surname(text) == nil)
    }

    @Test func `a surname is looked for without hyphens and spaces`() {
        #expect(Surname("салтыков - щедрин")?.key == "САЛТЫКОВЩЕДРИН")
        #expect(Surname("Ван дер Ваальс")?.key == "ВАНДЕРВААЛЬС")
    }

    @Test func `a surname has a length`() {
        #expect(Surname(String(repeating: "я", count: 100)) != nil)
        #expect(Surname(String(repeating: "я", count: 101)) == nil)
    }

    // MARK: Phones, addresses, flats (domain.md §6.3)

    static let phones: [(typed: String, number: String?)] = [
        ("8 (916) 123-45-67", "+79161234567"), ("79161234567", "+79161234567"),
        ("+7 916 123 45 67", "+79161234567"), ("9161234567", "+79161234567"),
        ("+375 29 123-45-67", "+375291234567"), ("89161234567", "+79161234567"),
        ("8 395 210-11-12", "+73952101112"), ("3952101112", nil), ("916123456", nil),
        ("+7916123456789012", nil), ("", nil), ("+", nil), ("телефон", nil), ("8916123456a", nil),
        ("+09161234567", nil), ("8++9161234567", nil), ("٨٩١٦١٢٣٤٥٦٧", nil),
    ]

    @Test(arguments: phones)
    func `a telephone number has one form`(_ phone: (typed: String, number: String?)) {
        #expect(PhoneNumber(phone.typed)?.text == phone.number)
    }

    @Test func `who looks over the shoulder sees neither number nor address`() {
        #expect(PhoneNumber("89161234567")?.masked == "+7916***4567")
        #expect(EmailAddress("ivanov@mail.example.ru")?.masked == "iv***@mail.example.ru")
        #expect(EmailAddress("a@b.ru").map { "\($0)" } == "a***@b.ru")
    }

    static let addresses: [(typed: String, text: String?, key: String?)] = [
        (" Ivanov@Mail.RU ", "Ivanov@mail.ru", "ivanov@mail.ru"),
        (
            "i.o'neil+lk@xn--80a.xn--p1ai", "i.o'neil+lk@xn--80a.xn--p1ai",
            "i.o'neil+lk@xn--80a.xn--p1ai"
        ),
        ("ivanov", nil, nil), ("ivanov@", nil, nil), ("@mail.ru", nil, nil), ("a@b", nil, nil),
        ("a..b@mail.ru", nil, nil), (".a@mail.ru", nil, nil), ("a.@mail.ru", nil, nil),
        ("a b@mail.ru", nil, nil), ("a@mail..ru", nil, nil), ("a@-mail.ru", nil, nil),
        ("a@mail.ru\r\nBcc: b@mail.ru", nil, nil), ("a@127.0.0.1", nil, nil),
        ("иван@почта.рф", nil, nil),
        ("a@b@mail.ru", nil, nil), ("\"a\"@mail.ru", nil, nil), ("<a@mail.ru>", nil, nil),
    ]

    @Test(arguments: addresses)
    func `an address is what a server takes`(
        _ address: (typed: String, text: String?, key: String?)
    ) {
        #expect(EmailAddress(address.typed)?.text == address.text)
        #expect(EmailAddress(address.typed)?.key == address.key)
    }

    @Test func `an address has a length`() {
        let domain = Array(repeating: String(repeating: "b", count: 46), count: 4).joined(
            separator: ".")
        let local = String(repeating: "a", count: 64)
        #expect(EmailAddress("\(local)@\(domain).r")?.text.count == 254)
        #expect(EmailAddress("\(local)@\(domain).ru") == nil)
        #expect(EmailAddress("a\(local)@mail.ru") == nil)
    }

    static let flats: [(typed: String, other: String, isSame: Bool)] = [
        ("12", "12", true), ("12А", "12 а", true), ("12A", "12а", true), ("кв. 12", "12", true),
        ("12, комн. 3", "12 ком 3", true), ("12-3", "12/3", true), ("12", "121", false),
        ("12", "12А", false), ("1 2", "12", false), ("012", "12", false),
    ]

    @Test(arguments: flats)
    func `a flat is known however it is written`(
        _ flat: (typed: String, other: String, isSame: Bool)
    ) {
        #expect(Flat(flat.typed)?.isSame(as: flat.other) == flat.isSame)
    }

    @Test(arguments: ["", " ", "кв.", "—"])
    func `nothing is no flat`(_ text: String) { #expect(Flat(text) == nil) }
}
