/// Rows that are not as they should be: counted, so that nothing is dropped or rounded in silence.
package struct RecordFlaws: Hashable, Sendable {
    // Left out of every sum.

    /// Payments without an amount.
    package var withoutAmount = 0
    /// Payments whose amount is no number, or none that money can be.
    package var notNumbers = 0
    /// Payments of customers who are not in `user_info`.
    package var ofUnknownCustomers = 0
    /// Rows of `user_info` without an id, or with one that came before.
    package var customersWithoutOwnID = 0

    /// Payments that are in no sum.
    package var leftOut: Int { withoutAmount + notNumbers + ofUnknownCustomers }

    // In the sums all the same.

    /// Payments that are not whole cents, and were rounded to them.
    package var rounded = 0
    /// Payments below zero.
    package var negative = 0
    /// Payments without a year: in totals over all years, but in no year.
    package var withoutYear = 0

    package init() {}
}
