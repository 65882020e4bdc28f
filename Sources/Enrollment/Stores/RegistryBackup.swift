/// A backup under way: a copy of a registry that is taken piece by piece, between the commits, while the registry is in use.
package protocol RegistryBackup: AnyObject {
    /// Copies some more.
    ///
    /// - Returns: the finished copy, once it is complete, durable and under its name.
    func advance() throws(BackupError) -> BackupReport?
}

/// What a finished backup is.
package struct BackupReport: Sendable, Hashable {
    /// Where it is, in the data directory.
    package let file: String
    package let bytes: Int
}

/// Why there is no backup; the registry itself is not affected.
package enum BackupError: Error, Sendable, Hashable {
    /// This kind of store is backed up by other means, which the text names.
    case unsupported(String)
    case underWay
    /// The registry's store failed meanwhile, or the server stops.
    case interrupted
    case failed(String)
}

extension BackupError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsupported(let means): means
        case .underWay: "A backup is being made already; wait until it is done."
        case .interrupted: "The backup was interrupted because the registry's store failed; nothing is left of it. Try again when it works."
        case .failed(let reason): "The backup could not be made: \(reason). Nothing is left of it, and the registry is not affected."
        }
    }
}
