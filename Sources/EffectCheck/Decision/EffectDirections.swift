internal import Glibc

/// What an effect of some kind does to the signals, for a lift of one of revenue per person.
///
/// Measured, not assumed: each kind of effect is put on customers of the shop itself, and the signals of the changed weeks are compared with
/// those of the real ones.
package struct EffectDirections: Sendable {
    /// Kinds of effects.
    package enum Kind: String, Sendable, CaseIterable {
        /// Each purchase costs more.
        case price
        /// There are more purchases, in proportion to those there are.
        case frequency
        /// Some of those who would not have bought do.
        case conversion
        /// Some of those who would have bought do, or the reverse.
        case retention
        /// Each buyer spends the same amount more.
        case basket
        /// Everybody is as likely to buy once more.
        case extra
    }

    let vectors: [[Double]]

    init(vectors: [[Double]]) { self.vectors = vectors }

    /// Measures them on a sample of a shop's customers.
    init(_ forecast: Forecast, _ customers: Customers) {
        let pilot = customers.windows - 1
        let history = History(design: forecast.design, unit: forecast.unit)
        let step = max(1, customers.count / 40_000)
        var random = ShopRandom(seed: 0x6F73_7365)
        var sample: [(expectation: Expectation, spent: Double, purchases: Double, own: Double)] = []
        var total = 0.0
        var idle = 0.0
        var allOwn = 0.0
        for customer in Swift.stride(from: 0, to: customers.count, by: step) {
            history.fill(customers, customer)
            let expectation = forecast.expectation(history, fold: Forecast.fold(customer))
            let usual = history.usualCheck(shopCheck: forecast.shopCheck)
            let own = exp(usual.all + forecast.shopCheck) / forecast.unit
            let spent = customers.spent(customer, pilot) / forecast.unit
            sample.append((expectation, spent, customers.purchases(customer, pilot), own))
            total += spent
            allOwn += own
            if spent == 0 { idle += own }
        }
        let lift = 0.1
        let mean = total / Double(sample.count)
        let wanted = lift * total
        vectors = Kind.allCases.map { kind in
            var change = SIMD8<Double>(repeating: 0)
            var gain = 0.0
            for (expectation, spent, purchases, own) in sample {
                var (after, count) = (spent, purchases)
                switch kind {
                case .price: after *= 1 + lift
                case .frequency:
                    let more = Double(random.binomial(Int(purchases), lift))
                    if purchases > 0 { after += more * spent / purchases }
                    count += more
                case .conversion:
                    if spent == 0, random.uniform() < min(0.9, wanted / max(idle, 1e-9)) { (after, count) = (own, 1) }
                case .retention:
                    if random.uniform() < lift { (after, count) = (0, 0) }
                case .basket: if spent > 0 { after += lift * mean }
                case .extra: if random.uniform() < wanted / max(allOwn, 1e-9) { (after, count) = (after + own, count + 1) }
                }
                guard after != spent || count != purchases else { continue }
                let before = expectation.signals(
                    spent: spent, purchases: purchases,
                    check: forecast.logCheck(spent: spent * forecast.unit, purchases: purchases)
                ).0
                let now = expectation.signals(
                    spent: after, purchases: count, check: forecast.logCheck(spent: after * forecast.unit, purchases: count)
                ).0
                change += now - before
                gain += after - spent
            }
            // In a shop where nobody is left to be converted, the kind does nothing to any signal.
            let relative = gain / max(total, 1e-9)
            return (0..<Signal.count).map { abs(relative) > 1e-4 ? change[$0] / Double(sample.count) / relative : 0 }
        }
    }

    var count: Int { vectors.count }
}
