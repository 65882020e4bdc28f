internal import Glibc

/// What is expected of one customer in the pilot, and how far off it usually is.
struct Expectation {
    /// The sum, in the shop's units, and its typical deviation.
    var sum = 0.0
    var scale = 1.0
    /// The probability of buying at all.
    var buys = 0.0
    /// Purchases, and their typical deviation.
    var purchases = 0.0
    var purchasesScale = 1.0
    /// The logarithm of the mean purchase is `check + checkInverse / n + checkLog · log n` after n purchases; its variance
    /// `checkVariance + checkVarianceInverse / n`.
    var check = 0.0
    var checkInverse = 0.0
    var checkLog = 0.0
    var checkVariance = 1.0
    var checkVarianceInverse = 0.0
    /// The sort of customers, see ``Calibration``.
    var sort = 0
}

/// The five things that are measured on every customer's pilot week: how it differs from what was expected.
///
/// Different effects show in different ones. Deviations beyond four typical ones count as four, so that no single sum decides.
/// - 0 `steady`: the sum, in proportion to what was expected, weighted by how predictable the customer is;
/// - 1 `revenue`: the sum, in units, each customer alike;
/// - 2 `buyers`: whether anything was bought;
/// - 3 `purchases`: how often;
/// - 4 `check`: how much at a time.
enum Signal {
    static let count = 5
    static let names = ["steady", "revenue", "buyers", "purchases", "check"]
    static let revenue = 1
    /// Typical deviations at which a customer's own is cut.
    static let limit = 4.0
}

extension Expectation {
    /// The signals of a pilot week.
    /// - Parameters:
    ///   - spent: in units.
    ///   - check: the logarithm of the mean purchase, relative to the shop's; nil if nothing was bought.
    /// - Returns: the five signals, and whether the sum was cut.
    @inline(__always)
    func signals(spent: Double, purchases count: Double, check logCheck: Double?) -> (SIMD8<Double>, isCut: Bool) {
        var signals = SIMD8<Double>(repeating: 0)
        let raw = (spent - sum) / scale
        let deviation = max(-Signal.limit, min(Signal.limit, raw))
        signals[0] = min(20, sum / scale) * deviation
        signals[1] = scale * deviation
        signals[2] = ((spent > 0 ? 1 : 0) - buys) * 0.3 / (buys * (1 - buys) + 0.1)
        let often = (count - purchases) / purchasesScale
        signals[3] = purchases / purchasesScale * max(-Signal.limit, min(Signal.limit, often))
        if let logCheck, count > 0 {
            let variance = max(0.003, checkVariance + checkVarianceInverse / count)
            let deviation = variance.squareRoot()
            let distance = (logCheck - check - checkInverse / count - (count > 1 ? checkLog * log(count) : 0)) / deviation
            signals[4] = max(-Signal.limit, min(Signal.limit, distance)) / deviation
        }
        return (signals, deviation != raw)
    }
}
