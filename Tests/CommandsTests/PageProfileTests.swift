import Commands
import Testing

private func json(_ text: String) throws -> JSON { try JSON.parse(Array(text.utf8)) }

private let least = """
    {"code":"srkc","name":"ООО «СРКЦ»","title":"Личный кабинет","time_zone":"Asia/Irkutsk",
    "companies":[{"code":"uk","name":"УК"}],"services":["cold_water"]}
    """

private let drawing = #"<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>"#

private func problems(_ member: String, _ value: JSON) throws -> [String] {
    let whole = try json(least).with(member, value)
    do {
        _ = try Profile(whole)
        return []
    } catch {
        return error.problems
    }
}

@Suite struct `The pages of a profile` {
    @Test func `are as they always were until it says otherwise`() throws {
        let plain = try Profile(json(least))
        #expect(plain.menu == .list && plain.contacts.isEmpty && plain.browsers.isEmpty)
        #expect(plain.help.isEmpty && plain.logo == nil)
        #expect(plain.readings.words.title == "Приборы учета")
        // A release that does not know them can read what says nothing of them.
        let written = plain.json.members?.map(\.key) ?? []
        for key in ["menu", "contacts", "browsers", "help", "logo"] {
            #expect(!written.contains(key), "\(key)")
        }
        #expect(plain.json["readings"]?["words"]?["title"] == nil)
    }

