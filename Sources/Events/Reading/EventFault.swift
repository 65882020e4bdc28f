/// What is wrong with one event of a batch, and where.
package struct EventFault: Error, Sendable, Hashable {
    /// The event's place in the batch, from 0.
    package let event: Int
    /// The line of the body, from 1.
    package let line: Int
    /// The byte of the line, from 1.
    package let column: Int
    /// The member of the event, if one is to blame.
    package let member: String?
    /// What is wrong and what was expected.
    package let message: String
}

extension EventFault: CustomStringConvertible {
    package var description: String {
        "event \(event)\(member.map { ", '\($0)'" } ?? "") (line \(line), column \(column)): \(message)"
    }
}

/// Why a batch was not taken; nothing of it was.
package enum EventRefusal: Error, Sendable, Hashable {
    /// Some of its events cannot be understood; there may be more faults than are told.
    case faults([EventFault], areAll: Bool)
    /// There are more events in it than a batch may have.
    case tooMany(limit: Int)
}

extension EventRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .faults(let faults, let areAll):
            (faults.first.map { "\($0)" } ?? "") + (areAll ? faults.count > 1 ? "; and \(faults.count - 1) more" : "" : "; and more")
        case .tooMany(let limit): "the batch has more than \(limit) events; send several smaller ones"
        }
    }
}
