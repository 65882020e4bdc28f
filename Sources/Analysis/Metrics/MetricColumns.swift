import Experiments
import Statistics
import Warehouse

/// The numbers of one unit that a metric rests on, in SQL over the table of units.
struct MetricColumns {
    let metric: Plan.Metric
    /// What is measured: one column, or above and below the line of a ratio.
    let outcome: [SQL]
    /// Of a ratio, the multiple of what is below the line that is taken out of what is above it, so that no digits are lost to it.
    var base = 0.0
    let covariates: [SQL]
    /// Whether a unit counts; nil where all do.
    let population: SQL?
    /// The greatest value that counts in full; nil where all do.
    let cap: Double?
    /// Whether a unit has more than that; nil without a cap.
    let beyond: SQL?

    /// - Parameter cap: the greatest value that counts in full.
    init(_ metric: Plan.Metric, of units: UnitTable, cap: Double?) {
        (self.metric, self.cap) = (metric, cap)
        let plan = units.plan
        func amount(_ name: Plan.Name?) -> SQL? {
            guard let fact = name.flatMap({ plan.fact($0.text) }) else { return nil }
            return units.column(plan.amount(of: fact, window: metric.window))
        }
        switch metric.kind {
        case .conversion:
            let count = metric.fact.flatMap { plan.fact($0.text) }.map { units.column(plan.count(of: $0, window: metric.window)) }
            outcome = count.map { ["CASE WHEN \($0) > 0 THEN \(value: 1.0) ELSE \(value: 0.0) END"] } ?? []
        case .mean, .quantile:
            outcome = amount(metric.fact).map { [MetricColumns.capped($0, cap)] } ?? []
        case .ratio:
            outcome = [amount(metric.fact).map { MetricColumns.capped($0, cap) }, amount(metric.denominator)].compactMap(\.self)
        case .count:
            outcome = ["\(value: 1.0)"]
        }
        covariates = metric.covariates.compactMap { plan.amount(of: $0).map(units.column) }
        population = units.belongs(to: metric.population)
        beyond = cap.flatMap { cap in amount(metric.fact).map { "\($0) > \(value: cap)" } }
    }

    private static func capped(_ value: SQL, _ cap: Double?) -> SQL {
        guard let cap else { return value }
        return "CASE WHEN \(value) > \(value: cap) THEN \(value: cap) ELSE \(value) END"
    }

    /// All columns whose moments are asked for: the outcome's, then the covariates'.
    var columns: [SQL] {
        guard base != 0, outcome.count == 2 else { return outcome + covariates }
        return ["(\(outcome[0]) - \(value: base) * \(outcome[1]))", outcome[1]] + covariates
    }

    /// Which covariate it is whose squares, or products with others, are no numbers; nil where it is the outcome's own.
    func covariate(_ error: StatisticsError) -> Int? {
        guard case .infinite("covariances", let index?) = error else { return nil }
        let column = max(index / columns.count, index % columns.count)
        return column < outcome.count ? nil : column - outcome.count
    }

    /// Whether a unit did what the metric counts, but does not belong to its population; nil where all belong.
    var outside: SQL? {
        guard let population, metric.kind != .count, let outcome = outcome.first else { return nil }
        return "NOT (\(population)) AND \(outcome) <> \(value: 0.0)"
    }

    /// A number for the units that count, and nothing for the others.
    func counted(_ number: SQL, otherwise: SQL) -> SQL {
        population.map { "CASE WHEN \($0) THEN \(number) ELSE \(otherwise) END" } ?? number
    }
}
