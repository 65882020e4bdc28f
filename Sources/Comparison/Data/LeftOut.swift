import Tables
import Text

/// Why samples do not do, together with what was left out of their file: that may be the reason.
package struct LeftOut: Error, CustomStringConvertible {
    /// What is wrong with the samples.
    let problem: any Error
    /// What was left out, in words.
    let what: String

    package var description: String { "\(problem); left out of \(what)" }
}

extension SourceReport {
    /// What is wrong with the samples, and what was left out before, if anything was.
    package func explaining(_ problem: any Error) -> any Error {
        var parts: [String] = []
        if let first = badRows.first.first { parts.append("\(SourceReport.counted(badRows.count, "bad row")) (\(first))") }
        parts += missing.map { "\(SourceReport.counted($0.count, "row")) without '\($0.column)'" }
        parts += strays.map { stray in
            "\(SourceReport.counted(stray.count, "value")) of '\(stray.column)' that \(stray.count == 1 ? "is no number" : "are no numbers")"
                + (stray.first.first.map { " (\($0))" } ?? "")
        }
        if let units {
            if units.crossed > 0 { parts.append("\(SourceReport.counted(units.crossed, "unit")) in more than one group") }
            if units.nameless > 0 { parts.append("\(SourceReport.counted(units.nameless, "row")) without '\(units.column)'") }
        }
        return parts.isEmpty ? problem : LeftOut(problem: problem, what: "\(path): \(parts.joined(separator: ", "))")
    }

    private static func counted(_ count: Int, _ what: String) -> String { "\(Figures.count(count)) \(what)\(count == 1 ? "" : "s")" }
}
