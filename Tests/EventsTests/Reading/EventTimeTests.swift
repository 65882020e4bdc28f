import Events
import Experiments
import Foundation
import Testing

@Suite struct EventTimeTests {
    @Test func `Times are those that Foundation reads`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            // Quarters of a second, which doubles hold exactly: Foundation cuts others a millisecond short now and then.
            let time = Timestamp(milliseconds: 250 * .random(in: 3_786_739_200..<29_032_473_600, using: &generator))
            #expect(EventTime.parse(time.description) == time)
        }
    }

    @Test func `Offsets and fractions of any length`() {
        let noon = Timestamp(milliseconds: 1_709_208_000_000)
        for text in ["2024-02-29T12:00:00Z", "2024-02-29T13:30:00+01:30", "2024-02-28 23:00:00-13:00", "2024-02-29t12:00:00.000999999z"] {
            #expect(EventTime.parse(text) == noon, "\(text)")
        }
        #expect(EventTime.parse("2024-02-29T12:00:00.5Z")?.milliseconds == noon.milliseconds + 500)
    }

    @Test func `A 60th second is a leap second, at the end of a day in UTC alone`() {
        let newYear = Timestamp(milliseconds: 1_483_228_800_000)
        for text in ["2016-12-31T23:59:60Z", "2017-01-01T00:59:60+01:00", "2016-12-31T18:29:60-05:30"] {
            #expect(EventTime.parse(text) == newYear, "\(text)")
        }
        for text in ["2024-01-01T10:10:60Z", "2016-12-31T23:59:60+01:00", "2016-12-31T23:59:61Z", "2024-01-01T00:00:60Z"] {
            #expect(EventTime.parse(text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        "", "2024", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:00", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00Zx", "2024-01-01T00:00:00+1:00", "2024-1-1T00:00:00Z",
    ])
    func `What is no time is none`(_ text: String) {
        #expect(EventTime.parse(text) == nil)
    }
}
