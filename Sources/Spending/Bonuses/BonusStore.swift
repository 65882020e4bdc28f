/// Where bonuses are kept: one for each customer and year.
///
/// Its calls block, and may be made from several threads at once.
package protocol BonusStore: Sendable {
    /// What answers call it: `embedded`, `mongodb`.
    var name: String { get }

    /// Records bonuses, each in place of what is there for its customer and year; done when it is durable.
    ///
    /// When it throws, some may have been recorded: to record them once more is harmless.
    func record(_ bonuses: [Bonus]) throws(BonusStoreError) -> BonusTally

    /// The bonuses of a year, by customer, from the one after `after`.
    func bonuses(in year: Int, after: Int64?, limit: Int) throws(BonusStoreError) -> [Bonus]
}

/// What recording did.
package struct BonusTally: Hashable, Sendable {
    /// Bonuses that were not there before.
    package var created = 0
    /// Bonuses that had another sum.
    package var updated = 0
    /// Bonuses that were there already, with the same sum.
    package var unchanged = 0

    package init(created: Int = 0, updated: Int = 0, unchanged: Int = 0) {
        self.created = created
        self.updated = updated
        self.unchanged = unchanged
    }

    package static func += (left: inout BonusTally, right: BonusTally) {
        left.created += right.created
        left.updated += right.updated
        left.unchanged += right.unchanged
    }
}

/// Why a store did not record or list bonuses.
package struct BonusStoreError: Error, Hashable, Sendable {
    /// What to do about it depends on this.
    package enum Code: String, Sendable, Hashable {
        /// No server was found, or it could not be reached.
        case unreachable
        /// The server took too long, or the connection broke: what was sent may or may not have been recorded.
        case interrupted
        /// The server did it, but not as durably as was asked.
        case notAcknowledged
        /// The server, or the file, refused.
        case refused
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension BonusStoreError: CustomStringConvertible {
    package var description: String { message }
}
