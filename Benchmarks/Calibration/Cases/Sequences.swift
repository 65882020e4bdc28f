internal import Statistics

extension CalibrationCase {
    private static let always = Expectation.atMost("it holds at all times together, beyond those looked at")

    /// Whether a test that is looked at after every unit from some number on ever rejects.
    private static func ever(
        _ range: ClosedRange<Int>, from first: Int, _ draws: inout Draws, _ look: (Int, Bool, inout Draws) throws -> Bool
    ) rethrows -> Bool {
        for n in range where try look(n, n >= first, &draws) { return true }
        return false
    }

    private static func one(_ value: Double) throws -> Summary { try Summary(mean: value, standardDeviation: 0, count: 1) }

    /// Always-valid tests, looked at after every observation.
    @CaseList static var sequences: [CalibrationCase] {
        for population in Population.allCases {
            let start = population == .conversions ? 1000 : 100
            let end = population == .conversions ? 5000 : 1000
            let skewed: Expectation =
                population == .skewed
                ? .bounded(0.08, "asymptotic: 100 values this skewed are early to start")
                : population == .conversions ? .bounded(0.06, "asymptotic: 20 conversions are early to start") : always
            CalibrationCase(.alwaysValid, "confidence sequence of a mean", population.rawValue, skewed) { draws in
                var sample = Summary()
                return try ever(1...end, from: start, &draws) { _, isLook, draws in
                    sample.merge(try one(population.draw(&draws)))
                    guard isLook, sample.variance > 0 else { return false }
                    let sequence = try ConfidenceSequence(sample, tuning: .sampleSize(Double(end / 2)), nullValue: population.mean)
                    return sequence.pValue <= nominal
                }
            }
            CalibrationCase(.alwaysValid, "mixture SPRT of two arms", population.rawValue, always) { draws in
                var arms = [Summary(), Summary()]
                var test = try MixtureSPRT(effectSpread: population == .conversions ? 0.01 : 0.3)
                return try ever(1...end, from: start, &draws) { n, isLook, draws in
                    arms[n % 2].merge(try one(population.draw(&draws)))
                    guard isLook, arms[0].variance + arms[1].variance > 0 else { return false }
                    try test.observe(arms[0], arms[1])
                    return test.isRejected
                }
            }
        }
        for probability in [0.02, 0.5] {
            CalibrationCase(
                .alwaysValid, "confidence sequence of a proportion", "\(Int(100 * probability)) % conversion, from the first unit", always
            ) { draws in
                var successes = 0
                return try ever(1...1000, from: 1, &draws) { n, _, draws in
                    successes += draws.uniform() < probability ? 1 : 0
                    return try ProportionSequence(Proportion(successes: successes, trials: n), nullValue: probability).pValue <= nominal
                }
            }
        }
        for (probability, first, end) in [(0.02, 1000, 5000), (0.02, 1, 5000), (0.5, 100, 1000)] {
            let data = "\(Int(100 * probability)) % conversion, from \(first == 1 ? "the first unit" : "\(first) units")"
            // The second probability, and the lift of the first over it that is put to the test.
            for (name, lift) in [("confidence sequence of two proportions", 0), ("sequence of a loss of 10 % of a proportion", -0.1)] {
                CalibrationCase(.alwaysValid, name, data, always) { draws in
                    var (successes, trials) = ([0, 0], [0, 0])
                    return try ever(1...end, from: max(2, first), &draws) { n, isLook, draws in
                        successes[n % 2] += draws.uniform() < probability * (n % 2 == 0 ? 1 + lift : 1) ? 1 : 0
                        trials[n % 2] += 1
                        guard isLook else { return false }
                        let sequence = try TwoProportionSequence(
                            Proportion(successes: successes[0], trials: trials[0]), Proportion(successes: successes[1], trials: trials[1]),
                            tuning: .sampleSize(Double(end / 2)))
                        return try sequence.pValue(lift: lift) <= nominal
                    }
                }
            }
        }
        CalibrationCase(.alwaysValid, "regression-adjusted confidence sequence", "normal, adjusted by a covariate", always) { draws in
            var arms = [CoMoments(columns: 2), CoMoments(columns: 2)]
            return try ever(1...600, from: 100, &draws) { n, isLook, draws in
                let before = draws.normal()
                arms[n % 2].merge(try CoMoments([[before + draws.normal()], [before]]))
                guard isLook else { return false }
                let effect = try LinRegression(treatment: arms[1], control: arms[0]).effect()
                return try ConfidenceSequence(effect, count: n, tuning: .sampleSize(300)).pValue <= nominal
            }
        }
        CalibrationCase(.alwaysValid, "sequential sample ratio", "2 to 1", always) { draws in
            var test = try SequentialSampleRatioTest(weights: [2, 1], concentration: 100)
            var counts = [0, 0]
            return try ever(1...1000, from: 1, &draws) { _, _, draws in
                counts[draws.uniform() < 2.0 / 3 ? 0 : 1] += 1
                try test.observe(counts: counts)
                return test.pValue <= nominal
            }
        }
        for (name, spending) in [("O'Brien-Fleming", SpendingFunction.obrienFleming), ("Pocock", .pocock), ("rho 2", .power(rho: 2))] {
            let design = try? GroupSequentialDesign(looks: 5, spending: spending)
            CalibrationCase(.alwaysValid, "group-sequential design, \(name)", "normal, five looks") { draws in
                var score = 0.0
                let statistics = (1...5).map { k in
                    score += draws.normal()
                    return score / Double(k).squareRoot()
                }
                return try design?.stop(statistics) != nil
            }
        }
    }
}
