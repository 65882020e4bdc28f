import HTTPServer
import Text

extension Operation {
    static let postEvents: Operation = {
        var operation = Operation(
            id: "postEvents", tag: "Events", summary: "Tell what units did",
            description:
                "A JSON array of events, or application/x-ndjson with one a line. All are taken or none; 202 means that they are on the "
                + "disk. An event that is told again, with the same id and unit, counts once: the first holds, whatever the others say, and that they "
                + "differ is not told. As open as the devices' own route.",
            parameters: [
                Parameter(
                    name: "Device-Token", place: .header, isRequired: false,
                    description: "Whose the events are that do not say it.",
                    schema: ["type": "string", "minLength": 1, "maxLength": 256, "pattern": "^[\\x21-\\x7e]+$"], example: "3f1c9a52-device")
            ],
            body: (
                "NewEvents", true,
                [
                    [
                        "id": "7d0c1f", "unit": "3f1c9a52-device", "fact": "purchase", "value": 9.99, "time": "2026-01-31T09:30:00.000Z",
                        "properties": ["plan": "yearly"],
                    ]
                ]
            ),
            answers: [(202, Answer(description: "All events are durable.", content: .schema("AcceptedEvents")))],
            problems: [
                (400, "Some events are not as expected; `faults` says which, where and why."),
                (413, "There are more than 5,000 events."),
                (503, "The disk cannot be written, or too much waits for the warehouse; `detail` says which, with the limit."),
            ]
        )
        operation.bodyTypes = ["application/json", "application/x-ndjson"]
        return operation
    }()

    static let eventsPreflight = Operation(
        id: "postEventsPreflight", tag: "Events", summary: "What a browser asks before it sends events from another origin's page",
        answers: [(204, Answer(description: "The headers say whether the origin may send.", content: .none))],
        problems: [(400, "The header Origin is given twice.")]
    )

    static let eventsStatus = Operation(
        id: "eventsStatus", tag: "Events", summary: "What was taken in, and how far it came",
        answers: [
            (200, Answer(description: "Counts since the data directory was made, and how things stand.", content: .schema("EventsStatus")))
        ]
    )

    static let eraseUnit = Operation(
        id: "eraseUnit", tag: "Events", summary: "Delete everything about a unit",
        description:
            "Its token is taken out of the registry, its events out of the spool, and its events and exposures out of the warehouse as soon "
            + "as that can be reached. The audit log says that it was done, without the token.",
        parameters: [
            Parameter(
                name: "token", place: .path, description: "The device's token, or the unit that events name.", schema: ["type": "string"],
                example: "3f1c9a52-device")
        ],
        answers: [(202, Answer(description: "It is gone here, and the warehouse will follow.", content: .schema("Erasure")))],
        problems: [(400, "The token is longer than 256 bytes or not of visible ASCII characters.")]
    )
}

extension Operation {
    private static let key = Parameter(
        name: "key", place: .path, description: "The experiment's key.",
        schema: ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"], example: "button_color"
    )

    static let showPlan = Operation(
        id: "showPlan", tag: "Results", summary: "What is to be known of an experiment", parameters: [key],
        answers: [(200, Answer(description: "The plan as it was put; its `ETag` is for `If-Match`.", content: .text("application/yaml")))],
        problems: [(404, "There is no such experiment, or it has no plan."), (422, "The key breaks its rule.")]
    )

    private static let seenPlan = Parameter(
        name: "If-Match", place: .header, isRequired: false,
        description: "The `ETag` of the plan that is to be replaced or taken away: if it is another by now, nothing is done (412).",
        schema: ["type": "string"], example: "\"9f3a5c1e0b7d24681c2d3e4f5a6b7c8d\"")
    private static let otherPlan = (status: 412, "The plan is not the one that `If-Match` names: somebody changed it meanwhile.")
    private static let finished = (status: 409, "The experiment is finished: what it was judged by stays.")

    static let putPlan: Operation = {
        var operation = Operation(
            id: "putPlan", tag: "Results", summary: "Say what is to be known of an experiment",
            description:
                "A plan as `gosset analyze` takes it, in YAML or JSON, without `experiment`, `sources`, `assignment` and `horizon`, which are "
                + "known; a fact is the events of its name, or of the one that its `event` says, and what is no column of theirs is one of their "
                + "properties. `control` names the control, the "
                + "first variant if not given; `size` is how many units are planned, all variants together; `active` a fact of every unit that came. "
                + "A verdict is about one plan: another has none until there are results by it. The same text again changes nothing.",
            parameters: [key, seenPlan],
            body: (
                "LivePlan", true,
                ["facts": ["purchase": ["value": "value"]], "metrics": ["revenue": ["kind": "mean", "of": "purchase"]]]
            ),
            answers: [(204, Answer(description: "It is in force; results follow.", content: .none))],
            problems: [
                (400, "The body is not UTF-8."), (404, "There is no such experiment."), finished, otherPlan,
                (422, "The plan or the key breaks a rule; `line` and `column` say where."),
            ]
        )
        operation.bodyTypes = ["application/json", "application/yaml"]
        return operation
    }()

    static let deletePlan = Operation(
        id: "deletePlan", tag: "Results", summary: "Say that nothing is to be known of an experiment any more",
        description: "No results are worked out, and nobody's value changes. The audit log keeps the plan, and what was decided by it.",
        parameters: [key, seenPlan], answers: [(204, Answer(description: "It is gone.", content: .none))],
        problems: [
            (404, "There is no such experiment, or it has no plan."), finished, otherPlan, (422, "The key breaks its rule."),
        ]
    )

    static let results = Operation(
        id: "results", tag: "Results", summary: "What is known of an experiment",
        description:
            "As of the data that arrived last; worked out when data arrive, not when it is asked for. `fixedHorizon` is for one look at the "
            + "planned end, `alwaysValid` for any look, with the courses of differences; each is what `gosset analyze --json` gives. `size` says "
            + "how far it is on the way to the planned size, `arrivals` whether units reach the analysis as they were dealt.",
        parameters: [key],
        answers: [(200, Answer(description: "The results so far.", content: .schema("Results")))],
        problems: [(404, "There is no such experiment, or it has no plan."), (422, "The key breaks its rule.")]
    )
}
