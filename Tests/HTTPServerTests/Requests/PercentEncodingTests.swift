import HTTPServer
import Testing

@Suite struct PercentEncodingTests {
    @Test(arguments: ["plain", "a b", "ключ", "100%", "a/b?c#d&e=f+g", "~-._", "😀"])
    func `What is encoded is decoded to the same`(text: String) throws {
        #expect(try PercentEncoding.decode(PercentEncoding.encode(text).utf8) == text)
    }

    @Test(arguments: [
        (PercentEncoding.Flaw.malformedEscape, ["%", "%4", "%zz", "a%", "%F"]), (.notUTF8, ["%C3%28", "%ff", "%C0%AF", "%ED%A0%80"]),
        (.zero, ["%00", "a%00b", "%00%ff"]),
    ])
    func `Malformed escapes, invalid UTF-8 and zero bytes are refused, each as what it is`(flaw: PercentEncoding.Flaw, texts: [String]) {
        for text in texts { #expect(throws: flaw, "\(text)") { try PercentEncoding.decode(text.utf8) } }
    }

    @Test func `A plus is a space only where forms say so`() throws {
        #expect(try PercentEncoding.decode("a+b".utf8) == "a+b")
        #expect(try PercentEncoding.decode("a+b%2B".utf8, plusIsSpace: true) == "a b+")
    }
}
