import Comparison
import Foundation
import Statistics
import Testing
import Text

// Each test at the command line is the library's: the figures are held against what the library says by itself.
@Suite struct TestKindTests {
    // Values by a rule, with a covariate and parts.
    private func group(_ name: String, _ count: Int, shift: Double) -> NamedValues {
        let before = (0..<count).map { Double(($0 * 37) % 101) }
        let values = before.enumerated().map { 0.7 * $1 + Double(($0 * 53) % 29) + shift }
        return NamedValues(
            name: name, values: values, others: [before], parts: (0..<count).map { $0 % 3 }, partNames: ["x", "y", "z"])
    }

    private var groups: [NamedValues] { [group("A", 60, shift: 0), group("B", 66, shift: 4)] }

    private func run(_ kind: TestKind, _ change: (inout TestQuestion) -> Void = { _ in }) throws -> TestReport {
        var question = TestQuestion()
        question.columnNames = ["before"]
        change(&question)
        return try kind.run(.values(groups), question)
    }

    @Test func `CUPED, Lin's regression and strata are the library's`() throws {
        let (a, b) = (groups[0], groups[1])
        let cuped = try CUPED(variants: [CoMoments([a.values] + a.others), CoMoments([b.values] + b.others)])
        let effect = try cuped.effect(of: 0, against: 1)
        let report = try run(.cuped)
        #expect(report.estimate == effect.estimate)
        #expect(report.pValue == effect.pValue)
        #expect(report.interval == (try effect.confidenceInterval()))
        #expect(report.details.first { $0.word == "varianceReduction" }?.value == cuped.varianceReduction)
        #expect(cuped.varianceReduction > 0.8)
        let lin = try LinRegression(
            treatment: .init(outcome: a.values, covariates: a.others), control: .init(outcome: b.values, covariates: b.others))
        #expect(try run(.lin).pValue == lin.effect().pValue)
        let strata = try (0..<3).map { part in
            let of = { (group: NamedValues) in group.values.indices.filter { group.parts[$0] == part }.map { group.values[$0] } }
            return PostStratification.Stratum(treatment: try Summary(of(a)), control: try Summary(of(b)))
        }
        let stratified = try run(.stratified)
        #expect(try stratified.estimate == PostStratification(strata).effect().estimate)
        #expect(stratified.details.map(\.word) == ["x", "y", "z"])
        let segments = try run(.segments)
        #expect(try segments.pValue == Heterogeneity(PostStratification(strata).effects()).pValue)
    }

