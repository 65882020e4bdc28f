internal import Statistics

/// One promise that is put to the test: a test that rejects true null hypotheses at a stated rate, or an interval that misses at one.
package struct CalibrationCase: Sendable {
    /// What may be expected of the rate.
    package enum Expectation: Sendable {
        /// The nominal rate itself.
        case nominal
        /// At most the nominal rate, for this reason.
        case atMost(String)
        /// At most this rate, which is above the nominal one, for this reason.
        case bounded(Double, String)
    }

    /// What kind of promise it is.
    package enum Kind: String, CaseIterable, Sendable {
        case test = "Tests of true null hypotheses"
        case alwaysValid = "Tests that are looked at after every observation"
        case interval = "Intervals that miss the truth"
    }

    /// The nominal rate of every case.
    package static let nominal = 0.05

    package let kind: Kind
    package let name: String
    package let data: String
    package let expectation: Expectation
    let isWrong: @Sendable (inout Draws) throws -> Bool

    init(
        _ kind: Kind, _ name: String, _ data: String, _ expectation: Expectation = .nominal,
        isWrong: @escaping @Sendable (inout Draws) throws -> Bool
    ) {
        (self.kind, self.name, self.data, self.expectation, self.isWrong) = (kind, name, data, expectation, isWrong)
    }

    /// A test that is wrong where its p-value is at most the nominal rate.
    static func test(
        _ name: String, _ data: String, _ expectation: Expectation = .nominal, pValue: @escaping @Sendable (inout Draws) throws -> Double
    ) -> CalibrationCase {
        CalibrationCase(.test, name, data, expectation) { try pValue(&$0) <= nominal }
    }

    /// An interval that is wrong where it does not hold `truth`.
    static func interval(
        _ name: String, _ data: String, _ expectation: Expectation = .nominal, truth: Double,
        interval: @escaping @Sendable (inout Draws) throws -> ConfidenceInterval
    ) -> CalibrationCase {
        CalibrationCase(.interval, name, data, expectation) { try !interval(&$0).contains(truth) }
    }

    /// Every case there is.
    package static let all = [
        means, ranks, variances, counts, experiments, families, sequences, intervalsOfMeans, intervalsOfProportions, intervalsOfEffects,
    ].flatMap { $0 }

    /// What came of a number of simulated experiments.
    package struct Outcome: Sendable {
        package let wrong: Int
        package let runs: Int
        /// The rates that are as expected: those whose distance from it chance explains in all but one case of a thousand.
        package let allowed: ClosedRange<Double>

        package var rate: Double { Double(wrong) / Double(runs) }
        package var isAsExpected: Bool { allowed.contains(rate) }
    }

    /// Simulates experiments.
    package func outcome(runs: Int, seed: UInt64) throws -> Outcome {
        var draws = Draws(seed: seed, name: "\(kind) \(name) \(data)")
        var wrong = 0
        for _ in 0..<runs where try isWrong(&draws) { wrong += 1 }
        let most: Double
        if case .bounded(let bound, _) = expectation { most = bound } else { most = Self.nominal }
        let high = Double(try Binomial(trials: runs, probability: most).inverseSurvival(0.0005)) / Double(runs)
        var low = 0.0
        if case .nominal = expectation { low = Double(try Binomial(trials: runs, probability: most).quantile(0.0005)) / Double(runs) }
        return Outcome(wrong: wrong, runs: runs, allowed: low...high)
    }
}

/// Cases one after the other, in loops where they are many.
@resultBuilder enum CaseList {
    static func buildExpression(_ one: CalibrationCase) -> [CalibrationCase] { [one] }
    static func buildBlock(_ parts: [CalibrationCase]...) -> [CalibrationCase] { parts.flatMap { $0 } }
    static func buildArray(_ parts: [[CalibrationCase]]) -> [CalibrationCase] { parts.flatMap { $0 } }
}
