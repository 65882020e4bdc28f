import Enrollment
import Experiments
import Synchronization

/// The names of the events that some experiment's plan counts: what clients call facts.
///
/// Who follows the page of events asks every second, and plans change seldom: they are read anew only when they did.
final class PlannedFacts: Sendable {
    private struct Source: Hashable {
        let plan: String
        let values: [String]
    }

    private struct Found {
        var sources: [Source] = []
        var facts: Set<String> = []
    }

    private let registry: Registry
    private let found = Mutex(Found())

    init(_ registry: Registry) { self.registry = registry }

    /// Their names, as of now.
    var names: Set<String> {
        let sources = registry.catalogue.experiments.compactMap { experiment in
            experiment.plan.map { Source(plan: $0, values: experiment.values) }
        }
        return found.withLock { found in
            if found.sources == sources { return found.facts }
            found.sources = sources
            found.facts = sources.reduce(into: []) { facts, source in
                // A plan was read when it was put; a later version of the program may be stricter, and says so in the results.
                guard let plan = try? LivePlan(source.plan, values: source.values) else { return }
                facts.formUnion(plan.events)
            }
            return found.facts
        }
    }
}
