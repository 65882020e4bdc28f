package import FoundationEssentials

/// A moment as whole milliseconds since 1970-01-01T00:00:00Z: what is stored and compared.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970 in UTC, without leap seconds.
    package let milliseconds: Int64

    /// The moment so many milliseconds after 1970 began.
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The moment of a `Date`, cut to milliseconds.
    package init(_ date: Date) { self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded(.down))) }

    /// The system's present time.
    package static func now() -> Timestamp { Timestamp(Date()) }

    /// Earlier moments come first.
    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }
}

extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in UTC with milliseconds: `2026-01-31T09:30:00.000Z`.
    package var description: String {
        // The style cuts what is finer than a millisecond, and a number of seconds may lie just below its own.
        let date = Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000)
        return date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

extension Timestamp: Codable {
    /// Reads a number of milliseconds.
    package init(from decoder: any Decoder) throws {
        self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    /// Writes the number of milliseconds.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}
