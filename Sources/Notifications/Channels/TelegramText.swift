import Text

/// A notice as Telegram's HTML: few tags, and `<`, `>` and `&` escaped.
///
/// Source: Telegram Bot API, "HTML style". Lengths are limited in UTF-16 code units of what is left when the tags are read.
struct TelegramText {
    /// The most that a message may have.
    static let messageLimit = 4096
    /// The most that a picture's caption may have.
    static let captionLimit = 1024

    let html: String
    /// What counts towards the limits.
    let length: Int

    /// The text, cut to a limit: from the table first, then from the paragraphs; nil if not even the title fits.
    ///
    /// How much must go is searched for by halves: a table may have thousands of rows, and each try writes them all.
    init?(_ notice: Notice, limit: Int) {
        let rows = notice.table?.rows ?? []
        func rendered(without cut: Int) -> (html: String, length: Int) {
            let fromRows = min(cut, rows.count)
            return Self.render(notice, Array(notice.paragraphs.dropLast(cut - fromRows)), Array(rows.dropLast(fromRows)))
        }
        var (least, most) = (0, rows.count + notice.paragraphs.count)
        while least < most {
            let middle = (least + most) / 2
            if rendered(without: middle).length <= limit { most = middle } else { least = middle + 1 }
        }
        (html, length) = rendered(without: least)
        guard length <= limit else { return nil }
    }

    /// Whether the whole notice fits.
    static func fits(_ notice: Notice, limit: Int) -> Bool {
        render(notice, notice.paragraphs, notice.table?.rows ?? []).length <= limit
    }

    private static func render(
        _ notice: Notice, _ paragraphs: [String], _ rows: [[String]]
    ) -> (html: String, length: Int) {
        var html = "<b>\(escaped(notice.title))</b>"
        var plain = notice.title
        for paragraph in paragraphs {
            html += "\n\n\(escaped(paragraph))"
            plain += "\n\n\(paragraph)"
        }
        if let table = notice.table {
            var text = TextTable(table.headings)
            for row in rows { text.add(row) }
            if rows.count < table.rows.count { text.add(["…"]) }
            let lines = text.lines.map { $0.drop { $0 == " " }.isEmpty ? "" : String($0.dropFirst(2)) }.joined(separator: "\n")
            html += "\n\n<pre>\(escaped(lines))</pre>"
            plain += "\n\n\(lines)"
        }
        return (html, plain.utf16.count)
    }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
