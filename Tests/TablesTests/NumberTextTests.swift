import Foundation
import Tables
import Testing

@Suite struct NumberTextTests {
    private func parse(_ text: String) -> Double? { Array(text.utf8).withUnsafeBufferPointer { NumberText.parse($0) } }

    @Test(arguments: [
        "0", "-0", "1", "+1", "1.5", ".5", "5.", "1e3", "1E-3", "9.04017396754352", "0.1", "1303.609284", "123456789012345678901234567890",
        "1.7976931348623157e308", "5e-324", "2.2250738585072011e-308", "0.30000000000000004", "1e22", "1e23", "9007199254740993",
        "0.000000000000000000000000000001",
    ])
    func `A number is the double nearest to its text`(text: String) {
        #expect(parse(text)?.bitPattern == strtod(text, nil).bitPattern)
    }

    @Test func `Random numbers survive their shortest text`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let number = Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator))
            if number.isFinite { #expect(parse("\(number)")?.bitPattern == number.bitPattern) }
            let plain = Double.random(in: -1e6...1e6, using: &generator)
            #expect(parse("\(plain)")?.bitPattern == plain.bitPattern)
        }
    }

    @Test(arguments: [
        "", " ", "-", ".", "e5", "1e", "1e+", "1,5", "1 2", "0x10", "inf", "nan", "12a", "--1",
        "1.2.3", "1e999", "٣", "$5", "5%",
    ])
    func `What is no finite number is none`(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func `Blanks around a number do not matter`() {
        #expect(parse("  1.5 ") == 1.5)
    }
}
