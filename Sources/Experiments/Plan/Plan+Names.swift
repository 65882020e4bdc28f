internal import Text

extension Plan {
    /// Checks that every name that the plan uses is one that it defines.
    func checkNames(_ node: YAMLNode) throws(YAMLError) {
        let sourceNames = sources.map(\.name.text)
        let factNames = facts.map(\.name.text)
        try require(assignment.source, "source", sourceNames)
        if let persons = assignment.persons { try require(persons.source, "source", sourceNames) }
        try checkPersons()
        for fact in facts { try require(fact.source, "source", sourceNames) }
        for (index, population) in populations.enumerated() {
            try require(population.fact, "fact", factNames)
            if let whole = population.whole { try require(whole, "population before this one", populations[..<index].map(\.name.text)) }
        }
        if let missing = populations.first(where: { $0.sums && fact($0.fact.text)?.value == nil }) {
            throw YAMLError(missing.fact.place, "the fact '\(missing.fact.text)' has no value to sum")
        }
        guard !metrics.isEmpty else { throw YAMLError(node["metrics"]?.place ?? node.place, "a plan has at least one metric") }
        for metric in metrics {
            if let fact = metric.fact { try require(fact, "fact", factNames) }
            if let fact = metric.denominator { try require(fact, "fact", factNames) }
            if let population = metric.population { try require(population, "population", populations.map(\.name.text)) }
            for covariate in metric.covariates { try require(covariate.fact, "fact", factNames) }
            for name in [metric.fact, metric.denominator].compactMap(\.self) where metric.window != nil {
                guard assignment.time != nil, fact(name.text)?.time != nil else {
                    throw YAMLError(metric.name.place, "a window needs the 'time' of the assignment and of the fact '\(name.text)'")
                }
            }
            for covariate in metric.covariates where covariate.before != nil {
                guard assignment.time != nil, fact(covariate.fact.text)?.time != nil else {
                    throw YAMLError(
                        covariate.fact.place, "'before' needs the 'time' of the assignment and of the fact '\(covariate.fact.text)'")
                }
            }
        }
        for segment in segments {
            guard let name = segment.fact else { continue }
            try require(name, "fact", factNames)
            guard fact(name.text)?.time != nil else {
                throw YAMLError(name.place, "which event is a unit's first needs the 'time' of the fact '\(name.text)'")
            }
        }
        for guardrail in guardrails { try require(guardrail.metric, "metric", metrics.map(\.name.text)) }
        if let name = node["decision"]?["ship on"] { try require(Name(name), "metric", metrics.map(\.name.text)) }
        if assignment.unit == nil {
            if let id = facts.lazy.compactMap(\.id).first {
                throw YAMLError(
                    id.place, "the assignment has no 'unit', so every row is a unit, and no event can come twice; give it its 'unit'")
            }
            if let name = segments.lazy.compactMap(\.fact).first {
                throw YAMLError(name.place, "the assignment has no 'unit', so every row is a unit, and segments are columns of its source")
            }
            for fact in facts where fact.source.text != assignment.source.text || fact.unit != nil {
                throw YAMLError(
                    fact.source.place, "the assignment has no 'unit', so every row is a unit, and facts are columns of the same source")
            }
        }
    }

    private func require(_ name: Name, _ what: String, _ known: [String]) throws(YAMLError) {
        guard !known.contains(name.text) else { return }
        let meant = Spelling.nearest(to: name.text, among: known)
        let all = known.isEmpty ? "the plan defines none" : "there are " + known.joined(separator: ", ")
        throw YAMLError(
            name.place, "there is no \(what) '\(name.text)'; \(meant.map { "did you mean '\($0)'?" } ?? all)", suggestion: meant)
    }
}
