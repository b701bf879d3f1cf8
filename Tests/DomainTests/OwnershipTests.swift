import Commands
import Domain
import Testing

@Suite("Whose account it is") struct OwnershipTests {
    /// Knows one password and one code, and counts how often it is asked.
    final class Asked: SecretChecks {
        var passwords = 0
        var codes = 0

        func isPassword(_ sealed: Sealed, of hash: String?) -> Bool {
            passwords += 1
            return hash == "hash of \(sealed.text)"
        }

        func isCode(
            _ sealed: Sealed, of hash: [UInt8]?, for purpose: String, subject: String
        ) -> Bool {
            codes += 1
            return purpose == "bill" && hash == Array(sealed.text.utf8)
        }
    }

    static let holder = HolderFacts(
        account: 1, number: "500000001", surname: "Ковалёв", apartment: "12А", company: "kamal",
        house: "lenina-1", paidOn: Day("2026-03-10"), paid: 123_45, billMonth: Month("2026-03"),
        billTotal: 688_937, codeHash: Array("K7".utf8), passwordHash: "hash of secret")

    static func policy(
        _ proofs: [Set<IdentityProfile.Factor>], isCascade: Bool = false
    ) -> IdentityProfile.Attach {
        .init(
            proofs: proofs, isCascade: isCascade, question: false, button: "Добавить",
            mostPerEmail: 10, detach: false, contacts: false, help: nil)
    }

    static func given(_ members: [String: JSON]) throws -> Attach {
        guard
            case .identity(.attach(let body)) = try Command(
                .attachAccount,
                .object(
                    [JSON.Member("account", .string("500000001"))]
                        + members.map { JSON.Member($0.key, $0.value) }))
        else { throw ShapeError("", "not attach") }
        return body
    }

    static let cases:
        [(members: [String: JSON], proofs: [Set<IdentityProfile.Factor>], isProved: Bool)] = [
            (["surname": .string("ковалев")], [[.surname]], true),
            (["surname": .string("Иванов")], [[.surname]], false),
            (["surname": .string("ковалев")], [[.surname, .apartment]], false),
            (
                ["surname": .string("ковалев"), "apartment": .string("12а")],
                [[.surname, .apartment]], true
            ),
            (
                ["surname": .string("ковалев"), "apartment": .string("13")],
                [[.surname, .apartment]], false
            ),
            (["password": .string("secret")], [[.surname], [.password]], true),
            (["password": .string("wrong")], [[.surname], [.password]], false),
            (["password": .string("secret")], [[.surname]], false),
            // What stands beside a proof must be right too.
            (
                ["surname": .string("Иванов"), "password": .string("secret")],
                [[.surname], [.password]], false
            ),
            (
                ["last_payment_on": .string("10.03.2026"), "last_payment_kopecks": .int(12_345)],
                [[.payment], [.code]], true
            ),
            (
                ["last_payment_on": .string("10.03.2026"), "last_payment_kopecks": .int(12_346)],
                [[.payment], [.code]], false
            ),
            (["last_payment_on": .string("10.03.2026")], [[.payment]], false),
            (["code": .string("K7")], [[.payment], [.code]], true),
            (["code": .string("K8")], [[.payment], [.code]], false),
            (
                ["bill_month": .string("2026-03"), "bill_total_kopecks": .int(688_937)], [[.bill]],
                true
            ),
            (
                ["bill_month": .string("2026-02"), "bill_total_kopecks": .int(688_937)], [[.bill]],
                false
            ),
            ([:], [[.surname]], false),
        ]

    @Test(arguments: cases.indices)
    func `any of the sets of factors proves it, and all that is given must be right`(_ index: Int)
        throws
    {
        let one = Self.cases[index]
        #expect(
            Ownership.isProved(
                try Self.given(one.members), Self.holder, Self.policy(one.proofs), Asked())
                == one.isProved)
    }

    @Test func `nobody's account, a closed one and one without facts prove nothing`() throws {
        var closed = Self.holder
        closed.isClosed = true
        let policy = Self.policy([[.surname], [.password], [.payment], [.bill], [.code]])
        let all = try Self.given([
            "surname": .string("ковалев"), "password": .string("secret"),
            "last_payment_on": .string("2026-03-10"), "last_payment_kopecks": .int(12_345),
            "bill_month": .string("2026-03"), "bill_total_kopecks": .int(688_937),
            "code": .string("K7"),
        ])
        #expect(Ownership.isProved(all, Self.holder, policy, Asked()))
        #expect(!Ownership.isProved(all, nil, policy, Asked()))
        #expect(!Ownership.isProved(all, closed, policy, Asked()))
        #expect(!Ownership.isProved(all, HolderFacts(account: 1, number: "1"), policy, Asked()))
    }

    @Test func `the same is asked of an account that is there and of one that is not`() throws {
        let policy = Self.policy([[.surname, .password, .code]])
        let given = try Self.given([
            "surname": .string("Иванов"), "password": .string("x"), "code": .string("y"),
        ])
        let (there, away) = (Asked(), Asked())
        _ = Ownership.isProved(given, Self.holder, policy, there)
        _ = Ownership.isProved(given, nil, policy, away)
        #expect(there.passwords == 1 && away.passwords == 1)
        #expect(there.codes == 1 && away.codes == 1)
    }

    @Test func `a house of another company is another account`() throws {
        let policy = Self.policy([[.payment]], isCascade: true)
        func isProved(_ company: String, _ house: String) throws -> Bool {
            Ownership.isProved(
                try Self.given([
                    "company": .string(company), "house": .string(house),
                    "last_payment_on": .string("2026-03-10"), "last_payment_kopecks": .int(12_345),
                ]), Self.holder, policy, Asked())
        }
        #expect(try isProved("kamal", "lenina-1"))
        #expect(try !isProved("dom", "lenina-1"))
        #expect(try !isProved("kamal", "lenina-2"))
    }

    // MARK: Failures (domain.md §8)

    static let minute: Int64 = 60_000_000
    static let limits = IdentityProfile.Limits.standard

    @Test func `five failures in a quarter of an hour, and it rests for one`() {
        var failures = Failures()
        for second in 0..<4 {
            failures.add(at: Int64(second) * 1_000_000, Self.limits)
            #expect(!failures.rests(at: Int64(second) * 1_000_000))
        }
        failures.add(at: 5_000_000, Self.limits)
        #expect(failures.rests(at: 5_000_001))
        #expect(failures.rests(at: 15 * Self.minute + 4_999_999))
        #expect(!failures.rests(at: 15 * Self.minute + 5_000_000))
    }

    @Test func `failures that lie far apart are no attack`() {
        var failures = Failures()
        for hour in 0..<20 {
            failures.add(at: Int64(hour) * 60 * Self.minute, Self.limits)
            #expect(!failures.rests(at: Int64(hour) * 60 * Self.minute + 1))
        }
    }

    @Test
    func `each rest is twice as long as the one before, a day at most, and forgotten after a day`()
    {
        var failures = Failures()
        var now: Int64 = 0
        var lengths: [Int64] = []
        for _ in 0..<10 {
            for _ in 0..<5 { failures.add(at: now, Self.limits) }
            let until = failures.restsUntil ?? now
            lengths.append((until - now) / Self.minute)
            now = until
        }
        #expect(lengths == [15, 30, 60, 120, 240, 480, 960, 1_440, 1_440, 1_440])
        now += 25 * 60 * Self.minute
        for _ in 0..<5 { failures.add(at: now, Self.limits) }
        #expect(failures.restsUntil == now + 15 * Self.minute)
    }
}
