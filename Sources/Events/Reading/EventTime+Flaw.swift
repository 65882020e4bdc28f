import Experiments

extension EventTime {
    /// What a time is to be like.
    static let expected = "a time such as \"2026-01-31T09:30:00.000Z\", or whole milliseconds since 1970 such as 1769851800000"

    private static let range =
        "expected one from \(EventClock.earliest) to \(EventClock.latest), which in milliseconds since 1970 is from "
        + "\(EventClock.earliest.milliseconds) to \(EventClock.latest.milliseconds), such as 1769851800000"

    /// What is wrong with a time that is not taken.
    ///
    /// - Parameter isNumber: whether it was given as a number, and not as a string.
    static func flaw(of text: String, isNumber: Bool) -> String {
        if isNumber { return flaw(ofNumber: text) }
        if let time = parse(text) { return flaw(of: time) }
        if text.utf8.count <= 40, parse(text + "Z") != nil {
            return "its offset from UTC is missing: expected a time such as \"\(text)Z\", which is in UTC, or \"\(text)+01:00\""
        }
        if Int64(text) != nil { return "a number of milliseconds has no quotes: expected \(expected)" }
        return "expected \(expected)"
    }

    private static func flaw(ofNumber text: String) -> String {
        if let milliseconds = Int64(text) { return flaw(of: Timestamp(milliseconds: milliseconds)) }
        let isWhole = text.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 | 0x20 != UInt8(ascii: "e") }
        guard isWhole else { return "the number is not whole: expected \(expected)" }
        return text.hasPrefix("-") ? "the time is too early: \(range)" : "the time is too late: \(range)"
    }

    private static func flaw(of time: Timestamp) -> String {
        time < EventClock.earliest ? "the time is too early: \(range)" : "the time is too late: \(range)"
    }
}
