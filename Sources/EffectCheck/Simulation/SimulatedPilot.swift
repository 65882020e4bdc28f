/// An invented pilot: who is in it, and what it does to those in group B.
struct SimulatedPilot {
    let kind: SimulationPlan.Kind
    /// The relative lift of revenue per person; negative for harm.
    let lift: Double
    var a1: [Int] = []
    var a2: [Int] = []
    var b: [Int] = []

    /// 1 for a positive effect, else 0.
    var label: Int { lift > 0 ? 1 : 0 }

    /// Changes a customer's purchases in the pilot's week.
    /// - Parameters:
    ///   - mean: revenue per person of the shop in that week.
    ///   - idle: the sum that all idle customers of the shop would spend with one purchase each, per person.
    func apply(to purchases: inout [Double], check: Double, mean: Double, idle: Double, _ random: inout ShopRandom) {
        guard lift != 0 else { return }
        switch kind {
        case .price:
            for each in purchases.indices { purchases[each] *= 1 + lift }
        case .frequency:
            let changed = random.binomial(purchases.count, min(1, abs(lift)))
            let typical = purchases.isEmpty ? 0 : purchases.reduce(0, +) / Double(purchases.count)
            for _ in 0..<changed {
                if lift > 0 {
                    purchases.append(typical * random.gamma(3) / 3)
                } else if !purchases.isEmpty {
                    purchases.remove(at: random.below(purchases.count))
                }
            }
        case .conversion:
            if lift > 0, purchases.isEmpty, random.uniform() < lift * mean / max(idle, 1e-9) {
                purchases.append(check * random.gamma(3) / 3)
            } else if lift < 0, random.uniform() < -lift {
                purchases.removeAll()
            }
        case .basket:
            let each = lift * mean / Double(max(1, purchases.count))
            for place in purchases.indices { purchases[place] = max(1, purchases[place] + each) }
        }
    }
}
