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
            Endpoint(.put, one, .editExperiment, .bearer(.editor, edit)),
            Endpoint(.delete, one, .deleteExperiment, .bearer(.editor, delete)),
            Endpoint(.post, one + "/start", .startExperiment, .bearer(.editor) { try await changeAlone($0, $1, .start) }),
            Endpoint(.post, one + "/pause", .pauseExperiment, .bearer(.editor) { try await changeAlone($0, $1, .pause) }),
            Endpoint(.post, one + "/resume", .resumeExperiment, .bearer(.editor) { try await changeAlone($0, $1, .resume) }),
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
        let draft = try body.draft
        let created = try await registry.change(actor: actor, action: "create") { catalogue, context in
            try catalogue.add(draft.experiment(key, created: context.now), in: draft.scope)
            return try catalogue.experiment(key)
        }
        return .created(created.json, at: "\(ExperimentAPI.root)/\(key)")
    }

    /// All of a draft, but its key and its plan, anew.
    private func edit(_ request: borrowing Request, actor: String) async throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        let draft = try request.json(EditBody.self, .strict).draft
        let edited = try await registry.change(actor: actor, action: "edit") { catalogue, _ in
            let old = try catalogue.experiment(key)
            var experiment = draft.experiment(key, created: old.created)
            if let plan = old.plan { try experiment.analyse(by: plan) }
            try catalogue.replaceDraft(by: experiment, in: draft.scope)
            return try catalogue.experiment(key)
        }
        return .json(edited.json)
    }

    /// What people should know about a thing: nothing if not given.
    static func summary(_ text: String?) throws(Problem) -> String {
        let summary = text ?? ""
        if let flaw = Summary.flaw(in: summary) { throw Problem(.unprocessableContent, "The summary \(flaw).") }
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

    /// A change that nothing is to be said about: whoever says something expects that it is heeded.
    private func changeAlone(_ request: borrowing Request, _ actor: String, _ change: ExperimentChange) async throws -> Response {
        if !request.body.isEmpty { _ = try request.json(NoMembers.self, .strict) }
        return try await self.change(request, actor, change)
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

    var draft: DraftBody {
        get throws { try DraftBody(summary, variants, layer, holdout, targeting) }
    }
}

private struct EditBody: Decodable {
    let summary: String?
    let variants: [VariantBody]
    let layer: SlotsBody?
    let holdout: String?
    let targeting: Targeting?

    var draft: DraftBody {
        get throws { try DraftBody(summary, variants, layer, holdout, targeting) }
    }
}

/// What a draft is made of, checked as far as that can be without the catalogue.
private struct DraftBody: Sendable {
    let summary: String
    let allocation: Allocation
    let targeting: Targeting?
    let scope: ExperimentScope

    init(
        _ summary: String?, _ variants: [VariantBody], _ layer: SlotsBody?, _ holdout: String?, _ targeting: Targeting?
    ) throws {
        self.summary = try ExperimentAPI.summary(summary)
        allocation = try Allocation(variants.map(\.variant))
        for (name, test) in (targeting?.tests ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let contradiction = test.contradiction else { continue }
            let path = "$.targeting.\(name)"
            throw Problem(
                .unprocessableContent, "The body does not fit at \(path): \(contradiction).", extensions: ["path": .string(path)])
        }
        self.targeting = targeting
        let holdout = try holdout.map(ExperimentKey.init)
        let slots = try layer.map { (name: try ExperimentKey($0.name), count: $0.slots) }
        scope =
            switch (slots, holdout) {
            case (nil, nil): .everybody
            case (nil, let holdout?): .under(holdout)
            case (let slots?, nil): .slots(slots.count, of: slots.name)
            case (let slots?, _?): throw ExperimentError.holdoutOfLayer(slots.name)
            }
    }

    func experiment(_ key: ExperimentKey, created: Timestamp) -> Experiment {
        Experiment(key: key, summary: summary, allocation: allocation, targeting: targeting, created: created)
    }
}

private struct SlotsBody: Decodable {
    let name: String
    let slots: Int
}

private struct VariantsBody: Decodable {
    let variants: [VariantBody]
}

/// An object without members.
private struct NoMembers: Decodable {
    private enum CodingKeys: CodingKey {}

    init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: CodingKeys.self) }
}

private struct FinishBody: Decodable {
    let winner: String?
}
