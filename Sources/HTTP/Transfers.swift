import CCurl

/// Many calls at once on one thread, over connections that stay open between them (libcurl's multi interface). One thread at
/// a time may use it.
///
/// Of letters one at a time goes well: while libcurl waits for the answer to a letter's content it does nothing else. Whoever
/// wants more of them at once has several of these, each on a thread.
public final class Transfers: @unchecked Sendable {
    public enum Call: Sendable {
        case http(HTTPCall)
        case mail(Mail, MailServer, timeoutMilliseconds: Int)
    }

    public enum Reply: Sendable {
        case answer(Client.Answer)
        case mail(MailReply)
        /// No whole answer came to a call of HTTP, or a call could not be made at all.
        case failed(HTTPError)
        /// Its turn did not come.
        case notStarted
    }

    private let multi: UnsafeMutableRawPointer
    private var spare: [Easy] = []

    public init() {
        guard Easy.isStarted, let multi = curl_multi_init() else {
            preconditionFailure("libcurl does not start: there is no memory")
        }
        self.multi = multi
    }

    deinit {
        spare = []
        curl_multi_cleanup(multi)
    }

    /// Makes the calls in their order, so many at once.
    /// - Parameters:
    ///   - startWithin: milliseconds from now after which none is begun any more.
    ///   - goesOn: hears of each reply; after a false none is begun any more.
    /// - Returns: a reply to each.
    public func perform(
        _ calls: [Call], atOnce: Int, startWithin: Int,
        goesOn: (_ index: Int, _ reply: Reply) -> Bool = { _, _ in true }
    ) -> [Reply] {
        var replies = [Reply](repeating: .notStarted, count: calls.count)
        var running: [UnsafeMutableRawPointer: (index: Int, easy: Easy)] = [:]
        var next = 0
        let end = ContinuousClock.now + .milliseconds(startWithin)
        var isOpen = true
        _ = shim_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(1, atOnce))
        func took(_ index: Int, _ reply: Reply) {
            replies[index] = reply
            if !goesOn(index, reply) { isOpen = false }
        }
        while true {
            while isOpen, next < calls.count, running.count < max(1, atOnce),
                ContinuousClock.now < end
            {
                let index = next
                next += 1
                do throws(HTTPError) {
                    let easy = try take()
                    switch calls[index] {
                    case .http(let call): try easy.prepare(call)
                    case .mail(let mail, let server, let timeout):
                        try easy.prepare(mail, to: server, timeoutMilliseconds: timeout)
                    }
                    guard curl_multi_add_handle(multi, easy.handle) == CURLM_OK else {
                        throw HTTPError.connection("libcurl takes no more calls")
                    }
                    running[easy.handle] = (index, easy)
                } catch {
                    took(index, .failed(error))
                }
            }
            guard !running.isEmpty else { return replies }
            var active: Int32 = 0
            curl_multi_perform(multi, &active)
            var left: Int32 = 0
            var isDone = false
            while let message = curl_multi_info_read(multi, &left) {
                guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                    let (index, easy) = running.removeValue(forKey: handle)
                else { continue }
                let result = message.pointee.data.result
                isDone = true
                let reply: Reply
                switch calls[index] {
                case .mail: reply = .mail(easy.mailReply(result))
                case .http:
                    do throws(HTTPError) {
                        reply = .answer(try easy.answer(result))
                    } catch {
                        reply = .failed(error)
                    }
                }
                curl_multi_remove_handle(multi, handle)
                spare.append(easy)
                took(index, reply)
            }
            if !isDone { curl_multi_poll(multi, nil, 0, 1_000, nil) }
        }
    }

    private func take() throws(HTTPError) -> Easy {
        if let easy = spare.popLast() { return easy }
        return try Easy()
    }
}
