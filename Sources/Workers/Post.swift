import Commands
public import Crypto
import HTTP
public import Telemetry
import Threads

/// What the threads of a process share of its deliveries: the routes, and what is known of the gateways behind them.
public final class Post: Sendable {
    let mail: MailRoute?
    let messages: MessageRoute?
    /// What links in letters begin with, without a slash at the end.
    let publicURL: String
    let keys: [SealingKey]
    let telemetry: Telemetry
    private let breakers: [NoticeChannel: Breaker]

    /// - Parameters:
    ///   - mail: nil: letters stay in the outbox.
    ///   - messages: nil: SMS stay there.
    ///   - firstPause: milliseconds for which a gateway that turns everything away is left alone at first;
    ///   - longestPause: and at most.
    public init(
        mail: MailRoute?, messages: MessageRoute?, publicURL: String, keys: [SealingKey],
        telemetry: Telemetry, firstPause: Int = 30_000, longestPause: Int = 900_000
    ) {
        self.mail = mail
        self.messages = messages
        self.publicURL = publicURL
        self.keys = keys
        self.telemetry = telemetry
        breakers = Dictionary(
            uniqueKeysWithValues: NoticeChannel.allCases.map {
                ($0, Breaker(first: firstPause, most: longestPause))
            })
        // From the start, so that an alert knows a gateway that was never stopped from one that nobody tells of.
        for channel in NoticeChannel.allCases {
            telemetry.tell(Told.known(gateway(of: channel) ?? "outbox"))
        }
    }

    /// The gateway of a channel; nil: the outbox.
    func gateway(of channel: NoticeChannel) -> String? {
        switch channel {
        case .letter: mail.map { _ in MailRoute.name }
        case .message: messages?.provider.rawValue
        }
    }

    func breaker(of channel: NoticeChannel) -> Breaker {
        guard let breaker = breakers[channel] else {
            preconditionFailure("every channel has a breaker")
        }
        return breaker
    }

    // MARK: What calls teach of a gateway

    func judge(_ reply: Transfers.Reply, _ channel: NoticeChannel) -> Sent {
        switch (reply, channel) {
        case (.mail(let mail), .letter): MailRoute.judge(mail)
        case (.failed(let error), .letter): .later(code: "\(error)", isReached: false)
        case (_, .message):
            messages?.judge(reply) ?? .later(code: "not called", isReached: false)
        default: .later(code: "not called", isReached: false)
        }
    }

    func note(_ sent: Sent, _ channel: NoticeChannel) {
        let breaker = breaker(of: channel)
        let gateway = gateway(of: channel) ?? ""
        switch sent {
        case .taken, .refused, .later(_, isReached: true):
            if breaker.succeeded() { telemetry.tell(Told.resumed(gateway)) }
        case .later: breaker.learntNothing()
        case .stopped(let reason, let code):
            if breaker.stopped(reason) {
                telemetry.tell(Told.stopped(gateway, reason, code, pause: breaker.pause))
            }
        }
    }
}

/// What deliveries tell: never a name, an address or a secret.
enum Told {
    static func sent(
        _ command: String, _ notice: String, _ gateway: String, _ result: String, _ code: String?
    ) -> Event {
        Event(
            "notice.\(result)", result == "refused" || result == "failed" ? .warning : .debug,
            [
                ("command", .string(command)), ("notice", .string(notice)),
                ("gateway", .string(gateway)), ("code", .string(code ?? "")),
            ],
            measures: [
                .count("notices_total", labels: [("gateway", gateway), ("result", result)])
            ])
    }

    static func called(_ gateway: String, _ count: Int, seconds: Double) -> Event {
        Event(
            "gateway.called", .debug,
            [
                ("gateway", .string(gateway)), ("count", .int(Int64(count))),
                ("seconds", .double(seconds)),
            ],
            measures: [.seconds("gateway_batch_seconds", seconds, labels: [("gateway", gateway)])]
        )
    }

    static func known(_ gateway: String) -> Event {
        Event(
            "gateway.known", .debug, [("gateway", .string(gateway))],
            measures: [.gauge("gateway_stopped", 0, labels: [("gateway", gateway)])])
    }

    /// Once, until it is called again or another reason stops it.
    static func stopped(_ gateway: String, _ reason: Stop, _ code: String, pause: Int) -> Event {
        Event(
            "gateway.stopped", .error,
            [
                ("gateway", .string(gateway)), ("reason", .string(reason.rawValue)),
                ("code", .string(code)), ("retry_seconds", .int(Int64(pause / 1_000))),
                ("cure", .string(reason.cure)),
            ],
            measures: [
                .gauge("gateway_stopped", 1, labels: [("gateway", gateway)]),
                .count(
                    "gateway_stops_total",
                    labels: [("gateway", gateway), ("reason", reason.rawValue)]),
            ])
    }

    static func resumed(_ gateway: String) -> Event {
        Event(
            "gateway.resumed", .notice, [("gateway", .string(gateway))],
            measures: [.gauge("gateway_stopped", 0, labels: [("gateway", gateway)])])
    }
}
