/// Numbers as people read them in a report.
package enum Figures {
    /// A number to so many significant digits, in plain notation where that is short: `18.70`, `0.2596`, `3.398e-29`, `262,946`.
    ///
    /// Whole numbers keep all their digits.
    package static func significant(_ number: Double, _ digits: Int = 4) -> String {
        guard number.isFinite else { return number.isNaN ? "–" : number < 0 ? "-∞" : "∞" }
        if number == number.rounded(), abs(number) < 1e15 { return count(Int(number)) }
        let (mantissa, exponent) = decimal(abs(number), digits)
        let sign = number < 0 ? "-" : ""
        switch exponent {
        case ..<(-4), 15...:
            let tail = String(mantissa).dropFirst()
            let power = exponent < 0 ? "-\(-exponent < 10 ? "0" : "")\(-exponent)" : "+\(exponent < 10 ? "0" : "")\(exponent)"
            return sign + String(mantissa).prefix(1) + (tail.isEmpty ? "" : "." + tail) + "e" + power
        case ..<0:
            return sign + "0." + String(repeating: "0", count: -exponent - 1) + String(mantissa)
        case ..<(digits - 1):
            let text = String(mantissa)
            return sign + text.prefix(exponent + 1) + "." + text.dropFirst(exponent + 1)
        default:
            return sign + grouped(String(UInt64(abs(number).rounded())))
        }
    }

    /// A number to so many significant digits at most, without zeros that say nothing: `19.99` and not `19.9900`.
    package static func plain(_ number: Double, _ digits: Int = 4) -> String {
        let text = significant(number, digits)
        guard text.contains("."), !text.contains("e") else { return text }
        let kept = String(text.reversed().drop { $0 == "0" }.reversed())
        return kept.hasSuffix(".") ? String(kept.dropLast()) : kept
    }

    /// A number that somebody gave: `0.03` and not `0.03000`; one with more digits to four of them.
    package static func brief(_ number: Double) -> String {
        let (text, rounded) = ("\(number)", significant(number))
        return text.count <= rounded.count && !text.hasSuffix(".0") ? text : rounded
    }

    /// A whole number in groups of three: `1,234,567`.
    package static func count(_ number: Int) -> String { (number < 0 ? "-" : "") + grouped(String(number.magnitude)) }

    /// How many there are of something: `1 unit`, `1,234 units`.
    package static func counted(_ number: Int, _ one: String, _ many: String) -> String { "\(count(number)) \(number == 1 ? one : many)" }

    /// A p-value in a sentence: `p 0.0304`; of a smaller one than `p < 0.0001` nobody reads the digits, which tables and the API have.
    package static func pValue(_ p: Double, _ digits: Int = 4) -> String { p < 0.0001 ? "p < 0.0001" : "p \(significant(p, digits))" }

    /// How many are needed at least: rounded up, or the first digits of what is larger than numbers that can be told from the next.
    package static func roundedUp(_ number: Double) -> String {
        number < 9e15 ? count(Int(number.rounded(.up))) : significant(number)
    }

    /// A share as a percentage: `33.3 %`.
    package static func percent(_ share: Double, _ digits: Int = 3) -> String { significant(share * 100, digits) + " %" }

    /// The first digits of a positive number, rounded, and the power of ten of the first of them.
    private static func decimal(_ number: Double, _ digits: Int) -> (mantissa: UInt64, exponent: Int) {
        // The shortest text that stands for the number is exact enough to round by hand, and needs no logarithm.
        var text = Array(String(number).utf8)[...]
        var written = 0
        if let mark = text.firstIndex(of: UInt8(ascii: "e")) {
            written = Int(String(decoding: text[(mark + 1)...], as: UTF8.self)) ?? 0
            text = text[..<mark]
        }
        let point = text.firstIndex(of: UInt8(ascii: ".")) ?? text.endIndex
        let all = text.filter { $0 != UInt8(ascii: ".") }
        let zeros = all.prefix { $0 == UInt8(ascii: "0") }.count
        var exponent = written + point - 1 - zeros
        let kept = all.dropFirst(zeros)
        var mantissa: UInt64 = 0
        for i in 0..<digits {
            mantissa = mantissa * 10 + (i < kept.count ? UInt64(kept[kept.startIndex + i] - UInt8(ascii: "0")) : 0)
        }
        if kept.count > digits, kept[kept.startIndex + digits] >= UInt8(ascii: "5") { mantissa += 1 }
        if String(mantissa).utf8.count > digits {
            mantissa /= 10
            exponent += 1
        }
        return (mantissa, exponent)
    }

    private static func grouped(_ digits: String) -> String {
        var result = Array(digits)
        var index = result.count - 3
        while index > 0 {
            result.insert(",", at: index)
            index -= 3
        }
        return String(result)
    }
}
