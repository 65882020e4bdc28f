import HTTPServer
import Testing

@Suite struct PercentEncodingTests {
    @Test(arguments: ["plain", "a b", "ключ", "100%", "a/b?c#d&e=f+g", "~-._", "😀"])
    func `What is encoded is decoded to the same`(text: String) {
        #expect(PercentEncoding.decode(PercentEncoding.encode(text).utf8) == text)
    }

    @Test(arguments: ["%", "%4", "%zz", "a%", "%F", "%C3%28", "%ff", "%00", "%C0%AF", "%ED%A0%80"])
    func `Malformed escapes, invalid UTF-8 and NUL are refused`(text: String) {
        #expect(PercentEncoding.decode(text.utf8) == nil)
    }

    @Test func `A plus is a space only where forms say so`() {
        #expect(PercentEncoding.decode("a+b".utf8) == "a+b")
        #expect(PercentEncoding.decode("a+b%2B".utf8, plusIsSpace: true) == "a b+")
    }
}
