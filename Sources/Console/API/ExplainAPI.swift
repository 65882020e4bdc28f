import Enrollment
import Experiments
import HTTPServer
import Text

/// Why a device has its value, or none.
struct ExplainAPI: Sendable {
    let registry: Registry

    var endpoints: [Endpoint] {
        [Endpoint(.get, "/api/v1/admin/explain", .explain, .bearer(.viewer) { request, _ in try await explain(request) })]
    }

    private func explain(_ request: borrowing Request) async throws -> Response {
        guard let name = try request.query("experiment") else { throw Problem.badRequest("Which experiment? Add ?experiment=KEY") }
        guard let text = try request.query("device") else { throw Problem.badRequest("Which device? Add &device=TOKEN") }
        let token: DeviceToken
        do { token = try DeviceToken(text) } catch { throw Problem.badRequest("\(error)") }
        let key = try ExperimentKey(name)
        try await registry.catchUp(for: token)
        // It may be that the experiment does not exist either; that is the better answer.
        let dealer = try registry.snapshot.assigner.dealer(key)
        guard let explanation = try await Explanation(of: token, in: dealer, registry) else {
            let forced = dealer.experiment.state == .finished ? nil : registry.forcedValues(of: token)[key]
            throw Problem.notFound(Explanation.unknownDevice(forced: forced) + " To ask for it does not enroll it.")
        }
        let (device, placement) = (explanation.device, explanation.placement)
        return .json([
            "experiment": .string(key.text),
            "device": .string(text),
            "ordinal": JSONValue(device.ordinal),
            "firstSeen": JSONValue(device.firstSeen),
            "value": JSONValue(placement.value),
            "reason": .string(placement.reason),
            "explanation": .string(explanation.sentences.joined(separator: " ")),
            "counts": .boolean(explanation.counts),
            // Not whose it is: that may be personal data, and is for nobody to look up by a device.
            "link": explanation.link.map { link in
                [
                    "since": JSONValue(link.time), "values": .string(link.isAlias ? "person" : "device"),
                    "differs": .boolean(device.ordinal != link.device.ordinal),
                ]
            } ?? .null,
            "slot": dealer.sequence.slot(of: device.ordinal).map { JSONValue($0) } ?? .null,
            "layer": dealer.experiment.layer?.json ?? .null,
            "targeting": dealer.experiment.targeting.map(\.json) ?? .null,
            "holdout": JSONValue(dealer.experiment.holdout?.text),
            "holdoutReleased": JSONValue(registry.catalogue.cover(of: dealer.experiment)?.holdout.released?.time),
            "deal": placement.deal?.json ?? .null,
        ])
    }
}
