import Events
import Foundation
import Testing

@Suite struct JSONCursorTests {
    private func string(_ json: String) throws -> String {
        let bytes = Array(json.utf8)
        var cursor = JSONCursor(bytes, in: bytes.indices)
        return try cursor.string()
    }

    @Test func `Strings are those that Foundation reads`() throws {
        let texts = ["", "plain", "tab\t quote\" slash/ back\\ line\n", "é😀", "\u{1}\u{1F}", "\u{FFFF}"]
        for text in texts {
            let json = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
            #expect(try string(json) == text)
        }
        #expect(try string(#""\u00E9\ud83d\uDE00\/\b\f""#) == "é😀/\u{8}\u{C}")
    }

    @Test(arguments: [#""\x""#, #""\u12"#, #""\ud83dx""#, #""\ud83d\u0041""#, #""\udc00""#, "\"open", "\"\n\"", #""\"#])
    func `Broken strings are refused`(_ json: String) {
        #expect(throws: JSONCursor.Flaw.self) { try string(json) }
    }
}
