import Commands
package import Markup
package import Store
package import Words

/// The page of a demo sign-in link.
package struct DemoSignInPage: Sendable {
    var frame: Frame
    var action: String
    var key: String

    package init(frame: Frame, action: String, key: String) {
        self.frame = frame
        self.action = action
        self.key = key
    }

    package func draw() -> HTML {
        frame.draw(frame.words("sign_in.title")) {
            div(.class("narrow card")) {
                h1 { frame.words("sign_in.title") }
                p { frame.words("sign_in.text") }
                form(.method(.post), .action(action)) {
                    input(.type(.hidden), .name("key"), .value(key))
                    button(.type(.submit), .class("main")) { frame.words("sign_in.button") }
                }
            }
        }
    }
}

/// Letters that stayed here instead of leaving, readable in the browser.
package struct OutboxPage: Sendable {
    var letters: [LetterView]
    var language: Language
    /// Addresses that begin with it become links: all others stay text, since anybody may write
    /// them.
    var publicURL: String

    package init(letters: [LetterView], language: Language, publicURL: String) {
        self.letters = letters
        self.language = language
        self.publicURL = publicURL
    }

    package func draw() -> HTML {
        let frame = Frame(profile: nil, language: language, path: "/outbox")
        return frame.draw(frame.words("outbox.title")) {
            h1 { frame.words("outbox.title") }
            p {
                letters.isEmpty
                    ? frame.words("outbox.empty")
                    : frame.words("outbox.text", ["count": "\(letters.count)"])
            }
            for letter in letters {
                article(.class("card letter"), .aria("labelledby", "l\(letter.id)")) {
                    h2(.id("l\(letter.id)")) {
                        letter.channel == .message
                            ? frame.words("outbox.message") : letter.title
                    }
                    p(.class("hint")) {
                        frame.words("outbox.to") + ": \(letter.recipient) · "
                        time(.datetime(letter.at)) {
                            Words.moment(letter.at, language) + " UTC"
                        }
                    }
                    div(.class("text")) { linked(letter.text) }
                    if let attachment = letter.attachment {
                        p(.class("hint")) {
                            frame.words(
                                "outbox.attachment",
                                [
                                    "name": attachment,
                                    "size": "\((letter.attachmentBytes + 1023) / 1024)",
                                ])
                        }
                    }
                }
            }
        }
    }

    private func linked(_ text: String) -> HTML {
        guard !publicURL.isEmpty else { return .text(text) }
        // With the slash, so that `http://ours.evil.example` is not ours.
        let prefix = publicURL.hasSuffix("/") ? publicURL : publicURL + "/"
        var parts: [HTML] = []
        var rest = text[...]
        while let start = rest.firstRange(of: prefix)?.lowerBound {
            parts.append(.text(String(rest[..<start])))
            var address = rest[start...].prefix { !$0.isWhitespace && !"<>\"«»".contains($0) }
            // The full stop of the sentence is not of the address.
            while let last = address.last, ".,;:!?)".contains(last) { address.removeLast() }
            parts.append(a(.href(String(address))) { address })
            rest = rest[address.endIndex...]
        }
        parts.append(.text(String(rest)))
        return .fragment(parts)
    }
}
