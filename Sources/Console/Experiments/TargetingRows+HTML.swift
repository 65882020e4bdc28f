import Experiments
import HTTPServer

extension TargetingRows {
    /// The rows, and the button for another one.
    func html(wrong: Int? = nil) -> HTML {
        let items = rows.enumerated().map { index, row -> HTML in
            let focus: HTML = index == fresh || index == wrong ? " autofocus" : ""
            let invalid: HTML = index == wrong ? " aria-invalid=\"true\" aria-describedby=\"mistake\"" : ""
            let options = Test.allCases.map { test -> HTML in
                "<option value=\"\(test.rawValue)\"\(test == row.test ? " selected" : HTML.empty)>\(test.label)</option>"
            }
            return """
                <div class="row" role="group" aria-label="Condition \(index + 1)">\
                <label for="attribute-\(index)">Attribute<input type="text" id="attribute-\(index)" name="attribute" value="\(row.attribute)" \
                placeholder="country" maxlength="\(Attributes.longestName)" autocomplete="off" autocapitalize="none" spellcheck="false"\
                \(focus)\(invalid)></label>\
                <label for="test-\(index)">Test<select id="test-\(index)" name="test">\(options)</select></label>\
                <label for="target-\(index)">Value<input type="text" id="target-\(index)" name="target" value="\(row.value)" \
                placeholder="DE, AT" autocomplete="off" autocapitalize="none" spellcheck="false"\(invalid)></label>\
                <button name="do" value="drop-condition-\(index)" aria-label="Remove condition \(index + 1)">Remove</button></div>

                """
        }
        return """
            \(items.isEmpty ? HTML.empty : "<div class=\"rows conditions\">\(items)</div>\n")\
            <button class="add" name="do" value="add-condition">Add a condition</button>

            """
    }
}
