/// Takes a statement apart into words, quoted texts, comments and brackets.
struct SQLWords {
    private let text: [Character]
    private let hasBackslashes: Bool
    private var place = 0

    /// - Parameter hasBackslashes: whether a backslash inside quotes always escapes what follows; else only in a text that begins with E.
    init(_ text: String, hasBackslashes: Bool) {
        self.text = Array(text)
        self.hasBackslashes = hasBackslashes
    }

    private static let brackets: [Character: Character] = ["(": ")", "[": "]", "{": "}"]

    /// What there is up to the bracket that closes, or the end.
    mutating func nodes(upTo close: Character? = nil) -> [SQLNode] {
        var nodes: [SQLNode] = []
        while true {
            let start = place
            while place < text.count, text[place].isWhitespace { place += 1 }
            guard place < text.count, text[place] != close else { return nodes }
            let follows = place > start
            guard let closing = SQLWords.brackets[text[place]] else {
                nodes.append(.word(word(), follows: follows))
                continue
            }
            let open = String(text[place])
            place += 1
            let inner = self.nodes(upTo: closing)
            // One that is never closed stays so.
            let end = place < text.count ? String(closing) : ""
            place += 1
            nodes.append(.brackets(open: open, inner, close: end, follows: follows))
        }
    }

    /// The word that begins here.
    private mutating func word() -> String {
        let start = place
        let first = text[place]
        place += 1
        if first == "'" || first == "\"" || first == "`" {
            quoted(first, escapes: hasBackslashes || first == "'" && start > 0 && "eE".contains(text[start - 1]))
        } else if first == "$", let tag = tag(at: start) {
            place = start + tag.count
            while place < text.count, !text[place...].starts(with: tag) { place += 1 }
            place = min(text.count, place + tag.count)
        } else if first == "-", place < text.count, text[place] == "-" {
            while place < text.count, !text[place].isNewline { place += 1 }
        } else if first == "/", place < text.count, text[place] == "*" {
            while place < text.count, !(text[place] == "/" && text[place - 1] == "*" && place > start + 2) { place += 1 }
            place = min(text.count, place + 1)
        } else if first != ",", first != ";" {
            while place < text.count, isInside(text[place]), !(text[place] == "-" && place + 1 < text.count && text[place + 1] == "-") {
                place += 1
            }
        }
        return String(text[start..<place])
    }

    private func isInside(_ character: Character) -> Bool {
        !character.isWhitespace && !"()[]{},;'\"`".contains(character)
    }

    private mutating func quoted(_ quote: Character, escapes: Bool) {
        while place < text.count {
            if escapes, text[place] == "\\" {
                place += 2
            } else if text[place] == quote {
                place += 1
                guard place < text.count, text[place] == quote else { return }
                place += 1
            } else {
                place += 1
            }
        }
        place = min(place, text.count)
    }

    /// What begins a text in dollars: `$$` or `$name$`.
    private func tag(at start: Int) -> [Character]? {
        guard let end = text[(start + 1)...].firstIndex(of: "$"), text[(start + 1)..<end].allSatisfy({ $0.isLetter || $0 == "_" }) else {
            return nil
        }
        return Array(text[start...end])
    }
}
