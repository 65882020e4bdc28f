internal import Glibc

extension Double {
    /// The nearest number of at most twelve significant decimal digits, or the nearest whole number where that has more.
    ///
    /// What was added up in another order, such as 0.1 + 0.2 + 0.3 and 0.6, becomes one value again, which ranks and quantiles tell apart
    /// otherwise. A number that has no more digits is left exactly as it is, and so is every whole number, whose sums are exact.
    public var roundedToTwelveDigits: Double {
        guard self != rounded(), isFinite else { return self }
        // The power of ten that leaves twelve digits before the point.
        let power = 11 - Int(log10(magnitude).rounded(.down))
        guard power <= 22 else { return Self.fromDigits(self, power) }
        // Both the digits and the power are exact doubles, so their ratio is the double nearest to the decimal number.
        let scale = Self.powersOfTen[max(0, power)]
        return (self * scale).rounded() / scale
    }

    /// The nearest number with no digit after the fourteenth of `magnitude`, for a sum or difference of numbers of that size; a whole number is left as it is.
    ///
    /// What is left of rounding, such as 0.1 + 0.2 - 0.3 or the last bits of 1.3 - 1.2, is of the size of what was added up and not of the result.
    public func roundedToDigits(of magnitude: Double) -> Double {
        guard self != rounded(), isFinite, magnitude.isFinite, magnitude > 0 else { return self }
        let power = 13 - Int(log10(magnitude).rounded(.down))
        guard power <= 22 else { return Self.fromDigits(self, power) }
        let scale = Self.powersOfTen[max(0, power)]
        return (self * scale).rounded() / scale
    }

    /// The same of tiny numbers, whose power of ten is no exact double: by the digits as text.
    private static func fromDigits(_ number: Double, _ power: Int) -> Double {
        let digits = (number * 1e22 * pow(10, Double(power - 22))).rounded()
        return digits.isFinite ? Double("\(Int64(digits))e-\(power)") ?? number : number
    }

    private static let powersOfTen = (0...22).map { power in (0..<power).reduce(1.0) { product, _ in product * 10 } }
}
