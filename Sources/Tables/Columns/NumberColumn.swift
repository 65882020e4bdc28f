/// A column read as numbers.
package struct NumberColumn: Sendable {
    /// A value that is there and no number.
    package struct Stray: Hashable, Sendable {
        package let row: Int
        package let text: String
    }

    package let name: String
    /// The number of each row; NaN where there is none.
    package let values: [Double]
    /// Rows without a value: an empty field, or one of the words that stand for that.
    package let missing: Int
    /// Rows that hold something else.
    package let strays: Listing<Stray>

    /// Words that mean "no value" in a column of numbers, in any case.
    package static let wordsForMissing = ["na", "n/a", "nan", "null", "none", "#n/a"]

    init(_ column: Column, listed: Int, decimal: DecimalMark) {
        name = column.name
        var values = [Double](repeating: .nan, count: column.count)
        var missing = 0
        var strays = Listing<Stray>(limit: listed)
        values.withUnsafeMutableBufferPointer { values in
            column.forEach { row, field in
                if let number = NumberText.parse(field, decimal: decimal) {
                    values[row] = number
                } else if NumberColumn.isMissing(field) {
                    missing += 1
                } else {
                    strays.add(Stray(row: row, text: String(decoding: field, as: UTF8.self)))
                }
            }
        }
        (self.values, self.missing, self.strays) = (values, missing, strays)
    }

    /// Rows that hold a number.
    package var present: Int { values.count - missing - strays.count }

    /// Whether a text stands for no value.
    package static func isMissing(_ text: String?) -> Bool {
        guard let text else { return true }
        return Array(text.utf8).withUnsafeBufferPointer { isMissing($0) }
    }

    private static let bytesForMissing = wordsForMissing.map { Array($0.utf8) }

    private static func isMissing(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
        // Words have six letters at most; there may be blanks around them.
        guard field.count <= 6 else { return false }
        let letters = field.lazy.filter { $0 != UInt8(ascii: " ") }.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
        return letters.isEmpty || bytesForMissing.contains { $0.elementsEqual(letters) }
    }
}
