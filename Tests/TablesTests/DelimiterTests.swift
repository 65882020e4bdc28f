import Tables
import Testing

@Suite struct DelimiterTests {
    @Test(arguments: [
        ("a,b\n1,2\n", Delimiter.comma),
        ("a;b\n1,5;2,5\n3,5;4,5\n", .semicolon),
        ("a\tb\n1\t2\n", .tab),
        ("a|b|c\n1|2|3\n", .pipe),
        ("\"a;b\",c\n\"1;2\",3\n", .comma),
        ("a,b c;d,e\n1,2,3\n4,5,6\n", .comma),
        ("only\n1\n2\n", .comma),
        ("", .comma),
        ("a:b:c\n1:2:3\n", Delimiter(":") ?? .comma),
        ("a^b\n1^2\n3^4\n", Delimiter("^") ?? .comma),
        ("a\u{1}b\n1\u{1}2\n", Delimiter("\\x01") ?? .comma),
        ("full name\nAnn Lee\nBob Ray\n", .comma),
        ("my column\n1\n2\n", .comma),
        ("when,what\n10:15,a b\n11:20,c\n", .comma),
    ])
    func `The delimiter that splits all records alike is found`(text: String, delimiter: Delimiter) {
        #expect(Delimiter.detect(in: [UInt8](text: text)) == delimiter)
    }

    @Test(arguments: [("comma", Delimiter.comma), (";", .semicolon), ("\\t", .tab), ("\t", .tab), ("pipe", .pipe)])
    func `A delimiter is known by its name or by itself`(text: String, delimiter: Delimiter) {
        #expect(Delimiter(text) == delimiter)
    }

    @Test(arguments: ["", "a", "7", "\"", ".", "-", "é", "ab", "\\x0a", "\\x41"])
    func `What may stand in a value is no delimiter`(text: String) {
        #expect(Delimiter(text) == nil)
    }
}
