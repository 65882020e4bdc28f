import Analysis
import Enrollment
import Events
package import Experiments
package import HTTPServer
import Text

/// What is to be known of experiments, and what is known.
struct ResultsAPI: Sendable {
    let registry: Registry
    let service: EventService
    let results: LiveResults

    var endpoints: [Endpoint] {
        let plan = "/api/v1/admin/experiments/{key}/plan"
        return [
            Endpoint(.get, plan, .showPlan, .bearer(.viewer) { request, _ in try show(request) }),
            Endpoint(.put, plan, .putPlan, .bearer(.editor, put)),
            Endpoint(.delete, plan, .deletePlan, .bearer(.editor, delete)),
            Endpoint(.get, "/api/v1/experiments/{key}/results", .results, .bearer(.viewer) { request, _ in try answer(request) }),
        ]
    }

    private func put(_ request: borrowing Request, actor: String) async throws -> Response {
        let type = try request.header("Content-Type")?.prefix { $0 != ";" }.split(separator: " ").first?.lowercased() ?? ""
        let accepted = ["application/yaml", "application/json", "text/yaml", "application/x-yaml"]
        guard accepted.contains(type) else {
            throw Problem(
                .unsupportedMediaType, "The plan must be application/yaml or application/json.",
                headers: ["Accept": "application/yaml, application/json"])
        }
        let key = try ExperimentKey(request.parameter("key"))
        guard let text = String(validating: request.body, as: UTF8.self) else { throw Problem.badRequest("The plan must be UTF-8.") }
        try await make(.plan(text, seen: try seen(request)), of: key, actor)
        var response = Response.empty()
        response.headers["ETag"] = PlanSight(text).tag
        return response
    }

    private func delete(_ request: borrowing Request, actor: String) async throws -> Response {
        try await make(.removePlan(seen: try seen(request)), of: ExperimentKey(request.parameter("key")), actor)
        return .empty()
    }

    /// The plan that a change is about, if that is said.
    private func seen(_ request: borrowing Request) throws -> PlanSight? {
        try request.header("If-Match").flatMap { $0 == "*" ? nil : PlanSight(text: $0.filter { $0 != "\"" && $0 != " " }) }
    }

    private func make(_ change: ExperimentChange, of key: ExperimentKey, _ actor: String) async throws {
        do {
            _ = try await registry.make(change, of: key, actor: actor)
        } catch is PlanSight.Conflict {
            throw Problem(
                Status(412),
                "The plan of '\(key)' is not the one that you have seen: somebody changed it meanwhile. Nothing was done: GET it, and decide anew."
            )
        }
        await service.deliverer.review()
    }

    private func show(_ request: borrowing Request) throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        guard let plan = try registry.catalogue.experiment(key).plan else {
            throw Problem.notFound("The experiment '\(key)' has no plan yet: PUT one here.")
        }
        return Response(
            headers: ["Content-Type": "application/yaml; charset=utf-8", "ETag": PlanSight(plan).tag], body: Array(plan.utf8))
    }

    private func answer(_ request: borrowing Request) throws -> Response {
        var response = Response.json(try document(of: ExperimentKey(request.parameter("key"))))
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    /// All that is known of an experiment, as JSON.
    func document(of key: ExperimentKey) throws -> JSONValue {
        let dealer = try registry.snapshot.assigner.dealer(key)
        guard let plan = dealer.experiment.plan else {
            throw Problem.notFound("The experiment '\(key)' has no plan: PUT one to /api/v1/admin/experiments/\(key)/plan.")
        }
        let statistics = registry.statistics(of: dealer)
        let found = results.results(of: key)
        // What is wrong with this experiment says more than what is wrong with the warehouse.
        let obstacle = found?.failure == nil ? service.obstacle : nil
        let verdict = results.verdict(of: key).map { standing -> JSONValue in
            [
                "decision": .string(standing.rule.decision.rawValue), "variant": JSONValue(standing.rule.variant),
                "since": JSONValue(standing.since), "plan": JSONValue(standing.rule.plan),
            ]
        }
        return [
            "experiment": .string(key.text),
            "state": .string(ResultsAPI.state(dealer.experiment, found, obstacle)),
            "computed": JSONValue(found?.computed),
            // Those of an earlier plan are shown until the new one's are there.
            "isOfThisPlan": .boolean(found?.plan == plan),
            "failure": JSONValue(found?.failure ?? obstacle?.reason),
            "failingSince": JSONValue(obstacle?.since),
            "verdict": verdict ?? .null,
            "balance": ["devices": JSONValue(statistics.devices), "imbalance": JSONValue(statistics.imbalance)],
            "primaryMetric": JSONValue(found?.alwaysValid?.primaryMetric),
            "size": found?.size?.json ?? .null,
            "arrivals": found?.arrivals?.json ?? .null,
            "alarms": .array(results.alarms.filter { $0.key == key && $0.rule.isRaised }.map { .string($0.rule.name) }),
            "fixedHorizon": found?.fixedHorizon?.json ?? .null,
            "alwaysValid": found?.alwaysValid?.json ?? .null,
        ]
    }
}

extension ResultsAPI {
    /// Whether there is something to read, or what it waits for, as one word.
    private static func state(
        _ experiment: Experiment, _ found: LiveResults.Results?, _ obstacle: LiveResults.Obstacle?
    ) -> String {
        if experiment.firstOrdinal == nil { return "draft" }
        let nothing = obstacle == nil ? "loading" : "away"
        guard let found else { return nothing }
        if found.alwaysValid == nil { return found.failure == nil ? nothing : "waiting" }
        return found.failure == nil && obstacle == nil && found.plan == experiment.plan ? "current" : "older"
    }
}

extension YAMLError: ProblemConvertible {
    package var problem: Problem {
        Problem(
            .unprocessableContent, "The plan cannot be taken: \(self)",
            extensions: ["line": .integer(place.line), "column": .integer(place.column)])
    }
}
