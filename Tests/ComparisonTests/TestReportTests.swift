import Comparison
import Statistics
import Testing
import Text

@Suite struct TestReportTests {
    private func question(_ level: Double) -> TestQuestion {
        var question = TestQuestion()
        question.level = level
        return question
    }

    @Test func `Welch from summaries says which is better`() throws {
        let input = TestInput.summaries([
            ("A", try Summary(mean: 360, standardDeviation: 40, count: 9802)),
            ("B", try Summary(mean: 352, standardDeviation: 58, count: 9789)),
        ])
        let report = try TestKind.welch.run(input, question(0.8))
        #expect(abs((report.statistic ?? 0) - 11.236630785707332) < 1e-12)
        #expect(abs((report.pValue ?? 0) / 3.3977828784e-29 - 1) < 1e-9)
        #expect(report.conclusion.hasPrefix("A is better: "))
        #expect(report.conclusion.hasSuffix("do not ship B."))
        var other = question(0.8)
        other.higherIsBetter = false
        #expect(try TestKind.welch.run(input, other).conclusion.hasSuffix("ship B."))
    }

    @Test func `Proportions of all pairs keep their tails`() throws {
        let counts = [25_000, 30_000, 32_000].enumerated().map { index, successes in
            (name: "\(index)", successes: successes)
        }
        let input = TestInput.counts(try counts.map { ($0.name, try Proportion(successes: $0.successes, trials: 40_000)) })
        let report = try TestKind.proportions.run(input)
        #expect(report.comparisons.compactMap(\.statistic).map { ($0 * 1000).rounded() / 1000 } == [-38.139, -54.682, -16.933])
        let last = try #require(report.comparisons.last)
        #expect(abs((last.pValue ?? 0) / 2.554192947558073e-64 - 1) < 1e-9)
        #expect((last.adjustedPValue ?? 0) > 0)
        #expect(report.comparisons.allSatisfy { ($0.logPValue ?? 0) < -100 })
        #expect(report.conclusion.hasPrefix("2 is the best"))
    }

    @Test func `A lift to nothing at all has no interval, for nothing says how far others may be from that`() throws {
        let (some, none) = (NamedValues(name: "A", values: [1, 2, 3, 4]), NamedValues(name: "B", values: [0, 0, 0, 0]))
        let report = try TestKind.lift.run(.values([some, none]))
        #expect(report.estimate == -1 && report.interval == nil)
        #expect(report.conclusion == "A is better: the mean of B is 100 % below that of A (p 0.03047, against 0.05).")
        #expect(report.assumptions.contains { $0.hasPrefix("no interval is told: all of B is 0") })
        #expect(try TestKind.welch.run(.values([some, none])).details.allSatisfy { $0.word != "lift" })
        let nearly = NamedValues(name: "B", values: [0, 0, 0, 0.1])
        #expect(try TestKind.lift.run(.values([some, nearly])).interval != nil)
    }

    @Test func `A test refuses what it cannot take`() throws {
        let values = TestInput.values([NamedValues(name: "A", values: [1, 2, 3])])
        #expect(throws: TestInputError.self) { try TestKind.welch.run(values) }
        let two = TestInput.values([NamedValues(name: "A", values: [1, 2, 3]), NamedValues(name: "B", values: [0, 1])])
        #expect(throws: TestInputError.notBinary(group: "A")) { try TestKind.proportions.run(two) }
        let counts = TestInput.counts([("A", try Proportion(successes: 1, trials: 2)), ("B", try Proportion(successes: 1, trials: 3))])
        #expect(throws: TestInputError.form(.counts)) { try TestKind.welch.run(counts) }
    }

    // One question with everything that some test must be told.
    private var everything: TestQuestion {
        var question = TestQuestion()
        question.margin = 0.5
        question.tuning = .sampleSize(100)
        question.columnNames = ["before"]
        return question
    }

