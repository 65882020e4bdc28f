internal import CYAML

/// Reads a YAML document into nodes, by libyaml.
///
/// One document, no anchors or aliases (which let a small text stand for a huge one), no tags, a bounded size and depth.
package enum YAMLParser {
    /// The most bytes that a document may have.
    package static let maximumBytes = 1 << 20
    /// How deep mappings and sequences may lie in each other.
    package static let maximumDepth = 32

    /// The document that a text holds.
    package static func parse(_ text: String) throws(YAMLError) -> YAMLNode {
        // Some editors begin a file with the mark that tells UTF-8; it is no part of what was written.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = Array(text.utf8.starts(with: mark) ? text.utf8.dropFirst(mark.count) : text.utf8[...])
        let start = TextPlace(line: 1, column: 1)
        guard bytes.count <= maximumBytes else { throw YAMLError(start, "a plan has at most \(maximumBytes) bytes") }
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else { throw YAMLError(start, "there is no memory left") }
        defer { yaml_parser_delete(&parser) }
        let result: Result<YAMLNode, YAMLError> = bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
            yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
            do throws(YAMLError) {
                return .success(try document(&parser))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static func document(_ parser: inout yaml_parser_t) throws(YAMLError) -> YAMLNode {
        var root: YAMLNode?
        while true {
            var event = try next(&parser)
            defer { yaml_event_delete(&event) }
            switch event.type {
            case YAML_STREAM_START_EVENT, YAML_DOCUMENT_END_EVENT: continue
            case YAML_DOCUMENT_START_EVENT:
                guard root == nil else { throw YAMLError(place(event.start_mark), "a plan is one document") }
                var first = try next(&parser)
                defer { yaml_event_delete(&first) }
                root = try node(&parser, first, depth: 0)
            default:
                guard let root else { throw YAMLError(TextPlace(line: 1, column: 1), "the plan is empty") }
                return root
            }
        }
    }

    private static func node(_ parser: inout yaml_parser_t, _ event: yaml_event_t, depth: Int) throws(YAMLError) -> YAMLNode {
        let place = place(event.start_mark)
        guard depth < maximumDepth else { throw YAMLError(place, "this lies more than \(maximumDepth) levels deep") }
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            try refuseAnchor(scalar.anchor, place)
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            return YAMLNode(content: .scalar(text, isQuoted: scalar.style != YAML_PLAIN_SCALAR_STYLE), place: place)
        case YAML_SEQUENCE_START_EVENT:
            try refuseAnchor(event.data.sequence_start.anchor, place)
            var elements: [YAMLNode] = []
            while true {
                var inner = try next(&parser)
                defer { yaml_event_delete(&inner) }
                if inner.type == YAML_SEQUENCE_END_EVENT { return YAMLNode(content: .sequence(elements), place: place) }
                elements.append(try node(&parser, inner, depth: depth + 1))
            }
        case YAML_MAPPING_START_EVENT:
            try refuseAnchor(event.data.mapping_start.anchor, place)
            return YAMLNode(content: .mapping(try members(&parser, depth: depth)), place: place)
        default: throw YAMLError(place, "aliases are not understood; write it out")
        }
    }

    private static func members(_ parser: inout yaml_parser_t, depth: Int) throws(YAMLError) -> [YAMLNode.Member] {
        var members: [YAMLNode.Member] = []
        var seen: Set<String> = []
        while true {
            var event = try next(&parser)
            defer { yaml_event_delete(&event) }
            if event.type == YAML_MAPPING_END_EVENT { return members }
            let key = try node(&parser, event, depth: depth + 1)
            guard let name = key.text, !name.isEmpty else { throw YAMLError(key.place, "a key is a word, not \(key.kind)") }
            guard seen.insert(name).inserted else { throw YAMLError(key.place, "there is another '\(name)' before") }
            var inner = try next(&parser)
            defer { yaml_event_delete(&inner) }
            members.append(YAMLNode.Member(key: name, place: key.place, value: try node(&parser, inner, depth: depth + 1)))
        }
    }

    private static func next(_ parser: inout yaml_parser_t) throws(YAMLError) -> yaml_event_t {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else {
            let problem = parser.problem.map { String(cString: $0) } ?? "this is no YAML"
            throw YAMLError(place(parser.problem_mark), "this is no YAML: \(problem)")
        }
        return event
    }

    private static func refuseAnchor(_ anchor: UnsafeMutablePointer<yaml_char_t>?, _ place: TextPlace) throws(YAMLError) {
        if anchor != nil { throw YAMLError(place, "anchors are not understood; write it out") }
    }

    private static func place(_ mark: yaml_mark_t) -> TextPlace { TextPlace(line: mark.line + 1, column: mark.column + 1) }
}
