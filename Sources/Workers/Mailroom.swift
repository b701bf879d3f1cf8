import Bills
import Commands
import Crypto
import Domain
import Drawing
import HTTP
public import Postgres
public import Queue
import Store
import Telemetry
import Threads

/// Delivers notices: letters and messages to their gateways, or to the outbox where none is set. One instance a thread; the
/// connections to the gateways are its own and stay open between letters.
///
/// At least once: the command's id is the Message-ID, or the gateway's own id of the message, so that whoever has it already
/// can tell. What has expired is dropped. Secrets are opened here and nowhere else.
public final class Mailroom: Deliverer {
    public static let statements: [Statement] =
        [
            "store/now", "store/organizations", "store/notice_states", "store/settle_notices",
            "store/outbox", "store/put_gateway", "store/bill_accounts", "queue/own",
            "queue/disown",
        ] + Notices.statements + BillReader.statements

    public struct Limits: Sendable {
        /// Calls at once, of this thread.
        public var calls: Int
        /// Of one call, milliseconds.
        public var timeout: Int
        /// After so many a notice has failed.
        public var attempts: Int
        public init(calls: Int, timeout: Int, attempts: Int) {
            self.calls = calls
            self.timeout = timeout
            self.attempts = attempts
        }
    }

    /// Milliseconds after which no call of a batch is begun any more: the session that holds the lane may be idle for the
    /// timeout of a call and a minute.
    private static let longestBatch = 45_000

    private let post: Post
    private let channels: [NoticeChannel]
    private let limits: @Sendable () -> Limits
    /// For messages: all of a batch at once.
    private let transfers: Transfers
    /// For letters: a connection each.
    private var lines: [Transfers] = []
    private var facts = Prepared()
    /// Draws what letters carry.
    private let press = Press()
    /// What was last written of a gateway by this thread.
    private var written: [String: Stop?] = [:]

    /// What a batch needs of the database.
    private struct Prepared {
        var now: Int64 = 0
        var names: [String: String] = [:]
        /// Notices that have left already: a crash came between the call and its record, and the gateway's report was faster.
        var left: Set<Identifier> = []
        /// The profile in force of organizations whose bills are sent.
        var profiles: [String: Profile] = [:]
        /// What the bills say that letters of the batch carry, by their commands.
        var bills: [Identifier: BillFacts] = [:]
    }

    /// - Parameters:
    ///   - kinds: those of the pool: while nobody can be called for any of them, nothing is claimed.
    ///   - limits: asked before each batch.
    public init(
        _ post: Post, kinds: [String], limits: @escaping @Sendable () -> Limits
    ) {
        self.post = post
        self.limits = limits
        channels = [
            kinds.contains(Command.Kind.sendLetter.rawValue)
                || kinds.contains(Command.Kind.sendMailing.rawValue) ? .letter : nil,
            kinds.contains(Command.Kind.sendMessage.rawValue) ? .message : nil,
        ].compactMap { $0 }
        transfers = Transfers()
    }

    public var kinds: Set<String>? { Desk.kinds }

    public var pause: Int {
        channels.map { post.gateway(of: $0) == nil ? 0 : post.breaker(of: $0).pause }.min() ?? 0
    }

    /// Whoever finds out whether a gateway works again needs one command for it: the others would only be put aside.
    public var most: Int {
        channels.allSatisfy { post.gateway(of: $0) == nil || post.breaker(of: $0).isClosed }
            ? .max : 1
    }

    public func prepare(_ batch: [ClaimedCommand], on connection: Connection) throws {
        let codes = Set(batch.map(\.organization)).sorted()
        let now = try connection.send("store/now")
        let organizations = try connection.send("store/organizations", .texts(codes))
        let states = try connection.send("store/notice_states", .ids(batch.map(\.id)))
        facts = Prepared()
        facts.now = try now.rows().first?.timestamp(0) ?? realMicroseconds()
        for (code, profile) in try organizations.rows().map({ ($0.text(0), $0.json(1)) }) {
            // The name alone: a profile that a newer release wrote must not stop every letter.
            facts.names[code] = try JSON.parse(profile)["name"]?.string ?? code
        }
        for (id, state) in try states.rows().map({ ($0.id(0), $0.text(1)) })
        where ["sent", "delivered", "undelivered"].contains(state) {
            facts.left.insert(id)
        }
        try prepareBills(batch, profiles: organizations.rows(), on: connection)
    }

