import Foundation
import Testing
import WarehouseTesting

// `gosset analyze` as people call it.
@Suite struct AnalyzeCommandTests {
    private static let examples = DocumentationTests.root.appending(path: "Examples").path

    private func analyze(_ arguments: String..., environment: [String: String] = [:]) async throws -> (
        ending: Ending, output: String, errors: String
    ) {
        try await GossetProcess.run(["analyze"] + arguments, environment: environment)
    }

    @Test(arguments: ExamplePlan.names) func `the examples run, in every form`(_ plan: String) async throws {
        let example = try ExamplePlan(plan)
        let path = example.path
        let text = try await analyze(path)
        #expect(text.ending == .exited(0) && text.output.contains("Verdict:"), "\(text.errors)")
        let json = try await analyze(path, "--json")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect((object["metrics"] as? [Any])?.isEmpty == false)
        let sql = try await analyze(path, "--show-sql")
        #expect(sql.output.contains("CREATE TEMPORARY TABLE \"gosset_units\""))
        let check = try await analyze(path, "--check")
        #expect(check.ending == .exited(0) && check.output.contains("the plan is sound"))
        let answer = try await AnalyzeCommandTests.check(path, "--check", "--json")
        #expect(answer.status == 0 && answer["valid"] as? Bool == true && (answer["problems"] as? [Any])?.isEmpty == true)
        #expect(answer["plan"] as? String == path && answer["experiment"] as? String == example.experiment)
    }

    // What `--check --json` prints, alone on its line.
    private struct CheckAnswer {
        let status: Int32
        let members: [String: Any]

        subscript(name: String) -> Any? { members[name] }
        // The only problem.
        var problem: [String: Any]? { (members["problems"] as? [[String: Any]]).flatMap { $0.count == 1 ? $0[0] : nil } }
    }

