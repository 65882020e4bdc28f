internal import Glibc

/// A customer's windows before the pilot, unpacked, with all that is computed of them once.
///
/// One is made for each worker and filled again for each customer: nothing is allocated on the way.
final class History {
    let windows: Int
    let spent: UnsafeMutablePointer<Double>
    let purchases: UnsafeMutablePointer<Double>
    /// Room for features and, behind them, answers.
    let features: UnsafeMutablePointer<Double>
    private(set) var habit = Habit()
    private(set) var gender = 0.0
    private(set) var age = 0.0
    private let design: Habit.Design
    /// A typical window's sum in this shop: what amounts are measured by.
    let unit: Double

    init(design: Habit.Design, unit: Double) {
        self.design = design
        self.unit = unit
        windows = design.windows
        spent = .allocate(capacity: windows)
        purchases = .allocate(capacity: windows)
        features = .allocate(capacity: 4 * windows + 24)
    }

    deinit {
        spent.deallocate()
        purchases.deallocate()
        features.deallocate()
    }

    /// Takes up a customer.
    @inline(__always)
    func fill(_ customers: Customers, _ customer: Int) {
        for window in 0..<windows {
            spent[window] = customers.spent(customer, window)
            purchases[window] = customers.purchases(customer, window)
        }
        gender = customers.genders[customer] == 1 ? 1 : 0
        age = Double(customers.ages[customer])
        habit = design.habit(spent)
    }

    /// Takes up somebody of whom nothing is known: an average person who never bought.
    func fillUnknown(gender: Double, age: Double) {
        for window in 0..<windows {
            spent[window] = 0
            purchases[window] = 0
        }
        self.gender = gender
        self.age = age
        habit = design.habit(spent)
    }

    // MARK: Features

    static func revenueFeatures(_ windows: Int) -> Int { 2 * windows + 9 }
    static func purchaseFeatures(_ windows: Int) -> Int { 3 * windows + 3 }
    static let checkFeatures = 13

    /// What the sum is forecast from; returns where the answer belongs.
    @inline(__always)
    func setRevenueFeatures() -> Int {
        let level = habit.level + 0.0005 * unit
        features[0] = 1
        for window in 0..<windows {
            features[1 + window] = spent[window] / unit
            features[1 + windows + window] = purchases[window]
        }
        let next = 2 * windows + 1
        features[next] = max(0, habit.expected) / unit
        features[next + 1] = gender
        features[next + 2] = age / 30
        features[next + 3] = gender * level / unit
        features[next + 4] = age / 30 * level / unit
        features[next + 5] = spent[windows - 1] == 0 ? 1 : 0
        features[next + 6] = spent[windows - 2] == 0 ? 1 : 0
        features[next + 7] = spent[windows - 4] == 0 ? 1 : 0
        return next + 8
    }

    /// What buying at all, and how often, is forecast from; returns where the answers belong.
    @inline(__always)
    func setPurchaseFeatures() -> Int {
        features[0] = 1
        for window in 0..<windows {
            features[1 + window] = spent[window] > 0 ? 1 : 0
            features[1 + windows + window] = purchases[window].squareRoot()
            features[1 + 2 * windows + window] = spent[window] > 0 ? log1p(spent[window] / unit) : 0
        }
        features[3 * windows + 1] = gender
        features[3 * windows + 2] = age / 30
        return 3 * windows + 3
    }

    /// The customer's usual sum of one purchase, and how much is known of it.
    struct UsualCheck {
        /// Purchases before the pilot.
        var count = 0.0
        /// Logarithm of the mean purchase, relative to the shop's; 0 where nothing is known.
        var all = 0.0
        /// The same in the windows of the pilot's rhythm.
        var rhythm = 0.0
        var trust = 0.0
        var rhythmTrust = 0.0
    }

    /// - Parameter shopCheck: the logarithm of the shop's mean purchase.
    @inline(__always)
    func usualCheck(shopCheck: Double) -> UsualCheck {
        var (count, sum, rhythmCount, rhythmSum) = (0.0, 0.0, 0.0, 0.0)
        for window in 0..<windows {
            count += purchases[window]
            sum += spent[window]
            if (windows - window).isMultiple(of: 2) {
                rhythmCount += purchases[window]
                rhythmSum += spent[window]
            }
        }
        var check = UsualCheck()
        check.count = count
        check.all = count > 0 && sum > 0 ? log(sum / count) - shopCheck : 0
        check.rhythm = rhythmCount > 0 && rhythmSum > 0 ? log(rhythmSum / rhythmCount) - shopCheck : check.all
        check.trust = count / (count + 2)
        check.rhythmTrust = check.trust * rhythmCount / (rhythmCount + 2)
        return check
    }

    /// What the logarithm of the mean purchase in the pilot is forecast from, given how many there were; returns where the answer belongs.
    @inline(__always)
    func setCheckFeatures(_ check: UsualCheck, purchases count: Double) -> Int {
        features[0] = 1
        features[1] = check.trust
        features[2] = check.all * check.trust
        features[3] = check.rhythm * check.rhythmTrust
        features[4] = check.rhythmTrust
        features[5] = gender
        features[6] = age / 30
        features[7] = gender * check.trust
        features[8] = age / 30 * check.trust
        features[9] = log(habit.level / unit + 0.0005) * check.trust
        let logCount = count > 1 ? log(count) : 0
        features[10] = 1 / max(1, count)
        features[11] = logCount
        features[12] = logCount * check.trust
        return 13
    }
}
