package import Experiments

/// What is made of the times that clients tell, whose clocks nobody sets.
///
/// An event of the future cannot be: it is kept with the server's time and counted as skewed. An event of the past may be: a device was
/// away. It is kept as it is, and counted as late when it is older than most analyses wait.
package struct EventClock: Sendable, Hashable {
    /// How far ahead a clock may be without being corrected.
    package var tolerance: Duration = .seconds(300)
    /// The age from which on an event is late.
    package var lateness: Duration = .seconds(86_400)

    /// Times before it are mistakes, such as seconds in place of milliseconds: the beginning of the year 2000.
    package static let earliest = Timestamp(milliseconds: 946_684_800_000)

    /// Times after it are mistakes, such as microseconds in place of milliseconds: the end of the year 9999, the last that RFC 3339 can write.
    package static let latest = Timestamp(milliseconds: 253_402_300_799_999)

    package init() {}

    /// What is thought of a time.
    package enum Reading: Sendable, Hashable {
        case plausible
        case late
        case skewed
    }

    /// What is thought of a time, given when it was told.
    package func reading(of time: Timestamp, received: Timestamp) -> Reading {
        let age = Duration.milliseconds(received.milliseconds) - .milliseconds(time.milliseconds)
        if age < .zero - tolerance { return .skewed }
        return age >= lateness ? .late : .plausible
    }
}
