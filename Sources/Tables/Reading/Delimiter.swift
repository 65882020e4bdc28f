/// What separates the fields of a record: one ASCII character.
package struct Delimiter: Hashable, Sendable {
    let byte: UInt8

    package static let comma = Delimiter(validated: ",")
    package static let semicolon = Delimiter(validated: ";")
    package static let tab = Delimiter(validated: "\t")
    package static let pipe = Delimiter(validated: "|")

    /// Those that have names, the likelier ones first.
    private static let named: [(name: String, delimiter: Delimiter)] = [
        ("comma", .comma), ("semicolon", .semicolon), ("tab", .tab), ("pipe", .pipe), ("space", Delimiter(validated: " ")),
        ("colon", Delimiter(validated: ":")),
    ]

    private init(validated character: Unicode.Scalar) { byte = UInt8(truncatingIfNeeded: character.value) }

    private init(byte: UInt8) { self.byte = byte }

    /// A delimiter by its name, by itself, or as `\t` or `\x01`; `nil` for letters, digits and what means something else in a record.
    package init?(_ text: String) {
        if let known = Delimiter.named.first(where: { $0.name == text }) {
            self = known.delimiter
            return
        }
        let bytes = Array(text.utf8)
        if text == "\\t" {
            self = .tab
        } else if text.hasPrefix("\\x"), text.count == 4, let byte = UInt8(text.dropFirst(2), radix: 16), Delimiter.canSeparate(byte) {
            self.byte = byte
        } else if bytes.count == 1, Delimiter.canSeparate(bytes[0]) {
            byte = bytes[0]
        } else {
            return nil
        }
    }

    /// Its name, or itself, for a report.
    package var name: String {
        if let known = Delimiter.named.first(where: { $0.delimiter == self }) { return known.name }
        let digits = String(byte, radix: 16)
        return byte > 32 && byte < 127 ? "'\(Unicode.Scalar(byte))'" : "\\x" + (digits.count == 1 ? "0" : "") + digits
    }

    /// Whether a byte can separate fields: no letter, digit, quote, line break, and no part of a number or of a longer character.
    private static func canSeparate(_ byte: UInt8) -> Bool {
        switch byte {
        case 0, UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\""), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "_"), 127...:
            false
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): false
        default: true
        }
    }

    /// The delimiter that splits the first records of a file into the same number of fields, and into the most of them.
    ///
    /// The usual ones are tried first, and any other character where none of them splits all records alike. A file of one column has none;
    /// then it is the comma.
    package static func detect(in head: [UInt8]) -> Delimiter {
        let usual = [Delimiter.comma, .semicolon, .tab, .pipe]
        if let best = best(of: usual, in: head), best.agreeing == 1 { return best.delimiter }
        // What is no delimiter in the header is none below it.
        var present: [UInt8] = []
        for byte in head.prefix(while: { $0 != UInt8(ascii: "\n") }) where canSeparate(byte) && !present.contains(byte) {
            present.append(byte)
        }
        // Blanks, slashes, quotes and brackets stand inside of names and values; who means them says so.
        let ordinary = Array(" /'()[]{}<>".utf8)
        let rare = present.filter { !ordinary.contains($0) }.map { Delimiter(byte: $0) }.filter { !usual.contains($0) }
        let other = best(of: rare, in: head).flatMap { $0.agreeing == 1 && $0.records > 1 ? $0 : nil }
        return best(of: usual, in: head)?.delimiter ?? other?.delimiter ?? .comma
    }

    private static func best(of candidates: [Delimiter], in head: [UInt8]) -> (delimiter: Delimiter, agreeing: Double, records: Int)? {
        var best: (delimiter: Delimiter, agreeing: Double, fields: Int, records: Int)?
        for candidate in candidates {
            let counts = fieldCounts(in: head, by: candidate)
            guard let fields = counts.first, fields > 1 else { continue }
            let agreeing = Double(counts.count { $0 == fields }) / Double(counts.count)
            if let known = best, (agreeing, fields) <= (known.agreeing, known.fields) { continue }
            best = (candidate, agreeing, fields, counts.count)
        }
        return best.map { ($0.delimiter, $0.agreeing, $0.records) }
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
