import Synchronization

/// The shop's records as they were at one moment, added up: what every question is answered from.
package final class SpendingSnapshot: Sendable {
    /// What a customer spent, in all or in one year.
    struct Sum: Sendable {
        var cents: Int64 = 0
        var payments: Int32 = 0
    }

    /// A customer's sum in one year, and where the next of the customer's years is.
    struct YearSum: Sendable {
        let year: Int32
        var sum: Sum
        let next: Int32
    }

    /// What is known of one customer.
    package struct Customer: Hashable, Sendable {
        package let id: Int64
        package let group: AgeGroup
        /// Over the years that were asked for.
        package let total: Cents
        package let payments: Int
    }

    private let index: CustomerIndex
    let ids: [Int64]
    let groups: [UInt8]
    private let totals: [Sum]
    /// The first of each customer's years in ``yearSums``, or -1.
    private let heads: [Int32]
    private let yearSums: [YearSum]
    /// The years that payments were made in, the earliest first.
    package let years: [Int]
    /// What was wrong with rows.
    package let flaws: RecordFlaws
    /// Payments that were added up.
    package let payments: Int

    private let averages = Mutex<[Int?: AgeAverages]>([:])

    init(_ sums: borrowing PaymentSums, index: CustomerIndex, ids: [Int64], groups: [UInt8], flaws: RecordFlaws) {
        self.index = index
        self.ids = ids
        self.groups = groups
        self.flaws = flaws
        totals = sums.totals
        heads = sums.heads
        yearSums = sums.yearSums
        years = sums.years.sorted()
        payments = sums.totals.reduce(0) { $0 + Int($1.payments) }
    }

    /// How many customers there are.
    package var customerCount: Int { ids.count }

    /// The latest year that payments were made in.
    package var latestYear: Int? { years.last }

    /// What a customer has spent, in all or in one year; nil for a customer who is not in the records.
    package func total(of id: Int64, in year: Int? = nil) -> Cents? {
        index[id].map { Cents(sum(row: $0, year).cents) }
    }

    /// What is known of a customer; nil for one who is not in the records.
    package func customer(_ id: Int64, in year: Int? = nil) -> Customer? {
        guard let row = index[id] else { return nil }
        let sum = sum(row: row, year)
        return Customer(id: id, group: AgeGroup.all[Int(groups[row])], total: Cents(sum.cents), payments: Int(sum.payments))
    }

    /// The customers who spent more than a limit in a year, by id.
    package func customers(in year: Int, over limit: Cents) -> [(id: Int64, total: Cents)] {
        ids.indices.compactMap { row in
            let cents = Cents(sum(row: row, year).cents)
            return cents > limit ? (ids[row], cents) : nil
        }.sorted { $0.0 < $1.0 }
    }

    /// What the age groups spent, in all or in one year; worked out once.
    package func ageAverages(in year: Int? = nil) -> AgeAverages {
        if let known = averages.withLock({ $0[year] }) { return known }
        let fresh = AgeAverages(self, year: year)
        // Years that do not occur could be asked for without end.
        if year.map(years.contains) ?? true { averages.withLock { $0[year] = fresh } }
        return fresh
    }

    func sum(row: Int, _ year: Int?) -> Sum {
        guard let year else { return totals[row] }
        var place = heads[row]
        while place >= 0 {
            if yearSums[Int(place)].year == year { return yearSums[Int(place)].sum }
            place = yearSums[Int(place)].next
        }
        return Sum()
    }
}
