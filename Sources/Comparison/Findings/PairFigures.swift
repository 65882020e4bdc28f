import Statistics

/// Carries out the tests of two groups, each with the question that it answers.
struct PairFigures {
    private let a: NamedValues
    private let b: NamedValues
    private let question: TestQuestion

    init(_ a: NamedValues, _ b: NamedValues, _ question: TestQuestion) { (self.a, self.b, self.question) = (a, b, question) }

    typealias Result = PairComparison.Result

    /// The test of means that was advised, and others that are commonly tried.
    func ofMeans(_ test: KnownTest) throws -> (decisive: Result, others: [Result]) {
        let decisive = try decisive(test, a.values, b.values, "do the means differ?")
        var others: [Result] = []
        if test != .welch { others.append(try result(WelchTTest(a.values, b.values), "do they, means taken as normal?")) }
        if let student = try? StudentTTest(a.values, b.values) {
            others.append(try result(student, "do the means differ, variances taken as equal?"))
        }
        if let yuen = try? YuenTTest(a.values, b.values) { others.append(try result(yuen, "do the means of the middle 60 % differ?")) }
        if let ranks = try? MannWhitneyTest(a.values, b.values) {
            others.append(plain(ranks, "does a value of \(a.name) tend to exceed one of \(b.name)?"))
        }
        return (decisive, others)
    }

    /// The same test without some rows.
    func without(_ rows: [InfluentialRow], _ test: KnownTest) throws -> Result {
        func reduced(_ group: NamedValues) -> [Double] {
            guard let row = rows.first(where: { $0.group == group.name }) else { return group.values }
            var values = group.values
            values.remove(at: row.index)
            return values
        }
        let lines = rows.map { "line \($0.line)" }.joined(separator: ", ")
        return try decisive(test, reduced(a), reduced(b), "do they without \(lines)?")
    }

    /// The test of proportions that was advised, and others that are commonly tried.
    func ofProportions(_ test: KnownTest, _ p: Proportion, _ q: Proportion) throws -> (decisive: Result, others: [Result]) {
        let z = TwoProportionZTest(p, q)
        let normal = try result(z, "do the proportions differ?")
        var others: [Result] = []
        let fisher = try? FisherExactTest(p, q)
        if test == .fisher, let fisher { return (plain(fisher, "do the proportions differ?", of: normal), [normal]) }
        if let fisher { others.append(plain(fisher, "do they, both margins taken as given?")) }
        guard test == .boschloo else { return (normal, others) }
        let exact = try plain(UnconditionalTest(p, q), "do the proportions differ?", of: normal)
        return (exact, [normal] + others)
    }

    private func decisive(_ test: KnownTest, _ a: [Double], _ b: [Double], _ asks: String) throws -> Result {
        test == .permutation
            ? try result(PermutationTest(a, b, question.resampling), asks) : try result(WelchTTest(a, b), asks)
    }

    private func result(_ test: some EstimatingTest, _ asks: String) throws -> Result {
        let p = test.pValue(question.alternative)
        let t = test as? any TTest
        return Result(
            test: test.name, asks: asks, statistic: test.statistic, degreesOfFreedom: t?.degreesOfFreedom, pValue: p,
            logPValue: test.logPValue(question.alternative), adjustedPValue: p, difference: test.estimate,
            interval: try test.confidenceInterval(level: question.level, alternative: question.alternative), intervalFrom: nil,
            isShown: p < question.alpha)
    }

    /// - Parameter other: the test whose difference and interval stand beside it.
    private func plain(_ test: some DirectionalTest, _ asks: String, of other: Result? = nil) -> Result {
        let p = test.pValue(question.alternative)
        return Result(
            test: test.name, asks: asks, statistic: test.statistic, degreesOfFreedom: nil, pValue: p,
            logPValue: test.logPValue(question.alternative), adjustedPValue: p,
            difference: other?.difference, interval: other?.interval, intervalFrom: other?.test, isShown: p < question.alpha)
    }
}
