import Foundation
import StatisticsCalibration

// Simulates every promise of the statistics library and writes what came of it as a page of the documentation.
//
//     calibrate [--runs N] [--seed N] [--threads N] [--output FILE]

var options: [String: String] = ["--runs": "10000", "--seed": "2026", "--threads": "\(ProcessInfo.processInfo.activeProcessorCount)"]
var arguments = CommandLine.arguments.dropFirst()
while let name = arguments.popFirst() {
    guard ["--runs", "--seed", "--threads", "--output"].contains(name), let value = arguments.popFirst() else {
        FileHandle.standardError.write(Data("usage: calibrate [--runs N] [--seed N] [--threads N] [--output FILE]\n".utf8))
        exit(2)
    }
    options[name] = value
}
guard let runs = options["--runs"].flatMap({ Int($0) }), runs > 0, let seed = options["--seed"].flatMap({ UInt64($0) }),
    let threads = options["--threads"].flatMap({ Int($0) }), threads > 0
else {
    FileHandle.standardError.write(
        Data("calibrate: --runs and --threads are positive numbers, --seed is a number that is not negative\n".utf8))
    exit(2)
}

let page = Calibration.page(runs: runs, seed: seed, threads: threads)
if let output = options["--output"] {
    do {
        try page.text.write(toFile: output, atomically: true, encoding: .utf8)
    } catch {
        FileHandle.standardError.write(Data("calibrate: cannot write \(output): \(error.localizedDescription)\n".utf8))
        exit(1)
    }
} else {
    print(page.text)
}
print("\(page.kept) of \(page.cases) promises kept")
exit(page.kept == page.cases ? 0 : 1)
