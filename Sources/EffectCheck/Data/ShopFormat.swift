/// What a shop's two files look like, and when the pilots ran.
package struct ShopFormat: Sendable, Hashable {
    /// Names of the columns of the users' file.
    package var user = "user_id"
    package var gender = "gender"
    package var age = "age"
    /// Names of the columns of the sales' file, beside `user`.
    package var day = "day"
    package var sales = "sales"
    /// Days are numbered from 0; rows of this day and later are out of range.
    package var days = 56
    /// The days of the pilots, both inclusive.
    package var pilot = 49...55

    package init() {}

    /// Why a format makes no sense.
    package struct Flaw: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Throws: when the pilot lies outside of the days, or too little lies before it to forecast from.
    package func validate() throws(Flaw) {
        guard days > 0, days <= 3660 else { throw Flaw(description: "the number of days must be from 1 to 3660, not \(days)") }
        guard pilot.lowerBound >= 0, pilot.upperBound < days else {
            throw Flaw(description: "the pilot's days \(pilot.lowerBound)-\(pilot.upperBound) are not within days 0-\(days - 1)")
        }
        guard pilot.lowerBound / pilot.count >= ShopFormat.leastWindows else {
            throw Flaw(
                description: """
                    before the pilot there must be \(ShopFormat.leastWindows) windows of its length (\(pilot.count) \(pilot.count == 1 ? "day" : "days")), \
                    so it may start on day \(ShopFormat.leastWindows * pilot.count) at the earliest, not on day \(pilot.lowerBound)
                    """)
        }
    }

    /// Windows as long as the pilot that lie wholly before it and are used: at most twelve.
    package var windows: Int { min(pilot.lowerBound / pilot.count, ShopFormat.mostWindows) }

    /// For each day, its window, counted from the earliest; the pilot's own is `windows`; 255 is none.
    var windowOfDay: [UInt8] {
        (0..<days).map { day in
            if pilot.contains(day) { return UInt8(windows) }
            guard day < pilot.lowerBound else { return 255 }
            let back = (pilot.lowerBound - 1 - day) / pilot.count
            return back < windows ? UInt8(windows - 1 - back) : 255
        }
    }

    /// Level, rhythm and trend are fitted to the windows, and something must be left to see how well they fit.
    static let leastWindows = 4
    static let mostWindows = 12
}
