import Experiments
import Text
import Warehouse

/// Rows of CSV files that could not be read.
struct RejectedRows: Hashable {
    struct Row: Hashable {
        let file: String
        let line: Int
        let reason: String
    }

    /// The first of them.
    let rows: [Row]
    /// How many there are; there may be more where so many are in one file that no more are listed.
    let count: Int

    static let none = RejectedRows(rows: [], count: 0)
    /// How many are kept with their reasons.
    private static let kept = 20

    private init(rows: [Row], count: Int) { (self.rows, self.count) = (rows, count) }

    /// Those of some files, once the files have been read.
    init(of files: [String], session: Session) async throws(AnalysisError) {
        let list = files.map { "\(value: $0)" as SQL }.joined(", ")
        let found = try await session.query(
            "rows that could not be read",
            """
            SELECT file_path AS f, CAST(line AS BIGINT) AS l, min(error_message) AS r, CAST(count(*) OVER () AS BIGINT) AS n
            FROM reject_errors JOIN reject_scans USING (scan_id, file_id) WHERE file_path IN (\(list)) GROUP BY ALL ORDER BY f, l
            LIMIT \(value: RejectedRows.kept)
            """)
        let (files, lines, reasons) = (try found.column(texts: "f"), try found.column(numbers: "l"), try found.column(texts: "r"))
        rows = files.indices.map { Row(file: files[$0] ?? "", line: Int(lines[$0] ?? 0), reason: reasons[$0] ?? "") }
        count = Int(try found.number("n"))
    }

    /// How many, and where and why the first ones.
    func described(_ shown: Int) -> String {
        let all = (count >= CSVLayout.listedRows ? "at least " : "") + "\(Figures.count(count)) \(count == 1 ? "row" : "rows")"
        let places = rows.prefix(shown).map { row in
            let reason = row.reason.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            return "\(row.file.split(separator: "/").last ?? "") line \(row.line) (\(reason))"
        }
        return "\(all): \(places.joined(separator: "; "))\(count > shown ? "; …" : "")"
    }
}
