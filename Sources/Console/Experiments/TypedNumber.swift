import Foundation

/// Numbers as people type them.
///
/// `1,250` is a thousand to some and little more than one to others: a comma is never guessed, but told.
enum TypedNumber {
    /// What is to be said of a text that is no number because of its commas, to go on in a sentence; empty if it has none.
    static func advice(_ text: String) -> String {
        let digits = text.filter { !$0.isWhitespace && $0 != "%" }
        guard digits.contains(",") else { return "" }
        let point = digits.replacing(",", with: ".")
        guard Double(point) != nil else { return ": write it without commas" }
        return ": a comma is not read as a decimal mark, so write \(point) or \(digits.replacing(",", with: ""))"
    }
}
