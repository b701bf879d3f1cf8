public import Commands

/// Sums in words, and numbers as people type them.
extension Words {
    /// «Сколько будет двенадцать плюс семь?»
    public static func question(_ question: Question, _ language: Language) -> String {
        text(
            question.adds ? "question.plus" : "question.minus", language,
            [
                "left": number(question.left, language), "right": number(question.right, language),
            ])
    }

    /// What somebody answered, in digits or in words of either language; nil: no number up to 99.
    public static func number(answered typed: String) -> Int? {
        var words = [""]
        for scalar in typed.lowercased().unicodeScalars {
            switch scalar {
            case "ё": words[words.count - 1].append("е")
            case _ where scalar.properties.isAlphabetic || ("0"..."9").contains(scalar):
                words[words.count - 1].unicodeScalars.append(scalar)
            default: words.append("")
            }
        }
        words.removeAll { $0.isEmpty || $0 == "and" }
        if words.count == 1, words[0].utf8.count <= 2, let digits = Int(words[0]) { return digits }
        for numbers in [russian, english] {
            let values = words.map { numbers[$0] }
            switch (values.count, values.first ?? nil, values.last ?? nil) {
            case (1, let only?, _): return only
            case (2, let tens?, let ones?)
            where tens >= 20 && tens % 10 == 0 && (1...9).contains(ones):
                return tens + ones
            default: continue
            }
        }
        return nil
    }

    private static func number(_ number: Int, _ language: Language) -> String {
        let words = language == .ru ? russianWords : englishWords
        guard number > 20, number % 10 != 0 else {
            return words[number < 20 ? number : 18 + number / 10]
        }
        return words[18 + number / 10] + (language == .ru ? " " : "-") + words[number % 10]
    }

    /// 0…19, then 20, 30 … 90.
    private static let russianWords = [
        "ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять",
        "десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать",
        "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать", "двадцать", "тридцать",
        "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто",
    ]
    private static let englishWords = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
        "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ]
    private static let russian = values(russianWords)
    private static let english = values(englishWords)

    private static func values(_ words: [String]) -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: words.enumerated().map { index, word in
                (word, index < 20 ? index : (index - 18) * 10)
            })
    }
}
