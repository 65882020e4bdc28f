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
        return measures
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