    /// What bills say, for all letters of the batch at once.
    private func prepareBills(
        _ batch: [ClaimedCommand], profiles: Rows, on connection: Connection
    ) throws {
        var wanted: [(id: Identifier, organization: String, account: String, month: Month)] = []
        for claimed in batch
        where claimed.kind == Command.Kind.sendMailing.rawValue && !facts.left.contains(claimed.id)
        {
            do {
                guard case .sendMailing(let body) = try Desk.read(claimed),
                    body.notice == .billReady, let account = body.values["account"],
                    let month = body.values["month"].flatMap({ Month($0) })
                else { continue }
                wanted.append((claimed.id, claimed.organization, account, month))
            } catch {
                // It is judged alone, when it is to leave.
                continue
            }
        }
        guard !wanted.isEmpty else { return }
        let codes = Set(wanted.map(\.organization))
        for (code, profile) in profiles.map({ ($0.text(0), $0.json(1)) }) where codes.contains(code)
        {
            facts.profiles[code] = try Profile(JSON.parse(profile))
        }
        let accounts = try connection.run(
            "store/bill_accounts", .texts(wanted.map(\.organization)),
            .texts(wanted.map(\.account)),
            .texts(wanted.map { AccountNumber($0.account)?.stripped ?? "" })
        ).map { (place: Int($0.int64(0)) - 1, id: $0.int64(1)) }
        let found = try BillReader.read(
            accounts.compactMap { row in
                facts.profiles[wanted[row.place].organization].map { profile in
                    .init(account: row.id, month: wanted[row.place].month, profile: profile)
                }
            }, on: connection)
        for (row, bill) in zip(accounts, found) { facts.bills[wanted[row.place].id] = bill }
    }

    // MARK: Calling

    private struct Job {
        let index: Int
        let channel: NoticeChannel
        let notice: Notice
        let composition: Composition
        let attachment: Mail.Attachment?
        let call: Transfers.Call?
    }

    public func deliver(_ batch: [ClaimedCommand]) -> [Verdict] {
        var verdicts = [Verdict](repeating: .done, count: batch.count)
        var jobs: [Job] = []
        let limits = limits()
        for (index, claimed) in batch.enumerated() where !facts.left.contains(claimed.id) {
            do {
                switch try compose(claimed, index, limits) {
                case .left(let verdict): verdicts[index] = verdict
                case .right(let job): jobs.append(job)
                }
            } catch {
                verdicts[index] = .failed(
                    error: "\(error)", permanent: !Self.mayPass(error))
            }
        }
        for channel in NoticeChannel.allCases {
            let mine = jobs.filter { $0.channel == channel }
            guard !mine.isEmpty else { continue }
            if post.gateway(of: channel) == nil {
                for job in mine { verdicts[job.index] = .noted(receipt: Receipt(job).bytes) }
            } else {
                call(mine, channel, batch, limits, &verdicts)
            }
        }
        return verdicts
    }

    private enum Either {
        case left(Verdict)
        case right(Job)
    }

    /// A key that is not here may be with other workers: an operator adds it.
    private static func mayPass(_ error: any Error) -> Bool {
        if case SealingError.unknownKey = error { return true }
        return error is Undrawn
    }

    private func compose(
        _ claimed: ClaimedCommand, _ index: Int, _ limits: Limits
    ) throws -> Either {
        let channel: NoticeChannel
        let outgoing: Outgoing
        switch try Desk.read(claimed) {
        case .sendLetter(let body), .sendMailing(let body): (channel, outgoing) = (.letter, body)
        case .sendMessage(let body): (channel, outgoing) = (.message, body)
        case let other: throw PermanentFailure("\(other.kind.rawValue) delivers nothing")
        }
        if let end = outgoing.expiresAt, end <= facts.now {
            return .left(Desk.verdict(.refused(.noticeExpired)))
        }
        guard let org = facts.names[claimed.organization] else {
            throw PermanentFailure("there is no organization \(claimed.organization)")
        }
        let attachment: Mail.Attachment?
        var told = outgoing
        switch try bill(claimed, outgoing) {
        case .none: attachment = nil
        case .file(let file, let owed):
            attachment = file
            told.values["owed"] = "\(owed.kopecks)"
        // The month was opened again: who wants its bill is told of the next one.
        case .gone: return .left(Desk.verdict(.refused(.noticeExpired)))
        }
        let composition = Composition(
            told, by: channel,
            secret: try outgoing.secret.map { try SealedBox.open(text: $0, with: post.keys) },
            unsubscribe: try outgoing.unsubscribe.map {
                try SealedBox.open(text: $0, with: post.keys)
            }, org: org, publicURL: post.publicURL)
        return .right(
            Job(
                index: index, channel: channel, notice: outgoing.notice, composition: composition,
                attachment: attachment,
                call: call(claimed, outgoing, composition, attachment, channel, org, limits)))
    }

