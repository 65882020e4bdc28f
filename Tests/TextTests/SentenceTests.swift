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
}
