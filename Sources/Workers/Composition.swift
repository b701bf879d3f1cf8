import Commands
import Markup
import Words

/// A notice put into words, with its secrets: it lives from the call to its record, and nowhere else but in the outbox.
struct Composition {
    let title: String
    let text: String
    let html: [UInt8]?
    let unsubscribe: String?

    /// - Parameters:
    ///   - secret: what was sealed: a code, or what its link ends with.
    ///   - unsubscribe: what the link ends with that takes the consent back.
    init(
        _ outgoing: Outgoing, by channel: NoticeChannel, secret: String?, unsubscribe: String?,
        org: String, publicURL: String
    ) {
        let language = Language(rawValue: outgoing.language) ?? .ru
        var values = outgoing.values
        values["org"] = org
        if outgoing.notice.secret == .code { values["code"] = secret ?? "" }
        guard channel == .letter else {
            title = ""
            text = Words.message(outgoing.notice, language, values)
            html = nil
            self.unsubscribe = nil
            return
        }
        let words = Words.letter(outgoing.notice, language, values)
        let link = words.button.map { _ in
            publicURL + (outgoing.values["path"] ?? "/") + (secret ?? "")
        }
        let leave = unsubscribe.map { "\(publicURL)/unsubscribe/\($0)" }
        let footer = Words.letterFooter(language, org: org)

        var lines = words.paragraphs
        if let link { lines += ["\(words.button ?? ""):", link] }
        if let remark = words.remark { lines.append(remark) }
        lines.append("--")
        lines.append(footer)
        if let leave { lines.append("\(Words.unsubscribe(language)): \(leave)") }
        title = words.title
        text = lines.joined(separator: "\r\n\r\n") + "\r\n"
        self.unsubscribe = leave
        html =
            document(lang: language.rawValue, title: words.title) {
            } body: {
                h1 { words.title }
                for paragraph in words.paragraphs { p { paragraph } }
                if let link {
                    p { a(.href(link)) { strong { words.button ?? "" } } }
                    p { small { link } }
                }
                if let remark = words.remark { p { remark } }
                hr()
                p { small { footer } }
                if let leave {
                    p { small { a(.href(leave)) { Words.unsubscribe(language) } } }
                }
            }.render()
    }
}
