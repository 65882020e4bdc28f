import Enrollment
import Experiments
import HTTPServer
import Text

/// Experiments as features of GrowthBook's remote evaluation, so that its SDKs get the values that are stored here and report exposures.
///
/// A feature is an experiment. The unit is the attribute of a configured name, `id` unless told, which must be the device token. Forced
/// variations, which testers set, are kept to: the feature then has that value, and nothing is reported as an exposure. A tester's device that is
/// not known is not enrolled, for it would count with a value that it is not told; it is told what is forced, and no more.
struct GrowthBookAPI: Sendable {
    let registry: Registry
    let origins: AllowedOrigins
    /// The attribute that holds the device token.
    let attribute: String

    private static let path = "/api/eval/{clientKey}"

    var endpoints: [Endpoint] {
        let asked = [Endpoint(.post, Self.path, .evaluateFeatures, .inline(evaluate))]
        return origins.isEmpty ? asked : asked + [Endpoint(.options, Self.path, .featuresPreflight, .inline(preflight))]
    }

    private struct Body: Decodable {
        let attributes: ClientContext?
        let forcedVariations: [String: Int]?
    }

    private func evaluate(_ request: borrowing Request) throws -> Reply {
        let origin = origins.isEmpty ? nil : try request.header("Origin")
        let body = try request.json(Body.self)
        guard let context = body.attributes, let text = context.token(attribute) else {
            throw Problem.badRequest("attributes.\(attribute) is missing; it must be the device's own, lasting token.")
        }
        let token: DeviceToken
        do { token = try DeviceToken(text) } catch { throw Problem.badRequest("attributes.\(attribute): \(error)") }
        let forced = body.forcedVariations ?? [:]
        if registry.device(for: token) == nil {
            let features = forcedAlone(forced)
            if !features.isEmpty { return .response(response(features, origin)) }
        }
        return registry.reply(to: token, attributes: context.attributes(without: attribute)) { [registry] device in
            let values = registry.forcedValues(of: token)
            let features = registry.snapshot.assigner.dealers.compactMap { dealer -> (String, JSONValue)? in
                let key = dealer.experiment.key.text
                let value = values[dealer.experiment.key]
                return feature(dealer, device, value, token: text, forced: forced[key]).map { (key, $0) }
            }
            return response(features, origin)
        }
    }

    private func response(_ features: [(String, JSONValue)], _ origin: String?) -> Response {
        var response = Response.json(["features": .object(features), "experiments": []])
        response.headers["Cache-Control"] = "no-store"
        if let origin { origins.allow(origin, in: &response.headers) }
        return response
    }

    /// What a tester forces, of experiments that run.
    private func forcedAlone(_ forced: [String: Int]) -> [(String, JSONValue)] {
        guard !forced.isEmpty else { return [] }
        return registry.snapshot.assigner.dealers.compactMap { dealer in
            let experiment = dealer.experiment
            guard experiment.state == .running, let index = forced[experiment.key.text] else { return nil }
            return GrowthBookAPI.forced(index, experiment).map { (experiment.key.text, $0) }
        }
    }

    /// A variation that a tester forces; nil if there is none of that number.
    private static func forced(_ index: Int, _ experiment: Experiment) -> JSONValue? {
        guard experiment.values.indices.contains(index) else { return nil }
        return ["rules": [["force": FlagType(experiment).json(experiment.values[index])]]]
    }

    /// What a device is told of one experiment; nil if the device is to know nothing of it.
    ///
    /// - Parameters:
    ///   - value: what an operator gave the device, if anything.
    ///   - forced: the variation that the client itself forces, if it does.
    private func feature(_ dealer: Dealer, _ device: Device, _ value: String?, token: String, forced: Int?) -> JSONValue? {
        let experiment = dealer.experiment
        let type = FlagType(experiment)
        let values = experiment.values
        let placement = dealer.placement(of: device.ordinal, forced: value)
        guard let value = placement.value else { return nil }
        if let forced, let feature = GrowthBookAPI.forced(forced, experiment) { return feature }
        // A winner goes to everybody, and a forced value to testers: nothing is tried with them.
        guard case .dealt = placement, let index = values.firstIndex(of: value) else { return ["defaultValue": type.json(value)] }
        // Who was forced once counts for nothing, in GrowthBook as here.
        if !experiment.forced.isEmpty, registry.excluded(from: experiment).contains(device.ordinal) {
            return ["rules": [["force": type.json(value)]]]
        }
        let track: JSONValue = [
            "experiment": ["key": .string(experiment.key.text), "variations": .array(values.map(type.json))],
            "result": [
                "key": .string(String(index)), "name": .string(value), "variationId": .integer(index), "value": type.json(value),
                "inExperiment": true, "hashUsed": true, "hashAttribute": .string(attribute), "hashValue": .string(token),
                "featureId": .string(experiment.key.text), "stickyBucketUsed": false,
            ],
        ]
        return ["rules": [["force": type.json(value), "tracks": [track]]]]
    }

    private func preflight(_ request: borrowing Request) throws -> Reply {
        try origins.preflight(request, method: .post, headers: "Content-Type")
    }
}
