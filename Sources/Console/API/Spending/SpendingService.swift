package import Notifications
package import Spending

/// A shop's spending, as it is served: its records, its bonuses, and who is told.
package struct SpendingService: Sendable {
    package let records: SpendingRecords
    package let bonuses: BonusDesk
    /// Only sums above it earn a bonus.
    package var limit = Cents(100_000)
    /// Whether a sum that is not what the records hold is refused.
    package var isStrict = false
    /// Whether anybody may see average spending.
    package var averagesArePublic = false
    /// Tells management, if there is a way to.
    package var courier: Courier?

    package init(records: SpendingRecords, bonuses: BonusDesk) {
        self.records = records
        self.bonuses = bonuses
    }
}
