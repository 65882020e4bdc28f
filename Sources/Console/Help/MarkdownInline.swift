import HTTPServer

/// Text within a block of Markdown: code, links, pictures, and what is strong or stressed.
struct MarkdownInline {
    /// Where a link leads; nil for what is not there.
    let link: (String) -> String?

    /// The text as HTML.
    func html(_ text: String) -> HTML {
        var (pieces, rest) = ([HTML](), Substring(text))
        var plain = ""
        func flush() {
            if !plain.isEmpty { pieces.append(HTML(text: plain)) }
            plain = ""
        }
        while let character = rest.first {
            if let (piece, after) = self.piece(rest) {
                flush()
                pieces.append(piece)
                rest = after
            } else {
                // What a backslash stands before is itself.
                if character == "\\", let next = rest.dropFirst().first, next.isPunctuation || next.isSymbol { rest.removeFirst() }
                plain.append(rest.removeFirst())
            }
        }
        flush()
        return pieces.joined()
    }

    /// The text without its marks, as a title has it.
    static func plain(_ text: String) -> String {
        var (plain, rest) = ("", Substring(text))
        while !rest.isEmpty {
            if rest.first == "[", let (words, _, after) = linked(rest) {
                plain += words
                rest = after
            } else {
                let character = rest.removeFirst()
                if character != "`", character != "*" { plain.append(character) }
            }
        }
        return plain
    }

    /// What a piece that begins here is, and what comes after it.
    private func piece(_ rest: Substring) -> (HTML, Substring)? {
        if rest.hasPrefix("`"), let (code, after) = MarkdownInline.enclosed(rest, by: "`") { return ("<code>\(code)</code>", after) }
        if rest.hasPrefix("!["), let (words, target, after) = MarkdownInline.linked(rest.dropFirst()) {
            guard let address = link(target) else { return (HTML(text: words), after) }
            return ("<a href=\"\(HTML.url(address))\"><img src=\"\(HTML.url(address))\" alt=\"\(words)\" loading=\"lazy\"></a>", after)
        }
        if rest.hasPrefix("["), let (words, target, after) = MarkdownInline.linked(rest) {
            guard let address = link(target) else { return (html(words), after) }
            return ("<a href=\"\(HTML.url(address))\">\(html(words))</a>", after)
        }
        if rest.hasPrefix("**"), let (words, after) = MarkdownInline.enclosed(rest, by: "**") {
            return ("<b>\(html(String(words)))</b>", after)
        }
        if rest.hasPrefix("*"), let (words, after) = MarkdownInline.enclosed(rest, by: "*"), words.first != " ", words.last != " " {
            return ("<em>\(html(String(words)))</em>", after)
        }
        return nil
    }

    private static func enclosed(_ rest: Substring, by mark: String) -> (Substring, Substring)? {
        let inner = rest.dropFirst(mark.count)
        guard let end = inner.firstRange(of: mark), end.lowerBound > inner.startIndex else { return nil }
        return (inner[..<end.lowerBound], inner[end.upperBound...])
    }

    /// The words and the target of a link that begins here.
    private static func linked(_ rest: Substring) -> (words: String, target: String, after: Substring)? {
        guard let middle = rest.firstRange(of: "]("), let end = rest[middle.upperBound...].firstIndex(of: ")") else { return nil }
        let words = rest[rest.index(after: rest.startIndex)..<middle.lowerBound]
        guard !words.contains("[") || words.contains("![") else { return nil }
        return (String(words), String(rest[middle.upperBound..<end]), rest[rest.index(after: end)...])
    }
}
