extension HTML {
    /// The same with no-break spaces between numbers and their units, in text alone: what is in attributes, fields, code and the like stays.
    ///
    /// Whole documents and parts of pages pass through it once, when they are made.
    package var keepingUnits: HTML {
        var source = source
        return source.withUTF8 { source in
            var kept: [UInt8] = []
            kept.reserveCapacity(source.count + source.count / 64)
            var (index, copied) = (0, 0)
            while index < source.count {
                switch source[index] {
                case UInt8(ascii: "<"): index = HTML.endOfMarkup(source, index)
                case UInt8(ascii: " ") where index > 0 && HTML.isDigit(source[index - 1]) && HTML.isUnit(source, index + 1):
                    kept += source[copied..<index]
                    kept += [0xC2, 0xA0]
                    index += 1
                    copied = index
                default: index += 1
                }
            }
            kept += source[copied...]
            return HTML(unescaped: String(decoding: kept, as: UTF8.self))
        }
    }

    /// Elements whose text is not for reading, or is given back as it is.
    private static let verbatim = ["textarea", "option", "pre", "code", "script", "style", "title"].map { Array($0.utf8) }

    private static let units: Set<String> = [
        "B", "GB", "MB", "UTC", "bytes", "customer", "customers", "day", "days", "device", "devices", "event", "events", "h", "hours", "kB",
        "min", "minutes", "ms", "payment", "payments", "percentage", "people", "pp", "row", "rows", "s", "seconds", "slot", "slots",
        "spenders", "standard", "test", "tests", "unit", "units", "value", "values", "variants", "visitors", "weeks",
    ]

    /// Behind a tag, and behind all of an element that is verbatim.
    ///
    /// In attributes of ours, `>` is escaped.
    private static func endOfMarkup(_ source: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var close = start
        while close < source.count, source[close] != UInt8(ascii: ">") { close += 1 }
        guard close < source.count else { return source.count }
        var end = start + 1
        while end < close, isLetter(source[end]) { end += 1 }
        let name = source[(start + 1)..<end]
        guard verbatim.contains(where: { $0.count == name.count && $0.elementsEqual(name) }) else { return close + 1 }
        let closing = [UInt8(ascii: "<"), UInt8(ascii: "/")] + name + [UInt8(ascii: ">")]
        var index = close + 1
        while index + closing.count <= source.count {
            if source[index] == closing[0], source[index..<(index + closing.count)].elementsEqual(closing) { return index + closing.count }
            index += 1
        }
        return source.count
    }

    /// Whether a unit begins here, and nothing longer.
    private static func isUnit(_ source: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
        guard start < source.count else { return false }
        if source[start] == UInt8(ascii: "%") { return true }
        let word = source[start...].prefix(12).prefix { isLetter($0) }
        return units.contains(String(decoding: word, as: UTF8.self))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
}
