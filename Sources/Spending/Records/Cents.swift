/// An amount of money, exact: whole cents.
package struct Cents: Hashable, Comparable, Sendable {
    package let count: Int64

    package init(_ count: Int64) { self.count = count }

    /// The largest amount that one payment may have: up to there the cents of a `Double` are exact.
    package static let limit: Int64 = 1 << 53

    package static let zero = Cents(0)

    package static func < (left: Cents, right: Cents) -> Bool { left.count < right.count }
}

extension Cents {
    /// The whole cents nearest to an amount, halves away from zero; nil for what is not finite or too large.
    ///
    /// A decimal amount of whole cents, read into a `Double`, gives exactly these cents: the error of the product is far below half a cent.
    package init?(rounding amount: Double) {
        let scaled = (amount * 100).rounded(.toNearestOrAwayFromZero)
        guard scaled.isFinite, abs(scaled) <= Double(Cents.limit) else { return nil }
        self.init(Int64(scaled))
    }

    /// Whether an amount is these cents and nothing more: the `Double` nearest to them.
    package func isExactly(_ amount: Double) -> Bool { Double(count) / 100 == amount }

    /// These cents shared among so many, as near as a `Double` can be: one division of two whole numbers.
    package func shared(among number: Int) -> Double? {
        number > 0 ? Double(count) / (100 * Double(number)) : nil
    }
}

extension Cents: CustomStringConvertible {
    /// The amount with two decimals: `26796.21`.
    package var description: String {
        let digits = String(count.magnitude)
        let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        return (count < 0 ? "-" : "") + padded.dropLast(2) + "." + padded.suffix(2)
    }

    /// The amount as the shortest JSON number: `26796.21`, `2000`.
    package var json: String {
        let (units, cents) = count.magnitude.quotientAndRemainder(dividingBy: 100)
        let sign = count < 0 ? "-" : ""
        if cents == 0 { return "\(sign)\(units)" }
        return cents % 10 == 0 ? "\(sign)\(units).\(cents / 10)" : "\(sign)\(units).\(cents / 10)\(cents % 10)"
    }

    /// Reads what ``description`` writes, and whole numbers.
    package init?(text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? parts[1] : "00"
        guard fraction.utf8.count == 2, fraction.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            Int64(parts[0]) != nil, let count = Int64(parts[0] + fraction)
        else { return nil }
        self.init(count)
    }
}
