import HTTP
import Synchronization

/// How pages look: one small stylesheet for all, system fonts, light and dark, and the organization's
/// accent colour behind it. Sizes are in rem and breakpoints in em, so that zooming to 200 % is the same as a
/// narrow screen.
enum Stylesheet {
    /// What comes later wins. Each part has its own rules for wide and narrow screens.
    private static let parts = [
        BaseLook.css, FrameLook.css, FormsLook.css, ReadingsLook.css, SubmitLook.css,
        MoneyLook.css, HomeLook.css, TroubleLook.css, PrintLook.css,
    ]
    static let css = parts.map(\.description).filter { !$0.isEmpty }.joined(separator: "\n")

    private static let type = "text/css; charset=utf-8"
    /// Of pages that no organization is known for.
    private static let plain = Asset(Array(css.utf8), type: type)
    /// By the colour, in small letters. Only those of pages are kept.
    private static let coloured = Mutex<[String: Asset]>([:])

    /// The address of what a page is dressed in. It names no organization: so the stylesheet is there also when nothing is
    /// known of one, the database being away.
    /// - Parameter accent: `#rrggbb`, of the profile; nil: no organization is known.
    static func address(_ accent: String?) -> String {
        guard let accent else { return "/static/kabinet.css?v=\(plain.version)" }
        let colour = accent.lowercased()
        let asset = coloured.withLock { coloured in
            if let made = coloured[colour] { return made }
            let made = make(colour)
            coloured[colour] = made
            return made
        }
        return "/static/kabinet.css?accent=\(colour.dropFirst())&v=\(asset.version)"
    }

    /// What stands at an address. Anybody may ask for any colour, so none is kept for that.
    /// - Parameter accent: `rrggbb`; whatever is no colour is none.
    static func asset(_ accent: String?) -> Asset {
        guard let accent else { return plain }
        let colour = "#\(accent.lowercased())"
        if let made = coloured.withLock({ $0[colour] }) { return made }
        return Theme.Colour(hex: colour) == nil ? plain : make(colour)
    }

    private static func make(_ colour: String) -> Asset {
        Asset(Array((css + "\n" + Theme(accent: colour).css).utf8), type: type)
    }

    /// A roof and a drop: the mark of an organization that has no logo.
    static let icon = Asset(
        Array(
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#1f5fa8" \
            d="M16 2 2 13v15a2 2 0 0 0 2 2h24a2 2 0 0 0 2-2V13z"/><path fill="#fff" \
            d="M16 11c3 4 5 6.4 5 9a5 5 0 0 1-10 0c0-2.6 2-5 5-9z"/></svg>
            """.utf8), type: "image/svg+xml")

    static let iconAddress = "/static/kabinet.svg?v=\(icon.version)"
}