    private enum Carried {
        case none
        /// And what there is to pay by it.
        case file(Mail.Attachment, owed: Money)
        case gone
    }

    /// A bill, drawn for this letter.
    private func bill(_ claimed: ClaimedCommand, _ outgoing: Outgoing) throws -> Carried {
        guard outgoing.notice == .billReady else { return .none }
        guard let profile = facts.profiles[claimed.organization],
            let found = facts.bills[claimed.id],
            "\(found.bill.closing.kopecks)" == outgoing.values["closing"]
        else { return .gone }
        let bill = Bill(found, profile)
        do throws(DrawingError) {
            return .file(
                Mail.Attachment(
                    name: bill.fileName, plainName: bill.plainFileName, type: "application/pdf",
                    bytes: try press.pdf(bill)), owed: bill.toPay)
        } catch {
            // Fonts that are not installed can be.
            throw Undrawn(error)
        }
    }

    private struct Undrawn: Error, CustomStringConvertible {
        let reason: DrawingError
        init(_ reason: DrawingError) { self.reason = reason }
        var description: String { "the bill cannot be drawn: \(reason)" }
    }

    private func call(
        _ claimed: ClaimedCommand, _ outgoing: Outgoing, _ composition: Composition,
        _ attachment: Mail.Attachment?, _ channel: NoticeChannel, _ org: String, _ limits: Limits
    ) -> Transfers.Call? {
        switch channel {
        case .letter:
            post.mail.map { route in
                .mail(
                    Mail(
                        from: .init(name: org, address: route.from), to: outgoing.to,
                        title: composition.title, id: claimed.id.description,
                        // When the command was made: the same for every try.
                        date: Int64(claimed.id.high >> 16) / 1_000, text: composition.text,
                        html: composition.html ?? [], unsubscribe: composition.unsubscribe,
                        attachments: attachment.map { [$0] } ?? []),
                    route.server, timeoutMilliseconds: limits.timeout)
            }
        case .message:
            post.messages.map { route in
                .http(
                    route.call(
                        .init(
                            id: CommandID(high: claimed.id.high, low: claimed.id.low),
                            idText: claimed.id.description, to: outgoing.to,
                            text: composition.text), timeoutMilliseconds: limits.timeout))
            }
        }
    }

    /// Calls a gateway for all of them, as its breaker lets it.
    private func call(
        _ jobs: [Job], _ channel: NoticeChannel, _ batch: [ClaimedCommand], _ limits: Limits,
        _ verdicts: inout [Verdict]
    ) {
        let breaker = post.breaker(of: channel)
        let began = monotonicMicroseconds()
        var results: [Sent?] = Array(repeating: nil, count: jobs.count)
        var from = 0
        switch breaker.enter() {
        case .closed: break
        case .wait: from = jobs.count
        case .probe:
            results[0] = perform(jobs[..<1], channel, limits).first ?? nil
            if results[0] == nil { breaker.learntNothing() }
            from = breaker.isClosed ? 1 : jobs.count
        }
        if from < jobs.count {
            for (offset, result) in perform(jobs[from...], channel, limits).enumerated() {
                results[from + offset] = result
            }
        }
        let gateway = post.gateway(of: channel) ?? ""
        for (job, result) in zip(jobs, results) {
            let command = batch[job.index].id.description
            func tell(_ word: String, _ code: String?) {
                post.telemetry.tell(
                    Told.sent(command, job.notice.rawValue, gateway, word, code))
            }
            switch result {
            case nil, .stopped:
                verdicts[job.index] = .deferred(milliseconds: max(breaker.pause, 100))
            case .taken(let id):
                verdicts[job.index] = .noted(
                    receipt: Receipt(provider: gateway, providerID: id).bytes)
                tell("sent", nil)
            case .refused(let code):
                verdicts[job.index] = Desk.verdict(.refused(.noticeRefused, ["reason": code]))
                tell("refused", code)
            case .later(let code, _):
                verdicts[job.index] = .failed(error: "\(gateway): \(code)", permanent: false)
                tell("postponed", code)
            }
        }
        post.telemetry.tell(
            Told.called(
                gateway, results.count { $0 != nil },
                seconds: Double(monotonicMicroseconds() - began) / 1_000_000))
    }

