import Analysis
import Experiments
import Glibc
import Warehouse

/// One plan and where it is to be carried out.
struct AnalyzeRun: Sendable {
    let plan: Plan
    /// The plan's file, for messages.
    let path: String
    /// Where the plan's files are.
    let folder: String
    let address: WarehouseAddress
    let limits: WarehouseLimits
    /// Where the report with charts goes, if it is wanted.
    let reportFile: String?
    /// Where the charts go as pictures, if they are wanted.
    let charts: ChartFiles?

    /// One line, which begins with the plan's name where the plan is at fault.
    struct Failure: Error, CustomStringConvertible {
        let path: String
        let cause: AnalysisError

        var description: String { if case .plan = cause { "\(path): \(cause)" } else { "\(cause)" } }
    }

    /// Checks the plan against its sources.
    func check() async throws {
        try await connected { analysis throws(AnalysisError) in try await analysis.check() }
    }

    /// Carries the plan out, and writes the report's file and the charts if there are to be any.
    func report() async throws -> AnalysisReport {
        let progress = Progress(isShown: isatty(STDERR_FILENO) == 1)
        // Also where something fails: what is said then begins a line of its own.
        defer { progress.end() }
        let withCourses = reportFile != nil || charts != nil
        let report = try await connected { analysis throws(AnalysisError) in
            try await analysis.run(withCourses: withCourses) { progress.show($0) }
        }
        try await charts?.write(report) { progress.show($0) }
        if let reportFile { try ReportFile.write(report, to: reportFile) }
        return report
    }

    private func connected<Value: Sendable>(
        _ body: @Sendable (Analysis) async throws(AnalysisError) -> Value
    ) async throws -> Value {
        // DuckDB would make one, and leave it behind.
        if case .duckDB(let file?) = address, access(file, F_OK) != 0 {
            throw WarehouseError.connection(address.name, reason: "there is no such file")
        }
        let warehouse = try await address.connect(limits: limits)
        // Ctrl-C asks the engine to stop before the program does, so that a server does not work on for nobody.
        let interruption = Interruption { warehouse.cancel() }
        defer { interruption.end() }
        // In memory there are no tables but those that a file makes.
        let prefersTables = address != .duckDB(file: nil)
        do throws(AnalysisError) {
            return try await body(Analysis(plan, folder: folder, session: Session(warehouse), prefersTables: prefersTables))
        } catch {
            throw Failure(path: path, cause: error)
        }
    }
}
