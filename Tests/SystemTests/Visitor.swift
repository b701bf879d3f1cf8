import Commands
import Foundation
import Postgres
import TestKit

/// A person at a browser: cookies, forms and links, nothing else. One visitor, one thread.
final class Visitor {
    private let port: UInt16
    private(set) var cookies: [String: String] = [:]
    private var keys = 0
    /// The address from which it says that it comes, where the door believes a proxy; and its name.
    let agent: String

    init(_ system: System, agent: String = "Visitor/1") {
        port = system.port
        self.agent = agent
    }

    /// The token of the session, if there is one.
    var session: String? { cookies["kabinet_session"].flatMap { $0.isEmpty ? nil : $0 } }

    @discardableResult
    func get(_ path: String) throws -> Answer { try call("GET", path) }

    /// Posts a form as a browser does, with a key of its own unless one is given.
    @discardableResult
    func post(_ path: String, _ fields: KeyValuePairs<String, String> = [:]) throws -> Answer {
        keys += 1
        var items = fields.map { ($0.key, $0.value) }
        if !items.contains(where: { $0.0 == "key" }) {
            items.append(("key", "visitor-\(ObjectIdentifier(self).hashValue)-\(keys)"))
        }
        let body = items.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(
            separator: "&")
        return try call(
            "POST", path,
            [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Sec-Fetch-Site", "same-origin"),
            ], Array(body.utf8))
    }

    private func call(
        _ method: String, _ path: String, _ headers: [(String, String)] = [], _ body: [UInt8]? = nil
    ) throws -> Answer {
        let wire = try Wire(port: port)
        var headers = headers
        headers += [
            ("User-Agent", agent), ("Accept", "text/html"), ("Accept-Language", "ru"),
            ("Connection", "close"),
        ]
        if !cookies.isEmpty {
            headers.append(
                ("Cookie", cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")))
        }
        try wire.send(request(method, path, headers, body: body))
        let answer = try wire.answer()
        for header in answer.headers where header.name.lowercased() == "set-cookie" {
            let pair = header.value.prefix { $0 != ";" }.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            cookies[String(pair[0])] = pair[1].isEmpty ? nil : String(pair[1])
        }
        return answer
    }

    static func encoded(_ text: String) -> String {
        let plain = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
    }
}

extension Answer {
    /// Where a 303 leads; "" for anything else.
    var next: String { status == 303 ? header("Location") ?? "" : "" }

    /// The value of a hidden field.
    func hidden(_ name: String) -> String? {
        guard let range = text.range(of: "name=\"\(name)\" value=\"") else { return nil }
        return String(text[range.upperBound...].prefix { $0 != "\"" })
    }

    /// What a reader sees: without tags, with entities read.
    var words: String {
        var words = ""
        var isTag = false
        for character in text {
            switch character {
            case "<": isTag = true
            case ">": isTag = false
            case _ where !isTag: words.append(character)
            default: continue
            }
        }
        for (entity, plain) in [
            ("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"),
        ] {
            words = words.replacingOccurrences(of: entity, with: plain)
        }
        return words
    }
}

extension System {
    /// The newest letter or message to somebody.
    func letter(to recipient: String, about title: String = "") throws -> (
        title: String, text: String
    ) {
        var found: (String, String)?
        try eventually("a letter to \(recipient) about «\(title)»") {
            found = try connection().script(
                """
                select title, text from operations.outbox
                where recipient = '\(recipient)' and (title || text) like '%\(title)%' order by at desc limit 1
                """
            ).first.map { ($0.text(0), $0.text(1)) }
            return found != nil
        }
        return found ?? ("", "")
    }

    /// The path of the link in the newest letter to somebody.
    func link(to recipient: String, about title: String = "") throws -> String {
        let text = try letter(to: recipient, about: title).text
        guard let start = text.range(of: "http://localhost:\(port)") else {
            throw TestKitError("no link in: \(text)")
        }
        return String(text[start.upperBound...].prefix { !$0.isWhitespace })
    }

    /// The six digits of the newest message to somebody.
    func code(to phone: String) throws -> String {
        let text = try letter(to: phone).text
        let digits = text.split { !$0.isNumber }.first { $0.count == 6 }
        guard let digits else { throw TestKitError("no code in: \(text)") }
        return String(digits)
    }

    /// Where a secret stands in clear though it must not: the database but for the outbox, what processes told, what they
    /// measure. Empty: nowhere.
    func leaks(of secrets: [String]) throws -> [String] {
        let dump = try System.script(
            ["/usr/lib/postgresql/15/bin/pg_dump", "-T", "operations.outbox", conninfo],
            log: "\(directory)/dump.sql")
        let metrics = try Visitor(self).get("/metrics").text
        var places = [("the database", dump), ("/metrics", metrics)]
        for name in try FileManager.default.contentsOfDirectory(atPath: directory)
        where name.hasSuffix(".log") && name != "dump.sql" {
            places.append(
                (name, try String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)))
        }
        return secrets.flatMap { secret in
            places.filter { $0.1.contains(secret) }.map { "\($0.0) has \(secret)" }
        }
    }

    /// A file in this system's folder.
    func file(_ name: String, _ text: String) throws -> String {
        let path = "\(directory)/\(name)"
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else { throw TestKitError("cannot write \(path)") }
        return path
    }

    /// The demo's organization, as `./ops/run` applies it.
    func demo(_ code: String) throws {
        try kabinet(
            "organization", "apply", "\(TestDatabase.home)/ops/demo/organizations/\(code).yaml")
    }

    /// Makes a sealing key and publishes it; workers are to be started with it (`keyed`).
    func seal() throws {
        try kabinet("key", "create", keyFile)
        let child = try launch(["key", "publish", "--why", "test"], keyed)
        guard try child.wait() == 0 else { throw TestKitError(child.words) }
    }

    var keyed: [String: String] { ["KABINET_SEALING_KEY_FILE": keyFile] }
}
