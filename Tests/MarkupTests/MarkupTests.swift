import Foundation
import Markup
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

private func text(_ html: HTML) -> String { String(decoding: html.render(), as: UTF8.self) }

struct HTMLTests {
    @Test func `elements nest and no white space is added`() {
        let page = div(.class("card"), .id("a")) {
            h2 { "Title" }
            p {
                "one "
                strong { "two" }
                br()
            }
        }
        #expect(
            text(page) == """
                <div class="card" id="a"><h2>Title</h2>\
                <p>one <strong>two</strong><br></p></div>
                """)
    }

    @Test func `the builder takes conditions loops and optionals`() {
        func list(_ items: [String], _ note: String?, isLong: Bool) -> HTML {
            ul {
                for item in items { li { item } }
                if let note { li(.class("note")) { note } }
                if isLong { li { "long" } } else { li { "short" } }
                items.first.map { first in em { first } }
                items.map { item in b { item } }
            }
        }
        #expect(
            text(list(["x", "y"], nil, isLong: false))
                == "<ul><li>x</li><li>y</li><li>short</li><em>x</em><b>x</b><b>y</b></ul>")
        #expect(
            text(list([], "n", isLong: true))
                == "<ul><li class=\"note\">n</li><li>long</li></ul>")
    }

    @Test func `text is escaped wherever it stands`() {
        let evil = "<script>alert('x')</script>&\"\u{0}\r"
        #expect(
            text(p { evil }) == "<p>&lt;script&gt;alert('x')&lt;/script&gt;&amp;\"\u{FFFD}&#13;</p>"
        )
        let value = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;\u{FFFD}&#13;"
        #expect(text(input(.value(evil))) == "<input value=\"\(value)\">")
        for attribute: Attribute in [
            .class(evil), .title(evil), .aria("label", evil), .data("x", evil),
            .custom("x", evil), .href("/" + evil),
        ] {
            let result = text(div(attribute))
            #expect(result.filter { $0 == "\"" }.count == 2)
            #expect(result.filter { $0 == "<" }.count == 2)
        }
    }

    @Test func `any text comes out of an XML parser as it went in`() throws {
        var state: UInt64 = 7
        let letters = Array("<>&\"'=/ я👩;#x-!]")
        for _ in 0..<300 {
            var value = ""
            for _ in 0..<20 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                value.append(letters[Int(state >> 33) % letters.count])
            }
            let parser = Kept()
            let xml = XMLParser(data: Data(div(.title(value)) { value }.render()))
            xml.delegate = parser
            #expect(xml.parse())
            #expect(parser.title == value)
            #expect(parser.text == value)
        }
    }

    @Test func `addresses that run programs are refused`() {
        let refused = [
            "javascript:alert(1)", "JavaScript:alert(1)", " \u{1}javascript:alert(1)",
            "java\tscript\n:alert(1)", "data:text/html,x", "vbscript:x", "javascript\u{3A}x",
        ]
        for address in refused {
            #expect(text(a(.href(address))) == "<a href=\"#\"></a>", "\(address)")
            #expect(text(form(.action(address))) == "<form action=\"#\"></form>")
            #expect(text(img(.custom("src", address))) == "<img src=\"#\">")
        }
        let allowed = [
            "/a:b", "?x=a:b", "#a:b", "https://x", "mailto:a@b", "tel:+7", "", "a/b", "../a:b",
        ]
        for address in allowed {
            #expect(text(a(.href(address))) == "<a href=\"\(address)\"></a>")
        }
    }

    @Test func `flags are there or not`() {
        #expect(
            text(input(.type(.checkbox), .required, .checked(false), .disabled(true), nil))
                == "<input type=\"checkbox\" required disabled>")
    }

    @Test func `a program is a file of ours and has no text`() {
        #expect(text(script(src: "/a.js?b&c")) == "<script defer src=\"/a.js?b&amp;c\"></script>")
    }

    @Test func `a field tells the keyboard of a phone what it is for`() {
        #expect(
            text(input(.inputmode("decimal"), .enterkeyhint("send"), .spellcheck(false)))
                == "<input inputmode=\"decimal\" enterkeyhint=\"send\" spellcheck=\"false\">")
    }

    @Test func `attributes of forms and tables have their names`() {
        #expect(
            text(form(.method(.post), .action("/x"), .autocomplete("off")) {})
                == "<form method=\"post\" action=\"/x\" autocomplete=\"off\"></form>")
        #expect(
            text(label(.for("a")) { "A" }) + text(th(.scope(.col), .colspan(2)))
                == "<label for=\"a\">A</label><th scope=\"col\" colspan=\"2\"></th>")
        #expect(
            text(input(.inputmode("decimal"), .pattern("[0-9]+"), .type(.localTime)))
                == "<input inputmode=\"decimal\" pattern=\"[0-9]+\" type=\"datetime-local\">")
    }

    @Test func `a line end at the start of a text area is kept`() {
        #expect(text(textarea { "\nx" }) == "<textarea>\n\nx</textarea>")
        #expect(text(textarea { "x\n" }) == "<textarea>x\n</textarea>")
        #expect(text(pre { "" }) == "<pre></pre>")
    }

    @Test func `a document names its language and title`() {
        let page = document(lang: "ru", title: "Счёт <1>") {
            link(.rel("stylesheet"), .href("/s.css"))
        } body: {
            main { "x" }
            Verbatim("<!-- end -->")
        }
        #expect(
            text(page) == """
                <!DOCTYPE html><html lang="ru"><head><meta charset="utf-8">\
                <meta name="viewport" content="width=device-width, initial-scale=1">\
                <title>Счёт &lt;1&gt;</title><link rel="stylesheet" href="/s.css"></head>\
                <body><main>x</main><!-- end --></body></html>
                """)
    }
}

