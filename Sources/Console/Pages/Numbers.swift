/// Numbers as people read them.
enum Numbers {
    /// A count in groups of three: `1,234,567`.
    static func count(_ count: UInt64) -> String {
        var digits = Array(String(count))
        var index = digits.count - 3
        while index > 0 {
            digits.insert(",", at: index)
            index -= 3
        }
        return String(digits)
    }

    /// A percentage with one decimal: `33.3 %`; a dash for none.
    static func percent(_ percent: Double?) -> String {
        guard let percent else { return "–" }
        return fixed(percent, decimals: 1) + " %"
    }

    /// A number with a fixed count of decimals.
    static func fixed(_ number: Double, decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (abs(number) * scale).rounded()
        guard scaled.isFinite, scaled < 9e15 else { return String(number) }
        let digits = String(UInt64(scaled))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = number < 0 && scaled > 0 ? "−" : ""
        return sign + padded.dropLast(decimals) + (decimals > 0 ? "." + padded.suffix(decimals) : "")
    }

    /// `1 device`, `2 devices`.
    static func devices(_ number: UInt64) -> String { count(number) + (number == 1 ? " device" : " devices") }
}
