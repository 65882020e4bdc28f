import Foundation
import Testing
import WarehouseTesting

extension Processes {
    // `gosset analyze` with every plan while the program itself, in which DuckDB runs, is killed, and while disks are full: a clear error, and
    // nothing that is half done under its name.
    @Suite(.serialized) struct AnalyzeFaultTests {
        private static let python = DocumentationTests.root.appending(path: ".build-python/bin/python3").path

        private static func names(in folder: String) -> [String] {
            (try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()) ?? []
        }

        // The program, which will find a pipe in place of the file that it writes for another: there it waits.
        private static func waiting(at file: String, _ arguments: [String]) throws -> Program {
            // The shell's process becomes the program's, so that its number is known before.
            try Program(["/bin/sh", "-c", #"mkfifo "$0.$$.part" && exec "$@""#, file, GossetProcess.path] + arguments)
        }

        @Test(arguments: ExamplePlan.names) func `the program is killed while it writes the report`(_ name: String) async throws {
            let (example, directory) = (try ExamplePlan(name), try TemporaryDirectory())
            let file = directory.path + "/report.html"
            let program = try Self.waiting(at: file, ["analyze", example.path, "--report", file])
            let pipe = "\(file).\(program.id).part"
            try await eventually("the pipe") { FileManager.default.fileExists(atPath: pipe) }
            let reader = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            defer { close(reader) }
            var beginning = [UInt8](repeating: 0, count: 15)
            try await eventually("the report's beginning", within: 60) { read(reader, &beginning, beginning.count) > 0 }
            #expect(String(decoding: beginning, as: UTF8.self) == "<!doctype html>")
            program.signal(SIGKILL)
            #expect(try await program.end() == .killed(signal: SIGKILL) && program.output.isEmpty)
            #expect(Self.names(in: directory.path) == ["report.html.\(program.id).part"])
            // What is left does no harm: it is written again, whole.
            let again = try await GossetProcess.run(["analyze", example.path, "--report", file])
            #expect(again.ending == .exited(0) && directory.text(of: "report.html").hasSuffix("</html>"), "\(again.errors)")
        }

        @Test(arguments: ExamplePlan.names) func `the program is killed while it draws charts`(_ name: String) async throws {
            let (example, directory) = (try ExamplePlan(name), try TemporaryDirectory())
            let flags = ["analyze", example.path, "--charts", directory.path, "--chart-python", Self.python]
            let program = try Self.waiting(at: directory.path + "/differences.png", flags)
            try await eventually("the first chart", within: 60) {
                Self.names(in: directory.path).contains { $0.hasSuffix("svg.\(program.id).part") }
            }
            program.signal(SIGKILL)
            #expect(try await program.end() == .killed(signal: SIGKILL) && program.output.isEmpty)
            #expect(Self.names(in: directory.path).allSatisfy { $0.hasSuffix(".part") })
            let again = try await GossetProcess.run(flags)
            #expect(again.ending == .exited(0) && Self.names(in: directory.path).contains("differences.png"), "\(again.errors)")
        }

        // One line that says what to do, status 1, and nothing on standard output.
        private static func expectRefusal(_ run: (ending: Ending, output: String, errors: String), _ words: String) {
            #expect(run.ending == .exited(1) && run.output.isEmpty && run.errors.isOneLine && run.errors.contains(words), "\(run.errors)")
        }

        @Test(.enabled(if: Machine.canMount), arguments: ExamplePlan.names)
        func `a full disk leaves no part of a report, and none of a chart`(_ name: String) async throws {
            let (example, disk) = (try ExamplePlan(name), try SmallDisk(kilobytes: 64))
            let report = try await GossetProcess.run(["analyze", example.path, "--report", disk.path + "/report.html"])
            Self.expectRefusal(report, "report.html cannot be written: No space left on device")
            #expect(Self.names(in: disk.path).isEmpty)
            try disk.fill()
            let charts = try await GossetProcess.run(["analyze", example.path, "--charts", disk.path, "--chart-python", Self.python])
            Self.expectRefusal(charts, "No space left on device")
            #expect(Self.names(in: disk.path) == ["filler"])
        }

        // The same where nothing may be mounted: the system lets no file grow.
        @Test(arguments: ExamplePlan.names) func `a file that may not grow leaves no part of a report`(_ name: String) async throws {
            let (example, directory) = (try ExamplePlan(name), try TemporaryDirectory())
            let program = try Program(
                ["prlimit", "--fsize=65536", GossetProcess.path, "analyze", example.path, "--report", directory.path + "/report.html"])
            let ending = try await program.end(within: 60)
            Self.expectRefusal((ending, program.output, program.errors), "report.html cannot be written: File too large")
            #expect(Self.names(in: directory.path).isEmpty)
        }

        @Test(arguments: ExamplePlan.names) func `an answer that cannot be printed is no success`(_ name: String) async throws {
            let example = try ExamplePlan(name)
            for flags in [[], ["--json"], ["--show-sql"], ["--check"]] {
                let program = try Program(
                    ["/bin/sh", "-c", #"exec "$0" "$@" >/dev/full"#, GossetProcess.path, "analyze", example.path] + flags)
                let ending = try await program.end(within: 60)
                Self.expectRefusal((ending, "", program.errors), "standard output cannot be written: No space left on device")
            }
        }

        @Test(.enabled(if: Machine.canMount), arguments: ExamplePlan.names)
        func `too little memory and no disk for the rest are said, or enough`(_ name: String) async throws {
            let (example, directory, disk) = (try ExamplePlan(name), try TemporaryDirectory(), try SmallDisk(kilobytes: 64))
            let whole = try await GossetProcess.run(["analyze", example.path])
            var refusals = 0
            for limit in ["1MB", "4MB", "16MB", "64MB", "512MB"] {
                let limits = ["--memory-limit", limit, "--temp-directory", disk.path + "/spill"]
                let run = try await GossetProcess.run(["analyze", example.path, "--report", directory.path + "/report.html"] + limits)
                if run.ending == .exited(0) {
                    #expect(run.output == whole.output)
                    try FileManager.default.removeItem(atPath: directory.path + "/report.html")
                } else {
                    refusals += 1
                    Self.expectRefusal(run, "--memory-limit, --temp-directory")
                    #expect(Self.names(in: directory.path).isEmpty)
                }
            }
            #expect((1...4).contains(refusals))
        }

        @Test(arguments: ExamplePlan.names) func `a file that was cut off ends the program, and nothing is written`(_ name: String)
            async throws
        {
            let (example, directory) = (try ExamplePlan(name), try TemporaryDirectory())
            let file = try #require(try example.files.first)
            let flags = ["analyze", example.path, "--report", directory.path + "/report.html", "--charts", directory.path + "/charts"]
            let bytes = try Data(contentsOf: URL(filePath: file.path))
            // The first row without its second value, and no file at all.
            let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 2)
            let row = lines[0] + Data("\n".utf8) + lines[1].prefix { $0 != UInt8(ascii: ",") }
            for (rest, words) in [(row, "has rows that cannot be read"), (nil, "does not exist")] as [(Data?, String)] {
                try FileManager.default.removeItem(atPath: file.path)
                try rest?.write(to: URL(filePath: file.path))
                let run = try await GossetProcess.run(flags + ["--chart-python", Self.python])
                Self.expectRefusal(run, words)
                #expect(run.errors.contains("\(example.path): line ") && run.errors.contains(file.name), "\(run.errors)")
                #expect(Self.names(in: directory.path).isEmpty)
                if rest == nil { try bytes.write(to: URL(filePath: file.path)) }
            }
        }
    }
}
