package import HTTPServer

/// The Markdown in which the documentation is written, as HTML: headings, paragraphs, lists, tables, fenced blocks, links and pictures.
///
/// It is read by this program alone, so what is no such thing is shown as the text that it is.
package struct Markdown: Sendable {
    /// The first heading.
    package let title: String
    /// All of it, the first heading too.
    package let html: HTML

    /// - Parameters:
    ///   - text: the document.
    ///   - link: where a link of the document leads; nil for what is not there, which is shown without a link.
    package init(_ text: String, link: @escaping (String) -> String?) {
        var reader = Reader(lines: text.split(separator: "\n", omittingEmptySubsequences: false), inline: MarkdownInline(link: link))
        html = reader.blocks()
        title = reader.title ?? ""
    }

    /// What a heading is called in links: letters and digits in lower case, with hyphens for spaces.
    package static func anchor(_ heading: String) -> String {
        String(
            heading.lowercased().compactMap { character -> Character? in
                if character == " " { return "-" }
                return character.isLetter || character.isNumber || character == "-" || character == "_" ? character : nil
            })
    }

    private struct Reader {
        let lines: [Substring]
        let inline: MarkdownInline
        var title: String?
        private var place = 0

        init(lines: [Substring], inline: MarkdownInline) { (self.lines, self.inline) = (lines, inline) }

        mutating func blocks() -> HTML {
            var blocks: [HTML] = []
            while place < lines.count { blocks.append(block()) }
            return blocks.joined()
        }

        private mutating func block() -> HTML {
            let line = lines[place]
            if line.allSatisfy(\.isWhitespace) {
                place += 1
                return .empty
            }
            if line.hasPrefix("```") { return fence() }
            if let level = Reader.level(line) { return heading(level) }
            if line.hasPrefix("|") { return table() }
            if Reader.item(line) != nil { return list() }
            return "<p>\(inline.html(paragraph()))</p>\n"
        }

        private mutating func fence() -> HTML {
            place += 1
            var code: [Substring] = []
            while place < lines.count, !lines[place].hasPrefix("```") {
                code.append(lines[place])
                place += 1
            }
            place += 1
            return "<pre class=\"code\" tabindex=\"0\">\(code.joined(separator: "\n"))</pre>\n"
        }

        private mutating func heading(_ level: Int) -> HTML {
            let text = String(lines[place].dropFirst(level + 1))
            place += 1
            if title == nil { title = MarkdownInline.plain(text) }
            let name = HTML(unescaped: "h\(level)")
            return "<\(name) id=\"\(Markdown.anchor(MarkdownInline.plain(text)))\">\(inline.html(text))</\(name)>\n"
        }

        private mutating func table() -> HTML {
            var rows: [[String]] = []
            while place < lines.count, lines[place].hasPrefix("|") {
                rows.append(Reader.cells(lines[place]))
                place += 1
            }
            let head = rows.first ?? []
            let body = rows.dropFirst().filter { !$0.allSatisfy { $0.allSatisfy { "-: ".contains($0) } && $0.contains("-") } }
            let names: HTML =
                head.allSatisfy(\.isEmpty)
                ? "" : "<thead><tr>\(head.map { "<th scope=\"col\">\(inline.html($0))</th>" as HTML })</tr></thead>\n"
            let cells = body.map { row -> HTML in "<tr>\(row.map { "<td>\(inline.html($0))</td>" as HTML })</tr>\n" }
            return """
                <div class="scroll" tabindex="0" role="region" aria-label="Table"><table class="wide">\(names)<tbody>\(cells)</tbody></table></div>

                """
        }

        /// Items, each up to the next or to an empty line; what is indented belongs to the item before it.
        private mutating func list() -> HTML {
            let isNumbered = lines[place].first?.isNumber == true
            var items: [HTML] = []
            while place < lines.count, let first = Reader.item(lines[place]) {
                var text = [first]
                place += 1
                while place < lines.count, !lines[place].allSatisfy(\.isWhitespace), Reader.item(lines[place]) == nil {
                    text.append(String(lines[place].drop(while: \.isWhitespace)))
                    place += 1
                }
                items.append("<li>\(inline.html(text.joined(separator: " ")))</li>\n")
            }
            return isNumbered ? "<ol>\(items)</ol>\n" : "<ul>\(items)</ul>\n"
        }

        private mutating func paragraph() -> String {
            var text: [Substring] = []
            repeat {
                text.append(lines[place])
                place += 1
            } while place < lines.count && !isBeginning(lines[place])
            return text.joined(separator: " ")
        }

        private func isBeginning(_ line: Substring) -> Bool {
            line.allSatisfy(\.isWhitespace) || line.hasPrefix("```") || line.hasPrefix("|") || Reader.level(line) != nil
                || Reader.item(line) != nil
        }

        private static func level(_ line: Substring) -> Int? {
            let level = line.prefix { $0 == "#" }.count
            return (1...6).contains(level) && line.dropFirst(level).first == " " ? level : nil
        }

        /// What an item of a list says: `- text`, `* text` or `1. text`.
        private static func item(_ line: Substring) -> String? {
            if line.hasPrefix("- ") || line.hasPrefix("* ") { return String(line.dropFirst(2)) }
            let digits = line.prefix(while: \.isNumber)
            guard !digits.isEmpty, digits.count <= 3, line.dropFirst(digits.count).hasPrefix(". ") else { return nil }
            return String(line.dropFirst(digits.count + 2))
        }

        /// The cells of a row; a bar in code, or after a backslash, parts none.
        private static func cells(_ line: Substring) -> [String] {
            var (cells, cell, isCode, isEscaped) = ([String](), "", false, false)
            for character in line.dropFirst() {
                if character == "`", !isEscaped { isCode.toggle() }
                if character == "|", isEscaped {
                    cell.removeLast()
                    cell.append(character)
                } else if character == "|", !isCode {
                    cells.append(cell)
                    cell = ""
                } else {
                    cell.append(character)
                }
                isEscaped = character == "\\"
            }
            if !cell.allSatisfy(\.isWhitespace) { cells.append(cell) }
            return cells.map { String($0.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()) }
        }
    }
}
