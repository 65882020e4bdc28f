internal import Text

extension YAMLShape {
    /// The shape as a JSON Schema of the draft 2020-12, for editors.
    func schema(title: String) -> JSONValue {
        guard case .object(let members) = Kind.shape(self).schema else { return .null }
        return .object([("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", .string(title))] + members)
    }
}

extension YAMLShape.Kind {
    fileprivate var schema: JSONValue {
        switch self {
        case .text: ["type": "string", "minLength": 1]
        // An editor's YAML reads an unquoted 1 as a number, which here is the text that it looks like.
        case .scalar: ["type": ["string", "number", "boolean"]]
        case .nothing: ["type": "null"]
        case .number: ["type": "number"]
        case .boolean: ["type": "boolean"]
        case .share: ["anyOf": [["type": "number"], ["type": "string", "pattern": "^ *-?([0-9]+\\.?[0-9]*|\\.[0-9]+) *%$"]]]
        // More than zero of them.
        case .duration:
            [
                "type": "string",
                "pattern": "^ *([0-9]*[1-9][0-9]*\\.?[0-9]*|[0-9]*\\.[0-9]*[1-9][0-9]*) +(second|minute|hour|day|week)s? *$",
            ]
        case .event: ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"]
        case .choice(let words): .object([("enum", .array(words.map { .string($0) }))])
        case .list(let kind): .object([("type", "array"), ("items", kind.schema)])
        case .named(let kind): .object([("type", "object"), ("additionalProperties", kind.schema)])
        case .either(let kinds): .object([("anyOf", .array(kinds.map(\.schema)))])
        case .shape(let shape):
            .object([
                ("type", "object"), ("additionalProperties", false),
                ("required", .array(shape.keys.filter(\.isRequired).map { .string($0.name) })),
                ("properties", .object(shape.keys.map { ($0.name, described($0)) })),
            ])
        }
    }

    private func described(_ key: YAMLShape.Key) -> JSONValue {
        guard case .object(let members) = key.kind.schema else { return .null }
        return .object([("description", .string(key.help))] + members)
    }
}
