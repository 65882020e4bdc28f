/// Relative weights as the smallest whole numbers in the same proportion.
///
/// Weights are taken as the decimals people write: `33.3, 33.3, 33.3` is `1, 1, 1`, and `75, 10, 5, 10` is `15, 2, 1, 2`. Nothing is
/// rounded; weights that would need too large a sum are refused instead.
public struct WholeShares: Hashable, Sendable {
    /// The whole numbers, in the order of the weights.
    public let counts: [UInt64]
    /// The sum of ``counts``.
    public var total: UInt64 { counts.reduce(0, +) }

    /// Why weights cannot be made whole.
    public enum Failure: Error, Hashable, Sendable {
        /// There are no weights.
        case empty
        /// The weight at this index is not a positive, finite number.
        case notPositive(index: Int)
        /// The exact proportions need a sum above the limit: how large it would be, or `nil` where that does not fit 64 bits.
        case tooFine(needed: UInt64?, limit: UInt64)
    }

    /// Makes weights whole.
    ///
    /// - Parameters:
    ///   - weights: positive, finite numbers.
    ///   - limit: the largest sum that is accepted.
    public init(weights: [Double], limit: UInt64) throws(Failure) {
        guard !weights.isEmpty else { throw .empty }
        var decimals: [Decimal] = []
        for (index, weight) in weights.enumerated() {
            guard weight.isFinite, weight > 0, let decimal = Decimal(weight) else { throw .notPositive(index: index) }
            decimals.append(decimal)
        }
        let exponent = decimals.map(\.exponent).min() ?? 0
        var scaled: [UInt64] = []
        for decimal in decimals {
            var digits = decimal.digits
            for _ in exponent..<decimal.exponent {
                let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
                guard !overflow else { throw .tooFine(needed: nil, limit: limit) }
                digits = product
            }
            scaled.append(digits)
        }
        let divisor = scaled.reduce(0, WholeShares.greatestCommonDivisor)
        var sum: UInt64 = 0
        for share in scaled {
            let (next, overflow) = sum.addingReportingOverflow(share / divisor)
            guard !overflow else { throw .tooFine(needed: nil, limit: limit) }
            sum = next
        }
        guard sum <= limit else { throw .tooFine(needed: sum, limit: limit) }
        counts = scaled.map { $0 / divisor }
    }

    private static func greatestCommonDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    /// `digits × 10^exponent`: the shortest decimal that reads back as the same number, which is what a person wrote.
    private struct Decimal {
        var digits: UInt64
        var exponent: Int

        /// Takes apart Swift's own shortest description, `12.5` or `1.25e-07`.
        init?(_ value: Double) {
            let parts = "\(value)".split(separator: "e")
            guard let mantissa = parts.first, let scale = parts.count == 2 ? Int(parts[1]) : 0 else { return nil }
            let halves = mantissa.split(separator: ".")
            let fraction = halves.count == 2 && halves[1] != "0" ? halves[1] : ""
            guard let whole = halves.first, let digits = UInt64(whole + fraction) else { return nil }
            self.digits = digits
            self.exponent = scale - fraction.count
            while self.digits != 0, self.digits.isMultiple(of: 10) {
                self.digits /= 10
                self.exponent += 1
            }
        }
    }
}
