internal import Glibc

/// Fits the forecast: passes over all customers, shared among the processors, that sum up what regressions need.
struct ForecastFit {
    let customers: Customers
    private let pilot: Int
    private(set) var forecast: Forecast

    /// Learns the shop's own measures first: its unit, its segments, its mean purchase.
    init(_ customers: Customers) throws(ShopDataError) {
        self.customers = customers
        pilot = customers.windows - 1
        let design = Habit.Design(windows: pilot)
        var (sum, count) = (0.0, 0.0)
        for customer in 0..<customers.count {
            for window in 0..<pilot {
                sum += customers.spent(customer, window)
                count += customers.purchases(customer, window)
            }
        }
        guard sum > 0, count > 0 else { throw .nothingSold(path: "the sales' file") }
        let unit = sum / Double(customers.count * pilot)
        let history = History(design: design, unit: unit)
        let step = max(1, customers.count / 50_000)
        let sample = Swift.stride(from: 0, to: customers.count, by: step).map { customer in
            history.fill(customers, customer)
            return history.habit
        }
        forecast = Forecast(
            design: design, unit: unit, segments: Segments(sample, windows: pilot), shopCheck: log(sum / count))
    }

    /// Does all passes.
    /// - Parameter reached: told the share that is done.
    mutating func run(_ reached: (Double) throws(ShopDataError) -> Void) throws(ShopDataError) -> Forecast {
        fitRevenue(isFirst: true)
        try reached(0.2)
        fitScale()
        try reached(0.4)
        fitRevenue(isFirst: false)
        try reached(0.6)
        fitScale()
        fitSpread()
        try reached(0.8)
        return forecast
    }

    /// Runs a pass: each worker sums up its share, then the sums are added.
    private func pass<Sums>(_ make: () -> Sums, _ work: (History, Int, inout Sums) -> Void, add: (inout Sums, Sums) -> Void) -> Sums {
        var parts = (0..<Workers.count).map { _ in make() }
        parts.withUnsafeMutableBufferPointer { parts in
            let parts = Shared(parts)
            Workers.run { worker in
                let history = History(design: forecast.design, unit: forecast.unit)
                var sums = make()
                for customer in Workers.share(of: customers.count, worker) {
                    history.fill(customers, customer)
                    work(history, customer, &sums)
                }
                parts.buffer[worker] = sums
            }
        }
        var total = parts[0]
        for part in parts.dropFirst() { add(&total, part) }
        return total
    }

    /// The sum's regression; at the second time weighted by what was learnt of its errors, with far sums cut, and the others along.
    private mutating func fitRevenue(isFirst: Bool) {
        struct Sums {
            var revenue: SegmentedRegression
            var purchases: SegmentedRegression
            var check: SegmentedRegression
        }
        let (forecast, customers, pilot) = (forecast, customers, pilot)
        let total = pass {
            Sums(
                revenue: SegmentedRegression(segments: forecast.segments.count, size: History.revenueFeatures(pilot)),
                purchases: SegmentedRegression(segments: pilot + 1, size: History.purchaseFeatures(pilot), answers: 2),
                check: SegmentedRegression(segments: 1, size: History.checkFeatures))
        } _: { history, customer, sums in
            let fold = Forecast.fold(customer)
            let spent = customers.spent(customer, pilot)
            let (sum, scale, segment) = forecast.revenue(history, fold: fold)
            var answer = spent / forecast.unit
            if !isFirst { answer = max(sum - Signal.limit * scale, min(sum + Signal.limit * scale, answer)) }
            let place = history.setRevenueFeatures()
            history.features[place] = answer
            sums.revenue.add(history.features, segment: segment, fold: fold, weight: 1 / (scale * scale))
            if isFirst { return }
            let purchases = customers.purchases(customer, pilot)
            let answers = history.setPurchaseFeatures()
            history.features[answers] = spent > 0 ? 1 : 0
            history.features[answers + 1] = purchases
            sums.purchases.add(history.features, segment: history.habit.active, fold: fold, weight: 1)
            if let logCheck = forecast.logCheck(spent: spent, purchases: purchases) {
                let usual = history.usualCheck(shopCheck: forecast.shopCheck)
                let place = history.setCheckFeatures(usual, purchases: purchases)
                history.features[place] = logCheck
                sums.check.add(history.features, segment: 0, fold: fold, weight: ForecastFit.checkWeight(purchases, usual.count))
            }
        } add: { total, part in
            total.revenue.add(part.revenue)
            total.purchases.add(part.purchases)
            total.check.add(part.check)
        }
        self.forecast.revenue = total.revenue.solved()
        if isFirst { return }
        self.forecast.purchases = total.purchases.solved()
        self.forecast.check = total.check.solved()
    }

    private static func checkWeight(_ purchases: Double, _ before: Double) -> Double {
        1 / (0.05 + 0.4 / max(1, purchases) + 0.3 / (before + 1))
    }

    /// The regression of the errors' sizes.
    private mutating func fitScale() {
        var forecast = forecast
        forecast.scale = nil
        let (customers, pilot) = (customers, pilot)
        self.forecast.scale = pass {
            SegmentedRegression(segments: forecast.segments.count, size: 4)
        } _: { history, customer, sums in
            let fold = Forecast.fold(customer)
            let (sum, first, segment) = forecast.revenue(history, fold: fold)
            forecast.setScaleFeatures(history, sum)
            // A few enormous errors would make everybody's enormous.
            let error = abs(customers.spent(customer, pilot) / forecast.unit - sum)
            history.features[4] = min(error, 20 * first)
            sums.add(history.features, segment: segment, fold: fold, weight: 1 / (first * first))
        } add: { total, part in
            total.add(part)
        }.solved()
    }

    /// How far numbers of purchases and mean purchases lie from their forecasts.
    private mutating func fitSpread() {
        struct Sums {
            var squares = 0.0
            var expected = 0.0
            var check = NormalEquations(size: 4)
        }
        let (forecast, customers, pilot) = (forecast, customers, pilot)
        let total = pass {
            Sums()
        } _: { history, customer, sums in
            let fold = Forecast.fold(customer)
            let expectation = forecast.expectation(history, fold: fold)
            let (spent, purchases) = (customers.spent(customer, pilot), customers.purchases(customer, pilot))
            sums.squares += (purchases - expectation.purchases) * (purchases - expectation.purchases)
            sums.expected += expectation.purchases
            guard let logCheck = forecast.logCheck(spent: spent, purchases: purchases) else { return }
            let expected =
                expectation.check + expectation.checkInverse / purchases + (purchases > 1 ? expectation.checkLog * log(purchases) : 0)
            let error = max(-2, min(2, logCheck - expected))
            let before = history.usualCheck(shopCheck: forecast.shopCheck).count
            history.features[0] = 1
            history.features[1] = 1 / purchases
            history.features[2] = 1 / (before + 1)
            history.features[3] = forecast.relativeNoise(history)
            history.features[4] = error * error
            let weight = ForecastFit.checkWeight(purchases, before)
            sums.check.add(history.features, weight: weight * weight)
        } add: { total, part in
            total.squares += part.squares
            total.expected += part.expected
            total.check.add(part.check)
        }
        self.forecast.dispersion = total.expected > 0 ? max(0.05, total.squares / total.expected) : 1
        self.forecast.checkVariance = total.check.solved()[0]
    }
}
