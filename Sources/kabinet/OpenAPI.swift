import Commands
import HTTP

/// `/openapi.json` (OpenAPI 3.1), made of what the routes say of themselves.
enum OpenAPI {
    static func document(_ endpoints: [Endpoint], url: String) -> JSON {
        var paths: [(pattern: String, operations: [JSON.Member])] = []
        for endpoint in endpoints {
            let operation = JSON.Member(endpoint.method.lowercased(), describe(endpoint))
            if let index = paths.firstIndex(where: { $0.pattern == endpoint.pattern }) {
                paths[index].operations.append(operation)
            } else {
                paths.append((endpoint.pattern, [operation]))
            }
        }
        return .object([
            "openapi": .string("3.1.0"),
            "info": .object([
                "title": .string("Kabinet"), "version": .string(CommandLineTool.version),
                "description": .string(
                    "Commands in, views out. Errors are RFC 9457 problems with a stable `code`."),
            ]),
            "servers": .array([.object(["url": .string(url)])]),
            "paths": .object(paths.map { JSON.Member($0.pattern, .object($0.operations)) }),
            "components": .object([
                "securitySchemes": .object([
                    "token": .object(["type": .string("http"), "scheme": .string("bearer")]),
                    "session": .object([
                        "type": .string("apiKey"), "in": .string("cookie"),
                        "name": .string("kabinet_session"),
                    ]),
                    "sessionToken": .object([
                        "type": .string("http"), "scheme": .string("bearer"),
                        "description": .string("A session's token, `ks_…`."),
                    ]),
                    "operator": .object([
                        "type": .string("apiKey"), "in": .string("cookie"),
                        "name": .string("kabinet_operator"),
                    ]),
                ])
            ]),
        ])
    }

    private static func describe(_ endpoint: Endpoint) -> JSON {
        let security: JSON?
        switch endpoint.caller {
        case .anyone: security = nil
        case .token(let scope):
            security = .array([.object(["token": .array([.string(scope)])])])
        case .person: security = .array(Self.person(endpoint))
        case .tokenOrPerson(let scope):
            security = .array(
                [.object(["token": .array([.string(scope)])])] + Self.person(endpoint))
        case .operator: security = .array([.object(["operator": .array([])])])
        }
        var parameters = endpoint.pattern.split(separator: "/").compactMap { segment -> JSON? in
            guard segment.first == "{", let end = segment.firstIndex(of: "}") else { return nil }
            return parameter(
                String(segment[segment.index(after: segment.startIndex)..<end]), "path", "string",
                isRequired: true, "")
        }
        parameters += endpoint.query.map {
            parameter($0.name, "query", $0.type, isRequired: $0.isRequired, $0.note)
        }
        return .object([
            "summary": .string(endpoint.summary),
            "security": security,
            "parameters": parameters.isEmpty ? nil : .array(parameters),
            "requestBody": endpoint.media.map { body($0, endpoint.fields) },
            "responses": .object(
                endpoint.statuses.sorted().map { status in
                    JSON.Member(
                        String(status), .object(["description": .string(Self.meaning(status))]))
                }),
        ])
    }

    /// Browsers show a cookie; a program may show what is in it as a bearer's token.
    private static func person(_ endpoint: Endpoint) -> [JSON] {
        let cookie = JSON.object(["session": .array([])])
        guard endpoint.pattern.contains("/api/") else { return [cookie] }
        return [cookie, .object(["sessionToken": .array([])])]
    }

    private static func parameter(
        _ name: String, _ place: String, _ type: String, isRequired: Bool, _ note: String
    ) -> JSON {
        .object([
            "name": .string(name), "in": .string(place), "required": .bool(isRequired),
            "schema": .object(["type": .string(type)]),
            "description": note.isEmpty ? nil : .string(note),
        ])
    }

    private static func body(_ media: String, _ fields: [Endpoint.Field]) -> JSON {
        .object([
            "required": .bool(true),
            "content": .object([
                JSON.Member(
                    media,
                    .object([
                        "schema": .object([
                            "type": .string("object"),
                            "additionalProperties": .bool(false),
                            "required": .array(
                                fields.filter(\.isRequired).map { .string($0.name) }),
                            "properties": .object(
                                fields.filter { !$0.isPattern }.map(property)),
                            "patternProperties": fields.contains(where: \.isPattern)
                                ? .object(fields.filter(\.isPattern).map(property)) : nil,
                        ])
                    ]))
            ]),
        ])
    }

    private static func property(_ field: Endpoint.Field) -> JSON.Member {
        JSON.Member(
            field.name,
            .object(["type": .string(field.type), "description": .string(field.note)]))
    }

    private static func meaning(_ status: Int) -> String {
        switch status {
        case 200: "Done, or as asked."
        case 202: "Taken and not decided yet; Location says where to ask."
        case 303: "Done; see Location."
        case 400: "The request is not of its shape."
        case 401: "No valid token."
        case 403: "Not with this token, or from another site."
        case 404: "Not there."
        case 413: "Too large."
        case 415: "Another media type."
        case 422: "Refused by the rules: `code`, `message`, `values`."
        case 429: "Your limit; Retry-After says when."
        case 503: "Ours; nothing was saved. Retry-After says when."
        default: "See RFC 9110."
        }
    }
}
