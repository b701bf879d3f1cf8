import Commands
import HTTP
import Markup
import Testing
import Words

@testable import Portal

/// Whether a page runs the one file of ours and nothing else, and has no style in it.
func runsOnlyOurs(_ page: String) -> Bool {
    let ours = "<script defer src=\"/static/kabinet.js?v=\(Script.asset.version)\"></script>"
    return page.matches(of: /<script/).count == 1 && page.contains(ours)
        && !page.contains("<style") && !page.contains(" style=\"")
}

/// Whether a page says something in a notice that screen readers speak.
func speaks(_ page: String) -> Bool {
    page.contains(/class="notice [a-z]+"[^>]* role="status"/)
}

@Suite struct `What stands around a page` {
    private static let drawing =
        #"<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h8v8z"/></svg>"#

    private func draw(_ profile: Profile?, _ language: Language = .ru) -> String {
        let html = Frame(profile: profile, language: language, path: "/x").draw("Страница") {
            h1 { "Страница" }
        }
        return String(decoding: html.render(), as: UTF8.self)
    }

    @Test func `is one stylesheet in the colour of the organization, one icon and one program`()
        throws
    {
        let page = draw(try Sample.profile(accent: "#C8102E"))
        let sheet = Stylesheet.address("#c8102e").replacing("&", with: "&amp;")
        #expect(page.matches(of: /rel="stylesheet"/).count == 1)
        #expect(page.contains("rel=\"stylesheet\" href=\"\(sheet)\""))
        #expect(page.contains("rel=\"icon\" href=\"\(Stylesheet.iconAddress)\""))
        #expect(runsOnlyOurs(page))
        let nobodys = draw(nil)
        #expect(nobodys.contains("href=\"\(Stylesheet.address(nil))\"") && runsOnlyOurs(nobodys))
    }

    @Test func `a row that scrolls to its current item keeps it off the edge`() {
        let css = Stylesheet.css
        #expect(css.matches(of: /scroll-initial-target: nearest/).count == 2)
        #expect(css.matches(of: /scroll-padding-inline: clamp\(1rem, 4vw, 2rem\)/).count == 2)
    }

    @Test func `has a place behind all else where the program can speak`() throws {
        let page = draw(try Sample.profile())
        let voice = #"<div id="said" class="spoken" role="status" aria-live="polite"></div></body>"#
        #expect(page.contains(voice))
        #expect(!speaks(page))
    }

    @Test func `shows the logo of the organization, and no word of it`() throws {
        var profile = try Sample.profile()
        #expect(!draw(profile).contains("<img"))
        profile.logo = Self.drawing
        let page = draw(profile)
        let asset = try #require(Logo.asset(profile))
        let address = "/srkc/logo.svg?v=\(asset.version)"
        #expect(page.contains("<img class=\"logo\" src=\"\(address)\" alt=\"\">"))
        #expect(page.contains("rel=\"icon\" href=\"\(address)\""))
        let answer = asset.response(version: asset.version, encodings: nil, known: nil)
        #expect(answer.header("Content-Type") == "image/svg+xml")
        #expect(answer.body == Array(Self.drawing.utf8))
        #expect(
            answer.header("Content-Security-Policy")
                == "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        profile.logo = Self.drawing.replacing("h8", with: "h9")
        #expect(Logo.asset(profile)?.version != asset.version)
    }

    @Test func `says how the organization is reached, and with which browsers: SF-011 SF-014`()
        throws
    {
        var profile = try Sample.profile()
        profile.footer = []
        #expect(!draw(profile).contains("<footer"))
        profile.contacts = Profile.Contacts(
            address: "664033, Иркутск, <Лермонтова>, 257", phone: "8 (3952) 790-000",
            email: "office@example.ru", site: "https://example.ru")
        profile.browsers = ["Google Chrome", "Mozilla Firefox"]
        let page = draw(profile)
        for part in [
            "<span>664033, Иркутск, &lt;Лермонтова&gt;, 257</span>",
            "<a href=\"tel:+73952790000\">8 (3952) 790-000</a>",
            "<a href=\"mailto:office@example.ru\">office@example.ru</a>",
            "<a href=\"https://example.ru\">example.ru</a>",
            "<p lang=\"ru\">Рекомендуем браузеры: Google Chrome, Mozilla Firefox</p>",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        #expect(
            draw(profile, .en).contains(
                "<p lang=\"en\">Recommended browsers: Google Chrome, Mozilla Firefox</p>"))
    }

    @Test func `calls the page of meters as the profile does`() throws {
        var profile = try Sample.profile()
        profile.readings.words.title = "Счётчики"
        let view = try Sample.view([try Sample.water()])
        let page = text(try Sample.page(view, profile: profile).response())
        #expect(page.contains("<h1>Счётчики</h1>") && page.contains("<title>Счётчики"))
        let english = text(try Sample.page(view, profile: profile, language: .en).response())
        #expect(english.contains("<h1>Meters</h1>"))
    }
}

@Suite struct `The stylesheet` {
    private func text(_ asset: Asset) -> String {
        String(
            decoding: asset.response(version: nil, encodings: nil, known: nil).body, as: UTF8.self)
    }

    @Test func `is whole, whatever its colour, and what prints comes last`() {
        let css = Stylesheet.css
        #expect(css.count { $0 == "{" } == css.count { $0 == "}" })
        for rule in [
            ":root {", ".top {", "fieldset {", "form.reading {", ".money {", ".owner {",
            "@media print {",
        ] {
            #expect(css.contains(rule), "\(rule)")
        }
        #expect(css.split(separator: "@media print {").last?.contains("@media") == false)
        #expect(text(Stylesheet.asset(nil)) == css)
    }

    @Test func `has the colour that its address names`() {
        let address = Stylesheet.address("#C8102E")
        let asset = Stylesheet.asset("c8102e")
        #expect(address == "/static/kabinet.css?accent=c8102e&v=\(asset.version)")
        #expect(Stylesheet.asset("C8102E").version == asset.version)
        #expect(text(asset).hasPrefix(Stylesheet.css))
        #expect(text(asset).hasSuffix(Theme(accent: "#c8102e").css))
        // One that no page has is made all the same, and is another.
        #expect(Stylesheet.asset("010203").version != asset.version)
        for odd in ["", "zz", "c8102e;}", "../kabinet", "#c8102e"] {
            #expect(
                Stylesheet.asset(odd).version == Stylesheet.asset(nil).version, "\(odd)")
        }
    }
}