    @Test func `What cannot be worked out is said of the groups and columns that it is about`() throws {
        func problem(_ kind: TestKind, _ change: (inout [NamedValues]) -> Void) -> SampleProblem? {
            var (groups, question) = (self.groups, TestQuestion())
            (question.columnNames, question.tuning) = (["before"], .sampleSize(100))
            change(&groups)
            return #expect(throws: SampleProblem.self, "\(kind)") { try kind.run(.values(groups), question) }
        }
        func constant(_ groups: inout [NamedValues], _ places: [Int]) {
            for place in places { groups[place].others = [groups[place].values.map { _ in 3 }] }
        }
        #expect(problem(.cuped) { constant(&$0, [0, 1]) } == .uselessCovariate("before", group: nil))
        #expect(problem(.lin) { constant(&$0, [0]) } == .uselessCovariate("before", group: "A"))
        #expect(problem(.lin) { constant(&$0, [1]) } == .uselessCovariate("before", group: "B"))
        #expect(problem(.sequential) { constant(&$0, [1]) } == .uselessCovariate("before", group: "B"))
        #expect(
            problem(.lin) { constant(&$0, [1]) }?.description
                == "'before' is the same for every unit of B or follows from other covariates: leave it out")
        #expect(
            problem(.cuped) {
                $0[1].values = [1]
                $0[1].others = [[1]]
            } == .tooFew("B", count: 1, needed: 2))
        let below = problem(.ratio) { $0[1].others = [$0[1].values.map { _ in 0 }] }
        #expect(below == .nothingBelow(column: "before", "B"))
        #expect(below?.description == "the values of 'before' in B come to 0, by which nothing can be divided")
        #expect(
            problem(.clustered) {
                $0[0].parts = $0[0].parts.map { $0 % 2 }
                $0[1].parts = $0[1].parts.map { _ in 2 }
            } == .fewClusters("B", count: 1, needed: 2))
        for kind in [TestKind.welch, .quantile] {
            #expect(problem(kind) { $0[1].values = [5] } == .tooFew("B", count: 1, needed: 2))
        }
        #expect(problem(.welch) { $0[1].values[3] = 1e300 }?.description == "the values of B are too large to be computed with")
        #expect(problem(.cuped) { $0[1].values[3] = 1e300 } == .tooLarge("A and B"))
        #expect(
            problem(.bootstrap) { groups in
                for place in [0, 1] { groups[place].values = [4, 4, 4] }
            } == .doesNotVary("A and B"))
        #expect(problem(.bayes) { $0[1].values = [5] } == .tooFew("B", count: 1, needed: 2))
        #expect(
            problem(.segments) { groups in
                for place in [0, 1] {
                    groups[place].values = zip(groups[place].values, groups[place].parts).map { $1 == 1 ? 4 : $0 }
                }
            } == .doesNotVary("A in y and B in y"))
    }

    @Test func `Of strata in which nothing varies the difference is told, and those of others with their intervals`() throws {
        var groups = self.groups
        for place in [0, 1] { groups[place].values = zip(groups[place].values, groups[place].parts).map { $1 == 1 ? 4 : $0 } }
        let report = try TestKind.stratified.run(.values(groups))
        #expect(report.details.map { $0.interval == nil } == [false, true, false] && report.details[1].value == 0)
    }

    @Test func `A sequence with covariates is that of the regression's effect`() throws {
        let rows = groups.map { LinRegression.Rows(outcome: $0.values, covariates: $0.others) }
        let effect = try LinRegression(treatment: rows[0], control: rows[1]).effect()
        let count = groups.reduce(0) { $0 + $1.values.count }
        let sequence = try ConfidenceSequence(effect, count: count, tuning: .sampleSize(1000))
        let adjusted = try run(.sequential) { $0.tuning = .sampleSize(1000) }
        #expect(adjusted.estimate == effect.estimate)
        #expect(adjusted.pValue == sequence.pValue)
        let plain = groups.map { NamedValues(name: $0.name, values: $0.values) }
        var question = TestQuestion()
        question.tuning = .sampleSize(1000)
        let wide = try TestKind.sequential.run(.values(plain), question)
        let (narrow, broad) = (try #require(adjusted.interval), try #require(wide.interval))
        #expect(narrow.high - narrow.low < 0.7 * (broad.high - broad.low))
    }

    @Test func `Clusters are the library's, and each is in one group`() throws {
        let clusters = [0, 1].map { group in (0..<groups[group].values.count).map { $0 / 6 + 100 * group } }
        var clustered = groups
        for index in clustered.indices {
            (clustered[index].parts, clustered[index].partNames) = (clusters[index], (0..<200).map { "shop \($0)" })
        }
        let estimates = try clustered.map { try ClusterSums($0.values, clusters: $0.parts).estimate() }
        let report = try TestKind.clustered.run(.values(clustered), TestQuestion())
        #expect(report.pValue == (try Effect(treatment: estimates[0], control: estimates[1]).pValue))
        #expect(report.details.first { $0.word == "clusters of A" }?.value == 10)
        clustered[1].parts[0] = 3
        #expect(throws: SampleProblem.sharedCluster("shop 3", ["A", "B"])) {
            try TestKind.clustered.run(.values(clustered), TestQuestion())
        }
    }

    @Test func `Ratios, quantiles and lifts are the library's`() throws {
        let base = CoMoments.base(ofRatio: groups.flatMap(\.values), to: groups.flatMap { $0.others[0] })
        func ratio(above base: Double) throws -> Effect {
            let summaries = try groups.map { group in
                try CoMoments([zip(group.values, group.others[0]).map { $0 - base * $1 }, group.others[0]])
                    .summary(of: .ratio(of: 0, to: 1, above: base))
            }
            return try Effect(treatment: summaries[0], control: summaries[1])
        }
        #expect(try run(.ratio).pValue == ratio(above: base).pValue)
        let (found, plain) = try (#require(run(.ratio).pValue), ratio(above: 0).pValue)
        #expect(abs(found - plain) < 1e-12 * plain)
        let medians = try groups.map { try QuantileEstimate($0.values, probability: 0.25).estimate }
        #expect(try run(.quantile) { $0.probability = 0.25 }.pValue == Effect(treatment: medians[0], control: medians[1]).pValue)
        // All of 60 values lie below a 99 % quantile with a chance of 0.99⁶⁰ = 55 %.
        let few = #expect(throws: SampleProblem.self) { try run(.quantile) { $0.probability = 0.99 } }
        #expect(few?.description == "A has 60 values, at least 368 are needed for an interval of the 99 % quantile")
        let lift = try RelativeLift(treatment: Summary(groups[1].values), control: Summary(groups[0].values))
        let report = try run(.lift)
        #expect(report.estimate == lift.estimate)
        #expect(report.interval == (try lift.confidenceInterval()))
    }

    @Test func `Redealing and resampling keep to their seed`() throws {
        let plan = try Resampling(count: 500, seed: 7)
        let values = groups.map(\.values)
        let blocks = (0..<3).map { part in
            PermutationTest.Block(first: groups[0].values(part), second: groups[1].values(part))
        }
        let permutation = try run(.permutation) { $0.resampling = plan }
        #expect(permutation.pValue == (try PermutationTest(blocks: blocks, plan).pValue))
        for method in Bootstrap.Method.allCases {
            let report = try run(.bootstrap) {
                $0.resampling = plan
                $0.intervalMethod = method
            }
            let expected = try Bootstrap(differenceOfMeans: values[0], values[1], studentizing: method == .studentized, plan)
            #expect(report.interval == (try expected.confidenceInterval(method)))
            #expect(report.pValue == nil)
            #expect(report.json.description.contains("\"pValue\":null"))
        }
    }

    @Test(arguments: [(true, 3.0), (true, 30), (false, 3), (false, 30)])
    func `Non-inferiority looks the way that is worse`(isHigherBetter: Bool, margin: Double) throws {
        let test = try WelchTTest(groups[0].values, groups[1].values)
        let report = try run(.nonInferiority) {
            $0.margin = margin
            $0.higherIsBetter = isHigherBetter
        }
        let moved = try WelchTTest(groups[0].values, groups[1].values, nullValue: isHigherBetter ? margin : -margin)
        let p = moved.pValue(isHigherBetter ? .less : .greater)
        #expect(abs((report.pValue ?? 9) - p) <= 1e-12 * p)
        #expect(report.conclusion.hasPrefix("B is not worse than A") == (p < 0.05))
        let both = try run(.equivalence) { $0.margin = margin }
        let other = try WelchTTest(groups[0].values, groups[1].values, nullValue: isHigherBetter ? -margin : margin)
        let greater = max(p, other.pValue(isHigherBetter ? .greater : .less))
        #expect(abs((both.pValue ?? 9) - greater) <= 1e-12 * greater)
        #expect(both.interval == (try test.confidenceInterval(level: 0.9)))
    }

    @Test func `A sequence says to go on, or that one may stop`() throws {
        let counts = { (a: Int, b: Int) throws in
            TestInput.counts([("A", try Proportion(successes: a, trials: 10_000)), ("B", try Proportion(successes: b, trials: 10_000))])
        }
        var question = TestQuestion()
        question.tuning = .sampleSize(40_000)
        let undecided = try TestKind.sequential.run(counts(480, 560), question)
        let expected = try TwoProportionSequence(
            Proportion(successes: 480, trials: 10_000), Proportion(successes: 560, trials: 10_000), tuning: .sampleSize(40_000))
        #expect(undecided.pValue == expected.pValue)
        #expect(undecided.conclusion.hasPrefix("Not decided yet"))
        #expect(try TestKind.sequential.run(counts(480, 700), question).conclusion.contains("You may stop now"))
    }

    @Test func `What is believed turns round with what is better`() throws {
        let counts = TestInput.counts([
            ("A", try Proportion(successes: 120, trials: 4000)), ("B", try Proportion(successes: 150, trials: 4000)),
        ])
        let arms = try BetaArms([Proportion(successes: 120, trials: 4000), Proportion(successes: 150, trials: 4000)])
        let higher = try TestKind.bayes.run(counts)
        let chance = { (report: TestReport) in report.details.first { $0.word == "chanceToBeatControl" }?.value ?? 9 }
        #expect(abs(chance(higher) - (try arms.chance(of: 1, toBeat: 0))) < 1e-12)
        var question = TestQuestion()
        question.higherIsBetter = false
        let lower = try TestKind.bayes.run(counts, question)
        #expect(abs(chance(higher) + chance(lower) - 1) < 1e-9)
        #expect(abs((higher.estimate ?? 9) - (lower.estimate ?? 8)) < 1e-12)
        #expect(abs((higher.interval?.low ?? 9) - (lower.interval?.low ?? 8)) < 1e-9)
        #expect(higher.conclusion.hasSuffix("by choosing B: 0.000112.") || higher.conclusion.contains("choosing B"))
        #expect(lower.conclusion.contains("choosing A"))
        let means = try run(.bayes)
        let posterior = try NormalPosterior(treatment: Summary(groups[1].values), control: Summary(groups[0].values))
        #expect(chance(means) == posterior.chanceToBeatControl)
    }

    @Test func `More than two samples are compared by pairs, their p-values adjusted`() throws {
        let three = groups + [group("C", 50, shift: 40)]
        var question = TestQuestion()
        let report = try TestKind.welch.run(.values(three), question)
        #expect(report.comparisons.map { $0.a + $0.b } == ["AB", "AC", "BC"])
        let own = try [(0, 1), (0, 2), (1, 2)].map { try WelchTTest(three[$0].values, three[$1].values) }
        #expect(report.comparisons.map(\.pValue) == own.map(\.pValue))
        #expect(report.comparisons.compactMap(\.adjustedPValue) == (try Adjustment.holm.adjust(own.map(\.pValue))))
        #expect(report.comparisons[0].interval == (try own[0].confidenceInterval(level: 1 - 0.05 / 3)))
        #expect(report.conclusion.hasPrefix("C is the best"))
        question.onlyWithControl = true
        #expect(try TestKind.mannWhitney.run(.values(three), question).comparisons.map { $0.a + $0.b } == ["AB", "AC"])
    }

    @Test func `A sample ratio is judged by a strict bound, and exactly where it is small`() throws {
        let sizes = { (a: Int, b: Int) in TestInput.sizes([("A", a), ("B", b)]) }
        let fine = try TestKind.srm.run(sizes(5000, 5100))
        #expect(fine.pValue == (try SampleRatioTest(counts: [5000, 5100], weights: [1, 1]).pValue))
        #expect(fine.conclusion.hasPrefix("The groups are as large as chance makes them"))
        #expect(try TestKind.srm.run(sizes(5000, 5400)).conclusion.hasPrefix("The groups are not as large as they should be"))
        #expect(try TestKind.srm.run(sizes(2, 6)).test == "exact sample ratio test")
    }

    @Test func `What is wrong with a sample is said by its name`() throws {
        let flat = TestInput.values([NamedValues(name: "A", values: [1, 1, 1]), NamedValues(name: "B", values: [1, 1])])
        let error = #expect(throws: SampleProblem.self) { try TestKind.welch.run(flat) }
        #expect(error == .doesNotVary("A and B"))
        let one = TestInput.values([NamedValues(name: "A", values: [1, 2, 3]), NamedValues(name: "B", values: [1])])
        #expect(throws: SampleProblem.tooFew("B", count: 1, needed: 2)) { try TestKind.welch.run(one) }
        let thin = NamedValues(name: "C", values: [1, 2, 3], parts: [0, 0, 1], partNames: ["x", "y"])
        #expect(throws: TestInputError.thinPart("y")) { try TestKind.stratified.run(.values([thin, thin])) }
    }
}

extension NamedValues {
    fileprivate func values(_ part: Int) -> [Double] { values.indices.filter { parts[$0] == part }.map { values[$0] } }
}
