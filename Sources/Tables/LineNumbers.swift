/// The line of each row: rows follow each other line by line, so only the places where they do not are kept.
struct LineNumbers: Sendable {
    private var breaks: [(row: Int, line: Int)] = []
    private var next = (row: 0, line: 0)

    /// Takes the line of the next row.
    mutating func append(_ line: Int) {
        if next.line != line { breaks.append((next.row, line)) }
        next = (next.row + 1, line + 1)
    }

    /// Takes the lines of rows that follow each other, of which there is one at least.
    mutating func append(_ line: Int, count: Int) {
        append(line)
        next = (next.row + count - 1, next.line + count - 1)
    }

    subscript(row: Int) -> Int {
        var (low, high) = (0, breaks.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if breaks[middle].row <= row { low = middle } else { high = middle }
        }
        return breaks[low].line + row - breaks[low].row
    }
}
