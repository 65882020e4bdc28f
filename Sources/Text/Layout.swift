/// Text for a terminal, in columns of characters.
extension String {
    /// The text with blanks after it, up to a width.
    package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    /// The text with blanks before it, up to a width.
    package func aligned(right width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }

    /// The text broken at spaces into lines of at most `width` characters; a percent sign stays with its number.
    package func wrapped(to width: Int) -> [String] {
        var words: [Substring] = []
        for word in split(separator: " ") {
            if word.hasPrefix("%"), let number = words.popLast() { words.append(number + " " + word) } else { words.append(word) }
        }
        var lines = [""]
        for word in words {
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
    package var lines: [String] { lines(fitting: .max) }

    /// The lines, each indented by two blanks and at most `width` long: cells of words are broken, and where that is not enough, columns
    /// follow in blocks below each other, each with the first column.
    package func lines(fitting width: Int) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        var widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        func length(_ columns: [Int]) -> Int { columns.reduce(0) { $0 + widths[$1] + 2 } }
        for column in (0..<count).sorted(by: { widths[$0] > widths[$1] }) where !numeric.contains(column) {
            let excess = length(Array(0..<count)) - width
            let longest = rows.flatMap { column < $0.count ? $0[column].split(separator: " ").map(\.count) : [] }.max() ?? 0
            if excess > 0 { widths[column] = min(widths[column], max(12, longest, widths[column] - excess)) }
        }
        var blocks: [[Int]] = []
        for column in 0..<count {
            if let last = blocks.last, length(last + [column]) <= width {
                blocks[blocks.count - 1].append(column)
            } else {
                blocks.append(column == 0 ? [0] : [0, column])
            }
        }
        return blocks.enumerated().flatMap { number, columns in (number == 0 ? [] : [""]) + lines(columns, widths) }
    }

    private func lines(_ columns: [Int], _ widths: [Int]) -> [String] {
        rows.flatMap { cells in
            let broken = columns.map { column in
                let cell = column < cells.count ? cells[column] : ""
                return numeric.contains(column) ? [cell] : cell.wrapped(to: widths[column])
            }
            return (0..<(broken.map(\.count).max() ?? 0)).map { number in
                let padded = zip(columns, broken).map { column, cell in
                    let text = number < cell.count ? cell[number] : ""
                    return numeric.contains(column) ? text.aligned(right: widths[column]) : text.padded(to: widths[column])
                }
                let line = "  " + padded.joined(separator: "  ")
                return String(line.reversed().drop { $0 == " " }.reversed())
            }
        }
    }
}
