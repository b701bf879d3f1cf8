import Commands
import Crypto
import Operations
import Settings

/// Sealing keys: the file of the workers, and what is published of it.
extension CommandLineTool {
    func keyCreate(_ arguments: Arguments) throws -> Int32 {
        let path = arguments.operands[0]
        let key = try SealingKeys.create(path)
        output.say(.keyCreated(key.id, path))
        return 0
    }

    func keyAdd(_ arguments: Arguments) throws -> Int32 {
        let path = arguments.operands[0]
        let key = try SealingKeys.add(to: path)
        output.say(.keyAdded(key.id, path))
        return 0
    }

    func keyPublish(_ arguments: Arguments) throws -> Int32 {
        guard let path = context.environment.sealingKeyFile else {
            throw OperationError(.noKeyFile)
        }
        let why = try arguments.required("why")
        guard let key = try SealingKeys.read(path).first else {
            throw SealingError.noKeys(path)
        }
        let isNew = try PublishedKeys(try context.console()).publish(key, why: why)
        output.say(isNew ? .keyPublished(key.id) : .unchanged(key.id))
        return 0
    }

    func keyList(_ arguments: Arguments) throws -> Int32 {
        let keys = try PublishedKeys(try context.console()).list()
        if arguments.has("json") {
            for key in keys {
                output.json(
                    .object([
                        "key": .string(key.id), "since": .string("\(key.since)"),
                        "by": .string(key.publishedBy), "newest": .bool(key.isNewest),
                        "needed": .bool(key.isNeeded), "workers": .int(key.processes),
                        "holders": .int(key.holders),
                    ]))
            }
            return 0
        }
        if keys.isEmpty { output.say(.nothingFound) }
        output.table(
            ["key", "since", "actor", "newest", "needed", "holders"],
            keys.map { key in
                [
                    key.id, "\(key.since)", key.publishedBy, key.isNewest ? "✓" : "",
                    key.isNeeded ? "✓" : "", "\(key.holders)/\(key.processes)",
                ]
            })
        return 0
    }
}
