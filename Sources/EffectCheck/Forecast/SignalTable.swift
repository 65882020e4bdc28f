/// For each customer one line of 32 bytes: the five signals, what was spent in the pilot and before it, and who they are.
///
/// It is all that a check reads: one access to memory for each customer.
///
/// `@unchecked Sendable`: filled by `init`, only read afterwards.
package final class SignalTable: @unchecked Sendable {
    typealias Row = SIMD8<Float>

    let rows: UnsafeMutablePointer<Row>
    let count: Int
    /// The row of somebody who is not among the customers: nothing bought, ever.
    private(set) var unknown = Row(repeating: 0)
    /// What a typical customer spends in a window.
    package let unit: Double
    /// The shop's covariances of the signals.
    private(set) var covariance: [Double] = []

    /// Lanes behind the signals.
    static let pilotLane = 5
    static let beforeLane = 6
    /// Who they are, see ``person(gender:age:isCut:)``.
    static let personLane = 7

    /// Age + 2¹³ · (gender is 1) + 2¹⁸ · (the sum was cut): added up over 31 people of at most 150 years it is exact in single precision,
    /// and the three can be told apart.
    static func person(gender: UInt8, age: UInt8, isCut: Bool) -> Float {
        Float(Int(age) + (gender == 1 ? 1 << 13 : 0) + (isCut ? 1 << 18 : 0))
    }

    init(_ forecast: Forecast, _ customers: Customers) {
        count = customers.count
        unit = forecast.unit
        rows = LargeMemory.zeros(customers.count, of: Row.self, Row(repeating: 0))
        let pilot = customers.windows - 1
        let shared = Shared(UnsafeMutableBufferPointer(start: rows, count: customers.count))
        var means = [SIMD8<Double>](repeating: SIMD8(repeating: 0), count: Workers.count)
        means.withUnsafeMutableBufferPointer { means in
            let means = Shared(means)
            Workers.run { worker in
                let history = History(design: forecast.design, unit: forecast.unit)
                var sum = SIMD8<Double>(repeating: 0)
                for customer in Workers.share(of: customers.count, worker) {
                    history.fill(customers, customer)
                    let expectation = forecast.expectation(history, fold: Forecast.fold(customer))
                    let (spent, purchases) = (customers.spent(customer, pilot), customers.purchases(customer, pilot))
                    let (signals, isCut) = expectation.signals(
                        spent: spent / forecast.unit, purchases: purchases,
                        check: forecast.logCheck(spent: spent, purchases: purchases))
                    sum += signals
                    var row = Row(signals)
                    row[SignalTable.pilotLane] = Float(spent / forecast.unit)
                    row[SignalTable.beforeLane] = Float(history.habit.level / forecast.unit)
                    row[SignalTable.personLane] = SignalTable.person(
                        gender: customers.genders[customer], age: customers.ages[customer], isCut: isCut)
                    shared.buffer[customer] = row
                }
                means.buffer[worker] = sum
            }
        }
        let mean = means.reduce(SIMD8(repeating: 0), +) / Double(max(1, customers.count))
        center(by: mean)
        let history = History(design: forecast.design, unit: forecast.unit)
        let people = Double(max(1, customers.count))
        let age = customers.ages.reduce(0.0) { $0 + Double($1) } / people
        history.fillUnknown(gender: customers.genders.reduce(0.0) { $0 + ($1 == 1 ? 1 : 0) } / people, age: age)
        let expectation = forecast.expectation(history, fold: 0)
        unknown = Row(expectation.signals(spent: 0, purchases: 0, check: nil).0 - mean)
        for lane in SignalTable.pilotLane...SignalTable.personLane { unknown[lane] = 0 }
        unknown[SignalTable.personLane] = Float(Int(age))
        self.mean = mean
    }

    deinit { rows.deallocate() }

    /// The shop's mean signals, which were taken off.
    private(set) var mean = SIMD8<Double>(repeating: 0)

    /// Takes the mean off all signals, and sums up their covariances.
    private func center(by mean: SIMD8<Double>) {
        var offset = Row(mean)
        for lane in SignalTable.pilotLane...SignalTable.personLane { offset[lane] = 0 }
        var moments = GroupMoments()
        for customer in 0..<count {
            rows[customer] -= offset
            moments.add(rows[customer])
        }
        moments.flush()
        covariance = moments.covariance
    }
}
