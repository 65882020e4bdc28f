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
    ])
    func `The delimiter that splits all records alike is found`(text: String, delimiter: Delimiter) {
        #expect(Delimiter.detect(in: [UInt8](text: text)) == delimiter)
    }
}