    @Test(arguments: TestKind.allCases)
    func `Every test says the same words`(kind: TestKind) throws {
        let a = [1, 0, 1, 0, 1, 1, 0, 1, 1, 0.0]
        let b = [0, 0, 1, 0, 0, 1, 0, 0, 1, 0.0]
        let before = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3.0]
        // Strata and segments lie in both groups, clusters in one.
        let parts = (0..<10).map { $0 % 2 }
        let groups = [("A", a, parts), ("B", b, kind == .clustered ? parts.map { $0 + 2 } : parts)].map {
            NamedValues(name: $0.0, values: $0.1, others: [before], parts: $0.2, partNames: ["x", "y", "z", "w"])
        }
        let rates = [("A", try EventRate(events: 12, exposure: 30)), ("B", try EventRate(events: 20, exposure: 31.5))]
        let input: TestInput =
            kind.forms == [.rates]
            ? .rates(Array(rates.prefix(kind.samples.upperBound))) : .values(kind.samples.upperBound == 1 ? [groups[0]] : groups)
        let report = try kind.run(input, everything)
        let json = report.json.description
        for word in ["test", "statistic", "degreesOfFreedom", "pValue", "estimate", "interval", "samples", "conclusion", "assumptions"] {
            #expect(json.contains("\"\(word)\":"))
        }
        #expect(report.text.lowercased().hasPrefix(report.test.lowercased()))
        #expect(!report.conclusion.isEmpty && !report.assumptions.isEmpty)
    }

    @Test func `A pair of proportions of which none succeeded is compared like the others`() throws {
        func counts(_ successes: [Int], _ trials: Int) throws -> TestInput {
            .counts(try zip(["A", "B", "C"], successes).map { ($0, try Proportion(successes: $1, trials: trials)) })
        }
        let report = try TestKind.proportions.run(counts([0, 0, 20], 500))
        #expect(report.comparisons.allSatisfy { $0.problem == nil })
        let single = try TwoProportionZTest(Proportion(successes: 0, trials: 500), Proportion(successes: 20, trials: 500)).pValue
        #expect(report.comparisons.map(\.pValue) == [1, single, single] && report.comparisons[1].adjustedPValue == 3 * single)
        // At Bonferroni's level for three: z² / (n + z²).
        let z = -(try Normal.standard.quantile(0.05 / 6))
        let interval = try #require(report.comparisons[0].interval)
        #expect(abs(interval.high - z * z / (500 + z * z)) < 1e-12 && abs(interval.low + interval.high) < 1e-12)
        // Two are compared as well; an odds ratio of nothing there is none.
        let none = try [("A", 10), ("B", 20)].map { ($0, try Proportion(successes: 0, trials: $1)) }
        let two = try TestKind.proportions.run(.counts(none))
        #expect(two.pValue == 1 && two.estimate == 0 && two.text(width: 200).contains("A less B: 0, 95 % interval -0.1611 to 0.2775"))
        #expect(two.conclusion.hasPrefix("No difference is shown: the proportions of A and B are equal in these data (95 % interval"))
        #expect(two.conclusion.hasSuffix("That is no proof of equality: the interval says how large a difference may still be."))
        #expect(throws: SampleProblem.doesNotVary("A and B")) { try TestKind.fisher.run(.counts(none)) }
        #expect(throws: SampleProblem.doesNotVary("A and B")) { try TestKind.chiSquare.run(.counts(none)) }
        let few = try TestKind.proportions.run(counts([0, 0, 1], 500))
        #expect(few.conclusion.hasSuffix("A 0 = B 0."), "\(few.conclusion)")
        #expect(report.conclusion.contains("2 of 3 differences are shown"))
        // Where nothing happened at all, nothing speaks against any pair either; a chi-square of all would be 0 / 0.
        for successes in [0, 500] {
            let all = try TestKind.proportions.run(counts([successes, successes, successes], 500))
            #expect(all.pValue == 1 && all.comparisons.map(\.pValue) == [1, 1, 1] && all.comparisons.map(\.adjustedPValue) == [1, 1, 1])
            #expect(all.comparisons.allSatisfy { $0.interval?.contains(0) == true })
        }
        // The same of means, by the test that is carried out on every pair.
        let values = [("A", [1.0, 1, 1, 1]), ("B", [1, 1, 1, 1]), ("C", [1, 2, 3, 5])].map { NamedValues(name: $0.0, values: $0.1) }
        let means = try TestKind.welch.run(.values(values))
        #expect(means.comparisons.map { $0.problem == nil } == [false, true, true] && means.comparisons[1].pValue != nil)
        #expect(throws: SampleProblem.doesNotVary("A and B and C")) {
            try TestKind.welch.run(
                .values([values[0], values[1], values[0]].enumerated().map { NamedValues(name: ["A", "B", "C"][$0], values: $1.values) }))
        }
    }

    @Test func `Proportions of few units, or of few events, say so`() throws {
        func assumptions(_ a: (Int, Int), _ b: (Int, Int)) throws -> String {
            try TestKind.proportions.run(
                .counts([
                    ("A", try Proportion(successes: a.0, trials: a.1)), ("B", try Proportion(successes: b.0, trials: b.1)),
                ])
            ).assumptions.joined(separator: "\n")
        }
        #expect(try assumptions((3, 12), (9, 300)).contains("A has 12 units: fewer than 20 a group seldom show a difference"))
        let few = try assumptions((1, 500), (4, 500))
        #expect(few.contains("'gosset test boschloo' is exact") && !few.contains("large enough"))
        let enough = try assumptions((100, 500), (140, 500))
        #expect(!enough.contains("boschloo") && !enough.contains("fewer than 20") && enough.contains("counts are large enough"))
    }

    @Test func `Two rates without events are compared, and each is told by itself`() throws {
        let none = try [("A", 1.0), ("B", 2.0)].map { ($0, try EventRate(events: 0, exposure: $1)) }
        let report = try TestKind.poisson.run(.rates(none))
        #expect(report.pValue == 1 && report.statistic == 0 && report.estimate == nil && report.interval?.low == 0)
        #expect(report.conclusion.contains("neither A nor B had an event"))
        // Garwood's upper end of no events: -log 0.025.
        #expect(abs((report.details.first?.interval?.high ?? 0) - 3.688_879_454_113_936) < 1e-12)
        #expect(!report.text(width: 100).contains("nan"))
    }

    @Test func `Where p-values come from is said, and one side has its own distance`() throws {
        func values(_ a: [Double], _ b: [Double]) -> TestInput {
            .values([NamedValues(name: "A", values: a), NamedValues(name: "B", values: b)])
        }
        let few = try TestKind.mannWhitney.run(values([1, 2], [3, 5]))
        #expect(few.test == "Mann-Whitney test, exact")
        #expect(few.details.first?.interval == ConfidenceInterval(low: -.infinity, high: .infinity, level: 0.95))
        let many = (0..<600).map { Double($0 % 50) }
        #expect(try TestKind.mannWhitney.run(values(many, many.map { $0 + 1 })).test == "Mann-Whitney test, normal approximation")
        #expect(try TestKind.wilcoxon.run(values([2, 3, 5, 9], [1, 2, 4, 8])).pValue == 0.125)
        // All four differ by 0.1, and the fifth by as much the other way: one side has four of five like signs or more in 6 of 32 cases.
        let prices = try TestKind.wilcoxon.run(values([1.3, 0.3, 1.1, 2.7, 0.6], [1.2, 0.2, 1.0, 2.6, 0.7]))
        #expect(prices.statistic == 12 && prices.pValue == 0.375)
        // The first sample is greater: 1 below it, and never 0 the other way round.
        var question = TestQuestion()
        question.alternative = .greater
        let greater = try TestKind.kolmogorovSmirnov.run(values([5, 6, 7], [1, 2]), question)
        #expect(greater.statistic == 1 && abs((greater.pValue ?? 0) - 0.1) < 1e-14)
        question.alternative = .less
        let less = try TestKind.kolmogorovSmirnov.run(values([5, 6, 7], [1, 2]), question)
        #expect(less.statistic == 0 && less.pValue == 1)
    }

    @Test func `What covariates foretell entirely, and what is too large for an exact test, is said`() throws {
        let groups = [("A", [0.1, 0.3, 0.4, 0.6, 0.9]), ("B", [0.2, 0.3, 0.5, 0.6, 0.8])].map {
            NamedValues(name: $0.0, values: $0.1, others: [$0.1])
        }
        for kind in [TestKind.lin, .cuped] {
            #expect(throws: SampleProblem.foretold(["A", "B"])) { try kind.run(.values(groups), everything) }
        }
        let large = [("A", try Proportion(successes: 3, trials: 60_000)), ("B", try Proportion(successes: 5, trials: 50_000))]
        let refusal = #expect(throws: SampleProblem.self) { try TestKind.boschloo.run(.counts(large)) }
        #expect(
            refusal?.description.contains("A has 60,000 units") == true && refusal?.description.contains("'gosset test fisher'") == true)
    }

    @Test func `That there are no samples is said in words`() {
        #expect(TestInputError.count(found: [], expected: 2...1000).description == "2 or more samples were expected, there are none")
    }
}
