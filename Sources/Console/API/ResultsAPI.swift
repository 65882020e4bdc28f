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
        try await registry.change(actor: actor, action: "change plan") { catalogue, _ in
            try catalogue.change(key) { experiment throws(YAMLError) in try experiment.analyse(by: text) }
        }
        await service.deliverer.review()
        return .empty()
    }

    private func show(_ request: borrowing Request) throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        guard let plan = try registry.catalogue.experiment(key).plan else {
            throw Problem.notFound("The experiment '\(key)' has no plan yet: PUT one here.")
        }
        return Response(headers: ["Content-Type": "application/yaml; charset=utf-8"], body: Array(plan.utf8))
    }

    private func answer(_ request: borrowing Request) throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        let dealer = try registry.snapshot.assigner.dealer(key)
        guard let plan = dealer.experiment.plan else {
            throw Problem.notFound("The experiment '\(key)' has no plan: PUT one to /api/v1/admin/experiments/\(key)/plan.")
        }
        let statistics = registry.statistics(of: dealer)
        let found = results.results(of: key)
        let verdict = results.verdict(of: key).map { rule -> JSONValue in
            ["decision": .string(rule.decision.rawValue), "variant": JSONValue(rule.variant)]
        }
        var response = Response.json([
            "experiment": .string(key.text),
            "computed": JSONValue(found?.computed),
            // Those of an earlier plan are shown until the new one's are there.
            "isOfThisPlan": .boolean(found?.plan == plan),
            "failure": JSONValue(found?.failure),
            "verdict": verdict ?? .null,
            "balance": ["devices": JSONValue(statistics.devices), "imbalance": JSONValue(statistics.imbalance)],
            "primaryMetric": JSONValue(found?.alwaysValid?.primaryMetric),
            "size": found?.size?.json ?? .null,
            "arrivals": found?.arrivals?.json ?? .null,
            "alarms": .array(results.alarms.filter { $0.key == key && $0.rule.isRaised }.map { .string($0.rule.name) }),
            "fixedHorizon": found?.fixedHorizon?.json ?? .null,
            "alwaysValid": found?.alwaysValid?.json ?? .null,
        ])
        response.headers["Cache-Control"] = "no-store"
        return response
    }
}

extension YAMLError: ProblemConvertible {
    package var problem: Problem {
        Problem(
            .unprocessableContent, "The plan cannot be taken: \(self)",
            extensions: ["line": .integer(place.line), "column": .integer(place.column)])
    }
}
