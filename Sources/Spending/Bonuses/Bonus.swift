package import Experiments

/// A year-end voucher: who earned it, in which year, and with what.
package struct Bonus: Hashable, Sendable {
    /// There is one bonus for a customer and a year.
    package struct Key: Hashable, Sendable {
        package let userID: Int64
        package let year: Int

        package init(userID: Int64, year: Int) {
            self.userID = userID
            self.year = year
        }
    }

    package let key: Key
    /// The sum that earned it.
    package let total: Cents
    /// When it was first granted.
    package let granted: Timestamp

    package init(userID: Int64, year: Int, total: Cents, granted: Timestamp) {
        key = Key(userID: userID, year: year)
        self.total = total
        self.granted = granted
    }
}
