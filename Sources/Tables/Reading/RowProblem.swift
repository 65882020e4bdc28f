/// A row that could not be taken, and why.
package struct RowProblem: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// A byte that begins no character of UTF-8; `column` counts from 1.
        case notUTF8(byte: UInt8, column: Int)
        /// A zero byte, as UTF-16 has them; `column` counts from 1.
        case zeroByte(column: Int)
        /// Too few or too many fields.
        case fieldCount(found: Int, expected: Int)
        /// A quote that opens in this line and does not close within the record's limit.
        case unclosedQuote
        /// Something other than a delimiter after a closing quote; `column` counts from 1.
        case textAfterQuote(column: Int)
        /// More bytes than a record may have.
        case tooLong(limit: Int)
    }

    /// The line where the row begins, from 1; the header is line 1 in most files.
    package let line: Int
    package let reason: Reason

    package init(line: Int, reason: Reason) {
        self.line = line
        self.reason = reason
    }
}

extension RowProblem: CustomStringConvertible {
    package var description: String {
        let what =
            switch reason {
            case .notUTF8(let byte, let column):
                "not UTF-8: byte 0x\(String(byte, radix: 16, uppercase: true)) at column \(column)"
            case .zeroByte(let column): "a zero byte at column \(column), as in UTF-16"
            case .fieldCount(let found, let expected): "\(found) field\(found == 1 ? "" : "s") where \(expected) were expected"
            case .unclosedQuote: "a quote that is never closed"
            case .textAfterQuote(let column): "text after a closing quote at column \(column)"
            case .tooLong(let limit): "longer than \(limit) bytes"
            }
        return "line \(line): \(what)"
    }
}

/// The first few of many things, and how many there are.
package struct Listing<Element: Sendable>: Sendable {
    /// The first of them, up to the limit.
    package private(set) var first: [Element] = []
    /// All of them.
    package private(set) var count = 0
    private let limit: Int

    package init(limit: Int) { self.limit = limit }

    package mutating func add(_ element: @autoclosure () -> Element) {
        if first.count < limit { first.append(element()) }
        count += 1
    }

    package var isEmpty: Bool { count == 0 }
}