private final class Kept: NSObject, XMLParserDelegate {
    var title: String?
    var text = ""

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) { title = attributes["title"] }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}

struct PlotTests {
    private let points = [
        Plot.Point(label: "янв", value: 5_000, words: "январь: 5 м³"),
        Plot.Point(label: "фев", value: nil, words: "февраль: нет"),
        Plot.Point(label: "мар", value: -1_000, words: "март: −1 м³"),
        Plot.Point(label: "апр", value: 0, words: "апрель: 0 м³"),
    ]

    @Test func `plots are named for screen readers and have no styles`() {
        for plot in [
            Plot.bars(id: "p", title: "Вода <х>", points),
            Plot.line(id: "p", title: "Вода <х>", points),
        ] {
            let svg = text(plot)
            #expect(svg.contains("role=\"img\" aria-labelledby=\"p-title p-desc\""))
            #expect(svg.contains("<title id=\"p-title\">Вода &lt;х&gt;</title>"))
            #expect(
                svg.contains("январь: 5 м³; февраль: нет; март: −1 м³; апрель: 0 м³</desc>"))
            #expect(!svg.contains("style"))
            #expect(XMLParser(data: Data(svg.utf8)).parse())
        }
    }

    @Test func `bars stand on zero and months without a value have none`() {
        let svg = text(Plot.bars(id: "p", title: "t", points))
        #expect(svg.components(separatedBy: "<rect").count == 4)
        // 104 units for 6,000: 5,000 above the zero line at 95, 1,000 below.
        #expect(svg.contains("x=\"8\" y=\"8\" width=\"24\" height=\"87\""))
        #expect(svg.contains("x=\"88\" y=\"95\" width=\"24\" height=\"17\""))
    }

    @Test func `empty extreme and long histories are drawn`() {
        #expect(XMLParser(data: Data(Plot.bars(id: "p", title: "t", []).render())).parse())
        let extreme = [Int64.min, .max, 0].map { Plot.Point(label: "x", value: $0, words: "w") }
        #expect(XMLParser(data: Data(Plot.line(id: "p", title: "t", extreme).render())).parse())
        let long = (0..<36).map { Plot.Point(label: "m", value: Int64($0), words: "w") }
        let svg = text(Plot.bars(id: "p", title: "t", long))
        #expect(svg.components(separatedBy: "<text").count == 13)
    }
}
