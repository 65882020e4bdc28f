/// Whole numbers as people paste them or keep them in files: with line breaks, blanks, commas or semicolons between them.
package struct IdentifierList: Sendable {
    /// What is no whole number, and where; lines and columns count from 1, columns in bytes.
    package struct Flaw: Error, Hashable, CustomStringConvertible {
        package let line: Int
        package let column: Int
        package let text: String

        package init(line: Int, column: Int, text: String) { (self.line, self.column, self.text) = (line, column, text) }

        package var description: String { "line \(line), column \(column): '\(text)' is no whole number" }
    }

    package let numbers: [Int]

    /// Reads a list; a first line that holds a word and no digit is the header of a file.
    package init(_ bytes: some Collection<UInt8>) throws(Flaw) {
        var numbers: [Int] = []
        var (line, column) = (1, 1)
        var word: [UInt8] = []
        func take() throws(Flaw) {
            guard !word.isEmpty else { return }
            defer { word = [] }
            let text = String(decoding: word, as: UTF8.self)
            if let number = Int(text) {
                numbers.append(number)
                return
            }
            let isHeader = line == 1 && numbers.isEmpty && !word.contains { $0 &- UInt8(ascii: "0") < 10 }
            if !isHeader { throw Flaw(line: line, column: column - word.count, text: String(text.prefix(40))) }
        }
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\n"):
                try take()
                (line, column) = (line + 1, 0)
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: ","), UInt8(ascii: ";"): try take()
            default: word.append(byte)
            }
            column += 1
        }
        try take()
        self.numbers = numbers
    }
}
