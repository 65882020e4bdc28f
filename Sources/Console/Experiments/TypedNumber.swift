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
        let other = partsThousands(digits) ? " or \(digits.replacing(",", with: ""))" : ""
        return ": a comma is not read as a decimal mark, so write \(point)\(other)"
    }

    /// Whether a comma stands where people put one between thousands, as in `1,250` but not in `0,5` and `0,125`.
    private static func partsThousands(_ digits: String) -> Bool { digits.wholeMatch(of: /[-+]?[1-9]\d{0,2},\d{3}/) != nil }
}
