/// Why a first contact, or a change, was not taken down.
///
/// All of them pass: the same request may succeed later.
package enum EnrollmentError: Error, Sendable, Hashable {
    /// The store cannot be written now; nothing was promised to anybody.
    case unavailable(reason: String)

    /// More first contacts are waiting than the registry will queue.
    case overloaded(waiting: Int)

    /// The registry is being closed.
    case closed
}

extension EnrollmentError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable(let reason): "The registry cannot be written: \(reason)\(reason.hasSuffix(".") ? "" : ".")"
        case .overloaded(let waiting): "\(waiting) first contacts are waiting already."
        case .closed: "The registry is being closed."
        }
    }
}
