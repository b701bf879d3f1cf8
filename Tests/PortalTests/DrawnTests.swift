import Commands
import HTTP
import Store
import TestKit
import Testing
import Words

@testable import Portal

/// «Главная» is drawn once of the same, and never shown to another.
@Suite struct DrawnTests {
    private func inputs(_ balance: Int64 = 0, _ person: String = "Иван") -> SummaryPage.Inputs {
        let account = AccountView(
            id: 1, number: "100", company: "c", surname: "", name: "", patronymic: "", address: "",
            apartment: "", closedOn: nil)
        let today = Day(days: 20_000)
        return SummaryPage.Inputs(
            frame: Frame(profile: nil, language: .ru, person: person, path: "/o/"),
            view: SummaryView(
                account: MoneyAccount(account: account, today: today),
                balance: Money(kopecks: balance), names: MoneyNames(),
                times: MetersView(account: account, meters: [], today: today)), isOwned: true,
            maySubmit: true)
    }

    private func page(_ letters: Int, status: Int = 200) -> Response {
        Response(
            status: status, type: "text/html", text: String(repeating: "буква ", count: letters))
    }

    @Test func `the same of the same person is drawn once, whatever is another is drawn anew`() {
        let drawn = DrawnPages()
        var times = 0
        func ask(
            _ inputs: SummaryPage.Inputs, of principal: Int64 = 1, isPlain: Bool = true
        ) -> Response {
            drawn.response(of: principal, inputs, isPlain: isPlain) {
                times += 1
                return page(1_000)
            }
        }
        let first = ask(inputs())
        #expect(first.header("Content-Encoding") == "gzip" && first.body.count < 1_000)
        #expect(ask(inputs()).body == first.body && times == 1)
        _ = ask(inputs(), of: 2)
        #expect(times == 2)
        _ = ask(inputs(1))
        #expect(times == 3)
        _ = ask(inputs(1, "Пётр"))
        #expect(times == 4)
        _ = ask(inputs())
        #expect(times == 5)
        // With something to be told it is a page of its own, and the kept one stays.
        let told = ask(inputs(), isPlain: false)
        #expect(times == 6 && told.header("Content-Encoding") == nil)
        _ = ask(inputs())
        #expect(times == 6)
    }

    @Test func `no more is kept than may be, and what is asked for stays`() {
        // Each is counted as 1 KiB and twice its bytes.
        let drawn = DrawnPages(most: 8_000)
        var times: [Int64: Int] = [:]
        func ask(_ principal: Int64) {
            _ = drawn.response(of: principal, inputs(), isPlain: true) {
                times[principal, default: 0] += 1
                return page(1_000)
            }
        }
        for principal in 1...Int64(40) {
            ask(0)
            ask(principal)
        }
        #expect(times[0] == 1)
        ask(1)
        #expect(times[1] == 2)
    }

    @Test func `a page that went wrong is not kept`() {
        let drawn = DrawnPages()
        var times = 0
        for _ in 0..<2 {
            _ = drawn.response(of: 1, inputs(), isPlain: true) {
                times += 1
                return page(1_000, status: 503)
            }
        }
        #expect(times == 2)
    }
}
