import Enrollment
import Experiments
import HTTPServer

/// What devices ask: which variants they get.
struct DeviceAPI: Sendable {
    let registry: Registry
    let origins: AllowedOrigins

    var endpoints: [Endpoint] {
        var endpoints = [Endpoint(.get, "/api/v1/experiments", .deviceExperiments, .inline(experiments))]
        if !origins.isEmpty { endpoints.append(Endpoint(.options, "/api/v1/experiments", .preflight, .inline(preflight))) }
        return endpoints
    }

    /// A known device is answered here and now, from memory; a new one when it is durable.
    private func experiments(_ request: borrowing Request) throws -> Reply {
        let origin = origins.isEmpty ? nil : try request.header("Origin")
        let known: Device? = try request.withHeader("Device-Token") { token in
            guard let token else { throw Problem.badRequest("The header Device-Token is missing; send the device's own, lasting token.") }
            if let device = registry.device(for: token) { return device }
            do { try DeviceToken.validate(token) } catch { throw Problem.badRequest("\(error)") }
            return nil
        }
        if let known { return .response(answer(known, origin: origin)) }
        let token = try DeviceToken(try request.header("Device-Token") ?? "")
        return .deferred { responder in
            registry.enroll(token) { result in
                switch result {
                case .success(let device): responder.respond(answer(device, origin: origin))
                case .failure(let error): responder.fail(error.problem)
                }
            }
        }
    }

    private func answer(_ device: Device, origin: String?) -> Response {
        var body: [UInt8] = []
        body.reserveCapacity(128)
        registry.snapshot.assigner.appendAnswer(for: device.ordinal, to: &body)
        var response = Response.json(bytes: body)
        response.headers["Cache-Control"] = "no-store"
        if let origin { origins.allow(origin, in: &response.headers) }
        return response
    }

    private func preflight(_ request: borrowing Request) throws -> Reply {
        var response = Response.empty()
        if let origin = try request.header("Origin") {
            origins.allow(origin, in: &response.headers)
            response.headers["Access-Control-Allow-Methods"] = "GET"
            response.headers["Access-Control-Allow-Headers"] = "Device-Token"
            response.headers["Access-Control-Max-Age"] = "86400"
        }
        return .response(response)
    }
}
