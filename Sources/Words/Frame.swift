/// What stands around every page, and the sections in the five organizations' shapes.
extension Words {
    static let frame: [String: Entry] = [
        "page.browsers": .init("Рекомендуем браузеры: {list}", "Recommended browsers: {list}")
    ]
}
