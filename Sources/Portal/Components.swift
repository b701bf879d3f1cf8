import Markup
import Words

extension HTML {
    /// A text in which «e-mail» is not parted at its hyphen.
    static func whole(_ text: String) -> HTML {
        guard let found = text.firstRange(of: "e-mail") else { return .text(text) }
        return .fragment([
            .text(String(text[..<found.lowerBound])),
            span(.class("whole")) { text[found] },
            .text(String(text[found.upperBound...])),
        ])
    }
}

/// A message with a mark and a word, so that colour never says it alone (WCAG 1.4.1).
enum Notice: String {
    case done, warning, question, error

    private var word: String { "page.\(rawValue)_mark" }

    func draw(
        _ language: Language, id: String? = nil, role: String? = nil,
        @Children _ content: () -> HTML
    ) -> HTML {
        div(.class("notice \(rawValue)"), id.map { .id($0) }, role.map { .role($0) }) {
            icon
            div {
                strong(.class(self == .done ? "spoken" : "")) { Words.text(word, language) }
                " "
                content()
            }
        }
    }

    /// The same beside a field or in a table, on a line.
    func inline(_ language: Language, id: String? = nil, _ text: String) -> HTML {
        p(.class("remark \(rawValue)"), id.map { .id($0) }) {
            icon
            span {
                span(.class("spoken")) { Words.text(word, language) + " " }
                text
            }
        }
    }

    var icon: HTML {
        SVG.svg(
            .class("icon"), .custom("viewBox", "0 0 20 20"), .aria("hidden", "true"),
            .custom("focusable", "false")
        ) {
            SVG.path(.custom("d", path), .custom("fill-rule", "evenodd"))
        }
    }

    private var path: String {
        switch self {
        case .done:
            "M10 1a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-1.2 12.7-3.5-3.5 1.4-1.4 2.1 2.1 "
                + "4.5-4.5 1.4 1.4-5.9 5.9Z"
        case .warning: "M10 1.5 19.5 18H.5L10 1.5ZM9 7v6h2V7H9Zm0 7.5v2h2v-2H9Z"
        case .question:
            "M10 1a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-1 12.5h2v2H9v-2Zm2-1.2H9c0-2.6 2-2.5 "
                + "2-4.1a1 1 0 0 0-2 0H7a3 3 0 0 1 6 0c0 2.1-2 2.4-2 4.1Z"
        case .error:
            "M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3L6.3 1ZM9 5v6h2V5H9Zm0 7.5v2h2v-2H9Z"
        }
    }
}

/// Which step of several this is, as the numbers of a list: those before it are done.
struct Stepper {
    var titles: [String]
    /// From zero.
    var current: Int
    var frame: Frame

    func draw() -> HTML {
        ol(
            .class("steps"),
            .aria(
                "label",
                frame.words(
                    "frame.step", ["n": "\(current + 1)", "of": "\(titles.count)"]))
        ) {
            for (index, title) in titles.enumerated() {
                li(
                    index < current ? .class("passed") : nil,
                    index == current ? .aria("current", "step") : nil
                ) {
                    title
                    if index < current {
                        span(.class("spoken")) { ", " + frame.words("frame.step_done") }
                    }
                }
            }
        }
    }
}

/// Pages that belong together, one of them chosen.
struct Tabs {
    struct Item {
        var title: String
        var path: String
        var isChosen = false
        /// The title is in the language of the organization.
        var own: Attribute?
    }

    /// What they are, for screen readers.
    var name: String
    var items: [Item]

    @Children func draw() -> HTML {
        if items.count > 1 {
            nav(.class("tabs"), .aria("label", name)) {
                ul {
                    for item in items {
                        li {
                            a(
                                .href(item.path), item.own,
                                item.isChosen ? .aria("current", "page") : nil
                            ) { item.title }
                        }
                    }
                }
            }
        }
    }
}
