import Enrollment
import Experiments
import HTTPServer
import Text

/// Layers, in which experiments do not meet, and holdouts, which are in none.
struct LayerAPI: Sendable {
    let registry: Registry

    private static let layers = "/api/v1/admin/layers"
    private static let holdouts = "/api/v1/admin/holdouts"

    var endpoints: [Endpoint] {
        let (layer, holdout) = (LayerAPI.layers + "/{name}", LayerAPI.holdouts + "/{name}")
        return [
            Endpoint(
                .get, LayerAPI.layers, .listLayers,
                .bearer(.viewer) { _, _ in
                    let catalogue = registry.catalogue
                    return .json(["layers": .array(catalogue.layers.map { $0.json(in: catalogue) })])
                }),
            Endpoint(.post, LayerAPI.layers, .createLayer, .bearer(.editor, createLayer)),
            Endpoint(
                .get, layer, .showLayer,
                .bearer(.viewer) { request, _ in
                    let (name, catalogue) = (try ExperimentKey(request.parameter("name")), registry.catalogue)
                    return .json(try found { () throws(ExperimentError) in try catalogue.layer(name) }.json(in: catalogue))
                }),
            Endpoint(
                .delete, layer, .deleteLayer,
                .bearer(.editor) { request, actor in
                    try await remove(request, actor) { catalogue, name throws(ExperimentError) in try catalogue.removeLayer(name) }
                }),
            Endpoint(
                .get, LayerAPI.holdouts, .listHoldouts,
                .bearer(.viewer) { _, _ in
                    let catalogue = registry.catalogue
                    return .json(["holdouts": .array(catalogue.holdouts.map { $0.json(in: catalogue) })])
                }),
            Endpoint(.post, LayerAPI.holdouts, .createHoldout, .bearer(.editor, createHoldout)),
            Endpoint(
                .get, holdout, .showHoldout,
                .bearer(.viewer) { request, _ in
                    let (name, catalogue) = (try ExperimentKey(request.parameter("name")), registry.catalogue)
                    return .json(try found { () throws(ExperimentError) in try catalogue.holdout(name) }.json(in: catalogue))
                }),
            Endpoint(
                .delete, holdout, .deleteHoldout,
                .bearer(.editor) { request, actor in
                    try await remove(request, actor) { catalogue, name throws(ExperimentError) in try catalogue.removeHoldout(name) }
                }),
            Endpoint(
                .get, holdout + "/release", .showRelease,
                .bearer(.viewer) { request, _ in
                    let name = try ExperimentKey(request.parameter("name"))
                    return .json(try found { () throws(ExperimentError) in try registry.release(of: name) }.json)
                }),
            Endpoint(
                .post, holdout + "/release", .releaseHoldout,
                .bearer(.admin) { request, actor in
                    let name = try ExperimentKey(request.parameter("name"))
                    let seen = try request.json(ReleaseBody.self, .strict).confirm
                    _ = try found { () throws(ExperimentError) in try registry.catalogue.holdout(name) }
                    return .json(try await registry.releaseHoldout(name, seen: seen, actor: actor).json)
                }),
        ]
    }

    private func createLayer(_ request: borrowing Request, actor: String) async throws -> Response {
        let body = try request.json(LayerBody.self, .strict)
        let (name, holdout) = (try ExperimentKey(body.name), try body.holdout.map(ExperimentKey.init))
        let summary = try ExperimentAPI.summary(body.summary)
        let created = try await registry.change(actor: actor, action: "create") { catalogue, context in
            let layer = try Layer(name: name, summary: summary, slots: body.slots ?? 100, holdout: holdout, created: context.now)
            try catalogue.make(layer)
            return layer.json(in: catalogue)
        }
        return .created(created, at: "\(LayerAPI.layers)/\(name)")
    }

    private func createHoldout(_ request: borrowing Request, actor: String) async throws -> Response {
        let body = try request.json(HoldoutBody.self, .strict)
        let name = try ExperimentKey(body.name)
        let summary = try ExperimentAPI.summary(body.summary)
        let created = try await registry.change(actor: actor, action: "create") { catalogue, context in
            let holdout = try Holdout(name: name, summary: summary, percent: body.percent, created: context.now)
            try catalogue.add(holdout)
            return holdout.json(in: catalogue)
        }
        return .created(created, at: "\(LayerAPI.holdouts)/\(name)")
    }

    private func remove(
        _ request: borrowing Request, _ actor: String,
        _ removal: @escaping @Sendable (inout Catalogue, ExperimentKey) throws(ExperimentError) -> Void
    ) async throws -> Response {
        let name = try ExperimentKey(request.parameter("name"))
        try await registry.change(actor: actor, action: "delete") { catalogue, _ in
            try found { () throws(ExperimentError) in try removal(&catalogue, name) }
        }
        return .empty()
    }

    /// In the path, a name that nothing has is a place that is not there.
    private func found<Value>(_ body: () throws(ExperimentError) -> Value) throws -> Value {
        do throws(ExperimentError) {
            return try body()
        } catch {
            switch error {
            case .unknownLayer, .unknownHoldout: throw Problem.notFound("\(error)")
            default: throw error
            }
        }
    }
}

private struct LayerBody: Decodable {
    let name: String
    let summary: String?
    let slots: Int?
    let holdout: String?
}

private struct ReleaseBody: Decodable {
    let confirm: String
}

private struct HoldoutBody: Decodable {
    let name: String
    let summary: String?
    let percent: Double
}

extension Response {
    /// What was made, and where it is from now on.
    static func created(_ json: JSONValue, at path: String) -> Response {
        var response = Response.json(json, status: .created)
        response.headers["Location"] = path
        return response
    }
}
