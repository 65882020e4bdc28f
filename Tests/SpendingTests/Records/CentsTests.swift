import Spending
import Testing

@Suite struct CentsTests {
    @Test func `a decimal amount of whole cents gives exactly these cents`() {
        for count in Array(stride(from: Int64(0), to: 200_000, by: 7)) + [1_234_567_890_123, 999_999_999_999_99] {
            let amount = Double(count) / 100
            #expect(Cents(rounding: amount)?.count == count)
            #expect(Cents(rounding: -amount)?.count == -count)
            #expect(Cents(count).isExactly(amount))
        }
    }

    @Test func `half a cent is rounded away from zero and does not pass for whole cents`() {
        #expect(Cents(rounding: 0.125)?.count == 13)
        #expect(Cents(rounding: -0.125)?.count == -13)
        #expect(!Cents(13).isExactly(0.125))
        #expect(!Cents(30).isExactly(0.1 + 0.2))
    }

    @Test func `what money cannot be is refused`() {
        for amount in [Double.nan, .infinity, -.infinity, 1e15, -1e300] { #expect(Cents(rounding: amount) == nil) }
    }

    @Test func `amounts are written and read with two decimals, and as the shortest JSON number`() {
        let written: [(Int64, String, String)] = [
            (2_679_621, "26796.21", "26796.21"), (200_000, "2000.00", "2000"), (0, "0.00", "0"), (5, "0.05", "0.05"),
            (-150, "-1.50", "-1.5"),
        ]
        for (count, text, json) in written {
            #expect(Cents(count).description == text)
            #expect(Cents(count).json == json)
            #expect(Cents(text: text) == Cents(count))
        }
        #expect(Cents(text: "17") == Cents(1700))
        for text in ["", "1.5", "1.234", "x", "1.-5", "1e3"] { #expect(Cents(text: text) == nil, "\(text)") }
    }
}
