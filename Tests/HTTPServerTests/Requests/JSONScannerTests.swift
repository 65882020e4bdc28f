import HTTPServer
import Testing

@Suite struct JSONScannerTests {
    @Test(arguments: [
        "{}", "[]", " [1, 2.5e-3, -0, 0.1, \"a\\u00e9\\n\", true, false, null] ", "{\"a\":{\"b\":[{}]},\"c\":\"\"}", "\"x\"", "0", "-12E+3",
        "[[],[[]]]", "\"\\\"\\\\\\/\"",
    ])
    func `JSON passes`(text: String) throws {
        try JSONScanner.check(Array(text.utf8), maximumDepth: 64)
    }

    @Test(arguments: [
        ("", 0), ("{", 1), ("[1,]", 3), ("{\"a\" 1}", 5), ("{\"a\":1,}", 7), ("[1 2]", 3), ("01", 1), ("-", 1), ("1.", 2), ("1e", 2),
        ("tru", 3), ("\"a", 2), ("\"\\x\"", 2), ("\"\\u12g4\"", 5), ("\"a\nb\"", 2), ("{}{}", 2), ("[}", 1), ("{]", 1), ("{a:1}", 1),
        ("'a'", 0), ("NaN", 0), ("+1", 0), ("[1}", 2), ("]", 0), ("\u{FEFF}1", 0), ("1\0", 1),
    ])
    func `The first byte that does not fit is named`(text: String, offset: Int) {
        let flaw = #expect(throws: JSONScanner.Flaw.self) { try JSONScanner.check(Array(text.utf8), maximumDepth: 64) }
        #expect(flaw?.offset == offset)
    }

    @Test func `Nesting is limited exactly, and never by the stack`() throws {
        func nested(_ depth: Int) -> [UInt8] { Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8) }
        try JSONScanner.check(nested(64), maximumDepth: 64)
        let flaw = #expect(throws: JSONScanner.Flaw.self) { try JSONScanner.check(nested(65), maximumDepth: 64) }
        #expect(flaw?.expected == "at most 64 levels of nesting")
        try JSONScanner.check(nested(1_000_000), maximumDepth: .max)
    }
}
