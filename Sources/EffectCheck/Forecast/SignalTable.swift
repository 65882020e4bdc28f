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
        var sorts = [UInt16](repeating: 0, count: customers.count)
        sorts.withUnsafeMutableBufferPointer { sorts in
            let sorts = Shared(sorts)
            Workers.run { worker in
                let history = History(design: forecast.design, unit: forecast.unit)
                for customer in Workers.share(of: customers.count, worker) {
                    history.fill(customers, customer)
                    let expectation = forecast.expectation(history, fold: Forecast.fold(customer))
                    let (spent, purchases) = (customers.spent(customer, pilot), customers.purchases(customer, pilot))
                    let (signals, isCut) = expectation.signals(
                        spent: spent / forecast.unit, purchases: purchases,
                        check: forecast.logCheck(spent: spent, purchases: purchases))
                    var row = Row(signals)
                    row[SignalTable.pilotLane] = Float(spent / forecast.unit)
                    row[SignalTable.beforeLane] = Float(history.habit.level / forecast.unit)
                    row[SignalTable.personLane] = SignalTable.person(
                        gender: customers.genders[customer], age: customers.ages[customer], isCut: isCut)
                    shared.buffer[customer] = row
                    sorts.buffer[customer] = UInt16(expectation.sort)
                }
            }
        }
        let byHistory = calibrate(Calibration.sorts(ofHistory: forecast.segments.count)) { Int(sorts[$0]) }
        let byPeople = calibrate(Calibration.sortsOfPeople) { Calibration.sort(gender: customers.genders[$0], age: customers.ages[$0]) }
        covariance = summedCovariance()
        let history = History(design: forecast.design, unit: forecast.unit)
        let people = Double(max(1, customers.count))
        let age = customers.ages.reduce(0.0) { $0 + Double($1) } / people
        history.fillUnknown(gender: customers.genders.reduce(0.0) { $0 + ($1 == 1 ? 1 : 0) } / people, age: age)
        let expectation = forecast.expectation(history, fold: 0)
        let off = byHistory[expectation.sort] + byPeople[Calibration.sort(gender: 0, age: UInt8(min(age, 150)))]
        unknown = Row(expectation.signals(spent: 0, purchases: 0, check: nil).0 - off)
        for lane in SignalTable.pilotLane...SignalTable.personLane { unknown[lane] = 0 }
        unknown[SignalTable.personLane] = Float(Int(age))
    }

    deinit { rows.deallocate() }

    /// Takes off what customers of each sort differ by on average, and says what that is.
    private func calibrate(_ sorts: Int, _ sort: (Int) -> Int) -> [SIMD8<Double>] {
        var calibration = Calibration(sorts: sorts)
        for customer in 0..<count { calibration.add(SIMD8<Double>(rows[customer]), sort: sort(customer)) }
        let offsets = calibration.offsets
        let rest = offsets.map { offset in
            var row = Row(offset)
            for lane in SignalTable.pilotLane...SignalTable.personLane { row[lane] = 0 }
            return row
        }
        for customer in 0..<count { rows[customer] -= rest[sort(customer)] }
        return offsets
    }

    private func summedCovariance() -> [Double] {
        var moments = GroupMoments()
        for customer in 0..<count { moments.add(rows[customer]) }
        moments.flush()
        return moments.covariance
    }
}
