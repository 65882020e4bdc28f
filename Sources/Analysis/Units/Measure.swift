import Experiments

/// A number that is computed for every unit from a fact.
struct Measure: Hashable {
    enum What: Hashable { case count, sum }
    /// Which events count, by the time of the unit's exposure.
    enum Span: Hashable {
        case all
        /// From exposure on, for so many seconds.
        case after(Double?)
        /// Up to exposure, for so many seconds.
        case before(Double?)
    }

    let fact: String
    let what: What
    let span: Span
}

extension Plan {
    private func isTimed(_ fact: Plan.Fact) -> Bool { assignment.time != nil && fact.time != nil }

    /// How often a unit did what a fact says, after its exposure where times are known.
    func count(of fact: Plan.Fact, window: Double? = nil) -> Measure {
        Measure(fact: fact.name.text, what: .count, span: isTimed(fact) ? .after(window) : .all)
    }

    /// What a unit did: the sum of the fact's value, or the number of its events where it has none.
    func amount(of fact: Plan.Fact, window: Double? = nil) -> Measure {
        Measure(fact: fact.name.text, what: fact.value == nil ? .count : .sum, span: isTimed(fact) ? .after(window) : .all)
    }

    /// What a unit had done before it was exposed.
    func amount(of covariate: Plan.Covariate) -> Measure? {
        guard let fact = fact(covariate.fact.text) else { return nil }
        return Measure(
            fact: fact.name.text, what: fact.value == nil ? .count : .sum, span: isTimed(fact) ? .before(covariate.before) : .all)
    }

    /// All the measures that the plan needs, each once.
    var measures: [Measure] {
        var measures: [Measure] = []
        func add(_ measure: Measure?) {
            if let measure, !measures.contains(measure) { measures.append(measure) }
        }
        for metric in metrics {
            for name in [metric.fact, metric.denominator] {
                guard let fact = name.flatMap({ self.fact($0.text) }) else { continue }
                add(metric.kind == .conversion ? count(of: fact, window: metric.window) : amount(of: fact, window: metric.window))
            }
            for covariate in metric.covariates { add(amount(of: covariate)) }
            for population in populations(in: metric.population) { add(measure(of: population)) }
        }
        for fact in facts { add(count(telling: fact, among: measures)) }
        return measures
    }

    /// How many events say that units told a fact, of every fact that a metric rests on.
    var tellings: [(fact: String, count: Measure)] {
        let measures = measures
        return facts.compactMap { fact in count(telling: fact, among: measures).map { (fact.name.text, $0) } }
    }

    /// The number of a fact's events, which a sum does not say, as it may be zero; nil if no metric rests on the fact.
    ///
    /// It is one that is counted already, or else that of the events that count for the first of its metrics.
    private func count(telling fact: Fact, among measures: [Measure]) -> Measure? {
        func isAbout(_ metric: Metric) -> Bool { [metric.fact, metric.denominator].contains { $0?.text == fact.name.text } }
        guard let metric = metrics.first(where: isAbout) else { return nil }
        let counts = metrics.filter(isAbout).map { count(of: fact, window: $0.window) }
        return counts.first(where: measures.contains) ?? count(of: fact, window: metric.window)
    }

    /// A population and all those that it is a part of.
    func populations(in name: Plan.Name?) -> [Plan.Population] {
        guard let population = name.flatMap({ population($0.text) }) else { return [] }
        return [population] + populations(in: population.whole)
    }

    /// What decides whether a unit belongs to a population.
    func measure(of population: Plan.Population) -> Measure? {
        fact(population.fact.text).map { population.sums ? amount(of: $0) : count(of: $0) }
    }
}
