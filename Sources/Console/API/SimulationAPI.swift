import HTTPServer
import Text

/// Invented devices, for programs and for people.
struct SimulationAPI: Sendable {
    let simulations: Simulations

    var endpoints: [Endpoint] {
        let api = "/api/v1/simulations"
        return [
            Endpoint(
                .post, api, .startSimulation,
                .task { request in
                    let simulation = try simulations.start(devices: try request.json(StartBody.self, .strict).devices)
                    var response = Response.json(simulation.json, status: .accepted)
                    response.headers["Location"] = api + "/" + simulation.id
                    return response
                }),
            Endpoint(
                .get, api + "/{id}", .showSimulation,
                .task { request in
                    .json(try simulations.simulation(request.parameter("id")).json)
                }),
            Endpoint(
                .delete, api + "/{id}", .cancelSimulation,
                .task { request in
                    try simulations.simulation(request.parameter("id")).cancel()
                    return .empty()
                }),
            Endpoint(
                .get, "/simulate", .page("simulatePage", "The simulation page"),
                .open { _, session in .html(SimulatePage(limit: simulations.limit, session: session).html) }),
            Endpoint(
                .post, "/simulate", .simulateForm,
                .task { request in
                    guard let text = try request.form().value("devices") else {
                        throw Problem.badRequest("How many devices? \(simulations.range)")
                    }
                    guard let devices = Int(text) else { throw Problem.badRequest(simulations.range) }
                    return .redirect(to: "/simulate/" + (try simulations.start(devices: devices)).id)
                }),
            Endpoint(
                .get, "/simulate/{id}", .page("simulationPage", "One simulation", parameters: [Operation.simulation]),
                .open { request, session in
                    let simulation = try simulations.simulation(request.parameter("id"))
                    return .html(SimulatePage(limit: simulations.limit, simulation: simulation, session: session).html)
                }),
            Endpoint(
                .get, "/simulate/{id}/live",
                .page(
                    "simulationLive", "The live part of a simulation's page", type: "text/event-stream", parameters: [Operation.simulation]),
                .task { request in
                    let simulation = try simulations.simulation(request.parameter("id"))
                    return .events { try await simulation.follow($0) }
                }),
        ]
    }
}

private struct StartBody: Decodable {
    let devices: Int
}

extension Simulation {
    fileprivate var json: JSONValue {
        let progress = progress
        return [
            "id": .string(id), "devices": JSONValue(devices), "done": JSONValue(progress.done), "state": .string(progress.state.rawValue),
            "seconds": .number(progress.seconds), "experiments": .array(progress.experiments.map(\.json)),
            "failure": JSONValue(progress.failure),
        ]
    }

    /// The live part of its page until it has ended.
    fileprivate func follow(_ stream: EventStream) async throws {
        while stream.isOpen {
            let progress = progress
            stream.send(data: SimulationView(devices: devices, progress: progress).html.keepingUnits.source)
            if progress.state != .running {
                stream.send(event: "done", data: "")
                return
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
