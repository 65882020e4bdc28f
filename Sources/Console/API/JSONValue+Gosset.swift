import Experiments
import HTTPServer
import Text

extension JSONValue {
    /// A count.
    ///
    /// Counts here are far below the 2⁶³ at which this would stop.
    init(_ count: UInt64) { self = .integer(Int(clamping: count)) }

    init(_ text: String?) { self = text.map { .string($0) } ?? .null }

    init(_ number: Double?) { self = number.map { .number($0) } ?? .null }

    /// ISO 8601 in UTC, or null.
    init(_ time: Timestamp?) { self = time.map { .string($0.description) } ?? .null }
}
