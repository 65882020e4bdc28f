internal import Glibc

/// One invented customer, who spends by habits of their own.
struct SimulatedCustomer {
    let gender: Int
    let age: Int
    /// The typical sum of a purchase.
    let check: Double
    private let isOccasional: Bool
    private let level: Double
    private let rhythm: Double
    private let drift: Double
    private let noise: Double
    private let joins: Int
    private let leaves: Int
    private var wander = 0.0
    private let shape: SimulationPlan.Shape

    /// Draws a customer.
    init(_ shape: SimulationPlan.Shape, _ random: inout ShopRandom) {
        self.shape = shape
        gender = random.uniform() < 0.36 ? 1 : 0
        age = Int(min(70, 18 + random.gamma(3.2) * 2.75))
        check = exp(5.98 + 0.34 * random.normal()) * (gender == 1 ? 1.14 : 1) * (1 + 0.01 * Double(age - 26))
        isOccasional = random.uniform() < 0.13
        let isRhythmic = random.uniform() < 0.12
        switch shape {
        case _ where isOccasional:
            (level, rhythm, drift, noise) = (0.12 * random.gamma(1.2), 0, 0, 0)
        case .regular:
            let drifts = random.uniform() < 0.25
            rhythm = isRhythmic ? random.uniform(0.25...1) : 0.05 * random.normal()
            level = exp(7.78 + 0.28 * random.normal()) * (gender == 1 ? 1.05 : 1) * (isRhythmic ? 0.8 : 1)
            drift = (drifts ? 0.07 : 0.02) * random.normal()
            noise = min(0.6, exp(log(0.13) + 0.6 * random.normal()))
        case .bursty:
            level = 3 * random.gamma(1.3) * (gender == 1 ? 0.93 : 1)
            rhythm = 1.2 * (random.gamma(2) / (random.gamma(2) + random.gamma(2)) - 0.5)
            (drift, noise) = (0, 0.12)
        case .plain:
            level = exp(1.2 + 0.6 * random.normal())
            rhythm = min(0.9, max(-0.9, 0.3 * random.normal()))
            drift = 0
            noise = 0.1 + 0.3 * random.uniform()
        }
        joins = random.uniform() < 0.03 ? 1 + random.below(7) : 0
        leaves = random.uniform() < 0.03 ? 2 + random.below(6) : 8
    }

    /// What is spent in a week: the sums of its purchases.
    mutating func week(_ week: Int, into purchases: inout [Double], _ random: inout ShopRandom) {
        purchases.removeAll(keepingCapacity: true)
        guard week >= joins, week < leaves else { return }
        let sign = week.isMultiple(of: 2) ? 1.0 : -1
        if isOccasional {
            for _ in 0..<random.poisson(level) { purchases.append(check * random.gamma(3) / 3) }
            return
        }
        switch shape {
        case .regular:
            let expected = level * (1 + rhythm * sign) * max(0.05, 1 + drift * (Double(week) - 3.5)) * Self.season[week]
            let budget = expected * max(0, 1 + noise * random.normal())
            guard budget >= 1 else { return }
            let count = max(1, random.poisson(min(25, expected / check)))
            for _ in 0..<count { purchases.append(random.gamma(2.6)) }
            let share = budget / max(purchases.reduce(0, +), 1e-9)
            for each in purchases.indices { purchases[each] *= share }
        case .bursty:
            wander += noise * random.normal()
            let rate = level * max(0, 1 + rhythm * sign) * exp(wander) * (sign > 0 ? 1.05 : 0.95)
            for _ in 0..<random.poisson(rate) { purchases.append(check * random.gamma(2) / 2) }
            if !purchases.isEmpty, random.uniform() < 0.004 {
                let burst = min(400, 1 + 3 * pow(random.uniform(), -1 / 1.3))
                for each in purchases.indices { purchases[each] *= burst }
            }
        case .plain:
            let rate = level * (1 + rhythm * sign) * exp(noise * random.normal())
            for _ in 0..<random.poisson(rate) { purchases.append(check * random.gamma(4) / 4) }
        }
    }

    /// How weeks differ for all.
    private static let season = [0.95, 0.97, 1.03, 0.96, 1.01, 0.99, 1.02, 0.98]
}
