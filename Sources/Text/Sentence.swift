/// Words that others wrote, put into sentences of one's own.
package enum Sentence {
    /// What stands at the end of a sentence, with one mark after it, whether it brought one along or not.
    package static func ended(_ words: String) -> String {
        let text = words.reversed().drop { $0.isWhitespace || $0 == "." }.reversed()
        guard let last = text.last else { return "" }
        return String(text) + ("!?…".contains(last) ? "" : ".")
    }
}

extension String {
    /// A name within a sentence: in quotation marks, unless it is a word, so that `20` is not taken for a number of something.
    package var named: String {
        let isWord = (first?.isLetter ?? false) && allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        return isWord ? self : "‘\(self)’"
    }
}
