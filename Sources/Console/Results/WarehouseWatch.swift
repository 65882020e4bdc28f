package import Experiments
package import Notifications

/// When people are told that the warehouse has been away for long, and that it is back: a value, told of failures and deliveries.
///
/// A short absence is nobody's business: events wait on the disk, and are delivered when it is back.
package struct WarehouseWatch: Sendable, Hashable {
    /// How long the warehouse may be away before people are told.
    package let patience: Duration
    package private(set) var isRaised = false

    package init(patience: Duration = .seconds(900)) { self.patience = patience }

    /// Nothing could be delivered; true if people are to be told.
    ///
    /// - Parameter since: when something was delivered last, or the server was started.
    package mutating func failed(at now: Timestamp, since: Timestamp) -> Bool {
        guard !isRaised, Duration.milliseconds(now.milliseconds - since.milliseconds) >= patience else { return false }
        isRaised = true
        return true
    }

    /// Something was delivered; true if people are to be told.
    package mutating func delivered() -> Bool {
        defer { isRaised = false }
        return isRaised
    }
}

extension Notice {
    /// What people are told when the warehouse has been away for long.
    package static func warehouseIsAway(_ warehouse: String, since: Timestamp, reason: String) -> Notice {
        Notice(
            title: "The warehouse is away",
            paragraphs: [
                "Nothing has been delivered to \(warehouse) since \(since): \(reason)",
                "Events wait on the server's disk until it is back or the spool is full; results stand still.",
            ])
    }

    /// What people are told when it is back.
    package static func warehouseIsBack(_ warehouse: String) -> Notice {
        Notice(title: "The warehouse is back", paragraphs: ["\(warehouse) takes what waited."])
    }
}
