internal import Foundation

/// ClickHouse's `TabSeparatedWithNamesAndTypes`: a line of names, a line of types, and the rows, with backslashes before what would confuse.
enum TabSeparated {
    static func table(_ answer: [UInt8]) throws(WarehouseError) -> ResultTable {
        var lines = answer.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        // What ends the last line begins no other.
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard let head = lines.popFirst(), let kinds = lines.popFirst() else { throw .answer("there is no line of names and types") }
        let (names, types) = (fields(head).map { $0 ?? "" }, fields(kinds).map { $0 ?? "" })
        guard names.count == types.count else { throw .answer("there are \(names.count) names and \(types.count) types") }
        var texts: [[String?]] = Array(repeating: [], count: names.count)
        for line in lines {
            let values = fields(line)
            guard values.count == names.count else {
                throw .answer("a row has \(values.count) values instead of \(names.count): the answer is not whole")
            }
            for (index, value) in values.enumerated() { texts[index].append(value) }
        }
        var columns: [ResultColumn] = []
        for (type, values) in zip(types, texts) { columns.append(try column(type, values)) }
        return ResultTable(names: names, columns: columns)
    }

    private static func fields(_ line: ArraySlice<UInt8>) -> [String?] {
        line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map { field in
            if field.count == 2, field.first == UInt8(ascii: "\\"), field.last == UInt8(ascii: "N") { return nil }
            return field.contains(UInt8(ascii: "\\")) ? unescaped(field) : String(decoding: field, as: UTF8.self)
        }
    }

    private static func unescaped(_ field: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in field {
            if isEscaped {
                switch byte {
                case UInt8(ascii: "n"): bytes.append(10)
                case UInt8(ascii: "t"): bytes.append(9)
                case UInt8(ascii: "r"): bytes.append(13)
                case UInt8(ascii: "b"): bytes.append(8)
                case UInt8(ascii: "f"): bytes.append(12)
                case UInt8(ascii: "0"): bytes.append(0)
                default: bytes.append(byte)
                }
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func column(_ type: String, _ values: [String?]) throws(WarehouseError) -> ResultColumn {
        var plain = type
        for wrapper in ["LowCardinality(", "Nullable("] where plain.hasPrefix(wrapper) {
            plain = String(plain.dropFirst(wrapper.count).dropLast())
        }
        if plain.hasPrefix("Int") || plain.hasPrefix("UInt") {
            return .integers(try converted(values, plain) { Int64($0) ?? UInt64($0).map { Int64(clamping: $0) } })
        }
        if plain.hasPrefix("Float") || plain.hasPrefix("Decimal") { return .numbers(try converted(values, plain) { Double($0) }) }
        if plain == "Bool" { return .booleans(try converted(values, plain) { $0 == "true" || $0 == "1" }) }
        if plain == "Date" || plain.hasPrefix("DateTime") { return .instants(try converted(values, plain, instant)) }
        return .texts(values)
    }

    private static func converted<Value>(
        _ values: [String?], _ type: String, _ convert: (String) -> Value?
    ) throws(WarehouseError) -> [Value?] {
        var result: [Value?] = []
        result.reserveCapacity(values.count)
        for text in values {
            guard let text else {
                result.append(nil)
                continue
            }
            guard let value = convert(text) else { throw .answer("'\(text)' is no \(type)") }
            result.append(value)
        }
        return result
    }

    /// `2021-10-31` or `2021-10-31 04:44:00`, as microseconds since 1970.
    private static func instant(_ text: String) -> Int64? {
        let parts = text.split { "- :T".contains($0) }.compactMap { Double($0) }
        guard parts.count == 3 || parts.count == 6 else { return nil }
        var date = DateComponents()
        (date.year, date.month, date.day) = (Int(parts[0]), Int(parts[1]), Int(parts[2]))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        guard let day = calendar.date(from: date) else { return nil }
        let seconds = parts.count == 6 ? parts[3] * 3600 + parts[4] * 60 + parts[5] : 0
        return Int64((day.timeIntervalSince1970 + seconds) * 1e6)
    }
}
