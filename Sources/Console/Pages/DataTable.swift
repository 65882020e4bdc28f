import HTTPServer

/// A table of figures; where it is wider than the screen it moves sideways by itself, also by the keyboard.
enum DataTable {
    /// - Parameters:
    ///   - caption: what it is about, for who does not see it.
    ///   - head: the columns, and whether they hold numbers.
    static func html(_ caption: String, head: [(title: String, isNumber: Bool)], _ rows: [HTML]) -> HTML {
        let cells = head.map { "<th scope=\"col\"\(mark($0.isNumber))>\($0.title)</th>" as HTML }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(caption)"><table class="wide"><caption class="hidden">\(caption)</caption>\
            <thead><tr>\(cells)</tr></thead>
            <tbody>\(rows)</tbody></table></div>
            """
    }

    /// A row whose first cell says what the others are about.
    static func row(header: String, _ cells: [(text: String, isNumber: Bool)]) -> HTML {
        "<tr><th scope=\"row\">\(header)</th>\(cells.map { "<td\(mark($0.isNumber))>\($0.text)</td>" as HTML })</tr>\n"
    }

    private static func mark(_ isNumber: Bool) -> HTML { isNumber ? " class=\"n\"" : .empty }
}
