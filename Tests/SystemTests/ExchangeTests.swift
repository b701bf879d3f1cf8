import Commands
import Crypto
import Foundation
import Postgres
import TestKit
import Testing

/// Proofs in, contacts and consents out, with the built command line.
@Suite(.serialized) struct ExchangeTests {
    private let system: System

    init() throws {
        system = try System()
        try system.identity()
        try system.people()
    }

    private func write(_ name: String, _ text: String) throws -> String {
        let path = "\(system.directory)/\(name)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private static let header = "account;last_payment_on;last_payment;bill_month;bill_total;code\n"

    private func proofs() throws -> [String] {
        try system.connection().script(
            """
            select concat_ws('|', a.number, p.last_payment_on, p.last_payment, to_char(p.bill_month, 'YYYY-MM'), p.bill_total,
                             (p.code_hash is not null)::text)
            from identity.proof p join facts.account a on a.id = p.account order by a.number
            """
        ).map { $0.text(0) }
    }

    private func `import`(_ path: String, _ more: String...) throws -> (code: Int32, words: String)
    {
        let child = try system.launch(
            ["import", "proofs", path, "--organization", "srkc", "--json"] + more)
        return (try child.wait(), child.words)
    }

    @Test func `proofs are taken row by row, in pairs, and what is not said stays`() throws {
        _ = try system.startWorkers(system.keyed)
        let path = try write(
            "proofs.csv",
            Self.header
                + "10001;05.04.2026;1 234,56;2026-03;1234.56;4821-7035\n"
                + "00010002;2026-04-05;0;;;\n"
                + "20001;;;04.2026;-12,5;АБ12\n"
                + "30001;2026-04-05;;;;\n"
                + "30001;;;;;12\n"
                + "30001;2199-01-01;1;;;\n"
                + "30001;2026-04-05;12,345;;;\n"
                + "30001;;;;;\n"
                + "77777;2026-04-05;1;;;\n"
                + "нет;2026-04-05;1;;;\n")
        let rehearsal = try `import`(path, "--dry-run")
        #expect(
            rehearsal.code == 1
                && rehearsal.words.contains(#""accepted":3,"unchanged":0,"refused":7"#))
        #expect(try proofs() == [])
        #expect(try `import`(path, "--all-or-nothing").code == 1)
        #expect(try proofs() == [])
        let first = try `import`(path)
        #expect(first.code == 1 && first.words.contains(#""accepted":3,"unchanged":0,"refused":7"#))
        // The audit has all rows that were not taken, unreadable or refused.
        let audited = try system.kabinet("audit", "list", "--action", "import", "--json")
        let rejected = try audited.split(separator: "\n").map {
            try JSON.parse(Array($0.utf8))["details"]?["rejected"]?.int
        }
        #expect(rejected == [7, 7, 7])
        let all = [
            "10001|2026-04-05|123456|2026-03|123456|true", "10002|2026-04-05|0|false",
            "20001|2026-04|-1250|true",
        ]
        #expect(try proofs() == all)
        // The rows that were not taken come back with their reasons, and in clear: they are the organization's own.
        let errors = try String(contentsOfFile: path + ".errors.csv", encoding: .utf8)
        #expect(errors.split(separator: "\n").count == 8)
        #expect(errors.contains("30001;;;;;12;"))
        let again = try `import`(path)
        #expect(again.words.contains(#""accepted":0,"unchanged":3,"refused":7"#))
        let more = try write("more.csv", "account;code\n10001;9999 0000\n10002;5555-5555\n")
        #expect(try `import`(more).code == 0)
        #expect(
            try proofs() == [all[0], "10002|2026-04-05|0|true", all[2]])
        #expect(try system.violations() == [])
    }

    @Test
    func
        `the code of a bill is nowhere in clear, and its hash is that of the code as people type it`()
        throws
    {
        let path = try write(
            "proofs.csv", Self.header + "10001;;;;;4821-7035\n20001;;;;;ав-12 34\n")
        let child = try system.launch(
            ["import", "proofs", path, "--organization", "srkc"], ["KABINET_LOG": "debug"])
        // It waits in the staging table until a worker comes.
        try eventually("the rows are staged") {
            try system.count(
                "select count(*) from operations.import_row where exists (select from queue.command where kind = 'import.rows')"
            ) == 2
        }
        func dump(_ name: String) throws -> String {
            try System.script(
                ["/usr/lib/postgresql/15/bin/pg_dump", system.conninfo],
                log: "\(system.directory)/\(name).sql")
        }
        let before = try dump("before")
        #expect(!before.contains("7035") && !before.contains("ав-12"))
        let workers = try system.startWorkers(
            system.keyed.merging(["KABINET_LOG": "debug"]) { $1 })
        #expect(try child.wait() == 0, "\(child.words)")
        let after = try dump("after")
        #expect(!after.contains("7035") && !after.contains("ав-12"))
        #expect(!workers.words.contains("7035"))
        let keys = try SealingKeys.read(system.keyFile)
        for (account, typed) in [("101", "48217035"), ("201", "АВ1234")] {
            let row = try system.connection().script(
                "select encode(code_hash, 'hex') from identity.proof where account = \(account)")[0]
            let hash = row.text(0)
            let made = CodeHash.make(typed, context: "bill", subject: account, key: keys[0])
            #expect(hash == made.map { String(format: "%02x", $0) }.joined())
        }
    }

    @Test func `without a published key no codes are taken`() throws {
        let bare = try System()
        try bare.organization()
        let path = try write("proofs.csv", Self.header + "10001;;;;;48217035\n")
        let child = try bare.launch(["import", "proofs", path, "--organization", "probe"])
        #expect(try child.wait() == 1)
        #expect(child.words.contains("kabinet key publish"))
        #expect(try bare.count("select count(*) from operations.import_job") == 0)
    }

    // MARK: Exports

    /// What somebody who signs in with `login` changed at an account.
    private func change(
        _ login: String, _ account: Int64, _ kind: String, _ value: String?,
        isConfirmed: Bool = true
    ) -> String {
        """
        insert into identity.contact (command, organization, account, principal, kind, value, confirmed, confirmed_at, channel, at)
        select gen_random_uuid(), 'srkc', \(account), id, '\(kind)', \(value.map { "'\($0)'" } ?? "null"), \(isConfirmed),
               \(isConfirmed ? "'2026-04-17 03:00:00+00'" : "null"), 'resident', '2026-04-18 03:00:00+00'
        from access.principal where organization = 'srkc' and login = '\(login)';
        """
    }

    private func export(_ what: String, _ more: String...) throws -> String {
        try system.kabinet(
            arguments: ["export", what, "--organization", "srkc"] + more)
    }

    @Test func `SF-131, SF-133: contacts go out in their order, and the next export goes on`()
        throws
    {
        let connection = try system.connection()
        try connection.script(
            change("10001", 101, "email", "anna@new.ru")
                + change("10002", 102, "phone", "+79161112233"))
        try connection.script(
            "insert into identity.contact (command, organization, account, principal, kind, value, confirmed, channel, at) "
                + "select gen_random_uuid(), 'uigkh', 1, 1, 'email', 'other@example.org', true, 'resident', now()"
        )
        let file = "\(system.directory)/contacts.csv"
        let first = try JSON.parse(
            Array(try export("contacts", "--out", file, "--json").utf8))
        #expect(first["rows"]?.int == 2)
        let cursor = try #require(first["cursor"]?.int)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        let text = String(decoding: bytes.dropFirst(3), as: UTF8.self)
        #expect(
            text.hasPrefix(
                "n;account;person;role;phone;phone_confirmed_at;email;email_confirmed_at;channel;at\n"
            ))
        let (anna, vera) = (try system.person("10001"), try system.person("10002"))
        #expect(
            text.split(separator: "\n").dropFirst().map { $0.drop { $0 != ";" } } == [
                ";10001;\(anna);owner;;;anna@new.ru;2026-04-17T03:00:00Z;resident;2026-04-18T03:00:00Z",
                ";10002;\(vera);owner;+79161112233;2026-04-17T03:00:00Z;;;resident;2026-04-18T03:00:00Z",
            ])
        try connection.script(change("20001", 201, "email", "boris@new.ru"))
        let next = try export("contacts", "--after", "\(cursor)")
        #expect(next.contains("boris@new.ru") && !next.contains("anna@new.ru"))
        #expect(next.contains("--after \(cursor + 2)") || next.contains("--after \(cursor + 1)"))
        #expect(try export("contacts", "--since", "2026-04-19").split(separator: "\n").count == 2)
        #expect(
            try system.kabinet("audit", "list", "--action", "export.contacts", "--json")
                .split(separator: "\n").count == 3)
        let both = try system.launch([
            "export", "contacts", "--organization", "srkc", "--after", "1", "--since", "1h",
        ])
        #expect(try both.wait() == 2)
    }

    @Test
    func `SF-131, SF-133: of several owners each has a row, and --owners leaves the owner's alone`()
        throws
    {
        let connection = try system.connection()
        let (anna, boris) = (try system.person("10001"), try system.person("20001"))
        // Boris has attached Anna's account too.
        try connection.script(
            "insert into access.attachment (principal, account, number) values (\(boris), 101, '10001')"
        )
        try connection.script(
            change("10001", 101, "email", "anna@new.ru")
                + change("20001", 101, "email", "boris@new.ru")
                + change("20001", 101, "phone", "+79160000020")
                // What was not confirmed is not handed back.
                + change("10001", 101, "phone", "+79160000010", isConfirmed: false)
                + change("10002", 102, "email", "vera@new.ru", isConfirmed: false))
        func rows(_ more: String...) throws -> [String] {
            let file = "\(system.directory)/\(UUID()).csv"
            _ = try system.kabinet(
                arguments: [
                    "export", "contacts", "--organization", "srkc", "--out", file,
                ] + more)
            // Without the number, the times and the channel.
            return try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
                .dropFirst().map { line in
                    let fields = line.split(separator: ";", omittingEmptySubsequences: false)
                    return [1, 2, 3, 4, 6].map { String(fields[$0]) }.joined(separator: ";")
                }
        }
        #expect(
            try rows() == [
                "10001;\(boris);co-owner;+79160000020;boris@new.ru",
                "10001;\(anna);owner;;anna@new.ru",
            ])
        #expect(try rows("--owners") == ["10001;\(anna);owner;;anna@new.ru"])
        // Who has the account no more is told to be gone; the account's contacts are the other owner's then.
        try connection.script("delete from access.attachment where principal = \(anna)")
        try connection.script(change("10001", 101, "email", nil, isConfirmed: false))
        #expect(try rows().last == "10001;\(anna);former;;")
        #expect(
            try rows("--owners") == ["10001;\(boris);owner;+79160000020;boris@new.ru"])
    }

    @Test
    func `SF-132, SF-134, SF-136: consents and withdrawals go out with the version of their text`()
        throws
    {
        try system.connection().script(
            """
            insert into identity.consent (command, organization, account, principal, purpose, given, version, text_hash,
                                          contact, channel, at)
            select gen_random_uuid(), 'srkc', a, 1, p, g, '2026-01', '\\xabcd', 'a…@new.ru', 'resident', '2026-04-18 03:00:00+00'
            from (values (1, 101, 'email_bill', true), (2, 101, 'email_bill', false), (3, null, 'terms', true)) v(i, a, p, g)
            order by i
            """)
        let text = try export("consents")
        let rows = text.split(separator: "\n").dropFirst().map { $0.drop { $0 != ";" } }
        #expect(
            rows.prefix(3) == [
                ";10001;1;email_bill;true;2026-01;abcd;a…@new.ru;resident;2026-04-18T03:00:00Z",
                ";10001;1;email_bill;false;2026-01;abcd;a…@new.ru;resident;2026-04-18T03:00:00Z",
                ";;1;terms;true;2026-01;abcd;a…@new.ru;resident;2026-04-18T03:00:00Z",
            ])
    }

    @Test
    func
        `SF-147, SF-194: readings go out once, come again when they change, and go on from what was acknowledged`()
        throws
    {
        try system.connection().script(
            """
            insert into facts.meter (id, account, organization, service, number, registers, digits, decimals, initial)
            values (901, 101, 'srkc', 'electricity', 'E-1', 2, 6, 1, '{0,0}'), (902, 102, 'srkc', 'cold_water', 'W-2', 1, 5, 3, '{0}');
            insert into facts.reading (id, account, meter, month, taken_on, received_at, state, channel, actor, values)
            values ('01a00000-0000-7000-8000-000000000001', 101, 901, '2026-04-01', '2026-04-18', '2026-04-18 03:00+00',
                    'effective', 'resident', 'person:1', '{1500000,2250000}'),
                   ('01a00000-0000-7000-8000-000000000002', 102, 902, '2026-04-01', '2026-04-19', '2026-04-19 03:00+00',
                    'effective', 'api', 'token:1', '{131012000}');
            """)
        let first = try export("readings")
        let rows = first.split(separator: "\n").filter { $0.contains("2026-04;") }
            .map { $0.drop { $0 != ";" } }
        #expect(
            rows == [
                ";10001;electricity;E-1;T1;2026-04;2026-04-18;1.5;effective;resident;2026-04-18T03:00:00Z;01a00000-0000-7000-8000-000000000001",
                ";10001;electricity;E-1;T2;2026-04;2026-04-18;2.25;effective;resident;2026-04-18T03:00:00Z;01a00000-0000-7000-8000-000000000001",
                ";10002;cold_water;W-2;T1;2026-04;2026-04-19;131.012;effective;api;2026-04-19T03:00:00Z;01a00000-0000-7000-8000-000000000002",
            ])
        let top = try system.count("select max(seq) from facts.reading")
        // Until it is acknowledged, all of it comes again.
        #expect(try export("readings").contains("E-1"))
        _ = try system.kabinet(
            arguments: [
                "export", "acknowledge", "readings", "--organization", "srkc", "--through",
                "\(top)",
            ])
        #expect(try !export("readings").contains("E-1"))
        try system.connection(role: "kabinet_workers").script(
            "update facts.reading set state = 'deleted', seq = nextval('facts.reading_seq') where meter = 902"
        )
        let next = try export("readings")
        #expect(next.contains(";deleted;api;") && !next.contains("E-1"))
        #expect(try export("readings", "--after", "0").contains("E-1"))
        // What nobody was told yet, nobody has.
        let ahead = try system.launch([
            "export", "readings", "--organization", "srkc", "--after", "999999999",
        ])
        #expect(try ahead.wait() == 1 && ahead.words.contains("номера 999999999 ещё нет"))
        // Less than is taken over already is acknowledged only where that is meant, and why is kept.
        func acknowledge(_ n: Int64, _ more: String...) throws -> (code: Int32, words: String) {
            let child = try system.launch(
                [
                    "export", "acknowledge", "readings", "--organization", "srkc", "--through",
                    "\(n)",
                ] + more)
            return (try child.wait(), child.words)
        }
        let behind = try acknowledge(top - 1)
        #expect(behind.code == 1 && behind.words.contains("принято уже до \(top)"), "\(behind)")
        #expect(try acknowledge(top).code == 0)
        #expect(try !export("readings").contains("E-1"))
        #expect(try acknowledge(0, "--back").code == 2)
        #expect(try acknowledge(0, "--why", "потерян файл").code == 2)
        #expect(try acknowledge(0, "--back", "--why", "потерян файл").code == 0)
        #expect(try export("readings").contains("E-1"))
        #expect(
            try system.connection().script(
                "select why from operations.audit where action = 'export.readings.acknowledge' order by id"
            ).map { $0.optional(0, $0.text) } == [nil, nil, "потерян файл"])
        let beyond = try system.launch([
            "export", "acknowledge", "readings", "--organization", "srkc", "--through", "999999",
        ])
        #expect(try beyond.wait() == 1)
        let unknown = try system.launch([
            "export", "acknowledge", "bread", "--organization", "srkc", "--through", "1",
        ])
        #expect(try unknown.wait() == 2)
    }

    @Test func `a payment that is nobody's is looked at, then given to an account`() throws {
        _ = try system.startWorkers(system.keyed)
        let id = "01a00000-0000-7000-8000-00000000000a"
        try system.connection().script(
            """
            insert into facts.payment (id, organization, provider, number, typed, amount, paid_on, received_at, purpose)
            values ('\(id)', 'srkc', 'bank', '17', '10009', 123456, '2026-04-05', '2026-04-06', '{"kind":"steam"}')
            """)
        func assign(_ id: String, _ account: String, _ more: String...) throws -> (
            code: Int32, words: String
        ) {
            let child = try system.launch(
                [
                    "payment", "assign", id, "--organization", "srkc", "--account", account,
                    "--why",
                    "опечатка", "--json",
                ] + more)
            return (try child.wait(), child.words)
        }
        #expect(
            try system.kabinet(
                "payment", "list", "--organization", "srkc", "--nobody", "--json"
            ).contains(id))
        #expect(try assign("17", "10001").code == 2)
        #expect(try assign("01a00000-0000-7000-8000-00000000000b", "10001").code == 1)
        #expect(try assign(id, "77777", "--dry-run").code == 1)
        // Without charge kinds nothing can be posted.
        #expect(try assign(id, "10001", "--dry-run").code == 1)
        #expect(try assign(id, "10001").words.contains("CHARGE_REFERENCE"))
        try system.connection().script(
            """
            insert into facts.charge_kind
              (organization, code, valid_from, title, position, basis, unit, supplier, penalty, multiplied, separate)
            values ('srkc', 'upkeep', '2020-01-01', 'Содержание', 10, 'area', 'm2', 'uk', 'housing', false, false)
            """)
        let rehearsal = try assign(id, "10001", "--dry-run")
        #expect(rehearsal.code == 0 && rehearsal.words.contains(#""amount_kopecks":123456"#))
        // The payer named what there is not: both say that it does not count.
        #expect(rehearsal.words.contains(#""unknown_kind":"steam""#))
        #expect(try system.count("select count(*) from facts.entry") == 0)
        #expect(try assign(id, "77777").words.contains("NOT_FOUND"))
        let given = try assign(id, "10001")
        #expect(given.code == 0 && given.words.contains(#""unknown_kind":"steam""#))
        #expect(try assign(id, "10001").words.contains(#""unchanged":true"#))
        // Whose it is now stands beside what the payer wrote, and no two columns have one name.
        let list = try system.kabinet("payment", "list", "--organization", "srkc")
        #expect(list.contains("10001") && list.contains("10009"), "\(list)")
        let heads = list.split(separator: "\n").first?.split(separator: " ") ?? []
        #expect(heads.filter { $0 == "номер" }.count == 1, "\(list)")
        #expect(try assign(id, "10002").words.contains("PAY_ASSIGNED"))
        #expect(try assign(id, "10002", "--dry-run").code == 1)
        #expect(
            try system.count(
                """
                select count(*) from facts.entry e join facts.account a on a.id = e.account
                where a.number = '10001' and e.sort = 'advance' and e.amount = -123456
                """) == 1)
        #expect(
            try system.kabinet("audit", "list", "--action", "payment.assign", "--json").contains(
                "опечатка"))
    }

    @Test func `all that a closed month could not charge is listed`() throws {
        try system.connection().script(
            """
            insert into facts.period (organization, month, opened_at, closed_at)
            values ('srkc', '2026-04-01', now(), now()), ('srkc', '2026-05-01', now(), null);
            insert into facts.account (id, organization, number, stripped, company)
            select 1000 + i, 'srkc', (50000 + i)::text, 50000 + i, 'srkc' from generate_series(1, 1200) i;
            insert into facts.bill (account, month, organization, closed_at, withdrawn_at, version, upto, due_on, paid_until,
                                    opening, charged, recalculated, penalty, paid, closing, card, problems)
            select a.id, '2026-04-01', 'srkc', now(), case v when 1 then now() end, v, 0, '2026-05-15', '2026-04-30',
                   0, 0, 0, 0, 0, 0, '{}',
                   case when a.id <> 101 then
                     '[{"kind":"water","month":"2026-04","what":"norm"},{"kind":"waste","month":"2026-03","what":"residents"}]'::jsonb end
            from facts.account a, generate_series(1, 2) v where a.organization = 'srkc' and a.id in (101, 102) or a.id > 1000
            """)
        func problems(_ month: String, _ more: String...) throws -> (code: Int32, words: String) {
            let child = try system.launch(
                ["period", "problems", "--organization", "srkc", "--month", month] + more)
            return (try child.wait(), child.words)
        }
        #expect(try problems("2026-05").code == 1)
        #expect(try problems("2026-4").code == 2)
        let out = "\(system.directory)/problems.csv"
        #expect(try problems("2026-04", "--out", out).code == 0)
        let lines = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n")
        // Two of each of 1,201 accounts, once, and of nobody else.
        #expect(lines.count == 1 + 2402 && Set(lines).count == lines.count)
        #expect(lines[0].hasSuffix("account;kind;month;what;reason"))
        #expect(lines[1].hasPrefix("10002;water;2026-04;norm;"))
        #expect(lines[2].hasPrefix("10002;waste;2026-03;residents;"))
        #expect(lines[2402].hasPrefix("51200;waste;"))
        let json = try problems("2026-04", "--json").words
        #expect(
            json.contains(
                #"{"account":"51200","kind":"waste","month":"2026-03","what":"residents"}"#))
        // While a close goes on, or a part of it has failed, that is not all.
        let id = "(left(queue.first_id(now())::text, 13) || '-7000-8000-00000000000"
        try system.connection().script(
            """
            insert into queue.command (id, pool, lane, kind, organization, subject, payload, actor, channel, received_at, cause)
            select v.id::uuid, k.pool, 0, v.kind, 'srkc', 0, '{"month":"2026-04"}', 'operator:test', 'operator', now(), v.cause::uuid
            from (values (\(id)1'), 'period.close', null), (\(id)2'), 'period.charge', \(id)1'))) v (id, kind, cause)
            join queue.kind k on k.kind = v.kind
            """)
        let begun = try problems("2026-04", "--out", out)
        #expect(begun.code == 1 && begun.words.contains("не решено: 1"), "\(begun.words)")
        func settle(_ kind: String, _ outcome: String) throws {
            try system.connection().script(
                """
                insert into queue.exception (command, kind, body)
                select id, '\(outcome)', '{}' from queue.command where kind = '\(kind)'
                """)
        }
        try settle("period.close", "result")
        let going = try problems("2026-04", "--json")
        #expect(going.code == 1 && going.words.contains("не решено: 1"), "\(going.words)")
        try settle("period.charge", "abandoned")
        let failed = try problems("2026-04", "--out", out)
        #expect(failed.code == 1 && failed.words.contains("не удалось: 1"), "\(failed.words)")
        try settle("period.charge", "result")
        #expect(try problems("2026-04", "--out", out).code == 0)
    }

    @Test func `a month that is closed without all its data says so, and what to do, each time`()
        throws
    {
        try system.connection().script(
            """
            insert into facts.charge_kind
              (organization, code, valid_from, title, position, basis, service, "of", unit, supplier, penalty, multiplied, separate)
            values ('srkc', 'lift', '2026-04-01', 'Лифт', 15, 'fixed', null, null, 'm2', 'uk', 'housing', false, false);
            insert into facts.contract (organization, kind, valid_from) values ('srkc', 'lift', '2026-04-01')
            """)
        _ = try system.startWorkers(system.keyed)
        func period(_ what: String, _ month: String) throws -> (code: Int32, words: String) {
            let child = try system.launch(
                ["period", what, "--organization", "srkc", "--month", month])
            return (try child.wait(), child.words)
        }
        #expect(try period("close", "2026-03").code == 0)
        let preview = try period("preview", "2026-04")
        #expect(preview.code == 3 && preview.words.contains("kabinet period preview"), "\(preview)")
        let next = "4: kabinet period problems --organization srkc --month 2026-04"
        // The second time nothing is charged, and still not all is.
        for _ in 1...2 {
            let close = try period("close", "2026-04")
            #expect(close.code == 3 && close.words.contains(next), "\(close)")
        }
        #expect(try system.count("select count(*) from facts.bill where month = '2026-04-01'") == 4)
    }

    @Test func `a month that is not over is closed only when that is meant, and a preview says it`()
        throws
    {
        _ = try system.startWorkers(system.keyed)
        let month = try #require(
            try system.connection().script(
                "select to_char(clock.now() at time zone time_zone, 'YYYY-MM') from access.organization where code = 'srkc'"
            ).first?.text(0))
        func period(_ what: String, _ more: String...) throws -> (code: Int32, words: String) {
            let child = try system.launch(
                ["period", what, "--organization", "srkc", "--month", month] + more)
            return (try child.wait(), child.words)
        }
        let said = "месяц \(month) ещё не закончился: осталось дней, считая сегодняшний, – "
        let preview = try period("preview")
        #expect(preview.code == 0 && preview.words.contains(said), "\(preview)")
        #expect(try period("preview", "--json").words.contains("\"days_left\":"))
        let early = try period("close")
        #expect(early.code == 1 && early.words.contains(said), "\(early)")
        #expect(early.words.contains("--confirm"), "\(early)")
        let closed = "select count(*) from facts.period where closed_at is not null"
        #expect(try system.count(closed) == 0)
        let meant = try period("close", "--confirm")
        #expect(meant.code == 0 && meant.words.contains(said), "\(meant)")
        #expect(try system.count(closed) == 1)
        #expect(early.words.contains("месяц начислят целиком"), "\(early)")
        #expect(
            try system.count(
                """
                select count(*) from operations.audit
                where action = 'period.close' and details->'payload'->>'confirmed' = 'true'
                """) > 0)
        // What is closed is only told again.
        let again = try period("close")
        #expect(again.code == 0 && !again.words.contains(said), "\(again)")
    }

    @Test func `SF-193: ready bills come as an archive, each named by its account and month`()
        throws
    {
        func archive(_ name: String, _ files: [(String, String)]) throws -> String {
            let folder = "\(system.directory)/\(name)"
            for (file, text) in files {
                let path = "\(folder)/\(file)"
                try FileManager.default.createDirectory(
                    atPath: (path as NSString).deletingLastPathComponent,
                    withIntermediateDirectories: true)
                try text.write(toFile: path, atomically: true, encoding: .utf8)
            }
            _ = try System.script(
                [
                    "/usr/bin/python3", "-c",
                    "import shutil, sys; shutil.make_archive(sys.argv[1], 'zip', sys.argv[1])",
                    folder,
                ], log: "\(folder).log")
            return folder + ".zip"
        }
        func take(_ path: String, _ more: String...) throws -> (code: Int32, words: String) {
            let child = try system.launch(
                ["import", "bills", path, "--organization", "srkc", "--json"] + more)
            return (try child.wait(), child.words)
        }
        // Of a month that is charged here none is taken: neither where its bill is drawn already nor before that; of the months of
        // another system they are.
        try system.connection().script(
            """
            insert into facts.period (organization, month, opened_at, closed_at)
            values ('srkc', '2026-03-01', clock.now(), clock.now()), ('srkc', '2026-04-01', clock.now(), null);
            insert into facts.bill (account, month, organization, closed_at, version, upto, due_on, paid_until,
                                    opening, charged, recalculated, penalty, paid, closing, card)
            select a.id, '2026-03-01', 'srkc', clock.now(), 1, 0, '2026-04-15', '2026-03-31', 0, 0, 0, 0, 0, 0, '{}'
            from facts.account a where a.organization = 'srkc' and a.number = '10001'
            """)
        let own = try archive(
            "own",
            [
                ("10001_2026-03.pdf", "%PDF-1.7 own"), ("10002_2026-04.pdf", "%PDF-1.7 own"),
                ("10001_2026-02.pdf", "%PDF-1.7 before"),
            ])
        let refused = try take(own, "--dry-run")
        #expect(refused.code == 1)
        #expect(refused.words.contains(#""new":1,"unchanged":0,"refused":2"#), "\(refused.words)")
        for name in ["10001_2026-03", "10002_2026-04"] {
            #expect(refused.words.contains(#"{"name":"\#(name).pdf","reason":"ours"}"#))
        }
        #expect(try system.count("select count(*) from operations.bill_file") == 0)
        try importsCharges()
        // What was charged here stays so; what is still to come is the other system's.
        let later = try take(own, "--dry-run").words
        #expect(later.contains(#""new":2,"unchanged":0,"refused":1"#), "\(later)")
        // Whose month is not closed no page shows yet, and that is said.
        #expect(later.contains(#""waiting":2"#), "\(later)")
        let path = try archive(
            "bills",
            [
                ("10001_2026-04.pdf", "%PDF-1.7 first"),
                ("april/10002_2026-04.pdf", "%PDF-1.7 second"),
                ("10001_2026-13.pdf", "%PDF-"), ("77777_2026-04.pdf", "%PDF-1.7"),
                ("20001_2026-04.pdf", "no picture"), ("readme.txt", "%PDF-"),
            ])
        let rehearsal = try take(path, "--dry-run")
        #expect(rehearsal.code == 1)
        #expect(try system.count("select count(*) from operations.bill_file") == 0)
        let first = try take(path)
        #expect(first.code == 1)
        #expect(first.words.contains(#""new":2,"unchanged":0,"refused":4"#), "\(first.words)")
        for reason in [
            #"{"name":"10001_2026-13.pdf","reason":"name"}"#,
            #"{"name":"77777_2026-04.pdf","reason":"account"}"#,
            #"{"name":"20001_2026-04.pdf","reason":"kind"}"#,
            #"{"name":"readme.txt","reason":"name"}"#,
        ] { #expect(first.words.contains(reason), "\(reason)") }
        #expect(try take(path).words.contains(#""new":0,"unchanged":2"#))
        let other = try archive("other", [("10001_2026-04.pdf", "%PDF-1.7 another")])
        #expect(try take(other).words.contains(#""new":1,"unchanged":0,"refused":0"#))
        #expect(
            try system.connection().script(
                "select convert_from(file, 'UTF8') from views.bill_file order by account"
            ).map { $0.text(0) } == ["%PDF-1.7 another", "%PDF-1.7 second"])
        let garbage = try write("garbage.zip", "no archive")
        #expect(try take(garbage).code == 1)

        func withdraw(_ account: String, _ month: String, _ more: String...) throws -> Int32 {
            let child = try system.launch(
                [
                    "bill", "withdraw", "--organization", "srkc", "--account", account, "--month",
                    month, "--why", "не тот файл",
                ] + more)
            return try child.wait()
        }
        func shown() throws -> [String] {
            try system.connection().script(
                "select convert_from(file, 'UTF8') from views.bill_file order by account"
            ).map { $0.text(0) }
        }
        #expect(try withdraw("10001", "2026-04", "--dry-run") == 0)
        #expect(try shown().count == 2)
        #expect(try withdraw("10001", "2026-04") == 0)
        #expect(try shown() == ["%PDF-1.7 second"])
        // It is gone already; no other month and nobody's has one; and a month is no word.
        #expect(try withdraw("10001", "2026-04") == 1)
        #expect(try withdraw("10002", "2026-05") == 1)
        #expect(try withdraw("77777", "2026-04") == 1)
        #expect(try withdraw("10002", "апрель") == 2)
        #expect(
            try system.kabinet("audit", "list", "--action", "bill.withdraw", "--json")
                .contains("не тот файл"))
        // The same one may come again.
        #expect(try take(other).words.contains(#""new":1,"unchanged":0,"refused":0"#))
        #expect(try shown() == ["%PDF-1.7 another", "%PDF-1.7 second"])
    }

    /// Another system charges in srkc from now on.
    private func importsCharges() throws {
        let profile = try String(
            contentsOfFile: "\(TestDatabase.home)/ops/demo/organizations/srkc.yaml", encoding: .utf8
        )
        let path = try write("srkc.yaml", profile.replacing("by: kabinet", with: "by: import"))
        try system.kabinet("organization", "apply", path)
    }

    @Test
    func `a change that has its number but not its commit yet is waited for, not passed over`()
        throws
    {
        let slow = try system.connection()
        try slow.script("begin; \(change("10001", 101, "email", "slow@new.ru"))")
        try system.connection().script(change("10002", 102, "email", "quick@new.ru"))
        let child = try system.launch(["export", "contacts", "--organization", "srkc"])
        // It has seen the newer one, and asks who writes, again and again.
        var asked: Set<String> = []
        try eventually("the export waits") {
            if child.ended != nil { throw TestKitError("it did not wait: \(child.words)") }
            asked.formUnion(
                try system.connection().script(
                    """
                    select query_start::text from pg_stat_activity
                    where application_name = 'kabinet operator' and query ~ 'pg_locks'
                    """
                ).map { $0.text(0) })
            return asked.count >= 3
        }
        #expect(child.ended == nil && !child.words.contains("quick@new.ru"))
        try slow.script("commit")
        #expect(try child.wait() == 0)
        #expect(child.words.contains("slow@new.ru") && child.words.contains("quick@new.ru"))
    }
}
