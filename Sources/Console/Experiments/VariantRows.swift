import Experiments
import HTTPServer
import Text

/// The rows of a form in which variants and their weights are typed.
///
/// Rows are added and taken away by buttons that send the form, so it works without script.
struct VariantRows: Sendable, Hashable {
    struct Row: Sendable, Hashable {
        var value = ""
        var weight = ""
    }

    /// Why there is no allocation, and in which row, if in one.
    struct Mistake: Error, Hashable {
        let row: Int?
        let reason: String
    }

    var rows: [Row]
    /// The row that was just added.
    private(set) var fresh: Int?

    init() { rows = [Row(weight: "50"), Row(weight: "50")] }

    init(_ allocation: Allocation) {
        rows = allocation.variants.map { Row(value: $0.value, weight: Figures.significant($0.weight, 9).filter { $0 != "," }) }
    }

    /// Weights of variants that need no values yet.
    init(weights: [String]) { rows = weights.prefix(Allocation.variantCounts.upperBound).map { Row(weight: $0) } }

    /// What a form carries: as many values as weights.
    init(_ form: Form) throws(Problem) {
        let (values, weights) = (form.values("value"), form.values("weight"))
        guard values.count == weights.count, values.count <= Allocation.variantCounts.upperBound else {
            throw .badRequest("There must be as many values as weights, and at most \(Allocation.variantCounts.upperBound).")
        }
        rows = zip(values, weights).map { Row(value: $0, weight: $1) }
    }

    /// Does what one of the rows' own buttons says; false if it was none of them.
    mutating func press(_ button: String) -> Bool {
        if button == "add" {
            guard rows.count < Allocation.variantCounts.upperBound else { return true }
            rows.append(Row(weight: rows.last?.weight ?? ""))
            fresh = rows.count - 1
            return true
        }
        guard button.hasPrefix("remove-"), let index = Int(button.dropFirst(7)), rows.indices.contains(index) else { return false }
        rows.remove(at: index)
        return true
    }

    /// The weights that can be read, for a preview; nil if one cannot.
    var weights: [Double]? {
        let weights = rows.filter { !$0.weight.isEmpty }.compactMap { VariantRows.number($0.weight) }
        return weights.count == rows.count { !$0.weight.isEmpty } && weights.allSatisfy { $0 > 0 } ? weights : nil
    }

    /// The variants as typed; rows without anything in them do not count.
    func allocation() throws(Mistake) -> Allocation {
        var variants: [Variant] = []
        for (index, row) in rows.enumerated() where !(row.value.isEmpty && row.weight.isEmpty) {
            guard !row.value.isEmpty else { throw Mistake(row: index, reason: "Variant \(index + 1) has a weight and no value.") }
            guard let weight = VariantRows.number(row.weight) else {
                let advice = TypedNumber.advice(row.weight)
                throw Mistake(row: index, reason: "The weight of '\(row.value)' must be a number, such as 50 or 33.3\(advice).")
            }
            variants.append(Variant(row.value, weight: weight))
        }
        do { return try Allocation(variants) } catch { throw Mistake(row: nil, reason: "\(error)") }
    }

    /// `50`, `33.3` or `50 %`; a comma may be a decimal mark or part a thousand, and is not guessed.
    private static func number(_ text: String) -> Double? {
        let digits = text.filter { $0 != " " && $0 != "%" }
        guard let number = Double(digits), number.isFinite else { return nil }
        return number
    }

    /// The rows, and the button for another one.
    func html(wrong: Int? = nil) -> HTML {
        let rows = rows.enumerated().map { index, row -> HTML in
            // The focus is on the row that is new, or on what is wrong: where there is a value, that is its weight.
            let focus: HTML = index == fresh || (index == wrong && row.value.isEmpty) ? " autofocus" : ""
            let weightFocus: HTML = index == wrong && !row.value.isEmpty ? " autofocus" : ""
            let invalid: HTML = index == wrong ? " aria-invalid=\"true\" aria-describedby=\"mistake\"" : ""
            let remove: HTML? =
                self.rows.count > Allocation.variantCounts.lowerBound
                ? "<button name=\"do\" value=\"remove-\(index)\" aria-label=\"Remove variant \(index + 1)\">Remove</button>" : nil
            return """
                <div class="row" role="group" aria-label="Variant \(index + 1)">\
                <label for="value-\(index)">Value<input type="text" id="value-\(index)" name="value" value="\(row.value)" \
                autocomplete="off" maxlength="\(Variant.maximumLength)"\(focus)\(invalid)></label>\
                <label for="weight-\(index)">Weight<input type="text" id="weight-\(index)" name="weight" value="\(row.weight)" \
                inputmode="decimal" autocomplete="off"\(weightFocus)\(invalid)></label>\(remove)</div>

                """
        }
        return """
            <div class="rows">\(rows)</div>
            <button name="do" value="add">Add a variant</button>

            """
    }
}
