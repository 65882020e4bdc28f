/// Payments while they are added up, in whole cents, by customer and by year.
///
/// A customer's years are a chain through one array: there are few of them, and a payment touches two places in memory.
struct PaymentSums: ~Copyable {
    private(set) var totals: [SpendingSnapshot.Sum]
    private(set) var heads: [Int32]
    private(set) var yearSums: [SpendingSnapshot.YearSum] = []
    private(set) var years: Set<Int> = []

    init(customers: Int) {
        totals = Array(repeating: SpendingSnapshot.Sum(), count: customers)
        heads = Array(repeating: -1, count: customers)
    }

    /// Adds a payment; false if the sum leaves the numbers that are exact.
    mutating func add(_ cents: Cents, row: Int, year: Int32?) -> Bool {
        guard PaymentSums.add(cents, to: &totals[row]) else { return false }
        guard let year else { return true }
        var place = heads[row]
        while place >= 0 {
            if yearSums[Int(place)].year == year { return PaymentSums.add(cents, to: &yearSums[Int(place)].sum) }
            place = yearSums[Int(place)].next
        }
        yearSums.append(.init(year: year, sum: .init(cents: cents.count, payments: 1), next: heads[row]))
        heads[row] = Int32(yearSums.count - 1)
        years.insert(Int(year))
        return true
    }

    private static func add(_ cents: Cents, to sum: inout SpendingSnapshot.Sum) -> Bool {
        let (total, isTooLarge) = sum.cents.addingReportingOverflow(cents.count)
        guard !isTooLarge, abs(total) <= Cents.limit, sum.payments < .max else { return false }
        sum.cents = total
        sum.payments += 1
        return true
    }
}
