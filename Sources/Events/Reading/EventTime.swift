package import Experiments

/// Times as clients write them (RFC 3339): `2026-01-31T09:30:00.123Z`, `2026-01-31T10:30:00+01:00`.
package enum EventTime {
    /// The moment, cut to milliseconds; nil if the text is none, or has no offset from UTC.
    ///
    /// A leap second, 23:59:60 in UTC, is the first of the next day.
    package static func parse(_ text: String) -> Timestamp? {
        var rest = Substring(text).utf8[...]
        guard let year = number(&rest, digits: 4), take(&rest, "-"), let month = number(&rest, digits: 2), take(&rest, "-"),
            let day = number(&rest, digits: 2), let separator = rest.popFirst(), "Tt ".utf8.contains(separator),
            let hour = number(&rest, digits: 2), take(&rest, ":"), let minute = number(&rest, digits: 2), take(&rest, ":"),
            let second = number(&rest, digits: 2),
            (1...12).contains(month), (1...days(in: month, of: year)).contains(day), hour < 24, minute < 60, second <= 60,
            let fraction = fraction(&rest), let offset = offset(&rest), rest.isEmpty
        else { return nil }
        let seconds = daysSince1970(year, month, day) * 86_400 + Int64(hour * 3600 + minute * 60 + second) - offset * 60
        // Leap seconds are put in at the end of a day in UTC (ITU-R TF.460-6), and nowhere else is there a 60th second.
        guard second < 60 || seconds.isMultiple(of: 86_400) else { return nil }
        return Timestamp(milliseconds: seconds * 1000 + fraction)
    }

    private static func take(_ rest: inout Substring.UTF8View.SubSequence, _ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    private static func number(_ rest: inout Substring.UTF8View.SubSequence, digits: Int) -> Int? {
        var number = 0
        for _ in 0..<digits {
            guard let byte = rest.popFirst(), case let digit = byte &- UInt8(ascii: "0"), digit < 10 else { return nil }
            number = number * 10 + Int(digit)
        }
        return number
    }

    /// Milliseconds; 0 where no fraction is given.
    private static func fraction(_ rest: inout Substring.UTF8View.SubSequence) -> Int64? {
        guard take(&rest, ".") else { return 0 }
        var milliseconds: Int64 = 0
        var unit: Int64 = 100
        var count = 0
        while let byte = rest.first, case let digit = byte &- UInt8(ascii: "0"), digit < 10 {
            milliseconds += Int64(digit) * unit
            unit /= 10
            count += 1
            rest.removeFirst()
        }
        return count > 0 ? milliseconds : nil
    }

    /// Minutes east of Greenwich.
    private static func offset(_ rest: inout Substring.UTF8View.SubSequence) -> Int64? {
        switch rest.popFirst() {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"): return 0
        case let sign? where sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"):
            guard let hours = number(&rest, digits: 2), take(&rest, ":"), let minutes = number(&rest, digits: 2), hours < 24, minutes < 60
            else { return nil }
            return Int64(hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
        default: return nil
        }
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 in the Gregorian calendar.
    ///
    /// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }
}
