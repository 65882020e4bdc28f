import HTTPServer
import Text

extension Operation {
    static let deviceExperiments = Operation(
        id: "deviceExperiments", tag: "Devices", summary: "Which variants a device gets",
        description:
            "For every experiment the device takes part in, its key and the device's value. The first request of a device enrolls it, "
            + "durably, before it is answered; after that the values are the same for ever. A device in no experiment gets an empty object.",
        parameters: [
            Parameter(
                name: "Device-Token", place: .header, description: "The device's own, lasting token.",
                schema: ["type": "string", "minLength": 1, "maxLength": 256, "pattern": "^[\\x21-\\x7e]+$"], example: "3f1c9a52-device"),
            Parameter(
                name: "Device-Attributes", place: .header, isRequired: false,
                description:
                    "What is known of the device, as a JSON object of at most 64 texts (to 256 bytes), numbers and booleans. Only the first "
                    + "request of a device is asked for it: it decides whether targeted experiments are for the device, and is not stored.",
                schema: ["type": "string"], example: "{\"country\":\"DE\",\"app\":\"4.2.0\"}"),
        ],
        answers: [(200, Answer(description: "Keys of experiments and the device's values.", content: .schema("Assignments")))],
        problems: [
            (
                400,
                "The token is missing, given twice, empty, longer than 256 bytes, not of visible ASCII characters, or dots alone. Or: "
                    + "the attributes of a new device are not as expected."
            )
        ]
    )

    static let preflight = Operation(
        id: "deviceExperimentsPreflight", tag: "Devices", summary: "What a browser asks before it asks for another origin's page",
        answers: [(204, Answer(description: "The headers say whether the origin may ask.", content: .none))],
        problems: [(400, "The header Origin is given twice.")]
    )

    static let statistics = Operation(
        id: "statistics", tag: "Statistics", summary: "How devices are spread over the variants",
        description: "What the statistics page shows: all experiments but drafts.",
        answers: [(200, Answer(description: "The statistics at this moment.", content: .schema("Statistics")))]
    )
}
