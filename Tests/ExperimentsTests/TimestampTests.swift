import Experiments
import Testing

@Suite struct TimestampTests {
    @Test func `A moment is written to its own millisecond`() {
        #expect(Timestamp(milliseconds: 0).description == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp(milliseconds: 1_769_851_800_000).description == "2026-01-31T09:30:00.000Z")
        #expect(Timestamp(milliseconds: 1_769_851_799_999).description == "2026-01-31T09:29:59.999Z")
        for step in 0..<2000 {
            let moment = Timestamp(milliseconds: 1_769_851_800_000 + Int64(step) * 86_399_993)
            let text = String(moment.milliseconds % 1000)
            let digits = String(repeating: "0", count: 3 - text.count) + text
            #expect(moment.description.hasSuffix(".\(digits)Z"), "\(moment.milliseconds): \(moment)")
        }
    }
}
