import Analysis
import Experiments
import Foundation
import Text
import Warehouse

/// `gosset analyze PLAN.yaml`: from a plan and data, wherever they live, to a verdict.
struct AnalyzeCommand: Command {
    let name = "analyze"
    let summary = "Analyse an experiment by a plan: checks, metrics, tests, and what to do."
    let discussion = """
        PLAN is a YAML file that says where the data are, who was in which variant, and what is measured.
        Files are read by DuckDB inside the program; tables where they are, in DuckDB, PostgreSQL or ClickHouse.
        """
    let operands = Operands(placeholder: "PLAN.yaml", count: 0...1)
    let options = [
        Option(
            "warehouse", "URI",
            help: "duckdb:, duckdb:FILE, postgres://USER@HOST/DATABASE, clickhouse://HOST:8123/DATABASE, chdb:, or "
                + "adbc:LIBRARY?entrypoint=NAME for any other driver.", default: "duckdb:"),
        .json,
        Option("show-sql", help: "Print every statement that the warehouse ran, instead of the result."),
        Option("check", help: "Only read the plan and look whether the sources have its columns."),
        Option("schema", help: "Print the JSON Schema of plans, for editors, and do nothing else."),
        Option("report", "FILE.html", help: "Also write the report with charts into one file that opens offline."),
        Option("charts", "DIRECTORY", help: "Also draw the charts into files of this folder, each as SVG and as PNG."),
        Option("chart-python", "FILE", help: "A Python with vl-convert-python, which draws them; see scripts/bootstrap charts."),
        Option("watch", help: "Go on: when a file of the plan comes or changes, run again and say what is different."),
        Option(
            "add", "SOURCE=FILE", help: "One more file of a source, such as one that came late; may be given several times.",
            isRepeatable: true),
        Option("memory-limit", "SIZE", help: "The memory that DuckDB may take, such as 4GB; four fifths of the machine's if not given."),
        Option("temp-directory", "DIRECTORY", help: "Where DuckDB puts what does not fit into memory."),
    ]

    func run(_ options: Options) async throws -> Int32 {
        if options.isSet("schema") {
            Terminal.say(Plan.schema.description)
            return 0
        }
        guard let path = options.operands.first else { throw UsageError("PLAN.yaml is needed") }
        let asJSON = options.isSet("json")
        let text = try AnalyzeCommand.text(of: path)
        var plan: Plan
        do throws(YAMLError) {
            plan = try Plan(yaml: text)
        } catch {
            guard options.isSet("check"), asJSON else { throw UsageError("\(path): \(error)") }
            Terminal.say(PlanCheck(path: path, experiment: nil, problem: PlanCheck.Problem(error)).json.description)
            return 2
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        for addition in options.texts("add") { plan = try AnalyzeCommand.adding(addition, to: plan) }
        let address = try AnalyzeCommand.address(try options.required("warehouse"))
        let limits = try AnalyzeCommand.limits(options, of: address)
        let charts = try options.text("charts").map { try ChartFiles(folder: $0, python: options.text("chart-python")) }
        let run = AnalyzeRun(
            plan: plan, path: path, folder: folder, address: address, limits: limits, reportFile: options.text("report"), charts: charts)
        if options.isSet("check") {
            do {
                try await run.check()
            } catch let failure as AnalyzeRun.Failure where asJSON {
                guard let problem = PlanCheck.Problem(failure.cause) else { throw failure }
                Terminal.say(PlanCheck(path: path, experiment: plan.experiment, problem: problem).json.description)
                return 1
            }
            let sound = PlanCheck(path: path, experiment: plan.experiment, problem: nil)
            Terminal.say(
                asJSON ? sound.json.description : "\(path): the plan is sound, and its sources have what it asks for")
            return 0
        }
        func show(_ report: AnalysisReport) {
            Terminal.say(options.isSet("show-sql") ? report.script : asJSON ? report.json.description : report.text)
        }
        var seen = FileWatch(plan, folder: folder)
        var last = try await run.report()
        show(last)
        guard options.isSet("watch") else { return 0 }
        while true {
            try await Task.sleep(for: .seconds(1))
            let now = FileWatch(plan, folder: folder)
            guard now != seen else { continue }
            Terminal.complain(now.news(since: seen).joined(separator: "\n"))
            seen = now
            do {
                let report = try await run.report()
                show(report)
                Terminal.say((["What changed:"] + Changes(from: last, to: report).lines.map { "  " + $0 }).joined(separator: "\n"))
                last = report
            } catch {
                // The file may not be whole yet; the next change is looked at again.
                Terminal.complain("gosset analyze: \(error)")
            }
        }
    }

    private static func text(of path: String) throws(UsageError) -> String {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            let reason = FileManager.default.fileExists(atPath: path) ? "may not be read" : "does not exist"
            throw UsageError("the plan \(path) \(reason)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw UsageError("the plan \(path) is no text in UTF-8") }
        return text
    }

    /// What DuckDB may use; other warehouses have limits of their own.
    private static func limits(_ options: Options, of address: WarehouseAddress) throws(UsageError) -> WarehouseLimits {
        let isDuckDB = if case .duckDB = address { true } else { false }
        for name in ["memory-limit", "temp-directory"] where !isDuckDB && options.source(name) == "--\(name)" && options.isGiven(name) {
            throw UsageError("--\(name) is for DuckDB; \(address.name) has limits of its own")
        }
        var limits = WarehouseLimits(temporaryDirectory: options.text("temp-directory"))
        if let text = options.text("memory-limit") {
            guard let memory = MemoryLimit(text) else {
                throw UsageError("\(options.source("memory-limit")) must be \(MemoryLimit.expected), not '\(text)'")
            }
            limits.memory = memory
        }
        return limits
    }

    /// The plan with one more file of a source.
    private static func adding(_ text: String, to plan: Plan) throws(UsageError) -> Plan {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw UsageError("--add must be SOURCE=FILE, not '\(text)'") }
        guard plan.source(parts[0]) != nil else {
            let names = plan.sources.map(\.name.text)
            let hint =
                Spelling.nearest(to: parts[0], among: names).map { "did you mean '\($0)'?" } ?? "there are \(names.joined(separator: ", "))"
            throw UsageError("--add: the plan has no source '\(parts[0])'; \(hint)")
        }
        return plan.adding(file: URL(filePath: parts[1]).path, to: parts[0])
    }

    private static func address(_ text: String) throws(UsageError) -> WarehouseAddress {
        do throws(WarehouseError) {
            return try WarehouseAddress(text)
        } catch {
            throw UsageError("--warehouse \(error)")
        }
    }
}
