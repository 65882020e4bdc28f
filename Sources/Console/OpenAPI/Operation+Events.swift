import HTTPServer
import Text

extension Operation {
    static let postEvents: Operation = {
        var operation = Operation(
            id: "postEvents", tag: "Events", summary: "Tell what units did",
            description:
                "A JSON array of events, or application/x-ndjson with one a line. All are taken or none; 202 means that they are on the "
                + "disk. An event that is told again, with the same id and unit, counts once. As open as the devices' own route.",
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
                (503, "The disk cannot be written, or too much waits for the warehouse."),
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
