internal import Glibc

/// A forecast of everybody's pilot week, made from everything before it: fitted once, to the whole shop, and cross-fitted.
///
/// Revenue is forecast by weighted least squares within segments; how far off it is, by a second regression on the first one's errors;
/// buying at all and the number of purchases within classes of activity; the mean purchase across the shop.
struct Forecast: Sendable {
    let design: Habit.Design
    let unit: Double
    let segments: Segments
    /// The logarithm of the shop's mean purchase.
    let shopCheck: Double
    var revenue: SegmentedRegression.Coefficients?
    var scale: SegmentedRegression.Coefficients?
    var purchases: SegmentedRegression.Coefficients?
    var check: SegmentedRegression.Coefficients?
    var checkVariance: [Double] = [1, 0, 0, 0]
    /// The variance of the number of purchases, relative to its expectation.
    var dispersion = 1.0

    /// One of two halves, by a hash of the customer's place.
    @inline(__always)
    static func fold(_ customer: Int) -> Int { Int((UInt64(customer) &* 0x9E37_79B9_7F4A_7C15) >> 63) }

    /// How far off a forecast is before anything was learnt of that, in units.
    @inline(__always)
    func firstScale(_ habit: Habit) -> Double { (0.1 * habit.level + habit.noise) / unit + 0.01 }

    /// The forecast sum and its scale.
    @inline(__always)
    func revenue(_ history: History, fold: Int) -> (sum: Double, scale: Double, segment: Int) {
        let segment = segments.segment(history.habit)
        guard let revenue else { return (history.habit.level / unit, firstScale(history.habit), segment) }
        _ = history.setRevenueFeatures()
        let sum = max(0, revenue.forecast(history.features, segment: segment, fold: fold))
        guard let scale else { return (sum, firstScale(history.habit), segment) }
        setScaleFeatures(history, sum)
        let typical = 1.25 * scale.forecast(history.features, segment: segment, fold: fold)
        return (sum, max(typical, 0.01 * history.habit.level / unit + 0.001), segment)
    }

    /// What the size of the error is forecast from; four numbers.
    @inline(__always)
    func setScaleFeatures(_ history: History, _ sum: Double) {
        history.features[0] = 1
        history.features[1] = history.habit.noise / unit
        history.features[2] = sum
        history.features[3] = history.habit.level / unit
    }

    /// Everything that is expected of the customer whose history this is.
    @inline(__always)
    func expectation(_ history: History, fold: Int) -> Expectation {
        var expectation = Expectation()
        let forecast = revenue(history, fold: fold)
        (expectation.sum, expectation.scale) = (forecast.sum, forecast.scale)
        expectation.sort = Calibration.sort(segment: forecast.segment, expected: forecast.sum)
        if let purchases {
            _ = history.setPurchaseFeatures()
            let active = history.habit.active
            expectation.buys = min(0.997, max(0.003, purchases.forecast(history.features, segment: active, fold: fold)))
            expectation.purchases = max(0.02, purchases.forecast(history.features, segment: active, fold: fold, answer: 1))
            expectation.purchasesScale = (dispersion * expectation.purchases + 0.02).squareRoot()
        }
        if let check {
            let usual = history.usualCheck(shopCheck: shopCheck)
            _ = history.setCheckFeatures(usual, purchases: 0)
            for column in 10..<13 { history.features[column] = 0 }
            expectation.check = check.forecast(history.features, segment: 0, fold: fold)
            expectation.checkInverse = check.value(10, fold: fold)
            expectation.checkLog = check.value(11, fold: fold) + check.value(12, fold: fold) * usual.trust
            expectation.checkVariance = checkVariance[0] + checkVariance[2] / (usual.count + 1) + checkVariance[3] * relativeNoise(history)
            expectation.checkVarianceInverse = checkVariance[1]
        }
        return expectation
    }

    @inline(__always)
    func relativeNoise(_ history: History) -> Double { history.habit.noise / (history.habit.level + 0.0005 * unit) }

    /// The logarithm of a mean purchase, relative to the shop's.
    @inline(__always)
    func logCheck(spent: Double, purchases: Double) -> Double? {
        spent > 0 && purchases > 0 ? log(spent / purchases) - shopCheck : nil
    }
}
