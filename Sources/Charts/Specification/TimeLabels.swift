/// How times are written at an axis, so that those of a minute and those of a year can both be told apart and fit.
package struct TimeLabels: Hashable, Sendable {
    /// As d3-time-format has it.
    package let format: String
    /// What is said of the axis besides: the zone, and the day where labels leave it out.
    package let title: String
    /// Whether moments lie so close that minutes do not tell them apart.
    package let areSeconds: Bool

    /// - Parameters: the first and the last moment, in seconds since 1970.
    package init(from first: Double, to last: Double) {
        let (minute, day) = (60.0, 86_400.0)
        let (start, end) = (Chart.Column.moment(first).prefix(10), Chart.Column.moment(last).prefix(10))
        let days = start == end ? "\(start), UTC" : "\(start) to \(end), UTC"
        switch last - first {
        case ..<(10 * minute): (format, title, areSeconds) = ("%H:%M:%S", days, true)
        case ..<(day): (format, title, areSeconds) = ("%H:%M", days, false)
        case ..<(4 * day): (format, title, areSeconds) = ("%-d %b %H:%M", "UTC", false)
        case ..<(300 * day): (format, title, areSeconds) = ("%-d %b", "UTC", false)
        default: (format, title, areSeconds) = ("%b %Y", "UTC", false)
        }
    }
}
