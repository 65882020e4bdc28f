import Enrollment
import Experiments
import HTTPServer
import Text

/// Why a device has its value, or none.
struct ExplainAPI: Sendable {
    let registry: Registry

    var endpoints: [Endpoint] {
        [Endpoint(.get, "/api/v1/admin/explain", .explain, .bearer(.viewer) { request, _ in try explain(request) })]
    }

    private func explain(_ request: borrowing Request) throws -> Response {
        guard let name = try request.query("experiment") else { throw Problem.badRequest("Which experiment? Add ?experiment=KEY") }
        guard let text = try request.query("device") else { throw Problem.badRequest("Which device? Add &device=TOKEN") }
        let token: DeviceToken
        do { token = try DeviceToken(text) } catch { throw Problem.badRequest("\(error)") }
        let key = try ExperimentKey(name)
        guard let device = registry.device(for: token) else {
            // It may be that the experiment does not exist either; that is the better answer.
            _ = try registry.catalogue.experiment(key)
            throw Problem.notFound("No device with this token was ever seen here. To ask for it does not enroll it.")
        }
        let dealer = try registry.snapshot.assigner.dealer(key)
        let placement = dealer.placement(of: device.ordinal, forced: registry.forcedValues(of: token)[key])
        let isCounted = dealer.place(of: device.ordinal) != nil && !registry.excluded(from: dealer.experiment).contains(device.ordinal)
        let slot = dealer.sequence.slot(of: device.ordinal)
        return .json([
            "experiment": .string(key.text),
            "device": .string(text),
            "ordinal": JSONValue(device.ordinal),
            "firstSeen": JSONValue(device.firstSeen),
            "value": JSONValue(placement.value),
            "reason": .string(placement.reason),
            "explanation": .string(placement.explanation),
            "counts": .boolean(isCounted),
            "slot": slot.map { JSONValue($0) } ?? .null,
            "layer": dealer.experiment.layer?.json ?? .null,
            "targeting": dealer.experiment.targeting.map(\.json) ?? .null,
            "holdout": JSONValue(dealer.experiment.holdout?.text),
            "holdoutReleased": JSONValue(registry.catalogue.cover(of: dealer.experiment)?.holdout.released?.time),
            "deal": placement.deal?.json ?? .null,
        ])
    }
}
