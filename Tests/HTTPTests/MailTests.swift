import Foundation
import HTTP
import Testing

@Suite struct `A letter's bytes` {
    private func lines(
        title: String = "T", name: String = "N", date: Int64 = 0, unsubscribe: String? = nil
    ) throws -> [String] {
        let mail = Mail(
            from: .init(name: name, address: "noreply@example.ru"), to: "a@b.ru", title: title,
            id: "019dc5b8-6d5a-7000-8000-000000000000", date: date, text: "Текст\r\n",
            html: Array("<p>Текст</p>".utf8), unsubscribe: unsubscribe)
        #expect(mail.bytes == mail.bytes)
        #expect(mail.bytes.allSatisfy { $0 == 0x0D || $0 == 0x0A || $0 >= 0x20 && $0 < 0x7F })
        let text = String(decoding: mail.bytes, as: UTF8.self)
        return text.components(separatedBy: "\r\n")
    }

    /// A header with its folded lines, undone as RFC 2047 has it.
    private func header(_ name: String, _ lines: [String]) throws -> String {
        let start = try #require(lines.firstIndex { $0.hasPrefix("\(name): ") })
        var whole = String(lines[start].dropFirst(name.count + 2))
        for line in lines[(start + 1)...].prefix(while: { $0.hasPrefix(" ") }) { whole += line }
        var decoded = ""
        for word in whole.components(separatedBy: " ") {
            if word.hasPrefix("=?UTF-8?B?"), word.hasSuffix("?=") {
                let data = try #require(Data(base64Encoded: String(word.dropFirst(10).dropLast(2))))
                decoded += try #require(String(data: data, encoding: .utf8), "a character was cut")
            } else {
                decoded += (decoded.isEmpty ? "" : " ") + word
            }
        }
        return decoded
    }

    @Test(arguments: [
        "Password changed", "Пароль изменён", "Ж", "", " ", "a  b ", "=?UTF-8?B?0Jc=?=",
        String(repeating: "Щ", count: 200), String(repeating: "👩🏽‍🚒", count: 30),
        String(repeating: "plain ", count: 40) + "x", "Re: \"quoted\", <angle> (round)",
    ])
    func `keep every title whole in lines that mail servers take`(title: String) throws {
        let lines = try lines(title: title, name: title)
        #expect(try header("Subject", lines) == title)
        #expect(
            try header("From", lines) == "\(title) <noreply@example.ru>" || title.isEmpty
                || title == " ")
        #expect(lines.allSatisfy { $0.utf8.count <= 78 })
    }

    @Test(arguments: ["\r\nBcc: x@y.ru", "a\nb", "a\u{0}b", "\u{7F}", "\r", "a\r\n\r\nbody"])
    func `have no header that a value made`(evil: String) throws {
        let lines = try lines(title: evil, name: evil, unsubscribe: "https://x/\(evil)>")
        let end = try #require(lines.firstIndex(of: ""))
        let names = lines[..<end].filter { !$0.hasPrefix(" ") }.map {
            $0.components(separatedBy: ":")[0]
        }
        #expect(
            names == [
                "Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Auto-Submitted",
                "List-Unsubscribe", "List-Unsubscribe-Post", "Content-Type",
            ])
    }

    @Test(arguments: [
        (Int64(0), "Thu, 01 Jan 1970 00:00:00 +0000"),
        (1_776_507_785, "Sat, 18 Apr 2026 10:23:05 +0000"),
        (951_782_399, "Mon, 28 Feb 2000 23:59:59 +0000"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 +0000"),
        (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
    ])
    func `say when`(seconds: Int64, words: String) throws {
        #expect(try lines(date: seconds).first == "Date: \(words)")
    }

    @Test func `are text and HTML in base64, the same ones each time`() throws {
        let lines = try lines()
        #expect(lines.contains("Message-ID: <019dc5b8-6d5a-7000-8000-000000000000@example.ru>"))
        let text = Data("Текст\r\n".utf8).base64EncodedString()
        let html = Data("<p>Текст</p>".utf8).base64EncodedString()
        let bodies = lines.filter { $0 == text || $0 == html }
        #expect(bodies == [text, html])
        #expect(lines.count { $0.hasPrefix("--=_") } == 3)
        #expect(!lines.contains { $0.hasPrefix("List-Unsubscribe") })
    }
}
