import Enrollment
import Testing

@Suite struct DeviceTokenTests {
    @Test func everyVisibleByteIsAccepted() throws {
        let bytes = [UInt8](0x21...0x7E)
        #expect(try DeviceToken(bytes.span).bytes == bytes)
    }

    @Test func everyOtherByteIsRefusedWithItsPlace() {
        for byte in UInt8.min...UInt8.max where !(0x21...0x7E).contains(byte) {
            #expect(throws: DeviceTokenError.notVisibleASCII(byte: byte, offset: 2)) {
                try DeviceToken([0x61, 0x62, byte, 0x63].span)
            }
        }
    }

    @Test func aTokenHasAtLeastOneByteAndAtMost256() throws {
        #expect(throws: DeviceTokenError.empty) { try DeviceToken("") }
        #expect(try DeviceToken("a").bytes == [0x61])
        #expect(try DeviceToken(String(repeating: "a", count: 256)).bytes.count == 256)
        #expect(throws: DeviceTokenError.tooLong(length: 257)) { try DeviceToken(String(repeating: "a", count: 257)) }
    }

    @Test func dotsAloneAreRefusedButForThoseThatWereAcceptedBefore() throws {
        for text in [".", ".."] {
            #expect(throws: DeviceTokenError.dots(count: text.utf8.count)) { try DeviceToken(text) }
            #expect(try DeviceToken(stored: text).description == text)
            #expect(try DeviceToken(stored: text.utf8.span).description == text)
        }
        for text in ["...", ".a", "a.", "-"] { #expect(try DeviceToken(text).description == text) }
        #expect(throws: DeviceTokenError.empty) { try DeviceToken(stored: "") }
    }

    @Test func aStringOutsideOfASCIIIsRefusedAtItsFirstByte() {
        #expect(throws: DeviceTokenError.notVisibleASCII(byte: 0xC3, offset: 1)) { try DeviceToken("né") }
    }

    @Test func tokensDifferByCase() throws {
        #expect(try DeviceToken("a") != DeviceToken("A"))
    }

    @Test func theErrorSaysWhatIsAccepted() {
        let error = DeviceTokenError.notVisibleASCII(byte: 0x0A, offset: 7)
        #expect(error.description == "Byte 7 of the device token is 0x0A; only visible ASCII (0x21 to 0x7E) is accepted.")
    }
}
