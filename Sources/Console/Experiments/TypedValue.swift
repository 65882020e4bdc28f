import Experiments

/// Values of attributes as people type them: `DE, AT`, `18`, `4.2.0`, `true`, and in quotes what shall be a text whatever it looks like.
///
/// Nothing is guessed unseen: the form says how each was read.
enum TypedValue {
    struct Mistake: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    private struct Token {
        var text = ""
        var isQuoted = false
    }

    /// The values of a list, parted by commas.
    static func values(_ text: String) throws(Mistake) -> [AttributeValue] {
        let tokens = try tokens(text)
        guard tokens.count <= AttributeTest.mostValues else { throw Mistake("there are more than \(AttributeTest.mostValues) values.") }
        var values: [AttributeValue] = []
        for token in tokens {
            guard token.isQuoted || !token.text.isEmpty else {
                throw Mistake("a value is missing: write DE, or DE, AT for one of several.")
            }
            guard token.text.utf8.count <= Attributes.longestText else {
                throw Mistake("a value is longer than \(Attributes.longestText) bytes, as no device can tell it.")
            }
            if token.isQuoted {
                values.append(.text(token.text))
            } else if let number = number(token.text) {
                values.append(.number(number))
            } else {
                values.append(["true": .boolean(true), "false": .boolean(false)][token.text] ?? .text(token.text))
            }
        }
        return values
    }

    /// What is compared with: a number, or a version.
    static func limit(_ text: String) throws(Mistake) -> AttributeTest.Limit {
        let tokens = try tokens(text)
        guard tokens.count == 1, let token = tokens.first else { throw Mistake("compare with one value\(TypedNumber.advice(text)).") }
        if !token.isQuoted, let number = number(token.text) { return .number(number) }
        guard !token.text.isEmpty, Version(token.text) != nil else {
            throw Mistake(
                "compare with a number such as 18, or with a version such as 4.2.0 or \"4.10\" (in quotes, since 4.10 is a number).")
        }
        return .version(token.text)
    }

    private static func tokens(_ text: String) throws(Mistake) -> [Token] {
        var tokens = [Token()]
        var (isInside, isAfter) = (false, false)
        for character in text {
            switch character {
            case "\"":
                guard isInside || tokens[tokens.count - 1].text.allSatisfy({ $0 == " " }), !isAfter else {
                    throw Mistake("a quotation mark begins or ends a whole value.")
                }
                if !isInside { tokens[tokens.count - 1] = Token(isQuoted: true) }
                (isInside, isAfter) = (!isInside, isInside)
            case "," where !isInside:
                tokens.append(Token())
                isAfter = false
            default:
                guard !isAfter || character == " " else { throw Mistake("a quotation mark begins or ends a whole value.") }
                if !isAfter { tokens[tokens.count - 1].text.append(character) }
            }
        }
        guard !isInside else { throw Mistake("a quotation mark is missing.") }
        return tokens.map { token in
            guard !token.isQuoted else { return token }
            let words = token.text.split(separator: " ", omittingEmptySubsequences: false)
            let inner = words.drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.reversed()
            return Token(text: inner.joined(separator: " "))
        }
    }

    /// A number as JSON writes it: `007` and `1,5` are none.
    private static func number(_ text: String) -> Double? {
        guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil, let number = Double(text), number.isFinite
        else {
            return nil
        }
        return number
    }

    // MARK: As they are typed

    /// Values so that they are read as the same.
    static func text(_ values: [AttributeValue]) -> String { values.map { text($0) }.joined(separator: ", ") }

    static func text(_ limit: AttributeTest.Limit) -> String {
        switch limit {
        case .number(let number): text(number)
        case .version(let version): number(version) == nil ? version : "\"\(version)\""
        }
    }

    private static func text(_ value: AttributeValue) -> String {
        switch value {
        case .boolean(let boolean): return "\(boolean)"
        case .number(let number): return text(number)
        case .text(let text):
            let isRead = (try? values(text)) == [.text(text)]
            return isRead ? text : "\"\(text)\""
        }
    }

    static func text(_ number: Double) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
