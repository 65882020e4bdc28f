extension HTML {
    /// The same with no-break spaces between numbers and their units, in text alone: what is in attributes, fields, code and the like stays.
    ///
    /// Whole documents and parts of pages pass through it once, when they are made.
    package var keepingUnits: HTML {
        let source = Array(source.utf8)
        var (kept, index) = ([UInt8](), 0)
        kept.reserveCapacity(source.count + source.count / 64)
        while index < source.count {
            let byte = source[index]
            if byte == UInt8(ascii: "<") {
                let end = HTML.endOfMarkup(source, index)
                kept += source[index..<end]
                index = end
            } else {
                let isBlank = byte == UInt8(ascii: " ") && index > 0 && HTML.isDigit(source[index - 1])
                if isBlank, HTML.isUnit(source, index + 1) { kept += [0xC2, 0xA0] } else { kept.append(byte) }
                index += 1
            }
        }
        return HTML(unescaped: String(decoding: kept, as: UTF8.self))
    }

    /// Elements whose text is not for reading, or is given back as it is.
    private static let verbatim: Set<String> = ["textarea", "option", "pre", "code", "script", "style", "title"]

    private static let units: Set<String> = [
        "B", "GB", "MB", "UTC", "bytes", "customer", "customers", "day", "days", "device", "devices", "event", "events", "h", "hours", "kB",
        "min", "minutes", "ms", "payment", "payments", "percentage", "people", "pp", "row", "rows", "s", "seconds", "slot", "slots",
        "spenders", "standard", "test", "tests", "unit", "units", "value", "values", "variants", "visitors", "weeks",
    ]

    /// Behind a tag, and behind all of an element that is verbatim.
    ///
    /// In attributes of ours, `>` is escaped.
    private static func endOfMarkup(_ source: [UInt8], _ start: Int) -> Int {
        guard let close = source[start...].firstIndex(of: UInt8(ascii: ">")) else { return source.count }
        let name = String(decoding: source[(start + 1)..<close].prefix { isLetter($0) }, as: UTF8.self)
        guard verbatim.contains(name) else { return close + 1 }
        let end = Array("</\(name)>".utf8)
        var index = close + 1
        while index + end.count <= source.count {
            if source[index] == end[0], source[index..<(index + end.count)].elementsEqual(end) { return index + end.count }
            index += 1
        }
        return source.count
    }

    /// Whether a unit begins here, and nothing longer.
    private static func isUnit(_ source: [UInt8], _ start: Int) -> Bool {
        guard start < source.count else { return false }
        if source[start] == UInt8(ascii: "%") { return true }
        let word = source[start...].prefix(12).prefix { isLetter($0) }
        return units.contains(String(decoding: word, as: UTF8.self))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
}
