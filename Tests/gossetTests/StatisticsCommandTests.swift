import Foundation
import Testing

// The statistics commands as people call them.
@Suite struct StatisticsCommandTests {
    private struct Outcome {
        let ending: Ending
        let output: String
        let errors: String
        var json: [String: Any] {
            get throws { try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]) }
        }
    }

    private func gosset(_ arguments: String...) async throws -> Outcome {
        let program = try Program([GossetProcess.path] + arguments)
        let ending = try await program.end()
        return Outcome(ending: ending, output: program.output, errors: program.errors)
    }

    // Real data beside the package; nil where there are none.
    static let visitors: String? = {
        let oracles = ProcessInfo.processInfo.environment["GOSSET_ORACLES"].map { URL(filePath: $0).appending(path: "../data") }
        let candidates = [oracles] + ["../shared/data", "../../shared/data"].map { DocumentationTests.root.appending(path: $0) }
        return candidates.compactMap { $0?.standardized.appending(path: "arppu/ab_stats.csv").path }
            .first { FileManager.default.fileExists(atPath: $0) }
    }()

    private func close(_ value: Any?, _ expected: Double, _ tolerance: Double = 1e-9) -> Bool {
        (value as? Double).map { abs($0 - expected) <= tolerance * abs(expected) } ?? false
    }

    @Test func `Welch from summaries`() async throws {
        let result = try await gosset(
            "test", "welch", "--summary", "360,40,9802", "--summary", "352,58,9789", "--confidence", "0.8", "--json")
        let json = try result.json
        #expect(close(json["statistic"], 11.236630785707332, 1e-14))
        #expect(close(json["pValue"], 3.3977828784e-29))
        #expect((json["interval"] as? [String: Double])?["level"] == 0.8)
        #expect((json["conclusion"] as? String)?.hasPrefix("A is better") == true)
        #expect((json["conclusion"] as? String)?.hasSuffix("do not ship B.") == true)
    }

    @Test func `Proportions of all pairs`() async throws {
        let json = try await gosset("test", "proportions", "25000/40000", "30000/40000", "32000/40000", "--adjust", "holm", "--json").json
        let pairs = try #require(json["comparisons"] as? [[String: Any]])
        #expect(pairs.count == 3)
        #expect(zip(pairs, [-38.13850356982369, -54.6816596805155, -16.93335029266]).allSatisfy { close($0["statistic"], $1, 1e-8) })
        #expect(close(pairs[2]["pValue"], 2.554192947558073e-64))
        #expect(pairs.map { pair in "\(pair["a"] ?? "")\(pair["b"] ?? "")" } == ["AB", "AC", "BC"])
    }

    @Test func `Power of proportions`() async throws {
        let json = try await gosset(
            "power", "proportions", "--baseline", "0.05", "--lift", "0.002", "--confidence", "0.97", "--power", "0.87", "--arms", "3",
            "--traffic", "40000/month", "--json"
        ).json
        #expect(close(json["sizePerArm"], 262946.4293358172))
        // 3 × 262,947 units at 40,000 / 30 a day take 591.63 days.
        #expect(close(json["days"], 592))
        #expect(close((json["adjusted"] as? [String: Any])?["sizePerArm"], 331658.067188674))
    }

    @Test func `Power, lift and size answer each other`() async throws {
        let lift = try await gosset("power", "means", "--sd", "40", "--size", "10000", "--json").json
        let power = try await gosset("power", "means", "--sd", "40", "--size", "10000", "--lift", "\(lift["lift"] ?? "")", "--json").json
        #expect(close(power["power"], 0.8))
        // R: power.t.test(delta = 2, sd = 1, power = 0.8) gives n = 5.09.
        let few = try await gosset("power", "means", "--sd", "1", "--lift", "2", "--json").json
        #expect(few["unitsPerArm"] as? Int == 6)
        let percent = try await gosset("power", "proportions", "--baseline", "0.05", "--lift", "4%", "--json").json
        #expect(close(percent["lift"], 0.002))
    }

    @Test(.enabled(if: visitors != nil))
    func `Normality and ranks of a file`() async throws {
        let file = try #require(Self.visitors)
        let condition = "purchase = 1 and ab_group = 'A'"
        let normality = try await gosset("test", "shapiro", file, "--value", "revenue", "--where", condition, "--json").json
        #expect(close(normality["statistic"], 0.15132464, 1e-6))
        #expect(close(normality["pValue"], 2.472343e-32, 1e-5))
        let ranks = try await gosset(
            "test", "mannwhitney", file, "--value", "revenue", "--group", "ab_group", "--where", "purchase = 1", "--json"
        ).json
        #expect(ranks["statistic"] as? Double == 29729.5)
        #expect(close(ranks["pValue"], 0.8871956616344514, 1e-12))
    }

    @Test(.enabled(if: visitors != nil))
    func `Comparison of a file`() async throws {
        let file = try #require(Self.visitors)
        let result = try await gosset("compare", file, "--value", "revenue", "--group", "ab_group", "--where", "purchase = 1")
        #expect(result.ending == .exited(0))
        for words in [
            "line 11108 alone moves the mean of A from 13.66 to 18.70", "462 of them in B", "-17.38 to 4.706", "0.2596", "0.8872",
            "The tests agree: none shows a difference.", "Do not ship B on these data", "the verdict is the same either way",
        ] { #expect(result.output.contains(words)) }
    }

    // Every command tells of calls that work.
    static let examples: [String] = {
        let files = ["test", "power", "adjust"]
        let listed = files.flatMap { group in
            (try? helpLines(group))?.compactMap {
                $0.hasPrefix("  \(group) ") ? $0.split(separator: " ").prefix(2).joined(separator: " ") : nil
            } ?? []
        }
        return listed + ["compare", "describe"]
    }()

    private static func helpLines(_ command: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(filePath: GossetProcess.path)
        process.arguments = command.split(separator: " ").map(String.init) + ["--help"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func `There are as many commands as there should be`() {
        #expect(Self.examples.count >= 53)
    }

    @Test(arguments: examples)
    func `The examples in a command's help work`(command: String) async throws {
        let lines = try Self.helpLines(command)
        let calls = lines.filter { $0.hasPrefix("  gosset \(command)") }.map { String($0.dropFirst(2)) }
        #expect(!calls.isEmpty)
        #expect(lines.allSatisfy { $0.count <= 120 || $0.hasPrefix("  gosset ") })
        let folder = URL(filePath: GossetProcess.path).deletingLastPathComponent().path
        for call in calls {
            for ending in ["", " --json"] {
                let program = try Program([
                    "/usr/bin/env", "-C", DocumentationTests.root.path, "PATH=\(folder):/usr/bin:/bin", "bash", "-c", call + ending,
                ])
                #expect(try await program.end(within: 60) == .exited(0), "\(call): \(program.errors)")
                #expect(program.errors == "")
                if ending.isEmpty {
                    #expect(program.output.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(program.output)")
                    #expect(!program.output.contains("nan"))
                } else {
                    _ = try #require(try JSONSerialization.jsonObject(with: Data(program.output.utf8)) as? [String: Any])
                }
            }
        }
    }

    @Test func `Files in other forms are read as told`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/data.txt"
        try "A^1,5\nB^2,5\nA^3,25\nB^5,0\n".write(toFile: path, atomically: true, encoding: .utf8)
        let json = try await gosset(
            "test", "welch", path, "--no-header", "--decimal", "comma", "--delimiter", "^", "--value", "c2", "--group", "c1", "--control",
            "B",
            "--json"
        ).json
        #expect(close(json["estimate"], 3.75 - 2.375))
        let samples = try #require(json["samples"] as? [[String: Any]])
        #expect(samples.map { $0["name"] as? String } == ["B", "A"])
    }

    @Test func `Units are checked, made one of several rows, and told`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/orders.csv"
        let rows = (0..<60).map { "u\($0 % 40),\($0 % 2 == 0 ? "A" : "B"),\($0)" }.joined(separator: "\n")
        try ("user,group,spent\n" + rows + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let refused = try await gosset("compare", path, "--value", "spent", "--group", "group", "--unit", "user")
        #expect(refused.ending == .exited(1))
        #expect(refused.errors.contains("20 of 40 units of 'user' have more than one row (such as 'u0' in lines 2 and 42)"))
        #expect(refused.errors.contains("--aggregate sum"))
        let summed = try await gosset(
            "compare", path, "--value", "spent", "--group", "group", "--unit", "user", "--aggregate", "sum", "--json")
        let source = try #require(try summed.json["source"] as? [String: Any])
        let units = try #require(source["units"] as? [String: Any])
        #expect(units["count"] as? Int == 40)
        #expect(units["repeated"] as? Int == 20)
    }

    @Test func `A wrong call is answered in one line, with what was expected`() async throws {
        let file = DocumentationTests.root.appending(path: "Examples/revenue/visitors.csv").path
        for (arguments, status, message) in [
            (["test", "welsh"], 2, "did you mean 'welch'?"), (["test", "welch"], 2, "FILE or --summary is needed"),
            (["test", "welch", "--summary", "1,2", "--summary", "1,2,3"], 2, "--summary must be MEAN,SD,N"),
            (["test", "proportions", "5/3", "1/2"], 2, "at most the 3 trials"), (["compare"], 2, "FILE is needed"),
            (["compare", file, "--value", "revenue"], 2, "--group is needed"),
            (["power", "proportions", "--baseline", "0.05"], 2, "--lift or --size is needed"),
            (["test", "shapiro", file, "--value", "revenu"], 1, "did you mean 'revenue'?"),
            (["test", "shapiro", file, "--value", "revenue", "--where", "purchase ="], 2, "at character 11"),
            (["test", "shapiro", "/nowhere.csv", "--value", "x"], 1, "/nowhere.csv: No such file or directory"),
            (["test", "welch", file, "--value", "ab_group", "--group", "purchase"], 1, "holds no numbers (line 2: 'A')"),
            (["test", "welch", file, "--value", "revenue", "--group", "ab_group", "--control", "a"], 1, "there is no group 'a'"),
            (["test", "srm", "10", "-5"], 2, "sizes must be whole numbers"),
            (["test", "srm", "10", "5", "--weights", "1"], 2, "2 groups: A, B"),
            (["test", "equivalence", "1/5", "2/5"], 2, "--margin is needed"),
            (["test", "sequential", "1/5", "2/5"], 2, "--planned is needed"),
            (["test", "cuped", file, "--value", "revenue", "--group", "ab_group"], 2, "--covariate is needed"),
            (["test", "stratified", file, "--value", "revenue", "--group", "ab_group"], 2, "--stratum is needed"),
            (["test", "welch", file, "--value", "revenue", "--group", "ab_group", "--aggregate", "sum"], 2, "need --unit"),
            (["test", "welch", file, "--value", "revenue", "--group", "ab_group", "--winsorize", "2"], 2, "--winsorize must be a share"),
            (["test", "welch", file, "--value", "revenue", "--group", "ab_group", "--delimiter", "x"], 2, "--delimiter must be"),
            (["test", "welch", "--summary", "1,0,5", "--summary", "1,0,5"], 1, "the values of A and B do not vary"),
            (["test", "welch", "--summary", "1,2,1", "--summary", "1,2,5"], 1, "A has 1 value, at least 2 are needed"),
            (["compare", file, "--value", "revenue", "--group", "visit time"], 1, "that is no column of groups"),
            (["adjust", "holm", "0.5", "1.5"], 2, "p-values lie between 0 and 1"), (["adjust", "holn", "1"], 2, "did you mean 'holm'?"),
            (["test", "lift", "--summary", "0,1,10", "--summary", "1,1,10"], 1, "the mean of A is 0"),
            (["test", "binomial", "1/2", "--null", "1.5"], 2, "--null is 1.5, expected a probability"),
            (["power", "proportions", "--baseline", "0.5", "--lift", "0.6"], 2, "--lift is 0.6, expected a lift that keeps"),
            (["power", "proportions", "--baseline", "0.5", "--lift", "0"], 2, "--lift is 0, expected another value"),
            (["power", "proportions", "--baseline", "0.5", "--size", "9", "--power", "0.01"], 2, "the significance of 0.05 "),
            (["power", "means", "--sd", "0", "--lift", "2"], 2, "--sd is 0, expected a positive number"),
            (["power", "means", "--sd", "1e308", "--lift", "2"], 2, "--sd is 1e+308, expected a number whose square is not too large"),
            (["test", "welch", "--summary", "1,-2,5", "--summary", "1,2,5"], 2, "'1,-2,5': the standard deviation is -2, expected"),
            (["test", "proportions", "5/-1", "1/2"], 2, "'5/-1': the number of trials is -1, expected"),
            (["power", "mannwhitney", "--chance", "0.5"], 2, "--chance must be another than 0.5"),
            (["power", "means", "--sd", "40", "--lift", "2", "--weights", "1"], 2, "--weights has 1 number; one for each of the 2 arms"),
            (["power", "means", "--sd", "40", "--lift", "2", "--looks", "3", "--spending", "x"], 2, "--spending must be"),
        ] as [([String], Int32, String)] {
            let program = try Program([GossetProcess.path] + arguments)
            #expect(try await program.end() == .exited(status), "\(arguments)")
            #expect(program.errors.contains(message), "\(arguments): \(program.errors)")
            #expect(program.errors.split(separator: "\n").count == 1)
        }
    }
}
