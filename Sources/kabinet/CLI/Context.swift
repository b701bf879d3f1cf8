import Commands
import Glibc
import Operations
import Postgres
import Settings
import Words

/// What the operators' command line takes from its process.
extension Context {
    var language: Language { environment.language == .en ? .en : .ru }

    /// A session as the operators' role, whatever `DATABASE_URL` says: what it may do is what
    /// operators may.
    func console() throws -> Console {
        guard environment.databaseURL != nil else { throw OperationError(.noDatabase) }
        let address = try address("kabinet_operator").with("application_name", "kabinet operator")
        return Console(try Connection(address, library: library))
    }

    /// A profile's file as JSON. Plain `true`, `false` and whole numbers are themselves; everything
    /// else, and whatever stands in quotes, is a text.
    func profile(_ path: String) throws -> JSON {
        json(try YAML.parse(try bytes(path)))
    }

    private func json(_ node: YAML.Node) -> JSON {
        switch node.value {
        case .sequence(let items): return .array(items.map(json))
        case .mapping(let entries):
            return .object(entries.map { JSON.Member($0.key, json($0.value)) })
        case .scalar(let text, let isQuoted):
            if isQuoted { return .string(text) }
            if node.isNull { return .null }
            if text == "true" || text == "false" { return .bool(text == "true") }
            if let number = Int64(text), String(number) == text { return .int(number) }
            return .string(text)
        }
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else {
            throw OperationError(.cannotRead(path, String(cString: strerror(errno))))
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        // One portion more than a settings file may have: its parser says that it is too long.
        while bytes.count <= YAML.longest {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        if ferror(file) != 0 {
            throw OperationError(.cannotRead(path, String(cString: strerror(errno))))
        }
        return bytes
    }
}
