import Enrollment
import Experiments
import HTTPServer

/// What devices ask: which variants they get.
struct DeviceAPI: Sendable {
    private let registry: Registry
    private let origins: AllowedOrigins
    private let answers: PreparedAnswers

    init(registry: Registry, origins: AllowedOrigins) {
        self.registry = registry
        self.origins = origins
        answers = PreparedAnswers(registry)
    }

    var endpoints: [Endpoint] {
        var endpoints = [Endpoint(.get, "/api/v1/experiments", .deviceExperiments, .inline(experiments))]
        if !origins.isEmpty { endpoints.append(Endpoint(.options, "/api/v1/experiments", .preflight, .inline(preflight))) }
        return endpoints
    }

    private enum Caller {
        case known(Device, ForcedValues)
        case new(DeviceToken)
    }

    /// A known device is answered here and now, from memory; a new one when it is durable.
    private func experiments(_ request: borrowing Request) throws -> Reply {
        let origin = origins.isEmpty ? nil : try request.header("Origin")
        let caller: Caller = try request.withHeader("Device-Token") { token in
            guard let token else { throw Problem.badRequest("The header Device-Token is missing; send the device's own, lasting token.") }
            if let device = registry.device(for: token) { return .known(device, registry.forcedValues(of: token)) }
            do { return .new(try DeviceToken(token)) } catch { throw Problem.badRequest("\(error)") }
        }
        switch caller {
        case .known(let device, let forced):
            return .answer(answer(device, forced, origin: origin, stripe: request.stripe))
        case .new(let token):
            return registry.enrolling(token, attributes: try request.attributes()) { device, stripe in
                answer(device, registry.forcedValues(of: token), origin: origin, stripe: stripe)
            }
        }
    }

    private func answer(_ device: Device, _ forced: ForcedValues, origin: String?, stripe: Int) -> Answer {
        if origin == nil, forced.isEmpty { return answers.answer(to: device, on: stripe) }
        var response = answers.response(to: device, forced: forced)
        if let origin { origins.allow(origin, in: &response.headers) }
        return .response(response)
    }

    private func preflight(_ request: borrowing Request) throws -> Reply {
        try origins.preflight(request, method: .get, headers: "Device-Token, Device-Attributes")
    }
}
