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

    init(_ column: Column, listed: Int) {
        name = column.name
        var values = [Double](repeating: .nan, count: column.count)
        var missing = 0
        var strays = Listing<Stray>(limit: listed)
        column.forEach { row, field in
            if let number = NumberText.parse(field) {
                values[row] = number
            } else if NumberColumn.isMissing(field) {
                missing += 1
            } else {
                strays.add(Stray(row: row, text: String(decoding: field, as: UTF8.self)))
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

    private static func isMissing(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
        if field.count > 6 { return false }
        let word = String(decoding: field, as: UTF8.self).lowercased().filter { $0 != " " }
        return word.isEmpty || wordsForMissing.contains(word)
    }
}
