/// What separates the fields of a record.
package enum Delimiter: Character, CaseIterable, Sendable {
    case comma = ","
    case semicolon = ";"
    case tab = "\t"
    case pipe = "|"

    var byte: UInt8 { rawValue.asciiValue ?? 0 }

    /// Its name, for a report and for a command line.
    package var name: String {
        switch self {
        case .comma: "comma"
        case .semicolon: "semicolon"
        case .tab: "tab"
        case .pipe: "pipe"
        }
    }

    /// The delimiter that splits the first records of a file into the same number of fields, and into the most of them.
    ///
    /// A file of one column has none; then it is the comma.
    package static func detect(in head: [UInt8]) -> Delimiter {
        var best: (delimiter: Delimiter, agreeing: Double, fields: Int) = (.comma, 0, 1)
        for candidate in allCases {
            let counts = fieldCounts(in: head, by: candidate)
            guard let fields = counts.first, fields > 1 else { continue }
            let agreeing = Double(counts.count { $0 == fields }) / Double(counts.count)
            if (agreeing, fields) > (best.agreeing, best.fields) { best = (candidate, agreeing, fields) }
        }
        return best.delimiter
    }

    private static func fieldCounts(in head: [UInt8], by delimiter: Delimiter) -> [Int] {
        var counts: [Int] = []
        var scanner = RecordScanner(head, delimiter: delimiter)
        while counts.count < 100, let record = scanner.next() {
            if case .fields = record, !scanner.isBlank { counts.append(scanner.fields.count) }
        }
        // The last record of the head may be cut in the middle.
        if counts.count > 2, counts.count < 100 { counts.removeLast() }
        return counts
    }
}