    @Test func `keep what is said, written and read again`() throws {
        var whole = try json(least)
        for (key, text) in [
            ("menu", #""sections""#),
            (
                "contacts",
                #"""
                {"address":" Иркутск, Лермонтова, 257 ","phone":"8 (3952) 790-000",
                 "email":"office@example.ru","site":"https://example.ru"}
                """#
            ),
            ("browsers", #"["Google Chrome","Mozilla Firefox"]"#),
            (
                "help",
                #"{"meters":{"text":"Здесь показания"},"home":{"text":"Здесь счета","more":"Ещё"}}"#
            ),
            ("readings", #"{"words":{"title":"Приборы учёта"}}"#),
        ] {
            whole = whole.with(key, try json(text))
        }
        whole = whole.with("logo", .string("\n\(drawing)\n"))
        let profile = try Profile(whole)
        #expect(profile.menu == .sections)
        #expect(profile.contacts.address == "Иркутск, Лермонтова, 257")
        #expect(profile.contacts.phone == "8 (3952) 790-000")
        #expect(profile.contacts.email == "office@example.ru")
        #expect(profile.contacts.site == "https://example.ru")
        #expect(profile.browsers == ["Google Chrome", "Mozilla Firefox"])
        #expect(profile.help[.home] == .init(text: "Здесь счета", more: "Ещё"))
        #expect(profile.help[.meters] == .init(text: "Здесь показания"))
        #expect(profile.readings.words.title == "Приборы учёта")
        #expect(profile.logo == drawing)
        #expect(try Profile(JSON.parse(profile.json.bytes)) == profile)
    }

    @Test(arguments: [
        ("menu", #""tabs""#, "menu: one of services, list, sections"),
        ("contacts", #"{"phone":"790"}"#, "contacts.phone: a number with its area code"),
        ("contacts", #"{"phone":""}"#, "contacts.phone: 1 to 40 characters"),
        ("contacts", #"{"email":"office"}"#, "contacts.email: an address"),
        ("contacts", #"{"site":"example.ru"}"#, "contacts.site: an address"),
        ("contacts", #"{"site":"javascript:alert(1)"}"#, "contacts.site: an address"),
        ("contacts", #"{"site":"https://a b"}"#, "contacts.site: an address"),
        ("contacts", #"{"site":"https://"}"#, "contacts.site: an address"),
        ("contacts", #"{"address":5}"#, "contacts.address: no text"),
        ("contacts", #"{"fax":"1"}"#, "contacts.fax: unknown"),
        ("browsers", #"["Chrome","Chrome"]"#, "browsers: Chrome stands twice"),
        ("browsers", #"[" "]"#, "browsers: names of 1 to 60"),
        ("browsers", #"[5]"#, "browsers: names of 1 to 60"),
        ("help", #"{"house":{}}"#, "help.house.text: missing"),
        ("help", #"{"home":{"text":" "}}"#, "help.home.text: 1 to 1000 characters"),
        ("help", #"{"home":{"text":"а","more":""}}"#, "help.home.more: 1 to 4000 characters"),
        ("help", #"{"home":{"text":"а","colour":"red"}}"#, "help.home.colour: unknown"),
        ("help", #"{"pay":{"text":"а"}}"#, "help.pay: unknown; known are home, meters"),
        ("logo", #""kabinet.svg""#, "logo: SVG that begins with <svg"),
    ])
    func `say what is wrong with them`(_ member: String, _ value: String, _ told: String) throws {
        let found = try problems(member, json(value))
        #expect(found.count == 1 && found.first?.hasPrefix(told) == true, "\(found)")
    }

    @Test(arguments: ["menu", "contacts", "browsers", "help", "logo"])
    func `take no member of another type for one that is not there`(member: String) throws {
        for other in [JSON.int(1), .bool(true), .string(""), .object([.init("x", .int(1))])] {
            #expect(try !problems(member, other).isEmpty, "\(member): \(other)")
        }
    }
}

@Suite struct `A logo` {
    private func fault(_ text: String) throws -> String? {
        let found = try problems("logo", .string(text))
        return found.first.map { String($0.dropFirst("logo: ".count)) }
    }

    private func within(_ text: String) -> String {
        #"<svg xmlns="http://www.w3.org/2000/svg">\#(text)</svg>"#
    }

    @Test(arguments: [
        "", "<g/>", "<g><path d='M0 0'/></g >", "<title>Радуга</title>",
        ##"<defs><linearGradient id="a"/></defs><rect fill="url(#a)" />"##,
        ##"<defs><path id="p"/></defs><use href="#p"/><use xlink:href="#p"/>"##,
        ##"<style>.a { fill: url("#a") }</style>"##, "<text x = \"1\">only on</text>",
        "<path aria-label=\"only > on\"\n/>",
    ])
    func `may draw`(inside: String) throws {
        #expect(try fault(within(inside)) == nil)
    }

    @Test(arguments: [
        ("<script>alert(1)</script>", "<script> has no place in it"),
        ("<SCRIPT/>", "<SCRIPT> has no place in it"),
        ("<foreignObject/>", "<foreignObject> has no place in it"),
        ("<image href='#a'/>", "<image> has no place in it"),
        ("<a href='#a'/>", "<a> has no place in it"),
        ("<svg:script/>", "<svg:script> has no place in it"),
        ("<animate attributeName='href'/>", "<animate> has no place in it"),
        ("<g onload='x'/>", "onload has no place in it"),
        ("<g OnClick = \"x\"/>", "onclick has no place in it"),
        ("<use href='https://evil.example/#a'/>", "href may only name"),
        ("<use xlink:href='data:x'/>", "xlink:href may only name"),
        ("<rect fill='url(https://evil.example)'/>", "url() may only name"),
        ("<style>@import 'x';</style>", "@import has no place"),
        ("<style>a{b:URL( 'x')}</style>", "url() may only name"),
        ("<!-- a -->", "comments and declarations"), ("<![CDATA[x]]>", "comments and declarations"),
        ("<?xml?>", "comments and declarations"), ("<g>", "</svg> ends nothing"),
        ("</g>", "</g> ends nothing"), ("<g x=1/>", "x of <g> is not in quotes"),
        ("<g x/>", "<g> is broken"), ("<g x='1", "x of <g> has no end"),
        ("<g / >", "<g> is broken"), ("<svg></svg>", "<svg> has no place in it"),
    ])
    func `may do nothing else`(inside: String, told: String) throws {
        #expect(try fault(within(inside))?.hasPrefix(told) == true, "\(inside)")
    }

    @Test(arguments: [
        ("<svg></svg>", "<svg> needs xmlns"), ("<g></g>", "SVG that begins with <svg"),
        ("x\(drawing)", "SVG that begins with <svg"), ("\(drawing)x", "nothing may stand behind"),
        ("\(drawing)<g/>", "nothing may stand behind"),
        ("<svg xmlns='http://www.w3.org/2000/svg'>", "it has no end"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "<svg> is broken"),
        ("<svg", "<svg> is broken"), ("", "SVG that begins with <svg"),
        ("<!DOCTYPE svg><svg/>", "comments and declarations"),
    ])
    func `is whole`(text: String, told: String) throws {
        #expect(try fault(text)?.hasPrefix(told) == true, "\(text)")
    }

    @Test func `is small`() throws {
        let room = 16_384 - within("").utf8.count
        #expect(try fault(within(String(repeating: " ", count: room))) == nil)
        #expect(
            try fault(within(String(repeating: " ", count: room + 1))) == "at most 16 KB of SVG")
    }
}
