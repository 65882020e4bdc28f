import Enrollment
import Experiments
import HTTPServer
import Text

/// Values that operators give to testers' devices.
struct ForcedAPI: Sendable {
    let registry: Registry

    private static let all = "/api/v1/admin/experiments/{key}/forced"

    var endpoints: [Endpoint] {
        let one = ForcedAPI.all + "/{device}"
        return [
            Endpoint(.get, ForcedAPI.all, .listForced, .bearer(.viewer) { request, _ in try list(request) }),
            Endpoint(
                .put, one, .forceValue,
                .bearer(.editor) { request, actor in
                    let value = try request.json(ValueBody.self, .strict).value
                    return try await change(request, actor, "force value") { experiment, unit throws(ExperimentError) in
                        try experiment.force(unit, to: value)
                    }
                }),
            Endpoint(
                .delete, one, .releaseValue,
                .bearer(.editor) { request, actor in
                    try await change(request, actor, "release value") { experiment, unit throws(ExperimentError) in
                        try experiment.release(unit)
                    }
                }),
        ]
    }

    private func list(_ request: borrowing Request) throws -> Response {
        .json(try registry.catalogue.experiment(ExperimentKey(request.parameter("key"))).forcedJSON)
    }

    private func change(
        _ request: borrowing Request, _ actor: String, _ action: String,
        _ body: @escaping @Sendable (inout Experiment, _ unit: String) throws(ExperimentError) -> Void
    ) async throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        let text = try request.parameter("device")
        let token: DeviceToken
        do { token = try DeviceToken(text) } catch { throw Problem(.unprocessableContent, "\(error)") }
        let unit = registry.unit(of: token)
        let changed = try await registry.change(actor: actor, action: action) { catalogue, _ in
            try catalogue.change(key) { try body(&$0, unit) }
            return try catalogue.experiment(key)
        }
        return .json(changed.forcedJSON)
    }
}

private struct ValueBody: Decodable {
    let value: String
}

extension Experiment {
    /// Who is forced, and who was: never by their tokens.
    fileprivate var forcedJSON: JSONValue {
        ["forced": .array(forced.map { ["unit": .string($0.unit), "value": JSONValue($0.value)] })]
    }
}
