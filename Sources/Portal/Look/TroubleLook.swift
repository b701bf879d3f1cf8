/// Pages that say why there is no other.
enum TroubleLook {
    static let css: StaticString = ""
}
