/// A column as it stands in the file: the text of each row, which is typed only when somebody asks for numbers.
package struct Column: Sendable {
    package let name: String
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    init(name: String) { self.name = name }

    /// The rows.
    package var count: Int { ends.count }

    mutating func append(_ field: UnsafeBufferPointer<UInt8>, isEscaped: Bool) {
        if isEscaped {
            var isSecondQuote = false
            for byte in field {
                isSecondQuote = byte == UInt8(ascii: "\"") && !isSecondQuote
                if byte != UInt8(ascii: "\"") || !isSecondQuote { bytes.append(byte) }
            }
        } else {
            bytes.append(contentsOf: field)
        }
        ends.append(bytes.count)
    }

    /// Whether the field is empty.
    package func isEmpty(_ row: Int) -> Bool { start(row) == ends[row] }

    /// The text of a row; `nil` where there is none.
    package func text(_ row: Int) -> String? {
        isEmpty(row) ? nil : String(decoding: bytes[start(row)..<ends[row]], as: UTF8.self)
    }

    /// Whether a row's text is just this.
    func matches(_ row: Int, _ text: [UInt8]) -> Bool {
        let start = start(row)
        guard ends[row] - start == text.count else { return false }
        for offset in text.indices where bytes[start + offset] != text[offset] { return false }
        return true
    }

    /// Puts a row's text into a hash, its length first, so that neighbours cannot be mistaken for each other.
    func hash(_ row: Int, into hasher: inout Hasher) {
        let range = start(row)..<ends[row]
        hasher.combine(range.count)
        bytes.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// Calls with the bytes of each row in turn.
    func forEach(_ body: (_ row: Int, _ field: UnsafeBufferPointer<UInt8>) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            for row in ends.indices {
                body(row, UnsafeBufferPointer(rebasing: bytes[start..<ends[row]]))
                start = ends[row]
            }
        }
    }

    private func start(_ row: Int) -> Int { row == 0 ? 0 : ends[row - 1] }
}
