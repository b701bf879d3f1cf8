@main struct Kabinet {
    static func main() {}
}
