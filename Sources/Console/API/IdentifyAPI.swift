import Enrollment
import Experiments
import HTTPServer
import Text

/// Whose a device is: told by the team's own backend, which knows who has signed in.
///
/// Not by devices: what a device says of itself nobody can check, and with a person's name a stranger would get their values.
struct IdentifyAPI: Sendable {
    let registry: Registry

    var endpoints: [Endpoint] { [Endpoint(.post, "/api/v1/identify", .identify, .bearer(.backend) { try await identify($0, $1) })] }

    private func identify(_ request: borrowing Request, _ actor: String) async throws -> Response {
        let body = try request.json(IdentifyBody.self, .strict)
        let token: DeviceToken
        let person: PersonID
        do { token = try DeviceToken(body.device) } catch { throw Problem(.unprocessableContent, "\(error)") }
        do { person = try PersonID(body.person) } catch { throw Problem(.unprocessableContent, "\(error)") }
        let attributes: Attributes
        do { attributes = try Attributes(body.attributes ?? [:]) } catch { throw Problem(.unprocessableContent, "\(error)") }
        guard case .linked(let link, let device) = try await registry.link(token, to: person, attributes: attributes) else {
            throw Problem.conflict(
                "The device is linked to another person already, and stays so; what two persons do on it cannot be told apart.")
        }
        var response = Response.json([
            "device": .string(body.device), "person": .string(body.person), "since": JSONValue(link.time),
            "ordinal": JSONValue(device.ordinal), "values": .string(link.isAlias ? "person" : "device"),
            "differs": .boolean(device.ordinal != link.device.ordinal),
        ])
        response.headers["Cache-Control"] = "no-store"
        return response
    }
}

private struct IdentifyBody: Decodable {
    let device: String
    let person: String
    /// What is known of the device, as the header `Device-Attributes` would say it.
    let attributes: [String: AttributeValue]?
}
