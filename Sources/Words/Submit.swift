/// «Передать показания»: all meters of an account on one page.
extension Words {
    static let submit: [String: Entry] = [:]
}
