import Foundation
import Statistics

/// The statistics, asked for by Benchmarks/run: each line of standard input is a case and how often to do it, each answer one line of JSON.
///
///     StatisticsBenchmark DIRECTORY     reads `welch 10`, prints {"seconds": of all calls, "answer": …, "peak": bytes}
///
/// The directory holds the data, files of doubles, which the peer reads too; what is read stays outside of what is timed.

enum Failure: Error, CustomStringConvertible {
    case call(String)

    var description: String {
        switch self {
        case .call(let text): text
        }
    }
}

struct Cases {
    let directory: URL
    private var samples: [String: [Double]] = [:]

    init(directory: URL) { self.directory = directory }

    /// A file of doubles, read once.
    private mutating func sample(_ name: String) throws -> [Double] {
        if let known = samples[name] { return known }
        let data = try Data(contentsOf: directory.appending(path: name + ".f64"))
        let values = [Double](unsafeUninitializedCapacity: data.count / 8) { buffer, count in
            count = data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer)) / 8
        }
        samples[name] = values
        return values
    }

    /// What a case calculates, ready to be timed.
    mutating func work(_ name: String, resamples: Int) throws -> () throws -> Double {
        switch name {
        case "welch":
            let (a, b) = (try sample("normal-a"), try sample("normal-b"))
            return { try WelchTTest(a, b).pValue }
        case "mannwhitney", "mannwhitney-ties":
            let kind = name == "mannwhitney" ? "normal" : "tied"
            let (a, b) = (try sample(kind + "-a"), try sample(kind + "-b"))
            return { try MannWhitneyTest(a, b).pValue }
        case "levene", "brown-forsythe":
            let groups = [try sample("normal-a"), try sample("normal-b")]
            return { try LeveneTest(groups, center: name == "levene" ? .mean : .median).pValue }
        case "shapiro":
            let a = try sample("small")
            return { try ShapiroWilkTest(a).statistic }
        case "bootstrap", "bootstrap-2":
            let (a, b) = (try sample("skewed-a"), try sample("skewed-b"))
            let plan = try Resampling(count: resamples, seed: 1, threads: name == "bootstrap" ? 1 : 2)
            return { try Bootstrap(differenceOfMeans: a, b, plan).confidenceInterval(.percentile).low }
        case "fisher":
            return {
                try FisherExactTest(Proportion(successes: 12_600, trials: 500_000), Proportion(successes: 12_350, trials: 500_000)).pValue
            }
        case "boschloo":
            return { try UnconditionalTest(Proportion(successes: 17, trials: 100), Proportion(successes: 9, trials: 100)).pValue }
        case "power":
            return { try NormalPower(significance: 0.03).size(effect: 0.01, power: 0.87) }
        case "nothing":
            return { 0 }
        default:
            throw Failure.call("there is no case '\(name)'")
        }
    }
}

/// The most memory that the process ever held, in bytes.
func peak() -> Int {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return usage.ru_maxrss * 1024
}

guard CommandLine.arguments.count == 2 else {
    FileHandle.standardError.write(Data("usage: StatisticsBenchmark DIRECTORY\n".utf8))
    exit(2)
}
var cases = Cases(directory: URL(filePath: CommandLine.arguments[1]))
while let line = readLine() {
    let words = line.split(separator: " ")
    guard words.count >= 2, let times = Int(words[1]) else { throw Failure.call("CASE TIMES was expected, not '\(line)'") }
    let work = try cases.work(String(words[0]), resamples: words.count > 2 ? Int(words[2]) ?? 0 : 10_000)
    var answer = 0.0
    let seconds = try ContinuousClock().measure {
        for _ in 0..<times { answer = try work() }
    }
    print("{\"seconds\":\(seconds / .seconds(1)),\"answer\":\(answer),\"peak\":\(peak())}")
    fflush(nil)
}
