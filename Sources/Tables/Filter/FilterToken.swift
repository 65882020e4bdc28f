/// A word of a filter, and where it stands.
struct FilterToken: Hashable {
    enum Kind: Hashable {
        case name(String)
        case text(String)
        case number(Double)
        case comparison(Condition.Comparison)
        case and, or, not, isWord, inWord, null
        case open, close, comma
        case end
    }

    let kind: Kind
    /// The character where it begins, counted from 1.
    let position: Int
    /// As it is written, for messages.
    let source: String

    /// The words of a text; the last is its end.
    static func all(of text: String) throws(FilterError) -> [FilterToken] {
        let characters = Array(text)
        var tokens: [FilterToken] = []
        var at = 0
        while at < characters.count {
            let start = at
            let character = characters[at]
            at += 1
            let kind: Kind
            switch character {
            case _ where character.isWhitespace: continue
            case "(": kind = .open
            case ")": kind = .close
            case ",": kind = .comma
            case "=":
                if at < characters.count, characters[at] == "=" { at += 1 }
                kind = .comparison(.equal)
            case "<", ">", "!":
                var sign = String(character)
                if at < characters.count, characters[at] == "=" || (character == "<" && characters[at] == ">") {
                    sign.append(characters[at])
                    at += 1
                }
                guard let comparison = Condition.Comparison(rawValue: sign == "<>" ? "!=" : sign) else {
                    throw .syntax(position: start + 1, found: "'!'", expected: "'!=' or 'not'")
                }
                kind = .comparison(comparison)
            case "'", "\"", "`":
                let content = try quoted(characters, by: character, from: &at)
                kind = character == "'" ? .text(content) : .name(content)
            case _ where character.isNumber || ((character == "-" || character == "+" || character == ".") && at < characters.count):
                while at < characters.count, isPartOfNumber(characters, at) { at += 1 }
                let source = String(characters[start..<at])
                guard let number = Double(source), number.isFinite else {
                    throw .syntax(position: start + 1, found: "'\(source)'", expected: "a number, a column or a text in quotes")
                }
                kind = .number(number)
            case _ where character.isLetter || character == "_":
                while at < characters.count, characters[at].isLetter || characters[at].isNumber || "_.".contains(characters[at]) { at += 1 }
                kind = word(String(characters[start..<at]))
            default:
                throw .syntax(position: start + 1, found: "'\(character)'", expected: "a column, a value or a comparison")
            }
            tokens.append(FilterToken(kind: kind, position: start + 1, source: String(characters[start..<at])))
        }
        tokens.append(FilterToken(kind: .end, position: characters.count + 1, source: ""))
        return tokens
    }

    private static func word(_ word: String) -> Kind {
        switch word.lowercased() {
        case "and": .and
        case "or": .or
        case "not": .not
        case "is": .isWord
        case "in": .inWord
        case "null": .null
        default: .name(word)
        }
    }

    /// The text up to the closing quote; a doubled quote stands for one.
    private static func quoted(_ characters: [Character], by quote: Character, from at: inout Int) throws(FilterError) -> String {
        let start = at
        var content = ""
        while at < characters.count {
            let character = characters[at]
            at += 1
            guard character == quote else {
                content.append(character)
                continue
            }
            guard at < characters.count, characters[at] == quote else { return content }
            content.append(quote)
            at += 1
        }
        throw .syntax(position: start, found: "the end", expected: "a closing \(quote)")
    }

    private static func isPartOfNumber(_ characters: [Character], _ at: Int) -> Bool {
        let character = characters[at]
        if character.isNumber || character.isLetter || character == "." { return true }
        return (character == "-" || character == "+") && (characters[at - 1] == "e" || characters[at - 1] == "E")
    }

    /// What a message calls it.
    var description: String { kind == .end ? "the end" : source.hasPrefix("'") ? source : "'\(source)'" }
}