    /// A result to each; nil: it was not called.
    private func perform(
        _ jobs: ArraySlice<Job>, _ channel: NoticeChannel, _ limits: Limits
    ) -> [Sent?] {
        let calls = jobs.compactMap(\.call)
        let within = min(limits.timeout, Self.longestBatch)
        let results = Monitor([Sent?](repeating: nil, count: calls.count))
        let post = post
        @Sendable func took(_ index: Int, _ reply: Transfers.Reply) -> Bool {
            let sent = post.judge(reply, channel)
            results.read { $0[index] = sent }
            post.note(sent, channel)
            if case .stopped = sent { return false }
            return true
        }
        switch channel {
        case .message:
            _ = transfers.perform(
                calls, atOnce: limits.calls, startWithin: within, goesOn: took)
        case .letter:
            let count = max(1, min(limits.calls, calls.count))
            while lines.count < count { lines.append(Transfers()) }
            Self.write(calls, over: lines[..<count], within: within, took)
        }
        return results.read { $0 }
    }

    /// Letters over so many connections at once, each on a thread of its own: whoever is free takes the next.
    private static func write(
        _ calls: [Transfers.Call], over lines: ArraySlice<Transfers>, within: Int,
        _ took: @escaping @Sendable (Int, Transfers.Reply) -> Bool
    ) {
        let turn = Monitor((next: 0, isOpen: true))
        let end = monotonicMicroseconds() + Int64(within) * 1_000
        @Sendable func work(_ line: Transfers) {
            while true {
                let mine = turn.read { turn -> Int? in
                    guard turn.isOpen, turn.next < calls.count, monotonicMicroseconds() < end
                    else { return nil }
                    turn.next += 1
                    return turn.next - 1
                }
                guard let mine else { return }
                func send() -> Transfers.Reply {
                    line.perform([calls[mine]], atOnce: 1, startWithin: within).first
                        ?? .notStarted
                }
                var reply = send()
                // The server had ended the connection before the letter began: that is no fault of anybody.
                if case .mail(let mail) = reply, case .connection? = mail.failure, mail.isReused,
                    [.greeting, .sender].contains(mail.stage)
                {
                    reply = send()
                }
                if !took(mine, reply) { turn.read { $0.isOpen = false } }
            }
        }
        let others = lines.dropFirst().map { line in Worker("letters") { work(line) } }
        if let first = lines.first { work(first) }
        for other in others { other.join() }
    }

    // MARK: Recording

    /// What a call leaves to its record. It is never written: it may hold what the outbox shows.
    private struct Receipt {
        var provider: String
        var providerID: String?
        var title = ""
        var text: String?
        var html: String?
        var attachment: String?
        var attachmentBytes: Int64?

        init(provider: String, providerID: String?) {
            self.provider = provider
            self.providerID = providerID
        }

        /// It stays here.
        init(_ job: Job) {
            provider = "outbox"
            title = job.composition.title
            text = job.composition.text
            html = job.composition.html.map { String(decoding: $0, as: UTF8.self) }
            attachment = job.attachment?.name
            attachmentBytes = (job.attachment?.bytes.count).map { Int64($0) }
        }

        init(_ bytes: [UInt8]) throws {
            let json = try JSON.parse(bytes)
            provider = json["provider"]?.string ?? ""
            providerID = json["id"]?.string
            title = json["title"]?.string ?? ""
            text = json["text"]?.string
            html = json["html"]?.string
            attachment = json["attachment"]?.string
            attachmentBytes = json["attachment_bytes"]?.int
        }

        var bytes: [UInt8] {
            JSON.object([
                "provider": .string(provider), "id": providerID.map(JSON.string),
                "title": .string(title), "text": text.map(JSON.string),
                "html": html.map(JSON.string), "attachment": attachment.map(JSON.string),
                "attachment_bytes": attachmentBytes.map(JSON.int),
            ]).bytes
        }
    }

