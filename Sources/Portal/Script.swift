import HTTP
import Markup

/// The one program of all pages. They do without it all that matters; where programs run, it makes them better. It has no texts:
/// what it says stands in the page, in the page's language.
enum Script {
    static let asset = Asset(
        Array(program.description.utf8), type: "text/javascript; charset=utf-8")

    /// Stands in the head of every page.
    static var tag: HTML { script(src: "/static/kabinet.js?v=\(asset.version)") }

    /// Where it says to screen readers what has changed in a page that was not loaded anew.
    static var voice: HTML {
        div(.id("said"), .class("spoken"), .role("status"), .aria("live", "polite"))
    }

    private static let program: StaticString = #"""
        "use strict";

        """#
}
