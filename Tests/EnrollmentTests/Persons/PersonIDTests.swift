import Enrollment
import Testing

@Suite struct PersonIDTests {
    @Test func `1 to 256 visible characters are a person's id`() throws {
        #expect(try PersonID("account-1204").text == "account-1204")
        #expect(try PersonID(String(repeating: "~", count: 256)).text.count == 256)
        for text in ["", "a b", "é", String(repeating: "a", count: 257), "a\n", ".", ".."] {
            let error = #expect(throws: PersonIDError.self) { try PersonID(text) }
            #expect(error?.description.contains("person's id") == true)
        }
        #expect(try PersonID(stored: "..").text == "..")
    }
}
