/// What customers of each age group spent on average.
package struct AgeAverages: Sendable, Hashable {
    /// One age group's customers and what they spent.
    package struct Figures: Sendable, Hashable {
        /// All who are in the records, whether or not they ever spent anything.
        package var customers = 0
        /// Those of them with a payment.
        package var spenders = 0
        package var payments = 0
        package var total = Cents.zero

        package init() {}

        /// The headline: what a customer who spent anything spent.
        package var perSpender: Double? { total.shared(among: spenders) }

        /// What a customer spent, those who spent nothing included.
        package var perRegisteredCustomer: Double? { total.shared(among: customers) }

        /// What one payment was.
        package var perPayment: Double? { total.shared(among: payments) }
    }

    /// The year, or nil for all years.
    package let year: Int?
    /// In the order of ``AgeBand``.
    package let bands: [Figures]
    package let under18: Figures
    package let withoutAge: Figures

    init(_ snapshot: SpendingSnapshot, year: Int?) {
        var figures = Array(repeating: Figures(), count: AgeGroup.all.count)
        for row in snapshot.ids.indices {
            let group = Int(snapshot.groups[row])
            let sum = snapshot.sum(row: row, year)
            figures[group].customers += 1
            guard sum.payments > 0 else { continue }
            figures[group].spenders += 1
            figures[group].payments += Int(sum.payments)
            figures[group].total = Cents(figures[group].total.count &+ sum.cents)
        }
        self.year = year
        bands = Array(figures.prefix(AgeBand.allCases.count))
        under18 = figures[AgeGroup.under18.index]
        withoutAge = figures[AgeGroup.withoutAge.index]
    }

    /// The figures of a band.
    package subscript(band: AgeBand) -> Figures { bands[band.rawValue] }
}
