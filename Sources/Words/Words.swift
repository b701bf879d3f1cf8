public import Commands
public enum Language: String, Sendable { case ru, en }
public enum Words {
    public static func text(
        _ key: String, _ language: Language, _ values: [String: String] = [:]
    ) -> String { key }
    public static func refusal(_ refusal: Refusal, _ language: Language) -> String {
        refusal.code.rawValue
    }
}
