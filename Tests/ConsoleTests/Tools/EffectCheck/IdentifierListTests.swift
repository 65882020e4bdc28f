import Console
import Testing

@Suite struct IdentifierListTests {
    @Test(arguments: [
        ("1 2,3;4\n5\r\n6\t7", [1, 2, 3, 4, 5, 6, 7]), ("", []), (" \n ,\n", []), ("-5, 9223372036854775807", [-5, .max]),
        ("customer_id\n17\n18\n", [17, 18]), ("id,\n17", [17]),
    ]) func `Numbers are read however they are parted`(text: String, numbers: [Int]) throws {
        #expect(try IdentifierList(text.utf8).numbers == numbers)
    }

    @Test(arguments: [
        ("1\n2 x3", 2, 3, "x3"), ("1\nword", 2, 1, "word"), ("1 word", 1, 3, "word"), ("9223372036854775808", 1, 1, "9223372036854775808"),
        ("1.5", 1, 1, "1.5"), ("a1", 1, 1, "a1"),
    ]) func `What is no whole number is told with its place`(text: String, line: Int, column: Int, word: String) {
        let flaw = #expect(throws: IdentifierList.Flaw.self) { try IdentifierList(text.utf8) }
        #expect(flaw == IdentifierList.Flaw(line: line, column: column, text: word))
    }
}
