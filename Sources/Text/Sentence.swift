/// Words that others wrote, put into sentences of one's own.
package enum Sentence {
    /// What stands at the end of a sentence, with one mark after it, whether it brought one along or not.
    package static func ended(_ words: String) -> String {
        let text = words.reversed().drop { $0.isWhitespace || $0 == "." }.reversed()
        guard let last = text.last else { return "" }
        return String(text) + ("!?…".contains(last) ? "" : ".")
    }
}
