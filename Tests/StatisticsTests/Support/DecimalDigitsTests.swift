import SeededRandom
import Statistics
import Testing

@Suite struct DecimalDigitsTests {
    @Test func sumsInAnotherOrderAreOneValue() {
        for sum: Double in [0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1, 0.2 + 0.3 + 0.1] { #expect(sum.roundedToTwelveDigits == 0.6) }
        #expect((-(0.1 + 0.2)).roundedToTwelveDigits == -0.3)
        #expect((1.0 / 3).roundedToTwelveDigits == 0.333_333_333_333)
        #expect((2.0 / 3e30).roundedToTwelveDigits == 6.666_666_666_67e-31)
    }

    @Test func aNumberOfTwelveDigitsIsLeftAsItIs() throws {
        var generator = Generator(seed: 12)
        for _ in 0..<20_000 {
            let digits = Int(generator.next() % 1_000_000_000_000)
            let number = try #require(Double("\(digits)e\(Int(generator.next() % 60) - 45)"))
            #expect(number.roundedToTwelveDigits == number && (-number).roundedToTwelveDigits == -number)
        }
        // Neither is a whole number, however many digits it has, nor what is no number.
        for number in [0, -0.0, 1_234_567_890_123_457, 1e300, .infinity, .leastNonzeroMagnitude] {
            #expect(number.roundedToTwelveDigits == number)
        }
        #expect(999_999_999_999.5.roundedToTwelveDigits == 1e12)
        #expect(Double.nan.roundedToTwelveDigits.isNaN)
    }

    @Test func whatRoundingLeavesIsOfTheSizeOfWhatWasAddedUp() throws {
        #expect((0.1 + 0.2 - 0.3).roundedToDigits(of: 0.3) == 0)
        for (more, less) in [(1.3, 1.2), (0.3, 0.2)] { #expect((more - less).roundedToDigits(of: more) == 0.1) }
        #expect((1_000_000.3 - 1_000_000.2).roundedToDigits(of: 1_000_000.3) == 0.1)
        #expect((3e-30 - 2e-30).roundedToDigits(of: 3e-30) == 1e-30)
        // What the fourteenth digit holds is kept, and a whole number has nothing to lose.
        #expect(1_700_000_000.1234.roundedToDigits(of: 1_700_000_000) == 1_700_000_000.1234)
        #expect(9_007_199_254_740_991.0.roundedToDigits(of: 1e16) == 9_007_199_254_740_991)
        for number: Double in [0, .infinity, -.infinity, .leastNonzeroMagnitude] {
            #expect(number.roundedToDigits(of: number) == number)
        }
    }
}