    private static func check(_ arguments: String...) async throws -> CheckAnswer {
        let (ending, output, errors) = try await GossetProcess.run(["analyze"] + arguments)
        guard case .exited(let status) = ending, errors.isEmpty, output.isOneLine else {
            throw GossetProcess.Failure(description: "\(ending): \(output) \(errors)")
        }
        return CheckAnswer(status: status, members: try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:])
    }

    @Test func `what --check finds is JSON for programs, with its place and the word that was meant`() async throws {
        let example = try ExamplePlan("elearning/payment-page.yaml")
        for (old, new, status, line, column, message, suggestion) in [
            ("kind: ratio", "kind: ratoi", 2, 34, 25, "expected one of", "ratio"), ("facts:", "fatcs:", 2, 20, 1, "a plan has no", "facts"),
            ("of: revenue, among: active}", "of: revenu, among: active}", 2, 32, 27, "there is no fact", "revenue"),
            ("value: rev", "value: revv", 1, 23, 56, "has no column", "rev"), ("control: A", "control: [A]", 2, 17, 12, "expected", nil),
            ("payments.csv", "nothing.csv", 1, 11, 20, "does not exist", nil),
        ] as [(String, String, Int32, Int, Int, String, String?)] {
            let yaml = example.yaml.replacing(old, with: new)
            try Data(yaml.utf8).write(to: URL(filePath: example.path))
            let answer = try await AnalyzeCommandTests.check(example.path, "--check", "--json")
            #expect(answer.status == status && answer["valid"] as? Bool == false && answer["plan"] as? String == example.path)
            #expect(answer["experiment"] as? String == (status == 1 ? "payment page" : nil))
            let problem = try #require(answer.problem)
            #expect(problem["line"] as? Int == line && problem["column"] as? Int == column, "\(new): \(problem)")
            #expect((problem["message"] as? String)?.contains(message) == true, "\(new): \(problem)")
            #expect(problem["suggestion"] as? String == suggestion, "\(new): \(problem)")
        }
        // What is no fault of the plan is said as ever.
        try Data(example.yaml.utf8).write(to: URL(filePath: example.path))
        let nobody = try await analyze(example.path, "--check", "--json", "--warehouse", "clickhouse://127.0.0.1:1/x")
        #expect(nobody.ending == .exited(1) && nobody.output.isEmpty && nobody.errors.contains("nothing answers there"))
    }

    @Test func `the schema takes the examples, and refuses what is misspelt`() async throws {
        let directory = try TemporaryDirectory()
        let schema = try await analyze("--schema")
        try Data(schema.output.utf8).write(to: URL(filePath: directory.path + "/schema.json"))
        let script = """
            import glob, json, sys, yaml, jsonschema
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            plans = glob.glob(sys.argv[2] + '/*/*.yaml')
            assert len(plans) >= 3
            for path in plans:
                plan = yaml.safe_load(open(path))
                validator.validate(plan)
                next(iter(plan['metrics'].values()))['knid'] = 'mean'
                assert not validator.is_valid(plan)
            """
        let program = try Program(["/usr/bin/python3", "-c", script, directory.path + "/schema.json", AnalyzeCommandTests.examples])
        #expect(try await program.end(within: 60) == .exited(0), "\(program.errors)")
    }

    @Test func `a wrong call is answered in one line`() async throws {
        let directory = try TemporaryDirectory()
        let good = "\(AnalyzeCommandTests.examples)/arppu/visitors.yaml"
        let broken = directory.path + "/broken.yaml"
        try Data("experiment: [x\n".utf8).write(to: URL(filePath: broken))
        let moved = directory.path + "/moved.yaml"
        try FileManager.default.copyItem(atPath: good, toPath: moved)
        for (arguments, status, words) in [
            ([], 2, "PLAN.yaml is needed"), (["/nowhere.yaml"], 2, "the plan /nowhere.yaml does not exist"),
            ([broken], 2, "broken.yaml: line 2, column 1"),
            ([moved], 1, "moved.yaml: line 6, column 20: the file"), ([good, "--warehouse", "mysql://x"], 2, "no address of a warehouse"),
            ([good, "--warehouse", "clickhouse://127.0.0.1:1/x"], 1, "nothing answers there"),
            ([good, "--add", "visitor=x.csv"], 2, "did you mean 'visitors'?"),
            ([good, "--warehouse", "duckdb:\(directory.path)/none.duckdb"], 1, "none.duckdb: there is no such file"),
            ([good, "--memory-limit", "lots"], 2, "--memory-limit must be a size such as 512MB or 2GB, or a share"),
            ([good, "--memory-limit", "120%"], 2, "not '120%'"), ([good, "--memory-limit", "4000"], 2, "not '4000'"),
            ([good, "--memory-limit", "2GB", "--warehouse", "chdb:"], 2, "--memory-limit is for DuckDB; chdb: has limits of its own"),
        ] as [([String], Int32, String)] {
            let result = try await GossetProcess.run(["analyze"] + arguments)
            #expect(result.ending == .exited(status) && result.errors.contains(words), "\(arguments): \(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1 && result.output.isEmpty)
        }
        let missing = try await analyze(good, environment: ["GOSSET_DUCKDB": "/nowhere/libduckdb.so"])
        #expect(missing.ending == .exited(1) && missing.errors.contains("run scripts/bootstrap in the checkout"))
    }

    @Test func `a report is one file, or none`() async throws {
        let directory = try TemporaryDirectory()
        let plan = "\(AnalyzeCommandTests.examples)/elearning/payment-page.yaml"
        let file = directory.path + "/report.html"
        let made = try await analyze(plan, "--report", file)
        #expect(made.ending == .exited(0), "\(made.errors)")
        let html = directory.text(of: "report.html")
        #expect(html.contains("vegaEmbed") && html.hasSuffix("</html>"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.contains("part") }.isEmpty)
        let nowhere = try await analyze(plan, "--report", "/nowhere/report.html")
        #expect(nowhere.ending == .exited(1) && nowhere.errors.contains("cannot be written"))
        // A file system without room leaves no half of a report.
        let full = try await analyze(plan, "--report", "/dev/full/report.html")
        #expect(full.ending == .exited(1))
    }

    @Test func `charts become files, all of them or none`() async throws {
        let directory = try TemporaryDirectory()
        let plan = "\(AnalyzeCommandTests.examples)/elearning/payment-page.yaml"
        let python = DocumentationTests.root.appending(path: ".build-python/bin/python3").path
        let charts = directory.path + "/charts"
        let made = try await analyze(plan, "--charts", charts, "--chart-python", python)
        #expect(made.ending == .exited(0), "\(made.errors)")
        let files = try FileManager.default.contentsOfDirectory(atPath: charts).sorted()
        for name in ["differences", "cr-funnel", "arpu-spread"] {
            let svg = FileManager.default.contents(atPath: "\(charts)/\(name).svg")
            let png = FileManager.default.contents(atPath: "\(charts)/\(name).png")
            #expect(
                svg?.starts(with: Data("<svg".utf8)) == true && png?.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true, "\(name) of \(files)")
        }
        #expect(files.allSatisfy { $0.hasSuffix(".svg") || $0.hasSuffix(".png") } && files.count % 2 == 0)
        // A Python that draws nothing, one that is not there, and a folder that cannot be made.
        for (folder, interpreter, words) in [
            (directory.path + "/none", "/bin/false", "vl-convert-python"), (directory.path + "/none", "/nowhere/python3", "cannot be run"),
            ("/dev/null/charts", python, "cannot be made"),
        ] {
            let failed = try await analyze(plan, "--charts", folder, "--chart-python", interpreter)
            #expect(failed.ending == .exited(1) && failed.errors.contains(words) && failed.errors.isOneLine, "\(failed.errors)")
            #expect(try !FileManager.default.fileExists(atPath: folder) || FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test func `truncated files are said, or counted`() async throws {
        let directory = try TemporaryDirectory()
        let data = try Data(contentsOf: URL(filePath: "\(AnalyzeCommandTests.examples)/revenue/visitors.csv"))
        try (data.prefix(data.prefix(data.count / 2).lastIndex(of: 10).map { $0 + 1 } ?? 0) + Data("0,0".utf8)).write(
            to: URL(filePath: directory.path + "/visitors.csv"))
        try Data("PAR1 and no more".utf8).write(to: URL(filePath: directory.path + "/visitors.parquet"))
        let yaml = try String(contentsOfFile: "\(AnalyzeCommandTests.examples)/arppu/visitors.yaml", encoding: .utf8)
        for (name, file) in [("csv", "visitors.csv"), ("report", "visitors.csv, bad rows: report"), ("parquet", "visitors.parquet")] {
            let plan = directory.path + "/\(name).yaml"
            try Data(yaml.replacing("../revenue/visitors.csv", with: file).utf8).write(to: URL(filePath: plan))
        }
        let csv = try await analyze(directory.path + "/csv.yaml")
        #expect(csv.ending == .exited(1) && csv.errors.contains("has rows that cannot be read, 1 row: visitors.csv line "), "\(csv.errors)")
        let reported = try await analyze(directory.path + "/report.yaml")
        #expect(reported.ending == .exited(0) && reported.output.contains("rows that cannot be read: 1 row"), "\(reported.output)")
        let parquet = try await analyze(directory.path + "/parquet.yaml")
        #expect(
            parquet.ending == .exited(1) && parquet.errors.contains("line 6, column 20") && parquet.errors.contains("cannot be read"),
            "\(parquet.errors)")
    }

    @Test func `too little memory is said`() async throws {
        let result = try await analyze(
            "\(AnalyzeCommandTests.examples)/elearning/payment-page.yaml", "--memory-limit", "2MB", "--temp-directory", "/proc/nowhere")
        #expect(result.ending == .exited(1), "\(result.output)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test func `a file that comes late is taken in, and what changed is said`() async throws {
        let directory = try TemporaryDirectory()
        func rows(_ range: Range<Int>) -> Data {
            Data(("id,arm,v\n" + range.map { "\($0),\($0 % 2 == 0 ? "a" : "b"),\($0 % 5)\n" }.joined()).utf8)
        }
        try rows(0..<100).write(to: URL(filePath: directory.path + "/units-1.csv"))
        let yaml = """
            experiment: x
            sources: {units: "units-*.csv"}
            assignment: {source: units, unit: id, variant: arm, control: a}
            facts: {v: {source: units, value: v}}
            metrics: {v: {kind: mean, of: v}}
            """
        try Data(yaml.utf8).write(to: URL(filePath: directory.path + "/plan.yaml"))
        let program = try Program([GossetProcess.path, "analyze", directory.path + "/plan.yaml", "--watch"])
        try await eventually("the first result", within: 60) { program.output.contains("Verdict:") }
        try rows(100..<200).write(to: URL(filePath: directory.path + "/units-2.csv"), options: .atomic)
        try await eventually("what changed", within: 60) { program.output.contains("a had 50 units and has 100") }
        #expect(program.errors.contains("units-2.csv came"))
        program.signal(SIGINT)
        _ = try await program.end(within: 20)
    }

    @Test func `a file is fetched over HTTP`() async throws {
        let files = try Program([
            "/usr/bin/python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", AnalyzeCommandTests.examples,
        ])
        let port = try await eventually("the files' server", within: 20) {
            files.output.firstMatch(of: #/port (\d+)/#).map { String($0.1) }
        }
        let directory = try TemporaryDirectory()
        let yaml = try String(contentsOfFile: "\(AnalyzeCommandTests.examples)/arppu/visitors.yaml", encoding: .utf8)
        for (name, file) in [("good", "revenue/visitors.csv"), ("bad", "nothing.csv")] {
            let text = yaml.replacing("../revenue/visitors.csv", with: "\"http://127.0.0.1:\(port)/\(file)\"")
            try Data(text.utf8).write(to: URL(filePath: directory.path + "/\(name).yaml"))
        }
        let local = try await analyze("\(AnalyzeCommandTests.examples)/arppu/visitors.yaml", "--json")
        let remote = try await analyze(directory.path + "/good.yaml", "--json")
        #expect(remote.output == local.output && remote.ending == .exited(0), "\(remote.errors)")
        let bad = try await analyze(directory.path + "/bad.yaml")
        #expect(bad.ending == .exited(1) && bad.errors.contains("answers with the status 404"))
        guard Machine.canMount else { return }
        let disk = try SmallDisk(kilobytes: 16)
        try disk.fill()
        let full = try await GossetProcess.run(["analyze", directory.path + "/good.yaml"], environment: ["TMPDIR": disk.path])
        #expect(full.ending == .exited(1) && full.errors.contains("cannot be fetched"), "\(full.errors)")
    }
}
