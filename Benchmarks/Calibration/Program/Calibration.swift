import Dispatch
import Foundation
import StatisticsCalibration
import Synchronization

/// All cases simulated, and the page that says so.
enum Calibration {
    struct Page {
        let text: String
        let cases: Int
        let kept: Int
    }

    private typealias Result = (case: CalibrationCase, outcome: CalibrationCase.Outcome?, problem: String?)

    static func page(runs: Int, seed: UInt64, threads: Int) -> Page {
        let cases = CalibrationCase.all
        let results = simulate(cases, runs: runs, seed: seed, threads: threads)
        let kept = results.count { $0.outcome?.isAsExpected == true }
        var lines = [
            "# Calibration", "",
            "Error rates are tested, not assumed. Each line below is \(runs.formatted(.number.locale(Locale(identifier: "en_US")))) simulated"
                + " experiments in which the null hypothesis is true,",
            "or the truth is known, at a nominal rate of 5 %. `make calibrate` writes this page again (seed \(seed)); the same cases, fewer times",
            "over, are among the tests that `make test` runs.", "",
            "The rate must lie within the limits: those within which 99.9 % of all counts fall if the promise is kept. Where a test is known to be",
            "conservative, or is an approximation with a known excess, the last column says so, and only the upper limit counts.", "",
            "\(kept) of \(cases.count) promises are kept.",
        ]
        for kind in CalibrationCase.Kind.allCases {
            lines += ["", "## \(kind.rawValue)", "", "| what | data | rate | limits | |", "|---|---|---:|---:|---|"]
            lines += results.filter { $0.case.kind == kind }.map(row)
        }
        return Page(text: lines.joined(separator: "\n") + "\n", cases: cases.count, kept: kept)
    }

    private static func row(_ result: Result) -> String {
        let note: String
        switch result.case.expectation {
        case .nominal: note = ""
        case .atMost(let why): note = "at most 5 %: \(why)"
        case .bounded(let bound, let why): note = bound >= 1 ? "no bound: \(why)" : "at most \(percent(bound)): \(why)"
        }
        guard let outcome = result.outcome else {
            return "| \(result.case.name) | \(result.case.data) | failed | | **\(result.problem ?? "")** |"
        }
        let limits = "\(percent(outcome.allowed.lowerBound)) … \(percent(outcome.allowed.upperBound))"
        let mark = outcome.isAsExpected ? "" : "**not kept** "
        return "| \(result.case.name) | \(result.case.data) | \(percent(outcome.rate)) | \(limits) | \(mark)\(note) |"
    }

    private static func percent(_ rate: Double) -> String {
        let text = String(format: "%.2f", 100 * rate)
        return (text.hasSuffix(".00") ? String(text.dropLast(3)) : text) + " %"
    }

    private static func simulate(_ cases: [CalibrationCase], runs: Int, seed: UInt64, threads: Int) -> [Result] {
        let next = Atomic(0)
        let found = Mutex([Int: Result]())
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < cases.count else { return }
                let result: Result
                do {
                    result = (cases[index], try cases[index].outcome(runs: runs, seed: seed), nil)
                } catch {
                    result = (cases[index], nil, "\(error)")
                }
                found.withLock { $0[index] = result }
            }
        }
        return found.withLock { results in cases.indices.compactMap { results[$0] } }
    }
}
