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
                    try await change(request, actor, to: try request.json(ValueBody.self, .strict).value)
                }),
            Endpoint(
                .delete, one, .releaseValue,
                .bearer(.editor) { request, actor in try await change(request, actor, to: nil) }),
        ]
    }

    private func list(_ request: borrowing Request) throws -> Response {
        .json(try registry.catalogue.experiment(ExperimentKey(request.parameter("key"))).forcedJSON)
    }

    private func change(_ request: borrowing Request, _ actor: String, to value: String?) async throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        let text = try request.parameter("device")
        let token: DeviceToken
        do { token = try DeviceToken(text) } catch { throw Problem(.unprocessableContent, "\(error)") }
        return .json(try await registry.force(token, to: value, in: key, actor: actor).forcedJSON)
    }
}

extension Registry {
    /// Gives a tester's device a value whatever it is dealt; nil is to give it what it is dealt again.
    ///
    /// - Parameter sight: what the one who does it saw; it is refused if the experiment is not so any more.
    /// - Returns: the experiment as it is then.
    func force(
        _ token: DeviceToken, to value: String?, in key: ExperimentKey, actor: String, sight: ExperimentSight? = nil
    ) async throws -> Experiment {
        let unit = unit(of: token)
        return try await change(actor: actor, action: value == nil ? "release value" : "force value") { catalogue, _ in
            if let sight { try sight.check(catalogue.experiment(key)) }
            try catalogue.change(key) { experiment throws(ExperimentError) in try experiment.give(unit, value) }
            return try catalogue.experiment(key)
        }
    }
}

private struct ValueBody: Decodable {
    let value: String
}

extension Experiment {
    /// Forces a value on a unit; nil is to release it.
    mutating func give(_ unit: String, _ value: String?) throws(ExperimentError) {
        if let value { try force(unit, to: value) } else { try release(unit) }
    }

    /// Who is forced, and who was: never by their tokens.
    fileprivate var forcedJSON: JSONValue {
        ["forced": .array(forced.map { ["unit": .string($0.unit), "value": JSONValue($0.value)] })]
    }
}
