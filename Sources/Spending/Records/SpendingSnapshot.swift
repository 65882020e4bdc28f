import Synchronization

/// The shop's records as they were at one moment, added up: what every question is answered from.
package final class SpendingSnapshot: Sendable {
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
    /// In all years, by row.
    private let totals: [PaymentSum]
    private let sums: PaymentSums
    /// The years that payments were made in, the earliest first.
    package let years: [Int]
    /// What was wrong with rows.
    package let flaws: RecordFlaws
    /// Payments that were added up.
    package let payments: Int

    private let averages = Mutex<[Int?: AgeAverages]>([:])

    /// Nil if a customer's sum leaves the numbers that are exact.
    init?(_ sums: consuming PaymentSums, index: CustomerIndex, ids: [Int64], groups: [UInt8], flaws: RecordFlaws) {
        var totals: [PaymentSum] = []
        totals.reserveCapacity(ids.count)
        for row in ids.indices {
            guard let total = sums.sum(row: row) else { return nil }
            totals.append(total)
        }
        self.index = index
        self.ids = ids
        self.groups = groups
        self.flaws = flaws
        self.totals = totals
        years = sums.years.sorted()
        payments = totals.reduce(0) { $0 + Int($1.payments) }
        self.sums = sums
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

    func sum(row: Int, _ year: Int?) -> PaymentSum {
        // A year's sum is part of a total that was exact.
        year == nil ? totals[row] : sums.sum(row: row, year) ?? PaymentSum()
    }
}
