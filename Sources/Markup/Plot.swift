/// Small plots as inline SVG, for a history of months. They use presentation attributes and classes
/// only, since the security policy forbids inline styles: `.plot`, `.plot-bar`, `.plot-line`,
/// `.plot-point`, `.plot-axis`, `.plot-label`.
public enum Plot {
    /// One month of a history.
    public struct Point: Sendable {
        /// What stands under it, such as `мар`.
        public let label: String
        /// The volume, in any unit, the same for all; nil when there is none, which is not zero.
        public let value: Int64?
        /// The value as people read it, with its month and unit; shown on hover and read aloud.
        public let words: String

        public init(label: String, value: Int64?, words: String) {
            self.label = label
            self.value = value
            self.words = words
        }
    }

    /// Bars, one for each point.
    /// - Parameters:
    ///   - id: begins the ids inside; different for each plot of a page.
    ///   - title: the name of the plot, read aloud first.
    ///   - description: what is read aloud after it; without one, the words of all points.
    public static func bars(
        id: String, title: String, description: String? = nil, _ points: [Point]
    ) -> HTML {
        let scale = Scale(points)
        return frame(id, title, description, points, scale) {
            for (index, point) in points.enumerated() {
                if let value = point.value {
                    let edge = scale.y(value)
                    let zero = scale.y(0)
                    SVG.rect(
                        .class("plot-bar"), .custom("x", "\(scale.x(index) - 12)"),
                        .custom("y", "\(min(edge, zero))"), .custom("width", "24"),
                        .custom("height", "\(max(abs(edge - zero), 1))")
                    ) { SVG.title { point.words } }
                }
            }
        }
    }

    /// A line through the points, interrupted where there is no value. Parameters as for `bars`.
    public static func line(
        id: String, title: String, description: String? = nil, _ points: [Point]
    ) -> HTML {
        let scale = Scale(points)
        var runs: [[String]] = [[]]
        for (index, point) in points.enumerated() {
            if let value = point.value {
                runs[runs.count - 1].append("\(scale.x(index)),\(scale.y(value))")
            } else {
                runs.append([])
            }
        }
        return frame(id, title, description, points, scale) {
            for run in runs where run.count > 1 {
                SVG.polyline(
                    .class("plot-line"), .custom("fill", "none"),
                    .custom("points", run.joined(separator: " ")))
            }
            for (index, point) in points.enumerated() {
                if let value = point.value {
                    SVG.circle(
                        .class("plot-point"), .custom("cx", "\(scale.x(index))"),
                        .custom("cy", "\(scale.y(value))"), .custom("r", "4")
                    ) { SVG.title { point.words } }
                }
            }
        }
    }

    /// The common frame: names for screen readers, the zero line and the labels.
    private static func frame(
        _ id: String, _ title: String, _ description: String?, _ points: [Point], _ scale: Scale,
        @Children _ content: () -> HTML
    ) -> HTML {
        let spoken = description ?? points.map(\.words).joined(separator: "; ")
        // More than a dozen labels run into one another, so only every second or third is shown.
        let step = max(1, (points.count + 11) / 12)
        return SVG.svg(
            .class("plot"), .role("img"), .aria("labelledby", "\(id)-title \(id)-desc"),
            .custom("viewBox", "0 0 \(scale.width) \(Scale.height + 24)")
        ) {
            SVG.title(.id("\(id)-title")) { title }
            SVG.desc(.id("\(id)-desc")) { spoken }
            content()
            SVG.line(
                .class("plot-axis"), .custom("x1", "0"), .custom("x2", "\(scale.width)"),
                .custom("y1", "\(scale.y(0))"), .custom("y2", "\(scale.y(0))"))
            for (index, point) in points.enumerated() where index % step == 0 {
                SVG.text(
                    .class("plot-label"), .custom("x", "\(scale.x(index))"),
                    .custom("y", "\(Scale.height + 18)"), .custom("text-anchor", "middle")
                ) { point.label }
            }
        }
    }

    /// From values to places. Zero is always in the picture: bars that do not begin at zero lie.
    private struct Scale {
        static let height = 120
        static let margin = 8

        let width: Int
        private let low: Double
        private let high: Double

        init(_ points: [Point]) {
            let values = points.compactMap(\.value)
            low = Double(min(0, values.min() ?? 0))
            high = Double(max(0, values.max() ?? 0))
            width = max(1, points.count) * 40
        }

        func x(_ index: Int) -> Int { index * 40 + 20 }

        func y(_ value: Int64) -> Int {
            let room = Double(Scale.height - 2 * Scale.margin)
            let share = high > low ? (high - Double(value)) / (high - low) : 1
            return Scale.margin + Int((room * share).rounded())
        }
    }
}

/// The elements of inline SVG. They stand in a name of their own because several are called like
/// HTML's.
public enum SVG {
    public static func svg(
        _ attributes: Attribute?..., @Children content: () -> HTML = { .empty }
    ) -> HTML { make(Tag("svg"), attributes, content()) }

    public static func title(
        _ attributes: Attribute?..., @Children content: () -> HTML = { .empty }
    ) -> HTML { make(Tag("title"), attributes, content()) }

    public static func desc(
        _ attributes: Attribute?..., @Children content: () -> HTML = { .empty }
    ) -> HTML { make(Tag("desc"), attributes, content()) }

    public static func g(
        _ attributes: Attribute?..., @Children content: () -> HTML = { .empty }
    ) -> HTML { make(Tag("g"), attributes, content()) }

    public static func rect(
        _ attributes: Attribute?..., @Children content: () -> HTML = { .empty }
    ) -> HTML { make(Tag("rect"), attributes, content()) }

    public static func circle(
        _ attributes: Attribute?..., @Children content: () -> HTML = { .empty }
    ) -> HTML { make(Tag("circle"), attributes, content()) }

    public static func text(
        _ attributes: Attribute?..., @Children content: () -> HTML = { .empty }
    ) -> HTML { make(Tag("text"), attributes, content()) }

    public static func line(_ attributes: Attribute?...) -> HTML {
        make(Tag("line"), attributes, .empty)
    }

    public static func path(_ attributes: Attribute?...) -> HTML {
        make(Tag("path"), attributes, .empty)
    }

    public static func polyline(_ attributes: Attribute?...) -> HTML {
        make(Tag("polyline"), attributes, .empty)
    }
}
