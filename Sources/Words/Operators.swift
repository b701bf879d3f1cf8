extension Words {
    static let operators: [String: Entry] = [:]
}
