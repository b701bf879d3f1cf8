import Commands
import Testing

@Suite struct `A notice` {
    @Test(arguments: [
        ("ivan.petrov@mail.ru", true), ("a@b.ru", true), ("a+b@x-y.ru", true),
        ("a@b@c.ru", false), ("@b.ru", false), ("a@", false), (".a@b.ru", false),
        ("a..b@c.ru", false), ("a b@c.ru", false), ("a@b.ru\r\nBcc: x@y.ru", false),
        ("a<b@c.ru", false), ("иван@почта.рф", false), ("a@b.ru>", false),
        (String(repeating: "a", count: 65) + "@b.ru", false),
    ])
    func `goes to an address that cannot break out of an envelope`(to: String, taken: Bool) {
        #expect(NoticeChannel.letter.takes(to) == taken)
    }

    @Test(arguments: [
        ("+79501234567", true), ("+79501234567 ", false), ("79501234567", false),
        ("+74951234567", false), ("+7950123456", false), ("+7950123456x", false),
        ("+795012345678", false),
    ])
    func `goes by message to Russian mobile numbers only`(to: String, taken: Bool) {
        #expect(NoticeChannel.message.takes(to) == taken)
    }

    @Test func `keeps of a contact what tells it to its owner only`() {
        #expect(NoticeChannel.letter.masked("ivan@mail.ru") == "iv***@mail.ru")
        #expect(NoticeChannel.letter.masked("iva@mail.ru") == "i***@mail.ru")
        #expect(NoticeChannel.letter.masked("i@mail.ru") == "i***@mail.ru")
        #expect(NoticeChannel.message.masked("+79501234567") == "+7950***4567")
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", Int64(0)), ("2026-04-18T10:23:05Z", 1_776_507_785_000_000),
        ("2026-04-18T10:23:05.250000Z", 1_776_507_785_250_000),
        ("1969-12-31T23:59:59.999999Z", -1),
    ])
    func `has a moment that is written as it is read`(text: String, microseconds: Int64) {
        #expect(Instant(text)?.microseconds == microseconds)
        #expect(Instant(microseconds: microseconds).description == text)
    }

    @Test(arguments: [
        "", "2026-04-18", "2026-04-18T10:23Z", "2026-04-18T24:00:00Z", "2026-04-18T10:23:05",
        "2026-04-18T10:23:05+03:00", "2026-04-18T10:23:05.Z", "2026-04-18T1:23:05Z",
        "2026-02-30T10:23:05Z", "2026-04-18T10:23:05.1234567Z",
    ])
    func `has no moment but of that form`(text: String) {
        #expect(Instant(text) == nil)
    }

    @Test func `that is a link goes by letter only, and has its secret`() throws {
        for notice in Notice.allCases where notice.secret == .link {
            #expect(notice.channels == [.letter])
            #expect(notice.values.contains("path"))
        }
        let link = #"{"to":"+79500000000","notice":"password.reset","secret":"AQ=="}"#
        #expect(throws: ShapeError.self) {
            try Command(.sendMessage, JSON.parse(Array(link.utf8)))
        }
    }

    @Test func `of an invitation names the rights; one of a release before is taken without`()
        throws
    {
        func letter(_ values: String) throws -> Command {
            let body =
                #"{"to":"a@b.ru","notice":"share.invited","values":\#(values),"secret":"AQ=="}"#
            return try Command(.sendLetter, JSON.parse(Array(body.utf8)))
        }
        let whole = #"{"account":"1","path":"/","rights":"view,pay"}"#
        #expect(try letter(whole).json["values"]?["rights"] == .string("view,pay"))
        _ = try letter(#"{"account":"1","path":"/"}"#)
        #expect(throws: ShapeError.self) { try letter(#"{"path":"/","rights":"view"}"#) }
        #expect(throws: ShapeError.self) {
            try letter(#"{"account":"1","path":"/","more":"x"}"#)
        }
    }

    @Test func `falls back to a contact of the other channel, without its own fallback`() throws {
        let code = Outgoing(
            to: "+79500000000", notice: .phoneCode, secret: "AQ==", expiresAt: 7,
            fallback: "a@b.ru")
        let fallen = try #require(code.fallen)
        #expect(
            fallen == Outgoing(to: "a@b.ru", notice: .phoneCode, secret: "AQ==", expiresAt: 7))
        #expect(fallen.fallen == nil)
    }

    @Test(arguments: [
        #"{"to":"a@b.ru","notice":"password.changed","values":{"time":"x"},"secret":"AQ=="}"#,
        #"{"to":"a@b.ru","notice":"password.changed","values":{}}"#,
        #"{"to":"a@b.ru","notice":"password.changed"}"#,
        #"{"to":"a@b.ru","notice":"password.changed","values":{"time":"x","more":"y"}}"#,
        #"{"to":"a@b.ru","notice":"user.deleted","language":"de"}"#,
        #"{"to":"a@b.ru","notice":"user.deleted","fallback":"c@d.ru"}"#,
        #"{"to":"a@b.ru","notice":"password.reset","secret":"AQ==","values":{"account":"1","path":"/"},"fallback":"+79500000000"}"#,
        #"{"to":"+79500000000","notice":"user.deleted"}"#,
    ])
    func `that is not whole is no letter`(body: String) {
        #expect(throws: ShapeError.self) {
            try Command(.sendLetter, JSON.parse(Array(body.utf8)))
        }
    }
}
