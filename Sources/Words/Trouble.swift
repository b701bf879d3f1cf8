/// Pages that say why there is no other, and what becomes of what was typed.
extension Words {
    static let trouble: [String: Entry] = [:]
}
