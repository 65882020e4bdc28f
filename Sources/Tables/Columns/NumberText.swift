internal import Glibc

/// Numbers as files write them.
package enum NumberText {
    /// The number that a field stands for: an optional sign, digits with at most one decimal mark, an optional power of ten, blanks around it.
    ///
    /// `nil` for anything else, and for numbers beyond the range of a double.
    package static func parse(_ bytes: UnsafeBufferPointer<UInt8>, decimal: DecimalMark = .point) -> Double? {
        let mark = decimal.byte
        var (at, end) = (0, bytes.count)
        while at < end, bytes[at] == blank { at += 1 }
        while end > at, bytes[end - 1] == blank { end -= 1 }
        let start = at
        var isNegative = false
        if at < end, bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") {
            isNegative = bytes[at] == UInt8(ascii: "-")
            at += 1
        }
        var digits = 0
        var mantissa: UInt64 = 0
        var exponent = 0
        var isExact = true
        func take(_ byte: UInt8) {
            digits += 1
            // Nineteen digits fit; what is beyond them is left to the C library.
            if mantissa < 1_000_000_000_000_000_000 { mantissa = mantissa * 10 + UInt64(byte & 15) } else { isExact = false }
        }
        while at < end, isDigit(bytes[at]) {
            take(bytes[at])
            at += 1
        }
        if at < end, bytes[at] == mark {
            at += 1
            while at < end, isDigit(bytes[at]) {
                take(bytes[at])
                exponent -= 1
                at += 1
            }
        }
        guard digits > 0 else { return nil }
        if at < end, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            var isDown = false
            if at < end, bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") {
                isDown = bytes[at] == UInt8(ascii: "-")
                at += 1
            }
            guard at < end else { return nil }
            var power = 0
            while at < end, isDigit(bytes[at]) {
                power = min(power * 10 + Int(bytes[at] & 15), 100_000)
                at += 1
            }
            exponent += isDown ? -power : power
        }
        guard at == end else { return nil }
        // Both factors are exact, so one operation rounds correctly (W. D. Clinger, "How to read floating point numbers accurately", 1990).
        if isExact, mantissa <= 1 << 53, abs(exponent) <= 22 {
            let magnitude = exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
            return isNegative ? -magnitude : magnitude
        }
        return slowly(UnsafeBufferPointer(rebasing: bytes[start..<end]), mark)
    }

    private static let blank = UInt8(ascii: " ")
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// The same by the C library, which rounds any number of digits correctly; the text is known to be a number.
    private static func slowly(_ bytes: UnsafeBufferPointer<UInt8>, _ mark: UInt8) -> Double? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { text in
            for (index, byte) in bytes.enumerated() { text[index] = CChar(bitPattern: byte == mark ? UInt8(ascii: ".") : byte) }
            text[bytes.count] = 0
            guard let start = text.baseAddress else { return nil }
            let number = strtod(start, nil)
            return number.isFinite ? number : nil
        }
    }
}