    /// In the transaction that completes the calls: what became of each, what stays in the outbox (under the command's id:
    /// exactly once), and what goes by the other channel instead.
    public func record(
        _ batch: [ClaimedCommand], verdicts: [Verdict], on connection: Connection
    ) throws {
        var settled: [Notices.Settled] = []
        var kept: [(claimed: ClaimedCommand, to: String, receipt: Receipt)] = []
        for (claimed, verdict) in zip(batch, verdicts) {
            switch verdict {
            case .noted(let bytes):
                let receipt = try Receipt(bytes)
                settled.append(
                    .init(
                        claimed.id, state: "sent", provider: receipt.provider,
                        providerID: receipt.providerID))
                if receipt.text != nil {
                    kept.append((claimed, try Self.recipient(claimed), receipt))
                }
            case .refused(let code, let body):
                let reason = try JSON.parse(body)["values"]?["reason"]?.string
                settled.append(
                    .init(
                        claimed.id,
                        state: code == Refusal.Code.noticeExpired.rawValue ? "expired" : "refused",
                        provider: gateway(of: claimed), code: reason ?? code))
            case .failed(let error, let permanent):
                settled.append(
                    .init(
                        claimed.id, state: permanent ? "failed" : nil,
                        provider: gateway(of: claimed), code: String(error.prefix(200))))
            case .done, .result, .deferred: break
            }
        }
        if !kept.isEmpty {
            try connection.send(
                "store/outbox", .ids(kept.map(\.claimed.id)),
                .texts(kept.map { Self.channel($0.claimed).rawValue }), .texts(kept.map(\.to)),
                .texts(kept.map(\.receipt.title)), .texts(kept.map(\.receipt.text)),
                .texts(kept.map(\.receipt.html)), .texts(kept.map(\.receipt.attachment)),
                .int32s(
                    kept.map { $0.receipt.attachmentBytes.flatMap { Int32(exactly: $0) } }))
        }
        var orders = try Notices.settle(
            settled, attempts: limits().attempts, newID: Desk.newCommandID, on: connection)
        orders += try fallbacks(of: batch, settled, on: connection)
        try writeGateways(on: connection)
        let new = try Notices.add(orders, on: connection)
        if !new.isEmpty {
            try follow(
                new.map(NewCommand.init), map: PoolMap(on: connection), on: connection)
        }
    }

    private func fallbacks(
        of batch: [ClaimedCommand], _ settled: [Notices.Settled], on connection: Connection
    ) throws -> [NoticeOrder] {
        let doubtful = Set(
            settled.filter { $0.state == "refused" || $0.state == nil }.map(\.command))
        guard !doubtful.isEmpty else { return [] }
        let lost = try Notices.lost(Array(doubtful), on: connection)
        return try batch.compactMap { claimed in
            guard let key = lost[claimed.id] else { return nil }
            return Notices.fallback(
                of: try Desk.read(claimed), id: claimed.id, organization: claimed.organization,
                key: key, actor: claimed.actor, via: claimed.channel,
                receivedAt: claimed.receivedAt, newID: Desk.newCommandID)
        }
    }

    private func writeGateways(on connection: Connection) throws {
        for channel in channels {
            guard let gateway = post.gateway(of: channel) else { continue }
            let status = post.breaker(of: channel).status
            // While it is open each record says when it is tried again.
            if status.reason == nil, let known = written[gateway], known == nil { continue }
            try connection.send(
                "store/put_gateway", .text(gateway), .text(status.reason?.rawValue),
                .timestamp(status.retryAt))
            written[gateway] = .some(status.reason)
        }
    }

    private func gateway(of claimed: ClaimedCommand) -> String? {
        post.gateway(of: Self.channel(claimed)) ?? "outbox"
    }

    private static func channel(_ claimed: ClaimedCommand) -> NoticeChannel {
        claimed.kind == Command.Kind.sendMessage.rawValue ? .message : .letter
    }

    private static func recipient(_ claimed: ClaimedCommand) throws -> String {
        switch try Desk.read(claimed) {
        case .sendLetter(let body), .sendMailing(let body), .sendMessage(let body): body.to
        default: ""
        }
    }
}
