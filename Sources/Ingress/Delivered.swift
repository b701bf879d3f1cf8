import Commands
import Crypto
import HTTP
import Words

/// What gateways report of messages: appended like everything else, and answered when it is written.
extension Ingress {
    private static let gateways = ["kannel", "smsc", "smsru", "exolve"]

    /// Without a secret in the settings no report is taken.
    var delivered: [Endpoint] {
        guard let secret = settings.deliveredSecret else { return [] }
        let digest = Secrets.tokenHash(secret)
        return ["POST", "GET"].map { method in
            Endpoint(
                method, "/delivered/{gateway}",
                "What became of SMS, from \(Self.gateways.joined(separator: ", ")) (Kannel asks by GET).",
                query: [.init("secret", "That of KABINET_DELIVERED_SECRET_FILE.", required: true)],
                statuses: [200, 400, 404, 503]
            ) { [self] request, parameters, responder in
                let language = request.language
                let gateway = parameters["gateway"] ?? ""
                // Hashes are compared: how long that takes tells nothing of the secret.
                guard Self.gateways.contains(gateway), let given = request.query("secret"),
                    Secrets.tokenHash(given) == digest
                else { return respond(responder, 404, "not_found", language) }
                guard hasRoom(responder, language) else { return }
                guard let items = Reports.items(of: gateway, request) else {
                    return respond(responder, 400, "misshapen", language)
                }
                let text = gateway == "smsru" ? "100" : "OK"
                let ok = Response(status: 200, type: "text/plain; charset=utf-8", text: text)
                // What tells nothing of a message needs no command.
                guard !items.isEmpty else { return responder.respond(ok) }
                append(
                    Wish(
                        command: .reportNotices(
                            NoticeReport(gateway: gateway, items: Array(items.prefix(200)))),
                        organization: "", actor: "gateway \(gateway)", channel: .api,
                        trace: request.trace, digest: [])
                ) { [self] result in
                    switch result {
                    case .outcome: responder.respond(ok)
                    case .turned(let turned): refuse(responder, turned, language)
                    case .conflict, .rejected: respond(responder, 400, "misshapen", language)
                    }
                }
            }
        }
    }
}

/// The gateways' own words for what became of a message (domain.md §7).
enum Reports {
    /// Nil: it is no report of theirs.
    static func items(of gateway: String, _ request: Request) -> [NoticeReport.Item]? {
        switch gateway {
        case "kannel": return kannel(request)
        case "smsc": return smsc(request)
        case "smsru": return smsru(request)
        default: return exolve(request)
        }
    }

    /// The id is ours: it stood in the address that went with the message. `type` is a bit of Kannel's mask.
    private static func kannel(_ request: Request) -> [NoticeReport.Item]? {
        guard let id = request.query("id"), isID(id), let type = request.query("type") else {
            return nil
        }
        switch type {
        case "1": return [.init(id: id, state: .delivered)]
        case "2", "16": return [.init(id: id, state: .undelivered, code: "kannel \(type)")]
        case "4", "8": return [.init(id: id, state: .sent)]
        default: return nil
        }
    }

    private static func smsc(_ request: Request) -> [NoticeReport.Item]? {
        let fields = request.form ?? request.queryItems
        func field(_ name: String) -> String? { fields.first { $0.0 == name }?.1 }
        guard let id = field("id"), isID(id), let status = field("status").flatMap(Int.init) else {
            return nil
        }
        switch status {
        case -1, 0: return [.init(id: id, state: .sent)]
        case 1, 2: return [.init(id: id, state: .delivered)]
        case 3, 20...25: return [.init(id: id, state: .undelivered, code: "smsc \(status)")]
        default: return []
        }
    }

    /// `data[0]`, `data[1]` …: a word and three lines each. Other words than that of statuses are none of ours.
    private static func smsru(_ request: Request) -> [NoticeReport.Item]? {
        guard let form = request.form else { return nil }
        var items: [NoticeReport.Item] = []
        for (name, value) in form where name.hasPrefix("data[") {
            let lines = value.split(
                omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }
            ).map { String($0).filter { $0 != "\r" } }
            guard lines.first == "sms_status", lines.count >= 3, isID(lines[1]),
                let status = Int(lines[2])
            else { continue }
            switch status {
            case 100...102: items.append(.init(id: lines[1], state: .sent))
            case 103, 110: items.append(.init(id: lines[1], state: .delivered))
            case 104...108, 150, 200...:
                items.append(.init(id: lines[1], state: .undelivered, code: "sms.ru \(status)"))
            default: break
            }
        }
        return items
    }

    /// No document of theirs could be read: names and words are those that their neighbours use, and others are on the way.
    private static func exolve(_ request: Request) -> [NoticeReport.Item]? {
        let json: JSON
        do {
            json = try JSON.parse(request.body)
        } catch {
            return nil
        }
        let id = (json["message_id"] ?? json["messageId"] ?? json["id"]).flatMap {
            $0.string ?? $0.int.map(String.init)
        }
        guard let id, isID(id), let status = (json["status"] ?? json["state"])?.string else {
            return nil
        }
        switch status.lowercased() {
        case "delivered", "delivrd", "read": return [.init(id: id, state: .delivered)]
        case "undelivered", "undeliv", "not_delivered", "rejected", "rejectd", "failed", "expired",
            "deleted":
            return [.init(id: id, state: .undelivered, code: "exolve")]
        default: return [.init(id: id, state: .sent)]
        }
    }

    private static func isID(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
