import Experiments
import Foundation
import Warehouse

/// What is wrong with the files themselves.
extension UnitTableBuilder {
    /// The rows of files that could not be read, once they have been read.
    ///
    /// - Throws: If the plan does not say to go on without such rows of a source.
    func rejects() async throws(AnalysisError) -> RejectedRows {
        let tolerant = readers.values.filter { $0.source.goesOnWithoutBadRows }.flatMap(\.pathsOfCSV)
        for source in plan.sources where !source.goesOnWithoutBadRows {
            guard let paths = readers[source.name.text]?.pathsOfCSV, !paths.isEmpty else { continue }
            let rows = try await RejectedRows(of: paths, session: session)
            guard rows.count == 0 else {
                throw .plan(
                    source.name.place,
                    "source '\(source.name.text)' has rows that cannot be read, \(rows.described(3)); mend them, "
                        + "or say 'bad rows: report' at the source to go on without them")
            }
        }
        return tolerant.isEmpty ? .none : try await RejectedRows(of: tolerant.sorted(), session: session)
    }

    /// The same for CSV files that follow no one rule, of which what can be read is read.
    ///
    /// - Throws: `error`, which strict reading ended with, unless it is about such a file; and if the plan does not say to go on.
    func lenient(after error: AnalysisError) throws(AnalysisError) -> UnitTableBuilder {
        guard CSVLayout.isInconsistent(error) else { throw placed(error) }
        let strict = plan.sources.first { !$0.goesOnWithoutBadRows && readers[$0.name.text]?.pathsOfCSV.isEmpty == false }
        if let strict {
            throw .plan(
                strict.name.place,
                "a CSV file cannot be read: its lines end, or its values are quoted, now in one way and now in another; "
                    + "mend it, or say 'bad rows: report' at its source to go on with what can be read")
        }
        var builder = self
        builder.isStrict = false
        return builder
    }

    /// An error with the place of the source whose file it names.
    private func placed(_ error: AnalysisError) -> AnalysisError {
        guard case .warehouse(.refused(let reason)) = error,
            let source = plan.sources.first(where: { readers[$0.name.text]?.isNamed(in: reason) == true })
        else { return error }
        return .plan(
            source.name.place,
            "source '\(source.name.text)' cannot be read: \(reason); if the file was cut off or is still being written, get it whole")
    }

    /// The files of patterns that lack columns which others have.
    var gaps: [String] { plan.sources.flatMap { readers[$0.name.text]?.gaps ?? [] } }

    /// The CSV files whose last line does not end, as it does not where a file was cut off.
    var unfinishedFiles: [String] {
        let paths = plan.sources.flatMap { readers[$0.name.text]?.pathsOfCSV ?? [] }
        return paths.filter(UnitTableBuilder.endsWithinALine).map { String($0.split(separator: "/").last ?? "") }
    }

    private static func endsWithinALine(_ path: String) -> Bool {
        guard !path.hasSuffix(".gz"), let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        guard let size = try? file.seekToEnd(), size > 0, (try? file.seek(toOffset: size - 1)) != nil,
            let last = try? file.read(upToCount: 1)
        else { return false }
        return last.first.map { !"\n\r".utf8.contains($0) } ?? false
    }
}
