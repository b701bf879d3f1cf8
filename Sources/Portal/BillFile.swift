import Access
public import Bills
import Commands
import Drawing
public import HTTP
import Store
import Telemetry
import Threads
import Words

/// Bills as PDF (SF-120, SF-122), drawn when they are asked for and kept nowhere: the same bytes each time.
extension Portal {
    /// `GET /{org}/accounts/{account}/bills/{month}.pdf`, of who is signed in.
    /// - Parameters:
    ///   - month: as it stood in the path.
    ///   - known: the request's If-None-Match.
    ///   - press: the calling thread's.
    public func billFile(
        _ visit: Visit, account: String, month: String, known: String?, press: Press
    ) -> Response {
        guard let session = visit.session else { return signedOut(visit) }
        guard let mine = Self.account(account, session) else { return missing(visit) }
        return asked("bill.pdf", visit) { () throws(PortalQueriesError) in
            try file(
                Reader(profile: visit.profile, accounts: [mine.id]), mine.number, month, known,
                press)
        }
    }

    /// `GET /{org}/api/accounts/{account}/bills/{month}.pdf`
    public func billFile(
        _ reader: Reader, account: String, month: String, known: String?, press: Press
    ) -> Response {
        func problem(_ status: Int, _ key: String) -> Response {
            Page.problemJSON(status, key, Words.text("problem.\(key)", settings.defaultLanguage))
        }
        let started = monotonicMicroseconds()
        do {
            let answer = try file(reader, account, month, known, press)
            told("bill.pdf", since: started)
            return answer ?? problem(404, "not_found")
        } catch {
            let page = failed("bill.pdf", error, settings.defaultLanguage, reader.profile)
            var answer = problem(page.status, page.status == 503 ? "database_away" : "internal")
            if page.status == 503 {
                answer.headers.append(("Retry-After", "\(Self.retryAfter)"))
            }
            return answer
        }
    }

    private func file(
        _ reader: Reader, _ account: String, _ month: String, _ known: String?, _ press: Press
    ) throws(PortalQueriesError) -> Response? {
        let profile = reader.profile
        guard profile.charges.view != .none, settings.drawsBills,
            let number = AccountNumber(account), let month = Self.month(month),
            let facts = try queries.bill(
                of: number, in: profile, allowed: reader.accounts, month: month)
        else { return nil }
        let bill = Bill(facts, profile)
        // What another system drew is shown as it is.
        let ready = try queries.billFile(
            of: number, in: profile, allowed: reader.accounts, month: month)
        // What is frozen, how it is shown, and by which release.
        let mark =
            ready.map { Subject.hash("file", $0.digest.map { "\($0)" }.joined(separator: ".")) }
            ?? Subject.hash(
                "bill", profile.code, number.text, month.description, "\(facts.bill.version)",
                facts.bill.closed, "\(profile.charges.bills.form)", profile.name,
                settings.release)
        let tag = "\"\(String(UInt64(bitPattern: mark), radix: 16))\""
        var headers: [(String, String)] = [
            ("ETag", tag), ("Cache-Control", "private, no-cache"),
            ("Referrer-Policy", "same-origin"),
        ]
        if let known, isNamed(tag, by: known) { return Response(status: 304, headers: headers) }
        headers += [
            ("Content-Type", "application/pdf"),
            (
                "Content-Disposition",
                "inline; filename=\"\(bill.plainFileName)\"; "
                    + "filename*=UTF-8''\(segment(bill.fileName))"
            ),
        ]
        if let ready { return Response(status: 200, headers: headers, body: ready.file) }
        do throws(DrawingError) {
            return Response(status: 200, headers: headers, body: try press.pdf(bill))
        } catch {
            throw .failed("a bill cannot be drawn: \(error)")
        }
    }
}
