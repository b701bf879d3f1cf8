import Glibc

/// An organization's accent colour as the end of its stylesheet. Whatever colour was set, it is darkened for the
/// light page and lightened for the dark one until text in it can be read (WCAG 2.2, 1.4.3: at
/// least 4.5 to 1).
package struct Theme: Sendable {
    package let css: String

    /// The page's own backgrounds, as in the stylesheet.
    static let light = Colour(0xf3, 0xf4, 0xf6)
    static let dark = Colour(0x1c, 0x22, 0x2b)

    /// - Parameter accent: `#rrggbb`; anything else is the house's blue.
    package init(accent: String) {
        let colour = Colour(hex: accent) ?? Colour(0x1f, 0x5f, 0xa8)
        let onLight = colour.readable(on: Self.light, towards: Colour(0, 0, 0))
        let onDark = colour.readable(on: Self.dark, towards: Colour(255, 255, 255))
        css = """
            :root{--accent:\(onLight.hex);--on-accent:#fff}
            @media (prefers-color-scheme:dark){:root{--accent:\(onDark.hex);--on-accent:#10141a}}

            """
    }

    package struct Colour: Sendable, Equatable {
        var red: Double
        var green: Double
        var blue: Double

        init(_ red: Int, _ green: Int, _ blue: Int) {
            self.red = Double(red)
            self.green = Double(green)
            self.blue = Double(blue)
        }

        package init?(hex: String) {
            guard hex.utf8.count == 7, hex.hasPrefix("#"),
                let value = Int(hex.dropFirst(), radix: 16)
            else { return nil }
            self.init(value >> 16 & 255, value >> 8 & 255, value & 255)
        }

        package var hex: String {
            "#"
                + [red, green, blue].map { part in
                    let text = String(Int(part.rounded()), radix: 16)
                    return text.count == 1 ? "0" + text : text
                }.joined()
        }

        /// Relative luminance, WCAG 2.2.
        private var luminance: Double {
            func linear(_ part: Double) -> Double {
                let share = part / 255
                return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
        }

        package func contrast(with other: Colour) -> Double {
            let pair = [luminance, other.luminance].sorted()
            return (pair[1] + 0.05) / (pair[0] + 0.05)
        }

        /// Mixed with `end`, twentieth by twentieth, until it can be read on `ground`.
        func readable(on ground: Colour, towards end: Colour) -> Colour {
            var mixed = self
            for step in 0...20 {
                let share = Double(step) / 20
                mixed.red = red + (end.red - red) * share
                mixed.green = green + (end.green - green) * share
                mixed.blue = blue + (end.blue - blue) * share
                if mixed.contrast(with: ground) >= 4.6 { break }
            }
            return mixed
        }
    }
}
