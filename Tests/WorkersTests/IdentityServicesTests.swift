import Commands
import Crypto
import Postgres
import Queue
import TestKit
import Testing
import Workers

extension `Access` {
    // MARK: Services

    @Test
    func
        `SF-130…137: consents are one a purpose, to confirmed contacts, of the text that was shown`()
        throws
    {
        let office = try office()
        let person = try office.person()
        func save(_ on: String, _ version: String = "1") throws -> String {
            try office.tried(
                .saveServices,
                #"{"account":"120","on":[\#(on)],"versions":{"sms_news":"\#(version)","email_bill":"\#(version)"}}"#,
                actor: person)
        }
        #expect(try save(#""sms_news""#) == "ID_CONTACT")
        #expect(try save(#""email_bill""#, "0") == "ID_TERMS")
        #expect(try save(#""email_bill""#) == "done")
        #expect(try save(#""paper_bill""#) == "ID_NOT_ALLOWED")
        #expect(
            try office.tried(
                .changePhone,
                #"{"phone":"+79500000012","password":"\#(office.sealed("тайна-2026"))"}"#,
                actor: person) == "done")
        let code = try office.secret("phone.code")
        #expect(
            try office.tried(.confirmPhone, #"{"code":"\#(office.sealed(code))"}"#, actor: person)
                == "done")
        #expect(try save(#""sms_news""#) == "done")
        // Nothing new is nothing to record.
        #expect(try save(#""sms_news""#) == "done")
        let record = try office.texts(
            "select concat_ws(' ', purpose, given, version, contact) from identity.consent where organization = $o and account is not null order by n"
        )
        #expect(
            record == [
                "email_bill t 1 iv***@example.ru", "sms_news t 1 +7950***0012", "email_bill f 1",
            ])
    }

    @Test func `a consent is one person's, and goes with the account`() throws {
        let office = try office()
        let ivan = try office.person()
        let guest = try office.person("А0121", "Ковалев", email: "k@example.ru")
        #expect(
            try office.tried(
                .attachAccount, #"{"account":"120","surname":"Иванов"}"#, actor: guest) == "done")
        func save(_ on: String, _ person: String) throws {
            #expect(
                try office.tried(
                    .saveServices,
                    #"{"account":"120","on":[\#(on)],"versions":{"email_bill":"1"}}"#,
                    actor: person) == "done")
        }
        func record() throws -> [String] {
            try office.texts(
                "select case principal when \(ivan.dropFirst(7)) then 'ivan ' else 'guest ' end || given from identity.consent where organization = $o and account is not null order by n"
            )
        }
        try save(#""email_bill""#, ivan)
        // Nothing of another's is taken back.
        try save("", guest)
        #expect(try record() == ["ivan true"])
        try save(#""email_bill""#, guest)
        #expect(try office.tried(.detachAccount, #"{"account":"120"}"#, actor: guest) == "done")
        #expect(try record() == ["ivan true", "guest true", "guest false"])
        #expect(
            try office.tried(
                .deleteUser, #"{"password":"\#(office.sealed("тайна-2026"))"}"#, actor: ivan)
                == "done")
        #expect(try record() == ["ivan true", "guest true", "guest false", "ivan false"])
    }

    // MARK: Contacts

    @Test func `of several owners each has contacts of their own, and the export says whose`()
        throws
    {
        let office = try office()
        let ivan = try office.person()
        let petr = try office.person("А0121", "Ковалев", email: "k@example.ru")
        #expect(
            try office.tried(
                .attachAccount, #"{"account":"120","surname":"Иванов"}"#, actor: petr) == "done")
        func export(owners: Bool, after: Int64 = 0) throws -> [String] {
            let statement: Statement = "operations/export_contacts"
            let connection = try Connection(
                office.database.address(role: "kabinet_operator"), library: office.database.library,
                preparing: [statement])
            return try connection.run(
                statement, .text(office.code), .int64(after), .int64(.max), .null, .int64(100),
                .bool(owners)
            ).map { row in
                func text(_ column: Int) -> String { row.optional(column, row.text) ?? "" }
                return [row.text(1), text(3), text(4), text(6)].joined(separator: " ")
            }
        }
        #expect(
            try export(owners: false) == [
                "120 owner  ivanov@example.ru", "А0121 owner  k@example.ru",
                "120 co-owner  k@example.ru",
            ])
        #expect(
            try export(owners: true) == ["А0121 owner  k@example.ru", "120 owner  ivanov@example.ru"])
        // What the co-owner changes is not the owner's.
        let top = try office.text(
            "select max(n)::text from identity.contact where organization = $o")
        #expect(
            try office.tried(
                .changeEmail,
                #"{"email":"new@example.ru","password":"\#(office.sealed("тайна-2026"))"}"#,
                actor: petr) == "done")
        #expect(try office.openLink("email.confirm", to: "new@example.ru") == "done")
        let after = try #require(Int64(top))
        #expect(
            try export(owners: false, after: after) == [
                "А0121 owner  new@example.ru", "120 co-owner  new@example.ru",
            ])
        #expect(
            try export(owners: true, after: after) == [
                "А0121 owner  new@example.ru", "120 owner  ivanov@example.ru",
            ])
        // Who goes is told to be gone; the other one's is the account's then.
        #expect(
            try office.tried(
                .deleteUser, #"{"password":"\#(office.sealed("тайна-2026"))"}"#, actor: ivan)
                == "done")
        #expect(try export(owners: false).contains("120 former  "))
        #expect(try export(owners: true).contains("120 owner  new@example.ru"))
    }
}
