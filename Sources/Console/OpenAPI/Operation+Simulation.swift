import HTTPServer
import Text

extension Operation {
    static let simulation = Parameter(
        name: "id", place: .path, description: "The simulation's id.", schema: ["type": "string"], example: "5f0c2e8a1b3d4c6e"
    )
    private static let unknown = (status: 404, "There is no such simulation; only the latest are kept.")

    static let startSimulation = Operation(
        id: "startSimulation", tag: "Simulation", summary: "Put invented devices through the assignment code",
        description: "They enroll in a registry of their own, in memory; the real statistics never see them.",
        body: ("NewSimulation", true, ["devices": 600]),
        answers: [(202, Answer(description: "The simulation has begun.", content: .schema("Simulation")))],
        problems: [
            (400, "The body is not the JSON that was expected; the detail says where."),
            (422, "The number of devices is out of range."), (429, "Enough simulations are running; try again when one is done."),
        ]
    )

    static let simulateForm = Operation(
        id: "simulateForm", tag: "Pages", summary: "What the form of the simulation page sends",
        description: "`application/x-www-form-urlencoded` with the field `devices`.",
        answers: [(303, Answer(description: "To the page of the simulation.", content: .none))],
        problems: [
            (400, "The number of devices is missing or no number."),
            (415, "The body is not a form."), (422, "The number of devices is out of range."),
            (429, "Enough simulations are running; try again when one is done."),
        ]
    )

    static let showSimulation = Operation(
        id: "showSimulation", tag: "Simulation", summary: "A simulation's progress and result", parameters: [simulation],
        answers: [(200, Answer(description: "The simulation as it is now.", content: .schema("Simulation")))], problems: [unknown]
    )

    static let cancelSimulation = Operation(
        id: "cancelSimulation", tag: "Simulation", summary: "Stop a simulation", parameters: [simulation],
        answers: [(204, Answer(description: "It stops, or had stopped already.", content: .none))], problems: [unknown]
    )
}
