/// A column read as text: the different values, and which of them each row has.
package struct Labels: Sendable {
    package let name: String
    /// The different values, in the order in which they first appear.
    package let values: [String]
    /// The index of each row's value; -1 where the field is empty.
    package let codes: [Int32]

    init(_ column: Column) {
        name = column.name
        var known: [[UInt8]] = []
        var index: [[UInt8]: Int32] = [:]
        var codes = [Int32](repeating: -1, count: column.count)
        column.forEach { row, field in
            guard !field.isEmpty else { return }
            // Groups are few, and a look at the first of them is faster than a hash.
            if let code = known.prefix(8).firstIndex(where: { $0.elementsEqual(field) }) {
                codes[row] = Int32(code)
                return
            }
            let text = Array(field)
            if let code = index[text] {
                codes[row] = code
            } else {
                codes[row] = Int32(known.count)
                index[text] = Int32(known.count)
                known.append(text)
            }
        }
        values = known.map { String(decoding: $0, as: UTF8.self) }
        self.codes = codes
    }

    /// Rows without a value.
    package var missing: Int { codes.count { $0 < 0 } }
}
