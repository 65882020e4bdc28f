import Randomization
import Testing

@Suite struct SecretKeyTests {
    @Test func `a key is read back from its digits`() {
        let key = SecretKey(low: 0x1f, high: 0xabcd_ef00_0000_0001)
        #expect(key.hexadecimal == "000000000000001fabcdef0000000001")
        #expect(SecretKey(hexadecimal: key.hexadecimal) == key)
    }

    @Test(arguments: ["", "00", "+0000000000000000000000000000001", String(repeating: "g", count: 32), String(repeating: "0", count: 33)])
    func `text that is not 32 digits is no key`(_ text: String) {
        #expect(SecretKey(hexadecimal: text) == nil)
    }

    @Test func `nothing prints a key`() {
        let key = SecretKey(low: 0xdead_beef, high: 0xdead_beef)
        var dumped = ""
        dump([key], to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(!text.contains("deadbeef") && !text.contains("\(0xdead_beef)"))
        }
    }

    @Test func `two random keys differ`() {
        #expect(SecretKey.random() != SecretKey.random())
    }
}
