/// Text for a terminal, in columns of characters.
extension String {
    /// The text with blanks after it, up to a width.
    package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    /// The text with blanks before it, up to a width.
    package func aligned(right width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }

    /// The text broken at spaces into lines of at most `width` characters.
    package func wrapped(to width: Int) -> [String] {
        var lines = [""]
        for word in split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}

/// A small table of text: a heading, rows, words to the left and numbers to the right.
package struct TextTable: Sendable {
    private var rows: [[String]]
    private let numeric: Set<Int>

    /// A table with these headings; all columns but the first `words` hold numbers.
    package init(_ headings: [String], words: Int = 1) {
        rows = [headings]
        numeric = Set(words..<max(words, headings.count))
    }

    /// Adds a row.
    package mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The lines, each indented by two blanks.
    package var lines: [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { cells in
            let padded = cells.enumerated().map { column, cell in
                numeric.contains(column) ? cell.aligned(right: widths[column]) : cell.padded(to: widths[column])
            }
            let line = "  " + padded.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}
