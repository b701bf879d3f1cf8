/// What a payee's requisites look like: who wrote one digit wrong is told before money goes astray.
public enum Requisites {
    /// An ИНН of an organization (10 digits) or of a person (12), whose last digits are made of the others (приказ ФНС
    /// ЕД-7-14/559@, and the well-known weights: the sum of products, its rest of 11, the rest of that of 10).
    public static func isINN(_ text: String) -> Bool {
        guard let digits = numbers(text), digits.prefix(2) != [0, 0] else { return false }
        switch digits.count {
        case 10: return digits[9] == check(digits, weights[2...])
        case 12:
            return digits[10] == check(digits, weights[1...])
                && digits[11] == check(digits, weights[0...])
        default: return false
        }
    }

    /// A КПП: the tax office's four digits, two digits or capital Latin letters of the ground, three digits of a number
    /// (приказ ФНС ЕД-7-14/559@).
    public static func isKPP(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 9 else { return false }
        return bytes.enumerated().allSatisfy { place, byte in
            isDigit(byte) || (4...5).contains(place) && byte >= 65 && byte <= 90
        }
    }

    /// So many digits of ASCII, and nothing else.
    public static func isDigits(_ text: String, _ count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy(isDigit)
    }

    /// Whether the control key of an account fits the bank's BIC (Bank of Russia, 515 of 08.09.1997): weights 7, 1, 3 over
    /// three digits of the bank and the account make a sum that ends with 0. Of accounts with the Bank of Russia itself
    /// (correspondent ones, and those of a BIC that ends with 000, 001 or 002) the bank's digits are 0 and the fifth and
    /// sixth of the BIC. Accounts of the Treasury, which begin with 0, have no key.
    public static func fits(
        account: String, bic: String, isCorrespondent: Bool = false
    ) -> Bool {
        guard isDigits(account, 20), isDigits(bic, 9), let account = numbers(account),
            let bic = numbers(bic)
        else { return false }
        if account[0] == 0 { return true }
        let isOfBankOfRussia = bic[6] == 0 && bic[7] == 0 && bic[8] < 3
        let bank = isCorrespondent || isOfBankOfRussia ? [0, bic[4], bic[5]] : Array(bic[6...])
        let sum = (bank + account).enumerated().reduce(0) {
            $0 + $1.element * [7, 1, 3][$1.offset % 3]
        }
        return sum % 10 == 0
    }

    private static let weights = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]

    private static func check(_ digits: [Int], _ weights: ArraySlice<Int>) -> Int {
        zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 } % 11 % 10
    }

    private static func numbers(_ text: String) -> [Int]? {
        guard text.utf8.allSatisfy(isDigit) else { return nil }
        return text.utf8.map { Int($0) - 48 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
}
