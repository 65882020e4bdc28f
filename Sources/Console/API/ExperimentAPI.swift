import Enrollment
import Experiments
import HTTPServer
import Text

/// What operators do with experiments.
struct ExperimentAPI: Sendable {
    let registry: Registry

    private static let root = "/api/v1/admin/experiments"

    var endpoints: [Endpoint] {
        let one = ExperimentAPI.root + "/{key}"
        return [
            Endpoint(.get, ExperimentAPI.root, .listExperiments, .bearer(.viewer) { _, _ in list() }),
            Endpoint(.post, ExperimentAPI.root, .createExperiment, .bearer(.editor, create)),
            Endpoint(.get, one, .showExperiment, .bearer(.viewer) { request, _ in try await show(request) }),
            Endpoint(.delete, one, .deleteExperiment, .bearer(.editor, delete)),
            Endpoint(.post, one + "/start", .startExperiment, .bearer(.editor) { try await change($0, $1, .start) }),
            Endpoint(.post, one + "/pause", .pauseExperiment, .bearer(.editor) { try await change($0, $1, .pause) }),
            Endpoint(.post, one + "/resume", .resumeExperiment, .bearer(.editor) { try await change($0, $1, .resume) }),
            Endpoint(
                .put, one + "/variants", .changeVariants,
                .bearer(.editor) { request, actor in
                    let allocation = try Allocation(try request.json(VariantsBody.self, .strict).variants.map(\.variant))
                    return try await change(request, actor, .reallocate(allocation))
                }),
            Endpoint(
                .post, one + "/finish", .finishExperiment,
                .bearer(.editor) { request, actor in
                    let winner = request.body.isEmpty ? nil : try request.json(FinishBody.self, .strict).winner
                    return try await change(request, actor, .finish(winner: winner))
                }),
        ]
    }

    private func list() -> Response {
        .json(["experiments": .array(registry.catalogue.experiments.map(\.json))])
    }

    private func create(_ request: borrowing Request, actor: String) async throws -> Response {
        let body = try request.json(CreateBody.self, .strict)
        let key = try ExperimentKey(body.key)
        let summary = try ExperimentAPI.summary(body.summary)
        let allocation = try Allocation(body.variants.map(\.variant))
        let layer = try body.layer.map { (name: try ExperimentKey($0.name), slots: $0.slots) }
        let (holdout, targeting) = (try body.holdout.map(ExperimentKey.init), body.targeting)
        let created = try await registry.change(actor: actor, action: "create") { catalogue, context in
            let experiment = Experiment(
                key: key, summary: summary, allocation: allocation, targeting: targeting, created: context.now)
            switch (layer, holdout) {
            case (nil, nil): try catalogue.add(experiment)
            case (nil, let holdout?): try catalogue.add(experiment, under: holdout)
            case (let layer?, nil): try catalogue.add(experiment, slots: layer.slots, of: layer.name)
            case (let layer?, _?): throw ExperimentError.holdoutOfLayer(layer.name)
            }
            return try catalogue.experiment(key)
        }
        return .created(created.json, at: "\(ExperimentAPI.root)/\(key)")
    }

    /// What people should know about a thing: nothing if not given.
    static func summary(_ text: String?) throws(Problem) -> String {
        let summary = text ?? ""
        guard summary.utf8.count <= 4096 else { throw Problem(.unprocessableContent, "The summary may have at most 4096 bytes.") }
        return summary
    }

    private func delete(_ request: borrowing Request, actor: String) async throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        try await registry.change(actor: actor, action: "delete") { catalogue, _ in try catalogue.removeDraft(key) }
        return .empty()
    }

    private func show(_ request: borrowing Request) async throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        let snapshot = registry.snapshot
        let dealer = try snapshot.assigner.dealer(key)
        let statistics = registry.statistics(of: dealer)
        let history = try await registry.auditLog(AuditQuery(subject: key.text, limit: 1000))
        guard case .object(let members) = dealer.experiment.json else { return .json(dealer.experiment.json) }
        return .json(.object(members + [("devices", statistics.json), ("history", .array(history.reversed().map(\.json)))]))
    }

    private func change(_ request: borrowing Request, _ actor: String, _ change: ExperimentChange) async throws -> Response {
        .json(try await registry.make(change, of: ExperimentKey(request.parameter("key")), actor: actor).json)
    }
}

// MARK: Bodies

private struct VariantBody: Decodable {
    let value: String
    let weight: Double

    var variant: Variant { Variant(value, weight: weight) }
}

private struct CreateBody: Decodable {
    let key: String
    let summary: String?
    let variants: [VariantBody]
    let layer: SlotsBody?
    let holdout: String?
    let targeting: Targeting?
}

private struct SlotsBody: Decodable {
    let name: String
    let slots: Int
}

private struct VariantsBody: Decodable {
    let variants: [VariantBody]
}

private struct FinishBody: Decodable {
    let winner: String?
}
