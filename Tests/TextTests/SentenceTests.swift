import Testing
import Text

@Suite struct SentenceTests {
    @Test(arguments: [
        ("it is away", "it is away."), ("it is away.", "it is away."), ("it is away.\n", "it is away."), ("is it?", "is it?"),
        ("it is away...", "it is away."), ("and so on…", "and so on…"), ("", ""), (" . ", ""),
    ])
    func `Words end with one mark, whatever they brought along`(_ words: String, _ sentence: String) {
        #expect(Sentence.ended(words) == sentence)
    }

    @Test(arguments: [
        ("b", "b"), ("new-page_2", "new-page_2"), ("20", "‘20’"), ("#FF0000", "‘#FF0000’"), ("with space", "‘with space’"), ("é", "é"),
        ("", "‘’"),
    ])
    func `A name that is no word is put in quotation marks`(_ name: String, _ named: String) { #expect(name.named == named) }
}
