internal import Text

/// What a part of a document may be: one description from which documents are checked and their JSON Schema is written.
struct YAMLShape: Sendable {
    indirect enum Kind: Sendable {
        case text, number, boolean
        /// A text, a number or a truth value.
        case scalar
        /// A whole number or one with a per cent sign, `2 %`.
        case share
        /// A span of time: `7 days`.
        case duration
        /// A name that events may have.
        case event
        case choice([String])
        case list(Kind)
        /// Names, which are free, and what each stands for.
        case named(Kind)
        case shape(YAMLShape)
        /// Nothing after a key.
        case nothing
        /// The first of these that fits the form of the node.
        case either([Kind])
    }

    struct Key: Sendable {
        let name: String
        let kind: Kind
        let isRequired: Bool
        let help: String

        init(_ name: String, _ kind: Kind, required: Bool = false, _ help: String) {
            (self.name, self.kind, isRequired, self.help) = (name, kind, required, help)
        }
    }

    /// What a message calls it: "a metric".
    let name: String
    let keys: [Key]
}

extension YAMLShape.Kind {
    /// Checks a node and all that is in it.
    func check(_ node: YAMLNode) throws(YAMLError) {
        switch self {
        case .text, .scalar:
            guard let text = node.text, !text.isEmpty else { throw expected(node) }
        case .nothing: guard node.isNothing else { throw expected(node) }
        case .number: guard node.number != nil else { throw expected(node) }
        case .boolean: guard node.boolean != nil else { throw expected(node) }
        case .share: guard node.share != nil else { throw expected(node) }
        case .duration:
            guard let seconds = node.seconds else { throw expected(node) }
            guard seconds > 0 else {
                throw YAMLError(
                    node.place, "nothing counts within \(node.kind): say a longer time such as 7 days, or leave it out, and all counts")
            }
        case .event: guard node.isNameOfEvents else { throw expected(node) }
        case .choice(let words):
            guard let text = node.text else { throw expected(node) }
            guard words.contains(text) else {
                let meant = Spelling.nearest(to: text, among: words)
                let hint = meant.map { "; did you mean '\($0)'?" } ?? ""
                throw YAMLError(node.place, "expected \(name), found '\(text)'\(hint)", suggestion: meant)
            }
        case .list(let element):
            guard case .sequence(let elements) = node.content else { throw expected(node) }
            for inner in elements { try element.check(inner) }
        case .named(let kind):
            guard case .mapping(let members) = node.content else { throw expected(node) }
            for member in members { try kind.check(member.value) }
        case .shape(let shape): try shape.check(node)
        case .either(let kinds):
            guard let kind = kinds.first(where: { $0.fits(node) }) else { throw expected(node) }
            try kind.check(node)
        }
    }

    /// Whether the node has the form, whatever is in it.
    private func fits(_ node: YAMLNode) -> Bool {
        switch (self, node.content) {
        case (.list, .sequence), (.named, .mapping), (.shape, .mapping): true
        case (.list, _), (.named, _), (.shape, _), (_, .sequence), (_, .mapping): false
        case (.nothing, .scalar): node.isNothing
        case (.number, .scalar): node.number != nil
        case (.boolean, .scalar): node.boolean != nil
        case (.share, .scalar): node.share != nil
        case (.duration, .scalar): node.seconds != nil
        default: true
        }
    }

    private func expected(_ node: YAMLNode) -> YAMLError { YAMLError(node.place, "expected \(name), found \(node.kind)") }

    var name: String {
        switch self {
        case .text: "a text"
        case .scalar: "a text or a number"
        case .nothing: "nothing"
        case .number: "a number"
        case .boolean: "true or false"
        case .share: "a number or a percentage such as 2 %"
        case .duration: "a span of time such as 7 days"
        case .event: "a name of events (1 to 64 of A-Z a-z 0-9 . _ -)"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .list(let kind): "a list, each element \(kind.name)"
        case .named(let kind): "names, each with \(kind.name)"
        case .shape(let shape): "\(shape.name) (\(shape.keys.map(\.name).joined(separator: ", ")))"
        case .either(let kinds): kinds.map(\.name).joined(separator: " or ")
        }
    }
}

extension YAMLShape {
    func check(_ node: YAMLNode) throws(YAMLError) {
        guard case .mapping(let members) = node.content else {
            throw YAMLError(node.place, "expected \(Kind.shape(self).name), found \(node.kind)")
        }
        for member in members {
            guard let key = keys.first(where: { $0.name == member.key }) else {
                let meant = Spelling.nearest(to: member.key, among: keys.map(\.name))
                let hint = meant.map { "did you mean '\($0)'?" } ?? "it may have " + keys.map(\.name).joined(separator: ", ")
                throw YAMLError(member.place, "\(name) has no '\(member.key)'; \(hint)", suggestion: meant)
            }
            try key.kind.check(member.value)
        }
        for key in keys where key.isRequired && node[key.name] == nil {
            throw YAMLError(node.place, "\(name) needs '\(key.name)': \(key.help)")
        }
    }
}

extension YAMLNode {
    /// Whether nothing stands there, or one of YAML's words for it.
    var isNothing: Bool {
        guard case .scalar(let text, let isQuoted) = content else { return false }
        return !isQuoted && ["", "~", "null"].contains(text)
    }

    /// Whether clients may call events so.
    var isNameOfEvents: Bool {
        text?.wholeMatch(of: /[A-Za-z0-9._-]{1,64}/) != nil
    }

    /// A number, or a percentage as a share of one.
    package var share: (value: Double, isPercentage: Bool)? {
        if let number { return (number, false) }
        guard case .scalar(let text, _) = content, text.hasSuffix("%") else { return nil }
        let words = text.dropLast().split(separator: " ")
        guard words.count == 1 else { return nil }
        let isBelow = words[0].hasPrefix("-")
        return YAMLNode.decimal(isBelow ? words[0].dropFirst() : words[0]).map { ((isBelow ? -$0 : $0) / 100, true) }
    }

    /// A span of time in seconds: `7 days`, `12 hours`, `1 week`.
    package var seconds: Double? {
        guard let words = text?.split(separator: " "), words.count == 2, let number = YAMLNode.decimal(words[0]) else { return nil }
        let units = ["second": 1.0, "minute": 60, "hour": 3600, "day": 86400, "week": 604_800]
        guard let unit = units[String(words[1].hasSuffix("s") ? words[1].dropLast() : words[1])] else { return nil }
        return (unit * number).isFinite ? unit * number : nil
    }

    /// The number that digits, with a point perhaps, are; as the patterns of JSON Schemas have it.
    private static func decimal(_ text: Substring) -> Double? {
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: ".") }) else { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }
}
